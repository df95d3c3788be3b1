"""The clock: the time with offset, moved where a workshop or a test wants to see what time does.

A moved clock is a file that holds a number of seconds. Every part that is given the same file moves together; without
one, time is what it is.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gateway.errors import Misconfigured


def clock(file: Path | None = None) -> Callable[[], datetime]:
    """A clock that is ahead by as many seconds as the file says at the moment of asking.

    Raises:
        Misconfigured: When asked: the file does not hold a number of seconds.
    """
    if file is None:
        return _now

    def moved() -> datetime:
        try:
            text = file.read_text("utf-8").strip()
            return _now() + timedelta(seconds=float(text or 0))
        except (OSError, ValueError, OverflowError) as error:
            raise Misconfigured(f"The clock file {file.name} does not hold a number of seconds") from error

    return moved


def _now() -> datetime:
    return datetime.now(UTC)
