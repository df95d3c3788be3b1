"""Validation as a whole: complete, in order, silent about good messages, and never raising."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from builders.messages import NOW, changed, declaration, empty_vehicle, rail, response, tir, without
from builders.strategies import messages
from gateway.message.finding import Finding, Severity
from gateway.message.metadata import DeclarationMessage, MetaData
from gateway.validation.catalogue import core_catalogue
from gateway.validation.rule import Context, Hit, rule
from gateway.validation.validate import ValidMessage, valid, validate

AGREED = Context(
    now=NOW,
    lead_time=timedelta(hours=2),
    earliest=timedelta(days=30),
    export_declaration=True,
    mandatory=frozenset({"Declaration/Carrier/ID", "Declaration/Consignment/ConsignmentItem/Origin/CountryCode"}),
)
CONSIGNMENT = "/Declaration/Consignment/0"


@rule("XX-001", Severity.WARN, "Repeats itself", source="test", about=DeclarationMessage)
def repeats_itself(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    yield Hit("/Declaration/ID", "seen")
    yield Hit("/Declaration/ID", "seen")


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(messages())
def test_whatever_the_form_allows_is_judged_without_raising(message: MetaData) -> None:
    found = validate(message, AGREED)
    catalogue = core_catalogue()
    for finding in found:
        assert finding.rule in catalogue.rules
        assert len(finding.value) <= 200
        for language in ("en", "ru", "zh"):
            explained = catalogue.explain(finding, type(message), language)
            assert explained.text
            assert explained.mend
    assert len({(one.rule, one.pointer, one.value) for one in found}) == len(found)
    assert validate(message, AGREED) == found


@pytest.mark.parametrize(
    "message",
    [declaration(consignments=8), rail(), tir(), empty_vehicle(), response()],
    ids=["road", "rail", "tir", "empty", "response"],
)
def test_a_complete_message_has_no_finding(message: MetaData) -> None:
    assert validate(message, AGREED) == ()


def test_every_fault_is_found_at_once_in_the_order_of_the_form() -> None:
    faulty = changed(
        declaration(consignments=2),
        {
            "/CommunicationMetaData/ID": "1",
            "/Declaration/TotalPackageQuantity/value": "999",
            "/Declaration/Consignment/1/Consignor/ID": "91110000600037341M",
            "/Declaration/Consignment/0/ConsignmentItem/1/Commodity/Description": "goods",
            "/Declaration/EntryOffice/ID": "?",
        },
    )
    assert [(one.rule, one.pointer) for one in validate(faulty, AGREED)] == [
        ("ACD-ENV-06", "/CommunicationMetaData/ID"),
        ("ACD-CON-02", "/Declaration/TotalPackageQuantity"),
        ("ACD-GDS-02", "/Declaration/Consignment/0/ConsignmentItem/1/Commodity/Description"),
        ("ACD-IDN-02", "/Declaration/Consignment/1/Consignor/ID"),
        ("ACD-COD-03", "/Declaration/EntryOffice/ID"),
    ]


def test_positions_are_ordered_as_numbers_not_as_text() -> None:
    faulty = changed(
        declaration(consignments=11),
        {f"/Declaration/Consignment/{number}/ContainerCode": "7" for number in (10, 2)},
    )
    found = [one for one in validate(faulty, AGREED) if one.rule == "ACD-CON-07"]
    assert [one.pointer for one in found] == [f"/Declaration/Consignment/{n}/ContainerCode" for n in (2, 10)]


def test_at_one_place_the_heavier_finding_comes_first() -> None:
    late = changed(
        declaration(), {"/Declaration/BorderTransportMeans/ArrivalDateTime": "2026-11-23T09:00:00Z"}
    )  # before departure and too late
    found = validate(late, AGREED)
    assert [(one.rule, one.severity) for one in found] == [
        ("ACD-TIM-06", Severity.REJECT),
        ("ACD-TIM-01", Severity.HOLD),
    ]
    assert found[0].pointer == found[1].pointer


def test_exact_repeats_are_told_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("texts")
    for language in ("en", "ru", "zh"):
        (folder / f"{language}.toml").write_text('["XX-001"]\ntext = "t"\nmend = "m"\n', encoding="utf-8")
    extended = core_catalogue().extended([repeats_itself], folder)
    found = validate(declaration(), AGREED, extended)
    assert [(one.rule, one.value) for one in found] == [("XX-001", "seen")]


@pytest.mark.parametrize("code", ["1", "4", "13"])
def test_what_only_names_a_declaration_need_not_repeat_it(code: str) -> None:
    short = declaration(
        function_code=code,
        consignments=0,
        consignment=None,
        amendment=[{"ChangeReasonCode": "002", "Pointer": [{"DocumentSectionCode": "42A"}]}] if code != "13" else None,
        border_transport_means=None,
        carrier=None,
        entry_office=None,
        exit_office=None,
        goods_item_quantity=None,
        total_gross_mass_measure=None,
        total_package_quantity=None,
    )
    assert validate(short, AGREED) == ()


def test_an_original_that_says_nothing_lacks_everything_that_the_profile_asks_for() -> None:
    bare = declaration(
        border_transport_means=None, carrier=None, entry_office=None, exit_office=None, total_gross_mass_measure=None
    )
    found = {one.pointer for one in validate(bare, Context(now=NOW)) if one.rule == "ACD-MAN-01"}
    assert found == {
        f"/Declaration/{name}"
        for name in ("BorderTransportMeans", "Carrier", "EntryOffice", "ExitOffice", "TotalGrossMassMeasure")
    }


def test_what_is_missing_is_said_by_one_rule_only() -> None:
    lacking = without(
        declaration(),
        f"{CONSIGNMENT}/Consignor/Name",
        f"{CONSIGNMENT}/ConsignmentItem/0/GoodsMeasure/GrossMassMeasure/unitCode",
        f"{CONSIGNMENT}/ConsignmentItem/0/Packaging/0/TypeCode",
        f"{CONSIGNMENT}/Consignee/Communication/0/TypeCode",
    )
    found = [(one.rule, one.pointer.removeprefix(CONSIGNMENT)) for one in validate(lacking, AGREED)]
    assert found == [
        ("ACD-CON-03", "/Consignee/Communication/0/TypeCode"),
        ("ACD-CON-03", "/ConsignmentItem/0/GoodsMeasure/GrossMassMeasure/unitCode"),
        ("ACD-CON-03", "/ConsignmentItem/0/Packaging/0/TypeCode"),
        ("ACD-PTY-01", "/Consignor/Name"),
    ]


def test_a_message_is_valid_when_nothing_refuses_or_holds_it() -> None:
    message = declaration()
    warning = Finding("ACD-SEA-01", Severity.WARN, "")
    accepted = valid(message, (warning,))
    assert accepted is not None
    assert (accepted.message, accepted.warnings) == (message, (warning,))
    assert valid(message, (warning, Finding("ACD-TIM-01", Severity.HOLD, ""))) is None
    assert valid(message, (Finding("ACD-CON-02", Severity.REJECT, ""), warning)) is None


def test_nobody_else_can_make_a_valid_message() -> None:
    with pytest.raises(TypeError):
        ValidMessage(declaration(), ())
