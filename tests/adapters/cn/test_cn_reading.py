"""What the Chinese window hands over, and the message that is made of it."""

import re
from datetime import datetime
from decimal import Decimal

import pytest

from adapters.cn import ADAPTER
from adapters.cn.codes import POSTS
from adapters.kit.contract import XML, National, Route, Setting
from gateway.message.finding import serious
from gateway.validation.rule import Context
from gateway.validation.validate import validate

EXAMPLES = sorted(path.name for path in ADAPTER.examples.iterdir() if path.suffix in (".xml", ".zip"))


def rules(reading):
    return [finding.rule for finding in reading.findings]


def of(reading, rule):
    return [finding for finding in reading.findings if finding.rule == rule]


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_gives_a_message_and_no_serious_finding(name, example, read):
    reading = read(example(name))
    assert reading.message is not None
    assert serious(list(reading.findings)) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_follows_the_schema_of_its_form(name, example, faults_of_form):
    assert faults_of_form(example(name)) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_same_document_always_gives_the_same_message(name, example, read):
    assert read(example(name)) == read(example(name))


def test_manifest_and_confirmation_become_one_declaration(example, read):
    declaration = read(example("export_typical.zip")).message.declaration
    means = declaration.border_transport_means
    assert declaration.functional_reference_id == "9403261123004"
    assert (means.id, means.registration_nationality_code, means.mode_code) == ("新P61728", "CN", "3")
    assert [master.id for master in means.master] == ["E62481937"]
    assert [trailer.id for trailer in means.transport_equipment] == ["新P2906挂"]
    assert [step.routing_country_code for step in means.itinerary] == ["CN", "KG"]
    assert (declaration.carrier.id, declaration.carrier.name) == ("9403KZGLYS007", "克州国际陆运有限公司")
    assert [c.transport_contract_document.id for c in declaration.consignment] == ["KZG2611230041", "KZG2611230042"]


def test_seals_and_size_of_a_container_come_from_the_confirmation(example, read):
    consignments = read(example("export_maximal.zip")).message.declaration.consignment
    first, second = consignments[1].transport_equipment
    assert (first.id, first.characteristic_code, first.fullness_code) == ("KZGU3318620", "22G1", "5")
    assert [seal.id for seal in first.seal] == ["XJ5520017", "XJ5520018"]
    assert [seal.id for seal in second.seal] == ["XJ5520019"]


def test_a_manifest_without_its_confirmation_has_no_vehicle_but_is_read(example, read):
    reading = read(example("export_manifest_alone.xml"))
    means = reading.message.declaration.border_transport_means
    assert (means.mode_code, means.id, means.master) == ("3", None, ())
    assert reading.message.declaration.consignment[0].transport_equipment[0].seal == ()


def test_sender_recipient_and_agreement_come_from_the_border_post(example, read):
    message = read(example("export_typical.zip")).message
    meta = message.communication_meta_data
    assert (meta.sender.id, meta.recipient.id) == ("CN-NSW", "KG-NSW")
    assert (meta.agreement_id, meta.agreement_version_id) == ("KG-CN-ROAD", "1")
    assert message.declaration.exit_office.id == "9403"
    assert message.declaration.entry_office.id == "41700201"


def test_an_import_manifest_is_addressed_to_china(example, read):
    message = read(example("import_typical.zip")).message
    meta = message.communication_meta_data
    consignment = message.declaration.consignment[0]
    assert (meta.sender.id, meta.recipient.id) == ("KG-NSW", "CN-NSW")
    assert (message.declaration.exit_office.id, message.declaration.entry_office.id) == ("41700201", "9403")
    assert (consignment.export_country.id, consignment.destination.country_code) == ("KG", "CN")
    assert consignment.unloading_location.arrival_date_time == datetime.fromisoformat("2026-11-24T10:30:00+08:00")
    assert [step.routing_country_code for step in consignment.itinerary] == ["KG", "CN"]


