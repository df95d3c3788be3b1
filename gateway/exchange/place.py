"""Place a message (step 6): the exchange it belongs to, and where it leads.

A message that overtook another (a decision before its declaration, an arrival before the acceptance) is `Early`: it
waits for the one before it, and is refused with a reason when that does not come. Border events are compared with what
was declared; what differs are facts about the crossing, told to both sides, never a reason to refuse the message.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from gateway.agreements import Agreement
from gateway.errors import GatewayError
from gateway.exchange import compare
from gateway.exchange import record as store
from gateway.exchange.state import (
    WHO,
    State,
    Step,
    Who,
    after,
    ahead,
    allowed,
    step_of_declaration,
    step_of_response,
    steps_of_event,
)
from gateway.message.border_event import BorderEvent
from gateway.message.finding import Finding, Severity
from gateway.message.metadata import BorderEventMessage, DeclarationMessage, Message, MetaData, ResponseMessage
from gateway.storage.clock import moment
from gateway.validation.validate import ValidMessage


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a message belongs.

    Attributes:
        exchange_id: The exchange.
        reference: What names it.
        state: The state that the message leads to.
        steps: What it says, one step after the other.
        version: Version of the declaration after it.
        new: Whether it opens the exchange.
        expires_at: When the exchange expires unless the goods arrive; None: as before.
        facts: What was seen at the border against what was declared, and other facts that refuse nothing.
    """

    exchange_id: str
    reference: Reference
    state: State
    steps: tuple[Step, ...]
    version: int
    new: bool
    expires_at: datetime | None = None
    facts: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Early:
    """A message that overtook another.

    Attributes:
        waits_for: The exchange it names (`Reference.key`).
        finding: Why it cannot be applied now.
        patience: How long it may wait.
    """

    waits_for: str
    finding: Finding
    patience: timedelta


@dataclass(frozen=True, slots=True)
class Reference:
    """The exchange that a message names: the declarant's reference, towards one recipient.

    Attributes:
        declarant: Participant who declared, or would have.
        recipient: Participant to whom.
        number: The declarant's own reference.
        pointer: Where the message says so.
        by_declarant: Whether the declarant sends this message.
    """

    declarant: str
    recipient: str
    number: str
    pointer: str
    by_declarant: bool

    @property
    def key(self) -> str:
        """One text for the three."""
        return f"{self.declarant}/{self.recipient}/{self.number}"

    @property
    def awaited(self) -> tuple[str, ...]:
        """The keys under which messages may wait for this exchange.

        Until there is an exchange nobody can tell which side of it sends an event, and an answer may name the message
        that it follows and not the declarant's reference.
        """
        return self.key, f"{self.recipient}/{self.declarant}/{self.number}", f"{self.declarant}/{self.recipient}/"


def place(connection: Connection, sound: ValidMessage[MetaData], agreement: Agreement) -> Placed | Early | Finding:
    """The exchange and its next state; or what it must wait for; or why the step is not allowed."""
    message = sound.message
    if not isinstance(message, Message):
        raise GatewayError(f"No place for a {type(message).__name__}")
    reference, found = _exchange(connection, message)
    if isinstance(message, DeclarationMessage) and found is not None and step_of(message) is Step.ORIGINAL:
        return _refused("ACD-REF-05", reference, {"state": found.state})
    before = State(found.state) if found is not None else None
    steps, facts = _steps(connection, message, found, reference, agreement)
    if not _may(steps[0], by_declarant=reference.by_declarant):
        return _refused("ACD-REF-09", reference, {"step": steps[0].value, "who": WHO[steps[0]].value})
    state = _lead(before, steps)
    if state is None:
        return _not_now(before, steps, reference, message, agreement)
    if found is None:
        facts += tuple(_other_crossings(connection, message, reference))
        expires_at = expiry(message, agreement)
        return Placed(str(uuid.uuid4()), reference, state, steps, 1, new=True, expires_at=expires_at, facts=facts)
    version = found.version + (steps[0] in (Step.REPLACE, Step.CHANGE))
    expires_at = expiry(message, agreement)
    return Placed(found.id, reference, state, steps, version, new=False, expires_at=expires_at, facts=facts)


def reference_of(message: Message) -> Reference:
    """The exchange that a message names.

    An event does not say who declared. A departure is taken as the declarant's own, any other event as the recipient's;
    where there is no such exchange, the one that the other declared is meant.
    """
    head = message.communication_meta_data
    sender, recipient = head.sender.id, head.recipient.id
    if isinstance(message, DeclarationMessage):
        number, pointer = message.declaration.functional_reference_id, "/Declaration/FunctionalReferenceID"
        return Reference(sender, recipient, number, pointer, by_declarant=True)
    answered = message.response if isinstance(message, ResponseMessage) else message.border_event
    number = answered.declaration.functional_reference_id or ""
    pointer = f"/{message.document}/Declaration/FunctionalReferenceID"
    if isinstance(message, BorderEventMessage) and message.border_event.event_type_code == "DEP":
        return Reference(sender, recipient, number, pointer, by_declarant=True)
    return Reference(recipient, sender, number, pointer, by_declarant=False)


