"""The advance cargo declaration: what is on its way to the border, in the names of the WCO Data Model.

Covers road, rail and TIR transit, loaded and empty. Hardly anything is mandatory here, as in the model itself: what a
declaration must hold is the business of rules and agreements, so that a message that lacks something can still be
read, and every lack named at once.
"""

from __future__ import annotations

from typing import ClassVar

from gateway.message.element import WcoClass, optional, repeated, required
from gateway.message.leaf import (
    A2,
    ID4,
    ID9,
    ID17,
    ID18,
    ID35,
    ID70,
    N1,
    N4,
    Code2,
    Code3,
    Code4,
    Code10,
    Code17,
    Count4,
    Count5,
    Moment,
    N2Code,
    Sequence,
    Text35,
    Text70,
    Text256,
    Text512,
)
from gateway.message.parts import (
    UCR,
    AdditionalDocument,
    AdditionalInformation,
    Address,
    AEOMutualRecognitionParty,
    Agent,
    Amendment,
    Amount,
    AssociatedTransportDocument,
    Carrier,
    Consignee,
    Consignor,
    Declarant,
    Freight,
    GovernmentProcedure,
    Itinerary,
    Measure,
    NotifyParty,
    PreviousDocument,
    Quantity,
    Seal,
    Submitter,
    Surety,
    TransportContractDocument,
    UNDGContact,
)


class Classification(WcoClass):
    """The goods by a classification."""

    wco_class: ClassVar[str] = "21A"
    id: ID18 = required("145", "Code of the goods; the first six digits are the Harmonized System's")
    identification_type_code: Code3 | None = optional("", "Classification used: HS, or a national one", unverified=True)


class DangerousGoods(WcoClass):
    """The goods as dangerous goods."""

    wco_class: ClassVar[str] = "12C"
    undgid: N4 | None = optional("506", "UN number, four digits", "un_numbers")


class Commodity(WcoClass):
    """What the goods are."""

    wco_class: ClassVar[str] = "23A"
    cargo_description: Text512 | None = optional("138", "Brief description for the manifest")
    description: Text512 | None = optional("137", "Description of the goods", mandatory=True)
    classification: tuple[Classification, ...] = repeated("21A", "Codes of the goods", most=9)
    dangerous_goods: tuple[DangerousGoods, ...] = repeated("12C", "UN numbers", most=99)


class GoodsMeasure(WcoClass):
    """How much the goods weigh."""

    wco_class: ClassVar[str] = "65A"
    gross_mass_measure: Measure | None = optional("126", "Gross mass with packing, without container", mandatory=True)
    net_net_weight_measure: Measure | None = optional("128", "Mass without any packing")
    tariff_quantity: Measure | None = optional("130", "Quantity in the tariff's supplementary unit")


class Packaging(WcoClass):
    """How the goods are packed."""

    wco_class: ClassVar[str] = "93A"
    height_measure: Measure | None = optional("402", "Height of the package")
    length_measure: Measure | None = optional("367", "Length of the package")
    marks_numbers_id: Text512 | None = optional("142", "Marks and numbers on the packages")
    packing_material_description: Text256 | None = optional("344", "Material of the packing")
    quantity_quantity: Quantity | None = optional("144", "Number of packages of this kind")
    sequence_numeric: Sequence | None = optional("006", "Position in the list")
    type_code: Code2 | None = optional("141", "Kind of package (UN/ECE Rec 21)", "packages", mandatory=True)
    volume_measure: Measure | None = optional("395", "Volume of the package")
    width_measure: Measure | None = optional("368", "Width of the package")


class Origin(WcoClass):
    """Where the goods come from."""

    wco_class: ClassVar[str] = "92A"
    country_code: A2 | None = optional("063", "Country of origin", "countries")


class TransportEquipment(WcoClass):
    """A container, or a trailer of the vehicle."""

    wco_class: ClassVar[str] = "31B"
    affixed_seal_quantity: Count4 | None = optional("227", "Number of seals affixed", unverified=True)
    characteristic_code: Code10 | None = optional("152", "Size and type (ISO 6346), for example 22G1")
    fullness_code: Code3 | None = optional("154", "4 empty, 5 full", "fullness")
    id: ID17 | None = optional("159", "Number of the container (ISO 6346), plate of the trailer", mandatory=True)
    registration_nationality_code: A2 | None = optional(
        "", "Country that registered the trailer", "countries", unverified=True
    )
    sequence_numeric: Sequence | None = optional("006", "Position in the list")
    supplier_party_type_code: Code3 | None = optional("151", "Who supplied the equipment")
    tare_weight_measure: Measure | None = optional("", "Mass of the empty equipment (UNTDED 6156)", unverified=True)
    type_code: Code4 | None = optional("387", "CN container, TE trailer, CH chassis", "equipment_types")
    seal: tuple[Seal, ...] = repeated("44B", "Seals", most=99)


