"""The identifiers of the trade: shapes, check digits and plates, as pure functions.

Every check takes the value as it stands in the message and returns None when nothing speaks against it, else a
`Fault`. A value passes only as its standard writes it; where it fails merely for spaces, hyphens, small letters or
foreign digits, the fault suggests the value without them. What a fault does to a message is not decided here:
`IDENTIFIERS` says for each identifier how sure the rule is and which faults are serious enough to refuse.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Literal


class FaultKind(StrEnum):
    """In what way an identifier is not what it must be."""

    SHAPE = "shape"
    CHECK_DIGIT = "check-digit"
    IMPLAUSIBLE = "implausible"
    """The shape fits, but a part of it says what cannot be, for example a thirteenth month."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an identifier; the same in every language.

    Attributes:
        kind: In what way it is wrong.
        expected: For a shape: the regular expression. For a check digit: the right digit, "" where none can be right.
            For an implausible part: how that part is written, for example `DDMMYYYY`.
        suggestion: A value that would pass, "" where there is none to offer.
    """

    kind: FaultKind
    expected: str
    suggestion: str = ""


class Certainty(StrEnum):
    """How well the rule of an identifier is known."""

    VERIFIED = "verified"
    """Read in a source, or the algorithm run on known vectors."""
    BACKGROUND = "background"
    """General knowledge; not read in a source."""
    NONE = "none"
    """No rule is published beyond the length."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """One kind of identifier.

    Attributes:
        id: Short stable name.
        of: What it identifies.
        country: ISO 3166-1 code of the country that issues it; "" for international ones.
        title: What it is called, in English.
        title_ru: In Russian.
        title_zh: In Chinese.
        check: The check of one value.
        certainty: How well the rule is known.
        source: Standard or source of the rule.
        rejects: The kinds of fault for which a message may be refused; every other fault is a warning.
        example: A value that passes.
    """

    id: str
    of: Literal["party", "transport", "document", "goods", "office"]
    country: str
    titles: Mapping[str, str]
    check: Callable[[str], Fault | None]
    certainty: Certainty
    source: str
    rejects: frozenset[FaultKind]
    example: str


# Characters


def ascii_digits(text: str) -> str:
    """The text with every decimal digit (Persian, Arabic, full-width and so on) as 0 to 9."""
    if text.isascii():
        return text
    return "".join(c if (digit := unicodedata.decimal(c, None)) is None else str(digit) for c in text)


def latin_lookalikes(text: str) -> str:
    """The text with the twelve Cyrillic capitals that look like Latin ones replaced by these."""
    return text.translate(_LOOKALIKES)


_LOOKALIKES = str.maketrans("АВЕКМНОРСТУХ", "ABEKMHOPCTYX")


# Transport


def check_container(value: str) -> Fault | None:
    """A container number (ISO 6346) or the number of an intermodal loading unit (EN 13044).

    Four letters, six digits and a check digit. The fourth letter is U, J or Z for ISO 6346 and A, B, D, E or K for
    EN 13044; `is_loading_unit` tells them apart.
    """
    return _judge(value, _shape(r"[A-Z]{3}[UJZABDEK][0-9]{7}"), _check_digit(_container_digit))


def is_loading_unit(value: str) -> bool:
    """Whether a container number is that of an intermodal loading unit (EN 13044), not of an ISO container."""
    return re.fullmatch(r"[A-Z]{3}[ABDEK][0-9]{7}", value) is not None


def check_uic_wagon(value: str) -> Fault | None:
    """A UIC wagon number: twelve digits, the last by Luhn's formula."""
    return _judge(value, _shape(r"[0-9]{12}"), _check_digit(_luhn_digit))


def check_1520_wagon(value: str) -> Fault | None:
    """A wagon number of the 1520 mm railways: eight digits, the last by the same formula as for UIC wagons."""
    return _judge(value, _shape(r"[0-9]{8}"), _check_digit(_luhn_digit))


def check_vin(value: str) -> Fault | None:
    """A vehicle identification number (ISO 3779): 17 characters without I, O and Q; the ninth is a check digit.

    Only North America requires the check digit, so its fault is never more than a warning.
    """
    return _judge(value, _shape(r"[A-HJ-NPR-Z0-9]{17}"), _check_digit(_vin_digit, at=8))


