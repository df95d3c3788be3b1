"""The code lists are complete, sourced, and answer quickly and honestly."""

import csv
import re
import shutil
import subprocess
import sys
import time
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.published import published
from gateway.validation.codelists import Known, is_code, known, load_codelists, name_of, suggest

FOLDER = published("codelists")
INDEX = tomllib.loads((FOLDER / "index.toml").read_text(encoding="utf-8"))["list"]
CITED_BY_THE_MODEL = {
    "countries", "currencies", "locations", "units", "packages", "transport_modes", "means_types", "means_id_types",
    "equipment_types", "fullness", "documents", "transport_documents", "functions", "roles", "communication", "status",
    "text_subjects", "guarantees", "hs6", "un_numbers", "locations_roles", "amendment_reasons", "customs_offices",
    "payment_methods",
}  # fmt: skip
FILES = sorted(path.name for path in FOLDER.glob("*.csv"))


def rows_of(file: str) -> list[dict[str, str]]:
    with (FOLDER / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def test_every_list_that_the_model_cites_is_there():
    assert set(load_codelists()) >= CITED_BY_THE_MODEL


def test_every_csv_is_in_the_index_and_every_entry_has_its_csv():
    assert sorted(entry["file"] for entry in INDEX if "file" in entry) == FILES


@pytest.mark.parametrize("entry", INDEX, ids=lambda entry: entry["id"])
def test_every_entry_names_source_edition_licence_and_status(entry):
    for key in ("title", "title_ru", "title_zh", "edition", "source", "licence"):
        assert entry[key].strip(), key
    assert entry["status"] in {"verified", "plausible"}
    assert re.search("[а-я]", entry["title_ru"])
    assert re.search("[\u4e00-\u9fff]", entry["title_zh"])
    assert all(re.fullmatch("[A-Z]?[0-9]{3}", element) for element in entry["elements"])


@pytest.mark.parametrize("file", FILES)
def test_every_csv_has_unique_codes_and_no_ragged_or_padded_cell(file):
    rows = rows_of(file)
    codes = [row["code"] for row in rows]
    assert rows
    assert len(codes) == len(set(codes))
    for row in rows:
        assert None not in row
        assert all(cell is not None and cell == cell.strip() for cell in row.values()), row
        assert row["code"]


@pytest.mark.parametrize("file", FILES)
def test_sources_names_every_csv(file):
    assert f"| `{file}` |" in (FOLDER / "SOURCES.md").read_text(encoding="utf-8")


def test_sources_and_index_agree_about_certainty():
    certainty = dict(re.findall(r"^\| `(\w+\.csv)` \|.*\| (\w+) \|$", (FOLDER / "SOURCES.md").read_text("utf-8"), re.M))
    assert certainty == {entry["file"]: entry["status"] for entry in INDEX if "file" in entry}


def test_a_list_with_a_plausible_code_is_plausible_as_a_whole():
    for entry in INDEX:
        if "file" in entry and entry["status"] == "verified":
            assert {row.get("status", "verified") for row in rows_of(entry["file"])} == {"verified"}, entry["id"]


def test_the_notices_that_the_licences_ask_for_are_kept():
    text = " ".join((FOLDER / "SOURCES.md").read_text(encoding="utf-8").split())
    assert "Copyright (C) UN/CEFACT (2024). All Rights Reserved." in text
    assert 'provided on an "AS IS" basis and UN/CEFACT DISCLAIMS ALL WARRANTIES' in text
    assert "Copyright (c) 2022 UN/CEFACT" in text


@pytest.mark.parametrize(
    ("list_id", "code", "name"),
    [
        ("countries", "KG", "Kyrgyzstan"),
        ("currencies", "CNY", "Yuan Renminbi"),
        ("locations", "CNTRT", "Turugart"),
        ("units", "KGM", "kilogram"),
        ("packages", "CT", "Carton"),
        ("transport_modes", "3", "Road transport"),
        ("means_types", "31", "Truck"),
        ("means_id_types", "30", "Registration Number of the Road Vehicle"),
        ("equipment_types", "CN", "Container"),
        ("fullness", "5", "Full"),
        ("documents", "785", "Cargo manifest"),
        ("transport_documents", "730", "Road consignment note"),
        ("transport_documents", "N722", "Road list - SMGS"),
        ("functions", "9", "Original"),
        ("communication", "TE", "Telephone"),
        ("status", "41", "Rejected"),
        ("status_rec24", "12", "Cleared, by customs"),
        ("guarantees", "B", "Guarantee for goods dispatched under TIR procedure"),
        ("amendment_reasons", "010", "Duplicate manifest data"),
        ("payment_methods", "Z", "Not pre-paid"),
    ],
)
def test_codes_have_the_names_of_their_standard(list_id, code, name):
    assert is_code(list_id, code)
    assert name_of(list_id, code) == name


@pytest.mark.parametrize(("list_id", "count"), [("hs6", 5717), ("un_numbers", 2336), ("amendment_reasons", 16)])
def test_lists_are_whole(list_id, count):
    assert len(load_codelists()[list_id].codes) == count


def test_4405_and_recommendation_24_are_not_mixed():
    assert name_of("status", "12") == "2 days available"
    assert name_of("status_rec24", "12") == "Cleared, by customs"
    assert not is_code("status", "336")
    assert name_of("status_rec24", "336") == "Seals, broken"


def test_transport_documents_of_1001_are_real_codes_of_1001():
    rows = load_codelists()["transport_documents"].rows.values()
    of_1001 = {row["code"] for row in rows if row["list"] == "UNTDID 1001"}
    assert len(of_1001) == 13
    assert all(is_code("documents", code) for code in of_1001)


def test_codes_that_users_may_assign_are_no_countries():
    assert not is_code("countries", "XK")
    assert not is_code("countries", "kg")


def test_lists_from_packages_say_which_edition_they_are():
    assert version("iso4217") in load_codelists()["currencies"].edition


@pytest.mark.parametrize("list_id", ["amendment_reasons", "customs_offices", "cn_responses", "border_posts"])
def test_tables_of_the_project_have_names_in_three_languages(list_id):
    codelist = load_codelists()[list_id]
    for language in ("en", "ru", "zh"):
        assert set(codelist.names[language]) == set(codelist.codes)
    assert all(re.search("[а-я]", name) for name in codelist.names["ru"].values())
    assert all(re.search("[\u4e00-\u9fff]", name) for name in codelist.names["zh"].values())


def test_a_name_falls_back_to_english_and_then_to_the_code():
    assert name_of("amendment_reasons", "999", "zh") == "其他"
    assert name_of("packages", "CT", "zh") == "Carton"
    assert name_of("hs6", "080232", "ru") == "080232"


def test_offices_have_the_shape_of_their_country_and_a_post_that_exists():
    for row in load_codelists()["customs_offices"].rows.values():
        assert re.fullmatch(
            {"CN": "[0-9]{4}", "KG": "417[0-9]{5}", "KZ": "398[0-9]{2}", "UZ": "[0-9]{5}"}[row["country"]], row["code"]
        )
        assert not row["post"] or is_code("border_posts", row["post"])


@pytest.mark.parametrize("post", ["torugart", "irkeshtam"])
def test_both_sides_of_the_corridor_have_an_office_at_the_post(post):
    offices = load_codelists()["customs_offices"].rows.values()
    assert {row["country"] for row in offices if row["post"] == post} == {"KG", "CN"}


@pytest.mark.parametrize(
    ("list_id", "code", "answer"),
    [
        ("locations", "CNTRT", Known.YES),
        ("locations", "CNXXX", Known.NO),
        ("locations", "DEHAM", Known.OUTSIDE),
        ("locations", "ZZHAM", Known.NO),
        ("locations", "deham", Known.NO),
        ("locations", "DEHA1", Known.NO),
        ("customs_offices", "9400", Known.YES),
        ("customs_offices", "9499", Known.OUTSIDE),
        ("customs_offices", "94", Known.OUTSIDE),
        ("customs_offices", "940", Known.NO),
        ("customs_offices", "", Known.NO),
        ("units", "XXX", Known.NO),
    ],
)
def test_a_code_may_be_outside_this_edition_without_being_wrong(list_id, code, answer):
    assert known(list_id, code) is answer


@pytest.mark.parametrize(
    ("list_id", "typed", "meant"),
    [
        ("countries", "kg", "KG"),
        ("countries", "КG", "KG"),
        ("countries", "Kyrgyzstan", "KG"),
        ("currencies", "US dollar", "USD"),
        ("units", "KMG", "KGM"),
        ("packages", "carton", "CT"),
        ("means_types", "truck", "31"),
        ("locations", "CNTTR", "CNTRT"),
        ("locations", "Torugart", "CNTRT"),
        ("hs6", "0802.32", "080232"),
        ("transport_documents", "N73O", "N730"),
        ("amendment_reasons", "15", "015"),
        ("amendment_reasons", "失踪", "014"),
        ("customs_offices", "9430", "9403"),
    ],
)
def test_the_code_that_was_meant_is_suggested(list_id, typed, meant):
    assert suggest(list_id, typed) == meant


@pytest.mark.parametrize(
    ("list_id", "typed"), [("countries", "KG"), ("countries", "KX"), ("units", ""), ("units", "#"), ("hs6", "999999")]
)
def test_nothing_is_suggested_for_a_known_code_or_when_nothing_is_near(list_id, typed):
    assert suggest(list_id, typed) is None


@given(st.sampled_from(sorted(load_codelists())), st.text(max_size=80))
@settings(max_examples=150, deadline=None)
def test_a_suggestion_is_always_a_code_of_the_list(list_id, typed):
    meant = suggest(list_id, typed)
    assert meant is None or (is_code(list_id, meant) and meant != typed)


def test_a_thousand_wrong_codes_do_not_stop_the_gateway():
    began = time.process_time()
    for number in range(1000):
        suggest("locations", f"TORUGAT {chr(65 + number % 26)}{chr(65 + number // 26)}")
    assert time.process_time() - began < 5


BREAK_A_LIST = """
import sys
from gateway.errors import Misconfigured
from gateway.validation.codelists import load_codelists
try:
    load_codelists()
except Misconfigured as error:
    sys.exit(f"{error.code}: {error.detail}")
"""


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("fullness.csv", "code,name\n4,Empty\n4,Again\n", "4 stands twice"),
        ("fullness.csv", "code,name\n4\n", "wrong number of columns"),
        ("fullness.csv", "code,name\n4,Empty,?\n", "wrong number of columns"),
        ("fullness.csv", None, "fullness.csv"),
        ("index.toml", "list = 1 1", "cannot be read"),
        ("index.toml", '[[list]]\nid = "fullness"\nfile = "fullness.csv"\n', "edition"),
    ],
)
def test_a_broken_list_is_a_misconfiguration_that_says_where(tmp_path: Path, file, text, said):
    parts = ("__init__.py", "errors.py", "published.py")
    parts += ("validation/__init__.py", "validation/codelists.py", "validation/identifiers.py")
    (tmp_path / "gateway" / "validation").mkdir(parents=True)
    for part in parts:
        shutil.copy(published().parent / "gateway" / part, tmp_path / "gateway" / part)
    shutil.copytree(FOLDER, tmp_path / "schemas" / "codelists")
    broken = tmp_path / "schemas" / "codelists" / file
    broken.unlink()
    if text is not None:
        broken.write_text(text, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-c", BREAK_A_LIST], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert run.stderr.startswith("misconfigured: ")
    assert said in run.stderr
