"""Both ports of a mock window in one process.

`serve` is for the command line: it runs until it is told to stop. `listening` is the same inside a running
event loop, for programs that start a window for a while.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import uvicorn
from starlette.requests import Request
from typing_extensions import override

from mock_nsw.control import control_app
from mock_nsw.issuing import Issuer, utc_now
from mock_nsw.national import Nsw
from mock_nsw.sending import PAUSES, Sleep
from mock_nsw.simulator import Simulator
from mock_nsw.wire import Window, wire_app

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_ANSWER_SECONDS = 10.0
_SHUTDOWN_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Listening:
    """The ports of a window that listens, and its end."""

    port: int
    control_port: int
    ended: asyncio.Future[None]


def serve(
    nsw: Nsw,
    *,
    port: int,
    control_port: int,
    adapter_url: str | None,
    token_file: Path,
    ready: Callable[[int, int], None],
    host: str = "127.0.0.1",
    control_host: str | None = None,
    seed: int | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> None:
    """Run a window until SIGTERM or SIGINT, then finish what is being answered and return.

    Args:
        nsw: The country.
        port: The port the adapter sees; 0 takes a free one.
        control_port: The port the operator sees; 0 takes a free one.
        adapter_url: Where the adapter listens; `None` until the control port is told.
        token_file: Holds the token that the window shares with its adapter.
        ready: Called once with the two ports when both listen.
        host: The address to listen on.
        control_host: The address the control port listens on; `None` is the same as `host`.
        seed: Makes the numbers of the samples repeatable.
        clock: The window's time; moved where a workshop shows what time does.

    Raises:
        ValueError: The token file is empty.
        OSError: The token file cannot be read, or a port is taken.
    """
    token = token_file.read_text(encoding="utf-8").strip()
    if not token:
        raise ValueError(f"the token file {token_file} is empty")

    async def run() -> None:
        async with listening(
            nsw,
            token=token,
            adapter_url=adapter_url,
            host=host,
            control_host=control_host,
            port=port,
            control_port=control_port,
            issuer=Issuer(clock, seed),
        ) as window:
            if stop.is_set():
                return
            ready(window.port, window.control_port)
            await asyncio.wait({window.ended})

    with _stopped_by_signals() as stop:
        asyncio.run(run())


@asynccontextmanager
async def listening(
    nsw: Nsw,
    *,
    token: str,
    adapter_url: str | None,
    issuer: Issuer,
    host: str = "127.0.0.1",
    control_host: str | None = None,
    port: int = 0,
    control_port: int = 0,
    sleep: Sleep = asyncio.sleep,
    pauses: Sequence[float] = PAUSES,
) -> AsyncIterator[Listening]:
    """A window that listens on both ports while the block runs.

    Args:
        nsw: The country.
        token: The token that the window shares with its adapter.
        adapter_url: Where the adapter listens; `None` until the control port is told.
        issuer: Gives the window its moments and numbers.
        host: The address to listen on.
        control_host: The address the control port listens on; `None` is the same as `host`.
        port: The port the adapter sees; 0 takes a free one.
        control_port: The port the operator sees; 0 takes a free one.
        sleep: How time passes for delays, pauses and slowness.
        pauses: Seconds between attempts to reach the adapter.
    """
    with _listener(host, port) as wire, _listener(control_host or host, control_port) as control:
        async with httpx.AsyncClient(timeout=_ANSWER_SECONDS, trust_env=False) as client:
            apps: dict[tuple[str, int], ASGIApp] = {}
            server = _Server(
                uvicorn.Config(
                    _by_address(apps),
                    lifespan="off",
                    access_log=False,
                    log_config=None,
                    log_level="error",
                    timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
                )
            )
            window = Window(
                Simulator(nsw, issuer),
                client,
                token=token,
                adapter_url=adapter_url.rstrip("/") if adapter_url else None,
                hang_up=server.hang_up,
                sleep=sleep,
                pauses=pauses,
            )
            wire_at, control_at = wire.getsockname(), control.getsockname()
            apps |= {wire_at: wire_app(window), control_at: control_app(window)}
            ended = asyncio.ensure_future(server.serve([wire, control]))
            listens = asyncio.ensure_future(server.listens.wait())
            await asyncio.wait({ended, listens}, return_when="FIRST_COMPLETED")
            try:
                yield Listening(wire_at[1], control_at[1], ended)
            finally:
                listens.cancel()
                server.should_exit = True
                await ended
                await window.close()


def _listener(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


_EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 - compared with, not listened on


def _by_address(apps: dict[tuple[str, int], ASGIApp]) -> ASGIApp:
    # One server for both ports: one start, one end, and one place where signals arrive. Both may have the same
    # number on different addresses; a connection to a listener on every address shows the address it came to.
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        host, port = scope["server"]
        listener = (host, port) if (host, port) in apps else (_EVERY_ADDRESS, port)
        await apps[listener](scope, receive, send)

    return app


class _Server(uvicorn.Server):
    """A server that says when it listens, and can close the connection of a request."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()

    def hang_up(self, request: Request) -> None:
        client = request.client
        for connection in self.server_state.connections:
            peer = connection.transport.get_extra_info("peername")
            if client is not None and peer == (client.host, client.port):
                connection.transport.close()


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    # uvicorn stops at a signal and then raises it again for whoever had it before; here that is the
    # end that was asked for, and not a reason to die of it. A signal that comes before uvicorn listens
    # is remembered in the event.
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
