"""The carrier confirmations: the vehicle, its drivers and trailers, containers and their seals.

MT4402 and MT4401 belong to a manifest; MT4403 to MT4406, of vehicles without cargo, stand alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from adapters.cn.codes import CONTAINER, MODES, TRAILER_TYPES, WITH_CONTAINER
from adapters.cn.document import Leaf, Notes, Part, build, mass, moment
from adapters.kit.implied import EMPTY, PLATE, TRAILER
from gateway.message.declaration import BorderTransportMeans, Master, TransportEquipment
from gateway.message.finding import Severity
from gateway.message.parts import Itinerary, Seal

_NONE: Mapping[str, tuple[Part, ...]] = MappingProxyType({})
_DRIVER_ROLES = ("1", "2")
_COUNT = re.compile(r"[1-9][0-9]{0,3}")


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a carrier confirmed of each waybill.

    Attributes:
        declaration: The confirmation's Declaration; nothing where there is no confirmation.
        containers: By waybill number ("" where none is given), its containers.
        waybills: By waybill number, its place.
        loaded: By waybill number, what of it is on this vehicle; only where the manifest is that of a whole batch.
        vehicle: Which vehicle of its batch it is; None where the batch has no other.
    """

    declaration: Part = field(default_factory=lambda: Part(None, ""))
    containers: Mapping[str, tuple[Part, ...]] = field(default_factory=lambda: _NONE)
    waybills: Mapping[str, Leaf] = field(default_factory=lambda: MappingProxyType({}))
    loaded: Mapping[str, Part] = field(default_factory=lambda: MappingProxyType({}))
    vehicle: Vehicle | None = None

    def under(self, waybill: str) -> tuple[Part, ...]:
        """The containers confirmed under a waybill."""
        return self.containers.get(waybill, ())

    def container(self, waybill: str, number: str) -> Part | None:
        """The container of that number: under its waybill, else under another that shares it."""
        everywhere = (*self.under(waybill), *(part for parts in self.containers.values() for part in parts))
        found = next((part for part in everywhere if part.has("ID", number)), None)
        if found is not None:
            found.leaf("ID")  # the others were only looked at: what nobody takes is still to be reported
        return found


@dataclass(frozen=True, slots=True)
class Vehicle:
    """One of the vehicles of a batch.

    Attributes:
        batch: The batch.
        reference: Of the declaration of this vehicle.
        vehicles: How many there are.
        number: Which one it is, from 1, where the batch is China's: then the manifest is that of the whole batch.
    """

    batch: Leaf
    reference: Leaf
    vehicles: Leaf
    number: Leaf | None


def vehicle_of_batch(notes: Notes, declaration: Part) -> Vehicle | None:
    """Which vehicle of its batch a confirmation is about; None, without a finding, where the batch has no other.

    The batch is ID and the vehicle has a number; or, in what comes from abroad, ID is the neighbour's reference of the
    declaration and the batch has an element of its own.
    """
    key, vehicles, batch = (declaration.leaf(name) for name in ("ID", "VehicleQuantity", "BatchID"))
    means = declaration.part("BorderTransportMeans")
    number = means.leaf("SequenceNumeric")
    if key is None or (vehicles is None and number is None and batch is None):
        return None
    asked = {f"{declaration.place}/VehicleQuantity": vehicles}
    if batch is None:
        asked[f"{means.place}/SequenceNumeric"] = number
    for place, leaf in asked.items():
        if leaf is None or _COUNT.fullmatch(leaf.text) is None:
            name = place.rpartition("/")[2]
            notes.add("CN-028", Severity.REJECT, "/Declaration/BatchVehicleQuantity", leaf, place, name=name)
            return None
    assert vehicles is not None  # noqa: S101 - asked for above
    if batch is not None or number is None:
        return Vehicle(batch or key, key, vehicles, None)
    return Vehicle(key, Leaf(f"{key.text}/{number.text}", key.place), vehicles, number)


def confirmed(notes: Notes, declaration: Part) -> Confirmed:
    """What a confirmation says of each waybill."""
    containers: dict[str, tuple[Part, ...]] = {}
    waybills: dict[str, Leaf] = {}
    loaded: dict[str, Part] = {}
    vehicle = vehicle_of_batch(notes, declaration)
    for consignment in declaration.parts("Consignment"):
        leaf = consignment.part("TransportContractDocument").leaf("ID")
        waybill = leaf.text if leaf else ""
        if leaf is not None:
            waybills[waybill] = leaf
        if vehicle is not None and vehicle.number is not None:
            loaded[waybill] = consignment
        containers[waybill] = (*containers.get(waybill, ()), *consignment.parts("TransportEquipment"))
    return Confirmed(declaration, containers, waybills, loaded, vehicle)


