"""Single values of Kyrgyz documents: moments, registration numbers, masses, counts, amounts, kinds of documents."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from adapters.kg.codes import KIND_IN_WORDS
from adapters.kg.form import BISHKEK
from adapters.kit.contract import not_carried
from adapters.kit.eaeu import DOCUMENTS_READ
from gateway.message.finding import Severity
from gateway.message.parts import Amount, Measure, Quantity

if TYPE_CHECKING:
    from lxml import etree

    from adapters.kit.xml_source import XmlSource


def read_moment(source: XmlSource, node: etree._Element | None, pointer: str) -> datetime | None:
    """A date-time with offset. One without offset is Bishkek time, and said to be; finer than a millisecond is cut."""
    moment = source.date_time(node, pointer)
    if moment is None or moment.tzinfo is not None:
        return moment
    source.say("KG-006", Severity.WARN, pointer, source.text(node), node)
    return moment.replace(tzinfo=BISHKEK)


def read_number(source: XmlSource, node: etree._Element | None, pointer: str = "", *, prefix: str = "") -> str | None:
    """A registration number as `KG/20261123/000000123`; None where there is none, and, reported, where a part lacks.

    Args:
        source: The document.
        node: The element of its three parts.
        pointer: JSON Pointer that it will have.
        prefix: Prefix of the parts: `p:` in preliminary information, none in the notices.
    """
    parts = [source.value(node, f"{prefix}{name}", pointer) or "" for name in ("CountryCode", "Date", "PINumber")]
    if not any(parts):
        return None
    number = "/".join((parts[0], parts[1][:10].replace("-", ""), parts[2]))
    if not all(parts) or len(number) > 35:
        source.say("KIT-FIT-01", Severity.WARN, pointer, number, node)
        return None
    return number


def read_mass(source: XmlSource, node: etree._Element | None, name: str, pointer: str) -> Measure | None:
    """A mass in kilograms."""
    return read_measure(source, node, name, "KGM", pointer)


def read_measure(
    source: XmlSource, node: etree._Element | None, name: str, unit: str | None, pointer: str
) -> Measure | None:
    """A measure in a unit of UN/ECE Rec 20."""
    element = source.first(node, name)
    value = source.number(element, pointer)
    if value is None:
        return None
    return source.make(Measure, pointer, element, {"value": value, "unit_code": unit})


def read_quantity(source: XmlSource, node: etree._Element | None, name: str, pointer: str) -> Quantity | None:
    """A number of packages."""
    element = source.first(node, name)
    value = source.number(element, pointer)
    return None if value is None else source.make(Quantity, pointer, element, {"value": value})


def whole(text: str) -> int | None:
    """A whole number of at most five digits; None of any other text, however long it is."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else None


def read_count(source: XmlSource, node: etree._Element | None, name: str, pointer: str) -> int | None:
    """A whole number of at most five digits."""
    element = source.first(node, name)
    value = source.take(element, pointer)
    count = None if value is None else whole(value)
    if value is not None and count is None:
        source.say("KIT-FIT-01", Severity.WARN, pointer, value, element)
    return count


def read_ordinal(source: XmlSource, node: etree._Element, name: str, pointer: str, position: int) -> int:
    """A positive position in a list as the document has it; the real position where it has none."""
    element = source.first(node, name)
    text = source.take(element, pointer)
    if text is not None and (number := whole(text)):
        return number
    if text is not None:
        source.findings.append(not_carried(pointer, text, source.path(element)))
    source.origins.setdefault(pointer, source.path(node))
    return position


def read_amount(source: XmlSource, node: etree._Element | None, pointer: str) -> Amount | None:
    """An amount of money with its currency."""
    value = source.number(source.first(node, "r:Amount"), pointer)
    currency = source.value(node, "r:CurrencyCode", f"{pointer}/currencyID")
    if value is None:
        return None
    return source.make(Amount, pointer, node, {"value": value, "currency_id": currency})


def read_kind(source: XmlSource, node: etree._Element, code: str, pointer: str) -> str | None:
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
