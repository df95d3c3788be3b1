"""The reader: a national document as a message. Never raises for what a document holds.

Documents are told apart by `shakl`; a new form is one more entry in `_FORMS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adapters.kit.contract import LARGEST, National, Reading, Setting, unreadable
from adapters.uz.change import rows_of
from adapters.uz.codes import ACTIONS
from adapters.uz.envelope import message_of, read_envelope
from adapters.uz.event import read_event
from adapters.uz.form import ADVANCE, EVENT, NOTICE
from adapters.uz.notice import read_notice
from adapters.uz.rows import read_part
from adapters.uz.source import Source, escaped, placed, report_leftovers
from gateway.errors import Unreadable
from gateway.message.declaration import Declaration
from gateway.message.finding import Finding, Severity
from gateway.message.json_twin import parse_json
from gateway.message.metadata import DeclarationMessage, Message

_NEEDED = ("hujjatSanasi", "amal", "jonatuvchiRaqami", "tur")


def read(document: National, setting: Setting) -> Reading:
    """The message in a DM, an XN or a CV, with every finding about it."""
    if len(document.body) > LARGEST:
        return unreadable(f"{len(document.body)} > {LARGEST}")
    try:
        tree, faults = parse_json(document.body)
    except Unreadable as error:
        return unreadable(error.detail, line=error.line)
    source = Source(tree)
    _report_twice(source, faults)
    form = source.word("shakl")
    if form is None:  # another's JSON
        source.say("KIT-READ-01", Severity.REJECT, "", "", "/shakl")
        return Reading(None, tuple(source.findings), source.origins)
    if form not in _FORMS:
        source.say("UZ-002", Severity.REJECT, "", form, "/shakl")
        return Reading(None, tuple(source.findings), source.origins)
    version = source.word("shaklVersiyasi")
    if version is not None and version.partition(".")[0] != "1":
        source.say("UZ-009", Severity.WARN, "", version, "/shaklVersiyasi")
    message = _FORMS[form](source, setting)
    report_leftovers(source)
    if message is None and not any(finding.severity is Severity.REJECT for finding in source.findings):
        source.say("KIT-READ-01", Severity.REJECT, "", form, "")
    return Reading(message, placed(source), source.origins)


def _report_twice(source: Source, faults: tuple[Finding, ...]) -> None:
    """A name that stands twice has two meanings; `null` has one here, that nothing is there."""
    for fault in faults:
        if fault.rule == "ACD-STR-09":
            name = fault.params.get("name", "")
            source.say("UZ-010", Severity.REJECT, "", name, fault.pointer or f"/{escaped(name)}")


def read_advance(source: Source, setting: Setting) -> DeclarationMessage | None:
    """The declaration in a DM; None where its document id, time, action, reference, kind or route lack."""
    envelope = read_envelope(source, setting)
    action = source.tree.get("amal")
    rows = rows_of(ACTIONS.get(action.strip()) if isinstance(action, str) else None)
    declaration = read_part(source, source.tree, "", "/Declaration", Declaration, rows)
    for name in _NEEDED:
        if f"/{name}" not in source.taken:
            source.say("KIT-READ-01", Severity.REJECT, "", f"/{name}", f"/{name}")
    if envelope is None or not isinstance(declaration, Declaration):
        return None
    at = declaration.issue_date_time
    return message_of(DeclarationMessage, source, setting, envelope, at, declaration=declaration)


_FORMS: Mapping[str, Callable[[Source, Setting], Message | None]] = {
    ADVANCE: read_advance,
    NOTICE: read_notice,
    EVENT: read_event,
}