# Documents and references


def check_tir_carnet(value: str) -> Fault | None:
    """A TIR carnet number: two letters and eight or nine digits. Its check rule is not public and not checked."""
    return _judge(value, _shape(r"[A-Z]{2}[0-9]{8,9}"))


def check_mrn(value: str) -> Fault | None:
    """A movement reference number of the European Union: year, country, thirteen characters and a check digit."""
    return _judge(value, _shape(r"[0-9]{2}[A-Z]{2}[0-9A-Z]{13}[0-9]"), _check_digit(_container_digit))


def check_eaeu_registration(value: str) -> Fault | None:
    """A registration number of EAEU preliminary information: country, date as YYYYMMDD, nine characters.

    The parts stand next to each other or are separated by "/".
    """
    return _judge(
        value,
        _shape(r"[A-Z]{2}/[0-9]{8}/[0-9A-Z]{9}|[A-Z]{2}[0-9]{8}[0-9A-Z]{9}"),
        _day("YYYYMMDD", lambda number: number.replace("/", "")[2:10]),
    )


def check_ucr(value: str) -> Fault | None:
    """A unique consignment reference (ISO 15459): at most 35 printable ASCII characters without spaces."""
    return _judge(value, _shape(r"[!-~]{1,35}"))


# Goods


def check_un_number(value: str) -> Fault | None:
    """A UN number of dangerous goods: four digits."""
    return _judge(value, _shape(r"[0-9]{4}"))


def check_hs(value: str, country: str = "") -> Fault | None:
    """A code of the Harmonized System, of six digits, or of a national nomenclature built on it.

    Args:
        value: The code, digits only.
        country: ISO 3166-1 code of the country whose nomenclature it is; where it is not in `HS_LENGTHS`, every
            length from 6 to 13 fits.
    """
    lengths = HS_LENGTHS.get(country)
    pattern = "|".join(f"[0-9]{{{length}}}" for length in lengths) if lengths else "[0-9]{6,13}"
    return _judge(value, _shape(pattern))


_EAEU_HS = (6, 8, 9, 10)
HS_LENGTHS: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {
        **dict.fromkeys(("AM", "BY", "KG", "KZ", "RU"), _EAEU_HS),
        "AF": (6, 8),
        "AZ": (6, 10),
        "CN": (6, 8, 10, 13),
        "GE": (6, 8, 11),
        "MN": (6, 8),
        "PK": (6, 8),
        "TJ": (6, 10),
        "TM": (6, 10),
        "UZ": (6, 10),
    }
)
"""Lengths of a goods code by country. EAEU: the schema of its preliminary information; the rest is background
knowledge."""


# Customs offices


def check_cn_office(value: str) -> Fault | None:
    """A Chinese customs office: two digits of the district and two of the office."""
    return _judge(value, _shape(r"[0-9]{4}"))


def check_eaeu_office(value: str) -> Fault | None:
    """A customs office of the Eurasian Economic Union: two, five or eight digits."""
    return _judge(value, _shape(r"[0-9]{2}|[0-9]{5}|[0-9]{8}"))


# Parties


def check_cn_uscc(value: str) -> Fault | None:
    """A Chinese unified social credit code (GB 32100-2015): 18 characters without I, O, S, V and Z, the last a check.

    The first two characters need not be digits: the code of a village collective, for example, begins with N.
    """
    pattern = rf"[{_USCC}]{{2}}[0-9]{{6}}[{_USCC}]{{10}}"
    return _judge(value, _shape(pattern), _check_digit(_uscc_digit))


def check_kz_bin(value: str, *, non_resident: bool = False) -> Fault | None:
    """A Kazakh business identification number (BIN): year, month, type, division, five digits and a check digit.

    Args:
        value: The number, twelve digits.
        non_resident: Whether the party is no resident of Kazakhstan: only then may the number be twelve zeros.
    """
    if value == _NO_KZ_NUMBER:
        return _zeros(non_resident)
    return _judge(
        value,
        _shape(r"[0-9]{4}[456][0-3][0-9]{6}"),
        _check_digit(_kz_digit),
        _day("YYMM", lambda number: f"20{number[:4]}01"),
    )


