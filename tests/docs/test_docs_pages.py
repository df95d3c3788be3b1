"""The pages name what is there, and what they show works."""

import ast
import importlib
import json
import os
import re
import selectors
import shutil
import subprocess
import sys
import tomllib
from contextlib import ExitStack
from dataclasses import MISSING, fields
from pathlib import Path

import pytest
import typer

from adapters.kit.contract import Adapter
from gateway import installed
from gateway.agreements import load_agreements
from gateway.cli import app
from gateway.demo.play import EXCHANGES

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
PAGES = [
    ROOT / name
    for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "docker/README.md")
    if (ROOT / name).is_file()
] + sorted((ROOT / "docs").rglob("*.md"))
GENERATED = {"rules.md"}


def text(name):
    return (ROOT / name).read_text("utf-8")


def blocks(name, language=""):
    return re.findall(rf"^```{language}\n(.*?)^```", text(name), re.MULTILINE | re.DOTALL)


# Every page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_of_a_page_leads_somewhere(page):
    links = re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8"))
    broken = [link for link in links if "://" not in link and not leads_somewhere(page, link)]
    assert broken == []


def leads_somewhere(page, link):
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.exists():
        return False
    return not anchor or anchor in {slug(title) for title in re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.M)}


def slug(title):
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_of_a_page_is_one_that_exists(page):
    commands = typer.main.get_command(app).commands
    for words in re.findall(
        r"(?:^|[`(]|\.venv/bin/)torugart ([a-z][\w-]*(?: [a-z][\w-]*)?)", page.read_text("utf-8"), re.M
    ):
        command, _, below = words.partition(" ")
        assert command in commands, words
        if hasattr(commands[command], "commands"):
            assert below in commands[command].commands, words


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_make_target_of_a_page_is_one_that_exists(page):
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.M))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", page.read_text("utf-8"), re.M))
    assert named <= targets


@pytest.mark.parametrize(
    "page", [p for p in PAGES if p.name not in GENERATED], ids=lambda p: p.relative_to(ROOT).as_posix()
)
def test_every_file_of_ours_that_a_page_names_is_there(page):
    named = re.findall(
        r"`((?:gateway|adapters|mock_nsw|schemas|docs|tests|docker|benchmarks)/[\w./-]+)`", page.read_text("utf-8")
    )
    missing = [path for path in named if not (ROOT / path).exists() and "kz" not in path and "<" not in path]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_page_names_a_place_of_one_machine(page):
    assert not re.search(r"(?<![\w.])/(?:home|root|work|Users)/", page.read_text("utf-8"))


# Adding a country

SERVES_NO_COUNTRY = {"__init__", "capabilities", "legs", "run", "scaffold", "service", "suite", "todo"}
"""Files of the kit that run, begin or judge a country; the others are pieces that countries are made of."""


def test_the_page_of_adding_a_country_names_every_piece_of_the_kit_and_what_it_has():
    rows = re.findall(r"^\| `adapters/kit/(\w+)\.py` \| (.+?) \|", text("docs/add-a-country.md"), re.M)
    pieces = {file.stem for file in (ROOT / "adapters" / "kit").glob("*.py")} - SERVES_NO_COUNTRY
    assert {name for name, _ in rows} == pieces
    for name, column in rows:
        module = importlib.import_module(f"adapters.kit.{name}")
        assert [each for each in re.findall(r"`(\w+)`", column) if not hasattr(module, each)] == []


# README


def tree():
    """Paths of the tree in the README, folders with a slash at the end."""
    drawn = text("README.md").split("## What is where")[1].split("```\n")[1]
    parents, paths = [], []
    for line in drawn.splitlines():
        name = line.split()[0]
        depth = (len(line) - len(line.lstrip())) // 2
        parents[depth:] = [name]
        paths.append("".join(parents))
    return paths


def test_every_folder_of_the_tree_is_there():
    assert [path for path in tree() if not (ROOT / path).is_dir()] == []


def test_every_folder_is_in_the_tree():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=30)
    if tracked.returncode != 0:
        pytest.skip("not a checkout")
    files = [line.split("/") for line in tracked.stdout.splitlines()]
    folders = {parts[0] + "/" for parts in files if len(parts) > 1 and not parts[0].startswith(".")}
    for top in ("gateway", "adapters", "schemas"):
        folders |= {f"{top}/{parts[1]}/" for parts in files if len(parts) > 2 and parts[0] == top}
    shown = set(tree())
    assert {folder for folder in folders if not any(path.startswith(folder) for path in shown)} == set()


