"""The reader: a national document as a message. Never raises for what a document holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adapters.kg.document import is_known, source_of
from adapters.kg.event import read_event
from adapters.kg.form import AUTO_ROOT, EVENT_ROOT, EXPORT_ROOT, NOTICE_ROOT, WITHDRAWAL_ROOT
from adapters.kg.notice import read_notice
from adapters.kg.preliminary import read_preliminary
from adapters.kg.withdrawal import read_withdrawal
from adapters.kit.contract import National, Reading, Setting
from adapters.kit.xml_source import XmlSource, read_by_root
from gateway.message.metadata import Message

_READERS: Mapping[str, Callable[[XmlSource, Setting], Message | None]] = {
    AUTO_ROOT: read_preliminary,
    EXPORT_ROOT: read_preliminary,
    NOTICE_ROOT: read_notice,
    EVENT_ROOT: read_event,
    WITHDRAWAL_ROOT: read_withdrawal,
}
"""By the root element."""


def read(document: National, setting: Setting) -> Reading:
    """The message in a Kyrgyz document, which its root element tells, with every finding about it."""
    return read_by_root(document, setting, _READERS, source_of, is_known)
