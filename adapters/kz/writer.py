"""The writer: a message as a national document.

A declaration becomes a PreliminaryInformation, a cancellation its withdrawal, a response a ProcessingNotice, a border
event a BorderEventNotice. What the national form cannot carry is reported, every leaf of it.
"""

from __future__ import annotations

from adapters.kit.contract import XML, National, Written
from adapters.kit.sheet import report_rest
from adapters.kit.xml_sheet import xml_bytes
from adapters.kz.change import write_preliminary
from adapters.kz.event import write_event
from adapters.kz.notice import write_notice
from gateway.message.metadata import DeclarationMessage, Message, ResponseMessage


def write(message: Message) -> Written:
    """The national document that says what a message says, and what it could not say."""
    name = f"{message.communication_meta_data.id}.xml"
    if isinstance(message, DeclarationMessage):
        sheet = write_preliminary(message)
    elif isinstance(message, ResponseMessage):
        sheet = write_notice(message)
    else:
        sheet = write_event(message)
    report_rest(sheet, message)
    return Written(National(xml_bytes(sheet.root), XML, name), tuple(sheet.findings))
