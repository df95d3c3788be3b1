"""A certificate authority for workshops: throwaway keys with which an exchange can be shown in minutes.

NOT FOR PRODUCTION. The authority's key lies unencrypted beside everything else, and every subject says
"WORKSHOP - NOT FOR PRODUCTION". In a real exchange each administration brings certificates of its own authority.

A directory made by `mint_workshop`:

    workshop-ca.pem           the authority's key and certificate, 0600
    keys/<participant>.pem    one key and certificate for each participant, 0600
    trust/                    what every party loads with `load_trust`
      ca/workshop.pem  crl/workshop.pem  participants.toml
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from iso3166 import countries_by_alpha2

from gateway.errors import Misconfigured
from gateway.signing.algorithm import Algorithm, PrivateKey
from gateway.signing.certificate import fingerprint
from gateway.signing.moment import moment_to_text
from gateway.signing.trust import PARTICIPANT_ID, Participant

WARNING = "WORKSHOP - NOT FOR PRODUCTION"

CLOCK_DIFFERENCE = timedelta(hours=1)
"""Laptops at a workshop do not agree about the time: everything is valid from an hour before."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where the parts of a workshop lie."""

    trust: Path
    """The directory for `load_trust`."""
    keys: Mapping[str, str]
    """Participant id to the URI for `load_signing_key`."""


@dataclass(frozen=True, slots=True)
class MintedKey:
    """A new key, the request to certify it, and the workshop's certificate when one was asked for."""

    key: Path
    """PEM, 0600: the private key, followed by the certificate if there is one."""
    request: Path
    """PEM: the certificate signing request (PKCS #10) to take to one's authority."""
    registration: str
    """The lines for `participants.toml`, empty without a certificate."""


def mint_workshop(directory: Path, participants: Sequence[Participant], at: datetime, days: int = 30) -> Workshop:
    """Make an authority, its list of revoked certificates, a key for each participant, and the trust they share.

    Args:
        directory: Where to; made if it is not there. Nothing that is there is written over.
        participants: Who takes part; certificates they have already are left out.
        at: Now, with an offset.
        days: How long everything is valid.

    Raises:
        Misconfigured: There is a workshop in the directory already, or a participant cannot be used; nothing is written
            then.
    """
    names = [participant.id for participant in participants]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise Misconfigured(f"{', '.join(twice)}: named more than once; each participant has one id and one key.")
    for participant in participants:
        _require_usable(participant)
    for there in (directory / AUTHORITY_FILE, *(directory / "keys" / f"{name}.pem" for name in names)):
        if there.exists():
            raise Misconfigured(f"{there}: there is a key already; it is not written over.")
    for folder in ("keys", "trust/ca", "trust/crl"):
        (directory / folder).mkdir(parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _authority_certificate(key, at, days)
    _write_secret(directory / AUTHORITY_FILE, _pem(key, certificate))
    (directory / "trust/ca/workshop.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    publish_revocations(directory, [], at=at, days=days)
    registrations, keys = [], {}
    for participant in participants:
        minted = mint_key(directory / "keys", participant, at=at, days=days, authority=directory / AUTHORITY_FILE)
        registrations.append(minted.registration)
        keys[participant.id] = minted.key.resolve().as_uri()
    (directory / "trust/participants.toml").write_text("\n".join(registrations), encoding="utf-8")
    return Workshop(trust=directory / "trust", keys=keys)


def mint_key(
    directory: Path,
    participant: Participant,
    *,
    at: datetime,
    algorithm: Algorithm = Algorithm.ES256,
    days: int = 30,
    authority: Path | None = None,
) -> MintedKey:
    """Make a key for a participant, and the request to certify it.

    Args:
        directory: Where `<id>.pem` and `<id>.csr.pem` are written; made if it is not there.
        participant: Whose key it is.
        at: Now, with an offset.
        algorithm: What the key is to sign with.
        days: How long the workshop's certificate is valid.
        authority: The `workshop-ca.pem` to certify it with; without it there is only the request.

    Raises:
        Misconfigured: The key file is there already, the id cannot be used, or the authority cannot be read.
    """
    _require_usable(participant)
    directory.mkdir(parents=True, exist_ok=True)
    key = _new_key(algorithm)
    subject = _subject(participant)
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, _digest_for(key))
    certificate = None if authority is None else _certified(authority, key, subject, at, days)
    key_file, request_file = directory / f"{participant.id}.pem", directory / f"{participant.id}.csr.pem"
    _write_secret(key_file, _pem(key, certificate))
    request_file.write_bytes(request.public_bytes(Encoding.PEM))
    registration = "" if certificate is None else _registration(participant, certificate)
    return MintedKey(key=key_file, request=request_file, registration=registration)


def publish_revocations(directory: Path, revoked: Sequence[Path], *, at: datetime, days: int = 30) -> Path:
    """Publish the workshop's list of revoked certificates anew; what is not in it is no longer revoked.

    Args:
        directory: The workshop's.
        revoked: PEM files with the certificates to revoke, such as the participants' key files.
        at: Now, with an offset; also when they were revoked.
        days: When the next list is due.

    Returns:
        The file of the list.

    Raises:
        Misconfigured: The authority or a certificate cannot be read.
    """
    key, certificate = _read_authority(directory / AUTHORITY_FILE)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(certificate.subject)
        .last_update(at - CLOCK_DIFFERENCE)
        .next_update(at + timedelta(days=days))
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
    )
    for file in revoked:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(_read_certificate(file).serial_number)
            .revocation_date(at)
            .build()
        )
    target = directory / "trust/crl/workshop.pem"
    target.write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    return target


