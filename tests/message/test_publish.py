"""The published contract: what it says, that it is current, and that it accepts exactly what the model accepts."""

from __future__ import annotations

import copy
import csv
import io
from datetime import timedelta
from functools import cache
from pathlib import Path

import jsonschema_rs
import orjson
import pytest
import xmlschema
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree
from stdnum import iso6346
from stdnum.cn import uscc

from gateway.message.examples import examples
from gateway.message.json_schema import json_schema
from gateway.message.json_twin import kind_of_json, parse_json, read_tree, write_json
from gateway.message.leaf import String
from gateway.message.metadata import KINDS
from gateway.message.publish import COLUMNS, build, elements_csv, main, stale, unconfirmed, with_table
from gateway.message.schema import schema_valid_json
from gateway.message.table import walk
from gateway.message.xml_twin import parse_xml, read_xml, write_xml
from gateway.message.xsd import ANNOTATION, XS, leaf_type, xsd
from gateway.validation.rule import Context
from gateway.validation.validate import validate

ROOT = Path(__file__).parents[2]
ALL = [(kind, name) for kind in KINDS for name in examples(kind)]
DECLARATION = KINDS["declaration"]
NS = f"{{{DECLARATION.namespace}}}"


@cache
def libxml2(kind: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring(xsd(KINDS[kind])))


@cache
def other_engine(kind: str) -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(xsd(KINDS[kind]).decode())


@cache
def text_of(name: str) -> bytes:
    return write_xml(examples("declaration")[name])


@cache
def json_of(name: str) -> bytes:
    return write_json(examples("declaration")[name])


def maximal() -> etree._Element:
    return parse_xml(text_of("maximal"))


# What is published is current


def test_the_committed_files_are_what_the_model_makes():
    assert stale(ROOT / "schemas") == []


def test_the_table_of_divergences_is_what_the_model_makes():
    page = (ROOT / "docs" / "divergences.md").read_text(encoding="utf-8")
    assert with_table(page) == page


def test_every_element_that_is_ours_or_unconfirmed_is_named_in_the_divergences():
    page = (ROOT / "docs" / "divergences.md").read_text(encoding="utf-8")
    assert unconfirmed()
    assert [place for place, _ in unconfirmed() if f"| {place} |" not in page] == []


def test_a_second_build_changes_nothing(tmp_path):
    first = build(tmp_path)
    assert tmp_path / "declaration" / "v1" / "declaration.xsd" in first
    assert build(tmp_path) == []
    assert stale(tmp_path) == []


def test_a_changed_a_missing_and_a_left_over_file_are_stale(tmp_path):
    build(tmp_path)
    folder = tmp_path / "response" / "v1"
    (folder / "response.xsd").write_bytes(b"<changed/>")
    (folder / "elements.csv").unlink()
    (folder / "examples" / "nobody.xml").write_bytes(b"<left-over/>")
    assert {path.name for path in stale(tmp_path)} == {"response.xsd", "elements.csv", "nobody.xml"}


def test_the_story_of_changes_is_never_overwritten(tmp_path):
    build(tmp_path)
    changes = tmp_path / "declaration" / "v1" / "CHANGES.md"
    changes.write_text("# Written by people\n", encoding="utf-8")
    build(tmp_path)
    assert changes.read_text(encoding="utf-8") == "# Written by people\n"
    assert stale(tmp_path) == []


def test_the_command_writes_the_files_and_the_table(tmp_path, capsys):
    page = tmp_path / "page.md"
    page.write_text((ROOT / "docs" / "divergences.md").read_text(encoding="utf-8").replace("| ours |", "| |"), "utf-8")
    assert main([str(tmp_path / "schemas"), str(page)]) == 0
    assert page.read_text(encoding="utf-8") == (ROOT / "docs" / "divergences.md").read_text(encoding="utf-8")
    assert str(page) in capsys.readouterr().out
    assert main([]) == 2


def test_a_page_without_marks_is_not_touched():
    with pytest.raises(ValueError, match="no place"):
        with_table("# A page\n")


def test_published_text_has_unix_line_ends():
    for path in (ROOT / "schemas" / "declaration").rglob("*"):
        assert not path.is_file() or b"\r" not in path.read_bytes().replace(b"&#13;", b"")


# What it says


