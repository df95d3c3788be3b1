"""One waybill on two trucks, end to end: windows, adapters and gateway as real servers on loopback."""

from __future__ import annotations

from contextlib import contextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from builders.border import border
from builders.serving import serving, wait


@pytest.fixture(scope="module")
def at_the_border(tmp_path_factory):
    with border(tmp_path_factory.mktemp("border"), "CN", "KG") as running:
        yield running


@pytest.fixture
def batch(at_the_border):
    return announced(at_the_border)


def announced(running):
    """A batch whose two trucks have passed the gate and were accepted; its number."""
    lodged = running.controls["CN"].post("/control/lodge", params={"sample": "one-waybill-two-trucks"})
    number = str(lodged.json()["reference"])
    for truck in (1, 2):
        running.done("CN", f"/control/gate/{number}/{truck}")
    wait(lambda: states(running, number) == {f"{number}/1": "accepted", f"{number}/2": "accepted"})
    return number


@contextmanager
def one_to_a_page(gateway_url):
    """A gateway as it is, but for its lists: each page holds one."""

    async def pass_on(request):
        query = {**request.query_params, "limit": "1"} if "limit" in request.query_params else request.query_params
        headers = {name: value for name, value in request.headers.items() if name not in ("host", "content-length")}
        async with httpx.AsyncClient(base_url=gateway_url, trust_env=False, timeout=20) as client:
            answer = await client.request(
                request.method, request.url.path, params=query, headers=headers, content=await request.body()
            )
        kept = {name: value for name, value in answer.headers.items() if name in ("content-type", "jws-signature")}
        return Response(answer.content, answer.status_code, kept)

    app = Starlette(routes=[Route("/{path:path}", pass_on, methods=["GET", "POST"])])
    with serving(app) as url:
        yield url


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


def test_taking_back_the_manifest_takes_back_the_trucks_of_every_page_of_the_list(tmp_path):
    with border(tmp_path, "CN", "KG", reached_by=one_to_a_page) as running:
        number = announced(running)
        running.done("CN", f"/control/delete/{number}", reason="001")
        wait(lambda: set(states(running, number).values()) == {"cancelled"})


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
