"""What OpenAPI cannot see by itself: bodies that are read as bytes, signed headers, examples."""

from __future__ import annotations

from functools import cache
from typing import Any

from gateway.message.receipt import Receipt
from gateway.published import published

_SIGNATURE = {
    "name": "JWS-Signature",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "For JSON: detached JWS (RFC 7515, appendix F) over the exact body; XML is signed inside.",
}


@cache
def _example(kind: str, name: str) -> str:
    file = published(kind, "v1", "examples", name)
    return file.read_text("utf-8") if file.exists() else ""


def _body() -> dict[str, Any]:
    return {
        "required": True,
        "content": {
            "application/xml": {
                "schema": {"type": "string", "description": "See /v1/schemas/declaration/declaration.xsd"},
                "example": _example("declaration", "minimal.xml"),
            },
            "application/json": {
                "schema": {"type": "object", "description": "See /v1/schemas/declaration/declaration.schema.json"},
                "example": _example("declaration", "minimal.json"),
            },
        },
    }


def _receipt(description: str, media_type: str = "application/json") -> dict[str, Any]:
    return {
        "description": description,
        "headers": {
            "JWS-Signature": {
                "schema": {"type": "string"},
                "description": "Detached JWS of the gateway over the receipt",
            }
        },
        "content": {media_type: {"schema": Receipt.model_json_schema(by_alias=True)}},
    }


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Responses that are problem documents."""
    titles = {
        400: "The bytes cannot be read",
        401: "Not signed by whom it must be, or no valid token",
        403: "Not yours to do",
        404: "No such thing, or none that you may see",
        409: "The message id is known with other content",
        413: "Too large",
        415: "Neither XML nor JSON, or compressed",
        503: "Try again later",
    }
    schema = {
        "type": "object",
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "findings": {"type": "array", "items": {"type": "object"}},
        },
    }
    return {
        str(status): {"description": titles[status], "content": {"application/problem+json": {"schema": schema}}}
        for status in statuses
    }


POST_MESSAGE: dict[str, Any] = {
    "parameters": [_SIGNATURE],
    "requestBody": _body(),
    "responses": {
        "202": _receipt("Accepted, or held; recorded either way"),
        "422": _receipt("Refused, with every finding", "application/problem+json"),
        **problem_responses(400, 401, 409, 413, 415, 503),
    },
}

DRY_RUN: dict[str, Any] = {
    "parameters": [_SIGNATURE],
    "requestBody": _body(),
    "responses": problem_responses(400, 401, 409, 413, 415),
}
