"""What a country's adapter declares that it can read from its national form, and write into it.

The declaration is the `[capabilities]` section of the adapter's `profile.toml`, and data only: two countries are
compared by it without running either (`gateway.agreements.comparison`). It says, for what it `reads` (national form to
common form: what the country can send) and what it `writes` (common form to national form: what it can take), by kind
of message:

    [capabilities.writes.declaration]
    functions = ["9", "5"]               # function codes (UNTDID 1225); of border events EventTypeCodes, none: all
    modes = ["3"]                        # UN/ECE Rec 19; only of declarations
    circumstances = ["EMP"]              # special circumstances with a form: EMP, vehicles without cargo; likewise
    characters = "any"                   # any that XML can carry, or the characters as in a regular expression's [ ]
    elements = ["Declaration/Carrier"]   # elements that arrive; a class covers its parts
    [capabilities.writes.declaration.lengths]   # in characters, where shorter than the common form's
    [capabilities.writes.declaration.counts]    # repetitions, where fewer than the common form's
    [capabilities.writes.declaration.codes]     # codes, where not the whole list

The adapters' tests hold the section against what reader and writer really do (`adapters.kit.capabilities`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateway.agreements.agreement import covers, element_at
from gateway.errors import Misconfigured

Kind = Literal["declaration", "response", "border-event"]


class Carried(BaseModel):
    """What of one kind of message passes one way."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    functions: tuple[str, ...]
    modes: tuple[str, ...] = ()
    circumstances: tuple[str, ...] = ()
    characters: str = "any"
    elements: frozenset[str]
    lengths: Mapping[str, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)
    counts: Mapping[str, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)
    codes: Mapping[str, frozenset[str]] = Field(default_factory=dict)

    def has(self, path: str) -> bool:
        """Whether an element passes, or something of it."""
        return covers(self.elements, path) or any(other.startswith(path + "/") for other in self.elements)


class Capabilities(BaseModel):
    """What an adapter can do.

    Attributes:
        country: ISO 3166-1 alpha-2.
        reads: From the national form to the common form, by kind of message: what the country can send.
        writes: From the common form to the national form: what it can take.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    country: str
    reads: Mapping[Kind, Carried] = Field(default_factory=dict)
    writes: Mapping[Kind, Carried] = Field(default_factory=dict)


def load_capabilities(profile: Path) -> Capabilities:
    """The capabilities in an adapter's `profile.toml`.

    Raises:
        Misconfigured: It cannot be read, or has no such section, or not in this form; every mistake is named.
    """
    try:
        tables = tomllib.loads(profile.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Misconfigured(f"{profile}: it cannot be read: {error}") from error
    section = tables.get("capabilities")
    if not isinstance(section, dict):
        raise Misconfigured(f"{profile}: there is no section [capabilities]")
    try:
        found = Capabilities.model_validate({"country": tables.get("country"), **section})
    except ValidationError as error:
        mistakes = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors(include_url=False)]
        raise Misconfigured(f"{profile}: capabilities: {'; '.join(mistakes)}") from error
    if mistakes := _mistakes(found):
        raise Misconfigured(f"{profile}: capabilities: {'; '.join(mistakes)}")
    return found


def _mistakes(capabilities: Capabilities) -> list[str]:
    found = []
    for way, kinds in (("reads", capabilities.reads), ("writes", capabilities.writes)):
        for kind, carried in kinds.items():
            named = {*carried.elements, *carried.lengths, *carried.counts, *carried.codes}
            found += [f"{way}.{kind}: there is no element {path}" for path in sorted(named) if element_at(path) is None]
            if carried.characters != "any" and not _compiles(carried.characters):
                found.append(f"{way}.{kind}.characters: this is no set of characters")
    return found


def _compiles(characters: str) -> bool:
    try:
        re.compile(f"[{characters}]")
    except re.error:
        return False
    return True
