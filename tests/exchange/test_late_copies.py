"""ACD-TIM-03: a declaration that came long after the departure it announces is told so, and refused nothing."""

from datetime import timedelta

from builders.declarations import fresh
from builders.following import following
from builders.serving import now, running_gateway
from gateway.message.examples import examples


def test_a_departure_hours_before_its_declaration_is_told(tmp_path):
    with running_gateway(tmp_path) as gateway:
        declaration = fresh(examples("declaration")["road"])
        gateway.post(declaration)
        accepted = gateway.post(following(("response", "accepted"), declaration))
        assert accepted.json()["state"] == "accepted"
        left = (now() - timedelta(hours=6)).replace(microsecond=0).isoformat()
        answer = gateway.post(following(("border_event", "departure"), declaration, EventDateTime=left)).json()
        assert answer["state"] == "departed"
        assert "ACD-TIM-03" in {finding["rule"] for finding in answer["findings"]}
