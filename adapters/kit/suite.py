"""The contract tests: what every adapter must do, inherited by import.

An adapter's own test file is three lines and one fixture, whether it lives here or in a package of its own:

    import pytest
    from adapters.kit.suite import *
    from my_adapter import ADAPTER

    @pytest.fixture
    def adapter():
        return ADAPTER

The tests ask for what the adapter declares (its examples, `not_carried`, its rules and texts), never for a country.
"""

from __future__ import annotations

import builtins
import io
import socket
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from iso3166 import countries_by_alpha2

from adapters.kit.contract import (
    CONTRACT,
    JSON,
    MEDIA_TYPES,
    XML,
    ZIP,
    Adapter,
    Fault,
    National,
    Reading,
    Route,
    Setting,
)
from gateway.agreements import load_agreements
from gateway.installed import offline_setting
from gateway.message.canonical import canonical_json
from gateway.message.finding import Severity
from gateway.message.metadata import KINDS, DeclarationMessage, Message
from gateway.published import published
from gateway.validation.catalogue import core_catalogue, placeholders, read_texts

__all__ = [
    "test_a_deviation_from_the_national_form_is_told_not_raised",
    "test_a_reply_takes_a_document_or_refuses_it_and_what_is_no_reply_does_neither",
    "test_an_answer_names_every_fault",
    "test_any_bytes_are_read_into_findings",
    "test_each_example_is_read_without_serious_findings",
    "test_nothing_is_dropped_in_silence",
    "test_reading_and_writing_touch_neither_files_nor_network",
    "test_reading_is_deterministic_and_changes_nothing",
    "test_rules_have_ids_sources_and_texts_in_three_languages",
    "test_the_country_and_the_contract_are_ones_that_exist",
    "test_what_is_written_is_read_back",
    "test_writing_is_deterministic",
]

_TODAY = datetime(2026, 11, 23, tzinfo=UTC)
"""The day of the tests: agreements in force on it say who the neighbours are."""
_NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""When documents are answered."""


@cache
def _neighbours(country: str, profile: Path) -> Mapping[str, Route]:
    """Whom a country exchanges with, by country.

    Those with whom it stands in a published agreement, and those that `neighbours` in its `profile.toml` names: a
    country that is being added, or a package of its own, has no published agreement yet.
    """
    agreements = load_agreements(published("agreements"))
    named = tomllib.loads(profile.read_text("utf-8")).get("neighbours", ()) if profile.is_file() else ()
    routes = {name: Route(name, f"{country}-{name}".lower(), "1") for name in named}
    for agreement in agreements.values():
        countries = [agreement.country(party) for party in agreement.parties]
        if country in countries:
            routes |= {name: Route(name, agreement.id, agreement.version) for name in countries if name != country}
    usual = offline_setting(country, agreements, _TODAY).routes
    return routes | {name: Route(each.recipient, each.agreement, each.version) for name, each in usual.items()}


def settings_of(adapter: Adapter) -> tuple[Setting, ...]:
    """One with every neighbour, then one with each alone: a document that names no country can only be for the one."""
    routes = _neighbours(adapter.country, Path(adapter.texts).parent / "profile.toml")
    assert routes, f"no published agreement has {adapter.country}: name its `neighbours` in profile.toml"
    alone = (Setting(adapter.country, {name: route}) for name, route in routes.items() if "/" not in name)
    return (Setting(adapter.country, routes), *alone)


def setting_of(adapter: Adapter) -> Setting:
    """The setting with every neighbour: what an adapter runs with."""
    return settings_of(adapter)[0]


def read(adapter: Adapter, document: National) -> Reading:
    """The document read in the first setting that gives a message without serious findings, else with them."""
    readings = [adapter.read(document, setting) for setting in settings_of(adapter)]
    messages = [reading for reading in readings if reading.message is not None]
    good = (
        reading for reading in messages if not any(finding.severity is Severity.REJECT for finding in reading.findings)
    )
    return next(good, (messages or readings)[0])


def example_documents(adapter: Adapter) -> list[tuple[str, National]]:
    """The adapter's examples by file name."""
    return [
        (file.name, National(file.read_bytes(), MEDIA_TYPES[file.suffix], file.name))
        for file in sorted(adapter.examples.rglob("*"))
        if file.suffix in MEDIA_TYPES
    ]


