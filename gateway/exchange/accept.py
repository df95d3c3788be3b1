"""Accept a message: from bytes to a signed receipt.

The steps have the same numbers here, in `docs/architecture.md` and in the tests. Each stage has a type of its own, so
that none can be skipped: `Received` → `VerifiedMessage` → `ValidMessage` → `Placed` → `Answer`.

    1 limit      what the web server let through is parsed with every dangerous feature off
    2 verify     signature, certificate, revocation, who signed == sender
    3 recognise  the same message again gets the same receipt
    4 permit     the agreement that allows it
    5 validate   structure, code lists, identifiers, rules
    6 place      the exchange, and whether this step is legal in its state
    7 route      who receives it
    8 record     one transaction
    9 receipt    signed, for an accepted, a held and a refused message alike
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection

from gateway.agreements import Agreement, agreement_for, context, permit
from gateway.errors import GatewayError, MessageConflict, Overloaded, TrustUnknown, UntrustedMessage
from gateway.exchange import record as store
from gateway.exchange.deliveries import put_delivery
from gateway.exchange.gateway import Gateway
from gateway.exchange.notice import tell_refused
from gateway.exchange.place import Early, Placed, Placement, must_wait, place
from gateway.exchange.receipt import put_receipted
from gateway.exchange.reference import Reference, exchange_of
from gateway.exchange.route import recipients
from gateway.exchange.state import Step
from gateway.message.canonical import bytes_digest, content_digest
from gateway.message.finding import Finding, Severity
from gateway.message.leaf import to_millisecond
from gateway.message.metadata import Message, MetaData
from gateway.message.receipt import Outcome, Receipt, read_receipt
from gateway.message.tree import limited
from gateway.opening import Received, VerifiedMessage, look, verify
from gateway.signing import Reader
from gateway.validation.rule import Context
from gateway.validation.validate import valid, validate

JUDGE_AGAIN = timedelta(minutes=1)

MOST_WAITING, MOST_WAITING_BYTES = 20, 1_000_000
"""How much of one sender may wait for one exchange: it is read whenever that moves. One alone may be of any size."""

_JUDGING = ThreadPoolExecutor(1, "judging")
"""Where posted messages are verified and judged: a large one takes seconds, in which the event loop must answer others.
One thread, so that they reach the writer in the order in which they came: who sends two before the first is receipted
finds them recorded in that order. More threads would let a small message overtake a large one of the same sender."""
_TRYING = ThreadPoolExecutor(1, "trying")
"""Where dry runs are judged: they have no order, and must not keep posted messages waiting."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A verified message with everything that one message alone can show.

    Attributes:
        verified: The message.
        agreement: The one that permits it.
        findings: What was found, as of when it was received.
        received_at: When it was received, with offset.
    """

    verified: VerifiedMessage
    agreement: Agreement | None
    findings: tuple[Finding, ...]
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: a receipt, signed.

    Attributes:
        status: HTTP status: 202 accepted or held, 422 refused.
        body: The text of the receipt.
        signature: Detached JWS over it.
    """

    status: int
    body: bytes
    signature: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What posting a message now would bring.

    Attributes:
        outcome: Accepted, held or refused.
        findings: As on the receipt.
        signed: Whether its signature was verified.
    """

    outcome: Outcome
    findings: tuple[Mapping[str, Any], ...]
    signed: bool


async def accept(received: Received, gateway: Gateway) -> Answer:
    """Judge and record a message, and answer with a signed receipt.

    Raises:
        Unreadable: The bytes are not a document at all (400).
        UntrustedMessage: The signature or the signer is not what it must be (401).
        MessageConflict: The id is known with other content (409).
        Overloaded: Too many messages wait (503).
    """
    now = gateway.clock()
    with _judged.room(len(received.body)):
        recording = await asyncio.get_running_loop().run_in_executor(_JUDGING, _submit, received, gateway, now)
    answer = await asyncio.wrap_future(recording)
    gateway.wake()
    return answer


@dataclass(slots=True)
class _Queue:
    """What waits to be judged. State: how many messages, and how many bytes they are together."""

    messages: int = 0
    size: int = 0

    @contextmanager
    def room(self, size: int) -> Iterator[None]:
        """Room for a message until it is judged; one alone may be of any size.

        Raises:
            Overloaded: Too much waits already.
        """
        if self.messages and (self.messages >= MOST_TO_JUDGE or self.size + size > MOST_TO_JUDGE_BYTES):
            raise Overloaded("Too many messages wait to be judged")
        self.messages, self.size = self.messages + 1, self.size + size
        try:
            yield
        finally:
            self.messages, self.size = self.messages - 1, self.size - size


MOST_TO_JUDGE, MOST_TO_JUDGE_BYTES = 2000, 64_000_000
_judged = _Queue()


def _submit(received: Received, gateway: Gateway, now: datetime) -> Future[Answer]:
    """Judge a message and hand it to the writer: what of accepting needs the processor, and its place in the order."""
    job: Callable[[Connection], Answer]
    try:
        verified = verify(received, gateway.trust(), now)  # 1, 2
    except TrustUnknown as reason:
        job = partial(hold, received=received, reason=reason.detail, gateway=gateway, now=now)
    else:
        judged = judge(verified, gateway, now)  # 4, 5
        job = partial(record, judged=judged, gateway=gateway, now=now)
    return gateway.writer.submit(job)  # 3, 6, 7, 8, 9


def judge(verified: VerifiedMessage, gateway: Gateway, received_at: datetime) -> Judged:
    """Steps 4 and 5: all findings that the message itself can show, none hiding another."""
    message = verified.message
    if message is None:
        return Judged(verified, None, verified.findings, received_at)
    permission = permit(message, gateway.agreements, received_at)
    known = agreement_for(message, gateway.agreements)
    rules = context(known, message, received_at) if known else Context(now=received_at)
    findings = limited(verified.findings + permission.findings + validate(message, rules, gateway.catalogue))
    return Judged(verified, permission.agreement, findings, received_at)


def judge_held(held: store.HeldMessage, gateway: Gateway) -> Judged:
    """A held message, judged as of when it came; what an operator has let through stays forgiven.

    Raises:
        GatewayError: Its signer cannot be trusted any more, or not be judged now.
    """
    judged = judge(verify(held.received, gateway.trust(), held.received_at), gateway, held.received_at)
    return forgiven(judged) if held.released else judged


def forgiven(judged: Judged) -> Judged:
    """A message with warnings in place of what held it; nothing else is forgiven."""
    return replace(judged, findings=tuple(_as_warning(finding) for finding in judged.findings))


def _as_warning(finding: Finding) -> Finding:
    return replace(finding, severity=Severity.WARN) if finding.severity is Severity.HOLD else finding


def record(connection: Connection, judged: Judged, gateway: Gateway, now: datetime) -> Answer:
    """Steps 3 and 6 to 9, in one transaction.

    Raises:
        MessageConflict: The id is known with other content.
    """
    if known := _known(connection, judged.verified):  # 3
        return Answer(known.status, known.receipt, known.receipt_signature)
    return decide(connection, judged, gateway, now)


def decide(
    connection: Connection,
    judged: Judged,
    gateway: Gateway,
    now: datetime,
    *,
    row: int | None = None,
    may_wait: bool = True,
) -> Answer:
    """Steps 6 to 9, then what had overtaken this message.

    Args:
        connection: Of the transaction.
        judged: The message with its findings.
        gateway: The gateway.
        now: The moment.
        row: A message that was held and is decided now; None for a new one.
        may_wait: Whether it may wait for another; else it is refused for what it would wait for.
    """
    placed = _placed(connection, judged, gateway)  # 6
    if isinstance(placed, Early):
        placed = _with_room(connection, judged, placed) if may_wait else (_as_refusal(placed.finding),)
    answer = _store(connection, judged, placed, gateway, now, row=row)
    if isinstance(placed, Placed) and placed.steps[0] is not Step.REQUEST:
        apply_waiting(connection, placed.reference, gateway, now)
    return answer


def _placed(connection: Connection, judged: Judged, gateway: Gateway) -> Placement:
    """Step 6, for a message without serious findings of its own."""
    message = judged.verified.message
    sound = valid(message, judged.findings) if message is not None else None
    return place(connection, sound, judged.agreement, gateway.agreements) if sound and judged.agreement else ()


def _with_room(connection: Connection, judged: Judged, early: Early) -> Placement:
    """What is early, unless too much of its sender waits for the same already: then why it is refused."""
    message = judged.verified.message
    sender = message.communication_meta_data.sender.id if message is not None else ""
    count, size = store.waiting_of(connection, sender, early.waits_for)
    size += len(judged.verified.received.body)
    if not count or (count < MOST_WAITING and size <= MOST_WAITING_BYTES):
        return early
    cause, most = early.finding, {"limit": str(MOST_WAITING), "size": str(MOST_WAITING_BYTES)}
    return _as_refusal(cause), Finding(
        "ACD-REF-15", Severity.REJECT, cause.pointer, early.waits_for.split("/", 2)[-1], most
    )


def _as_refusal(finding: Finding) -> Finding:
    return replace(finding, severity=Severity.REJECT)


def identity(verified: VerifiedMessage) -> str:
    """The message's own id; where its structure is faulty its bytes stand for it."""
    if verified.message is not None:
        return verified.message.communication_meta_data.id
    return str(uuid.uuid5(uuid.NAMESPACE_URL, bytes_digest(verified.received.body)))