def test_the_python_versions_are_those_of_the_package():
    asked = tomllib.loads(text("pyproject.toml"))["project"]["requires-python"]
    assert asked == ">=3.11,<3.14"
    for page in ("README.md", "CONTRIBUTING.md"):
        assert "Python 3.11, 3.12 or 3.13" in text(page)


def test_posting_and_reading_work_as_the_readme_shows_them(tmp_path):
    if shutil.which("curl") is None or shutil.which("bash") is None:
        pytest.skip("needs bash and curl")
    (tmp_path / "schemas").symlink_to(ROOT / "schemas")
    serving, using = (block.replace("source .venv/bin/activate\n", "") for block in blocks("README.md", "bash"))
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    environment["PATH"] = f"{BIN}:{environment['PATH']}"
    with ExitStack() as stack:
        log = stack.enter_context((tmp_path / "log").open("w"))
        served = subprocess.Popen(
            ["bash", "-ec", re.sub(r"^torugart serve$", "exec torugart serve --port 0", serving, flags=re.M)],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        stack.callback(served.stdout.close)
        stack.callback(served.wait, 20)
        stack.callback(served.terminate)
        used = subprocess.run(
            ["bash", "-ec", using.replace("http://127.0.0.1:8080", url_of(served))],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert used.returncode == 0, used.stderr
    receipt, found, rule = documents(used.stdout)
    assert receipt["outcome"] == "accepted", receipt
    assert [exchange["exchangeId"] for exchange in found["exchanges"]] == [receipt["exchangeId"]]
    assert rule["id"] == "ACD-CON-02"


def url_of(served):
    with selectors.DefaultSelector() as selector:
        selector.register(served.stdout, selectors.EVENT_READ)
        while selector.select(60):
            line = served.stdout.readline()
            if not line:
                break
            if line.startswith('{"ready"'):
                return json.loads(line)["ready"]
    raise AssertionError("the gateway of the README did not start")


def documents(output):
    """The JSON documents in an output, one after the other."""
    decoder, at = json.JSONDecoder(), output.index("{")
    while at != -1:
        document, at = decoder.raw_decode(output, at)
        yield document
        at = output.find("{", at)


# Decisions


DECISIONS = sorted((ROOT / "docs" / "decisions").glob("0*.md"))


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.name)
def test_a_decision_has_its_number_its_status_and_what_would_change_it(page):
    content = page.read_text("utf-8")
    assert re.match(rf"# {page.name[:4]} \S", content)
    assert "**Status:** " in content
    assert "## What would change it" in content


def test_the_index_of_decisions_has_each_under_its_title():
    listed = re.findall(r"^\| \[(\d{4})\]\(([^)]+)\) \| (.+) \|$", text("docs/decisions/README.md"), re.M)
    titles = [(p.name[:4], p.name, p.read_text("utf-8").splitlines()[0][7:]) for p in DECISIONS]
    assert listed == titles


def test_decisions_are_numbered_without_a_gap():
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_every_dependency_has_its_reason():
    project = tomllib.loads(text("pyproject.toml"))["project"]
    asked = project["dependencies"] + [each for group in project["optional-dependencies"].values() for each in group]
    names = {re.match(r"[\w-]+", requirement)[0] for requirement in asked}
    explained = set(re.findall(r"^\| `([\w-]+)` \| \S", text("docs/decisions/0015-dependencies.md"), re.M))
    assert explained == names


# Security


def threats():
    return re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| (\[.+\]\([^|]+\)) \|$", text("SECURITY.md"), re.M)


def test_every_threat_has_a_control_a_default_and_tests_that_are_there():
    assert len(threats()) > 15
    for threat, control, default, tests in threats():
        assert control.strip(), threat
        assert default.startswith(("on", "in")), threat
        files = re.findall(r"\]\((tests/[^)]+\.py)\)", tests)
        assert files, threat
        assert [file for file in files if not re.search(r"^def test_", text(file), re.M)] == []


def test_every_row_of_the_threats_is_whole():
    table = text("SECURITY.md").split("| Threat |")[1].split("\n\n")[0]
    assert len(table.splitlines()) - 2 == len(threats())


# Contributing, changelog, licence


def test_the_targets_that_contributing_explains_are_all_there_are():
    explained = set(re.findall(r"^\| `make ([a-z]+)` \|", text("CONTRIBUTING.md"), re.M))
    assert explained | {"help"} == set(re.findall(r"^([a-z]+):.*##", text("Makefile"), re.M))


def test_the_newest_change_is_of_the_version_of_the_package():
    newest = re.search(r"^## (\S+)", text("CHANGELOG.md"), re.M)[1]
    assert newest == tomllib.loads(text("pyproject.toml"))["project"]["version"]


def test_the_licence_is_the_one_the_package_names():
    licence = text("LICENSE")
    assert tomllib.loads(text("pyproject.toml"))["project"]["license"] == "Apache-2.0"
    assert "Apache License" in licence
    assert "Version 2.0, January 2004" in licence
    assert "END OF TERMS AND CONDITIONS" in licence


# Adding a country


def test_the_example_of_an_adapter_gives_what_the_contract_asks():
    (example,) = [block for block in blocks("docs/add-a-country.md", "python") if "ADAPTER = " in block]
    (call,) = [
        node for node in ast.walk(ast.parse(example)) if isinstance(node, ast.Call) and callee(node) == "Adapter"
    ]
    given = {keyword.arg for keyword in call.keywords}
    assert given <= {field.name for field in fields(Adapter)}
    assert {field.name for field in fields(Adapter) if field.default is MISSING} <= given


def callee(call):
    return call.func.id if isinstance(call.func, ast.Name) else ""


def test_the_scenarios_of_the_demonstration_are_counted_right_and_have_titles_in_their_order():
    counted = {"README.md": "make demo", "CHANGELOG.md": "**The demonstration**"}
    words = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen")
    for page, line in counted.items():
        (said,) = re.findall(rf"^.*{re.escape(line)}.* (\w+) scenarios\b", text(page), re.M)
        assert words.index(said) + 10 == len(EXCHANGES), page
    titles = tomllib.loads(text("gateway/demo/texts.toml"))["title"]
    for language in ("en", "ru", "zh"):
        numbers = [titles[name][language].partition("  ")[0] for name in EXCHANGES]
        assert numbers == [str(number) for number in range(1, len(EXCHANGES) + 1)], language


def test_the_country_that_the_page_adds_is_none_that_is_there():
    """Its first command would say that the folder exists."""
    page = text("docs/add-a-country.md")
    (added,) = set(re.findall(r"^torugart adapter new (\w\w)\b", page, re.M))
    assert f"adds `{added}`" in page
    assert not (ROOT / "adapters" / added.lower()).exists()
    assert added not in installed.adapters()


def test_what_the_pages_say_of_functions_that_agreements_list_is_what_they_list():
    """A generated table names the agreements of each step; no sentence beside it may say the contrary."""
    pages = [text("docs/messages/declaration.md"), text("docs/messages/response.md")]
    pages += [path.read_text("utf-8") for path in (ROOT / "docs" / "decisions").glob("*.md")]
    listed = {code for one in load_agreements(ROOT / "schemas" / "agreements").values() for code in _functions(one)}
    for page in pages:
        denied = re.findall(r"(?i)no published agreement lists function (\d+)", " ".join(page.split()))
        assert not listed & set(denied)


def test_no_adapter_makes_a_request_as_the_page_says():
    section = text("docs/messages/declaration.md").split("<!-- end of request -->")[1].split("\n## ")[0]
    assert "No adapter makes one" in section
    able = [installed.capabilities(country) for country in installed.entries(installed.ADAPTERS)]
    assert not any("13" in one.reads["declaration"].functions for one in able)


def _functions(agreement):
    return [code for way in agreement.directions for codes in way.messages.values() if codes != "any" for code in codes]


def test_the_files_of_a_country_are_those_that_countries_have():
    drawn = text("docs/add-a-country.md").split("## 2. The folder")[1].split("```\n")[1]
    names = re.findall(r"\b([\w]+(?:\.py|\.toml|\.md)|\w+/)  ", drawn)
    assert len(names) > 6
    for country in ("cn", "kg"):
        there = {path.name + "/" * path.is_dir() for path in (ROOT / "adapters" / country).iterdir()}
        assert set(names) - there == set(), country


def test_the_entry_points_and_the_participant_are_written_as_they_are_read():
    entry_points, participant = map(tomllib.loads, blocks("docs/add-a-country.md", "toml"))
    ours = tomllib.loads(text("pyproject.toml"))["project"]["entry-points"]
    assert set(entry_points["project"]["entry-points"]) <= set(ours)
    assert set(participant["participant"][0]) == {"id", "country", "role", "status", "endpoint", "certificate"}


@pytest.mark.parametrize("page", ["docs/add-a-country.md", "CONTRIBUTING.md"])
def test_python_that_is_shown_is_python(page):
    shown = re.findall(r"^ *```python\n(.*?)^ *```", text(page), re.M | re.S)
    assert shown
    for block in shown:
        indent = len(block) - len(block.lstrip(" "))
        ast.parse("\n".join(line[indent:] for line in block.splitlines()))
