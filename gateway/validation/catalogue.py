"""The catalogue: every rule by its id, and what it says in English, Russian and Chinese.

Findings are short; here they are explained. Sentences live in `texts/{en,ru,zh}.toml`, one table a rule with `text`
(what is wrong) and `mend` (what to do). A country adds its rules and its texts with `extended`.

`python -m gateway.validation.catalogue` prints the catalogue as Markdown, which is `docs/rules.md`.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from gateway.errors import Misconfigured
from gateway.message.finding import Finding
from gateway.message.metadata import MetaData
from gateway.message.place import Place, locate
from gateway.reason import reason_text
from gateway.validation.codelists import load_codelists
from gateway.validation.identifiers import IDENTIFIERS
from gateway.validation.reported import CROSSING_RULES, FORM_RULES, GATEWAY_RULES, KIT_RULES, RETIRED
from gateway.validation.rule import Check, Rule
from gateway.validation.rules import (
    codes,
    consignment,
    crew,
    documents,
    envelope,
    events,
    goods,
    identifiers,
    mandatory,
    parties,
    rail,
    response,
    risk,
    seals,
    times,
    tir,
    transit,
    vehicle,
)
from gateway.validation.walk import Sweep

LANGUAGES = ("en", "ru", "zh")
TEXTS = Path(__file__).with_name("texts")
CORE_RULES: tuple[Rule, ...] = (
    *envelope.RULES,
    *mandatory.RULES,
    *codes.RULES,
    *identifiers.RULES,
    *vehicle.RULES,
    *rail.RULES,
    *crew.RULES,
    *consignment.RULES,
    *goods.RULES,
    *parties.RULES,
    *seals.RULES,
    *tir.RULES,
    *transit.RULES,
    *documents.RULES,
    *times.RULES,
    *response.RULES,
    *events.RULES,
    *risk.RULES,
)
"""The rules that judge one message of the common form."""

_ID = re.compile(r"[A-Z]{2,4}(-[A-Z]{2,4})?-[0-9]{2,3}")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_CLAUSE = re.compile(r"\[([^\[\]{}]*\{(\w+)\}[^\[\]{}]*)\]")
"""A part of a sentence about one value, in square brackets; left out where the value is empty."""
_MOST_SHOWN = 200
_UNLISTED = "UNLISTED"
"""Key of the texts for a finding whose rule is not in the catalogue: a country's, read without its texts."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """What a rule says in one language, with its placeholders.

    Attributes:
        text: What is wrong.
        mend: What to do about it.
    """

    text: str
    mend: str


@dataclass(frozen=True, slots=True)
class Explained:
    """A finding in words.

    Attributes:
        text: What is wrong, in the language asked for.
        mend: What to do about it.
        title: The rule in one English sentence.
        source: Where the rule comes from.
        place: Where in the message.
    """

    text: str
    mend: str
    title: str
    source: str
    place: Place


@dataclass(frozen=True, slots=True)
class Checks:
    """The rules that judge one kind of message.

    Attributes:
        rules: Rules about a part of the message, each with its function.
        swept: Rules about every element.
        sweeps: Their sweeps, in the same order; they go through a message together.
    """

    rules: tuple[tuple[Rule, Check], ...]
    swept: tuple[Rule, ...]
    sweeps: tuple[Sweep, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Rules and texts that belong together.

    Attributes:
        rules: By id, in the order in which they are judged.
        texts: By language, then by rule id.
    """

    rules: Mapping[str, Rule]
    texts: Mapping[str, Mapping[str, Sentences]]
    _checks: dict[type[MetaData], Checks] = field(default_factory=dict, compare=False)

    def checks(self, kind: type[MetaData]) -> Checks:
        """The rules that judge a kind of message."""
        found = self._checks.get(kind)
        if found is None:
            judging = [
                (rule, rule.check) for rule in self.rules.values() if rule.check and issubclass(kind, rule.about)
            ]
            swept = [(rule, check) for rule, check in judging if isinstance(check, Sweep)]
            found = Checks(
                rules=tuple((rule, check) for rule, check in judging if not isinstance(check, Sweep)),
                swept=tuple(rule for rule, _ in swept),
                sweeps=tuple(check for _, check in swept),
            )
            self._checks[kind] = found
        return found

    def extended(self, rules: Iterable[Rule], texts_folder: Path) -> Catalogue:
        """This catalogue with the rules of a country, whose texts lie in `texts_folder/{en,ru,zh}.toml`.

        Raises:
            Misconfigured: An id is taken, retired or not well-formed, or a text is missing.
        """
        added = tuple(rules)
        taken = set(self.rules) & {rule.id for rule in added}
        if taken:
            raise Misconfigured(f"these rule ids are taken: {', '.join(sorted(taken))}")
        return _catalogue((*self.rules.values(), *added), (self.texts, read_texts(texts_folder)))

    def told(self, rule: Rule) -> dict[str, Any]:
        """A rule as JSON: id, severity, title, source, and `text` and `mend` by language."""
        texts = {language: by_id[rule.id] for language, by_id in self.texts.items()}
        return {
            "id": rule.id,
            "severity": rule.severity.value,
            "title": rule.title,
            "source": rule.source,
            "text": {language: sentences.text for language, sentences in texts.items()},
            "mend": {language: sentences.mend for language, sentences in texts.items()},
        }

    def explain(self, finding: Finding, root_kind: type[MetaData], language: str) -> Explained:
        """A finding in words; never raises for a rule that this catalogue does not have.

        Args:
            finding: What was found.
            root_kind: The kind of message that it was found in.
            language: `en`, `ru` or `zh`; any other is answered in English.
        """
        sentences = self._sentences(finding.rule, language)
        rule = self.rules.get(finding.rule)
        values = _values(finding, language)
        return Explained(
            text=_filled(sentences.text, values),
            mend=_filled(sentences.mend, values),
            title=rule.title if rule is not None else "",
            source=rule.source if rule is not None else "",
            place=locate(finding.pointer, root_kind),
        )

    def wire(self, finding: Finding, root_kind: type[MetaData]) -> dict[str, Any]:
        """A finding as JSON: the form it has in receipts and problem documents.

        Returns:
            `rule`, `severity`, `text` and `mend` by language, `pointer`, `xpath`, `wcoPointer`, `value`, `source`, and
            `line` and `national` where they are known.
        """
        spoken = {language: self.explain(finding, root_kind, language) for language in LANGUAGES}
        english = spoken["en"]
        shown: dict[str, Any] = {
            "rule": finding.rule,
            "severity": finding.severity.value,
            "text": {language: explained.text for language, explained in spoken.items()},
            "mend": {language: explained.mend for language, explained in spoken.items()},
            "pointer": english.place.pointer,
            "xpath": english.place.xpath,
            "wcoPointer": english.place.wco,
            "value": finding.value,
            "source": english.source,
        }
        if finding.line is not None:
            shown["line"] = finding.line
        if finding.national:
            shown["national"] = finding.national
        return shown

    def _sentences(self, rule_id: str, language: str) -> Sentences:
        texts = self.texts.get(language) or self.texts["en"]
        return texts.get(rule_id) or texts[_UNLISTED]


