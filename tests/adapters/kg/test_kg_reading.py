"""What NSW KG hands over, read into the common form."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from lxml import etree

from adapters.kg import ADAPTER
from adapters.kit.contract import XML, National, Reading, Route, Setting
from gateway.message.canonical import content_digest
from gateway.message.finding import Severity
from gateway.message.json_twin import read_json, write_json
from gateway.message.xml_twin import parse_xml, read_xml, write_xml
from gateway.validation.rule import Context
from gateway.validation.validate import validate

SETTING = Setting("KG-NSW", {"CN": Route("CN-NSW", "kg-cn-road", "1")})
EXAMPLES = sorted(ADAPTER.examples.glob("*.xml"))


def read(body: bytes | str, setting: Setting = SETTING) -> Reading:
    return ADAPTER.read(National(body if isinstance(body, bytes) else body.encode(), XML), setting)


def example(name: str) -> str:
    return (ADAPTER.examples / f"{name}.xml").read_text(encoding="utf-8")


def exported(name: str = "export_typical", *changes: tuple[str, str]):
    """The declaration of an example in which each text of a pair was found and replaced by the other."""
    text = example(name)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return read(text)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_read_without_serious_findings_and_fits_its_schema(path: Path):
    reading = read(path.read_bytes())
    assert reading.message is not None
    assert [f for f in reading.findings if f.severity in (Severity.REJECT, Severity.HOLD, Severity.WARN)] == []
    root = etree.parse(path)
    name = etree.QName(root.getroot()).localname
    schema = etree.XMLSchema(etree.parse(Path(ADAPTER.examples).parent / "schema" / f"{name}.xsd"))
    assert schema.validate(root), schema.error_log


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_what_is_read_survives_both_twins(path: Path):
    message = read(path.read_bytes()).message
    assert read_xml(parse_xml(write_xml(message))).message == message
    assert read_json(write_json(message)).message == message


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_same_document_twice_is_the_same_content(path: Path):
    first, second = read(path.read_bytes()), read(path.read_bytes())
    assert content_digest(first.message) == content_digest(second.message)
    assert first == second


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_origin_names_one_element_of_the_document_and_a_place_of_the_message(path: Path):
    reading = read(path.read_bytes())
    document = etree.parse(path)
    tree = reading.message.model_dump(mode="json", exclude_defaults=True)
    for pointer, place in reading.origins.items():
        assert len(document.xpath(_plain(place))) == 1, place
        found = tree
        for step in pointer.split("/")[1:]:
            found = found[int(step)] if isinstance(found, list) else found.get(step) if found is not None else None
        assert found is not None, pointer


def _plain(place: str) -> str:
    """An XPath without prefixes as one that ignores namespaces."""
    return re.sub(r"/([A-Za-z_]\w*)", r"/*[local-name()='\1']", place)


def test_what_a_content_rule_may_complain_about_has_an_origin():
    origins = read(example("auto_maximal")).origins
    consignment, item = "/Declaration/Consignment/0", "/Declaration/Consignment/0/ConsignmentItem/0"
    for pointer in (
        "/Declaration/FunctionalReferenceID",
        "/Declaration/IssueDateTime",
        "/Declaration/EntryOffice/ID",
        "/Declaration/Carrier/ID",
        "/Declaration/ObligationGuarantee/0/ReferenceID",
        "/Declaration/TotalGrossMassMeasure",
        "/Declaration/TotalPackageQuantity",
        "/Declaration/BorderTransportMeans/ID",
        "/Declaration/BorderTransportMeans/TransportEquipment/1/ID",
        "/Declaration/BorderTransportMeans/Seal/0/ID",
        "/Declaration/BorderTransportMeans/Master/0/Name",
        f"{consignment}/TransportContractDocument/ID",
        f"{consignment}/Consignee/ID",
        f"{consignment}/Consignor/Address/CountryCode",
        f"{consignment}/TransportEquipment/0/ID",
        f"{consignment}/TransportEquipment/0/Seal/0/ID",
        f"{consignment}/ValueAmount/currencyID",
        f"{item}/Commodity/Classification/0/ID",
        f"{item}/Commodity/DangerousGoods/0/UNDGID",
        f"{item}/GoodsMeasure/GrossMassMeasure",
        f"{item}/Packaging/0/TypeCode",
        f"{item}/PreviousDocument/0/ID",
        f"{item}/ValueAmount",
    ):
        assert pointer in origins, pointer


@pytest.mark.parametrize("name", ["export_minimal", "export_typical", "export_empty_vehicle", "export_empty_container"])
def test_an_export_example_passes_every_rule_of_the_common_form(name: str):
    message = read(example(name)).message
    context = Context(now=message.communication_meta_data.preparation_date_time)
    assert validate(message, context) == ()


def test_a_declaration_sent_by_kyrgyzstan_is_named_by_its_registration_number():
    message = exported().message
    assert message.declaration.functional_reference_id == "KG/20261123/000000102"
    assert message.declaration.id == "KG/20261123/000000102"
    assert message.communication_meta_data.sender.id == "KG-NSW"
    assert message.communication_meta_data.recipient.id == "CN-NSW"
    assert message.responsible_country_code == "KG"


def test_the_message_identifier_follows_from_the_document_identifier_alone():
    one = exported().message.communication_meta_data.id
    other_time = exported("export_typical", ("09:40:15", "09:41:00")).message.communication_meta_data.id
    other_document = exported("export_typical", ("6a1d3c9f0002", "6a1d3c9f0009")).message.communication_meta_data.id
    assert one == other_time != other_document
    assert one[14] == "5"


def test_times_keep_the_offset_they_came_with():
    declaration = exported().message.declaration
    assert declaration.issue_date_time.isoformat() == "2026-11-23T09:40:15+06:00"
    assert declaration.border_transport_means.arrival_date_time.isoformat() == "2026-11-23T15:30:00+06:00"


def test_a_time_without_offset_is_taken_as_bishkek_time_and_said_to_be():
    reading = exported("export_typical", ("09:40:15+06:00", "09:40:15"))
    assert reading.message.declaration.issue_date_time == datetime.fromisoformat("2026-11-23T09:40:15+06:00")
    (finding,) = [f for f in reading.findings if f.rule == "KG-006"]
    assert finding.national == "/ExportPreliminary/EECEDocHeaderAddInfo/EDocDateTime"


def test_a_date_without_time_never_becomes_a_moment():
    reading = read(example("auto_maximal"))
    assert reading.message.declaration.border_transport_means.arrival_date_time is None
    assert ("KIT-LOST-01", "2026-11-24") in {(f.rule, f.value) for f in reading.findings}


def test_a_time_finer_than_a_millisecond_is_cut_and_reported():
    reading = exported("export_typical", ("09:40:15+06:00", "09:40:15.1234567+06:00"))
    assert reading.message.declaration.issue_date_time.microsecond == 123000
    assert any(f.value == "2026-11-23T09:40:15.1234567+06:00" for f in reading.findings)


def test_kyrgyz_letters_and_chinese_names_are_kept():
    declaration = exported().message.declaration
    consignment = declaration.consignment[0]
    assert consignment.consignor.name == "ЖЧК «Ысык-Көл Мөмөсү»"
    assert consignment.consignee.name == "喀什天山果品贸易有限公司"
    assert declaration.border_transport_means.master[0].name == "Өмүралиев Бакыт Түгөлбаевич"


def test_two_texts_of_a_description_stay_two_lines_and_a_full_part_runs_on():
    item = exported().message.declaration.consignment[0].consignment_item[0]
    assert item.commodity.description == "Абрикосы сушёные без косточки\nКургатылган өрүк, сөөгү жок"
    full = "Б" * 250
    run_on = exported("export_typical", ("Абрикосы сушёные без косточки", full)).message.declaration
    text = run_on.consignment[0].consignment_item[0].commodity.description
    assert text == full + "Кургатылган өрүк, сөөгү жок"


def test_the_export_declaration_is_a_document_of_the_consignment():
    documents = exported().message.declaration.consignment[0].additional_document
    assert [(d.type_code, d.id) for d in documents] == [("830", "41700101/231126/0004512")]


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("<c:RKOrganizationFeatures><c:BIN>971240001315</c:BIN></c:RKOrganizationFeatures>", "971240001315"),
        ("<c:RKOrganizationFeatures><c:IIN>880101300123</c:IIN></c:RKOrganizationFeatures>", "880101300123"),
        ("<c:RFOrganizationFeatures><c:INN>7707083893</c:INN></c:RFOrganizationFeatures>", "7707083893"),
        ("<c:RBOrganizationFeatures><c:UNP>100582333</c:UNP></c:RBOrganizationFeatures>", "100582333"),
        ("<c:RAOrganizationFeatures><c:UNN>02702456</c:UNN></c:RAOrganizationFeatures>", "02702456"),
        ("<c:KGOrganizationFeatures><c:KGINN>02209201610139</c:KGINN></c:KGOrganizationFeatures>", "02209201610139"),
    ],
)
def test_the_identifier_of_a_party_is_found_in_the_block_of_its_country(block: str, expected: str):
    text = re.sub(
        r"<c:KGOrganizationFeatures>.*?</c:KGOrganizationFeatures>", block, example("export_minimal"), flags=re.S
    )
    assert read(text).message.declaration.carrier.id == expected


def test_an_okpo_has_no_place_and_is_reported():
    found = {(f.rule, f.value, f.national) for f in exported().findings}
    place = "/ExportPreliminary/DeclarantDetails/KGOrganizationFeatures/KGOKPO"
    assert ("KIT-LOST-01", "28417733", place) in found


def test_empty_containers_are_equipment_of_a_vehicle_without_goods():
    declaration = exported("export_empty_container").message.declaration
    assert (declaration.specific_circumstances_code_code, declaration.consignment) == ("EMP", ())
    seen = [
        (one.sequence_numeric, one.type_code, one.id, one.fullness_code, [seal.id for seal in one.seal])
        for one in declaration.border_transport_means.transport_equipment
    ]
    assert seen == [
        (1, "TE", "01KG456PAB", None, []),
        (2, "CN", "TRGU2040158", "4", ["KG0021177"]),
        (3, "CN", "TRGU2040163", "4", []),
    ]


def test_the_mass_of_empty_containers_is_not_that_of_goods_and_is_reported_lost():
    indicator = "<TIRCarnetIndicator>0</TIRCarnetIndicator>"
    total = "<TotalGrossMassMeasure>4560.000</TotalGrossMassMeasure>"
    reading = exported("export_empty_container", (indicator, indicator + total))
    assert reading.message.declaration.total_gross_mass_measure is None
    assert [(f.rule, f.value) for f in reading.findings] == [("KIT-LOST-01", "4560.000")]


def test_a_consignment_of_containers_whose_goods_have_a_code_is_of_goods():
    described = "<p:GoodsDescription>Порожний контейнер</p:GoodsDescription>"
    code = "<p:GoodsTNVEDCode>8609009000</p:GoodsTNVEDCode>"
    declaration = exported("export_empty_container", (described, code + described)).message.declaration
    assert declaration.specific_circumstances_code_code is None
    assert len(declaration.consignment) == 1
    assert [one.type_code for one in declaration.border_transport_means.transport_equipment] == ["TE"]


def test_an_empty_vehicle_has_no_consignment_and_says_so():
    declaration = exported("export_empty_vehicle").message.declaration
    assert declaration.consignment == ()
    assert declaration.specific_circumstances_code_code == "EMP"
    assert declaration.entry_office.id == "9415"


def test_an_unknown_element_is_reported_with_its_place_and_value():
    reading = exported("export_typical", ("<UsageCode>01</UsageCode>", "<UsageCode>01</UsageCode><Colour>red</Colour>"))
    (finding,) = [f for f in reading.findings if f.rule == "KIT-UNK-01"]
    assert (finding.severity, finding.value) == (Severity.WARN, "red")
    assert finding.national == "/ExportPreliminary/Colour"


def test_a_position_of_thousands_of_digits_is_reported_and_the_real_one_taken():
    behind = "</ObjectOrdinal>\n      <TransportDocumentDetails>"
    reading = exported("export_minimal", (f"1{behind}", f"000000001{'0' * 5000}{behind}"))
    assert [one.sequence_numeric for one in reading.message.declaration.consignment] == [1]
    place = "/ExportPreliminary/MainConsignmentDetails/ConsignmentDetails/ObjectOrdinal"
    assert place in [f.national for f in reading.findings if f.rule == "KIT-LOST-01"]


def test_an_unknown_attribute_is_reported():
    reading = exported("export_typical", ("<UsageCode>", '<UsageCode note="x">'))
    assert [(f.rule, f.national) for f in reading.findings if f.rule == "KIT-UNK-01"] == [
        ("KIT-UNK-01", "/ExportPreliminary/UsageCode/@note")
    ]


def test_a_text_too_long_for_the_common_form_is_reported_with_its_place():
    reading = exported("export_minimal", ("喀什天山果品贸易有限公司", "喀" * 71))
    assert reading.message.declaration.consignment[0].consignee.name is None
    (finding,) = [f for f in reading.findings if f.rule == "KIT-FIT-01"]
    place = "/ExportPreliminary/MainConsignmentDetails/ConsignmentDetails/ConsigneeDetails/OrganizationName"
    assert finding.national == place
    assert finding.pointer == "/Declaration/Consignment/0/Consignee/Name"


@pytest.mark.parametrize(
    ("name", "there", "too_long", "place"),
    [
        (
            "export_minimal",
            ">01KG123ABC<",
            "Х" * 36,
            "BorderTransportDetails/PIATTransportMeansItemDetails/TransportMeansRegId",
        ),
        ("auto_maximal", ">CNV00001<", "S" * 36, "CustomsIdentificationMeansIdDetails[1]/CustomsIdentificationMeansId"),
        ("export_minimal", ">9403<", "9" * 36, "EntryCheckPointDetails/BorderCheckpointCode"),
        ("export_typical", ">Өмүралиев<", "Ө" * 71, "CarrierRepresentativeDetails/PersonSurname"),
    ],
    ids=["plate", "seal", "office", "driver"],
)
def test_what_does_not_fit_is_reported_at_its_own_element(name: str, there: str, too_long: str, place: str):
    reading = exported(name, (there, f">{too_long}<"))
    (finding,) = [f for f in reading.findings if f.rule == "KIT-FIT-01"]
    assert finding.national.endswith(f"/{place}")


def test_the_short_name_stands_in_for_a_name_that_is_too_long():
    name = "喀什天山果品贸易有限公司"
    changed = f"{'喀' * 71}</c:OrganizationName><c:ShortName>{name}</c:ShortName>"
    reading = exported("export_minimal", (f"{name}</c:OrganizationName>", changed))
    assert reading.message.declaration.consignment[0].consignee.name == name
    assert [f.value for f in reading.findings if f.rule == "KIT-FIT-01"] == ["喀" * 71]


def test_a_fourth_vehicle_is_reported_and_the_first_three_are_kept():
    extra = "".join(
        f"<PIATTransportMeansItemDetails><TransportMeansRegId>X{n}</TransportMeansRegId></PIATTransportMeansItemDetails>"
        for n in range(3)
    )
    reading = exported("export_minimal", ("</BorderTransportDetails>", f"{extra}</BorderTransportDetails>"))
    means = reading.message.declaration.border_transport_means
    assert [trailer.id for trailer in means.transport_equipment] == ["X0", "X1"]
    assert [f.value for f in reading.findings if f.rule == "KIT-FIT-01"] == ["X2"]


def test_a_seal_is_on_what_its_description_names():
    declaration = read(example("auto_maximal")).message.declaration
    means = declaration.border_transport_means
    assert [seal.id for seal in means.seal] == ["CNV00001"]
    assert [seal.id for seal in means.transport_equipment[0].seal] == ["CNT00002"]
    assert [seal.id for seal in declaration.consignment[0].transport_equipment[0].seal] == ["CNK00003"]


def test_a_seal_without_a_number_is_reported_at_its_place():
    reading = exported(
        "auto_maximal", ("<p:CustomsIdentificationMeansId>CNV00001</p:CustomsIdentificationMeansId>", "")
    )
    assert reading.message.declaration.border_transport_means.seal == ()
    (finding,) = [f for f in reading.findings if f.rule == "KIT-FIT-01"]
    assert finding.pointer == "/Declaration/BorderTransportMeans/Seal/0"
    assert finding.national.endswith("/CustomsIdentificationDetails/CustomsIdentificationMeansIdDetails[1]")


def test_a_reference_of_36_characters_does_not_fit_and_is_reported():
    reference = "3f2b8c1e-5a7d-4e60-9b1c-000000000004"
    reading = exported("auto_maximal", (">9403202611230001<", f">{reference}<"))
    assert reading.message.declaration.functional_reference_id == "KG/20261123/000000202"
    assert [(f.pointer, f.value, f.national) for f in reading.findings if f.rule == "KIT-FIT-01"] == [
        ("/Declaration/FunctionalReferenceID", reference, "/AutoPreliminary/RefDocumentID")
    ]


def test_a_re_submission_replaces_and_cites_the_earlier_registration_number():
    declaration = read(example("auto_maximal")).message.declaration
    assert declaration.function_code == "5"
    assert [(d.type_code, d.id) for d in declaration.additional_document] == [("933", "KG/20261123/000000201")]


def test_a_replacing_export_keeps_the_reference_of_what_it_replaces():
    number = (
        "<RefRegNumber><p:CountryCode>KG</p:CountryCode><p:Date>2026-11-22</p:Date>"
        "<p:PINumber>000000077</p:PINumber></RefRegNumber>"
    )
    declaration = exported("export_minimal", ("<UsageCode>", f"{number}<UsageCode>")).message.declaration
    assert declaration.function_code == "5"
    assert declaration.functional_reference_id == "KG/20261122/000000077"
    assert declaration.id == "KG/20261123/000000101"


def test_a_combination_of_vehicles_is_road_and_the_finer_code_is_reported():
    reading = exported("export_minimal", ("<TransportModeCode>30", "<TransportModeCode>31"))
    assert reading.message.declaration.border_transport_means.mode_code == "3"
    assert ("KIT-LOST-01", "31") in {(f.rule, f.value) for f in reading.findings}


def test_the_entry_post_decides_for_whom_the_message_is():
    setting = Setting("KG-NSW", {"CN": Route("CN-NSW", "a", "1"), "KZ": Route("KZ-NSW", "b", "1")})
    text = example("export_minimal").replace("<r:DestinationCountryCode>CN", "<r:DestinationCountryCode>KZ", 1)
    reading = read(text, setting)
    assert reading.message.communication_meta_data.recipient.id == "CN-NSW"
    assert [f.rule for f in reading.findings if f.severity is Severity.WARN] == ["KG-011"]


def test_a_post_outside_the_table_leaves_the_choice_to_the_header():
    reading = exported("export_minimal", ("<BorderCheckpointCode>9403", "<BorderCheckpointCode>9999"))
    assert reading.message.communication_meta_data.recipient.id == "CN-NSW"
    assert reading.message.declaration.entry_office.id == "9999"


def test_without_a_route_there_is_no_message_but_a_reason():
    reading = read(example("export_minimal"), Setting("KG-NSW", {}))
    assert reading.message is None
    assert [f.rule for f in reading.findings if f.severity is Severity.REJECT] == ["KG-005"]


def test_an_export_without_registration_number_is_no_message():
    text = re.sub(r"<RegNumber>.*?</RegNumber>", "", example("export_minimal"), flags=re.S)
    reading = read(text)
    assert reading.message is None
    assert "KIT-READ-01" in {f.rule for f in reading.findings}


def test_a_test_exchange_marks_its_messages():
    setting = Setting("KG-NSW", SETTING.routes, test=True)
    assert read(example("export_minimal"), setting).message.communication_meta_data.test_indicator is True


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"garbage",
        b"<a>",
        b"<a/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b"\xff\xfe\x00",
        b"PK\x03\x04",
        b'<?xml version="1.0" encoding="KOI8-R"?><a/>',
        b"<a>" + b" " * (10 * 1024 * 1024) + b"</a>",
    ],
    ids=["empty", "text", "open", "other", "doctype", "binary", "zip", "encoding", "large"],
)
def test_what_cannot_be_read_is_a_finding(body: bytes):
    reading = read(body)
    assert reading.message is None
    assert [(f.rule, f.severity) for f in reading.findings] == [("KIT-READ-01", Severity.REJECT)]


# Vehicles that cross together


def test_one_of_two_vehicles_names_their_batch_and_how_many_they_are():
    reading = exported("export_batch")
    declaration = reading.message.declaration
    assert (declaration.batch_id, declaration.batch_vehicle_quantity) == ("KG-TP-2026-0007", 2)
    assert reading.origins["/Declaration/BatchID"] == "/ExportPreliminary/BatchNumber"
    assert reading.origins["/Declaration/BatchVehicleQuantity"] == "/ExportPreliminary/BatchVehicleQuantity"


def test_what_is_announced_to_kyrgyzstan_has_no_place_for_a_batch_and_one_in_it_is_told():
    text = example("auto_minimal")
    end = text.rindex("</")
    reading = read(f"{text[:end]}<BatchNumber>KG-TP-2026-0007</BatchNumber>{text[end:]}")
    assert reading.message.declaration.batch_id is None
    assert ("KIT-LOST-01", "KG-TP-2026-0007") in {(finding.rule, finding.value) for finding in reading.findings}
