"""Compare: what was seen at the border against what was declared.

Pure functions over documents and their agreement: no storage, no clock. What differs is a fact about the crossing and
never refuses a message, so these findings are warnings; what was recognised or agrees is for information. What a
document does not say is not compared: many national forms are brief, and silence proves nothing. Export against import
is `match` (`gateway.exchange.matching`).

Pointers lead into the event, which is the message that the findings are reported with; `same_vehicle` points into the
declaration. Figures are decimals throughout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import zip_longest

from gateway.agreements import Agreement
from gateway.exchange.figures import added, comparable, gross_mass, kilograms, mass_margin, shown
from gateway.exchange.matching import EVENT, losses, warning
from gateway.message.border_event import BorderEvent, SealCheck
from gateway.message.declaration import BorderTransportMeans, Consignment, Declaration, TransportEquipment
from gateway.message.finding import Finding, Severity
from gateway.message.leaf import write_date_time
from gateway.message.parts import Seal
from gateway.validation.identifiers import check_container, normalise_plate
from gateway.validation.rules.events import BROKEN, CONTROL, INTACT, MISSING, RELEASED
from gateway.validation.walk import TRAILERS, is_trailer

WEIGHING_PERCENT = Decimal(5)
"""By how much a weighing may differ where the agreement does not say it: the border of a published transit rule."""

NOT_DECLARED = "UNK"
"""Condition of a seal that was seen and not declared; only in findings."""

_MEANS = f"{EVENT}/BorderTransportMeans"
_RESULT = f"{EVENT}/ControlResult"
_DISCREPANT = frozenset({"ACD-ARR-02", "ACD-DIS-01", "ACD-DIS-02", "ACD-DIS-03", "ACD-DIS-07"})


def is_discrepant(findings: Iterable[Finding]) -> bool:
    """Whether findings of a comparison make the exchange discrepant; what is for information does not."""
    return any(finding.rule in _DISCREPANT for finding in findings)


# Arrival: the vehicle, its trailers and containers, the seals it carries, and the time.


def arrival(event: BorderEvent, declared: Declaration, agreement: Agreement) -> tuple[Finding, ...]:
    """The vehicle as it came against the vehicle as it was declared.

    Plates are compared with Cyrillic letters read as the Latin ones they look like, whatever the country: who writes
    down a foreign plate has the letters of another keyboard. A seal is missing where seals are listed and this one is
    not among them. What a control found of seals and mass is the business of `control`, also where an arrival carries
    it.

    Args:
        event: The arrival.
        declared: The latest version of the declaration, as it left (`as_left`).
        agreement: The agreement of the exchange: whether the tractor may be changed at the border.

    Returns:
        ACD-ARR-02 for plates, trailers and containers, or ACD-VEH-04 where an agreed change of tractor explains it;
        ACD-DIS-02 for seals; ACD-ARR-03 for a late arrival, and ACD-DIS-07 where it is later than is agreed.
    """
    tractor = tuple(_tractor(event, declared))
    seen = _units(event.border_transport_means, event.consignment, EVENT)
    planned = _units(declared.border_transport_means, declared.consignment, "/Declaration")
    pulled = tuple(_units_differ(seen, planned))
    seals, same_seals = _listed_seals(event, declared)
    others = (*pulled, *seals, *_checked_seals(event, declared))
    if agreement.rehitch and not others and (same_seals or seen.all):
        tractor = tuple(_rehitched(finding) for finding in tractor)
    return (*tractor, *pulled, *seals, *_delay(event, declared, agreement))


def _tractor(event: BorderEvent, declared: Declaration) -> Iterator[Finding]:
    seen, planned = event.border_transport_means, declared.border_transport_means
    if seen is None or planned is None:
        return
    there, here = planned.registration_nationality_code, seen.registration_nationality_code
    if seen.id is not None and planned.id is not None and _key(seen.id) != _key(planned.id):
        yield warning("ACD-ARR-02", f"{_MEANS}/ID", seen.id, name="ID", declared=planned.id)
    elif here is not None and there is not None and here != there:
        pointer = f"{_MEANS}/RegistrationNationalityCode"
        yield warning("ACD-ARR-02", pointer, here, name="RegistrationNationalityCode", declared=there)


def _rehitched(finding: Finding) -> Finding:
    return Finding("ACD-VEH-04", Severity.INFO, finding.pointer, finding.value, finding.params)


def _key(number: str) -> str:
    """A plate, or the number of a container or train, as it is compared here."""
    return normalise_plate(number, "")


@dataclass(frozen=True, slots=True)
class _Unit:
    """A trailer or container: its key, its number as written, and where."""

    key: str
    number: str
    pointer: str


@dataclass(frozen=True, slots=True)
class _Units:
    trailers: tuple[_Unit, ...]
    containers: tuple[_Unit, ...]

    @property
    def all(self) -> tuple[_Unit, ...]:
        return (*self.trailers, *self.containers)


def _units(means: BorderTransportMeans | None, listed: Sequence[Consignment], root: str) -> _Units:
    trailers, containers = dict[str, _Unit](), dict[str, _Unit]()
    for pointer, equipment in _equipment(means, listed, root):
        if equipment.id is not None:
            unit = _Unit(_key(equipment.id), equipment.id, f"{pointer}/ID")
            into = containers if _is_container(equipment, pointer) else trailers
            into.setdefault(unit.key, unit)  # several consignments may share a container
    return _Units(tuple(trailers.values()), tuple(containers.values()))


def _equipment(
    means: BorderTransportMeans | None, listed: Sequence[Consignment], root: str
) -> Iterator[tuple[str, TransportEquipment]]:
    """Each trailer of the vehicle and each container of a consignment, and its pointer."""
    for index, trailer in enumerate(means.transport_equipment if means is not None else ()):
        yield f"{root}/BorderTransportMeans/TransportEquipment/{index}", trailer
    for number, consignment in enumerate(listed):
        for index, equipment in enumerate(consignment.transport_equipment):
            yield f"{root}/Consignment/{number}/TransportEquipment/{index}", equipment


def _is_container(equipment: TransportEquipment, pointer: str) -> bool:
    """By its kind; without one by the shape of its number, then by the list in which it stands."""
    if equipment.type_code is not None:
        return equipment.type_code not in TRAILERS
    return check_container(_key(equipment.id or "")) is None or "/Consignment/" in pointer


def _units_differ(seen: _Units, declared: _Units) -> Iterator[Finding]:
    """What is there and was not declared, each beside one that was declared and is not there.

    Who lists no trailers says nothing about trailers, and the same of containers. Something seen may have been declared
    as either: the two lists are not kept apart everywhere.
    """
    there, came = {unit.key for unit in declared.all}, {unit.key for unit in seen.all}
    for units, planned in ((seen.trailers, declared.trailers), (seen.containers, declared.containers)):
        if not units:
            continue
        others = [unit for unit in units if unit.key not in there]
        lacking = [unit for unit in planned if unit.key not in came]
        for other, missing in zip_longest(others, lacking):
            pointer = other.pointer if other is not None else units[0].pointer.rsplit("/", 2)[0]
            number = missing.number if missing is not None else ""
            written = other.number if other is not None else ""
            yield warning("ACD-ARR-02", pointer, written, name="TransportEquipment", declared=number)


def _listed_seals(event: BorderEvent, declared: Declaration) -> tuple[tuple[Finding, ...], bool]:
    """What differs between the seals that are listed and those that were declared; and whether any was compared.

    A declaration without seals proves nothing: seals are often affixed after it was sent.
    """
    planned = {comparable(seal.id): seal.id for _, seal in _seals(declared, "/Declaration")}
    listed = [(pointer, seal.id) for pointer, seal in _seals(event, EVENT)]
    if not planned or not listed:
        return (), False
    found = [
        warning("ACD-DIS-02", f"{pointer}/ID", number, seal=number, condition=NOT_DECLARED)
        for pointer, number in listed
        if comparable(number) not in planned
    ]
    # A seal that a control looked at is not missing from the list: `control` says how it was found.
    known = {comparable(number) for _, number in listed} | {comparable(check.id) for check in _checks(event)}
    above = listed[0][0].rpartition("/")[0]
    found += [
        warning("ACD-DIS-02", above, "", seal=number, condition=MISSING)
        for key, number in planned.items()
        if key not in known
    ]
    return tuple(found), True


def _seals(document: BorderEvent | Declaration, root: str) -> Iterator[tuple[str, Seal]]:
    """Each seal of the vehicle, its trailers and the containers, and its pointer."""
    means = document.border_transport_means
    for index, seal in enumerate(means.seal if means is not None else ()):
        yield f"{root}/BorderTransportMeans/Seal/{index}", seal
    for pointer, equipment in _equipment(means, document.consignment, root):
        for index, seal in enumerate(equipment.seal):
            yield f"{pointer}/Seal/{index}", seal


def _delay(event: BorderEvent, declared: Declaration, agreement: Agreement) -> Iterator[Finding]:
    """For information; a discrepancy where it is longer than the agreement allows."""
    planned = declared.border_transport_means.arrival_date_time if declared.border_transport_means else None
    if planned is None or event.event_date_time <= planned:
        return
    told = {"planned": write_date_time(planned), "late": _hours(event.event_date_time - planned)}
    pointer, value = f"{EVENT}/EventDateTime", write_date_time(event.event_date_time)
    yield Finding("ACD-ARR-03", Severity.INFO, pointer, value, told)
    allowed = agreement.comparison.delay_minutes
    if allowed is not None and event.event_date_time > planned + timedelta(minutes=allowed):
        yield warning("ACD-DIS-07", pointer, value, **told, allowed=_hours(timedelta(minutes=allowed)))


def _hours(duration: timedelta) -> str:
    """Hours and minutes, `26:05`; the same in every language."""
    minutes = int(duration.total_seconds()) // 60
    return f"{minutes // 60}:{minutes % 60:02d}"


def departure(event: BorderEvent, declared: Declaration) -> tuple[Finding, ...]:
    """The vehicle as it left against the vehicle as it was declared: ACD-ARR-02 and ACD-DIS-02, as at an arrival."""
    seen = _units(event.border_transport_means, event.consignment, EVENT)
    planned = _units(declared.border_transport_means, declared.consignment, "/Declaration")
    return (*_tractor(event, declared), *_units_differ(seen, planned), *_listed_seals(event, declared)[0])


def as_left(declared: Declaration, told: Iterable[BorderEvent | Declaration]) -> Declaration:
    """The declaration with the vehicle, its equipment and seals as they left, and as was added on the way.

    What was changed at the exit gate, or added on the way, and told is no discrepancy at the entry.

    Args:
        declared: The declaration in force.
        told: Departures, and declarations that add (function 2), in the order in which they count.

    Returns:
        A declaration to compare a vehicle, its seals and the time with. What was told of consignments stands behind
        those of the declaration.
    """
    for one in told:
        declared = _as_departed(declared, one) if isinstance(one, BorderEvent) else _with_addition(declared, one)
    return declared


def _as_departed(declared: Declaration, event: BorderEvent) -> Declaration:
    """Who lists no trailers says nothing about trailers, and the same of containers, and of seals wherever they are."""
    means, left = declared.border_transport_means, event.border_transport_means
    told = _units(left, event.consignment, EVENT)
    resealed = any(_seals(event, EVENT))
    seals = {} if resealed else _seals_by_unit(declared)

    def stays(listed: Sequence[TransportEquipment], root: str) -> tuple[TransportEquipment, ...]:
        kept = (one for one in listed if not (told.containers if _is_container(one, root) else told.trailers))
        return tuple(one.model_copy(update={"seal": ()}) for one in kept) if resealed else tuple(kept)

    def sealed(listed: Sequence[TransportEquipment]) -> tuple[TransportEquipment, ...]:
        return tuple(one.model_copy(update={"seal": one.seal or seals.get(_key(one.id or ""), ())}) for one in listed)

    if means is not None:
        kept = {"transport_equipment": stays(means.transport_equipment, ""), "seal": () if resealed else means.seal}
        means = means.model_copy(update=kept)
    if left is not None:
        left = left.model_copy(update={"transport_equipment": sealed(left.transport_equipment)})
    return declared.model_copy(
        update={
            "border_transport_means": _joined(means, left),
            "consignment": (
                *_with_equipment(declared.consignment, lambda listed: stays(listed, "/Consignment/")),
                *_with_equipment(event.consignment, sealed),
            ),
        }
    )


def _with_addition(declared: Declaration, added_on_the_way: Declaration) -> Declaration:
    """What is added stands beside what is there: a seal more, a trailer more; of the plate and the time the newer."""
    means, more = declared.border_transport_means, added_on_the_way.border_transport_means
    if means is not None and more is not None:
        more = more.model_copy(update={"seal": (*means.seal, *more.seal)})
    return declared.model_copy(
        update={
            "border_transport_means": _joined(means, more),
            "consignment": (*declared.consignment, *added_on_the_way.consignment),
        }
    )


def _joined(means: BorderTransportMeans | None, told: BorderTransportMeans | None) -> BorderTransportMeans | None:
    """A vehicle with what was told of it later, and the equipment of both."""
    if means is None or told is None:
        return means or told
    newer = {name: value for name in _LATER if (value := getattr(told, name)) not in (None, ())}
    equipment = (*means.transport_equipment, *told.transport_equipment)
    return means.model_copy(update={**newer, "transport_equipment": equipment})


_LATER = ("id", "registration_nationality_code", "arrival_date_time", "seal")


def _with_equipment(
    listed: Iterable[Consignment],
    change: Callable[[Sequence[TransportEquipment]], tuple[TransportEquipment, ...]],
) -> Iterator[Consignment]:
    for one in listed:
        yield one.model_copy(update={"transport_equipment": change(one.transport_equipment)})


def _seals_by_unit(declared: Declaration) -> Mapping[str, tuple[Seal, ...]]:
    listed = _equipment(declared.border_transport_means, declared.consignment, "/Declaration")
    return {_key(one.id): one.seal for _, one in listed if one.id is not None}


# Control: the mass on the scale, and the seals in the hand of an officer.


def control(
    event: BorderEvent, declared: Declaration, departed: Declaration, agreement: Agreement
) -> tuple[Finding, ...]:
    """What a control found: the mass against what was declared, the seals against those that left.

    Args:
        event: A control result, or any event that carries one.
        declared: The latest version of the declaration.
        departed: The same as it left (`as_left`).
        agreement: The agreement of the exchange: its comparison of gross mass, in percent of the declared figure and in
            kilograms, the larger of the two; 5 % where it does not say it.

    Returns:
        ACD-DIS-01 for the mass; ACD-DIS-02 for each seal that is broken, missing or not declared; ACD-DIS-04 where the
        event cites theft or loss.
    """
    return (*_weight(event, declared, agreement), *_checked_seals(event, departed), *losses(event))


def _weight(event: BorderEvent, declared: Declaration, agreement: Agreement) -> Iterator[Finding]:
    found = kilograms(event.control_result.gross_mass_measure) if event.control_result is not None else None
    total = kilograms(declared.total_gross_mass_measure)
    if total is None:
        total = added(gross_mass(consignment) for consignment in declared.consignment)
    if found is None or total is None:
        return
    margin = mass_margin(total, agreement, by_default=WEIGHING_PERCENT)
    if abs(found - total) > margin:
        pointer = f"{_RESULT}/GrossMassMeasure"
        yield warning("ACD-DIS-01", pointer, shown(found), declared=shown(total), margin=shown(margin))


def _checked_seals(event: BorderEvent, declared: Declaration) -> Iterator[Finding]:
    planned = {comparable(seal.id) for _, seal in _seals(declared, "/Declaration")}
    for index, check in enumerate(_checks(event)):
        pointer = f"{_RESULT}/SealCheck/{index}"
        if check.condition_code in (BROKEN, MISSING):
            code = check.condition_code
            yield warning("ACD-DIS-02", f"{pointer}/ConditionCode", code, seal=check.id, condition=code)
        elif planned and comparable(check.id) not in planned:
            yield warning("ACD-DIS-02", f"{pointer}/ID", check.id, seal=check.id, condition=NOT_DECLARED)


def _checks(event: BorderEvent) -> tuple[SealCheck, ...]:
    return event.control_result.seal_check if event.control_result is not None else ()


# Recognition: a control of the other side need not be repeated.


def recognised(
    event_at_arrival: BorderEvent, earlier_control: BorderEvent | None, agreement: Agreement
) -> tuple[Finding, ...]:
    """Whether the exit control of the other side is recognised at arrival.

    It is where it released the goods, at the same border post (of either side), before the arrival and not longer ago
    than an exchange lives by the agreement, and where the seals it found intact are those that arrive, all of them and
    no others, none affixed by somebody whom the agreement does not recognise.

    Args:
        event_at_arrival: The arrival.
        earlier_control: The latest control of the declaring side; None where there was none.
        agreement: The agreement of the exchange.

    Returns:
        ACD-INS-01 where it is recognised, ACD-INS-02 with the element that speaks against it where not; nothing where
        there was no control.
    """
    if earlier_control is None or earlier_control.event_type_code != CONTROL:
        return ()
    against = _against(event_at_arrival, earlier_control, agreement)
    pointer, value = f"{EVENT}/EventTypeCode", earlier_control.functional_reference_id
    if against is not None:
        return (Finding("ACD-INS-02", Severity.INFO, pointer, value, {"name": against}),)
    return (Finding("ACD-INS-01", Severity.INFO, pointer, value, {"office": _office(earlier_control) or ""}),)


def _against(event: BorderEvent, earlier: BorderEvent, agreement: Agreement) -> str | None:
    """The element that speaks against a recognition; None where nothing does."""
    result = earlier.control_result
    if result is None or result.conclusion_code != RELEASED:
        return "ConclusionCode"
    posts = {post.id for post in agreement.posts_of.get(_office(earlier) or "", ())}
    here = {post.id for post in agreement.posts_of.get(_office(event) or "", ())}
    if not posts & here:
        return "BorderOffice"
    since = event.event_date_time - earlier.event_date_time
    if not timedelta(0) <= since <= timedelta(minutes=agreement.limits.expiry_minutes):
        return "EventDateTime"
    return None if _seals_unchanged(event, earlier, agreement) else "SealCheck"


def _office(event: BorderEvent) -> str | None:
    return event.border_office.id if event.border_office is not None else None


def _seals_unchanged(event: BorderEvent, earlier: BorderEvent, agreement: Agreement) -> bool:
    left = {comparable(check.id) for check in _checks(earlier)}
    listed = [seal for _, seal in _seals(event, EVENT)]
    came = {comparable(seal.id) for seal in listed} | {comparable(check.id) for check in _checks(event)}
    intact = all(check.condition_code == INTACT for check in (*_checks(earlier), *_checks(event)))
    ours = all(seal.role_code is None or seal.role_code in agreement.recognised_seals for seal in listed)
    return bool(left) and left == came and intact and ours


# One vehicle, one crossing; and information that comes in time.


def same_vehicle(declared: Declaration, others: Iterable[tuple[str, str]]) -> tuple[Finding, ...]:
    """ACD-VEH-03: plates of this declaration that are in another open crossing.

    Args:
        declared: The declaration.
        others: Reference and plate, as normalised, of each open crossing the same way. The declaration's own is passed
            over, so that a replacement does not meet what it replaces.
    """
    means = declared.border_transport_means
    if means is None:
        return ()
    open_with = [(number, plate) for number, plate in others if number != declared.functional_reference_id]
    above, tractor = "/Declaration/BorderTransportMeans", means.registration_nationality_code
    plates = [(f"{above}/ID", means.id, tractor)]
    plates += [
        (f"{above}/TransportEquipment/{index}/ID", trailer.id, trailer.registration_nationality_code)
        for index, trailer in enumerate(means.transport_equipment)
        if is_trailer(trailer)
    ]
    found = []
    for pointer, written, country in plates:
        if written is None:
            continue
        # A trailer may be known by its own country or by that of the tractor that pulled it.
        keys = {normalise_plate(written, one or "")[:35] for one in (country, tractor)}
        crossings = sorted({number for number, plate in open_with if plate in keys})
        found += [warning("ACD-VEH-03", pointer, written, other=number) for number in crossings]
    return tuple(found)


def too_early(
    arrival: BorderEvent, told: Iterable[BorderEvent | Declaration], declared_at: datetime
) -> tuple[Finding, ...]:
    """ACD-TIM-09: whether an arrival is told for a time before the departure, or before anything was declared.

    Args:
        arrival: The arrival.
        told: What was told of the vehicle on its way; of it the departures count.
        declared_at: When the declaration was received, with offset.
    """
    before = max([declared_at, *(one.event_date_time for one in told if isinstance(one, BorderEvent))])
    if arrival.event_date_time + timedelta(minutes=1) >= before:  # some national forms write a time without seconds
        return ()
    pointer, value = f"{EVENT}/EventDateTime", write_date_time(arrival.event_date_time)
    return (warning("ACD-TIM-09", pointer, value, before=write_date_time(before)),)


def late(departure: BorderEvent, received_at: datetime, agreement: Agreement) -> tuple[Finding, ...]:
    """ACD-TIM-03: whether a declaration was received too long after the departure that it announces.

    Args:
        departure: The departure.
        received_at: When the declaration was received, with offset.
        agreement: The agreement of the exchange: how long after the departure it may come. Where the agreement does not
            say it, nothing is too late.
    """
    left, minutes = departure.event_date_time, agreement.limits.after_departure_minutes
    if minutes is None or received_at - left <= (limit := timedelta(minutes=minutes)):
        return ()
    told = {"received": write_date_time(received_at), "limit": _hours(limit)}
    return (warning("ACD-TIM-03", f"{EVENT}/EventDateTime", write_date_time(left), **told),)
