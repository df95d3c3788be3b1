"""The parts of a message from a document, by the rows of a layout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adapters.kz.layout import Each, Either, Leaf, Own, Part, Row, Through, element_of, pointer_to

if TYPE_CHECKING:
    from lxml import etree

    from adapters.kit.xml_source import XmlSource
    from gateway.message.element import WcoClass


def read_class(
    source: XmlSource, node: etree._Element | None, cls: type[WcoClass], rows: tuple[Row, ...], pointer: str
) -> Any:
    """A class from the element that holds its rows; None where nothing of it is there.

    Args:
        source: The document.
        node: The element.
        cls: The class.
        rows: Its rows.
        pointer: JSON Pointer that it will have.
    """
    return source.make(cls, pointer, node, read_values(source, node, cls, rows, pointer))


def read_values(
    source: XmlSource, node: etree._Element | None, cls: type[WcoClass], rows: tuple[Row, ...], pointer: str
) -> dict[str, Any]:
    """The attributes of a class from the element that holds its rows."""
    values: dict[str, Any] = {}
    for row in rows if node is not None else ():
        for attribute, value in _read_row(source, node, cls, row, pointer).items():
            if value not in (None, ()):
                values[attribute] = value
    return values


def _read_row(
    source: XmlSource, node: etree._Element | None, cls: type[WcoClass], row: Row, pointer: str
) -> dict[str, Any]:
    if isinstance(row, Own):
        return row.read(source, node, pointer)
    if isinstance(row, Either):
        return _read_either(source, node, cls, row, pointer)
    return {row.attribute: _read_attribute(source, node, cls, row, pointer_to(pointer, row.attribute))}


def _read_attribute(
    source: XmlSource,
    node: etree._Element | None,
    cls: type[WcoClass],
    row: Leaf | Part | Through | Each,
    here: str,
) -> Any:
    if isinstance(row, Leaf):
        return row.kind.read(source, source.first(node, row.name), here)
    if isinstance(row, Through):
        return read_class(source, node, row.cls, row.rows, here)
    if isinstance(row, Each):
        return _read_each(source, node, row, here, element_of(cls, row.attribute).most)
    return _read_part(source, node, cls, row, here)


def _read_part(source: XmlSource, node: etree._Element | None, cls: type[WcoClass], row: Part, here: str) -> Any:
    if element_of(cls, row.attribute).repeated:
        return _read_repeated(source, node, row, here, element_of(cls, row.attribute).most)
    found = source.first(node, row.name)
    return None if found is None else read_class(source, found, row.cls, row.rows, here)


def _read_repeated(source: XmlSource, node: etree._Element | None, row: Part, here: str, most: int) -> tuple[Any, ...]:
    done: list[Any] = []
    for found in source.at_most(source.all(node, row.name), most):
        if source.text(found) or len(found):
            made = read_class(source, found, row.cls, row.rows, f"{here}/{len(done)}") if _holds(found) else None
            done += [] if made is None else [made]
    return tuple(done)


def _holds(node: etree._Element) -> bool:
    """Whether anything below an element has a value: one that only wraps empty elements is none."""
    return any((leaf.text or "").strip() for leaf in node.iter("{*}*") if leaf is not node)


def _read_each(source: XmlSource, node: etree._Element | None, row: Each, here: str, most: int) -> tuple[Any, ...]:
    done: list[Any] = []
    for found in source.at_most(source.all(node, row.name), min(row.most, most)):
        at = f"{here}/{len(done)}"
        values = {row.leaf: row.kind.read(source, found, pointer_to(at, row.leaf))}
        if values[row.leaf] is None:
            continue
        xml_attribute, attribute = row.qualifier
        if attribute:
            values[attribute] = source.attribute(found, xml_attribute, pointer_to(at, attribute))
        made = source.make(row.cls, at, found, values)
        done += [] if made is None else [made]
    return tuple(done)


def _read_either(
    source: XmlSource, node: etree._Element | None, cls: type[WcoClass], row: Either, pointer: str
) -> dict[str, Any]:
    for name, rows in row.options.items():
        found = source.first(node, name)
        if found is None or not _holds(found):
            continue
        values = read_values(source, found, cls, rows, pointer)
        for attribute, constant in row.constants[name].items():
            if "id" in values:
                values[attribute] = constant
                source.origins[pointer_to(pointer, attribute)] = source.path(found)
        return values
    return {}
