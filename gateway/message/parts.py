"""Classes of the common form that several others are made of: measures, addresses, parties, places, pointers.

Names, IDs and formats follow the WCO Data Model as published in national schemas (version 3.6); where ours differ,
`docs/divergences.md` says why.
"""

from __future__ import annotations

from typing import ClassVar

from gateway.message.element import Qualified, WcoClass, optional, repeated, required
from gateway.message.leaf import (
    A2,
    A3,
    ID4,
    ID9,
    ID17,
    ID35,
    ID50,
    ID70,
    Code3,
    Code4,
    Code7,
    Code9,
    Code17,
    Count8,
    Decimal16_3,
    Decimal16_6,
    Moment,
    Sequence,
    Text35,
    Text70,
    Text256,
    Text512,
)


class Measure(Qualified):
    """A physical measure with its unit (UN/ECE Rec 20)."""

    value: Decimal16_6 = required("", "The measure")
    unit_code: Code3 | None = optional("", "Unit: KGM kilogram, MTQ cubic metre", "units", mandatory=True)


class Quantity(Qualified):
    """A count, with the kind of thing counted where that is said (UN/ECE Rec 21)."""

    value: Count8 = required("", "The count")
    unit_code: Code3 | None = optional("", "Kind of package that is counted", "packages")


class Amount(Qualified):
    """An amount of money with its currency (ISO 4217)."""

    value: Decimal16_3 = required("", "The amount")
    currency_id: A3 | None = optional("", "Currency", "currencies", mandatory=True)


class Pointer(WcoClass):
    """One step of a chain of pointers from the root down; the last step may name an element."""

    wco_class: ClassVar[str] = "97A"
    document_section_code: Code3 | None = optional("375", "WCO ID of the class that this step enters")
    sequence_numeric: Sequence | None = optional("006", "Which of several, counted from 1")
    tag_id: ID4 | None = optional("381", "WCO ID of the element; only in the last step")


class Address(WcoClass):
    """A postal address."""

    wco_class: ClassVar[str] = "04A"
    city_name: Text35 | None = optional("241", "City or settlement")
    country_code: A2 | None = optional("242", "Country", "countries")
    country_sub_division_code: Code9 | None = optional("244", "Part of the country (ISO 3166-2)")
    country_sub_division_name: Text35 | None = optional("243", "Part of the country, by name")
    line: Text256 | None = optional("239", "Street and number, or the address as one line")
    postcode_id: ID9 | None = optional("245", "Postcode")
    type_code: Code3 | None = optional("410", "Kind of address")


class Communication(WcoClass):
    """A number or address at which somebody can be reached."""

    wco_class: ClassVar[str] = "25A"
    id: ID50 = required("240", "The number or the address")
    type_code: Code3 | None = optional("253", "Channel: TE telephone, EM e-mail", "communication", mandatory=True)


class Contact(WcoClass):
    """A person or a desk to turn to."""

    wco_class: ClassVar[str] = "34A"
    name: Text70 | None = optional("246", "Person or department")
    communication: tuple[Communication, ...] = repeated("25A", "How to reach them", most=9)


class Agent(WcoClass):
    """Who acts for the declarant."""

    wco_class: ClassVar[str] = "05A"
    function_code: Code3 | None = optional("102", "In whose name the agent acts")
    id: ID35 | None = optional("R004", "Identifier of the agent")
    name: Text70 | None = optional("R003", "Name of the agent")
    address: Address | None = optional("04A", "Where the agent is")
    communication: tuple[Communication, ...] = repeated("25A", "How to reach the agent", most=9)


class Carrier(WcoClass):
    """Who carries the goods across the border."""

    wco_class: ClassVar[str] = "18A"
    id: ID35 | None = optional("R012", "Identifier of the carrier")
    name: Text70 | None = optional("R011", "Name of the carrier")
    address: Address | None = optional("04A", "Where the carrier is")
    communication: tuple[Communication, ...] = repeated("25A", "How to reach the carrier", most=9)


class Declarant(WcoClass):
    """Who answers for the declaration."""

    wco_class: ClassVar[str] = "57B"
    id: ID35 | None = optional("R123", "Identifier of the declarant")
    name: Text70 | None = optional("R124", "Name of the declarant")
    address: Address | None = optional("04A", "Where the declarant is")
    communication: tuple[Communication, ...] = repeated("25A", "How to reach the declarant", most=9)
    contact: Contact | None = optional("34A", "Person to turn to")


class Submitter(WcoClass):
    """Who lodged the declaration with the sending national single window."""

    wco_class: ClassVar[str] = "17B"
    id: ID35 | None = optional("R059", "Identifier of the submitter")
    name: Text70 | None = optional("R058", "Name of the submitter")
    role_code: Code3 | None = optional("R005", "Role of the submitter", "roles")


class Consignee(WcoClass):
    """To whom the goods are sent."""

    wco_class: ClassVar[str] = "27A"
    id: ID35 | None = optional("R015", "Identifier of the consignee")
    name: Text70 | None = optional("R014", "Name of the consignee", mandatory=True)
    address: Address | None = optional("04A", "Where the consignee is")
    communication: tuple[Communication, ...] = repeated("25A", "How to reach the consignee", most=9)
    contact: Contact | None = optional("34A", "Person to turn to")


class Consignor(WcoClass):
    """Who sends the goods."""

    wco_class: ClassVar[str] = "30A"
    id: ID35 | None = optional("R021", "Identifier of the consignor")
    name: Text70 | None = optional("R020", "Name of the consignor", mandatory=True)
    address: Address | None = optional("04A", "Where the consignor is")
    communication: tuple[Communication, ...] = repeated("25A", "How to reach the consignor", most=9)
    contact: Contact | None = optional("34A", "Person to turn to")