def test_the_element_table_has_a_row_for_every_element_and_attribute():
    rows = list(csv.DictReader(io.StringIO(elements_csv(DECLARATION).decode())))
    paths = [row["path"] for row in rows if "@" not in row["path"]]
    assert tuple(rows[0]) == COLUMNS
    assert len(paths) == len(set(paths)) == len(list(walk(DECLARATION)))
    mass = next(
        row for row in rows if row["path"].endswith("Consignment/ConsignmentItem/GoodsMeasure/GrossMassMeasure")
    )
    assert (mass["wco_id"], mass["format"], mass["representation"]) == ("126", "n..16,6", "Measure")
    assert (mass["profile_cardinality"], mass["form_cardinality"], mass["certainty"]) == ("1..1", "0..1", "verified")
    assert any(row["path"].endswith("/GrossMassMeasure/@unitCode") and row["code_list"] == "units" for row in rows)


@pytest.mark.parametrize("kind", KINDS)
def test_every_element_of_the_xml_schema_says_what_it_is(kind):
    root = etree.fromstring(xsd(KINDS[kind]))
    known = {element.name: element for _, element in walk(KINDS[kind])}
    declared = root.findall(f".//{{{XS}}}complexType//{{{XS}}}element")
    assert {element.get("name") for element in declared} == set(known)
    for element in declared:
        assert element.findtext(f"{{{XS}}}annotation/{{{XS}}}documentation")
        assert element.findtext(f".//{{{ANNOTATION}}}Certainty") in {"verified", "unverified", "own"}


@pytest.mark.parametrize("kind", KINDS)
def test_the_json_schema_is_valid_and_says_what_each_property_is(kind):
    schema = json_schema(KINDS[kind])
    assert jsonschema_rs.meta.is_valid(schema)
    assert schema["$id"].startswith("urn:")
    assert '"null"' not in orjson.dumps(schema).decode()
    for cls in (schema, *schema["$defs"].values()):
        assert cls["additionalProperties"] is False
        assert all(said["description"] for said in cls["properties"].values())


def test_the_names_in_the_json_schema_are_those_of_the_xml_schema():
    names = {name for cls in json_schema(DECLARATION)["$defs"].values() for name in cls["properties"]}
    declared = {
        e.get("name") for e in etree.fromstring(xsd(DECLARATION)).iter(f"{{{XS}}}element", f"{{{XS}}}attribute")
    }
    assert names - {"value"} <= declared


# The examples


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_every_example_is_accepted_by_both_engines_of_xml_schema(kind, name):
    text = write_xml(examples(kind)[name])
    assert libxml2(kind).validate(etree.fromstring(text)), libxml2(kind).error_log
    assert [error.reason for error in other_engine(kind).iter_errors(text)] == []


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_every_example_is_accepted_by_the_json_schema(kind, name):
    tree = orjson.loads(write_json(examples(kind)[name]))
    assert [
        error.message for error in jsonschema_rs.Draft202012Validator(json_schema(KINDS[kind])).iter_errors(tree)
    ] == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_largest_example_holds_every_element_of_the_form(kind):
    root = parse_xml(write_xml(examples(kind)["maximal"]))
    names = {
        tuple(str(n.tag).rpartition("}")[2] for n in (*reversed(list(e.iterancestors())), e))[1:] for e in root.iter()
    }
    assert {(*(step.name for step in above), element.name) for above, element in walk(KINDS[kind])} == names - {()}


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_every_example_passes_every_rule(kind, name):
    message = examples(kind)[name]
    context = Context(
        now=message.communication_meta_data.preparation_date_time + timedelta(minutes=1),
        lead_time=timedelta(hours=2),
        earliest=timedelta(days=30),
        export_declaration=True,
    )
    assert [(finding.rule, finding.pointer) for finding in validate(message, context)] == []


def test_containers_and_credit_codes_in_the_examples_have_their_check_digits():
    trees = [orjson.loads(write_json(message)) for message in examples("declaration").values()]
    text = b"".join(write_json(message) for message in examples("declaration").values()).decode()
    containers = {
        equipment["ID"]
        for tree in trees
        for consignment in tree["Declaration"].get("Consignment", ())
        for equipment in consignment.get("TransportEquipment", ())
    }
    codes = {word.strip('",') for word in text.split() if word.startswith('"91') and len(word.strip('",')) == 18}
    assert containers
    assert all(iso6346.is_valid(container) for container in containers)
    assert len(codes) >= 4
    assert all(uscc.is_valid(code) for code in codes)


@pytest.mark.parametrize("name", examples("declaration"))
def test_masses_and_packages_of_an_example_add_up(name):
    content = examples("declaration")[name].declaration
    if content.consignment:
        masses = [consignment.total_gross_mass_measure.value for consignment in content.consignment]
        counts = [consignment.total_package_quantity.value for consignment in content.consignment]
        assert content.total_gross_mass_measure.value == sum(masses)
        assert content.total_package_quantity.value == sum(counts)
        for consignment in content.consignment:
            items = consignment.consignment_item
            assert (
                sum(i.goods_measure.gross_mass_measure.value for i in items)
                == consignment.total_gross_mass_measure.value
            )
            assert sum(p.quantity_quantity.value for i in items for p in i.packaging) == (
                consignment.total_package_quantity.value
            )


