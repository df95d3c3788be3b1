"""Places in Kyrgyz preliminary information and the same places in the common form, for the errors of a response.

An error of a `ResultNotice` names an XPath; one of a WCO Response a chain of pointers. Only places that both sides can
name are here; an error about any other keeps its words and has no pointer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from gateway.message.metadata import DeclarationMessage
from gateway.message.parts import Pointer
from gateway.message.place import wco_pointers

_CONSIGNMENT = "MainConsignmentDetails/ConsignmentDetails[1]"
_GOODS = f"{_CONSIGNMENT}/GoodsItem[2]"
_ITEM = "/Declaration/Consignment/{0}/ConsignmentItem/{1}"
_VEHICLE = "BorderTransportDetails/PIATTransportMeansItemDetails"

PLACES: Mapping[str, str] = {
    "EntryCheckPointDetails": "/Declaration/EntryOffice",
    "EntryCheckPointDetails/BorderCheckpointCode": "/Declaration/EntryOffice/ID",
    "EntryCheckPointDetails/CustomsOfficeCode": "/Declaration/EntryOffice/ID",
    "ExitCheckPointDetails/CustomsOfficeCode": "/Declaration/ExitOffice/ID",
    "EECEDocHeaderAddInfo/EDocDateTime": "/Declaration/IssueDateTime",
    "PlannedArrivalDateTime": "/Declaration/BorderTransportMeans/ArrivalDateTime",
    "DeclarantDetails": "/Declaration/Declarant",
    "DeclarantDetails/OrganizationName": "/Declaration/Declarant/Name",
    "CarrierDetails": "/Declaration/Carrier",
    "CarrierDetails/OrganizationName": "/Declaration/Carrier/Name",
    "BorderTransportDetails": "/Declaration/BorderTransportMeans",
    "BorderTransportDetails/TransportModeCode": "/Declaration/BorderTransportMeans/ModeCode",
    f"{_VEHICLE}[1]/TransportMeansRegId": "/Declaration/BorderTransportMeans/ID",
    f"{_VEHICLE}[1]/TransportMeansCountryCode": "/Declaration/BorderTransportMeans/RegistrationNationalityCode",
    "MainConsignmentDetails/TotalGrossMassMeasure": "/Declaration/TotalGrossMassMeasure",
    "MainConsignmentDetails/CargoQuantity": "/Declaration/TotalPackageQuantity",
    "MainConsignmentDetails/GoodsQuantity": "/Declaration/GoodsItemQuantity",
    "MainConsignmentDetails/TIRCarnetIdDetails": "/Declaration/ObligationGuarantee/0",
    "MainConsignmentDetails/TIRCarnetIdDetails/TIRID": "/Declaration/ObligationGuarantee/0/ReferenceID",
    _CONSIGNMENT: "/Declaration/Consignment/{0}",
    f"{_CONSIGNMENT}/TransportDocumentDetails/PrDocumentNumber": (
        "/Declaration/Consignment/{0}/TransportContractDocument/ID"
    ),
    f"{_CONSIGNMENT}/CargoQuantity": "/Declaration/Consignment/{0}/TotalPackageQuantity",
    f"{_CONSIGNMENT}/GrossWeightQuantity": "/Declaration/Consignment/{0}/TotalGrossMassMeasure",
    f"{_CONSIGNMENT}/TotalAmount": "/Declaration/Consignment/{0}/ValueAmount",
    f"{_CONSIGNMENT}/DispatchCountryCode": "/Declaration/Consignment/{0}/ExportCountry/ID",
    f"{_CONSIGNMENT}/DestinationCountryCode": "/Declaration/Consignment/{0}/Destination/CountryCode",
    f"{_CONSIGNMENT}/ConsignorDetails": "/Declaration/Consignment/{0}/Consignor",
    f"{_CONSIGNMENT}/ConsignorDetails/OrganizationName": "/Declaration/Consignment/{0}/Consignor/Name",
    f"{_CONSIGNMENT}/ConsigneeDetails": "/Declaration/Consignment/{0}/Consignee",
    f"{_CONSIGNMENT}/ConsigneeDetails/OrganizationName": "/Declaration/Consignment/{0}/Consignee/Name",
    f"{_CONSIGNMENT}/ContainerDetails[2]/ContainerNumber": "/Declaration/Consignment/{0}/TransportEquipment/{1}/ID",
    _GOODS: _ITEM,
    f"{_GOODS}/GoodsTNVEDCode": f"{_ITEM}/Commodity/Classification/0/ID",
    f"{_GOODS}/GoodsDescription": f"{_ITEM}/Commodity/Description",
    f"{_GOODS}/GrossWeightQuantity": f"{_ITEM}/GoodsMeasure/GrossMassMeasure",
    f"{_GOODS}/NetWeightQuantity": f"{_ITEM}/GoodsMeasure/NetNetWeightMeasure",
    f"{_GOODS}/OriginCountryDetails/CountryCode": f"{_ITEM}/Origin/CountryCode",
    f"{_GOODS}/CAValueAmount": f"{_ITEM}/ValueAmount",
}
"""XPath below the root → JSON Pointer. `[1]` and `[2]` stand for the first and the second position that a path names,
but for vehicles, where `[1]` is the tractor. Of two paths for one pointer the first is written: an ExportPreliminary
has the neighbour's post in `BorderCheckpointCode`, an AutoPreliminary the Kyrgyz one in `CustomsOfficeCode`."""

