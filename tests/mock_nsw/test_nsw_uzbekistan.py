"""The window of Uzbekistan: strict JSON, numbers with slashes, results in Uzbek."""

from __future__ import annotations

import json
import re

import pytest

from mock_nsw import uz
from mock_nsw.documents import Unreadable
from mock_nsw.issuing import Issuer
from mock_nsw.national import Decision, Ruling
from mock_nsw.uz_form import loaded

JSON = "application/json; charset=utf-8"
FIRST = "5b1c7c1e-90a4-4a3e-8d54-6d3f0a110001"
REFERENCE = "KG/20261123/000000512"


@pytest.fixture
def quiet(uzbekistan):
    uzbekistan.control.put("/control/behaviour", json={"default": {"decision": "none"}})
    return uzbekistan


def hand_over(window, document):
    return window.hand_over(document, JSON)


def test_what_comes_is_registered_under_a_number_and_accepted_under_it(uzbekistan, adapter, uz_announcement):
    answer = hand_over(uzbekistan, uz_announcement())

    assert answer.headers["content-type"] == JSON
    delivery = adapter.next()
    assert delivery.headers["content-type"] == JSON
    registered, accepted = answer.json(), json.loads(delivery.body)
    assert (registered["natija"], accepted["natija"]) == ("RO", "QA")
    for said in (registered, accepted):
        assert (said["shakl"], said["shaklVersiyasi"]) == ("XN", "1.0")
        assert said["javob"]["hujjatId"] == FIRST
        assert said["javob"]["jonatuvchiRaqami"] == REFERENCE
        assert said["javob"]["talqin"] == "1"
        assert re.fullmatch(r"\d{5}/\d{8}/\d{7}", said["javob"]["royxatRaqami"])
        assert re.fullmatch(r"\d{2}\.\d{2}\.\d{4} \d{2}:\d{2}", said["hujjatSanasi"])
    assert registered["javob"] == accepted["javob"]
    assert registered["hujjatId"] != accepted["hujjatId"]
    [received] = uzbekistan.documents(direction="received")
    assert received["reference"] == registered["javob"]["royxatRaqami"].replace("/", "-")


def test_a_decision_names_both_countries_and_an_answer_none(uzbekistan, adapter, uz_announcement):
    answer = hand_over(uzbekistan, uz_announcement()).json()
    decision = json.loads(adapter.next().body)

    assert (decision["jonatuvchiMamlakat"], decision["qabulQiluvchiMamlakat"]) == ("UZ", "KG")
    assert not {"jonatuvchiMamlakat", "qabulQiluvchiMamlakat"} & set(answer)


@pytest.mark.parametrize(
    ("decision", "code"),
    [
        ("accept", "QA"),
        ("review", "TK"),
        ("reject", "RE"),
        ("release", "CH"),
        ("do-not-load", "YT"),
        ("unloading-prohibited", "TT"),
    ],
)
def test_every_decision_goes_out_as_a_notice_with_its_reason(quiet, adapter, uz_announcement, decision, code):
    hand_over(quiet, uz_announcement())

    # The reference of the sender has slashes, and is found all the same.
    quiet.control.post(f"/control/decide/{REFERENCE}", json={"decision": decision, "reason": "koʻrik"})

    document = adapter.next().body
    said = json.loads(document)
    assert said["natija"] == code
    assert said["natijaMatni"].endswith(": koʻrik")
    assert uz.NSW.read(document).decision == decision


@pytest.mark.parametrize("name", [FIRST, REFERENCE, REFERENCE.replace("/", "-")])
def test_a_declaration_is_known_by_each_of_its_names(quiet, adapter, uz_announcement, name):
    hand_over(quiet, uz_announcement(royxatRaqami=REFERENCE))

    assert quiet.control.post(f"/control/decide/{name}", json={"decision": "review"}).status_code == 200
    assert json.loads(adapter.next().body)["javob"]["hujjatId"] == FIRST


def test_a_later_version_keeps_the_number_and_the_reference_of_another_sender_is_another(quiet, uz_announcement):
    first = hand_over(quiet, uz_announcement()).json()
    later = hand_over(quiet, uz_announcement("v2", amal="ALMASHTIRISH", talqin="2")).json()
    cancelled = hand_over(quiet, uz_announcement("v3", amal="BEKOR", talqin="3")).json()
    other = hand_over(quiet, uz_announcement("x1", source="KZ")).json()

    numbers = [said["javob"]["royxatRaqami"] for said in (first, later, cancelled, other)]
    assert numbers[0] == numbers[1] == numbers[2] != numbers[3]


def test_other_content_under_a_known_identifier_is_refused_in_russian(quiet, uz_announcement):
    hand_over(quiet, uz_announcement())

    said = hand_over(quiet, uz_announcement(vakil="Boshqa")).json()

    assert said["natija"] == "RE"
    [fault] = said["xatolar"]
    assert (fault["joy"], fault["qiymat"]) == ("/hujjatId", FIRST)
    assert re.search("[а-я]", fault["matn"])
    assert len(quiet.documents()) == 1