# One judgement by every engine

CURIOUS = "\u0085\u00a0\u2028\u3000\u200b\ufeff\U0001f69b\U00020000 \t\n\r\x7f\ufffd\u0301٣Ａａ中Яaz09AZ.,:+-TZ<&\"'"
UNCARRIED = "\x00\x01\x0b\x1f\ufffe\uffff"
PLAUSIBLE = st.sampled_from(
    [
        "", "0", "00", "1", "01", "+1", "-0", "1.0", "1.", ".5", "1e3", "99999", "100000", "0.000000", "12345678901.1",
        "1234567890.123456", "1.1234567", "KG", "kg", "KGM", "NaN", "INF", "true", "TRUE", "1 ", " 1", "\n1\t", "A B",
        "A  B", "A\tB", "２", "2026-11-23T14:05:00+06:00", "2026-02-30T14:05:00Z", "2026-11-23T24:00:00Z",
        "2026-11-23T14:05:00", "2026-11-23T14:05:00.123Z", "2026-11-23T14:05:00.12Z", "2026-11-23T14:05:60Z",
        "2026-11-23T14:05:00+14:00", "2026-11-23T14:05:00+14:30", "2026-11-23T14:05:00-00:00", "2024-02-29T00:00:00Z",
        " 2026-11-23T14:05:00Z\n", "0000-00-00T00:00:00Z", "1999-01-01T00:00:00Z",
    ]
)  # fmt: skip
VALUES = st.one_of(PLAUSIBLE, st.text(CURIOUS, max_size=12), st.text(CURIOUS, min_size=30, max_size=75))


def one_place_for_each_leaf() -> dict[str, str]:
    """Name of the leaf's type in the schema, and an XPath to an element of that type in the largest example."""
    places: dict[str, str] = {}
    for above, element in walk(DECLARATION):
        if element.leaf is not None:
            path = "/".join(f"{NS}{step.name}" for step in (*above, element))
            places.setdefault(leaf_type(element.leaf), path)
    return places


PLACES = one_place_for_each_leaf()


@pytest.mark.parametrize("kind_of_leaf", PLACES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(value=VALUES)
@example(value="\u0085")
@example(value="A\u00a0B")
@example(value="\u3000")
@example(value="A\u2028")
@example(value="A\r")
@example(value="A\n")
@example(value="中" * 35)
@example(value="\U00020000" * 36)
def test_both_xml_engines_and_the_model_agree_on_every_leaf(kind_of_leaf, value):
    root = maximal()
    root.find(PLACES[kind_of_leaf]).text = value
    message = read_xml(root).message
    assert libxml2("declaration").validate(root) is (message is not None)
    if value.strip() == value.strip(" \t\r\n"):  # around numbers xmlschema drops Unicode's other white space as well
        assert other_engine("declaration").types[kind_of_leaf].is_valid(value) is (message is not None)


@pytest.mark.parametrize(
    "kind_of_leaf", [name for name in PLACES if not name.startswith(("Positive", "Whole", "Indicator"))]
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(value=st.one_of(VALUES, st.text(CURIOUS + UNCARRIED, min_size=1, max_size=4)))
@example(value="\u0085")
@example(value="A\u00a0B")
@example(value="A\u2028")
@example(value="A\ufffe")
@example(value="A\n")
@example(value="\U00020000" * 36)
def test_the_json_schema_and_the_model_agree_on_every_string(kind_of_leaf, value):
    tree = orjson.loads(json_of("maximal"))
    holder = tree
    *path, last = [step.removeprefix(NS) for step in PLACES[kind_of_leaf].split("/" + NS)]
    for step in path:
        holder = holder[step][0] if isinstance(holder[step], list) else holder[step]
    if isinstance(holder[last], dict):
        holder[last]["value"] = value
    else:
        holder[last] = value
    assert agreed_on_json(tree) in {True, False}


def agreed_on_json(tree: dict) -> bool:
    """What both say of a tree; fails where they differ."""
    read, findings = parse_json(orjson.dumps(tree))
    kind = kind_of_json(read)
    message = read_tree(read, findings, kind).message
    assert schema_valid_json(read, kind) is (message is not None)
    return message is not None


def node_at(root: etree._Element, number: int) -> etree._Element:
    nodes = list(root.iter())[1:]
    return nodes[number % len(nodes)]


def remove(root, number):
    node = node_at(root, number)
    node.getparent().remove(node)


def repeat(root, number):
    node = node_at(root, number)
    node.addnext(copy.deepcopy(node))


def swap(root, number):
    node = node_at(root, number)
    if (following := node.getnext()) is not None:
        following.addnext(node)


def rename(root, number):
    node_at(root, number).tag = f"{NS}ModeCode"


def leave_the_namespace(root, number):
    node_at(root, number).tag = "{urn:other}ID"


def add_text(root, number):
    node_at(root, number).tail = "stray"


def add_space(root, number):
    node_at(root, number).tail = " \r\n\t"


def add_no_break_space(root, number):
    node_at(root, number).tail = "\u00a0"


def empty(root, number):
    node = node_at(root, number)
    node.text = None
    for child in list(node):
        node.remove(child)


def add_attribute(root, number):
    node_at(root, number).set("unitCode", "KGM")


def add_xml_attribute(root, number):
    node_at(root, number).set("{http://www.w3.org/XML/1998/namespace}lang", "ru")


def put_inside(root, number):
    etree.SubElement(node_at(root, number), f"{NS}ID").text = "1"


MUTATIONS = [remove, repeat, swap, rename, leave_the_namespace, add_text, add_space, add_no_break_space, empty,
             add_attribute, add_xml_attribute, put_inside]  # fmt: skip


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes=st.lists(st.tuples(st.sampled_from(MUTATIONS), st.integers(0, 2000)), min_size=1, max_size=3))
def test_the_xml_schema_and_the_model_agree_on_every_change_of_structure(changes):
    root = maximal()
    for change, number in changes:
        change(root, number)
    read = read_xml(root)
    assert libxml2("declaration").validate(root) is (read.message is not None)
    assert (read.message is None) is bool(read.findings)


# xmlschema takes a no-break space between elements for white space; libxml2 and the reader do not.
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    changes=st.lists(
        st.tuples(st.sampled_from([m for m in MUTATIONS if m is not add_no_break_space]), st.integers(0, 2000)),
        min_size=1,
        max_size=2,
    )
)
def test_the_second_engine_agrees_as_well(changes):
    root = parse_xml(text_of("minimal"))
    for change, number in changes:
        change(root, number)
    assert other_engine("declaration").is_valid(etree.tostring(root)) is (read_xml(root).message is not None)


