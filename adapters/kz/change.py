"""PreliminaryInformation by what it does: a change in part says where it changes, every other document is as it is.

Each AmendmentDetails of a change holds a reason and an XPath into the information as it was before; the common form
has the chain of WCO pointers instead. What only one of the two can name is told: the reader refuses the change, for the
other side would not know what is meant; the writer leaves the place out, for what the form has no place for cannot
change in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adapters.kit.contract import Setting
from adapters.kz.codes import ACTIONS, CHANGE
from adapters.kz.information import INFORMATION_ROWS, read_information, write_information
from adapters.kz.layout import Leaf, Own, Part, Row, pointer_to
from adapters.kz.places import exact_chain, xpath_of_chain
from adapters.kz.values import CODE
from gateway.message.finding import Severity
from gateway.message.metadata import DeclarationMessage
from gateway.message.parts import Amendment
from gateway.message.place import shown

if TYPE_CHECKING:
    from lxml import etree

    from adapters.kit.xml_sheet import XmlSheet
    from adapters.kit.xml_source import XmlSource


def _read_place(source: XmlSource, node: etree._Element | None, pointer: str) -> dict[str, Any]:
    here, path = pointer_to(pointer, "pointer"), source.first(node, "AmendmentPathText")
    place = source.take(path, here)
    chain = exact_chain(place or "")
    if place is not None and not chain:
        source.say("KZ-022", Severity.REJECT, here, place, path)
    return {"pointer": chain}


def _write_place(sheet: XmlSheet, node: etree._Element, amendment: Amendment, pointer: str) -> None:
    here = pointer_to(pointer, "pointer")
    place = xpath_of_chain(amendment.pointer)
    if amendment.pointer and not place:
        sheet.say("KZ-023", Severity.WARN, here, shown(amendment.pointer))
    sheet.put(node, "AmendmentPathText", place)
    for at in range(len(amendment.pointer)):
        sheet.said.update(f"{here}/{at}/{name}" for name in ("DocumentSectionCode", "SequenceNumeric", "TagID"))


_WHY_AND_WHERE = Part(
    "AmendmentDetails",
    "amendment",
    Amendment,
    (
        Leaf("AmendmentReasonCode", "change_reason_code", CODE),
        Own(("AmendmentPathText",), ("pointer",), _read_place, _write_place),
    ),
)
CHANGE_ROWS: tuple[Row, ...] = tuple(
    _WHY_AND_WHERE if getattr(row, "attribute", "") == "amendment" else row for row in INFORMATION_ROWS
)
"""The rows of a change in part: as of any other, but for the reasons."""


def read_preliminary(source: XmlSource, setting: Setting) -> DeclarationMessage | None:
    """The declaration in a PreliminaryInformation."""
    action = source.text(source.first(source.root, "PIActionCode"))
    return read_information(source, setting, CHANGE_ROWS if action == ACTIONS[CHANGE] else INFORMATION_ROWS)


def write_preliminary(message: DeclarationMessage) -> XmlSheet:
    """A declaration for Kazakhstan as a PreliminaryInformation; a cancellation as a withdrawal."""
    changes = message.declaration.function_code == CHANGE
    return write_information(message, CHANGE_ROWS if changes else INFORMATION_ROWS)
