"""The two ports of a mock window over real HTTP: lodging, the gate, receiving, deciding."""

from __future__ import annotations

import io
import re
import socket
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime

import httpx
import pytest
from lxml import etree

from mock_nsw import cn, kg
from mock_nsw.issuing import Issuer
from mock_nsw.national import Decision, Ruling

CN_REPLY = {"r": "urn:Declaration:datamodel:standard:CN:MT9999:1"}
KG_NOTICE = {"n": "urn:torugart:plausible:kg:ResultNotice:1"}


def cn_statement(reply: bytes) -> tuple[str, str, str]:
    """Statement code, answered document, batch number."""
    root = etree.fromstring(reply)
    return (
        root.findtext("r:Response/r:AdditionalInformation/r:StatementCode", namespaces=CN_REPLY),
        root.findtext("r:Response/r:FunctionalReferenceID", namespaces=CN_REPLY),
        root.findtext("r:Response/r:Declaration/r:ID", namespaces=CN_REPLY),
    )


def kg_result(notice: bytes) -> tuple[str, str, str]:
    """Result code, answered document, registration number."""
    root = etree.fromstring(notice)
    number = root.find("n:RefRegNumber", namespaces=KG_NOTICE)
    return (
        root.findtext("n:ResultCode", namespaces=KG_NOTICE),
        root.findtext("n:RefDocumentID", namespaces=KG_NOTICE),
        "-".join(part.text for part in number) if number is not None else "",
    )


# Lodging and the gate


def test_a_lodged_document_is_stored_and_not_sent(kyrgyzstan, adapter):
    lodged = kyrgyzstan.lodge("two-consignments")

    [document] = kyrgyzstan.documents()
    assert (document["id"], document["reference"]) == (lodged["id"], lodged["reference"])
    assert (document["direction"], document["state"], document["type"]) == ("lodged", "lodged", "ExportPreliminary")
    assert datetime.fromisoformat(document["at"]).utcoffset().total_seconds() == 0
    assert adapter.deliveries.empty()


def test_at_the_gate_the_adapter_receives_a_single_document_byte_for_byte(kyrgyzstan, adapter):
    lodged = kyrgyzstan.lodge("two-consignments")
    adapter.answers = [(200, "<принято/>".encode())]

    gate = kyrgyzstan.control.post(f"/control/gate/{lodged['reference']}").json()

    delivery = adapter.next()
    assert delivery.path == "/national"
    assert delivery.body == kyrgyzstan.control.get(f"/control/documents/{lodged['id']}").content
    assert delivery.headers["content-type"] == "application/xml; charset=utf-8"
    assert delivery.headers["authorization"] == "Bearer token-of-the-test"
    assert (gate["status"], gate["reply"]) == (200, "<принято/>")
    assert kyrgyzstan.control.get(f"/control/documents/{gate['sent']}").content == delivery.body


def test_manifest_and_confirmation_go_together_in_one_named_zip(china, adapter):
    lodged = china.lodge("three-consignments")

    gate = china.control.post(f"/control/gate/{lodged['reference']}").json()

    delivery = adapter.next()
    assert delivery.headers["content-type"] == "application/zip"
    name = re.search(r'filename="(.*)"', delivery.headers["content-disposition"])[1]
    assert re.fullmatch(r"CN_MT4402_1p0_.{13}_\d{17}\.zip", name)
    originals = {
        document["type"]: china.control.get(f"/control/documents/{document['id']}").content
        for document in lodged["documents"]
    }
    with zipfile.ZipFile(io.BytesIO(delivery.body)) as archive:
        names = archive.namelist()
        assert [archive.read(entry) for entry in names] == [originals["MT2401"], originals["MT4402"]]
    assert [re.fullmatch(r"CN_(MT\d{4})_1p0_.{13}_\d{17}\.xml", entry)[1] for entry in names] == ["MT2401", "MT4402"]
    assert china.control.get(f"/control/documents/{gate['sent']}").content == delivery.body


