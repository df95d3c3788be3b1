"""Legs: one signed message for each recipient.

What leaves a country is decided for each recipient by the agreement with it. So goods that pass several countries are
told to each in a message of its own, which holds only what that leg permits. The national document is one; the legs
follow from the way of the goods and from the agreements, the same every time.

When a declaration is replaced or cancelled, the gateway is asked who was told of it before: a recipient that the new
way leaves out is sent a cancellation, and one that it adds an original. When a whole batch of vehicles is cancelled,
each of its declarations is.
What the declaring side sees at the border is told to everyone who was told of the declaration.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from gateway.agreements import Agreement, Agreements, in_force
from gateway.agreements.permission import only_permitted
from gateway.message.declaration import Declaration
from gateway.message.metadata import BorderEventMessage, DeclarationMessage, Recipient
from gateway.message.parts import Amendment
from gateway.validation.walk import in_travel_order

ORIGINAL, REPLACE, CANCEL = "9", "5", "1"
ENDED = frozenset({"cancelled", "closed", "refused"})
"""States of an exchange in which there is nothing to take back, and nothing more to tell."""
M = TypeVar("M", DeclarationMessage, BorderEventMessage)


def legs(message: DeclarationMessage, transits: Iterable[Agreement]) -> tuple[DeclarationMessage, ...]:
    """The message as it goes to each recipient: one, unless a transit agreement covers the way of the goods."""
    way = way_of(message.declaration)
    for agreement in transits:
        if agreement.transit is None or agreement.transit.participants[0] != message.communication_meta_data.sender.id:
            continue
        if tuple(agreement.country(participant) for participant in agreement.transit.participants) == way:
            return tuple(addressed(message, leg.recipient, agreement) for leg in agreement.transit.legs)
    return (message,)


def way_of(declaration: Declaration) -> tuple[str, ...]:
    """The countries that the goods pass, from dispatch to destination, each once."""
    means = declaration.border_transport_means
    ways = [means.itinerary if means is not None else (), *(one.itinerary for one in declaration.consignment)]
    steps = [step for way in ways for _, step in in_travel_order(way)]
    countries = [step.routing_country_code for step in steps if step.routing_country_code]
    for consignment in declaration.consignment:
        if consignment.export_country is not None and consignment.export_country.id:
            countries.insert(0, consignment.export_country.id)
        if consignment.destination is not None and consignment.destination.country_code:
            countries.append(consignment.destination.country_code)
    if not declaration.consignment or not countries:
        return tuple(dict.fromkeys(countries))
    last = countries[-1]
    return (*dict.fromkeys(country for country in countries if country != last), last)


def reference_of(message: DeclarationMessage | BorderEventMessage) -> str:
    """The declarant's reference; "" in an event that names none."""
    about = message.declaration if isinstance(message, DeclarationMessage) else message.border_event.declaration
    return about.functional_reference_id or ""


def addressed(message: M, recipient: str, agreement: Agreement) -> M:
    """The message for one recipient: its own id, its agreement, and only what its leg permits.

    The id follows from those of the message and of the recipient, and from the reference: of a batch, one cancellation
    becomes several.
    """
    if isinstance(message, DeclarationMessage):
        message = unnumbered(message)
    head, reference = message.communication_meta_data, reference_of(message)
    changed = head.model_copy(
        update={
            "id": str(uuid.uuid5(uuid.UUID(head.id), f"{recipient} {reference}")),
            "recipient": Recipient(id=recipient),
            "agreement_id": agreement.id,
            "agreement_version_id": agreement.version,
        }
    )
    return only_permitted(message.model_copy(update={"communication_meta_data": changed}), agreement)


def unnumbered(message: DeclarationMessage) -> DeclarationMessage:
    """The message without the number of its version.

    That counts the versions of the national document. Each exchange counts those that its recipient was told of, which
    may be fewer; a message without a number is taken as the next, and an answer as one to the message that it follows.
    """
    declaration = message.declaration.model_copy(update={"version_id": None})
    return message.model_copy(update={"declaration": declaration})


