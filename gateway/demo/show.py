"""What a person sees of the demonstration: progress, a timeline and a table of checks for each exchange."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from gateway.demo.play import play
from gateway.demo.played import Played


@cache
def _texts() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return tomllib.loads(Path(__file__).with_name("texts.toml").read_text("utf-8"))


def say(section: str, key: str, language: str) -> str:
    """A text of the demonstration."""
    return _texts()[section][key][language]


def perform(*, only: str | None = None, language: str, keep: Path | None, console: Console) -> bool:
    """Play all exchanges, or only one, for a person; whether every check passed.

    Raises:
        GatewayError: Something did not start, or did not happen in time.
    """
    began = time.monotonic()
    played: list[Played] = []
    with console.status("…") as status:
        for exchange in play(only=only, keep=keep, progress=lambda key: status.update(say("progress", key, language))):
            played.append(exchange)
            _show(exchange, language, console)
    checks = [check for exchange in played for check in exchange.checks]
    good = sum(check.passed for check in checks)
    line = say("summary", "passed", language).format(passed=good, all=len(checks))
    seconds = say("summary", "seconds", language).format(seconds=f"{time.monotonic() - began:.1f}")
    console.print(f"[bold {'green' if good == len(checks) else 'red'}]{line}[/] · {seconds}")
    if keep is not None:
        console.print(say("summary", "kept", language).format(folder=keep))
    return good == len(checks)


def _show(exchange: Played, language: str, console: Console) -> None:
    console.print()
    console.rule(f"[bold]{say('title', exchange.name, language)}", align="left")
    timeline = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("at", "who", "what", "ids"):
        timeline.add_column(say("column", column, language), overflow="fold", no_wrap=column in ("at", "who"))
    for event in sorted(exchange.events, key=lambda event: event.at):
        timeline.add_row(
            f"{event.at:%H:%M:%S}.{event.at.microsecond // 1000:03d}",
            event.who,
            say("event", event.what, language),
            event.ids,
        )
    console.print(timeline)
    console.print()
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("result", "check", "seen"):
        table.add_column(say("column", column, language), overflow="fold")
    for check in exchange.checks:
        mark = "[green]✓[/]" if check.passed else "[bold red]✗[/]"
        table.add_row(mark, say("check", check.name, language), check.shown)
    console.print(table)


def as_json(played: list[Played]) -> list[dict[str, Any]]:
    """The same for a script."""
    return [
        {
            "exchange": exchange.name,
            "passed": exchange.passed,
            "timeline": [
                {"at": event.at.isoformat(), "who": event.who, "what": event.what, "ids": event.ids}
                for event in exchange.events
            ],
            "checks": [{"name": c.name, "passed": c.passed, "seen": c.shown} for c in exchange.checks],
        }
        for exchange in played
    ]
