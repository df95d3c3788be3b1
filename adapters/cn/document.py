"""National documents as they are on the wire: out of the archive, parsed, and walked so that nothing goes unread.

A `Part` remembers what was asked of it. When a reader is done, `unread` names every element and attribute that nobody
asked for, so an unknown element can never vanish in silence.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from lxml import etree

from adapters.cn.codes import BEIJING, KILOGRAM, PROFILE, TONNE, namespace
from adapters.kit.contract import ZIP, National, fit, leftovers, not_carried, unknown
from gateway.errors import Unreadable
from gateway.message.element import WcoClass, wire_name
from gateway.message.finding import Finding, Severity
from gateway.message.parts import Amount, Measure, Quantity
from gateway.message.xml_twin import parse_xml

MOST_BYTES: int = PROFILE["wire"]["most_bytes"]
MOST_ENTRIES: int = PROFILE["wire"]["most_entries"]
_NAMESPACE = re.compile(r"urn:Declaration:datamodel:standard:CN:(MT[0-9]{4}):1")
_TIME = re.compile(r"([0-9]{14})([0-9]{3})?(?:\.([0-9]+))?")
_POSITION = re.compile(r"0{0,8}[1-9][0-9]{0,4}")
_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value of a national document.

    Attributes:
        text: The value, without the white space around it; never empty.
        place: XPath of its element.
        qualifier: Its `unitCode` or `currencyID`, where it was asked for and is there.
    """

    text: str
    place: str
    qualifier: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """An element with elements inside; also one that is not there, which holds nothing.

    Attributes:
        element: The element, or None.
        place: Its XPath, after the entry's name and `!` where it came in an archive.
        asked: Every element, and every element with attribute, that was asked for anywhere in the document.
    """

    element: etree._Element | None
    place: str
    asked: set[Any] = field(default_factory=set)

    def __bool__(self) -> bool:
        return self.element is not None

    def part(self, name: str) -> Part:
        """The first element of that name; a second one stays unread, and is reported so."""
        return next(self.parts(name), Part(None, f"{self.place}/{name}", self.asked))

    def parts(self, name: str) -> Iterator[Part]:
        """The elements of that name, in the namespace of the document."""
        if self.element is None:
            return
        found = self.element.findall(_tag(self.element, name))
        for position, element in enumerate(found, 1):
            place = f"{self.place}/{name}[{position}]" if len(found) > 1 else f"{self.place}/{name}"
            self.asked.add(element)
            yield Part(element, place, self.asked)

    def leaf(self, name: str, attribute: str = "") -> Leaf | None:
        """The value of an element; None where there is none, or an empty one."""
        return next(self.leaves(name, attribute), None)

    def leaves(self, name: str, attribute: str = "") -> Iterator[Leaf]:
        """The values of the elements of that name that are not empty."""
        for part in self.parts(name):
            assert part.element is not None  # noqa: S101 - `parts` yields only what is there
            self.asked.add((part.element, "text"))
            qualifier = None
            if attribute:
                self.asked.add((part.element, attribute))
                qualifier = (part.element.get(attribute) or "").strip() or None
            if text := (part.element.text or "").strip():
                yield Leaf(text, part.place, qualifier)

    def has(self, name: str, text: str) -> bool:
        """Whether an element of that name has that value; what is only looked for does not count as asked for."""
        if self.element is None:
            return False
        return (self.element.findtext(_tag(self.element, name)) or "").strip() == text

    def all_asked(self) -> None:
        """Count everything inside as asked for: a finding about the whole part names it already."""
        for element in self.element.iter() if self.element is not None else ():
            self.asked.update((element, (element, "text"), *((element, name) for name in element.attrib)))


def _tag(parent: etree._Element, name: str) -> str:
    return f"{{{etree.QName(parent).namespace}}}{name}"


@dataclass(frozen=True, slots=True)
class Document:
    """One national document.

    Attributes:
        type: `MT2401` and so on, from the namespace.
        root: Its root element.
    """

    type: str
    root: Part

    @property
    def message_id(self) -> Leaf | None:
        """Head/MessageID."""
        return self.root.part("Head").leaf("MessageID")

    @property
    def batch(self) -> Leaf | None:
        """The transport batch number."""
        holder = self.root.part("Response") if self.root.place.endswith("/Response") else self.root
        return holder.part("Declaration").leaf("ID")


@dataclass(frozen=True, slots=True)
class Notes:
    """What is noted while a document is read: findings, and where each value came from."""

    findings: list[Finding] = field(default_factory=list)
    origins: dict[str, str] = field(default_factory=dict)

    def add(
        self,
        rule: str,
        severity: Severity,
        pointer: str = "",
        seen: Leaf | str | None = None,
        place: str = "",
        **params: str,
    ) -> None:
        """Note a finding about a value, or about a place where there is none."""
        value, national = (seen.text, seen.place) if isinstance(seen, Leaf) else (seen or "", place)
        self.findings.append(Finding(rule, severity, pointer, value[:200], params, national=national))

    def lost(self, pointer: str, value: str, place: str) -> None:
        """Note a value for which the common form has no place."""
        self.findings.append(not_carried(pointer, value, place))


