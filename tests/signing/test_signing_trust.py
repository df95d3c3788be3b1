"""Trust: which certificates are accepted, why the others are not, and what cannot be judged now."""

from __future__ import annotations

import base64
import warnings

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gateway.errors import Misconfigured, TrustUnknown, UntrustedMessage
from gateway.reason import REASON_TEXTS
from gateway.signing import Reason, Role, Signer, Status, load_trust
from gateway.signing.certificate import chain_from_base64


def p256():
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def case(build):
    """Judge one certificate, made and registered with the changes that a test names."""

    def judge(
        key=None,
        *,
        at=build.AT,
        status=Status.ACTIVE,
        role=Role.NSW,
        window=None,
        revocation_lists=None,
        revoked_since=None,
        register=True,
        trusted=True,
        **certificate,
    ):
        authority = build.Authority()
        leaf = authority.certify(key or p256(), **certificate)
        revoked = [leaf] if revoked_since else []
        lists = [authority.revocations(*revoked, since=revoked_since or build.AT)]
        trust = build.trust_in(
            build.participant(*([leaf] if register else []), status=status, role=role, **(window or {})),
            authorities=[authority if trusted else build.Authority()],
            revocation_lists=(lists if trusted else []) if revocation_lists is None else revocation_lists(authority),
        )
        return trust.signer([leaf], at)

    return judge


def refusal(judge, **how):
    with pytest.raises(UntrustedMessage) as refused:
        judge(**how)
    return refused.value.reason


def test_a_registered_certificate_of_a_known_authority_names_its_participant(case):
    assert case(role=Role.OPERATOR) == Signer("KG", Role.OPERATOR)


def test_an_unknown_authority_is_refused(case):
    assert refusal(case, trusted=False) == Reason.UNKNOWN_ISSUER


def test_an_authority_that_only_bears_the_same_name_is_refused(build):
    known, impostor = build.Authority(), build.Authority()
    leaf = impostor.certify(p256())
    trust = build.trust_in(build.participant(leaf), authorities=[known], revocation_lists=[known.revocations()])
    assert refusal(trust.signer, certificate_chain=[leaf], at=build.AT) == Reason.UNKNOWN_ISSUER


def test_a_self_signed_certificate_is_refused_even_when_registered(build):
    self_signed = build.Authority("KG")
    leaf = self_signed.certify(self_signed.key, subject="KG")
    authority = build.Authority()
    trust = build.trust_in(build.participant(leaf), authorities=[authority], revocation_lists=[authority.revocations()])
    assert refusal(trust.signer, certificate_chain=[leaf], at=build.AT) == Reason.UNKNOWN_ISSUER


def test_an_expired_certificate_is_refused(case, build):
    assert refusal(case, not_after=build.AT - build.DAY / 24) == Reason.EXPIRED


def test_a_certificate_that_is_not_yet_valid_is_refused(case, build):
    assert refusal(case, not_before=build.AT + build.DAY) == Reason.NOT_YET_VALID


def test_a_registration_has_its_own_end_and_beginning(case, build):
    assert refusal(case, window={"not_after": build.AT - build.DAY}) == Reason.EXPIRED
    assert refusal(case, window={"not_before": build.AT + build.DAY}) == Reason.NOT_YET_VALID


def test_a_certificate_nobody_registered_is_refused(case):
    assert refusal(case, register=False) == Reason.UNKNOWN_PARTICIPANT


def test_a_revoked_certificate_is_refused(case, build):
    assert refusal(case, revoked_since=build.AT - build.DAY) == Reason.REVOKED


def test_a_certificate_revoked_later_was_good_before(case, build):
    assert case(revoked_since=build.AT + build.DAY).participant == "KG"


def test_without_a_list_of_revoked_certificates_it_cannot_be_judged(case):
    with pytest.raises(TrustUnknown, match=Reason.REVOCATION_UNKNOWN):
        case(revocation_lists=lambda authority: [])


