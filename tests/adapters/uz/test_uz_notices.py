"""XN: decisions of Uzbekistan, decisions for Uzbekistan, answers and acknowledgements, and Uzbekistan's own rules."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from adapters.kit.contract import JSON, Fault, National, Reading, Route, Setting
from adapters.uz import ADAPTER
from adapters.uz.codes import ACTIONS, FULLNESS, GAPS, KINDS, MODES, SEALERS
from adapters.uz.places import PLACES, place_of_chain, wco_chain
from adapters.uz.rules import RULES
from gateway.message.finding import Severity
from gateway.message.metadata import DeclarationMessage, ResponseMessage
from gateway.message.place import wco_pointers
from gateway.validation.codelists import is_code
from gateway.validation.rule import Context

SETTING = Setting("UZ", {c: Route(c, f"{c.lower()}-uz-road", "1") for c in ("CN", "KG", "KZ")})
SCHEMA = jsonschema_rs.validator_for(
    json.loads((Path(ADAPTER.examples).parent / "schema" / "XN.schema.json").read_bytes())
)
AT = datetime.fromisoformat("2026-11-23T15:34:56.789+08:00")
OUTCOMES = {
    "RO": ("11", None, "REG"),
    "QA": ("44", None, None),
    "TK": ("45", "42", None),
    "RE": ("27", "41", None),
    "CH": ("11", "39", None),
    "YT": ("11", None, "DNL"),
    "TT": ("11", None, "UPR"),
}
"""National code, and what both sides agreed that it is: function, status, statement."""


def example(name: str) -> National:
    return National((Path(ADAPTER.examples) / f"{name}.json").read_bytes(), JSON, f"{name}.json")


def tree(name: str = "notice_accepted") -> dict[str, Any]:
    return json.loads(example(name).body)


def read(document: dict[str, Any], setting: Setting = SETTING) -> Reading:
    return ADAPTER.read(National(json.dumps(document).encode(), JSON), setting)


def outcome(message: Any) -> tuple[str, str | None, str | None]:
    response = message.response
    status = response.status[0].name_code if response.status else None
    statements = [s.statement_code for s in response.additional_information if s.statement_code]
    return response.function_code, status, statements[0] if statements else None


def decision(function: str, status: str | None = None, statement: str | None = None, **more: Any) -> ResponseMessage:
    """Kyrgyzstan's answer to a declaration that Uzbekistan sent."""
    content = {
        "ResponsibleCountryCode": "KG",
        "CommunicationMetaData": {
            "AgreementID": "kg-uz-road",
            "AgreementVersionID": "1",
            "ConversationReferenceID": "7b7b7b7b-0000-5000-8000-000000000001",
            "ID": "7b7b7b7b-0000-5000-8000-000000000002",
            "PreparationDateTime": "2026-11-23T14:00:00+06:00",
            "Recipient": {"ID": "UZ"},
            "Sender": {"ID": "KG"},
        },
        "Response": {
            "FunctionCode": function,
            "FunctionalReferenceID": "7b7b7b7b000050008000000000000002",
            "IssueDateTime": "2026-11-23T14:00:00+06:00",
            "Declaration": {"FunctionalReferenceID": "UZET20261123000417", "ID": "KG/20261123/000000777"},
            **({"Status": [{"NameCode": status}]} if status else {}),
            **({"AdditionalInformation": [{"StatementCode": statement}]} if statement else {}),
            **more,
        },
    }
    return ResponseMessage.model_validate(content, by_alias=True, by_name=False)


def written(message: ResponseMessage) -> dict[str, Any]:
    return json.loads(ADAPTER.write(message).document.body)


@pytest.mark.parametrize("code", sorted(OUTCOMES))
def test_a_decision_is_the_agreed_outcome_in_both_directions(code: str):
    assert outcome(read({**tree(), "natija": code, "natijaMatni": ""}).message) == OUTCOMES[code]
    document = written(decision(*OUTCOMES[code]))
    assert document["natija"] == code
    assert SCHEMA.is_valid(document)
    assert outcome(read(document).message) == OUTCOMES[code]


def test_a_decision_of_uzbekistan_names_the_senders_reference_and_the_message_it_answers():
    message = read(tree()).message
    head, answered = message.communication_meta_data, message.response.declaration
    assert head.conversation_reference_id == "3f2b8c1e-5a7d-4e60-9b1c-000000000005"
    assert (head.sender.id, head.recipient.id) == ("UZ", "KG")
    assert answered.functional_reference_id == "TRT20261123000420"
    assert (answered.id, answered.version_id) == ("86021/23112026/0000093", "1")
    assert message.responsible_country_code == "UZ"


def test_a_decision_goes_to_the_country_whose_declaration_it_is():
    message = read({**tree(), "qabulQiluvchiMamlakat": "KZ"}).message
    assert message.communication_meta_data.recipient.id == "KZ"


