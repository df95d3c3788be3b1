"""From a message to what the Chinese window is handed: a manifest with its carrier confirmation, or a reply.

What goes to China becomes MT1401 and MT4401, what comes from it MT2401 and MT4402; of a vehicle without cargo MT4403 or
MT4404, with an empty container MT4405 or MT4406. Which documents there are, their heads and keys are decided here; what
stands in them is `content_writer`'s. What the forms cannot carry is found by reading the written document back
(`loss`).
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

from lxml import etree

from adapters.cn import event, loss, reply
from adapters.cn.codes import (
    CONTAINER_EXPORT,
    CONTAINER_IMPORT,
    COUNTRY,
    DELETION,
    EMPTY_EXPORT,
    EMPTY_IMPORT,
    EXPORT,
    FUNCTIONS_BACK,
    IMPORT,
    POST_OF,
    PROFILE,
    ROAD,
    WITH_CONTAINER,
    Direction,
    sender_code,
)
from adapters.cn.content_writer import (
    written_agent,
    written_confirmed,
    written_consignment,
    written_deleted_containers,
    written_loading,
    written_unloading,
    written_vehicle,
)
from adapters.cn.document import Document, Notes, Part, digits, element
from adapters.cn.head import head, message_number
from adapters.cn.party_number import written_number
from adapters.cn.reader import declaration_of
from adapters.cn.values import Made
from adapters.kit.contract import XML, ZIP, National, Written
from adapters.kit.implied import EMPTY_VEHICLE
from adapters.kit.xml_sheet import xml_bytes
from gateway.message.declaration import Declaration, TransportEquipment
from gateway.message.finding import Finding, Severity
from gateway.message.metadata import BorderEventMessage, DeclarationMessage, Message, ResponseMessage
from gateway.validation.walk import is_container

_POINTER_OF_FAULT = re.compile(r"/Response/Error/[0-9]+/Pointer/")
"""Steps of a pointer that is carried or lost as a whole, and told so (`reply.unpointed`)."""


def write(message: Message) -> Written:
    """The national document of a message, as the contract asks (`adapters.kit.contract`).

    A finding of severity `reject` says that the forms have no way to say what the message says; then there is no
    document to hand over, and its body is empty.
    """
    if isinstance(message, ResponseMessage):
        return _write_response(message)
    if isinstance(message, BorderEventMessage):
        return _write_event(message)
    declaration = message.declaration
    if impossible := _impossible(declaration):
        return Written(National(b"", XML), tuple(impossible))
    direction = _form(message)
    if _without_cargo(declaration):
        form = direction.confirmation
        made = {form: (_deletion if _deletes(declaration) else _confirmation)(direction, form, message)}
    elif _deletes(declaration):
        # Of one vehicle of a batch the confirmation is taken back: the manifest is that of the whole batch.
        form = direction.manifest if declaration.batch_id is None else direction.confirmation
        made = {form: _deletion(direction, form, message)}
    else:
        made = {direction.manifest: _manifest(direction, message)}
        if _has_vehicle(declaration):
            made[direction.confirmation] = _confirmation(direction, direction.confirmation, message)
    documents = [Document(form, Part(root, "/Manifest")) for form, root in made.items()]
    numbers = [_number(direction, form, message) for form in made]
    confirmation = documents[1] if len(documents) > 1 else None
    again = declaration_of(Notes(), documents[0], confirmation, declaration.issue_date_time)
    if again is not None and not _without_cargo(declaration):
        again = _beside_what_is_not_written(again, declaration)
    return Written(_packed(numbers, documents, message), tuple(loss.lost("/Declaration", declaration, again)))


def _beside_what_is_not_written(again: Declaration, declaration: Declaration) -> Declaration:
    """What was read back, its trailers at the places that they have in the message, where containers stand between."""
    means, planned = again.border_transport_means, declaration.border_transport_means
    if means is None or planned is None or not any(is_container(one) for one in planned.transport_equipment):
        return again
    trailers = iter(means.transport_equipment)
    nothing = TransportEquipment()
    placed = tuple(nothing if is_container(one) else next(trailers, nothing) for one in planned.transport_equipment)
    return again.model_copy(update={"border_transport_means": means.model_copy(update={"transport_equipment": placed})})


def _write_response(message: ResponseMessage) -> Written:
    document, number, impossible = reply.write_response(message, sender_code(_country(message)))
    if impossible or document.root.element is None:
        return Written(National(b"", XML), tuple(impossible))
    lost = loss.lost("/Response", message.response, reply.response_of(Notes(), document))
    findings = [*reply.unpointed(message.response), *(f for f in lost if not _POINTER_OF_FAULT.match(f.pointer))]
    return Written(National(xml_bytes(document.root.element), XML, f"{number}.xml"), tuple(findings))


def _write_event(message: BorderEventMessage) -> Written:
    document, number, impossible = event.write_event(message, sender_code(_country(message)))
    if document is None or document.root.element is None:
        return Written(National(b"", XML), tuple(impossible))
    lost = loss.lost("/BorderEvent", message.border_event, event.event_of(Notes(), document))
    return Written(National(xml_bytes(document.root.element), XML, f"{number}.xml"), tuple(lost))


def _impossible(declaration: Declaration) -> list[Finding]:
    """What the forms have no way to say, so that the document must not be handed over."""
    findings = []
    if declaration.function_code not in FUNCTIONS_BACK:
        findings.append(Finding("CN-020", Severity.REJECT, "/Declaration/FunctionCode", declaration.function_code))
    means = declaration.border_transport_means
    if means is not None and means.mode_code not in (None, ROAD):
        pointer = "/Declaration/BorderTransportMeans/ModeCode"
        findings.append(Finding("CN-021", Severity.REJECT, pointer, str(means.mode_code), {"what": "MT1401, MT2401"}))
    return findings


def _country(message: Message) -> str:
    """The country whose message it is: as its participant is called, else as it says, else by the border posts."""
    sender = message.communication_meta_data.sender.id
    if sender[:2].isalpha() and sender[:2].isascii() and not sender[2:3].isalnum():
        return sender[:2].upper()
    if message.responsible_country_code:
        return message.responsible_country_code
    if isinstance(message, DeclarationMessage):
        office = message.declaration.entry_office
        if office is not None and office.id is not None and office.id in POST_OF:
            return POST_OF[office.id].neighbour
    return "ZZ"  # user-assigned in ISO 3166-1: a country that nobody named


def _direction(message: DeclarationMessage) -> Direction:
    """Whether the goods leave China or enter it: as the offices say, else by who sends."""
    leaving, entered = message.declaration.exit_office, message.declaration.entry_office
    leaves = leaving is not None and leaving.id in POST_OF
    enters = entered is not None and entered.id in POST_OF
    if leaves != enters:
        return EXPORT if leaves else IMPORT
    return EXPORT if _country(message) == COUNTRY else IMPORT


def _form(message: DeclarationMessage) -> Direction:
    """The documents that say it: manifest and confirmation, or the one of a vehicle without cargo."""
    direction, declaration = _direction(message), message.declaration
    if not _without_cargo(declaration):
        return direction
    means = declaration.border_transport_means
    if means is not None and any(is_container(one) for one in means.transport_equipment):
        return CONTAINER_EXPORT if direction.export else CONTAINER_IMPORT
    return EMPTY_EXPORT if direction.export else EMPTY_IMPORT


def _without_cargo(declaration: Declaration) -> bool:
    """Whether it is of a vehicle without cargo; one that has some all the same is written as a loaded one."""
    return declaration.specific_circumstances_code_code == EMPTY_VEHICLE and not declaration.consignment


def _sender(message: DeclarationMessage, direction: Direction) -> str:
    """The 13-character sender code: that of the Chinese sender, or this adapter's for what comes from abroad."""
    submitter = message.declaration.submitter
    code, _, exchange = (submitter.id if submitter and submitter.id else "").partition("_")
    if direction.export and len(code) == 13 and exchange:
        return code
    return sender_code(_country(message))


