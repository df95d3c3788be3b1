"""Commands about a document in a file: validate, convert, sign, verify."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from gateway import installed, show
from gateway.agreements import Agreements
from gateway.commands.contract import chosen_agreement
from gateway.commands.terms import (
    FINE,
    WRONG,
    AgreementsOption,
    JsonOption,
    KeyOption,
    Language,
    LanguageOption,
    NowOption,
    OutputOption,
    agreements_in,
    help_text,
    moment,
    read,
    say_aside,
    say_json,
    write,
)
from gateway.errors import Unreadable, UntrustedMessage
from gateway.examine import FORMS, Opened, examined, opened
from gateway.message.canonical import bytes_digest, content_digest
from gateway.message.finding import Severity
from gateway.message.json_twin import kind_of_json, parse_json, write_json
from gateway.message.metadata import MetaData
from gateway.message.receipt import read_receipt
from gateway.message.xml_twin import kind_of, parse_xml, write_xml
from gateway.opening import JSON, XML, Received, VerifiedMessage
from gateway.opening import verify as verify_message
from gateway.signing import (
    Purpose,
    Role,
    VerifiedBytes,
    load_signing_key,
    load_trust,
    sign_detached,
    sign_xml,
    verify_detached,
)
from gateway.validation.catalogue import core_catalogue

FileArgument = Annotated[Path, typer.Argument(help="The document; - is standard input.", metavar="FILE")]
TrustOption = Annotated[Path, typer.Option("--trust", help="Folder of the trust store.", metavar="DIR")]
SignatureOption = Annotated[
    Path | None,
    typer.Option("--signature", help="The detached JWS of a JSON message; by default FILE.jws.", metavar="FILE.jws"),
]

VALIDATE = help_text(
    "Say everything that is wrong with a document, at its line and value, and how to mend it; of a faulty structure, "
    "the faults of structure first.\n\n"
    "The form is recognised by content: the common form as XML or JSON, or the national form of an installed adapter. "
    "The message is judged as the gateway would judge it; nothing is sent. A signature is verified with --trust only.",
    "torugart validate schemas/declaration/v1/examples/typical.xml --now 2026-11-23T12:00:00Z",
    "torugart validate message.xml --lang ru",
    "torugart validate manifest.zip --as cn --json",
    exits="0 it would be accepted (or held)\n  1 it would be refused",
)
CONVERT = help_text(
    "Write a document in another form: xml and json are the common form, a country is its national form.\n\n"
    "What can be read is written; what could not be read or carried is told on standard error. "
    "From one national form to another the way leads through the common form.",
    "torugart convert schemas/declaration/v1/examples/typical.xml --to json",
    "torugart convert manifest.zip --to kg --output preliminary.xml",
    exits="0 written",
)
SIGN = help_text(
    "Sign a message of the common form: XML inside (XAdES), JSON beside (detached JWS, into FILE.jws).",
    "torugart sign message.xml --key file:workshop/keys/CN.pem --output signed.xml",
    "torugart sign message.json --key file:workshop/keys/CN.pem",
    exits="0 signed",
)
VERIFY = help_text(
    "Verify who signed a message, and that nothing was changed since. A receipt or a seal is verified with --purpose: "
    "the signer of a receipt is its issuer, that of a seal a gateway.",
    "torugart verify signed.xml --trust workshop/trust",
    "torugart verify message.json --signature message.json.jws --trust workshop/trust --json",
    "torugart verify receipt.json --signature receipt.jws --purpose receipt --trust workshop/trust",
    exits="0 the signature is good and its signer is who it must be\n  1 it is not",
)


def add_to(app: typer.Typer) -> None:
    """Add these commands to an application."""
    app.command("validate", help=VALIDATE)(validate)
    app.command("convert", help=CONVERT)(convert)
    app.command("sign", help=SIGN)(sign)
    app.command("verify", help=VERIFY)(verify)


def validate(
    file: FileArgument,
    form: Annotated[str, typer.Option("--as", help="xml, json or a country; by default by content.")] = "",
    lang: LanguageOption = Language.EN,
    as_json: JsonOption = False,
    now: NowOption = "",
    agreement: Annotated[
        str, typer.Option("--agreement", help="Judge by this one, whichever is cited.", metavar="ID/VERSION")
    ] = "",
    trust: Annotated[
        Path | None, typer.Option("--trust", help="Verify the signature against this trust store.", metavar="DIR")
    ] = None,
    signature: SignatureOption = None,
    agreements: AgreementsOption = None,
) -> None:
    """Findings with their places; see `VALIDATE`."""
    at, form, body = moment(now), known_form(form), read(file)
    known = agreements_in(agreements)
    chosen = chosen_agreement(agreement, agreements) if agreement else None
    among = {(chosen.id, chosen.version): chosen} if chosen else known
    document = opened(body, str(file), installed=_readers(form), agreements=among, at=at, form=form)
    detached = _detached(file, signature) if document.form == "json" else ""
    result = examined(
        document,
        known,
        at,
        chosen=chosen,
        trust=load_trust(trust) if trust is not None else None,
        detached=detached,
        language=lang,
    )
    if as_json:
        say_json(show.as_json(result))
    else:
        typer.echo(show.report(result, lang, sys.stdout), nl=False, color=True)
    raise typer.Exit(WRONG if result.refused else FINE)


def convert(
    file: FileArgument,
    to: Annotated[str, typer.Option("--to", help="xml, json or a country.")],
    output: OutputOption = None,
    form: Annotated[str, typer.Option("--as", help="What FILE is; by default by content.")] = "",
    lang: LanguageOption = Language.EN,
    now: NowOption = "",
    agreements: AgreementsOption = None,
) -> None:
    """A document in another form; see `CONVERT`."""
    at, form, wanted, body = moment(now), known_form(form), known_form(to), read(file)
    known = agreements_in(agreements)
    document = opened(body, str(file), installed=_readers(form), agreements=known, at=at, form=form, lenient=True)
    said = show.listed(document.findings, document.catalogue, document.kind, lang, sys.stderr)
    typer.echo(said, nl=False, err=True, color=True)
    if document.message is None:
        raise Unreadable(f"{file}: no message can be read from it, so nothing is written", rule="ACD-ENV-10")
    if wanted not in FORMS and (recipient := _recipient(document.message, known)) != wanted:
        said = show.WORDS[lang]["for-another"].format(recipient=show.printable(recipient), country=wanted)
        say_aside(f"{file}: {said}")
    write(_in_form(document.message, wanted, document, lang), output)


def _recipient(message: MetaData, agreements: Agreements) -> str:
    """The country that a message is for; where its agreement is not known, the participant."""
    head = message.communication_meta_data
    by = agreements.get((head.agreement_id, head.agreement_version_id))
    return by.country(head.recipient.id) if by is not None else head.recipient.id


def _readers(form: str) -> Callable[[], Mapping[str, installed.Adapter]]:
    """The adapters to read with: the one that was named, else all that can be loaded."""
    if form:
        return lambda: {form: installed.adapter(form)}
    return lambda: installed.adapters(skipped=say_aside)


def _in_form(message: MetaData, form: str, document: Opened, lang: str) -> bytes:
    if form == "xml":
        return write_xml(message)
    if form == "json":
        return write_json(message)
    adapter = installed.adapter(form)
    written = adapter.write(message)
    catalogue = core_catalogue().extended(adapter.rules, adapter.texts)
    said = show.listed(written.findings, catalogue, document.kind, lang, sys.stderr)
    typer.echo(said, nl=False, err=True, color=True)
    if not written.document.body:
        raise Unreadable(f"{document.name}: the form of {adapter.country} has no place for this message", rule="")
    return written.document.body


def sign(file: FileArgument, key: KeyOption, output: OutputOption = None) -> None:
    """A signed message; see `SIGN`."""
    body, signing_key, now = read(file), load_signing_key(key), datetime.now(UTC)
    syntax = _syntax(body)
    try:
        _ = kind_of_json(parse_json(body)[0]) if syntax == JSON else kind_of(parse_xml(body))
    except Unreadable as mistake:
        raise Unreadable(f"{file}: {mistake.detail}", rule=mistake.rule) from mistake
    if syntax == JSON:
        signature = sign_detached(body, signing_key, purpose=Purpose.MESSAGE, signing_time=now)
        beside = output or (None if str(file) == "-" else file.with_name(file.name + ".jws"))
        write(signature.encode(), beside)
        return
    try:
        signed = sign_xml(body, signing_key, now)
    except ValueError as mistake:
        raise Unreadable(f"{file}: {mistake}", rule="ACD-SIG-01") from mistake
    write(signed, output)


def verify(
    file: FileArgument,
    trust: TrustOption,
    signature: SignatureOption = None,
    purpose: Annotated[str, typer.Option("--purpose", help="What was signed: message, receipt or seal.")] = "message",
    as_json: JsonOption = False,
    now: NowOption = "",
) -> None:
    """Who signed; see `VERIFY`."""
    if purpose.upper() not in Purpose.__members__:
        raise typer.BadParameter(f"{purpose!r} is none of: message, receipt, seal")
    at, body, store, what = moment(now), read(file), load_trust(trust), Purpose[purpose.upper()]
    try:
        if what is Purpose.MESSAGE:
            syntax = _syntax(body)
            detached = _detached(file, signature) if syntax == JSON else ""
            told = _signed_message(verify_message(Received(body, syntax, detached), store, at))
        else:
            told = _signed_bytes(verify_detached(body, _detached(file, signature), store, purpose=what, at=at), what)
    except (UntrustedMessage, Unreadable) as refusal:
        told = {"problem": refusal.detail, "reason": getattr(refusal, "reason", refusal.code)}
    told = {"file": str(file), "good": "problem" not in told} | told
    if as_json:
        say_json(told)
    else:
        typer.echo("".join(f"{name}: {show.printable(str(value))}\n" for name, value in told.items()), nl=False)
    raise typer.Exit(FINE if told["good"] else WRONG)


def _signed_message(verified: VerifiedMessage) -> dict[str, object]:
    told: dict[str, object] = {"signer": verified.signer, "messageDigest": bytes_digest(verified.received.body)}
    if verified.message is not None:
        head = verified.message.communication_meta_data
        told |= {"messageId": head.id, "sender": head.sender.id, "recipient": head.recipient.id}
        told |= {"contentDigest": content_digest(verified.message)}
        if head.sender.id != verified.signer:
            told["problem"] = f"it is signed by {verified.signer}, but its sender is {head.sender.id}"
    elif any(finding.severity is Severity.REJECT for finding in verified.findings):
        told["note"] = "the signature is good, but the message is faulty; see torugart validate"
    return told


def _signed_bytes(proof: VerifiedBytes, what: Purpose) -> dict[str, object]:
    """Of a receipt, the signer is its issuer; a seal is a gateway's."""
    signer = proof.signer.participant
    told: dict[str, object] = {"signer": signer, "role": proof.signer.role.value}
    told |= {"signingTime": proof.signing_time.isoformat(), "certificate": proof.certificate_fingerprint}
    told |= {"messageDigest": bytes_digest(proof.body), **proof.claims}
    if what is Purpose.RECEIPT:
        told["issuer"] = read_receipt(proof.body).issuer
        if told["issuer"] != signer:
            told["problem"] = f"it is signed by {signer}, but its issuer is {told['issuer']}"
    elif proof.signer.role is not Role.GATEWAY:
        told["problem"] = f"it is signed by {signer}, which is no gateway"
    return told


def _syntax(body: bytes) -> str:
    return JSON if body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{" else XML


def _detached(file: Path, signature: Path | None) -> str:
    """The JWS beside a document; "" where there is none.

    Raises:
        Misconfigured: The file that was named is not there.
    """
    beside = signature or file.with_name(file.name + ".jws")
    if signature is None and not beside.is_file():
        return ""
    return read(beside).decode("ascii", "replace").strip()


def known_form(form: str) -> str:
    """A form as it is named inside.

    Raises:
        typer.BadParameter: There is no such form.
    """
    named = form.lower() if form.lower() in FORMS else form.upper()
    among = (*FORMS, *installed.entries(installed.ADAPTERS))
    if named and named not in among:
        raise typer.BadParameter(f"{form!r} is none of: {', '.join(each.lower() for each in among)}")
    return named
