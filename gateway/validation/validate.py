"""Validation: what is wrong with one message, all of it.

Structure has been judged by then (`gateway.message.tree`); here every rule of the message's kind is asked. What a rule
finds is data; nothing is raised, and nothing stops at the first fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, TypeVar

from gateway.message.element import WcoClass
from gateway.message.finding import Finding, Severity
from gateway.message.metadata import MetaData
from gateway.message.place import is_index
from gateway.message.table import elements
from gateway.message.tree import MOST_FINDINGS, limited
from gateway.validation.catalogue import Catalogue, core_catalogue
from gateway.validation.rule import Context, Hit, Rule
from gateway.validation.walk import sweep

M = TypeVar("M", bound=MetaData)
_MOST_SHOWN = 200
_WEIGHT = {severity: weight for weight, severity in enumerate(Severity)}
_UNKNOWN = 1 << 20
_SEAL = object()


def validate(message: MetaData, context: Context, catalogue: Catalogue | None = None) -> tuple[Finding, ...]:
    """Everything that the rules find in a message.

    Args:
        message: The message; its structure is right, for it is one.
        context: The moment, and what the agreement asks.
        catalogue: Rules to ask; those of the common form where none is given.

    Returns:
        Findings in the order of the form, the heaviest first at one place; none twice. Of very many the heaviest, and
        one that says so (`gateway.message.tree.limited`).
    """
    kind = type(message)
    checks = (catalogue or core_catalogue()).checks(kind)
    swept: list[dict[tuple[str, str], Finding]] = [{} for _ in checks.swept]
    for number, hits in sweep(message, context, checks.sweeps):
        _note(swept[number], checks.swept[number], hits)
    found = [one for each in swept for one in each.values()]
    for rule, check in checks.rules:
        noted: dict[tuple[str, str], Finding] = {}
        _note(noted, rule, check(message, context))
        found += noted.values()
    if len(found) < 2:
        return tuple(found)
    return limited(in_order(found, kind))


def _note(noted: dict[tuple[str, str], Finding], rule: Rule, hits: Iterator[Hit]) -> None:
    """Keep what a rule finds, once. Bounded for each rule and not for all: what is light never hides what refuses."""
    if len(noted) > MOST_FINDINGS:
        return
    for hit in hits:
        value = hit.value[:_MOST_SHOWN]
        noted.setdefault((hit.pointer, value), Finding(rule.id, rule.severity, hit.pointer, value, hit.params))
        if len(noted) > MOST_FINDINGS:
            return


def in_order(findings: Iterable[Finding], kind: type[MetaData]) -> tuple[Finding, ...]:
    """Findings by their place in the form, then by severity, then by rule."""
    return tuple(
        sorted(
            findings,
            key=lambda finding: (position(finding.pointer, kind), _WEIGHT[finding.severity], finding.rule),
        )
    )


@lru_cache(maxsize=4096)
def position(pointer: str, kind: type[MetaData]) -> tuple[int, ...]:
    """Where in the form a JSON Pointer leads, as numbers to sort by; what the form does not know comes last."""
    place: list[int] = []
    inside: type[WcoClass] | None = kind
    for part in pointer.split("/")[1:]:
        if is_index(part):
            place.append(int(part))
            continue
        rows = elements(inside) if inside is not None else ()
        found = next(((number, row) for number, row in enumerate(rows) if row.name == part), None)
        if found is None:
            place.append(_UNKNOWN)
            inside = None
        else:
            place.append(found[0])
            inside = found[1].child
    return tuple(place)


@dataclass(frozen=True, slots=True)
class ValidMessage(Generic[M]):
    """A message that nothing speaks against; made by `valid` only.

    Attributes:
        message: The message.
        warnings: What was found all the same: warnings and hints.
    """

    message: M
    warnings: tuple[Finding, ...]
    _seal: object = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self._seal is not _SEAL:
            raise TypeError("a ValidMessage is made by gateway.validation.validate.valid")


def valid(message: M, findings: tuple[Finding, ...]) -> ValidMessage[M] | None:
    """The message as a valid one; None where a finding refuses or holds it."""
    if any(finding.severity in (Severity.REJECT, Severity.HOLD) for finding in findings):
        return None
    return ValidMessage(message, findings, _SEAL)
