"""How a part of an Uzbek document and a class of the common form are the same thing, row by row.

A row says once which national name stands for which element and how its value is written. Reading, writing and the
places of faults all follow from the rows, so the three cannot disagree. `form.py` has the rows themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adapters.kit.contract import fit
from adapters.kit.sheet import Sheet, written
from adapters.uz.source import Source, absent
from gateway.message.element import WcoClass
from gateway.message.finding import Finding, Severity
from gateway.message.table import Element, elements


@dataclass(frozen=True, slots=True)
class Kind:
    """How a value is written in the national form.

    Attributes:
        read: Document, value, its place, pointer it gets, class it becomes → the value in the common form, or None.
        write: Sheet, value, its pointer → the value in the national form, or None.
        rows: The rows inside; empty for a single value.
        many: Whether it is a list.
        names: What is inside without rows of its own: the number and the unit of a pair.
    """

    read: Callable[[Source, Any, str, str, Any], Any]
    write: Callable[[Sheet, Any, str], Any]
    rows: tuple[AnyRow, ...] = ()
    many: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One national name and the element it stands for.

    Attributes:
        key: National name.
        path: Attributes from the class down, `goods_measure/gross_mass_measure`; a number is a position.
        kind: How the value is written.
    """

    key: str
    path: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Several:
    """Several national names that stand together for one element.

    Attributes:
        keys: National names.
        path: As in `Row`.
        read: Strings by national name, as far as they are there → the value.
        write: The part that holds the value, and the value → strings by national name.
        alone: Only one of the names may be there.
    """

    keys: tuple[str, ...]
    path: str
    read: Callable[[Mapping[str, str]], str]
    write: Callable[[WcoClass, str], Mapping[str, str]]
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Unread:
    """A national name that the common form has no place for."""

    key: str


AnyRow = Row | Several | Unread


def part(rows: Sequence[AnyRow]) -> Kind:
    """An object."""
    inside = tuple(rows)

    def read(source: Source, value: Any, place: str, pointer: str, cls: type[WcoClass]) -> WcoClass | None:
        if not isinstance(value, dict):
            source.take(place, pointer)
            source.unfit(pointer, value, place)
            return None
        return read_part(source, value, place, pointer, cls, inside)

    def write(sheet: Sheet, value: WcoClass, pointer: str) -> dict[str, Any] | None:
        return write_part(sheet, value, pointer, inside) or None

    return Kind(read, write, inside)


def many(rows: Sequence[AnyRow]) -> Kind:
    """A list of objects."""
    inside = tuple(rows)

    def read(source: Source, value: Any, place: str, pointer: str, cls: type[WcoClass]) -> tuple[WcoClass, ...]:
        def make(node: Any, here: str, at: str, number: int) -> WcoClass | None:
            if isinstance(node, dict):
                return read_part(source, node, here, at, cls, inside, number)
            source.take(here)
            source.unfit("", node, here)
            return None

        return tuple(listed(source, value, place, pointer, make))

    def write(sheet: Sheet, value: tuple[WcoClass, ...], pointer: str) -> list[dict[str, Any]] | None:
        return [write_part(sheet, each, f"{pointer}/{at}", inside) for at, each in enumerate(value)] or None

    return Kind(read, write, inside, many=True)


def listed(
    source: Source, value: Any, place: str, pointer: str, make: Callable[[Any, str, str, int], WcoClass | None]
) -> Iterator[WcoClass]:
    """The parts of a list that can be made; one that cannot leaves no gap, so pointers count what is in the message.

    Args:
        source: The document.
        value: The list; what is none is reported.
        place: Its place.
        pointer: JSON Pointer of the repeated element.
        make: One of the list, its place, the pointer it gets, its position from 1 → the part.
    """
    if not isinstance(value, list):
        source.take(place, pointer)
        source.unfit(pointer, value, place)
        return
    at = 0
    for number, node in enumerate(value):
        if absent(node):
            continue
        findings, origins = len(source.findings), len(source.origins)
        made = make(node, f"{place}/{number}", f"{pointer}/{at}", number + 1)
        if made is None:
            _forget(source, findings, origins, pointer)
            continue
        at += 1
        yield made


