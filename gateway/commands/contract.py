"""Commands about the published contract: schemas, rules, agreements."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from gateway import installed, publication, show
from gateway.agreements import Agreement, read_agreements
from gateway.agreements import Language as LanguageCode
from gateway.agreements.changes import diff
from gateway.agreements.comparison import Outcome, compare
from gateway.commands.agreement import period, rows
from gateway.commands.terms import (
    WRONG,
    AgreementsOption,
    JsonOption,
    Language,
    LanguageOption,
    agreements_in,
    group,
    help_text,
    say_aside,
    say_json,
)
from gateway.errors import Misconfigured, Unknown
from gateway.published import published
from gateway.validation.catalogue import Catalogue, core_catalogue, markdown
from gateway.validation.rule import Rule

DirectoryOption = Annotated[
    Path | None, typer.Option("--directory", help="The folder schemas/; by default the published one.", metavar="DIR")
]

BUILD = help_text(
    "Write the published files anew from the model: XSD, JSON Schema, element tables, examples, the schemas of "
    "agreements and receipts; docs/rules.md, docs/agreements/ and what docs/life.md has from its table beside them. "
    "Prints what changed.",
    "torugart schemas build",
    "torugart schemas build --directory /tmp/torugart/schemas",
    exits="0 written, or nothing to write",
)
CHECK = help_text(
    "Say which published files are missing, left over or no longer what the model makes.",
    "torugart schemas check",
    exits="0 everything is up to date\n  1 something is stale; it is named",
)
RULES = help_text(
    "Show the rules: all, a family, or one with its texts. The rules of installed adapters are among them.",
    "torugart rules",
    "torugart rules ACD-CON",
    "torugart rules ACD-CON-02 --lang zh",
    "torugart rules --json",
    "torugart rules --markdown",
    exits="0 shown",
)
AGREEMENTS_LIST = help_text("Show the agreements.", "torugart agreements list", exits="0 shown")
AGREEMENTS_SHOW = help_text(
    "Show one agreement, all of it: parties, legal basis, directions with functions and lead times, posts with "
    "offices, tolerances, time limits, what is mandatory and what may leave the country.",
    "torugart agreements show kg-cn-road",
    "torugart agreements show cn-kg-uz-transit --lang ru",
    "torugart agreements show kg-cn-road/1 --json",
    exits="0 shown",
)
AGREEMENTS_CHECK = help_text(
    "Check the agreements of a folder; every mistake is named at its place. That a version which has ended cites an "
    "edition of a code list that is no longer carried is a warning.",
    "torugart agreements check",
    "torugart agreements check --agreements schemas/agreements --lang ru",
    exits="0 they are right\n  1 they are not",
)

AGREEMENTS_DIFF = help_text(
    "Say in words what changed from one agreement, or one version, to another.",
    "torugart agreements diff kg-cn-road/1 kg-cn-rail/1",
    "torugart agreements diff kg-cn-road cn-kz-road --lang ru",
    exits="0 they say the same\n  1 they do not; each change is a line",
)
AGREEMENTS_COMPARE = help_text(
    "Say what the first country can send that the second would refuse or lose, from the agreement and what their "
    "adapters declare (profile.toml). Swap the countries for the other way. Without --agreement, the usual one of the "
    "two is taken.",
    "torugart agreements compare CN KG",
    "torugart agreements compare KG CN --lang zh",
    "torugart agreements compare CN KG --agreement cn-kg-uz-transit --json",
    exits="0 nothing is refused or lost\n  1 something is; each is a line",
)


def add_to(app: typer.Typer) -> None:
    """Add these commands to an application."""
    schemas = group("The published schemas: written from the model, or checked against it.")
    schemas.command("build", help=BUILD)(schemas_build)
    schemas.command("check", help=CHECK)(schemas_check)
    app.add_typer(schemas, name="schemas")
    app.command("rules", help=RULES)(rules)
    agreements = group("The agreements: who may send what to whom.")
    agreements.command("list", help=AGREEMENTS_LIST)(agreements_list)
    agreements.command("show", help=AGREEMENTS_SHOW)(agreements_show)
    agreements.command("check", help=AGREEMENTS_CHECK)(agreements_check)
    agreements.command("diff", help=AGREEMENTS_DIFF)(agreements_diff)
    agreements.command("compare", help=AGREEMENTS_COMPARE)(agreements_compare)
    app.add_typer(agreements, name="agreements")


def schemas_build(directory: DirectoryOption = None) -> None:
    """Write what is published; see `BUILD`."""
    for path in publication.build(directory or published()):
        typer.echo(path)


def schemas_check(directory: DirectoryOption = None) -> None:
    """Name what is stale; see `CHECK`."""
    stale = publication.stale(directory or published())
    for path in stale:
        typer.echo(f"stale: {path}")
    if stale:
        typer.echo("Run: torugart schemas build", err=True)
        raise typer.Exit(WRONG)


def rules(
    which: Annotated[str, typer.Argument(help="A family (ACD-CON) or a rule (ACD-CON-02).", metavar="[ID]")] = "",
    as_markdown: Annotated[bool, typer.Option("--markdown", help="As Markdown, with all texts.")] = False,
    as_json: JsonOption = False,
    lang: LanguageOption = Language.EN,
) -> None:
    """The catalogue; see `RULES`."""
    catalogue = core_catalogue()
    for adapter in installed.adapters(skipped=say_aside).values():
        catalogue = catalogue.extended(adapter.rules, adapter.texts)
    chosen = [rule for rule in catalogue.rules.values() if _is_of(rule, which.upper())]
    if not chosen:
        raise Unknown(f"There is no rule and no family of rules {which}")
    if as_markdown:
        some = Catalogue({rule.id: rule for rule in chosen}, catalogue.texts)
        typer.echo(markdown(some), nl=False)
    elif as_json:
        say_json([catalogue.told(rule) for rule in chosen])
    elif len(chosen) == 1:
        _say_table([*_rule_rows(chosen[0], catalogue, lang)])
    else:
        _say_table(
            [(rule.id, show.WORDS[lang][rule.severity.value], _headline(rule, catalogue, lang)) for rule in chosen]
        )


def _is_of(rule: Rule, which: str) -> bool:
    return not which or rule.id == which or rule.id.startswith(which.rstrip("-") + "-")


def _headline(rule: Rule, catalogue: Catalogue, lang: str) -> str:
    """What a rule asks, in one sentence; a title is English, in other languages it is what the rule says."""
    return rule.title if lang == Language.EN else catalogue.texts[lang][rule.id].text


def _rule_rows(rule: Rule, catalogue: Catalogue, lang: str) -> Iterable[tuple[str, str]]:
    words, sentences = show.WORDS[lang], catalogue.texts[lang][rule.id]
    yield rule.id, words[rule.severity.value]
    if lang == Language.EN:
        yield "", rule.title
    yield "", sentences.text
    yield words["mend"], sentences.mend
    yield words["source"], rule.source


def agreements_list(
    as_json: JsonOption = False, lang: LanguageOption = Language.EN, agreements: AgreementsOption = None
) -> None:
    """All agreements; see `AGREEMENTS_LIST`."""
    known = agreements_in(agreements)
    if as_json:
        say_json([agreement.model_dump(mode="json") for agreement in known.values()])
        return
    now = datetime.now(UTC)
    _say_table(
        [
            (
                f"{each.id}/{each.version}",
                "–".join(each.parties),
                period(each, lang.value, now),
                each.title.get(lang.value, each.id),
            )
            for each in known.values()
        ]
    )


def agreements_show(
    which: Annotated[str, typer.Argument(help="An agreement, or one of its versions.", metavar="ID[/VERSION]")],
    as_json: JsonOption = False,
    lang: LanguageOption = Language.EN,
    agreements: AgreementsOption = None,
) -> None:
    """One agreement; see `AGREEMENTS_SHOW`."""
    agreement = chosen_agreement(which, agreements)
    if as_json:
        say_json(agreement.model_dump(mode="json"))
        return
    _say_table(rows(agreement, lang.value, datetime.now(UTC)))


def chosen_agreement(text: str, folder: Path | None) -> Agreement:
    """An agreement by `ID` or `ID/VERSION`; without a version, the one that came into force last.

    Raises:
        Unknown: There is none.
        Misconfigured: The folder's agreements cannot be read.
    """
    known = agreements_in(folder)
    name, _, version = text.partition("/")
    found = [each for each in known.values() if each.id == name and version in ("", each.version)]
    if not found:
        there = ", ".join(f"{each.id}/{each.version}" for each in known.values())
        raise Unknown(f"There is no agreement {text}; there are: {there or 'none'}")
    return max(found, key=lambda each: each.in_force_from)


def agreements_check(lang: LanguageOption = Language.EN, agreements: AgreementsOption = None) -> None:
    """Name every mistake; see `AGREEMENTS_CHECK`."""
    folder = agreements or published("agreements")
    if not folder.is_dir():
        raise Misconfigured(f"{folder}: there is no such folder")
    known, mistakes, warnings = read_agreements(folder)
    for mistake in mistakes:
        typer.echo(mistake.said(lang.value))
    for warning in warnings:
        typer.echo(f"{show.WORDS[lang]['warn']}: {warning.said(lang.value)}")
    if mistakes:
        raise typer.Exit(WRONG)
    for agreement in known.values():
        typer.echo(f"{agreement.id}/{agreement.version}: {_RIGHT[lang.value]}")


_RIGHT: Mapping[LanguageCode, str] = {"en": "right", "ru": "верно", "zh": "正确"}


def agreements_diff(
    old: Annotated[str, typer.Argument(help="An agreement, or one of its versions.", metavar="ID[/VERSION]")],
    new: Annotated[str, typer.Argument(help="The one to compare it with.", metavar="ID[/VERSION]")],
    as_json: JsonOption = False,
    lang: LanguageOption = Language.EN,
    agreements: AgreementsOption = None,
) -> None:
    """What changed; see `AGREEMENTS_DIFF`."""
    changes = diff(chosen_agreement(old, agreements), chosen_agreement(new, agreements))
    if as_json:
        say_json([{"place": change.place, "text": dict(change.text)} for change in changes])
    else:
        for change in changes:
            typer.echo(change.text[lang.value])
    if changes:
        raise typer.Exit(WRONG)


def agreements_compare(
    sender: Annotated[str, typer.Argument(help="Country that sends.", metavar="CC")],
    recipient: Annotated[str, typer.Argument(help="Country that receives.", metavar="CC")],
    agreement: Annotated[str, typer.Option("--agreement", help="Agreement to compare by.", metavar="ID[/V]")] = "",
    as_json: JsonOption = False,
    lang: LanguageOption = Language.EN,
    agreements: AgreementsOption = None,
) -> None:
    """What is refused or lost; see `AGREEMENTS_COMPARE`."""
    one, other = installed.capabilities(sender), installed.capabilities(recipient)
    if one.country == other.country:
        raise typer.BadParameter(f"both countries are {one.country}; name the one that sends and the one that receives")
    by = chosen_agreement(agreement, agreements) if agreement else _usual(one.country, other.country, agreements)
    differences = compare(one, other, by)
    if as_json:
        say_json(
            [
                {
                    "element": each.element,
                    "outcome": each.outcome.value,
                    "rule": each.rule,
                    "limit": each.limit,
                    "text": dict(each.text),
                }
                for each in differences
            ]
        )
    else:
        typer.echo(f"{one.country} → {other.country}, {by.id}/{by.version}: {by.title.get(lang.value, by.id)}")
        words = _OUTCOMES[lang.value]
        _say_table([(words[each.outcome], each.rule, each.element, each.text[lang.value]) for each in differences])
    if differences:
        raise typer.Exit(WRONG)


_OUTCOMES: Mapping[LanguageCode, Mapping[Outcome, str]] = {
    "en": {each: each.value for each in Outcome},
    "ru": {
        Outcome.REFUSED: "отклоняется",
        Outcome.LOST: "теряется",
        Outcome.SHORTENED: "не помещается",
        Outcome.LACKING: "отсутствует",
    },
    "zh": {Outcome.REFUSED: "拒收", Outcome.LOST: "丢失", Outcome.SHORTENED: "超长", Outcome.LACKING: "缺少"},
}


def _usual(sender: str, recipient: str, folder: Path | None) -> Agreement:
    """The usual agreement between two countries; one that is not in force where none is."""
    known = agreements_in(folder)
    between = [
        each for each in known.values() if {sender, recipient} <= {each.country(party) for party in each.parties}
    ]
    if not between:
        raise Unknown(f"There is no agreement between {sender} and {recipient}")
    now = datetime.now(UTC)
    return min(between, key=lambda each: (not each.in_force(now), len(each.parties), "3" not in each.modes))


def _say_table(rows: Iterable[tuple[str, ...]]) -> None:
    """Columns beside each other; the last one is as long as it is."""
    rows = list(rows)
    widths = [max(Text(row[at]).cell_len for row in rows) for at in range(len(rows[0]) - 1)] if rows else []
    lines = []
    for row in rows:
        line = Text()
        for cell, width in zip(row, widths, strict=False):
            line.append(cell + " " * (width - Text(cell).cell_len + 2))
        line.append(row[-1])
        lines.append(line)
    typer.echo(show.rendered(lines, sys.stdout), nl=False, color=True)