def border_transport_means(
    notes: Notes, manifest: Part, confirmation: Part, steps: tuple[Itinerary, ...], *, empty: bool
) -> BorderTransportMeans | None:
    """The vehicle: its mode from either document, all else from the confirmation.

    Args:
        notes: Where findings and origins go.
        manifest: BorderTransportMeans of the manifest, or nothing.
        confirmation: BorderTransportMeans of the confirmation, or nothing.
        steps: The countries on the way, already read.
        empty: It has no cargo; then its empty containers stand beside its trailers.
    """
    pointer = "/Declaration/BorderTransportMeans"
    means = confirmation or manifest
    plate, name = confirmation.leaf("ID"), confirmation.leaf("Name")
    is_country = name is not None and re.fullmatch(r"[A-Z]{2}", name.text) is not None
    return build(
        BorderTransportMeans,
        notes,
        pointer,
        means,
        arrival_date_time=moment(notes, f"{pointer}/ArrivalDateTime", confirmation.leaf("ArrivalDateTime")),
        id=plate,
        identification_type_code=PLATE if plate else None,
        mode_code=_mode(notes, pointer, manifest.leaf("TypeCode"), confirmation.leaf("TypeCode")),
        name=None if is_country else name,
        registration_nationality_code=name if is_country else None,
        itinerary=steps,
        master=tuple(_masters(notes, f"{pointer}/Master", confirmation)),
        transport_equipment=tuple(_equipment(notes, f"{pointer}/TransportEquipment", confirmation, empty=empty)),
    )


def _mode(notes: Notes, pointer: str, *leaves: Leaf | None) -> str | None:
    """The mode that both documents name, translated from whichever of China's two lists was used."""
    found = None
    for leaf in leaves:
        if leaf is None:
            continue
        mode = MODES.get(leaf.text)
        if mode is None:
            notes.add("CN-009", Severity.WARN, f"{pointer}/ModeCode", leaf)
        elif mode != leaf.text:
            notes.add("CN-008", Severity.INFO, f"{pointer}/ModeCode", leaf, mode=mode)
        if found is None and mode is not None:
            notes.origins[f"{pointer}/ModeCode"] = leaf.place
            found = mode
    return found


def _masters(notes: Notes, pointer: str, means: Part) -> Iterator[Master]:
    """The drivers: the form's first is the driver, the next one the second driver."""
    read = 0
    for part in means.parts("Master"):
        number, name = part.leaf("ID"), part.leaf("Name")
        role = _DRIVER_ROLES[read] if (number or name) and read < len(_DRIVER_ROLES) else None
        if master := build(Master, notes, f"{pointer}/{read}", part, id=number, name=name, role_code=role):
            read += 1
            yield master


def _equipment(notes: Notes, pointer: str, means: Part, *, empty: bool) -> Iterator[TransportEquipment]:
    read = 0
    for part in means.parts("TransportEquipment"):
        at, kind = f"{pointer}/{read}", part.leaf("TypeCode")
        is_container = empty and kind is not None and kind.text == CONTAINER
        made = _empty_container(notes, at, part) if is_container else _trailer(notes, at, part, kind)
        if made is not None:
            read += 1
            yield made


def _trailer(notes: Notes, at: str, part: Part, kind: Leaf | None) -> TransportEquipment | None:
    plate = part.leaf("ID")
    written_out = kind is not None and kind.text in TRAILER_TYPES
    if kind is not None and not written_out:
        # The national list of trailer types is not public; that it is a trailer is what the form itself says.
        notes.lost(f"{at}/TypeCode", kind.text, kind.place)
    return build(
        TransportEquipment,
        notes,
        at,
        part,
        id=plate,
        tare_weight_measure=mass(notes, f"{at}/TareWeightMeasure", part.leaf("TareWeight", "unitCode")),
        type_code=kind if written_out else (TRAILER if plate else None),
    )


def _empty_container(notes: Notes, at: str, part: Part) -> TransportEquipment | None:
    """A container of a vehicle without cargo; that it is empty is what the form means where it does not say it."""
    seals: list[Seal] = []
    for leaf in part.leaves("SealID"):
        seal = build(Seal, notes, f"{at}/Seal/{len(seals)}", part, id=leaf)
        seals.extend([seal] if seal else [])
    return build(
        TransportEquipment,
        notes,
        at,
        part,
        characteristic_code=part.leaf("CharacteristicCode"),
        fullness_code=part.leaf("FullnessCode") or EMPTY,
        id=part.leaf("ID"),
        tare_weight_measure=mass(notes, f"{at}/TareWeightMeasure", part.leaf("TareWeight", "unitCode")),
        type_code=part.leaf("TypeCode"),
        seal=tuple(seals),
    )


def check_containers(notes: Notes, form: str, means: Part, read: BorderTransportMeans | None) -> None:
    """CN-031: the form for vehicles with an empty container names one, and the form for empty vehicles none."""
    equipment = read.transport_equipment if read is not None else ()
    containers = [one for one in equipment if one.type_code == CONTAINER]
    if bool(containers) != (form in WITH_CONTAINER):
        number = (containers[0].id or "") if containers else ""
        pointer = "/Declaration/BorderTransportMeans/TransportEquipment"
        notes.add("CN-031", Severity.WARN, pointer, number, f"{means.place}/TransportEquipment", name=form)
