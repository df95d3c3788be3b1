"""A document while it is written: what is put on it is said, and what is left is told."""

from datetime import datetime
from decimal import Decimal

import pytest
from lxml import etree

from adapters.kit.outcome import Outcome, written_outcome
from adapters.kit.promise import DECIDED, REPORTED, all_but
from adapters.kit.sheet import Sheet, leaves, report_rest, written
from adapters.kit.xml_sheet import drop_empty, xml_bytes, xml_sheet
from gateway.message.border_event import BorderEvent
from gateway.message.examples import examples
from gateway.message.finding import Severity
from gateway.message.parts import AdditionalInformation, Address, Itinerary, Measure
from gateway.message.response import Response, ResponseDeclaration, Status
from gateway.message.table import by_name, elements


def begun():
    return xml_sheet("{urn:a}Doc", {"b": "urn:b", "c": "urn:c"}, lambda name: f"{{urn:b}}{name}")


def told(sheet):
    return [(each.rule, each.severity, each.pointer, each.value) for each in sheet.findings]


def test_what_has_no_pointer_on_the_sheet_at_the_end_is_told_leaf_by_leaf():
    sheet = Sheet(said={"/CityName"})
    report_rest(sheet, Address(city_name="Ош", line="1", country_code="KG"))
    assert told(sheet) == [
        ("KIT-LOST-01", Severity.INFO, "/CountryCode", "KG"),
        ("KIT-LOST-01", Severity.INFO, "/Line", "1"),
    ]


def test_a_unit_is_a_leaf_of_its_own():
    message = examples("declaration")["road"]
    found = dict(leaves(message))
    masses = [pointer for pointer in found if pointer.endswith("/TotalGrossMassMeasure")]
    assert masses
    assert all(found[f"{pointer}/unitCode"] == "KGM" for pointer in masses)
    assert dict(leaves(Itinerary(routing_country_code="KG", sequence_numeric=2))) == {
        "/RoutingCountryCode": "KG",
        "/SequenceNumeric": "2",
    }


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "1"),
        (False, "0"),
        (Decimal("1E+3"), "1000"),
        (Decimal("7.50"), "7.50"),
        (datetime.fromisoformat("2026-11-23T10:00:00.250+06:00"), "2026-11-23T10:00:00.250+06:00"),
        (12, "12"),
    ],
)
def test_a_value_is_written_so_that_nothing_of_it_is_lost(value, text):
    assert written(value) == text


def test_a_value_is_put_where_it_belongs_and_counts_as_said():
    sheet = begun()
    assert sheet.put(sheet.root, "Value", "a", "/A") is not None
    assert sheet.put(sheet.root, "Value", None, "/B") is None
    assert sheet.put(sheet.root, "Value", "", "/C") is None
    assert sheet.said == {"/A"}
    assert [(node.tag, node.text) for node in sheet.root] == [("{urn:b}Value", "a")]


def test_a_value_longer_than_the_form_takes_is_told_and_left_out():
    sheet = begun()
    assert sheet.put(sheet.root, "Value", "abc", "/A/B", most=2) is None
    assert sheet.put(sheet.root, "Value", "ab", "/A/C", most=2) is not None
    assert told(sheet) == [("KIT-FIT-01", Severity.WARN, "/A/B", "abc")]
    assert sheet.said == {"/A/B", "/A/C"}


def test_an_xml_attribute_needs_element_and_value():
    sheet = begun()
    node = sheet.put(sheet.root, "Value", "a")
    sheet.attribute(node, "unit", "KGM", "/U")
    sheet.attribute(node, "none", None, "/N")
    sheet.attribute(None, "none", "a", "/N")
    assert (dict(node.attrib), sheet.said) == ({"unit": "KGM"}, {"", "/U"})


def test_a_document_has_its_declaration_and_no_prefix_that_nothing_uses():
    sheet = begun()
    sheet.put(sheet.part(sheet.root, "Part"), "Value", "Ö")
    assert xml_bytes(sheet.root).decode() == (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<Doc xmlns="urn:a" xmlns:b="urn:b">\n  <b:Part>\n    <b:Value>Ö</b:Value>\n  </b:Part>\n</Doc>\n'
    )


