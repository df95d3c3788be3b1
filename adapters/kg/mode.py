"""The mode of transport in Kyrgyz documents. Both directions.

The forms are those of road: vehicles with plates and drivers, at most three. For goods by rail or by air the Union has
forms of their own, so another mode is refused when it is written. What a document says is read whatever it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.kg.codes import MODES
from adapters.kit import eaeu
from gateway.message.finding import Severity

if TYPE_CHECKING:
    from lxml import etree

    from adapters.kit.xml_sheet import XmlSheet
    from adapters.kit.xml_source import XmlSource
    from gateway.message.declaration import BorderTransportMeans

_POINTER = "/Declaration/BorderTransportMeans/ModeCode"


def read_mode(source: XmlSource, parent: etree._Element | None) -> str | None:
    """The mode of a document; a code that says more than the mode, or none that is known, is reported."""
    node = source.first(parent, "TransportModeCode")
    code = source.take(node, _POINTER)
    mode = eaeu.MODES_READ.get(code or "")
    if code is not None and eaeu.MODES.get(mode or "") != code:
        source.lost(node)
    return mode


def write_mode(sheet: XmlSheet, parent: etree._Element, means: BorderTransportMeans | None) -> None:
    """The mode of a declaration; one that the forms are not made for refuses it, and none says nothing."""
    mode = means.mode_code if means is not None else None
    if mode is not None and mode not in MODES:
        sheet.say("KG-018", Severity.REJECT, _POINTER, mode)
    sheet.put(parent, "TransportModeCode", MODES.get(mode or ""), _POINTER)