def test_an_office_inland_lodges_and_the_confirmation_names_the_border(example, read):
    declaration = read(example("export_maximal.zip")).message.declaration
    assert (declaration.declaration_office_id, declaration.exit_office.id) == ("9408", "9415")


def test_an_unknown_office_gives_no_message(changed, read):
    reading = read(changed("export_minimal.xml", "9415<", "8811<"))
    assert reading.message is None
    assert of(reading, "CN-002")[0].value == "8811"


def test_an_office_of_another_neighbour_without_a_route_gives_no_message(changed, read):
    reading = read(changed("export_minimal.xml", "<DeclarationOfficeID>9415", "<DeclarationOfficeID>9402"))
    assert reading.message is None
    assert of(reading, "CN-003")[0].params["country"] == "KZ"


@pytest.mark.parametrize("post", POSTS, ids=lambda post: post.name)
def test_every_post_leads_to_its_neighbour(post, changed):
    setting = Setting("CN-NSW", {country: Route(f"{country}-NSW", "AGREED", "1") for country in ("KG", "KZ")})
    document = changed("export_minimal.xml", "<DeclarationOfficeID>9415", f"<DeclarationOfficeID>{post.office}")
    message = ADAPTER.read(document, setting).message
    assert message.communication_meta_data.recipient.id == f"{post.neighbour}-NSW"
    assert (message.declaration.exit_office.id, message.declaration.entry_office.id) == (
        post.office,
        post.neighbour_office,
    )


# What belongs together


def test_a_confirmation_without_its_manifest_has_nothing_to_join(example, read, unzipped, bundle):
    name, body = list(unzipped(example("export_typical.zip")).items())[1]
    reading = read(bundle({name: body}))
    assert reading.message is None
    assert [(f.rule, f.value) for f in reading.findings] == [("CN-004", "9403261123004")]


def test_two_manifests_in_one_zip_are_refused(example, read, unzipped, bundle):
    reading = read(bundle({"a.xml": example("export_minimal.xml").body, "b.xml": example("export_change.xml").body}))
    assert reading.message is None
    assert [(f.rule, f.national) for f in reading.findings] == [("CN-005", "b.xml!/Manifest/Declaration/ID")]


def test_a_confirmation_of_another_batch_is_refused(example, read, unzipped, bundle):
    name, body = list(unzipped(example("export_typical.zip")).items())[1]
    reading = read(bundle({"manifest.xml": example("export_minimal.xml").body, name: body}))
    assert reading.message is None
    assert rules(reading) == ["CN-005"]


@pytest.mark.parametrize(
    ("form", "what"),
    [
        ("MT5402", "export tally report"),
        ("MT7402", "export container packing list"),
        ("MT8401", "import short shipment application"),
        ("MT8404", "export short shipment re-allocation"),
    ],
)
def test_a_form_of_the_wire_that_this_adapter_does_not_have_is_named(form, what, changed, read):
    reading = read(changed("export_minimal.xml", "MT2401", form))
    assert reading.message is None
    assert [(f.rule, f.value, f.params["what"]) for f in reading.findings] == [("CN-021", form, what)]


def test_an_empty_vehicle_is_declared_by_its_confirmation_alone(example, read):
    declaration = read(example("export_empty_vehicle.xml")).message.declaration
    assert (declaration.specific_circumstances_code_code, declaration.consignment) == ("EMP", ())
    assert (declaration.total_gross_mass_measure, declaration.total_package_quantity) == (None, None)
    assert [one.type_code for one in declaration.border_transport_means.transport_equipment] == ["TE"]


def test_empty_containers_stand_beside_the_trailers(example, read):
    means = read(example("export_empty_container.xml")).message.declaration.border_transport_means
    seen = [(one.type_code, one.id, one.characteristic_code, one.fullness_code) for one in means.transport_equipment]
    assert seen == [
        ("TE", "新P8832挂", None, None),
        ("CN", "TRGU2040158", "22G1", "4"),
        ("CN", "TRGU2040163", "22G1", "4"),
    ]


