"""What was seen at the border, and imported, against what was declared: one change at a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders.messages import (
    NOW,
    arrival,
    changed,
    control_result,
    declaration,
    departure,
    empty_container,
    import_information,
    without,
)
from builders.strategies import border_events, declarations
from gateway.agreements import Agreement, load_agreements
from gateway.exchange import compare, matching
from gateway.exchange.matching import MatchReport, MatchRow, What
from gateway.message.border_event import BorderEvent
from gateway.message.finding import Finding, Severity
from gateway.message.metadata import BorderEventMessage, DeclarationMessage
from gateway.published import published
from gateway.validation.catalogue import core_catalogue, placeholders
from gateway.validation.identifiers import normalise_plate
from gateway.validation.reported import CROSSING_RULES

E = "/BorderEvent"
V = f"{E}/BorderTransportMeans"
C = f"{E}/Consignment/0"
R = f"{E}/ControlResult"
DV = "/Declaration/BorderTransportMeans"
DC = "/Declaration/Consignment/0"
DECLARED = declaration()
BORDER = NOW + timedelta(hours=23)
"""When events are told: an hour before the planned arrival."""
KG_CN = load_agreements(published("agreements"))["kg-cn-road", "1"]


def agreed(**changes: Any) -> Agreement:
    """The agreement with other terms."""
    return Agreement.model_validate({**KG_CN.model_dump(exclude_unset=True), **changes})


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str, str]]:
    return [(one.rule, one.pointer, one.value) for one in findings]


def arriving(
    changes: dict[str, Any] | None = None,
    *left_out: str,
    declared: DeclarationMessage = DECLARED,
    agreement: Agreement = KG_CN,
) -> list[tuple[str, str, str]]:
    seen = without(changed(arrival(at=BORDER), changes or {}), *left_out)
    return told(compare.arrival(seen.border_event, declared.declaration, agreement))


def controlled(
    changes: dict[str, Any], *, declared: DeclarationMessage = DECLARED, agreement: Agreement = KG_CN
) -> list[tuple[str, str, str]]:
    found = changed(control_result(at=BORDER), changes)
    return told(compare.control(found.border_event, declared.declaration, declared.declaration, agreement))


# Arrival


def test_a_vehicle_that_arrives_as_declared_is_no_finding():
    assert arriving() == []


def test_another_tractor_is_a_discrepancy():
    assert arriving({f"{V}/ID": "01KG777ABC"}, agreement=agreed(rehitch=False)) == [
        ("ACD-ARR-02", f"{V}/ID", "01KG777ABC")
    ]


@pytest.mark.parametrize("written", ["新 P-12345", "新p12345", "新Р12345", "新P１２３４５"])
def test_the_same_plate_written_otherwise_is_the_same(written: str):
    assert arriving({f"{V}/ID": written}, f"{V}/RegistrationNationalityCode", agreement=agreed(rehitch=False)) == []


def test_the_same_plate_of_another_country_is_another_vehicle():
    assert arriving({f"{V}/RegistrationNationalityCode": "KG"}, agreement=agreed(rehitch=False)) == [
        ("ACD-ARR-02", f"{V}/RegistrationNationalityCode", "KG")
    ]


def test_another_trailer_is_a_discrepancy_that_names_the_one_declared():
    seen = changed(arrival(at=BORDER), {f"{V}/TransportEquipment/0/ID": "新P9999挂"})
    (found,) = compare.arrival(seen.border_event, DECLARED.declaration, KG_CN)
    assert (found.rule, found.pointer, found.value) == ("ACD-ARR-02", f"{V}/TransportEquipment/0/ID", "新P9999挂")
    assert found.params["declared"] == "新P1234挂"


def test_a_trailer_that_was_not_declared_is_a_discrepancy():
    assert arriving({f"{V}/TransportEquipment/1": {"ID": "01KG888"}}) == [
        ("ACD-ARR-02", f"{V}/TransportEquipment/1/ID", "01KG888")
    ]


def test_one_of_two_declared_trailers_that_is_not_there_is_a_discrepancy():
    two = changed(DECLARED, {f"{DV}/TransportEquipment/1": {"ID": "新P5678挂", "SequenceNumeric": 2, "TypeCode": "TE"}})
    assert arriving(declared=two) == [("ACD-ARR-02", f"{V}/TransportEquipment", "")]


def test_trailers_that_are_not_listed_are_not_compared():
    assert arriving(None, f"{V}/TransportEquipment") == []


def test_another_container_is_a_discrepancy():
    assert arriving({f"{C}/TransportEquipment/0/ID": "TGHU1234567"}) == [
        ("ACD-ARR-02", f"{C}/TransportEquipment/0/ID", "TGHU1234567")
    ]


def test_a_container_listed_among_the_trailers_is_compared_with_the_containers():
    seen = {f"{V}/TransportEquipment": [{"ID": "CSQU 305438-3"}], f"{C}/TransportEquipment": []}
    assert arriving(seen) == []


def test_a_container_shared_by_two_consignments_is_one_container():
    shared = changed(
        declaration(consignments=2), {"/Declaration/Consignment/1/TransportEquipment/0": {"ID": "CSQU3054383"}}
    )
    assert arriving(declared=shared) == []


def test_an_event_that_names_no_vehicle_is_not_compared():
    assert arriving(None, V, f"{E}/Consignment") == []


def test_a_listed_seal_that_was_not_declared_and_a_declared_one_that_is_not_listed_are_discrepancies():
    assert arriving({f"{C}/TransportEquipment/0/Seal/0/ID": "KG0000001"}) == [
        ("ACD-DIS-02", f"{C}/TransportEquipment/0/Seal/0/ID", "KG0000001"),
        ("ACD-DIS-02", f"{C}/TransportEquipment/0/Seal", ""),
    ]


def test_seals_are_compared_without_spaces_and_small_letters():
    assert arriving({f"{C}/TransportEquipment/0/Seal/0/ID": "cnks 000001"}) == []


def test_seals_that_are_not_listed_are_not_compared():
    assert arriving(None, f"{C}/TransportEquipment/0/Seal") == []


def test_seals_affixed_after_an_unsealed_declaration_are_no_discrepancy():
    unsealed = without(DECLARED, f"{DC}/TransportEquipment/0/Seal")
    assert arriving(declared=unsealed) == []


def test_a_broken_seal_at_arrival_is_told_once_by_the_control():
    seen = changed(arrival(at=BORDER), {f"{R}/SealCheck": [{"ConditionCode": "BRK", "ID": "CNKS000001"}]}).border_event
    assert told(compare.arrival(seen, DECLARED.declaration, KG_CN)) == []
    assert told(compare.control(seen, DECLARED.declaration, DECLARED.declaration, KG_CN)) == [
        ("ACD-DIS-02", f"{R}/SealCheck/0/ConditionCode", "BRK")
    ]


def test_a_seal_that_a_control_found_missing_is_not_told_again_for_missing_in_the_list():
    two = changed(DECLARED, {f"{DC}/TransportEquipment/0/Seal/1": {"ID": "CNKS000009"}}).declaration
    checks = [{"ConditionCode": "MIS", "ID": "CNKS000009"}]
    seen = changed(arrival(at=BORDER), {f"{R}/SealCheck": checks}).border_event
    assert told(compare.arrival(seen, two, KG_CN)) == []
    assert told(compare.control(seen, two, two, KG_CN)) == [("ACD-DIS-02", f"{R}/SealCheck/0/ConditionCode", "MIS")]


def test_a_tractor_changed_at_the_border_is_information_where_it_is_agreed_and_the_rest_matches():
    seen = changed(arrival(at=BORDER), {f"{V}/ID": "01KG777ABC", f"{V}/RegistrationNationalityCode": "KG"})
    (found,) = compare.arrival(seen.border_event, DECLARED.declaration, KG_CN)
    assert (found.rule, found.severity, found.value) == ("ACD-VEH-04", Severity.INFO, "01KG777ABC")
    assert found.params["declared"] == "新P12345"
    assert not compare.is_discrepant((found,))


@pytest.mark.parametrize(
    ("other", "left_out"),
    [
        ({f"{V}/TransportEquipment/0/ID": "新P9999挂"}, ()),
        ({f"{C}/TransportEquipment/0/ID": "TGHU1234567"}, ()),
        ({f"{C}/TransportEquipment/0/Seal/0/ID": "KG0000001"}, ()),
        ({f"{R}/SealCheck": [{"ConditionCode": "BRK", "ID": "CNKS000001"}]}, ()),
        ({}, (f"{V}/TransportEquipment", f"{E}/Consignment")),
    ],
    ids=["another trailer", "another container", "another seal", "a broken seal", "nothing else seen"],
)
def test_a_tractor_changed_at_the_border_is_a_discrepancy_where_nothing_shows_that_the_cargo_is_the_same(
    other: dict[str, Any], left_out: tuple[str, ...]
):
    found = arriving({f"{V}/ID": "01KG777ABC", **other}, *left_out)
    assert ("ACD-ARR-02", f"{V}/ID", "01KG777ABC") in found
    assert "ACD-VEH-04" not in {rule for rule, _, _ in found}


def test_a_late_arrival_is_information():
    late = changed(arrival(at=BORDER), {f"{E}/EventDateTime": "2026-11-25T11:05:00+06:00"})
    (found,) = compare.arrival(late.border_event, DECLARED.declaration, KG_CN)
    assert (found.rule, found.severity, found.params["late"]) == ("ACD-ARR-03", Severity.INFO, "21:05")
    assert not compare.is_discrepant((found,))


def test_an_arrival_at_the_very_time_that_was_planned_is_not_late():
    assert arriving({f"{E}/EventDateTime": "2026-11-24T14:00:00+06:00"}) == []


@pytest.mark.parametrize(("allowed", "rules"), [
    (None, ["ACD-ARR-03"]), (21 * 60 + 5, ["ACD-ARR-03"]), (21 * 60 + 4, ["ACD-ARR-03", "ACD-DIS-07"]),
])  # fmt: skip
def test_a_delay_is_a_discrepancy_where_it_is_longer_than_agreed(allowed: int | None, rules: list[str]):
    terms = agreed(comparison={"delay_minutes": allowed})
    late = changed(arrival(at=BORDER), {f"{E}/EventDateTime": "2026-11-25T11:05:00+06:00"})
    found = compare.arrival(late.border_event, DECLARED.declaration, terms)
    assert [one.rule for one in found] == rules
    assert compare.is_discrepant(found) is ("ACD-DIS-07" in rules)


# Control


@pytest.mark.parametrize(("weighed", "differs"), [
    ("1550", False), ("1627.5", False), ("1472.5", False), ("1627.501", True), ("1472.499", True),
])  # fmt: skip
def test_a_mass_is_a_discrepancy_beyond_the_tolerance_over_and_under_alike(weighed: str, differs: bool):
    expected = [("ACD-DIS-01", f"{R}/GrossMassMeasure", weighed)] if differs else []
    assert controlled({f"{R}/GrossMassMeasure/value": weighed}) == expected


def test_where_the_agreement_says_no_percentage_a_weighing_may_differ_by_five():
    silent = agreed(comparison={"packages": 0})
    assert controlled({f"{R}/GrossMassMeasure/value": "1627.5"}, agreement=silent) == []
    assert len(controlled({f"{R}/GrossMassMeasure/value": "1628"}, agreement=silent)) == 1


def test_where_the_agreement_says_zero_percent_only_its_kilograms_are_allowed():
    strict = agreed(comparison={"gross_mass_percent": "0", "gross_mass_kg": "2"})
    assert controlled({f"{R}/GrossMassMeasure/value": "1552"}, agreement=strict) == []
    assert len(controlled({f"{R}/GrossMassMeasure/value": "1552.001"}, agreement=strict)) == 1


def test_a_declaration_without_total_is_weighed_by_the_sum_of_its_consignments():
    without_total = without(DECLARED, "/Declaration/TotalGrossMassMeasure")
    assert len(controlled({f"{R}/GrossMassMeasure/value": "1700"}, declared=without_total)) == 1


def test_a_mass_in_another_unit_is_not_compared():
    assert controlled({f"{R}/GrossMassMeasure": {"value": "9", "unitCode": "TNE"}}) == []


@pytest.mark.parametrize("condition", ["BRK", "MIS"])
def test_a_seal_that_is_broken_or_missing_is_a_discrepancy(condition: str):
    assert controlled({f"{R}/SealCheck/0/ConditionCode": condition}) == [
        ("ACD-DIS-02", f"{R}/SealCheck/0/ConditionCode", condition)
    ]


def test_an_intact_seal_that_was_not_declared_is_a_discrepancy():
    assert controlled({f"{R}/SealCheck/0/ID": "KG0000001"}) == [("ACD-DIS-02", f"{R}/SealCheck/0/ID", "KG0000001")]


def test_an_intact_seal_under_an_unsealed_declaration_is_no_discrepancy():
    assert controlled({}, declared=without(DECLARED, f"{DC}/TransportEquipment/0/Seal")) == []


@pytest.mark.parametrize("code", ["013", "014"])
def test_theft_and_loss_that_a_control_cites_are_information(code: str):
    stated = f"{E}/AdditionalInformation"
    assert controlled({stated: [{"StatementCode": "999"}, {"StatementCode": code}]}) == [
        ("ACD-DIS-04", f"{stated}/1/StatementCode", code)
    ]


def test_an_event_without_a_control_result_is_not_compared():
    assert compare.control(arrival(at=BORDER).border_event, DECLARED.declaration, DECLARED.declaration, KG_CN) == ()


# As it left


def left(changes: dict[str, Any], *left_out: str, declared: DeclarationMessage = DECLARED) -> DeclarationMessage:
    """The declaration with a departure that tells something else."""
    gone = without(changed(departure(at=BORDER - timedelta(hours=20)), changes), *left_out).border_event
    return declared.model_copy(update={"declaration": compare.as_left(declared.declaration, [gone])})


def test_a_seal_that_was_changed_at_the_exit_gate_and_told_is_the_one_that_is_looked_for():
    departed = left({f"{C}/TransportEquipment/0/Seal/0/ID": "NEW0001"})
    seen = {f"{C}/TransportEquipment/0/Seal/0/ID": "NEW0001"}
    assert arriving(seen, declared=departed) == []
    assert controlled({f"{R}/SealCheck/0/ID": "NEW0001"}, declared=departed) == []
    assert controlled({}, declared=departed) == [("ACD-DIS-02", f"{R}/SealCheck/0/ID", "CNKS000001")]


def test_a_departure_that_lists_a_container_without_its_seals_leaves_those_that_were_declared():
    departed = left({}, f"{C}/TransportEquipment/0/Seal")
    other = {f"{C}/TransportEquipment/0/Seal/0/ID": "KG0000001"}
    assert arriving(declared=departed) == []
    assert [rule for rule, _, _ in arriving(other, declared=departed)] == ["ACD-DIS-02", "ACD-DIS-02"]


@pytest.mark.parametrize("at", [f"{V}/Seal", f"{V}/TransportEquipment/0/Seal"], ids=["the vehicle", "the trailer"])
def test_a_departure_that_lists_seals_lists_all_of_them_wherever_it_lists_them(at: str):
    departed = left({at: [{"ID": "NEW0001"}]}, f"{E}/Consignment")
    assert arriving({f"{C}/TransportEquipment/0/Seal/0/ID": "NEW0001"}, declared=departed) == []
    assert [rule for rule, _, _ in arriving(declared=departed)] == ["ACD-DIS-02", "ACD-DIS-02"]


def test_a_departure_that_lists_trailers_only_leaves_the_containers():
    departed = left({f"{V}/TransportEquipment/0/ID": "新P9999挂"}, f"{E}/Consignment")
    assert arriving({f"{V}/TransportEquipment/0/ID": "新P9999挂"}, declared=departed) == []
    assert arriving({f"{C}/TransportEquipment/0/ID": "TGHU1234567"}, declared=departed) != []


def test_what_is_added_on_the_way_stands_beside_what_left():
    more = {"Seal": [{"ID": "NEW0001"}], "ArrivalDateTime": "2026-11-26T14:00:00+06:00"}
    addition = changed(DECLARED, {"/Declaration/FunctionCode": "2", DV: more, "/Declaration/Consignment": []})
    told = compare.as_left(DECLARED.declaration, [addition.declaration])
    extended = DECLARED.model_copy(update={"declaration": told})
    seen = {f"{V}/Seal": [{"ID": "NEW0001"}], f"{E}/EventDateTime": "2026-11-26T13:00:00+06:00"}
    assert arriving(seen, declared=extended) == []
    assert [rule for rule, _, _ in arriving(seen)] == ["ACD-DIS-02", "ACD-ARR-03"]


def test_an_arrival_before_the_departure_is_told_with_the_moment_that_it_was_before():
    seen, gone = arrival(at=BORDER).border_event, departure(at=BORDER + timedelta(hours=1)).border_event
    (found,) = compare.too_early(seen, [gone], NOW)
    assert (found.rule, found.severity, found.pointer) == ("ACD-TIM-09", Severity.WARN, f"{E}/EventDateTime")
    assert compare.too_early(seen, [departure(at=BORDER - timedelta(hours=1)).border_event], NOW) == ()
    assert [one.rule for one in compare.too_early(seen, [], BORDER + timedelta(days=1))] == ["ACD-TIM-09"]


# Recognition


def exit_control(**changes: Any) -> BorderEvent:
    made = control_result(at=BORDER - timedelta(hours=6), sender="CN", recipient="KG")
    return changed(made, {f"{E}/{name}": value for name, value in changes.items()}).border_event


def recognition(
    earlier: BorderEvent | None, seen: BorderEventMessage | None = None, agreement: Agreement = KG_CN
) -> list[tuple[str, str]]:
    event_seen = (seen or arrival(at=BORDER)).border_event
    found = compare.recognised(event_seen, earlier, agreement)
    assert all(one.severity is Severity.INFO for one in found)
    return [(one.rule, one.params.get("name", one.params.get("office", ""))) for one in found]


def test_a_release_at_the_same_post_with_the_same_seals_is_recognised():
    assert recognition(exit_control()) == [("ACD-INS-01", "9403")]


def test_without_an_earlier_control_there_is_nothing_to_recognise():
    assert recognition(None) == []
    assert recognition(departure(at=BORDER).border_event) == []


@pytest.mark.parametrize(
    ("earlier", "against"),
    [
        ({"ControlResult/ConclusionCode": "HLD"}, "ConclusionCode"),
        ({"BorderOffice/ID": "9415"}, "BorderOffice"),
        ({"BorderOffice/ID": "0000"}, "BorderOffice"),
        ({"EventDateTime": "2026-11-21T08:00:00+08:00"}, "EventDateTime"),
        ({"EventDateTime": "2026-11-25T08:00:00+08:00"}, "EventDateTime"),
        ({"ControlResult/SealCheck/0/ID": "CNKS000002"}, "SealCheck"),
        ({"ControlResult/SealCheck/0/ConditionCode": "BRK"}, "SealCheck"),
        ({"ControlResult/SealCheck": []}, "SealCheck"),
    ],
)
def test_a_control_is_not_recognised_for_one_thing_that_changed(earlier: dict[str, Any], against: str):
    assert recognition(exit_control(**earlier)) == [("ACD-INS-02", against)]


@pytest.mark.parametrize(
    "seen",
    [
        {f"{C}/TransportEquipment/0/Seal": []},
        {f"{C}/TransportEquipment/0/Seal/1": {"ID": "CNKS000009"}},
        {f"{C}/TransportEquipment/0/Seal/0/RoleCode": "SH"},
        {f"{R}/SealCheck": [{"ConditionCode": "BRK", "ID": "CNKS000001"}]},
    ],
    ids=["no seal seen", "one more seal", "a seal that is not recognised", "a seal broken since"],
)
def test_a_control_is_not_recognised_when_the_seals_that_arrive_are_not_those_that_left(seen: dict[str, Any]):
    assert recognition(exit_control(), changed(arrival(at=BORDER), seen)) == [("ACD-INS-02", "SealCheck")]


# Match


def matched(
    changes: dict[str, Any] | None = None,
    *left_out: str,
    declared: DeclarationMessage = DECLARED,
    consignments: int = 1,
    agreement: Agreement = KG_CN,
) -> MatchReport:
    imported = without(changed(import_information(at=BORDER, consignments=consignments), changes or {}), *left_out)
    return matching.match(imported.border_event, declared.declaration, agreement)


def of(report: MatchReport, within: bool | None) -> list[tuple[What, str, str]]:
    return [(row.what, row.exported, row.imported) for row in report.rows if row.within is within]


def test_an_import_as_exported_matches_with_every_row_told():
    report = matched()
    assert report.matched
    assert report.rows[:5] == (
        MatchRow("CMR-9403202611230001-1", What.CONSIGNMENT, "CMR-9403202611230001-1", "CMR-9403202611230001-1", True),
        MatchRow("CMR-9403202611230001-1", What.GOODS, "080232, 732690", "080232, 732690", True),
        MatchRow("CMR-9403202611230001-1", What.PACKAGES, "120", "120", True),
        MatchRow("CMR-9403202611230001-1", What.GROSS_MASS, "1550", "1550", True),
        MatchRow("CMR-9403202611230001-1", What.VALUE, "9300 USD", "9300 USD", True),
    )
    assert {(row.what, row.goods) for row in report.rows[5:]} == {
        (what, goods) for what in (What.GROSS_MASS, What.VALUE) for goods in ("080232", "732690")
    }
    assert [(one.rule, one.severity) for one in report.findings] == [("ACD-DIS-05", Severity.INFO)]
    assert not compare.is_discrepant(report.findings)


@pytest.mark.parametrize(
    ("change", "row", "pointer"),
    [
        ({f"{C}/TotalPackageQuantity/value": "119"}, (What.PACKAGES, "120", "119"), "TotalPackageQuantity"),
        ({f"{C}/TotalGrossMassMeasure/value": "1627.6"}, (What.GROSS_MASS, "1550", "1627.6"), "TotalGrossMassMeasure"),
        ({f"{C}/TotalGrossMassMeasure/value": "1472.4"}, (What.GROSS_MASS, "1550", "1472.4"), "TotalGrossMassMeasure"),
        ({f"{C}/ValueAmount/value": "9299.99"}, (What.VALUE, "9300 USD", "9299.99 USD"), "ValueAmount"),
        ({f"{C}/ValueAmount/currencyID": "EUR"}, (What.VALUE, "9300 USD", "9300 EUR"), "ValueAmount"),
        ({f"{C}/ConsignmentItem/0/Commodity/Classification/0/ID": "732619"},
         (What.GOODS, "080232, 732690", "080232, 732619"), "ConsignmentItem"),
    ],
)  # fmt: skip
def test_one_thing_that_differs_is_one_row_and_one_finding(
    change: dict[str, Any], row: tuple[What, str, str], pointer: str
):
    report = matched(change)
    assert not report.matched
    assert of(report, False) == [row]
    (found,) = report.findings
    assert (found.rule, found.severity, found.pointer) == ("ACD-DIS-03", Severity.WARN, f"{C}/{pointer}")
    assert (found.value, found.params["exported"]) == (row[2], row[1])
    assert compare.is_discrepant(report.findings)


@pytest.mark.parametrize("mass", ["1627.5", "1472.5"])
def test_masses_within_the_tolerance_match(mass: str):
    assert matched({f"{C}/TotalGrossMassMeasure/value": mass}).matched


def test_packages_and_value_match_within_the_tolerances_of_the_agreement():
    loose = agreed(comparison={"packages": 1, "value_percent": "1"})
    at_the_edge = {f"{C}/TotalPackageQuantity/value": "121", f"{C}/ValueAmount/value": "9207"}
    assert matched(at_the_edge, agreement=loose).matched
    assert not matched({f"{C}/TotalPackageQuantity/value": "122"}, agreement=loose).matched
    assert not matched({f"{C}/ValueAmount/value": "9206.99"}, agreement=loose).matched


def test_further_digits_of_a_goods_code_are_national_and_not_compared():
    assert matched({f"{C}/ConsignmentItem/0/Commodity/Classification/0/ID": "7326909807"}).matched


def test_value_moved_from_one_kind_of_goods_to_another_is_found_under_an_unchanged_total():
    moved = {
        f"{C}/ConsignmentItem/0/ValueAmount/value": "3100.00",
        f"{C}/ConsignmentItem/1/ValueAmount/value": "6200.00",
    }
    report = matched(moved)
    assert [(row.what, row.goods) for row in report.rows if row.within is False] == [
        (What.VALUE, "080232"),
        (What.VALUE, "732690"),
    ]
    assert not report.matched


def test_what_the_import_does_not_say_is_not_compared():
    report = matched(None, f"{C}/ValueAmount", f"{C}/ConsignmentItem")
    assert report.matched
    assert of(report, None) == [(What.GOODS, "080232, 732690", ""), (What.VALUE, "9300 USD", "")]


def test_nothing_compared_is_not_a_match():
    figures = ("ValueAmount", "ConsignmentItem", "TotalPackageQuantity", "TotalGrossMassMeasure")
    report = matched(None, *(f"{C}/{name}" for name in figures))
    assert not report.matched
    assert told(report.findings) == [("ACD-DIS-06", f"{E}/Consignment", "KG-IMP-20261124-0001")]


def test_totals_that_are_not_given_are_the_sums_of_the_items():
    report = matched(None, f"{C}/ValueAmount", f"{C}/TotalGrossMassMeasure")
    assert (What.VALUE, "9300 USD", "9300 USD") in of(report, True)
    assert (What.GROSS_MASS, "1550", "1550") in of(report, True)


def test_consignments_are_paired_by_transport_document_whatever_their_numbers():
    turned = {f"{C}/SequenceNumeric": 2, f"{E}/Consignment/1/SequenceNumeric": 1}
    assert matched(turned, declared=declaration(consignments=2), consignments=2).matched


def test_consignments_without_a_document_are_paired_by_number():
    left_out = [f"{E}/Consignment/{index}/TransportContractDocument" for index in (0, 1)]
    report = matched(None, *left_out, declared=declaration(consignments=2), consignments=2)
    assert report.matched
    assert {row.consignment for row in report.rows} == {"CMR-9403202611230001-1", "CMR-9403202611230001-2"}


def test_a_consignment_that_was_not_imported_is_missing():
    report = matched(declared=declaration(consignments=2), consignments=1)
    assert of(report, False) == [(What.CONSIGNMENT, "CMR-9403202611230001-2", "")]
    assert told(report.findings) == [("ACD-DIS-03", f"{E}/Consignment", "")]


def test_a_consignment_that_was_not_exported_is_one_too_many():
    report = matched(declared=DECLARED, consignments=2)
    assert of(report, False) == [(What.CONSIGNMENT, "", "CMR-9403202611230001-2")]
    assert told(report.findings) == [("ACD-DIS-03", f"{E}/Consignment/1", "CMR-9403202611230001-2")]


def test_two_consignments_of_one_number_but_of_different_documents_are_not_a_pair():
    report = matched({f"{C}/TransportContractDocument/ID": "CMR-9403202611230001-99"})
    assert of(report, False) == [
        (What.CONSIGNMENT, "CMR-9403202611230001-1", ""),
        (What.CONSIGNMENT, "", "CMR-9403202611230001-99"),
    ]


def test_a_consignment_that_is_paired_by_its_document_is_not_paired_again_by_its_number():
    without_document = without(
        declaration(consignments=2), "/Declaration/Consignment/1/TransportContractDocument"
    )  # its number is 2
    first = {f"{C}/SequenceNumeric": 2}  # and so is that of the first, as imported
    report = matched(first, declared=without_document)
    assert of(report, False) == [(What.CONSIGNMENT, "2", "")]


def test_an_item_under_two_subheadings_is_not_divided_between_them():
    both = {f"{C}/ConsignmentItem/0/Commodity/Classification/1": {"ID": "080232"}}
    assert {row.goods for row in matched(both).rows if row.goods} == {"080232"}


def test_a_sum_of_which_a_part_is_not_known_is_not_compared():
    left_out = (f"{C}/TotalGrossMassMeasure", f"{C}/ConsignmentItem/1/GoodsMeasure")
    assert (What.GROSS_MASS, "1550", "") in of(matched(None, *left_out), None)


def test_theft_and_loss_that_the_declaration_cites_are_information_beside_what_differs():
    amended = declaration(function_code="5", amendment=[{"ChangeReasonCode": "013"}, {"ChangeReasonCode": "004"}])
    report = matched({f"{C}/TotalPackageQuantity/value": "110"}, declared=amended)
    assert told(report.findings) == [
        ("ACD-DIS-03", f"{C}/TotalPackageQuantity", "110"),
        ("ACD-DIS-04", f"{E}/Declaration", "013"),
    ]


# The evidence of a match


def test_a_match_is_told_as_a_table_in_three_languages():
    report = matched({f"{C}/TotalPackageQuantity/value": "119"})
    english = matching.match_report_text(report, "en").splitlines()
    assert english[0].split() == ["consignment", "compared", "exported", "imported", "result"]
    assert [line.split() for line in english if "packages" in line] == [
        ["CMR-9403202611230001-1", "packages", "120", "119", "differs"]
    ]
    assert "расходится" in matching.match_report_text(report, "ru")
    assert "不一致" in matching.match_report_text(report, "zh")
    assert matching.match_report_text(report, "kk") == matching.match_report_text(report, "en")


def test_the_verdict_stands_at_the_end_of_the_table():
    assert matching.match_report_text(matched(), "en").endswith("\n\nExport and import agree.\n")
    assert not matching.match_report_text(matched(None, C), "en").endswith("Export and import agree.\n")


def test_a_match_as_json_has_every_row_and_figures_as_strings():
    shown = matching.as_json(matched(None, f"{C}/ValueAmount", f"{C}/ConsignmentItem"))
    assert shown["matched"] is True
    assert shown["rows"][3] == {
        "consignment": "CMR-9403202611230001-1", "what": "TotalGrossMassMeasure", "goods": "", "exported": "1550",
        "imported": "1550", "within": True,
    }  # fmt: skip
    assert [row["within"] for row in shown["rows"]] == [True, None, True, True, None]


# One vehicle, one crossing; and information in time


def test_a_vehicle_in_another_open_crossing_is_a_warning_at_its_plate():
    others = [("OLD-1", normalise_plate("新P12345", "CN")), ("OLD-2", normalise_plate("新P7777", "CN"))]
    (found,) = compare.same_vehicle(DECLARED.declaration, others)
    assert (found.rule, found.severity, found.pointer) == ("ACD-VEH-03", Severity.WARN, f"{DV}/ID")
    assert (found.value, found.params["other"]) == ("新P12345", "OLD-1")


def test_a_trailer_in_another_open_crossing_is_a_warning_as_well():
    trailer = normalise_plate("新P1234挂", "CN")
    assert told(compare.same_vehicle(DECLARED.declaration, [("OLD-1", trailer)])) == [
        ("ACD-VEH-03", f"{DV}/TransportEquipment/0/ID", "新P1234挂")
    ]


def test_a_container_is_not_a_vehicle_in_another_open_crossing():
    content = empty_container().declaration
    assert compare.same_vehicle(content, [("OLD-1", "TRGU2040158")]) == ()


def test_an_empty_container_that_arrives_with_its_vehicle_is_as_declared():
    seen = {f"{V}/TransportEquipment": [{"ID": "新P1234挂"}, {"ID": "TRGU2040158"}]}
    assert arriving(seen, "/BorderEvent/Consignment", declared=empty_container()) == []


def test_another_container_on_an_empty_vehicle_is_a_discrepancy():
    seen = {f"{V}/TransportEquipment": [{"ID": "新P1234挂"}, {"ID": "TRGU2040163"}]}
    assert arriving(seen, "/BorderEvent/Consignment", declared=empty_container()) == [
        ("ACD-ARR-02", f"{V}/TransportEquipment/1/ID", "TRGU2040163")
    ]


def test_a_replacement_does_not_meet_what_it_replaces():
    own = DECLARED.declaration.functional_reference_id
    assert compare.same_vehicle(DECLARED.declaration, [(own, normalise_plate("新P12345", "CN"))]) == ()


@pytest.mark.parametrize(("hours", "late"), [(timedelta(hours=4), False), (timedelta(hours=4, seconds=1), True)])
def test_information_that_comes_later_after_departure_than_is_agreed_is_late(hours: timedelta, late: bool):
    left = departure(at=BORDER).border_event
    found = compare.late(left, left.event_date_time + hours, agreed(limits={"after_departure_minutes": 240}))
    assert [one.rule for one in found] == (["ACD-TIM-03"] if late else [])


def test_an_agreement_may_leave_less_time_after_departure():
    left = departure(at=BORDER).border_event
    terms = agreed(limits={"after_departure_minutes": 90})
    (found,) = compare.late(left, left.event_date_time + timedelta(hours=2), terms)
    assert found.params["limit"] == "1:30"


def test_where_no_time_after_departure_is_agreed_nothing_is_late():
    left = departure(at=BORDER).border_event
    assert compare.late(left, left.event_date_time + timedelta(days=90), agreed(limits={})) == ()


# Whatever the form allows


def everything(seen: BorderEvent, declared: DeclarationMessage, agreement: Agreement) -> tuple[Finding, ...]:
    content = declared.declaration
    own = [("other", plate) for means in (content.border_transport_means,) if means and (plate := means.id)]
    return (
        *compare.arrival(seen, content, agreement),
        *compare.control(seen, content, content, agreement),
        *compare.recognised(seen, seen, agreement),
        *matching.match(seen, content, agreement).findings,
        *compare.same_vehicle(content, own),
        *compare.late(seen, NOW, agreement),
    )


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(border_events(), declarations())
def test_any_two_messages_are_compared_without_raising_and_every_finding_is_told(
    seen: BorderEventMessage, declared: DeclarationMessage
):
    catalogue = core_catalogue()
    for found in everything(seen.border_event, declared, KG_CN):
        assert catalogue.rules[found.rule].severity is found.severity
        assert len(found.value) <= 200
        assert catalogue.explain(found, BorderEventMessage, "zh").text
    report = matching.match(seen.border_event, declared.declaration, KG_CN)
    for language in ("en", "ru", "zh"):
        assert matching.match_report_text(report, language)
    assert len(matching.as_json(report)["rows"]) == len(report.rows)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.decimals(min_value=0, max_value=1500, places=3), st.sampled_from(["0", "0.5", "5", "12.5"]))
def test_tolerances_are_the_same_over_and_under(difference: Decimal, percent: str):
    terms = agreed(comparison={"gross_mass_percent": percent})
    over, under = (Decimal(1550) + sign * difference for sign in (1, -1))
    assert len(controlled({f"{R}/GrossMassMeasure/value": f"{over:f}"}, agreement=terms)) == len(
        controlled({f"{R}/GrossMassMeasure/value": f"{under:f}"}, agreement=terms)
    )
    place = f"{C}/TotalGrossMassMeasure/value"
    more, less = (matched({place: f"{mass:f}"}, agreement=terms) for mass in (over, under))
    assert more.matched == less.matched


@pytest.mark.parametrize("language", ["en", "ru", "zh"])
def test_every_finding_of_a_comparison_fills_the_placeholders_of_its_texts(language: str):
    sentences = core_catalogue().texts[language]
    late = compare.late(departure(at=BORDER).border_event, datetime.max.replace(tzinfo=NOW.tzinfo), KG_CN)
    seen = changed(
        arrival(at=BORDER),
        {
            f"{V}/ID": "01KG777ABC",
            f"{C}/TransportEquipment/0/Seal/0/ID": "X",
            f"{E}/EventDateTime": "2026-11-30T00:00:00Z",
        },
    ).border_event
    hitched = changed(arrival(at=BORDER), {f"{V}/ID": "01KG777ABC"}).border_event
    weighed = changed(
        control_result(at=BORDER),
        {f"{R}/GrossMassMeasure/value": "9", f"{E}/AdditionalInformation": [{"StatementCode": "014"}]},
    ).border_event
    others = [("OLD-1", normalise_plate("新P12345", "CN"))]
    found = (
        *late,
        *compare.arrival(seen, DECLARED.declaration, KG_CN),
        *compare.arrival(hitched, DECLARED.declaration, KG_CN),
        *compare.control(weighed, DECLARED.declaration, DECLARED.declaration, KG_CN),
        *compare.recognised(arrival(at=BORDER).border_event, exit_control(), KG_CN),
        *compare.recognised(seen, exit_control(), KG_CN),
        *matched({f"{C}/TotalPackageQuantity/value": "9"}).findings,
        *matched().findings,
        *compare.same_vehicle(DECLARED.declaration, others),
        *compare.too_early(hitched, [], BORDER + timedelta(hours=1)),
        *compare.arrival(seen, DECLARED.declaration, agreed(comparison={"delay_minutes": 1})),
    )
    by_step = {  # told by the steps of the gateway, with these values
        "ACD-ARR-01": {"value", "state", "allowed"},
        "ACD-DIS-06": {"value"},
        "ACD-CON-12": {"value", "vehicles", "arrived", "missing"},
        "ACD-REF-03": {"value", "state", "allowed"},
        "ACD-RSK-01": {"value", "step", "state", "allowed"},
        "ACD-RSK-03": {"value", "state"},
        "ACD-TIM-05": {"value"},
    }
    assert {one.rule for one in found} | set(by_step) == {rule.id for rule in CROSSING_RULES}
    for one in found:
        asked = placeholders(sentences[one.rule].text) | placeholders(sentences[one.rule].mend)
        assert asked <= {"value", *one.params}
    for rule, told in by_step.items():
        assert placeholders(sentences[rule].text) | placeholders(sentences[rule].mend) <= told


def test_the_condition_of_a_seal_is_told_in_the_language():
    broken = changed(control_result(at=BORDER), {f"{R}/SealCheck/0/ConditionCode": "BRK"})
    (found,) = compare.control(broken.border_event, DECLARED.declaration, DECLARED.declaration, KG_CN)
    spoken = [core_catalogue().explain(found, BorderEventMessage, language).text for language in ("en", "ru", "zh")]
    assert spoken == ["Seal CNKS000001: broken.", "Пломба CNKS000001: повреждена.", "封志 CNKS000001：破损。"]
