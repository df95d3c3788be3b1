"""*Chegara voqeasi* (CV): what one authority sees of a declared movement, told to the other. Both directions.

Plausible throughout (`docs/national-wires.md`, Border events). An event for Uzbekistan names `UZ` as the country
that is told; any other is Uzbekistan's own. The declaration is named by its sender's own reference, whoever sent it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.kit.contract import Setting
from adapters.kit.event import import_number, plates, remark, subheadings
from adapters.kit.identifier import is_uuid
from adapters.kit.implied import IMPORT_DECLARATION, NOWHERE, PLATE, REMARK, TRAILER
from adapters.kit.sheet import Sheet
from adapters.uz.codes import CONCLUSIONS, EVENT_KINDS, SEAL_STATES
from adapters.uz.envelope import message_of, read_envelope
from adapters.uz.form import COUNTRY, EVENT, KILOS, MONEY, PACKAGES, VERSION, message_id, short_reference
from adapters.uz.kinds import MOMENT, WHOLE, WORD, coded
from adapters.uz.rows import (
    AnyRow,
    Kind,
    Row,
    assembled,
    listed,
    many,
    part,
    pointer_of,
    read_rows,
    value_at,
    write_part,
)
from adapters.uz.source import Source
from gateway.message.border_event import BorderEvent
from gateway.message.declaration import BorderTransportMeans, ConsignmentItem, TransportEquipment
from gateway.message.element import WcoClass
from gateway.message.finding import Severity
from gateway.message.metadata import BorderEventMessage
from gateway.message.parts import AdditionalDocument, AdditionalInformation

_EVENT = "/BorderEvent"
_CODE = "commodity/classification/0/id"


# Values that are the form's own


def _read_plates(source: Source, value: Any, place: str, pointer: str, cls: Any) -> WcoClass | None:
    """The tractor's plate first, then those of the trailers; an empty first one is a tractor that nobody named."""
    tractor = None
    if isinstance(value, list) and value:
        tractor = source.string(value[0], f"{place}/0", f"{pointer}/ID")
        value = [None, *value[1:]]

    def make(node: Any, here: str, at: str, _number: int) -> WcoClass | None:
        return _named(source, TransportEquipment, node, here, at, "id", type_code=TRAILER)

    trailers = tuple(listed(source, value, place, f"{pointer}/TransportEquipment", make))
    if tractor is None and not trailers:
        return None
    source.origins.setdefault(pointer, place)
    values: dict[tuple[str, ...], Any] = {
        ("id",): tractor,
        ("identification_type_code",): None if tractor is None else PLATE,
        ("transport_equipment",): trailers,
    }
    made = assembled(source, cls, pointer, place, values)
    lone = isinstance(made, BorderTransportMeans) and made.id is None and not made.transport_equipment
    return None if lone else made


def _write_plates(sheet: Sheet, means: BorderTransportMeans, pointer: str) -> list[str] | None:
    return plates(sheet, means, pointer) or None


def _read_codes(source: Source, value: Any, place: str, pointer: str, _cls: Any) -> tuple[WcoClass, ...]:
    """One item for each code of the goods: the form has no more of them."""

    def make(node: Any, here: str, at: str, _number: int) -> WcoClass | None:
        number = int(at.rpartition("/")[2]) + 1
        return _named(source, ConsignmentItem, node, here, at, _CODE, sequence_numeric=number)

    return tuple(listed(source, value, place, pointer, make))


def _write_codes(sheet: Sheet, items: Sequence[ConsignmentItem], pointer: str) -> list[str] | None:
    return subheadings(sheet, items, pointer) or None


def _read_imported(source: Source, value: Any, place: str, pointer: str, _cls: Any) -> tuple[WcoClass, ...]:
    made = _named(source, AdditionalDocument, value, place, f"{pointer}/0", "id", type_code=IMPORT_DECLARATION)
    return () if made is None else (made,)


def _read_remarks(source: Source, value: Any, place: str, pointer: str, _cls: Any) -> tuple[WcoClass, ...]:
    words = "statement_description"
    made = _named(source, AdditionalInformation, value, place, f"{pointer}/0", words, statement_type_code=REMARK)
    return () if made is None else (made,)


def _named(
    source: Source, cls: type[WcoClass], value: Any, place: str, pointer: str, path: str, **given: Any
) -> WcoClass | None:
    """A part of which the form has one text only; None where that does not fit, whatever else is known of it."""
    text = source.string(value, place, pointer + pointer_of(cls, path))
    if text is None:
        return None
    source.origins.setdefault(pointer, place)
    values: dict[tuple[str, ...], Any] = {tuple(path.split("/")): text}
    values |= {(name,): each for name, each in given.items()}
    made = assembled(source, cls, pointer, place, values)
    return made if made is not None and value_at(made, path) is not None else None


# The form


