"""BorderEventNotice: what one authority sees of a declared movement, told to the other. Both directions; plausible.

A notice for Kyrgyzstan names `KG` as the country that is told; any other is Kyrgyzstan's own. It is about one of
Kyrgyzstan's declarations where it has a registration number and no reference of another sender.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from adapters.kg.codes import (
    CONCLUSIONS,
    EVENT_KINDS,
    SEAL_STATES,
)
from adapters.kg.document import sheet_of
from adapters.kg.form import EVENT_ROOT, own_message_id
from adapters.kg.form import message_id as id_of_message
from adapters.kg.goods_writer import write_mass, write_ordinal
from adapters.kg.relation import message_of, read_relation, read_words, write_reference, write_relation
from adapters.kg.values import read_mass, read_moment, read_number, read_ordinal
from adapters.kit.contract import Setting
from adapters.kit.event import import_number, plates, remark, subheadings
from adapters.kit.identifier import short_reference
from adapters.kit.implied import IMPORT_DECLARATION, NOWHERE, PLATE, REMARK, TRAILER
from adapters.kit.xml_sheet import XmlSheet
from adapters.kit.xml_source import XmlSource
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
from gateway.message.parts import AdditionalDocument, Amount, Quantity, TransportContractDocument
from gateway.message.response import ResponseDeclaration

if TYPE_CHECKING:
    from lxml import etree

_EVENT = "/BorderEvent"
_KINDS_BACK = {common: national for national, common in EVENT_KINDS.items()}
_STATES_BACK = {common: national for national, common in SEAL_STATES.items()}
_CONCLUSIONS_BACK = {common: national for national, common in CONCLUSIONS.items()}


# Reading


def read_event(source: XmlSource, setting: Setting) -> BorderEventMessage | None:
    """The border event in a notice; None where kind, time, office, reference or the other side lack."""
    root = source.root
    notice_id = source.value(root, "NoticeID", "/CommunicationMetaData/ID")
    relation = read_relation(source, setting)
    event = _event(
        source, notice_id, read_moment(source, source.first(root, "NoticeDateTime"), f"{_EVENT}/IssueDateTime")
    )
    follows = _follows(source)
    if event is None or notice_id is None or relation is None:
        return None
    at = event.issue_date_time
    return message_of(BorderEventMessage, source, setting, relation, notice_id, at, follows=follows, border_event=event)


def _follows(source: XmlSource) -> str | None:
    """The message that the notice is about, where its document is named: the identifier that its own reading gave."""
    answered = source.value(source.root, "RefDocumentID", "/CommunicationMetaData/ConversationReferenceID")
    if answered is None:
        return None
    abroad = source.first(source.root, "RefSourceDocumentID") is not None
    return own_message_id(answered) if abroad else id_of_message(answered)


def _event(source: XmlSource, notice_id: str | None, issued: datetime | None) -> BorderEvent | None:
    root = source.root
    kind = _kind(source)
    happened = read_moment(source, source.first(root, "EventDateTime"), f"{_EVENT}/EventDateTime")
    office = source.value(root, "CustomsOfficeCode", f"{_EVENT}/BorderOffice/ID")
    declaration = _declaration(source)
    parts = {
        "additional_information": read_words(source, f"{_EVENT}/AdditionalInformation/0", REMARK),
        "border_office": source.make(BorderOffice, f"{_EVENT}/BorderOffice", root, {"id": office}),
        "border_transport_means": _vehicle(source),
        "consignment": _consignments(source),
        "control_result": _control(source),
    }
    if office is None and kind is not None and kind not in NOWHERE:
        source.say("KG-015", Severity.REJECT, f"{_EVENT}/BorderOffice/ID", "", None)
        return None
    if happened is None or issued is None or notice_id is None:
        source.say("KIT-READ-01", Severity.REJECT, f"{_EVENT}/EventDateTime", "", None)
        return None
    if kind is None or declaration is None:
        return None
    source.origins[f"{_EVENT}/FunctionalReferenceID"] = source.origins["/CommunicationMetaData/ID"]
    return source.make(
        BorderEvent,
        _EVENT,
        root,
        {
            "event_date_time": happened,
            "event_type_code": kind,
            "functional_reference_id": short_reference(notice_id),
            "issue_date_time": issued,
            "declaration": declaration,
            **parts,
        },
    )


def _kind(source: XmlSource) -> str | None:
    node = source.first(source.root, "EventKindCode")
    code = source.take(node, f"{_EVENT}/EventTypeCode")
    kind = EVENT_KINDS.get(code or "")
    if kind is None:
        source.say("KG-014", Severity.REJECT, f"{_EVENT}/EventTypeCode", code or "", node)
    return kind


def _declaration(source: XmlSource) -> ResponseDeclaration | None:
    """The declaration that it is about: by its sender's reference, or by the number of Kyrgyzstan's own."""
    pointer, root = f"{_EVENT}/Declaration", source.root
    reference = source.value(root, "RefSourceDocumentID", f"{pointer}/FunctionalReferenceID")
    node = source.first(root, "RefRegNumber")
    own = reference is None
    number = read_number(source, node, f"{pointer}/{'FunctionalReferenceID' if own else 'ID'}")
    if reference is None and number is None:
        source.say("KG-012", Severity.REJECT, f"{pointer}/FunctionalReferenceID", "", None)
        return None
    return source.make(
        ResponseDeclaration,
        pointer,
        root,
        {"functional_reference_id": reference or number, "id": None if own else number},
    )


def _vehicle(source: XmlSource) -> BorderTransportMeans | None:
    """The plates: the tractor's, then those of the trailers."""
    here = f"{_EVENT}/BorderTransportMeans"
    nodes = source.all(source.root, "TransportMeansRegId")
    plate = source.take(nodes[0], f"{here}/ID") if nodes else None
    trailers: list[TransportEquipment] = []
    for node in source.at_most(nodes[1:], 9):
        at = f"{here}/TransportEquipment/{len(trailers)}"
        number = source.take(node, f"{at}/ID")
        made = source.make(TransportEquipment, at, node, {"id": number, "type_code": number and TRAILER})
        trailers += [] if made is None else [made]
    return source.make(
        BorderTransportMeans,
        here,
        nodes[0] if nodes else None,
        {
            "id": plate,
            "identification_type_code": None if plate is None else PLATE,
            "transport_equipment": tuple(trailers),
        },
    )


