"""What the Chinese window is handed, and what is lost on the way."""

import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from lxml import etree

from adapters.cn import ADAPTER
from adapters.cn.codes import PROFILE
from adapters.cn.promise import NOT_CARRIED, OTHERWISE
from adapters.kit.contract import XML, ZIP, National
from gateway.agreements.agreement import covers
from gateway.message.declaration import ConsignmentItem, ObligationGuarantee, TransportEquipment
from gateway.message.examples import examples
from gateway.message.leaf import DateTime, Fixed, Indicator, Whole
from gateway.message.metadata import KINDS, BorderEventMessage, DeclarationMessage
from gateway.message.parts import AdditionalDocument, Amendment, Measure
from gateway.message.table import elements
from gateway.message.xml_twin import parse_xml, read_xml, write_xml

DECLARATIONS = sorted(path.name for path in ADAPTER.examples.iterdir() if path.name.startswith(("export", "import")))


def replaced(part, path, value):
    """The message with one value exchanged; the path is of attribute names and positions."""
    name, *rest = path
    if isinstance(name, int):
        return (*part[:name], replaced(part[name], rest, value) if rest else value, *part[name + 1 :])
    inner = replaced(getattr(part, name), rest, value) if rest else value
    return part.model_copy(update={name: inner})


def numbered_anew(message, read):
    """A message from abroad as it is read back: the numbers of its documents are the writer's, and name it."""
    again = read(ADAPTER.write(message).document).message.communication_meta_data.id
    assert again != message.communication_meta_data.id
    return replaced(message, ["communication_meta_data", "id"], again)


@pytest.fixture
def lost():
    return lambda written: {f.pointer: f.value for f in written.findings if f.rule == "KIT-LOST-01"}


@pytest.mark.parametrize("name", DECLARATIONS)
def test_read_written_and_read_again_is_the_same_message(name, example, read):
    message = read(example(name)).message
    written = ADAPTER.write(message)
    assert read(written.document).message == (numbered_anew(message, read) if name.startswith("import") else message)
    assert written.findings == ()


@pytest.mark.parametrize("name", DECLARATIONS)
def test_each_written_document_follows_the_schema_of_its_form(name, example, read, faults_of_form):
    assert faults_of_form(ADAPTER.write(read(example(name)).message).document) == []


@pytest.mark.parametrize("name", DECLARATIONS)
def test_the_same_message_always_gives_the_same_bytes(name, example, read):
    message = read(example(name)).message
    again = read_xml(parse_xml(write_xml(message))).message
    assert ADAPTER.write(message) == ADAPTER.write(again)


def test_what_comes_from_abroad_becomes_an_import_manifest_and_its_confirmation(import_message, unzipped):
    document = ADAPTER.write(import_message).document
    names = list(unzipped(document))
    assert document.media_type == ZIP
    assert [name.split("_")[1] for name in names] == ["MT1401", "MT4401"]
    assert document.name == names[1].removesuffix(".xml") + ".zip"


def test_what_china_sends_becomes_an_export_manifest_and_its_confirmation(example, read, unzipped):
    document = ADAPTER.write(read(example("export_typical.zip")).message).document
    assert [name.split("_")[1] for name in unzipped(document)] == ["MT2401", "MT4402"]


def test_without_a_vehicle_the_manifest_goes_alone(import_message):
    message = replaced(import_message, ["declaration", "border_transport_means"], None)
    document = ADAPTER.write(message).document
    assert document.media_type == XML
    assert etree.fromstring(document.body).tag == "{urn:Declaration:datamodel:standard:CN:MT1401:1}Manifest"


PREPARED = datetime.fromisoformat("2026-11-23T10:30:15.042+06:00")


def numbered(message, number, at=PREPARED):
    """A message with another identifier and moment of preparation."""
    message = replaced(message, ["communication_meta_data", "preparation_date_time"], at)
    return replaced(message, ["communication_meta_data", "id"], f"00000000-0000-4000-8000-{number:012x}")


def names_of(message, unzipped):
    document = ADAPTER.write(message).document
    return list(unzipped(document)) if document.media_type == ZIP else [document.name]


