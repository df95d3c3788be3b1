"""Who asks, and what: a short-lived JWT signed with the registered key of a participant or an operator."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict

from gateway.api.problems import BadQuestion, TokenRefused
from gateway.errors import UntrustedMessage
from gateway.exchange.gateway import Gateway
from gateway.signing import Reader, Reason, verify_token

_bearer = HTTPBearer(
    auto_error=False,
    bearerFormat="JWT",
    description="JWT signed with a registered key; audience is the gateway's participant id; at most five minutes",
)


def the_gateway(request: Request) -> Gateway:
    """The gateway this application runs."""
    gateway: Gateway = request.app.state.gateway
    return gateway


def the_reader(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Reader:
    """The participant or operator who asks.

    Raises:
        TokenRefused: No token, or none that is valid.
        TrustUnknown: It cannot be judged now.
    """
    if credentials is None:
        raise TokenRefused(Reason.TOKEN_INVALID, "A bearer token is needed")
    gateway = the_gateway(request)
    try:
        return verify_token(credentials.credentials, gateway.trust(), audience=gateway.participant, at=gateway.clock())
    except UntrustedMessage as refusal:
        raise TokenRefused(refusal.reason, refusal.detail) from refusal


def without_nul(request: Request) -> None:
    """No database keeps a NUL in a text, and PostgreSQL fails at one: nothing has such a name.

    Raises:
        BadQuestion: There is one in the path or in what is asked.
    """
    if "\x00" in request.scope["path"] or any("\x00" in value for value in request.query_params.values()):
        raise BadQuestion("There is a NUL character in the request")


class Question(BaseModel):
    """What is asked beside the path. A word that is not known is refused: a slip would widen what is found."""

    model_config = ConfigDict(extra="forbid", frozen=True)


TheGateway = Annotated[Gateway, Depends(the_gateway)]
TheReader = Annotated[Reader, Depends(the_reader)]
