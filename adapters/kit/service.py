"""The service that runs any adapter: HTTP on both sides, signing, checks. It keeps nothing.

    POST /national     the national window hands a document over; it is read, checked, signed and sent to the gateway;
                       the answer is national
    POST /deliveries   the gateway delivers; the steps have the numbers of `docs/architecture.md`:
                       15 verify seal and sender's signature   16 write the national form
                       17 hand it to the window                18 signed receipt

When the gateway is away the window gets 503 and repeats; when the window is away the gateway gets 503 and repeats. What
the window refuses is refused in a signed receipt, and not tried again. What must survive survives in the gateway.
"""

from __future__ import annotations

import hmac
import re
import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

import httpx
import orjson
import structlog
from httpx_aiohttp import AiohttpTransport
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route as Path

from adapters.kit.contract import (
    JSON,
    LARGEST,
    LONGEST_PLACE,
    XML,
    Acknowledgement,
    Adapter,
    Fault,
    National,
    Reading,
    Route,
    Setting,
)
from adapters.kit.legs import CANCEL, ENDED, REPLACE, legs, reference_of, renewed, reported, running_under, withdrawn
from gateway.agreements import Agreement, Agreements
from gateway.agreements.agreement import covers
from gateway.errors import GatewayError, MessageConflict, Unreadable, UntrustedMessage
from gateway.message.canonical import bytes_digest, content_digest
from gateway.message.finding import Finding, Severity
from gateway.message.json_twin import write_json
from gateway.message.metadata import BorderEventMessage, DeclarationMessage, Message, MetaData, ResponseMessage
from gateway.message.receipt import Outcome, Receipt, read_receipt
from gateway.message.tree import MOST_FINDINGS, limited
from gateway.message.xml_twin import write_xml
from gateway.opening import Received, VerifiedMessage, verify
from gateway.signing import (
    Purpose,
    Role,
    SigningKey,
    TrustStore,
    VerifiedBytes,
    issue_token,
    sign_detached,
    sign_xml,
    verify_detached,
)
from gateway.transport.http import LONGEST_RECEIPT
from gateway.validation.catalogue import Catalogue, core_catalogue
from gateway.validation.rule import Context
from gateway.validation.validate import validate

log = structlog.get_logger("torugart.adapter")
_ABOUT_THE_DOCUMENT = frozenset({400, 413, 415, 422})
"""Statuses by which a window refuses a document without a reply in its form: unreadable, too large, of a wrong type."""
_LENGTH = re.compile("[0-9]{1,15}")
"""A length of a body as it is announced: of other digits, and of thousands of them, no number could be made."""
_KNOWN = {
    "en": "Another document was sent under this number before; give the new one a number of its own.",
    "ru": "Под этим номером уже был отправлен другой документ; присвойте новому документу собственный номер.",
    "zh": "此前已用该编号发送过另一份报文；请为新报文使用新的编号。",
}
"""What is said of a number that is known with other content, by language: a problem of the gateway's and no rule."""


@dataclass(frozen=True, slots=True)
class Post:
    """What one running adapter works with.

    Attributes:
        adapter: The country.
        setting: Participant, routes, whether messages are tests.
        key: The country's signing key.
        trust: The trust store as it is now.
        gateway_url: Where messages go.
        window_url: Where the national window's inbox is.
        token: Shared with the national window.
        syntax: `application/xml` or `application/json`: how messages are signed and sent.
        clock: The time, with offset.
        routes_at: Where messages go at a moment, as agreements come into force and end; None: as the setting says.
        agreements: All agreements; those with a transit decide who is told of goods that pass several countries.
    """

    adapter: Adapter
    setting: Setting
    key: SigningKey
    trust: Callable[[], TrustStore]
    gateway_url: str
    window_url: str
    token: str
    syntax: str = XML
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    agreements: Agreements = field(default_factory=dict)
    routes_at: Callable[[datetime], Mapping[str, Route]] | None = None

    @property
    def setting_now(self) -> Setting:
        """The setting with the routes of this moment."""
        return self.setting if self.routes_at is None else replace(self.setting, routes=self.routes_at(self.clock()))

    @property
    def transits(self) -> tuple[Agreement, ...]:
        """The transit agreements under which this country sends, or sent: exchanges outlast the end of theirs."""
        return tuple(
            agreement
            for agreement in self.agreements.values()
            if agreement.transit is not None and agreement.transit.participants[0] == self.setting.participant
        )

    @property
    def catalogue(self) -> Catalogue:
        """The core's rules and the country's."""
        return core_catalogue().extended(self.adapter.rules, self.adapter.texts)


