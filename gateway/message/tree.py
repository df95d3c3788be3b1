"""From a tree of plain values to a message, or to everything that is wrong with its structure.

Both codecs end here: XML and JSON are first read into the same tree (dictionaries with wire names, arrays for what can
repeat), then checked against the model, so a fault has the same rule and the same pointer in both twins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from gateway.message.element import WcoClass
from gateway.message.finding import Finding, Severity
from gateway.message.metadata import MetaData
from gateway.message.table import elements

Tree = dict[str, Any]
M = TypeVar("M", bound=MetaData)
C = TypeVar("C", bound=WcoClass)
MOST_FINDINGS = 500
"""More faults than this are not listed, nor looked for: the sender learns nothing from the 501st."""
_AT_ONCE = 10_000
"""A part of a tree with more values than this is built piece by piece, so that a flood of faults can be stopped."""
_MORE = "ACD-STR-99"
_WEIGHT = {severity: weight for weight, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Read(Generic[M]):
    """What was read: a message, or the findings that say why there is none."""

    message: M | None
    findings: tuple[Finding, ...]
    kind: type[MetaData]


def build(kind: type[M], tree: Tree) -> Read[M]:
    """The message in a tree; never raises for what a sender wrote."""
    faults: list[Finding] = []
    message = _built(kind, tree, (), faults)
    return Read(None if faults else message, tuple(faults), kind)


def _built(cls: type[C], value: Any, where: tuple[str | int, ...], faults: list[Finding]) -> C | None:
    """A class from its value; None where there are faults, of which no more are looked for than are listed.

    Pydantic finds every fault before it tells the first. What is large is therefore built from the inside: first the
    classes in it, one after the other, then the class around them.
    """
    if len(faults) > MOST_FINDINGS:
        return None
    if isinstance(value, dict) and _is_large(value):
        value = _built_inside(cls, value, where, faults)
    try:
        return cls.model_validate(value, by_alias=True, by_name=False)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=True)
        faults += [_finding(detail, where) for detail in details[: MOST_FINDINGS + 1 - len(faults)]]
        return None


def _built_inside(cls: type[WcoClass], value: Tree, where: tuple[str | int, ...], faults: list[Finding]) -> Tree:
    """The value of a class with the classes in it built. One that has faults, which are told, is an empty one then."""
    form = elements(cls)
    names = {element.name for element in form}
    unknown = set(islice((name for name in value if name not in names), MOST_FINDINGS + 1))
    outer: Tree = {name: part for name, part in value.items() if name in names or name in unknown}
    for element in form:
        child, part, place = element.child, outer.get(element.name), (*where, element.name)
        if child is not None and element.repeated and isinstance(part, list):
            some = enumerate(part[: element.most + 1])  # the one too many is told of the whole
            outer[element.name] = [
                _built(child, one, (*place, index), faults) or child.model_construct() for index, one in some
            ]
        elif child is not None and not element.repeated and isinstance(part, dict):
            outer[element.name] = _built(child, part, place, faults) or child.model_construct()
    return outer


def _is_large(tree: Tree) -> bool:
    """Whether there are more than `_AT_ONCE` values in a tree."""
    count = 0
    inside: list[Any] = [tree]
    while inside and count <= _AT_ONCE:
        node = inside.pop()
        count += len(node)
        inside += [one for one in (node.values() if isinstance(node, dict) else node) if isinstance(one, (dict, list))]
    return count > _AT_ONCE


def limited(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The heaviest `MOST_FINDINGS` in the order given, and one more that says so where there are more."""
    if len(findings) <= MOST_FINDINGS:
        return tuple(findings)
    heaviest = sorted(range(len(findings)), key=lambda number: _WEIGHT[findings[number].severity])[:MOST_FINDINGS]
    count = str(MOST_FINDINGS)
    more = Finding(_MORE, Severity.INFO, "", count, {"count": count})
    return (*(findings[number] for number in sorted(heaviest)), more)


def readable(kind: type[M], tree: Tree) -> Read[M]:
    """What can be read of a tree: faulty parts are left out and reported, as long as a message remains."""
    found: dict[tuple[str, str], Finding] = {}
    for _ in range(MOST_FINDINGS):
        try:
            return Read(kind.model_validate(tree, by_alias=True, by_name=False), tuple(found.values()), kind)
        except ValidationError as error:
            details = error.errors(include_url=False, include_context=True)
            for finding in map(_finding, details):
                found.setdefault((finding.rule, finding.pointer), finding)
            cuts = [_cut(tree, detail) for detail in details]
            if not all(cuts):
                break
            tree = _without_cuts(tree)
    return Read(None, tuple(found.values()), kind)


_RULES: Mapping[str, str] = {
    "missing": "ACD-STR-01",
    "extra_forbidden": "ACD-STR-02",
    "string_too_long": "ACD-STR-03",
    "string_too_short": "ACD-STR-04",
    "string_pattern_mismatch": "ACD-STR-05",
    "string_unicode": "ACD-STR-05",
    "date_time": "ACD-STR-06",
    "too_long": "ACD-STR-07",
    "greater_than_equal": "ACD-STR-13",
    "less_than_equal": "ACD-STR-13",
}
_OTHER = "ACD-STR-08"  # a value of another kind than the form has at this place


def _finding(detail: ErrorDetails, above: tuple[str | int, ...] = ()) -> Finding:
    kind, where = detail["type"], (*above, *detail["loc"])
    value = "" if kind == "missing" else _shown(detail.get("input"))
    context = detail.get("ctx", {})
    limit = next((str(context[bound]) for bound in ("max_length", "min_length", "le", "ge") if bound in context), "")
    return Finding(
        rule=_RULES.get(kind, _OTHER),
        severity=Severity.REJECT,
        pointer=json_pointer(where),
        value=value,
        params={"name": _named(where, kind), "limit": limit},
    )


def _named(where: tuple[str | int, ...], kind: str) -> str:
    """What a fault is about: an element. Of a measure the value has no name that anybody would know."""
    names = [part for part in where if isinstance(part, str)]
    if names[1:] and names[-1] == "value" and kind != "extra_forbidden":
        names.pop()
    return names[-1] if names else ""


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
