"""How a document is laid out: rows that say which national element is which part of the common form.

A layout is read in both directions: `reading.py` makes the parts of a message by it, `writing.py` the elements of a
document, `places.py` leads from one to the other, and `carried` says what the rows name. So reader and writer
cannot disagree, and the order of the rows is the order of the elements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gateway.message.element import WcoClass, wire_name
from gateway.message.table import Element, elements

if TYPE_CHECKING:
    from lxml import etree

    from adapters.kit.xml_sheet import XmlSheet
    from adapters.kit.xml_source import XmlSource


@dataclass(frozen=True, slots=True)
class Kind:
    """How a value is written.

    Attributes:
        read: Its value, from the element (which may be None) and the JSON Pointer that it will have.
        write: Puts it into a document: sheet, parent, name of the element, value, JSON Pointer.
    """

    read: Callable[[XmlSource, etree._Element | None, str], Any]
    write: Callable[[XmlSheet, etree._Element, str, Any, str], None]


@dataclass(frozen=True, slots=True)
class Leaf:
    """An element that holds one value of the class."""

    name: str
    attribute: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Part:
    """An element that is a class of its own, once or repeated as the form has it."""

    name: str
    attribute: str
    cls: type[WcoClass]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Through:
    """A class that has no element of its own: its rows stand where it would."""

    attribute: str
    cls: type[WcoClass]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Each:
    """An element that is all there is of a class, such as a UN number.

    Attributes:
        name: The element.
        attribute: Where the class stands; repeated in the form.
        cls: The class.
        leaf: Its value.
        kind: How that is written.
        most: How often the element may stand there.
        qualifier: XML attribute and attribute of the class that says more about the value; ("", "") for none.
    """

    name: str
    attribute: str
    cls: type[WcoClass]
    leaf: str
    kind: Kind
    most: int = 999
    qualifier: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Either:
    """One of several elements, each with rows of the same class.

    Attributes:
        options: Element → its rows.
        choose: The element for a value of the class.
        constants: Element → attributes that follow from its being there.
    """

    options: Mapping[str, tuple[Row, ...]]
    choose: Callable[[Any], str]
    constants: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Own:
    """What takes more than a row to say.

    Attributes:
        names: The elements.
        attributes: The attributes of the class.
        read: Values by attribute, from the parent element and the JSON Pointer of the class.
        write: Puts them into the parent: sheet, parent, value of the class, its JSON Pointer.
    """

    names: tuple[str, ...]
    attributes: tuple[str, ...]
    read: Callable[[XmlSource, etree._Element | None, str], dict[str, Any]]
    write: Callable[[XmlSheet, etree._Element, Any, str], None]


Row = Leaf | Part | Through | Each | Either | Own


def element_of(cls: type[WcoClass], attribute: str) -> Element:
    """The row of the common form's element table."""
    return next(element for element in elements(cls) if element.attribute == attribute)


def pointer_to(pointer: str, attribute: str) -> str:
    """JSON Pointer of an attribute of the class at a pointer."""
    return f"{pointer}/{wire_name(attribute)}"


def names_of(rows: tuple[Row, ...]) -> Iterator[str]:
    """Every element that the rows name."""
    for row in rows:
        if isinstance(row, Own):
            yield from row.names
        elif isinstance(row, Either):
            for name, inner in row.options.items():
                yield name
                yield from names_of(inner)
        else:
            if not isinstance(row, Through):
                yield row.name
            if isinstance(row, Part | Through):
                yield from names_of(row.rows)


def carried(rows: tuple[Row, ...]) -> Iterator[str]:
    """The paths of the elements that the rows name, from their class down: `TransportEquipment/Seal/ID`."""
    for row in rows:
        if isinstance(row, Own):
            yield from map(wire_name, row.attributes)
        elif isinstance(row, Either):
            for inner in row.options.values():
                yield from carried(inner)
            yield from (wire_name(attribute) for constants in row.constants.values() for attribute in constants)
        elif isinstance(row, Part | Through):
            yield from (f"{wire_name(row.attribute)}/{path}" for path in carried(row.rows))
        elif isinstance(row, Each):
            named = filter(None, (row.leaf, row.qualifier[1]))
            yield from (f"{wire_name(row.attribute)}/{wire_name(attribute)}" for attribute in named)
        else:
            yield wire_name(row.attribute)