def opened(national: National, notes: Notes) -> tuple[Document, ...]:
    """The documents in what was handed over; what cannot be read is noted (`KIT-READ-01`)."""
    documents = []
    for entry, body in _bodies(national, notes):
        prefix = f"{entry}!" if entry else ""
        try:
            root = parse_xml(body)
        except Unreadable as error:
            at = f" (line {error.line})" if error.line else ""
            notes.add("KIT-READ-01", Severity.REJECT, "", f"{error.detail}{at}", f"{prefix}/")
            continue
        name = etree.QName(root)
        known = _NAMESPACE.fullmatch(name.namespace or "")
        if known is None or name.localname not in ("Manifest", "Response"):
            notes.add("KIT-READ-01", Severity.REJECT, "", str(root.tag), f"{prefix}/{name.localname}")
            continue
        documents.append(Document(known[1], Part(root, f"{prefix}/{name.localname}")))
    return tuple(documents)


def unread(document: Document) -> Iterator[Finding]:
    """A `KIT-UNK-01` for everything in the document that nobody asked for."""
    if document.root.element is None:
        return
    found = _unread(document.root.element, document.root.place, document.root.asked)
    yield from leftovers(found, document.root.place)


def _unread(element: etree._Element, place: str, asked: set[Any]) -> Iterator[Finding]:
    for name, value in element.attrib.items():
        if (element, name) not in asked:
            yield unknown(f"{place}/@{etree.QName(name).localname}", value)
    tails = [child.tail for child in element]
    own = [] if (element, "text") in asked else [element.text]
    if stray := " ".join(text.strip() for text in (*own, *tails) if text and text.strip()):
        yield unknown(place, stray)
    alike = Counter(child.tag for child in element)
    position: Counter[Any] = Counter()
    for child in element:
        name = etree.QName(child).localname
        position[child.tag] += 1
        at = f"{place}/{name}[{position[child.tag]}]" if alike[child.tag] > 1 else f"{place}/{name}"
        if child in asked:
            yield from _unread(child, at, asked)
        else:
            yield unknown(at, " ".join(text.strip() for text in child.itertext() if text.strip()))


def _bodies(national: National, notes: Notes) -> Iterator[tuple[str, bytes]]:
    """Entry name ("" outside an archive) and bytes of each XML document handed over."""
    if len(national.body) > MOST_BYTES:
        notes.add("KIT-READ-01", Severity.REJECT, "", f"{len(national.body)} > {MOST_BYTES}")
    elif national.media_type == ZIP or national.body.startswith(b"PK\x03\x04"):
        yield from _entries(national.body, notes)
    else:
        yield "", national.body


def _entries(body: bytes, notes: Notes) -> Iterator[tuple[str, bytes]]:
    left = MOST_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]
            if not 0 < len(entries) <= MOST_ENTRIES:
                notes.add("KIT-READ-01", Severity.REJECT, "", f"zip: {len(entries)} entries")
                return
            for entry in entries:
                # A name is told with every finding, and neither XML nor a log can hold one of control characters.
                if not entry.filename or not entry.filename.isprintable():
                    notes.add("KIT-READ-01", Severity.REJECT, "", f"zip: entry named {entry.filename!a}")
                    continue
                if not entry.filename.lower().endswith(".xml"):
                    notes.findings.append(unknown(entry.filename, ""))
                    continue
                # Other methods than these two are never used on this wire, and their decoders are one more risk.
                if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    notes.add("KIT-READ-01", Severity.REJECT, "", "zip: compression method", f"{entry.filename}!/")
                    continue
                with archive.open(entry) as stream:
                    content = stream.read(left + 1)
                left -= len(content)
                if left < 0:
                    notes.add("KIT-READ-01", Severity.REJECT, "", f"zip: > {MOST_BYTES}", f"{entry.filename}!/")
                    return
                yield entry.filename, content
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError) as error:
        notes.add("KIT-READ-01", Severity.REJECT, "", f"zip: {error}")


# Values

C = TypeVar("C", bound=WcoClass)


def build(cls: type[C], notes: Notes, pointer: str, part: Part, /, **values: Any) -> C | None:
    """A part of the common form from leaves and parts; what does not fit is noted at its own place."""
    plain: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Leaf):
            notes.origins[f"{pointer}/{wire_name(name)}"] = value.place
        plain[name] = value.text if isinstance(value, Leaf) else value
    before = len(notes.findings)
    made = fit(cls, notes.findings, pointer, part.place, **plain)
    notes.findings[before:] = [
        replace(finding, national=notes.origins.get(finding.pointer, finding.national))
        for finding in notes.findings[before:]
    ]
    if made is not None and part:
        notes.origins.setdefault(pointer, part.place)
    return made


