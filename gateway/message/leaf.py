"""The leaves of the common form: how one value is written, alike in XML and in JSON.

A leaf is a string, a whole number, a decimal, a date-time or an indicator. Each kind is one small class used as
`Annotated[..., Kind(...)]`: it gives Pydantic its check, and the publisher (`gateway.message.publish`) the XSD
simple type and the JSON Schema. Formats are written as in the WCO Data Model: `an..35` up to 35 characters,
`a2` exactly two letters, `n..16,6` up to 16 digits of which 6 after the point.

Values are never blank and hold only characters that XML 1.0 can carry, so every model can be written in both
syntaxes. Lengths count Unicode characters. Decimals are never binary floats, and keep the zeros they came with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

_LEGAL = r"\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff"  # what XML 1.0 cannot carry, to be negated
TEXT_PATTERN = rf"^[^ \t\n\r{_LEGAL}][^{_LEGAL}]*$"
WORD_PATTERN = r"^[^\x00-\x20\ufffe\uffff]+( [^\x00-\x20\ufffe\uffff]+)*$"
DATE_TIME_PATTERN = (
    r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{3})?"
    r"(Z|[+\-](0[0-9]|1[0-3]):[0-5][0-9]|[+\-]14:00)$"
)
_DATE_TIME = re.compile(DATE_TIME_PATTERN.removesuffix("$") + r"\Z")


_ILLEGAL = re.compile(f"[{_LEGAL}]")


def as_text(words: str, longest: int) -> str:
    """Words of any origin as a text that a message can carry: one line, no control characters, cut to a length."""
    return " ".join(_ILLEGAL.sub(" ", words).split())[:longest].rstrip()


@dataclass(frozen=True, slots=True)
class String:
    """A string leaf: representation `Text`, `ID` or `Code`, and its WCO format.

    Text keeps its white space and may have several lines; ID and Code have no white space but single inner spaces.
    """

    representation: str
    format: str

    @property
    def pattern(self) -> str:
        """Anchored pattern, valid for Rust, ECMA 262 and, without its anchors, XSD."""
        if self.representation == "Text":
            return TEXT_PATTERN
        kind = {"a": "A-Z", "n": "0-9"}.get(self.format.rstrip("0123456789."))
        if kind is None:
            return WORD_PATTERN
        low, high = self.lengths
        return f"^[{kind}]{{{low},{high}}}$" if low != high else f"^[{kind}]{{{low}}}$"

    @property
    def lengths(self) -> tuple[int, int]:
        """Shortest and longest, in characters."""
        digits = int(self.format.lstrip("an."))
        return (1 if ".." in self.format else digits), digits

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        low, high = self.lengths
        return core_schema.str_schema(strict=True, min_length=low, max_length=high, pattern=self.pattern)


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `low`, of at most `digits` digits; a number in JSON."""

    digits: int
    low: int = 0

    @property
    def format(self) -> str:
        """WCO format."""
        return f"n..{self.digits}"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.int_schema(strict=True, ge=self.low, le=10**self.digits - 1)


@dataclass(frozen=True, slots=True)
class Fixed:
    """A decimal of at most `total` digits, `fraction` of them after the point; a string in JSON.

    Not negative, no exponent, no leading zeros, no plus sign: each value has one way to be written but for the
    zeros at its end, which are kept.
    """

    total: int
    fraction: int

    @property
    def format(self) -> str:
        """WCO format."""
        return f"n..{self.total},{self.fraction}" if self.fraction else f"n..{self.total}"

    @property
    def pattern(self) -> str:
        """Anchored pattern."""
        whole = f"(0|[1-9][0-9]{{0,{self.total - self.fraction - 1}}})"
        return f"^{whole}(\\.[0-9]{{1,{self.fraction}}})?$" if self.fraction else f"^{whole}$"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.str_schema(strict=True, pattern=self.pattern)
        return core_schema.no_info_before_validator_function(
            _plain_decimal,
            core_schema.no_info_after_validator_function(Decimal, text),
            serialization=core_schema.plain_serializer_function_ser_schema(
                _plain_decimal, return_schema=core_schema.str_schema(), when_used="json"
            ),
        )


