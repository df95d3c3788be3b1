"""Matching: what was exported against what was imported, and the report that both sides keep of it.

Pure functions over the declaration and the import information that came back. Every comparison is a row, also those
that agree and those that could not be made; what differs is a finding as well.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from gateway.agreements import Agreement
from gateway.exchange.figures import added, comparable, gross_mass, item_mass, mass_margin, shown
from gateway.message.border_event import BorderEvent
from gateway.message.declaration import Consignment, ConsignmentItem, Declaration
from gateway.message.finding import Finding, Severity
from gateway.message.parts import Amount

LOST = frozenset({"013", "014"})
"""Reasons of change: stolen, missing after entry."""

EVENT = "/BorderEvent"
"""Where findings point to: the event is the message that they are reported with."""


class What(StrEnum):
    """What a row of a match compares. The values are names of the form."""

    CONSIGNMENT = "Consignment"
    GOODS = "Classification"
    PACKAGES = "TotalPackageQuantity"
    GROSS_MASS = "TotalGrossMassMeasure"
    VALUE = "ValueAmount"


@dataclass(frozen=True, slots=True)
class MatchRow:
    """One comparison.

    Attributes:
        consignment: Its transport document, or its number where it has none.
        what: What is compared.
        exported: The figure that was declared; "" where none was.
        imported: The figure of the import; "" where there is none.
        within: Whether they agree within the tolerances; None where one side does not say it.
        goods: HS subheading where the row is about the goods of one; "" where it is about the whole consignment.
    """

    consignment: str
    what: What
    exported: str
    imported: str
    within: bool | None
    goods: str = ""


@dataclass(frozen=True, slots=True)
class MatchReport:
    """Export against import.

    Attributes:
        matched: Whether something was compared and nothing differs.
        rows: Every comparison, consignment by consignment.
        findings: ACD-DIS-03 for each row that differs, ACD-DIS-05 where all agrees, ACD-DIS-06 where nothing could be
            compared, ACD-DIS-04 for theft or loss.
    """

    matched: bool
    rows: tuple[MatchRow, ...]
    findings: tuple[Finding, ...]


def match(imported: BorderEvent, declared: Declaration, agreement: Agreement) -> MatchReport:
    """Match what was exported with what was imported.

    Consignments are paired by transport document, and by their number where one side names no document. Compared are HS
    subheadings, packages, gross mass and value; where a consignment has goods of several subheadings and both sides
    state them for each, mass and value of each as well. Tolerances are the agreement's `comparison`, in percent of the
    exported figure, over and under alike. Amounts in two currencies differ: there is no rate to compare them by.

    Args:
        imported: The import information.
        declared: The latest version of the declaration.
        agreement: The agreement of the exchange.
    """
    pairs = _pairs(declared.consignment, imported.consignment)
    compared = [row for pair in pairs for row in _compare(pair, agreement)]
    differ = [
        warning(
            "ACD-DIS-03",
            pointer,
            row.imported,
            consignment=row.consignment,
            name=f"{row.what} {row.goods}".rstrip(),
            exported=row.exported,
        )
        for row, pointer in compared
        if row.within is False
    ]
    rows = tuple(row for row, _ in compared)
    matched = not differ and any(row.within and row.what is not What.CONSIGNMENT for row in rows)
    agrees = [Finding("ACD-DIS-05", Severity.INFO, f"{EVENT}/Consignment", str(len(pairs)))] if matched else []
    silent = (
        [] if matched or differ else [warning("ACD-DIS-06", f"{EVENT}/Consignment", imported.functional_reference_id)]
    )
    return MatchReport(matched, rows, (*differ, *agrees, *silent, *losses(imported), *_cited(declared)))


def _cited(declared: Declaration) -> Iterator[Finding]:
    """The reasons are in the declaration, so the finding points at what the event is about."""
    cited = sorted({change.change_reason_code for change in declared.amendment if change.change_reason_code in LOST})
    for code in cited:
        yield Finding("ACD-DIS-04", Severity.INFO, f"{EVENT}/Declaration", code)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A consignment as exported and as imported, one of which may be missing."""

    exported: Consignment | None
    imported: Consignment | None
    pointer: str
    """Of the imported consignment, or of their list."""

    @property
    def name(self) -> str:
        """The transport document, or the number."""
        sides = [one for one in (self.exported, self.imported) if one is not None]
        return next((name for one in sides if (name := _document(one))), str(sides[0].sequence_numeric))


