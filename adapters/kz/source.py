"""A Kazakh document while it is read: what was taken from it, from which place, and what was left.

Whatever nobody took is reported when reading ends: as not carried where the form has such an element, as unknown
otherwise. So nothing is dropped in silence. An empty element, and one that holds only `<null/>`, is none.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from adapters.kit.contract import fit, not_carried
from adapters.kz.codes import PLACEHOLDERS
from adapters.kz.form import tag
from gateway.message.element import WcoClass
from gateway.message.finding import Finding, Severity

if TYPE_CHECKING:
    from lxml import etree

_WHITE = " \t\r\n"
C = TypeVar("C", bound=WcoClass)


@dataclass(slots=True)
class Source:
    """One document being read.

    Attributes:
        root: Its root.
        findings: What was found so far.
        origins: JSON Pointer in the message → XPath in the document.
        paths: XPath of every element: names without prefixes, positions where siblings share a name.
        taken: Elements whose value is in the message, and XML attributes as (element, name).
    """

    root: etree._Element
    findings: list[Finding] = field(default_factory=list)
    origins: dict[str, str] = field(default_factory=dict)
    paths: dict[etree._Element, str] = field(default_factory=dict)
    taken: set[object] = field(default_factory=set)

    def first(self, node: etree._Element | None, name: str) -> etree._Element | None:
        """The first child of that name."""
        return None if node is None else node.find(tag(name))

    def all(self, node: etree._Element | None, name: str) -> list[etree._Element]:
        """Every child of that name."""
        return [] if node is None else node.findall(tag(name))

    def path(self, node: etree._Element | None) -> str:
        """XPath of an element; of none, that of the root."""
        return self.paths[self.root if node is None else node]

    def text(self, node: etree._Element | None) -> str:
        """What an element holds, without the white space around it; "" where there is none."""
        return "" if node is None or len(node) else (node.text or "").strip(_WHITE)

    def take(self, node: etree._Element | None, pointer: str = "") -> str | None:
        """The value of an element; None where there is none.

        Args:
            node: The element.
            pointer: JSON Pointer of the leaf that it becomes.
        """
        text = self.text(node)
        if node is None or not text:
            return None
        self.taken.add(node)
        if text in PLACEHOLDERS:
            self.say("KZ-009", Severity.WARN, pointer, text, node)
            return None
        if pointer:
            self.origins[pointer] = self.paths[node]
        return text

    def words(self, node: etree._Element | None, pointer: str = "") -> str | None:
        """Free text as it is; only where it begins with white space, as in an indented document, is that taken off."""
        text = self.take(node, pointer)
        if text is None or node is None:
            return None
        whole = node.text or ""
        return text if whole[:1] in _WHITE else whole

    def value(self, node: etree._Element | None, name: str, pointer: str = "") -> str | None:
        """`take` of the first child of that name."""
        return self.take(self.first(node, name), pointer)

    def attribute(self, node: etree._Element | None, name: str, pointer: str = "") -> str | None:
        """The value of an XML attribute; None where there is none."""
        value = None if node is None else node.get(name)
        if node is None or value is None:
            return None
        self.taken.add((node, name))
        if pointer and value.strip():
            self.origins[pointer] = f"{self.paths[node]}/@{name}"
        return value.strip() or None

    def say(
        self, rule: str, severity: Severity, pointer: str, value: str, node: etree._Element | None, **more: str
    ) -> None:
        """Report something about the document at an element."""
        params = {"name": pointer.rpartition("/")[2] or _local(self.root if node is None else node), **more}
        self.findings.append(Finding(rule, severity, pointer, value[:200], params, national=self.path(node)))

    def lost(self, node: etree._Element | None) -> None:
        """Report that the common form has no place for an element's value."""
        if node is not None and self.text(node):
            self.taken.add(node)
            self.findings.append(not_carried("", self.text(node), self.path(node)))

    def make(self, cls: type[C], pointer: str, node: etree._Element | None, values: dict[str, Any]) -> C | None:
        """A part of the common form; what does not fit is reported at the element that it came from."""
        before = len(self.findings)
        made = fit(cls, self.findings, pointer, self.path(node), **values)
        for at in range(before, len(self.findings)):
            finding = self.findings[at]
            if finding.pointer in self.origins:
                self.findings[at] = replace(finding, national=self.origins[finding.pointer])
        given = [value for value in values.values() if value not in (None, ())]
        if made is None and given and len(self.findings) == before:
            self.say("KIT-FIT-01", Severity.WARN, pointer, "", node)
        if made is not None and node is not None:
            self.origins.setdefault(pointer, self.path(node))
        return made

    def at_most(self, nodes: list[etree._Element], most: int) -> list[etree._Element]:
        """The first `most` elements; each one more is reported."""
        for node in nodes[most:]:
            self.taken.update(node.iter())
            self.taken.update((leaf, name) for leaf in node.iter("{*}*") for name in leaf.attrib)
            shown = " ".join(text.strip() for text in node.itertext() if text.strip())
            self.findings.append(
                Finding("KIT-FIT-01", Severity.WARN, "", shown[:200], {"name": _local(node)}, national=self.paths[node])
            )
        return nodes[:most]


def source_of(root: etree._Element) -> Source:
    """A document at the beginning of its reading."""
    source = Source(root)
    source.paths[root] = f"/{_local(root)}"
    for parent in root.iter("{*}*"):
        above = source.paths[parent]
        names = [_local(child) for child in parent]
        times: dict[str, int] = {}
        for name in names:
            times[name] = times.get(name, 0) + 1
        seen: dict[str, int] = {}
        for child, name in zip(parent, names, strict=True):
            seen[name] = seen.get(name, 0) + 1
            source.paths[child] = f"{above}/{name}" if times[name] == 1 else f"{above}/{name}[{seen[name]}]"
    return source


def report_leftovers(source: Source, known: frozenset[str]) -> None:
    """A finding for every value that nobody took.

    Args:
        source: The document.
        known: Elements of the form; one that is not among them is unknown, not lost.
    """
    for node, place in source.paths.items():
        for name, value in node.attrib.items():
            if (node, name) not in source.taken:
                where = f"{place}/@{str(name).rpartition('}')[2]}"
                source.findings.append(_unknown(str(name), str(value), where))
        text = (node.text or "").strip(_WHITE)
        if len(node):
            between = " ".join(part for part in (text, *((child.tail or "").strip(_WHITE) for child in node)) if part)
            source.findings += [not_carried("", between, place)] if between else []
            continue
        if node in source.taken or (not text and _local(node) == "null"):
            continue
        if _is_known(source, node, known):
            source.findings += [not_carried("", text, place)] if text else []
        else:
            source.findings.append(_unknown(_local(node), text, place))


def _unknown(name: str, value: str, place: str) -> Finding:
    return Finding("KIT-UNK-01", Severity.WARN, "", value[:200], {"name": name}, national=place)


def _is_known(source: Source, node: etree._Element, known: frozenset[str]) -> bool:
    steps = [step for step in (node, *node.iterancestors()) if step is not source.root]
    return all(_local(step) in known and str(step.tag) == tag(_local(step)) for step in steps)


def _local(node: etree._Element) -> str:
    return str(node.tag).rpartition("}")[2]