def test_a_manifest_without_its_confirmation_goes_alone(china, adapter):
    lodged = china.lodge("without-confirmation")

    china.control.post(f"/control/gate/{lodged['reference']}")

    assert cn.NSW.read(adapter.next().body).type == "MT2401"


def test_passing_the_gate_again_sends_the_same_bytes_under_the_same_id(china, adapter):
    lodged = china.lodge("single-consignment")

    first = china.control.post(f"/control/gate/{lodged['reference']}").json()
    second = china.control.post(f"/control/gate/{lodged['reference']}").json()

    assert first["sent"] == second["sent"]
    assert adapter.next().body == adapter.next().body
    [sent] = china.documents(direction="sent")
    assert len(sent["replies"]) == 2


def test_a_document_that_a_trader_wrote_can_be_lodged_as_it_is(kyrgyzstan, adapter):
    [written] = kg.NSW.samples["two-consignments"].make(Issuer())

    answer = kyrgyzstan.control.post("/control/lodge", content=written)

    assert answer.status_code == 201
    kyrgyzstan.control.post(f"/control/gate/{answer.json()['reference']}")
    assert adapter.next().body == written


def test_lodging_the_same_document_twice_keeps_it_once(kyrgyzstan):
    [written] = kg.NSW.samples["two-consignments"].make(Issuer())

    first = kyrgyzstan.control.post("/control/lodge", content=written)
    second = kyrgyzstan.control.post("/control/lodge", content=written)

    assert first.json() == second.json()
    assert len(kyrgyzstan.documents()) == 1


def test_another_document_under_a_known_id_is_not_lodged(kyrgyzstan):
    [written] = kg.NSW.samples["two-consignments"].make(Issuer())
    kyrgyzstan.control.post("/control/lodge", content=written)

    answer = kyrgyzstan.control.post("/control/lodge", content=written + b"<!-- changed -->")

    assert answer.status_code == 409
    assert set(answer.json()["titles"]) == {"en", "ru", "zh"}


def test_a_refused_hand_over_marks_what_was_lodged_as_refused(kyrgyzstan, adapter):
    lodged = kyrgyzstan.lodge("two-consignments")
    adapter.answers = [(422, b"<faults/>")]

    gate = kyrgyzstan.control.post(f"/control/gate/{lodged['reference']}").json()

    assert gate["status"] == 422
    assert {document["direction"]: document["state"] for document in kyrgyzstan.documents()} == {
        "lodged": "refused",
        "sent": "refused",
    }


def test_an_adapter_that_says_repeat_is_asked_again_after_a_pause(kyrgyzstan, adapter):
    lodged = kyrgyzstan.lodge("two-consignments")
    adapter.answers = [(503, b""), (200, b"<taken/>")]

    with _in_background(kyrgyzstan.control, f"/control/gate/{lodged['reference']}") as gate:
        assert kyrgyzstan.pauses.next() == 1.0
        first = adapter.next()
        kyrgyzstan.pauses.end()
        assert gate().json()["status"] == 200
    assert adapter.next() == first


def test_repetition_is_bounded_and_the_last_answer_is_reported(kyrgyzstan, adapter):
    lodged = kyrgyzstan.lodge("two-consignments")
    adapter.answers = [(503, b"busy")] * 9

    with _in_background(kyrgyzstan.control, f"/control/gate/{lodged['reference']}") as gate:
        for pause in (1.0, 2.0):
            assert kyrgyzstan.pauses.next() == pause
            kyrgyzstan.pauses.end()
        assert gate().json()["status"] == 503
    assert adapter.deliveries.qsize() == 3


def test_an_adapter_nobody_named_is_reported_and_can_be_named_later(start_window, adapter):
    window = start_window(kg.NSW, adapter_url=None)
    lodged = window.lodge("two-consignments")

    with _in_background(window.control, f"/control/gate/{lodged['reference']}") as gate:
        for _ in range(2):
            window.pauses.next()
            window.pauses.end()
        assert gate().status_code == 502
    assert window.control.put("/control/adapter", json={"url": adapter.url + "/"}).json() == {"url": adapter.url}
    assert window.control.post(f"/control/gate/{lodged['reference']}").json()["status"] == 200
    assert adapter.next().path == "/national"


