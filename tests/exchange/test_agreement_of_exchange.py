"""An exchange goes on by the agreement under which it was opened."""

import pytest

from builders.declarations import fresh
from builders.messages import changed, departure
from builders.serving import now, running_gateway
from gateway.message.examples import examples

CITED = "/CommunicationMetaData/AgreementID"


@pytest.fixture
def gateway(tmp_path):
    with running_gateway(tmp_path) as running:
        yield running


def test_the_declaring_side_keeps_to_it_or_it_could_tell_what_that_does_not_let_out(gateway):
    declared = fresh(examples("declaration")["road"])
    assert gateway.post(declared).json()["outcome"] == "accepted"
    left = departure(at=now().replace(microsecond=0), reference=declared.declaration.functional_reference_id)

    receipt = gateway.post(changed(left, {CITED: "cn-kg-uz-transit"})).json()

    serious = [one for one in receipt["findings"] if one["severity"] == "reject"]
    assert [(one["rule"], one["pointer"], one["value"]) for one in serious] == [
        ("ACD-AGR-16", CITED, "cn-kg-uz-transit")
    ]
    assert "kg-cn-road" in serious[0]["text"]["en"]
