"""How single values are written in Uzbek documents: texts, codes, numbers as strings, times of Tashkent, masses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from adapters.kit.contract import fit
from adapters.kit.measure import converted
from adapters.kit.sheet import Sheet, written
from adapters.uz.rows import Kind
from adapters.uz.source import BLANK, Source
from gateway.message.finding import Severity
from gateway.message.parts import Amount, Measure, Quantity

_MOST = 10**10
"""What a measure is below: the common form has ten digits before the point, and the form is read back into it."""

TASHKENT = timezone(timedelta(hours=5))
"""Asia/Tashkent: +05:00 all year since 1992."""

_LOCAL = re.compile(r"(\d{2})\.(\d{2})\.(\d{4}) (\d{2}:\d{2})(:\d{2})?")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{3})?)?(?P<offset>Z|[+\-]\d{2}:\d{2})?")


def _read_text(source: Source, value: Any, place: str, pointer: str, _cls: Any) -> str | None:
    """Free text as it is; only where it begins with white space, as pasted text may, is that taken off."""
    stripped = source.string(value, place, pointer)
    return stripped if stripped is None or value[:1] in BLANK else str(value)


def _read_word(source: Source, value: Any, place: str, pointer: str, _cls: Any) -> str | None:
    return source.string(value, place, pointer)


def _write_as_it_is(sheet: Sheet, value: Any, pointer: str) -> str:
    sheet.said.add(pointer)
    return written(value)


TEXT = Kind(_read_text, _write_as_it_is)
"""Words that people read."""

WORD = Kind(_read_word, _write_as_it_is)
"""A code, a number of a document, an identifier."""


def _read_whole(source: Source, value: Any, place: str, pointer: str, _cls: Any) -> int | None:
    text = source.string(value, place, pointer)
    if text is None or (text.isascii() and text.isdigit() and len(text) <= 9):
        return None if text is None else int(text)
    source.unfit(pointer, text, place)
    return None


WHOLE = Kind(_read_whole, _write_as_it_is)
"""A whole number, as a string."""


def coded(table: Mapping[Any, str], *, others: bool = False, rule: str = "") -> Kind:
    """A code of a table.

    Args:
        table: National code → code of the common form.
        others: Whether a code that the table does not list is carried as it is.
        rule: Rule that a code without counterpart breaks; without one it is left out and reported.
    """
    back = {common: national for national, common in table.items()}
    flags = all(isinstance(national, bool) for national in table)

    def read(source: Source, value: Any, place: str, pointer: str, _cls: Any) -> str | None:
        source.take(place, pointer)
        national = value if flags else source.string(value, place, pointer)
        if isinstance(national, bool) is flags and isinstance(national, bool | str) and national in table:
            return table[national]
        if others and isinstance(national, str):
            return national
        if national is not None and rule:
            source.say(rule, Severity.REJECT, pointer, national, place)
        elif national is not None and not (flags and national is False):
            source.unfit(pointer, national, place)
        return None

    def write(sheet: Sheet, value: str, pointer: str) -> Any:
        national = back.get(value, value if others else None)
        if national is not None:
            sheet.said.add(pointer)
        elif rule:
            sheet.say(rule, Severity.REJECT, pointer, value)
            sheet.said.add(pointer)
        else:
            sheet.unfit(pointer, value)
        return national

    return Kind(read, write)


def _read_moment(source: Source, value: Any, place: str, pointer: str, _cls: Any) -> datetime | None:
    return read_moment(source, value, place, pointer)


def read_moment(source: Source, value: Any, place: str, pointer: str) -> datetime | None:
    """A moment with offset from `dd.MM.yyyy HH:mm` or the ISO variant; one that is neither is reported."""
    text = source.string(value, place, pointer)
    if text is None:
        return None
    local, iso = _LOCAL.fullmatch(text), _ISO.fullmatch(text)
    plain = f"{local[3]}-{local[2]}-{local[1]}T{local[4]}{local[5] or ''}" if local else text
    try:
        moment = datetime.fromisoformat(plain) if (local or iso) and text.isascii() else None
    except ValueError:
        moment = None
    if moment is None or not 2000 <= moment.year < 2100:  # what the common form can write
        source.unfit(pointer, text, place)
        return None
    if moment.tzinfo is not None:
        return moment
    if iso:
        source.say("UZ-006", Severity.WARN, pointer, text, place)
    return moment.replace(tzinfo=TASHKENT)


def write_moment(sheet: Sheet, value: datetime, pointer: str) -> str | None:
    """A moment in Tashkent time, to the minute."""
    earliest, latest = datetime(2000, 1, 2, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)
    if not earliest <= value < latest:
        sheet.unfit(pointer, written(value))
        return None
    local = value.astimezone(TASHKENT)
    text = local.strftime("%d.%m.%Y %H:%M")
    if local.second or local.microsecond:
        sheet.say("UZ-007", Severity.INFO, pointer, written(value), written=text)
    sheet.said.add(pointer)
    return text


MOMENT = Kind(_read_moment, write_moment)
"""A moment. The offset it was written with is not kept; the moment is."""


def measured(unit: str, units: Mapping[str, Decimal]) -> Kind:
    """A measure in the one unit that the form has for it; other units of the same kind are converted exactly."""

    def read(source: Source, value: Any, place: str, pointer: str, _cls: Any) -> Measure | None:
        text = source.string(value, place, pointer)
        if text is None:
            return None
        return fit(Measure, source.findings, pointer, place, value=text, unit_code=unit)

    def write(sheet: Sheet, value: Measure, pointer: str) -> str | None:
        factor = units.get(value.unit_code or "")
        sheet.said.update((pointer, f"{pointer}/unitCode"))
        if factor == 1:
            return written(value.value)
        original = f"{written(value.value)} {value.unit_code or ''}".strip()
        other = None if factor is None else converted(value.value, factor)
        if other is None or other >= _MOST:
            sheet.unfit(pointer, original)
            return None
        sheet.say("UZ-008", Severity.INFO, pointer, original, written=written(other), unit=unit)
        return written(other)

    return Kind(read, write)


def _read_count(source: Source, value: Any, place: str, pointer: str, _cls: Any) -> Quantity | None:
    text = source.string(value, place, pointer)
    return None if text is None else fit(Quantity, source.findings, pointer, place, value=text)


def _write_count(sheet: Sheet, value: Quantity, pointer: str) -> str:
    sheet.said.add(pointer)
    return written(value.value)


COUNT = Kind(_read_count, _write_count)
"""A number of packages whose kind stands beside it."""


def paired(cls: type[Measure | Quantity | Amount], value_key: str, unit_key: str) -> Kind:
    """A number and its unit, kind of package or currency, as an object of two strings."""
    unit_attribute, unit_name = ("currency_id", "currencyID") if cls is Amount else ("unit_code", "unitCode")

    def read(source: Source, node: Any, place: str, pointer: str, _cls: Any) -> Any:
        if not isinstance(node, dict):
            source.take(place, pointer)
            source.unfit(pointer, node, place)
            return None
        number = source.string(node.get(value_key), f"{place}/{value_key}", pointer)
        source.origins[f"{pointer}/value"] = f"{place}/{value_key}"
        unit = source.string(node.get(unit_key), f"{place}/{unit_key}", f"{pointer}/{unit_name}")
        if number is None:
            if unit is not None:
                source.unfit(f"{pointer}/{unit_name}", unit, f"{place}/{unit_key}")
            return None
        made = fit(cls, source.findings, pointer, place, value=number, **{unit_attribute: unit})
        if made is None and unit is not None:
            source.unfit(f"{pointer}/{unit_name}", unit, f"{place}/{unit_key}")
        return made

    def write(sheet: Sheet, value: Any, pointer: str) -> dict[str, str]:
        unit = getattr(value, unit_attribute)
        sheet.said.update((pointer, f"{pointer}/{unit_name}"))
        return {value_key: written(value.value), **({} if unit is None else {unit_key: unit})}

    return Kind(read, write, names=(value_key, unit_key))
