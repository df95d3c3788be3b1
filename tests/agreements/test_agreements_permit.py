"""Step 4, permit: what an agreement allows passes, and each obstacle has its own rule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.messages import NOW, as_tree, changed, declaration, departure, event, rail, response, without
from gateway.agreements import (
    Agreement,
    agreement_for,
    agreements_between,
    context,
    in_force,
    load_agreements,
    only_permitted,
    permit,
)
from gateway.agreements.agreement import covers
from gateway.message.metadata import DeclarationMessage
from gateway.message.table import walk
from gateway.published import published

PUBLISHED = load_agreements(published("agreements"))
ROAD = PUBLISHED["kg-cn-road", "1"]
TRANSIT = PUBLISHED["cn-kg-uz-transit", "1"]
HEAD = "/CommunicationMetaData"


def rules(message, agreements=PUBLISHED, now=NOW):
    return [(finding.rule, finding.pointer) for finding in permit(message, agreements, now).findings]


def only(agreement):
    return {(agreement.id, agreement.version): agreement}


def altered(agreement=ROAD, **changes):
    return Agreement.model_validate(agreement.model_dump() | changes)


def citing(message, agreement, sender=None, recipient=None):
    changes = {f"{HEAD}/AgreementID": agreement.id, f"{HEAD}/AgreementVersionID": agreement.version}
    changes |= {f"{HEAD}/Sender/ID": sender} if sender else {}
    return changed(message, changes | ({f"{HEAD}/Recipient/ID": recipient} if recipient else {}))


def test_a_declaration_within_the_agreement_passes():
    permission = permit(declaration(), PUBLISHED, NOW)
    assert permission.findings == ()
    assert permission.agreement is ROAD


def test_the_other_way_and_the_answers_pass():
    assert rules(response()) == []
    back = declaration(sender="KG", recipient="CN", exit_office={"ID": "41700201"}, entry_office={"ID": "9403"})
    assert rules(back) == []


def test_the_agreement_that_counts_is_the_one_that_is_cited():
    assert agreement_for(declaration(), PUBLISHED) is ROAD
    assert agreement_for(changed(declaration(), {f"{HEAD}/AgreementVersionID": "9"}), PUBLISHED) is None


@pytest.mark.parametrize("name", ["AgreementID", "AgreementVersionID"])
def test_an_agreement_that_does_not_exist_is_refused(name):
    assert rules(changed(declaration(), {f"{HEAD}/{name}": "none"})) == [("ACD-AGR-01", f"{HEAD}/AgreementID")]


def test_a_day_before_the_agreement_is_refused_and_its_first_day_passes():
    first = datetime(2026, 1, 1, tzinfo=UTC)
    assert rules(declaration(), now=first) == []
    assert rules(declaration(), now=first - timedelta(seconds=1)) == [("ACD-AGR-04", f"{HEAD}/AgreementID")]


def test_the_agreement_on_the_railway_under_construction_cannot_be_cited_yet():
    message = citing(rail(), PUBLISHED["kg-cn-rail", "1"])
    found = permit(changed(message, {"/Declaration/ExitOffice/ID": "9494"}), PUBLISHED, NOW)
    assert "ACD-AGR-04" in {finding.rule for finding in found.findings}


OLD = altered(in_force_until="2026-12-31")
NEW = altered(version="2", in_force_from="2026-12-01", permitted=ROAD.permitted - {"Declaration/Agent"})
BOTH = only(OLD) | only(NEW)
IN_TRANSITION, AFTER = datetime(2026, 12, 15, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


def test_in_a_transition_both_versions_may_be_cited():
    assert rules(declaration(), BOTH, IN_TRANSITION) == []
    assert rules(citing(declaration(), NEW), BOTH, IN_TRANSITION) == []
    assert in_force(BOTH, "kg-cn-road", IN_TRANSITION) is NEW


def test_a_version_that_has_ended_takes_no_new_message_and_names_the_one_that_does():
    (found,) = permit(declaration(), BOTH, AFTER).findings
    assert (found.rule, found.pointer) == ("ACD-AGR-11", f"{HEAD}/AgreementVersionID")
    assert dict(found.params) == {"current": "2", "since": "2026-12-01"}
    assert rules(citing(declaration(), NEW), BOTH, AFTER) == []


def test_an_old_version_still_judges_what_was_received_while_it_was_in_force():
    with_agent = declaration(agent={"ID": "9400123456789"})
    assert rules(with_agent, BOTH, NOW) == []
    assert rules(citing(with_agent, NEW), BOTH, IN_TRANSITION) == [("ACD-AGR-02", "/Declaration/Agent")]


def test_an_end_without_successor_is_no_succession():
    assert rules(declaration(), only(OLD), AFTER) == [("ACD-AGR-04", f"{HEAD}/AgreementID")]


def test_a_direction_that_is_not_agreed_is_refused():
    assert rules(declaration(recipient="UZ"))[0] == ("ACD-AGR-05", f"{HEAD}/Recipient/ID")


def ways(**messages):
    return [way.model_dump() | {"messages": messages} for way in ROAD.directions]


def test_a_kind_of_message_that_is_not_agreed_in_this_direction_is_refused():
    answers_only = only(altered(directions=ways(response="any")))
    assert rules(declaration(), answers_only) == [("ACD-AGR-06", "/Declaration")]
    assert rules(response(), answers_only) == []


def test_a_function_that_is_not_agreed_is_refused():
    originals = only(altered(directions=ways(declaration=["9"], response=["44"])))
    assert rules(declaration(), originals) == []
    assert rules(declaration(function_code="5"), originals) == [("ACD-AGR-12", "/Declaration/FunctionCode")]
    assert rules(response(function_code="27"), originals) == [("ACD-AGR-12", "/Response/FunctionCode")]


WITHOUT_IMPORT = altered(
    directions=[
        way.model_dump() | {"messages": {**way.messages, "border-event": ["DEP", "ARR"]}} for way in ROAD.directions
    ]
)


@pytest.mark.parametrize("kind", ["DEP", "ARR"])
def test_a_kind_of_border_event_that_is_listed_passes(kind):
    assert rules(event(kind), only(WITHOUT_IMPORT)) == []


def test_a_kind_of_border_event_that_is_not_listed_is_refused_at_its_code():
    assert rules(event("IMP"), only(WITHOUT_IMPORT)) == [("ACD-AGR-12", "/BorderEvent/EventTypeCode")]


@pytest.mark.parametrize("kind", ["EXP", "UND"])
def test_the_gateways_own_events_go_with_every_list(kind):
    assert rules(event(kind), only(WITHOUT_IMPORT)) == []


def test_a_test_message_passes_where_tests_are_agreed():
    test = changed(declaration(), {f"{HEAD}/TestIndicator": True})
    assert rules(test) == []
    assert rules(test, only(altered(test_messages=False))) == [("ACD-AGR-07", f"{HEAD}/TestIndicator")]
    assert rules(declaration(), only(altered(test_messages=False))) == []


def test_a_mode_that_is_not_agreed_is_refused():
    by_rail = changed(declaration(), {"/Declaration/BorderTransportMeans/ModeCode": "2"})
    assert rules(by_rail) == [("ACD-AGR-08", "/Declaration/BorderTransportMeans/ModeCode")]


@pytest.mark.parametrize("end", ["EntryOffice", "ExitOffice"])
def test_an_office_of_no_post_is_refused(end):
    assert rules(changed(declaration(), {f"/Declaration/{end}/ID": "9999"})) == [
        ("ACD-AGR-09", f"/Declaration/{end}/ID")
    ]


def test_a_post_that_is_not_open_is_refused():
    bedel = changed(declaration(), {"/Declaration/ExitOffice/ID": "9490", "/Declaration/EntryOffice/ID": "41700401"})
    assert rules(bedel) == [("ACD-AGR-10", "/Declaration/EntryOffice/ID"), ("ACD-AGR-10", "/Declaration/ExitOffice/ID")]


def test_a_post_opens_on_its_first_day():
    posts = [post.model_dump() | {"active_from": "2026-11-24"} for post in ROAD.posts if post.active]
    later = only(altered(posts=posts))
    assert {rule for rule, _ in rules(declaration(), later)} == {"ACD-AGR-10"}
    assert rules(declaration(), later, NOW + timedelta(days=1)) == []


def test_the_two_offices_must_be_the_sides_of_one_post():
    across = changed(declaration(), {"/Declaration/EntryOffice/ID": "41700301"})
    assert rules(across) == [("ACD-AGR-15", "/Declaration/EntryOffice/ID")]
    swapped = changed(declaration(), {"/Declaration/EntryOffice/ID": "9403", "/Declaration/ExitOffice/ID": "41700201"})
    assert rules(swapped) == [("ACD-AGR-15", "/Declaration/EntryOffice/ID")]


def test_an_element_outside_what_is_permitted_is_refused_at_its_place():
    narrow = ROAD.permitted - {"Declaration/Consignment"} | {
        f"Declaration/Consignment/{name}"
        for name in ("SequenceNumeric", "Consignor", "Consignee/Name", "ConsignmentItem")
    }
    message = without(declaration(), "/Declaration/Consignment/0/Consignee/Communication")
    found = rules(message, only(altered(permitted=narrow, mandatory=[])))
    assert ("ACD-AGR-02", "/Declaration/Consignment/0/Consignee/Address") in found
    assert ("ACD-AGR-02", "/Declaration/Consignment/0/ValueAmount") in found
    assert not any("/Consignor" in pointer or "/Consignee/Name" in pointer for _, pointer in found)


def transit(recipient, **given):
    entry = {"KG": "41700201", "UZ": "86021"}[recipient]
    message = citing(declaration(recipient=recipient, **given), TRANSIT)
    return changed(
        message,
        {
            "/Declaration/EntryOffice/ID": entry,
            "/Declaration/BorderTransportMeans/Itinerary/2": {"RoutingCountryCode": "UZ", "SequenceNumeric": 3},
        },
    )


def test_in_a_transit_the_last_country_sees_what_the_one_in_between_does_not():
    assert rules(transit("UZ")) == []
    assert ("ACD-AGR-13", "/Declaration/Consignment/0/ValueAmount") in rules(transit("KG"))
    assert {rule for rule, _ in rules(transit("KG"))} == {"ACD-AGR-13"}


def test_what_the_sender_leaves_out_for_the_country_in_between_makes_it_pass():
    narrow = only_permitted(transit("KG"), TRANSIT)
    assert rules(narrow) == []
    assert "ValueAmount" not in as_tree(narrow)["Declaration"]["Consignment"][0]
    assert as_tree(narrow)["Declaration"]["Consignment"][0]["Consignee"]["Name"]
    assert only_permitted(transit("UZ"), TRANSIT) == transit("UZ")


def test_a_way_through_another_country_is_refused_and_a_country_may_have_several_steps():
    pointer = "/Declaration/BorderTransportMeans/Itinerary/1/RoutingCountryCode"
    assert rules(changed(transit("UZ"), {pointer: "KZ"})) == [("ACD-AGR-14", pointer)]
    assert rules(changed(transit("UZ"), {pointer: "CN"})) == []
    backwards = changed(transit("UZ"), {"/Declaration/BorderTransportMeans/Itinerary/0/RoutingCountryCode": "UZ"})
    assert ("ACD-AGR-14", pointer) in rules(backwards)


def test_a_way_is_read_in_the_order_of_its_numbers():
    way = [{"RoutingCountryCode": code, "SequenceNumeric": at} for code, at in (("UZ", 3), ("KG", 2), ("CN", 1))]
    assert rules(changed(transit("UZ"), {"/Declaration/BorderTransportMeans/Itinerary": way})) == []


def test_in_a_transit_an_event_tells_of_the_goods_what_the_declaration_may():
    told = citing(departure(), TRANSIT)
    valued = changed(told, {"/BorderEvent/Consignment/0/ValueAmount": {"value": "1", "currencyID": "USD"}})
    assert rules(told) == []
    assert rules(valued) == [("ACD-AGR-13", "/BorderEvent/Consignment/0/ValueAmount")]
    assert rules(only_permitted(valued, TRANSIT)) == []
    assert rules(changed(valued, {f"{HEAD}/Recipient/ID": "UZ"})) == []


def test_in_a_transit_an_event_tells_no_more_than_the_agreement_permits_either():
    permitted = TRANSIT.permitted - {"BorderEvent"} | {
        f"BorderEvent/{name}"
        for name in (
            "EventDateTime",
            "EventTypeCode",
            "FunctionalReferenceID",
            "IssueDateTime",
            "Declaration",
            "Consignment",
        )
    }
    narrow = altered(TRANSIT, permitted=permitted)
    told = citing(without(departure(), "/BorderEvent/BorderTransportMeans", "/BorderEvent/BorderOffice"), TRANSIT)
    noted = changed(told, {"/BorderEvent/AdditionalInformation": [{"StatementDescription": "a note"}]})
    assert rules(told, only(narrow)) == []
    assert rules(noted, only(narrow)) == [("ACD-AGR-13", "/BorderEvent/AdditionalInformation")]


@pytest.mark.parametrize(("written", "found"), [
    ("2026-01-01T03:00:00+08:00", [("ACD-AGR-04", f"{HEAD}/AgreementID")]),
    ("2026-01-01T08:00:00+08:00", []),
])  # fmt: skip
def test_an_agreement_begins_at_one_moment_whichever_offset_a_time_is_written_with(written, found):
    assert rules(response(), now=datetime.fromisoformat(written)) == found


def test_in_a_transit_nobody_declares_against_the_way():
    back = citing(declaration(sender="UZ", recipient="KG"), TRANSIT)
    assert ("ACD-AGR-05", "/CommunicationMetaData/Recipient/ID") in rules(back)


PATHS = sorted({"/".join((*(one.name for one in above), element.name)) for above, element in walk(DeclarationMessage)})
IN_DECLARATION = [path for path in PATHS if path.startswith("Declaration/")]


def leaves(tree, path=""):
    for name, value in tree.items():
        below = f"{path}/{name}" if path else name
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict) and not {"unitCode", "currencyID"} & set(one) and set(one) != {"value"}:
                yield from leaves(one, below)
            else:
                yield below


@settings(max_examples=120, deadline=None)
@given(permitted=st.frozensets(st.sampled_from(IN_DECLARATION), max_size=60), consignments=st.integers(0, 3))
def test_permit_never_raises_and_never_permits_an_element_outside_permitted(permitted, consignments):
    agreement = ROAD.model_copy(update={"permitted": permitted})
    message = declaration(consignments=consignments)
    found = permit(message, only(agreement), NOW).findings
    outside = {path for path in leaves({"Declaration": as_tree(message)["Declaration"]}) if not covers(permitted, path)}
    refused = {"/".join(part for part in each.pointer.split("/")[1:] if not part.isdigit()) for each in found}
    assert all(any(path == one or path.startswith(one + "/") for one in refused) for path in outside)
    assert not any(covers(permitted, one) for one in refused)


@settings(max_examples=80, deadline=None)
@given(permitted=st.frozensets(st.sampled_from(IN_DECLARATION), max_size=60))
def test_what_only_permitted_leaves_is_permitted_but_for_what_the_form_requires(permitted):
    agreement = ROAD.model_copy(update={"permitted": permitted})
    narrow = only_permitted(declaration(), agreement)
    DeclarationMessage.model_validate(as_tree(narrow), by_alias=True, by_name=False)
    left = {finding.pointer.rpartition("/")[2] for finding in permit(narrow, only(agreement), NOW).findings}
    required = {element.name for _, element in walk(DeclarationMessage) if element.required}
    assert left <= required


@settings(max_examples=60, deadline=None)
@given(
    values=st.fixed_dictionaries(
        {
            f"{HEAD}/AgreementID": st.sampled_from([*sorted({name for name, _ in PUBLISHED}), "x"]),
            f"{HEAD}/Sender/ID": st.sampled_from(["CN", "KG", "UZ", "KZ", "X"]),
            f"{HEAD}/Recipient/ID": st.sampled_from(["CN", "KG", "UZ", "KZ", "X"]),
            "/Declaration/FunctionCode": st.sampled_from(["1", "9", "13"]),
            "/Declaration/EntryOffice": st.sampled_from([{}, {"ID": "41700201"}, {"ID": "x"}]),
            "/Declaration/BorderTransportMeans": st.sampled_from([{}, {"ModeCode": "2"}, {"Itinerary": [{}]}]),
        }
    )
)
def test_permit_and_context_never_raise(values):
    message = changed(declaration(), values)
    permit(message, PUBLISHED, NOW)
    for agreement in PUBLISHED.values():
        context(agreement, message, NOW)


def test_the_lead_time_is_the_one_of_direction_and_mode():
    both = altered(
        modes=["2", "3"],
        directions=[
            way.model_dump()
            | {"lead_times": {"3": way.lead_times["3"], "2": way.lead_times["3"].model_copy(update={"minutes": 7})}}
            for way in ROAD.directions
        ],
    )
    assert context(ROAD, declaration(), NOW).lead_time == timedelta(minutes=120)
    assert context(ROAD, declaration(sender="KG", recipient="CN"), NOW).lead_time == timedelta(minutes=60)
    assert context(both, rail(), NOW).lead_time == timedelta(minutes=7)
    assert context(both, declaration(), NOW).earliest == timedelta(days=30)
    no_mode = without(declaration(), "/Declaration/BorderTransportMeans/ModeCode")
    assert context(ROAD, no_mode, NOW).lead_time == timedelta(minutes=120)
    assert context(both, no_mode, NOW).lead_time is None
    assert context(ROAD, response(), NOW).lead_time is None


def test_of_mass_the_larger_margin_counts():
    assert context(ROAD, declaration(), NOW).mass_tolerance == Decimal("0.5")
    percent = altered(tolerances={"gross_mass_kg": "0.5", "gross_mass_percent": "2"})
    assert context(percent, declaration(), NOW).mass_tolerance == Decimal("31")
    assert context(percent, response(), NOW).mass_tolerance == Decimal("0.5")


def test_of_packages_and_values_what_is_agreed_counts():
    exact, wider = context(ROAD, declaration(), NOW), altered(tolerances={"packages": 2, "value_percent": "1.5"})
    assert (exact.package_tolerance, exact.value_tolerance_percent) == (0, 0)
    told = context(wider, declaration(), NOW)
    assert (told.package_tolerance, told.value_tolerance_percent) == (2, Decimal("1.5"))


def test_of_several_agreements_the_usual_one_comes_first():
    between = [each.id for each in agreements_between(PUBLISHED, "CN", "KG", NOW)]
    assert between == ["kg-cn-road", "cn-kg-uz-transit"]
    assert [each.id for each in agreements_between(PUBLISHED, "CN", "KZ", NOW)] == ["cn-kz-road", "cn-kz-rail"]
    assert [each.id for each in agreements_between(PUBLISHED, "CN", "UZ", NOW)] == ["cn-kg-uz-transit"]
    assert agreements_between(PUBLISHED, "UZ", "CN", NOW) == ()
    assert agreements_between(PUBLISHED, "CN", "KG", datetime(2025, 1, 1, tzinfo=UTC)) == ()
