"""What is carried in Kazakh documents: consignments and goods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adapters.kz.codes import WAGON
from adapters.kz.layout import Each, Leaf, Own, Part, Row, Through, pointer_to
from adapters.kz.party import ADDRESS, COMMUNICATION, PARTY
from adapters.kz.transport import EQUIPMENT, ITINERARY
from adapters.kz.values import AMOUNT, CODE, COUNT, KIND, MASS, MEASURE, MOMENT, ORDINAL, QUANTITY, TEXT
from gateway.message.declaration import (
    Classification,
    Commodity,
    ConsignmentItem,
    DangerousGoods,
    Destination,
    ExportCountry,
    GoodsMeasure,
    GoodsReceiptPlace,
    LoadingLocation,
    Origin,
    Packaging,
    PassiveTransportMeans,
    TransitDeparture,
    TransitDestination,
    TransportEquipment,
    UnloadingLocation,
)
from gateway.message.parts import (
    UCR,
    AdditionalDocument,
    Address,
    Communication,
    Consignee,
    Consignor,
    GovernmentProcedure,
    Itinerary,
    NotifyParty,
    PreviousDocument,
    TransportContractDocument,
    UNDGContact,
)

if TYPE_CHECKING:
    from lxml import etree

    from adapters.kit.xml_sheet import XmlSheet
    from adapters.kit.xml_source import XmlSource


def _read_wagon(source: XmlSource, node: etree._Element | None, pointer: str) -> dict[str, Any]:
    """A number of a wagon is a number of a wagon, and need not be said to be one."""
    number = source.value(node, "WagonId", pointer_to(pointer, "id"))
    if number is None:
        return {}
    here = pointer_to(pointer, "identification_type_code")
    source.origins[here] = source.path(source.first(node, "WagonId"))
    return {"id": number, "identification_type_code": WAGON}


def _write_wagon(sheet: XmlSheet, node: etree._Element, wagon: PassiveTransportMeans, pointer: str) -> None:
    sheet.put(node, "WagonId", wagon.id, pointer_to(pointer, "id"))
    if wagon.identification_type_code == WAGON and wagon.id is not None:
        sheet.said.add(pointer_to(pointer, "identification_type_code"))


_DOCUMENT: tuple[Row, ...] = (Leaf("DocKindCode", "type_code", KIND), Leaf("DocId", "id", CODE))
_ITEM: tuple[Row, ...] = (
    Leaf("ConsignmentItemOrdinal", "sequence_numeric", ORDINAL),
    Through(
        "commodity",
        Commodity,
        (
            Each(
                "CommodityCode",
                "classification",
                Classification,
                "id",
                CODE,
                qualifier=("codeListId", "identification_type_code"),
            ),
            Leaf("GoodsDescriptionText", "description", TEXT),
            Leaf("CargoDescriptionText", "cargo_description", TEXT),
            Each("DangerousGoodsCode", "dangerous_goods", DangerousGoods, "undgid", CODE),
        ),
    ),
    Through(
        "goods_measure",
        GoodsMeasure,
        (
            Leaf("UnifiedGrossMassMeasure", "gross_mass_measure", MASS),
            Leaf("UnifiedNetMassMeasure", "net_net_weight_measure", MASS),
            Leaf("GoodsMeasure", "tariff_quantity", MEASURE),
        ),
    ),
    Leaf("CAValueAmount", "value_amount", AMOUNT),
    Through("origin", Origin, (Leaf("OriginCountryCode", "country_code", CODE),)),
    Through("ucr", UCR, (Leaf("UCRId", "id", CODE),)),
    Part(
        "PackageDetails",
        "packaging",
        Packaging,
        (
            Leaf("ObjectOrdinal", "sequence_numeric", COUNT),
            Leaf("PackageKindCode", "type_code", CODE),
            Leaf("PackageQuantity", "quantity_quantity", QUANTITY),
            Leaf("CargoMarkText", "marks_numbers_id", TEXT),
        ),
    ),
    Part("ContainerDetails", "transport_equipment", TransportEquipment, (Leaf("EquipmentId", "id", CODE),)),
    Part(
        "PrecedingDocDetails",
        "previous_document",
        PreviousDocument,
        (*_DOCUMENT, Leaf("ConsignmentItemOrdinal", "line_numeric", COUNT)),
    ),
    Part("PresentedDocDetails", "additional_document", AdditionalDocument, _DOCUMENT),
)


def _place(moment: str) -> tuple[Row, ...]:
    """The rows of a place, with the attribute that holds its moment."""
    return (
        Leaf("LocationCode", "id", CODE),
        Leaf("PlaceName", "name", TEXT),
        *((Leaf("EventDateTime", moment, MOMENT),) if moment else ()),
        Part("SubjectAddressDetails", "address", Address, ADDRESS),
    )


CONSIGNMENT: tuple[Row, ...] = (
    Leaf("ObjectOrdinal", "sequence_numeric", ORDINAL),
    Leaf("ContainerIndicator", "container_code", CODE),
    Leaf("CargoQuantity", "total_package_quantity", QUANTITY),
    Leaf("UnifiedGrossMassMeasure", "total_gross_mass_measure", MASS),
    Leaf("GrossVolumeMeasure", "gross_volume_measure", MEASURE),
    Leaf("CAValueAmount", "value_amount", AMOUNT),
    Through("export_country", ExportCountry, (Leaf("DispatchCountryCode", "id", CODE),)),
    Through("destination", Destination, (Leaf("DestinationCountryCode", "country_code", CODE),)),
    Part("TransportDocumentDetails", "transport_contract_document", TransportContractDocument, _DOCUMENT),
    Part("AdditionalDocumentDetails", "additional_document", AdditionalDocument, _DOCUMENT),
    Through("government_procedure", GovernmentProcedure, (Leaf("CustomsProcedureCode", "current_code", CODE),)),
    Part("ConsignorDetails", "consignor", Consignor, PARTY),
    Part("ConsigneeDetails", "consignee", Consignee, PARTY),
    Part("NotifyPartyDetails", "notify_party", NotifyParty, PARTY),
    Part(
        "DangerousGoodsContactDetails",
        "undg_contact",
        UNDGContact,
        (
            Leaf("PersonName", "name", TEXT),
            Part("CommunicationDetails", "communication", Communication, COMMUNICATION),
        ),
    ),
    Part("LoadingLocationDetails", "loading_location", LoadingLocation, _place("loading_date_time")),
    Part("UnloadingLocationDetails", "unloading_location", UnloadingLocation, _place("arrival_date_time")),
    Part("DestinationPlaceDetails", "goods_receipt_place", GoodsReceiptPlace, _place("")),
    Through("transit_departure", TransitDeparture, (Leaf("TransitDepartureCode", "id", CODE),)),
    Through("transit_destination", TransitDestination, (Leaf("TransitDestinationCode", "id", CODE),)),
    Part("ItineraryPointDetails", "itinerary", Itinerary, ITINERARY),
    Part(
        "WagonDetails",
        "passive_transport_means",
        PassiveTransportMeans,
        (
            Own(("WagonId",), ("id", "identification_type_code"), _read_wagon, _write_wagon),
            Leaf("UnifiedCountryCode", "registration_nationality_code", CODE),
        ),
    ),
    Part("ContainerDetails", "transport_equipment", TransportEquipment, EQUIPMENT),
    Part("GoodsItemDetails", "consignment_item", ConsignmentItem, _ITEM),
)