def _forget(source: Source, findings: int, origins: int, pointer: str) -> None:
    """A part that is not in the message has no pointer: what was found in it is said of the list, at its own place."""
    source.findings[findings:] = [
        replace(finding, pointer=pointer, national=source.origins.get(finding.pointer, finding.national))
        for finding in source.findings[findings:]
    ]
    while len(source.origins) > origins:  # those of the part are the last that came in
        source.origins.popitem()


def read_part(
    source: Source,
    node: Mapping[str, Any],
    place: str,
    pointer: str,
    cls: type[WcoClass],
    rows: Sequence[AnyRow],
    position: int = 0,
    **given: Any,
) -> WcoClass | None:
    """A class of the common form from a part of the document.

    Args:
        source: The document.
        node: The part.
        place: Its place.
        pointer: JSON Pointer it gets.
        cls: The class.
        rows: How they are the same.
        position: Position in its list from 1, taken where the class needs a number and the part has none.
        given: Values by attribute that are not in the part.
    """
    values = {**given, **read_rows(source, node, place, pointer, cls, rows)}
    numbered = position and any(e.attribute == "sequence_numeric" and e.required for e in elements(cls))
    if numbered and not 0 < values.get("sequence_numeric", 0) <= 99999:
        if "sequence_numeric" in values:
            source.unfit(f"{pointer}/SequenceNumeric", values["sequence_numeric"], place)
        values["sequence_numeric"] = position
        source.origins[f"{pointer}/SequenceNumeric"] = place
    source.origins.setdefault(pointer, place)
    return assembled(source, cls, pointer, place, {tuple(path.split("/")): value for path, value in values.items()})


def read_rows(
    source: Source, node: Mapping[str, Any], place: str, pointer: str, cls: type[WcoClass], rows: Sequence[AnyRow]
) -> dict[str, Any]:
    """The values of a part by path, before a class is made of them; arguments as in `read_part`."""
    values: dict[str, Any] = {}
    for row in rows:
        _read_row(source, row, node, place, pointer, cls, values)
    return values


def _read_row(
    source: Source,
    row: AnyRow,
    node: Mapping[str, Any],
    place: str,
    pointer: str,
    cls: type[WcoClass],
    values: dict[str, Any],
) -> None:
    if isinstance(row, Unread):
        if not absent(node.get(row.key)):
            source.lost(node[row.key], f"{place}/{row.key}")
        return
    target = pointer + pointer_of(cls, row.path)
    if isinstance(row, Several):
        value = _read_several(source, row, node, place, target)
    elif absent(node.get(row.key)):
        return
    else:
        value = row.kind.read(source, node[row.key], f"{place}/{row.key}", target, class_at(cls, row.path))
    if value is not None:
        values[row.path] = value


def _read_several(source: Source, row: Several, node: Mapping[str, Any], place: str, target: str) -> str | None:
    strings = {
        key: text
        for key in row.keys
        if not absent(node.get(key)) and (text := source.string(node[key], f"{place}/{key}", target)) is not None
    }
    if not strings:
        return None
    source.origins[target] = f"{place}/{next(iter(strings))}"
    if row.alone:
        for key in list(strings)[1:]:
            source.lost(strings.pop(key), f"{place}/{key}")
    return row.read(strings)


def assembled(
    source: Source, cls: type[WcoClass], pointer: str, place: str, values: Mapping[tuple[str, ...], Any]
) -> WcoClass | None:
    """A class from values by path. Where it cannot be made, what it would have held is reported."""
    before = len(source.findings)
    own: dict[str, Any] = {path[0]: value for path, value in values.items() if len(path) == 1}
    for attribute in dict.fromkeys(path[0] for path in values if len(path) > 1):
        element = _element(cls, attribute)
        inner = {path[1:]: value for path, value in values.items() if path[0] == attribute and len(path) > 1}
        here = f"{pointer}/{element.name}"
        if element.repeated:
            inner = {path[1:]: value for path, value in inner.items()}
            here += "/0"
        made = assembled(source, element.child or cls, here, place, inner)
        own[attribute] = (made,) if element.repeated and made is not None else made
    _at_most(source, cls, pointer, own)
    result = fit(cls, source.findings, pointer, place, **own)
    if result is None:
        _report_unmade(source, cls, pointer, place, own, before)
    return result


