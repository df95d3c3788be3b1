"""Kazakhstan and Uzbekistan change a part, add on the way and send two trucks with one waybill, end to end.

Windows, adapters and gateway are real servers on loopback.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema_rs
import pytest
from lxml import etree

from builders.border import Border, Movement, border
from builders.serving import now, wait
from gateway import installed
from mock_nsw.issuing import Issuer

ROOT = "/PreliminaryInformation"
VEHICLE = f"{ROOT}/BorderTransportDetails"
LATER = {"KZ": lambda at: at.isoformat(timespec="seconds"), "UZ": lambda at: f"{at:%d.%m.%Y %H:%M}"}


@dataclass(frozen=True)
class Way:
    """From one of the two to the other: what is lodged, what changes, and how the other side is told of it."""

    sender: str
    recipient: str
    sample: str
    changes: Mapping[str, str | None]
    told: Mapping[str, str | None]
    arrival: str
    seal: str
    untold: str

    def announced(self, running: Border) -> Movement:
        movement = running.announced(self.sender, self.recipient, self.sample)
        movement.becomes("accepted")
        return movement

    def amend(
        self, movement: Movement, function: str, changes: Mapping[str, str | None], **more: str
    ) -> dict[str, Any]:
        """What the sender's adapter answered to a change or an addition."""
        path = f"/control/amend/{movement.names[self.sender]}"
        body = {"function": function, "changes": dict(changes), **more}
        answer = movement.border.controls[self.sender].post(path, json=body)
        assert answer.status_code == 200, answer.text
        said: dict[str, Any] = answer.json()
        return said

    def addition(self, arrival: datetime) -> dict[str, str]:
        """A later arrival and a third seal."""
        at = arrival.astimezone(ZoneInfo("Asia/Almaty"))
        return {self.arrival: LATER[self.sender](at), self.seal: "SEAL000003"}


KZ_UZ = Way(
    "KZ",
    "UZ",
    "two-consignments",
    {
        f"{ROOT}/UnifiedGrossMassMeasure": "18770.500",
        f"{ROOT}/ConsignmentDetails[2]/UnifiedGrossMassMeasure": "5530.000",
        f"{ROOT}/ConsignmentDetails[2]/GoodsItemDetails[1]/UnifiedGrossMassMeasure": "5530.000",
        f"{ROOT}/ConsignmentDetails[1]/GoodsItemDetails[2]/GoodsDescriptionText": "Макароны",
        f"{VEHICLE}/RoadTransportDetails/SealDetails[1]": None,
    },
    {
        "/jamiBruttoKg": "18770.500",
        "/yuklar/1/bruttoKg": "5530.000",
        "/yuklar/1/tovarlar/0/bruttoKg": "5530.000",
        "/yuklar/0/tovarlar/1/tavsif": "Макароны",
        "/transport/plombalar/0": None,
    },
    f"{VEHICLE}/PlannedArrivalDateTime",
    f"{VEHICLE}/RoadTransportDetails/SealDetails[3]/SealId",
    f"{VEHICLE}/RoadTransportDetails/CrewMemberDetails/IdentityDocId",
)
UZ_KZ = Way(
    "UZ",
    "KZ",
    "two-consignments-to-kz",
    {
        "/jamiBruttoKg": "15870.500",
        "/yuklar/1/bruttoKg": "6370.000",
        "/yuklar/1/tovarlar/0/bruttoKg": "6370.000",
        "/yuklar/0/tovarlar/1/tavsif": "Futbolkalar",
        "/transport/plombalar/0": None,
    },
    {
        f"{ROOT}/UnifiedGrossMassMeasure": "15870.500",
        f"{ROOT}/ConsignmentDetails[2]/UnifiedGrossMassMeasure": "6370.000",
        f"{ROOT}/ConsignmentDetails[2]/GoodsItemDetails[1]/UnifiedGrossMassMeasure": "6370.000",
        f"{ROOT}/ConsignmentDetails[1]/GoodsItemDetails[2]/GoodsDescriptionText": "Futbolkalar",
        f"{VEHICLE}/RoadTransportDetails/SealDetails[1]": None,
    },
    "/transport/kelish",
    "/transport/plombalar/2/raqam",
    "/transport/haydovchilar/0/hujjatRaqami",
)
BOTH = pytest.mark.parametrize("way", [KZ_UZ, UZ_KZ], ids=["KZ-UZ", "UZ-KZ"])


@pytest.fixture(scope="module")
def at_the_border(tmp_path_factory):
    with border(tmp_path_factory.mktemp("border"), "KZ", "UZ") as running:
        yield running


