"""National documents as bytes: reading them safely, writing them, bundling several in one zip.

Everything that comes over a wire passes through here before a country sees it. Document type declarations
are refused (and with them every entity trick), nothing is fetched, sizes are bounded before and while
unpacking. What cannot be read raises `Unreadable`; what a document says is not judged here. Comments and processing
instructions are taken out: they are no part of what it says, and would end a text in its middle.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from datetime import datetime

from lxml import etree

SIZE_LIMIT = 10 * 1024 * 1024
"""Bytes of one body, and of one document out of a zip (docs/national-wires.md, "HTTP")."""

ENTRY_LIMIT = 16
"""Documents in one zip; the largest hand-over in use is a manifest with its confirmation."""

XML_MEDIA_TYPE = "application/xml; charset=utf-8"
ZIP_MEDIA_TYPE = "application/zip"

Element = etree._Element  # noqa: SLF001 - lxml gives the type no public name
Content = Element | str | None
Maker = Callable[..., Element]


class Unreadable(Exception):
    """The bytes are not documents that can be read at all."""


class NoSuchPlace(Exception):
    """A change names a place that the document does not have, or that holds more than a text."""


def documents_in(body: bytes, media_type: str) -> tuple[bytes, ...]:
    """The documents of one body: the body itself, or every entry of a zip in its order.

    Args:
        body: What came over the wire.
        media_type: The `Content-Type` it came with; parameters are ignored.

    Raises:
        Unreadable: It is empty, not a sound zip, encrypted, packed otherwise than stored or deflated, or larger inside
            than is allowed.
    """
    if not body:
        raise Unreadable("the body is empty")
    if media_type.partition(";")[0].strip().lower() != ZIP_MEDIA_TYPE:
        return (body,)
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            entries = archive.infolist()
            if not 1 <= len(entries) <= ENTRY_LIMIT:
                raise Unreadable(f"a zip holds 1 to {ENTRY_LIMIT} documents, this one {len(entries)}")
            return _unpacked(archive, entries)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as broken:
        raise Unreadable("the zip is damaged, encrypted or packed in an unknown way") from broken


def _unpacked(archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo]) -> tuple[bytes, ...]:
    # The sizes in a zip's directory are claims: each entry is read up to what is left, never trusted.
    left = SIZE_LIMIT
    documents = []
    for entry in entries:
        # What others do with a damaged entry is not all the same: their decoders raise errors of their own.
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unreadable("an entry of the zip is neither stored nor deflated")
        with archive.open(entry) as stream:
            document = stream.read(left + 1)
        left -= len(document)
        if left < 0:
            raise Unreadable(f"the zip unpacks to more than {SIZE_LIMIT} bytes")
        documents.append(document)
    return tuple(documents)


def zip_of(entries: Sequence[tuple[str, bytes]], at: datetime) -> bytes:
    """A zip of named documents in the order given; the same entries and time make the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, document in entries:
            entry = zipfile.ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, document)
    return packed.getvalue()


def xml_root(document: bytes) -> Element:
    """The root element of an XML document.

    Raises:
        Unreadable: It is not well-formed, has a document type declaration, or is beyond libxml2's limits.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError) as broken:
        raise Unreadable(f"not well-formed XML: {broken}") from broken
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("a document type declaration is not accepted")
    return root


def text_at(root: Element, path: str, namespaces: Mapping[str, str], *, required: bool = False) -> str:
    """The text of the first element at `path`, without surrounding space; empty when there is none.

    Raises:
        Unreadable: It is required and there is none.
    """
    text = (root.findtext(path, namespaces=dict(namespaces)) or "").strip()
    if required and not text:
        raise Unreadable(f"the document has no {path.replace('{*}', '')}")
    return text


_STEP = re.compile(r"([^\W\d][\w.-]*)(?:\[([1-9]\d*)\])?")


def change_place(root: Element, place: str, text: str | None, *, add: bool = False) -> Element:
    """Set the text of the element or attribute at a place, or take it away.

    Args:
        root: The root element.
        place: From the root, names without prefixes, positions among brothers of the same name counted from 1 (the
            first when absent): `/Manifest/Declaration/Consignment[2]/ValueAmount/@currencyID`.
        text: The new text; `None` takes the element or attribute away.
        add: Whether a place one behind the last brother is there, too: a copy of that brother.

    Returns:
        The element that was changed; of one that was taken away, what held it.

    Raises:
        NoSuchPlace: There is no such place, it is the root, or a text is wanted where elements are.
    """
    element = element_at(root, place, add=add)
    _, at, attribute = place.partition("/@")
    parent = element.getparent()
    if at:
        if attribute not in element.attrib:
            raise NoSuchPlace(f"the document has no {place}")
        if text is None:
            del element.attrib[attribute]
        else:
            element.set(attribute, text)
    elif text is not None:
        if len(element):
            raise NoSuchPlace(f"{place} holds elements, not a text")
        element.text = text
    elif parent is None:
        raise NoSuchPlace(f"{place} is the whole document")
    else:
        parent.remove(element)
        return parent
    return element


def element_at(root: Element, place: str, *, add: bool = False) -> Element:
    """The element at a place, or the one whose attribute is there; places and errors as of `change_place`."""
    candidates = [root]
    element = root
    for step in place.partition("/@")[0].removeprefix("/").split("/"):
        parsed = _STEP.fullmatch(step)
        if parsed is None:
            raise NoSuchPlace(f"{place} is not a path of names and positions")
        name, position = parsed.group(1), int(parsed.group(2) or 1)
        named = [candidate for candidate in candidates if local_name(candidate) == name]
        if add and named and len(named) == position - 1:
            named.append(deepcopy(named[-1]))
            named[-2].addnext(named[-1])
        if len(named) < position:
            raise NoSuchPlace(f"the document has no {place}")
        element = named[position - 1]
        candidates = list(element)
    return element


def local_name(element: Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(element).localname


def maker(namespace: str, prefixes: Mapping[str | None, str]) -> Maker:
    """A function that makes elements of one namespace.

    The function takes a name, then texts and child elements (`None` is left out), then attributes by name.

    Args:
        namespace: The namespace of the elements.
        prefixes: Every prefix the document uses, the same for all its makers.
    """

    def make(name: str, *content: Content, **attributes: str) -> Element:
        element = etree.Element(f"{{{namespace}}}{name}", attributes, nsmap=dict(prefixes))
        for part in content:
            if isinstance(part, str):
                element.text = part
            elif part is not None:
                element.append(part)
        return element

    return make


def xml_bytes(root: Element) -> bytes:
    """The document as UTF-8 with its declaration, indented for the people who read it."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