class ConsignmentItem(WcoClass):
    """One kind of goods in a consignment."""

    wco_class: ClassVar[str] = "29A"
    sequence_numeric: Sequence = required("006", "Number of the item in its consignment")
    value_amount: Amount | None = optional("110", "Declared value of the item")
    additional_document: tuple[AdditionalDocument, ...] = repeated("02A", "Documents of the item", most=99)
    additional_information: tuple[AdditionalInformation, ...] = repeated("03A", "Statements on the item", most=99)
    commodity: Commodity | None = optional("23A", "What the goods are", mandatory=True)
    goods_measure: GoodsMeasure | None = optional("65A", "How much they weigh", mandatory=True)
    government_procedure: GovernmentProcedure | None = optional("70A", "Procedure for the item")
    origin: Origin | None = optional("92A", "Where the goods come from")
    packaging: tuple[Packaging, ...] = repeated("93A", "How the goods are packed", most=99, mandatory=True)
    previous_document: tuple[PreviousDocument, ...] = repeated("99A", "Earlier declarations", most=99)
    transport_equipment: tuple[TransportEquipment, ...] = repeated("31B", "Containers that hold the item", most=999)
    ucr: UCR | None = optional("35B", "Unique consignment reference")


class AcceptancePlace(WcoClass):
    """Where the carrier takes the goods over."""

    wco_class: ClassVar[str] = "01A"
    id: ID17 | None = optional("L099", "Place (UN/LOCODE)", "locations")
    name: Text256 | None = optional("L011", "Place by name")
    address: Address | None = optional("04A", "Where it is")


class LoadingLocation(WcoClass):
    """Where the goods are loaded."""

    wco_class: ClassVar[str] = "83A"
    id: ID17 | None = optional("L010", "Place (UN/LOCODE), or the customs office where there is no code")
    loading_date_time: Moment | None = optional("031", "When loading begins or began")
    name: Text256 | None = optional("L009", "Place by name")
    address: Address | None = optional("04A", "Where it is")


class UnloadingLocation(WcoClass):
    """Where the goods are unloaded."""

    wco_class: ClassVar[str] = "38B"
    arrival_date_time: Moment | None = optional("", "When the goods are expected there", unverified=True)
    id: ID17 | None = optional("L013", "Place (UN/LOCODE), or the customs office where there is no code")
    name: Text256 | None = optional("L012", "Place by name")
    address: Address | None = optional("04A", "Where it is")


class GoodsLocation(WcoClass):
    """Where the goods are available for control."""

    wco_class: ClassVar[str] = "64A"
    id: ID17 | None = optional("L017", "Place, coded")
    name: Text256 | None = optional("L016", "Place by name")
    type_code: Code3 | None = optional("L110", "Kind of place")
    address: Address | None = optional("04A", "Where it is")


class GoodsReceiptPlace(WcoClass):
    """Where the goods are handed to the consignee."""

    wco_class: ClassVar[str] = "66A"
    id: ID17 | None = optional("L004", "Place (UN/LOCODE)", "locations")
    name: Text256 | None = optional("L003", "Place by name")
    address: Address | None = optional("04A", "Where it is")


class GoodsConsignedPlace(WcoClass):
    """Where the goods are consigned to."""

    id: ID17 | None = optional("", "Place, coded", unverified=True)


class TransitDeparture(WcoClass):
    """Office or place where the transit begins."""

    id: ID17 | None = optional("", "Place (UN/LOCODE) or customs office", unverified=True)


class TransitDestination(WcoClass):
    """Office or place where the transit ends."""

    id: ID17 | None = optional("", "Place (UN/LOCODE) or customs office", unverified=True)


class ExportCountry(WcoClass):
    """Country that the goods leave."""

    wco_class: ClassVar[str] = "95B"
    id: A2 | None = optional("062", "Country of dispatch", "countries", mandatory=True)


