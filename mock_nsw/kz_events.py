"""Kazakhstan: border events as notices (BorderEventNotice).

The document is that of `docs/national-wires.md`, "Border events"; all of it is plausible.
"""

from __future__ import annotations

from collections.abc import Iterator

from mock_nsw.documents import Element, Unreadable, text_at, xml_bytes
from mock_nsw.events import Conclusion, EventKind, SealState, SeenConsignment
from mock_nsw.issuing import Issuer
from mock_nsw.kz_form import ALMATY, EVENT, PATHS, date_time, document, header, leaf, mass, number, number_at, part
from mock_nsw.national import Identity, Report, Role

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
    source = text_at(root, "s:SourceReferenceId", PATHS, required=True)
    # Absent where the gateway tells it and names nobody who saw it.
    sender = text_at(root, "c:EDocHeader/s:SourceCountryCode", PATHS)
    other = text_at(root, "c:EDocHeader/s:DestinationCountryCode", PATHS, required=True) if sender == "KZ" else sender
    code = text_at(root, "s:EventKindCode", PATHS, required=True)
    if code not in _KIND_OF_CODE:
        raise Unreadable(f"EventKindCode {code} is not a border event")
    own = text_at(root, "s:MovementDirectionCode", PATHS, required=True) == "EX"
    abroad = f"{other}:{source}" if other else source
    reference = number_at(root) or (source.replace("/", "-") if own else source)
    return Identity(
        document_id=text_at(root, "c:EDocHeader/s:EDocId", PATHS, required=True),
        reference=reference,
        type=EVENT,
        role=Role.EVENT,
        joins=(reference,) if own else tuple(name for name in (number_at(root), abroad) if name),
        source_reference=source,
        source_country=sender,
        event=_KIND_OF_CODE[code],
    )


def report(seen: Report, issuer: Issuer) -> bytes:
    """The notice of a border event, ready to be handed over."""
    declared = seen.document
    other = declared.destination_country if seen.own else declared.source_country
    return xml_bytes(
        document(
            EVENT,
            header(EVENT, issuer, destination=other or "KZ", follows=declared.document_id),
            leaf("MovementDirectionCode", "EX" if seen.own else "IM"),
            leaf("SourceReferenceId", seen.reference.replace("-", "/") if seen.own else declared.source_reference),
            number(seen.reference),
            *_sighting(seen),
        )
    )


def _sighting(seen: Report) -> Iterator[Element | None]:
    sighting = seen.sighting
    yield leaf("EventKindCode", _KINDS[sighting.kind])
    yield leaf("EventDateTime", date_time(sighting.at))
    yield leaf("CustomsOfficeCode", sighting.office)
    for plate in sighting.plates:
        yield leaf("TransportMeansRegId", plate)
    for seal in sighting.seals:
        yield part("SealDetails", leaf("SealId", seal.id), leaf("SealStateCode", _SEAL_STATES[seal.state]))
    yield mass(sighting.gross_mass_kg)
    yield leaf("ImageId", sighting.image)
    if sighting.conclusion is not None:
        yield leaf("ConclusionCode", _CONCLUSIONS[sighting.conclusion])
    for consignment in sighting.consignments:
        yield _consignment(consignment)
    yield leaf("DescriptionText", sighting.remarks)


def _consignment(seen: SeenConsignment) -> Element | None:
    packages = "" if seen.packages is None else str(seen.packages)
    value = "" if seen.value is None else f"{seen.value:f}"
    return part(
        "ConsignmentDetails",
        leaf("ObjectOrdinal", str(seen.number)),
        part("TransportDocumentDetails", leaf("DocId", seen.waybill)),
        leaf("ImportRegistrationId", seen.registration),
        *(leaf("CommodityCode", subheading) for subheading in seen.subheadings),
        leaf("CargoQuantity", packages, packageKindCode=seen.package_type),
        mass(seen.gross_mass_kg),
        leaf("CAValueAmount", value, currencyCode=seen.currency),
    )


def import_number(office: str, issuer: Issuer) -> str:
    """A registration number of a declaration of goods: office, date, seven digits."""
    return f"{office}/{issuer.moment().astimezone(ALMATY):%d%m%y}/{issuer.digits(7)}"
