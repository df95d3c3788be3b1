"""Examine a document that lies in a file: what it is, what is wrong with it, and at which line that stands.

For people who prepare messages: nothing is trusted, recorded or sent. The form is recognised by content, the common
one in both twins and the national ones of the installed adapters. Messages are judged as the gateway judges them
(steps 2, 4 and 5); of a national document, as its adapter and then the gateway would.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import takewhile
from types import MappingProxyType

from gateway.agreements import Agreement, Agreements, context, permit
from gateway.errors import TrustUnknown, Unknown, Unreadable, UntrustedMessage
from gateway.installed import Adapter, National, offline_setting
from gateway.message.finding import Finding, Severity
from gateway.message.json_twin import read_json
from gateway.message.metadata import DeclarationMessage, MetaData
from gateway.message.place import locate
from gateway.message.xml_twin import kind_of, parse_xml, read_xml
from gateway.opening import JSON, XML, Received, look, verify, without_signature
from gateway.reason import reason_text
from gateway.signing import TrustStore
from gateway.spans import Span, Spans, spans
from gateway.validation.catalogue import Catalogue, core_catalogue
from gateway.validation.rule import Context
from gateway.validation.validate import in_order, validate

ZIP = "application/zip"
FORMS = {"xml": XML, "json": JSON}
"""The common form in its two syntaxes."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"\x00<")
_ZIP_BEGINS = b"PK\x03\x04"
_LARGEST = 10 * 1024 * 1024
_NO_ORIGINS: Mapping[str, str] = MappingProxyType({})
Installed = Callable[[], Mapping[str, Adapter]]


@dataclass(frozen=True, slots=True)
class Opened:
    """A document that was read, and is not trusted.

    Attributes:
        body: The bytes.
        name: Name of the file.
        form: `xml` or `json` for the common form, else the country of a national one; "" where none reads it.
        kind: Kind of message.
        message: The message; None where there is none.
        findings: What was found in reading.
        origins: JSON Pointer in the message → place in the national document.
        adapter: The adapter that read it; None for the common form.
        stopped: Line and column at which reading had to stop.
    """

    body: bytes
    name: str
    form: str
    kind: type[MetaData]
    message: MetaData | None
    findings: tuple[Finding, ...]
    origins: Mapping[str, str] = field(default_factory=lambda: _NO_ORIGINS)
    adapter: Adapter | None = None
    stopped: tuple[int, int] | None = None

    @property
    def catalogue(self) -> Catalogue:
        """The rules that judge it: the common form's, and its country's."""
        if self.adapter is None:
            return core_catalogue()
        return core_catalogue().extended(self.adapter.rules, self.adapter.texts)


def opened(
    body: bytes,
    name: str,
    *,
    installed: Installed,
    agreements: Agreements,
    at: datetime,
    form: str = "",
    lenient: bool = False,
) -> Opened:
    """Read a document of any form.

    Args:
        body: The bytes.
        name: Name of the file, for findings.
        installed: Gives the installed adapters; asked only for what is not of the common form.
        agreements: For the routes that a national reader needs.
        at: The moment for which agreements must be in force.
        form: `xml`, `json` or a country; by default the document's content tells.
        lenient: Leave faulty parts out, as long as a message remains.

    Raises:
        Unknown: No adapter of that country is installed.
    """
    if form in FORMS:
        return _common(body, name, form, lenient=lenient)
    if form:
        adapter = installed().get(form.upper())
        if adapter is None:
            raise Unknown(f"No adapter {form} is installed; installed: {', '.join(installed()) or 'none'}")
        return _national(body, name, adapter, agreements, at)
    recognised, unreadable = _recognised(body)
    if recognised:
        return _common(body, name, recognised, lenient=lenient)
    if unreadable is not None and unreadable.rule != "ACD-ENV-10":
        return _stopped(body, name, "", unreadable)
    return _by_some_adapter(body, name, installed, agreements, at, unreadable)


def _recognised(body: bytes) -> tuple[str, Unreadable | None]:
    """The syntax of the common form, or "" and why it is not that."""
    if body.startswith(_ZIP_BEGINS):
        return "", None
    try:
        if _begins_as_json(body):
            read_json(body)
            return "json", None
        if not _begins_as_xml(body):
            return "", None
        kind_of(parse_xml(body))
    except Unreadable as error:
        return "", error
    return "xml", None


