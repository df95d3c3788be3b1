"""Messages written for NSW KG: valid, complete or reported, and the same when read back."""

from __future__ import annotations

import os
import random
from datetime import datetime
from pathlib import Path

import pytest
from lxml import etree

from adapters.kg import ADAPTER
from adapters.kit.contract import XML, National, Route, Setting, Written
from adapters.kit.sheet import leaves
from builders.messages import EMPTY_CONTAINER, changed, declaration, empty_container, empty_vehicle, response, tir
from gateway.message.finding import Severity
from gateway.message.metadata import DeclarationMessage, Message

SETTING = Setting("KG", {"CN": Route("CN", "kg-cn-road", "1"), "KG": Route("KG", "kg-cn-road", "1")})
DECLARATIONS = sorted((*ADAPTER.examples.glob("auto_*.xml"), *ADAPTER.examples.glob("export_*.xml")))
SCHEMAS = Path(ADAPTER.examples).parent / "schema"
OFFICIAL = Path(os.environ.get("TORUGART_EAEU_SCHEMAS", "not-set"))
"""Folder with the official schema of format album 5.23.0, where somebody has it: it is not public here."""
NAMES = {"c": "urn:customs.ru:CommonAggregateTypes:5.22.0", "r": "urn:customs.ru:RUSCommonAggregateTypes:5.22.0"}


def schema(folder: Path, name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(folder / f"{name}.xsd"))


def root_of(written: Written) -> etree._Element:
    return etree.fromstring(written.document.body)


def value(written: Written, name: str) -> list[str]:
    return [node.text for node in root_of(written).iter(f"{{*}}{name}")]


def found(written: Written, rule: str) -> list[tuple[str, str]]:
    return [(f.pointer, f.value) for f in written.findings if f.rule == rule]


def read_back(message: Message) -> Message:
    reading = ADAPTER.read(ADAPTER.write(message).document, SETTING)
    assert reading.message is not None, reading.findings
    return reading.message


def altered(message: DeclarationMessage, **changes: object) -> DeclarationMessage:
    """The message with elements of its declaration replaced, in the form of the wire."""
    tree = message.model_dump(mode="json", exclude_defaults=True)
    tree["Declaration"].update({name: given for name, given in changes.items() if given is not None})
    for name in [name for name, given in changes.items() if given is None]:
        tree["Declaration"].pop(name, None)
    return DeclarationMessage.model_validate(tree, by_alias=True, by_name=False)


def with_item(**changes: object) -> DeclarationMessage:
    """A declaration in whose first goods elements are replaced."""
    tree = declaration().model_dump(mode="json", exclude_defaults=True)
    tree["Declaration"]["Consignment"][0]["ConsignmentItem"][0].update(changes)
    return DeclarationMessage.model_validate(tree, by_alias=True, by_name=False)


def with_master(name: str) -> DeclarationMessage:
    means = declaration().declaration.border_transport_means.model_dump(mode="json", exclude_defaults=True)
    return altered(declaration(), BorderTransportMeans={**means, "Master": [{"Name": name}]})


def messages() -> list[Message]:
    return [
        declaration(),
        declaration(consignments=5),
        tir(),
        empty_vehicle(),
        empty_container(),
        altered(declaration(), Carrier=None, Declarant=None, EntryOffice=None, BorderTransportMeans=None),
        with_item(Commodity={"Description": "描述 опис " * 51}),
        *(ADAPTER.read(_national(path), SETTING).message for path in DECLARATIONS),
    ]


def _national(path: Path) -> National:
    return National(path.read_bytes(), XML)


@pytest.mark.parametrize("number", range(len(messages())))
def test_every_written_declaration_is_valid_against_our_schema(number: int):
    document = root_of(ADAPTER.write(messages()[number]))
    ours = schema(SCHEMAS, "AutoPreliminary")
    assert ours.validate(document), ours.error_log


@pytest.mark.skipif(
    not OFFICIAL.is_dir(), reason="TORUGART_EAEU_SCHEMAS does not name the folder of the official schema"
)
def test_every_written_declaration_is_valid_against_the_official_schema():
    official = schema(OFFICIAL, "AutoPreliminary")
    for message in messages():
        document = root_of(ADAPTER.write(message))
        assert official.validate(document), official.error_log


