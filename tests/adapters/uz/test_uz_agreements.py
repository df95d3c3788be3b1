"""What the window of Uzbekistan hands over is allowed by its agreements and stands before the rules of the gateway."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.kit.contract import JSON, National, Route, Setting
from adapters.uz import ADAPTER
from gateway.agreements import load_agreements, permit
from gateway.message.finding import Severity
from gateway.published import published
from gateway.validation.catalogue import core_catalogue
from gateway.validation.rule import Context
from gateway.validation.validate import validate

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SETTING = Setting(
    "UZ",
    {
        "KG": Route("KG", "kg-uz-road", "1"),
        "KZ": Route("KZ", "kz-uz-road", "1"),
        "CN": Route("CN", "cn-kg-uz-transit", "1"),
    },
)
POSTS = {"KG": ("86021", "41700501"), "KZ": ("86011", "39821")}
"""Office of exit and of entry, by the country that is told."""


def refusals(document: dict) -> list[tuple[str, str]]:
    message = ADAPTER.read(National(json.dumps(document).encode(), JSON), SETTING).message
    catalogue = core_catalogue().extended(ADAPTER.rules, ADAPTER.texts)
    findings = (
        *permit(message, load_agreements(published("agreements")), NOW).findings,
        *validate(message, Context(now=NOW), catalogue),
    )
    return [(finding.rule, finding.pointer) for finding in findings if finding.severity is Severity.REJECT]


def example(name: str) -> dict:
    return json.loads((Path(ADAPTER.examples) / f"{name}.json").read_bytes())


@pytest.mark.parametrize("country", sorted(POSTS))
@pytest.mark.parametrize(
    "name", ["export_typical", "export_minimal", "export_replacement", "export_empty_vehicle", "export_empty_container"]
)
def test_a_declaration_for_a_neighbour_may_be_sent_as_it_is(name: str, country: str):
    leave, enter = POSTS[country]
    document = {**example(name), "qabulQiluvchiMamlakat": country, "chiqishPosti": leave, "kirishPosti": enter}
    assert refusals(document) == []


@pytest.mark.parametrize("name", ["export_batch", "export_change", "export_addition"])
def test_what_is_told_of_one_of_two_vehicles_may_be_sent_to_kazakhstan_changed_and_added_to(name: str):
    assert refusals(example(name)) == []


@pytest.mark.parametrize("name", ["export_change", "export_addition"])
def test_only_kazakhstan_takes_a_change_in_part_or_an_addition(name: str):
    assert refusals({**example(name), "qabulQiluvchiMamlakat": "KG"}) == [("ACD-AGR-12", "/Declaration/FunctionCode")]


@pytest.mark.parametrize(
    "name",
    [
        *("import_from_kg", "import_from_kz", "import_tir_transit"),
        *("import_change_from_kz", "import_addition_from_kz"),
    ],
)
def test_what_is_announced_to_uzbekistan_is_what_its_agreements_allow(name: str):
    assert refusals(example(name)) == []


@pytest.mark.parametrize("country", ["CN", "KG", "KZ"])
def test_a_decision_may_go_to_every_country_that_announces(country: str):
    assert refusals({**example("notice_accepted"), "qabulQiluvchiMamlakat": country}) == []


def test_a_declaration_for_china_has_no_agreement():
    assert ("ACD-AGR-06", "/Declaration") in refusals({**example("export_typical"), "qabulQiluvchiMamlakat": "CN"})
