"""China: how a trader changes or deletes a manifest, and what a manifest says about the movement.

A change is the manifest again with function code 5 and its reason, with its confirmation; a deletion is the manifest
again with function code 3, alone: a confirmation has nothing to say about what is no longer there. Of a batch of
several vehicles, what happens to one is said in its confirmation; its deletion is the confirmation alone, by its keys.
A vehicle without cargo has only its confirmation, and that is changed and deleted.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from lxml import etree

from mock_nsw.cn_form import BEIJING, message_id, milliseconds
from mock_nsw.documents import Element, NoSuchPlace, change_place, xml_bytes, xml_root
from mock_nsw.events import Movement, SeenConsignment
from mock_nsw.issuing import Issuer
from mock_nsw.national import Change

_CHANGE, _DELETION = "5", "3"
_D = "{*}Declaration"
_KEYS = ("DeclarationOfficeID", "ID", "BorderTransportMeans", "VehicleQuantity")
_CONFIRMATIONS = ("MT4401", "MT4402")
ALONE = ("MT4403", "MT4404", "MT4405", "MT4406")
"""Confirmations of vehicles without cargo: there is no manifest beside them."""
_CONTAINER = "CN"
_KILOGRAMS = {"KGM": Decimal(1), "TNE": Decimal(1000)}


def amend(contents: Sequence[bytes], change: Change, issuer: Issuer) -> tuple[bytes, ...]:
    """The manifest and the confirmation again, changed; a place is looked for in the manifest first.

    Raises:
        NoSuchPlace: No document has the place of a change.
    """
    roots = [xml_root(content) for content in contents]
    for place, text in change.values.items():
        _change_somewhere(roots, place, text)
    return tuple(xml_bytes(_reissued(root, _CHANGE, change.reason, issuer)) for root in roots)


def withdraw(contents: Sequence[bytes], reason: str, issuer: Issuer) -> tuple[bytes, ...]:
    """The deletion of the manifest; of one vehicle of a batch, that of its confirmation."""
    roots = [xml_root(content) for content in contents]
    if _without_cargo(roots[0]):
        return (xml_bytes(_reissued(_keys_of_alone(roots[0]), _DELETION, reason, issuer)),)
    if not _of_batch(roots[-1]):
        return (xml_bytes(_reissued(roots[0], _DELETION, reason, issuer)),)
    return (xml_bytes(_reissued(_keys_of(roots[-1]), _DELETION, reason, issuer)),)


def _of_batch(root: Element) -> bool:
    """Whether a document is the confirmation of one vehicle of a batch."""
    return root.find(f"{_D}/{{*}}VehicleQuantity") is not None


def _without_cargo(root: Element) -> bool:
    """Whether a document is the confirmation of a vehicle without cargo, which has no manifest."""
    return _text(root, "{*}Head/{*}MessageType") in ALONE


def _keys_of(confirmation: Element) -> Element:
    """A confirmation without all but what it is known by."""
    declaration = confirmation.find(_D)
    means = confirmation.find(f"{_D}/{{*}}BorderTransportMeans")
    for parent, kept in ((declaration, _KEYS), (means, ("SequenceNumeric",))):
        for child in list(parent) if parent is not None else ():
            if parent is not None and etree.QName(child).localname not in kept:
                parent.remove(child)
    return confirmation


def _keys_of_alone(confirmation: Element) -> Element:
    """The same of a vehicle without cargo: with the numbers of its empty containers, where it has any."""
    containers = [
        equipment
        for equipment in confirmation.iterfind(f"{_D}/{{*}}BorderTransportMeans/{{*}}TransportEquipment")
        if _text(equipment, "{*}TypeCode") == _CONTAINER
    ]
    _keys_of(confirmation)
    for child in [child for equipment in containers for child in equipment]:
        parent = child.getparent()
        if parent is not None and etree.QName(child).localname not in ("ID", "TypeCode"):
            parent.remove(child)
    for means in confirmation.findall(f"{_D}/{{*}}BorderTransportMeans"):
        means.extend(containers)
        parent = means.getparent()
        if parent is not None and not containers:
            parent.remove(means)
    return confirmation


def _change_somewhere(roots: Sequence[Element], place: str, text: str | None) -> None:
    for root in roots[:-1]:
        try:
            change_place(root, place, text)
        except NoSuchPlace:
            continue
        return
    change_place(roots[-1], place, text)


def _reissued(root: Element, function: str, reason: str, issuer: Issuer) -> Element:
    message_type = _text(root, "{*}Head/{*}MessageType")
    at = issuer.moment().astimezone(BEIJING)
    sender = _text(root, "{*}Head/{*}MessageID").split("_")[-2]
    change_place(root, "/Manifest/Head/MessageID", message_id(message_type, at, sender))
    change_place(root, "/Manifest/Head/SendTime", milliseconds(at))
    change_place(root, "/Manifest/Head/FunctionCode", function)
    if message_type not in _CONFIRMATIONS or _of_batch(root):
        _give_reason(root, reason)
    # The indentation of what was lodged would otherwise stand beside that of what is new.
    etree.indent(root)
    return root


def _give_reason(root: Element, reason: str) -> None:
    declaration = root.find("{*}Declaration")
    if declaration is None:
        raise NoSuchPlace("the manifest has no /Manifest/Declaration")
    for earlier in declaration.findall("{*}Amendment"):
        declaration.remove(earlier)
    namespace = etree.QName(root).namespace
    amendment = etree.Element(f"{{{namespace}}}Amendment")
    etree.SubElement(amendment, f"{{{namespace}}}ChangeReasonCode").text = reason
    # Alphabetical among the classes: after whatever of these comes before it.
    before = [child for name in _BEFORE_AMENDMENT for child in declaration.findall(f"{{*}}{name}")]
    declaration.insert(max((declaration.index(child) for child in before), default=-1) + 1, amendment)


_BEFORE_AMENDMENT = ("DeclarationOfficeID", "ID", "AdditionalInformation", "Agent")


def movement(contents: Sequence[bytes]) -> Movement:
    """What a manifest, and its confirmation if there is one, say about the movement."""
    manifest, *confirmations = (xml_root(content) for content in contents)
    if _without_cargo(manifest):
        confirmations = [manifest]
    truck = confirmations[-1] if confirmations else None
    office = next(
        (
            text
            for root in (truck, manifest)
            if root is not None and (text := _text(root, f"{_D}/{{*}}DeclarationOfficeID"))
        ),
        "",
    )
    carried = truck if truck is not None and _of_batch(truck) else manifest
    consignments = tuple(
        _consignment(number, element) for number, element in enumerate(carried.findall(f"{_D}/{{*}}Consignment"), 1)
    )
    masses = [consignment.gross_mass_kg for consignment in consignments]
    return Movement(
        exit_office=office,
        entry_office=office,
        plates=() if truck is None else _plates(truck),
        seals=()
        if truck is None
        else tuple(dict.fromkeys(_texts(truck, f"{_D}/{{*}}*/{{*}}TransportEquipment/{{*}}SealID"))),
        gross_mass_kg=sum((mass for mass in masses if mass is not None), Decimal(0)) if any(masses) else None,
        consignments=consignments,
    )


def _plates(truck: Element) -> tuple[str, ...]:
    means = f"{_D}/{{*}}BorderTransportMeans"
    trailers = [
        _text(equipment, "{*}ID")
        for equipment in truck.iterfind(f"{means}/{{*}}TransportEquipment")
        if _text(equipment, "{*}TypeCode") != _CONTAINER
    ]
    return tuple(_texts(truck, f"{means}/{{*}}ID") + [plate for plate in trailers if plate])


def _consignment(number: int, consignment: Element) -> SeenConsignment:
    packages, value = (consignment.find(f"{{*}}{name}") for name in ("TotalPackageQuantity", "ValueAmount"))
    mass = consignment.find("{*}GovernmentAgencyGoodsItem/{*}GoodsMeasure/{*}GrossMassMeasure")
    codes = _texts(consignment, "{*}ConsignmentItem/{*}Commodity/{*}Classification/{*}ID")
    return SeenConsignment(
        number=number,
        waybill=_text(consignment, "{*}TransportContractDocument/{*}ID"),
        # Four digits are the UN number of dangerous goods.
        subheadings=tuple(dict.fromkeys(code[:6] for code in codes if len(code) >= 6)),
        packages=None if packages is None or not packages.text else int(Decimal(packages.text)),
        package_type="" if packages is None else packages.get("unitCode", ""),
        gross_mass_kg=None
        if mass is None or not mass.text or mass.get("unitCode") not in _KILOGRAMS
        else Decimal(mass.text) * _KILOGRAMS[mass.get("unitCode", "")],
        value=None if value is None or not value.text else Decimal(value.text),
        currency="" if value is None else value.get("currencyID", ""),
    )


def _text(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _texts(element: Element, path: str) -> list[str]:
    return [text for found in element.iterfind(path) if (text := (found.text or "").strip())]
