"""What is announced to Uzbekistan, written in its form: what is carried, what is converted, what is told as lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from adapters.kit.contract import Written
from adapters.uz import ADAPTER
from adapters.uz.change import CHANGE_ROWS
from adapters.uz.form import DECLARATION
from adapters.uz.losses import ADDRESS_KIND, EQUIPMENT_SUPPLIER, NO_PLACE, NOT_ALWAYS, TASHKENT_TIME
from adapters.uz.name import split_name
from adapters.uz.rows import places
from gateway.message.declaration import Declaration
from gateway.message.finding import Severity
from gateway.message.metadata import DeclarationMessage
from gateway.message.table import walk
from gateway.published import published

HERE = Path(ADAPTER.examples).parent
SCHEMAS = {
    form: jsonschema_rs.validator_for(json.loads((HERE / "schema" / f"{form}.schema.json").read_bytes()))
    for form in ("DM", "XN", "CV")
}
EXAMPLES = sorted(Path(ADAPTER.examples).glob("*.json"))


def common(name: str = "tir-transit", **changes: Any) -> DeclarationMessage:
    """A published declaration of China, for Uzbekistan; changes are of the declaration's tree."""
    tree = json.loads((published("declaration", "v1", "examples") / f"{name}.json").read_bytes())
    tree["CommunicationMetaData"]["Recipient"]["ID"] = "UZ"
    for path, value in changes.items():
        *way, last = path.split("__")
        node = tree["Declaration"]
        for step in way:
            node = node[int(step)] if isinstance(node, list) else node[step]
        node[last] = value
    return DeclarationMessage.model_validate(tree, by_alias=True, by_name=False)


def document(written: Written) -> dict[str, Any]:
    return json.loads(written.document.body)


def write(name: str = "tir-transit", **changes: Any) -> dict[str, Any]:
    return document(ADAPTER.write(common(name, **changes)))


def told(written: Written, rule: str) -> list[str]:
    return [finding.pointer for finding in written.findings if finding.rule == rule]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_valid_in_the_schema_of_its_form(example: Path):
    tree = json.loads(example.read_bytes())
    assert [str(error) for error in SCHEMAS[tree["shakl"]].iter_errors(tree)] == []


@pytest.mark.parametrize("name", ["empty-vehicle", "maximal", "minimal", "rail", "road", "tir-transit", "typical"])
def test_what_is_written_is_valid_in_the_schema_of_its_form(name: str):
    assert [str(error) for error in SCHEMAS["DM"].iter_errors(write(name))] == []


def test_a_schema_refuses_what_the_form_does_not_have():
    tree = json.loads((Path(ADAPTER.examples) / "export_typical.json").read_bytes())
    faults = {
        "rangi": "koʻk",
        "jamiBruttoKg": "18 540",
        "boshTransport": True,
        "amal": "SOROV",
        "tashuvchi": {"stir": "1"},
    }
    for name, value in faults.items():
        assert not SCHEMAS["DM"].is_valid({**tree, name: value}), name


