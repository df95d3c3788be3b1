"""An Uzbek document while it is read: what was taken from it, from which place, and what was left.

Places are JSON Pointers. Whatever nobody took is reported as unknown when reading ends, so nothing is ever dropped in
silence. `null`, "", {} and [] mean that there is nothing, as older modules of the window write it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from adapters.kit.contract import LONGEST_PLACE, leftovers, not_carried, unknown
from gateway.message.finding import Finding, Severity

BLANK = " \t\r\n"


@dataclass(slots=True)
class Source:
    """One document being read.

    Attributes:
        tree: The document.
        findings: What was found so far.
        origins: JSON Pointer in the message → place in the document.
        taken: Places that were taken whole.
    """

    tree: Mapping[str, Any]
    findings: list[Finding] = field(default_factory=list)
    origins: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def take(self, place: str, pointer: str = "") -> None:
        """Remember that a value was taken, and what it becomes."""
        self.taken.add(place)
        if pointer:
            self.origins[pointer] = place

    def string(self, value: Any, place: str, pointer: str = "") -> str | None:
        """A string without the white space around it; what is no string is reported."""
        self.take(place, pointer)
        if isinstance(value, str):
            return value.strip(BLANK) or None
        if not absent(value):
            self.unfit(pointer, value, place)
        return None

    def word(self, name: str, pointer: str = "", *, within: str = "") -> str | None:
        """A string of the document by its name, in the part `within` (a place)."""
        part = self.part(within) if within else self.tree
        return self.string(part.get(name), f"{within}/{name}", pointer)

    def part(self, name: str) -> Mapping[str, Any]:
        """A part of the document by its place just below the root; empty where it is none."""
        part = self.tree.get(name.removeprefix("/"))
        return part if isinstance(part, dict) else {}

    def unfit(self, pointer: str, value: Any, place: str) -> None:
        """Report that a value does not fit the common form and was left out."""
        name = (pointer or place).rpartition("/")[2]
        self.findings.append(
            Finding("KIT-FIT-01", Severity.WARN, pointer, shown(value), {"name": name}, national=place)
        )

    def lost(self, value: Any, place: str, pointer: str = "") -> None:
        """Report that the common form has no place for a value."""
        self.taken.add(place)
        self.findings.append(not_carried(pointer, shown(value), place))

    def say(self, rule: str, severity: Severity, pointer: str, value: Any, place: str) -> None:
        """Report something about the document."""
        name = (pointer or place).rpartition("/")[2]
        self.findings.append(Finding(rule, severity, pointer, shown(value), {"name": name}, national=place))


def absent(value: Any) -> bool:
    """Whether a value says that there is nothing."""
    if isinstance(value, str):
        return not value.strip(BLANK)
    return value is None or value in ({}, [])


def shown(value: Any) -> str:
    """A value as a finding shows it."""
    return (value if isinstance(value, str) else "" if value is None else str(value))[:200]


def report_leftovers(source: Source) -> None:
    """A finding for every value that nobody took; of very many, one for all that are not listed."""
    found = (unknown(place, shown(value)) for place, value in _left(source, source.tree, ""))
    source.findings += leftovers(found, "/")


def _left(source: Source, node: Any, place: str) -> Iterator[tuple[str, Any]]:
    if place in source.taken or absent(node):
        return
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else None
    if children is None:
        yield place, node
        return
    for name, child in children:
        yield from _left(source, child, f"{place}/{escaped(name)}"[:LONGEST_PLACE])


def escaped(name: object) -> str:
    """A name as a step of a JSON Pointer (RFC 6901)."""
    return str(name).replace("~", "~0").replace("/", "~1")


def placed(source: Source) -> tuple[Finding, ...]:
    """The findings, each about a value at the place of that value and not of the part around it."""
    return tuple(
        replace(finding, national=source.origins[finding.pointer])
        if finding.rule == "KIT-FIT-01" and finding.pointer in source.origins
        else finding
        for finding in source.findings
    )
