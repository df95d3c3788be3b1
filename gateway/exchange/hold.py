"""Judge held messages again: what could not be checked before may be by now."""

from __future__ import annotations

import asyncio
from functools import partial

import structlog
from sqlalchemy import Connection, delete, select, update

from gateway.errors import GatewayError, TrustUnknown
from gateway.exchange import record as store
from gateway.exchange.accept import JUDGE_AGAIN, judge, record
from gateway.exchange.gateway import Gateway
from gateway.opening import Received, verify
from gateway.storage.clock import stored
from gateway.storage.tables import body, message

log = structlog.get_logger("torugart.hold")


async def judge_again_forever(gateway: Gateway, *, every: float = 5.0) -> None:
    """Judge again what is due, as long as the process lives."""
    while True:
        await asyncio.sleep(every)
        try:
            await judge_again(gateway)
        except Exception as problem:
            log.warning("judging-paused", problem=type(problem).__name__, exc_info=problem)


async def judge_again(gateway: Gateway, *, most: int = 20) -> int:
    """Judge the held messages whose time has come; returns how many are no longer held."""
    now = gateway.clock()
    due = gateway.read(
        lambda connection: connection.execute(
            select(message.c.id, body.c.media_type, body.c.signature, body.c.bytes)
            .join(body, body.c.id == message.c.body_id)
            .where(message.c.outcome == "held", message.c.judge_again_at <= stored(now))
            .limit(most)
        ).all()
    )
    decided = 0
    for row in due:
        received = Received(row.bytes, row.media_type, row.signature)
        decided += await asyncio.wrap_future(
            gateway.writer.submit(partial(_decide, key=row.id, received=received, gateway=gateway))
        )
    if decided:
        gateway.wake()
    return decided


def _decide(connection: Connection, key: int, received: Received, gateway: Gateway) -> bool:
    """In one transaction: out of the held, and recorded as any message; or held for another while."""
    now = gateway.clock()
    try:
        verified = verify(received, gateway.trust(), now)
    except TrustUnknown:
        connection.execute(update(message).where(message.c.id == key).values(judge_again_at=stored(now + JUDGE_AGAIN)))
        return False
    except GatewayError as refusal:
        connection.execute(update(message).where(message.c.id == key).values(judge_again_at=None, outcome="refused"))
        store.append_audit(
            connection,
            event="held-refused",
            exchange_id=None,
            participant=None,
            data={"problem": refusal.code, "detail": refusal.detail},
            now=now,
        )
        return True
    connection.execute(delete(message).where(message.c.id == key))
    record(connection, judge(verified, gateway, now), gateway, now)
    return True
