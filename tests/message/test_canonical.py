"""The content digest: the same for the same content, however it was written; another for any other content."""

from __future__ import annotations

import hashlib

import orjson
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.message.canonical import bytes_digest, canonical_json, content_digest
from gateway.message.examples import examples
from gateway.message.json_twin import read_json, write_json
from gateway.message.metadata import KINDS
from gateway.message.xml_twin import parse_xml, read_xml, write_xml

ALL = [(kind, name) for kind in KINDS for name in examples(kind)]
MINIMAL = examples("declaration")["minimal"]


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_both_twins_have_one_digest(kind, name):
    message = examples(kind)[name]
    in_xml = read_xml(parse_xml(write_xml(message))).message
    in_json = read_json(write_json(message)).message
    assert content_digest(in_xml) == content_digest(in_json) == content_digest(message)


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_canonical_json_is_what_rfc_8785_says(kind, name):
    message = examples(kind)[name]
    assert canonical_json(message) == rfc8785.dumps(orjson.loads(write_json(message)))


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\ufffe\uffff", min_codepoint=0x20), min_size=1, max_size=70
)


@settings(max_examples=200, deadline=None)
@given(name=TEXTS.filter(lambda text: text[0] != " "), number=st.integers(1, 99999))
def test_canonical_json_of_any_text_is_what_rfc_8785_says(name, number):
    tree = orjson.loads(write_json(MINIMAL))
    tree["Declaration"]["Carrier"]["Name"] = name
    tree["Declaration"]["Consignment"][0]["SequenceNumeric"] = number
    message = read_json(orjson.dumps(tree)).message
    assert canonical_json(message) == rfc8785.dumps(tree)


def test_the_digest_names_its_algorithm():
    expected = hashlib.sha256(canonical_json(MINIMAL)).hexdigest()
    assert content_digest(MINIMAL) == f"sha-256:{expected}"
    assert bytes_digest(b"") == "sha-256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def with_mass(value: str) -> str:
    tree = orjson.loads(write_json(MINIMAL))
    tree["Declaration"]["TotalGrossMassMeasure"]["value"] = value
    return content_digest(read_json(orjson.dumps(tree)).message)


def test_zeros_at_the_end_of_a_decimal_are_content():
    assert len({with_mass("4120"), with_mass("4120.0"), with_mass("4120.000")}) == 3


def with_moment(value: str) -> str:
    tree = orjson.loads(write_json(MINIMAL))
    tree["Declaration"]["IssueDateTime"] = value
    return content_digest(read_json(orjson.dumps(tree)).message)


def test_the_offset_of_a_moment_is_content_and_the_spelling_of_utc_is_not():
    assert with_moment("2026-11-23T10:00:00Z") != with_moment("2026-11-23T18:00:00+08:00")
    assert with_moment("2026-11-23T10:00:00Z") == with_moment("2026-11-23T10:00:00+00:00")
    assert with_moment("2026-11-23T10:00:00Z") == with_moment("2026-11-23T10:00:00.000Z")


def test_an_element_that_is_there_but_empty_is_content():
    tree = orjson.loads(write_json(MINIMAL))
    tree["Declaration"]["Agent"] = {}
    assert content_digest(read_json(orjson.dumps(tree)).message) != content_digest(MINIMAL)


@settings(max_examples=100, deadline=None)
@given(place=st.integers(0, 10_000), letter=st.sampled_from("XYZ"))
def test_any_other_text_has_another_digest(place, letter):
    tree = orjson.loads(write_json(MINIMAL))
    name = tree["Declaration"]["Carrier"]["Name"]
    place %= len(name)
    tree["Declaration"]["Carrier"]["Name"] = name[:place] + letter + name[place + 1 :]
    assert content_digest(read_json(orjson.dumps(tree)).message) != content_digest(MINIMAL)
