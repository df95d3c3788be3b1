"""The examples of each country: an agreement and the rules let it pass, or its folder says what stands against it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from adapters.kit.suite import example_documents
from gateway import installed
from gateway.agreements import load_agreements
from gateway.examine import examined, opened
from gateway.message.finding import Severity
from gateway.published import published

TODAY = datetime(2026, 11, 23, 12, tzinfo=UTC)
"""When the agreements are looked at to see who the neighbours are."""
AGREEMENTS = load_agreements(published("agreements"))
EXAMPLES = [
    pytest.param(country, document, id=f"{country}/{name}")
    for country, adapter in installed.adapters().items()
    for name, document in example_documents(adapter)
]


def explained(country):
    """What the folder's page says: by example, the rules that stand against it."""
    page = (installed.adapter(country).examples / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$", page, re.M)
    assert all(why.strip() for _, _, why in rows)
    return {name: set(re.findall(r"`([A-Z]+(?:-[A-Z]+)?-\d+)`", rules)) for name, rules, _ in rows}


@pytest.mark.parametrize(("country", "document"), EXAMPLES)
def test_an_example_passes_at_the_moment_it_was_made_unless_its_folder_says_what_refuses_it(country, document):
    read = opened(
        document.body, document.name, installed=installed.adapters, agreements=AGREEMENTS, at=TODAY, form=country
    )
    made = read.message.communication_meta_data.preparation_date_time if read.message else TODAY
    findings = examined(read, AGREEMENTS, made).findings
    against = {finding.rule for finding in findings if finding.severity in (Severity.REJECT, Severity.HOLD)}
    assert against == explained(country).get(document.name, set())


@pytest.mark.parametrize("country", installed.adapters())
def test_the_page_of_a_folder_names_examples_that_are_there(country):
    there = {name for name, _ in example_documents(installed.adapter(country))}
    assert set(explained(country)) <= there
