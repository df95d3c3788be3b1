"""What changed between two agreements, or two versions of one: in words that a lawyer of customs reads.

Every field of an agreement has its sentence here; a test finds a field that has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.agreements.agreement import (
    LANGUAGES,
    Agreement,
    Direction,
    Language,
    LeadTime,
    Leg,
    LegalBasis,
    Limits,
    Post,
    Tolerances,
)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs.

    Attributes:
        place: Where in the agreement: `directions.CN-KG.lead_times.3`.
        text: What changed, by language.
    """

    place: str
    text: Mapping[Language, str]


_Thing = Agreement | LegalBasis | LeadTime | Limits | Post | Tolerances
Sentence = tuple[str, str, str]
"""English, Russian, Chinese; `{old}`, `{new}` and other names are filled in."""

_NONE = {"en": "not agreed", "ru": "не установлено", "zh": "未约定"}
_YES = {"en": "yes", "ru": "да", "zh": "是"}
_NO = {"en": "no", "ru": "нет", "zh": "否"}
_OPEN_END = {"en": "without end", "ru": "бессрочно", "zh": "无期限"}

WORDS: Mapping[str, Mapping[Language, str]] = {
    "any": {"en": "any", "ru": "любые", "zh": "任意"},
    "exit-gate": {"en": "at the exit gate", "ru": "при проезде выездных ворот", "zh": "通过出境卡口时"},
    "export-release": {"en": "at the release for export", "ru": "при выпуске на экспорт", "zh": "出口放行时"},
    "departure": {"en": "at departure", "ru": "при отправлении", "zh": "启运时"},
    "published": {"en": "published", "ru": "опубликовано", "zh": "已公布"},
    "reported": {"en": "reported", "ru": "по сообщениям", "zh": "据报道"},
    "illustrative": {"en": "illustrative", "ru": "условно", "zh": "示例"},
}
"""Words of an agreement's file, for people."""

_TONGUES: Mapping[Language, Mapping[Language, str]] = {
    "en": {"en": "English", "ru": "английском", "zh": "英文"},
    "ru": {"en": "Russian", "ru": "русском", "zh": "俄文"},
    "zh": {"en": "Chinese", "ru": "китайском", "zh": "中文"},
}
"""The languages of an agreement's texts, for people."""
_IN_EACH_LANGUAGE = frozenset({"title", "text", "names"})
"""Fields that say the same in three languages: which of them changed is told."""