@pytest.mark.parametrize("number", range(20))
@pytest.mark.parametrize("at", [PREPARED, PREPARED.replace(microsecond=0)], ids=["milliseconds", "seconds"])
def test_the_number_of_a_message_from_abroad_names_the_country_and_a_moment_of_the_minute_before(
    number, at, import_message, unzipped
):
    for name in names_of(numbered(import_message, number, at), unzipped):
        found = re.fullmatch(r"CN_MT[14]401_1p0_9400TORUGTKG1_([0-9]{14})([0-9]{3})\.xml", name)
        beijing = datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=timezone(timedelta(hours=8)))
        moment = beijing + timedelta(milliseconds=int(found[2]))
        assert at - timedelta(minutes=1) < moment <= at


def test_messages_of_one_millisecond_have_different_numbers(import_message, unzipped):
    names = [names_of(numbered(import_message, number), unzipped) for number in range(40)]
    assert len({name for both in names for name in both}) == 80


def test_a_message_has_the_same_number_whenever_it_is_written(import_message, unzipped):
    message = numbered(import_message, 1)
    assert names_of(message, unzipped) == names_of(message, unzipped)
    both = [name.rpartition("_")[2] for name in names_of(message, unzipped)]
    assert len(set(both)) == 1


def test_a_number_of_another_moment_changes_no_time_in_the_document(import_message, unzipped):
    """The manifest says when it was issued, the confirmation when the message was prepared."""
    issued = import_message.declaration.issue_date_time.astimezone(timezone(timedelta(hours=8)))
    for number in range(5):
        bodies = unzipped(ADAPTER.write(numbered(import_message, number)).document).values()
        sent = [etree.fromstring(body).findtext(".//{*}SendTime") for body in bodies]
        assert sent == [f"{issued:%Y%m%d%H%M%S}{issued.microsecond // 1000:03}", "20261123123015042"]


@pytest.mark.parametrize("kind", ["response", "border_event"])
def test_answers_and_events_of_one_millisecond_have_different_numbers_too(kind):
    message = next(iter(examples(kind).values()))
    made = {ADAPTER.write(numbered(message, number)).document.name for number in range(30)}
    assert len(made) == 30
    assert all(re.fullmatch(r"CN_MT[0-9]{4}_1p0_[0-9A-Z]{13}_[0-9]{17}\.xml", name) for name in made)


@pytest.mark.parametrize("sender", ["KG", "KG-NSW"])
def test_the_sending_country_is_known_from_the_participant_where_the_message_does_not_name_it(
    sender, import_message, unzipped
):
    message = replaced(import_message, ["responsible_country_code"], None)
    message = replaced(message, ["communication_meta_data", "sender", "id"], sender)
    assert next(iter(unzipped(ADAPTER.write(message).document))).startswith("CN_MT1401_1p0_9400TORUGTKG1_")


@pytest.mark.parametrize(("function", "national"), [("9", "9"), ("5", "5"), ("1", "3")])
def test_functions_are_written_as_the_form_has_them(function, national, import_message, unzipped):
    message = replaced(import_message, ["declaration", "function_code"], function)
    document = ADAPTER.write(message).document
    body = next(iter(unzipped(document).values())) if document.media_type == ZIP else document.body
    assert f"<FunctionCode>{national}</FunctionCode>".encode() in body


@pytest.mark.parametrize("function", ["13", "4", "2"])
def test_a_request_and_what_is_not_the_whole_document_have_no_form_and_say_so(function, import_message):
    written = ADAPTER.write(replaced(import_message, ["declaration", "function_code"], function))
    assert [(f.rule, f.severity.value, f.pointer) for f in written.findings] == [
        ("CN-020", "reject", "/Declaration/FunctionCode")
    ]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("import_empty_vehicle.xml", "MT4403"),
        ("export_empty_vehicle.xml", "MT4404"),
        ("import_empty_container.xml", "MT4405"),
        ("export_empty_container.xml", "MT4406"),
        ("export_empty_container_change.xml", "MT4406"),
        ("export_empty_container_delete.xml", "MT4406"),
    ],
)
def test_a_vehicle_without_cargo_is_written_in_the_form_for_what_it_carries(name, form, example, read):
    assert f":CN:{form}:1" in ADAPTER.write(read(example(name)).message).document.body.decode()


