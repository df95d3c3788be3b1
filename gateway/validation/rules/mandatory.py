"""Rules about what must be there: by the declaration's profile, and by the agreement.

The profile's mandatory elements are marked in the model (`gateway.message.element`). They are asked of a declaration
that is whole; a change, a cancellation or a request names what it is about and no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from gateway.message.declaration import Declaration, Packaging
from gateway.message.element import Qualified, WcoClass
from gateway.message.finding import Severity
from gateway.message.metadata import DeclarationMessage, MetaData
from gateway.message.parts import Communication, Consignee, Consignor
from gateway.message.table import Element, by_name, elements
from gateway.validation.rule import Context, Hit, rule
from gateway.validation.walk import Found, Look, Sweep, is_complete, is_empty_vehicle, values_of

_SAID_ELSEWHERE: frozenset[tuple[type[WcoClass], str]] = frozenset(
    {
        (Communication, "TypeCode"),  # ACD-CON-03
        (Consignee, "Name"),  # ACD-PTY-01
        (Consignor, "Name"),  # ACD-PTY-01
    }
)
_NOT_OF_EMPTY_VEHICLE = frozenset({"/Declaration/TotalGrossMassMeasure", "/Declaration/TotalPackageQuantity"})


def _missing(cls: type[WcoClass]) -> Look | None:
    if issubclass(cls, Qualified):  # a measure without unit, an amount without currency: ACD-CON-03
        return None
    wanted = [
        element
        for element in elements(cls)
        if element.mandatory and not element.required and (cls, element.name) not in _SAID_ELSEWHERE
    ]
    if not wanted:
        return None
    values_in = values_of([element.attribute for element in wanted])

    def look(value: Any) -> Sequence[Found]:
        values = values_in(value)
        if all(values):
            return ()
        return [
            (f"/{element.name}", "")
            for element, one in zip(wanted, values, strict=True)
            if (one is None or one == ()) and not _counted_without_kind(value, element)
        ]

    return look


def _counted_without_kind(value: Any, element: Element) -> bool:
    """Packages that are counted without a kind are half of a pair: ACD-CON-03 says so already."""
    return isinstance(value, Packaging) and element.name == "TypeCode" and value.quantity_quantity is not None


def _tell_missing(message: MetaData, _: Context, hit: Hit) -> Iterator[Hit]:
    declaration = getattr(message, "declaration", None)
    if not isinstance(declaration, Declaration) or not is_complete(declaration):
        return
    if not (is_empty_vehicle(declaration) and hit.pointer in _NOT_OF_EMPTY_VEHICLE):
        yield hit


profile_is_complete = rule(
    "ACD-MAN-01",
    Severity.REJECT,
    "Every element that the profile asks for is there",
    source="the element table of this form (schemas/declaration), column mandatory",
    about=DeclarationMessage,
)(Sweep(_missing, _tell_missing))
"""In every class that is there, each element marked as mandatory; no totals for an empty vehicle."""


@rule(
    "ACD-AGR-03",
    Severity.REJECT,
    "Every element that the agreement asks for is there",
    source="the agreement in force (schemas/agreements)",
    about=MetaData,
)
def agreement_is_complete(message: MetaData, context: Context) -> Iterator[Hit]:
    """Each path of the agreement, in every class on its way that is there; of a declaration only when it is whole."""
    if not context.mandatory:
        return
    declaration = getattr(message, "declaration", None)
    if isinstance(declaration, Declaration) and not is_complete(declaration):
        return
    for path in sorted(context.mandatory):
        names = tuple(path.split("/"))
        if _elements_on(type(message), names) is not None:
            for pointer in _lacks(message, names, ""):
                yield Hit(pointer, "", {"name": "/".join(names[-2:])})


@cache
def _elements_on(cls: type[WcoClass], names: tuple[str, ...]) -> tuple[Element, ...] | None:
    """The elements on a path; None where the path is of another kind of message."""
    found: list[Element] = []
    inside: type[WcoClass] | None = cls
    for name in names:
        element = by_name(inside).get(name) if inside is not None else None
        if element is None:
            return None
        found.append(element)
        inside = element.child
    return tuple(found)


def _lacks(value: WcoClass, names: tuple[str, ...], pointer: str) -> Iterator[str]:
    element = by_name(type(value))[names[0]]
    below = getattr(value, element.attribute)
    pointer = f"{pointer}/{element.name}"
    if below is None or below == ():
        # A consignment that is not there lacks nothing: an empty vehicle has none (ACD-VEH-05).
        if element.name != "Consignment":
            yield "/".join((pointer, *names[1:]))
        return
    if len(names) > 1:
        for index, one in enumerate(below) if element.repeated else ((None, below),):
            yield from _lacks(one, names[1:], pointer if index is None else f"{pointer}/{index}")


RULES = (profile_is_complete, agreement_is_complete)
