"""The gateway as an application: the endpoints, on a gateway that runs as long as the application does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from fastapi import Depends, FastAPI

from gateway.api import contract, exchanges, health, messages
from gateway.api.problems import add_problem_handlers
from gateway.api.reading import without_nul
from gateway.clock import clock as moved_clock
from gateway.settings import Settings
from gateway.wiring import running

DESCRIPTION = """
A reference gateway through which customs administrations exchange signed advance cargo declarations.

Posting is authenticated by the message's own signature. Reading takes a short-lived JWT signed with a registered key.
Errors are problem documents (RFC 9457); what is wrong with a message is a list of findings.
"""


def create_app(settings: Settings, *, clock: Callable[[], datetime] | None = None) -> FastAPI:
    """The application for a gateway with these settings, and with their clock unless another is given."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with running(settings, clock=clock or moved_clock(settings.clock_file)) as gateway:
            app.state.gateway = gateway
            yield

    app = FastAPI(
        title="Torugart gateway", version="1", description=DESCRIPTION, lifespan=lifespan, docs_url=None, redoc_url=None
    )
    app.state.largest_message = settings.largest_message
    for part in (messages, exchanges, contract, health):
        app.include_router(part.router, dependencies=[Depends(without_nul)])
    add_problem_handlers(app)
    return app
