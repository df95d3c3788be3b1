"""China: border events as arrival reports (MT3402) and tally reports (MT5401).

The documents are those of `docs/national-wires.md`, "Border events"; all of it is plausible.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from mock_nsw.cn_form import BEIJING, WINDOW, head, namespaced, seconds
from mock_nsw.documents import Element, Maker, xml_bytes
from mock_nsw.events import Conclusion, EventKind, SealState, SeenConsignment
from mock_nsw.issuing import Issuer
from mock_nsw.national import Report

ARRIVAL_REPORT, TALLY_REPORT = "MT3402", "MT5401"

_KINDS = {
    EventKind.DEPARTURE: (ARRIVAL_REPORT, "31"),
    EventKind.ARRIVAL: (ARRIVAL_REPORT, "32"),
    EventKind.EXPIRY: (ARRIVAL_REPORT, "33"),
    EventKind.UNDELIVERABLE: (ARRIVAL_REPORT, "34"),
    EventKind.CONTROL_RESULT: (TALLY_REPORT, "51"),
    EventKind.DISCREPANCY: (TALLY_REPORT, "52"),
    EventKind.IMPORT_INFORMATION: (TALLY_REPORT, "53"),
}
KIND_OF_CODE = {code: kind for kind, (_, code) in _KINDS.items()}
"""`StatementCode` → what happened."""

_SEAL_STATES = {SealState.INTACT: "1", SealState.BROKEN: "2", SealState.MISSING: "3"}
_CONCLUSIONS = {Conclusion.RELEASED: "1", Conclusion.HELD: "2", Conclusion.REFUSED: "3"}


def report(seen: Report, issuer: Issuer) -> bytes:
    """The report of a border event, ready to be handed over."""
    sighting = seen.sighting
    message_type, code = _KINDS[sighting.kind]
    make = namespaced(message_type)
    tractor, trailers = sighting.plates[:1], sighting.plates[1:]
    return xml_bytes(
        make(
            "Manifest",
            head(make, message_type, issuer.moment().astimezone(BEIJING), sender=WINDOW),
            make(
                "Declaration",
                make("DeclarationOfficeID", sighting.office),
                make("FunctionalReferenceID", seen.document.document_id),
                make("ID", seen.reference),
                make("IssueDateTime", seconds(sighting.at)),
                make(
                    "AdditionalInformation",
                    make("StatementCode", code),
                    make("StatementDescription", sighting.remarks) if sighting.remarks else None,
                ),
                make(
                    "BorderTransportMeans",
                    *(make("ID", plate) for plate in tractor),
                    *(make("TransportEquipment", make("ID", plate)) for plate in trailers),
                )
                if sighting.plates
                else None,
                make("ConclusionCode", _CONCLUSIONS[sighting.conclusion]) if sighting.conclusion else None,
                *(_consignment(make, consignment) for consignment in sighting.consignments),
                _mass(make, sighting.gross_mass_kg),
                make("Image", make("ID", sighting.image)) if sighting.image else None,
                *(
                    make("Seal", make("ID", seal.id), make("ConditionCode", _SEAL_STATES[seal.state]))
                    for seal in sighting.seals
                ),
            ),
        )
    )


def import_number(office: str, issuer: Issuer) -> str:
    """A registration number of an import declaration: office, year, 1 for import, nine digits."""
    return f"{office}{issuer.moment().astimezone(BEIJING):%Y}1{issuer.digits(9)}"


def _consignment(make: Maker, seen: SeenConsignment) -> Element:
    return make("Consignment", *_consignment_content(make, seen))


def _consignment_content(make: Maker, seen: SeenConsignment) -> Iterable[Element | None]:
    yield make("SequenceNumeric", str(seen.number))
    yield make("AdditionalDocument", make("ID", seen.registration)) if seen.registration else None
    for subheading in seen.subheadings:
        yield make("Classification", make("ID", subheading))
    yield _mass(make, seen.gross_mass_kg)
    if seen.packages is not None:
        kind = {"unitCode": seen.package_type} if seen.package_type else {}
        yield make("TotalPackageQuantity", str(seen.packages), **kind)
    yield make("TransportContractDocument", make("ID", seen.waybill)) if seen.waybill else None
    if seen.value is not None:
        yield make("ValueAmount", f"{seen.value:f}", currencyID=seen.currency)


def _mass(make: Maker, kilograms: Decimal | None) -> Element | None:
    if kilograms is None:
        return None
    return make("GoodsMeasure", make("GrossMassMeasure", f"{kilograms:f}", unitCode="KGM"))
