"""MT9999, China's reply: read as the authority's answer, written as one, and used to acknowledge.

`Response/AdditionalInformation/StatementCode` carries the outcome; the table is `codes.ANSWERS`.
"""

from __future__ import annotations

import re
from datetime import datetime

from lxml import etree

from adapters.cn.codes import (
    ANSWERS,
    COUNTRY,
    NOT_TAKEN,
    PROFILE,
    REPLY,
    Answer,
    answer_for,
    sender_code,
    sender_country,
)
from adapters.cn.document import Document, Leaf, Notes, Part, build, digits, element, moment, opened
from adapters.cn.head import head, message_number, own_number, own_reference, sender_in
from adapters.cn.places import national_xpath, wco_chain
from adapters.kit.contract import XML, Acknowledgement, Fault, National, Route, Setting, not_carried
from adapters.kit.implied import STATEMENT_SUBJECT
from adapters.kit.route import route_to
from adapters.kit.xml_sheet import xml_bytes
from gateway.message.finding import Finding, Severity
from gateway.message.metadata import ResponseMessage
from gateway.message.parts import AdditionalInformation
from gateway.message.response import Error, Response, ResponseDeclaration, Status

_NOT_IN_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAKEN = frozenset({"01", "02", "11", "12", "13", "E1", "E3", "D"})
_RETURNED = "03"


# Reading


def answered(document: Document) -> Leaf | None:
    """MessageID of the document that is answered."""
    return document.root.part("Response").leaf("FunctionalReferenceID")


def answering(document: Document) -> str | None:
    """The country abroad whose answer a reply is; None where China answers."""
    number = document.message_id
    country = sender_country(sender_in(number)) if number is not None else None
    return country if country != COUNTRY else None


def route(document: Document, setting: Setting) -> tuple[Route | None, str | None]:
    """The other side of a reply: the country that answers, or for which China decides, or the only one there is.

    A declaration handed to the window carries the sender code of its country in its number
    (`codes.sender_code`), and the decision cites that number. The batch number tells it too where it begins with the
    country, as `KG/20261123/000000123` does.
    """
    country = country_of(document, answered(document), setting)
    return route_to(setting, country, only=country is None), country


def country_of(document: Document, cited: Leaf | None, setting: Setting) -> str | None:
    """The country abroad that a reply or a report is of, or whose document it is about; None where that is not known.

    Args:
        document: The reply or the report.
        cited: MessageID of the document that it is about.
        setting: The routes, by which a country at the beginning of a batch number is known.
    """
    country, batch = answering(document), document.batch
    if country is None and cited is not None:
        country = sender_country(sender_in(cited))
    if country is None and batch is not None and batch.text[:2] in setting.routes and not batch.text[2:3].isalnum():
        country = batch.text[:2]
    return country


def response_of(notes: Notes, document: Document) -> Response | None:
    """The answer in a reply; None, with findings, where it decides nothing or lacks a key."""
    form, head = document.root.part("Response"), document.root.part("Head")
    statements = list(form.parts("AdditionalInformation"))
    codes = [part.leaf("StatementCode") for part in statements]
    chosen = next((index for index, code in enumerate(codes) if code and code.text in ANSWERS), None)
    batch, issued = document.batch, form.leaf("IssueDateTime")
    cited, function = answered(document), head.leaf("FunctionCode")
    if (sender := head.leaf("SenderID")) is not None:
        notes.lost("", sender.text, sender.place)
    if function is not None and function.text != "11":
        notes.lost("/Response/FunctionCode", function.text, function.place)
    if cited is not None and (batch is None or cited.text != batch.text):
        # The batch number names the declaration; no message of the common form carries a national message number.
        notes.lost("/CommunicationMetaData/ConversationReferenceID", cited.text, cited.place)
    if batch is None:
        place = f"{form.place}/Declaration/ID"
        notes.add("CN-001", Severity.REJECT, "/Response/Declaration/FunctionalReferenceID", None, place, name="ID")
    at = moment(notes, "/Response/IssueDateTime", issued)
    if at is None:
        place = f"{form.place}/IssueDateTime"
        notes.add("CN-001", Severity.REJECT, "/Response/IssueDateTime", None, place, name="IssueDateTime")
    if chosen is None:
        seen = next((code for code in codes if code), None)
        notes.add("CN-019", Severity.REJECT, "/Response/FunctionCode", seen, form.place)
    if chosen is None or batch is None or at is None or document.message_id is None:
        return None
    answer = ANSWERS[next(code.text for code in codes[chosen:] if code)]
    notes.origins["/Response/FunctionCode"] = f"{statements[chosen].place}/StatementCode"
    return build(
        Response,
        notes,
        "/Response",
        form,
        function_code=answer.function,
        functional_reference_id=own_reference(document.message_id, REPLY),
        issue_date_time=at,
        additional_information=_statements(notes, statements, chosen, answer),
        declaration=build(
            ResponseDeclaration,
            notes,
            "/Response/Declaration",
            form.part("Declaration"),
            functional_reference_id=batch,
        ),
        error=_errors(notes, form),
        status=(Status(name_code=answer.status),) if answer.status else (),
    )


