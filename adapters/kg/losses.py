"""What is lost between the common form and the Kyrgyz forms: the promise that the contract tests check.

An element that is here may be lost on the way from a message to the national form and back. Everything else comes back
as it was, in kilograms, or is reported where it does not fit.
"""

from __future__ import annotations

from collections.abc import Mapping

from adapters.kit.event import CARRIED
from adapters.kit.promise import DECIDED, all_but
from gateway.message.border_event import BorderEvent
from gateway.message.declaration import ObligationGuarantee
from gateway.message.parts import Address
from gateway.message.response import Response

_NOTICE = {"AdditionalInformation/StatementTypeCode", "Declaration/ID", "Error/Pointer", "FunctionalReferenceID"}
"""What a ResultNotice has besides what every notice of a decision has."""

_UNIT = "a unit is no element of its own: the quantity is carried, the kind of what is counted is not"
_CONTAINER = "goods name their containers by number; what those are, their consignment says"
NOT_ALWAYS: Mapping[str, str] = {
    "Declaration/AdditionalInformation": "only a withdrawal has words, and only of the reason",
    "Declaration/Amendment": "only a withdrawal says why, and nothing says where",
    "Declaration/ExitOffice": "only a withdrawal names it",
    "Declaration/ID": "one that is the same as the reference is said by it",
    "Declaration/TotalPackageQuantity/unitCode": _UNIT,
    "Declaration/Consignment/TotalPackageQuantity/unitCode": _UNIT,
    "Declaration/Consignment/ConsignmentItem/Commodity/CargoDescription": "the same as the description is said by it",
    "Declaration/Consignment/ConsignmentItem/Commodity/Classification/IdentificationTypeCode": "all are of the HS",
    "Declaration/Consignment/ConsignmentItem/Packaging/QuantityQuantity/unitCode": _UNIT,
    "Declaration/Consignment/ConsignmentItem/TransportEquipment/SequenceNumeric": _CONTAINER,
    "Declaration/Consignment/ConsignmentItem/TransportEquipment/TypeCode": _CONTAINER,
    "Response/Declaration/ID": "one that is the same as the reference is said by it",
}
"""Elements that the forms have and that are lost all the same, or said by another → why."""

