"""Rules about seals on containers, trailers and the vehicle itself."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.message.finding import Severity
from gateway.message.metadata import DeclarationMessage
from gateway.validation.rule import Context, Hit, rule
from gateway.validation.walk import consignments, equipment, is_complete

_FULL = "5"  # UNTDID 8169


@rule(
    "ACD-SEA-01",
    Severity.WARN,
    "As many seals are listed as are said to be affixed",
    source="EAEU road preliminary information, schema of format album 5.23.0: quantity and numbers of identification",
    about=DeclarationMessage,
)
def seals_as_counted(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """AffixedSealQuantity against the number of seals listed, for each container and trailer of a whole declaration."""
    if not is_complete(message.declaration):
        return
    for pointer, one in equipment(message):
        affixed = one.affixed_seal_quantity
        if affixed is not None and affixed != len(one.seal):
            yield Hit(f"{pointer}/AffixedSealQuantity", str(affixed), {"listed": str(len(one.seal))})


@rule(
    "ACD-SEA-03",
    Severity.WARN,
    "A full container is sealed",
    source="project decision, after ISO 17712 and the practice of customs transit (background knowledge)",
    about=DeclarationMessage,
)
def full_container_is_sealed(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """A container with fullness 5 lists at least one seal; in a whole declaration."""
    if not is_complete(message.declaration):
        return
    for pointer, consignment in consignments(message):
        for index, container in enumerate(consignment.transport_equipment):
            if container.fullness_code == _FULL and not container.seal and not container.affixed_seal_quantity:
                yield Hit(f"{pointer}/TransportEquipment/{index}/Seal", "", {"container": container.id or ""})


@rule(
    "ACD-SEA-04",
    Severity.WARN,
    "A seal is on one container or vehicle only",
    source="project decision",
    about=DeclarationMessage,
)
def seal_is_in_one_place(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """The same number stands neither twice on one thing nor on two; a shared container may be listed again."""
    means = message.declaration.border_transport_means
    places = list(equipment(message))
    sealed: list[tuple[str, str, tuple[str, ...]]] = [
        (pointer, one.id or pointer, tuple(seal.id for seal in one.seal)) for pointer, one in places if one.seal
    ]
    if means is not None:
        pointer = "/Declaration/BorderTransportMeans"
        sealed.insert(0, (pointer, pointer, tuple(seal.id for seal in means.seal)))
    first: dict[str, tuple[str, str]] = {}  # seal to the thing it is on, and to the list where it was seen
    for pointer, thing, numbers in sealed:
        for index, number in enumerate(numbers):
            seen = first.setdefault(number, (thing, f"{pointer}#{index}"))
            same_list = seen[1].rpartition("#")[0] == pointer and seen[1] != f"{pointer}#{index}"
            if seen[0] != thing or same_list:
                yield Hit(f"{pointer}/Seal/{index}/ID", number)


RULES = (seals_as_counted, full_container_is_sealed, seal_is_in_one_place)
