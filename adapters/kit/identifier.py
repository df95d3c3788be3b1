"""Identifiers of messages and references, made from what a national document calls itself.

An adapter remembers nothing, so the same document must always give the same. A country fixes its own code once:
`message_id = partial(identifier.message_id, "KG")`.
"""

from __future__ import annotations

import re
import uuid

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def message_id(country: str, document_id: str) -> str:
    """The message identifier of a country's own document: the same document always gives the same UUID (version 5)."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:torugart:{country}:{document_id}"))


def own_message_id(country: str, document_id: str) -> str:
    """The message identifier of a document that was written from a message: that message's own."""
    return document_id if is_uuid(document_id) else message_id(country, document_id)


def is_uuid(document_id: str) -> bool:
    """Whether a document identifier has the shape of a message's: a UUID in its lower-case form."""
    return _UUID.fullmatch(document_id) is not None


def of_bytes(body: bytes) -> str:
    """An identifier of a document that does not call itself anything: the same bytes always give the same."""
    return uuid.uuid5(uuid.NAMESPACE_OID, body.hex()).hex


def short_reference(document_id: str) -> str:
    """A document identifier as a reference of at most 35 characters: a UUID loses its hyphens, any other stays."""
    return document_id.replace("-", "") if is_uuid(document_id.lower()) else document_id
