"""Kazakhstan: how a trader replaces, changes, adds to or withdraws preliminary information; what it says about the way.

A change in part holds what is told and what that is known by, and names each place with its reason; an addition needs
no reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from lxml import etree

from mock_nsw.documents import (
    Element,
    NoSuchPlace,
    change_place,
    element_at,
    local_name,
    text_at,
    xml_bytes,
    xml_root,
)
from mock_nsw.events import Movement, SeenConsignment
from mock_nsw.issuing import Issuer
from mock_nsw.kz_form import INFORMATION, PATHS, WITHDRAWAL, date_time, document, header, leaf, number, number_at, part
from mock_nsw.national import Change, Function

_KILOGRAMS = {"166": Decimal(1), "168": Decimal(1000), "KGM": Decimal(1), "TNE": Decimal(1000)}
_ROOT = f"/{INFORMATION}"
_ACTIONS = {Function.REPLACEMENT: "02", Function.CHANGE: "03", Function.ADDITION: "04"}
_ORDINALS = frozenset({"ObjectOrdinal", "ConsignmentItemOrdinal"})
_HEAD = frozenset({"EDocHeader", "MovementDirectionCode", "PIActionCode", "VersionId", "DocKindCode"}) | {
    "PreliminaryInformationIdDetails"
}
_KNOWN_BY = _ORDINALS | {
    *("UnifiedTransportModeCode", "TransportMeansRegId", "EquipmentId", "CustomsOfficeCode", "SealId", "RoleCode"),
    *("DocId", "GuaranteeKindCode", "GuaranteeReferenceId", "CommunicationChannelCode", "CommunicationChannelId"),
    *("PackageKindCode", "PackageQuantity", "WagonId", "LastName"),
}
"""What stays in a part of which only a part is told: what is mandatory there, and what it is known by."""


def amend(contents: Sequence[bytes], change: Change, issuer: Issuer) -> tuple[bytes, ...]:
    """The information again, changed: its next version, under the same number; of a change or an addition only a part.

    Raises:
        NoSuchPlace: It has no such place.
    """
    root = xml_root(contents[0])
    for earlier in change.earlier:
        _apply(root, earlier, add=True)
    there = set(root.iter())
    told, held = _apply(root, change.values, add=change.function is not Function.REPLACEMENT)
    before = "" if change.after is None else change.after.document_id
    if change.function is not Function.REPLACEMENT:
        _cut(root, [*told, *(element for element in root.iter() if element not in there)], held)
    change_place(root, f"{_ROOT}/EDocHeader/EDocId", issuer.uuid())
    change_place(root, f"{_ROOT}/EDocHeader/EDocDateTime", date_time(issuer.moment()))
    _put_after(root, "c:EDocHeader/s:EDocId", leaf("EDocRefId", before))
    change_place(root, f"{_ROOT}/PIActionCode", _ACTIONS[change.function])
    change_place(root, f"{_ROOT}/VersionId", change.version)
    _put_after(root, "s:VersionId", *_reasons(change))
    etree.indent(root)
    return (xml_bytes(root),)


def _apply(root: Element, values: Mapping[str, str | None], *, add: bool) -> tuple[list[Element], list[Element]]:
    """Set and take away; the elements that were set, and those that held what was taken away."""
    told = [change_place(root, place, text, add=add) for place, text in values.items() if text is not None]
    for element in told:
        _number(element)
    # What is taken away goes last, and all of it is looked for first, so that every place is counted as it was before.
    held = []
    for element, place in [(element_at(root, place), place) for place, text in values.items() if text is None]:
        parent = element.getparent()
        if "/@" in place or parent is None:
            told.append(change_place(root, place, None))
        else:
            parent.remove(element)
            held.append(parent)
    return told, held


def _number(element: Element) -> None:
    # A part that was added is a copy of its brother: it gets an ordinal of its own.
    for part_ in (element, *element.iterancestors()):
        numbers = [number for each in _brothers(part_) if (number := _ordinal(each)) is not None and number.text]
        own = _ordinal(part_)
        if own is not None and numbers[-1:] == [own] and [each.text for each in numbers].count(own.text) > 1:
            own.text = str(max(int(each.text or 0) for each in numbers) + 1)


def _brothers(element: Element) -> list[Element]:
    parent = element.getparent()
    return [] if parent is None else [each for each in parent if each.tag == element.tag]


def _ordinal(element: Element) -> Element | None:
    return next((child for child in element if local_name(child) in _ORDINALS), None)


def _cut(root: Element, told: Sequence[Element], held: Sequence[Element]) -> None:
    """Leave only what is told, what held what was taken away, and what either is known by."""
    kept = {each for child in root if local_name(child) in _HEAD for each in child.iter()}
    for element in (*told, *held):
        for part_ in (element, *element.iterancestors()):
            kept.add(part_)
            kept.update(child for child in part_ if local_name(child) in _KNOWN_BY)
            kept.update(inner for each in _unnumbered(part_) for inner in each.iter())
    kept.update(inner for element in told for inner in element.iter())
    for element in [each for each in root.iter() if each not in kept]:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)


def _unnumbered(element: Element) -> list[Element]:
    """The whole list that an element is in, where its parts have no number: nobody could tell which is meant."""
    brothers = _brothers(element)
    return brothers if len(brothers) > 1 and _ordinal(element) is None else []


def _reasons(change: Change) -> Iterator[Element | None]:
    if change.function is not Function.CHANGE:
        yield leaf("AmendmentReasonCode", change.reason)
        return
    for place in dict.fromkeys(place.partition("/@")[0] for place in change.values):
        yield part("AmendmentDetails", leaf("AmendmentReasonCode", change.reason), leaf("AmendmentPathText", place))


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


def _put_after(root: Element, path: str, *new: Element | None) -> None:
    before = root.find(path, PATHS)
    if before is None:
        raise NoSuchPlace(f"the document has no {path}")
    following, parent = before.getnext(), before.getparent()
    for element in reversed([each for each in new if each is not None]):
        if parent is not None and following is not None and following.tag == element.tag:
            parent.remove(following)
            following = None
        before.addnext(element)


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
