"""Parties in Kazakh documents, both directions.

A resident of Kazakhstan has a BIN or an IIN. A non-resident is said to be one, has twelve zeros in place of the BIN,
and beside them the identifier that its own country gave. Nobody's name is transliterated: what other scripts the
document offers is not carried, and said not to be.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from adapters.kz.codes import NO_NUMBER
from adapters.kz.form import COUNTRY
from adapters.kz.layout import Leaf, Own, Part, Row, pointer_to
from adapters.kz.values import CODE, TEXT
from gateway.message.finding import Severity
from gateway.message.parts import Address, Communication

if TYPE_CHECKING:
    from lxml import etree

    from adapters.kit.xml_sheet import XmlSheet
    from adapters.kit.xml_source import XmlSource

_NUMBER = re.compile(r"[0-9]{12}")


def _read_identifier(source: XmlSource, node: etree._Element | None, pointer: str) -> dict[str, Any]:
    here = pointer_to(pointer, "id")
    number_node = next((found for name in ("BIN", "IIN") if source.text(found := source.first(node, name))), None)
    foreign_node = source.first(node, "ForeignTaxpayerId")
    said = source.first(node, "NonResidentIndicator")
    abroad = source.text(said) in ("1", "true")
    if not abroad and source.text(said) in ("0", "false"):
        source.take(said)
    if source.text(number_node) == NO_NUMBER:
        source.take(number_node, here)
        if not abroad:
            source.say("KZ-007", Severity.REJECT, here, NO_NUMBER, number_node)
        source.take(said)
        return {"id": source.take(foreign_node, here)}
    number = source.take(number_node, here)
    if number is not None:
        return {"id": number}  # an identifier of another country beside it, or the indicator, is reported as left
    foreign = source.take(foreign_node, here)
    if abroad and _is_abroad(source, node):
        source.take(said)
    return {"id": foreign}


def _is_abroad(source: XmlSource, node: etree._Element | None) -> bool:
    country = source.text(source.first(source.first(node, "SubjectAddressDetails"), "UnifiedCountryCode"))
    return country not in ("", COUNTRY)


def _write_identifier(sheet: XmlSheet, node: etree._Element, party: Any, pointer: str) -> None:
    here = pointer_to(pointer, "id")
    country = party.address.country_code if party.address is not None else None
    if country == COUNTRY and _NUMBER.fullmatch(party.id or "") and party.id != NO_NUMBER:
        sheet.put(node, "BIN" if party.id[4] in "456789" else "IIN", party.id, here)
        return
    if country not in (None, COUNTRY):
        sheet.put(node, "BIN", NO_NUMBER)
        sheet.put(node, "NonResidentIndicator", True)
    sheet.put(node, "ForeignTaxpayerId", party.id, here)


ADDRESS: tuple[Row, ...] = (
    Leaf("AddressKindCode", "type_code", CODE),
    Leaf("UnifiedCountryCode", "country_code", CODE),
    Leaf("RegionName", "country_sub_division_name", TEXT),
    Leaf("CityName", "city_name", TEXT),
    Leaf("AddressText", "line", TEXT),
    Leaf("PostCode", "postcode_id", CODE),
)
COMMUNICATION: tuple[Row, ...] = (
    Leaf("CommunicationChannelCode", "type_code", CODE),
    Leaf("CommunicationChannelId", "id", CODE),
)
PARTY: tuple[Row, ...] = (
    Leaf("SubjectName", "name", TEXT),
    Own(
        ("BIN", "IIN", "NonResidentIndicator", "ForeignTaxpayerId"),
        ("id",),
        _read_identifier,
        _write_identifier,
    ),
    Part("SubjectAddressDetails", "address", Address, ADDRESS),
    Part("CommunicationDetails", "communication", Communication, COMMUNICATION),
)
