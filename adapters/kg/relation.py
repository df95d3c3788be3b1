"""Who tells whom, the message that follows from it, and what events and withdrawals say alike.

`DestinationCountryCode` KG is for Kyrgyzstan, everything else is Kyrgyzstan's own. One of Kyrgyzstan's declarations is
named by its registration number (`RefRegNumber`), any other by the reference of its sender (`RefSourceDocumentID`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from adapters.kg.form import COUNTRY, REGISTRATION, message_id, own_message_id
from adapters.kit.contract import Route, Setting
from adapters.kit.heading import heading
from adapters.kit.route import between, route_to
from adapters.kit.xml_sheet import XmlSheet
from adapters.kit.xml_source import XmlSource
from gateway.message.finding import Severity
from gateway.message.metadata import BorderEventMessage, CommunicationMetaData, DeclarationMessage, MetaData
from gateway.message.parts import AdditionalInformation

M = TypeVar("M", bound=MetaData)


@dataclass(frozen=True, slots=True)
class Relation:
    """The two sides of a document.

    Attributes:
        country: The country that tells it; None where the document names none.
        inbound: Whether it is for Kyrgyzstan.
        route: The other side.
    """

    country: str | None
    inbound: bool
    route: Route


def read_relation(source: XmlSource, setting: Setting) -> Relation | None:
    """Who tells whom; None, with KG-005, where no exchange is set up with the other side."""
    country = source.value(source.root, "SourceCountryCode", "/ResponsibleCountryCode")
    node = source.first(source.root, "DestinationCountryCode")
    told = source.take(node, "/CommunicationMetaData/Recipient/ID")
    inbound = told == COUNTRY
    other = country if inbound else told
    route = route_to(setting, other, only=other is None)
    if route is None or (not inbound and country not in (None, COUNTRY)):
        source.say("KG-005", Severity.REJECT, "/CommunicationMetaData/Recipient/ID", other or "", node)
        return None
    return Relation(country if inbound else COUNTRY, inbound, route)


def message_of(
    kind: type[M],
    source: XmlSource,
    setting: Setting,
    relation: Relation,
    document_id: str,
    at: datetime,
    *,
    follows: str | None = None,
    **document: Any,
) -> M | None:
    """The message that a document is.

    Args:
        kind: Its class.
        source: The document.
        setting: Participant, and whether messages are tests.
        relation: The two sides.
        document_id: Identifier of the document.
        at: When it was made.
        follows: Identifier of the message that it answers or follows.
        document: What it carries, by attribute name.
    """
    communication = source.make(
        CommunicationMetaData,
        "/CommunicationMetaData",
        source.root,
        {
            **between(setting, relation.route, inbound=relation.inbound),
            "conversation_reference_id": follows,
            "id": own_message_id(document_id) if relation.inbound else message_id(document_id),
            "preparation_date_time": at,
        },
    )
    head = heading(kind, relation.country)
    return source.make(kind, "", source.root, {**head, "communication_meta_data": communication, **document})


def read_words(source: XmlSource, pointer: str, subject: str) -> tuple[AdditionalInformation, ...]:
    """`DescriptionText` as a statement in words.

    Args:
        source: The document.
        pointer: JSON Pointer that the statement will have.
        subject: What the words are about (UNTDID 4451).
    """
    node = source.first(source.root, "DescriptionText")
    words = source.words(node, f"{pointer}/StatementDescription")
    if words is None:
        return ()
    values = {"statement_description": words, "statement_type_code": subject}
    made = source.make(AdditionalInformation, pointer, node, values)
    return () if made is None else (made,)


def write_relation(sheet: XmlSheet, message: BorderEventMessage | DeclarationMessage) -> None:
    """Who tells it, where that is another country, and that Kyrgyzstan is told."""
    teller = message.responsible_country_code
    if teller != COUNTRY:
        sheet.put(sheet.root, "SourceCountryCode", teller, "/ResponsibleCountryCode")
    sheet.put(sheet.root, "DestinationCountryCode", COUNTRY)


def is_own(reference: str) -> bool:
    """Whether a reference is a registration number of Kyrgyzstan, and so names one of its own declarations."""
    return REGISTRATION.fullmatch(reference) is not None and reference.startswith(f"{COUNTRY}/")


def write_reference(sheet: XmlSheet, reference: str, pointer: str, number: str | None, number_pointer: str) -> None:
    """The declaration that is meant: one of Kyrgyzstan's own by its number, any other by its sender's reference.

    Args:
        sheet: The document.
        reference: The sender's own reference.
        pointer: Its JSON Pointer.
        number: Number under which Kyrgyzstan knows a declaration from abroad, or None.
        number_pointer: Its JSON Pointer.
    """
    if is_own(reference):
        write_number(sheet, "RefRegNumber", reference, pointer)
        return
    sheet.put(sheet.root, "RefSourceDocumentID", reference, pointer)
    if number is not None and is_own(number):
        write_number(sheet, "RefRegNumber", number, number_pointer)


def write_number(sheet: XmlSheet, name: str, number: str, pointer: str, prefix: str = "") -> bool:
    """A registration number in its three parts; nothing where it is none.

    Returns:
        Whether it was written.
    """
    parts = REGISTRATION.fullmatch(number)
    if parts is None:
        return False
    country, year, month, day, serial = parts.groups()
    node = sheet.part(sheet.root, name)
    sheet.put(node, f"{prefix}CountryCode", country)
    sheet.put(node, f"{prefix}Date", f"{year}-{month}-{day}")
    return sheet.put(node, f"{prefix}PINumber", serial, pointer) is not None
