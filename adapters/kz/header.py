"""What every Kazakh document begins with, the number that Kazakhstan gives, and the way to the other side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from adapters.kit.contract import Route, Setting
from adapters.kit.heading import RELATION, heading
from adapters.kit.route import between, route_to
from adapters.kz.form import CODES, COUNTRY, HEADER, REGISTRATION, message_id, own_message_id
from adapters.kz.values import read_moment
from gateway.message.finding import Severity
from gateway.message.metadata import CommunicationMetaData, MetaData

if TYPE_CHECKING:
    from adapters.kit.xml_sheet import XmlSheet
    from adapters.kit.xml_source import XmlSource

M = TypeVar("M", bound=MetaData)
LANGUAGES = ("kk", "ru")
NUMBER = "PreliminaryInformationIdDetails"
NAMES = (
    *(HEADER, "EDocCode", "EDocId", "EDocRefId", "EDocDateTime", "LanguageCode", "SourceCountryCode"),
    *("DestinationCountryCode", "TestIndicator", NUMBER, "UnifiedCountryCode", "DocCreationDate", "PINumberId"),
)
_COMMUNICATION = "/CommunicationMetaData"


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a document.

    Attributes:
        id: `EDocId`.
        follows: `EDocRefId`.
        at: `EDocDateTime`.
        source: Who sends it, ISO 3166-1 alpha-2, or "".
        destination: For whom it is, or "".
        test: Whether it is a test.
    """

    id: str
    follows: str | None
    at: datetime
    source: str
    destination: str
    test: bool


def read_header(source: XmlSource, issued: str) -> Header | None:
    """The header; None, with findings, where identifier or time is missing.

    Args:
        source: The document.
        issued: JSON Pointer of the time of issue.
    """
    node = source.first(source.root, HEADER)
    name = str(source.root.tag).rpartition("}")[2]
    for constant, values in (("EDocCode", (CODES[name],)), ("LanguageCode", LANGUAGES)):
        element = source.first(node, constant)
        if source.text(element) in values:
            source.take(element)
    document_id = source.value(node, "EDocId", f"{_COMMUNICATION}/ID")
    at = read_moment(source, source.first(node, "EDocDateTime"), issued)
    test = source.first(node, "TestIndicator")
    marked = source.text(test) in ("1", "true")
    if marked or source.text(test) in ("0", "false"):
        source.take(test, f"{_COMMUNICATION}/TestIndicator" if marked else "")
    follows = source.value(node, "EDocRefId", f"{_COMMUNICATION}/ConversationReferenceID")
    said = {
        name: source.value(node, name, "/ResponsibleCountryCode" if name == "SourceCountryCode" else "") or ""
        for name in ("SourceCountryCode", "DestinationCountryCode")
    }
    for what, there in (("EDocId", document_id), ("EDocDateTime", at)):
        if there is None:
            source.say("KZ-001", Severity.REJECT, "", what, node)
    if document_id is None or at is None:
        return None
    source.origins[f"{_COMMUNICATION}/PreparationDateTime"] = source.origins[issued]
    return Header(document_id, follows, at, said["SourceCountryCode"], said["DestinationCountryCode"], marked)


def read_route(source: XmlSource, setting: Setting, header: Header, mode: str, *, out: bool) -> Route | None:
    """The way to the other side, by its country and the mode; None, with a finding, where there is none."""
    country = header.destination if out else header.source
    route = route_to(setting, country, mode, only=not out)
    if route is None:
        name = "DestinationCountryCode" if out else "SourceCountryCode"
        node = source.first(source.first(source.root, HEADER), name)
        source.say("KZ-005", Severity.REJECT, f"{_COMMUNICATION}/Recipient/ID", country, node)
    return route


def message_of(
    kind: type[M], source: XmlSource, setting: Setting, header: Header, route: Route, *, out: bool, **document: Any
) -> M | None:
    """The message that a document is.

    Args:
        kind: Its class.
        source: The document.
        setting: Participant, and whether messages are tests.
        header: Its header.
        route: The other side.
        out: Whether NSW KZ sends it.
        document: What it carries, by attribute name.
    """
    communication = source.make(
        CommunicationMetaData,
        _COMMUNICATION,
        source.first(source.root, HEADER),
        {
            **between(setting, route, inbound=not out, test=header.test),
            "conversation_reference_id": header.follows,
            "id": message_id(header.id) if out else own_message_id(header.id),
            "preparation_date_time": header.at,
        },
    )
    head = heading(kind, COUNTRY if out else header.source or None)
    return source.make(kind, "", source.root, {**head, "communication_meta_data": communication, **document})


def write_header(sheet: XmlSheet, message: MetaData, at: datetime, issued: str, *, follows: bool = True) -> None:
    """The header of a document that is made from a message.

    Args:
        sheet: The document.
        message: The message.
        at: When it was issued.
        issued: JSON Pointer of that.
        follows: Whether the document names the one that it follows.
    """
    sheet.said.update((*RELATION, "/ResponsibleAgencyName", "/ResponsibleCountryCode"))
    head = message.communication_meta_data
    if head.preparation_date_time == at:
        sheet.said.add(f"{_COMMUNICATION}/PreparationDateTime")
    node = sheet.part(sheet.root, HEADER)
    name = str(sheet.root.tag).rpartition("}")[2]
    sheet.put(node, "EDocCode", CODES[name])
    sheet.put(node, "EDocId", head.id, f"{_COMMUNICATION}/ID")
    if follows:
        place = f"{_COMMUNICATION}/ConversationReferenceID"
        sheet.put(node, "EDocRefId", head.conversation_reference_id, place)
    sheet.put(node, "EDocDateTime", at, issued)
    sheet.put(node, "LanguageCode", "ru")
    sender = head.sender.id if len(head.sender.id) == 2 else ""
    sheet.put(node, "SourceCountryCode", message.responsible_country_code or sender)
    sheet.put(node, "DestinationCountryCode", COUNTRY)
    sheet.put(node, "TestIndicator", head.test_indicator, f"{_COMMUNICATION}/TestIndicator")


def read_number(source: XmlSource, pointer: str) -> str | None:
    """A number that Kazakhstan gave, `KZ/20261123/000000123`; None, with a finding, where a part is missing or odd."""
    node = source.first(source.root, NUMBER)
    if node is None:
        return None
    names = ("UnifiedCountryCode", "DocCreationDate", "PINumberId")
    country, day, serial = (source.value(node, name) or "" for name in names)
    number = f"{country}/{day[:10].replace('-', '')}/{serial}"
    if REGISTRATION.fullmatch(number) is None:
        source.say("KIT-FIT-01", Severity.WARN, pointer, number, node)
        return None
    source.origins[pointer] = source.path(node)
    return number


def write_number(sheet: XmlSheet, number: str | None, pointer: str = "") -> bool:
    """A number that Kazakhstan gave, part by part.

    Returns:
        Whether it is one.
    """
    parts = REGISTRATION.fullmatch(number or "")
    if parts is None or parts[1] != COUNTRY:
        return False
    node = sheet.part(sheet.root, NUMBER)
    sheet.put(node, "UnifiedCountryCode", parts[1])
    sheet.put(node, "DocCreationDate", f"{parts[2]}-{parts[3]}-{parts[4]}")
    sheet.put(node, "PINumberId", parts[5], pointer)
    return True
