"""Findings as people read them: like a good compiler, at the very line and value, in their language.

Pure functions from what was examined to text. Whatever comes from a document is made harmless first: no control
character of a message reaches a terminal. Colour is for terminals only.
"""

from __future__ import annotations

import io
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from gateway.examine import FORMS, Examined, Map, Spot
from gateway.message.finding import Finding, Severity
from gateway.message.metadata import MetaData
from gateway.validation.catalogue import Catalogue

WIDEST = 160
"""Columns of a source line that are shown where no terminal says how wide it is."""
_STYLES = {Severity.REJECT: "bold red", Severity.HOLD: "bold magenta", Severity.WARN: "yellow", Severity.INFO: "cyan"}
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "reject": "reject",
        "hold": "hold",
        "warn": "warning",
        "info": "info",
        "value": "value",
        "national": "national place",
        "mend": "mend",
        "source": "source",
        "refused": "would be refused",
        "held": "would be held",
        "accepted": "would be accepted",
        "accepted.absent": "would be accepted once signed",
        "exchange": "its exchange was not looked at",
        "later": "further checks follow once the structure is right",
        "later.national": "further checks follow once a message can be read from it",
        "for-another": "the message is for {recipient}; it is written as if it were for {country}",
        "nothing": "nothing found",
        "form.xml": "common form, XML",
        "form.json": "common form, JSON",
        "form.national": "national form, {form}",
        "form.": "unknown form",
        "agreement": "agreement {agreement}",
        "no-agreement": "no agreement",
        "absent": "not signed",
        "present": "signature not verified (give --trust)",
        "verified": "signed by {signer}",
        "signature.refused": "signature refused",
        "unknown": "signature cannot be judged now",
        "colon": ": ",
        "semicolon": "; ",
        "comma": ", ",
        "brackets": " ({})",
    },
    "ru": {
        "reject": "отказ",
        "hold": "удержание",
        "warn": "предупреждение",
        "info": "примечание",
        "value": "значение",
        "national": "место в национальном документе",
        "mend": "как исправить",
        "source": "основание",
        "refused": "в приёме будет отказано",
        "held": "будет удержано до выяснения",
        "accepted": "будет принято",
        "accepted.absent": "будет принято после подписания",
        "exchange": "состояние обмена не проверялось",
        "later": "остальные проверки будут выполнены, когда будет исправлена структура",
        "later.national": "остальные проверки будут выполнены, когда из документа удастся прочитать сообщение",
        "for-another": "сообщение предназначено {recipient}; оно записано так, как если бы предназначалось {country}",
        "nothing": "замечаний нет",
        "form.xml": "общая форма, XML",
        "form.json": "общая форма, JSON",
        "form.national": "национальная форма, {form}",
        "form.": "форма не распознана",
        "agreement": "соглашение {agreement}",
        "no-agreement": "соглашение не найдено",
        "absent": "не подписано",
        "present": "подпись не проверена (укажите --trust)",
        "verified": "подписано участником {signer}",
        "signature.refused": "подпись отклонена",
        "unknown": "подпись сейчас проверить невозможно",
        "colon": ": ",
        "semicolon": "; ",
        "comma": ", ",
        "brackets": " ({})",
    },
    "zh": {
        "reject": "拒绝",
        "hold": "暂缓",
        "warn": "警告",
        "info": "提示",
        "value": "值",
        "national": "本国单证中的位置",
        "mend": "更正方法",
        "source": "依据",
        "refused": "将被拒绝接收",
        "held": "将被暂缓处理",
        "accepted": "将被接收",
        "accepted.absent": "签名后将被接收",
        "exchange": "未核查其所属交换的状态",
        "later": "结构更正后再进行其余检查",
        "later.national": "能从中读出报文后再进行其余检查",
        "for-another": "该报文的接收方为 {recipient}；此处按发往 {country} 的报文写出",
        "nothing": "未发现问题",
        "form.xml": "通用格式，XML",
        "form.json": "通用格式，JSON",
        "form.national": "本国格式，{form}",
        "form.": "无法识别的格式",
        "agreement": "协议 {agreement}",
        "no-agreement": "未找到协议",
        "absent": "未签名",
        "present": "签名未经验证（请指定 --trust）",
        "verified": "由 {signer} 签名",
        "signature.refused": "签名被拒绝",
        "unknown": "目前无法验证签名",
        "colon": "：",
        "semicolon": "；",
        "comma": "，",
        "brackets": "（{}）",
    },
}
"""The words around findings; what a finding says comes from the catalogue."""


