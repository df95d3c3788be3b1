"""Rules about codes: every element that cites a code list holds one of its codes.

The lists that an element cites stand in the model (`gateway.message.element`). For each class one look is made, once
per process; a class whose codes are all right costs one comparison.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter, contains
from typing import Any

from gateway.message.border_event import BorderEvent
from gateway.message.declaration import Declaration
from gateway.message.element import WcoClass
from gateway.message.finding import Severity
from gateway.message.metadata import BorderEventMessage, DeclarationMessage, MetaData
from gateway.message.table import Element, elements
from gateway.validation.codelists import Known, known, load_codelists, suggest
from gateway.validation.rule import Context, Hit, rule
from gateway.validation.walk import Found, Look, Sweep, consignments, values_of


def _unlisted(cls: type[WcoClass]) -> Look | None:
    return _look([element for element in elements(cls) if element.codes], Known.NO)


def _outside(cls: type[WcoClass]) -> Look | None:
    lists = load_codelists()
    partial = [element for element in elements(cls) if element.codes and lists[element.codes].outside is not None]
    return _look(partial, Known.OUTSIDE)


def _look(coded: Sequence[Element], wanted: Known) -> Look | None:
    if not coded:
        return None
    lists = load_codelists()
    members = tuple(frozenset({*lists[element.codes].codes, None}) for element in coded)
    if len(coded) == 1:
        return _look_at_one(coded[0], members[0], wanted)
    values_in = values_of([element.attribute for element in coded])

    def look(value: Any) -> Sequence[Found]:
        values = values_in(value)
        if all(map(contains, members, values)):
            return ()
        return [
            (f"/{element.name}", code)
            for element, code in zip(coded, values, strict=True)
            if code is not None and known(element.codes, code) is wanted
        ]

    return look


def _look_at_one(element: Element, members: frozenset[str | None], wanted: Known) -> Look:
    value_in = attrgetter(element.attribute)

    def look(value: Any) -> Sequence[Found]:
        code = value_in(value)
        if code in members or known(element.codes, code) is not wanted:
            return ()
        return ((f"/{element.name}", code),)

    return look


def _list_of(message: MetaData, pointer: str) -> str:
    """The code list that the element at a pointer cites."""
    cls: type[WcoClass] | None = type(message)
    codes = ""
    for part in pointer.split("/")[1:]:
        if part.isdigit() or cls is None:
            continue
        element = next(element for element in elements(cls) if element.name == part)
        cls, codes = element.child, element.codes
    return codes


def _tell_unlisted(message: MetaData, _: Context, hit: Hit) -> Iterator[Hit]:
    name = _list_of(message, hit.pointer)
    yield Hit(hit.pointer, hit.value, {**hit.params, "list": name, "suggestion": suggest(name, hit.value) or ""})


def _tell_outside(message: MetaData, _: Context, hit: Hit) -> Iterator[Hit]:
    yield Hit(hit.pointer, hit.value, {**hit.params, "list": _list_of(message, hit.pointer)})


code_is_listed = rule(
    "ACD-COD-01",
    Severity.REJECT,
    "A code is in the list that its element cites",
    source="the lists and their editions: schemas/codelists/SOURCES.md",
    about=MetaData,
)(Sweep(_unlisted, _tell_unlisted))
"""Every coded element of the message."""

code_is_carried = rule(
    "ACD-COD-02",
    Severity.INFO,
    "A code is in the part of its list that this edition carries",
    source="the lists and their editions: schemas/codelists/SOURCES.md",
    about=MetaData,
)(Sweep(_outside, _tell_outside))
"""Codes of a right shape from a part of the world that the list leaves out, for example a port elsewhere."""


_OFFICES = (
    ("EntryOffice", "entry_office"),
    ("ExitOffice", "exit_office"),
    ("PresentationOffice", "presentation_office"),
)
_PLACES = (
    ("LoadingLocation", "loading_location"),
    ("TransitDeparture", "transit_departure"),
    ("TransitDestination", "transit_destination"),
    ("UnloadingLocation", "unloading_location"),
)


@rule(
    "ACD-COD-03",
    Severity.WARN,
    "A customs office or place is coded as one of a country, or by UN/LOCODE",
    source="shapes: Chinese customs four digits, EAEU two, five or eight digits; UN/LOCODE 2023-2",
    about=MetaData,
)
def place_is_coded(message: MetaData, _: Context) -> Iterator[Hit]:
    """Offices: the code of a customs office. Places: that, or a UN/LOCODE."""
    if isinstance(message, DeclarationMessage):
        yield from _offices(message.declaration)
    elif isinstance(message, BorderEventMessage):
        yield from _office_of_event(message.border_event)
    for pointer, consignment in consignments(message):
        for name, attribute in _PLACES:
            place = getattr(consignment, attribute)
            if place is not None and place.id is not None and not _is_place(place.id):
                yield Hit(f"{pointer}/{name}/ID", place.id)


def _offices(declaration: Declaration) -> Iterator[Hit]:
    for name, attribute in _OFFICES:
        office = getattr(declaration, attribute)
        if office is not None and office.id is not None and not _is_office(office.id):
            yield Hit(f"/Declaration/{name}/ID", office.id)
    office_id = declaration.declaration_office_id
    if office_id is not None and not _is_office(office_id):
        yield Hit("/Declaration/DeclarationOfficeID", office_id)


def _office_of_event(event: BorderEvent) -> Iterator[Hit]:
    office = event.border_office
    if office is not None and office.id is not None and not _is_office(office.id):
        yield Hit("/BorderEvent/BorderOffice/ID", office.id)


def _is_office(code: str) -> bool:
    return known("customs_offices", code) is not Known.NO


def _is_place(code: str) -> bool:
    return known("locations", code) is not Known.NO or _is_office(code)


RULES = (code_is_listed, code_is_carried, place_is_coded)
