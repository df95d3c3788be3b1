"""The Kyrgyz forms: namespaces, constants, registration numbers, and the names of their elements.

AutoPreliminary is the road preliminary information of the Eurasian Economic Union (EEC Collegium Decisions 194 of 2018
and 116 of 2023) in format album 5.23.0: grounded in the official schema. ExportPreliminary, ResultNotice,
BorderEventNotice and WithdrawalNotice are plausible: this project's own, in the same vocabulary
(`docs/national-wires.md`).
"""

from __future__ import annotations

import re
from datetime import timedelta, timezone
from functools import partial

from adapters.kit import identifier

COUNTRY = "KG"

AUTO = "urn:customs.ru:Information:CustomsDocuments:AutoPreliminary:5.23.0"
EXPORT = "urn:torugart:plausible:kg:ExportPreliminary:1"
NOTICE = "urn:torugart:plausible:kg:ResultNotice:1"
EVENT = "urn:torugart:plausible:kg:BorderEventNotice:1"
WITHDRAWAL = "urn:torugart:plausible:kg:WithdrawalNotice:1"
COMMON = "urn:customs.ru:CommonAggregateTypes:5.22.0"
RUS = "urn:customs.ru:RUSCommonAggregateTypes:5.22.0"
PRIOR = "urn:customs.ru:Information:PriorInformation:PriorCommonAggregateTypes:5.23.0"
PREFIXES = {"c": COMMON, "r": RUS, "p": PRIOR}

AUTO_ROOT, EXPORT_ROOT, NOTICE_ROOT, EVENT_ROOT, WITHDRAWAL_ROOT = (
    f"{{{AUTO}}}AutoPreliminary",
    f"{{{EXPORT}}}ExportPreliminary",
    f"{{{NOTICE}}}ResultNotice",
    f"{{{EVENT}}}BorderEventNotice",
    f"{{{WITHDRAWAL}}}WithdrawalNotice",
)

DOCUMENT_MODE = "1006826E"
"""`DocumentModeID` of AutoPreliminary, fixed by the official schema."""
DOCUMENT_CODE = "R.042"
"""`EDocCode`. Plausible: shape by the schema, the number in the registry of structures was not confirmed."""
ELECTRONIC = "ЭД"
"""`ElectronicDocumentSign`, by the documentation of the official schema."""
USAGE = "01"
"""`UsageCode`: customs control. Plausible: the schema gives two characters and no list."""
BISHKEK = timezone(timedelta(hours=6))
"""Asia/Bishkek: +06:00 all year since 2005."""
MOST_VEHICLES = 3
DESCRIPTION_PARTS, DESCRIPTION_PART = 4, 250

REGISTRATION = re.compile(r"([A-Z]{2})/([0-9]{4})([0-9]{2})([0-9]{2})/(\S{9})")
"""A registration number as the common form writes it: `KG/20261123/000000123`."""

message_id = partial(identifier.message_id, COUNTRY)
own_message_id = partial(identifier.own_message_id, COUNTRY)

