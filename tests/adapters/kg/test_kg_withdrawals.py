"""Re-submissions and withdrawals of preliminary information, both ways."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from adapters.kg import ADAPTER
from adapters.kit.contract import XML, National, Reading, Route, Setting
from builders.messages import declaration
from gateway.message.finding import Severity
from gateway.message.metadata import DeclarationMessage
from gateway.validation.rule import Context
from gateway.validation.validate import validate

SETTING = Setting("KG-NSW", {"CN": Route("CN-NSW", "kg-cn-road", "1"), "UZ": Route("UZ-NSW", "kg-uz-road", "1")})
FOLDER = Path(ADAPTER.examples).parent / "schema"
PRIOR = "urn:customs.ru:Information:PriorInformation:PriorCommonAggregateTypes:5.23.0"
FIRST = (
    f"<RefRegNumber xmlns:p='{PRIOR}'><p:CountryCode>KG</p:CountryCode><p:Date>2026-11-22</p:Date>"
    "<p:PINumber>000000077</p:PINumber></RefRegNumber>"
)


def schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(FOLDER / f"{name}.xsd"))


def example(name: str) -> str:
    return (ADAPTER.examples / f"{name}.xml").read_text(encoding="utf-8")


def read(text: str, setting: Setting = SETTING) -> Reading:
    return ADAPTER.read(National(text.encode(), XML), setting)


def re_submission(reason: str) -> str:
    return example("export_typical").replace("</RegNumber>", f"</RegNumber>{FIRST}{reason}", 1)


def refusals(message: DeclarationMessage) -> list[tuple[str, str]]:
    now = message.communication_meta_data.preparation_date_time
    return [(f.rule, f.pointer) for f in validate(message, Context(now=now)) if f.severity is Severity.REJECT]


def value(body: bytes, name: str) -> list[str]:
    return [node.text for node in etree.fromstring(body).iter(f"{{*}}{name}")]


def cancellation(**changes: object) -> DeclarationMessage:
    return declaration(function_code="1", amendment=[{"ChangeReasonCode": "002"}], **changes)


def test_a_re_submission_replaces_what_the_first_number_names_and_says_why():
    text = re_submission("<AmendmentReasonCode>004</AmendmentReasonCode>")
    assert schema("ExportPreliminary").validate(etree.fromstring(text.encode()))
    reading = read(text)
    found = reading.message.declaration
    assert (found.function_code, found.functional_reference_id) == ("5", "KG/20261122/000000077")
    assert found.amendment[0].change_reason_code == "004"
    assert found.version_id is None
    assert reading.origins["/Declaration/Amendment/0/ChangeReasonCode"] == "/ExportPreliminary/AmendmentReasonCode"
    assert refusals(reading.message) == []


def test_a_re_submission_without_a_reason_has_another_reason_and_that_is_noted():
    reading = read(re_submission(""))
    assert reading.message.declaration.amendment[0].change_reason_code == "999"
    assert [(f.rule, f.value, f.national) for f in reading.findings if f.rule == "KG-017"] == [
        ("KG-017", "999", "/ExportPreliminary/RefRegNumber")
    ]
    assert refusals(reading.message) == []


def test_an_original_has_no_reason():
    assert read(example("export_typical")).message.declaration.amendment == ()


@pytest.mark.parametrize("name", ["withdrawal", "withdrawal_abroad"])
def test_a_withdrawal_is_a_cancellation_that_no_rule_of_the_gateway_refuses(name: str):
    assert schema("WithdrawalNotice").validate(etree.fromstring(example(name).encode()))
    reading = read(example(name))
    assert [f for f in reading.findings if f.severity is not Severity.INFO] == []
    found = reading.message.declaration
    assert (found.function_code, found.amendment[0].change_reason_code) == ("1", "002")
    assert (found.border_transport_means.mode_code, found.type_code) == ("3", "785")
    assert refusals(reading.message) == []


def test_a_withdrawal_of_an_own_declaration_names_the_first_number_its_offices_and_goes_to_the_named_country():
    message = read(example("withdrawal")).message
    found, meta = message.declaration, message.communication_meta_data
    assert found.functional_reference_id == "KG/20261123/000000102"
    assert (found.exit_office.id, found.entry_office.id) == ("41700201", "9403")
    assert found.additional_information[0].statement_description == "Рейс отменён перевозчиком"
    assert (meta.sender.id, meta.recipient.id, message.responsible_country_code) == ("KG-NSW", "CN-NSW", "KG")


def test_a_withdrawal_from_abroad_names_the_reference_of_its_sender():
    message = read(example("withdrawal_abroad")).message
    meta = message.communication_meta_data
    assert message.declaration.functional_reference_id == "TRT20261123000419"
    assert (meta.sender.id, meta.recipient.id, message.responsible_country_code) == ("CN-NSW", "KG-NSW", "CN")
    assert meta.id == "5d0c7a90-6a43-4f6e-8a37-1f6b0a4c2202"


@pytest.mark.parametrize(
    ("gone", "rule"),
    [
        ("<RefSourceDocumentID>TRT20261123000419</RefSourceDocumentID>", "KG-012"),
        ("<NoticeDateTime>2026-11-23T18:20:00+08:00</NoticeDateTime>", "KIT-READ-01"),
        ("<SourceCountryCode>CN</SourceCountryCode>", "KG-005"),
    ],
)
def test_a_withdrawal_without_a_key_is_refused(gone: str, rule: str):
    text = example("withdrawal_abroad")
    assert gone in text
    reading = read(text.replace(gone, ""))
    assert reading.message is None
    assert rule in [f.rule for f in reading.findings if f.severity is Severity.REJECT]


@pytest.mark.parametrize("name", ["withdrawal", "withdrawal_abroad"])
def test_a_withdrawal_written_and_read_again_is_the_same_declaration(name: str):
    message = read(example(name)).message
    only = Setting("KG-NSW", {"CN": SETTING.routes["CN"]})
    again = read(ADAPTER.write(message).document.body.decode(), only).message
    assert again.declaration == message.declaration


def test_a_cancellation_becomes_a_withdrawal_with_its_keys_and_the_rest_is_reported():
    written = ADAPTER.write(cancellation())
    body = written.document.body
    assert schema("WithdrawalNotice").validate(etree.fromstring(body))
    assert value(body, "RefSourceDocumentID") == ["9403202611230001"]
    assert value(body, "AmendmentReasonCode") == ["002"]
    assert (value(body, "EntryOfficeCode"), value(body, "TransportModeCode")) == (["41700201"], ["30"])
    assert [f for f in written.findings if f.severity is Severity.REJECT] == []
    lost = {f.pointer for f in written.findings if f.rule == "KIT-LOST-01"}
    assert "/Declaration/Consignment/0/Consignor/Name" in lost


def test_words_that_belong_to_the_declaration_are_not_given_as_the_reason_of_its_withdrawal():
    said = [{"StatementDescription": "Скоропортящийся груз"}]
    reason = [{"StatementDescription": "Рейс отменён", "StatementTypeCode": "CHG"}]
    assert value(ADAPTER.write(cancellation(additional_information=said)).document.body, "DescriptionText") == []
    body = ADAPTER.write(cancellation(additional_information=[*said, *reason])).document.body
    assert value(body, "DescriptionText") == ["Рейс отменён"]


def test_a_replacement_is_submitted_again_under_the_same_reference():
    message = declaration(function_code="5", amendment=[{"ChangeReasonCode": "004"}])
    written = ADAPTER.write(message)
    assert value(written.document.body, "RefDocumentID") == ["9403202611230001"]
    told = {f.rule for f in written.findings}
    assert {"KG-010", "KIT-LOST-01"} <= told
    assert "/Declaration/Amendment/0/ChangeReasonCode" in {f.pointer for f in written.findings}
