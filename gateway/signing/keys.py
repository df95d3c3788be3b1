"""Signing keys: where a key lies is a URI, and what was loaded is never shown.

A key file is a PEM file with one private key and the certificates that belong to it, in any order.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from gateway.errors import Misconfigured
from gateway.signing.algorithm import Algorithm, PrivateKey, algorithms_for
from gateway.signing.certificate import MOST_CERTIFICATES, fingerprint


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with the certificates that prove whose it is; its text form never contains the key."""

    private_key: PrivateKey = field(repr=False, compare=False)
    chain: tuple[x509.Certificate, ...] = field(repr=False)
    """The signer's certificate first, then its issuer and so on; a self-signed authority is left out."""
    algorithm: Algorithm
    key_id: str
    """SHA-256 of the signer's certificate in lower-case hexadecimal: the same octets as `x5t#S256`."""


def load_signing_key(uri: str, *, algorithm: Algorithm | None = None) -> SigningKey:
    """Load the key that a URI names, with its certificates.

    Args:
        uri: `file:/path/to/key.pem`; a path that does not start with `/` is relative to the working directory.
        algorithm: What to sign with; by default what the key is for (an RSA key signs PS256).

    Raises:
        Misconfigured: The scheme is unknown, the file cannot be read, is open to others, or does not hold exactly
            one accepted private key with its certificate.
    """
    scheme = urlsplit(uri).scheme
    source = KEY_SOURCES.get(scheme)
    if source is None:
        known = ", ".join(f"{name}:" for name in KEY_SOURCES)
        instead = f"; is file:{uri} meant?" if uri and not scheme else f", not with {scheme!r}."
        raise Misconfigured(f"A signing key is named by a URI that starts with {known}{instead}")
    return signing_key_from_pem(source(uri), algorithm=algorithm, place=uri)


def signing_key_from_pem(pem: bytes, *, algorithm: Algorithm | None = None, place: str) -> SigningKey:
    """Put a signing key together from PEM text.

    Args:
        pem: One private key, not encrypted, and its certificates.
        algorithm: As for `load_signing_key`.
        place: Where the text came from, for the error's sentence.

    Raises:
        Misconfigured: The text does not hold exactly one accepted private key with its certificate.
    """
    private_key = _private_key(pem, place)
    chain = _ordered(_certificates(pem, place), private_key, place)
    fitting = algorithms_for(private_key)
    chosen = algorithm or fitting[0]
    if chosen not in fitting:
        raise Misconfigured(f"{place}: the key is one for {' or '.join(fitting)}, not for {chosen}.")
    return SigningKey(private_key=private_key, chain=chain, algorithm=chosen, key_id=fingerprint(chain[0]))


def _read_key_file(uri: str) -> bytes:
    parts = urlsplit(uri)
    if parts.netloc not in {"", "localhost"} or not parts.path:
        raise Misconfigured(f"{uri}: a key file is named as file:/path/to/key.pem.")
    path = Path(unquote(parts.path))
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise Misconfigured(f"{uri}: it is not a file.")
        if mode & (stat.S_IRWXO | stat.S_IWGRP):
            raise Misconfigured(f"{uri}: the key file is open to others (mode {stat.S_IMODE(mode):04o}); make it 0600.")
        return path.read_bytes()
    except OSError as mistake:
        raise Misconfigured(f"{uri}: the key file cannot be read: {mistake.strerror}.") from mistake


KEY_SOURCES: Mapping[str, Callable[[str], bytes]] = MappingProxyType({"file": _read_key_file})
"""How each URI scheme gives the PEM text of a key."""


def _private_key(pem: bytes, place: str) -> PrivateKey:
    if pem.count(b"PRIVATE KEY-----") != 2:  # one BEGIN and one END
        raise Misconfigured(f"{place}: exactly one private key is expected.")
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        # Without `from`: what the library says about key material stays out of logs.
        raise Misconfigured(f"{place}: the private key cannot be read, or is encrypted.") from None
    if not isinstance(key, PrivateKey) or not algorithms_for(key):
        raise Misconfigured(f"{place}: accepted are P-256, P-384, Ed25519, and RSA from 2048 bits.")
    return key


def _certificates(pem: bytes, place: str) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as mistake:
        raise Misconfigured(f"{place}: the key's certificate is missing or cannot be read.") from mistake


def _ordered(certificates: list[x509.Certificate], private_key: PrivateKey, place: str) -> tuple[x509.Certificate, ...]:
    public_key = private_key.public_key()
    own = [certificate for certificate in certificates if certificate.public_key() == public_key]
    if len(own) != 1:
        raise Misconfigured(f"{place}: expected one certificate of this key, found {len(own)}.")
    chain, others = own, [c for c in certificates if c is not own[0] and c.subject != c.issuer]
    while others:
        issuer = next((c for c in others if c.subject == chain[-1].issuer), None)
        if issuer is None:
            raise Misconfigured(f"{place}: a certificate does not belong to the chain of this key.")
        chain.append(issuer)
        others.remove(issuer)
    if len(chain) > MOST_CERTIFICATES:
        raise Misconfigured(f"{place}: the chain is longer than {MOST_CERTIFICATES} certificates.")
    return tuple(chain)