def check_kz_iin(value: str, *, non_resident: bool = False) -> Fault | None:
    """A Kazakh individual identification number (IIN): birth date as YYMMDD, century and sex, number, check digit.

    Args:
        value: The number, twelve digits.
        non_resident: Whether the party is no resident of Kazakhstan: only then may the number be twelve zeros.
    """
    if value == _NO_KZ_NUMBER:
        return _zeros(non_resident)
    return _judge(
        value,
        _shape(r"[0-9]{4}[0-3][0-9][0-6][0-9]{5}"),
        _check_digit(_kz_digit),
        # The seventh digit is 1 or 2 for births before 1900, 3 or 4 before 2000; 0 leaves the century open.
        _day("YYMMDD", lambda number: ("20", "18", "18", "19", "19", "20", "20")[int(number[6])] + number[:6]),
    )


def check_kz_number(value: str, *, non_resident: bool = False) -> Fault | None:
    """A Kazakh BIN or IIN, told apart by the fifth digit: 4 and above is a BIN.

    Args:
        value: The number, twelve digits.
        non_resident: Whether the party is no resident of Kazakhstan: only then may the number be twelve zeros.
    """
    is_bin = re.fullmatch(r"[0-9]{4}[4-9][0-9]{7}", _plain(value)) is not None
    return (check_kz_bin if is_bin else check_kz_iin)(value, non_resident=non_resident)


def check_az_voen(value: str) -> Fault | None:
    """An Azerbaijani taxpayer number (VÖEN): ten digits, the ninth a check digit, the last 1 (legal) or 2 (natural)."""
    return _judge(value, _shape(r"[0-9]{9}[12]"), _check_digit(_voen_digit, at=8))


def check_kg_inn(value: str) -> Fault | None:
    """A Kyrgyz taxpayer or personal number (INN, PIN): 14 digits, the second to the ninth a date as DDMMYYYY.

    No check digit is published.
    """
    return _judge(
        value,
        _shape(r"[0-9]{14}"),
        _day("DDMMYYYY", lambda number: number[5:9] + number[3:5] + number[1:3]),
    )


def check_kg_okpo(value: str) -> Fault | None:
    """A Kyrgyz OKPO code of an enterprise: eight digits."""
    return _judge(value, _shape(r"[0-9]{8}"))


def check_uz_stir(value: str) -> Fault | None:
    """An Uzbek taxpayer number (STIR): nine digits."""
    return _judge(value, _shape(r"[0-9]{9}"))


def check_uz_pinfl(value: str) -> Fault | None:
    """An Uzbek personal number (PINFL): century and sex, birth date as DDMMYY, district, number, check digit."""
    return _judge(
        value,
        _shape(r"[1-6][0-9]{13}"),
        _check_digit(_pinfl_digit),
        # 1 and 2 are births before 1900, 3 and 4 before 2000, 5 and 6 after.
        _day("DDMMYY", lambda number: f"{17 + (int(number[0]) + 1) // 2}{number[5:7]}{number[3:5]}{number[1:3]}"),
    )


def check_pk_cnic(value: str) -> Fault | None:
    """A Pakistani identity card number (CNIC): 13 digits, as 5-7-1 or without the hyphens."""
    return _judge(value, _shape(r"[0-9]{5}-[0-9]{7}-[0-9]|[0-9]{13}"))


def check_pk_ntn(value: str) -> Fault | None:
    """A Pakistani national tax number (NTN): seven digits and a check digit, as 7-1 or without the hyphen."""
    return _judge(value, _shape(r"[0-9]{7}-[0-9]|[0-9]{8}"))


def check_ge_id(value: str) -> Fault | None:
    """A Georgian identification number: nine digits for a legal person, eleven for a natural one."""
    return _judge(value, _shape(r"[0-9]{9}|[0-9]{11}"))


def check_tj_inn(value: str) -> Fault | None:
    """A Tajik taxpayer number: nine digits."""
    return _judge(value, _shape(r"[0-9]{9}"))


def check_tm_tin(value: str) -> Fault | None:
    """A Turkmen taxpayer number: twelve digits."""
    return _judge(value, _shape(r"[0-9]{12}"))


def check_mn_number(value: str) -> Fault | None:
    """A Mongolian registration number: seven digits (enterprise) or two Cyrillic letters and eight digits (citizen)."""
    return _judge(value, _shape(r"[0-9]{7}|[А-ЯЁӨҮ]{2}[0-9]{8}"))


