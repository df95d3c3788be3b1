"""Bytes become documents safely, or are turned away with the reason."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import pytest

from mock_nsw.documents import SIZE_LIMIT, Unreadable, documents_in, text_at, xml_root, zip_of

ZIP = "application/zip"
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_a_zip_gives_its_documents_in_order():
    packed = zip_of([("b.xml", b"<b/>"), ("a.xml", b"<a/>")], NOON)
    assert documents_in(packed, "Application/Zip; charset=binary") == (b"<b/>", b"<a/>")


def test_anything_else_is_one_document():
    assert documents_in(b"PK", "application/xml") == (b"PK",)


def test_the_same_entries_at_the_same_time_make_the_same_zip():
    entries = [("a.xml", b"<a/>" * 1000)]
    assert zip_of(entries, NOON) == zip_of(entries, NOON)


@pytest.mark.parametrize("sizes", [[SIZE_LIMIT + 1], [SIZE_LIMIT // 2 + 1] * 2], ids=["one", "together"])
def test_a_zip_that_unpacks_to_more_than_the_limit_is_turned_away_for_that(sizes):
    packed = zip_of([(f"{number}.xml", b" " * size) for number, size in enumerate(sizes)], NOON)
    assert len(packed) < SIZE_LIMIT // 100
    with pytest.raises(Unreadable, match="unpacks to more than"):
        documents_in(packed, ZIP)


def test_a_zip_at_the_limit_is_read():
    assert len(documents_in(zip_of([("a.xml", b" " * SIZE_LIMIT)], NOON), ZIP)[0]) == SIZE_LIMIT


def test_a_zip_with_a_damaged_entry_is_turned_away():
    packed = bytearray(zip_of([("a.xml", bytes(range(256)) * 8)], NOON))
    packed[60] ^= 0xFF
    with pytest.raises(Unreadable):
        documents_in(bytes(packed), ZIP)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=["bzip2", "LZMA"])
def test_a_zip_whose_entry_is_packed_otherwise_than_the_wire_has_it_is_turned_away(method):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        archive.writestr("a.xml", b"<a/>" * 100)
    damaged = bytearray(packed.getvalue())
    damaged[50] ^= 0xFF
    for body in (packed.getvalue(), bytes(damaged)):
        with pytest.raises(Unreadable):
            documents_in(body, ZIP)


def test_a_zip_that_claims_to_be_encrypted_is_turned_away():
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        archive.writestr("a.xml", b"<a/>")
    packed = bytearray(stored.getvalue())
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Unreadable):
        documents_in(bytes(packed), ZIP)


@pytest.mark.parametrize(
    "declaration", [b"<!DOCTYPE a>", b'<!DOCTYPE a [<!ENTITY e "x">]>', b'<!DOCTYPE a SYSTEM "a.dtd">']
)
def test_every_document_type_declaration_is_refused(declaration):
    with pytest.raises(Unreadable, match="document type declaration"):
        xml_root(declaration + b"<a/>")


def test_a_thousand_levels_are_beyond_what_is_read():
    with pytest.raises(Unreadable):
        xml_root(b"<a>" * 5000 + b"</a>" * 5000)


@pytest.mark.parametrize("inside", [b"<!-- 1 -->", b"<?go on?>"], ids=["comment", "processing instruction"])
def test_a_text_goes_on_behind_what_is_no_part_of_it(inside):
    root = xml_root(b"<a><b>KG/2" + inside + b"0261123/000000417</b></a>")
    assert text_at(root, "b", {}) == "KG/20261123/000000417"
    assert len(root[0]) == 0