def test_a_container_on_an_empty_vehicle_is_empty_where_the_form_does_not_say_it(changed, read):
    reading = read(changed("import_empty_container.xml", "<FullnessCode>4</FullnessCode>", ""))
    means = reading.message.declaration.border_transport_means
    assert means.transport_equipment[-1].fullness_code == "4"


@pytest.mark.parametrize(
    ("name", "old", "new", "value"),
    [
        ("export_empty_container.xml", "MT4406", "MT4404", "TRGU2040158"),
        ("export_empty_vehicle.xml", "MT4404", "MT4406", ""),
    ],
)
def test_a_form_that_does_not_agree_with_its_containers_is_noted(name, old, new, value, changed, read):
    reading = read(changed(name, old, new))
    assert reading.message is not None
    assert [(f.rule, f.value, f.params["name"]) for f in reading.findings] == [("CN-031", value, new)]


def test_an_empty_vehicle_is_not_handed_over_with_a_manifest(example, read, bundle):
    empty, loaded = example("export_empty_vehicle.xml"), example("export_minimal.xml")
    reading = read(bundle({"a.xml": empty.body, "b.xml": loaded.body}))
    assert reading.message is None
    assert rules(reading) == ["CN-005"]


def test_a_container_that_only_the_confirmation_has_is_kept_and_noted(changed, read):
    document = changed(
        "export_typical.zip",
        "<TransportEquipment>\n        <ID>KZGU2045178</ID>\n        <CharacteristicCode>",
        "<TransportEquipment>\n        <ID>KZGU9999990</ID>\n        <CharacteristicCode>",
        1,
    )
    reading = read(document)
    equipment = reading.message.declaration.consignment[0].transport_equipment
    assert [container.id for container in equipment] == ["KZGU2045178", "KZGU9999990"]
    assert [(f.pointer, f.value) for f in of(reading, "CN-015")] == [
        ("/Declaration/Consignment/0/TransportEquipment/1/ID", "KZGU9999990")
    ]


def test_a_waybill_that_only_one_document_has_is_noted(changed, read):
    confirmed = "<Consignment>\n      <TransportContractDocument>\n        <ID>KZG2611230042"
    reading = read(changed("export_typical.zip", confirmed, confirmed.replace("0042", "0099")))
    assert {(f.value, f.pointer) for f in of(reading, "CN-014")} == {
        ("KZG2611230099", ""),
        ("KZG2611230042", "/Declaration/Consignment/1/TransportContractDocument/ID"),
    }


@pytest.mark.parametrize("number", ["KZGU9999990", "KZGU2045178"])
def test_a_container_under_a_waybill_that_the_manifest_does_not_have_is_reported_with_its_seals(number, changed, read):
    confirmed = "</ID>\n      </TransportContractDocument>\n      <TransportEquipment>\n        <ID>"
    old = f"KZG2611230042{confirmed}KZGU2045178"
    new = old.replace("KZG2611230042", "KZG2611230099").replace("KZGU2045178", number)
    at = "/Manifest/Declaration/Consignment[2]/TransportEquipment"
    unknown = {
        f.national.partition("!")[2]: f.value for f in of(read(changed("export_typical.zip", old, new)), "KIT-UNK-01")
    }
    assert (unknown[f"{at}/ID"], unknown[f"{at}/SealID"]) == (number, "XJ4471902")


def test_a_container_that_is_found_under_another_waybill_is_carried_and_not_reported(changed, read):
    confirmed = "<Consignment>\n      <TransportContractDocument>\n        <ID>KZG2611230041"
    reading = read(changed("export_typical.zip", confirmed, confirmed.replace("0041", "0099")))
    equipment = reading.message.declaration.consignment[0].transport_equipment
    assert [(container.id, container.seal[0].id) for container in equipment] == [("KZGU2045178", "XJ4471902")]
    first = "/Manifest/Declaration/Consignment[1]/TransportEquipment"
    assert not any(f.national.endswith(f"{first}/ID") for f in of(reading, "KIT-UNK-01"))


# Functions