def test_an_adapter_that_does_not_listen_is_reported(start_window):
    with socket.socket() as taken:
        # Bound but not listening: nobody answers there, and nobody else can take the port.
        taken.bind(("127.0.0.1", 0))
        window = start_window(kg.NSW, adapter_url=f"http://127.0.0.1:{taken.getsockname()[1]}")
        lodged = window.lodge("two-consignments")
        with _in_background(window.control, f"/control/gate/{lodged['reference']}") as gate:
            for _ in range(2):
                window.pauses.next()
                window.pauses.end()
            assert gate().status_code == 502
    assert [document["state"] for document in window.documents(direction="sent")] == ["undelivered"]


# Receiving and deciding


def test_china_acknowledges_a_manifest_with_its_confirmation_and_accepts_it(china, adapter, import_zip):
    answer = china.hand_over(import_zip(), "application/zip")

    assert answer.status_code == 200
    manifest = "CN_MT1401_1p0_9403GATEWAY01_20261123120000001"
    assert cn_statement(answer.content) == ("E1", manifest, "9403000000001")
    assert cn_statement(adapter.next().body) == ("01", manifest, "9403000000001")


def test_a_received_zip_is_kept_as_it_came_and_part_by_part(china, import_zip, import_manifest):
    body = import_zip()

    china.hand_over(body, "application/zip")

    [received] = china.documents(direction="received")
    assert china.control.get(f"/control/documents/{received['id']}").content == body
    parts = [china.control.get(f"/control/documents/{received['id']}", params={"part": n}).content for n in (1, 2)]
    assert parts == [import_manifest("MT1401"), import_manifest("MT4401")]
    assert china.control.get(f"/control/documents/{received['id']}", params={"part": 3}).status_code == 404


def test_kyrgyzstan_gives_a_registration_number_and_accepts_under_it(kyrgyzstan, adapter, auto_preliminary):
    answer = kyrgyzstan.hand_over(auto_preliminary())

    code, answered, number = kg_result(answer.content)
    assert (code, answered) == ("1", "7d1f6f4e-53f4-4f1d-9f0a-2a3f0a0b7c11")
    assert re.fullmatch(r"KG-\d{4}-\d{2}-\d{2}-\d{9}", number)
    assert kg_result(adapter.next().body) == ("2", answered, number)


def test_the_answers_of_kyrgyzstan_repeat_the_reference_of_the_sender(kyrgyzstan, adapter, auto_preliminary):
    acknowledgement = kyrgyzstan.hand_over(auto_preliminary(source="9403000000055")).content

    for notice in (acknowledgement, adapter.next().body):
        names = [etree.QName(element).localname for element in etree.fromstring(notice)]
        assert names[2:5] == ["RefDocumentID", "RefSourceDocumentID", "RefRegNumber"]
        source = etree.fromstring(notice).findtext("n:RefSourceDocumentID", namespaces=KG_NOTICE)
        assert source == "9403000000055"


def test_a_notice_that_names_only_the_registration_number_finds_what_was_lodged(kyrgyzstan):
    lodged = kyrgyzstan.lodge("two-consignments")
    country, year, month, day, number = lodged["reference"].split("-")
    notice = (
        '<ResultNotice xmlns="urn:torugart:plausible:kg:ResultNotice:1"><NoticeID>n-1</NoticeID>'
        f"<RefRegNumber><CountryCode>{country}</CountryCode><Date>{year}-{month}-{day}</Date>"
        f"<PINumber>{number}</PINumber></RefRegNumber><ResultCode>5</ResultCode></ResultNotice>"
    )

    assert kyrgyzstan.hand_over(notice.encode()).status_code == 200
    assert [document["state"] for document in kyrgyzstan.documents()] == ["release", "release"]


