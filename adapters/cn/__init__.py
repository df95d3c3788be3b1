"""China: road manifests, carrier confirmations and reports of the International Trade Single Window, and its replies.

`README.md` has the mapping table, what is lost each way, and how certain each part is.
"""

from pathlib import Path

from adapters.cn.codes import COUNTRY, PROFILE
from adapters.cn.reader import read
from adapters.cn.reply import acknowledged, answer
from adapters.cn.rules import RULES
from adapters.cn.writer import write
from adapters.kit.contract import Adapter
from adapters.kit.promise import DECIDED, REPORTED, all_but
from gateway.message.border_event import BorderEvent
from gateway.message.response import Response

_HERE = Path(__file__).parent

NOT_CARRIED = frozenset(
    {
        # Made by the reader of whatever document it reads: its own identifier, its own time.
        "CommunicationMetaData",
        "AgencyAssignedCustomizationCode",
        "AgencyAssignedCustomizationVersionCode",
        "ResponsibleAgencyName",
        "ResponsibleCountryCode",
        "WCODataModelVersionCode",
        "WCOTypeName",
        # Said once for all, derived, or summed up.
        "Declaration/DeclarationOfficeID",
        "Declaration/EntryOffice",
        "Declaration/ExitOffice",
        "Declaration/PresentationOffice",
        "Declaration/FunctionCode",
        "Declaration/GoodsItemQuantity",
        "Declaration/TotalGrossMassMeasure",
        "Declaration/TotalPackageQuantity",
        "Declaration/TypeCode",
        "Declaration/Submitter",
        "Declaration/Consignment/ContainerCode",
        "Declaration/Consignment/Destination",
        "Declaration/Consignment/ExportCountry",
        "Declaration/Consignment/SequenceNumeric",
        "Declaration/Consignment/LoadingLocation",
        "Declaration/Consignment/UnloadingLocation",
        "Declaration/Consignment/TransportContractDocument/TypeCode",
        "Declaration/Consignment/TransportEquipment/TypeCode",
        "Declaration/BorderTransportMeans/IdentificationTypeCode",
        "Declaration/BorderTransportMeans/ModeCode",
        "Declaration/BorderTransportMeans/Name",
        "Declaration/BorderTransportMeans/Master/RoleCode",
        "Declaration/BorderTransportMeans/TransportEquipment/TypeCode",
        # Times are Beijing time: the moment is carried, the offset it was written with is not.
        "Declaration/IssueDateTime",
        "Response/IssueDateTime",
        "BorderEvent/EventDateTime",
        "BorderEvent/IssueDateTime",
        # No place in the forms.
        "Declaration/AcceptanceDateTime",
        "Declaration/BatchID",
        "Declaration/BatchVehicleQuantity",
        "Declaration/AdditionalDocument",
        "Declaration/AdditionalInformation/LimitDateTime",
        "Declaration/AdditionalInformation/Pointer",
        "Declaration/AdditionalInformation/StatementCode",
        "Declaration/AdditionalInformation/StatementTypeCode",
        "Declaration/Agent/Address",
        "Declaration/Agent/Communication",
        "Declaration/Agent/FunctionCode",
        "Declaration/Agent/Name",
        "Declaration/Amendment",
        "Declaration/Authentication",
        "Declaration/BorderTransportMeans/ArrivalDateTime",
        "Declaration/BorderTransportMeans/DepartureDateTime",
        "Declaration/BorderTransportMeans/FirstArrivalLocationID",
        "Declaration/BorderTransportMeans/Itinerary",
        "Declaration/BorderTransportMeans/JourneyID",
        "Declaration/BorderTransportMeans/Seal",
        "Declaration/BorderTransportMeans/TransportEquipment/AffixedSealQuantity",
        "Declaration/BorderTransportMeans/TransportEquipment/CharacteristicCode",
        "Declaration/BorderTransportMeans/TransportEquipment/FullnessCode",
        "Declaration/BorderTransportMeans/TransportEquipment/RegistrationNationalityCode",
        "Declaration/BorderTransportMeans/TransportEquipment/Seal",
        "Declaration/BorderTransportMeans/TransportEquipment/SequenceNumeric",
        "Declaration/BorderTransportMeans/TransportEquipment/SupplierPartyTypeCode",
        "Declaration/BorderTransportMeans/TypeCode",
        "Declaration/Carrier/Address",
        "Declaration/Carrier/Communication",
        "Declaration/Carrier/Name",
        "Declaration/Declarant",
        "Declaration/ID",
        "Declaration/IssueLocationID",
        "Declaration/ObligationGuarantee",
        "Declaration/SpecificCircumstancesCodeCode",
        "Declaration/VersionID",
        "Declaration/Consignment/AEOMutualRecognitionParty",
        "Declaration/Consignment/AcceptancePlace",
        "Declaration/Consignment/AdditionalDocument",
        "Declaration/Consignment/AdditionalInformation",
        "Declaration/Consignment/ArrivalTransportMeans",
        "Declaration/Consignment/AssociatedTransportDocument",
        "Declaration/Consignment/Consignee/Address",
        "Declaration/Consignment/ConsignmentItem/AdditionalDocument",
        "Declaration/Consignment/ConsignmentItem/AdditionalInformation",
        "Declaration/Consignment/ConsignmentItem/Commodity/Classification/IdentificationTypeCode",
        "Declaration/Consignment/ConsignmentItem/Commodity/DangerousGoods",
        "Declaration/Consignment/ConsignmentItem/GoodsMeasure/NetNetWeightMeasure",
        "Declaration/Consignment/ConsignmentItem/GoodsMeasure/TariffQuantity",
        "Declaration/Consignment/ConsignmentItem/GovernmentProcedure",
        "Declaration/Consignment/ConsignmentItem/Origin",
        "Declaration/Consignment/ConsignmentItem/Packaging/HeightMeasure",
        "Declaration/Consignment/ConsignmentItem/Packaging/LengthMeasure",
        "Declaration/Consignment/ConsignmentItem/Packaging/MarksNumbersID",
        "Declaration/Consignment/ConsignmentItem/Packaging/PackingMaterialDescription",
        "Declaration/Consignment/ConsignmentItem/Packaging/QuantityQuantity",  # only its own unit; the count is carried
        "Declaration/Consignment/ConsignmentItem/Packaging/SequenceNumeric",
        "Declaration/Consignment/ConsignmentItem/Packaging/VolumeMeasure",
        "Declaration/Consignment/ConsignmentItem/Packaging/WidthMeasure",
        "Declaration/Consignment/ConsignmentItem/PreviousDocument",
        "Declaration/Consignment/ConsignmentItem/TransportEquipment",
        "Declaration/Consignment/ConsignmentItem/UCR",
        "Declaration/Consignment/ConsignmentItem/ValueAmount",
        "Declaration/Consignment/Consignor/Address",
        "Declaration/Consignment/Consignor/Contact",
        "Declaration/Consignment/Consolidator",
        "Declaration/Consignment/Deconsolidator",
        "Declaration/Consignment/DepartureTransportMeans",
        "Declaration/Consignment/GoodsConsignedPlace",
        "Declaration/Consignment/GoodsLocation",
        "Declaration/Consignment/GoodsReceiptPlace",
        "Declaration/Consignment/GovernmentProcedure/PreviousCode",
        "Declaration/Consignment/HouseConsignment",
        "Declaration/Consignment/Itinerary/ID",
        "Declaration/Consignment/Itinerary/SequenceNumeric",
        "Declaration/Consignment/NotifyParty/Address",
        "Declaration/Consignment/PassiveTransportMeans",
        "Declaration/Consignment/TransitDeparture",
        "Declaration/Consignment/TransportEquipment/AffixedSealQuantity",
        "Declaration/Consignment/TransportEquipment/CharacteristicCode",
        "Declaration/Consignment/TransportEquipment/FullnessCode",
        "Declaration/Consignment/TransportEquipment/RegistrationNationalityCode",
        "Declaration/Consignment/TransportEquipment/Seal",
        "Declaration/Consignment/TransportEquipment/SequenceNumeric",
        "Declaration/Consignment/TransportEquipment/SupplierPartyTypeCode",
        "Declaration/Consignment/TransportEquipment/TareWeightMeasure",
        "Declaration/Consignment/UCR",
        # The reply has one outcome, words for it, and faults: of a status and a statement that contradict each other
        # or the function, one is lost.
        *all_but(Response, "Response", DECIDED - {"AdditionalInformation/StatementCode", "Status/NameCode"}),
        # Of the goods a report has the subheadings only.
        *all_but(BorderEvent, "BorderEvent", REPORTED),
    }
)
"""Lost, or said otherwise, from a message to China's forms and back. Parts that only one of the two directions or only
a known vehicle carries are here too; the writer reports each loss that really happens."""

ADAPTER = Adapter(
    country=COUNTRY,
    name=PROFILE["name"],
    language=PROFILE["language"],
    read=read,
    write=write,
    answer=answer,
    acknowledged=acknowledged,
    rules=RULES,
    texts=_HERE / "texts",
    not_carried=NOT_CARRIED,
    examples=_HERE / "examples",
)