class NotifyParty(WcoClass):
    """Who is to be told of the arrival."""

    wco_class: ClassVar[str] = "89A"
    id: ID35 | None = optional("R046", "Identifier of the party to notify")
    name: Text70 | None = optional("R045", "Name of the party to notify")
    address: Address | None = optional("04A", "Where the party to notify is")
    communication: tuple[Communication, ...] = repeated("25A", "How to reach the party to notify", most=9)


class UNDGContact(WcoClass):
    """Who can be asked about the dangerous goods day and night."""

    name: Text70 | None = optional("", "Person or desk", unverified=True)
    communication: tuple[Communication, ...] = repeated("25A", "How to reach them", most=9)


class AEOMutualRecognitionParty(WcoClass):
    """A party whose status as authorised economic operator the other side recognises."""

    wco_class: ClassVar[str] = "16C"
    id: ID17 | None = optional("R143", "AEO number in the form that was agreed, for example AEOCN and ten digits")
    role_code: Code3 | None = optional("R005", "Role of the party", "roles")


class AdditionalDocument(WcoClass):
    """A document that belongs to the declaration."""

    wco_class: ClassVar[str] = "02A"
    category_code: Code3 | None = optional("D031", "Category of the document")
    id: ID70 | None = optional("D005", "Number of the document")
    type_code: Code3 | None = optional("D006", "Kind of document: 830 export declaration", "documents")


class AdditionalInformation(WcoClass):
    """A statement in code or in words."""

    wco_class: ClassVar[str] = "03A"
    limit_date_time: Moment | None = optional("264", "Until when it must be acted on")
    statement_code: Code17 | None = optional("226", "Statement, coded")
    statement_description: Text512 | None = optional("225", "Statement in words")
    statement_type_code: Code3 | None = optional("369", "Subject of the statement", "text_subjects")
    pointer: tuple[Pointer, ...] = repeated("97A", "What the statement is about, step by step", most=20)


class Amendment(WcoClass):
    """Why and where a declaration is changed."""

    wco_class: ClassVar[str] = "06A"
    change_reason_code: Code3 | None = optional("099", "Reason of the change", "amendment_reasons")
    pointer: tuple[Pointer, ...] = repeated("97A", "What is changed, step by step", most=20)


class AssociatedTransportDocument(WcoClass):
    """The master document to which this consignment's document belongs."""

    wco_class: ClassVar[str] = "11A"
    id: ID70 | None = optional("D008", "Number of the document")
    type_code: Code4 | None = optional("D009", "Kind of document", "transport_documents")


class TransportContractDocument(WcoClass):
    """The transport document of the consignment: consignment note, waybill, bill of lading."""

    wco_class: ClassVar[str] = "30B"
    condition_code: Code3 | None = optional("", "Conditions of carriage (UNTDID 4065): 10, 27", unverified=True)
    id: ID70 | None = optional("D023", "Number of the document", mandatory=True)
    type_code: Code4 | None = optional("D024", "Kind of document: 730 CMR, 720 rail", "transport_documents")


class PreviousDocument(WcoClass):
    """An earlier declaration for the same goods."""

    wco_class: ClassVar[str] = "99A"
    id: ID70 | None = optional("D018", "Number of the document")
    line_numeric: Sequence | None = optional("171", "Item in the earlier declaration")
    type_code: Code3 | None = optional("D019", "Kind of document", "documents")


class UCR(WcoClass):
    """Unique consignment reference (ISO 15459 or equivalent)."""

    wco_class: ClassVar[str] = "35B"
    id: ID35 | None = optional("016", "The reference")
    trader_assigned_reference_id: ID35 | None = optional("009", "The trader's own reference")


class GovernmentProcedure(WcoClass):
    """The customs procedure."""

    wco_class: ClassVar[str] = "70A"
    current_code: Code7 | None = optional("166", "Procedure asked for; national codes travel as they are")
    previous_code: Code7 | None = optional("161", "Procedure before")


class Itinerary(WcoClass):
    """One step of the way."""

    wco_class: ClassVar[str] = "81A"
    id: ID17 | None = optional("", "Place (UN/LOCODE or customs office)", unverified=True)
    routing_country_code: A2 | None = optional("064", "Country on the way", "countries")
    sequence_numeric: Sequence | None = optional("006", "Position on the way")


SEAL_ROLES = ("CU", "CA", "SH")
"""Who may have affixed a seal (UNTDID 9303), as far as this form knows them: customs, carrier, shipper."""


class Seal(WcoClass):
    """A seal on a container or a vehicle."""

    wco_class: ClassVar[str] = "44B"
    id: ID35 = required("165", "Number on the seal")
    role_code: Code3 | None = optional(
        "", "Who affixed it (UNTDID 9303): CU customs, CA carrier, SH shipper", unverified=True
    )
    sequence_numeric: Sequence | None = optional("006", "Position in the list")


class Surety(WcoClass):
    """Who stands surety: under TIR the issuing association."""

    wco_class: ClassVar[str] = "19B"
    id: ID35 | None = optional("R055", "Identifier of the surety")
    name: Text70 | None = optional("R054", "Name of the surety")


class Freight(WcoClass):
    """How the carriage is paid."""

    wco_class: ClassVar[str] = "62A"
    payment_method_code: Code3 | None = optional("098", "Method of payment", "payment_methods")
