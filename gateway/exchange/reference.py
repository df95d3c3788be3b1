"""References: which exchange a message names.

The declarant's reference, the declarant and the recipient together name an exchange. An event does not say who
declared, and an answer may name the message that it follows instead.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from gateway.exchange import record as store
from gateway.exchange.state import Step, step_of_declaration
from gateway.message.metadata import BorderEventMessage, DeclarationMessage, Message, ResponseMessage


@dataclass(frozen=True, slots=True)
class Reference:
    """The exchange that a message names: the declarant's reference, towards one recipient.

    Attributes:
        declarant: Participant who declared, or would have.
        recipient: Participant to whom.
        number: The declarant's own reference; of an answer that names only the message it follows, `@` and its id.
        pointer: Where the message says so.
        by_declarant: Whether the declarant sends this message.
        message_id: Of the message, if it is a declaration: answers may wait for it by this name.
    """

    declarant: str
    recipient: str
    number: str
    pointer: str
    by_declarant: bool
    message_id: str = ""

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
        keys = self.key, f"{self.recipient}/{self.declarant}/{self.number}"
        return (*keys, f"{self.declarant}/{self.recipient}/@{self.message_id}") if self.message_id else keys


def reference_of(message: Message) -> Reference:
    """The exchange that a message names.

    An event does not say who declared. A departure is taken as the declarant's own, any other event as the recipient's;
    where there is no such exchange, the one that the other declared is meant.
    """
    head = message.communication_meta_data
    sender, recipient = head.sender.id, head.recipient.id
    if isinstance(message, DeclarationMessage):
        number, pointer = message.declaration.functional_reference_id, "/Declaration/FunctionalReferenceID"
        return Reference(sender, recipient, number, pointer, by_declarant=True, message_id=head.id)
    answered = message.response if isinstance(message, ResponseMessage) else message.border_event
    number = answered.declaration.functional_reference_id or ""
    if not number and head.conversation_reference_id:
        number = f"@{head.conversation_reference_id}"
    pointer = f"/{message.document}/Declaration/FunctionalReferenceID"
    if isinstance(message, BorderEventMessage) and message.border_event.event_type_code == "DEP":
        return Reference(sender, recipient, number, pointer, by_declarant=True)
    return Reference(recipient, sender, number, pointer, by_declarant=False)


def exchange_of(connection: Connection, message: Message) -> tuple[Reference, store.ExchangeRow | None]:
    """What a message names, and the exchange that is there under it."""
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
        return step_of_declaration(message.declaration) is Step.REQUEST
    return isinstance(message, BorderEventMessage)