def _begins_as_json(body: bytes) -> bool:
    return body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def _begins_as_xml(body: bytes) -> bool:
    """Whether it could be meant as XML; in another encoding, too, so that this is what is said of it."""
    return body.startswith(_UTF_16) or body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def _common(body: bytes, name: str, form: str, *, lenient: bool) -> Opened:
    try:
        if not lenient:
            read = look(Received(body, FORMS[form]))
        elif form == "json":
            read = read_json(body, lenient=True)
        else:
            read = read_xml(without_signature(parse_xml(body)), lenient=True)
    except Unreadable as error:
        return _stopped(body, name, form, error)
    return Opened(body, name, form, read.kind, read.message, read.findings)


def _stopped(body: bytes, name: str, form: str, error: Unreadable) -> Opened:
    finding = Finding(error.rule, Severity.REJECT, "", error.seen, line=error.line)
    stopped = (error.line, error.column or 1) if error.line else None
    return Opened(body, name, form, DeclarationMessage, None, (finding,), stopped=stopped)


def _national(body: bytes, name: str, adapter: Adapter, agreements: Agreements, at: datetime) -> Opened:
    media_type = ZIP if body.startswith(_ZIP_BEGINS) else JSON if _begins_as_json(body) else XML
    setting = offline_setting(adapter.country, agreements, at)
    reading = adapter.read(National(body, media_type, name), setting)
    kind = type(reading.message) if reading.message is not None else DeclarationMessage
    stopped = None
    if media_type == XML and reading.message is None:
        try:
            parse_xml(body)
        except Unreadable as error:
            stopped = (error.line, error.column or 1) if error.line else None
    return Opened(
        body, name, adapter.country, kind, reading.message, reading.findings, reading.origins, adapter, stopped
    )


def _by_some_adapter(
    body: bytes, name: str, installed: Installed, agreements: Agreements, at: datetime, error: Unreadable | None
) -> Opened:
    """By the adapter that reads it; else by the one that knows its form all the same."""
    readings = [_national(body, name, adapter, agreements, at) for adapter in installed().values()]
    found = next((reading for reading in readings if reading.message is not None), None) or next(
        (reading for reading in readings if all(finding.rule != "KIT-READ-01" for finding in reading.findings)), None
    )
    if found is not None:
        return found
    tried = {"forms": ", ".join(reading.form for reading in readings)}
    line = error.line if error is not None else None
    finding = Finding("ACD-ENV-19", Severity.REJECT, "", "", tried, line=line)
    return Opened(body, name, "", DeclarationMessage, None, (finding,), stopped=(line, 1) if line else None)


@dataclass(frozen=True, slots=True)
class Examined:
    """A document and all that was found in it.

    Attributes:
        opened: The document.
        findings: In the order of the form; those of a national document with their place in it.
        agreement: What it was judged by, or None.
        signature: `absent`, `present` (not looked at), `verified`, `refused` or `unknown`; `national` documents are
            signed when their adapter sends them.
        signer: Participant who signed, where that was verified.
    """

    opened: Opened
    findings: tuple[Finding, ...]
    agreement: Agreement | None
    signature: str
    signer: str = ""

    @property
    def refused(self) -> bool:
        """Whether the gateway would refuse it."""
        return any(finding.severity is Severity.REJECT for finding in self.findings)


def examined(
    document: Opened,
    agreements: Agreements,
    at: datetime,
    *,
    chosen: Agreement | None = None,
    trust: TrustStore | None = None,
    detached: str = "",
    language: str = "en",
) -> Examined:
    """Judge a document.

    Args:
        document: It, read strictly.
        agreements: The published ones; the message cites one of them.
        at: The moment of judgement, with offset.
        chosen: An agreement to judge by, whichever the message cites.
        trust: Verify the signature against it; without it, a signature is not looked at.
        detached: The JWS beside a JSON message, or "".
        language: Of the reason for which a signature is refused: `en`, `ru` or `zh`.
    """
    message, findings = document.message, document.findings
    signature, signer = _signature(document, detached), ""
    if trust is not None and document.form in FORMS and document.stopped is None:
        try:
            verified = verify(Received(document.body, FORMS[document.form], detached), trust, at)
        except UntrustedMessage as refusal:
            signature = "refused"
            findings = (_untrusted(_reason(refusal, language), Severity.REJECT), *findings)
        except TrustUnknown as doubt:
            signature = "unknown"
            findings = (_untrusted(_reason(doubt, language), Severity.HOLD), *findings)
        else:
            message, findings, signature, signer = verified.message, verified.findings, "verified", verified.signer
    agreement = None
    if message is not None:
        agreement, judged = _judged(message, document, agreements, at, chosen)
        findings = (*findings, *judged)
    if document.adapter is not None:
        findings = tuple(
            replace(finding, national=finding.national or _origin(finding.pointer, document.origins))
            for finding in findings
        )
    return Examined(document, in_order(findings, document.kind), agreement, signature, signer)