@pytest.mark.parametrize(("national", "function"), [("9", "9"), ("0", "9"), ("2", "9"), ("3", "1"), ("5", "5")])
def test_each_function_of_the_form_has_its_place_in_the_common_form(national, function, changed, read):
    changing = f"<FunctionCode>{national}<"
    message = read(changed("export_minimal.xml", "<FunctionCode>9<", changing)).message
    assert message.declaration.function_code == function


@pytest.mark.parametrize("function", ["0", "2"])
def test_secondary_data_and_additions_say_that_they_became_originals(function, changed, read):
    reading = read(changed("export_minimal.xml", "<FunctionCode>9<", f"<FunctionCode>{function}<"))
    assert [f.value for f in of(reading, "CN-007")] == [function]


@pytest.mark.parametrize("function", ["T", "11", "7"])
def test_a_draft_or_an_unknown_function_is_not_exchanged(function, changed, read):
    reading = read(changed("export_minimal.xml", "<FunctionCode>9<", f"<FunctionCode>{function}<"))
    assert reading.message is None
    assert [f.value for f in of(reading, "CN-006")] == [function]


def test_a_change_brings_its_reason(example, read):
    declaration = read(example("export_change.xml")).message.declaration
    assert (declaration.function_code, declaration.amendment[0].change_reason_code) == ("5", "004")


def test_a_deletion_carries_only_its_keys(example, read):
    declaration = read(example("export_delete.xml")).message.declaration
    assert (declaration.function_code, declaration.functional_reference_id) == ("1", "9403261123004")
    assert declaration.consignment[0].consignment_item == ()
    assert declaration.total_gross_mass_measure is None


# Pains of the mapping


def test_names_in_three_scripts_are_kept_as_they_are(example, read):
    consignment = read(example("export_maximal.zip")).message.declaration.consignment[0]
    assert consignment.consignor.name == "乌鲁木齐天山漆业有限公司（叶城分公司）"
    assert consignment.consignee.name == "ОсОО «Түштүк Боёк» (жоопкерчилиги чектелген коом)"
    assert consignment.consignee.contact.name == "Өмүрбекова Ңурай"


@pytest.mark.parametrize("code", ["090220", "09022000", "0902200000", "0902200000101"])
def test_goods_codes_of_every_length_stay_as_they_are(code, changed, read):
    item = (
        read(changed("export_typical.zip", "0902200000", code)).message.declaration.consignment[0].consignment_item[0]
    )
    assert [found.id for found in item.commodity.classification] == [code]


def test_four_digits_beside_a_dangerous_goods_contact_are_a_un_number_where_there_is_such_a_number(example, read):
    reading = read(example("export_maximal.zip"))
    commodity = reading.message.declaration.consignment[0].consignment_item[0].commodity
    assert [code.id for code in commodity.classification] == ["3208909000"]
    assert [goods.undgid for goods in commodity.dangerous_goods] == ["1263"]
    assert [(f.value, f.params["read"]) for f in of(reading, "CN-010")] == [("1263", "UN")]


def test_four_digits_that_are_no_un_number_stay_a_goods_code_and_are_noted(changed, read):
    reading = read(changed("export_maximal.zip", "<ID>1263<", "<ID>9999<"))
    commodity = reading.message.declaration.consignment[0].consignment_item[0].commodity
    assert [code.id for code in commodity.classification] == ["3208909000", "9999"]
    assert [f.params["read"] for f in of(reading, "CN-010")] == ["HS"]


def test_four_digits_without_a_dangerous_goods_contact_are_a_goods_code(changed, read):
    reading = read(changed("export_typical.zip", "401120", "1263"))
    commodity = reading.message.declaration.consignment[1].consignment_item[0].commodity
    assert [code.id for code in commodity.classification] == ["1263"]
    assert of(reading, "CN-010") == []


def test_mode_4_of_the_other_list_is_road_and_said_so(example, read):
    reading = read(example("export_minimal.xml"))
    assert reading.message.declaration.border_transport_means.mode_code == "3"
    assert [f.value for f in of(reading, "CN-008")] == ["4"]


