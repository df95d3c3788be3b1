"""What NSW KZ hands over, read into the common form."""

from __future__ import annotations

import re
import time
import zoneinfo
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from adapters.kit.contract import XML, National, Reading, Route, Setting
from adapters.kit.sheet import leaves
from adapters.kz import ADAPTER
from adapters.kz.values import almaty, in_almaty
from gateway.message.finding import Severity
from gateway.message.json_twin import read_json, write_json
from gateway.message.xml_twin import parse_xml, read_xml, write_xml
from mock_nsw import kz as window
from mock_nsw.issuing import Issuer

SETTING = Setting(
    "KZ-NSW",
    {
        "CN": Route("CN-NSW", "cn-kz-road", "1"),
        "CN/2": Route("CN-NSW", "cn-kz-rail", "1"),
        "UZ": Route("UZ-NSW", "kz-uz-road", "1"),
    },
)
EXAMPLES = sorted(ADAPTER.examples.glob("*.xml"))
SCHEMAS = Path(ADAPTER.texts).parent / "schema"
CONSIGNMENT = "/Declaration/Consignment/0"


def read(body: bytes | str, setting: Setting = SETTING) -> Reading:
    return ADAPTER.read(National(body if isinstance(body, bytes) else body.encode(), XML), setting)


def example(name: str) -> str:
    return (ADAPTER.examples / f"{name}.xml").read_text(encoding="utf-8")


def changed(name: str, *changes: tuple[str, str]) -> Reading:
    """An example in which each text of a pair was found and replaced by the other."""
    text = example(name)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return read(text)


def told(reading: Reading) -> list[tuple[str, str]]:
    return [(finding.rule, finding.pointer) for finding in reading.findings]


def fits(body: bytes) -> bool:
    root = etree.fromstring(body)
    schema = etree.XMLSchema(etree.parse(SCHEMAS / f"{etree.QName(root).localname}.xsd"))
    assert schema.validate(root), schema.error_log
    return True


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_fits_its_schema_and_is_read_without_serious_findings(path: Path):
    reading = read(path.read_bytes())
    assert reading.message is not None
    assert [f for f in reading.findings if f.severity in (Severity.REJECT, Severity.HOLD)] == []
    assert fits(path.read_bytes())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_what_is_read_survives_both_twins(path: Path):
    message = read(path.read_bytes()).message
    assert read_xml(parse_xml(write_xml(message))).message == message
    assert read_json(write_json(message)).message == message


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_origin_names_one_place_of_the_document_and_a_place_of_the_message(path: Path):
    reading = read(path.read_bytes())
    document = etree.parse(path)
    tree = reading.message.model_dump(mode="json", exclude_defaults=True)
    for pointer, place in reading.origins.items():
        found = tree
        for step in pointer.split("/")[1:]:
            found = found[int(step)] if isinstance(found, list) else found.get(step) if found is not None else None
        assert found is not None, pointer
        plain = re.sub(r"/(\w+)", r"/*[local-name()='\1']", place.partition("/@")[0])
        assert len(document.xpath(plain)) == 1, place


@pytest.mark.parametrize("sample", sorted(window.NSW.samples))
def test_what_the_simulated_window_lodges_is_read_though_it_shares_no_code_with_the_reader(sample: str):
    for written in window.NSW.samples[sample].make(Issuer(seed=1)):
        assert fits(written)
        reading = read(written)
        assert reading.message is not None
        assert {finding.rule for finding in reading.findings} <= {"KIT-LOST-01", "KZ-017"}


# Who is told, under which agreement


@pytest.mark.parametrize(
    ("name", "agreement"),
    [
        ("export_typical", "cn-kz-road"),
        ("export_rail", "cn-kz-rail"),
        ("notice_accepted", "cn-kz-rail"),
        ("export_withdrawal", "cn-kz-road"),
    ],
)
def test_a_route_for_a_mode_goes_before_the_route_for_the_country(name: str, agreement: str):
    head = read(example(name)).message.communication_meta_data
    assert (head.sender.id, head.recipient.id, head.agreement_id) == ("KZ-NSW", "CN-NSW", agreement)


def test_the_country_in_the_header_is_told():
    reading = changed("export_typical", ("<csdo:DestinationCountryCode>CN", "<csdo:DestinationCountryCode>UZ"))
    assert reading.message.communication_meta_data.recipient.id == "UZ-NSW"
    assert ("KZ-008", "/Declaration/EntryOffice/ID") in told(reading)


