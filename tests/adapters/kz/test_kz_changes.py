"""Changes in part and additions of Kazakhstan: only what is told is carried, and where it changes, both ways."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from adapters.kit.contract import XML, National, Reading, Route, Setting, Written
from adapters.kz import ADAPTER
from adapters.kz.places import exact_chain, wco_chain, xpath_of_chain
from gateway.message.finding import Severity
from gateway.message.metadata import DeclarationMessage
from gateway.message.place import shown, wco_pointers

SETTING = Setting("KZ", {"UZ": Route("UZ", "kz-uz-road", "1")})
SCHEMA = Path(ADAPTER.texts).parent / "schema" / "PreliminaryInformation.xsd"
ROOT = "/PreliminaryInformation"
FIRST = f"{ROOT}/ConsignmentDetails[1]"


def example(name: str) -> str:
    return (ADAPTER.examples / f"{name}.xml").read_text(encoding="utf-8")


def read(text: str) -> Reading:
    return ADAPTER.read(National(text.encode(), XML), SETTING)


def at(place: str) -> Reading:
    """The example of a change whose first place is another."""
    old = "<csdo:AmendmentPathText>/PreliminaryInformation/UnifiedGrossMassMeasure<"
    assert old in example("export_change")
    return read(example("export_change").replace(old, f"<csdo:AmendmentPathText>{place}<"))


def refused(reading: Reading) -> list[tuple[str, str, str, str]]:
    return [
        (finding.rule, finding.pointer, finding.value, finding.national)
        for finding in reading.findings
        if finding.severity is Severity.REJECT
    ]


def to_kazakhstan(function: str, **told: Any) -> DeclarationMessage:
    """A change or an addition that Uzbekistan sends, with its keys and what it tells."""
    keys = {
        "FunctionCode": function,
        "FunctionalReferenceID": "UZET20261123000431",
        "ID": "86001/23112026/0000431",
        "IssueDateTime": "2026-11-23T15:40:00+05:00",
        "TypeCode": "785",
        "VersionID": "2",
    }
    head = {
        "AgreementID": "kz-uz-road",
        "AgreementVersionID": "1",
        "ID": "3f2b8c1e-5a7d-4e60-9b1c-000000000431",
        "PreparationDateTime": "2026-11-23T15:40:00+05:00",
        "Recipient": {"ID": "KZ"},
        "Sender": {"ID": "UZ"},
    }
    tree = {
        "AgencyAssignedCustomizationCode": "ACD",
        "AgencyAssignedCustomizationVersionCode": "1",
        "ResponsibleCountryCode": "UZ",
        "WCODataModelVersionCode": "3.6",
        "WCOTypeName": "CRI",
        "CommunicationMetaData": head,
        "Declaration": {**keys, **told},
    }
    return DeclarationMessage.model_validate(tree, by_alias=True, by_name=False)


def amendment(pointer: str, reason: str = "004") -> dict[str, Any]:
    chain = [step.model_dump(mode="json", exclude_defaults=True) for step in wco_pointers(pointer, DeclarationMessage)]
    return {"ChangeReasonCode": reason, "Pointer": chain}


def root_of(written: Written) -> etree._Element:
    root = etree.fromstring(written.document.body)
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    assert schema.validate(root), schema.error_log
    return root


def texts(root: etree._Element, name: str) -> list[str]:
    return [node.text for node in root.iter(f"{{*}}{name}")]


# From Kazakhstan


def test_a_change_names_what_it_changes_of_which_version_and_why():
    declaration = read(example("export_change")).message.declaration
    assert (declaration.function_code, declaration.version_id) == ("4", "2")
    assert declaration.functional_reference_id == "KZ/20261123/000000112"
    told = [(one.change_reason_code, shown(one.pointer)) for one in declaration.amendment]
    assert told == [
        ("004", "42A/131"),
        ("004", "42A/28A[1]/131"),
        ("004", "42A/28A[1]/29A[1]/65A/126"),
        ("005", "42A/15A/156"),
    ]


def test_a_change_holds_no_more_than_what_is_told():
    declaration = read(example("export_change")).message.declaration
    there = declaration.model_dump(mode="json", exclude_defaults=True)
    keys = {"FunctionCode", "FunctionalReferenceID", "ID", "IssueDateTime", "TypeCode", "VersionID", "Amendment"}
    assert set(there) == {*keys, "BorderTransportMeans", "Consignment", "TotalGrossMassMeasure"}
    (consignment,) = there["Consignment"]
    assert set(consignment) == {"ConsignmentItem", "SequenceNumeric", "TotalGrossMassMeasure"}


def test_an_addition_needs_no_reason_and_keeps_the_version():
    reading = read(example("export_addition"))
    declaration = reading.message.declaration
    assert (declaration.function_code, declaration.version_id, declaration.amendment) == ("2", "2", ())
    means = declaration.border_transport_means
    assert (means.arrival_date_time.isoformat(), [seal.id for seal in means.seal]) == (
        "2026-11-23T23:30:00+05:00",
        ["KZ00418877"],
    )
    assert reading.findings == ()


@pytest.mark.parametrize(
    "place",
    [
        f"{ROOT}/BorderTransportDetails/PlannedArrivalDateTime",
        f"{ROOT}/BorderTransportDetails/RoadTransportDetails/SealDetails[2]/SealId",
        f"{ROOT}/BorderTransportDetails/RoadTransportDetails/TrailerDetails[1]",
        f"{ROOT}/ConsignmentDetails[3]/GoodsItemDetails[2]/PackageDetails[1]/PackageQuantity",
        f"{ROOT}/ConsignmentDetails[2]",
        f"{FIRST}/CAValueAmount/@currencyCode",
        f"{ROOT}/ccdo:CarrierDetails/csdo:SubjectName",
    ],
)
def test_a_place_of_the_form_is_told_by_a_chain_that_leads_back_to_it(place: str):
    reading = at(place)
    assert refused(reading) == []
    chain = reading.message.declaration.amendment[0].pointer
    plain = place.partition("/@")[0].replace("ccdo:", "").replace("csdo:", "")
    assert xpath_of_chain(chain) == plain


@pytest.mark.parametrize(
    "place",
    [
        f"{ROOT}/BorderTransportDetails/RoadTransportDetails/CrewMemberDetails[1]/PersonName",
        f"{ROOT}/BorderTransportDetails/RoadTransportDetails/SealDetails[1]/SealAffixerCode",
        f"{FIRST}/DangerousGoodsContactDetails/CommunicationDetails[1]/CommunicationChannelId",
        f"{FIRST}/ConsignorDetails/SubjectAddressDetails/KATOCode",
        f"{ROOT}/BatchId",
        f"{ROOT}/ConsignmentDetails[0]",
        f"{ROOT}/Nothing",
        "/ProcessingNotice/VersionId",
        "the second consignment",
    ],
)
def test_a_place_that_cannot_be_told_to_the_other_side_refuses_the_change(place: str):
    where = f"{ROOT}/AmendmentDetails[1]/AmendmentPathText"
    assert refused(at(place)) == [("KZ-022", "/Declaration/Amendment/0/Pointer", place, where)]


def test_a_place_is_told_only_where_its_chain_leads_to_nothing_else():
    for name in (
        "TransitDepartureCode",
        "ItineraryPointDetails[1]/LocationCode",
        "ContainerDetails[1]/TareMassMeasure",
    ):
        assert wco_chain(f"{FIRST}/{name}") != ()
        assert exact_chain(f"{FIRST}/{name}") == ()


def test_a_replacement_says_nowhere_where_it_changes_and_a_place_in_it_is_told_as_left():
    replaced = example("export_change").replace("PIActionCode>03<", "PIActionCode>02<")
    left = [finding for finding in read(replaced).findings if "AmendmentDetails" in finding.national]
    assert {finding.rule for finding in left} == {"KIT-LOST-01"}
    assert len(left) == 8


# To Kazakhstan


def test_a_change_is_written_with_each_reason_and_the_place_in_the_form():
    message = to_kazakhstan(
        "4",
        Amendment=[
            amendment("/Declaration/Consignment/1/ConsignmentItem/0/GoodsMeasure/GrossMassMeasure"),
            amendment("/Declaration/BorderTransportMeans/ArrivalDateTime", "005"),
        ],
        BorderTransportMeans={"ModeCode": "3", "ArrivalDateTime": "2026-11-25T11:30:00+05:00"},
        Consignment=[
            {
                "SequenceNumeric": 2,
                "ConsignmentItem": [
                    {"SequenceNumeric": 1, "GoodsMeasure": {"GrossMassMeasure": {"value": "12.5", "unitCode": "KGM"}}}
                ],
            }
        ],
    )
    written = ADAPTER.write(message)
    root = root_of(written)
    assert texts(root, "PIActionCode") == ["03"]
    assert texts(root, "AmendmentReasonCode") == ["004", "005"]
    assert texts(root, "AmendmentPathText") == [
        f"{ROOT}/ConsignmentDetails[2]/GoodsItemDetails[1]/UnifiedGrossMassMeasure",
        f"{ROOT}/BorderTransportDetails/PlannedArrivalDateTime",
    ]
    assert texts(root, "ObjectOrdinal") == ["2"]
    assert written.findings == ()
    assert read(written.document.body.decode()).message.declaration.amendment == message.declaration.amendment


def test_a_place_that_the_form_does_not_have_is_told_and_its_reason_stays():
    nowhere = "/Declaration/Consignment/0/Freight/PaymentMethodCode"
    message = to_kazakhstan(
        "4",
        Amendment=[amendment(nowhere)],
        Consignment=[{"SequenceNumeric": 1, "Freight": {"PaymentMethodCode": "A"}}],
    )
    written = ADAPTER.write(message)
    assert {(one.rule, one.severity.value, one.pointer) for one in written.findings} == {
        ("KZ-023", "warn", "/Declaration/Amendment/0/Pointer"),
        ("KIT-LOST-01", "info", nowhere),
    }
    root = root_of(written)
    assert (texts(root, "AmendmentReasonCode"), texts(root, "AmendmentPathText")) == (["004"], [])


def test_a_class_that_stands_once_may_be_counted_and_one_of_several_must_be():
    whole, *rest = wco_pointers("/Declaration/Consignment/1/TotalGrossMassMeasure", DeclarationMessage)
    counted = (whole.model_copy(update={"sequence_numeric": 1}), *rest)
    assert xpath_of_chain(counted) == f"{ROOT}/ConsignmentDetails[2]/UnifiedGrossMassMeasure"
    uncounted = (whole, *(step.model_copy(update={"sequence_numeric": None}) for step in rest))
    assert xpath_of_chain(uncounted) == ""


def test_an_addition_is_written_with_what_it_adds_and_without_a_reason():
    means = {"ModeCode": "3", "ID": "10AA1235", "ArrivalDateTime": "2026-11-25T18:00:00+05:00", "Seal": [{"ID": "UZ1"}]}
    root = root_of(ADAPTER.write(to_kazakhstan("2", BorderTransportMeans=means)))
    assert texts(root, "PIActionCode") == ["04"]
    assert texts(root, "PlannedArrivalDateTime") == ["2026-11-25T18:00:00+05:00"]
    assert texts(root, "SealId") == ["UZ1"]
    assert texts(root, "AmendmentReasonCode") == []


def test_only_the_reasons_of_a_change_have_a_place_beside_them():
    replaced = to_kazakhstan("5", Amendment=[amendment("/Declaration/Consignment/0")])
    lost = {one.pointer for one in ADAPTER.write(replaced).findings if one.rule == "KIT-LOST-01"}
    above = "/Declaration/Amendment/0/Pointer"
    assert lost == {f"{above}/0/DocumentSectionCode", f"{above}/1/DocumentSectionCode", f"{above}/1/SequenceNumeric"}
    assert "Declaration/Amendment/Pointer" in ADAPTER.not_carried