def _at_most(source: Source, cls: type[WcoClass], pointer: str, own: dict[str, Any]) -> None:
    """Cut lists to what the common form takes; each part that is left out is reported."""
    for attribute, value in own.items():
        element = _element(cls, attribute)
        if element.repeated and isinstance(value, tuple) and len(value) > element.most:
            for at in range(element.most, len(value)):
                here = f"{pointer}/{element.name}/{at}"
                source.unfit(here, str(getattr(value[at], "id", "") or ""), source.origins.get(here, ""))
            own[attribute] = value[: element.most]


def _report_unmade(
    source: Source, cls: type[WcoClass], pointer: str, place: str, own: Mapping[str, Any], before: int
) -> None:
    told = {finding.pointer for finding in source.findings[before:]}
    for attribute, value in own.items():
        here = f"{pointer}/{_element(cls, attribute).name}"
        if value not in (None, ()) and here not in told:
            text = "" if isinstance(value, tuple | WcoClass) else written(value)
            where = source.origins.get(here, place)
            source.findings.append(
                Finding(
                    "KIT-FIT-01", Severity.WARN, here, text[:200], {"name": here.rpartition("/")[2]}, national=where
                )
            )


def write_part(sheet: Sheet, value: WcoClass, pointer: str, rows: Sequence[AnyRow]) -> dict[str, Any]:
    """A part of the national form from a class of the common form."""
    node: dict[str, Any] = {}
    for row in rows:
        if isinstance(row, Unread):
            continue
        content = value_at(value, row.path)
        if content is None or content == ():
            continue
        here = pointer + pointer_of(type(value), row.path)
        if isinstance(row, Several):
            node.update(row.write(value, content))
            sheet.said.add(here)
        elif (national := row.kind.write(sheet, content, here)) is not None:
            node[row.key] = national
    return node


def value_at(value: Any, path: str) -> Any:
    """The value at a path; None where something on the way is not there."""
    for step in path.split("/"):
        if value is None:
            return None
        if not step.isdigit():
            value = getattr(value, step)
            continue
        value = value[int(step)] if int(step) < len(value) else None
    return value


def pointer_of(cls: type[WcoClass], path: str) -> str:
    """The JSON Pointer of a path, from the class down."""
    pointer, current = "", cls
    for step in path.split("/"):
        if step.isdigit():
            pointer += f"/{step}"
            continue
        element = _element(current, step)
        pointer += f"/{element.name}"
        current = element.child or current
    return pointer


def class_at(cls: type[WcoClass], path: str) -> type[WcoClass] | None:
    """The class of the element at a path; None for a plain leaf."""
    current: type[WcoClass] | None = cls
    for step in path.split("/"):
        if not step.isdigit() and current is not None:
            current = _element(current, step).child
    return current


def _element(cls: type[WcoClass], attribute: str) -> Element:
    return next(element for element in elements(cls) if element.attribute == attribute)


def places(
    rows: Sequence[AnyRow], cls: type[WcoClass], place: str = "", pointer: str = "", *, inside: bool = False
) -> Iterator[tuple[str, str]]:
    """Every place of a form and its pointer; `*` stands for a position.

    Args:
        rows: The rows.
        cls: The class that they are rows of.
        place: Its place.
        pointer: Its JSON Pointer.
        inside: Whether the number and the unit of a pair are places, too: both by the pointer of the pair.
    """
    for row in rows:
        if isinstance(row, Unread):
            continue
        here = pointer + pointer_of(cls, row.path)
        if isinstance(row, Several):
            yield from ((f"{place}/{key}", here) for key in row.keys)
            continue
        step = "/*" if row.kind.many else ""
        yield f"{place}/{row.key}{step}", f"{here}{step}"
        if inside:
            yield from ((f"{place}/{row.key}/{name}", here) for name in row.kind.names)
        child = class_at(cls, row.path)
        if row.kind.rows and child is not None:
            yield from places(row.kind.rows, child, f"{place}/{row.key}{step}", f"{here}{step}", inside=inside)
