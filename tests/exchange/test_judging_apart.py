"""Judging takes the processor, not the event loop: others are answered meanwhile, and the order stays."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from exchange.life_bench import document
from exchange.talk import Talk

from builders.serving import running_gateway, wait
from gateway.message.xml_twin import write_xml
from gateway.signing import sign_xml


class Slow:
    """The ports of a gateway whose judging can be stopped. State: what has come, and whether it may go on."""

    def __init__(self, gateway):
        self._gateway, self.may_go_on = gateway, threading.Event()
        self.came, self.judging, self.tokens = 0, 0, 0
        self.ports = replace(gateway, clock=self._clock, trust=self._trust)

    def _clock(self):
        self.came += 1
        return self._gateway.clock()

    def _trust(self):
        self.judging += 1
        if self.judging > self.tokens:  # who asks is judged first, and at once
            assert self.may_go_on.wait(20)
        return self._gateway.trust()


@pytest.fixture(scope="module")
def serving(tmp_path_factory):
    talk = Talk()
    with running_gateway(tmp_path_factory.mktemp("apart"), clock=talk) as talk.gateway:
        yield talk


@pytest.fixture
def slow(serving):
    serving.number = uuid.uuid4().hex[:20]
    state = serving.gateway.app.state
    slow = Slow(state.gateway)
    state.gateway = slow.ports
    yield slow
    slow.may_go_on.set()
    state.gateway = slow._gateway


def signed(talk, kind, code, sender, recipient):
    said = {"kind": kind, "code": code, "sender": sender, "recipient": recipient, "number": talk.number}
    said |= {"id": str(uuid.uuid4()), "follows": "", "arrival": 720}
    return sign_xml(write_xml(document(said, talk(), talk())), talk.gateway.key(sender), talk())


def post(talk, path, body, headers=None):
    return talk.gateway.client.post(path, content=body, headers={"Content-Type": "application/xml", **(headers or {})})


@pytest.mark.parametrize(("path", "tokens"), [("/v1/messages", 0), ("/v1/validations", 1)])
def test_others_are_answered_while_a_message_is_judged(serving, slow, path, tokens):
    body, token, slow.tokens = signed(serving, "declaration", "9", "CN", "KG"), serving.token("CN"), tokens
    with ThreadPoolExecutor(1) as pool:
        posted = pool.submit(post, serving, path, body, token)
        wait(lambda: slow.judging > tokens)
        assert serving.gateway.client.get("/health/live", timeout=5).json() == {"status": "live"}
        slow.may_go_on.set()
        assert posted.result().json()["outcome"] == "accepted"


def test_two_messages_of_one_sender_are_recorded_in_the_order_they_came(serving, slow):
    first = signed(serving, "declaration", "9", "CN", "KG")
    second = signed(serving, "declaration", "1", "CN", "KG")
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(post, serving, "/v1/messages", first)
        wait(lambda: slow.came == 1)
        other = pool.submit(post, serving, "/v1/messages", second)
        wait(lambda: slow.came == 2)
        slow.may_go_on.set()
        receipts = one.result().json(), other.result().json()
    assert receipts[0]["auditPosition"] < receipts[1]["auditPosition"]
    assert receipts[1]["outcome"] != "held", "it did not overtake"


def test_more_than_may_wait_to_be_judged_is_put_off(serving, slow):
    large = b" " * 9_900_000
    with ThreadPoolExecutor(8) as pool:
        posted = [pool.submit(post, serving, "/v1/messages", large) for _ in range(8)]
        wait(lambda: slow.came == 8)
        slow.may_go_on.set()
        answers = [one.result() for one in posted]
    put_off = [answer for answer in answers if answer.status_code == 503]
    assert [answer.headers["Retry-After"] for answer in put_off] == ["5", "5"]
    assert {answer.status_code for answer in answers} == {503, 400}
