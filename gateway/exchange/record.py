"""What the gateway remembers: the queries behind accepting, delivering and tracing.

Every function works on a connection whose transaction belongs to the caller.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, insert, or_, select, update

from gateway.exchange.figures import comparable
from gateway.exchange.state import NOT_CROSSED
from gateway.message.border_event import BorderEvent
from gateway.message.declaration import Declaration
from gateway.message.metadata import (
    BorderEventMessage,
    CommunicationMetaData,
    DeclarationMessage,
    MetaData,
    ResponseMessage,
)
from gateway.message.receipt import Outcome, Receipt
from gateway.opening import Received, look
from gateway.storage.clock import moment, stored
from gateway.storage.tables import body, exchange, exchange_key, message
from gateway.validation.identifiers import normalise_plate
from gateway.validation.walk import is_trailer

if TYPE_CHECKING:
    from gateway.exchange.place import Placed

LONGEST_KEY = 35
"""Characters of a key that are kept: who looks something up by a longer one looks at the document as well."""


@dataclass(frozen=True, slots=True)
class KnownMessage:
    """A message that was recorded before, with the receipt it was given."""

    content_digest: str
    receipt: bytes
    receipt_signature: str
    status: int


def known_message(connection: Connection, sender: str, message_id: str) -> KnownMessage | None:
    """The message a sender has sent under an id."""
    row = connection.execute(
        select(message.c.content_digest, message.c.outcome, body.c.bytes, body.c.signature)
        .join(body, body.c.id == message.c.receipt_id)
        .where(message.c.sender == sender, message.c.message_id == message_id)
    ).first()
    if row is None:
        return None
    return KnownMessage(row.content_digest, row.bytes, row.signature, 422 if row.outcome == Outcome.REFUSED else 202)


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """An exchange as it stands."""

    id: str
    sender: str
    recipient: str
    reference: str
    agreement: str
    state: str
    version: int
    test: bool
    created_at: str
    expires_at: str | None

    @property
    def cited(self) -> tuple[str, str]:
        """Id and version of the agreement under which it was opened."""
        name, _, version = self.agreement.rpartition("/")
        return name, version


_EXCHANGE = tuple(exchange.c[each.name] for each in fields(ExchangeRow))


VERSIONS = (
    message.c.kind == "declaration",
    message.c.outcome == Outcome.ACCEPTED.value,
    message.c.function_code.in_(("9", "5", "4")),
)
"""The messages that each make a version: an original, its replacements and its changes."""


def exchange_named(connection: Connection, declarant: str, recipient: str, number: str) -> ExchangeRow | None:
    """The exchange that a declarant opened towards a recipient; its row is held until the transaction ends."""
    row = connection.execute(
        select(*_EXCHANGE)
        .where(exchange.c.sender == declarant, exchange.c.recipient == recipient, exchange.c.reference == number)
        .with_for_update()
    ).first()
    return ExchangeRow(*row) if row else None


def exchange_with_id(connection: Connection, exchange_id: str) -> ExchangeRow:
    """An exchange that is there; its row is held until the transaction ends."""
    return ExchangeRow(
        *connection.execute(select(*_EXCHANGE).where(exchange.c.id == exchange_id).with_for_update()).one()
    )


def exchange_of_conversation(connection: Connection, head: CommunicationMetaData) -> ExchangeRow | None:
    """The exchange of the declaration that a Response follows, by that message's id.

    The responding participant must be the one to whom the declaration went.
    """
    row = connection.execute(
        select(*_EXCHANGE)
        .join(message, message.c.exchange_id == exchange.c.id)
        .where(
            message.c.sender == head.recipient.id,
            message.c.message_id == (head.conversation_reference_id or ""),
            message.c.kind == "declaration",
            exchange.c.recipient == head.sender.id,
        )
        .with_for_update(of=exchange)
    ).first()
    return ExchangeRow(*row) if row else None


def exchange_of_message(connection: Connection, sender: str, message_id: str) -> str | None:
    """The exchange of a message that a participant sent."""
    return connection.execute(
        select(message.c.exchange_id).where(message.c.sender == sender, message.c.message_id == message_id)
    ).scalar()


def version_answered(connection: Connection, exchange_id: str, message_id: str) -> int | None:
    """The version that a message of an exchange made: counted, as each version is a message of its own."""
    applied = connection.execute(
        select(message.c.applied).where(
            message.c.exchange_id == exchange_id, message.c.message_id == message_id, *VERSIONS
        )
    ).scalar()
    if applied is None:
        return None
    return connection.execute(
        select(func.count())
        .select_from(message)
        .where(message.c.exchange_id == exchange_id, message.c.applied <= applied, *VERSIONS)
    ).scalar_one()


def opened_at(connection: Connection, exchange_id: str) -> datetime:
    """When the declaration that opened an exchange was received: not when it was let through, if it was held."""
    received = connection.execute(
        select(message.c.received_at)
        .where(message.c.exchange_id == exchange_id, *VERSIONS)
        .order_by(message.c.applied)
        .limit(1)
    ).scalar_one()
    return moment(received)


def latest_declaration(connection: Connection, exchange_id: str) -> DeclarationMessage | None:
    """The declaration in force: the last original or replacement that was accepted."""
    found = _latest(
        connection,
        message.c.exchange_id == exchange_id,
        message.c.kind == "declaration",
        message.c.function_code.in_(("9", "5")),
    )
    return found if isinstance(found, DeclarationMessage) else None


def latest_version(connection: Connection, exchange_id: str) -> MetaData | None:
    """The message that made the version that holds: an original, a replacement or a change in part."""
    return _latest(connection, message.c.exchange_id == exchange_id, *VERSIONS)


def latest_response(connection: Connection, exchange_id: str) -> ResponseMessage | None:
    """The last answer that was accepted."""
    found = _latest(connection, message.c.exchange_id == exchange_id, message.c.kind == "response")
    return found if isinstance(found, ResponseMessage) else None


def latest_event(connection: Connection, exchange_id: str, sender: str, kind: str) -> BorderEventMessage | None:
    """The last event of a kind that a participant told."""
    found = _latest(
        connection,
        message.c.exchange_id == exchange_id,
        message.c.kind == "border-event",
        message.c.sender == sender,
        message.c.function_code == kind,
    )
    return found if isinstance(found, BorderEventMessage) else None


def told_on_the_way(connection: Connection, exchange_id: str) -> tuple[BorderEvent | Declaration, ...]:
    """What its declarant has told of the vehicle since it was declared: departures and additions, the oldest first."""
    departures = and_(message.c.kind == "border-event", message.c.function_code == "DEP")
    additions = and_(message.c.kind == "declaration", message.c.function_code == "2")
    rows = connection.execute(
        _accepted(message.c.exchange_id == exchange_id, or_(departures, additions)).order_by(message.c.applied)
    )
    found = (_content(row) for row in rows)
    return tuple(
        one.border_event if isinstance(one, BorderEventMessage) else one.declaration
        for one in found
        if isinstance(one, BorderEventMessage | DeclarationMessage)
    )


def _latest(connection: Connection, *which: ColumnElement[bool]) -> MetaData | None:
    row = connection.execute(_accepted(*which).order_by(message.c.applied.desc()).limit(1)).first()
    return _content(row) if row else None


def _accepted(*which: ColumnElement[bool]) -> Select[Any]:
    return (
        select(body.c.bytes, body.c.media_type, body.c.signature)
        .join(message, message.c.body_id == body.c.id)
        .where(message.c.outcome == "accepted", *which)
    )


def _content(row: Row[Any]) -> MetaData | None:
    return look(Received(row.bytes, row.media_type, row.signature)).message


def exchanges_with(
    connection: Connection, declarant: str, recipient: str, kind: str, values: Collection[str], *, test: bool
) -> tuple[ExchangeRow, ...]:
    """The exchanges of a declarant towards a recipient that were ever found under a key; the oldest first."""
    return _exchanges(connection, declarant, recipient, _ever_under(kind, values), test)


def exchanges_of_batch(connection: Connection, one: ExchangeRow, number: str) -> tuple[ExchangeRow, ...]:
    """The exchanges like one that were ever of a batch, and that whose reference is its number; the oldest first."""
    which = or_(exchange.c.reference == number, _ever_under("batch", (number,)))
    return _exchanges(connection, one.sender, one.recipient, which, one.test)


def _ever_under(kind: str, values: Collection[str]) -> ColumnElement[bool]:
    kept = [value[:LONGEST_KEY] for value in values]
    return exchange.c.id.in_(
        select(exchange_key.c.exchange_id).where(exchange_key.c.kind == kind, exchange_key.c.value.in_(kept))
    )


def _exchanges(
    connection: Connection, declarant: str, recipient: str, which: ColumnElement[bool], test: bool
) -> tuple[ExchangeRow, ...]:
    rows = connection.execute(
        select(*_EXCHANGE)
        .where(exchange.c.sender == declarant, exchange.c.recipient == recipient, exchange.c.test == test, which)
        .order_by(exchange.c.created_at, exchange.c.reference)
    )
    return tuple(ExchangeRow(*row) for row in rows)


def open_with_plates(
    connection: Connection, declarant: str, recipient: str, plates: set[str], *, test: bool
) -> tuple[tuple[str, str], ...]:
    """Reference and plate of each open crossing the same way by one of these plates."""
    rows = connection.execute(
        select(exchange.c.reference, exchange_key.c.value)
        .join(exchange_key, exchange_key.c.exchange_id == exchange.c.id)
        .where(
            exchange_key.c.kind == "plate",
            exchange_key.c.value.in_(plates),
            exchange.c.sender == declarant,
            exchange.c.recipient == recipient,
            exchange.c.state.in_(NOT_CROSSED),
            exchange.c.test == test,
        )
    )
    return tuple((row.reference, row.value) for row in rows)


def put_exchange(connection: Connection, placed: Placed, content: MetaData, now: datetime) -> None:
    """Open an exchange or move it on, and keep what it is looked up by."""
    head = content.communication_meta_data
    if placed.new and isinstance(content, DeclarationMessage):
        connection.execute(
            insert(exchange).values(
                id=placed.exchange_id,
                sender=head.sender.id,
                recipient=head.recipient.id,
                reference=content.declaration.functional_reference_id,
                agreement=f"{head.agreement_id}/{head.agreement_version_id}",
                state=placed.state.value,
                version=placed.version,
                test=bool(head.test_indicator),
                created_at=stored(now),
                updated_at=stored(now),
                expires_at=stored(placed.expires_at) if placed.expires_at else None,
            )
        )
    else:
        changed: dict[str, Any] = {"state": placed.state.value, "version": placed.version, "updated_at": stored(now)}
        if placed.expires_at is not None:
            changed["expires_at"] = stored(placed.expires_at)
        connection.execute(update(exchange).where(exchange.c.id == placed.exchange_id).values(**changed))
    if isinstance(content, DeclarationMessage):
        _put_keys(connection, placed.exchange_id, content)


def _put_keys(connection: Connection, exchange_id: str, content: DeclarationMessage) -> None:
    """What people search by. A replaced declaration keeps its old keys as well."""
    keys = set(search_keys(content))
    present = connection.execute(
        select(exchange_key.c.kind, exchange_key.c.value).where(exchange_key.c.exchange_id == exchange_id)
    )
    new = keys - {(row.kind, row.value) for row in present}
    if new:
        connection.execute(
            insert(exchange_key),
            [{"exchange_id": exchange_id, "kind": kind, "value": value} for kind, value in sorted(new)],
        )


def search_keys(content: DeclarationMessage) -> list[tuple[str, str]]:
    """What a declaration is looked up by: plates as normalised by their country, containers, waybills, its batch."""
    declaration, found = content.declaration, []
    if declaration.batch_id is not None:
        found.append(("batch", declaration.batch_id))
    if (means := declaration.border_transport_means) is not None:
        country = means.registration_nationality_code or ""
        plates = [means.id, *(one.id for one in means.transport_equipment if is_trailer(one))]
        found += [("plate", normalise_plate(plate, country)) for plate in plates if plate]
        containers = [one.id for one in means.transport_equipment if not is_trailer(one)]
        found += [("container", container_key(number)) for number in containers if number]
    for consignment in declaration.consignment:
        containers = [equipment.id for equipment in consignment.transport_equipment]
        found += [("container", container_key(number)) for number in containers if number]
        if (document := consignment.transport_contract_document) is not None and document.id:
            found.append(("waybill", comparable(document.id)))
    return [(kind, value[:LONGEST_KEY]) for kind, value in found]


def container_key(number: str) -> str:
    """A container as it is looked up: letters and digits only, however it was written."""
    return normalise_plate(number, "")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why a message is held.

    Attributes:
        judge_again_at: When it is judged again, where trust could not be judged.
        waits_for: The exchange it names, where it overtook another.
        gives_up_at: When it has waited long enough.
    """

    judge_again_at: datetime | None = None
    waits_for: str | None = None
    gives_up_at: datetime | None = None


