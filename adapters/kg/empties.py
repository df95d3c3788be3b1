"""Empty containers: equipment of their vehicle in the common form, a part of the consignments in Kyrgyz documents.

The schema has containers only below a consignment, and a consignment only with goods. So the empty containers of a
vehicle stand together in one consignment, whose only goods are described as empty containers and have no code. That
use is this project's (plausible); the schema leaves the description free.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.kg.codes import EMPTY_CONTAINER
from adapters.kg.seals import Sealed, read_seals
from adapters.kit.implied import EMPTY
from gateway.message.declaration import Declaration, TransportEquipment
from gateway.validation.walk import is_container, is_empty_vehicle, vehicle_equipment

if TYPE_CHECKING:
    from lxml import etree

    from adapters.kit.xml_sheet import XmlSheet
    from adapters.kit.xml_source import XmlSource


def is_empty_containers(source: XmlSource, node: etree._Element) -> bool:
    """Whether a consignment of a document is nothing but empty containers."""
    goods = source.all(node, "GoodsItem")
    return bool(goods and source.all(node, "ContainerDetails")) and all(
        source.first(item, "p:GoodsTNVEDCode") is None and _description(source, item) == EMPTY_CONTAINER.casefold()
        for item in goods
    )


def _description(source: XmlSource, item: etree._Element) -> str:
    parts = [(part.text or "").strip() for part in source.all(item, "p:GoodsDescription")]
    return " ".join(parts).casefold()


def read_empty_containers(
    source: XmlSource, main: etree._Element | None, sealed: Sealed, pointer: str, trailers: int
) -> tuple[TransportEquipment, ...]:
    """The empty containers of a document, as equipment of the vehicle behind its trailers."""
    done: list[TransportEquipment] = []
    for node in source.all(main, "ConsignmentDetails"):
        if not is_empty_containers(source, node):
            continue
        source.value(node, "ObjectOrdinal")
        for item in source.all(node, "GoodsItem"):
            source.value(item, "p:GoodsNumeric")
            source.value(item, "p:GoodsDescription")
        for container in source.all(node, "ContainerDetails"):
            here = f"{pointer}/{trailers + len(done)}"
            number = source.value(container, "p:ContainerNumber", f"{here}/ID")
            made = source.make(
                TransportEquipment,
                here,
                container,
                {
                    "fullness_code": EMPTY,
                    "id": number,
                    "registration_nationality_code": source.value(
                        container, "p:CountryCode", f"{here}/RegistrationNationalityCode"
                    ),
                    "sequence_numeric": trailers + len(done) + 1,
                    "type_code": "CN",
                    "seal": read_seals(source, list(sealed.get(number or "?", [])), f"{here}/Seal"),
                },
            )
            done += [] if made is None else [made]
    return tuple(done)


def empty_containers(declaration: Declaration) -> list[tuple[str, TransportEquipment]]:
    """The vehicle's containers that are said to be empty, or are on an empty vehicle; each with its pointer."""
    said = (EMPTY, None) if is_empty_vehicle(declaration) else (EMPTY,)
    return [
        (pointer, one)
        for pointer, one in vehicle_equipment(declaration)
        if is_container(one) and one.id is not None and one.fullness_code in said
    ]


def write_empty_containers(sheet: XmlSheet, main: etree._Element, declaration: Declaration, ordinal: int) -> None:
    """The consignment of the empty containers, behind those with goods."""
    containers = empty_containers(declaration)
    if not containers:
        return
    trailers = sum(not is_container(one) for _, one in vehicle_equipment(declaration))
    node = sheet.part(main, "ConsignmentDetails")
    sheet.put(node, "ObjectOrdinal", ordinal)
    for at, (here, container) in enumerate(containers, trailers + 1):
        details = sheet.part(node, "ContainerDetails")
        sheet.put(details, "p:ContainerNumber", container.id, f"{here}/ID")
        country = container.registration_nationality_code
        sheet.put(details, "p:CountryCode", country, f"{here}/RegistrationNationalityCode")
        sheet.said.update((f"{here}/TypeCode", f"{here}/FullnessCode"))
        if container.sequence_numeric == at:
            sheet.said.add(f"{here}/SequenceNumeric")
    item = sheet.part(node, "GoodsItem")
    sheet.put(item, "p:GoodsNumeric", 1)
    sheet.put(item, "p:GoodsDescription", EMPTY_CONTAINER)
