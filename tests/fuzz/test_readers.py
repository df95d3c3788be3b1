"""Whatever the bytes are, a reader gives a message or findings, or says that they are unreadable. Nothing else."""

from __future__ import annotations

import random

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders.locating import locate_line
from gateway.errors import Unreadable
from gateway.message.canonical import content_digest
from gateway.message.examples import examples
from gateway.message.json_twin import read_json, write_json
from gateway.message.metadata import KINDS
from gateway.message.schema import read_message_json, read_message_xml
from gateway.message.xml_twin import parse_xml, read_xml, write_xml

MESSAGES = [message for kind in KINDS for message in examples(kind).values()]
XML = [write_xml(message) for message in MESSAGES]
JSON = [write_json(message) for message in MESSAGES]
PIECES = [
    b"<", b">", b"</", b"/>", b"&", b"&amp;", b"&#x0;", b"&#10;", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?x?>",
    b"<!DOCTYPE a>", b' a="b"', b' xmlns=""', b"<ID>", b"\x00", b"\x01", b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80",
    b"\xef\xbf\xbe", b"\xc2\x85", b"\xe2\x80\xa8", "中".encode(), b"{", b"}", b"[", b"]", b'"', b",", b":", b"null",
    b"true", b"NaN", b"1e9", b"0", b"-1", b"9999999999999999999999", b"\\ud800", b"\\u0000", b"\\",
]  # fmt: skip
CALM = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def judge_xml(body: bytes) -> None:
    try:
        adapted = read_xml(parse_xml(body), lenient=True)
        read = read_message_xml(parse_xml(body))
    except Unreadable:
        return
    assert adapted.message is not None or adapted.findings
    assert (read.message is None) is bool(read.findings)
    if read.message is not None:
        again = read_message_xml(parse_xml(write_xml(read.message))).message
        assert again == read.message
        assert read_message_json(write_json(read.message)).message == read.message
    for finding in read.findings:
        assert locate_line(body, "application/xml", finding.pointer)


def judge_json(body: bytes) -> None:
    try:
        adapted = read_json(body, lenient=True)
        read = read_message_json(body)
    except Unreadable:
        return
    assert adapted.message is not None or adapted.findings
    assert (read.message is None) is bool(read.findings)
    if read.message is not None:
        assert content_digest(read_message_xml(parse_xml(write_xml(read.message))).message) == content_digest(
            read.message
        )
    for finding in read.findings:
        assert locate_line(body, "application/json", finding.pointer)


def mangled(body: bytes, seed: int, changes: int) -> bytes:
    """A document with some bytes cut out, repeated, exchanged or put in."""
    chance = random.Random(seed)
    for _ in range(changes):
        begin = chance.randrange(len(body) + 1)
        end = min(len(body), begin + chance.choice([0, 1, 2, 5, 20, 200]))
        other = chance.randrange(len(body) + 1)
        put = chance.choice(
            [b"", chance.choice(PIECES), chance.choice(PIECES), body[other : other + 30], body[begin:end] * 2]
        )
        body = body[:begin] + put + body[end:]
    return body


@CALM
@given(st.binary(max_size=200))
def test_random_bytes_are_unreadable_and_nothing_worse(body):
    judge_xml(body)
    judge_json(body)


@CALM
@given(st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join))
def test_random_pieces_of_syntax_are_unreadable_and_nothing_worse(body):
    judge_xml(body)
    judge_json(body)


@CALM
@given(st.integers(0, len(XML) - 1), st.integers(0, 2**32), st.integers(1, 3))
def test_a_mangled_xml_message_is_read_found_faulty_or_refused(which, seed, changes):
    judge_xml(mangled(XML[which], seed, changes))


@CALM
@given(st.integers(0, len(JSON) - 1), st.integers(0, 2**32), st.integers(1, 3))
def test_a_mangled_json_message_is_read_found_faulty_or_refused(which, seed, changes):
    judge_json(mangled(JSON[which], seed, changes))


ANY_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["Declaration", "Response", "CommunicationMetaData", "ID", "Consignment", "x"]), inner
        ),
    ),
    max_leaves=12,
)


@CALM
@given(ANY_JSON)
def test_any_json_is_read_found_faulty_or_refused(content):
    judge_json(orjson.dumps(content))
