"""The form itself: its names, its order, its leaves."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from gateway.message.element import Qualified, WcoClass, wire_name
from gateway.message.examples import examples
from gateway.message.leaf import (
    A2,
    ID35,
    N4,
    Code3,
    Count8,
    Decimal16_6,
    Flag,
    Moment,
    Sequence,
    Text35,
    read_date_time,
    utc,
    write_date_time,
)
from gateway.message.metadata import KINDS, MetaData
from gateway.message.parts import Measure, Seal
from gateway.message.table import by_name, elements, walk


def classes() -> set[type[WcoClass]]:
    below = {element.child for kind in KINDS.values() for _, element in walk(kind) if element.child is not None}
    return below | set(KINDS.values())


ALL = sorted(classes(), key=lambda cls: cls.__name__)


def accepts(leaf: object, value: object) -> bool:
    try:
        TypeAdapter(leaf).validate_python(value)
    except ValidationError:
        return False
    return True


# The table


@pytest.mark.parametrize("cls", [cls for cls in ALL if not issubclass(cls, Qualified)], ids=lambda cls: cls.__name__)
def test_leaves_come_before_classes_and_each_in_the_order_of_their_names(cls):
    rows = elements(cls)
    leaves = [row.name for row in rows if row.leaf is not None]
    inner = [row.name for row in rows if row.leaf is None]
    assert [row.name for row in rows] == leaves + inner
    assert leaves == sorted(leaves)
    if issubclass(cls, MetaData):  # who sends what to whom comes before what is sent
        inner.remove(cls.document)
    assert inner == sorted(inner)


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_every_element_says_what_it_holds(cls):
    for row in elements(cls):
        assert row.definition
        assert re.fullmatch("[A-Za-z]+", row.name)
        assert (row.leaf is None) is (row.child is not None and not row.qualified)


@pytest.mark.parametrize("kind", KINDS)
def test_a_class_has_one_id_wherever_it_is_used(kind):
    for _, element in walk(KINDS[kind]):
        if element.child is not None and not element.qualified and element.wco_id:
            assert element.wco_id == element.child.wco_class, element.name


@pytest.mark.parametrize("kind", KINDS)
def test_wco_ids_have_the_shape_of_wco_ids(kind):
    for _, element in walk(KINDS[kind]):
        if element.wco_id:
            assert re.fullmatch(r"[0-9]{3,4}|[A-Z][0-9]{3}|[0-9]{2}[A-Z]", element.wco_id), element.name


def test_a_wire_name_spells_abbreviations_in_capitals():
    assert wire_name("declaration_office_id") == "DeclarationOfficeID"
    assert wire_name("specific_circumstances_code_code") == "SpecificCircumstancesCodeCode"
    assert wire_name("aeo_mutual_recognition_party") == "AEOMutualRecognitionParty"
    assert [row.name for row in elements(Measure)] == ["value", "unitCode"]


def test_the_table_knows_how_often_an_element_may_stand():
    row = by_name(KINDS["declaration"])["Declaration"]
    consignment = by_name(row.child)["Consignment"]
    assert (consignment.form, consignment.profile, consignment.repeated) == ("0..999", "0..999", True)
    carrier = by_name(row.child)["Carrier"]
    assert (carrier.form, carrier.profile, carrier.repeated) == ("0..1", "1..1", False)


def test_a_message_cannot_be_changed_once_made():
    message = examples("declaration")["minimal"]
    with pytest.raises(ValidationError, match="frozen"):
        message.declaration.function_code = "1"


def test_a_message_can_be_made_by_the_names_of_python_and_of_the_wire():
    assert Seal(id="A1", sequence_numeric=1) == Seal.model_validate({"ID": "A1", "SequenceNumeric": 1})


# The leaves


@pytest.mark.parametrize(
    ("leaf", "good", "bad"),
    [
        (A2, ["KG"], ["kg", "K", "KGZ", "К\u0413", ""]),
        (N4, ["0004", "3480"], ["348", "34800", "３４８０", "3 80"]),
        (Code3, ["A", "A B", "КГ"], ["", "ABCD", " A", "A ", "A\tB", "A  B"[:4]]),
        (ID35, ["新P52718", "x" * 35, "\U00020000" * 35, "A\u00a0B"], ["x" * 36, "A\n", "A\x7f\x00", "\ufffe"]),
        (Text35, ["中 文\nдва", "A ", "\u0085"], ["", " A", "\n", "A\x0b", "A\uffff", "x" * 36]),
        (Sequence, [1, 99999], [0, 100000, "1", 1.0, True, -1]),
        (Count8, ["0", "99999999", Decimal(7)], ["00", "1.0", "100000000", "-1", 7, "1e3"]),
        (Decimal16_6, ["0", "0.000000", "1234567890.123456", Decimal("1.50")],
         ["12345678901", "1.1234567", ".5", "5.", "+1", "-1", "NaN", "Infinity", "1,5", 1.5, Decimal("-1"),
          Decimal("NaN")]),
        (Flag, [True, False], ["true", 1, 0, None]),
        (Moment, ["2026-11-23T14:05:00+06:00", "2026-11-23T14:05:00.250Z", datetime(2026, 11, 23, tzinfo=UTC)],
         ["2026-11-23T14:05:00", "2026-11-23", "2026-02-30T00:00:00Z", "2026-11-23T24:00:00Z",
          "2026-11-23T14:05:00+14:01", "2026-11-23T14:05:00.1234567Z", "2026-11-23 14:05:00Z", "2026-11-23T14:05:00Z\n",
          datetime(2026, 11, 23), 1, None]),  # noqa: DTZ001 - that is the fault
    ],
    ids=["a2", "n4", "Code", "ID", "Text", "Sequence", "Count", "Decimal", "Flag", "Moment"],
)  # fmt: skip
def test_a_leaf_accepts_its_format_and_nothing_else(leaf, good, bad):
    assert [value for value in good if not accepts(leaf, value)] == []
    assert [value for value in bad if accepts(leaf, value)] == []


def test_a_decimal_keeps_the_zeros_it_came_with():
    assert Measure(value="22140.000", unit_code="KGM").model_dump(mode="json")["value"] == "22140.000"
    assert Measure(value=Decimal("1E+2")).model_dump(mode="json")["value"] == "100"


def test_a_moment_is_written_as_it_was_read():
    for text in ("2026-11-23T14:05:00+06:00", "2026-11-23T14:05:00Z", "2026-11-23T14:05:00.250-11:30"):
        assert write_date_time(read_date_time(text)) == text


def test_a_moment_finer_than_a_millisecond_is_refused_and_not_rounded():
    assert not accepts(Moment, datetime(2026, 11, 23, 1, 2, 3, 1, tzinfo=UTC))
    assert not accepts(Moment, datetime(2026, 11, 23, tzinfo=timezone(timedelta(hours=6, seconds=1))))


def test_the_same_moment_in_utc():
    assert utc(read_date_time("2026-11-23T14:05:00+06:00")) == datetime(2026, 11, 23, 8, 5, tzinfo=UTC)
    assert utc(read_date_time("2026-11-23T14:05:00+06:00")).utcoffset() == timedelta(0)