def _plain_decimal(value: Any) -> Any:
    return format(value, "f") if isinstance(value, Decimal) else value


@dataclass(frozen=True, slots=True)
class DateTime:
    """A date and time with its offset from UTC, to the second or the millisecond (xs:dateTime, RFC 3339)."""

    format: str = "an..35"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            read_date_time,
            serialization=core_schema.plain_serializer_function_ser_schema(
                write_date_time, return_schema=core_schema.str_schema(), when_used="json"
            ),
        )

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "format": "date-time", "pattern": DATE_TIME_PATTERN}


def read_date_time(value: Any) -> datetime:
    """A date-time with offset from its text; a `datetime` passes when it could be written.

    Raises:
        PydanticCustomError: It has no offset, is no real date, or is finer than a millisecond.
    """
    if isinstance(value, datetime):
        value = write_date_time(value) if value.tzinfo is not None and not value.microsecond % 1000 else None
    if isinstance(value, str) and _DATE_TIME.match(value):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError("date_time", "not a date and time with offset, such as 2026-11-23T14:05:00+06:00")


def write_date_time(value: datetime) -> str:
    """`2026-11-23T14:05:00+06:00`; UTC is written `Z`; milliseconds only where there are any."""
    text = value.isoformat(timespec="milliseconds" if value.microsecond else "seconds")
    return text.removesuffix("+00:00") + "Z" if value.utcoffset() == timedelta(0) else text


def to_millisecond(moment: datetime) -> datetime:
    """A moment as it can be written in a message."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def utc(value: datetime) -> datetime:
    """The same moment in UTC."""
    return value.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Indicator:
    """True or false."""

    format: str = "n1"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.bool_schema(strict=True)


Leaf = String | Whole | Fixed | DateTime | Indicator

A2 = Annotated[str, String("Code", "a2")]
A3 = Annotated[str, String("Code", "a3")]
N1 = Annotated[str, String("Code", "n1")]
N4 = Annotated[str, String("Code", "n4")]
N2Code = Annotated[str, String("Code", "n..2")]
Code2 = Annotated[str, String("Code", "an..2")]
Code3 = Annotated[str, String("Code", "an..3")]
Code4 = Annotated[str, String("Code", "an..4")]
Code6 = Annotated[str, String("Code", "an..6")]
Code7 = Annotated[str, String("Code", "an..7")]
Code9 = Annotated[str, String("Code", "an..9")]
Code10 = Annotated[str, String("Code", "an..10")]
Code17 = Annotated[str, String("Code", "an..17")]
ID4 = Annotated[str, String("ID", "an..4")]
ID9 = Annotated[str, String("ID", "an..9")]
ID17 = Annotated[str, String("ID", "an..17")]
ID18 = Annotated[str, String("ID", "an..18")]
ID35 = Annotated[str, String("ID", "an..35")]
ID36 = Annotated[str, String("ID", "an..36")]
ID50 = Annotated[str, String("ID", "an..50")]
ID70 = Annotated[str, String("ID", "an..70")]
Text35 = Annotated[str, String("Text", "an..35")]
Text70 = Annotated[str, String("Text", "an..70")]
Text256 = Annotated[str, String("Text", "an..256")]
Text512 = Annotated[str, String("Text", "an..512")]
Sequence = Annotated[int, Whole(5, low=1)]
Count4 = Annotated[int, Whole(4)]
Count5 = Annotated[int, Whole(5)]
Count8 = Annotated[Decimal, Fixed(8, 0)]
Decimal16_6 = Annotated[Decimal, Fixed(16, 6)]
Decimal16_3 = Annotated[Decimal, Fixed(16, 3)]
Moment = Annotated[datetime, DateTime()]
Flag = Annotated[bool, Indicator()]
