"""Kazakhstan's own rules. Texts in `texts/`.

KZ-001 to KZ-023 are reported by the reader and the writer, which see the national document; KZ-016, which refused
border events, is retired. From KZ-101 on are rules on what the reader made, run before the message is signed. What the
gateway's rules judge for every country is not judged again. Ids are public and never reused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from adapters.kz.codes import OFFICES
from adapters.kz.form import COUNTRY
from gateway.message.declaration import Declaration
from gateway.message.finding import Severity
from gateway.message.metadata import BorderEventMessage, DeclarationMessage, MetaData, ResponseMessage
from gateway.validation.rule import Context, Hit, Rule, rule

_WIRES = "docs/national-wires.md, Kazakhstan (plausible)"
_PLACES = "WCO Data Model, Amendment (06A) with its Pointer (97A)"
_ZONE = "tz database 2024a, Asia/Almaty"
_NON_RESIDENTS = "practice of filling in Kazakh customs documents: twelve zeros for non-residents"


def _reported(
    rule_id: str, severity: Severity, title: str, source: str, about: type[MetaData] = DeclarationMessage
) -> Rule:
    return Rule(rule_id, severity, title, source, about, None)


REPORTED = (
    _reported("KZ-001", Severity.REJECT, "The keys of the document are there", _WIRES),
    _reported("KZ-002", Severity.WARN, "A time without offset is taken as the time of Almaty", _ZONE),
    _reported("KZ-003", Severity.WARN, "A time without offset came twice that night", _ZONE),
    _reported("KZ-004", Severity.REJECT, "The direction of the movement is known", _WIRES),
    _reported("KZ-005", Severity.REJECT, "There is a route to the other side", _WIRES),
    _reported("KZ-006", Severity.REJECT, "The action is one that is exchanged", _WIRES),
    _reported("KZ-007", Severity.REJECT, "Twelve zeros are for non-residents only", _NON_RESIDENTS),
    _reported("KZ-008", Severity.WARN, "The office of entry is in the country of the header", _WIRES),
    _reported("KZ-009", Severity.WARN, "A placeholder stands where there is nothing", _WIRES),
    _reported("KZ-010", Severity.INFO, "The office code is illustrative", "codes.py, OFFICES"),
    _reported("KZ-011", Severity.WARN, "The office of entry is not a known Kazakh office", "codes.py, OFFICES"),
    _reported("KZ-012", Severity.REJECT, "The national form cannot say this function", _WIRES),
    _reported("KZ-013", Severity.REJECT, "The national form is for road and rail", _WIRES),
    _reported("KZ-014", Severity.REJECT, "The notice says what it answers", _WIRES, ResponseMessage),
    _reported("KZ-015", Severity.REJECT, "The outcome has a counterpart", "codes.py, OUTCOMES", ResponseMessage),
    _reported("KZ-017", Severity.INFO, "A mass is converted to kilograms", "ACD-CON-06"),
    _reported(
        "KZ-018", Severity.REJECT, "The kind of event has a counterpart", "codes.py, EVENT_KINDS", BorderEventMessage
    ),
    _reported("KZ-019", Severity.REJECT, "The event says which declaration it is about", _WIRES, BorderEventMessage),
    _reported("KZ-020", Severity.REJECT, "An event that somebody saw names the office", _WIRES, BorderEventMessage),
    _reported(
        "KZ-021", Severity.WARN, "The direction of an event is that of its reference", _WIRES, BorderEventMessage
    ),
    _reported("KZ-022", Severity.REJECT, "The place of a change can be told to the other side", _PLACES),
    _reported("KZ-023", Severity.WARN, "The place of a change is in the national form", _PLACES),
)


def _sent(message: DeclarationMessage) -> Declaration | None:
    return message.declaration if message.responsible_country_code == COUNTRY else None


@rule(
    "KZ-101",
    Severity.REJECT,
    "The number of a declaration sent by Kazakhstan is Kazakhstan's",
    source=_WIRES,
    about=DeclarationMessage,
)
def own_number(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """Its registration number begins with KZ."""
    declaration = _sent(message)
    if declaration is not None and not declaration.functional_reference_id.startswith(f"{COUNTRY}/"):
        yield Hit("/Declaration/FunctionalReferenceID", declaration.functional_reference_id)


@rule(
    "KZ-102",
    Severity.WARN,
    "A declaration leaves Kazakhstan by a Kazakh office of five digits",
    source=_WIRES,
    about=DeclarationMessage,
)
def exit_office(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """The office of exit has five digits; where it is in the table, it is a Kazakh one."""
    declaration = _sent(message)
    code = declaration.exit_office.id if declaration is not None and declaration.exit_office is not None else None
    known = OFFICES.get(code or "")
    if code and (re.fullmatch("[0-9]{5}", code) is None or (known is not None and known.country != COUNTRY)):
        yield Hit("/Declaration/ExitOffice/ID", code)


@rule(
    "KZ-103",
    Severity.WARN,
    "A resident of Kazakhstan has a BIN or an IIN",
    source="background knowledge: both are asked for in every Kazakh customs document",
    about=DeclarationMessage,
)
def resident_number(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """Carrier, declarant and consignors of what Kazakhstan sends, with an address there and no identifier."""
    declaration = _sent(message)
    if declaration is None:
        return
    parties: list[tuple[str, Any]] = [
        ("/Declaration/Carrier", declaration.carrier),
        ("/Declaration/Declarant", declaration.declarant),
    ]
    parties += [
        (f"/Declaration/Consignment/{at}/Consignor", consignment.consignor)
        for at, consignment in enumerate(declaration.consignment)
    ]
    for pointer, party in parties:
        resident = party is not None and party.address is not None and party.address.country_code == COUNTRY
        if party is not None and resident and not party.id:
            yield Hit(f"{pointer}/ID", "", {"party": party.name or "-"})


RULES: tuple[Rule, ...] = (*REPORTED, own_number, exit_office, resident_number)
