"""The port the adapter sees: `POST /inbox`, and the faults that strike there.

`Window` is a running window: the simulator with its faults, its adapter and its clock. The control port works
on the same one.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING

import httpx
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from typing_extensions import override

from mock_nsw.documents import SIZE_LIMIT, Unreadable, documents_in
from mock_nsw.faults import Fault, Faults
from mock_nsw.national import Decision
from mock_nsw.problems import problem
from mock_nsw.sending import PAUSES, Adapter, Outcome, Sleep, hand_to_adapter
from mock_nsw.simulator import Reaction, Reception, Record, Simulator

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

Hangup = Callable[[Request], None]
"""Closes the connection a request came over."""


class TooLarge(Exception):
    """The body is larger than a port takes."""


class Window:
    """A running window."""

    def __init__(
        self,
        simulator: Simulator,
        client: httpx.AsyncClient,
        *,
        token: str,
        adapter_url: str | None,
        hang_up: Hangup,
        sleep: Sleep = asyncio.sleep,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self.simulator = simulator
        self.faults = Faults()
        self.adapter = Adapter(adapter_url, token)
        self.hang_up = hang_up
        self.sleep = sleep
        self._client = client
        self._pauses = pauses
        self._tasks: set[asyncio.Task[None]] = set()

    async def send(self, record: Record) -> Outcome:
        """Hand a record to the adapter and note what it answered."""
        outcome = await hand_to_adapter(
            record, lambda: self.adapter, self._client, pauses=self._pauses, sleep=self.sleep
        )
        self.simulator.answered(record, outcome.status, outcome.text)
        return outcome

    async def decide(self, reference: str, decision: Decision, reason: str = "") -> tuple[Record, Outcome]:
        """Decide, and hand the decision to the adapter; the faults of decisions strike here.

        Raises:
            NotFound: No declaration was received under that reference.
        """
        stray = self.faults.strikes(Fault.WRONG_REFERENCE_IN_DECISION) is not None
        record = self.simulator.decide(reference, decision, reason, stray=stray)
        outcome = await self.send(record)
        if self.faults.strikes(Fault.DUPLICATE_DECISION) is not None:
            outcome = await self.send(record)
        return record, outcome

    def react(self, record: Record, reaction: Reaction) -> None:
        """Do by itself, later, what the window does with something it received."""
        if reaction.decision is not None:
            self._start(self._decide_later(record, reaction.decision, reaction.delay_seconds))

    async def _decide_later(self, record: Record, decision: Decision, delay_seconds: float) -> None:
        if delay_seconds > 0:
            await self.sleep(delay_seconds)
        await self.decide(record.reference, decision)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Give up what is still waiting."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def wire_app(window: Window) -> Starlette:
    """The application behind the port the adapter sees."""

    async def inbox(request: Request) -> Response:
        if window.faults.strikes(Fault.DOWN) is not None:
            return problem(503, headers={"Retry-After": "1"})
        if window.faults.strikes(Fault.SERVER_ERROR) is not None:
            return problem(500)
        if not _authorised(request, window.adapter.token):
            return problem(401, headers={"WWW-Authenticate": "Bearer"})
        media_type = request.headers.get("content-type", window.simulator.nsw.media_type)
        try:
            body = await read_body(request)
            reception = window.simulator.receive(documents_in(body, media_type), body, media_type)
        except TooLarge as large:
            return problem(413, str(large))
        except Unreadable as unreadable:
            return problem(400, str(unreadable))
        return await _answer(window, request, reception)

    return Starlette(routes=[Route("/inbox", inbox, methods=["POST"])])


async def read_body(request: Request) -> bytes:
    """The body, read no further than the size limit.

    Raises:
        TooLarge: It is larger than `SIZE_LIMIT`.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > SIZE_LIMIT:
            raise TooLarge(f"a body may have {SIZE_LIMIT} bytes")
    return bytes(body)


def _authorised(request: Request, token: str) -> bool:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())


async def _answer(window: Window, request: Request, reception: Reception) -> Response:
    # By now the document is stored: what strikes here strikes the answer only, so that a repetition
    # must find the first answer again.
    background = None
    record, reaction = reception.record, reception.reaction
    due = record is not None and reaction is not None and reaction.decision is not None
    if record is not None and reaction is not None and due and not window.faults.strikes(Fault.NO_DECISION):
        # The reaction starts after the answer has left: an authority does not decide before it acknowledges.
        background = BackgroundTask(_react, window, record, reaction)
    slow = window.faults.strikes(Fault.SLOW)
    if slow is not None:
        await window.sleep(slow.seconds)
    if window.faults.strikes(Fault.REFUSE_CONNECTION_MIDWAY) is not None:
        return _Broken(window, request, b"", 0, background)
    if window.faults.strikes(Fault.TRUNCATED_REPLY) is not None:
        half = len(reception.reply) // 2
        return _Broken(window, request, reception.reply, half, background)
    if window.faults.strikes(Fault.GARBAGE_REPLY) is not None:
        return _document(window, b"\x00\xff<<garbage>>\xfe" * 16, background)
    return _document(window, reception.reply, background)


async def _react(window: Window, record: Record, reaction: Reaction) -> None:
    window.react(record, reaction)


def _document(window: Window, content: bytes, background: BackgroundTask | None) -> Response:
    media_type = window.simulator.nsw.media_type
    return Response(content, headers={"Content-Type": media_type}, background=background)


class _Broken(Response):
    """An answer that stops after some of its bytes (none: before its first line), with the connection."""

    def __init__(
        self, window: Window, request: Request, content: bytes, sent: int, background: BackgroundTask | None
    ) -> None:
        super().__init__(content, headers={"Content-Type": window.simulator.nsw.media_type}, background=background)
        self._hang_up = window.hang_up
        self._request = request
        self._sent = sent

    @override
    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        if self._sent:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            part = bytes(self.body)[: self._sent]
            await send({"type": "http.response.body", "body": part, "more_body": True})
        self._hang_up(self._request)
        while (await receive())["type"] != "http.disconnect":
            pass
        if self.background is not None:
            await self.background()
