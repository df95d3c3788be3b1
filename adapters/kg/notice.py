"""ResultNotice: the answer and the decision of Kyrgyzstan, and of others to Kyrgyzstan. Both directions.

A notice that names what it answers by `RefRegNumber` alone is meant for Kyrgyzstan: it answers one of its own
declarations. Any other is Kyrgyzstan's and names the sender's reference in `RefSourceDocumentID`.
"""

from __future__ import annotations

from datetime import datetime

from adapters.kg.codes import OUTCOMES
from adapters.kg.document import sheet_of, source_of
from adapters.kg.form import BISHKEK, COUNTRY, NOTICE_ROOT, message_id
from adapters.kg.places import wco_chain, xpath_of_chain
from adapters.kg.relation import Relation, is_own, message_of, write_reference
from adapters.kg.values import read_moment, read_number
from adapters.kit.contract import XML, Acknowledgement, Fault, National, Route, Setting
from adapters.kit.identifier import of_bytes, short_reference
from adapters.kit.implied import STATEMENT_SUBJECT
from adapters.kit.outcome import kept_steps, written_outcome
from adapters.kit.route import route_to
from adapters.kit.xml_sheet import XmlSheet, xml_bytes
from adapters.kit.xml_source import XmlSource
from gateway.errors import Unreadable
from gateway.message.finding import Severity
from gateway.message.metadata import ResponseMessage
from gateway.message.parts import AdditionalInformation
from gateway.message.response import Error, Response, ResponseDeclaration, Status
from gateway.message.xml_twin import parse_xml

_TAKEN, _RETURNED = "1", "4"
_ANSWERED = "/Response/Declaration"


def read_notice(source: XmlSource, setting: Setting) -> ResponseMessage | None:
    """The response in a notice; None where it does not say what it answers, when, or with which outcome."""
    root = source.root
    notice_id = source.value(root, "NoticeID", "/CommunicationMetaData/ID")
    at = read_moment(source, source.first(root, "NoticeDateTime"), "/Response/IssueDateTime")
    answered = source.value(root, "RefDocumentID", "/CommunicationMetaData/ConversationReferenceID")
    reference = source.value(root, "RefSourceDocumentID", f"{_ANSWERED}/FunctionalReferenceID")
    alone = answered is None and reference is None
    pointer = f"{_ANSWERED}/{'FunctionalReferenceID' if alone else 'ID'}"
    number = read_number(source, source.first(root, "RefRegNumber"), pointer)
    inbound = alone and number is not None
    route = _route(source, setting)
    response = _response(source, notice_id, at, _declaration(source, reference, number, inbound=inbound))
    if response is None or notice_id is None or at is None or route is None:
        return None
    relation = Relation(None if inbound else COUNTRY, inbound, route)
    return message_of(ResponseMessage, source, setting, relation, notice_id, at, follows=answered, response=response)


def _route(source: XmlSource, setting: Setting) -> Route | None:
    """The other side: named by the notice, or the only one that Kyrgyzstan exchanges with."""
    node = source.first(source.root, "RefSourceCountryCode")
    country = source.take(node)
    route = route_to(setting, country, only=country is None)
    if route is None:
        source.say("KG-005", Severity.REJECT, "/CommunicationMetaData/Recipient/ID", country or "", node)
    return route


def _declaration(
    source: XmlSource, reference: str | None, number: str | None, *, inbound: bool
) -> ResponseDeclaration | None:
    if inbound:
        reference = number
    node = source.first(source.root, "RefRegNumber")
    if number is not None:
        place = f"{_ANSWERED}/{'FunctionalReferenceID' if inbound else 'ID'}"
        source.origins[place] = source.path(node)
    if reference is None:
        source.say("KG-012", Severity.REJECT, f"{_ANSWERED}/FunctionalReferenceID", "", None)
        return None
    return source.make(
        ResponseDeclaration,
        _ANSWERED,
        source.root,
        {"functional_reference_id": reference, "id": None if inbound else number},
    )


