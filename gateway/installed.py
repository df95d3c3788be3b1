"""What is installed beside the gateway: countries' adapters, simulated windows, and the services that run them.

They are found by entry point, ours as an outsider's, and the gateway imports none of them. What it asks of them stands
here as protocols; the adapters' own contract is `adapters.kit.contract`, and has the same names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import EntryPoint, entry_points
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Protocol, cast

from gateway.agreements import Agreements, agreements_between
from gateway.agreements.capabilities import Capabilities, load_capabilities
from gateway.errors import GatewayError, Misconfigured, Unknown
from gateway.message.finding import Finding
from gateway.message.metadata import MetaData
from gateway.validation.catalogue import core_catalogue
from gateway.validation.rule import Rule

ADAPTERS, NSWS, SERVICES = "torugart.adapters", "torugart.nsws", "torugart.services"
_CALLED = {ADAPTERS: "adapter", NSWS: "simulated window", SERVICES: "service"}


@dataclass(frozen=True, slots=True)
class National:
    """A national document as an adapter takes it.

    Attributes:
        body: The bytes.
        media_type: `application/xml`, `application/zip` or `application/json`.
        name: File name, or "".
    """

    body: bytes
    media_type: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """Where messages for a country go: the participant and the agreement that allows it."""

    recipient: str
    agreement: str
    version: str


@dataclass(frozen=True, slots=True)
class Setting:
    """What a reader must know that no document says."""

    participant: str
    routes: Mapping[str, Route]
    test: bool = False


class Reading(Protocol):
    """What an adapter made of a national document.

    Attributes:
        message: The message, or None.
        findings: What could not be carried or understood.
        origins: JSON Pointer in the message → place in the national document.
    """

    message: MetaData | None
    findings: tuple[Finding, ...]
    origins: Mapping[str, str]


class Written(Protocol):
    """What an adapter made of a message.

    Attributes:
        document: The national document.
        findings: What it could not carry.
    """

    document: National
    findings: tuple[Finding, ...]


class Adapter(Protocol):
    """A country's adapter, as far as the command line asks it.

    Attributes:
        country: ISO 3166-1 alpha-2.
        name: The national window's name, in English.
        read: National document to message.
        write: Message to national document.
        rules: The country's own rules.
        texts: Folder with their texts.
        contract: Version of the contract it is made for.
    """

    country: str
    name: str
    read: Callable[[National, Setting], Reading]
    write: Callable[[MetaData], Written]
    rules: tuple[Rule, ...]
    texts: Path
    contract: int


def entries(group: str) -> Mapping[str, EntryPoint]:
    """What is installed in a group, by name, in the order of the names."""
    return dict(sorted((entry.name.upper(), entry) for entry in entry_points(group=group)))


def adapter(country: str) -> Adapter:
    """The adapter of a country.

    Raises:
        Unknown: None is installed.
        Misconfigured: It cannot be loaded.
    """
    return cast("Adapter", _one(ADAPTERS, country))


def adapters(skipped: Callable[[str], None] | None = None) -> Mapping[str, Adapter]:
    """Every installed adapter by country.

    Args:
        skipped: Told of each that cannot be loaded, which is then left out; one country must not stop the others.

    Raises:
        Misconfigured: One cannot be loaded, and nobody is told.
    """
    found: dict[str, Adapter] = {}
    for country, entry in entries(ADAPTERS).items():
        try:
            found[country] = cast("Adapter", load(entry))
        except Misconfigured as problem:
            if skipped is None:
                raise
            skipped(problem.detail)
    return found


def capabilities(country: str) -> Capabilities:
    """What a country's adapter declares, in the `profile.toml` beside the module that its entry point names.

    Raises:
        Unknown: None is installed.
        Misconfigured: There is no such file, or it declares nothing that can be read.
    """
    found = entries(ADAPTERS)
    if country.upper() not in found:
        raise Unknown(f"No adapter {country} is installed; installed: {', '.join(found) or 'none'}")
    entry = found[country.upper()]
    try:
        folder = files(entry.module)
    except (ImportError, TypeError) as mistake:
        raise Misconfigured(f"{entry.group}: {entry.name} ({entry.value}) cannot be found: {mistake}") from mistake
    with as_file(folder / "profile.toml") as profile:
        return load_capabilities(profile)


def nsw(country: str) -> Any:
    """The simulated national window of a country; only its service looks inside.

    Raises:
        Unknown: None is installed.
        Misconfigured: It cannot be loaded.
    """
    return _one(NSWS, country)


def service(name: str) -> Callable[..., None]:
    """What runs an adapter (`adapter`) or a simulated window (`nsw`).

    Raises:
        Unknown: It is not installed.
        Misconfigured: It cannot be loaded.
    """
    return cast("Callable[..., None]", _one(SERVICES, name))


def _one(group: str, name: str) -> Any:
    found = entries(group)
    if name.upper() not in found:
        raise Unknown(f"No {_CALLED[group]} {name} is installed; installed: {', '.join(found) or 'none'}")
    return load(found[name.upper()])


def load(entry: EntryPoint) -> Any:
    """What an entry point names; of an adapter, its rules and texts are tried as well.

    Raises:
        Misconfigured: It cannot be loaded; says why.
    """
    try:
        loaded = entry.load()
        if entry.group == ADAPTERS:
            core_catalogue().extended(loaded.rules, loaded.texts)
    except Exception as mistake:  # what an outsider's module raises while it is imported can be anything
        why = mistake.detail if isinstance(mistake, GatewayError) else f"{type(mistake).__name__}: {mistake}"
        raise Misconfigured(f"{_CALLED[entry.group]} {entry.name} cannot be loaded: {why} ({entry.value})") from mistake
    return loaded


def offline_setting(country: str, agreements: Agreements, at: datetime) -> Setting:
    """The setting of a country's reader where no exchange is running: a participant is named as its country.

    The routes lead to every participant to whom an agreement in force at a moment lets it send; of several, the usual
    one is taken (`gateway.agreements.agreements_between`).
    """
    routes: dict[str, Route] = {}
    for other in sorted({party for agreement in agreements.values() for party in agreement.parties}):
        usual, *others = agreements_between(agreements, country, other, at) or (None,)
        if usual is None:
            continue
        routes[usual.country(other)] = Route(other, usual.id, usual.version)
        for agreement in others:  # another agreement for another mode of transport: `CN/2` for rail
            for mode in set(agreement.modes) - set(usual.modes):
                key = f"{usual.country(other)}/{mode}"
                routes.setdefault(key, Route(other, agreement.id, agreement.version))
    return Setting(country, routes)
