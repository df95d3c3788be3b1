"""`torugart validate`: everything that is wrong, at its line and value."""

from __future__ import annotations

import json
import re
import zipfile

import pytest


def excerpt(output: str, rule: str) -> tuple[str, str, str]:
    """Where a finding points to: the place in the file, the source line, and what is underlined in it."""
    lines = output.splitlines()
    start = next(number for number, line in enumerate(lines) if rule in line)
    place, source, carets = (lines[start + each] for each in (1, 3, 4))
    assert "^" in carets
    marked = "".join(cell for cell, mark in zip(_cells(source), carets, strict=False) if mark == "^")
    return place.removeprefix("  --> "), source.partition(" | ")[2], marked


def _cells(line: str) -> list[str]:
    """One entry for each column of a terminal: wide characters take two, the second is empty."""
    return [cell for each in line for cell in ((each, "") if ord(each) > 0x2E80 else (each,))]


@pytest.mark.parametrize("name", ["typical.xml", "typical.json", "minimal.xml", "road.json", "empty-vehicle.xml"])
def test_a_message_without_faults_would_be_accepted(name, torugart, example, now):
    judged = torugart("validate", example(name), "--now", now, "--json")
    refusals = [each["rule"] for each in json.loads(judged.stdout)["findings"] if each["severity"] == "reject"]
    assert (judged.exit_code, refusals) == (0, [])


@pytest.mark.parametrize(
    ("name", "before", "after", "rule", "underlined"),
    [
        ("minimal.xml", ">4120.000<", ">9120.000<", "ACD-CON-02", "9120.000"),
        ("minimal.xml", ">4120.000<", ">4120,000<", "ACD-STR-05", "4120,000"),
        ("minimal.xml", 'unitCode="KGM">4120.000', 'unitCode="Q?">4120.000', "ACD-COD-01", "Q?"),
        (
            "minimal.xml",
            "<ArrivalDateTime>2026-11-24T15:00:00+06:00</ArrivalDateTime>",
            "",
            "ACD-MAN-01",
            "<BorderTransportMeans>",
        ),
        ("minimal.json", '"4120.000"', '"9120.000"', "ACD-CON-02", '"9120.000"'),
        ("minimal.json", '"新P52718"', '"新P5 \\u0007"', "ACD-STR-05", '"新P5 \\u0007"'),
    ],
)
def test_a_fault_is_shown_at_its_line_with_its_value_underlined(
    name, before, after, rule, underlined, torugart, changed, now
):
    file = changed(name, before, after)
    judged = torugart("validate", file, "--now", now)
    assert judged.exit_code == 1
    place, source, marked = excerpt(judged.stdout, rule)
    path, line, column = place.rsplit(":", 2)
    assert path == str(file)
    text = file.read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert source == text
    assert marked == underlined
    assert text[int(column) - 1 :].startswith(underlined)


def test_a_finding_names_its_rule_its_places_its_source_and_how_to_mend_it(torugart, changed, now):
    shown = torugart("validate", changed("minimal.xml", ">4120.000<", ">9120.000<"), "--now", now).stdout
    assert "reject ACD-CON-02: " in shown
    assert " = XPath: /MetaData/Declaration/TotalGrossMassMeasure" in shown
    assert " = JSON Pointer: /Declaration/TotalGrossMassMeasure" in shown
    assert " = mend: " in shown
    assert " = source: " in shown
    assert shown.splitlines()[-1].endswith("minimal.xml: would be refused (reject: 1)")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("would be refused", "mend: ", "not signed")),
        ("ru", ("в приёме будет отказано", "как исправить: ", "не подписано")),
        ("zh", ("将被拒绝接收", "更正方法：", "未签名")),
    ],
)
def test_findings_speak_the_language_that_was_asked_for(language, words, torugart, changed, now):
    file = changed("minimal.xml", ">4120.000<", ">9120.000<")
    shown = torugart("validate", file, "--now", now, "--lang", language).stdout
    assert all(word in shown for word in words)


def test_a_caret_stands_under_its_value_behind_wide_characters(torugart, changed, now):
    file = changed(
        "minimal.xml", "<ID>新P52718</ID>", "<ID>新疆维吾尔新P52718新疆维吾尔新P52718新疆维吾尔新P52718</ID>"
    )
    _, source, marked = excerpt(torugart("validate", file, "--now", now).stdout, "ACD-STR-03")
    assert marked == "新疆维吾尔新P52718新疆维吾尔新P52718新疆维吾尔新P52718"
    assert marked in source