def renewed(
    going: Iterable[DeclarationMessage], told: Iterable[Mapping[str, str]], sent: Mapping[str, str]
) -> tuple[DeclarationMessage, ...]:
    """A replacement as it is for each recipient: for one to whom nothing was declared yet, an original.

    Where nothing is declared to anybody it stays a replacement: it has overtaken its original, and waits for it. So it
    does where all is over: that is the gateway's to say.

    Args:
        going: The legs of the replacement.
        told: The exchanges of this country's own under its reference, as the gateway lists them.
        sent: By the id of those that were sent already, the function code they had: what the window hands over again
            is the same message again, although now there is an exchange.
    """
    going, exchanges = tuple(going), tuple(told)
    known = {exchange["recipient"] for exchange in exchanges}
    runs = any(exchange["state"] not in ENDED for exchange in exchanges)
    if len(known | {leg.communication_meta_data.recipient.id for leg in going}) > 1:
        going = tuple(unnumbered(leg) for leg in going)
    new = ORIGINAL if runs else REPLACE
    found = []
    for leg in going:
        head = leg.communication_meta_data
        function = sent.get(head.id, REPLACE if head.recipient.id in known else new)
        found.append(original(leg) if function == ORIGINAL else leg)
    return tuple(found)


def original(message: DeclarationMessage) -> DeclarationMessage:
    """A replacement as an original: it follows nothing, changes nothing and is the first version."""
    message = unnumbered(message)
    head = message.communication_meta_data.model_copy(update={"conversation_reference_id": None})
    declaration = message.declaration.model_copy(update={"function_code": ORIGINAL, "amendment": ()})
    return message.model_copy(update={"communication_meta_data": head, "declaration": declaration})


def reported(
    message: BorderEventMessage, listed: Iterable[Mapping[str, str]], agreements: Agreements, at: datetime
) -> tuple[BorderEventMessage, ...]:
    """A border event as it goes to each whom its sender has told of the declaration that it is about.

    It stays as it was read where nobody was told, or it is over for all of them: the gateway says what is wrong with
    it, or holds it until the declaration comes that it overtook. So does one about what the other side declared.

    Args:
        message: The event.
        listed: The exchanges under the reference that it names, as the gateway lists them.
        agreements: By id and version.
        at: The moment of sending, with offset.
    """
    head, exchanges = message.communication_meta_data, [one for one in listed if one["state"] not in ENDED]
    theirs = any(exchange["sender"] == head.recipient.id for exchange in exchanges)
    if theirs and message.border_event.event_type_code != "DEP":
        return (message,)  # two countries may use one number; as for the gateway, only a departure is the declarant's
    found = []
    for exchange in exchanges:
        agreement = _agreement_of(exchange, agreements, at)
        if exchange["sender"] != head.sender.id or agreement is None:
            continue
        cited = (exchange["recipient"], agreement.id, agreement.version)
        same = cited == (head.recipient.id, head.agreement_id, head.agreement_version_id)
        found.append(message if same else addressed(message, exchange["recipient"], agreement))
    return tuple(found) or (message,)


def running_under(told: Iterable[Mapping[str, str]], agreements: Agreements, at: datetime) -> tuple[Agreement, ...]:
    """The agreements of those exchanges that are not over, each as it may be cited now, or else as it was."""
    found = (_agreement_of(exchange, agreements, at) for exchange in told if exchange["state"] not in ENDED)
    return tuple({(each.id, each.version): each for each in found if each is not None}.values())


def _agreement_of(exchange: Mapping[str, str], agreements: Agreements, at: datetime) -> Agreement | None:
    """The agreement of an exchange in the version that may be cited now; the one it was opened under where none may."""
    agreement_id, _, version = exchange["agreement"].rpartition("/")
    return in_force(agreements, agreement_id, at) or agreements.get((agreement_id, version))


def withdrawn(
    message: DeclarationMessage,
    told: Iterable[Mapping[str, str]],
    going: Iterable[DeclarationMessage],
    agreements: Agreements,
    at: datetime,
) -> tuple[DeclarationMessage, ...]:
    """Cancellations for those who were told of a declaration before and are not told of its new form.

    Args:
        message: The replacement, or the cancellation itself.
        told: The exchanges under its reference, as the gateway lists them; of a cancelled batch, all in it.
        going: What is about to be sent.
        agreements: By id and version.
        at: The moment of sending, with offset.
    """
    reached = {(leg.communication_meta_data.recipient.id, reference_of(leg)) for leg in going}
    found = []
    for exchange in told:
        agreement = _agreement_of(exchange, agreements, at)
        known = (exchange["recipient"], exchange["reference"]) in reached
        if known or exchange["state"] in ENDED or agreement is None:
            continue
        cancelled = message.declaration.model_copy(
            update={
                "function_code": CANCEL,
                "functional_reference_id": exchange["reference"],
                "amendment": message.declaration.amendment or (Amendment(change_reason_code="999"),),
            }
        )
        base = message.model_copy(update={"declaration": cancelled})
        found.append(addressed(base, exchange["recipient"], agreement))
    return tuple(found)
