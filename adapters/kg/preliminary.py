"""AutoPreliminary and ExportPreliminary read into a declaration: header, vehicle, carrier, offices.

The goods are read by `goods.py`, parties by `party.py`. AutoPreliminary is what others announce to Kyrgyzstan: it is
read back for conversion and for re-submissions. ExportPreliminary is what Kyrgyzstan announces to a neighbour.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from adapters.kg.codes import DRIVER, OFFICES, OTHER_REASON, RE_SUBMITTED, SECOND_DRIVER
from adapters.kg.empties import is_empty_containers, read_empty_containers
from adapters.kg.form import (
    AUTO_ROOT,
    COUNTRY,
    DOCUMENT_CODE,
    ELECTRONIC,
    MOST_VEHICLES,
    USAGE,
)
from adapters.kg.goods import read_consignments
from adapters.kg.mode import read_mode
from adapters.kg.party import read_party, same_party
from adapters.kg.relation import Relation, message_of
from adapters.kg.seals import Sealed, read_sealed, read_seals
from adapters.kg.values import read_count, read_mass, read_moment, read_number, read_ordinal, read_quantity
from adapters.kit.contract import Route, Setting
from adapters.kit.identifier import short_reference
from adapters.kit.implied import EMPTY_VEHICLE, MANIFEST, PLATE, TRAILER
from adapters.kit.route import route_to
from gateway.message.declaration import (
    BorderTransportMeans,
    Declaration,
    EntryOffice,
    ExitOffice,
    Master,
    ObligationGuarantee,
    TransportEquipment,
)
from gateway.message.finding import Severity
from gateway.message.metadata import DeclarationMessage
from gateway.message.parts import AdditionalDocument, Amendment, Carrier, Declarant, Itinerary

if TYPE_CHECKING:
    from lxml import etree

    from adapters.kit.xml_source import XmlSource

_TRANSPORT = "/Declaration/BorderTransportMeans"
_LONGEST_REFERENCE = 35  # of the common form; `RefDocumentID` has room for 36


def read_preliminary(source: XmlSource, setting: Setting) -> DeclarationMessage | None:
    """The declaration in an AutoPreliminary or an ExportPreliminary; None where reference, time or route lack."""
    root = source.root
    incoming = root.tag == AUTO_ROOT
    document_id = source.value(root, "c:DocumentID", "/CommunicationMetaData/ID")
    header = source.first(root, "EECEDocHeaderAddInfo")
    at = read_moment(source, source.first(header, "r:EDocDateTime"), "/Declaration/IssueDateTime")
    country = _other_country(source, incoming=incoming)
    route = _route(source, setting, country)
    declaration = _declaration(source, document_id, at, incoming=incoming)
    if declaration is None or document_id is None or at is None or route is None:
        return None
    relation = Relation(country if incoming else COUNTRY, incoming, route)
    return message_of(DeclarationMessage, source, setting, relation, document_id, at, declaration=declaration)


def _declaration(
    source: XmlSource, document_id: str | None, at: datetime | None, *, incoming: bool
) -> Declaration | None:
    root = source.root
    number = read_number(source, source.first(root, "RegNumber"), "/Declaration/ID", prefix="p:")
    pointer = "/Declaration/AdditionalDocument/0/ID" if incoming else "/Declaration/FunctionalReferenceID"
    earlier = read_number(source, source.first(root, "RefRegNumber"), pointer, prefix="p:")
    reference = _reference(source, document_id, number, earlier, incoming=incoming)
    main = source.first(root, "MainConsignmentDetails")
    sealed = read_sealed(source, main)
    consignments = read_consignments(source, main, sealed)
    listed = source.all(main, "ConsignmentDetails")
    empty = main is None or (bool(listed) and all(is_empty_containers(source, node) for node in listed))
    goods = None if empty else main  # the totals of empty containers are not those of goods
    carrier = read_party(source, source.first(root, "CarrierDetails"), Carrier, "/Declaration/Carrier")
    _take_header(source)
    if reference is None or at is None:
        source.say("KIT-READ-01", Severity.REJECT, "", "", root)
        return None
    amendment = () if earlier is None else _amendment(source)
    cited = (AdditionalDocument(id=earlier, type_code=RE_SUBMITTED),) if incoming and earlier is not None else ()
    return source.make(
        Declaration,
        "/Declaration",
        root,
        {
            **_batch(source, incoming=incoming),
            "function_code": "9" if earlier is None else "5",
            "functional_reference_id": reference,
            "goods_item_quantity": read_count(source, goods, "GoodsQuantity", "/Declaration/GoodsItemQuantity"),
            "id": number,
            "issue_date_time": at,
            "specific_circumstances_code_code": EMPTY_VEHICLE if empty else None,
            "total_gross_mass_measure": read_mass(
                source, goods, "TotalGrossMassMeasure", "/Declaration/TotalGrossMassMeasure"
            ),
            "total_package_quantity": read_quantity(
                source, goods, "CargoQuantity", "/Declaration/TotalPackageQuantity"
            ),
            "type_code": MANIFEST,
            "additional_document": cited,
            "amendment": amendment,
            "border_transport_means": _transport(source, main, sealed),
            "carrier": carrier,
            "consignment": consignments,
            "declarant": _declarant(source, carrier),
            "entry_office": _entry_office(source),
            "exit_office": _exit_office(source),
            "obligation_guarantee": _tir(source, main),
        },
    )


def _batch(source: XmlSource, *, incoming: bool) -> dict[str, object]:
    """Which vehicles cross together. Only what Kyrgyzstan announces says so: the official form has no place for it."""
    if incoming:
        return {}
    return {
        "batch_id": source.value(source.root, "BatchNumber", "/Declaration/BatchID"),
        "batch_vehicle_quantity": read_count(
            source, source.root, "BatchVehicleQuantity", "/Declaration/BatchVehicleQuantity"
        ),
    }


def _amendment(source: XmlSource) -> tuple[Amendment, ...]:
    """Why it is submitted again. AutoPreliminary has no place for a reason: without one it is `999`, another."""
    pointer = "/Declaration/Amendment/0"
    node = source.first(source.root, "AmendmentReasonCode")
    reason = source.take(node, f"{pointer}/ChangeReasonCode")
    if reason is None:
        node = source.first(source.root, "RefRegNumber")
        reason = OTHER_REASON
        source.say("KG-017", Severity.INFO, f"{pointer}/ChangeReasonCode", reason, node)
        source.origins[f"{pointer}/ChangeReasonCode"] = source.path(node)
    made = source.make(Amendment, pointer, node, {"change_reason_code": reason})
    return () if made is None else (made,)


def _reference(
    source: XmlSource, document_id: str | None, number: str | None, earlier: str | None, *, incoming: bool
) -> str | None:
    """What the sender calls the declaration over its whole life.

    Of an AutoPreliminary its own reference; of an ExportPreliminary the registration number, and of one that replaces
    another the number of that other, since the reference names the exchange.
    """
    pointer = "/Declaration/FunctionalReferenceID"
    if not incoming and earlier is not None:
        return earlier
    if incoming:
        node = source.first(source.root, "c:RefDocumentID")
        given = source.take(node, pointer)
        if given is not None and len(given) <= _LONGEST_REFERENCE:
            return given
        if given is not None:
            source.say("KIT-FIT-01", Severity.WARN, pointer, given, node)
    if number is not None:
        source.origins[pointer] = source.origins["/Declaration/ID"]
        return number
    if not incoming or document_id is None:
        return None
    source.origins[pointer] = source.origins["/CommunicationMetaData/ID"]
    return short_reference(document_id)


def _take_header(source: XmlSource) -> None:
    """What the form says of itself: taken where it is what the writer would write, reported otherwise."""
    header = source.first(source.root, "EECEDocHeaderAddInfo")
    constants = (
        (source.first(header, "r:EDocCode"), DOCUMENT_CODE),
        (source.first(header, "r:LanguageCode"), "RU"),
        (source.first(source.root, "ElectronicDocumentSign"), ELECTRONIC),
        (source.first(source.root, "UsageCode"), USAGE),
    )
    for node, value in constants:
        if node is not None and (node.text or "").strip() == value:
            source.take(node)


def _other_country(source: XmlSource, *, incoming: bool) -> str | None:
    """The country at the other side: the source of an AutoPreliminary, the entry post of an ExportPreliminary."""
    header = source.first(source.root, "EECEDocHeaderAddInfo")
    names = ("r:SourceCountryCode", "r:DestinationCountryCode")
    other, own = names if incoming else names[::-1]
    country = source.value(header, other)
    own_node = source.first(header, own)
    if own_node is not None and (own_node.text or "").strip() == COUNTRY:
        source.take(own_node)
    if incoming:
        return country
    office = OFFICES.get(_code_of_entry(source))
    if office is not None and country is not None and office.country != country:
        source.say("KG-011", Severity.WARN, "/Declaration/EntryOffice/ID", country, source.first(header, other))
    return office.country if office is not None else country


def _code_of_entry(source: XmlSource) -> str:
    node = source.first(source.first(source.root, "EntryCheckPointDetails"), "BorderCheckpointCode")
    return "" if node is None else (node.text or "").strip()


def _route(source: XmlSource, setting: Setting, country: str | None) -> Route | None:
    route = route_to(setting, country)
    if route is None:
        node = source.first(source.root, "EntryCheckPointDetails")
        source.say("KG-005", Severity.REJECT, "/CommunicationMetaData/Recipient/ID", country or "", node)
    return route


def _entry_office(source: XmlSource) -> EntryOffice | None:
    node, code = _office(source, "EntryCheckPointDetails", "/Declaration/EntryOffice")
    return source.make(EntryOffice, "/Declaration/EntryOffice", node, {"id": code})


def _exit_office(source: XmlSource) -> ExitOffice | None:
    node, code = _office(source, "ExitCheckPointDetails", "/Declaration/ExitOffice")
    return source.make(ExitOffice, "/Declaration/ExitOffice", node, {"id": code})


def _office(source: XmlSource, name: str, pointer: str) -> tuple[etree._Element | None, str | None]:
    node = source.first(source.root, name)
    code = source.value(node, "CustomsOfficeCode", f"{pointer}/ID")
    code = code or source.value(node, "BorderCheckpointCode", f"{pointer}/ID")
    label = source.first(node, "BorderCheckpointName")
    office = OFFICES.get(code or "")
    if label is not None and office is not None and (label.text or "").strip() == office.name:
        source.take(label)
    return node, code


def _transport(source: XmlSource, main: etree._Element | None, sealed: Sealed) -> BorderTransportMeans | None:
    node = source.first(source.root, "BorderTransportDetails")
    vehicles = source.at_most(source.all(node, "PIATTransportMeansItemDetails"), MOST_VEHICLES)
    read = (_trailer(source, vehicle, at, sealed) for at, vehicle in enumerate(vehicles[1:]))
    trailers = tuple(trailer for trailer in read if trailer is not None)
    containers = read_empty_containers(source, main, sealed, f"{_TRANSPORT}/TransportEquipment", len(trailers))
    tractor = vehicles[0] if vehicles else None
    if tractor is not None:
        read_ordinal(source, tractor, "ObjectOrdinal", "", 1)
    plate = source.value(tractor, "TransportMeansRegId", f"{_TRANSPORT}/ID")
    arrival = source.first(source.root, "PlannedArrivalDateTime")
    source.value(node, "ContainerIndicator")
    return source.make(
        BorderTransportMeans,
        _TRANSPORT,
        node,
        {
            "arrival_date_time": read_moment(source, arrival, f"{_TRANSPORT}/ArrivalDateTime"),
            "id": plate,
            "identification_type_code": None if plate is None else PLATE,
            "mode_code": read_mode(source, node),
            "registration_nationality_code": source.value(
                tractor, "TransportMeansCountryCode", f"{_TRANSPORT}/RegistrationNationalityCode"
            ),
            "itinerary": _itinerary(source, node),
            "master": _masters(source),
            "seal": read_seals(source, sealed.get("", []), f"{_TRANSPORT}/Seal"),
            "transport_equipment": (*trailers, *containers),
        },
    )


def _trailer(source: XmlSource, node: etree._Element, at: int, sealed: Sealed) -> TransportEquipment | None:
    here = f"{_TRANSPORT}/TransportEquipment/{at}"
    read_ordinal(source, node, "ObjectOrdinal", "", at + 2)
    plate = source.value(node, "TransportMeansRegId", f"{here}/ID")
    return source.make(
        TransportEquipment,
        here,
        node,
        {
            "id": plate,
            "registration_nationality_code": source.value(
                node, "TransportMeansCountryCode", f"{here}/RegistrationNationalityCode"
            ),
            "sequence_numeric": at + 1,
            "type_code": TRAILER,
            "seal": read_seals(source, sealed.get(plate or "?", []), f"{here}/Seal"),
        },
    )


def _itinerary(source: XmlSource, node: etree._Element | None) -> tuple[Itinerary, ...]:
    """The way. The point that names the entry office with a date is the planned arrival: a date without a time."""
    entry = source.first(source.first(source.root, "EntryCheckPointDetails"), "CustomsOfficeCode")
    done: list[Itinerary] = []
    for point in source.at_most(source.all(node, "ItineraryPointDetails"), 99):
        office = source.first(point, "CustomsOfficeCode")
        day = source.first(point, "Date")
        same = entry is not None and office is not None and office.text == entry.text
        if same and day is not None:
            for leaf in (office, source.first(point, "CountryCode"), source.first(point, "ObjectOrdinal")):
                source.take(leaf)
            source.lost(day)
            continue
        if done and office is None and _same_country(source, point, done[-1]):
            # A second place in the same country: its name has no place in the common form, the country is there.
            source.value(point, "CountryCode")
            source.value(point, "ObjectOrdinal")
            continue
        here = f"{_TRANSPORT}/Itinerary/{len(done)}"
        step = source.make(
            Itinerary,
            here,
            point,
            {
                "id": source.take(office, f"{here}/ID"),
                "routing_country_code": source.value(point, "CountryCode", f"{here}/RoutingCountryCode"),
                "sequence_numeric": read_ordinal(
                    source, point, "ObjectOrdinal", f"{here}/SequenceNumeric", len(done) + 1
                ),
            },
        )
        done += [] if step is None else [step]
    return tuple(done)


def _same_country(source: XmlSource, point: etree._Element, before: Itinerary) -> bool:
    country = source.first(point, "CountryCode")
    return country is not None and before.id is None and (country.text or "").strip() == before.routing_country_code


def _masters(source: XmlSource) -> tuple[Master, ...]:
    people = source.all(source.first(source.root, "CarrierDetails"), "p:CarrierRepresentativeDetails")
    drivers = [person for person in people if _is_driver(source, person)]
    done: list[Master] = []
    for person in source.at_most(drivers, 2):
        here = f"{_TRANSPORT}/Master/{len(done)}"
        parts = [
            source.words(source.first(person, f"p:{name}"), f"{here}/Name")
            for name in ("PersonMiddleName", "PersonName", "PersonSurname")
        ]
        master = source.make(
            Master,
            here,
            person,
            {
                "name": " ".join(part for part in reversed(parts) if part) or None,
                "role_code": source.value(person, "p:RoleCode", f"{here}/RoleCode"),
            },
        )
        done += [] if master is None else [master]
    return tuple(done)


def _is_driver(source: XmlSource, person: etree._Element) -> bool:
    role = source.first(person, "p:RoleCode")
    return role is None or (role.text or "").strip() in (DRIVER, SECOND_DRIVER)


def _declarant(source: XmlSource, carrier: Carrier | None) -> Declarant | None:
    """The declarant; none of its own where the form says that it is the carrier and repeats the carrier's details."""
    node = source.first(source.root, "DeclarantDetails")
    declarant = read_party(source, node, Declarant, "/Declaration/Declarant")
    equal = source.first(node, "p:EqualIndicator")
    if equal is None:
        return declarant
    said = (equal.text or "").strip() in ("1", "true")
    if said and (declarant is None or same_party(carrier, declarant)):
        source.take(equal)
        return None
    if not said:
        source.take(equal)
    return declarant


def _tir(source: XmlSource, main: etree._Element | None) -> tuple[ObligationGuarantee, ...]:
    source.value(main, "TIRCarnetIndicator")
    carnet = source.first(main, "TIRCarnetIdDetails")
    here = "/Declaration/ObligationGuarantee/0"
    number = source.value(carnet, "TIRID", f"{here}/ReferenceID")
    series = source.value(carnet, "TIRSeries", f"{here}/ReferenceID")
    if not number or not series:
        return ()
    guarantee = source.make(
        ObligationGuarantee, here, carnet, {"reference_id": series + number, "security_details_code": "B"}
    )
    return () if guarantee is None else (guarantee,)