SEAL: tuple[AnyRow, ...] = (Row("raqam", "id", WORD), Row("holat", "condition_code", coded(SEAL_STATES)))
CONSIGNMENT: tuple[AnyRow, ...] = (
    Row("tartib", "sequence_numeric", WHOLE),
    Row("transportHujjati", "transport_contract_document", part((Row("raqam", "id", WORD),))),
    Row("importRaqami", "additional_document", Kind(_read_imported, import_number)),
    Row("tnKodlar", "consignment_item", Kind(_read_codes, _write_codes)),
    Row("jami", "total_package_quantity", PACKAGES),
    Row("bruttoKg", "total_gross_mass_measure", KILOS),
    Row("qiymat", "value_amount", MONEY),
)
DECLARATION: tuple[AnyRow, ...] = (
    Row("jonatuvchiRaqami", "functional_reference_id", WORD),
    Row("royxatRaqami", "id", WORD),
)
CONTENT: tuple[AnyRow, ...] = (
    Row("hujjatSanasi", "issue_date_time", MOMENT),
    Row("deklaratsiya", "declaration", part(DECLARATION)),
    Row("voqea", "event_type_code", coded(EVENT_KINDS, rule="UZ-013")),
    Row("voqeaVaqti", "event_date_time", MOMENT),
    Row("post", "border_office/id", WORD),
    Row("davlatRaqamlari", "border_transport_means", Kind(_read_plates, _write_plates)),
    Row("plombalar", "control_result/seal_check", many(SEAL)),
    Row("topilganBruttoKg", "control_result/gross_mass_measure", KILOS),
    Row("tasvirRaqami", "control_result/image_reference_id", WORD),
    Row("xulosa", "control_result/conclusion_code", coded(CONCLUSIONS)),
    Row("yuklar", "consignment", many(CONSIGNMENT)),
    Row("izoh", "additional_information", Kind(_read_remarks, remark)),
)
"""The whole form below its first names (`shakl` to `hujjatId`, the two countries), which belong to the envelope."""


# Reading and writing


def read_event(source: Source, setting: Setting) -> BorderEventMessage | None:
    """The border event in a CV; None where kind, time, office, reference, document id or the other side lack."""
    envelope = read_envelope(source, setting)
    conversation = _followed(source)
    values = read_rows(source, source.tree, "", _EVENT, BorderEvent, CONTENT)
    if not _complete(source, values) or envelope is None:
        return None
    source.origins[_EVENT] = ""
    source.origins[f"{_EVENT}/FunctionalReferenceID"] = "/hujjatId"
    values["functional_reference_id"] = short_reference(envelope.document_id)
    paths = {tuple(path.split("/")): value for path, value in values.items()}
    event = assembled(source, BorderEvent, _EVENT, "", paths)
    if not isinstance(event, BorderEvent):
        return None
    at = event.issue_date_time
    return message_of(BorderEventMessage, source, setting, envelope, at, follows=conversation, border_event=event)


def _followed(source: Source) -> str | None:
    """The message that the event is about, where its document certainly is one of Uzbekistan's own.

    An identifier in the shape of a UUID may be the message's own, of a declaration from abroad, or the window's; then
    the reference alone says which declaration is meant, and the identifier is reported.
    """
    pointer, place = "/CommunicationMetaData/ConversationReferenceID", "/deklaratsiya/hujjatId"
    document_id = source.word("hujjatId", pointer, within="/deklaratsiya")
    if document_id is None or not is_uuid(document_id.lower()):
        return None if document_id is None else message_id(document_id)
    source.lost(document_id, place, pointer)
    return None


def _complete(source: Source, values: dict[str, Any]) -> bool:
    """Whether an event says what it must; what it lacks is reported."""
    kind, declaration = values.get("event_type_code"), values.get("declaration")
    lacking = [
        ("KIT-READ-01", "IssueDateTime", "/hujjatSanasi", values.get("issue_date_time") is None),
        ("UZ-014", "Declaration/FunctionalReferenceID", "/deklaratsiya", _unnamed(declaration)),
        ("UZ-013", "EventTypeCode", "/voqea", kind is None),
        ("KIT-READ-01", "EventDateTime", "/voqeaVaqti", values.get("event_date_time") is None),
        ("UZ-015", "BorderOffice/ID", "/post", values.get("border_office/id") is None and kind not in {None, *NOWHERE}),
    ]
    told = {finding.rule for finding in source.findings}
    for rule, name, place, is_lacking in lacking:
        if is_lacking and not (rule == "UZ-013" and rule in told):
            source.say(rule, Severity.REJECT, f"{_EVENT}/{name}", "", place)
    return not any(is_lacking for *_, is_lacking in lacking)


def _unnamed(declaration: Any) -> bool:
    return declaration is None or declaration.functional_reference_id is None


def write_event(sheet: Sheet, message: BorderEventMessage) -> dict[str, Any]:
    """A border event as a CV."""
    event, envelope = message.border_event, message.communication_meta_data
    if event.functional_reference_id == short_reference(envelope.id):
        sheet.said.add(f"{_EVENT}/FunctionalReferenceID")
    if event.declaration.functional_reference_id is None:
        sheet.say("UZ-014", Severity.REJECT, f"{_EVENT}/Declaration/FunctionalReferenceID")
    if message.responsible_country_code is None and event.event_type_code not in NOWHERE:
        sheet.say("UZ-011", Severity.WARN, "/ResponsibleCountryCode")
    return {
        "shakl": EVENT,
        "shaklVersiyasi": VERSION,
        "sinov": envelope.test_indicator,
        "hujjatId": envelope.id,
        "jonatuvchiMamlakat": message.responsible_country_code,
        "qabulQiluvchiMamlakat": COUNTRY,
        **write_part(sheet, event, _EVENT, CONTENT),
    }
