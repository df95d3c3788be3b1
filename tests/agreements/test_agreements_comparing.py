"""What one country can send that the other would refuse or lose; what changed; what adapters declare; the pages."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from adapters.kit.capabilities import _listed_functions, observed
from adapters.kit.contract import Adapter
from gateway import installed
from gateway.agreements import Agreement, load_agreements
from gateway.agreements.agreement import LANGUAGES
from gateway.agreements.capabilities import Capabilities, load_capabilities
from gateway.agreements.changes import (
    _BASIS,
    _COMPARISON,
    _ENTRIES,
    _LIMITS,
    _MEMBERS,
    _POST_FIELDS,
    _TOLERANCES,
    _VALUES,
    diff,
)
from gateway.agreements.comparison import Outcome, compare
from gateway.agreements.pages import page, pages
from gateway.errors import Misconfigured, Unknown
from gateway.published import published

PUBLISHED = load_agreements(published("agreements"))
ROAD = PUBLISHED["kg-cn-road", "1"]
ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "agreements"


def able(country, way, **given):
    said = {"functions": ["9"], "modes": ["3"], "elements": ["Declaration"]} | given
    return Capabilities.model_validate({"country": country, way: {"declaration": said}})


def found(a, b, agreement=ROAD):
    return {(each.outcome.value, each.rule, each.element, each.limit) for each in compare(a, b, agreement)}


def test_of_two_that_can_everything_only_what_may_not_leave_is_refused():
    permitted = sorted(path for path in ROAD.permitted if path.startswith("Declaration/"))
    sender, taker = able("CN", "reads", elements=permitted), able("KG", "writes")
    assert found(sender, taker) == set()
    refused = found(able("CN", "reads"), taker)
    assert refused == {
        ("refused", "ACD-AGR-02", "Declaration/Authentication", ""),
        ("refused", "ACD-AGR-02", "Declaration/PresentationOffice", ""),
    }


PERMITTED = sorted(path for path in ROAD.permitted if path.startswith("Declaration/"))
TEXT = "Declaration/Carrier/Name"
KIND = "Declaration/BorderTransportMeans/TransportEquipment/TypeCode"
CASES = [
    ({}, {"elements": [*PERMITTED[:3]]}, ("lost", "KIT-LOST-01", "Declaration/Carrier", "")),
    ({"functions": ["9", "47"]}, {}, ("refused", "ACD-AGR-12", "Declaration/FunctionCode", "47")),
    ({"functions": ["9", "5"]}, {}, ("refused", "KIT-LOST-01", "Declaration/FunctionCode", "5")),
    ({"modes": ["2", "3"]}, {}, ("refused", "ACD-AGR-08", "Declaration/BorderTransportMeans/ModeCode", "2")),
    ({}, {"modes": ["2"]}, ("refused", "KIT-LOST-01", "Declaration/BorderTransportMeans/ModeCode", "3")),
    ({"modes": ["2"]}, {}, ("lacking", "ACD-AGR-08", "Declaration/BorderTransportMeans/ModeCode", "3")),
    (
        {"circumstances": ["EMP"]},
        {},
        ("refused", "KIT-LOST-01", "Declaration/SpecificCircumstancesCodeCode", "EMP"),
    ),
    (
        {"codes": {KIND: ["CN", "TE"]}},
        {"codes": {KIND: ["TE"]}},
        ("lost", "KIT-FIT-01", KIND, "TE"),
    ),
    ({}, {"lengths": {TEXT: 40}}, ("shortened", "KIT-FIT-01", TEXT, "40")),
    ({}, {"counts": {"Declaration/Consignment": 20}}, ("lost", "KIT-LOST-01", "Declaration/Consignment", "20")),
    (
        {},
        {"codes": {"Declaration/Consignment/Destination/CountryCode": ["KG", "KZ"]}},
        ("lost", "KIT-FIT-01", "Declaration/Consignment/Destination/CountryCode", "KG, KZ"),
    ),
    ({}, {"characters": "A-Z0-9"}, ("lost", "KIT-FIT-01", "Declaration", "A-Z0-9")),
    (
        {"elements": [path for path in PERMITTED if path != "Declaration/Carrier"]},
        {},
        ("lacking", "ACD-AGR-03", "Declaration/Carrier", ""),
    ),
    (
        {"elements": [path for path in PERMITTED if path != "Declaration/TotalGrossMassMeasure"]},
        {},
        ("lacking", "ACD-MAN-01", "Declaration/TotalGrossMassMeasure", ""),
    ),
]


@pytest.mark.parametrize(("sends", "takes", "expected"), CASES, ids=[" ".join(case[2]) for case in CASES])
def test_what_is_refused_or_lost_is_named_with_rule_and_limit(sends, takes, expected):
    sender = able("CN", "reads", **({"elements": PERMITTED} | sends))
    assert expected in found(sender, able("KG", "writes", **takes))


def telling(country, way, *kinds):
    said = {"functions": kinds, "elements": ["BorderEvent"]}
    return Capabilities.model_validate({"country": country, way: {"border-event": said}})


def events_of(a, b, agreement=ROAD):
    return {each for each in found(a, b, agreement) if each[2] == "BorderEvent/EventTypeCode"}


def test_a_kind_of_event_that_is_not_agreed_is_refused():
    terms = altered(directions=way(0, messages={"border-event": ["DEP", "ARR"]}))
    assert events_of(telling("CN", "reads", "DEP", "IMP"), telling("KG", "writes"), terms) == {
        ("refused", "ACD-AGR-12", "BorderEvent/EventTypeCode", "IMP")
    }


def test_a_kind_of_event_without_a_form_at_the_other_side_is_refused():
    assert events_of(telling("CN", "reads", "DEP", "IMP"), telling("KG", "writes", "DEP")) == {
        ("refused", "KIT-LOST-01", "BorderEvent/EventTypeCode", "IMP")
    }


def test_a_country_that_declares_no_kind_of_event_sends_and_takes_them_all():
    assert events_of(telling("CN", "reads"), telling("KG", "writes")) == set()
    assert events_of(telling("CN", "reads"), telling("KG", "writes", "DEP", "ARR", "CTL")) == {
        ("refused", "KIT-LOST-01", "BorderEvent/EventTypeCode", "DIS, IMP")
    }


def test_kinds_of_event_are_declared_where_they_are_not_all_that_can_be_agreed():
    assert _listed_functions("border_event", {"DEP", "ARR"}) == ("ARR", "DEP")
    assert _listed_functions("border_event", {"DEP", "ARR", "CTL", "DIS", "IMP", "EXP"}) == ()


def test_a_limit_that_the_sender_keeps_is_no_difference():
    sender = able("CN", "reads", elements=PERMITTED, lengths={TEXT: 40}, counts={"Declaration/Consignment": 20})
    taker = able("KG", "writes", lengths={TEXT: 40}, counts={"Declaration/Consignment": 20})
    assert found(sender, taker) == set()


def test_vehicles_without_cargo_that_both_have_a_form_for_are_no_difference():
    both = {"circumstances": ["EMP"], "codes": {KIND: ["CN", "TE"]}}
    assert found(able("CN", "reads", elements=PERMITTED, **both), able("KG", "writes", **both)) == set()


def test_a_vehicle_without_cargo_that_is_refused_is_not_said_to_be_lost_as_well():
    rest = [path for path in PERMITTED if path != "Declaration/SpecificCircumstancesCodeCode"]
    sender = able("CN", "reads", elements=PERMITTED, circumstances=["EMP"])
    assert found(sender, able("KG", "writes", elements=rest)) == {
        ("refused", "KIT-LOST-01", "Declaration/SpecificCircumstancesCodeCode", "EMP")
    }


@pytest.mark.parametrize(
    ("a", "b", "agreement"),
    [
        (agreement.country(way.sender), agreement.country(way.recipient), agreement)
        for agreement in PUBLISHED.values()
        if "3" in agreement.modes and len(agreement.parties) == 2
        for way in agreement.directions
    ],
    ids=lambda given: given if isinstance(given, str) else given.id,
)
def test_between_any_two_countries_with_a_road_agreement_nothing_of_an_empty_vehicle_or_container_is_refused(
    a, b, agreement
):
    sends, takes = installed.capabilities(a).reads["declaration"], installed.capabilities(b).writes["declaration"]
    assert sends.circumstances == takes.circumstances == ("EMP",)
    assert "CN" in sends.codes[KIND]
    assert "CN" in takes.codes.get(KIND, sends.codes[KIND])
    differences = compare(installed.capabilities(a), installed.capabilities(b), agreement)
    assert not [each for each in differences if each.element in ("Declaration/SpecificCircumstancesCodeCode", KIND)]


def test_what_the_profile_asks_of_declarations_is_not_asked_of_other_messages():
    for agreement in PUBLISHED.values():
        for way in agreement.directions:
            ends = [installed.capabilities(agreement.country(party)) for party in (way.sender, way.recipient)]
            asked = [each.element for each in compare(*ends, agreement) if each.rule == "ACD-MAN-01"]
            assert [element for element in asked if not element.startswith("Declaration/")] == []


def test_a_direction_that_is_not_agreed_is_the_one_difference():
    assert found(able("CN", "reads"), able("UZ", "writes")) == {("refused", "ACD-AGR-05", "Declaration", "")}


def test_a_country_without_a_form_for_the_message_takes_none():
    assert found(able("CN", "reads"), Capabilities(country="KG")) == {("refused", "KIT-READ-01", "Declaration", "")}


def test_the_country_in_between_is_shown_less_than_the_last():
    transit = PUBLISHED["cn-kg-uz-transit", "1"]
    value = "Declaration/Consignment/ValueAmount"
    sender = able("CN", "reads", elements=PERMITTED)
    assert ("refused", "ACD-AGR-13", value, "") in found(sender, able("KG", "writes"), transit)
    assert not any(element == value for _, _, element, _ in found(sender, able("UZ", "writes"), transit))


def test_every_difference_is_told_in_three_languages():
    differences = compare(installed.capabilities("CN"), installed.capabilities("KG"), ROAD)
    assert {each.outcome for each in differences} >= {Outcome.LOST, Outcome.SHORTENED}
    for each in differences:
        assert set(each.text) == set(LANGUAGES)
        assert len(set(each.text.values())) == 3


DECLARED = [
    country
    for country, entry in installed.entries(installed.ADAPTERS).items()
    if "[capabilities."
    in (Path(__file__).parents[2] / entry.module.replace(".", "/") / "profile.toml").read_text("utf-8")
]


def test_china_and_kyrgyzstan_declare_what_they_can():
    assert {"CN", "KG"} <= set(DECLARED)


@pytest.mark.parametrize("country", DECLARED)
def test_what_an_adapter_declares_is_what_its_reader_and_writer_do(country):
    """Stale? `python -m adapters.kit.capabilities CC` prints the section anew."""
    declared, tried = installed.capabilities(country), observed(cast("Adapter", installed.adapter(country)))
    for kind, carried in declared.reads.items():
        assert carried.model_dump() == tried.reads[kind].model_dump(), f"reads.{kind}"
    for kind, carried in declared.writes.items():
        assert carried.model_dump() == tried.writes[kind].model_dump(), f"writes.{kind}"


@pytest.mark.parametrize("country", DECLARED)
def test_each_kind_of_message_of_which_a_country_has_documents_is_declared(country):
    """Missing? `python -m adapters.kit.capabilities CC` prints the section anew."""
    declared, tried = installed.capabilities(country), observed(cast("Adapter", installed.adapter(country)))
    assert (set(declared.reads), set(declared.writes)) == (set(tried.reads), set(tried.writes))


def test_a_country_that_is_not_installed_declares_nothing():
    with pytest.raises(Unknown):
        installed.capabilities("XX")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("country = ", "it cannot be read"),
        ('country = "KG"', "there is no section"),
        ('country = "KG"\n[capabilities.flies]', "flies: "),
        ('country = "KG"\n[capabilities.reads.declaration]\nfunctions = ["9"]', "elements: Field required"),
        (
            'country = "KG"\n[capabilities.reads.declaration]\nfunctions = []\nelements = ["Declaration/Nothing"]',
            "there is no element Declaration/Nothing",
        ),
        (
            'country = "KG"\n[capabilities.reads.declaration]\nfunctions = []\nelements = []\ncharacters = "z-a"',
            "reads.declaration.characters: this is no set of characters",
        ),
    ],
)
def test_a_mistake_in_a_profile_is_named(text, said, tmp_path):
    (tmp_path / "profile.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Misconfigured, match=said):
        load_capabilities(tmp_path / "profile.toml")


# What changed


def altered(**changes):
    return Agreement.model_validate(ROAD.model_dump() | changes)


def test_nothing_changed_between_an_agreement_and_itself():
    assert diff(ROAD, ROAD) == ()


def way(index, **changes):
    return [each.model_dump() | (changes if at == index else {}) for at, each in enumerate(ROAD.directions)]


LEAD = ROAD.directions[0].lead_times["3"]
CHANGES = [
    ({"version": "2"}, "Version 1 becomes version 2."),
    ({"in_force_until": "2027-12-31"}, "In force until: 2027-12-31 instead of without end."),
    ({"trigger": "departure"}, "Messages are sent at another moment: at departure instead of at the exit gate."),
    ({"test_messages": False}, "Test messages are taken: no (was: yes)."),
    ({"permitted": ROAD.permitted - {"Declaration/Agent"}}, "Declaration/Agent may no longer leave the country."),
    ({"mandatory": ROAD.mandatory | {"Declaration/Agent"}}, "Declaration/Agent becomes mandatory."),
    ({"modes": ["3", "2"]}, "Mode of transport 2 is added."),
    ({"recognised_seals": []}, "Seals of CU are no longer recognised."),
    ({"posts": ROAD.model_dump()["posts"][:2]}, "The border post bedel is removed."),
    (
        {"posts": [post.model_dump() | {"active": True} for post in ROAD.posts]},
        "The border post bedel is open for the exchange: yes (was: no).",
    ),
    (
        {"posts": [*ROAD.posts[:2], ROAD.posts[2].model_copy(update={"names": {**ROAD.posts[2].names, "zh": "别里"}})]},
        "The border post bedel is named “别里” in Chinese instead of “别迭里”.",
    ),
    (
        {"title": {**ROAD.title, "ru": "Дорога"}},
        "The Russian title is “Дорога” instead of “Кыргызстан – Китай, автомобильный транспорт”.",
    ),
    (
        {"legal_basis": ROAD.legal_basis.model_copy(update={"text": {**ROAD.legal_basis.text, "en": "A treaty"}})},
        f"The legal basis in English is “A treaty” instead of “{ROAD.legal_basis.text['en']}”.",
    ),
    ({"directions": way(0)[:1]}, "The direction KG → CN is removed."),
    (
        {"directions": way(0, messages={"declaration": ["9"]})},
        "CN → KG: functions of messages “declaration”: 9 instead of 1, 5, 9, 13.",
    ),
    ({"directions": way(0, messages={"declaration": "any"})}, "CN → KG: messages “response” may no longer be sent."),
    (
        {"directions": way(0, messages={"border-event": ["DEP", "ARR"]})},
        "CN → KG: border events that may be sent: DEP, ARR instead of any.",
    ),
    (
        {"directions": way(0, lead_times={"3": LEAD.model_copy(update={"minutes": 90})})},
        "CN → KG, mode 3: not later than 90 minutes before arrival instead of 120.",
    ),
    (
        {"directions": way(0, lead_times={"3": LEAD, "2": LEAD})},
        "CN → KG, mode 2: declarations are due not later than 120 minutes and not earlier than 30 days before arrival.",
    ),
    ({"limits": {"receipt_seconds": 30}}, "A receipt is due within 30 seconds instead of 60."),
    (
        {"limits": {}},
        "Minutes after the departure within which its declaration has to come: not agreed (was: 240).",
    ),
    (
        {"comparison": {"gross_mass_percent": "5", "delay_minutes": 720}},
        "An arrival that is later than planned is a discrepancy; minutes of delay that are tolerated: 720 (was: not "
        "agreed).",
    ),
    (
        {"comparison": {"gross_mass_percent": "3"}},
        "Gross mass, export against import: a difference of 3 % is tolerated instead of 5 %.",
    ),
    (
        {"code_lists": {}},
        "Edition of the code list units: not agreed instead of UN/ECE Recommendation 20, as in D.23B.",
    ),
    (
        {"transit": {"participants": ["CN", "KG", "UZ"], "legs": [{"recipient": "KG", "permitted": ["Declaration"]}]}},
        "The way of the transit is CN → KG → UZ instead of not agreed.",
    ),
]


@pytest.mark.parametrize(("changes", "sentence"), CHANGES, ids=[change[1] for change in CHANGES])
def test_a_change_is_told_in_words(changes, sentence):
    told = diff(ROAD, altered(**changes))
    assert sentence in [change.text["en"] for change in told]
    assert all(set(change.text) == set(LANGUAGES) and "{" not in "".join(change.text.values()) for change in told)


def test_no_field_of_an_agreement_changes_unnoticed():
    by_hand = {"legal_basis", "directions", "posts", "transit", "tolerances", "comparison", "limits"}
    assert set(Agreement.model_fields) == {*_VALUES, *_ENTRIES, *_MEMBERS, *by_hand}
    told = {
        "legal_basis": set(_BASIS),
        "limits": set(_LIMITS),
        "tolerances": set(_TOLERANCES),
        "comparison": {*_TOLERANCES, *_COMPARISON},
    }
    assert {name: set(type(getattr(ROAD, name)).model_fields) for name in told} == told
    assert {*_POST_FIELDS, "id"} == set(type(ROAD.posts[0]).model_fields)


# Pages


def test_the_pages_in_the_documents_are_those_of_the_agreements():
    made = pages(PUBLISHED)
    assert sorted(file.name for file in DOCS.iterdir()) == sorted(made)
    assert [name for name, page in made.items() if (DOCS / name).read_text("utf-8") != page] == []


def test_a_page_says_which_limits_are_not_agreed():
    rows = [line for line in pages(PUBLISHED)["kg-uz-road-1.md"].splitlines() if "not agreed" in line]
    assert [row.split(" | ")[0] for row in rows] == [
        "| delay of the arrival, minutes",
        "| a declaration of what has departed",
    ]
    terms = altered(comparison={"delay_minutes": 90})
    assert "| delay of the arrival, minutes | – | 90 |" in page(terms)


def test_china_alone_agrees_on_the_time_after_departure():
    said = {each.id: each.limits.after_departure_minutes for each in PUBLISHED.values()}
    assert said == {each.id: 240 if "CN" in each.parties else None for each in PUBLISHED.values()}


def test_a_page_says_what_the_agreement_holds():
    said_there = pages(PUBLISHED)["cn-kg-uz-transit-1.md"]
    for said in ("What KG may see", "CN → KG → UZ", "Достук – Дустлик", "illustrative", "Declaration/Consignment/UCR"):
        assert said in said_there
