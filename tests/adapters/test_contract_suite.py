"""With whom the contract tests let a country exchange, and that they notice an adapter that breaks its word."""

from dataclasses import replace

import pytest

from adapters.kg import ADAPTER as KG
from adapters.kit import suite
from adapters.kit.contract import XML, Acknowledgement, National, Reading, Written
from adapters.uz import ADAPTER as UZ


def test_neighbours_are_the_countries_of_the_published_agreements():
    routes = suite.setting_of(UZ).routes
    assert {name for name in routes if "/" not in name} == {"CN", "KG", "KZ"}
    assert (routes["KG"].agreement, routes["KZ"].agreement) == ("kg-uz-road", "kz-uz-road")


def test_each_neighbour_is_tried_alone_as_well():
    together, *alone = suite.settings_of(UZ)
    assert [set(setting.routes) for setting in alone] == [{name} for name in together.routes if "/" not in name]


def test_a_country_without_agreement_has_the_neighbours_of_its_profile(tmp_path):
    (tmp_path / "profile.toml").write_text('neighbours = ["KG", "UZ"]', "utf-8")
    routes = suite.setting_of(replace(KG, country="TJ", texts=tmp_path / "texts")).routes
    assert {name: route.agreement for name, route in routes.items()} == {"KG": "tj-kg", "UZ": "tj-uz"}


def test_a_country_with_neither_is_told_what_to_write(tmp_path):
    with pytest.raises(AssertionError, match=r"name its `neighbours` in profile\.toml"):
        suite.setting_of(replace(KG, country="TJ", texts=tmp_path / "texts"))


@pytest.mark.parametrize(
    ("broken", "test"),
    [
        ({"country": "XX"}, suite.test_the_country_and_the_contract_are_ones_that_exist),
        ({"read": lambda _document, _setting: Reading(None)}, suite.test_each_example_is_read_without_serious_findings),
        ({"read": lambda _document, _setting: Reading(None)}, suite.test_any_bytes_are_read_into_findings),
        (
            {"answer": lambda _document, _taken, faults, _at: National(b"" if faults else b"<a/>", XML)},
            suite.test_any_bytes_are_read_into_findings,
        ),
        (
            {"answer": lambda _document, _taken, faults, _at: National(b"" if faults else b"<a/>", XML)},
            suite.test_a_deviation_from_the_national_form_is_told_not_raised,
        ),
        ({"read": lambda _document, _setting: Reading(None)}, suite.test_what_is_written_is_read_back),
        ({"write": lambda _: Written(National(b"", ""))}, suite.test_nothing_is_dropped_in_silence),
        ({"write": lambda _: Written(National(b"<a/>", ""))}, suite.test_nothing_is_dropped_in_silence),
        ({"write": lambda _: object()}, suite.test_writing_is_deterministic),
        ({"answer": lambda document, *_: document}, suite.test_an_answer_names_every_fault),
        (
            {"acknowledged": lambda _: Acknowledgement(False, text="not a notice", refused=True)},
            suite.test_a_reply_takes_a_document_or_refuses_it_and_what_is_no_reply_does_neither,
        ),
        (
            {"acknowledged": lambda reply: replace(KG.acknowledged(reply), refused=False)},
            suite.test_a_reply_takes_a_document_or_refuses_it_and_what_is_no_reply_does_neither,
        ),
        ({"rules": UZ.rules, "texts": UZ.texts}, suite.test_rules_have_ids_sources_and_texts_in_three_languages),
    ],
)
def test_an_adapter_that_breaks_its_word_is_noticed(broken, test):
    with pytest.raises(AssertionError):
        test(replace(KG, **broken))
