"""What the rules of border events say beside their cases, and the rules of declarations that judge events as well."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from builders.messages import (
    NOW,
    arrival,
    changed,
    control_result,
    declaration,
    departure,
    event,
    import_information,
    response,
    without,
)
from gateway.message.examples import examples
from gateway.message.metadata import BorderEventMessage, MetaData
from gateway.validation.rule import Context
from gateway.validation.validate import valid, validate

E = "/BorderEvent"
V = f"{E}/BorderTransportMeans"
C = f"{E}/Consignment/0"
R = f"{E}/ControlResult"
EVERY_KIND = [
    departure(),
    arrival(),
    control_result(),
    event("DIS"),
    import_information(consignments=3),
    event("EXP", sender="GATEWAY"),
    event("UND", sender="GATEWAY"),
]


def found(message: MetaData) -> list[tuple[str, str, str]]:
    return [(one.rule, one.pointer, one.value) for one in validate(message, Context(now=NOW))]


@pytest.mark.parametrize("message", EVERY_KIND, ids=lambda message: message.border_event.event_type_code)
def test_a_complete_event_of_every_kind_has_no_finding(message: BorderEventMessage) -> None:
    assert found(message) == []


@pytest.mark.parametrize("name", sorted(examples("border_event")))
def test_a_published_event_has_no_finding(name: str) -> None:
    message = examples("border_event")[name]
    assert validate(message, Context(now=message.communication_meta_data.preparation_date_time)) == ()


# (what is wrong, event, changes, places left out, findings)
BROKEN: list[tuple[str, BorderEventMessage, Mapping[str, Any], tuple[str, ...], list[tuple[str, str, str]]]] = [
    ("an arrival without vehicle", arrival(), {}, (V,), [("ACD-EVT-05", f"{V}/ID", "")]),
    ("an office without code", arrival(), {f"{E}/BorderOffice": {}}, (), [("ACD-EVT-04", f"{E}/BorderOffice/ID", "")]),
    ("an empty control result", control_result(), {R: {}}, (), [("ACD-EVT-06", R, "")]),
    ("a discrepancy with an empty statement", event("DIS"),
     {f"{E}/AdditionalInformation": [{"StatementTypeCode": "CUS"}]}, (R,),
     [("ACD-EVT-07", f"{E}/AdditionalInformation", "")]),
    ("an import declaration without number", import_information(), {}, (f"{C}/AdditionalDocument/0/ID",),
     [("ACD-EVT-09", f"{C}/AdditionalDocument", "")]),
    ("an export declaration in place of the import's", import_information(),
     {f"{C}/AdditionalDocument/0/TypeCode": "830"}, (), [("ACD-EVT-09", f"{C}/AdditionalDocument", "")]),
    ("a goods code of four digits", import_information(),
     {f"{C}/ConsignmentItem/0/Commodity/Classification/0/ID": "7326"}, (),
     [("ACD-EVT-09", f"{C}/ConsignmentItem/0/Commodity/Classification", "")]),
    ("imported goods without items and figures", import_information(), {},
     (f"{C}/ConsignmentItem", f"{C}/TotalGrossMassMeasure", f"{C}/TotalPackageQuantity"),
     [("ACD-EVT-09", f"{C}/TotalGrossMassMeasure", ""), ("ACD-EVT-09", f"{C}/TotalPackageQuantity", ""),
      ("ACD-EVT-09", f"{C}/ConsignmentItem", "")]),
    ("a weighing in tonnes", control_result(), {f"{R}/GrossMassMeasure": {"value": "1.55", "unitCode": "TNE"}}, (),
     [("ACD-CON-06", f"{R}/GrossMassMeasure/unitCode", "TNE")]),
    ("a weighing without unit", control_result(), {}, (f"{R}/GrossMassMeasure/unitCode",),
     [("ACD-CON-03", f"{R}/GrossMassMeasure/unitCode", "")]),
    ("a value without currency", import_information(), {}, (f"{C}/ValueAmount/currencyID",),
     [("ACD-CON-03", f"{C}/ValueAmount/currencyID", "")]),
    ("no mass at all", import_information(), {f"{C}/TotalGrossMassMeasure/value": "0"}, (),
     [("ACD-CON-04", f"{C}/TotalGrossMassMeasure", "0")]),
    ("one number for two consignments", import_information(consignments=2),
     {f"{E}/Consignment/1/SequenceNumeric": 1}, (), [("ACD-CON-01", f"{E}/Consignment/1/SequenceNumeric", "1")]),
    ("one number for two trailers", arrival(),
     {f"{V}/TransportEquipment/1": {"ID": "01KG888", "SequenceNumeric": 1}}, (),
     [("ACD-CON-05", f"{V}/TransportEquipment/1/SequenceNumeric", "1")]),
    ("a container with a wrong check digit", arrival(), {f"{C}/TransportEquipment/0/ID": "CSQU3054384"}, (),
     [("ACD-IDN-01", f"{C}/TransportEquipment/0/ID", "CSQU3054384")]),
    ("a consignee with a wrong check digit", import_information(),
     {f"{C}/Consignor": {"ID": "91110000600037341M", "Address": {"CountryCode": "CN"}}}, (),
     [("ACD-IDN-02", f"{C}/Consignor/ID", "91110000600037341M")]),
    ("an office in no known form", arrival(), {f"{E}/BorderOffice/ID": "417-002"}, (),
     [("ACD-COD-03", f"{E}/BorderOffice/ID", "417-002")]),
    ("a country that is none", arrival(), {f"{V}/RegistrationNationalityCode": "XX"}, (),
     [("ACD-COD-01", f"{V}/RegistrationNationalityCode", "XX")]),
    ("a message id that is none", arrival(), {"/CommunicationMetaData/ID": "1"}, (),
     [("ACD-ENV-06", "/CommunicationMetaData/ID", "1")]),
    ("sent to oneself", arrival(), {"/CommunicationMetaData/Recipient/ID": "KG"}, (),
     [("ACD-ENV-07", "/CommunicationMetaData/Recipient/ID", "KG")]),
    ("an answer to no message", arrival(), {"/CommunicationMetaData/ConversationReferenceID": "x"}, (),
     [("ACD-ENV-08", "/CommunicationMetaData/ConversationReferenceID", "x")]),
    ("prepared long ago", arrival(), {"/CommunicationMetaData/PreparationDateTime": "2026-11-01T00:00:00Z"}, (),
     [("ACD-ENV-04", "/CommunicationMetaData/PreparationDateTime", "2026-11-01T00:00:00Z")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("message", "changes", "left_out", "expected"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_a_fault_is_found_at_its_place_and_no_other(
    message: BorderEventMessage,
    changes: Mapping[str, Any],
    left_out: tuple[str, ...],
    expected: list[tuple[str, str, str]],
) -> None:
    assert found(without(changed(message, changes), *left_out)) == expected


FINE: list[tuple[str, BorderEventMessage, Mapping[str, Any], tuple[str, ...]]] = [
    ("an expiry that names the office all the same", event("EXP"), {f"{E}/BorderOffice": {"ID": "41700201"}}, ()),
    ("a clock that runs a little ahead", arrival(),
     {f"{E}/EventDateTime": "2026-11-23T14:05:00+06:00", f"{E}/IssueDateTime": "2026-11-23T14:05:00+06:00"}, ()),
    ("wagons in place of a vehicle", arrival(),
     {f"{C}/PassiveTransportMeans": [{"ID": "44872802", "IdentificationTypeCode": "20"}]}, (V,)),
    ("a control that weighed and concluded nothing", control_result(),
     {R: {"GrossMassMeasure": {"value": "1550", "unitCode": "KGM"}}}, ()),
    ("a discrepancy in words", event("DIS"),
     {f"{E}/AdditionalInformation": [{"StatementDescription": "Пломба повреждена"}]}, (R,)),
    ("a discrepancy by the vehicle that was found", event("DIS"), {V: {"ID": "01KG777ABC"}}, (R,)),
    ("figures at the items only", import_information(),
     {f"{C}/ConsignmentItem/0/Packaging": [{"QuantityQuantity": {"value": "120"}, "TypeCode": "CT"}]},
     (f"{C}/TotalGrossMassMeasure", f"{C}/TotalPackageQuantity")),
    ("a control without seals", control_result(), {}, (f"{R}/SealCheck",)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("message", "changes", "left_out"), [case[1:] for case in FINE], ids=[case[0] for case in FINE]
)
def test_what_is_right_has_no_finding(
    message: BorderEventMessage, changes: Mapping[str, Any], left_out: tuple[str, ...]
) -> None:
    assert found(without(changed(message, changes), *left_out)) == []


def test_a_brief_event_is_a_fact_all_the_same_and_not_refused() -> None:
    brief = without(import_information(), f"{C}/AdditionalDocument", f"{C}/ConsignmentItem")
    assert valid(brief, validate(brief, Context(now=NOW))) is not None
    silent = without(arrival(), V)
    assert valid(silent, validate(silent, Context(now=NOW))) is not None


def test_how_far_a_clock_may_run_ahead_is_the_gateways_to_say() -> None:
    ahead = changed(
        arrival(), {f"{E}/EventDateTime": "2026-11-23T08:30:00Z", f"{E}/IssueDateTime": "2026-11-23T08:30:00Z"}
    )
    assert [one.rule for one in validate(ahead, Context(now=NOW))] == ["ACD-EVT-02"]
    assert validate(ahead, Context(now=NOW, clock_skew=timedelta(minutes=30))) == ()


DISCLOSED = [
    "Risk score: 87",
    "Held. The risk rating is 4.5",
    "see risk profile No. KG-0117",
    "Балл риска: 87",
    "оценка рисков – 5",
    "Сработал профиль риска № 11/2026",
    "风险评分为 87",
    "命中风险参数 0117",
]
DECISIONS = [
    "Loading refused after risk analysis",
    "Dangerous goods, subsidiary risk 8",
    "Есть риск утраты 5 мест",
    "Отказ по результатам анализа рисков",
    "经风险分析，禁止装载",
    "Red channel",
]


@pytest.mark.parametrize("words", DISCLOSED)
def test_a_risk_score_or_profile_in_words_is_refused_in_every_message_that_carries_statements(words: str) -> None:
    stated = [{"StatementDescription": words}]
    for message, document in ((arrival(), "BorderEvent"), (response(), "Response"), (declaration(), "Declaration")):
        told = changed(message, {f"/{document}/AdditionalInformation": stated})
        assert found(told) == [("ACD-RSK-02", f"/{document}/AdditionalInformation/0/StatementDescription", words)]


@pytest.mark.parametrize("words", DECISIONS)
def test_a_decision_and_its_reason_may_be_told(words: str) -> None:
    assert found(changed(response(), {"/Response/AdditionalInformation": [{"StatementDescription": words}]})) == []


@pytest.mark.parametrize(("code", "refused"), [
    ("RSC-87", True), ("RPF0117", True), ("RISK_SCORE", True), ("risk-profile-3", True), ("DNL", False), ("UPR", False),
    ("CK3Y", False), ("013", False), ("RISK", False),
])  # fmt: skip
def test_a_code_built_on_a_risk_score_or_profile_is_refused(code: str, refused: bool) -> None:
    stated = changed(response(), {"/Response/AdditionalInformation": [{"StatementCode": code}]})
    pointer = "/Response/AdditionalInformation/0/StatementCode"
    disclosed = [one for one in found(stated) if one[0] == "ACD-RSK-02"]
    assert disclosed == ([("ACD-RSK-02", pointer, code)] if refused else [])


def test_an_error_may_cite_the_rule_about_risk_without_disclosing_one() -> None:
    refusal = response(
        function_code="27",
        declaration={"FunctionalReferenceID": "1"},
        error=[{"ValidationCode": "ACD-RSK-01", "Description": "Loading is forbidden"}],
    )
    assert found(refusal) == []
