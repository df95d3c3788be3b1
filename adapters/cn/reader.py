"""From what the Chinese window hands over to a message: manifest and confirmation joined, a reply, or a report.

A manifest says what is carried, a confirmation says on which vehicle; the transport batch number joins them. The
reader never raises for what a document holds and never drops a value in silence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from adapters.cn import event, reply
from adapters.cn.codes import (
    CANCELLATION,
    COUNTRY,
    DELETION,
    DIRECTION_OF,
    EVENT_FORMS,
    FUNCTIONS,
    OUT_OF_SCOPE,
    POST_OF,
    PROFILE,
    REPLY,
    SUBMITTER,
    WITHOUT_CARGO,
    Direction,
    Post,
)
from adapters.cn.confirmation_reader import (
    Confirmed,
    Vehicle,
    border_transport_means,
    check_containers,
    confirmed,
    vehicle_of_batch,
)
from adapters.cn.document import Document, Leaf, Notes, Part, build, moment, opened, unread
from adapters.cn.manifest_reader import consignments, itinerary
from adapters.cn.party_number import read_number
from adapters.kit.contract import National, Reading, Route, Setting
from adapters.kit.heading import heading
from adapters.kit.implied import EMPTY_VEHICLE, MANIFEST
from adapters.kit.route import between, route_to
from gateway.message.declaration import (
    Consignment,
    Declaration,
    EntryOffice,
    ExitOffice,
    PresentationOffice,
    RepresentativePerson,
)
from gateway.message.finding import Severity
from gateway.message.metadata import (
    BorderEventMessage,
    CommunicationMetaData,
    DeclarationMessage,
    Message,
    ResponseMessage,
)
from gateway.message.parts import AdditionalInformation, Agent, Amendment, Carrier, Measure, Quantity, Submitter

_UUIDS = uuid5(NAMESPACE_URL, "urn:Declaration:datamodel:standard:CN")
"""The space of the identifiers that are made from China's message numbers."""


def read(national: National, setting: Setting) -> Reading:
    """The message in a national document, as the contract asks (`adapters.kit.contract`)."""
    notes = Notes()
    documents = opened(national, notes)
    message = None if any(f.rule == "KIT-READ-01" for f in notes.findings) else _read(documents, setting, notes)
    for document in documents if message is not None else ():
        notes.findings.extend(unread(document))
    origins = notes.origins if message is not None else {}
    return Reading(message, tuple(notes.findings), origins)


def _read(documents: tuple[Document, ...], setting: Setting, notes: Notes) -> Message | None:
    if len(documents) == 1 and documents[0].type == REPLY:
        return _reply(documents[0], setting, notes)
    if len(documents) == 1 and documents[0].type in EVENT_FORMS and documents[0].root.place.endswith("/Manifest"):
        return _event(documents[0], setting, notes)
    manifest, confirmation = _paired(documents, notes)
    if manifest is None:
        return None
    return _declaration_message(manifest, confirmation, setting, notes)


# Which documents belong together


def _paired(documents: tuple[Document, ...], notes: Notes) -> tuple[Document | None, Document | None]:
    """The manifest and its confirmation, or None with the findings that say why there is none."""
    before = len(notes.findings)
    manifests, confirmations = [], []
    for document in documents:
        direction = DIRECTION_OF.get(document.type)
        if direction is None or not document.root.place.endswith("/Manifest"):
            what = OUT_OF_SCOPE.get(document.type, "")
            notes.add("CN-021", Severity.REJECT, "", document.type, document.root.place, what=what)
        elif document.type == direction.manifest:
            manifests.append(document)
        else:
            confirmations.append(document)
    if not manifests and len(confirmations) == 1 and _takes_back(confirmations[0]):
        return confirmations[0], None
    for document in confirmations if not manifests else ():
        notes.add("CN-004", Severity.REJECT, "", document.batch, document.root.place, name=document.type)
    for document in (*manifests[1:], *confirmations[1:]):
        notes.add("CN-005", Severity.REJECT, "", document.batch, document.root.place, name=document.type)
    if manifests and confirmations:
        _same_batch(manifests[0], confirmations[0], notes)
    if len(notes.findings) > before or not manifests:
        return None, None
    return manifests[0], confirmations[0] if confirmations else None