def _sender_id(message: DeclarationMessage, direction: Direction) -> str:
    code = _sender(message, direction)
    submitter = message.declaration.submitter
    if submitter is not None and submitter.id is not None and submitter.id.startswith(f"{code}_"):
        return submitter.id
    return f"{code}_{PROFILE['sender']['exchange_id']}"


def _deletes(declaration: Declaration) -> bool:
    return FUNCTIONS_BACK.get(declaration.function_code) == DELETION


def _vehicle_number(declaration: Declaration) -> str | None:
    """The number of the vehicle in its batch, where the reference has the form that China's reader gives it."""
    if _without_cargo(declaration):
        return None  # a batch is of vehicles among which waybills are divided
    batch, _, number = declaration.functional_reference_id.rpartition("/")
    return number if batch == declaration.batch_id and number.isascii() and number.isdigit() else None


def _key(declaration: Declaration) -> str:
    """Declaration/ID: the batch, where its vehicles are numbered; else the reference of the declaration."""
    if declaration.batch_id is not None and _vehicle_number(declaration) is not None:
        return declaration.batch_id
    return declaration.functional_reference_id


def _of_batch(form: str, declaration: Declaration) -> list[Made]:
    """The batch, where ID does not say it, and how many vehicles are in it."""
    if declaration.batch_id is None or _without_cargo(declaration):
        return []
    batch = declaration.batch_id if _vehicle_number(declaration) is None else None
    vehicles = declaration.batch_vehicle_quantity
    return [
        element(form, "BatchID", batch),
        element(form, "VehicleQuantity", str(vehicles) if vehicles is not None else None),
    ]


