"""Uzbekistan's own rules. Texts in `texts/`.

UZ-001 to UZ-017 are reported by the reader and the writer, which see the national document; they have no check of their
own here. From UZ-101 on are rules on what Uzbekistan sends, run before the message is signed. What the gateway's rules
judge for every country (tax numbers, plates, commodity codes) is not judged again. UZ-012 is retired: it refused border
events before they had a form.
"""

from __future__ import annotations

from collections.abc import Iterator

from adapters.uz.form import COUNTRY, OFFICE, REGISTRATION
from gateway.message.finding import Severity
from gateway.message.metadata import BorderEventMessage, DeclarationMessage, MetaData, ResponseMessage
from gateway.validation.rule import Context, Hit, Rule, rule
from gateway.validation.walk import is_complete

_WIRES = "docs/national-wires.md, Uzbekistan (plausible)"
_PLACES = "WCO Data Model, Amendment (06A) with its Pointer (97A)"
_EVENTS = "docs/national-wires.md, Border events (plausible)"


def _reported(
    number: str, severity: Severity, title: str, source: str, about: type[MetaData] = DeclarationMessage
) -> Rule:
    return Rule(f"UZ-{number}", severity, title, source, about, None)


REPORTED = (
    _reported("001", Severity.REJECT, "There is a route to the other side", "the adapter's settings"),
    _reported("002", Severity.REJECT, "The form is DM, XN or CV", _WIRES),
    _reported("003", Severity.REJECT, "The action has a counterpart", "codes.py, ACTIONS"),
    _reported("004", Severity.REJECT, "A notice says what it answers", _WIRES, ResponseMessage),
    _reported("005", Severity.REJECT, "The outcome has a counterpart", "codes.py, OUTCOMES", ResponseMessage),
    _reported("006", Severity.WARN, "A time has its offset", "tz database, Asia/Tashkent"),
    _reported("007", Severity.INFO, "A time is written to the minute", _WIRES),
    _reported("008", Severity.INFO, "A measure is converted to the unit of the form", _WIRES),
    _reported("009", Severity.WARN, "The version of the form is known", _WIRES),
    _reported("010", Severity.REJECT, "No name stands twice in an object", "RFC 8259, section 4"),
    _reported("011", Severity.WARN, "The country that announces is known", _WIRES),
    _reported("013", Severity.REJECT, "The kind of event has a counterpart", _EVENTS, BorderEventMessage),
    _reported("014", Severity.REJECT, "An event says which declaration it is about", _EVENTS, BorderEventMessage),
    _reported("015", Severity.REJECT, "An event names the office where it happened", _EVENTS, BorderEventMessage),
    _reported("016", Severity.REJECT, "The place of a change can be told to the other side", _PLACES),
    _reported("017", Severity.WARN, "The place of a change is in the national form", _PLACES),
)


def _sent(message: DeclarationMessage) -> bool:
    return message.responsible_country_code == COUNTRY


@rule(
    "UZ-101",
    Severity.REJECT,
    "A declaration that Uzbekistan sends has its registration number",
    source=_WIRES,
    about=DeclarationMessage,
)
def registration_number(message: DeclarationMessage, _context: Context) -> Iterator[Hit]:
    """Five digits of the office, the day, seven digits."""
    number = message.declaration.id or ""
    if _sent(message) and REGISTRATION.fullmatch(number) is None:
        yield Hit("/Declaration/ID", number)


@rule(
    "UZ-102",
    Severity.REJECT,
    "What leaves Uzbekistan leaves by an Uzbek office",
    source=f"{_WIRES}; five digits: background knowledge",
    about=DeclarationMessage,
)
def office_of_exit(message: DeclarationMessage, _context: Context) -> Iterator[Hit]:
    """Five digits. Only what is whole must name one: not a cancellation, a change in part or an addition."""
    office = message.declaration.exit_office
    code = (office.id if office is not None else None) or ""
    if _sent(message) and OFFICE.fullmatch(code) is None and (code or is_complete(message.declaration)):
        yield Hit("/Declaration/ExitOffice/ID", code)


@rule(
    "UZ-103",
    Severity.WARN,
    "The driver of a vehicle that leaves Uzbekistan has an identity document",
    source=_WIRES,
    about=DeclarationMessage,
)
def driver_document(message: DeclarationMessage, _context: Context) -> Iterator[Hit]:
    """A driver who is named but has no document number."""
    means = message.declaration.border_transport_means
    for at, driver in enumerate(means.master if means is not None and _sent(message) else ()):
        if driver.name is not None and driver.id is None:
            yield Hit(f"/Declaration/BorderTransportMeans/Master/{at}/ID", "", {"driver": driver.name})


RULES: tuple[Rule, ...] = (*REPORTED, registration_number, office_of_exit, driver_document)
