"""Canonical JSON and the content digest.

The content digest is SHA-256 over the RFC 8785 canonical JSON of the model: the same for both twins, whatever the
bytes that were signed. It names content in receipts, duplicates and evidence.
"""

from __future__ import annotations

import hashlib

import orjson

from gateway.message.element import WcoClass


def canonical_json(message: WcoClass) -> bytes:
    """RFC 8785 canonical JSON.

    The form has only strings, whole numbers and booleans, and its names are ASCII: sorting the keys and writing
    without white space is then all that RFC 8785 asks (held against the `rfc8785` package by a property test).
    """
    return orjson.dumps(message.model_dump(mode="json", exclude_defaults=True), option=orjson.OPT_SORT_KEYS)


def content_digest(message: WcoClass) -> str:
    """`sha-256:` and 64 hexadecimal digits."""
    return "sha-256:" + hashlib.sha256(canonical_json(message)).hexdigest()


def bytes_digest(body: bytes) -> str:
    """`sha-256:` and 64 hexadecimal digits of bytes as they were sent."""
    return "sha-256:" + hashlib.sha256(body).hexdigest()
