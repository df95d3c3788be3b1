"""Border events: what an authority sees of a movement at the border, in no country's form.

A country says what a declared movement is (`Movement`) and writes what was seen of it (`Sighting`) in its own
document; `expected_sighting` is what an officer would note when nothing else is said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class EventKind(StrEnum):
    """What happened; the words of the control port (docs/national-wires.md, "Border events")."""

    DEPARTURE = "departure"
    ARRIVAL = "arrival"
    CONTROL_RESULT = "control-result"
    DISCREPANCY = "discrepancy"
    IMPORT_INFORMATION = "import-information"
    EXPIRY = "expiry"
    UNDELIVERABLE = "undeliverable"


TOLD_BY_THE_GATEWAY = frozenset({EventKind.EXPIRY, EventKind.UNDELIVERABLE})
"""What no officer sees: a window hears of it, and never tells it."""


class SealState(StrEnum):
    """How a seal was found."""

    INTACT = "intact"
    BROKEN = "broken"
    MISSING = "missing"


class Conclusion(StrEnum):
    """What the control came to."""

    RELEASED = "released"
    HELD = "held"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class SeenSeal:
    """A seal as it was found."""

    id: str
    state: SealState = SealState.INTACT


@dataclass(frozen=True, slots=True)
class SeenConsignment:
    """A consignment as it was found, or as the importer declared it.

    Attributes:
        number: Its number in the declaration, from 1.
        waybill: Number of its transport document.
        registration: Registration number of the import declaration.
        subheadings: HS subheadings, six digits.
        packages: How many.
        package_type: UN/ECE Recommendation 21.
        gross_mass_kg: Kilograms.
        value: Amount in `currency`.
        currency: ISO 4217.
    """

    number: int
    waybill: str = ""
    registration: str = ""
    subheadings: tuple[str, ...] = ()
    packages: int | None = None
    package_type: str = ""
    gross_mass_kg: Decimal | None = None
    value: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Movement:
    """What was declared of a movement, as far as an officer at the border compares it.

    Attributes:
        exit_office: The office by which it leaves, in the code of its country; empty when not declared.
        entry_office: The office by which it enters.
        plates: Tractor first, then trailers.
        seals: Numbers, each once.
        gross_mass_kg: Of the whole, kilograms.
        consignments: In the order of the declaration.
    """

    exit_office: str = ""
    entry_office: str = ""
    plates: tuple[str, ...] = ()
    seals: tuple[str, ...] = ()
    gross_mass_kg: Decimal | None = None
    consignments: tuple[SeenConsignment, ...] = ()


@dataclass(frozen=True, slots=True)
class Sighting:
    """What was seen.

    Attributes:
        kind: What happened.
        at: When, aware.
        office: Where: an office in the code of its own country.
        plates: Tractor first, then trailers.
        seals: Each with how it was found.
        gross_mass_kg: As found, kilograms, of the whole.
        image: Reference of the inspection image.
        conclusion: What the control came to; `None` is none.
        consignments: As found, or as declared for import.
        remarks: The officer's own words.
    """

    kind: EventKind
    at: datetime
    office: str
    plates: tuple[str, ...] = ()
    seals: tuple[SeenSeal, ...] = ()
    gross_mass_kg: Decimal | None = None
    image: str = ""
    conclusion: Conclusion | None = None
    consignments: tuple[SeenConsignment, ...] = ()
    remarks: str = ""


_FOUND_TOO_HEAVY = Decimal("1.08")
"""What a discrepancy finds when nobody says what: 8 %, more than the 5 % that the region's published rule allows."""


def expected_sighting(
    kind: EventKind, movement: Movement, *, own: bool, at: datetime, image: str, register: Callable[[str], str]
) -> Sighting:
    """What an officer notes about a movement when nothing else is said.

    Departure and arrival: plates and seals, intact. Control result: these, the declared mass, an image, released.
    Discrepancy: 8 % too heavy, an image, held. Import information: every consignment as declared, registered.
    Expiry and undeliverable: nothing but that.

    Args:
        kind: What happened.
        movement: What was declared.
        own: The declaration is of this country: it happened at the office of exit, else at that of entry.
        at: When.
        image: Reference for an image, where one belongs to it.
        register: Gives the number of an import declaration at an office.
    """
    office = movement.exit_office if own else movement.entry_office
    bare = Sighting(kind, at, office)
    if kind in TOLD_BY_THE_GATEWAY:
        return bare
    if kind is EventKind.IMPORT_INFORMATION:
        declared = tuple(replace(consignment, registration=register(office)) for consignment in movement.consignments)
        return replace(bare, consignments=declared)
    vehicle = replace(bare, plates=movement.plates, seals=tuple(SeenSeal(seal) for seal in movement.seals))
    if kind in {EventKind.DEPARTURE, EventKind.ARRIVAL}:
        return vehicle
    mass = movement.gross_mass_kg
    if kind is EventKind.CONTROL_RESULT:
        return replace(vehicle, gross_mass_kg=mass, image=image, conclusion=Conclusion.RELEASED)
    found = None if mass is None else (mass * _FOUND_TOO_HEAVY).quantize(Decimal("0.001"))
    return replace(vehicle, gross_mass_kg=found, image=image, conclusion=Conclusion.HELD)
