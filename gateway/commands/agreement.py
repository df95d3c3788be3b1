"""An agreement for a terminal: everything that it says, a row for each thing, in the language asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from gateway.agreements import Agreement, Language
from gateway.agreements.agreement import LANGUAGES, Direction, Limits, Post, Tolerances
from gateway.agreements.changes import AGAINST, WITHIN, WORDS

Rows = Iterator[tuple[str, str]]


def rows(agreement: Agreement, lang: Language, now: datetime) -> list[tuple[str, str]]:
    """What an agreement says: what it is about, and what it says of it. What one thing has several of is named once."""
    found: list[tuple[str, str]] = []
    before = ""
    for label, said in _all(agreement, lang, now):
        found.append(("" if label == before else label, said))
        before = label
    return found


def period(agreement: Agreement, lang: Language, now: datetime) -> str:
    """From when until when it may be cited, and whether that is now."""
    until = agreement.in_force_until.isoformat() if agreement.in_force_until else ""
    return f"{agreement.in_force_from.isoformat()}..{until}{'' if agreement.in_force(now) else _TEXTS[lang]['not now']}"


def _all(agreement: Agreement, lang: Language, now: datetime) -> Rows:
    texts = _TEXTS[lang]
    yield f"{agreement.id}/{agreement.version}", agreement.title.get(lang, agreement.id)
    yield texts["in force"], period(agreement, lang, now)
    yield texts["parties"], ", ".join(_party(agreement, party) for party in agreement.parties)
    basis = agreement.legal_basis
    yield texts["basis"], basis.text[lang]
    yield texts["basis"], f"{basis.reference} ({WORDS[basis.certainty][lang]})"
    yield texts["modes"], ", ".join(agreement.modes)
    yield texts["trigger"], WORDS[agreement.trigger][lang]
    for way in agreement.directions:
        yield from ((f"{way.sender} → {way.recipient}", said) for said in _direction(way, lang))
    for post in agreement.posts:
        yield texts["post"], _post(post, lang)
    if agreement.transit is not None:
        yield texts["transit"], " → ".join(agreement.transit.participants)
    for tolerances, where in ((agreement.tolerances, WITHIN), (agreement.comparison, AGAINST)):
        yield texts["tolerances"], f"{where[LANGUAGES.index(lang)]}: {_tolerances(tolerances, lang)}"
    if agreement.comparison.delay_minutes is not None:
        yield texts["tolerances"], texts["delay_minutes"].format(figure=agreement.comparison.delay_minutes)
    yield from ((texts["limits"], said) for said in _limits(agreement.limits, lang))
    yield texts["languages"], ", ".join(agreement.languages)
    yield texts["seals"], ", ".join(sorted(agreement.recognised_seals)) or "–"
    for name in ("rehitch", "test_messages", "export_declaration"):
        yield texts[name], texts["yes" if getattr(agreement, name) else "no"]
    yield texts["kept"], texts["days"].format(days=agreement.retention_days)
    for name, edition in agreement.code_lists.items():
        yield texts["code list"], f"{name}: {edition}"
    yield from _paths(agreement, lang)


def _paths(agreement: Agreement, lang: Language) -> Rows:
    texts = _TEXTS[lang]
    yield from ((texts["mandatory"], path) for path in sorted(agreement.mandatory))
    yield from ((texts["permitted"], path) for path in sorted(agreement.permitted))
    for leg in agreement.transit.legs if agreement.transit is not None else ():
        yield from ((texts["leg"].format(party=leg.recipient), path) for path in sorted(leg.permitted))


def _party(agreement: Agreement, party: str) -> str:
    country = agreement.country(party)
    return party if party == country else f"{party} ({country})"


def _direction(way: Direction, lang: Language) -> Iterator[str]:
    texts = _TEXTS[lang]
    for kind, codes in way.messages.items():
        listed = WORDS["any"][lang] if codes == "any" else ", ".join(codes)
        yield texts["events" if kind == "border-event" else "functions"].format(kind=texts[kind], codes=listed)
    for mode, lead in way.lead_times.items():
        yield texts["lead time"].format(mode=mode, minutes=lead.minutes, days=lead.earliest_days)
        yield f"  {lead.source} ({WORDS[lead.certainty][lang]})"


def _post(post: Post, lang: Language) -> str:
    texts = _TEXTS[lang]
    offices = ", ".join(f"{party} {office}" for party, office in post.offices.items())
    since = texts["since"].format(day=post.active_from.isoformat()) if post.active_from is not None else ""
    opened = since if post.active else texts["closed"]
    return f"{post.id}  {post.names.get(lang, '')}{opened}: {offices} ({WORDS[post.certainty][lang]})"


def _tolerances(tolerances: Tolerances, lang: Language) -> str:
    return _TEXTS[lang]["figures"].format(
        kg=tolerances.gross_mass_kg,
        percent=tolerances.gross_mass_percent,
        packages=tolerances.packages,
        value=tolerances.value_percent,
    )


def _limits(limits: Limits, lang: Language) -> Iterator[str]:
    for name in Limits.model_fields:
        figure = getattr(limits, name)
        if figure is not None:
            yield _TEXTS[lang][name].format(figure=figure)


_TEXTS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "in force": "in force",
        "parties": "parties",
        "basis": "legal basis",
        "modes": "modes (UN/ECE Rec 19)",
        "trigger": "messages are sent",
        "declaration": "declaration",
        "response": "response",
        "border-event": "border event",
        "functions": "{kind}, functions (UNTDID 1225): {codes}",
        "events": "{kind}, kinds: {codes}",
        "lead time": "mode {mode}: not later than {minutes} minutes, not earlier than {days} days before arrival",
        "post": "border post",
        "closed": " (closed)",
        "since": " (from {day})",
        "transit": "way of the transit",
        "tolerances": "tolerances",
        "figures": "gross mass {kg} kg or {percent} %, packages {packages}, value {value} %",
        "limits": "time limits",
        "receipt_seconds": "receipt within {figure} seconds",
        "decision_minutes": "decision within {figure} minutes after delivery",
        "expiry_minutes": "expiry {figure} minutes after the planned arrival",
        "overtaking_minutes": "a message that overtook another waits {figure} minutes",
        "after_departure_minutes": "a declaration comes within {figure} minutes after the departure",
        "delay_minutes": "an arrival is late by {figure} minutes at most",
        "languages": "languages",
        "seals": "seals recognised (UNTDID 9303)",
        "rehitch": "change of tractor at the border",
        "test_messages": "test messages",
        "export_declaration": "consignments cite export declarations",
        "yes": "yes",
        "no": "no",
        "kept": "messages are kept",
        "days": "{days} days",
        "code list": "code lists",
        "mandatory": "mandatory",
        "permitted": "may leave the country",
        "leg": "{party} may see",
        "not now": " (not in force now)",
    },
    "ru": {
        "in force": "действует",
        "parties": "участники",
        "basis": "правовая основа",
        "modes": "виды транспорта (Рекомендация № 19 ЕЭК ООН)",
        "trigger": "сообщения направляются",
        "declaration": "декларация",
        "response": "ответ",
        "border-event": "событие на границе",
        "functions": "{kind}, функции (UNTDID 1225): {codes}",
        "events": "{kind}, виды: {codes}",
        "lead time": "вид транспорта {mode}: не позднее чем за {minutes} мин и не ранее чем за {days} сут. до прибытия",
        "post": "пункт пропуска",
        "closed": " (закрыт)",
        "since": " (с {day})",
        "transit": "маршрут транзита",
        "tolerances": "допуски",
        "figures": "масса брутто {kg} кг или {percent} %, грузовые места {packages}, стоимость {value} %",
        "limits": "сроки",
        "receipt_seconds": "квитанция в течение {figure} с",
        "decision_minutes": "решение в течение {figure} мин после доставки",
        "expiry_minutes": "прекращение через {figure} мин после планового прибытия",
        "overtaking_minutes": "сообщение, опередившее предыдущее, ожидает {figure} мин",
        "after_departure_minutes": "декларация поступает в течение {figure} мин после убытия",
        "delay_minutes": "опоздание прибытия — не более {figure} мин",
        "languages": "языки",
        "seals": "признаваемые пломбы (UNTDID 9303)",
        "rehitch": "перецепка тягача на границе",
        "test_messages": "тестовые сообщения",
        "export_declaration": "указание экспортной декларации для каждой партии",
        "yes": "да",
        "no": "нет",
        "kept": "сообщения хранятся",
        "days": "{days} сут.",
        "code list": "справочники",
        "mandatory": "обязательно",
        "permitted": "разрешено к передаче",
        "leg": "вправе видеть {party}",
        "not now": " (в настоящее время не действует)",
    },
    "zh": {
        "in force": "有效期",
        "parties": "协议方",
        "basis": "法律依据",
        "modes": "运输方式（UN/ECE 第19号建议书）",
        "trigger": "发送时点",
        "declaration": "申报",
        "response": "答复",
        "border-event": "边境事件",
        "functions": "{kind}，功能代码（UNTDID 1225）：{codes}",
        "events": "{kind}，种类：{codes}",
        "lead time": "运输方式{mode}：不迟于抵达前{minutes}分钟，不早于抵达前{days}天",
        "post": "口岸",
        "closed": "（关闭）",
        "since": "（自 {day} 起）",
        "transit": "过境路线",
        "tolerances": "允许误差",
        "figures": "毛重 {kg} 千克或 {percent}%，件数 {packages}，价值 {value}%",
        "limits": "时限",
        "receipt_seconds": "{figure} 秒内回执",
        "decision_minutes": "送达后 {figure} 分钟内答复",
        "expiry_minutes": "计划抵达后 {figure} 分钟失效",
        "overtaking_minutes": "先到的后续报文等待 {figure} 分钟",
        "after_departure_minutes": "离境后 {figure} 分钟内申报",
        "delay_minutes": "抵达延误不超过 {figure} 分钟",
        "languages": "语言",
        "seals": "承认的封志（UNTDID 9303）",
        "rehitch": "允许在口岸更换牵引车",
        "test_messages": "接收测试报文",
        "export_declaration": "每票货物引用出口报关单",
        "yes": "是",
        "no": "否",
        "kept": "报文保存期",
        "days": "{days} 天",
        "code list": "代码表",
        "mandatory": "必填",
        "permitted": "允许向境外提供",
        "leg": "{party} 可查看",
        "not now": "（目前未生效）",
    },
}
