"""Read agreements from their files, and name every mistake at its place.

A mistake is a sentence for the person who wrote the file: `kg-cn-road.toml: directions.0.recipient: …`. What does not
have the shape of an agreement is named first; what contradicts itself is named once the shape is right.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from iso3166 import countries_by_alpha2
from pydantic import ValidationError
from typing_extensions import override

from gateway.agreements.agreement import (
    AGREED_EVENTS,
    DOCUMENTS,
    LANGUAGES,
    OWN_EVENTS,
    Agreement,
    Agreements,
    Direction,
    Post,
    Texts,
    Transit,
    covers,
    element_at,
    known,
    upwards,
)
from gateway.errors import Misconfigured
from gateway.message.parts import SEAL_ROLES
from gateway.message.table import elements
from gateway.validation.codelists import load_codelists
from gateway.validation.rules.response import ANSWERS
from gateway.validation.walk import FUNCTIONS

_FUNCTIONS: Mapping[str, tuple[str, ...]] = {"declaration": FUNCTIONS, "response": ANSWERS}
"""Function codes by kind of message; a border event has kinds instead."""

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in an agreement's file.

    Attributes:
        file: Name of the file.
        place: Keys from the top, with positions from 0: `directions.0.recipient`; "" is the whole file.
        sentence: What is wrong.
    """

    file: str
    place: str
    sentence: str

    @override
    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.place, self.sentence) if part)


def load_agreements(folder: Path) -> Agreements:
    """All agreements of a folder.

    Raises:
        Misconfigured: Names every mistake of every file at its place.
    """
    found, mistakes = read_agreements(folder)
    if mistakes:
        raise Misconfigured("Agreements: " + "; ".join(map(str, mistakes)))
    return found


def read_agreements(folder: Path) -> tuple[Agreements, tuple[Mistake, ...]]:
    """The agreements of a folder, and what is wrong in its files; with a mistake, none of them may be used."""
    found: dict[tuple[str, str], Agreement] = {}
    files: dict[tuple[str, str], str] = {}
    mistakes: list[Mistake] = []
    there = sorted(folder.glob("*.toml"))
    if not there:
        mistakes.append(Mistake(str(folder), "", "there is no agreement, so no message would be taken"))
    for file in there:
        agreement, wrong = read_agreement(file)
        mistakes += wrong
        if agreement is None:
            continue
        key = (agreement.id, agreement.version)
        if key in found:
            mistakes.append(Mistake(file.name, "version", f"{agreement.id}/{agreement.version} is in {files[key]} too"))
        found[key], files[key] = agreement, file.name
    mistakes += _succession(found, files)
    return found, tuple(mistakes)


def read_agreement(file: Path) -> tuple[Agreement | None, list[Mistake]]:
    """One agreement, and what is wrong in its file; None where it has not the shape of one."""
    try:
        agreement = Agreement.model_validate(tomllib.loads(file.read_text("utf-8")))
    except OSError as error:
        return None, [Mistake(file.name, "", f"it cannot be read: {error.strerror}")]
    except UnicodeDecodeError:
        return None, [Mistake(file.name, "", "it is not in UTF-8")]
    except tomllib.TOMLDecodeError as error:
        return None, [Mistake(file.name, "", f"it is not TOML: {error}")]
    except ValidationError as error:
        details = [detail for detail in error.errors(include_url=False) if not _counted_without_the_wrong(detail)]
        return None, [Mistake(file.name, ".".join(map(str, detail["loc"])), detail["msg"]) for detail in details]
    return agreement, [Mistake(file.name, place, sentence) for place, sentence in contradictions(agreement)]


def _counted_without_the_wrong(detail: ErrorDetails) -> bool:
    """Whether a list seems too short only because what is wrong in it, and named at its own place, was not counted."""
    listed = detail["input"]
    return detail["type"] == "too_short" and isinstance(listed, list) and len(listed) >= detail["ctx"]["min_length"]


def contradictions(agreement: Agreement) -> Iterator[tuple[str, str]]:
    """What contradicts itself or names what does not exist: places and sentences."""
    yield from _dates(agreement)
    yield from _texts("title", agreement.title)
    yield from _texts("legal_basis.text", agreement.legal_basis.text)
    yield from _parties(agreement)
    yield from _unknown_codes("modes", agreement.modes, "transport_modes")
    yield from _twice("modes", agreement.modes)
    yield from _twice("languages", agreement.languages)
    for at, direction in enumerate(agreement.directions):
        yield from _direction(agreement, direction, f"directions.{at}")
    yield from _twice("directions", [f"{way.sender} → {way.recipient}" for way in agreement.directions])
    yield from _posts(agreement)
    yield from _paths("permitted", agreement.permitted)
    yield from _mandatory(agreement)
    if agreement.transit is not None:
        yield from _transit(agreement, agreement.transit)
    else:
        yield from _sendable(agreement.permitted, agreement.message_types, "permitted")
    yield from _code_lists(agreement.code_lists)
    for role in sorted(agreement.recognised_seals):
        if role not in SEAL_ROLES:
            yield "recognised_seals", f"{role} is nobody who affixes seals; {', '.join(SEAL_ROLES)} are known"


