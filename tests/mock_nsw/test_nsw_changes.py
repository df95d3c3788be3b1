"""Traders replace and withdraw what they lodged, in the form that their country has for it."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from lxml import etree

from mock_nsw import cn, kg, kz, uz


def plain(document):
    root = etree.fromstring(document)
    for element in root.iter():
        element.tag = etree.QName(element).localname
    return root


def lodged(window, sample="two-consignments"):
    """What a trader has lodged and handed over: its reference and its documents."""
    answer = window.lodge(sample)
    contents = [window.control.get(f"/control/documents/{each['id']}").content for each in answer["documents"]]
    window.control.post(f"/control/gate/{answer['reference']}")
    return answer["reference"], contents


def amend(window, reference, reason="004", **changes):
    return window.control.post(f"/control/amend/{reference}", json={"reason": reason, "changes": changes.get("to", {})})


def unzipped(body):
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {
            plain(archive.read(name)).findtext("Head/MessageType"): archive.read(name) for name in archive.namelist()
        }


# China


def test_china_sends_the_manifest_again_with_function_code_5_its_reason_and_its_confirmation(china, adapter):
    reference, _ = lodged(china, "single-consignment")
    before = unzipped(adapter.next().body)

    answer = amend(china, reference, to={"/Manifest/Declaration/Consignment[1]/ValueAmount": "390000.00"})

    assert answer.json()["status"] == 200
    delivery = adapter.next()
    assert delivery.headers["content-type"] == "application/zip"
    after = unzipped(delivery.body)
    manifest, confirmation = plain(after["MT2401"]), plain(after["MT4402"])
    assert [root.findtext("Head/FunctionCode") for root in (manifest, confirmation)] == ["5", "5"]
    assert manifest.findtext("Declaration/Amendment/ChangeReasonCode") == "004"
    assert confirmation.find("Declaration/Amendment") is None
    assert manifest.findtext("Declaration/Consignment/ValueAmount") == "390000.00"
    assert manifest.findtext("Declaration/ID") == reference
    numbers = {cn.NSW.read(document).document_id for document in (*before.values(), *after.values())}
    assert len(numbers) == 4


def test_the_reason_stands_between_agent_and_means_of_transport_once_however_often_it_is_changed(china, adapter):
    reference, _ = lodged(china, "without-confirmation")
    adapter.next()

    for reason in ("004", "015"):
        amend(china, reference, reason)
        declaration = plain(adapter.next().body).find("Declaration")

    names = [element.tag for element in declaration][:6]
    assert names == ["DeclarationOfficeID", "ID", "AdditionalInformation", "Agent", "Amendment", "BorderTransportMeans"]
    assert declaration.findtext("Amendment/ChangeReasonCode") == "015"
    assert len(declaration.findall("Amendment")) == 1


def test_what_only_the_confirmation_has_is_changed_there(china, adapter):
    reference, _ = lodged(china, "single-consignment")
    adapter.next()

    amend(china, reference, to={"/Manifest/Declaration/BorderTransportMeans/ID": "新P00001"})

    documents = unzipped(adapter.next().body)
    assert plain(documents["MT4402"]).findtext("Declaration/BorderTransportMeans/ID") == "新P00001"


def test_an_attribute_is_changed_and_an_element_taken_away(china, adapter):
    reference, _ = lodged(china, "without-confirmation")
    adapter.next()

    consignment = "/Manifest/Declaration/Consignment"
    amend(
        china,
        reference,
        to={f"{consignment}/ValueAmount/@currencyID": "USD", f"{consignment}/ConsignmentItem[2]": None},
    )

    after = plain(adapter.next().body).find("Declaration/Consignment")
    assert after.find("ValueAmount").get("currencyID") == "USD"
    assert [item.findtext("SequenceNumeric") for item in after.findall("ConsignmentItem")] == ["1"]


def test_china_deletes_with_the_manifest_alone(china, adapter):
    reference, _ = lodged(china, "single-consignment")
    adapter.next()

    answer = china.control.post(f"/control/delete/{reference}", json={"reason": "002"})

    assert answer.json()["status"] == 200
    deletion = plain(adapter.next().body)
    assert (deletion.findtext("Head/MessageType"), deletion.findtext("Head/FunctionCode")) == ("MT2401", "3")
    assert deletion.findtext("Declaration/Amendment/ChangeReasonCode") == "002"


# Kyrgyzstan


def test_kyrgyzstan_resubmits_under_a_new_number_that_refers_to_the_first_through_every_version(kyrgyzstan, adapter):
    reference, [first] = lodged(kyrgyzstan)
    adapter.next()
    seen = [first]

    for _ in range(2):
        amend(kyrgyzstan, reference)
        seen.append(adapter.next().body)

    roots = [plain(document) for document in seen]
    numbers = [root.findtext("RegNumber/PINumber") for root in roots]
    assert len(set(numbers)) == 3
    assert [root.findtext("RefRegNumber/PINumber") for root in roots] == [None, numbers[0], numbers[0]]
    names = [element.tag for element in roots[2]]
    assert names.index("RefRegNumber") == names.index("RegNumber") + 1
    assert {kg.NSW.read(document).reference for document in seen} == {reference}
    assert len({root.findtext("DocumentID") for root in roots}) == 3


def test_kyrgyzstan_has_no_form_for_a_withdrawal(kyrgyzstan, adapter):
    reference, _ = lodged(kyrgyzstan)
    adapter.next()

    answer = kyrgyzstan.control.post(f"/control/delete/{reference}", json={"reason": "001"})

    assert answer.status_code == 409
    assert adapter.deliveries.empty()


# Kazakhstan


def test_kazakhstan_replaces_with_the_next_version_that_follows_the_one_before(kazakhstan, adapter):
    reference, [first] = lodged(kazakhstan)
    adapter.next()

    amend(kazakhstan, reference, "005", to={"/PreliminaryInformation/ConsignmentDetails[2]/CAValueAmount": "7000.00"})
    second = adapter.next().body
    amend(kazakhstan, reference, "006")
    third = adapter.next().body

    before, after, last = (plain(document) for document in (first, second, third))
    assert [root.findtext("VersionId") for root in (before, after, last)] == ["1", "2", "3"]
    assert [root.findtext("PIActionCode") for root in (before, after, last)] == ["01", "02", "02"]
    assert after.findtext("EDocHeader/EDocRefId") == before.findtext("EDocHeader/EDocId")
    assert last.findtext("EDocHeader/EDocRefId") == after.findtext("EDocHeader/EDocId")
    assert last.findtext("AmendmentReasonCode") == "006"
    assert len(last.findall("AmendmentReasonCode")) == 1
    assert last.findall("ConsignmentDetails")[1].findtext("CAValueAmount") == "7000.00"
    assert {kz.NSW.read(document).reference for document in (first, second, third)} == {reference}
    names = [element.tag for element in after]
    assert names[names.index("VersionId") + 1] == "AmendmentReasonCode"
    assert [element.tag for element in after.find("EDocHeader")][:4] == [
        "EDocCode",
        "EDocId",
        "EDocRefId",
        "EDocDateTime",
    ]


def test_kazakhstan_withdraws_with_a_document_of_its_own(kazakhstan, adapter):
    reference, [first] = lodged(kazakhstan)
    adapter.next()

    kazakhstan.control.post(f"/control/delete/{reference}", json={"reason": "002"})

    withdrawal = adapter.next().body
    root = plain(withdrawal)
    assert etree.QName(etree.fromstring(withdrawal)).namespace.endswith(":PreliminaryInformationWithdrawal:1")
    assert root.findtext("EDocHeader/EDocCode") == "R.049"
    assert root.findtext("EDocHeader/EDocRefId") == plain(first).findtext("EDocHeader/EDocId")
    assert [element.tag for element in root][1:] == [
        "MovementDirectionCode",
        "PreliminaryInformationIdDetails",
        "VersionId",
        "AmendmentReasonCode",
        "DocKindCode",
    ]
    assert kz.NSW.read(withdrawal).reference == reference


# Uzbekistan


def test_uzbekistan_replaces_the_whole_under_the_same_reference(uzbekistan, adapter):
    reference, [first] = lodged(uzbekistan)
    adapter.next()

    amend(uzbekistan, reference, "004", to={"/yuklar/1/qiymat/miqdor": "11000.00", "/vakil": None})

    delivery = adapter.next()
    assert delivery.headers["content-type"] == "application/json; charset=utf-8"
    before, after = json.loads(first), json.loads(delivery.body)
    assert (after["amal"], after["talqin"], after["sabablar"]) == ("ALMASHTIRISH", "2", [{"kod": "004"}])
    assert after["jonatuvchiRaqami"] == before["jonatuvchiRaqami"]
    assert after["hujjatId"] != before["hujjatId"]
    assert after["yuklar"][1]["qiymat"]["miqdor"] == "11000.00"
    assert "vakil" not in after
    assert uz.NSW.read(delivery.body).reference == reference


def test_uzbekistan_cancels_with_the_head_alone(uzbekistan, adapter):
    reference, _ = lodged(uzbekistan)
    adapter.next()

    uzbekistan.control.post(f"/control/delete/{reference}", json={"reason": "002"})

    document = json.loads(adapter.next().body)
    assert document["amal"] == "BEKOR"
    assert "yuklar" not in document
    assert "transport" not in document
    assert document["tur"] == "YUK"


# Everywhere


@pytest.mark.parametrize("country", ["china", "kazakhstan", "uzbekistan"])
def test_after_a_withdrawal_nothing_more_can_be_changed_and_the_gate_repeats_it(request, country, adapter):
    window = request.getfixturevalue(country)
    reference, _ = lodged(window, next(iter(window.nsw.samples)))
    adapter.next()
    window.control.post(f"/control/delete/{reference}", json={"reason": "002"})
    withdrawal = adapter.next().body

    assert amend(window, reference).status_code == 409
    assert window.control.post(f"/control/delete/{reference}", json={"reason": "002"}).status_code == 409
    window.control.post(f"/control/gate/{reference}")
    assert adapter.next().body == withdrawal


@pytest.mark.parametrize("country", ["china", "kyrgyzstan", "kazakhstan", "uzbekistan"])
@pytest.mark.parametrize(
    "place",
    [
        "/Nothing/Like/It",
        "",
        "/",
        "/Manifest/Declaration[2]/ID",
        "/Manifest/Declaration/@id",
        "/yuklar/9/x",
        "/yuklar",
        "//ID",
    ],
)
def test_a_place_that_is_not_there_changes_nothing(request, country, adapter, place):
    window = request.getfixturevalue(country)
    reference, _ = lodged(window, next(iter(window.nsw.samples)))
    adapter.next()

    answer = amend(window, reference, to={place: "1"})

    assert answer.status_code == 422
    assert answer.json()["detail"]
    assert adapter.deliveries.empty()
    assert not [each for each in window.documents(direction="lodged") if each["state"] == "lodged"]


@pytest.mark.parametrize(
    "body",
    [
        '{"reason": "4"}',
        '{"changes": {}}',
        '{"reason": "004", "changes": {"/a": 1}}',
        '{"reason": "004", "changes": {"/a": "\\u0000"}}',
    ],
)
def test_a_change_that_is_not_understood_is_422(china, body):
    assert china.control.post("/control/amend/9403000000001", content=body).status_code == 422


def test_what_was_never_lodged_cannot_be_changed(china):
    assert amend(china, "9403999999999").status_code == 404
    assert china.control.post("/control/delete/9403999999999", json={"reason": "001"}).status_code == 404
