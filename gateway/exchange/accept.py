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
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from gateway.agreements import Agreement, context, permit
from gateway.errors import GatewayError, MessageConflict, TrustUnknown, UntrustedMessage
from gateway.exchange import record as store
from gateway.exchange.gateway import Gateway
from gateway.exchange.route import recipients
from gateway.exchange.state import State, Step, after, allowed, step_of_declaration, step_of_response
from gateway.message.canonical import bytes_digest, content_digest
from gateway.message.finding import Finding, Severity
from gateway.message.metadata import DeclarationMessage, MetaData, ResponseMessage
from gateway.message.receipt import Outcome, Receipt
from gateway.opening import Received, VerifiedMessage, look, verify
from gateway.signing import Purpose, sign_detached
from gateway.validation.rule import Context
from gateway.validation.validate import ValidMessage, valid, validate

JUDGE_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Judged:
    """A verified message with everything that one message alone can show."""

    verified: VerifiedMessage
    agreement: Agreement | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: a receipt, signed.

    Attributes:
        status: HTTP status: 202 accepted or held, 422 refused, 401 not trusted, 409 conflict.
        body: The text of the receipt.
        signature: Detached JWS over it.
    """

    status: int
    body: bytes
    signature: str


async def accept(received: Received, gateway: Gateway) -> Answer:
    """Judge and record a message, and answer with a signed receipt.

    Raises:
        Unreadable: The bytes are not a document at all (400).
        UntrustedMessage: The signature or the signer is not what it must be (401).
        MessageConflict: The id is known with other content (409).
        Overloaded: Too many messages wait (503).
    """
    now = gateway.clock()
    job: Callable[[Connection], Answer]
    try:
        verified = verify(received, gateway.trust(), now)  # 1, 2
    except TrustUnknown as reason:
        job = partial(hold, received=received, reason=reason.detail, gateway=gateway, now=now)
    else:
        judged = judge(verified, gateway, now)  # 4, 5
        job = partial(record, judged=judged, gateway=gateway, now=now)
    answer = await asyncio.wrap_future(gateway.writer.submit(job))  # 3, 6, 7, 8, 9
    gateway.wake()
    return answer


def judge(verified: VerifiedMessage, gateway: Gateway, now: datetime) -> Judged:
    """Steps 4 and 5: all findings that the message itself can show, none hiding another."""
    message = verified.message
    if message is None:
        return Judged(verified, None, verified.findings)
    permission = permit(message, gateway.agreements, now)
    known = gateway.agreements.get(
        (message.communication_meta_data.agreement_id, message.communication_meta_data.agreement_version_id)
    )
    rules = context(known, message, now) if known else Context(now=now)
    findings = verified.findings + permission.findings + validate(message, rules, gateway.catalogue)
    return Judged(verified, permission.agreement, findings)


def record(connection: Connection, judged: Judged, gateway: Gateway, now: datetime) -> Answer:
    """Steps 3 and 6 to 9, in one transaction.

    Raises:
        MessageConflict: The id is known with other content.
    """
    verified, message = judged.verified, judged.verified.message
    if message is None:
        return _refuse_unread(connection, judged, gateway, now)
    head = message.communication_meta_data
    digest = content_digest(message)
    if known := store.known_message(connection, verified.signer, head.id):  # 3
        if known.content_digest != digest:
            raise MessageConflict(f"The message {head.id} is known with other content")
        return Answer(known.status, known.receipt, known.receipt_signature)
    findings = judged.findings
    sound = valid(message, findings)
    placed = place(connection, sound) if sound is not None else None  # 6
    if isinstance(placed, Finding):
        findings, placed = (*findings, placed), None
    outcome = _outcome(findings)
    receipt = Receipt(
        outcome=outcome,
        receipt_id=str(uuid.uuid4()),
        issued_at=_to_millisecond(now),
        issuer=gateway.participant,
        message_id=head.id,
        sender=head.sender.id,
        recipient=head.recipient.id,
        agreement=f"{head.agreement_id}/{head.agreement_version_id}",
        content_digest=digest,
        message_digest=bytes_digest(verified.received.body),
        findings=tuple(gateway.catalogue.wire(finding, verified.kind) for finding in findings),
        **_problem(outcome, findings),
    )
    if placed is not None:
        receipt = receipt.model_copy(update={"exchange_id": placed.exchange_id, "state": placed.state.value})
    return _store(connection, receipt, judged, placed, digest, gateway, now)


@dataclass(frozen=True, slots=True)
class Placed:
    """Step 6: the exchange a message belongs to, and the state it leads to."""

    exchange_id: str
    state: State
    step: Step
    version: int
    new: bool


def place(connection: Connection, sound: ValidMessage[MetaData]) -> Placed | Finding:
    """The exchange and its next state, or the finding that says why the step is not allowed."""
    message = sound.message
    if isinstance(message, DeclarationMessage):
        declaration = message.declaration
        step = step_of_declaration(declaration)
        where, reference = "/Declaration/FunctionalReferenceID", declaration.functional_reference_id
        found = store.exchange_of(connection, message.communication_meta_data.sender.id, reference)
    elif isinstance(message, ResponseMessage):
        step = step_of_response(message.response)
        where = "/Response/Declaration/FunctionalReferenceID"
        reference = message.response.declaration.functional_reference_id or ""
        found = store.exchange_answered(connection, message.communication_meta_data, reference)
    else:
        raise GatewayError(f"No place for a {type(message).__name__}")
    if found is None and step is not Step.ORIGINAL:
        return Finding("ACD-REF-01", Severity.REJECT, where, reference)
    if found is not None and step is Step.ORIGINAL:
        return Finding("ACD-REF-05", Severity.REJECT, where, reference, {"state": found.state})
    before = State(found.state) if found else None
    state = after(before, step)
    if state is None:
        return Finding(
            "ACD-REF-06",
            Severity.REJECT,
            f"/{message.document}/FunctionCode",
            step.value,
            {"state": before or "", "allowed": ", ".join(allowed(before)) or "–"},
        )
    if found is None:
        return Placed(str(uuid.uuid4()), state, step, 1, new=True)
    return Placed(found.id, state, step, found.version + (step is Step.REPLACE), new=False)


def _store(
    connection: Connection,
    receipt: Receipt,
    judged: Judged,
    placed: Placed | None,
    digest: str,
    gateway: Gateway,
    now: datetime,
) -> Answer:
    """Step 8: everything or nothing; and step 9, whose receipt is part of it."""
    received = judged.verified.received
    message = judged.verified.message
    if placed is not None and message is not None:
        store.put_exchange(connection, placed, message, now)
    position = store.append_audit(
        connection,
        event=f"message-{receipt.outcome}",
        exchange_id=receipt.exchange_id,
        participant=judged.verified.signer,
        data={
            "message": receipt.message_id or "",
            "content": digest,
            "bytes": receipt.message_digest,
            "state": receipt.state or "",
            "rules": ",".join(sorted({str(finding["rule"]) for finding in receipt.findings})),
        },
        now=now,
    )
    receipt = receipt.model_copy(update={"audit_position": position})
    text = receipt.to_bytes()
    signature = sign_detached(text, gateway.key, purpose=Purpose.RECEIPT, signing_time=now)
    row = store.put_message(
        connection,
        sender=judged.verified.signer,
        message_id=receipt.message_id or str(uuid.uuid5(uuid.NAMESPACE_URL, receipt.message_digest)),
        message=message,
        receipt=receipt,
        content=digest,
        body=(received.media_type, received.signature, received.body),
        receipt_body=(text, signature),
        now=now,
        judge_again_at=now + JUDGE_AGAIN if receipt.outcome is Outcome.HELD and message is None else None,
    )
    if placed is not None and message is not None and receipt.exchange_id:
        for recipient in recipients(message):  # 7
            store.put_delivery(connection, row, receipt.exchange_id, recipient, now)
    return Answer(receipt.status or 202, text, signature)


def _refuse_unread(connection: Connection, judged: Judged, gateway: Gateway, now: datetime) -> Answer:
    """A message whose structure is faulty has no content digest; its bytes stand for it."""
    digest = bytes_digest(judged.verified.received.body)
    if known := store.known_message(connection, judged.verified.signer, str(uuid.uuid5(uuid.NAMESPACE_URL, digest))):
        return Answer(known.status, known.receipt, known.receipt_signature)
    receipt = Receipt(
        outcome=Outcome.REFUSED,
        receipt_id=str(uuid.uuid4()),
        issued_at=_to_millisecond(now),
        issuer=gateway.participant,
        sender=judged.verified.signer,
        message_digest=digest,
        findings=tuple(gateway.catalogue.wire(finding, judged.verified.kind) for finding in judged.findings),
        **_problem(Outcome.REFUSED, judged.findings),
    )
    return _store(connection, receipt, judged, None, digest, gateway, now)


def hold(connection: Connection, received: Received, reason: str, gateway: Gateway, now: datetime) -> Answer:
    """Keep a message that cannot be judged now; "cannot check" is not "rejected"."""
    digest = bytes_digest(received.body)
    if known := store.known_message(connection, "", str(uuid.uuid5(uuid.NAMESPACE_URL, digest))):
        return Answer(known.status, known.receipt, known.receipt_signature)
    receipt = Receipt(
        outcome=Outcome.HELD,
        receipt_id=str(uuid.uuid4()),
        issued_at=_to_millisecond(now),
        issuer=gateway.participant,
        message_digest=digest,
        detail=reason,
    )
    verified = VerifiedMessage(received, None, (), "", DeclarationMessage)
    return _store(connection, receipt, Judged(verified, None, ()), None, digest, gateway, now)


def dry_run(received: Received, gateway: Gateway) -> tuple[tuple[Finding, ...], type[MetaData], bool]:
    """Everything but recording: all findings, the kind of message, and whether its signature was verified.

    An unsigned document is judged as well; that it is unsigned is a finding of its own, for information.

    Raises:
        Unreadable: The bytes are not a document at all.
    """
    now = gateway.clock()
    try:
        verified = verify(received, gateway.trust(), now)
        signed = True
    except (UntrustedMessage, TrustUnknown) as refusal:
        read = look(received)
        unsigned = Finding("ACD-SIG-01", Severity.INFO, "", "", {"reason": refusal.detail})
        verified = VerifiedMessage(received, read.message, (*read.findings, unsigned), "", read.kind)
        signed = False
    return judge(verified, gateway, now).findings, verified.kind, signed


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


def _to_millisecond(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