def _signature(document: Opened, detached: str) -> str:
    if document.form not in FORMS:
        return "national"
    if document.form == "json":
        return "present" if detached else "absent"
    return "present" if b"http://www.w3.org/2000/09/xmldsig#" in document.body else "absent"


def _untrusted(reason: str, severity: Severity) -> Finding:
    return Finding("ACD-SIG-01", severity, "", "", {"reason": reason.rstrip(".。")})


def _reason(refusal: UntrustedMessage | TrustUnknown, language: str) -> str:
    """The stable reason in the reader's language; in English the more exact sentence."""
    return refusal.detail if language == "en" else reason_text(refusal.reason, language)


def _judged(
    message: MetaData, document: Opened, agreements: Agreements, at: datetime, chosen: Agreement | None
) -> tuple[Agreement | None, tuple[Finding, ...]]:
    head = message.communication_meta_data
    cited = (head.agreement_id, head.agreement_version_id)
    by = chosen or agreements.get(cited)
    permission = permit(message, {**agreements, cited: by} if by is not None else {}, at)
    rules = context(by, message, at) if by is not None else Context(now=at)
    return by, (*permission.findings, *validate(message, rules, document.catalogue))


def _origin(pointer: str, origins: Mapping[str, str]) -> str:
    """Where a part of the message came from; of what has no place of its own, where the nearest part above it lies.

    A reader may note the places of values only: a part then lies where all that came from inside it lies.
    """
    while pointer:
        if pointer in origins:
            return origins[pointer]
        if inside := [place for at, place in origins.items() if at.startswith(pointer + "/")]:
            return _around(inside)
        pointer = pointer.rpartition("/")[0]
    return origins.get("", "")


def _around(places: list[str]) -> str:
    """The innermost part of a national document that holds all these places."""
    steps = [place.split("/")[:-1] for place in places]
    together = takewhile(lambda level: len(set(level)) == 1, zip(*steps, strict=False))
    return "/".join(level[0] for level in together)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file.

    Attributes:
        file: Name of the file; of an entry of an archive, `archive.zip!entry.xml`.
        span: Line and columns, or None where the whole document is meant.
        source: The line, or "".
    """

    file: str
    span: Span | None = None
    source: str = ""


@dataclass(slots=True)
class Map:
    """Finds findings in a document. State: the spans and lines of the parts of it that were asked for."""

    document: Opened
    _spans: dict[str, Spans] = field(default_factory=dict)
    _lines: dict[str, list[str]] = field(default_factory=dict)

    def spot(self, finding: Finding) -> Spot:
        """The place of a finding in the file."""
        document = self.document
        entry, place = "", finding.national
        if document.adapter is not None:
            entry, _, place = finding.national.rpartition("!")
        elif document.form == "json":
            place = finding.pointer
        else:
            place = locate(finding.pointer, document.kind).xpath
        name = f"{document.name}!{entry}" if entry else document.name
        parts = self._spans_of(entry)
        # In JSON a measure is an object; what is meant is its value, unless something else is said to be missing there.
        inner = f"{place}/value"
        span = parts.find(inner if parts.syntax == "json" and inner in parts.values else place)
        whole = not finding.pointer and not finding.national
        if document.stopped is not None:
            line, column = document.stopped
            span = Span(line, column, column + 1)
        elif whole and finding.line is not None:
            span = Span(finding.line, 1, 2)
        elif whole:
            span = None
        return Spot(name, span, self._line(entry, span.line) if span is not None else "")

    def _spans_of(self, entry: str) -> Spans:
        if entry not in self._spans:
            self._spans[entry] = spans(_part(self.document.body, entry))
        return self._spans[entry]

    def _line(self, entry: str, number: int) -> str:
        if entry not in self._lines:
            text = _part(self.document.body, entry).removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
            self._lines[entry] = text.split("\n")
        lines = self._lines[entry]
        return lines[number - 1].rstrip("\r") if number <= len(lines) else ""


def _part(body: bytes, entry: str) -> bytes:
    """An entry of an archive, or the document itself; nothing where the archive cannot give it."""
    if not entry:
        return b"" if body.startswith(_ZIP_BEGINS) else body
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive, archive.open(entry) as stream:
            return stream.read(_LARGEST)
    except (zipfile.BadZipFile, zlib.error, KeyError, OSError, RuntimeError, NotImplementedError, EOFError):
        return b""