@pytest.mark.parametrize("name", ["auto_minimal", "auto_maximal", "export_minimal", "export_typical"])
def test_what_was_read_is_written_and_read_again_the_same(name: str):
    first = ADAPTER.read(_national(ADAPTER.examples / f"{name}.xml"), SETTING).message
    again = read_back(first)
    if name.startswith("auto"):
        assert again == first
        return
    one, other = first.declaration, again.declaration
    assert other.consignment == one.consignment
    assert (other.carrier, other.declarant) == (one.carrier, one.declarant)
    assert other.functional_reference_id == one.functional_reference_id


@pytest.mark.parametrize("number", range(len(messages())))
def test_only_what_is_promised_or_told_is_lost_on_the_way_and_back(number: int):
    lost, added = differences(messages()[number])
    assert lost == []
    assert [path for path in sorted(added) if not path.startswith(IMPLIED)] == []


IMPLIED = (
    "Declaration/BorderTransportMeans/Master/RoleCode",
    "Declaration/Consignment/ContainerCode",
    "Declaration/Declarant/",
)
"""What the form says although the message does not."""


def differences(message: Message) -> tuple[list[tuple[str, str, str | None]], set[str]]:
    """What a message has that comes back otherwise, neither promised nor told; and the elements that come in."""
    written = ADAPTER.write(message)
    told = {finding.pointer for finding in written.findings}
    before, after = dict(leaves(message)), dict(leaves(read_back(message)))
    own = message.responsible_country_code == "KG"  # read from an export: read back, it goes the other way round
    lost = [
        (pointer, text, after.get(pointer))
        for pointer, text in before.items()
        if not _same_number(text, after.get(pointer))
        and not _promised(pointer)
        and pointer not in told
        and not (own and pointer.startswith("/CommunicationMetaData/"))
    ]
    return lost, {_path(pointer) for pointer in after.keys() - before.keys()}


def _path(pointer: str) -> str:
    return "/".join(step for step in pointer.split("/")[1:] if not step.isdigit())


def _promised(pointer: str) -> bool:
    path = _path(pointer)
    return any(path == lost or path.startswith(f"{lost}/") for lost in ADAPTER.not_carried)


def _same_number(one: str | None, other: str | None) -> bool:
    if one == other:
        return True
    return one is not None and other is not None and one.rstrip("0").rstrip(".") == other.rstrip("0").rstrip(".")


@pytest.mark.parametrize("make", [declaration, tir, empty_vehicle, empty_container])
def test_every_leaf_is_on_the_document_or_reported(make):
    message = make()
    written = ADAPTER.write(message)
    reported = {f.pointer for f in written.findings}
    after = dict(leaves(ADAPTER.read(written.document, SETTING).message))
    for pointer, text in leaves(message):
        carried = pointer in after and (after[pointer] == text or _same_number(text, after[pointer]))
        implied = pointer.startswith(("/Agency", "/WCO", "/Communication")) or pointer.endswith(
            ("/SequenceNumeric", "/IdentificationTypeCode", "/TypeCode")
        )
        assert carried or implied or pointer in reported, pointer


@pytest.mark.parametrize("make", [declaration, tir, empty_vehicle, empty_container, response])
def test_the_same_message_is_written_the_same(make):
    assert ADAPTER.write(make()) == ADAPTER.write(make())


def test_the_window_can_name_the_message_and_the_senders_reference():
    message = declaration()
    written = ADAPTER.write(message)
    assert value(written, "DocumentID") == [message.communication_meta_data.id]
    assert value(written, "RefDocumentID") == [message.declaration.functional_reference_id]


def test_the_office_of_entry_is_named_and_marked_as_illustrative():
    written = ADAPTER.write(declaration())
    assert value(written, "BorderCheckpointName") == ["Торугарт-автодорожный"]
    assert found(written, "KG-003") == [("/Declaration/EntryOffice/ID", "41700201")]


def test_an_unknown_office_of_entry_is_carried_without_a_name():
    written = ADAPTER.write(declaration(entry_office={"ID": "41703001"}))
    assert "41703001" in value(written, "CustomsOfficeCode")
    assert value(written, "BorderCheckpointName") == []
    assert found(written, "KG-004") == [("/Declaration/EntryOffice/ID", "41703001")]


