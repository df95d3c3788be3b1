"""Held is not rejected: what cannot be checked now is kept, receipted as held, and judged again."""

import uuid
from datetime import datetime, timedelta

import pytest

from builders.declarations import fresh
from builders.messages import arrival
from builders.serving import now, running_gateway, wait
from gateway.exchange import record as store
from gateway.message.examples import examples
from gateway.signing import publish_revocations


class Clock:
    """A clock that is moved."""

    def __init__(self):
        self.ahead = timedelta(0)

    def __call__(self):
        return now() + self.ahead


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def gateway(tmp_path, clock):
    with running_gateway(tmp_path, clock=clock) as running:
        yield running


def suspend(gateway, participant, status):
    """Change a participant's status in the registry."""
    file = gateway.workshop.trust / "participants.toml"
    blocks = file.read_text("utf-8").split("[[participant]]")
    changed = [
        block.replace('status = "active"', f'status = "{status}"').replace(
            'status = "suspended"', f'status = "{status}"'
        )
        if f'id = "{participant}"' in block
        else block
        for block in blocks
    ]
    file.write_text("[[participant]]".join(changed), "utf-8")


def nothing_is_held(gateway):
    return gateway.app.state.gateway.read(store.held_messages) == ()


def test_a_message_of_a_suspended_participant_is_held_and_accepted_when_it_is_active_again(gateway, clock):
    message = fresh(examples("declaration")["road"])
    suspend(gateway, "CN", "suspended")
    wait(lambda: gateway.app.state.gateway.trust().participants["CN"].status == "suspended")
    held = gateway.post(message)
    assert (held.status_code, held.json()["outcome"]) == (202, "held")
    assert held.json()["detail"].startswith("suspended")
    assert gateway.post_bytes(held.request.content, "application/xml").content == held.content
    assert gateway.get("/v1/exchanges", "KG").json()["exchanges"] == []
    suspend(gateway, "CN", "active")
    wait(lambda: gateway.app.state.gateway.trust().participants["CN"].status == "active")
    clock.ahead = timedelta(seconds=90)
    wait(lambda: gateway.get("/v1/exchanges", "KG").json()["exchanges"])
    told = gateway.get(f"/v1/messages/{message.communication_meta_data.id}", "CN").json()
    assert told["outcome"] == "accepted"


def test_a_stale_revocation_list_holds_and_does_not_reject(gateway, clock):
    message = fresh(examples("declaration")["road"])
    publish_revocations(gateway.workshop.trust.parent, [], at=now() - timedelta(days=9), days=8)
    wait(lambda: gateway.post(fresh(message)).json().get("outcome") == "held")
    assert gateway.post(message).json()["detail"].startswith("revocation-unknown")


def test_a_late_declaration_is_held_with_its_finding_and_goes_nowhere(gateway):
    message = fresh(examples("declaration")["road"])
    means = message.declaration.border_transport_means.model_copy(
        update={"arrival_date_time": now().replace(microsecond=0) + timedelta(minutes=20)}
    )
    late = fresh(message)
    late = late.model_copy(
        update={"declaration": late.declaration.model_copy(update={"border_transport_means": means})}
    )
    answer = gateway.post(late)
    assert (answer.status_code, answer.json()["outcome"]) == (202, "held")
    assert "ACD-TIM-01" in {finding["rule"] for finding in answer.json()["findings"]}
    assert gateway.get("/v1/exchanges", "KG").json()["exchanges"] == []
    assert gateway.post(late).content == answer.content


def test_what_was_held_is_judged_and_dated_as_of_when_it_came(gateway, clock):
    message = fresh(examples("declaration")["road"])
    means = message.declaration.border_transport_means.model_copy(
        update={"arrival_date_time": now().replace(microsecond=0) + timedelta(hours=3)}
    )
    soon = message.model_copy(
        update={"declaration": message.declaration.model_copy(update={"border_transport_means": means})}
    )
    suspend(gateway, "CN", "suspended")
    wait(lambda: gateway.app.state.gateway.trust().participants["CN"].status == "suspended")
    sent = now()
    assert gateway.post(soon).json()["outcome"] == "held"
    suspend(gateway, "CN", "active")
    wait(lambda: gateway.app.state.gateway.trust().participants["CN"].status == "active")
    clock.ahead = timedelta(hours=2)  # now it would be too late, but it came in time
    wait(lambda: nothing_is_held(gateway))
    clock.ahead = timedelta(0)  # tokens are of now
    told = gateway.get(f"/v1/messages/{message.communication_meta_data.id}", "CN").json()
    assert told["outcome"] == "accepted"
    assert abs(datetime.fromisoformat(told["receivedAt"]) - sent) < timedelta(minutes=1)


def test_what_waits_of_a_participant_that_is_trusted_no_more_is_refused_with_a_receipt_and_told(gateway, clock):
    declared = fresh(examples("declaration")["road"])
    number = declared.declaration.functional_reference_id
    gateway.post(declared)
    early = arrival(at=now().replace(microsecond=0), message_id=str(uuid.uuid4()), reference=number)
    held = gateway.post(early).json()
    assert held["outcome"] == "held"
    file = gateway.workshop.trust / "participants.toml"
    blocks = file.read_text("utf-8").split("[[participant]]")
    file.write_text("[[participant]]".join(block for block in blocks if 'id = "KG"' not in block), "utf-8")
    wait(lambda: "KG" not in gateway.app.state.gateway.trust().participants)
    clock.ahead = timedelta(minutes=90)
    wait(lambda: nothing_is_held(gateway))
    clock.ahead = timedelta(0)
    receipt = gateway.get(f"/v1/messages/{held['messageId']}/receipt", "OPS").json()
    assert (receipt["outcome"], receipt["type"]) == ("refused", "urn:torugart:problem:untrusted-message")
    exchange = gateway.get("/v1/exchanges", "OPS").json()["exchanges"][0]["exchangeId"]
    told = gateway.get(f"/v1/exchanges/{exchange}", "OPS").json()
    assert [one["functionCode"] for one in told["messages"]].count("UND") == 1