_VALUES: Mapping[str, Sentence] = {
    "id": (
        "The agreement is “{new}”, no longer “{old}”.",
        "Соглашение: «{new}» вместо «{old}».",
        "协议由“{old}”改为“{new}”。",
    ),
    "version": (
        "Version {old} becomes version {new}.",
        "Версия {old} заменяется версией {new}.",
        "版本由 {old} 改为 {new}。",
    ),
    "title": (
        "The {tongue} title is “{new}” instead of “{old}”.",
        "Наименование на {tongue} языке: «{new}» вместо «{old}».",
        "{tongue}名称由“{old}”改为“{new}”。",
    ),
    "in_force_from": (
        "In force from {new} instead of {old}.",
        "Вступает в силу {new} вместо {old}.",
        "生效日期由 {old} 改为 {new}。",
    ),
    "in_force_until": (
        "In force until: {new} instead of {old}.",
        "Срок действия: {new} вместо {old}.",
        "失效日期由“{old}”改为“{new}”。",
    ),
    "trigger": (
        "Messages are sent at another moment: {new} instead of {old}.",
        "Изменён момент отправки сообщений: {new} вместо {old}.",
        "发送时点由 {old} 改为 {new}。",
    ),
    "rehitch": (
        "Change of the tractor at the border is allowed: {new} (was: {old}).",
        "Перецепка тягача на границе допускается: {new} (было: {old}).",
        "允许在口岸更换牵引车：{new}（原为：{old}）。",
    ),
    "test_messages": (
        "Test messages are taken: {new} (was: {old}).",
        "Тестовые сообщения принимаются: {new} (было: {old}).",
        "接收测试报文：{new}（原为：{old}）。",
    ),
    "export_declaration": (
        "Each consignment cites its export declaration: {new} (was: {old}).",
        "Для каждой товарной партии указывается экспортная декларация: {new} (было: {old}).",
        "每票货物须引用出口报关单：{new}（原为：{old}）。",
    ),
    "retention_days": (
        "Messages and evidence are kept for {new} days instead of {old}.",
        "Сообщения и доказательства хранятся {new} сут. вместо {old}.",
        "报文及证据的保存期由 {old} 天改为 {new} 天。",
    ),
}
_MEMBERS: Mapping[str, tuple[Sentence, Sentence]] = {
    "parties": (
        ("{new} becomes a party.", "{new} становится участником.", "{new} 成为协议方。"),
        ("{old} is no longer a party.", "{old} более не является участником.", "{old} 不再是协议方。"),
    ),
    "modes": (
        ("Mode of transport {new} is added.", "Добавлен вид транспорта {new}.", "增加运输方式 {new}。"),
        ("Mode of transport {old} is removed.", "Исключён вид транспорта {old}.", "取消运输方式 {old}。"),
    ),
    "languages": (
        (
            "Answers may be given in the language “{new}”.",
            "Допускаются ответы на языке «{new}».",
            "可使用语言“{new}”答复。",
        ),
        (
            "Answers may no longer be given in the language “{old}”.",
            "Ответы на языке «{old}» более не допускаются.",
            "不再使用语言“{old}”答复。",
        ),
    ),
    "mandatory": (
        ("{new} becomes mandatory.", "{new} становится обязательным.", "{new} 改为必填。"),
        ("{old} is no longer mandatory.", "{old} более не обязателен.", "{old} 不再必填。"),
    ),
    "permitted": (
        ("{new} may leave the country.", "Разрешена передача {new} за пределы страны.", "允许向境外传输 {new}。"),
        (
            "{old} may no longer leave the country.",
            "Передача {old} за пределы страны более не разрешена.",
            "不再允许向境外传输 {old}。",
        ),
    ),
    "recognised_seals": (
        ("Seals of {new} are recognised.", "Признаются пломбы {new}.", "承认 {new} 施加的封志。"),
        (
            "Seals of {old} are no longer recognised.",
            "Пломбы {old} более не признаются.",
            "不再承认 {old} 施加的封志。",
        ),
    ),
}
_ENTRIES: Mapping[str, Sentence] = {
    "countries": (
        "The country of {key}: {new} instead of {old}.",
        "Страна участника {key}: {new} вместо {old}.",
        "{key} 所属国家由 {old} 改为 {new}。",
    ),
    "code_lists": (
        "Edition of the code list {key}: {new} instead of {old}.",
        "Редакция справочника {key}: {new} вместо {old}.",
        "代码表 {key} 的版本由 {old} 改为 {new}。",
    ),
}
_BASIS: Mapping[str, Sentence] = {
    "text": (
        "The legal basis in {tongue} is “{new}” instead of “{old}”.",
        "Правовая основа на {tongue} языке: «{new}» вместо «{old}».",
        "{tongue}法律依据由“{old}”改为“{new}”。",
    ),
    "reference": (
        "The instrument cited is “{new}” instead of “{old}”.",
        "Ссылка на документ: «{new}» вместо «{old}».",
        "引用文件由“{old}”改为“{new}”。",
    ),
    "certainty": (
        "The legal basis is {new}; it was {old}.",
        "Достоверность правовой основы: {new} (было: {old}).",
        "法律依据的可靠程度由 {old} 改为 {new}。",
    ),
}
_LIMITS: Mapping[str, Sentence] = {
    "receipt_seconds": (
        "A receipt is due within {new} seconds instead of {old}.",
        "Квитанция направляется в течение {new} с вместо {old} с.",
        "回执时限由 {old} 秒改为 {new} 秒。",
    ),
    "decision_minutes": (
        "The authority answers within {new} minutes instead of {old}.",
        "Решение сообщается в течение {new} мин вместо {old} мин.",
        "海关答复时限由 {old} 分钟改为 {new} 分钟。",
    ),
    "expiry_minutes": (
        "An exchange without arrival expires {new} minutes after the planned arrival instead of {old}.",
        "Без прибытия обмен прекращается через {new} мин после планового прибытия вместо {old} мин.",
        "未抵达的，由计划抵达后 {old} 分钟失效改为 {new} 分钟失效。",
    ),
    "overtaking_minutes": (
        "A message that overtook another waits {new} minutes for it instead of {old}.",
        "Сообщение, опередившее предыдущее, ожидает его {new} мин вместо {old} мин.",
        "先到的后续报文等待前一报文的时间由 {old} 分钟改为 {new} 分钟。",
    ),
    "after_departure_minutes": (
        "Minutes after the departure within which its declaration has to come: {new} (was: {old}).",
        "Срок поступления декларации после убытия, мин: {new} (было: {old}).",
        "离境后申报须到达的时限（分钟）：{new}（原为：{old}）。",
    ),
}
_COMPARISON: Mapping[str, Sentence] = {
    "delay_minutes": (
        "An arrival that is later than planned is a discrepancy; minutes of delay that are tolerated: {new} (was: "
        "{old}).",
        "Прибытие позже планового считается расхождением; допускаемое опоздание, мин: {new} (было: {old}).",
        "抵达晚于计划的视为不符；允许延误（分钟）：{new}（原为：{old}）。",
    ),
}
WITHIN = ("inside a message", "внутри сообщения", "报文内部")
AGAINST = ("export against import", "при сверке экспорта и импорта", "出口与进口比对")
_TOLERANCES: Mapping[str, Sentence] = {
    "gross_mass_kg": (
        "Gross mass, {where}: a difference of {new} kg is tolerated instead of {old} kg.",
        "Масса брутто, {where}: допускается расхождение {new} кг вместо {old} кг.",
        "毛重（{where}）：允许误差由 {old} 千克改为 {new} 千克。",
    ),
    "gross_mass_percent": (
        "Gross mass, {where}: a difference of {new} % is tolerated instead of {old} %.",
        "Масса брутто, {where}: допускается расхождение {new} % вместо {old} %.",
        "毛重（{where}）：允许误差由 {old}% 改为 {new}%。",
    ),
    "packages": (
        "Packages, {where}: a difference of {new} is tolerated instead of {old}.",
        "Грузовые места, {where}: допускается расхождение {new} вместо {old}.",
        "件数（{where}）：允许误差由 {old} 改为 {new}。",
    ),
    "value_percent": (
        "Value, {where}: a difference of {new} % is tolerated instead of {old} %.",
        "Стоимость, {where}: допускается расхождение {new} % вместо {old} %.",
        "价值（{where}）：允许误差由 {old}% 改为 {new}%。",
    ),
}
_DIRECTION: tuple[Sentence, Sentence] = (
    ("The direction {key} is added.", "Добавлено направление {key}.", "增加方向 {key}。"),
    ("The direction {key} is removed.", "Исключено направление {key}.", "取消方向 {key}。"),
)
_MESSAGES: Sentence = (
    "{way}: functions of messages “{key}”: {new} instead of {old}.",
    "{way}: функции сообщений «{key}»: {new} вместо {old}.",
    "{way}：“{key}”报文的功能代码由 {old} 改为 {new}。",
)
_EVENTS: Sentence = (
    "{way}: border events that may be sent: {new} instead of {old}.",
    "{way}: допускаемые события на границе: {new} вместо {old}.",
    "{way}：可发送的边境事件由 {old} 改为 {new}。",
)
_KIND: tuple[Sentence, Sentence] = (
    (
        "{way}: messages “{key}” may be sent, with the codes {new}.",
        "{way}: допускаются сообщения «{key}» с кодами {new}.",
        "{way}：可发送“{key}”报文，代码 {new}。",
    ),
    (
        "{way}: messages “{key}” may no longer be sent.",
        "{way}: сообщения «{key}» более не допускаются.",
        "{way}：不再发送“{key}”报文。",
    ),
)
_LEAD_TIME: tuple[Sentence, Sentence] = (
    (
        "{way}, mode {key}: declarations are due not later than {minutes} minutes and not earlier than {days} days "
        "before arrival.",
        "{way}, вид транспорта {key}: декларация направляется не позднее чем за {minutes} мин и не ранее чем за {days} "
        "сут. до прибытия.",
        "{way}，运输方式 {key}：申报不迟于抵达前 {minutes} 分钟，不早于抵达前 {days} 天。",
    ),
    (
        "{way}, mode {key}: there is no lead time any more.",
        "{way}, вид транспорта {key}: срок предварительного направления отменён.",
        "{way}，运输方式 {key}：取消提前时限。",
    ),
)
_LEAD: Mapping[str, Sentence] = {
    "minutes": (
        "{way}, mode {key}: not later than {new} minutes before arrival instead of {old}.",
        "{way}, вид транспорта {key}: не позднее чем за {new} мин до прибытия вместо {old} мин.",
        "{way}，运输方式 {key}：最迟提前时间由 {old} 分钟改为 {new} 分钟。",
    ),
    "earliest_days": (
        "{way}, mode {key}: not earlier than {new} days before arrival instead of {old}.",
        "{way}, вид транспорта {key}: не ранее чем за {new} сут. до прибытия вместо {old} сут.",
        "{way}，运输方式 {key}：最早提前时间由 {old} 天改为 {new} 天。",
    ),
    "source": (
        "{way}, mode {key}: the lead time rests on “{new}” instead of “{old}”.",
        "{way}, вид транспорта {key}: основание срока: «{new}» вместо «{old}».",
        "{way}，运输方式 {key}：时限依据由“{old}”改为“{new}”。",
    ),
    "certainty": (
        "{way}, mode {key}: the lead time is {new}; it was {old}.",
        "{way}, вид транспорта {key}: достоверность срока: {new} (было: {old}).",
        "{way}，运输方式 {key}：时限的可靠程度由 {old} 改为 {new}。",
    ),
}
_POST: tuple[Sentence, Sentence] = (
    ("The border post {key} is added.", "Добавлен пункт пропуска {key}.", "增加口岸 {key}。"),
    ("The border post {key} is removed.", "Исключён пункт пропуска {key}.", "取消口岸 {key}。"),
)
_POST_FIELDS: Mapping[str, Sentence] = {
    "active": (
        "The border post {key} is open for the exchange: {new} (was: {old}).",
        "Пункт пропуска {key} открыт для обмена: {new} (было: {old}).",
        "口岸 {key} 开通交换：{new}（原为：{old}）。",
    ),
    "active_from": (
        "The border post {key} opens on {new} instead of {old}.",
        "Пункт пропуска {key} открывается для обмена {new} вместо {old}.",
        "口岸 {key} 开通日期由 {old} 改为 {new}。",
    ),
    "offices": (
        "The border post {key}: offices {new} instead of {old}.",
        "Пункт пропуска {key}: таможенные органы {new} вместо {old}.",
        "口岸 {key}：海关由 {old} 改为 {new}。",
    ),
    "names": (
        "The border post {key} is named “{new}” in {tongue} instead of “{old}”.",
        "Пункт пропуска {key}: наименование на {tongue} языке «{new}» вместо «{old}».",
        "口岸 {key}：{tongue}名称由“{old}”改为“{new}”。",
    ),
    "certainty": (
        "The border post {key}: its codes are {new}; they were {old}.",
        "Пункт пропуска {key}: достоверность кодов: {new} (было: {old}).",
        "口岸 {key}：代码的可靠程度由 {old} 改为 {new}。",
    ),
}
_WAY: Sentence = (
    "The way of the transit is {new} instead of {old}.",
    "Маршрут транзита: {new} вместо {old}.",
    "过境路线由 {old} 改为 {new}。",
)
_LEG: tuple[Sentence, Sentence] = (
    ("{key} may see {new}.", "{key} вправе видеть {new}.", "{key} 可查看 {new}。"),
    ("{key} may no longer see {old}.", "{key} более не вправе видеть {old}.", "{key} 不再可查看 {old}。"),
)