def test_a_decision_for_uzbekistan_names_its_own_reference_and_no_message():
    document = written(decision("44"))
    assert document["javob"] == {"jonatuvchiRaqami": "UZET20261123000417", "royxatRaqami": "KG/20261123/000000777"}
    assert (document["jonatuvchiMamlakat"], document["qabulQiluvchiMamlakat"]) == ("KG", "UZ")
    assert document["hujjatSanasi"] == "23.11.2026 13:00"
    again = read(document).message
    assert again.response.declaration == decision("44").response.declaration
    assert again.communication_meta_data.id == "7b7b7b7b-0000-5000-8000-000000000002"
    assert again.communication_meta_data.sender.id == "KG"


def test_the_standard_sentence_adds_nothing_and_other_words_are_kept():
    assert read(tree("notice_accepted")).message.response.additional_information == ()
    (said,) = read(tree("notice_under_review")).message.response.additional_information
    assert (said.statement_description, said.statement_type_code) == ("Vazn qoʻshimcha tekshirilmoqda", "AHN")


def test_words_of_a_decision_reach_the_window_as_they_are():
    words = [{"StatementCode": "DNL", "StatementDescription": "Жүктөөгө тыюу салынат", "StatementTypeCode": "AHN"}]
    message = decision("11", AdditionalInformation=words)
    assert written(message)["natijaMatni"] == "Жүктөөгө тыюу салынат"
    assert read(written(message)).message.response.additional_information == message.response.additional_information


def test_an_error_gets_the_wco_pointer_of_its_place_and_keeps_its_words():
    first, second = read(tree("notice_rejected")).message.response.error
    assert (second.validation_code, second.description) == ("UZ-NSW-20", "Манзил божхона пости кўрсатилмаган")
    expected = "/Declaration/Consignment/0/ConsignmentItem/0/GoodsMeasure/NetNetWeightMeasure"
    assert first.pointer == wco_pointers(expected, DeclarationMessage) != ()


def test_an_error_comes_to_the_window_with_its_place_in_the_document_that_the_window_knows():
    pointer = wco_pointers("/Declaration/Consignment/2/ConsignmentItem/4/Commodity/Description", DeclarationMessage)
    chain = [step.model_dump(mode="json", exclude_none=True) for step in pointer]
    document = written(decision("27", "41", Error=[{"ValidationCode": "KG-7", "Description": "Нет", "Pointer": chain}]))
    assert document["xatolar"] == [{"kod": "KG-7", "matn": "Нет", "joy": "/yuklar/2/tovarlar/4/tavsif"}]


_DRIVER = "/transport/haydovchilar/*"
NOT_POINTED_AT = {f"{_DRIVER}/{name}" for name in ("familiya", "ism", "otasiningIsmi", "fio", "hujjatRaqami")}
"""WCO counts no drivers, so its chain does not say which of two is meant; it leads back to none."""


@pytest.mark.parametrize("place", PLACES)
def test_a_place_that_has_a_pointer_is_the_same_in_both_directions(place: str):
    chain = wco_chain(place.replace("*", "3"))
    back = place_of_chain(chain)
    assert (back == "") == (place in NOT_POINTED_AT)
    assert back == "" or wco_chain(back) == chain


@pytest.mark.parametrize("place", ["", "/", "/yoq", "/yuklar/x/tartib", "/yuklar/-1", "//", "/yuklar/99999/tartib"])
def test_a_place_that_nobody_knows_has_no_pointer(place: str):
    assert wco_chain(place) == ()


@pytest.mark.parametrize(
    ("place", "value", "rule"),
    [
        ("javob", {"hujjatId": "x"}, "UZ-004"),
        ("javob", "x", "UZ-004"),
        ("natija", "OK", "UZ-005"),
        ("natija", None, "UZ-005"),
        ("qabulQiluvchiMamlakat", "AF", "UZ-001"),
        ("qabulQiluvchiMamlakat", None, "UZ-001"),
        ("hujjatSanasi", "bugun", "KIT-READ-01"),
        ("hujjatId", "", "KIT-READ-01"),
        ("hujjatId", "x" * 65, "KIT-READ-01"),
    ],
)
def test_a_notice_without_what_it_needs_is_no_message(place: str, value: Any, rule: str):
    reading = read({**tree(), place: value})
    assert reading.message is None
    assert rule in {f.rule for f in reading.findings if f.severity is Severity.REJECT}


def test_an_outcome_without_counterpart_decides_nothing_and_is_refused():
    reply = ADAPTER.write(decision("29"))
    assert json.loads(reply.document.body)["natija"] == "RO"
    assert [f.rule for f in reply.findings if f.severity is Severity.REJECT] == ["UZ-005"]


def test_a_document_that_is_taken_is_answered_with_ro():
    reply = json.loads(ADAPTER.answer(example("export_typical"), True, (), AT).body)
    assert SCHEMA.is_valid(reply)
    assert (reply["natija"], reply["hujjatSanasi"]) == ("RO", "23.11.2026 12:34")
    assert reply["javob"] == {
        "hujjatId": "UZ-DM-2026-0000417",
        "jonatuvchiRaqami": "UZET20261123000417",
        "royxatRaqami": "86001/23112026/0000417",
    }


