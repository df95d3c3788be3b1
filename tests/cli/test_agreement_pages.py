"""`torugart schemas check` and `build`: the pages of agreements, and of the life of an exchange, in `docs/`."""

from __future__ import annotations

import shutil

import pytest

from gateway.published import published


@pytest.fixture
def copy(tmp_path):
    """A copy of what is published, just built, with docs/ beside it."""
    (tmp_path / "docs").mkdir()
    shutil.copy(published().parent / "docs" / "life.md", tmp_path / "docs")
    folder = tmp_path / "schemas"
    shutil.copytree(published("agreements"), folder / "agreements")
    return folder


def test_the_page_of_an_agreement_that_is_gone_is_stale_until_it_is_built_anew(torugart, copy):
    torugart("schemas", "build", "--directory", copy)
    (copy / "agreements" / "kz-uz-road.toml").unlink()
    page = copy.parent / "docs" / "agreements" / "kz-uz-road-1.md"
    checked = torugart("schemas", "check", "--directory", copy)
    assert checked.exit_code == 1
    assert f"stale: {page}\n" in checked.stdout
    assert f"{page}\n" in torugart("schemas", "build", "--directory", copy).stdout
    assert not page.exists()
    assert torugart("schemas", "check", "--directory", copy).exit_code == 0


def test_a_page_that_somebody_wrote_is_left_alone(torugart, copy):
    torugart("schemas", "build", "--directory", copy)
    page = copy.parent / "docs" / "agreements" / "notes.md"
    page.write_text("# Notes", encoding="utf-8")
    assert torugart("schemas", "check", "--directory", copy).exit_code == 0
    assert torugart("schemas", "build", "--directory", copy).stdout == ""
    assert page.exists()


def test_a_diagram_that_was_changed_by_hand_is_stale_until_it_is_built_anew(torugart, copy):
    torugart("schemas", "build", "--directory", copy)
    life = copy.parent / "docs" / "life.md"
    right = life.read_text("utf-8")
    life.write_text(right.replace("registered --> delivered: deliver", "registered --> closed: deliver"), "utf-8")
    assert torugart("schemas", "check", "--directory", copy).stdout == f"stale: {life}\n"
    torugart("schemas", "build", "--directory", copy)
    assert life.read_text("utf-8") == right
