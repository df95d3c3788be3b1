"""What contradicts itself in an agreement, or names what does not exist.

One small check for each. An agreement may be a draft here: one in which what has not the shape of its field is not
there at all. A check that needs it then says nothing, and every other check says what it finds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import chain

from iso3166 import countries_by_alpha2

from gateway.agreements.agreement import (
    AGREED_EVENTS,
    DOCUMENTS,
    LANGUAGES,
    OWN_EVENTS,
    Agreement,
    Direction,
    Language,
    LeadTime,
    Leg,
    Post,
    Texts,
    Transit,
    covers,
    element_at,
    known,
    upwards,
)
from gateway.agreements.mistakes import Place, words
from gateway.message.parts import SEAL_ROLES
from gateway.message.table import elements
from gateway.validation.codelists import load_codelists
from gateway.validation.rules.response import ANSWERS
from gateway.validation.walk import FUNCTIONS

_FUNCTIONS: Mapping[str, tuple[str, ...]] = {"declaration": FUNCTIONS, "response": ANSWERS}
"""Function codes by kind of message; a border event has kinds instead."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One thing that contradicts another.

    Attributes:
        place: Where.
        text: What, by language.
        member: Which of the values listed at the place, where they are kept without their order.
        warning: Whether the agreement may be used all the same.
    """

    place: Place
    text: Mapping[Language, str]
    member: str | None = None
    warning: bool = False


Found = Iterator[Contradiction]


def contradictions(agreement: Agreement, today: date, *, whole: bool = True) -> Found:
    """Everything that contradicts itself or names what does not exist.

    Args:
        agreement: The agreement, or what could be read of it.
        whole: Whether all of it could be read.
        today: The day: of a version that has ended, an edition that is no longer carried is only a warning.
    """
    checks = (
        _dates(agreement),
        _title(agreement),
        _basis(agreement),
        _parties(agreement),
        _countries(agreement),
        _codes_of_countries(agreement),
        _idle(agreement),
        _modes(agreement),
        _languages(agreement),
        _directions(agreement),
        _ways(agreement),
        _post_ids(agreement),
        _posts(agreement),
        _permitted(agreement),
        _mandatory(agreement),
        _mandatory_sent(agreement),
        _needed(agreement),
        _transit(agreement),
        _code_lists(agreement, today),
        _seals(agreement),
    )
    yield from chain.from_iterable(checks) if whole else _heard(*checks)


def _heard(*checks: Found) -> Found:
    """What checks say. One that looks for what a draft has not says no more: its attribute is not there."""
    for check in checks:
        with suppress(AttributeError):
            yield from check


def _at(place: Place, sentence: str, *, member: str | None = None, **values: object) -> Contradiction:
    return Contradiction(place, words(sentence, **values), member)


def _dates(agreement: Agreement) -> Found:
    if agreement.in_force_until is not None and agreement.in_force_until < agreement.in_force_from:
        yield _at(("in_force_until",), "ends-before", begins=agreement.in_force_from.isoformat())


def _title(agreement: Agreement) -> Found:
    yield from _texts(("title",), agreement.title)


def _basis(agreement: Agreement) -> Found:
    yield from _texts(("legal_basis", "text"), agreement.legal_basis.text)


def _texts(place: Place, texts: Texts) -> Found:
    for language in LANGUAGES:
        if not texts.get(language, "").strip():
            yield _at((*place, language), "no-text")


def _parties(agreement: Agreement) -> Found:
    yield from _twice(("parties",), agreement.parties)


def _countries(agreement: Agreement) -> Found:
    for name in agreement.countries:
        if name not in agreement.parties:
            yield _at(("countries", name), "no-party", party=name)


def _codes_of_countries(agreement: Agreement) -> Found:
    for party in agreement.parties:
        if agreement.country(party) not in countries_by_alpha2:
            yield _at(("countries", party), "no-country", code=agreement.country(party))


def _idle(agreement: Agreement) -> Found:
    active = {party for way in agreement.directions for party in (way.sender, way.recipient)}
    for at, party in enumerate(agreement.parties):
        if party not in active:
            yield _at(("parties", at), "idle", party=party)


def _twice(place: Place, values: Sequence[str], key: str | None = None) -> Found:
    """What is listed more than once, where it stands again."""
    for value, times in Counter(values).items():
        if times > 1:
            again = values.index(value, values.index(value) + 1)
            yield _at((*place, again, *((key,) if key else ())), "repeated", value=value, times=times)


def _modes(agreement: Agreement) -> Found:
    for at, code in enumerate(agreement.modes):
        if code not in load_codelists()["transport_modes"].codes:
            yield _at(("modes", at), "not-in-list", code=code, codelist="transport_modes")
    yield from _twice(("modes",), agreement.modes)


def _languages(agreement: Agreement) -> Found:
    yield from _twice(("languages",), agreement.languages)


# Directions


def _directions(agreement: Agreement) -> Found:
    for at, way in enumerate(agreement.directions):
        place: Place = ("directions", at)
        yield from _heard(
            _sender(agreement, way, place),
            _recipient(agreement, way, place),
            _itself(way, place),
            _codes(way, place),
            _nothing_leaves(agreement, way, place),
            _lead_times_lacking(agreement, way, place),
            _lead_times(agreement, way, place),
        )


def _ways(agreement: Agreement) -> Found:
    yield from _twice(("directions",), [f"{way.sender} → {way.recipient}" for way in agreement.directions])


def _sender(agreement: Agreement, way: Direction, place: Place) -> Found:
    if way.sender not in agreement.parties:
        yield _at((*place, "sender"), "no-party", party=way.sender)


def _recipient(agreement: Agreement, way: Direction, place: Place) -> Found:
    if way.recipient not in agreement.parties:
        yield _at((*place, "recipient"), "no-party", party=way.recipient)


def _itself(way: Direction, place: Place) -> Found:
    if way.sender == way.recipient:
        yield _at((*place, "recipient"), "to-self")


def _codes(way: Direction, place: Place) -> Found:
    """Codes that messages of a kind do not have would be agreed in vain."""
    for kind, codes in way.messages.items():
        here = (*place, "messages", kind)
        if codes == "any":
            continue
        if not codes:
            yield _at(here, "no-code")
        yield from _twice(here, codes)
        for at, code in enumerate(codes):
            yield from _event((*here, at), code) if kind == "border-event" else _function((*here, at), kind, code)


def _function(place: Place, kind: str, code: str) -> Found:
    if code not in load_codelists()["functions"].codes:
        yield _at(place, "not-in-list", code=code, codelist="functions")
    elif code not in _FUNCTIONS[kind]:
        yield _at(place, "no-function", kind=kind, code=code, known=", ".join(_FUNCTIONS[kind]))


def _event(place: Place, code: str) -> Found:
    if code in OWN_EVENTS:
        yield _at(place, "own-event", code=code)
    elif code not in AGREED_EVENTS:
        yield _at(place, "no-event", code=code, known=", ".join(AGREED_EVENTS))


def _nothing_leaves(agreement: Agreement, way: Direction, place: Place) -> Found:
    for kind in way.messages:
        if not _sent(DOCUMENTS[kind], agreement.permitted):
            yield _at((*place, "messages", kind), "nothing-leaves", document=DOCUMENTS[kind])


def _lead_times_lacking(agreement: Agreement, way: Direction, place: Place) -> Found:
    for mode in agreement.modes if "declaration" in way.messages else ():
        if mode not in way.lead_times:
            yield _at((*place, "lead_times", mode), "no-lead-time")


def _lead_times(agreement: Agreement, way: Direction, place: Place) -> Found:
    for mode, lead in way.lead_times.items():
        here = (*place, "lead_times", mode)
        yield from _heard(_mode_agreed(agreement, mode, here), _moments(lead, here))


def _mode_agreed(agreement: Agreement, mode: str, place: Place) -> Found:
    if mode not in agreement.modes:
        yield _at(place, "mode-not-agreed")


def _moments(lead: LeadTime, place: Place) -> Found:
    if lead.minutes > lead.earliest_days * 24 * 60:
        yield _at(place, "latest-before-earliest")


# Border posts


def _post_ids(agreement: Agreement) -> Found:
    yield from _twice(("posts",), [post.id for post in agreement.posts], "id")


def _posts(agreement: Agreement) -> Found:
    for at, post in enumerate(agreement.posts):
        place: Place = ("posts", at)
        yield from _heard(
            _names(post, place),
            _sides(agreement, post, place),
            _offices(agreement, post, place),
            _offices_of_others(agreement, post, place),
            _opens(post, place),
        )


def _names(post: Post, place: Place) -> Found:
    yield from _texts((*place, "names"), post.names)


def _sides(agreement: Agreement, post: Post, place: Place) -> Found:
    """A post lies between two countries: of two parties it has both, of more at least two."""
    if len(agreement.parties) > 2:
        if len(set(post.offices) & set(agreement.parties)) < 2:
            yield _at((*place, "offices"), "one-side")
        return
    for party in agreement.parties:
        if party not in post.offices:
            yield _at((*place, "offices", party), "no-office", party=party)


def _offices(agreement: Agreement, post: Post, place: Place) -> Found:
    for party in post.offices:
        if party not in agreement.parties:
            yield _at((*place, "offices", party), "no-party", party=party)


def _offices_of_others(agreement: Agreement, post: Post, place: Place) -> Found:
    for party, office in post.offices.items():
        others = [one.id for one in agreement.posts_of[office] if one is not post]
        if others or len(agreement.posts_of[office]) > 1:
            yield _at((*place, "offices", party), "office-twice", office=office, others=", ".join(others) or post.id)


def _opens(post: Post, place: Place) -> Found:
    if post.active_from is not None and not post.active:
        yield _at((*place, "active_from"), "closed-opens")


# Elements


def _permitted(agreement: Agreement) -> Found:
    yield from _paths(("permitted",), agreement.permitted)


def _paths(place: Place, paths: frozenset[str]) -> Found:
    for path in sorted(paths):
        if not known(path):
            yield _at(place, "no-element", member=path, path=path)
        for above in list(upwards(path))[1:]:
            if above in paths:
                yield _at(place, "covered", member=path, path=path, above=above)


def _mandatory(agreement: Agreement) -> Found:
    for path in sorted(agreement.mandatory):
        if not known(path):
            yield _at(("mandatory",), "no-element", member=path, path=path)


def _mandatory_sent(agreement: Agreement) -> Found:
    for path in sorted(agreement.mandatory):
        if known(path) and not _sent(path, agreement.permitted):
            yield _at(("mandatory",), "asked-not-permitted", member=path, path=path)


def _sent(path: str, permitted: frozenset[str]) -> bool:
    """Whether an element, or something of it, may leave the country."""
    return covers(permitted, path) or any(other.startswith(path + "/") for other in permitted)


def _needed(agreement: Agreement) -> Found:
    """Of a transit, what its legs permit counts for declarations."""
    kinds = [kind for kind in agreement.message_types if kind != "declaration" or agreement.transit is None]
    yield from _sendable(agreement.permitted, kinds, ("permitted",))


def _sendable(permitted: frozenset[str], kinds: Iterable[str], place: Place) -> Found:
    """Elements without which no message can be read must be permitted, or the agreement allows nothing at all."""
    for kind in kinds:
        document = element_at(DOCUMENTS[kind])
        if document is None or document.child is None:
            continue
        for element in elements(document.child):
            path = f"{DOCUMENTS[kind]}/{element.name}"
            if element.required and not _sent(path, permitted):
                yield _at(place, "needed-not-permitted", path=path, kind=kind)


# Transit


def _transit(agreement: Agreement) -> Found:
    transit = agreement.transit
    if transit is None:
        return
    yield from _heard(
        _twice_on_the_way(transit),
        _on_the_way(agreement, transit),
        _legs_twice(transit),
        _legs_lacking(transit),
        _legs(agreement, transit),
        _onward(agreement, transit),
    )


def _twice_on_the_way(transit: Transit) -> Found:
    yield from _twice(("transit", "participants"), transit.participants)


def _on_the_way(agreement: Agreement, transit: Transit) -> Found:
    for at, party in enumerate(transit.participants):
        if party not in agreement.parties:
            yield _at(("transit", "participants", at), "no-party", party=party)


def _legs_twice(transit: Transit) -> Found:
    yield from _twice(("transit", "legs"), [leg.recipient for leg in transit.legs], "recipient")


def _legs_lacking(transit: Transit) -> Found:
    recipients = {leg.recipient for leg in transit.legs}
    for party in transit.participants[1:]:
        if party not in recipients:
            yield _at(("transit", "legs"), "nothing-seen", party=party)


def _legs(agreement: Agreement, transit: Transit) -> Found:
    for at, leg in enumerate(transit.legs):
        place: Place = ("transit", "legs", at)
        shown = (*place, "permitted")
        yield from _heard(
            _leg_recipient(transit, leg, place),
            _leg_paths(leg, shown),
            _leg_within(agreement, leg, shown),
            _leg_mandatory(agreement, leg, shown),
            _leg_needed(leg, shown),
        )


def _leg_recipient(transit: Transit, leg: Leg, place: Place) -> Found:
    if leg.recipient not in transit.participants[1:]:
        yield _at((*place, "recipient"), "no-recipient", party=leg.recipient)


def _leg_paths(leg: Leg, place: Place) -> Found:
    yield from _paths(place, leg.permitted)


def _leg_within(agreement: Agreement, leg: Leg, place: Place) -> Found:
    for path in sorted(leg.permitted):
        if not covers(agreement.permitted, path):
            yield _at(place, "not-permitted-as-a-whole", member=path, path=path)


def _leg_mandatory(agreement: Agreement, leg: Leg, place: Place) -> Found:
    for path in sorted(agreement.mandatory):
        if path.startswith("Declaration/") and not _sent(path, leg.permitted):
            yield _at(place, "asked-not-on-leg", path=path)


def _leg_needed(leg: Leg, place: Place) -> Found:
    yield from _sendable(leg.permitted, ("declaration",), place)


def _onward(agreement: Agreement, transit: Transit) -> Found:
    order = {party: at for at, party in enumerate(transit.participants)}
    for at, way in enumerate(agreement.directions):
        onward = way.sender in order and order[way.sender] < order.get(way.recipient, -1)
        if "declaration" in way.messages and not onward:
            yield _at(("directions", at), "against-the-way", sender=way.sender, recipient=way.recipient)


# The rest


def _code_lists(agreement: Agreement, today: date) -> Found:
    """The edition that is agreed is the one by which messages are judged: the one that is carried.

    What a version took stays judged by it and it takes nothing more once it has ended, so it stays on file when a list
    is brought up to date.
    """
    lists, ended = load_codelists(), agreement.ended(today)
    for name, edition in sorted(agreement.code_lists.items()):
        place = ("code_lists", name)
        if name not in lists:
            yield Contradiction(place, words("no-codelist"), warning=ended)
        elif edition != lists[name].standard:
            told = words("edition", edition=edition, carried=lists[name].standard)
            yield Contradiction(place, told, warning=ended)


def _seals(agreement: Agreement) -> Found:
    for role in sorted(agreement.recognised_seals):
        if role not in SEAL_ROLES:
            yield _at(("recognised_seals",), "no-sealer", member=role, role=role, known=", ".join(SEAL_ROLES))
