"""The demonstration's checks: each fails when what it looks at is not as it must be."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from builders.declarations import fresh
from builders.serving import PARTICIPANTS, now
from gateway.demo import checks
from gateway.demo.tap import Passed
from gateway.message.canonical import bytes_digest, content_digest
from gateway.message.examples import examples
from gateway.message.receipt import Outcome, Receipt
from gateway.message.xml_twin import write_xml
from gateway.signing import Purpose, load_signing_key, load_trust, mint_workshop, sign_detached, sign_xml


class Stage:
    """As much of a stage as the checks of signatures look at."""

    def __init__(self, folder):
        self.workshop = mint_workshop(folder, PARTICIPANTS, now())
        self.trust = load_trust(self.workshop.trust)

    def key(self, participant):
        return load_signing_key(self.workshop.keys[participant])


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    return Stage(tmp_path_factory.mktemp("stage"))


@pytest.fixture
def message():
    return fresh(examples("declaration")["road"])


def passed(stage, message, *, signer="CN", sealer="GATEWAY", issuer="KG", exchange="e", **receipt):
    """A delivery as it went over a tap."""
    body = sign_xml(write_xml(message), stage.key(signer), now())
    claims = {"exchange": exchange, "content": content_digest(message), "audit": "1", "agreement": "kg-cn-road/1"}
    answer = Receipt(
        outcome=Outcome.DELIVERED,
        receipt_id="r",
        issued_at=now().replace(microsecond=0),
        issuer=issuer,
        **{"content_digest": content_digest(message), "message_digest": bytes_digest(body)} | receipt,
    ).to_bytes()
    seal = sign_detached(body, stage.key(sealer), purpose=Purpose.SEAL, signing_time=now(), claims=claims)
    signature = sign_detached(answer, stage.key(issuer), purpose=Purpose.RECEIPT, signing_time=now())
    headers = {"content-type": "application/xml", "torugart-seal": seal}
    return Passed(datetime.now(UTC), "/deliveries", headers, body, 200, {"jws-signature": signature}, answer)


def test_all_is_well_with_a_good_delivery(stage, message):
    delivery, posted = passed(stage, message), passed(stage, message, issuer="GATEWAY")
    posted = replace(posted, request=delivery.request, response=posted.response)
    assert checks.sender_signature(stage, delivery, "CN").passed
    assert checks.seal(stage, delivery, "e").passed
    assert checks.twins(delivery).passed
    assert checks.same_bytes(posted, delivery).passed


def test_another_signer_fails(stage, message):
    assert not checks.sender_signature(stage, passed(stage, message), "KG").passed


def test_changed_bytes_fail(stage, message):
    delivery = passed(stage, message)
    changed = replace(delivery, request=delivery.request.replace(b">9<", b">1<", 1))
    assert not checks.sender_signature(stage, changed, "CN").passed
    assert not checks.seal(stage, changed, "e").passed
    assert not checks.same_bytes(delivery, changed).passed


def test_a_seal_of_another_or_for_another_exchange_fails(stage, message):
    assert not checks.seal(stage, passed(stage, message, sealer="KG"), "e").passed
    assert not checks.seal(stage, passed(stage, message), "another").passed


def test_receipts_that_name_another_digest_fail(stage, message):
    good = passed(stage, message, issuer="GATEWAY")
    wrong = passed(stage, message, message_digest="sha-256:0")
    assert not checks.receipts(stage, good, wrong, "KG").passed
    other = passed(stage, message, content_digest="sha-256:0")
    assert not checks.receipts(stage, good, other, "KG").passed


def test_a_document_that_breaks_its_schema_fails():
    notice = b'<ResultNotice xmlns="urn:torugart:plausible:kg:ResultNotice:1"><NoticeID>1</NoticeID></ResultNotice>'
    assert not checks.national_schema("KG", notice).passed
    assert not checks.national_schema("KG", b"<unknown/>").passed


def test_a_lost_name_fails():
    assert checks.texts_survive("<a>喀什 Ңөү</a>".encode(), ["喀什", "Ңөү"]).passed
    assert not checks.texts_survive(b"<a>Kashi</a>", ["喀什"]).passed
    assert not checks.texts_survive(b"<a/>", []).passed


def test_another_answer_fails():
    assert not checks.answered(b"<r><StatementCode>03</StatementCode></r>", {"StatementCode": "01"}).passed
