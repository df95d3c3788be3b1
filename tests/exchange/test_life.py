"""The life of an exchange over HTTP, as two administrations and an operator see it."""

import re
import uuid
from datetime import timedelta

import pytest
from exchange.talk import rules

from builders.serving import wait


def test_from_the_declaration_to_the_release(talk):
    said = [talk.declare(), talk.answer("45"), talk.answer("44"), talk.tell("DEP", sender="CN", recipient="KG")]
    said += [talk.tell("ARR"), talk.tell("CTL", conclusion="REL")]
    states = ["registered", "under-review", "accepted", "departed", "arrived", "released"]
    assert [receipt["state"] for receipt in said] == states
    assert len({receipt["exchangeId"] for receipt in said}) == 1


def test_a_step_of_the_other_side_is_refused(talk):
    talk.declare()
    talk.answer()
    receipt = talk.tell("DEP")
    assert (receipt["outcome"], rules(receipt)) == ("refused", {"ACD-REF-09"})
    (told,) = (finding["text"]["en"] for finding in receipt["findings"] if finding["rule"] == "ACD-REF-09")
    assert "State of the exchange: accepted; allowed to this side: " in told
    may = told.rpartition(": ")[2].removesuffix(".").split(", ")
    assert "arrive" in may
    assert not {"original", "replace", "depart"} & set(may)


def test_a_step_that_is_not_allowed_is_refused_with_the_state_and_what_is_allowed(talk):
    talk.declare()
    talk.answer()
    talk.tell("DEP", sender="CN", recipient="KG")
    (finding,) = [one for one in talk.declare("5")["findings"] if one["rule"] == "ACD-REF-06"]
    assert all("departed" in finding["text"][language] for language in ("en", "ru", "zh"))
    assert "«убыло (departed)»" in finding["text"]["ru"]
    assert "дополнение" in finding["text"]["ru"]
    assert "arrive" not in finding["text"]["en"]  # a step of the other side


@pytest.mark.parametrize("early", ["amendment", "response", "response by conversation", "departure"])
def test_what_overtook_its_declaration_waits_and_is_applied_after_it(talk, early):
    declaration_id = str(uuid.uuid4())
    first = {
        "amendment": lambda: talk.declare("5"),
        "response": talk.answer,
        "response by conversation": lambda: talk.answer(number="", follows=declaration_id),
        "departure": lambda: talk.tell("DEP", sender="CN", recipient="KG"),
    }[early]()
    assert (first["outcome"], rules(first)) == ("held", {"ACD-REF-01"})
    talk.declare(minutes=-5, **{"/CommunicationMetaData/ID": declaration_id})
    if early == "departure":
        assert talk.final(first)["outcome"] == "held"
        talk.answer()
    last = talk.final(first)
    assert last["outcome"] == "accepted"
    assert last["exchangeId"] == talk.exchange()["exchangeId"]
    after = {"amendment": "registered", "departure": "departed"}.get(early, "accepted")
    assert talk.state() == after
    assert talk.exchange()["version"] == (2 if early == "amendment" else 1)


def test_an_arrival_before_the_acceptance_waits_for_it(talk):
    talk.declare()
    first = talk.tell("ARR")
    assert first["outcome"] == "held"
    assert talk.state() == "registered"
    talk.answer()
    assert talk.state() == "arrived"


def test_several_in_the_wrong_order_are_applied_in_the_right_one(talk):
    talk.number = uuid.uuid4().hex[:20]
    released = talk.tell("CTL", conclusion="REL", minutes=-2)
    held = talk.tell("CTL", conclusion="HLD", minutes=-3)
    arrived = talk.tell("ARR", minutes=-4)
    accepted = talk.answer(minutes=-5)
    early = (accepted, arrived, held, released)
    assert {receipt["outcome"] for receipt in early} == {"held"}
    talk.declare(minutes=-6)
    finals = [talk.final(receipt) for receipt in early]
    assert [final.get("state") for final in finals] == ["accepted", "arrived", "held", "released"]
    positions = [final["auditPosition"] for final in finals]
    assert positions == sorted(positions)


def test_import_information_that_agrees_matches_and_one_that_differs_is_discrepant(talk):
    for discrepant, state in ((False, "matched"), (True, "discrepant")):
        talk.number = uuid.uuid4().hex[:20]
        talk.declare()
        talk.answer()
        talk.tell("ARR")
        talk.tell("CTL", conclusion="REL")
        receipt = talk.tell("IMP", discrepant=discrepant)
        assert (receipt["outcome"], receipt["state"]) == ("accepted", state)
        assert ("ACD-DIS-03" in rules(receipt)) is discrepant