def _response(
    source: XmlSource, notice_id: str | None, at: datetime | None, declaration: ResponseDeclaration | None
) -> Response | None:
    result = source.first(source.root, "ResultCode")
    code = source.take(result, "/Response/FunctionCode")
    outcome = OUTCOMES.get(code or "")
    if outcome is None or notice_id is None or at is None:
        what = "KG-013" if outcome is None else "KIT-READ-01"
        source.say(what, Severity.REJECT, "/Response/FunctionCode", code or "", result)
        return None
    source.origins["/Response/FunctionalReferenceID"] = source.origins["/CommunicationMetaData/ID"]
    spoken = source.first(source.root, "ResultText")
    text = source.words(spoken)
    words = None if text == outcome.text else text
    said = {
        "Status/0/NameCode": (outcome.status, result),
        "AdditionalInformation/0/StatementCode": (outcome.statement, result),
        "AdditionalInformation/0/StatementDescription": (words, spoken),
    }
    for name, (value, node) in said.items():
        if value:
            source.origins[f"/Response/{name}"] = source.path(node)
    statement = source.make(
        AdditionalInformation,
        "/Response/AdditionalInformation/0",
        spoken,
        {
            "statement_code": outcome.statement or None,
            "statement_description": words,
            "statement_type_code": STATEMENT_SUBJECT if outcome.statement or words else None,
        },
    )
    return source.make(
        Response,
        "/Response",
        source.root,
        {
            "function_code": outcome.function,
            "functional_reference_id": short_reference(notice_id),
            "issue_date_time": at,
            "additional_information": () if statement is None else (statement,),
            "declaration": declaration,
            "error": _errors(source),
            "status": (Status(name_code=outcome.status),) if outcome.status else (),
        },
    )


def _errors(source: XmlSource) -> tuple[Error, ...]:
    done: list[Error] = []
    for node in source.at_most(source.all(source.root, "ErrorDetails"), 999):
        here = f"/Response/Error/{len(done)}"
        path = source.first(node, "ErrorPath")
        chain = wco_chain("" if path is None else (path.text or "").strip())
        if chain:
            source.take(path, f"{here}/Pointer")
        error = source.make(
            Error,
            here,
            node,
            {
                "description": source.words(source.first(node, "ErrorText"), f"{here}/Description"),
                "validation_code": source.value(node, "ErrorCode", f"{here}/ValidationCode"),
                "pointer": chain,
            },
        )
        done += [] if error is None else [error]
    return tuple(done)


def write_notice(message: ResponseMessage) -> XmlSheet:
    """A response as a notice."""
    sheet = sheet_of(NOTICE_ROOT)
    response, communication = message.response, message.communication_meta_data
    root = sheet.root
    sheet.said.update(("/ResponsibleCountryCode", "/ResponsibleAgencyName"))  # the window knows whom it asked
    sheet.put(root, "NoticeID", communication.id, "/CommunicationMetaData/ID")
    moment = response.issue_date_time.astimezone(BISHKEK)
    sheet.put(root, "NoticeDateTime", moment, "/Response/IssueDateTime")
    if communication.preparation_date_time == response.issue_date_time:
        sheet.said.add("/CommunicationMetaData/PreparationDateTime")
    if response.functional_reference_id == short_reference(communication.id):
        sheet.said.add("/Response/FunctionalReferenceID")
    _write_answered(sheet, message)
    code = written_outcome(sheet, response, OUTCOMES, rule="KG-013", otherwise=_TAKEN)
    sheet.put(root, "ResultCode", code, "/Response/FunctionCode")
    _write_text(sheet, response, OUTCOMES[code].text)
    for at, error in enumerate(response.error):
        _write_error(sheet, error, f"/Response/Error/{at}")
    return sheet


def _write_answered(sheet: XmlSheet, message: ResponseMessage) -> None:
    """What is answered: one of Kyrgyzstan's own by its registration number, any other by its sender's reference."""
    answered = message.response.declaration
    reference = answered.functional_reference_id or ""
    if not is_own(reference):
        conversation = message.communication_meta_data.conversation_reference_id
        sheet.put(sheet.root, "RefDocumentID", conversation, "/CommunicationMetaData/ConversationReferenceID")
    elif answered.id == reference:
        sheet.said.add(f"{_ANSWERED}/ID")
    write_reference(sheet, reference, f"{_ANSWERED}/FunctionalReferenceID", answered.id, f"{_ANSWERED}/ID")


def _write_text(sheet: XmlSheet, response: Response, standard: str) -> None:
    statements = [(f"/Response/AdditionalInformation/{n}", s) for n, s in enumerate(response.additional_information)]
    known = {outcome.statement for outcome in OUTCOMES.values()} - {""}
    worded = [here for here, statement in statements if statement.statement_description is not None]
    for here, statement in statements:
        if statement.statement_code in known:
            sheet.said.add(f"{here}/StatementCode")
        if statement.statement_type_code == STATEMENT_SUBJECT and (statement.statement_code or [here] == worded[:1]):
            sheet.said.add(f"{here}/StatementTypeCode")
    for here, statement in statements:
        words = statement.statement_description
        if sheet.put(sheet.root, "ResultText", words, f"{here}/StatementDescription") is not None:
            return
    sheet.put(sheet.root, "ResultText", standard)


