"""WithdrawalNotice: a declaration taken back, read and written as a cancellation. Both directions; plausible.

The preliminary information of the Union knows no withdrawal; this notice names what is taken back, and why.
"""

from __future__ import annotations

from datetime import datetime

from adapters.kg.codes import REASON_IN_WORDS
from adapters.kg.document import sheet_of
from adapters.kg.form import WITHDRAWAL_ROOT
from adapters.kg.mode import read_mode, write_mode
from adapters.kg.relation import message_of, read_relation, read_words, write_reference, write_relation
from adapters.kg.values import read_moment, read_number
from adapters.kit.contract import Setting
from adapters.kit.implied import MANIFEST
from adapters.kit.xml_sheet import XmlSheet
from adapters.kit.xml_source import XmlSource
from gateway.message.declaration import BorderTransportMeans, Declaration, EntryOffice, ExitOffice
from gateway.message.finding import Severity
from gateway.message.metadata import DeclarationMessage
from gateway.message.parts import Amendment

CANCELLATION = "1"
"""`Declaration/FunctionCode` (UNTDID 1225)."""
_DECLARATION = "/Declaration"


def read_withdrawal(source: XmlSource, setting: Setting) -> DeclarationMessage | None:
    """The cancellation in a notice; None where reference, time or the other side lack."""
    root = source.root
    notice_id = source.value(root, "NoticeID", "/CommunicationMetaData/ID")
    at = read_moment(source, source.first(root, "NoticeDateTime"), f"{_DECLARATION}/IssueDateTime")
    relation = read_relation(source, setting)
    declaration = _declaration(source, at)
    if declaration is None or notice_id is None or at is None or relation is None:
        return None
    return message_of(DeclarationMessage, source, setting, relation, notice_id, at, declaration=declaration)


def _declaration(source: XmlSource, at: datetime | None) -> Declaration | None:
    root = source.root
    pointer = f"{_DECLARATION}/FunctionalReferenceID"
    reference = source.value(root, "RefSourceDocumentID", pointer)
    own = reference is None
    number = read_number(source, source.first(root, "RefRegNumber"), pointer if own else f"{_DECLARATION}/ID")
    reason = source.value(root, "AmendmentReasonCode", f"{_DECLARATION}/Amendment/0/ChangeReasonCode")
    entry, exit_ = (
        source.value(root, f"{name}Code", f"{_DECLARATION}/{name}/ID") for name in ("EntryOffice", "ExitOffice")
    )
    if reference is None and number is None:
        source.say("KG-012", Severity.REJECT, pointer, "", None)
    if at is None or (reference is None and number is None):
        source.say("KIT-READ-01", Severity.REJECT, "", "", None)
        return None
    amendment = source.make(Amendment, f"{_DECLARATION}/Amendment/0", root, {"change_reason_code": reason})
    return source.make(
        Declaration,
        _DECLARATION,
        root,
        {
            "function_code": CANCELLATION,
            "functional_reference_id": reference or number,
            "id": None if own else number,
            "issue_date_time": at,
            "type_code": MANIFEST,
            "additional_information": read_words(source, f"{_DECLARATION}/AdditionalInformation/0", REASON_IN_WORDS),
            "amendment": () if amendment is None else (amendment,),
            "border_transport_means": _means(source),
            "entry_office": source.make(EntryOffice, f"{_DECLARATION}/EntryOffice", root, {"id": entry}),
            "exit_office": source.make(ExitOffice, f"{_DECLARATION}/ExitOffice", root, {"id": exit_}),
        },
    )


def _means(source: XmlSource) -> BorderTransportMeans | None:
    node = source.first(source.root, "TransportModeCode")
    mode = read_mode(source, source.root)
    return source.make(BorderTransportMeans, f"{_DECLARATION}/BorderTransportMeans", node, {"mode_code": mode})


def write_withdrawal(message: DeclarationMessage) -> XmlSheet:
    """A cancellation as a notice."""
    sheet = sheet_of(WITHDRAWAL_ROOT)
    declaration, communication = message.declaration, message.communication_meta_data
    root = sheet.root
    sheet.said.add(f"{_DECLARATION}/FunctionCode")
    sheet.said.update((f"{_DECLARATION}/TypeCode",) if declaration.type_code == MANIFEST else ())
    sheet.put(root, "NoticeID", communication.id, "/CommunicationMetaData/ID")
    sheet.put(root, "NoticeDateTime", declaration.issue_date_time, f"{_DECLARATION}/IssueDateTime")
    if communication.preparation_date_time == declaration.issue_date_time:
        sheet.said.add("/CommunicationMetaData/PreparationDateTime")
    write_relation(sheet, message)
    reference = declaration.functional_reference_id
    pointer = f"{_DECLARATION}/FunctionalReferenceID"
    write_reference(sheet, reference, pointer, declaration.id, f"{_DECLARATION}/ID")
    for name, office in (("ExitOffice", declaration.exit_office), ("EntryOffice", declaration.entry_office)):
        sheet.put(root, f"{name}Code", office.id if office is not None else None, f"{_DECLARATION}/{name}/ID")
    write_mode(sheet, root, declaration.border_transport_means)
    for at, amendment in enumerate(declaration.amendment):
        here = f"{_DECLARATION}/Amendment/{at}/ChangeReasonCode"
        if sheet.put(root, "AmendmentReasonCode", amendment.change_reason_code, here) is not None:
            break
    for at, statement in enumerate(declaration.additional_information):
        here = f"{_DECLARATION}/AdditionalInformation/{at}"
        # Other words belong to what was declared; they do not say why it is taken back.
        if statement.statement_type_code == REASON_IN_WORDS:
            sheet.put(root, "DescriptionText", statement.statement_description, f"{here}/StatementDescription")
            sheet.said.add(f"{here}/StatementTypeCode")
            break
    return sheet
