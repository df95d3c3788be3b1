"""The writer: a message in the national form. A declaration becomes a DM, a response an XN, an event a CV.

What the national form cannot carry is reported, every leaf of it.
"""

from __future__ import annotations

from adapters.kit.contract import JSON, National, Written
from adapters.uz.change import rows_of
from adapters.uz.event import write_event
from adapters.uz.form import ADVANCE, COUNTRY, VERSION
from adapters.uz.notice import write_notice
from adapters.uz.rows import write_part
from adapters.uz.sheet import Sheet, bytes_of, report_rest
from gateway.message.finding import Severity
from gateway.message.metadata import DeclarationMessage, Message, ResponseMessage

_ENVELOPE = (
    "/AgencyAssignedCustomizationCode",
    "/AgencyAssignedCustomizationVersionCode",
    "/ResponsibleAgencyName",
    "/ResponsibleCountryCode",
    "/WCODataModelVersionCode",
    "/WCOTypeName",
    "/CommunicationMetaData/AgreementID",
    "/CommunicationMetaData/AgreementVersionID",
    "/CommunicationMetaData/ConversationReferenceID",
    "/CommunicationMetaData/ID",
    "/CommunicationMetaData/PreparationDateTime",
    "/CommunicationMetaData/Recipient/ID",
    "/CommunicationMetaData/Sender/ID",
    "/CommunicationMetaData/TestIndicator",
)
"""Who sends what to whom is the gateway's business; a national document is handed over inside that relation."""


def write(message: Message) -> Written:
    """The national document that says what a message says, and what it could not say."""
    if isinstance(message, DeclarationMessage):
        sheet = _advance(message)
    elif isinstance(message, ResponseMessage):
        sheet = write_notice(message)
    else:
        sheet = write_event(message)
    sheet.said.update(_ENVELOPE)
    report_rest(sheet, message)
    name = f"{message.communication_meta_data.id}.json"
    return Written(National(bytes_of(sheet.tree), JSON, name), tuple(sheet.findings))


def _advance(message: DeclarationMessage) -> Sheet:
    sheet = Sheet()
    body = write_part(sheet, message.declaration, "/Declaration", rows_of(message.declaration.function_code))
    if "tur" not in body:  # the form knows two kinds; UZ cannot do without one, and the loss is reported
        body["tur"] = "YUK"
    if message.responsible_country_code is None:
        sheet.say("UZ-011", Severity.WARN, "/ResponsibleCountryCode")
    sheet.tree = {
        "shakl": ADVANCE,
        "shaklVersiyasi": VERSION,
        "sinov": message.communication_meta_data.test_indicator,
        "hujjatId": message.communication_meta_data.id,
        "jonatuvchiMamlakat": message.responsible_country_code,
        "qabulQiluvchiMamlakat": COUNTRY,
        **body,
    }
    return sheet