def test_an_office_of_another_shape_stands_in_the_code_of_the_checkpoint():
    written = ADAPTER.write(declaration(entry_office={"ID": "9403"}))
    assert value(written, "BorderCheckpointCode") == ["9403"]


@pytest.mark.parametrize(
    ("changes", "source", "name"),
    [
        ({"Declarant": {"Name": "Declarant Ltd"}}, None, "Declarant Ltd"),
        ({}, "Carrier", "喀什天山国际货运有限公司"),
        ({"Carrier": None}, "Consignee", "ОсОО «Ала-Тоо Импорт»"),
        ({"Carrier": None, "Consignment": None}, "-", None),
    ],
    ids=["declarant", "carrier", "consignee", "nobody"],
)
def test_the_declarant_is_the_declarant_or_the_carrier_or_the_consignee(changes, source, name):
    written = ADAPTER.write(altered(declaration(), **changes))
    details = root_of(written).find("{*}DeclarantDetails")
    assert details.findtext("c:OrganizationName", None, NAMES) == name
    assert [f.params["source"] for f in written.findings if f.rule == "KG-001"] == ([source] if source else [])


def test_a_chinese_name_is_carried_as_it_is():
    assert "新疆丝路贸易有限公司" in value(ADAPTER.write(declaration()), "OrganizationName")


def test_a_chinese_driver_stands_whole_in_the_surname_and_that_is_said():
    written = ADAPTER.write(with_master("王建国"))
    assert (value(written, "PersonSurname"), value(written, "PersonName")) == (["王建国"], [])
    assert found(written, "KG-002") == [("/Declaration/BorderTransportMeans/Master/0/Name", "王建国")]


def test_a_driver_without_a_name_is_not_written_under_an_invented_one():
    means = declaration().declaration.border_transport_means.model_dump(mode="json", exclude_defaults=True)
    written = ADAPTER.write(altered(declaration(), BorderTransportMeans={**means, "Master": [{"ID": "E1"}]}))
    assert value(written, "CarrierRepresentativeDetails") == []
    assert ("/Declaration/BorderTransportMeans/Master/0/ID", "E1") in found(written, "KIT-LOST-01")


def test_surname_name_and_patronymic_are_told_apart_only_when_certain():
    written = ADAPTER.write(with_master("Өмүралиев Бакыт Түгөлбаевич"))
    assert value(written, "PersonSurname") == ["Өмүралиев"]
    assert value(written, "PersonMiddleName") == ["Түгөлбаевич"]
    assert found(written, "KG-002") == []
    uncertain = ADAPTER.write(with_master("Асан уулу Бакыт"))
    assert value(uncertain, "PersonSurname") == ["Асан уулу Бакыт"]


@pytest.mark.parametrize(
    ("country", "number", "element"),
    [
        ("KG", "02209201610139", "KGINN"),
        ("KZ", "971240001315", "BIN"),
        ("KZ", "880101300123", "IIN"),
        ("RU", "7707083893", "INN"),
        ("BY", "100582333", "UNP"),
        ("AM", "02702456", "UNN"),
        ("CN", "91110000600037341L", "UITNCode"),
        ("MN", "2887746", "UITNCode"),
    ],
)
def test_an_identifier_goes_into_the_block_of_its_country_and_comes_back(country: str, number: str, element: str):
    carrier = {"ID": number, "Name": "X", "Address": {"CountryCode": country}}
    message = altered(declaration(), Carrier=carrier)
    written = ADAPTER.write(message)
    details = root_of(written).find("{*}CarrierDetails")
    assert [node.text for node in details.iter(f"{{*}}{element}")] == [number]
    assert read_back(message).declaration.carrier == message.declaration.carrier


@pytest.mark.parametrize("number", ["123", "INN+01703201410284"], ids=["short", "with a type before it"])
def test_an_identifier_that_is_not_its_countrys_is_left_out_and_reported(number: str):
    carrier = {"ID": number, "Name": "X", "Address": {"CountryCode": "KG"}}
    written = ADAPTER.write(altered(declaration(), Carrier=carrier))
    assert ("/Declaration/Carrier/ID", number) in found(written, "KIT-FIT-01")


