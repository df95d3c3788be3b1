"""`torugart convert`: one message, many forms."""

from __future__ import annotations

import json

import pytest
from lxml import etree


@pytest.mark.parametrize(("source", "target"), [("maximal.xml", "json"), ("maximal.json", "xml")])
def test_the_twins_are_made_from_each_other(source, target, torugart, example):
    converted = torugart("convert", example(source), "--to", target)
    assert converted.exit_code == 0
    assert converted.stdout_bytes == example(f"maximal.{target}").read_bytes()


def test_a_chinese_manifest_becomes_a_kyrgyz_preliminary_information(torugart, national, tmp_path):
    out = tmp_path / "preliminary.xml"
    converted = torugart("convert", national("CN", "three-consignments"), "--to", "kg", "--output", out)
    assert converted.exit_code == 0
    assert converted.stdout == ""
    assert etree.QName(etree.parse(out).getroot()).localname == "AutoPreliminary"


def test_a_kyrgyz_document_becomes_a_chinese_manifest_with_its_confirmation(torugart, national, entries):
    converted = torugart("convert", national("KG", "two-consignments"), "--to", "cn")
    assert converted.exit_code == 0
    types = {etree.QName(etree.fromstring(text.encode())).namespace for _, text in entries(converted.stdout_bytes)}
    assert types == {f"urn:Declaration:datamodel:standard:CN:{each}:1" for each in ("MT1401", "MT4401")}


@pytest.mark.parametrize(("country", "sample"), [("CN", "three-consignments"), ("KG", "two-consignments")])
def test_a_national_document_becomes_a_message_that_passes_the_rules(
    country, sample, torugart, national, tmp_path, now
):
    out = tmp_path / "message.json"
    assert torugart("convert", national(country, sample), "--to", "json", "-o", out, "--now", now).exit_code == 0
    judged = torugart("validate", out, "--now", now, "--json")
    assert json.loads(judged.stdout)["counts"]["reject"] == 0
    assert json.loads(out.read_bytes())["CommunicationMetaData"]["Sender"]["ID"] == country


def test_what_could_not_be_carried_is_told_on_standard_error_in_the_language_asked_for(torugart, national):
    converted = torugart("convert", national("KG", "two-consignments"), "--to", "xml", "--lang", "ru")
    assert "KIT-LOST-01" in converted.stderr
    assert "примечание" in converted.stderr
    assert converted.stdout.startswith("<?xml")


def test_a_faulty_part_is_left_out_and_told(torugart, changed):
    file = changed("minimal.xml", "<TotalPackageQuantity>86<", "<TotalPackageQuantity>many<")
    converted = torugart("convert", file, "--to", "json")
    assert converted.exit_code == 0
    assert "TotalPackageQuantity" not in json.loads(converted.stdout)["Declaration"]
    assert "ACD-STR-05" in converted.stderr


@pytest.mark.parametrize("body", [b"", b"<a/>", b"{}", b"PK\x03\x04"])
def test_where_there_is_no_message_nothing_is_written_and_the_exit_code_is_3(body, torugart, tmp_path):
    file, out = tmp_path / "something", tmp_path / "out"
    file.write_bytes(body)
    failed = torugart("convert", file, "--to", "xml", "--output", out)
    assert failed.exit_code == 3
    assert "torugart: " in failed.stderr
    assert not out.exists()


def test_a_result_that_cannot_be_written_is_exit_code_3(torugart, example, tmp_path):
    failed = torugart("convert", example("minimal.xml"), "--to", "json", "-o", tmp_path / "no" / "folder.json")
    assert failed.exit_code == 3
    assert "folder.json" in failed.stderr


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "the message is for KG; it is written as if it were for UZ"),
        ("ru", "сообщение предназначено KG; оно записано так, как если бы предназначалось UZ"),
        ("zh", "该报文的接收方为 KG；此处按发往 UZ 的报文写出"),
    ],
)
def test_a_message_written_for_another_country_than_its_recipient_is_said(language, said, torugart, example, tmp_path):
    for country, told in (("uz", True), ("kg", False)):
        options = ("--to", country, "--lang", language, "--output", tmp_path / country)
        written = torugart("convert", example("typical.xml"), *options)
        assert written.exit_code == 0
        assert (said in written.stderr) is told
