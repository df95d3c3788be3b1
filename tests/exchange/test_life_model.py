"""Random lives of exchanges: the gateway does what a small independent model of the life says, and loses nothing.

`LIFE_SEQUENCES` and `LIFE_STEPS` make the run longer (`make soak`).
"""

import os
import uuid
from datetime import timedelta

import pytest
from exchange import life_model
from exchange.life_bench import Bench, document
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

SEQUENCES = int(os.environ.get("LIFE_SEQUENCES", "80"))
STEPS = int(os.environ.get("LIFE_STEPS", "25"))

pytestmark = pytest.mark.timeout(600 if SEQUENCES <= 80 else 0)
"""Long beside the other tests, and longer on a busy machine; as long as it takes where more is asked for."""

NUMBERS = ("9403202611230001", "9403202611230002")
"""Few, and the same on both sides: what is mistaken for another's must be among them."""

AGES = st.sampled_from((0, 0, 5, 30))
"""How long before it was sent a message was prepared: minutes."""


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    bench = Bench(tmp_path_factory.mktemp("life"))
    yield bench
    bench.close()


def said(kind, code, sender="CN", recipient="KG", number=NUMBERS[0], **more):
    """A message as the model has it."""
    return {
        "id": str(uuid.uuid4()),
        "content": 0,
        "kind": kind,
        "code": code,
        "sender": sender,
        "recipient": recipient,
        "number": number,
        "follows": "",
        "version": None,
        "arrival": 0,
        "prepared": 0,
        "discrepant": False,
        "conclusion": "",
        **more,
    }