def mass(notes: Notes, pointer: str, leaf: Leaf | None) -> Measure | None:
    """A mass in kilograms. Tonnes are converted exactly; another unit is kept and noted."""
    if leaf is None:
        return None
    text, unit = leaf.text, leaf.qualifier
    if unit == TONNE and _PLAIN.fullmatch(text):
        text, unit = kilograms(text), KILOGRAM
    elif unit not in (None, KILOGRAM, TONNE):
        notes.add("CN-013", Severity.WARN, pointer, unit, leaf.place + "/@unitCode", name=leaf.text)
    return _qualified(Measure, notes, pointer, leaf, value=text, unit_code=unit)


def kilograms(tonnes: str) -> str:
    """Tonnes in kilograms, exactly: `22.140` is `22140`, `0.0005` is `0.5`."""
    try:
        scaled = Decimal(tonnes).scaleb(3)
    except InvalidOperation:
        return tonnes
    text = format(scaled, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def volume(notes: Notes, pointer: str, leaf: Leaf | None) -> Measure | None:
    """A volume with the unit it came with."""
    if leaf is None:
        return None
    return _qualified(Measure, notes, pointer, leaf, value=leaf.text, unit_code=leaf.qualifier)


def quantity(notes: Notes, pointer: str, leaf: Leaf | None, *, unit: bool = True) -> Quantity | None:
    """A number of packages, with the kind of package where `unit` asks for it."""
    if leaf is None:
        return None
    kind = leaf.qualifier if unit else None
    return _qualified(Quantity, notes, pointer, leaf, value=leaf.text, unit_code=kind)


def amount(notes: Notes, pointer: str, leaf: Leaf | None) -> Amount | None:
    """An amount of money with its currency."""
    if leaf is None:
        return None
    return _qualified(Amount, notes, pointer, leaf, value=leaf.text, currency_id=leaf.qualifier)


def position(notes: Notes, pointer: str, part: Part, place: int) -> int:
    """The number of a part; without one that the common form can hold, its place in the list, and that is noted."""
    leaf = part.leaf("SequenceNumeric")
    if leaf is not None:
        notes.origins[pointer] = leaf.place
        if _POSITION.fullmatch(leaf.text):
            return int(leaf.text)
    notes.add("CN-018", Severity.WARN, pointer, leaf, part.place, position=str(place))
    return place


def _qualified(cls: type[C], notes: Notes, pointer: str, leaf: Leaf, /, **values: str | None) -> C | None:
    notes.origins[pointer] = leaf.place
    before = len(notes.findings)
    made = fit(cls, notes.findings, pointer, leaf.place, **values)
    # A measure is one element with an attribute, so a fault of either part is a fault of the element.
    notes.findings[before:] = [replace(finding, pointer=pointer) for finding in notes.findings[before:]]
    return made


def moment(notes: Notes, pointer: str, leaf: Leaf | None) -> datetime | None:
    """A moment from digits in Beijing time: 14, or 17 with milliseconds, either with a fraction behind."""
    if leaf is None:
        return None
    notes.origins[pointer] = leaf.place
    match = _TIME.fullmatch(leaf.text)
    whole = _real_time(match[1]) if match else None
    if match is None or whole is None:
        notes.add("CN-011", Severity.WARN, pointer, leaf)
        return None
    fraction = (match[2] or "") + (match[3] or "")
    if fraction[3:].strip("0"):
        notes.lost(pointer, fraction[3:], leaf.place)
    return whole.replace(microsecond=int(fraction[:3].ljust(3, "0")) * 1000)


def _real_time(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=BEIJING)
    except ValueError:
        return None


def digits(at: datetime, *, milliseconds: bool = False) -> str:
    """A moment as the forms write it, in Beijing time.

    14 digits, with the milliseconds as a trailing fraction where there are any; or 17 digits with `milliseconds`.
    """
    local = at.astimezone(BEIJING)
    text, thousandths = local.strftime("%Y%m%d%H%M%S"), f"{local.microsecond // 1000:03}"
    if milliseconds:
        return text + thousandths
    return f"{text}.{thousandths}" if local.microsecond else text


# Writing

Content = etree._Element | str | None  # noqa: SLF001 - the class has no public name


def element(message_type: str, name: str, *content: Content, **attributes: str | None) -> etree._Element | None:
    """An element with text or elements inside; None where nothing would be in it.

    Args:
        message_type: The document type, for the namespace.
        name: Name of the element.
        content: Its text, or its elements in the order of the form; None is left out.
        attributes: Its attributes; None is left out.
    """
    there = [item for item in content if item is not None]
    if not there:
        return None
    ns = namespace(message_type)
    made = etree.Element(f"{{{ns}}}{name}", nsmap={None: ns})
    for key, value in attributes.items():
        if value is not None:
            made.set(key, value)
    for item in there:
        if isinstance(item, str):
            made.text = item
        else:
            made.append(item)
    return made
