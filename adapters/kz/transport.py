"""What crosses the border in Kazakh documents: road vehicles and trains, trailers, containers, seals, drivers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adapters.kit.implied import PLATE
from adapters.kz.codes import AFFIXERS, AFFIXERS_READ, MODES, MODES_READ, RAIL, TRAIN
from adapters.kz.layout import Either, Leaf, Own, Part, Row, pointer_to
from adapters.kz.values import CODE, COUNT, MASS, MOMENT, coded
from gateway.message.declaration import Master, TransportEquipment
from gateway.message.parts import Itinerary, Seal

if TYPE_CHECKING:
    from lxml import etree

    from adapters.kit.xml_sheet import XmlSheet
    from adapters.kit.xml_source import XmlSource


def _read_name(source: XmlSource, node: etree._Element | None, pointer: str) -> dict[str, Any]:
    """A driver's name in one piece; one in three pieces is put together as surname, name, patronymic."""
    here = pointer_to(pointer, "name")
    whole = source.first(node, "PersonName")
    pieces = source.first(node, "FullNameDetails")
    if source.text(whole):
        return {"name": source.words(whole, here)}
    words = [
        source.value(pieces, name, here) for name in ("MiddleName", "FirstName", "LastName")
    ]  # the surname last, so that its place is the one that a finding names
    return {"name": " ".join(word for word in reversed(words) if word) or None}


def _write_name(sheet: XmlSheet, node: etree._Element, master: Master, pointer: str) -> None:
    """In one piece: where a name ends and the patronymic begins cannot be told for certain."""
    sheet.put(node, "PersonName", master.name, pointer_to(pointer, "name"))


MODE = coded(MODES, MODES_READ)
SEALS: tuple[Row, ...] = (
    Leaf("ObjectOrdinal", "sequence_numeric", COUNT),
    Leaf("SealId", "id", CODE),
    Leaf("SealAffixerCode", "role_code", coded(AFFIXERS, AFFIXERS_READ)),
)
EQUIPMENT: tuple[Row, ...] = (
    Leaf("ObjectOrdinal", "sequence_numeric", COUNT),
    Leaf("EquipmentId", "id", CODE),
    Leaf("UnifiedCountryCode", "registration_nationality_code", CODE),
    Leaf("EquipmentTypeCode", "type_code", CODE),
    Leaf("CharacteristicCode", "characteristic_code", CODE),
    Leaf("FullnessCode", "fullness_code", CODE),
    Leaf("TareMassMeasure", "tare_weight_measure", MASS),
    Leaf("SealQuantity", "affixed_seal_quantity", COUNT),
    Part("SealDetails", "seal", Seal, SEALS),
)
ITINERARY: tuple[Row, ...] = (
    Leaf("ObjectOrdinal", "sequence_numeric", COUNT),
    Leaf("UnifiedCountryCode", "routing_country_code", CODE),
    Leaf("LocationCode", "id", CODE),
)
_CREW: tuple[Row, ...] = (
    Own(("FullNameDetails", "PersonName", "LastName", "FirstName", "MiddleName"), ("name",), _read_name, _write_name),
    Leaf("IdentityDocId", "id", CODE),
    Leaf("RoleCode", "role_code", CODE),
)
_ROAD: tuple[Row, ...] = (
    Leaf("TransportMeansRegId", "id", CODE),
    Leaf("UnifiedCountryCode", "registration_nationality_code", CODE),
    Leaf("TransportTypeCode", "type_code", CODE),
    Part("SealDetails", "seal", Seal, SEALS),
    Part("TrailerDetails", "transport_equipment", TransportEquipment, EQUIPMENT),
    Part("CrewMemberDetails", "master", Master, _CREW),
)
_TRAIN: tuple[Row, ...] = (
    Leaf("TrainId", "id", CODE),
    Leaf("JourneyId", "journey_id", CODE),
    Leaf("UnifiedCountryCode", "registration_nationality_code", CODE),
    Leaf("TransportTypeCode", "type_code", CODE),
)
TRANSPORT: tuple[Row, ...] = (
    Leaf("UnifiedTransportModeCode", "mode_code", MODE),
    Leaf("PlannedDepartureDateTime", "departure_date_time", MOMENT),
    Leaf("PlannedArrivalDateTime", "arrival_date_time", MOMENT),
    Either(
        {"RoadTransportDetails": _ROAD, "RailTransportDetails": _TRAIN},
        lambda means: "RailTransportDetails" if means.mode_code == RAIL else "RoadTransportDetails",
        {
            "RoadTransportDetails": {"identification_type_code": PLATE},
            "RailTransportDetails": {"identification_type_code": TRAIN},
        },
    ),
    Part("ItineraryPointDetails", "itinerary", Itinerary, ITINERARY),
)