@cache
def schema(country):
    """The schema of the declarations of a country's form."""
    folder = Path(installed.adapter(country).examples).with_name("schema")
    if country == "UZ":
        return jsonschema_rs.validator_for(json.loads((folder / "DM.schema.json").read_bytes()))
    return etree.XMLSchema(etree.parse(folder / "PreliminaryInformation.xsd"))


class Told:
    """A declaration of either form as a window was handed it; it is valid by the schema of its form."""

    def __init__(self, country, document):
        if country == "UZ":
            self.tree = json.loads(document)
            assert [str(error) for error in schema("UZ").iter_errors(self.tree)] == []
            self.action, self.version = self.tree["amal"], self.tree.get("talqin")
            self.reasons = [(each["kod"], each["joy"]) for each in self.tree.get("sabablar", ())]
            self.seals = [each["raqam"] for each in self.tree.get("transport", {}).get("plombalar", ())]
            return
        root = etree.fromstring(document)
        schema("KZ").assertValid(root)
        self.tree = root
        self.action, self.version = (root.findtext(f"{{*}}{name}") for name in ("PIActionCode", "VersionId"))
        self.reasons = [tuple(text.text for text in each) for each in root.findall("{*}AmendmentDetails")]
        self.seals = [each.text for each in root.iter("{*}SealId")]

    def texts(self):
        """Every text in it."""
        if isinstance(self.tree, dict):
            return list(texts_in(self.tree))
        return [each.text for each in self.tree.iter() if each.text and each.text.strip()]


def texts_in(node):
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else None
    if children is None:
        yield node
        return
    for child in children:
        yield from texts_in(child)


ACTIONS = {"UZ": {"change": "OZGARTIRISH", "addition": "QOSHIMCHA"}, "KZ": {"change": "03", "addition": "04"}}
NEW = {"UZ": "YANGI", "KZ": "01"}


def declarations(movement, country):
    """The declarations that a window was handed, oldest first."""
    found = []
    for document in movement.received(country):
        if document.startswith(b"{") and json.loads(document)["shakl"] != "DM":
            continue
        if not document.startswith(b"{") and b"<PreliminaryInformation" not in document:
            continue
        found.append(Told(country, document))
    return found


@BOTH
def test_a_change_in_part_is_delivered_counted_and_decided_about_anew(at_the_border, way):
    movement = way.announced(at_the_border)

    assert way.amend(movement, "change", way.changes, reason="004")["status"] == 200
    exchange = movement.becomes("accepted", messages=4)

    assert exchange["version"] == 2
    original, change = declarations(movement, way.recipient)
    assert (original.action, change.action) == (NEW[way.recipient], ACTIONS[way.recipient]["change"])
    assert change.version == "2"
    assert change.reasons == [("004", place) for place in way.told]
    texts = change.texts()
    assert all(text in texts for text in way.told.values() if text is not None)
    assert change.seals == []
    assert len(texts) < len(original.texts()) / 3
    # Accepted twice, and nothing else: no notice of an undeliverable message is among it.
    assert len(movement.received(way.sender)) == 2
    assert movement.rules() == set()


@BOTH
def test_a_second_change_goes_on_from_the_first(at_the_border, way):
    movement = way.announced(at_the_border)
    (first, text), *_ = way.changes.items()
    for version, reason in (("2", "004"), ("3", "005")):
        assert way.amend(movement, "change", {first: text}, reason=reason)["status"] == 200
        assert movement.becomes("accepted", messages=2 * int(version))["version"] == int(version)

    assert [each.version for each in declarations(movement, way.recipient)] == ["1", "2", "3"]


@BOTH
def test_an_addition_on_the_way_reaches_the_other_window_and_changes_no_version(at_the_border, way):
    movement = way.announced(at_the_border)
    movement.tells(way.sender, "departure")
    movement.becomes("departed")

    assert way.amend(movement, "addition", way.addition(now() + timedelta(hours=30)))["status"] == 200
    exchange = movement.becomes("departed", messages=4)

    assert exchange["version"] == 1
    _, addition = declarations(movement, way.recipient)
    assert (addition.action, addition.version) == (ACTIONS[way.recipient]["addition"], "1")
    assert (addition.reasons, addition.seals) == ([], ["SEAL000003"])
    # The window decides nothing about it by itself, and the movement goes on as before.
    movement.tells(way.recipient, "arrival")
    movement.becomes("arrived", messages=5)


@BOTH
def test_an_addition_that_is_made_before_the_departure_waits_for_it(at_the_border, way):
    movement = way.announced(at_the_border)

    assert way.amend(movement, "addition", way.addition(now() + timedelta(hours=30)))["status"] == 200
    assert len(declarations(movement, way.recipient)) == 1

    movement.tells(way.sender, "departure")
    movement.becomes("departed", messages=4)
    assert [each.action for each in declarations(movement, way.recipient)][1:] == [ACTIONS[way.recipient]["addition"]]