NOT_WAITING = Waiting()


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message that is recorded for the first time.

    Attributes:
        sender: Whose it is; "" where nobody could say.
        message_id: Its own id, or what stands for it.
        content: What it says, where that could be read.
        digest: The content digest, or that of the bytes.
        received: The bytes.
        received_at: When they came, with offset.
    """

    sender: str
    message_id: str
    content: MetaData | None
    digest: str
    received: Received
    received_at: datetime


def put_message(connection: Connection, incoming: Incoming, receipt: Receipt, receipt_id: int, waiting: Waiting) -> int:
    """Store a message with its receipt; returns its row."""
    values = {
        "sender": incoming.sender,
        "message_id": incoming.message_id,
        "kind": incoming.content.kind if incoming.content else "",
        "function_code": function_of(incoming.content),
        "recipient": receipt.recipient or "",
        "content_digest": incoming.digest,
        "received_at": stored(incoming.received_at),
        "body_id": _put_body(
            connection, incoming.received.media_type, incoming.received.signature, incoming.received.body
        ),
    }
    return _inserted(connection.execute(insert(message).values(**values, **_decided(receipt, receipt_id, waiting))))


def decide_message(connection: Connection, row: int, receipt: Receipt, receipt_id: int, waiting: Waiting) -> None:
    """Store what became of a message that was held, with its new receipt."""
    values = _decided(receipt, receipt_id, waiting)
    connection.execute(update(message).where(message.c.id == row).values(**values))


def _decided(receipt: Receipt, receipt_id: int, waiting: Waiting) -> Mapping[str, Any]:
    return {
        "exchange_id": receipt.exchange_id,
        "outcome": receipt.outcome.value,
        "receipt_id": receipt_id,
        "judge_again_at": stored(waiting.judge_again_at) if waiting.judge_again_at else None,
        "waits_for": waiting.waits_for,
        "gives_up_at": stored(waiting.gives_up_at) if waiting.gives_up_at else None,
        "applied": receipt.audit_position or 0,
    }


def function_of(content: MetaData | None) -> str:
    """The function code of a declaration or a response, the type of an event."""
    if isinstance(content, DeclarationMessage):
        return content.declaration.function_code
    if isinstance(content, ResponseMessage):
        return content.response.function_code
    return content.border_event.event_type_code if isinstance(content, BorderEventMessage) else ""


def _put_body(connection: Connection, media_type: str, signature: str, text: bytes) -> int:
    return _inserted(connection.execute(insert(body).values(media_type=media_type, signature=signature, bytes=text)))


def _inserted(result: Any) -> int:
    return int(result.inserted_primary_key[0])


def put_receipt(connection: Connection, text: bytes, signature: str) -> int:
    """Store a signed receipt, the gateway's or that of a participant; returns its key."""
    return _put_body(connection, "application/json", signature, text)


