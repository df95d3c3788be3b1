"""How moments are stored: UTC, ISO 8601 with milliseconds; text that sorts as time does."""

from __future__ import annotations

from datetime import UTC, datetime


def stored(moment: datetime) -> str:
    """`2026-11-23T08:05:00.000Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def moment(text: str) -> datetime:
    """The moment that `stored` wrote."""
    return datetime.fromisoformat(text)