def common_examples(adapter: Adapter) -> list[tuple[str, Message]]:
    """Messages of the common form that are meant for the adapter's country.

    The published ones, re-addressed, and those of the adapter's own examples that are meant for it.
    """
    found: list[tuple[str, Message]] = []
    for kind, cls in KINDS.items():
        for file in sorted(published(kind, "v1", "examples").glob("*.json")):
            message = cls.model_validate_json(file.read_bytes(), by_alias=True, by_name=False)
            found.append((f"{kind}/{file.stem}", addressed(message, adapter)))
    for name, document in example_documents(adapter):
        reading = read(adapter, document)
        if reading.message and reading.message.communication_meta_data.recipient.id == adapter.country:
            found.append((name, reading.message))
    return found


def addressed(message: Any, adapter: Adapter) -> Message:
    """The same message, meant for the adapter's country."""
    head = message.communication_meta_data
    if head.recipient.id == adapter.country:
        return message  # type: ignore[no-any-return]
    sender = head.sender if head.sender.id != adapter.country else head.recipient
    recipient = head.recipient.model_copy(update={"id": adapter.country})
    changed = head.model_copy(update={"sender": type(head.sender)(id=sender.id), "recipient": recipient})
    return message.model_copy(update={"communication_meta_data": changed})  # type: ignore[no-any-return]


@pytest.fixture
def adapter() -> Adapter:
    """Overridden by the adapter's own test file."""
    raise NotImplementedError("give the suite a fixture `adapter`")


def test_the_country_and_the_contract_are_ones_that_exist(adapter: Adapter) -> None:
    assert adapter.country in countries_by_alpha2
    assert adapter.contract == CONTRACT
    assert adapter.language in ("en", "ru", "zh")
    assert adapter.name


def test_each_example_is_read_without_serious_findings(adapter: Adapter) -> None:
    documents = example_documents(adapter)
    assert documents, "an adapter has examples"
    for name, document in documents:
        reading = read(adapter, document)
        serious = [finding for finding in reading.findings if finding.severity is Severity.REJECT]
        assert reading.message is not None, name
        assert not serious, (name, serious)


def faults_of(reading: Reading) -> tuple[Fault, ...]:
    """What reading found, as the window is told of it: each at its place in the document, with the value there."""
    return tuple(Fault(finding.rule, "第一", finding.national, finding.value) for finding in reading.findings)


def read_and_answered(adapter: Adapter, document: National) -> Reading:
    """Whatever a document holds, it is read; and it is answered with what was found, taken or not."""
    reading = adapter.read(document, setting_of(adapter))
    assert isinstance(reading, Reading)
    assert reading.message is not None or reading.findings
    for taken in (True, False):
        answer = adapter.answer(document, taken, faults_of(reading), _NOW)
        assert answer.body, (taken, reading.findings)
    return reading


_NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
"""What a zip can name an entry: its names end at a NUL."""


