"""ResultNotice: decisions of Kyrgyzstan, decisions for Kyrgyzstan, answers and acknowledgements."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from lxml import etree

from adapters.kg import ADAPTER
from adapters.kg.places import PLACES, wco_chain, xpath_of_chain
from adapters.kit.contract import XML, Fault, National, Reading, Route, Setting
from gateway.message.finding import Severity
from gateway.message.metadata import DeclarationMessage, ResponseMessage
from gateway.message.place import wco_pointers

SETTING = Setting("KG-NSW", {"CN": Route("CN-NSW", "kg-cn-road", "1")})
SCHEMA = etree.XMLSchema(etree.parse(Path(ADAPTER.examples).parent / "schema" / "ResultNotice.xsd"))
AT = datetime.fromisoformat("2026-11-23T12:34:56.789+08:00")
OUTCOMES = {
    "2": ("44", None, None),
    "3": ("45", "42", None),
    "4": ("27", "41", None),
    "5": ("11", "39", None),
    "6": ("11", None, "DNL"),
    "7": ("11", None, "UPR"),
    "1": ("11", None, "REG"),
}
"""National code, and what both sides agreed that it is: function, status, statement."""


def notice(code: str = "2", text: str = "", refs: str = "", extra: str = "") -> str:
    refs = refs or "<RefDocumentID>d-1</RefDocumentID><RefSourceDocumentID>9403202611230001</RefSourceDocumentID>"
    spoken = f"<ResultText>{text}</ResultText>" if text else ""
    return (
        '<ResultNotice xmlns="urn:torugart:plausible:kg:ResultNotice:1"><NoticeID>n-1</NoticeID>'
        f"<NoticeDateTime>2026-11-23T12:00:00+06:00</NoticeDateTime>{refs}<ResultCode>{code}</ResultCode>"
        f"{spoken}{extra}</ResultNotice>"
    )


def number(serial: str = "000000102") -> str:
    return (
        "<RefRegNumber><CountryCode>KG</CountryCode><Date>2026-11-23</Date>"
        f"<PINumber>{serial}</PINumber></RefRegNumber>"
    )


def read(text: str, setting: Setting = SETTING) -> Reading:
    return ADAPTER.read(National(text.encode(), XML), setting)


def example(name: str) -> National:
    return National((ADAPTER.examples / f"{name}.xml").read_bytes(), XML, f"{name}.xml")


def outcome(message: ResponseMessage) -> tuple[str, str | None, str | None]:
    response = message.response
    status = response.status[0].name_code if response.status else None
    statements = [s.statement_code for s in response.additional_information if s.statement_code]
    return response.function_code, status, statements[0] if statements else None


def decision(function: str, status: str | None, statement: str | None, **more: object) -> ResponseMessage:
    """China's answer to a declaration that Kyrgyzstan sent."""
    tree = {
        "CommunicationMetaData": {
            "AgreementID": "kg-cn-road",
            "AgreementVersionID": "1",
            "ConversationReferenceID": "7b7b7b7b-0000-5000-8000-000000000001",
            "ID": "7b7b7b7b-0000-5000-8000-000000000002",
            "PreparationDateTime": "2026-11-23T14:00:00+08:00",
            "Recipient": {"ID": "KG-NSW"},
            "Sender": {"ID": "CN-NSW"},
        },
        "Response": {
            "FunctionCode": function,
            "FunctionalReferenceID": "7b7b7b7b000050008000000000000002",
            "IssueDateTime": "2026-11-23T14:00:00+08:00",
            "Declaration": {"FunctionalReferenceID": "KG/20261123/000000102"},
            **({"Status": [{"NameCode": status}]} if status else {}),
            **({"AdditionalInformation": [{"StatementCode": statement}]} if statement else {}),
            **more,
        },
    }
    return ResponseMessage.model_validate(tree, by_alias=True, by_name=False)


@pytest.mark.parametrize("code", sorted(OUTCOMES))
def test_a_decision_is_the_agreed_outcome_in_both_directions(code: str):
    message = read(notice(code)).message
    assert outcome(message) == OUTCOMES[code]
    written = ADAPTER.write(decision(*OUTCOMES[code]))
    assert etree.fromstring(written.document.body).findtext("{*}ResultCode") == code
    assert outcome(ADAPTER.read(written.document, SETTING).message) == OUTCOMES[code]


def test_a_decision_of_kyrgyzstan_names_the_senders_reference_and_the_message_it_answers():
    message = read(notice(refs=notice_refs())).message
    assert message.response.declaration.functional_reference_id == "9403202611230001"
    assert message.response.declaration.id == "KG/20261123/000000202"
    assert message.communication_meta_data.conversation_reference_id == "3f1c7a52-6b1e-4c0d-9a11-2f7d9f0c0002"
    assert message.communication_meta_data.sender.id == "KG-NSW"
    assert message.communication_meta_data.recipient.id == "CN-NSW"


def notice_refs() -> str:
    return (
        "<RefDocumentID>3f1c7a52-6b1e-4c0d-9a11-2f7d9f0c0002</RefDocumentID>"
        "<RefSourceDocumentID>9403202611230001</RefSourceDocumentID>" + number("000000202")
    )


