"""What a national form has of a border event, where it has less than the common form: the same in every country.

Each function gives what is to be written and says on the sheet what a reader gives back at its place. What comes back
at another place does not count as said: a message is compared place by place, so it is told as lost where it was.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from adapters.kit.implied import IMPORT_DECLARATION, PLATE, REMARK, TRAILER
from adapters.kit.promise import REPORTED
from adapters.kit.sheet import Sheet
from gateway.message.declaration import BorderTransportMeans, ConsignmentItem
from gateway.message.parts import AdditionalDocument, AdditionalInformation

CARRIED = REPORTED | {
    "AdditionalInformation/StatementTypeCode",
    "BorderTransportMeans/IdentificationTypeCode",
    "BorderTransportMeans/TransportEquipment/TypeCode",
    "Consignment/ConsignmentItem/SequenceNumeric",
    "Declaration/ID",
    "FunctionalReferenceID",
}
"""What such a form has of a BorderEvent, with what its places imply: the number under which the receiver knows the
declaration, and the event's own reference where that is the message's identifier."""

_SUBHEADING = re.compile(r"[0-9]{6}")


def plates(sheet: Sheet, means: BorderTransportMeans, pointer: str) -> list[str]:
    """The plates, the tractor's first; without it there are none, because the first one would be taken for it.

    Args:
        sheet: The document being written.
        means: The vehicle.
        pointer: Its JSON Pointer.
    """
    if means.id is None:
        return []
    sheet.said.add(f"{pointer}/ID")
    if means.identification_type_code == PLATE:
        sheet.said.add(f"{pointer}/IdentificationTypeCode")
    found = [means.id]
    for at, trailer in enumerate(means.transport_equipment):
        if trailer.id is None:
            continue
        here = f"{pointer}/TransportEquipment/{at}"
        if len(found) == at + 1:
            sheet.said.update((f"{here}/ID", *((f"{here}/TypeCode",) if trailer.type_code == TRAILER else ())))
        found.append(trailer.id)
    return found


def subheadings(sheet: Sheet, items: Sequence[ConsignmentItem], pointer: str) -> list[str]:
    """The subheading of each goods item: six digits, of a longer national code the first six.

    Args:
        sheet: The document being written.
        items: The goods.
        pointer: JSON Pointer of their list.
    """
    found: list[str] = []
    for at, item in enumerate(items):
        code = item.commodity.classification[0].id if item.commodity and item.commodity.classification else ""
        subheading = _SUBHEADING.match(code)
        if subheading is None:
            continue
        found.append(subheading[0])
        if len(found) != at + 1:
            continue
        if subheading[0] == code:
            sheet.said.add(f"{pointer}/{at}/Commodity/Classification/0/ID")
        if item.sequence_numeric == at + 1:
            sheet.said.add(f"{pointer}/{at}/SequenceNumeric")
    return found


def import_number(sheet: Sheet, documents: Sequence[AdditionalDocument], pointer: str) -> str | None:
    """The number of the first import declaration: the forms have place for one, which is read as the first document.

    Args:
        sheet: The document being written.
        documents: The documents of a consignment.
        pointer: JSON Pointer of their list.
    """
    for at, document in enumerate(documents):
        if document.type_code == IMPORT_DECLARATION and document.id is not None:
            sheet.said.update((f"{pointer}/0/ID", f"{pointer}/0/TypeCode") if at == 0 else ())
            return document.id
    return None


def remark(sheet: Sheet, statements: Sequence[AdditionalInformation], pointer: str) -> str | None:
    """The words of the first statement that has some; a second one has no place.

    Args:
        sheet: The document being written.
        statements: What is said of the event.
        pointer: JSON Pointer of the list.
    """
    for at, statement in enumerate(statements):
        if statement.statement_description is None:
            continue
        if at == 0:
            sheet.said.add(f"{pointer}/0/StatementDescription")
            sheet.said.update((f"{pointer}/0/StatementTypeCode",) if statement.statement_type_code == REMARK else ())
        return statement.statement_description
    return None