def digest_of(verified: VerifiedMessage) -> str:
    """The content digest; where the structure is faulty, the digest of the bytes."""
    message = verified.message
    return bytes_digest(verified.received.body) if message is None else content_digest(message)


def _store(
    connection: Connection,
    judged: Judged,
    placed: Placement,
    gateway: Gateway,
    now: datetime,
    *,
    row: int | None,
) -> Answer:
    """Step 8: everything or nothing; and step 9, whose receipt is part of it."""
    verified, digest = judged.verified, digest_of(judged.verified)
    findings = (*judged.findings, *_findings_of(placed))
    receipt = _receipt(verified, findings, placed, digest, gateway, now)
    moved = isinstance(placed, Placed) and placed.steps[0] is not Step.REQUEST  # who asks changes nothing
    if isinstance(placed, Placed) and verified.message is not None and moved:
        store.put_exchange(connection, placed, verified.message, now)
    recorded = put_receipted(
        connection,
        store.Incoming(
            verified.signer, identity(verified), verified.message, digest, verified.received, judged.received_at
        )
        if row is None
        else row,
        receipt,
        gateway,
        now,
        event=f"message-{receipt.outcome}",
        participant=verified.signer,
        data={
            "message": receipt.message_id or "",
            "content": digest,
            "bytes": receipt.message_digest,
            "state": receipt.state or "",
            "rules": ",".join(sorted({finding.rule for finding in findings})),
        },
        waiting=_waiting(placed, now),
    )
    if row is not None and receipt.outcome is Outcome.REFUSED:
        tell_sender(connection, verified.message, receipt, gateway, now)
    if isinstance(placed, Placed) and verified.message is not None and moved:
        for recipient in recipients(verified.message):  # 7
            put_delivery(connection, recorded.row, placed.exchange_id, recipient, now)
    return Answer(receipt.status or 202, recorded.text, recorded.signature)


