"""MT3402 and MT5401, arrival and tally reports: read as border events, and written from them.

Both documents have one body; the statement code says what happened (`codes.EVENTS`). What a report says of goods is
what was found, or what was declared at import; nothing that was declared before changes by it.
"""

from __future__ import annotations

import re

from adapters.cn.codes import (
    CONCLUSIONS,
    CONDITIONS,
    EVENT_OF_KIND,
    EVENTS,
    POSTS,
    PROFILE,
    Event,
)
from adapters.cn.codes import CONSIGNMENT_NOTE as WAYBILL
from adapters.cn.document import Document, Leaf, Notes, Part, amount, build, element, mass, moment, position, quantity
from adapters.cn.head import head, message_number, own_number, own_reference
from adapters.cn.reply import country_of
from adapters.cn.values import Made, written_amount, written_goods_measure, written_quantity, written_time
from adapters.kit.contract import Route, Setting
from adapters.kit.implied import IMPORT_DECLARATION, NOWHERE, PLATE, REMARK, TRAILER
from adapters.kit.route import route_to
from gateway.message.border_event import BorderEvent, BorderOffice, ControlResult, SealCheck
from gateway.message.declaration import (
    BorderTransportMeans,
    Classification,
    Commodity,
    Consignment,
    ConsignmentItem,
    TransportEquipment,
)
from gateway.message.finding import Finding, Severity
from gateway.message.metadata import BorderEventMessage
from gateway.message.parts import AdditionalDocument, AdditionalInformation, TransportContractDocument
from gateway.message.response import ResponseDeclaration

_AT = "/BorderEvent"
_SUBHEADING = re.compile(r"[0-9]{6}")
_CONCLUSIONS_BACK = {common: code for code, common in CONCLUSIONS.items()}
_CONDITIONS_BACK = {common: code for code, common in CONDITIONS.items()}


# Reading


def cited(document: Document) -> Leaf | None:
    """MessageID of the manifest that the report is about."""
    return document.root.part("Declaration").leaf("FunctionalReferenceID")


def route(document: Document, setting: Setting) -> tuple[Route | None, str | None]:
    """The other side of a report, and its country where that is known.

    The country abroad that tells it; else the one whose declaration it is about, by the sender code in the cited
    number or by the batch number; else, for a manifest of China's own, the neighbour at the border post; else the
    only one there is.
    """
    country = country_of(document, cited(document), setting)
    if country is None:
        office = document.root.part("Declaration").leaf("DeclarationOfficeID")
        post = next((post for post in POSTS if office and office.text in (post.office, post.neighbour_office)), None)
        country = post.neighbour if post else None
    return route_to(setting, country, only=country is None), country


def event_of(notes: Notes, document: Document) -> BorderEvent | None:
    """The border event in a report; None, with findings, where it lacks a key or tells nothing that is known."""
    form, top = document.root.part("Declaration"), document.root.part("Head")
    statement = form.part("AdditionalInformation")
    event = _kind(notes, document, statement)
    batch, number = document.batch, document.message_id
    happened = moment(notes, f"{_AT}/EventDateTime", form.leaf("IssueDateTime"))
    issued = moment(notes, f"{_AT}/IssueDateTime", top.leaf("SendTime"))
    office = form.leaf("DeclarationOfficeID")
    manifest = cited(document)
    if (sender := top.leaf("SenderID")) is not None:
        notes.lost("", sender.text, sender.place)
    if manifest is not None:
        # The batch number names the declaration; no message of the common form carries a national message number.
        notes.lost("/CommunicationMetaData/ConversationReferenceID", manifest.text, manifest.place)
    missing = {
        "ID": batch is None,
        "IssueDateTime": happened is None,
        "DeclarationOfficeID": office is None and event is not None and event.kind not in NOWHERE,
    }
    for name in (name for name, lacks in missing.items() if lacks):
        notes.add("CN-001", Severity.REJECT, "", None, f"{form.place}/{name}", name=name)
    if any(missing.values()) or event is None or number is None or issued is None:
        return None
    return build(
        BorderEvent,
        notes,
        _AT,
        form,
        event_date_time=happened,
        event_type_code=event.kind,
        functional_reference_id=own_reference(number, document.type),
        issue_date_time=issued,
        additional_information=_remarks(notes, statement, event),
        border_office=build(BorderOffice, notes, f"{_AT}/BorderOffice", form, id=office),
        border_transport_means=_vehicle(notes, form.part("BorderTransportMeans")),
        consignment=_consignments(notes, form),
        control_result=_control(notes, form),
        declaration=build(ResponseDeclaration, notes, f"{_AT}/Declaration", form, functional_reference_id=batch),
    )


