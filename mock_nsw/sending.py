"""How a document is handed to the adapter: one POST, repeated a bounded number of times.

Repeated is what the wire says to repeat (docs/national-wires.md, "HTTP"): nobody answers, 503, and the other
5xx and 429 that a proxy in between may give. Every other answer is final.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import httpx

from mock_nsw.simulator import Record

PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds between attempts: seven attempts over about nineteen seconds."""

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The last answer, or why there was none (`status` is then `None`)."""

    status: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Adapter:
    """Where and how the adapter is reached; no address means that nobody told it yet."""

    url: str | None
    token: str


async def hand_to_adapter(
    record: Record,
    adapter: Callable[[], Adapter],
    client: httpx.AsyncClient,
    *,
    pauses: Sequence[float] = PAUSES,
    sleep: Sleep = asyncio.sleep,
) -> Outcome:
    """POST the record's bytes to `{adapter}/national` until there is a final answer or no attempt is left.

    Args:
        record: What is handed over.
        adapter: Asked before every attempt, because the address may be set in between.
        client: Carries the connections.
        pauses: Seconds before each repetition.
        sleep: How time passes.
    """
    outcome = await _attempt(record, adapter(), client)
    for pause in pauses:
        if outcome.status is not None and outcome.status < 500 and outcome.status != 429:
            break
        await sleep(pause)
        outcome = await _attempt(record, adapter(), client)
    return outcome


async def _attempt(record: Record, adapter: Adapter, client: httpx.AsyncClient) -> Outcome:
    if adapter.url is None:
        return Outcome(None, "the address of the adapter is not set")
    headers = {"Content-Type": record.media_type, "Authorization": f"Bearer {adapter.token}"}
    if record.file_name:
        headers["Content-Disposition"] = f'attachment; filename="{record.file_name}"'
    try:
        answer = await client.post(f"{adapter.url}/national", content=record.body, headers=headers)
    except httpx.HTTPError as failure:
        return Outcome(None, f"the adapter did not answer: {type(failure).__name__}")
    return Outcome(answer.status_code, answer.text)