def _exchange(connection: Connection, message: Message) -> tuple[Reference, store.ExchangeRow | None]:
    reference = reference_of(message)
    found = store.exchange_named(connection, reference.declarant, reference.recipient, reference.number)
    if found is None and _of_either_side(message):
        turned = replace(
            reference,
            declarant=reference.recipient,
            recipient=reference.declarant,
            by_declarant=not reference.by_declarant,
        )
        found = store.exchange_named(connection, turned.declarant, turned.recipient, turned.number)
        reference = turned if found is not None else reference
    if found is None and isinstance(message, ResponseMessage):
        found = store.exchange_of_conversation(connection, message.communication_meta_data)
        reference = replace(reference, number=found.reference) if found is not None else reference
    return reference, found


def _of_either_side(message: Message) -> bool:
    """Whether both sides may send it about the same exchange: an event, or the question where it stands."""
    if isinstance(message, DeclarationMessage):
        return step_of(message) is Step.REQUEST
    return isinstance(message, BorderEventMessage)


def step_of(message: DeclarationMessage) -> Step:
    """What a declaration asks for."""
    return step_of_declaration(message.declaration)


def _steps(
    connection: Connection,
    message: Message,
    found: store.ExchangeRow | None,
    reference: Reference,
    agreement: Agreement,
) -> tuple[tuple[Step, ...], tuple[Finding, ...]]:
    """What a message says, one step after the other, and what was compared."""
    if isinstance(message, DeclarationMessage):
        return (step_of(message),), ()
    if isinstance(message, ResponseMessage):
        return (step_of_response(message.response),), ()
    event, facts = message.border_event, tuple[Finding, ...]()
    if found is not None:
        facts = _compared(connection, event, found, reference, agreement)
    discrepant = compare.is_discrepant(facts)
    return steps_of_event(event, discrepant=discrepant, of_declarant=reference.by_declarant), facts


def _compared(
    connection: Connection, event: BorderEvent, found: store.ExchangeRow, reference: Reference, agreement: Agreement
) -> tuple[Finding, ...]:
    declared = store.latest_declaration(connection, found.id)
    if declared is None:
        return ()
    match event.event_type_code:
        case "ARR":
            earlier = store.latest_event(connection, found.id, reference.declarant, "CTL")
            return (
                *compare.arrival(event, declared.declaration, agreement),
                *compare.control(event, declared.declaration, agreement),
                *compare.recognised(event, earlier.border_event if earlier else None, agreement),
            )
        case "DEP":
            return compare.late(event, moment(found.created_at))
        case "CTL" if not reference.by_declarant:
            return compare.control(event, declared.declaration, agreement)
        case "IMP":
            return compare.match(event, declared.declaration, agreement).findings
        case _:
            return ()


def _may(step: Step, *, by_declarant: bool) -> bool:
    who = WHO[step]
    return who is Who.EITHER or step is Step.UNKNOWN or who is (Who.DECLARANT if by_declarant else Who.RECIPIENT)


def _lead(state: State | None, steps: tuple[Step, ...]) -> State | None:
    """The state after all steps; None where one of them is not allowed."""
    for step in steps:
        state = after(state, step)
        if state is None:
            return None
    return state


def _not_now(
    before: State | None, steps: tuple[Step, ...], reference: Reference, message: Message, agreement: Agreement
) -> Early | Finding:
    """Why a step is not allowed now, and whether it may be later."""
    step = steps[0]
    if before is None:
        rule = "ACD-ARR-01" if step is Step.ARRIVE else "ACD-REF-01"
        finding = _refused(rule, reference, {})
    else:
        where = {"declaration": "FunctionCode", "response": "FunctionCode"}.get(message.kind, "EventTypeCode")
        told = {"state": before.value, "allowed": ", ".join(allowed(before)) or "–"}
        finding = Finding("ACD-REF-06", Severity.REJECT, f"/{message.document}/{where}", step.value, told)
    if not ahead(before, step):
        return finding
    waiting = Finding(finding.rule, Severity.HOLD, finding.pointer, finding.value, finding.params)
    return Early(reference.key, waiting, timedelta(minutes=agreement.limits.overtaking_minutes))


def _refused(rule: str, reference: Reference, params: Mapping[str, str]) -> Finding:
    return Finding(rule, Severity.REJECT, reference.pointer, reference.number, params)


def _other_crossings(connection: Connection, message: Message, reference: Reference) -> tuple[Finding, ...]:
    """ACD-VEH-03: the same vehicle in another open crossing the same way."""
    if not isinstance(message, DeclarationMessage):
        return ()
    plates = {value for kind, value in store.search_keys(message) if kind == "plate"}
    others = store.open_with_plates(connection, reference.declarant, reference.recipient, plates)
    return compare.same_vehicle(message.declaration, others)


def expiry(message: Message, agreement: Agreement) -> datetime | None:
    """When an exchange expires: so long after the planned arrival as the agreement says."""
    if not isinstance(message, DeclarationMessage) or message.declaration.border_transport_means is None:
        return None
    planned = message.declaration.border_transport_means.arrival_date_time
    return planned + timedelta(minutes=agreement.limits.expiry_minutes) if planned is not None else None
