"""The closed list of signature algorithms, and the kind of key that each of them fits.

The list is our policy. A message names its algorithm, but that name only selects from this list, and the key in
the signer's certificate must be of the very kind that the algorithm asks for: a message cannot talk the gateway
into a weaker check.
"""

from __future__ import annotations

from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from gateway.errors import UntrustedMessage
from gateway.reason import Reason

PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey

SMALLEST_RSA_BITS = 2048
LARGEST_RSA_BITS = 8192
"""A bound on the work that one refused message can cause."""


class Algorithm(StrEnum):
    """A signature algorithm that the gateway accepts, by its JOSE name.

    Source: RFC 7518 section 3.1; for EdDSA, RFC 8037 section 3.1, with Ed25519 only (RFC 9864 explains why the curve
    must not be left open).
    """

    ES256 = "ES256"
    ES384 = "ES384"
    EdDSA = "EdDSA"
    RS256 = "RS256"
    PS256 = "PS256"


def algorithms_for(key: object) -> tuple[Algorithm, ...]:
    """Return the algorithms that fit a public or private key; the first is the one to sign with by default.

    An empty answer means that the gateway accepts no signature by such a key.
    """
    match key:
        case ec.EllipticCurvePublicKey(curve=ec.SECP256R1()) | ec.EllipticCurvePrivateKey(curve=ec.SECP256R1()):
            return (Algorithm.ES256,)
        case ec.EllipticCurvePublicKey(curve=ec.SECP384R1()) | ec.EllipticCurvePrivateKey(curve=ec.SECP384R1()):
            return (Algorithm.ES384,)
        case ed25519.Ed25519PublicKey() | ed25519.Ed25519PrivateKey():
            return (Algorithm.EdDSA,)
        case rsa.RSAPublicKey() | rsa.RSAPrivateKey() if SMALLEST_RSA_BITS <= key.key_size <= LARGEST_RSA_BITS:
            return (Algorithm.PS256, Algorithm.RS256)
    return ()


def require_fit(algorithm: Algorithm, key: object) -> None:
    """Refuse an algorithm that is not the one for this public key.

    Raises:
        UntrustedMessage: `weak-key` when no accepted algorithm fits the key, `algorithm-refused` when another does.
    """
    fitting = algorithms_for(key)
    if not fitting:
        raise UntrustedMessage(Reason.WEAK_KEY, "The certificate's key is of a kind or a size that is not accepted.")
    if algorithm not in fitting:
        raise UntrustedMessage(
            Reason.ALGORITHM_REFUSED,
            f"The signature claims {algorithm}, but the certificate's key is one for {' or '.join(fitting)}.",
        )
