"""What a rule is: one small function with an id that never changes.

A rule looks at one message and yields a `Hit` for each place where the message breaks it. It does no I/O and knows no
clock but `Context.now`. `@rule` only labels it; the list of a family's rules is written out at the end of its file.
Countries make their own rules with the same three names (`rule`, `Rule`, `Hit`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from gateway.message.finding import Severity
from gateway.message.metadata import MetaData

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may know besides the message.

    Attributes:
        now: The moment of judgement, with offset.
        mass_tolerance: By how much sums of gross mass may differ, in kg.
        package_tolerance: By how much sums of packages may differ.
        value_tolerance_percent: By how much a sum of values may differ, in percent of the total that is stated.
        lead_time: How long before the planned arrival the message must be here; None where no agreement says so.
        earliest: How long before the planned arrival the message may be here at the earliest.
        clock_skew: By how much a sender's clock may run ahead.
        oldest: How old a message may be.
        mandatory: Element paths that the agreement makes mandatory, `Declaration/Carrier/Name`.
        export_declaration: Whether each consignment must cite its export declaration.
    """

    now: datetime
    mass_tolerance: Decimal = Decimal("0.5")
    package_tolerance: int = 0
    value_tolerance_percent: Decimal = Decimal(0)
    lead_time: timedelta | None = None
    earliest: timedelta | None = None
    clock_skew: timedelta = timedelta(minutes=5)
    oldest: timedelta = timedelta(hours=72)
    mandatory: frozenset[str] = frozenset()
    export_declaration: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a message breaks a rule.

    Attributes:
        pointer: JSON Pointer into the message.
        value: The value seen; "" where nothing is there.
        params: Values for the placeholders of the rule's texts.
    """

    pointer: str
    value: str = ""
    params: Mapping[str, str] = field(default_factory=lambda: _NOTHING)


Check = Callable[[Any, Context], Iterator[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule.

    Attributes:
        id: Family and number, `ACD-CON-02`; `CN-…`, `KG-…` for national rules. Public; never reused.
        severity: What a finding of it does to the message.
        title: The rule in one English sentence.
        source: Standard, clause or document it comes from, with its certainty where that is not full.
        about: The kind of message it judges.
        check: The function; None for the faults of form that the codecs report under an id of their own.
    """

    id: str
    severity: Severity
    title: str
    source: str
    about: type[MetaData]
    check: Check | None


def rule(
    rule_id: str, severity: Severity, title: str, *, source: str, about: type[MetaData]
) -> Callable[[Check], Rule]:
    """Label a check function as a rule."""

    def label(check: Check) -> Rule:
        return Rule(rule_id, severity, title, source, about, check)

    return label
