"""Batches: the vehicles among which a waybill is divided, each declared with what is on it."""

from decimal import Decimal

import pytest

from adapters.cn import ADAPTER
from adapters.kit.contract import XML, National
from gateway.message.finding import Severity

NAME = "export_batch_vehicle.zip"
BATCH = "9403261123019"


def rules(reading, *, but=("CN-016", "CN-017")):
    return [finding.rule for finding in reading.findings if finding.rule not in but]


@pytest.fixture
def part(example, bundle, unzipped):
    """The example with one of its two documents changed, or without it."""

    def change(kind, old, new):
        bodies = unzipped(example(NAME))
        (entry,) = [name for name in bodies if kind in name]
        assert old in bodies[entry].decode()
        return bundle({**bodies, entry: bodies[entry].decode().replace(old, new).encode()})

    return change


def test_a_vehicle_of_a_batch_is_declared_with_what_is_on_it(read, example):
    reading = read(example(NAME))
    declaration = reading.message.declaration
    assert (declaration.functional_reference_id, declaration.batch_id) == (f"{BATCH}/1", BATCH)
    assert declaration.batch_vehicle_quantity == 2
    (consignment,) = declaration.consignment
    assert consignment.total_gross_mass_measure.value == Decimal("6601.535")
    assert consignment.total_package_quantity.value == 330
    assert [item.sequence_numeric for item in consignment.consignment_item] == [1, 2]
    assert consignment.consignment_item[1].commodity.description  # what the goods are, the manifest says
    assert consignment.consignment_item[1].goods_measure.gross_mass_measure.value == Decimal("1320.285")
    assert [container.id for container in consignment.transport_equipment] == ["KZGU2045178"]
    assert rules(reading) == ["CN-027", "CN-027"]  # the waybill that is divided, and the one on the other vehicle


def test_a_waybill_that_is_on_another_vehicle_only_is_not_declared_with_this_one(read, example):
    (consignment,) = read(example(NAME)).message.declaration.consignment
    assert consignment.transport_contract_document.id == "KZG2611230191"
    left_out = [f for f in read(example(NAME)).findings if f.rule == "CN-027" and not f.pointer]
    assert [(f.value, f.severity) for f in left_out] == [("KZG2611230192", Severity.INFO)]


def test_what_was_read_is_written_and_read_again_the_same(read, example, faults_of_form):
    message = read(example(NAME)).message
    written = ADAPTER.write(message)
    assert faults_of_form(written.document) == []
    again = read(written.document).message
    assert again.declaration == message.declaration
    assert written.findings == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<VehicleQuantity>2</VehicleQuantity>", ""),
        ("<SequenceNumeric>1</SequenceNumeric>\n      <TypeCode>", "<TypeCode>"),
        ("<VehicleQuantity>2</VehicleQuantity>", "<VehicleQuantity>two</VehicleQuantity>"),
        ("<VehicleQuantity>2</VehicleQuantity>", "<VehicleQuantity>0</VehicleQuantity>"),
    ],
)
def test_half_of_what_a_batch_needs_is_refused(read, part, old, new):
    reading = read(part("MT4402", old, new))
    assert "CN-028" in [f.rule for f in reading.findings if f.severity is Severity.REJECT]


def test_a_confirmation_that_does_not_say_what_is_on_its_vehicle_is_refused_at_its_waybill(
    read, part, example, unzipped
):
    text = next(body.decode() for name, body in unzipped(example(NAME)).items() if "MT4402" in name)
    items = text[text.index("<ConsignmentItem>") : text.rindex("</ConsignmentItem>") + len("</ConsignmentItem>")]
    reading = read(part("MT4402", items, ""))
    (finding,) = [f for f in reading.findings if f.severity is Severity.REJECT]
    assert (finding.rule, finding.value) == ("CN-029", "KZG2611230191")
    assert finding.national.endswith("MT4402_1p0_9403KZTSH0016_20261123112040615.xml!/Manifest/Declaration/Consignment")


def test_an_item_that_the_manifest_does_not_have_is_refused(read, part):
    old = "<SequenceNumeric>2</SequenceNumeric>\n        <GoodsMeasure>"
    reading = read(part("MT4402", old, old.replace("2", "7")))
    assert [(f.rule, f.value) for f in reading.findings if f.severity is Severity.REJECT] == [("CN-030", "7")]


def test_what_happens_to_one_vehicle_is_said_by_its_confirmation(read, part):
    amended = "<Amendment><ChangeReasonCode>005</ChangeReasonCode></Amendment><BorderTransportMeans>"
    changed = part("MT4402", "<BorderTransportMeans>", amended)
    assert read(changed).message.declaration.function_code == "9"
    changed = part("MT4402", "<FunctionCode>9</FunctionCode>", "<FunctionCode>5</FunctionCode>")
    reading = read(changed)
    assert reading.message.declaration.function_code == "5"
    assert "KIT-UNK-01" not in rules(reading)


