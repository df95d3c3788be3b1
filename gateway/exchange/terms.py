"""What an exchange owes by the agreement under which it was opened, and until when.

Everything here follows from what is stored, the agreement and the time: nothing of it is a state, and nothing of it
moves an exchange or refuses a message. An agreement that is no longer on file says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, or_, select

from gateway.agreements import Agreement, Agreements
from gateway.exchange.record import VERSIONS
from gateway.exchange.state import State, Step, after
from gateway.storage.clock import moment, stored
from gateway.storage.tables import delivery, exchange, message

DECISION_DUE = tuple(state.value for state in State if after(state, Step.ACCEPT) is not None)
"""States in which the receiving authority has not decided yet."""


@dataclass(frozen=True, slots=True)
class Terms:
    """By what exchanges are measured.

    Attributes:
        agreements: All agreements.
        now: The moment.
    """

    agreements: Agreements
    now: datetime

    def of(self, cited: str) -> Agreement | None:
        """The agreement of an exchange, from `id/version`."""
        name, _, version = cited.rpartition("/")
        return self.agreements.get((name, version))


delivered_at = (
    select(case((delivery.c.state == "delivered", delivery.c.receipt_at)))
    .select_from(delivery.join(message, message.c.id == delivery.c.message))
    .where(delivery.c.exchange_id == exchange.c.id, delivery.c.recipient == exchange.c.recipient, *VERSIONS)
    .order_by(message.c.applied.desc())
    .limit(1)
    .correlate(exchange)
    .scalar_subquery()
    .label("delivered_at")
)
"""When the newest version of an exchange's declaration was proven delivered; NULL where it was not."""


def owed(row: Any, terms: Terms) -> Mapping[str, Any]:
    """Until when the authority decides, whether that has passed, and until when the exchange is kept.

    Args:
        row: An exchange, with `delivered_at`.
        terms: By what it is measured.
    """
    agreement = terms.of(row.agreement)
    if agreement is None:
        return {"decisionBy": None, "overdue": False, "keptUntil": None}
    kept_until = moment(row.updated_at) + timedelta(days=agreement.retention_days)
    decision_by = None
    if row.delivered_at is not None and row.state in DECISION_DUE:
        decision_by = moment(row.delivered_at) + timedelta(minutes=agreement.limits.decision_minutes)
    return {
        "decisionBy": stored(decision_by) if decision_by is not None else None,
        "overdue": decision_by is not None and stored(decision_by) < stored(terms.now),
        "keptUntil": stored(kept_until),
    }


def is_overdue(terms: Terms) -> ColumnElement[bool]:
    """Whether a decision is overdue, as the database sees it: the same as `owed` says, agreement by agreement."""
    latest = [
        and_(
            exchange.c.agreement == f"{agreement.id}/{agreement.version}",
            delivered_at.element < stored(terms.now - timedelta(minutes=agreement.limits.decision_minutes)),
        )
        for agreement in terms.agreements.values()
    ]
    return and_(exchange.c.state.in_(DECISION_DUE), or_(false(), *latest))


def proven_late(row: Any, terms: Terms) -> bool:
    """Whether a message was, or is, without the recipient's receipt for longer than agreed.

    Args:
        row: A delivery, with `received_at` of its message and the `agreement` of its exchange.
        terms: By what it is measured.
    """
    agreement = terms.of(row.agreement)
    if agreement is None:
        return False
    answered = moment(row.receipt_at) if row.receipt_at is not None else terms.now
    return answered > moment(row.received_at) + timedelta(seconds=agreement.limits.receipt_seconds)
