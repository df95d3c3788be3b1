"""The match report over HTTP: export against import, for the parties."""

import pytest

from builders.declarations import fresh
from builders.following import following
from builders.serving import running_gateway
from gateway.message.examples import examples


@pytest.fixture
def gateway(tmp_path):
    with running_gateway(tmp_path) as running:
        yield running


def released(gateway):
    """An exchange whose goods have arrived and are released."""
    declaration = fresh(examples("declaration")["road"])
    exchange = gateway.post(declaration).json()["exchangeId"]
    gateway.post(following(("response", "accepted"), declaration))
    gateway.post(following(("border_event", "arrival"), declaration))
    answer = gateway.post(
        following(("border_event", "control-result"), declaration, ControlResult={"ConclusionCode": "REL"})
    ).json()
    assert answer["state"] == "released", answer
    return declaration, exchange


def test_import_information_that_agrees_makes_a_report_that_matches(gateway):
    declaration, exchange = released(gateway)
    answer = gateway.post(following(("border_event", "import-information"), declaration)).json()
    assert answer["state"] == "matched"
    report = gateway.get(f"/v1/exchanges/{exchange}/match", "CN", language="zh").json()
    assert report["matched"] is True
    assert report["rows"]
    assert all(row["within"] is not False for row in report["rows"])
    assert report["text"]


def test_without_import_information_there_is_no_report(gateway):
    _, exchange = released(gateway)
    assert gateway.get(f"/v1/exchanges/{exchange}/match", "KG").status_code == 404


def test_an_outsider_sees_no_report(gateway):
    declaration, exchange = released(gateway)
    gateway.post(following(("border_event", "import-information"), declaration))
    assert gateway.get(f"/v1/exchanges/{exchange}/match", "UZ").status_code == 404