def test_a_decision_for_kyrgyzstan_names_its_own_declaration_by_registration_number_alone():
    written = ADAPTER.write(decision("44", None, None))
    root = etree.fromstring(written.document.body)
    assert [root.findtext(f"{{*}}RefRegNumber/{{*}}{n}") for n in ("CountryCode", "Date", "PINumber")] == [
        "KG",
        "2026-11-23",
        "000000102",
    ]
    assert root.find("{*}RefDocumentID") is None
    assert root.find("{*}RefSourceDocumentID") is None
    again = ADAPTER.read(written.document, SETTING).message
    assert again.response == decision("44", None, None).response
    assert again.communication_meta_data.id == "7b7b7b7b-0000-5000-8000-000000000002"
    assert again.communication_meta_data.recipient.id == "KG-NSW"


def test_a_number_of_another_country_is_its_senders_reference_and_not_taken_for_an_own_one():
    answered = {"FunctionalReferenceID": "KZ/20261123/000000101"}
    root = etree.fromstring(ADAPTER.write(decision("44", None, None, Declaration=answered)).document.body)
    assert root.findtext("{*}RefSourceDocumentID") == "KZ/20261123/000000101"
    assert root.find("{*}RefRegNumber") is None


def test_a_registration_number_of_which_a_part_lacks_is_reported():
    half = number().replace("<PINumber>000000102</PINumber>", "")
    reading = read(notice(refs=f"<RefSourceDocumentID>9403202611230001</RefSourceDocumentID>{half}"))
    assert reading.message.response.declaration.id is None
    assert [(f.pointer, f.value, f.national) for f in reading.findings if f.rule == "KIT-FIT-01"] == [
        ("/Response/Declaration/ID", "KG/20261123/", "/ResultNotice/RefRegNumber")
    ]


def test_the_moment_of_a_notice_is_written_in_bishkek_time():
    written = ADAPTER.write(decision("44", None, None))
    assert etree.fromstring(written.document.body).findtext("{*}NoticeDateTime") == "2026-11-23T12:00:00+06:00"


def test_the_standard_sentence_adds_nothing_and_other_words_are_kept():
    assert read(notice("2", "Предварительная информация принята")).message.response.additional_information == ()
    (said,) = read(notice("3", "Ожидает сверки веса")).message.response.additional_information
    assert (said.statement_description, said.statement_type_code) == ("Ожидает сверки веса", "AHN")


def test_words_of_a_decision_reach_the_window_as_they_are():
    words = [{"StatementCode": "DNL", "StatementDescription": "禁止装载：需查验", "StatementTypeCode": "AHN"}]
    message = decision("11", None, None, AdditionalInformation=words)
    written = ADAPTER.write(message)
    assert etree.fromstring(written.document.body).findtext("{*}ResultText") == "禁止装载：需查验"
    again = ADAPTER.read(written.document, SETTING).message
    assert again.response.additional_information == message.response.additional_information


def test_an_error_keeps_its_words_and_gets_the_wco_pointer_of_its_place():
    reading = ADAPTER.read(example("notice_refused"), SETTING)
    (error,) = reading.message.response.error
    assert (error.validation_code, error.description) == ("KG-NSW-17", "Вес брутто товара меньше веса нетто")
    expected = wco_pointers(
        "/Declaration/Consignment/0/ConsignmentItem/1/GoodsMeasure/GrossMassMeasure", DeclarationMessage
    )
    assert error.pointer == expected


def test_an_error_comes_to_the_window_with_the_xpath_of_its_place():
    pointer = wco_pointers("/Declaration/Consignment/2/ConsignmentItem/4/Commodity/Description", DeclarationMessage)
    chain = [step.model_dump(mode="json", exclude_none=True) for step in pointer]
    error = {"ValidationCode": "CN-7", "Description": "商品名称不规范", "Pointer": chain}
    root = etree.fromstring(ADAPTER.write(decision("27", "41", None, Error=[error])).document.body)
    assert SCHEMA.validate(root), SCHEMA.error_log
    path = "/ExportPreliminary/MainConsignmentDetails/ConsignmentDetails[3]/GoodsItem[5]/GoodsDescription"
    assert root.findtext("{*}ErrorDetails/{*}ErrorPath") == path


def test_an_error_about_the_office_of_entry_is_told_where_the_exported_document_has_it():
    place = "/ExportPreliminary/EntryCheckPointDetails/BorderCheckpointCode"
    chain = wco_chain(place)
    assert chain == wco_pointers("/Declaration/EntryOffice/ID", DeclarationMessage) != ()
    assert xpath_of_chain(chain) == place


@pytest.mark.parametrize("path", PLACES)
def test_a_place_is_the_same_in_both_directions(path: str):
    chain = wco_chain(f"/AutoPreliminary/{path.replace('[2]', '[3]')}")
    assert chain != ()
    assert wco_chain(xpath_of_chain(chain)) == chain