def test_a_country_without_exchange_is_refused_at_its_place():
    reading = changed("export_typical", ("<csdo:DestinationCountryCode>CN", "<csdo:DestinationCountryCode>MN"))
    assert reading.message is None
    [refused] = [finding for finding in reading.findings if finding.severity is Severity.REJECT]
    assert (refused.rule, refused.value) == ("KZ-005", "MN")
    assert refused.national == "/PreliminaryInformation/EDocHeader/DestinationCountryCode"


# Identity, versions, withdrawal


def test_the_registration_number_is_the_reference_over_all_versions_and_the_withdrawal():
    declarations = [
        read(example(name)).message.declaration
        for name in ("export_typical", "export_replacement", "export_withdrawal")
    ]
    assert {declaration.functional_reference_id for declaration in declarations} == {"KZ/20261123/000000102"}
    assert [(d.function_code, d.version_id) for d in declarations] == [("9", "1"), ("5", "2"), ("1", "3")]
    assert declarations[2].amendment[0].change_reason_code == "002"
    assert declarations[2].additional_information[0].statement_description == "Рейс отменён перевозчиком"


def test_the_message_is_called_by_the_document_whatever_is_in_it():
    first = read(example("export_typical")).message.communication_meta_data.id
    assert first == changed("export_typical", ("Қонаев", "Алматы")).message.communication_meta_data.id
    assert first != read(example("export_replacement")).message.communication_meta_data.id


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        ("export_typical", "<csdo:PIActionCode>01", "<csdo:PIActionCode>07", "KZ-006"),
        ("export_typical", "<csdo:MovementDirectionCode>EX", "<csdo:MovementDirectionCode>TR", "KZ-004"),
        ("export_typical", "<csdo:PINumberId>000000102", "<csdo:PINumberId>102", "KZ-001"),
        ("export_typical", "<csdo:EDocDateTime>2026-11-23", "<csdo:EDocDateTime>23.11.2026", "KZ-001"),
        ("notice_accepted", "<csdo:SourceReferenceId>AKL20261123000052", "<csdo:SourceReferenceId>", "KZ-014"),
        ("notice_accepted", "<csdo:ProcessingResultCode>02", "<csdo:ProcessingResultCode>77", "KZ-015"),
    ],
)
def test_what_decides_about_the_whole_document_is_refused_where_it_is_unknown(name, old, new, rule):
    reading = changed(name, (old, new))
    assert reading.message is None
    assert rule in {finding.rule for finding in reading.findings if finding.severity is Severity.REJECT}


# The obstacles of the region


def test_a_name_goes_over_in_the_script_it_was_given_and_the_other_scripts_are_said_to_be_left():
    reading = read(example("export_typical"))
    assert reading.message.declaration.consignment[0].consignor.name == "ЖШС «Ұлы Дала Астық»"
    left = {finding.value for finding in reading.findings if finding.rule == "KIT-LOST-01"}
    assert {"Uly Dala Astyq LLP", "«Ұлы Дала Астық» жауапкершілігі шектеулі серіктестігі"} <= left


@pytest.mark.parametrize("letter", "ӘҒҚҢӨҰҮҺІәғқңөұүһі")
def test_every_kazakh_letter_comes_through_both_ways(letter: str):
    message = changed("export_typical", ("Қонаев", f"Қ{letter}наев")).message
    body = ADAPTER.write(message).document.body.decode()
    assert f"Қ{letter}наев" in body


@pytest.mark.parametrize("code", ["100199", "10019900", "1001990000", "1001990000123"])
def test_a_goods_code_is_neither_padded_nor_cut(code: str):
    reading = changed("export_typical", ("<csdo:CommodityCode>1001990000", f"<csdo:CommodityCode>{code}"))
    assert reading.message.declaration.consignment[0].consignment_item[0].commodity.classification[0].id == code


@pytest.mark.parametrize(("national", "common"), [("30", "3"), ("31", "3"), ("32", "3"), ("20", "2")])
def test_the_mode_of_the_union_becomes_the_mode_of_recommendation_19(national: str, common: str):
    reading = changed("export_typical", ("ModeCode>30<", f"ModeCode>{national}<"))
    assert reading.message.declaration.border_transport_means.mode_code == common


def test_a_mode_that_is_not_exchanged_is_said_and_not_guessed():
    reading = changed("export_typical", ("ModeCode>30<", "ModeCode>3<"))
    assert reading.message.declaration.border_transport_means.mode_code is None
    assert ("KIT-FIT-01", "/Declaration/BorderTransportMeans/ModeCode") in told(reading)


