"""Notices: what the gateway itself has to tell, as a border event signed with its own key.

What nobody else can tell: that an exchange has expired, that a message could not be delivered, that one which was held
is refused after all. They are messages like any other: recorded, sealed, delivered, proven. The gateway signs nothing
in anybody's name.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from gateway.exchange import record as store
from gateway.exchange.deliveries import put_delivery
from gateway.exchange.gateway import Gateway
from gateway.exchange.receipt import put_receipted
from gateway.message.border_event import BorderEvent
from gateway.message.canonical import bytes_digest, content_digest
from gateway.message.finding import Finding, Severity
from gateway.message.leaf import as_text, to_millisecond
from gateway.message.metadata import BorderEventMessage, CommunicationMetaData, Recipient, Sender
from gateway.message.parts import AdditionalInformation
from gateway.message.receipt import Outcome, Receipt
from gateway.message.response import ResponseDeclaration
from gateway.message.xml_twin import write_xml
from gateway.opening import XML, Received
from gateway.signing import sign_xml


def tell_expired(connection: Connection, row: store.ExchangeRow, gateway: Gateway, now: datetime) -> None:
    """Tell both sides that nothing has arrived in time."""
    expiry = Finding("ACD-TIM-05", Severity.INFO, "/BorderEvent/EventTypeCode", row.expires_at or "")
    words = _in_agreed_languages(gateway.catalogue.wire(expiry, BorderEventMessage)["text"], row, gateway)
    for party in (row.sender, row.recipient):
        said = AdditionalInformation(statement_code=expiry.rule, statement_description=as_text(words, 512))
        tell(connection, row, party, "EXP", said, gateway, now)


def tell_refused(
    connection: Connection, row: store.ExchangeRow, refused: Receipt, gateway: Gateway, now: datetime
) -> None:
    """Tell a sender that its message, which was held, is refused after all, and by which rule or for what."""
    serious = [finding for finding in refused.findings if finding["severity"] == Severity.REJECT.value]
    rules = ", ".join(dict.fromkeys(str(finding["rule"]) for finding in serious))
    words = f"{_in_agreed_languages(_REFUSED, row, gateway)}: {refused.message_id}: {rules or refused.detail}"
    code = str(serious[0]["rule"]) if serious else None
    said = AdditionalInformation(statement_code=code, statement_description=as_text(words, 512))
    tell(connection, row, refused.sender or "", "UND", said, gateway, now)


_REFUSED: Mapping[str, str] = {
    "en": "Refused after waiting",
    "ru": "Отказано после ожидания",
    "zh": "等待后拒收",
}


def tell_undeliverable(
    connection: Connection, exchange_id: str, sender: str, message_id: str, why: str, gateway: Gateway, now: datetime
) -> None:
    """Tell a sender that its message is a dead letter, and why."""
    row = store.exchange_with_id(connection, exchange_id)
    words = f"{_in_agreed_languages(_UNDELIVERED, row, gateway)}: {message_id}: {why}"
    said = AdditionalInformation(statement_description=as_text(words, 512))
    tell(connection, row, sender, "UND", said, gateway, now)


_UNDELIVERED: Mapping[str, str] = {"en": "Not delivered", "ru": "Не доставлено", "zh": "未能送达"}


def _in_agreed_languages(texts: Mapping[str, str], row: store.ExchangeRow, gateway: Gateway) -> str:
    """What the gateway says, in the languages of the exchange's agreement, in their order.

    In all of them where that agreement is no longer on file.
    """
    agreement = gateway.agreements.get(row.cited)
    languages: Sequence[str] = agreement.languages if agreement is not None else tuple(texts)
    return " · ".join(texts[language] for language in languages)


def tell(
    connection: Connection,
    row: store.ExchangeRow,
    party: str,
    kind: str,
    said: AdditionalInformation,
    gateway: Gateway,
    now: datetime,
) -> None:
    """Record a notice of the gateway for one party, to be delivered like any message."""
    agreement, version = row.cited
    moment = to_millisecond(now)
    number = uuid.uuid4()
    declared = store.latest_declaration(connection, row.id)
    notice = BorderEventMessage(
        agency_assigned_customization_code="ACD",
        agency_assigned_customization_version_code="1",
        wco_data_model_version_code="3.6",
        wco_type_name="EVENT",
        communication_meta_data=CommunicationMetaData(
            agreement_id=agreement,
            agreement_version_id=version,
            id=str(number),
            preparation_date_time=moment,
            recipient=Recipient(id=party),
            sender=Sender(id=gateway.participant),
            test_indicator=declared.communication_meta_data.test_indicator if declared is not None else None,
        ),
        border_event=BorderEvent(
            event_date_time=moment,
            event_type_code=kind,
            functional_reference_id=f"{kind}-{number.hex[:24]}",
            issue_date_time=moment,
            additional_information=(said,),
            declaration=ResponseDeclaration(functional_reference_id=row.reference, version_id=str(row.version)),
        ),
    )
    _put(connection, row.id, notice, row.state, gateway, now)


def _put(
    connection: Connection, exchange_id: str, notice: BorderEventMessage, state: str, gateway: Gateway, now: datetime
) -> None:
    body = sign_xml(write_xml(notice), gateway.key, now)
    head, digest = notice.communication_meta_data, content_digest(notice)
    receipt = Receipt(
        outcome=Outcome.ACCEPTED,
        receipt_id=str(uuid.uuid4()),
        issued_at=to_millisecond(now),
        issuer=gateway.participant,
        message_id=head.id,
        sender=gateway.participant,
        recipient=head.recipient.id,
        agreement=f"{head.agreement_id}/{head.agreement_version_id}",
        exchange_id=exchange_id,
        state=state,
        content_digest=digest,
        message_digest=bytes_digest(body),
    )
    incoming = store.Incoming(gateway.participant, head.id, notice, digest, Received(body, XML), now)
    data = {"message": head.id, "content": digest, "kind": notice.border_event.event_type_code}
    recorded = put_receipted(
        connection, incoming, receipt, gateway, now, event="notice", participant=gateway.participant, data=data
    )
    put_delivery(connection, recorded.row, exchange_id, head.recipient.id, now)
