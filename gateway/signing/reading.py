"""Reading tokens: how a participant shows who it is when it asks for something instead of sending something.

A token is a JWT (RFC 7519) that lives at most five minutes, signed with the participant's registered key. Its `typ`
is `JWT`, so that it is none of the detached signatures, and none of those is a token.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwt import JWTClaimsRegistry
from joserfc.util import urlsafe_b64decode

from gateway.errors import UntrustedMessage
from gateway.reason import Reason
from gateway.signing import jws
from gateway.signing.certificate import chain_to_base64
from gateway.signing.keys import SigningKey
from gateway.signing.trust import Role, TrustStore

LONGEST_LIFETIME = timedelta(minutes=5)

CLOCK_DIFFERENCE = timedelta(seconds=30)
"""How far the clocks of two administrations may differ."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is asking. Only `verify_token` makes it."""

    participant: str
    role: Role


def issue_token(
    key: SigningKey, *, participant: str, audience: str, at: datetime, lifetime: timedelta = LONGEST_LIFETIME
) -> str:
    """Make a reading token.

    Args:
        key: The participant's registered key.
        participant: Its id.
        audience: Whom the token is shown to, as that party names itself.
        at: Now, with an offset; the token is valid from here.
        lifetime: At most five minutes.

    Returns:
        The token as a compact JWS, ASCII.

    Raises:
        ValueError: The lifetime is not between one second and five minutes, or the time has no offset.

    Source: RFC 7519, section 4.1.
    """
    if not timedelta(seconds=1) <= lifetime <= LONGEST_LIFETIME:
        raise ValueError("A reading token lives between one second and five minutes.")
    if at.tzinfo is None:
        raise ValueError("A token's time needs an offset.")
    from_second = int(at.timestamp())
    claims = {
        "sub": participant,
        "aud": audience,
        "jti": str(uuid.uuid4()),
        "iat": from_second,
        "nbf": from_second,
        "exp": from_second + int(lifetime.total_seconds()),
    }
    header = {"alg": key.algorithm.value, "typ": "JWT", "x5c": chain_to_base64(key.chain)}
    return jws.compact(header, json.dumps(claims, separators=(",", ":")).encode(), key)


def verify_token(token: str, trust: TrustStore, *, audience: str, at: datetime) -> Reader:
    """Verify a reading token, and say who is asking.

    Args:
        token: The token as received, without the word `Bearer`.
        trust: Who is trusted.
        audience: Our own name; a token for somebody else is refused.
        at: Now, with an offset.

    Raises:
        UntrustedMessage: The token, its certificate or the participant is not what it must be.
        TrustUnknown: The participant cannot be judged now.
    """
    header, payload = jws.split(token)
    if header.get("typ") != "JWT":
        raise UntrustedMessage(Reason.WRONG_PURPOSE, "A reading token has the type JWT.")
    jws.require_header(header, _HEADER)
    algorithm, chain = jws.signer_claimed(header)
    jws.require_valid(token, algorithm, chain[0])
    claims = _claims(payload)
    _require_claims(claims, audience, at)
    signer = trust.signer(chain, at)
    if claims["sub"] != signer.participant:
        raise UntrustedMessage(Reason.TOKEN_INVALID, "The token speaks for another participant than its certificate.")
    return Reader(participant=signer.participant, role=signer.role)


_HEADER: Mapping[str, bool] = {"alg": True, "typ": True, "x5c": True}


def _claims(payload: str) -> dict[str, Any]:
    try:
        claims = json.loads(urlsafe_b64decode(payload.encode()))
    except (ValueError, RecursionError) as mistake:
        raise _invalid("its content is not JSON") from mistake
    if not isinstance(claims, dict):
        raise _invalid("its content is not an object")
    return claims


def _require_claims(claims: dict[str, Any], audience: str, at: datetime) -> None:
    required = JWTClaimsRegistry(
        now=int(at.timestamp()),
        leeway=int(CLOCK_DIFFERENCE.total_seconds()),
        sub={"essential": True},
        aud={"essential": True},
        jti={"essential": True},
        iat={"essential": True},
        nbf={"essential": True},
        exp={"essential": True},
    )
    try:
        required.validate(claims)
    except ExpiredTokenError as failure:
        raise UntrustedMessage(Reason.TOKEN_EXPIRED, "The token has expired.") from failure
    except JoseError as failure:
        # The library's sentences name the claim and never its value.
        raise _invalid(str(failure)) from failure
    # A list of audiences would let one recipient use the token at another.
    if claims["aud"] != audience:
        raise UntrustedMessage(Reason.WRONG_AUDIENCE, "The token was made for another recipient.")
    if claims["exp"] - min(claims["nbf"], claims["iat"]) > LONGEST_LIFETIME.total_seconds():
        raise UntrustedMessage(Reason.TOKEN_TOO_LONG_LIVED, "The token was made for longer than five minutes.")


def _invalid(why: str) -> UntrustedMessage:
    return UntrustedMessage(Reason.TOKEN_INVALID, f"The token is not valid: {why}.")
