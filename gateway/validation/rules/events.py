"""Rules about the BorderEvent: what one event alone can show, before it is compared with what was declared.

An event tells a fact, and a fact is not refused for being told briefly: only what cannot be understood, or says nothing
of its kind, refuses. What may be missing in a national form (plates, figures of the import) is a warning: the exchange
goes on, and the comparison says less. Comparing is not done here but in `gateway.exchange.compare`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from gateway.message.border_event import BorderEvent
from gateway.message.declaration import Consignment
from gateway.message.finding import Severity
from gateway.message.leaf import write_date_time
from gateway.message.metadata import BorderEventMessage
from gateway.validation.rule import Context, Hit, rule

DEPARTURE, ARRIVAL, CONTROL, DISCREPANCY, IMPORT = "DEP", "ARR", "CTL", "DIS", "IMP"
EXPIRY, UNDELIVERABLE = "EXP", "UND"
EVENT_TYPES = (DEPARTURE, ARRIVAL, CONTROL, DISCREPANCY, IMPORT, EXPIRY, UNDELIVERABLE)
"""Kinds of event: this project's codes."""

INTACT, BROKEN, MISSING = "INT", "BRK", "MIS"
SEAL_CONDITIONS = (INTACT, BROKEN, MISSING)
"""How a seal was found: this project's codes."""

RELEASED, HELD, REFUSED = "REL", "HLD", "REF"
CONCLUSIONS = (RELEASED, HELD, REFUSED)
"""What a control concludes: this project's codes."""

IMPORT_DECLARATION = "929"
"""UNTDID 1001: goods declaration for importation."""

_WITHOUT_PLACE = frozenset({EXPIRY, UNDELIVERABLE})
_HS = re.compile(r"[0-9]{6,13}")
_SOURCE = "this form (schemas/border_event)"


@rule(
    "ACD-EVT-01",
    Severity.REJECT,
    "The kind of a border event is one of those that the form knows",
    source=_SOURCE,
    about=BorderEventMessage,
)
def type_is_known(message: BorderEventMessage, _: Context) -> Iterator[Hit]:
    """EventTypeCode is DEP, ARR, CTL, DIS, IMP, EXP or UND."""
    code = message.border_event.event_type_code
    if code not in EVENT_TYPES:
        yield Hit("/BorderEvent/EventTypeCode", code, {"allowed": ", ".join(EVENT_TYPES)})


@rule(
    "ACD-EVT-02",
    Severity.REJECT,
    "A border event has happened when it is told",
    source="project decision, with the skew of clocks that the gateway allows",
    about=BorderEventMessage,
)
def not_in_the_future(message: BorderEventMessage, context: Context) -> Iterator[Hit]:
    """EventDateTime is not later than the moment of judgement, but for the skew of clocks."""
    happened = message.border_event.event_date_time
    if happened > context.now + context.clock_skew:
        latest = write_date_time(context.now + context.clock_skew)
        yield Hit("/BorderEvent/EventDateTime", write_date_time(happened), {"latest": latest})


@rule(
    "ACD-EVT-03",
    Severity.WARN,
    "A border event is issued after it has happened",
    source="project decision",
    about=BorderEventMessage,
)
def issued_afterwards(message: BorderEventMessage, context: Context) -> Iterator[Hit]:
    """IssueDateTime is not earlier than EventDateTime, but for the skew of clocks; either of the two may be wrong."""
    event = message.border_event
    if event.issue_date_time < event.event_date_time - context.clock_skew:
        shown = {"happened": write_date_time(event.event_date_time)}
        yield Hit("/BorderEvent/IssueDateTime", write_date_time(event.issue_date_time), shown)


@rule(
    "ACD-EVT-04",
    Severity.REJECT,
    "A border event names the customs office where it happened",
    source=_SOURCE + "; an expiry and a failed delivery happen nowhere",
    about=BorderEventMessage,
)
def office_is_named(message: BorderEventMessage, _: Context) -> Iterator[Hit]:
    """BorderOffice/ID of every event but EXP and UND."""
    event = message.border_event
    if event.event_type_code not in _WITHOUT_PLACE and (event.border_office is None or event.border_office.id is None):
        yield Hit("/BorderEvent/BorderOffice/ID")


@rule(
    "ACD-EVT-05",
    Severity.WARN,
    "A departure and an arrival name the vehicle that was seen",
    source="project decision: without it nobody can tell whether the declared vehicle came; some national forms leave "
    "it open",
    about=BorderEventMessage,
)
def vehicle_is_named(message: BorderEventMessage, _: Context) -> Iterator[Hit]:
    """BorderTransportMeans/ID of DEP and ARR; or wagons of the consignments, by rail."""
    event = message.border_event
    if event.event_type_code not in (DEPARTURE, ARRIVAL):
        return
    means = event.border_transport_means
    if means is not None and means.id is not None:
        return
    if not any(consignment.passive_transport_means for consignment in event.consignment):
        yield Hit("/BorderEvent/BorderTransportMeans/ID")


@rule(
    "ACD-EVT-06",
    Severity.REJECT,
    "The result of a control says what was found or concluded",
    source=_SOURCE,
    about=BorderEventMessage,
)
def control_has_result(message: BorderEventMessage, _: Context) -> Iterator[Hit]:
    """CTL has a ControlResult with a conclusion, a mass, an image or a seal."""
    event = message.border_event
    if event.event_type_code == CONTROL and not _result_says_something(event):
        yield Hit("/BorderEvent/ControlResult")


def _result_says_something(event: BorderEvent) -> bool:
    result = event.control_result
    return result is not None and any(
        (result.conclusion_code, result.gross_mass_measure, result.image_reference_id, result.seal_check)
    )