def diff(old: Agreement, new: Agreement) -> tuple[Change, ...]:
    """What changed from one agreement, or one version, to another; nothing where they say the same."""
    return tuple(_changes(old, new))


def _changes(old: Agreement, new: Agreement) -> Iterator[Change]:
    yield from _fields("", old, new, _VALUES)
    yield from _fields("legal_basis.", old.legal_basis, new.legal_basis, _BASIS)
    for name, entry in _ENTRIES.items():
        yield from _entries(name, getattr(old, name), getattr(new, name), entry)
    for name, sentences in _MEMBERS.items():
        yield from _members(name, getattr(old, name), getattr(new, name), sentences)
    yield from _directions(old, new)
    yield from _posts(old, new)
    yield from _transit(old, new)
    yield from _tolerances("tolerances", old.tolerances, new.tolerances, WITHIN)
    yield from _tolerances("comparison", old.comparison, new.comparison, AGAINST)
    yield from _fields("comparison.", old.comparison, new.comparison, _COMPARISON)
    yield from _fields("limits.", old.limits, new.limits, _LIMITS)


def _fields(
    prefix: str,
    old: _Thing,
    new: _Thing,
    sentences: Mapping[str, Sentence],
    **names: Any,
) -> Iterator[Change]:
    for name, sentence in sentences.items():
        before, after = getattr(old, name), getattr(new, name)
        if name in _IN_EACH_LANGUAGE:
            for tongue in LANGUAGES:
                if before.get(tongue) != after.get(tongue):
                    told = {"old": before.get(tongue), "new": after.get(tongue), "tongue": _TONGUES[tongue]}
                    yield _change(f"{prefix}{name}.{tongue}", sentence, **told, **names)
        elif before != after:
            yield _change(f"{prefix}{name}", sentence, old=before, new=after, **names)