@cache
def core_catalogue() -> Catalogue:
    """The catalogue of the common form, without any country's rules.

    Raises:
        Misconfigured: Rules and texts do not fit together.
    """
    return _catalogue((*CORE_RULES, *FORM_RULES, *GATEWAY_RULES, *CROSSING_RULES, *KIT_RULES), (read_texts(TEXTS),))


def read_texts(folder: Path) -> Mapping[str, Mapping[str, Sentences]]:
    """The texts in a folder: by language, then by rule id.

    Raises:
        Misconfigured: A file is missing or is not what it must be.
    """
    texts: dict[str, Mapping[str, Sentences]] = {}
    for language in LANGUAGES:
        path = folder / f"{language}.toml"
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8"))
            texts[language] = {
                rule_id: Sentences(text=str(table["text"]), mend=str(table["mend"]))
                for rule_id, table in tables.items()
            }
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Misconfigured(f"the texts in {path} cannot be read: {error!r}") from error
    return texts


def placeholders(sentence: str) -> frozenset[str]:
    """The names of the placeholders in a text."""
    return frozenset(_PLACEHOLDER.findall(sentence))


def _catalogue(rules: Iterable[Rule], texts: Iterable[Mapping[str, Mapping[str, Sentences]]]) -> Catalogue:
    by_id: dict[str, Rule] = {}
    for rule in rules:
        if rule.id in by_id or rule.id in RETIRED or not _ID.fullmatch(rule.id):
            raise Misconfigured(f"the rule id {rule.id} is taken, retired or not well-formed")
        by_id[rule.id] = rule
    merged: dict[str, dict[str, Sentences]] = {language: {} for language in LANGUAGES}
    for some in texts:
        for language in LANGUAGES:
            merged[language].update(some[language])
    for language, sentences in merged.items():
        lacking = sorted({*by_id, _UNLISTED} - set(sentences))
        if lacking:
            raise Misconfigured(f"no text in {language} for {', '.join(lacking)}")
    return Catalogue(
        MappingProxyType(by_id),
        MappingProxyType({language: MappingProxyType(sentences) for language, sentences in merged.items()}),
    )


