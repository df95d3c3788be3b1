"""A change in part and an addition: whatever part of a sound declaration stands alone in one, nothing asks for more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from builders.messages import NOW, Tree, as_tree, built, declaration, rail, tir
from gateway.message.examples import examples
from gateway.message.finding import Severity
from gateway.message.metadata import DeclarationMessage
from gateway.message.place import wco_pointers
from gateway.validation.catalogue import core_catalogue
from gateway.validation.rule import Context
from gateway.validation.validate import validate

KEYS = ("FunctionalReferenceID", "ID", "IssueDateTime", "TypeCode")
"""What every declaration has, so that it is known which one is meant."""
NOT_CHANGED = (*KEYS, "Amendment", "FunctionCode", "VersionID")
TOGETHER = ("Classification", "Communication", "Packaging", "Seal")
"""Classes that are told whole: the form does not take them without their number, or a rule not without their kind."""
WHOLE = {
    "road": declaration(consignments=2),
    "rail": rail(),
    "tir": tir(),
    **{name: examples("declaration")[name] for name in ("typical", "empty-vehicle")},
}


def ways(node: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to each value of a tree; a value with its unit is one, and so are those that are told together."""
    together = isinstance(node, dict) and any(step in TOGETHER for step in way[-2:])
    if together or not isinstance(node, dict | list) or (isinstance(node, dict) and "value" in node):
        yield way
        return
    for name, child in node.items() if isinstance(node, dict) else enumerate(node):
        yield from ways(child, (*way, name))


def alone(node: Any, way: tuple[str | int, ...]) -> Any:
    """What is on the way, with the numbers that the form asks for."""
    if not way:
        return node
    if isinstance(node, list):
        return [alone(node[way[0]], way[1:])]
    return {**{name: node[name] for name in ("SequenceNumeric",) if name in node}, way[0]: alone(node[way[0]], way[1:])}


def partial(message: DeclarationMessage, function: str, *listed: tuple[str | int, ...]) -> DeclarationMessage:
    """A change or an addition that tells some values of a declaration, all of them in its first consignment or item."""
    tree = as_tree(message)
    whole: Tree = tree["Declaration"]
    part: Tree = {name: whole[name] for name in KEYS if name in whole}
    for way in listed:
        merge(part, alone(whole, way))
    part["FunctionCode"] = function
    if function == "4":
        places = ["/Declaration/" + "/".join(map(str, way)) for way in listed]
        chains = [[step.model_dump() for step in wco_pointers(place, DeclarationMessage)] for place in places]
        part["Amendment"] = [{"ChangeReasonCode": "005", "Pointer": chain} for chain in chains]
    return built(message, tree | {"Declaration": part})


def merge(part: Any, more: Any) -> None:
    for name, child in more.items() if isinstance(more, dict) else enumerate(more):
        if isinstance(child, dict | list) and (name in part if isinstance(part, dict) else name < len(part)):
            merge(part[name], child)
        else:
            part[name] = child


def told(message: DeclarationMessage) -> set[tuple[str, str]]:
    """The rules that find something, but for what only informs."""
    findings = validate(message, Context(now=NOW), core_catalogue())
    return {(each.rule, each.pointer) for each in findings if each.severity is not Severity.INFO}


@pytest.mark.parametrize("function", ["4", "2"])
@pytest.mark.parametrize("name", WHOLE)
def test_each_value_of_a_sound_declaration_may_be_told_alone(name: str, function: str) -> None:
    message = WHOLE[name]
    usual = told(message)
    listed = [way for way in ways(as_tree(message)["Declaration"]) if way[0] not in NOT_CHANGED]
    assert len(listed) > 10
    for way in listed:
        found = told(partial(message, function, way))
        assert {rule for rule, _ in found} <= {rule for rule, _ in usual}, way


@pytest.mark.parametrize(
    "listed",
    [
        [("TotalGrossMassMeasure",), ("Consignment", 0, "TotalGrossMassMeasure")],
        [("Consignment", 0, "TotalPackageQuantity"), ("Consignment", 0, "ConsignmentItem", 0, "Packaging", 0)],
        [("Consignment", 0, "ValueAmount"), ("Consignment", 0, "ConsignmentItem", 0, "ValueAmount")],
        [("GoodsItemQuantity",), ("Consignment", 0, "ConsignmentItem", 0, "Commodity", "Description")],
    ],
    ids=["mass", "packages", "value", "items"],
)
def test_a_total_that_changes_with_one_of_its_parts_is_not_held_against_that_part(listed: Any) -> None:
    assert told(partial(WHOLE["road"], "4", *listed)) == set()
    assert told(WHOLE["road"]) == set()


def test_what_is_told_is_judged_as_in_a_whole_declaration() -> None:
    way = ("Consignment", 0, "ConsignmentItem", 0, "GoodsMeasure", "GrossMassMeasure")
    tree = as_tree(partial(WHOLE["road"], "4", way))
    measure = tree["Declaration"]["Consignment"][0]["ConsignmentItem"][0]["GoodsMeasure"]["GrossMassMeasure"]
    measure["value"] = "0"
    where = "/Declaration/Consignment/0/ConsignmentItem/0/GoodsMeasure/GrossMassMeasure"
    assert told(built(WHOLE["road"], tree)) == {("ACD-CON-04", where)}