def _takes_back(confirmation: Document) -> bool:
    """Whether a confirmation takes back one vehicle of a batch; that needs no manifest."""
    function = confirmation.root.part("Head").leaf("FunctionCode")
    declaration = confirmation.root.part("Declaration")
    return function is not None and function.text == DELETION and declaration.leaf("VehicleQuantity") is not None


def _same_batch(manifest: Document, confirmation: Document, notes: Notes) -> None:
    batch, other = manifest.batch, confirmation.batch
    if (batch and batch.text) != (other and other.text) or DIRECTION_OF[
        manifest.type
    ].confirmation != confirmation.type:
        notes.add("CN-005", Severity.REJECT, "", other, confirmation.root.place, name=confirmation.type)


# The envelope


@dataclass(frozen=True, slots=True)
class _Head:
    """What the heads of the documents say together.

    Attributes:
        numbers: MessageID of each document.
        prepared: When the last of them was made.
        issued: When the first of them, the manifest or the reply, was issued.
    """

    numbers: tuple[str, ...]
    prepared: datetime
    issued: datetime

    @property
    def id(self) -> str:
        """The identifier of the message: the same for the same documents, whenever they are handed over."""
        return str(uuid5(_UUIDS, " ".join(self.numbers)))


def _head(documents: Iterable[Document], notes: Notes) -> _Head | None:
    """What the heads say; None, with findings, where a key is missing."""
    numbers, sent = [], []
    for document in documents:
        head = document.root.part("Head")
        number, time = document.message_id, head.leaf("SendTime")
        for name in ("MessageType", "ReceiverID", "Version"):
            _constant(notes, head, name, document.type)
        for name, leaf in (("MessageID", number), ("SendTime", time)):
            if leaf is None:
                notes.add("CN-001", Severity.REJECT, "", None, f"{head.place}/{name}", name=name)
        if number is not None:
            notes.origins.setdefault("/CommunicationMetaData/ID", number.place)
        numbers.append(number.text if number else "")
        if (at := moment(notes, "/CommunicationMetaData/PreparationDateTime", time)) is not None:
            sent.append(at)
        elif time is not None:
            notes.add("CN-001", Severity.REJECT, "", time, name="SendTime")
    if not all(numbers) or len(sent) < len(numbers):
        return None
    return _Head(tuple(numbers), max(sent), sent[0])


def _constant(notes: Notes, head: Part, name: str, message_type: str) -> None:
    """Parts of the head that the common form says otherwise; another value than the form's is noted."""
    leaf = head.leaf(name)
    if leaf is not None and leaf.text not in (message_type, PROFILE["sender"]["receiver"], "1.0"):
        notes.lost("", leaf.text, leaf.place)


def _communication(
    head: _Head, setting: Setting, route: Route, notes: Notes, part: Part, *, inbound: bool = False
) -> CommunicationMetaData | None:
    """Who sends what to whom; `inbound`, it is for China: an import manifest, an answer from abroad."""
    return build(
        CommunicationMetaData,
        notes,
        "/CommunicationMetaData",
        part,
        **between(setting, route, inbound=inbound),
        id=head.id,
        preparation_date_time=head.prepared,
    )