def tell_sender(
    connection: Connection, message: MetaData | None, receipt: Receipt, gateway: Gateway, now: datetime
) -> None:
    """That what was held is refused after all, where there is an exchange to tell it in."""
    found = exchange_of(connection, message)[1] if isinstance(message, Message) else None
    if found is not None:
        tell_refused(connection, found, receipt, gateway, now)


def _findings_of(placed: Placement) -> tuple[Finding, ...]:
    if isinstance(placed, Placed):
        return placed.facts
    return (placed.finding,) if isinstance(placed, Early) else placed


def _waiting(placed: Placement, now: datetime) -> store.Waiting:
    if isinstance(placed, Early):
        return store.Waiting(waits_for=placed.waits_for, gives_up_at=now + placed.patience)
    return store.Waiting()


def _receipt(
    verified: VerifiedMessage,
    findings: tuple[Finding, ...],
    placed: Placement,
    digest: str,
    gateway: Gateway,
    now: datetime,
) -> Receipt:
    outcome = _outcome(findings)
    receipt = Receipt(
        outcome=outcome,
        receipt_id=str(uuid.uuid4()),
        issued_at=to_millisecond(now),
        issuer=gateway.participant,
        sender=verified.signer,
        message_digest=bytes_digest(verified.received.body),
        findings=tuple(gateway.catalogue.wire(finding, verified.kind) for finding in findings),
        **_problem(outcome, findings),
    )
    if verified.message is not None:
        head = verified.message.communication_meta_data
        agreement = f"{head.agreement_id}/{head.agreement_version_id}"
        receipt = receipt.model_copy(
            update={
                "message_id": head.id,
                "sender": head.sender.id,
                "recipient": head.recipient.id,
                "agreement": agreement,
                "content_digest": digest,
            }
        )
    if isinstance(placed, Placed):
        receipt = receipt.model_copy(update={"exchange_id": placed.exchange_id, "state": placed.state.value})
    return receipt


