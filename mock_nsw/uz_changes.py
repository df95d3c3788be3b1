"""Uzbekistan: how a trader replaces, changes, adds to or withdraws advance information; what it says about the way.

A change in part holds what is told and what that is known by, and names each place with its reason; an addition needs
no reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from mock_nsw.events import Movement, SeenConsignment
from mock_nsw.issuing import Issuer
from mock_nsw.national import Change, Function
from mock_nsw.uz_form import Json, Object, change_place, date_time, dumped, loaded, objects, steps_of, text

_HEAD = (
    "shakl",
    "shaklVersiyasi",
    "sinov",
    "hujjatId",
    "hujjatSanasi",
    "amal",
    "jonatuvchiMamlakat",
    "qabulQiluvchiMamlakat",
    "jonatuvchiRaqami",
    "royxatRaqami",
    "royxatSanasi",
    "talqin",
    "sabablar",
    "tur",
)


_Way = tuple[str, ...]
_ACTIONS = {
    Function.REPLACEMENT: "ALMASHTIRISH",
    Function.CHANGE: "OZGARTIRISH",
    Function.ADDITION: "QOSHIMCHA",
}
_KNOWN_BY = frozenset(
    {"tartib", "turi", "tur", "raqam", "davlatRaqami", "soni", "qiymat", "miqdor", "valyuta", "birlik", "vazifa"}
)
"""Texts that stay in a part of which only a part is told: what it is known by, and the other half of a pair."""


def amend(contents: Sequence[bytes], change: Change, issuer: Issuer) -> tuple[bytes, ...]:
    """The information again, changed, under the same reference; of a change or an addition only a part.

    Raises:
        NoSuchPlace: It has no such place.
    """
    document = loaded(contents[0])
    for earlier in change.earlier:
        _apply(document, earlier, add=True)
        document = loaded(dumped(document))  # what was taken away leaves no position empty
    whole = change.function is Function.REPLACEMENT
    told = _apply(document, change.values, add=not whole)
    if not whole:
        document = {name: document[name] for name in _HEAD if name in document} | _part_of(document, told)
    return (dumped(_next(document, _ACTIONS[change.function], change.version, _reasons(change), issuer)),)


def _apply(document: Object, values: Mapping[str, str | None], *, add: bool) -> frozenset[_Way]:
    """Set and take away; the ways to what is told: to a part that was not there before, and else to the text."""
    told = set()
    for place, new in values.items():
        way = steps_of(place)
        told.add(way[: _known(document, way) + 1])
        change_place(document, place, new, add=add)
    return frozenset(told)


def _known(node: Json, way: _Way) -> int:
    """How many steps of a way lead to something that is there."""
    for at, step in enumerate(way):
        if isinstance(node, dict) and step in node:
            node = node[step]
        elif isinstance(node, list) and step.isdecimal() and int(step) < len(node):
            node = node[int(step)]
        else:
            return at
    return len(way)


def _part_of(node: Object, told: frozenset[_Way]) -> Object:
    """What is told, and what it is known by."""
    found: Object = {}
    for name, value in node.items():
        below = frozenset(way[1:] for way in told if way[:1] == (name,))
        if () in below:
            found[name] = value
        elif below and isinstance(value, dict):
            found[name] = _part_of(value, below)
        elif below and isinstance(value, list):
            found[name] = _parts_of(value, below)
        elif name in _KNOWN_BY and isinstance(value, str):
            found[name] = value
    return found


def _parts_of(nodes: list[Json], told: frozenset[_Way]) -> list[Json]:
    # A list whose parts have no number is told whole: nobody could tell which of them is meant.
    numbered = all("tartib" in each for each in nodes if isinstance(each, dict))
    found: list[Json] = []
    for at, node in enumerate(nodes):
        below = frozenset(way[1:] for way in told if way[:1] == (str(at),))
        whole = () in below or not numbered
        if isinstance(node, dict) and (below or whole):
            found.append(node if whole else _part_of(node, below))
    return found


def _reasons(change: Change) -> list[Json]:
    if change.function is Function.CHANGE:
        return [{"kod": change.reason, "joy": place} for place in change.values]
    return [{"kod": change.reason}] if change.reason else []


def withdraw(contents: Sequence[bytes], reason: str, issuer: Issuer) -> tuple[bytes, ...]:
    """The cancellation: the head alone."""
    before = loaded(contents[0])
    version = text(before, "talqin")
    following = str(int(version) + 1) if version.isdecimal() else "2"
    document = _next(before, "BEKOR", following, [{"kod": reason}], issuer)
    return (dumped({name: document[name] for name in _HEAD if name in document}),)


def _next(document: Object, action: str, version: str, reasons: list[Json], issuer: Issuer) -> Object:
    renewed: Object = {
        "hujjatId": issuer.uuid(),
        "hujjatSanasi": date_time(issuer.moment()),
        "amal": action,
        "talqin": version,
        "sabablar": reasons,
    }
    whole = document | renewed
    # The head first, in the order of the form, whatever the order of what was lodged.
    return {name: whole[name] for name in (*_HEAD, *whole) if name in whole}


def movement(contents: Sequence[bytes]) -> Movement:
    """What advance information, out or in, says about the movement."""
    document = loaded(contents[0])
    transport = document.get("transport")
    trailers = [each for each in objects(transport, "tirkamalar") if text(each, "turi") != "CN"]
    vehicles = [text(transport, "davlatRaqami"), *(text(each, "raqam") for each in trailers)]
    return Movement(
        exit_office=text(document, "chiqishPosti"),
        entry_office=text(document, "kirishPosti"),
        plates=tuple(plate for plate in vehicles if plate),
        seals=tuple(dict.fromkeys(_seals(document))),
        gross_mass_kg=_decimal(text(document, "jamiBruttoKg")),
        consignments=tuple(
            _consignment(position, each) for position, each in enumerate(objects(document, "yuklar"), 1)
        ),
    )


def _seals(value: Json) -> list[str]:
    # On the vehicle, on trailers, on containers of consignments and of goods: wherever the form has them.
    if isinstance(value, list):
        return [seal for each in value for seal in _seals(each)]
    if not isinstance(value, dict):
        return []
    own = [number for seal in objects(value, "plombalar") if (number := text(seal, "raqam"))]
    return own + [seal for name, each in value.items() if name != "plombalar" for seal in _seals(each)]


def _consignment(position: int, consignment: Object) -> SeenConsignment:
    count = text(consignment, "jami", "soni")
    codes = (text(item, "tnKod") for item in objects(consignment, "tovarlar"))
    return SeenConsignment(
        number=int(text(consignment, "tartib") or position),
        waybill=text(consignment, "transportHujjati", "raqam"),
        subheadings=tuple(dict.fromkeys(code[:6] for code in codes if len(code) >= 6)),
        packages=int(count) if count else None,
        package_type=text(consignment, "jami", "turi"),
        gross_mass_kg=_decimal(text(consignment, "bruttoKg")),
        value=_decimal(text(consignment, "qiymat", "miqdor")),
        currency=text(consignment, "qiymat", "valyuta"),
    )


def _decimal(given: str) -> Decimal | None:
    return Decimal(given) if given else None
