"""Which way a message goes: the route to the country at the other side, and what the envelope says of the two sides."""

from __future__ import annotations

from typing import Any

from adapters.kit.contract import Route, Setting
from gateway.message.metadata import Recipient, Sender


def route_to(setting: Setting, country: str | None, mode: str | None = None, *, only: bool = False) -> Route | None:
    """The route to a country; None where there is none.

    Args:
        setting: The routes there are.
        country: ISO 3166-1 alpha-2; None or "" where the document names none.
        mode: Mode of transport (UN/ECE Rec 19), where the agreement may depend on it: a route under country and mode,
            `CN/2`, goes before the one under the country.
        only: Whether it is the only route there is where the country has none: for what came in, whoever began it, and
            for a document that names no country.
    """
    route = setting.routes.get(f"{country}/{mode}") or setting.routes.get(country or "")
    if route is None and only and len(setting.routes) == 1:
        return next(iter(setting.routes.values()))
    return route


def between(setting: Setting, route: Route, *, inbound: bool, test: bool = False) -> dict[str, Any]:
    """Who sends what to whom under which agreement: attributes of `CommunicationMetaData`, by name.

    Args:
        setting: This country's participant, and whether all its messages are tests.
        route: The other side.
        inbound: Whether the other side sends.
        test: Whether the document says that it is a test.
    """
    sender, recipient = (route.recipient, setting.participant) if inbound else (setting.participant, route.recipient)
    return {
        "agreement_id": route.agreement,
        "agreement_version_id": route.version,
        "test_indicator": True if setting.test or test else None,
        "recipient": Recipient(id=recipient),
        "sender": Sender(id=sender),
    }