@dataclass(frozen=True, slots=True)
class HeldMessage:
    """A message that waits.

    Attributes:
        row: Its row.
        sender: Whose it is; "" where trust could not be judged.
        message_id: Its own id, or what stands for it.
        received: The bytes.
        received_at: When they came, with offset.
        released: Whether an operator has let it through.
    """

    row: int
    sender: str
    message_id: str
    received: Received
    received_at: datetime
    released: bool


def held_messages(
    connection: Connection, *which: ColumnElement[bool], most: int | None = 50
) -> tuple[HeldMessage, ...]:
    """Held messages that fit, in the order they came."""
    rows = connection.execute(
        select(message.c.id, message.c.sender, message.c.message_id, message.c.received_at, message.c.released_at)
        .add_columns(body.c.bytes, body.c.media_type, body.c.signature)
        .join(body, body.c.id == message.c.body_id)
        .where(message.c.outcome == "held", *which)
        .order_by(message.c.id)
        .limit(most)
    )
    return tuple(
        HeldMessage(
            row.id,
            row.sender,
            row.message_id,
            Received(row.bytes, row.media_type, row.signature),
            moment(row.received_at),
            released=row.released_at is not None,
        )
        for row in rows
    )


def waiting_for(connection: Connection, keys: Collection[str]) -> tuple[HeldMessage, ...]:
    """What waits for an exchange under one of its keys, in the order it came."""
    return held_messages(connection, message.c.waits_for.in_(keys), most=None)


def waiting_of(connection: Connection, sender: str, key: str) -> tuple[int, int]:
    """How many messages of a sender wait under a key, and how many bytes they are together."""
    row = connection.execute(
        select(func.count(), func.coalesce(func.sum(func.length(body.c.bytes)), 0))
        .select_from(message)
        .join(body, body.c.id == message.c.body_id)
        .where(message.c.outcome == Outcome.HELD.value, message.c.waits_for == key, message.c.sender == sender)
    ).one()
    return int(row[0]), int(row[1])