def test_an_arrival_with_a_broken_seal_and_seven_percent_more_is_discrepant_and_may_be_released(talk):
    talk.declare()
    talk.answer()
    receipt = talk.tell("ARR", discrepant=True)
    assert (receipt["outcome"], receipt["state"]) == ("accepted", "discrepant")
    assert {"ACD-DIS-01", "ACD-DIS-02"} <= rules(receipt)
    assert talk.tell("CTL", conclusion="REL")["state"] == "released"


def test_a_tractor_that_was_changed_at_the_border_is_told_and_is_no_discrepancy(talk):
    talk.declare()
    talk.answer()
    receipt = talk.tell("ARR", **{"/BorderEvent/BorderTransportMeans/ID": "新P99999"})
    assert receipt["state"] == "arrived"
    assert "ACD-VEH-04" in rules(receipt)


SEAL = "/BorderEvent/Consignment/0/TransportEquipment/0/Seal/0/ID"


def accepted(talk):
    talk.declare()
    talk.answer()


def leave(talk, **more):
    return talk.tell("DEP", sender="CN", recipient="KG", **more)


def test_what_left_otherwise_than_declared_is_told_at_the_departure_and_is_no_discrepancy_at_the_arrival(talk):
    accepted(talk)
    gone = leave(talk, **{SEAL: "CNKS000777"})
    assert (gone["state"], "ACD-DIS-02" in rules(gone)) == ("departed", True)
    came = talk.tell("ARR", **{SEAL: "CNKS000777"})
    assert (came["state"], "ACD-DIS-02" in rules(came)) == ("arrived", False)


def test_a_seal_that_was_changed_on_the_way_is_a_discrepancy(talk):
    accepted(talk)
    leave(talk)
    assert talk.tell("ARR", **{SEAL: "CNKS000777"})["state"] == "discrepant"


def test_a_departure_that_is_told_after_the_arrival_is_taken_and_moves_nothing(talk):
    accepted(talk)
    talk.tell("ARR")
    assert (leave(talk)["outcome"], talk.state()) == ("accepted", "arrived")


def test_unloading_that_was_prohibited_may_be_ended_by_a_release_or_a_refusal(talk):
    for conclusion, state in (("REL", "released"), ("REF", "refused")):
        talk.number = uuid.uuid4().hex[:20]
        accepted(talk)
        talk.tell("ARR", discrepant=True)
        assert talk.answer("11 UPR")["state"] == "unloading-prohibited"
        assert talk.tell("CTL", conclusion=conclusion)["state"] == state


def test_import_information_that_says_nothing_matches_nothing(talk):
    accepted(talk)
    talk.tell("ARR")
    talk.tell("CTL", conclusion="REL")
    receipt = talk.tell("IMP", **{"/BorderEvent/Consignment": [{"SequenceNumeric": 1}]})
    assert (receipt["outcome"], receipt["state"]) == ("accepted", "released")
    assert "ACD-DIS-06" in rules(receipt)


@pytest.mark.parametrize("office", ["41700401", "9403", "86021"])
def test_an_arrival_at_no_open_post_of_its_side_is_told(talk, office):
    accepted(talk)
    receipt = talk.tell("ARR", **{"/BorderEvent/BorderOffice/ID": office})
    assert (receipt["state"], "ACD-AGR-09" in rules(receipt)) == ("arrived", True)


def test_a_reported_discrepancy_is_compared_with_what_was_declared(talk):
    accepted(talk)
    talk.tell("ARR")
    heavier = {"/BorderEvent/ControlResult/GrossMassMeasure": {"value": "1660", "unitCode": "KGM"}}
    assert "ACD-DIS-01" in rules(talk.tell("DIS", **heavier))


def test_a_change_may_not_move_the_arrival_into_the_lead_time(talk):
    talk.declare()
    receipt = talk.declare("4", hours=1)
    assert (receipt["outcome"], "ACD-TIM-01" in rules(receipt)) == ("held", True)


def test_a_cancellation_gives_its_reason(talk):
    talk.declare()
    receipt = talk.declare("1", **{"/Declaration/Amendment": []})
    assert (receipt["outcome"], rules(receipt)) == ("refused", {"ACD-REF-02"})


def test_a_request_is_answered_by_its_receipt_and_delivered_to_nobody(talk):
    talk.declare()
    talk.answer()
    receipt = talk.declare("13")
    assert (receipt["outcome"], receipt["state"]) == ("accepted", "accepted")
    assert talk.get(f"/v1/messages/{receipt['messageId']}", "CN").json()["deliveries"] == []


