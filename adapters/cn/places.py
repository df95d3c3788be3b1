"""Where an element of China's forms stands in the common form, and the other way round.

For the faults of a reply: the window points with XPath into its own document, the common form with the chain of WCO
class and element IDs. `*` stands for the position in a list. README.md has the same table with what is lost.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from gateway.message.metadata import DeclarationMessage
from gateway.message.parts import Pointer
from gateway.message.place import wco_pointers

_CONSIGNMENT = "/Manifest/Declaration/Consignment"
_CARRIED = "/Declaration/Consignment/*"
_MEANS = "/Manifest/Declaration/BorderTransportMeans"
_VEHICLE = "/Declaration/BorderTransportMeans"


def _party(name: str) -> dict[str, str]:
    return {
        f"{_CONSIGNMENT}/{name}{part}": f"{_CARRIED}/{name}{to}"
        for part, to in (
            ("/ID", "/ID"),
            ("/Name", "/Name"),
            ("/Address/Line", "/Address/Line"),
            ("/Communication/ID", "/Communication/*/ID"),
            ("/Communication/TypeID", "/Communication/*/TypeCode"),
            ("/Contact/Name", "/Contact/Name"),
            ("/Contact/Communication/ID", "/Contact/Communication/*/ID"),
            ("/Contact/Communication/TypeID", "/Contact/Communication/*/TypeCode"),
        )
        if name == "NotifyParty" or not part.startswith("/Address")
        if name == "Consignee" or not part.startswith("/Contact")
    }


PLACES: Mapping[str, str] = MappingProxyType(
    {
        "/Manifest/Head/FunctionCode": "/Declaration/FunctionCode",
        "/Manifest/Head/SendTime": "/Declaration/IssueDateTime",
        "/Manifest/Head/SenderID": "/Declaration/Submitter/ID",
        "/Manifest/Declaration/DeclarationOfficeID": "/Declaration/DeclarationOfficeID",
        "/Manifest/Declaration/ID": "/Declaration/FunctionalReferenceID",
        "/Manifest/Declaration/AdditionalInformation/Content": (
            "/Declaration/AdditionalInformation/*/StatementDescription"
        ),
        "/Manifest/Declaration/Agent/ID": "/Declaration/Agent/ID",
        "/Manifest/Declaration/Amendment/ChangeReasonCode": "/Declaration/Amendment/*/ChangeReasonCode",
        f"{_MEANS}/ArrivalDateTime": f"{_VEHICLE}/ArrivalDateTime",
        f"{_MEANS}/ID": f"{_VEHICLE}/ID",
        f"{_MEANS}/Name": f"{_VEHICLE}/RegistrationNationalityCode",
        f"{_MEANS}/TypeCode": f"{_VEHICLE}/ModeCode",
        f"{_MEANS}/Itinerary/RoutingCountryCode": f"{_VEHICLE}/Itinerary/*/RoutingCountryCode",
        f"{_MEANS}/Master/ID": f"{_VEHICLE}/Master/*/ID",
        f"{_MEANS}/Master/Name": f"{_VEHICLE}/Master/*/Name",
        f"{_MEANS}/TransportEquipment/ID": f"{_VEHICLE}/TransportEquipment/*/ID",
        f"{_MEANS}/TransportEquipment/CharacteristicCode": f"{_VEHICLE}/TransportEquipment/*/CharacteristicCode",
        f"{_MEANS}/TransportEquipment/FullnessCode": f"{_VEHICLE}/TransportEquipment/*/FullnessCode",
        f"{_MEANS}/TransportEquipment/SealID": f"{_VEHICLE}/TransportEquipment/*/Seal/*/ID",
        f"{_MEANS}/TransportEquipment/TareWeight": f"{_VEHICLE}/TransportEquipment/*/TareWeightMeasure",
        f"{_MEANS}/TransportEquipment/TypeCode": f"{_VEHICLE}/TransportEquipment/*/TypeCode",
        "/Manifest/Declaration/Carrier/ID": "/Declaration/Carrier/ID",
        "/Manifest/Declaration/Carrier/Name": "/Declaration/Carrier/Name",
        f"{_CONSIGNMENT}/GrossVolumeMeasure": f"{_CARRIED}/GrossVolumeMeasure",
        f"{_CONSIGNMENT}/TotalPackageQuantity": f"{_CARRIED}/TotalPackageQuantity",
        f"{_CONSIGNMENT}/ValueAmount": f"{_CARRIED}/ValueAmount",
        f"{_CONSIGNMENT}/BorderTransportMeans/Itinerary/RoutingCountryCode": (
            f"{_CARRIED}/Itinerary/*/RoutingCountryCode"
        ),
        **_party("Consignee"),
        f"{_CONSIGNMENT}/ConsignmentItem/SequenceNumeric": f"{_CARRIED}/ConsignmentItem/*/SequenceNumeric",
        f"{_CONSIGNMENT}/ConsignmentItem/Commodity/CargoDescription": (
            f"{_CARRIED}/ConsignmentItem/*/Commodity/CargoDescription"
        ),
        f"{_CONSIGNMENT}/ConsignmentItem/Commodity/Description": (
            f"{_CARRIED}/ConsignmentItem/*/Commodity/Description"
        ),
        f"{_CONSIGNMENT}/ConsignmentItem/Commodity/Classification/ID": (
            f"{_CARRIED}/ConsignmentItem/*/Commodity/Classification/*/ID"
        ),
        f"{_CONSIGNMENT}/ConsignmentItem/GoodsMeasure/GrossMassMeasure": (
            f"{_CARRIED}/ConsignmentItem/*/GoodsMeasure/GrossMassMeasure"
        ),
        f"{_CONSIGNMENT}/ConsignmentItem/Packaging/QuantityQuantity": (
            f"{_CARRIED}/ConsignmentItem/*/Packaging/*/QuantityQuantity"
        ),
        **_party("Consignor"),
        f"{_CONSIGNMENT}/Freight/PaymentMethodCode": f"{_CARRIED}/Freight/PaymentMethodCode",
        f"{_CONSIGNMENT}/GovernmentAgencyGoodsItem/GoodsMeasure/GrossMassMeasure": (
            f"{_CARRIED}/TotalGrossMassMeasure"
        ),
        f"{_CONSIGNMENT}/GovernmentProcedure/CurrentCode": f"{_CARRIED}/GovernmentProcedure/CurrentCode",
        **_party("NotifyParty"),
        f"{_CONSIGNMENT}/TransitDeparture/ID": f"{_CARRIED}/TransitDeparture/ID",
        f"{_CONSIGNMENT}/TransitDestination/ID": f"{_CARRIED}/TransitDestination/ID",
        f"{_CONSIGNMENT}/TransportContractDocument/ConditionCode": (
            f"{_CARRIED}/TransportContractDocument/ConditionCode"
        ),
        f"{_CONSIGNMENT}/TransportContractDocument/ID": f"{_CARRIED}/TransportContractDocument/ID",
        f"{_CONSIGNMENT}/TransportContractDocument/Consolidator/ID": f"{_CARRIED}/Consolidator/ID",
        f"{_CONSIGNMENT}/TransportContractDocument/Deconsolidator/ID": f"{_CARRIED}/Deconsolidator/ID",
        f"{_CONSIGNMENT}/TransportEquipment/ID": f"{_CARRIED}/TransportEquipment/*/ID",
        f"{_CONSIGNMENT}/TransportEquipment/CharacteristicCode": (
            f"{_CARRIED}/TransportEquipment/*/CharacteristicCode"
        ),
        f"{_CONSIGNMENT}/TransportEquipment/FullnessCode": f"{_CARRIED}/TransportEquipment/*/FullnessCode",
        f"{_CONSIGNMENT}/TransportEquipment/SealID": f"{_CARRIED}/TransportEquipment/*/Seal/*/ID",
        f"{_CONSIGNMENT}/UNDGContact/Name": f"{_CARRIED}/UNDGContact/Name",
        f"{_CONSIGNMENT}/UNDGContact/Communication/ID": f"{_CARRIED}/UNDGContact/Communication/*/ID",
        f"{_CONSIGNMENT}/UNDGContact/Communication/TypeID": f"{_CARRIED}/UNDGContact/Communication/*/TypeCode",
        "/Manifest/Declaration/LoadingLocation/ID": f"{_CARRIED}/LoadingLocation/ID",
        "/Manifest/Declaration/LoadingLocation/LoadingDateTime": f"{_CARRIED}/LoadingLocation/LoadingDateTime",
        "/Manifest/Declaration/RepresentativePerson/Name": "/Declaration/RepresentativePerson/Name",
        "/Manifest/Declaration/UnloadingLocation/ArrivalDateTime": f"{_CARRIED}/UnloadingLocation/ArrivalDateTime",
        "/Manifest/Declaration/UnloadingLocation/ID": f"{_CARRIED}/UnloadingLocation/ID",
    }
)
"""XPath in a manifest or confirmation, without positions → JSON Pointer in the common form."""
_STEP = re.compile(r"([A-Za-z]+)(?:\[([1-9][0-9]{0,4})\])?")


def common_pointer(xpath: str) -> str | None:
    """JSON Pointer in the common form of an XPath in the national document; None where none is known."""
    steps = [_STEP.fullmatch(step) for step in xpath.rpartition("!")[2].split("/")[1:]]
    names = [(step[1], int(step[2] or 1) - 1) for step in steps if step]
    if len(names) != len(steps):
        return None
    target = PLACES.get("".join(f"/{name}" for name, _ in names))
    if target is None:
        return None
    positions = dict(names)
    parts = target.split("/")
    for index, part in enumerate(parts):
        if part == "*":
            # A seal is one element here and a class there.
            name = "SealID" if parts[index - 1] == "Seal" else parts[index - 1]
            parts[index] = str(positions.get(name, 0))
    return "/".join(parts)


def wco_chain(xpath: str) -> tuple[Pointer, ...]:
    """The chain of WCO pointers of an XPath in the national document; empty where none is known."""
    pointer = common_pointer(xpath)
    return wco_pointers(pointer, DeclarationMessage) if pointer else ()


def _key(chain: tuple[Pointer, ...]) -> tuple[tuple[str | None, str | None], ...]:
    return tuple((step.document_section_code, step.tag_id) for step in chain)


_BY_CHAIN: Mapping[tuple[tuple[str | None, str | None], ...], str] = MappingProxyType(
    {
        _key(wco_pointers(target.replace("*", "0"), DeclarationMessage)): xpath
        for xpath, target in reversed(list(PLACES.items()))
    }
)


def national_xpath(chain: tuple[Pointer, ...]) -> str | None:
    """XPath in the national document of a chain of WCO pointers; None where none is known."""
    xpath = _BY_CHAIN.get(_key(chain))
    if xpath is None:
        return None
    pointer = PLACES[xpath].replace("*", "0")
    sections = wco_pointers(pointer, DeclarationMessage)
    names = [name for name in PLACES[xpath].split("/")[1:] if name != "*"]
    positions: dict[str, int] = {}
    for name in names:
        part = pointer[: pointer.index(f"/{name}") + len(name) + 1]
        depth = len(wco_pointers(part, DeclarationMessage)) - 1
        if 0 <= depth < len(sections) and chain[depth].sequence_numeric and f"/{name}/*" in PLACES[xpath]:
            positions.setdefault("SealID" if name == "Seal" else name, chain[depth].sequence_numeric or 1)
    return "".join(f"/{name}[{positions[name]}]" if name in positions else f"/{name}" for name in xpath.split("/")[1:])
