"""Ways through a message: what rules iterate over, each object with its JSON Pointer.

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

from gateway.message.border_event import BorderEvent
from gateway.message.declaration import Consignment, ConsignmentItem, Declaration, TransportEquipment
from gateway.message.element import WcoClass
from gateway.message.metadata import BorderEventMessage, DeclarationMessage, MetaData
from gateway.message.parts import Address, Itinerary
from gateway.message.table import Element, elements
from gateway.validation.rule import Context, Hit

FUNCTIONS = ("9", "5", "4", "2", "1", "13")
"""Function codes of a declaration (UNTDID 1225): original, replacement, change, addition, cancellation, request."""
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


TRAILERS = frozenset({"AE", "AQ", "CH", "SM", "TE"})
"""Kinds of equipment (UNTDID 8053) that are road vehicles themselves: they have a plate."""


def is_trailer(equipment: TransportEquipment) -> bool:
    """Whether equipment of a vehicle is a trailer: by its kind, and where no kind is said."""
    return equipment.type_code is None or equipment.type_code in TRAILERS


def is_container(equipment: TransportEquipment) -> bool:
    """Whether equipment is said to be a container (UNTDID 8053, CN)."""
    return equipment.type_code == "CN"


def in_travel_order(steps: Sequence[Itinerary]) -> list[tuple[int, Itinerary]]:
    """The steps of an itinerary with their places in the list, in the order of travel.

    By SequenceNumeric where every step has one, else as they are listed.
    """
    numbered = list(enumerate(steps))
    if any(step.sequence_numeric is None for step in steps):
        return numbered
    return sorted(numbered, key=lambda each: each[1].sequence_numeric or 0)


def vehicle_equipment(document: Declaration | BorderEvent | None) -> Iterator[tuple[str, TransportEquipment]]:
    """The equipment of the vehicle itself, trailers and containers without cargo, and its pointer."""
    means = document.border_transport_means if document is not None else None
    for index, one in enumerate(means.transport_equipment if means is not None else ()):
        yield f"/{type(document).__name__}/BorderTransportMeans/TransportEquipment/{index}", one


def cargo(message: MetaData) -> Declaration | BorderEvent | None:
    """The document of a message that has a vehicle and consignments: declared, or seen at the border."""
    if isinstance(message, DeclarationMessage):
        return message.declaration
    return message.border_event if isinstance(message, BorderEventMessage) else None


def consignments(message: MetaData) -> Iterator[tuple[str, Consignment]]:
    """Each consignment and its pointer."""
    document = cargo(message)
    if document is not None:
        for index, consignment in enumerate(document.consignment):
            yield f"/{message.document}/Consignment/{index}", consignment


def items(message: MetaData) -> Iterator[tuple[str, ConsignmentItem]]:
    """Each item of every consignment and its pointer."""
    for above, consignment in consignments(message):
        for index, item in enumerate(consignment.consignment_item):
            yield f"{above}/ConsignmentItem/{index}", item


def equipment(message: MetaData) -> Iterator[tuple[str, TransportEquipment]]:
    """The equipment of the vehicle and each container of a consignment; not what an item refers to."""
    yield from vehicle_equipment(cargo(message))
    for above, consignment in consignments(message):
        for index, container in enumerate(consignment.transport_equipment):
            yield f"{above}/TransportEquipment/{index}", container


def parties(message: MetaData) -> Iterator[tuple[str, Any]]:
    """Each party that has an identifier and an address, and its pointer."""
    if isinstance(message, DeclarationMessage):
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
LookAt = Callable[[type[WcoClass]], Look | None]
"""The look for a class, or None where there is nothing to look at; asked once for each class."""
Tell = Callable[[MetaData, Context, Hit], Iterator[Hit]]
"""Turns what was found into what the rule says of it; may say nothing."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """The check of a rule about every element. Several sweeps go through a message together (`sweep`).

    Attributes:
        look_at: What to look at in each class.
        tell: What to say of what was found.
    """

    look_at: LookAt
    tell: Tell

    def __call__(self, message: MetaData, context: Context) -> Iterator[Hit]:
        """The hits of this sweep alone, in the order of the form."""
        for _, hits in sweep(message, context, (self,)):
            yield from hits


def as_found(_: MetaData, __: Context, hit: Hit) -> Iterator[Hit]:
    """Tell what was found as it was found."""
    yield hit


def sweep(message: MetaData, context: Context, sweeps: tuple[Sweep, ...]) -> Iterator[tuple[int, Iterator[Hit]]]:
    """What several sweeps tell of one way through the message: the number of a sweep, and its hits at one place."""
    plan = _plan(type(message), tuple(one.look_at for one in sweeps))
    if plan is None:
        return
    found: list[_Seen] = []
    _sweep(message, plan, (), found)
    for where, number, (below, value) in found:
        hit = Hit(_pointer(where) + below, value, {"name": below.rpartition("/")[2]})
        yield number, sweeps[number].tell(message, context, hit)


_Where = tuple[Any, ...]
_Seen = tuple[_Where, int, Found]


@dataclass(frozen=True, slots=True)
class _Plan:
    """How to look at a class, with the numbers of the sweeps that do, and at the classes inside it."""

    looks: tuple[tuple[int, Look], ...]
    children: Callable[[Any], tuple[Any, ...]]
    inside: tuple[tuple[str, bool, bool, _Plan], ...]
    """Name, whether repeated, whether it has nothing inside itself, and its plan."""


def _sweep(value: Any, plan: _Plan, where: _Where, found: list[_Seen]) -> None:
    for number, look in plan.looks:
        if hits := look(value):
            found.extend((where, number, hit) for hit in hits)
    for child, (name, repeated, is_leaf, inside) in zip(plan.children(value), plan.inside, strict=False):
        if not child:
            continue
        if repeated:
            for index, one in enumerate(child):
                _sweep(one, inside, (where, name, index), found)
        elif is_leaf:  # most classes are leaves with a unit or a code: no need to descend
            for number, look in inside.looks:
                if hits := look(child):
                    found.extend(((where, name), number, hit) for hit in hits)
        else:
            _sweep(child, inside, (where, name), found)


def _pointer(where: _Where) -> str:
    if not where:
        return ""
    above, *steps = where
    return _pointer(above) + "".join(f"/{step}" for step in steps)


@cache
def _plan(cls: type[WcoClass], looks_at: tuple[LookAt, ...]) -> _Plan | None:
    """The plan of a class; None where neither it nor anything inside it has a look."""
    inside: list[tuple[Element, _Plan]] = []
    for element in elements(cls):
        if element.child is not None and (plan := _plan(element.child, looks_at)) is not None:
            inside.append((element, plan))
    looks = tuple((number, look) for number, look_at in enumerate(looks_at) if (look := look_at(cls)) is not None)
    if not looks and not inside:
        return None
    return _Plan(
        looks=looks,
        children=values_of([element.attribute for element, _ in inside]),
        inside=tuple((element.name, element.repeated, not plan.inside, plan) for element, plan in inside),
    )


def values_of(attributes: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """A function that reads these attributes of an object as a tuple."""
    if not attributes:
        return lambda _: ()
    if len(attributes) == 1:
        name = attributes[0]
        return lambda value: (getattr(value, name),)
    return attrgetter(*attributes)
