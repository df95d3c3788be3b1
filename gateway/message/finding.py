"""A finding: one thing wrong with a message.

A finding is data: the place in the common form as a JSON Pointer (RFC 6901), the value seen, and the id of the
rule. Its sentences in English, Russian and Chinese, its source and the way to mend it belong to the rule and are
looked up by id when the finding is shown (`gateway.validation.catalogue`). The XPath and the WCO pointer are
derived from the JSON Pointer (`gateway.message.place`), so the three can never disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

_NOTHING: Mapping[str, str] = MappingProxyType({})


class Severity(StrEnum):
    """What a finding does to the message. Ordered from the heaviest."""

    REJECT = "reject"
    HOLD = "hold"
    WARN = "warn"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a message.

    Attributes:
        rule: Id of the rule, for example `ACD-CON-02`. Public; never reused.
        severity: What it does to the message.
        pointer: JSON Pointer into the common form; "" is the whole message.
        value: The value seen, as text, at most 200 characters; "" where the fault is that nothing is there.
        params: Values for the placeholders of the rule's texts.
        national: Where in the national document it came from, where that is known.
        line: Line in the document as sent, where that is known.
    """

    rule: str
    severity: Severity
    pointer: str
    value: str = ""
    params: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    national: str = ""
    line: int | None = None


def serious(findings: list[Finding]) -> list[Finding]:
    """The findings for which a message is refused."""
    return [finding for finding in findings if finding.severity is Severity.REJECT]