def report(examined: Examined, language: str, stream: TextIO) -> str:
    """All findings of a document with their source lines, and a summary.

    Args:
        examined: The document and what was found.
        language: `en`, `ru` or `zh`.
        stream: Where it will be written; says whether there is colour and how wide it is.
    """
    parts: list[Text] = []
    places, catalogue = Map(examined.opened), examined.opened.catalogue
    for finding in examined.findings:
        spot = places.spot(finding)
        parts += [*_finding(finding, spot, catalogue, examined.opened.kind, language, _width(stream)), Text()]
    parts += [_circumstances(examined, language), *_later(examined, language), _summary(examined, language)]
    return rendered(parts, stream)


def listed(
    findings: Iterable[Finding], catalogue: Catalogue, kind: type[MetaData], language: str, stream: TextIO
) -> str:
    """Findings one to a line, without source lines: for what is only reported beside a result."""
    lines = []
    for finding in findings:
        explained = catalogue.explain(finding, kind, language)
        line = Text.assemble((_label(finding, language), _STYLES[finding.severity]))
        line.append(WORDS[language]["colon"] + printable(explained.text))
        if place := finding.national or finding.pointer:
            line.append(f" [{printable(place)}]", "dim")
        lines.append(line)
    return rendered(lines, stream)


def as_json(examined: Examined) -> dict[str, Any]:
    """The document and its findings for a script; each finding as in a receipt, with its file, line and columns."""
    places, catalogue, opened = Map(examined.opened), examined.opened.catalogue, examined.opened
    shown = []
    for finding in examined.findings:
        spot = places.spot(finding)
        wire = catalogue.wire(finding, opened.kind) | {"file": spot.file}
        if spot.span is not None:
            wire |= {"line": spot.span.line, "column": spot.span.column, "endColumn": spot.span.end}
        shown.append(wire)
    counts = Counter(finding.severity.value for finding in examined.findings)
    return {
        "file": opened.name,
        "form": opened.form.lower(),
        "kind": opened.kind.kind if opened.message is not None else None,
        "agreement": f"{examined.agreement.id}/{examined.agreement.version}" if examined.agreement else None,
        "signature": examined.signature,
        "signer": examined.signer or None,
        "refused": examined.refused,
        "counts": {severity.value: counts[severity.value] for severity in Severity},
        "findings": shown,
    }


def rendered(lines: Iterable[Text], stream: TextIO) -> str:
    """Lines as text for a stream: with colour where it is a terminal, never broken."""
    system = Console(file=stream).color_system
    out = io.StringIO()
    console = Console(
        file=out,
        force_terminal=system is not None,
        color_system="standard" if system is not None else None,
        width=10_000,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=True,
    )
    for line in lines:
        console.print(line)
    return out.getvalue()


def printable(text: str) -> str:
    """A text from outside as it may be shown: controls and changes of writing direction become `�`, a tab a space."""
    return "".join(_printable(character) for character in text)


def _printable(character: str) -> str:
    if character == "\t":
        return " "
    return "�" if unicodedata.category(character) == "Cc" or character in _BIDI else character


def _finding(
    finding: Finding, spot: Spot, catalogue: Catalogue, kind: type[MetaData], language: str, width: int
) -> Iterator[Text]:
    explained, words, style = catalogue.explain(finding, kind, language), WORDS[language], _STYLES[finding.severity]
    yield Text.assemble((_label(finding, language), style), (words["colon"] + printable(explained.text), "bold"))
    at = f":{spot.span.line}:{spot.span.column}" if spot.span is not None else ""
    yield Text.assemble(("  --> ", "blue"), f"{printable(spot.file)}{at}")
    excerpt = list(_excerpt(spot, style, width))
    yield from excerpt
    margin = " " * (len(str(spot.span.line)) if spot.span is not None else 2)
    rows = [("XPath", explained.place.xpath), ("JSON Pointer", explained.place.pointer)]
    if finding.national:
        # The entry of an archive stands in the line above already.
        rows = [(words["national"], finding.national.rpartition("!")[2]), *(rows if finding.pointer else [])]
    if finding.value and finding.value not in spot.source:
        rows.append((words["value"], finding.value))
    rows += [(words["mend"], explained.mend), (words["source"], explained.source)]
    for label, content in rows:
        if content:
            yield Text.assemble((f"{margin} = ", "blue"), (label + words["colon"], "blue"), printable(content))


