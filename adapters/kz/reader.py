"""The reader: a national document as a message. Never raises for what a document holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from adapters.kit.contract import National, Reading, Setting
from adapters.kz import event, header, information, notice
from adapters.kz.change import CHANGE_ROWS, read_preliminary
from adapters.kz.event import EVENT_ROWS, read_event
from adapters.kz.form import EVENT, INFORMATION, NOTICE, WITHDRAWAL, root_tag
from adapters.kz.information import INFORMATION_ROWS, WITHDRAWAL_ROWS, read_withdrawal
from adapters.kz.layout import names_of
from adapters.kz.notice import read_notice
from adapters.kz.source import Source, report_leftovers, source_of
from gateway.errors import Unreadable
from gateway.message.finding import Finding, Severity
from gateway.message.metadata import Message
from gateway.message.xml_twin import parse_xml

SIZE_LIMIT = 10 * 1024 * 1024
"""Bytes of one document (`docs/national-wires.md`)."""

READERS: Mapping[str, Callable[[Source, Setting], Message | None]] = MappingProxyType(
    {
        root_tag(INFORMATION): read_preliminary,
        root_tag(WITHDRAWAL): read_withdrawal,
        root_tag(NOTICE): read_notice,
        root_tag(EVENT): read_event,
    }
)
"""Kinds of document by their roots: a new kind is one more row."""

LOST = frozenset(
    {
        *("SubjectLatinName", "SubjectKazakhName", "KATOCode", "SealKindCode", "ForeignSealRecognitionIndicator"),
        *("PackageKindName", "DocCreationDate"),
    }
)
"""Elements of the forms that the common form has no place for."""

KNOWN = frozenset(
    {
        *names_of(INFORMATION_ROWS),
        *names_of(CHANGE_ROWS),
        *names_of(WITHDRAWAL_ROWS),
        *names_of(EVENT_ROWS),
        *event.NAMES,
        *header.NAMES,
        *information.NAMES,
        *notice.NAMES,
        *LOST,
    }
)


def read(document: National, setting: Setting) -> Reading:
    """The message in a document of NSW KZ, with every finding about it."""
    if len(document.body) > SIZE_LIMIT:
        return _unreadable(f"{len(document.body)} > {SIZE_LIMIT}")
    try:
        root = parse_xml(document.body)
    except Unreadable as error:
        return _unreadable(error.detail, error.line)
    reader = READERS.get(str(root.tag))
    if reader is None:
        return _unreadable(str(root.tag))
    source = source_of(root)
    message = reader(source, setting)
    report_leftovers(source, KNOWN)
    return Reading(message, tuple(source.findings), source.origins)


def _unreadable(what: str, line: int | None = None) -> Reading:
    return Reading(None, (Finding("KIT-READ-01", Severity.REJECT, "", what[:200], {"name": "/"}, "/", line),))
