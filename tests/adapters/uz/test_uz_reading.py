"""What Uzbekistan announces, read into the common form: every habit of its documents, and everything left over."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.kit.contract import JSON, LONGEST_PLACE, MOST_LEFT, National, Reading, Route, Setting
from adapters.uz import ADAPTER
from adapters.uz.form import message_id
from gateway.message.finding import Severity

SETTING = Setting(
    "UZ-NSW",
    {
        "KG": Route("KG-NSW", "kg-uz-road", "1"),
        "KZ": Route("KZ-NSW", "kz-uz-road", "1"),
        "CN": Route("CN-NSW", "cn-kg-uz-transit", "1"),
    },
)


def tree(name: str = "export_typical") -> dict[str, Any]:
    return json.loads((Path(ADAPTER.examples) / f"{name}.json").read_bytes())


def read(document: Any, setting: Setting = SETTING) -> Reading:
    body = document if isinstance(document, bytes) else json.dumps(document, ensure_ascii=False).encode()
    return ADAPTER.read(National(body, JSON), setting)


def changed(place: str, value: Any, name: str = "export_typical") -> dict[str, Any]:
    """An example in which one value is another; a value of `...` takes it out."""
    document = tree(name)
    *way, last = place.removeprefix("/").split("/")
    node: Any = document
    for step in way:
        node = node[int(step)] if isinstance(node, list) else node[step]
    if value is ...:
        del node[last]
    else:
        node[last] = value
    return document


def found(reading: Reading, rule: str) -> list[tuple[str, str]]:
    return [(finding.national, finding.value) for finding in reading.findings if finding.rule == rule]


def test_a_document_is_traced_from_its_names_to_the_common_form():
    reading = read(tree())
    declaration = reading.message.declaration
    assert declaration.functional_reference_id == "UZET20261123000417"
    assert declaration.id == "86001/23112026/0000417"
    assert (declaration.exit_office.id, declaration.entry_office.id) == ("86021", "41700501")
    assert declaration.consignment[0].consignment_item[1].goods_measure.gross_mass_measure.value == Decimal("6200.000")
    assert declaration.consignment[0].consignment_item[0].packaging[0].type_code == "CT"
    assert reading.origins["/Declaration/Consignment/0/ConsignmentItem/1/GoodsMeasure/GrossMassMeasure"] == (
        "/yuklar/0/tovarlar/1/bruttoKg"
    )
    assert reading.origins["/Declaration/Carrier/ID"] == "/tashuvchi/stir"
    assert reading.findings == ()


@pytest.mark.parametrize("country", ["KG", "KZ", "CN"])
def test_the_country_that_is_told_decides_the_route(country: str):
    head = read(changed("/qabulQiluvchiMamlakat", country)).message.communication_meta_data
    route = SETTING.routes[country]
    assert (head.sender.id, head.recipient.id) == ("UZ-NSW", route.recipient)
    assert (head.agreement_id, head.agreement_version_id) == (route.agreement, route.version)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("/qabulQiluvchiMamlakat", "AF"),
        ("/qabulQiluvchiMamlakat", "UZ"),
        ("/jonatuvchiMamlakat", "KG"),
        ("/qabulQiluvchiMamlakat", ...),
    ],
)
def test_without_a_way_between_uzbekistan_and_a_partner_there_is_no_message(place: str, value: Any):
    reading = read(changed(place, value))
    assert reading.message is None
    assert found(reading, "UZ-001")


def test_what_leaves_uzbekistan_never_takes_the_only_route_to_another_country():
    only = Setting("UZ", {"CN": SETTING.routes["CN"]})
    assert read(changed("/qabulQiluvchiMamlakat", "KG"), only).message is None


@pytest.mark.parametrize(
    ("name", "sender", "reference"),
    [
        ("import_from_kg", "KG-NSW", "KG/20261123/000000512"),
        ("import_from_kz", "KZ-NSW", "KZ39821-2026-004410"),
        ("import_tir_transit", "KG-NSW", "TRT20261123000420"),
    ],
)
def test_what_was_announced_to_uzbekistan_keeps_sender_reference_and_message_id(name, sender, reference):
    message = read(tree(name)).message
    head = message.communication_meta_data
    assert (head.sender.id, head.recipient.id) == (sender, "UZ-NSW")
    assert head.id == tree(name)["hujjatId"]
    assert message.declaration.functional_reference_id == reference


def test_the_message_id_follows_from_the_document_id():
    ids = {read(changed("/hujjatId", number)).message.communication_meta_data.id for number in ("A-1", "A-2", "A-1")}
    assert ids == {message_id("A-1"), message_id("A-2")}


@pytest.mark.parametrize(
    ("action", "function"),
    [("YANGI", "9"), ("ALMASHTIRISH", "5"), ("OZGARTIRISH", "4"), ("QOSHIMCHA", "2"), ("BEKOR", "1")],
)
def test_an_action_is_a_function(action: str, function: str):
    assert read(changed("/amal", action)).message.declaration.function_code == function


def test_an_unknown_action_is_no_message_rather_than_a_new_declaration():
    reading = read(changed("/amal", "SOROV"))
    assert reading.message is None
    assert found(reading, "UZ-003") == [("/amal", "SOROV")]


def test_a_cancellation_needs_no_more_than_its_head():
    declaration = read(tree("export_cancellation")).message.declaration
    assert (declaration.function_code, declaration.amendment[0].change_reason_code) == ("1", "002")
    assert declaration.functional_reference_id == tree("export_minimal")["jonatuvchiRaqami"]


def test_a_replacement_keeps_the_reference_and_counts_the_version():
    declaration = read(tree("export_replacement")).message.declaration
    assert declaration.functional_reference_id == tree()["jonatuvchiRaqami"]
    assert (declaration.function_code, declaration.version_id) == ("5", "2")


def test_an_empty_vehicle_has_no_goods():
    declaration = read(tree("export_empty_vehicle")).message.declaration
    assert declaration.specific_circumstances_code_code == "EMP"
    assert declaration.consignment == ()


def test_a_wagon_stays_a_wagon_and_not_a_plate():
    declaration = read(tree("export_rail")).message.declaration
    assert declaration.border_transport_means.mode_code == "2"
    assert declaration.consignment[0].passive_transport_means[0].identification_type_code == "20"


def test_a_test_document_is_a_test_message():
    assert read(changed("/sinov", True)).message.communication_meta_data.test_indicator is True
    assert read(tree()).message.communication_meta_data.test_indicator is None
    doubtful = read(changed("/sinov", "ha"))
    assert doubtful.message.communication_meta_data.test_indicator is True
    assert found(doubtful, "KIT-FIT-01") == [("/sinov", "ha")]


def test_one_of_two_vehicles_names_their_group_and_how_many_they_are():
    reading = read(tree("export_batch"))
    declaration = reading.message.declaration
    assert (declaration.batch_id, declaration.batch_vehicle_quantity) == ("UZGR-2026-0118", 2)
    assert reading.origins["/Declaration/BatchID"] == "/guruhRaqami"
    assert reading.origins["/Declaration/BatchVehicleQuantity"] == "/guruhTransportSoni"
    assert reading.findings == ()


@pytest.mark.parametrize("count", ["99999", "ikkita", "-2"])
def test_a_number_of_vehicles_that_is_none_is_told_at_its_place(count: str):
    reading = read(changed("/guruhTransportSoni", count, "export_batch"))
    assert reading.message.declaration.batch_vehicle_quantity is None
    assert found(reading, "KIT-FIT-01") == [("/guruhTransportSoni", count)]


# Pain 1: names in several scripts. The name is carried as it is; other spellings have no place, and nothing is
# transliterated.
def test_other_spellings_of_a_name_are_told_as_not_carried():
    reading = read(tree("export_maximal"))
    assert reading.message.declaration.carrier.name == "«Oʻztrans Yoʻl» MCHJ"
    assert ("/tashuvchi/nomiKirill", "«Ўзтранс Йўл» МЧЖ") in found(reading, "KIT-LOST-01")
    assert ("/tashuvchi/nomiLotin", "Oztrans Yol MCHJ") in found(reading, "KIT-LOST-01")


# Pain 2: commodity codes of every length, with their zeros.
@pytest.mark.parametrize("code", ["0813", "081310", "08131000", "0813100000", "0813100000999"])
def test_a_commodity_code_is_neither_padded_nor_cut(code: str):
    item = read(changed("/yuklar/0/tovarlar/1/tnKod", code)).message.declaration.consignment[0].consignment_item[1]
    assert item.commodity.classification[0].id == code


# Pain 3: the national classifier of modes.
@pytest.mark.parametrize(("national", "common"), [("10", "1"), ("20", "2"), ("30", "3"), ("40", "4")])
def test_a_mode_of_the_national_classifier_is_one_of_recommendation_19(national: str, common: str):
    means = read(changed("/transport/turi", national)).message.declaration.border_transport_means
    assert means.mode_code == common


def test_a_mode_of_another_classifier_is_not_guessed():
    reading = read(changed("/transport/turi", "3"))
    assert reading.message.declaration.border_transport_means.mode_code is None
    assert found(reading, "KIT-FIT-01") == [("/transport/turi", "3")]


# Pain 4: local times without zone, ISO times with and without.
@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("25.11.2026 09:00", "2026-11-25T09:00:00+05:00"),
        ("25.06.2026 09:00", "2026-06-25T09:00:00+05:00"),
        ("25.11.2026 09:00:30", "2026-11-25T09:00:30+05:00"),
        ("2026-11-25T09:00:00+05:00", "2026-11-25T09:00:00+05:00"),
        ("2026-11-25T09:00+06:00", "2026-11-25T09:00:00+06:00"),
        ("2026-11-25T04:00:00.250Z", "2026-11-25T04:00:00.250Z"),
    ],
)
def test_a_time_is_tashkent_time_or_has_its_offset(written: str, moment: str):
    reading = read(changed("/transport/kelish", written))
    means = reading.message.declaration.border_transport_means
    assert means.arrival_date_time.isoformat() == datetime.fromisoformat(moment).isoformat()
    assert reading.findings == ()


def test_an_iso_time_without_offset_is_taken_as_tashkent_time_and_said_to_be():
    reading = read(changed("/transport/kelish", "2026-11-25T09:00:00"))
    arrival = reading.message.declaration.border_transport_means.arrival_date_time
    assert arrival.astimezone(UTC) == datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
    assert found(reading, "UZ-006") == [("/transport/kelish", "2026-11-25T09:00:00")]


@pytest.mark.parametrize(
    "written", ["25.11.2026", "31.11.2026 09:00", "11/25/2026 09:00", "25.11.26 09:00", "٢٥.11.2026 09:00"]
)
def test_what_is_no_time_is_left_out_and_told(written: str):
    reading = read(changed("/transport/kelish", written))
    assert reading.message.declaration.border_transport_means.arrival_date_time is None
    assert found(reading, "KIT-FIT-01") == [("/transport/kelish", written)]


# Pain 5: kinds of package. Two letters of Recommendation 21 pass; a number of another list is the gateway's to judge,
# and is carried as it was declared.
@pytest.mark.parametrize("kind", ["CT", "PX", "52"])
def test_a_kind_of_package_is_carried_as_it_was_declared(kind: str):
    item = read(changed("/yuklar/0/tovarlar/0/oramlar/0/turi", kind)).message.declaration.consignment[0]
    assert item.consignment_item[0].packaging[0].type_code == kind


def test_a_kind_of_package_in_words_does_not_fit_and_is_told():
    reading = read(changed("/yuklar/0/tovarlar/0/oramlar/0/turi", "karton quti"))
    assert found(reading, "KIT-FIT-01") == [("/yuklar/0/tovarlar/0/oramlar/0/turi", "karton quti")]


# Pain 9: modifier letters, the apostrophes that people type for them, Cyrillic, and letters that are composed.
@pytest.mark.parametrize(
    "name", ["Gʻofur Oʻrolov sanʼati", "G'ofur O'rolov", "G‘ofur O‘rolov", "Ғофур Ўролов Ҳақ", "Go\u0306fur", "𐤀 𠮷"]
)
def test_letters_of_a_name_come_as_they_were_written(name: str):
    message = read(changed("/yuklar/0/yuboruvchi/nomi", name)).message
    assert message.declaration.consignment[0].consignor.name == name
    written = ADAPTER.write(message).document.body.decode()
    assert name in written


# Pain 10: the many ways to say that there is nothing.
@pytest.mark.parametrize("nothing", [None, "", "  ", [], {}, ...])
def test_nothing_is_nothing_however_it_is_written(nothing: Any):
    reading = read(changed("/yuklar/0/xabarOluvchi", nothing, "export_maximal"))
    assert reading.message.declaration.consignment[0].notify_party is None
    assert all("xabarOluvchi" not in finding.national for finding in reading.findings)


def test_nothing_inside_a_list_moves_no_place():
    document = tree()
    document["yuklar"][0]["tovarlar"].insert(0, None)
    reading = read(document)
    items = reading.message.declaration.consignment[0].consignment_item
    assert [item.sequence_numeric for item in items] == [1, 2]
    assert reading.origins["/Declaration/Consignment/0/ConsignmentItem/0/Commodity/Description"] == (
        "/yuklar/0/tovarlar/1/tavsif"
    )


# Pain 11: surname, given name and patronymic, or one line.
@pytest.mark.parametrize(
    ("driver", "name"),
    [
        (
            {"familiya": "Toʻraqulov", "ism": "Oʻtkir", "otasiningIsmi": "Gʻayrat oʻgʻli"},
            "Toʻraqulov Oʻtkir Gʻayrat oʻgʻli",
        ),
        ({"familiya": "Асанов", "ism": "Бакыт"}, "Асанов Бакыт"),
        ({"fio": "艾尔肯·买买提"}, "艾尔肯·买买提"),
    ],
)
def test_the_parts_of_a_drivers_name_become_one_line(driver: dict[str, str], name: str):
    means = read(changed("/transport/haydovchilar", [driver])).message.declaration.border_transport_means
    assert means.master[0].name == name


# Pain 12: value and currency.
@pytest.mark.parametrize("currency", ["UZS", "KGS", "CNY", "USD"])
def test_a_value_keeps_its_currency_and_is_never_converted(currency: str):
    value = {"miqdor": "1250000.50", "valyuta": currency}
    consignment = read(changed("/yuklar/0/qiymat", value)).message.declaration.consignment[0]
    assert (consignment.value_amount.value, consignment.value_amount.currency_id) == (Decimal("1250000.50"), currency)


def test_a_value_may_be_missing_but_a_currency_alone_is_told():
    assert read(changed("/yuklar/0/qiymat", ...)).message.declaration.consignment[0].value_amount is None
    reading = read(changed("/yuklar/0/qiymat", {"valyuta": "USD"}))
    assert found(reading, "KIT-FIT-01") == [("/yuklar/0/qiymat/valyuta", "USD")]


# Pain 13: seals and locks, who affixed them, whether a foreign one is recognised.
def test_who_affixed_a_seal_is_carried_its_kind_and_recognition_are_told():
    reading = read(tree("export_maximal"))
    seals = reading.message.declaration.border_transport_means.seal
    assert [(seal.id, seal.role_code) for seal in seals] == [("UZ0098123", "CU"), ("UZ-EQ-55810", "SH")]
    assert ("/transport/plombalar/1/turi", "ELEKTRON_QULF") in found(reading, "KIT-LOST-01")
    assert ("/transport/plombalar/1/tanOlingan", "HA") in found(reading, "KIT-LOST-01")


def test_a_seal_without_number_leaves_no_gap_and_is_told():
    document = changed("/transport/plombalar", [{"kim": "BOJXONA"}, {"raqam": "UZ2"}])
    reading = read(document)
    assert [seal.id for seal in reading.message.declaration.border_transport_means.seal] == ["UZ2"]
    assert reading.origins["/Declaration/BorderTransportMeans/Seal/0/ID"] == "/transport/plombalar/1/raqam"
    assert found(reading, "KIT-FIT-01") == [("/transport/plombalar/0/kim", "CU")]


def test_two_numbers_of_one_party_are_not_merged():
    reading = read(changed("/tashuvchi/pinfl", "31205880150025"))
    assert reading.message.declaration.carrier.id == "302456781"
    assert found(reading, "KIT-LOST-01") == [("/tashuvchi/pinfl", "31205880150025")]


def test_a_name_that_nobody_knows_is_told_with_its_place():
    reading = read(changed("/yuklar/0/tovarlar/0/rangi", "koʻk"))
    assert found(reading, "KIT-UNK-01") == [("/yuklar/0/tovarlar/0/rangi", "koʻk")]
    assert reading.message is not None


def test_of_very_many_names_that_nobody_knows_the_rest_is_counted_and_no_place_is_longer_than_is_told():
    inside: Any = [1] * 3000
    for number in range(40):
        inside = {f"n{number}{'k' * 60}": inside}
    told = found(read(changed("/rangi", inside)), "KIT-UNK-01")
    assert len(told) == MOST_LEFT + 1
    assert told[-1] == ("/", f"+ {3000 - MOST_LEFT}")
    assert max(len(place) for place, _ in told) == LONGEST_PLACE


@pytest.mark.parametrize("value", [12340, True, ["12340"], {"qiymat": "1"}, "12 340", "12340,5", "1e4", "-1", "１２"])
def test_what_is_no_number_in_a_string_is_left_out_and_told(value: Any):
    reading = read(changed("/yuklar/0/tovarlar/0/bruttoKg", value))
    item = reading.message.declaration.consignment[0].consignment_item[0]
    assert item.goods_measure.gross_mass_measure is None
    assert [place for place, _ in found(reading, "KIT-FIT-01")] == ["/yuklar/0/tovarlar/0/bruttoKg"]


def test_a_name_that_stands_twice_is_refused_because_its_value_is_not_certain():
    body = json.dumps(tree(), ensure_ascii=False).replace('"tur": "TIR"', '"tur": "YUK", "tur": "TIR"', 1)
    reading = read(body.encode())
    assert [f.rule for f in reading.findings if f.severity is Severity.REJECT] == ["UZ-010"]
    assert reading.findings[0].national == "/tur"


@pytest.mark.parametrize("name", ["hujjatId", "hujjatSanasi", "amal", "jonatuvchiRaqami", "tur"])
def test_without_one_of_its_keys_a_document_is_no_message(name: str):
    reading = read(changed(f"/{name}", ...))
    assert reading.message is None
    assert f"/{name}" in [place for place, _ in found(reading, "KIT-READ-01")]


@pytest.mark.parametrize("form", ["CVX", "dm"])
def test_a_form_that_is_not_exchanged_is_refused(form: Any):
    reading = read(changed("/shakl", form))
    assert reading.message is None
    assert found(reading, "UZ-002")


@pytest.mark.parametrize("form", [..., "", None, 7])
def test_a_document_that_names_no_form_is_another_windows(form: Any):
    reading = read(changed("/shakl", form))
    assert reading.message is None
    assert "KIT-READ-01" in {finding.rule for finding in reading.findings}


def test_a_later_minor_version_is_read_and_a_later_major_one_is_said_to_be():
    assert read(changed("/shaklVersiyasi", "1.3")).findings == ()
    assert found(read(changed("/shaklVersiyasi", "2.0")), "UZ-009") == [("/shaklVersiyasi", "2.0")]


def test_a_third_driver_is_one_too_many_and_told():
    drivers = [{"fio": f"Haydovchi {n}", "hujjatRaqami": f"AA000000{n}"} for n in range(3)]
    reading = read(changed("/transport/haydovchilar", drivers))
    assert len(reading.message.declaration.border_transport_means.master) == 2
    assert found(reading, "KIT-FIT-01") == [("/transport/haydovchilar/2", "AA0000002")]


def places_of(node: Any, place: str = "") -> list[str]:
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [inner for name, child in children for inner in (f"{place}/{name}", *places_of(child, f"{place}/{name}"))]


NAMES = [path.stem for path in sorted(Path(ADAPTER.examples).glob("*.json"))]
ODD = st.sampled_from(
    [None, "", " ", "0", "-1", "9" * 400, "\t", "x" * 5000, "٣", True, 0, 10**30, [], [[]], {}, [None], {"a": "b"}]
)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_value_anywhere_is_read_without_raising_and_what_is_left_can_be_written(data: st.DataObject):
    name = data.draw(st.sampled_from(NAMES))
    document = tree(name)
    place = data.draw(st.sampled_from(places_of(document)))
    *way, last = place.removeprefix("/").split("/")
    node: Any = document
    for step in way:
        node = node[int(step)] if isinstance(node, list) else node[step]
    node[int(last) if isinstance(node, list) else last] = data.draw(st.one_of(ODD, st.text(max_size=40)))
    body = json.dumps(document).encode()
    reading = read(body)
    assert reading.message is not None or reading.findings
    if reading.message is not None:
        ADAPTER.write(reading.message)
    ADAPTER.answer(National(body, JSON), False, (), datetime(2026, 11, 23, tzinfo=UTC))
    ADAPTER.acknowledged(National(body, JSON))
