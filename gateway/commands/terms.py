"""What every command shares: exit codes, options, help that shows how, and how output is written."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from gateway.agreements import Agreements, load_agreements
from gateway.errors import Misconfigured
from gateway.published import published

FINE = 0
WRONG = 1
"""The message, the signature or what was checked is not right."""
CANNOT = 3
"""It could not be done: a file is missing, a server is not reached, the configuration does not fit. 2 is for usage."""


class Language(StrEnum):
    """Language of what is said."""

    EN = "en"
    RU = "ru"
    ZH = "zh"


LanguageOption = Annotated[Language, typer.Option("--lang", help="Language of what is said: en, ru or zh.")]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON on standard output, for scripts.")]
OutputOption = Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.", metavar="FILE")]
NowOption = Annotated[
    str, typer.Option("--now", help="Judge for this moment, RFC 3339 with offset; by default now.", metavar="TIME")
]
KeyOption = Annotated[
    str, typer.Option("--key", help="Signing key: file:/path/to/key.pem (relative: file:key.pem).", metavar="URI")
]
AgreementsOption = Annotated[
    Path | None, typer.Option("--agreements", help="Folder of agreements; by default the published ones.")
]


def agreements_in(folder: Path | None) -> Agreements:
    """The agreements of a folder; the published ones where none is named.

    Raises:
        Misconfigured: There is no such folder, or its agreements cannot be read.
    """
    if folder is not None and not folder.is_dir():
        raise Misconfigured(f"{folder}: there is no such folder")
    return load_agreements(folder or published("agreements"))


def help_text(what: str, *examples: str, exits: str = "") -> str:
    """Help of a command: what it does, examples that work as they stand, and what its exit codes mean.

    Args:
        what: What it does, in a few sentences.
        examples: Command lines.
        exits: What 0 and 1 mean, where it is not plain.
    """
    codes = exits or "0 done"
    lines = [what, "\b\nExamples:\n" + "\n".join(f"  {example}" for example in examples)]
    lines.append(f"\b\nExit codes:\n  {codes}\n  2 the command line is wrong\n  3 it could not be done")
    return "\n\n".join(lines)


def group(what: str) -> typer.Typer:
    """Commands that belong together."""
    return typer.Typer(help=what, no_args_is_help=True, rich_markup_mode=None)


def moment(text: str) -> datetime:
    """A moment from the command line; now where none is given.

    Raises:
        typer.BadParameter: It is not a moment with offset.
    """
    if not text:
        return datetime.now(UTC)
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        given = None
    if given is None or given.tzinfo is None:
        raise typer.BadParameter(f"{text!r} is not a time with offset, such as 2026-11-23T18:05:00+08:00")
    return given


def say_aside(sentence: str) -> None:
    """A sentence beside the result, on standard error."""
    typer.echo(f"torugart: {sentence}", err=True)


def say_json(document: Any) -> None:
    """Write a document as JSON, indented, on standard output."""
    typer.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2, default=str).decode())


def say_ready(ready: Any) -> None:
    """One line for whoever started this process: where it listens."""
    typer.echo(orjson.dumps({"ready": ready}).decode())


def write(content: bytes, output: Path | None) -> None:
    """Write bytes to a file, or to standard output.

    Raises:
        typer.BadParameter: They are not text and standard output is a terminal.
    """
    if output is not None:
        output.write_bytes(content)
        return
    if content.startswith(b"PK") and sys.stdout.isatty():
        raise typer.BadParameter("the result is an archive, not text; give --output FILE or redirect")
    typer.echo(content, nl=False)


def read(file: Path) -> bytes:
    """The bytes of a file; `-` is standard input.

    Raises:
        Misconfigured: There is no such file, or it cannot be read.
    """
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as mistake:
        raise Misconfigured(f"{file}: {mistake.strerror}") from mistake