def _label(finding: Finding, language: str) -> str:
    return f"{WORDS[language][finding.severity.value]} {finding.rule}"


def _excerpt(spot: Spot, style: str, width: int) -> Iterator[Text]:
    """The source line with the value underlined; of a long line, what lies around the value."""
    if spot.span is None or not spot.source:
        return
    number = str(spot.span.line)
    begin, end = spot.span.column - 1, max(spot.span.end - 1, spot.span.column)
    line, room = printable(spot.source), max(40, width - len(number) - 5)
    first, last = _window(line, begin, end, room)
    shown = ("…" if first else "") + line[first:last] + ("…" if last < len(line) else "")
    before = (1 if first else 0) + cell_len(line[first:begin])
    under = max(1, cell_len(line[begin : min(end, last)]))
    gutter = " " * len(number)
    yield Text(f"{gutter} |", "blue")
    yield Text.assemble((f"{number} | ", "blue"), shown)
    yield Text.assemble((f"{gutter} | ", "blue"), " " * before, ("^" * under, style))


def _window(line: str, begin: int, end: int, room: int) -> tuple[int, int]:
    """The part of a line to show: all of it where there is room, else what lies around the value."""
    if cell_len(line) <= room:
        return 0, len(line)
    first, last = begin, begin
    while last < min(end, len(line)) and cell_len(line[first : last + 1]) <= room - 2:
        last += 1
    grown = True
    while grown:
        grown = False
        if first > 0 and cell_len(line[first - 1 : last]) <= room - 2:
            first, grown = first - 1, True
        if last < len(line) and cell_len(line[first : last + 1]) <= room - 2:
            last, grown = last + 1, True
    return first, last


def _circumstances(examined: Examined, language: str) -> Text:
    """What the document is, by which agreement it was judged, and whether it is signed."""
    words, form = WORDS[language], examined.opened.form
    national = bool(form) and form not in FORMS
    said = [words["form.national" if national else f"form.{form}"].format(form=form)]
    if examined.opened.message is not None:
        by = examined.agreement
        said.append(words["agreement"].format(agreement=f"{by.id}/{by.version}") if by else words["no-agreement"])
    signature = {"national": "", "refused": words["signature.refused"]}.get(
        examined.signature, words.get(examined.signature, "")
    )
    if signature:
        said.append(signature.format(signer=examined.signer))
    return Text(printable(examined.opened.name) + words["colon"] + words["semicolon"].join(said), "dim")


def _later(examined: Examined, language: str) -> Iterator[Text]:
    """That more may be found: of what is no message, nothing but its structure could be judged."""
    opened, words = examined.opened, WORDS[language]
    if opened.form and opened.message is None:
        later = words["later" if opened.form in FORMS else "later.national"]
        yield Text(printable(opened.name) + words["colon"] + later)


def _summary(examined: Examined, language: str) -> Text:
    words = WORDS[language]
    counts = Counter(finding.severity for finding in examined.findings)
    if Severity.REJECT in counts:
        verdict, style = words["refused"], "bold red"
    elif Severity.HOLD in counts:
        verdict, style = words["held"], "bold magenta"
    else:
        accepted = words.get(f"accepted.{examined.signature}", words["accepted"])
        verdict, style = accepted + words["semicolon"] + words["exchange"], "bold green"
    told = words["comma"].join(
        f"{words[severity.value]}{words['colon']}{counts[severity]}" for severity in Severity if counts[severity]
    )
    name = printable(examined.opened.name) + words["colon"]
    return Text.assemble(name, (verdict, style), words["brackets"].format(told or words["nothing"]))


def _width(stream: TextIO) -> int:
    console = Console(file=stream)
    return console.width if console.is_terminal else WIDEST