def _dates(agreement: Agreement) -> Iterator[tuple[str, str]]:
    if agreement.in_force_until is not None and agreement.in_force_until < agreement.in_force_from:
        yield "in_force_until", f"it ends before it begins on {agreement.in_force_from.isoformat()}"


def _texts(place: str, texts: Texts) -> Iterator[tuple[str, str]]:
    for language in LANGUAGES:
        if not texts.get(language, "").strip():
            yield f"{place}.{language}", "there is no text in this language"


def _parties(agreement: Agreement) -> Iterator[tuple[str, str]]:
    yield from _twice("parties", agreement.parties)
    for name in agreement.countries:
        if name not in agreement.parties:
            yield f"countries.{name}", f"{name} is not one of the parties"
    for party in agreement.parties:
        if agreement.country(party) not in countries_by_alpha2:
            yield f"countries.{party}", f"{agreement.country(party)} is not the code of a country"

    for party in agreement.parties:
        if not any(party in (way.sender, way.recipient) for way in agreement.directions):
            yield "directions", f"{party} is a party and neither sends nor receives anything"


def _twice(place: str, values: Iterable[str]) -> Iterator[tuple[str, str]]:
    for value, times in Counter(values).items():
        if times > 1:
            yield place, f"{value} is listed {times} times"


def _unknown_codes(place: str, codes: Iterable[str], codelist: str) -> Iterator[tuple[str, str]]:
    for code in codes:
        if code not in load_codelists()[codelist].codes:
            yield place, f"{code} is not in the code list {codelist}"


def _direction(agreement: Agreement, direction: Direction, place: str) -> Iterator[tuple[str, str]]:
    for end, party in (("sender", direction.sender), ("recipient", direction.recipient)):
        if party not in agreement.parties:
            yield f"{place}.{end}", f"{party} is not one of the parties"
    if direction.sender == direction.recipient:
        yield f"{place}.recipient", "nobody sends to themselves"
    for kind, codes in direction.messages.items():
        if kind == "border-event" and codes != "any":
            yield from _events(f"{place}.messages.{kind}", codes)
        elif codes != "any":
            yield from _functions(f"{place}.messages.{kind}", kind, codes)
        if not codes:
            yield f"{place}.messages.{kind}", "no code is listed, so no such message could be sent"
        if not _sent(DOCUMENTS[kind], agreement.permitted):
            yield f"{place}.messages.{kind}", f"nothing of {DOCUMENTS[kind]} may leave the country"
    yield from _lead_times(agreement, direction, place)


