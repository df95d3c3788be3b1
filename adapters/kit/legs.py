"""Legs: one signed message for each recipient.

What leaves a country is decided for each recipient by the agreement with it. So goods that pass several countries are
told to each in a message of its own, which holds only what that leg permits. The national document is one; the legs
follow from the way of the goods and from the agreements, the same every time.

When a declaration is replaced or cancelled, the gateway is asked who was told of it before: a recipient that the new
way leaves out is sent a cancellation. So is, when a whole batch of vehicles is cancelled, each of its declarations.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from gateway.agreements import Agreement, Agreements
from gateway.agreements.permission import only_permitted
from gateway.message.declaration import Declaration
from gateway.message.metadata import DeclarationMessage, Message, Recipient
from gateway.message.parts import Amendment
from gateway.validation.walk import in_travel_order

REPLACE, CANCEL = "5", "1"
ENDED = frozenset({"cancelled", "closed"})
"""States of an exchange in which there is nothing to take back."""


def legs(message: Message, transits: Iterable[Agreement]) -> tuple[Message, ...]:
    """The message as it goes to each recipient: one, unless a transit agreement covers the way of the goods."""
    if not isinstance(message, DeclarationMessage):
        return (message,)
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


def addressed(message: DeclarationMessage, recipient: str, agreement: Agreement) -> DeclarationMessage:
    """The message for one recipient: its own id, its agreement, and only what its leg permits.

    The id follows from those of the message and of the recipient, and from the reference: of a batch, one cancellation
    becomes several.
    """
    head, reference = message.communication_meta_data, message.declaration.functional_reference_id
    changed = head.model_copy(
        update={
            "id": str(uuid.uuid5(uuid.UUID(head.id), f"{recipient} {reference}")),
            "recipient": Recipient(id=recipient),
            "agreement_id": agreement.id,
            "agreement_version_id": agreement.version,
        }
    )
    return only_permitted(message.model_copy(update={"communication_meta_data": changed}), agreement)


def withdrawn(
    message: DeclarationMessage, told: Iterable[Mapping[str, str]], going: Iterable[Message], agreements: Agreements
) -> tuple[DeclarationMessage, ...]:
    """Cancellations for those who were told of a declaration before and are not told of its new form.

    Args:
        message: The replacement, or the cancellation itself.
        told: The exchanges under its reference, as the gateway lists them; of a cancelled batch, all in it.
        going: What is about to be sent.
        agreements: By id and version.
    """
    reached = {
        (leg.communication_meta_data.recipient.id, leg.declaration.functional_reference_id)
        for leg in going
        if isinstance(leg, DeclarationMessage)
    }
    found = []
    for exchange in told:
        agreement_id, _, version = exchange["agreement"].rpartition("/")
        agreement = agreements.get((agreement_id, version))
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