def _entries(
    place: str, old: Mapping[str, Any], new: Mapping[str, Any], sentence: Sentence, **names: Any
) -> Iterator[Change]:
    for key in _order(old, new):
        if old.get(key) != new.get(key):
            yield _change(f"{place}.{key}", sentence, key=key, old=old.get(key), new=new.get(key), **names)


def _members(
    place: str, old: Iterable[str], new: Iterable[str], sentences: tuple[Sentence, Sentence], **names: Any
) -> Iterator[Change]:
    before, after = set(old), set(new)
    for one in sorted(after - before):
        yield _change(place, sentences[0], new=one, **names)
    for one in sorted(before - after):
        yield _change(place, sentences[1], old=one, **names)


def _directions(old: Agreement, new: Agreement) -> Iterator[Change]:
    before, after = _by_key(old.directions, _way), _by_key(new.directions, _way)
    for key in _order(before, after):
        was, becomes = before.get(key), after.get(key)
        place, way = f"directions.{key}", key.replace("-", " → ", 1)
        if was is None or becomes is None:
            yield _change(place, _DIRECTION[becomes is None], key=way)
            continue
        yield from _kinds(f"{place}.messages", was.messages, becomes.messages, way)
        yield from _lead_times(f"{place}.lead_times", was.lead_times, becomes.lead_times, way)