def test_with_a_stale_list_it_cannot_be_judged(case, build):
    with pytest.raises(TrustUnknown, match="stale"):
        case(
            revocation_lists=lambda a: [
                a.revocations(issued=build.AT - 2 * build.DAY, next_update=build.AT - build.DAY)
            ]
        )


def test_a_stale_list_still_refuses_what_is_on_it(build):
    authority = build.Authority()
    leaf = authority.certify(p256())
    stale = authority.revocations(
        leaf,
        since=build.AT - 3 * build.DAY,
        issued=build.AT - 2 * build.DAY,
        next_update=build.AT - build.DAY,
    )
    trust = build.trust_in(build.participant(leaf), authorities=[authority], revocation_lists=[stale])
    assert refusal(trust.signer, certificate_chain=[leaf], at=build.AT) == Reason.REVOKED


def test_the_newest_of_several_lists_counts(build):
    authority = build.Authority()
    leaf = authority.certify(p256())
    old = authority.revocations(issued=build.AT - 3 * build.DAY)
    new = authority.revocations(leaf, since=build.AT - build.DAY, issued=build.AT - build.DAY)
    for lists in ([old, new], [new, old]):
        trust = build.trust_in(build.participant(leaf), authorities=[authority], revocation_lists=lists)
        assert refusal(trust.signer, certificate_chain=[leaf], at=build.AT) == Reason.REVOKED


def test_a_suspended_participant_cannot_be_judged_now(case):
    with pytest.raises(TrustUnknown, match=Reason.SUSPENDED) as held:
        case(status=Status.SUSPENDED)
    assert held.value.retryable


def test_a_certificate_that_is_not_for_signing_is_refused(case):
    assert refusal(case, signs_messages=False) == Reason.KEY_USAGE


def test_an_authority_does_not_sign_messages(build):
    authority = build.Authority()
    trust = build.trust_in(
        build.participant(authority.certificate),
        authorities=[authority],
        revocation_lists=[authority.revocations()],
    )
    assert refusal(trust.signer, certificate_chain=[authority.certificate], at=build.AT) == Reason.KEY_USAGE


def test_an_authority_does_not_sign_messages_even_if_its_key_usage_says_so(case):
    assert refusal(case, ca=True) == Reason.KEY_USAGE


@pytest.mark.parametrize(
    "make",
    [
        lambda: rsa.generate_private_key(public_exponent=65537, key_size=1024),  # noqa: S505
        lambda: ec.generate_private_key(ec.SECP521R1()),
        lambda: ec.generate_private_key(ec.SECP256K1()),
        ed448.Ed448PrivateKey.generate,
    ],
    ids=["RSA 1024", "P-521", "secp256k1", "Ed448"],
)
def test_a_weak_or_unlisted_key_is_refused(case, make):
    assert refusal(case, key=make()) == Reason.WEAK_KEY


def test_a_critical_extension_nobody_understands_is_refused(case):
    strange = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
    assert refusal(case, extra=[(strange, True)]) == Reason.UNKNOWN_ISSUER


def test_usual_extensions_of_national_authorities_are_accepted(case):
    policies = x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier("1.2.3.4"), None)])
    mail = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
    assert case(extra=[(policies, False), (mail, False)]).participant == "KG"


def test_an_issuing_authority_that_travels_with_the_message_needs_a_revocation_list_too(build):
    root = build.Authority("Root")
    issuing = build.Authority("Issuing", issuer=root, path_length=0)
    leaf = issuing.certify(p256())
    only_root = build.trust_in(build.participant(leaf), authorities=[root], revocation_lists=[root.revocations()])
    with pytest.raises(TrustUnknown, match="CN=Issuing"):
        only_root.signer([leaf, issuing.certificate], build.AT)
    both = build.trust_in(
        build.participant(leaf),
        authorities=[root, issuing],
        revocation_lists=[root.revocations(), issuing.revocations()],
    )
    assert both.signer([leaf], build.AT).participant == "KG"


