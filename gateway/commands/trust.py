"""Commands about keys and who is trusted: keys, token."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from gateway.commands.terms import JsonOption, KeyOption, group, help_text, say_json
from gateway.signing import Participant, Role, issue_token, load_signing_key, mint_key, mint_workshop
from gateway.signing.workshop import AUTHORITY_FILE

NEW = help_text(
    "Make a signing key for a participant and the request to have it certified by one's authority.\n\n"
    "With --workshop DIR the workshop's authority certifies it at once, the key lies in DIR/keys, and the lines for "
    "DIR/trust/participants.toml are printed. Never for production.",
    "torugart keys new KG --country KG --dir keys",
    "torugart keys new UZ --country UZ --workshop workshop",
    exits="0 made",
)
WORKSHOP = help_text(
    "Make throwaway keys for a workshop: an authority, a key for each participant, and the trust they share. "
    "Never for production.",
    "torugart keys workshop workshop --participant CN:CN:nsw --participant KG:KG:nsw --participant GATEWAY:KG:gateway",
    exits="0 made",
)
TOKEN = help_text(
    "Make a reading token for the gateway, valid for five minutes.",
    "torugart token --key file:workshop/keys/CN.pem --participant CN",
    'curl -H "Authorization: Bearer $(torugart token --key file:workshop/keys/CN.pem --participant CN)" '
    "http://127.0.0.1:8080/v1/exchanges",
    exits="0 made",
)


def add_to(app: typer.Typer) -> None:
    """Add these commands to an application."""
    keys = group("Signing keys.")
    keys.command("new", help=NEW)(keys_new)
    keys.command("workshop", help=WORKSHOP)(keys_workshop)
    app.add_typer(keys, name="keys")
    app.command("token", help=TOKEN)(token)


def keys_new(
    participant: Annotated[str, typer.Argument(help="Id of the participant.", metavar="PARTICIPANT")],
    country: Annotated[str, typer.Option("--country", help="Its country, ISO 3166-1 alpha-2.", metavar="CC")],
    role: Annotated[Role, typer.Option("--role", help="What it does in the exchange.")] = Role.NSW,
    directory: Annotated[Path | None, typer.Option("--dir", help="Where the key is written.", metavar="DIR")] = None,
    workshop: Annotated[
        Path | None, typer.Option("--workshop", help="A workshop whose authority certifies it.", metavar="DIR")
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, help="How long the workshop's certificate is valid.")] = 30,
    as_json: JsonOption = False,
) -> None:
    """A new key; see `NEW`."""
    if directory is None and workshop is None:
        raise typer.BadParameter("give --dir DIR, or --workshop DIR")
    minted = mint_key(
        directory or (workshop or Path()) / "keys",
        Participant(participant, country.upper(), role),
        at=datetime.now(UTC),
        days=days,
        authority=workshop / AUTHORITY_FILE if workshop is not None else None,
    )
    if as_json:
        key = minted.key.resolve().as_uri()
        say_json({"key": key, "request": str(minted.request), "registration": minted.registration or None})
        return
    typer.echo(f"key:      {minted.key} (keep it secret)")
    typer.echo(f"request:  {minted.request} (for your authority)")
    if minted.registration:
        typer.echo(f"\nAdd to the trust store's participants.toml:\n\n{minted.registration}", nl=False)


def keys_workshop(
    directory: Annotated[Path, typer.Argument(help="Where the workshop is made.", metavar="DIR")],
    participant: Annotated[
        list[str], typer.Option("--participant", help="Who takes part, for example CN:CN:nsw.", metavar="ID:CC:ROLE")
    ],
    days: Annotated[int, typer.Option("--days", min=1, help="How long everything is valid.")] = 30,
    as_json: JsonOption = False,
) -> None:
    """A workshop's keys; see `WORKSHOP`."""
    workshop = mint_workshop(directory, [_participant(text) for text in participant], datetime.now(UTC), days=days)
    if as_json:
        say_json({"trust": str(workshop.trust), "keys": dict(workshop.keys)})
        return
    typer.echo("WORKSHOP - NOT FOR PRODUCTION")
    typer.echo(f"trust: {workshop.trust}")
    for name, uri in workshop.keys.items():
        typer.echo(f"key of {name}: {uri}")


def _participant(text: str) -> Participant:
    parts = text.rsplit(":", 2)
    if len(parts) != 3 or parts[2] not in set(Role):
        raise typer.BadParameter(f"{text!r} is not ID:CC:ROLE with one of the roles {', '.join(Role)}")
    return Participant(parts[0], parts[1].upper(), Role(parts[2]))


def token(
    key: KeyOption,
    participant: Annotated[str, typer.Option("--participant", help="Who asks.", metavar="ID")],
    audience: Annotated[str, typer.Option("--audience", help="Participant id of the gateway.")] = "GATEWAY",
) -> None:
    """A reading token; see `TOKEN`."""
    typer.echo(issue_token(load_signing_key(key), participant=participant, audience=audience, at=datetime.now(UTC)))
