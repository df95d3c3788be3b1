"""*Xabarnoma* (XN): the answer and the decision of Uzbekistan, and of others to Uzbekistan. Both directions.

A decision says in its head which country decides and whose declaration it is. An answer to a handed-over document has
neither: it goes back the way the document came.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adapters.kit.contract import JSON, Acknowledgement, Fault, National, Setting, fit
from adapters.kit.identifier import of_bytes
from adapters.kit.implied import STATEMENT_SUBJECT
from adapters.kit.outcome import kept_steps, written_outcome
from adapters.kit.sheet import Sheet
from adapters.uz.codes import OUTCOMES
from adapters.uz.envelope import message_of, read_envelope
from adapters.uz.form import ADVANCE, COUNTRY, NOTICE, VERSION, bytes_of, message_id, short_reference
from adapters.uz.kinds import TASHKENT, read_moment, write_moment
from adapters.uz.places import place_of_chain, wco_chain
from adapters.uz.source import Source, absent
from gateway.errors import Unreadable
from gateway.message.finding import Severity
from gateway.message.json_twin import parse_json
from gateway.message.metadata import ResponseMessage
from gateway.message.parts import AdditionalInformation
from gateway.message.response import Error, Response, ResponseDeclaration, Status

_TAKEN, _RETURNED = "RO", "RE"
_MOST_ERRORS = 999


def read_notice(source: Source, setting: Setting) -> ResponseMessage | None:
    """The response in a notice; None where it does not say what it answers, when, or with which outcome."""
    envelope = read_envelope(source, setting)
    at = read_moment(source, source.tree.get("hujjatSanasi"), "/hujjatSanasi", "/Response/IssueDateTime")
    if at is None:
        source.say("KIT-READ-01", Severity.REJECT, "/Response/IssueDateTime", "", "/hujjatSanasi")
    conversation = source.word("hujjatId", "/CommunicationMetaData/ConversationReferenceID", within="/javob")
    answered = _answered(source)
    outcome = source.word("natija", "/Response/FunctionCode")
    if outcome is None or outcome not in OUTCOMES:
        source.say("UZ-005", Severity.REJECT, "/Response/FunctionCode", outcome, "/natija")
    if envelope is None or at is None or answered is None or outcome is None or outcome not in OUTCOMES:
        source.taken.update(f"/{name}" for name in ("natijaMatni", "xatolar"))  # the whole is refused
        return None
    response = _response(source, envelope.document_id, at, answered, outcome)
    if response is None:
        return None
    return message_of(ResponseMessage, source, setting, envelope, at, follows=conversation, response=response)


def _answered(source: Source) -> ResponseDeclaration | None:
    pointer = "/Response/Declaration"
    reference = source.word("jonatuvchiRaqami", f"{pointer}/FunctionalReferenceID", within="/javob")
    number = source.word("royxatRaqami", f"{pointer}/ID", within="/javob")
    version = source.word("talqin", f"{pointer}/VersionID", within="/javob")
    if reference is None:
        source.say("UZ-004", Severity.REJECT, f"{pointer}/FunctionalReferenceID", "", "/javob")
        return None
    return fit(
        ResponseDeclaration,
        source.findings,
        pointer,
        "/javob",
        functional_reference_id=reference,
        id=number,
        version_id=version,
    )


def _response(
    source: Source, document_id: str, at: datetime, answered: ResponseDeclaration, code: str
) -> Response | None:
    outcome = OUTCOMES[code]
    source.origins["/Response/FunctionalReferenceID"] = "/hujjatId"
    spoken = source.word("natijaMatni")
    words = None if spoken == outcome.text else spoken
    if outcome.status:
        source.origins["/Response/Status/0/NameCode"] = "/natija"
    pointer = "/Response/AdditionalInformation/0"
    if outcome.statement:
        source.origins[f"{pointer}/StatementCode"] = "/natija"
    if words is not None:
        source.origins[f"{pointer}/StatementDescription"] = "/natijaMatni"
    statement = fit(
        AdditionalInformation,
        source.findings,
        pointer,
        "/natijaMatni",
        statement_code=outcome.statement or None,
        statement_description=words,
        statement_type_code=STATEMENT_SUBJECT if outcome.statement or words else None,
    )
    return fit(
        Response,
        source.findings,
        "/Response",
        "",
        function_code=outcome.function,
        functional_reference_id=short_reference(document_id),
        issue_date_time=at,
        additional_information=() if statement is None else (statement,),
        declaration=answered,
        error=_errors(source),
        status=(Status(name_code=outcome.status),) if outcome.status else (),
    )


def _errors(source: Source) -> tuple[Error, ...]:
    listed = source.tree.get("xatolar")
    if not isinstance(listed, list):
        return ()  # what is no list is reported as left over
    done: list[Error] = []
    for at, node in enumerate(listed):
        place = f"/xatolar/{at}"
        if not isinstance(node, dict) or absent(node):
            continue
        if len(done) == _MOST_ERRORS:
            source.take(place)
            source.unfit("", node.get("kod"), place)
            continue
        here = f"/Response/Error/{len(done)}"
        chain = wco_chain(str(node.get("joy", "")))
        if chain:
            source.take(f"{place}/joy", f"{here}/Pointer")
        if not absent(node.get("qiymat")):
            source.lost(node["qiymat"], f"{place}/qiymat")
        error = fit(
            Error,
            source.findings,
            here,
            place,
            description=source.string(node.get("matn"), f"{place}/matn", f"{here}/Description"),
            validation_code=source.string(node.get("kod"), f"{place}/kod", f"{here}/ValidationCode"),
            pointer=chain,
        )
        done += [] if error is None else [error]
    return tuple(done)


def write_notice(sheet: Sheet, message: ResponseMessage) -> dict[str, Any]:
    """A response as a notice."""
    response, envelope = message.response, message.communication_meta_data
    if response.functional_reference_id == short_reference(envelope.id):
        sheet.said.add("/Response/FunctionalReferenceID")
    sheet.said.add("/Response/FunctionCode")
    code = written_outcome(sheet, response, OUTCOMES, rule="UZ-005", otherwise=_TAKEN)
    return {
        "shakl": NOTICE,
        "shaklVersiyasi": VERSION,
        "sinov": envelope.test_indicator,
        "hujjatId": envelope.id,
        "hujjatSanasi": write_moment(sheet, response.issue_date_time, "/Response/IssueDateTime"),
        "jonatuvchiMamlakat": message.responsible_country_code,
        "qabulQiluvchiMamlakat": COUNTRY,
        "javob": _write_answered(sheet, message),
        "natija": code,
        "natijaMatni": _write_text(sheet, response, OUTCOMES[code].text),
        "xatolar": [_write_error(sheet, error, f"/Response/Error/{at}") for at, error in enumerate(response.error)]
        or None,
    }


def _write_answered(sheet: Sheet, message: ResponseMessage) -> dict[str, str]:
    """Uzbekistan's own declaration by its own reference; the message that was answered is no document it knows."""
    answered = message.response.declaration
    values = {
        "jonatuvchiRaqami": (answered.functional_reference_id, "FunctionalReferenceID"),
        "royxatRaqami": (answered.id, "ID"),
        "talqin": (answered.version_id, "VersionID"),
    }
    sheet.said.update(f"/Response/Declaration/{name}" for _, name in values.values())
    return {key: value for key, (value, _) in values.items() if value is not None}


