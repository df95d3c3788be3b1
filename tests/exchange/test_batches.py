"""Several vehicles under one number: a waybill divided among them, and that they cross together."""

import uuid

import pytest
from exchange.talk import rules

WAYBILL = "/Declaration/Consignment/0/TransportContractDocument/ID"


class Batch:
    """A waybill on several vehicles. State: its gateway, its number, and how many vehicles it is said to have."""

    def __init__(self, talk, vehicles=2):
        self.talk, self.vehicles, self.number = talk, vehicles, uuid.uuid4().hex[:20]

    def reference(self, vehicle):
        return f"{self.number}/{vehicle}"

    def declare(self, vehicle, code="9", **more):
        self.talk.number = self.reference(vehicle)
        about = {"/Declaration/BatchID": self.number, "/Declaration/BatchVehicleQuantity": self.vehicles}
        about |= {WAYBILL: f"CMR-{self.number}", "/Declaration/BorderTransportMeans/ID": f"新P1234{vehicle}"}
        about["/Declaration/BorderTransportMeans/TransportEquipment/0/ID"] = f"新P123{vehicle}挂"
        return self.talk.declare(code, **{**about, **more})

    def accepted(self, *vehicles):
        for vehicle in vehicles:
            assert self.declare(vehicle)["outcome"] == "accepted"
            assert self.talk.answer()["outcome"] == "accepted"
        return self

    def tell(self, vehicle, code, **more):
        self.talk.number = self.reference(vehicle)
        return self.talk.tell(code, **more)


def together(receipt):
    """What a receipt tells of the batch: severity, and what is not there yet."""
    found = [one for one in receipt["findings"] if one["rule"] == "ACD-CON-12"]
    return [(one["severity"], one["text"]["en"].partition("not yet there: ")[2].rstrip(".")) for one in found]


def test_a_waybill_on_two_vehicles_is_two_declarations_of_one_batch(talk):
    batch = Batch(talk).accepted(1, 2)
    found = talk.get("/v1/exchanges", batch=batch.number).json()["exchanges"]
    assert sorted(one["reference"] for one in found) == [batch.reference(1), batch.reference(2)]
    by_waybill = talk.get("/v1/exchanges", waybill=f"CMR-{batch.number}").json()["exchanges"]
    assert {one["exchangeId"] for one in by_waybill} == {one["exchangeId"] for one in found}


def test_a_waybill_in_another_open_declaration_is_refused_with_the_reference_of_that(talk):
    talk.declare()
    first, talk.number = talk.number, uuid.uuid4().hex[:20]
    receipt = talk.declare(**{WAYBILL: f"CMR-{first}-1"})
    assert (receipt["outcome"], rules(receipt)) == ("refused", {"ACD-CON-11"})
    (finding,) = receipt["findings"]
    assert (finding["pointer"], finding["value"]) == (WAYBILL, f"CMR-{first}-1")
    assert first in finding["text"]["en"]


def test_a_waybill_of_another_batch_is_refused(talk):
    one, other = Batch(talk).accepted(1), Batch(talk)
    receipt = other.declare(1, **{WAYBILL: f"CMR-{one.number}"})
    assert (receipt["outcome"], rules(receipt)) == ("refused", {"ACD-CON-11"})


def test_a_replacement_may_not_take_the_waybill_of_another_declaration(talk):
    talk.declare()
    first, talk.number = talk.number, uuid.uuid4().hex[:20]
    talk.declare()
    assert "ACD-CON-11" in rules(talk.declare("5", **{WAYBILL: f"CMR-{first}-1"}))


@pytest.mark.parametrize("end", ["cancelled", "crossed", "not accepted"])
def test_a_waybill_is_free_again_when_its_declaration_is_no_longer_open(talk, end):
    talk.declare()
    first = talk.number
    if end == "cancelled":
        talk.declare("1")
    elif end == "not accepted":
        talk.answer("27")
    else:
        talk.answer()
        talk.tell("ARR")
    talk.number = uuid.uuid4().hex[:20]
    assert talk.declare(**{WAYBILL: f"CMR-{first}-1"})["outcome"] == "accepted"


def test_a_waybill_is_free_again_when_a_replacement_has_left_it_out(talk):
    talk.declare()
    first = talk.number
    talk.declare("5", **{WAYBILL: f"OTHER-{first}"})
    talk.number = uuid.uuid4().hex[:20]
    assert talk.declare(**{WAYBILL: f"CMR-{first}-1"})["outcome"] == "accepted"


def test_a_long_waybill_that_only_begins_like_another_is_another(talk):
    common = uuid.uuid4().hex + "-" * 10
    talk.declare(**{WAYBILL: common + "A"})
    talk.number = uuid.uuid4().hex[:20]
    assert talk.declare(**{WAYBILL: common + "B"})["outcome"] == "accepted"


def test_the_same_waybill_the_other_way_is_nobodys_concern(talk):
    talk.declare()
    first, talk.number = talk.number, uuid.uuid4().hex[:20]
    receipt = talk.declare(sender="KG", recipient="CN", **{WAYBILL: f"CMR-{first}-1"})
    assert receipt["outcome"] == "accepted"


def test_a_batch_may_grow_out_of_a_single_vehicle(talk):
    batch = Batch(talk)
    talk.number = batch.number
    talk.declare(**{WAYBILL: f"CMR-{batch.number}"})
    assert batch.declare(1)["outcome"] == "accepted"