def _document(consignment: Consignment) -> str:
    document = consignment.transport_contract_document
    return document.id if document is not None and document.id is not None else ""


def _pairs(exported: Sequence[Consignment], imported: Sequence[Consignment]) -> list[_Pair]:
    """Pairs in the order of the declaration, then what was imported beside them."""
    by_document, by_number = dict[str, list[int]](), dict[int, list[int]]()
    for index, consignment in enumerate(imported):
        if document := comparable(_document(consignment)):
            by_document.setdefault(document, []).append(index)
        by_number.setdefault(consignment.sequence_numeric, []).append(index)
    partners: dict[int, int] = {}
    taken: set[int] = set()
    for place, consignment in enumerate(exported):  # documents first: a number only says where something stands
        if rest := by_document.get(comparable(_document(consignment))):
            partners[place] = rest.pop(0)
            taken.add(partners[place])
    for place, consignment in enumerate(exported):
        if place not in partners:
            fits = (
                index
                for index in by_number.get(consignment.sequence_numeric, ())
                if index not in taken and not (_document(consignment) and _document(imported[index]))
            )
            if (partner := next(fits, None)) is not None:
                partners[place] = partner
                taken.add(partner)
    above = f"{EVENT}/Consignment"
    pairs = [
        _Pair(consignment, imported[partners[place]], f"{above}/{partners[place]}")
        if place in partners
        else _Pair(consignment, None, above)
        for place, consignment in enumerate(exported)
    ]
    extra = [index for index in range(len(imported)) if index not in taken]
    return pairs + [_Pair(None, imported[index], f"{above}/{index}") for index in extra]


def _compare(pair: _Pair, agreement: Agreement) -> Iterator[tuple[MatchRow, str]]:
    """The rows of a pair, each with the pointer of what it compares."""
    exported, imported, name = pair.exported, pair.imported, pair.name
    if exported is None or imported is None:
        there, came = ("", name) if exported is None else (name, "")
        yield MatchRow(name, What.CONSIGNMENT, there, came, False), pair.pointer
        return
    yield (
        MatchRow(name, What.CONSIGNMENT, name, _document(imported) or str(imported.sequence_numeric), True),
        pair.pointer,
    )
    ours, theirs = _subheadings(exported), _subheadings(imported)
    same = ours == theirs if ours and theirs else None
    yield MatchRow(name, What.GOODS, ", ".join(ours), ", ".join(theirs), same), f"{pair.pointer}/ConsignmentItem"
    yield _packages_row(pair, exported, imported, agreement)
    yield _mass_row(pair, gross_mass(exported), gross_mass(imported), agreement)
    yield _value_row(pair, _value(exported), _value(imported), agreement)
    if len(ours) > 1 or len(theirs) > 1:
        yield from _by_goods(pair, exported, imported, agreement)


def _packages_row(
    pair: _Pair, exported: Consignment, imported: Consignment, agreement: Agreement
) -> tuple[MatchRow, str]:
    ours, theirs = _packages(exported), _packages(imported)
    within = abs(ours - theirs) <= agreement.comparison.packages if ours is not None and theirs is not None else None
    row = MatchRow(pair.name, What.PACKAGES, shown(ours), shown(theirs), within)
    return row, f"{pair.pointer}/TotalPackageQuantity"


