"""Parts of a declaration as the manifest and the carrier confirmation have them, each from the part alone.

Elements stand in the order of the forms. Which documents a message becomes, their heads and keys are `writer`'s.
"""

from __future__ import annotations

from adapters.cn.codes import CONTAINER, WITHOUT_CARGO, Direction
from adapters.cn.document import element
from adapters.cn.party_number import written_number
from adapters.cn.values import (
    Made,
    written_amount,
    written_goods_measure,
    written_mass,
    written_quantity,
    written_time,
    written_volume,
    written_way,
)
from adapters.kit.implied import EMPTY, TRAILER
from gateway.message.declaration import (
    BorderTransportMeans,
    Commodity,
    Consignment,
    ConsignmentItem,
    Packaging,
    TransportEquipment,
)
from gateway.message.parts import Agent, Communication, Consignee, Consignor, Contact, NotifyParty
from gateway.validation.walk import is_container


def written_agent(form: str, agent: Agent | None) -> Made:
    """The agent, of whom the forms have the number only."""
    return element(form, "Agent", element(form, "ID", written_number(agent.id, agent.address) if agent else None))


# The manifest


def written_loading(direction: Direction, consignments: tuple[Consignment, ...]) -> Made:
    """Loading, which the form says once: as the first consignment that says it."""
    form = direction.manifest
    place = next((part.loading_location for part in consignments if part.loading_location is not None), None)
    if place is None:
        return None
    return element(
        form,
        "LoadingLocation",
        element(form, "ID", place.id) if direction.export else None,
        element(form, "LoadingDateTime", written_time(place.loading_date_time)),
    )


def written_unloading(direction: Direction, consignments: tuple[Consignment, ...]) -> Made:
    """Unloading, which only the import manifest says, once likewise."""
    form = direction.manifest
    place = next((part.unloading_location for part in consignments if part.unloading_location is not None), None)
    if direction.export or place is None:
        return None
    return element(
        form,
        "UnloadingLocation",
        element(form, "ArrivalDateTime", written_time(place.arrival_date_time)),
        element(form, "ID", place.id),
    )


def written_consignment(direction: Direction, consignment: Consignment) -> Made:
    """A waybill of the manifest: what the goods are, for whom, in which containers."""
    form = direction.manifest
    freight, procedure = consignment.freight, consignment.government_procedure
    contact = consignment.undg_contact
    return element(
        form,
        "Consignment",
        written_volume(form, consignment.gross_volume_measure),
        written_quantity(form, "TotalPackageQuantity", consignment.total_package_quantity),
        written_amount(form, consignment.value_amount),
        element(form, "BorderTransportMeans", *written_way(form, consignment.itinerary)),
        _party(form, "Consignee", consignment.consignee),
        *(
            _item(form, item, _commodity(form, item.commodity, dangerous=contact is not None))
            for item in consignment.consignment_item
        ),
        _party(form, "Consignor", consignment.consignor),
        element(form, "Freight", element(form, "PaymentMethodCode", freight.payment_method_code if freight else None)),
        element(form, "GovernmentAgencyGoodsItem", written_goods_measure(form, consignment.total_gross_mass_measure)),
        element(
            form, "GovernmentProcedure", element(form, "CurrentCode", procedure.current_code if procedure else None)
        ),
        _party(form, "NotifyParty", consignment.notify_party),
        *_transit(direction, consignment),
        _contract(direction, consignment),
        *(
            element(form, "TransportEquipment", element(form, "ID", equipment.id))
            for equipment in consignment.transport_equipment
        ),
        element(
            form,
            "UNDGContact",
            element(form, "Name", contact.name if contact else None),
            *_communications(form, contact.communication if contact else ()),
        ),
    )


def _transit(direction: Direction, consignment: Consignment) -> list[Made]:
    """Where the transit begins, which only the export manifest has, and where it ends."""
    form, departure, destination = direction.manifest, consignment.transit_departure, consignment.transit_destination
    begins = element(form, "TransitDeparture", element(form, "ID", departure.id if departure else None))
    ends = element(form, "TransitDestination", element(form, "ID", destination.id if destination else None))
    return [begins, ends] if direction.export else [ends]


def _contract(direction: Direction, consignment: Consignment) -> Made:
    form, document = direction.manifest, consignment.transport_contract_document
    consolidator, deconsolidator = consignment.consolidator, consignment.deconsolidator
    return element(
        form,
        "TransportContractDocument",
        element(form, "ConditionCode", document.condition_code if document else None),
        element(form, "ID", document.id if document else None),
        element(form, "Consolidator", element(form, "ID", consolidator.id if consolidator else None))
        if direction.export
        else element(form, "Deconsolidator", element(form, "ID", deconsolidator.id if deconsolidator else None)),
    )


def _party(form: str, name: str, party: Consignor | Consignee | NotifyParty | None) -> Made:
    """A party. Only the party to notify has an address in the forms, only the consignee a contact."""
    if party is None:
        return None
    contact = party.contact if isinstance(party, Consignee) else None
    line = party.address.line if isinstance(party, NotifyParty) and party.address else None
    return element(
        form,
        name,
        element(form, "ID", written_number(party.id, party.address)),
        element(form, "Name", party.name),
        element(form, "Address", element(form, "Line", line)),
        *_communications(form, party.communication),
        _contact(form, contact),
    )


