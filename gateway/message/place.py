"""One place in a message, in the three ways people point at it.

A finding holds a JSON Pointer. From it follow the XPath in the XML twin and the WCO pointer: the chain of class IDs
from the root down, with positions, that ends in an element ID (WCO Data Model, class Pointer 97A).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.message.element import WcoClass
from gateway.message.metadata import MetaData
from gateway.message.parts import Pointer
from gateway.message.table import Element, by_name, elements

_LONGEST_INDEX = 9


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a message.

    Attributes:
        pointer: JSON Pointer (RFC 6901) in the JSON twin; "" is the whole message.
        xpath: XPath in the XML twin; its names are in the namespace of the message's root.
        wco: WCO pointer as text, `42A/28A[1]/29A[2]/65A/126`; "?" stands for an ID that is not verified.
    """

    pointer: str
    xpath: str
    wco: str


def locate(pointer: str, root: type[MetaData]) -> Place:
    """The place of a JSON Pointer. A part that the form does not know is kept as it was written."""
    path, steps = ["MetaData"], []
    for name, index, element_id, _ in _steps(pointer, root):
        path.append(name if index is None else f"{name}[{index}]")
        if element_id is not None:
            steps.append(element_id if index is None else f"{element_id}[{index}]")
    return Place(pointer, "/" + "/".join(path), "/".join(steps))


def wco_pointers(pointer: str, root: type[MetaData]) -> tuple[Pointer, ...]:
    """The place as the chain of Pointer classes that a WCO Response carries; steps without an ID are left out."""
    chain: list[Pointer] = []
    for _, index, element_id, is_class in _steps(pointer, root):
        if element_id in (None, "?"):
            continue
        if is_class:
            chain.append(Pointer(document_section_code=element_id, sequence_numeric=index))
        elif chain:
            chain[-1] = chain[-1].model_copy(update={"tag_id": element_id})
    return tuple(chain)


def is_exact(pointer: str, root: type[MetaData]) -> bool:
    """Whether the chain of WCO pointers of a place leads to that place and to no other: each of its steps has an ID."""
    inside = [element_id for _, _, element_id, _ in _steps(pointer, root) if element_id is not None]
    return bool(inside) and "?" not in inside


def shown(chain: Sequence[Pointer]) -> str:
    """A chain of WCO pointers as text, `42A/28A[1]/29A[2]/65A/126`."""
    steps = []
    for step in chain:
        position = "" if step.sequence_numeric is None else f"[{step.sequence_numeric}]"
        steps.append(f"{step.document_section_code or ''}{position}")
        steps += [step.tag_id] if step.tag_id is not None else []
    return "/".join(steps)


def leads_somewhere(chain: Sequence[Pointer], root: type[MetaData]) -> bool:
    """Whether a chain of WCO pointers leads from the document to a class or an element that the form has.

    The inverse of `wco_pointers`: classes without a WCO ID have no step of their own. Positions are not looked at.
    """
    classes: tuple[type[WcoClass], ...] = (root,)
    for number, step in enumerate(chain, start=1):
        code, tag = step.document_section_code, step.tag_id
        classes = tuple(part.child for part in _identified(classes) if part.wco_id == code and part.child is not None)
        if tag is not None and (number < len(chain) or all(part.wco_id != tag for part in _identified(classes))):
            return False
        if not classes:
            return False
    return bool(chain)


def _identified(classes: Sequence[type[WcoClass]]) -> Iterator[Element]:
    """The elements of classes that have a WCO ID, and those inside the classes that have none."""
    for element in (element for cls in classes for element in elements(cls)):
        if element.wco_id:
            yield element
        elif element.child is not None and not element.qualified:
            yield from _identified((element.child,))


def _steps(pointer: str, root: type[MetaData]) -> list[tuple[str, int | None, str | None, bool]]:
    """Name, position from 1, WCO ID ("?" unverified, None outside the WCO's part) and whether it is a class."""
    steps: list[tuple[str, int | None, str | None, bool]] = []
    cls: type[WcoClass] | None = root
    inside = False  # the envelope around the document has no WCO pointer
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    may_repeat = False
    for position, part in enumerate(parts):
        if may_repeat and is_index(part):
            name, _, element_id, is_class = steps[-1]
            steps[-1] = (name, int(part) + 1, element_id, is_class)
            may_repeat = False
            continue
        element = by_name(cls).get(part) if cls is not None else None
        may_repeat = element is None or element.repeated
        if element is None:
            steps.append((_xml_name(part), None, "?" if inside else None, False))
            cls = None
            continue
        inside = inside or (position == 0 and part == root.document)
        is_class = element.child is not None and not element.qualified
        steps.append((_xml_name(part), None, (element.wco_id or "?") if inside else None, is_class))
        cls = element.child
    return steps


def is_index(part: str) -> bool:
    """Whether a part of a pointer can be a position: a sender may give a member any digits for a name."""
    return len(part) <= _LONGEST_INDEX and part.isascii() and part.isdigit()


def _xml_name(part: str) -> str:
    """In XML the value of a qualified leaf is the element's text, its unit or currency an attribute."""
    return {"value": "text()", "unitCode": "@unitCode", "currencyID": "@currencyID"}.get(part, part)