def _has_vehicle(declaration: Declaration) -> bool:
    """Whether anything is known of the vehicle; without it there is nothing to confirm."""
    means = declaration.border_transport_means
    return means is not None and bool(means.id or means.master or means.transport_equipment or means.arrival_date_time)


def _packed(numbers: list[str], documents: list[Document], message: DeclarationMessage) -> National:
    """One document as it is, two as a zip named after the confirmation, the last that belongs to it."""
    bodies = [xml_bytes(document.root.element) for document in documents if document.root.element is not None]
    if len(bodies) == 1:
        return National(bodies[0], XML, f"{numbers[0]}.xml")
    made = io.BytesIO()
    stamp = message.communication_meta_data.preparation_date_time
    time = digits(stamp)[:14]
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, body in zip(numbers, bodies, strict=True):
            at = (int(time[:4]), int(time[4:6]), int(time[6:8]), int(time[8:10]), int(time[10:12]), int(time[12:14]))
            entry = zipfile.ZipInfo(f"{number}.xml", at)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same bytes wherever it is made
            archive.writestr(entry, body)
    return National(made.getvalue(), ZIP, f"{numbers[-1]}.zip")


# The manifest


def _manifest(direction: Direction, message: DeclarationMessage) -> etree._Element:
    form, declaration = direction.manifest, message.declaration
    means, carrier = declaration.border_transport_means, declaration.carrier
    person = declaration.representative_person
    return _root(
        form,
        _head(direction, form, message),
        element(
            form,
            "Declaration",
            element(form, "DeclarationOfficeID", _office(direction, declaration)),
            element(form, "ID", _key(declaration)),
            *(
                element(form, "AdditionalInformation", element(form, "Content", info.statement_description))
                for info in declaration.additional_information
            ),
            written_agent(form, declaration.agent),
            element(form, "Amendment", element(form, "ChangeReasonCode", _reason(declaration))),
            element(form, "BorderTransportMeans", element(form, "TypeCode", means.mode_code if means else None)),
            element(
                form, "Carrier", element(form, "ID", written_number(carrier.id, carrier.address) if carrier else None)
            ),
            *(written_consignment(direction, consignment) for consignment in declaration.consignment),
            written_loading(direction, declaration.consignment),
            element(form, "RepresentativePerson", element(form, "Name", person.name if person else None)),
            written_unloading(direction, declaration.consignment),
        ),
    )


