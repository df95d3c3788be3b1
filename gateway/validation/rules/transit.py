"""Rules about the way of the goods from country to country."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from gateway.message.finding import Severity
from gateway.message.metadata import DeclarationMessage
from gateway.message.parts import Itinerary
from gateway.validation.rule import Context, Hit, rule
from gateway.validation.walk import consignments, in_travel_order, is_complete


@rule(
    "ACD-TRN-01",
    Severity.WARN,
    "The countries on the way lead from dispatch to destination",
    source="European Union, transit declaration: at least two countries of routing; project decision",
    about=DeclarationMessage,
)
def way_is_a_path(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """Itineraries of the vehicle and of each consignment: two countries or more, none twice in a row, right ends.

    A change may tell one step of the way: only a whole declaration is asked for all of it.
    """
    if not is_complete(message.declaration):
        return
    dispatch: set[str] = set()
    destinations: set[str] = set()
    for pointer, consignment in consignments(message):
        leaves = {consignment.export_country.id} if consignment.export_country is not None else set()
        goes_to = {consignment.destination.country_code} if consignment.destination is not None else set()
        dispatch |= {country for country in leaves if country is not None}
        destinations |= {country for country in goes_to if country is not None}
        if consignment.itinerary:
            starts = frozenset(country for country in leaves if country is not None)
            ends = frozenset(country for country in goes_to if country is not None)
            yield from _path(f"{pointer}/Itinerary", consignment.itinerary, starts, ends)
    means = message.declaration.border_transport_means
    if means is not None and means.itinerary:
        pointer = "/Declaration/BorderTransportMeans/Itinerary"
        yield from _path(pointer, means.itinerary, frozenset(dispatch), frozenset(destinations))


def _path(pointer: str, steps: Sequence[Itinerary], starts: frozenset[str], ends: frozenset[str]) -> Iterator[Hit]:
    way = [
        (step.routing_country_code, index)
        for index, step in in_travel_order(steps)
        if step.routing_country_code is not None
    ]
    if not way:
        return
    countries = " → ".join(country for country, _ in way)
    first, last = way[0], way[-1]
    if starts and first[0] not in starts:
        yield Hit(f"{pointer}/{first[1]}/RoutingCountryCode", first[0], {"way": countries})
    if len(way) < 2:
        yield Hit(pointer, countries, {"way": countries})
    for (before, _), (country, index) in pairwise(way):
        # Two places in one country are two steps of the way; the same country without a place says nothing new.
        if before == country and steps[index].id is None:
            yield Hit(f"{pointer}/{index}/RoutingCountryCode", country, {"way": countries})
    if ends and len(way) > 1 and last[0] not in ends:
        yield Hit(f"{pointer}/{last[1]}/RoutingCountryCode", last[0], {"way": countries})


@rule(
    "ACD-TRN-02",
    Severity.WARN,
    "The goods go to another country than the one they leave",
    source="project decision",
    about=DeclarationMessage,
)
def goods_cross_a_border(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """Country of dispatch and of destination differ, unless the way leads through a third country."""
    means = message.declaration.border_transport_means
    for pointer, consignment in consignments(message):
        dispatch, destination = consignment.export_country, consignment.destination
        if dispatch is None or destination is None or dispatch.id is None or dispatch.id != destination.country_code:
            continue
        way = (*consignment.itinerary, *(means.itinerary if means is not None else ()))
        if not any(step.routing_country_code not in (None, dispatch.id) for step in way):
            yield Hit(f"{pointer}/Destination/CountryCode", dispatch.id)


RULES = (way_is_a_path, goods_cross_a_border)
