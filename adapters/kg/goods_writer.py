"""Consignments and goods of a declaration in the national form (`MainConsignmentDetails` of AutoPreliminary)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from adapters.kg.codes import CARGO, DANGEROUS, KIND_IN_WORDS, PACKAGING, UNPACKED
from adapters.kg.empties import write_empty_containers
from adapters.kg.form import DESCRIPTION_PART, DESCRIPTION_PARTS
from adapters.kg.party import write_address, write_party
from adapters.kg.seals import write_seals
from adapters.kit.eaeu import DOCUMENTS, UNITS
from adapters.kit.measure import KILOGRAMS, converted
from adapters.kit.sheet import written
from adapters.kit.xml_sheet import XmlSheet, drop_empty
from gateway.message.declaration import (
    Consignment,
    ConsignmentItem,
    Declaration,
    LoadingLocation,
    Packaging,
    TransportEquipment,
    UnloadingLocation,
)
from gateway.message.finding import Severity
from gateway.message.parts import Amount, Measure

if TYPE_CHECKING:
    from lxml import etree

_OFFICE = re.compile(r"[0-9]{2}|[0-9]{5}|[0-9]{8}")
_TNVED = re.compile(r"[0-9]{4}|[0-9]{6}|[0-9]{8}|[0-9]{10}")
_CARNET = re.compile(r"([A-Z]{2})([0-9]{8})")
_MOST_ORDINAL = 999
_CENT = Decimal("0.01")


def write_goods(sheet: XmlSheet, declaration: Declaration) -> None:
    """Everything that is carried, with the totals, the TIR carnet and the seals."""
    main = sheet.part(sheet.root, "MainConsignmentDetails")
    _write_carnet(sheet, main, declaration)
    sheet.put(main, "GoodsQuantity", declaration.goods_item_quantity, "/Declaration/GoodsItemQuantity")
    quantity = declaration.total_package_quantity
    sheet.put(main, "CargoQuantity", quantity and quantity.value, "/Declaration/TotalPackageQuantity")
    mass = declaration.total_gross_mass_measure
    write_mass(sheet, main, "TotalGrossMassMeasure", mass, "/Declaration/TotalGrossMassMeasure")
    write_seals(sheet, main, declaration)
    for at, consignment in enumerate(declaration.consignment):
        _write_consignment(sheet, main, consignment, f"/Declaration/Consignment/{at}", at + 1)
    last = max((consignment.sequence_numeric for consignment in declaration.consignment), default=0)
    write_empty_containers(sheet, main, declaration, min(last, _MOST_ORDINAL - 1) + 1)


def write_dangerous_goods(sheet: XmlSheet, declaration: Declaration) -> None:
    """The UN numbers, each with the positions of its consignment and its goods; the form lists them for the vehicle."""
    numbers = [
        (goods.undgid, f"/Declaration/Consignment/{c}/ConsignmentItem/{i}/Commodity/DangerousGoods/{g}", c + 1, i + 1)
        for c, consignment in enumerate(declaration.consignment)
        for i, item in enumerate(consignment.consignment_item)
        for g, goods in enumerate(item.commodity.dangerous_goods if item.commodity is not None else ())
        if goods.undgid is not None
    ]
    if not numbers:
        return
    node = sheet.part(sheet.root, "ControlledItemsDetails")
    sheet.put(node, "p:InformationKindCode", DANGEROUS)
    sheet.put(node, "p:PresenceIndicator", "1")
    for number, here, consignment, item in numbers:
        details = sheet.part(node, "p:ItemDetails")
        text = f"UN {number}; партия {consignment}; товар {item}"
        sheet.put(details, "p:GoodsDescription", text, f"{here}/UNDGID")


def _write_carnet(sheet: XmlSheet, main: etree._Element, declaration: Declaration) -> None:
    carnets = [(at, g) for at, g in enumerate(declaration.obligation_guarantee) if g.security_details_code == "B"]
    sheet.put(main, "TIRCarnetIndicator", bool(carnets))
    if not carnets:
        return
    at, carnet = carnets[0]
    here = f"/Declaration/ObligationGuarantee/{at}"
    parts = _CARNET.fullmatch(carnet.reference_id or "")
    if parts is None:
        sheet.unfit(f"{here}/ReferenceID", carnet.reference_id or "")
        return
    node = sheet.part(main, "TIRCarnetIdDetails")
    sheet.put(node, "TIRSeries", parts[1])
    sheet.put(node, "TIRID", parts[2], f"{here}/ReferenceID")
    sheet.said.add(f"{here}/SecurityDetailsCode")


def _write_consignment(
    sheet: XmlSheet, main: etree._Element, consignment: Consignment, here: str, position: int
) -> None:
    node = sheet.part(main, "ConsignmentDetails")
    write_ordinal(sheet, node, "ObjectOrdinal", consignment.sequence_numeric, position, f"{here}/SequenceNumeric")
    _write_transport_document(sheet, node, consignment, f"{here}/TransportContractDocument")
    quantity = consignment.total_package_quantity
    sheet.put(node, "CargoQuantity", quantity and quantity.value, f"{here}/TotalPackageQuantity")
    country = consignment.export_country and consignment.export_country.id
    sheet.put(node, "DispatchCountryCode", country, f"{here}/ExportCountry/ID")
    to = consignment.destination and consignment.destination.country_code
    sheet.put(node, "DestinationCountryCode", to, f"{here}/Destination/CountryCode")
    _write_amount(sheet, node, "TotalAmount", consignment.value_amount, f"{here}/ValueAmount")
    mass = consignment.total_gross_mass_measure
    write_mass(sheet, node, "GrossWeightQuantity", mass, f"{here}/TotalGrossMassMeasure")
    for name, party, pointer in (
        ("ConsignorDetails", consignment.consignor, f"{here}/Consignor"),
        ("ConsigneeDetails", consignment.consignee, f"{here}/Consignee"),
    ):
        if party is not None:
            write_party(sheet, node, name, party, pointer)
    _write_location(sheet, node, "LoadingLocationDetails", consignment.loading_location, f"{here}/LoadingLocation")
    _write_location(
        sheet, node, "UnloadingLocationDetails", consignment.unloading_location, f"{here}/UnloadingLocation"
    )
    _write_destination(sheet, node, consignment, here)
    _write_containers(sheet, node, "ContainerDetails", consignment.transport_equipment, f"{here}/TransportEquipment")
    if consignment.container_code == ("1" if consignment.transport_equipment else "0"):
        sheet.said.add(f"{here}/ContainerCode")
    for at, item in enumerate(consignment.consignment_item):
        goods = _write_item(sheet, node, item, f"{here}/ConsignmentItem/{at}", at + 1)
        if at == 0:
            _write_consignment_documents(sheet, goods, consignment, f"{here}/AdditionalDocument")


def write_ordinal(sheet: XmlSheet, node: etree._Element, name: str, number: int, position: int, pointer: str) -> None:
    """A number in a list; where it is larger than the form has room for, the position, and that is reported."""
    if number > _MOST_ORDINAL:
        sheet.unfit(pointer, str(number))
        number = position
    sheet.put(node, name, number, pointer)


def _write_transport_document(sheet: XmlSheet, parent: etree._Element, consignment: Consignment, here: str) -> None:
    document = consignment.transport_contract_document
    if document is None:
        return
    node = sheet.part(parent, "TransportDocumentDetails")
    _write_document(sheet, node, document.id, document.type_code, here, "r:DocKindCode")
    drop_empty(parent, node)


def _write_document(
    sheet: XmlSheet, node: etree._Element, number: str | None, kind: str | None, here: str, code: str
) -> None:
    """Number and kind of a document; a kind without a national code is written in words."""
    national = DOCUMENTS.get(kind or "")
    if kind is not None and national is None:
        sheet.put(node, "c:PrDocumentName", KIND_IN_WORDS + kind, f"{here}/TypeCode")
    sheet.put(node, "c:PrDocumentNumber", number, f"{here}/ID", most=50)
    sheet.put(node, code, national, f"{here}/TypeCode")


def _write_location(
    sheet: XmlSheet, parent: etree._Element, name: str, place: LoadingLocation | UnloadingLocation | None, here: str
) -> None:
    if place is None:
        return
    node = sheet.part(parent, name)
    office = place.id is not None and _OFFICE.fullmatch(place.id) is not None
    if place.id is not None and not office:
        sheet.put(node, "p:LocationCode", place.id, f"{here}/ID", most=5)
    country = place.address and place.address.country_code
    sheet.put(node, "p:UnifiedCountryCode", country, f"{here}/Address/CountryCode")
    sheet.put(node, "p:PlaceName", place.name, f"{here}/Name", most=150)
    if office:
        sheet.put(node, "p:CustomsOfficeCode", place.id, f"{here}/ID")
    drop_empty(parent, node)


def _write_destination(sheet: XmlSheet, parent: etree._Element, consignment: Consignment, here: str) -> None:
    place, office = consignment.goods_receipt_place, consignment.transit_destination
    node = sheet.part(parent, "DestinationDetails")
    if place is not None:
        country = place.address and place.address.country_code
        sheet.put(node, "CountryCode", country, f"{here}/GoodsReceiptPlace/Address/CountryCode")
        sheet.put(node, "PlaceName", place.name, f"{here}/GoodsReceiptPlace/Name", most=120)
        if place.address is not None and place.address.model_dump(exclude_none=True).keys() - {"CountryCode"}:
            write_address(sheet, node, "Address", place.address, f"{here}/GoodsReceiptPlace/Address")
    if office is not None and _OFFICE.fullmatch(office.id or ""):
        sheet.put(node, "CustomsCode", office.id, f"{here}/TransitDestination/ID")
    drop_empty(parent, node)


def _write_containers(
    sheet: XmlSheet, parent: etree._Element, name: str, containers: tuple[TransportEquipment, ...], pointer: str
) -> None:
    for at, container in enumerate(containers):
        here = f"{pointer}/{at}"
        if container.id is None:
            continue
        node = sheet.part(parent, name)
        sheet.put(node, "p:ContainerNumber", container.id, f"{here}/ID")
        sheet.put(node, "p:CountryCode", container.registration_nationality_code, f"{here}/RegistrationNationalityCode")
        if container.sequence_numeric == at + 1:
            sheet.said.add(f"{here}/SequenceNumeric")
        if container.type_code == "CN":
            sheet.said.add(f"{here}/TypeCode")


def _write_item(
    sheet: XmlSheet, parent: etree._Element, item: ConsignmentItem, here: str, position: int
) -> etree._Element:
    node = sheet.part(parent, "GoodsItem")
    write_ordinal(sheet, node, "p:GoodsNumeric", item.sequence_numeric, position, f"{here}/SequenceNumeric")
    _write_commodity(sheet, node, item, f"{here}/Commodity")
    if item.goods_measure is not None:
        measure = item.goods_measure
        pointer = f"{here}/GoodsMeasure"
        write_mass(sheet, node, "p:GrossWeightQuantity", measure.gross_mass_measure, f"{pointer}/GrossMassMeasure")
        write_mass(sheet, node, "p:NetWeightQuantity", measure.net_net_weight_measure, f"{pointer}/NetNetWeightMeasure")
        _write_tariff_quantity(sheet, node, measure.tariff_quantity, f"{pointer}/TariffQuantity")
    sheet.put(node, "p:UCRId", item.ucr and item.ucr.id, f"{here}/UCR/ID")
    _write_packaging(sheet, node, item.packaging, f"{here}/Packaging")
    _write_containers(sheet, node, "p:PIContainerDetails", item.transport_equipment, f"{here}/TransportEquipment")
    if item.origin is not None and item.origin.country_code is not None:
        origin = sheet.part(node, "p:OriginCountryDetails")
        sheet.put(origin, "r:CountryCode", item.origin.country_code, f"{here}/Origin/CountryCode")
    _write_amount(sheet, node, "p:CAValueAmount", item.value_amount, f"{here}/ValueAmount")
    for at, previous in enumerate(item.previous_document):
        pointer = f"{here}/PreviousDocument/{at}"
        document = sheet.part(node, "p:PIPrecedingDocDetails")
        _write_document(sheet, document, previous.id, previous.type_code, pointer, "r:DocKindCode")
        sheet.put(document, "p:LineID", previous.line_numeric, f"{pointer}/LineNumeric")
        drop_empty(node, document)
    for at, additional in enumerate(item.additional_document):
        document = sheet.part(node, "p:PIGoodsDocDetails")
        pointer = f"{here}/AdditionalDocument/{at}"
        _write_document(sheet, document, additional.id, additional.type_code, pointer, "p:DocKindCode")
        sheet.put(document, "p:LineID", at + 1)
    return node


def _write_consignment_documents(sheet: XmlSheet, item: etree._Element, consignment: Consignment, pointer: str) -> None:
    """Documents of the consignment, under its first goods: the form lists documents nowhere else."""
    for at, additional in enumerate(consignment.additional_document):
        document = sheet.part(item, "p:PIGoodsDocDetails")
        _write_document(sheet, document, additional.id, additional.type_code, f"{pointer}/{at}", "p:DocKindCode")
        sheet.put(document, "p:LineID", f"C{at + 1}")


def _write_commodity(sheet: XmlSheet, node: etree._Element, item: ConsignmentItem, here: str) -> None:
    """The code, the first that has a length the form knows, and the description in as many parts as it needs."""
    commodity = item.commodity
    if commodity is None:
        return
    at = next((n for n, c in enumerate(commodity.classification) if _TNVED.fullmatch(c.id)), None)
    if at is not None:
        classification = commodity.classification[at]
        sheet.put(node, "p:GoodsTNVEDCode", classification.id, f"{here}/Classification/{at}/ID")
        if classification.identification_type_code == "HS":
            sheet.said.add(f"{here}/Classification/{at}/IdentificationTypeCode")
    text = commodity.description or commodity.cargo_description or ""
    if commodity.description in (None, commodity.cargo_description):
        sheet.said.add(f"{here}/CargoDescription")
    for part in _parts(text)[:DESCRIPTION_PARTS]:
        sheet.put(node, "p:GoodsDescription", part, f"{here}/Description")


def _parts(text: str) -> list[str]:
    return [text[start : start + DESCRIPTION_PART] for start in range(0, len(text), DESCRIPTION_PART)]


def _write_packaging(sheet: XmlSheet, parent: etree._Element, packaging: tuple[Packaging, ...], pointer: str) -> None:
    if not packaging:
        return
    node = sheet.part(parent, "p:CargoPackagePalletDetails")
    counts = [kind.quantity_quantity.value for kind in packaging if kind.quantity_quantity is not None]
    sheet.put(node, "p:PakageQuantity", sum(counts) if counts and sum(counts) < 10**8 else None)
    bare = all(kind.type_code in UNPACKED for kind in packaging)
    sheet.put(node, "p:PakageTypeCode", "0" if bare else "1")
    for at, kind in enumerate(packaging):
        _write_kind(sheet, node, kind, at, f"{pointer}/{at}")
    if packaging[0].marks_numbers_id is not None:
        sheet.put(node, "p:CargoLabelDescriptionText", packaging[0].marks_numbers_id, f"{pointer}/0/MarksNumbersID")


def _write_kind(sheet: XmlSheet, parent: etree._Element, kind: Packaging, at: int, here: str) -> None:
    count = kind.quantity_quantity and kind.quantity_quantity.value
    if kind.sequence_numeric == at + 1:
        sheet.said.add(f"{here}/SequenceNumeric")
    if kind.type_code is None or len(kind.type_code) != 2:
        if count is not None and len(parent) and parent[0].text == written(count):
            sheet.said.add(f"{here}/QuantityQuantity")
        return
    node = sheet.part(parent, "p:PackagePalleteInformation")
    sheet.put(node, "p:InfoKindCode", CARGO if kind.type_code in UNPACKED else PACKAGING)
    sheet.put(node, "p:PalleteCode", kind.type_code, f"{here}/TypeCode")
    sheet.put(node, "p:PalleteQuantity", count, f"{here}/QuantityQuantity")
    if at > 0 and kind.marks_numbers_id is not None:
        for part in _parts(kind.marks_numbers_id):
            sheet.put(node, "p:CargoDescriptionText", part, f"{here}/MarksNumbersID")


def write_mass(sheet: XmlSheet, parent: etree._Element, name: str, mass: Measure | None, pointer: str) -> None:
    """A mass in kilograms; one in tonnes or grams is converted, which is exact, and said to be."""
    if mass is None:
        return
    sheet.said.add(f"{pointer}/unitCode")
    factor = KILOGRAMS.get(mass.unit_code or "KGM")
    if factor == 1:
        sheet.put(parent, name, mass.value, pointer)
        return
    original = f"{written(mass.value)} {mass.unit_code}"
    kilograms = None if factor is None else converted(mass.value, factor)
    if kilograms is None:
        sheet.unfit(pointer, original)
        return
    sheet.say("KG-009", Severity.INFO, pointer, original, kg=written(kilograms))
    sheet.put(parent, name, kilograms, pointer)


def _write_tariff_quantity(sheet: XmlSheet, parent: etree._Element, measure: Measure | None, pointer: str) -> None:
    unit = UNITS.get((measure.unit_code if measure is not None else None) or "")
    if measure is None or unit is None:
        return
    node = sheet.part(parent, "p:GoodsMeasureQuantity")
    sheet.put(node, "p:GoodsQuantity", measure.value, pointer)
    sheet.put(node, "p:MeasureUnitQualifierCode", unit, f"{pointer}/unitCode")


def _write_amount(sheet: XmlSheet, parent: etree._Element, name: str, amount: Amount | None, pointer: str) -> None:
    """An amount with its currency; the form has two decimals, and a third is not rounded away."""
    if amount is None:
        return
    if amount.currency_id is None or amount.value != amount.value.quantize(_CENT):
        sheet.unfit(pointer, f"{written(amount.value)} {amount.currency_id or ''}".strip())
        sheet.said.add(f"{pointer}/currencyID")
        return
    node = sheet.part(parent, name)
    exponent = amount.value.as_tuple().exponent
    fine = isinstance(exponent, int) and exponent < -2
    sheet.put(node, "r:Amount", amount.value.quantize(_CENT) if fine else amount.value, pointer)
    sheet.put(node, "r:CurrencyCode", amount.currency_id, f"{pointer}/currencyID")
