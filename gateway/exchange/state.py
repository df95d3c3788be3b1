"""The life of an exchange: its states, and what leads from one to the next.

One table (`LIFE`), read by everything that must know: which step is legal, what to say when it is not, what must wait
for another, and the diagram in the documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache

from gateway.message.border_event import BorderEvent
from gateway.message.declaration import Declaration
from gateway.message.response import Response


class State(StrEnum):
    """Where an exchange stands."""

    REGISTERED = "registered"
    DELIVERED = "delivered"
    UNDER_REVIEW = "under-review"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DO_NOT_LOAD = "do-not-load"
    DEPARTED = "departed"
    ARRIVED = "arrived"
    HELD = "held"
    DISCREPANT = "discrepant"
    UNLOADING_PROHIBITED = "unloading-prohibited"
    RELEASED = "released"
    REFUSED = "refused"
    MATCHED = "matched"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Step(StrEnum):
    """What moves an exchange."""

    ORIGINAL = "original"
    REPLACE = "replace"
    CHANGE = "change"
    ADD = "add"
    CANCEL = "cancel"
    REQUEST = "request"
    DELIVER = "deliver"
    ACKNOWLEDGE = "acknowledge"
    REVIEW = "review"
    ACCEPT = "accept"
    REJECT = "reject"
    FORBID_LOADING = "forbid-loading"
    FORBID_UNLOADING = "forbid-unloading"
    DEPART = "depart"
    ARRIVE = "arrive"
    INSPECT = "inspect"
    HOLD = "hold"
    FIND_DISCREPANCY = "find-discrepancy"
    RELEASE = "release"
    REFUSE = "refuse"
    MATCH = "match"
    CLOSE = "close"
    EXPIRE = "expire"
    UNKNOWN = "unknown"


class Who(StrEnum):
    """Who may take a step."""

    DECLARANT = "declarant"
    RECIPIENT = "recipient"
    EITHER = "either"
    GATEWAY = "gateway"


_S = State
_WAITING = (_S.REGISTERED, _S.DELIVERED, _S.UNDER_REVIEW)
_OPEN = (*_WAITING, _S.ACCEPTED)
_FORBIDDEN = (_S.REJECTED, _S.DO_NOT_LOAD)
_BEFORE_DEPARTURE = (*_OPEN, *_FORBIDDEN)
_ON_THE_WAY = (_S.ACCEPTED, _S.DEPARTED)
_AT_THE_BORDER = (_S.ARRIVED, _S.HELD, _S.DISCREPANT)
_STOPPED = (*_AT_THE_BORDER, _S.UNLOADING_PROHIBITED)
_LEFT = (*_STOPPED, _S.RELEASED)
FORBIDDEN = frozenset(_FORBIDDEN)
"""States in which the vehicle should not leave: if it does, that is told (ACD-RSK-03) and not refused."""
BEFORE_DEPARTURE = frozenset(_BEFORE_DEPARTURE)
"""States in which the vehicle has not left, as far as anybody has told."""
NOT_CROSSED = frozenset((*_OPEN, _S.DEPARTED))
"""States in which the vehicle is on its way, or is to come: it is nowhere else."""
CROSSED = frozenset((*_AT_THE_BORDER, _S.UNLOADING_PROHIBITED, _S.RELEASED, _S.REFUSED, _S.MATCHED, _S.CLOSED))
"""States in which the vehicle has come to the other side, or is to come no further."""
AFTER_DEPARTURE = CROSSED | {_S.DEPARTED}
"""States in which the vehicle has left."""
_STAY = None
"""The step leaves the state as it is."""

_ROWS: tuple[tuple[Iterable[State | None], Step, State | None], ...] = (
    # from these states               by this step            to this state
    ((None,),                         Step.ORIGINAL,          _S.REGISTERED),
    ((_S.REGISTERED,),                Step.DELIVER,           _S.DELIVERED),
    (_BEFORE_DEPARTURE,               Step.REPLACE,           _S.REGISTERED),
    (_BEFORE_DEPARTURE,               Step.CHANGE,            _S.REGISTERED),
    (_BEFORE_DEPARTURE,               Step.CANCEL,            _S.CANCELLED),
    ((_S.DEPARTED, *_AT_THE_BORDER),  Step.ADD,               _STAY),
    (tuple(State),                    Step.REQUEST,           _STAY),
    (_OPEN,                           Step.ACKNOWLEDGE,       _STAY),
    ((*_WAITING, _S.ACCEPTED),        Step.REVIEW,            _S.UNDER_REVIEW),
    (_WAITING,                        Step.ACCEPT,            _S.ACCEPTED),
    (_WAITING,                        Step.REJECT,            _S.REJECTED),
    (_OPEN,                           Step.FORBID_LOADING,    _S.DO_NOT_LOAD),
    ((_S.ACCEPTED, *_FORBIDDEN),      Step.DEPART,            _S.DEPARTED),
    ((*_LEFT, _S.EXPIRED),            Step.DEPART,            _STAY),
    ((*_ON_THE_WAY, _S.EXPIRED),      Step.ARRIVE,            _S.ARRIVED),
    ((_S.DEPARTED, *_AT_THE_BORDER),  Step.FORBID_UNLOADING,  _S.UNLOADING_PROHIBITED),
    ((_S.ACCEPTED, _S.DEPARTED, *_LEFT), Step.INSPECT,        _STAY),
    ((_S.ARRIVED, _S.DISCREPANT),     Step.HOLD,              _S.HELD),
    ((*_AT_THE_BORDER, _S.RELEASED),  Step.FIND_DISCREPANCY,  _S.DISCREPANT),
    ((*_ON_THE_WAY, *_STOPPED),       Step.RELEASE,           _S.RELEASED),
    (_STOPPED,                        Step.REFUSE,            _S.REFUSED),
    ((_S.RELEASED,),                  Step.MATCH,             _S.MATCHED),
    ((_S.MATCHED,),                   Step.CLOSE,             _S.CLOSED),
    ((*_WAITING, *_ON_THE_WAY),       Step.EXPIRE,            _S.EXPIRED),
)  # fmt: skip

LIFE: Mapping[tuple[State | None, Step], State] = {
    (state, step): end
    for states, step, following in _ROWS
    for state in states
    if (end := following or state) is not None
}
"""From a state by a step to the next state; None is the time before there is an exchange."""

WHO: Mapping[Step, Who] = {
    **dict.fromkeys((Step.ORIGINAL, Step.REPLACE, Step.CHANGE, Step.ADD, Step.CANCEL), Who.DECLARANT),
    **dict.fromkeys((Step.REQUEST, Step.INSPECT, Step.FIND_DISCREPANCY), Who.EITHER),
    **dict.fromkeys((Step.ACKNOWLEDGE, Step.REVIEW, Step.ACCEPT, Step.REJECT), Who.RECIPIENT),
    **dict.fromkeys((Step.FORBID_LOADING, Step.FORBID_UNLOADING, Step.RELEASE), Who.RECIPIENT),
    **dict.fromkeys((Step.ARRIVE, Step.HOLD, Step.REFUSE, Step.MATCH), Who.RECIPIENT),
    Step.DEPART: Who.DECLARANT,
    **dict.fromkeys((Step.DELIVER, Step.CLOSE, Step.EXPIRE, Step.UNKNOWN), Who.GATEWAY),
}
"""Who may take each step."""

DECISIONS = frozenset(
    {Step.ACKNOWLEDGE, Step.REVIEW, Step.ACCEPT, Step.REJECT, Step.FORBID_LOADING, Step.FORBID_UNLOADING}
)
"""What the receiving authority decides about one version of a declaration."""


def after(state: State | None, step: Step) -> State | None:
    """The state that a step leads to, or None where it is not allowed."""
    return LIFE.get((state, step))


def allowed(state: State | None) -> tuple[Step, ...]:
    """The steps that participants may take in a state, in the order of the table."""
    return tuple(step for (before, step) in LIFE if before == state and WHO[step] is not Who.GATEWAY)


@cache
def ahead(state: State | None, step: Step) -> bool:
    """Whether a step that is not allowed now may be allowed later: the message overtook another.

    Looked for along the steps that still can come. An original never waits: a second one is a mistake. Nor does a
    request: what there is to tell is told now. Nor does what would lead to where the exchange already is: it says the
    same once more, and must not come into force after something newer. A decision does not wait for a new version: it
    was made about the one that is there.
    """
    if step in (Step.ORIGINAL, Step.REQUEST, Step.UNKNOWN):
        return False
    renewed = (Step.REPLACE, Step.CHANGE) if step in DECISIONS else ()
    if any(following == state for (_, other), following in LIFE.items() if other is step):
        return False
    reached, edge = {state}, [state]
    while edge:
        here = edge.pop()
        for (before, other), following in LIFE.items():
            if before == here and other not in renewed and following not in reached:
                reached.add(following)
                edge.append(following)
    return any((other, step) in LIFE for other in reached if other != state)


_FUNCTIONS: Mapping[str, Step] = {
    "9": Step.ORIGINAL,
    "5": Step.REPLACE,
    "4": Step.CHANGE,
    "2": Step.ADD,
    "1": Step.CANCEL,
    "13": Step.REQUEST,
}


def step_of_declaration(declaration: Declaration) -> Step:
    """What a declaration asks for (UNTDID 1225)."""
    return _FUNCTIONS.get(declaration.function_code, Step.UNKNOWN)


_DECISIONS = {"44": Step.ACCEPT, "45": Step.REVIEW, "27": Step.REJECT}
_STATEMENTS = {"DNL": Step.FORBID_LOADING, "UPR": Step.FORBID_UNLOADING, "REG": Step.ACKNOWLEDGE}
"""Of several the first counts: an order is no acknowledgement."""


def step_of_response(response: Response) -> Step:
    """What a Response says: function code first; with code 11 an approval, or else the statement.

    What contradicts itself was refused before (ACD-RES-08).
    """
    if decision := _DECISIONS.get(response.function_code):
        return decision
    if response.function_code != "11":
        return Step.UNKNOWN
    if any(status.name_code == "39" for status in response.status):  # 4405: approved
        return Step.RELEASE
    said = {statement.statement_code for statement in response.additional_information}
    return next((step for code, step in _STATEMENTS.items() if code in said), Step.UNKNOWN)


_CONCLUSIONS = {"REL": Step.RELEASE, "HLD": Step.HOLD, "REF": Step.REFUSE}


def steps_of_event(
    event: BorderEvent, *, discrepant: bool, of_declarant: bool, compared: bool = True
) -> tuple[Step, ...]:
    """What an event says, one step after the other.

    Args:
        event: The event.
        discrepant: Whether what was seen differs from what was declared.
        compared: Whether import information says anything that could be compared; what says nothing matches nothing.
        of_declarant: Whether the declaring side tells it: its controls before departure conclude nothing here, and
            what was imported is not its to tell.
    """
    found = (Step.FIND_DISCREPANCY,) if discrepant else ()
    conclusion = _CONCLUSIONS.get((event.control_result.conclusion_code if event.control_result else None) or "")
    match event.event_type_code:
        case "DEP":
            return (Step.DEPART,)
        case "ARR":
            return (Step.ARRIVE, *found)
        case "CTL":
            return (Step.INSPECT,) if of_declarant else (conclusion,) if conclusion else found or (Step.INSPECT,)
        case "DIS":
            return (Step.FIND_DISCREPANCY,)
        case "IMP":
            return (Step.MATCH,) if of_declarant else found or (Step.MATCH if compared else Step.INSPECT,)
        case _:
            return (Step.UNKNOWN,)


def mermaid() -> str:
    """The life as a Mermaid state diagram, for the documents."""
    lines = ["stateDiagram-v2"]
    drawn: dict[tuple[str, str], list[str]] = {}
    for (before, step), following in LIFE.items():
        if before == following:
            continue
        source = _node(before) if before is not None else "[*]"
        drawn.setdefault((source, _node(following)), []).append(step.value)
    lines += [f"    {source} --> {target}: {', '.join(steps)}" for (source, target), steps in drawn.items()]
    ends = [state for state in State if not any(b == state and f != state for (b, _), f in LIFE.items())]
    return "\n".join([*lines, *(f"    {_node(state)} --> [*]" for state in ends)])


def _node(state: State) -> str:
    return state.value.replace("-", "_")
