"""The contract between the kit and a country.

A country is one frozen `Adapter` value: four pure functions and what goes with them. They do no I/O, keep no state,
never raise for what a document holds, and give the same answer to the same input. The kit gives them HTTP, signing,
checks and the command line (`adapters/kit/service.py`); the contract tests judge them (`adapters/kit/suite.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import ValidationError

from gateway.message.element import WcoClass, wire_name
from gateway.message.finding import Finding, Severity
from gateway.message.metadata import Message
from gateway.validation.rule import Rule

CONTRACT = 1
"""Version of this contract; an adapter made for another is refused."""

XML = "application/xml"
ZIP = "application/zip"
JSON = "application/json"
MEDIA_TYPES: Mapping[str, str] = MappingProxyType({".xml": XML, ".zip": ZIP, ".json": JSON})
"""Of a country's example documents, by the suffix of the file; a file with another is none."""
LARGEST = 10 * 1024 * 1024
"""Bytes of one national document (`docs/national-wires.md`)."""
MOST_LEFT = 200
"""Of what nobody took in a document, more is counted and not listed."""
LONGEST_PLACE = 500
"""Characters of a place in a national document that are told; names there are as long as whoever wrote it likes."""
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class National:
    """A national document as it is on the wire.

    Attributes:
        body: The bytes.
        media_type: `application/xml`, `application/zip` or `application/json`.
        name: File name, where the national system gives one.
    """

    body: bytes
    media_type: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """Where messages for a country go: the participant and the agreement that allows it."""

    recipient: str
    agreement: str
    version: str


@dataclass(frozen=True, slots=True)
class Setting:
    """What a reader must know that no document says.

    Attributes:
        participant: This country's participant at the gateway.
        routes: By the alpha-2 code of the country at the other side; `CN/2` for one mode of transport only, where the
            agreement depends on the mode.
        test: Whether messages are marked as tests.
    """

    participant: str
    routes: Mapping[str, Route]
    test: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of a national document.

    Attributes:
        message: The message; None when so much is missing that there is none.
        findings: What could not be carried or understood. Their `national` names the place in the document; their
            rule is a national one (`CN-…`) or one of the kit's (`KIT-…`).
        origins: JSON Pointer in the message → place in the national document it came from (XPath; for a zip, entry
            name, `!`, XPath). A pointer without an entry of its own has the one of the nearest part above it.
    """

    message: Message | None
    findings: tuple[Finding, ...] = ()
    origins: Mapping[str, str] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class Written:
    """What a writer made of a message: the national document, and what it could not carry."""

    document: National
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault as the national window is told of it.

    Attributes:
        rule: Rule id.
        text: In the window's own language.
        place: Place in the document that the window handed over, or "".
        value: The value seen.
    """

    rule: str
    text: str
    place: str
    value: str


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What the national window said when a document was handed to it.

    What is neither taken nor refused is handed over again: the reply was not of the window's form, or decided nothing.

    Attributes:
        taken: Whether the window has it and answers for it.
        reference: The number it gave, or "".
        text: What it said.
        refused: Whether the window has judged it and will not have it, however often it comes.
    """

    taken: bool
    reference: str = ""
    text: str = ""
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Adapter:
    """A country.

    Attributes:
        country: ISO 3166-1 alpha-2.
        name: The national window's name, in English.
        language: The language in which the window is told of faults: `en`, `ru` or `zh`.
        read: National document to message. Which of the setting's routes a document takes is the reader's to know.
        write: Message to national document.
        answer: The reply to a document that the window handed over: taken where at least one recipient has taken it,
            and then with warnings, and with the faults of any other recipient; returned otherwise. Arguments: the
            document, whether it was taken, the faults, the moment of answering (with offset).
        acknowledged: What the window's reply to a delivered document says.
        rules: The country's own rules, run on what its reader made, before signing.
        texts: Folder with `en.toml`, `ru.toml`, `zh.toml` for those rules (`[RULE-ID] text = "…" mend = "…"`).
        not_carried: Element paths (`Declaration/Consignment/Freight`) that are lost from message to national form
            and back: a promise, checked by the contract tests. A class path covers all below it.
        examples: Folder of national example documents, each read without serious findings.
        contract: Version of the contract it is made for.
    """

    country: str
    name: str
    language: str
    read: Callable[[National, Setting], Reading]
    write: Callable[[Message], Written]
    answer: Callable[[National, bool, tuple[Fault, ...], Any], National]
    acknowledged: Callable[[National], Acknowledgement]
    rules: tuple[Rule, ...]
    texts: Path
    not_carried: frozenset[str]
    examples: Path
    contract: int = CONTRACT


C = TypeVar("C", bound=WcoClass)


def fit(cls: type[C], findings: list[Finding], pointer: str, national: str, /, **values: Any) -> C | None:
    """A part of the common form from values of a national document; what does not fit is left out and reported.

    None values are left out in silence: they were not in the document. A part of which nothing remains is None, and so
    is one whose required element did not fit.

    Args:
        cls: The class to make.
        findings: Where a `KIT-FIT-01` goes for each value that does not fit the form.
        pointer: JSON Pointer that the part will have.
        national: Place of the part in the national document.
        values: By attribute name.
    """
    there = {name: value for name, value in values.items() if value is not None and value != ()}
    for _ in range(len(there) + 1):
        if not there:
            return None
        try:
            return cls(**there)
        except ValidationError as error:
            missing = False
            for detail in error.errors(include_url=False):
                name = str(detail["loc"][0])
                attribute = next((key for key in values if name in (key, wire_name(key))), name)
                missing = missing or detail["type"] == "missing"
                value = there.pop(attribute, None)
                if value is not None:
                    findings.append(_unfit(pointer, attribute, value, national))
            if missing:
                return None
    return None


def _unfit(pointer: str, attribute: str, value: object, national: str) -> Finding:
    shown = value if isinstance(value, str) else "" if isinstance(value, (tuple, WcoClass)) else str(value)
    name = wire_name(attribute)
    return Finding("KIT-FIT-01", Severity.WARN, f"{pointer}/{name}", shown[:200], {"name": name}, national=national)


def not_carried(pointer: str, value: object, national: str = "") -> Finding:
    """A `KIT-LOST-01`: the other form has no place for this value; never dropped in silence."""
    shown = value if isinstance(value, str) else str(value)
    name = (pointer or national).rstrip("/").rpartition("/")[2]
    return Finding("KIT-LOST-01", Severity.INFO, pointer, shown[:200], {"name": name}, national=national)


def unknown(place: str, value: str, name: str = "") -> Finding:
    """A `KIT-UNK-01`: the form has nothing of that name there; called by the last step of its place, unless said."""
    called = name or place.rpartition("/")[2]
    return Finding("KIT-UNK-01", Severity.WARN, "", value[:200], {"name": called[:200]}, national=place[:LONGEST_PLACE])


def leftovers(found: Iterator[Finding], root: str) -> Iterator[Finding]:
    """What nobody took in a document, as far as it is listed; how much more there is, is told at the root."""
    yield from islice(found, MOST_LEFT)
    if more := sum(1 for _ in found):
        yield unknown(root, f"+ {more}")


def unreadable(what: str, place: str = "", line: int | None = None) -> Reading:
    """The reading of a document that cannot be read at all: no message, and a `KIT-READ-01`.

    Args:
        what: What is wrong with it, or the root that no form has.
        place: Place in the document.
        line: Line in the document, from 1.
    """
    return Reading(None, (Finding("KIT-READ-01", Severity.REJECT, "", what[:200], {"name": "/"}, place, line),))
