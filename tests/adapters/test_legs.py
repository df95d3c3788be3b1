"""One signed message for each recipient: the legs of a transit, and who is told when one is dropped."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from adapters.kit.legs import legs, reference_of, renewed, reported, running_under, way_of, withdrawn
from builders.declarations import fresh
from builders.following import following
from gateway.agreements import load_agreements, permit
from gateway.message.canonical import content_digest
from gateway.message.examples import examples
from gateway.message.parts import Amendment
from gateway.published import published

AGREEMENTS = load_agreements(published("agreements"))
TRANSIT = AGREEMENTS["cn-kg-uz-transit", "1"]
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


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


def listed(message, *, recipient, state="accepted", reference=None, sender="CN", agreement="cn-kg-uz-transit/1"):
    """An exchange, as the gateway lists it."""
    reference = reference or reference_of(message)
    exchange = {"sender": sender, "recipient": recipient, "agreement": agreement}
    return {**exchange, "state": state, "reference": reference}


def test_a_recipient_that_the_new_way_leaves_out_is_sent_a_cancellation():
    replaced = through("CN", "KG", function_code="5")
    exchanges = [listed(replaced, recipient="KG"), listed(replaced, recipient="UZ")]
    (cancelled,) = withdrawn(replaced, exchanges, legs(replaced, [TRANSIT]), AGREEMENTS, NOW)
    assert cancelled.communication_meta_data.recipient.id == "UZ"
    assert cancelled.declaration.function_code == "1"
    assert cancelled.declaration.functional_reference_id == replaced.declaration.functional_reference_id
    assert cancelled.declaration.amendment


@pytest.mark.parametrize("state", ["cancelled", "closed", "refused"])
def test_who_was_told_of_the_end_already_is_not_told_again(state):
    replaced = through("CN", "KG", function_code="5")
    exchanges = [listed(replaced, recipient="UZ", state=state)]
    assert withdrawn(replaced, exchanges, (replaced,), AGREEMENTS, NOW) == ()


# A replacement


def replacement(*countries):
    """A third version of a declaration, which gives its reasons and follows the version before."""
    amendment = (Amendment(change_reason_code="004"),)
    message = through(*countries, function_code="5", version_id="3", amendment=amendment)
    head = message.communication_meta_data.model_copy(update={"conversation_reference_id": str(uuid.uuid4())})
    return message.model_copy(update={"communication_meta_data": head})


def functions(messages):
    return {message.communication_meta_data.recipient.id: message.declaration.function_code for message in messages}


def test_a_recipient_that_the_new_way_adds_is_sent_an_original_that_changes_and_follows_nothing():
    replaced = replacement("CN", "KG", "UZ")
    _, added = renewed(legs(replaced, [TRANSIT]), [listed(replaced, recipient="KG")], {})
    assert (added.communication_meta_data.recipient.id, added.declaration.function_code) == ("UZ", "9")
    assert (added.declaration.amendment, added.declaration.version_id) == ((), None)
    assert added.communication_meta_data.conversation_reference_id is None


def test_who_was_told_before_is_sent_the_replacement():
    replaced = replacement("CN", "KG", "UZ")
    going = renewed(legs(replaced, [TRANSIT]), [listed(replaced, recipient="KG")], {})
    assert functions(going) == {"KG": "5", "UZ": "9"}
    assert going[0].declaration.amendment == replaced.declaration.amendment


def test_what_was_sent_as_an_original_is_one_again_when_the_replacement_is_handed_over_once_more():
    replaced = replacement("CN", "KG", "UZ")
    going = legs(replaced, [TRANSIT])
    exchanges = [listed(replaced, recipient="KG")]
    first = renewed(going, exchanges, {})
    sent = {leg.communication_meta_data.id: leg.declaration.function_code for leg in first}
    assert renewed(going, [*exchanges, listed(replaced, recipient="UZ")], sent) == first


@pytest.mark.parametrize("states", [(), ("cancelled",)], ids=["nothing is declared yet", "all is over"])
def test_a_replacement_of_nothing_that_runs_stays_one_for_everybody(states):
    replaced = replacement("CN", "KG", "UZ")
    exchanges = [listed(replaced, recipient="KG", state=state) for state in states]
    assert functions(renewed(legs(replaced, [TRANSIT]), exchanges, {})) == {"KG": "5", "UZ": "5"}


def test_where_several_were_told_no_message_says_a_version_as_each_exchange_counts_its_own():
    through_both, back = replacement("CN", "KG", "UZ"), replacement("CN", "KG")
    exchanges = [listed(back, recipient="KG"), listed(back, recipient="UZ")]
    for replaced in (through_both, back):
        going = renewed(legs(replaced, [TRANSIT]), exchanges, {})
        assert {leg.declaration.version_id for leg in going} == {None}


def test_where_one_alone_was_told_the_version_is_as_the_window_counts_it():
    replaced = replacement("CN", "KG")
    assert renewed((replaced,), [listed(replaced, recipient="KG")], {}) == (replaced,)


def test_a_batch_that_is_cancelled_is_a_cancellation_for_each_of_its_vehicles():
    message = through("CN", "KG", function_code="1")
    batch = [listed(message, recipient="KG", reference=f"B/{number}") for number in (1, 2)]
    cancelled = withdrawn(message, batch, (), AGREEMENTS, NOW)
    assert [leg.declaration.functional_reference_id for leg in cancelled] == ["B/1", "B/2"]
    assert len({leg.communication_meta_data.id for leg in cancelled}) == 2


def seen(message, example):
    """An event about a declaration, from its sender to its neighbour."""
    return following(("border_event", example), message)


def heads(messages):
    """To whom each goes, and under which agreement."""
    found = (message.communication_meta_data for message in messages)
    return [(head.recipient.id, f"{head.agreement_id}/{head.agreement_version_id}") for head in found]


def test_a_border_event_goes_to_everyone_who_was_told_and_for_whom_it_is_not_over():
    departure = seen(through("CN", "KG", "UZ"), "departure")
    exchanges = [
        listed(departure, recipient="KG", agreement="kg-cn-road/1"),
        listed(departure, recipient="UZ"),
        listed(departure, recipient="KZ", agreement="cn-kz-road/1", state="cancelled"),
    ]
    going = reported(departure, exchanges, AGREEMENTS, NOW)
    assert heads(going) == [("KG", "kg-cn-road/1"), ("UZ", "cn-kg-uz-transit/1")]


def test_a_border_event_of_an_exchange_whose_agreement_has_a_new_version_cites_that():
    departure = seen(through("CN", "KG", "UZ"), "departure")
    later = TRANSIT.model_copy(update={"version": "2", "in_force_from": NOW.date()})
    ended = TRANSIT.model_copy(update={"in_force_until": NOW.date() - timedelta(days=1)})
    agreements = {("cn-kg-uz-transit", "1"): ended, ("cn-kg-uz-transit", "2"): later}
    going = reported(departure, [listed(departure, recipient="UZ")], agreements, NOW)
    assert heads(going) == [("UZ", "cn-kg-uz-transit/2")]


def test_what_follows_a_declaration_goes_by_the_agreements_of_its_exchanges_that_are_not_over():
    message = through("CN", "KG", "UZ")
    ended = {"in_force_until": NOW.date() - timedelta(days=1)}
    agreements = {key: each.model_copy(update=ended) for key, each in AGREEMENTS.items()}
    exchanges = [
        listed(message, recipient="KG"),
        listed(message, recipient="UZ"),
        listed(message, recipient="KZ", agreement="cn-kz-road/1", state="closed"),
    ]
    assert [each.id for each in running_under(exchanges, agreements, NOW)] == ["cn-kg-uz-transit"]


def test_a_border_event_of_which_no_declaration_is_known_stays_as_it_was_read():
    departure = seen(through("CN", "KG"), "departure")
    assert reported(departure, [], AGREEMENTS, NOW) == (departure,)


def test_what_is_seen_of_the_other_sides_declaration_is_told_to_that_side_alone_whatever_has_the_same_number():
    control = seen(through("CN", "KG", "UZ"), "control-result")
    exchanges = [listed(control, sender="CN", recipient="KG"), listed(control, sender="KG", recipient="UZ")]
    assert reported(control, exchanges, AGREEMENTS, NOW) == (control,)