def test_a_vehicle_that_is_said_to_be_empty_and_has_cargo_is_written_with_its_cargo(import_message):
    written = ADAPTER.write(replaced(import_message, ["declaration", "specific_circumstances_code_code"], "EMP"))
    assert [(f.rule, f.pointer) for f in written.findings] == [
        ("KIT-LOST-01", "/Declaration/SpecificCircumstancesCodeCode")
    ]


def test_an_empty_container_beside_cargo_has_no_place_and_is_reported(import_message, read, lost):
    equipment = ["declaration", "border_transport_means", "transport_equipment"]
    trailers = import_message.declaration.border_transport_means.transport_equipment
    container = TransportEquipment(id="TRGU2040158", type_code="CN", fullness_code="4")
    written = ADAPTER.write(replaced(import_message, equipment, (container, *trailers)))
    at = "/Declaration/BorderTransportMeans/TransportEquipment/0"
    assert lost(written) == {f"{at}/ID": "TRGU2040158", f"{at}/TypeCode": "CN", f"{at}/FullnessCode": "4"}
    means = read(written.document).message.declaration.border_transport_means
    assert means.transport_equipment == trailers


def test_a_train_has_no_form_here_and_says_so(import_message):
    message = replaced(import_message, ["declaration", "border_transport_means", "mode_code"], "2")
    assert [(f.rule, f.severity.value, f.value) for f in ADAPTER.write(message).findings] == [("CN-021", "reject", "2")]


def test_a_change_carries_its_reason(import_message, read):
    message = replaced(import_message, ["declaration", "amendment"], (Amendment(change_reason_code="004"),))
    again = read(ADAPTER.write(message).document).message
    assert again.declaration.amendment == message.declaration.amendment


def test_tonnes_are_written_as_kilograms_and_are_not_lost(import_message, read, lost):
    path = ["declaration", "consignment", 0, "total_gross_mass_measure"]
    message = replaced(import_message, path, Measure(value=Decimal("22.1405"), unit_code="TNE"))
    written = ADAPTER.write(message)
    measure = read(written.document).message.declaration.consignment[0].total_gross_mass_measure
    assert (str(measure.value), measure.unit_code) == ("22140.5", "KGM")
    assert "/Declaration/Consignment/0/TotalGrossMassMeasure" not in lost(written)


def test_times_come_back_with_the_same_moment_whatever_their_offset(import_message, read):
    at = datetime.fromisoformat("2026-11-23T19:30:00+06:00")
    message = replaced(import_message, ["declaration", "border_transport_means", "arrival_date_time"], at)
    written = ADAPTER.write(message)
    assert read(written.document).message.declaration.border_transport_means.arrival_date_time == at
    assert written.findings == ()


def test_an_export_declaration_number_has_no_place_and_is_reported_lost(import_message, lost):
    documents = (AdditionalDocument(id="41700101/231126/0012345", type_code="830"),)
    message = replaced(import_message, ["declaration", "consignment", 0, "additional_document"], documents)
    at = "/Declaration/Consignment/0/AdditionalDocument/0"
    assert lost(ADAPTER.write(message)) == {f"{at}/ID": "41700101/231126/0012345", f"{at}/TypeCode": "830"}


def test_a_tir_carnet_has_no_place_and_is_reported_lost(import_message, lost):
    guarantee = (ObligationGuarantee(reference_id="XC12345678", security_details_code="B"),)
    message = replaced(import_message, ["declaration", "obligation_guarantee"], guarantee)
    assert lost(ADAPTER.write(message)) == {
        "/Declaration/ObligationGuarantee/0/ReferenceID": "XC12345678",
        "/Declaration/ObligationGuarantee/0/SecurityDetailsCode": "B",
    }


def test_a_total_that_is_not_the_sum_is_reported_lost(import_message, lost):
    wrong = Measure(value=Decimal("22141"), unit_code="KGM")
    message = replaced(import_message, ["declaration", "total_gross_mass_measure"], wrong)
    assert lost(ADAPTER.write(message)) == {"/Declaration/TotalGrossMassMeasure": "22141 KGM"}


def test_a_country_of_a_party_that_the_form_does_not_imply_is_reported_lost(import_message, lost):
    message = replaced(import_message, ["declaration", "consignment", 0, "consignor", "address", "country_code"], "UZ")
    assert lost(ADAPTER.write(message)) == {"/Declaration/Consignment/0/Consignor/Address/CountryCode": "UZ"}


