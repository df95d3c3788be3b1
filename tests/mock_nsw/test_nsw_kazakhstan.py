"""The window of Kazakhstan: one number for all versions, an original once, a change only of what is known."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from mock_nsw import kz
from mock_nsw.issuing import Issuer
from mock_nsw.national import Decision, Ruling

FIRST = "5f1c0a52-6f0e-4c57-9a41-3f8f6b0e7d01"
SECOND = "00000000-0000-4000-8000-000000000002"
WITHDRAWAL = "PreliminaryInformationWithdrawal"


@pytest.fixture
def quiet(kazakhstan):
    kazakhstan.control.put("/control/behaviour", json={"default": {"decision": "none"}})
    return kazakhstan


def notice(document):
    """What a notice says, by local name; the number as its three parts."""
    root = etree.fromstring(document)
    assert root.tag == "{urn:torugart:plausible:kz:ProcessingNotice:1}ProcessingNotice"
    said = {etree.QName(e).localname: e.text for e in root.iter() if not len(e)}
    said["names"] = [etree.QName(element).localname for element in root]
    return said


def test_what_comes_is_registered_under_a_number_and_accepted_under_it(kazakhstan, adapter, kz_information):
    answer = kazakhstan.hand_over(kz_information())

    registered, accepted = notice(answer.content), notice(adapter.next().body)
    assert [said["ProcessingResultCode"] for said in (registered, accepted)] == ["01", "02"]
    for said in (registered, accepted):
        assert said["EDocCode"] == "R.006"
        assert said["EDocRefId"] == FIRST
        assert said["SourceReferenceId"] == "9402000000001"
        assert said["VersionId"] == "1"
        assert (said["SourceCountryCode"], said["DestinationCountryCode"]) == ("KZ", "CN")
        assert said["EDocDateTime"].endswith("+05:00")
    assert registered["PINumberId"] == accepted["PINumberId"]
    [received] = kazakhstan.documents(direction="received")
    assert re.fullmatch(r"KZ-\d{8}-\d{9}", received["reference"])
    assert received["reference"].endswith(registered["PINumberId"])


def test_the_parts_of_a_notice_stand_in_the_order_of_the_form(quiet, kz_information):
    assert notice(quiet.hand_over(kz_information()).content)["names"] == [
        "EDocHeader",
        "SourceReferenceId",
        "PreliminaryInformationIdDetails",
        "VersionId",
        "ProcessingResultCode",
        "DescriptionText",
    ]


@pytest.mark.parametrize(
    ("decision", "code"),
    [
        ("accept", "02"),
        ("review", "03"),
        ("reject", "04"),
        ("release", "05"),
        ("do-not-load", "06"),
        ("unloading-prohibited", "07"),
    ],
)
def test_every_decision_goes_out_as_a_notice_with_its_reason(quiet, adapter, kz_information, decision, code):
    quiet.hand_over(kz_information())

    quiet.control.post("/control/decide/9402000000001", json={"decision": decision, "reason": "қарап-тексеру"})

    document = adapter.next().body
    said = notice(document)
    assert said["ProcessingResultCode"] == code
    assert "қарап-тексеру" in said["DescriptionText"]
    assert kz.NSW.read(document).decision == decision


def test_a_replacement_is_filed_with_its_original_and_the_same_sender_may_not_begin_anew(quiet, kz_information):
    first = notice(quiet.hand_over(kz_information()).content)

    again = notice(quiet.hand_over(kz_information(SECOND)).content)
    replaced = notice(quiet.hand_over(kz_information(SECOND, action="02")).content)

    assert (again["ProcessingResultCode"], again["ErrorCode"]) == ("04", "KZ-NSW-02")
    assert again["ErrorPathText"] == "/PreliminaryInformation/SourceReferenceId"
    assert replaced["ProcessingResultCode"] == "01"
    assert replaced["PINumberId"] == first["PINumberId"]
    assert len(quiet.documents(direction="received")) == 2


def test_the_reference_of_another_sender_is_another_declaration(quiet, kz_information):
    first = notice(quiet.hand_over(kz_information()).content)
    other = notice(quiet.hand_over(kz_information(SECOND, source="UZ")).content)

    assert (first["ProcessingResultCode"], other["ProcessingResultCode"]) == ("01", "01")
    assert first["PINumberId"] != other["PINumberId"]


@pytest.mark.parametrize("change", [{"action": "02"}, {"action": "03"}, {"action": "04"}, {"root": WITHDRAWAL}])
def test_a_change_of_what_is_not_known_is_refused_and_may_come_again_later(quiet, kz_information, change):
    early = quiet.hand_over(kz_information(SECOND, **change))
    assert notice(early.content)["ErrorCode"] == "KZ-NSW-03"
    assert quiet.documents() == []

    quiet.hand_over(kz_information())
    late = quiet.hand_over(kz_information(SECOND, **change))

    assert notice(late.content)["ProcessingResultCode"] == "01"


def test_other_content_under_a_known_identifier_is_refused(quiet, kz_information):
    quiet.hand_over(kz_information())

    said = notice(quiet.hand_over(kz_information(rest="<!-- changed -->")).content)

    assert (said["ProcessingResultCode"], said["ErrorCode"]) == ("04", "KZ-NSW-01")
    assert said["ErrorValueText"] == FIRST
    assert len(quiet.documents()) == 1


def test_a_repetition_gets_the_same_answer_and_no_second_decision(kazakhstan, adapter, kz_information):
    first = kazakhstan.hand_over(kz_information())
    adapter.next()

    assert kazakhstan.hand_over(kz_information()).content == first.content
    kazakhstan.hand_over(kz_information(SECOND, reference="9402000000002"))
    assert notice(adapter.next().body)["EDocRefId"] == SECOND
    assert adapter.deliveries.empty()


def test_a_test_is_registered_and_never_acted_on(kazakhstan, adapter, kz_information):
    test = kz_information(header="<s:TestIndicator>1</s:TestIndicator>")

    assert notice(kazakhstan.hand_over(test).content)["ProcessingResultCode"] == "01"
    kazakhstan.hand_over(kz_information(SECOND, reference="9402000000002"))
    assert notice(adapter.next().body)["EDocRefId"] == SECOND
    assert adapter.deliveries.empty()


def test_the_decision_of_a_neighbour_marks_what_was_lodged(kazakhstan, adapter):
    lodged = kazakhstan.lodge("two-consignments")
    document = (
        '<ProcessingNotice xmlns="urn:torugart:plausible:kz:ProcessingNotice:1"'
        ' xmlns:c="urn:torugart:plausible:kz:ComplexDataObjects:1"'
        ' xmlns:s="urn:torugart:plausible:kz:SimpleDataObjects:1"><c:EDocHeader><s:EDocId>n-1</s:EDocId>'
        "<s:SourceCountryCode>UZ</s:SourceCountryCode></c:EDocHeader>"
        f"<s:SourceReferenceId>{lodged['reference'].replace('-', '/')}</s:SourceReferenceId>"
        "<s:ProcessingResultCode>05</s:ProcessingResultCode></ProcessingNotice>"
    )

    said = notice(kazakhstan.hand_over(document.encode()).content)

    assert (said["ProcessingResultCode"], said["DestinationCountryCode"]) == ("01", "UZ")
    assert [each["state"] for each in kazakhstan.documents()] == ["release", "release"]
    assert adapter.deliveries.empty()


def test_an_original_under_a_known_number_cannot_be_lodged_again(kazakhstan):
    lodged = kazakhstan.lodge("two-consignments")
    content = kazakhstan.control.get(f"/control/documents/{lodged['id']}").text
    identity = kz.NSW.read(content.encode())

    again = kazakhstan.control.post("/control/lodge", content=content.replace(identity.document_id, SECOND).encode())

    assert again.status_code == 409
    assert len(kazakhstan.documents()) == 1


@pytest.mark.parametrize(
    ("wrong", "instead"),
    [
        ("urn:torugart:plausible:kz:PreliminaryInformation:1", "urn:torugart:plausible:kz:PreliminaryInformation:2"),
        ("urn:torugart:plausible:kz:SimpleDataObjects:1", "urn:torugart:plausible:kz:ComplexDataObjects:1"),
        (">IM<", ">XX<"),
        (">IM<", ">EX<"),
        (">01<", ">05<"),
        (FIRST, "<s:null/>"),
    ],
)
def test_what_is_not_of_the_form_cannot_be_read(quiet, kz_information, wrong, instead):
    document = kz_information().decode()
    assert wrong in document

    assert quiet.hand_over(document.replace(wrong, instead).encode()).status_code == 400
    assert quiet.documents() == []


def test_the_window_does_not_receive_what_its_own_traders_lodge(quiet):
    [export] = kz.NSW.samples["two-consignments"].make(Issuer())
    assert quiet.hand_over(export).status_code == 400


def test_a_decision_that_strays_names_a_document_that_never_existed():
    stray = kz.NSW.stray(Issuer())
    said = notice(kz.NSW.decide(Ruling(stray, stray.reference, Decision.ACCEPT), Issuer()))

    assert said["EDocRefId"] == stray.document_id
    assert said["PINumberId"] == stray.reference[-9:]
