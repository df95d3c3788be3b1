"""MetaData: the root of every message, and its kinds.

MetaData says which model and which agreement a message follows, who sends it to whom, and carries one document. Each
kind of document has a root of its own, with a namespace of its own, so that a message's kind is known from its first
element. The namespaces are ours; the element names are the WCO's.
"""

from __future__ import annotations

from typing import ClassVar

from gateway.message.border_event import BorderEvent
from gateway.message.declaration import Declaration
from gateway.message.element import WcoClass, optional, required
from gateway.message.leaf import A2, ID17, ID35, ID36, Code3, Code6, Flag, Moment, Text70
from gateway.message.response import Response


class Recipient(WcoClass):
    """The participant for whom the message is meant."""

    id: ID17 = required("", "Participant, as registered at the gateway")


class Sender(WcoClass):
    """The participant who sends and signs."""

    id: ID17 = required("", "Participant, as registered at the gateway")


class CommunicationMetaData(WcoClass):
    """Who sends what to whom, under which agreement."""

    agreement_id: ID35 = required("", "Agreement that allows the exchange")
    agreement_version_id: ID17 = required("", "Version of the agreement")
    conversation_reference_id: ID36 | None = optional("", "Message that this one answers or follows (its ID)")
    id: ID36 = required("", "Identifier of the message, a UUID in its lower-case form (RFC 9562)")
    preparation_date_time: Moment = required("", "When the message was made")
    test_indicator: Flag | None = optional("", "True: a test message, never acted on")
    recipient: Recipient = required("", "For whom")
    sender: Sender = required("", "From whom")


class MetaData(WcoClass):
    """What every message shares."""

    namespace: ClassVar[str]
    kind: ClassVar[str]
    """Kind of message, as agreements and people name it: declaration, response, border-event."""
    document: ClassVar[str]
    """Wire name of the document it carries."""

    agency_assigned_customization_code: Code6 | None = optional("9000", "Name of the profile: ACD")
    agency_assigned_customization_version_code: Code3 | None = optional("9017", "Version of the profile")
    responsible_agency_name: Text70 | None = optional("9016", "Administration that answers for the message")
    responsible_country_code: A2 | None = optional("9014", "Its country", "countries")
    wco_data_model_version_code: Code6 | None = optional("9010", "WCO Data Model whose names are used: 3.6")
    wco_type_name: Text70 | None = optional("9013", "Kind of document: CRI cargo report, RES response")
    communication_meta_data: CommunicationMetaData = required("", "Who sends what to whom")


class DeclarationMessage(MetaData):
    """A message that carries a declaration."""

    namespace: ClassVar[str] = "urn:torugart:wcodm:declaration:1"
    kind: ClassVar[str] = "declaration"
    document: ClassVar[str] = "Declaration"
    declaration: Declaration = required("42A", "The declaration")


class ResponseMessage(MetaData):
    """A message that carries the answer of the receiving authority."""

    namespace: ClassVar[str] = "urn:torugart:wcodm:response:1"
    kind: ClassVar[str] = "response"
    document: ClassVar[str] = "Response"
    response: Response = required("07B", "The answer")


class BorderEventMessage(MetaData):
    """A message that carries what happened at the border."""

    namespace: ClassVar[str] = "urn:torugart:wcodm:border-event:1"
    kind: ClassVar[str] = "border-event"
    document: ClassVar[str] = "BorderEvent"
    border_event: BorderEvent = required("", "The event", unverified=True)


Message = DeclarationMessage | ResponseMessage | BorderEventMessage
KINDS: dict[str, type[DeclarationMessage] | type[ResponseMessage] | type[BorderEventMessage]] = {
    "declaration": DeclarationMessage,
    "response": ResponseMessage,
    "border_event": BorderEventMessage,
}
"""Kind of message by its name in URLs, file names and agreements."""
