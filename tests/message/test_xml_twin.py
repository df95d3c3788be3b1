"""The XML twin: what is refused before it is read, what is read, and what every fault is called."""

from __future__ import annotations

import time

import pytest
from lxml import etree

from gateway.errors import Unreadable
from gateway.message.examples import examples
from gateway.message.metadata import KINDS
from gateway.message.tree import MOST_FINDINGS
from gateway.message.xml_twin import kind_of, parse_xml, read_xml, write_xml

MINIMAL = write_xml(examples("declaration")["minimal"])
NAMESPACE = KINDS["declaration"].namespace
CONSIGNMENT = "/Declaration/Consignment/0"


def changed(old: str, new: str, times: int = 1) -> bytes:
    assert old.encode() in MINIMAL
    return MINIMAL.replace(old.encode(), new.encode(), times)


def refusal(body: bytes) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        parse_xml(body)
    return caught.value


def faults(body: bytes) -> list[tuple[str, str]]:
    read = read_xml(parse_xml(body))
    assert (read.message is None) is bool(read.findings)
    return [(finding.rule, finding.pointer) for finding in read.findings]


# Refused before anything is read


@pytest.mark.parametrize(
    ("what", "body", "rule", "line"),
    [
        ("nothing", b"", "ACD-ENV-11", 1),
        ("a NUL", b"\x00", "ACD-ENV-11", 1),
        ("no XML", b"{}", "ACD-ENV-11", 1),
        ("an open tag", b"<a>\n<b>", "ACD-ENV-11", 2),
        ("trailing garbage", b"<a/>\nx", "ACD-ENV-11", 2),
        ("two roots", b"<a/><b/>", "ACD-ENV-11", 1),
        ("a control character", b"<a>\n\x01</a>", "ACD-ENV-11", 2),
        ("a reference to a control character", b"<a>&#1;</a>", "ACD-ENV-11", 1),
        ("U+FFFE", b"<a>\xef\xbf\xbe</a>", "ACD-ENV-11", 1),
        ("a lone surrogate in UTF-8", b"<a>\xed\xa0\x80</a>", "ACD-ENV-11", 1),
        ("a reference to a surrogate", b"<a>&#xD800;</a>", "ACD-ENV-11", 1),
        ("bytes that are no UTF-8", b"<a>\xff</a>", "ACD-ENV-11", 1),
        ("UTF-16 declared in UTF-8", b"<?xml version='1.0' encoding='UTF-16'?><a/>", "ACD-ENV-15", None),
        ("UTF-16 not declared", "<a/>".encode("utf-16"), "ACD-ENV-11", 1),
        ("UTF-32", "<a/>".encode("utf-32"), "ACD-ENV-11", 1),
        (
            "GB18030",
            "<?xml version='1.0' encoding='GB18030'?><a>中</a>".encode("gb18030"),
            "ACD-ENV-15",
            None,
        ),
        ("GB18030 not declared", "<a>中</a>".encode("gb18030"), "ACD-ENV-11", 1),
        ("UTF-7 declared", b"<?xml version='1.0' encoding='utf-7'?><a/>", "ACD-ENV-15", None),
        ("a document type", b"<!DOCTYPE a><a/>", "ACD-ENV-16", 1),
        ("an external document type", b"<!DOCTYPE a SYSTEM 'file:///etc/hostname'><a/>", "ACD-ENV-16", 1),
        ("an entity", b"<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", "ACD-ENV-16", 1),
        (
            "an external entity",
            b"<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><a>&e;</a>",
            "ACD-ENV-16",
            1,
        ),
        (
            "an external parameter entity",
            b"<!DOCTYPE a [<!ENTITY % e SYSTEM 'http://127.0.0.1:9/e'> %e;]><a/>",
            "ACD-ENV-16",
            1,
        ),
        ("an unknown entity", b"<a>&nbsp;</a>", "ACD-ENV-11", 1),
        ("a processing instruction before", b"<?do this?><a/>", "ACD-ENV-17", 1),
        ("a processing instruction inside", b"<a>\n<b/><?do this?></a>", "ACD-ENV-17", 2),
        ("a processing instruction after", b"<a/>\n<?do this?>", "ACD-ENV-17", 2),
        ("a style sheet", b"<?xml-stylesheet href='http://127.0.0.1:9/'?><a/>", "ACD-ENV-17", 1),
        (
            "a place of a schema",
            b"<a xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:schemaLocation='urn:a http://127.0.0.1:9/'/>",
            "ACD-ENV-18",
            1,
        ),
        (
            "a type of one's own",
            b"<a xmlns:i='http://www.w3.org/2001/XMLSchema-instance'>\n<b i:type='c'/></a>",
            "ACD-ENV-18",
            2,
        ),
        ("nil", b"<a xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:nil='true'/>", "ACD-ENV-18", 1),
        (
            "nil in a namespace spelt with a reference",
            b"<a xmlns:i='http://www.w3.org/2001/XMLSchema&#45;instance' i:nil='true'/>",
            "ACD-ENV-18",
            1,
        ),
        (
            "an inclusion",
            b"<a xmlns:x='http://www.w3.org/2001/XInclude'>\n<x:include href='http://127.0.0.1:9/'/></a>",
            "ACD-ENV-18",
            2,
        ),
        (
            "an inclusion in a namespace spelt with a reference",
            b"<a xmlns:x='http://www.w3.org/2001/X&#x49;nclude'><x:include href='file:///etc/hostname'/></a>",
            "ACD-ENV-18",
            1,
        ),
        ("nesting without end", b"<a>" * 100_000, "ACD-ENV-13", 1),
        ("the same attribute twice", b"<a b='1' b='2'/>", "ACD-ENV-11", 1),
        ("a prefix that is not declared", b"<a:b/>", "ACD-ENV-11", 1),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_is_refused_with_its_rule_and_line(what, body, rule, line):
    error = refusal(body)
    assert (error.rule, error.line) == (rule, line)
    assert error.detail
    assert "\n" not in error.detail


def test_what_is_not_well_formed_names_line_and_column():
    error = refusal(MINIMAL.replace(b"</Declaration>", b"</declaration>"))
    assert error.line == MINIMAL.split(b"</Declaration>")[0].count(b"\n") + 1
    assert error.column


def test_a_billion_laughs_are_refused_at_once():
    entities = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10 if n else 'laugh'}'>" for n in range(12))
    begin = time.perf_counter()
    assert refusal(f"<!DOCTYPE a [{entities}]><a>&e11;</a>".encode()).rule == "ACD-ENV-16"
    assert time.perf_counter() - begin < 1


def test_a_root_of_no_known_message_is_refused():
    for body in (b"<MetaData/>", b"<MetaData xmlns='urn:torugart:wcodm:declaration:2'/>", b"<a/>"):
        with pytest.raises(Unreadable) as caught:
            kind_of(parse_xml(body))
        assert caught.value.rule == "ACD-ENV-10"


# The same content, however it is written


def rewritten_with_prefixes() -> bytes:
    text = MINIMAL.replace(b"</", b"\0").replace(b"<?", b"\1").replace(b"<", b"<acd:")
    text = text.replace(b"\0", b"</acd:").replace(b"\1", b"<?")
    return text.replace(b"xmlns=", b"xmlns:acd=")


@pytest.mark.parametrize(
    "body",
    [
        rewritten_with_prefixes(),
        b"\xef\xbb\xbf" + MINIMAL,
        MINIMAL.partition(b"?>\n")[2],
        MINIMAL.replace(b"encoding='UTF-8'", b"encoding='utf-8'"),
        MINIMAL.replace(b"\n", b"\r\n"),
        changed("<ModeCode>3<", "<ModeCode><!-- road --><![CDATA[3]]><"),
        changed("<ModeCode>3<", "<ModeCode>&#51;<"),
        changed("<Declaration>", "<!-- the declaration --><Declaration>"),
        changed("<SequenceNumeric>1<", "<SequenceNumeric>\n 1\t<"),
        changed("<TestIndicator>true<", "<TestIndicator> 1 <"),
        MINIMAL + b"<!-- the end -->\n",
    ],
    ids=[
        "prefixes",
        "BOM",
        "no declaration",
        "small letters",
        "CRLF",
        "CDATA",
        "reference",
        "comment",
        "space",
        "1",
        "end",
    ],
)
def test_is_read_as_the_same_message(body):
    assert read_xml(parse_xml(body)).message == examples("declaration")["minimal"]


def test_a_comment_does_not_cut_a_text_short():
    body = changed("办公家具", "办<!-- x -->公<![CDATA[家]]>具")
    assert read_xml(parse_xml(body)).message == examples("declaration")["minimal"]


# Findings


@pytest.mark.parametrize(
    ("what", "body", "expected"),
    [
        (
            "what is missing",
            changed("    <FunctionCode>9</FunctionCode>\n", ""),
            [("ACD-STR-01", "/Declaration/FunctionCode")],
        ),
        (
            "an element that the form has not",
            changed("<FunctionCode>9<", "<Colour>red</Colour><FunctionCode>9<"),
            [("ACD-STR-02", "/Declaration/Colour")],
        ),
        (
            "an element in no namespace",
            changed("<FunctionCode>9</FunctionCode>", "<FunctionCode xmlns=''>9</FunctionCode>"),
            [("ACD-STR-02", "/Declaration/FunctionCode"), ("ACD-STR-01", "/Declaration/FunctionCode")],
        ),
        (
            "an element inside a leaf",
            changed("<ModeCode>3<", "<ModeCode>3<b/><"),
            [("ACD-STR-02", "/Declaration/BorderTransportMeans/ModeCode/b")],
        ),
        (
            "a value too long",
            changed("<ModeCode>3<", "<ModeCode>33<"),
            [("ACD-STR-03", "/Declaration/BorderTransportMeans/ModeCode")],
        ),
        (
            "an empty value",
            changed("<ModeCode>3</ModeCode>", "<ModeCode/>"),
            [("ACD-STR-04", "/Declaration/BorderTransportMeans/ModeCode")],
        ),
        (
            "a value of another shape",
            changed("<ModeCode>3<", "<ModeCode>X<"),
            [("ACD-STR-05", "/Declaration/BorderTransportMeans/ModeCode")],
        ),
        (
            "a blank value",
            changed("<Name>阿图什天马办公家具有限公司<", "<Name> <"),
            [("ACD-STR-05", f"{CONSIGNMENT}/Consignor/Name")],
        ),
        (
            "a decimal with an exponent",
            changed(">4120.000<", ">4.12E3<"),
            [("ACD-STR-05", "/Declaration/TotalGrossMassMeasure/value")],
        ),
        (
            "a time without offset",
            changed("<IssueDateTime>2026-11-23T18:00:00+08:00<", "<IssueDateTime>2026-11-23T18:00:00<"),
            [("ACD-STR-06", "/Declaration/IssueDateTime")],
        ),
        (
            "a day that does not exist",
            changed("<IssueDateTime>2026-11-23T", "<IssueDateTime>2026-02-30T"),
            [("ACD-STR-06", "/Declaration/IssueDateTime")],
        ),
        (
            "a number with a leading zero",
            changed("<SequenceNumeric>1<", "<SequenceNumeric>01<"),
            [("ACD-STR-08", "/Declaration/BorderTransportMeans/Itinerary/0/SequenceNumeric")],
        ),
        (
            "zero where counting begins with one",
            changed("<SequenceNumeric>1<", "<SequenceNumeric>0<"),
            [("ACD-STR-13", "/Declaration/BorderTransportMeans/Itinerary/0/SequenceNumeric")],
        ),
        (
            "neither true nor false",
            changed("<TestIndicator>true<", "<TestIndicator>True<"),
            [("ACD-STR-08", "/CommunicationMetaData/TestIndicator")],
        ),
        (
            "what may stand once, twice",
            changed("<FunctionCode>9<", "<FunctionCode>1</FunctionCode><FunctionCode>9<"),
            [("ACD-STR-09", "/Declaration/FunctionCode")],
        ),
        (
            "text between elements",
            changed("<Declaration>", "<Declaration>stray"),
            [("ACD-STR-10", "/Declaration")],
        ),
        (
            "text after an element",
            changed("<FunctionCode>9</FunctionCode>", "<FunctionCode>9</FunctionCode>stray"),
            [("ACD-STR-10", "/Declaration")],
        ),
        (
            "a no-break space between elements",
            changed("<Declaration>", "<Declaration>\u00a0"),
            [("ACD-STR-10", "/Declaration")],
        ),
        (
            "another order",
            changed("<FunctionCode>9</FunctionCode>", "<TypeCode>785</TypeCode><FunctionCode>9</FunctionCode>").replace(
                b"    <TypeCode>785</TypeCode>\n    <Border", b"    <Border"
            ),
            [
                ("ACD-STR-11", "/Declaration/FunctionCode"),
                ("ACD-STR-11", "/Declaration/FunctionalReferenceID"),
                ("ACD-STR-11", "/Declaration/IssueDateTime"),
                ("ACD-STR-11", "/Declaration/TotalGrossMassMeasure"),
                ("ACD-STR-11", "/Declaration/TotalPackageQuantity"),
            ],
        ),
        (
            "an attribute that the form has not",
            changed("<ModeCode>", "<ModeCode list='19'>"),
            [("ACD-STR-12", "/Declaration/BorderTransportMeans/ModeCode/@list")],
        ),
        (
            "an attribute of a class",
            changed("<Carrier>", "<Carrier xml:lang='zh'>"),
            [("ACD-STR-12", "/Declaration/Carrier/@lang")],
        ),
        (
            "another attribute beside the unit",
            changed("unitCode=", "scheme='6' unitCode="),
            [("ACD-STR-12", "/Declaration/TotalGrossMassMeasure/@scheme")],
        ),
        (
            "a unit that is too long",
            changed('unitCode="KGM"', 'unitCode="KILO"'),
            [("ACD-STR-03", "/Declaration/TotalGrossMassMeasure/unitCode")],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_is_found_at_its_place(what, body, expected):
    assert faults(body) == expected


def test_a_finding_knows_its_line_and_what_stood_there():
    (finding,) = read_xml(parse_xml(changed("<ModeCode>", "<ModeCode list='19'>"))).findings
    assert MINIMAL.decode().split("\n")[finding.line - 1].strip().startswith("<ModeCode>")
    assert finding.value == "19"
    assert finding.params == {"name": "list"}


def test_every_fault_is_reported_and_not_the_first_alone():
    body = changed("<ModeCode>3<", "<ModeCode>X<").replace(b"<FunctionCode>9<", b"<FunctionCode>nine<")
    assert {pointer for _, pointer in faults(body)} == {
        "/Declaration/FunctionCode",
        "/Declaration/BorderTransportMeans/ModeCode",
    }


def consignments(number: int) -> bytes:
    root = parse_xml(MINIMAL)
    first = root.find(f".//{{{NAMESPACE}}}Consignment")
    for _ in range(number - 1):
        copy = etree.fromstring(etree.tostring(first))
        first.addnext(copy)
    return etree.tostring(root)


def test_999_consignments_are_read_and_1000_are_one_finding():
    assert len(read_xml(parse_xml(consignments(999))).message.declaration.consignment) == 999
    assert faults(consignments(1000)) == [("ACD-STR-07", "/Declaration/Consignment")]


@pytest.mark.parametrize(
    "body",
    [
        changed("<Declaration>", "<Declaration " + " ".join(f"a{n}='1'" for n in range(20_000)) + ">"),
        changed("<Declaration>", "<Declaration>" + "<b/>" * 20_000),
        changed("<Declaration>", "<Declaration>" + "<b/>x" * 20_000),
        changed("<Declaration>", "<Declaration>" + "<FunctionCode>9</FunctionCode>" * 20_000),
    ],
    ids=["attributes", "elements", "texts", "repeats"],
)
def test_a_flood_of_faults_is_not_listed_to_its_end(body):
    read = read_xml(parse_xml(body))
    assert read.message is None
    assert len(read.findings) == MOST_FINDINGS + 1
    assert read.findings[-1].rule == "ACD-STR-99"


def test_deep_nesting_of_unknown_elements_is_one_finding():
    body = changed("<Declaration>", "<Declaration>" + "<b>" * 200 + "</b>" * 200)
    assert faults(body) == [("ACD-STR-02", "/Declaration/b")]


# Lenient reading, for adapters


def test_a_lenient_reading_leaves_the_faulty_part_out_and_reports_it():
    read = read_xml(parse_xml(changed("<ModeCode>3<", "<ModeCode>X<")), lenient=True)
    assert read.message.declaration.border_transport_means.mode_code is None
    assert [finding.pointer for finding in read.findings] == ["/Declaration/BorderTransportMeans/ModeCode"]


def test_a_lenient_reading_without_what_a_message_must_have_gives_findings_alone():
    read = read_xml(parse_xml(changed("    <FunctionCode>9</FunctionCode>\n", "")), lenient=True)
    assert read.message is None
    assert ("ACD-STR-01", "/Declaration/FunctionCode") in [(f.rule, f.pointer) for f in read.findings]


# Writing


def test_what_is_written_is_read_again_for_every_example():
    for kind in KINDS:
        for message in examples(kind).values():
            assert read_xml(parse_xml(write_xml(message))).message == message


def test_carriage_returns_and_line_ends_survive_writing():
    message = examples("declaration")["minimal"]
    consignor = message.declaration.consignment[0].consignor.model_copy(update={"name": "A\r\nB\tC"})
    first = message.declaration.consignment[0].model_copy(update={"consignor": consignor})
    changed_message = message.model_copy(
        update={"declaration": message.declaration.model_copy(update={"consignment": (first,)})}
    )
    assert read_xml(parse_xml(write_xml(changed_message))).message == changed_message
