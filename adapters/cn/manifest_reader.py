"""MT2401 and MT1401, the road manifests: what is carried, for whom, under which waybill.

Containers are listed here by number only; their seals, size and fullness come from the carrier confirmation, which
`containers` of `confirmation_reader` has read.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, TypeVar

from adapters.cn.codes import CONSIGNMENT_NOTE, CONTAINER, COUNTRIES, COUNTRY, UN_NUMBERS, Direction
from adapters.cn.confirmation_reader import Confirmed
from adapters.cn.document import Leaf, Notes, Part, amount, build, mass, moment, position, quantity, volume
from adapters.cn.party_number import country_of_number, read_number
from gateway.message.declaration import (
    Classification,
    Commodity,
    Consignment,
    ConsignmentItem,
    Consolidator,
    DangerousGoods,
    Deconsolidator,
    Destination,
    ExportCountry,
    GoodsMeasure,
    LoadingLocation,
    Packaging,
    TransitDeparture,
    TransitDestination,
    TransportEquipment,
    UnloadingLocation,
)
from gateway.message.finding import Severity
from gateway.message.parts import (
    Address,
    Communication,
    Consignee,
    Consignor,
    Contact,
    Freight,
    GovernmentProcedure,
    Itinerary,
    NotifyParty,
    Seal,
    TransportContractDocument,
    UNDGContact,
)

P = TypeVar("P", Consignor, Consignee, NotifyParty)
_LOCODE = re.compile(r"([A-Z]{2})[A-Z2-9]{3}")


def consignments(
    notes: Notes, declaration: Part, direction: Direction, neighbour: str | None, confirmed: Confirmed
) -> tuple[Consignment, ...]:
    """The consignments of a manifest, each one master waybill, in the order of the document.

    Of a batch of several vehicles, only what is on this one.
    """
    read: list[Consignment] = []
    for part in declaration.parts("Consignment"):
        pointer = f"/Declaration/Consignment/{len(read)}"
        vehicle = confirmed.vehicle.number if confirmed.vehicle is not None else None
        if vehicle is not None and not _on_vehicle(notes, pointer, part, confirmed, vehicle.text):
            continue
        consignment = _consignment(notes, pointer, part, direction, neighbour, confirmed, len(read) + 1)
        if consignment is not None:
            places = _places(notes, pointer, declaration)
            read.append(consignment.model_copy(update=places))
    return tuple(read)


def _on_vehicle(notes: Notes, pointer: str, part: Part, confirmed: Confirmed, number: str) -> bool:
    """Whether anything of a waybill is on this vehicle of a batch; what is on the others is told with them."""
    waybill = part.part("TransportContractDocument").leaf("ID")
    loaded = confirmed.loaded.get(_text(waybill))
    if loaded is None:
        notes.add("CN-027", Severity.INFO, "", waybill, part.place, vehicle=number)
        part.all_asked()
        return False
    if not loaded.part("ConsignmentItem"):
        notes.add("CN-029", Severity.REJECT, pointer, _text(waybill), loaded.place, vehicle=number)
    else:
        notes.add("CN-027", Severity.INFO, pointer, waybill, part.place, vehicle=number)
    for whole in ("GrossVolumeMeasure", "TotalPackageQuantity", "ValueAmount", "GovernmentAgencyGoodsItem"):
        part.part(whole).all_asked()
    return True


def _consignment(
    notes: Notes,
    pointer: str,
    part: Part,
    direction: Direction,
    neighbour: str | None,
    confirmed: Confirmed,
    number: int,
) -> Consignment | None:
    document = part.part("TransportContractDocument")
    waybill = document.leaf("ID")
    figures = confirmed.loaded.get(_text(waybill), part)
    goods = figures.part("GovernmentAgencyGoodsItem").part("GoodsMeasure")
    dangerous = part.part("UNDGContact")
    containers = _containers(notes, f"{pointer}/TransportEquipment", part, confirmed, waybill.text if waybill else "")
    way = _way(notes, f"{pointer}/Itinerary", part, direction, neighbour, confirmed)
    sent, bound = _ends(way, direction, neighbour)
    return build(
        Consignment,
        notes,
        pointer,
        part,
        container_code="1" if containers else "0",
        gross_volume_measure=volume(
            notes, f"{pointer}/GrossVolumeMeasure", figures.leaf("GrossVolumeMeasure", "unitCode")
        ),
        sequence_numeric=number,
        total_gross_mass_measure=mass(
            notes, f"{pointer}/TotalGrossMassMeasure", goods.leaf("GrossMassMeasure", "unitCode")
        ),
        total_package_quantity=quantity(
            notes, f"{pointer}/TotalPackageQuantity", figures.leaf("TotalPackageQuantity", "unitCode")
        ),
        value_amount=amount(notes, f"{pointer}/ValueAmount", figures.leaf("ValueAmount", "currencyID")),
        consignee=_party(
            Consignee, notes, f"{pointer}/Consignee", part.part("Consignee"), bound, assumed=direction.export
        ),
        consignment_item=_items(notes, f"{pointer}/ConsignmentItem", part, figures, dangerous=bool(dangerous)),
        consignor=_party(
            Consignor, notes, f"{pointer}/Consignor", part.part("Consignor"), sent, assumed=not direction.export
        ),
        consolidator=_identified(Consolidator, notes, f"{pointer}/Consolidator", document.part("Consolidator")),
        deconsolidator=_identified(Deconsolidator, notes, f"{pointer}/Deconsolidator", document.part("Deconsolidator")),
        destination=build(Destination, notes, f"{pointer}/Destination", part, country_code=bound),
        export_country=build(ExportCountry, notes, f"{pointer}/ExportCountry", part, id=sent),
        freight=build(
            Freight,
            notes,
            f"{pointer}/Freight",
            part.part("Freight"),
            payment_method_code=part.part("Freight").leaf("PaymentMethodCode"),
        ),
        government_procedure=build(
            GovernmentProcedure,
            notes,
            f"{pointer}/GovernmentProcedure",
            part.part("GovernmentProcedure"),
            current_code=part.part("GovernmentProcedure").leaf("CurrentCode"),
        ),
        itinerary=way,
        notify_party=_party(NotifyParty, notes, f"{pointer}/NotifyParty", part.part("NotifyParty"), None),
        transit_departure=_identified(
            TransitDeparture, notes, f"{pointer}/TransitDeparture", part.part("TransitDeparture")
        ),
        transit_destination=_identified(
            TransitDestination, notes, f"{pointer}/TransitDestination", part.part("TransitDestination")
        ),
        transport_contract_document=build(
            TransportContractDocument,
            notes,
            f"{pointer}/TransportContractDocument",
            document,
            condition_code=document.leaf("ConditionCode"),
            id=waybill,
            type_code=CONSIGNMENT_NOTE if waybill else None,
        ),
        transport_equipment=containers,
        undg_contact=build(
            UNDGContact,
            notes,
            f"{pointer}/UNDGContact",
            dangerous,
            name=dangerous.leaf("Name"),
            communication=_communication(notes, f"{pointer}/UNDGContact/Communication", dangerous),
        ),
    )


def _way(
    notes: Notes, pointer: str, part: Part, direction: Direction, neighbour: str | None, confirmed: Confirmed
) -> tuple[Itinerary, ...]:
    """The countries on the way of a consignment.

    Where the manifest does not say them, they follow from a place of destination in a third country, else from a way of
    the vehicle that leads beyond the neighbour. To the neighbour itself nothing need be said.
    """
    said = itinerary(notes, pointer, part.part("BorderTransportMeans"))
    if said or not direction.export or neighbour is None:
        return said
    place = part.part("TransitDestination").leaf("ID")
    country = _country_of(place)
    if place is not None and country is not None and country not in (COUNTRY, neighbour):
        implied = (COUNTRY, neighbour, country)
        notes.add("CN-026", Severity.INFO, pointer, place, way=" → ".join(implied))
        notes.origins[pointer] = place.place
        return tuple(Itinerary(routing_country_code=country) for country in implied)
    of_vehicle = Notes()
    vehicle = itinerary(of_vehicle, pointer, confirmed.declaration.part("BorderTransportMeans"))
    passed = [step.routing_country_code or "" for step in vehicle]
    if passed and passed[-1] not in (COUNTRY, neighbour):
        at = confirmed.declaration.part("BorderTransportMeans").place
        notes.add("CN-026", Severity.INFO, pointer, passed[-1], at, way=" → ".join(passed))
        notes.origins.update(of_vehicle.origins)
        return vehicle
    return ()


def _country_of(place: Leaf | None) -> str | None:
    """The country that a UN/LOCODE names; None for an office."""
    named = _LOCODE.fullmatch(place.text) if place is not None else None
    return named[1] if named is not None and named[1] in COUNTRIES else None


def _ends(way: tuple[Itinerary, ...], direction: Direction, neighbour: str | None) -> tuple[str | None, str | None]:
    """The countries of dispatch and of destination.

    The form says which one the goods leave or enter; the other is the far end of the way, else the neighbour.
    """
    countries = [step.routing_country_code for step in way]
    if direction.export:
        return COUNTRY, countries[-1] if len(countries) > 1 else neighbour
    return countries[0] if len(countries) > 1 else neighbour, countries[-1] if len(countries) > 1 else COUNTRY


def _places(notes: Notes, pointer: str, declaration: Part) -> dict[str, Any]:
    """Loading and unloading, which the form says once for all consignments."""
    loading, unloading = declaration.part("LoadingLocation"), declaration.part("UnloadingLocation")
    return {
        "loading_location": build(
            LoadingLocation,
            notes,
            f"{pointer}/LoadingLocation",
            loading,
            id=loading.leaf("ID"),
            loading_date_time=_moment(notes, f"{pointer}/LoadingLocation/LoadingDateTime", loading, "LoadingDateTime"),
        ),
        "unloading_location": build(
            UnloadingLocation,
            notes,
            f"{pointer}/UnloadingLocation",
            unloading,
            id=unloading.leaf("ID"),
            arrival_date_time=_moment(
                notes, f"{pointer}/UnloadingLocation/ArrivalDateTime", unloading, "ArrivalDateTime"
            ),
        ),
    }


def _moment(notes: Notes, pointer: str, part: Part, name: str) -> datetime | None:
    return moment(notes, pointer, part.leaf(name))


def itinerary(notes: Notes, pointer: str, means: Part) -> tuple[Itinerary, ...]:
    """Countries on the way, in the order of the document."""
    steps: list[Itinerary] = []
    for part in means.parts("Itinerary"):
        for country in part.leaves("RoutingCountryCode"):
            at = f"{pointer}/{len(steps)}"
            step = build(Itinerary, notes, at, part, routing_country_code=country)
            steps.extend([step] if step else [])
    return tuple(steps)


# Parties


def _party(
    cls: type[P], notes: Notes, pointer: str, part: Part, country: str | None, *, assumed: bool = False
) -> P | None:
    """A party. The forms have no country of a party: it is the one that the form implies, marked where assumed.

    Where it would be assumed, the type of the party's number says it better.
    """
    if not part:
        return None
    address = part.part("Address")
    if assumed and (numbered := country_of_number(part.leaf("ID"))) is not None:
        country = numbered
    elif assumed and country:
        notes.add("CN-016", Severity.INFO, f"{pointer}/Address/CountryCode", country, part.place)
    values: dict[str, Any] = {
        "id": read_number(notes, f"{pointer}/ID", part.leaf("ID"), country),
        "name": part.leaf("Name"),
        "address": build(
            Address, notes, f"{pointer}/Address", address, country_code=country, line=address.leaf("Line")
        ),
        "communication": _communication(notes, f"{pointer}/Communication", part),
    }
    if cls is not NotifyParty:
        contact = part.part("Contact")
        values["contact"] = build(
            Contact,
            notes,
            f"{pointer}/Contact",
            contact,
            name=contact.leaf("Name"),
            communication=_communication(notes, f"{pointer}/Contact/Communication", contact),
        )
    return build(cls, notes, pointer, part, **values)


def _communication(notes: Notes, pointer: str, part: Part) -> tuple[Communication, ...]:
    read: list[Communication] = []
    for channel in part.parts("Communication"):
        values = {"id": channel.leaf("ID"), "type_code": channel.leaf("TypeID")}
        made = build(Communication, notes, f"{pointer}/{len(read)}", channel, **values)
        read.extend([made] if made else [])
    return tuple(read)


I = TypeVar("I", Consolidator, Deconsolidator, TransitDeparture, TransitDestination)  # noqa: E741


def _identified(cls: type[I], notes: Notes, pointer: str, part: Part) -> I | None:
    """A class of which the form has the identifier only."""
    return build(cls, notes, pointer, part, id=part.leaf("ID"))


# Goods


def _items(
    notes: Notes, pointer: str, consignment: Part, figures: Part, *, dangerous: bool
) -> tuple[ConsignmentItem, ...]:
    """The items of a consignment.

    Args:
        notes: Where findings and origins go.
        pointer: Of the list.
        consignment: As the manifest has it: what the goods are.
        figures: How much of them there is: the consignment itself, or what of it is on one vehicle of a batch.
        dangerous: Whether there is a contact for dangerous goods.
    """
    read: list[ConsignmentItem] = []
    whole = {_text(item.leaf("SequenceNumeric")): item for item in consignment.parts("ConsignmentItem")}
    if figures is not consignment:
        for listed in whole.values():
            listed.all_asked()
    for part in figures.parts("ConsignmentItem"):
        at = f"{pointer}/{len(read)}"
        goods = part if figures is consignment else whole.get(_text(part.leaf("SequenceNumeric")))
        if goods is None:
            notes.add("CN-030", Severity.REJECT, at, part.leaf("SequenceNumeric"), part.place)
            continue
        measure = part.part("GoodsMeasure")
        item = build(
            ConsignmentItem,
            notes,
            at,
            part,
            sequence_numeric=position(notes, f"{at}/SequenceNumeric", part, len(read) + 1),
            commodity=_commodity(notes, f"{at}/Commodity", goods.part("Commodity"), dangerous=dangerous),
            goods_measure=build(
                GoodsMeasure,
                notes,
                f"{at}/GoodsMeasure",
                measure,
                gross_mass_measure=mass(
                    notes, f"{at}/GoodsMeasure/GrossMassMeasure", measure.leaf("GrossMassMeasure", "unitCode")
                ),
            ),
            packaging=_packaging(notes, f"{at}/Packaging", part),
        )
        read.extend([item] if item else [])
    return tuple(read)


def _text(leaf: Leaf | None) -> str:
    return leaf.text if leaf is not None else ""


def _commodity(notes: Notes, pointer: str, part: Part, *, dangerous: bool) -> Commodity | None:
    codes: list[Classification] = []
    numbers: list[DangerousGoods] = []
    for classification in part.parts("Classification"):
        leaf = classification.leaf("ID")
        if leaf is None:
            continue
        if dangerous and _un_number(notes, f"{pointer}/DangerousGoods/{len(numbers)}/UNDGID", leaf):
            at = f"{pointer}/DangerousGoods/{len(numbers)}"
            number = build(DangerousGoods, notes, at, classification, undgid=leaf)
            numbers.extend([number] if number else [])
        else:
            code = build(Classification, notes, f"{pointer}/Classification/{len(codes)}", classification, id=leaf)
            codes.extend([code] if code else [])
    return build(
        Commodity,
        notes,
        pointer,
        part,
        cargo_description=part.leaf("CargoDescription"),
        description=part.leaf("Description"),
        classification=tuple(codes),
        dangerous_goods=tuple(numbers),
    )


def _un_number(notes: Notes, pointer: str, leaf: Leaf) -> bool:
    """Whether four digits beside an UNDGContact are a UN number. Either way it is noted: the form does not say."""
    if re.fullmatch(r"[0-9]{4}", leaf.text) is None:
        return False
    known = leaf.text in UN_NUMBERS
    notes.add("CN-010", Severity.WARN, pointer if known else "", leaf, read="UN" if known else "HS")
    return known


def _packaging(notes: Notes, pointer: str, item: Part) -> tuple[Packaging, ...]:
    read: list[Packaging] = []
    for part in item.parts("Packaging"):
        at = f"{pointer}/{len(read)}"
        leaf = part.leaf("QuantityQuantity", "unitCode")
        kind = Leaf(leaf.qualifier, f"{leaf.place}/@unitCode") if leaf and leaf.qualifier else None
        made = build(
            Packaging,
            notes,
            at,
            part,
            quantity_quantity=quantity(notes, f"{at}/QuantityQuantity", leaf, unit=False),
            type_code=kind,
        )
        read.extend([made] if made else [])
    return tuple(read)


# Containers


def _containers(
    notes: Notes, pointer: str, consignment: Part, confirmed: Confirmed, waybill: str
) -> tuple[TransportEquipment, ...]:
    """The manifest's containers with what the confirmation says of them, then those only the confirmation has.

    Of a batch of several vehicles only the containers on this one are taken from the manifest.
    """
    read: list[TransportEquipment] = []
    listed = set()
    divided = waybill in confirmed.loaded
    here = {leaf.text for part in confirmed.under(waybill) if (leaf := part.leaf("ID")) is not None}
    for part in consignment.parts("TransportEquipment"):
        leaf = part.leaf("ID")
        listed.add(leaf.text if leaf else "")
        if divided and (leaf is None or leaf.text not in here):
            continue
        other = confirmed.container(waybill, leaf.text) if leaf else None
        made = _container(notes, f"{pointer}/{len(read)}", part, leaf, other)
        read.extend([made] if made else [])
    for part in confirmed.under(waybill):
        leaf = part.leaf("ID")
        if leaf is not None and leaf.text not in listed:
            notes.add("CN-015", Severity.WARN, f"{pointer}/{len(read)}/ID", leaf, waybill=waybill)
            made = _container(notes, f"{pointer}/{len(read)}", part, leaf, part)
            read.extend([made] if made else [])
    return tuple(read)


def _container(
    notes: Notes, pointer: str, part: Part, number: Leaf | None, confirmed: Part | None
) -> TransportEquipment | None:
    seals: list[Seal] = []
    for leaf in confirmed.leaves("SealID") if confirmed else ():
        seal = build(Seal, notes, f"{pointer}/Seal/{len(seals)}", part, id=leaf)
        seals.extend([seal] if seal else [])
    return build(
        TransportEquipment,
        notes,
        pointer,
        part,
        characteristic_code=confirmed.leaf("CharacteristicCode") if confirmed else None,
        fullness_code=confirmed.leaf("FullnessCode") if confirmed else None,
        id=number,
        type_code=CONTAINER if number else None,
        seal=tuple(seals),
    )