def _deletion(direction: Direction, form: str, message: DeclarationMessage) -> etree._Element:
    """A deletion names what is deleted, by its keys, and why; what was declared is not said again."""
    declaration = message.declaration
    office = _border_office if _without_cargo(declaration) else _office
    vehicle = element(form, "BorderTransportMeans", element(form, "SequenceNumeric", _vehicle_number(declaration)))
    waybills = [
        element(form, "ID", part.transport_contract_document.id)
        for part in declaration.consignment
        if part.transport_contract_document is not None
    ]
    return _root(
        form,
        _head(direction, form, message),
        element(
            form,
            "Declaration",
            element(form, "DeclarationOfficeID", office(direction, declaration)),
            element(form, "ID", _key(declaration)),
            element(form, "Amendment", element(form, "ChangeReasonCode", _reason(declaration))),
            written_deleted_containers(form, declaration.border_transport_means) if form in WITH_CONTAINER else None,
            vehicle if declaration.batch_id is not None else None,
            *(element(form, "Consignment", element(form, "TransportContractDocument", one)) for one in waybills),
            *_of_batch(form, declaration),
        ),
    )


def _reason(declaration: Declaration) -> str | None:
    return next((part.change_reason_code for part in declaration.amendment if part.change_reason_code), None)


def _root(form: str, *content: Made) -> etree._Element:
    made = element(form, "Manifest", *content)
    assert made is not None  # noqa: S101 - a head is never empty
    return made


def _number(direction: Direction, form: str, message: DeclarationMessage) -> str:
    """MessageID. A Chinese document keeps its own time, one from abroad has the time its message was prepared."""
    code, meta = _sender(message, direction), message.communication_meta_data
    if direction.export:
        return message_number(form, code, _sent(direction, form, message))
    return message_number(form, code, meta.preparation_date_time, meta.id)


def _sent(direction: Direction, form: str, message: DeclarationMessage) -> datetime:
    """SendTime: the manifest was sent when the declaration was issued, the confirmation when the message was made."""
    if form == direction.manifest:
        return message.declaration.issue_date_time
    return message.communication_meta_data.preparation_date_time


def _head(direction: Direction, form: str, message: DeclarationMessage) -> Made:
    function = FUNCTIONS_BACK.get(message.declaration.function_code)
    sent = _sent(direction, form, message)
    return head(form, _number(direction, form, message), function, _sender_id(message, direction), sent)


def _office(direction: Direction, declaration: Declaration) -> str | None:
    """The Chinese office of the manifest: where it was lodged or presented, else the border post."""
    if direction.export:
        border = declaration.exit_office.id if declaration.exit_office else None
        return declaration.declaration_office_id or border
    presented = declaration.presentation_office.id if declaration.presentation_office else None
    return presented or (declaration.entry_office.id if declaration.entry_office else None)


def _border_office(direction: Direction, declaration: Declaration) -> str | None:
    office = declaration.exit_office if direction.export else declaration.entry_office
    return office.id if office is not None and office.id else _office(direction, declaration)


# The confirmation


def _confirmation(direction: Direction, form: str, message: DeclarationMessage) -> etree._Element:
    declaration = message.declaration
    means, carrier = declaration.border_transport_means, declaration.carrier
    number = _vehicle_number(declaration)
    alone = _without_cargo(declaration)  # no manifest says why it is changed
    reason = _reason(declaration) if alone or declaration.batch_id is not None else None
    return _root(
        form,
        _head(direction, form, message),
        element(
            form,
            "Declaration",
            element(form, "DeclarationOfficeID", _border_office(direction, declaration)),
            element(form, "ID", _key(declaration)),
            written_agent(form, declaration.agent),
            element(form, "Amendment", element(form, "ChangeReasonCode", reason)),
            written_vehicle(form, means, number) if means else None,
            element(
                form,
                "Carrier",
                element(form, "ID", written_number(carrier.id, carrier.address) if carrier else None),
                element(form, "Name", carrier.name if carrier else None),
            ),
            *(
                written_confirmed(form, consignment, divided=number is not None)
                for consignment in declaration.consignment
            ),
            *_of_batch(form, declaration),
        ),
    )
