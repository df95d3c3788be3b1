"""What the contract asks of a country: it never raises, its rules are complete, its tables are total."""

from __future__ import annotations

import csv
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.kg import ADAPTER
from adapters.kg.codes import GAPS, MODES, OFFICES
from adapters.kg.rules import REPORTED, RULES
from adapters.kit.contract import CONTRACT, XML, National, Route, Setting
from adapters.kit.eaeu import MODES_READ
from builders.messages import declaration
from gateway.message.metadata import DeclarationMessage
from gateway.validation.rule import Context

SETTING = Setting("KG", {"CN": Route("CN", "kg-cn-road", "1")})
EXAMPLES = [path.read_bytes() for path in sorted(ADAPTER.examples.glob("*.xml"))]
CONTEXT = Context(now=datetime(2026, 11, 23, tzinfo=UTC))
LISTS = Path(__file__).parents[3] / "schemas" / "codelists"


@given(st.binary(max_size=400))
@settings(deadline=None)
def test_reading_arbitrary_bytes_never_raises(body: bytes):
    assert ADAPTER.read(National(body, XML), SETTING).findings


@given(st.data())
@settings(max_examples=250, deadline=None)
def test_reading_a_damaged_example_never_raises_and_writing_what_is_left_neither(data: st.DataObject):
    body = data.draw(st.sampled_from(EXAMPLES))
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(body) - 1))
        end = min(len(body), start + data.draw(st.integers(0, 12)))
        new = data.draw(st.one_of(st.binary(max_size=8), st.sampled_from([b"<", b">", b"0", "Ң".encode(), b"-1", b""])))
        body = (body[:start] + new + body[end:]) or b" "
    reading = ADAPTER.read(National(body, XML), SETTING)
    if reading.message is not None:
        ADAPTER.write(reading.message)
    ADAPTER.answer(National(body, XML), False, (), CONTEXT.now)
    ADAPTER.acknowledged(National(body, XML))


@given(st.data())
@settings(max_examples=250, deadline=None)
def test_reading_an_example_with_any_value_changed_never_raises(data: st.DataObject):
    text = data.draw(st.sampled_from(EXAMPLES)).decode()
    values = [match.span(1) for match in re.finditer(r">([^<>\n]+)<", text)]
    start, end = data.draw(st.sampled_from(values))
    odd = ["", " ", "0", "-1", "1e9", "９", "٣", "NaN", "999999999999999999999", "+.5", "2026-02-30", "x" * 5000, "\t"]
    new = data.draw(st.one_of(st.sampled_from(odd), st.text("0123456789-:.TZ+ЯЖ字", max_size=30)))
    reading = ADAPTER.read(National((text[:start] + new + text[end:]).encode(), XML), SETTING)
    if reading.message is not None:
        ADAPTER.write(reading.message)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_an_element_taken_out_or_put_in_twice_never_raises(data: st.DataObject):
    text = data.draw(st.sampled_from(EXAMPLES)).decode()
    leaves = list(re.finditer(r"<([\w:]+)[^<>]*>[^<>]*</\1>\s*", text))
    leaf = data.draw(st.sampled_from(leaves))
    again = data.draw(st.sampled_from([0, 2, 40]))
    changed = text[: leaf.start()] + leaf[0] * again + text[leaf.end() :]
    ADAPTER.read(National(changed.encode(), XML), SETTING)


def test_the_contract_is_this_one():
    assert (ADAPTER.country, ADAPTER.contract, ADAPTER.language) == ("KG", CONTRACT, "ru")


def test_every_rule_has_an_own_id_a_source_and_texts_in_three_languages():
    ids = [rule.id for rule in RULES]
    assert len(set(ids)) == len(ids)
    for language in ("en", "ru", "zh"):
        texts = tomllib.loads((ADAPTER.texts / f"{language}.toml").read_text(encoding="utf-8"))
        assert set(texts) == set(ids)
        for rule in RULES:
            assert re.fullmatch(r"KG-\d{3}", rule.id)
            assert rule.source
            assert texts[rule.id]["text"]
            assert texts[rule.id]["mend"]


def test_every_rule_the_adapter_reports_by_is_in_the_catalogue():
    folder = Path(ADAPTER.texts).parent
    used = {found for path in folder.glob("*.py") for found in re.findall(r'"(KG-0\d\d)"', path.read_text("utf-8"))}
    assert used == {rule.id for rule in REPORTED}


def judged(rule_id: str, message: DeclarationMessage) -> list[str]:
    rule = next(rule for rule in RULES if rule.id == rule_id)
    return [hit.pointer for hit in rule.check(message, CONTEXT)]


def sent_by_kyrgyzstan(**changes: object) -> DeclarationMessage:
    text = (ADAPTER.examples / "export_typical.xml").read_bytes()
    message = ADAPTER.read(National(text, XML), SETTING).message
    return message.model_copy(update={"declaration": message.declaration.model_copy(update=changes)})


@pytest.mark.parametrize(
    ("rule_id", "changes", "pointer"),
    [
        ("KG-101", {"functional_reference_id": "KG-1"}, "/Declaration/FunctionalReferenceID"),
        ("KG-101", {"functional_reference_id": "KZ/20261123/000000001"}, "/Declaration/FunctionalReferenceID"),
        ("KG-102", {"border_transport_means": None}, "/Declaration/BorderTransportMeans/Master"),
    ],
)
def test_a_national_rule_finds_its_fault_and_nothing_in_a_sound_declaration(rule_id, changes, pointer):
    assert judged(rule_id, sent_by_kyrgyzstan()) == []
    assert judged(rule_id, sent_by_kyrgyzstan(**changes)) == [pointer]
    assert judged(rule_id, declaration()) == []


def test_a_tax_number_of_a_kyrgyz_carrier_is_looked_at():
    carrier = sent_by_kyrgyzstan().declaration.carrier
    assert judged("KG-103", sent_by_kyrgyzstan()) == []
    wrong = carrier.model_copy(update={"id": "99999999999999"})
    assert judged("KG-103", sent_by_kyrgyzstan(carrier=wrong)) == ["/Declaration/Carrier/ID"]
    assert judged("KG-103", declaration()) == []


def test_a_mode_that_is_read_and_not_written_is_listed_as_a_gap():
    assert set(MODES_READ.values()) - set(MODES) == set(GAPS["MODES"])


def test_offices_agree_with_the_list_of_the_project():
    with (LISTS / "customs_offices.csv").open(encoding="utf-8") as lines:
        rows = {row["code"]: row for row in csv.DictReader(lines)}
    for code, office in OFFICES.items():
        assert (rows[code]["country"], rows[code]["post"]) == (office.country, office.post)
        assert rows[code]["status"] == "plausible"
        assert office.illustrative


def test_the_profile_says_what_the_adapter_says():
    profile = tomllib.loads((Path(ADAPTER.texts).parent / "profile.toml").read_text(encoding="utf-8"))
    assert (profile["country"], profile["name"], profile["language"]) == (
        ADAPTER.country,
        ADAPTER.name,
        ADAPTER.language,
    )