AUTHORITY_FILE = "workshop-ca.pem"


def _require_usable(participant: Participant) -> None:
    if not PARTICIPANT_ID.fullmatch(participant.id):
        raise Misconfigured(f"{participant.id!r} cannot be a participant's id.")
    if participant.country not in countries_by_alpha2:
        raise Misconfigured(f"{participant.id}: {participant.country} is no country of ISO 3166-1 alpha-2, such as KG.")


def _authority_certificate(key: ec.EllipticCurvePrivateKey, at: datetime, days: int) -> x509.Certificate:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, WARNING),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Workshop authority, {WARNING}"),
        ]
    )
    return (
        _builder(name, name, key, key, valid=_valid(at, days))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(sign_messages=False), critical=True)
        .sign(key, hashes.SHA256())
    )


def _certified(authority: Path, key: PrivateKey, subject: x509.Name, at: datetime, days: int) -> x509.Certificate:
    issuer_key, issuer = _read_authority(authority)
    return (
        _builder(subject, issuer.subject, key, issuer_key, valid=_valid(at, days))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(sign_messages=True), critical=True)
        .sign(issuer_key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: PrivateKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    valid: tuple[datetime, datetime],
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )


def _valid(at: datetime, days: int) -> tuple[datetime, datetime]:
    return at - CLOCK_DIFFERENCE, at + timedelta(days=days)


def _usage(*, sign_messages: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=sign_messages,
        content_commitment=sign_messages,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not sign_messages,
        crl_sign=not sign_messages,
        encipher_only=False,
        decipher_only=False,
    )


def _subject(participant: Participant) -> x509.Name:
    try:
        return x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, participant.country),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, WARNING),
                x509.NameAttribute(NameOID.COMMON_NAME, participant.id),
            ]
        )
    except ValueError as mistake:
        raise Misconfigured(f"{participant.id}: {mistake}") from mistake


def _new_key(algorithm: Algorithm) -> PrivateKey:
    match algorithm:
        case Algorithm.ES256:
            return ec.generate_private_key(ec.SECP256R1())
        case Algorithm.ES384:
            return ec.generate_private_key(ec.SECP384R1())
        case Algorithm.EdDSA:
            return ed25519.Ed25519PrivateKey.generate()
        case Algorithm.RS256 | Algorithm.PS256:
            return rsa.generate_private_key(public_exponent=65537, key_size=3072)


def _digest_for(key: PrivateKey) -> hashes.SHA256 | None:
    return None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()


def _pem(key: PrivateKey, certificate: x509.Certificate | None) -> bytes:
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem if certificate is None else pem + certificate.public_bytes(Encoding.PEM)


def _write_secret(file: Path, content: bytes) -> None:
    # Made with its mode, not changed to it afterwards, and never in the place of a key that is there.
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as mistake:
        raise Misconfigured(f"{file}: there is a key already; it is not written over.") from mistake
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)


def _read_authority(file: Path) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    certificate = _read_certificate(file)
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except (ValueError, TypeError):
        raise Misconfigured(f"{file}: the authority's key cannot be read.") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise Misconfigured(f"{file}: it is not a workshop authority.")
    return key, certificate


def _read_certificate(file: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(file.read_bytes())
    except (OSError, ValueError) as mistake:
        raise Misconfigured(f"{file}: there is no certificate that can be read.") from mistake


def _registration(participant: Participant, certificate: x509.Certificate) -> str:
    # Basic strings of TOML are JSON strings for every character that an id or a country may have.
    return "\n".join(
        [
            "[[participant]]",
            f"id = {json.dumps(participant.id)}",
            f"country = {json.dumps(participant.country)}",
            f"role = {json.dumps(participant.role.value)}",
            f"status = {json.dumps(participant.status.value)}",
            "[[participant.certificate]]",
            f"fingerprint = {json.dumps(fingerprint(certificate))}",
            f"not_before = {moment_to_text(certificate.not_valid_before_utc.astimezone(UTC))}",
            f"not_after = {moment_to_text(certificate.not_valid_after_utc.astimezone(UTC))}",
            "",
        ]
    )