def _kinds(place: str, old: Mapping[Any, Any], new: Mapping[Any, Any], way: str) -> Iterator[Change]:
    for key in _order(old, new):
        names = {"way": way, "key": key, "old": old.get(key), "new": new.get(key)}
        if (key in old) != (key in new):
            yield _change(f"{place}.{key}", _KIND[key not in new], **names)
        elif old[key] != new[key]:
            yield _change(f"{place}.{key}", _EVENTS if key == "border-event" else _MESSAGES, **names)


def _lead_times(place: str, old: Mapping[str, LeadTime], new: Mapping[str, LeadTime], way: str) -> Iterator[Change]:
    for mode in _order(old, new):
        was, becomes = old.get(mode), new.get(mode)
        if becomes is None:
            yield _change(f"{place}.{mode}", _LEAD_TIME[1], way=way, key=mode)
        elif was is None:
            yield _change(
                f"{place}.{mode}", _LEAD_TIME[0], way=way, key=mode, minutes=becomes.minutes, days=becomes.earliest_days
            )
        else:
            yield from _fields(f"{place}.{mode}.", was, becomes, _LEAD, way=way, key=mode)


def _posts(old: Agreement, new: Agreement) -> Iterator[Change]:
    before, after = _by_key(old.posts, lambda post: post.id), _by_key(new.posts, lambda post: post.id)
    for key in _order(before, after):
        was, becomes = before.get(key), after.get(key)
        if was is None or becomes is None:
            yield _change(f"posts.{key}", _POST[becomes is None], key=key)
        else:
            yield from _fields(f"posts.{key}.", was, becomes, _POST_FIELDS, key=key)


