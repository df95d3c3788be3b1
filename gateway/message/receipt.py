"""The receipt: signed proof of what arrived and what was found.

Never to be confused with the Response, which is the receiving authority's answer. The gateway gives one for every
message whose signer it knows, an adapter gives one for every delivery. Refusals are at the same time problem
documents (RFC 9457): `type`, `title`, `status` and `detail` are members of the same signed text.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from gateway.errors import Unreadable
from gateway.message.leaf import DateTime

Moment = Annotated[datetime, DateTime()]


class Outcome(StrEnum):
    """What became of a message."""

    ACCEPTED = "accepted"
    HELD = "held"
    REFUSED = "refused"
    DELIVERED = "delivered"


class Receipt(BaseModel):
    """Proof of what arrived, when, and what was found."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)

    type: str | None = Field(None, description="Kind of problem (RFC 9457); only where refused or held")
    title: str | None = None
    status: int | None = Field(None, description="HTTP status that went with it")
    detail: str | None = None
    outcome: Outcome
    receipt_id: str = Field(description="UUID of this receipt")
    issued_at: Moment
    issuer: str = Field(description="Participant who gives and signs it")
    message_id: str | None = Field(None, description="CommunicationMetaData/ID, where it could be read")
    sender: str | None = None
    recipient: str | None = None
    agreement: str | None = Field(None, description="Agreement and version, kg-cn-road/1")
    exchange_id: str | None = None
    state: str | None = Field(None, description="State of the exchange after this message")
    content_digest: str | None = Field(None, description="SHA-256 of the canonical JSON of the model")
    message_digest: str = Field(description="SHA-256 of the bytes as sent")
    audit_position: int | None = Field(None, description="Number of the audit entry that records it")
    national_reference: str | None = Field(None, description="Number given by the receiving national window")
    findings: tuple[dict[str, Any], ...] = ()

    def to_bytes(self) -> bytes:
        """The text that is signed and stored: keys sorted, what is absent left out."""
        return orjson.dumps(self.model_dump(mode="json", by_alias=True, exclude_none=True), option=orjson.OPT_SORT_KEYS)


def read_receipt(body: bytes) -> Receipt:
    """A receipt from its text.

    Raises:
        Unreadable: It is not one.
    """
    try:
        return Receipt.model_validate(orjson.loads(body))
    except (orjson.JSONDecodeError, ValidationError) as error:
        raise Unreadable(f"Not a receipt: {type(error).__name__}", rule="ACD-ENV-12") from None
