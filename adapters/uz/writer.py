"""The writer: a message in the national form. A declaration becomes a DM, a response an XN, an event a CV.

What the national form cannot carry is reported, every leaf of it.
"""

from __future__ import annotations

from typing import Any

from adapters.kit.contract import JSON, National, Written
from adapters.kit.heading import RELATION
from adapters.kit.sheet import Sheet, report_rest
from adapters.uz.change import rows_of
from adapters.uz.event import write_event
from adapters.uz.form import ADVANCE, COUNTRY, VERSION, bytes_of
from adapters.uz.notice import write_notice
from adapters.uz.rows import write_part
from gateway.message.finding import Severity
from gateway.message.metadata import DeclarationMessage, Message, ResponseMessage

_ENVELOPE = (
    *RELATION,
    "/ResponsibleAgencyName",
    "/ResponsibleCountryCode",
    "/CommunicationMetaData/ConversationReferenceID",
    "/CommunicationMetaData/ID",
    "/CommunicationMetaData/PreparationDateTime",
    "/CommunicationMetaData/TestIndicator",
)


def write(message: Message) -> Written:
    """The national document that says what a message says, and what it could not say."""
    sheet = Sheet()
    if isinstance(message, DeclarationMessage):
        tree = _advance(sheet, message)
    elif isinstance(message, ResponseMessage):
        tree = write_notice(sheet, message)
    else:
        tree = write_event(sheet, message)
    sheet.said.update(_ENVELOPE)
    report_rest(sheet, message)
    name = f"{message.communication_meta_data.id}.json"
    return Written(National(bytes_of(tree), JSON, name), tuple(sheet.findings))


def _advance(sheet: Sheet, message: DeclarationMessage) -> dict[str, Any]:
    body = write_part(sheet, message.declaration, "/Declaration", rows_of(message.declaration.function_code))
    if "tur" not in body:  # the form knows two kinds; UZ cannot do without one, and the loss is reported
        body["tur"] = "YUK"
    if message.responsible_country_code is None:
        sheet.say("UZ-011", Severity.WARN, "/ResponsibleCountryCode")
    return {
        "shakl": ADVANCE,
        "shaklVersiyasi": VERSION,
        "sinov": message.communication_meta_data.test_indicator,
        "hujjatId": message.communication_meta_data.id,
        "jonatuvchiMamlakat": message.responsible_country_code,
        "qabulQiluvchiMamlakat": COUNTRY,
        **body,
    }
