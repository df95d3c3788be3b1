"""Trace: what happened to a message or an exchange, for those who are party to it.

Nobody can read, or learn the existence of, an exchange that they are no party to: what one may not see is answered as
what there is not. Operators of the gateway see all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Select, and_, case, false, or_, select, true

from gateway.errors import NotPermitted, Unknown
from gateway.exchange import record as store
from gateway.exchange.figures import comparable
from gateway.exchange.matching import as_json, match, match_report_text
from gateway.exchange.state import State, allowed
from gateway.exchange.terms import Terms, delivered_at, is_overdue, owed, proven_late
from gateway.signing import Reader
from gateway.storage.clock import stored
from gateway.storage.tables import audit, body, delivery, exchange, exchange_key, message
from gateway.validation.identifiers import normalise_plate


def _may_see(reader: Reader, sender: Any, recipient: Any) -> ColumnElement[bool]:
    if reader.role == "operator":
        return true()
    if reader.role != "nsw":
        return false()
    return or_(sender == reader.participant, recipient == reader.participant)


def message_of(connection: Connection, reader: Reader, message_id: str, terms: Terms) -> Mapping[str, Any]:
    """What is known of a message.

    Raises:
        Unknown: There is none, or none that the reader may see.
    """
    row = _message(connection, reader, message_id)
    return {
        "messageId": row.message_id,
        "sender": row.sender,
        "recipient": row.recipient,
        "kind": row.kind,
        "functionCode": row.function_code,
        "outcome": row.outcome,
        "exchangeId": row.exchange_id,
        "contentDigest": row.content_digest,
        "receivedAt": row.received_at,
        "deliveries": _deliveries(connection, delivery.c.message == row.id, terms),
    }


def _message(connection: Connection, reader: Reader, message_id: str) -> Any:
    seen = and_(
        message.c.message_id == message_id,
        # a message that was not accepted is its sender's alone: the recipient never heard of it
        or_(_may_see(reader, message.c.sender, message.c.sender), message.c.outcome == "accepted"),
        _may_see(reader, message.c.sender, message.c.recipient),
    )
    # ids are unique for their sender only: who reads means its own before that of another
    own_first = case((message.c.sender == reader.participant, 0), else_=1)
    row = connection.execute(select(message).where(seen).order_by(own_first, message.c.id).limit(1)).first()
    if row is None:
        raise Unknown("There is no such message")
    return row


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes as they are kept, with the detached signature where there is one."""

    media_type: str
    signature: str
    body: bytes


def document_of(connection: Connection, reader: Reader, message_id: str) -> Stored:
    """The very bytes of a message.

    Raises:
        Unknown: There is none, or none that the reader may see.
    """
    row = _message(connection, reader, message_id)
    return _stored(connection, row.body_id)


def receipt_of(connection: Connection, reader: Reader, message_id: str) -> Stored:
    """The receipt that a message was given, byte for byte.

    Raises:
        Unknown: There is none, or none that the reader may see.
    """
    row = _message(connection, reader, message_id)
    return _stored(connection, row.receipt_id)


def delivery_receipt_of(connection: Connection, reader: Reader, message_id: str, recipient: str) -> Stored:
    """The receipt that a recipient gave for a message.

    Raises:
        Unknown: There is none, or none that the reader may see.
    """
    row = _message(connection, reader, message_id)
    key = connection.execute(
        select(delivery.c.receipt_id).where(delivery.c.message == row.id, delivery.c.recipient == recipient)
    ).scalar()
    if key is None:
        raise Unknown("There is no such receipt")
    return _stored(connection, key)


def _stored(connection: Connection, key: int) -> Stored:
    row = connection.execute(select(body.c.media_type, body.c.signature, body.c.bytes).where(body.c.id == key)).one()
    return Stored(row.media_type, row.signature, row.bytes)


def held(connection: Connection, reader: Reader) -> Mapping[str, Any]:
    """All that is held, the oldest first.

    Raises:
        NotPermitted: The reader is no operator.
    """
    if reader.role != "operator":
        raise NotPermitted("Only an operator sees what is held")
    rows = connection.execute(
        select(message, body.c.bytes)
        .join(body, body.c.id == message.c.receipt_id)
        .where(message.c.outcome == "held")
        .order_by(message.c.id)
    )
    return {
        "held": [
            {
                "messageId": row.message_id,
                "sender": row.sender,
                "receivedAt": row.received_at,
                "judgeAgainAt": row.judge_again_at,
                "waitsFor": row.waits_for,
                "givesUpAt": row.gives_up_at,
                "receipt": orjson.loads(row.bytes),
            }
            for row in rows
        ]
    }


def exchange_by_id(connection: Connection, reader: Reader, exchange_id: str, terms: Terms) -> Mapping[str, Any]:
    """An exchange with all that belongs to it, in the order it happened.

    Raises:
        Unknown: There is none, or none that the reader may see.
    """
    row = connection.execute(
        select(exchange, delivered_at).where(
            exchange.c.id == exchange_id, _may_see(reader, exchange.c.sender, exchange.c.recipient)
        )
    ).first()
    if row is None:
        raise Unknown("There is no such exchange")
    messages = connection.execute(
        select(message).where(message.c.exchange_id == exchange_id).order_by(message.c.id)
    ).all()
    events = connection.execute(select(audit).where(audit.c.exchange_id == exchange_id).order_by(audit.c.position))
    return {
        **_exchange(row, terms),
        "allowedSteps": [step.value for step in allowed(State(row.state))],
        "keys": [
            {"kind": key.kind, "value": key.value}
            for key in connection.execute(select(exchange_key).where(exchange_key.c.exchange_id == exchange_id))
        ],
        "messages": [
            {
                "messageId": item.message_id,
                "sender": item.sender,
                "recipient": item.recipient,
                "kind": item.kind,
                "functionCode": item.function_code,
                "contentDigest": item.content_digest,
                "receivedAt": item.received_at,
            }
            for item in messages
        ],
        "deliveries": _deliveries(connection, delivery.c.exchange_id == exchange_id, terms),
        "timeline": [
            {"position": e.position, "at": e.at, "event": e.event, "participant": e.participant, "digest": e.digest}
            for e in events
        ],
    }


