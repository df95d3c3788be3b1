"""China's reply, in the three places where it is used: decision, answer to what was handed over, acknowledgement."""

from datetime import UTC, datetime

import pytest
from lxml import etree

from adapters.cn import ADAPTER
from adapters.cn.codes import ANSWERS, NOT_TAKEN
from adapters.cn.places import PLACES, common_pointer, national_xpath, wco_chain
from adapters.kit.contract import XML, Fault, National, Route, Setting
from gateway.message.parts import Pointer

REPLIES = sorted(path.name for path in ADAPTER.examples.iterdir() if path.name.startswith("reply"))
AT = datetime(2026, 11, 23, 1, 45, 10, 205000, tzinfo=UTC)


@pytest.mark.parametrize("name", REPLIES)
def test_a_reply_read_written_and_read_again_is_the_same_message(name, example, read, faults_of_form):
    message = read(example(name)).message
    written = ADAPTER.write(message)
    assert written.findings == ()
    assert faults_of_form(written.document) == []
    assert read(written.document).message == message


@pytest.mark.parametrize(
    ("name", "function", "status", "statement"),
    [
        ("reply_accepted.xml", "44", None, None),
        ("reply_under_review.xml", "45", "42", None),
        ("reply_returned.xml", "27", "41", None),
        ("reply_released.xml", "11", "39", None),
        ("reply_loading_refused.xml", "11", None, "DNL"),
        ("reply_unloading_prohibited.xml", "11", None, "UPR"),
        ("reply_stored.xml", "11", None, "REG"),
    ],
)
def test_each_outcome_has_its_place_in_the_shared_table(name, function, status, statement, example, read):
    response = read(example(name)).message.response
    codes = [info.statement_code for info in response.additional_information if info.statement_code]
    assert response.function_code == function
    assert [found.name_code for found in response.status] == ([status] if status else [])
    assert codes == ([statement] if statement else [])
    assert response.declaration.functional_reference_id == "KG/20261123/000000417"


@pytest.mark.parametrize("code", sorted(set(ANSWERS) - {"D", "E3"}))
def test_each_code_comes_back_as_itself(code, changed, read):
    document = changed("reply_stored.xml", "<StatementCode>E1<", f"<StatementCode>{code}<")
    written = ADAPTER.write(read(document).message).document
    assert etree.fromstring(written.body).findtext(".//{*}StatementCode") == code


@pytest.mark.parametrize("code", sorted(NOT_TAKEN))
def test_a_code_that_decides_nothing_gives_no_message(code, changed, read):
    reading = read(changed("reply_stored.xml", "<StatementCode>E1<", f"<StatementCode>{code}<"))
    assert reading.message is None
    assert [(f.rule, f.value) for f in reading.findings if f.severity.value == "reject"] == [("CN-019", code)]


def test_the_words_of_the_authority_are_kept_and_the_codes_own_words_are_not_repeated(example, read):
    response = read(example("reply_under_review.xml")).message.response
    assert response.additional_information[0].statement_description == "待海关人工审核：核对件数"
    assert read(example("reply_accepted.xml")).message.response.additional_information == ()


def test_faults_point_into_the_common_form(example, read):
    errors = read(example("reply_returned.xml")).message.response.error
    assert [error.validation_code for error in errors] == ["CN-GDS-17", "CN-VEH-02"]
    assert [(s.document_section_code, s.sequence_numeric, s.tag_id) for s in errors[0].pointer] == [
        ("42A", None, None),
        ("28A", 1, None),
        ("29A", 1, None),
        ("23A", None, None),
        ("21A", 1, "145"),
    ]


def test_a_pointer_of_anything_but_a_fault_has_no_place_and_is_reported_lost(example, read):
    message = read(example("reply_under_review.xml")).message
    status = message.response.status[0].model_copy(update={"pointer": (Pointer(document_section_code="42A"),)})
    response = message.response.model_copy(update={"status": (status,)})
    written = ADAPTER.write(message.model_copy(update={"response": response}))
    assert [(f.rule, f.pointer, f.value) for f in written.findings] == [
        ("KIT-LOST-01", "/Response/Status/0/Pointer/0/DocumentSectionCode", "42A")
    ]


def test_a_decision_is_for_the_country_whose_declaration_it_answers(example):
    routes = {"KZ": Route("KZ-NSW", "KZ-CN", "1"), "KG": Route("KG-NSW", "KG-CN-ROAD", "1")}
    message = ADAPTER.read(example("reply_accepted.xml"), Setting("CN-NSW", routes)).message
    assert message.communication_meta_data.recipient.id == "KG-NSW"


def test_a_decision_that_names_no_country_is_refused_where_there_are_several(changed):
    routes = {"KZ": Route("KZ-NSW", "KZ-CN", "1"), "KG": Route("KG-NSW", "KG-CN-ROAD", "1")}
    document = changed("reply_accepted.xml", "KG/20261123/000000417", "9403261123004")
    document = National(document.body.replace(b"9400TORUGTKG1", b"9403KZTSH0016"), XML)
    reading = ADAPTER.read(document, Setting("CN-NSW", routes))
    assert reading.message is None
    assert "CN-003" in [finding.rule for finding in reading.findings]


