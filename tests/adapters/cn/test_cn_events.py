"""Border events as China tells them and is told them: arrival reports (MT3402) and tally reports (MT5401)."""

from datetime import datetime

import pytest
from lxml import etree

from adapters.cn import ADAPTER
from adapters.cn.codes import CONCLUSIONS, CONDITIONS, EVENTS
from adapters.kit.contract import XML, Fault, National, Route, Setting
from gateway.message.finding import Severity
from gateway.message.metadata import BorderEventMessage
from gateway.validation.rule import Context
from gateway.validation.rules import events as core
from gateway.validation.validate import validate

EXAMPLES = sorted(path.name for path in ADAPTER.examples.glob("event_*.xml"))
BOTH = Setting("CN", {"KG": Route("KG", "kg-cn-road", "1"), "KZ": Route("KZ", "cn-kz-road", "1")})
KEYS = {
    "OFFICE": "<DeclarationOfficeID>9403</DeclarationOfficeID>",
    "CITED": "",
    "ID": "<ID>TRT20261123000419</ID>",
    "TIME": "<IssueDateTime>20261124131000</IssueDateTime>",
    "STATEMENT": "<StatementCode>32</StatementCode>",
    "REST": "",
}


def report(form: str = "MT3402", function: str = "9", sender: str = "9400TORUGTCN1", **parts: str) -> National:
    """A report with all keys; a part that is given stands instead of the usual one."""
    one = {**KEYS, **parts}
    number = f"CN_{form}_1p0_{sender}_20261124131502003"
    body = (
        f'<Manifest xmlns="urn:Declaration:datamodel:standard:CN:{form}:1"><Head><MessageID>{number}</MessageID>'
        f"<FunctionCode>{function}</FunctionCode><MessageType>{form}</MessageType>"
        f"<SenderID>{sender}_DXPTORUGART000001</SenderID><ReceiverID>EPORT</ReceiverID>"
        f"<SendTime>20261124131502003</SendTime><Version>1.0</Version></Head><Declaration>{one['OFFICE']}{one['CITED']}"
        f"{one['ID']}{one['TIME']}<AdditionalInformation>{one['STATEMENT']}</AdditionalInformation>{one['REST']}"
        "</Declaration></Manifest>"
    )
    return National(body.encode(), XML, f"{number}.xml")


def serious(reading):
    return [(f.rule, f.national) for f in reading.findings if f.severity is Severity.REJECT]


def told_to_china(**changes) -> BorderEventMessage:
    """An event that Kyrgyzstan tells, with elements of the BorderEvent replaced."""
    event = {
        "EventDateTime": "2026-11-24T11:05:00+06:00",
        "EventTypeCode": "DIS",
        "FunctionalReferenceID": "5d0c7a906a434f6e8a371f6b0a4c2104",
        "IssueDateTime": "2026-11-24T11:07:00+06:00",
        "BorderOffice": {"ID": "41700201"},
        "Declaration": {"FunctionalReferenceID": "TRT20261123000419"},
    }
    tree = {
        "ResponsibleCountryCode": "KG",
        "CommunicationMetaData": {
            "AgreementID": "kg-cn-road",
            "AgreementVersionID": "1",
            "ID": "5d0c7a90-6a43-4f6e-8a37-1f6b0a4c2104",
            "PreparationDateTime": "2026-11-24T11:07:00+06:00",
            "Recipient": {"ID": "CN"},
            "Sender": {"ID": "KG"},
        },
        "BorderEvent": {**event, **changes},
    }
    return BorderEventMessage.model_validate(tree, by_alias=True, by_name=False)


@pytest.mark.parametrize("code", sorted(EVENTS))
def test_each_statement_code_is_one_kind_of_event_both_ways(code, read):
    event = EVENTS[code]
    message = read(report(event.form, STATEMENT=f"<StatementCode>{code}</StatementCode>")).message
    assert message.border_event.event_type_code == event.kind
    written = ADAPTER.write(told_to_china(EventTypeCode=event.kind)).document
    root = etree.fromstring(written.body)
    assert root.findtext(".//{*}StatementCode") == code
    assert root.findtext("{*}Head/{*}MessageType") == event.form


def test_every_kind_of_event_and_every_state_that_the_gateway_knows_has_a_code():
    assert {event.kind for event in EVENTS.values()} == set(core.EVENT_TYPES)
    assert set(CONDITIONS.values()) == set(core.SEAL_CONDITIONS)
    assert set(CONCLUSIONS.values()) == set(core.CONCLUSIONS)


