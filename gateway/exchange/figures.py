"""Figures and numbers as they are compared: masses in kilograms, sums that may be unknown, tolerances, plain texts.

Decimals throughout. What is not said is None, and nothing is ever counted as zero because it is not said.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from gateway.agreements import Agreement
from gateway.message.declaration import Consignment, ConsignmentItem
from gateway.message.parts import Measure

_KILOGRAM = "KGM"


def kilograms(measure: Measure | None) -> Decimal | None:
    """A mass in kilograms; None where there is none, or it is in another unit."""
    return measure.value if measure is not None and measure.unit_code == _KILOGRAM else None


def gross_mass(consignment: Consignment) -> Decimal | None:
    """Gross mass of a consignment in kilograms: its total, or else the sum of its items."""
    if consignment.total_gross_mass_measure is not None:
        return kilograms(consignment.total_gross_mass_measure)
    return added(item_mass(item) for item in consignment.consignment_item)


def item_mass(item: ConsignmentItem) -> Decimal | None:
    """Gross mass of an item in kilograms."""
    return kilograms(item.goods_measure.gross_mass_measure) if item.goods_measure is not None else None


def added(figures: Iterable[Decimal | None]) -> Decimal | None:
    """A sum; None where there is nothing to add, or something is not known."""
    total: Decimal | None = None
    for figure in figures:
        if figure is None:
            return None
        total = figure if total is None else total + figure
    return total


def mass_margin(figure: Decimal, agreement: Agreement, *, by_default: Decimal) -> Decimal:
    """By how much a gross mass may differ from a figure, in kilograms, over and under alike.

    Args:
        figure: What was declared, in kilograms.
        agreement: Its `comparison`: percent of the figure and kilograms, the larger of the two.
        by_default: Percent where the agreement does not say it.
    """
    agreed = agreement.comparison
    percent = agreed.gross_mass_percent if "gross_mass_percent" in agreed.model_fields_set else by_default
    return max(agreed.gross_mass_kg, figure * percent / 100)


def shown(figure: Decimal | None) -> str:
    """A figure for people: without an exponent, without zeros that say nothing; "" for None."""
    if figure is None:
        return ""
    text = format(figure, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def comparable(number: str) -> str:
    """The number of a seal or a document as it is compared.

    Compatibility forms, small letters, spaces and characters that nobody sees disappear, and every dash is one.
    """
    plain = "".join(unicodedata.normalize("NFKC", number).upper().split())
    kinds = ((character, unicodedata.category(character)) for character in plain)
    return "".join("-" if kind == "Pd" else character for character, kind in kinds if kind != "Cf")
