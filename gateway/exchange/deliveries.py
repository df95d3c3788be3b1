"""Deliveries: what is to be sent to whom, and whose turn it is.

Every function works on a connection whose transaction belongs to the caller.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select, update

from gateway.storage.clock import stored
from gateway.storage.tables import audit, body, delivery, exchange, message


def put_delivery(connection: Connection, row: int, exchange_id: str, recipient: str, now: datetime) -> None:
    """Something to deliver, due at once."""
    connection.execute(
        insert(delivery).values(
            message=row,
            exchange_id=exchange_id,
            recipient=recipient,
            state="waiting",
            attempts=0,
            due_at=stored(now),
        )
    )


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery that was claimed: what to send to whom."""

    id: int
    exchange_id: str
    recipient: str
    attempts: int
    sender: str
    message_id: str
    kind: str
    function_code: str
    content_digest: str
    agreement: str
    state: str
    received_at: str
    audit_position: int
    media_type: str
    signature: str
    body: bytes


def claim(
    connection: Connection,
    *,
    now: datetime,
    until: datetime,
    longest: timedelta,
    underway: Mapping[int, str],
    at_once: int,
    to_one: int,
    not_to: frozenset[str],
) -> tuple[Due, ...]:
    """Step 10: what is due, the oldest of each exchange and recipient only, hidden from others until a moment.

    Whoever claims and dies loses nothing: after `until` the delivery is due again.

    Args:
        connection: Where.
        now: The moment.
        until: The end of the lease.
        longest: Later than this after now nothing can have been put off.
        underway: The recipient of each delivery that the caller is sending now; it waits, and is not claimed again.
        at_once: Places: how many may be underway.
        to_one: How many of them one recipient may have.
        not_to: Recipients that are left alone.
    """
    earlier = delivery.alias()
    blocked = (
        select(earlier.c.id)
        .where(
            earlier.c.exchange_id == delivery.c.exchange_id,
            earlier.c.recipient == delivery.c.recipient,
            earlier.c.state == "waiting",
            earlier.c.id < delivery.c.id,
        )
        .exists()
    )
    query = (
        select(delivery.c.due_at, delivery.c.id)
        .where(delivery.c.state == "waiting", delivery.c.id.not_in(underway), _due(now, longest), ~blocked)
        .order_by(delivery.c.due_at, delivery.c.id)
        .with_for_update(skip_locked=True)
    )
    recipients = select(delivery.c.recipient).where(delivery.c.state == "waiting").distinct()
    taken = Counter(underway.values())
    found: list[tuple[str, int]] = []
    for recipient in connection.execute(recipients).scalars().all():
        if recipient not in not_to and (places := to_one - taken[recipient]) > 0:
            oldest = connection.execute(query.where(delivery.c.recipient == recipient).limit(places))
            found += [(row.due_at, row.id) for row in oldest]
    ids = [row for _, row in sorted(found)[: at_once - len(underway)]]
    if not ids:
        return ()
    connection.execute(
        update(delivery).where(delivery.c.id.in_(ids)).values(due_at=stored(until), attempts=delivery.c.attempts + 1)
    )
    position = select(func.max(audit.c.position)).where(audit.c.exchange_id == delivery.c.exchange_id).scalar_subquery()
    rows = connection.execute(
        select(
            delivery.c.id,
            delivery.c.exchange_id,
            delivery.c.recipient,
            delivery.c.attempts,
            message.c.sender,
            message.c.message_id,
            message.c.kind,
            message.c.function_code,
            message.c.content_digest,
            exchange.c.agreement,
            exchange.c.state,
            message.c.received_at,
            position,
            body.c.media_type,
            body.c.signature,
            body.c.bytes,
        )
        .join(message, message.c.id == delivery.c.message)
        .join(exchange, exchange.c.id == delivery.c.exchange_id)
        .join(body, body.c.id == message.c.body_id)
        .where(delivery.c.id.in_(ids))
        .order_by(delivery.c.id)
    )
    return tuple(Due(*tuple(row)) for row in rows)


def _due(now: datetime, longest: timedelta) -> ColumnElement[bool]:
    """What is due now; and what is due later than anything can be put off, because the clock was moved back."""
    return or_(delivery.c.due_at <= stored(now), delivery.c.due_at > stored(now + longest))


def newer_waits(connection: Connection, due: Due, functions: Sequence[str]) -> bool:
    """Whether a later message of the same kind, with one of these functions, waits for the same recipient."""
    row = connection.execute(
        select(delivery.c.id)
        .join(message, message.c.id == delivery.c.message)
        .where(
            delivery.c.exchange_id == due.exchange_id,
            delivery.c.recipient == due.recipient,
            delivery.c.id > due.id,
            message.c.kind == due.kind,
            message.c.function_code.in_(functions),
        )
        .limit(1)
    ).first()
    return row is not None
