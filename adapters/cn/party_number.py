"""Numbers of parties: `<type>+<number>` or the number alone in China's forms, the number alone in the common form.

The common form says by the country what a number is, and the gateway checks it by that. Of the types, `USCI` and `INN`
are in `docs/national-wires.md` as plausible, the others likewise; a Chinese number is written without one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from adapters.cn.document import Leaf, Notes
from gateway.message.finding import Severity
from gateway.message.parts import Address
from gateway.validation.identifiers import Fault, check_cn_uscc, check_kg_inn, check_kz_bin, check_kz_iin

_TYPED = re.compile(r"([^+\s]{1,10})\+(.+)")
_KYRGYZ = re.compile(r"[0-9]{5}(?:19|20)[0-9]{7}")
"""A Kyrgyz number has a year where an Uzbek person's number, which is as long, has other digits."""


@dataclass(frozen=True, slots=True)
class _Type:
    """A type of number that China's forms name.

    Attributes:
        name: What stands before the `+`.
        country: Whose numbers they are.
        begins: First digits of those that are written with this type; "" for any.
        check: What a number of it must pass.
    """

    name: str
    country: str
    begins: str
    check: Callable[[str], Fault | None]

    def fits(self, number: str) -> bool:
        """Whether a number passes the check; nothing is said of how it begins."""
        return self.check(number) is None and (self.country != "KG" or _KYRGYZ.fullmatch(number) is not None)


_TYPES = (
    # Of Kyrgyz numbers those of organisations begin with 0, those of persons with 1 or 2 (background knowledge).
    _Type("INN", "KG", "0", check_kg_inn),
    _Type("PIN", "KG", "12", check_kg_inn),
    _Type("BIN", "KZ", "", check_kz_bin),
    _Type("IIN", "KZ", "", check_kz_iin),
)


def country_of_number(leaf: Leaf | None) -> str | None:
    """The country whose number it is, where its type says so."""
    typed = _TYPED.fullmatch(leaf.text) if leaf else None
    found = (one.country for one in _TYPES if typed is not None and one.name == typed[1] and one.fits(typed[2]))
    return next(found, None)


def read_number(notes: Notes, pointer: str, leaf: Leaf | None, country: str | None = None) -> Leaf | None:
    """The number of a party: without a type that is known where it passes its check, else the whole as it is.

    Args:
        notes: Where a `KIT-LOST-01` goes for a type that would not be written back, a `CN-017` for one that is kept.
        pointer: JSON Pointer of the number.
        leaf: What stands in the form.
        country: The party's, where it is known.
    """
    typed = _TYPED.fullmatch(leaf.text) if leaf else None
    if leaf is None or typed is None:
        return leaf
    name, number = typed[1], typed[2]
    if check_cn_uscc(number) is not None and country_of_number(leaf) is None:
        notes.add("CN-017", Severity.INFO, pointer, leaf)
        return leaf
    if _written(number, country) != leaf.text:
        notes.lost(pointer, name, leaf.place)
    return Leaf(number, leaf.place)


def written_number(number: str | None, address: Address | None = None) -> str | None:
    """The number of a party as the forms have it: a neighbour's with its type.

    Args:
        number: The number.
        address: The party's; by its country it is known whose number it is. Without, it is what alone it can be.
    """
    return _written(number, address.country_code if address is not None else None) if number is not None else None


def _written(number: str, country: str | None) -> str:
    for one in _TYPES:
        if country in (None, one.country) and one.fits(number) and number[:1] in (one.begins or number[:1]):
            return f"{one.name}+{number}"
    return number
