"""Countries at a border: a gateway, and an adapter and a simulated window of each, all real servers on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from anyio.from_thread import start_blocking_portal

from adapters.kit.contract import Setting
from adapters.kit.run import routes
from adapters.kit.service import Post, create_adapter
from builders.serving import Running, now, register, running_gateway, serving, wait
from gateway import installed
from gateway.agreements import load_agreements
from gateway.published import published
from gateway.signing import load_trust
from mock_nsw.issuing import Issuer
from mock_nsw.serving import listening

TOKEN = "a throwaway token of this test"


@dataclass(frozen=True)
class Border:
    """Everything that runs. Traders and officers act at the windows' control ports."""

    gateway: Running
    controls: dict[str, httpx.Client]

    def announced(self, sender: str, recipient: str, sample: str | bytes) -> Movement:
        """A trader lodges a sample, or a zip of documents, the truck passes the gate, and the gateway accepts."""
        control, known = self.controls[sender], set(self._exchanges(sender, recipient))
        if isinstance(sample, str):
            lodged = control.post("/control/lodge", params={"sample": sample})
        else:
            lodged = control.post("/control/lodge", content=sample, headers={"Content-Type": "application/zip"})
        assert lodged.status_code == 201, lodged.text
        reference = str(lodged.json()["reference"])
        self.done(sender, f"/control/gate/{reference}")
        (new,) = set(self._exchanges(sender, recipient)) - known
        names = {sender: reference, recipient: self._exchanges(sender, recipient)[new]}
        return Movement(self, sender, recipient, names, new)

    def _exchanges(self, sender: str, recipient: str) -> dict[str, str]:
        listed = self.gateway.get("/v1/exchanges", recipient).json()["exchanges"]
        ends = (sender, recipient)
        return {each["exchangeId"]: each["reference"] for each in listed if (each["sender"], each["recipient"]) == ends}

    def done(self, country: str, path: str, **body: Any) -> None:
        """Something is done at a window that hands a document over; its adapter takes it."""
        answer = self.controls[country].post(path, json=body)
        assert answer.status_code == 200, answer.text
        assert answer.json()["status"] == 200, answer.json()["reply"]

    @contextmanager
    def deciding(self, country: str, decision: str) -> Iterator[None]:
        """For a while, what a window decides by itself; after that it accepts, as at first."""
        self._react(country, decision)
        try:
            yield
        finally:
            self._react(country, "accept")

    def _react(self, country: str, decision: str) -> None:
        answer = self.controls[country].put("/control/behaviour", json={"default": {"decision": decision}})
        assert answer.status_code == 200, answer.text


@dataclass(frozen=True)
class Movement:
    """What was announced once, and what becomes of it.

    Attributes:
        border: Where.
        sender: The country that announced it.
        recipient: The country that it was announced to.
        names: What each of their windows calls it.
        exchange: Its exchange at the gateway.
    """

    border: Border
    sender: str
    recipient: str
    names: dict[str, str]
    exchange: str

    def tells(self, country: str, event: str, **seen: Any) -> None:
        """An officer of a country reports a border event."""
        self.border.done(country, f"/control/event/{self.names[country]}", event=event, **seen)

    def becomes(self, state: str, *, messages: int = 0) -> dict[str, Any]:
        """The exchange when it has come to a state, with so many messages, and all of them are delivered."""

        def look() -> dict[str, Any]:
            answer = self.border.gateway.get(f"/v1/exchanges/{self.exchange}", self.recipient)
            found: dict[str, Any] = answer.json()
            return found

        def there() -> bool:
            seen = look()
            done = {delivery["state"] for delivery in seen["deliveries"]} == {"delivered"}
            return bool(seen["state"] == state and len(seen["messages"]) >= messages and done)

        wait(there)
        return look()

    def rules(self) -> set[str]:
        """The rules of all findings in the receipts of its messages."""
        exchange = self.border.gateway.get(f"/v1/exchanges/{self.exchange}", self.recipient).json()
        receipts = (
            self.border.gateway.get(f"/v1/messages/{message['messageId']}/receipt", self.recipient).json()
            for message in exchange["messages"]
        )
        return {finding["rule"] for receipt in receipts for finding in receipt["findings"]}

    def received(self, country: str) -> list[bytes]:
        """The documents about it that a window was handed, oldest first; those of a bundle one by one."""
        control, query = self.border.controls[country], {"reference": self.names[country], "direction": "received"}
        return [
            control.get(f"/control/documents/{record['id']}", params={"part": part}).content
            for record in control.get("/control/documents", params=query).json()
            for part in range(1, len(record["documents"]) + 1)
        ]


@contextmanager
def border(
    folder: Path,
    *countries: str,
    clock: Callable[[], datetime] = now,
    reached_by: Callable[[str], AbstractContextManager[str]] = nullcontext,
) -> Iterator[Border]:
    """Countries that exchange by the published agreements; the clock is the gateway's and the adapters'.

    Args:
        folder: Of the gateway.
        countries: By code.
        clock: The time, with offset.
        reached_by: From the URL of the gateway to the one by which the adapters reach it.
    """
    agreements = load_agreements(published("agreements"))
    with ExitStack() as stack:
        gateway = stack.enter_context(running_gateway(folder, clock=clock))
        trust, gateway_url = load_trust(gateway.workshop.trust), stack.enter_context(reached_by(gateway.url))
        portal = stack.enter_context(start_blocking_portal())
        controls, endpoints = {}, {}
        for country in countries:
            window = stack.enter_context(
                portal.wrap_async_context_manager(
                    listening(installed.nsw(country), token=TOKEN, adapter_url=None, issuer=Issuer())
                )
            )
            post = Post(
                adapter=installed.adapter(country),
                setting=Setting(country, routes(country, trust, agreements, now())),
                key=gateway.key(country),
                trust=lambda: trust,
                gateway_url=gateway_url,
                window_url=f"http://127.0.0.1:{window.port}",
                token=TOKEN,
                clock=clock,
                agreements=agreements,
            )
            endpoints[country] = stack.enter_context(serving(create_adapter(post)))
            url = f"http://127.0.0.1:{window.control_port}"
            controls[country] = stack.enter_context(httpx.Client(base_url=url, timeout=30, trust_env=False))
            controls[country].put("/control/adapter", json={"url": endpoints[country]})
        register(gateway.workshop, endpoints)
        yield Border(gateway, controls)
