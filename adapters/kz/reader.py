"""The reader: a national document as a message. Never raises for what a document holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from lxml import etree

from adapters.kit.contract import National, Reading, Setting
from adapters.kit.xml_source import XmlSource, read_by_root
from adapters.kz import event, header, information, notice
from adapters.kz.change import CHANGE_ROWS, read_preliminary
from adapters.kz.document import source_of
from adapters.kz.event import EVENT_ROWS, read_event
from adapters.kz.form import EVENT, INFORMATION, NOTICE, WITHDRAWAL, root_tag, tag
from adapters.kz.information import INFORMATION_ROWS, WITHDRAWAL_ROWS, read_withdrawal
from adapters.kz.layout import names_of
from adapters.kz.notice import read_notice
from gateway.message.metadata import Message

READERS: Mapping[str, Callable[[XmlSource, Setting], Message | None]] = MappingProxyType(
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
    return read_by_root(document, setting, READERS, source_of, _is_known)


def _is_known(node: etree._Element) -> bool:
    """Whether the forms have such an element in such elements."""
    below_root = [etree.QName(step) for step in (node, *node.iterancestors())][:-1]
    return all(step.localname in KNOWN and step.text == tag(step.localname) for step in below_root)