def test_another_mode_than_road_is_left_out_and_noted(changed, read):
    reading = read(changed("export_minimal.xml", "<TypeCode>4<", "<TypeCode>2<"))
    assert reading.message.declaration.border_transport_means is None
    assert [f.value for f in of(reading, "CN-009")] == ["2"]


@pytest.mark.parametrize(
    ("national", "moment"),
    [
        ("20261123163000", "2026-11-23T16:30:00+08:00"),
        ("20261123163000250", "2026-11-23T16:30:00.250+08:00"),
        ("20261123163000.0", "2026-11-23T16:30:00+08:00"),
        ("20261123163000.25", "2026-11-23T16:30:00.250+08:00"),
    ],
)
def test_digits_without_a_zone_are_beijing_time(national, moment, changed, read):
    means = read(changed("export_typical.zip", "20261123163000", national)).message.declaration.border_transport_means
    assert means.arrival_date_time == datetime.fromisoformat(moment)


@pytest.mark.parametrize("national", ["2026-11-23", "20261341000000", "202611231630", "soon"])
def test_what_is_no_time_is_left_out_and_noted_with_its_place(national, changed, read):
    reading = read(changed("export_typical.zip", "20261123163000", national))
    finding = of(reading, "CN-011")[0]
    assert reading.message.declaration.border_transport_means.arrival_date_time is None
    assert (finding.value, finding.pointer) == (national, "/Declaration/BorderTransportMeans/ArrivalDateTime")
    assert finding.national.endswith(".xml!/Manifest/Declaration/BorderTransportMeans/ArrivalDateTime")


def test_tonnes_become_kilograms_exactly(example, read):
    measure = (
        read(example("export_maximal.zip")).message.declaration.consignment[0].consignment_item[0].goods_measure
    ).gross_mass_measure
    assert (str(measure.value), measure.unit_code) == ("1980", "KGM")


def test_a_mass_in_another_unit_is_kept_and_noted(changed, read):
    reading = read(changed("export_maximal.zip", 'unitCode="TNE">1.980', 'unitCode="LBR">4365'))
    measure = reading.message.declaration.consignment[0].consignment_item[0].goods_measure.gross_mass_measure
    assert (str(measure.value), measure.unit_code) == ("4365", "LBR")
    assert [f.value for f in of(reading, "CN-013")] == ["LBR"]


def test_totals_of_the_declaration_are_the_sums_of_its_consignments(example, read):
    declaration = read(example("export_typical.zip")).message.declaration
    assert declaration.total_gross_mass_measure.value == Decimal("17000.500")
    assert (declaration.total_package_quantity.value, declaration.total_package_quantity.unit_code) == (700, None)
    assert declaration.goods_item_quantity == 3


def test_kinds_of_package_go_to_the_packaging_and_to_the_total(example, read):
    consignment = read(example("export_maximal.zip")).message.declaration.consignment[0]
    assert [(str(p.quantity_quantity.value), p.type_code) for p in consignment.consignment_item[0].packaging] == [
        ("80", "DR"),
        ("10", "PL"),
    ]
    assert consignment.total_package_quantity.unit_code == "DR"


def test_the_type_before_a_number_that_passes_its_check_is_taken_off(example, read):
    reading = read(example("export_maximal.zip"))
    paint, air_conditioners = reading.message.declaration.consignment
    assert (paint.consignor.id, paint.consignee.id) == ("91650100MA77L9DW45", "01807201510122")
    assert (air_conditioners.consignee.id, air_conditioners.notify_party.id) == ("21203198800417", "21203198800417")
    assert of(reading, "CN-017") == []


