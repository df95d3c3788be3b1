"""The rows of a DM by what it does: a change in part (OZGARTIRISH) says where it changes, every other DM is as it is.

Each reason of a change names a place in the DM as it was before, as a JSON Pointer (`joy`); the common form has the
chain of WCO pointers instead. What only one of the two can name is told: the reader refuses the change, for the other
side would not know what is meant; the writer leaves the place out, for what the form has no place for cannot change in
it.
"""

from __future__ import annotations

from typing import Any

from adapters.kit.sheet import Sheet
from adapters.uz.codes import CHANGE
from adapters.uz.form import DECLARATION
from adapters.uz.kinds import WORD
from adapters.uz.places import exact_chain, place_of_chain
from adapters.uz.rows import AnyRow, Kind, Row, many
from adapters.uz.source import Source
from gateway.message.finding import Severity
from gateway.message.parts import Pointer
from gateway.message.place import shown


def _read_place(source: Source, value: Any, place: str, pointer: str, _cls: Any) -> tuple[Pointer, ...] | None:
    changed = source.string(value, place, pointer)
    if changed is None:
        return None
    chain = exact_chain(changed)
    if not chain:
        source.say("UZ-016", Severity.REJECT, pointer, changed, place)
    return chain or None


def _write_place(sheet: Sheet, chain: tuple[Pointer, ...], pointer: str) -> str | None:
    for at in range(len(chain)):
        sheet.said.update(f"{pointer}/{at}/{name}" for name in ("DocumentSectionCode", "SequenceNumeric", "TagID"))
    place = place_of_chain(chain)
    if not place:
        sheet.say("UZ-017", Severity.WARN, pointer, shown(chain))
    return place or None


_WHY_AND_WHERE = Row(
    "sabablar",
    "amendment",
    many((Row("kod", "change_reason_code", WORD), Row("joy", "pointer", Kind(_read_place, _write_place)))),
)
CHANGE_ROWS: tuple[AnyRow, ...] = tuple(
    _WHY_AND_WHERE if getattr(row, "key", "") == "sabablar" else row for row in DECLARATION
)
"""The rows of a change in part: as of any other, but for the reasons."""


def rows_of(function: str | None) -> tuple[AnyRow, ...]:
    """The rows of a DM that does what a function code says."""
    return CHANGE_ROWS if function == CHANGE else DECLARATION