def apply_waiting(connection: Connection, reference: Reference, gateway: Gateway, now: datetime) -> None:
    """Apply what had overtaken: again and again the first that can be applied, in the order they were prepared.

    The order in which they came says nothing here: a release may have come before the arrival that it follows, and must
    not take its place. All wait for the writer meanwhile, so what must wait on is not verified, and nothing twice.
    """
    names = set(reference.awaited)
    waiting = _waiting_for(connection, names)
    while (placed := _apply_first(connection, waiting, gateway, now)) is not None:
        further = set(placed.reference.awaited) - names  # a declaration that waited may be waited for itself
        names |= further
        waiting = sorted([*waiting, *_waiting_for(connection, further)], key=_in_order)


def _apply_first(connection: Connection, waiting: list[_Waiting], gateway: Gateway, now: datetime) -> Placed | None:
    """Apply the first that can be, and refuse what comes to nothing before it; both wait no longer.

    A held message whose signer cannot be trusted any more, or not be judged now, stays held until its patience ends: it
    must not stop the message before it.
    """
    for one in tuple(waiting):
        if one.message is not None and must_wait(connection, one.message):
            continue
        try:
            judged = one.judged = one.judged or judge_held(one.held, gateway)
        except GatewayError:
            waiting.remove(one)
            continue
        placed = _placed(connection, judged, gateway)
        if isinstance(placed, Early):
            continue
        waiting.remove(one)
        _store(connection, judged, placed, gateway, now, row=one.held.row)
        if isinstance(placed, Placed):
            return placed
    return None


@dataclass(slots=True)
class _Waiting:
    """A held message as it reads, and judged as of when it came, once it has to be."""

    held: store.HeldMessage
    message: MetaData | None
    judged: Judged | None = None


def _in_order(one: _Waiting) -> tuple[datetime, int]:
    head = one.message.communication_meta_data if one.message is not None else None
    return head.preparation_date_time if head is not None else one.held.received_at, one.held.row


def _waiting_for(connection: Connection, names: Collection[str]) -> list[_Waiting]:
    """What waits under some names, in the order its senders prepared it."""
    held = store.waiting_for(connection, names)
    return sorted((_Waiting(one, look(one.received).message) for one in held), key=_in_order)


