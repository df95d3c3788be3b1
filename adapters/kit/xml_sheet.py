"""A national XML document while it is written: elements in the order of the form, and what of the message is on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lxml import etree

from adapters.kit.sheet import Sheet, written


@dataclass(slots=True)
class XmlSheet(Sheet):
    """One document being written.

    Attributes:
        root: Its root.
        tag: A name as the country writes it, `p:GoodsItem`, in Clark notation.
    """

    root: etree._Element
    tag: Callable[[str], str]

    def part(self, parent: etree._Element, name: str) -> etree._Element:
        """A new element at the end of its parent."""
        return etree.SubElement(parent, self.tag(name))

    def put(
        self, parent: etree._Element, name: str, value: object, pointer: str = "", *, most: int = 0
    ) -> etree._Element | None:
        """A value at the end of its parent; None where there is none.

        Args:
            parent: Where it goes.
            name: Its element.
            value: The value; None and "" are none.
            pointer: JSON Pointer of the leaf that it is.
            most: Characters that the form takes; a longer value is reported and left out. 0 for any number.
        """
        if value is None or value == "":
            return None
        text = written(value)
        if most and len(text) > most:
            self.unfit(pointer, text)
            return None
        node = self.part(parent, name)
        node.text = text
        self.said.add(pointer)
        return node

    def attribute(self, node: etree._Element | None, name: str, value: str | None, pointer: str) -> None:
        """An XML attribute, where there are element and value."""
        if node is not None and value is not None:
            node.set(name, value)
            self.said.add(pointer)


def xml_sheet(root_tag: str, prefixes: Mapping[str, str], tag: Callable[[str], str]) -> XmlSheet:
    """A document at the beginning of its writing.

    Args:
        root_tag: Its root in Clark notation; that namespace has no prefix.
        prefixes: Prefix → namespace of the others.
        tag: As in `XmlSheet`.
    """
    namespaces: dict[str | None, str] = {None: root_tag[1:].partition("}")[0]}
    namespaces.update(prefixes)
    return XmlSheet(etree.Element(root_tag, nsmap=namespaces), tag)


def xml_bytes(root: etree._Element) -> bytes:
    """A document: UTF-8 with declaration, indented for people, without the prefixes that nothing uses."""
    etree.cleanup_namespaces(root)
    etree.indent(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def drop_empty(parent: etree._Element, part: etree._Element) -> None:
    """Take an element away in which nothing was written: a form has no empty ones."""
    if len(part) == 0 and not part.text:
        parent.remove(part)
