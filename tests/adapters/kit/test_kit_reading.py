"""An XML document while it is read: what is taken, from where, and that nothing else is forgotten."""

from datetime import UTC, datetime

import pytest
from lxml import etree

from adapters.kit.contract import LARGEST, LONGEST_PLACE, MOST_LEFT, XML, National, Setting
from adapters.kit.xml_source import XmlSource, read_by_root, report_leftovers, xml_source
from gateway.message.finding import Severity
from gateway.message.parts import Address, Itinerary

SETTING = Setting("XX", {})
KNOWN = {"Doc", "Part", "Value", "Line"}


def source_of(text: str, **blanks: str) -> XmlSource:
    return xml_source(etree.fromstring(text), lambda name: name, blanks)


def of(body: str, **blanks: str) -> tuple[XmlSource, etree._Element]:
    """A document with one `Value`, and that element."""
    source = source_of(f"<Doc>{body}</Doc>", **blanks)
    return source, source.root[0]


def left(source: XmlSource) -> list[tuple[str, str, str]]:
    before = len(source.findings)
    report_leftovers(source, lambda node: node.tag in KNOWN)
    return [(each.rule, each.national, each.value) for each in source.findings[before:]]


@pytest.mark.parametrize("body", ["<Value/>", "<Value> \n</Value>", "<Value><null/></Value>"])
def test_an_empty_element_is_none_and_comes_from_nowhere(body):
    source, node = of(body)
    assert (source.take(node, "/A"), source.words(node, "/A"), source.number(node, "/A")) == (None, None, None)
    assert source.origins == {}
    assert left(source) == []


def test_a_value_is_taken_without_the_white_space_around_it_and_its_place_is_kept():
    source = source_of("<Doc><Part/><Part><Value> a  b </Value></Part></Doc>")
    assert source.value(source.all(source.root, "Part")[1], "Value", "/A") == "a  b"
    assert source.origins == {"/A": "/Doc/Part[2]/Value"}
    assert left(source) == []


@pytest.mark.parametrize(
    ("text", "words"), [("a ", "a "), (" a ", "a"), ("\n  a\n  b\n", "a\n  b"), ("a\nb ", "a\nb "), (" ", None)]
)
def test_words_keep_their_white_space_but_for_that_of_an_indented_document(text, words):
    source, node = of(f"<Value>{text}</Value>")
    assert source.words(node) == words
    assert source.whole(node) == text


def test_what_a_country_takes_for_nothing_is_told_by_its_rule_once():
    source, node = of("<Value> null </Value>", null="XX-001")
    assert source.words(node, "/A/B") is None
    assert [(each.rule, each.pointer, each.value) for each in source.findings] == [("XX-001", "/A/B", "null")]
    assert source.origins == {}
    assert left(source) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+007.50", "7.50"),
        ("0", "0"),
        ("00", "0"),
        (".5", "0.5"),
        ("5.", "5"),
        ("-1", "-1"),
        ("1e3", "1e3"),
        ("+", "+"),
    ],
)
def test_a_decimal_is_written_as_the_common_form_has_it_and_what_is_none_stays(text, number):
    source, node = of(f"<Value>{text}</Value>")
    assert source.number(node) == number


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-23T10:00:00Z", datetime(2026, 11, 23, 10, tzinfo=UTC)),
        ("2026-11-23T10:00:00.12+00:00", datetime(2026, 11, 23, 10, 0, 0, 120_000, tzinfo=UTC)),
        ("2026-11-23T10:00:00.120000", datetime.fromisoformat("2026-11-23T10:00:00.120")),
    ],
)
def test_a_date_time_has_its_offset_where_the_document_has_one(text, moment):
    source, node = of(f"<Value>{text}</Value>")
    assert source.date_time(node, "/A") == moment
    assert source.findings == []


def test_a_date_time_finer_than_a_millisecond_is_cut_and_that_is_told():
    source, node = of("<Value>2026-11-23T10:00:00.1234Z</Value>")
    read = source.date_time(node, "/A")
    assert read is not None
    assert read.microsecond == 123_000
    assert [each.rule for each in source.findings] == ["KIT-LOST-01"]


@pytest.mark.parametrize(
    "text",
    [
        *("2026-11-23", "2026-02-30T10:00:00Z", "1999-12-31T23:59:59Z", "2100-01-01T00:00:00Z"),
        *("2026-11-23T10:00:00+14:01", "2026-11-23T10:00:00-15:00", "٢026-11-23T10:00:00Z", "soon"),
    ],
)
def test_a_date_time_that_the_common_form_cannot_write_does_not_fit(text):
    source, node = of(f"<Value>{text}</Value>")
    assert source.date_time(node, "/A/B") is None
    assert [(each.rule, each.severity, each.pointer, each.value, each.params) for each in source.findings] == [
        ("KIT-FIT-01", Severity.WARN, "/A/B", text, {"name": "B"})
    ]