def _mass_row(
    pair: _Pair, ours: Decimal | None, theirs: Decimal | None, agreement: Agreement, goods: str = ""
) -> tuple[MatchRow, str]:
    within = None
    if ours is not None and theirs is not None:
        within = abs(ours - theirs) <= mass_margin(ours, agreement, by_default=Decimal(0))
    row = MatchRow(pair.name, What.GROSS_MASS, shown(ours), shown(theirs), within, goods)
    return row, f"{pair.pointer}/{'ConsignmentItem' if goods else 'TotalGrossMassMeasure'}"


_Value = tuple[Decimal, str]
"""An amount and its currency."""


def _value_row(
    pair: _Pair, ours: _Value | None, theirs: _Value | None, agreement: Agreement, goods: str = ""
) -> tuple[MatchRow, str]:
    within = None
    if ours is not None and theirs is not None:
        margin = ours[0] * agreement.comparison.value_percent / 100
        within = ours[1] == theirs[1] and abs(ours[0] - theirs[0]) <= margin
    there, came = (f"{shown(one[0])} {one[1]}" if one is not None else "" for one in (ours, theirs))
    row = MatchRow(pair.name, What.VALUE, there, came, within, goods)
    return row, f"{pair.pointer}/{'ConsignmentItem' if goods else 'ValueAmount'}"


def _by_goods(
    pair: _Pair, exported: Consignment, imported: Consignment, agreement: Agreement
) -> Iterator[tuple[MatchRow, str]]:
    """Mass and value of each subheading that both sides have, where both state them."""
    ours, theirs = _items_by_subheading(exported), _items_by_subheading(imported)
    for code in sorted(ours.keys() & theirs.keys()):
        masses = [added(item_mass(item) for item in side[code]) for side in (ours, theirs)]
        values = [_total([item.value_amount for item in side[code]]) for side in (ours, theirs)]
        if None not in masses:
            yield _mass_row(pair, masses[0], masses[1], agreement, code)
        if None not in values:
            yield _value_row(pair, values[0], values[1], agreement, code)


def _items_by_subheading(consignment: Consignment) -> Mapping[str, Sequence[ConsignmentItem]]:
    found: dict[str, list[ConsignmentItem]] = {}
    for item in consignment.consignment_item:
        codes = _codes(item)
        if len(codes) == 1:  # of an item under two headings nobody knows how it divides
            found.setdefault(codes[0], []).append(item)
    return found


def _subheadings(consignment: Consignment) -> tuple[str, ...]:
    return tuple(sorted({code for item in consignment.consignment_item for code in _codes(item)}))


def _codes(item: ConsignmentItem) -> tuple[str, ...]:
    """First six digits of the Harmonized System, each once: further digits are national."""
    listed = item.commodity.classification if item.commodity is not None else ()
    of_hs = [code.id[:6] for code in listed if code.identification_type_code in (None, "HS")]
    return tuple(dict.fromkeys(code for code in of_hs if len(code) == 6 and code.isascii() and code.isdigit()))


def _packages(consignment: Consignment) -> Decimal | None:
    if consignment.total_package_quantity is not None:
        return consignment.total_package_quantity.value
    packed = [pack.quantity_quantity for item in consignment.consignment_item for pack in item.packaging]
    return added(quantity.value if quantity is not None else None for quantity in packed)


def _value(consignment: Consignment) -> _Value | None:
    if consignment.value_amount is not None:
        return _total([consignment.value_amount])
    return _total([item.value_amount for item in consignment.consignment_item])


def _total(amounts: Sequence[Amount | None]) -> _Value | None:
    """The sum of amounts in one currency; None where one is missing, or in another."""
    currencies = {amount.currency_id if amount is not None else None for amount in amounts}
    total = added(amount.value if amount is not None else None for amount in amounts)
    currency = currencies.pop() if len(currencies) == 1 else None
    return (total, currency) if total is not None and currency is not None else None


def losses(event: BorderEvent) -> Iterator[Finding]:
    """ACD-DIS-04: theft or loss after entry that an event cites in code."""
    for index, said in enumerate(event.additional_information):
        if said.statement_code in LOST:
            pointer = f"{EVENT}/AdditionalInformation/{index}/StatementCode"
            yield Finding("ACD-DIS-04", Severity.INFO, pointer, said.statement_code)


