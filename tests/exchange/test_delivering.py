"""Steps 10 to 14: every accepted message reaches its recipient, in order, proven by its receipt."""

import gzip
import uuid
from contextlib import ExitStack

import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from builders.declarations import fresh
from builders.serving import now, register, running_gateway, serving, wait
from gateway.message.canonical import bytes_digest, content_digest
from gateway.message.examples import examples
from gateway.message.receipt import Outcome, Receipt
from gateway.opening import Received, verify
from gateway.signing import Purpose, load_trust, sign_detached, verify_detached
from gateway.storage.clock import stored


class Recipient:
    """A real HTTP server that receives as an adapter does, and misbehaves when told."""

    def __init__(self):
        self.gateway = None
        self.seen = []
        self.answers = []  # what to answer first: a function of (body, receipt) -> Response
        self.app = Starlette(routes=[Route("/deliveries", self._deliver, methods=["POST"])])

    async def _deliver(self, request):
        body = await request.body()
        self.seen.append((body, dict(request.headers)))
        trust = load_trust(self.gateway.workshop.trust)
        media_type = request.headers["content-type"]
        message = verify(Received(body, media_type, request.headers.get("jws-signature", "")), trust, now()).message
        receipt = Receipt(
            outcome=Outcome.DELIVERED,
            receipt_id=str(uuid.uuid4()),
            issued_at=now().replace(microsecond=0),
            issuer="KG",
            content_digest=content_digest(message),
            message_digest=bytes_digest(body),
        )
        if self.answers:
            return self.answers.pop(0)(self, receipt)
        return self.signed(receipt)

    def signed(self, receipt, signer="KG"):
        text = receipt.to_bytes()
        signature = sign_detached(text, self.gateway.key(signer), purpose=Purpose.RECEIPT, signing_time=now())
        return Response(text, headers={"JWS-Signature": signature})


@pytest.fixture
def recipient():
    return Recipient()


@pytest.fixture
def gateway(tmp_path, recipient):
    with ExitStack() as stack:
        url = stack.enter_context(serving(recipient.app))
        running = stack.enter_context(running_gateway(tmp_path, endpoints={"KG": url}))
        recipient.gateway = running
        yield running


@pytest.fixture
def declaration():
    return fresh(examples("declaration")["typical"])


def deliveries(gateway, message):
    path = f"/v1/messages/{message.communication_meta_data.id}"
    return gateway.get(path, "CN").json()["deliveries"]


def delivered(gateway, message):
    return lambda: [item["state"] for item in deliveries(gateway, message)] == ["delivered"]


@pytest.mark.parametrize("syntax", ["xml", "json"])
def test_the_recipient_gets_the_very_bytes_under_a_seal_that_names_them(gateway, recipient, declaration, syntax):
    posted = gateway.post(declaration, syntax=syntax)
    wait(delivered(gateway, declaration))
    ((body, headers),) = recipient.seen
    assert body == posted.request.content
    trust = load_trust(gateway.workshop.trust)
    seal = verify_detached(body, headers["torugart-seal"], trust, purpose=Purpose.SEAL, at=now())
    assert seal.signer.participant == "GATEWAY"
    assert seal.claims["exchange"] == posted.json()["exchangeId"]
    assert (seal.claims["sender"], seal.claims["recipient"]) == ("CN", "KG")
    assert seal.claims["content"] == content_digest(declaration)


def test_the_recipients_receipt_is_kept_and_the_exchange_is_delivered(gateway, declaration):
    posted = now()
    exchange = gateway.post(declaration).json()["exchangeId"]
    wait(delivered(gateway, declaration))
    assert stored(posted) <= deliveries(gateway, declaration)[0]["deliveredAt"] <= stored(now())
    assert gateway.get(f"/v1/exchanges/{exchange}", "KG").json()["state"] == "delivered"
    path = f"/v1/messages/{declaration.communication_meta_data.id}/deliveries/KG/receipt"
    kept = gateway.get(path, "CN")
    trust = load_trust(gateway.workshop.trust)
    proof = verify_detached(kept.content, kept.headers["JWS-Signature"], trust, purpose=Purpose.RECEIPT, at=now())
    assert proof.signer.participant == "KG"


def _status(status):
    return lambda recipient, receipt: Response(status_code=status)


def _garbage(recipient, receipt):
    return Response(b"<html>not a receipt</html>")


def _another_signs(recipient, receipt):
    return recipient.signed(receipt, signer="CN")


def _other_bytes(recipient, receipt):
    return recipient.signed(receipt.model_copy(update={"message_digest": "sha-256:" + "0" * 64}))