@pytest.mark.parametrize(
    ("written", "moment", "rules"),
    [
        ("2026-11-23T09:05:00+05:00", "2026-11-23T09:05:00+05:00", set()),
        ("2026-11-23T12:05:00+08:00", "2026-11-23T12:05:00+08:00", set()),
        ("2026-11-23T09:05:00", "2026-11-23T09:05:00+05:00", {"KZ-002"}),
        ("2023-07-01T12:00:00", "2023-07-01T12:00:00+06:00", {"KZ-002"}),
        ("2024-02-29T22:59:59", "2024-02-29T22:59:59+06:00", {"KZ-002"}),
        ("2024-02-29T23:00:00", "2024-02-29T23:00:00+05:00", {"KZ-003"}),
        ("2024-02-29T23:59:59", "2024-02-29T23:59:59+05:00", {"KZ-003"}),
        ("2024-03-01T00:00:00", "2024-03-01T00:00:00+05:00", {"KZ-002"}),
    ],
)
def test_a_time_without_offset_is_that_of_almaty_before_and_after_the_clocks_were_set_back(written, moment, rules):
    reading = changed("export_typical", ("2026-11-23T09:05:00+05:00", written))
    assert reading.message.declaration.issue_date_time.isoformat() == moment
    here = "/Declaration/IssueDateTime"
    assert {f.rule for f in reading.findings if f.pointer == here} == rules


def test_a_journey_over_that_night_has_both_offsets():
    means = read(example("export_clock_change")).message.declaration.border_transport_means
    assert means.departure_date_time.isoformat() == "2024-02-29T17:00:00+06:00"
    assert means.arrival_date_time.isoformat() == "2024-03-01T09:30:00+05:00"


@pytest.mark.parametrize("day", ["2005-07-01", "2015-01-01", "2024-02-28", "2024-03-02"])
def test_the_offsets_are_those_of_the_time_zone_database_where_the_machine_has_a_new_one(day: str):
    zone = zoneinfo.ZoneInfo("Asia/Almaty")
    if datetime(2024, 6, 1, tzinfo=zone).utcoffset() != timedelta(hours=5):
        pytest.skip("the time zone data of this machine is older than 2024a")
    noon = datetime.fromisoformat(f"{day}T12:00:00")
    assert in_almaty(noon)[0].utcoffset() == noon.replace(tzinfo=zone).utcoffset()
    assert almaty(noon.replace(tzinfo=UTC)).isoformat() == noon.replace(tzinfo=UTC).astimezone(zone).isoformat()


@pytest.mark.parametrize("written", ["2026-11-23", "23.11.2026 14:30", "2026-02-30T10:00:00+05:00"])
def test_a_day_is_not_made_a_moment(written: str):
    reading = changed("export_typical", ("2026-11-23T14:30:00+05:00", written))
    assert reading.message.declaration.border_transport_means.arrival_date_time is None
    assert ("KIT-FIT-01", "/Declaration/BorderTransportMeans/ArrivalDateTime") in told(reading)


def test_a_kind_of_package_in_words_is_said_to_be_left_and_no_code_is_guessed():
    reading = changed("export_typical", ("<csdo:PackageKindCode>BG</csdo:PackageKindCode>", ""))
    assert reading.message.declaration.consignment[0].consignment_item[0].packaging[0].type_code is None
    [left] = [finding for finding in reading.findings if finding.value == "мешок"]
    assert (left.rule, left.national.rpartition("/")[2]) == ("KIT-LOST-01", "PackageKindName")


def test_tonnes_of_an_item_become_kilograms_and_say_so_and_a_whole_mass_stays_whole():
    reading = read(example("export_typical"))
    first, second = reading.message.declaration.consignment[0].consignment_item
    assert str(first.goods_measure.gross_mass_measure.value) == "12480"
    assert first.goods_measure.gross_mass_measure.unit_code == "KGM"
    assert str(second.goods_measure.gross_mass_measure.value) == "6000"
    converted = next(finding for finding in reading.findings if finding.rule == "KZ-017")
    assert (converted.value, converted.params["kg"]) == ("12.480 TNE", "12480")


@pytest.mark.parametrize(
    ("grams", "kilograms", "rule"), [("1000.5000", "1.0005", "KZ-017"), ("0.0001", None, "KIT-FIT-01")]
)
def test_grams_become_kilograms_where_that_is_exact_and_are_told_where_not(grams: str, kilograms: str, rule: str):
    total = "<csdo:UnifiedGrossMassMeasure measurementUnitCode="
    reading = changed("export_typical", (f'{total}"166">18480.000<', f'{total}"163">{grams}<'))
    mass = reading.message.declaration.total_gross_mass_measure
    assert (mass and str(mass.value)) == kilograms
    said = [(f.rule, f.value) for f in reading.findings if f.pointer == "/Declaration/TotalGrossMassMeasure"]
    assert said == [(rule, f"{grams} GRM")]