class Destination(WcoClass):
    """Country that the goods go to."""

    wco_class: ClassVar[str] = "99B"
    country_code: A2 | None = optional("465", "Country of destination", "countries", mandatory=True)


class Consolidator(WcoClass):
    """Who groups the consignment at departure."""

    id: ID35 | None = optional("", "Identifier of the consolidator", unverified=True)


class Deconsolidator(WcoClass):
    """Who splits the consignment at arrival."""

    id: ID35 | None = optional("", "Identifier of the deconsolidator", unverified=True)


class ArrivalTransportMeans(WcoClass):
    """Means of transport at arrival."""

    wco_class: ClassVar[str] = "10A"
    id: ID35 | None = optional("T002", "Its identification")
    identification_type_code: Code17 | None = optional("T034", "Kind of identification", "means_id_types")
    mode_code: N1 | None = optional("T020", "Mode of transport (UN/ECE Rec 19)", "transport_modes")
    name: Text35 | None = optional("T001", "Its name")
    type_code: Code4 | None = optional("T008", "Kind of means (UN/ECE Rec 28)", "means_types")


class DepartureTransportMeans(WcoClass):
    """Means of transport at departure."""

    wco_class: ClassVar[str] = "46A"
    id: ID35 | None = optional("T004", "Its identification")
    identification_type_code: Code17 | None = optional("T029", "Kind of identification", "means_id_types")
    mode_code: N1 | None = optional("T021", "Mode of transport (UN/ECE Rec 19)", "transport_modes")
    name: Text35 | None = optional("T003", "Its name")
    type_code: Code4 | None = optional("T009", "Kind of means (UN/ECE Rec 28)", "means_types")


class PassiveTransportMeans(WcoClass):
    """Means of transport that is itself carried: a wagon of the train, a truck on a train."""

    wco_class: ClassVar[str] = "19C"
    id: ID35 | None = optional("T026", "Its identification: wagon number, plate", mandatory=True)
    identification_type_code: Code17 | None = optional("T027", "Kind of identification: 20 wagon", "means_id_types")
    registration_nationality_code: A2 | None = optional("T028", "Country that registered it", "countries")


class HouseConsignment(WcoClass):
    """A house document under the master consignment."""

    wco_class: ClassVar[str] = "21C"
    sequence_numeric: Sequence = required("006", "Position in the list")
    transport_contract_document: TransportContractDocument | None = optional("30B", "House document")


class Consignment(WcoClass):
    """One consignment: what one transport document covers."""

    wco_class: ClassVar[str] = "28A"
    container_code: Code3 | None = optional("096", "1 carried in containers, 0 not")
    gross_volume_measure: Measure | None = optional("134", "Volume of the consignment")
    sequence_numeric: Sequence = required("006", "Number of the consignment in the declaration")
    total_gross_mass_measure: Measure | None = optional("131", "Gross mass of the consignment", mandatory=True)
    total_package_quantity: Quantity | None = optional("146", "Packages in the consignment", mandatory=True)
    value_amount: Amount | None = optional("110", "Declared value of the consignment")
    aeo_mutual_recognition_party: tuple[AEOMutualRecognitionParty, ...] = repeated("16C", "AEOs", most=9)
    acceptance_place: AcceptancePlace | None = optional("01A", "Where the carrier takes over")
    additional_document: tuple[AdditionalDocument, ...] = repeated("02A", "Documents of the consignment", most=99)
    additional_information: tuple[AdditionalInformation, ...] = repeated("03A", "Statements", most=99)
    arrival_transport_means: ArrivalTransportMeans | None = optional("10A", "Means at arrival")
    associated_transport_document: tuple[AssociatedTransportDocument, ...] = repeated("11A", "Master documents", most=9)
    consignee: Consignee | None = optional("27A", "To whom the goods go", mandatory=True)
    consignment_item: tuple[ConsignmentItem, ...] = repeated("29A", "The goods", most=999, mandatory=True)
    consignor: Consignor | None = optional("30A", "Who sends the goods", mandatory=True)
    consolidator: Consolidator | None = optional("", "Who groups the consignment", unverified=True)
    deconsolidator: Deconsolidator | None = optional("", "Who splits the consignment", unverified=True)
    departure_transport_means: DepartureTransportMeans | None = optional("46A", "Means at departure")
    destination: Destination | None = optional("99B", "Country of destination", mandatory=True)
    export_country: ExportCountry | None = optional("95B", "Country of dispatch", mandatory=True)
    freight: Freight | None = optional("62A", "How the carriage is paid")
    goods_consigned_place: GoodsConsignedPlace | None = optional("", "Where consigned to", unverified=True)
    goods_location: GoodsLocation | None = optional("64A", "Where the goods can be controlled")
    goods_receipt_place: GoodsReceiptPlace | None = optional("66A", "Where the consignee receives them")
    government_procedure: GovernmentProcedure | None = optional("70A", "Procedure for the consignment")
    house_consignment: tuple[HouseConsignment, ...] = repeated("21C", "House documents", most=999)
    itinerary: tuple[Itinerary, ...] = repeated("81A", "Countries on the way", most=99)
    loading_location: LoadingLocation | None = optional("83A", "Where loaded")
    notify_party: NotifyParty | None = optional("89A", "Who is told of the arrival")
    passive_transport_means: tuple[PassiveTransportMeans, ...] = repeated("19C", "Wagons, carried trucks", most=99)
    transit_departure: TransitDeparture | None = optional("", "Where the transit begins", unverified=True)
    transit_destination: TransitDestination | None = optional("", "Where the transit ends", unverified=True)
    transport_contract_document: TransportContractDocument | None = optional(
        "30B", "Transport document", mandatory=True
    )
    transport_equipment: tuple[TransportEquipment, ...] = repeated("31B", "Containers", most=999)
    ucr: UCR | None = optional("35B", "Unique consignment reference")
    undg_contact: UNDGContact | None = optional("", "Emergency contact for dangerous goods", unverified=True)
    unloading_location: UnloadingLocation | None = optional("38B", "Where unloaded")


