"""Who tells whom, and about which declaration: what events and withdrawals say alike.

`DestinationCountryCode` KG is for Kyrgyzstan, everything else is Kyrgyzstan's own. One of Kyrgyzstan's declarations is
named by its registration number (`RefRegNumber`), any other by the reference of its sender (`RefSourceDocumentID`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from adapters.kg.form import REGISTRATION
from adapters.kg.sheet import Sheet
from adapters.kg.source import Source
from adapters.kit.contract import Route, Setting
from gateway.message.finding import Severity
from gateway.message.metadata import BorderEventMessage, DeclarationMessage, Recipient, Sender

_COUNTRY = "KG"


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

    def envelope(self, setting: Setting) -> dict[str, Any]:
        """What the message's envelope says of them."""
        sender, recipient = setting.participant, self.route.recipient
        if self.inbound:
            sender, recipient = recipient, sender
        return {
            "agreement_id": self.route.agreement,
            "agreement_version_id": self.route.version,
            "test_indicator": True if setting.test else None,
            "recipient": Recipient(id=recipient),
            "sender": Sender(id=sender),
        }


def read_relation(source: Source, setting: Setting) -> Relation | None:
    """Who tells whom; None, with KG-005, where no exchange is set up with the other side."""
    country = source.value(source.root, "SourceCountryCode", "/ResponsibleCountryCode")
    node = source.first(source.root, "DestinationCountryCode")
    told = source.take(node, "/CommunicationMetaData/Recipient/ID")
    inbound = told == _COUNTRY
    other = country if inbound else told
    route = setting.routes.get(other or "")
    if other is None and len(setting.routes) == 1:
        route = next(iter(setting.routes.values()))
    if route is None or (not inbound and country not in (None, _COUNTRY)):
        source.say("KG-005", Severity.REJECT, "/CommunicationMetaData/Recipient/ID", other or "", node)
        return None
    return Relation(country if inbound else _COUNTRY, inbound, route)


def write_relation(sheet: Sheet, message: BorderEventMessage | DeclarationMessage) -> None:
    """Who tells it, where that is another country, and that Kyrgyzstan is told."""
    teller = message.responsible_country_code
    if teller != _COUNTRY:
        sheet.put(sheet.root, "SourceCountryCode", teller, "/ResponsibleCountryCode")
    sheet.put(sheet.root, "DestinationCountryCode", _COUNTRY)


def is_own(reference: str) -> bool:
    """Whether a reference is a registration number of Kyrgyzstan, and so names one of its own declarations."""
    return REGISTRATION.fullmatch(reference) is not None and reference.startswith(f"{_COUNTRY}/")


def write_reference(sheet: Sheet, reference: str, pointer: str, number: str | None, number_pointer: str) -> None:
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


def write_number(sheet: Sheet, name: str, number: str, pointer: str, prefix: str = "") -> bool:
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
    return sheet.put(node, f"{prefix}PINumber", serial, pointer)
