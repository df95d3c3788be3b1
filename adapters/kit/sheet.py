"""A national document while it is written: what of the message is on it, and what was left.

Every value is put on the sheet together with its JSON Pointer; what has no pointer on the sheet at the end is reported
as not carried. So nothing is dropped in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from adapters.kit.contract import not_carried
from gateway.message.element import WcoClass
from gateway.message.finding import Finding, Severity
from gateway.message.leaf import write_date_time
from gateway.message.table import elements


@dataclass(slots=True, kw_only=True)
class Sheet:
    """What is known of a document that is being written.

    Attributes:
        findings: What was found so far.
        said: JSON Pointers of the leaves that the document carries or says in another way.
    """

    findings: list[Finding] = field(default_factory=list)
    said: set[str] = field(default_factory=set)

    def say(self, rule: str, severity: Severity, pointer: str, value: str = "", **params: str) -> None:
        """Report something about the message."""
        name = pointer.rpartition("/")[2]
        self.findings.append(Finding(rule, severity, pointer, value[:200], {"name": name, **params}))

    def unfit(self, pointer: str, value: str) -> None:
        """Report that a value does not fit the national form."""
        self.say("KIT-FIT-01", Severity.WARN, pointer, value)
        self.said.add(pointer)


def report_rest(sheet: Sheet, message: WcoClass) -> None:
    """A finding for every leaf of a message that the sheet does not carry."""
    for pointer, value in leaves(message):
        if pointer not in sheet.said:
            sheet.findings.append(not_carried(pointer, value))


def leaves(value: WcoClass, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Every leaf of a message: JSON Pointer and text. A unit or a currency is a leaf below its measure or amount."""
    for element in elements(type(value)):
        content = getattr(value, element.attribute)
        if content is None:
            continue
        here = f"{pointer}/{element.name}"
        parts = [(f"{here}/{at}", part) for at, part in enumerate(content)] if element.repeated else [(here, content)]
        for at, part in parts:
            if element.child is None:
                yield at, written(part)
            elif element.qualified:
                yield at, written(part.value)
                unit = elements(element.child)[1]
                if (code := getattr(part, unit.attribute)) is not None:
                    yield f"{at}/{unit.name}", code
            else:
                yield from leaves(part, at)


def written(value: Any) -> str:
    """A value as text: decimals without exponent, date-times with offset, indicators as 1 and 0."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return write_date_time(value)
    return str(value)
