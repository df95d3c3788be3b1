"""Hypothesis strategies: any message that the form allows, made from the element table.

Most of what they make no rule would accept; that is the point: reading, writing and judging must hold for every model,
not only for the tidy ones. Texts come in the scripts of the corridor and from anywhere in Unicode.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from hypothesis import strategies as st

from gateway.message.element import WcoClass
from gateway.message.leaf import DateTime, Fixed, Indicator, Leaf, String, Whole
from gateway.message.metadata import BorderEventMessage, DeclarationMessage, MetaData, ResponseMessage
from gateway.message.table import Element, elements
from gateway.validation.codelists import load_codelists

SCRIPTS = (
    "新疆喀什地区吐尔尕特口岸边境货物运输有限责任公司",
    "Кыргызстан, Нарын облусу, Ат-Башы району, Торугарт өткөрүү бекети",
    "Ўзбекистон Республикаси давлат божхона қўмитаси",
    "Oʻzbekiston Respublikasi, gʻalla mahsulotlari",
    "საქართველოს შემოსავლების სამსახური, სარფი",
    "شرکت حمل و نقل بین‌المللی ۱۲۳۴",
    "Azərbaycan İctimai Nəqliyyat Şirkəti",
    "Монгол Улсын Гаалийн ерөнхий газар",
    "𠮷野家𩸽 🚚📦 𝔗𝔬𝔯𝔲𝔤𝔞𝔯𝔱",
    "line one\nline two\twith tab & <markup> ]]> \"quotes\" 'single'",
)
_ANYTHING = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
_NO_SPACE = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zs"), exclude_characters="\ufffe\uffff")
_ASCII_WORD = st.characters(min_codepoint=0x21, max_codepoint=0x7E)


def messages() -> st.SearchStrategy[MetaData]:
    """Any message: a declaration, a response or a border event."""
    return st.one_of(declarations(), responses(), border_events())


def declarations() -> st.SearchStrategy[DeclarationMessage]:
    """Any message with a declaration."""
    return _class(DeclarationMessage).map(_builder(DeclarationMessage))


def responses() -> st.SearchStrategy[ResponseMessage]:
    """Any message with a response."""
    return _class(ResponseMessage).map(_builder(ResponseMessage))


def border_events() -> st.SearchStrategy[BorderEventMessage]:
    """Any message with a border event."""
    return _class(BorderEventMessage).map(_builder(BorderEventMessage))


def _builder(kind: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda tree: kind.model_validate(tree, by_alias=True, by_name=False)


@cache
def _class(cls: type[WcoClass]) -> st.SearchStrategy[dict[str, Any]]:
    """Trees of a class: what is required, and up to five of what is optional."""
    rows = elements(cls)
    values = {row.name: _values(row) for row in rows}
    required = [row.name for row in rows if row.required]
    optional = [row.name for row in rows if not row.required]

    @st.composite
    def tree(draw: st.DrawFn) -> dict[str, Any]:
        chosen = draw(st.sets(st.sampled_from(optional), max_size=5)) if optional else set()
        return {row.name: draw(values[row.name]) for row in rows if row.name in chosen or row.name in required}

    return tree()


def _values(row: Element) -> st.SearchStrategy[Any]:
    one = _leaf(row.leaf, row.codes) if row.child is None else _class(row.child)
    return st.lists(one, min_size=1, max_size=min(2, row.most)) if row.repeated else one


def _leaf(leaf: Leaf | None, codes: str) -> st.SearchStrategy[Any]:
    match leaf:
        case String():
            return _coded(leaf, codes) if codes else _string(leaf)
        case Whole():
            return st.integers(leaf.low, 10**leaf.digits - 1)
        case Fixed():
            return _decimal(leaf)
        case DateTime():
            return _moments()
        case Indicator():
            return st.booleans()
    raise TypeError(f"no strategy for {leaf}")


def _coded(leaf: String, codes: str) -> st.SearchStrategy[str]:
    low, high = leaf.lengths
    fitting = [code for code in load_codelists()[codes].codes if low <= len(code) <= high]
    return st.one_of(st.sampled_from(fitting), _string(leaf)) if fitting else _string(leaf)


def _string(leaf: String) -> st.SearchStrategy[str]:
    low, high = leaf.lengths
    if leaf.representation == "Text":
        samples = [text[:high] for text in SCRIPTS]
        first, rest = _NO_SPACE, st.text(_ANYTHING, max_size=min(high - 1, 20))
        return st.one_of(st.sampled_from(samples), st.builds(lambda a, b: a + b, first, rest))
    kind = leaf.format.rstrip("0123456789.")
    if kind in ("a", "n"):
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if kind == "a" else "0123456789"
        return st.text(alphabet, min_size=low, max_size=high)
    words = [" ".join(text.split())[:high].strip() for text in SCRIPTS]
    short = st.text(_ASCII_WORD, min_size=max(1, low), max_size=min(high, 20))
    return st.one_of(short, st.sampled_from(words), st.text(_NO_SPACE, min_size=max(1, low), max_size=min(high, 8)))


def _decimal(leaf: Fixed) -> st.SearchStrategy[str]:
    """Decimals as they are written, zeros at the end kept."""
    whole = st.integers(0, 10 ** (leaf.total - leaf.fraction) - 1).map(str)
    if not leaf.fraction:
        return whole
    fraction = st.text("0123456789", min_size=1, max_size=leaf.fraction)
    zeros = st.integers(1, leaf.fraction).map(lambda count: "0" * count)
    return st.one_of(whole, st.builds(lambda a, b: f"{a}.{b}", whole, st.one_of(fraction, zeros)))


def _moments() -> st.SearchStrategy[str]:
    """Date-times with any offset, to the second or the millisecond."""
    day = st.datetimes(datetime(2000, 1, 2), datetime(2099, 12, 30))  # noqa: DTZ001 - the offset is drawn apart
    fraction = st.one_of(st.just(""), st.integers(0, 999).map(lambda ms: f".{ms:03d}"))
    known = st.sampled_from(["Z", "+06:00", "+08:00", "+04:30", "+05:00", "-03:30", "+14:00", "-14:00", "+05:45"])
    any_offset = st.builds(
        lambda sign, hour, minute: f"{sign}{hour:02d}:{minute:02d}",
        st.sampled_from("+-"),
        st.integers(1, 13),
        st.integers(0, 59),
    )
    return st.builds(
        lambda at, ms, offset: at.strftime("%Y-%m-%dT%H:%M:%S") + ms + offset,
        day,
        fraction,
        st.one_of(known, any_offset),
    )