@rule(
    "ACD-EVT-07",
    Severity.REJECT,
    "A discrepancy says what differs",
    source=_SOURCE,
    about=BorderEventMessage,
)
def discrepancy_says_what(message: BorderEventMessage, _: Context) -> Iterator[Hit]:
    """DIS has a control result, a vehicle or consignments as found, or a statement in code or words."""
    event = message.border_event
    if event.event_type_code != DISCREPANCY:
        return
    told = any(said.statement_code or said.statement_description for said in event.additional_information)
    if not (told or event.consignment or event.border_transport_means or _result_says_something(event)):
        yield Hit("/BorderEvent/AdditionalInformation")


@rule(
    "ACD-EVT-08",
    Severity.REJECT,
    "Import information has the consignments that were imported",
    source="exchange of export and import information as published for the Russian Federation and Uzbekistan, 2007; "
    "project decision",
    about=BorderEventMessage,
)
def import_has_consignments(message: BorderEventMessage, _: Context) -> Iterator[Hit]:
    """IMP has at least one consignment: there is nothing else to match."""
    event = message.border_event
    if event.event_type_code == IMPORT and not event.consignment:
        yield Hit("/BorderEvent/Consignment")


@rule(
    "ACD-EVT-09",
    Severity.WARN,
    "A consignment that was imported has its import declaration, goods codes, packages and gross mass",
    source="project decision: what export and import are matched by; some national forms leave it open",
    about=BorderEventMessage,
)
def import_can_be_matched(message: BorderEventMessage, _: Context) -> Iterator[Hit]:
    """Each consignment of IMP: document 929 with its number, HS of six digits for each item, packages, gross mass."""
    event = message.border_event
    if event.event_type_code != IMPORT:
        return
    for index, consignment in enumerate(event.consignment):
        for below in _lacking(consignment):
            yield Hit(f"/BorderEvent/Consignment/{index}/{below}", "", {"name": below.rpartition("/")[2]})


def _lacking(consignment: Consignment) -> Iterator[str]:
    """What of an imported consignment is missing, as the pointer below it."""
    documents = [document for document in consignment.additional_document if document.type_code == IMPORT_DECLARATION]
    if not any(document.id for document in documents):
        yield "AdditionalDocument"
    if not consignment.consignment_item:
        yield "ConsignmentItem"
    for index, item in enumerate(consignment.consignment_item):
        codes = item.commodity.classification if item.commodity is not None else ()
        if not any(_HS.fullmatch(code.id) for code in codes if code.identification_type_code in (None, "HS")):
            yield f"ConsignmentItem/{index}/Commodity/Classification"
    counted = any(pack.quantity_quantity for item in consignment.consignment_item for pack in item.packaging)
    if consignment.total_package_quantity is None and not counted:
        yield "TotalPackageQuantity"
    weighed = any(item.goods_measure and item.goods_measure.gross_mass_measure for item in consignment.consignment_item)
    if consignment.total_gross_mass_measure is None and not weighed:
        yield "TotalGrossMassMeasure"


@rule(
    "ACD-EVT-10",
    Severity.REJECT,
    "The condition of a seal is one of those that the form knows",
    source=_SOURCE,
    about=BorderEventMessage,
)
def seal_condition_is_known(message: BorderEventMessage, _: Context) -> Iterator[Hit]:
    """ConditionCode of each seal is INT, BRK or MIS."""
    result = message.border_event.control_result
    for index, check in enumerate(result.seal_check if result is not None else ()):
        if check.condition_code not in SEAL_CONDITIONS:
            pointer = f"/BorderEvent/ControlResult/SealCheck/{index}/ConditionCode"
            yield Hit(pointer, check.condition_code, {"allowed": ", ".join(SEAL_CONDITIONS), "seal": check.id})


@rule(
    "ACD-EVT-11",
    Severity.REJECT,
    "The conclusion of a control is one of those that the form knows",
    source=_SOURCE,
    about=BorderEventMessage,
)
def conclusion_is_known(message: BorderEventMessage, _: Context) -> Iterator[Hit]:
    """ConclusionCode is REL, HLD or REF."""
    result = message.border_event.control_result
    if result is not None and result.conclusion_code is not None and result.conclusion_code not in CONCLUSIONS:
        allowed = {"allowed": ", ".join(CONCLUSIONS)}
        yield Hit("/BorderEvent/ControlResult/ConclusionCode", result.conclusion_code, allowed)


@rule(
    "ACD-EVT-12",
    Severity.REJECT,
    "A border event names the declaration that it is about",
    source=_SOURCE + "; the exchange is found by the declarant's reference",
    about=BorderEventMessage,
)
def names_declaration(message: BorderEventMessage, _: Context) -> Iterator[Hit]:
    """The declarant's reference is there; a registration number alone is known to one side only."""
    if message.border_event.declaration.functional_reference_id is None:
        yield Hit("/BorderEvent/Declaration/FunctionalReferenceID")


SEAL_TITLES: Mapping[str, Mapping[str, str]] = {
    INTACT: {"en": "intact", "ru": "не повреждена", "zh": "完好"},
    BROKEN: {"en": "broken", "ru": "повреждена", "zh": "破损"},
    MISSING: {"en": "missing", "ru": "отсутствует", "zh": "缺失"},
    "UNK": {"en": "not declared", "ru": "не заявлена", "zh": "未申报"},
}
"""How a seal was found, for people; UNK is a finding of the comparison and never sent."""

RULES = (
    type_is_known,
    not_in_the_future,
    issued_afterwards,
    office_is_named,
    vehicle_is_named,
    control_has_result,
    discrepancy_says_what,
    import_has_consignments,
    import_can_be_matched,
    seal_condition_is_known,
    conclusion_is_known,
    names_declaration,
)