def test_a_departure_says_when_where_and_with_which_plates_and_seals(example, read):
    message = read(example("event_departure.xml")).message
    event = message.border_event
    assert event.event_date_time == datetime.fromisoformat("2026-11-23T19:40:00+08:00")
    assert event.issue_date_time == datetime.fromisoformat("2026-11-23T19:42:12.350+08:00")
    assert (event.event_type_code, event.border_office.id) == ("DEP", "9403")
    assert event.border_transport_means.id == "新P52718"
    assert [trailer.id for trailer in event.border_transport_means.transport_equipment] == ["新P8831挂"]
    assert [(seal.id, seal.condition_code) for seal in event.control_result.seal_check] == [("CN7204411", "INT")]
    assert event.declaration.functional_reference_id == "TRT20261123000419"
    meta = message.communication_meta_data
    assert (meta.sender.id, meta.recipient.id) == ("CN-NSW", "KG-NSW")
    assert message.responsible_country_code == "CN"


def test_a_discrepancy_has_what_was_found_and_the_words_of_the_officer(example, read):
    event = read(example("event_discrepancy.xml")).message.border_event
    found = event.consignment[0]
    assert event.control_result.conclusion_code == "HLD"
    assert [seal.condition_code for seal in event.control_result.seal_check] == ["BRK", "MIS"]
    assert (found.sequence_numeric, found.transport_contract_document.id) == (1, "CMR-KG-2026-003318")
    assert (str(found.total_package_quantity.value), found.total_package_quantity.unit_code) == ("718", "BG")
    assert event.additional_information[0].statement_description == "封志损坏，件数少于申报"


def test_import_information_has_the_import_declaration_and_one_item_for_each_subheading(example, read):
    goods = read(example("event_import_information.xml")).message.border_event.consignment[0]
    document = goods.additional_document[0]
    assert (document.id, document.type_code) == ("940320261000048711", "929")
    codes = [item.commodity.classification[0].id for item in goods.consignment_item]
    assert codes == ["080212", "080232"]
    assert [item.sequence_numeric for item in goods.consignment_item] == [1, 2]
    assert (str(goods.value_amount.value), goods.value_amount.currency_id) == ("66312.00", "USD")


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_follows_the_schema_is_sound_to_the_gateway_and_comes_back_as_it_was(
    name, example, read, faults_of_form
):
    assert faults_of_form(example(name)) == []
    message = read(example(name)).message
    now = message.communication_meta_data.preparation_date_time
    assert [f for f in validate(message, Context(now=now)) if f.severity is not Severity.INFO] == []
    written = ADAPTER.write(message)
    assert faults_of_form(written.document) == []
    assert read(written.document).message == message


def cited(number: str) -> str:
    return f"<FunctionalReferenceID>{number}</FunctionalReferenceID>"


@pytest.mark.parametrize(
    ("parts", "country"),
    [
        ({"CITED": cited("CN_MT1401_1p0_9400TORUGTKZ1_20261124101500417")}, "KZ"),
        ({"CITED": cited("CN_MT1401_1p0_9400TORUGTKG1_20261124101500417")}, "KG"),
        ({"CITED": cited("CN_MT2401_1p0_9403KZTSH0016_20261123100000271")}, "KG"),
        ({"OFFICE": "<DeclarationOfficeID>9402</DeclarationOfficeID>"}, "KZ"),
        ({"ID": "<ID>KZ/20261123/000000101</ID>"}, "KZ"),
    ],
)
def test_an_event_goes_to_whose_declaration_it_is_or_to_the_neighbour_at_the_post(parts, country):
    message = ADAPTER.read(report(**parts), BOTH).message
    assert message.communication_meta_data.recipient.id == country
    assert message.communication_meta_data.agreement_id == BOTH.routes[country].agreement


def test_an_event_for_which_no_other_side_can_be_told_is_refused():
    reading = ADAPTER.read(report(OFFICE="<DeclarationOfficeID>0100</DeclarationOfficeID>"), BOTH)
    assert reading.message is None
    assert serious(reading) == [("CN-003", "/Manifest/Declaration/DeclarationOfficeID")]


def test_an_event_from_abroad_is_for_china(example, read):
    message = read(example("event_arrival_abroad.xml")).message
    meta = message.communication_meta_data
    assert (meta.sender.id, meta.recipient.id, message.responsible_country_code) == ("KG-NSW", "CN-NSW", "KG")


@pytest.mark.parametrize(
    ("parts", "rule", "place"),
    [
        ({"ID": ""}, "CN-001", "/Manifest/Declaration/ID"),
        ({"TIME": ""}, "CN-001", "/Manifest/Declaration/IssueDateTime"),
        ({"OFFICE": ""}, "CN-001", "/Manifest/Declaration/DeclarationOfficeID"),
        ({"STATEMENT": ""}, "CN-022", "/Manifest/Declaration/AdditionalInformation/StatementCode"),
        (
            {"STATEMENT": "<StatementCode>99</StatementCode>"},
            "CN-022",
            "/Manifest/Declaration/AdditionalInformation/StatementCode",
        ),
        ({"function": "5"}, "CN-024", "/Manifest/Head/FunctionCode"),
    ],
)
def test_what_an_event_lacks_is_named_at_its_place(parts, rule, place, read):
    reading = read(report(**parts))
    assert reading.message is None
    assert (rule, place) in serious(reading)