@pytest.mark.parametrize(
    ("there", "attribute", "name", "pointer"),
    [
        (' measurementUnitCode="166">', "measurementUnitCodeListId", "2016", "TotalGrossMassMeasure/unitCode"),
        (">02015<", "codeListId", "XX", "Consignment/0/TransportContractDocument/TypeCode"),
    ],
    ids=["unit", "document"],
)
def test_a_code_of_a_list_that_the_form_does_not_know_is_told_with_its_list_and_left_out(
    there: str, attribute: str, name: str, pointer: str
):
    reading = changed("export_typical", (there, f' {attribute}="{name}"{there}'))
    assert f"/Declaration/{pointer}" not in dict(leaves(reading.message))
    listed, code = [f for f in reading.findings if f.pointer == f"/Declaration/{pointer}" and f.rule == "KIT-FIT-01"]
    assert (listed.value, code.value) == (name, re.search(r"[0-9]+", there)[0])
    assert listed.national == f"{code.national}/@{attribute}"


@pytest.mark.parametrize(
    "nothing",
    ["", "  ", "<null/>", "None", "null", "<null></null>"],
    ids=["empty", "blank", "null", "None", "word", "open"],
)
def test_the_many_ways_to_write_nothing_are_nothing(nothing: str):
    line = "<csdo:OriginCountryCode>KZ</csdo:OriginCountryCode>"
    with_nothing = changed("export_typical", (line, f"<csdo:OriginCountryCode>{nothing}</csdo:OriginCountryCode>"))
    without = changed("export_typical", (line, ""))
    assert with_nothing.message == without.message
    said = set(told(with_nothing)) - set(told(without))
    here = f"{CONSIGNMENT}/ConsignmentItem/0/Origin/CountryCode"
    assert said == ({("KZ-009", here)} if nothing in ("None", "null") else set())


def test_an_empty_party_is_no_party():
    text = example("export_typical")
    start, end = text.index("<ccdo:ConsigneeDetails>"), text.index("</ccdo:ConsigneeDetails>")
    empty = text[:start] + "<ccdo:ConsigneeDetails><csdo:SubjectName/>" + text[end:]
    assert read(empty).message.declaration.consignment[0].consignee is None


def test_a_driver_in_three_pieces_and_one_in_one_piece_are_both_one_name():
    masters = read(example("export_typical")).message.declaration.border_transport_means.master
    assert [(m.name, m.id, m.role_code) for m in masters] == [
        ("Әбенов Нұрлан Қайратұлы", "N12345678", "1"),
        ("SEIITOV ERLAN", "N87654321", "2"),
    ]


def test_a_value_may_be_missing_and_a_currency_is_kept_as_it_is():
    items = read(example("export_typical")).message.declaration.consignment[0].consignment_item
    assert (str(items[0].value_amount.value), items[0].value_amount.currency_id) == ("3100.00", "USD")
    assert items[1].value_amount is None


def test_a_seal_says_who_affixed_it_and_what_else_it_said_is_said_to_be_left():
    reading = read(example("export_typical"))
    seals = reading.message.declaration.border_transport_means.seal
    assert [(seal.id, seal.role_code) for seal in seals] == [("KZ00418832", "CU"), ("ELOCK-KZ-77120", "CA")]
    left = {f.national.rpartition("/")[2] for f in reading.findings if "SealDetails" in f.national}
    assert left == {"SealKindCode", "ForeignSealRecognitionIndicator"}


# Residents and others


def test_twelve_zeros_of_a_non_resident_give_way_to_the_identifier_of_its_country():
    assert read(example("export_typical")).message.declaration.consignment[0].consignee.id == "91650100MA7AB3KD5H"


def test_twelve_zeros_of_one_who_is_not_said_to_be_a_non_resident_are_refused_where_they_stand():
    reading = changed("export_typical", ("<csdo:NonResidentIndicator>1</csdo:NonResidentIndicator>", ""))
    [refused] = [finding for finding in reading.findings if finding.severity is Severity.REJECT]
    assert (refused.rule, refused.pointer) == ("KZ-007", f"{CONSIGNMENT}/Consignee/ID")
    assert refused.national.endswith("/ConsigneeDetails/BIN")


def test_an_enterprise_has_a_bin_and_a_person_an_iin():
    declaration = read(example("export_maximal")).message.declaration
    assert (declaration.carrier.id, declaration.declarant.id) == ("190340012348", "820714300121")


# Rail, empty vehicles


