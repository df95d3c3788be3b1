"""Rules about consignments: numbering, totals, masses, units, containers, places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from gateway.message.declaration import Consignment, Declaration, Packaging
from gateway.message.element import WcoClass
from gateway.message.finding import Severity
from gateway.message.metadata import BorderEventMessage, DeclarationMessage, MetaData
from gateway.message.parts import Amount, Communication, Measure, Quantity
from gateway.validation.rule import Context, Hit, rule
from gateway.validation.walk import (
    Found,
    Look,
    Sweep,
    as_found,
    cargo,
    consignments,
    country_of,
    equipment,
    is_complete,
    is_empty_vehicle,
    items,
)

BULK = frozenset({"VQ", "VG", "VL", "VY", "VR", "VS", "VO", "NE", "NF", "NG"})
"""Kinds of package (UN/ECE Rec 21) that are bulk or not packed: they have neither a count nor marks."""
_KILOGRAM = "KGM"
_CUBIC_METRE = "MTQ"


@rule(
    "ACD-CON-01",
    Severity.REJECT,
    "Each consignment has its own number and its own transport document",
    source="GACC on road manifests: one batch holds several waybills, each once",
    about=MetaData,
)
def consignments_differ(message: MetaData, _: Context) -> Iterator[Hit]:
    """Neither a sequence number nor a transport document (kind and number) stands twice."""
    numbers: set[int] = set()
    documents: set[tuple[str | None, str]] = set()
    for pointer, consignment in consignments(message):
        number = consignment.sequence_numeric
        if number in numbers:
            yield Hit(f"{pointer}/SequenceNumeric", str(number))
        numbers.add(number)
        document = consignment.transport_contract_document
        if document is None or document.id is None:
            continue
        key = (document.type_code, document.id)
        if key in documents:
            yield Hit(f"{pointer}/TransportContractDocument/ID", document.id)
        documents.add(key)


@rule(
    "ACD-CON-02",
    Severity.REJECT,
    "Totals are the sums of their parts",
    source="project decision; mass and packages within the tolerances of the agreement, by default 0.5 kg and none",
    about=DeclarationMessage,
)
def totals_are_sums(message: DeclarationMessage, context: Context) -> Iterator[Hit]:
    """Gross mass, packages and items: declaration against consignments, consignments against items; of a whole one."""
    declaration = message.declaration
    if not is_complete(declaration):
        return
    yield from _total_of_declaration(declaration, context)
    for pointer, consignment in consignments(message):
        yield from _total_of_consignment(pointer, consignment, context)


def _total_of_declaration(declaration: Declaration, context: Context) -> Iterator[Hit]:
    parts = declaration.consignment
    if not parts:
        return
    number = declaration.goods_item_quantity
    if number is not None and number != sum(len(part.consignment_item) for part in parts):
        counted = sum(len(part.consignment_item) for part in parts)
        yield Hit("/Declaration/GoodsItemQuantity", str(number), {"sum": str(counted)})
    mass = _kilograms(declaration.total_gross_mass_measure)
    yield from _apart(
        "/Declaration/TotalGrossMassMeasure",
        mass,
        [_kilograms(part.total_gross_mass_measure) for part in parts],
        context.mass_tolerance,
    )
    packages = declaration.total_package_quantity
    yield from _apart(
        "/Declaration/TotalPackageQuantity",
        _count(packages),
        [_count(part.total_package_quantity) for part in parts],
        Decimal(context.package_tolerance),
    )


def _total_of_consignment(pointer: str, consignment: Consignment, context: Context) -> Iterator[Hit]:
    goods = consignment.consignment_item
    if not goods:
        return
    yield from _apart(
        f"{pointer}/TotalGrossMassMeasure",
        _kilograms(consignment.total_gross_mass_measure),
        [_kilograms(item.goods_measure.gross_mass_measure if item.goods_measure else None) for item in goods],
        context.mass_tolerance,
    )
    packages = consignment.total_package_quantity
    counts = [_packages(item.packaging) for item in goods]
    yield from _apart(f"{pointer}/TotalPackageQuantity", _count(packages), counts, Decimal(context.package_tolerance))


def _packages(packaging: Sequence[Packaging]) -> Decimal | None:
    """Packages of an item; None where some are bulk or not counted, so that a sum would say nothing."""
    counted = [part.quantity_quantity.value for part in packaging if part.quantity_quantity is not None]
    return sum(counted, Decimal(0)) if packaging and len(counted) == len(packaging) else None


def _count(quantity: Quantity | None) -> Decimal | None:
    return quantity.value if quantity is not None else None


def _kilograms(measure: Measure | None) -> Decimal | None:
    return measure.value if measure is not None and measure.unit_code == _KILOGRAM else None


def _apart(pointer: str, total: Decimal | None, parts: Iterable[Decimal | None], tolerance: Decimal) -> Iterator[Hit]:
    """A hit where a total is not the sum of its parts; none where a part is not known."""
    if total is None:
        return
    added = Decimal(0)
    for part in parts:
        if part is None:
            return
        added += part
    if abs(total - added) > tolerance:
        yield Hit(pointer, format(total, "f"), {"sum": format(added, "f")})


def _half_of_a_pair(cls: type[WcoClass]) -> Look | None:
    return _LOOKS.get(cls)


def _measure_without_unit(measure: Measure) -> Sequence[Found]:
    return () if measure.unit_code is not None else (("/unitCode", ""),)


def _amount_without_currency(amount: Amount) -> Sequence[Found]:
    return () if amount.currency_id is not None else (("/currencyID", ""),)


def _number_without_channel(communication: Communication) -> Sequence[Found]:
    return () if communication.type_code is not None else (("/TypeCode", ""),)


def _packages_without_kind(packaging: Packaging) -> Sequence[Found]:
    if packaging.type_code is None:
        return () if packaging.quantity_quantity is None else (("/TypeCode", ""),)
    if packaging.quantity_quantity is None and packaging.type_code not in BULK:
        return (("/QuantityQuantity", ""),)
    return ()


_LOOKS: Mapping[type[WcoClass], Look] = {
    Measure: _measure_without_unit,
    Amount: _amount_without_currency,
    Communication: _number_without_channel,
    Packaging: _packages_without_kind,
}


linked_elements = rule(
    "ACD-CON-03",
    Severity.REJECT,
    "What belongs together is there together: measure and unit, amount and currency, packages and kind, number and "
    "channel",
    source="GACC filling rules for road manifests: linked elements",
    about=MetaData,
)(Sweep(_half_of_a_pair, as_found))
"""Both or neither of linked elements; bulk has a kind of package and no count."""


@rule(
    "ACD-CON-04",
    Severity.REJECT,
    "Gross mass is more than nothing and not less than net mass",
    source="frequent fault in declarations, as described by a customs broker",
    about=MetaData,
)
def masses_are_possible(message: MetaData, _: Context) -> Iterator[Hit]:
    """Gross mass above zero on every level; net mass of an item not above its gross mass."""
    if isinstance(message, DeclarationMessage):
        total = message.declaration.total_gross_mass_measure
        if total is not None and not total.value and not is_empty_vehicle(message.declaration):
            yield Hit("/Declaration/TotalGrossMassMeasure", format(total.value, "f"), {"gross": "0"})
    for pointer, consignment in consignments(message):
        gross = consignment.total_gross_mass_measure
        if gross is not None and not gross.value:
            yield Hit(f"{pointer}/TotalGrossMassMeasure", format(gross.value, "f"), {"gross": "0"})
    for pointer, item in items(message):
        measure = item.goods_measure
        gross = measure.gross_mass_measure if measure is not None else None
        if measure is None or gross is None:
            continue
        if not gross.value:
            yield Hit(f"{pointer}/GoodsMeasure/GrossMassMeasure", format(gross.value, "f"), {"gross": "0"})
        net = measure.net_net_weight_measure
        if net is not None and net.unit_code == gross.unit_code and net.value > gross.value:
            shown = {"gross": format(gross.value, "f")}
            yield Hit(f"{pointer}/GoodsMeasure/NetNetWeightMeasure", format(net.value, "f"), shown)


@rule(
    "ACD-CON-05",
    Severity.REJECT,
    "Sequence numbers are unique in their list",
    source="project decision: a pointer by position and one by number must find the same",
    about=MetaData,
)
def numbers_are_unique(message: MetaData, _: Context) -> Iterator[Hit]:
    """Items and containers of each consignment; trailers of the vehicle."""
    document = cargo(message)
    means = document.border_transport_means if document is not None else None
    if means is not None:
        yield from _twice(f"/{message.document}/BorderTransportMeans/TransportEquipment", means.transport_equipment)
    for pointer, consignment in consignments(message):
        yield from _twice(f"{pointer}/ConsignmentItem", consignment.consignment_item)
        yield from _twice(f"{pointer}/TransportEquipment", consignment.transport_equipment)


def _twice(pointer: str, listed: Sequence[Any]) -> Iterator[Hit]:
    numbers: set[int] = set()
    for index, one in enumerate(listed):
        number = one.sequence_numeric
        if number is None:
            continue
        if number in numbers:
            yield Hit(f"{pointer}/{index}/SequenceNumeric", str(number))
        numbers.add(number)


@rule(
    "ACD-CON-06",
    Severity.REJECT,
    "Masses are in kilograms and volumes in cubic metres",
    source="UN/ECE Recommendation 20; project decision on one unit for each, so that sums mean something",
    about=MetaData,
)
def units_are_agreed(message: MetaData, _: Context) -> Iterator[Hit]:
    """KGM for every mass, MTQ for every volume; a unit that is missing is reported by ACD-CON-03."""
    if isinstance(message, DeclarationMessage):
        total = message.declaration.total_gross_mass_measure
        yield from _unit("/Declaration", "TotalGrossMassMeasure", total, _KILOGRAM)
    elif isinstance(message, BorderEventMessage) and message.border_event.control_result is not None:
        weighed = message.border_event.control_result.gross_mass_measure
        yield from _unit("/BorderEvent/ControlResult", "GrossMassMeasure", weighed, _KILOGRAM)
    for pointer, consignment in consignments(message):
        yield from _unit(pointer, "GrossVolumeMeasure", consignment.gross_volume_measure, _CUBIC_METRE)
        yield from _unit(pointer, "TotalGrossMassMeasure", consignment.total_gross_mass_measure, _KILOGRAM)
    for pointer, item in items(message):
        goods = item.goods_measure
        if goods is not None:
            yield from _unit(pointer, "GoodsMeasure/GrossMassMeasure", goods.gross_mass_measure, _KILOGRAM)
            yield from _unit(pointer, "GoodsMeasure/NetNetWeightMeasure", goods.net_net_weight_measure, _KILOGRAM)
        for index, packaging in enumerate(item.packaging):
            if packaging.volume_measure is not None:
                yield from _unit(pointer, f"Packaging/{index}/VolumeMeasure", packaging.volume_measure, _CUBIC_METRE)
    for pointer, one in equipment(message):
        yield from _unit(pointer, "TareWeightMeasure", one.tare_weight_measure, _KILOGRAM)


def _unit(above: str, below: str, measure: Measure | None, unit: str) -> Iterable[Hit]:
    if measure is None or measure.unit_code is None or measure.unit_code == unit:
        return ()
    return (Hit(f"{above}/{below}/unitCode", measure.unit_code, {"unit": unit}),)


@rule(
    "ACD-CON-07",
    Severity.REJECT,
    "The container indicator and the list of containers agree",
    source="European Union, transit declaration: container data conditional on the container indicator",
    about=DeclarationMessage,
)
def containers_as_indicated(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """ContainerCode 1 with containers, 0 without, no other code; nothing where it is not said."""
    whole = is_complete(message.declaration)
    for pointer, consignment in consignments(message):
        indicated, listed = consignment.container_code, consignment.transport_equipment
        if indicated not in (None, "0", "1"):
            yield Hit(f"{pointer}/ContainerCode", indicated, {"name": "ContainerCode"})
        elif indicated == "1" and not listed and whole:
            yield Hit(f"{pointer}/TransportEquipment", "", {"name": "TransportEquipment"})
        elif indicated == "0" and listed:
            yield Hit(f"{pointer}/ContainerCode", indicated, {"name": "ContainerCode"})


@rule(
    "ACD-CON-08",
    Severity.REJECT,
    "The container of an item is one of its consignment",
    source="WCO Data Model, TransportEquipment (31B) below ConsignmentItem (29A) refers to the consignment's",
    about=DeclarationMessage,
)
def item_in_listed_container(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """What an item refers to is listed: a container of the consignment, or a trailer of the vehicle; in a whole one."""
    if not is_complete(message.declaration):
        return
    means = message.declaration.border_transport_means
    trailers = {trailer.id for trailer in means.transport_equipment} if means is not None else set()
    for above, consignment in consignments(message):
        listed = trailers | {container.id for container in consignment.transport_equipment}
        for number, item in enumerate(consignment.consignment_item):
            for index, container in enumerate(item.transport_equipment):
                if container.id is not None and container.id not in listed:
                    yield Hit(f"{above}/ConsignmentItem/{number}/TransportEquipment/{index}/ID", container.id)


_PLACES = (
    ("AcceptancePlace", "acceptance_place"),
    ("GoodsReceiptPlace", "goods_receipt_place"),
    ("LoadingLocation", "loading_location"),
    ("UnloadingLocation", "unloading_location"),
)


@rule(
    "ACD-CON-09",
    Severity.WARN,
    "A place is given by its code, or by its name and country",
    source="European Union, entry summary declaration: UN/LOCODE, or location with country",
    about=DeclarationMessage,
)
def place_can_be_found(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """Acceptance, receipt, loading and unloading; in a whole declaration."""
    if not is_complete(message.declaration):
        return
    for pointer, consignment in consignments(message):
        for name, attribute in _PLACES:
            place = getattr(consignment, attribute)
            if place is None or place.id is not None:
                continue
            if place.name is None:
                yield Hit(f"{pointer}/{name}/Name", "", {"name": name})
            if country_of(place.address) is None:
                yield Hit(f"{pointer}/{name}/Address/CountryCode", "", {"name": name})


@rule(
    "ACD-CON-10",
    Severity.REJECT,
    "A batch has a number, and a number of vehicles",
    source="GACC on road manifests: the vehicles of a split waybill share a batch number; project decision",
    about=DeclarationMessage,
)
def batch_is_told_whole(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """BatchID and BatchVehicleQuantity, both or neither; a batch has at least one vehicle."""
    number, vehicles = message.declaration.batch_id, message.declaration.batch_vehicle_quantity
    if number is not None and not vehicles:
        shown = "" if vehicles is None else str(vehicles)
        yield Hit("/Declaration/BatchVehicleQuantity", shown, {"name": "BatchVehicleQuantity"})
    if number is None and vehicles is not None:
        yield Hit("/Declaration/BatchID", "", {"name": "BatchID"})


RULES = (
    consignments_differ,
    totals_are_sums,
    linked_elements,
    masses_are_possible,
    numbers_are_unique,
    units_are_agreed,
    containers_as_indicated,
    item_in_listed_container,
    place_can_be_found,
    batch_is_told_whole,
)
