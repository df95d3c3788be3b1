"""Who is trusted: authorities, registered participants and revocation, loaded and checked once.

A certificate is trusted when, in this order:

1. its key is strong enough and its key usage allows signing;
2. every certificate of its chain is valid at the time asked about;
3. the chain ends at one of our authorities (path validation by `cryptography.x509.verification`, RFC 5280);
4. its fingerprint is registered for a participant, within the registration's own window;
5. each authority that issued a certificate of the chain has a current list of revoked certificates, and the
   certificate is not on it;
6. the participant is active.

What fails 1 to 4, or is on a list, is refused. A list that is missing or stale, and a suspended participant, mean
that it cannot be judged now (decision 6 of the architecture): `TrustUnknown`. Everything not named is refused.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import verification

from gateway.errors import Misconfigured, TrustUnknown, UntrustedMessage
from gateway.reason import Reason
from gateway.signing.algorithm import algorithms_for
from gateway.signing.certificate import MOST_CERTIFICATES, fingerprint

_Extension = TypeVar("_Extension", bound=x509.ExtensionType)
_Value = TypeVar("_Value", str, datetime)
_Word = TypeVar("_Word", bound=StrEnum)

# What `cryptography.x509.verification` accepts in an authority; it does not accept Ed25519 there.
_KEYS_OF_AUTHORITIES = (ec.EllipticCurvePublicKey, rsa.RSAPublicKey)


class Role(StrEnum):
    """What a participant does in the exchange."""

    NSW = "nsw"
    GATEWAY = "gateway"
    OPERATOR = "operator"


class Status(StrEnum):
    """Whether a participant takes part now."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Registration:
    """One certificate of a participant, and the time in which the exchange accepts it."""

    fingerprint: str
    """SHA-256 of the certificate's DER, lower-case hexadecimal."""
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class Participant:
    """A party registered at the gateway, with the certificates it signs with."""

    id: str
    country: str
    """ISO 3166-1 alpha-2."""
    role: Role
    status: Status = Status.ACTIVE
    certificates: tuple[Registration, ...] = ()


@dataclass(frozen=True, slots=True)
class Signer:
    """Whose certificate it is."""

    participant: str
    role: Role


@dataclass(frozen=True, slots=True)
class _Revocation:
    """What one authority's list says."""

    issued: datetime
    next_update: datetime
    revoked: Mapping[int, datetime]