class _Away(GatewayError):
    """The other side cannot be reached now."""

    code = "away"
    retryable = True


def create_adapter(post: Post) -> Starlette:
    """The application of an adapter."""
    catalogue = post.catalogue

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with httpx.AsyncClient(
            transport=AiohttpTransport(), timeout=20.0, follow_redirects=False, trust_env=False
        ) as client:
            app.state.client = client
            yield

    async def national(request: Request) -> Response:
        if not _authorised(request, post.token):
            return _problem(401, "unauthorised", "The token of the national window is missing or wrong")
        body = await _body(request)
        document = National(body, request.headers.get("content-type", XML).partition(";")[0].strip().lower())
        return await hand_over(document, post, catalogue, request.app.state.client)

    async def deliveries(request: Request) -> Response:
        body = await _body(request)
        received = Received(
            body,
            request.headers.get("content-type", "").partition(";")[0].strip().lower(),
            request.headers.get("jws-signature", ""),
        )
        seal = request.headers.get("torugart-seal", "")
        return await deliver(received, seal, post, catalogue, request.app.state.client)

    async def health(_request: Request) -> Response:
        return JSONResponse({"status": "ready", "country": post.adapter.country, "contract": post.adapter.contract})

    return Starlette(
        routes=[
            Path("/national", national, methods=["POST"]),
            Path("/deliveries", deliveries, methods=["POST"]),
            Path("/health/ready", health),
        ],
        lifespan=lifespan,
        exception_handlers={GatewayError: _gateway_error, Exception: _bug},
    )


async def hand_over(document: National, post: Post, catalogue: Catalogue, client: httpx.AsyncClient) -> Response:
    """From a national document to a national answer, by way of the gateway."""
    reading = post.adapter.read(document, post.setting_now)
    if reading.message is None and not reading.findings:
        raise Unreadable("The document holds nothing that can be read", rule="KIT-READ-01")
    refused = not_to_be_sent(reading, post, catalogue)
    if reading.message is None or refused:
        kind = type(reading.message) if reading.message else DeclarationMessage
        found = [catalogue.wire(finding, kind) for finding in limited(refused or reading.findings)]
        faults = [_fault(finding, reading, post) for finding in found]
        return _answer(document, False, faults, post)
    going = await _going(reading.message, post, client)
    replies = [await _told(message, post, client) for message in going]
    if replies and all(reply.refused for reply in replies):
        return _answer(document, False, _faults(replies, reading, post), post)
    warnings = [catalogue.wire(finding, type(reading.message)) for finding in limited(reading.findings)]
    faults = [*_faults(replies, reading, post), *(_fault(finding, reading, post) for finding in warnings)]
    return _answer(document, True, faults, post)


class _Reply(NamedTuple):
    """What the gateway says to one message: whether it refuses it for this recipient, and what it found."""

    recipient: str
    refused: bool
    findings: tuple[Mapping[str, Any], ...]


async def _told(message: Message, post: Post, client: httpx.AsyncClient) -> _Reply:
    """Send a message. That its number is known with other content is a refusal like any other, at that number.

    Raises:
        GatewayError: As `send`, but for that.
    """
    recipient = message.communication_meta_data.recipient.id
    try:
        receipt = await send(signed(message, post), post, client)
    except MessageConflict as conflict:
        known = {"rule": conflict.code, "text": _KNOWN, "pointer": "/CommunicationMetaData/ID"}
        return _Reply(recipient, True, (known,))
    return _Reply(recipient, receipt.outcome is Outcome.REFUSED, receipt.findings)


