"""BorderEventNotice: what one authority sees of a declared movement, told to the other. Both directions; plausible.

The header says who saw it and who is told; the direction says whose declaration it is about. What follows is laid out
as rows. The form has no mode: of two agreements with one neighbour the office tells road from rail.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from adapters.kit.contract import Setting
from adapters.kit.event import import_number, plates, remark, subheadings
from adapters.kit.identifier import short_reference
from adapters.kit.implied import IMPORT_DECLARATION, NOWHERE, PLATE, REMARK, TRAILER
from adapters.kit.xml_sheet import XmlSheet
from adapters.kit.xml_source import XmlSource
from adapters.kz.codes import (
    CONCLUSIONS,
    CONCLUSIONS_READ,
    EVENT_KINDS,
    EVENT_KINDS_READ,
    OFFICES,
    RAIL,
    SEAL_STATES,
    SEAL_STATES_READ,
)
from adapters.kz.document import sheet_of
from adapters.kz.form import COUNTRY, EVENT, IN, OUT, REGISTRATION, message_id, own_message_id
from adapters.kz.header import message_of, read_header, read_number, read_route, write_header, write_number
from adapters.kz.layout import Leaf, Own, Part, Row, Through, pointer_to
from adapters.kz.reading import read_values
from adapters.kz.values import AMOUNT, CODE, MASS, MOMENT, ORDINAL, QUANTITY, coded
from adapters.kz.writing import write_class
from gateway.message.border_event import BorderEvent, BorderOffice, ControlResult, SealCheck
from gateway.message.declaration import (
    BorderTransportMeans,
    Classification,
    Commodity,
    Consignment,
    ConsignmentItem,
    TransportEquipment,
)
from gateway.message.finding import Severity
from gateway.message.metadata import BorderEventMessage
from gateway.message.parts import AdditionalDocument, AdditionalInformation, TransportContractDocument
from gateway.message.response import ResponseDeclaration

if TYPE_CHECKING:
    from lxml import etree

_EVENT = "/BorderEvent"
_ISSUED = f"{_EVENT}/IssueDateTime"
_OWN = f"{_EVENT}/FunctionalReferenceID"
_DECLARATION = f"{_EVENT}/Declaration"
_RAIL_POST = "-rail"
"""How the name of a border post on a railway ends."""


# What takes more than a row


def _read_plates(source: XmlSource, node: etree._Element | None, pointer: str) -> dict[str, Any]:
    """The plates: the tractor's, then those of the trailers."""
    nodes = source.all(node, "TransportMeansRegId")
    plate = source.take(nodes[0], f"{pointer}/ID") if nodes else None
    trailers: list[TransportEquipment] = []
    for found in source.at_most(nodes[1:], 9):
        at = f"{pointer}/TransportEquipment/{len(trailers)}"
        number = source.take(found, f"{at}/ID")
        made = source.make(TransportEquipment, at, found, {"id": number, "type_code": number and TRAILER})
        trailers += [] if made is None else [made]
    return {"id": plate, "identification_type_code": plate and PLATE, "transport_equipment": tuple(trailers)}


def _write_plates(sheet: XmlSheet, node: etree._Element, means: BorderTransportMeans, pointer: str) -> None:
    for plate in plates(sheet, means, pointer):
        sheet.put(node, "TransportMeansRegId", plate)


def _read_seals(source: XmlSource, node: etree._Element | None, pointer: str) -> dict[str, Any]:
    """The seals; one without a number or a known state says nothing and is reported."""
    here = pointer_to(pointer, "seal_check")
    done: list[SealCheck] = []
    for found in source.at_most(source.all(node, "SealDetails"), 99):
        at = f"{here}/{len(done)}"
        values = read_values(source, found, SealCheck, _SEAL, at)
        if {"id", "condition_code"} <= values.keys():
            made = source.make(SealCheck, at, found, values)
            done += [] if made is None else [made]
        else:
            source.say("KIT-FIT-01", Severity.WARN, at, str(values.get("id", "")), found)
    return {"seal_check": tuple(done)}


def _write_seals(sheet: XmlSheet, node: etree._Element, control: ControlResult, pointer: str) -> None:
    """The seals whose state the form knows."""
    for at, check in enumerate(control.seal_check):
        if check.condition_code in SEAL_STATES:
            here = f"{pointer_to(pointer, 'seal_check')}/{at}"
            write_class(sheet, sheet.part(node, "SealDetails"), _SEAL, check, here)


def _read_imported(source: XmlSource, node: etree._Element | None, pointer: str) -> dict[str, Any]:
    here = f"{pointer_to(pointer, 'additional_document')}/0"
    found = source.first(node, "ImportRegistrationId")
    number = source.take(found, f"{here}/ID")
    if number is None:
        return {}
    made = source.make(AdditionalDocument, here, found, {"id": number, "type_code": IMPORT_DECLARATION})
    return {"additional_document": () if made is None else (made,)}


