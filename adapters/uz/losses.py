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
        "BorderEvent/EventDateTime",
        "BorderEvent/IssueDateTime",
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

EVENT = frozenset(
    {
        # Of the goods it has the subheadings only, of the vehicle the plates.
        "BorderEvent/AdditionalInformation/LimitDateTime",
        "BorderEvent/AdditionalInformation/Pointer",
        "BorderEvent/AdditionalInformation/StatementCode",
        "BorderEvent/AdditionalInformation/StatementTypeCode",
        "BorderEvent/BorderTransportMeans/ArrivalDateTime",
        "BorderEvent/BorderTransportMeans/DepartureDateTime",
        "BorderEvent/BorderTransportMeans/FirstArrivalLocationID",
        "BorderEvent/BorderTransportMeans/IdentificationTypeCode",
        "BorderEvent/BorderTransportMeans/Itinerary",
        "BorderEvent/BorderTransportMeans/JourneyID",
        "BorderEvent/BorderTransportMeans/Master",
        "BorderEvent/BorderTransportMeans/ModeCode",
        "BorderEvent/BorderTransportMeans/Name",
        "BorderEvent/BorderTransportMeans/RegistrationNationalityCode",
        "BorderEvent/BorderTransportMeans/Seal",
        "BorderEvent/BorderTransportMeans/TransportEquipment/AffixedSealQuantity",
        "BorderEvent/BorderTransportMeans/TransportEquipment/CharacteristicCode",
        "BorderEvent/BorderTransportMeans/TransportEquipment/FullnessCode",
        "BorderEvent/BorderTransportMeans/TransportEquipment/RegistrationNationalityCode",
        "BorderEvent/BorderTransportMeans/TransportEquipment/Seal",
        "BorderEvent/BorderTransportMeans/TransportEquipment/SequenceNumeric",
        "BorderEvent/BorderTransportMeans/TransportEquipment/SupplierPartyTypeCode",
        "BorderEvent/BorderTransportMeans/TransportEquipment/TareWeightMeasure",
        "BorderEvent/BorderTransportMeans/TransportEquipment/TypeCode",
        "BorderEvent/BorderTransportMeans/TypeCode",
        "BorderEvent/Consignment/AEOMutualRecognitionParty",
        "BorderEvent/Consignment/AcceptancePlace",
        "BorderEvent/Consignment/AdditionalDocument/CategoryCode",
        "BorderEvent/Consignment/AdditionalInformation",
        "BorderEvent/Consignment/ArrivalTransportMeans",
        "BorderEvent/Consignment/AssociatedTransportDocument",
        "BorderEvent/Consignment/Consignee",
        "BorderEvent/Consignment/ConsignmentItem/AdditionalDocument",
        "BorderEvent/Consignment/ConsignmentItem/AdditionalInformation",
        "BorderEvent/Consignment/ConsignmentItem/Commodity/CargoDescription",
        "BorderEvent/Consignment/ConsignmentItem/Commodity/Classification/IdentificationTypeCode",
        "BorderEvent/Consignment/ConsignmentItem/Commodity/DangerousGoods",
        "BorderEvent/Consignment/ConsignmentItem/Commodity/Description",
        "BorderEvent/Consignment/ConsignmentItem/GoodsMeasure",
        "BorderEvent/Consignment/ConsignmentItem/GovernmentProcedure",
        "BorderEvent/Consignment/ConsignmentItem/Origin",
        "BorderEvent/Consignment/ConsignmentItem/Packaging",
        "BorderEvent/Consignment/ConsignmentItem/PreviousDocument",
        "BorderEvent/Consignment/ConsignmentItem/SequenceNumeric",
        "BorderEvent/Consignment/ConsignmentItem/TransportEquipment",
        "BorderEvent/Consignment/ConsignmentItem/UCR",
        "BorderEvent/Consignment/ConsignmentItem/ValueAmount",
        "BorderEvent/Consignment/Consignor",
        "BorderEvent/Consignment/Consolidator",
        "BorderEvent/Consignment/ContainerCode",
        "BorderEvent/Consignment/Deconsolidator",
        "BorderEvent/Consignment/DepartureTransportMeans",
        "BorderEvent/Consignment/Destination",
        "BorderEvent/Consignment/ExportCountry",
        "BorderEvent/Consignment/Freight",
        "BorderEvent/Consignment/GoodsConsignedPlace",
        "BorderEvent/Consignment/GoodsLocation",
        "BorderEvent/Consignment/GoodsReceiptPlace",
        "BorderEvent/Consignment/GovernmentProcedure",
        "BorderEvent/Consignment/GrossVolumeMeasure",
        "BorderEvent/Consignment/HouseConsignment",
        "BorderEvent/Consignment/Itinerary",
        "BorderEvent/Consignment/LoadingLocation",
        "BorderEvent/Consignment/NotifyParty",
        "BorderEvent/Consignment/PassiveTransportMeans",
        "BorderEvent/Consignment/TransitDeparture",
        "BorderEvent/Consignment/TransitDestination",
        "BorderEvent/Consignment/TransportContractDocument/ConditionCode",
        "BorderEvent/Consignment/TransportContractDocument/TypeCode",
        "BorderEvent/Consignment/TransportEquipment",
        "BorderEvent/Consignment/UCR",
        "BorderEvent/Consignment/UNDGContact",
        "BorderEvent/Consignment/UnloadingLocation",
        "BorderEvent/Declaration/AcceptanceDateTime",
        "BorderEvent/Declaration/CancellationDateTime",
        "BorderEvent/Declaration/RejectionDateTime",
        "BorderEvent/Declaration/VersionID",
        "BorderEvent/FunctionalReferenceID",
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

NOT_CARRIED = TASHKENT_TIME | NO_PLACE | EQUIPMENT_SUPPLIER | ADDRESS_KIND | RESPONSE | EVENT | ENVELOPE
