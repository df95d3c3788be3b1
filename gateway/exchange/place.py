"""Place a message (step 6): the exchange it belongs to, and where it leads.

A message that overtook another (a decision before its declaration, an arrival before the acceptance) is `Early`: it
waits for the one before it, and is refused with a reason when that does not come. Border events are compared with what
was declared; what differs are facts about the crossing, told to both sides, never a reason to refuse the message.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from gateway.agreements import Agreement, Agreements, day_of
from gateway.errors import GatewayError
from gateway.exchange import batch, compare
from gateway.exchange import record as store
from gateway.exchange.matching import match
from gateway.exchange.reference import Reference, exchange_of
from gateway.exchange.state import (
    AFTER_DEPARTURE,
    BEFORE_DEPARTURE,
    FORBIDDEN,
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
from gateway.message.leaf import write_date_time
from gateway.message.metadata import BorderEventMessage, DeclarationMessage, Message, MetaData, ResponseMessage
from gateway.message.tree import limited
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


Placement = Placed | Early | tuple[Finding, ...]
"""Where a message belongs, what it must wait for, or why it belongs nowhere; () where nobody has looked."""


def place(
    connection: Connection, sound: ValidMessage[MetaData], agreement: Agreement, agreements: Agreements
) -> Placement:
    """The exchange and its next state; or what it must wait for; or why the step is not allowed.

    Args:
        connection: Of the transaction.
        sound: The message, without serious findings of its own.
        agreement: The one that it cites.
        agreements: All of them. An exchange goes on by the one under which it was opened, whichever a later message
            cites: that was in force when the goods were declared.
    """
    message = sound.message
    if not isinstance(message, Message):
        raise GatewayError(f"No place for a {type(message).__name__}")
    reference, found = exchange_of(connection, message)
    if found is not None:
        agreement = agreements.get(found.cited, agreement)
    before = State(found.state) if found is not None else None
    declared = store.latest_declaration(connection, found.id) if found is not None else None
    steps, facts = _steps(connection, message, declared, found, reference, agreement)
    if refused := _not_theirs(connection, before, steps[0], reference):
        return refused
    state = _lead(before, steps)
    if state is None:
        return _not_now(before, steps, reference, message, agreement)
    if stray := _does_not_belong(connection, message, declared, found):
        return stray
    if unfit := _of_another_version(connection, message, found, reference, steps[0], agreement):
        return unfit
    if shared := _shared_waybills(connection, message, reference, steps[0]):
        return shared
    if steps[0] in (Step.ORIGINAL, Step.REPLACE, Step.CHANGE):
        facts += _other_crossings(connection, message, reference)
    return Placed(
        exchange_id=found.id if found is not None else str(uuid.uuid4()),
        reference=reference,
        state=state,
        steps=steps,
        version=found.version + (steps[0] in (Step.REPLACE, Step.CHANGE)) if found is not None else 1,
        new=found is None,
        expires_at=_expires_at(message, agreement, found),
        facts=limited(facts),
    )


def must_wait(connection: Connection, message: MetaData) -> bool:
    """Whether state and version of its exchange keep a message early: the quick look, for one that waits already."""
    if not isinstance(message, Message):
        return False
    reference, found = exchange_of(connection, message)
    before = State(found.state) if found is not None else None

    def early(step: Step) -> bool:
        if _not_theirs(connection, before, step, reference):
            return False
        if after(before, step) is None:
            return ahead(before, step)
        meant = _version_meant(connection, message, found, step) if found is not None else None
        return meant is not None and meant.ahead

    return all(early(step) for step in _first_steps(message, reference))


def _first_steps(message: Message, reference: Reference) -> set[Step]:
    """The step that a message begins with, and each that it might, where that depends on what was declared."""
    if isinstance(message, DeclarationMessage):
        return {step_of_declaration(message.declaration)}
    if isinstance(message, ResponseMessage):
        return {step_of_response(message.response)}
    event, either = message.border_event, (False, True)
    return {
        steps_of_event(event, discrepant=discrepant, of_declarant=reference.by_declarant, compared=compared)[0]
        for discrepant in either
        for compared in either
    }


def _steps(
    connection: Connection,
    message: Message,
    declared: DeclarationMessage | None,
    found: store.ExchangeRow | None,
    reference: Reference,
    agreement: Agreement,
) -> tuple[tuple[Step, ...], tuple[Finding, ...]]:
    """What a message says, one step after the other, and what was compared."""
    if isinstance(message, DeclarationMessage):
        return (step_of_declaration(message.declaration),), ()
    if isinstance(message, ResponseMessage):
        facts: tuple[Finding, ...] = ()
        steps: tuple[Step, ...] = (step_of_response(message.response),)
    else:
        event = message.border_event
        facts = _compared(connection, event, declared, found, reference, agreement) if found and declared else ()
        steps = steps_of_event(
            event,
            discrepant=compare.is_discrepant(facts),
            of_declarant=reference.by_declarant,
            compared=all(fact.rule != "ACD-DIS-06" for fact in facts),
        )
    if found is not None and declared is not None and steps[0] in (Step.ARRIVE, Step.RELEASE):
        released = steps[0] is Step.RELEASE
        facts += batch.not_together(connection, found, declared.declaration, _says(message), released=released)
    return steps, facts


def _compared(
    connection: Connection,
    event: BorderEvent,
    declared: DeclarationMessage,
    found: store.ExchangeRow,
    reference: Reference,
    agreement: Agreement,
) -> tuple[Finding, ...]:
    declaration = declared.declaration
    told = store.told_on_the_way(connection, found.id)
    departed = compare.as_left(declaration, told)
    match event.event_type_code:
        case "ARR":
            earlier = store.latest_event(connection, found.id, reference.declarant, "CTL")
            return (
                *_after_expiry(found),
                *_elsewhere(event, reference.recipient, agreement),
                *compare.arrival(event, departed, agreement),
                *compare.control(event, declaration, departed, agreement),
                *compare.recognised(event, earlier.border_event if earlier else None, agreement),
                *compare.too_early(event, told, store.opened_at(connection, found.id)),
            )
        case "DEP":
            return (
                *_against_the_decision(event, found),
                *compare.late(event, store.opened_at(connection, found.id), agreement),
                *_elsewhere(event, reference.declarant, agreement),
                *compare.departure(event, declaration),
            )
        case "DIS":
            return compare.control(event, declaration, departed, agreement)
        case "CTL" if not reference.by_declarant:
            return compare.control(event, declaration, departed, agreement)
        case "IMP":
            return match(event, declaration, agreement).findings
        case _:
            return ()


def _elsewhere(event: BorderEvent, party: str, agreement: Agreement) -> Iterator[Finding]:
    """ACD-AGR-09 as a fact: where the border was crossed is no post of this side that is open for the exchange."""
    office = event.border_office.id if event.border_office is not None else None
    day = day_of(event.event_date_time)
    posts = agreement.posts_of.get(office or "", ())
    if office is not None and not any(post.offices.get(party) == office and post.open(day) for post in posts):
        yield Finding("ACD-AGR-09", Severity.WARN, "/BorderEvent/BorderOffice/ID", office)


def _against_the_decision(event: BorderEvent, found: store.ExchangeRow) -> Iterator[Finding]:
    """ACD-RSK-03: the vehicle has left although it should not. Its other side must know, so it is no refusal."""
    if found.state in FORBIDDEN:
        told = {"state": found.state}
        yield Finding(
            "ACD-RSK-03", Severity.WARN, "/BorderEvent/EventDateTime", write_date_time(event.event_date_time), told
        )


def _after_expiry(found: store.ExchangeRow) -> Iterator[Finding]:
    """ACD-TIM-05: the goods arrive after all."""
    if found.state == State.EXPIRED:
        yield Finding("ACD-TIM-05", Severity.INFO, "/BorderEvent/EventDateTime", found.expires_at or "")


def _says(message: Message) -> str:
    """Where a message says what it wants or tells."""
    element = "EventTypeCode" if isinstance(message, BorderEventMessage) else "FunctionCode"
    return f"/{message.document}/{element}"


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
) -> Early | tuple[Finding, ...]:
    """Why a step is not allowed now, and whether it may be later."""
    step = steps[0]
    rule = _rule(before, step)
    if before is None or rule == "ACD-ARR-01":
        (finding,) = _refused(rule, reference, _where(before, step, reference))
        if not reference.number:  # it names nothing that could come
            return (finding,)
    else:
        finding = Finding(rule, Severity.REJECT, _says(message), step.value, _where(before, step, reference))
    return _early(finding, reference, agreement) if ahead(before, step) else (finding,)


def _where(before: State | None, step: Step, reference: Reference) -> Mapping[str, str]:
    """The state, the step, and those that the state allows to the side which sends."""
    theirs = [able for able in allowed(before) if _may(able, by_declarant=reference.by_declarant)]
    return {"state": before.value if before else "–", "step": step.value, "allowed": ", ".join(theirs) or "–"}


def _rule(before: State | None, step: Step) -> str:
    """The rule that a step breaks in a state: one of its own where there is one, else that it is not allowed."""
    if step is Step.ARRIVE and (before is None or before in BEFORE_DEPARTURE):
        return "ACD-ARR-01"
    if before is None:
        return "ACD-REF-01"
    if step is Step.CANCEL and before in AFTER_DEPARTURE:
        return "ACD-REF-03"
    if step is Step.FORBID_LOADING and before in AFTER_DEPARTURE:
        return "ACD-RSK-01"
    if step is Step.FORBID_UNLOADING and before in BEFORE_DEPARTURE:
        return "ACD-RSK-01"
    return "ACD-REF-06"


def _early(finding: Finding, reference: Reference, agreement: Agreement) -> Early:
    patience = timedelta(minutes=agreement.limits.overtaking_minutes)
    return Early(reference.key, replace(finding, severity=Severity.HOLD), patience)


def _refused(rule: str, reference: Reference, params: Mapping[str, str]) -> tuple[Finding, ...]:
    return (Finding(rule, Severity.REJECT, reference.pointer, reference.number, params),)


def _not_theirs(connection: Connection, before: State | None, step: Step, reference: Reference) -> tuple[Finding, ...]:
    """Why a step is not the sender's to take, in whatever state.

    A reference names one exchange between two participants, whoever declared: an event does not say whose it is.
    """
    if step is Step.ORIGINAL:
        turned = store.exchange_named(connection, reference.recipient, reference.declarant, reference.number)
        taken = before.value if before is not None else turned.state if turned is not None else None
        if taken is not None:
            return _refused("ACD-REF-05", reference, {"state": taken})
    if not _may(step, by_declarant=reference.by_declarant):
        told = {"who": WHO[step].value, **_where(before, step, reference)}
        return _refused("ACD-REF-09", reference, told)
    return ()


def _does_not_belong(
    connection: Connection, message: Message, declared: DeclarationMessage | None, found: store.ExchangeRow | None
) -> tuple[Finding, ...]:
    """ACD-REF-13 and ACD-REF-14: what is older than the one that holds, and a test in what is none, or the reverse."""
    if found is None or declared is None:
        return ()
    head = message.communication_meta_data
    if bool(declared.communication_meta_data.test_indicator) != bool(head.test_indicator):
        shown = "true" if head.test_indicator else "false"
        return (Finding("ACD-REF-14", Severity.REJECT, "/CommunicationMetaData/TestIndicator", shown),)
    if isinstance(message, DeclarationMessage):
        of_a_version = step_of_declaration(message.declaration) in _OF_A_VERSION
        return _older(message, store.latest_version(connection, found.id)) if of_a_version else ()
    if isinstance(message, ResponseMessage):
        return _names_another(connection, message, found) or _older(
            message, store.latest_response(connection, found.id)
        )
    return ()


def _names_another(connection: Connection, message: ResponseMessage, found: store.ExchangeRow) -> tuple[Finding, ...]:
    """ACD-REF-01: an answer whose reference, and the message that it follows, are of two exchanges."""
    number = message.response.declaration.functional_reference_id
    if number is not None and number != found.reference:
        return (Finding("ACD-REF-01", Severity.REJECT, "/Response/Declaration/FunctionalReferenceID", number),)
    follows = message.communication_meta_data.conversation_reference_id
    other = store.exchange_of_message(connection, found.sender, follows) if follows else None
    if follows is None or other in (None, found.id):
        return ()
    return (Finding("ACD-REF-01", Severity.REJECT, "/CommunicationMetaData/ConversationReferenceID", follows),)


def _older(message: MetaData, last: MetaData | None, grain: timedelta = timedelta(0)) -> tuple[Finding, ...]:
    """ACD-REF-13: a message was prepared before the one that holds; times are as exact as the grain."""
    prepared = message.communication_meta_data.preparation_date_time
    if last is None or prepared + grain >= last.communication_meta_data.preparation_date_time:
        return ()
    told = {"last": write_date_time(last.communication_meta_data.preparation_date_time)}
    pointer = "/CommunicationMetaData/PreparationDateTime"
    return (Finding("ACD-REF-13", Severity.REJECT, pointer, write_date_time(prepared), told),)


def _of_another_version(
    connection: Connection,
    message: Message,
    found: store.ExchangeRow | None,
    reference: Reference,
    step: Step,
    agreement: Agreement,
) -> Early | tuple[Finding, ...]:
    """What is about another version than it must be: refused, or waiting for the versions before it.

    A replacement or a change makes the next version (ACD-REF-10); an answer is to the version in force, and a
    cancellation takes back that one (ACD-REF-11). Which one is meant is said by the message that an answer follows,
    else by the number of the version. An answer that says neither is taken as meant, unless it was prepared before the
    version in force (ACD-REF-13): some national forms write a time without seconds.
    """
    meant = _version_meant(connection, message, found, step) if found is not None else None
    if meant is None or meant.fits:
        return ()
    if meant.named is None and not meant.written:
        if found is None or not isinstance(message, ResponseMessage):
            return ()
        return _older(message, store.latest_version(connection, found.id), timedelta(minutes=1))
    finding = Finding(
        meant.rule, Severity.REJECT, meant.pointer, str(meant.named or meant.written), {"version": str(meant.wanted)}
    )
    return _early(finding, reference, agreement) if meant.ahead else (finding,)


@dataclass(frozen=True, slots=True)
class _Meant:
    """Which version a message is about: as it is written, and counted where that can be; and which it must be about."""

    rule: str
    pointer: str
    written: str
    named: int | None
    wanted: int
    or_next: bool = False

    @property
    def fits(self) -> bool:
        return self.named == self.wanted or (self.or_next and self.named == self.wanted + 1)

    @property
    def ahead(self) -> bool:
        return self.named is not None and self.named > self.wanted and not self.fits


def _version_meant(connection: Connection, message: Message, found: store.ExchangeRow, step: Step) -> _Meant | None:
    """None for what is about no version. Reads no document: what waits is asked this again and again."""
    if isinstance(message, ResponseMessage):
        written = message.response.declaration.version_id or ""
        follows = message.communication_meta_data.conversation_reference_id
        named = store.version_answered(connection, found.id, follows) if follows else None
        pointer = "/Response/Declaration/VersionID"
        return _Meant("ACD-REF-11", pointer, written, named or _number(written), found.version)
    if not isinstance(message, DeclarationMessage) or step not in _OF_A_VERSION:
        return None
    written = message.declaration.version_id or ""
    pointer, named = "/Declaration/VersionID", _number(written)
    if step is Step.CANCEL:  # some national forms count a withdrawal as the next version
        return _Meant("ACD-REF-11", pointer, written, named, found.version, or_next=True)
    return _Meant("ACD-REF-10", pointer, written, named, found.version + 1)


_OF_A_VERSION = (Step.REPLACE, Step.CHANGE, Step.CANCEL)
"""What a declarant says about a version: that it is no longer in force."""


def _number(version: str) -> int | None:
    return int(version) if version.isascii() and version.isdigit() else None


def _shared_waybills(connection: Connection, message: Message, reference: Reference, step: Step) -> tuple[Finding, ...]:
    if not isinstance(message, DeclarationMessage) or step not in (Step.ORIGINAL, Step.REPLACE, Step.CHANGE):
        return ()
    test = bool(message.communication_meta_data.test_indicator)
    return batch.shared_waybills(connection, message.declaration, reference.declarant, reference.recipient, test=test)


def _other_crossings(connection: Connection, message: Message, reference: Reference) -> tuple[Finding, ...]:
    """ACD-VEH-03: the same vehicle in another open crossing the same way."""
    if not isinstance(message, DeclarationMessage):
        return ()
    plates = {value for kind, value in store.search_keys(message) if kind == "plate"}
    others = store.open_with_plates(
        connection,
        reference.declarant,
        reference.recipient,
        plates,
        test=bool(message.communication_meta_data.test_indicator),
    )
    return compare.same_vehicle(message.declaration, others)


def _expires_at(message: Message, agreement: Agreement, found: store.ExchangeRow | None) -> datetime | None:
    """When the exchange expires after a message; what is added on the way only prolongs."""
    at = expiry(message, agreement)
    adds = isinstance(message, DeclarationMessage) and step_of_declaration(message.declaration) is Step.ADD
    if at is None or not adds or found is None or found.expires_at is None:
        return at
    return max(at, moment(found.expires_at))


def expiry(message: Message, agreement: Agreement) -> datetime | None:
    """When an exchange expires: so long after the planned arrival as the agreement says."""
    if not isinstance(message, DeclarationMessage) or message.declaration.border_transport_means is None:
        return None
    planned = message.declaration.border_transport_means.arrival_date_time
    return planned + timedelta(minutes=agreement.limits.expiry_minutes) if planned is not None else None
