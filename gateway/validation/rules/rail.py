"""Rules about a crossing by rail."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.message.finding import Severity
from gateway.message.metadata import DeclarationMessage
from gateway.validation.rule import Context, Hit, rule
from gateway.validation.walk import consignments, is_complete, is_rail

_MEANS = "/Declaration/BorderTransportMeans"
_ROAD_PLATES = frozenset({"30", "31"})  # plate of a road vehicle, of a road trailer


@rule(
    "ACD-VEH-06",
    Severity.REJECT,
    "By rail every consignment names its wagon or container, and the train is not named by a road plate",
    source="EAEU rail preliminary information, schema of format album 5.23.0",
    about=DeclarationMessage,
)
def rail_names_wagon_or_container(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """A wagon or a container for each consignment; no plate of a road vehicle for the train."""
    declaration = message.declaration
    means = declaration.border_transport_means
    if means is None or not is_rail(declaration):
        return
    if means.identification_type_code in _ROAD_PLATES:
        yield Hit(f"{_MEANS}/IdentificationTypeCode", means.identification_type_code or "")
    if not is_complete(declaration):
        return
    for pointer, consignment in consignments(message):
        if not consignment.passive_transport_means and not consignment.transport_equipment:
            yield Hit(f"{pointer}/PassiveTransportMeans")


RULES = (rail_names_wagon_or_container,)
