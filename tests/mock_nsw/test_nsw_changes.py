"""Traders replace and withdraw what they lodged, in the form that their country has for it."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from lxml import etree

from mock_nsw import cn, kg, kz, uz
from mock_nsw.issuing import Issuer
from mock_nsw.national import Decision


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


def test_china_changes_a_vehicle_without_cargo_by_its_confirmation_alone(china, adapter):
    reference, _ = lodged(china, "empty-container")
    before = plain(adapter.next().body)
    assert before.findtext("Head/MessageType") == "MT4406"

    answer = amend(china, reference, to={"/Manifest/Declaration/BorderTransportMeans/ID": "新P99001"})

    assert answer.json()["status"] == 200
    after = plain(adapter.next().body)
    assert (after.findtext("Head/MessageType"), after.findtext("Head/FunctionCode")) == ("MT4406", "5")
    assert after.findtext("Declaration/Amendment/ChangeReasonCode") == "004"
    assert after.findtext("Declaration/BorderTransportMeans/ID") == "新P99001"


@pytest.mark.parametrize(("sample", "equipment"), [("empty-vehicle", []), ("empty-container", ["ID", "TypeCode"])])
def test_china_deletes_a_vehicle_without_cargo_by_its_keys_and_the_numbers_of_its_containers(
    china, adapter, sample, equipment
):
    reference, (lodged_before,) = lodged(china, sample)
    adapter.next()

    china.control.post(f"/control/delete/{reference}", json={"reason": "001"})

    deletion = plain(adapter.next().body)
    assert deletion.findtext("Head/FunctionCode") == "3"
    assert deletion.findtext("Declaration/ID") == reference
    assert [
        part.tag for part in deletion.iterfind("Declaration/BorderTransportMeans/TransportEquipment/*")
    ] == equipment
    assert deletion.findtext("Declaration/BorderTransportMeans/TransportEquipment/ID") == plain(lodged_before).findtext(
        "Declaration/BorderTransportMeans/TransportEquipment[2]/ID"
    )


def test_china_hands_over_a_vehicle_that_leaves_empty_after_all_without_what_was_to_be_on_it(china, adapter):
    reference, _ = lodged(china, "single-consignment")
    assert set(unzipped(adapter.next().body)) == {"MT2401", "MT4402"}
    (empty,) = cn.NSW.samples["empty-vehicle"].make(Issuer())
    now_empty = plain(empty)
    number = now_empty.findtext("Declaration/ID")

    china.control.post("/control/lodge", content=empty.replace(number.encode(), reference.encode()))
    china.control.post(f"/control/gate/{reference}")

    assert plain(adapter.next().body).findtext("Head/MessageType") == "MT4404"


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


def test_a_deletion_of_goods_in_transit_still_says_their_way(china, adapter):
    reference, _ = lodged(china, "transit-to-uzbekistan")
    adapter.next()

    china.control.post(f"/control/delete/{reference}", json={"reason": "002"})

    deletion = plain(adapter.next().body)
    assert deletion.findtext("Head/FunctionCode") == "3"
    countries = [element.text for element in deletion.iterfind("Declaration/Consignment//RoutingCountryCode")]
    assert countries == ["CN", "KG", "UZ"]


# Kyrgyzstan


def test_kyrgyzstan_resubmits_under_a_new_number_that_refers_to_the_first_through_every_version(kyrgyzstan, adapter):
    reference, [first] = lodged(kyrgyzstan)
    adapter.next()
    seen = [first]

    for reason in ("004", "015"):
        amend(kyrgyzstan, reference, reason)
        seen.append(adapter.next().body)

    roots = [plain(document) for document in seen]
    numbers = [root.findtext("RegNumber/PINumber") for root in roots]
    assert len(set(numbers)) == 3
    assert [root.findtext("RefRegNumber/PINumber") for root in roots] == [None, numbers[0], numbers[0]]
    names = [element.tag for element in roots[2]]
    at = names.index("RegNumber")
    assert names[at : at + 3] == ["RegNumber", "RefRegNumber", "AmendmentReasonCode"]
    reasons = [[element.text for element in root.findall("AmendmentReasonCode")] for root in roots]
    assert reasons == [[], ["004"], ["015"]]
    assert {kg.NSW.read(document).reference for document in seen} == {reference}
    assert len({root.findtext("DocumentID") for root in roots}) == 3


@pytest.mark.parametrize("resubmissions", [0, 1])
def test_kyrgyzstan_withdraws_with_a_notice_that_names_the_first_number(kyrgyzstan, adapter, resubmissions):
    reference, [first] = lodged(kyrgyzstan, "two-consignments-to-uz")
    adapter.next()
    for _ in range(resubmissions):
        amend(kyrgyzstan, reference)
        adapter.next()

    answer = kyrgyzstan.control.post(f"/control/delete/{reference}", json={"reason": "001"})

    assert answer.json()["status"] == 200
    notice = adapter.next().body
    root, declared = plain(notice), plain(first)
    assert etree.fromstring(notice).tag == "{urn:torugart:plausible:kg:WithdrawalNotice:1}WithdrawalNotice"
    assert [(element.tag, element.text) for element in root][2:4] == [
        ("SourceCountryCode", "KG"),
        ("DestinationCountryCode", "UZ"),
    ]
    assert [element.text for element in root.find("RefRegNumber")] == [
        element.text for element in declared.find("RegNumber")
    ]
    assert [(element.tag, element.text) for element in root][5:] == [
        ("ExitOfficeCode", declared.findtext("ExitCheckPointDetails/CustomsOfficeCode")),
        ("EntryOfficeCode", declared.findtext("EntryCheckPointDetails/BorderCheckpointCode")),
        ("TransportModeCode", "30"),
        ("AmendmentReasonCode", "001"),
    ]
    assert datetime.fromisoformat(root.findtext("NoticeDateTime")).utcoffset() == timedelta(hours=6)
    assert kg.NSW.read(notice).reference == reference


def kg_withdrawal(
    countries: tuple[str, str] = ("CN", "KG"),
    reference: str = "<RefSourceDocumentID>9403000000001</RefSourceDocumentID>",
) -> bytes:
    """What the adapter of Kyrgyzstan hands over when a neighbour takes back what it announced."""
    source, destination = countries
    return (
        '<WithdrawalNotice xmlns="urn:torugart:plausible:kg:WithdrawalNotice:1"><NoticeID>W-1</NoticeID>'
        "<NoticeDateTime>2026-11-23T14:00:00+06:00</NoticeDateTime>"
        f"<SourceCountryCode>{source}</SourceCountryCode>"
        f"<DestinationCountryCode>{destination}</DestinationCountryCode>{reference}"
        "<AmendmentReasonCode>001</AmendmentReasonCode></WithdrawalNotice>"
    ).encode()


def test_a_withdrawal_from_abroad_is_registered_and_filed_with_what_it_takes_back(
    kyrgyzstan, adapter, auto_preliminary
):
    kyrgyzstan.control.put("/control/behaviour", json={"default": {"decision": "none"}})
    kyrgyzstan.hand_over(auto_preliminary())

    answer = kyrgyzstan.hand_over(kg_withdrawal())

    assert answer.status_code == 200
    reply = plain(answer.content)
    assert (reply.findtext("ResultCode"), reply.findtext("RefDocumentID")) == ("1", "W-1")
    assert (reply.findtext("RefSourceDocumentID"), reply.findtext("RefSourceCountryCode")) == ("9403000000001", "CN")
    announced, withdrawn = kyrgyzstan.documents(direction="received")
    assert withdrawn["type"] == "WithdrawalNotice"
    assert withdrawn["reference"] == announced["reference"]
    assert "-".join(element.text for element in reply.find("RefRegNumber")) == announced["reference"]
    assert kyrgyzstan.hand_over(kg_withdrawal()).content == answer.content
    assert adapter.deliveries.empty()


def test_a_withdrawal_by_the_number_that_kyrgyzstan_gave_is_filed_with_it(kyrgyzstan, auto_preliminary):
    kyrgyzstan.control.put("/control/behaviour", json={"default": {"decision": "none"}})
    given = plain(kyrgyzstan.hand_over(auto_preliminary()).content).find("RefRegNumber")

    number = "".join(f"<{part.tag}>{part.text}</{part.tag}>" for part in given)
    kyrgyzstan.hand_over(kg_withdrawal(reference=f"<RefRegNumber>{number}</RefRegNumber>"))

    announced, withdrawn = kyrgyzstan.documents(direction="received")
    assert withdrawn["reference"] == announced["reference"]


WITHDRAWN_ABROAD = {
    "china": lambda request: (
        request.getfixturevalue("import_manifest")(),
        request.getfixturevalue("import_manifest")(at="20261123130000001").replace(
            b"<FunctionCode>9<", b"<FunctionCode>3<"
        ),
    ),
    "kyrgyzstan": lambda request: (request.getfixturevalue("auto_preliminary")(), kg_withdrawal()),
    "kazakhstan": lambda request: (
        request.getfixturevalue("kz_information")(),
        request.getfixturevalue("kz_information")("W-1", root="PreliminaryInformationWithdrawal"),
    ),
    "uzbekistan": lambda request: (
        request.getfixturevalue("uz_announcement")(),
        request.getfixturevalue("uz_announcement")("W-1", amal="BEKOR"),
    ),
}


@pytest.mark.parametrize("country", WITHDRAWN_ABROAD)
def test_a_window_decides_by_itself_about_an_announcement_and_not_about_its_withdrawal(request, country, adapter):
    window = request.getfixturevalue(country)
    announcement, withdrawal = WITHDRAWN_ABROAD[country](request)
    window.hand_over(announcement, window.nsw.media_type)
    adapter.next()

    assert window.hand_over(withdrawal, window.nsw.media_type).status_code == 200

    # Whatever the window did by itself before would come before what the operator decides now.
    reference = window.documents(direction="received")[-1]["reference"]
    window.control.post(f"/control/decide/{reference}", json={"decision": "release"})
    assert window.nsw.read(adapter.next().body).decision is Decision.RELEASE
    assert len(window.documents(direction="sent")) == 2


@pytest.mark.parametrize(
    "notice",
    [
        kg_withdrawal(("KG", "CN"), "<RefRegNumber/>"),
        kg_withdrawal(("KG", "CN")),
        kg_withdrawal(("CN", "UZ")),
        kg_withdrawal(("KG", "KG")),
        kg_withdrawal(("", "KG")),
        kg_withdrawal(reference=""),
    ],
    ids=["part of a number", "own by a reference", "passing by", "both here", "by nobody", "nothing named"],
)
def test_a_withdrawal_that_names_no_relation_or_no_declaration_cannot_be_read(kyrgyzstan, notice):
    assert kyrgyzstan.hand_over(notice).status_code == 400
    assert kyrgyzstan.documents() == []


def test_kyrgyzstan_does_not_receive_a_withdrawal_of_its_own(kyrgyzstan, adapter):
    reference, _ = lodged(kyrgyzstan)
    adapter.next()
    kyrgyzstan.control.post(f"/control/delete/{reference}", json={"reason": "001"})

    assert kyrgyzstan.hand_over(adapter.next().body).status_code == 400


def test_a_country_without_a_form_for_it_cannot_withdraw(start_window, adapter):
    window = start_window(replace(kg.NSW, withdraw=None))
    reference, _ = lodged(window)
    adapter.next()

    answer = window.control.post(f"/control/delete/{reference}", json={"reason": "001"})

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


@pytest.mark.parametrize("country", ["china", "kyrgyzstan", "kazakhstan", "uzbekistan"])
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


# Changes in part, and additions on the way

TRANSPORT = "/PreliminaryInformation/BorderTransportDetails"
PARTS = {
    "kazakhstan": (
        "two-consignments",
        {
            "/PreliminaryInformation/ConsignmentDetails[2]/GoodsItemDetails[1]/CAValueAmount": "7000.00",
            f"{TRANSPORT}/RoadTransportDetails/SealDetails[1]": None,
        },
        {
            f"{TRANSPORT}/PlannedArrivalDateTime": "2026-11-30T10:00:00+05:00",
            f"{TRANSPORT}/RoadTransportDetails/SealDetails[2]/SealId": "KZ9999999",
        },
    ),
    "uzbekistan": (
        "two-consignments-to-kz",
        {"/yuklar/1/tovarlar/0/qiymat/miqdor": "11000.00", "/transport/plombalar/0": None},
        {"/transport/kelish": "30.11.2026 10:00", "/transport/plombalar/1/raqam": "UZ9999999"},
    ),
}


def partly(window, reference, function, changes, **more):
    body = {"function": function, "changes": changes, **more}
    return window.control.post(f"/control/amend/{reference}", json=body)


def test_kazakhstan_changes_a_part_and_tells_no_more_than_that_and_what_it_is_known_by(kazakhstan, adapter):
    sample, changes, _ = PARTS["kazakhstan"]
    reference, [first] = lodged(kazakhstan, sample)
    adapter.next()

    assert partly(kazakhstan, reference, "change", changes, reason="005").json()["status"] == 200

    document = adapter.next().body
    before, root = plain(first), plain(document)
    assert [element.tag for element in root] == [
        *("EDocHeader", "MovementDirectionCode", "PIActionCode", "PreliminaryInformationIdDetails", "VersionId"),
        *("AmendmentDetails", "AmendmentDetails", "DocKindCode", "BorderTransportDetails", "ConsignmentDetails"),
    ]
    assert (root.findtext("PIActionCode"), root.findtext("VersionId")) == ("03", "2")
    assert root.findtext("EDocHeader/EDocRefId") == before.findtext("EDocHeader/EDocId")
    told = [[element.text for element in each] for each in root.findall("AmendmentDetails")]
    assert told == [["005", place] for place in changes]
    (consignment,) = root.findall("ConsignmentDetails")
    assert [element.tag for element in consignment] == ["ObjectOrdinal", "GoodsItemDetails"]
    assert consignment.findtext("ObjectOrdinal") == "2"
    goods = consignment.find("GoodsItemDetails")
    assert [(element.tag, element.text) for element in goods] == [
        ("ConsignmentItemOrdinal", "1"),
        ("CAValueAmount", "7000.00"),
    ]
    vehicle = root.find("BorderTransportDetails/RoadTransportDetails")
    assert [element.tag for element in vehicle] == ["TransportMeansRegId"]
    assert kz.NSW.read(document).reference == reference


def test_uzbekistan_changes_a_part_and_tells_no_more_than_that_and_what_it_is_known_by(uzbekistan, adapter):
    sample, changes, _ = PARTS["uzbekistan"]
    reference, [first] = lodged(uzbekistan, sample)
    adapter.next()

    assert partly(uzbekistan, reference, "change", changes, reason="005").json()["status"] == 200

    before, after = json.loads(first), json.loads(adapter.next().body)
    assert (after["amal"], after["talqin"]) == ("OZGARTIRISH", "2")
    assert after["sabablar"] == [{"kod": "005", "joy": place} for place in changes]
    assert after["yuklar"] == [
        {"tartib": "2", "tovarlar": [{"tartib": "1", "qiymat": {"miqdor": "11000.00", "valyuta": "USD"}}]}
    ]
    assert after["transport"] == {"turi": "30", "davlatRaqami": before["transport"]["davlatRaqami"]}
    assert set(after) - {"sabablar"} <= set(before)
    assert not {"tashuvchi", "jamiBruttoKg", "chiqishPosti", "vakil"} & set(after)


@pytest.mark.parametrize("country", PARTS)
def test_an_addition_has_no_reason_keeps_the_version_and_tells_what_is_new_whole(request, country, adapter):
    window = request.getfixturevalue(country)
    sample, changes, added = PARTS[country]
    reference, _ = lodged(window, sample)
    adapter.next()
    partly(window, reference, "change", changes, reason="005")
    adapter.next()

    assert partly(window, reference, "addition", added).json()["status"] == 200

    document = adapter.next().body
    identity = window.nsw.read(document)
    assert (identity.function, identity.version, identity.reference) == ("addition", "2", reference)
    if country == "uzbekistan":
        after = json.loads(document)
        assert "sabablar" not in after
        assert after["transport"]["kelish"] == "30.11.2026 10:00"
        # The first of two was taken away before; the new one is like the one that was left, with a number of its own.
        assert after["transport"]["plombalar"] == [
            {"tartib": "3", "raqam": "UZ9999999", "kim": "BOJXONA", "turi": "PLOMBA"}
        ]
        return
    root = plain(document)
    assert root.find("AmendmentReasonCode") is root.find("AmendmentDetails") is None
    assert root.findtext("BorderTransportDetails/PlannedArrivalDateTime") == "2026-11-30T10:00:00+05:00"
    (seal,) = root.findall("BorderTransportDetails/RoadTransportDetails/SealDetails")
    assert [element.text for element in seal] == ["3", "KZ9999999", "1", "1"]


@pytest.mark.parametrize("country", PARTS)
def test_what_was_changed_in_part_is_in_the_replacement_that_follows(request, country, adapter):
    window = request.getfixturevalue(country)
    sample, changes, added = PARTS[country]
    reference, _ = lodged(window, sample)
    adapter.next()
    for function, told in (("change", changes), ("addition", added)):
        partly(window, reference, function, told, reason="005")
        adapter.next()

    amend(window, reference, "006")

    document = adapter.next().body
    identity = window.nsw.read(document)
    assert (identity.function, identity.version) == ("replacement", "3")
    movement = window.nsw.movement([document])
    assert len(movement.consignments) == len(movement.seals) == 2
    assert movement.seals[-1].endswith("9999999")
    assert all(text in document.decode() for text in (*changes.values(), *added.values()) if text is not None)


@pytest.mark.parametrize("country", PARTS)
def test_what_the_other_side_refused_is_not_taken_as_changed(request, country, adapter):
    window = request.getfixturevalue(country)
    sample, changes, added = PARTS[country]
    reference, _ = lodged(window, sample)
    adapter.next()
    adapter.answers.append((422, b""))
    assert partly(window, reference, "change", changes, reason="005").json()["status"] == 422
    adapter.next()

    partly(window, reference, "change", added, reason="005")

    document = adapter.next().body
    assert window.nsw.read(document).version == "2"
    assert not any(text in document.decode() for text in changes.values() if text is not None)


@pytest.mark.parametrize("country", ["china", "kyrgyzstan"])
@pytest.mark.parametrize("function", ["change", "addition"])
def test_where_the_form_knows_only_the_whole_a_part_cannot_be_told(request, country, function, adapter):
    window = request.getfixturevalue(country)
    reference, _ = lodged(window, next(iter(window.nsw.samples)))
    adapter.next()

    assert partly(window, reference, function, {"/a": "1"}, reason="005").status_code == 409
    assert adapter.deliveries.empty()


@pytest.mark.parametrize("country", PARTS)
@pytest.mark.parametrize(
    "body",
    [
        {"function": "change", "changes": {"/a": "1"}},
        {"function": "change", "changes": {}, "reason": "005"},
        {"function": "addition", "changes": {}},
        {"function": "addition", "changes": {"/a": None}},
        {"function": "original", "changes": {"/a": "1"}, "reason": "005"},
        {"function": "withdrawal", "changes": {"/a": "1"}, "reason": "005"},
    ],
    ids=["without a reason", "nothing changed", "nothing added", "taken away", "original", "withdrawal"],
)
def test_a_part_that_is_not_told_as_it_must_be_is_422(request, country, body, adapter):
    window = request.getfixturevalue(country)
    reference, _ = lodged(window, PARTS[country][0])
    adapter.next()

    assert window.control.post(f"/control/amend/{reference}", json=body).status_code == 422
    assert adapter.deliveries.empty()


PLACES_BEHIND = {
    "kazakhstan": f"{TRANSPORT}/RoadTransportDetails/SealDetails[{{}}]/SealId",
    "uzbekistan": "/transport/plombalar/{}/raqam",
}


@pytest.mark.parametrize("country", PARTS)
def test_only_the_place_right_behind_the_last_can_be_added_and_never_in_a_replacement(request, country, adapter):
    window = request.getfixturevalue(country)
    reference, _ = lodged(window, PARTS[country][0])
    adapter.next()
    first = 3 if country == "kazakhstan" else 2

    further = {PLACES_BEHIND[country].format(first + 1): "X1"}
    behind = {PLACES_BEHIND[country].format(first): "X1"}
    assert partly(window, reference, "addition", further).status_code == 422
    assert amend(window, reference, to=behind).status_code == 422
    assert partly(window, reference, "addition", behind).status_code == 200


def test_a_list_without_numbers_is_told_whole(kazakhstan, uzbekistan, adapter):
    documents = "/yuklar/0/hujjatlar/{}/raqam"
    reference, _ = lodged(uzbekistan, "two-consignments-to-kz")
    adapter.next()
    partly(uzbekistan, reference, "addition", {documents.format(1): "INV-2", "/yuklar/0/hujjatlar/1/turi": "380"})
    adapter.next()

    partly(uzbekistan, reference, "change", {documents.format(1): "INV-3"}, reason="005")

    told = json.loads(adapter.next().body)["yuklar"][0]["hujjatlar"]
    assert [each["turi"] for each in told] == ["830", "380"]
    assert told[1]["raqam"] == "INV-3"

    place = "/PreliminaryInformation/ConsignmentDetails[1]/AdditionalDocumentDetails[{}]/DocId"
    reference, _ = lodged(kazakhstan)
    adapter.next()
    partly(kazakhstan, reference, "addition", {place.format(2): "INV-2"})
    added = plain(adapter.next().body).findall("ConsignmentDetails/AdditionalDocumentDetails")
    assert len(added) == 2
    assert added[1].findtext("DocId") == "INV-2"


def test_an_attribute_changes_with_its_element(kazakhstan, adapter):
    reference, _ = lodged(kazakhstan)
    adapter.next()
    place = "/PreliminaryInformation/ConsignmentDetails[1]/CAValueAmount"

    changes = {f"{place}/@currencyCode": "EUR", place: "5000.00"}
    partly(kazakhstan, reference, "change", changes, reason="004")

    root = plain(adapter.next().body)
    assert [each.text for each in root.findall("AmendmentDetails/AmendmentPathText")] == [place]
    value = root.find("ConsignmentDetails/CAValueAmount")
    assert (value.text, value.get("currencyCode")) == ("5000.00", "EUR")
    assert len(root.findall("ConsignmentDetails")) == 1


@pytest.mark.parametrize("country", PARTS)
def test_an_officer_reports_what_the_whole_declaration_said_whatever_was_changed_since(request, country, adapter):
    window = request.getfixturevalue(country)
    sample, changes, added = PARTS[country]
    reference, [first] = lodged(window, sample)
    adapter.next()
    for function, told in (("change", changes), ("addition", added)):
        partly(window, reference, function, told, reason="005")
        adapter.next()

    assert window.control.post(f"/control/event/{reference}", json={"event": "departure"}).json()["status"] == 200

    event = adapter.next().body.decode()
    for plate in window.nsw.movement([first]).plates:
        assert plate in event
    assert window.nsw.read(first).document_id in event


RECEIVED_IN_PART = {
    "kazakhstan": lambda request, function: request.getfixturevalue("kz_information")(
        f"{function}-1", action={"change": "03", "addition": "04"}[function]
    ),
    "uzbekistan": lambda request, function: request.getfixturevalue("uz_announcement")(
        f"{function}-1", amal={"change": "OZGARTIRISH", "addition": "QOSHIMCHA"}[function], talqin="2"
    ),
}
ORIGINALS = {"kazakhstan": "kz_information", "uzbekistan": "uz_announcement"}


@pytest.mark.parametrize("country", PARTS)
@pytest.mark.parametrize("function", ["change", "addition"])
def test_what_comes_in_part_is_filed_with_what_it_belongs_to(request, country, function, adapter):
    window = request.getfixturevalue(country)
    window.hand_over(request.getfixturevalue(ORIGINALS[country])(), window.nsw.media_type)
    adapter.next()

    answer = window.hand_over(RECEIVED_IN_PART[country](request, function), window.nsw.media_type)

    assert answer.status_code == 200
    original, part = window.documents(direction="received")
    assert part["reference"] == original["reference"]
    # A change is decided about anew; what is added on the way is not.
    decided = window.documents(direction="sent")
    if function == "change":
        assert window.nsw.read(adapter.next().body).decision is Decision.ACCEPT
    else:
        assert len(decided) == 1
        assert adapter.deliveries.empty()


@pytest.mark.parametrize("country", PARTS)
@pytest.mark.parametrize("function", ["change", "addition"])
def test_a_part_of_what_is_not_known_is_refused_and_not_taken_for_an_original(request, country, function, adapter):
    window = request.getfixturevalue(country)

    answer = window.hand_over(RECEIVED_IN_PART[country](request, function), window.nsw.media_type)

    refusal = {"kazakhstan": "KZ-NSW-03", "uzbekistan": "UZ-NSW-02"}[country]
    assert answer.status_code == 200
    assert refusal in answer.text
    assert window.documents() == []
    assert adapter.deliveries.empty()


@pytest.mark.parametrize("country", PARTS)
def test_a_decision_after_an_addition_is_about_what_was_added_to(request, country, adapter):
    window = request.getfixturevalue(country)
    original = request.getfixturevalue(ORIGINALS[country])()
    window.hand_over(original, window.nsw.media_type)
    adapter.next()
    window.hand_over(RECEIVED_IN_PART[country](request, "addition"), window.nsw.media_type)
    reference = window.documents(direction="received")[0]["reference"]

    window.control.post(f"/control/decide/{reference}", json={"decision": "release"})

    assert window.nsw.read(original).document_id in adapter.next().body.decode()


# Without cargo


@pytest.mark.parametrize(
    ("nsw", "sample"),
    [
        (cn.NSW, "empty-container"),
        (kg.NSW, "empty-container"),
        (kz.NSW, "empty-container-to-cn"),
        (uz.NSW, "empty-container"),
    ],
    ids=lambda given: given if isinstance(given, str) else given.country,
)
def test_an_officer_sees_of_an_empty_container_neither_a_plate_nor_a_consignment(nsw, sample):
    seen = nsw.movement(nsw.samples[sample].make(Issuer()))
    assert seen.consignments == ()
    assert len(seen.plates) == 2
    assert not any(plate.startswith("TRGU") for plate in seen.plates)
