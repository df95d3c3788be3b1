"""China: what all its messages have in common: head, numbers of messages, times, namespaces.

Times are digits without a zone in Beijing time (`docs/national-wires.md`, "China").
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from mock_nsw.documents import Element, Maker, maker

BEIJING = ZoneInfo("Asia/Shanghai")
TRADER = "9403TRG000168"
"""Sender code of whoever lodges the samples."""
WINDOW = "9400CNNSW0001"
"""Sender code of the window itself."""


def head(make: Maker, message_type: str, at: datetime, *, sender: str = TRADER, function: str = "9") -> Element:
    """The head of a message of a type, issued at a moment in Beijing time."""
    return make(
        "Head",
        make("MessageID", message_id(message_type, at, sender)),
        make("FunctionCode", function),
        make("MessageType", message_type),
        make("SenderID", f"{sender}_DXPMOCK000000001"),
        make("ReceiverID", "EPORT"),
        make("SendTime", milliseconds(at)),
        make("Version", "1.0"),
    )


def message_id(message_type: str, at: datetime, sender: str) -> str:
    """The number of a message, made of its type, its sender and the moment it is issued at."""
    return f"CN_{message_type}_1p0_{sender}_{milliseconds(at)}"


def namespaced(message_type: str) -> Maker:
    """A maker of elements in the namespace of a message type."""
    namespace = f"urn:Declaration:datamodel:standard:CN:{message_type}:1"
    return maker(namespace, {None: namespace})


def milliseconds(at: datetime) -> str:
    """`yyyyMMddHHmmssSSS`, of a moment in Beijing time."""
    return f"{at:%Y%m%d%H%M%S}{at.microsecond // 1000:03}"


def seconds(at: datetime) -> str:
    """`yyyyMMddHHmmss` in Beijing time, of any moment."""
    return f"{at.astimezone(BEIJING):%Y%m%d%H%M%S}"