def _declaration_message(
    manifest: Document, confirmation: Document | None, setting: Setting, notes: Notes
) -> DeclarationMessage | None:
    direction = DIRECTION_OF[manifest.type]
    head = _head((manifest, confirmation) if confirmation else (manifest,), notes)
    post = _post(manifest, confirmation)
    declaration = declaration_of(notes, manifest, confirmation, head.issued if head else None)
    office = manifest.root.part("Declaration").leaf("DeclarationOfficeID")
    office_place = f"{manifest.root.place}/Declaration/DeclarationOfficeID"
    if post is None:
        notes.add("CN-002", Severity.REJECT, "", office, office_place)
        return None
    route = route_to(setting, post.neighbour)
    if route is None:
        notes.add("CN-003", Severity.REJECT, "", office, office_place, country=post.neighbour)
        return None
    if head is None or declaration is None:
        return None
    at = manifest.root.part("Head")
    return build(
        DeclarationMessage,
        notes,
        "",
        manifest.root,
        **heading(DeclarationMessage, COUNTRY if direction.export else post.neighbour),
        responsible_agency_name=PROFILE["agency"] if direction.export else None,
        communication_meta_data=_communication(head, setting, route, notes, at, inbound=not direction.export),
        declaration=declaration,
    )


def _post(manifest: Document, confirmation: Document | None) -> Post | None:
    """The border post: the confirmation is made there, the manifest perhaps at an office inland."""
    for document in (confirmation, manifest):
        leaf = document.root.part("Declaration").leaf("DeclarationOfficeID") if document else None
        if leaf is not None and leaf.text in POST_OF:
            return POST_OF[leaf.text]
    return None


# The declaration


def declaration_of(
    notes: Notes, manifest: Document, confirmation: Document | None, issued: datetime | None
) -> Declaration | None:
    """The declaration that a manifest and its confirmation make; None, with findings, where a key is missing."""
    pointer = "/Declaration"
    direction = DIRECTION_OF[manifest.type]
    empty = manifest.type in WITHOUT_CARGO
    confirmation = manifest if empty else confirmation
    head, form = manifest.root.part("Head"), manifest.root.part("Declaration")
    amended = form.part("Amendment")
    other = confirmed(notes, confirmation.root.part("Declaration")) if confirmation else Confirmed()
    vehicle = other.vehicle or vehicle_of_batch(notes, form)
    post = _post(manifest, confirmation)
    carried = consignments(notes, form, direction, post.neighbour if post else None, other)
    _compare(notes, form, other, carried)
    if confirmation is not None and vehicle is not None and not empty:  # what happens to it, its confirmation says
        _compare_with_batch(notes, manifest, confirmation, vehicle)
        head, amended = confirmation.root.part("Head"), other.declaration.part("Amendment")
    elif confirmation is not None:
        _compare_functions(notes, head.leaf("FunctionCode"), confirmation.root.part("Head").leaf("FunctionCode"))
    confirmed_means = other.declaration.part("BorderTransportMeans")
    planned_means = Part(None, "") if empty else form.part("BorderTransportMeans")
    steps = itinerary(notes, f"{pointer}/BorderTransportMeans/Itinerary", confirmed_means)
    means = border_transport_means(notes, planned_means, confirmed_means, steps, empty=empty)
    function = _function(notes, head)
    if empty and function != CANCELLATION:
        check_containers(notes, manifest.type, confirmed_means, means)
    key = form.leaf("ID")
    if key is None:
        notes.add("CN-001", Severity.REJECT, f"{pointer}/FunctionalReferenceID", None, f"{form.place}/ID", name="ID")
    if key is None or function is None or issued is None:
        return None
    notes.origins[f"{pointer}/IssueDateTime"] = f"{manifest.root.part('Head').place}/SendTime"
    notes.origins[f"{pointer}/FunctionCode"] = f"{head.place}/FunctionCode"
    return build(
        Declaration,
        notes,
        pointer,
        form,
        **_offices(notes, form, other.declaration, direction, post),
        function_code=function,
        **_reference(notes, key, vehicle),
        goods_item_quantity=sum(len(consignment.consignment_item) for consignment in carried) or None,
        issue_date_time=issued,
        specific_circumstances_code_code=EMPTY_VEHICLE if empty else None,
        total_gross_mass_measure=_total_mass(notes, form, carried),
        total_package_quantity=_total_packages(notes, form, carried),
        type_code=MANIFEST,
        additional_information=_statements(notes, f"{pointer}/AdditionalInformation", form),
        agent=_agent(notes, form, other.declaration),
        amendment=_amendment(notes, f"{pointer}/Amendment/0", amended),
        border_transport_means=means,
        carrier=_carrier(notes, form.part("Carrier"), other.declaration.part("Carrier")),
        consignment=carried,
        representative_person=build(
            RepresentativePerson,
            notes,
            f"{pointer}/RepresentativePerson",
            form.part("RepresentativePerson"),
            name=form.part("RepresentativePerson").leaf("Name"),
        ),
        submitter=_submitter(notes, manifest, confirmation),
    )


