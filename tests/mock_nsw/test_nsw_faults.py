"""Each named fault does what its row says, and nothing more."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx
import pytest
from lxml import etree

from mock_nsw.faults import DESCRIPTIONS, Fault

NOTICE = {"n": "urn:torugart:plausible:kg:ResultNotice:1"}
DOCUMENT_ID = "7d1f6f4e-53f4-4f1d-9f0a-2a3f0a0b7c11"


@dataclass(frozen=True)
class Row:
    """What follows when a declaration is handed over while the fault is on.

    `experience` is what the adapter sees; `decisions` how many hand-overs of the decision follow, about the
    declaration or (`stray`) about another one; `waits` how long the answer was held back.
    """

    experience: str
    stored: bool = True
    decisions: int = 1
    stray: bool = False
    waits: float | None = None


TABLE = {
    Fault.DOWN: Row("503", stored=False, decisions=0),
    Fault.SERVER_ERROR: Row("500", stored=False, decisions=0),
    Fault.REFUSE_CONNECTION_MIDWAY: Row("no answer"),
    Fault.SLOW: Row("acknowledged", waits=7.5),
    Fault.GARBAGE_REPLY: Row("no document"),
    Fault.TRUNCATED_REPLY: Row("half an answer"),
    Fault.NO_DECISION: Row("acknowledged", decisions=0),
    Fault.DUPLICATE_DECISION: Row("acknowledged", decisions=2),
    Fault.WRONG_REFERENCE_IN_DECISION: Row("acknowledged", stray=True),
}


def experience_of(window, document) -> str:
    try:
        answer = window.hand_over(document)
    except httpx.RemoteProtocolError as broken:
        return "half an answer" if "complete message body" in str(broken) else "no answer"
    if answer.status_code != 200:
        return str(answer.status_code)
    try:
        etree.fromstring(answer.content)
    except etree.XMLSyntaxError:
        return "no document"
    return "acknowledged"


def test_every_fault_has_its_row_and_is_described_in_three_languages():
    assert set(TABLE) == set(Fault) == set(DESCRIPTIONS)
    assert all(set(texts) == {"en", "ru", "zh"} and all(texts.values()) for texts in DESCRIPTIONS.values())


@pytest.mark.parametrize("fault", Fault)
def test_a_fault_does_what_its_row_says(kyrgyzstan, adapter, auto_preliminary, fault):
    row = TABLE[fault]
    kyrgyzstan.control.put(f"/control/faults/{fault}", json={"seconds": 7.5})

    with ThreadPoolExecutor(1) as pool:
        experience = pool.submit(experience_of, kyrgyzstan, auto_preliminary())
        if row.waits is not None:
            assert kyrgyzstan.pauses.next() == row.waits
            assert not experience.done()
            kyrgyzstan.pauses.end()
        assert experience.result(timeout=20) == row.experience

    decisions = [adapter.next().body for _ in range(row.decisions)]
    assert len(set(decisions)) == min(row.decisions, 1)
    for decision in decisions:
        about = etree.fromstring(decision).findtext("n:RefDocumentID", namespaces=NOTICE)
        assert (about != DOCUMENT_ID) is row.stray
    assert len(kyrgyzstan.documents(direction="received")) == int(row.stored)
    # Another declaration, the fault being off, gets exactly one decision: no more came of the first.
    kyrgyzstan.control.delete(f"/control/faults/{fault}")
    other = "00000000-0000-4000-8000-000000000002"
    assert experience_of(kyrgyzstan, auto_preliminary(other)) == "acknowledged"
    last = etree.fromstring(adapter.next().body)
    assert last.findtext("n:RefDocumentID", namespaces=NOTICE) == other
    assert adapter.deliveries.empty()


@pytest.mark.parametrize("fault", [Fault.REFUSE_CONNECTION_MIDWAY, Fault.TRUNCATED_REPLY, Fault.GARBAGE_REPLY])
def test_after_a_lost_answer_the_repetition_finds_the_first_one(kyrgyzstan, adapter, auto_preliminary, fault):
    kyrgyzstan.control.put(f"/control/faults/{fault}", json={"times": 1})
    assert experience_of(kyrgyzstan, auto_preliminary()) == TABLE[fault].experience

    answer = kyrgyzstan.hand_over(auto_preliminary())

    [received] = kyrgyzstan.documents(direction="received")
    assert answer.text == received["replies"][0]["text"]
    adapter.next()
    assert len(kyrgyzstan.documents(direction="sent")) == 1


def test_a_fault_that_strikes_twice_switches_itself_off(china, import_manifest):
    china.control.put("/control/faults/down", json={"times": 2})

    statuses = [china.hand_over(import_manifest()).status_code for _ in range(3)]

    assert statuses == [503, 503, 200]
    faults = {fault["name"]: fault["on"] for fault in china.control.get("/control/faults").json()}
    assert faults["down"] is False


def test_faults_are_listed_with_how_they_are_on(china):
    china.control.put("/control/faults/slow", json={"seconds": 30})

    faults = {fault["name"]: fault for fault in china.control.get("/control/faults").json()}

    assert set(faults) == set(Fault)
    assert [name for name, fault in faults.items() if fault["on"]] == ["slow"]
    assert (faults["slow"]["seconds"], faults["slow"]["times"]) == (30, None)
    assert china.control.delete("/control/faults/slow").json()["on"] is False


def test_a_window_that_is_down_is_down_even_for_a_stranger(china):
    china.control.put("/control/faults/down")

    answer = httpx.post(china.wire.base_url.join("/inbox"), content=b"x", trust_env=False)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


def test_the_stray_decision_of_china_names_a_manifest_that_never_was(china, adapter, import_manifest):
    china.control.put("/control/faults/wrong-reference-in-decision")

    china.hand_over(import_manifest())

    reply = etree.fromstring(adapter.next().body)
    prefixes = {"r": "urn:Declaration:datamodel:standard:CN:MT9999:1"}
    assert reply.findtext("r:Response/r:Declaration/r:ID", namespaces=prefixes) != "9403000000001"
    assert reply.findtext("r:Response/r:FunctionalReferenceID", namespaces=prefixes).startswith("CN_MT1401_1p0_")