def test_what_nobody_took_is_lost_where_the_form_has_it_and_unknown_where_not():
    source = source_of("<Doc><Value>a</Value><Value>b</Value><New>c</New><Part>d<Line/>e</Part></Doc>")
    source.take(source.first(source.root, "Value"))
    assert left(source) == [
        ("KIT-LOST-01", "/Doc/Value[2]", "b"),
        ("KIT-UNK-01", "/Doc/New", "c"),
        ("KIT-LOST-01", "/Doc/Part", "d e"),
    ]


def test_an_xml_attribute_that_nobody_took_is_unknown():
    source, node = of('<Value a=" 1 " b="2" c=" "/>')
    assert (source.attribute(node, "a", "/A"), source.attribute(node, "c", "/C")) == ("1", None)
    assert source.attribute(node, "none", "/N") is None
    assert source.origins == {"/A": "/Doc/Value/@a"}
    assert left(source) == [("KIT-UNK-01", "/Doc/Value/@b", "2")]


def test_an_element_that_is_not_known_is_told_once_with_all_that_is_in_it():
    source = source_of("<Doc><New>a<Value x='1'>b</Value><null><Line>c</Line></null></New></Doc>")
    assert left(source) == [("KIT-UNK-01", "/Doc/New", "a b c")]


def test_an_element_called_null_is_not_known_where_it_holds_something():
    assert left(source_of("<Doc><null><Line>c</Line></null></Doc>")) == [("KIT-UNK-01", "/Doc/null", "c")]


@pytest.mark.parametrize("name", ["Value", "New"])
def test_of_very_many_that_nobody_took_the_rest_is_counted(name):
    found = left(source_of(f"<Doc>{f'<{name}>a</{name}>' * 3000}</Doc>"))
    assert len(found) == MOST_LEFT + 1
    assert found[-1] == ("KIT-UNK-01", "/Doc", f"+ {3000 - MOST_LEFT}")


def test_what_a_small_document_of_deep_and_long_names_is_told_of_it_is_small_too():
    names = [f"n{number}{'k' * 400}" for number in range(50)]
    deep = "".join(f"<{name}>" for name in names) + "<a>1</a>" * 5000 + "".join(f"</{name}>" for name in names[::-1])
    long = f"<{'l' * 20_000} a='{'v' * 20_000}'/>"
    source = source_of(f"<Doc>{deep}{long}</Doc>")
    found = left(source)
    assert [each[0] for each in found] == ["KIT-UNK-01"] * 3
    assert max(len(place) for _, place, _ in found) == LONGEST_PLACE
    assert sum(len(step) for step in source.steps.values()) < 200_000


def test_of_more_than_there_is_room_for_each_is_told_once_and_whole():
    source = source_of('<Doc><Part><Value>a</Value></Part><Part><Value x="1">b</Value><Line>c</Line></Part></Doc>')
    (first,) = source.at_most(source.all(source.root, "Part"), 1)
    source.value(first, "Value")
    assert [(each.rule, each.national, each.value) for each in source.findings] == [
        ("KIT-FIT-01", "/Doc/Part[2]", "b c")
    ]
    assert left(source) == []


def test_a_part_is_made_and_what_does_not_fit_is_told_at_the_element_that_it_came_from():
    source = source_of("<Doc><Part><Value>KGZ</Value><Line>a</Line></Part></Doc>")
    part = source.first(source.root, "Part")
    values = {"country_code": source.value(part, "Value", "/P/CountryCode"), "line": source.value(part, "Line", "/P/L")}
    assert source.make(Address, "/P", part, values) == Address(line="a")
    assert [(each.rule, each.pointer, each.national) for each in source.findings] == [
        ("KIT-FIT-01", "/P/CountryCode", "/Doc/Part/Value")
    ]
    assert source.origins["/P"] == "/Doc/Part"


def test_a_part_that_cannot_be_made_of_what_is_there_is_told_itself():
    source, node = of("<Value/>")
    assert source.make(Itinerary, "/P", node, {}) is None
    assert source.findings == []


# Which document it is


def read(body: bytes):
    readers = {"Doc": lambda source, _setting: source.take(source.first(source.root, "Value"))}
    known = KNOWN.__contains__
    return read_by_root(
        National(body, XML), SETTING, readers, lambda root: xml_source(root, str), lambda node: known(node.tag)
    )


def test_a_document_is_read_by_its_root_and_what_is_left_is_told():
    reading = read(b"<Doc><Value>a</Value><Line>b</Line></Doc>")
    assert reading.message == "a"
    assert [(each.rule, each.value) for each in reading.findings] == [("KIT-LOST-01", "b")]


@pytest.mark.parametrize("body", [b"", b"<Doc>", b"<Other/>", b"\x00\xff"])
def test_what_is_no_document_of_the_country_cannot_be_read(body):
    reading = read(body)
    assert reading.message is None
    assert [(each.rule, each.severity, each.national) for each in reading.findings] == [
        ("KIT-READ-01", Severity.REJECT, "/")
    ]


def test_a_document_larger_than_the_wire_takes_is_not_even_parsed():
    reading = read(b"<Doc>" + b" " * LARGEST)
    assert [each.rule for each in reading.findings] == ["KIT-READ-01"]
    assert reading.findings[0].value == f"{LARGEST + 5} > {LARGEST}"
