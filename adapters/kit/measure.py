"""Measures in another unit, exactly: a form has one unit for masses, and the common form has kilograms (ACD-CON-06)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal
from types import MappingProxyType

KILOGRAMS: Mapping[str, Decimal] = MappingProxyType({"KGM": Decimal(1), "TNE": Decimal(1000), "GRM": Decimal("0.001")})
"""Kilograms in one unit of mass (UN/ECE Rec 20)."""

_EXACT = Context(prec=60)  # more digits than a measure of the common form and a factor have together


def converted(value: Decimal, factor: Decimal, *, decimals: int = 6) -> Decimal | None:
    """A measure in another unit, without loss and without the zeros at its end; None where that is impossible.

    Zeros at the end say nothing about whether a value fits: 1000.0000 g are 1 kg.

    Args:
        value: The measure.
        factor: What one of its units is in the other.
        decimals: Decimals that the form has room for.
    """
    normal = _EXACT.normalize(_EXACT.multiply(value, factor))
    exponent = normal.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -decimals:
        return None
    return _EXACT.quantize(normal, Decimal(1)) if exponent > 0 else normal