@dataclass(frozen=True)
class TrustStore:
    """Authorities, participants and lists of revoked certificates, as they were at one moment.

    It never changes: to take in a new list or a new registration, load it again and use the new one.

    Raises:
        Misconfigured: Something in it cannot be used; every mistake is in the sentence, one a line.
    """

    authorities: tuple[x509.Certificate, ...] = field(repr=False)
    participants: Mapping[str, Participant]
    revocation_lists: tuple[x509.CertificateRevocationList, ...] = field(repr=False)

    _store: verification.Store = field(init=False, repr=False, compare=False)
    _registered: Mapping[str, tuple[Participant, Registration]] = field(init=False, repr=False, compare=False)
    _revocations: Mapping[str, _Revocation] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        mistakes = [
            *_mistakes_in_authorities(self.authorities),
            *_mistakes_in_lists(self.revocation_lists, self.authorities),
            *_mistakes_in_participants(self.participants.values()),
        ]
        if mistakes:
            raise Misconfigured("\n".join(mistakes))
        registered = {r.fingerprint: (p, r) for p in self.participants.values() for r in p.certificates}
        object.__setattr__(self, "participants", MappingProxyType(dict(self.participants)))
        object.__setattr__(self, "_store", verification.Store(list(self.authorities)))
        object.__setattr__(self, "_registered", registered)
        object.__setattr__(self, "_revocations", _newest_lists(self.revocation_lists, self.authorities))

    def signer(self, certificate_chain: Sequence[x509.Certificate], at: datetime) -> Signer:
        """Say whose certificate the first of the chain is.

        Args:
            certificate_chain: The signer's certificate, then what it needs to reach one of the authorities.
            at: The moment to judge for, with an offset.

        Raises:
            UntrustedMessage: It is not a certificate that this exchange trusts; the reason says why.
            TrustUnknown: It may be, but revocation is unknown now or the participant is suspended.
        """
        leaf = certificate_chain[0]
        _require_sound(leaf)
        _require_in_time(certificate_chain, at)
        anchored = self._anchored(certificate_chain, at)
        participant = self._participant(leaf, at)
        self._require_not_revoked(anchored, at)
        if participant.status is Status.SUSPENDED:
            raise TrustUnknown(Reason.SUSPENDED, f"participant {participant.id} is suspended.")
        return Signer(participant=participant.id, role=participant.role)

    def require_gateway(self, certificate_chain: Sequence[x509.Certificate], participant: str, at: datetime) -> None:
        """Require that a certificate chain is the gateway's own.

        Args:
            certificate_chain: As for `signer`.
            participant: The gateway's participant id.
            at: The moment to judge for, with an offset.

        Raises:
            Misconfigured: It is not trusted, is another participant's, or its participant is no gateway.
            TrustUnknown: It cannot be judged now.
        """
        try:
            signer = self.signer(certificate_chain, at)
        except UntrustedMessage as refusal:
            raise Misconfigured(f"The gateway's signing key is not trusted: {refusal.detail}") from refusal
        if signer.participant != participant:
            raise Misconfigured(f"The gateway is {participant}, but its signing key is that of {signer.participant}.")
        if signer.role is not Role.GATEWAY:
            raise Misconfigured(f"{participant} is registered with the role {signer.role}, not {Role.GATEWAY}.")

    def _anchored(self, chain: Sequence[x509.Certificate], at: datetime) -> list[x509.Certificate]:
        """Return the chain from the signer's certificate to the authority that we know."""
        verifier = (
            verification.PolicyBuilder()
            .store(self._store)
            .time(at.astimezone(UTC))
            .max_chain_depth(MOST_CERTIFICATES)
            .extension_policies(ca_policy=_AUTHORITY_POLICY, ee_policy=_SIGNER_POLICY)
            .build_client_verifier()
        )
        try:
            return verifier.verify(chain[0], list(chain[1:])).chain
        except verification.VerificationError as failure:
            raise UntrustedMessage(
                Reason.UNKNOWN_ISSUER, "The certificate does not lead to an authority of this exchange."
            ) from failure

    def _participant(self, leaf: x509.Certificate, at: datetime) -> Participant:
        found = self._registered.get(fingerprint(leaf))
        if found is None:
            raise UntrustedMessage(
                Reason.UNKNOWN_PARTICIPANT, f"No participant has registered certificate {fingerprint(leaf)}."
            )
        participant, registration = found
        if at < registration.not_before:
            raise UntrustedMessage(
                Reason.NOT_YET_VALID, f"{participant.id} registered it from {registration.not_before.isoformat()}."
            )
        if at > registration.not_after:
            raise UntrustedMessage(
                Reason.EXPIRED, f"{participant.id} registered it until {registration.not_after.isoformat()}."
            )
        return participant

    def _require_not_revoked(self, anchored: Sequence[x509.Certificate], at: datetime) -> None:
        unknown = None
        # A certificate known to be revoked outweighs a list that is missing elsewhere in the chain.
        for certificate, issuer in pairwise(anchored):
            revocation = self._revocations.get(fingerprint(issuer))
            if revocation is None:
                unknown = f"there is no list of revoked certificates by {issuer.subject.rfc4514_string()}"
                continue
            revoked_at = revocation.revoked.get(certificate.serial_number)
            if revoked_at is not None and revoked_at <= at:
                raise UntrustedMessage(
                    Reason.REVOKED, f"Certificate {fingerprint(certificate)} is revoked since {revoked_at.isoformat()}."
                )
            if at > revocation.next_update:
                unknown = f"the list of revoked certificates by {issuer.subject.rfc4514_string()} is stale"
        if unknown:
            raise TrustUnknown(Reason.REVOCATION_UNKNOWN, f"{unknown}.")