_NAMES = """
    DocumentID RefDocumentID INNSign MCD_ID EECEDocHeaderAddInfo InfEnvelopeCode EDocCode EDocDateTime
    LanguageCode SourceCountryCode DestinationCountryCode ElectronicDocumentSign RegNumber RefRegNumber Date
    PINumber UsageCode EntryCheckPointDetails ExitCheckPointDetails PlannedArrivalDateTime CustomsOfficeCode
    BorderCheckpointCode BorderCheckpointName DeclarantDetails CarrierDetails ConsignorDetails ConsigneeDetails
    SellerDetails BuyerDetails OrganizationName ShortName OrganizationLanguage RFOrganizationFeatures
    RKOrganizationFeatures RBOrganizationFeatures RAOrganizationFeatures KGOrganizationFeatures OGRN INN KPP BIN
    IIN ITN CategoryCode KATOCode RNN ITNReserv UNP RBIdentificationNumber UNN SocialServiceNumber
    SocialServiceCertificate KGINN KGOKPO CountryA2Code BusinessEntityTypeCode BusinessEntityTypeName
    UnifiedCode CodeListId UITN UITNCode CountryCode PersonId IdentityCard IdentityCardCode IdentityCardName
    FullIdentityCardName IdentityCardSeries IdentityCardNumber IdentityCardDate DocValidityDate IssuerCode
    AuthorityId SubjectAddressDetails Address AddressKindCode PostalCode CounryName Region District Town City
    StreetHouse House Room AddressText OKTMO OKATO KLADR AOGUID AOID TerritoryCode PostOfficeBoxId
    CommunicationDetails Phone Fax Telex E_mail RegisterDocumentIdDetails DocKindCode RegistrationNumberId
    ReregistrationCode AEORegistryKindCode EqualIndicator ExchangePostOfficeCode BorderTransportDetails
    TransportModeCode ContainerIndicator PIATTransportMeansItemDetails ObjectOrdinal TransportMeansCountryCode
    TransportMeansRegId VINID ChassisID BodyID TransportKindCode MarkCode Model DocId TransportMeansGrossMass
    MeasuredAmount MeasureUnitQualifierName MeasureUnitQualifierCode ItineraryPointDetails PlaceName
    CustomsOfficeName Purpose PermitTranspornationDocDetails PrDocumentName PrDocumentNumber PrDocumentDate
    DocStartDate MainConsignmentDetails TIRCarnetIndicator TIRCarnetIdDetails TIRSeries TIRID TIRPageOrdinal
    TIRHolderID DeclarationKindCode DeclarationFeatureCode TransitProcedureCode TransitFeatureCode DocUsageCode
    PageQuantity GoodsQuantity CargoQuantity TotalGrossMassMeasure TotalAmount Amount CurrencyCode
    CustomsIdentificationDetails CustomsIdentificationMethodCode CustomsIdentificationMeansKindCode SealQuantity
    CustomsIdentificationMeansIdDetails CustomsIdentificationMeansId DescriptionText
    ForeignCustomsIdentificationMeansIndicator PITransitTransportMeansDetails TransportMeansRegistrationId
    UnifiedTransportModeCode RegistrationNationalityCode VehicleId TransportTypeCode VehicleMarkCode
    VehicleModelName DocID TransitTerminationDetails CustomsOfficeDetails Code OfficeName CustomsControlZoneId
    RailwayStationCode PITranshipmentDetails CargoOperationKindCode CarrierOrdinal CountryName
    TranshipmentTransportMeansDetails ReferenceObjectOrdinal Description ConsignmentDetails
    TransportDocumentDetails CustomsDocIdDetails CustomsCode RegistrationDate GTDNumber GrossWeightQuantity
    LoadingLocationDetails UnloadingLocationDetails LocationCode UnifiedCountryCode EventDate DestinationDetails
    ContainerDetails ContainerNumber UnloadWarehouseDetails InformationTypeCode GoodsLocationDocDetails
    WarehouseDate StorageRequirementDetails SpecialStorageRequirementIndicator GoodsItem GoodsNumeric
    GoodsTNVEDCode GoodsDescription NetWeightQuantity GoodsMeasureQuantity GoodsProhibitionFreeCode
    GoodsComponentCode DTConsignmentItemOrdinal UCRId AddGoodsMeasureQuantity ProductionPlaceName
    GoodsLabelDescription GoodsUsageDescription Manufacturer VetReleaseOrganizationDetails SubjectName
    VeterinaryOrganizationId CargoPackagePalletDetails PakageQuantity PakageTypeCode PakagePartQuantity
    PakageKindName PackagePalleteInformation InfoKindCode PalleteCode PalleteQuantity CargoDescriptionText
    CargoLabelDescriptionText PIContainerDetails OriginCountryDetails CAValueAmount PIPrecedingDocDetails LineID
    PIGoodsDocDetails AuthorityName FormNumberId RegistrationSeriesId TnvedCode GoodsDisinfectionDetails
    DocumentPresentingDetails PIShipmentLocationDetails ExportDeclarationNumber TransitGuaranteeDetails
    GuaranteePresentCode NoGuaranteeCauseCode TransitGuaranteeDocDetails DocName GuaranteeCertificateIdDetails
    SerialNumber GuaranteeCustomsDocIdDetails DocCreationDate GuaranteeAmount PaymentGuaranteeMethodCode
    ReferenceConsignmentItemOrdinal ReferenceConsignmentItemRangeDetails FirstReferenceOrdinal
    LastReferenceOrdinal TransitDeclarantDetails UnionCarrierDetails SignatoryRepresentativeDetails
    RepresentativeContractDetails SignatoryPersonDetails SigningDetails SignatoryPersonIdentityDetails
    QualificationCertificate PowerOfAttorneyDetails CarrierRepresentativeDetails PersonSurname PersonName
    PersonMiddleName RoleCode ReferenceCarrierOrdinal ControlledItemsDetails InformationKindCode
    PresenceIndicator ItemDetails Quantity NoticeID NoticeDateTime RefSourceDocumentID RefSourceCountryCode
    ResultCode ResultText ErrorDetails ErrorCode ErrorText ErrorPath ErrorValue RefSourceDocumentID EventKindCode
    EventDateTime SealDetails SealId SealStateCode ImageId ConclusionCode TransportDocumentId ImportRegistrationId
    AmendmentReasonCode ExitOfficeCode EntryOfficeCode BatchNumber BatchVehicleQuantity
"""
KNOWN = frozenset(_NAMES.split())
"""Elements of the forms. One that is here and has no place in the common form is lost, not unknown."""
