"""What one country can send that the other would refuse or lose: from the agreement and the declared capabilities.

Nothing is run and no message is needed: two countries can see, before they sign, what an exchange between them would
lack.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from gateway.agreements.agreement import (
    AGREED_EVENTS,
    CODED,
    DOCUMENTS,
    LANGUAGES,
    Agreement,
    Direction,
    Language,
    covers,
    element_at,
)
from gateway.agreements.capabilities import Capabilities, Carried
from gateway.message.element import WcoClass
from gateway.message.table import Element, elements


class Outcome(StrEnum):
    """What becomes of what is sent."""

    REFUSED = "refused"
    LOST = "lost"
    SHORTENED = "shortened"
    LACKING = "lacking"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that one side can send and the other would refuse or lose.

    Attributes:
        element: Path in the common form; the document alone where it is about the message as a whole.
        outcome: What becomes of it.
        rule: Rule that says so, of the gateway (`ACD-…`) or the kit (`KIT-…`).
        limit: The limit, where there is one: codes, a length, a number.
        text: Why, by language.
    """

    element: str
    outcome: Outcome
    rule: str
    limit: str
    text: Mapping[Language, str]


_TEXTS: Mapping[str, tuple[str, str, str]] = {
    "direction": (
        "The agreement lets {a} send {b} no such message.",
        "Соглашение не предусматривает таких сообщений от {a} к {b}.",
        "协议不允许 {a} 向 {b} 发送此类报文。",
    ),
    "unread": (
        "{b} has no national form for this kind of message.",
        "У {b} нет национальной формы для сообщений этого вида.",
        "{b} 没有适用于此类报文的国家格式。",
    ),
    "function": (
        "{a} can send the functions {values}; the agreement does not allow them.",
        "{a} может направить функции {values}; соглашение их не допускает.",
        "{a} 可发送功能代码 {values}，协议不允许。",
    ),
    "function-b": (
        "{a} can send the functions {values}; the form of {b} has none for them.",
        "{a} может направить функции {values}; в форме {b} они отсутствуют.",
        "{a} 可发送功能代码 {values}，{b} 的格式中没有对应功能。",
    ),
    "event": (
        "{a} can send border events of the kinds {values}; the agreement does not allow them.",
        "{a} может направить события на границе видов {values}; соглашение их не допускает.",
        "{a} 可发送 {values} 类边境事件，协议不允许。",
    ),
    "event-b": (
        "{a} can send border events of the kinds {values}; {b} has no form for them.",
        "{a} может направить события на границе видов {values}; у {b} нет формы для них.",
        "{a} 可发送 {values} 类边境事件，{b} 没有相应格式。",
    ),
    "mode": (
        "{a} can send the modes {values}; the agreement does not cover them.",
        "{a} может направить виды транспорта {values}; соглашение их не охватывает.",
        "{a} 可发送运输方式 {values}，协议不包括。",
    ),
    "mode-b": (
        "{a} can send the modes {values}; {b} has no form for them.",
        "{a} может направить виды транспорта {values}; у {b} нет формы для них.",
        "{a} 可发送运输方式 {values}，{b} 没有相应格式。",
    ),
    "mode-none": (
        "{a} has no form for any mode of the agreement: {values}.",
        "У {a} нет формы ни для одного вида транспорта соглашения: {values}.",
        "{a} 没有适用于协议所列运输方式的格式：{values}。",
    ),
    "circumstance-b": (
        "{a} can send the special circumstances {values} (EMP: a vehicle without cargo); {b} has no form for them.",
        "{a} может направить особые обстоятельства {values} (EMP — транспортное средство без груза); "
        "у {b} нет формы для них.",
        "{a} 可发送特殊情形 {values}（EMP：无货物的车辆），{b} 没有相应格式。",
    ),
    "permitted": (
        "It may not leave {a} under the agreement.",
        "По соглашению не подлежит передаче за пределы {a}.",
        "根据协议，不得由 {a} 向境外传输。",
    ),
    "leg": (
        "It may not be shown to {b} on this leg of the transit.",
        "На этом участке транзита не подлежит передаче {b}.",
        "在该过境运输段不得向 {b} 提供。",
    ),
    "place": ("The form of {b} has no place for it.", "В форме {b} для этого нет места.", "{b} 的格式中没有对应项。"),
    "length": (
        "The form of {b} holds {values} characters, {a} can send {more}.",
        "Наибольшее число знаков в форме {b}: {values}; {a} может направить {more}.",
        "{b} 的格式容纳 {values} 个字符，{a} 可发送 {more} 个。",
    ),
    "count": (
        "The form of {b} holds {values} of them, {a} can send {more}.",
        "Форма {b} вмещает {values}, {a} может направить {more}.",
        "{b} 的格式最多容纳 {values} 项，{a} 可发送 {more} 项。",
    ),
    "codes": (
        "The form of {b} knows only the codes {values}.",
        "В форме {b} предусмотрены только коды {values}.",
        "{b} 的格式只有代码 {values}。",
    ),
    "characters": (
        "The form of {b} can hold only the characters {values}.",
        "Форма {b} допускает только знаки {values}.",
        "{b} 的格式只能容纳字符 {values}。",
    ),
    "asked": (
        "The agreement asks for it, and {a} has nothing to make it from.",
        "Соглашение требует этот элемент, но у {a} нет данных для него.",
        "协议要求填报，但 {a} 没有相应数据。",
    ),
    "profile": (
        "The common form asks for it, and {a} has nothing to make it from.",
        "Общая форма требует этот элемент, но у {a} нет данных для него.",
        "通用格式要求填报，但 {a} 没有相应数据。",
    ),
}