def test_a_document_that_is_returned_names_every_fault():
    faults = (
        Fault("ACD-CON-02", "Вес не сходится", "/jamiBruttoKg", "100"),
        Fault("ACD-VEH-01", "Нет номера", "", ""),
    )
    reply = json.loads(ADAPTER.answer(example("export_typical"), False, faults, AT).body)
    assert SCHEMA.is_valid(reply)
    assert reply["natija"] == "RE"
    assert reply["xatolar"] == [
        {"kod": "ACD-CON-02", "matn": "Вес не сходится", "joy": "/jamiBruttoKg", "qiymat": "100"},
        {"kod": "ACD-VEH-01", "matn": "Нет номера"},
    ]


def test_bytes_that_are_no_document_get_an_answer_too():
    reply = json.loads(ADAPTER.answer(National(b"\x00", JSON), False, (Fault("KIT-READ-01", "X", "", ""),), AT).body)
    assert SCHEMA.is_valid(reply)
    assert (reply["natija"], reply["javob"]) == ("RE", {})


def test_an_acknowledgement_says_whether_it_was_taken_and_under_which_number():
    document = {**tree("notice_registered"), "natijaMatni": "Maʼlumotnoma roʻyxatga olindi"}
    said = ADAPTER.acknowledged(National(json.dumps(document).encode(), JSON))
    assert (said.taken, said.reference) == (True, "86021/23112026/0000093")
    assert said.text == "Maʼlumotnoma roʻyxatga olindi"


def test_a_refused_document_is_not_taken_and_says_why():
    document = {**tree("notice_rejected"), "xatolar": [{"kod": "X", "matn": "Bunday hujjat bor"}]}
    said = ADAPTER.acknowledged(National(json.dumps(document).encode(), JSON))
    assert (said.taken, said.text) == (False, "Dastlabki maʼlumot rad etildi; Bunday hujjat bor")


@pytest.mark.parametrize(
    "body", [b"", b"garbage", b"[]", b"{}", b'{"shakl": "XN"}', b'{"shakl": "DM", "natija": "RO"}']
)
def test_a_reply_that_is_no_notice_is_not_taken(body: bytes):
    assert ADAPTER.acknowledged(National(body, JSON)).taken is False


def judged(rule_id: str, message: DeclarationMessage) -> list[str]:
    rule = next(rule for rule in RULES if rule.id == rule_id)
    assert rule.check is not None
    return [hit.pointer for hit in rule.check(message, Context(now=datetime(2026, 11, 23, tzinfo=UTC)))]


@pytest.mark.parametrize(
    ("rule_id", "name", "value", "pointer"),
    [
        ("UZ-101", "royxatRaqami", "KG/20261123/000000102", "/Declaration/ID"),
        ("UZ-101", "royxatRaqami", "", "/Declaration/ID"),
        ("UZ-102", "chiqishPosti", "41700501", "/Declaration/ExitOffice/ID"),
        ("UZ-102", "chiqishPosti", "", "/Declaration/ExitOffice/ID"),
        ("UZ-103", "transport", {"haydovchilar": [{"fio": "A B"}]}, "/Declaration/BorderTransportMeans/Master/0/ID"),
    ],
)
def test_a_national_rule_finds_its_fault_and_nothing_in_a_sound_declaration(rule_id, name, value, pointer):
    document = tree("export_typical")
    assert judged(rule_id, read(document).message) == []
    assert judged(rule_id, read({**document, name: value}).message) == [pointer]


@pytest.mark.parametrize("rule_id", ["UZ-101", "UZ-102", "UZ-103"])
def test_a_national_rule_does_not_judge_what_others_send(rule_id: str):
    foreign = {
        **tree("import_from_kg"),
        "royxatRaqami": "x",
        "chiqishPosti": "x",
        "transport": {"haydovchilar": [{"fio": "A"}]},
    }
    assert judged(rule_id, read(foreign).message) == []


def test_a_cancellation_names_no_office_of_exit():
    assert judged("UZ-102", read(tree("export_cancellation")).message) == []


def test_code_tables_lead_back_and_their_codes_exist_in_the_common_lists():
    lists = {"transport_modes": MODES, "functions": ACTIONS, "documents": KINDS, "fullness": FULLNESS}
    for name, table in lists.items():
        assert len(set(table.values())) == len(table)
        assert all(is_code(name, code) for code in table.values()), name
    assert len(set(SEALERS.values())) == len(SEALERS)
    assert set(GAPS["ACTIONS"]).isdisjoint(ACTIONS.values())


def test_the_profile_says_what_the_adapter_says():
    profile = tomllib.loads((Path(ADAPTER.texts).parent / "profile.toml").read_text(encoding="utf-8"))
    own = (ADAPTER.country, ADAPTER.name, ADAPTER.language)
    assert (profile["country"], profile["name"], profile["language"]) == own
