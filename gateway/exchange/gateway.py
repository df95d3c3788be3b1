"""The gateway as its use cases see it: everything they stand on, put together once in `gateway.wiring`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, Engine

from gateway.agreements import Agreements
from gateway.signing import SigningKey, TrustStore
from gateway.storage.writer import Writer
from gateway.validation.catalogue import Catalogue

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Gateway:
    """What the use cases stand on.

    Attributes:
        participant: The gateway's own participant id: issuer of receipts and seals, audience of reading tokens.
        key: Its signing key.
        trust: The trust store as it is now; refreshed in the background.
        agreements: All agreements, by id and version.
        catalogue: All rules.
        clock: The time, with offset; workshops and tests move it.
        engine: For reading.
        writer: For writing.
        wake: Tells the delivering worker that there is something to deliver.
    """

    participant: str
    key: SigningKey
    trust: Callable[[], TrustStore]
    agreements: Agreements
    catalogue: Catalogue
    clock: Callable[[], datetime]
    engine: Engine
    writer: Writer
    wake: Callable[[], object]

    def read(self, query: Callable[[Connection], T]) -> T:
        """Run a query on a connection that takes no lock."""
        with self.engine.connect().execution_options(reads_only=True) as connection:
            return query(connection)