def hold(connection: Connection, received: Received, reason: str, gateway: Gateway, now: datetime) -> Answer:
    """Keep a message that cannot be judged now; "cannot check" is not "rejected"."""
    digest = bytes_digest(received.body)
    message_id = str(uuid.uuid5(uuid.NAMESPACE_URL, digest))
    if known := store.known_message(connection, "", message_id):
        return Answer(known.status, known.receipt, known.receipt_signature)
    receipt = Receipt(
        outcome=Outcome.HELD,
        receipt_id=str(uuid.uuid4()),
        issued_at=to_millisecond(now),
        issuer=gateway.participant,
        message_digest=digest,
        detail=reason,
    )
    recorded = put_receipted(
        connection,
        store.Incoming("", message_id, None, digest, received, now),
        receipt,
        gateway,
        now,
        event="message-held",
        participant=None,
        data={"bytes": digest, "reason": reason},
        waiting=store.Waiting(judge_again_at=now + JUDGE_AGAIN),
    )
    return Answer(202, recorded.text, recorded.signature)


async def dry_run(received: Received, gateway: Gateway, reader: Reader) -> Tried:
    """Steps 1 to 6, and nothing recorded.

    An unsigned document is judged as well; that it is unsigned is a finding of its own, for information. What is
    recorded of it, and where its exchange stands, is told to those whom it names: others would learn of exchanges that
    are not theirs.

    Raises:
        Unreadable: The bytes are not a document at all.
        MessageConflict: The id is known with other content.
    """
    return await asyncio.get_running_loop().run_in_executor(_TRYING, _try, received, gateway, reader)


def _try(received: Received, gateway: Gateway, reader: Reader) -> Tried:
    now = gateway.clock()
    try:
        verified = verify(received, gateway.trust(), now)
        signed = True
    except (UntrustedMessage, TrustUnknown) as refusal:
        read = look(received)
        unsigned = Finding("ACD-SIG-01", Severity.INFO, "", refusal.detail, {"reason": refusal.reason})
        verified = VerifiedMessage(received, read.message, (*read.findings, unsigned), "", read.kind)
        signed = False
    judged = judge(verified, gateway, now)
    head = verified.message.communication_meta_data if verified.message is not None else None
    sender = signed or reader.role == "operator" or (head is not None and reader.participant == head.sender.id)
    party = sender or (head is not None and reader.participant == head.recipient.id)

    def look_up(connection: Connection) -> Tried:
        if sender and (known := _known(connection, verified)) is not None:  # 3
            receipt = read_receipt(known.receipt)
            return Tried(receipt.outcome, tuple(receipt.findings), signed)
        placed = _placed(connection, judged, gateway) if party else ()  # 6
        if isinstance(placed, Early):
            placed = _with_room(connection, judged, placed)
        findings = (*judged.findings, *_findings_of(placed))
        wire = tuple(gateway.catalogue.wire(finding, verified.kind) for finding in findings)
        return Tried(_outcome(findings), wire, signed)

    return gateway.read(look_up)


def _known(connection: Connection, verified: VerifiedMessage) -> store.KnownMessage | None:
    """Step 3: the same message as it was recorded before.

    Raises:
        MessageConflict: The id is known with other content.
    """
    head = verified.message.communication_meta_data if verified.message is not None else None
    message_id = identity(verified)
    known = store.known_message(connection, verified.signer or (head.sender.id if head is not None else ""), message_id)
    if known is not None and known.content_digest != digest_of(verified):
        raise MessageConflict(f"The message {message_id} is known with other content")
    return known


def _outcome(findings: tuple[Finding, ...]) -> Outcome:
    severities = {finding.severity for finding in findings}
    if Severity.REJECT in severities:
        return Outcome.REFUSED
    return Outcome.HELD if Severity.HOLD in severities else Outcome.ACCEPTED


def _problem(outcome: Outcome, findings: tuple[Finding, ...]) -> dict[str, str | int]:
    """The members that make a refusal a problem document (RFC 9457)."""
    if outcome is not Outcome.REFUSED:
        return {}
    count = sum(finding.severity is Severity.REJECT for finding in findings)
    return {
        "type": "urn:torugart:problem:refused",
        "title": "The message is refused",
        "status": 422,
        "detail": f"{count} serious finding{'s' if count != 1 else ''}; each names its place and how to mend it",
    }
