"""A national XML document while it is read: what was taken from it, from which place, and what was left.

Whatever nobody took is reported when reading ends: as not carried where the form has such an element, as unknown
otherwise. So nothing is dropped in silence. An empty element, and one that holds only `<null/>`, is none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from adapters.kit.contract import (
    LARGEST,
    National,
    Reading,
    Setting,
    fit,
    leftovers,
    not_carried,
    unknown,
    unreadable,
)
from gateway.errors import Unreadable
from gateway.message.element import WcoClass
from gateway.message.finding import Finding, Severity
from gateway.message.metadata import Message
from gateway.message.xml_twin import parse_xml

if TYPE_CHECKING:
    from lxml import etree

_WHITE = " \t\r\n"
_DECIMAL = re.compile(r"\+?0*(?P<whole>[0-9]*)(?:\.(?P<fraction>[0-9]*))?")
_DATE_TIME = re.compile(
    r"(?P<second>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(?P<part>\d+))?(?P<offset>Z|[+\-]\d{2}:\d{2})?", re.ASCII
)
C = TypeVar("C", bound=WcoClass)


@dataclass(slots=True)
class XmlSource:
    """One document being read.

    Attributes:
        root: Its root.
        tag: A name as the country writes it, `p:GoodsItem`, in Clark notation.
        blanks: Texts that say that there is nothing → the rule by which that is told.
        findings: What was found so far.
        origins: JSON Pointer in the message → XPath in the document.
        steps: Last step of the XPath of every element: its name without prefix, its position where siblings share it.
            Whole paths are made where they are told: kept for all, they could be very much longer than the document.
        taken: Elements whose value is in the message, and XML attributes as (element, name).
    """

    root: etree._Element
    tag: Callable[[str], str]
    blanks: Mapping[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    origins: dict[str, str] = field(default_factory=dict)
    steps: dict[etree._Element, str] = field(default_factory=dict)
    taken: set[object] = field(default_factory=set)

    def first(self, node: etree._Element | None, name: str) -> etree._Element | None:
        """The first child of that name."""
        return None if node is None else node.find(self.tag(name))

    def all(self, node: etree._Element | None, name: str) -> list[etree._Element]:
        """Every child of that name."""
        return [] if node is None else node.findall(self.tag(name))

    def path(self, node: etree._Element | None) -> str:
        """XPath of an element; of none, that of the root."""
        last = self.root if node is None else node
        steps = [self.steps[each] for each in (last, *last.iterancestors())]
        return "/" + "/".join(reversed(steps))

    def text(self, node: etree._Element | None) -> str:
        """What an element holds, without the white space around it; "" where there is none. It is not taken."""
        return "" if node is None or len(node) else (node.text or "").strip(_WHITE)

    def take(self, node: etree._Element | None, pointer: str = "") -> str | None:
        """The value of an element without the white space around it; None where there is none.

        Args:
            node: The element.
            pointer: JSON Pointer of the leaf that it becomes.
        """
        if node is None or len(node):
            return None
        self.taken.add(node)
        text = self.text(node)
        if text in self.blanks:
            self.say(self.blanks[text], Severity.WARN, pointer, text, node)
            return None
        if text and pointer:
            self.origins[pointer] = self.path(node)
        return text or None

    def whole(self, node: etree._Element | None, pointer: str = "") -> str:
        """`take` with the white space as it is; "" where there is nothing."""
        self.take(node, pointer)
        return "" if node is None or len(node) else node.text or ""

    def words(self, node: etree._Element | None, pointer: str = "") -> str | None:
        """Free text as it is; only where it begins with white space, as in an indented document, is that taken off."""
        text = self.take(node, pointer)
        whole = "" if node is None else node.text or ""
        return text if text is None or whole[:1] in _WHITE else whole

    def value(self, node: etree._Element | None, name: str, pointer: str = "") -> str | None:
        """`take` of the first child of that name."""
        return self.take(self.first(node, name), pointer)

    def attribute(self, node: etree._Element | None, name: str, pointer: str = "") -> str | None:
        """The value of an XML attribute; None where there is none."""
        value = None if node is None else node.get(name)
        if node is None or value is None:
            return None
        self.taken.add((node, name))
        value = value.strip(_WHITE)
        if value and pointer:
            self.origins[pointer] = f"{self.path(node)}/@{name}"
        return value or None

    def number(self, node: etree._Element | None, pointer: str = "") -> str | None:
        """A decimal as the common form writes it: `+007.50` is `7.50`; what is no decimal stays as it is."""
        text = self.take(node, pointer)
        parts = _DECIMAL.fullmatch(text or "")
        if text is None or parts is None or not (parts["whole"] or parts["fraction"] or "0" in text):
            return text
        fraction = f".{parts['fraction']}" if parts["fraction"] else ""
        return (parts["whole"] or "0") + fraction

    def date_time(self, node: etree._Element | None, pointer: str) -> datetime | None:
        """A date-time (XML Schema) to the millisecond, with its offset where it has one.

        What is finer is cut and reported as lost; what is no date-time, or none that the common form can write, does
        not fit.
        """
        text = self.take(node, pointer)
        parts = _DATE_TIME.fullmatch(text or "")
        if text is None:
            return None
        moment = None
        if parts is not None:
            fraction = (parts["part"] or "").rstrip("0")
            if len(fraction) > 3:
                self.lost(node)
            part = f".{fraction[:3]:0<3}" if fraction else ""
            moment = _real(parts["second"] + part + (parts["offset"] or ""))
        if moment is None:
            self.say("KIT-FIT-01", Severity.WARN, pointer, text, node)
        return moment

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
            self.say("KIT-FIT-01", Severity.WARN, "", shown, node)
        return nodes[:most]


def xml_source(root: etree._Element, tag: Callable[[str], str], blanks: Mapping[str, str] | None = None) -> XmlSource:
    """A document at the beginning of its reading; `tag` and `blanks` as in `XmlSource`."""
    source = XmlSource(root, tag, blanks or {})
    source.steps[root] = _local(root)
    for parent in root.iter("{*}*"):
        names = [_local(child) for child in parent]
        times, seen = Counter(names), Counter[str]()
        for child, name in zip(parent, names, strict=True):
            seen[name] += 1
            source.steps[child] = name if times[name] == 1 else f"{name}[{seen[name]}]"
    return source


def report_leftovers(source: XmlSource, known: Callable[[etree._Element], bool]) -> None:
    """A finding for every value that nobody took; of very many, one for all that are not listed.

    Args:
        source: The document.
        known: Whether the form has such an element at such a place: then it is lost, else unknown, with all in it.
    """
    root = source.path(None)
    source.findings += leftovers(_left(source, known, source.root, root), root)


def _left(
    source: XmlSource, known: Callable[[etree._Element], bool], node: etree._Element, place: str
) -> Iterator[Finding]:
    for name, value in node.attrib.items():
        if (node, name) not in source.taken:
            yield unknown(f"{place}/@{str(name).rpartition('}')[2]}", str(value), str(name))
    text = (node.text or "").strip(_WHITE)
    if len(node) and (node is source.root or known(node)):
        between = " ".join(part for part in (text, *((child.tail or "").strip(_WHITE) for child in node)) if part)
        if between:
            yield not_carried("", between, place)
        for child in node:
            yield from _left(source, known, child, f"{place}/{source.steps[child]}")
    elif node in source.taken or (_local(node) == "null" and not text and not len(node)):
        return
    elif not known(node):
        yield unknown(place, " ".join(part.strip() for part in node.itertext() if part.strip()), _local(node))
    elif text:
        yield not_carried("", text, place)


def read_by_root(
    document: National,
    setting: Setting,
    readers: Mapping[str, Callable[[XmlSource, Setting], Message | None]],
    source_of: Callable[[etree._Element], XmlSource],
    known: Callable[[etree._Element], bool],
) -> Reading:
    """The message in an XML document, with every finding about it.

    Args:
        document: The document.
        setting: Participant and routes.
        readers: Root in Clark notation → what reads such a document.
        source_of: The document at the beginning of its reading.
        known: As in `report_leftovers`.
    """
    if len(document.body) > LARGEST:
        return unreadable(f"{len(document.body)} > {LARGEST}", "/")
    try:
        root = parse_xml(document.body)
    except Unreadable as error:
        return unreadable(error.detail, "/", error.line)
    reader = readers.get(str(root.tag))
    if reader is None:
        return unreadable(str(root.tag), "/")
    source = source_of(root)
    message = reader(source, setting)
    report_leftovers(source, known)
    return Reading(message, tuple(source.findings), source.origins)


def _real(text: str) -> datetime | None:
    """A moment that the common form can write, or a clock time that it could with an offset."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    offset = moment.utcoffset()
    in_range = offset is None or abs(offset.total_seconds()) <= 14 * 3600
    return moment if in_range and 2000 <= moment.year < 2100 else None


def _local(node: etree._Element) -> str:
    return str(node.tag).rpartition("}")[2]
