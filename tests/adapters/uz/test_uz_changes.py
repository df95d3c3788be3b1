"""Changes in part and additions of Uzbekistan: only what is told is carried, and where it changes, both ways."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from adapters.kit.contract import JSON, National, Reading, Route, Setting, Written
from adapters.uz import ADAPTER
from adapters.uz.places import PLACES, exact_chain, place_of_chain, wco_chain
from gateway.message.finding import Severity
from gateway.message.metadata import DeclarationMessage
from gateway.message.place import shown, wco_pointers

SETTING = Setting("UZ", {"KZ": Route("KZ", "kz-uz-road", "1")})
SCHEMA = jsonschema_rs.validator_for(
    json.loads((Path(ADAPTER.examples).parent / "schema" / "DM.schema.json").read_bytes())
)


def example(name: str) -> dict[str, Any]:
    return json.loads((Path(ADAPTER.examples) / f"{name}.json").read_bytes())


def read(document: dict[str, Any]) -> Reading:
    return ADAPTER.read(National(json.dumps(document).encode(), JSON), SETTING)


def at(place: str) -> Reading:
    """The example of a change whose first place is another."""
    document = example("export_change")
    document["sabablar"][0]["joy"] = place
    return read(document)


def refused(reading: Reading) -> list[tuple[str, str, str, str]]:
    return [
        (finding.rule, finding.pointer, finding.value, finding.national)
        for finding in reading.findings
        if finding.severity is Severity.REJECT
    ]


def to_uzbekistan(function: str, **told: Any) -> DeclarationMessage:
    """A change or an addition that Kazakhstan sends, with its keys and what it tells."""
    keys = {
        "FunctionCode": function,
        "FunctionalReferenceID": "KZ/20261123/000000112",
        "ID": "KZ/20261123/000000112",
        "IssueDateTime": "2026-11-23T11:05:00+05:00",
        "TypeCode": "785",
        "VersionID": "2",
    }
    head = {
        "AgreementID": "kz-uz-road",
        "AgreementVersionID": "1",
        "ID": "3f2b8c1e-5a7d-4e60-9b1c-000000000112",
        "PreparationDateTime": "2026-11-23T11:05:00+05:00",
        "Recipient": {"ID": "UZ"},
        "Sender": {"ID": "KZ"},
    }
    tree = {
        "AgencyAssignedCustomizationCode": "ACD",
        "AgencyAssignedCustomizationVersionCode": "1",
        "ResponsibleCountryCode": "KZ",
        "WCODataModelVersionCode": "3.6",
        "WCOTypeName": "CRI",
        "CommunicationMetaData": head,
        "Declaration": {**keys, **told},
    }
    return DeclarationMessage.model_validate(tree, by_alias=True, by_name=False)


def amendment(pointer: str, reason: str = "004") -> dict[str, Any]:
    chain = [step.model_dump(mode="json", exclude_defaults=True) for step in wco_pointers(pointer, DeclarationMessage)]
    return {"ChangeReasonCode": reason, "Pointer": chain}


def document(written: Written) -> dict[str, Any]:
    tree: dict[str, Any] = json.loads(written.document.body)
    assert [str(error) for error in SCHEMA.iter_errors(tree)] == []
    return tree


# From Uzbekistan


def test_a_change_names_what_it_changes_of_which_version_and_why():
    declaration = read(example("export_change")).message.declaration
    assert (declaration.function_code, declaration.version_id) == ("4", "2")
    assert declaration.functional_reference_id == example("export_batch")["jonatuvchiRaqami"]
    told = [(one.change_reason_code, shown(one.pointer)) for one in declaration.amendment]
    assert told == [
        ("004", "42A/131"),
        ("004", "42A/28A[1]/131"),
        ("004", "42A/28A[1]/29A[1]/65A/126"),
        ("005", "42A/28A[1]/30A/04A/241"),
    ]


def test_a_change_holds_no_more_than_what_is_told():
    there = read(example("export_change")).message.declaration.model_dump(mode="json", exclude_defaults=True)
    keys = {"FunctionCode", "FunctionalReferenceID", "ID", "IssueDateTime", "TypeCode", "VersionID", "Amendment"}
    assert set(there) == {*keys, "Consignment", "TotalGrossMassMeasure"}
    (consignment,) = there["Consignment"]
    assert set(consignment) == {"ConsignmentItem", "Consignor", "SequenceNumeric", "TotalGrossMassMeasure"}


def test_an_addition_needs_no_reason_and_keeps_the_version():
    reading = read(example("export_addition"))
    declaration = reading.message.declaration
    assert (declaration.function_code, declaration.version_id, declaration.amendment) == ("2", "2", ())
    means = declaration.border_transport_means
    assert (means.arrival_date_time.isoformat(), [seal.id for seal in means.seal]) == (
        "2026-11-25T18:00:00+05:00",
        ["UZ0098431"],
    )
    assert reading.findings == ()


@pytest.mark.parametrize(
    ("place", "back"),
    [
        ("/transport/kelish", "/transport/kelish"),
        ("/transport/plombalar/1/raqam", "/transport/plombalar/1/raqam"),
        ("/transport/tirkamalar/0", "/transport/tirkamalar/0"),
        ("/yuklar/2/tovarlar/1/oramlar/0/soni", "/yuklar/2/tovarlar/1/oramlar/0/soni"),
        ("/yuklar/1", "/yuklar/1"),
        ("/yuklar/0/qiymat/valyuta", "/yuklar/0/qiymat"),
        ("/jamiJoylar/soni", "/jamiJoylar"),
        ("/yuklar/0/tovarlar/0/qoshimcha/birlik", "/yuklar/0/tovarlar/0/qoshimcha"),
        ("/tashuvchi/pinfl", "/tashuvchi/stir"),
    ],
)
def test_a_place_of_the_form_is_told_by_a_chain_that_leads_back_to_it(place: str, back: str):
    reading = at(place)
    assert refused(reading) == []
    assert place_of_chain(reading.message.declaration.amendment[0].pointer) == back


@pytest.mark.parametrize(
    "place",
    [
        "/transport/haydovchilar/0/fio",
        "/transport/plombalar/0/kim",
        "/transport/tirkamalar/0/taraKg",
        "/yuklar/0/xavfliAloqa/aloqa/0/qiymat",
        "/yuklar/0/yuboruvchi/nomiKirill",
        "/vakil",
        "/guruhRaqami",
        "/yuklar/99999",
        "/yuklar/-1",
        "/hech/narsa",
        "yuklar",
        "/",
    ],
)
def test_a_place_that_cannot_be_told_to_the_other_side_refuses_the_change(place: str):
    assert refused(at(place)) == [("UZ-016", "/Declaration/Amendment/0/Pointer", place, "/sabablar/0/joy")]


def test_a_place_is_told_exactly_where_its_chain_leads_back_to_it():
    told = {place for place in PLACES if exact_chain(place.replace("*", "1"))}
    assert len(told) > 200
    for place in sorted(told):
        pointed = wco_chain(place.replace("*", "1"))
        back = place_of_chain(pointed)
        # Several names that stand for one value have one pointer, so the place may be another name for it.
        assert back, place
        assert wco_chain(back) == pointed, place


@pytest.mark.parametrize("odd", [7, ["/transport"], {"joy": "/transport"}])
def test_a_place_that_is_no_text_is_told(odd: Any):
    reading = at(odd)
    assert ("KIT-FIT-01", "/sabablar/0/joy") in {(finding.rule, finding.national) for finding in reading.findings}
    assert reading.message.declaration.amendment[0].pointer == ()


def test_a_replacement_says_nowhere_where_it_changes_and_a_place_in_it_is_told_as_left():
    reading = read({**example("export_change"), "amal": "ALMASHTIRISH"})
    left = [(one.rule, one.national) for one in reading.findings if one.national.startswith("/sabablar")]
    assert left == [("KIT-LOST-01", f"/sabablar/{at}/joy") for at in range(4)]


# To Uzbekistan


def test_a_change_is_written_with_each_reason_and_the_place_in_the_form():
    message = to_uzbekistan(
        "4",
        Amendment=[
            amendment("/Declaration/Consignment/1/ConsignmentItem/0/GoodsMeasure/GrossMassMeasure"),
            amendment("/Declaration/BorderTransportMeans/ArrivalDateTime", "005"),
        ],
        BorderTransportMeans={"ModeCode": "3", "ArrivalDateTime": "2026-11-23T21:00:00+05:00"},
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
    tree = document(written)
    assert (tree["amal"], tree["talqin"]) == ("OZGARTIRISH", "2")
    assert tree["sabablar"] == [
        {"kod": "004", "joy": "/yuklar/1/tovarlar/0/bruttoKg"},
        {"kod": "005", "joy": "/transport/kelish"},
    ]
    assert tree["yuklar"] == [{"tartib": "2", "tovarlar": [{"tartib": "1", "bruttoKg": "12.5"}]}]
    assert written.findings == ()
    assert read(tree).message.declaration.amendment == message.declaration.amendment


def test_a_place_that_the_form_does_not_have_is_told_and_its_reason_stays():
    nowhere = "/Declaration/Consignment/0/Consignor/Address/TypeCode"
    message = to_uzbekistan(
        "4",
        Amendment=[amendment(nowhere)],
        Consignment=[{"SequenceNumeric": 1, "Consignor": {"Address": {"TypeCode": "4"}}}],
    )
    written = ADAPTER.write(message)
    assert {(one.rule, one.severity.value, one.pointer) for one in written.findings} == {
        ("UZ-017", "warn", "/Declaration/Amendment/0/Pointer"),
        ("KIT-LOST-01", "info", nowhere),
    }
    assert document(written)["sabablar"] == [{"kod": "004"}]


def test_of_a_list_of_which_the_form_has_one_part_only_that_part_has_a_place():
    codes = "/Declaration/Consignment/0/ConsignmentItem/0/Commodity/Classification"
    first, second = (wco_pointers(f"{codes}/{at}/ID", DeclarationMessage) for at in (0, 1))
    assert place_of_chain(first) == "/yuklar/0/tovarlar/0/tnKod"
    assert place_of_chain(second) == ""


def test_an_addition_is_written_with_what_it_adds_and_without_a_reason():
    means = {"ModeCode": "3", "ID": "214KTA02", "ArrivalDateTime": "2026-11-23T23:30:00+05:00", "Seal": [{"ID": "KZ1"}]}
    tree = document(ADAPTER.write(to_uzbekistan("2", BorderTransportMeans=means)))
    assert (tree["amal"], "sabablar" in tree) == ("QOSHIMCHA", False)
    assert (tree["transport"]["kelish"], tree["transport"]["plombalar"]) == ("23.11.2026 23:30", [{"raqam": "KZ1"}])


def test_the_schema_asks_a_change_for_its_reasons_and_no_other_document_for_a_place():
    changed = example("export_change")
    assert SCHEMA.is_valid(changed)
    assert not SCHEMA.is_valid({name: value for name, value in changed.items() if name != "sabablar"})
    assert not SCHEMA.is_valid({**changed, "sabablar": [{"joy": "/transport"}]})
    assert not SCHEMA.is_valid({**changed, "amal": "ALMASHTIRISH"})


def test_an_office_of_exit_need_not_be_named_by_what_is_not_whole():
    for name in ("export_change", "export_addition"):
        message = read(example(name)).message
        (rule,) = [one for one in ADAPTER.rules if one.id == "UZ-102"]
        assert list(rule.check(message, None)) == []
