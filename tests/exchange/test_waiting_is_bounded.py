"""What overtakes waits, but not without end: few messages of one sender, and each later one costs little for them."""

import uuid
from dataclasses import replace

import pytest
from exchange.life_bench import Bench, document
from exchange.talk import rules

from builders.messages import changed
from gateway.exchange.accept import MOST_WAITING
from gateway.exchange.place import must_wait
from gateway.message.xml_twin import write_xml
from gateway.signing import sign_xml


def said(kind, code, sender, recipient, number, **more):
    base = {"kind": kind, "code": code, "sender": sender, "recipient": recipient, "number": number, "follows": ""}
    return {**base, "id": str(uuid.uuid4()), "arrival": 720, "discrepant": False, "conclusion": "", **more}


def parked(talk):
    return [talk.tell("CTL") for _ in range(MOST_WAITING)]


def test_what_comes_early_waits_until_there_is_too_much_of_it(talk):
    assert {receipt["outcome"] for receipt in parked(talk)} == {"held"}
    refused = talk.tell("CTL")
    assert refused["outcome"] == "refused"
    assert rules(refused) == {"ACD-REF-01", "ACD-REF-15"}


def test_of_large_messages_fewer_wait_than_of_small_ones(talk):
    statement = {"StatementCode": "ACB", "StatementDescription": "载" * 500}
    outcomes = [talk.tell("CTL", **{"/BorderEvent/AdditionalInformation": [statement] * 90}) for _ in range(9)]
    assert [receipt["outcome"] for receipt in outcomes[:3]] == ["held"] * 3
    assert "ACD-REF-15" in rules(outcomes[-1])


def test_each_sender_and_each_exchange_has_a_limit_of_its_own(talk):
    parked(talk)
    assert talk.tell("CTL", sender="CN", recipient="KG")["outcome"] == "held"
    talk.number = uuid.uuid4().hex[:20]
    assert talk.tell("CTL")["outcome"] == "held"


def test_the_dry_run_says_so_as_well(talk):
    parked(talk)
    one = document(said("event", "CTL", "KG", "CN", talk.number), talk(), talk())
    headers = {"Content-Type": "application/xml", **talk.token("KG")}
    for body in (write_xml(one), sign_xml(write_xml(one), talk.gateway.key("KG"), talk())):
        tried = talk.gateway.client.post("/v1/validations", content=body, headers=headers).json()
        assert tried["outcome"] == "refused"
        assert {"ACD-REF-01", "ACD-REF-15"} <= rules(tried)


def test_all_that_waited_is_applied_and_there_is_room_again(talk):
    held = parked(talk)
    assert talk.declare()["outcome"] == "accepted"
    refused = talk.tell("CTL")
    (finding,) = [one for one in refused["findings"] if one["rule"] == "ACD-REF-15"]
    assert finding["value"] == talk.number, "they wait on for the acceptance"
    assert talk.answer("44")["outcome"] == "accepted"
    assert {talk.final(receipt)["outcome"] for receipt in held} == {"accepted"}
    assert talk.tell("CTL", conclusion="HLD")["outcome"] == "held"


@pytest.fixture
def bench(tmp_path):
    bench = Bench(tmp_path)
    yield bench
    bench.close()


class Verified:
    """Counts how often something is verified: each time the trust store is asked for."""

    def __init__(self, bench):
        self.times, self._trust = 0, bench.gateway.trust
        bench.gateway = replace(bench.gateway, trust=self)

    def __call__(self):
        self.times += 1
        return self._trust()

    def during(self, act):
        before = self.times
        act()
        return self.times - before


def test_what_must_wait_on_is_not_verified_and_nothing_twice(bench):
    number = uuid.uuid4().hex[:20]

    def post(kind, code, sender="KG", recipient="CN", **more):
        one = document(said(kind, code, sender, recipient, number, **more), bench.now, bench.start)
        return bench.post(bench.signed(one)).outcome

    for _ in range(5):
        assert post("event", "CTL", conclusion="HLD") == "held"
        assert post("event", "CTL") == "held"
    verified = Verified(bench)
    assert verified.during(lambda: post("declaration", "9", "CN", "KG")) == 1
    assert verified.during(lambda: post("response", "11 REG")) == 1
    assert verified.during(lambda: post("response", "44")) == 1 + 5, "the controls before the arrival, each once"
    assert verified.during(lambda: post("event", "ARR")) == 1 + 5
    assert bench.held() == ([], [])


@pytest.mark.parametrize(("kind", "code", "sender", "recipient"), [
    ("declaration", "1", "CN", "KG"), ("declaration", "5", "CN", "KG"), ("response", "44", "KG", "CN"),
])  # fmt: skip
def test_what_is_about_a_version_to_come_is_passed_over_without_reading_what_was_declared(
    talk, kind, code, sender, recipient
):
    talk.declare()
    one = document(said(kind, code, sender, recipient, talk.number), talk(), talk())
    root = "Response/Declaration" if kind == "response" else "Declaration"
    ahead = changed(one, {f"/{root}/VersionID": "99"})
    ports = talk.gateway.app.state.gateway
    assert ports.read(lambda connection: must_wait(connection, ahead))
    assert not ports.read(lambda connection: must_wait(connection, one))