def test_a_description_is_split_without_loss():
    text = " ".join(f"товар{n}" for n in range(60))[:512].strip()
    assert len(text) > 250
    message = with_item(Commodity={"Description": text})
    written = ADAPTER.write(message)
    parts = [node.text for node in next(root_of(written).iter("{*}GoodsItem")).iterfind("{*}GoodsDescription")]
    assert "".join(parts) == text
    assert max(map(len, parts)) == 250
    assert read_back(message).declaration.consignment[0].consignment_item[0].commodity.description == text


@pytest.mark.parametrize("code", ["8528", "852872", "85287290", "8528729000"])
def test_a_code_of_the_goods_is_never_padded(code: str):
    written = ADAPTER.write(with_item(Commodity={"Description": "TV", "Classification": [{"ID": code}]}))
    assert value(written, "GoodsTNVEDCode")[0] == code


def test_a_code_of_thirteen_digits_is_not_cut_but_reported():
    written = ADAPTER.write(with_item(Commodity={"Description": "TV", "Classification": [{"ID": "8528729000101"}]}))
    assert len(value(written, "GoodsTNVEDCode")) == 1
    pointer = "/Declaration/Consignment/0/ConsignmentItem/0/Commodity/Classification/0/ID"
    assert (pointer, "8528729000101") in found(written, "KIT-LOST-01")


def test_a_mass_keeps_its_six_decimals_and_tonnes_become_kilograms():
    written = ADAPTER.write(with_item(GoodsMeasure={"GrossMassMeasure": {"value": "1050.123456", "unitCode": "KGM"}}))
    assert "1050.123456" in value(written, "GrossWeightQuantity")
    tonnes = ADAPTER.write(with_item(GoodsMeasure={"GrossMassMeasure": {"value": "1.05", "unitCode": "TNE"}}))
    assert "1050" in value(tonnes, "GrossWeightQuantity")
    assert [value for _, value in found(tonnes, "KG-009")] == ["1.05 TNE"]


def test_a_third_decimal_of_an_amount_is_not_rounded_away():
    written = ADAPTER.write(with_item(ValueAmount={"value": "6200.005", "currencyID": "USD"}))
    pointer = "/Declaration/Consignment/0/ConsignmentItem/0/ValueAmount"
    assert (pointer, "6200.005 USD") in found(written, "KIT-FIT-01")
    assert len(value(written, "CAValueAmount")) == 1


def test_kinds_of_packages_keep_their_two_letters():
    written = ADAPTER.write(declaration())
    assert set(value(written, "PalleteCode")) == {"CT"}
    assert set(value(written, "PakageTypeCode")) == {"1"}
    bulk = ADAPTER.write(with_item(Packaging=[{"TypeCode": "VR"}]))
    assert "0" in value(bulk, "PakageTypeCode")


def test_more_than_three_vehicles_are_reported():
    means = declaration().declaration.border_transport_means.model_dump(mode="json", exclude_defaults=True)
    trailers = [{"ID": f"新P{n}挂"} for n in range(4)]
    written = ADAPTER.write(altered(declaration(), BorderTransportMeans={**means, "TransportEquipment": trailers}))
    assert len(value(written, "TransportMeansRegId")) == 3
    assert [value for _, value in found(written, "KG-007")] == ["新P2挂", "新P3挂"]


def test_the_planned_arrival_is_a_day_at_the_office_of_entry_and_its_time_is_reported_lost():
    message = declaration()
    written = ADAPTER.write(message)
    arrival = message.declaration.border_transport_means.arrival_date_time
    last = list(root_of(written).iter("{*}ItineraryPointDetails"))[-1]
    assert last.findtext("{*}Date") == str(datetime.fromisoformat(arrival.isoformat()).date())
    assert last.findtext("{*}CustomsOfficeCode") == "41700201"
    assert "/Declaration/BorderTransportMeans/ArrivalDateTime" in dict(found(written, "KIT-LOST-01"))


