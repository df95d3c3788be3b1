"""The code lists: which codes exist, what they are called, and which one was probably meant.

The lists are data in `schemas/codelists/`: one csv each, described in `index.toml`, with their sources in
`SOURCES.md`. Countries and currencies come from packages that follow ISO. Everything is read once per process.

A list that carries only part of the world (locations, customs offices) must not call the rest wrong: `known`
tells a code that does not exist from one that is not in this edition.
"""

from __future__ import annotations

import csv
import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any

import iso3166
import iso4217

from gateway.errors import Misconfigured
from gateway.published import published
from gateway.validation.identifiers import latin_lookalikes

_LANGUAGES = ("en", "ru", "zh")
_TYPED_AT_MOST = 60
"""Longer than any code and nearly any name; more is not a slip of the pen, and looking would cost time."""


class Known(StrEnum):
    """Whether a code is in a list."""

    YES = "yes"
    NO = "no"
    OUTSIDE = "outside"
    """Right in shape, but of a part of the world that this edition does not carry."""


@dataclass(frozen=True, slots=True)
class CodeList:
    """One code list.

    Attributes:
        id: Short stable name, the one that the model cites.
        title: What the list is of, in English.
        edition: The standard and its edition; of a list from a package with the package's version.
        standard: The edition as `index.toml` names it, and as agreements do.
        source: Where the codes were taken from.
        licence: What allows them to be carried here.
        status: `verified`, or `plausible` where at least one code was not read in its source.
        codes: Code to English name; the name is "" where the list carries codes only.
        titles: The title by language: `en`, `ru`, `zh`.
        names: Names by language, then by code; only what the list itself gives.
        rows: Every column of the list, by code.
        elements: WCO Data Model element ids whose values come from the list.
        outside: Shape of a code that may exist without being in this edition.
        outside_needs_country: Such a code must begin with an ISO 3166-1 country code.
    """

    id: str
    title: str
    edition: str
    standard: str
    source: str
    licence: str
    status: str
    codes: Mapping[str, str]
    titles: Mapping[str, str]
    names: Mapping[str, Mapping[str, str]]
    rows: Mapping[str, Mapping[str, str]]
    elements: tuple[str, ...] = ()
    outside: re.Pattern[str] | None = None
    outside_needs_country: bool = False

    def __contains__(self, code: object) -> bool:
        return code in self.codes


@cache
def load_codelists() -> Mapping[str, CodeList]:
    """Every code list by its id.

    Raises:
        Misconfigured: A list or the index is missing, or is not what it must be.
    """
    folder = published("codelists")
    try:
        index = tomllib.loads((folder / "index.toml").read_text(encoding="utf-8"))
        lists = [_load(folder, entry) for entry in index["list"]]
    except (OSError, ValueError, KeyError) as error:
        raise Misconfigured(f"the code lists in {folder} cannot be read: {type(error).__name__}: {error}") from error
    return MappingProxyType({codelist.id: codelist for codelist in lists})


def is_code(list_id: str, code: str) -> bool:
    """Whether the list has this code, exactly as written."""
    return code in _members(list_id)


def known(list_id: str, code: str) -> Known:
    """Whether the list has this code, has not, or does not carry the part of the world it belongs to."""
    if code in _members(list_id):
        return Known.YES
    codelist = load_codelists()[list_id]
    if codelist.outside is None or not codelist.outside.fullmatch(code):
        return Known.NO
    if codelist.outside_needs_country and code[:2] not in _members("countries"):
        return Known.NO
    return Known.OUTSIDE


def name_of(list_id: str, code: str, language: str = "en") -> str:
    """What a code is called: in the language asked for, else in English, else the code itself."""
    codelist = load_codelists()[list_id]
    return codelist.names.get(language, {}).get(code) or codelist.codes.get(code) or code


@lru_cache(maxsize=4096)
def suggest(list_id: str, code: str) -> str | None:
    """The code that was probably meant, or None when nothing is near enough or the code is in the list.

    Tried in this order: the same code in capitals, without spaces, in Latin letters; a name in place of a code; two
    characters exchanged; one character wrong, missing or too many. Short codes are near to everything, so there one
    wrong character counts only when it leaves a single candidate.
    """
    if code in _members(list_id):
        return None
    typed = latin_lookalikes(code[:_TYPED_AT_MOST].upper())
    compact = "".join(typed.split())
    if compact in _members(list_id):
        return compact
    return _by_name(list_id, " ".join(typed.split())) or _by_code(list_id, compact)


