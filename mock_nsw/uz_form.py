"""Uzbekistan: what all its documents have in common: JSON that is read strictly, numbers, times.

Every value is a string, but for three that are true or false; what is empty is the same as absent. A number is
office/date/number, `26010/23112026/0000417`; as a reference its slashes are hyphens (`docs/national-wires.md`,
"Uzbekistan").
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from itertools import pairwise
from typing import TypeAlias
from zoneinfo import ZoneInfo

from mock_nsw.documents import NoSuchPlace, Unreadable
from mock_nsw.issuing import Issuer

Json: TypeAlias = "str | bool | list[Json] | dict[str, Json] | None"
Object: TypeAlias = "dict[str, Json]"

TASHKENT = ZoneInfo("Asia/Tashkent")
ANNOUNCEMENT, NOTICE, EVENT = "DM", "XN", "CV"
_TRUTHS = frozenset({"sinov", "boshTransport", "konteynerda"})
_NUMBER = re.compile(r"(\d{5})-(\d{8})-(\d{7})")
_POSITION = re.compile(r"0|[1-9]\d*")
_OFFICE = "86001"


def loaded(content: bytes) -> Object:
    """The object that a document is.

    Raises:
        Unreadable: It is no UTF-8, no JSON object, nested too deeply, has a name twice in an object, or a value that
            is neither a string nor one of the three truths.
    """
    try:
        value = json.loads(content.decode("utf-8"), object_pairs_hook=_object)
    except (UnicodeDecodeError, ValueError, RecursionError) as broken:
        raise Unreadable(f"not JSON: {broken}") from broken
    if not isinstance(value, dict):
        raise Unreadable("the document is not a JSON object")
    return value


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Unreadable("a name stands twice in an object")
    for name, value in pairs:
        _check(name, value)
    return found


def _check(name: str, value: object) -> None:
    for each in value if isinstance(value, list) else [value]:
        truth = isinstance(each, bool)
        if truth != (name in _TRUTHS and each is not None) or not (
            truth or each is None or isinstance(each, str | dict)
        ):
            raise Unreadable(f"{name} has a value of another kind than the form gives it")


def dumped(document: Mapping[str, Json]) -> bytes:
    """The document as UTF-8 without a byte order mark, indented for the people who read it, nothing empty in it."""
    return json.dumps(_without_nothing(dict(document)), ensure_ascii=False, indent=2).encode()


def _without_nothing(value: Json) -> Json:
    if isinstance(value, dict):
        kept = {name: _without_nothing(each) for name, each in value.items()}
        return {name: each for name, each in kept.items() if each not in (None, "", {}, [])}
    if isinstance(value, list):
        return [each for each in map(_without_nothing, value) if each not in (None, "", {}, [])]
    return value


def text(document: Json, *names: str) -> str:
    """The string under nested names, without surrounding space; empty when there is none."""
    for name in names:
        document = document.get(name) if isinstance(document, dict) else None
    return document.strip() if isinstance(document, str) else ""


def required(document: Json, *names: str) -> str:
    """The string under nested names.

    Raises:
        Unreadable: There is none.
    """
    found = text(document, *names)
    if not found:
        raise Unreadable(f"the document has no {'/'.join(names)}")
    return found


def objects(document: Json, *names: str) -> list[Object]:
    """The objects of the list under nested names."""
    for name in names:
        document = document.get(name) if isinstance(document, dict) else None
    return [each for each in document if isinstance(each, dict)] if isinstance(document, list) else []


def steps_of(pointer: str) -> tuple[str, ...]:
    """The steps of a JSON Pointer (RFC 6901); one that is no name for the whole document."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]) or ("",)


def change_place(document: Object, pointer: str, new: str | None, *, add: bool = False) -> None:
    """Set the string at a JSON Pointer (RFC 6901), or take away what is there.

    Args:
        document: The document.
        pointer: The place.
        new: The new text; `None` takes away what is there and leaves its position empty.
        add: Whether a name that is not there is there, too, and a position one behind the last of a list: that is a
            copy of the last, with a number of its own.

    Raises:
        NoSuchPlace: There is no such place, it is the whole document, or it holds no string.
    """
    *path, last = steps_of(pointer)
    holder: Json = document
    for part, following in pairwise((*path, last)):
        if add:
            _make_room(holder, part, [{}] if following == "0" else {})
        holder = _member(holder, part, pointer)
    if add and new is not None:
        _make_room(holder, last, "")
    current = _member(holder, last, pointer)
    if new is not None and not isinstance(current, str):
        raise NoSuchPlace(f"{pointer} holds no string")
    if isinstance(holder, dict):
        holder[last] = new
    elif isinstance(holder, list):
        holder[int(last)] = new


def _make_room(holder: Json, part: str, empty: Json) -> None:
    if isinstance(holder, dict):
        holder.setdefault(part, empty)
    elif isinstance(holder, list) and holder and part == str(len(holder)):
        added = deepcopy(holder[-1])
        if isinstance(added, dict) and "tartib" in added:
            numbers = [text(each, "tartib") for each in holder]
            added["tartib"] = str(max((int(each) for each in numbers if each.isdecimal()), default=0) + 1)
        holder.append(added)


def _member(holder: Json, part: str, pointer: str) -> Json:
    if isinstance(holder, dict) and part in holder:
        return holder[part]
    if isinstance(holder, list) and _POSITION.fullmatch(part) and int(part) < len(holder):
        return holder[int(part)]
    raise NoSuchPlace(f"the document has no {pointer}")


def register(issuer: Issuer) -> str:
    """A new number, as a reference."""
    return f"{_OFFICE}-{issuer.moment().astimezone(TASHKENT):%d%m%Y}-{issuer.digits(7)}"


def number(reference: str) -> str:
    """The number that a reference stands for; empty when it stands for none."""
    parts = _NUMBER.fullmatch(reference)
    return "/".join(parts.groups()) if parts else ""


def reference(number_: str) -> str:
    """A number as a reference."""
    return number_.replace("/", "-")


def date_time(at: datetime) -> str:
    """`dd.MM.yyyy HH:mm` in Tashkent time."""
    return f"{at.astimezone(TASHKENT):%d.%m.%Y %H:%M}"


def head(form: str, issuer: Issuer, *, test: bool) -> Object:
    """The first members of a new document of a form."""
    return {
        "shakl": form,
        "shaklVersiyasi": "1.0",
        "sinov": True if test else None,
        "hujjatId": issuer.uuid(),
        "hujjatSanasi": date_time(issuer.moment()),
    }
