"""A Kyrgyz document while it is read: what was taken from it, from which place, and what was left.

Whatever nobody took is reported when reading ends: as not carried where the form is known to have the element, as
unknown otherwise. So nothing is ever dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from adapters.kg.form import KNOWN, PREFIXES
from adapters.kit.contract import not_carried
from gateway.message.finding import Finding, Severity

if TYPE_CHECKING:
    from lxml import etree

_XML_DECIMAL = re.compile(r"\+?0*(?P<whole>\d*)(?:\.(?P<fraction>\d*))?")


@dataclass(slots=True)
class Source:
    """One document being read.

    Attributes:
        root: Its root.
        findings: What was found so far.
        origins: JSON Pointer in the message → XPath in the document.
        paths: XPath of every element; names without prefixes, positions where siblings share a name.
        taken: Elements whose value is in the message.
        named: Attributes whose value is in the message, with their element.
    """

    root: etree._Element
    findings: list[Finding] = field(default_factory=list)
    origins: dict[str, str] = field(default_factory=dict)
    paths: dict[etree._Element, str] = field(default_factory=dict)
    taken: set[etree._Element] = field(default_factory=set)
    named: set[tuple[etree._Element, str]] = field(default_factory=set)

    def name(self, name: str) -> str:
        """`p:GoodsItem` in Clark notation; a name without prefix is in the namespace of the root."""
        prefix, _, local = name.rpartition(":")
        namespace = PREFIXES[prefix] if prefix else namespace_of(self.root)
        return f"{{{namespace}}}{local}"

    def first(self, node: etree._Element | None, name: str) -> etree._Element | None:
        """The first child of that name."""
        return None if node is None else node.find(self.name(name))

    def all(self, node: etree._Element | None, name: str) -> list[etree._Element]:
        """Every child of that name."""
        return [] if node is None else node.findall(self.name(name))

    def path(self, node: etree._Element | None) -> str:
        """XPath of an element; of none, that of the root."""
        return self.paths[self.root if node is None else node]

    def take(self, node: etree._Element | None, pointer: str = "") -> str | None:
        """The value of an element without the white space around it; None where there is none.

        Args:
            node: The element.
            pointer: JSON Pointer of the leaf it becomes.
        """
        text = self.take_text(node, pointer)
        return (text.strip(" \t\r\n") or None) if text else None

    def take_text(self, node: etree._Element | None, pointer: str = "") -> str | None:
        """The value of an element with its white space as it is."""
        if node is None or len(node):
            return None
        self.taken.add(node)
        if pointer:
            self.origins[pointer] = self.paths[node]
        return node.text

    def value(self, node: etree._Element | None, name: str, pointer: str = "") -> str | None:
        """`take` of the first child of that name."""
        return self.take(self.first(node, name), pointer)

    def attribute(self, node: etree._Element | None, name: str, pointer: str) -> str | None:
        """The value of an attribute without the white space around it; None where there is none."""
        if node is None or name not in node.attrib:
            return None
        self.named.add((node, name))
        self.origins[pointer] = f"{self.paths[node]}/@{name}"
        return node.attrib[name].strip(" \t\r\n") or None

    def words(self, node: etree._Element | None, pointer: str = "") -> str | None:
        """Free text as it is; only where it begins with white space, as in an indented document, is that taken off."""
        text = self.take_text(node, pointer) or ""
        return (text.strip(" \t\r\n") if text[:1] in " \t\r\n" else text) or None

    def number(self, node: etree._Element | None, name: str, pointer: str = "") -> str | None:
        """A decimal as the common form writes it: `+007.50` is `7.50`; what is no decimal stays as it is."""
        text = self.value(node, name, pointer)
        parts = _XML_DECIMAL.fullmatch(text or "")
        if text is None or parts is None or not (parts["whole"] or parts["fraction"] or "0" in text):
            return text
        fraction = f".{parts['fraction']}" if parts["fraction"] else ""
        return (parts["whole"] or "0") + fraction

    def ordinal(self, node: etree._Element, name: str, pointer: str, position: int) -> int:
        """A positive position in a list as the document has it; the real position where it has none."""
        element = self.first(node, name)
        text = self.value(node, name, pointer)
        if text is not None and text.isascii() and text.isdigit() and 0 < int(text[:9]) <= 99999:
            return int(text)
        if text is not None:
            self.findings.append(not_carried(pointer, text, self.path(element)))
        self.origins.setdefault(pointer, self.path(node))
        return position

    def say(self, rule: str, severity: Severity, pointer: str, value: str, node: etree._Element | None) -> None:
        """Report something about the document at an element."""
        name = pointer.rpartition("/")[2]
        place = self.path(node)
        self.findings.append(Finding(rule, severity, pointer, value[:200], {"name": name}, national=place))

    def lost(self, node: etree._Element | None, value: str = "") -> None:
        """Report that the common form has no place for an element's value."""
        if node is not None:
            self.taken.add(node)
            self.findings.append(not_carried("", value or (node.text or "").strip(), self.path(node)))

    def at_most(self, nodes: list[etree._Element], most: int) -> list[etree._Element]:
        """The first `most` elements; each one more is reported."""
        for node in nodes[most:]:
            for leaf in node.iter():
                self.taken.add(leaf)
            shown = " ".join(text.strip() for text in node.itertext() if text.strip())
            name = _local(node)
            self.findings.append(
                Finding("KIT-FIT-01", Severity.WARN, "", shown[:200], {"name": name}, national=self.path(node))
            )
        return nodes[:most]