def load_trust(path: Path) -> TrustStore:
    """Load a trust store from a directory.

    The directory holds `ca/*.pem` (every authority that issues participants' certificates, root or not),
    `crl/*.pem` (a current list of revoked certificates for each) and `participants.toml`:

        [[participant]]
        id = "KG"
        country = "KG"
        role = "nsw"                  # nsw, gateway or operator
        status = "active"             # active or suspended
        endpoint = "..."              # not read here
        [[participant.certificate]]
        fingerprint = "..."           # SHA-256 of the DER, 64 hexadecimal digits
        not_before = 2026-01-01T00:00:00Z
        not_after = 2027-01-01T00:00:00Z

    Raises:
        Misconfigured: Something in the directory cannot be used; every mistake is named with its place, one a line.
    """
    mistakes: list[str] = []
    authorities = _load_authorities(path / "ca", mistakes)
    lists = _load_lists(path / "crl", mistakes)
    participants = _load_participants(path / "participants.toml", mistakes)
    mistakes += _mistakes_in_authorities(authorities)
    mistakes += _mistakes_in_lists(lists, authorities)
    mistakes += _mistakes_in_participants(participants)
    if mistakes:
        raise Misconfigured("\n".join(f"{path}: {mistake}" for mistake in mistakes))
    return TrustStore(
        authorities=tuple(authorities),
        participants={participant.id: participant for participant in participants},
        revocation_lists=tuple(lists),
    )


_AUTHORITY_POLICY = verification.ExtensionPolicy.webpki_defaults_ca()

_ANY = verification.Criticality.AGNOSTIC

# The defaults refuse every critical extension that nobody has looked at. They also ask for a DNS name, which a
# customs administration's signing certificate has no use for; key usage is judged by `_require_sound`.
_SIGNER_POLICY = (
    verification.ExtensionPolicy.webpki_defaults_ee()
    .may_be_present(x509.SubjectAlternativeName, _ANY, None)
    .may_be_present(x509.ExtendedKeyUsage, _ANY, None)
    .may_be_present(x509.KeyUsage, _ANY, None)
    .may_be_present(x509.AuthorityKeyIdentifier, _ANY, None)
    .may_be_present(x509.BasicConstraints, _ANY, None)
)


def _require_sound(leaf: x509.Certificate) -> None:
    if not algorithms_for(leaf.public_key()):
        raise UntrustedMessage(Reason.WEAK_KEY, "The certificate's key is of a kind or a size that is not accepted.")
    usage = _extension(leaf, x509.KeyUsage)
    if usage is None or not (usage.digital_signature or usage.content_commitment):
        raise UntrustedMessage(Reason.KEY_USAGE, "The certificate's key usage does not allow signing.")
    constraints = _extension(leaf, x509.BasicConstraints)
    if constraints is not None and constraints.ca:
        raise UntrustedMessage(Reason.KEY_USAGE, "An authority's certificate does not sign messages.")


def _require_in_time(chain: Iterable[x509.Certificate], at: datetime) -> None:
    for certificate in chain:
        if at < certificate.not_valid_before_utc:
            raise UntrustedMessage(
                Reason.NOT_YET_VALID,
                f"The certificate is valid from {certificate.not_valid_before_utc.isoformat()}.",
            )
        if at > certificate.not_valid_after_utc:
            raise UntrustedMessage(
                Reason.EXPIRED, f"The certificate expired on {certificate.not_valid_after_utc.isoformat()}."
            )