def check_af_tin(value: str) -> Fault | None:
    """An Afghan taxpayer number: ten digits."""
    return _judge(value, _shape(r"[0-9]{10}"))


def check_party(value: str, country: str) -> tuple[Identifier, Fault] | None:
    """Whether a value is an identifier that the country gives its parties.

    Args:
        value: The identifier of a party.
        country: ISO 3166-1 code of the party's country.

    Returns:
        None when one of the country's identifiers fits or none is known. Else the identifier that comes nearest (a
        wrong check digit is nearer than a wrong shape) and its fault.
    """
    faults: list[tuple[Identifier, Fault]] = []
    for identifier in IDENTIFIERS.values():
        if identifier.of == "party" and identifier.country == country:
            fault = identifier.check(value)
            if fault is None:
                return None
            faults.append((identifier, fault))
    return min(faults, key=lambda found: found[1].kind is FaultKind.SHAPE, default=None)


def refuses(identifier: Identifier, fault: Fault) -> bool:
    """Whether the fault is serious enough to refuse a message; if not, it is a warning."""
    return fault.kind in identifier.rejects


# Plates


def normalise_plate(plate: str, country: str) -> str:
    """A registration plate as a key for comparison; the plate as written is kept beside it.

    Compatibility forms, spaces, hyphens, dots and small letters disappear, digits become 0 to 9, and Cyrillic letters
    become the Latin ones they look like. In Mongolia the letters are Cyrillic and stay so; in China the character of
    the province stays.

    Args:
        plate: The plate as written.
        country: ISO 3166-1 code of the country of registration.
    """
    text = unicodedata.normalize("NFKC", plate).upper()
    text = "".join(c for c in text if not _SEPARATOR.match(c))
    text = text if country in {"CN", "MN"} else latin_lookalikes(text)
    # Once more, because a letter may now stand beside a mark that it is written in one with.
    return ascii_digits(unicodedata.normalize("NFKC", text))


def plate_fits(plate: str, country: str) -> bool | None:
    """Whether a plate, in any spelling, has a pattern of its country; None where no pattern is known."""
    pattern = _PLATES.get(country)
    return None if pattern is None else pattern.fullmatch(normalise_plate(plate, country)) is not None


_SEPARATOR = re.compile(r"[\s.·•・_\-\u2010-\u2015\u2212\u200b-\u200f\u00ad\ufeff]")
_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
# KG, KZ, TJ and most of UZ: patterns of a client in use there; the rest is background knowledge.
_PLATES: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        country: re.compile(pattern)
        for country, pattern in {
            "AF": r"[A-Z]{2,3}[0-9]{1,6}|[\u0620-\u06d3]{2,20}[0-9]{1,6}|[0-9]{1,6}[\u0620-\u06d3]{2,20}",
            "AZ": r"[0-9]{2}[A-Z]{2}[0-9]{3}",
            "CN": rf"[{_PROVINCE}][A-Z](?:[A-HJ-NP-Z0-9]{{5,6}}|[A-HJ-NP-Z0-9]{{4,5}}挂)",
            "GE": r"[A-Z]{2}[0-9]{3}[A-Z]{2}|[A-Z]{3}[0-9]{3}",
            "KG": r"[0-9]{2}[A-Z]{2}[0-9]{3,4}[A-Z]{2,3}|[A-Z][0-9]{4}[A-Z]{1,2}|[0-9]{4}[A-Z]{2}",
            "KZ": r"[0-9]{3}[A-Z]{2,3}[0-9]{2}|[0-9]{2}[A-Z]{3}[0-9]{2}|[A-Z][0-9]{3}[A-Z]{2,3}",
            "MN": r"[0-9]{4}[А-ЯЁӨҮ]{2,3}",
            "PK": r"[A-Z]{1,4}[0-9]{1,6}",
            "TJ": r"[0-9]{4}[A-Z]{2}[0-9]{2}",
            "TM": r"[A-Z]{2}[0-9]{4}[A-Z]{2}",
            "UZ": r"[0-9]{2}(?:[A-Z][0-9]{3}[A-Z]{2}|[A-Z]{2}[0-9]{4}|[0-9]{3}[A-Z]{3}|[0-9]{4}[A-Z]{2})",
        }.items()
    }
)