def test_the_schema_knows_exactly_the_names_of_the_rows():
    schema = json.loads((HERE / "schema" / "DM.schema.json").read_bytes())

    def names(node: dict[str, Any], place: str) -> set[str]:
        node = schema["$defs"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node
        if "items" in node:
            return names(node["items"], f"{place}/*")
        found = {f"{place}/{name}" for name in node.get("properties", {})}
        return found.union(*(names(child, f"{place}/{name}") for name, child in node.get("properties", {}).items()))

    def bare(paths: Any) -> set[str]:
        return {path.removesuffix("/*") for path in paths}

    envelope = {"/shakl", "/shaklVersiyasi", "/sinov", "/hujjatId", "/jonatuvchiMamlakat", "/qabulQiluvchiMamlakat"}
    inside_pairs = ("/miqdor", "/valyuta", "/birlik")
    unread = ("/nomiLotin", "/nomiKirill", "/tanOlingan", "/tashuvchi/masul")
    listed = {
        path
        for path in bare(names(schema, ""))
        if not path.endswith((*inside_pairs, *unread))
        and "/tashuvchi/masul/" not in path
        and not path.endswith(("/plombalar/*/turi", "/jami/soni", "/jami/turi", "/jamiJoylar/soni", "/jamiJoylar/turi"))
    }
    assert listed - envelope == bare(place for place, _ in places(CHANGE_ROWS, Declaration))


def test_the_promise_of_what_is_lost_is_exactly_what_has_no_row():
    carried = {pointer.replace("/0", "").replace("/*", "") for _, pointer in places(DECLARATION, Declaration)}
    lost = set()
    for above, element in walk(Declaration):
        path = "".join(f"/{part.name}" for part in (*above, element))
        if path not in carried and not any(other.startswith(f"{path}/") for other in carried):
            lost.add(f"Declaration{path}")
    promised = NO_PLACE | ADDRESS_KIND | EQUIPMENT_SUPPLIER | (NOT_ALWAYS.keys() - TASHKENT_TIME)
    units = {path for path in promised if path.endswith("/unitCode")}  # a unit is no element of its own
    assert promised - units == {
        path for path in lost if path.rpartition("/")[0] not in lost and not _inside(path, lost)
    }


def _inside(path: str, lost: set[str]) -> bool:
    return any(path.startswith(f"{other}/") for other in lost)


def test_the_message_and_the_reference_stand_where_the_window_echoes_them():
    message = common()
    tree = document(ADAPTER.write(message))
    assert tree["hujjatId"] == message.communication_meta_data.id
    assert tree["jonatuvchiRaqami"] == message.declaration.functional_reference_id
    assert (tree["jonatuvchiMamlakat"], tree["qabulQiluvchiMamlakat"]) == ("CN", "UZ")


def test_the_end_of_a_transit_from_china_is_written_with_carnet_way_and_destination():
    tree = write()
    assert (tree["tur"], tree["kafolatlar"][0]["raqam"]) == ("TIR", "XF61702845")
    assert [step["mamlakat"] for step in tree["transport"]["marshrut"]] == ["CN", "KG", "UZ"]
    assert (tree["yuklar"][0]["tranzitBoshi"], tree["yuklar"][0]["tranzitOxiri"]) == ("9403", "UZTAS")
    assert tree["sinov"] is True


def test_times_are_written_in_one_way_in_tashkent_time():
    tree = write()
    assert tree["transport"]["jonash"] == "24.11.2026 10:30"  # 13:30+08:00
    assert tree["transport"]["kelish"] == "24.11.2026 14:00"  # 15:00+06:00


def test_seconds_have_no_place_and_are_told():
    written = ADAPTER.write(common(IssueDateTime="2026-11-23T18:00:59+08:00"))
    assert document(written)["hujjatSanasi"] == "23.11.2026 15:00"
    assert told(written, "UZ-007") == ["/Declaration/IssueDateTime"]


def test_every_number_is_a_string():
    def numbers(node: Any) -> list[Any]:
        if isinstance(node, dict | list):
            return [n for child in (node.values() if isinstance(node, dict) else node) for n in numbers(child)]
        return [node] if isinstance(node, int | float) and not isinstance(node, bool) else []

    assert numbers(write("maximal")) == []


def test_tonnes_are_converted_exactly_and_said_to_be():
    written = ADAPTER.write(common(TotalGrossMassMeasure={"value": "4.8005", "unitCode": "TNE"}))
    assert document(written)["jamiBruttoKg"] == "4800.5"
    assert told(written, "UZ-008") == ["/Declaration/TotalGrossMassMeasure"]


@pytest.mark.parametrize(
    ("changes", "place", "text"),
    [
        ({"TotalGrossMassMeasure": {"value": "1000.0000", "unitCode": "GRM"}}, "jamiBruttoKg", "1"),
        ({"Consignment__0__GrossVolumeMeasure": {"value": "1000.5000", "unitCode": "LTR"}}, "hajmM3", "1.0005"),
    ],
    ids=["grams", "litres"],
)
def test_zeros_at_the_end_do_not_keep_a_measure_from_being_converted(changes: dict[str, Any], place: str, text: str):
    tree = document(ADAPTER.write(common(**changes)))
    assert {**tree, **tree["yuklar"][0]}[place] == text


@pytest.mark.parametrize(
    "mass", [{"value": "10", "unitCode": "LBR"}, {"value": "10"}, {"value": "9999999999", "unitCode": "TNE"}]
)
def test_a_mass_that_cannot_be_said_in_kilograms_is_left_out_and_told(mass: dict[str, str]):
    written = ADAPTER.write(common(TotalGrossMassMeasure=mass))
    assert "jamiBruttoKg" not in document(written)
    assert told(written, "KIT-FIT-01") == ["/Declaration/TotalGrossMassMeasure"]


def test_uzbek_numbers_are_told_by_their_shape_and_foreign_ones_are_left_alone():
    consignee = {"Name": "A", "Address": {"CountryCode": "UZ"}}
    for number, key in (("300000007", "stir"), ("31205880150025", "pinfl"), ("3000", "chetRaqam")):
        assert write(Consignment__0__Consignee={"ID": number, **consignee})["yuklar"][0]["oluvchi"][key] == number
    kyrgyz = {"ID": "01203201410134", "Name": "ОсОО", "Address": {"CountryCode": "KG"}}
    assert write(Consignment__0__Consignee=kyrgyz)["yuklar"][0]["oluvchi"]["chetRaqam"] == "01203201410134"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Toʻraqulov Oʻtkir Gʻayrat oʻgʻli", ("Toʻraqulov", "Oʻtkir", "Gʻayrat oʻgʻli")),
        ("Karimova Nodira Anvar qizi", ("Karimova", "Nodira", "Anvar qizi")),
        ("Каримов Рустам Анварович", ("Каримов", "Рустам", "Анварович")),
        ("Каримов Рустам Анвар ўғли", ("Каримов", "Рустам", "Анвар ўғли")),
        ("Асанов Бакыт", None),
        ("艾尔肯·买买提", None),
        ("Ali Vali Gani", None),
        ("Karimov  Rustam Anvarovich", None),
    ],
)
def test_a_name_is_divided_only_where_its_patronymic_makes_it_certain(name: str, parts: tuple[str, str, str] | None):
    expected = {"fio": name} if parts is None else dict(zip(("familiya", "ism", "otasiningIsmi"), parts, strict=True))
    assert split_name(Declaration, name) == expected


