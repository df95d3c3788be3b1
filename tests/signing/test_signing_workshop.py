"""The workshop's authority: enough to show an exchange, and plainly not for production."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from gateway.errors import Misconfigured, UntrustedMessage
from gateway.signing import (
    Algorithm,
    Participant,
    Purpose,
    Reason,
    Role,
    load_signing_key,
    load_trust,
    mint_key,
    mint_workshop,
    publish_revocations,
    sign_detached,
    verify_detached,
)

PARTICIPANTS = [
    Participant("KG", "KG", Role.NSW),
    Participant("CN", "CN", Role.NSW),
    Participant("gateway", "KG", Role.GATEWAY),
]


@pytest.fixture
def workshop(tmp_path, build):
    return mint_workshop(tmp_path / "workshop", PARTICIPANTS, build.AT, 30)


def path_of(uri):
    return Path(unquote(urlsplit(uri).path))


def signer(trust, key, at):
    jws = sign_detached(b"body", key, purpose=Purpose.MESSAGE, signing_time=at)
    return verify_detached(b"body", jws, trust, purpose=Purpose.MESSAGE, at=at).signer


def test_every_participant_of_a_workshop_is_trusted_by_the_others(workshop, build):
    trust = load_trust(workshop.trust)
    for participant in PARTICIPANTS:
        found = signer(trust, load_signing_key(workshop.keys[participant.id]), build.AT)
        assert (found.participant, found.role) == (participant.id, participant.role)


def test_a_workshop_ends(workshop, build):
    key = load_signing_key(workshop.keys["KG"])
    with pytest.raises(UntrustedMessage) as refused:
        signer(load_trust(workshop.trust), key, build.AT + 31 * build.DAY)
    assert refused.value.reason == Reason.EXPIRED


def test_every_certificate_says_that_it_is_not_for_production(workshop):
    files = [*workshop.trust.glob("ca/*.pem"), *(path_of(uri) for uri in workshop.keys.values())]
    assert len(files) == 4
    for file in files:
        subject = x509.load_pem_x509_certificate(file.read_bytes()).subject.rfc4514_string()
        assert "WORKSHOP - NOT FOR PRODUCTION" in subject


def test_no_key_of_a_workshop_is_open_to_others(workshop):
    keys = [f for f in workshop.trust.parent.rglob("*.pem") if b"PRIVATE KEY" in f.read_bytes()]
    assert len(keys) == 4
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in keys)


def test_the_trust_that_is_handed_round_has_no_key_in_it(workshop):
    assert not any(b"PRIVATE" in f.read_bytes() for f in workshop.trust.rglob("*") if f.is_file())


def test_a_workshop_is_not_minted_over_another(workshop, build):
    directory = workshop.trust.parent
    before = {f: f.read_bytes() for f in directory.rglob("*") if f.is_file()}
    with pytest.raises(Misconfigured, match="not written over"):
        mint_workshop(directory, PARTICIPANTS, build.AT, 30)
    assert {f: f.read_bytes() for f in directory.rglob("*") if f.is_file()} == before


@pytest.mark.parametrize(
    ("added", "said"),
    [
        (PARTICIPANTS[0], "named more than once"),
        (Participant("../KG", "KG", Role.NSW), "cannot be a participant's id"),
        (Participant("XX", "XX", Role.NSW), "XX is no country of ISO 3166-1 alpha-2"),
    ],
    ids=["twice", "id", "country"],
)
def test_a_workshop_that_cannot_be_made_leaves_nothing_behind(added, said, tmp_path, build):
    with pytest.raises(Misconfigured, match=said):
        mint_workshop(tmp_path / "workshop", (*PARTICIPANTS, added), build.AT, 30)
    assert not list(tmp_path.iterdir())


def test_two_workshops_do_not_trust_each_other(tmp_path, workshop, build):
    other = mint_workshop(tmp_path / "other", PARTICIPANTS, build.AT, 30)
    with pytest.raises(UntrustedMessage) as refused:
        signer(load_trust(workshop.trust), load_signing_key(other.keys["KG"]), build.AT)
    assert refused.value.reason == Reason.UNKNOWN_ISSUER


def test_a_certificate_can_be_revoked_before_an_audience(workshop, build):
    later = build.AT + timedelta(hours=1)
    publish_revocations(workshop.trust.parent, [path_of(workshop.keys["KG"])], at=later)
    trust = load_trust(workshop.trust)
    with pytest.raises(UntrustedMessage) as refused:
        signer(trust, load_signing_key(workshop.keys["KG"]), later)
    assert refused.value.reason == Reason.REVOKED
    assert signer(trust, load_signing_key(workshop.keys["CN"]), later).participant == "CN"


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_new_key_comes_with_a_request_for_ones_own_authority(tmp_path, build, algorithm):
    minted = mint_key(tmp_path, PARTICIPANTS[0], at=build.AT, algorithm=algorithm)
    request = x509.load_pem_x509_csr(minted.request.read_bytes())
    private = load_pem_private_key(minted.key.read_bytes(), password=None)
    assert request.is_signature_valid
    assert request.public_key() == private.public_key()
    assert stat.S_IMODE(minted.key.stat().st_mode) == 0o600
    assert minted.registration == ""


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_new_key_certified_by_the_workshop_is_trusted_once_registered(tmp_path, workshop, build, algorithm):
    minted = mint_key(
        tmp_path / "new",
        Participant("UZ", "UZ", Role.NSW),
        at=build.AT,
        algorithm=algorithm,
        authority=workshop.trust.parent / "workshop-ca.pem",
    )
    key = load_signing_key(minted.key.as_uri(), algorithm=algorithm)
    with pytest.raises(UntrustedMessage) as refused:
        signer(load_trust(workshop.trust), key, build.AT)
    assert refused.value.reason == Reason.UNKNOWN_PARTICIPANT
    with (workshop.trust / "participants.toml").open("a", encoding="utf-8") as participants:
        participants.write(minted.registration)
    assert signer(load_trust(workshop.trust), key, build.AT).participant == "UZ"


@pytest.mark.parametrize("id_", ["../KG", "", "K G", "a" * 65, "КГ"])
def test_an_id_that_could_leave_the_directory_is_refused(tmp_path, build, id_):
    with pytest.raises(Misconfigured, match="cannot be a participant"):
        mint_key(tmp_path, Participant(id_, "KG", Role.NSW), at=build.AT)