def _faults(replies: list[_Reply], reading: Reading, post: Post) -> list[Fault]:
    """What the gateway found, recipient by recipient; of several, each fault says whose it is."""
    faults = [(reply, _fault(finding, reading, post)) for reply in replies for finding in reply.findings]
    if len(replies) < 2:
        return [fault for _, fault in faults]
    return [replace(fault, text=f"→ {reply.recipient}: {fault.text}") for reply, fault in faults]


async def _going(message: Message, post: Post, client: httpx.AsyncClient) -> tuple[Message, ...]:
    """What is sent for a message: one for each who is to be told; the gateway knows who was told before."""
    if isinstance(message, ResponseMessage):
        return (message,)
    if isinstance(message, BorderEventMessage):
        return await _reports(message, post, client)
    return await _declarations(message, post, client)


async def _reports(message: BorderEventMessage, post: Post, client: httpx.AsyncClient) -> tuple[Message, ...]:
    """A border event to each whom this country told of the declaration; without any transit that is one."""
    reference = reference_of(message)
    if not post.transits or not reference:
        return (message,)
    listed = await _exchanges({"reference": reference}, post, client)
    return reported(message, listed, post.agreements, post.clock())


async def _declarations(message: DeclarationMessage, post: Post, client: httpx.AsyncClient) -> tuple[Message, ...]:
    """A declaration to each leg, an original where a replacement adds one, and cancellations to who is left out.

    Left out are recipients that a replaced or cancelled transit does not reach any more, and the vehicles of a batch
    that is cancelled as a whole: then its number names no declaration, and nothing is sent under it. An original goes
    by the transits in force; what follows it also by those that have ended since, while exchanges under them are open.
    """
    now = post.clock()
    in_force = tuple(agreement for agreement in post.transits if agreement.in_force(now))
    function, reference = message.declaration.function_code, reference_of(message)
    if function != CANCEL and not (function == REPLACE and post.transits):
        return legs(message, in_force)
    listed = await _exchanges({"batch" if function == CANCEL else "reference": reference}, post, client)
    told = [exchange for exchange in listed if exchange["sender"] == post.setting.participant]
    ours = [exchange for exchange in told if exchange["reference"] == reference]
    going = legs(message, (*in_force, *running_under(ours, post.agreements, now)))
    if function == REPLACE:
        going = renewed(going, ours, await _sent(going, post, client))
    elif len(told) > len(ours) and all(exchange["state"] in ENDED for exchange in ours):
        going = ()
    return going + withdrawn(message, told, going, post.agreements, now)


async def _sent(messages: Iterable[Message], post: Post, client: httpx.AsyncClient) -> dict[str, str]:
    """By id, the function code of those messages that the gateway has already."""
    ids = [message.communication_meta_data.id for message in messages]
    known = [await _ask(f"/v1/messages/{each}", {}, post, client) for each in ids]
    return {each: str(found["functionCode"]) for each, found in zip(ids, known, strict=True) if found is not None}


async def _exchanges(query: Mapping[str, str], post: Post, client: httpx.AsyncClient) -> list[dict[str, str]]:
    """The exchanges found by a query to which this country is party, of all pages."""
    found: list[dict[str, str]] = []
    page: Mapping[str, str] = {**query, "limit": "200"}
    while (listed := await _ask("/v1/exchanges", page, post, client)) is not None:
        found += listed["exchanges"]
        if not listed["next"]:
            break
        page = {**page, "before": listed["next"]}
    return found


async def _ask(path: str, query: Mapping[str, str], post: Post, client: httpx.AsyncClient) -> dict[str, Any] | None:
    """What the gateway says to a question; None where there is no such thing.

    Raises:
        _Away: The gateway cannot be asked.
    """
    gateway = next(p.id for p in post.trust().participants.values() if p.role is Role.GATEWAY)
    token = issue_token(post.key, participant=post.setting.participant, audience=gateway, at=post.clock())
    asked = client.stream(
        "GET", post.gateway_url.rstrip("/") + path, params=query, headers={"Authorization": f"Bearer {token}"}
    )
    answer = await _answered(asked, "The gateway")
    if answer.status == 404:
        return None
    if answer.status != 200:
        raise _Away(f"The gateway answered {answer.status}")
    found: dict[str, Any] = orjson.loads(answer.body)
    return found


