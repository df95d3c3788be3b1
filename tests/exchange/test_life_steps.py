"""Every step, from every state, by each side: it moves, waits or is refused as the life of an exchange says."""

import uuid

import pytest
from exchange import life_model
from exchange.life_bench import Bench, document
from exchange.life_model import OF_DECLARANT, OF_EITHER, TABLE

from gateway.exchange.state import LIFE, WHO, State, Who

SAYS = {
    "original": ("declaration", "9", {}),
    "replace": ("declaration", "5", {}),
    "change": ("declaration", "4", {}),
    "add": ("declaration", "2", {}),
    "cancel": ("declaration", "1", {}),
    "request": ("declaration", "13", {}),
    "accept": ("response", "44", {}),
    "review": ("response", "45", {}),
    "reject": ("response", "27", {}),
    "forbid-loading": ("response", "11 DNL", {}),
    "forbid-unloading": ("response", "11 UPR", {}),
    "acknowledge": ("response", "11 REG", {}),
    "depart": ("event", "DEP", {}),
    "arrive": ("event", "ARR", {}),
    "inspect": ("event", "CTL", {}),
    "hold": ("event", "CTL", {"conclusion": "HLD"}),
    "release": ("event", "CTL", {"conclusion": "REL"}),
    "refuse": ("event", "CTL", {"conclusion": "REF"}),
    "find-discrepancy": ("event", "DIS", {}),
    "match": ("event", "IMP", {}),
}
"""What a participant sends to take each step."""

WAYS = {
    "registered": (),
    "delivered": ("deliver",),
    "under-review": ("review",),
    "accepted": ("accept",),
    "rejected": ("reject",),
    "do-not-load": ("forbid-loading",),
    "departed": ("accept", "depart"),
    "arrived": ("accept", "depart", "arrive"),
    "held": ("accept", "depart", "arrive", "hold"),
    "discrepant": ("accept", "depart", "arrive", "find-discrepancy"),
    "unloading-prohibited": ("accept", "depart", "forbid-unloading"),
    "released": ("accept", "depart", "arrive", "release"),
    "refused": ("accept", "depart", "arrive", "refuse"),
    "matched": ("accept", "depart", "arrive", "release", "match"),
    "closed": ("accept", "depart", "arrive", "release", "match", "deliver"),
    "cancelled": ("cancel",),
    "expired": ("expire",),
}
"""How each state is reached after the original."""

PAST_EXPIRY = 13 * 60 + life_model.EXPIRY


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    bench = Bench(tmp_path_factory.mktemp("steps"))
    yield bench
    bench.close()


@pytest.fixture
def reference(bench):
    bench.forget()
    return "9403202611230001"


def side_of(step):
    return "CN" if step in OF_DECLARANT else "KG"


def other(side):
    return "KG" if side == "CN" else "CN"


def take(bench, step, reference, *, side=None):
    """Take a step as a participant, or as the gateway; the receipt of a participant's."""
    if step in ("deliver", "close"):
        return bench.deliver()
    if step == "expire":
        return bench.pass_time(PAST_EXPIRY)
    kind, code, more = SAYS[step]
    sender = side or side_of(step)
    minute = int((bench.now - bench.start).total_seconds()) // 60
    said = {"id": str(uuid.uuid4()), "kind": kind, "code": code, "sender": sender, "recipient": other(sender)}
    said |= {"number": reference, "follows": "", "arrival": minute + 12 * 60, "discrepant": False, "conclusion": ""}
    return bench.post(bench.signed(document(said | more, bench.now, bench.start)))


def reach(bench, state, reference):
    for step in ("original", *WAYS[state]):
        take(bench, step, reference)
    assert bench.exchanges()["CN", "KG", reference]["state"] == state


def findings(receipt):
    return {finding["rule"]: finding for finding in receipt.findings if finding["severity"] in ("reject", "hold")}


def test_the_gateway_goes_by_the_table_that_was_written_down_a_second_time():
    written = {(state, step): end for state, ends in TABLE.items() for step, end in ends.items()}
    written |= {(state, "request"): state for state in TABLE if state is not None}
    assert written == {(state and state.value, step.value): end.value for (state, step), end in LIFE.items()}


def test_every_state_can_be_reached():
    assert set(WAYS) == {state.value for state in State}


def test_every_step_is_known_whose_it_is():
    for step, who in WHO.items():
        if step.value in SAYS:
            assert (who is Who.EITHER) == (step.value in OF_EITHER)
            assert who is Who.EITHER or (who is Who.DECLARANT) == (step.value in OF_DECLARANT)


@pytest.mark.parametrize(
    ("state", "step"), [(state, step) for state in WAYS for step in (*TABLE[state], "request")], ids=str
)
def test_a_step_by_the_side_whose_it_is_leads_where_the_table_says(bench, reference, state, step):
    reach(bench, state, reference)
    receipt = take(bench, step, reference)
    end = TABLE[state].get(step, state)
    assert receipt is None or (receipt.outcome, receipt.state) == ("accepted", end)
    assert bench.exchanges()["CN", "KG", reference]["state"] == end