def _reference(notes: Notes, key: Leaf, vehicle: Vehicle | None) -> dict[str, Leaf | int]:
    """The reference of the declaration, and the batch that its vehicle belongs to."""
    if vehicle is None:
        return {"functional_reference_id": key}
    notes.origins["/Declaration/BatchVehicleQuantity"] = vehicle.vehicles.place
    return {
        "functional_reference_id": vehicle.reference,
        "batch_id": vehicle.batch,
        "batch_vehicle_quantity": int(vehicle.vehicles.text),
    }


def _function(notes: Notes, head: Part) -> str | None:
    leaf = head.leaf("FunctionCode")
    function = FUNCTIONS.get(leaf.text) if leaf else None
    if function is None:
        notes.add("CN-006", Severity.REJECT, "/Declaration/FunctionCode", leaf, f"{head.place}/FunctionCode")
    elif leaf is not None and leaf.text in ("0", "2"):
        notes.add("CN-007", Severity.INFO, "/Declaration/FunctionCode", leaf, function=function)
    return function


def _compare_functions(notes: Notes, told: Leaf | None, other: Leaf | None) -> None:
    """One message has one function; that of the other document is noted where it means something else."""
    if other is not None and (told is None or FUNCTIONS.get(told.text) != FUNCTIONS.get(other.text)):
        _disagree(notes, "/Declaration/FunctionCode", "FunctionCode", told, other)


def _disagree(notes: Notes, pointer: str, name: str, told: Leaf | None, other: Leaf) -> None:
    notes.add("CN-014", Severity.WARN, pointer, other, name=name, other=told.text if told else "")


def _compare_with_batch(notes: Notes, manifest: Document, confirmation: Document, vehicle: Vehicle) -> None:
    """What the manifest says of its batch and the confirmation of its vehicle, which is what is told."""
    of_batch, of_vehicle = (document.root.part("Head").leaf("FunctionCode") for document in (manifest, confirmation))
    if of_batch is None or of_batch.text != DELETION:
        _compare_functions(notes, of_vehicle, of_batch)
    elif of_vehicle is None or of_vehicle.text != DELETION:
        other = of_vehicle.text if of_vehicle else ""
        notes.add("CN-032", Severity.REJECT, "/Declaration/FunctionCode", of_batch, other=other)
    elif vehicle.number is not None:
        # One message takes back one vehicle; it does not say that the others are taken back as well.
        notes.lost("/Declaration/FunctionCode", of_batch.text, of_batch.place)
    reason, told = (
        document.root.part("Declaration").part("Amendment").leaf("ChangeReasonCode")
        for document in (manifest, confirmation)
    )
    if reason is not None and (told is None or told.text != reason.text):
        _disagree(notes, "/Declaration/Amendment/0/ChangeReasonCode", "ChangeReasonCode", told, reason)


