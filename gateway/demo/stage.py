"""The stage: a workshop's keys, and every part as a process of its own on a free loopback port."""

from __future__ import annotations

import json
import os
import secrets
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from gateway.clock import clock
from gateway.demo.tap import Tap
from gateway.errors import DeliveryFailed, Misconfigured
from gateway.signing import (
    Participant,
    Role,
    SigningKey,
    TrustStore,
    Workshop,
    issue_token,
    load_signing_key,
    load_trust,
    mint_workshop,
)

COUNTRIES = ("CN", "KG", "KZ", "UZ")
SYNTAX = {"CN": "xml", "KG": "json", "KZ": "xml", "UZ": "json"}
OUTSIDER = "TJ"
"""A participant with a key of its own that is party to no agreement: to show what it cannot see, and cannot be sent."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that runs.

    Attributes:
        workshop: Keys and trust.
        trust: The trust store, as every part has it.
        gateway: URL of the gateway itself.
        controls: URL of each national window's control port.
        posted: What adapters sent to the gateway, by country.
        delivered: What the gateway sent to adapters, by country.
        client: For asking from outside.
        clock_file: Seconds by which the clock of every part is moved.
        patience: Seconds for which a check waits for what is still on its way.
    """

    workshop: Workshop
    trust: TrustStore
    gateway: str
    controls: Mapping[str, str]
    posted: Mapping[str, Tap]
    delivered: Mapping[str, Tap]
    client: httpx.Client
    clock_file: Path
    patience: float = 10.0

    @contextmanager
    def clock_moved(self, ahead: timedelta) -> Iterator[None]:
        """For a while, every part is so much ahead."""
        self.clock_file.write_text(str(ahead.total_seconds()), "utf-8")
        try:
            yield
        finally:
            self.clock_file.write_text("0", "utf-8")

    def key(self, participant: str) -> SigningKey:
        """A participant's key; the workshop has them all."""
        return load_signing_key(self.workshop.keys[participant])

    def ask(self, path: str, reader: str) -> httpx.Response:
        """Ask the gateway as a participant would.

        Raises:
            DeliveryFailed: It cannot be reached.
        """
        at = clock(self.clock_file)()
        token = issue_token(self.key(reader), participant=reader, audience="GATEWAY", at=at)
        return self._send("GET", self.gateway + path, headers={"Authorization": f"Bearer {token}"})

    def told(self, path: str, reader: str) -> Any:
        """What the gateway tells a participant who asks; its JSON answer.

        Raises:
            DeliveryFailed: It cannot be reached, or tells nothing.
        """
        return _json(self.ask(path, reader), f"The gateway, asked by {reader} for {path}")

    def post(self, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
        """Post a signed message to the gateway, past every adapter.

        Raises:
            DeliveryFailed: It cannot be reached.
        """
        return self._send("POST", self.gateway + "/v1/messages", content=body, headers=headers)

    def control(self, country: str, method: str, path: str, **options: Any) -> Any:
        """Use a national window's control port; its JSON answer.

        Raises:
            DeliveryFailed: It cannot be reached, or says no.
        """
        return _json(self._send(method, self.controls[country] + path, **options), f"NSW {country} {path}")

    def document(self, country: str, document: str) -> bytes:
        """The bytes of a document that a national window holds.

        Raises:
            DeliveryFailed: It cannot be reached, or holds none.
        """
        answer = self._send("GET", f"{self.controls[country]}/control/documents/{document}")
        if answer.status_code != 200:
            raise DeliveryFailed(f"NSW {country} has no document {document}")
        return answer.content

    def _send(self, method: str, url: str, **options: Any) -> httpx.Response:
        try:
            return self.client.request(method, url, **options)
        except httpx.HTTPError as error:
            raise DeliveryFailed(f"{method} {url}: {type(error).__name__}") from error


def _json(answer: httpx.Response, what: str) -> Any:
    if answer.status_code >= 400:
        raise DeliveryFailed(f"{what}: {answer.status_code} {answer.text[:300]}")
    try:
        return answer.json()
    except ValueError as error:
        raise DeliveryFailed(f"{what}: {answer.status_code}, and the answer is no JSON") from error


@contextmanager
def staged(folder: Path, progress: Callable[[str], None]) -> Iterator[Stage]:
    """Start everything; stop everything at the end.

    Raises:
        Misconfigured: A part did not start; says which, and where its log lies.
    """
    with ExitStack() as stack:
        progress("keys")
        workshop = mint_workshop(folder, _participants(), datetime.now(UTC), days=30)
        tokens = {country: _token(folder, country) for country in COUNTRIES}
        clock_file = folder / "clock"
        clock_file.write_text("0", "utf-8")
        start = _Starter(folder, stack)
        progress("windows")
        windows = start.all(_windows_and_gateway(tokens, clock_file), _environment(workshop, folder, clock_file))
        gateway = str(windows["gateway"])
        posted = {country: stack.enter_context(Tap(gateway)) for country in COUNTRIES}
        progress("adapters")
        wires = {country: windows[f"nsw-{country}"]["wire"] for country in COUNTRIES}
        adapters = start.all(_adapters(workshop, tokens, clock_file, posted, wires), os.environ.copy())
        delivered = {country: stack.enter_context(Tap(adapters[f"adapter-{country}"])) for country in COUNTRIES}
        register_endpoints(workshop.trust, {country: tap.url for country, tap in delivered.items()})
        client = stack.enter_context(httpx.Client(timeout=30, trust_env=False))
        controls = {country: windows[f"nsw-{country}"]["control"] for country in COUNTRIES}
        stage = Stage(workshop, load_trust(workshop.trust), gateway, controls, posted, delivered, client, clock_file)
        for country in COUNTRIES:
            stage.control(country, "PUT", "/control/adapter", json={"url": adapters[f"adapter-{country}"]})
        yield stage


def _windows_and_gateway(tokens: Mapping[str, Path], clock_file: Path) -> dict[str, list[str]]:
    """The command lines of what starts first: the adapters must know where these are."""
    windows = {
        f"nsw-{country}": [
            *("nsw", "run", country),
            *("--token-file", str(tokens[country])),
            *("--clock-file", str(clock_file)),
            *("--port", "0"),
            *("--control-port", "0"),
        ]
        for country in COUNTRIES
    }
    return windows | {"gateway": ["serve", "--port", "0"]}


def _adapters(
    workshop: Workshop,
    tokens: Mapping[str, Path],
    clock_file: Path,
    gateways: Mapping[str, Tap],
    wires: Mapping[str, str],
) -> dict[str, list[str]]:
    """The command lines of the adapters; each finds the gateway behind a tap of its own."""
    return {
        f"adapter-{country}": [
            *("adapter", "run", country),
            *("--gateway", gateways[country].url),
            *("--nsw", wires[country]),
            *("--token-file", str(tokens[country])),
            *("--key", workshop.keys[country]),
            *("--trust", str(workshop.trust)),
            *("--syntax", SYNTAX[country]),
            *("--clock-file", str(clock_file)),
            *("--port", "0"),
        ]
        for country in COUNTRIES
    }


def _participants() -> tuple[Participant, ...]:
    return (
        *(Participant(country, country, Role.NSW) for country in (*COUNTRIES, OUTSIDER)),
        Participant("GATEWAY", "KG", Role.GATEWAY),
    )


def _token(folder: Path, country: str) -> Path:
    file = folder / "keys" / f"{country}-national-link.token"
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(secrets.token_urlsafe(32))
    return file


def _environment(workshop: Workshop, folder: Path, clock_file: Path) -> dict[str, str]:
    return os.environ | {
        "TORUGART_KEY": workshop.keys["GATEWAY"],
        "TORUGART_TRUST": str(workshop.trust),
        "TORUGART_DATABASE": f"sqlite:///{folder / 'gateway.db'}",
        "TORUGART_REFRESH_SECONDS": "0.2",
        "TORUGART_CLOCK_FILE": str(clock_file),
    }


def register_endpoints(trust: Path, endpoints: Mapping[str, str]) -> None:
    """Write where participants are into the registry; the gateway takes it over in the background."""
    file = trust / "participants.toml"
    lines: list[str] = []
    for line in file.read_text("utf-8").splitlines():
        lines.append(line)
        if line.startswith("id = ") and (name := line.split('"')[1]) in endpoints:
            lines.append(f'endpoint = "{endpoints[name]}"')
    beside = file.with_suffix(".new")
    beside.write_text("\n".join(lines) + "\n", "utf-8")
    beside.replace(file)


class _Starter:
    """Starts parts and waits until each says that it is ready. State: the processes, stopped with the stack."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._logs = folder / "logs"
        self._logs.mkdir(exist_ok=True)
        self._stack = stack

    def all(self, parts: Mapping[str, list[str]], environment: Mapping[str, str]) -> dict[str, Any]:
        """Start parts side by side; what each says it is ready with."""
        started = {name: self._start(name, arguments, environment) for name, arguments in parts.items()}
        return {name: self._ready(name, process) for name, process in started.items()}

    def _start(self, name: str, arguments: list[str], environment: Mapping[str, str]) -> subprocess.Popen[str]:
        log = self._stack.enter_context((self._logs / f"{name}.log").open("w", encoding="utf-8"))
        process = subprocess.Popen(  # noqa: S603 - our own command line
            [sys.executable, "-m", "gateway.cli", *arguments],
            stdout=subprocess.PIPE,
            stderr=log,
            env=dict(environment),
            text=True,
            encoding="utf-8",
        )
        self._stack.callback(_stop, process)
        return process

    def _ready(self, name: str, process: subprocess.Popen[str], seconds: float = 60) -> Any:
        if process.stdout is None:
            raise Misconfigured(f"{name} has no output")
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            end = time.monotonic() + seconds
            while time.monotonic() < end and selector.select(end - time.monotonic()):
                line = process.stdout.readline()
                if not line:
                    break
                if line.startswith("{"):
                    return json.loads(line)["ready"]
        raise Misconfigured(f"{name} did not start; its log is {self._logs / name}.log")


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
