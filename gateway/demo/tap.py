"""A tap: passes HTTP on unchanged and keeps what went by, so that checks need nobody's word."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from typing_extensions import override

_HOP_BY_HOP = frozenset({"host", "connection", "keep-alive", "transfer-encoding", "content-length", "server", "date"})


@dataclass(frozen=True, slots=True)
class Passed:
    """One request and its answer."""

    at: datetime
    path: str
    request_headers: Mapping[str, str]
    request: bytes
    status: int
    response_headers: Mapping[str, str]
    response: bytes


class Tap(AbstractContextManager["Tap"]):
    """Listens on a free loopback port and passes on to `target`. State: what has passed, oldest first."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.passed: list[Passed] = []
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        app = Starlette(routes=[Route("/{path:path}", self._pass_on, methods=["GET", "POST"])])
        self._server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
        self._thread = threading.Thread(target=self._run, name="tap", daemon=True)

    @override
    def __enter__(self) -> Tap:
        self._thread.start()
        return self

    @override
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(5)
        self._socket.close()

    def _run(self) -> None:
        asyncio.run(self._server.serve([self._socket]))

    async def _pass_on(self, request: Request) -> Response:
        at = datetime.now(UTC)
        body = await request.body()
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        headers = {name: value for name, value in request.headers.items() if name not in _HOP_BY_HOP}
        async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
            try:
                answer = await client.request(request.method, self.target + asked, content=body, headers=headers)
            except httpx.HTTPError:
                return Response(status_code=502)
        kept = {name: value for name, value in answer.headers.items() if name not in _HOP_BY_HOP}
        self.passed.append(
            Passed(
                at,
                request.url.path,
                dict(request.headers),
                body,
                answer.status_code,
                kept,
                answer.content,
            )
        )
        return Response(answer.content, answer.status_code, kept)