def test_a_train_has_wagons_and_containers_and_no_plate():
    declaration = read(example("export_rail")).message.declaration
    means, consignment = declaration.border_transport_means, declaration.consignment[0]
    assert (means.mode_code, means.id, means.identification_type_code, means.master) == ("2", "2405", "21", ())
    assert [(w.id, w.identification_type_code) for w in consignment.passive_transport_means] == [("94120458", "20")]
    [container] = consignment.transport_equipment
    assert (container.id, container.seal[0].id, container.fullness_code) == ("TKRU4029814", "КТЖ4418821", "5")


def test_an_empty_vehicle_carries_nothing_and_says_so():
    declaration = read(example("export_empty_vehicle")).message.declaration
    assert (declaration.specific_circumstances_code_code, declaration.consignment) == ("EMP", ())


# Vehicles that cross together


def test_one_of_two_vehicles_names_their_batch_and_how_many_they_are():
    reading = read(example("export_batch"))
    declaration = reading.message.declaration
    assert (declaration.batch_id, declaration.batch_vehicle_quantity) == ("KZ-TP-2026-0041", 2)
    assert reading.origins["/Declaration/BatchID"] == "/PreliminaryInformation/BatchId"
    assert reading.origins["/Declaration/BatchVehicleQuantity"] == "/PreliminaryInformation/BatchVehicleQuantity"


@pytest.mark.parametrize("count", ["99999", "two", "-2"])
def test_a_number_of_vehicles_that_is_none_is_told_at_its_place(count: str):
    reading = changed("export_batch", ("BatchVehicleQuantity>2<", f"BatchVehicleQuantity>{count}<"))
    assert reading.message.declaration.batch_vehicle_quantity is None
    told_of = [finding.national for finding in reading.findings if finding.rule == "KIT-FIT-01"]
    assert told_of == ["/PreliminaryInformation/BatchVehicleQuantity"]


# What nobody asked for


def test_an_element_that_the_form_does_not_have_is_told_with_its_place():
    reading = changed("export_typical", ("<csdo:BIN>0501", "<csdo:Colour>red</csdo:Colour><csdo:BIN>0501"))
    [unknown] = [finding for finding in reading.findings if finding.rule == "KIT-UNK-01"]
    assert (unknown.value, unknown.national.rpartition("/")[2]) == ("red", "Colour")


def test_a_second_element_where_one_is_expected_is_not_dropped_in_silence():
    reading = changed("export_typical", ("<csdo:BIN>0501", "<csdo:SubjectName>Басқа</csdo:SubjectName><csdo:BIN>0501"))
    assert "Басқа" in {finding.value for finding in reading.findings}


def test_words_between_elements_are_not_dropped_in_silence():
    reading = changed("export_typical", ("<ccdo:ConsignorDetails>", "<ccdo:ConsignorDetails>сөз"))
    assert "сөз" in {finding.value for finding in reading.findings}


def test_a_seal_without_number_is_told():
    reading = changed("export_typical", ("<csdo:SealId>KZ00418832</csdo:SealId>", ""))
    assert len(reading.message.declaration.border_transport_means.seal) == 1
    assert ("KIT-FIT-01", "/Declaration/BorderTransportMeans/Seal/0") in told(reading)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_an_example_with_any_value_changed_is_read_and_written_without_raising(data: st.DataObject):
    text = data.draw(st.sampled_from(EXAMPLES)).read_text("utf-8")
    start, end = data.draw(st.sampled_from([match.span(1) for match in re.finditer(r">([^<>\n]+)<", text)]))
    odd = ["", " ", "0", "-1", "1e9", "９", "٣", "NaN", "9" * 30, "+.5", "2026-02-30", "x" * 3000, "\t"]
    new = data.draw(st.one_of(st.sampled_from(odd), st.text("0123456789-:.TZ+ЯЖ字", max_size=30)))
    reading = read(text[:start] + new + text[end:])
    assert reading.message is not None or reading.findings
    if reading.message is not None:
        ADAPTER.write(reading.message)


def test_eight_times_as_many_faulty_items_do_not_take_much_more_than_eight_times_as_long():
    def seconds(items: int) -> float:
        item = "<ccdo:GoodsItemDetails><csdo:Colour>red</csdo:Colour></ccdo:GoodsItemDetails>"
        text = example("export_typical").replace("<ccdo:GoodsItemDetails>", f"{item * items}<ccdo:GoodsItemDetails>", 1)
        start = time.process_time()
        assert len(read(text).findings) >= items - 1000
        return time.process_time() - start

    assert seconds(40000) < 24 * seconds(5000)  # were each item looked for among the others, it would be 64 times
