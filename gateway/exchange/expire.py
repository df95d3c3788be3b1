"""Expire: end what has not arrived in time, and tell both sides."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy import Connection, select, update

from gateway.exchange import record as store
from gateway.exchange.accept import apply_waiting
from gateway.exchange.gateway import Gateway
from gateway.exchange.notice import tell_expired
from gateway.exchange.reference import Reference
from gateway.exchange.state import State, Step, after
from gateway.storage.clock import stored
from gateway.storage.tables import exchange

log = structlog.get_logger("torugart.expire")

ACTIVE = tuple(state.value for state in State if after(state, Step.EXPIRE) is not None)


async def expire_due(gateway: Gateway, *, most: int = 50) -> int:
    """Expire the exchanges whose goods have not arrived in time, and tell both sides; how many."""
    now = gateway.clock()
    ids = gateway.read(
        lambda connection: (
            connection.execute(
                select(exchange.c.id)
                .where(exchange.c.expires_at <= stored(now), exchange.c.state.in_(ACTIVE))
                .order_by(exchange.c.expires_at)
                .limit(most)
            )
            .scalars()
            .all()
        )
    )
    expired = 0  # each at a moment of its own: some national forms number a message by its time
    for exchange_id in ids:
        job = gateway.writer.submit(partial(_expire, exchange_id=exchange_id, gateway=gateway, now=gateway.clock()))
        try:
            expired += await asyncio.wrap_future(job)
        except Exception:  # a bug with one exchange must not stop the others
            log.exception("bug", exchange=exchange_id)
    if expired:
        gateway.wake()
    return expired


def _expire(connection: Connection, exchange_id: str, gateway: Gateway, now: datetime) -> bool:
    row = store.exchange_with_id(connection, exchange_id)
    following = after(State(row.state), Step.EXPIRE)
    if following is None or not row.expires_at or row.expires_at > stored(now):
        return False
    connection.execute(
        update(exchange).where(exchange.c.id == exchange_id).values(state=following.value, updated_at=stored(now))
    )
    tell_expired(connection, replace(row, state=following.value), gateway, now)
    expired = Reference(row.sender, row.recipient, row.reference, "", by_declarant=True)
    apply_waiting(connection, expired, gateway, now)  # an arrival that waited for the acceptance may count now
    return True
