"""The port the operator of the simulation sees: lodge, gate, decide, watch, and make things go wrong.

Its requests are those of `docs/national-wires.md`, "The control port of a mock". It asks for no token: it is
meant for the machine or the network of the operator, never for the adapter's.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    ValidationError,
    model_validator,
)
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mock_nsw.documents import NoSuchPlace, Unreadable, documents_in
from mock_nsw.events import (
    TOLD_BY_THE_GATEWAY,
    Conclusion,
    EventKind,
    SealState,
    SeenConsignment,
    SeenSeal,
    Sighting,
)
from mock_nsw.faults import DESCRIPTIONS, Fault, FaultSettings
from mock_nsw.national import Change, Decision, Function
from mock_nsw.problems import problem
from mock_nsw.sending import Adapter
from mock_nsw.simulator import Behaviour, Conflict, Direction, NotFound, Reaction, Record
from mock_nsw.wire import TooLarge, Window, read_body

_DAY_SECONDS = 86_400.0


def _printable(text: str) -> str:
    if any(unicodedata.category(sign) in {"Cc", "Cs"} or sign in "\ufffe\uffff" for sign in text):
        raise ValueError("control characters cannot be written in a national document")
    return text


def _seen_by_an_officer(kind: EventKind) -> EventKind:
    if kind in TOLD_BY_THE_GATEWAY:
        raise ValueError(f"{kind} is told by the gateway, never by a window")
    return kind


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _DecideBody(_Body):
    decision: Decision
    reason: Annotated[str, Field(max_length=512), AfterValidator(_printable)] = ""


_Text = Annotated[str, Field(min_length=1, max_length=70), AfterValidator(_printable)]
_MaybeText = Annotated[str, Field(max_length=70), AfterValidator(_printable)]
_Kilograms = Annotated[Decimal, Field(ge=0, max_digits=16, decimal_places=6, allow_inf_nan=False)]


class _AmendBody(_Body):
    reason: Annotated[str, Field(pattern="^[0-9]{3}$")] | None = None
    changes: dict[str, Annotated[str, AfterValidator(_printable)] | None] = {}
    function: Literal[Function.REPLACEMENT, Function.CHANGE, Function.ADDITION] = Function.REPLACEMENT

    @model_validator(mode="after")
    def _why(self) -> Self:
        if self.reason is None and self.function is not Function.ADDITION:
            raise ValueError(f"a {self.function} gives its reason")
        return self


class _DeleteBody(_Body):
    reason: Annotated[str, Field(pattern="^[0-9]{3}$")]


class _SealBody(_Body):
    id: _Text
    state: SealState = SealState.INTACT


class _ConsignmentBody(_Body):
    number: Annotated[int, Field(ge=1)]
    waybill: _MaybeText = ""
    registration: _MaybeText = ""
    subheadings: tuple[Annotated[str, Field(pattern="^[0-9]{6}$")], ...] = ()
    packages: Annotated[int, Field(ge=0)] | None = None
    package_type: Annotated[str, Field(pattern="^([0-9A-Z]{2})?$")] = ""
    gross_mass_kg: _Kilograms | None = None
    value: Annotated[Decimal, Field(ge=0, allow_inf_nan=False)] | None = None
    currency: Annotated[str, Field(pattern="^([A-Z]{3})?$")] = ""


class _EventBody(_Body):
    event: Annotated[EventKind, AfterValidator(_seen_by_an_officer)]
    time: AwareDatetime | None = None
    office: _Text | None = None
    plates: tuple[_Text, ...] | None = None
    seals: tuple[_SealBody, ...] | None = None
    gross_mass_kg: _Kilograms | None = None
    image: _Text | None = None
    conclusion: Conclusion | Literal["none"] | None = None
    consignments: tuple[_ConsignmentBody, ...] | None = None
    remarks: Annotated[str, Field(max_length=512), AfterValidator(_printable)] | None = None


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
                ("POST", "/control/gate/{reference:path}", _gate),
                ("POST", "/control/amend/{reference:path}", _amend),
                ("POST", "/control/delete/{reference:path}", _delete),
                ("POST", "/control/event/{reference:path}", _event),
                ("GET", "/control/documents", _documents),
                ("GET", "/control/documents/{id}", _document),
                ("POST", "/control/decide/{reference:path}", _decide),
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
        except (NoSuchPlace, ValidationError) as misunderstood:
            return problem(422, _what_is_wrong(misunderstood))

    return answer


def _what_is_wrong(reason: NoSuchPlace | ValidationError) -> str:
    if isinstance(reason, NoSuchPlace):
        return str(reason)
    return "; ".join(f"{'/'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in reason.errors())


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
    return await _handed_over(window, window.simulator.pass_gate(request.path_params["reference"]))


async def _handed_over(window: Window, record: Record) -> Response:
    outcome = await window.send(record)
    if outcome.status is None:
        return problem(502, outcome.text)
    return JSONResponse({"sent": record.id, "status": outcome.status, "reply": outcome.text})


async def _amend(window: Window, request: Request) -> Response:
    body = _AmendBody.model_validate_json(await read_body(request))
    change = Change(body.reason or "", body.changes, body.function)
    record = window.simulator.amend(request.path_params["reference"], change)
    return await _handed_over(window, record)


async def _delete(window: Window, request: Request) -> Response:
    body = _DeleteBody.model_validate_json(await read_body(request))
    return await _handed_over(window, window.simulator.withdraw(request.path_params["reference"], body.reason))


async def _event(window: Window, request: Request) -> Response:
    body = _EventBody.model_validate_json(await read_body(request))
    reference = request.path_params["reference"]
    record = window.simulator.report(reference, body.event, lambda expected: _reported(expected, body))
    return await _handed_over(window, record)


def _reported(expected: Sighting, body: _EventBody) -> Sighting:
    # What the operator gave takes the place of what is expected; what was not given stays.
    seen = replace(
        expected,
        at=body.time or expected.at,
        office=body.office or expected.office,
        plates=expected.plates if body.plates is None else body.plates,
        gross_mass_kg=expected.gross_mass_kg if body.gross_mass_kg is None else body.gross_mass_kg,
        image=body.image or expected.image,
        remarks=expected.remarks if body.remarks is None else body.remarks,
    )
    if body.seals is not None:
        seen = replace(seen, seals=tuple(SeenSeal(seal.id, seal.state) for seal in body.seals))
    if body.conclusion is not None:
        seen = replace(seen, conclusion=None if body.conclusion == "none" else body.conclusion)
    if body.consignments is not None:
        seen = replace(seen, consignments=tuple(SeenConsignment(**dict(each)) for each in body.consignments))
    return seen


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
