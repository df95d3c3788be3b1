"""Kyrgyzstan: what all its documents have in common: namespaces, registration numbers, times.

A registration number is country, date and nine characters; as a reference its parts are joined by hyphens,
`KG-2026-11-23-000000123` (`docs/national-wires.md`, "Kyrgyzstan").
"""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from mock_nsw.documents import Element, Maker, text_at
from mock_nsw.issuing import Issuer

BISHKEK = ZoneInfo("Asia/Bishkek")

EXPORT = "urn:torugart:plausible:kg:ExportPreliminary:1"
NOTICE = "urn:torugart:plausible:kg:ResultNotice:1"
EVENT = "urn:torugart:plausible:kg:BorderEventNotice:1"
WITHDRAWAL = "urn:torugart:plausible:kg:WithdrawalNotice:1"
PRELIMINARY = "urn:customs.ru:Information:CustomsDocuments:AutoPreliminary:5.23.0"
COMMON = "urn:customs.ru:CommonAggregateTypes:5.22.0"
RUS = "urn:customs.ru:RUSCommonAggregateTypes:5.22.0"
PRIOR = "urn:customs.ru:Information:PriorInformation:PriorCommonAggregateTypes:5.23.0"

EMPTY_CONTAINER = "Порожний контейнер"
"""Description of the goods of a consignment that is nothing but empty containers."""

_REFERENCE = re.compile(r"([A-Z]{2})-(\d{4}-\d{2}-\d{2})-(.{9})")


def register(issuer: Issuer) -> str:
    """A new registration number."""
    return f"KG-{issuer.moment().astimezone(BISHKEK):%Y-%m-%d}-{issuer.digits(9)}"


def number(make: Maker, inner: Maker, name: str, reference: str) -> Element | None:
    """An element with a registration number; nothing when the reference is none."""
    parts = _REFERENCE.fullmatch(reference)
    if parts is None:
        return None
    country, date, serial = parts.groups()
    return make(name, inner("CountryCode", country), inner("Date", date), inner("PINumber", serial))


def number_at(root: Element, path: str) -> str:
    """The registration number of the element at a path as a reference; empty when there is none.

    Raises:
        Unreadable: A part of it is missing.
    """
    found = root.find(path)
    if found is None:
        return ""
    return "-".join(text_at(found, f"{{*}}{part}", {}, required=True) for part in ("CountryCode", "Date", "PINumber"))


def date_time(at: datetime) -> str:
    """`xs:dateTime` with the offset of Bishkek."""
    return at.astimezone(BISHKEK).isoformat(timespec="seconds")