class _Answer(NamedTuple):
    """What the other side answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def _answered(asked: AbstractAsyncContextManager[httpx.Response], who: str) -> _Answer:
    """The answer to a request, read as far as a document may be long.

    Raises:
        _Away: The other side cannot be reached, breaks off, or answers more than that.
    """
    body = bytearray()
    try:
        async with asked as response:
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > LARGEST:
                    raise _Away(f"{who} answered more than {LARGEST} bytes")
            return _Answer(response.status_code, response.headers, bytes(body))
    except httpx.HTTPError as error:
        raise _Away(f"{who} cannot be reached: {type(error).__name__}") from error


def not_to_be_sent(reading: Reading, post: Post, catalogue: Catalogue) -> tuple[Finding, ...]:
    """All findings, when a serious one of the country's own forbids sending; else none.

    What only the core's rules find is the gateway's to refuse, with its signature under the refusal.
    """
    own = list(reading.findings)
    if reading.message is not None:
        now = Context(now=post.clock())
        national = Catalogue({rule.id: rule for rule in post.adapter.rules}, catalogue.texts)
        own += validate(reading.message, now, national)
        if any(finding.severity is Severity.REJECT for finding in own):
            return (*own, *validate(reading.message, now, core_catalogue()))
    return tuple(own) if any(finding.severity is Severity.REJECT for finding in own) else ()


def signed(message: Message, post: Post) -> Received:
    """The message in the adapter's syntax, signed with the country's key."""
    now = post.clock()
    if post.syntax == JSON:
        body = write_json(message)
        return Received(body, JSON, sign_detached(body, post.key, purpose=Purpose.MESSAGE, signing_time=now))
    return Received(sign_xml(write_xml(message), post.key, now), XML)


async def send(received: Received, post: Post, client: httpx.AsyncClient) -> Receipt:
    """Send a signed message to the gateway; its receipt, verified.

    Raises:
        _Away: The gateway cannot be reached, or cannot take it now.
        UntrustedMessage: The receipt is not the gateway's, or speaks of something else.
        MessageConflict: The gateway knows the number of the message with other content.
        Unreadable: The gateway refused to read it at all.
    """
    headers = {"Content-Type": received.media_type}
    if received.signature:
        headers["JWS-Signature"] = received.signature
    url = post.gateway_url.rstrip("/") + "/v1/messages"
    answer = await _answered(client.stream("POST", url, content=received.body, headers=headers), "The gateway")
    if answer.status >= 500:
        raise _Away(f"The gateway answered {answer.status}")
    if answer.status == 409:
        raise MessageConflict(_detail(answer.body))
    if answer.status not in (202, 422):
        raise Unreadable(f"The gateway refused the message: {_detail(answer.body)}", rule="ACD-SIG-01")
    proof = _from_gateway(answer.body, answer.headers.get("JWS-Signature", ""), Purpose.RECEIPT, post)
    receipt = read_receipt(proof.body)
    if receipt.outcome is Outcome.REFUSED or receipt.message_digest == bytes_digest(received.body):
        return receipt
    if receipt.content_digest is not None:  # a repeated message: same content, other signature bytes
        return receipt
    raise UntrustedMessage("wrong-purpose", "The receipt speaks of other bytes than were sent")


def _from_gateway(body: bytes, jws: str, purpose: Purpose, post: Post) -> VerifiedBytes:
    proof = verify_detached(body, jws, post.trust(), purpose=purpose, at=post.clock())
    if proof.signer.role is not Role.GATEWAY:
        raise UntrustedMessage("unknown-participant", f"{proof.signer.participant} is not a gateway")
    return proof


async def deliver(
    received: Received, seal: str, post: Post, catalogue: Catalogue, client: httpx.AsyncClient
) -> Response:
    """Steps 15 to 18."""
    verified = opened(received, seal, post)  # 15
    if verified.message is None:
        return _receipt(verified, post, catalogue, Outcome.REFUSED, findings=verified.findings)
    if stray := _of_another_kind(verified.message, post):
        return _receipt(verified, post, catalogue, Outcome.REFUSED, findings=stray)
    written = post.adapter.write(verified.message)  # type: ignore[arg-type]  # 16; the kinds are closed
    serious = [finding for finding in written.findings if finding.severity is Severity.REJECT]
    if serious:
        return _receipt(verified, post, catalogue, Outcome.REFUSED, findings=written.findings)
    acknowledgement = await to_window(written.document, post, client)  # 17
    outcome = Outcome.DELIVERED if acknowledgement.taken else Outcome.REFUSED
    return _receipt(  # 18
        verified, post, catalogue, outcome, findings=written.findings, acknowledgement=acknowledgement
    )


def _of_another_kind(message: MetaData, post: Post) -> tuple[Finding, ...]:
    """KIT-TEST-01: a test for a window that would act on it, or what is none for a window where nobody acts.

    A form with a place for the mark tells it; in a form without, nobody could see that it is a test.
    """
    test = bool(message.communication_meta_data.test_indicator)
    carried = not covers(post.adapter.not_carried, "CommunicationMetaData/TestIndicator")
    if test == post.setting.test or (test and carried):
        return ()
    shown = "true" if test else "false"
    return (Finding("KIT-TEST-01", Severity.REJECT, "/CommunicationMetaData/TestIndicator", shown),)


def opened(received: Received, seal: str, post: Post) -> VerifiedMessage:
    """Step 15: the gateway's seal over these bytes, for us; then the sender's own signature.

    Raises:
        UntrustedMessage: Seal or signature is not what it must be, or they do not belong together.
    """
    claims = _from_gateway(received.body, seal, Purpose.SEAL, post).claims
    if claims.get("recipient") != post.setting.participant:
        raise UntrustedMessage("wrong-audience", f"The seal is for {claims.get('recipient')}")
    verified = verify(received, post.trust(), post.clock())
    if verified.signer != claims.get("sender"):
        raise UntrustedMessage("unknown-participant", "The seal names another sender than the one who signed")
    if verified.message is not None and content_digest(verified.message) != claims.get("content"):
        raise UntrustedMessage("signature-invalid", "The seal names another content")
    return verified


async def to_window(document: National, post: Post, client: httpx.AsyncClient) -> Acknowledgement:
    """Step 17: taken or refused, as the window says in its own form, or by a status that is about the document.

    Raises:
        _Away: The window cannot be reached, or cannot take it now, or its answer is not one.
    """
    headers = {"Content-Type": document.media_type, "Authorization": f"Bearer {post.token}"}
    if document.name:
        headers["Content-Disposition"] = f'attachment; filename="{document.name}"'
    url = post.window_url.rstrip("/") + "/inbox"
    answer = await _answered(client.stream("POST", url, content=document.body, headers=headers), "The national window")
    status = answer.status
    if status >= 500 or status == 429:
        raise _Away(f"The national window answered {status}")
    media_type = answer.headers.get("content-type", XML).partition(";")[0]
    said = post.adapter.acknowledged(National(answer.body, media_type))
    if said.refused or (said.taken and status == 200):
        return said
    if status in _ABOUT_THE_DOCUMENT:
        words = _detail(answer.body) or f"The national window answered {status}"
        return Acknowledgement(False, text=words, refused=True)
    raise _Away(f"The national window answered {status} and did not take it: {said.text[:200]}")


def _receipt(
    verified: VerifiedMessage,
    post: Post,
    catalogue: Catalogue,
    outcome: Outcome,
    *,
    findings: tuple[Finding, ...],
    acknowledgement: Acknowledgement | None = None,
) -> Response:
    """Step 18. The id follows from what was delivered: the same delivery again gets the same receipt."""
    message = verified.message
    digest = bytes_digest(verified.received.body)
    now = post.clock()
    receipt = Receipt(
        outcome=outcome,
        receipt_id=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{post.setting.participant}/{digest}")),
        issued_at=now.replace(microsecond=now.microsecond // 1000 * 1000),
        issuer=post.setting.participant,
        message_id=message.communication_meta_data.id if message else None,
        sender=verified.signer,
        recipient=post.setting.participant,
        content_digest=content_digest(message) if message else None,
        message_digest=digest,
        national_reference=(acknowledgement.reference[:500] or None) if acknowledgement else None,
        detail=(acknowledgement.text[:500] or None) if acknowledgement and not acknowledgement.taken else None,
        findings=_listed(findings, verified.kind, catalogue),
    )
    text = receipt.to_bytes()
    signature = sign_detached(text, post.key, purpose=Purpose.RECEIPT, signing_time=now)
    return Response(text, headers={"JWS-Signature": signature}, media_type=JSON)


def _listed(findings: tuple[Finding, ...], kind: type[MetaData], catalogue: Catalogue) -> tuple[dict[str, Any], ...]:
    """Findings as a receipt lists them: the heaviest that it has room for, and one more that says so where more are."""
    order = list(Severity)
    heaviest = sorted(range(len(findings)), key=lambda number: order.index(findings[number].severity))
    shown: dict[int, dict[str, Any]] = {}
    room = LONGEST_RECEIPT // 2
    for number in heaviest[:MOST_FINDINGS]:
        finding = catalogue.wire(findings[number], kind)
        room -= len(orjson.dumps(finding))
        if room < 0:
            break
        shown[number] = finding
    listed = tuple(shown[number] for number in sorted(shown))
    if len(listed) == len(findings):
        return listed
    count = str(len(listed))
    return (*listed, catalogue.wire(Finding("ACD-STR-99", Severity.INFO, "", count, {"count": count}), kind))


def _fault(finding: Mapping[str, Any], reading: Reading, post: Post) -> Fault:
    """A finding as the national window is told of it: in its language, at the place in its own document."""
    place = str(finding.get("national") or origin(str(finding.get("pointer", "")), reading.origins))[:LONGEST_PLACE]
    text = finding.get("text", {})
    return Fault(
        str(finding.get("rule", "")), str(text.get(post.adapter.language, "")), place, str(finding.get("value", ""))
    )


def origin(pointer: str, origins: Mapping[str, str]) -> str:
    """Where a part of the message came from in the national document; of the nearest part above that is known."""
    while pointer:
        if pointer in origins:
            return origins[pointer]
        pointer = pointer.rpartition("/")[0]
    return origins.get("", "")


def _answer(document: National, taken: bool, faults: list[Fault], post: Post) -> Response:
    answer = post.adapter.answer(document, taken, tuple(faults), post.clock())
    return Response(answer.body, 200 if taken else 422, media_type=answer.media_type)


def _authorised(request: Request, token: str) -> bool:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())


class _TooLarge(GatewayError):
    """The body is larger than is read."""

    code = "too-large"


async def _body(request: Request) -> bytes:
    announced = request.headers.get("content-length", "0")
    if not _LENGTH.fullmatch(announced) or int(announced) > LARGEST:
        raise _TooLarge
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST:
                raise _TooLarge
    except ClientDisconnect:
        raise Unreadable("The body broke off", rule="KIT-READ-01") from None
    return bytes(body)


def _problem(status: int, code: str, detail: str) -> Response:
    document = {"type": f"urn:torugart:problem:{code}", "title": code, "status": status, "detail": detail}
    headers = {"Retry-After": "2"} if status == 503 else {}
    return Response(orjson.dumps(document), status, headers, media_type="application/problem+json")


def _detail(body: bytes) -> str:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    return str(document.get("detail", ""))[:500] if isinstance(document, dict) else ""


async def _gateway_error(_request: Request, error: Exception) -> Response:
    if not isinstance(error, GatewayError):
        raise error
    status = 413 if isinstance(error, _TooLarge) else 503 if error.retryable else 400
    if isinstance(error, UntrustedMessage):
        status = 401
    log.warning("request-refused", problem=error.code, detail=error.detail)
    return _problem(status, error.code, error.detail)


async def _bug(_request: Request, error: Exception) -> Response:
    incident = str(uuid.uuid4())
    log.error("bug", incident=incident, exc_info=error)
    return _problem(500, "bug", f"A fault of the adapter; incident {incident}")