@pytest.fixture
def of_functions(example, bundle, unzipped):
    """The example with a function, and a reason for it, in each of its two documents."""

    def change(manifest, confirmation):
        bodies = {}
        for name, body in unzipped(example(NAME)).items():
            function, reason = manifest if "MT2401" in name else confirmation
            text = body.decode().replace("<FunctionCode>9<", f"<FunctionCode>{function}<")
            amendment = f"<Amendment><ChangeReasonCode>{reason}</ChangeReasonCode></Amendment>\n    <Border"
            bodies[name] = text.replace("    <Border", f"    {amendment}", 1).encode() if reason else text.encode()
        return bundle(bodies)

    return change


@pytest.mark.parametrize("function", ["9", "5"])
def test_a_vehicle_is_not_declared_beside_the_deletion_of_its_manifest(function, read, of_functions):
    reading = read(of_functions(("3", "001"), (function, "001")))
    (finding,) = [f for f in reading.findings if f.severity is Severity.REJECT]
    assert (finding.rule, finding.value, finding.params) == ("CN-032", "3", {"other": function})
    assert finding.national.endswith("MT2401_1p0_9403KZTSH0016_20261123101500340.xml!/Manifest/Head/FunctionCode")


def test_the_deletion_of_a_manifest_beside_that_of_one_vehicle_takes_back_that_one_and_says_so(read, of_functions):
    reading = read(of_functions(("3", "001"), ("3", "001")))
    assert (reading.message.declaration.function_code, reading.message.declaration.functional_reference_id) == (
        "1",
        f"{BATCH}/1",
    )
    assert [(f.pointer, f.value) for f in reading.findings if f.rule == "KIT-LOST-01"] == [
        ("/Declaration/FunctionCode", "3")
    ]


def test_a_change_of_the_manifest_that_its_vehicle_does_not_repeat_is_noted_with_its_reason(read, of_functions):
    reading = read(of_functions(("5", "004"), ("9", "")))
    assert (reading.message.declaration.function_code, reading.message.declaration.amendment) == ("9", ())
    assert [(f.value, f.pointer, f.params["other"]) for f in reading.findings if f.rule == "CN-014"] == [
        ("5", "/Declaration/FunctionCode", "9"),
        ("004", "/Declaration/Amendment/0/ChangeReasonCode", ""),
    ]


def test_manifest_and_vehicle_that_are_changed_for_one_reason_agree(read, of_functions):
    reading = read(of_functions(("5", "004"), ("5", "004")))
    assert reading.message.declaration.function_code == "5"
    assert rules(reading) == ["CN-027", "CN-027"]


def confirmation(function, *, more=""):
    return National(
        f"""<Manifest xmlns="urn:Declaration:datamodel:standard:CN:MT4402:1">
          <Head><MessageID>CN_MT4402_1p0_9403TRG000168_20261123120000000</MessageID>
          <FunctionCode>{function}</FunctionCode><MessageType>MT4402</MessageType>
          <SenderID>9403TRG000168_DXPMOCK000000001</SenderID><ReceiverID>EPORT</ReceiverID>
          <SendTime>20261123120000000</SendTime><Version>1.0</Version></Head>
          <Declaration><DeclarationOfficeID>9403</DeclarationOfficeID><ID>{BATCH}</ID>
          <Amendment><ChangeReasonCode>001</ChangeReasonCode></Amendment>{more}</Declaration></Manifest>""".encode(),
        XML,
    )


OF_BATCH = (
    "<BorderTransportMeans><SequenceNumeric>2</SequenceNumeric></BorderTransportMeans>"
    "<VehicleQuantity>2</VehicleQuantity>"
)


def test_a_deleted_confirmation_takes_back_one_vehicle_and_needs_no_manifest(read):
    reading = read(confirmation("3", more=OF_BATCH))
    declaration = reading.message.declaration
    assert (declaration.function_code, declaration.functional_reference_id) == ("1", f"{BATCH}/2")
    assert declaration.amendment[0].change_reason_code == "001"
    assert rules(reading) == []


def test_the_withdrawal_of_a_vehicle_is_written_as_its_confirmation_alone(read, faults_of_form):
    message = read(confirmation("3", more=OF_BATCH)).message
    written = ADAPTER.write(message)
    assert faults_of_form(written.document) == []
    assert b"MT4402" in written.document.body
    assert read(written.document).message.declaration == message.declaration


@pytest.mark.parametrize("document", [confirmation("9", more=OF_BATCH), confirmation("3")])
def test_any_other_confirmation_without_its_manifest_is_refused(read, document):
    assert "CN-004" in rules(read(document))


def test_a_batch_of_a_neighbour_keeps_the_neighbours_reference(read, import_message, faults_of_form, unzipped):
    about = {"batch_id": "KG-2026-77", "batch_vehicle_quantity": 3}
    declaration = import_message.declaration.model_copy(update=about)
    written = ADAPTER.write(import_message.model_copy(update={"declaration": declaration}))
    assert faults_of_form(written.document) == []
    confirmed = next(body.decode() for name, body in unzipped(written.document).items() if "MT4401" in name)
    assert "<BatchID>KG-2026-77</BatchID>" in confirmed
    again = read(written.document).message.declaration
    assert (again.batch_id, again.batch_vehicle_quantity) == ("KG-2026-77", 3)
    assert again.functional_reference_id == declaration.functional_reference_id
