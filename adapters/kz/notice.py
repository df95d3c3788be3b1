"""ProcessingNotice: the answer and the decision of Kazakhstan, and the decisions of others to Kazakhstan.

The header says whose decision it is and for whom. What is answered is named by the reference that its sender gave:
their own, which the window echoes, or the registration number of a declaration of Kazakhstan.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from adapters.kit.contract import XML, Acknowledgement, Fault, National, Setting
from adapters.kit.identifier import of_bytes, short_reference
from adapters.kit.implied import STATEMENT_SUBJECT
from adapters.kit.outcome import kept_steps, written_outcome
from adapters.kit.xml_sheet import XmlSheet, xml_bytes
from adapters.kit.xml_source import XmlSource
from adapters.kz.codes import OUTCOMES, REFUSED, REGISTERED
from adapters.kz.document import sheet_of, source_of
from adapters.kz.form import (
    CODES,
    COUNTRY,
    HEADER,
    NOTICE,
    REGISTRATION,
    message_id,
    root_tag,
)
from adapters.kz.form import tag as name_of
from adapters.kz.header import NUMBER, message_of, read_header, read_number, read_route, write_header, write_number
from adapters.kz.places import wco_chain, xpath_of_chain
from adapters.kz.transport import MODE
from adapters.kz.values import almaty
from gateway.errors import Unreadable
from gateway.message.finding import Severity
from gateway.message.metadata import ResponseMessage
from gateway.message.parts import AdditionalInformation
from gateway.message.response import Error, Response, ResponseDeclaration, Status
from gateway.message.xml_twin import parse_xml

if TYPE_CHECKING:
    from lxml import etree

_ISSUED = "/Response/IssueDateTime"
_OWN = "/Response/FunctionalReferenceID"
_ANSWERED = "/Response/Declaration"
_STATEMENT = "/Response/AdditionalInformation/0"
NAMES = (
    *("SourceReferenceId", "SourceRegistrationId", "VersionId", "ProcessingResultCode", "DescriptionText"),
    *("SourceDocumentId", "ErrorDetails", "ErrorCode", "ErrorText", "ErrorPathText", "ErrorValueText"),
)


def read_notice(source: XmlSource, setting: Setting) -> ResponseMessage | None:
    """The response in a notice; None, with findings, where it does not say what it answers, or with which outcome."""
    root = source.root
    header = read_header(source, _ISSUED)
    declaration = _answered(source)
    code_node = source.first(root, "ProcessingResultCode")
    code = source.take(code_node, "/Response/FunctionCode")
    own = source.value(root, "SourceDocumentId", _OWN)
    outcome = _outcome(source, code, code_node)
    errors = _errors(source)
    if outcome is None:
        source.say("KZ-015", Severity.REJECT, "/Response/FunctionCode", code or "", code_node)
    if header is None or declaration is None or outcome is None:
        return None
    source.origins.setdefault(_OWN, source.origins["/CommunicationMetaData/ID"])
    out = header.source == COUNTRY
    mode = MODE.read(source, source.first(root, "UnifiedTransportModeCode"), "")
    route = read_route(source, setting, header, mode or "", out=out)
    response = source.make(
        Response,
        "/Response",
        root,
        {
            **outcome,
            "functional_reference_id": own or short_reference(header.id),
            "issue_date_time": header.at,
            "declaration": declaration,
            "error": errors,
        },
    )
    if route is None or response is None:
        return None
    return message_of(ResponseMessage, source, setting, header, route, out=out, response=response)


def _answered(source: XmlSource) -> ResponseDeclaration | None:
    reference = source.value(source.root, "SourceReferenceId", f"{_ANSWERED}/FunctionalReferenceID")
    number = read_number(source, f"{_ANSWERED}/ID")
    foreign = None if number else source.value(source.root, "SourceRegistrationId", f"{_ANSWERED}/ID")
    version = source.value(source.root, "VersionId", f"{_ANSWERED}/VersionID")
    if reference is None:
        source.say("KZ-014", Severity.REJECT, f"{_ANSWERED}/FunctionalReferenceID", "", source.root)
        return None
    values = {"functional_reference_id": reference, "id": number or foreign, "version_id": version}
    return source.make(ResponseDeclaration, _ANSWERED, source.root, values)


def _outcome(source: XmlSource, code: str | None, node: etree._Element | None) -> dict[str, Any] | None:
    """Function, status and statement of a result, and its words where they say more than the code."""
    outcome = OUTCOMES.get(code or "")
    if outcome is None:
        return None
    spoken = source.first(source.root, "DescriptionText")
    standard = source.text(spoken) == outcome.text
    words = source.words(spoken, "" if standard else f"{_STATEMENT}/StatementDescription")
    values = {
        "statement_code": outcome.statement or None,
        "statement_description": None if standard else words,
        "statement_type_code": STATEMENT_SUBJECT if outcome.statement or (words and not standard) else None,
    }
    if outcome.status:
        source.origins["/Response/Status/0/NameCode"] = source.path(node)
    if outcome.statement:
        source.origins[f"{_STATEMENT}/StatementCode"] = source.path(node)
    statement = source.make(AdditionalInformation, _STATEMENT, node if outcome.statement else spoken, values)
    return {
        "function_code": outcome.function,
        "status": (Status(name_code=outcome.status),) if outcome.status else (),
        "additional_information": () if statement is None else (statement,),
    }


def _errors(source: XmlSource) -> tuple[Error, ...]:
    done: list[Error] = []
    for node in source.at_most(source.all(source.root, "ErrorDetails"), 999):
        here = f"/Response/Error/{len(done)}"
        path = source.first(node, "ErrorPathText")
        chain = wco_chain(source.text(path))
        if chain:
            source.take(path, f"{here}/Pointer")
        values = {
            "validation_code": source.value(node, "ErrorCode", f"{here}/ValidationCode"),
            "description": source.words(source.first(node, "ErrorText"), f"{here}/Description"),
            "pointer": chain,
        }
        error = source.make(Error, here, node, values)
        done += [] if error is None else [error]
    return tuple(done)


def write_notice(message: ResponseMessage) -> XmlSheet:
    """A response of another country as a notice for Kazakhstan."""
    sheet = sheet_of(NOTICE)
    response, root = message.response, sheet.root
    write_header(sheet, message, response.issue_date_time, _ISSUED)
    answered = response.declaration
    sheet.put(root, "SourceReferenceId", answered.functional_reference_id, f"{_ANSWERED}/FunctionalReferenceID")
    if not write_number(sheet, answered.id, f"{_ANSWERED}/ID"):
        sheet.put(root, "SourceRegistrationId", answered.id, f"{_ANSWERED}/ID")
    sheet.put(root, "VersionId", answered.version_id, f"{_ANSWERED}/VersionID")
    if response.functional_reference_id == short_reference(message.communication_meta_data.id):
        sheet.said.add(_OWN)
    else:
        sheet.put(root, "SourceDocumentId", response.functional_reference_id, _OWN)
    code = written_outcome(sheet, response, OUTCOMES, rule="KZ-015", otherwise=REGISTERED)
    sheet.put(root, "ProcessingResultCode", code, "/Response/FunctionCode")
    _write_words(sheet, response, OUTCOMES[code].text)
    for at, error in enumerate(response.error):
        _write_error(sheet, error, f"/Response/Error/{at}")
    return sheet


def _write_words(sheet: XmlSheet, response: Response, standard: str) -> None:
    """The words of the first statement, else the standard sentence; its code where the outcome says it."""
    statement = response.additional_information[0] if response.additional_information else None
    known = {outcome.statement for outcome in OUTCOMES.values()} - {""}
    words = statement.statement_description if statement is not None else None
    sheet.put(sheet.root, "DescriptionText", words or standard, f"{_STATEMENT}/StatementDescription")
    if statement is None:
        return
    if statement.statement_code in known:
        sheet.said.add(f"{_STATEMENT}/StatementCode")
    if statement.statement_type_code == STATEMENT_SUBJECT and (statement.statement_code in known or words):
        sheet.said.add(f"{_STATEMENT}/StatementTypeCode")


def _write_error(sheet: XmlSheet, error: Error, here: str) -> None:
    node = sheet.part(sheet.root, "ErrorDetails")
    if sheet.put(node, "ErrorCode", error.validation_code, f"{here}/ValidationCode") is None:
        sheet.put(node, "ErrorCode", "-")
    sheet.put(node, "ErrorText", error.description, f"{here}/Description")
    path = xpath_of_chain(error.pointer)
    if sheet.put(node, "ErrorPathText", path) is not None:
        sheet.said.update(kept_steps(here, error.pointer, wco_chain(path)))


def answer(document: National, taken: bool, faults: tuple[Fault, ...], at: datetime) -> National:
    """The notice by which a document that NSW KZ handed over is taken or returned, in Russian.

    Args:
        document: What was handed over; it may be unreadable.
        taken: Whether it was taken.
        faults: What is wrong with it; warnings where it was taken.
        at: The moment of answering, with offset.
    """
    sheet = sheet_of(NOTICE)
    root = sheet.root
    code = REGISTERED if taken else REFUSED
    handed = _root_of(document)
    identity = _text(handed, f"{name_of(HEADER)}/{name_of('EDocId')}")
    named = identity or of_bytes(document.body)
    header = sheet.part(root, HEADER)
    sheet.put(header, "EDocCode", CODES[NOTICE])
    sheet.put(header, "EDocId", message_id(f"{named}:{code}"))
    sheet.put(header, "EDocRefId", identity)
    sheet.put(header, "EDocDateTime", almaty(at).replace(microsecond=0))
    sheet.put(header, "LanguageCode", "ru")
    sheet.put(header, "SourceCountryCode", COUNTRY)
    sheet.put(header, "DestinationCountryCode", COUNTRY)
    number = "/".join(
        _text(handed, f"{name_of(NUMBER)}/{name_of(part)}").replace("-", "")
        for part in ("UnifiedCountryCode", "DocCreationDate", "PINumberId")
    )
    own = REGISTRATION.fullmatch(number) is not None
    sheet.put(root, "SourceReferenceId", _text(handed, name_of("SourceReferenceId")) or (number if own else ""))
    write_number(sheet, number)
    sheet.put(root, "VersionId", _text(handed, name_of("VersionId")))
    sheet.put(root, "ProcessingResultCode", code)
    sheet.put(root, "DescriptionText", OUTCOMES[code].text)
    for fault in faults:
        details = sheet.part(root, "ErrorDetails")
        sheet.put(details, "ErrorCode", fault.rule)
        sheet.put(details, "ErrorText", fault.text or fault.rule)
        sheet.put(details, "ErrorPathText", fault.place)
        sheet.put(details, "ErrorValueText", fault.value[:200])
    return National(xml_bytes(sheet.root), XML, f"{document.name.removesuffix('.xml') or named}.reply.xml")


def _root_of(document: National) -> etree._Element | None:
    try:
        return parse_xml(document.body)
    except Unreadable:
        return None


def _text(root: etree._Element | None, path: str) -> str:
    return "" if root is None else (root.findtext(path) or "").strip()


def acknowledged(reply: National) -> Acknowledgement:
    """What NSW KZ said when a document was handed to it: taken or refused, and the number it gave."""
    try:
        root = parse_xml(reply.body)
    except Unreadable as error:
        return Acknowledgement(taken=False, text=error.detail)
    if root.tag != root_tag(NOTICE):
        return Acknowledgement(taken=False, text=f"not a {NOTICE}: {str(root.tag).rpartition('}')[2]}"[:200])
    source = source_of(root)
    code = source.value(root, "ProcessingResultCode")
    errors = [source.value(node, "ErrorText") for node in source.all(root, "ErrorDetails")]
    text = "; ".join(part for part in (source.value(root, "DescriptionText"), *errors) if part)
    number = read_number(source, "/Response/Declaration/ID")
    return Acknowledgement(code in OUTCOMES and code != REFUSED, number or "", text, refused=code == REFUSED)