def test_a_replacement_counts_the_version_and_leaves_the_one_before_as_it_was(talk):
    first = talk.declare()
    path = f"/v1/messages/{first['messageId']}/document"
    before = talk.get(path, "CN")
    talk.declare("5")
    talk.declare("4")
    assert talk.exchange()["version"] == 3
    assert before.status_code == 200
    assert talk.get(path, "CN").content == before.content
    assert talk.final(first)["state"] == "registered"


def test_one_vehicle_in_two_open_crossings_is_a_warning(talk):
    talk.declare()
    first, talk.number = talk.number, uuid.uuid4().hex[:20]
    receipt = talk.declare()
    assert receipt["outcome"] == "accepted"
    others = [one for one in receipt["findings"] if one["rule"] == "ACD-VEH-03"]
    assert {one["severity"] for one in others} == {"warn"}
    assert any(first in one["text"]["en"] for one in others)


def test_a_reference_that_the_other_side_has_used_is_refused_with_the_state_of_that_exchange(talk):
    talk.declare()
    receipt = talk.declare(sender="KG", recipient="CN")
    assert (receipt["outcome"], rules(receipt) & {"ACD-REF-05"}) == ("refused", {"ACD-REF-05"})
    (finding,) = [one for one in receipt["findings"] if one["rule"] == "ACD-REF-05"]
    assert finding["pointer"] == "/Declaration/FunctionalReferenceID"
    assert "registered" in finding["text"]["en"]


def test_a_late_declaration_is_released_by_an_operator_and_by_nobody_else(talk):
    receipt = talk.declare(hours=1)
    assert (receipt["outcome"], rules(receipt) & {"ACD-TIM-01"}) == ("held", {"ACD-TIM-01"})
    path = f"/v1/messages/{receipt['messageId']}/release"
    for reader in ("CN", "KG"):
        assert talk.gateway.client.post(path, headers=talk.token(reader)).status_code == 403
    released = talk.gateway.client.post(path, headers=talk.token("OPS")).json()
    assert (released["outcome"], released["state"]) == ("accepted", "registered")
    severity = {finding["rule"]: finding["severity"] for finding in released["findings"]}
    assert severity["ACD-TIM-01"] == "warn"
    assert talk.final(receipt) == released
    assert talk.gateway.client.post(path, headers=talk.token("OPS")).status_code == 404


def test_what_an_operator_let_through_stays_forgiven_while_it_waits_for_another(talk):
    early = talk.declare("4", hours=1)
    assert (early["outcome"], "ACD-TIM-01" in rules(early)) == ("held", True)
    path = f"/v1/messages/{early['messageId']}/release"
    released = talk.gateway.client.post(path, headers=talk.token("OPS")).json()
    assert (released["outcome"], "ACD-REF-01" in rules(released)) == ("held", True)
    talk.declare(minutes=-5)
    assert talk.final(early)["outcome"] == "accepted"
    assert talk.exchange()["version"] == 2


def given_up(talk):
    """Until when each held message waits that does not wait for an operator."""
    return [one["givesUpAt"] for one in talk.get("/v1/held", "OPS").json()["held"] if one["givesUpAt"]]


def test_what_waits_for_a_declaration_that_an_operator_has_not_looked_at_is_not_given_up(moving):
    late = moving.declare(hours=1)
    cancelled = moving.declare("1")
    assert (late["outcome"], cancelled["outcome"]) == ("held", "held")
    (until,) = given_up(moving)
    moving.ahead = timedelta(minutes=70)
    wait(lambda: given_up(moving)[0] > until)
    assert moving.final(cancelled)["outcome"] == "held"
    path = f"/v1/messages/{late['messageId']}/release"
    assert moving.gateway.client.post(path, headers=moving.token("OPS")).json()["outcome"] == "accepted"
    wait(lambda: moving.final(cancelled)["outcome"] == "accepted")
    assert moving.state() == "cancelled"


def test_what_nothing_comes_for_is_refused_after_the_time_of_the_agreement_with_its_reason(moving):
    receipt = moving.answer()
    moving.ahead = timedelta(minutes=59)
    assert moving.final(receipt)["outcome"] == "held"
    moving.ahead = timedelta(minutes=61)
    wait(lambda: moving.final(receipt)["outcome"] == "refused")
    assert rules(moving.final(receipt)) == {"ACD-REF-01"}


