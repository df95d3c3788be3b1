"""Checks from outside: on the bytes that went over the taps, on what the windows hold, on what the gateway tells.

Each returns its result as data and never raises for what it looks at: a check that cannot be made has failed.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import entry_points
from typing import Any

import orjson
from lxml import etree

from gateway.demo.stage import OUTSIDER, Stage
from gateway.demo.tap import Passed
from gateway.errors import GatewayError
from gateway.message.canonical import bytes_digest, content_digest
from gateway.message.json_twin import read_json, write_json
from gateway.message.metadata import MetaData
from gateway.message.receipt import Receipt, read_receipt
from gateway.message.xml_twin import parse_xml, read_xml, write_xml
from gateway.opening import Received, verify, without_signature
from gateway.signing import Purpose, verify_detached


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    Attributes:
        name: Key of its text.
        passed: Whether it holds.
        shown: What was seen, short.
    """

    name: str
    passed: bool
    shown: str


def check(name: str, look: Callable[[], str]) -> Check:
    """A check that passes with what `look` returns, and fails with what it raises."""
    try:
        return Check(name, True, look())
    except (_Failed, GatewayError, KeyError, ValueError, TypeError, IndexError, StopIteration) as failure:
        return Check(name, False, f"{type(failure).__name__}: {failure}"[:200])


class _Failed(Exception):
    """What was looked for is not there."""


def _need(holds: bool, otherwise: str) -> None:
    if not holds:
        raise _Failed(otherwise)


def message_in(passed: Passed) -> Received:
    """A message as it went over a tap."""
    return Received(
        passed.request,
        passed.request_headers["content-type"].partition(";")[0],
        passed.request_headers.get("jws-signature", ""),
    )


def read_message(passed: Passed) -> MetaData:
    """The model in a message that went over a tap."""
    if message_in(passed).media_type == "application/xml":
        read = read_xml(without_signature(parse_xml(passed.request)))
    else:
        read = read_json(passed.request)
    if read.message is None:
        raise _Failed("the message cannot be read")
    return read.message


def sender_signature(stage: Stage, delivered: Passed, sender: str) -> Check:
    """The sender's signature on the bytes that the receiving adapter got."""

    def look() -> str:
        verified = verify(message_in(delivered), stage.trust, datetime.now(UTC))
        _need(verified.signer == sender, f"signed by {verified.signer}")
        _need(verified.message is not None, "not readable")
        return f"{verified.signer} · {message_in(delivered).media_type.partition('/')[2].upper()}"

    return check("sender-signature", look)


def same_bytes(posted: Passed, delivered: Passed) -> Check:
    """The very bytes that were posted were delivered."""

    def look() -> str:
        _need(posted.request == delivered.request, "the bytes differ")
        return bytes_digest(delivered.request)[:20] + "…"

    return check("same-bytes", look)


def seal(stage: Stage, delivered: Passed, exchange: str) -> Check:
    """The gateway's seal on the delivered bytes, and what it names."""

    def look() -> str:
        proof = verify_detached(
            delivered.request,
            delivered.request_headers["torugart-seal"],
            stage.trust,
            purpose=Purpose.SEAL,
            at=datetime.now(UTC),
        )
        _need(proof.signer.participant == "GATEWAY", f"sealed by {proof.signer.participant}")
        _need(proof.claims["exchange"] == exchange, "the seal names another exchange")
        _need(proof.claims["content"] == content_digest(read_message(delivered)), "the seal names another content")
        return f"audit {proof.claims['audit']} · {proof.claims['agreement']}"

    return check("seal", look)


def receipt_in(stage: Stage, passed: Passed, issuer: str) -> Receipt:
    """A receipt that came back over a tap, its signature verified."""
    proof = verify_detached(
        passed.response,
        passed.response_headers["jws-signature"],
        stage.trust,
        purpose=Purpose.RECEIPT,
        at=datetime.now(UTC),
    )
    _need(proof.signer.participant == issuer, f"signed by {proof.signer.participant}")
    return read_receipt(proof.body)


def receipts(stage: Stage, posted: Passed, delivered: Passed, recipient: str) -> Check:
    """Both receipts, signed by whom they must be, name the digests of what was sent."""

    def look() -> str:
        digest = content_digest(read_message(posted))
        for passed, issuer in ((posted, "GATEWAY"), (delivered, recipient)):
            receipt = receipt_in(stage, passed, issuer)
            _need(receipt.message_digest == bytes_digest(passed.request), f"{issuer} names other bytes")
            _need(receipt.content_digest == digest, f"{issuer} names another content")
        return digest[:20] + "…"

    return check("receipts", look)


