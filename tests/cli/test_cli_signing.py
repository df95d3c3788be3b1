"""`torugart sign`, `verify`, `keys` and `token`."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime

import pytest

from gateway.message.receipt import Outcome, Receipt
from gateway.signing import Purpose, load_signing_key, load_trust, sign_detached, verify_token


@pytest.fixture
def signed(torugart, example, workshop, tmp_path):
    """A signed example, XML or JSON, with the sender's key or another."""

    def sign(name, signer="CN"):
        file = tmp_path / name
        file.write_bytes(example(name).read_bytes())
        output = ("--output", file) if name.endswith("xml") else ()
        done = torugart("sign", file, "--key", f"file:{workshop}/keys/{signer}.pem", *output)
        assert done.exit_code == 0, done.output
        return file

    return sign


@pytest.mark.parametrize("name", ["typical.xml", "typical.json"])
def test_what_was_signed_is_verified_and_its_signer_named(name, signed, torugart, workshop):
    verified = torugart("verify", signed(name), "--trust", workshop / "trust", "--json")
    told = json.loads(verified.stdout)
    assert verified.exit_code == 0
    assert (told["good"], told["signer"], told["sender"]) == (True, "CN", "CN")
    assert told["contentDigest"].startswith("sha-256:")


@pytest.mark.parametrize("name", ["typical.xml", "typical.json"])
def test_a_changed_message_is_exit_code_1(name, signed, torugart, workshop):
    file = signed(name)
    file.write_bytes(file.read_bytes().replace(b"11560.500", b"11560.501"))
    refused = torugart("verify", file, "--trust", workshop / "trust", "--json")
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["reason"] == "signature-invalid"


@pytest.mark.parametrize("name", ["typical.xml", "typical.json"])
def test_a_message_without_signature_is_exit_code_1(name, torugart, example, workshop):
    refused = torugart("verify", example(name), "--trust", workshop / "trust", "--json")
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["reason"] == "unsigned"


def test_a_message_signed_by_another_than_its_sender_is_exit_code_1(signed, torugart, workshop):
    refused = torugart("verify", signed("typical.xml", "KG"), "--trust", workshop / "trust")
    assert refused.exit_code == 1
    assert "signed by KG, but its sender is CN" in refused.stdout


def test_a_signature_can_lie_in_another_file_but_must_be_there(signed, torugart, workshop, tmp_path):
    file = signed("typical.json")
    elsewhere = tmp_path / "elsewhere.jws"
    file.with_name("typical.json.jws").rename(elsewhere)
    trust = ("--trust", workshop / "trust")
    assert torugart("verify", file, *trust, "--signature", elsewhere).exit_code == 0
    assert torugart("verify", file, *trust, "--signature", tmp_path / "nowhere.jws").exit_code == 3


@pytest.fixture
def signed_as(workshop, tmp_path):
    """A receipt that says the gateway gave it, signed by somebody for some purpose; its signature lies beside it."""

    def sign(signer, purpose):
        file = tmp_path / "receipt.json"
        told = Receipt(
            outcome=Outcome.ACCEPTED,
            receipt_id="fec5c2c2-9e87-437f-a6f3-d828f967e74c",
            issued_at=datetime.now(UTC).replace(microsecond=0),
            issuer="GATEWAY",
            message_digest="sha-256:00",
        )
        file.write_bytes(told.to_bytes())
        key, at = load_signing_key(f"file:{workshop}/keys/{signer}.pem"), datetime.now(UTC)
        jws = sign_detached(file.read_bytes(), key, purpose=purpose, signing_time=at, claims={"exchange": "x-1"})
        file.with_name("receipt.json.jws").write_text(jws)
        return file

    return sign


def test_a_receipt_is_verified_for_its_own_purpose_only(signed_as, torugart, workshop):
    arguments = ("verify", signed_as("GATEWAY", Purpose.RECEIPT), "--trust", workshop / "trust", "--json")
    good = torugart(*arguments, "--purpose", "receipt")
    assert good.exit_code == 0
    told = json.loads(good.stdout)
    assert (told["signer"], told["role"], told["issuer"], told["exchange"]) == ("GATEWAY", "gateway", "GATEWAY", "x-1")
    wrong = torugart(*arguments, "--purpose", "seal")
    assert wrong.exit_code == 1
    assert json.loads(wrong.stdout)["reason"] == "wrong-purpose"