def test_a_notice_is_written_in_the_local_time_of_bishkek(kyrgyzstan, auto_preliminary):
    root = etree.fromstring(kyrgyzstan.hand_over(auto_preliminary()).content)

    assert root.findtext("n:NoticeDateTime", namespaces=KG_NOTICE).endswith("+06:00")


def test_the_same_document_again_gets_the_same_answer_and_no_second_decision(kyrgyzstan, adapter, auto_preliminary):
    first = kyrgyzstan.hand_over(auto_preliminary())
    adapter.next()

    second = kyrgyzstan.hand_over(auto_preliminary())

    assert second.content == first.content
    assert [document["direction"] for document in kyrgyzstan.documents()] == ["received", "sent"]
    kyrgyzstan.hand_over(auto_preliminary("00000000-0000-4000-8000-000000000001"))
    assert kg_result(adapter.next().body)[1] == "00000000-0000-4000-8000-000000000001"


def test_the_same_documents_zipped_anew_are_the_same_hand_over(china, import_zip, import_manifest):
    first = china.hand_over(import_zip(), "application/zip")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", import_manifest("MT1401"))
        archive.writestr("b.xml", import_manifest("MT4401"))

    second = china.hand_over(packed.getvalue(), "application/zip")

    assert second.content == first.content


@pytest.mark.parametrize("country", ["china", "kyrgyzstan"])
def test_other_content_under_a_known_id_is_refused_in_the_national_form(
    request, country, import_manifest, auto_preliminary
):
    window = request.getfixturevalue(country)
    make = import_manifest if country == "china" else auto_preliminary
    window.control.put("/control/behaviour", json={"default": {"decision": "none"}})
    window.hand_over(make())

    answer = window.hand_over(make() + b"<!-- changed -->")

    assert answer.status_code == 200
    code = cn_statement(answer.content)[0] if country == "china" else kg_result(answer.content)[0]
    assert code == {"china": "03", "kyrgyzstan": "4"}[country]
    assert len(window.documents()) == 1


@pytest.mark.parametrize(
    ("decision", "cn_code", "kg_code"),
    [
        ("accept", "01", "2"),
        ("review", "02", "3"),
        ("reject", "03", "4"),
        ("release", "11", "5"),
        ("do-not-load", "12", "6"),
        ("unloading-prohibited", "13", "7"),
    ],
)
def test_every_decision_goes_out_in_the_national_form_and_is_heard_on_the_other_side(
    china, kyrgyzstan, adapter, import_manifest, auto_preliminary, decision, cn_code, kg_code
):
    quiet = {"default": {"decision": "none"}}
    china.control.put("/control/behaviour", json=quiet)
    kyrgyzstan.control.put("/control/behaviour", json=quiet)
    china.hand_over(import_manifest())
    kyrgyzstan.hand_over(auto_preliminary())

    answer = china.control.post("/control/decide/9403000000001", json={"decision": decision, "reason": "查验"})
    assert answer.json()["status"] == 200
    reply = adapter.next().body
    assert cn_statement(reply)[0] == cn_code
    assert "查验" in reply.decode()
    number = kyrgyzstan.documents()[0]["reference"]
    kyrgyzstan.control.post(f"/control/decide/{number}", json={"decision": decision, "reason": "досмотр"})
    notice = adapter.next().body
    assert kg_result(notice)[0] == kg_code
    assert "досмотр" in notice.decode()
    # What one window writes, a window of the same country reads as the same decision.
    assert cn.NSW.read(reply).decision == decision
    assert kg.NSW.read(notice).decision == decision


def test_a_declaration_can_be_decided_by_any_reference_it_is_known_under(kyrgyzstan, adapter, auto_preliminary):
    kyrgyzstan.control.put("/control/behaviour", json={"default": {"decision": "none"}})
    kyrgyzstan.hand_over(auto_preliminary())

    names = ("7d1f6f4e-53f4-4f1d-9f0a-2a3f0a0b7c11", "CN-2026-11-23-000000777", "9403000000001")
    for name in names:
        kyrgyzstan.control.post(f"/control/decide/{name}", json={"decision": "review"})
        assert kg_result(adapter.next().body)[1] == "7d1f6f4e-53f4-4f1d-9f0a-2a3f0a0b7c11"


