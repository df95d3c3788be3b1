"""The Kazakh documents: namespaces, roots, constants, numbers and identifiers.

Everything here is plausible: this project's own, in the vocabulary of the Eurasian Economic Union
(`docs/national-wires.md`, "Kazakhstan").
"""

from __future__ import annotations

import re
from functools import partial

from adapters.kit import identifier

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

REGISTRATION = re.compile(r"([A-Z]{2})/([0-9]{4})([0-9]{2})([0-9]{2})/([0-9A-Z]{9})")
"""A registration number as the common form writes it: `KZ/20261123/000000123`."""

message_id = partial(identifier.message_id, COUNTRY)
own_message_id = partial(identifier.own_message_id, COUNTRY)


def root_tag(name: str) -> str:
    """The root of a document in Clark notation."""
    return f"{{urn:torugart:plausible:kz:{name}:1}}{name}"


def tag(name: str) -> str:
    """An element below the root in Clark notation; what holds elements ends in `Details`, but for the header."""
    return f"{{{PARTS if name == HEADER or name.endswith('Details') else VALUES}}}{name}"
