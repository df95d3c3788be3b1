"""The one thing the gateway asks of the network: hand bytes to a participant, bring back its receipt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is handed over.

    Attributes:
        recipient: Participant.
        media_type: Of the body.
        body: The very bytes that the sender signed.
        signature: The sender's detached JWS; "" where the signature is inside.
        seal: The gateway's detached JWS over the same bytes.
        message_id: For logs on the other side.
    """

    recipient: str
    media_type: str
    body: bytes
    signature: str
    seal: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Handed:
    """What came back: the recipient's receipt and its signature, not yet verified."""

    receipt: bytes
    signature: str


class Transport(Protocol):
    """A way to a participant."""

    async def send(self, parcel: Parcel) -> Handed:
        """Hand a parcel over.

        Raises:
            DeliveryFailed: The participant could not be reached, or did not answer as agreed.
        """
        ...
