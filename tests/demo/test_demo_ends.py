"""The checks of how a scenario ended: each fails when a window or the gateway has something else to tell."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace

import httpx
import pytest

from builders.declarations import fresh
from gateway.agreements.loading import load_agreements
from gateway.agreements.permission import only_permitted
from gateway.demo import ends, watch
from gateway.demo.stage import OUTSIDER
from gateway.demo.tap import Passed
from gateway.errors import DeliveryFailed
from gateway.message.examples import examples
from gateway.message.metadata import Recipient
from gateway.message.xml_twin import write_xml
from gateway.published import published

REFERENCE = "9403000000001"


@dataclass
class Stage:
    """As much of a stage as the ends look at. State: what windows hold, and what the gateway tells whom."""

    held: dict = field(default_factory=dict)
    answers: dict = field(default_factory=dict)
    delivered: dict = field(default_factory=dict)
    patience: float = 0.0

    def window(self, country, kind, state, *, reference=REFERENCE, body=None):
        self.held.setdefault(country, []).append((reference, kind, state, reference.encode() if body is None else body))
        return self

    def control(self, country, _method, _path, params):
        wanted = params.get("reference")
        return [
            {"id": number, "type": kind, "state": state}
            for number, (reference, kind, state, _) in enumerate(self.held.get(country, []))
            if wanted in (None, reference)
        ]

    def document(self, country, document):
        return self.held[country][document][3]

    def ask(self, path, reader):
        told = self.answers.get((path, reader))
        return httpx.Response(404 if told is None else 200, json=told or {})

    def told(self, path, reader):
        answer = self.ask(path, reader)
        if answer.status_code >= 400:
            raise DeliveryFailed(path)
        return answer.json()


def both_told(stage):
    return ends.told_of("expiry", stage, REFERENCE, ("CN", "KG"))


def test_both_are_told_where_each_window_has_the_notice():
    assert both_told(Stage().window("CN", "MT3402", "expiry").window("KG", "BorderEventNotice", "expiry")).passed


@pytest.mark.parametrize(
    "other",
    [
        {"state": "arrival"},
        {"state": "expiry", "reference": "9403000000002"},
        {"state": "expiry", "body": b"9403000000002"},
    ],
)
def test_a_document_that_is_not_the_notice_of_this_exchange_tells_nobody(other):
    stage = Stage().window("CN", "MT3402", "expiry").window("KG", "BorderEventNotice", **other)
    told = both_told(stage)
    assert (told.passed, told.shown[-45:]) == (False, f"in time: NSW KG has no expiry of {REFERENCE}"[-45:])


def test_a_notice_that_comes_twice_is_seen():
    stage = Stage().window("CN", "MT3402", "expiry")
    assert not both_told(stage.window("KG", "N", "expiry").window("KG", "N", "expiry")).passed


def test_a_window_must_hold_what_is_wanted_and_no_more():
    stage = Stage().window("KG", "AutoPreliminary", "accept")
    assert ends.holds("x", stage, "KG", REFERENCE, "AutoPreliminary accept").passed
    assert not ends.holds("x", stage, "KG", REFERENCE, "AutoPreliminary reject").passed
    assert not ends.holds("x", stage, "KG", REFERENCE, "AutoPreliminary accept", "AutoPreliminary accept").passed
    assert not ends.holds("x", stage.window("KG", "W", "received"), "KG", REFERENCE, "AutoPreliminary accept").passed


def test_all_texts_must_stand_in_one_document_that_names_the_reference():
    assert ends.says(
        "x", Stage().window("CN", "A", "a", body=b"9403000000001 12 why"), "CN", REFERENCE, "12", "why"
    ).passed
    apart = Stage().window("CN", "A", "a", body=b"9403000000001 12").window("CN", "A", "a", body=b"9403000000001 why")
    assert not ends.says("x", apart, "CN", REFERENCE, "12", "why").passed
    unnamed = Stage().window("CN", "A", "a", body=b"12 why")
    assert not ends.says("x", unnamed, "CN", REFERENCE, "12", "why").passed


def exchange(state="accepted", deliveries=("m", "n"), messages=("m", "n"), delivery="delivered"):
    return {
        "state": state,
        "messages": [{"messageId": each} for each in messages],
        "deliveries": [{"messageId": each, "state": delivery} for each in deliveries],
    }


def test_the_state_must_be_seen_by_both_and_by_nobody_else():
    told = {("/v1/exchanges/e", reader): exchange() for reader in ("CN", "KG")}
    assert ends.state(Stage(answers=told), "e", ("CN", "KG"), "accepted").passed
    assert not ends.state(Stage(answers=told), "e", ("CN", "KG"), "released").passed
    assert not ends.state(Stage(answers=told), "e", ("CN", "UZ"), "accepted").passed
    seen = told | {("/v1/exchanges/e", OUTSIDER): exchange()}
    assert not ends.state(Stage(answers=seen), "e", ("CN", "KG"), "accepted").passed


@pytest.mark.parametrize(
    "wrong",
    [{"deliveries": ("m",)}, {"deliveries": ()}, {"delivery": "waiting"}, {"messages": (), "deliveries": ()}],
)
def test_a_message_without_a_proven_delivery_is_seen(wrong):
    asked = ("/v1/exchanges/e", "KG")
    assert ends.all_delivered(Stage(answers={asked: exchange()}), "e", "KG").passed
    assert not ends.all_delivered(Stage(answers={asked: exchange(**wrong)}), "e", "KG").passed


def message(**changes):
    return {("/v1/messages/m", "CN"): {"outcome": "held", "exchangeId": None, "deliveries": []} | changes}


def test_a_message_that_came_to_nothing_has_its_outcome_and_no_exchange_and_no_other_reader():
    def ended(answers):
        return ends.outcome(Stage(answers=answers), "m", "CN", "KG", "held").passed

    assert ended(message())
    assert not ended(message(outcome="accepted"))
    assert not ended(message(exchangeId="e"))
    assert not ended(message() | {("/v1/messages/m", "KG"): {}})
    assert not ended({})


def tap(*bodies):
    return SimpleNamespace(passed=[Passed(datetime.now(UTC), "/", {}, body, 200, {}, b"") for body in bodies])


def test_nothing_is_delivered_where_nothing_is_recorded_nothing_passes_and_nothing_is_held():
    def nothing(stage):
        return ends.nothing_delivered(stage, "m", "CN", "KG", REFERENCE).passed

    assert nothing(Stage(answers=message(), delivered={"KG": tap(b"9403000000002")}))
    assert not nothing(Stage(answers=message(deliveries=[{"state": "waiting"}]), delivered={"KG": tap()}))
    assert not nothing(Stage(answers=message(), delivered={"KG": tap(REFERENCE.encode())}))
    assert not nothing(Stage(answers=message(), delivered={"KG": tap()}).window("KG", "AutoPreliminary", "accept"))


def opened(*recipients):
    listed = [{"exchangeId": each, "recipient": each} for each in recipients]
    return {(f"/v1/exchanges?reference={REFERENCE}", "CN"): {"exchanges": listed}}


def test_each_is_told_once_and_sees_no_exchange_of_another():
    def once(stage):
        return ends.told_once(stage, REFERENCE, "CN", ("KG", "UZ")).passed

    def windows(answers):
        return Stage(answers=answers).window("KG", "A", "accept").window("UZ", "D", "reject")

    assert once(windows(opened("KG", "UZ")))
    assert not once(windows(opened("KG")))
    assert not once(windows(opened("KG", "UZ", "UZ")))
    assert not once(windows(opened("KG", "UZ")).window("UZ", "D", "reject"))
    assert not once(windows(opened("KG", "UZ") | {("/v1/exchanges/UZ", "KG"): {}}))


LODGED = b"<m><ValueAmount>386400.00</ValueAmount></m>"


def leg(recipient, *, as_of=None):
    """The example of a declaration as one leg of the transit is told it; or another leg's, sent to this one."""
    agreement = load_agreements(published("agreements"))["cn-kg-uz-transit", "1"]
    example = fresh(examples("declaration")["typical"])
    head = example.communication_meta_data.model_copy(update={"recipient": Recipient(id=as_of or recipient)})
    declaration = example.declaration.model_copy(update={"functional_reference_id": REFERENCE})
    told = example.model_copy(update={"communication_meta_data": head, "declaration": declaration})
    body = write_xml(only_permitted(told, agreement))
    headers = {"content-type": "application/xml"}
    return SimpleNamespace(passed=[Passed(datetime.now(UTC), "/", headers, body, 200, {}, b"")])