def test_a_decision_of_the_other_side_is_stored_and_marks_what_was_lodged(kyrgyzstan, adapter):
    lodged = kyrgyzstan.lodge("two-consignments")
    content = kyrgyzstan.control.get(f"/control/documents/{lodged['id']}").content
    document = kg.NSW.read(content)
    notice = kg.NSW.decide(Ruling(document, document.reference, Decision.UNLOADING_PROHIBITED), Issuer())

    answer = kyrgyzstan.hand_over(notice)

    assert kg_result(answer.content)[0] == "1"
    states = {d["direction"]: (d["reference"], d["state"]) for d in kyrgyzstan.documents()}
    assert states == {
        "lodged": (lodged["reference"], "unloading-prohibited"),
        "received": (lodged["reference"], "unloading-prohibited"),
    }
    assert adapter.deliveries.empty()


def test_a_decision_waits_for_the_delay_that_behaviour_asks_for(kyrgyzstan, adapter, auto_preliminary):
    kyrgyzstan.control.put("/control/behaviour", json={"default": {"decision": "review", "delay_seconds": 3600}})

    kyrgyzstan.hand_over(auto_preliminary())

    assert kyrgyzstan.pauses.next() == 3600
    assert adapter.deliveries.empty()
    kyrgyzstan.pauses.end()
    assert kg_result(adapter.next().body)[0] == "3"


def test_behaviour_by_reference_comes_before_the_default(china, adapter, import_manifest):
    behaviour = {
        "default": {"decision": "none", "delay_seconds": 0.0},
        "by_reference": {"9403000000002": {"decision": "reject", "delay_seconds": 0.0}},
    }
    assert china.control.put("/control/behaviour", json=behaviour).json() == behaviour

    china.hand_over(import_manifest(batch="9403000000001"))
    china.hand_over(import_manifest(batch="9403000000002", at="20261123120000002"))

    assert cn_statement(adapter.next().body)[::2] == ("03", "9403000000002")
    assert [document["reference"] for document in china.documents(direction="sent")] == ["9403000000002"]


def test_a_confirmation_alone_is_stored_and_not_decided(china, adapter, import_manifest):
    china.hand_over(import_manifest("MT4401"))
    china.hand_over(import_manifest("MT1401", batch="9403000000009"))

    assert cn_statement(adapter.next().body)[2] == "9403000000009"
    assert adapter.deliveries.empty()


# What is turned away


@pytest.mark.parametrize("token", [None, "Bearer wrong", "Basic token-of-the-test", "Bearer", "Bearer тест"])
def test_without_the_right_token_nothing_is_taken(china, import_manifest, token):
    headers = {} if token is None else {"Authorization": token.encode()}
    answer = httpx.post(china.wire.base_url.join("/inbox"), content=import_manifest(), headers=headers, trust_env=False)

    assert answer.status_code == 401
    assert china.documents() == []


def test_a_body_over_ten_mebibytes_is_413_whether_or_not_its_length_is_told(china):
    assert china.hand_over(b"x" * (10 * 1024 * 1024 + 1)).status_code == 413

    pieces = (b"x" * 1024 * 1024 for _ in range(11))
    answer = china.wire.post("/inbox", content=pieces)
    assert answer.status_code == 413


def _bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", b"<a>" + b" " * (11 * 1024 * 1024) + b"</a>")
    return packed.getvalue()


def _crowd() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(17):
            archive.writestr(f"{number}.xml", b"<a/>")
    return packed.getvalue()