def test_a_un_number_without_a_contact_is_not_written_as_a_goods_code(example, read, lost):
    message = read(example("export_maximal.zip")).message
    message = replaced(message, ["declaration", "consignment", 0, "undg_contact"], None)
    written = ADAPTER.write(message)
    item = read(written.document).message.declaration.consignment[0].consignment_item[0]
    assert [code.id for code in item.commodity.classification] == ["3208909000"]
    at = "/Declaration/Consignment/0/ConsignmentItem/0/Commodity/DangerousGoods/0/UNDGID"
    assert lost(written) == {at: "1263"}


def test_everything_that_is_reported_lost_was_announced(import_message):
    """A message with values in parts that the forms lack: all are reported, and each is in `not_carried`."""
    item = ConsignmentItem.model_validate(
        {
            "SequenceNumeric": 1,
            "ValueAmount": {"value": "10", "currencyID": "USD"},
            "AdditionalDocument": [{"ID": "1", "TypeCode": "271"}],
            "GoodsMeasure": {"NetNetWeightMeasure": {"value": "9", "unitCode": "KGM"}},
            "Origin": {"CountryCode": "KG"},
            "Packaging": [{"MarksNumbersID": "N/M", "QuantityQuantity": {"value": "1"}, "TypeCode": "BG"}],
            "PreviousDocument": [{"ID": "P"}],
            "UCR": {"ID": "U"},
        }
    )
    message = replaced(import_message, ["declaration", "consignment", 0, "consignment_item"], (item,))
    message = replaced(message, ["declaration", "version_id"], "2")
    message = replaced(message, ["declaration", "id"], "KG-1")
    written = ADAPTER.write(message)
    paths = {"/".join(p for p in f.pointer.split("/")[1:] if not p.isdigit()) for f in written.findings}
    item_path = "Declaration/Consignment/ConsignmentItem"
    assert paths == {
        "Declaration/ID",
        "Declaration/VersionID",
        f"{item_path}/AdditionalDocument/ID",
        f"{item_path}/AdditionalDocument/TypeCode",
        f"{item_path}/GoodsMeasure/NetNetWeightMeasure",
        f"{item_path}/Origin/CountryCode",
        f"{item_path}/Packaging/MarksNumbersID",
        f"{item_path}/PreviousDocument/ID",
        f"{item_path}/UCR/ID",
        f"{item_path}/ValueAmount",
    }
    assert [p for p in paths if not any(p == q or p.startswith(f"{q}/") for q in ADAPTER.not_carried)] == []


def example_value(leaf):
    if isinstance(leaf, Whole):
        return 1
    if isinstance(leaf, Fixed):
        return "12"
    if isinstance(leaf, DateTime):
        return "2026-11-23T10:00:00+06:00"
    if isinstance(leaf, Indicator):
        return True
    letters, longest = leaf.format.rstrip("0123456789."), leaf.lengths[1]
    return {"a": "USD"[:longest] if longest != 2 else "KG", "n": "1263"[-longest:]}.get(letters, "A" * min(longest, 3))


def every_element(cls):
    tree = {}
    for element in elements(cls):
        if element.child is None:
            value = example_value(element.leaf)
        elif element.qualified:
            unit = elements(element.child)[1].name
            value = {"value": "12", unit: "USD" if unit == "currencyID" else "KGM"}
        else:
            value = every_element(element.child)
        tree[element.name] = [value] if element.repeated else value
    return tree


