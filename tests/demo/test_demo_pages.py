"""What the demonstration says of itself: its parts exist, and every check and event has its text."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

import gateway.demo

FOLDER = Path(gateway.demo.__file__).parent
TEXTS = tomllib.loads((FOLDER / "texts.toml").read_text("utf-8"))


def test_the_package_names_its_modules_and_no_other():
    named = set(re.findall(r"`(\w+)`", gateway.demo.__doc__))
    assert named == {file.stem for file in FOLDER.glob("*.py")} - {"__init__"}


def first_texts(*called):
    """The first argument of every call of these functions, where it is a text."""
    for file in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            name = getattr(getattr(node, "func", None), "attr", getattr(getattr(node, "func", None), "id", ""))
            if name in called and node.args and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value


def test_every_check_has_its_text_and_every_text_its_check():
    assert set(first_texts("check", "holds", "says")) == set(TEXTS["check"])


@pytest.mark.parametrize("section", TEXTS)
def test_every_text_is_there_in_three_languages(section):
    for key, text in TEXTS[section].items():
        assert set(text) == {"en", "ru", "zh"}, key
        assert all(text.values()), key