@cache
def _members(list_id: str) -> frozenset[str]:
    return frozenset(load_codelists()[list_id].codes)


def _load(folder: Path, entry: Mapping[str, Any]) -> CodeList:
    rows = _from_package(entry["package"]) if "package" in entry else _from_csv(folder / entry["file"])
    edition = entry["edition"]
    if "package" in entry:
        edition += f", {entry['package']} {version(entry['package'])}"
    names = {
        language: MappingProxyType({code: row[column] for code, row in rows.items() if row.get(column)})
        for language, column in zip(_LANGUAGES, ("name", "name_ru", "name_zh"), strict=True)
    }
    return CodeList(
        id=entry["id"],
        title=entry["title"],
        edition=edition,
        standard=entry["edition"],
        source=entry["source"],
        licence=entry["licence"],
        status=entry["status"],
        codes=MappingProxyType({code: row.get("name", "") for code, row in rows.items()}),
        titles=MappingProxyType({"en": entry["title"], "ru": entry["title_ru"], "zh": entry["title_zh"]}),
        names=MappingProxyType(names),
        rows=MappingProxyType(rows),
        elements=tuple(entry["elements"]),
        outside=re.compile(entry["outside"]) if "outside" in entry else None,
        outside_needs_country=entry.get("outside_needs_country", False),
    )


def _from_csv(path: Path) -> dict[str, Mapping[str, str]]:
    rows: dict[str, Mapping[str, str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, strict=True):
            code = row["code"]
            if not code or None in row or None in row.values():
                raise ValueError(f"{path.name}: a row without a code or with a wrong number of columns: {row}")
            if code in rows:
                raise ValueError(f"{path.name}: {code} stands twice")
            rows[code] = MappingProxyType(row)
    return rows


def _from_package(package: str) -> dict[str, Mapping[str, str]]:
    if package == "iso3166":
        # XA to XZ are left to users by ISO 3166-1; the package gives one of them a meaning, the standard does not.
        found = {c.alpha2: c.name for c in iso3166.countries if not c.alpha2.startswith("X")}
    elif package == "iso4217":
        found = {c.code: c.currency_name for c in iso4217.Currency}
    else:
        raise ValueError(f"no code list is read from the package {package}")
    return {code: MappingProxyType({"code": code, "name": name}) for code, name in found.items()}


@cache
def _codes_by_name(list_id: str) -> Mapping[str, str]:
    """Upper-cased names to codes; a name that two codes share tells nothing and is left out."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    codelist = load_codelists()[list_id]
    for names in (codelist.codes, *codelist.names.values()):
        for code, name in names.items():
            key = name.upper()
            if key and found.setdefault(key, code) != code:
                shared.add(key)
    return MappingProxyType({name: code for name, code in found.items() if name not in shared})


def _by_name(list_id: str, typed: str) -> str | None:
    by_name = _codes_by_name(list_id)
    if typed in by_name:
        return by_name[typed]
    if len(typed) < 4 or typed.isdecimal():
        return None
    begin_so = {code for name, code in by_name.items() if name.startswith(typed)}
    if len(begin_so) == 1:
        return begin_so.pop()
    # Few people mistake the first letter, and comparing with every name of a long list takes milliseconds.
    same_letter = [name for name in by_name if name[0] == typed[0]]
    near = difflib.get_close_matches(typed, same_letter, n=1, cutoff=0.8)
    return by_name[near[0]] if near else None


def _by_code(list_id: str, typed: str) -> str | None:
    codes = _members(list_id)
    for exchanged in _exchanged(typed):
        if exchanged in codes:
            return exchanged
    near = sorted(set(_one_off(list_id, typed)) & codes)
    if len(near) > 1 and len(typed) < 4:
        return None
    return max(near, key=lambda code: _same_beginning(code, typed), default=None)


def _exchanged(typed: str) -> Iterator[str]:
    for i in range(len(typed) - 1):
        yield typed[:i] + typed[i + 1] + typed[i] + typed[i + 2 :]


def _one_off(list_id: str, typed: str) -> Iterator[str]:
    letters = _letters(list_id)
    for i in range(len(typed) + 1):
        yield typed[:i] + typed[i + 1 :]
        for letter in letters:
            yield typed[:i] + letter + typed[i + 1 :]
            yield typed[:i] + letter + typed[i:]


@cache
def _letters(list_id: str) -> frozenset[str]:
    return frozenset("".join(load_codelists()[list_id].codes))


def _same_beginning(one: str, other: str) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
