"""The Kazakh documents: namespaces, roots, constants, numbers and identifiers.

Everything here is plausible: this project's own, in the vocabulary of the Eurasian Economic Union
(`docs/national-wires.md`, "Kazakhstan").
"""

from __future__ import annotations

import re
import uuid

COUNTRY = "KZ"

INFORMATION, WITHDRAWAL, NOTICE = "PreliminaryInformation", "PreliminaryInformationWithdrawal", "ProcessingNotice"
EVENT = "BorderEventNotice"
PARTS = "urn:torugart:plausible:kz:ComplexDataObjects:1"
"""Namespace of the elements that hold elements."""
VALUES = "urn:torugart:plausible:kz:SimpleDataObjects:1"
"""Namespace of the elements that hold a value."""

CODES = {INFORMATION: "R.048", WITHDRAWAL: "R.049", NOTICE: "R.006", EVENT: "R.050"}
"""`EDocCode` by root."""
HEADER = "EDocHeader"

OUT, IN = "EX", "IM"
"""`MovementDirectionCode`: leaves Kazakhstan, enters it."""

MANIFEST = "785"
"""UNTDID 1001: cargo manifest."""

REGISTRATION = re.compile(r"([A-Z]{2})/([0-9]{4})([0-9]{2})([0-9]{2})/([0-9A-Z]{9})")
"""A registration number as the common form writes it: `KZ/20261123/000000123`."""

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def root_tag(name: str) -> str:
    """The root of a document in Clark notation."""
    return f"{{urn:torugart:plausible:kz:{name}:1}}{name}"


def tag(name: str) -> str:
    """An element below the root in Clark notation; what holds elements ends in `Details`, but for the header."""
    return f"{{{PARTS if name == HEADER or name.endswith('Details') else VALUES}}}{name}"


def message_id(document_id: str) -> str:
    """The message identifier of a document of NSW KZ: the same document always gives the same UUID (version 5)."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:torugart:KZ:{document_id}"))


def own_message_id(document_id: str) -> str:
    """The message identifier of a document that was written from a message: that message's own."""
    return document_id if _UUID.fullmatch(document_id) else message_id(document_id)


def short_reference(document_id: str) -> str:
    """A document identifier as a reference of at most 35 characters: a UUID loses its hyphens."""
    return document_id.replace("-", "") if _UUID.fullmatch(document_id.lower()) else document_id