def _extension(holder: x509.Certificate | x509.CertificateRevocationList, kind: type[_Extension]) -> _Extension | None:
    try:
        return holder.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _newest_lists(
    lists: Iterable[x509.CertificateRevocationList], authorities: Sequence[x509.Certificate]
) -> Mapping[str, _Revocation]:
    newest: dict[str, _Revocation] = {}
    for crl in lists:
        issuer = _issuer_of(crl, authorities)
        if issuer is None or crl.next_update_utc is None:
            continue
        known = newest.get(fingerprint(issuer))
        if known is None or known.issued < crl.last_update_utc:
            newest[fingerprint(issuer)] = _Revocation(
                issued=crl.last_update_utc,
                next_update=crl.next_update_utc,
                revoked={entry.serial_number: entry.revocation_date_utc for entry in crl},
            )
    return newest


def _issuer_of(crl: x509.CertificateRevocationList, authorities: Iterable[x509.Certificate]) -> x509.Certificate | None:
    for authority in authorities:
        key = authority.public_key()
        if crl.issuer == authority.subject and isinstance(key, _KEYS_OF_AUTHORITIES) and crl.is_signature_valid(key):
            return authority
    return None


def _mistakes_in_authorities(authorities: Sequence[x509.Certificate]) -> list[str]:
    if not authorities:
        return ["ca: there is no authority, so nobody could be trusted"]
    mistakes = []
    for authority in authorities:
        name = f"ca: {authority.subject.rfc4514_string()}"
        constraints = _extension(authority, x509.BasicConstraints)
        usage = _extension(authority, x509.KeyUsage)
        if constraints is None or not constraints.ca:
            mistakes.append(f"{name}: it is not an authority's certificate (basic constraints)")
        if usage is None or not usage.key_cert_sign:
            mistakes.append(f"{name}: its key usage does not allow it to sign certificates")
        if not isinstance(authority.public_key(), _KEYS_OF_AUTHORITIES) or not algorithms_for(authority.public_key()):
            mistakes.append(f"{name}: its key is not P-256, P-384 or RSA from 2048 bits")
    return mistakes


def _mistakes_in_lists(
    lists: Iterable[x509.CertificateRevocationList], authorities: Sequence[x509.Certificate]
) -> list[str]:
    mistakes = []
    for crl in lists:
        name = f"crl: {crl.issuer.rfc4514_string()}"
        if _issuer_of(crl, authorities) is None:
            mistakes.append(f"{name}: no authority in ca has issued this list")
        if crl.next_update_utc is None:
            mistakes.append(f"{name}: the list does not say when the next one is due")
        # A critical extension changes what the list covers (a delta, a part): read as a full one it would mislead.
        mistakes += [
            f"{name}: critical extension {extension.oid.dotted_string} is not supported"
            for extension in crl.extensions
            if extension.critical
        ]
    return mistakes


def _mistakes_in_participants(participants: Iterable[Participant]) -> list[str]:
    mistakes, ids, owners = [], set(), dict[str, str]()
    for participant in participants:
        name = f"participants: {participant.id}"
        if not PARTICIPANT_ID.fullmatch(participant.id):
            mistakes.append(f"{name}: an id has 1 to 64 letters, digits, '.', '-', '_' or ':'")
        if participant.id in ids:
            mistakes.append(f"{name}: the id is registered twice")
        ids.add(participant.id)
        if not re.fullmatch(r"[A-Z]{2}", participant.country):
            mistakes.append(f"{name}: the country is two capital letters (ISO 3166-1)")
        for registration in participant.certificates:
            mistakes += _mistakes_in_registration(name, registration)
            owner = owners.setdefault(registration.fingerprint, participant.id)
            if owner != participant.id:
                mistakes.append(f"{name}: certificate {registration.fingerprint} belongs to {owner} as well")
    return mistakes


def _mistakes_in_registration(name: str, registration: Registration) -> list[str]:
    mistakes = []
    if not re.fullmatch(r"[0-9a-f]{64}", registration.fingerprint):
        mistakes.append(f"{name}: a fingerprint is the SHA-256 of the certificate in 64 hexadecimal digits")
    if registration.not_before.tzinfo is None or registration.not_after.tzinfo is None:
        mistakes.append(f"{name}: not_before and not_after need an offset, such as Z")
    elif registration.not_before >= registration.not_after:
        mistakes.append(f"{name}: not_before is not before not_after")
    return mistakes


