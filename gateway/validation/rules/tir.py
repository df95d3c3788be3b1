"""Rules about carriage under cover of a TIR carnet."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.message.declaration import Declaration
from gateway.message.finding import Severity
from gateway.message.metadata import DeclarationMessage
from gateway.validation.identifiers import check_tir_carnet
from gateway.validation.rule import Context, Hit, rule
from gateway.validation.walk import consignments, is_complete

_CARNET = "952"  # UNTDID 1001
_TIR = "B"  # kind of guarantee


@rule(
    "ACD-TIR-01",
    Severity.REJECT,
    "Under TIR the carnet is named everywhere alike, with its holder and the office of destination",
    source="TIR Convention 1975; EAEU road preliminary information, schema of format album 5.23.0",
    about=DeclarationMessage,
)
def carnet_with_holder_and_destination(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """Guarantee of kind B with a carnet number, the same as in the document; holder; destination."""
    declaration = message.declaration
    carnets = [
        (f"/Declaration/ObligationGuarantee/{index}/ReferenceID", guarantee.reference_id)
        for index, guarantee in enumerate(declaration.obligation_guarantee)
        if guarantee.security_details_code == _TIR
    ]
    documents = [
        (f"/Declaration/AdditionalDocument/{index}/ID", document.id)
        for index, document in enumerate(declaration.additional_document)
        if document.type_code == _CARNET
    ]
    if not carnets and not documents and declaration.type_code != _CARNET:
        return
    for pointer, carnet in carnets:
        if carnet is not None and check_tir_carnet(carnet) is not None:
            yield Hit(pointer, carnet, {"name": "ReferenceID"})
    known = {carnet for _, carnet in carnets}
    for pointer, number in documents:
        if carnets and number not in known:
            yield Hit(pointer, number or "", {"name": "ID"})
    if is_complete(declaration):
        if not carnets:
            yield Hit("/Declaration/ObligationGuarantee", "", {"name": "ObligationGuarantee"})
        yield from _holder_and_destination(message, declaration)


def _holder_and_destination(message: DeclarationMessage, declaration: Declaration) -> Iterator[Hit]:
    carrier = declaration.carrier
    if carrier is not None and carrier.id is None:
        yield Hit("/Declaration/Carrier/ID", "", {"name": "Carrier/ID"})
    for pointer, consignment in consignments(message):
        destination = consignment.transit_destination
        if destination is None or destination.id is None:
            yield Hit(f"{pointer}/TransitDestination/ID", "", {"name": "TransitDestination/ID"})


RULES = (carnet_with_holder_and_destination,)
