"""Border events in national forms: what is written, and what of it counts as said."""

import pytest

from adapters.kit.event import import_number, plates, remark, subheadings
from adapters.kit.sheet import Sheet
from gateway.message.declaration import (
    BorderTransportMeans,
    Classification,
    Commodity,
    ConsignmentItem,
    TransportEquipment,
)
from gateway.message.parts import AdditionalDocument, AdditionalInformation


def means(tractor: str | None, *trailers: TransportEquipment) -> BorderTransportMeans:
    return BorderTransportMeans(id=tractor, identification_type_code="30", transport_equipment=trailers)


def item(number: int, code: str | None) -> ConsignmentItem:
    codes = () if code is None else (Classification(id=code),)
    return ConsignmentItem(sequence_numeric=number, commodity=Commodity(description="A", classification=codes))


def document(kind: str, number: str | None) -> AdditionalDocument:
    return AdditionalDocument(type_code=kind, id=number)


def test_the_tractor_comes_first_and_its_trailers_behind_it():
    sheet = Sheet()
    trailers = (TransportEquipment(id="T1", type_code="TE"), TransportEquipment(id="C1", type_code="CN"))
    assert plates(sheet, means("A1", *trailers), "/M") == ["A1", "T1", "C1"]
    first, second = "/M/TransportEquipment/0", "/M/TransportEquipment/1"
    assert sheet.said == {"/M/ID", "/M/IdentificationTypeCode", f"{first}/ID", f"{first}/TypeCode", f"{second}/ID"}


def test_without_the_tractor_there_are_no_plates_because_the_first_would_be_taken_for_it():
    sheet = Sheet()
    assert plates(sheet, means(None, TransportEquipment(id="T1")), "/M") == []
    assert sheet.said == set()


def test_a_trailer_behind_one_without_a_plate_comes_back_before_its_place_and_is_not_said():
    sheet = Sheet()
    trailers = (TransportEquipment(type_code="TE"), TransportEquipment(id="T2", type_code="TE"))
    assert plates(sheet, means("A1", *trailers), "/M") == ["A1", "T2"]
    assert sheet.said == {"/M/ID", "/M/IdentificationTypeCode"}


def test_of_goods_the_subheadings_are_written_and_what_is_the_same_and_at_its_place_is_said():
    sheet = Sheet()
    items = (item(1, "940330"), item(2, "9403300000"), item(3, "9403"), item(4, "940350"))
    assert subheadings(sheet, items, "/I") == ["940330", "940330", "940350"]
    assert sheet.said == {"/I/0/Commodity/Classification/0/ID", "/I/0/SequenceNumeric", "/I/1/SequenceNumeric"}


@pytest.mark.parametrize(
    ("documents", "number", "said"),
    [
        ([("929", "I1"), ("929", "I2")], "I1", {"/D/0/ID", "/D/0/TypeCode"}),
        ([("380", "X"), ("929", "I1")], "I1", set()),
        ([("929", None), ("380", "X")], None, set()),
    ],
    ids=["first", "behind another", "none"],
)
def test_the_first_import_declaration_is_written_and_said_where_it_comes_back(documents, number, said):
    sheet = Sheet()
    assert import_number(sheet, [document(*each) for each in documents], "/D") == number
    assert sheet.said == said


def test_the_first_words_are_written_and_said_where_they_come_back():
    words = AdditionalInformation(statement_description="A", statement_type_code="CUS")
    code = AdditionalInformation(statement_code="REG")
    first, behind = Sheet(), Sheet()
    assert remark(first, (words, code), "/S") == remark(behind, (code, words), "/S") == "A"
    assert first.said == {"/S/0/StatementDescription", "/S/0/StatementTypeCode"}
    assert behind.said == set()
