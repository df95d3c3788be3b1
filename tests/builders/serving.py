"""A real gateway on a free loopback port, with a workshop's keys, for tests over HTTP."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from gateway.app import create_app
from gateway.message.json_twin import write_json
from gateway.message.metadata import MetaData
from gateway.message.xml_twin import write_xml
from gateway.settings import Settings
from gateway.signing import (
    Participant,
    Purpose,
    Role,
    SigningKey,
    Workshop,
    issue_token,
    load_signing_key,
    mint_workshop,
    sign_detached,
    sign_xml,
)

PARTICIPANTS = (
    Participant("CN", "CN", Role.NSW),
    Participant("KG", "KG", Role.NSW),
    Participant("KZ", "KZ", Role.NSW),
    Participant("UZ", "UZ", Role.NSW),
    Participant("GATEWAY", "KG", Role.GATEWAY),
    Participant("OPS", "KG", Role.OPERATOR),
)


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Running:
    """A gateway that runs, and what a partner needs to talk to it."""

    url: str
    workshop: Workshop
    app: Any
    client: httpx.Client

    def key(self, participant: str) -> SigningKey:
        return load_signing_key(self.workshop.keys[participant])

    def token(self, participant: str) -> dict[str, str]:
        token = issue_token(self.key(participant), participant=participant, audience="GATEWAY", at=now())
        return {"Authorization": f"Bearer {token}"}

    def post(self, message: MetaData, *, syntax: str = "xml", signer: str | None = None) -> httpx.Response:
        key = self.key(signer or message.communication_meta_data.sender.id)
        if syntax == "xml":
            return self.post_bytes(sign_xml(write_xml(message), key, now()), "application/xml")
        body = write_json(message)
        jws = sign_detached(body, key, purpose=Purpose.MESSAGE, signing_time=now())
        return self.post_bytes(body, "application/json", {"JWS-Signature": jws})

    def post_bytes(self, body: bytes, media_type: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return self.client.post("/v1/messages", content=body, headers={"Content-Type": media_type, **(headers or {})})

    def get(self, path: str, reader: str, **query: Any) -> httpx.Response:
        return self.client.get(path, params=query, headers=self.token(reader))


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """Any application on a free port, in a thread; its URL."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, lifespan="on"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])), daemon=True)
    thread.start()
    wait(lambda: server.started or not thread.is_alive())
    assert server.started, "the server did not start"
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


def wait(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    """Until a condition holds, looking often; fails when it does not in time."""
    end = datetime.now(UTC).timestamp() + seconds
    ticking = threading.Event()
    while not condition():
        assert datetime.now(UTC).timestamp() < end, "it did not happen in time"
        ticking.wait(0.01)


@contextmanager
def running_gateway(
    folder: Path,
    *,
    clock: Callable[[], datetime] = now,
    endpoints: dict[str, str] | None = None,
    **settings: Any,
) -> Iterator[Running]:
    """A gateway with its workshop in a folder."""
    workshop = mint_workshop(folder, PARTICIPANTS, now())
    register(workshop, endpoints or {})
    chosen = Settings(
        key=workshop.keys["GATEWAY"],
        trust=workshop.trust,
        database=f"sqlite:///{folder / 'gateway.db'}",
        refresh_seconds=0.05,
        **settings,
    )
    app = create_app(chosen, clock=clock)
    with serving(app) as url, httpx.Client(base_url=url, timeout=30, trust_env=False) as client:
        yield Running(url, workshop, app, client)


def register(workshop: Workshop, endpoints: dict[str, str]) -> None:
    """Tell the gateway where participants are: the registry is data, read again when it changes."""
    file = workshop.trust / "participants.toml"
    lines = []
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("endpoint"):
            continue
        lines.append(line)
        if line.startswith("id = "):
            name = line.split('"')[1]
            if name in endpoints:
                lines.append(f'endpoint = "{endpoints[name]}"')
    file.write_text("\n".join(lines) + "\n", "utf-8")
