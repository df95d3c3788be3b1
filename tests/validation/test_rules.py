"""What the rules say beside their cases: the other ways to break them, and what they must let pass."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from builders.messages import NOW, changed, declaration, empty_container, empty_vehicle, rail, response, tir, without
from gateway.message.metadata import MetaData
from gateway.validation.rule import Context
from gateway.validation.validate import validate

D = "/Declaration"
C = "/Declaration/Consignment/0"
I = "/Declaration/Consignment/0/ConsignmentItem/0"  # noqa: E741
V = "/Declaration/BorderTransportMeans"
EXPLOSIVE = {
    f"{I}/Commodity/DangerousGoods": [{"UNDGID": "1203"}],
    f"{C}/UNDGContact": {"Name": "Duty desk", "Communication": [{"ID": "+996312000119", "TypeCode": "TE"}]},
}


def found(message: MetaData, context: Context | None = None) -> list[tuple[str, str, str]]:
    return [(one.rule, one.pointer, one.value) for one in validate(message, context or Context(now=NOW))]


def trailers(number: int) -> list[dict[str, Any]]:
    return [
        {
            "ID": f"新P{position}234挂",
            "RegistrationNationalityCode": "CN",
            "SequenceNumeric": position,
            "TypeCode": "TE",
        }
        for position in range(1, number + 1)
    ]


# (what is wrong, changes, places left out, findings)
BROKEN: list[tuple[str, Mapping[str, Any], tuple[str, ...], list[tuple[str, str, str]]]] = [
    ("country of the tractor", {}, (f"{V}/RegistrationNationalityCode",),
     [("ACD-VEH-01", f"{V}/RegistrationNationalityCode", "")]),
    ("a fourth unit", {f"{V}/TransportEquipment": trailers(3)}, (),
     [("ACD-VEH-01", f"{V}/TransportEquipment/2", "新P3234挂")]),
    ("plate of a trailer", {f"{V}/TransportEquipment/0/ID": "31U8160/31U7095"}, (),
     [("ACD-VEH-02", f"{V}/TransportEquipment/0/ID", "31U8160/31U7095")]),
    ("cargo without consignments", {}, (f"{D}/Consignment", f"{D}/GoodsItemQuantity"),
     [("ACD-VEH-05", f"{D}/Consignment", "")]),
    ("driver without role", {}, (f"{V}/Master/0/RoleCode",), [("ACD-CRW-01", f"{V}/Master/0/RoleCode", "")]),
    ("items miscounted", {f"{D}/GoodsItemQuantity": 3}, (), [("ACD-CON-02", f"{D}/GoodsItemQuantity", "3")]),
    ("packages of the declaration", {f"{D}/TotalPackageQuantity/value": "121"}, (),
     [("ACD-CON-02", f"{D}/TotalPackageQuantity", "121")]),
    ("packages of a consignment", {f"{I}/Packaging/0/QuantityQuantity/value": "81"}, (),
     [("ACD-CON-02", f"{C}/TotalPackageQuantity", "120")]),
    ("mass of a consignment", {f"{I}/GoodsMeasure/GrossMassMeasure/value": "1051"}, (),
     [("ACD-CON-02", f"{C}/TotalGrossMassMeasure", "1550.000")]),
    ("packages without kind", {}, (f"{I}/Packaging/0/TypeCode",),
     [("ACD-CON-03", f"{I}/Packaging/0/TypeCode", "")]),
    ("kind without packages", {}, (f"{I}/Packaging/0/QuantityQuantity",),
     [("ACD-CON-03", f"{I}/Packaging/0/QuantityQuantity", "")]),
    ("amount without currency", {}, (f"{I}/ValueAmount/currencyID",),
     [("ACD-CON-03", f"{I}/ValueAmount/currencyID", "")]),
    ("no mass at all",
     {f"{D}/TotalGrossMassMeasure/value": "0", f"{C}/TotalGrossMassMeasure/value": "0.000",
      f"{I}/GoodsMeasure": {"GrossMassMeasure": {"value": "0", "unitCode": "KGM"}},
      f"{C}/ConsignmentItem/1/GoodsMeasure": {"GrossMassMeasure": {"value": "0.0", "unitCode": "KGM"}}}, (),
     [("ACD-CON-04", f"{D}/TotalGrossMassMeasure", "0"), ("ACD-CON-04", f"{C}/TotalGrossMassMeasure", "0.000"),
      ("ACD-CON-04", f"{I}/GoodsMeasure/GrossMassMeasure", "0"),
      ("ACD-CON-04", f"{C}/ConsignmentItem/1/GoodsMeasure/GrossMassMeasure", "0.0")]),
    ("tonnes", {f"{I}/GoodsMeasure/GrossMassMeasure": {"value": "1.05", "unitCode": "TNE"}}, (),
     [("ACD-CON-06", f"{I}/GoodsMeasure/GrossMassMeasure/unitCode", "TNE")]),
    ("volume of a package in litres", {f"{I}/Packaging/0/VolumeMeasure": {"value": "3", "unitCode": "LTR"}}, (),
     [("ACD-CON-06", f"{I}/Packaging/0/VolumeMeasure/unitCode", "LTR")]),
    ("container indicator unknown", {f"{C}/ContainerCode": "Y"}, (), [("ACD-CON-07", f"{C}/ContainerCode", "Y")]),
    ("containers indicated, none listed", {f"{V}/TransportEquipment/0/ID": "CSQU3054383"},
     (f"{C}/TransportEquipment", f"{V}/TransportEquipment/0/RegistrationNationalityCode"),
     [("ACD-CON-07", f"{C}/TransportEquipment", "")]),
    ("place with a country and no name", {f"{C}/LoadingLocation": {"Address": {"CountryCode": "CN"}}}, (),
     [("ACD-CON-09", f"{C}/LoadingLocation/Name", "")]),
    ("classified by a national list only", {f"{I}/Commodity/Classification/0/IdentificationTypeCode": "GN"}, (),
     [("ACD-GDS-01", f"{I}/Commodity/Classification", "")]),
    ("letters in the goods code", {f"{I}/Commodity/Classification/0/ID": "8528.72"}, (),
     [("ACD-GDS-01", f"{I}/Commodity/Classification/0/ID", "8528.72")]),
    ("a description of signs", {f"{I}/Commodity/Description": "12 / 34"}, (),
     [("ACD-GDS-02", f"{I}/Commodity/Description", "12 / 34")]),
    ("a word for goods as such, in Chinese", {f"{I}/Commodity/CargoDescription": "日用百货"}, (),
     [("ACD-GDS-02", f"{I}/Commodity/CargoDescription", "日用百货")]),
    ("dangerous goods without contact", {f"{I}/Commodity/DangerousGoods": [{"UNDGID": "1203"}]}, (),
     [("ACD-GDS-04", f"{C}/UNDGContact/Name", ""), ("ACD-GDS-04", f"{C}/UNDGContact/Communication", "")]),
    ("a consignment of personal goods", {f"{C}/AdditionalInformation": [{"StatementCode": "PGD"}]}, (),
     [("ACD-GDS-05", f"{C}/AdditionalInformation/0/StatementCode", "PGD")]),
    ("controlled kinds half stated",
     {f"{D}/AdditionalInformation": [{"StatementCode": "CK1N"}, {"StatementCode": "CK1Y"}]}, (),
     [("ACD-GDS-06", f"{D}/AdditionalInformation", ""),
      ("ACD-GDS-06", f"{D}/AdditionalInformation/1/StatementCode", "CK1Y")]),
    ("party without country", {}, (f"{C}/Consignor/Address", f"{C}/Consignor/Name"),
     [("ACD-PTY-01", f"{C}/Consignor/Name", ""), ("ACD-PTY-01", f"{C}/Consignor/Address/CountryCode", "")]),
    ("carrier without identifier", {}, (f"{D}/Carrier/ID",), [("ACD-PTY-03", f"{D}/Carrier/ID", "")]),
    ("a Chinese number of another register", {f"{D}/Carrier/ID": "9400123456789"}, (),
     [("ACD-IDN-03", f"{D}/Carrier/ID", "9400123456789")]),
    ("seal on the vehicle and on a container", {f"{V}/Seal": [{"ID": "CNKS000001"}]}, (),
     [("ACD-SEA-04", f"{C}/TransportEquipment/0/Seal/0/ID", "CNKS000001")]),
    ("a seal twice in one list",
     {f"{C}/TransportEquipment/0/Seal/1": {"ID": "CNKS000001"}, f"{C}/TransportEquipment/0/AffixedSealQuantity": 2}, (),
     [("ACD-SEA-04", f"{C}/TransportEquipment/0/Seal/1/ID", "CNKS000001")]),
    ("one country on the way", {f"{C}/Itinerary": [{"RoutingCountryCode": "CN"}]}, (),
     [("ACD-TRN-01", f"{C}/Itinerary", "CN")]),
    ("the way begins elsewhere", {f"{V}/Itinerary/0/RoutingCountryCode": "MN"}, (),
     [("ACD-TRN-01", f"{V}/Itinerary/0/RoutingCountryCode", "MN")]),
    ("a country twice in a row", {f"{V}/Itinerary/2": {"RoutingCountryCode": "KG", "SequenceNumeric": 3}}, (),
     [("ACD-TRN-01", f"{V}/Itinerary/2/RoutingCountryCode", "KG")]),
    ("carriage without a place that is known", {f"{C}/TransitDestination": {"ID": "bishkek"}}, (),
     [("ACD-COD-03", f"{C}/TransitDestination/ID", "bishkek")]),
    ("office of lodging", {f"{D}/DeclarationOfficeID": "94-03"}, (),
     [("ACD-COD-03", f"{D}/DeclarationOfficeID", "94-03")]),
    ("unit that does not exist", {f"{C}/GrossVolumeMeasure/unitCode": "M3"}, (),
     [("ACD-COD-01", f"{C}/GrossVolumeMeasure/unitCode", "M3"),
      ("ACD-CON-06", f"{C}/GrossVolumeMeasure/unitCode", "M3")]),
    ("reference of an item with a space", {f"{I}/UCR": {"ID": "6KG 1"}}, (), [("ACD-IDN-06", f"{I}/UCR/ID", "6KG 1")]),
    ("version that is no number", {f"{D}/VersionID": "1.0"}, (), [("ACD-REF-08", f"{D}/VersionID", "1.0")]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "left_out", "expected"), [case[1:] for case in BROKEN], ids=[c[0] for c in BROKEN])
def test_a_fault_is_found_at_its_place_and_no_other(
    changes: Mapping[str, Any], left_out: tuple[str, ...], expected: list[tuple[str, str, str]]
) -> None:
    assert found(without(changed(declaration(), changes), *left_out)) == expected


FINE: list[tuple[str, Mapping[str, Any], tuple[str, ...]]] = [
    ("rounding within the tolerance", {f"{I}/GoodsMeasure/GrossMassMeasure/value": "1050.5"}, ()),
    ("bulk has no count", {f"{I}/Packaging/0": {"TypeCode": "VQ"}}, ()),
    ("nothing is said of containers", {}, (f"{C}/ContainerCode",)),
    ("an item in a trailer", {f"{I}/TransportEquipment/0/ID": "新P1234挂"}, ()),
    ("a loading unit of EN 13044", {f"{C}/TransportEquipment/0/ID": "HCIA1234561",
                                    f"{I}/TransportEquipment/0/ID": "HCIA1234561",
                                    f"{C}/ConsignmentItem/1/TransportEquipment/0/ID": "HCIA1234561"}, ()),
    ("a plate with spaces and Cyrillic letters",
     {f"{V}/ID": "01 КG 123 АВС", f"{V}/RegistrationNationalityCode": "KG"}, ()),
    ("a country without a known pattern of plates",
     {f"{V}/ID": "12-ABC", f"{V}/RegistrationNationalityCode": "FR"}, ()),
    ("dangerous goods with contact", EXPLOSIVE, ()),
    ("a registration number of another country", {f"{D}/ID": "94032026112300012"}, ()),
    ("values in several currencies", {f"{I}/ValueAmount/currencyID": "CNY"}, ()),
    ("two places of one country on the way",
     {f"{V}/Itinerary": [{"RoutingCountryCode": "CN", "ID": "CNURM"}, {"RoutingCountryCode": "CN", "ID": "CNKSS"},
                         {"RoutingCountryCode": "KG", "ID": "41700201"}]}, ()),
    ("the way told out of order",
     {f"{V}/Itinerary": [{"RoutingCountryCode": "KG", "SequenceNumeric": 2},
                         {"RoutingCountryCode": "CN", "SequenceNumeric": 1}]}, ()),
    ("a place by name and country",
     {f"{C}/LoadingLocation": {"Name": "Torugart", "Address": {"CountryCode": "KG"}}}, ()),
    ("a goods code of six digits", {f"{I}/Commodity/Classification/0": {"ID": "852872"}}, ()),
    ("a party without identifier", {}, (f"{C}/Consignee/ID",)),
    ("a seal number of the sender only counted", {f"{C}/TransportEquipment/0/FullnessCode": "4"},
     (f"{C}/TransportEquipment/0/Seal", f"{C}/TransportEquipment/0/AffixedSealQuantity")),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "left_out"), [case[1:] for case in FINE], ids=[case[0] for case in FINE])
def test_what_is_in_order_passes_in_silence(changes: Mapping[str, Any], left_out: tuple[str, ...]) -> None:
    assert found(without(changed(declaration(), changes), *left_out)) == []


def test_a_container_shared_by_two_consignments_may_be_listed_with_its_seals_in_both() -> None:
    both = declaration(consignments=2)
    shared = both.model_dump(mode="json", exclude_defaults=True)["Declaration"]["Consignment"][0]["TransportEquipment"]
    other = "/Declaration/Consignment/1"
    shared_twice = changed(
        both,
        {
            f"{other}/TransportEquipment": shared,
            f"{other}/ConsignmentItem/0/TransportEquipment": [{"ID": "CSQU3054383"}],
            f"{other}/ConsignmentItem/1/TransportEquipment": [{"ID": "CSQU3054383"}],
        },
    )
    assert found(shared_twice) == []


def test_two_consignments_do_not_have_one_number() -> None:
    twice = changed(declaration(consignments=2), {"/Declaration/Consignment/1/SequenceNumeric": 1})
    assert found(twice) == [("ACD-CON-01", "/Declaration/Consignment/1/SequenceNumeric", "1")]


def test_a_train_is_not_named_by_a_plate() -> None:
    named = changed(rail(), {f"{V}/IdentificationTypeCode": "30"})
    assert found(named) == [("ACD-VEH-06", f"{V}/IdentificationTypeCode", "30")]


def test_the_check_digit_of_a_long_wagon_number_refuses_and_of_a_short_one_warns() -> None:
    wrong = changed(
        rail(),
        {
            f"{C}/PassiveTransportMeans/0/ID": "44872803",
            "/Declaration/Consignment/1/PassiveTransportMeans/0/ID": "218124712170",
        },
    )
    assert [(one.rule, one.severity.value) for one in validate(wrong, Context(now=NOW))] == [
        ("ACD-IDN-05", "warn"),
        ("ACD-IDN-04", "reject"),
    ]


@pytest.mark.parametrize(
    ("changes", "left_out", "places"),
    [
        ({f"{D}/ObligationGuarantee/0/ReferenceID": "XY1"}, (),
         [f"{D}/AdditionalDocument/0/ID", f"{D}/ObligationGuarantee/0/ReferenceID"]),
        ({f"{D}/AdditionalDocument/0/ID": "XY87654321"}, (), [f"{D}/AdditionalDocument/0/ID"]),
        ({}, (f"{C}/TransitDestination",), [f"{C}/TransitDestination/ID"]),
        ({f"{D}/TypeCode": "952"}, (f"{D}/ObligationGuarantee", f"{D}/AdditionalDocument"),
         [f"{D}/ObligationGuarantee"]),
    ],
    ids=["shape of the number", "two numbers", "no destination", "kind of document alone"],
)  # fmt: skip
def test_under_tir_everything_names_one_carnet(
    changes: Mapping[str, Any], left_out: tuple[str, ...], places: list[str]
) -> None:
    seen = found(without(changed(tir(), changes), *left_out))
    assert [(rule, pointer) for rule, pointer, _ in seen] == [("ACD-TIR-01", place) for place in places]


def test_a_holder_of_a_carnet_has_an_identifier() -> None:
    seen = found(without(tir(), f"{D}/Carrier/ID"))
    assert [(rule, pointer) for rule, pointer, _ in seen] == [
        ("ACD-TIR-01", f"{D}/Carrier/ID"),
        ("ACD-PTY-03", f"{D}/Carrier/ID"),
    ]


def test_an_amendment_without_reason_is_found_at_the_amendment() -> None:
    amended = declaration(function_code="4", version_id="3", amendment=[{"Pointer": [{"DocumentSectionCode": "28A"}]}])
    assert found(amended) == [
        ("ACD-REF-02", f"{D}/Amendment/0/ChangeReasonCode", ""),
        ("ACD-REF-12", f"{D}/Amendment/0/Pointer", "28A"),
    ]


def test_a_change_in_part_without_pointers_is_found_where_they_are_missing() -> None:
    amended = declaration(function_code="4", version_id="3", amendment=[{"ChangeReasonCode": "004"}])
    assert found(amended) == [("ACD-REF-12", f"{D}/Amendment/0/Pointer", "")]


@pytest.mark.parametrize("place", ["item", "previous", "declaration"])
def test_the_export_declaration_may_be_cited_elsewhere(place: str) -> None:
    pointer = {
        "item": f"{I}/AdditionalDocument",
        "previous": f"{I}/PreviousDocument",
        "declaration": f"{D}/AdditionalDocument",
    }[place]
    message = changed(without(declaration(), f"{C}/AdditionalDocument"), {pointer: [{"ID": "1", "TypeCode": "830"}]})
    assert found(message, Context(now=NOW, export_declaration=True)) == []


@pytest.mark.parametrize(("packages", "expected"), [(121, []), (122, [f"{D}/TotalPackageQuantity"])])
def test_packages_differ_by_as_many_as_is_agreed(packages: int, expected: list[str]) -> None:
    message = changed(declaration(), {f"{D}/TotalPackageQuantity/value": str(packages)})
    context = Context(now=NOW, package_tolerance=1)
    assert [(rule, at) for rule, at, _ in found(message, context)] == [("ACD-CON-02", at) for at in expected]
    assert [rule for rule, _, _ in found(message)] == ["ACD-CON-02"]


@pytest.mark.parametrize(("share", "expected"), [("1.005", []), ("0.995", []), ("1.02", ["ACD-DOC-02"])])
def test_values_differ_by_as_much_as_is_agreed(share: str, expected: list[str]) -> None:
    whole = declaration()
    value = whole.declaration.consignment[0].value_amount
    assert value is not None
    message = changed(whole, {f"{C}/ValueAmount/value": str(round(value.value * Decimal(share), 2))})
    context = Context(now=NOW, value_tolerance_percent=Decimal(1))
    assert [rule for rule, _, _ in found(message, context)] == expected
    assert [rule for rule, _, _ in found(message)] == ["ACD-DOC-02"]


def test_no_export_declaration_is_asked_for_where_none_was_agreed() -> None:
    assert found(without(declaration(), f"{C}/AdditionalDocument")) == []


def test_what_the_agreement_asks_for_is_missed_in_every_consignment_that_lacks_it() -> None:
    asked = Context(now=NOW, mandatory=frozenset({"Declaration/Consignment/NotifyParty/ID", "Response/Status"}))
    assert found(declaration(consignments=2), asked) == [
        ("ACD-AGR-03", f"/Declaration/Consignment/{number}/NotifyParty/ID", "") for number in (0, 1)
    ]
    assert found(empty_vehicle(), asked) == []
    assert found(response(), asked) == [("ACD-AGR-03", "/Response/Status", "")]


def test_what_the_agreement_asks_for_is_named_with_what_it_belongs_to() -> None:
    asked = Context(now=NOW, mandatory=frozenset({"Declaration/Consignment/NotifyParty/ID"}))
    (one,) = validate(declaration(), asked)
    assert one.params["name"] == "NotifyParty/ID"


def test_containers_on_an_empty_vehicle_are_neither_counted_nor_judged_as_trailers() -> None:
    containers = [
        {
            "FullnessCode": "4",
            "ID": number,
            "RegistrationNationalityCode": "KG",
            "SequenceNumeric": at,
            "TypeCode": "CN",
        }
        for at, number in enumerate(("TRGU2040158", "TRGU2040163"), 4)
    ]
    assert found(changed(empty_vehicle(), {f"{V}/TransportEquipment": [*trailers(2), *containers]})) == []
    assert found(changed(empty_vehicle(), {f"{V}/TransportEquipment": [*containers, *trailers(3)]})) == [
        ("ACD-VEH-01", f"{V}/TransportEquipment/4", "新P3234挂")
    ]


def test_equipment_of_no_kind_on_a_vehicle_is_a_trailer() -> None:
    unsaid = changed(without(empty_container(), f"{V}/TransportEquipment/1/TypeCode"), {
        f"{V}/TransportEquipment/1/RegistrationNationalityCode": "KG",
    })  # fmt: skip
    assert found(unsaid) == [("ACD-VEH-02", f"{V}/TransportEquipment/1/ID", "TRGU2040158")]


def test_a_container_beside_cargo_need_not_say_that_it_is_empty() -> None:
    beside = {"ID": "TRGU2040158", "SequenceNumeric": 2, "TypeCode": "CN"}
    assert found(changed(declaration(), {f"{V}/TransportEquipment": [*trailers(1), beside]})) == []


def test_a_change_of_an_empty_vehicle_need_not_say_again_that_its_container_is_empty() -> None:
    whole = without(empty_container(), f"{V}/TransportEquipment/1/FullnessCode")
    assert found(whole) == [("ACD-VEH-07", f"{V}/TransportEquipment/1/FullnessCode", "")]
    part = changed(whole, {
        f"{D}/FunctionCode": "4",
        f"{D}/Amendment": [{"ChangeReasonCode": "004", "Pointer": [{"DocumentSectionCode": "42A"}]}],
    })  # fmt: skip
    assert [one for one in found(part) if one[0] == "ACD-VEH-07"] == []


def test_an_old_message_is_refused() -> None:
    late = Context(now=NOW + timedelta(hours=72, seconds=1))
    assert [rule for rule, _, _ in found(response(), late)] == ["ACD-ENV-04"]


def test_without_an_agreed_lead_time_no_declaration_is_late() -> None:
    assert found(declaration(), Context(now=NOW + timedelta(hours=30))) == []


def test_twelve_zeros_with_an_address_abroad_are_no_fault_of_the_number() -> None:
    assert found(changed(declaration(), {f"{D}/Agent": {"ID": "0" * 12, "Address": {"CountryCode": "CN"}}})) == []


def test_a_refusal_dated_as_accepted_contradicts_itself() -> None:
    refused = changed(response(), {"/Response/FunctionCode": "27", "/Response/Error": [{"ValidationCode": "KG-1"}]})
    assert [(rule, pointer) for rule, pointer, _ in found(refused)] == [
        ("ACD-RES-06", "/Response/Declaration/AcceptanceDateTime")
    ]


def test_a_status_may_be_a_statement() -> None:
    prohibited = changed(
        response(), {"/Response/FunctionCode": "11", "/Response/AdditionalInformation": [{"StatementCode": "DNL"}]}
    )
    assert found(prohibited) == []
