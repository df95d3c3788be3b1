"""Held is not rejected: what cannot be checked now is kept, receipted as held, and judged again."""

from datetime import timedelta

import pytest

from builders.declarations import fresh
from builders.serving import now, running_gateway, wait
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