IMPLIED = {
    "Declaration/BorderTransportMeans/IdentificationTypeCode",
    "Declaration/BorderTransportMeans/Master/RoleCode",
    "Declaration/BorderTransportMeans/TransportEquipment/TypeCode",
    "Declaration/Consignment/ContainerCode",
    "Declaration/Consignment/TransportContractDocument/TypeCode",
    "Declaration/Consignment/TransportEquipment/TypeCode",
    "Declaration/SpecificCircumstancesCodeCode",
    "Declaration/TypeCode",
}
"""The form means one value; only that arrives."""
OF_EMPTY_CONTAINERS = {
    f"Declaration/BorderTransportMeans/TransportEquipment/{name}"
    for name in ("CharacteristicCode", "FullnessCode", "Seal/ID")
}
OF_EXPORTS = {
    "Declaration/Consignment/Consolidator/ID",
    "Declaration/Consignment/LoadingLocation/ID",
    "Declaration/Consignment/TransitDeparture/ID",
    "Declaration/DeclarationOfficeID",
}
OF_IMPORTS = {
    "Declaration/Consignment/Deconsolidator/ID",
    "Declaration/Consignment/UnloadingLocation/ArrivalDateTime",
    "Declaration/Consignment/UnloadingLocation/ID",
    "Declaration/PresentationOffice/ID",
}
OTHER_END = {
    "CN": {
        "Declaration/Consignment/Consignor/Address/CountryCode",
        "Declaration/Consignment/ExportCountry/ID",
        "Declaration/EntryOffice/ID",
    },
    "KG": {
        "Declaration/Consignment/Consignee/Address/CountryCode",
        "Declaration/Consignment/Destination/CountryCode",
        "Declaration/ExitOffice/ID",
    },
}
"""By the country that sends: what follows from the direction and the border post, and is something else here."""
SOMETIMES = {
    "Declaration": IMPLIED
    | OF_EMPTY_CONTAINERS
    | {"Declaration/Consignment/ConsignmentItem/Packaging/QuantityQuantity"}  # of a kind that is not the packaging's
    | {"Declaration/Submitter/ID", "Declaration/Submitter/RoleCode"},  # Head/SenderID: of China's own, and of its shape
    "Response": {
        "Response/AdditionalInformation/StatementCode",  # with the function and the status one outcome, or lost
        "Response/AdditionalInformation/StatementTypeCode",
        "Response/Error/Pointer",  # where the form has the place
        "Response/FunctionalReferenceID",  # where a MessageID can be made of it
        "Response/Status/NameCode",
    },
    "BorderEvent": {
        "BorderEvent/AdditionalInformation/StatementTypeCode",
        "BorderEvent/BorderTransportMeans/IdentificationTypeCode",
        "BorderEvent/BorderTransportMeans/TransportEquipment/TypeCode",
        "BorderEvent/Consignment/TransportContractDocument/TypeCode",
        "BorderEvent/FunctionalReferenceID",  # where a MessageID can be made of it
    },
}
"""By document: what other messages bring over, and one with every element does not, whoever sends it."""


@pytest.mark.parametrize("country", ["CN", "KG"])
@pytest.mark.parametrize("kind", list(KINDS.values()))
def test_of_a_message_with_every_element_what_is_lost_is_promised_or_is_lost_only_sometimes(
    kind, country, faults_of_form
):
    tree = every_element(kind) | {"ResponsibleCountryCode": country}
    if kind is DeclarationMessage:
        tree["Declaration"] |= {"FunctionCode": "9", "ExitOffice": {"ID": "9403"}, "EntryOffice": {"ID": "9403"}}
    elif kind is BorderEventMessage:
        event = tree["BorderEvent"]
        event["EventTypeCode"] = "DIS"
        event["ControlResult"] |= {"ConclusionCode": "HLD", "SealCheck": [{"ID": "CN7204411", "ConditionCode": "BRK"}]}
        event["Consignment"][0]["AdditionalDocument"][0]["TypeCode"] = "929"
        event["Consignment"][0]["ConsignmentItem"][0]["Commodity"]["Classification"][0]["ID"] = "080212"
    else:
        tree["Response"]["FunctionCode"] = "44"
    written = ADAPTER.write(kind.model_validate(tree))
    paths = {"/".join(p for p in f.pointer.split("/")[1:] if not p.isdigit()) for f in written.findings}
    assert faults_of_form(written.document) == []
    assert {f.rule for f in written.findings} == {"KIT-LOST-01"}
    expected = SOMETIMES[kind.document]
    if kind is DeclarationMessage:
        expected = expected | OTHER_END[country] | (OF_IMPORTS if country == "CN" else OF_EXPORTS)
    assert paths - {p for p in paths if covers(NOT_CARRIED - set(OTHERWISE), p)} == expected


def test_nothing_is_promised_lost_that_the_profile_says_is_written_but_what_arrives_otherwise():
    written = {path for kind in PROFILE["capabilities"]["writes"].values() for path in kind["elements"]}
    both = {path for path in NOT_CARRIED if covers(written, path) or any(covers({path}, one) for one in written)}
    assert both == set(OTHERWISE)