def _statements(notes: Notes, parts: list[Part], chosen: int, answer: Answer) -> tuple[AdditionalInformation, ...]:
    """The statement that decides, then the others; words that say no more than the code are the code's own."""
    read: list[AdditionalInformation] = []
    for index in (chosen, *(index for index in range(len(parts)) if index != chosen)):
        part, at = parts[index], f"/Response/AdditionalInformation/{len(read)}"
        code, words = part.leaf("StatementCode"), part.leaf("StatementDescription")
        statement = None
        if index == chosen:
            statement = answer.statement
            words = None if words is not None and words.text == answer.text else words
        elif code is not None:
            notes.lost(f"{at}/StatementCode", code.text, code.place)
        made = build(
            AdditionalInformation,
            notes,
            at,
            part,
            statement_code=statement,
            statement_description=words,
            statement_type_code=STATEMENT_SUBJECT if words or statement else None,
        )
        read.extend([made] if made else [])
    return tuple(read)


def _errors(notes: Notes, form: Part) -> tuple[Error, ...]:
    read: list[Error] = []
    for part in form.parts("Error"):
        at = f"/Response/Error/{len(read)}"
        place, value = part.leaf("Pointer"), part.leaf("Value")
        chain = wco_chain(place.text) if place else ()
        if place is not None and not chain:
            notes.lost(f"{at}/Pointer", place.text, place.place)
        if value is not None:
            notes.lost("", value.text, value.place)
        made = build(
            Error,
            notes,
            at,
            part,
            description=part.leaf("Description"),
            validation_code=part.leaf("ValidationCode"),
            pointer=chain,
        )
        read.extend([made] if made else [])
    return tuple(read)


# Writing


def write_response(message: ResponseMessage, code: str) -> tuple[Document, str, list[Finding]]:
    """The reply that says what a Response says, its MessageID, and what stands in the way.

    Args:
        message: The message.
        code: The 13-character sender code of the country that answers.
    """
    response = message.response
    findings: list[Finding] = []
    statement = next((info.statement_code for info in response.additional_information if info.statement_code), None)
    status = response.status[0].name_code if response.status else None
    answer = answer_for(response.function_code, status, statement)
    if answer is None:
        value = " ".join(filter(None, (response.function_code, status, statement)))
        findings.append(Finding("CN-019", Severity.REJECT, "/Response/FunctionCode", value))
    meta = message.communication_meta_data
    made = message_number(REPLY, code, meta.preparation_date_time, meta.id)
    number = own_number(response.functional_reference_id, REPLY) or made
    root = _made(
        number=number,
        sender=f"{code}_{PROFILE['sender']['exchange_id']}",
        sent=meta.preparation_date_time,
        answered_number=response.declaration.functional_reference_id,
        issued=response.issue_date_time,
        batch=response.declaration.functional_reference_id,
        statements=_written_statements(response, answer),
        errors=[_written_error(error) for error in response.error],
    )
    return Document(REPLY, Part(root, "/Response")), number, findings


def _written_statements(response: Response, answer: Answer | None) -> list[tuple[str | None, str | None]]:
    """Code and words of each statement; the outcome's code goes first."""
    infos = list(response.additional_information)
    first = next((info for info in infos if info.statement_code), infos[0] if infos else None)
    code, text = (answer.code, answer.text) if answer else (None, None)
    words = first.statement_description if first and first.statement_description else text
    others = [(None, info.statement_description) for info in infos if info is not first]
    return [(code, words), *others]


