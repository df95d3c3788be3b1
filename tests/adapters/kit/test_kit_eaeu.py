"""Classifiers of the Eurasian Economic Union: total both ways, between codes that the common form has."""

import csv
from pathlib import Path

import pytest

from adapters.kit import eaeu

LISTS = Path(__file__).parents[3] / "schemas" / "codelists"
TABLES = [
    ("transport_modes", eaeu.MODES, eaeu.MODES_READ),
    ("documents", eaeu.DOCUMENTS, eaeu.DOCUMENTS_READ),
    ("units", eaeu.UNITS, eaeu.UNITS_READ),
]


@pytest.mark.parametrize(("name", "there", "back"), TABLES, ids=[name for name, *_ in TABLES])
def test_a_table_leads_there_and_back_between_codes_that_are_in_the_lists(name, there, back):
    assert all(back[national] == common for common, national in there.items())
    with (LISTS / f"{name}.csv").open(encoding="utf-8") as lines:
        known = {row["code"] for row in csv.DictReader(lines)}
    assert {*there, *back.values()} <= known


def test_of_the_modes_that_are_read_only_fixed_installations_are_not_written_for_there_are_two_of_them():
    assert set(eaeu.MODES_READ.values()) - set(eaeu.MODES) == {"7"}
