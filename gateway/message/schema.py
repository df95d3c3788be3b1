"""Reading a message through the published schema: the way in for everything that was sent.

First libxml2 (or the compiled JSON Schema) judges the whole, then our own mapping reads it. Where the schema refuses,
the findings come from our mapping and the model, so that a fault has the same rule and pointer in both twins. Should
they find nothing although the schema refuses, the message is still refused, and the schema's engine says why.
"""

from __future__ import annotations

import re
import threading
from functools import cache
from itertools import islice
from typing import Any

import jsonschema_rs
import xmlschema
import yaml
from lxml import etree

from gateway.errors import Unreadable
from gateway.message.finding import Finding, Severity
from gateway.message.json_schema import json_schema
from gateway.message.json_twin import kind_of_json, parse_json, read_tree
from gateway.message.metadata import MetaData
from gateway.message.tree import Read, Tree, json_pointer
from gateway.message.xml_twin import kind_of, parse_xml, read_xml
from gateway.message.xsd import xsd

MOST_REASONS = 20
"""Explaining by the engines is slow: so many reasons and no more."""
_SCHEMA_REFUSES = "ACD-STR-90"


def read_message_xml(root: etree._Element) -> Read[MetaData]:
    """The message below a root, or the findings that say why there is none.

    Raises:
        Unreadable: The root is not one of a known message.
    """
    kind = kind_of(root)
    valid = schema_valid_xml(root, kind)
    read = read_xml(root)
    if valid or read.message is None:
        return read
    return Read(None, tuple(refused_by_xml_schema(root, kind)), kind)


def read_message_json(body: bytes) -> Read[MetaData]:
    """The message in the bytes, or the findings that say why there is none.

    Raises:
        Unreadable: It is not JSON as this form allows it; names line and column.
    """
    tree, findings = parse_json(body)
    kind = kind_of_json(tree)
    valid = schema_valid_json(tree, kind)
    read = read_tree(tree, findings, kind)
    if valid or read.message is None:
        return read
    return Read(None, tuple(refused_by_json_schema(tree, kind)), kind)


def schema_valid_xml(root: etree._Element, kind: type[MetaData]) -> bool:
    """Whether the XML Schema of a kind accepts the document below a root."""
    return bool(_compiled_xsd(kind).validate(root))


def schema_valid_json(tree: Tree, kind: type[MetaData]) -> bool:
    """Whether the JSON Schema of a kind accepts a tree; date-times must be real dates."""
    return _compiled_json_schema(kind).is_valid(tree)


_OWN = threading.local()


def _compiled_xsd(kind: type[MetaData]) -> etree.XMLSchema:
    """One compiled schema for each thread: lxml keeps the error log of a validation in the schema itself."""
    compiled: dict[type[MetaData], etree.XMLSchema] | None = getattr(_OWN, "compiled", None)
    if compiled is None:
        compiled = _OWN.compiled = {}
    if kind not in compiled:
        compiled[kind] = etree.XMLSchema(etree.fromstring(xsd(kind)))
    return compiled[kind]


@cache
def _compiled_json_schema(kind: type[MetaData]) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(
        json_schema(kind), validate_formats=True, pattern_options=jsonschema_rs.RegexOptions(), offline=True
    )


@cache
def _explaining_xsd(kind: type[MetaData]) -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(xsd(kind).decode(), allow="none", defuse="always")


def refused_by_xml_schema(root: etree._Element, kind: type[MetaData]) -> list[Finding]:
    """Why the XML Schema refuses: from `xmlschema`, and from libxml2 where `xmlschema` sees nothing."""
    found = [
        _refusal(_pointer_of_path(error.path or ""), error.reason or error.message)
        for error in islice(_explaining_xsd(kind).iter_errors(etree.tostring(root)), MOST_REASONS)
    ]
    schema = _compiled_xsd(kind)
    if not found and not schema.validate(root):
        found = [_refusal(_pointer_of_path(e.path or ""), e.message) for e in islice(schema.error_log, MOST_REASONS)]
    return found or [_refusal("", "")]


