"""What is lost between the common form and the Uzbek forms: the promise that the contract tests check.

An element that is here may be lost on the way from a message to the national form and back, or come back written
otherwise. Everything else comes back as it was. A test holds the list against the rows of `form.py`.
"""

TASHKENT_TIME = frozenset(
    {
        # The moment is carried to the minute; the offset it was written with is not.
        "Declaration/AcceptanceDateTime",
        "Declaration/BorderTransportMeans/ArrivalDateTime",
        "Declaration/BorderTransportMeans/DepartureDateTime",
        "Declaration/Consignment/LoadingLocation/LoadingDateTime",
        "Declaration/Consignment/UnloadingLocation/ArrivalDateTime",
        "Declaration/IssueDateTime",
        "Response/IssueDateTime",
    }
)

NO_PLACE = frozenset(
    {
        "Declaration/AdditionalInformation/LimitDateTime",
        "Declaration/AdditionalInformation/Pointer",
        "Declaration/Agent",
        "Declaration/Amendment/Pointer",
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
        "Declaration/Consignment/ConsignmentItem/Packaging/QuantityQuantity/unitCode",
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

RESPONSE = frozenset(
    {
        "Response/AdditionalInformation/LimitDateTime",
        "Response/AdditionalInformation/Pointer",
        "Response/AdditionalInformation/StatementTypeCode",
        "Response/Amendment",
        "Response/AppealOffice",
        "Response/ContactOffice",
        "Response/Declaration/AcceptanceDateTime",
        "Response/Declaration/CancellationDateTime",
        "Response/Declaration/RejectionDateTime",
        "Response/Error/Pointer",
        "Response/FunctionalReferenceID",
        "Response/Status/EffectiveDateTime",
        "Response/Status/Pointer",
        "Response/Status/ReleaseDateTime",
    }
)

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

NOT_CARRIED = TASHKENT_TIME | NO_PLACE | EQUIPMENT_SUPPLIER | ADDRESS_KIND | RESPONSE | ENVELOPE
