"""CV: border events as Uzbekistan tells them and is told them."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest

from adapters.kit.contract import JSON, National, Reading, Route, Setting
from adapters.uz import ADAPTER
from adapters.uz.codes import CONCLUSIONS, EVENT_KINDS, SEAL_STATES
from adapters.uz.form import message_id
from gateway.message.finding import Severity
from gateway.message.metadata import BorderEventMessage
from gateway.published import published
from gateway.validation.rule import Context
from gateway.validation.rules import events as core
from gateway.validation.validate import validate

SETTING = Setting("UZ-NSW", {c: Route(f"{c}-NSW", f"{c.lower()}-uz-road", "1") for c in ("KG", "KZ")})
SCHEMA = jsonschema_rs.validator_for(json.loads((ADAPTER.examples.parent / "schema/CV.schema.json").read_bytes()))
EXAMPLES = sorted(path.stem for path in ADAPTER.examples.glob("event_*.json"))


def tree(name: str = "event_arrival") -> dict[str, Any]:
    return json.loads((ADAPTER.examples / f"{name}.json").read_bytes())


def read(document: dict[str, Any], setting: Setting = SETTING) -> Reading:
    return ADAPTER.read(National(json.dumps(document).encode(), JSON), setting)


def event(country: str | None = "KG", **changes: Any) -> BorderEventMessage:
    """An event that Kyrgyzstan tells Uzbekistan, with elements of the BorderEvent replaced."""
    content = {
        **({"ResponsibleCountryCode": country} if country else {}),
        "CommunicationMetaData": {
            "AgreementID": "kg-uz-road",
            "AgreementVersionID": "1",
            "ID": "7b7b7b7b-0000-5000-8000-000000000002",
            "PreparationDateTime": "2026-11-23T14:00:00+06:00",
            "Recipient": {"ID": "UZ-NSW"},
            "Sender": {"ID": "KG-NSW"},
        },
        "BorderEvent": {
            "EventDateTime": "2026-11-23T13:50:00+06:00",
            "EventTypeCode": "ARR",
            "FunctionalReferenceID": "7b7b7b7b000050008000000000000002",
            "IssueDateTime": "2026-11-23T14:00:00+06:00",
            "BorderOffice": {"ID": "41700501"},
            "Declaration": {"FunctionalReferenceID": "UZET20261123000417"},
            **changes,
        },
    }
    return BorderEventMessage.model_validate(content, by_alias=True, by_name=False)


def written(message: BorderEventMessage) -> dict[str, Any]:
    document = json.loads(ADAPTER.write(message).document.body)
    assert [str(error) for error in SCHEMA.iter_errors(document)] == []
    return document


@pytest.mark.parametrize("code", sorted(EVENT_KINDS))
def test_each_code_is_one_kind_of_event_both_ways(code: str):
    assert read({**tree(), "voqea": code}).message.border_event.event_type_code == EVENT_KINDS[code]
    assert written(event(EventTypeCode=EVENT_KINDS[code]))["voqea"] == code


def test_every_kind_state_and_conclusion_that_the_gateway_knows_has_a_code():
    assert set(EVENT_KINDS.values()) == set(core.EVENT_TYPES)
    assert set(SEAL_STATES.values()) == set(core.SEAL_CONDITIONS)
    assert set(CONCLUSIONS.values()) == set(core.CONCLUSIONS)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_sound_to_the_gateway_and_says_the_same_when_written_and_read_again(name: str):
    message = read(tree(name)).message
    now = message.communication_meta_data.preparation_date_time
    assert [f.rule for f in validate(message, Context(now=now)) if f.severity is not Severity.INFO] == []
    document = written(message) | {"jonatuvchiMamlakat": "KG"}
    again = read(document).message.border_event
    same = {"functional_reference_id": "-"}
    assert again.model_copy(update=same) == message.border_event.model_copy(update=same)


def test_an_event_names_its_sender_its_recipient_and_the_message_that_it_follows():
    own = read(tree("event_departure")).message.communication_meta_data
    assert (own.sender.id, own.recipient.id) == ("UZ-NSW", "KG-NSW")
    assert (own.id, own.conversation_reference_id) == (
        message_id("UZ-CV-2026-0000201"),
        message_id("UZ-DM-2026-0000417"),
    )
    abroad = read(tree("event_arrival_abroad")).message.communication_meta_data
    assert (abroad.sender.id, abroad.id) == ("KG-NSW", tree("event_arrival_abroad")["hujjatId"])


def test_an_identifier_that_may_be_either_sides_is_reported_and_not_taken_for_a_message():
    reading = read(tree("event_arrival"))
    assert reading.message.communication_meta_data.conversation_reference_id is None
    assert [f.national for f in reading.findings if f.rule == "KIT-LOST-01"] == ["/deklaratsiya/hujjatId"]


@pytest.mark.parametrize(
    ("changes", "rule", "place"),
    [
        ({"voqea": None}, "UZ-013", "/voqea"),
        ({"voqea": "ZZ"}, "UZ-013", "/voqea"),
        ({"deklaratsiya": {"hujjatId": "X"}}, "UZ-014", "/deklaratsiya"),
        ({"post": ""}, "UZ-015", "/post"),
        ({"voqeaVaqti": None}, "KIT-READ-01", "/voqeaVaqti"),
        ({"hujjatSanasi": None}, "KIT-READ-01", "/hujjatSanasi"),
        ({"qabulQiluvchiMamlakat": "AF"}, "UZ-001", "/qabulQiluvchiMamlakat"),
    ],
)
def test_what_an_event_lacks_is_named_at_its_place(changes: dict[str, Any], rule: str, place: str):
    reading = read({**tree(), **changes})
    assert reading.message is None
    assert [(f.rule, f.national) for f in reading.findings if f.severity is Severity.REJECT] == [(rule, place)]


def test_a_seal_without_a_known_state_is_left_out_and_reported():
    reading = read({**tree(), "plombalar": [{"raqam": "A1", "holat": "BILMAYMAN"}, {"raqam": "A2", "holat": "YOQ"}]})
    (check,) = reading.message.border_event.control_result.seal_check
    assert (check.id, check.condition_code) == ("A2", "MIS")
    assert "/plombalar/0/holat" in [f.national for f in reading.findings if f.rule == "KIT-FIT-01"]


def test_a_name_that_the_form_does_not_have_is_reported():
    reading = read({**tree(), "obHavo": "qor"})
    assert [(f.national, f.value) for f in reading.findings if f.rule == "KIT-UNK-01"] == [("/obHavo", "qor")]


def test_what_the_gateway_itself_tells_has_no_country_and_no_office_and_is_written_all_the_same():
    message = event(None, EventTypeCode="UND", BorderOffice=None)
    document = written(message)
    assert not {"jonatuvchiMamlakat", "post"} & set(document)
    assert [f.rule for f in ADAPTER.write(message).findings] == []


def test_trailers_without_a_tractor_are_reported_because_the_first_plate_would_be_taken_for_it():
    message = event(BorderTransportMeans={"TransportEquipment": [{"ID": "01KG0452T"}]})
    assert "davlatRaqamlari" not in written(message)
    assert [f.pointer for f in ADAPTER.write(message).findings] == [
        "/BorderEvent/BorderTransportMeans/TransportEquipment/0/ID"
    ]


def test_an_import_declaration_behind_another_document_comes_back_first_and_is_told_where_it_was():
    documents = [{"TypeCode": "380", "ID": "X1"}, {"TypeCode": "929", "ID": "I1"}]
    message = event(Consignment=[{"SequenceNumeric": 1, "AdditionalDocument": documents}])
    assert written(message)["yuklar"][0]["importRaqami"] == "I1"
    told = {f.pointer for f in ADAPTER.write(message).findings}
    assert "/BorderEvent/Consignment/0/AdditionalDocument/1/ID" in told


def test_of_a_longer_goods_code_the_subheading_is_written_and_the_rest_reported():
    item = {"SequenceNumeric": 1, "Commodity": {"Classification": [{"ID": "9403300000"}]}}
    message = event(Consignment=[{"SequenceNumeric": 1, "ConsignmentItem": [item]}])
    assert written(message)["yuklar"][0]["tnKodlar"] == ["940330"]
    assert "9403300000" in [f.value for f in ADAPTER.write(message).findings]


def test_the_published_event_with_all_elements_is_valid_in_the_schema():
    body = published("border_event", "v1", "examples", "maximal.json").read_bytes()
    assert written(BorderEventMessage.model_validate_json(body, by_alias=True, by_name=False))["voqea"] == "NM"