@pytest.mark.parametrize(("role", "national"), [("CU", "BOJXONA"), ("CA", "TASHUVCHI"), ("SH", "YUBORUVCHI")])
def test_who_affixed_a_seal_is_said_in_the_codes_of_the_form(role: str, national: str):
    seals = [{"ID": "S1", "RoleCode": role}]
    assert write(BorderTransportMeans__Seal=seals)["transport"]["plombalar"] == [{"raqam": "S1", "kim": national}]


def test_a_role_that_the_form_does_not_know_is_told():
    written = ADAPTER.write(common(BorderTransportMeans__Seal=[{"ID": "S1", "RoleCode": "TO"}]))
    assert told(written, "KIT-FIT-01") == ["/Declaration/BorderTransportMeans/Seal/0/RoleCode"]


def test_one_of_two_vehicles_is_written_with_their_group_and_how_many_they_are():
    written = ADAPTER.write(common(BatchID="9403981745761", BatchVehicleQuantity=2))
    tree = document(written)
    assert (tree["guruhRaqami"], tree["guruhTransportSoni"]) == ("9403981745761", "2")
    assert not [finding for finding in written.findings if "Batch" in finding.pointer]
    assert SCHEMAS["DM"].is_valid(tree)
    assert not SCHEMAS["DM"].is_valid({name: value for name, value in tree.items() if name != "guruhTransportSoni"})


def test_a_request_has_no_form_and_is_refused_rather_than_taken_for_a_declaration():
    written = ADAPTER.write(common(FunctionCode="13"))
    assert [f.rule for f in written.findings if f.severity is Severity.REJECT] == ["UZ-003"]
    assert "amal" not in document(written)


def test_every_leaf_that_has_no_place_is_told():
    written = ADAPTER.write(common("maximal"))
    lost = told(written, "KIT-LOST-01")
    assert "/Declaration/Agent/ID" in lost
    assert "/Declaration/Consignment/0/ConsignmentItem/0/Packaging/0/VolumeMeasure" in lost
    assert "/Declaration/Consignment/0/HouseConsignment/0/TransportContractDocument/ID" in lost
    assert all(finding.value for finding in written.findings if finding.rule == "KIT-LOST-01")


def test_a_second_classification_of_the_goods_is_told():
    two = [{"ID": "610910", "IdentificationTypeCode": "HS"}, {"ID": "6109100000", "IdentificationTypeCode": "TN"}]
    written = ADAPTER.write(common(Consignment__0__ConsignmentItem__0__Commodity__Classification=two))
    assert document(written)["yuklar"][0]["tovarlar"][0]["tnKod"] == "610910"
    here = "/Declaration/Consignment/0/ConsignmentItem/0/Commodity/Classification/1"
    assert [pointer for pointer in told(written, "KIT-LOST-01") if pointer.startswith(here)] == [
        f"{here}/ID",
        f"{here}/IdentificationTypeCode",
    ]


def test_a_message_that_names_no_country_says_so():
    message = common().model_copy(update={"responsible_country_code": None})
    written = ADAPTER.write(message)
    assert told(written, "UZ-011") == ["/ResponsibleCountryCode"]
    assert "jonatuvchiMamlakat" not in document(written)
