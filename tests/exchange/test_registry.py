"""The trust folder changes while the gateway runs."""

from __future__ import annotations

import pytest

from builders.serving import PARTICIPANTS, now, register
from gateway.signing import mint_workshop
from gateway.wiring import Registry

HERE = {participant.id for participant in PARTICIPANTS}


@pytest.fixture
def workshop(tmp_path):
    return mint_workshop(tmp_path, PARTICIPANTS, now())


@pytest.fixture
def registry(workshop):
    return Registry.load(workshop.trust)


@pytest.fixture
def file(workshop):
    return workshop.trust / "participants.toml"


def test_a_change_is_taken_over_when_it_has_stood_still_between_two_looks(registry, workshop):
    register(workshop, {"KG": "http://127.0.0.1:1"})

    registry.refresh()
    assert registry.endpoints == {}
    registry.refresh()
    assert registry.endpoints == {"KG": "http://127.0.0.1:1"}


def test_a_registry_that_is_being_written_locks_nobody_out(registry, file):
    text = file.read_text("utf-8")
    ends = [at for at in range(len(text)) if text.startswith("[[participant]]", at)]
    for end in (0, *ends, len(text)):
        file.write_text(text[:end], "utf-8")
        registry.refresh()
        assert set(registry.trust.participants) == HERE


@pytest.mark.parametrize("text", ["", "# nobody yet\n", "[[participant]]\n", "[[participant"])
def test_a_registry_that_cannot_be_used_leaves_the_last_good_one_in_force(registry, file, text):
    file.write_text(text, "utf-8")
    for _ in range(3):
        registry.refresh()

    assert set(registry.trust.participants) == HERE


def test_a_registry_that_is_mended_is_taken_over(registry, file):
    whole = file.read_text("utf-8")
    for text in ("", whole.replace('status = "active"', 'status = "suspended"', 1)):
        file.write_text(text, "utf-8")
        for _ in range(2):
            registry.refresh()

    assert sum(one.status == "suspended" for one in registry.trust.participants.values()) == 1


def test_a_file_that_is_taken_away_is_a_change(registry, workshop):
    (workshop.trust / "crl/workshop.pem").unlink()
    for _ in range(2):
        registry.refresh()

    assert registry.trust.revocation_lists == ()
