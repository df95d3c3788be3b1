"""The demonstration's checks: each fails when what it looks at is not as it must be."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.declarations import fresh
from builders.serving import PARTICIPANTS, now
from gateway.demo import checks
from gateway.demo.reading import read_message, receipt_in
from gateway.demo.tap import Passed
from gateway.errors import DeliveryFailed, GatewayError, Unreadable, UntrustedMessage
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
    """A delivery as it went over a tap; given by the gateway, what was posted to it."""
    body = sign_xml(write_xml(message), stage.key(signer), now())
    claims = {"exchange": exchange, "content": content_digest(message), "audit": "1", "agreement": "kg-cn-road/1"}
    answer = Receipt(
        receipt_id="r",
        issued_at=now().replace(microsecond=0),
        issuer=issuer,
        **{
            "outcome": Outcome.ACCEPTED if issuer == "GATEWAY" else Outcome.DELIVERED,
            "content_digest": content_digest(message),
            "message_digest": bytes_digest(body),
        }
        | receipt,
    ).to_bytes()
    seal = sign_detached(body, stage.key(sealer), purpose=Purpose.SEAL, signing_time=now(), claims=claims)
    signature = sign_detached(answer, stage.key(issuer), purpose=Purpose.RECEIPT, signing_time=now())
    headers = {"content-type": "application/xml", "torugart-seal": seal}
    return Passed(datetime.now(UTC), "/deliveries", headers, body, 200, {"jws-signature": signature}, answer)


def test_all_is_well_with_a_good_delivery(stage, message):
    delivery, posted = passed(stage, message), passed(stage, message, issuer="GATEWAY")
    assert checks.receipts(stage, posted, delivery, "KG").passed
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


def test_a_receipt_of_another_outcome_fails(stage, message):
    good, delivery = passed(stage, message, issuer="GATEWAY"), passed(stage, message)
    held = passed(stage, message, issuer="GATEWAY", outcome=Outcome.HELD)
    assert not checks.receipts(stage, held, delivery, "KG").passed
    assert not checks.receipts(stage, good, passed(stage, message, outcome=Outcome.REFUSED), "KG").passed


def test_a_receipt_of_another_or_of_nobody_is_a_clear_problem(stage, message):
    delivery = passed(stage, message)
    with pytest.raises(DeliveryFailed, match="The receipt of GATEWAY is signed by KG"):
        receipt_in(stage.trust, delivery, "GATEWAY")
    with pytest.raises(UntrustedMessage):
        receipt_in(stage.trust, replace(delivery, response_headers={}), "KG")
    with pytest.raises(GatewayError):
        receipt_in(stage.trust, replace(delivery, response=b"", response_headers={}), "KG")


@pytest.mark.parametrize("body", [b"", b"<a", b"<a/>", b"{}", b'{"Declaration": 1}'])
@pytest.mark.parametrize("headers", [{}, {"content-type": "application/xml"}, {"content-type": "application/json"}])
def test_a_message_that_cannot_be_read_is_a_clear_problem(stage, message, headers, body):
    unread = replace(passed(stage, message), request_headers=headers, request=body)
    with pytest.raises(Unreadable):
        read_message(unread)
    assert not checks.twins(unread).passed
    assert not checks.sender_signature(stage, unread, "CN").passed
    assert not checks.seal(stage, unread, "e").passed
    assert not checks.receipts(stage, unread, unread, "KG").passed


def test_a_document_that_breaks_its_schema_fails():
    notice = b'<ResultNotice xmlns="urn:torugart:plausible:kg:ResultNotice:1"><NoticeID>1</NoticeID></ResultNotice>'
    assert not checks.national_schema("KG", notice).passed
    assert not checks.national_schema("KG", b"<unknown/>").passed


def test_a_lost_name_fails():
    both = "<a>喀什 Ңөү</a>".encode()
    assert checks.texts_survive(both, both, ["喀什", "Ңөү"]).passed
    assert not checks.texts_survive(both, b"<a>Kashi</a>", ["喀什"]).passed
    assert not checks.texts_survive(both, b"<a/>", []).passed


def test_a_name_that_nobody_lodged_fails():
    assert not checks.texts_survive(b"<a>Kashi</a>", "<a>喀什</a>".encode(), ["喀什"]).passed


def test_another_answer_fails():
    assert not checks.answered(b"<r><StatementCode>03</StatementCode></r>", {"StatementCode": "01"}).passed


def test_a_refusal_that_names_no_fault_explains_none(stage, message):
    posted = replace(passed(stage, message, issuer="GATEWAY"), response=orjson.dumps({"findings": []}))
    assert [check.name for check in checks.refused(stage, posted, []) if check.passed] == ["every-fault"]


def zipped(*contents):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, content in enumerate(contents):
            archive.writestr(f"{number}.xml", content)
    return packed.getvalue()


def looked_at(document):
    """What every check of a national document makes of it."""
    return [
        checks.answered(document, {"StatementCode": "01"}),
        checks.texts_survive(document, b"<a>b</a>", ["b"]),
        checks.texts_survive(b"<a>b</a>", document, ["b"]),
        checks.national_schema("KG", document),
        checks.national_places(document, b"<a/>", [("ACD-CON-02", "1")]),
        checks.national_places(b"<a><Error/></a>", document, [("ACD-CON-02", "1")]),
    ]


@pytest.mark.parametrize("document", [b"", b"<a", b"{}", b"PK", zipped(), zipped(b""), zipped(b"<a/>", b"<a")])
def test_a_document_that_cannot_be_read_is_a_failed_check(document):
    assert not any(check.passed for check in looked_at(document))


@given(
    st.one_of(
        st.binary(max_size=60),
        st.binary(max_size=60).map(lambda some: b"PK" + some),
        st.tuples(st.integers(0, 115), st.binary(min_size=1, max_size=4)).map(
            lambda change: zipped(b"<a>b</a>")[: change[0]] + change[1] + zipped(b"<a>b</a>")[change[0] + 1 :]
        ),
    )
)
def test_no_document_makes_a_check_raise(document):
    looked_at(document)


@given(st.text(max_size=30))
def test_no_place_makes_a_check_raise(place):
    error = "<r><Error><ValidationCode>R</ValidationCode><Pointer>{}</Pointer><Value>1</Value></Error></r>"
    plain = "".join(sign for sign in place if sign.isprintable() and sign not in "<&>")
    reply = error.format(f"a.xml!/{plain}").encode()
    assert not checks.national_places(reply, b"<a>2</a>", [("R", "1")]).passed


def test_the_place_of_a_fault_must_hold_its_value():
    reply = b"<r><Error><ValidationCode>R</ValidationCode><Pointer>m.xml!/a/b</Pointer><Value>1</Value></Error></r>"
    assert checks.national_places(reply, b'<a xmlns="urn:m"><b>1</b></a>', [("R", "1")]).passed
    assert not checks.national_places(reply, b'<a xmlns="urn:m"><b>2</b></a>', [("R", "1")]).passed