_CIRCUMSTANCE = "Declaration/SpecificCircumstancesCodeCode"


def compare(a: Capabilities, b: Capabilities, agreement: Agreement) -> tuple[Difference, ...]:
    """What A can send that B would refuse or lose under an agreement; the other way is `compare(b, a, agreement)`.

    Args:
        a: Who sends.
        b: Who receives.
        agreement: The agreement between them; its participants are found by their countries.
    """
    return tuple(
        difference
        for kind, carried in a.reads.items()
        for difference in _kind(kind, carried, b.writes.get(kind), agreement, (a.country, b.country))
    )


def _kind(
    kind: str, sent: Carried, taken: Carried | None, agreement: Agreement, ends: tuple[str, str]
) -> Iterator[Difference]:
    document = DOCUMENTS[kind]
    direction = _direction(agreement, ends)
    if direction is None or kind not in direction.messages:
        rule = "ACD-AGR-05" if direction is None else "ACD-AGR-06"
        yield _difference("direction", document, Outcome.REFUSED, rule, ends)
        return
    if taken is None:
        yield _difference("unread", document, Outcome.REFUSED, "KIT-READ-01", ends)
        return
    yield from _functions(kind, sent, taken, direction, ends)
    if kind == "declaration":
        yield from _modes(sent, taken, agreement, ends)
        yield from _circumstances(sent, taken, _allowed(kind, agreement, direction), ends)
    yield from _elements(kind, sent, taken, agreement, ends)
    yield from _limits(sent, taken, _allowed(kind, agreement, direction), ends)
    yield from _lacking(kind, sent, agreement, ends)


def _direction(agreement: Agreement, ends: tuple[str, str]) -> Direction | None:
    return next(
        (
            way
            for way in agreement.directions
            if (agreement.country(way.sender), agreement.country(way.recipient)) == ends
        ),
        None,
    )


