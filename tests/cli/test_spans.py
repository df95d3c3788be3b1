"""Every part of a document is found in its text; held against the locator that the gateway itself has."""

from __future__ import annotations

import pytest

from builders.locating import locate_line
from gateway.message.place import locate
from gateway.message.xml_twin import kind_of, parse_xml
from gateway.published import published
from gateway.spans import spans

EXAMPLES = sorted(published().glob("*/v1/examples/*.json"))


def shown(body: str, place: str) -> str:
    span = spans(body.encode()).find(place)
    return body.split("\n")[span.line - 1][span.column - 1 : span.end - 1]


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: f"{file.parts[-4]}-{file.stem}")
def test_both_locators_lead_to_the_same_line_in_both_twins(file):
    body, twin = file.read_bytes(), file.with_suffix(".xml").read_bytes()
    kind, in_json, in_xml = kind_of(parse_xml(twin)), spans(body), spans(twin)
    assert in_json.values
    for pointer in list(in_json.values)[::7]:
        assert in_json.find(pointer).line == locate_line(body, "application/json", pointer)[0]
        line, column = locate_line(twin, "application/xml", pointer)
        found = in_xml.find(locate(pointer, kind).xpath)
        assert found.line == line
        assert found.column >= column


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("/a", "<a"),
        ("/a/b[1]", "一"),
        ("/a/b[2]", "二 三"),
        ("/a/b[2]/@u", "K"),
        ("/a/b[2]/text()", "二 三"),
        ("/a/c", "<c>"),
        ("/a/c/d", "<d"),
        ("/a/c/missing/deeper", "<c>"),
        ("/a/b[9]", "<a"),
    ],
)
def test_a_value_in_xml_is_its_text_and_what_is_missing_is_the_part_that_lacks_it(place, text):
    assert shown("<a x='>'><b>一</b>\n <b u=\"K\"> 二 三 </b><c>\n<d/></c></a>", place) == text


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("", "{"),
        ("/a", '"a"'),
        ("/a/0", '"一\\""'),
        ("/a/1", "17"),
        ("/a/2/b~1c", "true"),
        ("/a/2", "{"),
        ("/missing", "{"),
        ("/a/7", '"a"'),
    ],
)
def test_a_value_in_json_is_found_and_what_is_missing_is_the_part_that_lacks_it(place, text):
    assert shown('{\n "a" : ["一\\"", 17, {"b/c": true}]}', place) == text


def test_a_value_that_goes_on_in_the_next_line_ends_with_its_line():
    assert shown("<a>one\ntwo</a>", "/a") == "one"


@pytest.mark.parametrize(
    "body", [b"", b"<a", b"{", b"\xff\xfe", b"<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", b"PK\x03\x04"]
)
def test_in_what_cannot_be_read_there_are_no_places(body):
    assert spans(body).find("/a") is None