def _write_error(sheet: XmlSheet, error: Error, here: str) -> None:
    node = sheet.part(sheet.root, "ErrorDetails")
    if sheet.put(node, "ErrorCode", error.validation_code, f"{here}/ValidationCode") is None:
        sheet.put(node, "ErrorCode", "-")
    if sheet.put(node, "ErrorText", error.description, f"{here}/Description") is None:
        sheet.put(node, "ErrorText", "-")
    if path := xpath_of_chain(error.pointer):
        sheet.put(node, "ErrorPath", path)
        sheet.said.update(kept_steps(here, error.pointer, wco_chain(path)))


def answer(document: National, taken: bool, faults: tuple[Fault, ...], at: datetime) -> National:
    """The notice by which a document that NSW KG handed over is taken or returned, in Russian.

    Args:
        document: What was handed over; it may be unreadable.
        taken: Whether it was taken.
        faults: What is wrong with it; warnings where it was taken.
        at: The moment of answering, with offset.
    """
    sheet = sheet_of(NOTICE_ROOT)
    code = _TAKEN if taken else _RETURNED
    identity, reference, number = _identity(document)
    named = identity or of_bytes(document.body)
    sheet.put(sheet.root, "NoticeID", message_id(f"{named}:{code}"))
    sheet.put(sheet.root, "NoticeDateTime", at.astimezone(BISHKEK).replace(microsecond=0))
    sheet.put(sheet.root, "RefDocumentID", identity)
    sheet.put(sheet.root, "RefSourceDocumentID", reference)
    if number is not None:
        node = sheet.part(sheet.root, "RefRegNumber")
        for name, value in zip(("CountryCode", "Date", "PINumber"), number, strict=True):
            sheet.put(node, name, value)
    sheet.put(sheet.root, "ResultCode", code)
    sheet.put(sheet.root, "ResultText", OUTCOMES[code].text)
    for fault in faults:
        details = sheet.part(sheet.root, "ErrorDetails")
        sheet.put(details, "ErrorCode", fault.rule)
        sheet.put(details, "ErrorText", fault.text or fault.rule)
        sheet.put(details, "ErrorPath", fault.place)
        sheet.put(details, "ErrorValue", fault.value[:200])
    return National(xml_bytes(sheet.root), XML, f"{document.name.removesuffix('.xml') or named}.reply.xml")


def _identity(document: National) -> tuple[str | None, str | None, tuple[str, ...] | None]:
    """What a document calls itself: its identifier, the reference it gives and its registration number."""
    try:
        root = parse_xml(document.body)
    except Unreadable:
        return None, None, None
    text = {
        name: (found.text or "").strip()
        for name in ("DocumentID", "NoticeID", "RefDocumentID")
        if (found := root.find(f"{{*}}{name}")) is not None
    }
    number = root.find("{*}RegNumber")
    parts = tuple((part.text or "").strip() for part in number) if number is not None else ()
    identity = text.get("DocumentID") or text.get("NoticeID") or None
    reference = text.get("RefDocumentID") if "DocumentID" in text else None
    return identity, reference or None, parts if len(parts) == 3 and all(parts) else None


def acknowledged(reply: National) -> Acknowledgement:
    """What NSW KG said when a document was handed to it: taken or refused, and the number it gave."""
    try:
        root = parse_xml(reply.body)
    except Unreadable as error:
        return Acknowledgement(taken=False, text=error.detail)
    if root.tag != NOTICE_ROOT:
        return Acknowledgement(taken=False, text=f"not a ResultNotice: {str(root.tag).rpartition('}')[2]}"[:200])
    source = source_of(root)
    code = source.value(root, "ResultCode")
    errors = [source.value(node, "ErrorText") for node in source.all(root, "ErrorDetails")]
    text = "; ".join(part for part in (source.value(root, "ResultText"), *errors) if part)
    number = read_number(source, source.first(root, "RefRegNumber"))
    return Acknowledgement(code in OUTCOMES and code != _RETURNED, number or "", text, refused=code == _RETURNED)
