"""Reading tokens: short-lived, for one recipient, and nothing else than a token."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest

from gateway.errors import TrustUnknown, UntrustedMessage
from gateway.signing import (
    Algorithm,
    Purpose,
    Reason,
    Role,
    Status,
    issue_token,
    sign_detached,
    verify_detached,
    verify_token,
)
from gateway.signing.certificate import chain_to_base64
from gateway.signing.jws import compact


def issue(world, algorithm=Algorithm.ES256, **changes):
    how = {"participant": "KG", "audience": "gateway", "at": world.at} | changes
    return issue_token(world.keys[algorithm], **how)


def verify(world, token, *, at=None, audience="gateway"):
    return verify_token(token, world.trust, audience=audience, at=at or world.at)


def refusal(world, token, **how):
    with pytest.raises(UntrustedMessage) as refused:
        verify(world, token, **how)
    return refused.value.reason


def claims_of(token):
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def token_with(world, claims, **header):
    """Sign claims as a participant would who writes them by hand."""
    head = {"alg": "ES256", "typ": "JWT", "x5c": chain_to_base64(world.key.chain)} | header
    payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    return compact(head, payload, world.key)


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_token_says_who_is_asking(world, algorithm):
    reader = verify(world, issue(world, algorithm))
    assert (reader.participant, reader.role) == ("KG", Role.NSW)


def test_every_token_has_its_own_id(world):
    assert claims_of(issue(world))["jti"] != claims_of(issue(world))["jti"]


def test_an_expired_token_is_refused(world):
    assert verify(world, issue(world), at=world.at + timedelta(minutes=4, seconds=59))
    late = world.at + timedelta(minutes=6)
    assert refusal(world, issue(world), at=late) == Reason.TOKEN_EXPIRED


def test_a_token_from_the_future_is_refused_but_clocks_may_differ_a_little(world):
    assert verify(world, issue(world), at=world.at - timedelta(seconds=20))
    assert refusal(world, issue(world), at=world.at - timedelta(minutes=2)) == Reason.TOKEN_INVALID


def test_a_token_for_somebody_else_is_refused(world):
    assert refusal(world, issue(world), audience="another gateway") == Reason.WRONG_AUDIENCE


def test_a_token_for_several_recipients_is_refused(world):
    claims = claims_of(issue(world)) | {"aud": ["gateway", "another gateway"]}
    assert refusal(world, token_with(world, claims)) == Reason.WRONG_AUDIENCE


def test_a_token_cannot_be_issued_for_longer_than_five_minutes(world):
    for lifetime in (timedelta(minutes=5, seconds=1), timedelta(0), timedelta(minutes=-1)):
        with pytest.raises(ValueError, match="five minutes"):
            issue(world, lifetime=lifetime)


@pytest.mark.parametrize("claim", ["nbf", "iat"])
def test_a_token_made_for_longer_than_five_minutes_is_refused(world, claim):
    claims = claims_of(issue(world))
    assert refusal(world, token_with(world, claims | {claim: claims["exp"] - 301})) == Reason.TOKEN_TOO_LONG_LIVED
    assert refusal(world, token_with(world, claims | {"exp": claims["exp"] + 1})) == Reason.TOKEN_TOO_LONG_LIVED


@pytest.mark.parametrize("claim", ["sub", "aud", "jti", "iat", "nbf", "exp"])
def test_a_token_without_a_required_claim_is_refused(world, claim):
    claims = claims_of(issue(world))
    assert refusal(world, token_with(world, {k: v for k, v in claims.items() if k != claim})) == Reason.TOKEN_INVALID


@pytest.mark.parametrize(
    "change", [{"exp": "soon"}, {"exp": True}, {"nbf": None}, {"jti": 1}, {"sub": ["KG"]}, {"jti": ""}]
)
def test_a_claim_of_the_wrong_kind_is_refused(world, change):
    assert refusal(world, token_with(world, claims_of(issue(world)) | change)) == Reason.TOKEN_INVALID


@pytest.mark.parametrize("payload", [b"[]", b"null", b"{", b"\xff", b'{"exp": NaN}'])
def test_a_token_whose_content_is_not_claims_is_refused(world, payload):
    assert refusal(world, token_with(world, payload)) == Reason.TOKEN_INVALID


def test_a_participant_cannot_speak_for_another(world):
    assert refusal(world, issue(world, participant="CN")) == Reason.TOKEN_INVALID


def test_a_changed_token_is_refused(world):
    head, _, signature = issue(world).split(".")
    other = issue(world, participant="CN").split(".")[1]
    assert refusal(world, f"{head}.{other}.{signature}") == Reason.SIGNATURE_INVALID


@pytest.mark.parametrize("claimed", ["none", "HS256", "RS256", "ES384"])
def test_a_token_with_another_algorithm_is_refused(world, claimed):
    head = json.dumps({"alg": claimed, "typ": "JWT", "x5c": chain_to_base64(world.key.chain)})
    encoded = base64.urlsafe_b64encode(head.encode()).rstrip(b"=").decode()
    token = issue(world).split(".", 1)[1]
    assert refusal(world, f"{encoded}.{token}") == Reason.ALGORITHM_REFUSED


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_detached_signature_is_not_a_token(world, purpose):
    payload = base64.urlsafe_b64decode(issue(world).split(".")[1] + "==")
    jws = sign_detached(payload, world.key, purpose=purpose, signing_time=world.at)
    attached = ".".join([jws.split(".")[0], issue(world).split(".")[1], jws.split(".")[2]])
    assert refusal(world, attached) == Reason.WRONG_PURPOSE


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_token_is_not_a_detached_signature(world, purpose):
    head, payload, signature = issue(world).split(".")
    body = base64.urlsafe_b64decode(payload + "==")
    with pytest.raises(UntrustedMessage) as refused:
        verify_detached(body, f"{head}..{signature}", world.trust, purpose=purpose, at=world.at)
    assert refused.value.reason == Reason.WRONG_PURPOSE


def test_a_token_typed_otherwise_is_refused(world):
    assert refusal(world, token_with(world, claims_of(issue(world)), typ="at+jwt")) == Reason.WRONG_PURPOSE


def test_a_token_of_a_suspended_participant_cannot_be_judged_now(world, build):
    suspended = build.trust_in(
        build.participant(world.key.chain[0], status=Status.SUSPENDED),
        authorities=[world.authority],
        revocation_lists=[world.authority.revocations()],
    )
    with pytest.raises(TrustUnknown):
        verify_token(issue(world), suspended, audience="gateway", at=world.at)
