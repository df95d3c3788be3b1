"""Checks from outside: on the bytes that went over the taps, on what the windows hold, on what the gateway tells.

Each returns its result as data and never raises for what it looks at: a check that cannot be made has failed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import entry_points
from typing import Any

import orjson
from lxml import etree

from gateway.demo.reading import message_in, read_message, receipt_in, xml_in
from gateway.demo.stage import Stage
from gateway.demo.tap import Passed
from gateway.errors import GatewayError
from gateway.message.canonical import bytes_digest, content_digest
from gateway.message.json_twin import read_json, write_json
from gateway.message.receipt import Outcome
from gateway.message.xml_twin import parse_xml, read_xml, write_xml
from gateway.opening import verify
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
    """A check that passes with what `look` returns, and fails with what it raises.

    What a look needs and does not find is a `GatewayError`; so is what cannot be read or asked. The others are what
    Python says of a document or an answer that is well-formed and has another shape.
    """
    try:
        return Check(name, True, look())
    except GatewayError as failure:
        return Check(name, False, failure.detail[:200])
    except (LookupError, ValueError, TypeError, AttributeError) as failure:
        return Check(name, False, f"{type(failure).__name__}: {failure}"[:200])


class NotAsWanted(GatewayError):
    """What was seen is not what must be there."""

    code = "not-as-wanted"


def need(holds: bool, otherwise: str) -> None:
    """Something must hold.

    Raises:
        NotAsWanted: It does not.
    """
    if not holds:
        raise NotAsWanted(otherwise)


def same(seen: object, wanted: object) -> str:
    """What was seen must be what was wanted.

    Raises:
        NotAsWanted: It is something else.
    """
    need(seen == wanted, f"{seen}, not {wanted}")
    return str(seen)


def among(wanted: str, seen: set[str]) -> str:
    """One thing must be among what was seen.

    Raises:
        NotAsWanted: It is not.
    """
    need(wanted in seen, f"{wanted} is not among {sorted(seen)}")
    return wanted


def sender_signature(stage: Stage, delivered: Passed, sender: str) -> Check:
    """The sender's signature on the bytes that the receiving adapter got."""

    def look() -> str:
        verified = verify(message_in(delivered), stage.trust, datetime.now(UTC))
        need(verified.signer == sender, f"signed by {verified.signer}")
        need(verified.message is not None, "not readable")
        return f"{verified.signer} · {message_in(delivered).media_type.partition('/')[2].upper()}"

    return check("sender-signature", look)


def same_bytes(posted: Passed, delivered: Passed) -> Check:
    """The very bytes that were posted were delivered."""

    def look() -> str:
        need(posted.request == delivered.request, "the bytes differ")
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
        need(proof.signer.participant == "GATEWAY", f"sealed by {proof.signer.participant}")
        need(proof.claims["exchange"] == exchange, "the seal names another exchange")
        need(proof.claims["content"] == content_digest(read_message(delivered)), "the seal names another content")
        return f"audit {proof.claims['audit']} · {proof.claims['agreement']}"

    return check("seal", look)


def receipts(stage: Stage, posted: Passed, delivered: Passed, recipient: str) -> Check:
    """Both receipts, signed by whom they must be, name the digests of what was sent."""

    def look() -> str:
        digest = content_digest(read_message(posted))
        expected = ((posted, "GATEWAY", Outcome.ACCEPTED), (delivered, recipient, Outcome.DELIVERED))
        for passed, issuer, outcome in expected:
            receipt = receipt_in(stage.trust, passed, issuer)
            need(receipt.outcome is outcome, f"{issuer}: {receipt.outcome}")
            need(receipt.message_digest == bytes_digest(passed.request), f"{issuer} names other bytes")
            need(receipt.content_digest == digest, f"{issuer} names another content")
        return digest[:20] + "…"

    return check("receipts", look)


def twins(delivered: Passed) -> Check:
    """Written as XML and as JSON, the message has one content digest."""

    def look() -> str:
        message = read_message(delivered)
        as_xml = read_xml(parse_xml(write_xml(message))).message
        as_json = read_json(write_json(message)).message
        need(as_xml is not None and as_json is not None, "a twin cannot be read")
        digests = {content_digest(twin) for twin in (message, as_xml, as_json) if twin is not None}
        need(len(digests) == 1, f"{len(digests)} digests")
        return digests.pop()[:20] + "…"

    return check("twins", look)


def national_schema(country: str, document: bytes) -> Check:
    """What a national window received is valid against the schema of its own form."""

    def look() -> str:
        roots = xml_in(document)
        for root in roots:
            try:
                _schema_for(country, root).assertValid(root)
            except etree.LxmlError as error:
                raise NotAsWanted(str(error)) from error
        return ", ".join(etree.QName(root).localname for root in roots)

    return check("national-schema", look)


def _schema_for(country: str, root: etree._Element) -> etree.XMLSchema:
    """The schema in the country's folder whose target namespace is the root's."""
    adapter: Any = next(found for found in entry_points(group="torugart.adapters") if found.name == country).load()
    wanted = etree.QName(root).namespace
    for file in sorted((adapter.examples.parent / "schema").rglob("*.xsd")):
        parsed = etree.parse(file)
        if parsed.getroot().get("targetNamespace") == wanted:
            return etree.XMLSchema(parsed)
    raise NotAsWanted(f"There is no schema for {wanted}")


