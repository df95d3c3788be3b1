"""Parties in Kyrgyz documents: names, identifiers, addresses, ways to reach them. Both directions.

The identifier goes into the block of the country that gave it (tax number of Kyrgyzstan, Kazakhstan, Russia, Belarus,
Armenia); one of any other country, such as a Chinese USCC, into `UITN` with that country's code. `UITN` (unique
identification customs number) is the only place of the official schema for an identifier formed by the rules of another
country; that a tax number may stand there is plausible.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from adapters.kg.codes import CHANNELS
from gateway.message.element import WcoClass
from gateway.message.finding import Severity
from gateway.message.parts import Address, Carrier, Communication

if TYPE_CHECKING:
    from lxml import etree

    from adapters.kit.xml_sheet import XmlSheet
    from adapters.kit.xml_source import XmlSource

P = TypeVar("P", bound=WcoClass)
Party = Any
"""Carrier, Consignee, Consignor or Declarant: classes with the same attributes and no common base."""

_BLOCKS: Mapping[str, tuple[tuple[str, str, re.Pattern[str]], ...]] = {
    "KG": (("c:KGOrganizationFeatures", "c:KGINN", re.compile(r"[0-9]{14}")),),
    "KZ": (
        ("c:RKOrganizationFeatures", "c:BIN", re.compile(r"[0-9]{4}[456][0-9]{7}")),
        ("c:RKOrganizationFeatures", "c:IIN", re.compile(r"[0-9]{12}")),
    ),
    "RU": (("c:RFOrganizationFeatures", "c:INN", re.compile(r"[0-9]{10}|[0-9]{12}")),),
    "BY": (("c:RBOrganizationFeatures", "c:UNP", re.compile(r"[0-9]{9}")),),
    "AM": (
        ("c:RAOrganizationFeatures", "c:UNN", re.compile(r"[0-9]{8}")),
        ("c:RAOrganizationFeatures", "c:SocialServiceNumber", re.compile(r"[0-9]{10}")),
    ),
}
"""Country → block, element and shape of its identifiers, as in the official schema. A Kazakh BIN differs from an IIN by
its fifth digit, 4 to 6."""

_MOST_NAME = 70  # Text70 in the common form; the national form has 150


def read_party(source: XmlSource, node: etree._Element | None, cls: type[P], pointer: str) -> P | None:
    """A party of the common form.

    Args:
        source: The document.
        node: The part that names the party.
        cls: Class to make.
        pointer: JSON Pointer that the party will have.
    """
    if node is None:
        return None
    return source.make(
        cls,
        pointer,
        node,
        {
            "id": _read_identifier(source, node, f"{pointer}/ID"),
            "name": _read_name(source, node, f"{pointer}/Name"),
            "address": _read_party_address(source, node, f"{pointer}/Address"),
            "communication": _read_communication(source, node, f"{pointer}/Communication"),
        },
    )


def _read_name(source: XmlSource, node: etree._Element, pointer: str) -> str | None:
    name = source.words(source.first(node, "c:OrganizationName"), pointer)
    short = source.first(node, "c:ShortName")
    if (name is None or len(name) > _MOST_NAME) and short is not None:
        if name is not None:
            full = source.first(node, "c:OrganizationName")
            source.say("KIT-FIT-01", Severity.WARN, pointer, name, full)
        return source.words(short, pointer)
    return name


def _read_identifier(source: XmlSource, node: etree._Element, pointer: str) -> str | None:
    for blocks in _BLOCKS.values():
        for block, name, _ in blocks:
            if value := source.value(source.first(node, block), name, pointer):
                return value
    uitn = source.first(node, "r:UITN")
    if value := source.value(uitn, "r:UITNCode", pointer):
        country = source.first(uitn, "r:CountryCode")
        if country is not None and (country.text or "").strip() in _countries(source, node):
            source.take(country)
        return value
    return source.value(node, "r:PersonId", pointer)


def _countries(source: XmlSource, node: etree._Element) -> set[str]:
    there = (
        source.first(node, "r:CountryA2Code"),
        source.first(source.first(node, "r:SubjectAddressDetails"), "r:CountryCode"),
    )
    return {(found.text or "").strip() for found in there if found is not None}


def _read_party_address(source: XmlSource, node: etree._Element, pointer: str) -> Address | None:
    details = source.first(node, "r:SubjectAddressDetails")
    of_party = source.first(node, "r:CountryA2Code")
    address = read_address(source, details, pointer)
    if of_party is None:
        return address
    country = (of_party.text or "").strip()
    if address is None or address.country_code is None:
        known = {} if address is None else {name: getattr(address, name) for name in type(address).model_fields}
        taken = source.take(of_party, f"{pointer}/CountryCode")
        return source.make(Address, pointer, of_party, {**known, "country_code": taken})
    if address.country_code == country:
        source.take(of_party)
    return address


def read_address(source: XmlSource, node: etree._Element | None, pointer: str) -> Address | None:
    """An address of the common form. House and room follow the street, separated by commas."""
    if node is None:
        return None
    street = [
        source.words(source.first(node, f"r:{name}"), f"{pointer}/Line") for name in ("StreetHouse", "House", "Room")
    ]
    line = ", ".join(part for part in street if part) or source.words(
        source.first(node, "r:AddressText"), f"{pointer}/Line"
    )
    city = source.first(node, "r:City")
    return source.make(
        Address,
        pointer,
        node,
        {
            "city_name": source.words(source.first(node, "r:Town") if city is None else city, f"{pointer}/CityName"),
            "country_code": source.value(node, "r:CountryCode", f"{pointer}/CountryCode"),
            "country_sub_division_name": source.words(
                source.first(node, "r:Region"), f"{pointer}/CountrySubDivisionName"
            ),
            "line": line,
            "postcode_id": source.value(node, "r:PostalCode", f"{pointer}/PostcodeID"),
            "type_code": source.value(node, "r:AddressKindCode", f"{pointer}/TypeCode"),
        },
    )


def _read_communication(source: XmlSource, node: etree._Element, pointer: str) -> tuple[Communication, ...]:
    details = source.first(node, "r:CommunicationDetails")
    found = [(channel, element) for channel, name in CHANNELS.items() for element in source.all(details, f"c:{name}")]
    kept = source.at_most([element for _, element in found], 9)
    done: list[Communication] = []
    for channel, element in found[: len(kept)]:
        here = f"{pointer}/{len(done)}"
        number = source.take(element, f"{here}/ID")
        if number is None:
            continue
        made = source.make(Communication, here, element, {"id": number, "type_code": channel})
        done += [] if made is None else [made]
    return tuple(done)


def write_party(sheet: XmlSheet, parent: etree._Element, name: str, party: Party, pointer: str) -> etree._Element:
    """A party in the national form, at the end of its parent.

    Returns:
        The part, to which more may be added.
    """
    node = sheet.part(parent, name)
    sheet.put(node, "c:OrganizationName", party.name, f"{pointer}/Name", most=150)
    country = party.address.country_code if party.address is not None else None
    foreign = _write_identifier(sheet, node, party.id, country, f"{pointer}/ID")
    sheet.put(node, "r:CountryA2Code", country, f"{pointer}/Address/CountryCode")
    if foreign:
        uitn = sheet.part(node, "r:UITN")
        sheet.put(uitn, "r:UITNCode", foreign, f"{pointer}/ID", most=40)
        sheet.put(uitn, "r:CountryCode", country)
    if party.address is not None:
        write_address(sheet, node, "r:SubjectAddressDetails", party.address, f"{pointer}/Address")
    _write_communication(sheet, node, party.communication, f"{pointer}/Communication")
    return node


def _write_identifier(
    sheet: XmlSheet, node: etree._Element, value: str | None, country: str | None, pointer: str
) -> str | None:
    """The identifier in the block of its country; one that has none is handed back for `UITN`."""
    if value is None or country is None or country not in _BLOCKS:
        return value
    for block, name, shape in _BLOCKS[country]:
        if shape.fullmatch(value):
            sheet.put(sheet.part(node, block), name, value, pointer)
            return None
    sheet.unfit(pointer, value)
    return None


def write_address(sheet: XmlSheet, parent: etree._Element, name: str, address: Address, pointer: str) -> None:
    """An address in the national form, at the end of its parent; a long line goes in as free text."""
    node = sheet.part(parent, name)
    sheet.put(node, "r:AddressKindCode", address.type_code, f"{pointer}/TypeCode")
    sheet.put(node, "r:PostalCode", address.postcode_id, f"{pointer}/PostcodeID")
    sheet.put(node, "r:CountryCode", address.country_code, f"{pointer}/CountryCode")
    sheet.put(node, "r:Region", address.country_sub_division_name, f"{pointer}/CountrySubDivisionName")
    sheet.put(node, "r:City", address.city_name, f"{pointer}/CityName")
    long = address.line is not None and len(address.line) > 120
    sheet.put(node, "r:AddressText" if long else "r:StreetHouse", address.line, f"{pointer}/Line")
    if len(node) == 0:
        parent.remove(node)


def _write_communication(sheet: XmlSheet, node: etree._Element, ways: tuple[Communication, ...], pointer: str) -> None:
    details = sheet.part(node, "r:CommunicationDetails")
    for channel, name in CHANNELS.items():
        several = name in ("Phone", "E_mail")
        there = [(at, way.id) for at, way in enumerate(ways) if way.type_code == channel]
        for at, number in there if several else there[:1]:
            most = 50 if name == "E_mail" else 24
            if sheet.put(details, f"c:{name}", number, f"{pointer}/{at}/ID", most=most) is not None:
                sheet.said.add(f"{pointer}/{at}/TypeCode")
    if len(details) == 0:
        node.remove(details)


def same_party(one: Carrier | None, other: Party) -> bool:
    """Whether two parties of different classes say the same."""
    names = ("id", "name", "address", "communication")
    return one is not None and all(getattr(one, name) == getattr(other, name) for name in names)
