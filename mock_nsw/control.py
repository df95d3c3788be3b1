"""The port the operator of the simulation sees: lodge, gate, decide, watch, and make things go wrong.

Its requests are those of `docs/national-wires.md`, "The control port of a mock". It asks for no token: it is
meant for the machine or the network of the operator, never for the adapter's.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Awaitable, Callable
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mock_nsw.documents import Unreadable, documents_in
from mock_nsw.faults import DESCRIPTIONS, Fault, FaultSettings
from mock_nsw.national import Decision
from mock_nsw.problems import problem
from mock_nsw.sending import Adapter
from mock_nsw.simulator import Behaviour, Conflict, Direction, NotFound, Reaction, Record
from mock_nsw.wire import TooLarge, Window, read_body

_DAY_SECONDS = 86_400.0


def _printable(text: str) -> str:
    if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text):
        raise ValueError("control characters cannot be written in a national document")
    return text


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _DecideBody(_Body):
    decision: Decision
    reason: Annotated[str, Field(max_length=512), AfterValidator(_printable)] = ""


class _ReactionBody(_Body):
    decision: Decision | None = Decision.ACCEPT
    delay_seconds: Annotated[float, Field(ge=0, le=_DAY_SECONDS)] = 0.0


class _NoReactionBody(_Body):
    # On the wire "none" is a word, because a missing decision means the default one.
    decision: Annotated[str, Field(pattern="^none$")]
    delay_seconds: float = 0.0


class _BehaviourBody(_Body):
    default: _ReactionBody | _NoReactionBody = _ReactionBody()
    by_reference: dict[str, _ReactionBody | _NoReactionBody] = {}


class _FaultBody(_Body):
    times: Annotated[int, Field(ge=1)] | None = None
    seconds: Annotated[float, Field(ge=0, le=_DAY_SECONDS)] = 5.0


class _AdapterBody(_Body):
    url: HttpUrl | None


Endpoint = Callable[[Window, Request], Awaitable[Response]]


def control_app(window: Window) -> Starlette:
    """The application behind the control port."""
    return Starlette(
        routes=[
            Route(path, _endpoint(window, endpoint), methods=[method])
            for method, path, endpoint in (
                ("POST", "/control/lodge", _lodge),
                ("GET", "/control/samples", _samples),
                ("POST", "/control/gate/{reference}", _gate),
                ("GET", "/control/documents", _documents),
                ("GET", "/control/documents/{id}", _document),
                ("POST", "/control/decide/{reference}", _decide),
                ("GET", "/control/behaviour", _behaviour),
                ("PUT", "/control/behaviour", _set_behaviour),
                ("GET", "/control/faults", _faults),
                ("PUT", "/control/faults/{name}", _switch_on),
                ("DELETE", "/control/faults/{name}", _switch_off),
                ("PUT", "/control/adapter", _set_adapter),
                ("GET", "/control/health", _health),
            )
        ]
    )


def _endpoint(window: Window, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            return await endpoint(window, request)
        except Unreadable as unreadable:
            return problem(400, str(unreadable))
        except NotFound as missing:
            return problem(404, str(missing))
        except Conflict as conflict:
            return problem(409, str(conflict))
        except TooLarge as large:
            return problem(413, str(large))
        except ValidationError as invalid:
            faults = (f"{'/'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in invalid.errors())
            return problem(422, "; ".join(faults))

    return answer


async def _lodge(window: Window, request: Request) -> Response:
    sample = request.query_params.get("sample")
    if sample is not None:
        records = window.simulator.lodge_sample(sample)
    else:
        media_type = request.headers.get("content-type", window.simulator.nsw.media_type)
        records = window.simulator.lodge(documents_in(await read_body(request), media_type))
    leading = records[0]
    return JSONResponse(
        {
            "id": leading.id,
            "reference": leading.reference,
            "type": leading.type,
            "documents": [{"id": record.id, "type": record.type} for record in records],
        },
        201,
    )


async def _samples(window: Window, _request: Request) -> Response:
    return JSONResponse(
        [
            {"name": name, "description": sample.description["en"], "descriptions": sample.description}
            for name, sample in window.simulator.nsw.samples.items()
        ]
    )


async def _gate(window: Window, request: Request) -> Response:
    record = window.simulator.pass_gate(request.path_params["reference"])
    outcome = await window.send(record)
    if outcome.status is None:
        return problem(502, outcome.text)
    return JSONResponse({"sent": record.id, "status": outcome.status, "reply": outcome.text})


async def _documents(window: Window, request: Request) -> Response:
    reference = request.query_params.get("reference")
    direction = request.query_params.get("direction")
    records = window.simulator.records() if reference is None else window.simulator.under(reference)
    if direction is not None and direction not in set(Direction):
        return problem(422, f"direction is one of {', '.join(Direction)}")
    return JSONResponse([_summary(record) for record in records if direction in {None, record.direction}])


def _summary(record: Record) -> dict[str, object]:
    return {
        "id": record.id,
        "reference": record.reference,
        "type": record.type,
        "direction": record.direction,
        "at": record.at.isoformat(),
        "state": record.state,
        "documents": [
            {"document_id": document.identity.document_id, "type": document.identity.type}
            for document in record.documents
        ],
        "replies": [
            {"at": reply.at.isoformat(), "status": reply.status, "text": reply.text} for reply in record.replies
        ],
    }


async def _document(window: Window, request: Request) -> Response:
    record = window.simulator.record(request.path_params["id"])
    part = request.query_params.get("part")
    if part is None:
        return Response(record.body, headers={"Content-Type": record.media_type})
    if not part.isdecimal() or not 1 <= int(part) <= len(record.documents):
        raise NotFound(f"{record.id} has the parts 1 to {len(record.documents)}")
    content = record.documents[int(part) - 1].content
    return Response(content, headers={"Content-Type": window.simulator.nsw.media_type})


async def _decide(window: Window, request: Request) -> Response:
    body = _DecideBody.model_validate_json(await read_body(request))
    record, outcome = await window.decide(request.path_params["reference"], body.decision, body.reason)
    if outcome.status is None:
        return problem(502, outcome.text)
    return JSONResponse({"sent": record.id, "status": outcome.status, "reply": outcome.text})


async def _behaviour(window: Window, _request: Request) -> Response:
    behaviour = window.simulator.behaviour
    return JSONResponse(
        {
            "default": _reaction(behaviour.default),
            "by_reference": {name: _reaction(reaction) for name, reaction in behaviour.by_reference.items()},
        }
    )


def _reaction(reaction: Reaction) -> dict[str, object]:
    return {"decision": reaction.decision or "none", "delay_seconds": reaction.delay_seconds}


async def _set_behaviour(window: Window, request: Request) -> Response:
    body = _BehaviourBody.model_validate_json(await read_body(request))
    window.simulator.behaviour = Behaviour(
        _wanted(body.default), {name: _wanted(wanted) for name, wanted in body.by_reference.items()}
    )
    return await _behaviour(window, request)


def _wanted(body: _ReactionBody | _NoReactionBody) -> Reaction:
    if isinstance(body, _NoReactionBody):
        return Reaction(None)
    return Reaction(body.decision, body.delay_seconds)


async def _faults(window: Window, _request: Request) -> Response:
    return JSONResponse([_fault(window, fault) for fault in Fault])


def _fault(window: Window, fault: Fault) -> dict[str, object]:
    settings = window.faults.settings(fault)
    return {
        "name": fault,
        "on": settings is not None,
        "times": settings.times if settings else None,
        "seconds": settings.seconds if settings else None,
        "description": DESCRIPTIONS[fault]["en"],
        "descriptions": DESCRIPTIONS[fault],
    }


async def _switch_on(window: Window, request: Request) -> Response:
    fault = _named_fault(request)
    content = await read_body(request)
    body = _FaultBody.model_validate_json(content) if content else _FaultBody()
    window.faults.switch_on(fault, FaultSettings(body.times, body.seconds))
    return JSONResponse(_fault(window, fault))


async def _switch_off(window: Window, request: Request) -> Response:
    fault = _named_fault(request)
    window.faults.switch_off(fault)
    return JSONResponse(_fault(window, fault))


def _named_fault(request: Request) -> Fault:
    name = request.path_params["name"]
    if name not in set(Fault):
        raise NotFound(f"no fault {name!r}; there are {', '.join(Fault)}")
    return Fault(name)


async def _set_adapter(window: Window, request: Request) -> Response:
    body = _AdapterBody.model_validate_json(await read_body(request))
    url = None if body.url is None else str(body.url).rstrip("/")
    window.adapter = Adapter(url, window.adapter.token)
    return JSONResponse({"url": url})


async def _health(window: Window, _request: Request) -> Response:
    nsw = window.simulator.nsw
    return JSONResponse(
        {
            "status": "ready",
            "country": nsw.country,
            "name": nsw.name,
            "time_zone": nsw.time_zone,
            "languages": nsw.languages,
            "adapter": window.adapter.url,
        }
    )
