"""Certificates as they travel in messages: reading a chain that a stranger sent, and naming a certificate."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning

from gateway.errors import UntrustedMessage
from gateway.reason import Reason

MOST_CERTIFICATES = 4
"""The signer's and three authorities: more is not a chain that any participant needs."""

LARGEST_CERTIFICATE = 8192
"""Bytes of DER. Real certificates with RSA-4096 keys stay well below half of it."""

_NOT_A_CERTIFICATE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
    # What the library only warns of today it will refuse; where warnings are errors, this is how it says so.
    CryptographyDeprecationWarning,
)
"""What the library raises over bytes that a stranger sent."""


def fingerprint(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of the certificate's DER, as 64 lower-case hexadecimal digits."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def chain_to_base64(chain: Sequence[x509.Certificate]) -> list[str]:
    """Return each certificate's DER in base64 without line breaks, as RFC 7515 section 4.1.6 writes `x5c`."""
    return [base64.b64encode(certificate.public_bytes(Encoding.DER)).decode() for certificate in chain]


def chain_from_base64(texts: Sequence[str]) -> tuple[x509.Certificate, ...]:
    """Read a chain, the signer's certificate first, from base64 DER; white space between the digits is allowed.

    Raises:
        UntrustedMessage: `certificate-unreadable` when there are none, too many, or one that is not a certificate.
    """
    if not 1 <= len(texts) <= MOST_CERTIFICATES:
        raise _unreadable(f"expected 1 to {MOST_CERTIFICATES} certificates, found {len(texts)}")
    return tuple(_from_der(_from_base64(text)) for text in texts)


def _from_base64(text: str) -> bytes:
    digits = "".join(text.split())
    if len(digits) > LARGEST_CERTIFICATE * 4 // 3 + 4:
        raise _unreadable(f"a certificate is larger than {LARGEST_CERTIFICATE} bytes")
    try:
        der = base64.b64decode(digits, validate=True)
    except (binascii.Error, ValueError) as mistake:
        raise _unreadable("it is not base64") from mistake
    if base64.b64encode(der).decode() != digits:
        raise _unreadable("it is not base64 as RFC 4648 section 3.5 asks")
    return der


def _from_der(der: bytes) -> x509.Certificate:
    try:
        certificate = x509.load_der_x509_certificate(der)
        # The library reads these late; asked for here, a certificate that cannot be judged ends here.
        certificate.public_key()
        _ = certificate.extensions, certificate.subject, certificate.issuer
    except _NOT_A_CERTIFICATE as mistake:
        raise _unreadable("it is not an X.509 certificate with a public key") from mistake
    if certificate.serial_number <= 0:
        raise _unreadable("its serial number is not positive (RFC 5280 section 4.1.2.2)")
    return certificate


def _unreadable(why: str) -> UntrustedMessage:
    return UntrustedMessage(Reason.CERTIFICATE_UNREADABLE, f"The signer's certificate cannot be read: {why}.")