def test_a_test_is_registered_marked_as_one_and_never_acted_on(uzbekistan, adapter, uz_announcement):
    assert hand_over(uzbekistan, uz_announcement(sinov=True)).json()["sinov"] is True

    assert "sinov" not in hand_over(uzbekistan, uz_announcement("second", reference="other")).json()
    assert json.loads(adapter.next().body)["javob"]["hujjatId"] == "second"
    assert adapter.deliveries.empty()


def test_the_decision_of_a_neighbour_marks_what_was_lodged(uzbekistan, adapter):
    lodged = uzbekistan.lodge("two-consignments")
    content = uzbekistan.control.get(f"/control/documents/{lodged['id']}").content
    notice = {
        "shakl": "XN",
        "shaklVersiyasi": "1.0",
        "hujjatId": "n-1",
        "hujjatSanasi": "2026-11-23T12:00:00",
        "jonatuvchiMamlakat": "KG",
        "qabulQiluvchiMamlakat": "UZ",
        "javob": {"jonatuvchiRaqami": json.loads(content)["jonatuvchiRaqami"]},
        "natija": "CH",
    }

    answer = hand_over(uzbekistan, json.dumps(notice).encode())

    assert (answer.json()["natija"], answer.json()["javob"]["hujjatId"]) == ("RO", "n-1")
    assert [each["state"] for each in uzbekistan.documents()] == ["release", "release"]
    assert {each["reference"] for each in uzbekistan.documents()} == {lodged["reference"]}
    assert adapter.deliveries.empty()


def test_what_is_empty_is_the_same_as_absent(quiet, uz_announcement):
    older = uz_announcement(royxatRaqami="", sinov=None, yuklar=[], transport={}, vakil=None)

    said = hand_over(quiet, older).json()

    assert said["natija"] == "RO"
    assert "sinov" not in said


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"\xef\xbb\xbf{}", id="byte order mark"),
        pytest.param(b"[]", id="no object"),
        pytest.param(b'{"shakl": "DM", "shakl": "DM"}', id="a name twice"),
        pytest.param(b'{"shakl": "DM", "a": {"b": "1", "b": "2"}}', id="a name twice below"),
        pytest.param(b'{"talqin": 1}', id="a number"),
        pytest.param(b'{"a": [1]}', id="a number in a list"),
        pytest.param(b'{"a": [["b"]]}', id="a list in a list"),
        pytest.param(b'{"sinov": "true"}', id="a truth in quotes"),
        pytest.param(b'{"vakil": true}', id="a truth where none is"),
        pytest.param(b'{"a": NaN}', id="not a number"),
        pytest.param(b'{"a": "\xff"}', id="no UTF-8"),
        pytest.param(b'{"a":' * 100_000, id="too deep"),
    ],
)
def test_json_that_is_not_of_the_form_cannot_be_read(quiet, body):
    with pytest.raises(Unreadable):
        loaded(body)
    assert hand_over(quiet, body).status_code == 400
    assert quiet.documents() == []


@pytest.mark.parametrize(
    "members",
    [
        {"shakl": "ZZ"},
        {"amal": "BOSHQA"},
        {"amal": ""},
        {"jonatuvchiRaqami": ""},
        {"jonatuvchiMamlakat": "UZ"},
        {"qabulQiluvchiMamlakat": "KZ"},
        {"hujjatId": None},
    ],
)
def test_what_is_not_of_the_form_cannot_be_read(quiet, uz_announcement, members):
    assert hand_over(quiet, uz_announcement(**members)).status_code == 400
    assert quiet.documents() == []


def test_the_window_does_not_receive_what_its_own_traders_lodge_nor_lodges_what_comes(quiet, uz_announcement):
    [export] = uz.NSW.samples["two-consignments"].make(Issuer())

    assert hand_over(quiet, export).status_code == 400
    assert quiet.control.post("/control/lodge", content=uz_announcement()).status_code == 400


def test_a_document_is_written_without_a_byte_order_mark_or_anything_empty():
    [document] = uz.NSW.samples["two-consignments"].make(Issuer())

    assert document.startswith(b"{")
    assert not re.search(rb'null|""|\[\]|\{\}', document)
    assert "oʻ".encode() in document


def test_a_decision_that_strays_names_a_document_that_never_existed():
    stray = uz.NSW.stray(Issuer())
    said = json.loads(uz.NSW.decide(Ruling(stray, stray.reference, Decision.ACCEPT), Issuer()))

    assert said["javob"]["hujjatId"] == stray.document_id
    assert said["javob"]["royxatRaqami"] == stray.reference.replace("-", "/")


def test_half_an_answer_is_still_called_json(uzbekistan, uz_announcement):
    uzbekistan.control.put("/control/faults/garbage-reply", json={"times": 1})

    assert hand_over(uzbekistan, uz_announcement()).headers["content-type"] == JSON
