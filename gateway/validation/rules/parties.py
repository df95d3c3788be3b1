"""Rules about consignor, consignee, carrier and authorised economic operators."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gateway.message.finding import Severity
from gateway.message.metadata import DeclarationMessage
from gateway.validation.rule import Context, Hit, rule
from gateway.validation.walk import consignments, country_of, is_complete, parties

NO_KZ_NUMBER = "0" * 12
"""What stands in the place of a Kazakh number for a party that is not a resident."""
_AEO = re.compile(r"AEO[A-Z]{2}[0-9A-Z]{4,12}")


@rule(
    "ACD-PTY-01",
    Severity.REJECT,
    "Consignor and consignee have a name and a country",
    source="data common to the known exchanges: Chinese road manifest, EAEU preliminary information",
    about=DeclarationMessage,
)
def named_with_country(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """Name and Address/CountryCode of both; a party that is not there at all is reported by ACD-MAN-01."""
    if not is_complete(message.declaration):
        return
    for pointer, consignment in consignments(message):
        for name, party in (("Consignee", consignment.consignee), ("Consignor", consignment.consignor)):
            if party is None:
                continue
            if party.name is None:
                yield Hit(f"{pointer}/{name}/Name", "", {"name": name})
            if country_of(party.address) is None:
                yield Hit(f"{pointer}/{name}/Address/CountryCode", "", {"name": name})


@rule(
    "ACD-PTY-02",
    Severity.WARN,
    "Twelve zeros stand for a Kazakh number only where the party is not a resident of Kazakhstan",
    source="practice of Kazakh declarants: non-residents are filled with twelve zeros",
    about=DeclarationMessage,
)
def zeros_for_non_residents(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """A party at an address in Kazakhstan is a resident."""
    for pointer, party in parties(message):
        if party.id == NO_KZ_NUMBER and country_of(party.address) == "KZ":
            yield Hit(f"{pointer}/ID", party.id)


@rule(
    "ACD-PTY-03",
    Severity.WARN,
    "The carrier is identified, and an AEO number has the agreed form",
    source="EAEU road preliminary information: carrier; GACC notice 2019/101: AEOCN and ten digits",
    about=DeclarationMessage,
)
def carrier_identified(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """Carrier/ID is there; an AEO number is `AEO`, the country and 4 to 12 characters."""
    carrier = message.declaration.carrier
    if carrier is not None and carrier.id is None and is_complete(message.declaration):
        yield Hit("/Declaration/Carrier/ID", "", {"name": "ID"})
    for pointer, consignment in consignments(message):
        for index, operator in enumerate(consignment.aeo_mutual_recognition_party):
            if operator.id is not None and not _AEO.fullmatch(operator.id):
                yield Hit(f"{pointer}/AEOMutualRecognitionParty/{index}/ID", operator.id, {"name": "ID"})


RULES = (named_with_country, zeros_for_non_residents, carrier_identified)
