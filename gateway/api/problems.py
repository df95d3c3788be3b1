"""Problem documents (RFC 9457): the one place that knows how what went wrong looks in HTTP."""

from __future__ import annotations

import uuid
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from gateway import errors

log = structlog.get_logger("torugart.api")
MEDIA_TYPE = "application/problem+json"

_STATUS: dict[type[errors.GatewayError], int] = {
    errors.UntrustedMessage: 401,
    errors.TrustUnknown: 503,
    errors.MessageConflict: 409,
    errors.NotPermitted: 403,
    errors.Unknown: 404,
    errors.Unreadable: 400,
    errors.Overloaded: 503,
    errors.DeliveryFailed: 502,
    errors.Misconfigured: 500,
}


class UnsupportedMediaType(errors.GatewayError):
    """Only application/xml and application/json are read."""

    code = "unsupported-media-type"


class TooLarge(errors.GatewayError):
    """The body is larger than is read."""

    code = "too-large"


class BadQuestion(errors.GatewayError):
    """A part of the request has a form that is not understood."""

    code = "bad-request"


class TokenRefused(errors.UntrustedMessage):
    """There is no token, or none that is valid."""


_STATUS |= {UnsupportedMediaType: 415, TooLarge: 413, BadQuestion: 400, TokenRefused: 401}


def problem(status: int, code: str, title: str, detail: str, **members: Any) -> Response:
    """A problem document."""
    document = {
        "type": f"urn:torugart:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        **{name: value for name, value in members.items() if value is not None},
    }
    headers = {"Retry-After": "5"} if status == 503 else {}
    return Response(orjson.dumps(document), status, headers, media_type=MEDIA_TYPE)


def add_problem_handlers(app: FastAPI) -> None:
    """Teach the application to answer every failure with a problem document."""
    app.add_exception_handler(errors.GatewayError, _gateway_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _bad_request)
    app.add_exception_handler(Exception, _bug)


async def _gateway_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, errors.GatewayError):
        raise error
    status = _STATUS.get(type(error), 500)
    if status >= 500:
        log.warning("request-failed", path=request.url.path, problem=error.code)
    title = (type(error).__doc__ or "").strip().rstrip(".")
    if isinstance(error, errors.Unreadable):
        return problem(status, error.code, title, error.detail, rule=error.rule, line=error.line, column=error.column)
    reason = error.reason if isinstance(error, errors.UntrustedMessage | errors.TrustUnknown) else None
    response = problem(status, error.code, title, error.detail, reason=reason)
    if isinstance(error, TokenRefused):  # a message is trusted by its signature: no token would help it
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


async def _http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return problem(error.status_code, "http", str(error.detail), f"{request.method} {request.url.path}")


async def _bad_request(_request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    faults = [{"place": ".".join(str(part) for part in e["loc"]), "detail": e["msg"]} for e in error.errors()]
    return problem(
        400, "bad-request", "A part of the request is not as asked", f"{len(faults)} fault(s)", faults=faults
    )


async def _bug(request: Request, error: Exception) -> Response:
    """A bug of ours: logged under an id, told without a word of its inside."""
    incident = str(uuid.uuid4())
    log.error("bug", incident=incident, path=request.url.path, exc_info=error)
    return problem(
        500, "bug", "The gateway has failed", "A fault of the gateway, not of the request", incident=incident
    )
