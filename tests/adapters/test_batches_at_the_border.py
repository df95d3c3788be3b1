"""One waybill on two trucks, end to end: windows, adapters and gateway as real servers on loopback."""

from __future__ import annotations

import pytest

from builders.border import border
from builders.serving import wait


@pytest.fixture(scope="module")
def at_the_border(tmp_path_factory):
    with border(tmp_path_factory.mktemp("border"), "CN", "KG") as running:
        yield running


@pytest.fixture
def batch(at_the_border):
    """A batch whose two trucks have passed the gate and were accepted; its number."""
    lodged = at_the_border.controls["CN"].post("/control/lodge", params={"sample": "one-waybill-two-trucks"})
    number = str(lodged.json()["reference"])
    for truck in (1, 2):
        at_the_border.done("CN", f"/control/gate/{number}/{truck}")
    wait(lambda: states(at_the_border, number) == {f"{number}/1": "accepted", f"{number}/2": "accepted"})
    return number


def states(running, batch):
    listed = running.gateway.get("/v1/exchanges", "KG", batch=batch).json()["exchanges"]
    return {exchange["reference"]: exchange["state"] for exchange in listed}


def declared(running, batch):
    """Gross mass and packages of each truck, as Kyrgyzstan was told."""
    exchanges = running.gateway.get("/v1/exchanges", "KG", batch=batch).json()["exchanges"]
    return {exchange["reference"][-1]: exchange["version"] for exchange in exchanges}


def test_taking_back_the_manifest_takes_back_every_truck(at_the_border, batch):
    at_the_border.done("CN", f"/control/delete/{batch}", reason="001")
    wait(lambda: set(states(at_the_border, batch).values()) == {"cancelled"})


def test_taking_back_the_manifest_again_changes_nothing_and_is_taken(at_the_border, batch):
    at_the_border.done("CN", f"/control/delete/{batch}", reason="001")
    wait(lambda: set(states(at_the_border, batch).values()) == {"cancelled"})
    at_the_border.done("CN", f"/control/gate/{batch}")
    assert states(at_the_border, batch) == {f"{batch}/1": "cancelled", f"{batch}/2": "cancelled"}
    assert at_the_border.gateway.get("/v1/held", "OPS").json()["held"] == []


def test_taking_back_one_truck_leaves_the_other(at_the_border, batch):
    at_the_border.done("CN", f"/control/delete/{batch}/2", reason="001")
    wait(lambda: states(at_the_border, batch) == {f"{batch}/1": "accepted", f"{batch}/2": "cancelled"})


def test_changing_one_truck_makes_a_version_of_it_alone(at_the_border, batch):
    changes = {"/Manifest/Declaration/BorderTransportMeans/ID": "新P77777"}
    at_the_border.done("CN", f"/control/amend/{batch}/2", reason="004", changes=changes)
    wait(lambda: declared(at_the_border, batch) == {"1": 1, "2": 2})
    wait(lambda: states(at_the_border, batch) == {f"{batch}/1": "accepted", f"{batch}/2": "accepted"})
    (found,) = at_the_border.gateway.get("/v1/exchanges", "KG", plate="新P77777").json()["exchanges"]
    assert found["reference"] == f"{batch}/2"


def test_each_decision_reaches_the_truck_that_it_is_about(at_the_border, batch):
    decide = at_the_border.controls["KG"].post
    decide(f"/control/decide/{batch}/2", json={"decision": "do-not-load", "reason": "Разрешение не подтверждено"})
    wait(lambda: states(at_the_border, batch) == {f"{batch}/1": "accepted", f"{batch}/2": "do-not-load"})

    def received():
        documents = at_the_border.controls["CN"].get(
            "/control/documents", params={"reference": f"{batch}/2", "direction": "received"}
        )
        return [document["state"] for document in documents.json()]

    wait(lambda: "do-not-load" in received())