class Life(RuleBasedStateMachine):
    """What can happen to a gateway, in any order."""

    bench: Bench

    def __init__(self):
        super().__init__()
        self.bench.forget()
        self.world = life_model.new_world()
        self.sent = []

    def exchange_messages(self, one):
        """Send a message to both, and hold what they answer against each other."""
        one["prepared"] = self.world["now"] - one["prepared"]
        received = self.bench.signed(self.written(one))
        self.sent.append((one, received))
        self.repeat(one, received)

    def written(self, one):
        return document(one, self.bench.start + timedelta(minutes=one["prepared"]), self.bench.start)

    def repeat(self, one, received):
        expected = life_model.receive(self.world, one)
        receipt = self.bench.post(received)
        if expected["outcome"] == "conflict":
            assert receipt is None
            return
        self.same_answer(receipt, expected)

    def same_answer(self, receipt, expected):
        rules = {finding["rule"]: finding["severity"] for finding in receipt.findings}
        assert receipt.outcome == expected["outcome"], (expected, rules)
        if expected["outcome"] == "accepted":
            assert receipt.state == expected["state"]
        else:
            severity = {"held": "hold", "refused": "reject"}[expected["outcome"]]
            assert rules.get(expected["rule"]) == severity, (expected, rules)

    @rule(
        code=st.sampled_from(("9", "9", "9", "5", "4", "2", "1", "13")),
        way=st.sampled_from((("CN", "KG"), ("CN", "KG"), ("KG", "CN"), ("UZ", "KG"))),
        number=st.sampled_from(NUMBERS),
        hours=st.sampled_from((12, 12, 40, 0)),
        version=st.sampled_from((None, None, 2, 3)),
    )
    def declare(self, code, way, number, hours, version):
        arrival = self.world["now"] + (hours * 60 if hours or code != "9" else 20)
        if code == "5" and not hours:
            arrival += 12 * 60
        version = version if code in ("5", "4") else None
        self.exchange_messages(said("declaration", code, *way, number, arrival=arrival, version=version))

    @rule(
        code=st.sampled_from(("44", "44", "45", "27", "11 DNL", "11 UPR", "11 REG", "11 39")),
        way=st.sampled_from((("KG", "CN"), ("KG", "CN"), ("KG", "CN"), ("CN", "KG"), ("UZ", "CN"))),
        number=st.sampled_from((*NUMBERS, "")),
        version=st.sampled_from((None, None, None, 1, 2)),
        before=AGES,
        data=st.data(),
    )
    def answer(self, code, way, number, version, before, data):
        ids = [one["id"] for one, _ in self.sent if one["kind"] == "declaration"]
        follows = data.draw(st.sampled_from((*ids, "", ""))) if ids else ""
        more = {"follows": follows, "version": version, "prepared": before}
        self.exchange_messages(said("response", code, *way, number, **more))

    @rule(
        code=st.sampled_from(("DEP", "ARR", "ARR", "CTL", "CTL", "DIS", "IMP", "EXP", "UND")),
        way=st.sampled_from((("KG", "CN"), ("CN", "KG"), ("KG", "CN"), ("UZ", "KG"))),
        number=st.sampled_from(NUMBERS),
        discrepant=st.booleans(),
        conclusion=st.sampled_from(("", "REL", "HLD", "REF")),
        before=AGES,
    )
    def tell(self, code, way, number, discrepant, conclusion, before):
        more = {"discrepant": discrepant, "conclusion": conclusion, "prepared": before}
        self.exchange_messages(said("event", code, *way, number, **more))

    @rule(to=st.sampled_from((0, 0, 1)))
    def go_on(self, to):
        """The usual next step of an exchange, so that its later states are reached as well."""
        keys = list(self.world["exchanges"])
        if not keys:
            return
        declarant, recipient, number = keys[min(to, len(keys) - 1)]
        usual = {
            "registered": ("response", "44", recipient),
            "delivered": ("response", "44", recipient),
            "under-review": ("response", "44", recipient),
            "accepted": ("event", "DEP", declarant),
            "departed": ("event", "ARR", recipient),
            "arrived": ("event", "CTL", recipient),
            "held": ("event", "CTL", recipient),
            "discrepant": ("event", "CTL", recipient),
            "released": ("event", "IMP", recipient),
            "expired": ("event", "ARR", recipient),
        }.get(self.world["exchanges"][declarant, recipient, number]["state"])
        if usual is not None:
            kind, code, sender = usual
            other = recipient if sender == declarant else declarant
            self.exchange_messages(said(kind, code, sender, other, number, conclusion="REL"))

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def send_again(self, data):
        one, received = data.draw(st.sampled_from(self.sent))
        self.repeat(one, received)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def use_an_id_twice(self, data):
        one, _ = data.draw(st.sampled_from(self.sent))
        other = {**one, "content": len(self.sent), "arrival": one["arrival"] + 7, "number": "OTHER"}
        expected = life_model.receive(self.world, other)
        receipt = self.bench.post(self.bench.signed(self.written(other)))
        assert (receipt is None) == (expected["outcome"] == "conflict")

    @rule(minutes=st.sampled_from((1, 20, 45, 61, 12 * 60, 61 * 60)))
    def time_passes(self, minutes):
        life_model.pass_time(self.world, minutes)
        self.bench.pass_time(minutes)

    @rule(refusing=st.sampled_from(((), (), (), ("KG",), ("CN",))))
    def everything_due_is_delivered(self, refusing):
        life_model.deliver(self.world, refusing)
        self.bench.refusing = frozenset(refusing)
        self.bench.deliver()

    @precondition(lambda self: self.world["for_operator"])
    @rule()
    def an_operator_lets_it_through(self):
        one = self.world["for_operator"][0]
        self.same_answer(self.bench.let_through(one["id"]), life_model.release(self.world, one["sender"], one["id"]))

    @invariant()
    def they_agree(self):
        found = self.bench.exchanges()
        expected = {
            key: {name: value for name, value in one.items() if name not in ("expires", "versions", "last")}
            | {"queue": sorted((code.split()[0], *way) for code, *way in one["queue"])}
            for key, one in self.world["exchanges"].items()
        }
        for one in found.values():
            one["queue"].sort()
        assert found == expected
        waiting, for_operator = self.bench.held()
        assert waiting == [(one["sender"], one["id"]) for one in self.world["waiting"]]
        assert for_operator == [(one["sender"], one["id"]) for one in self.world["for_operator"]]
        assert self.bench.outcomes() == {
            key: told["answer"]["outcome"] for key, told in self.world["told"].items() if told["answer"]
        }

    def teardown(self):
        assert self.bench.without_delivery() == []
        assert self.bench.audit_breaks() == []


def test_any_sequence_of_messages_deliveries_and_time_leads_where_the_model_says(bench):
    Life.bench = bench
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.explicit, Phase.generate, Phase.shrink),
            database=None,
        ),
    )
