"""The XML twin of a message: bytes to tree, model to bytes.

Parsing has every dangerous feature off. A document type, an entity, an XInclude, a processing instruction or an
attribute of XML Schema instance (`xsi:schemaLocation`, `xsi:type`) is refused; nothing is ever fetched. The mapping is
driven by the element table, built once for each kind of message.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import Any

from lxml import etree

from gateway.errors import Unreadable
from gateway.message.element import WcoClass
from gateway.message.finding import Finding, Severity
from gateway.message.leaf import DateTime, Fixed, Indicator, Leaf, Whole, write_date_time
from gateway.message.metadata import KINDS, MetaData
from gateway.message.table import elements
from gateway.message.tree import MOST_FINDINGS, Read, Tree, build, json_pointer, limited, readable

XSI = "http://www.w3.org/2001/XMLSchema-instance"
_WHITE = " \t\r\n"
_WHOLE = re.compile(r"0|[1-9][0-9]{0,19}|-[1-9][0-9]{0,18}")
_DECLARATION = re.compile(rb"<\?xml[ \t\r\n]")
_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._\-]+)["']""")


def parse_xml(body: bytes) -> etree._Element:
    """The root of a document that is safe to walk.

    Raises:
        Unreadable: Not well-formed (with line and column), not UTF-8, or holds something that is refused.
    """
    text = body.removeprefix(b"\xef\xbb\xbf")
    declared = _DECLARED.match(text)
    if declared and declared[1].upper() != b"UTF-8":
        raise Unreadable(f"The encoding {declared[1].decode()} is declared; only UTF-8 is read", rule="ACD-ENV-15")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=False,
        encoding="UTF-8",
    )
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position if error.position else (None, None)
        if error.code == etree.ErrorTypes.ERR_RESOURCE_LIMIT and b"<!DOCTYPE" not in text:
            raise Unreadable(
                "Nested too deep, or a part too large, to be read", rule="ACD-ENV-13", line=line, column=column
            ) from None
        rule = "ACD-ENV-16" if error.code == etree.ErrorTypes.ERR_RESOURCE_LIMIT else "ACD-ENV-11"
        said = _sentence(error)
        raise Unreadable(f"Not well-formed: {said}", rule=rule, seen=said, line=line, column=column) from None
    except ValueError as error:
        raise Unreadable(f"Not well-formed: {error}", rule="ACD-ENV-11", seen=str(error)) from None
    _refuse_danger(root, text)
    return root


def _sentence(error: etree.XMLSyntaxError) -> str:
    return re.sub(r"\s*, line \d+, column \d+.*$", "", str(error.msg or error))


def _refuse_danger(root: etree._Element, text: bytes) -> None:
    """Nothing that a reader could be made to fetch, run or misread.

    Raises:
        Unreadable: Names what, and its line.
    """
    info = root.getroottree().docinfo
    if info.internalDTD is not None or info.externalDTD is not None or info.doctype:
        raise Unreadable("A document type (DTD) is not allowed", rule="ACD-ENV-16", line=1)
    if text.count(b"<?") > (_DECLARATION.match(text) is not None):
        for node in (*root.itersiblings(preceding=True), *root.iter(), *root.itersiblings()):
            if isinstance(node, etree._ProcessingInstruction):  # noqa: SLF001 - the class has no public name
                raise Unreadable("A processing instruction is not allowed", rule="ACD-ENV-17", line=node.sourceline)
    if XSI.encode() in text or b"XInclude" in text or b"&#" in text:  # a namespace may be spelt with references
        for element in root.iter(etree.Element):
            if any(str(name).startswith("{" + XSI) for name in element.attrib):
                raise Unreadable(
                    "An attribute of XML Schema instance is not allowed; the schema is known",
                    rule="ACD-ENV-18",
                    line=element.sourceline,
                )
            if str(element.tag).startswith("{http://www.w3.org/2001/XInclude}"):
                raise Unreadable("An XInclude is not allowed", rule="ACD-ENV-18", line=element.sourceline)


def kind_of(root: etree._Element) -> type[MetaData]:
    """The kind of message that a root announces.

    Raises:
        Unreadable: It announces none that is known.
    """
    for kind in KINDS.values():
        if root.tag == f"{{{kind.namespace}}}MetaData":
            return kind
    name = _plain(root.tag)
    raise Unreadable(
        f"The root element {name} is none of a known message", rule="ACD-ENV-10", seen=name, line=root.sourceline
    )


def read_xml(root: etree._Element, *, lenient: bool = False) -> Read[MetaData]:
    """The message below a root, or the findings that say why there is none.

    Raises:
        Unreadable: The root is not one of a known message.
    """
    kind = kind_of(root)
    findings: list[Finding] = []
    tree = _read_class(root, _reading(kind, kind.namespace), findings, ())
    read: Read[Any] = readable(kind, tree) if lenient else build(kind, tree)
    if findings and not lenient:
        return Read(None, limited((*findings, *read.findings)), kind)
    return Read(read.message, limited((*findings, *read.findings)), kind)


@dataclass(frozen=True, slots=True)
class _Row:
    """How to read one element of a class."""

    name: str
    position: int
    repeated: bool
    rows: dict[str, _Row] | None  # of the class inside
    attribute: str  # of a qualified leaf
    read: Callable[[str], Any] | None  # of a leaf whose JSON form is not the text itself


