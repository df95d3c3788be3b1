"""Goods from China through Kyrgyzstan to Uzbekistan, end to end: windows, adapters and gateway are real servers.

China's window tells its adapter once; the adapter tells each country along the way.
"""

from __future__ import annotations

import io
import zipfile
from contextlib import contextmanager
from datetime import timedelta

import httpx
import pytest

from adapters.kit.contract import XML, Setting
from adapters.kit.run import routes
from adapters.kit.service import Post, create_adapter
from builders.border import TOKEN, border
from builders.serving import now, serving, wait
from gateway import installed
from gateway.agreements import load_agreements
from gateway.message.metadata import BorderEventMessage
from gateway.opening import Received, verify
from gateway.published import published
from gateway.signing import load_trust
from mock_nsw.issuing import Issuer

MANIFEST = "/Manifest/Declaration"
WAY = (
    f"{MANIFEST}/Consignment/BorderTransportMeans/Itinerary[3]/RoutingCountryCode",
    f"{MANIFEST}/BorderTransportMeans/Itinerary[3]/RoutingCountryCode",
)
END = f"{MANIFEST}/Consignment/TransitDestination/ID"
TO_KYRGYZSTAN = {**dict.fromkeys(WAY, "KG"), END: "KGFRU"}
TO_UZBEKISTAN = {**dict.fromkeys(WAY, "UZ"), END: "UZTAS"}


@pytest.fixture(scope="module")
def at_the_borders(tmp_path_factory):
    with border(tmp_path_factory.mktemp("borders"), "CN", "KG", "UZ") as running:
        yield running


def lodged(running, *, to="UZ"):
    """What China's window calls a truck that has passed its gate: through Kyrgyzstan, or into it."""
    sample = installed.nsw("CN").samples["transit-to-uzbekistan"]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number, body in enumerate(sample.make(Issuer())):
            text = body.decode() if to == "UZ" else body.decode().replace(">UZ<", ">KG<").replace("UZTAS", "KGFRU")
            archive.writestr(f"{number}.xml", text)
    answer = running.controls["CN"].post(
        "/control/lodge", content=packed.getvalue(), headers={"Content-Type": "application/zip"}
    )
    reference = str(answer.json()["reference"])
    running.done("CN", f"/control/gate/{reference}")
    become(running, reference, dict.fromkeys(("KG", "UZ") if to == "UZ" else ("KG",), "accepted"))
    return reference


def exchanges(running, reference):
    """The exchanges about one declaration of China's, by recipient."""
    listed = running.gateway.get("/v1/exchanges", "CN", reference=reference).json()["exchanges"]
    return {exchange["recipient"]: exchange for exchange in listed}


def become(running, reference, states):
    wait(lambda: {name: one["state"] for name, one in exchanges(running, reference).items()} == states)


def told(running, reference, recipient):
    """The messages of one exchange that China signed, oldest first."""
    exchange = exchanges(running, reference)[recipient]["exchangeId"]
    listed = running.gateway.get(f"/v1/exchanges/{exchange}", "CN").json()["messages"]
    ids = [message["messageId"] for message in listed if message["sender"] == "CN"]
    documents = (running.gateway.get(f"/v1/messages/{each}/document", "CN").content for each in ids)
    trust = load_trust(running.gateway.workshop.trust)
    return [verify(Received(document, XML), trust, now()).message for document in documents]


def handed_over_again(running, reference):
    """What China's adapter answers to the last document about a declaration when its window hands it over once more."""
    control = running.controls["CN"]
    sent = control.get("/control/documents", params={"reference": reference, "direction": "sent"}).json()
    document = control.get(f"/control/documents/{sent[-1]['id']}")
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": document.headers["content-type"]}
    url = control.get("/control/health").json()["adapter"]
    return httpx.post(f"{url}/national", content=document.content, headers=headers, timeout=30, trust_env=False)


def test_the_departure_of_a_transit_is_told_to_every_country_along_the_way(at_the_borders):
    reference = lodged(at_the_borders)

    at_the_borders.done("CN", f"/control/event/{reference}", event="departure")

    become(at_the_borders, reference, {"KG": "departed", "UZ": "departed"})


