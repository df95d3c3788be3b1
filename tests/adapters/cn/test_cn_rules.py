"""China's own rules: one declaration that passes, one that does not; and the texts of every id."""

import re
import tomllib
from datetime import UTC, datetime

import pytest

from adapters.cn import ADAPTER
from adapters.cn.rules import REPORTED, RULES
from gateway.validation.rule import Context

CONTEXT = Context(now=datetime(2026, 11, 23, 10, 0, tzinfo=UTC))
JUDGING = [rule for rule in RULES if rule.check is not None]

FAULTS = {
    "CN-053": ("export_typical.zip", "新P2906挂", "新P29061"),
    "CN-054": ("export_typical.zip", "<ID>E62481937</ID>", ""),
}
"""Rule → example and the one change that breaks it."""
PLACES = {
    "CN-053": "/Declaration/BorderTransportMeans/TransportEquipment/0/ID",
    "CN-054": "/Declaration/BorderTransportMeans/Master/0/ID",
}


def hits(rule, message):
    return list(rule.check(message, CONTEXT))


@pytest.mark.parametrize("rule", JUDGING, ids=lambda rule: rule.id)
def test_a_right_declaration_passes_each_rule(rule, example, read):
    for name in ("export_typical.zip", "export_maximal.zip", "import_typical.zip"):
        assert hits(rule, read(example(name)).message) == []


@pytest.mark.parametrize("rule", JUDGING, ids=lambda rule: rule.id)
def test_one_change_breaks_each_rule_at_its_place(rule, changed, read):
    found = hits(rule, read(changed(*FAULTS[rule.id])).message)
    assert found[0].pointer == PLACES[rule.id]


def test_a_trailer_of_another_country_may_have_its_own_plate(changed, read):
    trailer = next(rule for rule in JUDGING if rule.id == "CN-053")
    assert hits(trailer, read(changed("export_typical.zip", "新P2906挂", "01KG882PA")).message) == []


def test_ids_are_chinas_well_formed_and_unique():
    ids = [rule.id for rule in RULES]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"CN-[0-9]{3}", id_) for id_ in ids)
    assert all(rule.title and rule.source for rule in RULES)


@pytest.mark.parametrize("language", ["en", "ru", "zh"])
def test_every_rule_has_its_texts_in_every_language(language):
    texts = tomllib.loads((ADAPTER.texts / f"{language}.toml").read_text(encoding="utf-8"))
    assert set(texts) == {rule.id for rule in RULES}
    assert all(set(entry) == {"text", "mend"} and all(entry.values()) for entry in texts.values())


def test_a_text_has_the_same_placeholders_in_every_language():
    def placeholders(language):
        texts = tomllib.loads((ADAPTER.texts / f"{language}.toml").read_text(encoding="utf-8"))
        return {id_: sorted(set(re.findall(r"{(\w+)}", entry["text"]))) for id_, entry in texts.items()}

    assert placeholders("en") == placeholders("ru") == placeholders("zh")


def test_the_placeholders_of_what_is_reported_are_given(example, changed, read):
    texts = tomllib.loads((ADAPTER.texts / "en.toml").read_text(encoding="utf-8"))
    documents = [
        example("export_maximal.zip"),
        changed("export_typical.zip", "<Name>CN</Name>\n      <TypeCode>3", "<Name>CN</Name>\n      <TypeCode>2"),
        changed("export_typical.zip", "<ID>9403KZGLYS007</ID>\n      <Name>", "<ID>9403OTHER0001</ID>\n      <Name>"),
        changed("export_typical.zip", "20261123163000", "soon"),
        changed("export_minimal.xml", "9415<", "8811<"),
        changed("export_minimal.xml", "<DeclarationOfficeID>9415", "<DeclarationOfficeID>9402"),
        changed("export_minimal.xml", "MT2401", "MT5402"),
        changed("export_empty_vehicle.xml", "MT4404", "MT4406"),
        changed("export_minimal.xml", "<SequenceNumeric>1", "<SequenceNumeric>0"),
        changed("export_minimal.xml", "<ID>9415261123001</ID>", ""),
    ]
    seen = set()
    for document in documents:
        for finding in read(document).findings:
            if finding.rule in texts:
                text = texts[finding.rule]["text"].format(value=finding.value, **finding.params)
                assert "{" not in text
                seen.add(finding.rule)
    assert seen >= {
        "CN-001",
        "CN-002",
        "CN-003",
        "CN-009",
        "CN-010",
        "CN-011",
        "CN-014",
        "CN-016",
        "CN-018",
        "CN-021",
        "CN-031",
    }


def test_what_is_reported_by_reader_and_writer_has_no_check():
    assert [rule for rule in REPORTED if rule.check is not None] == []
