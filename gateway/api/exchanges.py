"""Exchanges: one with its whole story, or a search."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from gateway.api.documented import problem_responses
from gateway.api.problems import BadQuestion
from gateway.api.reading import TheGateway, TheReader
from gateway.exchange import trace
from gateway.exchange.state import State
from gateway.exchange.terms import Terms

router = APIRouter(prefix="/v1", tags=["exchanges"], responses=problem_responses(401))


@router.get("/exchanges/{exchange_id}", summary="An exchange", responses=problem_responses(404))
def get_exchange(exchange_id: str, gateway: TheGateway, reader: TheReader) -> Any:
    """State, messages, deliveries and timeline of an exchange, for its parties.

    By its agreement: `decisionBy` is when the receiving authority has to have decided, while it has not; `overdue` says
    that this has passed; `keptUntil` is until when the exchange is kept, counted from its last change.
    """
    terms = Terms(gateway.agreements, gateway.clock())
    return gateway.read(lambda connection: trace.exchange_by_id(connection, reader, exchange_id, terms))


@router.get("/exchanges/{exchange_id}/match", summary="Export against import", responses=problem_responses(404))
def get_match(
    exchange_id: str,
    gateway: TheGateway,
    reader: TheReader,
    language: Annotated[Literal["en", "ru", "zh"], Query(description="Of the table in words")] = "en",
) -> Any:
    """The match report: each figure of the export beside that of the import, and whether it is within tolerance."""
    terms = Terms(gateway.agreements, gateway.clock())
    return gateway.read(lambda connection: trace.match_of(connection, reader, exchange_id, terms, language))


@router.get("/exchanges", summary="Search exchanges", responses=problem_responses(400))
def search_exchanges(
    gateway: TheGateway,
    reader: TheReader,
    reference: Annotated[str | None, Query(max_length=35, description="The declarant's reference")] = None,
    plate: Annotated[str | None, Query(max_length=35, description="Plate of tractor or trailer")] = None,
    container: Annotated[str | None, Query(max_length=35, description="Container number")] = None,
    waybill: Annotated[str | None, Query(max_length=70, description="Number of a transport document")] = None,
    batch: Annotated[str | None, Query(max_length=35, description="Batch of vehicles that cross together")] = None,
    state: Annotated[State | None, Query()] = None,
    updated_from: Annotated[datetime | None, Query(description="With offset from UTC")] = None,
    updated_until: Annotated[datetime | None, Query(description="With offset from UTC")] = None,
    overdue: Annotated[bool, Query(description="Only where the authority's decision is overdue")] = False,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    before: Annotated[str | None, Query(max_length=70, description="`next` of the page before")] = None,
) -> Any:
    """The exchanges that fit everything asked, the latest first; only those the asker is party to."""
    for moment in (updated_from, updated_until):
        if moment is not None and moment.tzinfo is None:
            raise BadQuestion("A time needs its offset from UTC, such as 2026-11-23T14:05:00+06:00")
    wanted = trace.Search(
        reference=reference,
        plate=plate,
        container=container,
        waybill=waybill,
        batch=batch,
        state=state,
        updated_from=updated_from,
        updated_until=updated_until,
        overdue=overdue,
        most=limit,
        before=before,
    )
    terms = Terms(gateway.agreements, gateway.clock())
    return gateway.read(lambda connection: trace.search(connection, reader, wanted, terms))