def _functions(
    kind: str, sent: Carried, taken: Carried, direction: Direction, ends: tuple[str, str]
) -> Iterator[Difference]:
    path, text = f"{DOCUMENTS[kind]}/{CODED[kind]}", "event" if kind == "border-event" else "function"
    can, takes = (_codes(kind, carried) for carried in (sent, taken))
    refused = [code for code in can if not direction.allows(kind, code)]
    if refused:
        yield _difference(text, path, Outcome.REFUSED, "ACD-AGR-12", ends, refused)
    unknown = [code for code in can if code not in refused and code not in takes]
    if unknown:
        yield _difference(f"{text}-b", path, Outcome.REFUSED, "KIT-LOST-01", ends, unknown)


def _codes(kind: str, carried: Carried) -> tuple[str, ...]:
    """The functions that are declared, of border events the kinds: all of them where none is declared."""
    return carried.functions or (AGREED_EVENTS if kind == "border-event" else ())


def _modes(sent: Carried, taken: Carried, agreement: Agreement, ends: tuple[str, str]) -> Iterator[Difference]:
    path = "Declaration/BorderTransportMeans/ModeCode"
    refused = [mode for mode in sent.modes if mode not in agreement.modes]
    if refused:
        yield _difference("mode", path, Outcome.REFUSED, "ACD-AGR-08", ends, refused)
    unknown = [mode for mode in sent.modes if mode in agreement.modes and mode not in taken.modes]
    if unknown:
        yield _difference("mode-b", path, Outcome.REFUSED, "KIT-LOST-01", ends, unknown)
    if len(refused) == len(sent.modes):
        yield _difference("mode-none", path, Outcome.LACKING, "ACD-AGR-08", ends, agreement.modes)


def _circumstances(
    sent: Carried, taken: Carried, allowed: frozenset[str], ends: tuple[str, str]
) -> Iterator[Difference]:
    """What has a form at the one side only: a vehicle without cargo is then refused, not handed over with less."""
    unknown = [code for code in sent.circumstances if code not in taken.circumstances]
    if unknown and covers(allowed, _CIRCUMSTANCE):
        yield _difference("circumstance-b", _CIRCUMSTANCE, Outcome.REFUSED, "KIT-LOST-01", ends, unknown)


def _allowed(kind: str, agreement: Agreement, direction: Direction) -> frozenset[str]:
    leg = agreement.leg(direction.recipient) if kind == "declaration" else None
    return leg.permitted if leg is not None else agreement.permitted


def _elements(
    kind: str, sent: Carried, taken: Carried, agreement: Agreement, ends: tuple[str, str]
) -> Iterator[Difference]:
    """Elements that may not leave, or have no place at the other side; a class once where it goes as a whole."""
    direction = _direction(agreement, ends)
    allowed = _allowed(kind, agreement, direction) if direction is not None else agreement.permitted
    leg = allowed is not agreement.permitted
    leaves = _leaves(sent.elements)
    refused = {path for path in leaves if not covers(allowed, path)}
    lost = {path for path in leaves if path not in refused and not covers(taken.elements, path)}
    if not set(sent.circumstances) <= set(taken.circumstances):
        lost.discard(_CIRCUMSTANCE)  # said already, with what becomes of it
    for path in _whole(refused, leaves):
        hidden = leg and covers(agreement.permitted, path)
        rule = "ACD-AGR-13" if hidden else "ACD-AGR-02"
        yield _difference("leg" if hidden else "permitted", path, Outcome.REFUSED, rule, ends)
    for path in _whole(lost, leaves):
        yield _difference("place", path, Outcome.LOST, "KIT-LOST-01", ends)


def _leaves(paths: Iterable[str]) -> frozenset[str]:
    """The values that paths stand for."""
    return frozenset(leaf for path in paths for leaf in _below(path, element_at(path)))


def _below(path: str, element: Element | None) -> Iterator[str]:
    if element is None or element.child is None or element.qualified:
        yield path
        return
    for one in elements(element.child):
        yield from _below(f"{path}/{one.name}", one)


