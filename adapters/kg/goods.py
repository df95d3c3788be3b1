"""What is carried: consignments and goods of AutoPreliminary and ExportPreliminary, read into the common form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from adapters.kg.codes import CARGO, EXPORT_DECLARATION, PACKAGING, UNPACKED
from adapters.kg.empties import is_empty_containers
from adapters.kg.form import DESCRIPTION_PART, DESCRIPTION_PARTS
from adapters.kg.party import read_address, read_party
from adapters.kg.seals import Sealed, read_seals
from adapters.kg.values import read_amount, read_kind, read_mass, read_measure, read_ordinal, read_quantity, whole
from adapters.kit.eaeu import UNITS_READ
from gateway.message.declaration import (
    Classification,
    Commodity,
    Consignment,
    ConsignmentItem,
    DangerousGoods,
    Destination,
    ExportCountry,
    GoodsMeasure,
    GoodsReceiptPlace,
    LoadingLocation,
    Origin,
    Packaging,
    TransitDestination,
    TransportEquipment,
    UnloadingLocation,
)
from gateway.message.parts import (
    UCR,
    AdditionalDocument,
    Address,
    Consignee,
    Consignor,
    Measure,
    PreviousDocument,
    TransportContractDocument,
)

if TYPE_CHECKING:
    from lxml import etree

    from adapters.kit.xml_source import XmlSource

_OF_CONSIGNMENT = re.compile(r"C[0-9]+")
"""`LineID` of a document that belongs to the consignment; the form lists documents under goods only."""

_UN_NUMBER = re.compile(r"UN (?P<number>[0-9]{4})(?:; партия (?P<consignment>[0-9]+); товар (?P<item>[0-9]+))?")


def read_consignments(source: XmlSource, main: etree._Element | None, sealed: Sealed) -> tuple[Consignment, ...]:
    """Every consignment of a document that has goods."""
    dangerous = _dangerous_goods(source, main)
    done: list[Consignment] = []
    nodes = [node for node in source.all(main, "ConsignmentDetails") if not is_empty_containers(source, node)]
    for node in source.at_most(nodes, 999):
        consignment = _consignment(source, node, len(done), sealed, dangerous)
        done += [] if consignment is None else [consignment]
    return tuple(done)


Dangerous = dict[Any, list[Any]]
"""Goods item → the descriptions that give its UN numbers."""


def _consignment(
    source: XmlSource, node: etree._Element, at: int, sealed: Sealed, dangerous: Dangerous
) -> Consignment | None:
    here = f"/Declaration/Consignment/{at}"
    items: list[ConsignmentItem] = []
    for element in source.at_most(source.all(node, "GoodsItem"), 999):
        item = _item(source, element, f"{here}/ConsignmentItem/{len(items)}", len(items) + 1, dangerous)
        items += [] if item is None else [item]
    goods_count = source.first(node, "GoodsQuantity")
    if goods_count is not None and (goods_count.text or "").strip() == str(len(source.all(node, "GoodsItem"))):
        source.take(goods_count)
    containers = _containers(source, source.all(node, "ContainerDetails"), f"{here}/TransportEquipment", sealed)
    return source.make(
        Consignment,
        here,
        node,
        {
            "container_code": "1" if containers else "0",
            "sequence_numeric": read_ordinal(source, node, "ObjectOrdinal", f"{here}/SequenceNumeric", at + 1),
            "total_gross_mass_measure": read_mass(source, node, "GrossWeightQuantity", f"{here}/TotalGrossMassMeasure"),
            "total_package_quantity": read_quantity(source, node, "CargoQuantity", f"{here}/TotalPackageQuantity"),
            "value_amount": read_amount(source, source.first(node, "TotalAmount"), f"{here}/ValueAmount"),
            "additional_document": _consignment_documents(source, node, f"{here}/AdditionalDocument"),
            "consignee": read_party(source, source.first(node, "ConsigneeDetails"), Consignee, f"{here}/Consignee"),
            "consignor": read_party(source, source.first(node, "ConsignorDetails"), Consignor, f"{here}/Consignor"),
            "consignment_item": tuple(items),
            "destination": _destination_country(source, node, here),
            "export_country": _export_country(source, node, here),
            "goods_receipt_place": _receipt_place(source, node, here),
            "loading_location": _loading(source, node, f"{here}/LoadingLocation"),
            "transit_destination": _transit_destination(source, node, f"{here}/TransitDestination"),
            "transport_contract_document": _transport_document(source, node, f"{here}/TransportContractDocument"),
            "transport_equipment": containers,
            "unloading_location": _unloading(source, node, f"{here}/UnloadingLocation"),
        },
    )


def _transport_document(source: XmlSource, node: etree._Element, here: str) -> TransportContractDocument | None:
    document = source.first(node, "TransportDocumentDetails")
    if document is None:
        return None
    number = source.value(document, "c:PrDocumentNumber", f"{here}/ID")
    kind = read_kind(source, document, "r:DocKindCode", f"{here}/TypeCode")
    return source.make(TransportContractDocument, here, document, {"id": number, "type_code": kind})


def _destination_country(source: XmlSource, node: etree._Element, here: str) -> Destination | None:
    element = source.first(node, "DestinationCountryCode")
    code = source.take(element, f"{here}/Destination/CountryCode")
    return source.make(Destination, f"{here}/Destination", element, {"country_code": code})


def _export_country(source: XmlSource, node: etree._Element, here: str) -> ExportCountry | None:
    element = source.first(node, "DispatchCountryCode")
    code = source.take(element, f"{here}/ExportCountry/ID")
    return source.make(ExportCountry, f"{here}/ExportCountry", element, {"id": code})


def _receipt_place(source: XmlSource, node: etree._Element, here: str) -> GoodsReceiptPlace | None:
    pointer = f"{here}/GoodsReceiptPlace"
    details = source.first(node, "DestinationDetails")
    address = read_address(source, source.first(details, "Address"), f"{pointer}/Address")
    country = source.first(details, "CountryCode")
    if country is not None and address is not None and address.country_code == (country.text or "").strip():
        source.take(country)
    if country is not None and address is None:
        code = source.take(country, f"{pointer}/Address/CountryCode")
        address = source.make(Address, f"{pointer}/Address", country, {"country_code": code})
    name = source.words(source.first(details, "PlaceName"), f"{pointer}/Name")
    return source.make(GoodsReceiptPlace, pointer, details, {"name": name, "address": address})


def _transit_destination(source: XmlSource, node: etree._Element, here: str) -> TransitDestination | None:
    details = source.first(node, "DestinationDetails")
    office = source.value(details, "CustomsCode", f"{here}/ID")
    return source.make(TransitDestination, here, details, {"id": office})


def _loading(source: XmlSource, node: etree._Element, here: str) -> LoadingLocation | None:
    element = source.first(node, "LoadingLocationDetails")
    return source.make(LoadingLocation, here, element, _location(source, element, here))


def _unloading(source: XmlSource, node: etree._Element, here: str) -> UnloadingLocation | None:
    element = source.first(node, "UnloadingLocationDetails")
    return source.make(UnloadingLocation, here, element, _location(source, element, here))


def _location(source: XmlSource, node: etree._Element | None, here: str) -> dict[str, Any]:
    """Code, name and country of a place of loading or unloading. Its date has no time: lost."""
    code = source.value(node, "p:LocationCode", f"{here}/ID") or source.value(node, "p:CustomsOfficeCode", f"{here}/ID")
    name = source.words(source.first(node, "p:PlaceName"), f"{here}/Name")
    country = source.value(node, "p:UnifiedCountryCode", f"{here}/Address/CountryCode")
    address = source.make(Address, f"{here}/Address", node, {"country_code": country})
    return {"id": code, "name": name, "address": address}


def _containers(
    source: XmlSource, nodes: list[etree._Element], pointer: str, sealed: Sealed
) -> tuple[TransportEquipment, ...]:
    done: list[TransportEquipment] = []
    for node in source.at_most(nodes, 999):
        here = f"{pointer}/{len(done)}"
        number = source.value(node, "p:ContainerNumber", f"{here}/ID")
        container = source.make(
            TransportEquipment,
            here,
            node,
            {
                "id": number,
                "registration_nationality_code": source.value(
                    node, "p:CountryCode", f"{here}/RegistrationNationalityCode"
                ),
                "sequence_numeric": len(done) + 1,
                "type_code": "CN",
                "seal": read_seals(source, list(sealed.get(number or "?", [])), f"{here}/Seal"),
            },
        )
        done += [] if container is None else [container]
    return tuple(done)


def _consignment_documents(source: XmlSource, node: etree._Element, pointer: str) -> tuple[AdditionalDocument, ...]:
    """The export declaration, and documents that the form lists under goods but that belong to the consignment."""
    documents = [
        document
        for item in source.all(node, "GoodsItem")
        for document in source.all(item, "p:PIGoodsDocDetails")
        if _is_of_consignment(source, document)
    ]
    done: list[AdditionalDocument] = []
    for document in source.at_most(documents, 98):
        source.value(document, "p:LineID")
        read = _document(source, document, f"{pointer}/{len(done)}")
        done += [] if read is None else [read]
    here = f"{pointer}/{len(done)}"
    element = source.first(node, "ExportDeclarationNumber")
    number = source.take(element, f"{here}/ID")
    if number is not None:
        values = {"id": number, "type_code": EXPORT_DECLARATION}
        export = source.make(AdditionalDocument, here, element, values)
        done += [] if export is None else [export]
    return tuple(done)


def _is_of_consignment(source: XmlSource, document: etree._Element) -> bool:
    line = source.first(document, "p:LineID")
    return line is not None and _OF_CONSIGNMENT.fullmatch((line.text or "").strip()) is not None


def _document(source: XmlSource, node: etree._Element, here: str) -> AdditionalDocument | None:
    number = source.value(node, "c:PrDocumentNumber", f"{here}/ID")
    kind = read_kind(source, node, "p:DocKindCode", f"{here}/TypeCode")
    return source.make(AdditionalDocument, here, node, {"id": number, "type_code": kind})


def _item(
    source: XmlSource, node: etree._Element, here: str, position: int, dangerous: Dangerous
) -> ConsignmentItem | None:
    origin = source.first(node, "p:OriginCountryDetails")
    country = source.value(origin, "r:CountryCode", f"{here}/Origin/CountryCode")
    ucr = source.value(node, "p:UCRId", f"{here}/UCR/ID")
    return source.make(
        ConsignmentItem,
        here,
        node,
        {
            "sequence_numeric": read_ordinal(source, node, "p:GoodsNumeric", f"{here}/SequenceNumeric", position),
            "value_amount": read_amount(source, source.first(node, "p:CAValueAmount"), f"{here}/ValueAmount"),
            "additional_document": _item_documents(source, node, f"{here}/AdditionalDocument"),
            "commodity": _commodity(source, node, f"{here}/Commodity", dangerous),
            "goods_measure": _goods_measure(source, node, f"{here}/GoodsMeasure"),
            "origin": source.make(Origin, f"{here}/Origin", origin, {"country_code": country}),
            "packaging": _packaging(source, node, f"{here}/Packaging"),
            "previous_document": _previous(source, node, f"{here}/PreviousDocument"),
            "transport_equipment": _item_containers(source, node, f"{here}/TransportEquipment"),
            "ucr": source.make(UCR, f"{here}/UCR", node, {"id": ucr}),
        },
    )


def _item_containers(source: XmlSource, node: etree._Element, pointer: str) -> tuple[TransportEquipment, ...]:
    """The containers that hold the goods, by number; what they are the consignment says."""
    done: list[TransportEquipment] = []
    for container in source.at_most(source.all(node, "p:PIContainerDetails"), 999):
        here = f"{pointer}/{len(done)}"
        country = source.value(container, "p:CountryCode", f"{here}/RegistrationNationalityCode")
        number = source.value(container, "p:ContainerNumber", f"{here}/ID")
        made = source.make(
            TransportEquipment, here, container, {"id": number, "registration_nationality_code": country}
        )
        done += [] if made is None else [made]
    return tuple(done)


def _item_documents(source: XmlSource, node: etree._Element, pointer: str) -> tuple[AdditionalDocument, ...]:
    documents = [d for d in source.all(node, "p:PIGoodsDocDetails") if not _is_of_consignment(source, d)]
    done: list[AdditionalDocument] = []
    for document in source.at_most(documents, 99):
        line = source.first(document, "p:LineID")
        if line is not None and (line.text or "").strip() == str(len(done) + 1):
            source.take(line)
        read = _document(source, document, f"{pointer}/{len(done)}")
        done += [] if read is None else [read]
    return tuple(done)


def _previous(source: XmlSource, node: etree._Element, pointer: str) -> tuple[PreviousDocument, ...]:
    done: list[PreviousDocument] = []
    for document in source.at_most(source.all(node, "p:PIPrecedingDocDetails"), 99):
        here = f"{pointer}/{len(done)}"
        line = source.first(document, "p:LineID")
        number = whole(source.text(line))
        if number:
            source.take(line, f"{here}/LineNumeric")
        previous = source.make(
            PreviousDocument,
            here,
            document,
            {
                "id": source.value(document, "c:PrDocumentNumber", f"{here}/ID"),
                "line_numeric": number or None,
                "type_code": read_kind(source, document, "r:DocKindCode", f"{here}/TypeCode"),
            },
        )
        done += [] if previous is None else [previous]
    return tuple(done)


def _commodity(source: XmlSource, node: etree._Element, here: str, dangerous: Dangerous) -> Commodity | None:
    element = source.first(node, "p:GoodsTNVEDCode")
    code = source.take(element, f"{here}/Classification/0/ID")
    classification = source.make(Classification, f"{here}/Classification/0", element, {"id": code})
    numbers: list[DangerousGoods] = []
    for described in source.at_most(dangerous.get(node, []), 99):
        parts = _UN_NUMBER.fullmatch(source.take(described, f"{here}/DangerousGoods/{len(numbers)}/UNDGID") or "")
        numbers += [] if parts is None else [DangerousGoods(undgid=parts["number"])]
    return source.make(
        Commodity,
        here,
        node,
        {
            "description": _description(source, node, f"{here}/Description"),
            "classification": () if classification is None else (classification,),
            "dangerous_goods": tuple(numbers),
        },
    )


def _description(source: XmlSource, node: etree._Element, pointer: str) -> str | None:
    """The parts of a description as one text: a full part runs on in the next, another begins a new line."""
    text = ""
    before = DESCRIPTION_PART
    for part in source.at_most(source.all(node, "p:GoodsDescription"), DESCRIPTION_PARTS):
        words = source.whole(part, pointer)
        text += words if before == DESCRIPTION_PART else f"\n{words}"
        before = len(words)
    return (text.strip(" \t\r\n") if text[:1] in " \t\r\n" else text) or None


def _goods_measure(source: XmlSource, node: etree._Element, here: str) -> GoodsMeasure | None:
    return source.make(
        GoodsMeasure,
        here,
        node,
        {
            "gross_mass_measure": read_mass(source, node, "p:GrossWeightQuantity", f"{here}/GrossMassMeasure"),
            "net_net_weight_measure": read_mass(source, node, "p:NetWeightQuantity", f"{here}/NetNetWeightMeasure"),
            "tariff_quantity": _tariff_quantity(source, node, f"{here}/TariffQuantity"),
        },
    )


def _tariff_quantity(source: XmlSource, node: etree._Element, pointer: str) -> Measure | None:
    details = source.first(node, "p:GoodsMeasureQuantity")
    code = source.first(details, "p:MeasureUnitQualifierCode")
    unit = UNITS_READ.get("" if code is None else (code.text or "").strip())
    if unit is None:
        return None
    source.take(code, f"{pointer}/unitCode")
    return read_measure(source, details, "p:GoodsQuantity", unit, pointer)


def _packaging(source: XmlSource, node: etree._Element, pointer: str) -> tuple[Packaging, ...]:
    details = source.first(node, "p:CargoPackagePalletDetails")
    kinds = [kind for kind in source.all(details, "p:PackagePalleteInformation") if _is_packaging(source, kind)]
    marks = source.first(details, "p:CargoLabelDescriptionText")
    done: list[Packaging] = []
    for kind in source.at_most(kinds, 99):
        here = f"{pointer}/{len(done)}"
        source.value(kind, "p:InfoKindCode")
        packaging = source.make(
            Packaging,
            here,
            kind,
            {
                "marks_numbers_id": _marks(source, kind, marks if not done else None, f"{here}/MarksNumbersID"),
                "quantity_quantity": read_quantity(source, kind, "p:PalleteQuantity", f"{here}/QuantityQuantity"),
                "sequence_numeric": len(done) + 1,
                "type_code": source.value(kind, "p:PalleteCode", f"{here}/TypeCode"),
            },
        )
        done += [] if packaging is None else [packaging]
    _take_total(source, details, done)
    if not done and details is not None:
        here = f"{pointer}/0"
        total = read_quantity(source, details, "p:PakageQuantity", f"{here}/QuantityQuantity")
        words = source.words(marks, f"{here}/MarksNumbersID")
        alone = source.make(Packaging, here, details, {"marks_numbers_id": words, "quantity_quantity": total})
        done += [] if alone is None else [alone]
    return tuple(done)


def _is_packaging(source: XmlSource, node: etree._Element) -> bool:
    kind = source.first(node, "p:InfoKindCode")
    return kind is None or (kind.text or "").strip() in (PACKAGING, CARGO)


def _marks(source: XmlSource, kind: etree._Element, label: etree._Element | None, pointer: str) -> str | None:
    if label is not None:
        return source.words(label, pointer)
    parts = [source.whole(part, pointer) for part in source.all(kind, "p:CargoDescriptionText")]
    return "".join(parts) or None


def _take_total(source: XmlSource, details: etree._Element | None, packaging: list[Packaging]) -> None:
    """What only repeats the list: the total of the packages, and whether the goods are packed."""
    total, packed = source.first(details, "p:PakageQuantity"), source.first(details, "p:PakageTypeCode")
    counts = [kind.quantity_quantity.value for kind in packaging if kind.quantity_quantity is not None]
    if total is not None and counts and (total.text or "").strip() == str(sum(counts)):
        source.take(total)
    said = "" if packed is None else (packed.text or "").strip()
    bare = bool(packaging) and all(kind.type_code in UNPACKED for kind in packaging)
    if said == ("0" if bare else "1"):
        source.take(packed)


def _dangerous_goods(source: XmlSource, main: etree._Element | None) -> Dangerous:
    """The goods that `ControlledItemsDetails` gives a UN number for.

    Our own writer adds the positions of consignment and item; without them the number is the only item's or nobody's.
    """
    controlled = source.first(source.root, "ControlledItemsDetails")
    source.value(controlled, "p:InformationKindCode")
    source.value(controlled, "p:PresenceIndicator")
    items = [
        (str(at), str(number), item)
        for at, consignment in enumerate(source.all(main, "ConsignmentDetails"), 1)
        for number, item in enumerate(source.all(consignment, "GoodsItem"), 1)
    ]
    found: Dangerous = {}
    for described in source.all(controlled, "p:ItemDetails"):
        for text in source.all(described, "p:GoodsDescription"):
            parts = _UN_NUMBER.fullmatch((text.text or "").strip())
            if parts is None:
                continue
            there = [item for at, n, item in items if (at, n) == (parts["consignment"], parts["item"])]
            if parts["item"] is None and len(items) == 1:
                there = [items[0][2]]
            for item in there:
                found.setdefault(item, []).append(text)
    return found
