"""Floods of faults: few are listed, none that refuses is lost behind lighter ones, and little work is done for them."""

from __future__ import annotations

import copy
import time
from typing import Any

from builders.messages import NOW, as_tree, declaration
from gateway.agreements import load_agreements, permit
from gateway.message.declaration import ConsignmentItem
from gateway.message.finding import Finding, Severity
from gateway.message.metadata import DeclarationMessage
from gateway.message.table import elements
from gateway.message.tree import MOST_FINDINGS, Read, build, limited
from gateway.published import published
from gateway.validation.rule import Context
from gateway.validation.validate import valid, validate


def tree(items: int, item: dict[str, Any], *, consignments: int = 1) -> dict[str, Any]:
    """A declaration whose consignments hold one item that often."""
    whole = as_tree(declaration())
    one = whole["Declaration"]["Consignment"][0]
    one["ConsignmentItem"] = [_numbered(item, number) for number in range(1, items + 1)]
    whole["Declaration"]["Consignment"] = [one] * consignments
    return whole


def _numbered(item: Any, number: int) -> Any:
    return {**item, "SequenceNumeric": number} if isinstance(item, dict) else item


def judged(items: int, item: dict[str, Any]) -> tuple[DeclarationMessage, tuple[Finding, ...]]:
    read = build(DeclarationMessage, tree(items, item))
    assert read.message is not None
    return read.message, validate(read.message, Context(now=NOW))


def sound_item() -> dict[str, Any]:
    item: dict[str, Any] = copy.deepcopy(as_tree(declaration())["Declaration"]["Consignment"][0]["ConsignmentItem"][0])
    return item


def test_of_very_many_findings_of_rules_the_first_are_listed_and_one_says_so() -> None:
    _, found = judged(900, {**sound_item(), "Packaging": [{"TypeCode": "??"}] * 3})
    assert len(found) == MOST_FINDINGS + 1
    assert (found[-1].rule, found[-1].severity) == ("ACD-STR-99", Severity.INFO)


def test_what_refuses_is_listed_however_many_warnings_there_are() -> None:
    goods = {**sound_item(), "Commodity": {**sound_item()["Commodity"], "Description": "goods"}}
    content = tree(900, goods)
    content["Declaration"]["Consignment"][0]["ConsignmentItem"][-1]["Origin"] = {"CountryCode": "QQ"}
    read = build(DeclarationMessage, content)
    assert read.message is not None
    found = validate(read.message, Context(now=NOW))
    assert len(found) == MOST_FINDINGS + 1
    assert {"ACD-COD-01", "ACD-GDS-02"} <= {finding.rule for finding in found}


def test_of_very_many_elements_that_may_not_leave_as_many_are_told_as_are_listed_and_that_there_are_more() -> None:
    agreement = load_agreements(published("agreements"))["kg-cn-road", "1"]
    origin = frozenset({"Declaration/Consignment/ConsignmentItem/Origin"})
    parts = {f"Declaration/Consignment/ConsignmentItem/{one.name}" for one in elements(ConsignmentItem)} - origin
    narrow = agreement.model_copy(update={"permitted": frozenset({"Declaration/FunctionCode"}) | parts})
    message, _ = judged(900, sound_item())
    found = permit(message, {("kg-cn-road", "1"): narrow}, NOW).findings
    told = [finding for finding in found if finding.rule == "ACD-AGR-02"]
    assert len(told) == MOST_FINDINGS + 1
    assert limited(found)[-1].rule == "ACD-STR-99"


def test_warnings_refuse_nothing_however_many_there_are() -> None:
    warnings = [Finding("ACD-GDS-02", Severity.WARN, f"/Declaration/{number}") for number in range(900)]
    found = limited(warnings)
    assert len(found) == MOST_FINDINGS + 1
    assert valid(declaration(), found) is not None


def test_limited_keeps_the_heaviest_in_the_order_given() -> None:
    light = [Finding("A-01", Severity.INFO, f"/{number}") for number in range(600)]
    heavy = [Finding("B-01", Severity.HOLD, ""), Finding("B-02", Severity.REJECT, "")]
    found = limited([*light[:300], heavy[0], *light[300:], heavy[1]])
    assert [one.rule for one in found if one.rule != "A-01"] == ["B-01", "B-02", "ACD-STR-99"]
    assert found.index(heavy[0]) == 300


def seconds(content: dict[str, Any]) -> tuple[float, Read[DeclarationMessage]]:
    begin = time.process_time()
    read = build(DeclarationMessage, content)
    return time.process_time() - begin, read


def test_no_more_faults_of_form_are_looked_for_than_are_listed() -> None:
    wrong: Any = 1
    few, _ = min((seconds(tree(999, wrong, consignments=12)) for _ in range(3)), key=lambda one: one[0])
    many, read = seconds(tree(999, wrong, consignments=600))
    assert many < 10 * few
    assert len(read.findings) == MOST_FINDINGS + 1
    assert read.findings[0].pointer == "/Declaration/Consignment/0/ConsignmentItem/0"


def test_no_more_unknown_names_are_looked_at_than_are_listed() -> None:
    content = tree(1, sound_item())
    content["Declaration"] |= {f"k{number}": 1 for number in range(80_000)}
    _, read = seconds(content)
    assert len(read.findings) == MOST_FINDINGS + 1
    assert (read.findings[0].rule, read.findings[0].value) == ("ACD-STR-02", "1")


def test_a_large_message_is_read_as_a_small_one_is() -> None:
    content = tree(300, sound_item(), consignments=20)
    content["Declaration"]["Consignment"] = [
        {**one, "SequenceNumeric": number} for number, one in enumerate(content["Declaration"]["Consignment"], 1)
    ]
    assert build(DeclarationMessage, content).message == DeclarationMessage.model_validate(
        content, by_alias=True, by_name=False
    )


def test_a_fault_deep_in_a_large_message_is_found_at_its_place_and_others_with_it() -> None:
    content = tree(300, sound_item(), consignments=20)
    content["Declaration"]["FunctionCode"] = 9
    one = {**content["Declaration"]["Consignment"][0], "Consignor": [], "Nope": 1}
    content["Declaration"]["Consignment"][19] = {
        **one,
        "ConsignmentItem": [*one["ConsignmentItem"], {"SequenceNumeric": 301, "Origin": 5}],
    }
    found = {(finding.rule, finding.pointer) for finding in build(DeclarationMessage, content).findings}
    assert found == {
        ("ACD-STR-08", "/Declaration/FunctionCode"),
        ("ACD-STR-08", "/Declaration/Consignment/19/Consignor"),
        ("ACD-STR-02", "/Declaration/Consignment/19/Nope"),
        ("ACD-STR-08", "/Declaration/Consignment/19/ConsignmentItem/300/Origin"),
    }