def test_a_revoked_issuing_authority_is_refused(build):
    root = build.Authority("Root")
    issuing = build.Authority("Issuing", issuer=root, path_length=0)
    leaf = issuing.certify(p256())
    trust = build.trust_in(
        build.participant(leaf),
        authorities=[root],
        revocation_lists=[root.revocations(issuing.certificate, since=build.AT - build.DAY)],
    )
    chain = [leaf, issuing.certificate]
    assert refusal(trust.signer, certificate_chain=chain, at=build.AT) == Reason.REVOKED


def test_a_participant_cannot_certify_another(build):
    authority = build.Authority()
    own = p256()
    leaf = authority.certify(own)
    pretender = build.Authority("KG")
    pretender.key = own
    forged = pretender.certify(p256(), "CN")
    trust = build.trust_in(
        build.participant(forged, id_="CN"), authorities=[authority], revocation_lists=[authority.revocations()]
    )
    assert refusal(trust.signer, certificate_chain=[forged, leaf], at=build.AT) == Reason.UNKNOWN_ISSUER


def test_a_key_is_replaced_by_registering_two_certificates_for_a_while(build):
    authority = build.Authority()
    old, new = authority.certify(p256()), authority.certify(p256())
    trust = build.trust_in(
        build.participant(old, new), authorities=[authority], revocation_lists=[authority.revocations()]
    )
    assert trust.signer([old], build.AT) == trust.signer([new], build.AT)


def test_a_trust_store_cannot_be_changed(world):
    with pytest.raises(TypeError):
        world.trust.participants["XX"] = None


def test_every_reason_is_a_stable_lower_case_word_with_a_sentence_in_three_languages():
    assert set(REASON_TEXTS) == set(Reason)
    for reason, text in REASON_TEXTS.items():
        assert reason == reason.lower()
        assert " " not in reason
        assert all(text)
        assert any("а" <= letter <= "я" for letter in text.ru)
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text.zh)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_damaged_certificate_is_refused_and_breaks_nothing(world, data):
    genuine = world.key.chain[0].public_bytes(Encoding.DER)
    damaged = bytearray(genuine)
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= data.draw(st.integers(1, 255))
    assume(bytes(damaged) != genuine)
    with pytest.raises(UntrustedMessage):
        world.trust.signer(chain_from_base64([base64.b64encode(damaged).decode()]), world.at)


