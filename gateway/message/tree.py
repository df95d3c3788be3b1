"""From a tree of plain values to a message, or to everything that is wrong with its structure.

Both codecs end here: XML and JSON are first read into the same tree (dictionaries with wire names, arrays for what can
repeat), then checked against the model, so a fault has the same rule and the same pointer in both twins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from gateway.message.finding import Finding, Severity
from gateway.message.metadata import MetaData

Tree = dict[str, Any]
M = TypeVar("M", bound=MetaData)
MOST_FINDINGS = 500
"""More faults than this are counted, not listed: the sender learns nothing from the 501st."""


@dataclass(frozen=True, slots=True)
class Read(Generic[M]):
    """What was read: a message, or the findings that say why there is none."""

    message: M | None
    findings: tuple[Finding, ...]
    kind: type[MetaData]


def build(kind: type[M], tree: Tree) -> Read[M]:
    """The message in a tree; never raises for what a sender wrote."""
    try:
        return Read(kind.model_validate(tree, by_alias=True, by_name=False), (), kind)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=True)
        return Read(None, tuple(_finding(detail) for detail in details), kind)


def limited(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The first `MOST_FINDINGS`, and one more that counts them all where there are more."""
    if len(findings) <= MOST_FINDINGS:
        return tuple(findings)
    count = str(len(findings))
    return (*findings[:MOST_FINDINGS], Finding("ACD-STR-99", Severity.REJECT, "", count, {"count": count}))


def readable(kind: type[M], tree: Tree) -> Read[M]:
    """What can be read of a tree: faulty parts are left out and reported, as long as a message remains."""
    found: list[Finding] = []
    for _ in range(MOST_FINDINGS):
        try:
            return Read(kind.model_validate(tree, by_alias=True, by_name=False), tuple(found), kind)
        except ValidationError as error:
            details = error.errors(include_url=False, include_context=True)
            found.extend(finding for detail in details if (finding := _finding(detail)) not in found)
            cuts = [_cut(tree, detail) for detail in details]
            if not all(cuts):
                break
            tree = _without_cuts(tree)
    return Read(None, tuple(found), kind)


_RULES: Mapping[str, str] = {
    "missing": "ACD-STR-01",
    "extra_forbidden": "ACD-STR-02",
    "string_too_long": "ACD-STR-03",
    "string_too_short": "ACD-STR-04",
    "string_pattern_mismatch": "ACD-STR-05",
    "string_unicode": "ACD-STR-05",
    "date_time": "ACD-STR-06",
    "too_long": "ACD-STR-07",
}
_OTHER = "ACD-STR-08"  # a value of another kind than the form has at this place


def _finding(detail: ErrorDetails) -> Finding:
    kind, where = detail["type"], tuple(detail["loc"])
    value = "" if kind == "missing" else _shown(detail.get("input"))
    context = detail.get("ctx", {})
    name = str(next((part for part in reversed(where) if isinstance(part, str)), ""))
    limit = str(context.get("max_length", context.get("min_length", context.get("le", ""))))
    return Finding(
        rule=_RULES.get(kind, _OTHER),
        severity=Severity.REJECT,
        pointer=json_pointer(where),
        value=value,
        params={"name": name, "limit": limit},
    )


def json_pointer(parts: tuple[str | int, ...]) -> str:
    """RFC 6901 pointer of names and positions from 0."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def _shown(value: object) -> str:
    """A value as it can be shown: characters that no text may hold are replaced, length is bounded."""
    text = value if isinstance(value, str) else "" if isinstance(value, (dict, list)) else str(value)
    return text[:200].encode("utf-8", "replace").decode("utf-8")


_CUT = object()


def _cut(tree: Tree, detail: ErrorDetails) -> bool:
    """Mark the faulty part for removal; of a missing part, mark what cannot be without it."""
    where = list(detail["loc"][:-1] if detail["type"] == "missing" else detail["loc"])
    holder: Any = tree
    for part in where[:-1]:
        holder = holder[part]
        if holder is _CUT:
            return True
    if not where:
        return False
    holder[where[-1]] = _CUT
    return True


def _without_cuts(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {name: _without_cuts(value) for name, value in tree.items() if value is not _CUT}
    if isinstance(tree, list):
        return [_without_cuts(value) for value in tree if value is not _CUT]
    return tree
