"""Measures in another unit: exact, or none."""

from decimal import Decimal

import pytest

from adapters.kit.measure import KILOGRAMS, converted


@pytest.mark.parametrize(
    ("value", "unit", "kilograms"),
    [
        ("1000.0000", "GRM", "1"),
        ("1000.5000", "GRM", "1.0005"),
        ("0.001", "GRM", "0.000001"),
        ("1.05", "TNE", "1050"),
        ("9999999999.000001", "TNE", "9999999999000.001"),
        ("7.50", "KGM", "7.5"),
        ("0.000", "GRM", "0"),
    ],
)
def test_a_mass_is_converted_exactly_and_loses_the_zeros_at_its_end(value: str, unit: str, kilograms: str):
    assert str(converted(Decimal(value), KILOGRAMS[unit])) == kilograms


def test_what_needs_more_decimals_than_the_form_has_is_not_converted():
    assert converted(Decimal("0.0001"), KILOGRAMS["GRM"]) is None
    assert converted(Decimal("0.005"), Decimal(1), decimals=2) is None
