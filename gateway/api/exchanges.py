"""Exchanges: one with its whole story, or a search."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import AfterValidator, AwareDatetime, Field

from gateway.api.documented import problem_responses
from gateway.api.reading import Question, TheGateway, TheReader
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


class _In(Question):
    """In which language a report is told."""

    language: Literal["en", "ru", "zh"] = Field("en", description="Of the table in words")


@router.get("/exchanges/{exchange_id}/match", summary="Export against import", responses=problem_responses(400, 404))
def get_match(exchange_id: str, gateway: TheGateway, reader: TheReader, told: Annotated[_In, Query()]) -> Any:
    """The match report: each figure of the export beside that of the import, and whether it is within tolerance."""
    terms = Terms(gateway.agreements, gateway.clock())
    return gateway.read(lambda connection: trace.match_of(connection, reader, exchange_id, terms, told.language))


def _in_the_calendar(moment: datetime) -> datetime:
    """A time as it can be looked up, which is in UTC.

    Raises:
        ValueError: It is before the year 1 or after the year 9999 there.
    """
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("This time is not in the calendar in UTC") from None


_Moment = Annotated[AwareDatetime, AfterValidator(_in_the_calendar)]


class _Wanted(Question):
    """What exchanges are looked for by."""

    reference: str | None = Field(None, max_length=35, description="The declarant's reference")
    plate: str | None = Field(None, max_length=35, description="Plate of tractor or trailer")
    container: str | None = Field(None, max_length=35, description="Container number")
    waybill: str | None = Field(None, max_length=70, description="Number of a transport document")
    batch: str | None = Field(None, max_length=35, description="Batch of vehicles that cross together")
    state: State | None = None
    updated_from: _Moment | None = Field(None, description="With offset from UTC, such as 2026-11-23T14:05:00+06:00")
    updated_until: _Moment | None = Field(None, description="With offset from UTC, such as 2026-11-23T14:05:00+06:00")
    overdue: bool = Field(False, description="Only where the authority's decision is overdue")
    limit: int = Field(50, ge=1, le=200)
    before: str | None = Field(None, max_length=70, description="`next` of the page before")


@router.get("/exchanges", summary="Search exchanges", responses=problem_responses(400))
def search_exchanges(gateway: TheGateway, reader: TheReader, wanted: Annotated[_Wanted, Query()]) -> Any:
    """The exchanges that fit everything asked, the latest first; only those the asker is party to."""
    asked = wanted.model_dump(exclude={"limit"})
    terms = Terms(gateway.agreements, gateway.clock())
    return gateway.read(
        lambda connection: trace.search(connection, reader, trace.Search(**asked, most=wanted.limit), terms)
    )
