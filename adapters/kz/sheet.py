"""A Kazakh document while it is written: what of the message is on it, and what was left.

Every value is put on the sheet together with its JSON Pointer; what has no pointer on the sheet at the end is reported
as not carried. So nothing is dropped in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from lxml import etree

from adapters.kit.contract import not_carried
from adapters.kz.form import PARTS, VALUES, root_tag, tag
from gateway.message.element import WcoClass
from gateway.message.finding import Finding, Severity
from gateway.message.leaf import write_date_time
from gateway.message.table import elements


@dataclass(slots=True)
class Sheet:
    """One document being written.

    Attributes:
        root: Its root.
        findings: What was found so far.
        said: JSON Pointers of the leaves that the document carries or says in another way.
    """

    root: etree._Element
    findings: list[Finding] = field(default_factory=list)
    said: set[str] = field(default_factory=set)

    def part(self, parent: etree._Element, name: str) -> etree._Element:
        """A new element at the end of its parent."""
        return etree.SubElement(parent, tag(name))

    def put(self, parent: etree._Element, name: str, value: object, pointer: str = "") -> etree._Element | None:
        """A value at the end of its parent; None where there is no value."""
        if value is None or value == "":
            return None
        node = self.part(parent, name)
        node.text = written(value)
        self.said.add(pointer)
        return node

    def attribute(self, node: etree._Element | None, name: str, value: str | None, pointer: str) -> None:
        """An XML attribute, where there are element and value."""
        if node is not None and value is not None:
            node.set(name, value)
            self.said.add(pointer)

    def say(self, rule: str, severity: Severity, pointer: str, value: str = "", **params: str) -> None:
        """Report something about the message."""
        name = pointer.rpartition("/")[2]
        self.findings.append(Finding(rule, severity, pointer, value[:200], {"name": name, **params}))


def sheet_of(root: str) -> Sheet:
    """A document at the beginning of its writing."""
    whole = root_tag(root)
    namespaces = {None: whole[1:].partition("}")[0], "ccdo": PARTS, "csdo": VALUES}
    return Sheet(etree.Element(whole, nsmap=namespaces))


def bytes_of(sheet: Sheet) -> bytes:
    """The document: UTF-8 with declaration, indented for people."""
    etree.indent(sheet.root)
    return etree.tostring(sheet.root, encoding="UTF-8", xml_declaration=True) + b"\n"


def drop_empty(parent: etree._Element, part: etree._Element) -> None:
    """Take an element away in which nothing was written: the form has no empty ones."""
    if len(part) == 0 and not part.text:
        parent.remove(part)


def report_rest(sheet: Sheet, message: WcoClass) -> None:
    """A finding for every leaf of a message that the sheet does not carry."""
    for pointer, value in leaves(message):
        if pointer not in sheet.said:
            sheet.findings.append(not_carried(pointer, value))


def leaves(value: WcoClass, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Every leaf of a message: JSON Pointer and text. A unit or a currency is a leaf below its measure or amount."""
    for element in elements(type(value)):
        content = getattr(value, element.attribute)
        if content is None:
            continue
        here = f"{pointer}/{element.name}"
        parts = [(f"{here}/{at}", part) for at, part in enumerate(content)] if element.repeated else [(here, content)]
        for at, part in parts:
            if element.child is None:
                yield at, written(part)
            elif element.qualified:
                yield at, written(part.value)
                unit = elements(element.child)[1]
                if (code := getattr(part, unit.attribute)) is not None:
                    yield f"{at}/{unit.name}", code
            else:
                yield from leaves(part, at)


def written(value: Any) -> str:
    """A value as text: decimals without exponent, date-times with offset, indicators as 1 and 0."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return write_date_time(value)
    return str(value)
