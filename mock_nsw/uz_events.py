"""Uzbekistan: border events (CV, chegara voqeasi).

The document is that of `docs/national-wires.md`, "Border events"; all of it is plausible.
"""

from __future__ import annotations

from mock_nsw.documents import Unreadable
from mock_nsw.events import TOLD_BY_THE_GATEWAY, Conclusion, EventKind, SealState, SeenConsignment
from mock_nsw.issuing import Issuer
from mock_nsw.national import Identity, Report, Role
from mock_nsw.uz_form import EVENT, TASHKENT, Object, date_time, dumped, head, number, reference, required, text

_KINDS = {
    EventKind.DEPARTURE: "JK",
    EventKind.ARRIVAL: "YK",
    EventKind.CONTROL_RESULT: "NN",
    EventKind.DISCREPANCY: "NM",
    EventKind.IMPORT_INFORMATION: "IM",
    EventKind.EXPIRY: "MT",
    EventKind.UNDELIVERABLE: "YE",
}
_KIND_OF_CODE = {code: kind for kind, code in _KINDS.items()}
_SEAL_STATES = {SealState.INTACT: "BUTUN", SealState.BROKEN: "BUZILGAN", SealState.MISSING: "YOQ"}
_CONCLUSIONS = {Conclusion.RELEASED: "CH", Conclusion.HELD: "UT", Conclusion.REFUSED: "RE"}


def read(document: Object) -> Identity:
    """Who a border event is.

    Raises:
        Unreadable: It says not what happened, names no declaration, or neither country is Uzbekistan.
    """
    given = required(document, "deklaratsiya", "jonatuvchiRaqami")
    registered = reference(text(document, "deklaratsiya", "royxatRaqami"))
    code = required(document, "voqea")
    if code not in _KIND_OF_CODE:
        raise Unreadable(f"voqea {code} is not a border event")
    told_by_gateway = _KIND_OF_CODE[code] in TOLD_BY_THE_GATEWAY  # such a one has no country of its own
    source = text(document, "jonatuvchiMamlakat") if told_by_gateway else required(document, "jonatuvchiMamlakat")
    destination = required(document, "qabulQiluvchiMamlakat")
    if "UZ" not in {source, destination}:
        raise Unreadable("neither jonatuvchiMamlakat nor qabulQiluvchiMamlakat is UZ")
    other = destination if source == "UZ" else source
    return Identity(
        document_id=required(document, "hujjatId"),
        reference=registered or given,
        type=EVENT,
        role=Role.EVENT,
        source_reference=given,
        source_country=source,
        # Whose declaration it is follows from the reference: Uzbekistan's own, or the other country's.
        joins=tuple(name for name in (registered, f"UZ:{given}", f"{other}:{given}") if name),
        event=_KIND_OF_CODE[code],
        test=document.get("sinov") is True,
    )


def report(seen: Report, issuer: Issuer) -> bytes:
    """The document of a border event, ready to be handed over."""
    declared, sighting = seen.document, seen.sighting
    content: Object = {
        "jonatuvchiMamlakat": "UZ",
        "qabulQiluvchiMamlakat": declared.destination_country if seen.own else declared.source_country,
        "deklaratsiya": {
            "hujjatId": declared.document_id,
            "jonatuvchiRaqami": declared.source_reference,
            "royxatRaqami": number(seen.reference),
        },
        "voqea": _KINDS[sighting.kind],
        "voqeaVaqti": date_time(sighting.at),
        "post": sighting.office,
        "davlatRaqamlari": list(sighting.plates),
        "plombalar": [{"raqam": seal.id, "holat": _SEAL_STATES[seal.state]} for seal in sighting.seals],
        "topilganBruttoKg": None if sighting.gross_mass_kg is None else f"{sighting.gross_mass_kg:f}",
        "tasvirRaqami": sighting.image,
        "xulosa": None if sighting.conclusion is None else _CONCLUSIONS[sighting.conclusion],
        "yuklar": [_consignment(consignment) for consignment in sighting.consignments],
        "izoh": sighting.remarks,
    }
    return dumped(head(EVENT, issuer, test=declared.test) | content)


def _consignment(seen: SeenConsignment) -> Object:
    return {
        "tartib": str(seen.number),
        "transportHujjati": {"raqam": seen.waybill},
        "importRaqami": seen.registration,
        "tnKodlar": list(seen.subheadings),
        "jami": {"soni": None if seen.packages is None else str(seen.packages), "turi": seen.package_type},
        "bruttoKg": None if seen.gross_mass_kg is None else f"{seen.gross_mass_kg:f}",
        "qiymat": None if seen.value is None else {"miqdor": f"{seen.value:f}", "valyuta": seen.currency},
    }


def import_number(office: str, issuer: Issuer) -> str:
    """A registration number of a cargo customs declaration: office, date, seven digits."""
    return f"{office}/{issuer.moment().astimezone(TASHKENT):%d%m%Y}/{issuer.digits(7)}"