XML = "application/xml; charset=utf-8"
DOCTYPE = b'<!DOCTYPE Manifest [<!ENTITY e SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        pytest.param(b"", XML, id="nothing"),
        pytest.param(b"<Manifest", XML, id="half a tag"),
        pytest.param(b"<Manifest/>", XML, id="no namespace"),
        pytest.param(b"\x00\x01", XML, id="binary"),
        pytest.param(b"not a zip", "application/zip", id="no zip"),
        pytest.param(_bomb(), "application/zip", id="zip bomb"),
        pytest.param(_crowd(), "application/zip", id="too many in the zip"),
        pytest.param(b"PK\x05\x06" + b"\x00" * 18, "application/zip", id="empty zip"),
    ],
)
@pytest.mark.parametrize("country", ["china", "kyrgyzstan"])
def test_what_cannot_be_read_is_400_and_not_stored(request, country, body, media_type):
    window = request.getfixturevalue(country)

    answer = window.hand_over(body, media_type)

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert window.documents() == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_declaration_is_refused_in_any_encoding(china, import_manifest, encoding):
    document = (DOCTYPE + import_manifest()).decode()
    prologue = f'<?xml version="1.0" encoding="{encoding}"?>'

    answer = china.hand_over((prologue + document).encode(encoding))

    assert answer.status_code == 400
    assert "document type declaration" in answer.json()["detail"]
    assert china.hand_over((prologue + import_manifest().decode()).encode(encoding)).status_code == 200


def test_a_window_does_not_receive_what_its_own_traders_lodge(china, kyrgyzstan):
    [manifest, _] = cn.NSW.samples["single-consignment"].make(Issuer())
    [export] = kg.NSW.samples["two-consignments"].make(Issuer())

    assert china.hand_over(manifest).status_code == 400
    assert kyrgyzstan.hand_over(export).status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/control/lodge?sample=nothing-like-it", None, 404),
        ("POST", "/control/lodge", b"<x/>", 400),
        ("POST", "/control/gate/9403999999999", None, 404),
        ("POST", "/control/decide/9403999999999", b'{"decision": "accept"}', 404),
        ("POST", "/control/decide/9403999999999", b'{"decision": "perhaps"}', 422),
        ("POST", "/control/decide/9403999999999", b'{"decision": "accept", "reason": "\\u0000"}', 422),
        ("POST", "/control/decide/9403999999999", b"no json", 422),
        ("GET", "/control/documents/received-1", None, 404),
        ("GET", "/control/documents?direction=sideways", None, 422),
        ("PUT", "/control/faults/earthquake", None, 404),
        ("PUT", "/control/faults/down", b'{"times": 0}', 422),
        ("PUT", "/control/behaviour", b'{"default": {"delay_seconds": -1}}', 422),
        ("PUT", "/control/adapter", b'{"url": "ftp://example.org"}', 422),
    ],
)
def test_the_control_port_explains_what_it_cannot_do(china, method, path, body, status):
    answer = china.control.request(method, path, content=body)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_the_two_ports_do_not_answer_for_each_other(china, import_manifest):
    assert china.wire.get("/control/health").status_code == 404
    assert china.control.post("/inbox", content=import_manifest()).status_code == 404


def test_the_control_port_says_whose_window_it_is(china, adapter):
    health = china.control.get("/control/health").json()

    assert (health["status"], health["country"], health["time_zone"]) == ("ready", "CN", "Asia/Shanghai")
    assert health["adapter"] == adapter.url


def test_the_samples_are_described_in_three_languages(china):
    samples = {sample["name"]: sample for sample in china.control.get("/control/samples").json()}

    assert set(samples) == set(cn.NSW.samples)
    for number in "1234":
        assert all(f"{number}." in text for text in samples["four-faults"]["descriptions"].values())
    assert all(set(sample["descriptions"]) == {"en", "ru", "zh"} for sample in samples.values())


@contextmanager
def _in_background(client: httpx.Client, path: str) -> Iterator[Callable[[], httpx.Response]]:
    """POSTs from another thread, so that the test can let time pass meanwhile; gives the answer's getter."""
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(client.post, path)
        yield lambda: answer.result(timeout=20)