def twins(delivered: Passed) -> Check:
    """Written as XML and as JSON, the message has one content digest."""

    def look() -> str:
        message = read_message(delivered)
        as_xml = read_xml(parse_xml(write_xml(message))).message
        as_json = read_json(write_json(message)).message
        _need(as_xml is not None and as_json is not None, "a twin cannot be read")
        digests = {content_digest(twin) for twin in (message, as_xml, as_json) if twin is not None}
        _need(len(digests) == 1, f"{len(digests)} digests")
        return digests.pop()[:20] + "…"

    return check("twins", look)


def national_schema(country: str, document: bytes) -> Check:
    """What a national window received is valid against the schema of its own form."""

    def look() -> str:
        roots = [etree.fromstring(part) for part in parts_of(document)]
        for root in roots:
            _schema_for(country, root).assertValid(root)
        return ", ".join(etree.QName(root).localname for root in roots)

    def guarded() -> str:
        try:
            return look()
        except etree.LxmlError as error:
            raise _Failed(str(error)) from error

    return check("national-schema", guarded)


def parts_of(document: bytes) -> list[bytes]:
    """The XML documents in a national document: itself, or what a zip holds."""
    if not document.startswith(b"PK"):
        return [document]
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return [archive.read(name) for name in archive.namelist()]


def _schema_for(country: str, root: etree._Element) -> etree.XMLSchema:
    """The schema in the country's folder whose target namespace is the root's."""
    adapter: Any = next(found for found in entry_points(group="torugart.adapters") if found.name == country).load()
    wanted = etree.QName(root).namespace
    for file in sorted((adapter.examples.parent / "schema").rglob("*.xsd")):
        parsed = etree.parse(file)
        if parsed.getroot().get("targetNamespace") == wanted:
            return etree.XMLSchema(parsed)
    raise _Failed(f"no schema for {wanted}")


def texts_survive(document: bytes, texts: Sequence[str]) -> Check:
    """Names and texts arrive letter by letter, in their own script."""

    def look() -> str:
        everything = "\n".join(
            "".join(str(text) for text in etree.fromstring(part).itertext()) for part in parts_of(document)
        )
        lost = [text for text in texts if text not in everything]
        _need(bool(texts), "nothing to look for")
        _need(not lost, f"lost: {', '.join(lost)[:120]}")
        return " · ".join(texts[:2])

    return check("texts-survive", look)


def state(stage: Stage, exchange: str, readers: Sequence[str], wanted: str) -> Check:
    """Both parties see the exchange in the state that was wanted; an outsider sees that there is nothing."""

    def look() -> str:
        for reader in readers:
            seen = stage.ask(f"/v1/exchanges/{exchange}", reader)
            _need(seen.status_code == 200, f"{reader}: {seen.status_code}")
            _need(seen.json()["state"] == wanted, f"{reader}: {seen.json()['state']}")
        hidden = stage.ask(f"/v1/exchanges/{exchange}", OUTSIDER)
        _need(hidden.status_code == 404, f"{OUTSIDER}: {hidden.status_code}")
        return f"{wanted} · {OUTSIDER}: 404"

    return check("state", look)


def answered(document: bytes, wanted: Mapping[str, str]) -> Check:
    """The decision reached the sender's window in its own form."""

    def look() -> str:
        root = etree.fromstring(document)
        for name, value in wanted.items():
            found = [str(node.text) for node in root.iter(f"{{*}}{name}")]
            _need(value in found, f"{name}: {found}")
        return f"{etree.QName(root).localname} {'; '.join(f'{name} {value}' for name, value in wanted.items())}"

    return check("answered", look)


def repeated(stage: Stage, posted: Passed) -> Check:
    """The same message again gets the same receipt, byte for byte."""

    def look() -> str:
        headers = {
            name: posted.request_headers[name]
            for name in ("content-type", "jws-signature")
            if name in posted.request_headers
        }
        again = stage.client.post(stage.gateway + "/v1/messages", content=posted.request, headers=headers)
        _need(again.content == posted.response, "another receipt")
        _need(again.headers.get("jws-signature") == posted.response_headers.get("jws-signature"), "another signature")
        return f"{len(again.content)} bytes"

    return check("repeated", look)


