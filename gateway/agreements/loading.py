"""Read agreements from their files, and name every mistake at its place.

A mistake is a sentence for the person who wrote the file: `kg-cn-road.toml: directions[0].recipient: …`. All of them
are named at once. Where something has not the shape of its field, the rest of the file is read without it (a draft), so
that a slip in one part does not hide what contradicts itself in another.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError, create_model

from gateway.agreements.agreement import Agreement, Agreements, day_of
from gateway.agreements.contradictions import contradictions
from gateway.agreements.mistakes import Mistake, Place, words, written
from gateway.errors import Misconfigured

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

M = TypeVar("M", bound=BaseModel)


class Read(NamedTuple):
    """What a folder of agreements holds.

    Attributes:
        agreements: The agreements; with a mistake, none of them may be used.
        mistakes: What is wrong.
        warnings: What may stay as it is, and should be known.
    """

    agreements: Agreements
    mistakes: tuple[Mistake, ...]
    warnings: tuple[Mistake, ...]


@dataclass(frozen=True, slots=True)
class _Draft:
    """What could be read of a file.

    Attributes:
        file: Its name.
        agreement: What has the shape of an agreement; the rest of it is not there.
        whole: Whether that is all of it.
    """

    file: str
    agreement: Agreement
    whole: bool

    def has(self, *fields: str) -> bool:
        """Whether fields have their shape."""
        return all(hasattr(self.agreement, field) for field in fields)


def load_agreements(folder: Path) -> Agreements:
    """All agreements of a folder.

    Raises:
        Misconfigured: Names every mistake of every file at its place.
    """
    found, mistakes, _ = read_agreements(folder)
    if mistakes:
        raise Misconfigured("Agreements: " + "; ".join(map(str, mistakes)))
    return found


def read_agreements(folder: Path, today: date | None = None) -> Read:
    """The agreements of a folder, and what is wrong in its files.

    Args:
        folder: Where the files lie.
        today: The day by which a version has ended or not; by default this one (UTC).
    """
    day = today or day_of(datetime.now(UTC))
    drafts: list[_Draft] = []
    mistakes: list[Mistake] = []
    warnings: list[Mistake] = []
    there = sorted(folder.glob("*.toml"))
    if not there:
        mistakes.append(Mistake(str(folder), "", words("no-agreements")))
    for file in there:
        draft, wrong, told = _read(file, day)
        mistakes += wrong
        warnings += told
        if draft is not None:
            drafts.append(draft)
    mistakes += [*_twice(drafts), *_succession(drafts)]
    whole = (draft.agreement for draft in drafts if draft.whole)
    return Read({(each.id, each.version): each for each in whole}, tuple(mistakes), tuple(warnings))


Judged = tuple[_Draft | None, list[Mistake], list[Mistake]]
"""What could be read of a file, its mistakes and its warnings."""


def _read(file: Path, today: date) -> Judged:
    try:
        tables = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        return None, [Mistake(file.name, "", words("unreadable", why=error.strerror))], []
    except UnicodeDecodeError:
        return None, [Mistake(file.name, "", words("encoding"))], []
    except tomllib.TOMLDecodeError as error:
        return None, [Mistake(file.name, "", words("toml", why=error))], []
    return _judged(file.name, tables, today)


def _judged(file: str, tables: Mapping[str, Any], today: date) -> Judged:
    shape: list[Mistake] = []
    try:
        draft = _Draft(file, Agreement.model_validate(tables), whole=True)
    except ValidationError as error:
        draft = _Draft(file, _drafted(Agreement, tables), whole=False)
        shape += _shape(file, error, tables)
    told = [
        (each.warning, Mistake(file, written(_listed(each.place, each.member, tables)), each.text))
        for each in contradictions(draft.agreement, today, whole=draft.whole)
    ]
    return draft, shape + [each for warns, each in told if not warns], [each for warns, each in told if warns]


# What has not its shape, and what is read without it


def _drafted(cls: type[M], table: Mapping[str, Any]) -> M:
    """A part of an agreement without the fields that have not their shape: asking for one is an AttributeError."""
    values: dict[str, Any] = {}
    absent: list[str] = []
    for name, field in cls.model_fields.items():
        if name not in table:
            continue  # the default; what has none is not there
        try:
            values[name] = getattr(_alone(cls, name).model_validate({name: table[name]}), name)
        except ValidationError:
            values[name] = _without_the_wrong(field.annotation, table[name])
            absent += [name] if values[name] is None else []
    draft = cls.model_construct(**values)
    for name in absent:
        del draft.__dict__[name]
    return draft


@cache
def _alone(cls: type[BaseModel], name: str) -> type[BaseModel]:
    """A model of one field of another."""
    field = cls.model_fields[name]
    fields: dict[str, Any] = {name: (field.annotation, field)}
    return create_model(cls.__name__, **fields)


def _without_the_wrong(annotation: Any, value: Any) -> Any:
    """What remains of a table, or of a list or table of tables, with each at its place; None of anything else."""
    inside = get_args(annotation) or (annotation,)
    part = next((cls for cls in inside if isinstance(cls, type) and issubclass(cls, BaseModel)), None)
    if part is None or not value or not isinstance(value, list | dict):
        return None
    if isinstance(value, list):
        return tuple(_drafted(part, _table(one)) for one in value) if get_origin(annotation) is tuple else None
    if get_origin(annotation) is Mapping:
        return {key: _drafted(part, _table(one)) for key, one in value.items()}
    return _drafted(part, value) if get_origin(annotation) is not tuple else None


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _shape(file: str, error: ValidationError, tables: Mapping[str, Any]) -> Iterator[Mistake]:
    for detail in error.errors(include_url=False):
        place, choice, value = _where(detail, tables)
        if _counted_without_the_wrong(detail) or _other_choice(choice, value):
            continue
        if choice and not isinstance(value, list):
            yield Mistake(file, written(place), words("not-list-or-any"))
            continue
        sentence, wanted = _SHAPES.get(detail["type"], ("other", ""))
        bound = detail.get("ctx", {}).get(wanted, detail["msg"])
        if wanted == "expected":
            bound = ", ".join(re.findall(r"'([^']*)'", str(bound)))
        yield Mistake(file, written(place), words(sentence, bound=bound))


def _where(detail: ErrorDetails, tables: Mapping[str, Any]) -> tuple[Place, str, Any]:
    """The place in the file, the choice that was tried where there are several, and the value between which it is."""
    place: list[str | int] = []
    choice, between = "", None
    value: Any = tables
    for at, key in enumerate(detail["loc"]):
        is_there = key in value if isinstance(value, dict) else isinstance(value, list) and isinstance(key, int)
        if is_there:
            place.append(key)
            value = value[key]
        elif detail["type"] == "missing" and at == len(detail["loc"]) - 1:
            place.append(key)
        elif key != "[key]":
            choice, between = str(key), value
    return tuple(place), choice, between


def _counted_without_the_wrong(detail: ErrorDetails) -> bool:
    """Whether a list seems too short only because what is wrong in it, and named at its own place, was not counted."""
    listed = detail["input"]
    return detail["type"] == "too_short" and isinstance(listed, list) and len(listed) >= detail["ctx"]["min_length"]


def _other_choice(choice: str, value: object) -> bool:
    """Whether this is not the choice that was meant: of codes or `any`, a list means codes, anything else is one."""
    return choice.startswith("literal" if isinstance(value, list) else "tuple")


_SHAPES: Mapping[str, tuple[str, str]] = {
    "missing": ("missing", ""),
    "extra_forbidden": ("unknown-field", ""),
    "literal_error": ("none-of", "expected"),
    "string_type": ("not-text", ""),
    "string_too_short": ("too-short", "min_length"),
    "string_too_long": ("too-long", "max_length"),
    "string_pattern_mismatch": ("pattern", "pattern"),
    "int_type": ("not-number", ""),
    "int_parsing": ("not-number", ""),
    "int_from_float": ("not-number", ""),
    "decimal_type": ("not-decimal", ""),
    "decimal_parsing": ("not-decimal", ""),
    "finite_number": ("not-decimal", ""),
    "bool_type": ("not-yes-or-no", ""),
    "bool_parsing": ("not-yes-or-no", ""),
    "date_type": ("not-date", ""),
    "date_parsing": ("not-date", ""),
    "date_from_datetime_parsing": ("not-date", ""),
    "date_from_datetime_inexact": ("not-date", ""),
    "tuple_type": ("not-list", ""),
    "frozen_set_type": ("not-list", ""),
    "dict_type": ("not-table", ""),
    "mapping_type": ("not-table", ""),
    "model_type": ("not-table", ""),
    "too_short": ("too-few", "min_length"),
    "greater_than": ("not-more", "gt"),
    "greater_than_equal": ("too-small", "ge"),
    "less_than_equal": ("too-large", "le"),
}
"""What pydantic finds: the sentence for it, and what of its context the sentence names."""


def _listed(place: Place, member: str | None, tables: Mapping[str, Any]) -> Place:
    """The place of a value in the list that stands at a place."""
    listed: Any = tables
    for key in place if member is not None else ():
        listed = listed[key]
    return (*place, listed.index(member)) if member is not None else place


# Several files


def _twice(drafts: Iterable[_Draft]) -> Iterator[Mistake]:
    first: dict[tuple[str, str], str] = {}
    for draft in drafts:
        if not draft.has("id", "version"):
            continue
        key = (draft.agreement.id, draft.agreement.version)
        if (file := first.setdefault(key, draft.file)) != draft.file:
            yield Mistake(draft.file, "version", words("on-file", version="/".join(key), file=file))


def _succession(drafts: Iterable[_Draft]) -> Iterator[Mistake]:
    """A version that another follows has an end; both may be cited while their dates overlap."""
    dated = [draft for draft in drafts if draft.has("id", "version", "in_force_from")]
    for draft in dated:
        one = draft.agreement
        later = [
            other.agreement
            for other in dated
            if other.agreement.id == one.id and other.agreement.in_force_from > one.in_force_from
        ]
        if later and draft.has("in_force_until") and one.in_force_until is None:
            next_one = min(later, key=lambda other: other.in_force_from)
            told = words("followed", version=next_one.version, day=next_one.in_force_from.isoformat())
            yield Mistake(draft.file, "in_force_until", told)
    first: dict[tuple[str, date], Agreement] = {}
    for draft in dated:
        one = draft.agreement
        other = first.setdefault((one.id, one.in_force_from), one)
        if other.version != one.version:
            yield Mistake(draft.file, "in_force_from", words("same-day", version=other.version))
