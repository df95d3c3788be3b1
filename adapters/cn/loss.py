"""What a national form cannot carry: found by reading back what was written, so that the list is never a guess."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from adapters.cn.codes import KILOGRAM, TONNE
from adapters.cn.document import kilograms
from adapters.kit.contract import not_carried
from gateway.message.element import WcoClass
from gateway.message.finding import Finding
from gateway.message.leaf import write_date_time
from gateway.message.parts import Amount, Measure, Quantity
from gateway.message.table import elements


def lost(pointer: str, message: WcoClass, read_back: WcoClass | None) -> list[Finding]:
    """A `KIT-LOST-01` for each value of a part that is not in what the written document says.

    Args:
        pointer: JSON Pointer of the part.
        message: The part of the message.
        read_back: The same part, read from the written document; None where nothing could be read.
    """
    there = dict(_leaves(pointer, read_back)) if read_back is not None else {}
    return [
        not_carried(at, _shown(value))
        for at, value in _leaves(pointer, message)
        if at not in there or not _same(value, there[at])
    ]


def _leaves(pointer: str, part: WcoClass) -> Iterator[tuple[str, Any]]:
    """Every value with its pointer; a measure, a quantity or an amount is one value."""
    for element in elements(type(part)):
        content = getattr(part, element.attribute)
        at = f"{pointer}/{element.name}"
        if element.repeated:
            for index, item in enumerate(content):
                yield from _leaves(f"{at}/{index}", item)
        elif content is not None:
            if element.child is None or element.qualified:
                yield at, content
            else:
                yield from _leaves(at, content)


def _same(value: Any, other: Any) -> bool:
    """Whether two values say the same: moments as moments, masses in kilograms."""
    if isinstance(value, Measure) and value.unit_code == TONNE:
        value = Measure(value=kilograms(format(value.value, "f")), unit_code=KILOGRAM)
    return bool(value == other)


def _shown(value: Any) -> str:
    if isinstance(value, Measure | Quantity):
        return " ".join(filter(None, (format(value.value, "f"), value.unit_code)))
    if isinstance(value, Amount):
        return " ".join(filter(None, (format(value.value, "f"), value.currency_id)))
    return write_date_time(value) if isinstance(value, datetime) else str(value)
