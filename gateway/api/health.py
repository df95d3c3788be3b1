"""Health: alive, and ready."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy import text
from starlette.responses import Response

from gateway.api.problems import problem
from gateway.api.reading import TheGateway
from gateway.errors import GatewayError
from gateway.signing import Purpose, sign_detached, verify_detached

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live", summary="Alive")
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


@router.get("/ready", summary="Ready", response_model=None)
def ready(gateway: TheGateway) -> dict[str, str] | Response:
    """The database answers, and the gateway's own key signs what its own trust store verifies as the gateway's."""
    now = gateway.clock()
    try:
        gateway.read(lambda connection: connection.execute(text("SELECT 1")))
        proof = sign_detached(b"ready", gateway.key, purpose=Purpose.RECEIPT, signing_time=now)
        gateway.trust().require_gateway(gateway.key.chain, gateway.participant, now)
        verify_detached(b"ready", proof, gateway.trust(), purpose=Purpose.RECEIPT, at=now)
    except GatewayError as reason:
        return problem(503, "not-ready", "Not ready", reason.detail)
    return {"status": "ready"}
