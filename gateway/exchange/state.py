"""The life of an exchange: its states, and what leads from one to the next.

One table, read by everything that must know: which step is legal, what to say when it is not, and the diagram in the
documents.
"""

from __future__ import annotations

from enum import StrEnum

from gateway.message.declaration import Declaration
from gateway.message.response import Response


class State(StrEnum):
    """Where an exchange stands."""

    REGISTERED = "registered"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    UNDER_REVIEW = "under-review"
    REJECTED = "rejected"
    RELEASED = "released"
    DO_NOT_LOAD = "do-not-load"
    UNLOADING_PROHIBITED = "unloading-prohibited"
    CANCELLED = "cancelled"


class Step(StrEnum):
    """What moves an exchange."""

    ORIGINAL = "original"
    REPLACE = "replace"
    CANCEL = "cancel"
    DELIVER = "deliver"
    ACKNOWLEDGE = "acknowledge"
    ACCEPT = "accept"
    REVIEW = "review"
    REJECT = "reject"
    RELEASE = "release"
    FORBID_LOADING = "forbid-loading"
    FORBID_UNLOADING = "forbid-unloading"
    UNKNOWN = "unknown"


_OPEN = (State.REGISTERED, State.DELIVERED, State.UNDER_REVIEW, State.ACCEPTED)

LIFE: dict[tuple[State | None, Step], State] = {
    (None, Step.ORIGINAL): State.REGISTERED,
    (State.REGISTERED, Step.DELIVER): State.DELIVERED,
    **{(state, Step.REPLACE): State.REGISTERED for state in (*_OPEN, State.REJECTED)},
    **{(state, Step.CANCEL): State.CANCELLED for state in (*_OPEN, State.REJECTED, State.DO_NOT_LOAD)},
    **{(state, Step.ACKNOWLEDGE): state for state in _OPEN},
    **{(state, Step.ACCEPT): State.ACCEPTED for state in (State.REGISTERED, State.DELIVERED, State.UNDER_REVIEW)},
    **{(state, Step.REVIEW): State.UNDER_REVIEW for state in (State.REGISTERED, State.DELIVERED, State.ACCEPTED)},
    **{(state, Step.REJECT): State.REJECTED for state in (State.REGISTERED, State.DELIVERED, State.UNDER_REVIEW)},
    **{(state, Step.FORBID_LOADING): State.DO_NOT_LOAD for state in _OPEN},
    **{(state, Step.FORBID_UNLOADING): State.UNLOADING_PROHIBITED for state in _OPEN},
    (State.ACCEPTED, Step.RELEASE): State.RELEASED,
}
"""From a state by a step to the next state; None is the time before there is an exchange."""


def after(state: State | None, step: Step) -> State | None:
    """The state that a step leads to, or None where it is not allowed."""
    return LIFE.get((state, step))


def allowed(state: State | None) -> tuple[Step, ...]:
    """The steps that are allowed in a state, in the order of the table."""
    return tuple(step for (before, step) in LIFE if before == state and step is not Step.DELIVER)


_FUNCTIONS = {"9": Step.ORIGINAL, "5": Step.REPLACE, "1": Step.CANCEL}


def step_of_declaration(declaration: Declaration) -> Step:
    """What a declaration asks for (UNTDID 1225)."""
    return _FUNCTIONS.get(declaration.function_code, Step.UNKNOWN)


_DECISIONS = {"44": Step.ACCEPT, "29": Step.ACCEPT, "45": Step.REVIEW, "27": Step.REJECT}
_STATEMENTS = {"DNL": Step.FORBID_LOADING, "UPR": Step.FORBID_UNLOADING, "REG": Step.ACKNOWLEDGE}


def step_of_response(response: Response) -> Step:
    """What a Response says: function code first; with code 11, the statement or the status."""
    if decision := _DECISIONS.get(response.function_code):
        return decision
    if response.function_code != "11":
        return Step.UNKNOWN
    for statement in response.additional_information:
        if step := _STATEMENTS.get(statement.statement_code or ""):
            return step
    if any(status.name_code == "39" for status in response.status):  # 4405: approved
        return Step.RELEASE
    return Step.UNKNOWN