def test_each_country_is_told_of_the_departure_in_a_message_of_its_own_under_the_agreement_of_its_leg(at_the_borders):
    reference = lodged(at_the_borders)

    at_the_borders.done("CN", f"/control/event/{reference}", event="departure")

    become(at_the_borders, reference, {"KG": "departed", "UZ": "departed"})
    events = [told(at_the_borders, reference, recipient)[-1] for recipient in ("KG", "UZ")]
    assert all(isinstance(event, BorderEventMessage) for event in events)
    heads = [event.communication_meta_data for event in events]
    assert [(head.recipient.id, head.agreement_id) for head in heads] == [
        ("KG", "cn-kg-uz-transit"),
        ("UZ", "cn-kg-uz-transit"),
    ]
    assert len({head.id for head in heads}) == 2


def test_after_the_departure_no_country_along_the_way_takes_a_cancellation(at_the_borders):
    reference = lodged(at_the_borders)
    at_the_borders.done("CN", f"/control/event/{reference}", event="departure")
    become(at_the_borders, reference, {"KG": "departed", "UZ": "departed"})

    answer = at_the_borders.controls["CN"].post(f"/control/delete/{reference}", json={"reason": "001"}).json()

    assert answer["status"] == 422
    assert answer["reply"].count("ACD-REF-03") == 2
    become(at_the_borders, reference, {"KG": "departed", "UZ": "departed"})


def test_the_departure_of_goods_that_stay_with_the_neighbour_is_told_to_the_neighbour_alone(at_the_borders):
    reference = lodged(at_the_borders, to="KG")

    at_the_borders.done("CN", f"/control/event/{reference}", event="departure")

    become(at_the_borders, reference, {"KG": "departed"})
    assert told(at_the_borders, reference, "KG")[-1].communication_meta_data.agreement_id == "kg-cn-road"


def test_handing_the_departure_of_a_transit_over_again_changes_nothing_and_is_taken(at_the_borders):
    reference = lodged(at_the_borders)
    at_the_borders.done("CN", f"/control/event/{reference}", event="departure")
    become(at_the_borders, reference, {"KG": "departed", "UZ": "departed"})
    before = [len(told(at_the_borders, reference, recipient)) for recipient in ("KG", "UZ")]

    answer = handed_over_again(at_the_borders, reference)

    assert answer.status_code == 200, answer.text
    assert [len(told(at_the_borders, reference, recipient)) for recipient in ("KG", "UZ")] == before


# The agreement ends


@contextmanager
def after_the_transit_has_ended(running):
    """For a while China's adapter is one for which the transit agreement ended yesterday."""
    published_now = load_agreements(published("agreements"))
    yesterday = now().date() - timedelta(days=1)
    ended = {
        key: each.model_copy(update={"in_force_until": yesterday}) if each.transit else each
        for key, each in published_now.items()
    }
    trust, control = load_trust(running.gateway.workshop.trust), running.controls["CN"]
    before = control.get("/control/health").json()["adapter"]
    post = Post(
        adapter=installed.adapter("CN"),
        setting=Setting("CN", routes("CN", trust, ended, now())),
        key=running.gateway.key("CN"),
        trust=lambda: trust,
        gateway_url=running.gateway.url,
        window_url="-",
        token=TOKEN,
        agreements=ended,
    )
    with serving(create_adapter(post)) as url:
        control.put("/control/adapter", json={"url": url})
        try:
            yield
        finally:
            control.put("/control/adapter", json={"url": before})


def test_the_departure_of_an_open_transit_is_told_to_every_country_also_when_the_agreement_has_ended(at_the_borders):
    reference = lodged(at_the_borders)

    with after_the_transit_has_ended(at_the_borders):
        at_the_borders.done("CN", f"/control/event/{reference}", event="departure")

    become(at_the_borders, reference, {"KG": "departed", "UZ": "departed"})


def test_a_replacement_of_an_open_transit_goes_to_every_country_also_when_the_agreement_has_ended(at_the_borders):
    reference = lodged(at_the_borders)

    with after_the_transit_has_ended(at_the_borders):
        plate = {f"{MANIFEST}/BorderTransportMeans/ID": "新P77777"}
        assert amended(at_the_borders, reference, plate)["status"] == 200

    wait(lambda: versions(at_the_borders, reference) == {"KG": 2, "UZ": 2})
    become(at_the_borders, reference, {"KG": "accepted", "UZ": "accepted"})
    assert told(at_the_borders, reference, "KG")[-1].communication_meta_data.agreement_id == "cn-kg-uz-transit"