@pytest.mark.parametrize(
    ("purpose", "said"),
    [
        (Purpose.RECEIPT, "it is signed by CN, but its issuer is GATEWAY"),
        (Purpose.SEAL, "it is signed by CN, which is no gateway"),
    ],
    ids=["receipt", "seal"],
)
def test_a_receipt_or_a_seal_that_somebody_else_signed_is_not_good(purpose, said, signed_as, torugart, workshop):
    file = signed_as("CN", purpose)
    refused = torugart("verify", file, "--trust", workshop / "trust", "--purpose", purpose.name.lower(), "--json")
    assert refused.exit_code == 1
    told = json.loads(refused.stdout)
    assert (told["good"], told["problem"]) == (False, said)


@pytest.mark.parametrize("body", ["<a/>", "{}", "hello"])
def test_only_messages_of_the_common_form_are_signed(body, torugart, workshop, tmp_path):
    file = tmp_path / "other"
    file.write_text(body)
    refused = torugart("sign", file, "--key", f"file:{workshop}/keys/CN.pem")
    assert refused.exit_code == 3
    assert refused.stderr.startswith(f"torugart: {file}: ")


def test_a_signed_message_is_not_signed_again(signed, torugart, workshop):
    refused = torugart("sign", signed("typical.xml"), "--key", f"file:{workshop}/keys/CN.pem")
    assert refused.exit_code == 3
    assert "signature already" in refused.stderr


@pytest.mark.parametrize(
    ("language", "reason"),
    [("ru", "Подпись недействительна"), ("zh", "签名无效")],
)
def test_validate_says_in_the_language_why_a_signature_is_refused(language, reason, signed, torugart, workshop):
    file = signed("typical.xml")
    file.write_bytes(file.read_bytes().replace(b"11560.500", b"11560.501"))
    judged = torugart("validate", file, "--trust", workshop / "trust", "--lang", language)
    assert judged.exit_code == 1
    assert "ACD-SIG-01" in judged.stdout
    assert reason in judged.stdout


@pytest.mark.parametrize(("options", "signature"), [((), "present"), (("--trust",), "verified")])
def test_validate_looks_at_a_signature_only_with_a_trust_store(options, signature, signed, torugart, workshop):
    given = (*options, workshop / "trust") if options else ()
    told = json.loads(torugart("validate", signed("typical.json"), *given, "--json").stdout)
    assert told["signature"] == signature
    assert told["signer"] == ("CN" if options else None)


def test_a_token_lets_its_participant_read(torugart, workshop):
    made = torugart("token", "--key", f"file:{workshop}/keys/KG.pem", "--participant", "KG", "--audience", "HUB")
    trust = load_trust(workshop / "trust")
    reader = verify_token(made.stdout.strip(), trust, audience="HUB", at=datetime.now(UTC))
    assert reader.participant == "KG"


def test_a_new_key_is_for_its_owner_only_and_is_never_written_over(torugart, tmp_path):
    arguments = ("keys", "new", "UZ", "--country", "UZ", "--dir", tmp_path / "keys")
    assert torugart(*arguments).exit_code == 0
    key = tmp_path / "keys" / "UZ.pem"
    before = key.read_bytes()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert (tmp_path / "keys" / "UZ.csr.pem").read_text().startswith("-----BEGIN CERTIFICATE REQUEST")
    assert torugart(*arguments).exit_code == 3
    assert key.read_bytes() == before


def test_a_key_made_at_a_workshop_is_registered_with_the_lines_it_prints(torugart, tmp_path, example):
    folder = tmp_path / "workshop"
    assert torugart("keys", "workshop", folder, "--participant", "GATEWAY:KG:gateway").exit_code == 0
    made = json.loads(torugart("keys", "new", "CN", "--country", "cn", "--workshop", folder, "--json").stdout)
    with (folder / "trust" / "participants.toml").open("a") as registry:
        registry.write("\n" + made["registration"])
    signed = tmp_path / "signed.xml"
    assert torugart("sign", example("minimal.xml"), "--key", made["key"], "-o", signed).exit_code == 0
    assert torugart("verify", signed, "--trust", folder / "trust").exit_code == 0


@pytest.mark.parametrize("country", ["Tajikistan", "XX", "T"])
def test_a_key_is_made_for_a_country_of_iso_3166_only(country, torugart, tmp_path):
    refused = torugart("keys", "new", "TJ", "--country", country, "--dir", tmp_path / "keys")
    assert refused.exit_code == 3
    assert f"TJ: {country.upper()} is no country of ISO 3166-1 alpha-2, such as KG." in refused.stderr
    assert not list(tmp_path.iterdir())