@cache
def _reading(cls: type[WcoClass], namespace: str) -> dict[str, _Row]:
    """The rows of a class by their names in Clark notation."""
    rows: dict[str, _Row] = {}
    for position, element in enumerate(elements(cls)):
        attribute = elements(element.child)[1].name if element.qualified and element.child else ""
        rows[f"{{{namespace}}}{element.name}"] = _Row(
            name=element.name,
            position=position,
            repeated=element.repeated,
            rows=_reading(element.child, namespace) if element.child and not element.qualified else None,
            attribute=attribute,
            read=_leaf_reader(element.leaf),
        )
    return rows


def _leaf_reader(leaf: Leaf | None) -> Callable[[str], Any] | None:
    if isinstance(leaf, Whole):
        return _whole
    if isinstance(leaf, Indicator):
        return _indicator
    if isinstance(leaf, (Fixed, DateTime)):
        return _stripped
    return None


def _stripped(text: str) -> str:
    return text.strip(_WHITE)


def _whole(text: str) -> int | str:
    text = text.strip(_WHITE)
    return int(text) if _WHOLE.fullmatch(text) else text


def _indicator(text: str) -> bool | str:
    text = text.strip(_WHITE)
    return {"true": True, "1": True, "false": False, "0": False}.get(text, text)


def _read_class(
    node: etree._Element, rows: dict[str, _Row], findings: list[Finding], where: tuple[str | int, ...]
) -> Tree:
    """The tree of a class. What the schema would refuse and a tree cannot show becomes a finding here."""
    tree: Tree = {}
    last = -1
    if node.attrib:
        _refuse_attributes(node, (), findings, where)
    if (text := node.text) and text.strip(_WHITE):
        findings.append(_fault("ACD-STR-10", where, node, text.strip(_WHITE)))
    for child in node:
        if len(findings) > MOST_FINDINGS:
            break  # refused already; what is left could only be counted
        if (tail := child.tail) and tail.strip(_WHITE):
            findings.append(_fault("ACD-STR-10", where, child, tail.strip(_WHITE)))
        row = rows.get(child.tag)  # type: ignore[arg-type]
        if row is None:
            findings.append(_fault("ACD-STR-02", (*where, _plain(child.tag)), child, ""))
            continue
        name = row.name
        if row.position < last:
            findings.append(_fault("ACD-STR-11", (*where, name), child, ""))
        else:
            last = row.position
        if row.repeated:
            siblings = tree.setdefault(name, [])
            siblings.append(_read_value(child, row, findings, (*where, name, len(siblings))))
        elif name in tree:
            findings.append(_fault("ACD-STR-09", (*where, name), child, ""))
        else:
            tree[name] = _read_value(child, row, findings, (*where, name))
    return tree


def _read_value(child: etree._Element, row: _Row, findings: list[Finding], where: tuple[str | int, ...]) -> Any:
    if row.rows is not None:
        return _read_class(child, row.rows, findings, where)
    text = child.text or ""
    if len(child):
        findings.append(_fault("ACD-STR-02", (*where, _plain(child[0].tag)), child[0], ""))
    value = row.read(text) if row.read is not None else text
    if not row.attribute:
        if child.attrib:
            _refuse_attributes(child, (), findings, where)
        return value
    unit = child.get(row.attribute)
    if len(child.attrib) > (unit is not None):
        _refuse_attributes(child, (row.attribute,), findings, where)
    return {"value": value} if unit is None else {"value": value, row.attribute: unit}


def _refuse_attributes(
    node: etree._Element, known: tuple[str, ...], findings: list[Finding], where: tuple[str | int, ...]
) -> None:
    for name, value in islice(node.attrib.items(), MOST_FINDINGS + 1):
        if name not in known:
            findings.append(_fault("ACD-STR-12", (*where, "@" + _plain(name)), node, str(value)))


def _fault(rule: str, where: tuple[str | int, ...], node: etree._Element, value: str) -> Finding:
    name = str(next((part for part in reversed(where) if isinstance(part, str)), ""))
    return Finding(
        rule, Severity.REJECT, json_pointer(where), value[:200], {"name": name.removeprefix("@")}, line=node.sourceline
    )


def _plain(tag: Any) -> str:
    """A name without its namespace."""
    return str(tag).rpartition("}")[2]


def write_xml(message: MetaData) -> bytes:
    """The XML twin: UTF-8 with declaration, in the order of the form, indented for people."""
    root = etree.Element(f"{{{message.namespace}}}MetaData", nsmap={None: message.namespace})
    _write_class(root, message, f"{{{message.namespace}}}")
    etree.indent(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def _write_class(node: etree._Element, value: WcoClass, prefix: str) -> None:
    for element in elements(type(value)):
        content = getattr(value, element.attribute)
        if content is None:
            continue
        for item in content if element.repeated else (content,):
            child = etree.SubElement(node, prefix + element.name)
            if element.child is None:
                child.text = _written(item)
            elif element.qualified:
                unit = elements(element.child)[1]
                child.text = _written(item.value)
                if (code := getattr(item, unit.attribute)) is not None:
                    child.set(unit.name, code)
            else:
                _write_class(child, item, prefix)


def _written(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return write_date_time(value)
    return str(value)
