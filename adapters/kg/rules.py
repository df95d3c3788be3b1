"""Kyrgyzstan's own rules. Texts in `texts/`.

KG-001 to KG-018 are reported by the reader and the writer, which see the national document; they have no check of their
own here. From KG-101 on are rules on what the reader made, run before the message is signed.
"""

from __future__ import annotations

from collections.abc import Iterator

from adapters.kg.form import REGISTRATION
from gateway.message.finding import Severity
from gateway.message.metadata import BorderEventMessage, DeclarationMessage, MetaData, ResponseMessage
from gateway.validation.identifiers import check_kg_inn
from gateway.validation.rule import Context, Hit, Rule, rule

_ALBUM = "EAEU road preliminary information, album 5.23.0"
_WIRES = "docs/national-wires.md, Kyrgyzstan (plausible)"


def _reported(
    rule_id: str, severity: Severity, title: str, source: str, about: type[MetaData] = DeclarationMessage
) -> Rule:
    return Rule(rule_id, severity, title, source, about, None)


REPORTED = (
    _reported("KG-001", Severity.INFO, "The declarant is taken from another party", f"{_ALBUM}, DeclarantDetails"),
    _reported("KG-002", Severity.INFO, "The driver's name stands whole in the surname", f"{_ALBUM}, PersonSurname"),
    _reported("KG-003", Severity.INFO, "The office code is illustrative", "codes.py, OFFICES"),
    _reported("KG-004", Severity.WARN, "The office of entry is not a known Kyrgyz office", "codes.py, OFFICES"),
    _reported("KG-005", Severity.REJECT, "There is no route to the other side", _WIRES),
    _reported("KG-006", Severity.WARN, "A time without offset is taken as Bishkek time", "tz database, Asia/Bishkek"),
    _reported("KG-007", Severity.WARN, "More vehicles than the form has room for", f"{_ALBUM}, at most 3 vehicles"),
    _reported("KG-008", Severity.REJECT, "The national form cannot say this function", _ALBUM),
    _reported("KG-009", Severity.INFO, "A mass is converted to kilograms", f"{_ALBUM}, masses in kg"),
    _reported("KG-010", Severity.INFO, "A replacement without the number it replaces", f"{_ALBUM}, RefRegNumber"),
    _reported("KG-011", Severity.WARN, "Header and entry post name different countries", _WIRES),
    _reported("KG-012", Severity.REJECT, "The notice does not say what it answers", _WIRES, ResponseMessage),
    _reported("KG-013", Severity.REJECT, "The outcome has no counterpart", "codes.py, OUTCOMES", ResponseMessage),
    _reported("KG-014", Severity.REJECT, "The event has no counterpart", "codes.py, EVENT_KINDS", BorderEventMessage),
    _reported("KG-015", Severity.REJECT, "The notice says where the event was seen", _WIRES, BorderEventMessage),
    _reported("KG-016", Severity.WARN, "Seals and conclusions have codes that are known", _WIRES, BorderEventMessage),
    _reported("KG-017", Severity.INFO, "A re-submission without its reason", f"{_ALBUM}, RefRegNumber"),
    _reported("KG-018", Severity.REJECT, "The national form is for road", f"{_ALBUM}, AutoPreliminary"),
)


@rule(
    "KG-101",
    Severity.REJECT,
    "The reference of a declaration sent by Kyrgyzstan is its registration number",
    source=_WIRES,
    about=DeclarationMessage,
)
def registration_number(message: DeclarationMessage, _context: Context) -> Iterator[Hit]:
    """Country KG, date, nine characters."""
    reference = message.declaration.functional_reference_id
    if message.responsible_country_code != "KG":
        return
    if REGISTRATION.fullmatch(reference) is None or not reference.startswith("KG/"):
        yield Hit("/Declaration/FunctionalReferenceID", reference)


@rule(
    "KG-102",
    Severity.REJECT,
    "The driver of a vehicle that leaves Kyrgyzstan is named",
    source=_WIRES,
    about=DeclarationMessage,
)
def driver_named(message: DeclarationMessage, _context: Context) -> Iterator[Hit]:
    """`CarrierDetails` is mandatory in ExportPreliminary and holds the driver; a withdrawal names no vehicle."""
    means = message.declaration.border_transport_means
    announced = message.responsible_country_code == "KG" and message.declaration.function_code != "1"
    if announced and not (means is not None and any(m.name for m in means.master)):
        yield Hit("/Declaration/BorderTransportMeans/Master")


@rule(
    "KG-103",
    Severity.WARN,
    "The tax number of a Kyrgyz carrier has the shape of an INN",
    source="KGINN of the official schema; the date in it is background knowledge",
    about=DeclarationMessage,
)
def carrier_number(message: DeclarationMessage, _context: Context) -> Iterator[Hit]:
    """Fourteen digits with a plausible date."""
    carrier = message.declaration.carrier
    if carrier is None or carrier.id is None or carrier.address is None or carrier.address.country_code != "KG":
        return
    if check_kg_inn(carrier.id) is not None:
        yield Hit("/Declaration/Carrier/ID", carrier.id)


RULES: tuple[Rule, ...] = (*REPORTED, registration_number, driver_named, carrier_number)