@pytest.mark.parametrize("state", WAYS)
def test_a_step_that_is_not_allowed_waits_if_it_may_be_later_and_else_is_refused_with_what_is_allowed(
    bench, reference, state
):
    reach(bench, state, reference)
    for step in SAYS:
        if step in TABLE[state] or step in ("original", "request"):
            continue
        receipt = take(bench, step, reference)
        later = life_model.allowed_later(state, step)
        assert receipt.outcome == ("held" if later else "refused"), step
        text = findings(receipt)[life_model.why(state, step)]["text"]["en"]
        assert f"state {state}" in text
        named = text.partition("allowed: ")[2].partition(".")[0].split(", ")
        theirs = {one for one in (*TABLE[state], "request") if one in OF_EITHER or side_of(one) == side_of(step)}
        assert set(named) == theirs - {"deliver", "expire", "close"}
    assert bench.exchanges()["CN", "KG", reference]["state"] == state


@pytest.mark.parametrize("state", WAYS)
def test_a_step_by_the_other_side_is_refused_in_every_state(bench, reference, state):
    reach(bench, state, reference)
    for step in set(SAYS) - OF_EITHER - {"original", "replace", "change", "add", "cancel"}:
        if SAYS[step][0] == "event" and SAYS[step][1] == "CTL":
            continue  # a control of the declaring side is an inspection of its own
        receipt = take(bench, step, reference, side=other(side_of(step)))
        if SAYS[step][0] == "response":  # there is no declaration of the other side that it could answer
            assert receipt.outcome == "held"
            assert "ACD-REF-01" in findings(receipt)
        else:
            assert receipt.outcome == "refused"
            assert "ACD-REF-09" in findings(receipt)
    assert bench.exchanges()["CN", "KG", reference]["state"] == state


@pytest.mark.parametrize("step", sorted(set(SAYS) - {"original", "request"}))
def test_before_there_is_a_declaration_every_step_waits_for_it(bench, reference, step):
    receipt = take(bench, step, reference)
    assert receipt.outcome == "held"
    assert set(findings(receipt)) == {"ACD-ARR-01" if step == "arrive" else "ACD-REF-01"}
    assert bench.exchanges() == {}


def test_a_request_about_nothing_is_refused_at_once(bench, reference):
    assert "ACD-REF-01" in findings(take(bench, "request", reference))


@pytest.mark.parametrize("side", ["CN", "KG"])
def test_either_side_may_ask_and_only_the_receipt_answers(bench, reference, side):
    reach(bench, "accepted", reference)
    before = bench.exchanges()["CN", "KG", reference]["queue"]
    receipt = take(bench, "request", reference, side=side)
    assert (receipt.outcome, receipt.state) == ("accepted", "accepted")
    assert bench.exchanges()["CN", "KG", reference]["queue"] == before


def test_asking_does_not_move_the_expiry(bench, reference):
    reach(bench, "accepted", reference)
    bench.pass_time(PAST_EXPIRY - 12 * 60)
    take(bench, "request", reference)
    bench.pass_time(12 * 60)
    assert bench.exchanges()["CN", "KG", reference]["state"] == "expired"


def test_a_reference_that_one_side_uses_is_not_the_others_to_use_or_to_cancel(bench, reference):
    reach(bench, "accepted", reference)
    original = take(bench, "original", reference, side="KG")
    cancellation = take(bench, "cancel", reference, side="KG")
    assert (original.outcome, set(findings(original))) == ("refused", {"ACD-REF-05"})
    assert (cancellation.outcome, set(findings(cancellation))) == ("held", {"ACD-REF-01"})
    states = {key: one["state"] for key, one in bench.exchanges().items()}
    assert states == {("CN", "KG", reference): "accepted"}


def test_the_same_decision_once_more_is_refused_and_never_comes_into_force_later(bench, reference):
    reach(bench, "released", reference)
    assert take(bench, "release", reference).outcome == "refused"
    take(bench, "find-discrepancy", reference)
    assert bench.exchanges()["CN", "KG", reference]["state"] == "discrepant"


def test_an_exit_control_that_overtook_its_declaration_is_applied(bench, reference):
    assert take(bench, "inspect", reference, side="CN").outcome == "held"
    take(bench, "original", reference)
    take(bench, "accept", reference)
    assert bench.held() == ([], [])
    assert len(bench.exchanges()["CN", "KG", reference]["messages"]) == 3


def test_what_waits_for_a_departure_is_applied_by_the_departure(bench, reference):
    reach(bench, "accepted", reference)
    assert take(bench, "forbid-unloading", reference).outcome == "held"
    take(bench, "depart", reference)
    assert bench.exchanges()["CN", "KG", reference]["state"] == "unloading-prohibited"


def test_an_arrival_that_waited_for_its_acceptance_counts_when_the_exchange_expires(bench, reference):
    reach(bench, "registered", reference)
    bench.pass_time(PAST_EXPIRY - 60 - 30)
    assert take(bench, "arrive", reference).outcome == "held"
    bench.pass_time(40)
    assert bench.exchanges()["CN", "KG", reference]["state"] == "arrived"


def test_an_exchange_is_closed_by_the_delivery_of_its_import_information_and_no_other_event(bench, reference):
    reach(bench, "released", reference)
    receipt = take(bench, "match", reference)
    bench.refusing = frozenset({receipt.message_id})
    bench.deliver()
    assert bench.exchanges()["CN", "KG", reference]["state"] == "matched"


def test_an_exchange_is_not_delivered_by_the_delivery_of_a_version_that_was_replaced(bench, reference):
    take(bench, "original", reference)
    receipt = take(bench, "replace", reference)
    bench.refusing = frozenset({receipt.message_id})
    bench.deliver()
    assert bench.exchanges()["CN", "KG", reference]["state"] == "registered"
