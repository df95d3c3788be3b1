"""What an agreement is: dated, versioned data about who may send what to whom.

No agreement, no exchange. An agreement is one TOML file in `schemas/agreements/`; adding a country to a corridor
changes data and nothing else. What a version says never changes: a change is a new version with dates of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from gateway.message.element import WcoClass
from gateway.message.metadata import KINDS
from gateway.message.table import Element, by_name
from gateway.validation.rules.events import EVENT_TYPES, EXPIRY, UNDELIVERABLE

Language = Literal["en", "ru", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "ru", "zh")
Texts = Mapping[Language, str]
MessageKind = Literal["declaration", "response", "border-event"]
DOCUMENTS: Mapping[str, str] = {"declaration": "Declaration", "response": "Response", "border-event": "BorderEvent"}
"""Kind of message, as agreements name it → wire name of its document."""
CODED: Mapping[str, str] = {
    "declaration": "FunctionCode",
    "response": "FunctionCode",
    "border-event": "EventTypeCode",
}
"""Kind of message → the element of its document by whose codes an agreement tells one from another."""
OWN_EVENTS = frozenset({EXPIRY, UNDELIVERABLE})
"""Kinds of border event that only the gateway tells: its notices need nobody's agreement."""
AGREED_EVENTS = tuple(kind for kind in EVENT_TYPES if kind not in OWN_EVENTS)
"""Kinds of border event that an agreement may list."""
Certainty = Literal["published", "reported", "illustrative"]
"""How sure a fact is: `published` in a text that anybody can read, `reported` by others while the text itself was not
read, `illustrative`: an assumption of this project."""

