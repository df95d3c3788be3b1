"""The catalogue of rules: ids that never change, texts in three languages, a page that is never stale."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.errors import Misconfigured
from gateway.message.finding import Finding, Severity
from gateway.message.metadata import DeclarationMessage, MetaData
from gateway.validation.catalogue import CORE_RULES, LANGUAGES, core_catalogue, markdown, placeholders
from gateway.validation.reported import CROSSING_RULES, FORM_RULES, GATEWAY_RULES, KIT_RULES, RETIRED
from gateway.validation.rule import Context, Hit, Rule, rule

DOCS = Path(__file__).parents[2] / "docs" / "rules.md"
EVERY_RULE = (*CORE_RULES, *FORM_RULES, *GATEWAY_RULES, *CROSSING_RULES, *KIT_RULES)


@rule("XX-001", Severity.WARN, "A rule of a country", source="test", about=DeclarationMessage)
def of_a_country(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    yield Hit("/Declaration/ID", message.declaration.functional_reference_id, {"name": "{value}"})


def texts(folder: Path, *, leave_out: str = "") -> Path:
    for language in LANGUAGES:
        if language != leave_out:
            table = f'["XX-001"]\ntext = "{language}: {{name}} is {{value}}"\nmend = "{language}: mend it"\n'
            (folder / f"{language}.toml").write_text(table, encoding="utf-8")
    return folder


def test_ids_are_well_formed_unique_and_not_retired() -> None:
    ids = [one.id for one in EVERY_RULE]
    assert len(ids) == len(set(ids))
    assert not set(ids) & set(RETIRED)
    assert all(re.fullmatch(r"(ACD-[A-Z]{3}|KIT-[A-Z]{3,4})-[0-9]{2}", one) for one in (*ids, *RETIRED))


def test_every_rule_names_its_source_and_has_a_title() -> None:
    assert all(one.title and one.source and not one.title.endswith(".") for one in EVERY_RULE)


@pytest.mark.parametrize("one", EVERY_RULE, ids=lambda one: one.id)
def test_texts_exist_in_three_languages_with_the_same_placeholders(one: Rule) -> None:
    spoken = [core_catalogue().texts[language][one.id] for language in LANGUAGES]
    assert len({placeholders(sentences.text) for sentences in spoken}) == 1
    assert len({placeholders(sentences.mend) for sentences in spoken}) == 1
    english, russian, chinese = spoken
    assert re.search(r"[а-я]{3}", russian.text)
    assert re.search(r"[а-я]{3}", russian.mend)
    assert re.search(r"[\u4e00-\u9fff]{2}", chinese.text)
    assert re.search(r"[\u4e00-\u9fff]{2}", chinese.mend)
    assert english.text.isascii() or "“" in english.text


def test_there_are_no_texts_without_a_rule() -> None:
    for language in LANGUAGES:
        assert set(core_catalogue().texts[language]) - {one.id for one in EVERY_RULE} == {"UNLISTED"}


def test_the_page_of_rules_is_the_one_that_the_catalogue_prints() -> None:
    assert DOCS.read_text(encoding="utf-8") == markdown()


def test_the_page_of_rules_names_every_rule_and_every_retired_id() -> None:
    page = DOCS.read_text(encoding="utf-8")
    assert all(f"### {one.id}\n" in page for one in EVERY_RULE)
    assert all(f"| {retired} |" in page for retired in RETIRED)


def test_a_finding_is_explained_in_each_language_with_its_place() -> None:
    finding = Finding("ACD-CON-02", Severity.REJECT, "/Declaration/TotalGrossMassMeasure", "1551", {"sum": "1550"})
    catalogue = core_catalogue()
    english = catalogue.explain(finding, DeclarationMessage, "en")
    assert english.text == "The total is 1551, but its parts add up to 1550."
    assert english.place.xpath == "/MetaData/Declaration/TotalGrossMassMeasure"
    assert english.place.wco == "42A/131"
    assert "сумма составляющих — 1550" in catalogue.explain(finding, DeclarationMessage, "ru").text
    assert "合计为 1551" in catalogue.explain(finding, DeclarationMessage, "zh").text
    assert catalogue.explain(finding, DeclarationMessage, "kk") == english


def test_names_of_code_lists_and_identifiers_are_told_in_the_language() -> None:
    finding = Finding(
        "ACD-IDN-02", Severity.REJECT, "/Declaration/Carrier/ID", "9", {"identifier": "cn-uscc", "expected": "x"}
    )
    assert "统一社会信用代码" in core_catalogue().explain(finding, DeclarationMessage, "zh").text
    assert "cn-uscc" not in core_catalogue().explain(finding, DeclarationMessage, "ru").text


def test_a_value_is_never_read_as_a_text() -> None:
    finding = Finding("ACD-CON-01", Severity.REJECT, "", "{rule} {0} {value.__class__} {name}")
    assert "{rule} {0} {value.__class__} {name}" in core_catalogue().explain(finding, MetaData, "en").text


def test_a_finding_of_an_unknown_rule_is_explained_by_its_id() -> None:
    explained = core_catalogue().explain(Finding("QQ-123", Severity.WARN, "/A/B", "v"), DeclarationMessage, "en")
    assert "QQ-123" in explained.text
    assert explained.source == ""


def test_a_finding_on_the_wire_has_every_language_and_all_three_places() -> None:
    finding = Finding(
        "ACD-CON-02", Severity.REJECT, "/Declaration/TotalGrossMassMeasure", "1551", {"sum": "1550"}, "/M/G", 7
    )
    shown = core_catalogue().wire(finding, DeclarationMessage)
    assert list(shown) == [
        "rule", "severity", "text", "mend", "pointer", "xpath", "wcoPointer", "value", "source", "line", "national"
    ]  # fmt: skip
    assert list(shown["text"]) == list(shown["mend"]) == ["en", "ru", "zh"]
    assert (shown["severity"], shown["line"], shown["national"]) == ("reject", 7, "/M/G")


def test_what_is_not_known_of_a_finding_is_left_out_on_the_wire() -> None:
    shown = core_catalogue().wire(Finding("ACD-ENV-10", Severity.REJECT, ""), DeclarationMessage)
    assert "line" not in shown
    assert "national" not in shown


def test_a_country_adds_its_rules_with_their_texts(tmp_path: Path) -> None:
    extended = core_catalogue().extended([of_a_country], texts(tmp_path))
    finding = Finding("XX-001", Severity.WARN, "/Declaration/ID", "7", {"name": "ID"})
    assert extended.explain(finding, DeclarationMessage, "zh").text == "zh: ID is 7"
    assert "XX-001" not in core_catalogue().rules


def test_a_rule_without_a_text_in_each_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"ru\.toml"):
        core_catalogue().extended([of_a_country], texts(tmp_path, leave_out="ru"))


@pytest.mark.parametrize("taken", ["ACD-CON-02", "ACD-SEA-02", "not an id"])
def test_an_id_that_is_taken_retired_or_malformed_is_refused(taken: str, tmp_path: Path) -> None:
    again = Rule(taken, Severity.WARN, "Again", "test", DeclarationMessage, of_a_country.check)
    with pytest.raises(Misconfigured, match="taken"):
        core_catalogue().extended([again], texts(tmp_path))


@pytest.mark.parametrize("rule_id", ["ACD-COD-01", "ACD-IDN-01", "ACD-IDN-02", "ACD-IDN-06"])
def test_a_suggestion_is_told_where_there_is_one_and_else_not_a_word_of_it(rule_id: str) -> None:
    told = {"name": "TypeCode", "expected": "CSQU3054383", "list": "packages", "identifier": "cn-uscc"}
    for language in LANGUAGES:
        without, empty, suggested = (
            core_catalogue().explain(Finding(rule_id, Severity.REJECT, "", "?", params), DeclarationMessage, language)
            for params in (told, {**told, "suggestion": ""}, {**told, "suggestion": "MEANT"})
        )
        assert without.text == empty.text
        assert "–" not in empty.text
        assert "[" not in suggested.text + empty.text
        assert "MEANT" in suggested.text
        assert len(empty.text) < len(suggested.text) - len("MEANT") - 3


def test_a_value_in_square_brackets_is_told_as_it_is() -> None:
    seen = Finding("ACD-STR-05", Severity.REJECT, "", "[a {name} b]", {"name": "X"})
    assert "[a {name} b]" in core_catalogue().explain(seen, DeclarationMessage, "en").text
