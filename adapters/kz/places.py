"""Places in preliminary information and the same places in the common form.

For the errors of a response: one of a ProcessingNotice names an XPath, one of a WCO Response a chain of pointers; an
error about a place that only one side can name keeps its words and has no pointer. And for a change in part, which
names what it changes in the same two ways (`change.py`). Both directions follow the layout.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from adapters.kz.form import INFORMATION
from adapters.kz.information import INFORMATION_ROWS
from adapters.kz.layout import Each, Either, Leaf, Own, Part, Row, Through, element_of, pointer_to
from gateway.message.declaration import Declaration
from gateway.message.element import WcoClass
from gateway.message.metadata import DeclarationMessage
from gateway.message.parts import Pointer
from gateway.message.place import is_exact, wco_pointers

_STEP = re.compile(r"(?:[A-Za-z_][\w.\-]*:)?(?P<name>[A-Za-z_]\w*)(?:\[(?P<at>[0-9]{1,5})\])?")
_HEAD = {
    "EDocHeader/EDocDateTime": "/Declaration/IssueDateTime",
    "SourceReferenceId": "/Declaration/FunctionalReferenceID",
    "PreliminaryInformationIdDetails": "/Declaration/FunctionalReferenceID",
    "PIActionCode": "/Declaration/FunctionCode",
}


def wco_chain(xpath: str) -> tuple[Pointer, ...]:
    """The chain of WCO pointers of an XPath in preliminary information; empty where it names no place we know."""
    pointer = _common_pointer(xpath)
    return wco_pointers(pointer, DeclarationMessage) if pointer else ()


def exact_chain(xpath: str) -> tuple[Pointer, ...]:
    """The same, but empty as well where the chain would lead to more than that place.

    An XML attribute is told by its element: a unit or a currency changes with the value that it belongs to.
    """
    pointer = _common_pointer(xpath.partition("/@")[0])
    return wco_pointers(pointer, DeclarationMessage) if is_exact(pointer, DeclarationMessage) else ()


def _common_pointer(xpath: str) -> str:
    """JSON Pointer in the common form of an XPath in preliminary information; "" where it names no place we know."""
    steps = [_STEP.fullmatch(part) for part in xpath.strip("/").split("/")]
    names = [step["name"] for step in steps if step is not None]
    template = _templates().get("/".join(names[1:]))
    if len(names) < len(steps) or names[:1] != [INFORMATION] or template is None:
        return ""
    positions = [int(step["at"] or 1) for step in steps[1:] if step is not None]
    pointer = template[0]
    for place, depth in enumerate(template[1]):
        if positions[depth] < 1:
            return ""
        pointer = pointer.replace(f"{{{place}}}", str(positions[depth] - 1))
    return pointer


def xpath_of_chain(chain: tuple[Pointer, ...]) -> str:
    """The XPath in preliminary information of a chain of WCO pointers; "" where it names no place we know."""
    if not chain:
        return ""
    key = (tuple(step.document_section_code or "" for step in chain), chain[-1].tag_id or "")
    path, listed = _by_chain().get(key, ("", ()))
    names, deep = path.split("/"), _templates()[path][1] if path else ()
    # A class that stands once may be counted all the same: only the positions in lists are looked at.
    positions = [number for at in listed if (number := chain[at].sequence_numeric) is not None]
    if not path or len(positions) != len(deep):
        return ""
    for depth, position in zip(deep, positions, strict=True):
        names[depth] = f"{names[depth]}[{position}]"
    return "/".join(("", INFORMATION, *names))


@cache
def _templates() -> dict[str, tuple[str, tuple[int, ...]]]:
    """XPath below the root, no positions → JSON Pointer with `{0}`, `{1}` for positions, and their depths."""
    found: dict[str, tuple[str, tuple[int, ...]]] = {path: (pointer, ()) for path, pointer in _HEAD.items()}
    for path, pointer, deep in _places(Declaration, INFORMATION_ROWS, (), "/Declaration", ()):
        found.setdefault("/".join(path), (pointer, deep))
    return found


@cache
def _by_chain() -> dict[tuple[tuple[str, ...], str], tuple[str, tuple[int, ...]]]:
    """Classes and element of a chain → XPath below the root, and the steps that are positions in a list."""
    found: dict[tuple[tuple[str, ...], str], tuple[str, tuple[int, ...]]] = {}
    for path, (pointer, deep) in _templates().items():
        filled = pointer
        for place in range(len(deep)):
            filled = filled.replace(f"{{{place}}}", "0")
        chain = wco_pointers(filled, DeclarationMessage)
        if chain:
            key = (tuple(step.document_section_code or "" for step in chain), chain[-1].tag_id or "")
            listed = tuple(at for at, step in enumerate(chain) if step.sequence_numeric is not None)
            found.setdefault(key, (path, listed))
    return found


_Place = tuple[tuple[str, ...], str, tuple[int, ...]]


def _places(
    cls: type[WcoClass], rows: tuple[Row, ...], path: tuple[str, ...], pointer: str, deep: tuple[int, ...]
) -> Iterator[_Place]:
    for row in rows:
        if isinstance(row, Own):
            for name in row.names if row.attributes else ():
                yield (*path, name), pointer_to(pointer, row.attributes[0]), deep
        elif isinstance(row, Either):
            for name, inner in row.options.items():
                yield from _places(cls, inner, (*path, name), pointer, deep)
        elif isinstance(row, Through):
            yield from _places(row.cls, row.rows, path, pointer_to(pointer, row.attribute), deep)
        else:
            yield from _named(cls, row, path, pointer, deep)


def _named(
    cls: type[WcoClass], row: Leaf | Part | Each, path: tuple[str, ...], pointer: str, deep: tuple[int, ...]
) -> Iterator[_Place]:
    here, there = pointer_to(pointer, row.attribute), (*path, row.name)
    if not isinstance(row, Leaf) and element_of(cls, row.attribute).repeated:
        here, deep = f"{here}/{{{len(deep)}}}", (*deep, len(path))
    if isinstance(row, Each):
        yield there, pointer_to(here, row.leaf), deep
        return
    yield there, here, deep
    if isinstance(row, Part):
        yield from _places(row.cls, row.rows, there, here, deep)
