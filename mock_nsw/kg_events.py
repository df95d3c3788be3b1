"""Kyrgyzstan: border events as notices (BorderEventNotice).

The document is that of `docs/national-wires.md`, "Border events"; all of it is plausible.
"""

from __future__ import annotations

from collections.abc import Iterator

from mock_nsw.documents import Element, Maker, Unreadable, maker, text_at, xml_bytes
from mock_nsw.events import Conclusion, EventKind, SealState, SeenConsignment
from mock_nsw.issuing import Issuer
from mock_nsw.kg_form import BISHKEK, EVENT, date_time, number, number_at
from mock_nsw.national import Identity, Report, Role

TYPE = "BorderEventNotice"

_KINDS = {
    EventKind.DEPARTURE: "01",
    EventKind.ARRIVAL: "02",
    EventKind.CONTROL_RESULT: "03",
    EventKind.DISCREPANCY: "04",
    EventKind.IMPORT_INFORMATION: "05",
    EventKind.EXPIRY: "06",
    EventKind.UNDELIVERABLE: "07",
}
_KIND_OF_CODE = {code: kind for kind, code in _KINDS.items()}
_SEAL_STATES = {SealState.INTACT: "1", SealState.BROKEN: "2", SealState.MISSING: "3"}
_CONCLUSIONS = {Conclusion.RELEASED: "1", Conclusion.HELD: "2", Conclusion.REFUSED: "3"}


def read(root: Element) -> Identity:
    """Who a BorderEventNotice is.

    Raises:
        Unreadable: It says not what happened, or names no declaration.
    """
    paths = {"e": EVENT}
    source = text_at(root, "e:RefSourceDocumentID", paths)
    answered = text_at(root, "e:RefDocumentID", paths)
    reference = number_at(root, f"{{{EVENT}}}RefRegNumber") or source
    if not reference:
        raise Unreadable("the notice names neither a RefSourceDocumentID nor a RefRegNumber")
    code = text_at(root, "e:EventKindCode", paths, required=True)
    if code not in _KIND_OF_CODE:
        raise Unreadable(f"EventKindCode {code} is not a border event")
    return Identity(
        document_id=text_at(root, "e:NoticeID", paths, required=True),
        reference=reference,
        type=TYPE,
        role=Role.EVENT,
        also_known_as=tuple(name for name in (source, answered) if name),
        source_country=text_at(root, "e:SourceCountryCode", paths),
        event=_KIND_OF_CODE[code],
    )


def report(seen: Report, issuer: Issuer) -> bytes:
    """The notice of a border event, ready to be handed over."""
    make = maker(EVENT, {None: EVENT})
    document = seen.document
    other = document.destination_country if seen.own else document.source_country
    return xml_bytes(
        make(
            TYPE,
            make("NoticeID", issuer.uuid()),
            make("NoticeDateTime", date_time(issuer.moment())),
            make("SourceCountryCode", "KG"),
            make("DestinationCountryCode", other) if other else None,
            make("RefDocumentID", document.document_id),
            make("RefSourceDocumentID", document.source_reference) if document.source_reference else None,
            number(make, make, "RefRegNumber", seen.reference),
            *_sighting(make, seen),
        )
    )


def _sighting(make: Maker, seen: Report) -> Iterator[Element]:
    sighting = seen.sighting
    yield make("EventKindCode", _KINDS[sighting.kind])
    yield make("EventDateTime", date_time(sighting.at))
    yield make("CustomsOfficeCode", sighting.office)
    for plate in sighting.plates:
        yield make("TransportMeansRegId", plate)
    for seal in sighting.seals:
        yield make("SealDetails", make("SealId", seal.id), make("SealStateCode", _SEAL_STATES[seal.state]))
    if sighting.gross_mass_kg is not None:
        yield make("GrossWeightQuantity", f"{sighting.gross_mass_kg:f}")
    if sighting.image:
        yield make("ImageId", sighting.image)
    if sighting.conclusion is not None:
        yield make("ConclusionCode", _CONCLUSIONS[sighting.conclusion])
    for consignment in sighting.consignments:
        yield make("ConsignmentDetails", *_consignment(make, consignment))
    if sighting.remarks:
        yield make("DescriptionText", sighting.remarks)


def _consignment(make: Maker, seen: SeenConsignment) -> Iterator[Element]:
    yield make("ObjectOrdinal", str(seen.number))
    if seen.waybill:
        yield make("TransportDocumentId", seen.waybill)
    if seen.registration:
        yield make("ImportRegistrationId", seen.registration)
    for subheading in seen.subheadings:
        yield make("GoodsTNVEDCode", subheading)
    if seen.packages is not None:
        kind = {"packageKindCode": seen.package_type} if seen.package_type else {}
        yield make("CargoQuantity", str(seen.packages), **kind)
    if seen.gross_mass_kg is not None:
        yield make("GrossWeightQuantity", f"{seen.gross_mass_kg:f}")
    if seen.value is not None:
        yield make("CAValueAmount", f"{seen.value:f}", currencyCode=seen.currency)


def import_number(office: str, issuer: Issuer) -> str:
    """A registration number of a declaration of goods: office, date, seven digits."""
    return f"{office}/{issuer.moment().astimezone(BISHKEK):%d%m%y}/{issuer.digits(7)}"
