"""The writer: a message in the national form.

A declaration becomes an AutoPreliminary, a cancellation a
WithdrawalNotice, a response a ResultNotice, a border event a BorderEventNotice.

The goods are written by `goods_writer.py`. What the national form cannot carry is reported, every leaf of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from adapters.kg.codes import DRIVER, OFFICES, RE_SUBMITTED, SECOND_DRIVER
from adapters.kg.document import sheet_of
from adapters.kg.empties import empty_containers
from adapters.kg.event import write_event
from adapters.kg.form import (
    AUTO_ROOT,
    BISHKEK,
    DOCUMENT_CODE,
    DOCUMENT_MODE,
    ELECTRONIC,
    MOST_VEHICLES,
    REGISTRATION,
    USAGE,
)
from adapters.kg.goods_writer import write_dangerous_goods, write_goods
from adapters.kg.mode import write_mode
from adapters.kg.notice import write_notice
from adapters.kg.party import Party, write_party
from adapters.kg.relation import write_number
from adapters.kg.withdrawal import CANCELLATION, write_withdrawal
from adapters.kit.contract import XML, National, Written
from adapters.kit.heading import RELATION
from adapters.kit.implied import MANIFEST, PLATE, TRAILER
from adapters.kit.sheet import report_rest
from adapters.kit.xml_sheet import XmlSheet, xml_bytes
from gateway.message.declaration import BorderTransportMeans, Declaration
from gateway.message.finding import Severity
from gateway.message.metadata import BorderEventMessage, DeclarationMessage, Message, ResponseMessage
from gateway.message.parts import AdditionalDocument
from gateway.validation.walk import is_container, is_empty_vehicle

if TYPE_CHECKING:
    from lxml import etree

_TRANSPORT = "/Declaration/BorderTransportMeans"
_OFFICE = re.compile(r"[0-9]{2}|[0-9]{5}|[0-9]{8}")
_PATRONYMIC = re.compile(r"[А-ЯЁҢӨҮ][а-яёңөү]*(?:вич|ьич|вна|ична)")
_CYRILLIC = re.compile(r"[А-ЯЁҢӨҮа-яёңөү\-]+")


def write(message: Message) -> Written:
    """The national document that says what a message says, and what it could not say."""
    sheet = _sheet(message)
    sheet.said.update(RELATION)
    report_rest(sheet, message)
    name = f"{message.communication_meta_data.id}.xml"
    return Written(National(xml_bytes(sheet.root), XML, name), tuple(sheet.findings))


def _sheet(message: Message) -> XmlSheet:
    if isinstance(message, ResponseMessage):
        return write_notice(message)
    if isinstance(message, BorderEventMessage):
        return write_event(message)
    if message.declaration.function_code == CANCELLATION:
        return write_withdrawal(message)
    return _preliminary(message)


def _preliminary(message: DeclarationMessage) -> XmlSheet:
    sheet = sheet_of(AUTO_ROOT)
    sheet.root.set("DocumentModeID", DOCUMENT_MODE)
    declaration = message.declaration
    sheet.said.update(("/Declaration/TypeCode",) if declaration.type_code == MANIFEST else ())
    _write_header(sheet, message)
    _write_entry(sheet, declaration)
    _write_declarant(sheet, declaration)
    _write_transport(sheet, declaration)
    _write_main(sheet, declaration)
    _write_carrier(sheet, declaration)
    write_dangerous_goods(sheet, declaration)
    return sheet


def _write_header(sheet: XmlSheet, message: DeclarationMessage) -> None:
    declaration, communication = message.declaration, message.communication_meta_data
    root = sheet.root
    sheet.put(root, "c:DocumentID", communication.id, "/CommunicationMetaData/ID")
    sheet.put(
        root, "c:RefDocumentID", declaration.functional_reference_id, "/Declaration/FunctionalReferenceID", most=36
    )
    header = sheet.part(root, "EECEDocHeaderAddInfo")
    sheet.put(header, "r:EDocCode", DOCUMENT_CODE)
    sheet.put(header, "r:EDocDateTime", declaration.issue_date_time, "/Declaration/IssueDateTime")
    sheet.put(header, "r:LanguageCode", "RU")
    sheet.put(header, "r:SourceCountryCode", message.responsible_country_code, "/ResponsibleCountryCode")
    sheet.put(header, "r:DestinationCountryCode", "KG")
    if communication.preparation_date_time == declaration.issue_date_time:
        sheet.said.add("/CommunicationMetaData/PreparationDateTime")
    sheet.put(root, "ElectronicDocumentSign", ELECTRONIC)
    _write_numbers(sheet, declaration)
    sheet.put(root, "UsageCode", USAGE)


def _write_numbers(sheet: XmlSheet, declaration: Declaration) -> None:
    """The registration numbers that Kyrgyzstan gave: to this declaration, and to the one that it replaces."""
    if declaration.id == declaration.functional_reference_id:
        sheet.said.add("/Declaration/ID")
    if declaration.id is not None and declaration.id.startswith("KG/"):
        write_number(sheet, "RegNumber", declaration.id, "/Declaration/ID", "p:")
    if declaration.function_code == "9":
        sheet.said.add("/Declaration/FunctionCode")
        return
    if declaration.function_code != "5":
        sheet.say("KG-008", Severity.REJECT, "/Declaration/FunctionCode", declaration.function_code)
        return
    at = next((n for n, document in enumerate(declaration.additional_document) if _is_earlier(document)), None)
    if at is None:
        sheet.say("KG-010", Severity.INFO, "/Declaration/FunctionCode", declaration.functional_reference_id)
        return
    here = f"/Declaration/AdditionalDocument/{at}"
    if write_number(sheet, "RefRegNumber", declaration.additional_document[at].id or "", f"{here}/ID", "p:"):
        sheet.said.update(("/Declaration/FunctionCode", f"{here}/TypeCode"))


def _is_earlier(document: AdditionalDocument) -> bool:
    return document.type_code == RE_SUBMITTED and REGISTRATION.fullmatch(document.id or "") is not None


def _write_entry(sheet: XmlSheet, declaration: Declaration) -> None:
    code = declaration.entry_office.id if declaration.entry_office is not None else None
    if code is None:
        return
    pointer = "/Declaration/EntryOffice/ID"
    node = sheet.part(sheet.root, "EntryCheckPointDetails")
    sheet.put(node, "CustomsOfficeCode" if _OFFICE.fullmatch(code) else "BorderCheckpointCode", code, pointer)
    office = OFFICES.get(code)
    if office is None or office.country != "KG":
        sheet.say("KG-004", Severity.WARN, pointer, code)
        return
    sheet.put(node, "BorderCheckpointName", office.name)
    if office.illustrative:
        sheet.say("KG-003", Severity.INFO, pointer, code, post=office.name)


def _write_declarant(sheet: XmlSheet, declaration: Declaration) -> None:
    """The form asks for a declarant always: without one it is the carrier, without that the first consignee."""
    consignee = next((c.consignee for c in declaration.consignment if c.consignee is not None), None)
    party: Party = declaration.declarant or declaration.carrier or consignee
    if party is None:
        sheet.part(sheet.root, "DeclarantDetails")
        sheet.say("KG-001", Severity.WARN, "/Declaration/Declarant", "", source="-")
        return
    if declaration.declarant is not None:
        write_party(sheet, sheet.root, "DeclarantDetails", party, "/Declaration/Declarant")
        return
    carried = set(sheet.said)
    node = write_party(sheet, sheet.root, "DeclarantDetails", party, "/Declaration/Declarant")
    sheet.said.intersection_update(carried)
    name = type(party).__name__
    sheet.say("KG-001", Severity.INFO, "/Declaration/Declarant", party.name or "", source=name)
    if declaration.carrier is not None:
        sheet.put(node, "p:EqualIndicator", "1")


def _write_transport(sheet: XmlSheet, declaration: Declaration) -> None:
    node = sheet.part(sheet.root, "BorderTransportDetails")
    means = declaration.border_transport_means or BorderTransportMeans()
    write_mode(sheet, node, means)
    containers = any(consignment.transport_equipment for consignment in declaration.consignment)
    sheet.put(node, "ContainerIndicator", containers or bool(empty_containers(declaration)))
    if means.identification_type_code == PLATE and means.id is not None:
        sheet.said.add(f"{_TRANSPORT}/IdentificationTypeCode")
    _write_vehicles(sheet, node, means)
    _write_itinerary(sheet, node, means, declaration)


def _write_vehicles(sheet: XmlSheet, parent: etree._Element, means: BorderTransportMeans) -> None:
    """The tractor, then the trailers in their order; the form has room for three."""
    vehicles = [(means.id, means.registration_nationality_code, _TRANSPORT)]
    for at, trailer in enumerate(means.transport_equipment):
        here = f"{_TRANSPORT}/TransportEquipment/{at}"
        if is_container(trailer):
            continue
        if len(vehicles) == MOST_VEHICLES:
            sheet.say("KG-007", Severity.WARN, here, trailer.id or "")
            continue
        if trailer.sequence_numeric == at + 1 == len(vehicles):
            sheet.said.add(f"{here}/SequenceNumeric")
        vehicles.append((trailer.id, trailer.registration_nationality_code, here))
        sheet.said.update((f"{here}/TypeCode",) if trailer.type_code == TRAILER else ())
    if len(vehicles) == 1 and vehicles[0][:2] == (None, None):
        return
    for ordinal, (plate, country, here) in enumerate(vehicles, 1):
        node = sheet.part(parent, "PIATTransportMeansItemDetails")
        sheet.put(node, "ObjectOrdinal", ordinal)
        sheet.put(node, "TransportMeansCountryCode", country, f"{here}/RegistrationNationalityCode")
        sheet.put(node, "TransportMeansRegId", plate, f"{here}/ID")


def _write_itinerary(
    sheet: XmlSheet, parent: etree._Element, means: BorderTransportMeans, declaration: Declaration
) -> None:
    """The way, and as its last point the entry office with the day of arrival: the form has a day, and no time."""
    last = 0
    for at, step in enumerate(means.itinerary):
        here = f"{_TRANSPORT}/Itinerary/{at}"
        node = sheet.part(parent, "ItineraryPointDetails")
        sheet.put(node, "CountryCode", step.routing_country_code, f"{here}/RoutingCountryCode")
        last = step.sequence_numeric or at + 1
        if last > 999:
            sheet.unfit(f"{here}/SequenceNumeric", str(last))
            last = at + 1
        sheet.put(node, "ObjectOrdinal", last, f"{here}/SequenceNumeric")
        if step.id is not None and _OFFICE.fullmatch(step.id):
            sheet.put(node, "CustomsOfficeCode", step.id, f"{here}/ID")
    office = declaration.entry_office.id if declaration.entry_office is not None else None
    if means.arrival_date_time is None or office is None or not _OFFICE.fullmatch(office):
        return
    node = sheet.part(parent, "ItineraryPointDetails")
    sheet.put(node, "CountryCode", "KG")
    sheet.put(node, "ObjectOrdinal", min(last + 1, 999))
    sheet.put(node, "CustomsOfficeCode", office)
    sheet.put(node, "Date", means.arrival_date_time.astimezone(BISHKEK).date().isoformat())


def _write_main(sheet: XmlSheet, declaration: Declaration) -> None:
    """The consignments; an empty vehicle has none, or that of its empty containers."""
    if is_empty_vehicle(declaration) and not declaration.consignment:
        sheet.said.add("/Declaration/SpecificCircumstancesCodeCode")
    if declaration.consignment or empty_containers(declaration):
        write_goods(sheet, declaration)


def _write_carrier(sheet: XmlSheet, declaration: Declaration) -> None:
    means = declaration.border_transport_means
    masters = means.master if means is not None else ()
    if declaration.carrier is None and not any(master.name for master in masters):
        return
    if declaration.carrier is None:
        node = sheet.part(sheet.root, "CarrierDetails")
    else:
        node = write_party(sheet, sheet.root, "CarrierDetails", declaration.carrier, "/Declaration/Carrier")
    for at, master in enumerate(masters):
        if master.name is None:
            continue  # the form knows a person by name only
        here = f"{_TRANSPORT}/Master/{at}"
        person = sheet.part(node, "p:CarrierRepresentativeDetails")
        _write_name(sheet, person, master.name, f"{here}/Name")
        role = master.role_code or (DRIVER if at == 0 else SECOND_DRIVER)
        sheet.put(person, "p:RoleCode", role, f"{here}/RoleCode")


def _write_name(sheet: XmlSheet, person: etree._Element, name: str, pointer: str) -> None:
    """A driver's name. Only surname, name and patronymic in Cyrillic can be told apart for certain."""
    words = name.split(" ")
    if len(words) == 3 and _PATRONYMIC.fullmatch(words[2]) and all(_CYRILLIC.fullmatch(word) for word in words):
        for part, word in zip(("PersonSurname", "PersonName", "PersonMiddleName"), words, strict=True):
            sheet.put(person, f"p:{part}", word, pointer)
        return
    sheet.put(person, "p:PersonSurname", name, pointer)
    sheet.say("KG-002", Severity.INFO, pointer, name)
