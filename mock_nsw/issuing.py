"""Whatever must be fresh in a document: moments, identifiers, numbers.

One `Issuer` serves one window. Its moments do not repeat, because national message ids are built from the
time to the millisecond. Given a fixed clock and a seed it issues the same things again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

_ISO_6346_LETTERS = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        # ISO 6346 numbers the letters from 10 and leaves out the multiples of 11.
        (number for number in range(10, 39) if number % 11),
        strict=True,
    )
)


_SET_BACK = timedelta(minutes=1)


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


class Issuer:
    """Issues moments and identifiers that are unique within one window."""

    def __init__(self, now: Callable[[], datetime] = utc_now, seed: int | None = None) -> None:
        self._now = now
        self._random = Random(seed)
        self._last = datetime.min.replace(tzinfo=UTC)

    def moment(self) -> datetime:
        """A moment later than every one before it, in UTC to the millisecond.

        A clock that was set back by more than a minute is followed: a workshop moves the clock ahead for a while.
        """
        now = self._now().astimezone(UTC)
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        if self._last - now > _SET_BACK:
            self._last = now
            return now
        self._last = max(now, self._last + timedelta(milliseconds=1))
        return self._last

    def uuid(self) -> str:
        """A random UUID (RFC 9562, version 4), lower case."""
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def digits(self, count: int) -> str:
        """That many random decimal digits."""
        return "".join(self._random.choices("0123456789", k=count))

    def container_number(self, owner: str) -> str:
        """A freight container number with its check digit (ISO 6346) for a three-letter owner code."""
        body = f"{owner}U{self.digits(6)}"
        return body + container_check_digit(body)


def container_check_digit(body: str) -> str:
    """The check digit for the first ten characters of a container number (ISO 6346, annex A)."""
    total = sum(
        (_ISO_6346_LETTERS[sign] if sign.isalpha() else int(sign)) * 2**place for place, sign in enumerate(body)
    )
    return str(total % 11 % 10)