# The way changes


def amended(running, reference, changes):
    """What China's window was answered when its trader replaced the declaration."""
    body = {"reason": "004", "changes": changes}
    return running.controls["CN"].post(f"/control/amend/{reference}", json=body).json()


def versions(running, reference):
    return {recipient: exchange["version"] for recipient, exchange in exchanges(running, reference).items()}


def test_a_country_that_a_replacement_adds_is_told_by_an_original(at_the_borders):
    reference = lodged(at_the_borders, to="KG")

    assert amended(at_the_borders, reference, TO_UZBEKISTAN)["status"] == 200

    wait(lambda: versions(at_the_borders, reference) == {"KG": 2, "UZ": 1})
    become(at_the_borders, reference, {"KG": "accepted", "UZ": "accepted"})
    (first,) = told(at_the_borders, reference, "UZ")
    assert (first.declaration.function_code, first.declaration.amendment) == ("9", ())
    assert told(at_the_borders, reference, "KG")[-1].declaration.function_code == "5"
    assert at_the_borders.gateway.get("/v1/held", "OPS").json()["held"] == []


def test_a_replacement_that_adds_a_country_changes_nothing_when_it_is_handed_over_again(at_the_borders):
    reference = lodged(at_the_borders, to="KG")
    amended(at_the_borders, reference, TO_UZBEKISTAN)
    wait(lambda: versions(at_the_borders, reference) == {"KG": 2, "UZ": 1})
    become(at_the_borders, reference, {"KG": "accepted", "UZ": "accepted"})

    answer = handed_over_again(at_the_borders, reference)

    assert answer.status_code == 200, answer.text
    assert versions(at_the_borders, reference) == {"KG": 2, "UZ": 1}
    become(at_the_borders, reference, {"KG": "accepted", "UZ": "accepted"})


def test_after_a_country_was_added_each_exchange_counts_its_own_versions(at_the_borders):
    reference = lodged(at_the_borders, to="KG")
    amended(at_the_borders, reference, TO_UZBEKISTAN)
    become(at_the_borders, reference, {"KG": "accepted", "UZ": "accepted"})

    plate = {f"{MANIFEST}/BorderTransportMeans/ID": "新P77777"}
    assert amended(at_the_borders, reference, plate)["status"] == 200

    wait(lambda: versions(at_the_borders, reference) == {"KG": 3, "UZ": 2})
    become(at_the_borders, reference, {"KG": "accepted", "UZ": "accepted"})
    assert [each.declaration.function_code for each in told(at_the_borders, reference, "UZ")] == ["9", "5"]


def test_a_country_that_a_replacement_leaves_out_is_told_by_a_cancellation(at_the_borders):
    reference = lodged(at_the_borders)

    assert amended(at_the_borders, reference, TO_KYRGYZSTAN)["status"] == 200

    become(at_the_borders, reference, {"KG": "accepted", "UZ": "cancelled"})


def test_a_departure_that_is_told_after_the_way_has_changed_goes_to_the_countries_of_the_new_way(at_the_borders):
    reference = lodged(at_the_borders)
    amended(at_the_borders, reference, TO_KYRGYZSTAN)
    become(at_the_borders, reference, {"KG": "accepted", "UZ": "cancelled"})

    at_the_borders.done("CN", f"/control/event/{reference}", event="departure")

    become(at_the_borders, reference, {"KG": "departed", "UZ": "cancelled"})


def test_a_country_that_was_left_out_is_not_told_again_under_the_same_number(at_the_borders):
    reference = lodged(at_the_borders)
    amended(at_the_borders, reference, TO_KYRGYZSTAN)
    become(at_the_borders, reference, {"KG": "accepted", "UZ": "cancelled"})

    answer = amended(at_the_borders, reference, TO_UZBEKISTAN)

    assert "→ UZ" in answer["reply"]
    assert "ACD-REF-06" in answer["reply"]
    become(at_the_borders, reference, {"KG": "accepted", "UZ": "cancelled"})
