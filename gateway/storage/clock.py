"""How moments are stored: UTC, ISO 8601 with milliseconds; text that sorts as time does."""

from __future__ import annotations

from datetime import UTC, datetime


def stored(moment: datetime) -> str:
    """`2026-11-23T08:05:00.000Z`.

    Raises:
        OverflowError: In UTC it is not in the calendar, which ends with the years 1 and 9999.
    """
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def moment(text: str) -> datetime:
    """The moment that `stored` wrote."""
    return datetime.fromisoformat(text)
