"""Deliver: bring every recorded message to its recipient, in order within an exchange, until it is proven.

10 claim     what is due, the oldest of each exchange first
11 seal      our signature over the delivered bytes: exchange, agreement, parties, time, audit position
12 send      to the participant's adapter
13 prove     its signed receipt must name the digest that was sent
14 record    delivered, or later (backoff with jitter, breaker for each participant), or dead letter
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import TypeVar

import structlog
from sqlalchemy import Connection, select, update

from gateway.errors import DeliveryFailed, GatewayError
from gateway.exchange.audit import append_audit
from gateway.exchange.deliveries import Due, claim, newer_waits
from gateway.exchange.gateway import Gateway
from gateway.exchange.notice import tell_undeliverable
from gateway.exchange.record import put_receipt
from gateway.exchange.state import State, Step, after
from gateway.message.canonical import bytes_digest
from gateway.message.finding import Severity
from gateway.message.leaf import as_text
from gateway.message.receipt import Outcome, Receipt, read_receipt
from gateway.signing import Purpose, sign_detached, verify_detached
from gateway.storage.clock import stored
from gateway.storage.tables import delivery, exchange
from gateway.transport.port import Handed, Parcel, Transport

_MOVES: Mapping[str, tuple[Step, tuple[str, ...]]] = {
    "declaration": (Step.DELIVER, ("9", "5", "4")),
    "border-event": (Step.CLOSE, ("IMP",)),
}
"""The step of a proven delivery, by kind of message, and the functions that it counts for."""

T = TypeVar("T")
log = structlog.get_logger("torugart.deliver")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a delivery is tried.

    Attributes:
        lease: How long a claimed delivery is hidden from other processes.
        send: How long one send may take as a whole; shorter than the lease.
        first: Wait after the first failure; doubled after each, with jitter.
        longest: The longest wait.
        give_up: Attempts after which it is a dead letter.
        breaker_after: Failures in a row after which a participant is left alone.
        breaker_for: How long it is left alone.
    """

    lease: timedelta = timedelta(seconds=60)
    send: timedelta = timedelta(seconds=30)
    first: timedelta = timedelta(seconds=1)
    longest: timedelta = timedelta(minutes=5)
    give_up: int = 300
    breaker_after: int = 5
    breaker_for: timedelta = timedelta(seconds=15)


@dataclass(slots=True)
class Breakers:
    """Who is left alone for now. State: failures in a row, and until when.

    By the seconds that pass, not by the gateway's clock: that may be moved, for days.
    """

    patience: Patience
    failures: dict[str, int] = field(default_factory=dict)
    open_until: dict[str, float] = field(default_factory=dict)

    def closed_to(self) -> frozenset[str]:
        """Participants to whom nothing is sent now."""
        now = monotonic()
        return frozenset(name for name, until in self.open_until.items() if until > now)

    def succeeded(self, participant: str) -> None:
        """It answered."""
        self.failures.pop(participant, None)
        self.open_until.pop(participant, None)

    def failed(self, participant: str) -> None:
        """It did not answer; after enough failures in a row it is left alone."""
        self.failures[participant] = self.failures.get(participant, 0) + 1
        if self.failures[participant] >= self.patience.breaker_after:
            self.open_until[participant] = monotonic() + self.patience.breaker_for.total_seconds()


async def deliver_forever(
    gateway: Gateway,
    transport: Transport,
    work: asyncio.Event,
    *,
    patience: Patience | None = None,
    at_once: int = 32,
    to_one: int = 8,
) -> None:
    """Deliver what is due, each in its own time, as long as the process lives.

    It looks for more when there is work, when a place becomes free, and every half second. Stopped, it stops what is
    being sent; that is due again when its lease runs out.

    Args:
        gateway: Whose deliveries.
        transport: The way to the participants.
        work: Set when there is something to deliver.
        patience: How long a delivery is tried.
        at_once: Places: how many are sent at once.
        to_one: How many of them one recipient may have, so that it cannot hold back the others.
    """
    patience = patience or Patience()
    breakers = Breakers(patience)
    underway: dict[int, str] = {}

    async def bring(due: Due) -> None:
        try:
            await deliver(due, gateway, transport, breakers)
        except Exception:  # a bug stays with its delivery, which is tried again like any other that failed
            log.exception("bug", delivery=due.id, to=due.recipient)
            fault = DeliveryFailed("A fault of the gateway; its log says more")
            with suppress(Exception):  # and else its lease brings it back
                await _in_writer(gateway, partial(_later, due=due, problem=fault, gateway=gateway, patience=patience))
        finally:
            del underway[due.id]
            work.set()

    async with asyncio.TaskGroup() as tasks:
        while True:
            work.clear()
            try:
                claimed = await claim_due(gateway, breakers, underway, at_once=at_once, to_one=to_one)
            except Exception as problem:
                log.warning("delivering-paused", problem=type(problem).__name__, exc_info=problem)
                await asyncio.sleep(0.5)
                continue
            for due in claimed:
                underway[due.id] = due.recipient
                tasks.create_task(bring(due))
            with suppress(TimeoutError):
                async with asyncio.timeout(0.5):
                    await work.wait()


