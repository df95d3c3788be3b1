"""Notices: what the gateway itself has to tell, as a border event signed with its own key.

Two things only, which nobody else can tell: that an exchange has expired, that a message could not be delivered.
They are messages like any other: recorded, sealed, delivered, proven. The gateway signs nothing in anybody's name.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, Row, select, update

from gateway.exchange import record as store
from gateway.exchange.accept import apply_waiting, to_millisecond
from gateway.exchange.gateway import Gateway
from gateway.exchange.place import Reference
from gateway.exchange.state import State, Step, after
from gateway.message.border_event import BorderEvent
from gateway.message.canonical import bytes_digest, content_digest
from gateway.message.finding import Finding, Severity
from gateway.message.metadata import BorderEventMessage, CommunicationMetaData, Recipient, Sender
from gateway.message.parts import AdditionalInformation
from gateway.message.receipt import Outcome, Receipt
from gateway.message.response import ResponseDeclaration
from gateway.message.xml_twin import write_xml
from gateway.opening import XML, Received
from gateway.signing import Purpose, sign_detached, sign_xml
from gateway.storage.clock import stored
from gateway.storage.tables import exchange

ACTIVE = tuple(state.value for state in State if after(state, Step.EXPIRE) is not None)


async def expire_due(gateway: Gateway, *, most: int = 50) -> int:
    """Expire the exchanges whose goods have not arrived in time, and tell both sides; how many."""
    now = gateway.clock()
    ids = gateway.read(
        lambda connection: (
            connection.execute(
                select(exchange.c.id)
                .where(exchange.c.expires_at <= stored(now), exchange.c.state.in_(ACTIVE))
                .limit(most)
            )
            .scalars()
            .all()
        )
    )
    expired = 0  # each at a moment of its own: some national forms number a message by its time
    for exchange_id in ids:
        job = gateway.writer.submit(partial(_expire, exchange_id=exchange_id, gateway=gateway, now=gateway.clock()))
        expired += await asyncio.wrap_future(job)
    if expired:
        gateway.wake()
    return expired


def _expire(connection: Connection, exchange_id: str, gateway: Gateway, now: datetime) -> bool:
    row = connection.execute(select(exchange).where(exchange.c.id == exchange_id).with_for_update()).one()
    following = after(State(row.state), Step.EXPIRE)
    if following is None or not row.expires_at or row.expires_at > stored(now):
        return False
    connection.execute(
        update(exchange).where(exchange.c.id == exchange_id).values(state=following.value, updated_at=stored(now))
    )
    expiry = Finding("ACD-TIM-05", Severity.INFO, "/BorderEvent/EventTypeCode", row.expires_at)
    words = _in_agreed_languages(gateway.catalogue.wire(expiry, BorderEventMessage)["text"], row, gateway)
    for party in (row.sender, row.recipient):
        said = AdditionalInformation(statement_code=expiry.rule, statement_description=words[:512])
        tell(connection, row, party, "EXP", said, gateway, now)
    expired = Reference(row.sender, row.recipient, row.reference, "", by_declarant=True)
    apply_waiting(connection, expired, gateway, now)  # an arrival that waited for the acceptance may count now
    return True


def tell_undeliverable(
    connection: Connection, exchange_id: str, sender: str, message_id: str, why: str, gateway: Gateway, now: datetime
) -> None:
    """Tell a sender that its message is a dead letter, and why."""
    row = connection.execute(select(exchange).where(exchange.c.id == exchange_id)).one()
    words = f"{_in_agreed_languages(_UNDELIVERED, row, gateway)}: {message_id}: {why}"
    said = AdditionalInformation(statement_description=words[:512])
    tell(connection, row, sender, "UND", said, gateway, now)


_UNDELIVERED: Mapping[str, str] = {"en": "Not delivered", "ru": "Не доставлено", "zh": "未能送达"}


def _in_agreed_languages(texts: Mapping[str, str], row: Row[tuple[object, ...]], gateway: Gateway) -> str:
    """What the gateway says, in the languages of the exchange's agreement, in their order.

    In all of them where that agreement is no longer on file.
    """
    name, _, version = row.agreement.rpartition("/")
    agreement = gateway.agreements.get((name, version))
    languages: Sequence[str] = agreement.languages if agreement is not None else tuple(texts)
    return " · ".join(texts[language] for language in languages)


def tell(
    connection: Connection,
    row: Row[tuple[object, ...]],
    party: str,
    kind: str,
    said: AdditionalInformation,
    gateway: Gateway,
    now: datetime,
) -> None:
    """Record a notice of the gateway for one party, to be delivered like any message."""
    agreement, _, version = row.agreement.rpartition("/")
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
    data = {"message": head.id, "content": digest, "kind": notice.border_event.event_type_code}
    position = store.append_audit(
        connection, event="notice", exchange_id=exchange_id, participant=gateway.participant, data=data, now=now
    )
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
        audit_position=position,
    )
    text = receipt.to_bytes()
    row = store.put_message(
        connection,
        row=None,
        sender=gateway.participant,
        message_id=head.id,
        content=notice,
        receipt=receipt,
        digest=digest,
        received=Received(body, XML),
        receipt_text=text,
        receipt_signature=sign_detached(text, gateway.key, purpose=Purpose.RECEIPT, signing_time=now),
        now=now,
        waiting=store.Waiting(),
    )
    store.put_delivery(connection, row, exchange_id, head.recipient.id, now)