def _kind(notes: Notes, document: Document, statement: Part) -> Event | None:
    """What happened, and whether this is a report that can be exchanged."""
    code, function = statement.leaf("StatementCode"), document.root.part("Head").leaf("FunctionCode")
    place = f"{document.root.place}/Declaration/AdditionalInformation/StatementCode"
    event = EVENTS.get(code.text) if code else None
    if code is not None:
        notes.origins[f"{_AT}/EventTypeCode"] = code.place
    if event is None:
        notes.add("CN-022", Severity.REJECT, f"{_AT}/EventTypeCode", code, place)
    elif event.form != document.type:
        notes.add("CN-023", Severity.WARN, f"{_AT}/EventTypeCode", code, form=event.form, name=document.type)
    if function is None or function.text != "9":
        notes.add("CN-024", Severity.REJECT, "", function, f"{document.root.place}/Head/FunctionCode")
        return None
    return event


def _remarks(notes: Notes, statement: Part, event: Event) -> tuple[AdditionalInformation, ...]:
    words = statement.leaf("StatementDescription")
    if words is None or words.text == event.text:
        return ()
    at = f"{_AT}/AdditionalInformation/0"
    made = build(AdditionalInformation, notes, at, statement, statement_description=words, statement_type_code=REMARK)
    return (made,) if made else ()


def _vehicle(notes: Notes, part: Part) -> BorderTransportMeans | None:
    at, plate = f"{_AT}/BorderTransportMeans", part.leaf("ID")
    trailers: list[TransportEquipment] = []
    for trailer in part.parts("TransportEquipment"):
        here, number = f"{at}/TransportEquipment/{len(trailers)}", trailer.leaf("ID")
        kind = TRAILER if number else None
        made = build(TransportEquipment, notes, here, trailer, id=number, type_code=kind)
        trailers.extend([made] if made else [])
    return build(
        BorderTransportMeans,
        notes,
        at,
        part,
        id=plate,
        identification_type_code=PLATE if plate else None,
        transport_equipment=tuple(trailers),
    )


def _control(notes: Notes, form: Part) -> ControlResult | None:
    at, found, image = f"{_AT}/ControlResult", form.part("GoodsMeasure"), form.part("Image")
    conclusion = form.leaf("ConclusionCode")
    if conclusion is not None and conclusion.text not in CONCLUSIONS:
        notes.add("CN-025", Severity.WARN, f"{at}/ConclusionCode", conclusion, name="ConclusionCode")
        conclusion = None
    return build(
        ControlResult,
        notes,
        at,
        form,
        conclusion_code=Leaf(CONCLUSIONS[conclusion.text], conclusion.place) if conclusion else None,
        gross_mass_measure=mass(notes, f"{at}/GrossMassMeasure", found.leaf("GrossMassMeasure", "unitCode")),
        image_reference_id=image.leaf("ID"),
        seal_check=_seals(notes, f"{at}/SealCheck", form),
    )


def _seals(notes: Notes, pointer: str, form: Part) -> tuple[SealCheck, ...]:
    read: list[SealCheck] = []
    for part in form.parts("Seal"):
        number, state = part.leaf("ID"), part.leaf("ConditionCode")
        condition = CONDITIONS.get(state.text) if state else None
        if number is None or state is None or condition is None:
            # A seal without a state, or a state without a seal, says nothing; the common form has no place for half.
            shown = " ".join(leaf.text for leaf in (number, state) if leaf)
            notes.add("CN-025", Severity.WARN, "", shown, part.place, name="Seal")
            continue
        found = Leaf(condition, state.place)
        made = build(SealCheck, notes, f"{pointer}/{len(read)}", part, condition_code=found, id=number)
        read.extend([made] if made else [])
    return tuple(read)


def _consignments(notes: Notes, form: Part) -> tuple[Consignment, ...]:
    read: list[Consignment] = []
    for part in form.parts("Consignment"):
        at = f"{_AT}/Consignment/{len(read)}"
        document, waybill = part.part("AdditionalDocument"), part.part("TransportContractDocument")
        measure = part.part("GoodsMeasure").leaf("GrossMassMeasure", "unitCode")
        declared, number = document.leaf("ID"), waybill.leaf("ID")
        imported = build(
            AdditionalDocument,
            notes,
            f"{at}/AdditionalDocument/0",
            document,
            id=declared,
            type_code=IMPORT_DECLARATION if declared else None,
        )
        made = build(
            Consignment,
            notes,
            at,
            part,
            sequence_numeric=position(notes, f"{at}/SequenceNumeric", part, len(read) + 1),
            total_gross_mass_measure=mass(notes, f"{at}/TotalGrossMassMeasure", measure),
            total_package_quantity=quantity(
                notes, f"{at}/TotalPackageQuantity", part.leaf("TotalPackageQuantity", "unitCode")
            ),
            value_amount=amount(notes, f"{at}/ValueAmount", part.leaf("ValueAmount", "currencyID")),
            additional_document=(imported,) if imported else (),
            consignment_item=_items(notes, f"{at}/ConsignmentItem", part),
            transport_contract_document=build(
                TransportContractDocument,
                notes,
                f"{at}/TransportContractDocument",
                waybill,
                id=number,
                type_code=WAYBILL if number else None,
            ),
        )
        read.extend([made] if made else [])
    return tuple(read)


