"""Rules about the vehicle that crosses the border by road, loaded or empty."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.message.declaration import Declaration, TransportEquipment
from gateway.message.finding import Severity
from gateway.message.metadata import DeclarationMessage
from gateway.validation.identifiers import plate_fits
from gateway.validation.rule import Context, Hit, rule
from gateway.validation.walk import (
    is_complete,
    is_container,
    is_empty_vehicle,
    is_road,
    is_trailer,
    vehicle_equipment,
)

_MEANS = "/Declaration/BorderTransportMeans"
_MOST_TRAILERS = 2
_EMPTY = "4"  # UNTDID 8169


@rule(
    "ACD-VEH-01",
    Severity.REJECT,
    "A road vehicle has a plate and a country, and is at most a tractor and two trailers",
    source="EAEU road preliminary information, schema of format album 5.23.0: up to three units",
    about=DeclarationMessage,
)
def identified_by_plate(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """The tractor is named by plate and country; there are no more than three units. A container is not a unit."""
    declaration = message.declaration
    means = declaration.border_transport_means
    if means is None or not is_road(declaration):
        return
    if is_complete(declaration):
        if means.id is None:
            yield Hit(f"{_MEANS}/ID", "", {"name": "ID"})
        if means.registration_nationality_code is None:
            yield Hit(f"{_MEANS}/RegistrationNationalityCode", "", {"name": "RegistrationNationalityCode"})
    for pointer, trailer in list(_trailers(declaration))[_MOST_TRAILERS:]:
        yield Hit(pointer, trailer.id or "", {"name": "TransportEquipment"})


def _trailers(declaration: Declaration) -> Iterator[tuple[str, TransportEquipment]]:
    return ((pointer, one) for pointer, one in vehicle_equipment(declaration) if is_trailer(one))


@rule(
    "ACD-VEH-02",
    Severity.WARN,
    "A plate has a pattern of its country of registration",
    source="patterns of a client in use in KG, KZ, TJ and UZ; the rest is background knowledge",
    about=DeclarationMessage,
)
def plate_has_national_pattern(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """Plates of the tractor and the trailers, compared without spaces and hyphens."""
    declaration = message.declaration
    means = declaration.border_transport_means
    if means is None or not is_road(declaration):
        return
    vehicles = [(f"{_MEANS}/ID", means.id, means.registration_nationality_code)]
    vehicles += [
        (f"{pointer}/ID", trailer.id, trailer.registration_nationality_code)
        for pointer, trailer in _trailers(declaration)
    ]
    for pointer, plate, country in vehicles:
        if plate is not None and country is not None and plate_fits(plate, country) is False:
            yield Hit(pointer, plate, {"country": country})


@rule(
    "ACD-VEH-05",
    Severity.REJECT,
    "A vehicle without cargo is declared as empty, and only such a vehicle has no consignments",
    source="Chinese carrier confirmations MT4403 to MT4406 for vehicles without cargo; project decision",
    about=DeclarationMessage,
)
def empty_vehicle_has_no_cargo(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """EMP and cargo exclude each other; one of the two must be there."""
    declaration = message.declaration
    if not is_empty_vehicle(declaration):
        if is_complete(declaration) and not declaration.consignment:
            yield Hit("/Declaration/Consignment")
        return
    if declaration.consignment:
        yield Hit("/Declaration/Consignment", str(len(declaration.consignment)))
    for name, total in (
        ("TotalGrossMassMeasure", declaration.total_gross_mass_measure),
        ("TotalPackageQuantity", declaration.total_package_quantity),
    ):
        if total is not None and total.value:
            yield Hit(f"/Declaration/{name}", format(total.value, "f"))


@rule(
    "ACD-VEH-07",
    Severity.REJECT,
    "A container on a vehicle without cargo is said to be empty",
    source="Chinese carrier confirmations MT4405 and MT4406 for vehicles with an empty container; project decision",
    about=DeclarationMessage,
)
def container_of_empty_vehicle_is_empty(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """FullnessCode 4 for each container of a vehicle declared as EMP; a change need not say it again."""
    declaration = message.declaration
    if not is_empty_vehicle(declaration):
        return
    for pointer, container in vehicle_equipment(declaration):
        fullness = container.fullness_code
        if is_container(container) and fullness != _EMPTY and (fullness or is_complete(declaration)):
            yield Hit(f"{pointer}/FullnessCode", fullness or "", {"container": container.id or ""})


RULES = (
    identified_by_plate,
    plate_has_national_pattern,
    empty_vehicle_has_no_cargo,
    container_of_empty_vehicle_is_empty,
)