Name = Annotated[str, Field(min_length=1)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=35)]
Version = Annotated[str, Field(pattern=r"^[0-9A-Za-z]+(\.[0-9A-Za-z]+)*$", max_length=17)]
Percent = Annotated[Decimal, Field(ge=0, le=100)]
YEAR_DAYS = 366
"""The longest lead time or limit: what is due later than in a year is no advance information."""
YEAR_MINUTES = YEAR_DAYS * 24 * 60
TEN_YEARS_DAYS = 3653
"""The longest that anything is kept."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LegalBasis(_Data):
    """What the exchange rests on."""

    text: Texts = Field(description="What it is, in three languages")
    reference: Name = Field(description="Instrument, date, where it can be found")
    certainty: Certainty = Field(description="How sure it is that the instrument says so")


class LeadTime(_Data):
    """When a declaration must be there, counted back from the planned arrival."""

    minutes: int = Field(ge=0, le=YEAR_MINUTES, description="Not later than so many minutes before the planned arrival")
    earliest_days: int = Field(default=30, ge=1, le=YEAR_DAYS, description="Not earlier than so many days before it")
    source: Name = Field(description="Where the figure comes from")
    certainty: Certainty = Field(description="How sure the figure is")


class Direction(_Data):
    """One way of the exchange: what may be sent, and when it must be there."""

    sender: Name = Field(description="Participant")
    recipient: Name = Field(description="Participant")
    messages: Mapping[MessageKind, tuple[str, ...] | Literal["any"]] = Field(
        min_length=1,
        description="Kinds of message, each with its codes or `any`: function codes (UNTDID 1225), of a border event "
        "its EventTypeCodes",
    )
    lead_times: Mapping[str, LeadTime] = Field(
        default_factory=dict, description="By mode of transport (UN/ECE Rec 19); each mode of a declaration has one"
    )

    def allows(self, kind: str, code: str | None) -> bool:
        """Whether a message of a kind may have a code: its function, of a border event its kind; None: it has none.

        The gateway's own events go with every agreement on border events.
        """
        codes: Any = self.messages.get(kind)  # type: ignore[call-overload]
        if codes is None:
            return False
        own = kind == "border-event" and code in OWN_EVENTS
        return codes == "any" or code is None or own or code in codes


class Post(_Data):
    """A border post, with the office and the name on each side."""

    id: Id
    active: bool = Field(description="Whether both sides have opened it for this exchange")
    active_from: date | None = Field(default=None, description="First day of the exchange there, where it is later")
    offices: Mapping[str, Name] = Field(min_length=1, description="Customs office by participant")
    names: Texts
    certainty: Certainty = "illustrative"

    def open(self, day: date) -> bool:
        """Whether the exchange runs there on a day."""
        return self.active and (self.active_from is None or self.active_from <= day)


class Tolerances(_Data):
    """By how much figures may differ and still be taken as the same; of mass, the larger of the two margins."""

    gross_mass_kg: Decimal = Field(default=Decimal("0.5"), ge=0, le=100_000, description="Gross mass, kilograms")
    gross_mass_percent: Percent = Field(default=Decimal(0), description="Gross mass, percent of the figure compared")
    packages: int = Field(default=0, ge=0, le=100_000, description="Number of packages")
    value_percent: Percent = Field(default=Decimal(0), description="Declared value, percent")


class Comparison(Tolerances):
    """What may differ between what was declared and what was seen."""

    delay_minutes: int | None = Field(
        default=None,
        ge=0,
        le=YEAR_MINUTES,
        description="By how much an arrival may be later than planned; later is a discrepancy. Without it none is",
    )


class Limits(_Data):
    """How long each side may take."""

    receipt_seconds: int = Field(
        default=60, gt=0, le=86_400, description="From the message to its recipient's receipt; told, never enforced"
    )
    decision_minutes: int = Field(
        default=120,
        gt=0,
        le=YEAR_MINUTES,
        description="From the delivery to the authority's decision; told, never enforced",
    )
    expiry_minutes: int = Field(
        default=2880,
        gt=0,
        le=YEAR_MINUTES,
        description="From the planned arrival until an exchange without arrival expires",
    )
    overtaking_minutes: int = Field(
        default=60,
        gt=0,
        le=YEAR_MINUTES,
        description="How long a message that overtook another waits for the one before it",
    )
    after_departure_minutes: int | None = Field(
        default=None,
        gt=0,
        le=YEAR_MINUTES,
        description="From the departure until its declaration must have come; told as a warning. Without it nothing is",
    )


class Leg(_Data):
    """What one recipient along a transit is permitted to see."""

    recipient: Name = Field(description="Participant")
    permitted: frozenset[str] = Field(min_length=1, description="Element paths; a class covers its parts")


class Transit(_Data):
    """A way through several countries, where the sender makes one message for each recipient."""

    participants: tuple[str, ...] = Field(min_length=3, description="In the order in which the goods pass them")
    legs: tuple[Leg, ...] = Field(min_length=1)


class Agreement(_Data):
    """What two or more participants agreed to exchange."""

    id: Id
    version: Version
    title: Texts
    in_force_from: date = Field(description="First day on which it may be cited")
    in_force_until: date | None = Field(default=None, description="Last day; it stays on file for older messages")
    parties: tuple[Name, ...] = Field(min_length=2, description="Participants, as registered at the gateway")
    countries: Mapping[str, str] = Field(
        default_factory=dict, description="Country of a participant (ISO 3166-1) whose id is not that country's code"
    )
    legal_basis: LegalBasis
    modes: tuple[str, ...] = Field(min_length=1, description="UN/ECE Rec 19")
    trigger: Literal["exit-gate", "export-release", "departure"] = Field(
        description="What makes the sender send; recorded and told, as no message shows what made it be sent"
    )
    directions: tuple[Direction, ...] = Field(min_length=1)
    posts: tuple[Post, ...] = Field(min_length=1)
    mandatory: frozenset[str] = Field(description="Element paths without which a message is refused")
    permitted: frozenset[str] = Field(
        min_length=1, description="Element paths that may leave the country; a class covers its parts"
    )
    transit: Transit | None = None
    tolerances: Tolerances = Field(default=Tolerances(), description="Inside one message: totals against their parts")
    comparison: Comparison = Field(default=Comparison(), description="What was exported against what was imported")
    limits: Limits = Limits()
    languages: tuple[Language, ...] = Field(
        min_length=1, description="In which the parties answer each other, and the gateway writes its notices"
    )
    code_lists: Mapping[str, str] = Field(default_factory=dict, description="Edition that is agreed, by code list")
    recognised_seals: frozenset[str] = Field(
        default=frozenset(),
        description="Whose seals the other side takes as its own (UNTDID 9303: CU customs, CA carrier, SH shipper), "
        "where a control is recognised; no other seal is refused for it",
    )
    rehitch: bool = Field(default=False, description="Whether the tractor may be changed at the border")
    test_messages: bool = Field(default=False, description="Whether messages marked as tests are taken")
    export_declaration: bool = Field(default=False, description="Whether each consignment cites its declaration")
    retention_days: int = Field(
        ge=1,
        le=TEN_YEARS_DAYS,
        description="How long messages and their evidence are kept after the last change; told, nothing is deleted",
    )

    def direction(self, sender: str, recipient: str) -> Direction | None:
        """The direction between two participants, or None where there is none."""
        return self._directions.get((sender, recipient))

    def country(self, participant: str) -> str:
        """The country of a participant."""
        return self.countries.get(participant, participant)

    def leg(self, recipient: str) -> Leg | None:
        """What a recipient of a transit is permitted to see; None where there is no transit."""
        return next((leg for leg in self.transit.legs if leg.recipient == recipient), None) if self.transit else None

    def in_force(self, at: datetime) -> bool:
        """Whether it may be cited on the day of a moment (UTC)."""
        day = day_of(at)
        return self.in_force_from <= day and not self.ended(day)

    def ended(self, day: date) -> bool:
        """Whether a day comes after its last one."""
        return self.in_force_until is not None and self.in_force_until < day

    @property
    def message_types(self) -> tuple[str, ...]:
        """The kinds of message of all directions."""
        return tuple(kind for kind in DOCUMENTS if any(kind in way.messages for way in self.directions))

    @cached_property
    def posts_of(self) -> Mapping[str, tuple[Post, ...]]:
        """Border posts by customs office."""
        found: dict[str, tuple[Post, ...]] = {}
        for post in self.posts:
            for office in post.offices.values():
                found[office] = (*found.get(office, ()), post)
        return found

    @cached_property
    def _directions(self) -> Mapping[tuple[str, str], Direction]:
        return {(direction.sender, direction.recipient): direction for direction in self.directions}


def day_of(at: datetime) -> date:
    """The day of a moment in UTC: whichever offset it is written with, an agreement begins and ends at one moment."""
    return at.astimezone(UTC).date()


Agreements = Mapping[tuple[str, str], Agreement]
"""Agreements by id and version."""


def element_at(path: str) -> Element | None:
    """The element of a path (`Declaration/Consignment/Freight`); None where the form has none.

    A measure, a quantity or an amount is one value: a path does not lead into it.
    """
    names = path.split("/")
    cls: type[WcoClass] | None = next((kind for kind in KINDS.values() if kind.document == names[0]), None)
    element: Element | None = None
    for name in names:
        element = by_name(cls).get(name) if cls is not None else None
        if element is None:
            return None
        cls = None if element.qualified else element.child
    return element


def known(path: str) -> bool:
    """Whether an agreement may name a path; the document of a kind that has no form yet may be named as a whole."""
    return element_at(path) is not None or (path in DOCUMENTS.values() and path not in _modelled())


def _modelled() -> frozenset[str]:
    return frozenset(kind.document for kind in KINDS.values())


def covers(paths: frozenset[str], path: str) -> bool:
    """Whether a path is listed, or lies below one that is."""
    return any(above in paths for above in upwards(path))


def upwards(path: str) -> Iterator[str]:
    """A path and all above it, the longest first."""
    while path:
        yield path
        path = path.rpartition("/")[0]


def agreement_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of an agreement file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Agreement.model_json_schema()}