def source_of(root: etree._Element) -> Source:
    """A document at the beginning of its reading."""
    source = Source(root)
    source.paths[root] = "/" + _local(root)
    for parent in root.iter("{*}*"):
        above = source.paths[parent]
        names = [_local(child) for child in parent]
        seen: dict[str, int] = {}
        alone = {name for name in names if names.count(name) == 1} if len(names) < 64 else _single(names)
        for child, name in zip(parent, names, strict=True):
            seen[name] = seen.get(name, 0) + 1
            source.paths[child] = f"{above}/{name}" if name in alone else f"{above}/{name}[{seen[name]}]"
    return source


def report_leftovers(source: Source) -> None:
    """A finding for every value that nobody took."""
    for node in source.paths:
        source.findings.extend(_unknown_attributes(source, node))
        if len(node) or node in source.taken:
            continue
        text = (node.text or "").strip()
        place = source.paths[node]
        if _is_known(source, node):
            if text:
                source.findings.append(not_carried("", text, place))
        else:
            source.findings.append(
                Finding("KIT-UNK-01", Severity.WARN, "", text[:200], {"name": _local(node)}, national=place)
            )


def _unknown_attributes(source: Source, node: etree._Element) -> Iterator[Finding]:
    for name, value in node.attrib.items():
        if (node, name) not in source.named and not (node is source.root and name == "DocumentModeID"):
            place = f"{source.paths[node]}/@{name.rpartition('}')[2]}"
            yield Finding("KIT-UNK-01", Severity.WARN, "", str(value)[:200], {"name": str(name)}, national=place)


def _is_known(source: Source, node: etree._Element) -> bool:
    namespaces = {*PREFIXES.values(), namespace_of(source.root)}
    return all(
        _local(step) in KNOWN and namespace_of(step) in namespaces
        for step in (node, *node.iterancestors())
        if step is not source.root
    )


def _single(names: list[str]) -> set[str]:
    counted: dict[str, int] = {}
    for name in names:
        counted[name] = counted.get(name, 0) + 1
    return {name for name, times in counted.items() if times == 1}


def namespace_of(node: etree._Element) -> str:
    """The namespace of an element; "" without one."""
    return str(node.tag).rpartition("}")[0].removeprefix("{")


def _local(node: etree._Element) -> str:
    return str(node.tag).rpartition("}")[2]
