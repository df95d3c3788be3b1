"""Messages: post one, read one, its document and its receipts; and the dry run."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from gateway.api.documented import DRY_RUN, POST_MESSAGE, problem_responses
from gateway.api.problems import BadQuestion, TooLarge, UnsupportedMediaType
from gateway.api.reading import Question, TheGateway, TheReader
from gateway.exchange import hold, trace
from gateway.exchange.accept import accept, dry_run
from gateway.exchange.terms import Terms
from gateway.opening import Received

router = APIRouter(prefix="/v1", tags=["messages"])
PROBLEM = "application/problem+json"


class _Released(Question):
    sender: str | None = Field(
        None,
        description="Whose message, where messages of several are held under one id",
    )


@router.post("/messages", status_code=202, openapi_extra=POST_MESSAGE, summary="Post a signed message")
async def post_message(request: Request, gateway: TheGateway) -> Response:
    """Judge and record a signed message; the answer is a signed receipt.

    Authenticated by the message's own signature: XAdES inside XML, the header `JWS-Signature` beside JSON. The same
    message again gets the same receipt, byte for byte.
    """
    answer = await accept(await received(request), gateway)
    media_type = PROBLEM if answer.status >= 400 else "application/json"
    return Response(answer.body, answer.status, {"JWS-Signature": answer.signature}, media_type=media_type)


@router.post("/validations", openapi_extra=DRY_RUN, summary="Try a message without sending it")
async def post_validation(request: Request, gateway: TheGateway, reader: TheReader) -> dict[str, Any]:
    """Everything but recording: every finding that posting this message now would bring.

    A document without a signature is judged too; that it has none is then one more finding, for information. Where its
    exchange stands is told only to those whom it names as sender or recipient, and to operators.
    """
    tried = await dry_run(await received(request), gateway, reader)
    return {"outcome": tried.outcome.value, "signed": tried.signed, "findings": tried.findings}


@router.get("/messages/{message_id}", summary="What is known of a message")
def get_message(message_id: str, gateway: TheGateway, reader: TheReader) -> Any:
    """Outcome, exchange and deliveries of a message, for its sender and its recipient.

    A delivery is `overdue` where the recipient's receipt came, or has not come, later than the agreement says.
    """
    terms = Terms(gateway.agreements, gateway.clock())
    return gateway.read(lambda connection: trace.message_of(connection, reader, message_id, terms))


@router.get("/messages/{message_id}/document", summary="The message itself", response_class=Response)
def get_document(message_id: str, gateway: TheGateway, reader: TheReader) -> Response:
    """The very bytes that were posted; the header `JWS-Signature` where the signature is not inside."""
    return _stored(gateway.read(lambda connection: trace.document_of(connection, reader, message_id)))


@router.get("/messages/{message_id}/receipt", summary="The receipt of a message", response_class=Response)
def get_receipt(message_id: str, gateway: TheGateway, reader: TheReader) -> Response:
    """The receipt that was given when the message was posted, byte for byte."""
    return _stored(gateway.read(lambda connection: trace.receipt_of(connection, reader, message_id)))


@router.get(
    "/messages/{message_id}/deliveries/{recipient}/receipt",
    summary="The recipient's receipt",
    response_class=Response,
)
def get_delivery_receipt(message_id: str, recipient: str, gateway: TheGateway, reader: TheReader) -> Response:
    """The signed receipt that the recipient gave when the message was delivered."""
    return _stored(
        gateway.read(lambda connection: trace.delivery_receipt_of(connection, reader, message_id, recipient))
    )


@router.post(
    "/messages/{message_id}/release",
    status_code=202,
    summary="Let a held message through",
    response_class=Response,
    responses=problem_responses(401, 403, 404, 409),
)
async def post_release(
    message_id: str, gateway: TheGateway, reader: TheReader, which: Annotated[_Released, Query()]
) -> Response:
    """For operators: a message held for its findings is recorded; what held it stays as a warning on its receipt."""
    answer = await hold.release(message_id, which.sender, reader, gateway)
    return Response(answer.body, answer.status, {"JWS-Signature": answer.signature}, media_type="application/json")


@router.get("/held", summary="Held messages", responses=problem_responses(401, 403))
def get_held(gateway: TheGateway, reader: TheReader) -> Any:
    """For operators: what is held, why, and until when."""
    return gateway.read(lambda connection: trace.held(connection, reader))


def _stored(kept: trace.Stored) -> Response:
    headers = {"JWS-Signature": kept.signature} if kept.signature else {}
    return Response(kept.body, headers=headers, media_type=kept.media_type)


async def received(request: Request) -> Received:
    """Step 1: the body, when its size, type and encoding are ones that are read.

    Raises:
        TooLarge: Before it is read where its length is announced, else as soon as it is seen.
        UnsupportedMediaType: Neither XML nor JSON in UTF-8, or compressed.
        BadQuestion: The body broke off.
    """
    largest: int = request.app.state.largest_message
    media_type, _, parameters = request.headers.get("content-type", "").partition(";")
    media_type = media_type.strip().lower()
    if media_type not in ("application/xml", "application/json"):
        raise UnsupportedMediaType(f"{media_type[:80] or 'No media type'}; application/xml or application/json is read")
    charset = parameters.replace('"', "").strip().lower()
    if charset and charset not in ("charset=utf-8", "charset=utf8"):
        raise UnsupportedMediaType(f"{charset[:80]}; only UTF-8 is read")
    if (encoding := request.headers.get("content-encoding", "identity")) != "identity":
        raise UnsupportedMediaType(f"Content-Encoding {encoding[:40]}; only uncompressed bodies are read")
    announced = request.headers.get("content-length", "0")
    if not announced.isdigit() or int(announced) > largest:
        raise TooLarge(f"At most {largest} bytes are read")
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > largest:
                raise TooLarge(f"At most {largest} bytes are read")
    except ClientDisconnect:
        raise BadQuestion("The body broke off") from None
    return Received(bytes(body), media_type, request.headers.get("jws-signature", ""))
