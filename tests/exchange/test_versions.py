"""Which version a message is about: a replacement makes the next one, an answer is to the one in force."""

import uuid

import pytest
from exchange.talk import rules


def replaced(talk, **more):
    """A declaration in its second version; the messages of both."""
    first, second = str(uuid.uuid4()), str(uuid.uuid4())
    assert talk.declare(**{"/CommunicationMetaData/ID": first})["outcome"] == "accepted"
    assert talk.declare("5", **{"/CommunicationMetaData/ID": second}, **more)["outcome"] == "accepted"
    return first, second


def version(number):
    return {"/Declaration/VersionID": str(number)}


def test_an_acceptance_of_the_version_before_does_not_accept_the_one_in_force(talk):
    first, _ = replaced(talk)
    receipt = talk.answer(follows=first)
    assert (receipt["outcome"], rules(receipt)) == ("refused", {"ACD-REF-11"})
    (finding,) = receipt["findings"]
    assert (finding["pointer"], finding["value"]) == ("/Response/Declaration/VersionID", "1")
    assert "version 2 is in force" in finding["text"]["en"]
    assert talk.state() == "registered"


def test_an_answer_to_the_version_in_force_is_taken_by_the_message_that_it_follows(talk):
    _, second = replaced(talk)
    assert talk.answer(follows=second)["state"] == "accepted"


@pytest.mark.parametrize(("named", "outcome"), [("1", "refused"), ("2", "accepted"), ("3", "held")])
def test_an_answer_may_say_the_version_by_its_number(talk, named, outcome):
    replaced(talk)
    assert talk.answer(**{"/Response/Declaration/VersionID": named})["outcome"] == outcome


def test_the_message_that_an_answer_follows_counts_more_than_a_number(talk):
    first, _ = replaced(talk)
    assert talk.answer(follows=first, **{"/Response/Declaration/VersionID": "2"})["outcome"] == "refused"


def test_an_answer_to_a_version_that_is_still_on_its_way_waits_for_it(talk):
    talk.declare()
    receipt = talk.answer(**{"/Response/Declaration/VersionID": "2"})
    assert (receipt["outcome"], rules(receipt)) == ("held", {"ACD-REF-11"})
    talk.declare("5", **version(2))
    assert talk.final(receipt)["state"] == "accepted"
    assert talk.state() == "accepted"


def test_an_answer_that_names_no_version_is_taken_as_meant(talk):
    replaced(talk)
    assert talk.answer()["state"] == "accepted"


def test_a_replacement_of_an_older_version_is_refused(talk):
    replaced(talk)
    receipt = talk.declare("5", **version(2))
    assert (receipt["outcome"], rules(receipt)) == ("refused", {"ACD-REF-10"})
    assert "3 would be the next" in receipt["findings"][0]["text"]["en"]
    assert talk.exchange()["version"] == 2


def test_versions_in_the_wrong_order_are_applied_in_the_right_one(talk):
    talk.declare(minutes=-9)
    third = talk.declare("5", **version(3))
    assert (third["outcome"], rules(third) - {"ACD-VEH-03"}) == ("held", {"ACD-REF-10"})
    talk.declare("5", minutes=-5, **version(2))
    assert talk.final(third)["outcome"] == "accepted"
    assert talk.exchange()["version"] == 3


def test_a_replacement_that_was_prepared_before_the_version_in_force_is_refused(talk):
    replaced(talk)
    receipt = talk.declare("5", minutes=-3)
    assert (receipt["outcome"], rules(receipt)) == ("refused", {"ACD-REF-13"})
    assert talk.exchange()["version"] == 2


def test_an_answer_that_was_prepared_before_the_last_one_does_not_undo_it(talk):
    talk.declare()
    talk.answer("44")
    receipt = talk.answer("45", minutes=-10)
    assert (receipt["outcome"], rules(receipt)) == ("refused", {"ACD-REF-13"})
    assert talk.state() == "accepted"


@pytest.mark.parametrize(("first", "second"), [("27", "44"), ("27", "11 DNL"), ("11 DNL", "44")])
def test_a_decision_does_not_wait_for_a_version_that_nobody_has_judged(talk, first, second):
    talk.declare()
    talk.answer(first)
    assert talk.answer(second)["outcome"] == "refused"
    talk.declare("5")
    assert talk.state() == "registered"


