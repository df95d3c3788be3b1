"""Kazakhstan: how a trader replaces or withdraws preliminary information, and what it says about the movement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from lxml import etree

from mock_nsw.documents import Element, NoSuchPlace, change_place, text_at, xml_bytes, xml_root
from mock_nsw.events import Movement, SeenConsignment
from mock_nsw.issuing import Issuer
from mock_nsw.kz_form import PATHS, WITHDRAWAL, date_time, document, header, leaf, number, number_at
from mock_nsw.national import Change

_KILOGRAMS = {"166": Decimal(1), "168": Decimal(1000), "KGM": Decimal(1), "TNE": Decimal(1000)}
_REPLACES = "02"


def amend(contents: Sequence[bytes], change: Change, issuer: Issuer) -> tuple[bytes, ...]:
    """The information again, changed: its next version, under the same number.

    Raises:
        NoSuchPlace: It has no such place.
    """
    root = xml_root(contents[0])
    for place, text in change.values.items():
        change_place(root, place, text)
    before = text_at(root, "c:EDocHeader/s:EDocId", PATHS)
    change_place(root, "/PreliminaryInformation/EDocHeader/EDocId", issuer.uuid())
    change_place(root, "/PreliminaryInformation/EDocHeader/EDocDateTime", date_time(issuer.moment()))
    _put_after(root, "c:EDocHeader/s:EDocId", "EDocRefId", before)
    change_place(root, "/PreliminaryInformation/PIActionCode", _REPLACES)
    change_place(root, "/PreliminaryInformation/VersionId", _next_version(root))
    _put_after(root, "s:VersionId", "AmendmentReasonCode", change.reason)
    etree.indent(root)
    return (xml_bytes(root),)


def withdraw(contents: Sequence[bytes], reason: str, issuer: Issuer) -> tuple[bytes, ...]:
    """The withdrawal of the information."""
    root = xml_root(contents[0])
    destination = text_at(root, "c:EDocHeader/s:DestinationCountryCode", PATHS)
    follows = text_at(root, "c:EDocHeader/s:EDocId", PATHS)
    withdrawn = document(
        WITHDRAWAL,
        header(WITHDRAWAL, issuer, destination=destination, follows=follows),
        leaf("MovementDirectionCode", text_at(root, "s:MovementDirectionCode", PATHS)),
        number(number_at(root)),
        leaf("VersionId", _next_version(root)),
        leaf("AmendmentReasonCode", reason),
        leaf("DocKindCode", text_at(root, "s:DocKindCode", PATHS), codeListId=_code_list(root)),
    )
    return (xml_bytes(withdrawn),)


def _next_version(root: Element) -> str:
    version = text_at(root, "s:VersionId", PATHS)
    return str(int(version) + 1) if version.isdecimal() else "2"


def _code_list(root: Element) -> str:
    kind = root.find("s:DocKindCode", PATHS)
    return "" if kind is None else kind.get("codeListId", "")


def _put_after(root: Element, path: str, name: str, text: str) -> None:
    before = root.find(path, PATHS)
    new = leaf(name, text)
    if before is None or new is None:
        raise NoSuchPlace(f"the document has no {path}")
    following = before.getnext()
    parent = before.getparent()
    if parent is not None and following is not None and following.tag == new.tag:
        parent.remove(following)
    before.addnext(new)


def movement(contents: Sequence[bytes]) -> Movement:
    """What preliminary information, out or in, says about the movement."""
    root = xml_root(contents[0])
    road = "c:BorderTransportDetails/c:RoadTransportDetails"
    trailers = (
        trailer
        for trailer in root.iterfind(f"{road}/c:TrailerDetails", PATHS)
        if text_at(trailer, "s:EquipmentTypeCode", PATHS) != "CN"  # an empty container has no plate
    )
    plates = (
        *root.iterfind(f"{road}/s:TransportMeansRegId", PATHS),
        *(number for trailer in trailers for number in trailer.iterfind("s:EquipmentId", PATHS)),
    )
    consignments = root.iterfind("c:ConsignmentDetails", PATHS)
    return Movement(
        exit_office=text_at(root, "c:ExitCheckPointDetails/s:CustomsOfficeCode", PATHS),
        entry_office=text_at(root, "c:EntryCheckPointDetails/s:CustomsOfficeCode", PATHS),
        plates=_texts(plates),
        seals=tuple(dict.fromkeys(_texts(root.iterfind(".//s:SealId", PATHS)))),
        gross_mass_kg=_mass(root),
        consignments=tuple(_consignment(position, each) for position, each in enumerate(consignments, 1)),
    )


def _consignment(position: int, consignment: Element) -> SeenConsignment:
    packages, value = (consignment.find(f"s:{name}", PATHS) for name in ("CargoQuantity", "CAValueAmount"))
    codes = _texts(consignment.iterfind("c:GoodsItemDetails/s:CommodityCode", PATHS))
    count, amount = _decimal(packages), _decimal(value)
    return SeenConsignment(
        number=int(text_at(consignment, "s:ObjectOrdinal", PATHS) or position),
        waybill=text_at(consignment, "c:TransportDocumentDetails/s:DocId", PATHS),
        subheadings=tuple(dict.fromkeys(code[:6] for code in codes)),
        packages=None if count is None else int(count),
        package_type="" if packages is None else packages.get("packageKindCode", ""),
        gross_mass_kg=_mass(consignment),
        value=amount,
        currency="" if value is None else value.get("currencyCode", ""),
    )


def _mass(element: Element) -> Decimal | None:
    found = element.find("s:UnifiedGrossMassMeasure", PATHS)
    amount = _decimal(found)
    if found is None or amount is None:
        return None
    unit = _KILOGRAMS.get(found.get("measurementUnitCode", ""))
    return None if unit is None else amount * unit


def _decimal(element: Element | None) -> Decimal | None:
    text = "" if element is None else (element.text or "").strip()
    return Decimal(text) if text else None


def _texts(elements: Iterable[Element]) -> tuple[str, ...]:
    return tuple(text for element in elements if (text := (element.text or "").strip()))
