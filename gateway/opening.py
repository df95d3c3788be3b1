"""Open a signed message: verify its signature and read it from the very bytes that the signature covers.

Used by whoever receives one: the gateway (steps 1 and 2), and the adapter at the other end (step 15).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from gateway.errors import UntrustedMessage
from gateway.message.finding import Finding, Severity
from gateway.message.metadata import MetaData
from gateway.message.schema import read_message_json, read_message_xml
from gateway.message.tree import Read
from gateway.message.xml_twin import parse_xml
from gateway.signing import Purpose, Reason, TrustStore, verify_detached, verify_xml

XML, JSON = "application/xml", "application/json"
_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"


@dataclass(frozen=True, slots=True)
class Received:
    """Bytes as they came.

    Attributes:
        body: The bytes.
        media_type: `application/xml` or `application/json`.
        signature: Detached JWS over the bytes; "" for XML, whose signature is inside.
    """

    body: bytes
    media_type: str
    signature: str = ""


@dataclass(frozen=True, slots=True)
class VerifiedMessage:
    """A message whose signer is known; made by `verify` alone.

    Attributes:
        received: The bytes as they came.
        message: The message in the very bytes that the signature covers; None where its structure is faulty.
        findings: What is wrong with its structure, and whether signer and sender differ.
        signer: The participant who signed.
        kind: Kind of message, for the places of findings.
    """

    received: Received
    message: MetaData | None
    findings: tuple[Finding, ...]
    signer: str
    kind: type[MetaData]


def verify(received: Received, trust: TrustStore, at: datetime) -> VerifiedMessage:
    """Verify a message and read it.

    Raises:
        Unreadable: Not a document.
        UntrustedMessage: Not signed as the profile asks, or not by a participant.
        TrustUnknown: It cannot be judged now.
    """
    if received.media_type == XML:
        enveloped = verify_xml(parse_xml(received.body), trust, at=at)
        read, signer = read_message_xml(enveloped.root), enveloped.signer.participant
    else:
        if not received.signature:
            raise UntrustedMessage(Reason.UNSIGNED, "A JSON message needs the header JWS-Signature")
        proof = verify_detached(received.body, received.signature, trust, purpose=Purpose.MESSAGE, at=at)
        read, signer = read_message_json(proof.body), proof.signer.participant
    return VerifiedMessage(received, read.message, (*_not_the_signer(read, signer), *read.findings), signer, read.kind)


def _not_the_signer(read: Read[MetaData], signer: str) -> tuple[Finding, ...]:
    if read.message is None or read.message.communication_meta_data.sender.id == signer:
        return ()
    sender = read.message.communication_meta_data.sender.id
    where = "/CommunicationMetaData/Sender/ID"
    return (Finding("ACD-SIG-02", Severity.REJECT, where, sender, {"signer": signer}),)


def look(received: Received) -> Read[MetaData]:
    """Read a message without verifying it; only for looking, never for trusting.

    Raises:
        Unreadable: Not a document.
    """
    if received.media_type == XML:
        return read_message_xml(without_signature(parse_xml(received.body)))
    return read_message_json(received.body)


def without_signature(root: etree._Element) -> etree._Element:
    """A document as it reads without its enveloped signature."""
    for child in root.findall(_SIGNATURE):
        root.remove(child)
    return root