def _write_text(sheet: Sheet, response: Response, standard: str) -> str:
    """The words of the decision, else the standard sentence. A second statement in words has no place."""
    known = {outcome.statement for outcome in OUTCOMES.values()} - {""}
    words: str | None = None
    for at, statement in enumerate(response.additional_information):
        here = f"/Response/AdditionalInformation/{at}"
        coded = statement.statement_code in known
        worded = statement.statement_description is not None and words is None
        if worded:
            words = statement.statement_description
            sheet.said.add(f"{here}/StatementDescription")
        if coded:
            sheet.said.add(f"{here}/StatementCode")
        if (coded or worded) and statement.statement_type_code == STATEMENT_SUBJECT:
            sheet.said.add(f"{here}/StatementTypeCode")
    return words or standard


def _write_error(sheet: Sheet, error: Error, here: str) -> dict[str, str]:
    node = {"kod": error.validation_code or "-", "matn": error.description or "-"}
    sheet.said.update((f"{here}/ValidationCode", f"{here}/Description"))
    if place := place_of_chain(error.pointer):
        node["joy"] = place
        sheet.said.update(kept_steps(here, error.pointer, wco_chain(place)))
    return node


def answer(document: National, taken: bool, faults: tuple[Fault, ...], at: datetime) -> National:
    """The notice by which a document that NSW UZ handed over is taken or returned; faults are told in Russian.

    Args:
        document: What was handed over; it may be unreadable.
        taken: Whether it was taken.
        faults: What is wrong with it; warnings where it was taken.
        at: The moment of answering, with offset.
    """
    code = _TAKEN if taken else _RETURNED
    named = _identity(document)
    identity = named.get("hujjatId") or of_bytes(document.body)
    tree: dict[str, Any] = {
        "shakl": NOTICE,
        "shaklVersiyasi": VERSION,
        "hujjatId": message_id(f"{identity}:{code}"),
        "hujjatSanasi": at.astimezone(TASHKENT).strftime("%d.%m.%Y %H:%M"),
        "javob": named,
        "natija": code,
        "natijaMatni": OUTCOMES[code].text,
        "xatolar": [_told(fault) for fault in faults] or None,
    }
    return National(bytes_of(tree), JSON, f"{document.name.removesuffix('.json') or message_id(identity)}.javob.json")


def _told(fault: Fault) -> dict[str, str]:
    values = {"kod": fault.rule, "matn": fault.text or fault.rule, "joy": fault.place, "qiymat": fault.value[:200]}
    return {name: value for name, value in values.items() if value}


def _identity(document: National) -> dict[str, str]:
    """What a document calls itself: its identifier, and of a DM its reference and registration number."""
    tree = _tree(document)
    names = ("hujjatId", "jonatuvchiRaqami", "royxatRaqami") if tree.get("shakl") == ADVANCE else ("hujjatId",)
    found = {name: tree.get(name) for name in names}
    return {name: value.strip()[:200] for name, value in found.items() if isinstance(value, str) and value.strip()}


def _tree(document: National) -> Mapping[str, Any]:
    try:
        return parse_json(document.body)[0]
    except Unreadable:
        return {}


def acknowledged(reply: National) -> Acknowledgement:
    """What NSW UZ said when a document was handed to it: taken or refused, and the number it gave."""
    source = Source(_tree(reply))
    if source.word("shakl") != NOTICE:
        return Acknowledgement(taken=False, text="not an XN notice")
    code = source.word("natija")
    listed = source.tree.get("xatolar")
    errors = [node.get("matn") for node in listed if isinstance(node, dict)] if isinstance(listed, list) else []
    said = [text for text in (source.word("natijaMatni"), *errors) if isinstance(text, str) and text]
    number = source.word("royxatRaqami", within="/javob")
    return Acknowledgement(
        code in OUTCOMES and code != _RETURNED, number or "", "; ".join(said), refused=code == _RETURNED
    )