def _values(finding: Finding, language: str) -> dict[str, str]:
    """What the placeholders stand for. What has a name is called by it."""
    values = {"rule": finding.rule, "value": finding.value, **finding.params}
    for name, named in _NAMED.items():
        if name in finding.params:
            values[name] = named(finding.params[name], language)
    return values


def _list_title(list_id: str, language: str) -> str:
    codelist = load_codelists().get(list_id)
    return codelist.titles.get(language, codelist.title) if codelist is not None else list_id


def _identifier_title(identifier_id: str, language: str) -> str:
    identifier = IDENTIFIERS.get(identifier_id)
    return identifier.titles.get(language, identifier_id) if identifier is not None else identifier_id


def _seal_title(condition: str, language: str) -> str:
    return events.SEAL_TITLES.get(condition, {}).get(language, condition)


@cache
def words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """What sides, states and steps of the life of an exchange are called: by kind, word and language."""
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))


def _side(word: str, language: str) -> str:
    return words()["side"].get(word, {}).get(language, word)


def _state(word: str, language: str) -> str:
    """A state as it is called, with its word, by which programs know it."""
    title = words()["state"].get(word, {}).get(language)
    return f"{title} ({word})" if title is not None else word


def _steps(listed: str, language: str) -> str:
    """Steps as they are called; of a list, each."""
    return ", ".join(words()["step"].get(word, {}).get(language, word) for word in listed.split(", "))


_NAMED: Mapping[str, Callable[[str, str], str]] = {
    "list": _list_title,
    "identifier": _identifier_title,
    "condition": _seal_title,
    "who": _side,
    "state": _state,
    "step": _steps,
    "allowed": _steps,
    "reason": reason_text,
}


def _filled(sentence: str, values: Mapping[str, str]) -> str:
    """A text with its values. Values are put in once and never read as texts; an unknown placeholder is a dash."""
    sentence = _CLAUSE.sub(lambda found: found[1] if values.get(found[2]) else "", sentence)
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], "")[:_MOST_SHOWN] or "–", sentence)


def markdown(catalogue: Catalogue | None = None) -> str:
    """The catalogue as Markdown: a table for each family of rules, and the ids that are not to be used."""
    catalogue = catalogue or core_catalogue()
    families: dict[str, list[Rule]] = {}
    for rule in catalogue.rules.values():
        families.setdefault(rule.id.rpartition("-")[0], []).append(rule)
    lines = [
        "# Rules",
        "",
        "Generated by `python -m gateway.validation.catalogue > docs/rules.md`. Ids are public and never reused.",
        "",
        "Severities: *reject* refuses the message, *hold* keeps it for an operator, *warn* and *info* let it pass.",
        "In the texts, `{value}` is the value seen; the other names in braces are filled in for each finding. A part",
        "in square brackets is left out where there is nothing to fill in.",
    ]
    for family in sorted(families):
        lines += ["", f"## {family}"]
        for rule in sorted(families[family], key=lambda rule: rule.id):
            lines += _section(rule, catalogue)
    lines += ["", "## Ids not in use", "", "| Id | Why |", "|---|---|"]
    lines += [f"| {rule_id} | {why} |" for rule_id, why in sorted(RETIRED.items())]
    return "\n".join(lines) + "\n"


def _section(rule: Rule, catalogue: Catalogue) -> Iterator[str]:
    yield from ("", f"### {rule.id}", "", f"{rule.title}.", "")
    yield from ("| | |", "|---|---|", f"| severity | {rule.severity.value} |", f"| source | {_cell(rule.source)} |")
    for language in LANGUAGES:
        sentences = catalogue.texts[language][rule.id]
        yield f"| {language} | {_cell(sentences.text)}<br>*{_cell(sentences.mend)}* |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(markdown())