_STEP = re.compile(
    r"(?:[A-Za-z_][\w.\-]*:|\*\[local-name\(\)='(?=\w))?(?P<name>[A-Za-z_]\w*)(?:'\])?(?:\[(?P<at>[0-9]{1,5})\])?"
)
_MANY = ("ConsignmentDetails", "GoodsItem", "ContainerDetails")


def wco_chain(xpath: str) -> tuple[Pointer, ...]:
    """The chain of WCO pointers of an XPath in preliminary information; empty where it names no place we know."""
    positions: list[int] = []
    names: list[str] = []
    for part in xpath.strip("/").split("/")[1:]:
        step = _STEP.fullmatch(part)
        if step is None:
            return ()
        if step["name"] in _MANY:
            positions.append(int(step["at"] or "1"))
            names.append(f"{step['name']}[{len(positions)}]")
        elif step["name"] == "PIATTransportMeansItemDetails":
            names.append(f"{step['name']}[{step['at'] or '1'}]")
        else:
            names.append(step["name"])
    pointer = PLACES.get("/".join(names))
    if pointer is None or not all(positions):
        return ()
    return wco_pointers(pointer.format(*(at - 1 for at in positions)), DeclarationMessage)


def xpath_of_chain(chain: tuple[Pointer, ...]) -> str:
    """The XPath in an ExportPreliminary of a chain of WCO pointers; "" where it names no place we know."""
    classes = tuple(step.document_section_code or "" for step in chain)
    tag = chain[-1].tag_id if chain else None
    path = _by_chain().get((classes, tag or ""))
    if path is None:
        return ""
    positions = [step.sequence_numeric or 1 for step in chain if step.document_section_code in ("28A", "29A", "31B")]
    for name in _MANY:
        at = re.search(rf"{name}\[(\d)\]", path)
        if at is not None and int(at[1]) <= len(positions):
            path = path.replace(at[0], f"{name}[{positions[int(at[1]) - 1]}]")
    return f"/ExportPreliminary/{path}"


@cache
def _by_chain() -> dict[tuple[tuple[str, ...], str], str]:
    found: dict[tuple[tuple[str, ...], str], str] = {}
    for path, pointer in PLACES.items():
        chain = wco_pointers(pointer.format(0, 0), DeclarationMessage)
        if chain:
            key = tuple(step.document_section_code or "" for step in chain)
            found.setdefault((key, chain[-1].tag_id or ""), path)
    return found