def test_a_tir_carnet_is_split_into_series_and_number_and_comes_back():
    written = ADAPTER.write(tir())
    carnet = tir().declaration.obligation_guarantee[0].reference_id
    assert value(written, "TIRCarnetIndicator") == ["1"]
    assert value(written, "TIRSeries")[0] + value(written, "TIRID")[0] == carnet
    assert read_back(tir()).declaration.obligation_guarantee[0].reference_id == carnet


def test_the_export_declaration_of_a_consignment_is_carried():
    again = read_back(declaration()).declaration.consignment[0].additional_document
    assert again == declaration().declaration.consignment[0].additional_document


def test_the_official_form_has_no_place_for_a_batch_and_both_that_tell_it_are_reported_lost():
    written = ADAPTER.write(altered(declaration(), BatchID="9403981745761", BatchVehicleQuantity=2))
    lost = found(written, "KIT-LOST-01")
    assert ("/Declaration/BatchID", "9403981745761") in lost
    assert ("/Declaration/BatchVehicleQuantity", "2") in lost
    assert b"9403981745761" not in written.document.body


def test_an_empty_container_is_written_as_a_container_and_not_as_a_vehicle():
    written = ADAPTER.write(empty_container())
    root = etree.fromstring(written.document.body)
    assert [node.text for node in root.iter("{*}TransportMeansRegId")] == ["新P12345", "新P1234挂"]
    assert [node.text for node in root.iter("{*}ContainerNumber")] == ["TRGU2040158"]
    assert root.findtext("{*}BorderTransportDetails/{*}ContainerIndicator") == "1"
    again = read_back(empty_container()).declaration
    assert (again.specific_circumstances_code_code, again.consignment) == ("EMP", ())
    assert [(one.type_code, one.id) for one in again.border_transport_means.transport_equipment] == [
        ("TE", "新P1234挂"),
        ("CN", "TRGU2040158"),
    ]


def test_a_container_beside_goods_that_is_not_said_to_be_empty_has_no_place():
    for fullness, numbers in (("4", ["CSQU3054383", "TRGU2040158"]), ("5", ["CSQU3054383"]), (None, ["CSQU3054383"])):
        container = {key: value for key, value in EMPTY_CONTAINER.items() if key != "FullnessCode"}
        container |= {"FullnessCode": fullness} if fullness else {}
        message = changed(declaration(), {"/Declaration/BorderTransportMeans/TransportEquipment/1": container})
        written = ADAPTER.write(message)
        root = etree.fromstring(written.document.body)
        assert sorted({node.text for node in root.iter("{*}ContainerNumber")}) == numbers
        at = "/Declaration/BorderTransportMeans/TransportEquipment/1/ID"
        assert ([one.pointer for one in written.findings if one.pointer == at] == []) == (fullness == "4")


def test_an_empty_vehicle_is_written_without_consignments():
    written = ADAPTER.write(empty_vehicle())
    assert root_of(written).find("{*}MainConsignmentDetails") is None
    assert read_back(empty_vehicle()).declaration.specific_circumstances_code_code == "EMP"


def test_a_seal_of_a_container_comes_back_on_its_container():
    again = read_back(declaration()).declaration
    assert [seal.id for seal in again.consignment[0].transport_equipment[0].seal] == ["CNKS000001"]
    assert again.border_transport_means.seal == ()


def test_the_seal_of_a_container_that_two_consignments_share_is_written_once():
    tree = declaration(consignments=2).model_dump(mode="json", exclude_defaults=True)
    one, two = tree["Declaration"]["Consignment"]
    two["TransportEquipment"] = one["TransportEquipment"]
    message = DeclarationMessage.model_validate(tree, by_alias=True, by_name=False)
    assert value(ADAPTER.write(message), "CustomsIdentificationMeansId") == ["CNKS000001"]
    again = read_back(message).declaration.consignment
    assert again[0].transport_equipment == again[1].transport_equipment


