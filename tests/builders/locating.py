"""Where a part of a document stands, found another way than `gateway.spans` does: what that is held against."""

from __future__ import annotations

import re
from typing import Any

import yaml
from lxml import etree

from gateway.errors import Unreadable
from gateway.message.json_twin import parse_json
from gateway.message.xml_twin import parse_xml


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