@pytest.mark.parametrize(
    "path",
    [
        *("", "/", "/*", "x[", "/AutoPreliminary/Nothing", "/A/ConsignmentDetails[0]", "][", "//a"),
        "/A/MainConsignmentDetails/ConsignmentDetails[123456]",
    ],
)
def test_a_place_that_nobody_knows_has_no_pointer(path: str):
    assert wco_chain(path) == ()


def test_a_place_may_be_written_with_prefixes_or_local_names():
    plain = wco_chain("/AutoPreliminary/MainConsignmentDetails/CargoQuantity")
    assert wco_chain("/a:AutoPreliminary/a:MainConsignmentDetails/a:CargoQuantity") == plain != ()


def test_a_notice_that_does_not_say_what_it_answers_is_no_message():
    reading = read(notice(refs="<RefDocumentID>d-1</RefDocumentID>"))
    assert reading.message is None
    assert "KG-012" in {f.rule for f in reading.findings if f.severity is Severity.REJECT}


def test_an_outcome_outside_the_table_is_no_message():
    reading = read(notice("9"))
    assert reading.message is None
    assert "KG-013" in {f.rule for f in reading.findings}


def test_an_outcome_without_counterpart_decides_nothing_and_is_refused():
    written = ADAPTER.write(decision("29", None, None))
    assert etree.fromstring(written.document.body).findtext("{*}ResultCode") == "1"
    assert [f.rule for f in written.findings if f.severity is Severity.REJECT] == ["KG-013"]


def test_between_several_countries_a_notice_must_say_whose_declaration_it_answers():
    setting = Setting("KG-NSW", {**SETTING.routes, "KZ": Route("KZ-NSW", "kg-kz", "1")})
    assert "KG-005" in {f.rule for f in read(notice(), setting).findings}
    refs = notice_refs() + "<RefSourceCountryCode>KZ</RefSourceCountryCode>"
    assert read(notice(refs=refs), setting).message.communication_meta_data.recipient.id == "KZ-NSW"


def test_a_document_that_is_taken_is_answered_with_code_one_in_russian():
    reply = ADAPTER.answer(example("export_typical"), True, (), AT)
    root = etree.fromstring(reply.body)
    assert SCHEMA.validate(root), SCHEMA.error_log
    assert root.findtext("{*}ResultCode") == "1"
    assert root.findtext("{*}RefDocumentID") == "0f0b7d0e-6f6b-4a1f-9d30-6a1d3c9f0002"
    assert root.findtext("{*}RefRegNumber/{*}PINumber") == "000000102"
    assert root.findtext("{*}ResultText") == "Сведения зарегистрированы"
    assert root.findtext("{*}NoticeDateTime") == "2026-11-23T10:34:56+06:00"


def test_a_document_that_is_returned_names_every_fault():
    faults = (
        Fault("ACD-CON-02", "Вес не сходится", "/ExportPreliminary/MainConsignmentDetails", "100"),
        Fault("ACD-VEH-01", "Нет номера", "", ""),
    )
    root = etree.fromstring(ADAPTER.answer(example("export_typical"), False, faults, AT).body)
    assert SCHEMA.validate(root), SCHEMA.error_log
    assert root.findtext("{*}ResultCode") == "4"
    assert [node.findtext("{*}ErrorCode") for node in root.iterfind("{*}ErrorDetails")] == ["ACD-CON-02", "ACD-VEH-01"]
    assert root.findtext("{*}ErrorDetails/{*}ErrorPath") == "/ExportPreliminary/MainConsignmentDetails"


def test_bytes_that_are_no_document_get_an_answer_too():
    fault = (Fault("KIT-READ-01", "Документ не читается", "", ""),)
    root = etree.fromstring(ADAPTER.answer(National(b"\x00garbage", XML), False, fault, AT).body)
    assert SCHEMA.validate(root), SCHEMA.error_log
    assert root.findtext("{*}ResultCode") == "4"


def test_the_same_answer_is_given_to_the_same_document():
    assert ADAPTER.answer(example("export_minimal"), True, (), AT) == ADAPTER.answer(
        example("export_minimal"), True, (), AT
    )


def test_an_acknowledgement_says_whether_it_was_taken_and_under_which_number():
    taken = ADAPTER.acknowledged(National(notice("1", "Сведения зарегистрированы", notice_refs()).encode(), XML))
    assert (taken.taken, taken.reference, taken.text) == (True, "KG/20261123/000000202", "Сведения зарегистрированы")


def test_a_refused_document_is_not_taken_and_says_why():
    error = "<ErrorDetails><ErrorCode>X</ErrorCode><ErrorText>Документ уже получен</ErrorText></ErrorDetails>"
    said = ADAPTER.acknowledged(National(notice("4", "Сведения не приняты", extra=error).encode(), XML))
    assert (said.taken, said.text) == (False, "Сведения не приняты; Документ уже получен")


@pytest.mark.parametrize("body", [b"", b"garbage", b"<a/>", b"<ResultNotice/>"])
def test_a_reply_that_is_no_notice_is_not_taken(body: bytes):
    assert ADAPTER.acknowledged(National(body, XML)).taken is False