def test_each_leg_is_told_what_it_may_see_and_only_the_last_what_the_goods_are_worth():
    def permitted(kg, uz, **as_of):
        stage = Stage(delivered={country: leg(country, as_of=as_of.get(country)) for country in ("KG", "UZ")})
        stage.window("KG", "A", "accept", body=kg).window("UZ", "D", "reject", body=uz)
        return ends.only_permitted(stage, REFERENCE, LODGED)

    assert permitted(b"<a>7050.500</a>", b'{"a": "386400.00"}').passed
    assert "KG was told more" in permitted(b"<a>7050.500</a>", b'{"a": "386400.00"}', KG="UZ").shown
    assert permitted(b"<a>386400.00</a>", b'{"a": "386400.00"}').shown == "NSW KG has 386400.00"
    assert permitted(b"<a>386400</a>", b'{"a": "386400.00"}').shown == "NSW KG has 386400.00"
    assert permitted(b"<a>7050.500</a>", b'{"a": "1386400.00"}').shown == "NSW UZ has no 386400.00"


def test_trucks_without_a_waybill_or_with_two_do_not_share_one():
    base = fresh(examples("declaration")["road"])

    def truck(number):
        first = base.declaration.consignment[0]
        waybill = None if number is None else first.transport_contract_document.model_copy(update={"id": number})
        consignment = (first.model_copy(update={"transport_contract_document": waybill}),)
        return base.model_copy(update={"declaration": base.declaration.model_copy(update={"consignment": consignment})})

    def shared(*numbers):
        return ends.one_waybill({str(at): truck(number) for at, number in enumerate(numbers)}).passed

    assert shared("W1", "W1")
    assert not shared("W1", "W2")
    assert not shared(None, None)
    assert not shared("W1", None)


def test_what_does_not_happen_in_time_is_told_as_it_is_at_the_end():
    states = iter(["registered", "delivered", "delivered"])
    with pytest.raises(DeliveryFailed, match="it is delivered"):
        watch.until(lambda: next(states) == "accepted", lambda: f"it is {next(states)}", seconds=0)


def test_rules_of_nothing_that_was_posted_are_no_empty_set():
    # Where a check looks for a rule that must not be there, nothing to look at must not do for it.
    stage = SimpleNamespace(posted={"KG": tap()}, trust=None)
    with pytest.raises(DeliveryFailed, match="Nothing about"):
        watch.rules(stage, "KG", REFERENCE)
