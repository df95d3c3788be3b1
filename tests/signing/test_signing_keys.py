"""Signing keys: found by URI, refused when open to others, never shown."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from gateway.errors import Misconfigured
from gateway.signing import Algorithm, Purpose, load_signing_key, sign_detached, verify_detached


def pem(key, *certificates, encryption=None):
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())
    return text + b"".join(c.public_bytes(Encoding.PEM) for c in certificates)


@pytest.fixture
def key():
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def write(tmp_path):
    def to_file(content, mode=0o600):
        file = tmp_path / "key file.pem"
        file.write_bytes(content)
        file.chmod(mode)
        return file.as_uri()

    return to_file


def mistake(uri, **how):
    with pytest.raises(Misconfigured) as found:
        load_signing_key(uri, **how)
    return found.value.detail


def test_a_key_is_loaded_with_its_certificate(write, key, build):
    certificate = build.Authority().certify(key)
    loaded = load_signing_key(write(pem(key, certificate)))
    assert loaded.algorithm == Algorithm.ES256
    assert loaded.key_id == build.digest(certificate)
    assert loaded.chain == (certificate,)


def test_a_chain_is_put_in_order_and_its_root_left_out(write, key, build):
    root = build.Authority("Root")
    issuing = build.Authority("Issuing", issuer=root, path_length=0)
    certificate = issuing.certify(key)
    loaded = load_signing_key(write(pem(key, root.certificate, issuing.certificate, certificate)))
    assert loaded.chain == (certificate, issuing.certificate)


@pytest.mark.parametrize(
    ("make", "algorithm"),
    [
        (lambda: ec.generate_private_key(ec.SECP384R1()), Algorithm.ES384),
        (ed25519.Ed25519PrivateKey.generate, Algorithm.EdDSA),
        (lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048), Algorithm.PS256),
    ],
    ids=["P-384", "Ed25519", "RSA"],
)
def test_a_key_signs_with_the_algorithm_it_is_for(write, build, make, algorithm):
    private = make()
    assert load_signing_key(write(pem(private, build.Authority().certify(private)))).algorithm == algorithm


def test_an_rsa_key_can_be_told_to_sign_rs256(write, build):
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    uri = write(pem(private, build.Authority().certify(private)))
    assert load_signing_key(uri, algorithm=Algorithm.RS256).algorithm == Algorithm.RS256


def test_an_algorithm_that_does_not_fit_the_key_is_a_mistake(write, key, build):
    uri = write(pem(key, build.Authority().certify(key)))
    assert "not for PS256" in mistake(uri, algorithm=Algorithm.PS256)


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o602, 0o601, 0o620, 0o666])
def test_a_key_file_open_to_others_is_refused(write, key, build, mode):
    assert "open to others" in mistake(write(pem(key, build.Authority().certify(key)), mode))


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o440])
def test_a_key_file_closed_to_others_is_accepted(write, key, build, mode):
    load_signing_key(write(pem(key, build.Authority().certify(key)), mode))


@pytest.mark.parametrize("uri", ["/key.pem", "http://kg.example/key.pem", "env:KEY", "pkcs11:token=x", ""])
def test_only_known_schemes_name_a_key(uri):
    assert "starts with file:" in mistake(uri)


def test_a_path_without_a_scheme_is_answered_with_the_uri_that_was_meant():
    assert mistake("workshop/keys/CN.pem").endswith("; is file:workshop/keys/CN.pem meant?")


@pytest.mark.parametrize("uri", ["file://other.example/key.pem", "file:"])
def test_a_file_on_another_machine_is_a_mistake(uri):
    assert "named as file:" in mistake(uri)


def test_a_file_that_is_not_there_and_a_directory_are_mistakes(tmp_path):
    assert "cannot be read" in mistake((tmp_path / "absent.pem").as_uri())
    assert "not a file" in mistake(tmp_path.as_uri())


def test_a_file_without_exactly_one_key_and_its_certificate_is_a_mistake(write, key, build):
    certificate = build.Authority().certify(key)
    stranger = build.Authority().certify(ec.generate_private_key(ec.SECP256R1()), "stranger")
    assert "exactly one private key" in mistake(write(certificate.public_bytes(Encoding.PEM)))
    assert "exactly one private key" in mistake(write(pem(key, certificate) + pem(key)))
    assert "certificate is missing" in mistake(write(pem(key)))
    assert "one certificate of this key, found 0" in mistake(write(pem(key, stranger)))
    assert "does not belong to the chain" in mistake(write(pem(key, certificate, stranger)))


def test_an_encrypted_key_is_a_mistake_that_does_not_tell_the_key(write, key, build):
    encrypted = pem(key, build.Authority().certify(key), encryption=BestAvailableEncryption(b"secret"))
    assert "is encrypted" in mistake(write(encrypted))


@pytest.mark.parametrize(
    "make",
    [
        lambda: rsa.generate_private_key(public_exponent=65537, key_size=1024),  # noqa: S505
        lambda: ec.generate_private_key(ec.SECP521R1()),
    ],
    ids=["RSA 1024", "P-521"],
)
def test_a_key_of_a_kind_nobody_would_accept_is_a_mistake(write, build, make):
    private = make()
    assert "accepted are P-256" in mistake(write(pem(private, build.Authority().certify(private))))


def test_a_key_is_never_shown(write, key, build):
    loaded = load_signing_key(write(pem(key, build.Authority().certify(key))))
    secret = key.private_numbers().private_value
    for shown in (repr(loaded), str(loaded), f"{loaded}"):
        assert "private" not in shown.lower()
        assert str(secret) not in shown
        assert f"{secret:x}" not in shown


def test_a_loaded_key_signs_what_its_participant_is_trusted_for(write, build):
    root = build.Authority("Root")
    issuing = build.Authority("Issuing", issuer=root, path_length=0)
    private = ec.generate_private_key(ec.SECP256R1())
    certificate = issuing.certify(private)
    key = load_signing_key(write(pem(private, certificate, issuing.certificate)))
    trust = build.trust_in(
        build.participant(certificate),
        authorities=[root, issuing],
        revocation_lists=[root.revocations(), issuing.revocations()],
    )
    jws = sign_detached(b"body", key, purpose=Purpose.RECEIPT, signing_time=build.AT)
    verified = verify_detached(b"body", jws, trust, purpose=Purpose.RECEIPT, at=build.AT)
    assert verified.signer.participant == "KG"
