"""Rules about times: lead times of the agreement, and the order of events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from gateway.message.finding import Severity
from gateway.message.leaf import write_date_time
from gateway.message.metadata import DeclarationMessage
from gateway.validation.rule import Context, Hit, rule
from gateway.validation.walk import consignments, is_complete

CHANGE = "4"
_ARRIVAL = "/Declaration/BorderTransportMeans/ArrivalDateTime"


@rule(
    "ACD-TIM-01",
    Severity.HOLD,
    "The declaration is here in time before the planned arrival",
    source="into China: GACC Order 172; into the EAEU by road: two hours; into Uzbekistan: PKM 762 of 25.09.2018; "
    "the figure is the agreement's",
    about=DeclarationMessage,
)
def here_in_time(message: DeclarationMessage, context: Context) -> Iterator[Hit]:
    """The lead time of the agreement lies between now and the planned arrival; also where a change moves it."""
    arrival = _planned_arrival(message)
    if arrival is not None and context.lead_time is not None and context.now > arrival - context.lead_time:
        yield Hit(_ARRIVAL, write_date_time(arrival), {"limit": _shown(context.lead_time)})


@rule(
    "ACD-TIM-02",
    Severity.WARN,
    "The declaration is not here too early before the planned arrival",
    source="into the EAEU by road: not earlier than 30 days; the figure is the agreement's",
    about=DeclarationMessage,
)
def not_too_early(message: DeclarationMessage, context: Context) -> Iterator[Hit]:
    """Not more than the agreement allows lies between now and the planned arrival."""
    arrival = _planned_arrival(message)
    if arrival is not None and context.earliest is not None and arrival - context.now > context.earliest:
        yield Hit(_ARRIVAL, write_date_time(arrival), {"limit": _shown(context.earliest)})


def _planned_arrival(message: DeclarationMessage) -> datetime | None:
    declaration, means = message.declaration, message.declaration.border_transport_means
    asked = is_complete(declaration) or declaration.function_code == CHANGE
    return means.arrival_date_time if means is not None and asked else None


def _shown(duration: timedelta) -> str:
    """Hours and minutes, `2:00`; the same in every language."""
    minutes = int(duration.total_seconds()) // 60
    return f"{minutes // 60}:{minutes % 60:02d}"


@rule(
    "ACD-TIM-06",
    Severity.REJECT,
    "The vehicle arrives after it departs",
    source="project decision",
    about=DeclarationMessage,
)
def arrives_after_departure(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """Planned arrival at the first place abroad is later than departure from the exit place."""
    means = message.declaration.border_transport_means
    if means is None or means.arrival_date_time is None or means.departure_date_time is None:
        return
    if means.arrival_date_time <= means.departure_date_time:
        yield Hit(
            _ARRIVAL,
            write_date_time(means.arrival_date_time),
            {"departure": write_date_time(means.departure_date_time)},
        )


@rule(
    "ACD-TIM-07",
    Severity.WARN,
    "The declaration was issued before the message was prepared",
    source="project decision",
    about=DeclarationMessage,
)
def issued_before_sent(message: DeclarationMessage, context: Context) -> Iterator[Hit]:
    """IssueDateTime is not later than PreparationDateTime, but for the skew of clocks."""
    issued = message.declaration.issue_date_time
    prepared = message.communication_meta_data.preparation_date_time
    if issued > prepared + context.clock_skew:
        yield Hit("/Declaration/IssueDateTime", write_date_time(issued), {"prepared": write_date_time(prepared)})


@rule(
    "ACD-TIM-08",
    Severity.WARN,
    "The goods are loaded before they arrive at the border",
    source="project decision",
    about=DeclarationMessage,
)
def loaded_before_arrival(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """LoadingDateTime of each consignment is earlier than the planned arrival abroad."""
    means = message.declaration.border_transport_means
    if means is None or means.arrival_date_time is None:
        return
    for pointer, consignment in consignments(message):
        place = consignment.loading_location
        loaded = place.loading_date_time if place is not None else None
        if loaded is not None and loaded >= means.arrival_date_time:
            shown = {"arrival": write_date_time(means.arrival_date_time)}
            yield Hit(f"{pointer}/LoadingLocation/LoadingDateTime", write_date_time(loaded), shown)


RULES = (here_in_time, not_too_early, arrives_after_departure, issued_before_sent, loaded_before_arrival)
