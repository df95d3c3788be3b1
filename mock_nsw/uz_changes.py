"""Uzbekistan: how a trader replaces or withdraws advance information, and what it says about the movement."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from mock_nsw.events import Movement, SeenConsignment
from mock_nsw.issuing import Issuer
from mock_nsw.national import Change
from mock_nsw.uz_form import Json, Object, change_place, date_time, dumped, loaded, objects, text

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


def amend(contents: Sequence[bytes], change: Change, issuer: Issuer) -> tuple[bytes, ...]:
    """The information again, changed: its next version, under the same reference.

    Raises:
        NoSuchPlace: It has no such place.
    """
    document = loaded(contents[0])
    for pointer, new in change.values.items():
        change_place(document, pointer, new)
    return (dumped(_next(document, "ALMASHTIRISH", change.reason, issuer)),)


def withdraw(contents: Sequence[bytes], reason: str, issuer: Issuer) -> tuple[bytes, ...]:
    """The cancellation: the head alone."""
    document = _next(loaded(contents[0]), "BEKOR", reason, issuer)
    return (dumped({name: document[name] for name in _HEAD if name in document}),)


def _next(document: Object, action: str, reason: str, issuer: Issuer) -> Object:
    version = text(document, "talqin")
    renewed: Object = {
        "hujjatId": issuer.uuid(),
        "hujjatSanasi": date_time(issuer.moment()),
        "amal": action,
        "talqin": str(int(version) + 1) if version.isdecimal() else "2",
        "sabablar": [{"kod": reason}],
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