# What the checks share

_Part = Callable[[str], Fault | None]


def _judge(value: str, *parts: _Part) -> Fault | None:
    """The first fault that the parts find, each relying on the ones before; what it suggests has passed them all."""
    fault = _first_fault(value, parts)
    if fault is None:
        return None
    mended = fault.suggestion or _plain(value)
    return replace(fault, suggestion="" if _first_fault(mended, parts) else mended)


def _first_fault(value: str, parts: Sequence[_Part]) -> Fault | None:
    return next((fault for part in parts if (fault := part(value))), None)


def _plain(value: str) -> str:
    return re.sub(r"[\s.\-]", "", ascii_digits(value).upper())


def _shape(pattern: str) -> _Part:
    fits = re.compile(pattern).fullmatch
    return lambda value: None if fits(value) else Fault(FaultKind.SHAPE, pattern)


def _check_digit(digit: Callable[[str], str], at: int = -1) -> _Part:
    """The digit at the place `at` must be the one that `digit` computes; "" means that no digit can be right."""

    def part(value: str) -> Fault | None:
        right = digit(value)
        if value[at] == right:
            return None
        return Fault(FaultKind.CHECK_DIGIT, right, value[:at] + right + value[at:][1:] if right else "")

    return part


def _day(written: str, year_month_day: Callable[[str], str]) -> _Part:
    """The eight digits that `year_month_day` picks from the value must be a day of the calendar."""

    def part(value: str) -> Fault | None:
        digits = year_month_day(value)
        try:
            date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        except ValueError:
            return Fault(FaultKind.IMPLAUSIBLE, written)
        return None

    return part


_NO_KZ_NUMBER = "0" * 12


def _zeros(non_resident: bool) -> Fault | None:
    return None if non_resident else Fault(FaultKind.IMPLAUSIBLE, "non-resident")


# Check digits. Each takes a whole value of the right shape and says what its check digit must be.

# Values of ISO 6346: 0 to 9, then the letters from 10 on, leaving out the multiples of 11.
_CONTAINER = {c: v for v, c in enumerate("0123456789A BCDEFGHIJK LMNOPQRSTU VWXYZ") if c != " "}
_VIN = dict(zip("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "012345678912345678123457923456789"), strict=True))
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def _container_digit(value: str) -> str:
    return str(sum(_CONTAINER[c] << i for i, c in enumerate(value[:-1])) % 11 % 10)


def _luhn_digit(value: str) -> str:
    doubled = (sum(divmod(int(c) * (2 - i % 2), 10)) for i, c in enumerate(reversed(value[:-1])))
    return str(-sum(doubled) % 10)


def _vin_digit(value: str) -> str:
    return "0123456789X"[sum(_VIN[c] * weight for c, weight in zip(value, _VIN_WEIGHTS, strict=True)) % 11]


def _uscc_digit(value: str) -> str:
    # The weights are the powers of 3 modulo 31.
    return _USCC[-sum(_USCC.index(c) * pow(3, i, 31) for i, c in enumerate(value[:-1])) % 31]


def _kz_digit(value: str) -> str:
    for weights in ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)):
        rest = _weighted(value[:11], weights) % 11
        if rest < 10:
            return str(rest)
    return ""  # such numbers are not given out


def _voen_digit(value: str) -> str:
    rest = _weighted(value[:8], (4, 1, 8, 6, 2, 7, 5, 3)) % 11
    return str(rest) if rest < 10 else ""


def _pinfl_digit(value: str) -> str:
    return str(_weighted(value[:13], (7, 3, 1) * 4 + (7,)) % 10)


