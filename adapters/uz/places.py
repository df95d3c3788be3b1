"""Places of a DM as the common form points at them, and back: JSON Pointer ↔ chain of WCO pointers.

For the faults of a notice (`notice.py`), and for what a change in part changes (`change.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from adapters.uz.form import DECLARATION
from adapters.uz.rows import places
from gateway.message.declaration import Declaration
from gateway.message.metadata import DeclarationMessage
from gateway.message.parts import Pointer
from gateway.message.place import is_exact, wco_pointers

PLACES: Mapping[str, str] = dict(places(DECLARATION, Declaration, "", "/Declaration"))
"""Place in a DM → JSON Pointer in the common form; `*` stands for a position."""

_TOLD_BY: Mapping[str, str] = dict(places(DECLARATION, Declaration, "", "/Declaration", inside=True))
"""The same with the number and the unit of a pair, which change together."""

_POSITION = re.compile(r"/([0-9]{1,5})(?=/|$)")


def wco_chain(place: str) -> tuple[Pointer, ...]:
    """The chain of WCO pointers of a place in a DM; empty where the form has no such place."""
    pointer = _common_pointer(place, PLACES)
    return wco_pointers(pointer, DeclarationMessage) if pointer else ()


def exact_chain(place: str) -> tuple[Pointer, ...]:
    """The same, but empty as well where the chain would lead to more than that place.

    The number and the unit of a pair are told by the pair.
    """
    pointer = _common_pointer(place, _TOLD_BY)
    return wco_pointers(pointer, DeclarationMessage) if is_exact(pointer, DeclarationMessage) else ()


def _common_pointer(place: str, known: Mapping[str, str]) -> str:
    """JSON Pointer in the common form of a place in a DM; "" where it is none of those known."""
    positions = _POSITION.findall(place)
    pointer = known.get(_POSITION.sub("/*", place))
    if pointer is None or any(int(position) > 99998 for position in positions):
        return ""
    for position in positions:
        pointer = pointer.replace("*", str(int(position)), 1)
    return pointer


def place_of_chain(chain: tuple[Pointer, ...]) -> str:
    """The place in a DM of a chain of WCO pointers; "" where it names none that we know."""
    classes = tuple(step.document_section_code or "" for step in chain)
    found = _by_chain().get((classes, (chain[-1].tag_id or "") if chain else ""))
    if found is None:
        return ""
    place, positions = found
    for step, only in positions:
        number = chain[step].sequence_numeric or 1
        if only is None:
            place = place.replace("*", str(number - 1), 1)
        elif number != only:
            return ""
    return place


_Positions = tuple[tuple[int, int | None], ...]


@cache
def _by_chain() -> dict[tuple[tuple[str, ...], str], tuple[str, _Positions]]:
    """Classes and element of a chain → the place, and the steps that are positions in a list.

    Of a list of which the form has one part only, the position of that part; None where it has them all.
    """
    found: dict[tuple[tuple[str, ...], str], tuple[str, _Positions]] = {}
    for place, pointer in PLACES.items():
        chain = wco_pointers(pointer.replace("*", "0"), DeclarationMessage)
        listed = [at for at, step in enumerate(chain) if step.sequence_numeric is not None]
        marks = re.findall(r"/(\*|[0-9]+)(?=/|$)", pointer)
        if chain and len(listed) == len(marks):
            key = (tuple(step.document_section_code or "" for step in chain), chain[-1].tag_id or "")
            only = (None if mark == "*" else int(mark) + 1 for mark in marks)
            found.setdefault(key, (place, tuple(zip(listed, only, strict=True))))
    return found