@pytest.mark.parametrize(("at", "version"), [(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x2d")])
def test_a_certificate_of_an_unknown_version_is_unreadable(world, at, version):
    damaged = world.key.chain[0].public_bytes(Encoding.DER).replace(at, version, 1)
    assert refusal(chain_from_base64, texts=[base64.b64encode(damaged).decode()]) == Reason.CERTIFICATE_UNREADABLE


def test_a_certificate_with_a_negative_serial_number_is_unreadable(world):
    genuine = world.key.chain[0].public_bytes(Encoding.DER)
    serial = genuine.index(b"\x02\x01\x02") + 3
    damaged = bytearray(genuine)
    damaged[serial + 2] |= 0x80
    text = base64.b64encode(damaged).decode()
    assert refusal(chain_from_base64, texts=[text]) == Reason.CERTIFICATE_UNREADABLE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert refusal(chain_from_base64, texts=[text]) == Reason.CERTIFICATE_UNREADABLE


def test_a_certificate_has_one_spelling_in_base64():
    with pytest.raises(UntrustedMessage, match="RFC 4648"):
        chain_from_base64(["QR=="])


# What a trust store is made of


def test_a_list_that_only_bears_the_name_of_the_authority_is_a_mistake(build):
    known, impostor = build.Authority(), build.Authority()
    with pytest.raises(Misconfigured, match="no authority in ca has issued this list"):
        build.trust_in(authorities=[known], revocation_lists=[impostor.revocations()])


def test_a_list_that_covers_only_a_part_is_a_mistake(build):
    authority = build.Authority()
    delta = authority.revocations(extra=[x509.DeltaCRLIndicator(1)])
    with pytest.raises(Misconfigured, match="critical extension"):
        build.trust_in(authorities=[authority], revocation_lists=[delta])


# Loading from a directory


PARTICIPANTS = """
[[participant]]
id = "KG"
country = "KG"
role = "nsw"
status = "active"
endpoint = "https://kg.example/adapter"
[[participant.certificate]]
fingerprint = "{fingerprint}"
not_before = 2026-01-01T00:00:00Z
not_after = 2027-01-01T00:00:00+06:00
"""


@pytest.fixture
def directory(tmp_path, build):
    authority = build.Authority()
    leaf = authority.certify(p256())
    (tmp_path / "ca").mkdir()
    (tmp_path / "crl").mkdir()
    (tmp_path / "ca/root.pem").write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "crl/root.pem").write_bytes(authority.revocations().public_bytes(Encoding.PEM))
    text = PARTICIPANTS.format(fingerprint=build.digest(leaf))
    (tmp_path / "participants.toml").write_text(text, encoding="utf-8")
    return tmp_path, leaf


def mistakes(path):
    with pytest.raises(Misconfigured) as found:
        load_trust(path)
    return found.value.detail


def test_a_trust_directory_is_loaded(directory, build):
    path, leaf = directory
    trust = load_trust(path)
    assert trust.signer([leaf], build.AT).participant == "KG"
    assert trust.participants["KG"].country == "KG"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('id = "KG"', "", "participant 1: id is missing"),
        ('id = "KG"', 'id = "../KG"', "an id has 1 to 64"),
        ('country = "KG"', 'country = "Kyrgyzstan"', "two capital letters"),
        ('role = "nsw"', 'role = "king"', "role is one of nsw, gateway, operator"),
        ('status = "active"', 'status = "paused"', "status is one of active, suspended"),
        ('status = "active"', "", "status is one of"),
        ('fingerprint = "', 'fingerprint = "zz', "64 hexadecimal digits"),
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00", "need an offset"),
        ("2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z", "not_before is not before not_after"),
        ("2026-01-01T00:00:00Z", '"soon"', "not_before is missing or is not a date"),
        ("[[participant]]", "[[participant", "participants.toml: "),
    ],
)
def test_a_mistake_in_participants_is_named_at_its_place(directory, old, new, expected):
    path, _ = directory
    file = path / "participants.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    assert expected in mistakes(path)


@pytest.mark.parametrize("text", ["", "# nobody\n", "participant = []\n"])
def test_a_registry_of_nobody_is_a_mistake(directory, text):
    path, _ = directory
    (path / "participants.toml").write_text(text, encoding="utf-8")
    assert "participants.toml: registers no participant" in mistakes(path)


def test_a_participant_registered_twice_is_a_mistake(directory):
    path, _ = directory
    file = path / "participants.toml"
    file.write_text(file.read_text(encoding="utf-8") * 2, encoding="utf-8")
    assert "KG: the id is registered twice" in mistakes(path)


def test_one_certificate_for_two_participants_is_a_mistake(directory):
    path, _ = directory
    file = path / "participants.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text + text.replace('"KG"', '"CN"'), encoding="utf-8")
    assert "belongs to KG as well" in mistakes(path)


def test_every_mistake_is_reported_at_once(directory, build):
    path, _ = directory
    (path / "ca/root.pem").write_text("nonsense", encoding="utf-8")
    (path / "crl/other.pem").write_bytes(build.Authority("Other").revocations().public_bytes(Encoding.PEM))
    file = path / "participants.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('"nsw"', '"king"'), encoding="utf-8")
    found = mistakes(path)
    assert "ca/root.pem" in found
    assert "CN=Other: no authority in ca has issued this list" in found
    assert "role is one of" in found


def test_a_directory_without_authorities_is_a_mistake(tmp_path):
    found = mistakes(tmp_path)
    assert "ca: there is no such directory" in found
    assert "nobody could be trusted" in found


def test_a_certificate_that_is_no_authority_does_not_belong_among_them(directory):
    path, leaf = directory
    (path / "ca/leaf.pem").write_bytes(leaf.public_bytes(Encoding.PEM))
    assert "it is not an authority's certificate" in mistakes(path)