def test_what_has_not_arrived_expires_and_both_sides_are_told_by_the_gateway_and_it_may_arrive_after_all(moving):
    moving.declare()
    moving.answer()
    moving.ahead = timedelta(hours=12 + 48, minutes=1)
    wait(lambda: moving.state() == "expired")
    wait(lambda: all(window.notices() for window in moving.windows.values()))
    for window in moving.windows.values():
        (notice,) = window.notices()
        assert (notice.event_type_code, notice.declaration.functional_reference_id) == ("EXP", moving.number)
    assert moving.tell("ARR")["state"] == "arrived"


def test_an_exchange_is_closed_when_its_import_information_is_delivered(moving):
    moving.declare()
    moving.answer()
    moving.tell("ARR")
    moving.tell("CTL", conclusion="REL")
    assert moving.tell("IMP")["state"] == "matched"
    wait(lambda: moving.state() == "closed")


def test_what_was_held_and_is_refused_after_all_is_told_to_who_sent_it(moving):
    moving.declare()
    early = moving.tell("ARR")
    assert early["outcome"] == "held"
    moving.ahead = timedelta(minutes=61)
    wait(moving.windows["KG"].notices)
    (notice,) = moving.windows["KG"].notices()
    (said,) = notice.additional_information
    assert (notice.event_type_code, said.statement_code) == ("UND", "ACD-ARR-01")
    assert early["messageId"] in said.statement_description
    assert moving.windows["CN"].notices() == []


def test_an_answer_to_a_declaration_that_waits_itself_is_applied_with_it(talk):
    second = str(uuid.uuid4())
    replacement = talk.declare("5", **{"/CommunicationMetaData/ID": second})
    answer = talk.answer(number="", follows=second)
    assert (replacement["outcome"], answer["outcome"]) == ("held", "held")
    talk.declare(minutes=-5)
    assert (talk.exchange()["version"], talk.state()) == (2, "accepted")


@pytest.mark.parametrize("says", [
    {"detail": "no\x01way"},
    {"detail": "\x00"},
    {"detail": "x" * 60_000},
    {"detail": "\u2028 \n"},
    {"findings": [{"severity": "reject", "rule": 5, "value": ["a", None]}]},
    {"findings": [{"severity": ["reject"], "rule": {"a": 1}}]},
], ids=["a control character", "nothing", "very long", "white space", "a list", "an object"])  # fmt: skip
def test_a_refusal_in_whatever_words_is_a_dead_letter_and_told(moving, says):
    moving.windows["KG"].refusing, moving.windows["KG"].says = True, says
    receipt = moving.declare()
    wait(moving.windows["CN"].notices)
    (notice,) = moving.windows["CN"].notices()
    assert receipt["messageId"] in notice.additional_information[0].statement_description


def test_a_dead_letter_is_told_to_who_sent_it(moving):
    moving.windows["KG"].refusing = True
    receipt = moving.declare()
    wait(moving.windows["CN"].notices)
    (notice,) = moving.windows["CN"].notices()
    assert notice.event_type_code == "UND"
    assert receipt["messageId"] in notice.additional_information[0].statement_description
    assert "the form has no place for it" in notice.additional_information[0].statement_description


IN_LANGUAGES = [
    ('"en", "ru", "zh"', "Not delivered · Не доставлено · 未能送达: "),
    ('"zh", "en"', "未能送达 · Not delivered: "),
    ('"ru"', "Не доставлено: "),
]


@pytest.mark.parametrize(("languages", "said"), IN_LANGUAGES)
def test_a_dead_letter_is_told_in_the_languages_of_the_agreement_in_their_order(moving, said):
    moving.windows["KG"].refusing = True
    moving.declare()
    wait(moving.windows["CN"].notices)
    (notice,) = moving.windows["CN"].notices()
    assert notice.additional_information[0].statement_description.startswith(said)


@pytest.mark.parametrize("languages", ['"ru", "en"'])
def test_an_expiry_is_told_in_the_languages_of_the_agreement_in_their_order(moving):
    moving.declare()
    moving.answer()
    moving.ahead = timedelta(hours=12 + 48, minutes=1)
    wait(moving.windows["CN"].notices)
    (notice,) = moving.windows["CN"].notices()
    russian, english = notice.additional_information[0].statement_description.split(" · ")
    assert re.search("[а-я]", russian)
    assert re.fullmatch("[ -~]+", english)


def give_status(talk, participant, status):
    """Change a participant's status in the registry, and wait until the gateway has read it."""
    file = talk.gateway.workshop.trust / "participants.toml"
    blocks = file.read_text("utf-8").split("[[participant]]")
    mine = f'id = "{participant}"'
    changed = [re.sub(r'status = "\w+"', f'status = "{status}"', one) if mine in one else one for one in blocks]
    file.write_text("[[participant]]".join(changed), "utf-8")
    wait(lambda: talk.gateway.app.state.gateway.trust().participants[participant].status == status)