NOT_CARRIED = frozenset(
    {
        # the envelope: said by the exchange, not by the document
        "ResponsibleAgencyName",
        "ResponsibleCountryCode",
        "AgencyAssignedCustomizationCode",
        "AgencyAssignedCustomizationVersionCode",
        "WCODataModelVersionCode",
        "WCOTypeName",
        "CommunicationMetaData/ConversationReferenceID",
        "CommunicationMetaData/PreparationDateTime",
        "CommunicationMetaData/TestIndicator",
        # the declaration
        "Declaration/BatchID",
        "Declaration/BatchVehicleQuantity",
        "Declaration/AcceptanceDateTime",
        "Declaration/AdditionalDocument/CategoryCode",
        "Declaration/Agent",
        "Declaration/Authentication",
        "Declaration/Carrier/Address/CountrySubDivisionCode",
        "Declaration/Declarant/Address/CountrySubDivisionCode",
        "Declaration/Declarant/Contact",
        "Declaration/DeclarationOfficeID",
        "Declaration/IssueLocationID",
        "Declaration/PresentationOffice",
        "Declaration/RepresentativePerson",
        "Declaration/Submitter",
        "Declaration/VersionID",
        # the vehicle
        "Declaration/BorderTransportMeans/ArrivalDateTime",
        "Declaration/BorderTransportMeans/DepartureDateTime",
        "Declaration/BorderTransportMeans/FirstArrivalLocationID",
        "Declaration/BorderTransportMeans/Itinerary/ID",
        "Declaration/BorderTransportMeans/JourneyID",
        "Declaration/BorderTransportMeans/Master/ID",
        "Declaration/BorderTransportMeans/Name",
        "Declaration/BorderTransportMeans/TypeCode",
        "Declaration/BorderTransportMeans/Seal/RoleCode",
        "Declaration/BorderTransportMeans/TransportEquipment/AffixedSealQuantity",
        "Declaration/BorderTransportMeans/TransportEquipment/CharacteristicCode",
        "Declaration/BorderTransportMeans/TransportEquipment/Seal/RoleCode",
        "Declaration/BorderTransportMeans/TransportEquipment/SupplierPartyTypeCode",
        "Declaration/BorderTransportMeans/TransportEquipment/TareWeightMeasure",
        # the consignment
        "Declaration/Consignment/AEOMutualRecognitionParty",
        "Declaration/Consignment/AcceptancePlace",
        "Declaration/Consignment/AdditionalDocument/CategoryCode",
        "Declaration/Consignment/AdditionalInformation",
        "Declaration/Consignment/ArrivalTransportMeans",
        "Declaration/Consignment/AssociatedTransportDocument",
        "Declaration/Consignment/Consignee/Address/CountrySubDivisionCode",
        "Declaration/Consignment/Consignee/Contact",
        "Declaration/Consignment/Consignor/Address/CountrySubDivisionCode",
        "Declaration/Consignment/Consignor/Contact",
        "Declaration/Consignment/Consolidator",
        "Declaration/Consignment/Deconsolidator",
        "Declaration/Consignment/DepartureTransportMeans",
        "Declaration/Consignment/Freight",
        "Declaration/Consignment/GoodsConsignedPlace",
        "Declaration/Consignment/GoodsLocation",
        "Declaration/Consignment/GoodsReceiptPlace/ID",
        "Declaration/Consignment/GoodsReceiptPlace/Address/CountrySubDivisionCode",
        "Declaration/Consignment/GovernmentProcedure",
        "Declaration/Consignment/GrossVolumeMeasure",
        "Declaration/Consignment/HouseConsignment",
        "Declaration/Consignment/Itinerary",
        "Declaration/Consignment/LoadingLocation/LoadingDateTime",
        "Declaration/Consignment/NotifyParty",
        "Declaration/Consignment/PassiveTransportMeans",
        "Declaration/Consignment/TransitDeparture",
        "Declaration/Consignment/TransportContractDocument/ConditionCode",
        "Declaration/Consignment/TransportEquipment/AffixedSealQuantity",
        "Declaration/Consignment/TransportEquipment/CharacteristicCode",
        "Declaration/Consignment/TransportEquipment/FullnessCode",
        "Declaration/Consignment/TransportEquipment/Seal/RoleCode",
        "Declaration/Consignment/TransportEquipment/SupplierPartyTypeCode",
        "Declaration/Consignment/TransportEquipment/TareWeightMeasure",
        "Declaration/Consignment/UCR",
        "Declaration/Consignment/UNDGContact",
        "Declaration/Consignment/UnloadingLocation/ArrivalDateTime",
        # the goods
        "Declaration/Consignment/ConsignmentItem/AdditionalDocument/CategoryCode",
        "Declaration/Consignment/ConsignmentItem/AdditionalInformation",
        "Declaration/Consignment/ConsignmentItem/GovernmentProcedure",
        "Declaration/Consignment/ConsignmentItem/Packaging/HeightMeasure",
        "Declaration/Consignment/ConsignmentItem/Packaging/LengthMeasure",
        "Declaration/Consignment/ConsignmentItem/Packaging/PackingMaterialDescription",
        "Declaration/Consignment/ConsignmentItem/Packaging/VolumeMeasure",
        "Declaration/Consignment/ConsignmentItem/Packaging/WidthMeasure",
        "Declaration/Consignment/ConsignmentItem/TransportEquipment/AffixedSealQuantity",
        "Declaration/Consignment/ConsignmentItem/TransportEquipment/CharacteristicCode",
        "Declaration/Consignment/ConsignmentItem/TransportEquipment/FullnessCode",
        "Declaration/Consignment/ConsignmentItem/TransportEquipment/Seal",
        "Declaration/Consignment/ConsignmentItem/TransportEquipment/SupplierPartyTypeCode",
        "Declaration/Consignment/ConsignmentItem/TransportEquipment/TareWeightMeasure",
        "Declaration/Consignment/ConsignmentItem/UCR/TraderAssignedReferenceID",
        *all_but(ObligationGuarantee, "Declaration/ObligationGuarantee", ("ReferenceID", "SecurityDetailsCode")),
        *all_but(Address, "Declaration/Consignment/LoadingLocation/Address", ("CountryCode",)),
        *all_but(Address, "Declaration/Consignment/UnloadingLocation/Address", ("CountryCode",)),
        # the response, and the border event: of the goods it has the subheadings only
        *all_but(Response, "Response", DECIDED | _NOTICE),
        *all_but(BorderEvent, "BorderEvent", CARRIED),
        *NOT_ALWAYS,
    }
)
