"""The tables.

The bytes of a message lie in a table of their own that is only ever inserted into; what changes (deliveries, the
state of an exchange) are narrow rows. Times are UTC, stored as ISO 8601 text with milliseconds, which sorts as time
does in every database. Migrations (`gateway/storage/migrations`) make these tables; a test holds the two together.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

tables = MetaData()

_Key = BigInteger().with_variant(Integer, "sqlite")

exchange = Table(
    "exchange",
    tables,
    Column("id", String(36), primary_key=True),
    Column("sender", String(17), nullable=False),
    Column("recipient", String(17), nullable=False),
    Column("reference", String(35), nullable=False),
    Column("agreement", String(60), nullable=False),
    Column("state", String(30), nullable=False),
    Column("version", Integer, nullable=False),
    Column("test", Boolean, nullable=False, server_default=false(), comment="Its declaration was marked as a test"),
    Column("created_at", String(24), nullable=False),
    Column("updated_at", String(24), nullable=False),
    Column("expires_at", String(24), nullable=True, comment="When it expires unless the goods have arrived"),
    UniqueConstraint("sender", "recipient", "reference", name="exchange_reference"),
    Index("exchange_updated", "updated_at", "id"),
    Index("exchange_expires", "expires_at"),
)

exchange_key = Table(
    "exchange_key",
    tables,
    Column("exchange_id", String(36), ForeignKey("exchange.id"), primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("value", String(35), primary_key=True),
    Index("exchange_key_value", "kind", "value"),
    comment="What an exchange is looked up by: plate, container, waybill, batch",
)

body = Table(
    "body",
    tables,
    Column("id", _Key, primary_key=True, autoincrement=True),
    Column("media_type", String(60), nullable=False),
    Column("signature", Text, nullable=False, comment="Detached JWS of a JSON body; empty where it is enveloped"),
    Column("bytes", LargeBinary, nullable=False),
)

message = Table(
    "message",
    tables,
    Column("id", _Key, primary_key=True, autoincrement=True),
    Column("sender", String(17), nullable=False),
    Column("message_id", String(36), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("function_code", String(3), nullable=False),
    Column("recipient", String(17), nullable=False),
    Column("exchange_id", String(36), ForeignKey("exchange.id"), nullable=True),
    Column("outcome", String(10), nullable=False),
    Column("content_digest", String(80), nullable=False),
    Column("received_at", String(24), nullable=False),
    Column("body_id", _Key, ForeignKey("body.id"), nullable=False),
    Column("receipt_id", _Key, ForeignKey("body.id"), nullable=False),
    Column("applied", _Key, nullable=False, comment="Audit position of the decision: their order"),
    Column("judge_again_at", String(24), nullable=True, comment="When a held message is judged again"),
    Column("waits_for", String(80), nullable=True, comment="What overtook another waits for: the exchange it names"),
    Column("gives_up_at", String(24), nullable=True, comment="When it has waited long enough, and is refused"),
    Column("released_at", String(24), nullable=True, comment="When an operator let it through"),
    UniqueConstraint("sender", "message_id", name="message_identity"),
    Index("message_exchange", "exchange_id"),
    Index("message_judge_again", "judge_again_at"),
    Index("message_waits_for", "waits_for", "id"),
    Index("message_gives_up", "gives_up_at"),
)

delivery = Table(
    "delivery",
    tables,
    Column("id", _Key, primary_key=True, autoincrement=True),
    Column("message", _Key, ForeignKey("message.id"), nullable=False),
    Column("exchange_id", String(36), ForeignKey("exchange.id"), nullable=False),
    Column("recipient", String(17), nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", String(24), nullable=False),
    Column("receipt_at", String(24), nullable=True),
    Column("problem", String(500), nullable=True),
    Column("receipt_id", _Key, ForeignKey("body.id"), nullable=True),
    Index("delivery_due", "state", "recipient", "due_at"),
    Index("delivery_order", "exchange_id", "recipient", "id"),
)

audit = Table(
    "audit",
    tables,
    Column("position", _Key, primary_key=True, autoincrement=False),
    Column("at", String(24), nullable=False),
    Column("event", String(40), nullable=False),
    Column("exchange_id", String(36), nullable=True),
    Column("participant", String(17), nullable=True),
    Column("data", Text, nullable=False),
    Column("previous", String(80), nullable=False),
    Column("digest", String(80), nullable=False),
    Index("audit_exchange", "exchange_id", "position"),
)
