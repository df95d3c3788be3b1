"""Seals: one list for the whole carriage in Kyrgyz documents, a list for each container and vehicle in the common form.

The description of a seal names the container or trailer that it is on; without one it is on the vehicle itself. That
use of `DescriptionText` is this project's; the official schema leaves it free.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from adapters.kg.codes import SEAL, SEALING
from gateway.message.declaration import Declaration, TransportEquipment
from gateway.message.parts import Seal

if TYPE_CHECKING:
    from lxml import etree

    from adapters.kit.xml_sheet import XmlSheet
    from adapters.kit.xml_source import XmlSource

Sealed = Mapping[str, list[Any]]
"""Number of a container or trailer → its seals in the document; "" for the vehicle."""

_DETAILS = "p:CustomsIdentificationMeansIdDetails"


def read_sealed(source: XmlSource, main: etree._Element | None) -> Sealed:
    """What each seal of a document is on."""
    details = source.first(main, "CustomsIdentificationDetails")
    _take(source, source.first(details, "p:CustomsIdentificationMethodCode"), SEALING)
    _take(source, source.first(details, "p:CustomsIdentificationMeansKindCode"), SEAL)
    listed = source.all(details, _DETAILS)
    _take(source, source.first(details, "p:SealQuantity"), str(len(listed)))
    equipment = _equipment(source)
    sealed: dict[str, list[etree._Element]] = {}
    for node in listed:
        described = source.first(node, "p:DescriptionText")
        named = "" if described is None else (described.text or "").strip()
        if named in equipment:
            source.take(described)
        sealed.setdefault(named if named in equipment else "", []).append(node)
    return sealed


def _take(source: XmlSource, node: etree._Element | None, expected: str) -> None:
    if node is not None and (node.text or "").strip() == expected:
        source.take(node)


def _equipment(source: XmlSource) -> set[str]:
    """Numbers of the containers and trailers that the document lists."""
    vehicles = source.all(source.first(source.root, "BorderTransportDetails"), "PIATTransportMeansItemDetails")
    trailers = [source.first(vehicle, "TransportMeansRegId") for vehicle in vehicles[1:]]
    containers = source.root.iter(source.tag("p:ContainerNumber"))
    return {(node.text or "").strip() for node in (*trailers, *containers) if node is not None} - {""}


def read_seals(source: XmlSource, nodes: list[etree._Element], pointer: str) -> tuple[Seal, ...]:
    """The seals on one container, trailer or vehicle."""
    done: list[Seal] = []
    for node in source.at_most(nodes, 99):
        here = f"{pointer}/{len(done)}"
        number = source.value(node, "p:CustomsIdentificationMeansId", f"{here}/ID")
        seal = source.make(Seal, here, node, {"id": number, "sequence_numeric": len(done) + 1})
        done += [] if seal is None else [seal]
    return tuple(done)


def write_seals(sheet: XmlSheet, main: etree._Element, declaration: Declaration) -> None:
    """The seals of a whole declaration, each with the container or trailer it is on."""
    places = list(_sealed_places(declaration))
    if not places:
        return
    details = sheet.part(main, "CustomsIdentificationDetails")
    sheet.put(details, "p:CustomsIdentificationMethodCode", SEALING)
    sheet.put(details, "p:CustomsIdentificationMeansKindCode", SEAL)
    count = sheet.part(details, "p:SealQuantity")
    done: set[tuple[str, str]] = set()
    for pointer, seal, equipment in places:
        if pointer.endswith(f"/{(seal.sequence_numeric or 0) - 1}"):  # read back, the position is the number
            sheet.said.add(f"{pointer}/SequenceNumeric")
        if (seal.id, equipment) in done:  # a container that several consignments share is listed in each of them
            sheet.said.add(f"{pointer}/ID")
            continue
        done.add((seal.id, equipment))
        if len(seal.id) > 20:
            sheet.unfit(f"{pointer}/ID", seal.id)
            continue
        node = sheet.part(details, _DETAILS)
        sheet.put(node, "p:CustomsIdentificationMeansId", seal.id, f"{pointer}/ID")
        sheet.put(node, "p:DescriptionText", equipment)
    written = len(details.findall(f"{{*}}{_DETAILS[2:]}"))
    count.text = str(written)
    if not written:
        main.remove(details)


def _sealed_places(declaration: Declaration) -> list[tuple[str, Seal, str]]:
    """Each seal once: pointer, seal, and the container or trailer; "" for the vehicle."""
    places: list[tuple[str, Seal, str]] = []
    means = declaration.border_transport_means
    if means is not None:
        here = "/Declaration/BorderTransportMeans"
        places += [(f"{here}/Seal/{at}", seal, "") for at, seal in enumerate(means.seal)]
        places += _of_equipment(means.transport_equipment, f"{here}/TransportEquipment")
    for at, consignment in enumerate(declaration.consignment):
        places += _of_equipment(consignment.transport_equipment, f"/Declaration/Consignment/{at}/TransportEquipment")
    return places


def _of_equipment(equipment: tuple[TransportEquipment, ...], pointer: str) -> list[tuple[str, Seal, str]]:
    return [
        (f"{pointer}/{position}/Seal/{at}", seal, item.id or "")
        for position, item in enumerate(equipment)
        for at, seal in enumerate(item.seal)
    ]