def test_an_answer_from_abroad_is_written_under_that_countrys_code_and_read_as_its_answer(example, read):
    message = read(example("reply_accepted.xml")).message
    meta = message.communication_meta_data
    meta = meta.model_copy(update={"sender": meta.recipient, "recipient": meta.sender})
    response = message.response.model_copy(update={"functional_reference_id": "KG-0077"})
    update = {"responsible_country_code": "KG", "communication_meta_data": meta, "response": response}
    written = ADAPTER.write(message.model_copy(update=update)).document
    again = read(written).message
    assert written.name.startswith("CN_MT9999_1p0_9400TORUGTKG1_")
    assert again.responsible_country_code == "KG"
    assert again.communication_meta_data.sender.id == "KG-NSW"
    assert again.communication_meta_data.recipient.id == "CN-NSW"


def test_an_answer_that_the_form_cannot_say_is_a_serious_finding(example, read):
    message = read(example("reply_released.xml")).message
    response = message.response.model_copy(update={"status": ()})
    written = ADAPTER.write(message.model_copy(update={"response": response}))
    assert [(f.rule, f.severity.value) for f in written.findings] == [("CN-019", "reject")]


# The answer to what was handed over


def test_what_was_taken_is_answered_with_d(example, faults_of_form):
    answer = ADAPTER.answer(example("export_typical.zip"), True, (), AT)
    root = etree.fromstring(answer.body)
    assert faults_of_form(answer) == []
    assert root.findtext(".//{*}StatementCode") == "D"
    assert root.findtext(".//{*}FunctionalReferenceID") == "CN_MT2401_1p0_9403KZTSH0016_20261123091500120"
    assert root.findtext(".//{*}Declaration/{*}ID") == "9403261123004"
    assert root.findtext(".//{*}IssueDateTime") == "20261123094510205"


def test_what_was_refused_is_answered_with_every_fault_at_its_place(example, faults_of_form):
    place = "a.xml!/Manifest/Declaration/Consignment/TransportEquipment/ID"
    faults = (
        Fault("ACD-TRE-01", "集装箱号校验码错误", place, "KZGU1"),
        Fault("ACD-MAN-01", "缺少承运人", "", ""),
    )
    answer = ADAPTER.answer(example("export_typical.zip"), False, faults, AT)
    root = etree.fromstring(answer.body)
    errors = [[(etree.QName(part).localname, part.text) for part in error] for error in root.iter("{*}Error")]
    assert faults_of_form(answer) == []
    assert root.findtext(".//{*}StatementCode") == "03"
    assert errors == [
        [
            ("ValidationCode", "ACD-TRE-01"),
            ("Description", "集装箱号校验码错误"),
            ("Pointer", place),
            ("Value", "KZGU1"),
        ],
        [("ValidationCode", "ACD-MAN-01"), ("Description", "缺少承运人")],
    ]


def test_even_what_cannot_be_read_is_answered(faults_of_form):
    answer = ADAPTER.answer(National(b"\x00\x01", XML), False, (Fault("KIT-READ-01", "无法读取", "/", ""),), AT)
    assert faults_of_form(answer) == []
    assert ADAPTER.answer(National(b"\x00\x01", XML), False, (), AT) != answer


def test_answers_are_the_same_for_the_same_document_and_moment(example):
    document = example("export_typical.zip")
    assert ADAPTER.answer(document, True, (), AT) == ADAPTER.answer(document, True, (), AT)


# The acknowledgement of what was delivered


@pytest.mark.parametrize(
    ("code", "taken"),
    [("E1", True), ("E3", True), ("D", True), ("01", True), ("02", True), ("03", False), ("E2", False), ("E4", False)],
)
def test_the_window_has_taken_a_document_when_it_says_so(code, taken, changed):
    reply = changed("reply_stored.xml", "<StatementCode>E1<", f"<StatementCode>{code}<")
    acknowledgement = ADAPTER.acknowledged(reply)
    assert acknowledgement.taken is taken
    assert acknowledgement.reference == "CN_MT9999_1p0_9400CNNSW0001_20261123150001004"


def test_a_refusal_says_why(example):
    assert "商品编码与货物描述不符" in ADAPTER.acknowledged(example("reply_returned.xml")).text


@pytest.mark.parametrize("body", [b"", b"<html/>", b"<Response", b"PK\x03\x04"])
def test_a_reply_that_cannot_be_read_takes_nothing(body):
    assert ADAPTER.acknowledged(National(body, XML)).taken is False


# Places


@pytest.mark.parametrize("xpath", sorted(PLACES))
def test_a_place_of_the_form_that_has_a_wco_pointer_comes_back_as_a_place_of_the_same_value(xpath):
    chain = wco_chain(xpath)
    assert common_pointer(xpath) is not None
    if chain and (back := national_xpath(chain)) is not None:
        assert wco_chain(back) == chain


def test_positions_travel_with_a_place():
    xpath = "/Manifest/Declaration/Consignment[3]/ConsignmentItem[2]/Commodity/Classification[1]/ID"
    assert common_pointer(xpath) == "/Declaration/Consignment/2/ConsignmentItem/1/Commodity/Classification/0/ID"
    assert national_xpath(wco_chain(xpath)) == xpath
    seal = "a.xml!/Manifest/Declaration/Consignment[2]/TransportEquipment[1]/SealID[2]"
    assert common_pointer(seal) == "/Declaration/Consignment/1/TransportEquipment/0/Seal/1/ID"
    assert national_xpath(wco_chain(seal)) == seal.removeprefix("a.xml!")


@pytest.mark.parametrize("xpath", ["", "/", "/Manifest/Declaration/Nowhere", "//x", "/Manifest[", "1 = 1"])
def test_a_place_that_is_not_known_has_no_pointer(xpath):
    assert common_pointer(xpath) is None
    assert wco_chain(xpath) == ()
