"""`torugart schemas`, `rules` and `agreements`."""

from __future__ import annotations

import json
import re
import shutil
import tomllib

import jsonschema_rs
import pytest

from gateway.message.receipt import Outcome, Receipt
from gateway.published import published


@pytest.fixture
def copy(tmp_path):
    """A copy of what is published, with an empty docs/ beside it."""
    (tmp_path / "docs").mkdir()
    folder = tmp_path / "schemas"
    for kind in ("declaration", "response", "agreements"):
        shutil.copytree(published(kind), folder / kind)
    return folder


def test_what_was_just_built_is_not_stale(torugart, copy):
    assert torugart("schemas", "build", "--directory", copy).exit_code == 0
    checked = torugart("schemas", "check", "--directory", copy)
    assert (checked.exit_code, checked.stdout) == (0, "")
    assert torugart("schemas", "build", "--directory", copy).stdout == ""


@pytest.mark.parametrize(
    "name",
    ["schemas/declaration/v1/declaration.xsd", "schemas/agreements/agreement.schema.json", "docs/rules.md"],
)
def test_a_file_that_was_changed_by_hand_is_named_as_stale(name, torugart, copy):
    torugart("schemas", "build", "--directory", copy)
    (copy.parent / name).write_text("changed", encoding="utf-8")
    checked = torugart("schemas", "check", "--directory", copy)
    assert checked.exit_code == 1
    assert checked.stdout == f"stale: {copy.parent / name}\n"


def test_the_published_agreement_follows_its_schema(torugart, copy):
    torugart("schemas", "build", "--directory", copy)
    schema = json.loads((copy / "agreements" / "agreement.schema.json").read_bytes())
    agreement = tomllib.loads((copy / "agreements" / "kg-cn-road.toml").read_text(encoding="utf-8"))
    plain = json.loads(json.dumps(agreement, default=str))
    validator = jsonschema_rs.Draft202012Validator(schema)
    assert validator.is_valid(plain)
    assert not validator.is_valid(plain | {"parties": []})


def test_a_receipt_follows_its_schema(torugart, copy):
    torugart("schemas", "build", "--directory", copy)
    schema = json.loads((copy / "receipt" / "v1" / "receipt.schema.json").read_bytes())
    receipt = Receipt(
        outcome=Outcome.HELD,
        receipt_id="6f2c8c1e-5a7d-4e60-9b1c-000000000001",
        issued_at="2026-11-23T10:00:00.000Z",
        issuer="GATEWAY",
        message_digest="sha-256:" + "0" * 64,
    )
    validator = jsonschema_rs.Draft202012Validator(schema)
    assert validator.is_valid(json.loads(receipt.to_bytes()))
    assert not validator.is_valid({"outcome": "perhaps"})


def test_all_rules_are_listed_ours_and_the_countries(torugart):
    listed = [line.split()[0] for line in torugart("rules").stdout.splitlines()]
    assert len(listed) == len(set(listed)) > 80
    assert {"ACD-CON-02", "KIT-READ-01"} <= set(listed)
    assert any(rule.startswith("CN-") for rule in listed)
    assert any(rule.startswith("KG-") for rule in listed)


def test_a_family_is_that_family_only(torugart):
    listed = [line.split()[0] for line in torugart("rules", "acd-con").stdout.splitlines()]
    assert listed
    assert all(rule.startswith("ACD-CON-") for rule in listed)


@pytest.mark.parametrize(("language", "word"), [("en", "source"), ("ru", "основание"), ("zh", "依据")])
def test_a_rule_is_explained_in_the_language_asked_for(language, word, torugart):
    shown = torugart("rules", "ACD-CON-02", "--lang", language).stdout
    assert "ACD-CON-02" in shown
    assert word in shown
    texts = json.loads(torugart("rules", "ACD-CON-02", "--json").stdout)[0]
    assert texts["text"][language] in shown
    assert texts["mend"][language] in shown


def test_rules_as_markdown_are_a_page(torugart):
    page = torugart("rules", "ACD-CON", "--markdown").stdout
    assert page.startswith("# Rules\n")
    assert "### ACD-CON-02" in page
    assert "### ACD-GDS-01" not in page


@pytest.mark.parametrize(("language", "title"), [("en", "Torugart"), ("ru", "пункт пропуска"), ("zh", "吐尔尕特")])
def test_an_agreement_is_shown_in_the_language_asked_for(language, title, torugart):
    shown = torugart("agreements", "show", "kg-cn-road/1", "--lang", language).stdout
    assert title in shown
    assert "Declaration/BorderTransportMeans/Master/Name" in shown


def test_agreements_are_listed_with_parties_and_period(torugart):
    assert re.search(r"kg-cn-road/1 +CN–KG +2026-01-01\.\.", torugart("agreements", "list").stdout)
    assert "kg-cn-road" in [each["id"] for each in json.loads(torugart("agreements", "list", "--json").stdout)]


def test_every_mistake_in_an_agreement_is_named(torugart, tmp_path):
    text = published("agreements", "kg-cn-road.toml").read_text(encoding="utf-8")
    (tmp_path / "wrong.toml").write_text(
        text.replace("retention_days = 1825", "retention_days = 0").replace(
            'trigger = "exit-gate"', 'trigger = "moon"'
        ),
        encoding="utf-8",
    )
    checked = torugart("agreements", "check", "--agreements", tmp_path)
    assert checked.exit_code == 1
    assert "wrong.toml: retention_days: " in checked.stdout
    assert "wrong.toml: trigger: " in checked.stdout


@pytest.mark.parametrize("arguments", [("CN", "CN"), ("CN", "CN", "--agreement", "kg-cn-road")])
def test_a_country_is_not_compared_with_itself(torugart, arguments):
    compared = torugart("agreements", "compare", *arguments)
    assert compared.exit_code == 2
    assert "both countries are CN" in compared.stderr


def test_an_empty_folder_holds_no_right_agreements(torugart, tmp_path):
    checked = torugart("agreements", "check", "--agreements", tmp_path)
    assert checked.exit_code == 1
    assert checked.stdout.strip().endswith("there is no agreement, so no message would be taken")


def test_the_published_agreements_are_right(torugart):
    checked = torugart("agreements", "check")
    assert checked.exit_code == 0
    assert "kg-cn-road/1: right\n" in checked.stdout


def test_rules_are_told_in_the_language_that_was_asked_for(torugart):
    assert "Totals are" not in torugart("rules", "ACD-CON", "--lang", "ru").stdout
    for language, word in (("ru", "сумма составляющих"), ("zh", "各分项之和")):
        for which in ("ACD-CON", "ACD-CON-02"):
            assert word in torugart("rules", which, "--lang", language).stdout