def warning(rule: str, pointer: str, value: str, **params: str) -> Finding:
    """A fact about the crossing: it refuses nothing."""
    return Finding(rule, Severity.WARN, pointer, value[:200], params)


_TITLES: Mapping[str, Mapping[str, str]] = {
    "consignment": {"en": "consignment", "ru": "партия", "zh": "货物"},
    "what": {"en": "compared", "ru": "сведения", "zh": "项目"},
    "exported": {"en": "exported", "ru": "вывезено", "zh": "出口"},
    "imported": {"en": "imported", "ru": "ввезено", "zh": "进口"},
    "result": {"en": "result", "ru": "итог", "zh": "结果"},
}
_WHATS: Mapping[What, Mapping[str, str]] = {
    What.CONSIGNMENT: {"en": "transport document", "ru": "транспортный документ", "zh": "运输单证"},
    What.GOODS: {"en": "HS subheadings", "ru": "субпозиции ГС", "zh": "HS 子目"},
    What.PACKAGES: {"en": "packages", "ru": "грузовые места", "zh": "件数"},
    What.GROSS_MASS: {"en": "gross mass, kg", "ru": "масса брутто, кг", "zh": "毛重（千克）"},
    What.VALUE: {"en": "value", "ru": "стоимость", "zh": "价值"},
}
_RESULTS: Mapping[bool | None, Mapping[str, str]] = {
    True: {"en": "agrees", "ru": "совпадает", "zh": "一致"},
    False: {"en": "differs", "ru": "расходится", "zh": "不一致"},
    None: {"en": "not compared", "ru": "не сопоставлено", "zh": "未比对"},
}
_VERDICTS: Mapping[bool, Mapping[str, str]] = {
    True: {
        "en": "Export and import agree.",
        "ru": "Сведения о вывозе и ввозе совпадают.",
        "zh": "出口与进口信息一致。",
    },
    False: {
        "en": "Export and import do not agree, or nothing could be compared.",
        "ru": "Сведения о вывозе и ввозе расходятся либо сопоставить их не удалось.",
        "zh": "出口与进口信息不一致，或无法比对。",
    },
}


def match_report_text(report: MatchReport, language: str) -> str:
    """A match as a plain table with its verdict, in columns that line up in a terminal.

    Args:
        report: The match.
        language: `en`, `ru` or `zh`; any other is answered in English.
    """
    spoken = language if language in _VERDICTS[True] else "en"
    lines = [[title[spoken] for title in _TITLES.values()]]
    for row in report.rows:
        what = f"{_WHATS[row.what][spoken]} {row.goods}".rstrip()
        cells = [row.consignment, what, row.exported or "–", row.imported or "–", _RESULTS[row.within][spoken]]
        lines.append([" ".join(cell.split()) for cell in cells])
    widths = [max(_columns(cell) for cell in column) for column in zip(*lines, strict=True)]
    table = ["  ".join(_padded(cell, width) for cell, width in zip(line, widths, strict=True)) for line in lines]
    table.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join([*(line.rstrip() for line in table), "", _VERDICTS[report.matched][spoken]]) + "\n"


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - _columns(cell))


def _columns(text: str) -> int:
    """How many columns a text takes in a terminal: an ideograph takes two, a mark that combines none."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(bool(unicodedata.combining(character)) for character in text)


def as_json(report: MatchReport) -> dict[str, Any]:
    """A match as JSON: `matched`, and `rows` with `consignment`, `what`, `goods`, `exported`, `imported`, `within`.

    Figures are strings, as everywhere; `within` is null where one side does not say it. Findings are told elsewhere, in
    the receipt, in three languages.
    """
    return {
        "matched": report.matched,
        "rows": [
            {
                "consignment": row.consignment,
                "what": row.what.value,
                "goods": row.goods,
                "exported": row.exported,
                "imported": row.imported,
                "within": row.within,
            }
            for row in report.rows
        ],
    }
