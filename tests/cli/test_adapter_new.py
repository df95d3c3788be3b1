"""`torugart adapter new`: a country begun, and what is open in it."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from lxml import etree

from adapters.kit.scaffold import scaffold
from adapters.kit.todo import points
from gateway.validation.catalogue import read_texts

ROOT = Path(__file__).parents[2]
SHARED = {"__init__.py", "reader.py", "writer.py", "codes.py", "rules.py", "texts", "profile.toml", "schema"} | {
    "examples",
    "README.md",
}
RUFF = Path(sys.executable).with_name("ruff")


def files(folder):
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def begun(folder, country="TJ", **options):
    scaffold(country, into=folder, say=lambda _: None, **options)
    return folder


def outcome_of(where, on, *chosen):
    """What came of each contract test of a country, and what was said."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rA", "-q", "--import-mode=importlib", where]
        + (["-k", " or ".join(chosen)] if chosen else []),
        cwd=where.parent,
        env=kept | {"PYTHONPATH": str(on), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    outcome = {name: result for result, name in re.findall(r"^(PASSED|FAILED|ERROR) \S+::(\w+)", done.stdout, re.M)}
    assert outcome, done.stdout + done.stderr
    return outcome, done.stdout


def test_a_new_country_has_the_files_that_every_country_has(torugart, tmp_path):
    assert torugart("adapter", "new", "tj", "--into", tmp_path).exit_code == 0
    assert {each.name for each in (tmp_path / "torugart_tj").iterdir()} >= SHARED
    for country in ("cn", "kg"):
        assert {each.name for each in (ROOT / "adapters" / country).iterdir()} >= SHARED


def test_every_file_that_was_written_is_told_and_how_to_go_on(torugart, tmp_path):
    made = torugart("adapter", "new", "TJ", "--into", tmp_path)
    assert set(files(tmp_path)) == {
        Path(line).relative_to(tmp_path).as_posix() for line in made.stdout.partition("\n\n")[0].splitlines()
    }
    assert f"pip install --no-deps --no-build-isolation -e {tmp_path}" in made.stdout
    assert "todo.toml" in made.stdout


def test_what_is_asked_for_is_in_the_folder(torugart, tmp_path):
    options = ("--name", "Ягонаи «Равзана»", "--language", "ru", "--zone", "Asia/Dushanbe")
    assert torugart("adapter", "new", "TJ", *options, "--into", tmp_path).exit_code == 0
    profile = tomllib.loads((tmp_path / "torugart_tj" / "profile.toml").read_text("utf-8"))
    assert (profile["country"], profile["name"]) == ("TJ", "Ягонаи «Равзана»")
    assert (profile["language"], profile["time_zone"]) == ("ru", "Asia/Dushanbe")
    project = tomllib.loads((tmp_path / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["torugart.adapters"] == {"TJ": "torugart_tj:ADAPTER"}
    assert set(read_texts(tmp_path / "torugart_tj" / "texts")) == {"en", "ru", "zh"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("XX",),
        ("T",),
        ("../TJ",),
        ("TJ", "--zone", "Asia/Atlantis"),
        ("TJ", "--zone", "../../etc/passwd"),
        ("TJ", "--name", 'of "Tajikistan"'),
        ("TJ", "--name", "two\nlines"),
        ("TJ", "--name", "x" * 71),
    ],
    ids=repr,
)
def test_what_cannot_be_used_is_said_and_nothing_is_written(arguments, torugart, tmp_path):
    refused = torugart("adapter", "new", *arguments, "--into", tmp_path / "new")
    assert refused.exit_code == 3
    assert refused.stderr.startswith("torugart: ")
    assert list(tmp_path.iterdir()) == []


def test_a_country_that_is_installed_is_not_begun_again(torugart, tmp_path):
    refused = torugart("adapter", "new", "kg", "--into", tmp_path / "new")
    assert refused.exit_code == 3
    assert "An adapter of KG is installed already (adapters.kg:ADAPTER)" in refused.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [((), 2, "usage: python -m adapters.kit.capabilities"), (("XX",), 3, "No adapter XX is installed; installed: CN")],
    ids=["no country", "no adapter"],
)
def test_capabilities_that_cannot_be_shown_are_a_sentence(arguments, code, said):
    command = [sys.executable, "-m", "adapters.kit.capabilities", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=90)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_language_without_texts_is_a_usage_error(torugart, tmp_path):
    assert torugart("adapter", "new", "TJ", "--language", "fr", "--into", tmp_path / "new").exit_code == 2


@pytest.mark.parametrize("there", ["pyproject.toml", "torugart_tj/reader.py", "tests/test_tj_contract.py"])
def test_nothing_that_is_there_is_written_over(there, torugart, tmp_path):
    mine = tmp_path / there
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("mine", "utf-8")
    refused = torugart("adapter", "new", "TJ", "--into", tmp_path)
    assert refused.exit_code == 3
    assert "is there already" in refused.stderr
    assert files(tmp_path) == {there: b"mine"}


@pytest.mark.parametrize("country", ["TJ", "KG", "IN"])
def test_what_is_written_is_formatted_and_clean_by_our_own_rules(country, tmp_path):
    folder = begun(tmp_path, country, name="W" * 70) / f"torugart_{country.lower()}"
    for command in (["check", "--no-cache"], ["format", "--check", "--no-cache"]):
        done = subprocess.run(
            [RUFF, *command, "--config", ROOT / "pyproject.toml", folder], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("country", ["TJ", "KG"])
def test_the_example_fits_the_schema_of_its_form(country, tmp_path):
    folder = begun(tmp_path, country) / f"torugart_{country.lower()}"
    schema = etree.XMLSchema(etree.parse(folder / "schema" / "PlaceholderDocument.xsd"))
    example = etree.parse(folder / "examples" / "declaration.xml")
    schema.assertValid(example)
    assert example.getroot().get("from") == country


@pytest.mark.parametrize(("country", "module"), [("TJ", "tj"), ("IN", "in_")])
def test_a_country_of_the_checkout_runs_at_once_and_what_is_open_fails_by_name(country, module, tmp_path):
    """The checkout is a copy; a country whose code is a word of Python has a folder that Python can import."""
    shutil.copytree(ROOT / "adapters" / "kit", tmp_path / "adapters" / "kit")
    shutil.copy(ROOT / "adapters" / "__init__.py", tmp_path / "adapters")
    (tmp_path / "tests" / "adapters").mkdir(parents=True)
    said = []
    scaffold(country, checkout=tmp_path, say=said.append)
    assert f'Add the line     {country} = "adapters.{module}:ADAPTER"' in said
    outcome, told = outcome_of(tmp_path / "tests" / "adapters" / f"test_{country.lower()}_contract.py", tmp_path)
    failed = {name for name, result in outcome.items() if result != "PASSED"}
    assert failed == {f"test_todo_{point}" for point in points()}, told
    assert len(outcome) > len(failed)


def test_an_installed_package_without_checkout_asks_for_a_folder(tmp_path):
    from gateway.errors import Misconfigured

    with pytest.raises(Misconfigured, match="--into DIR"):
        scaffold("TJ", checkout=tmp_path, say=lambda _: None)


def test_every_open_point_says_what_to_do_and_where(tmp_path):
    folder = begun(tmp_path) / "torugart_tj"
    registry = tomllib.loads((folder / "todo.toml").read_text("utf-8"))
    assert set(registry) == points()
    for entry in registry.values():
        assert entry["what"].endswith(".")
        assert all((folder / where).exists() for where in entry["where"].split(", ")), entry["where"]


def test_an_open_point_is_closed_by_doing_it_and_not_by_striking_it_out(tmp_path):
    folder = begun(tmp_path) / "torugart_tj"
    (folder / "todo.toml").unlink()
    outcome, told = outcome_of(tmp_path / "tests", tmp_path, "todo")
    assert outcome == {f"test_todo_{point}": "FAILED" for point in points()}, told
    profile = folder / "profile.toml"
    text = profile.read_text("utf-8").replace('name_ru = ""', 'name_ru = "Единое окно"')
    profile.write_text(text.replace('name_zh = ""', 'name_zh = "单一窗口"'), "utf-8")
    (folder / "schema" / "PlaceholderDocument.xsd").rename(folder / "schema" / "Real.xsd")
    real = folder / "schema" / "Real.xsd"
    real.write_text(real.read_text("utf-8").replace("Placeholder", "Real"), "utf-8")
    codes = folder / "codes.py"
    codes.write_text(codes.read_text("utf-8") + '\nMODES = {"30": "3"}\n', "utf-8")
    outcome, told = outcome_of(tmp_path / "tests", tmp_path, "todo")
    done = {name for name, result in outcome.items() if result == "PASSED"}
    assert done == {
        "test_todo_name_is_given_in_three_languages",
        "test_todo_schema_describes_the_national_form",
        "test_todo_codes_are_translated",
    }, told


def test_an_open_point_that_nobody_looks_for_is_noticed(tmp_path):
    registry = begun(tmp_path) / "torugart_tj" / "todo.toml"
    with registry.open("a", encoding="utf-8") as file:
        file.write('\n[reader_raeds]\nwhere = "reader.py"\nwhat = "Misspelt."\n')
    outcome, _ = outcome_of(tmp_path / "tests", tmp_path, "what_is_open")
    assert outcome == {"test_what_is_open_is_what_is_asked_for": "FAILED"}
