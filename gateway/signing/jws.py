"""Detached JWS: a signature that travels beside the exact bytes it covers.

Used for JSON messages, for receipts and for seals. The signature is a compact JWS without its payload
(RFC 7515 appendix F: `header..signature`). What it is for stands in the protected header and is checked, so that a
seal cannot be shown as a receipt or as a message. `docs/signature-profile.md` describes the header.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from joserfc import jws as jose
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry
from joserfc.registry import Header, HeaderParameter
from joserfc.util import urlsafe_b64decode

from gateway.errors import UntrustedMessage
from gateway.reason import Reason
from gateway.signing.algorithm import Algorithm, require_fit
from gateway.signing.certificate import chain_from_base64, chain_to_base64, fingerprint
from gateway.signing.keys import SigningKey
from gateway.signing.moment import moment_from_text, moment_to_text
from gateway.signing.trust import Signer, TrustStore

LONGEST_JWS = 65536
"""Characters. Four certificates and the claims of a seal fit several times."""


LONGEST_BODY = 64 * 1024 * 1024
"""Bytes in base64, for the library; what arrives is limited where it is received, and lower."""


class Purpose(StrEnum):
    """What a detached signature is for: its `typ` (RFC 7515 section 4.1.9)."""

    MESSAGE = "torugart-message+jws"
    RECEIPT = "torugart-receipt+jws"
    SEAL = "torugart-seal+jws"


@dataclass(frozen=True, slots=True)
class VerifiedBytes:
    """Bytes whose signature was verified and whose signer is trusted. Only `verify_detached` makes it."""

    body: bytes = field(repr=False)
    signer: Signer
    certificate_fingerprint: str
    """SHA-256 of the signer's certificate, lower-case hexadecimal."""
    algorithm: Algorithm
    signing_time: datetime
    """When the signer says that it signed; UTC."""
    claims: Mapping[str, str]


def sign_detached(
    body: bytes,
    key: SigningKey,
    *,
    purpose: Purpose,
    signing_time: datetime,
    claims: Mapping[str, str] | None = None,
) -> str:
    """Sign bytes as they are.

    Args:
        body: What is signed; it is not read and not changed.
        key: The signer's key.
        purpose: What the signature is for.
        signing_time: With an offset; written in UTC to the second.
        claims: Signed with the body, in the protected header. A seal names `exchange`, `agreement`, `parties`,
            `time` and `position` (in the audit log).

    Returns:
        The signature as `header..signature`, ASCII.

    Raises:
        ValueError: The signing time has no offset.

    Source: RFC 7515, appendix F.
    """
    header: Header = {
        "alg": key.algorithm.value,
        "typ": purpose.value,
        "x5c": chain_to_base64(key.chain),
        "sigT": moment_to_text(signing_time),
    }
    if claims:
        header["torugart"] = dict(claims)
    return jose.detach_content(compact(header, body, key))


def verify_detached(body: bytes, jws: str, trust: TrustStore, *, purpose: Purpose, at: datetime) -> VerifiedBytes:
    """Verify a detached signature over bytes, and judge its signer.

    Args:
        body: The bytes as received.
        jws: `header..signature`.
        trust: Who is trusted.
        purpose: What the signature must be for.
        at: The moment to judge the signer for, with an offset.

    Raises:
        UntrustedMessage: The signature, the certificate or the signer is not what it must be.
        TrustUnknown: The signer cannot be judged now.
    """
    header, detached = split(jws)
    if detached:
        raise profile("the payload must be detached (header..signature)")
    if header.get("typ") != purpose.value:
        raise UntrustedMessage(Reason.WRONG_PURPOSE, f"The signature is not one of type {purpose.value}.")
    require_header(header, _HEADER)
    signing_time = _signing_time(header["sigT"])
    claims = _claims(header.get("torugart", {}))
    algorithm, chain = signer_claimed(header)
    require_valid(jws, algorithm, chain[0], payload=body)
    return VerifiedBytes(
        body=body,
        signer=trust.signer(chain, at),
        certificate_fingerprint=fingerprint(chain[0]),
        algorithm=algorithm,
        signing_time=signing_time,
        claims=claims,
    )


# What follows is shared with reading tokens, which are JWS too.


def compact(header: Header, payload: bytes, key: SigningKey) -> str:
    """Return the compact JWS of a payload under this protected header."""
    return jose.serialize_compact(header, payload, _jwk(key.private_key), registry=_REGISTRIES[key.algorithm])


def split(jws: str) -> tuple[Header, str]:
    """Take a compact JWS apart: the protected header as read, and the payload as written.

    Raises:
        UntrustedMessage: `outside-signature-profile` when it is not a compact JWS with a JSON object for a header.
    """
    if len(jws) > LONGEST_JWS or not jws.isascii():
        raise profile(f"a JWS is ASCII, at most {LONGEST_JWS} characters")
    parts = jws.split(".")
    if len(parts) != 3:
        raise profile("a compact JWS has three parts")
    try:
        header = json.loads(urlsafe_b64decode(parts[0].encode()), object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError) as mistake:
        raise profile("the header is not base64url of a JSON object") from mistake
    if not isinstance(header, dict):
        raise profile("the header is not a JSON object")
    return header, parts[1]


