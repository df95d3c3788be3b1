"""What is lost between the common form and the Uzbek forms: the promise that the contract tests check.

An element that is here may be lost on the way from a message to the national form and back, or come back written
otherwise. Everything else comes back as it was. A test holds the list against the rows of `form.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

from adapters.kit.event import CARRIED
from adapters.kit.promise import DECIDED, all_but
from gateway.message.border_event import BorderEvent
from gateway.message.response import Response

TASHKENT_TIME = frozenset(
    {
        "Declaration/AcceptanceDateTime",
        "Declaration/BorderTransportMeans/ArrivalDateTime",
        "Declaration/BorderTransportMeans/DepartureDateTime",
        "Declaration/Consignment/LoadingLocation/LoadingDateTime",
        "Declaration/Consignment/UnloadingLocation/ArrivalDateTime",
        "Declaration/IssueDateTime",
        "Response/IssueDateTime",
        "BorderEvent/EventDateTime",
        "BorderEvent/IssueDateTime",
    }
)

NO_PLACE = frozenset(
    {
        "Declaration/AdditionalInformation/LimitDateTime",
        "Declaration/AdditionalInformation/Pointer",
        "Declaration/Agent",
        "Declaration/Authentication",
        "Declaration/IssueLocationID",
        "Declaration/ObligationGuarantee/AccessCode",
        "Declaration/Consignment/AEOMutualRecognitionParty",
        "Declaration/Consignment/AcceptancePlace",
        "Declaration/Consignment/AdditionalInformation/LimitDateTime",
        "Declaration/Consignment/AdditionalInformation/Pointer",
        "Declaration/Consignment/ArrivalTransportMeans",
        "Declaration/Consignment/AssociatedTransportDocument",
        "Declaration/Consignment/Consolidator",
        "Declaration/Consignment/Deconsolidator",
        "Declaration/Consignment/DepartureTransportMeans",
        "Declaration/Consignment/GoodsConsignedPlace",
        "Declaration/Consignment/GoodsLocation",
        "Declaration/Consignment/HouseConsignment",
        "Declaration/Consignment/ConsignmentItem/AdditionalInformation/LimitDateTime",
        "Declaration/Consignment/ConsignmentItem/AdditionalInformation/Pointer",
        "Declaration/Consignment/ConsignmentItem/Packaging/HeightMeasure",
        "Declaration/Consignment/ConsignmentItem/Packaging/LengthMeasure",
        "Declaration/Consignment/ConsignmentItem/Packaging/VolumeMeasure",
        "Declaration/Consignment/ConsignmentItem/Packaging/WidthMeasure",
    }
)

EQUIPMENT_SUPPLIER = frozenset(
    {
        "Declaration/BorderTransportMeans/TransportEquipment/SupplierPartyTypeCode",
        "Declaration/Consignment/TransportEquipment/SupplierPartyTypeCode",
        "Declaration/Consignment/ConsignmentItem/TransportEquipment/SupplierPartyTypeCode",
    }
)

ADDRESS_KIND = frozenset(
    f"Declaration/{party}/Address/TypeCode"
    for party in (
        "Carrier",
        "Declarant",
        "Consignment/Consignee",
        "Consignment/Consignor",
        "Consignment/GoodsReceiptPlace",
        "Consignment/LoadingLocation",
        "Consignment/NotifyParty",
        "Consignment/UnloadingLocation",
    )
)

_NOTICE = {
    "AdditionalInformation/StatementTypeCode",
    "Declaration/ID",
    "Declaration/VersionID",
    "Error/Pointer",
    "FunctionalReferenceID",
}
"""What an XN has besides what every notice of a decision has."""

RESPONSE = frozenset(all_but(Response, "Response", DECIDED | _NOTICE))

EVENT = frozenset(all_but(BorderEvent, "BorderEvent", CARRIED))
"""Of the goods it has the subheadings only, of the vehicle the plates."""

NOT_ALWAYS: Mapping[str, str] = {
    **dict.fromkeys(TASHKENT_TIME, "the moment is carried to the minute; the offset it was written with is not"),
    "Declaration/Amendment/Pointer": "only a change in part says where it changes",
    "Declaration/Consignment/ConsignmentItem/Packaging/QuantityQuantity/unitCode": (
        "a unit is no element of its own: the quantity is carried, the kind of what is counted is not"
    ),
}
"""Elements that the forms have and that are lost all the same, or come back written otherwise → why."""

ENVELOPE = frozenset(
    {
        # Said by the exchange, not by the document.
        "AgencyAssignedCustomizationCode",
        "AgencyAssignedCustomizationVersionCode",
        "CommunicationMetaData/ConversationReferenceID",
        "CommunicationMetaData/PreparationDateTime",
        "ResponsibleAgencyName",
        "WCODataModelVersionCode",
        "WCOTypeName",
    }
)

NOT_CARRIED = frozenset(NOT_ALWAYS) | NO_PLACE | EQUIPMENT_SUPPLIER | ADDRESS_KIND | RESPONSE | EVENT | ENVELOPE
