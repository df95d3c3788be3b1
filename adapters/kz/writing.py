"""The elements of a document from a message, by the rows of a layout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adapters.kit.xml_sheet import drop_empty
from adapters.kz.layout import Each, Either, Leaf, Own, Part, Row, Through, pointer_to

if TYPE_CHECKING:
    from lxml import etree

    from adapters.kit.xml_sheet import XmlSheet


def write_class(sheet: XmlSheet, node: etree._Element, rows: tuple[Row, ...], value: Any, pointer: str) -> None:
    """A class into the element that holds its rows.

    Args:
        sheet: The document.
        node: The element.
        rows: The rows of the class.
        value: The class.
        pointer: Its JSON Pointer.
    """
    for row in rows:
        if isinstance(row, Own):
            row.write(sheet, node, value, pointer)
        elif isinstance(row, Either):
            _write_either(sheet, node, row, value, pointer)
        elif (content := getattr(value, row.attribute)) not in (None, ()):
            _write_row(sheet, node, row, content, pointer_to(pointer, row.attribute))


def _write_row(
    sheet: XmlSheet, node: etree._Element, row: Leaf | Part | Through | Each, content: Any, here: str
) -> None:
    if isinstance(row, Leaf):
        row.kind.write(sheet, node, row.name, content, here)
    elif isinstance(row, Through):
        write_class(sheet, node, row.rows, content, here)
    elif isinstance(row, Each):
        _write_each(sheet, node, row, content, here)
    elif isinstance(content, tuple):
        for at, one in enumerate(content):
            _write_part(sheet, node, row, one, f"{here}/{at}")
    else:
        _write_part(sheet, node, row, content, here)


def _write_part(sheet: XmlSheet, node: etree._Element, row: Part, content: Any, here: str) -> None:
    part = sheet.part(node, row.name)
    write_class(sheet, part, row.rows, content, here)
    drop_empty(node, part)


def _write_each(sheet: XmlSheet, node: etree._Element, row: Each, content: tuple[Any, ...], here: str) -> None:
    there = [(f"{here}/{at}", one) for at, one in enumerate(content) if getattr(one, row.leaf) is not None]
    xml_attribute, attribute = row.qualifier
    for at, one in there[: row.most]:
        row.kind.write(sheet, node, row.name, getattr(one, row.leaf), pointer_to(at, row.leaf))
        if attribute:
            sheet.attribute(node[-1], xml_attribute, getattr(one, attribute), pointer_to(at, attribute))


def _write_either(sheet: XmlSheet, node: etree._Element, row: Either, value: Any, pointer: str) -> None:
    name = row.choose(value)
    if name not in row.options:
        return
    part = sheet.part(node, name)
    write_class(sheet, part, row.options[name], value, pointer)
    for attribute, constant in row.constants[name].items():
        if getattr(value, attribute) == constant and value.id is not None:
            sheet.said.add(pointer_to(pointer, attribute))
    drop_empty(node, part)
