"""`torugart agreements show`: a field that nobody shows is found by changing it."""

from __future__ import annotations

import copy
from datetime import UTC, datetime

import pytest

from gateway.agreements import Agreement, load_agreements
from gateway.agreements.agreement import LANGUAGES
from gateway.commands.agreement import rows
from gateway.published import published

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TRANSIT = load_agreements(published("agreements"))["cn-kg-uz-transit", "1"]
OTHER = {
    "in_force_from": "2026-02-03",
    "in_force_until": "2027-02-03",
    "active_from": "2026-12-01",
    "trigger": "departure",
    "certainty": "published",
    "border-event": ["DEP"],
    "languages": ["zh"],
    "delay_minutes": 90,
}
"""Other values, where not any text or number will do."""
FILLED = {
    "countries": {"CN": "HK"},
    "lead_times": {"3": {"minutes": 1, "source": "a source", "certainty": "reported"}},
}
"""What may stand where nothing does."""


def other(name, value):
    """Another value for a leaf."""
    if value == {}:
        return FILLED[name]
    if name in OTHER:
        return OTHER[name]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, list):
        return [*value[:-1], "CA"]
    return "7" if value.replace(".", "").isdigit() else f"{value}x"


def leaves(value, path=()):
    """Places of single values; a list of them, and what is empty, is one."""
    if isinstance(value, dict) and value:
        for key, one in value.items():
            yield from leaves(one, (*path, key))
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        for at, one in enumerate(value):
            yield from leaves(one, (*path, at))
    else:
        yield path


def changed(data, path, name):
    """The data with one leaf changed."""
    data = holder = copy.deepcopy(data)
    for part in path[:-1]:
        holder = holder[part]
    holder[path[-1]] = other(name, holder[path[-1]])
    return data


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_an_agreement_says_is_shown(language):
    data, shown = TRANSIT.model_dump(mode="json"), rows(TRANSIT, language, NOW)
    unseen = []
    for path in leaves(data):
        if path[-1] in LANGUAGES and path[-1] != language:
            continue  # the same in another language
        altered = Agreement.model_validate(changed(data, path, path[-1]))
        if rows(altered, language, NOW) == shown:
            unseen.append(".".join(map(str, path)))
    assert unseen == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_shown_is_in_the_language_asked_for(language):
    said = "\n".join(f"{label}  {text}" for label, text in rows(TRANSIT, language, NOW))
    assert TRANSIT.title[language] in said
    assert "{" not in said
    labels = [{label for label, _ in rows(TRANSIT, each, NOW)} for each in LANGUAGES]
    same = set.intersection(*labels)
    assert all(label in ("", "cn-kg-uz-transit/1") or "→" in label for label in same)


def test_what_one_thing_has_several_of_is_named_once():
    labels = [label for label, _ in rows(TRANSIT, "en", NOW) if label]
    assert len(labels) == len(set(labels))