def test_what_is_announced_as_lost_exists_in_the_common_form():
    def exists(path):
        cls = next((kind for kind in KINDS.values() if path.startswith(f"{kind.document}/")), DeclarationMessage)
        for name in path.split("/"):
            element = next((e for e in elements(cls) if e.name == name), None)
            if element is None:
                return False
            cls = element.child or cls
        return True

    assert [path for path in ADAPTER.not_carried if not exists(path)] == []


@pytest.mark.parametrize(
    ("number", "country", "national"),
    [
        ("00512201810093", "KG", "INN+00512201810093"),
        ("21203198800417", "KG", "PIN+21203198800417"),
        ("120340000507", "KZ", "BIN+120340000507"),
        ("850612300451", "KZ", "IIN+850612300451"),
        ("120340000507", "UZ", "120340000507"),
        ("304118562", "UZ", "304118562"),
        ("123", "KG", "123"),
        ("91650100MA77L9DW45", "CN", "91650100MA77L9DW45"),
    ],
)
def test_a_number_of_a_neighbour_is_written_with_its_type(number, country, national, import_message, read, unzipped):
    consignor = ["declaration", "consignment", 0, "consignor"]
    message = replaced(import_message, [*consignor, "id"], number)
    message = replaced(message, [*consignor, "address", "country_code"], country)
    document = ADAPTER.write(message).document
    manifest = etree.fromstring(next(iter(unzipped(document).values())))
    assert manifest.findtext(".//{*}Consignor/{*}ID") == national
    assert read(document).message.declaration.consignment[0].consignor.id == number


@pytest.mark.parametrize(
    ("number", "national"),
    [
        ("01203201910157", "INN+01203201910157"),
        ("120340000507", "BIN+120340000507"),
        ("31505851234562", "31505851234562"),  # an Uzbek person's, which has a date where a Kyrgyz one has
    ],
)
def test_a_number_of_a_party_without_a_country_has_its_type_where_it_can_be_no_other(
    number, national, import_message, unzipped
):
    message = replaced(import_message, ["declaration", "carrier", "id"], number)
    for body in unzipped(ADAPTER.write(message).document).values():
        assert etree.fromstring(body).findtext(".//{*}Carrier/{*}ID") == national


@pytest.mark.parametrize("name", ["export_change.xml", "export_manifest_alone.xml", "import_empty_vehicle.xml"])
def test_the_numbers_of_parties_are_written_as_they_were_read(name, example, read):
    def numbers(document):
        parties = ("Agent", "Carrier", "Consignee", "Consignor", "NotifyParty")
        root = etree.fromstring(document.body)
        return [party.findtext("{*}ID") for name in parties for party in root.iter(f"{{*}}{name}")]

    document = example(name)
    assert numbers(ADAPTER.write(read(document).message).document) == numbers(document)


def test_a_longest_text_and_its_characters_survive(import_message, read):
    name = "Ңү𠮷ғ—“” Ӏ"[:10].strip() * 7
    message = replaced(import_message, ["declaration", "consignment", 0, "consignor", "name"], name[:70])
    assert read(ADAPTER.write(message).document).message == numbered_anew(message, read)


def test_the_zip_holds_readable_documents_only(import_message, unzipped, faults_of_form):
    document = ADAPTER.write(import_message).document
    assert all(body.startswith(b"<?xml version='1.0' encoding='UTF-8'?>") for body in unzipped(document).values())
    assert faults_of_form(National(document.body, document.media_type)) == []


def test_the_form_follows_the_way_of_the_goods_whoever_sends(example, read, unzipped):
    message = read(example("export_typical.zip")).message
    meta = message.communication_meta_data
    turned = meta.model_copy(update={"sender": meta.recipient, "recipient": meta.sender})
    message = message.model_copy(update={"communication_meta_data": turned, "responsible_country_code": "KG"})
    assert [name.split("_")[1] for name in unzipped(ADAPTER.write(message).document)] == ["MT2401", "MT4402"]


@pytest.mark.parametrize("function", ["13", "8"])
def test_what_has_no_form_gives_no_document_to_hand_over(function, import_message):
    assert ADAPTER.write(replaced(import_message, ["declaration", "function_code"], function)).document.body == b""
