"""The package says what is in it."""

import re
from pathlib import Path

import mock_nsw
from gateway import installed


def test_the_package_lists_its_modules_and_those_of_a_country_by_the_countrys_name():
    countries = [country.lower() for country in installed.entries(installed.NSWS)]
    folder = {file.name for file in Path(mock_nsw.__file__).parent.glob("*.py")} - {"__init__.py"}
    beside = {name for name in folder if name.partition("_")[0] in countries and "_" in name}
    listed = re.findall(r"\w+\.py", "\n".join(re.findall(r"^    \S.*", mock_nsw.__doc__, re.MULTILINE)))
    assert sorted(listed) == sorted(folder - beside)