@pytest.mark.parametrize(
    ("national", "number", "lost"),
    [
        ("INN+00512201810093", "00512201810093", []),
        ("INN+20512198810093", "20512198810093", ["INN"]),  # a person's: it is written back as PIN
        ("BIN+120340000507", "120340000507", []),
        ("USCI+91650100MA77L9DW45", "91650100MA77L9DW45", ["USCI"]),  # a Chinese number is written without
    ],
)
def test_a_type_that_will_not_be_written_back_is_reported_lost(national, number, lost, changed, read):
    reading = read(changed("export_minimal.xml", "<Name>ОсОО", f"<ID>{national}</ID><Name>ОсОО", 1))
    assert reading.message.declaration.consignment[0].consignee.id == number
    at = "/Declaration/Consignment/0/Consignee/ID"
    assert [f.value for f in of(reading, "KIT-LOST-01") if f.pointer == at] == lost


def test_the_type_of_a_number_says_the_country_of_a_party_abroad(changed, read):
    reading = read(changed("export_change.xml", "INN+00512201810093", "BIN+120340000507"))
    assert reading.message.declaration.consignment[0].consignee.address.country_code == "KZ"
    assert of(reading, "CN-016") == []


@pytest.mark.parametrize("national", ["INN+00099201810093", "BIN+120340000508", "VAT+00512201810093"])
def test_an_identifier_of_no_known_type_or_that_fails_its_check_is_kept_whole_and_noted(national, changed, read):
    reading = read(changed("export_change.xml", "INN+00512201810093", national))
    assert reading.message.declaration.consignment[0].consignee.id == national
    assert {f.value for f in of(reading, "CN-017")} == {national}


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name.startswith(("export", "import"))])
def test_no_number_of_a_party_in_an_example_is_odd_to_the_gateway(name, example, read):
    message = read(example(name)).message
    found = validate(message, Context(now=message.communication_meta_data.preparation_date_time))
    assert [f for f in found if f.rule in ("ACD-IDN-02", "ACD-IDN-03")] == []


def test_the_country_of_a_party_abroad_is_marked_as_assumed(example, read):
    reading = read(example("export_minimal.xml"))
    consignment = reading.message.declaration.consignment[0]
    assert (consignment.consignor.address.country_code, consignment.consignee.address.country_code) == ("CN", "KG")
    assert "/Declaration/Consignment/0/Consignee/Address/CountryCode" in [f.pointer for f in of(reading, "CN-016")]
    assert not any("Consignor" in f.pointer for f in of(reading, "CN-016"))


# Nothing in silence


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("<Agent>", "<Ledger>7</Ledger><Agent>", "/Manifest/Declaration/Ledger"),
        ("<Name>ОсОО", "<Alias>7</Alias><Name>ОсОО", "/Manifest/Declaration/Consignment/Consignee/Alias"),
        ("<FunctionCode>", "<Copy>7</Copy><FunctionCode>", "/Manifest/Head/Copy"),
        (
            'unitCode="CT">540',
            'unitCode="CT" note="7">540',
            "/Manifest/Declaration/Consignment/TotalPackageQuantity/@note",
        ),
        ("<Agent>", "7<Agent>", "/Manifest/Declaration"),
        ("</Carrier>", "</Carrier><Carrier>7</Carrier>", "/Manifest/Declaration/Carrier[2]"),
    ],
)
def test_an_unknown_element_is_reported_with_its_place_and_value(old, new, place, changed, read):
    reading = read(changed("export_change.xml", old, new, 1))
    assert reading.message is not None
    assert [(f.national, f.value) for f in of(reading, "KIT-UNK-01")] == [(place, "7")]


def test_an_element_of_another_namespace_is_unknown(changed, read):
    reading = read(changed("export_change.xml", "<Agent>", '<x:Agent xmlns:x="urn:x">7</x:Agent><Agent>', 1))
    assert [f.value for f in of(reading, "KIT-UNK-01")] == ["7"]


def test_a_text_too_long_is_left_out_and_reported_at_its_place(changed, read):
    reading = read(changed("export_change.xml", "克州天山茶业有限公司", "茶" * 71))
    assert reading.message.declaration.consignment[0].consignor.name is None
    assert [(f.pointer, f.national, f.value) for f in of(reading, "KIT-FIT-01")] == [
        ("/Declaration/Consignment/0/Consignor/Name", "/Manifest/Declaration/Consignment/Consignor/Name", "茶" * 71)
    ]


