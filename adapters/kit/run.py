"""Run an adapter as a process of its own: what `torugart adapter run CC` does."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import uvicorn

from adapters.kit.contract import CONTRACT, XML, Adapter, Route, Setting
from adapters.kit.service import Post, create_adapter
from gateway.agreements import Agreements, agreements_between, load_agreements
from gateway.errors import Misconfigured
from gateway.published import published
from gateway.signing import TrustStore, load_signing_key, load_trust


def run(
    adapter: Adapter,
    *,
    participant: str,
    key: str,
    trust: Path,
    gateway_url: str,
    window_url: str,
    token_file: Path,
    syntax: str = XML,
    host: str = "127.0.0.1",
    port: int = 0,
    test: bool = False,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    agreements_folder: Path | None = None,
    ready: Callable[[str], None],
) -> None:
    """Serve until told to stop.

    Args:
        adapter: The country.
        participant: Its participant id at the gateway.
        key: URI of its signing key.
        trust: Folder of the trust store.
        gateway_url: The gateway.
        window_url: The national window.
        token_file: File with the token that both sides of the national link know.
        syntax: How messages are sent: `application/xml` or `application/json`.
        host: Address to listen on; loopback unless told otherwise.
        port: Port; 0 takes a free one.
        test: Whether messages are marked as tests.
        clock: The time, with offset; workshops move it.
        agreements_folder: Folder of the agreements; by default the published ones.
        ready: Called once with the URL, when it listens.

    Raises:
        Misconfigured: Something does not fit together.
    """
    if adapter.contract != CONTRACT:
        raise Misconfigured(f"{adapter.country} is made for contract {adapter.contract}; this kit has {CONTRACT}")
    store = load_trust(trust)
    agreements = load_agreements(agreements_folder or published("agreements"))
    routing = partial(routes, participant, store, agreements)
    token = token_file.read_text("utf-8").strip()
    if not token:
        raise Misconfigured("The token file is empty")
    post = Post(
        adapter=adapter,
        setting=Setting(participant, routing(clock()), test),
        key=load_signing_key(key),
        trust=lambda: store,
        gateway_url=gateway_url,
        window_url=window_url,
        token=token,
        syntax=syntax,
        clock=clock,
        agreements=agreements,
        routes_at=routing,
    )
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        config = uvicorn.Config(create_adapter(post), access_log=False, log_level="warning", lifespan="on")
        shown = f"[{host}]" if ":" in host else host
        url = f"http://{shown}:{listener.getsockname()[1]}"
        asyncio.run(_serve(uvicorn.Server(config), listener, lambda: ready(url)))


async def _serve(server: uvicorn.Server, listener: socket.socket, ready: Callable[[], None]) -> None:
    serving = asyncio.create_task(server.serve([listener]))
    while not server.started and not serving.done():
        await asyncio.sleep(0.01)
    if server.started:
        ready()
    await serving


def routes(participant: str, trust: TrustStore, agreements: Agreements, at: datetime) -> Mapping[str, Route]:
    """Where messages go at a moment: by the country at the other side, the usual agreement that names the direction.

    A key `CN/2` stands for declarations of one mode of transport (UN/ECE Rec 19), where an agreement is for that mode.
    """
    found: dict[str, Route] = {}
    for name, other in trust.participants.items():
        direct = agreements_between(agreements, participant, name, at)
        shared = (a for a in agreements.values() if a.in_force(at) and {participant, name} <= set(a.parties))
        agreement = next(iter(direct), None) or next(shared, None)  # the second: to answer what came by a transit
        if agreement is not None and name != participant:
            found[other.country] = Route(name, agreement.id, agreement.version)
        for by_mode in direct[1:]:  # another agreement for another mode of transport: `CN/2` for rail
            for mode in set(by_mode.modes) - set(direct[0].modes):
                found.setdefault(f"{other.country}/{mode}", Route(name, by_mode.id, by_mode.version))
    return found
