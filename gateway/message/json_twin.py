"""The JSON twin of a message: bytes to tree, model to bytes.

Strict on purpose: RFC 8259 with no duplicate names, no numbers but whole ones, no lone surrogates, UTF-8 only, bounded
depth. Keys are the XML tags unchanged; decimals are strings.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain, islice
from typing import Any, NoReturn

import orjson

from gateway.errors import Unreadable
from gateway.message.element import WcoClass
from gateway.message.finding import Finding, Severity
from gateway.message.metadata import KINDS, MetaData
from gateway.message.tree import MOST_FINDINGS, Read, Tree, build, json_pointer, limited, readable

DEEPEST = 64
"""Levels of nesting; the form itself has fewer than twenty."""
LONGEST_NAME = 64
"""Characters of a name; the form itself has fewer than fifty, and a finding repeats all names of its place."""
_NULL = "ACD-STR-08"


def write_json(message: WcoClass) -> bytes:
    """The JSON twin, UTF-8, in the order of the form, indented for people."""
    return orjson.dumps(
        message.model_dump(mode="json", exclude_defaults=True), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    )


def read_json(body: bytes, *, lenient: bool = False) -> Read[MetaData]:
    """The message in the bytes, or the findings that say why there is none.

    Args:
        body: JSON text in UTF-8.
        lenient: Leave faulty parts out instead of refusing the whole.

    Raises:
        Unreadable: It is not JSON as this form allows it; names line and column.
    """
    tree, findings = parse_json(body)
    return read_tree(tree, findings, kind_of_json(tree), lenient=lenient)


def kind_of_json(tree: Tree) -> type[MetaData]:
    """The kind of message that a tree holds.

    Raises:
        Unreadable: It holds none that is known.
    """
    kind = next((kind for kind in KINDS.values() if kind.document in tree), None)
    if kind is None:
        raise Unreadable("The JSON holds none of " + ", ".join(k.document for k in KINDS.values()), rule="ACD-ENV-10")
    return kind


def read_tree(
    tree: Tree, findings: tuple[Finding, ...], kind: type[MetaData], *, lenient: bool = False
) -> Read[MetaData]:
    """The message in a tree, given what `parse_json` found."""
    read: Read[Any] = readable(kind, tree) if lenient else build(kind, tree)
    told = {finding.pointer for finding in findings if finding.rule == _NULL}
    found = limited((*findings, *(finding for finding in read.findings if finding.pointer not in told)))
    return Read(read.message if lenient or not findings else None, found, kind)


def parse_json(body: bytes) -> tuple[Tree, tuple[Finding, ...]]:
    """The tree in the bytes, and a finding for each duplicate name and each null: what is not there is left out.

    Raises:
        Unreadable: Not JSON, not UTF-8, not an object, too deep, or a number that is not whole.
    """
    try:
        orjson.loads(body)  # RFC 8259 to the letter; the slower reading below only adds what it cannot see
    except orjson.JSONDecodeError as error:
        rule = "ACD-ENV-13" if "limit" in error.msg else "ACD-ENV-12"
        raise Unreadable(
            f"Not JSON: {error.msg}", rule=rule, seen=error.msg, line=error.lineno, column=error.colno
        ) from None
    duplicates: list[str] = []
    try:
        tree = json.loads(
            body, object_pairs_hook=lambda pairs: _object(pairs, duplicates), parse_float=_no_float, parse_int=_whole
        )
    except RecursionError:
        raise Unreadable(f"Nested deeper than {DEEPEST} levels", rule="ACD-ENV-13") from None
    if not isinstance(tree, dict):
        raise Unreadable("The JSON is not an object", rule="ACD-ENV-10")
    if _depth(tree) > DEEPEST:
        raise Unreadable(f"Nested deeper than {DEEPEST} levels", rule="ACD-ENV-13")
    found = chain(_duplicates(tree, ()) if duplicates else (), _nulls(tree, ()) if b"null" in body else ())
    return tree, tuple(islice(found, MOST_FINDINGS + 1))


class _Twice(dict[str, Any]):
    """An object in which a name stands twice; remembers which."""

    names: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]], duplicates: list[str]) -> dict[str, Any]:
    result = dict(pairs)
    if any(len(name) > LONGEST_NAME for name in result):
        raise Unreadable(f"A name has more than {LONGEST_NAME} characters", rule="ACD-ENV-13")
    if len(result) == len(pairs):
        return result
    twice = _Twice(result)
    twice.names = tuple(sorted(name for name, count in Counter(name for name, _ in pairs).items() if count > 1))
    duplicates.extend(twice.names)
    return twice


def _duplicates(tree: Any, where: tuple[str | int, ...]) -> Iterator[Finding]:
    if isinstance(tree, _Twice):
        for name in tree.names:
            yield Finding("ACD-STR-09", Severity.REJECT, json_pointer((*where, name)), "", {"name": name})
    for part, child in _parts(tree):
        if isinstance(child, (dict, list)):
            yield from _duplicates(child, (*where, part))


def _nulls(tree: Any, where: tuple[str | int, ...]) -> Iterator[Finding]:
    """A finding for each null that the model would take for an absent element; in arrays the model refuses it."""
    for part, child in _parts(tree):
        if child is None and isinstance(part, str):
            yield Finding(_NULL, Severity.REJECT, json_pointer((*where, part)), "null", {"name": part})
        elif isinstance(child, (dict, list)):
            yield from _nulls(child, (*where, part))


def _parts(tree: Any) -> Iterable[tuple[str | int, Any]]:
    return tree.items() if isinstance(tree, dict) else enumerate(tree)


def _no_float(text: str) -> NoReturn:
    raise Unreadable(
        f"The number {text[:40]} is not whole; decimals are strings in this form", rule="ACD-ENV-14", seen=text[:40]
    )


def _whole(text: str) -> int | Decimal:
    """A whole number; -0, which is none in XML either, as what no element takes."""
    if len(text) > 20:
        raise Unreadable(
            f"The number {text[:20]}… is longer than any in this form", rule="ACD-ENV-14", seen=f"{text[:20]}…"
        )
    return Decimal(text) if text == "-0" else int(text)


def _depth(tree: Any) -> int:
    deepest, level = 0, [tree]
    while level:
        deepest += 1
        if deepest > DEEPEST:
            break
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node if isinstance(node, list) else ())
            if isinstance(child, (dict, list))
        ]
    return deepest