def _control(source: XmlSource) -> ControlResult | None:
    here, root = f"{_EVENT}/ControlResult", source.root
    node = source.first(root, "ConclusionCode")
    code = source.take(node, f"{here}/ConclusionCode")
    if code is not None and code not in CONCLUSIONS:
        source.say("KG-016", Severity.WARN, f"{here}/ConclusionCode", code, node)
    return source.make(
        ControlResult,
        here,
        root,
        {
            "conclusion_code": CONCLUSIONS.get(code or ""),
            "gross_mass_measure": read_mass(source, root, "GrossWeightQuantity", f"{here}/GrossMassMeasure"),
            "image_reference_id": source.value(root, "ImageId", f"{here}/ImageReferenceID"),
            "seal_check": _seals(source, f"{here}/SealCheck"),
        },
    )


def _seals(source: XmlSource, pointer: str) -> tuple[SealCheck, ...]:
    done: list[SealCheck] = []
    for node in source.at_most(source.all(source.root, "SealDetails"), 99):
        here = f"{pointer}/{len(done)}"
        number = source.value(node, "SealId", f"{here}/ID")
        code = source.value(node, "SealStateCode", f"{here}/ConditionCode")
        state = SEAL_STATES.get(code or "")
        if number is None or state is None:
            # Half of it says nothing: a seal without a state, or a state without a seal.
            source.say("KG-016", Severity.WARN, here, " ".join(part for part in (number, code) if part), node)
            continue
        made = source.make(SealCheck, here, node, {"condition_code": state, "id": number})
        done += [] if made is None else [made]
    return tuple(done)