def texts_survive(lodged: bytes, arrived: bytes, texts: Sequence[str]) -> Check:
    """Names and texts stand in both national documents, letter by letter, in their own script."""

    def look() -> str:
        need(bool(texts), "There is nothing to look for")
        for where, document in (("as lodged", lodged), ("as arrived", arrived)):
            everything = "\n".join("".join(str(text) for text in root.itertext()) for root in xml_in(document))
            lost = [text for text in texts if text not in everything]
            need(not lost, f"not there {where}: {', '.join(lost)[:120]}")
        return " · ".join(texts[:2])

    return check("texts-survive", look)


def answered(document: bytes, wanted: Mapping[str, str]) -> Check:
    """The decision reached the sender's window in its own form."""

    def look() -> str:
        root = xml_in(document)[0]
        for name, value in wanted.items():
            found = [str(node.text) for node in root.iter(f"{{*}}{name}")]
            need(value in found, f"{name}: {found}")
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
        again = stage.post(posted.request, headers)
        need(again.content == posted.response, "another receipt")
        need(again.headers.get("jws-signature") == posted.response_headers.get("jws-signature"), "another signature")
        return f"{len(again.content)} bytes"

    return check("repeated", look)


def refused(stage: Stage, posted: Passed, expected: Sequence[tuple[str, str]]) -> Iterator[Check]:
    """A signed refusal that names every fault and no other, each at its place in XML, in JSON and nationally."""

    def signed() -> str:
        receipt = receipt_in(stage.trust, posted, "GATEWAY")
        need(posted.status == 422 and receipt.outcome == "refused", f"{posted.status} {receipt.outcome}")
        need(receipt.message_digest == bytes_digest(posted.request), "it names other bytes")
        return receipt.receipt_id

    def every() -> str:
        seen = sorted((finding["rule"], finding["value"]) for finding in serious(posted))
        need(seen == sorted(expected), f"{seen}")
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
        need(len(serious(posted)) == wanted, f"{len(serious(posted))}")
        return str(wanted)

    return check("number-of-faults", look)


def _in_xml(posted: Passed) -> str:
    message = read_message(posted)
    root = parse_xml(write_xml(message))
    for finding in serious(posted):
        found = _values(finding["xpath"], root, message.namespace)
        need(found == [finding["value"]], f"{finding['xpath']}: {found}")
    return str(serious(posted)[0]["xpath"]).rpartition("/Declaration/")[2]


def _in_json(posted: Passed) -> str:
    tree = orjson.loads(write_json(read_message(posted)))
    for finding in serious(posted):
        node = tree
        for part in finding["pointer"].split("/")[1:]:
            node = node[int(part)] if isinstance(node, list) else node[part]
        value = node["value"] if isinstance(node, dict) else node
        need(value == finding["value"], f"{finding['pointer']}: {value}")
    return str(serious(posted)[0]["pointer"].removeprefix("/Declaration"))


def _in_languages(posted: Passed) -> str:
    need(bool(serious(posted)), "No fault is named")
    for finding in serious(posted):
        texts = {finding["text"][language] for language in ("en", "ru", "zh")}
        mends = {finding["mend"][language] for language in ("en", "ru", "zh")}
        need(len(texts) == len(mends) == 3 and "" not in texts | mends, finding["rule"])
    return "en · ru · zh"


def national_places(reply: bytes, manifest: bytes, expected: Sequence[tuple[str, str]]) -> Check:
    """The national refusal points at each fault in the very document that the window handed over."""

    def look() -> str:
        parts = xml_in(manifest)
        errors = list(xml_in(reply)[0].iter("{*}Error"))
        seen = []
        for error in errors:
            rule, place, value = (
                error.findtext(f"{{*}}{name}") or "" for name in ("ValidationCode", "Pointer", "Value")
            )
            if (rule, value) in expected:
                seen.append((rule, value))
                need(value in _at(place, parts), f"{place}: {_at(place, parts)}")
        need(sorted(seen) == sorted(expected), f"{seen}")
        return (errors[0].findtext("{*}Pointer") or "").rpartition("!")[2]

    return check("places-national", look)


def _at(place: str, roots: Sequence[etree._Element]) -> list[str]:
    """The values at a national place, in whichever document has it."""
    path = place.rpartition("!")[2]
    return [value for root in roots for value in _values(path, root, etree.QName(root).namespace or "")]


def _values(path: str, root: etree._Element, namespace: str) -> list[str]:
    """The values at an XPath that has no prefixes.

    Raises:
        NotAsWanted: It is no XPath.
    """
    steps = [step if step.startswith(("@", "text()", "*")) else f"n:{step}" for step in path.split("/")[1:]]
    try:
        found = root.xpath("/" + "/".join(steps), namespaces={"n": namespace})
    except etree.LxmlError as error:
        raise NotAsWanted(f"{path} is no XPath: {error}") from error
    nodes = found if isinstance(found, list) else [found]
    return [(node.text or "") if isinstance(node, etree._Element) else str(node) for node in nodes]  # noqa: SLF001
