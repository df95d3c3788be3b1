"""What is written for NSW KZ, and what its agreements and the rules of the gateway say to what it hands over."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from adapters.kit.contract import XML, National, Route, Setting, Written
from adapters.kz import ADAPTER
from adapters.kz.places import wco_chain, xpath_of_chain
from adapters.kz.reader import KNOWN, READERS
from gateway.agreements import load_agreements, permit
from gateway.message.finding import Severity
from gateway.message.metadata import DeclarationMessage
from gateway.published import published
from gateway.validation.catalogue import core_catalogue
from gateway.validation.rule import Context
from gateway.validation.validate import validate

ROUTES = {
    "CN": Route("CN", "cn-kz-road", "1"),
    "CN/2": Route("CN", "cn-kz-rail", "1"),
    "UZ": Route("UZ", "kz-uz-road", "1"),
}
SETTING = Setting("KZ", ROUTES)
SCHEMAS = Path(ADAPTER.texts).parent / "schema"
PUBLISHED = sorted(published("declaration", "v1", "examples").glob("*.json"))


def tree_of(name: str) -> dict:
    file = published("declaration", "v1", "examples") / f"{name}.json"
    message = DeclarationMessage.model_validate_json(file.read_bytes(), by_alias=True, by_name=False)
    return message.model_dump(mode="json", exclude_defaults=True)


def written(tree: dict) -> tuple[etree._Element, Written]:
    """What is written, held against the schema, and its root."""
    done = ADAPTER.write(DeclarationMessage.model_validate(tree, by_alias=True, by_name=False))
    root = etree.fromstring(done.document.body)
    schema = etree.XMLSchema(etree.parse(SCHEMAS / f"{etree.QName(root).localname}.xsd"))
    assert schema.validate(root), schema.error_log
    return root, done


def text(root: etree._Element, path: str) -> str | None:
    return root.findtext("/".join(f"{{*}}{step}" for step in path.split("/")))


def example(name: str) -> str:
    return (ADAPTER.examples / f"{name}.xml").read_text(encoding="utf-8")


# What a value becomes


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_every_published_declaration_fits_the_schema_of_the_form_or_what_does_not_fit_is_told(path: Path):
    tree = tree_of(path.stem)
    if path.stem == "maximal":  # holds every element once, with codes that no real document has together
        done = ADAPTER.write(DeclarationMessage.model_validate(tree, by_alias=True, by_name=False))
        assert done.findings
        return
    written(tree)


def test_one_value_goes_from_the_common_form_to_the_window_and_back():
    root, _ = written(tree_of("rail"))
    path = "ConsignmentDetails/ConsignorDetails/ForeignTaxpayerId"
    assert text(root, path) == "9165300071890123AL"
    again = ADAPTER.read(National(etree.tostring(root), XML), SETTING)
    assert again.message.declaration.consignment[0].consignor.id == "9165300071890123AL"
    assert again.origins["/Declaration/Consignment/0/Consignor/ID"] == f"/PreliminaryInformation/{path}"


def test_what_the_window_must_echo_stands_where_it_echoes_it():
    root, _ = written(tree_of("rail"))
    assert text(root, "EDocHeader/EDocId") == "3f2b8c1e-5a7d-4e60-9b1c-000000000004"
    assert text(root, "EDocHeader/SourceCountryCode") == "CN"
    assert text(root, "SourceReferenceId") == "AKL20261123000052"
    assert text(root, "MovementDirectionCode") == "IM"


def test_a_party_abroad_is_written_as_a_non_resident_with_twelve_zeros():
    root, _ = written(tree_of("rail"))
    party = "ConsignmentDetails/ConsignorDetails"
    assert (text(root, f"{party}/BIN"), text(root, f"{party}/NonResidentIndicator")) == ("000000000000", "1")


@pytest.mark.parametrize(
    ("number", "element"),
    [("050140001238", "BIN"), ("820714300121", "IIN"), ("12345", "ForeignTaxpayerId")],
)
def test_a_resident_has_its_number_where_it_belongs_and_no_indicator(number: str, element: str):
    tree = tree_of("rail")
    tree["Declaration"]["Consignment"][0]["Consignee"]["ID"] = number
    root, _ = written(tree)
    party = "ConsignmentDetails/ConsigneeDetails"
    assert text(root, f"{party}/{element}") == number
    assert text(root, f"{party}/NonResidentIndicator") is None


def test_a_train_is_written_without_a_plate_and_a_truck_with_one():
    rail, _ = written(tree_of("rail"))
    road, _ = written(tree_of("typical"))
    assert text(rail, "BorderTransportDetails/UnifiedTransportModeCode") == "20"
    assert rail.find(".//{*}RoadTransportDetails") is None
    assert rail.find(".//{*}TransportMeansRegId") is None
    assert text(road, "BorderTransportDetails/UnifiedTransportModeCode") == "30"
    assert road.find(".//{*}RoadTransportDetails/{*}TransportMeansRegId") is not None


@pytest.mark.parametrize(
    ("function", "root_name", "action"),
    [("9", "", "01"), ("5", "", "02"), ("4", "", "03"), ("2", "", "04"), ("1", "Withdrawal", None)],
)
def test_what_a_declaration_does_is_said_by_a_document_and_its_action(function, root_name, action):
    tree = tree_of("rail")
    tree["Declaration"]["FunctionCode"] = function
    root, _ = written(tree)
    assert etree.QName(root).localname == f"PreliminaryInformation{root_name}"
    assert text(root, "PIActionCode") == action
    again = ADAPTER.read(National(etree.tostring(root), XML), SETTING).message
    assert again.declaration.function_code == function


@pytest.mark.parametrize("function", ["6", "13"])
def test_a_function_that_the_form_cannot_say_is_refused_and_not_said_otherwise(function: str):
    tree = tree_of("rail")
    tree["Declaration"]["FunctionCode"] = function
    done = ADAPTER.write(DeclarationMessage.model_validate(tree, by_alias=True, by_name=False))
    assert ("KZ-012", Severity.REJECT) in {(finding.rule, finding.severity) for finding in done.findings}
    assert b"PIActionCode" not in done.document.body


@pytest.mark.parametrize("mode", ["1", "4", "7"])
def test_a_mode_that_the_form_has_no_part_for_is_refused(mode: str):
    tree = tree_of("typical")
    tree["Declaration"]["BorderTransportMeans"]["ModeCode"] = mode
    done = ADAPTER.write(DeclarationMessage.model_validate(tree, by_alias=True, by_name=False))
    assert ("KZ-013", Severity.REJECT) in {(finding.rule, finding.severity) for finding in done.findings}


@pytest.mark.parametrize(
    ("code", "attributes"),
    [("730", {}), ("787", {"codeListId": "UNTDID1001"})],
)
def test_a_kind_of_document_without_a_national_code_keeps_the_international_one(code: str, attributes: dict):
    tree = tree_of("typical")
    tree["Declaration"]["Consignment"][0]["TransportContractDocument"]["TypeCode"] = code
    root, _ = written(tree)
    kind = root.find(".//{*}TransportDocumentDetails/{*}DocKindCode")
    assert dict(kind.attrib) == attributes
    again = ADAPTER.read(National(etree.tostring(root), XML), SETTING).message
    assert again.declaration.consignment[0].transport_contract_document.type_code == code


def test_a_unit_without_a_national_code_keeps_the_international_one():
    tree = tree_of("typical")
    measure = tree["Declaration"]["Consignment"][0]["ConsignmentItem"][0].setdefault("GoodsMeasure", {})
    measure["TariffQuantity"] = {"value": "12", "unitCode": "DZN"}
    root, _ = written(tree)
    assert root.find(".//{*}GoodsMeasure").get("measurementUnitCodeListId") == "UNECE20"
    again = ADAPTER.read(National(etree.tostring(root), XML), SETTING).message
    assert again.declaration.consignment[0].consignment_item[0].goods_measure.tariff_quantity.unit_code == "DZN"


def test_one_of_two_vehicles_is_written_with_their_batch_and_how_many_they_are():
    tree = tree_of("typical")
    tree["Declaration"] |= {"BatchID": "UZGR-2026-0118", "BatchVehicleQuantity": 2}
    root, done = written(tree)
    assert (text(root, "BatchId"), text(root, "BatchVehicleQuantity")) == ("UZGR-2026-0118", "2")
    assert not [finding for finding in done.findings if "Batch" in finding.pointer]


def test_every_leaf_that_is_not_written_is_told():
    tree = tree_of("typical")
    tree["Declaration"]["IssueLocationID"] = "CNURC"
    _, done = written(tree)
    assert ("KIT-LOST-01", "/Declaration/IssueLocationID") in {(f.rule, f.pointer) for f in done.findings}


def test_a_test_message_is_marked_as_a_test_for_the_window():
    tree = tree_of("rail")
    assert text(written(tree)[0], "EDocHeader/TestIndicator") == "1"
    tree["CommunicationMetaData"].pop("TestIndicator")
    assert text(written(tree)[0], "EDocHeader/TestIndicator") is None


def test_a_kazakh_office_is_named_in_kazakh_and_an_unknown_one_is_told():
    tree = tree_of("rail")
    root, _ = written(tree)
    assert text(root, "EntryCheckPointDetails/BorderCheckPointName") == "Достық (теміржол)"
    tree["Declaration"]["EntryOffice"]["ID"] = "39899"
    root, done = written(tree)
    assert text(root, "EntryCheckPointDetails/BorderCheckPointName") is None
    assert "KZ-011" in {finding.rule for finding in done.findings}


# Agreements and rules


def refusals(body: str) -> list[tuple[str, str]]:
    message = ADAPTER.read(National(body.encode(), XML), SETTING).message
    now = message.communication_meta_data.preparation_date_time + timedelta(minutes=1)
    catalogue = core_catalogue().extended(ADAPTER.rules, ADAPTER.texts)
    findings = (
        *permit(message, load_agreements(published("agreements")), now).findings,
        *validate(message, Context(now=now), catalogue),
    )
    return [(finding.rule, finding.pointer) for finding in findings if finding.severity is Severity.REJECT]


SENT = [
    "export_typical",
    "export_maximal",
    "export_replacement",
    "export_empty_vehicle",
    "export_empty_container",
    "export_rail",
]
WITH_UZBEKISTAN = ["export_batch", "export_change", "export_addition", "import_change", "import_addition"]


@pytest.mark.parametrize(
    "name", [*SENT, *WITH_UZBEKISTAN, "export_withdrawal", "notice_accepted", "notice_refused", "import_rail"]
)
def test_what_is_handed_over_may_be_sent_as_it_is_by_road_and_by_rail(name: str):
    assert refusals(example(name)) == []


@pytest.mark.parametrize(
    "name", ["export_typical", "export_replacement", "export_empty_vehicle", "export_empty_container"]
)
def test_a_declaration_for_uzbekistan_may_be_sent_as_it_is(name: str):
    body = (
        example(name)
        .replace("<csdo:DestinationCountryCode>CN", "<csdo:DestinationCountryCode>UZ", 1)
        .replace("39811", "39821")
        .replace("Нұр жолы", "Жібек жолы")
        .replace("9402", "86011")
        .replace("Хоргос (ҚХР)", "Гишткуприк (ӨР)")
    )
    assert refusals(body) == []


def findings_of(rule: str, *changes: tuple[str, str]) -> list[str]:
    body = example("export_typical")
    for old, new in changes:
        assert old in body
        body = body.replace(old, new, 1)
    message = ADAPTER.read(National(body.encode(), XML), SETTING).message
    now = datetime.fromisoformat("2026-11-23T09:10:00+05:00")
    catalogue = core_catalogue().extended(ADAPTER.rules, ADAPTER.texts)
    return [finding.pointer for finding in validate(message, Context(now=now), catalogue) if finding.rule == rule]


@pytest.mark.parametrize(
    ("rule", "change", "pointer"),
    [
        (
            "KZ-101",
            ("<csdo:UnifiedCountryCode>KZ", "<csdo:UnifiedCountryCode>RU"),
            "/Declaration/FunctionalReferenceID",
        ),
        ("KZ-102", ("<csdo:CustomsOfficeCode>39811", "<csdo:CustomsOfficeCode>9402"), "/Declaration/ExitOffice/ID"),
        ("KZ-103", ("<csdo:BIN>190340012348</csdo:BIN>", ""), "/Declaration/Carrier/ID"),
        ("KZ-103", ("<csdo:BIN>050140001238</csdo:BIN>", ""), "/Declaration/Consignment/0/Consignor/ID"),
    ],
)
def test_each_national_rule_passes_what_is_right_and_tells_what_is_wrong(rule, change, pointer):
    assert findings_of(rule) == []
    assert findings_of(rule, change) == [pointer]


# Places


@pytest.mark.parametrize(
    "xpath",
    [
        "/PreliminaryInformation/UnifiedGrossMassMeasure",
        "/PreliminaryInformation/BorderTransportDetails/RoadTransportDetails/TransportMeansRegId",
        "/PreliminaryInformation/ConsignmentDetails[2]/UnifiedGrossMassMeasure",
        "/PreliminaryInformation/ConsignmentDetails[1]/GoodsItemDetails[3]/CommodityCode[1]",
        "/PreliminaryInformation/ConsignmentDetails[3]/ContainerDetails[2]/SealDetails[1]/SealId",
    ],
)
def test_a_place_goes_into_the_common_form_and_comes_back(xpath: str):
    assert wco_chain(xpath)
    assert xpath_of_chain(wco_chain(xpath)) == xpath


@pytest.mark.parametrize(
    "xpath", ["", "/", "/Other/ConsignmentDetails", "/PreliminaryInformation/Nothing", "//*", "\x00"]
)
def test_a_place_that_is_not_known_has_no_pointer(xpath: str):
    assert wco_chain(xpath) == ()


def test_positions_may_be_left_out_where_there_is_one():
    whole = "/PreliminaryInformation/ConsignmentDetails[1]/GoodsItemDetails[1]/GoodsDescriptionText"
    assert wco_chain(whole.replace("[1]", "")) == wco_chain(whole)


def test_rows_and_schemas_name_the_same_elements():
    declared = {
        element.get("name")
        for file in SCHEMAS.glob("*.xsd")
        for element in etree.parse(file).getroot().findall("{*}element")
    }
    assert declared == set(KNOWN) | {etree.QName(tag).localname for tag in READERS}


def test_every_element_of_the_page_is_in_the_form():
    page = (Path(__file__).parents[3] / "docs" / "national-wires.md").read_text("utf-8")
    form = page[page.index("## Kazakhstan (KZ)") :].split("```")[1]
    named = set(re.findall(r"\b[A-Z][A-Za-z]*(?:Details|Code|Id|Text|Name|Ordinal|Quantity|Measure|Indicator)\b", form))
    assert named <= set(KNOWN)
    assert len(named) > 60
