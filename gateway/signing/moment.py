"""The one way in which signatures write a moment, and the ways in which they may."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})", re.ASCII)


def moment_to_text(moment: datetime) -> str:
    """Write a moment as RFC 3339 in UTC, to the second.

    Raises:
        ValueError: It has no offset, so it is not a moment.
    """
    if moment.tzinfo is None:
        raise ValueError("A signing time needs an offset.")
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def moment_from_text(text: str) -> datetime | None:
    """Read a moment written as RFC 3339 with an offset; return it in UTC, or nothing when it is not one."""
    if not _DATE_TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