async def claim_due(
    gateway: Gateway, breakers: Breakers, underway: Mapping[int, str], *, at_once: int = 32, to_one: int = 8
) -> tuple[Due, ...]:
    """Step 10: as much of what is due as there are places for; `underway` has the recipient of each that is sent."""
    if len(underway) >= at_once:
        return ()
    now = gateway.clock()
    claiming = partial(
        claim,
        now=now,
        until=now + breakers.patience.lease,
        longest=max(breakers.patience.longest, breakers.patience.lease),
        underway=dict(underway),  # as it is now: the writer has a thread of its own
        at_once=at_once,
        to_one=to_one,
        not_to=breakers.closed_to(),
    )
    return await _in_writer(gateway, claiming)


async def deliver(due: Due, gateway: Gateway, transport: Transport, breakers: Breakers) -> None:
    """Steps 11 to 14, for one delivery that was claimed."""
    try:
        handed = await _send(due, gateway, transport, breakers.patience)  # 11, 12
        receipt = prove(due, handed, gateway)  # 13
    except GatewayError as problem:
        breakers.failed(due.recipient)
        ours = await _in_writer(
            gateway, partial(_later, due=due, problem=problem, gateway=gateway, patience=breakers.patience)
        )
        event, told = "delivery-failed", {"problem": problem.code}
    else:
        breakers.succeeded(due.recipient)
        ours = await _in_writer(gateway, partial(_done, due=due, handed=handed, receipt=receipt, gateway=gateway))
        event, told = "delivery-done", {"outcome": receipt.outcome.value}
    log.info(event if ours else "delivery-overtaken", delivery=due.id, to=due.recipient, attempts=due.attempts, **told)


async def _send(due: Due, gateway: Gateway, transport: Transport, patience: Patience) -> Handed:
    """Steps 11 and 12, in bounded time as a whole: an answer may trickle, and the lease goes on."""
    seconds = patience.send.total_seconds()
    try:
        async with asyncio.timeout(seconds):
            return await transport.send(sealed(due, gateway))
    except TimeoutError as error:
        raise DeliveryFailed(f"{due.recipient} did not answer within {seconds:g} s") from error


def sealed(due: Due, gateway: Gateway) -> Parcel:
    """Step 11: the parcel with our seal over its bytes."""
    claims: Mapping[str, str] = {
        "exchange": due.exchange_id,
        "agreement": due.agreement,
        "sender": due.sender,
        "recipient": due.recipient,
        "message": due.message_id,
        "content": due.content_digest,
        "received": due.received_at,
        "audit": str(due.audit_position),
    }
    seal = sign_detached(due.body, gateway.key, purpose=Purpose.SEAL, signing_time=gateway.clock(), claims=claims)
    return Parcel(due.recipient, due.media_type, due.body, due.signature, seal, due.message_id)


def prove(due: Due, handed: Handed, gateway: Gateway) -> Receipt:
    """Step 13: the recipient's own signed receipt must name what was sent.

    Raises:
        DeliveryFailed: It is another's, or speaks of something else.
        UntrustedMessage: Its signature is not what it must be.
        TrustUnknown: That cannot be judged now.
    """
    proof = verify_detached(
        handed.receipt, handed.signature, gateway.trust(), purpose=Purpose.RECEIPT, at=gateway.clock()
    )
    if proof.signer.participant != due.recipient:
        raise DeliveryFailed(f"The receipt is signed by {proof.signer.participant}, not by {due.recipient}")
    receipt = read_receipt(proof.body)
    if receipt.message_digest != bytes_digest(due.body):
        raise DeliveryFailed("The receipt names other bytes than were sent")
    if receipt.outcome is Outcome.DELIVERED and receipt.content_digest != due.content_digest:
        raise DeliveryFailed("The receipt names another content than was sent")
    if receipt.outcome not in (Outcome.DELIVERED, Outcome.REFUSED):
        raise DeliveryFailed(f"The receipt says {receipt.outcome}")
    return receipt