def refused(stage: Stage, posted: Passed, expected: Sequence[tuple[str, str]]) -> Iterator[Check]:
    """A signed refusal that names every fault and no other, each at its place in XML, in JSON and nationally."""

    def signed() -> str:
        receipt = receipt_in(stage, posted, "GATEWAY")
        _need(posted.status == 422 and receipt.outcome == "refused", f"{posted.status} {receipt.outcome}")
        _need(receipt.message_digest == bytes_digest(posted.request), "it names other bytes")
        return receipt.receipt_id

    def every() -> str:
        seen = sorted((finding["rule"], finding["value"]) for finding in serious(posted))
        _need(seen == sorted(expected), f"{seen}")
        return ", ".join(rule for rule, _ in seen)

    yield check("signed-refusal", signed)
    yield check("every-fault", every)
    yield check("places-xml", lambda: _in_xml(posted))
    yield check("places-json", lambda: _in_json(posted))
    yield check("three-languages", lambda: _in_languages(posted))


def serious(posted: Passed) -> list[dict[str, Any]]:
    """The findings for which a message was refused."""
    return [finding for finding in orjson.loads(posted.response)["findings"] if finding["severity"] == "reject"]


def number_of_faults(posted: Passed, wanted: int) -> Check:
    """So many faults were made, so many are named."""

    def look() -> str:
        _need(len(serious(posted)) == wanted, f"{len(serious(posted))}")
        return str(wanted)

    return check("number-of-faults", look)


def _in_xml(posted: Passed) -> str:
    message = read_message(posted)
    root = parse_xml(write_xml(message))
    for finding in serious(posted):
        steps = [step if step.startswith(("@", "text()")) else f"t:{step}" for step in finding["xpath"].split("/")[1:]]
        found = root.xpath("/" + "/".join(steps), namespaces={"t": message.namespace})
        _need(isinstance(found, list) and len(found) == 1, f"{finding['xpath']}: {found}")
        node: Any = found[0] if isinstance(found, list) else None
        text = node.text if isinstance(node, etree._Element) else str(node)  # noqa: SLF001
        _need(text == finding["value"], f"{finding['xpath']}: {text}")
    return str(serious(posted)[0]["xpath"]).rpartition("/Declaration/")[2]


def _in_json(posted: Passed) -> str:
    tree = orjson.loads(write_json(read_message(posted)))
    for finding in serious(posted):
        node = tree
        for part in finding["pointer"].split("/")[1:]:
            node = node[int(part)] if isinstance(node, list) else node[part]
        value = node["value"] if isinstance(node, dict) else node
        _need(value == finding["value"], f"{finding['pointer']}: {value}")
    return str(serious(posted)[0]["pointer"].removeprefix("/Declaration"))


def _in_languages(posted: Passed) -> str:
    for finding in serious(posted):
        texts = {finding["text"][language] for language in ("en", "ru", "zh")}
        mends = {finding["mend"][language] for language in ("en", "ru", "zh")}
        _need(len(texts) == len(mends) == 3 and "" not in texts | mends, finding["rule"])
    return "en · ru · zh"


def national_places(reply: bytes, manifest: bytes, expected: Sequence[tuple[str, str]]) -> Check:
    """The national refusal points at each fault in the very document that the window handed over."""

    def look() -> str:
        parts = {etree.QName(root).namespace or "": root for root in map(etree.fromstring, parts_of(manifest))}
        errors = list(etree.fromstring(reply).iter("{*}Error"))
        seen = []
        for error in errors:
            rule, place, value = (
                error.findtext(f"{{*}}{name}") or "" for name in ("ValidationCode", "Pointer", "Value")
            )
            if (rule, value) in expected:
                seen.append((rule, value))
                _need(value in _at(place, parts), f"{place}: {_at(place, parts)}")
        _need(sorted(seen) == sorted(expected), f"{seen}")
        return (errors[0].findtext("{*}Pointer") or "").rpartition("!")[2]

    return check("places-national", look)


def _at(place: str, parts: Mapping[str, etree._Element]) -> list[str]:
    """The values at a national place, in whichever document has it."""
    path = place.rpartition("!")[2]
    found: list[str] = []
    for namespace, root in parts.items():
        steps = [step if step.startswith(("@", "text()", "*")) else f"n:{step}" for step in path.split("/")[1:]]
        nodes = root.xpath("/" + "/".join(steps), namespaces={"n": namespace})
        if isinstance(nodes, list):
            found += [node.text or "" if isinstance(node, etree._Element) else str(node) for node in nodes]  # noqa: SLF001
    return found
