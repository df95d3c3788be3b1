"""Step 4: whether an agreement in force allows a message, with all its elements; and what the rules may know of it.

A message is judged by the agreement and version that it cites, on the day on which it was received: a version that has
ended takes no new messages, and stays the judge of those it took.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import TypeVar

from gateway.agreements.agreement import CODED, Agreement, Agreements, Direction, covers, day_of
from gateway.message.border_event import BorderEvent
from gateway.message.declaration import Declaration
from gateway.message.element import WcoClass
from gateway.message.finding import Finding, Severity
from gateway.message.metadata import DeclarationMessage, MetaData, ResponseMessage
from gateway.message.table import Element, by_name, elements
from gateway.message.tree import MOST_FINDINGS, json_pointer
from gateway.validation.rule import Context
from gateway.validation.walk import in_travel_order

M = TypeVar("M", bound=MetaData)
_AGREEMENT = "/CommunicationMetaData/AgreementID"
_ENTRY, _EXIT = "/Declaration/EntryOffice/ID", "/Declaration/ExitOffice/ID"


@dataclass(frozen=True, slots=True)
class Permit:
    """What an agreement says of a message. Without an agreement there is a finding."""

    agreement: Agreement | None
    findings: tuple[Finding, ...]


def agreement_for(message: MetaData, agreements: Agreements) -> Agreement | None:
    """The agreement that a message cites; None where there is none of that id and version."""
    head = message.communication_meta_data
    return agreements.get((head.agreement_id, head.agreement_version_id))


def in_force(agreements: Agreements, agreement_id: str, at: datetime) -> Agreement | None:
    """The version of an agreement that may be cited at a moment; of several, the one that came into force last."""
    versions = [each for each in agreements.values() if each.id == agreement_id and each.in_force(at)]
    return max(versions, key=lambda each: each.in_force_from, default=None)


def agreements_between(agreements: Agreements, sender: str, recipient: str, at: datetime) -> tuple[Agreement, ...]:
    """The agreements by which a participant may send declarations to another at a moment, the usual one first.

    Usual is the one of the fewest parties, so that a transit through several countries must be asked for by name; among
    those the road, which every window can declare; then the version that came into force last.
    """
    found = [
        each
        for each in agreements.values()
        if each.in_force(at)
        and (way := each.direction(sender, recipient)) is not None
        and "declaration" in way.messages
    ]
    return tuple(
        sorted(found, key=lambda each: (len(each.parties), "3" not in each.modes, -each.in_force_from.toordinal()))
    )


def permit(message: MetaData, agreements: Agreements, now: datetime) -> Permit:
    """Whether an agreement in force allows this message, with all its elements; never raises.

    Args:
        message: The message.
        agreements: All agreements.
        now: When the message was received, with offset.
    """
    agreement = agreement_for(message, agreements)
    if agreement is None:
        head = message.communication_meta_data
        cited = f"{head.agreement_id} {head.agreement_version_id}"
        return Permit(None, (_refused(_AGREEMENT, cited, "ACD-AGR-01"),))
    refused = (*_citation(agreement, agreements, now), *_obstacles(message, agreement, day_of(now)))
    return Permit(None if refused else agreement, refused + tuple(_not_permitted(message, agreement)))


def _citation(agreement: Agreement, agreements: Agreements, now: datetime) -> Iterator[Finding]:
    if agreement.in_force(now):
        return
    current = in_force(agreements, agreement.id, now)
    if current is not None and current.in_force_from > agreement.in_force_from:
        cited = f"{agreement.id} {agreement.version}"
        params = {"current": current.version, "since": current.in_force_from.isoformat()}
        yield _refused("/CommunicationMetaData/AgreementVersionID", cited, "ACD-AGR-11", **params)
    else:
        yield _refused(_AGREEMENT, agreement.id, "ACD-AGR-04")


def _obstacles(message: MetaData, agreement: Agreement, day: date) -> Iterator[Finding]:
    head, kind = message.communication_meta_data, message.kind
    sender, recipient = head.sender.id, head.recipient.id
    direction = agreement.direction(sender, recipient)
    if direction is None:
        yield _refused("/CommunicationMetaData/Recipient/ID", f"{sender} → {recipient}", "ACD-AGR-05")
    elif kind not in direction.messages:
        yield _refused(f"/{message.document}", kind, "ACD-AGR-06")
    else:
        document = _document(message)
        code = getattr(document, by_name(type(document))[CODED[kind]].attribute)
        if not direction.allows(kind, code):
            yield _refused(f"/{message.document}/{CODED[kind]}", str(code), "ACD-AGR-12")
    if head.test_indicator and not agreement.test_messages:
        yield _refused("/CommunicationMetaData/TestIndicator", "true", "ACD-AGR-07")
    if isinstance(message, DeclarationMessage):
        yield from _mode(message.declaration, agreement)
        yield from _border(message, agreement, day)
        yield from _way(message.declaration, agreement)


def _mode(declaration: Declaration, agreement: Agreement) -> Iterator[Finding]:
    means = declaration.border_transport_means
    if means is not None and means.mode_code is not None and means.mode_code not in agreement.modes:
        yield _refused("/Declaration/BorderTransportMeans/ModeCode", means.mode_code, "ACD-AGR-08")


def _border(message: DeclarationMessage, agreement: Agreement, day: date) -> Iterator[Finding]:
    """The offices belong to posts that are open, and those of two neighbours to one post."""
    declaration, known = message.declaration, agreement.posts_of
    there: dict[str, str] = {}
    for pointer, office in ((_ENTRY, declaration.entry_office), (_EXIT, declaration.exit_office)):
        if office is None or office.id is None:
            continue
        posts = known.get(office.id)
        if posts is None:
            yield _refused(pointer, office.id, "ACD-AGR-09")
            continue
        there[pointer] = office.id
        if not any(post.open(day) for post in posts):
            yield _refused(pointer, office.id, "ACD-AGR-10")
    if len(there) < 2 or agreement.transit is not None:
        return
    head = message.communication_meta_data
    ends = (head.sender.id, there[_EXIT]), (head.recipient.id, there[_ENTRY])
    if not any(all(post.offices.get(party) == office for party, office in ends) for post in known[there[_EXIT]]):
        yield _refused(_ENTRY, there[_ENTRY], "ACD-AGR-15", exit=there[_EXIT])


def _way(declaration: Declaration, agreement: Agreement) -> Iterator[Finding]:
    """The countries on the way are those of the transit, in its order."""
    means = declaration.border_transport_means
    if agreement.transit is None or means is None:
        return
    agreed = [agreement.country(party) for party in agreement.transit.participants]
    reached = 0
    for at, step in in_travel_order(means.itinerary):
        country = step.routing_country_code
        if country in agreed[reached:]:
            reached = agreed.index(country, reached)
        elif country is not None:
            pointer = f"/Declaration/BorderTransportMeans/Itinerary/{at}/RoutingCountryCode"
            yield _refused(pointer, country, "ACD-AGR-14", way=" → ".join(agreed))


def _document(message: MetaData) -> WcoClass:
    document: WcoClass = getattr(message, by_name(type(message))[message.document].attribute)
    return document


def _refused(pointer: str, value: str, rule: str, **params: str) -> Finding:
    return Finding(rule, Severity.REJECT, pointer, value, params)


def _not_permitted(message: MetaData, agreement: Agreement) -> Iterator[Finding]:
    document, permitted = _document(message), permitted_elements(message, agreement)
    guard = _guard(message.document, type(document), permitted)
    if guard is None:
        return
    whole = permitted is agreement.permitted
    rule = "ACD-AGR-02" if whole else "ACD-AGR-13"
    params = {} if whole else {"recipient": message.communication_meta_data.recipient.id}
    for where in islice(_leaving(document, guard, (message.document,)), MOST_FINDINGS + 1):
        yield Finding(rule, Severity.REJECT, json_pointer(where), "", {"name": str(where[-1]), **params})


def permitted_elements(message: MetaData, agreement: Agreement) -> frozenset[str]:
    """Paths of what may leave the country in a message: in a transit, of the goods what its recipient may see."""
    leg = agreement.leg(message.communication_meta_data.recipient.id)
    if leg is None or isinstance(message, ResponseMessage):
        return agreement.permitted
    return leg.permitted if isinstance(message, DeclarationMessage) else _of_event(leg.permitted, agreement.permitted)


@cache
def _of_event(leg: frozenset[str], agreed: frozenset[str]) -> frozenset[str]:
    """Paths of what a border event may tell: of the vehicle and the goods no more than the declaration for this leg."""
    shared = frozenset(f"BorderEvent/{name}" for name in ("BorderTransportMeans", "Consignment"))
    own = {f"BorderEvent/{element.name}" for element in elements(BorderEvent)} - shared
    told = {path.replace("Declaration", "BorderEvent", 1) for path in leg}
    may = frozenset(own | shared if "BorderEvent" in told else own | {path for path in told if covers(shared, path)})
    return frozenset(path for path in may if covers(agreed, path)) | {path for path in agreed if covers(may, path)}


def only_permitted(message: M, agreement: Agreement) -> M:
    """A message without what may not leave the country: for the sender, who signs one for each recipient.

    A part of which nothing remains is left out; what no message can be without is never left out, and `permit` refuses
    it where the agreement does.
    """
    document, paths = _document(message), permitted_elements(message, agreement)
    guard = _guard(message.document, type(document), paths)
    if guard is None:
        return message
    attribute = by_name(type(message))[message.document].attribute
    return message.model_copy(update={attribute: _without(document, guard)})


def _without(part: WcoClass, guard: _Guard) -> WcoClass:
    changes: dict[str, object] = {
        element.attribute: () if element.repeated else None for element in guard.forbidden if not element.required
    }
    for element, below in guard.inside:
        value = getattr(part, element.attribute)
        if element.repeated:
            changes[element.attribute] = tuple(
                rest for item in value if not _nothing(rest := _without(item, below), item)
            )
        elif value is not None:
            rest = _without(value, below)
            changes[element.attribute] = rest if element.required or not _nothing(rest, value) else None
    return part.model_copy(update=changes)


def _nothing(rest: WcoClass, before: WcoClass) -> bool:
    """Whether taking things out left nothing."""
    return rest != before and not any(value not in (None, ()) for value in rest.__dict__.values())


@dataclass(frozen=True, slots=True)
class _Guard:
    """What of a class may not leave the country, and what must be looked into."""

    forbidden: tuple[Element, ...]
    inside: tuple[tuple[Element, _Guard], ...]


@cache
def _guard(path: str, cls: type[WcoClass], permitted: frozenset[str]) -> _Guard | None:
    """The guard of a class at a path; None where all of it may leave."""
    if path in permitted:
        return None
    forbidden, inside = [], []
    for element in elements(cls):
        below = f"{path}/{element.name}"
        if below in permitted:
            continue
        if element.child is None or element.qualified or not any(other.startswith(below + "/") for other in permitted):
            forbidden.append(element)
        elif (guard := _guard(below, element.child, permitted)) is not None:
            inside.append((element, guard))
    return _Guard(tuple(forbidden), tuple(inside)) if forbidden or inside else None


def _leaving(part: WcoClass, guard: _Guard, where: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """Places of elements below a part that may not leave the country."""
    values = part.__dict__
    for element in guard.forbidden:
        value = values[element.attribute]
        if value is not None and value != ():
            yield (*where, element.name)
    for element, below in guard.inside:
        value = values[element.attribute]
        if value is None:
            continue
        if not element.repeated:
            yield from _leaving(value, below, (*where, element.name))
            continue
        for position, item in enumerate(value):
            yield from _leaving(item, below, (*where, element.name, position))


def context(agreement: Agreement, message: MetaData, now: datetime) -> Context:
    """What the rules may know of an agreement.

    Args:
        agreement: The one by which the message is judged.
        message: The message: its direction and mode choose the lead time, its mass the margin.
        now: The moment of judgement, with offset.
    """
    head = message.communication_meta_data
    direction = agreement.direction(head.sender.id, head.recipient.id)
    declaration = message.declaration if isinstance(message, DeclarationMessage) else None
    lead = direction.lead_times.get(_mode_of(declaration, direction)) if direction and declaration else None
    return Context(
        now=now,
        mass_tolerance=_margin(agreement, declaration),
        package_tolerance=agreement.tolerances.packages,
        value_tolerance_percent=agreement.tolerances.value_percent,
        lead_time=timedelta(minutes=lead.minutes) if lead else None,
        earliest=timedelta(days=lead.earliest_days) if lead else None,
        mandatory=agreement.mandatory,
        export_declaration=agreement.export_declaration,
    )


def _mode_of(declaration: Declaration, direction: Direction) -> str:
    """The mode; a declaration that does not say it goes by the one mode there is."""
    means = declaration.border_transport_means
    if means is not None and means.mode_code is not None:
        return means.mode_code
    return next(iter(direction.lead_times)) if len(direction.lead_times) == 1 else ""


def _margin(agreement: Agreement, declaration: Declaration | None) -> Decimal:
    """By how much sums of gross mass may differ, in kilograms."""
    tolerances = agreement.tolerances
    total = declaration.total_gross_mass_measure if declaration is not None else None
    if not tolerances.gross_mass_percent or total is None or total.unit_code != "KGM":
        return tolerances.gross_mass_kg
    return max(tolerances.gross_mass_kg, total.value * tolerances.gross_mass_percent / 100)
