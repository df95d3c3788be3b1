"""BorderEventNotice: border events as Kazakhstan tells them and is told them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from adapters.kit.contract import XML, National, Reading, Route, Setting
from adapters.kz import ADAPTER
from adapters.kz.codes import CONCLUSIONS, EVENT_KINDS, SEAL_STATES
from adapters.kz.form import message_id
from gateway.message.finding import Severity
from gateway.message.metadata import BorderEventMessage
from gateway.published import published
from gateway.validation.rules import events as core

SETTING = Setting("KZ", {"CN": Route("CN", "cn-kz-road", "1"), "CN/2": Route("CN", "cn-kz-rail", "1")})
SCHEMA = Path(ADAPTER.texts).parent / "schema" / "BorderEventNotice.xsd"
EXAMPLES = sorted(path.stem for path in ADAPTER.examples.glob("event_*.xml"))


def example(name: str = "event_arrival") -> str:
    return (ADAPTER.examples / f"{name}.xml").read_text("utf-8")


def read(document: str, setting: Setting = SETTING) -> Reading:
    return ADAPTER.read(National(document.encode(), XML), setting)


def event(name: str = "arrival", country: str | None = "CN", **changes: Any) -> BorderEventMessage:
    """A published event for Kazakhstan, with attributes of the BorderEvent replaced."""
    body = published("border_event", "v1", "examples", f"{name}.json").read_bytes()
    message = BorderEventMessage.model_validate_json(body, by_alias=True, by_name=False)
    told = message.border_event.model_copy(update=changes)
    return message.model_copy(update={"border_event": told, "responsible_country_code": country})


def written(message: BorderEventMessage) -> etree._Element:
    root = etree.fromstring(ADAPTER.write(message).document.body)
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    assert schema.validate(root), schema.error_log
    return root


def text(root: etree._Element, path: str) -> str | None:
    return root.findtext("/".join(f"{{*}}{step}" for step in path.split("/")))


def rejected(reading: Reading) -> list[str]:
    return [finding.rule for finding in reading.findings if finding.severity is Severity.REJECT]


@pytest.mark.parametrize("kind", sorted(EVENT_KINDS))
def test_each_code_is_one_kind_of_event_both_ways(kind: str):
    code = EVENT_KINDS[kind]
    document = example().replace("EventKindCode>02<", f"EventKindCode>{code}<")
    assert read(document).message.border_event.event_type_code == kind
    assert text(written(event(event_type_code=kind)), "EventKindCode") == code


def test_every_kind_state_and_conclusion_that_the_gateway_knows_has_a_code():
    assert set(EVENT_KINDS) == set(core.EVENT_TYPES)
    assert set(SEAL_STATES) == set(core.SEAL_CONDITIONS)
    assert set(CONCLUSIONS) == set(core.CONCLUSIONS)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_says_the_same_when_written_and_read_again(name: str):
    message = read(example(name)).message
    again = read(etree.tostring(written(message), encoding="unicode").replace(">KZ</csdo:Source", ">CN</csdo:Source"))
    same = {"functional_reference_id": "-"}
    assert again.message.border_event.model_copy(update=same) == message.border_event.model_copy(update=same)


def test_an_event_names_its_agreement_by_the_office_and_the_message_that_it_follows():
    own = read(example("event_departure")).message.communication_meta_data
    assert (own.sender.id, own.recipient.id, own.agreement_id) == ("KZ", "CN", "cn-kz-road")
    assert own.id == message_id("7a10c2de-0d3b-4f7a-9c11-000000000501")
    assert own.conversation_reference_id == message_id("7a10c2de-0d3b-4f7a-9c11-000000000101")
    rail = read(example("event_arrival")).message.communication_meta_data
    assert rail.agreement_id == "cn-kz-rail"
    assert rail.conversation_reference_id == "3f2b8c1e-5a7d-4e60-9b1c-000000000004"
    abroad = read(example("event_arrival_abroad")).message.communication_meta_data
    assert (abroad.sender.id, abroad.id) == ("CN", "7a10c2de-0d3b-4f7a-9c11-000000000508")


@pytest.mark.parametrize(
    ("there", "instead", "rule"),
    [
        ("<csdo:EventKindCode>02<", "<csdo:EventKindCode>08<", "KZ-018"),
        ("AKL20261123000052", "", "KZ-019"),
        ("CustomsOfficeCode>39814<", "CustomsOfficeCode><", "KZ-020"),
        ("EventDateTime>2026-11-24T09:15:00+05:00<", "EventDateTime><", "KZ-001"),
        ("DirectionCode>IM<", "DirectionCode>XX<", "KZ-004"),
        ("DestinationCountryCode>CN<", "DestinationCountryCode>AF<", "KZ-005"),
    ],
)
def test_what_an_event_lacks_is_refused(there: str, instead: str, rule: str):
    assert there in example()
    reading = read(example().replace(there, instead))
    assert reading.message is None
    assert rejected(reading) == [rule]


def test_a_direction_that_does_not_agree_with_the_reference_is_told():
    reading = read(example().replace("DirectionCode>IM<", "DirectionCode>EX<"))
    assert "KZ-021" in {finding.rule for finding in reading.findings}
    assert reading.message is not None


def test_a_declaration_of_kazakhstan_is_known_by_its_number():
    answered = event().border_event.declaration
    own = answered.model_copy(update={"functional_reference_id": "KZ/20261123/000000101"})
    assert text(written(event(declaration=own)), "MovementDirectionCode") == "EX"
    assert text(written(event()), "MovementDirectionCode") == "IM"


def test_a_seal_without_a_known_state_is_left_out_and_reported():
    reading = read(example("event_discrepancy").replace("SealStateCode>2<", "SealStateCode>9<"))
    (check,) = reading.message.border_event.control_result.seal_check
    assert (check.id, check.condition_code) == ("CN7204412", "MIS")
    assert "CN7204411" in [finding.value for finding in reading.findings if finding.rule == "KIT-FIT-01"]


def test_what_the_gateway_itself_tells_has_no_country_and_no_office_and_is_written_all_the_same():
    root = written(event("expiry", None))
    assert text(root, "EventKindCode") == "06"
    assert text(root, "EDocHeader/SourceCountryCode") is None
    alone = Setting("KZ", {"CN": Route("CN", "cn-kz-road", "1")})
    again = read(etree.tostring(root, encoding="unicode"), alone).message
    assert (again.responsible_country_code, again.border_event.event_type_code) == (None, "EXP")


def test_the_identifier_of_a_message_is_never_written_as_that_of_a_document():
    message = event()
    head = message.communication_meta_data.model_copy(update={"conversation_reference_id": message_id("1")})
    message = message.model_copy(update={"communication_meta_data": head})
    assert text(written(message), "EDocHeader/EDocRefId") is None
    told = {finding.pointer for finding in ADAPTER.write(message).findings}
    assert "/CommunicationMetaData/ConversationReferenceID" in told


def test_the_published_event_with_all_elements_is_valid_in_the_schema():
    assert (
        text(written(event("maximal")), "EventKindCode") == EVENT_KINDS[event("maximal").border_event.event_type_code]
    )
