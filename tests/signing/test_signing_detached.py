"""Detached signatures: over the exact bytes, for one purpose, by the closed list of algorithms."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.errors import UntrustedMessage
from gateway.signing import Algorithm, Purpose, Reason, sign_detached, verify_detached
from gateway.signing.jws import compact, require_valid

BODY = '{"Declaration":{"Description":"苹果 Ң საბაჟო گمرک 𠮷"}}'.encode()

CLAIMS = {
    "exchange": "5f0c7a52",
    "agreement": "kg-cn-road/1",
    "parties": "KG CN",
    "time": "2026-11-01T08:30:00Z",
    "position": "42",
}


def b64(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def signed(world, algorithm=Algorithm.ES256, purpose=Purpose.MESSAGE, claims=None, body=BODY):
    return sign_detached(body, world.keys[algorithm], purpose=purpose, signing_time=world.at, claims=claims)


def verify(world, jws, body=BODY, purpose=Purpose.MESSAGE):
    return verify_detached(body, jws, world.trust, purpose=purpose, at=world.at)


def refusal(world, jws, **how):
    with pytest.raises(UntrustedMessage) as refused:
        verify(world, jws, **how)
    return refused.value.reason


def header_of(jws):
    return json.loads(unb64(jws.split(".")[0]))


def es256(key, header, body):
    """Sign as a participant would who writes the header by hand; the header may be text or an object."""
    text = header if isinstance(header, str) else json.dumps(header)
    head = b64(text.encode())
    r, s = decode_dss_signature(key.private_key.sign(f"{head}.{b64(body)}".encode(), ec.ECDSA(hashes.SHA256())))
    return f"{head}..{b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_signed_bytes_verify_and_name_their_signer(world, algorithm):
    verified = verify(world, signed(world, algorithm))
    assert verified.body == BODY
    assert verified.signer.participant == "KG"
    assert verified.algorithm == algorithm
    assert verified.signing_time == world.at
    assert verified.certificate_fingerprint == world.keys[algorithm].key_id
    assert verified.claims == {}


@pytest.mark.parametrize("body", [b"", b"\x00\xff", b"abc", "\ufeff{}".encode()])
def test_any_bytes_can_be_signed(world, body):
    assert verify(world, signed(world, body=body), body=body).body == body


def test_the_signature_is_detached_and_says_what_it_is(world):
    jws = signed(world, claims=CLAIMS, purpose=Purpose.SEAL)
    assert jws.split(".")[1] == ""
    header = header_of(jws)
    assert header["alg"] == "ES256"
    assert header["typ"] == "torugart-seal+jws"
    assert header["sigT"] == "2026-11-01T08:30:00Z"
    assert header["torugart"] == CLAIMS


def test_the_claims_of_a_seal_are_verified_with_it(world):
    assert verify(world, signed(world, purpose=Purpose.SEAL, claims=CLAIMS), purpose=Purpose.SEAL).claims == CLAIMS


def test_changed_claims_are_refused(world):
    head, _, signature = signed(world, claims=CLAIMS).split(".")
    changed = header_of(head) | {"torugart": CLAIMS | {"position": "41"}}
    assert refusal(world, f"{b64(json.dumps(changed).encode())}..{signature}") == Reason.SIGNATURE_INVALID


@pytest.mark.parametrize("made_for", list(Purpose))
@pytest.mark.parametrize("shown_as", list(Purpose))
def test_a_signature_serves_the_purpose_it_was_made_for_and_no_other(world, made_for, shown_as):
    jws = signed(world, purpose=made_for)
    if made_for is shown_as:
        verify(world, jws, purpose=shown_as)
    else:
        assert refusal(world, jws, purpose=shown_as) == Reason.WRONG_PURPOSE


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_changed_byte_of_the_body_is_refused(world, signed_once, data):
    changed = bytearray(BODY)
    changed[data.draw(st.integers(0, len(BODY) - 1))] ^= data.draw(st.integers(1, 255))
    assert refusal(world, signed_once, body=bytes(changed)) == Reason.SIGNATURE_INVALID


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_changed_character_of_the_signature_is_refused(world, signed_once, data):
    position = data.draw(st.integers(0, len(signed_once) - 1))
    character = data.draw(st.characters(max_codepoint=126).filter(lambda c: c != signed_once[position]))
    with pytest.raises(UntrustedMessage):
        verify(world, signed_once[:position] + character + signed_once[position + 1 :])


@pytest.fixture(scope="module")
def signed_once(world):
    return signed(world)


def test_a_body_cut_short_or_lengthened_is_refused(world, signed_once):
    for body in (BODY[:-1], BODY + b"\n", b""):
        assert refusal(world, signed_once, body=body) == Reason.SIGNATURE_INVALID


def test_a_signature_that_carries_its_own_payload_is_refused(world):
    jws = compact(header_of(signed(world)), BODY, world.key)
    assert refusal(world, jws) == Reason.PROFILE


# Algorithm confusion


def test_no_signature_at_all_is_refused(world):
    header = header_of(signed(world)) | {"alg": "none"}
    assert refusal(world, f"{b64(json.dumps(header).encode())}..") == Reason.ALGORITHM_REFUSED


@pytest.mark.parametrize("encoding", ["PEM", "DER"])
def test_an_hmac_keyed_with_the_public_key_is_refused(world, encoding):
    header = b64(json.dumps(header_of(signed(world)) | {"alg": "HS256"}).encode())
    public = world.key.private_key.public_key().public_bytes(
        getattr(serialization.Encoding, encoding), serialization.PublicFormat.SubjectPublicKeyInfo
    )
    mac = hmac.new(public, f"{header}.{b64(BODY)}".encode(), hashlib.sha256).digest()
    assert refusal(world, f"{header}..{b64(mac)}") == Reason.ALGORITHM_REFUSED


@pytest.mark.parametrize("claimed", ["ES384", "EdDSA", "RS256", "PS256"])
def test_an_algorithm_that_is_not_the_one_of_the_key_is_refused(world, claimed):
    header = header_of(signed(world)) | {"alg": claimed}
    assert refusal(world, es256(world.key, header, BODY)) == Reason.ALGORITHM_REFUSED


@pytest.mark.parametrize("claimed", ["ES512", "RS512", "PS384", "HS512", "Ed448", "es256", "", None, 1, ["ES256"]])
def test_an_algorithm_outside_the_closed_list_is_refused(world, claimed):
    header = header_of(signed(world)) | {"alg": claimed}
    assert refusal(world, es256(world.key, header, BODY)) == Reason.ALGORITHM_REFUSED


def test_pkcs1_and_pss_are_not_taken_for_each_other(world):
    head, _, signature = signed(world, Algorithm.RS256).split(".")
    header = header_of(head) | {"alg": "PS256"}
    assert refusal(world, f"{b64(json.dumps(header).encode())}..{signature}") == Reason.SIGNATURE_INVALID


# The header is a closed list: what could steer the verification is not in it.

CHANGED_HEADERS = {
    "a critical extension": {"crit": ["sigT"]},
    "an unencoded payload": {"b64": False, "crit": ["b64"]},
    "a key in the header": {"jwk": {"kty": "EC"}},
    "a place to fetch keys from": {"jku": "https://attacker.example/keys"},
    "a place to fetch certificates from": {"x5u": "https://attacker.example/cert"},
    "a key id": {"kid": "../../key"},
    "a certificate thumbprint beside the certificate": {"x5t#S256": "AAAA"},
    "a signing time without an offset": {"sigT": "2026-11-01T08:30:00"},
    "a signing time that is a number": {"sigT": 1793521800},
    "a signing time that is no date": {"sigT": "2026-13-01T08:30:00Z"},
    "claims that are not text": {"torugart": {"position": 42}},
    "claims that are a list": {"torugart": ["position"]},
    "certificates that are not a list": {"x5c": "AAAA"},
}


@pytest.mark.parametrize("change", CHANGED_HEADERS.values(), ids=CHANGED_HEADERS.keys())
def test_a_genuine_signature_with_a_header_outside_the_profile_is_refused(world, change):
    header = header_of(signed(world)) | change
    assert refusal(world, es256(world.key, header, BODY)) == Reason.PROFILE


@pytest.mark.parametrize("missing", ["alg", "x5c", "sigT"])
def test_a_header_without_a_required_parameter_is_refused(world, missing):
    header = {name: value for name, value in header_of(signed(world)).items() if name != missing}
    assert refusal(world, es256(world.key, header, BODY)) == Reason.PROFILE


def test_a_header_without_a_purpose_is_refused(world):
    header = {name: value for name, value in header_of(signed(world)).items() if name != "typ"}
    assert refusal(world, es256(world.key, header, BODY)) == Reason.WRONG_PURPOSE


def test_a_header_that_says_something_twice_is_refused(world):
    text = json.dumps(header_of(signed(world)))
    twice = text[:-1] + ', "typ": "torugart-message+jws"}'
    assert refusal(world, es256(world.key, twice, BODY)) == Reason.PROFILE


@pytest.mark.parametrize("certificates", [[], ["AAAA"], ["not base64!"], ["A" * 20000], 5 * ["AAAA"]], ids=range(5))
def test_certificates_that_cannot_be_read_are_refused(world, certificates):
    header = header_of(signed(world)) | {"x5c": certificates}
    assert refusal(world, es256(world.key, header, BODY)) == Reason.CERTIFICATE_UNREADABLE


@pytest.mark.parametrize(
    "jws",
    ["", ".", "..", "...", "a..b", "W10..AA", "bnVsbA..AA", "é..b", "A" * 70000 + "..A", "e30=..AA", "e30..AA"],
)
def test_what_is_not_a_signature_is_refused_and_breaks_nothing(world, jws):
    assert refusal(world, jws) in {Reason.PROFILE, Reason.WRONG_PURPOSE}


def test_a_header_nested_beyond_reason_is_refused(world):
    assert refusal(world, f"{b64(b'[' * 40000)}..AA") == Reason.PROFILE


def test_the_signature_of_another_participant_is_another_signer(world):
    jws = sign_detached(BODY, world.other, purpose=Purpose.MESSAGE, signing_time=world.at)
    assert verify(world, jws).signer.participant == "CN"


def test_a_signing_time_needs_an_offset(world):
    with pytest.raises(ValueError, match="offset"):
        sign_detached(BODY, world.key, purpose=Purpose.MESSAGE, signing_time=datetime(2026, 11, 1))  # noqa: DTZ001


def test_verified_bytes_do_not_show_the_body_in_logs(world, signed_once):
    assert "Declaration" not in repr(verify(world, signed_once))


# Known answers


def test_rfc_8037_appendix_a_4_is_signed_to_the_letter(build):
    private = ed25519.Ed25519PrivateKey.from_private_bytes(unb64("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"))
    key = build.signing_key(private, build.Authority().certify(private))
    expected = (
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    )
    assert compact({"alg": "EdDSA"}, b"Example of Ed25519 signing", key) == expected
    require_valid(expected, Algorithm.EdDSA, key.chain[0])


def test_rfc_7515_appendix_a_3_verifies(build):
    private = ec.derive_private_key(
        int.from_bytes(unb64("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"), "big"), ec.SECP256R1()
    )
    payload = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
    certificate = build.Authority().certify(private)
    require_valid(f"eyJhbGciOiJFUzI1NiJ9.{payload}.{signature}", Algorithm.ES256, certificate)
    require_valid(f"eyJhbGciOiJFUzI1NiJ9..{signature}", Algorithm.ES256, certificate, payload=unb64(payload))
    with pytest.raises(UntrustedMessage):
        require_valid(f"eyJhbGciOiJFUzI1NiJ9.{payload[:-1]}A.{signature}", Algorithm.ES256, certificate)