def _offices(
    notes: Notes, form: Part, confirmation: Part, direction: Direction, post: Post | None
) -> dict[str, Leaf | EntryOffice | ExitOffice | PresentationOffice | None]:
    """The office that took the declaration, and those at both sides of the border post."""
    office, at_border = form.leaf("DeclarationOfficeID"), confirmation.leaf("DeclarationOfficeID")
    border = next((leaf for leaf in (at_border, office) if leaf and leaf.text in POST_OF), None)
    if at_border is not None and at_border is not border and (office is None or at_border.text != office.text):
        notes.lost("/Declaration/DeclarationOfficeID", at_border.text, at_border.place)
    neighbour = post.neighbour_office if post else None
    own, theirs = (ExitOffice, EntryOffice) if direction.export else (EntryOffice, ExitOffice)
    ours = build(own, notes, f"/Declaration/{own.__name__}", form, id=border)
    if border is not None:
        notes.origins[f"/Declaration/{theirs.__name__}"] = border.place
    across = build(theirs, notes, f"/Declaration/{theirs.__name__}", form, id=neighbour)
    entry, exit_ = (across, ours) if direction.export else (ours, across)
    inland = office if office is not None and (border is None or office.text != border.text) else None
    presented = None
    if not direction.export and inland is not None:
        presented = build(PresentationOffice, notes, "/Declaration/PresentationOffice", form, id=inland)
    return {
        "declaration_office_id": office if direction.export else None,
        "entry_office": entry if isinstance(entry, EntryOffice) else None,
        "exit_office": exit_ if isinstance(exit_, ExitOffice) else None,
        "presentation_office": presented,
    }


def _statements(notes: Notes, pointer: str, form: Part) -> tuple[AdditionalInformation, ...]:
    read: list[AdditionalInformation] = []
    for part in form.parts("AdditionalInformation"):
        at = f"{pointer}/{len(read)}"
        made = build(AdditionalInformation, notes, at, part, statement_description=part.leaf("Content"))
        if made is not None:
            notes.origins[f"{at}/StatementDescription"] = f"{part.place}/Content"
            read.append(made)
    return tuple(read)


def _agent(notes: Notes, form: Part, confirmation: Part) -> Agent | None:
    part, other = form.part("Agent"), confirmation.part("Agent")
    ours, theirs = part.leaf("ID"), other.leaf("ID")
    if ours and theirs and ours.text != theirs.text:
        _disagree(notes, "/Declaration/Agent/ID", "Agent", ours, theirs)
    if ours is None:
        part, ours = other, theirs
    return build(Agent, notes, "/Declaration/Agent", part, id=read_number(notes, "/Declaration/Agent/ID", ours))


def _carrier(notes: Notes, manifest: Part, confirmation: Part) -> Carrier | None:
    """The carrier: what the confirmation says of it, else the manifest."""
    planned, came = manifest.leaf("ID"), confirmation.leaf("ID")
    if planned and came and planned.text != came.text:
        _disagree(notes, "/Declaration/Carrier/ID", "Carrier", came, planned)
    part = confirmation or manifest
    number = read_number(notes, "/Declaration/Carrier/ID", came or planned)
    return build(Carrier, notes, "/Declaration/Carrier", part, id=number, name=confirmation.leaf("Name"))


def _amendment(notes: Notes, pointer: str, part: Part) -> tuple[Amendment, ...]:
    made = build(Amendment, notes, pointer, part, change_reason_code=part.leaf("ChangeReasonCode"))
    return (made,) if made else ()


def _submitter(notes: Notes, manifest: Document, confirmation: Document | None) -> Submitter | None:
    """Who handed the manifest to the window."""
    head = manifest.root.part("Head")
    leaf = head.leaf("SenderID")
    other = confirmation.root.part("Head").leaf("SenderID") if confirmation else None
    if other is not None and (leaf is None or leaf.text != other.text):
        notes.lost("/Declaration/Submitter/ID", other.text, other.place)
    return build(Submitter, notes, "/Declaration/Submitter", head, id=leaf, role_code=SUBMITTER if leaf else None)