def match_of(
    connection: Connection, reader: Reader, exchange_id: str, terms: Terms, language: str
) -> Mapping[str, Any]:
    """Export against import: what was declared beside what the import information says, figure by figure.

    Raises:
        Unknown: There is no such exchange, none that the reader may see, or no import information in it yet.
    """
    seen = exchange_by_id(connection, reader, exchange_id, terms)
    declared = store.latest_declaration(connection, exchange_id)
    imported = store.latest_event(connection, exchange_id, seen["recipient"], "IMP")
    agreement = terms.of(str(seen["agreement"]))
    if declared is None or imported is None or agreement is None:
        raise Unknown("There is no import information in this exchange")
    report = match(imported.border_event, declared.declaration, agreement)
    return {"exchangeId": exchange_id, **as_json(report), "text": match_report_text(report, language)}


def _exchange(row: Any, terms: Terms) -> dict[str, Any]:
    return {
        "exchangeId": row.id,
        "sender": row.sender,
        "recipient": row.recipient,
        "reference": row.reference,
        "agreement": row.agreement,
        "state": row.state,
        "version": row.version,
        "createdAt": row.created_at,
        "updatedAt": row.updated_at,
        **owed(row, terms),
    }


def _deliveries(connection: Connection, which: ColumnElement[bool], terms: Terms) -> list[dict[str, Any]]:
    rows = connection.execute(
        select(delivery, message.c.message_id, message.c.received_at, exchange.c.agreement)
        .join(message, message.c.id == delivery.c.message)
        .join(exchange, exchange.c.id == delivery.c.exchange_id)
        .where(which)
        .order_by(delivery.c.id)
    )
    return [
        {
            "messageId": row.message_id,
            "recipient": row.recipient,
            "state": row.state,
            "attempts": row.attempts,
            "deliveredAt": row.receipt_at if row.state == "delivered" else None,
            "problem": row.problem,
            "overdue": proven_late(row, terms),
        }
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for; everything given must fit.

    Attributes:
        reference: The declarant's reference.
        plate: Plate of the tractor or of a trailer, in any way of writing.
        container: Container number.
        waybill: Number of a transport document.
        batch: Number of a batch of vehicles; or the reference of a declaration that is a batch of its own.
        state: State of the exchange.
        updated_from: Not before (UTC).
        updated_until: Not after (UTC).
        overdue: Only those in which the authority's decision is overdue.
        most: At most so many, the latest first.
        before: Continue after the last of the page before: its `updatedAt` and `exchangeId`, joined by a comma.
    """

    reference: str | None = None
    plate: str | None = None
    container: str | None = None
    waybill: str | None = None
    batch: str | None = None
    state: State | None = None
    updated_from: datetime | None = None
    updated_until: datetime | None = None
    overdue: bool = False
    most: int = 50
    before: str | None = None


def search(connection: Connection, reader: Reader, wanted: Search, terms: Terms) -> Mapping[str, Any]:
    """The exchanges that fit, the latest first, and where to continue."""
    query = select(exchange, delivered_at).where(_may_see(reader, exchange.c.sender, exchange.c.recipient))
    if wanted.overdue:
        query = query.where(is_overdue(terms))
    rows = connection.execute(
        _fitting(query, wanted).order_by(exchange.c.updated_at.desc(), exchange.c.id.desc()).limit(wanted.most + 1)
    ).all()
    page = rows[: wanted.most]
    following = f"{page[-1].updated_at},{page[-1].id}" if len(rows) > wanted.most else None
    return {"exchanges": [_exchange(row, terms) for row in page], "next": following}


def _fitting(query: Select[Any], wanted: Search) -> Select[Any]:
    if wanted.reference:
        query = query.where(exchange.c.reference == wanted.reference)
    if wanted.state:
        query = query.where(exchange.c.state == wanted.state.value)
    if wanted.updated_from:
        query = query.where(exchange.c.updated_at >= stored(wanted.updated_from))
    if wanted.updated_until:
        query = query.where(exchange.c.updated_at <= stored(wanted.updated_until))
    if wanted.before:
        at, _, last = wanted.before.partition(",")
        query = query.where(or_(exchange.c.updated_at < at, and_(exchange.c.updated_at == at, exchange.c.id < last)))
    if wanted.plate:
        # the country is not known here: plates are kept with Cyrillic letters made Latin or, where those are data, not
        plates = {normalise_plate(wanted.plate, country) for country in ("", "CN")}
        query = query.where(_has_key("plate", plates))
    if wanted.container:
        query = query.where(_has_key("container", {store.container_key(wanted.container)[: store.LONGEST_KEY]}))
    if wanted.waybill:
        query = query.where(_has_key("waybill", {comparable(wanted.waybill)[: store.LONGEST_KEY]}))
    if wanted.batch:
        query = query.where(or_(exchange.c.reference == wanted.batch, _has_key("batch", {wanted.batch})))
    return query


def _has_key(kind: str, values: set[str]) -> ColumnElement[bool]:
    return (
        select(exchange_key.c.value)
        .where(
            exchange_key.c.exchange_id == exchange.c.id,
            exchange_key.c.kind == kind,
            exchange_key.c.value.in_(values),
        )
        .exists()
    )
