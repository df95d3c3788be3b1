"""Commands that run something: serve, adapter, nsw, demo; and check-config, which says whether serve could."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer
from pydantic import ValidationError

from gateway import installed
from gateway.agreements import load_agreements
from gateway.clock import clock
from gateway.commands.terms import (
    FINE,
    WRONG,
    JsonOption,
    KeyOption,
    Language,
    LanguageOption,
    group,
    help_text,
    say_json,
    say_ready,
)
from gateway.errors import GatewayError, Misconfigured
from gateway.examine import FORMS
from gateway.settings import Settings, strangers
from gateway.signing import load_signing_key, load_trust

if TYPE_CHECKING:
    from fastapi import FastAPI

HostOption = Annotated[str, typer.Option("--host", help="Address to listen on; loopback unless told otherwise.")]
PortOption = Annotated[int, typer.Option("--port", min=0, max=65535, help="Port to listen on; 0 takes a free one.")]
TokenFileOption = Annotated[
    Path, typer.Option("--token-file", help="File with the token that adapter and window share.", metavar="FILE")
]
ClockFileOption = Annotated[
    Path | None,
    typer.Option("--clock-file", help="Seconds by which the clock is moved; workshops.", metavar="FILE"),
]
CountryArgument = Annotated[str, typer.Argument(help="ISO 3166-1 alpha-2 code of an installed country.", metavar="CC")]

SERVE = help_text(
    "Run the gateway until told to stop. It is configured by TORUGART_… variables (see check-config); when it listens "
    'it prints {"ready": URL} on standard output, and logs on standard error.',
    "torugart serve",
    "TORUGART_KEY=file:workshop/keys/GATEWAY.pem TORUGART_TRUST=workshop/trust torugart serve --port 0",
    exits="0 stopped when told to",
)
CHECK_CONFIG = help_text(
    "Show the settings that serve would run with, and whether key, trust store, database and agreements fit them; "
    "names a TORUGART_… variable that is no setting. "
    "The database itself is not touched; a password in its URL is not shown.",
    "torugart check-config",
    "TORUGART_TRUST=workshop/trust torugart check-config --json",
    exits="0 serve could start\n  1 something does not fit; it is named",
)
ADAPTER_LIST = help_text("Show the installed adapters.", "torugart adapter list", exits="0 shown")
ADAPTER_RUN = help_text(
    "Run the adapter of a country between its national window and the gateway, until told to stop. "
    'When it listens it prints {"ready": URL}.',
    "torugart adapter run CN --gateway http://127.0.0.1:8080 --nsw http://127.0.0.1:9101 --token-file cn.token "
    "--key file:workshop/keys/CN.pem --trust workshop/trust",
    exits="0 stopped when told to",
)
ADAPTER_NEW = help_text(
    "Begin the adapter of a country: a folder that speaks a placeholder form and passes the contract tests at once. "
    "In a checkout it is found when the lines that are printed have been added. "
    "What is still open fails by its name, and is listed in its todo.toml. With --into it is a package of its own.",
    "torugart adapter new TJ --language ru --zone Asia/Dushanbe",
    "torugart adapter new TJ --language ru --zone Asia/Dushanbe --into torugart-tj",
    exits="0 written",
)
NSW_LIST = help_text("Show the installed simulated windows.", "torugart nsw list", exits="0 shown")
NSW_RUN = help_text(
    "Run the simulated national window of a country until told to stop. When it listens it prints "
    '{"ready": {"wire": URL, "control": URL}}. Never for production.',
    "torugart nsw run CN --adapter http://127.0.0.1:9001 --token-file cn.token --port 9101 --control-port 9201",
    exits="0 stopped when told to",
)
DEMO = help_text(
    "Play whole exchanges between countries on this machine, and check each step from outside.",
    "torugart demo",
    "torugart demo --lang zh",
    "torugart demo --scenario transit",
    "torugart demo --keep /tmp/torugart-demo --json",
    exits="0 every check held\n  1 a check did not hold",
)


def add_to(app: typer.Typer) -> None:
    """Add these commands to an application."""
    app.command("demo", help=DEMO)(demo)
    app.command("serve", help=SERVE)(serve)
    app.command("check-config", help=CHECK_CONFIG)(check_config)
    adapter = group("The adapters: one for each country.")
    adapter.command("list", help=ADAPTER_LIST)(adapter_list)
    adapter.command("new", help=ADAPTER_NEW)(adapter_new)
    adapter.command("run", help=ADAPTER_RUN)(adapter_run)
    app.add_typer(adapter, name="adapter")
    nsw = group("The simulated national windows.")
    nsw.command("list", help=NSW_LIST)(nsw_list)
    nsw.command("run", help=NSW_RUN)(nsw_run)
    app.add_typer(nsw, name="nsw")


def serve(host: HostOption = "127.0.0.1", port: PortOption = 8080) -> None:
    """The gateway; see `SERVE`."""
    from gateway.app import create_app
    from gateway.logs import configure_logs

    configure_logs()
    settings = _settings()
    with _listener(host, port) as listener, _stopped_by_signals():
        shown = f"[{host}]" if ":" in host else host
        url = f"http://{shown}:{listener.getsockname()[1]}"
        asyncio.run(_serve(create_app(settings), listener, url))


async def _serve(app: FastAPI, listener: socket.socket, url: str) -> None:
    import uvicorn
    from sqlalchemy.exc import SQLAlchemyError

    server = uvicorn.Server(
        uvicorn.Config(app, lifespan="off", access_log=False, log_level="warning", timeout_graceful_shutdown=5)
    )
    # The gateway is started here and not by the server: what does not fit then reaches the user as one sentence.
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(app.router.lifespan_context(app))
        except SQLAlchemyError as mistake:
            raise Misconfigured(
                f"The database cannot be used: {getattr(mistake, 'orig', None) or mistake}"
            ) from mistake
        serving = asyncio.create_task(server.serve([listener]))
        while not server.started and not serving.done():
            await asyncio.sleep(0.01)
        if server.started:
            say_ready(url)
        await serving


@contextmanager
def _listener(host: str, port: int) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as mistake:
            raise Misconfigured(f"{host} port {port}: {mistake.strerror or mistake}") from mistake
        yield listener


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """The server ends at a signal and raises it again; here that is the end that was asked for, and no failure."""
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as mistakes:
        told = "; ".join(
            f"TORUGART_{'_'.join(map(str, detail['loc'])).upper()}: {detail['msg']}"
            for detail in mistakes.errors(include_url=False)
        )
        raise Misconfigured(told) from None


def check_config(as_json: JsonOption = False) -> None:
    """The effective settings; see `CHECK_CONFIG`."""
    settings = _settings()
    shown: dict[str, Any] = settings.model_dump(mode="json") | {"database": _without_password(settings.database)}
    problems, warnings = _problems(settings), [f"{name} is no setting and is ignored" for name in strangers()]
    if as_json:
        say_json({"settings": shown, "problems": problems, "warnings": warnings})
    else:
        for name, value in shown.items():
            typer.echo(f"TORUGART_{name.upper()}={value}")
        for warning in warnings:
            typer.echo(f"warning: {warning}")
        for problem in problems:
            typer.echo(f"problem: {problem}")
    if problems:
        raise typer.Exit(WRONG)


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return url.replace(f":{parts.password}@", ":***@", 1) if parts.password else url


def _problems(settings: Settings) -> list[str]:
    """What would keep a gateway from working with these settings; each once."""
    from gateway.storage.engine import open_database

    checks: tuple[Callable[[], object], ...] = (
        lambda: load_signing_key(settings.key),
        lambda: load_trust(settings.trust),
        lambda: _require_registered(settings),
        lambda: _require_own_key(settings),
        lambda: open_database(settings.database).dispose(),
        lambda: load_agreements(settings.agreements),
    )
    found: dict[str, None] = {}
    for check in checks:
        try:
            check()
        except GatewayError as problem:
            found |= dict.fromkeys(problem.detail.splitlines())
    return list(found)


def _require_registered(settings: Settings) -> None:
    if settings.participant not in load_trust(settings.trust).participants:
        raise Misconfigured(f"{settings.trust}: {settings.participant} is not registered there")


def _require_own_key(settings: Settings) -> None:
    key, now = load_signing_key(settings.key), clock(settings.clock_file)()
    load_trust(settings.trust).require_gateway(key.chain, settings.participant, now)


def adapter_list(as_json: JsonOption = False) -> None:
    """The installed adapters; see `ADAPTER_LIST`."""
    _list(installed.ADAPTERS, as_json)


def nsw_list(as_json: JsonOption = False) -> None:
    """The installed windows; see `NSW_LIST`."""
    _list(installed.NSWS, as_json)


def _list(group_name: str, as_json: bool) -> None:
    """What is installed; of what cannot be loaded, why."""
    rows = []
    for country, entry in installed.entries(group_name).items():
        row = {"country": country, "entryPoint": entry.value}
        try:
            name = installed.load(entry).name
            row["name"] = name if isinstance(name, str) else name["en"]
        except Misconfigured as problem:
            row["problem"] = problem.detail
        rows.append(row)
    if as_json:
        say_json(rows)
    else:
        for row in rows:
            typer.echo(f"{row['country']}  " + (row.get("problem") or f"{row['name']}  ({row['entryPoint']})"))


def adapter_new(
    country: Annotated[str, typer.Argument(help="ISO 3166-1 alpha-2 code of the new country.", metavar="CC")],
    name: Annotated[str, typer.Option("--name", help="Name of its window, in English.", metavar="NAME")] = "",
    language: Annotated[
        Language, typer.Option("--language", help="In which its window is told of faults: en, ru or zh.")
    ] = Language.EN,
    zone: Annotated[
        str, typer.Option("--zone", help="Its time zone, as in the tz database.", metavar="Area/City")
    ] = "UTC",
    into: Annotated[
        Path | None,
        typer.Option("--into", help="Folder for a package of its own; else it joins this checkout.", metavar="DIR"),
    ] = None,
) -> None:
    """A country begun; see `ADAPTER_NEW`."""
    there = installed.entries(installed.ADAPTERS).get(country.upper())
    if there is not None:
        raise Misconfigured(f"An adapter of {there.name} is installed already ({there.value}); nothing was written")
    installed.service("scaffold")(country, name=name, language=language.value, zone=zone, into=into, say=typer.echo)


def adapter_run(
    country: CountryArgument,
    gateway: Annotated[str, typer.Option("--gateway", help="URL of the gateway.", metavar="URL")],
    nsw: Annotated[str, typer.Option("--nsw", help="URL of the national window.", metavar="URL")],
    token_file: TokenFileOption,
    key: KeyOption,
    trust: Annotated[Path, typer.Option("--trust", help="Folder of the trust store.", metavar="DIR")],
    participant: Annotated[
        str, typer.Option("--participant", help="Its id at the gateway; by default the country.", metavar="ID")
    ] = "",
    syntax: Annotated[str, typer.Option("--syntax", help="How messages are sent: xml or json.")] = "xml",
    test: Annotated[bool, typer.Option("--test", help="Mark every message as a test.")] = False,
    agreements: Annotated[
        Path | None,
        typer.Option("--agreements", help="Folder of the agreements; else the published ones.", metavar="DIR"),
    ] = None,
    clock_file: ClockFileOption = None,
    host: HostOption = "127.0.0.1",
    port: PortOption = 0,
) -> None:
    """One adapter; see `ADAPTER_RUN`."""
    from gateway.logs import configure_logs

    if syntax not in FORMS:
        raise typer.BadParameter(f"{syntax!r} is none of: {', '.join(FORMS)}")
    configure_logs()
    with _stopped_by_signals():
        installed.service("adapter")(
            installed.adapter(country),
            participant=participant or country.upper(),
            key=key,
            trust=trust,
            gateway_url=gateway,
            window_url=nsw,
            token_file=token_file,
            syntax=FORMS[syntax],
            host=host,
            port=port,
            test=test,
            clock=clock(clock_file),
            agreements_folder=agreements,
            ready=say_ready,
        )


def nsw_run(
    country: CountryArgument,
    token_file: TokenFileOption,
    adapter: Annotated[
        str | None, typer.Option("--adapter", help="URL of the adapter; may be told later at the control port.")
    ] = None,
    host: HostOption = "127.0.0.1",
    port: PortOption = 0,
    control_port: Annotated[
        int, typer.Option("--control-port", min=0, max=65535, help="Port for the operator; 0 takes a free one.")
    ] = 0,
    control_host: Annotated[
        str | None,
        typer.Option("--control-host", help="Address for the operator; the same as --host unless told otherwise."),
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Make the numbers of samples repeatable.")] = None,
    clock_file: ClockFileOption = None,
) -> None:
    """One simulated window; see `NSW_RUN`."""
    try:
        installed.service("nsw")(
            installed.nsw(country),
            port=port,
            control_port=control_port,
            adapter_url=adapter,
            token_file=token_file,
            ready=lambda wire, control: say_ready(
                {"wire": f"http://{host}:{wire}", "control": f"http://{control_host or host}:{control}"}
            ),
            host=host,
            control_host=control_host,
            seed=seed,
            clock=clock(clock_file),
        )
    except ValueError as mistake:  # what the window says of its arguments
        raise Misconfigured(str(mistake)) from mistake


def demo(
    keep: Annotated[
        Path | None, typer.Option("--keep", help="Leave keys, databases and logs in this folder.", metavar="DIR")
    ] = None,
    scenario: Annotated[
        str | None, typer.Option("--scenario", help="Play this one only; --scenario list shows all.", metavar="NAME")
    ] = None,
    lang: LanguageOption = Language.EN,
    as_json: JsonOption = False,
) -> None:
    """The demonstration; see `DEMO`."""
    from rich.console import Console

    from gateway.demo import play
    from gateway.demo import show as stage_show
    from gateway.demo.play import EXCHANGES

    if scenario == "list":
        for name in EXCHANGES:
            typer.echo(f"{name:20} {stage_show.say('title', name, lang.value)}")
        raise typer.Exit(FINE)
    if scenario is not None and scenario not in EXCHANGES:
        raise typer.BadParameter(f"{scenario!r} is none of: {', '.join(EXCHANGES)}")
    if as_json:
        played = list(play(only=scenario, keep=keep, progress=lambda _: None))
        say_json(stage_show.as_json(played))
        good = all(exchange.passed for exchange in played)
    else:
        good = stage_show.perform(only=scenario, language=lang.value, keep=keep, console=Console())
    raise typer.Exit(FINE if good else WRONG)