def test_json_for_scripts_has_each_finding_with_line_columns_and_three_languages(torugart, changed, now):
    file = changed("minimal.json", '"4120.000"', '"9120.000"')
    told = json.loads(torugart("validate", file, "--now", now, "--json").stdout)
    assert (told["form"], told["kind"], told["agreement"], told["signature"]) == (
        "json",
        "declaration",
        "kg-cn-road/1",
        "absent",
    )
    assert told["refused"] is True
    assert told["counts"]["reject"] == 1
    (finding,) = (each for each in told["findings"] if each["severity"] == "reject")
    line = file.read_text(encoding="utf-8").splitlines()[finding["line"] - 1]
    assert line[finding["column"] - 1 : finding["endColumn"] - 1] == '"9120.000"'
    assert set(finding["text"]) == {"en", "ru", "zh"}
    assert finding["pointer"] == "/Declaration/TotalGrossMassMeasure"


def test_a_fault_in_an_archive_of_china_is_shown_in_the_entry_where_it_lies(torugart, national, entries, now):
    file = national("CN", "four-faults")
    judged = torugart("validate", file, "--now", now)
    assert judged.exit_code == 1
    manifest, text = next(each for each in entries(file.read_bytes()) if "MT2401" in each[0])
    container = re.search("TRGU[0-9]{7}", text)[0]
    place, source, marked = excerpt(judged.stdout, "reject ACD-IDN-01")
    assert place.startswith(f"{file}!{manifest}:")
    assert marked == container
    assert source.strip() == f"<ID>{container}</ID>"
    assert "national place: /Manifest/Declaration/Consignment/TransportEquipment/ID" in judged.stdout
    _, _, unit = excerpt(judged.stdout, "reject ACD-COD-01")
    assert unit == "QZ"


def test_a_fault_in_a_kyrgyz_document_is_shown_at_its_own_line(torugart, national, now):
    file = national("KG", "two-consignments")
    text = file.read_text(encoding="utf-8")
    total = text.partition("TotalGrossMassMeasure>")[2].partition("<")[0]
    file.write_text(text.replace(f">{total}<", ">99.5<", 1), encoding="utf-8")
    judged = torugart("validate", file, "--now", now)
    assert judged.exit_code == 1
    place, source, marked = excerpt(judged.stdout, "ACD-CON-02")
    assert marked == "99.5"
    assert "TotalGrossMassMeasure" in source
    assert place.startswith(f"{file}:")


@pytest.mark.parametrize(("country", "sample"), [("CN", "three-consignments"), ("KG", "two-consignments")])
def test_a_national_document_is_recognised_by_its_content(country, sample, torugart, national, tmp_path, now):
    file = national(country, sample).rename(tmp_path / "nameless")
    told = json.loads(torugart("validate", file, "--now", now, "--json").stdout)
    assert (told["form"], told["refused"], told["signature"]) == (country.lower(), False, "national")


def test_what_is_not_well_formed_is_shown_where_reading_stopped(torugart, changed, now):
    file = changed("minimal.xml", "</IssueDateTime>", "</IssueDate>")
    judged = torugart("validate", file, "--now", now)
    assert judged.exit_code == 1
    place, _, _ = excerpt(judged.stdout, "ACD-ENV-11")
    line = int(place.rsplit(":", 2)[1])
    assert "</IssueDate>" in file.read_text(encoding="utf-8").splitlines()[line - 1]


@pytest.mark.parametrize(
    "body",
    [b"", b"hello", b"<a/>", b"{}", b"[1]", b"\xff\xfe\x00", b"PK\x03\x04garbage", b"<!DOCTYPE a><a/>"],
    ids=["empty", "text", "other-xml", "other-json", "array", "bytes", "broken-zip", "doctype"],
)
def test_what_is_no_message_at_all_is_refused_with_a_rule_and_never_a_traceback(body, torugart, tmp_path):
    file = tmp_path / "something"
    file.write_bytes(body)
    judged = torugart("validate", file, "--json")
    assert judged.exit_code == 1
    assert [each["rule"][:7] for each in json.loads(judged.stdout)["findings"]] == ["ACD-ENV"]


def test_a_national_form_that_was_named_says_why_it_cannot_be_read(torugart, tmp_path):
    file = tmp_path / "broken.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.xml", "<broken")
    told = json.loads(torugart("validate", file, "--as", "cn", "--json").stdout)
    assert told["findings"][0]["rule"] == "KIT-READ-01"
    assert told["refused"] is True


def test_a_document_is_read_from_standard_input(torugart, example, now):
    judged = torugart("validate", "-", "--now", now, stdin=example("minimal.xml").read_bytes())
    assert judged.exit_code == 0


def test_the_moment_of_judgement_can_be_told(torugart, example):
    late = torugart("validate", example("minimal.xml"), "--now", "2027-11-23T12:00:00+08:00", "--json")
    assert late.exit_code == 1
    assert any(each["rule"].startswith(("ACD-TIM", "ACD-ENV")) for each in json.loads(late.stdout)["findings"])


