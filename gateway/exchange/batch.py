"""Batches: several vehicles that cross together under one number.

A declaration is about one vehicle and what is on it, and so is an exchange. Where the goods of one waybill are divided
among several vehicles, the declaration of each names the same batch (`BatchID`) and says how many vehicles are in it.
A declaration without a batch is one of its own, named by its reference: so a batch may grow out of a single vehicle,
and become one again.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from gateway.exchange import record as store
from gateway.exchange.figures import comparable
from gateway.exchange.state import CROSSED, NOT_CROSSED, State
from gateway.message.declaration import Declaration
from gateway.message.finding import Finding, Severity
from gateway.message.metadata import DeclarationMessage


def batch_of(declaration: Declaration) -> str:
    """The batch of a declaration."""
    return declaration.batch_id or declaration.functional_reference_id


def shared_waybills(
    connection: Connection, declaration: Declaration, declarant: str, recipient: str, *, test: bool
) -> tuple[Finding, ...]:
    """ACD-CON-11: each transport document that stands in another open declaration, which is not of the same batch.

    Args:
        connection: Of the transaction.
        declaration: An original, a replacement or a change.
        declarant: Participant who declares.
        recipient: Participant to whom.
        test: Whether it is a test: tests and others do not meet.
    """
    listed = {
        comparable(document.id): f"/Declaration/Consignment/{index}/TransportContractDocument/ID"
        for index, consignment in enumerate(declaration.consignment)
        if (document := consignment.transport_contract_document) is not None and document.id is not None
    }
    found = []
    for other in store.exchanges_with(connection, declarant, recipient, "waybill", listed, test=test):
        if other.reference == declaration.functional_reference_id or other.state not in NOT_CROSSED:
            continue
        in_force = store.latest_declaration(connection, other.id)
        if in_force is None or batch_of(in_force.declaration) == batch_of(declaration):
            continue
        changed = store.latest_version(connection, other.id)
        told = [one.declaration for one in (in_force, changed) if isinstance(one, DeclarationMessage)]
        for number in dict.fromkeys(number for one in told for number in _waybills(one)):
            if pointer := listed.get(comparable(number)):
                found.append(Finding("ACD-CON-11", Severity.REJECT, pointer, number, {"other": other.reference}))
    return tuple(found)


def _waybills(declaration: Declaration) -> Iterator[str]:
    for consignment in declaration.consignment:
        document = consignment.transport_contract_document
        if document is not None and document.id is not None:
            yield document.id


def not_together(
    connection: Connection, exchange: store.ExchangeRow, declaration: Declaration, pointer: str, *, released: bool
) -> tuple[Finding, ...]:
    """ACD-CON-12: vehicles of the batch that have not come, told with the arrival and with the release of each other.

    Args:
        connection: Of the transaction.
        exchange: That of the vehicle which arrives or is released.
        declaration: Its declaration in force.
        pointer: Where the message says what happens.
        released: The goods are released, so that what was to cross together has not; an arrival alone is for
            information.
    """
    number = batch_of(declaration)
    batch = [
        other
        for other in store.exchanges_of_batch(connection, exchange, number)
        if other.id != exchange.id and other.state != State.CANCELLED and _is_of(connection, other, number)
    ]
    away = [other.reference for other in batch if State(other.state) not in CROSSED]
    vehicles = max(declaration.batch_vehicle_quantity or 0, len(batch) + 1)
    away += ["?"] * (vehicles - len(batch) - 1)  # vehicles that nobody has declared
    if not away:
        return ()
    told = {"arrived": str(vehicles - len(away)), "vehicles": str(vehicles), "missing": ", ".join(away)}
    severity = Severity.WARN if released else Severity.INFO
    return (Finding("ACD-CON-12", severity, pointer, number, told),)


def _is_of(connection: Connection, exchange: store.ExchangeRow, number: str) -> bool:
    """Whether the declaration in force is of a batch: a replacement may have taken it out, or into another."""
    in_force = store.latest_declaration(connection, exchange.id)
    return in_force is not None and batch_of(in_force.declaration) == number
