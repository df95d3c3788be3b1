"""What a played exchange leaves: what happened, and what was checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.demo.checks import Check


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a timeline.

    Attributes:
        at: When, UTC.
        who: Who did it.
        what: Key of the text.
        ids: What it is known by.
    """

    at: datetime
    who: str
    what: str
    ids: str


@dataclass(frozen=True, slots=True)
class Played:
    """An exchange that was played: what happened, and what was checked."""

    name: str
    events: tuple[Event, ...]
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether every check holds."""
        return all(check.passed for check in self.checks)
