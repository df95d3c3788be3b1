"""Kazakhstan: what all its documents have in common: namespaces, header, numbers, measures.

Every document has a namespace of its own; below it, an element that holds elements is complex, one that holds a
value is simple. A number is country, date and nine characters; as a reference `KZ-20261123-000000123`
(`docs/national-wires.md`, "Kazakhstan").
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from mock_nsw.documents import Element, maker
from mock_nsw.issuing import Issuer

ALMATY = ZoneInfo("Asia/Almaty")

INFORMATION = "PreliminaryInformation"
WITHDRAWAL = "PreliminaryInformationWithdrawal"
NOTICE = "ProcessingNotice"
EVENT = "BorderEventNotice"
CODES = {INFORMATION: "R.048", WITHDRAWAL: "R.049", NOTICE: "R.006", EVENT: "R.050"}
"""Root → `EDocCode`."""

COMPLEX = "urn:torugart:plausible:kz:ComplexDataObjects:1"
SIMPLE = "urn:torugart:plausible:kz:SimpleDataObjects:1"
PATHS = {"c": COMPLEX, "s": SIMPLE}
NUMBER = "c:PreliminaryInformationIdDetails"

_INNER: dict[str | None, str] = {"ccdo": COMPLEX, "csdo": SIMPLE}
_make_complex, _make_simple = maker(COMPLEX, _INNER), maker(SIMPLE, _INNER)
_REFERENCE = re.compile(r"KZ-(\d{4})(\d{2})(\d{2})-([0-9A-Z]{9})")


def namespace(root: str) -> str:
    """The namespace of the documents with that root."""
    return f"urn:torugart:plausible:kz:{root}:1"


def document(root: str, *content: Element | None) -> Element:
    """The root element of a document."""
    own = namespace(root)
    return maker(own, {None: own, **_INNER})(root, *content)


def part(name: str, *content: Element | None) -> Element | None:
    """An element that holds elements; nothing when there is nothing to hold."""
    return _make_complex(name, *content) if any(each is not None for each in content) else None


def leaf(name: str, text: str, **attributes: str) -> Element | None:
    """An element that holds a value; nothing when there is none."""
    given = {attribute: value for attribute, value in attributes.items() if value}
    return _make_simple(name, text, **given) if text else None


def header(
    root: str, issuer: Issuer, *, source: str = "KZ", destination: str, follows: str = "", language: str = "ru"
) -> Element | None:
    """The header of a new document.

    Args:
        root: The document's root element.
        issuer: Gives it its identifier and its time.
        source: The country that sends it.
        destination: The country it is for.
        follows: `EDocId` of the document that it answers or follows.
        language: `ru` or `kk`.
    """
    return part(
        "EDocHeader",
        leaf("EDocCode", CODES[root]),
        leaf("EDocId", issuer.uuid()),
        leaf("EDocRefId", follows),
        leaf("EDocDateTime", date_time(issuer.moment())),
        leaf("LanguageCode", language),
        leaf("SourceCountryCode", source),
        leaf("DestinationCountryCode", destination),
    )


def register(issuer: Issuer) -> str:
    """A new number, as a reference."""
    return f"KZ-{issuer.moment().astimezone(ALMATY):%Y%m%d}-{issuer.digits(9)}"


def number(reference: str) -> Element | None:
    """The number that a reference stands for; nothing when it stands for none."""
    parts = _REFERENCE.fullmatch(reference)
    if parts is None:
        return None
    year, month, day, serial = parts.groups()
    return part(
        "PreliminaryInformationIdDetails",
        leaf("UnifiedCountryCode", "KZ"),
        leaf("DocCreationDate", f"{year}-{month}-{day}"),
        leaf("PINumberId", serial),
    )


def number_at(root: Element) -> str:
    """The number in a document as a reference; empty when there is none."""
    found = root.find(NUMBER, PATHS)
    if found is None:
        return ""
    country, date, serial = (
        (found.findtext(f"s:{name}", namespaces=PATHS) or "").strip()
        for name in ("UnifiedCountryCode", "DocCreationDate", "PINumberId")
    )
    return f"{country}-{date.replace('-', '')}-{serial}" if country and date and serial else ""


def mass(kilograms: Decimal | None) -> Element | None:
    """A gross mass in kilograms, 166 in the units of the EAEU."""
    return None if kilograms is None else leaf("UnifiedGrossMassMeasure", f"{kilograms:f}", measurementUnitCode="166")


def date_time(at: datetime) -> str:
    """`xs:dateTime` with the offset of Almaty."""
    return at.astimezone(ALMATY).isoformat(timespec="seconds")