def _is_ours(connection: Connection, due: Due) -> bool:
    """Whether a delivery still waits as it was claimed; its row is held until the transaction ends.

    A lease that ran out has let another worker try: what becomes of it is for the last who claimed it to say.
    """
    claimed = (delivery.c.id == due.id, delivery.c.state == "waiting", delivery.c.attempts == due.attempts)
    return connection.execute(select(delivery.c.id).where(*claimed).with_for_update()).first() is not None


def _done(connection: Connection, due: Due, handed: Handed, receipt: Receipt, gateway: Gateway) -> bool:
    """Step 14: proven. An adapter that refuses for good has answered too: that is a dead letter with its reason.

    Returns whether that was still for us to say.
    """
    if not _is_ours(connection, due):
        return False
    now = gateway.clock()
    delivered = receipt.outcome is Outcome.DELIVERED
    why = _why(receipt)
    connection.execute(
        update(delivery)
        .where(delivery.c.id == due.id)
        .values(
            state="delivered" if delivered else "dead",
            receipt_at=stored(now),
            problem=None if delivered else why,
            receipt_id=put_receipt(connection, handed.receipt, handed.signature),
        )
    )
    if delivered:
        _move(connection, due, now)
    _note(connection, due, "delivered" if delivered else "delivery-refused", receipt.receipt_id, now)
    if not delivered:
        _tell_sender(connection, due, why, gateway, now)
    return True


def _why(receipt: Receipt) -> str:
    """Why a recipient refused: in its own words, else the rules that it names, with the value of each."""
    serious = [finding for finding in receipt.findings if finding.get("severity") == Severity.REJECT.value]
    named = "; ".join(" ".join(str(one[name]) for name in ("rule", "value") if one.get(name)) for one in serious)
    return as_text(receipt.detail or named, 500) or "refused by the recipient's adapter"


def _move(connection: Connection, due: Due, now: datetime) -> None:
    """What a proven delivery changes: a registered exchange is delivered, a matched one closed; else nothing.

    The exchange goes by its newest declaration and its newest import information: the delivery of an earlier one, or of
    another event, moves nothing.
    """
    step, functions = _MOVES.get(due.kind, (None, ()))
    if step is None or due.function_code not in functions or newer_waits(connection, due, functions):
        return
    exchange_id = due.exchange_id
    state = connection.execute(select(exchange.c.state).where(exchange.c.id == exchange_id).with_for_update()).scalar()
    following = after(State(state), step) if state else None
    if following is not None:
        connection.execute(
            update(exchange).where(exchange.c.id == exchange_id).values(state=following.value, updated_at=stored(now))
        )


def _later(connection: Connection, due: Due, problem: GatewayError, gateway: Gateway, patience: Patience) -> bool:
    """Step 14: not yet. The wait doubles, with jitter, up to a bound; after enough attempts it is a dead letter.

    Returns whether that was still for us to say.
    """
    if not _is_ours(connection, due):
        return False
    now = gateway.clock()
    dead = due.attempts >= patience.give_up
    wait = min(patience.longest, patience.first * 2 ** min(due.attempts - 1, 20)) * random.uniform(0.5, 1.0)
    connection.execute(
        update(delivery)
        .where(delivery.c.id == due.id)
        .values(state="dead" if dead else "waiting", due_at=stored(now + wait), problem=problem.detail[:500])
    )
    if dead:
        _note(connection, due, "dead-letter", problem.code, now)
        _tell_sender(connection, due, problem.detail, gateway, now)
    return True


def _tell_sender(connection: Connection, due: Due, why: str, gateway: Gateway, now: datetime) -> None:
    """A dead letter is told to who sent it; that a notice of ours did not arrive is told to nobody."""
    if due.sender != gateway.participant:
        tell_undeliverable(connection, due.exchange_id, due.sender, due.message_id, why, gateway, now)


def _note(connection: Connection, due: Due, event: str, what: str, now: datetime) -> None:
    append_audit(
        connection,
        event=event,
        exchange_id=due.exchange_id,
        participant=due.recipient,
        data={"message": due.message_id, "content": due.content_digest, "what": what, "attempts": str(due.attempts)},
        now=now,
    )


async def _in_writer(gateway: Gateway, job: Callable[[Connection], T]) -> T:
    return await asyncio.wrap_future(gateway.writer.submit(job))