def _consignments(source: XmlSource) -> tuple[Consignment, ...]:
    done: list[Consignment] = []
    for node in source.at_most(source.all(source.root, "ConsignmentDetails"), 999):
        here = f"{_EVENT}/Consignment/{len(done)}"
        made = source.make(
            Consignment,
            here,
            node,
            {
                "sequence_numeric": read_ordinal(
                    source, node, "ObjectOrdinal", f"{here}/SequenceNumeric", len(done) + 1
                ),
                "total_gross_mass_measure": read_mass(
                    source, node, "GrossWeightQuantity", f"{here}/TotalGrossMassMeasure"
                ),
                "total_package_quantity": _counted(source, node, f"{here}/TotalPackageQuantity"),
                "value_amount": _valued(source, node, f"{here}/ValueAmount"),
                "additional_document": _imported(source, node, f"{here}/AdditionalDocument/0"),
                "consignment_item": _items(source, node, f"{here}/ConsignmentItem"),
                "transport_contract_document": source.make(
                    TransportContractDocument,
                    f"{here}/TransportContractDocument",
                    node,
                    {"id": source.value(node, "TransportDocumentId", f"{here}/TransportContractDocument/ID")},
                ),
            },
        )
        done += [] if made is None else [made]
    return tuple(done)


def _counted(source: XmlSource, node: etree._Element, pointer: str) -> Quantity | None:
    element = source.first(node, "CargoQuantity")
    kind = source.attribute(element, "packageKindCode", f"{pointer}/unitCode")
    value = source.number(element, pointer)
    if value is None:
        return None
    return source.make(Quantity, pointer, element, {"value": value, "unit_code": kind})


def _valued(source: XmlSource, node: etree._Element, pointer: str) -> Amount | None:
    element = source.first(node, "CAValueAmount")
    currency = source.attribute(element, "currencyCode", f"{pointer}/currencyID")
    value = source.number(element, pointer)
    if value is None:
        return None
    return source.make(Amount, pointer, element, {"value": value, "currency_id": currency})


def _imported(source: XmlSource, node: etree._Element, pointer: str) -> tuple[AdditionalDocument, ...]:
    number = source.value(node, "ImportRegistrationId", f"{pointer}/ID")
    if number is None:
        return ()
    made = source.make(AdditionalDocument, pointer, node, {"id": number, "type_code": IMPORT_DECLARATION})
    return () if made is None else (made,)


def _items(source: XmlSource, node: etree._Element, pointer: str) -> tuple[ConsignmentItem, ...]:
    """One item for each code of the goods: the notice has no more of them."""
    done: list[ConsignmentItem] = []
    for element in source.at_most(source.all(node, "GoodsTNVEDCode"), 999):
        here = f"{pointer}/{len(done)}"
        goods = f"{here}/Commodity"
        code = source.take(element, f"{goods}/Classification/0/ID")
        made = source.make(Classification, f"{goods}/Classification/0", element, {"id": code})
        if made is None:
            continue
        item = source.make(
            ConsignmentItem,
            here,
            element,
            {"sequence_numeric": len(done) + 1, "commodity": Commodity(classification=(made,))},
        )
        done += [] if item is None else [item]
    return tuple(done)


# Writing