@st.composite
def _archives(draw: st.DrawFn) -> bytes:
    """Zips of anything under any names."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in draw(st.lists(_NAMES, max_size=3, unique=True)):
            archive.writestr(zipfile.ZipInfo(name), draw(st.binary(max_size=60)))
    return packed.getvalue()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.one_of(st.binary(max_size=400), _archives()), media_type=st.sampled_from([XML, ZIP, JSON, "text/plain", ""])
)
def test_any_bytes_are_read_into_findings(adapter: Adapter, body: bytes, media_type: str) -> None:
    read_and_answered(adapter, National(body, media_type))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_deviation_from_the_national_form_is_told_not_raised(adapter: Adapter, data: st.DataObject) -> None:
    _, document = data.draw(st.sampled_from(example_documents(adapter)))
    body = bytearray(document.body)
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, len(body) - 1))
        body[position : position + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    read_and_answered(adapter, National(bytes(body), document.media_type))


def test_reading_is_deterministic_and_changes_nothing(adapter: Adapter) -> None:
    for name, document in example_documents(adapter):
        first = read(adapter, document)
        second = read(adapter, document)
        assert first == second, name


def test_writing_is_deterministic(adapter: Adapter) -> None:
    for name, message in common_examples(adapter):
        before = canonical_json(message)
        assert adapter.write(message) == adapter.write(message), name
        assert canonical_json(message) == before, name


def test_reading_and_writing_touch_neither_files_nor_network(adapter: Adapter) -> None:
    documents, messages = example_documents(adapter), common_examples(adapter)
    for _, message in messages:
        adapter.write(message)  # tables that are loaded once are loaded now
    with _no_input_or_output():
        for _, document in documents:
            read(adapter, document)
        for _, message in messages:
            adapter.write(message)


@contextmanager
def _no_input_or_output() -> Iterator[None]:
    """Files and sockets are out of reach."""
    opened, connected = builtins.open, socket.socket

    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise AssertionError("an adapter's functions do no input or output")

    builtins.open, socket.socket = refuse, refuse  # type: ignore[misc, assignment]
    try:
        yield
    finally:
        builtins.open, socket.socket = opened, connected  # type: ignore[misc]


def test_nothing_is_dropped_in_silence(adapter: Adapter) -> None:
    """What goes to the national form and back is the same, or the adapter said that it would not be.

    It said so in `not_carried`, in a finding of the writer, or in a finding of the reader about what was written.
    """
    for name, message in common_examples(adapter):
        written = adapter.write(message)
        if not written.document.body:
            assert written.findings, name
            continue
        reading = read(adapter, written.document)
        told = {finding.pointer for finding in (*written.findings, *reading.findings) if finding.pointer}
        before, after = leaves(message), leaves(reading.message) if reading.message else {}
        silent = [
            pointer
            for pointer, value in before.items()
            if after.get(pointer) != value and not _promised(pointer, adapter.not_carried) and not _told(pointer, told)
        ]
        assert not silent, (name, silent[:10])


def test_what_is_written_is_read_back(adapter: Adapter) -> None:
    """Identity, message by message, for what is not promised to be lost: a second way leaves what the first made."""
    for name, message in common_examples(adapter):
        if not isinstance(message, DeclarationMessage):
            continue
        written = adapter.write(message)
        if not written.document.body:
            continue
        once = read(adapter, written.document).message
        assert once is not None, name
        again = read(adapter, adapter.write(once).document).message
        assert again is not None, name
        assert {p: v for p, v in leaves(once).items() if leaves(again).get(p) != v} == {}, name


def leaves(message: Any) -> Mapping[str, Any]:
    """The values of a message's document by JSON Pointer; the envelope is made anew by every reader."""
    found: dict[str, Any] = {}

    def walk(node: Any, pointer: str) -> None:
        children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else None
        if children is None:
            found[pointer] = node
            return
        for name, child in children:
            walk(child, f"{pointer}/{name}")

    tree = message.model_dump(mode="json", exclude_defaults=True)
    walk(tree[message.document], f"/{message.document}")
    return found


def _promised(pointer: str, promises: frozenset[str]) -> bool:
    path = "/".join(part for part in pointer.split("/")[1:] if not part.isdigit())
    return any(path == promise or path.startswith(promise + "/") for promise in promises)


def _told(pointer: str, told: set[str]) -> bool:
    return any(pointer == place or pointer.startswith(place + "/") or place.startswith(pointer + "/") for place in told)


def test_an_answer_names_every_fault(adapter: Adapter) -> None:
    faults = (Fault("ACD-CON-02", "第一", "/a", "1"), Fault("ACD-IDN-01", "Вторая", "/b", "2"))
    for name, document in example_documents(adapter):
        returned = adapter.answer(document, False, faults, _NOW)
        text = returned.body.decode("utf-8")
        for fault in faults:
            assert fault.rule in text, name
            assert fault.text in text, name
        taken = adapter.answer(document, True, (), _NOW)
        assert taken.body != returned.body, name
        assert adapter.answer(document, False, faults, _NOW) == returned, name


def test_a_reply_takes_a_document_or_refuses_it_and_what_is_no_reply_does_neither(adapter: Adapter) -> None:
    """The window replies in the form in which it is answered."""
    for name, document in example_documents(adapter):
        taken = adapter.acknowledged(adapter.answer(document, True, (), _NOW))
        assert (taken.taken, taken.refused) == (True, False), name
        returned = adapter.acknowledged(adapter.answer(document, False, (Fault("X", "第一", "", ""),), _NOW))
        assert (returned.taken, returned.refused) == (False, True), name
        assert "第一" in returned.text, name
    for body in (b"", b"<html/>", b"{}", b"\x00\xff"):
        nothing = adapter.acknowledged(National(body, XML))
        assert (nothing.taken, nothing.refused) == (False, False), body


def test_rules_have_ids_sources_and_texts_in_three_languages(adapter: Adapter) -> None:
    catalogue = core_catalogue().extended(adapter.rules, adapter.texts)
    own = read_texts(Path(adapter.texts))
    for rule in adapter.rules:
        assert rule.id.startswith(f"{adapter.country}-"), rule.id
        assert rule.source, rule.id
        names = {language: placeholders(own[language][rule.id].text) for language in own}
        assert len(set(names.values())) == 1, (rule.id, names)
        assert rule.id in catalogue.rules