@BOTH
def test_after_the_departure_nothing_is_changed_any_more(at_the_border, way):
    movement = way.announced(at_the_border)
    movement.tells(way.sender, "departure")
    movement.becomes("departed")

    answer = way.amend(movement, "change", way.changes, reason="004")

    assert answer["status"] == 422
    assert "ACD-REF-06" in answer["reply"]
    assert movement.becomes("departed")["version"] == 1


@BOTH
def test_a_place_that_has_no_pointer_is_refused_before_it_is_sent_and_the_window_is_told_where(at_the_border, way):
    movement = way.announced(at_the_border)

    answer = way.amend(movement, "change", {way.untold: "AB0000001"}, reason="004")

    assert answer["status"] == 422
    assert {"KZ": "KZ-022", "UZ": "UZ-016"}[way.sender] in answer["reply"]
    assert way.untold in answer["reply"]
    assert movement.becomes("accepted")["version"] == 1


@BOTH
def test_what_was_added_on_the_way_moves_the_time_when_the_exchange_expires(tmp_path, way):
    ahead = timedelta(0)
    with border(tmp_path, "KZ", "UZ", clock=lambda: now() + ahead) as running:
        movements = [way.announced(running) for _ in range(2)]
        for movement in movements:
            movement.tells(way.sender, "departure")
            movement.becomes("departed")
        delayed, lost = movements
        assert way.amend(delayed, "addition", way.addition(now() + timedelta(days=3)))["status"] == 200
        delayed.becomes("departed", messages=4)

        # Planned in five hours, and after that the forty-eight that the agreement gives; or in three days and as long.
        ahead = timedelta(days=3)
        wait(lambda: len(lost.received(way.sender)) == 2)
        ahead = timedelta(0)  # whoever reads does so in our time
        lost.becomes("expired")
        assert delayed.becomes("departed")["version"] == 1
        ahead = timedelta(days=6)
        wait(lambda: len(delayed.received(way.sender)) == 2)
        ahead = timedelta(0)
        delayed.becomes("expired")


# One waybill on two trucks


def trucks(way, batch):
    """The sample on two trucks, each with a plate, a number and an identifier of its own, both with the waybills."""
    nsw = installed.nsw(way.sender)
    issuer = Issuer()
    first, second = (body for _ in range(2) for body in nsw.samples[way.sample].make(issuer))
    for body, other in ((first, first), (second, first)):
        yield batched(way, body, batch, nsw.movement([other]))


def batched(way, body, batch, waybills):
    if way.sender == "UZ":
        tree = json.loads(body)
        for carried, declared in zip(tree["yuklar"], waybills.consignments, strict=True):
            carried["transportHujjati"]["raqam"] = declared.waybill
        tree |= {"guruhRaqami": batch, "guruhTransportSoni": "2"} if batch else {}
        return json.dumps(tree, ensure_ascii=False).encode()
    root = etree.fromstring(body)
    for carried, declared in zip(root.iter("{*}TransportDocumentDetails"), waybills.consignments, strict=True):
        carried.find("{*}DocId").text = declared.waybill
    if batch:
        before = root.find("{*}GoodsItemQuantity")
        for name, text in (("BatchId", batch), ("BatchVehicleQuantity", "2")):
            element = etree.Element(before.tag.replace("GoodsItemQuantity", name))
            element.text = text
            before.addprevious(element)
    return etree.tostring(root)


def zipped(body):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("declaration", body)
    return packed.getvalue()


@BOTH
def test_two_trucks_that_share_their_waybills_are_one_batch_at_the_other_side(at_the_border, way):
    batch = f"{way.sender}-{Issuer().digits(9)}"
    movements = [at_the_border.announced(way.sender, way.recipient, zipped(body)) for body in trucks(way, batch)]

    for movement in movements:
        movement.becomes("accepted")
        (told,) = declarations(movement, way.recipient)
        texts = told.texts()
        assert texts[texts.index(batch) + 1] == "2"
    listed = at_the_border.gateway.get("/v1/exchanges", way.recipient, batch=batch).json()["exchanges"]
    assert len(listed) == 2


@BOTH
def test_the_same_waybills_on_a_second_truck_without_a_batch_are_refused(at_the_border, way):
    first, second = trucks(way, "")
    at_the_border.announced(way.sender, way.recipient, zipped(first)).becomes("accepted")

    control = at_the_border.controls[way.sender]
    lodged = control.post("/control/lodge", content=zipped(second), headers={"Content-Type": "application/zip"})
    answer = control.post(f"/control/gate/{lodged.json()['reference']}").json()

    assert answer["status"] == 422
    assert "ACD-CON-11" in answer["reply"]
