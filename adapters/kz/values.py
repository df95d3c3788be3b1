"""The kinds of values in Kazakh documents, each as it is read and as it is written.

A date-time without an offset is the time of Almaty. The two offsets are written out here and not looked up: the
change of 2024 is missing from the time zone data of many machines, and a wrong hour would go unnoticed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from adapters.kit.eaeu import DOCUMENTS, DOCUMENTS_READ, UNITS, UNITS_READ
from adapters.kit.measure import KILOGRAMS, converted
from adapters.kz.codes import UNECE_20, UNTDID_1001
from adapters.kz.layout import Kind
from gateway.message.finding import Finding, Severity
from gateway.message.parts import Amount, Measure, Quantity

if TYPE_CHECKING:
    from lxml import etree

    from adapters.kit.xml_sheet import XmlSheet
    from adapters.kit.xml_source import XmlSource

_BEFORE, _SINCE = timezone(timedelta(hours=6)), timezone(timedelta(hours=5))
_CHANGE = datetime(2024, 2, 29, 18, 0, tzinfo=UTC)
"""Midnight of 1 March 2024 at +06:00: the clocks of Almaty went back to 23:00 (tz database 2024a)."""

_UNIT, _UNIT_LIST, _KIND_LIST = "measurementUnitCode", "measurementUnitCodeListId", "codeListId"


def almaty(moment: datetime) -> datetime:
    """The same moment in the time of Almaty; right from 2005 on, when Kazakhstan gave up summer time."""
    return moment.astimezone(_BEFORE if moment < _CHANGE else _SINCE)


def in_almaty(local: datetime) -> tuple[datetime, bool]:
    """A clock time of Almaty as a moment, and whether that clock time came twice (then the later one is meant)."""
    before, since = local.replace(tzinfo=_BEFORE), local.replace(tzinfo=_SINCE)
    return (since if since >= _CHANGE else before), before < _CHANGE <= since


def read_moment(source: XmlSource, node: etree._Element | None, pointer: str) -> datetime | None:
    """A date-time with offset, to the millisecond; what has none is the time of Almaty, and said to be."""
    moment = source.date_time(node, pointer)
    if moment is None or moment.tzinfo is not None:
        return moment
    there, twice = in_almaty(moment)
    source.say("KZ-003" if twice else "KZ-002", Severity.WARN, pointer, source.text(node), node)
    return there


def _put(sheet: XmlSheet, parent: etree._Element, name: str, value: object, pointer: str) -> None:
    sheet.put(parent, name, value, pointer)


def _read_count(source: XmlSource, node: etree._Element | None, pointer: str) -> int | None:
    text = source.take(node, pointer)
    if text is None or (text.isascii() and text.isdigit() and len(text) <= 8):
        return None if text is None else int(text)
    source.say("KIT-FIT-01", Severity.WARN, pointer, text, node)
    return None


def _read_ordinal(source: XmlSource, node: etree._Element | None, pointer: str) -> int:
    """A position in a list; the real one where the document has none that is possible."""
    count = _read_count(source, node, pointer)
    if count is not None and 0 < count <= 99999:
        return count
    if count is not None:
        source.say("KIT-FIT-01", Severity.WARN, pointer, str(count), node)
    return int(pointer.split("/")[-2]) + 1


def _from_list(
    source: XmlSource,
    node: etree._Element | None,
    code: str | None,
    pointer: str,
    other: tuple[str, str],
    table: Mapping[str, str],
) -> str | None:
    """A code in the common form: one of the EAEU's by its table, one of the other list as it is.

    A code of a list that the form does not know may mean anything: list and code are reported, and it is left out.

    Args:
        source: The document.
        node: The element of the code.
        code: The code.
        pointer: JSON Pointer that it will have.
        other: XML attribute that names the other list, and the name of that list.
        table: Code of the EAEU → code of the common form.
    """
    attribute, name = other
    listed = source.attribute(node, attribute)
    if listed == name:
        return code
    if listed is not None:
        place = f"{source.path(node)}/@{attribute}"
        params = {"name": attribute}
        source.findings.append(Finding("KIT-FIT-01", Severity.WARN, pointer, listed[:200], params, national=place))
    if code is not None and (listed is not None or code not in table):
        source.say("KIT-FIT-01", Severity.WARN, pointer, code, node)
    return table.get(code or "") if listed is None else None


def _read_measure(source: XmlSource, node: etree._Element | None, pointer: str) -> Measure | None:
    here = f"{pointer}/unitCode"
    unit = _from_list(source, node, source.attribute(node, _UNIT, here), here, (_UNIT_LIST, UNECE_20), UNITS_READ)
    value = source.number(node, pointer)
    return None if value is None else source.make(Measure, pointer, node, {"value": value, "unit_code": unit})


def _read_mass(source: XmlSource, node: etree._Element | None, pointer: str) -> Measure | None:
    """A mass in kilograms; one in tonnes or grams is converted, exactly, and said to be."""
    mass = _read_measure(source, node, pointer)
    factor = KILOGRAMS.get(mass.unit_code or "") if mass is not None else None
    if mass is None or factor is None or factor == 1:
        return mass
    shown = f"{source.text(node)} {mass.unit_code}"
    kilograms = converted(mass.value, factor)
    if kilograms is None:
        source.say("KIT-FIT-01", Severity.WARN, pointer, shown, node)
        return None
    source.say("KZ-017", Severity.INFO, pointer, shown, node, kg=str(kilograms))
    return source.make(Measure, pointer, node, {"value": kilograms, "unit_code": "KGM"})


def _write_measure(sheet: XmlSheet, parent: etree._Element, name: str, value: Measure, pointer: str) -> None:
    node = sheet.put(parent, name, value.value, pointer)
    if node is None or value.unit_code is None:
        return
    national = UNITS.get(value.unit_code)
    sheet.attribute(node, _UNIT, national or value.unit_code, f"{pointer}/unitCode")
    if national is None:
        node.set(_UNIT_LIST, UNECE_20)


def _read_quantity(source: XmlSource, node: etree._Element | None, pointer: str) -> Quantity | None:
    kind = source.attribute(node, "packageKindCode", f"{pointer}/unitCode")
    value = source.number(node, pointer)
    return None if value is None else source.make(Quantity, pointer, node, {"value": value, "unit_code": kind})


def _write_quantity(sheet: XmlSheet, parent: etree._Element, name: str, value: Quantity, pointer: str) -> None:
    node = sheet.put(parent, name, value.value, pointer)
    sheet.attribute(node, "packageKindCode", value.unit_code, f"{pointer}/unitCode")


def _read_amount(source: XmlSource, node: etree._Element | None, pointer: str) -> Amount | None:
    currency = source.attribute(node, "currencyCode", f"{pointer}/currencyID")
    value = source.number(node, pointer)
    return None if value is None else source.make(Amount, pointer, node, {"value": value, "currency_id": currency})


def _write_amount(sheet: XmlSheet, parent: etree._Element, name: str, value: Amount, pointer: str) -> None:
    node = sheet.put(parent, name, value.value, pointer)
    sheet.attribute(node, "currencyCode", value.currency_id, f"{pointer}/currencyID")


def _read_kind(source: XmlSource, node: etree._Element | None, pointer: str) -> str | None:
    code = source.take(node, pointer)
    return _from_list(source, node, code, pointer, (_KIND_LIST, UNTDID_1001), DOCUMENTS_READ)


def _write_kind(sheet: XmlSheet, parent: etree._Element, name: str, value: str, pointer: str) -> None:
    national = DOCUMENTS.get(value)
    node = sheet.put(parent, name, national or value, pointer)
    if node is not None and national is None:
        node.set(_KIND_LIST, UNTDID_1001)


def coded(to_national: Mapping[str, str], to_common: Mapping[str, str]) -> Kind:
    """A code by a table; one that the table does not list is reported and not carried."""

    def read(source: XmlSource, node: etree._Element | None, pointer: str) -> str | None:
        code = source.take(node, pointer)
        if code is not None and code not in to_common:
            source.say("KIT-FIT-01", Severity.WARN, pointer, code, node)
        return to_common.get(code or "")

    def write(sheet: XmlSheet, parent: etree._Element, name: str, value: str, pointer: str) -> None:
        sheet.put(parent, name, to_national.get(value), pointer)

    return Kind(read, write)


CODE = Kind(lambda source, node, pointer: source.take(node, pointer), _put)
"""A code or an identifier, as it is."""
TEXT = Kind(lambda source, node, pointer: source.words(node, pointer), _put)
"""Free text, with its white space."""
MOMENT = Kind(read_moment, _put)
COUNT = Kind(_read_count, _put)
ORDINAL = Kind(_read_ordinal, _put)
MEASURE = Kind(_read_measure, _write_measure)
MASS = Kind(_read_mass, _write_measure)
QUANTITY = Kind(_read_quantity, _write_quantity)
AMOUNT = Kind(_read_amount, _write_amount)
KIND = Kind(_read_kind, _write_kind)
"""The kind of a document."""