def _write_imported(sheet: XmlSheet, node: etree._Element, consignment: Consignment, pointer: str) -> None:
    here = pointer_to(pointer, "additional_document")
    sheet.put(node, "ImportRegistrationId", import_number(sheet, consignment.additional_document, here))


def _read_codes(source: XmlSource, node: etree._Element | None, pointer: str) -> dict[str, Any]:
    """One item for each code of the goods: the form has no more of them."""
    here = pointer_to(pointer, "consignment_item")
    done: list[ConsignmentItem] = []
    for found in source.at_most(source.all(node, "CommodityCode"), 999):
        at = f"{here}/{len(done)}"
        place = f"{at}/Commodity/Classification/0"
        code = source.take(found, f"{place}/ID")
        if code is None:
            continue
        classification = source.make(Classification, place, found, {"id": code})
        if classification is None:
            continue
        commodity = Commodity(classification=(classification,))
        made = source.make(ConsignmentItem, at, found, {"sequence_numeric": len(done) + 1, "commodity": commodity})
        done += [] if made is None else [made]
    return {"consignment_item": tuple(done)}


def _write_codes(sheet: XmlSheet, node: etree._Element, consignment: Consignment, pointer: str) -> None:
    for code in subheadings(sheet, consignment.consignment_item, pointer_to(pointer, "consignment_item")):
        sheet.put(node, "CommodityCode", code)


def _read_remarks(source: XmlSource, node: etree._Element | None, pointer: str) -> dict[str, Any]:
    here = f"{pointer_to(pointer, 'additional_information')}/0"
    found = source.first(node, "DescriptionText")
    words = source.words(found, f"{here}/StatementDescription")
    if words is None:
        return {}
    values = {"statement_description": words, "statement_type_code": REMARK}
    made = source.make(AdditionalInformation, here, found, values)
    return {"additional_information": () if made is None else (made,)}


def _write_remarks(sheet: XmlSheet, node: etree._Element, event: BorderEvent, pointer: str) -> None:
    here = pointer_to(pointer, "additional_information")
    sheet.put(node, "DescriptionText", remark(sheet, event.additional_information, here))


# The form


_SEAL: tuple[Row, ...] = (
    Leaf("SealId", "id", CODE),
    Leaf("SealStateCode", "condition_code", coded(SEAL_STATES, SEAL_STATES_READ)),
)
_CONTROL: tuple[Row, ...] = (
    Own(("SealDetails", "SealId", "SealStateCode"), ("seal_check",), _read_seals, _write_seals),
    Leaf("UnifiedGrossMassMeasure", "gross_mass_measure", MASS),
    Leaf("ImageId", "image_reference_id", CODE),
    Leaf("ConclusionCode", "conclusion_code", coded(CONCLUSIONS, CONCLUSIONS_READ)),
)
_CONSIGNMENT: tuple[Row, ...] = (
    Leaf("ObjectOrdinal", "sequence_numeric", ORDINAL),
    Part(
        "TransportDocumentDetails",
        "transport_contract_document",
        TransportContractDocument,
        (Leaf("DocId", "id", CODE),),
    ),
    Own(("ImportRegistrationId",), ("additional_document",), _read_imported, _write_imported),
    Own(("CommodityCode",), ("consignment_item",), _read_codes, _write_codes),
    Leaf("CargoQuantity", "total_package_quantity", QUANTITY),
    Leaf("UnifiedGrossMassMeasure", "total_gross_mass_measure", MASS),
    Leaf("CAValueAmount", "value_amount", AMOUNT),
)
_PLATES = Own(
    ("TransportMeansRegId",), ("id", "identification_type_code", "transport_equipment"), _read_plates, _write_plates
)
EVENT_ROWS: tuple[Row, ...] = (
    Leaf("EventKindCode", "event_type_code", coded(EVENT_KINDS, EVENT_KINDS_READ)),
    Leaf("EventDateTime", "event_date_time", MOMENT),
    Through("border_office", BorderOffice, (Leaf("CustomsOfficeCode", "id", CODE),)),
    Through("border_transport_means", BorderTransportMeans, (_PLATES,)),
    Through("control_result", ControlResult, _CONTROL),
    Part("ConsignmentDetails", "consignment", Consignment, _CONSIGNMENT),
    Own(("DescriptionText",), ("additional_information",), _read_remarks, _write_remarks),
)
"""The form below the keys: the header, the direction, the reference and the number."""
NAMES = ("MovementDirectionCode", "SourceReferenceId")


# Reading and writing


