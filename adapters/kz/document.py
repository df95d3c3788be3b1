"""A Kazakh document at the beginning of its writing and of its reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.kit.xml_sheet import XmlSheet, xml_sheet
from adapters.kit.xml_source import XmlSource, xml_source
from adapters.kz.codes import PLACEHOLDERS
from adapters.kz.form import PARTS, VALUES, root_tag, tag

if TYPE_CHECKING:
    from lxml import etree

_BLANKS = dict.fromkeys(PLACEHOLDERS, "KZ-009")


def sheet_of(root: str) -> XmlSheet:
    """A document at the beginning of its writing."""
    return xml_sheet(root_tag(root), {"ccdo": PARTS, "csdo": VALUES}, tag)


def source_of(root: etree._Element) -> XmlSource:
    """A document at the beginning of its reading."""
    return xml_source(root, tag, _BLANKS)
