"""Rules about the Response: the answer of the receiving authority."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.message.finding import Severity
from gateway.message.leaf import write_date_time
from gateway.message.metadata import ResponseMessage
from gateway.validation.rule import Context, Hit, rule

STATUS, REJECTED, ACCEPTED, UNDER_REVIEW = "11", "27", "44", "45"
ANSWERS = (STATUS, REJECTED, ACCEPTED, UNDER_REVIEW)
"""Function codes of a response."""


@rule(
    "ACD-RES-01",
    Severity.WARN,
    "A refusal says why",
    source="project decision, after WCO Data Model, Response/Error (53A)",
    about=ResponseMessage,
)
def refusal_has_reason(message: ResponseMessage, _: Context) -> Iterator[Hit]:
    """Function code 27 with an error, or a statement in words. A warning: a refusal without reasons is still one."""
    response = message.response
    explained = response.error or any(said.statement_description for said in response.additional_information)
    if response.function_code == REJECTED and not explained:
        yield Hit("/Response/Error")


@rule(
    "ACD-RES-02",
    Severity.REJECT,
    "The function of a response is one of 11, 27, 44 and 45",
    source="UNTDID 1225; the four that this form uses",
    about=ResponseMessage,
)
def function_answers(message: ResponseMessage, _: Context) -> Iterator[Hit]:
    """Response with status, not accepted, accepted, accepted with reserves."""
    code = message.response.function_code
    if code not in ANSWERS:
        yield Hit("/Response/FunctionCode", code)


@rule(
    "ACD-RES-03",
    Severity.REJECT,
    "A response names the declaration that it answers",
    source="WCO Data Model, Response/Declaration (42A)",
    about=ResponseMessage,
)
def names_declaration(message: ResponseMessage, _: Context) -> Iterator[Hit]:
    """By the reference of its sender, or by its registration number."""
    answered = message.response.declaration
    if answered.functional_reference_id is None and answered.id is None:
        yield Hit("/Response/Declaration/FunctionalReferenceID")


@rule(
    "ACD-RES-04",
    Severity.WARN,
    "An error has a code or a description",
    source="WCO Data Model, Response/Error (53A)",
    about=ResponseMessage,
)
def error_says_something(message: ResponseMessage, _: Context) -> Iterator[Hit]:
    """ValidationCode or Description of each error."""
    for index, error in enumerate(message.response.error):
        if error.validation_code is None and error.description is None:
            yield Hit(f"/Response/Error/{index}/Description")


@rule(
    "ACD-RES-05",
    Severity.INFO,
    "A response names the message that it answers",
    source="project decision; the declaration's reference is enough to find the exchange",
    about=ResponseMessage,
)
def names_message(message: ResponseMessage, _: Context) -> Iterator[Hit]:
    """ConversationReferenceID is there."""
    if message.communication_meta_data.conversation_reference_id is None:
        yield Hit("/CommunicationMetaData/ConversationReferenceID")


@rule(
    "ACD-RES-06",
    Severity.REJECT,
    "The dates of a response agree with its function",
    source="WCO Data Model, Response/Declaration: dates of acceptance and rejection",
    about=ResponseMessage,
)
def dates_agree(message: ResponseMessage, _: Context) -> Iterator[Hit]:
    """No date of rejection with an acceptance, no date of acceptance with a refusal."""
    code, answered = message.response.function_code, message.response.declaration
    if code in (ACCEPTED, UNDER_REVIEW) and answered.rejection_date_time is not None:
        shown = write_date_time(answered.rejection_date_time)
        yield Hit("/Response/Declaration/RejectionDateTime", shown, {"function": code})
    if code == REJECTED and answered.acceptance_date_time is not None:
        shown = write_date_time(answered.acceptance_date_time)
        yield Hit("/Response/Declaration/AcceptanceDateTime", shown, {"function": code})


@rule(
    "ACD-RES-07",
    Severity.REJECT,
    "A response with status has a status or a statement",
    source="UNTDID 1225, code 11; WCO Data Model, Response/Status (12B)",
    about=ResponseMessage,
)
def status_is_there(message: ResponseMessage, _: Context) -> Iterator[Hit]:
    """Function code 11 with Status/NameCode, or with AdditionalInformation/StatementCode."""
    response = message.response
    if response.function_code != STATUS:
        return
    if any(status.name_code for status in response.status):
        return
    if not any(said.statement_code for said in response.additional_information):
        yield Hit("/Response/Status")


@rule(
    "ACD-RES-08",
    Severity.REJECT,
    "A response says one decision",
    source="project decision: nobody may have to guess whether goods are let through",
    about=ResponseMessage,
)
def says_one_decision(message: ResponseMessage, _: Context) -> Iterator[Hit]:
    """No order not to load or to unload beside the other one, function 44 or 45, or an approval (4405, code 39)."""
    response = message.response
    orders = [
        (f"/Response/AdditionalInformation/{index}/StatementCode", said.statement_code)
        for index, said in enumerate(response.additional_information)
        if said.statement_code in FORBIDDING
    ]
    approved = any(status.name_code == "39" for status in response.status)
    lets_through = response.function_code in (ACCEPTED, UNDER_REVIEW) or approved
    if lets_through or len({code for _, code in orders}) > 1:
        for pointer, code in orders:
            yield Hit(pointer, code, {"function": response.function_code})


FORBIDDING = ("DNL", "UPR")
"""Statements that forbid: do not load, unloading prohibited."""

RULES = (
    says_one_decision,
    refusal_has_reason,
    function_answers,
    names_declaration,
    error_says_something,
    names_message,
    dates_agree,
    status_is_there,
)
