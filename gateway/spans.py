"""Where each part of a document stands in its text, so that a finding can be shown at its very value.

XML by XPath (names without prefixes), JSON by JSON Pointer; one pass over the document for all of its parts. What the
form calls the places is told by `gateway.message.place`, or by an adapter for its national document.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from gateway.errors import Unreadable
from gateway.message.json_twin import parse_json
from gateway.message.xml_twin import parse_xml

_BOM = b"\xef\xbb\xbf"
_TAG = re.compile(rb"""<[^\s/>]+(?:[^>"']|"[^"]*"|'[^']*')*>""")
_NAME = re.compile(rb"<[^\s/>]+>?")
_ATTRIBUTE = re.compile(rb"""\s(?:[^\s=:]+:)?([^\s=:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_STEP = re.compile(r"[^/]+")
_JSON_SPACE = re.compile(r"[ \t\r\n]*")
_JSON_LEAF = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s,\]}]+')


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one line of a document.

    Attributes:
        line: Counted from 1.
        column: Of its first character, counted from 1 in characters.
        end: Of the character after its last one; what goes on in the next line is left out.
    """

    line: int
    column: int
    end: int


@dataclass(frozen=True, slots=True)
class Spans:
    """Where the parts of a document stand.

    Attributes:
        syntax: `xml` or `json`.
        values: By place: the value of a leaf; of an XML element with elements inside its opening, of a JSON member that
            holds others its name.
        names: By place: the opening, or the name; for what is missing inside.
    """

    syntax: str
    values: Mapping[str, Span]
    names: Mapping[str, Span]

    def find(self, place: str) -> Span | None:
        """The place; of what is missing, the nearest part above it.

        Args:
            place: XPath (`/MetaData/Declaration/Consignment[2]/ID`, an attribute as `@unitCode`) or JSON Pointer.
        """
        steps = _steps(place) if self.syntax == "xml" else place.split("/")[1:]
        wanted = "".join(f"/{step}" for step in steps)
        if wanted in self.values:
            return self.values[wanted]
        while steps:
            steps.pop()
            above = "".join(f"/{step}" for step in steps)
            if above in self.names:
                return self.names[above]
        return None


def spans(body: bytes) -> Spans:
    """Where the parts of an XML or JSON document stand; nothing where it cannot be read."""
    try:
        if body.removeprefix(_BOM).lstrip()[:1] == b"{":
            parse_json(body)
            return _json_spans(body.decode())
        parse_xml(body)
    except (Unreadable, UnicodeDecodeError):
        return Spans("xml", {}, {})
    return _xml_spans(body.removeprefix(_BOM))


def _steps(xpath: str) -> list[str]:
    """Each step with its position; the text of an element is the element's own value."""
    steps = [step for step in _STEP.findall(xpath) if step != "text()"]
    return [step if step.endswith("]") or step.startswith("@") else f"{step}[1]" for step in steps]


def _xml_spans(body: bytes) -> Spans:
    """By the byte positions that expat keeps. `parse_xml` has refused every document type before."""
    starts = _line_starts(body, b"\n")
    values: dict[str, Span] = {}
    names: dict[str, Span] = {}
    above: list[tuple[str, int, int, Counter[str]]] = []  # place, begin and end of the start tag, names of children
    reader = expat.ParserCreate()

    def begin(name: str, _attributes: object) -> None:
        local = name.rpartition(":")[2]
        place = ""
        if above:
            place, _, _, children = above[-1]
            children[local] += 1
            position = children[local]
        else:
            position = 1
        at = reader.CurrentByteIndex
        tag = _TAG.match(body, at)
        end = tag.end() if tag else at + 1
        place = f"{place}/{local}[{position}]"
        name_ends = named.end() if (named := _NAME.match(body, at)) else end
        names[place] = values[place] = _span(body, starts, at, name_ends)
        for attribute in _ATTRIBUTE.finditer(body, at, end):
            group = 2 if attribute[2] is not None else 3
            key = f"{place}/@{attribute[1].decode()}"
            names[key] = values[key] = _span(body, starts, attribute.start(group), attribute.end(group))
        above.append((place, at, end, Counter()))

    def finish(_name: str) -> None:
        place, _, inside, children = above.pop()
        if children or reader.CurrentByteIndex <= inside:
            return
        text = body[inside : reader.CurrentByteIndex]
        if text.strip():
            first = inside + len(text) - len(text.lstrip())
            values[place] = _span(body, starts, first, inside + len(text.rstrip()))

    reader.StartElementHandler, reader.EndElementHandler = begin, finish
    reader.Parse(body, True)
    return Spans("xml", values, names)


def _json_spans(text: str) -> Spans:
    starts = _line_starts(text, "\n")
    values: dict[str, Span] = {}
    names: dict[str, Span] = {}

    def value(at: int, place: str, name: Span | None) -> int:
        """Read the value that begins here; where it ends."""
        first = text[at]
        if first not in "{[":
            end = after(_JSON_LEAF, at)
            values[place] = _span(text, starts, at, end)
            names[place] = name or values[place]
            return end
        names[place] = values[place] = name or _span(text, starts, at, at + 1)
        at = after(_JSON_SPACE, at + 1)
        position = 0
        while text[at] not in "}]":
            key, member = str(position), None
            if first == "{":
                end = after(_JSON_LEAF, at)
                key, member = json.loads(text[at:end]), _span(text, starts, at, end)
                at = after(_JSON_SPACE, after(_JSON_SPACE, end) + 1)  # the colon
            at = after(_JSON_SPACE, value(at, f"{place}/{key.replace('~', '~0').replace('/', '~1')}", member))
            position += 1
            if text[at] == ",":
                at = after(_JSON_SPACE, at + 1)
        return at + 1

    def after(pattern: re.Pattern[str], at: int) -> int:
        found = pattern.match(text, at)
        return found.end() if found else at

    value(after(_JSON_SPACE, 0), "", None)
    return Spans("json", values, names)


def _line_starts(content: Any, end: Any) -> list[int]:
    starts, at = [0], content.find(end)
    while at != -1:
        starts.append(at + 1)
        at = content.find(end, at + 1)
    return starts


def _span(content: bytes | str, starts: list[int], begin: int, end: int) -> Span:
    number = bisect_right(starts, begin)
    line = starts[number - 1]
    last = starts[number] - 1 if number < len(starts) else len(content)
    column = _characters(content[line:begin]) + 1
    return Span(number, column, column + max(1, _characters(content[begin : min(end, last)])))


def _characters(part: bytes | str) -> int:
    return len(part.decode("utf-8", "replace")) if isinstance(part, bytes) else len(part)