def _whole(paths: set[str], among: frozenset[str]) -> list[str]:
    """Paths, those of a class put together where all that can be sent of the class is among them."""
    rest = among - paths
    found: set[str] = set()
    for path in paths:
        names = path.split("/")
        for depth in range(2, len(names) + 1):
            above = "/".join(names[:depth])
            if not any(other == above or other.startswith(above + "/") for other in rest):
                found.add(above)
                break
    return sorted(found)


def _limits(sent: Carried, taken: Carried, allowed: frozenset[str], ends: tuple[str, str]) -> Iterator[Difference]:
    for path in sorted(taken.lengths):
        more = sent.lengths.get(path) or _longest(path)
        if _passes(path, sent, taken, allowed) and more > taken.lengths[path]:
            limit = str(taken.lengths[path])
            yield _difference("length", path, Outcome.SHORTENED, "KIT-FIT-01", ends, [limit], str(more))
    for path in sorted(taken.counts):
        element = element_at(path)
        more = sent.counts.get(path) or (element.most if element is not None else 1)
        if _passes(path, sent, taken, allowed) and more > taken.counts[path]:
            yield _difference("count", path, Outcome.LOST, "KIT-LOST-01", ends, [str(taken.counts[path])], str(more))
    for path in sorted(taken.codes):
        codes = sent.codes.get(path)
        if _passes(path, sent, taken, allowed) and (codes is None or not codes <= taken.codes[path]):
            yield _difference("codes", path, Outcome.LOST, "KIT-FIT-01", ends, sorted(taken.codes[path]))
    if taken.characters not in ("any", sent.characters):
        document = next(iter(sorted(sent.elements))).partition("/")[0]
        yield _difference("characters", document, Outcome.LOST, "KIT-FIT-01", ends, [taken.characters])


def _passes(path: str, sent: Carried, taken: Carried, allowed: frozenset[str]) -> bool:
    """Whether an element can be sent, may leave and has a place: only then its limits matter."""
    may = covers(allowed, path) or any(other.startswith(path + "/") for other in allowed)
    return may and sent.has(path) and taken.has(path)


def _longest(path: str) -> int:
    element = element_at(path)
    lengths: tuple[int, int] = getattr(element.leaf, "lengths", (0, 0)) if element is not None else (0, 0)
    return lengths[1]


def _lacking(kind: str, sent: Carried, agreement: Agreement, ends: tuple[str, str]) -> Iterator[Difference]:
    """What is asked for and cannot be sent; a message that lacks it is refused before it leaves."""
    document = DOCUMENTS[kind]
    asked = {path for path in agreement.mandatory if path.startswith(document + "/") and not sent.has(path)}
    for path in sorted(asked):
        yield _difference("asked", path, Outcome.LACKING, "ACD-AGR-03", ends)
    element = element_at(document)
    if kind == "declaration" and element is not None and element.child is not None:  # ACD-MAN-01 asks no other kind
        for path in _profile(document, element.child, sent):
            if path not in asked:
                yield _difference("profile", path, Outcome.LACKING, "ACD-MAN-01", ends)


def _profile(path: str, cls: type[WcoClass], sent: Carried) -> Iterator[str]:
    """Mandatory elements of the form that cannot be sent, in every class of which something can."""
    for element in elements(cls):
        below = f"{path}/{element.name}"
        if not sent.has(below):
            if element.mandatory:
                yield below
        elif element.child is not None and not element.qualified and not covers(sent.elements, below):
            yield from _profile(below, element.child, sent)


def _difference(
    text: str,
    element: str,
    outcome: Outcome,
    rule: str,
    ends: tuple[str, str],
    values: Iterable[str] = (),
    more: str = "",
) -> Difference:
    limit = ", ".join(values)
    names = {"a": ends[0], "b": ends[1], "values": limit, "more": more}
    sentences = zip(LANGUAGES, _TEXTS[text], strict=True)
    return Difference(element, outcome, rule, limit, {language: text.format(**names) for language, text in sentences})
