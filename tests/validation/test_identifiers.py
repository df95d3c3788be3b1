"""Identifiers: known numbers pass, slips are noticed, and what is suggested passes."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from stdnum import iso6346, luhn
from stdnum.az import voen
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from gateway.validation.identifiers import (
    HS_LENGTHS,
    IDENTIFIERS,
    Certainty,
    Fault,
    FaultKind,
    ascii_digits,
    check_1520_wagon,
    check_az_voen,
    check_cn_office,
    check_cn_uscc,
    check_container,
    check_eaeu_office,
    check_eaeu_registration,
    check_hs,
    check_kg_inn,
    check_kz_bin,
    check_kz_iin,
    check_kz_number,
    check_mn_number,
    check_mrn,
    check_party,
    check_pk_cnic,
    check_tir_carnet,
    check_ucr,
    check_uic_wagon,
    check_un_number,
    check_uz_pinfl,
    check_vin,
    is_loading_unit,
    latin_lookalikes,
    normalise_plate,
    plate_fits,
    refuses,
)

SHAPE, CHECK_DIGIT, IMPLAUSIBLE = FaultKind.SHAPE, FaultKind.CHECK_DIGIT, FaultKind.IMPLAUSIBLE
DIGITS = "0123456789"


def kind(fault: Fault | None) -> FaultKind | None:
    return fault and fault.kind


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (check_container, "CSQU3054383"),  # the example of ISO 6346
        (check_container, "TASU1170000"),
        (check_uic_wagon, "218124712173"),  # published examples of the UIC numbering
        (check_uic_wagon, "518008430010"),
        (check_vin, "1M8GDM9AXKP042788"),
        (check_vin, "11111111111111111"),
        (check_vin, "1HGCM82633A004352"),
        (check_cn_uscc, "91110000600037341L"),
        (check_az_voen, "1401555071"),
        (check_kz_bin, "941240000193"),  # in use by large enterprises
        (check_kz_bin, "940140000385"),
        (check_kz_bin, "020240000555"),
        (check_kz_bin, "120340000507"),  # the first pass gives 10, the second 7
        (check_kz_iin, "850612300451"),
        (check_tir_carnet, "XY12345678"),
        (check_tir_carnet, "XY123456789"),
        (check_eaeu_registration, "KG/20260115/000000123"),
        (check_eaeu_registration, "KG2026011500000012A"),
        (check_ucr, "6KG123456789-0001"),
        (check_un_number, "1203"),
        (check_cn_office, "9400"),
        (check_eaeu_office, "41700201"),
        (check_eaeu_office, "55301"),
        (check_eaeu_office, "10"),
        (check_kg_inn, "01501202012345"),
        (check_pk_cnic, "12345-1234567-1"),
        (check_mn_number, "УБ12345678"),
    ],
)
def test_known_numbers_pass(check, value):
    assert check(value) is None


@pytest.mark.parametrize("identifier", IDENTIFIERS.values(), ids=lambda identifier: identifier.id)
def test_the_example_of_every_identifier_passes(identifier):
    assert identifier.check(identifier.example) is None


@pytest.mark.parametrize("identifier", IDENTIFIERS.values(), ids=lambda identifier: identifier.id)
def test_every_identifier_has_titles_in_three_languages_and_a_source(identifier):
    assert set(identifier.titles) == {"en", "ru", "zh"}
    assert re.search("[А-Яа-я]", identifier.titles["ru"])
    assert re.search("[\u4e00-\u9fff]", identifier.titles["zh"])
    assert identifier.source


@pytest.mark.parametrize("identifier", IDENTIFIERS.values(), ids=lambda identifier: identifier.id)
def test_only_a_verified_rule_refuses_and_no_date_ever_does(identifier):
    assert not identifier.rejects or identifier.certainty is Certainty.VERIFIED
    assert not refuses(identifier, Fault(IMPLAUSIBLE, ""))


@pytest.mark.parametrize(
    ("check", "value", "right"),
    [
        (check_container, "CSQU3054384", "CSQU3054383"),
        (check_uic_wagon, "218124712170", "218124712173"),
        (check_1520_wagon, "44872800", "44872802"),
        (check_vin, "1M8GDM9A0KP042788", "1M8GDM9AXKP042788"),
        (check_cn_uscc, "911100006000373410", "91110000600037341L"),
        (check_az_voen, "1401555081", "1401555071"),
        (check_kz_bin, "941240000190", "941240000193"),
        (check_kz_iin, "850612300450", "850612300451"),
        (check_uz_pinfl, "31505851234560", "31505851234562"),
        (check_mrn, "26DE58751234567890", "26DE58751234567891"),
    ],
)
def test_a_wrong_check_digit_is_named_and_the_right_one_suggested(check, value, right):
    expected = next(there for here, there in zip(value, right, strict=True) if here != there)
    assert check(value) == Fault(CHECK_DIGIT, expected, right)


@pytest.mark.parametrize(
    ("check", "typed", "meant"),
    [
        (check_container, "csqu 305438-3", "CSQU3054383"),
        (check_container, "CSQU３０５４３８３", "CSQU3054383"),
        (check_uic_wagon, "21 81 2471 217-3", "218124712173"),
        (check_hs, "0802.32.0000", "0802320000"),
        (check_un_number, "۱۲۰۳", "1203"),
    ],
)
def test_spaces_small_letters_and_foreign_digits_are_a_fault_of_shape_with_the_cure(check, typed, meant):
    fault = check(typed)
    assert (fault.kind, fault.suggestion) == (SHAPE, meant)


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (check_container, "CSQX3054383"),
        (check_container, "CSQU305438"),
        (check_vin, "1M8GDM9AXKP04278O"),
        (check_cn_uscc, "91110000600037341I"),
        (check_az_voen, "1400057424"),
        (check_kz_bin, "941270000193"),
        (check_kz_iin, "850672300451"),
        (check_tir_carnet, "X12345678"),
        (check_tir_carnet, "XY1234567"),
        (check_ucr, "6KG 1"),
        (check_ucr, "6" * 36),
        (check_un_number, "UN1203"),
        (check_cn_office, "94"),
        (check_eaeu_office, "9400"),
        (check_kg_inn, "0150120201234"),
        (check_mn_number, "УB12345678"),
        (check_eaeu_registration, "KG/2026-01-15/000000123"),
    ],
)
def test_a_wrong_shape_is_told_from_a_wrong_digit(check, value):
    assert kind(check(value)) is SHAPE


@pytest.mark.parametrize(
    ("check", "value", "part"),
    [
        (check_kg_inn, "23102202012345", "DDMMYYYY"),
        (check_eaeu_registration, "KG/20261301/000000123", "YYYYMMDD"),
        (check_kz_bin, "941340000190", "YYMM"),
        (check_kz_iin, "850631300456", "YYMMDD"),
        (check_uz_pinfl, "33102851234565", "DDMMYY"),
    ],
)
def test_a_day_that_is_in_no_calendar_is_implausible(check, value, part):
    fault = check(value)
    if fault.kind is CHECK_DIGIT:
        fault = check(value[:-1] + fault.expected)
    assert fault == Fault(IMPLAUSIBLE, part)


def test_a_number_that_ends_in_a_wrong_digit_and_holds_no_day_gets_no_suggestion():
    fault = check_uz_pinfl("33102851234560")
    assert kind(fault) is CHECK_DIGIT
    assert fault.suggestion == ""


def test_twelve_zeros_are_for_those_who_do_not_live_in_kazakhstan():
    for check in (check_kz_bin, check_kz_iin, check_kz_number):
        assert check("000000000000") == Fault(IMPLAUSIBLE, "non-resident")
        assert check("000000000000", non_resident=True) is None


def test_kazakh_numbers_are_told_apart_by_the_fifth_digit():
    assert check_kz_number("941240000193") is None
    assert check_kz_number("850612300451") is None
    assert check_kz_number("941270000193").expected == check_kz_bin("x").expected


def test_no_digit_makes_a_kazakh_number_right_whose_both_passes_give_ten():
    never_given_out = "12034000057"
    for digit in DIGITS:
        assert check_kz_bin(never_given_out + digit) == Fault(CHECK_DIGIT, "", "")


def test_a_birthday_on_the_29th_of_february_is_judged_in_its_own_century():
    assert check_kz_iin(_with_digit(check_kz_iin, "00022950012")) is None
    assert check_kz_iin(_with_digit(check_kz_iin, "00022930012")) == Fault(IMPLAUSIBLE, "YYMMDD")


def _with_digit(check, eleven: str) -> str:
    """The number with whichever last digit is not a fault of the check digit."""
    return next(eleven + digit for digit in DIGITS if kind(check(eleven + digit)) is not CHECK_DIGIT)


def test_village_collectives_have_a_credit_code_that_begins_with_a_letter():
    fault = check_cn_uscc("N2653101MF12345670")
    assert fault is None or check_cn_uscc(fault.suggestion) is None
    assert kind(fault) is not SHAPE


@pytest.mark.parametrize(("value", "unit"), [("CSQU3054383", False), ("ABCB1234560", True)])
def test_loading_units_are_told_from_containers(value, unit):
    assert is_loading_unit(value) is unit
    assert kind(check_container(value)) is not SHAPE


# Agreement with an independent implementation


@given(st.from_regex(r"[A-Z]{3}[UJZ][0-9]{7}", fullmatch=True))
def test_containers_are_judged_as_by_an_independent_implementation(value):
    assert (check_container(value) is None) == iso6346.is_valid(value)


@given(st.from_regex(r"[0-9]{12}", fullmatch=True))
def test_wagons_are_judged_as_by_an_independent_implementation(value):
    assert (check_uic_wagon(value) is None) == luhn.is_valid(value)


@given(st.from_regex(r"[0-9]{8}[0-9A-HJ-NPQRTUWXY]{10}", fullmatch=True))
def test_credit_codes_are_judged_as_by_an_independent_implementation(value):
    assert (check_cn_uscc(value) is None) == uscc.is_valid(value)


@given(st.from_regex(r"[0-9]{9}[12]", fullmatch=True))
def test_voen_are_judged_as_by_an_independent_implementation(value):
    try:
        valid = voen.validate(value) == value
    except ValidationError:
        valid = False
    assert (check_az_voen(value) is None) == valid


# Slips of the pen


def one_digit_changed(value: str, at: int, by: int) -> str:
    return value[:at] + str((int(value[at]) + by) % 10) + value[at + 1 :]


PRIME_OR_LUHN = {
    # check, a valid number, the places where a changed digit must be noticed
    "uic-wagon": (check_uic_wagon, "218124712173", range(12)),
    "wagon-1520": (check_1520_wagon, "44872802", range(8)),
    "uscc": (check_cn_uscc, "91110000600037341L", range(17)),
    "vin": (check_vin, "11111111111111111", range(17)),
    "voen": (check_az_voen, "1401555071", range(9)),
    "pinfl": (check_uz_pinfl, "31505851234562", range(13)),
    # Modulo 11 writes the remainder 10 as 0, so this is sure only where the check digit is another.
    "container": (check_container, "CSQU3054383", range(4, 11)),
    "mrn": (check_mrn, "26DE58751234567891", range(4, 18)),
}


@pytest.mark.parametrize("name", PRIME_OR_LUHN)
def test_every_single_changed_digit_is_noticed(name):
    check, valid, places = PRIME_OR_LUHN[name]
    for at in places:
        if valid[at].isdigit():
            for by in range(1, 10):
                assert check(one_digit_changed(valid, at, by)) is not None, (at, by)


@given(st.integers(0, 999999), st.integers(4, 9), st.integers(1, 9))
def test_a_changed_digit_of_any_container_is_noticed_unless_its_check_digit_is_0(serial, at, by):
    body = f"TRKU{serial:06}"
    fault = check_container(body + "0")
    digit = fault.expected if fault else "0"
    if digit != "0":
        assert check_container(one_digit_changed(body + digit, at, by)) is not None


# What holds for every identifier


ANY_TEXT = st.one_of(
    st.text(max_size=40),
    st.text("0123456789ABCDEFUJZ /-.", max_size=20),
    st.sampled_from([identifier.example for identifier in IDENTIFIERS.values()]).flatmap(
        lambda example: st.tuples(st.just(example), st.integers(0, len(example) - 1), st.characters(codec="utf-8")).map(
            lambda slip: slip[0][: slip[1]] + slip[2] + slip[0][slip[1] + 1 :]
        )
    ),
)


@given(ANY_TEXT)
@settings(max_examples=300, deadline=None)
def test_no_text_makes_a_check_raise_and_every_suggestion_passes(value):
    for identifier in IDENTIFIERS.values():
        fault = identifier.check(value)
        if fault and fault.suggestion:
            assert identifier.check(fault.suggestion) is None
            assert fault.suggestion != value


# Goods codes


@pytest.mark.parametrize(
    ("value", "country", "fits"),
    [
        ("080232", "", True),
        ("0802320000", "KG", True),
        ("08023200", "KG", True),
        ("0802", "KG", False),
        ("0802320000999", "CN", True),
        ("08023200009", "CN", False),
        ("08023200", "PK", True),
        ("0802320000", "PK", False),
        ("080232000", "DE", True),
        ("08023", "DE", False),
    ],
)
def test_goods_codes_have_the_lengths_of_their_country(value, country, fits):
    assert (check_hs(value, country) is None) is fits


def test_six_digits_fit_in_every_country():
    assert all(check_hs("080232", country) is None for country in HS_LENGTHS)


# Parties


def test_a_party_may_have_any_identifier_of_its_country():
    assert check_party("850612300451", "KZ") is None
    assert check_party("941240000193", "KZ") is None
    assert check_party("12345678", "KG") is None
    assert check_party("anything", "DE") is None


def test_the_nearest_identifier_of_the_country_is_named():
    identifier, fault = check_party("850612300450", "KZ")
    assert (identifier.id, fault.suggestion) == ("kz-iin", "850612300451")
    assert refuses(identifier, fault)


# Plates


@pytest.mark.parametrize(
    ("plate", "country", "key"),
    [
        ("01 KG 123 ABC", "KG", "01KG123ABC"),
        ("01кg123авс", "KG", "01KG123ABC"),
        ("新P·12345", "CN", "新P12345"),
        ("新Ｐ１２３４挂", "CN", "新P1234挂"),
        ("1234 уба", "MN", "1234УБА"),
        ("99-AA-999", "AZ", "99AA999"),
        ("KBL ۱۲۳۴۵", "AF", "KBL12345"),
    ],
)
def test_plates_are_compared_without_spaces_hyphens_and_lookalikes(plate, country, key):
    assert normalise_plate(plate, country) == key


@given(st.text(max_size=20), st.sampled_from(["KG", "CN", "MN", "AF", "DE", ""]))
@example("R¸", "KG")
@example("А\u0301", "KG")
@settings(max_examples=300)
def test_normalising_a_plate_twice_changes_nothing_more(plate, country):
    key = normalise_plate(plate, country)
    assert normalise_plate(key, country) == key


@pytest.mark.parametrize(
    ("plate", "country"),
    [
        ("01KG123ABC", "KG"),
        ("B1234AB", "KG"),
        ("1234AB", "KG"),
        ("123ABC12", "KZ"),
        ("A000AAA", "KZ"),
        ("12ABC12", "KZ"),
        ("01A123BC", "UZ"),
        ("10AA1234", "UZ"),
        ("1234AB01", "TJ"),
        ("AA1234BB", "TM"),
        ("1234УБА", "MN"),
        ("ABC-1234", "PK"),
        ("LEB-12-1234", "PK"),
        ("KBL ۱۲۳۴۵", "AF"),
        ("کابل ۱۲۳۴۵", "AF"),
        ("99-AA-999", "AZ"),
        ("AB-123-CD", "GE"),
        ("ABC-123", "GE"),
        ("新P12345", "CN"),
        ("新Q123456", "CN"),
        ("新P1234挂", "CN"),
    ],
)
def test_plates_of_the_country_fit_and_are_not_taken_for_a_chinese_one(plate, country):
    assert plate_fits(plate, country) is True
    assert plate_fits(plate, "CN") is (country == "CN")


@pytest.mark.parametrize(
    ("plate", "country"),
    [("31U8160/31U7095", "KG"), ("", "KG"), ("新I1234", "CN"), ("1234YBA", "MN"), ("12345", "TJ")],
)
def test_what_is_no_plate_of_the_country_does_not_fit(plate, country):
    assert plate_fits(plate, country) is False


def test_nothing_is_said_about_plates_of_a_country_without_a_known_pattern():
    assert plate_fits("AB 123", "FR") is None


# Characters


def test_digits_of_every_script_become_ascii_and_letters_stay():
    assert ascii_digits("۱۲۳ ٤٥٦ ７８９ Ң²½") == "123 456 789 Ң²½"


def test_only_letters_that_look_latin_are_replaced():
    assert latin_lookalikes("АВЕКМНОРСТУХ ЖЯ") == "ABEKMHOPCTYX ЖЯ"