def _written_error(error: Error) -> tuple[str | None, str | None, str | None, str | None]:
    return error.validation_code, error.description, national_xpath(error.pointer), None


def unpointed(response: Response) -> list[Finding]:
    """A `KIT-LOST-01` for each pointer of an error for which the window's document has no place."""
    return [
        not_carried(f"/Response/Error/{index}/Pointer", " ".join(filter(None, _ids(error))))
        for index, error in enumerate(response.error)
        if error.pointer and national_xpath(error.pointer) is None
    ]


def _ids(error: Error) -> list[str | None]:
    return [part for step in error.pointer for part in (step.document_section_code, step.tag_id)]


def answer(document: National, taken: bool, faults: tuple[Fault, ...], at: datetime) -> National:
    """The reply to a document that the window handed over: `D` when taken, `03` with every fault when not.

    Args:
        document: What was handed over.
        taken: Whether it was taken.
        faults: What was found; with `taken`, warnings only.
        at: The moment of answering, with offset.
    """
    documents = opened(document, Notes())
    first = documents[0] if documents else None
    number = first.message_id if first else None
    batch = first.batch if first else None
    said = ANSWERS["D" if taken else _RETURNED]
    code = sender_code(COUNTRY)
    own = message_number(REPLY, code, at)
    root = _made(
        number=own,
        sender=f"{code}_{PROFILE['sender']['exchange_id']}",
        sent=at,
        answered_number=number.text if number else None,
        issued=at,
        batch=batch.text if batch else None,
        statements=[(said.code, said.text)],
        errors=[
            (_carried(fault.rule), _carried(fault.text), _carried(fault.place), _carried(fault.value))
            for fault in faults
        ],
    )
    return National(xml_bytes(root), XML, f"{own}.xml")


def _carried(text: str) -> str | None:
    """What is told of a fault, with a mark for each character that XML cannot carry; None where nothing is told.

    Whatever was found must be told: an answer that cannot be made would leave the window to repeat for ever.
    """
    return _NOT_IN_XML.sub("\ufffd", text) or None


def _made(
    *,
    number: str,
    sender: str,
    sent: datetime,
    answered_number: str | None,
    issued: datetime,
    batch: str | None,
    statements: list[tuple[str | None, str | None]],
    errors: list[tuple[str | None, str | None, str | None, str | None]],
) -> etree._Element:
    root = element(
        REPLY,
        "Response",
        head(REPLY, number, "11", sender, sent),
        element(
            REPLY,
            "Response",
            element(REPLY, "FunctionalReferenceID", answered_number),
            element(REPLY, "IssueDateTime", digits(issued, milliseconds=True)),
            element(REPLY, "Declaration", element(REPLY, "ID", batch)),
            *(
                element(
                    REPLY,
                    "AdditionalInformation",
                    element(REPLY, "StatementCode", code),
                    element(REPLY, "StatementDescription", words),
                )
                for code, words in statements
            ),
            *(
                element(
                    REPLY,
                    "Error",
                    element(REPLY, "ValidationCode", rule),
                    element(REPLY, "Description", words),
                    element(REPLY, "Pointer", place),
                    element(REPLY, "Value", value),
                )
                for rule, words, place, value in errors
            ),
        ),
    )
    assert root is not None  # noqa: S101 - the head is never empty
    return root


# Acknowledging


def acknowledged(national: National) -> Acknowledgement:
    """What the window's reply to a delivered document says; one that cannot be read or decides nothing says neither."""
    documents = opened(national, Notes())
    document = next((found for found in documents if found.type == REPLY), None)
    if document is None:
        return Acknowledgement(taken=False, text="MT9999: unreadable")
    form = document.root.part("Response")
    codes, words = [], []
    for part in form.parts("AdditionalInformation"):
        code, said = part.leaf("StatementCode"), part.leaf("StatementDescription")
        codes.append(code.text if code else "")
        words.extend([said.text] if said else [])
    for part in form.parts("Error"):
        words.extend(leaf.text for name in ("ValidationCode", "Description") if (leaf := part.leaf(name)))
    number = document.message_id
    outcome = next((code for code in codes if code in ANSWERS or code in NOT_TAKEN), "")
    text = " ".join(words) or NOT_TAKEN.get(outcome, "")
    reference = number.text if number else ""
    return Acknowledgement(outcome in _TAKEN, reference, f"{outcome} {text}".strip(), refused=outcome == _RETURNED)