class Master(WcoClass):
    """The driver."""

    id: ID35 | None = optional("R017", "Number of the driver's identity document")
    name: Text70 | None = optional("R016", "Name of the driver", mandatory=True)
    role_code: Code3 | None = optional("", "1 driver, 2 second driver", unverified=True)


class BorderTransportMeans(WcoClass):
    """The vehicle or train that crosses the border."""

    wco_class: ClassVar[str] = "15A"
    arrival_date_time: Moment | None = optional("172", "Planned arrival at the first place abroad", mandatory=True)
    departure_date_time: Moment | None = optional("156", "Departure from the exit place")
    first_arrival_location_id: ID17 | None = optional("", "First place abroad", unverified=True)
    id: ID35 | None = optional("T006", "Plate of the tractor, number of the train")
    identification_type_code: Code17 | None = optional(
        "T018", "Kind of identification: 30 plate, 21 train", "means_id_types"
    )
    journey_id: ID17 | None = optional("149", "Number of the journey or train")
    mode_code: N1 | None = optional(
        "T022", "Mode of transport (UN/ECE Rec 19): 2 rail, 3 road", "transport_modes", mandatory=True
    )
    name: Text35 | None = optional("T005", "Name of the means of transport")
    registration_nationality_code: A2 | None = optional("T014", "Country that registered it", "countries")
    type_code: Code4 | None = optional("T010", "Kind of means (UN/ECE Rec 28)", "means_types")
    itinerary: tuple[Itinerary, ...] = repeated("81A", "Countries on the way", most=99)
    master: tuple[Master, ...] = repeated("", "Drivers", most=2, unverified=True)
    seal: tuple[Seal, ...] = repeated("44B", "Seals on the vehicle itself", most=99)
    transport_equipment: tuple[TransportEquipment, ...] = repeated("31B", "Trailers; containers without cargo", most=9)


class EntryOffice(WcoClass):
    """Customs office of entry."""

    wco_class: ClassVar[str] = "51A"
    id: ID17 | None = optional("G004", "Office, coded", mandatory=True)


class ExitOffice(WcoClass):
    """Customs office of exit."""

    wco_class: ClassVar[str] = "56A"
    id: ID17 | None = optional("G005", "Office, coded", mandatory=True)


class PresentationOffice(WcoClass):
    """Customs office of presentation."""

    wco_class: ClassVar[str] = "15C"
    id: ID17 | None = optional("G015", "Office, coded")


class GuaranteeOffice(WcoClass):
    """Customs office where the guarantee was lodged."""

    wco_class: ClassVar[str] = "14C"
    id: ID17 | None = optional("G014", "Office, coded")


