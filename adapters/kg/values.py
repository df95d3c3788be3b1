"""Single values of Kyrgyz documents: moments, registration numbers, masses, counts, amounts, kinds of documents."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from adapters.kg.codes import DOCUMENTS_READ, KIND_IN_WORDS
from adapters.kg.form import BISHKEK
from adapters.kit.contract import fit
from gateway.message.finding import Severity
from gateway.message.parts import Amount, Measure, Quantity

if TYPE_CHECKING:
    from lxml import etree

    from adapters.kg.source import Source

_DATE_TIME = re.compile(
    r"(?P<to_second>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(?P<part>\d+))?(?P<offset>Z|[+\-]\d{2}:\d{2})?"
)


def read_moment(source: Source, node: etree._Element | None, pointer: str) -> datetime | None:
    """A date-time with offset. One without offset is Bishkek time, and said to be; finer than a millisecond is cut."""
    text = source.take(node, pointer)
    if text is None:
        return None
    moment = _moment(source, node, text)
    if moment is None:
        source.say("KIT-FIT-01", Severity.WARN, pointer, text, node)
        return None
    if moment.tzinfo is None:
        source.say("KG-006", Severity.WARN, pointer, text, node)
        return moment.replace(tzinfo=BISHKEK)
    return moment


def _moment(source: Source, node: etree._Element | None, text: str) -> datetime | None:
    parts = _DATE_TIME.fullmatch(text)
    if parts is None or not text.isascii():
        return None
    fraction = (parts["part"] or "").rstrip("0")
    if len(fraction) > 3:
        source.lost(node)
    part = f".{fraction[:3]:0<3}" if fraction else ""
    try:
        moment = datetime.fromisoformat(parts["to_second"] + part + (parts["offset"] or ""))
    except ValueError:
        return None
    return moment if 2000 <= moment.year < 2100 else None  # what the common form can write


def registration(source: Source, node: etree._Element | None, pointer: str = "") -> str | None:
    """A registration number as `KG/20261123/000000123`; None where there is none or a part of it is missing."""
    if node is None:
        return None
    parts = [source.value(node, name, pointer) or "" for name in ("p:CountryCode", "p:Date", "p:PINumber")]
    number = "/".join((parts[0], parts[1][:10].replace("-", ""), parts[2]))
    if not all(parts) or len(number) > 35:
        source.say("KIT-FIT-01", Severity.WARN, pointer, number, node)
        return None
    return number


def read_mass(source: Source, node: etree._Element | None, name: str, pointer: str) -> Measure | None:
    """A mass in kilograms."""
    return read_measure(source, node, name, "KGM", pointer)


def read_measure(
    source: Source, node: etree._Element | None, name: str, unit: str | None, pointer: str
) -> Measure | None:
    """A measure in a unit of UN/ECE Rec 20."""
    element = source.first(node, name)
    value = source.number(node, name, pointer)
    if value is None:
        return None
    return fit(Measure, source.findings, pointer, source.path(element), value=value, unit_code=unit)


def read_quantity(source: Source, node: etree._Element | None, name: str, pointer: str) -> Quantity | None:
    """A number of packages."""
    element = source.first(node, name)
    value = source.number(node, name, pointer)
    return None if value is None else fit(Quantity, source.findings, pointer, source.path(element), value=value)


def read_count(source: Source, node: etree._Element | None, name: str, pointer: str) -> int | None:
    """A whole number of at most five digits."""
    element = source.first(node, name)
    value = source.take(element, pointer)
    if value is None or (value.isascii() and value.isdigit() and len(value) <= 5):
        return None if value is None else int(value)
    source.say("KIT-FIT-01", Severity.WARN, pointer, value, element)
    return None


def read_amount(source: Source, node: etree._Element | None, pointer: str) -> Amount | None:
    """An amount of money with its currency."""
    value = source.number(node, "r:Amount", pointer)
    currency = source.value(node, "r:CurrencyCode", f"{pointer}/currencyID")
    if value is None:
        return None
    return fit(Amount, source.findings, pointer, source.path(node), value=value, currency_id=currency)


def read_kind(source: Source, node: etree._Element, code: str, pointer: str) -> str | None:
    """The kind of a document (UNTDID 1001), by its code in the EAEU's classifier or in words in its name."""
    element, name = source.first(node, code), source.first(node, "c:PrDocumentName")
    kind = DOCUMENTS_READ.get("" if element is None else (element.text or "").strip())
    if kind is not None:
        source.take(element, pointer)
        return kind
    words = "" if name is None else (name.text or "").strip()
    if words.startswith(KIND_IN_WORDS):
        source.take(name, pointer)
        return words.removeprefix(KIND_IN_WORDS)
    return None
