"""Ways through a declaration: what rules iterate over, each object with its JSON Pointer.

The iterators serve rules about one part of the message. `sweep` serves rules about every element: it looks at each
class of the form with a function made once for that class, and builds a pointer only where that function found
something, so a message without faults costs hardly more than touching its values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any

from gateway.message.declaration import Consignment, ConsignmentItem, Declaration, TransportEquipment
from gateway.message.element import WcoClass
from gateway.message.metadata import DeclarationMessage
from gateway.message.parts import Address
from gateway.message.table import Element, elements
from gateway.validation.rule import Hit

COMPLETE = frozenset({"9", "5"})
"""Function codes of a declaration that is whole: original and replacement. The others name and change."""


def is_complete(declaration: Declaration) -> bool:
    """Whether the declaration is an original or a replacement, which must say everything by itself."""
    return declaration.function_code in COMPLETE


def is_road(declaration: Declaration) -> bool:
    """Whether the declaration crosses by road (UN/ECE Rec 19, code 3)."""
    means = declaration.border_transport_means
    return means is not None and means.mode_code == "3"


def is_rail(declaration: Declaration) -> bool:
    """Whether the declaration crosses by rail (UN/ECE Rec 19, code 2)."""
    means = declaration.border_transport_means
    return means is not None and means.mode_code == "2"


def is_empty_vehicle(declaration: Declaration) -> bool:
    """Whether the declaration is of a vehicle without cargo."""
    return declaration.specific_circumstances_code_code == "EMP"


def consignments(message: DeclarationMessage) -> Iterator[tuple[str, Consignment]]:
    """Each consignment and its pointer."""
    for index, consignment in enumerate(message.declaration.consignment):
        yield f"/Declaration/Consignment/{index}", consignment


def items(message: DeclarationMessage) -> Iterator[tuple[str, ConsignmentItem]]:
    """Each item of every consignment and its pointer."""
    for above, consignment in consignments(message):
        for index, item in enumerate(consignment.consignment_item):
            yield f"{above}/ConsignmentItem/{index}", item


def equipment(message: DeclarationMessage) -> Iterator[tuple[str, TransportEquipment]]:
    """Each trailer of the vehicle and each container of a consignment; not what an item refers to."""
    means = message.declaration.border_transport_means
    if means is not None:
        for index, trailer in enumerate(means.transport_equipment):
            yield f"/Declaration/BorderTransportMeans/TransportEquipment/{index}", trailer
    for above, consignment in consignments(message):
        for index, container in enumerate(consignment.transport_equipment):
            yield f"{above}/TransportEquipment/{index}", container


def parties(message: DeclarationMessage) -> Iterator[tuple[str, Any]]:
    """Each party that has an identifier and an address, and its pointer."""
    declaration = message.declaration
    for name, party in (
        ("Agent", declaration.agent),
        ("Carrier", declaration.carrier),
        ("Declarant", declaration.declarant),
    ):
        if party is not None:
            yield f"/Declaration/{name}", party
    for above, consignment in consignments(message):
        if consignment.consignee is not None:
            yield f"{above}/Consignee", consignment.consignee
        if consignment.consignor is not None:
            yield f"{above}/Consignor", consignment.consignor
        if consignment.notify_party is not None:
            yield f"{above}/NotifyParty", consignment.notify_party


def country_of(address: Address | None) -> str | None:
    """The country of an address, where it is said."""
    return None if address is None else address.country_code


Found = tuple[str, str]
"""What a look found: the pointer below its object, as `/CountryCode`, and the value."""
Look = Callable[[Any], Sequence[Found]]
"""Looks at one object and tells what is wrong with it; nothing in nearly every case."""
Where = tuple[Any, ...]
_ROOT: Where = ()


@dataclass(frozen=True, slots=True)
class _Plan:
    """How to look at a class and at the classes inside it."""

    look: Look | None
    children: Callable[[Any], tuple[Any, ...]]
    inside: tuple[_Inside, ...]


_Inside = tuple[str, bool, Look | None, _Plan]
"""Name of a class inside, whether it is repeated, its look where it has nothing inside itself, and its plan."""


def sweep(message: WcoClass, look_at: Callable[[type[WcoClass]], Look | None]) -> Iterator[Hit]:
    """A hit for everything that the looks find, in the order of the form.

    Args:
        message: Where to begin.
        look_at: The look for a class, or None where there is nothing to look at; asked once for each class.
    """
    plan = _plan(type(message), look_at)
    if plan is None:
        return
    found: list[tuple[Where, Found]] = []
    _sweep(message, plan, _ROOT, found)
    for where, (below, value) in found:
        yield Hit(_pointer(where) + below, value, {"name": below.rpartition("/")[2]})


def _sweep(value: Any, plan: _Plan, where: Where, found: list[tuple[Where, Found]]) -> None:
    if plan.look is not None and (hits := plan.look(value)):
        found.extend((where, hit) for hit in hits)
    for child, (name, repeated, only_look, inside) in zip(plan.children(value), plan.inside, strict=False):
        if not child:
            continue
        if repeated:
            for index, one in enumerate(child):
                _sweep(one, inside, (where, name, index), found)
        elif only_look is None:
            _sweep(child, inside, (where, name), found)
        elif hits := only_look(child):  # most classes are leaves with a unit, a code: no need to descend
            found.extend(((where, name), hit) for hit in hits)


def _pointer(where: Where) -> str:
    if not where:
        return ""
    above, *steps = where
    return _pointer(above) + "".join(f"/{step}" for step in steps)


@cache
def _plan(cls: type[WcoClass], look_at: Callable[[type[WcoClass]], Look | None]) -> _Plan | None:
    """The plan of a class; None where neither it nor anything inside it has a look."""
    inside: list[tuple[Element, _Plan]] = []
    for element in elements(cls):
        if element.child is not None and (plan := _plan(element.child, look_at)) is not None:
            inside.append((element, plan))
    look = look_at(cls)
    if look is None and not inside:
        return None
    return _Plan(
        look=look,
        children=values_of([element.attribute for element, _ in inside]),
        inside=tuple(
            (element.name, element.repeated, None if plan.inside else plan.look, plan) for element, plan in inside
        ),
    )


def values_of(attributes: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """A function that reads these attributes of an object as a tuple."""
    if not attributes:
        return lambda _: ()
    if len(attributes) == 1:
        name = attributes[0]
        return lambda value: (getattr(value, name),)
    return attrgetter(*attributes)
