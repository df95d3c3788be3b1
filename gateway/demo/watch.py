"""Watching from outside: what the windows hold, what the gateway tells, what went over the taps; and waiting for it.

Nothing is judged here. What is not there, or does not come in time, is a `DeliveryFailed`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from gateway.demo.reading import read_message, receipt_in
from gateway.demo.stage import Stage
from gateway.demo.tap import Passed
from gateway.errors import DeliveryFailed
from gateway.message.metadata import DeclarationMessage
from gateway.message.receipt import Receipt

T = TypeVar("T")
MESSAGES = "/v1/messages"
"""Where adapters post; whatever else they ask of the gateway goes over the same tap."""

PAUSE = 0.1
"""Seconds between two looks: each look is a request, and takes time from what is waited for."""


def until(look: Callable[[], T], what: Callable[[], str], seconds: float = 30) -> T:
    """Look until there is something; what there is.

    Raises:
        DeliveryFailed: There is nothing after so many seconds.
    """
    end = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > end:
            raise DeliveryFailed(f"It did not happen in time: {what()}")
        time.sleep(PAUSE)
    return found


def handed_over(stage: Stage, country: str, path: str, **options: Any) -> dict[str, Any]:
    """Have a window hand something to its adapter: a declaration at the gate, a change, a decision, an event.

    Raises:
        DeliveryFailed: The adapter does not take it.
    """
    answer: dict[str, Any] = stage.control(country, "POST", path, **options)
    if answer["status"] != 200:
        raise DeliveryFailed(f"NSW {country} {path} was answered {answer['status']}: {answer['reply'][:500]}")
    return answer


def received(stage: Stage, country: str, reference: str = "") -> list[dict[str, Any]]:
    """What a window has received, in the order of arrival; with a reference, what it has filed under that."""
    query = {"direction": "received"} | ({"reference": reference} if reference else {})
    documents: list[dict[str, Any]] = stage.control(country, "GET", "/control/documents", params=query)
    return documents


def posted(stage: Stage, country: str, after: int = 0) -> list[Passed]:
    """The messages that an adapter posted, those behind the first `after` requests over its tap."""
    return [passed for passed in stage.posted[country].passed[after:] if passed.path == MESSAGES]


def declaration(stage: Stage, country: str, reference: str) -> tuple[Passed, DeclarationMessage]:
    """The declaration that an adapter posted last under a reference.

    Raises:
        DeliveryFailed: There is none.
    """
    for passed in reversed(posted(stage, country)):
        message = read_message(passed)
        if isinstance(message, DeclarationMessage) and message.declaration.functional_reference_id == reference:
            return passed, message
    raise DeliveryFailed(f"No declaration was posted under {reference}")


def receipts(stage: Stage, country: str, reference: str) -> list[Receipt]:
    """The gateway's receipts that a country's adapter was given for what names a reference.

    Raises:
        DeliveryFailed: There is none.
        GatewayError: One of them is not the gateway's.
    """
    about = [passed for passed in posted(stage, country) if reference.encode() in passed.request]
    if not about:
        raise DeliveryFailed(f"Nothing about {reference} was posted by {country}")
    return [receipt_in(stage.trust, passed, "GATEWAY") for passed in about]


def rules(stage: Stage, country: str, reference: str) -> set[str]:
    """The rules of all findings in these receipts.

    Raises:
        GatewayError: There is no receipt, or one is not the gateway's.
    """
    return {str(finding["rule"]) for receipt in receipts(stage, country, reference) for finding in receipt.findings}


def exchanges(stage: Stage, reference: str, reader: str) -> list[dict[str, Any]]:
    """The exchanges under a reference that a participant sees."""
    listed: list[dict[str, Any]] = stage.told(f"/v1/exchanges?reference={reference}", reader)["exchanges"]
    return listed


def exchange(stage: Stage, reference: str, recipient: str) -> dict[str, Any]:
    """The exchange under a reference with a recipient, as the recipient sees it.

    Raises:
        DeliveryFailed: There is none.
    """
    for each in exchanges(stage, reference, recipient):
        if each["recipient"] == recipient:
            return each
    raise DeliveryFailed(f"{recipient} sees no exchange under {reference}")


def reached(stage: Stage, reference: str, recipient: str, state: str, *, version: int = 1) -> None:
    """Wait until an exchange is in a state.

    Raises:
        DeliveryFailed: It is not in time.
    """

    def seen() -> list[tuple[str, int]]:
        return [
            (each["state"], each["version"])
            for each in exchanges(stage, reference, recipient)
            if each["recipient"] == recipient
        ]

    until(
        lambda: any(now == state and number >= version for now, number in seen()),
        lambda: f"{reference} → {recipient}: {state}, version {version}; it is {seen()}",
    )
