"""The two twins of a message say the same: XML and JSON, there and back, with one content digest."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from builders.messages import declaration, empty_vehicle, rail, response, tir
from builders.strategies import messages
from gateway.message.canonical import canonical_json, content_digest
from gateway.message.json_twin import read_json, write_json
from gateway.message.metadata import MetaData
from gateway.message.tree import Read
from gateway.message.xml_twin import parse_xml, read_xml, write_xml

PROPERTY = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


def from_xml(body: bytes) -> MetaData:
    read = read_xml(parse_xml(body))
    assert read.findings == ()
    assert read.message is not None
    return read.message


def from_json(body: bytes) -> MetaData:
    read = read_json(body)
    assert read.findings == ()
    assert read.message is not None
    return read.message


@PROPERTY
@given(messages())
def test_any_message_goes_through_both_twins_and_stays_the_same(message: MetaData) -> None:
    through_xml = from_xml(write_xml(message))
    through_json = from_json(write_json(through_xml))
    assert through_json == message
    assert write_xml(through_json) == write_xml(message)
    assert write_json(through_json) == write_json(message)


@PROPERTY
@given(messages())
def test_any_message_has_one_digest_in_both_twins(message: MetaData) -> None:
    digest = content_digest(message)
    assert content_digest(from_xml(write_xml(message))) == digest
    assert content_digest(from_json(write_json(message))) == digest


@PROPERTY
@given(messages())
def test_the_canonical_form_can_be_read_as_the_message_itself(message: MetaData) -> None:
    assert from_json(canonical_json(message)) == message


def test_the_example_messages_survive_both_twins() -> None:
    for message in (declaration(consignments=3), rail(), tir(), empty_vehicle(), response()):
        assert from_json(write_json(from_xml(write_xml(message)))) == message


def test_zeros_at_the_end_of_a_decimal_are_kept_and_are_part_of_the_content() -> None:
    body = write_json(declaration())
    other = body.replace(b'"1550.000"', b'"1550.0"', 1)
    assert from_json(other) == from_json(body)  # the same measure
    assert content_digest(from_json(other)) != content_digest(from_json(body))  # but not the same words


def both(json_text: str, xml_text: str, put: str) -> tuple[Read[MetaData], Read[MetaData]]:
    """What both twins read where one value is written otherwise."""
    in_json, in_xml = write_json(declaration()).decode(), write_xml(declaration()).decode()
    assert json_text in in_json
    assert xml_text in in_xml
    return (
        read_json(in_json.replace(json_text, json_text.replace("2", put), 1).encode()),
        read_xml(parse_xml(in_xml.replace(xml_text, xml_text.replace("2", put), 1).encode())),
    )


@pytest.mark.parametrize(
    ("number", "rule", "limit"),
    [
        ("-0", "ACD-STR-08", ""),
        ("-1", "ACD-STR-13", "0"),
        ("100000", "ACD-STR-13", "99999"),
        ("12345678901234567890", "ACD-STR-13", "99999"),
    ],
)
def test_a_number_that_does_not_fit_has_one_rule_in_both_twins_and_names_its_limit(number, rule, limit) -> None:
    for read in both('"GoodsItemQuantity": 2', "<GoodsItemQuantity>2<", number):
        (finding,) = read.findings
        assert (finding.rule, finding.value, finding.params["limit"]) == (rule, number, limit)


def test_minus_zero_is_no_text_either() -> None:
    body = write_json(declaration()).replace(b'"DeclarationOfficeID": "9403"', b'"DeclarationOfficeID": -0')
    assert [(one.rule, one.pointer) for one in read_json(body).findings] == [
        ("ACD-STR-08", "/Declaration/DeclarationOfficeID")
    ]


def test_a_fault_of_a_measure_is_told_by_its_name_in_both_twins() -> None:
    for read in both('"value": "120"', 'unitCode="CT">120<', "-"):
        (finding,) = read.findings
        assert finding.pointer.endswith("/TotalPackageQuantity/value")
        assert finding.params["name"] == "TotalPackageQuantity"