def refused_by_json_schema(tree: Tree, kind: type[MetaData]) -> list[Finding]:
    """Why the JSON Schema refuses."""
    errors = islice(_compiled_json_schema(kind).iter_errors(tree), MOST_REASONS)
    return [_refusal(json_pointer(tuple(error.instance_path)), error.message) for error in errors] or [_refusal("", "")]


def _refusal(pointer: str, reason: str) -> Finding:
    sentence = " ".join(re.sub(r"\{[^}]*\}", "", reason).split())[:300]
    return Finding(_SCHEMA_REFUSES, Severity.REJECT, pointer, "", {"reason": sentence or "the schema refuses it"})


def _pointer_of_path(path: str) -> str:
    """The JSON Pointer of an engine's path, `/{urn}MetaData/{urn}Declaration/{urn}Consignment[2]`; roughly enough."""
    parts: list[str | int] = []
    for step in re.sub(r"\{[^}]*\}", "", path).split("/")[2:]:
        name, _, position = step.partition("[")
        parts.append(name.rpartition(":")[2])
        if position.rstrip("]").isdigit():
            parts.append(int(position.rstrip("]")) - 1)
    return json_pointer(tuple(parts))


def locate_line(body: bytes, media_type: str, pointer: str) -> tuple[int, int] | None:
    """Line and column of a place in a document as sent; of what is missing, those of the part that lacks it.

    Args:
        body: The document.
        media_type: `application/xml` or `application/json`.
        pointer: JSON Pointer into the common form.

    Returns:
        Both counted from 1; None where the document cannot be read.
    """
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    try:
        return _xml_line(body, parts) if media_type.endswith("xml") else _json_line(body, parts)
    except (Unreadable, yaml.YAMLError):
        return None


def _xml_line(body: bytes, parts: list[str]) -> tuple[int, int]:
    node = parse_xml(body)
    for position, part in enumerate(parts):
        if part.isdigit():
            continue
        following = parts[position + 1] if position + 1 < len(parts) else ""
        same = [child for child in node if str(child.tag).rpartition("}")[2] == part]
        index = int(following) if following.isdigit() else 0
        if index >= len(same):
            break
        node = same[index]
    return node.sourceline or 1, _column(body, node)


def _column(body: bytes, node: etree._Element) -> int:
    """Where the tag of an element begins in its line: libxml2 keeps the line only."""
    lines = body.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").split("\n")
    line = lines[(node.sourceline or 1) - 1] if (node.sourceline or 1) <= len(lines) else ""
    name = re.escape(str(node.tag).rpartition("}")[2])
    starts = [match.start() + 1 for match in re.finditer(rf"<(?:[^\s<>/:]+:)?{name}(?=[\s/>])", line)]
    tree = node.getroottree().getroot()
    before = [other for other in tree.iter(str(node.tag)) if other.sourceline == node.sourceline]
    index = before.index(node)
    return starts[index] if index < len(starts) else 1


_UNKNOWN_TO_YAML = re.compile(r"[^\x20-\x7e\n\r]")


def _json_line(body: bytes, parts: list[str]) -> tuple[int, int]:
    """By the marks of a YAML reader: JSON is YAML once tabs and characters beyond ASCII are put out of its way."""
    parse_json(body)
    node: Any = yaml.compose(_as_yaml(body.decode()), Loader=yaml.SafeLoader)
    mark = node.start_mark
    for part in parts:
        if isinstance(node, yaml.SequenceNode) and part.isdigit() and int(part) < len(node.value):
            node = node.value[int(part)]
            mark = node.start_mark
            continue
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        found = next(((key, value) for key, value in pairs if key.value == _as_yaml(part)), None)
        if found is None:
            break
        mark, node = found[0].start_mark, found[1]
    return mark.line + 1, mark.column + 1


def _as_yaml(text: str) -> str:
    return _UNKNOWN_TO_YAML.sub("x", text.replace("\t", " "))