def test_a_missing_key_is_named(changed, read):
    reading = read(changed("export_minimal.xml", "<ID>9415261123001</ID>", ""))
    assert reading.message is None
    assert [(f.params["name"], f.national) for f in of(reading, "CN-001")] == [("ID", "/Manifest/Declaration/ID")]


def test_empty_elements_are_as_if_they_were_not_there(changed, read):
    reading = read(changed("export_change.xml", "<Name>克州天山茶业有限公司</Name>", "<Name/>"))
    assert reading.message.declaration.consignment[0].consignor.name is None
    assert of(reading, "KIT-UNK-01") == []


def test_origins_lead_from_the_message_to_the_national_document(example, read):
    origins = read(example("export_typical.zip")).origins
    manifest = "CN_MT2401_1p0_9403KZTSH0016_20261123091500120.xml!/Manifest/Declaration"
    confirmation = "CN_MT4402_1p0_9403KZTSH0016_20261123094210305.xml!/Manifest/Declaration"
    at = "/Declaration/Consignment/1"
    assert origins[f"{at}/TotalGrossMassMeasure"] == (
        f"{manifest}/Consignment[2]/GovernmentAgencyGoodsItem/GoodsMeasure/GrossMassMeasure"
    )
    assert origins[f"{at}/ConsignmentItem/0/Commodity/Classification/0/ID"] == (
        f"{manifest}/Consignment[2]/ConsignmentItem/Commodity/Classification/ID"
    )
    assert origins[f"{at}/TransportEquipment/0/Seal/0/ID"] == f"{confirmation}/Consignment[2]/TransportEquipment/SealID"
    assert origins["/Declaration/BorderTransportMeans/ID"] == f"{confirmation}/BorderTransportMeans/ID"
    assert origins["/Declaration/ExitOffice/ID"] == f"{confirmation}/DeclarationOfficeID"


def test_origins_hold_every_value_that_the_document_gave(example, read):
    reading = read(example("export_maximal.zip"))
    tree = reading.message.model_dump(mode="json", exclude_none=True)
    known = reading.origins
    # Not in the document, but what its form means: README.md, "What the form means".
    meant = {"ContainerCode", "IdentificationTypeCode", "RoleCode", "CountryCode", "GoodsItemQuantity"}
    meant |= {"/Declaration/TypeCode", "/Declaration/TotalGrossMassMeasure", "/Declaration/TotalPackageQuantity"}

    def leaves(node, pointer):
        if isinstance(node, dict) and not {"value"} <= set(node):
            for name, value in node.items():
                yield from leaves(value, f"{pointer}/{name}")
        elif isinstance(node, list):
            for index, value in enumerate(node):
                yield from leaves(value, f"{pointer}/{index}")
        else:
            yield pointer

    without = {pointer for pointer in leaves(tree["Declaration"], "/Declaration") if pointer not in known}
    without = {pointer for pointer in without if not {pointer, pointer.rpartition("/")[2]} & meant}
    assert {re.sub(r"/[0-9]+", "", pointer) for pointer in without} == {
        "/Declaration/BorderTransportMeans/TransportEquipment/TypeCode",
        "/Declaration/Consignment/ExportCountry/ID",
        "/Declaration/Consignment/SequenceNumeric",
        "/Declaration/Consignment/TransportContractDocument/TypeCode",
        "/Declaration/Consignment/TransportEquipment/TypeCode",
        "/Declaration/EntryOffice/ID",
    }


def test_a_test_setting_marks_the_message(example):
    setting = Setting("CN-NSW", {"KG": Route("KG-NSW", "KG-CN-ROAD", "1")}, test=True)
    assert ADAPTER.read(example("export_minimal.xml"), setting).message.communication_meta_data.test_indicator is True


def test_a_document_of_another_national_form_is_a_finding(read):
    reading = read(National(b'<Manifest xmlns="urn:elsewhere"/>', XML))
    assert [(f.rule, f.severity.value) for f in reading.findings] == [("KIT-READ-01", "reject")]
