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
    talk.declare()
    third = talk.declare("5", **version(3))
    assert (third["outcome"], rules(third) - {"ACD-VEH-03"}) == ("held", {"ACD-REF-10"})
    talk.declare("5", **version(2))
    assert talk.final(third)["outcome"] == "accepted"
    assert talk.exchange()["version"] == 3


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
