"""Puts the gateway together: every port named once, with what fulfils it."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog

from gateway.agreements import load_agreements
from gateway.errors import Misconfigured, TrustUnknown
from gateway.exchange.deliver import deliver_forever
from gateway.exchange.expire import expire_due
from gateway.exchange.gateway import Gateway
from gateway.exchange.hold import look_after_held
from gateway.settings import Settings
from gateway.signing import TrustStore, load_signing_key, load_trust
from gateway.storage.engine import migrate, open_database
from gateway.storage.writer import Writer
from gateway.transport.http import HttpTransport
from gateway.validation.catalogue import core_catalogue

log = structlog.get_logger("torugart.wiring")

Fingerprint = frozenset[tuple[str, int, int]]
"""Every file of the trust folder, with the time of its last change (ns) and its size (bytes)."""


@dataclass(slots=True)
class Registry:
    """Participants, certificates and endpoints as they are now. State: the last good reading of the trust folder.

    A change on disk is taken over in the background, once two looks have found the same: a file that is being written
    can be read well and still lack participants, who must not be locked out for it. A folder that cannot be read as a
    whole changes nothing, and is logged.
    """

    folder: Path
    trust: TrustStore
    endpoints: Mapping[str, str]
    taken: Fingerprint
    seen: Fingerprint

    @classmethod
    def load(cls, folder: Path) -> Registry:
        """Read the folder.

        Raises:
            Misconfigured: Names every mistake at its place.
        """
        now = _fingerprint(folder)
        return cls(folder, load_trust(folder), _endpoints(folder), taken=now, seen=now)

    def refresh(self) -> None:
        """Take over what has changed since it was last read, if it has stood still since the last look."""
        before, self.seen = self.seen, _fingerprint(self.folder)
        if self.seen == self.taken or self.seen != before:
            return
        try:
            self.trust, self.endpoints = load_trust(self.folder), _endpoints(self.folder)
        except Misconfigured as problem:
            log.warning("trust-not-refreshed", problem=problem.detail)
        else:
            log.info("trust-refreshed", participants=len(self.trust.participants))
        self.taken = self.seen


def _fingerprint(folder: Path) -> Fingerprint:
    files = ((file, file.stat()) for file in folder.rglob("*") if file.is_file())
    return frozenset((str(file), status.st_mtime_ns, status.st_size) for file, status in files)


def _endpoints(folder: Path) -> Mapping[str, str]:
    file = folder / "participants.toml"
    try:
        table = tomllib.loads(file.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise Misconfigured(f"{file.name}: {error}") from None
    return {
        str(entry["id"]): str(entry["endpoint"])
        for entry in table.get("participant", [])
        if "id" in entry and "endpoint" in entry
    }


@asynccontextmanager
async def running(
    settings: Settings, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC), deliver: bool = True
) -> AsyncIterator[Gateway]:
    """A gateway at work: tables up to date, writer and deliverer running; all stopped in order at the end.

    Raises:
        Misconfigured: Something does not fit together; says what.
    """
    registry = Registry.load(settings.trust)
    key = load_signing_key(settings.key)
    try:
        registry.trust.require_gateway(key.chain, settings.participant, clock())
    except TrustUnknown as doubt:  # as with messages: what cannot be judged now is no reason to stop
        log.warning("own-key-not-judged", problem=doubt.detail)
    engine = open_database(settings.database)
    migrate(engine)
    writer = Writer(engine)
    writer.start()
    loop, work = asyncio.get_running_loop(), asyncio.Event()
    gateway = Gateway(
        participant=settings.participant,
        key=key,
        trust=lambda: registry.trust,
        agreements=load_agreements(settings.agreements),
        catalogue=core_catalogue(),
        clock=clock,
        engine=engine,
        writer=writer,
        wake=lambda: loop.call_soon_threadsafe(work.set),
    )
    transport = HttpTransport(lambda: registry.endpoints)
    tasks = [asyncio.create_task(_refresh_forever(registry, settings.refresh_seconds))]
    if deliver:
        tasks.append(asyncio.create_task(deliver_forever(gateway, transport, work)))
        tasks.append(asyncio.create_task(_look_after_forever(gateway, settings.refresh_seconds)))
    try:
        yield gateway
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
        await transport.close()
        writer.close()
        engine.dispose()


async def _look_after_forever(gateway: Gateway, seconds: float) -> None:
    """Held messages and exchanges that expire, as long as the process lives."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await look_after_held(gateway)
            await expire_due(gateway)
        except Exception as problem:  # whatever fails here, looking after must go on
            log.warning("looking-after-paused", problem=type(problem).__name__, exc_info=problem)


async def _refresh_forever(registry: Registry, seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await asyncio.to_thread(registry.refresh)
        except Exception as problem:  # whatever fails here, looking must go on
            log.warning("trust-not-refreshed", problem=type(problem).__name__, exc_info=problem)
