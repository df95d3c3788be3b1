"""The page on the architecture says what the code is."""

import re
import sys
from pathlib import Path

import pytest

from gateway.app import create_app
from gateway.exchange.state import LIFE, State, Step
from gateway.settings import Settings
from gateway.storage.tables import tables

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "architecture.md"
COMMAND = f"python {Path(__file__).relative_to(ROOT)}"


def life_table():
    """The life of an exchange as Markdown, from the table that the gateway goes by."""
    columns = [step for step in Step if any(step is moved for _, moved in LIFE)]
    lines = [
        "| from \\ by | " + " | ".join(step.value for step in columns) + " |",
        "|---" * (len(columns) + 1) + "|",
    ]
    for state in (None, *State):
        cells = [LIFE[state, step].value if (state, step) in LIFE else "" for step in columns]
        lines.append(f"| {state.value if state else '(none)'} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def layers():
    """The layers of the gateway, the highest first, from the contract that the build enforces."""
    contract = re.search(r"^layers =\n((?:    .+\n)+)", (ROOT / ".importlinter").read_text("utf-8"), re.MULTILINE)[1]
    return "```\n" + "".join(f"{line.strip().replace(' : ', ' · ')}\n" for line in contract.splitlines()) + "```\n"


def page():
    return PAGE.read_text("utf-8")


def block(name):
    """What stands between the marks of a block that is written from the code."""
    return page().split(begins(name))[1].split(f"<!-- end of {name} -->")[0]


def with_block(text, name, content):
    before, rest = text.split(begins(name))
    return before + begins(name) + content + rest[rest.index(f"<!-- end of {name} -->") :]


def begins(name):
    return f"<!-- {name}: written by {COMMAND} -->\n"


def test_the_life_of_an_exchange_is_the_one_the_gateway_goes_by():
    assert block("life") == life_table(), f"run: {COMMAND}"


def test_every_state_of_an_exchange_is_in_the_table():
    rows = {line.split("|")[1].strip() for line in life_table().splitlines()[2:]}
    assert rows == {"(none)", *(state.value for state in State)}


def test_the_steps_are_numbered_without_a_gap():
    assert [int(number) for number in re.findall(r"^\| (\d+) \| ", page(), re.MULTILINE)] == list(range(1, 19))


def test_every_step_names_a_module_that_exists():
    rows = re.findall(r"^\| (\d+) \| .*\| ([^|]*) \|$", page(), re.MULTILINE)
    assert rows
    for number, where in rows:
        paths = re.findall(r"`([^`]+)`", where)
        assert paths, f"step {number} names no module"
        assert [path for path in paths if not (ROOT / path).is_file()] == []


def test_every_path_that_is_named_exists():
    named = set(re.findall(r"`((?:gateway|adapters|mock_nsw|schemas|docs|tests)/[\w./-]*)`", page()))
    assert len(named) > 15
    assert sorted(path for path in named if not (ROOT / path).exists()) == []


@pytest.fixture(scope="module")
def openapi_paths():
    return set(create_app(Settings()).openapi()["paths"])


def test_every_path_of_the_api_is_in_the_overview(openapi_paths):
    named = set(re.findall(r"^\| `(/[^`]+)` \|", page(), re.MULTILINE))
    assert named == openapi_paths


def test_every_table_of_the_storage_is_explained():
    named = set(re.findall(r"^\| `([a-z_]+)` \|", page(), re.MULTILINE))
    assert named == set(tables.tables)


def test_the_layers_are_those_that_are_enforced():
    assert block("layers") == layers(), f"run: {COMMAND}"


if __name__ == "__main__":
    PAGE.write_text(with_block(with_block(page(), "life", life_table()), "layers", layers()), "utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)} is written\n")