def read_event(source: XmlSource, setting: Setting) -> BorderEventMessage | None:
    """The border event in a notice; None, with findings, where a key, kind, time, office or the other side lacks."""
    root = source.root
    header = read_header(source, _ISSUED)
    direction = _direction(source)
    declaration = _declaration(source, direction)
    values = read_values(source, root, BorderEvent, EVENT_ROWS, _EVENT)
    if not _complete(source, values) or header is None or declaration is None or direction is None:
        return None
    out = header.source == COUNTRY
    if header.follows is not None and out:
        # The window names its document; the message of it has the identifier that its own reading gave.
        own = direction == OUT
        header = replace(header, follows=message_id(header.follows) if own else own_message_id(header.follows))
    office = values["border_office"].id if "border_office" in values else None
    route = read_route(source, setting, header, _mode_of(office), out=out)
    source.origins.setdefault(_OWN, source.origins["/CommunicationMetaData/ID"])
    values |= {
        "functional_reference_id": short_reference(header.id),
        "issue_date_time": header.at,
        "declaration": declaration,
    }
    event = source.make(BorderEvent, _EVENT, root, values)
    if route is None or event is None:
        return None
    return message_of(BorderEventMessage, source, setting, header, route, out=out, border_event=event)


def _direction(source: XmlSource) -> str | None:
    node = source.first(source.root, "MovementDirectionCode")
    code = source.take(node)
    if code not in (OUT, IN):
        source.say("KZ-004", Severity.REJECT, "", code or "", node)
        return None
    given = source.text(source.first(source.root, "SourceReferenceId"))
    if given and code != _direction_of(given):
        source.say("KZ-021", Severity.WARN, f"{_DECLARATION}/FunctionalReferenceID", given, node, direction=code)
    return code


def _direction_of(reference: str) -> str:
    """Whose declaration it is: one of Kazakhstan's own is called by Kazakhstan's number."""
    parts = REGISTRATION.fullmatch(reference)
    return OUT if parts is not None and parts[1] == COUNTRY else IN


def _declaration(source: XmlSource, direction: str | None) -> ResponseDeclaration | None:
    """The declaration that it is about, by its sender's own reference."""
    pointer = f"{_DECLARATION}/FunctionalReferenceID"
    reference = source.value(source.root, "SourceReferenceId", pointer)
    number = read_number(source, f"{_DECLARATION}/ID")
    if reference is None and direction == OUT and number is not None:
        reference = number  # the same, in its parts
        source.origins[pointer] = source.origins[f"{_DECLARATION}/ID"]
    if reference is None:
        source.say("KZ-019", Severity.REJECT, pointer, "", source.root)
        return None
    values = {"functional_reference_id": reference, "id": number}
    return source.make(ResponseDeclaration, _DECLARATION, source.root, values)


def _complete(source: XmlSource, values: dict[str, Any]) -> bool:
    """Whether an event says what it must; what it lacks is reported."""
    root, kind = source.root, values.get("event_type_code")
    before = len(source.findings)
    if kind is None:
        node = source.first(root, "EventKindCode")
        source.say("KZ-018", Severity.REJECT, f"{_EVENT}/EventTypeCode", source.text(node), node)
    if "event_date_time" not in values:
        source.say("KZ-001", Severity.REJECT, f"{_EVENT}/EventDateTime", "", source.first(root, "EventDateTime"))
    if kind is not None and kind not in NOWHERE and "border_office" not in values:
        node = source.first(root, "CustomsOfficeCode")
        source.say("KZ-020", Severity.REJECT, f"{_EVENT}/BorderOffice/ID", source.text(node), node)
    return len(source.findings) == before


def _mode_of(office: str | None) -> str:
    """The mode of the border post of a known office on a railway; "" of any other, for all modes."""
    known = OFFICES.get(office or "")
    return RAIL if known is not None and known.post.endswith(_RAIL_POST) else ""


def write_event(message: BorderEventMessage) -> XmlSheet:
    """A border event of another country as a notice for Kazakhstan."""
    sheet = sheet_of(EVENT)
    event, root = message.border_event, sheet.root
    write_header(sheet, message, event.issue_date_time, _ISSUED, follows=False)
    if event.functional_reference_id == short_reference(message.communication_meta_data.id):
        sheet.said.add(_OWN)
    reference = event.declaration.functional_reference_id
    if reference is None:
        sheet.say("KZ-019", Severity.REJECT, f"{_DECLARATION}/FunctionalReferenceID")
    if event.event_type_code not in EVENT_KINDS:
        sheet.say("KZ-018", Severity.REJECT, f"{_EVENT}/EventTypeCode", event.event_type_code)
    sheet.put(root, "MovementDirectionCode", _direction_of(reference or ""))
    sheet.put(root, "SourceReferenceId", reference, f"{_DECLARATION}/FunctionalReferenceID")
    write_number(sheet, event.declaration.id, f"{_DECLARATION}/ID")
    write_class(sheet, root, EVENT_ROWS, event, _EVENT)
    return sheet
