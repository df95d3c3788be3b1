"""Who sends a document to whom: the two countries in its head, and the route that follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from adapters.kit.contract import Route, Setting, fit
from adapters.uz.form import COUNTRY, LONGEST_ID, message_id, own_message_id
from adapters.uz.source import Source
from gateway.message.finding import Severity
from gateway.message.metadata import CommunicationMetaData, Recipient, Sender


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the head of a document says of its way.

    Attributes:
        document_id: `hujjatId`.
        inbound: Whether the document is meant for Uzbekistan.
        country: The country at the other side, as the document says; None where it does not.
        route: How it is reached.
        test: Whether the document says that it is a test.
    """

    document_id: str
    inbound: bool
    country: str | None
    route: Route
    test: bool


def read_envelope(source: Source, setting: Setting) -> Envelope | None:
    """The envelope; None where the document has no id or names no way that is set up."""
    pointer = "/CommunicationMetaData/ID"
    test = _test(source)
    document_id = source.word("hujjatId", pointer)
    sender = source.word("jonatuvchiMamlakat", "/ResponsibleCountryCode")
    recipient = source.word("qabulQiluvchiMamlakat", "/CommunicationMetaData/Recipient/ID")
    if document_id is None or len(document_id) > LONGEST_ID:
        source.say("KIT-READ-01", Severity.REJECT, pointer, document_id or "/hujjatId", "/hujjatId")
    inbound = recipient == COUNTRY
    country = sender if inbound else recipient
    route = (
        _route(setting, country, inbound=inbound) if COUNTRY in (sender, recipient) and sender != recipient else None
    )
    if route is None:
        place = "/jonatuvchiMamlakat" if inbound else "/qabulQiluvchiMamlakat"
        shown = f"{sender or '-'} → {recipient or '-'}"
        source.say("UZ-001", Severity.REJECT, "/CommunicationMetaData/Recipient/ID", shown, place)
    if document_id is None or len(document_id) > LONGEST_ID or route is None:
        return None
    return Envelope(document_id, inbound, country, route, test)


def _test(source: Source) -> bool:
    """`sinov`: true or false; what is neither is reported, and taken for a test, which is never acted on."""
    value = source.tree.get("sinov")
    source.take("/sinov", "/CommunicationMetaData/TestIndicator")
    if isinstance(value, bool) or value is None:
        return value is True
    source.unfit("/CommunicationMetaData/TestIndicator", value, "/sinov")
    return True


def _route(setting: Setting, country: str | None, *, inbound: bool) -> Route | None:
    """The route to a country. What comes in has come by the only route there is, whatever country began it."""
    only = next(iter(setting.routes.values())) if inbound and len(setting.routes) == 1 else None
    return setting.routes.get(country or "", only)


def communication(
    source: Source, setting: Setting, envelope: Envelope, at: datetime, conversation: str | None = None
) -> CommunicationMetaData | None:
    """Who sends what to whom, in the common form."""
    sender, recipient = setting.participant, envelope.route.recipient
    if envelope.inbound:
        sender, recipient = recipient, sender
    document_id = envelope.document_id
    return fit(
        CommunicationMetaData,
        source.findings,
        "/CommunicationMetaData",
        "",
        agreement_id=envelope.route.agreement,
        agreement_version_id=envelope.route.version,
        conversation_reference_id=conversation,
        id=own_message_id(document_id) if envelope.inbound else message_id(document_id),
        preparation_date_time=at,
        test_indicator=True if setting.test or envelope.test else None,
        recipient=Recipient(id=recipient),
        sender=Sender(id=sender),
    )
