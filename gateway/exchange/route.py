"""Route a message: who receives it.

A message is meant for one recipient: what leaves a country is decided for each recipient by the agreement with it, so
the sending adapter makes one signed message for each (`docs/decisions/`).
"""

from __future__ import annotations

from gateway.message.metadata import MetaData


def recipients(message: MetaData) -> tuple[str, ...]:
    """The participants to whom a permitted message is delivered."""
    return (message.communication_meta_data.recipient.id,)