def test_the_first_arrival_tells_which_vehicles_are_not_there_yet_and_the_last_one_nothing(talk):
    batch = Batch(talk).accepted(1, 2)
    assert together(batch.tell(1, "ARR")) == [("info", batch.reference(2))]
    assert together(batch.tell(2, "ARR")) == []


def test_a_vehicle_that_nobody_declared_is_counted(talk):
    batch = Batch(talk, vehicles=3).accepted(1, 2)
    assert together(batch.tell(1, "ARR")) == [("info", f"{batch.reference(2)}, ?")]


def test_releasing_one_before_the_other_has_come_is_a_warning(talk):
    batch = Batch(talk).accepted(1, 2)
    batch.tell(1, "ARR")
    receipt = batch.tell(1, "CTL", conclusion="REL")
    assert receipt["state"] == "released"
    assert together(receipt) == [("warn", batch.reference(2))]
    batch.tell(2, "ARR")
    assert together(batch.tell(2, "CTL", conclusion="REL")) == []


def test_a_release_by_an_answer_is_a_warning_as_well(talk):
    batch = Batch(talk).accepted(1, 2)
    talk.number = batch.reference(1)
    assert together(talk.answer("11 39")) == [("warn", batch.reference(2))]


def test_a_vehicle_that_was_cancelled_is_not_waited_for_unless_it_is_counted_still(talk):
    batch = Batch(talk).accepted(1, 2)
    talk.number = batch.reference(2)
    talk.declare("1")
    assert together(batch.tell(1, "ARR")) == [("info", "?")]
    batch = Batch(talk).accepted(1, 2)
    talk.number = batch.reference(2)
    talk.declare("1")
    batch.vehicles = 1
    batch.declare(1, "5")
    talk.answer()
    assert together(batch.tell(1, "ARR")) == []


def test_each_vehicle_has_a_life_of_its_own(talk):
    batch = Batch(talk).accepted(1, 2)
    batch.tell(1, "ARR", discrepant=True)
    found = talk.get("/v1/exchanges", batch=batch.number).json()["exchanges"]
    assert {one["reference"][-1]: one["state"] for one in found} == {"1": "discrepant", "2": "accepted"}


def test_a_vehicle_that_a_replacement_took_out_of_the_batch_is_not_waited_for(talk):
    batch = Batch(talk).accepted(1, 2, 3)
    batch.declare(
        3, "5", **{"/Declaration/BatchID": None, "/Declaration/BatchVehicleQuantity": None, WAYBILL: "ITS-OWN"}
    )
    assert together(batch.tell(1, "ARR")) == [("info", batch.reference(2))]


def test_the_vehicle_out_of_which_a_batch_grew_belongs_to_it(talk):
    batch = Batch(talk)
    talk.number = batch.number
    talk.declare(**{WAYBILL: f"CMR-{batch.number}"})
    talk.answer()
    talk.tell("ARR")
    batch.accepted(1)
    assert together(batch.tell(1, "ARR")) == []


@pytest.mark.parametrize("code", ["5", "4"])
def test_a_declaration_that_takes_the_waybill_of_another_later_is_refused_too(talk, code):
    talk.declare()
    first, talk.number = talk.number, uuid.uuid4().hex[:20]
    talk.declare()
    assert "ACD-CON-11" in rules(talk.declare(code, **{WAYBILL: f"CMR-{first}-1"}))


@pytest.mark.parametrize("written", ["cmr-{}-1", "CMR\u2010{}\u20101", "CMR-{}\u200b-1", "ＣＭＲ-{}-1"])
def test_a_waybill_is_the_same_however_it_is_written(talk, written):
    talk.declare()
    first, talk.number = talk.number, uuid.uuid4().hex[:20]
    assert "ACD-CON-11" in rules(talk.declare(**{WAYBILL: written.format(first)}))
    (found,) = talk.get("/v1/exchanges", waybill=written.format(first)).json()["exchanges"]
    assert found["reference"] == first


def test_a_waybill_that_a_change_in_part_has_taken_is_taken(talk):
    talk.declare()
    talk.declare("4", **{WAYBILL: f"TAKEN-{talk.number}"})
    first, talk.number = talk.number, uuid.uuid4().hex[:20]
    assert "ACD-CON-11" in rules(talk.declare(**{WAYBILL: f"TAKEN-{first}"}))


TEST = {"/CommunicationMetaData/TestIndicator": True}


def test_a_test_stands_in_the_way_of_nothing_real(talk):
    means = "/Declaration/BorderTransportMeans"
    vehicle = {f"{means}/ID": "新P70707", f"{means}/TransportEquipment/0/ID": "新P7070挂"}
    talk.declare(**TEST, **vehicle)
    first, talk.number = talk.number, uuid.uuid4().hex[:20]
    receipt = talk.declare(**{WAYBILL: f"CMR-{first}-1"}, **vehicle)
    assert receipt["outcome"] == "accepted"
    assert "ACD-VEH-03" not in rules(receipt)


def test_a_test_is_no_vehicle_of_a_real_batch(talk):
    batch = Batch(talk, vehicles=1).accepted(1)
    batch.declare(2, **TEST)
    assert together(batch.tell(1, "ARR")) == []
