"""One signed message for each recipient: the legs of a transit, and who is told when one is dropped."""

from datetime import UTC, datetime

import pytest

from adapters.kit.legs import legs, way_of, withdrawn
from builders.declarations import fresh
from gateway.agreements import load_agreements, permit
from gateway.message.canonical import content_digest
from gateway.message.examples import examples
from gateway.published import published

AGREEMENTS = load_agreements(published("agreements"))
TRANSIT = AGREEMENTS["cn-kg-uz-transit", "1"]


def through(*countries, **changes):
    """A declaration from China whose goods pass these countries."""
    message = fresh(examples("declaration")["road"], **changes)
    tree = message.model_dump(mode="json", exclude_defaults=True)
    way = [{"RoutingCountryCode": country, "SequenceNumeric": n} for n, country in enumerate(countries, 1)]
    tree["Declaration"]["BorderTransportMeans"]["Itinerary"] = way
    for consignment in tree["Declaration"]["Consignment"]:
        consignment["Destination"] = {"CountryCode": countries[-1]}
        consignment["Itinerary"] = way
    return type(message).model_validate(tree)


def told(message):
    return [leg.communication_meta_data.recipient.id for leg in legs(message, [TRANSIT])]


def test_goods_for_the_neighbour_go_in_one_message_that_is_not_changed():
    message = through("CN", "KG")
    assert legs(message, [TRANSIT]) == (message,)


def test_each_recipient_of_a_transit_is_told_once_in_a_message_of_its_own():
    going = legs(through("CN", "KG", "UZ"), [TRANSIT])
    heads = [leg.communication_meta_data for leg in going]
    assert [head.recipient.id for head in heads] == ["KG", "UZ"]
    assert len({head.id for head in heads}) == 2
    assert {head.agreement_id for head in heads} == {"cn-kg-uz-transit"}


def test_each_leg_holds_no_more_than_its_agreement_permits():
    for leg in legs(through("CN", "KG", "UZ"), [TRANSIT]):
        rules = {finding.rule for finding in permit(leg, AGREEMENTS, datetime.now(UTC)).findings}
        assert not rules & {"ACD-AGR-02", "ACD-AGR-13"}


def test_the_legs_of_one_document_are_the_same_every_time():
    message = through("CN", "KG", "UZ")
    first, again = legs(message, [TRANSIT]), legs(message, [TRANSIT])
    assert [content_digest(leg) for leg in first] == [content_digest(leg) for leg in again]


@pytest.mark.parametrize("way", [("CN", "KZ", "UZ"), ("CN", "KG", "TJ"), ("CN", "UZ")])
def test_another_way_is_no_transit_of_this_agreement(way):
    assert len(legs(through(*way), [TRANSIT])) == 1


def test_the_way_goes_from_dispatch_to_destination_and_names_each_country_once():
    assert way_of(through("CN", "KG", "KG", "UZ").declaration) == ("CN", "KG", "UZ")


def listed(message, *, recipient, state="accepted", reference=None):
    """An exchange, as the gateway lists it."""
    reference = reference or message.declaration.functional_reference_id
    return {"recipient": recipient, "agreement": "cn-kg-uz-transit/1", "state": state, "reference": reference}


def test_a_recipient_that_the_new_way_leaves_out_is_sent_a_cancellation():
    replaced = through("CN", "KG", function_code="5")
    exchanges = [listed(replaced, recipient="KG"), listed(replaced, recipient="UZ")]
    (cancelled,) = withdrawn(replaced, exchanges, legs(replaced, [TRANSIT]), AGREEMENTS)
    assert cancelled.communication_meta_data.recipient.id == "UZ"
    assert cancelled.declaration.function_code == "1"
    assert cancelled.declaration.functional_reference_id == replaced.declaration.functional_reference_id
    assert cancelled.declaration.amendment


@pytest.mark.parametrize("state", ["cancelled", "closed"])
def test_who_was_told_of_the_end_already_is_not_told_again(state):
    replaced = through("CN", "KG", function_code="5")
    exchanges = [listed(replaced, recipient="UZ", state=state)]
    assert withdrawn(replaced, exchanges, (replaced,), AGREEMENTS) == ()


def test_a_batch_that_is_cancelled_is_a_cancellation_for_each_of_its_vehicles():
    message = through("CN", "KG", function_code="1")
    batch = [listed(message, recipient="KG", reference=f"B/{number}") for number in (1, 2)]
    cancelled = withdrawn(message, batch, (), AGREEMENTS)
    assert [leg.declaration.functional_reference_id for leg in cancelled] == ["B/1", "B/2"]
    assert len({leg.communication_meta_data.id for leg in cancelled}) == 2
