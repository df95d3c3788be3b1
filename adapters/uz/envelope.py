"""Who sends a document to whom: the two countries in its head, and the route that follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from adapters.kit.contract import Route, Setting, fit
from adapters.kit.heading import heading
from adapters.kit.route import between, route_to
from adapters.uz.form import COUNTRY, LONGEST_ID, message_id, own_message_id
from adapters.uz.source import Source
from gateway.message.finding import Severity
from gateway.message.metadata import CommunicationMetaData, MetaData

M = TypeVar("M", bound=MetaData)


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
    ours = COUNTRY in (sender, recipient) and sender != recipient
    route = route_to(setting, country, only=inbound) if ours else None
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


def message_of(
    kind: type[M],
    source: Source,
    setting: Setting,
    envelope: Envelope,
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
        envelope: What its head says of its way.
        at: When it was made.
        follows: Identifier of the message that it answers or follows.
        document: What it carries, by attribute name.
    """
    document_id, inbound = envelope.document_id, envelope.inbound
    communication = fit(
        CommunicationMetaData,
        source.findings,
        "/CommunicationMetaData",
        "",
        **between(setting, envelope.route, inbound=inbound, test=envelope.test),
        conversation_reference_id=follows,
        id=own_message_id(document_id) if inbound else message_id(document_id),
        preparation_date_time=at,
    )
    head = heading(kind, envelope.country if inbound else COUNTRY)
    return fit(kind, source.findings, "", "", **head, communication_meta_data=communication, **document)