def _weighted(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


# The table

_VERIFIED, _BACKGROUND, _NO_RULE = Certainty.VERIFIED, Certainty.BACKGROUND, Certainty.NONE
_SHAPE = frozenset({FaultKind.SHAPE})
_ALL_BUT_DATES = frozenset({FaultKind.SHAPE, FaultKind.CHECK_DIGIT})
_NOTHING: frozenset[FaultKind] = frozenset()
_KZ_LAW = "Kazakhstan, law on national registers of identification numbers"
_EAEU_SCHEMA = "EAEU road preliminary information, schema of album 5.23.0"
_KNOWLEDGE = "background knowledge, to be confirmed by the country"

_TITLES = {
    "container": ("Container number", "Номер контейнера", "集装箱号"),
    "uic-wagon": ("UIC wagon number", "Номер вагона МСЖД (12 знаков)", "国际铁路联盟车号"),
    "wagon-1520": ("Wagon number, 1520 mm railways", "Номер вагона колеи 1520 мм (8 знаков)", "1520毫米轨距车号"),
    "vin": ("Vehicle identification number", "Идентификационный номер транспортного средства (VIN)", "车辆识别代号"),
    "tir-carnet": ("TIR carnet number", "Номер книжки МДП", "TIR证号码"),
    "mrn": ("Movement reference number", "Регистрационный номер MRN", "货物转运参考号（MRN）"),
    "eaeu-registration": (
        "Registration number of preliminary information",
        "Регистрационный номер предварительной информации",
        "预先信息登记号",
    ),
    "ucr": ("Unique consignment reference", "Уникальный номер партии товаров (UCR)", "货物唯一追踪号"),
    "un-number": ("UN number", "Номер ООН", "联合国危险货物编号"),
    "hs": ("Goods code", "Код товара", "商品编码"),
    "cn-office": ("Chinese customs office", "Код таможни КНР", "中国关区代码"),
    "eaeu-office": ("EAEU customs office", "Код таможенного органа ЕАЭС", "欧亚经济联盟海关代码"),
    "cn-uscc": ("Unified social credit code", "Единый код социального кредита", "统一社会信用代码"),
    "kz-bin": ("Kazakh business identification number", "БИН", "哈萨克斯坦企业识别号"),
    "kz-iin": ("Kazakh individual identification number", "ИИН", "哈萨克斯坦个人识别号"),
    "az-voen": ("Azerbaijani taxpayer number", "ИНН Азербайджана (VÖEN)", "阿塞拜疆纳税人识别号"),
    "kg-inn": ("Kyrgyz taxpayer or personal number", "ИНН (ПИН) Кыргызской Республики", "吉尔吉斯斯坦纳税人识别号"),
    "kg-okpo": ("Kyrgyz OKPO code", "ОКПО Кыргызской Республики", "吉尔吉斯斯坦企业统计代码"),
    "uz-stir": ("Uzbek taxpayer number", "ИНН Узбекистана (СТИР)", "乌兹别克斯坦纳税人识别号"),
    "uz-pinfl": ("Uzbek personal number", "ПИНФЛ", "乌兹别克斯坦个人识别号"),
    "pk-cnic": ("Pakistani identity card number", "Номер удостоверения личности Пакистана (CNIC)", "巴基斯坦身份证号"),
    "pk-ntn": ("Pakistani national tax number", "Налоговый номер Пакистана (NTN)", "巴基斯坦国家税号"),
    "ge-id": ("Georgian identification number", "Идентификационный номер Грузии", "格鲁吉亚识别号"),
    "tj-inn": ("Tajik taxpayer number", "ИНН Таджикистана", "塔吉克斯坦纳税人识别号"),
    "tm-tin": ("Turkmen taxpayer number", "Налоговый номер Туркменистана", "土库曼斯坦纳税人识别号"),
    "mn-number": ("Mongolian registration number", "Регистрационный номер Монголии", "蒙古国登记号"),
    "af-tin": ("Afghan taxpayer number", "Налоговый номер Афганистана (TIN)", "阿富汗纳税人识别号"),
}


_Row = tuple[
    str,
    Literal["party", "transport", "document", "goods", "office"],
    str,
    Callable[[str], Fault | None],
    Certainty,
    frozenset[FaultKind],
    str,
    str,
]
_ROWS: tuple[_Row, ...] = (
    ("container", "transport", "", check_container, _VERIFIED, _ALL_BUT_DATES, "ISO 6346; EN 13044", "CSQU3054383"),
    ("uic-wagon", "transport", "", check_uic_wagon, _VERIFIED, _ALL_BUT_DATES, "UIC 438-2", "218124712173"),
    (
        "wagon-1520",
        "transport",
        "",
        check_1520_wagon,
        _BACKGROUND,
        _NOTHING,
        "eight-digit numbering of 1520 mm wagons",
        "44872802",
    ),
    ("vin", "transport", "", check_vin, _VERIFIED, _SHAPE, "ISO 3779", "1M8GDM9AXKP042788"),
    ("tir-carnet", "document", "", check_tir_carnet, _VERIFIED, _SHAPE, _EAEU_SCHEMA, "XY12345678"),
    (
        "mrn",
        "document",
        "",
        check_mrn,
        _VERIFIED,
        _ALL_BUT_DATES,
        "European Commission, DGXXI/0879/99",
        "26DE58751234567891",
    ),
    (
        "eaeu-registration",
        "document",
        "",
        check_eaeu_registration,
        _VERIFIED,
        _NOTHING,
        _EAEU_SCHEMA,
        "KG/20260115/000000123",
    ),
    ("ucr", "document", "", check_ucr, _VERIFIED, _SHAPE, "ISO 15459", "6KG123456789-0001"),
    ("un-number", "goods", "", check_un_number, _VERIFIED, _SHAPE, "UN Model Regulations", "1203"),
    ("hs", "goods", "", check_hs, _VERIFIED, _SHAPE, _EAEU_SCHEMA, "0802320000"),
    ("cn-office", "office", "CN", check_cn_office, _VERIFIED, _SHAPE, "General Administration of Customs", "9400"),
    ("eaeu-office", "office", "", check_eaeu_office, _VERIFIED, _SHAPE, _EAEU_SCHEMA, "41700201"),
    ("cn-uscc", "party", "CN", check_cn_uscc, _VERIFIED, _ALL_BUT_DATES, "GB 32100-2015", "91110000600037341L"),
    ("kz-bin", "party", "KZ", check_kz_bin, _VERIFIED, _ALL_BUT_DATES, _KZ_LAW, "120340000507"),
    ("kz-iin", "party", "KZ", check_kz_iin, _VERIFIED, _ALL_BUT_DATES, _KZ_LAW, "850612300451"),
    (
        "az-voen",
        "party",
        "AZ",
        check_az_voen,
        _VERIFIED,
        _ALL_BUT_DATES,
        "OECD, tax numbers of Azerbaijan",
        "1401555071",
    ),
    ("kg-inn", "party", "KG", check_kg_inn, _VERIFIED, _SHAPE, _EAEU_SCHEMA, "01501202012345"),
    ("kg-okpo", "party", "KG", check_kg_okpo, _VERIFIED, _SHAPE, _EAEU_SCHEMA, "12345678"),
    ("uz-stir", "party", "UZ", check_uz_stir, _VERIFIED, _NOTHING, "national electronic invoices", "300000007"),
    ("uz-pinfl", "party", "UZ", check_uz_pinfl, _BACKGROUND, _NOTHING, _KNOWLEDGE, "31505851234562"),
    ("pk-cnic", "party", "PK", check_pk_cnic, _VERIFIED, _SHAPE, "NADRA, as in python-stdnum", "1234512345671"),
    ("pk-ntn", "party", "PK", check_pk_ntn, _BACKGROUND, _NOTHING, _KNOWLEDGE, "1234567-8"),
    ("ge-id", "party", "GE", check_ge_id, _NO_RULE, _NOTHING, _KNOWLEDGE, "400000009"),
    ("tj-inn", "party", "TJ", check_tj_inn, _BACKGROUND, _NOTHING, _KNOWLEDGE, "020012345"),
    ("tm-tin", "party", "TM", check_tm_tin, _BACKGROUND, _NOTHING, _KNOWLEDGE, "101721000012"),
    ("mn-number", "party", "MN", check_mn_number, _BACKGROUND, _NOTHING, _KNOWLEDGE, "2075385"),
    ("af-tin", "party", "AF", check_af_tin, _BACKGROUND, _NOTHING, _KNOWLEDGE, "9000123456"),
)
IDENTIFIERS: Mapping[str, Identifier] = MappingProxyType(
    {
        row[0]: Identifier(
            id=row[0],
            of=row[1],
            country=row[2],
            titles=MappingProxyType(dict(zip(("en", "ru", "zh"), _TITLES[row[0]], strict=True))),
            check=row[3],
            certainty=row[4],
            rejects=row[5],
            source=row[6],
            example=row[7],
        )
        for row in _ROWS
    }
)
"""Every identifier by its id.

`check_hs`, `check_kz_bin` and `check_kz_iin` say more when they are called with what else is known of the value.
"""