def test_a_message_can_be_judged_by_another_agreement_than_it_cites(torugart, changed, now, tmp_path):
    file = changed("minimal.xml", "<AgreementID>kg-cn-road<", "<AgreementID>old-road<")
    cited = json.loads(torugart("validate", file, "--now", now, "--json").stdout)
    assert cited["agreement"] is None
    assert "ACD-AGR-01" in [each["rule"] for each in cited["findings"]]
    chosen = torugart("validate", file, "--now", now, "--agreement", "kg-cn-road", "--json")
    assert json.loads(chosen.stdout)["agreement"] == "kg-cn-road/1"
    assert chosen.exit_code == 0


def test_no_control_character_of_a_message_reaches_the_terminal(torugart, changed, now):
    file = changed("minimal.json", '"新P52718"', '"\\u001b[2J\\u202e"')
    shown = torugart("validate", file, "--now", now).stdout
    assert "ACD-STR-05" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_of_a_line_without_end_only_what_lies_around_the_value_is_shown(torugart, changed, now):
    file = changed("minimal.xml", ">4120.000<", ">9120.000<")
    file.write_text("".join(file.read_text(encoding="utf-8").split("\n")), encoding="utf-8")
    shown = torugart("validate", file, "--now", now).stdout
    _, source, marked = excerpt(shown, "ACD-CON-02")
    assert marked == "9120.000"
    assert len(source) < 200
    assert source.startswith("…")
    assert source.endswith("…")


ONCE_SIGNED = {
    "en": "would be accepted once signed; its exchange was not looked at",
    "ru": "будет принято после подписания; состояние обмена не проверялось",
    "zh": "签名后将被接收；未核查其所属交换的状态",
}
LATER = {
    "en": "further checks follow once the structure is right",
    "ru": "остальные проверки будут выполнены, когда будет исправлена структура",
    "zh": "结构更正后再进行其余检查",
}


@pytest.mark.parametrize("language", ["en", "ru", "zh"])
def test_what_was_not_looked_at_is_said_with_the_verdict(language, torugart, example, now):
    judged = torugart("validate", example("minimal.xml"), "--now", now, "--lang", language)
    assert judged.exit_code == 0
    assert ONCE_SIGNED[language] in judged.stdout.splitlines()[-1]
    assert LATER[language] not in judged.stdout


@pytest.mark.parametrize("language", ["en", "ru", "zh"])
def test_that_a_fault_of_structure_hides_other_checks_is_said(language, torugart, changed, now):
    file = changed("minimal.xml", ">4120.000<", ">4120,000<")
    judged = torugart("validate", file, "--now", now, "--lang", language)
    assert judged.exit_code == 1
    assert judged.stdout.splitlines()[-2].endswith(LATER[language])


@pytest.mark.parametrize("body", ["plate,mass\nAB,1\n", "plate = 1\n", "<a/>", "{}", "[1]"])
def test_what_is_in_no_known_form_is_not_called_badly_written_xml(body, torugart, tmp_path):
    file = tmp_path / "other"
    file.write_text(body, "utf-8")
    (finding,) = json.loads(torugart("validate", file, "--json").stdout)["findings"]
    assert finding["rule"] == "ACD-ENV-19"
    said = "neither XML nor JSON of the common form, nor in a known national form (CN, KG, KZ, UZ)."
    assert finding["text"]["en"].endswith(said)
    assert "CN, KG, KZ, UZ" in finding["text"]["zh"]


@pytest.mark.parametrize(
    ("body", "rule", "value"),
    [
        ('{"a":1.5}', "ACD-ENV-14", "1.5"),
        ('{"a":', "ACD-ENV-12", "unexpected end of data"),
        ("<!DOCTYPE a><a/>", "ACD-ENV-16", ""),
    ],
    ids=["number", "JSON", "DTD"],
)
def test_of_what_cannot_be_read_only_what_was_seen_is_not_in_the_language(body, rule, value, torugart, tmp_path):
    file = tmp_path / "other"
    file.write_text(body, "utf-8")
    (finding,) = json.loads(torugart("validate", file, "--json").stdout)["findings"]
    assert (finding["rule"], finding["value"]) == (rule, value)


@pytest.mark.parametrize(
    "command",
    [("validate", "minimal.xml"), ("convert", "minimal.xml", "--to", "json"), ("agreements", "list")],
    ids=lambda command: command[0],
)
def test_a_folder_of_agreements_that_is_not_there_is_named(command, torugart, example):
    arguments = [example(each) if each.endswith(".xml") else each for each in command]
    refused = torugart(*arguments, "--agreements", "/nowhere")
    assert (refused.exit_code, refused.stderr) == (3, "torugart: /nowhere: there is no such folder\n")
