"""What went over a tap, and what lies in a window, read. What cannot be read is a `GatewayError`, never another's."""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import UTC, datetime

from lxml import etree

from gateway.demo.tap import Passed
from gateway.errors import DeliveryFailed, Unreadable
from gateway.message.json_twin import read_json
from gateway.message.metadata import MetaData
from gateway.message.receipt import Receipt, read_receipt
from gateway.message.xml_twin import parse_xml, read_xml
from gateway.opening import Received, without_signature
from gateway.signing import Purpose, TrustStore, verify_detached


def message_in(passed: Passed) -> Received:
    """A message as it went over a tap."""
    return Received(
        passed.request,
        passed.request_headers.get("content-type", "").partition(";")[0],
        passed.request_headers.get("jws-signature", ""),
    )


def read_message(passed: Passed) -> MetaData:
    """The model in a message that went over a tap.

    Raises:
        Unreadable: There is none.
    """
    if message_in(passed).media_type == "application/xml":
        read = read_xml(without_signature(parse_xml(passed.request)))
    else:
        read = read_json(passed.request)
    if read.message is None:
        rules = [finding.rule for finding in read.findings]
        raise Unreadable(f"The message to {passed.path} cannot be read: {', '.join(rules)}", rule=rules[0])
    return read.message


def receipt_in(trust: TrustStore, passed: Passed, issuer: str) -> Receipt:
    """A receipt that came back over a tap, its signature verified.

    Raises:
        UntrustedMessage: It has no valid signature.
        TrustUnknown: The signature cannot be judged now.
        DeliveryFailed: Another has signed it.
        Unreadable: It is no receipt.
    """
    proof = verify_detached(
        passed.response,
        passed.response_headers.get("jws-signature", ""),
        trust,
        purpose=Purpose.RECEIPT,
        at=datetime.now(UTC),
    )
    if proof.signer.participant != issuer:
        raise DeliveryFailed(f"The receipt of {issuer} is signed by {proof.signer.participant}")
    return read_receipt(proof.body)


def xml_in(document: bytes) -> list[etree._Element]:
    """The roots of the XML documents in a national document: itself, or what a zip holds.

    Raises:
        Unreadable: One of them is no XML.
        DeliveryFailed: The zip is broken, or empty.
    """
    roots = [parse_xml(part) for part in _parts_of(document)]
    if not roots:
        raise DeliveryFailed("The zip holds nothing")
    return roots


def _parts_of(document: bytes) -> list[bytes]:
    if not document.startswith(b"PK"):
        return [document]
    try:
        with zipfile.ZipFile(io.BytesIO(document)) as archive:
            return [archive.read(name) for name in archive.namelist()]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError) as error:
        raise DeliveryFailed(f"The zip cannot be read: {error}") from error