def test_an_element_in_which_nothing_was_written_is_taken_away():
    sheet = begun()
    empty, full = sheet.part(sheet.root, "Part"), sheet.part(sheet.root, "Part")
    sheet.put(full, "Value", "a")
    for part in (empty, full):
        drop_empty(sheet.root, part)
    assert list(sheet.root) == [full]
    assert etree.QName(full).localname == "Part"


# Decisions

OUTCOMES = {
    "1": Outcome("11", "", "REG", "registered"),
    "2": Outcome("44", "", "", "accepted"),
    "4": Outcome("27", "41", "", "refused"),
    "6": Outcome("11", "", "DNL", "do not load"),
}


def response(function, *statements, status=()):
    return Response(
        function_code=function,
        functional_reference_id="a",
        issue_date_time=datetime.fromisoformat("2026-11-23T10:00:00+06:00"),
        declaration=ResponseDeclaration(functional_reference_id="b"),
        additional_information=tuple(AdditionalInformation(statement_code=code) for code in statements),
        status=tuple(Status(name_code=code) for code in status),
    )


def outcome(sheet, made):
    return written_outcome(sheet, made, OUTCOMES, rule="XX-001", otherwise="1")


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (response("11", "REG"), "1"),
        (response("11", "X", "DNL"), "6"),
        (response("44", "X", status=("1",)), "2"),
        (response("27", status=("41",)), "4"),
    ],
)
def test_a_response_has_the_code_whose_function_status_and_statement_it_says(made, code):
    sheet = Sheet()
    assert outcome(sheet, made) == code
    assert told(sheet) == []


@pytest.mark.parametrize("made", [response("11"), response("27"), response("45", status=("42",)), response("1")])
def test_a_response_for_which_there_is_no_code_is_refused(made):
    sheet = Sheet()
    assert outcome(sheet, made) == "1"
    assert told(sheet) == [("XX-001", Severity.REJECT, "/Response/FunctionCode", made.function_code)]


def test_a_code_says_the_one_status_that_comes_back_at_its_place():
    first, second = Sheet(), Sheet()
    outcome(first, response("27", status=("41", "41")))
    outcome(second, response("27", status=("1", "41")))
    assert (first.said, second.said) == ({"/Response/Status/0/NameCode"}, set())


# What is promised to be lost


def test_of_a_class_of_which_the_form_has_nothing_the_promise_is_one_path():
    lost = set(all_but(Response, "Response", {"FunctionCode", "Declaration/FunctionalReferenceID"}))
    assert {"Response/AppealOffice", "Response/Declaration/ID", "Response/Status"} <= lost
    assert not any(path.startswith(("Response/Status/", "Response/FunctionCode")) for path in lost)
    assert "Response/Declaration" not in lost


def test_what_is_carried_and_what_is_lost_are_the_whole_class():
    def whole(cls, path=""):
        for element in elements(cls):
            inside = () if element.child is None else whole(element.child, f"{path}{element.name}/")
            yield from inside if element.child is not None and not element.qualified else (f"{path}{element.name}",)

    for cls, carried in ((Response, DECIDED), (BorderEvent, REPORTED)):
        lost = {path.removeprefix("X/") for path in all_but(cls, "X", carried)}
        for leaf in whole(cls):
            said = any(leaf == path or leaf.startswith(f"{path}/") for path in carried)
            assert said != any(leaf == path or leaf.startswith(f"{path}/") for path in lost), leaf


def test_a_class_that_is_carried_is_carried_with_all_that_is_in_it():
    assert by_name(BorderEvent)["ControlResult"].child is not None
    assert [path for path in all_but(BorderEvent, "X", REPORTED) if "ControlResult" in path] == []
    assert list(all_but(Measure, "M", {"value"})) == ["M/unitCode"]