def test_a_waiting_message_of_a_suspended_participant_stops_nobody_and_is_not_lost(moving):
    waiting = moving.answer()
    give_status(moving, "KG", "suspended")
    assert moving.declare()["outcome"] == "accepted"
    moving.ahead = timedelta(hours=12 + 48, minutes=1)
    wait(lambda: moving.get("/v1/exchanges", "OPS").json()["exchanges"][0]["state"] == "expired")
    assert [one["messageId"] for one in moving.get("/v1/held", "OPS").json()["held"]] == [waiting["messageId"]]
    give_status(moving, "KG", "active")
    moving.ahead += timedelta(minutes=2)
    wait(lambda: moving.final(waiting)["outcome"] == "refused")
    assert rules(moving.final(waiting)) == {"ACD-REF-06"}


@pytest.mark.parametrize(("code", "state"), [("27", "rejected"), ("11 DNL", "do-not-load")])
def test_a_vehicle_that_leaves_against_the_decision_has_left_and_both_sides_are_told(talk, code, state):
    talk.declare()
    talk.answer(code)
    receipt = talk.tell("DEP", sender="CN", recipient="KG")
    assert (receipt["outcome"], receipt["state"]) == ("accepted", "departed")
    (finding,) = [one for one in receipt["findings"] if one["rule"] == "ACD-RSK-03"]
    assert (finding["severity"], finding["pointer"]) == ("warn", "/BorderEvent/EventDateTime")
    assert state in finding["text"]["en"]
    assert talk.declare("1")["outcome"] == "refused"
    assert talk.answer("11 UPR")["state"] == "unloading-prohibited"


def test_a_seal_that_was_changed_at_the_exit_and_told_is_no_discrepancy_of_a_control(talk):
    seal = "/BorderEvent/Consignment/0/TransportEquipment/0/Seal/0/ID"
    talk.declare()
    talk.answer()
    talk.tell("DEP", sender="CN", recipient="KG", **{seal: "NEW0001"})
    receipt = talk.tell("ARR", **{seal: "NEW0001"})
    assert (receipt["state"], "ACD-DIS-02" in rules(receipt)) == ("arrived", False)


def test_what_is_added_on_the_way_never_makes_an_exchange_expire_sooner(moving):
    sooner = moving.number
    moving.declare(hours=11)
    moving.number = uuid.uuid4().hex[:20]
    moving.declare(hours=12)
    moving.answer()
    moving.tell("DEP", sender="CN", recipient="KG")
    receipt = moving.declare("2", **{"/Declaration/BorderTransportMeans/ArrivalDateTime": "2000-01-01T00:00:00Z"})
    assert receipt["outcome"] == "accepted"
    moving.ahead = timedelta(hours=11 + 48, minutes=1)  # what is due is ended in the order in which it became due
    wait(lambda: moving.get("/v1/exchanges", reference=sooner).json()["exchanges"][0]["state"] == "expired")
    assert moving.state() == "departed"


def test_an_exchange_is_found_by_its_container_however_it_is_written(talk):
    talk.declare()
    for written in ("CSQU3054383", "csqu 305438-3", "CSQU3054383 "):
        found = talk.get("/v1/exchanges", container=written).json()["exchanges"]
        assert talk.number in {one["reference"] for one in found}


def test_under_an_id_that_two_senders_use_each_reads_its_own_and_an_operator_says_whose_is_released(talk):
    same = {"/CommunicationMetaData/ID": str(uuid.uuid4())}
    first = talk.declare(hours=1, **same)
    talk.number = uuid.uuid4().hex[:20]
    second = talk.declare(hours=0, minutes=0, sender="KG", recipient="CN", **same)
    assert {first["outcome"], second["outcome"]} == {"held"}
    for sender in ("CN", "KG"):
        assert talk.get(f"/v1/messages/{first['messageId']}", sender).json()["sender"] == sender
    path = f"/v1/messages/{first['messageId']}/release"
    assert talk.gateway.client.post(path, headers=talk.token("OPS")).status_code == 409
    released = talk.gateway.client.post(path, params={"sender": "KG"}, headers=talk.token("OPS")).json()
    assert (released["sender"], released["outcome"]) == ("KG", "accepted")


@pytest.mark.parametrize("path", ["/v1/messages/%00", "/v1/exchanges/%00/match", "/v1/exchanges?reference=%00"])
def test_a_nul_in_a_question_is_refused(talk, path):
    answer = talk.gateway.client.get(path, headers=talk.token("KG"))
    assert answer.status_code == 400
    assert "NUL" in answer.json()["detail"]