PARTICIPANT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
"""How a participant is named: also safe as a file's name and in a certificate's subject."""


def _load_authorities(folder: Path, mistakes: list[str]) -> list[x509.Certificate]:
    authorities = []
    for file in _pem_files(folder, mistakes):
        try:
            authorities += x509.load_pem_x509_certificates(file.read_bytes())
        except (ValueError, OSError) as mistake:
            mistakes.append(f"ca/{file.name}: {mistake}")
    return authorities


def _load_lists(folder: Path, mistakes: list[str]) -> list[x509.CertificateRevocationList]:
    lists = []
    for file in _pem_files(folder, mistakes):
        try:
            lists.append(x509.load_pem_x509_crl(file.read_bytes()))
        except (ValueError, OSError) as mistake:
            mistakes.append(f"crl/{file.name}: {mistake}")
    return lists


def _pem_files(folder: Path, mistakes: list[str]) -> list[Path]:
    if not folder.is_dir():
        mistakes.append(f"{folder.name}: there is no such directory")
        return []
    return sorted(folder.glob("*.pem"))


def _load_participants(file: Path, mistakes: list[str]) -> list[Participant]:
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8")).get("participant", [])
    except (OSError, ValueError) as mistake:
        mistakes.append(f"{file.name}: {mistake}")
        return []
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        mistakes.append(f"{file.name}: participants are tables written [[participant]]")
        return []
    if not tables:
        mistakes.append(f"{file.name}: registers no participant")
    read = (_participant(table, f"{file.name}: participant {n}", mistakes) for n, table in enumerate(tables, 1))
    return [participant for participant in read if participant is not None]


def _participant(table: Mapping[str, object], place: str, mistakes: list[str]) -> Participant | None:
    before = len(mistakes)
    id_ = _value(table, "id", str, place, mistakes)
    country = _value(table, "country", str, place, mistakes)
    role = _word(table, "role", Role, place, mistakes)
    status = _word(table, "status", Status, place, mistakes)
    certificates = table.get("certificate", [])
    if not isinstance(certificates, list) or not all(isinstance(entry, dict) for entry in certificates):
        mistakes.append(f"{place}: certificates are tables written [[participant.certificate]]")
        certificates = []
    registrations = [
        _registration(entry, f"{place}, certificate {n}", mistakes) for n, entry in enumerate(certificates, 1)
    ]
    if len(mistakes) > before or id_ is None or country is None or role is None or status is None:
        return None
    return Participant(
        id=id_,
        country=country,
        role=role,
        status=status,
        certificates=tuple(registration for registration in registrations if registration is not None),
    )


def _registration(table: Mapping[str, object], place: str, mistakes: list[str]) -> Registration | None:
    digest = _value(table, "fingerprint", str, place, mistakes)
    not_before = _value(table, "not_before", datetime, place, mistakes)
    not_after = _value(table, "not_after", datetime, place, mistakes)
    if digest is None or not_before is None or not_after is None:
        return None
    return Registration(digest.replace(":", "").lower(), not_before, not_after)


def _value(table: Mapping[str, object], key: str, kind: type[_Value], place: str, mistakes: list[str]) -> _Value | None:
    value = table.get(key)
    if isinstance(value, kind):
        return value
    mistakes.append(f"{place}: {key} is missing or is not a {_KINDS[kind]}")
    return None


def _word(table: Mapping[str, object], key: str, words: type[_Word], place: str, mistakes: list[str]) -> _Word | None:
    try:
        return words(str(table.get(key)))
    except ValueError:
        mistakes.append(f"{place}: {key} is one of {', '.join(words)}")
        return None


_KINDS: Mapping[type, str] = {str: "text", datetime: "date with a time"}
