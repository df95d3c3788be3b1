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
from typing import TYPE_CHECKING

import jsonschema_rs
from lxml import etree

from gateway.message.finding import Finding, Severity
from gateway.message.json_schema import json_schema
from gateway.message.json_twin import kind_of_json, parse_json, read_tree
from gateway.message.metadata import MetaData
from gateway.message.tree import Read, Tree, json_pointer
from gateway.message.xml_twin import kind_of, read_xml
from gateway.message.xsd import xsd

if TYPE_CHECKING:
    import xmlschema

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
    import xmlschema  # it explains what is refused and takes a quarter of a second to load: few processes ever need it

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
