"""The audit log: a chain of entries, each of which covers the one before it.

Every function works on a connection whose transaction belongs to the caller.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, desc, func, insert, select

from gateway.storage.clock import stored
from gateway.storage.tables import audit

GENESIS = "sha-256:" + "0" * 64
"""What the first entry covers."""


def append_audit(
    connection: Connection,
    *,
    event: str,
    exchange_id: str | None,
    participant: str | None,
    data: Mapping[str, str],
    now: datetime,
) -> int:
    """Append to the hash-chained audit log; returns the position.

    Each entry's digest covers the digest before it, so that nothing can be taken out or changed unnoticed.
    """
    if connection.dialect.name == "postgresql":  # one chain: whoever appends waits for the one before
        connection.execute(select(func.pg_advisory_xact_lock(7283642)))
    last = connection.execute(
        select(audit.c.position, audit.c.digest).order_by(desc(audit.c.position)).limit(1)
    ).first()
    position, previous = (last.position + 1, last.digest) if last else (1, GENESIS)
    text = orjson.dumps(dict(data), option=orjson.OPT_SORT_KEYS).decode()
    entry = {
        "position": position,
        "at": stored(now),
        "event": event,
        "exchange_id": exchange_id,
        "participant": participant,
        "data": text,
        "previous": previous,
    }
    connection.execute(insert(audit).values(**entry, digest=audit_digest(entry)))
    return position


def audit_digest(entry: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of an audit entry without its own digest."""
    fields = {
        name: entry[name] for name in ("position", "at", "event", "exchange_id", "participant", "data", "previous")
    }
    return "sha-256:" + hashlib.sha256(orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)).hexdigest()
