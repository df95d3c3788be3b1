"""Reading through the schema: what it refuses is never accepted, and every refusal has a reason and a line."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest
from lxml import etree

from gateway.errors import Unreadable
from gateway.message.examples import examples
from gateway.message.json_twin import write_json
from gateway.message.metadata import KINDS
from gateway.message.schema import (
    MOST_REASONS,
    read_message_json,
    read_message_xml,
    refused_by_json_schema,
    refused_by_xml_schema,
    schema_valid_json,
    schema_valid_xml,
)
from gateway.message.xml_twin import parse_xml, write_xml

DECLARATION = KINDS["declaration"]
TYPICAL = write_xml(examples("declaration")["typical"])
TYPICAL_JSON = write_json(examples("declaration")["typical"])
FAULTY = TYPICAL.replace(b"<ModeCode>3<", b"<ModeCode>three<")
ALL = [(kind, name) for kind in KINDS for name in examples(kind)]


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_every_example_is_read_in_both_twins(kind, name):
    message = examples(kind)[name]
    assert read_message_xml(parse_xml(write_xml(message))).message == message
    assert read_message_json(write_json(message)).message == message


def test_a_refusal_is_told_by_the_model_and_not_by_the_engine():
    read = read_message_xml(parse_xml(FAULTY))
    assert not schema_valid_xml(parse_xml(FAULTY), DECLARATION)
    assert read.message is None
    assert [(f.rule, f.pointer) for f in read.findings] == [
        ("ACD-STR-03", "/Declaration/BorderTransportMeans/ModeCode")
    ]


def test_both_twins_of_a_fault_get_the_same_finding():
    tree = orjson.loads(TYPICAL_JSON)
    tree["Declaration"]["BorderTransportMeans"]["ModeCode"] = "three"
    assert read_message_json(orjson.dumps(tree)).findings == read_message_xml(parse_xml(FAULTY)).findings


def test_a_message_of_another_kind_is_not_valid():
    assert not schema_valid_xml(parse_xml(TYPICAL), KINDS["response"])
    assert not schema_valid_json(orjson.loads(TYPICAL_JSON), KINDS["response"])


def test_what_is_no_message_is_unreadable():
    with pytest.raises(Unreadable):
        read_message_xml(parse_xml(b"<a/>"))
    with pytest.raises(Unreadable):
        read_message_json(b"{}")


def test_the_engines_say_in_plain_words_why_and_where():
    (first, *_) = refused_by_xml_schema(parse_xml(FAULTY), DECLARATION)
    assert (first.rule, first.pointer) == ("ACD-STR-90", "/Declaration/BorderTransportMeans/ModeCode")
    assert first.params["reason"]
    tree = orjson.loads(TYPICAL_JSON)
    tree["Declaration"]["Consignment"][1]["SequenceNumeric"] = 0
    (finding,) = refused_by_json_schema(tree, DECLARATION)
    assert (finding.rule, finding.pointer) == ("ACD-STR-90", "/Declaration/Consignment/1/SequenceNumeric")
    assert "0" in finding.params["reason"]


def test_the_place_of_a_refusal_counts_repeated_elements():
    root = parse_xml(TYPICAL)
    root.findall(f".//{{{DECLARATION.namespace}}}Consignment")[2][0].text = "x" * 9
    pointers = {finding.pointer for finding in refused_by_xml_schema(root, DECLARATION)}
    assert "/Declaration/Consignment/2/ContainerCode" in pointers


def test_reasons_are_bounded():
    root = parse_xml(TYPICAL)
    for number, element in enumerate(root.iter()):
        element.set(f"a{number}", "1")
    tree = orjson.loads(TYPICAL_JSON)
    tree["Declaration"] |= {f"n{number}": 1 for number in range(100)}
    tree["Declaration"]["Consignment"] = [{"SequenceNumeric": 0}] * 100
    assert len(refused_by_xml_schema(root, DECLARATION)) == MOST_REASONS
    assert 0 < len(refused_by_json_schema(tree, DECLARATION)) <= MOST_REASONS
    for finding in refused_by_xml_schema(root, DECLARATION):
        assert len(finding.params["reason"]) <= 300


def test_even_a_refusal_without_a_reason_is_a_finding():
    (finding,) = refused_by_xml_schema(parse_xml(TYPICAL), DECLARATION)
    assert (finding.rule, bool(finding.params["reason"])) == ("ACD-STR-90", True)


def test_an_attribute_of_schema_instance_is_not_followed_even_by_a_caller_that_did_not_parse_safely():
    located = TYPICAL.replace(
        b"<MetaData ",
        b"<MetaData xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:schemaLocation='urn:x http://127.0.0.1:9/x' ",
    )
    read = read_message_xml(etree.fromstring(located))
    assert [finding.rule for finding in read.findings] == ["ACD-STR-12"]


def test_many_threads_get_the_same_judgement():
    bodies = [TYPICAL, FAULTY] * 20
    with ThreadPoolExecutor(8) as pool:
        read = list(pool.map(lambda body: read_message_xml(parse_xml(body)), bodies))
    assert [r.message is not None for r in read] == [True, False] * 20
