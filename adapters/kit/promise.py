"""The promise `not_carried` of an adapter, made from what its forms have instead of a list of all that they lack."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from gateway.message.element import WcoClass
from gateway.message.table import elements

DECIDED = frozenset(
    {
        "AdditionalInformation/StatementCode",
        "AdditionalInformation/StatementDescription",
        "Declaration/FunctionalReferenceID",
        "Error/Description",
        "Error/ValidationCode",
        "FunctionCode",
        "IssueDateTime",
        "Status/NameCode",
    }
)
"""What a notice of a decision has of a Response: what is answered, when, the outcome, words for it, faults."""

REPORTED = frozenset(
    {
        "AdditionalInformation/StatementDescription",
        "BorderOffice",
        "BorderTransportMeans/ID",
        "BorderTransportMeans/TransportEquipment/ID",
        "Consignment/AdditionalDocument/ID",
        "Consignment/AdditionalDocument/TypeCode",
        "Consignment/ConsignmentItem/Commodity/Classification/ID",
        "Consignment/SequenceNumeric",
        "Consignment/TotalGrossMassMeasure",
        "Consignment/TotalPackageQuantity",
        "Consignment/TransportContractDocument/ID",
        "Consignment/ValueAmount",
        "ControlResult",
        "Declaration/FunctionalReferenceID",
        "EventDateTime",
        "EventTypeCode",
        "IssueDateTime",
    }
)
"""What a report has of a BorderEvent: plates, what was found, what was imported; of goods the subheadings only."""


def all_but(cls: type[WcoClass], path: str, carried: Collection[str]) -> Iterator[str]:
    """The paths of all elements that a form does not have; a class of which it has nothing is one path.

    Args:
        cls: The class.
        path: Its own path, `BorderEvent`.
        carried: Paths below it, `BorderOffice/ID`; that of a class covers all in it.
    """
    for element in elements(cls):
        here = f"{element.name}/"
        inside = {other.removeprefix(here) for other in carried if other.startswith(here)}
        if inside and element.child is not None:
            yield from all_but(element.child, f"{path}/{element.name}", inside)
        elif element.name not in carried:
            yield f"{path}/{element.name}"