def require_header(header: Header, allowed: Mapping[str, bool]) -> None:
    """Refuse a header with a parameter that is not in the closed list, or without one that must be there.

    Raises:
        UntrustedMessage: `outside-signature-profile`.
    """
    surplus = header.keys() - allowed.keys()
    missing = {name for name, required in allowed.items() if required} - header.keys()
    if surplus:
        # `crit`, `b64`, `jku`, `jwk`, `x5u` and `kid` are among these: no header may steer the verification.
        raise profile(f"header parameters not accepted: {', '.join(sorted(surplus))}")
    if missing:
        raise profile(f"header parameters missing: {', '.join(sorted(missing))}")


def signer_claimed(header: Header) -> tuple[Algorithm, tuple[x509.Certificate, ...]]:
    """Read the algorithm and the certificates that a header claims, and hold one against the other.

    Raises:
        UntrustedMessage: `algorithm-refused`, `weak-key` or `certificate-unreadable`.
    """
    try:
        algorithm = Algorithm(header["alg"])
    except ValueError as mistake:
        raise UntrustedMessage(Reason.ALGORITHM_REFUSED, "The signature algorithm is not accepted.") from mistake
    texts = header["x5c"]
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise profile("x5c is a list of certificates in base64")
    chain = chain_from_base64(texts)
    require_fit(algorithm, chain[0].public_key())
    return algorithm, chain


def require_valid(
    jws: str, algorithm: Algorithm, certificate: x509.Certificate, *, payload: bytes | None = None
) -> None:
    """Refuse a compact JWS whose signature is not by this certificate's key.

    Raises:
        UntrustedMessage: `signature-invalid`.
    """
    try:
        jose.deserialize_compact(jws, _jwk(certificate.public_key()), registry=_REGISTRIES[algorithm], payload=payload)
    except (JoseError, ValueError) as failure:
        raise UntrustedMessage(Reason.SIGNATURE_INVALID, "The signature is not valid for these bytes.") from failure


def profile(why: str) -> UntrustedMessage:
    """Return the refusal of a signature that does not follow the profile."""
    return UntrustedMessage(Reason.PROFILE, f"The signature does not follow the profile: {why}.")


_HEADER: Mapping[str, bool] = {"alg": True, "typ": True, "x5c": True, "sigT": True, "torugart": False}
"""The header parameters of a detached signature, and whether each is required."""


def _is_object(value: object) -> None:
    if not isinstance(value, dict):
        raise ValueError("must be an object")  # noqa: TRY004 - what the library asks of a validator


def _closed_registry(accepted: Algorithm) -> JWSRegistry:
    """Return the library's rules with one algorithm in them, and room for certificates in the header."""
    algorithm = copy.copy(JWSRegistry.algorithms[accepted.value])
    # The library warns of the name "EdDSA" because it leaves the curve open; `require_fit` has closed it.
    algorithm.security_warning = None
    registry = JWSRegistry(
        header_registry={
            "sigT": HeaderParameter("Signing time", "str"),
            "torugart": HeaderParameter("Claims", _is_object),
        },
        algorithms=[accepted.value],
    )
    registry.algorithms = {accepted.value: algorithm}
    registry.max_header_length = LONGEST_JWS
    registry.max_payload_length = LONGEST_BODY
    return registry


_REGISTRIES = {algorithm: _closed_registry(algorithm) for algorithm in Algorithm}


def _jwk(key: object) -> ECKey | OKPKey | RSAKey:
    match key:
        case ec.EllipticCurvePublicKey() | ec.EllipticCurvePrivateKey():
            return ECKey.import_key(key)
        case ed25519.Ed25519PublicKey() | ed25519.Ed25519PrivateKey():
            return OKPKey.import_key(key)
        case rsa.RSAPublicKey() | rsa.RSAPrivateKey():
            return RSAKey.import_key(key)
    raise TypeError(f"{type(key).__name__} is not a key that signs.")


def _without_repeats(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    # RFC 7515 section 4: a name that stands twice is read differently by different programs.
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name stands twice")
    return members


def _signing_time(text: object) -> datetime:
    moment = moment_from_text(text) if isinstance(text, str) else None
    if moment is None:
        raise profile("sigT is not a moment such as 2026-11-01T08:30:00Z")
    return moment


def _claims(value: object) -> Mapping[str, str]:
    if not isinstance(value, dict) or not all(isinstance(claim, str) for claim in value.values()):
        raise profile("torugart is an object whose values are text")
    return value
