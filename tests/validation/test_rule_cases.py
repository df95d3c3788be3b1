"""Every rule by its case: a message that passes it, and one that breaks it and nothing else.

A case is a folder `tests/cases/rules/<rule id>/`: `passes` and `fails` as JSON or XML, and `case.toml` with the moment
of judgement, what the agreement asks, and every finding of the failing message.
"""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.errors import Unreadable
from gateway.message.finding import Finding, Severity
from gateway.message.json_twin import read_json
from gateway.message.metadata import MetaData
from gateway.message.place import locate
from gateway.message.xml_twin import parse_xml, read_xml
from gateway.validation.catalogue import CORE_RULES, core_catalogue, placeholders
from gateway.validation.reported import FORM_RULES
from gateway.validation.rule import Context
from gateway.validation.validate import validate

CASES = Path(__file__).parent.parent / "cases" / "rules"
JUDGED = [rule.id for rule in CORE_RULES]
OF_FORM = [rule.id for rule in FORM_RULES]


def case(rule_id: str) -> dict[str, Any]:
    return tomllib.loads((CASES / rule_id / "case.toml").read_text(encoding="utf-8"))


def context(told: dict[str, Any]) -> Context:
    given = dict(told.get("context", {}))
    if "mandatory" in given:
        given["mandatory"] = frozenset(given["mandatory"])
    for name in ("lead_time", "earliest"):
        if name in given:
            hours, minutes = given[name].split(":")
            given[name] = timedelta(hours=int(hours), minutes=int(minutes))
    return Context(now=told["now"], **given)


def read(rule_id: str, verdict: str) -> tuple[MetaData | None, tuple[Finding, ...]]:
    """The message of a case and what the codec found; a document that cannot be read is one finding."""
    path = next((CASES / rule_id).glob(f"{verdict}.*"))
    body = path.read_bytes()
    try:
        got = read_json(body) if path.suffix == ".json" else read_xml(parse_xml(body))
    except Unreadable as error:
        return None, (Finding(error.rule, Severity.REJECT, ""),)
    return got.message, got.findings


@pytest.mark.parametrize("rule_id", JUDGED)
def test_the_failing_message_has_exactly_the_findings_that_its_case_states(rule_id: str) -> None:
    message, faults = read(rule_id, "fails")
    assert faults == ()
    assert message is not None
    told = case(rule_id)
    found = validate(message, context(told))
    stated = [(one["rule"], one["pointer"], one["value"]) for one in told["finding"]]
    assert [(one.rule, one.pointer, one.value) for one in found] == stated
    assert {one.rule for one in found} == {rule_id}


@pytest.mark.parametrize("rule_id", JUDGED)
def test_the_passing_message_has_no_finding_at_all(rule_id: str) -> None:
    message, faults = read(rule_id, "passes")
    assert faults == ()
    assert message is not None
    assert validate(message, context(case(rule_id))) == ()


@pytest.mark.parametrize("rule_id", OF_FORM)
def test_a_fault_of_form_is_reported_at_the_stated_place(rule_id: str) -> None:
    _, found = read(rule_id, "fails")
    told = case(rule_id)
    stated = [(one["rule"], one["pointer"], one["value"]) for one in told["finding"]]
    seen = [(one.rule, one.pointer, one.value) for one in found]
    assert (seen[-len(stated) :] if told.get("listed_with_others") else seen) == stated
    assert stated[0][0] == rule_id


@pytest.mark.parametrize("rule_id", OF_FORM)
def test_a_document_of_right_form_is_read(rule_id: str) -> None:
    message, found = read(rule_id, "passes")
    assert found == ()
    assert message is not None


def test_every_rule_that_judges_a_message_or_its_form_has_a_case_and_every_case_a_rule() -> None:
    assert sorted(folder.name for folder in CASES.iterdir()) == sorted([*JUDGED, *OF_FORM])


@pytest.mark.parametrize("rule_id", JUDGED)
def test_every_placeholder_of_the_texts_gets_a_value_from_the_finding(rule_id: str) -> None:
    message, _ = read(rule_id, "fails")
    assert message is not None
    found = validate(message, context(case(rule_id)))[0]
    sentences = core_catalogue().texts["en"][rule_id]
    asked = placeholders(sentences.text) | placeholders(sentences.mend)
    assert asked <= {"value", *found.params}


@pytest.mark.parametrize("rule_id", JUDGED)
def test_the_place_of_a_finding_is_a_place_of_the_form(rule_id: str) -> None:
    message, _ = read(rule_id, "fails")
    assert message is not None
    for found in validate(message, context(case(rule_id))):
        xpath = locate(found.pointer, type(message)).xpath
        assert xpath.startswith("/MetaData/")
        assert "?" not in xpath
