"""The JSON Schema of a message, written from the model.

JSON Schema 2020-12, from Pydantic's own generator, made plain: what is optional is absent and never null, names are
those of the XML, and each property carries its definition, its WCO ID, its format, its code list and how certain it
is, under names that begin with `x-`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from gateway.message.element import Qualified, WcoClass
from gateway.message.metadata import MetaData
from gateway.message.table import Element, by_name, elements

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NULL = {"type": "null"}


def json_schema(kind: type[MetaData]) -> dict[str, Any]:
    """The schema of a kind of message."""
    raw = kind.model_json_schema(by_alias=True, mode="validation")
    classes = {cls.__name__: cls for cls in _below(kind, set())}
    return {
        "$schema": DIALECT,
        "$id": kind.namespace,
        **_class_schema(kind, raw),
        "$defs": {name: _class_schema(classes[name], raw["$defs"][name]) for name in sorted(classes)},
    }


def json_schema_text(kind: type[MetaData]) -> bytes:
    """The schema as published: UTF-8, indented."""
    return orjson.dumps(json_schema(kind), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _below(cls: type[WcoClass], seen: set[type[WcoClass]]) -> Iterator[type[WcoClass]]:
    for element in elements(cls):
        if element.child is not None and element.child not in seen:
            seen.add(element.child)
            yield element.child
            yield from _below(element.child, seen)


def _class_schema(cls: type[WcoClass], raw: dict[str, Any]) -> dict[str, Any]:
    """A class's schema: its parts in a fixed order, its properties in the order of the form."""
    table = by_name(cls)
    schema: dict[str, Any] = {
        "title": "MetaData" if issubclass(cls, MetaData) else cls.__name__,
        "description": " ".join(raw["description"].split("\n\n")[0].split()),
    }
    if cls.wco_class:
        schema["x-wco-id"] = cls.wco_class
    schema["type"] = "object"
    schema["properties"] = {name: _property(table[name], cls, said) for name, said in raw["properties"].items()}
    if raw.get("required"):
        schema["required"] = raw["required"]
    schema["additionalProperties"] = False
    return schema


def _property(element: Element, cls: type[WcoClass], raw: dict[str, Any]) -> dict[str, Any]:
    branches = [branch for branch in raw.get("anyOf", []) if branch != _NULL]
    shape = branches[0] if branches else {name: raw[name] for name in raw if name in _SHAPE}
    said: dict[str, Any] = {"description": element.definition, **shape}
    if element.wco_id:
        said["x-wco-id"] = element.wco_id
    if element.leaf is not None:
        said["x-wco-format"] = element.leaf.format
    if element.codes:
        said["x-code-list"] = element.codes
    said["x-profile"] = element.profile
    if not issubclass(cls, Qualified):
        said["x-certainty"] = element.certainty
    return said


_SHAPE = ("type", "$ref", "items", "maxItems", "minLength", "maxLength", "pattern", "format", "minimum", "maximum")
