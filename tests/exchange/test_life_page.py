"""The page on the life of an exchange says what the gateway does."""

import re
from pathlib import Path

from gateway.agreements.agreement import Limits
from gateway.app import create_app
from gateway.exchange.state import State, Step
from gateway.publication import with_life
from gateway.settings import Settings

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "life.md"


def page():
    return PAGE.read_text("utf-8")


def section(title):
    return page().split(f"## {title}\n")[1].split("\n## ")[0]


def test_the_diagram_and_the_steps_are_those_of_the_table_the_gateway_goes_by():
    """Stale? `torugart schemas build` writes the page anew."""
    assert with_life(page()) == page()
    for state in ("registered", "under_review", "closed"):
        assert with_life(page().replace(f"    {state} --> ", "    nowhere --> ")) == page()
    assert with_life(page().replace("| depart | declarant |", "| depart | anybody |")) == page()


def test_every_state_is_said_in_words():
    told = re.findall(r"^\| ([a-z-]+) \| ", section("The states"), re.MULTILINE)
    assert told == [state.value for state in State]


def test_every_step_is_told_how_it_is_said():
    rows = re.findall(
        r"^\| ([a-z, -]+) \| (?!declarant|recipient|either|gateway)", section("Who takes which step"), re.M
    )
    assert {step for row in rows for step in row.split(", ")} == {step.value for step in Step} - {"unknown"}


def test_every_path_and_limit_that_is_named_exists():
    paths = set(create_app(Settings()).openapi()["paths"])
    assert set(re.findall(r"`(/v1/[^`]+)`", page())) <= paths
    named = set(re.findall(r"`([a-z]+_minutes)`", page()))
    assert named
    assert named <= set(Limits.model_fields)
