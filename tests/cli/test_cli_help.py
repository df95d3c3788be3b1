"""Help that can be followed, and exit codes that mean the same everywhere."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import pytest
import typer

from gateway.cli import app


def commands(command: object, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    inside = getattr(command, "commands", None)
    if inside is None:
        yield words, command
        return
    for name, each in inside.items():
        yield from commands(each, (*words, name))


COMMANDS = dict(commands(typer.main.get_command(app)))
EVERY = pytest.mark.parametrize("words", COMMANDS, ids=" ".join)


def examples(text: str) -> list[str]:
    return [
        line.strip() for line in text.partition("Examples:")[2].partition("Exit codes:")[0].splitlines() if line.strip()
    ]


def test_every_command_that_people_need_is_there():
    assert {" ".join(words) for words in COMMANDS} == {
        "demo",
        "serve",
        "check-config",
        "adapter list",
        "adapter new",
        "adapter run",
        "nsw list",
        "nsw run",
        "validate",
        "convert",
        "sign",
        "verify",
        "schemas build",
        "schemas check",
        "rules",
        "agreements list",
        "agreements show",
        "agreements check",
        "agreements diff",
        "agreements compare",
        "keys new",
        "keys workshop",
        "token",
    }


@EVERY
def test_the_help_of_a_command_shows_an_example_of_that_command_and_its_exit_codes(words, torugart):
    shown = torugart(*words, "--help")
    assert shown.exit_code == 0
    assert any(f"torugart {' '.join(words)}" in example for example in examples(shown.stdout))
    for code in ("0", "2", "3"):
        assert re.search(rf"^    {code} \w+", shown.stdout, re.MULTILINE), shown.stdout


@EVERY
def test_every_example_in_the_help_is_a_command_line_that_is_understood(words, torugart):
    for example in examples(torugart(*words, "--help").stdout):
        for line in re.findall(r"\btorugart [^)]*", example):
            called, *given = shlex.split(line)[0:1] + shlex.split(line)[1 + len(words) :]
            assert called == "torugart"
            assert shlex.split(line)[1 : 1 + len(words)] == list(words)
            COMMANDS[words].make_context(called, given).close()


@pytest.mark.parametrize(
    "words", [("validate",), ("rules",), ("demo",), ("verify",), ("agreements", "list")], ids=" ".join
)
def test_what_a_script_would_want_can_be_had_as_json(words, torugart):
    assert "--json" in torugart(*words, "--help").stdout


@EVERY
def test_an_option_that_does_not_exist_is_a_usage_error(words, torugart):
    refused = torugart(*words, "--no-such-option")
    assert refused.exit_code == 2
    assert "--no-such-option" in refused.stderr


def test_an_unknown_command_is_a_usage_error(torugart):
    assert torugart("fly").exit_code == 2


def test_the_version_is_shown(torugart):
    assert re.fullmatch(r"torugart \d+\.\d+\.\d+\n", torugart("--version").stdout)


@pytest.mark.parametrize(
    "arguments",
    [
        ("validate", "nowhere.xml"),
        ("convert", "nowhere.xml", "--to", "json"),
        ("sign", "nowhere.xml", "--key", "file:nowhere.pem"),
        ("verify", "nowhere.xml", "--trust", "nowhere"),
        ("token", "--key", "file:nowhere.pem", "--participant", "CN"),
        ("token", "--key", "hsm:1", "--participant", "CN"),
        ("agreements", "show", "no-such"),
        ("agreements", "diff", "kg-cn-road", "no-such"),
        ("agreements", "compare", "CN", "XX"),
        ("agreements", "check", "--agreements", "nowhere"),
        ("rules", "NO-SUCH"),
        ("nsw", "run", "XX", "--token-file", "nowhere"),
        ("nsw", "run", "CN", "--token-file", "nowhere"),
        (
            *("adapter", "run", "XX", "--gateway", "http://127.0.0.1:1", "--nsw", "http://127.0.0.1:1"),
            *("--token-file", "nowhere", "--key", "file:nowhere.pem", "--trust", "nowhere"),
        ),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_3(arguments, torugart):
    failed = torugart(*arguments)
    assert failed.exit_code == 3
    assert failed.stdout == ""
    assert failed.stderr.startswith("torugart: ")
    assert "Traceback" not in failed.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("validate", "{file}", "--as", "atlantis"),
        ("validate", "{file}", "--now", "yesterday"),
        ("validate", "{file}", "--now", "2026-11-23T12:00:00"),
        ("validate", "{file}", "--lang", "fr"),
        ("convert", "{file}", "--to", "atlantis"),
        ("convert", "{file}"),
        ("verify", "{file}", "--trust", "{file}", "--purpose", "fun"),
        ("keys", "new", "KG", "--country", "KG"),
        ("keys", "workshop", "{file}", "--participant", "CN:nsw"),
        ("keys", "workshop", "{file}", "--participant", "CN:CN:king"),
        ("serve", "--port", "70000"),
        (
            *("adapter", "run", "CN", "--gateway", "u", "--nsw", "u", "--token-file", "f", "--key", "file:f"),
            *("--trust", "d", "--syntax", "yaml"),
        ),
    ],
    ids=" ".join,
)
def test_a_wrong_argument_is_a_usage_error(arguments, torugart, example):
    refused = torugart(*(each.format(file=example("minimal.xml")) for each in arguments))
    assert refused.exit_code == 2
    assert "Error" in refused.stderr
