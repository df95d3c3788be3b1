"""Empty vehicles, and vehicles with an empty container, between every two countries that agreed to exchange by road.

First form by form: from the common form through the recipient's writer and reader and back. Then end to end: windows,
adapters and gateway as real servers on loopback.
"""

from __future__ import annotations

import pytest
from lxml import etree

from adapters.kit.contract import Route, Setting
from builders.border import border
from builders.messages import NOW, as_tree, empty_container, empty_vehicle
from gateway import installed
from gateway.agreements import load_agreements
from gateway.message.metadata import DeclarationMessage
from gateway.published import published
from gateway.validation.rule import Context
from gateway.validation.validate import validate

ROADS = [
    agreement
    for agreement in load_agreements(published("agreements")).values()
    if "3" in agreement.modes and len(agreement.parties) == 2
]
WAYS = [(agreement, way.sender, way.recipient) for agreement in ROADS for way in agreement.directions]
LOADS = {"empty vehicle": empty_vehicle, "empty container": empty_container}


def between(agreement, sender, recipient, make):
    """A declaration of one country for another, by a post of their agreement."""
    tree = as_tree(make())
    post = agreement.posts[0]
    tree["ResponsibleCountryCode"] = sender
    head = tree["CommunicationMetaData"]
    head |= {"AgreementID": agreement.id, "AgreementVersionID": agreement.version}
    head |= {"Sender": {"ID": sender}, "Recipient": {"ID": recipient}}
    body = tree["Declaration"]
    body["DeclarationOfficeID"] = post.offices[sender]
    body["ExitOffice"], body["EntryOffice"] = {"ID": post.offices[sender]}, {"ID": post.offices[recipient]}
    way = [{"RoutingCountryCode": code, "SequenceNumeric": at} for at, code in enumerate((sender, recipient), 1)]
    body["BorderTransportMeans"]["Itinerary"] = way
    return DeclarationMessage.model_validate(tree, by_alias=True, by_name=False)


def said(declaration):
    """What is said of a vehicle without cargo, whatever else a national form has a place for."""
    means = declaration.border_transport_means
    return {
        "function": declaration.function_code,
        "reference": declaration.functional_reference_id,
        "circumstances": declaration.specific_circumstances_code_code,
        "consignments": len(declaration.consignment),
        "tractor": means.id,
        "drivers": [master.name for master in means.master],
        "equipment": [(one.type_code, one.id, one.fullness_code) for one in means.transport_equipment],
    }


@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize(("agreement", "sender", "recipient"), WAYS, ids=[f"{a}-{b}" for _, a, b in WAYS])
def test_the_recipients_form_says_it_and_is_read_back(agreement, sender, recipient, load):
    message = between(agreement, sender, recipient, LOADS[load])
    told = {finding.rule for finding in validate(message, Context(now=NOW)) if finding.severity.value == "reject"}
    assert told == set()
    adapter = installed.adapter(recipient)

    written = adapter.write(message)

    assert written.document.body
    lost = {one.pointer for one in written.findings if one.rule in ("KIT-LOST-01", "KIT-FIT-01")}
    assert "/Declaration/SpecificCircumstancesCodeCode" not in lost
    assert not [at for at in lost if at.startswith("/Declaration/BorderTransportMeans") and at.endswith("/ID")
                and "/Master/" not in at]  # fmt: skip
    reading = adapter.read(written.document, Setting(recipient, {sender: Route(sender, agreement.id, "1")}))
    assert reading.message is not None
    assert said(reading.message.declaration) == said(message.declaration)
    head = reading.message.communication_meta_data
    assert (head.sender.id, head.recipient.id) == (sender, recipient)
    again = adapter.write(reading.message)
    assert said(adapter.read(again.document, Setting(recipient, {sender: Route(sender, agreement.id, "1")}))
                .message.declaration) == said(message.declaration)  # fmt: skip


# End to end


@pytest.fixture(scope="module")
def at_the_border(tmp_path_factory):
    with border(tmp_path_factory.mktemp("border"), "CN", "KG", "KZ", "UZ") as running:
        yield running


ANNOUNCED = [
    ("KG", "CN", "empty-vehicle", "MT4403", 0),
    ("KG", "CN", "empty-container", "MT4405", 1),
    ("KZ", "CN", "empty-vehicle-to-cn", "MT4403", 0),
    ("KZ", "CN", "empty-container-to-cn", "MT4405", 1),
    ("CN", "KG", "empty-vehicle", "AutoPreliminary", 0),
    ("CN", "KG", "empty-container", "AutoPreliminary", 1),
    ("UZ", "KG", "empty-vehicle", "AutoPreliminary", 0),
    ("UZ", "KG", "empty-container", "AutoPreliminary", 1),
]


@pytest.mark.parametrize(
    ("sender", "recipient", "sample", "form", "containers"),
    ANNOUNCED,
    ids=[f"{a}-{b}-{c}" for a, b, c, *_ in ANNOUNCED],
)
def test_what_leaves_without_cargo_is_delivered_accepted_and_ends_closed(
    at_the_border, sender, recipient, sample, form, containers
):
    movement = at_the_border.announced(sender, recipient, sample)
    movement.becomes("accepted")

    (body,) = movement.received(recipient)
    document = etree.fromstring(body)
    assert form in etree.QName(document).namespace
    numbers = [node.text for node in document.iter("{*}ContainerNumber")] if form == "AutoPreliminary" else [
        equipment.findtext("{*}ID")
        for equipment in document.iter("{*}TransportEquipment")
        if equipment.findtext("{*}TypeCode") == "CN"
    ]  # fmt: skip
    assert len(numbers) == containers
    assert movement.rules() <= {"ACD-RES-05"}  # China's answer names the reference, and not the message
    movement.tells(sender, "departure")
    movement.becomes("departed")
    movement.tells(recipient, "arrival")
    movement.becomes("arrived")
    movement.tells(recipient, "control-result")
    movement.becomes("released")
    assert not {rule for rule in movement.rules() if rule.startswith(("ACD-ARR", "ACD-DIS"))}
    for number in numbers:
        gateway = at_the_border.gateway
        found = gateway.get("/v1/exchanges", recipient, container=number).json()["exchanges"]
        assert [each["exchangeId"] for each in found] == [movement.exchange]
        assert gateway.get("/v1/exchanges", recipient, plate=number).json()["exchanges"] == []


@pytest.mark.parametrize(
    ("sender", "recipient", "sample", "place"),
    [
        ("CN", "KG", "empty-container", "/Manifest/Declaration/BorderTransportMeans/ID"),
        ("KG", "CN", "empty-container",
         "/ExportPreliminary/BorderTransportDetails/PIATTransportMeansItemDetails/TransportMeansRegId"),
    ],
)  # fmt: skip
def test_an_empty_container_is_changed_and_withdrawn(at_the_border, sender, recipient, sample, place):
    movement = at_the_border.announced(sender, recipient, sample)
    movement.becomes("accepted")
    plate = {"CN": "新P99001", "KG": "01KG901ABC"}[sender]

    at_the_border.done(sender, f"/control/amend/{movement.names[sender]}", reason="004", changes={place: plate})
    movement.becomes("accepted", messages=4)
    assert plate in movement.received(recipient)[-1].decode()

    at_the_border.done(sender, f"/control/delete/{movement.names[sender]}", reason="001")
    movement.becomes("cancelled", messages=5)
    withdrawn = etree.fromstring(movement.received(recipient)[-1])
    assert (
        "WithdrawalNotice" in withdrawn.tag
        if recipient == "KG"
        else withdrawn.findtext("{*}Head/{*}FunctionCode") == "3"
    )
