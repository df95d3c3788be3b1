"""Agreements: what two or more participants agreed to exchange, as dated, versioned data.

No agreement, no exchange. An agreement is one TOML file in `schemas/agreements/`; adding a country to a corridor
changes data and nothing else. Every message cites its agreement and version, and is judged by what it cites.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from gateway.errors import Misconfigured
from gateway.message.element import WcoClass
from gateway.message.finding import Finding, Severity
from gateway.message.metadata import KINDS, DeclarationMessage, MetaData
from gateway.message.table import by_name, elements
from gateway.message.tree import json_pointer
from gateway.validation.rule import Context

Language = Literal["en", "ru", "zh"]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LegalBasis(_Data):
    """What the exchange rests on."""

    text: str
    reference: str


class Direction(_Data):
    """One way of the exchange, and when its messages must be there."""

    sender: str
    recipient: str
    lead_time_minutes: int = Field(ge=0, description="At least so long before the planned arrival")
    earliest_days: int = Field(default=30, ge=0, description="At most so long before the planned arrival")


class Post(_Data):
    """A border post, with the office and the name on each side."""

    id: str
    active: bool
    offices: Mapping[str, str]
    names: Mapping[Language, str]


class Tolerances(_Data):
    """By how much figures may differ."""

    gross_mass_kg: Decimal = Decimal("0.5")


class Limits(_Data):
    """How long each side may take."""

    receipt_seconds: int = 60
    decision_minutes: int = 120


class Agreement(_Data):
    """What two or more participants agreed to exchange."""

    id: str
    version: str
    title: Mapping[Language, str]
    in_force_from: date
    in_force_until: date | None = None
    parties: tuple[str, ...] = Field(min_length=2)
    legal_basis: LegalBasis
    message_types: tuple[str, ...]
    modes: tuple[str, ...] = Field(description="UN/ECE Rec 19")
    trigger: Literal["exit-gate", "export-release", "departure"]
    directions: tuple[Direction, ...] = Field(min_length=1)
    posts: tuple[Post, ...] = Field(min_length=1)
    mandatory: frozenset[str] = Field(description="Element paths without which a message is refused")
    permitted: frozenset[str] = Field(description="Element paths that may leave the country; a class covers its parts")
    tolerances: Tolerances = Tolerances()
    limits: Limits = Limits()
    languages: tuple[Language, ...]
    recognised_seals: bool = False
    test_messages: bool = False
    export_declaration: bool = Field(default=False, description="Whether each consignment cites its declaration")
    retention_days: int = Field(ge=1)

    @model_validator(mode="after")
    def _consistent(self) -> Agreement:
        for direction in self.directions:
            for party in (direction.sender, direction.recipient):
                if party not in self.parties:
                    raise ValueError(f"directions: {party} is not one of the parties")
        if unknown := set(self.message_types) - set(KINDS):
            raise ValueError(f"message_types: {', '.join(sorted(unknown))} is not a kind of message")
        if unknown := {path for path in self.mandatory | self.permitted if not _known(path)}:
            raise ValueError(f"mandatory, permitted: no such element: {', '.join(sorted(unknown))}")
        return self

    def direction(self, sender: str, recipient: str) -> Direction | None:
        """The direction between two participants, or None where there is none."""
        return next((d for d in self.directions if (d.sender, d.recipient) == (sender, recipient)), None)

    def in_force(self, at: datetime) -> bool:
        """Whether it is in force on the day of a moment (UTC)."""
        day = at.date()
        return self.in_force_from <= day and (self.in_force_until is None or day <= self.in_force_until)


def _known(path: str) -> bool:
    cls: type[WcoClass] | None = next((k for k in KINDS.values() if k.document == path.split("/", 1)[0]), None)
    for name in path.split("/"):
        element = by_name(cls).get(name) if cls is not None else None
        if element is None:
            return False
        cls = element.child
    return True


Agreements = Mapping[tuple[str, str], Agreement]
"""Agreements by id and version."""


def load_agreements(folder: Path) -> Agreements:
    """All agreements of a folder.

    Raises:
        Misconfigured: Names every mistake of every file at its place.
    """
    found: dict[tuple[str, str], Agreement] = {}
    mistakes: list[str] = []
    for file in sorted(folder.glob("*.toml")):
        try:
            agreement = Agreement.model_validate(tomllib.loads(file.read_text("utf-8")))
        except tomllib.TOMLDecodeError as error:
            mistakes.append(f"{file.name}: {error}")
        except ValidationError as error:
            mistakes += [
                f"{file.name}: {'.'.join(map(str, detail['loc']))}: {detail['msg']}"
                for detail in error.errors(include_url=False)
            ]
        else:
            key = (agreement.id, agreement.version)
            if key in found:
                mistakes.append(f"{file.name}: {agreement.id} version {agreement.version} stands twice")
            found[key] = agreement
    if mistakes:
        raise Misconfigured("Agreements: " + "; ".join(mistakes))
    return found


@dataclass(frozen=True, slots=True)
class Permit:
    """Step 4: what an agreement says of a message. Without an agreement there is a finding."""

    agreement: Agreement | None
    findings: tuple[Finding, ...]


def permit(message: MetaData, agreements: Agreements, now: datetime) -> Permit:
    """Whether an agreement in force allows this message, with all its elements."""
    head = message.communication_meta_data
    agreement = agreements.get((head.agreement_id, head.agreement_version_id))
    if agreement is None:
        where = "/CommunicationMetaData/AgreementID"
        return Permit(None, (_refused(where, f"{head.agreement_id} {head.agreement_version_id}", "ACD-AGR-01"),))
    refused = tuple(_obstacles(message, agreement, now))
    return Permit(None if refused else agreement, refused + tuple(_not_permitted(message, agreement)))


def _obstacles(message: MetaData, agreement: Agreement, now: datetime) -> Iterator[Finding]:
    head, kind = message.communication_meta_data, message.document.lower()
    sender, recipient = head.sender.id, head.recipient.id
    if not agreement.in_force(now):
        yield _refused("/CommunicationMetaData/AgreementID", agreement.id, "ACD-AGR-04")
    if kind == "declaration":
        allowed = agreement.direction(sender, recipient) is not None
    else:  # what answers or follows a declaration goes either way between the parties
        allowed = {sender, recipient} <= set(agreement.parties)
    if not allowed:
        yield _refused("/CommunicationMetaData/Recipient/ID", f"{sender} → {recipient}", "ACD-AGR-05")
    if kind not in agreement.message_types:
        yield _refused(f"/{message.document}", kind, "ACD-AGR-06")
    if head.test_indicator and not agreement.test_messages:
        yield _refused("/CommunicationMetaData/TestIndicator", "true", "ACD-AGR-07")
    if isinstance(message, DeclarationMessage):
        yield from _way(message, agreement)


def _way(message: DeclarationMessage, agreement: Agreement) -> Iterator[Finding]:
    """Mode and border post."""
    declaration = message.declaration
    means = declaration.border_transport_means
    if means is not None and means.mode_code is not None and means.mode_code not in agreement.modes:
        yield _refused("/Declaration/BorderTransportMeans/ModeCode", means.mode_code, "ACD-AGR-08")
    for name, office in (("EntryOffice", declaration.entry_office), ("ExitOffice", declaration.exit_office)):
        if office is not None and office.id is not None:
            posts = [post for post in agreement.posts if office.id in post.offices.values()]
            if not posts:
                yield _refused(f"/Declaration/{name}/ID", office.id, "ACD-AGR-09")
            elif not any(post.active for post in posts):
                yield _refused(f"/Declaration/{name}/ID", office.id, "ACD-AGR-10")


def _refused(pointer: str, value: str, rule: str) -> Finding:
    return Finding(rule, Severity.REJECT, pointer, value)


def _not_permitted(message: MetaData, agreement: Agreement) -> Iterator[Finding]:
    document = getattr(message, message.document.lower())
    if message.document not in agreement.permitted:
        yield from _leaving(document, message.document, (message.document,), agreement.permitted)


def _leaving(part: WcoClass, path: str, where: tuple[str | int, ...], permitted: frozenset[str]) -> Iterator[Finding]:
    """Elements below a part that no permitted path covers."""
    for element in elements(type(part)):
        value = getattr(part, element.attribute)
        if value is None or value == ():
            continue
        below = f"{path}/{element.name}"
        if below in permitted:
            continue
        if element.child is None or element.qualified or not _open(below, permitted):
            yield Finding(
                "ACD-AGR-02", Severity.REJECT, json_pointer((*where, element.name)), "", {"name": element.name}
            )
            continue
        for position, item in enumerate(value if element.repeated else (value,)):
            step = (element.name, position) if element.repeated else (element.name,)
            yield from _leaving(item, below, (*where, *step), permitted)


@cache
def _open(path: str, permitted: frozenset[str]) -> bool:
    """Whether some permitted path leads through this one."""
    return any(other.startswith(path + "/") for other in permitted)


def context(agreement: Agreement, message: MetaData, now: datetime) -> Context:
    """What the rules may know of an agreement."""
    head = message.communication_meta_data
    direction = agreement.direction(head.sender.id, head.recipient.id)
    return Context(
        now=now,
        mass_tolerance=agreement.tolerances.gross_mass_kg,
        lead_time=timedelta(minutes=direction.lead_time_minutes) if direction else None,
        earliest=timedelta(days=direction.earliest_days) if direction else None,
        mandatory=agreement.mandatory,
        export_declaration=agreement.export_declaration,
    )


def agreement_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of an agreement file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Agreement.model_json_schema()}
