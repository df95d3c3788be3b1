"""Kyrgyzstan: how a trader re-submits or withdraws preliminary information, and what it says about the movement.

A re-submission has a number of its own and names the first one, with the reason behind it. A withdrawal is a document
of its own (WithdrawalNotice) that names the first number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from decimal import Decimal

from lxml import etree

from mock_nsw.documents import Element, NoSuchPlace, change_place, maker, xml_bytes, xml_root
from mock_nsw.events import Movement, SeenConsignment
from mock_nsw.issuing import Issuer
from mock_nsw.kg_form import EMPTY_CONTAINER, EXPORT, PRIOR, WITHDRAWAL, date_time, number, number_at, register
from mock_nsw.national import Change


def amend(contents: Sequence[bytes], change: Change, issuer: Issuer) -> tuple[bytes, ...]:
    """The ExportPreliminary again, changed, under a new number that refers to the first.

    Raises:
        NoSuchPlace: It has no such place.
    """
    root = xml_root(contents[0])
    for place, text in change.values.items():
        change_place(root, place, text)
    change_place(root, "/ExportPreliminary/DocumentID", issuer.uuid())
    change_place(root, "/ExportPreliminary/EECEDocHeaderAddInfo/EDocDateTime", date_time(issuer.moment()))
    _renumber(root, register(issuer), change.reason)
    etree.indent(root)
    return (xml_bytes(root),)


def _renumber(root: Element, reference: str, reason: str) -> None:
    prefixes: dict[str | None, str] = {None: EXPORT, "p": PRIOR}
    registered = root.find(f"{{{EXPORT}}}RegNumber")
    new = number(maker(EXPORT, prefixes), maker(PRIOR, prefixes), "RegNumber", reference)
    if registered is None or new is None:
        raise NoSuchPlace("the document has no /ExportPreliminary/RegNumber")
    # Through every re-submission it is the first number that names the exchange.
    first = root.find(f"{{{EXPORT}}}RefRegNumber")
    if first is None:
        first = deepcopy(registered)
        first.tag = f"{{{EXPORT}}}RefRegNumber"
        registered.addnext(first)
    root.replace(registered, new)
    for earlier in root.findall(f"{{{EXPORT}}}{_REASON}"):
        root.remove(earlier)
    given = etree.Element(f"{{{EXPORT}}}{_REASON}")
    given.text = reason
    first.addnext(given)


_REASON = "AmendmentReasonCode"


def withdraw(contents: Sequence[bytes], reason: str, issuer: Issuer) -> tuple[bytes, ...]:
    """The notice that takes the information back, under the number that names its exchange."""
    root = xml_root(contents[0])
    declared = movement(contents)
    make = maker(WITHDRAWAL, {None: WITHDRAWAL})
    known_as = (number_at(root, f"{{{EXPORT}}}{name}") for name in ("RefRegNumber", "RegNumber"))
    said = (
        ("DestinationCountryCode", _text(root, "{*}EECEDocHeaderAddInfo/{*}DestinationCountryCode")),
        ("ExitOfficeCode", declared.exit_office),
        ("EntryOfficeCode", declared.entry_office),
        ("TransportModeCode", _text(root, "{*}BorderTransportDetails/{*}TransportModeCode")),
        (_REASON, reason),
    )
    destination, *rest = (make(name, text) if text else None for name, text in said)
    notice = make(
        "WithdrawalNotice",
        make("NoticeID", issuer.uuid()),
        make("NoticeDateTime", date_time(issuer.moment())),
        make("SourceCountryCode", "KG"),
        destination,
        number(make, make, "RefRegNumber", next(filter(None, known_as), "")),
        *rest,
    )
    return (xml_bytes(notice),)


def movement(contents: Sequence[bytes]) -> Movement:
    """What preliminary information, export or import, says about the movement."""
    root = xml_root(contents[0])
    listed = root.findall("{*}MainConsignmentDetails/{*}ConsignmentDetails")
    consignments = [each for each in listed if _texts(each.iter("{*}GoodsDescription")) != (EMPTY_CONTAINER,)]
    plates = root.iterfind("{*}BorderTransportDetails/{*}PIATTransportMeansItemDetails/{*}TransportMeansRegId")
    return Movement(
        exit_office=_text(root, "{*}ExitCheckPointDetails/{*}CustomsOfficeCode"),
        entry_office=_text(root, "{*}EntryCheckPointDetails/{*}CustomsOfficeCode")
        or _text(root, "{*}EntryCheckPointDetails/{*}BorderCheckpointCode"),
        plates=_texts(plates),
        seals=tuple(dict.fromkeys(_texts(root.iter("{*}CustomsIdentificationMeansId")))),
        gross_mass_kg=_decimal(_text(root, "{*}MainConsignmentDetails/{*}TotalGrossMassMeasure")),
        consignments=tuple(_consignment(number, each) for number, each in enumerate(consignments, 1)),
    )


def _consignment(position: int, consignment: Element) -> SeenConsignment:
    kinds = set(_texts(consignment.iter("{*}PalleteCode")))
    packages = _decimal(_text(consignment, "{*}CargoQuantity"))
    codes = _texts(consignment.iterfind("{*}GoodsItem/{*}GoodsTNVEDCode"))
    return SeenConsignment(
        number=int(_text(consignment, "{*}ObjectOrdinal") or position),
        waybill=_text(consignment, "{*}TransportDocumentDetails/{*}PrDocumentNumber"),
        subheadings=tuple(dict.fromkeys(code[:6] for code in codes if len(code) >= 6)),
        packages=None if packages is None else int(packages),
        package_type=kinds.pop() if len(kinds) == 1 else "",
        gross_mass_kg=_decimal(_text(consignment, "{*}GrossWeightQuantity")),
        value=_decimal(_text(consignment, "{*}TotalAmount/{*}Amount")),
        currency=_text(consignment, "{*}TotalAmount/{*}CurrencyCode"),
    )


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _text(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _texts(elements: Iterable[Element]) -> tuple[str, ...]:
    return tuple(text for element in elements if (text := (element.text or "").strip()))