def _other_content(recipient, receipt):
    return recipient.signed(receipt.model_copy(update={"content_digest": "sha-256:" + "0" * 64}))


def _unsigned(recipient, receipt):
    return Response(receipt.to_bytes())


def _too_long(recipient, receipt):
    answer = recipient.signed(receipt)
    return Response(answer.body + b" " * 2**20, headers={"JWS-Signature": answer.headers["JWS-Signature"]})


def _packed(recipient, receipt):
    """What is packed can be unpacked into more than there is room for; the gateway asks for plain bytes."""
    answer = recipient.signed(receipt)
    signature = answer.headers["JWS-Signature"]
    return Response(gzip.compress(answer.body), headers={"JWS-Signature": signature, "Content-Encoding": "gzip"})


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(_status(503), id="away"),
        pytest.param(_status(500), id="broken"),
        pytest.param(_status(302), id="redirect"),
        pytest.param(_garbage, id="garbage"),
        pytest.param(_another_signs, id="another signs"),
        pytest.param(_other_bytes, id="other bytes"),
        pytest.param(_other_content, id="other content"),
        pytest.param(_unsigned, id="unsigned"),
        pytest.param(_too_long, id="too long"),
        pytest.param(_packed, id="packed"),
    ],
)
def test_whatever_is_no_proof_is_no_delivery_and_it_is_tried_again(gateway, recipient, declaration, answer):
    recipient.answers.append(answer)
    gateway.post(declaration)
    wait(delivered(gateway, declaration))
    (item,) = deliveries(gateway, declaration)
    assert item["attempts"] == len(recipient.seen) == 2


def test_a_recipient_that_refuses_for_good_makes_a_dead_letter_with_its_reason(gateway, recipient, declaration):
    def refuse(recipient, receipt):
        told = {"outcome": Outcome.REFUSED, "detail": "four vehicles do not fit the form"}
        return recipient.signed(receipt.model_copy(update=told))

    recipient.answers.append(refuse)
    gateway.post(declaration)
    wait(lambda: deliveries(gateway, declaration)[0]["state"] == "dead")
    assert deliveries(gateway, declaration)[0]["problem"] == "four vehicles do not fit the form"
    assert deliveries(gateway, declaration)[0]["deliveredAt"] is None


def test_messages_of_one_exchange_arrive_in_the_order_they_were_accepted(gateway, recipient, declaration):
    recipient.answers += [_status(503)] * 2  # the first is late; the second must wait for it
    gateway.post(declaration)
    tree = fresh(
        declaration,
        functional_reference_id=declaration.declaration.functional_reference_id,
        function_code="5",
        id="1",
        version_id="2",
    ).model_dump(mode="json", exclude_defaults=True)
    tree["Declaration"]["Amendment"] = [{"ChangeReasonCode": "004"}]
    replacement = type(declaration).model_validate(tree)
    assert gateway.post(replacement).status_code == 202
    wait(delivered(gateway, replacement))
    order = [headers["x-message-id"] for _, headers in recipient.seen]
    first, second = declaration.communication_meta_data.id, replacement.communication_meta_data.id
    assert order == [first, first, first, second]


def change_registry(gateway, endpoints):
    """Other endpoints, in force: what was read before them is no longer what the gateway goes by."""
    before = gateway.app.state.gateway.trust()
    register(gateway.workshop, endpoints)
    wait(lambda: gateway.app.state.gateway.trust() is not before)


def test_a_recipient_that_is_registered_later_gets_what_has_waited(gateway, recipient, declaration):
    (endpoint,) = [
        line.split('"')[1]
        for line in (gateway.workshop.trust / "participants.toml").read_text("utf-8").splitlines()
        if line.startswith("endpoint")
    ]
    change_registry(gateway, {})
    gateway.post(declaration)
    wait(lambda: deliveries(gateway, declaration)[0]["problem"] == "No endpoint is registered for KG")
    assert recipient.seen == []
    register(gateway.workshop, {"KG": endpoint})
    wait(delivered(gateway, declaration))


def test_the_audit_chain_links_every_entry_to_the_one_before(gateway, declaration):
    from sqlalchemy import select

    from gateway.exchange.audit import GENESIS, audit_digest
    from gateway.storage.tables import audit

    gateway.post(declaration)
    wait(delivered(gateway, declaration))
    inner = gateway.app.state.gateway
    entries = inner.read(lambda connection: connection.execute(select(audit).order_by(audit.c.position)).all())
    previous = GENESIS
    for number, entry in enumerate(entries, start=1):
        assert (entry.position, entry.previous) == (number, previous)
        assert audit_digest(entry._mapping) == entry.digest
        previous = entry.digest
    assert [entry.event for entry in entries] == ["message-accepted", "delivered"]
