"""Answers and decisions of Kazakhstan, and the decisions of others to Kazakhstan."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from adapters.kit.contract import XML, Fault, National, Route, Setting
from adapters.kz import ADAPTER
from adapters.kz.codes import OUTCOMES
from gateway.message.finding import Severity
from gateway.message.metadata import ResponseMessage
from gateway.message.parts import Pointer
from gateway.published import published

SETTING = Setting("KZ", {"CN": Route("CN", "cn-kz-road", "1"), "CN/2": Route("CN", "cn-kz-rail", "1")})
SCHEMA = Path(ADAPTER.texts).parent / "schema" / "ProcessingNotice.xsd"
AT = datetime(2026, 11, 23, 5, 10, tzinfo=UTC)


def example(name: str) -> bytes:
    return (ADAPTER.examples / f"{name}.xml").read_bytes()


def root_of(document: National) -> etree._Element:
    root = etree.fromstring(document.body)
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    assert schema.validate(root), schema.error_log
    return root


def text(root: etree._Element, path: str) -> str | None:
    return root.findtext("/".join(f"{{*}}{step}" for step in path.split("/")))


@pytest.mark.parametrize(
    ("name", "function", "status", "statement"),
    [
        ("registered", "11", None, "REG"),
        ("accepted", "44", None, None),
        ("under_review", "45", "42", None),
        ("refused", "27", "41", None),
        ("released", "11", "39", None),
        ("do_not_load", "11", None, "DNL"),
        ("unloading_prohibited", "11", None, "UPR"),
    ],
)
def test_each_outcome_is_the_one_that_was_agreed_on_and_comes_back(name, function, status, statement):
    response = ADAPTER.read(National(example(f"notice_{name}"), XML), SETTING).message.response
    said = [information.statement_code for information in response.additional_information if information.statement_code]
    assert (response.function_code, [s.name_code for s in response.status], said) == (
        function,
        [status] if status else [],
        [statement] if statement else [],
    )
    message = ADAPTER.read(National(example(f"notice_{name}"), XML), SETTING).message
    code = text(etree.fromstring(example(f"notice_{name}")), "ProcessingResultCode")
    assert text(root_of(ADAPTER.write(message).document), "ProcessingResultCode") == code


def test_every_outcome_has_an_example():
    codes = {
        text(etree.fromstring(file.read_bytes()), "ProcessingResultCode") for file in ADAPTER.examples.glob("notice_*")
    }
    assert codes == set(OUTCOMES)


def test_a_decision_names_what_it_answers_by_what_the_window_echoed():
    message = ADAPTER.read(National(example("notice_accepted"), XML), SETTING).message
    head, answered = message.communication_meta_data, message.response.declaration
    assert head.conversation_reference_id == "3f2b8c1e-5a7d-4e60-9b1c-000000000004"
    assert (answered.functional_reference_id, answered.id, answered.version_id) == (
        "AKL20261123000052",
        "KZ/20261123/000000345",
        "1",
    )
    assert (head.sender.id, head.recipient.id, head.agreement_id) == ("KZ", "CN", "cn-kz-rail")


def test_an_error_keeps_code_and_words_and_its_place_becomes_a_chain_of_pointers():
    [error] = ADAPTER.read(National(example("notice_refused"), XML), SETTING).message.response.error
    assert (error.validation_code, error.description) == ("KZ-INS-01", "Масса не совпадает с массой в накладной")
    assert error.pointer == (
        Pointer(document_section_code="42A"),
        Pointer(document_section_code="28A", sequence_numeric=1, tag_id="131"),
    )


def test_the_standard_sentence_is_not_a_statement_and_other_words_are():
    standard = ADAPTER.read(National(example("notice_accepted"), XML), SETTING).message.response
    other = ADAPTER.read(National(example("notice_under_review"), XML), SETTING).message.response
    assert standard.additional_information == ()
    assert other.additional_information[0].statement_description == "Назначена проверка документов"


@pytest.mark.parametrize(
    "path", sorted(published("response", "v1", "examples").glob("*.json")), ids=lambda path: path.stem
)
def test_a_decision_from_abroad_names_the_number_of_the_declaration_and_whose_it_is(path: Path):
    message = ResponseMessage.model_validate_json(path.read_bytes(), by_alias=True, by_name=False)
    declaration = message.response.declaration.model_copy(update={"functional_reference_id": "KZ/20261123/000000102"})
    response = message.response.model_copy(update={"declaration": declaration})
    message = message.model_copy(update={"response": response, "responsible_country_code": "CN"})
    root = root_of(ADAPTER.write(message).document)
    assert text(root, "SourceReferenceId") == "KZ/20261123/000000102"
    assert (text(root, "EDocHeader/SourceCountryCode"), text(root, "EDocHeader/DestinationCountryCode")) == ("CN", "KZ")
    again = ADAPTER.read(National(etree.tostring(root), XML), SETTING).message
    assert (again.communication_meta_data.sender.id, again.communication_meta_data.recipient.id) == ("CN", "KZ")
    assert again.response.declaration.functional_reference_id == "KZ/20261123/000000102"


def test_an_outcome_that_has_no_code_is_refused_and_decides_nothing():
    file = published("response", "v1", "examples") / "accepted.json"
    message = ResponseMessage.model_validate_json(file.read_bytes(), by_alias=True, by_name=False)
    changed = message.model_copy(update={"response": message.response.model_copy(update={"function_code": "29"})})
    done = ADAPTER.write(changed)
    assert ("KZ-015", Severity.REJECT) in {(finding.rule, finding.severity) for finding in done.findings}
    assert text(etree.fromstring(done.document.body), "ProcessingResultCode") == "01"


# Answers to the window


@pytest.mark.parametrize("name", ["export_typical", "export_withdrawal", "notice_accepted", "export_rail"])
def test_an_answer_names_the_document_its_number_and_its_version_in_the_time_of_almaty(name: str):
    handed = etree.fromstring(example(name))
    root = root_of(ADAPTER.answer(National(example(name), XML), True, (), AT))
    assert text(root, "EDocHeader/EDocRefId") == text(handed, "EDocHeader/EDocId")
    assert text(root, "EDocHeader/EDocDateTime") == "2026-11-23T10:10:00+05:00"
    assert text(root, "PreliminaryInformationIdDetails/PINumberId") == text(
        handed, "PreliminaryInformationIdDetails/PINumberId"
    )
    assert (text(root, "ProcessingResultCode"), text(root, "VersionId")) == ("01", text(handed, "VersionId"))


def test_an_answer_before_the_clocks_were_set_back_has_the_old_offset():
    at = datetime(2024, 2, 29, 17, 59, 59, tzinfo=UTC)
    root = root_of(ADAPTER.answer(National(example("export_typical"), XML), True, (), at))
    assert text(root, "EDocHeader/EDocDateTime") == "2024-02-29T23:59:59+06:00"
    root = root_of(ADAPTER.answer(National(example("export_typical"), XML), True, (), at.replace(hour=18)))
    assert text(root, "EDocHeader/EDocDateTime") == "2024-02-29T23:59:59+05:00"


def test_a_returned_document_is_told_every_fault_at_its_place_even_if_it_cannot_be_read():
    faults = (Fault("KZ-007", "Вместо БИН указаны нули", "/PreliminaryInformation/CarrierDetails/BIN", "0" * 12),)
    for body in (example("export_typical"), b"\x00", b""):
        root = root_of(ADAPTER.answer(National(body, XML), False, faults, AT))
        assert text(root, "ProcessingResultCode") == "04"
        assert text(root, "ErrorDetails/ErrorPathText") == "/PreliminaryInformation/CarrierDetails/BIN"
        assert text(root, "ErrorDetails/ErrorValueText") == "000000000000"


def test_an_answer_to_the_window_is_not_a_message_for_anybody():
    answer = ADAPTER.answer(National(example("export_typical"), XML), True, (), AT)
    reading = ADAPTER.read(answer, SETTING)
    assert reading.message is None
    assert "KZ-005" in {finding.rule for finding in reading.findings}


# What the window says to what it is handed


def test_the_window_has_taken_what_it_registered_and_its_number_is_kept():
    said = ADAPTER.acknowledged(National(example("notice_registered"), XML))
    assert (said.taken, said.reference) == (True, "KZ/20261123/000000345")


@pytest.mark.parametrize("body", [example("notice_refused"), example("export_typical"), b"", b"<a/>"])
def test_the_window_has_not_taken_what_it_refused_or_said_nothing_to(body: bytes):
    assert not ADAPTER.acknowledged(National(body, XML)).taken
