"""Rules about MetaData: who sends what to whom, and when it was made."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gateway.message.finding import Severity
from gateway.message.leaf import write_date_time
from gateway.message.metadata import MetaData
from gateway.validation.rule import Context, Hit, rule

_ENVELOPE = "/CommunicationMetaData"
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


@rule(
    "ACD-ENV-04",
    Severity.REJECT,
    "The message was prepared within the time that is accepted",
    source="project decision, against replay; the limits are those of the gateway",
    about=MetaData,
)
def prepared_in_time(message: MetaData, context: Context) -> Iterator[Hit]:
    """Neither later than the sender's clock may run ahead, nor older than messages may be."""
    prepared = message.communication_meta_data.preparation_date_time
    if context.now - context.oldest <= prepared <= context.now + context.clock_skew:
        return
    yield Hit(
        f"{_ENVELOPE}/PreparationDateTime",
        write_date_time(prepared),
        {
            "earliest": write_date_time(context.now - context.oldest),
            "latest": write_date_time(context.now + context.clock_skew),
        },
    )


@rule(
    "ACD-ENV-06",
    Severity.REJECT,
    "The message is identified by a UUID in its lower-case form",
    source="RFC 9562, section 4",
    about=MetaData,
)
def identified_by_uuid(message: MetaData, _: Context) -> Iterator[Hit]:
    """The identifier of the message is a UUID."""
    message_id = message.communication_meta_data.id
    if not _UUID.fullmatch(message_id):
        yield Hit(f"{_ENVELOPE}/ID", message_id)


@rule(
    "ACD-ENV-07",
    Severity.REJECT,
    "Sender and recipient are different participants",
    source="project decision",
    about=MetaData,
)
def not_to_oneself(message: MetaData, _: Context) -> Iterator[Hit]:
    """Nobody sends to himself through the gateway."""
    envelope = message.communication_meta_data
    if envelope.sender.id == envelope.recipient.id:
        yield Hit(f"{_ENVELOPE}/Recipient/ID", envelope.recipient.id)


@rule(
    "ACD-ENV-08",
    Severity.REJECT,
    "The message that is referred to is identified by a UUID, and is not the message itself",
    source="RFC 9562, section 4; project decision",
    about=MetaData,
)
def refers_to_another(message: MetaData, _: Context) -> Iterator[Hit]:
    """ConversationReferenceID names another message."""
    envelope = message.communication_meta_data
    other = envelope.conversation_reference_id
    if other is not None and (other == envelope.id or not _UUID.fullmatch(other)):
        yield Hit(f"{_ENVELOPE}/ConversationReferenceID", other)


RULES = (prepared_in_time, identified_by_uuid, not_to_oneself, refers_to_another)
