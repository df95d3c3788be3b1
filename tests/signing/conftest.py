"""A small world to sign in: an authority, participants with one key per algorithm, and the trust between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

from gateway.signing import Algorithm, Participant, Registration, Role, SigningKey, Status, TrustStore
from gateway.signing.algorithm import algorithms_for

AT = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def name(common_name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def usage(*, signs_messages):
    return x509.KeyUsage(
        digital_signature=signs_messages,
        content_commitment=signs_messages,
        key_encipherment=not signs_messages,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


AUTHORITY_USAGE = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


class Authority:
    """A certification authority that certifies whatever a test asks for."""

    def __init__(self, common_name="Test authority", issuer=None, path_length=1):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = name(common_name)
        signing, issuer_name = (issuer.key, issuer.name) if issuer else (self.key, self.name)
        self.certificate = (
            self._builder(self.name, issuer_name, self.key, signing, AT - 90 * DAY, AT + 900 * DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
            .add_extension(AUTHORITY_USAGE, critical=True)
            .sign(signing, hashes.SHA256())
        )

    def certify(
        self,
        key,
        subject="KG",
        *,
        not_before=AT - DAY,
        not_after=AT + 30 * DAY,
        signs_messages=True,
        ca=False,
        extra=(),
    ):
        builder = self._builder(name(subject), self.name, key, self.key, not_before, not_after)
        builder = builder.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        builder = builder.add_extension(usage(signs_messages=signs_messages), critical=True)
        for extension, critical in extra:
            builder = builder.add_extension(extension, critical=critical)
        return builder.sign(self.key, hashes.SHA256())

    def revocations(self, *certificates, since=AT - DAY, issued=AT - DAY, next_update=AT + 30 * DAY, extra=()):
        builder = (
            x509.CertificateRevocationListBuilder().issuer_name(self.name).last_update(issued).next_update(next_update)
        )
        for extension in extra:
            builder = builder.add_extension(extension, critical=True)
        for certificate in certificates:
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder().serial_number(certificate.serial_number).revocation_date(since).build()
            )
        return builder.sign(self.key, hashes.SHA256())

    @staticmethod
    def _builder(subject, issuer, key, issuer_key, not_before, not_after):
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(not_before)
            .not_valid_after(not_after)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        )


def digest(certificate):
    return certificate.fingerprint(hashes.SHA256()).hex()


def signing_key(private_key, *chain, algorithm=None):
    return SigningKey(
        private_key=private_key,
        chain=chain,
        algorithm=algorithm or (algorithms_for(private_key) or (Algorithm.RS256,))[0],
        key_id=digest(chain[0]),
    )


def registered(certificate, *, not_before=AT - 30 * DAY, not_after=AT + 365 * DAY):
    return Registration(digest(certificate), not_before, not_after)


def participant(*certificates, id_="KG", status=Status.ACTIVE, role=Role.NSW, **window):
    return Participant(id_, "KG", role, status, tuple(registered(c, **window) for c in certificates))


def trust_in(*participants, authorities, revocation_lists):
    return TrustStore(
        authorities=tuple(authority.certificate for authority in authorities),
        participants={p.id: p for p in participants},
        revocation_lists=tuple(revocation_lists),
    )


@dataclass
class World:
    """An authority, one key per algorithm for participant KG, one key for CN, and the trust between them."""

    authority: Authority
    keys: dict[Algorithm, SigningKey]
    other: SigningKey
    trust: TrustStore
    at: datetime = AT

    @property
    def key(self):
        return self.keys[Algorithm.ES256]


@pytest.fixture(scope="session")
def world():
    authority = Authority()
    rsa_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = {
        Algorithm.ES256: ec.generate_private_key(ec.SECP256R1()),
        Algorithm.ES384: ec.generate_private_key(ec.SECP384R1()),
        Algorithm.EdDSA: ed25519.Ed25519PrivateKey.generate(),
        Algorithm.RS256: rsa_key,
        Algorithm.PS256: rsa_key,
    }
    rsa_certificate = authority.certify(rsa_key)
    keys = {
        algorithm: signing_key(key, rsa_certificate if key is rsa_key else authority.certify(key), algorithm=algorithm)
        for algorithm, key in private.items()
    }
    cn_key = ec.generate_private_key(ec.SECP256R1())
    other = signing_key(cn_key, authority.certify(cn_key, "CN"))
    certificates = {digest(key.chain[0]): key.chain[0] for key in keys.values()}
    return World(
        authority=authority,
        keys=keys,
        other=other,
        trust=trust_in(
            participant(*certificates.values()),
            participant(other.chain[0], id_="CN"),
            authorities=[authority],
            revocation_lists=[authority.revocations()],
        ),
    )


@pytest.fixture(scope="session")
def build():
    """Give the builders above to tests, which cannot import a conftest."""
    return Build


class Build:
    Authority = Authority
    signing_key = staticmethod(signing_key)
    registered = staticmethod(registered)
    participant = staticmethod(participant)
    trust_in = staticmethod(trust_in)
    digest = staticmethod(digest)
    usage = staticmethod(usage)
    AT = AT
    DAY = DAY