class ObligationGuarantee(WcoClass):
    """A guarantee: a TIR carnet, a comprehensive or an individual guarantee."""

    wco_class: ClassVar[str] = "90A"
    access_code: ID4 | None = optional("499", "Access code")
    amount_amount: Amount | None = optional("492", "Amount guaranteed")
    id: ID70 | None = optional("D014", "Document number of the guarantee")
    reference_id: ID35 | None = optional("100", "Number of the TIR carnet or of the guarantee", mandatory=True)
    security_details_code: Code3 | None = optional("101", "Kind of guarantee: B TIR", "guarantees", mandatory=True)
    guarantee_office: GuaranteeOffice | None = optional("14C", "Where it was lodged")
    surety: Surety | None = optional("19B", "Who stands surety")


class RepresentativePerson(WcoClass):
    """The natural person who signs for the declarant."""

    name: Text70 | None = optional("R006", "Name of the person", unverified=True)


class Authenticator(WcoClass):
    """Who authenticated the declaration on the national side."""

    wco_class: ClassVar[str] = "12A"
    name: Text70 | None = optional("R007", "Name")


class Authentication(WcoClass):
    """A signature in words; never a cryptographic one."""

    wco_class: ClassVar[str] = "61B"
    authentication: Text256 | None = optional("104", "The words")
    authenticator: Authenticator | None = optional("12A", "Whose they are")


class Declaration(WcoClass):
    """The advance cargo declaration."""

    wco_class: ClassVar[str] = "42A"
    acceptance_date_time: Moment | None = optional("023", "When the sending side accepted it")
    batch_id: ID35 | None = optional(
        "", "Number of the batch of vehicles that cross together; alike in the declaration of each", unverified=True
    )
    batch_vehicle_quantity: Count4 | None = optional("", "How many vehicles are in the batch", unverified=True)
    declaration_office_id: ID17 | None = optional("065", "Office where it was lodged")
    function_code: N2Code = required("017", "9 original, 5 replace, 4 change, 2 add, 1 cancel, 13 request", "functions")
    functional_reference_id: ID35 = required("D026", "Reference that the sender gave; unique for the sender")
    goods_item_quantity: Count5 | None = optional("228", "Number of items in all consignments")
    id: ID70 | None = optional("D014", "Number given at registration")
    issue_date_time: Moment = required("D011", "When it was issued")
    issue_location_id: ID9 | None = optional("D012", "Where it was issued (UN/LOCODE)", "locations")
    specific_circumstances_code_code: Code3 | None = optional("504", "Special circumstances: EMP empty vehicle")
    total_gross_mass_measure: Measure | None = optional("131", "Gross mass of all consignments", mandatory=True)
    total_package_quantity: Quantity | None = optional("146", "Packages in all consignments", mandatory=True)
    type_code: Code3 = required("D013", "Kind of document: 785 manifest, 952 TIR carnet", "documents")
    version_id: ID9 | None = optional("383", "Version; counts from 1 with every replacement")
    additional_document: tuple[AdditionalDocument, ...] = repeated("02A", "Documents", most=99)
    additional_information: tuple[AdditionalInformation, ...] = repeated("03A", "Statements", most=99)
    agent: Agent | None = optional("05A", "Who acts for the declarant")
    amendment: tuple[Amendment, ...] = repeated("06A", "Why and where it is changed", most=99)
    authentication: Authentication | None = optional("61B", "Signature in words")
    border_transport_means: BorderTransportMeans | None = optional("15A", "What crosses the border", mandatory=True)
    carrier: Carrier | None = optional("18A", "Who carries", mandatory=True)
    consignment: tuple[Consignment, ...] = repeated("28A", "What is carried", most=999)
    declarant: Declarant | None = optional("57B", "Who answers for it")
    entry_office: EntryOffice | None = optional("51A", "Office of entry", mandatory=True)
    exit_office: ExitOffice | None = optional("56A", "Office of exit", mandatory=True)
    obligation_guarantee: tuple[ObligationGuarantee, ...] = repeated("90A", "Guarantees", most=9)
    presentation_office: PresentationOffice | None = optional("15C", "Office of presentation")
    representative_person: RepresentativePerson | None = optional("", "Person who signs", unverified=True)
    submitter: Submitter | None = optional("17B", "Who lodged it")
