"""Rules about risk management: its decisions cross the border, its scores and profiles do not.

What one message can show is only what it says outright. Decided here are statements and errors whose code is built on a
word for a score or a profile, and whose words give a score a figure or a profile a number, in the languages of the
corridor. A decision (do not load, hold, refuse), its reason and the channel of control pass. Whoever wants to hide a
score in other words or another element is not found out by a rule: that is the business of the country's adapter,
which must never be given one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from gateway.message.element import WcoClass
from gateway.message.finding import Severity
from gateway.message.metadata import MetaData
from gateway.message.parts import AdditionalInformation
from gateway.message.response import Error
from gateway.validation.rule import rule
from gateway.validation.walk import Found, Look, Sweep, as_found

_CODE = re.compile(r"RISK[-_.]?(?:SCORE|PROFILE|RATING)[-_.:=]?[0-9]*|(?:RISK|RSC|RPF)[-_.:=]?[0-9]+")
"""This project's reserved beginnings: RSC a risk score, RPF a risk profile; and the words written out."""
_WORDS = re.compile(
    r"risk[ -]?(?:score|rating|index|points?)\W{0,4}(?:is|of|was|equals)?\W{0,4}[0-9]"
    r"|risk[ -]?profile\W{0,4}(?:no|nr|number|id)?\W{0,4}[A-Z]{0,4}[-/]?[0-9]"
    r"|(?:балл(?:ы|а|ов)?|оценк[аи]|рейтинг|индекс)\s+риск(?:а|ов)\W{0,4}(?:составляет|равен|равна)?\W{0,4}[0-9]"
    r"|риск-?(?:балл|рейтинг|индекс)\W{0,4}[0-9]"
    r"|профил[ьяеи]\s+риск(?:а|ов)\W{0,4}(?:номер|N)?\W{0,4}[A-ZА-Я]{0,4}[-/]?[0-9]"
    r"|风险(?:评分|分值|得分|分数|指数)\W{0,3}[为是]?\W{0,3}[0-9]"
    r"|风险(?:参数|画像|规则)\W{0,3}(?:编号|代码|号)?\W{0,3}[A-Z]{0,4}[-/]?[0-9]",
    re.IGNORECASE,
)


def _statement(said: AdditionalInformation) -> Sequence[Found]:
    return _disclosed(("/StatementCode", said.statement_code), ("/StatementDescription", said.statement_description))


def _error(error: Error) -> Sequence[Found]:
    return _disclosed(("/ValidationCode", error.validation_code), ("/Description", error.description))


def _disclosed(coded: tuple[str, str | None], worded: tuple[str, str | None]) -> Sequence[Found]:
    found: list[Found] = []
    if coded[1] is not None and _CODE.fullmatch(coded[1].upper()):
        found.append((coded[0], coded[1]))
    if worded[1] is not None and _WORDS.search(worded[1]):
        found.append((worded[0], worded[1]))
    return found


_LOOKS: Mapping[type[WcoClass], Look] = {AdditionalInformation: _statement, Error: _error}


no_score_leaves = rule(
    "ACD-RSK-02",
    Severity.REJECT,
    "Risk scores and risk profiles do not cross the border; only the decision and its reason do",
    source="project decision, for data protection and for the secrecy of risk management",
    about=MetaData,
)(Sweep(_LOOKS.get, as_found))
"""Statements and errors of every message, by their codes and words."""

RULES = (no_score_leaves,)
