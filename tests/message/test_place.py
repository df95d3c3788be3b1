"""One place in three languages: JSON Pointer, XPath, WCO pointer. They must mean the same place."""

from __future__ import annotations

import orjson
import pytest

from gateway.message.examples import examples
from gateway.message.json_twin import write_json
from gateway.message.metadata import KINDS
from gateway.message.parts import Pointer
from gateway.message.place import is_exact, leads_somewhere, locate, shown, wco_pointers
from gateway.message.table import walk
from gateway.message.xml_twin import parse_xml, write_xml

DECLARATION = KINDS["declaration"]


@pytest.mark.parametrize(
    ("pointer", "xpath", "wco"),
    [
        ("", "/MetaData", ""),
        ("/CommunicationMetaData/Sender/ID", "/MetaData/CommunicationMetaData/Sender/ID", ""),
        ("/Declaration", "/MetaData/Declaration", "42A"),
        ("/Declaration/FunctionCode", "/MetaData/Declaration/FunctionCode", "42A/017"),
        ("/Declaration/Consignment", "/MetaData/Declaration/Consignment", "42A/28A"),
        ("/Declaration/Consignment/0", "/MetaData/Declaration/Consignment[1]", "42A/28A[1]"),
        (
            "/Declaration/Consignment/0/ConsignmentItem/1/GoodsMeasure/GrossMassMeasure",
            "/MetaData/Declaration/Consignment[1]/ConsignmentItem[2]/GoodsMeasure/GrossMassMeasure",
            "42A/28A[1]/29A[2]/65A/126",
        ),
        (
            "/Declaration/Consignment/0/ConsignmentItem/1/GoodsMeasure/GrossMassMeasure/unitCode",
            "/MetaData/Declaration/Consignment[1]/ConsignmentItem[2]/GoodsMeasure/GrossMassMeasure/@unitCode",
            "42A/28A[1]/29A[2]/65A/126/?",
        ),
        (
            "/Declaration/BorderTransportMeans/Master/1/RoleCode",
            "/MetaData/Declaration/BorderTransportMeans/Master[2]/RoleCode",
            "42A/15A/?[2]/?",
        ),
        ("/Declaration/Nope/3/a~1b~0", "/MetaData/Declaration/Nope[4]/a/b~", "42A/?[4]/?"),
        ("/Nope", "/MetaData/Nope", ""),
        ("/Declaration/5", "/MetaData/Declaration/5", "42A/?"),
        ("/Declaration/Consignment/0/5", "/MetaData/Declaration/Consignment[1]/5", "42A/28A[1]/?"),
        ("/Declaration/Consignment/²", "/MetaData/Declaration/Consignment/²", "42A/28A/?"),
        ("/Declaration/①", "/MetaData/Declaration/①", "42A/?"),
        ("/7", "/MetaData/7", ""),
    ],
)
def test_a_place_is_told_in_three_ways(pointer, xpath, wco):
    place = locate(pointer, DECLARATION)
    assert (place.pointer, place.xpath, place.wco) == (pointer, xpath, wco)


def test_a_name_of_very_many_digits_is_a_name():
    assert locate("/Declaration/Nope/" + "1" * 5000, DECLARATION).wco == "42A/?/?"


def test_a_wco_pointer_ends_in_the_element_of_the_last_class():
    chain = wco_pointers("/Declaration/Consignment/2/ConsignmentItem/1/Commodity/Description", DECLARATION)
    assert [(step.document_section_code, step.sequence_numeric, step.tag_id) for step in chain] == [
        ("42A", None, None),
        ("28A", 3, None),
        ("29A", 2, None),
        ("23A", None, "137"),
    ]


def test_steps_without_an_id_are_left_out_of_the_chain():
    chain = wco_pointers("/Declaration/BorderTransportMeans/Master/0/Name", DECLARATION)
    assert [step.document_section_code for step in chain] == ["42A", "15A"]


@pytest.mark.parametrize(
    ("pointer", "exact"),
    [
        ("/Declaration/BorderTransportMeans/ArrivalDateTime", True),
        ("/Declaration/Consignment/0/ConsignmentItem/1/GoodsMeasure/GrossMassMeasure", True),
        ("/Declaration/Consignment/1", True),
        ("/Declaration/BorderTransportMeans/Master/0/Name", False),
        ("/Declaration/BorderTransportMeans/Seal/0/RoleCode", False),
        ("/Declaration/Consignment/0/UNDGContact/Communication/0/ID", False),
        ("/Declaration/Consignment/0/ValueAmount/currencyID", False),
        ("/Declaration/BatchID", False),
        ("/CommunicationMetaData/ID", False),
        ("/Nope", False),
        ("", False),
    ],
)
def test_a_chain_leads_to_one_place_where_each_step_has_an_id(pointer, exact):
    assert is_exact(pointer, DECLARATION) is exact


def test_a_chain_of_pointers_is_shown_as_the_place_is_told():
    pointer = "/Declaration/Consignment/0/ConsignmentItem/1/GoodsMeasure/GrossMassMeasure"
    assert shown(wco_pointers(pointer, DECLARATION)) == locate(pointer, DECLARATION).wco
    assert shown(wco_pointers("/Declaration/Consignment/2", DECLARATION)) == "42A/28A[3]"
    assert shown((Pointer(document_section_code=None, sequence_numeric=1),)) == "[1]"


def test_the_envelope_has_no_wco_pointer():
    assert wco_pointers("/CommunicationMetaData/Sender/ID", DECLARATION) == ()


def pointers(tree, where=""):
    for part, child in tree.items() if isinstance(tree, dict) else enumerate(tree):
        pointer = f"{where}/{part}"
        yield pointer, child
        if isinstance(child, (dict, list)):
            yield from pointers(child, pointer)


@pytest.mark.parametrize("kind", KINDS)
def test_the_xpath_of_every_place_finds_what_the_pointer_finds(kind):
    message = examples(kind)["maximal"]
    root, cls = parse_xml(write_xml(message)), KINDS[kind]
    for pointer, value in pointers(orjson.loads(write_json(message))):
        if isinstance(value, dict | list):
            continue
        path = locate(pointer, cls).xpath
        steps = [step if step.startswith("@") or step == "text()" else f"m:{step}" for step in path.split("/")[1:]]
        found = root.getroottree().xpath("/" + "/".join(steps), namespaces={"m": cls.namespace})
        text = found[0] if isinstance(found[0], str) else found[0].text
        assert text == (str(value).lower() if isinstance(value, bool) else str(value)), path


@pytest.mark.parametrize("kind", KINDS.values())
def test_every_place_that_has_wco_pointers_is_found_by_them(kind):
    for above, element in walk(kind):
        pointer = "/" + "/".join(part.name for part in (*above, element))
        if chain := wco_pointers(pointer, kind):
            assert leads_somewhere(chain, kind), pointer


@pytest.mark.parametrize(
    "steps",
    [
        "",
        "28A",
        "42A/99Z",
        "42A/29A",
        "42A/28A/999",
        "42A:017/28A",
        "-",
    ],
)
def test_pointers_that_skip_a_class_or_name_what_is_not_there_lead_nowhere(steps):
    chain = []
    for step in filter(None, steps.split("/")):
        code, _, tag = step.partition(":")
        if code == "999":
            chain[-1] = chain[-1].model_copy(update={"tag_id": code})
        else:
            chain.append(Pointer(document_section_code=None if code == "-" else code, tag_id=tag or None))
    assert not leads_somewhere(chain, DECLARATION)
