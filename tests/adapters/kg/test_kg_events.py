"""Border events as Kyrgyzstan tells them and is told them: BorderEventNotice."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from lxml import etree

from adapters.kg import ADAPTER
from adapters.kg.codes import CONCLUSIONS, EVENT_KINDS, SEAL_STATES
from adapters.kg.form import message_id
from adapters.kit.contract import XML, Fault, National, Reading, Route, Setting
from adapters.kit.sheet import leaves
from gateway.message.finding import Severity
from gateway.message.metadata import KINDS, BorderEventMessage
from gateway.message.table import elements
from gateway.published import published
from gateway.validation.rule import Context
from gateway.validation.rules import events as core
from gateway.validation.validate import validate

SETTING = Setting("KG-NSW", {"CN": Route("CN-NSW", "kg-cn-road", "1"), "UZ": Route("UZ-NSW", "kg-uz-road", "1")})
SCHEMA = etree.XMLSchema(etree.parse(Path(ADAPTER.examples).parent / "schema" / "BorderEventNotice.xsd"))
EXAMPLES = sorted(path.stem for path in ADAPTER.examples.glob("event_*.xml"))
OWN = "<RefRegNumber><CountryCode>KG</CountryCode><Date>2026-11-23</Date><PINumber>000000102</PINumber></RefRegNumber>"
ABROAD = "<RefSourceDocumentID>TRT20261123000419</RefSourceDocumentID>"
PARTS = {
    "source": "<SourceCountryCode>KG</SourceCountryCode>",
    "destination": "<DestinationCountryCode>CN</DestinationCountryCode>",
    "reference": ABROAD,
    "kind": "<EventKindCode>02</EventKindCode>",
    "time": "<EventDateTime>2026-11-24T15:05:00+06:00</EventDateTime>",
    "office": "<CustomsOfficeCode>41700201</CustomsOfficeCode>",
    "rest": "",
}


def notice(**parts: str) -> National:
    """A notice with all keys; a part that is given stands instead of the usual one."""
    body = "".join({**PARTS, **parts}.values())
    text = (
        '<BorderEventNotice xmlns="urn:torugart:plausible:kg:BorderEventNotice:1">'
        "<NoticeID>5d0c7a90-6a43-4f6e-8a37-1f6b0a4c2102</NoticeID>"
        f"<NoticeDateTime>2026-11-24T15:12:00+06:00</NoticeDateTime>{body}</BorderEventNotice>"
    )
    return National(text.encode(), XML)


def example(name: str) -> National:
    return National((ADAPTER.examples / f"{name}.xml").read_bytes(), XML, f"{name}.xml")


def read(document: National, setting: Setting = SETTING) -> Reading:
    return ADAPTER.read(document, setting)


def event(**changes: object) -> BorderEventMessage:
    """An event that China tells Kyrgyzstan, with elements of the BorderEvent replaced."""
    tree = {
        "ResponsibleCountryCode": "CN",
        "CommunicationMetaData": {
            "AgreementID": "kg-cn-road",
            "AgreementVersionID": "1",
            "ID": "7b7b7b7b-0000-5000-8000-000000000002",
            "PreparationDateTime": "2026-11-24T13:15:02+08:00",
            "Recipient": {"ID": "KG-NSW"},
            "Sender": {"ID": "CN-NSW"},
        },
        "BorderEvent": {
            "EventDateTime": "2026-11-24T13:10:00+08:00",
            "EventTypeCode": "ARR",
            "FunctionalReferenceID": "7b7b7b7b000050008000000000000002",
            "IssueDateTime": "2026-11-24T13:15:02+08:00",
            "BorderOffice": {"ID": "9403"},
            "Declaration": {"FunctionalReferenceID": "KG/20261123/000000102"},
            **changes,
        },
    }
    return BorderEventMessage.model_validate(tree, by_alias=True, by_name=False)


def root_of(message: BorderEventMessage) -> etree._Element:
    document = ADAPTER.write(message).document
    root = etree.fromstring(document.body)
    assert SCHEMA.validate(root), SCHEMA.error_log
    return root


def value(root: etree._Element, name: str) -> list[str]:
    return [node.text for node in root.iter(f"{{*}}{name}")]


def refusals(reading: Reading) -> list[tuple[str, str]]:
    return [(f.rule, f.national) for f in reading.findings if f.severity is Severity.REJECT]


@pytest.mark.parametrize("code", sorted(EVENT_KINDS))
def test_each_code_is_one_kind_of_event_both_ways(code: str):
    message = read(notice(kind=f"<EventKindCode>{code}</EventKindCode>")).message
    assert message.border_event.event_type_code == EVENT_KINDS[code]
    assert value(root_of(event(EventTypeCode=EVENT_KINDS[code])), "EventKindCode") == [code]


def test_every_kind_of_event_and_every_state_that_the_gateway_knows_has_a_code():
    assert set(EVENT_KINDS.values()) == set(core.EVENT_TYPES)
    assert set(SEAL_STATES.values()) == set(core.SEAL_CONDITIONS)
    assert set(CONCLUSIONS.values()) == set(core.CONCLUSIONS)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_valid_sound_to_the_gateway_and_says_the_same_when_written_and_read_again(name: str):
    root = etree.fromstring(example(name).body)
    assert SCHEMA.validate(root), SCHEMA.error_log
    only = Setting("KG-NSW", {"CN": SETTING.routes["CN"]})
    message = read(example(name), only).message
    now = message.communication_meta_data.preparation_date_time
    assert [f for f in validate(message, Context(now=now)) if f.severity is not Severity.INFO] == []
    written = ADAPTER.write(message)
    assert SCHEMA.validate(etree.fromstring(written.document.body)), SCHEMA.error_log
    again = read(written.document, only).message
    before = message.border_event.model_copy(update={"functional_reference_id": "-"})
    assert again.border_event.model_copy(update={"functional_reference_id": "-"}) == before


def test_an_arrival_says_when_where_and_with_which_plates_and_seals():
    message = read(example("event_arrival")).message
    seen = message.border_event
    assert seen.event_date_time == datetime.fromisoformat("2026-11-24T15:05:00+06:00")
    assert (seen.event_type_code, seen.border_office.id) == ("ARR", "41700201")
    assert seen.border_transport_means.id == "新P52718"
    assert [trailer.id for trailer in seen.border_transport_means.transport_equipment] == ["新P8831挂"]
    assert [(seal.id, seal.condition_code) for seal in seen.control_result.seal_check] == [("CN7204411", "INT")]
    assert seen.additional_information[0].statement_description == "Прибыл в пункт пропуска, пломба не нарушена"


def test_an_event_about_a_declaration_from_abroad_names_it_by_its_senders_reference_and_our_number():
    message = read(example("event_arrival")).message
    declaration = message.border_event.declaration
    assert (declaration.functional_reference_id, declaration.id) == ("TRT20261123000419", "KG/20261123/000000345")
    assert message.communication_meta_data.conversation_reference_id == "3f2b8c1e-5a7d-4e60-9b1c-000000000001"


def test_an_event_about_an_own_declaration_names_it_by_its_number_and_follows_its_message():
    message = read(example("event_departure")).message
    assert message.border_event.declaration.functional_reference_id == "KG/20261123/000000102"
    followed = message_id("9b6c2f51-73f2-4c8e-a1d0-52b7c1e04102")
    assert message.communication_meta_data.conversation_reference_id == followed


def test_import_information_has_the_import_declaration_and_one_item_for_each_subheading():
    goods = read(example("event_import_information")).message.border_event.consignment[0]
    document = goods.additional_document[0]
    assert (document.id, document.type_code) == ("41700101/251126/0000001", "929")
    assert [item.commodity.classification[0].id for item in goods.consignment_item] == ["940330", "940350"]
    assert (str(goods.total_package_quantity.value), goods.total_package_quantity.unit_code) == ("86", "CT")
    assert (str(goods.value_amount.value), goods.value_amount.currency_id) == ("18540.00", "USD")


@pytest.mark.parametrize("country", ["CN", "UZ"])
def test_an_event_goes_to_the_country_that_it_names(country: str):
    told = f"<DestinationCountryCode>{country}</DestinationCountryCode>"
    meta = read(notice(destination=told)).message.communication_meta_data
    assert (meta.sender.id, meta.recipient.id) == ("KG-NSW", f"{country}-NSW")
    assert meta.agreement_id == SETTING.routes[country].agreement


def test_an_event_that_names_kyrgyzstan_is_for_it():
    message = read(example("event_arrival_abroad")).message
    meta = message.communication_meta_data
    assert (meta.sender.id, meta.recipient.id, message.responsible_country_code) == ("CN-NSW", "KG-NSW", "CN")
    assert meta.id == "5d0c7a90-6a43-4f6e-8a37-1f6b0a4c2106"


@pytest.mark.parametrize(
    ("parts", "rule", "place"),
    [
        ({"reference": ""}, "KG-012", "/BorderEventNotice"),
        ({"kind": ""}, "KG-014", "/BorderEventNotice"),
        ({"kind": "<EventKindCode>09</EventKindCode>"}, "KG-014", "/BorderEventNotice/EventKindCode"),
        ({"office": ""}, "KG-015", "/BorderEventNotice"),
        ({"time": ""}, "KIT-READ-01", "/BorderEventNotice"),
        (
            {"destination": "<DestinationCountryCode>TJ</DestinationCountryCode>"},
            "KG-005",
            "/BorderEventNotice/DestinationCountryCode",
        ),
        (
            {"source": "<SourceCountryCode>UZ</SourceCountryCode>"},
            "KG-005",
            "/BorderEventNotice/DestinationCountryCode",
        ),
    ],
)
def test_what_a_notice_lacks_is_named_at_its_place(parts: dict[str, str], rule: str, place: str):
    reading = read(notice(**parts))
    assert reading.message is None
    assert refusals(reading) == [(rule, place)]


@pytest.mark.parametrize("code", ["06", "07"])
def test_what_nobody_saw_happen_needs_no_office(code: str):
    message = read(notice(kind=f"<EventKindCode>{code}</EventKindCode>", office="")).message
    assert message.border_event.border_office is None


@pytest.mark.parametrize(
    "rest",
    [
        "<SealDetails><SealId>CN7204411</SealId><SealStateCode>7</SealStateCode></SealDetails>",
        "<SealDetails><SealId>CN7204411</SealId></SealDetails>",
        "<ConclusionCode>9</ConclusionCode>",
    ],
)
def test_a_state_or_a_conclusion_that_is_not_known_is_left_out_and_reported(rest: str):
    reading = read(notice(rest=rest))
    assert reading.message.border_event.control_result is None
    assert [f.rule for f in reading.findings if f.severity is Severity.WARN] == ["KG-016"]


def test_an_element_or_an_attribute_that_the_notice_does_not_have_is_reported():
    quantity = (
        '<ConsignmentDetails><CargoQuantity packageKindCode="CT" shape="round">5</CargoQuantity></ConsignmentDetails>'
    )
    reading = read(notice(rest=f"<Weather>снег</Weather>{quantity}"))
    assert [(f.national, f.value) for f in reading.findings if f.rule == "KIT-UNK-01"] == [
        ("/BorderEventNotice/Weather", "снег"),
        ("/BorderEventNotice/ConsignmentDetails/CargoQuantity/@shape", "round"),
    ]


def test_an_own_declaration_is_named_by_its_number_and_any_other_by_the_reference_of_its_sender():
    own = root_of(event())
    assert (value(own, "PINumber"), value(own, "RefSourceDocumentID")) == (["000000102"], [])
    for reference in ("TRT20261123000419", "KZ/20261123/000000101"):
        other = root_of(event(Declaration={"FunctionalReferenceID": reference}))
        assert (value(other, "PINumber"), value(other, "RefSourceDocumentID")) == ([], [reference])


def test_of_a_longer_goods_code_the_subheading_is_written_and_the_rest_reported():
    item = {"SequenceNumeric": 1, "Commodity": {"Classification": [{"ID": "9403300000"}]}}
    message = event(Consignment=[{"SequenceNumeric": 1, "ConsignmentItem": [item]}])
    assert value(root_of(message), "GoodsTNVEDCode") == ["940330"]
    lost = {f.pointer: f.value for f in ADAPTER.write(message).findings}
    assert lost["/BorderEvent/Consignment/0/ConsignmentItem/0/Commodity/Classification/0/ID"] == "9403300000"


def test_an_import_declaration_behind_another_document_comes_back_first_and_is_told_where_it_was():
    documents = [{"TypeCode": "380", "ID": "X1"}, {"TypeCode": "929", "ID": "I1"}]
    message = event(Consignment=[{"SequenceNumeric": 1, "AdditionalDocument": documents}])
    assert value(root_of(message), "ImportRegistrationId") == ["I1"]
    told = {f.pointer for f in ADAPTER.write(message).findings}
    assert "/BorderEvent/Consignment/0/AdditionalDocument/1/ID" in told


def test_trailers_without_a_tractor_are_reported_because_the_first_plate_would_be_taken_for_it():
    message = event(BorderTransportMeans={"TransportEquipment": [{"ID": "01KG0452T"}]})
    assert value(root_of(message), "TransportMeansRegId") == []
    lost = [f.pointer for f in ADAPTER.write(message).findings if f.rule == "KIT-LOST-01"]
    assert "/BorderEvent/BorderTransportMeans/TransportEquipment/0/ID" in lost


def test_a_mass_in_tonnes_is_written_in_kilograms_and_said_to_be():
    message = event(ControlResult={"GrossMassMeasure": {"value": "18.4", "unitCode": "TNE"}})
    assert value(root_of(message), "GrossWeightQuantity") == ["18400"]
    assert [f.rule for f in ADAPTER.write(message).findings if f.severity is Severity.INFO and f.rule == "KG-009"]


def test_a_kind_that_has_no_code_is_refused():
    findings = ADAPTER.write(event(EventTypeCode="XXX")).findings
    assert [(f.rule, f.pointer) for f in findings if f.severity is Severity.REJECT] == [
        ("KG-014", "/BorderEvent/EventTypeCode")
    ]


def test_what_the_gateway_itself_tells_has_no_country_and_no_office_and_is_written_all_the_same():
    words = [{"StatementDescription": "Не доставлено: окно недоступно"}]
    told = event(EventTypeCode="UND", BorderOffice=None, AdditionalInformation=words)
    told = told.model_copy(update={"responsible_country_code": None})
    root = root_of(told)
    assert (value(root, "SourceCountryCode"), value(root, "CustomsOfficeCode")) == ([], [])
    assert value(root, "DescriptionText") == ["Не доставлено: окно недоступно"]
    assert [f for f in ADAPTER.write(told).findings if f.severity is Severity.REJECT] == []


def test_every_value_of_the_published_event_with_all_elements_is_written_or_reported():
    body = published("border_event", "v1", "examples", "maximal.json").read_bytes()
    message = BorderEventMessage.model_validate_json(body, by_alias=True, by_name=False)
    written = ADAPTER.write(message)
    told = {f.pointer for f in written.findings}
    carried = set(value_texts(written.document.body))
    missing = [
        p for p, text in leaves(message) if p.startswith("/BorderEvent/") and p not in told and text not in carried
    ]
    coded = {"EventTypeCode", "ConditionCode", "ConclusionCode", "unitCode", "TypeCode", "SequenceNumeric"}
    assert [
        p for p in missing if p.rpartition("/")[2] not in coded | {"IdentificationTypeCode", "StatementTypeCode"}
    ] == []


def value_texts(body: bytes) -> list[str]:
    root = etree.fromstring(body)
    return [part for node in root.iter() for part in ((node.text or "").strip(), *node.attrib.values()) if part]


def test_what_is_announced_as_lost_exists_in_the_common_form():
    def exists(path: str) -> bool:
        cls = next((kind for kind in KINDS.values() if path.startswith(f"{kind.document}/")), BorderEventMessage)
        for name in path.split("/"):
            element = next((e for e in elements(cls) if e.name == name), None)
            if element is None:
                return False
            cls = element.child or cls
        return True

    assert [path for path in ADAPTER.not_carried if not exists(path)] == []


def test_an_event_that_is_handed_over_is_answered_like_every_document():
    at = datetime.fromisoformat("2026-11-24T15:13:00+06:00")
    for taken, code in ((True, "1"), (False, "4")):
        faults = () if taken else (Fault("KG-014", "Событие неизвестно", "/BorderEventNotice/EventKindCode", "09"),)
        root = etree.fromstring(ADAPTER.answer(example("event_arrival"), taken, faults, at).body)
        assert value(root, "ResultCode") == [code]
        assert value(root, "RefDocumentID") == ["5d0c7a90-6a43-4f6e-8a37-1f6b0a4c2102"]
        assert value(root, "ErrorCode") == [fault.rule for fault in faults]