JSON_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-2, 100_001), st.sampled_from(["", "1", "KG", "x" * 600, " "])),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(["ID", "value"]), inner)),
    max_leaves=3,
)


def every_place(tree, where=()):
    for part, child in tree.items() if isinstance(tree, dict) else enumerate(tree):
        yield tree, part
        if isinstance(child, (dict, list)):
            yield from every_place(child, (*where, part))


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_the_json_schema_and_the_model_agree_on_every_change_of_structure(data):
    tree = orjson.loads(json_of("maximal"))
    places = list(every_place(tree))
    for _ in range(data.draw(st.integers(1, 2))):
        holder, part = places[data.draw(st.integers(0, len(places) - 1))]
        change = data.draw(st.sampled_from(["put", "remove", "add"]))
        if change == "put":
            holder[part] = data.draw(JSON_VALUES)
        elif change == "remove" and isinstance(holder, dict):
            holder.pop(part, None)
        elif isinstance(holder, dict):
            holder[data.draw(st.sampled_from(["ID", "Name", "Nope", "value"]))] = data.draw(JSON_VALUES)
    if "Declaration" in tree:
        assert agreed_on_json(tree) in {True, False}


def test_a_day_that_does_not_exist_is_refused_by_the_json_schema_only_where_formats_are_checked():
    tree = orjson.loads(write_json(examples("declaration")["minimal"]))
    tree["Declaration"]["IssueDateTime"] = "2026-02-30T10:00:00Z"
    assert jsonschema_rs.Draft202012Validator(json_schema(DECLARATION)).is_valid(tree)
    assert not schema_valid_json(tree, DECLARATION)


def test_the_xml_schema_lets_the_signature_stand_last_and_the_reader_does_not():
    root = parse_xml(write_xml(examples("declaration")["minimal"]))
    etree.SubElement(root, "{http://www.w3.org/2000/09/xmldsig#}Signature")
    assert libxml2("declaration").validate(root)
    assert [(f.rule, f.pointer) for f in read_xml(root).findings] == [("ACD-STR-02", "/Signature")]


def test_leaf_names_in_the_schema_are_unique():
    leaves = {element.leaf for kind in KINDS.values() for _, element in walk(kind) if element.leaf is not None}
    assert len({leaf_type(leaf) for leaf in leaves}) == len(leaves)
    assert leaf_type(String("Code", "n..2")) != leaf_type(String("Code", "n2"))
