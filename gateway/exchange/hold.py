"""Decide about held messages: what could not be checked, what waits for another, what an operator must look at."""

from __future__ import annotations

import asyncio
import uuid
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy import Connection, delete, update

from gateway.errors import GatewayError, MessageConflict, NotPermitted, TrustUnknown, Unknown
from gateway.exchange import record as store
from gateway.exchange.accept import (
    JUDGE_AGAIN,
    Answer,
    Judged,
    decide,
    forgiven,
    judge,
    judge_held,
    record,
    tell_sender,
)
from gateway.exchange.audit import append_audit
from gateway.exchange.gateway import Gateway
from gateway.exchange.receipt import put_receipted
from gateway.exchange.reference import reference_of
from gateway.message.canonical import bytes_digest
from gateway.message.leaf import to_millisecond
from gateway.message.metadata import DeclarationMessage, Message
from gateway.message.receipt import Outcome, Receipt
from gateway.opening import look, verify
from gateway.signing import Reader, Role
from gateway.storage.clock import stored
from gateway.storage.tables import message

log = structlog.get_logger("torugart.hold")


async def look_after_held(gateway: Gateway) -> int:
    """Judge again what could not be judged, and give up what has waited long enough; how many were decided."""
    now = gateway.clock()
    decided = 0
    due = gateway.read(lambda c: store.held_messages(c, message.c.judge_again_at <= stored(now)))
    late = gateway.read(lambda c: store.held_messages(c, message.c.gives_up_at <= stored(now)))
    jobs = [partial(_judge_again, held=held, gateway=gateway, now=now) for held in due]
    jobs += [partial(_give_up, held=held, gateway=gateway, now=now) for held in late]
    for job in jobs:
        try:
            decided += await asyncio.wrap_future(gateway.writer.submit(job))
        except Exception:  # a bug with one message must not stop the others
            log.exception("bug", held=job.keywords["held"].row)
    if decided:
        gateway.wake()
    return decided


def _judge_again(connection: Connection, held: store.HeldMessage, gateway: Gateway, now: datetime) -> bool:
    """In one transaction: out of the held, and recorded as any message; or held for another while."""
    try:
        verified = verify(held.received, gateway.trust(), now)
    except TrustUnknown:
        again = stored(now + JUDGE_AGAIN)
        connection.execute(update(message).where(message.c.id == held.row).values(judge_again_at=again))
        return False
    except GatewayError as refusal:
        _refuse(connection, held, refusal, gateway, now)
        return True
    try:
        with connection.begin_nested():
            connection.execute(delete(message).where(message.c.id == held.row))
            record(connection, judge(verified, gateway, held.received_at), gateway, now)
    except MessageConflict as refusal:  # while it was held, its sender used the id for something else
        _refuse(connection, held, refusal, gateway, now)
    return True


def _refuse(
    connection: Connection, held: store.HeldMessage, refusal: GatewayError, gateway: Gateway, now: datetime
) -> None:
    """What turned out to be untrusted, or to use an id again: refused, with a receipt that says why.

    Its sender is told where it once was trusted, and there is an exchange to tell it in.
    """
    receipt = Receipt(
        type=f"urn:torugart:problem:{refusal.code}",
        title="The message is refused after it was held",
        status=422,
        detail=refusal.detail,
        outcome=Outcome.REFUSED,
        receipt_id=str(uuid.uuid4()),
        issued_at=to_millisecond(now),
        issuer=gateway.participant,
        message_id=held.message_id if held.sender else None,
        sender=held.sender or None,
        message_digest=bytes_digest(held.received.body),
    )
    data = {
        "message": held.message_id,
        "bytes": receipt.message_digest,
        "problem": refusal.code,
        "detail": refusal.detail,
    }
    participant = held.sender or None
    put_receipted(connection, held.row, receipt, gateway, now, event="held-refused", participant=participant, data=data)
    if held.sender:
        tell_sender(connection, look(held.received).message, receipt, gateway, now)


def _give_up(connection: Connection, held: store.HeldMessage, gateway: Gateway, now: datetime) -> bool:
    """What it waited for did not come: refused, with the reason it waited for.

    It may have been decided since it was found to be late: only what is still held is.
    """
    if not store.held_messages(connection, message.c.id == held.row, message.c.gives_up_at <= stored(now)):
        return False
    try:
        judged = judge_held(held, gateway)
    except TrustUnknown:  # nothing is refused for what cannot be checked now
        later = stored(now + JUDGE_AGAIN)
        connection.execute(update(message).where(message.c.id == held.row).values(gives_up_at=later))
        return False
    except GatewayError as refusal:
        _refuse(connection, held, refusal, gateway, now)
        return True
    if _for_an_operator(connection, judged):
        later = stored(now + JUDGE_AGAIN)
        connection.execute(update(message).where(message.c.id == held.row).values(gives_up_at=later))
        return False
    decide(connection, judged, gateway, now, row=held.row, may_wait=False)
    return True


_WAITS_FOR_NOBODY = message.c.waits_for.is_(None) & message.c.judge_again_at.is_(None)
"""Of the held messages, those that an operator must look at."""


def _for_an_operator(connection: Connection, judged: Judged) -> bool:
    """Whether what a message waits for is here, and an operator has not looked at it yet."""
    waiting = judged.verified.message
    if not isinstance(waiting, Message):
        return False
    wanted = reference_of(waiting).key
    held = store.held_messages(connection, _WAITS_FOR_NOBODY, message.c.kind == "declaration", most=None)
    read = (look(one.received).message for one in held)
    return any(wanted in reference_of(one).awaited for one in read if isinstance(one, DeclarationMessage))


async def release(message_id: str, sender: str | None, reader: Reader, gateway: Gateway) -> Answer:
    """An operator lets a held message through: what held it becomes a warning. Nothing else is forgiven.

    Raises:
        NotPermitted: The asker is no operator.
        Unknown: No such message is held for an operator.
        MessageConflict: Messages of several senders are held under this id, and none is named.
        UntrustedMessage: Its signer cannot be trusted any more.
        TrustUnknown: That cannot be judged now.
    """
    if reader.role is not Role.OPERATOR:
        raise NotPermitted("Only an operator releases a held message")
    now = gateway.clock()
    answer = await asyncio.wrap_future(
        gateway.writer.submit(lambda connection: _release(connection, message_id, sender, reader, gateway, now))
    )
    gateway.wake()
    return answer


def _release(
    connection: Connection, message_id: str, sender: str | None, reader: Reader, gateway: Gateway, now: datetime
) -> Answer:
    listed = store.held_messages(connection, message.c.message_id == message_id, _WAITS_FOR_NOBODY)
    meant = [one for one in listed if sender in (None, one.sender)]
    if not meant:
        raise Unknown("No such message is held for an operator")
    if len(meant) > 1:
        raise MessageConflict(f"Held under this id are messages of {', '.join(one.sender for one in meant)}: say whose")
    (held,) = meant
    released = forgiven(judge_held(held, gateway))
    connection.execute(update(message).where(message.c.id == held.row).values(released_at=stored(now)))
    data = {"message": message_id, "sender": held.sender}
    append_audit(
        connection, event="held-released", exchange_id=None, participant=reader.participant, data=data, now=now
    )
    return decide(connection, released, gateway, now, row=held.row)
