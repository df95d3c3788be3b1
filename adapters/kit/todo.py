"""Open points of a country that has been begun: each is a test that fails by its name until the point is closed.

The points stand in `todo.toml` beside the adapter. While a point has an entry, its test fails with the sentence of the
entry: what to do, and where. Without an entry the test looks whether the thing is really there, so that a point cannot
be closed by removing it. A country's test file imports the tests as it imports the contract tests:

    from adapters.kit.todo import *
"""

# ruff: noqa: S101, D103 - tests that are installed with the kit

from __future__ import annotations

import importlib
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.kit.capabilities import observed
from adapters.kit.contract import XML, Adapter, National
from adapters.kit.scaffold import example
from adapters.kit.suite import common_examples, example_documents, read, setting_of
from gateway.agreements.capabilities import load_capabilities

__all__ = [
    "test_todo_answer_is_the_windows_own",
    "test_todo_codes_are_translated",
    "test_todo_examples_are_the_windows_own",
    "test_todo_name_is_given_in_three_languages",
    "test_todo_profile_says_what_the_country_can_do",
    "test_todo_reader_reads_the_national_form",
    "test_todo_rules_say_what_the_country_asks",
    "test_todo_schema_describes_the_national_form",
    "test_todo_wire_is_written_down",
    "test_todo_writer_writes_the_national_form",
    "test_what_is_open_is_what_is_asked_for",
]

_MARK = "Placeholder"
"""Names of the placeholder form begin so; a national document that holds it is not yet one."""


def points() -> frozenset[str]:
    """The points that a new country has, by the names of their tests."""
    return frozenset(name.removeprefix("test_todo_") for name in __all__ if name.startswith("test_todo_"))


def folder_of(adapter: Adapter) -> Path:
    """The adapter's folder: where its texts lie."""
    return Path(adapter.texts).parent


def registered(adapter: Adapter) -> Mapping[str, Any]:
    """The entries of `todo.toml`; none where there is no such file."""
    registry = folder_of(adapter) / "todo.toml"
    return tomllib.loads(registry.read_text("utf-8")) if registry.is_file() else {}


def _closed(adapter: Adapter, point: str) -> None:
    """Fail with what is to be done while a point is registered."""
    entry = registered(adapter).get(point)
    if entry is not None:
        registry = f"{folder_of(adapter).name}/todo.toml"
        said = f"{adapter.country}, {entry['where']}: {entry['what']} Then remove [{point}] from {registry}."
        pytest.fail(said, pytrace=False)


def _profile(adapter: Adapter) -> Mapping[str, Any]:
    return tomllib.loads((folder_of(adapter) / "profile.toml").read_text("utf-8"))


def test_what_is_open_is_what_is_asked_for(adapter: Adapter) -> None:
    """An entry under another name would be open for ever, and nothing would fail."""
    assert set(registered(adapter)) <= points()
    assert all({"what", "where"} == set(entry) for entry in registered(adapter).values())


def test_todo_wire_is_written_down(adapter: Adapter) -> None:
    _closed(adapter, "wire_is_written_down")
    page = (folder_of(adapter) / "README.md").read_text("utf-8")
    assert _MARK.lower() not in page.lower(), "README.md still describes the placeholder form"
    assert _profile(adapter)["wire"]["status"] in ("grounded", "plausible")
    assert "grounded" in page or "plausible" in page


def test_todo_reader_reads_the_national_form(adapter: Adapter) -> None:
    _closed(adapter, "reader_reads_the_national_form")
    neighbour = next(iter(setting_of(adapter).routes))
    document = National(example(adapter.country, neighbour), XML)
    assert adapter.read(document, setting_of(adapter)).message is None, "the reader still takes the placeholder form"
    assert any(read(adapter, document).message for _, document in example_documents(adapter))


def test_todo_writer_writes_the_national_form(adapter: Adapter) -> None:
    _closed(adapter, "writer_writes_the_national_form")
    written = [adapter.write(message).document.body for _, message in common_examples(adapter)]
    assert any(written), "the writer writes nothing"
    assert not any(_MARK.encode() in body for body in written), "the writer still writes the placeholder form"


def test_todo_answer_is_the_windows_own(adapter: Adapter) -> None:
    _closed(adapter, "answer_is_the_windows_own")
    at = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    for name, document in example_documents(adapter):
        assert _MARK.encode() not in adapter.answer(document, True, (), at).body, name


def test_todo_codes_are_translated(adapter: Adapter) -> None:
    _closed(adapter, "codes_are_translated")
    package = adapter.read.__module__.rpartition(".")[0]
    codes = vars(importlib.import_module(f"{package}.codes"))
    tables = [name for name, value in codes.items() if name.isupper() and isinstance(value, Mapping) and value]
    assert tables, "codes.py holds no table"


def test_todo_rules_say_what_the_country_asks(adapter: Adapter) -> None:
    _closed(adapter, "rules_say_what_the_country_asks")
    assert any(rule.check is not None for rule in adapter.rules), "no rule of the country checks anything"


def test_todo_schema_describes_the_national_form(adapter: Adapter) -> None:
    _closed(adapter, "schema_describes_the_national_form")
    schemas = [file for file in (folder_of(adapter) / "schema").rglob("*") if file.suffix in (".xsd", ".json")]
    assert schemas, "schema/ is empty"
    assert not [file.name for file in schemas if _MARK in file.read_text("utf-8")]


def test_todo_examples_are_the_windows_own(adapter: Adapter) -> None:
    _closed(adapter, "examples_are_the_windows_own")
    documents = example_documents(adapter)
    assert documents, "examples/ is empty"
    assert not [name for name, document in documents if _MARK.encode() in document.body]


def test_todo_name_is_given_in_three_languages(adapter: Adapter) -> None:
    _closed(adapter, "name_is_given_in_three_languages")
    assert all(_profile(adapter).get(name) for name in ("name", "name_ru", "name_zh"))


def test_todo_profile_says_what_the_country_can_do(adapter: Adapter) -> None:
    _closed(adapter, "profile_says_what_the_country_can_do")
    assert load_capabilities(folder_of(adapter) / "profile.toml") == observed(adapter)