def _items(notes: Notes, pointer: str, consignment: Part) -> tuple[ConsignmentItem, ...]:
    """One item for each code of the goods: the report has no more of them."""
    read: list[ConsignmentItem] = []
    for part in consignment.parts("Classification"):
        at = f"{pointer}/{len(read)}"
        code = build(Classification, notes, f"{at}/Commodity/Classification/0", part, id=part.leaf("ID"))
        if code is None:
            continue
        goods = build(Commodity, notes, f"{at}/Commodity", part, classification=(code,))
        item = build(ConsignmentItem, notes, at, part, sequence_numeric=len(read) + 1, commodity=goods)
        read.extend([item] if item else [])
    return tuple(read)


# Writing


def write_event(message: BorderEventMessage, code: str) -> tuple[Document | None, str, list[Finding]]:
    """The report that says what a border event says, its MessageID, and what stands in the way.

    Args:
        message: The message.
        code: The 13-character sender code of the country that tells it.
    """
    event, meta = message.border_event, message.communication_meta_data
    kind = EVENT_OF_KIND.get(event.event_type_code)
    reference = event.declaration.functional_reference_id
    findings: list[Finding] = []
    if kind is None:
        findings.append(Finding("CN-022", Severity.REJECT, f"{_AT}/EventTypeCode", event.event_type_code))
    if reference is None:
        pointer = f"{_AT}/Declaration/FunctionalReferenceID"
        findings.append(Finding("CN-001", Severity.REJECT, pointer, "", {"name": "ID"}))
    if kind is None or reference is None:
        return None, "", findings
    number = own_number(event.functional_reference_id, kind.form) or message_number(
        kind.form, code, meta.preparation_date_time, meta.id
    )
    root = element(
        kind.form,
        "Manifest",
        head(kind.form, number, "9", f"{code}_{PROFILE['sender']['exchange_id']}", event.issue_date_time),
        _body(kind, event, reference),
    )
    return Document(kind.form, Part(root, "/Manifest")), number, findings


def _body(kind: Event, event: BorderEvent, reference: str) -> Made:
    form, control = kind.form, event.control_result
    remarks = [info.statement_description for info in event.additional_information if info.statement_description]
    conclusion = _CONCLUSIONS_BACK.get(control.conclusion_code or "") if control else None
    image = control.image_reference_id if control else None
    return element(
        form,
        "Declaration",
        element(form, "DeclarationOfficeID", event.border_office.id if event.border_office else None),
        element(form, "ID", reference),
        element(form, "IssueDateTime", written_time(event.event_date_time)),
        element(
            form,
            "AdditionalInformation",
            element(form, "StatementCode", kind.code),
            element(form, "StatementDescription", remarks[0] if remarks else None),
        ),
        _plates(form, event.border_transport_means),
        element(form, "ConclusionCode", conclusion),
        *(_consignment(form, consignment, at) for at, consignment in enumerate(event.consignment, 1)),
        written_goods_measure(form, control.gross_mass_measure if control else None),
        element(form, "Image", element(form, "ID", image)),
        *(_seal(form, check) for check in (control.seal_check if control else ())),
    )


def _plates(form: str, means: BorderTransportMeans | None) -> Made:
    if means is None:
        return None
    return element(
        form,
        "BorderTransportMeans",
        element(form, "ID", means.id),
        *(
            element(form, "TransportEquipment", element(form, "ID", trailer.id))
            for trailer in means.transport_equipment
        ),
    )


def _seal(form: str, check: SealCheck) -> Made:
    state = _CONDITIONS_BACK.get(check.condition_code)
    if state is None:
        return None
    return element(form, "Seal", element(form, "ID", check.id), element(form, "ConditionCode", state))


def _consignment(form: str, consignment: Consignment, position: int) -> Made:
    document = next((doc for doc in consignment.additional_document if doc.type_code == IMPORT_DECLARATION), None)
    waybill = consignment.transport_contract_document
    codes = [
        found[0]
        for item in consignment.consignment_item
        for code in (item.commodity.classification if item.commodity else ())
        if (found := _SUBHEADING.match(code.id))
    ]
    return element(
        form,
        "Consignment",
        element(form, "SequenceNumeric", str(consignment.sequence_numeric or position)),
        element(form, "AdditionalDocument", element(form, "ID", document.id if document else None)),
        *(element(form, "Classification", element(form, "ID", code)) for code in codes),
        written_goods_measure(form, consignment.total_gross_mass_measure),
        written_quantity(form, "TotalPackageQuantity", consignment.total_package_quantity),
        element(form, "TransportContractDocument", element(form, "ID", waybill.id if waybill else None)),
        written_amount(form, consignment.value_amount),
    )