@pytest.mark.parametrize("code", ["33", "34"])
def test_what_nobody_saw_happen_needs_no_office(code, read):
    message = read(report(OFFICE="", STATEMENT=f"<StatementCode>{code}</StatementCode>")).message
    assert message.border_event.border_office is None


def test_an_event_told_in_the_other_report_is_read_by_its_code_and_that_is_noted(read):
    reading = read(report("MT5401"))
    assert reading.message.border_event.event_type_code == "ARR"
    assert [f.rule for f in reading.findings if f.severity is Severity.WARN] == ["CN-023"]


@pytest.mark.parametrize(
    "rest",
    [
        "<Seal><ID>CN7204411</ID><ConditionCode>7</ConditionCode></Seal>",
        "<Seal><ID>CN7204411</ID></Seal>",
        "<ConclusionCode>9</ConclusionCode>",
    ],
)
def test_a_state_or_a_conclusion_that_is_not_known_is_left_out_and_reported(rest, read):
    reading = read(report(REST=rest))
    assert reading.message.border_event.control_result is None
    assert [f.rule for f in reading.findings if f.severity is Severity.WARN] == ["CN-025"]


def test_an_element_that_the_report_does_not_have_is_reported(read):
    reading = read(report(REST="<Weather>雪</Weather>"))
    assert [(f.rule, f.national, f.value) for f in reading.findings if f.rule == "KIT-UNK-01"] == [
        ("KIT-UNK-01", "/Manifest/Declaration/Weather", "雪")
    ]


def test_a_kind_that_has_no_code_gives_no_document():
    written = ADAPTER.write(told_to_china(EventTypeCode="XXX"))
    assert written.document.body == b""
    assert [(f.rule, f.pointer) for f in written.findings] == [("CN-022", "/BorderEvent/EventTypeCode")]


def test_an_event_that_names_no_declaration_gives_no_document():
    written = ADAPTER.write(told_to_china(Declaration={"ID": "KG-1"}))
    assert written.document.body == b""
    assert [f.rule for f in written.findings] == ["CN-001"]


def test_of_a_longer_goods_code_the_subheading_is_written_and_the_rest_reported():
    item = {"SequenceNumeric": 1, "Commodity": {"Classification": [{"ID": "9403300000"}]}}
    written = ADAPTER.write(told_to_china(Consignment=[{"SequenceNumeric": 1, "ConsignmentItem": [item]}]))
    assert etree.fromstring(written.document.body).findtext(".//{*}Classification/{*}ID") == "940330"
    lost = {f.pointer: f.value for f in written.findings}
    pointer = "/BorderEvent/Consignment/0/ConsignmentItem/0/Commodity/Classification/0/ID"
    assert lost[pointer] == "9403300000"


def test_what_the_gateway_itself_tells_has_no_country_and_no_office_and_is_written_all_the_same(faults_of_form):
    notice = told_to_china(
        EventTypeCode="UND", BorderOffice=None, AdditionalInformation=[{"StatementDescription": "未能送达：窗口不可达"}]
    )
    meta = notice.communication_meta_data
    meta = meta.model_copy(update={"sender": type(meta.sender)(id="GATEWAY")})
    notice = notice.model_copy(update={"communication_meta_data": meta, "responsible_country_code": None})
    written = ADAPTER.write(notice)
    assert faults_of_form(written.document) == []
    root = etree.fromstring(written.document.body)
    assert root.findtext(".//{*}DeclarationOfficeID") is None
    assert root.findtext(".//{*}StatementDescription") == "未能送达：窗口不可达"
    assert [f for f in written.findings if f.severity is Severity.REJECT] == []


def test_an_event_that_is_handed_over_is_answered_like_every_document(example):
    at = datetime.fromisoformat("2026-11-24T13:16:00+08:00")
    document = example("event_arrival.xml")
    for taken, code in ((True, "D"), (False, "03")):
        faults = () if taken else (Fault("CN-022", "事件无法识别", "/Manifest", "99"),)
        root = etree.fromstring(ADAPTER.answer(document, taken, faults, at).body)
        assert root.findtext(".//{*}StatementCode") == code
        assert root.findtext(".//{*}FunctionalReferenceID") == "CN_MT3402_1p0_9400TORUGTCN1_20261124131502003"
        assert root.findtext("{*}Response/{*}Declaration/{*}ID") == "KG/20261124/000000345"


@pytest.mark.parametrize(("number", "read_as", "noted"), [("7", 7, []), ("007", 7, []), ("0", 1, ["0"]), ("", 1, [""])])
def test_a_consignment_is_numbered_as_an_item_of_a_manifest_is(number, read_as, noted, read):
    consignment = f"<Consignment><SequenceNumeric>{number}</SequenceNumeric></Consignment>"
    reading = read(report("MT5401", STATEMENT="<StatementCode>52</StatementCode>", REST=consignment))
    assert reading.message.border_event.consignment[0].sequence_numeric == read_as
    assert [f.value for f in reading.findings if f.rule == "CN-018"] == noted
