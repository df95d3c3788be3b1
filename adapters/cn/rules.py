"""China's own rules: what its reader and writer report, and what they ask of a declaration that China sends.

What the gateway's rules judge for every country (identifiers, plates, goods codes, waybills) is not judged again.
Numbers up to CN-049 are reported by the reader and the writer where they see the national document; from CN-050 on
are rules on the message. Ids are public and never reused. CN-051, CN-052, CN-055 and CN-056 are retired: waybills,
credit codes, goods codes and dangerous goods are judged by the gateway for every country. CN-012 and CN-050 never were
one.
"""

from __future__ import annotations

from collections.abc import Iterator

from adapters.cn.codes import COUNTRY
from gateway.message.finding import Severity
from gateway.message.metadata import BorderEventMessage, DeclarationMessage, MetaData, ResponseMessage
from gateway.validation.rule import Context, Hit, Rule, rule
from gateway.validation.walk import is_trailer

_FORM = "China's road manifest messages (MT1401, MT2401, MT4401, MT4402), structure seen in real messages"
_BATCH = "docs/national-wires.md, China, batches of several vehicles (plausible)"
_CODES = "parameter list MFT2008 of the window's public client"
_REPORT = "docs/national-wires.md, China, MT3402 and MT5401 (plausible)"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"


def _reported(
    number: str, severity: Severity, title: str, source: str, about: type[MetaData] = DeclarationMessage
) -> Rule:
    return Rule(f"CN-{number}", severity, title, source, about, None)


REPORTED = (
    _reported("001", Severity.REJECT, "The keys of the document are there", _FORM),
    _reported(
        "002",
        Severity.REJECT,
        "The customs office belongs to a border post",
        "docs/national-wires.md; codes illustrative",
    ),
    _reported("003", Severity.REJECT, "The country at the other side can be reached", "the adapter's settings"),
    _reported("004", Severity.REJECT, "A carrier confirmation comes with its manifest", "docs/national-wires.md"),
    _reported("005", Severity.REJECT, "What is handed over together is of one batch", "docs/national-wires.md"),
    _reported("006", Severity.REJECT, "The function is one that is exchanged", _CODES),
    _reported("007", Severity.INFO, "Secondary data and additions are exchanged as originals", _CODES),
    _reported("008", Severity.INFO, "Mode 4 of the declarations' list is mode 3 of the manifests'", "UN/ECE Rec 19"),
    _reported("009", Severity.WARN, "The mode is road", "UN/ECE Rec 19"),
    _reported("010", Severity.WARN, "Four digits beside a dangerous goods contact are ambiguous", _FORM),
    _reported("011", Severity.WARN, "A time is 14 or 17 digits and exists", _FORM),
    _reported("013", Severity.WARN, "Masses are in kilograms or tonnes", _FORM),
    _reported("014", Severity.WARN, "Manifest and carrier confirmation agree", "docs/national-wires.md"),
    _reported("015", Severity.WARN, "The manifest lists every container that was confirmed", "docs/national-wires.md"),
    _reported("016", Severity.INFO, "The country of a party abroad is assumed", "adapters/cn/README.md"),
    _reported("017", Severity.INFO, "The number of a party is of the type before it", _FORM),
    _reported("018", Severity.WARN, "An item has a number", _FORM),
    _reported("019", Severity.REJECT, "A reply decides something", _CODES, ResponseMessage),
    _reported("020", Severity.REJECT, "The forms have this function", _CODES),
    _reported("021", Severity.REJECT, "The document is one that this adapter has a form for", "adapters/cn/README.md"),
    _reported("026", Severity.INFO, "The way to a third country is implied", "docs/national-wires.md"),
    _reported("027", Severity.INFO, "Of a batch, what is on this vehicle is told", _BATCH),
    _reported("028", Severity.REJECT, "A vehicle of a batch has its number and that of all", _BATCH),
    _reported("029", Severity.REJECT, "The confirmation of a batch's vehicle says what is on it", _BATCH),
    _reported("030", Severity.REJECT, "What is on a vehicle is in the manifest of its batch", _BATCH),
    _reported(
        "031",
        Severity.WARN,
        "The form of a vehicle with an empty container names one, the form of an empty vehicle none",
        "docs/national-wires.md, China, MT4403 to MT4406 (plausible)",
    ),
    _reported("032", Severity.REJECT, "No vehicle is declared beside a manifest that is taken back", _BATCH),
    _reported("022", Severity.REJECT, "A report tells an event that is known", _REPORT, BorderEventMessage),
    _reported("023", Severity.WARN, "An event is told in the report it belongs to", _REPORT, BorderEventMessage),
    _reported("024", Severity.REJECT, "A report is told once, with function 9", _REPORT, BorderEventMessage),
    _reported("025", Severity.WARN, "Seals and conclusions have codes that are known", _REPORT, BorderEventMessage),
)


@rule(
    "CN-053",
    Severity.WARN,
    "The plate of a Chinese trailer ends with 挂",
    source="background knowledge of GA 36: a trailer's plate ends with 挂",
    about=DeclarationMessage,
)
def trailer_plate(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """A trailer behind a Chinese vehicle whose Chinese plate is not written as a trailer's."""
    means = message.declaration.border_transport_means
    if means is None or means.registration_nationality_code != COUNTRY:
        return
    for index, trailer in enumerate(means.transport_equipment):
        if is_trailer(trailer) and trailer.id and trailer.id[0] in _PROVINCES and not trailer.id.endswith("挂"):
            yield Hit(f"/Declaration/BorderTransportMeans/TransportEquipment/{index}/ID", trailer.id)


@rule(
    "CN-054",
    Severity.WARN,
    "The driver has an identity document",
    source="data elements of the carrier confirmation: R017 beside R016",
    about=DeclarationMessage,
)
def driver_document(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """A driver who is named but has no document number."""
    means = message.declaration.border_transport_means
    for index, master in enumerate(means.master if means else ()):
        if master.name and not master.id:
            yield Hit(f"/Declaration/BorderTransportMeans/Master/{index}/ID", "", {"driver": master.name})


RULES: tuple[Rule, ...] = (*REPORTED, trailer_plate, driver_document)
