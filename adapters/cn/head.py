"""The head of China's documents and the MessageID in it, which says the type, the sender and the time."""

from __future__ import annotations

import re
import zlib
from datetime import datetime, timedelta

from lxml import etree

from adapters.cn.codes import COUNTRY, PROFILE
from adapters.cn.document import Leaf, digits, element

_OWN = re.compile(r"[0-9A-Za-z]{13}_[0-9]{17}")
_BEFORE = 60_000
"""Milliseconds within which the number of a message from abroad lies before its preparation."""


def head(message_type: str, number: str, function: str | None, sender: str, sent: datetime) -> etree._Element | None:
    """The Head of every document.

    Args:
        message_type: `MT1401` and so on.
        number: MessageID.
        function: FunctionCode; left out where the form has none for it.
        sender: SenderID.
        sent: SendTime.
    """
    return element(
        message_type,
        "Head",
        element(message_type, "MessageID", number),
        element(message_type, "FunctionCode", function),
        element(message_type, "MessageType", message_type),
        element(message_type, "SenderID", sender),
        element(message_type, "ReceiverID", PROFILE["sender"]["receiver"]),
        element(message_type, "SendTime", digits(sent, milliseconds=True)),
        element(message_type, "Version", "1.0"),
    )


def message_number(message_type: str, code: str, at: datetime, message_id: str = "") -> str:
    """MessageID: type, sender code, and a time to the millisecond.

    Nothing but the time tells two documents of one sender apart. Those of China have times of their own; messages from
    abroad, which several systems prepare, may share one. So each is numbered by a moment of the minute before, always
    the same for the same message; when it was prepared says SendTime (README.md, "Message numbers").

    Args:
        message_type: `MT1401` and so on.
        code: The 13-character sender code.
        at: The time; for a message from abroad when it was prepared.
        message_id: Identifier of a message from abroad; "" for a document of China's own.
    """
    if message_id:
        at -= timedelta(milliseconds=zlib.crc32(message_id.encode()) % _BEFORE)
    return f"{_prefix(message_type)}{code}_{digits(at, milliseconds=True)}"


def sender_in(number: Leaf) -> str:
    """The sender code in a MessageID; "" where there is none."""
    return number.text.split("_")[-2] if number.text.count("_") >= 4 else ""


def own_reference(number: Leaf, message_type: str) -> Leaf:
    """A document's own reference: its MessageID without the part that all of its type have, which would not fit."""
    return Leaf(number.text.removeprefix(_prefix(message_type)), number.place)


def own_number(reference: str, message_type: str) -> str | None:
    """The MessageID of which `own_reference` made a reference; None where the reference is of another make."""
    return _prefix(message_type) + reference if _OWN.fullmatch(reference) else None


def _prefix(message_type: str) -> str:
    return f"{COUNTRY}_{message_type}_1p0_"