def write_event(message: BorderEventMessage) -> XmlSheet:
    """A border event as a notice."""
    sheet = sheet_of(EVENT_ROOT)
    event, communication = message.border_event, message.communication_meta_data
    root = sheet.root
    sheet.put(root, "NoticeID", communication.id, "/CommunicationMetaData/ID")
    sheet.put(root, "NoticeDateTime", event.issue_date_time, f"{_EVENT}/IssueDateTime")
    if communication.preparation_date_time == event.issue_date_time:
        sheet.said.add("/CommunicationMetaData/PreparationDateTime")
    if event.functional_reference_id == short_reference(communication.id):
        sheet.said.add(f"{_EVENT}/FunctionalReferenceID")
    write_relation(sheet, message)
    answered = event.declaration
    number = answered.id if answered.id != answered.functional_reference_id else None
    pointer = f"{_EVENT}/Declaration"
    if answered.functional_reference_id is None:
        sheet.say("KG-012", Severity.REJECT, f"{pointer}/FunctionalReferenceID")
    else:
        write_reference(
            sheet, answered.functional_reference_id, f"{pointer}/FunctionalReferenceID", number, f"{pointer}/ID"
        )
    kind = _KINDS_BACK.get(event.event_type_code)
    if kind is None:
        sheet.say("KG-014", Severity.REJECT, f"{_EVENT}/EventTypeCode", event.event_type_code)
    sheet.put(root, "EventKindCode", kind, f"{_EVENT}/EventTypeCode")
    sheet.put(root, "EventDateTime", event.event_date_time, f"{_EVENT}/EventDateTime")
    office = event.border_office.id if event.border_office is not None else None
    sheet.put(root, "CustomsOfficeCode", office, f"{_EVENT}/BorderOffice/ID")
    means = event.border_transport_means
    for plate in plates(sheet, means, f"{_EVENT}/BorderTransportMeans") if means is not None else ():
        sheet.put(root, "TransportMeansRegId", plate)
    _write_control(sheet, event.control_result)
    for at, consignment in enumerate(event.consignment):
        _write_consignment(sheet, consignment, at)
    sheet.put(root, "DescriptionText", remark(sheet, event.additional_information, f"{_EVENT}/AdditionalInformation"))
    return sheet


def _write_control(sheet: XmlSheet, control: ControlResult | None) -> None:
    if control is None:
        return
    here, root = f"{_EVENT}/ControlResult", sheet.root
    for at, check in enumerate(control.seal_check):
        state = _STATES_BACK.get(check.condition_code)
        if state is not None:
            node = sheet.part(root, "SealDetails")
            sheet.put(node, "SealId", check.id, f"{here}/SealCheck/{at}/ID")
            sheet.put(node, "SealStateCode", state, f"{here}/SealCheck/{at}/ConditionCode")
    write_mass(sheet, root, "GrossWeightQuantity", control.gross_mass_measure, f"{here}/GrossMassMeasure")
    sheet.put(root, "ImageId", control.image_reference_id, f"{here}/ImageReferenceID")
    conclusion = _CONCLUSIONS_BACK.get(control.conclusion_code or "")
    sheet.put(root, "ConclusionCode", conclusion, f"{here}/ConclusionCode")


def _write_consignment(sheet: XmlSheet, consignment: Consignment, at: int) -> None:
    here = f"{_EVENT}/Consignment/{at}"
    node = sheet.part(sheet.root, "ConsignmentDetails")
    ordinal = consignment.sequence_numeric or at + 1
    write_ordinal(sheet, node, "ObjectOrdinal", ordinal, at + 1, f"{here}/SequenceNumeric")
    waybill = consignment.transport_contract_document
    if waybill is not None:
        sheet.put(node, "TransportDocumentId", waybill.id, f"{here}/TransportContractDocument/ID")
    number = import_number(sheet, consignment.additional_document, f"{here}/AdditionalDocument")
    sheet.put(node, "ImportRegistrationId", number)
    for code in subheadings(sheet, consignment.consignment_item, f"{here}/ConsignmentItem"):
        sheet.put(node, "GoodsTNVEDCode", code)
    quantity, value = consignment.total_package_quantity, consignment.value_amount
    if quantity is not None:
        count = sheet.put(node, "CargoQuantity", quantity.value, f"{here}/TotalPackageQuantity")
        sheet.attribute(count, "packageKindCode", quantity.unit_code, f"{here}/TotalPackageQuantity/unitCode")
    write_mass(
        sheet, node, "GrossWeightQuantity", consignment.total_gross_mass_measure, f"{here}/TotalGrossMassMeasure"
    )
    if value is not None:
        amount = sheet.put(node, "CAValueAmount", value.value, f"{here}/ValueAmount")
        sheet.attribute(amount, "currencyCode", value.currency_id, f"{here}/ValueAmount/currencyID")
