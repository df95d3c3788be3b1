"""What an exchange owes by its agreement: decisions, receipts, and how long it is kept."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from exchange.life_bench import every_function
from exchange.talk import Talk

from builders.serving import now, running_gateway, wait
from gateway.agreements import load_agreements
from gateway.exchange.state import State
from gateway.exchange.terms import DECISION_DUE, Terms, owed, proven_late
from gateway.published import published
from gateway.storage.clock import moment, stored


@pytest.fixture
def silent(tmp_path):
    """A gateway whose participants take nothing, and whose clock may be moved."""
    talk = Talk()
    agreements = every_function(tmp_path / "agreements")
    with running_gateway(tmp_path, clock=talk, agreements=agreements) as talk.gateway:
        yield talk


def whole(talk):
    return talk.get(f"/v1/exchanges/{talk.exchange()['exchangeId']}").json()


def overdue(talk):
    found = talk.get("/v1/exchanges", overdue="true").json()["exchanges"]
    return [each["reference"] for each in found]


def delivered(talk, versions=1):
    wait(
        lambda: (
            sum(one["state"] == "delivered" for one in whole(talk)["deliveries"] if one["recipient"] == "KG")
            >= versions
        )
    )
    return max(one["deliveredAt"] for one in whole(talk)["deliveries"] if one["recipient"] == "KG")


def test_a_decision_is_due_so_long_after_the_delivery_as_is_agreed_until_it_is_made(moving):
    moving.declare()
    by = moment(delivered(moving)) + timedelta(minutes=120)
    assert (moment(whole(moving)["decisionBy"]), whole(moving)["overdue"]) == (by, False)
    assert overdue(moving) == []
    moving.ahead = timedelta(minutes=121)
    assert (moment(moving.exchange()["decisionBy"]), moving.exchange()["overdue"]) == (by, True)
    assert whole(moving)["overdue"] is True
    assert overdue(moving) == [moving.number]
    moving.answer("45")
    assert overdue(moving) == [moving.number]
    moving.answer("44")
    assert (moving.exchange()["decisionBy"], moving.exchange()["overdue"]) == (None, False)
    assert overdue(moving) == []


def test_a_replacement_must_be_decided_anew(moving):
    moving.declare()
    delivered(moving)
    moving.ahead = timedelta(minutes=121)
    moving.declare("5")
    at = delivered(moving, versions=2)
    assert moment(whole(moving)["decisionBy"]) == moment(at) + timedelta(minutes=120)
    assert (whole(moving)["overdue"], overdue(moving)) == (False, [])


def test_what_was_not_delivered_cannot_be_decided(silent):
    silent.declare()
    silent.ahead = timedelta(minutes=121)
    assert (silent.exchange()["decisionBy"], silent.exchange()["overdue"], overdue(silent)) == (None, False, [])


def test_a_delivery_that_is_not_proven_in_time_is_overdue(silent):
    receipt = silent.declare()
    assert [one["overdue"] for one in whole(silent)["deliveries"]] == [False]
    silent.ahead = timedelta(seconds=62)
    assert [one["overdue"] for one in whole(silent)["deliveries"]] == [True]
    message = silent.get(f"/v1/messages/{receipt['messageId']}").json()
    assert [one["overdue"] for one in message["deliveries"]] == [True]


def test_a_delivery_that_was_proven_in_time_stays_in_time(moving):
    moving.declare()
    delivered(moving)
    moving.ahead = timedelta(days=1)
    assert [one["overdue"] for one in whole(moving)["deliveries"] if one["recipient"] == "KG"] == [False]


def test_a_refusal_that_came_in_time_is_no_delivery_and_stays_in_time(moving):
    moving.windows["KG"].refusing = True
    moving.declare()
    wait(lambda: whole(moving)["deliveries"][0]["state"] == "dead")
    moving.ahead = timedelta(days=1)
    refused = whole(moving)["deliveries"][0]
    assert (refused["deliveredAt"], refused["overdue"]) == (None, False)


def test_an_exchange_is_kept_so_long_after_its_last_change_as_is_agreed(silent):
    silent.declare()
    first = silent.exchange()
    assert moment(first["keptUntil"]) == moment(first["updatedAt"]) + timedelta(days=1825)
    silent.ahead = timedelta(hours=1)
    silent.declare("5")
    assert moment(silent.exchange()["keptUntil"]) >= moment(first["keptUntil"]) + timedelta(hours=1)


def test_a_decision_is_due_until_the_authority_has_accepted_or_rejected():
    assert set(DECISION_DUE) == {State.REGISTERED, State.DELIVERED, State.UNDER_REVIEW}


@pytest.mark.parametrize(("seconds", "late"), [(60, False), (61, True)])
def test_a_receipt_that_came_late_stays_late(seconds, late):
    at = now()
    row = SimpleNamespace(agreement="kg-cn-road/1", received_at=stored(at))
    row.receipt_at = stored(at + timedelta(seconds=seconds))
    terms = Terms(load_agreements(published("agreements")), at + timedelta(days=9))
    assert proven_late(row, terms) is late


def test_an_agreement_that_is_no_longer_on_file_says_nothing():
    at = stored(now())
    row = SimpleNamespace(agreement="kg-cn-road/1", delivered_at=at, receipt_at=at, received_at=at)
    terms = Terms({}, now() + timedelta(days=9))
    assert owed(row, terms) == {"decisionBy": None, "overdue": False, "keptUntil": None}
    assert proven_late(row, terms) is False