def test_a_number_of_a_seal_or_a_trailer_that_is_not_its_position_is_told():
    means = declaration().declaration.border_transport_means.model_dump(mode="json", exclude_defaults=True)
    seals, trailers = [{"ID": "S1", "SequenceNumeric": 7}], [{"ID": "T1", "SequenceNumeric": 4, "TypeCode": "TE"}]
    message = altered(declaration(), BorderTransportMeans={**means, "Seal": seals, "TransportEquipment": trailers})
    here = "/Declaration/BorderTransportMeans"
    lost = found(ADAPTER.write(message), "KIT-LOST-01")
    assert (f"{here}/Seal/0/SequenceNumeric", "7") in lost
    assert (f"{here}/TransportEquipment/0/SequenceNumeric", "4") in lost


def test_a_seal_number_too_long_for_the_form_is_reported():
    means = declaration().declaration.border_transport_means.model_dump(mode="json", exclude_defaults=True)
    written = ADAPTER.write(altered(declaration(), BorderTransportMeans={**means, "Seal": [{"ID": "S" * 21}]}))
    assert [value for _, value in found(written, "KIT-FIT-01")] == ["S" * 21]
    assert value(written, "SealQuantity") == ["1"]


@pytest.mark.parametrize("function", ["2", "4", "13"])
def test_a_function_that_the_form_cannot_say_is_refused(function: str):
    written = ADAPTER.write(declaration(function_code=function))
    assert [(f.rule, f.value) for f in written.findings if f.severity is Severity.REJECT] == [("KG-008", function)]


def by(mode: str | None, function: str = "9") -> DeclarationMessage:
    """A declaration, or a cancellation, by a mode of transport."""
    means = declaration().declaration.border_transport_means.model_dump(mode="json", exclude_defaults=True)
    means = {name: value for name, value in {**means, "ModeCode": mode}.items() if value is not None}
    return altered(declaration(function_code=function), BorderTransportMeans=means)


@pytest.mark.parametrize("function", ["9", "5", "1"])
@pytest.mark.parametrize("mode", ["1", "2", "4", "5", "7", "8", "9"])
def test_what_does_not_come_by_road_is_refused_because_the_form_is_that_of_road(mode: str, function: str):
    written = ADAPTER.write(by(mode, function))
    refused = [(f.rule, f.pointer, f.value) for f in written.findings if f.severity is Severity.REJECT]
    assert refused == [("KG-018", "/Declaration/BorderTransportMeans/ModeCode", mode)]
    assert value(written, "TransportModeCode") == []


@pytest.mark.parametrize(("mode", "code"), [("3", ["30"]), (None, [])], ids=["road", "none"])
def test_road_is_written_and_a_mode_that_is_not_given_is_not(mode: str | None, code: list[str]):
    written = ADAPTER.write(by(mode))
    assert value(written, "TransportModeCode") == code
    assert [f for f in written.findings if f.severity is Severity.REJECT] == []


def test_a_replacement_names_the_number_it_replaces_where_it_is_known():
    cited = [{"ID": "KG/20261120/000000044", "TypeCode": "933"}]
    message = declaration(function_code="5", additional_document=cited)
    assert value(ADAPTER.write(message), "PINumber") == ["000000044"]
    assert read_back(message).declaration.function_code == "5"
    assert found(ADAPTER.write(declaration(function_code="5")), "KG-010") != []


def test_an_item_of_dangerous_goods_comes_back_with_its_un_number():
    goods = {"Description": "Paint", "DangerousGoods": [{"UNDGID": "1263"}, {"UNDGID": "1993"}]}
    message = with_item(Commodity=goods)
    assert value(ADAPTER.write(message), "InformationKindCode") == ["3"]
    commodity = read_back(message).declaration.consignment[0].consignment_item[0].commodity
    assert [number.undgid for number in commodity.dangerous_goods] == ["1263", "1993"]


def test_a_test_message_cannot_be_marked_in_the_form_and_that_is_said():
    tree = declaration().model_dump(mode="json", exclude_defaults=True)
    tree["CommunicationMetaData"]["TestIndicator"] = True
    message = DeclarationMessage.model_validate(tree, by_alias=True, by_name=False)
    assert "/CommunicationMetaData/TestIndicator" in dict(found(ADAPTER.write(message), "KIT-LOST-01"))


def test_declarations_of_random_size_come_back_whole():
    chance = random.Random(7)
    for _ in range(5):
        size = chance.randint(1, 8)  # each in a container of its own: one that two share has the seals of both
        assert differences(declaration(consignments=size))[0] == []