def _transit(old: Agreement, new: Agreement) -> Iterator[Change]:
    ways = [" → ".join(each.transit.participants) if each.transit else None for each in (old, new)]
    if ways[0] != ways[1]:
        yield _change("transit.participants", _WAY, old=ways[0], new=ways[1])
    before, after = (_by_key(each.transit.legs if each.transit else (), _recipient) for each in (old, new))
    for key in _order(before, after):
        was = before[key].permitted if key in before else frozenset()
        becomes = after[key].permitted if key in after else frozenset()
        yield from _members(f"transit.legs.{key}", was, becomes, _LEG, key=key)


def _tolerances(place: str, old: Tolerances, new: Tolerances, where: Sentence) -> Iterator[Change]:
    yield from _fields(f"{place}.", old, new, _TOLERANCES, where=dict(zip(LANGUAGES, where, strict=True)))


def _by_key(things: Iterable[Any], key: Callable[[Any], str]) -> dict[str, Any]:
    return {key(thing): thing for thing in things}


def _way(direction: Direction) -> str:
    return f"{direction.sender}-{direction.recipient}"


def _recipient(leg: Leg) -> str:
    return leg.recipient


def _order(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The keys of both, in the order of the old, what is new last."""
    return [*old, *(key for key in new if key not in old)]


def _change(place: str, sentence: Sentence, **values: Any) -> Change:
    texts = {
        language: text.format(**{name: _said(value, place, language) for name, value in values.items()})
        for language, text in zip(LANGUAGES, sentence, strict=True)
    }
    return Change(place, texts)


def _said(value: Any, place: str, language: Language) -> str:
    """A value in words."""
    if value is None:
        return _OPEN_END[language] if place == "in_force_until" else _NONE[language]
    if isinstance(value, bool):
        return _YES[language] if value else _NO[language]
    if isinstance(value, Mapping):
        if language in value:
            return str(value[language])
        return ", ".join(f"{key} {one}" for key, one in value.items())
    if isinstance(value, str) and value in WORDS:
        return WORDS[value][language]
    return ", ".join(value) if isinstance(value, tuple) else str(value)