def _contact(form: str, contact: Contact | None) -> Made:
    if contact is None:
        return None
    return element(form, "Contact", element(form, "Name", contact.name), *_communications(form, contact.communication))


def _communications(form: str, channels: tuple[Communication, ...]) -> list[Made]:
    return [
        element(form, "Communication", element(form, "ID", channel.id), element(form, "TypeID", channel.type_code))
        for channel in channels
    ]


def _item(form: str, item: ConsignmentItem, commodity: Made) -> Made:
    gross = item.goods_measure.gross_mass_measure if item.goods_measure else None
    return element(
        form,
        "ConsignmentItem",
        element(form, "SequenceNumeric", str(item.sequence_numeric)),
        commodity,
        written_goods_measure(form, gross),
        *(_packaging(form, packaging) for packaging in item.packaging),
    )


def _commodity(form: str, commodity: Commodity | None, *, dangerous: bool) -> Made:
    """The goods. A UN number is known as one only beside an UNDGContact; without, it would be read as a goods code."""
    if commodity is None:
        return None
    codes: list[str] = [classification.id for classification in commodity.classification]
    if dangerous:
        codes.extend(number.undgid for number in commodity.dangerous_goods if number.undgid)
    return element(
        form,
        "Commodity",
        element(form, "CargoDescription", commodity.cargo_description),
        element(form, "Description", commodity.description),
        *(element(form, "Classification", element(form, "ID", code)) for code in codes),
    )


def _packaging(form: str, packaging: Packaging) -> Made:
    quantity = packaging.quantity_quantity
    if quantity is None:
        return None
    return element(
        form,
        "Packaging",
        element(form, "QuantityQuantity", format(quantity.value, "f"), unitCode=packaging.type_code),
    )


# The confirmation


def written_vehicle(form: str, means: BorderTransportMeans, number: str | None) -> Made:
    """The vehicle of a confirmation.

    Args:
        form: Type of the confirmation.
        means: The vehicle, its drivers and what it pulls; its empty containers in the forms of vehicles without cargo.
        number: Which of its batch it is, where its batch has several.
    """
    return element(
        form,
        "BorderTransportMeans",
        element(form, "ArrivalDateTime", written_time(means.arrival_date_time)),
        element(form, "ID", means.id),
        element(form, "Name", means.registration_nationality_code or means.name),
        element(form, "SequenceNumeric", number),
        element(form, "TypeCode", means.mode_code),
        *written_way(form, means.itinerary),
        *(
            element(form, "Master", element(form, "ID", master.id), element(form, "Name", master.name))
            for master in means.master
        ),
        *(
            _trailer(form, one) if not is_container(one) else _empty_container(form, one)
            for one in means.transport_equipment
            if form in WITHOUT_CARGO or not is_container(one)
        ),
    )


def _trailer(form: str, trailer: TransportEquipment) -> Made:
    kind = trailer.type_code if trailer.type_code != TRAILER else None
    return element(
        form,
        "TransportEquipment",
        element(form, "ID", trailer.id),
        written_mass(form, "TareWeight", trailer.tare_weight_measure),
        element(form, "TypeCode", kind),
    )


def _empty_container(form: str, container: TransportEquipment) -> Made:
    """A container beside the trailers of a vehicle without cargo, told apart from them by its kind."""
    return element(
        form,
        "TransportEquipment",
        element(form, "ID", container.id),
        element(form, "CharacteristicCode", container.characteristic_code),
        element(form, "FullnessCode", container.fullness_code or EMPTY),
        written_mass(form, "TareWeight", container.tare_weight_measure),
        element(form, "TypeCode", container.type_code),
        *(element(form, "SealID", seal.id) for seal in container.seal),
    )


def written_confirmed(form: str, consignment: Consignment, *, divided: bool) -> Made:
    """A waybill on the vehicle; where the manifest is that of a batch, with what of it is on this one."""
    document = consignment.transport_contract_document
    return element(
        form,
        "Consignment",
        *(_on_vehicle(form, consignment) if divided else ()),
        element(form, "TransportContractDocument", element(form, "ID", document.id if document else None)),
        *(_container(form, equipment) for equipment in consignment.transport_equipment),
    )


def _on_vehicle(form: str, consignment: Consignment) -> list[Made]:
    return [
        written_volume(form, consignment.gross_volume_measure),
        written_quantity(form, "TotalPackageQuantity", consignment.total_package_quantity),
        written_amount(form, consignment.value_amount),
        *(_item(form, item, None) for item in consignment.consignment_item),
        element(form, "GovernmentAgencyGoodsItem", written_goods_measure(form, consignment.total_gross_mass_measure)),
    ]


def _container(form: str, equipment: TransportEquipment) -> Made:
    return element(
        form,
        "TransportEquipment",
        element(form, "ID", equipment.id),
        element(form, "CharacteristicCode", equipment.characteristic_code),
        element(form, "FullnessCode", equipment.fullness_code),
        *(element(form, "SealID", seal.id) for seal in equipment.seal),
    )


def written_deleted_containers(form: str, means: BorderTransportMeans | None) -> Made:
    """The empty containers of what is deleted, by number, as a deletion of a manifest names its waybills."""
    containers = [one for one in means.transport_equipment if is_container(one)] if means is not None else []
    return element(
        form,
        "BorderTransportMeans",
        *(
            element(form, "TransportEquipment", element(form, "ID", one.id), element(form, "TypeCode", CONTAINER))
            for one in containers
        ),
    )
