"""The page on the life of an exchange says what the gateway does."""

import re
import sys
from pathlib import Path

from gateway.agreements.agreement import Limits
from gateway.app import create_app
from gateway.exchange.state import LIFE, WHO, State, Step, mermaid
from gateway.settings import Settings

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "life.md"
COMMAND = f"python {Path(__file__).relative_to(ROOT)}"


def diagram():
    return f"```mermaid\n{mermaid()}\n```\n"


def steps():
    """Each step: who takes it, in which states, and what it leads to."""
    lines = ["| Step | By | In these states | Leads to |", "|---|---|---|---|"]
    for step in Step:
        moves = [(state, end) for (state, moved), end in LIFE.items() if moved is step]
        if not moves:
            continue
        stays = all(state == end for state, end in moves)
        ends = "stays" if stays else ", ".join(dict.fromkeys(end.value for _, end in moves))
        states = [state.value if state else "(none)" for state, _ in moves]
        where = "every state" if len(states) == len(State) else ", ".join(states)
        lines.append(f"| {step.value} | {WHO[step].value} | {where} | {ends} |")
    return "\n".join(lines) + "\n"


BLOCKS = {"diagram": diagram, "steps": steps}


def page():
    return PAGE.read_text("utf-8")


def begins(name):
    return f"<!-- {name}: written by {COMMAND} -->\n"


def block(name):
    return page().split(begins(name))[1].split(f"<!-- end of {name} -->")[0]


def section(title):
    return page().split(f"## {title}\n")[1].split("\n## ")[0]


def test_the_diagram_is_that_of_the_table_the_gateway_goes_by():
    assert block("diagram") == diagram(), f"run: {COMMAND}"


def test_who_takes_which_step_is_what_the_gateway_goes_by():
    assert block("steps") == steps(), f"run: {COMMAND}"


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


if __name__ == "__main__":
    text = page()
    for name, write in BLOCKS.items():
        before, rest = text.split(begins(name))
        text = before + begins(name) + write() + rest[rest.index(f"<!-- end of {name} -->") :]
    PAGE.write_text(text, "utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)} is written\n")
