"""The reader: a national document as a message. Never raises for what a document holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adapters.kg.event import read_event
from adapters.kg.form import AUTO_ROOT, EVENT_ROOT, EXPORT_ROOT, NOTICE_ROOT, WITHDRAWAL_ROOT
from adapters.kg.notice import read_notice
from adapters.kg.preliminary import read_preliminary
from adapters.kg.source import Source, report_leftovers, source_of
from adapters.kg.withdrawal import read_withdrawal
from adapters.kit.contract import National, Reading, Setting
from gateway.errors import Unreadable
from gateway.message.finding import Finding, Severity
from gateway.message.metadata import Message
from gateway.message.xml_twin import parse_xml

_READERS: Mapping[str, Callable[[Source, Setting], Message | None]] = {
    AUTO_ROOT: read_preliminary,
    EXPORT_ROOT: read_preliminary,
    NOTICE_ROOT: read_notice,
    EVENT_ROOT: read_event,
    WITHDRAWAL_ROOT: read_withdrawal,
}
"""By the root element."""

SIZE_LIMIT = 10 * 1024 * 1024
"""Bytes of one document (`docs/national-wires.md`)."""


def read(document: National, setting: Setting) -> Reading:
    """The message in a Kyrgyz document, which its root element tells, with every finding about it."""
    if len(document.body) > SIZE_LIMIT:
        return _unreadable(f"{len(document.body)} > {SIZE_LIMIT}")
    try:
        root = parse_xml(document.body)
    except Unreadable as error:
        return _unreadable(error.detail, error.line)
    reader = _READERS.get(str(root.tag))
    if reader is None:
        return _unreadable(str(root.tag))
    source = source_of(root)
    message = reader(source, setting)
    report_leftovers(source)
    return Reading(message, tuple(source.findings), source.origins)


def _unreadable(what: str, line: int | None = None) -> Reading:
    return Reading(None, (Finding("KIT-READ-01", Severity.REJECT, "", what[:200], {"name": "/"}, "/", line),))
