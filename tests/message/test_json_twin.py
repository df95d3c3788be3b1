"""The JSON twin: what is refused before it is read, what is read, and what every fault is called."""

from __future__ import annotations

import json
import time

import pytest

from gateway.errors import Unreadable
from gateway.message.examples import examples
from gateway.message.json_twin import parse_json, read_json, write_json
from gateway.message.metadata import KINDS
from gateway.message.tree import MOST_FINDINGS
from gateway.message.xml_twin import parse_xml, read_xml, write_xml

MINIMAL = write_json(examples("declaration")["minimal"])


def tree() -> dict:
    return json.loads(MINIMAL)


def written(content: dict) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def faults(body: bytes) -> list[tuple[str, str]]:
    read = read_json(body)
    assert (read.message is None) is bool(read.findings)
    return [(finding.rule, finding.pointer) for finding in read.findings]


@pytest.mark.parametrize(
    ("what", "body", "rule"),
    [
        ("nothing", b"", "ACD-ENV-12"),
        ("XML", b"<a/>", "ACD-ENV-12"),
        ("trailing garbage", b"{}x", "ACD-ENV-12"),
        ("two documents", b"{}{}", "ACD-ENV-12"),
        ("a comment", b"// a\n{}", "ACD-ENV-12"),
        ("a trailing comma", b'{"a":1,}', "ACD-ENV-12"),
        ("single quotes", b"{'a':1}", "ACD-ENV-12"),
        ("NaN", b'{"a":NaN}', "ACD-ENV-12"),
        ("Infinity", b'{"a":Infinity}', "ACD-ENV-12"),
        ("minus Infinity", b'{"a":-Infinity}', "ACD-ENV-12"),
        ("a float", b'{"a":22140.5}', "ACD-ENV-14"),
        ("a whole float", b'{"a":1.0}', "ACD-ENV-14"),
        ("an exponent", b'{"a":1e5}', "ACD-ENV-14"),
        ("a huge number", b'{"a":' + b"9" * 25 + b"}", "ACD-ENV-14"),
        ("a number of 5000 digits", b'{"a":' + b"9" * 5000 + b"}", "ACD-ENV-12"),
        ("a leading zero", b'{"a":01}', "ACD-ENV-12"),
        ("a control character", b'{"a":"\x01"}', "ACD-ENV-12"),
        ("a lone surrogate", b'{"a":"\\ud800"}', "ACD-ENV-12"),
        ("a lone surrogate in UTF-8", b'{"a":"\xed\xa0\x80"}', "ACD-ENV-12"),
        ("bytes that are no UTF-8", b'{"a":"\xff"}', "ACD-ENV-12"),
        ("a BOM", b"\xef\xbb\xbf{}", "ACD-ENV-12"),
        ("UTF-16", "{}".encode("utf-16"), "ACD-ENV-12"),
        ("UTF-32", "{}".encode("utf-32"), "ACD-ENV-12"),
        ("GB18030", '{"a":"中"}'.encode("gb18030"), "ACD-ENV-12"),
        ("an array", b"[]", "ACD-ENV-10"),
        ("a string", b'"a"', "ACD-ENV-10"),
        ("null", b"null", "ACD-ENV-10"),
        ("no known document", b'{"MetaData":{}}', "ACD-ENV-10"),
        ("100 levels", b'{"Declaration":' * 100 + b"1" + b"}" * 100, "ACD-ENV-13"),
        ("100000 levels", b"[" * 100_000, "ACD-ENV-13"),
        ("a name that no element has", b'{"Declaration":{"' + b"k" * 65 + b'":1}}', "ACD-ENV-13"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_is_refused_with_its_rule(what, body, rule):
    with pytest.raises(Unreadable) as caught:
        read_json(body)
    assert caught.value.rule == rule
    assert caught.value.detail


def test_what_is_not_json_names_line_and_column():
    with pytest.raises(Unreadable) as caught:
        parse_json(b'{"a": 1,\n "b": }')
    assert (caught.value.line, caught.value.column) == (2, 7)


@pytest.mark.parametrize(
    ("what", "change", "expected"),
    [
        (
            "what is missing",
            lambda t: t["Declaration"].pop("FunctionCode"),
            [("ACD-STR-01", "/Declaration/FunctionCode")],
        ),
        (
            "a name that the form has not",
            lambda t: t["Declaration"].update({"Col/our~": "red"}),
            [("ACD-STR-02", "/Declaration/Col~1our~0")],
        ),
        (
            "a name in Python's spelling",
            lambda t: t["Declaration"].update(function_code="9"),
            [("ACD-STR-02", "/Declaration/function_code")],
        ),
        (
            "null for what is not there",
            lambda t: t["Declaration"].update(ID=None),
            [("ACD-STR-08", "/Declaration/ID")],
        ),
        (
            "null for a date that must be there",
            lambda t: t["CommunicationMetaData"].update(PreparationDateTime=None),
            [("ACD-STR-08", "/CommunicationMetaData/PreparationDateTime")],
        ),
        (
            "null in an array",
            lambda t: t["Declaration"]["Consignment"].append(None),
            [("ACD-STR-08", "/Declaration/Consignment/1")],
        ),
        (
            "an object where an array belongs",
            lambda t: t["Declaration"].update(Consignment=t["Declaration"]["Consignment"][0]),
            [("ACD-STR-08", "/Declaration/Consignment")],
        ),
        (
            "an array where an object belongs",
            lambda t: t["Declaration"].update(Carrier=[t["Declaration"]["Carrier"]]),
            [("ACD-STR-08", "/Declaration/Carrier")],
        ),
        (
            "a number where a string belongs",
            lambda t: t["Declaration"].update(FunctionCode=9),
            [("ACD-STR-08", "/Declaration/FunctionCode")],
        ),
        (
            "a string where a number belongs",
            lambda t: t["Declaration"]["Consignment"][0].update(SequenceNumeric="1"),
            [("ACD-STR-08", "/Declaration/Consignment/0/SequenceNumeric")],
        ),
        (
            "true where a number belongs",
            lambda t: t["Declaration"]["Consignment"][0].update(SequenceNumeric=True),
            [("ACD-STR-08", "/Declaration/Consignment/0/SequenceNumeric")],
        ),
        (
            "a mass as a number",
            lambda t: t["Declaration"]["TotalGrossMassMeasure"].update(value=4120),
            [("ACD-STR-08", "/Declaration/TotalGrossMassMeasure/value")],
        ),
        (
            "a bare mass",
            lambda t: t["Declaration"].update(TotalGrossMassMeasure="4120"),
            [("ACD-STR-08", "/Declaration/TotalGrossMassMeasure")],
        ),
        (
            "a character that XML cannot carry",
            lambda t: t["Declaration"]["Carrier"].update(Name="A\ufffe"),
            [("ACD-STR-05", "/Declaration/Carrier/Name")],
        ),
        (
            "a moment as a number",
            lambda t: t["Declaration"].update(IssueDateTime=1764000000),
            [("ACD-STR-06", "/Declaration/IssueDateTime")],
        ),
        (
            "1000 consignments",
            lambda t: t["Declaration"].update(Consignment=t["Declaration"]["Consignment"] * 1000),
            [("ACD-STR-07", "/Declaration/Consignment")],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_is_found_at_its_place(what, change, expected):
    content = tree()
    change(content)
    assert faults(written(content)) == expected


@pytest.mark.parametrize(
    ("old", "new", "pointer"),
    [
        (b'"FunctionCode": "9"', b'"FunctionCode": "9", "FunctionCode": "9"', "/Declaration/FunctionCode"),
        (b'"CountryCode": "KG"', b'"CountryCode": "CN", "CountryCode": "KG"',
         "/Declaration/Consignment/0/Consignee/Address/CountryCode"),
        (b'"unitCode": "KGM"', b'"unitCode": "KGM", "unit\\u0043ode": "KGM"',
         "/Declaration/TotalGrossMassMeasure/unitCode"),
        (b'"Declaration": {', b'"ResponsibleCountryCode": "KG", "Declaration": {', "/ResponsibleCountryCode"),
    ],
)  # fmt: skip
def test_a_name_that_stands_twice_is_found_at_any_depth(old, new, pointer):
    assert old in MINIMAL
    assert faults(MINIMAL.replace(old, new, 1)) == [("ACD-STR-09", pointer)]


def test_a_flood_of_faults_is_not_listed_to_its_end():
    content = tree()
    content["Declaration"].update({f"n{n}": "1" for n in range(2000)})
    read = read_json(written(content))
    assert len(read.findings) == MOST_FINDINGS + 1
    assert (read.findings[-1].rule, read.findings[-1].params["count"]) == ("ACD-STR-99", "500")


def test_an_empty_array_is_the_same_as_none():
    content = tree()
    content["Declaration"]["Amendment"] = []
    assert read_json(written(content)).message == examples("declaration")["minimal"]


def test_the_order_of_names_does_not_matter():
    content = dict(reversed(tree().items()))
    content["Declaration"] = dict(reversed(content["Declaration"].items()))
    assert read_json(written(content)).message == examples("declaration")["minimal"]


def test_a_lenient_reading_leaves_the_faulty_part_out_and_reports_it():
    content = tree()
    content["Declaration"]["Carrier"]["Name"] = "x" * 71
    read = read_json(written(content), lenient=True)
    assert read.message.declaration.carrier.name is None
    assert [(f.rule, f.pointer) for f in read.findings] == [("ACD-STR-03", "/Declaration/Carrier/Name")]


def test_both_twins_of_a_fault_have_one_rule_and_one_pointer():
    body = write_xml(examples("declaration")["minimal"]).replace(b"<ModeCode>3<", b"<ModeCode>X<")
    content = tree()
    content["Declaration"]["BorderTransportMeans"]["ModeCode"] = "X"
    in_xml, in_json = read_xml(parse_xml(body)).findings, read_json(written(content)).findings
    assert in_xml == in_json


def test_what_is_written_is_read_again_for_every_example():
    for kind in KINDS:
        for message in examples(kind).values():
            assert read_json(write_json(message)).message == message


def test_repeated_names_cost_as_much_as_other_names():
    def seconds(first):
        names = ",".join(f'"k{number:06}":1' for number in range(30_000))
        begin = time.process_time()
        parse_json(f'{{"Declaration":{{{first},{names}}}}}'.encode())
        return time.process_time() - begin

    once = min(seconds('"A":1,"B":1') for _ in range(3))
    assert seconds('"A":1,"A":1') < 20 * once
