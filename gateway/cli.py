"""`torugart`: the command line, which puts the parts together.

Exit codes: 0 fine, 1 what was looked at is not right, 2 the command line is wrong, 3 it could not be done. What could
not be done is one sentence on standard error; a traceback is a bug of ours.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typing_extensions import override

from gateway.commands import contract, documents, running, trust
from gateway.commands.terms import CANNOT
from gateway.errors import GatewayError


class _Torugart(TyperGroup):
    """The commands, with one place where what could not be done becomes a sentence and an exit code."""

    @override
    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except GatewayError as problem:
            typer.echo(f"torugart: {problem.detail}", err=True)
        except BrokenPipeError:
            # Whoever read our output has gone (`| head`): nothing is left to be said, not even by the interpreter.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except OSError as problem:
            place = f"{problem.filename}: " if problem.filename else ""
            typer.echo(f"torugart: {place}{problem.strerror or problem}", err=True)
        raise typer.Exit(CANNOT)


app = typer.Typer(
    name="torugart",
    cls=_Torugart,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
running.add_to(app)
documents.add_to(app)
contract.add_to(app)
trust.add_to(app)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"torugart {version('torugart')}")
        raise typer.Exit


@app.callback(
    help="A reference gateway through which customs administrations exchange signed advance cargo declarations.\n\n"
    "Start with: torugart demo. Every command shows an example: torugart COMMAND --help.\n\n"
    "\b\nExit codes:\n  0 fine\n  1 what was looked at is not right\n  2 the command line is wrong\n"
    "  3 it could not be done"
)
def torugart(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """What stands before a command."""


def main() -> None:
    """The entry point `torugart`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    finally:
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