def _functions(place: str, kind: str, codes: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Codes of the list that messages of this kind do not have would be agreed in vain."""
    yield from _twice(place, codes)
    for code in codes:
        if code not in load_codelists()["functions"].codes:
            yield place, f"{code} is not in the code list functions"
        elif code not in _FUNCTIONS[kind]:
            yield place, f"no {kind} has the function {code}; there are {', '.join(_FUNCTIONS[kind])}"


def _events(place: str, codes: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    yield from _twice(place, codes)
    for code in codes:
        if code in OWN_EVENTS:
            yield place, f"{code} is the gateway's own and goes with every agreement; it is not listed"
        elif code not in AGREED_EVENTS:
            yield place, f"{code} is no kind of border event; there are {', '.join(AGREED_EVENTS)}"


def _lead_times(agreement: Agreement, direction: Direction, place: str) -> Iterator[tuple[str, str]]:
    if "declaration" in direction.messages:
        for mode in agreement.modes:
            if mode not in direction.lead_times:
                yield f"{place}.lead_times.{mode}", "this mode is agreed and has no lead time"
    for mode, lead in direction.lead_times.items():
        if mode not in agreement.modes:
            yield f"{place}.lead_times.{mode}", "this mode is not one of the agreement's"
        if lead.minutes > lead.earliest_days * 24 * 60:
            yield f"{place}.lead_times.{mode}", "the latest moment lies before the earliest"


def _posts(agreement: Agreement) -> Iterator[tuple[str, str]]:
    yield from _twice("posts", [post.id for post in agreement.posts])
    for at, post in enumerate(agreement.posts):
        yield from _texts(f"posts.{at}.names", post.names)
        yield from _sides(agreement, post, f"posts.{at}.offices")
        for party, office in post.offices.items():
            if party not in agreement.parties:
                yield f"posts.{at}.offices.{party}", f"{party} is not one of the parties"
            if agreement.posts_of[office] != (post,):
                others = ", ".join(other.id for other in agreement.posts_of[office] if other is not post)
                yield f"posts.{at}.offices.{party}", f"the office {office} stands for another post too: {others}"
        if post.active_from is not None and not post.active:
            yield f"posts.{at}.active_from", "a post that is not active has no first day"


def _sides(agreement: Agreement, post: Post, place: str) -> Iterator[tuple[str, str]]:
    """A post lies between two countries: of two parties it has both, of more at least two."""
    if len(agreement.parties) > 2:
        if len(set(post.offices) & set(agreement.parties)) < 2:
            yield place, "a post needs the offices of two parties, one on each side"
        return
    for party in agreement.parties:
        if party not in post.offices:
            yield f"{place}.{party}", f"there is no office of {party}, so nothing could pass there"


def _code_lists(editions: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The edition that is agreed is the one by which messages are judged: the one that is carried."""
    lists = load_codelists()
    for name, edition in sorted(editions.items()):
        if name not in lists:
            yield f"code_lists.{name}", "there is no such code list"
        elif edition != lists[name].standard:
            yield f"code_lists.{name}", f"the edition {edition} is not carried; it is {lists[name].standard}"


def _paths(place: str, paths: frozenset[str]) -> Iterator[tuple[str, str]]:
    for path in sorted(paths):
        if not known(path):
            yield place, f"there is no element {path}"
        for above in list(upwards(path))[1:]:
            if above in paths:
                yield place, f"{path} is covered by {above} already"


def _mandatory(agreement: Agreement) -> Iterator[tuple[str, str]]:
    for path in sorted(agreement.mandatory):
        if not known(path):
            yield "mandatory", f"there is no element {path}"
        elif not _sent(path, agreement.permitted):
            yield "mandatory", f"{path} is asked for and may not leave the country"


def _sent(path: str, permitted: frozenset[str]) -> bool:
    """Whether an element, or something of it, may leave the country."""
    return covers(permitted, path) or any(other.startswith(path + "/") for other in permitted)


def _sendable(permitted: frozenset[str], kinds: Iterable[str], place: str) -> Iterator[tuple[str, str]]:
    """Elements without which no message can be read must be permitted, or the agreement allows nothing at all."""
    for kind in kinds:
        document = element_at(DOCUMENTS[kind])
        if document is None or document.child is None:
            continue
        for element in elements(document.child):
            path = f"{DOCUMENTS[kind]}/{element.name}"
            if element.required and not _sent(path, permitted):
                yield place, f"{path} may not leave the country, and no {kind} can be without it"


def _transit(agreement: Agreement, transit: Transit) -> Iterator[tuple[str, str]]:
    others = tuple(kind for kind in agreement.message_types if kind != "declaration")
    yield from _sendable(agreement.permitted, others, "permitted")
    yield from _twice("transit.participants", transit.participants)
    for party in transit.participants:
        if party not in agreement.parties:
            yield "transit.participants", f"{party} is not one of the parties"
    recipients = [leg.recipient for leg in transit.legs]
    yield from _twice("transit.legs", recipients)
    for party in transit.participants[1:]:
        if party not in recipients:
            yield "transit.legs", f"nothing says what {party} is permitted to see"
    for at, leg in enumerate(transit.legs):
        if leg.recipient not in transit.participants[1:]:
            yield f"transit.legs.{at}.recipient", f"{leg.recipient} is no recipient on this way"
        yield from _leg(agreement, leg.permitted, f"transit.legs.{at}.permitted")
    for at, way in enumerate(agreement.directions):
        if "declaration" in way.messages and not _onward(transit, way):
            yield f"directions.{at}", f"a declaration from {way.sender} to {way.recipient} goes against the way"


def _leg(agreement: Agreement, permitted: frozenset[str], place: str) -> Iterator[tuple[str, str]]:
    yield from _paths(place, permitted)
    for path in sorted(permitted):
        if not covers(agreement.permitted, path):
            yield place, f"{path} is not permitted by the agreement as a whole"
    for path in sorted(agreement.mandatory):
        if path.startswith("Declaration/") and not _sent(path, permitted):
            yield place, f"{path} is asked for and not permitted on this leg"
    yield from _sendable(permitted, ("declaration",), place)


def _onward(transit: Transit, way: Direction) -> bool:
    order = {party: at for at, party in enumerate(transit.participants)}
    return order.get(way.sender, -1) < order.get(way.recipient, -1) and way.sender in order


def _succession(found: Agreements, files: dict[tuple[str, str], str]) -> Iterator[Mistake]:
    """A version that another follows has an end; both may be cited while their dates overlap."""
    for key, agreement in found.items():
        later = [
            other
            for other in found.values()
            if other.id == agreement.id and other.in_force_from > agreement.in_force_from
        ]
        if later and agreement.in_force_until is None:
            follower = min(later, key=lambda other: other.in_force_from)
            sentence = f"version {follower.version} follows on {follower.in_force_from.isoformat()}, so this one ends"
            yield Mistake(files[key], "in_force_until", sentence)
    first: dict[tuple[str, date], Agreement] = {}
    for key, agreement in found.items():
        other = first.setdefault((agreement.id, agreement.in_force_from), agreement)
        if other is not agreement:
            sentence = f"version {other.version} begins on the same day, so nobody can tell which one is the newer"
            yield Mistake(files[key], "in_force_from", sentence)
