"""Steps 8 and 9 together: a message is recorded with the receipt that proves it, and neither without the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from gateway.exchange import record as store
from gateway.exchange.audit import append_audit
from gateway.exchange.gateway import Gateway
from gateway.message.receipt import Receipt
from gateway.signing import Purpose, sign_detached


@dataclass(frozen=True, slots=True)
class Receipted:
    """A message that is recorded: the key of its row, and its receipt with the gateway's detached JWS over it."""

    row: int
    text: bytes
    signature: str


def put_receipted(
    connection: Connection,
    message: store.Incoming | int,
    receipt: Receipt,
    gateway: Gateway,
    now: datetime,
    *,
    event: str,
    participant: str | None,
    data: Mapping[str, str],
    waiting: store.Waiting = store.NOT_WAITING,
) -> Receipted:
    """Append to the audit log, sign the receipt with its place there, and record the message with it.

    Args:
        connection: Of the transaction.
        message: A new message, or the row of one that was held.
        receipt: What is said of it; its place in the audit log is filled in here.
        gateway: The gateway.
        now: The moment, with offset.
        event: What the audit log calls it.
        participant: Whose doing it is; None where nobody can say.
        data: What the audit log says of it.
        waiting: Why it is held, where it is.
    """
    position = append_audit(
        connection, event=event, exchange_id=receipt.exchange_id, participant=participant, data=data, now=now
    )
    receipt = receipt.model_copy(update={"audit_position": position})
    text = receipt.to_bytes()
    signature = sign_detached(text, gateway.key, purpose=Purpose.RECEIPT, signing_time=now)
    receipt_id = store.put_receipt(connection, text, signature)
    if isinstance(message, store.Incoming):
        row = store.put_message(connection, message, receipt, receipt_id, waiting)
    else:
        row = message
        store.decide_message(connection, row, receipt, receipt_id, waiting)
    return Receipted(row, text, signature)