def _compare(notes: Notes, form: Part, other: Confirmed, carried: tuple[Consignment, ...]) -> None:
    """Waybills that only one of the two documents has; containers under one of the confirmation's stay unread."""
    listed = {
        leaf.text: leaf
        for part in form.parts("Consignment")
        if (leaf := part.part("TransportContractDocument").leaf("ID")) is not None
    }
    for waybill, leaf in other.waybills.items():
        if waybill not in listed:
            notes.add("CN-014", Severity.WARN, "", leaf, name="TransportContractDocument/ID", other="")
    if other.declaration:
        for index, consignment in enumerate(carried):
            document = consignment.transport_contract_document
            if document is not None and document.id is not None and document.id not in other.waybills:
                pointer = f"/Declaration/Consignment/{index}/TransportContractDocument/ID"
                name = "TransportContractDocument/ID"
                notes.add("CN-014", Severity.WARN, pointer, listed[document.id], name=name, other="")


def _total_mass(notes: Notes, form: Part, carried: tuple[Consignment, ...]) -> Measure | None:
    """The sum of the consignments' masses; None where one has none, or where units differ."""
    masses = [mass for consignment in carried if (mass := consignment.total_gross_mass_measure) is not None]
    units = {mass.unit_code for mass in masses}
    if len(masses) < len(carried) or len(units) != 1:
        return None
    total = sum((mass.value for mass in masses), Decimal(0))
    return build(
        Measure, notes, "/Declaration/TotalGrossMassMeasure", form, value=format(total, "f"), unit_code=units.pop()
    )


def _total_packages(notes: Notes, form: Part, carried: tuple[Consignment, ...]) -> Quantity | None:
    """The sum of the consignments' packages; with their kind where all are of one kind."""
    counts = [count for consignment in carried if (count := consignment.total_package_quantity) is not None]
    kinds = {count.unit_code for count in counts}
    if not counts or len(counts) < len(carried):
        return None
    total = sum((count.value for count in counts), Decimal(0))
    kind = kinds.pop() if len(kinds) == 1 else None
    return build(Quantity, notes, "/Declaration/TotalPackageQuantity", form, value=format(total, "f"), unit_code=kind)


# Replies and border events


def _reply(document: Document, setting: Setting, notes: Notes) -> ResponseMessage | None:
    head = _head((document,), notes)
    response = reply.response_of(notes, document)
    route, country = reply.route(document, setting)
    abroad = reply.answering(document)
    if route is None:
        place = f"{document.root.place}/Response/FunctionalReferenceID"
        notes.add("CN-003", Severity.REJECT, "", reply.answered(document), place, country=country or "")
        return None
    if head is None or response is None:
        return None
    return build(
        ResponseMessage,
        notes,
        "",
        document.root,
        **heading(ResponseMessage, abroad or COUNTRY),
        responsible_agency_name=None if abroad else PROFILE["agency"],
        communication_meta_data=_communication(
            head, setting, route, notes, document.root.part("Head"), inbound=abroad is not None
        ),
        response=response,
    )


def _event(document: Document, setting: Setting, notes: Notes) -> BorderEventMessage | None:
    head = _head((document,), notes)
    told = event.event_of(notes, document)
    route, country = event.route(document, setting)
    abroad = reply.answering(document)
    if route is None:
        place = f"{document.root.place}/Declaration/DeclarationOfficeID"
        notes.add("CN-003", Severity.REJECT, "", event.cited(document), place, country=country or "")
        return None
    if head is None or told is None:
        return None
    return build(
        BorderEventMessage,
        notes,
        "",
        document.root,
        **heading(BorderEventMessage, abroad or COUNTRY),
        responsible_agency_name=None if abroad else PROFILE["agency"],
        communication_meta_data=_communication(
            head, setting, route, notes, document.root.part("Head"), inbound=abroad is not None
        ),
        border_event=told,
    )
