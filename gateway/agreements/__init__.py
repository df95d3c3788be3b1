"""Agreements: what two or more participants agreed to exchange, as data.

agreement.py      what an agreement holds
loading.py        from its files, with every mistake at its place
contradictions.py what contradicts itself, or names what does not exist
mistakes.py       what the loader says, in three languages
permission.py     step 4: whether it allows a message, and what the rules may know of it
capabilities.py   what a country's adapter declares that it can read and write
comparison.py     what one country can send that the other would refuse or lose
changes.py        what changed between two versions, in words
pages.py          the page of an agreement in docs/agreements/
"""

from gateway.agreements.agreement import Agreement, Agreements, Language, agreement_schema, day_of
from gateway.agreements.loading import load_agreements, read_agreements
from gateway.agreements.mistakes import Mistake
from gateway.agreements.permission import (
    Permit,
    agreement_for,
    agreements_between,
    context,
    in_force,
    only_permitted,
    permit,
)

__all__ = [
    "Agreement",
    "Agreements",
    "Language",
    "Mistake",
    "Permit",
    "agreement_for",
    "agreement_schema",
    "agreements_between",
    "context",
    "day_of",
    "in_force",
    "load_agreements",
    "only_permitted",
    "permit",
    "read_agreements",
]
