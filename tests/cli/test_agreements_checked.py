"""`torugart agreements check`: what is wrong, in the language asked for; what may stay is a warning and no more."""

from __future__ import annotations

import pytest

from gateway.published import published

ENDED = ("in_force_from = 2026-01-01", "in_force_from = 2024-01-01\nin_force_until = 2024-12-31")
OTHER_EDITION = ("as published on 2026-01-01", "as published on 2023-01-01")


@pytest.fixture
def folder(tmp_path):
    """Writes one agreement with some text replaced; gives its folder."""

    def write(*replacements):
        text = published("agreements", "kg-cn-road.toml").read_text("utf-8")
        for old, new in replacements:
            assert old in text, old
            text = text.replace(old, new)
        (tmp_path / "road.toml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "road.toml: modes[0]: 6 is not in the code list transport_modes"),
        ("ru", "road.toml: modes[0]: кода 6 нет в справочнике transport_modes"),
        ("zh", "road.toml: modes[0]: 代码表 transport_modes 中没有 6"),
    ],
)
def test_a_mistake_is_told_in_the_language_asked_for(language, told, torugart, folder):
    checked = torugart(
        "agreements", "check", "--lang", language, "--agreements", folder(('modes = ["3"]', 'modes = ["6"]'))
    )
    assert (checked.exit_code, told in checked.stdout.splitlines()) == (1, True)


@pytest.mark.parametrize(("language", "right"), [("en", "right"), ("ru", "верно"), ("zh", "正确")])
def test_what_is_right_is_said_in_the_language_asked_for(language, right, torugart):
    checked = torugart("agreements", "check", "--lang", language)
    assert {line.rpartition(": ")[2] for line in checked.stdout.splitlines()} == {right}


def test_an_edition_of_a_version_that_has_ended_is_a_warning_and_the_version_is_right(torugart, folder):
    checked = torugart("agreements", "check", "--agreements", folder(ENDED, OTHER_EDITION))
    assert checked.exit_code == 0
    assert checked.stdout.splitlines() == [
        "warning: road.toml: code_lists.currencies: the edition ISO 4217, as published on 2023-01-01 is not carried; "
        "it is ISO 4217, as published on 2026-01-01",
        "kg-cn-road/1: right",
    ]


def test_the_same_edition_of_a_version_in_force_is_a_mistake(torugart, folder):
    checked = torugart("agreements", "check", "--agreements", folder(OTHER_EDITION))
    assert checked.exit_code == 1
    assert checked.stdout.startswith("road.toml: code_lists.currencies: ")
