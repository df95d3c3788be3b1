"""Rules about identifiers: shapes and check digits of containers, wagons, parties and references.

What is known for sure refuses a message; what is only background knowledge warns. Which is which says
`gateway.validation.identifiers`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from gateway.message.declaration import TransportEquipment
from gateway.message.finding import Severity
from gateway.message.metadata import MetaData
from gateway.validation.identifiers import (
    Fault,
    FaultKind,
    Identifier,
    check_1520_wagon,
    check_container,
    check_party,
    check_ucr,
    check_uic_wagon,
    refuses,
)
from gateway.validation.rule import Context, Hit, rule
from gateway.validation.rules.parties import NO_KZ_NUMBER
from gateway.validation.walk import cargo, consignments, country_of, is_container, items, parties, vehicle_equipment

# The same traders and containers cross every day, and two rules ask about every party.
_party_fault = lru_cache(maxsize=8192)(check_party)
_container_fault = lru_cache(maxsize=8192)(check_container)
_WAGON = "20"  # kind of identification


@rule(
    "ACD-IDN-01",
    Severity.REJECT,
    "A container number has the shape and the check digit of its standard",
    source="ISO 6346; EN 13044 for intermodal loading units",
    about=MetaData,
)
def container_number(message: MetaData, _: Context) -> Iterator[Hit]:
    """Containers of consignments and of the vehicle; a trailer or chassis has a plate, not such a number."""
    for pointer, container in _containers(message):
        fault = _container_fault(container.id) if container.id is not None else None
        if fault is not None:
            yield Hit(f"{pointer}/ID", container.id or "", _shown(fault))


def _containers(message: MetaData) -> Iterator[tuple[str, TransportEquipment]]:
    """What is said to be a container; in a consignment also what is not said to be anything else."""
    for pointer, one in vehicle_equipment(cargo(message)):
        if is_container(one):
            yield pointer, one
    for above, consignment in consignments(message):
        for index, one in enumerate(consignment.transport_equipment):
            if one.type_code is None or is_container(one):
                yield f"{above}/TransportEquipment/{index}", one


def _shown(fault: Fault) -> dict[str, str]:
    return {"expected": fault.expected, "suggestion": fault.suggestion}


@rule(
    "ACD-IDN-02",
    Severity.REJECT,
    "The identifier of a party has the shape and the check digit of its country",
    source="GB 32100-2015 (China), Law of Kazakhstan on national registers (BIN, IIN), VÖEN (Azerbaijan), and others "
    "that are verified",
    about=MetaData,
)
def party_identifier(message: MetaData, _: Context) -> Iterator[Hit]:
    """Parties with a country whose rule is verified."""
    for pointer, value, identifier, fault in _party_faults(message):
        if _certain(value, identifier, fault):
            yield Hit(pointer, value, {**_shown(fault), "identifier": identifier.id})


def _certain(value: str, identifier: Identifier, fault: Fault) -> bool:
    """Whether the number is surely meant as this identifier, and surely wrong.

    A number of quite another length may come from another register, as the customs registration of a Chinese
    carrier does: it is only a warning.
    """
    if fault.kind is FaultKind.SHAPE and len(value) != len(identifier.example):
        return False
    return refuses(identifier, fault)


@rule(
    "ACD-IDN-03",
    Severity.WARN,
    "The identifier of a party looks like one of its country",
    source="background knowledge of the countries' identifiers, to be confirmed by them",
    about=MetaData,
)
def party_identifier_plausible(message: MetaData, _: Context) -> Iterator[Hit]:
    """Parties with a country whose rule is not verified, and faults that prove nothing, such as an odd date."""
    for pointer, value, identifier, fault in _party_faults(message):
        if not _certain(value, identifier, fault):
            yield Hit(pointer, value, {**_shown(fault), "identifier": identifier.id})


def _party_faults(message: MetaData) -> Iterator[tuple[str, str, Identifier, Fault]]:
    for pointer, party in parties(message):
        country = country_of(party.address)
        if party.id is None or country is None or party.id == NO_KZ_NUMBER:  # zeros: ACD-PTY-02
            continue
        found = _party_fault(party.id, country)
        if found is not None:
            yield f"{pointer}/ID", party.id, *found


@rule(
    "ACD-IDN-04",
    Severity.REJECT,
    "A wagon number of twelve digits has the right check digit",
    source="UIC 438-2",
    about=MetaData,
)
def wagon_number(message: MetaData, _: Context) -> Iterator[Hit]:
    """Wagons with twelve digits."""
    for pointer, number in _wagons(message):
        if len(number) == 12 and number.isascii() and number.isdigit():
            fault = check_uic_wagon(number)
            if fault is not None:
                yield Hit(pointer, number, _shown(fault))


@rule(
    "ACD-IDN-05",
    Severity.WARN,
    "A wagon number is one of the 1520 mm railways or of UIC",
    source="eight-digit numbering of wagons of the 1520 mm gauge (background knowledge); UIC 438-2",
    about=MetaData,
)
def wagon_number_plausible(message: MetaData, _: Context) -> Iterator[Hit]:
    """Wagons with any other number than twelve digits."""
    for pointer, number in _wagons(message):
        if len(number) == 12 and number.isascii() and number.isdigit():
            continue
        fault = check_1520_wagon(number)
        if fault is not None:
            yield Hit(pointer, number, _shown(fault))


def _wagons(message: MetaData) -> Iterator[tuple[str, str]]:
    for pointer, consignment in consignments(message):
        for index, wagon in enumerate(consignment.passive_transport_means):
            if wagon.id is not None and wagon.identification_type_code == _WAGON:
                yield f"{pointer}/PassiveTransportMeans/{index}/ID", wagon.id


@rule(
    "ACD-IDN-06",
    Severity.REJECT,
    "A unique consignment reference holds only characters that its standard allows",
    source="WCO UCR guidelines; ISO 15459",
    about=MetaData,
)
def consignment_reference(message: MetaData, _: Context) -> Iterator[Hit]:
    """UCR/ID of consignments and items."""
    for pointer, consignment in consignments(message):
        if consignment.ucr is not None and consignment.ucr.id is not None:
            yield from _reference(f"{pointer}/UCR/ID", consignment.ucr.id)
    for pointer, item in items(message):
        if item.ucr is not None and item.ucr.id is not None:
            yield from _reference(f"{pointer}/UCR/ID", item.ucr.id)


def _reference(pointer: str, value: str) -> Iterator[Hit]:
    fault = check_ucr(value)
    if fault is not None:
        yield Hit(pointer, value, _shown(fault))


RULES = (
    container_number,
    party_identifier,
    party_identifier_plausible,
    wagon_number,
    wagon_number_plausible,
    consignment_reference,
)
