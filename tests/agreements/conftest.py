"""Agreements to test with: the published ones, and files that differ from one of them in one thing."""

from __future__ import annotations

import pytest

from gateway.agreements import load_agreements, read_agreements
from gateway.published import published


@pytest.fixture(scope="session")
def agreements():
    return load_agreements(published("agreements"))


@pytest.fixture(scope="session")
def road(agreements):
    return agreements["kg-cn-road", "1"]


@pytest.fixture
def written(tmp_path):
    """Files in a folder of their own, from published ones with some text replaced; gives agreements and mistakes."""

    def write(*replacements, name="kg-cn-road", file="a.toml"):
        text = published("agreements", f"{name}.toml").read_text("utf-8")
        for old, new in replacements:
            assert old in text, old
            text = text.replace(old, new)
        (tmp_path / file).write_text(text, encoding="utf-8")
        found, mistakes, _ = read_agreements(tmp_path)
        return found, [str(mistake) for mistake in mistakes]

    return write