def test_an_answer_that_names_only_a_registration_number_names_nothing_that_could_come(talk):
    receipt = talk.answer(number="", **{"/CommunicationMetaData/ConversationReferenceID": None})
    assert (receipt["outcome"], "ACD-REF-01" in rules(receipt)) == ("refused", True)


def test_a_version_that_is_older_than_a_change_in_part_is_refused(talk):
    talk.declare(minutes=-30)
    assert talk.declare("4", minutes=-5)["outcome"] == "accepted"
    for code in ("4", "5"):
        receipt = talk.declare(code, minutes=-10)
        assert (receipt["outcome"], rules(receipt)) == ("refused", {"ACD-REF-13"})


def test_an_answer_that_names_nothing_and_was_prepared_before_the_version_in_force_is_refused(talk):
    talk.declare(minutes=-30)
    talk.declare("5", minutes=-10)
    receipt = talk.answer(minutes=-12)
    assert (receipt["outcome"], rules(receipt)) == ("refused", {"ACD-REF-13"})
    assert talk.answer(minutes=-10, **{"/CommunicationMetaData/ConversationReferenceID": None})["state"] == "accepted"


def test_an_answer_that_follows_a_message_of_another_exchange_is_refused(talk):
    other, talk.number = talk.declare(), uuid.uuid4().hex[:20]
    talk.declare()
    receipt = talk.answer(follows=other["messageId"])
    assert (receipt["outcome"], rules(receipt)) == ("refused", {"ACD-REF-01"})
    (finding,) = receipt["findings"]
    assert finding["pointer"] == "/CommunicationMetaData/ConversationReferenceID"


def test_an_answer_with_the_wrong_reference_is_refused_though_it_follows_the_right_message(talk):
    declared = talk.declare()
    receipt = talk.answer(number="SOMETHING-ELSE", follows=declared["messageId"])
    assert (receipt["outcome"], rules(receipt)) == ("refused", {"ACD-REF-01"})
    assert talk.state() == "registered"


@pytest.mark.parametrize("written", ["v1", "1.0", "٣"])
def test_a_version_that_is_no_number_is_refused(talk, written):
    talk.declare()
    receipt = talk.answer(**{"/Response/Declaration/VersionID": written})
    assert (receipt["outcome"], rules(receipt)) == ("refused", {"ACD-REF-11"})


def test_a_cancellation_that_was_prepared_before_the_version_in_force_is_refused(talk):
    talk.declare(minutes=-30)
    talk.declare("5", minutes=-5)
    receipt = talk.declare("1", minutes=-20)
    assert (receipt["outcome"], rules(receipt)) == ("refused", {"ACD-REF-13"})
    assert talk.declare("1")["state"] == "cancelled"


@pytest.mark.parametrize(("named", "outcome"), [("1", "refused"), ("2", "accepted"), ("3", "accepted"), ("77", "held")])
def test_a_cancellation_takes_back_the_version_that_it_names_or_is_the_next_one(talk, named, outcome):
    replaced(talk)
    assert talk.declare("1", **version(named))["outcome"] == outcome


TEST = {"/CommunicationMetaData/TestIndicator": True}


@pytest.mark.parametrize("real", [True, False])
def test_a_test_moves_no_real_exchange_and_the_reverse(talk, real):
    talk.declare(**({} if real else TEST))
    wrong = TEST if real else {}
    for receipt in (talk.answer(**wrong), talk.declare("5", **wrong), talk.declare("1", **wrong)):
        assert (receipt["outcome"], rules(receipt)) == ("refused", {"ACD-REF-14"})
    assert talk.state() == "registered"
    assert talk.answer(**({} if real else TEST))["state"] == "accepted"


def test_a_message_that_cites_the_newer_agreement_is_compared_by_that_of_its_exchange(talk):
    """An exchange goes on by the version under which it was opened."""
    talk.declare()
    talk.answer()
    wider = {"/CommunicationMetaData/AgreementVersionID": "2"}
    receipt = talk.tell("ARR", **wider, **{"/BorderEvent/ControlResult": weighed("1600")})
    assert (receipt["outcome"], receipt["state"]) == ("accepted", "arrived")
    talk.number = uuid.uuid4().hex[:20]
    talk.declare(**wider)
    talk.answer(**wider)
    receipt = talk.tell("ARR", **{"/BorderEvent/ControlResult": weighed("1600")})
    assert (receipt["state"], "ACD-DIS-01" in rules(receipt)) == ("discrepant", True)


def weighed(kilograms):
    return {"GrossMassMeasure": {"value": kilograms, "unitCode": "KGM"}}
