"""China's own rules: what its reader and writer report, and what they ask of a declaration that China sends.

Numbers up to CN-049 are reported by the reader and the writer where they see the national document; from CN-050 on
are rules on the message. Ids are public and never reused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from stdnum.cn import uscc

from adapters.cn.codes import COUNTRY, PROFILE, UN_NUMBERS
from gateway.message.declaration import Declaration
from gateway.message.finding import Severity
from gateway.message.metadata import DeclarationMessage, MetaData, ResponseMessage
from gateway.validation.rule import Context, Hit, Rule, rule

_FORM = "China's road manifest messages (MT1401, MT2401, MT4401, MT4402), structure seen in real messages"
_CODES = "parameter list MFT2008 of the window's public client"
_DIGITS: tuple[int, ...] = tuple(PROFILE["goods"]["classification_digits"])
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = re.compile(rf"[{_PROVINCES}][A-HJ-NP-Z]([A-HJ-NP-Z0-9]{{5}}|[A-HJ-NP-Z0-9]{{6}}|[A-HJ-NP-Z0-9]{{4}}挂)")


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
    _reported("017", Severity.INFO, "A typed identifier of a party is carried whole", _FORM),
    _reported("018", Severity.WARN, "An item has a number", _FORM),
    _reported("019", Severity.REJECT, "A reply decides something", _CODES, ResponseMessage),
    _reported("020", Severity.REJECT, "The forms have this function", _CODES),
    _reported("021", Severity.REJECT, "The document is one that this adapter has a form for", "adapters/cn/README.md"),
)


def _ours(declaration: Declaration) -> bool:
    """Whether the goods leave China: only then is the declaration China's own."""
    return any(part.export_country and part.export_country.id == COUNTRY for part in declaration.consignment)


@rule(
    "CN-051",
    Severity.WARN,
    "A waybill stands once in its batch",
    source="GACC notes on road manifests: the unit of transmission is the master waybill",
    about=DeclarationMessage,
)
def one_waybill_once(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """Two consignments of one batch under the same waybill number."""
    if not _ours(message.declaration):
        return
    numbers = [
        document.id if (document := part.transport_contract_document) else None
        for part in message.declaration.consignment
    ]
    count = Counter(number for number in numbers if number)
    for index, number in enumerate(numbers):
        if number and count[number] > 1:
            yield Hit(f"/Declaration/Consignment/{index}/TransportContractDocument/ID", number)


@rule(
    "CN-052",
    Severity.WARN,
    "The social credit code of the consignor has a right check character",
    source="GB 32100-2015",
    about=DeclarationMessage,
)
def consignor_credit_code(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """A consignor's identifier in the shape of a USCC whose check character is wrong."""
    if not _ours(message.declaration):
        return
    for index, part in enumerate(message.declaration.consignment):
        number = part.consignor.id if part.consignor else None
        if number and re.fullmatch(r"[0-9A-Z]{18}", number) and not uscc.is_valid(number):
            yield Hit(f"/Declaration/Consignment/{index}/Consignor/ID", number)


@rule(
    "CN-053",
    Severity.WARN,
    "The plate of a Chinese vehicle or trailer is written as China writes them",
    source="background knowledge: province, letter, five or six characters; a trailer ends with 挂",
    about=DeclarationMessage,
)
def chinese_plates(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """A plate registered in China that has another shape."""
    means = message.declaration.border_transport_means
    if means is None or means.registration_nationality_code != COUNTRY:
        return
    if means.id and not _PLATE.fullmatch(means.id):
        yield Hit("/Declaration/BorderTransportMeans/ID", means.id)
    for index, trailer in enumerate(means.transport_equipment):
        if trailer.id and not (_PLATE.fullmatch(trailer.id) and trailer.id.endswith("挂")):
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


@rule(
    "CN-055",
    Severity.WARN,
    "A code of the goods has 6, 8, 10 or 13 digits",
    source="HS; China's tariff has 10 digits, with inspection code 13",
    about=DeclarationMessage,
)
def goods_code_length(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """A goods code of another length; digits are never added or cut to make it fit."""
    if not _ours(message.declaration):
        return
    for index, part in enumerate(message.declaration.consignment):
        for number, item in enumerate(part.consignment_item):
            for place, code in enumerate(item.commodity.classification if item.commodity else ()):
                if not (code.id.isascii() and code.id.isdigit() and len(code.id) in _DIGITS):
                    pointer = (
                        f"/Declaration/Consignment/{index}/ConsignmentItem/{number}/Commodity/Classification/{place}"
                    )
                    yield Hit(f"{pointer}/ID", code.id)


@rule(
    "CN-056",
    Severity.WARN,
    "Dangerous goods name somebody who can be asked",
    source="China's road manifest: UNDGContact",
    about=DeclarationMessage,
)
def dangerous_goods_contact(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """A known UN number in a consignment without a dangerous goods contact."""
    for index, part in enumerate(message.declaration.consignment):
        if part.undg_contact is not None and part.undg_contact.communication:
            continue
        for number, item in enumerate(part.consignment_item):
            for place, goods in enumerate(item.commodity.dangerous_goods if item.commodity else ()):
                if goods.undgid in UN_NUMBERS:
                    at = f"/Declaration/Consignment/{index}/ConsignmentItem/{number}/Commodity/DangerousGoods/{place}"
                    yield Hit(f"{at}/UNDGID", goods.undgid or "")


RULES: tuple[Rule, ...] = (
    *REPORTED,
    one_waybill_once,
    consignor_credit_code,
    chinese_plates,
    driver_document,
    goods_code_length,
    dangerous_goods_contact,
)
