"""What each stage of a message costs, beside the least that the same libraries need for it.

Run it with `python benchmarks/stages.py`; it prints the figures and writes them to `benchmarks/results.md`. The floor
is measured in the same run, so the ratios mean something on any machine; the microseconds only on the one that ran it.
Times are the medians of many runs of one thread.
"""

from __future__ import annotations

import hashlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from lxml import etree

from gateway.message.canonical import content_digest
from gateway.message.declaration import Declaration
from gateway.message.examples import examples
from gateway.message.json_twin import read_json, write_json
from gateway.message.leaf import Whole
from gateway.message.metadata import DeclarationMessage
from gateway.message.schema import read_message_json, read_message_xml, schema_valid_json, schema_valid_xml
from gateway.message.table import walk
from gateway.message.xml_twin import parse_xml, read_xml, write_xml
from gateway.message.xsd import xsd
from gateway.signing import (
    Participant,
    Purpose,
    Role,
    load_signing_key,
    load_trust,
    mint_workshop,
    sign_detached,
    sign_xml,
    verify_detached,
    verify_xml,
)
from gateway.validation.rule import Context
from gateway.validation.validate import validate

SIZES = (10_000, 50_000)
RESULTS = Path(__file__).with_name("results.md")
TARGET = 2.5
FLOOR_OF_READING = ("parse", "XML Schema", "mapping to a dictionary", "Pydantic on that dictionary")


@dataclass(frozen=True, slots=True)
class Cost:
    """A stage and its cost in microseconds."""

    stage: str
    microseconds: float


def main() -> int:
    """Measure both sizes, print and write the table; 1 when reading misses its target."""
    parts, missed = [], False
    for size in SIZES:
        body = message_of(size)
        floor, ours = floor_of(body), ours_of(body)
        text, ratio = told(body, floor, ours)
        missed = missed or ratio > TARGET
        parts.append(text)
        print(text)
    RESULTS.write_text(_HEAD + "\n".join(parts), encoding="utf-8", newline="\n")
    return int(missed)


_HEAD = """# What the stages cost

Written by `python benchmarks/stages.py`. One thread, one message at a time, microseconds; the median of many runs. The
floor is what the same libraries need in the shortest code that does the same step, measured in the same run: quote the
ratios, the microseconds belong to one machine.

"""


def message_of(size: int) -> bytes:
    """A road declaration of about so many bytes: goods items repeated, totals kept right."""
    base = examples("declaration")["road"]
    declaration: Declaration = base.declaration  # type: ignore[attr-defined]
    consignment = declaration.consignment[0]
    item = consignment.consignment_item[0]
    count, body = 1, b""
    while len(body) < size:
        items = tuple(item.model_copy(update={"sequence_numeric": n}) for n in range(1, count + 1))
        whole = consignment.model_copy(
            update={
                "consignment_item": items,
                "total_gross_mass_measure": _times(consignment.total_gross_mass_measure, count),
                "total_package_quantity": _times(consignment.total_package_quantity, count),
            }
        )
        changed = declaration.model_copy(
            update={
                "consignment": (whole,),
                "goods_item_quantity": count,
                "total_gross_mass_measure": whole.total_gross_mass_measure,
                "total_package_quantity": whole.total_package_quantity,
            }
        )
        body = write_xml(base.model_copy(update={"declaration": changed}))
        count += 1
    return body


def _times(measure: Any, count: int) -> Any:
    return measure.model_copy(update={"value": measure.value * count})


def cost(stage: str, step: Callable[[], Any], *, seconds: float = 0.5) -> Cost:
    """The cost of a step: some runs to warm up, then as many as fit into the time."""
    for _ in range(5):
        step()
    runs: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(runs) < 20:
        begin = time.perf_counter()
        step()
        runs.append((time.perf_counter() - begin) * 1e6)
    return Cost(stage, statistics.median(runs))


def floor_of(body: bytes) -> list[Cost]:
    """The same steps by the libraries alone."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(body, parser)
    schema = etree.XMLSchema(etree.fromstring(xsd(DeclarationMessage)))
    repeated = frozenset(element.name for _, element in walk(DeclarationMessage) if element.repeated)
    whole = frozenset(element.name for _, element in walk(DeclarationMessage) if isinstance(element.leaf, Whole))
    qualified = frozenset(element.name for _, element in walk(DeclarationMessage) if element.qualified)
    tree = shortest_mapping(root, repeated, whole, qualified)
    key, canonical = ec.generate_private_key(ec.SECP256R1()), etree.tostring(root, method="c14n")
    signature, public = key.sign(canonical, ec.ECDSA(hashes.SHA256())), key.public_key()
    return [
        cost("parse", lambda: etree.fromstring(body, parser)),
        cost("XML Schema", lambda: schema.validate(root)),
        cost("mapping to a dictionary", lambda: shortest_mapping(root, repeated, whole, qualified)),
        cost("Pydantic on that dictionary", lambda: DeclarationMessage.model_validate(tree)),
        cost("C14N", lambda: etree.tostring(root, method="c14n")),
        cost("SHA-256", lambda: hashlib.sha256(body).digest()),
        cost("ECDSA P-256 sign", lambda: key.sign(canonical, ec.ECDSA(hashes.SHA256()))),
        cost("ECDSA P-256 verify", lambda: public.verify(signature, canonical, ec.ECDSA(hashes.SHA256()))),
    ]


def shortest_mapping(
    node: etree._Element, repeated: frozenset[str], whole: frozenset[str], qualified: frozenset[str]
) -> dict[str, Any]:
    """An XML tree as dictionaries with no check at all: what any reader of this form must at least do."""
    tree: dict[str, Any] = {}
    for child in node:
        name = child.tag.rpartition("}")[2]
        value: Any
        if len(child):
            value = shortest_mapping(child, repeated, whole, qualified)
        elif name in qualified:
            value = {"value": child.text, **child.attrib}
        elif name in whole:
            value = int(child.text or "")
        else:
            value = child.text == "true" if name == "TestIndicator" else child.text
        if name in repeated:
            tree.setdefault(name, []).append(value)
        else:
            tree[name] = value
    return tree


def ours_of(body: bytes) -> list[Cost]:
    """The stages of the gateway."""
    root = parse_xml(body)
    message = read_xml(root).message
    if not isinstance(message, DeclarationMessage):
        raise TypeError("the message for the measurement is no valid declaration")
    json = write_json(message)
    tree = orjson.loads(json)
    now = message.communication_meta_data.preparation_date_time + timedelta(minutes=1)
    return [
        cost("parse_xml", lambda: parse_xml(body)),
        cost("schema_valid_xml", lambda: schema_valid_xml(root, DeclarationMessage)),
        cost("read_xml (mapping and model)", lambda: read_xml(root)),
        cost("XML bytes to validated model", lambda: read_message_xml(parse_xml(body))),
        cost("schema_valid_json", lambda: schema_valid_json(tree, DeclarationMessage)),
        cost("read_json", lambda: read_json(json)),
        cost("JSON bytes to validated model", lambda: read_message_json(json)),
        cost("content_digest", lambda: content_digest(message)),
        cost("write_xml", lambda: write_xml(message)),
        cost("write_json", lambda: write_json(message)),
        cost("validate (all rules)", lambda: validate(message, Context(now=now))),
        *_signing(body, json),
    ]


def _signing(body: bytes, json: bytes) -> list[Cost]:
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        sender = Participant("CN", "CN", Role.NSW)
        workshop = mint_workshop(Path(folder) / "workshop", [sender], now)
        trust, key = load_trust(workshop.trust), load_signing_key(workshop.keys["CN"])
    signed = parse_xml(sign_xml(body, key, now))
    detached = sign_detached(json, key, purpose=Purpose.MESSAGE, signing_time=now)
    return [
        cost("sign_xml", lambda: sign_xml(body, key, now)),
        cost("verify_xml", lambda: verify_xml(signed, trust, at=now)),
        cost("sign_detached", lambda: sign_detached(json, key, purpose=Purpose.MESSAGE, signing_time=now)),
        cost(
            "verify_detached",
            lambda: verify_detached(json, detached, trust, purpose=Purpose.MESSAGE, at=now),
        ),
    ]


def told(body: bytes, floor: list[Cost], ours: list[Cost]) -> tuple[str, float]:
    """The table of one size, and the ratio of reading to its floor."""
    least = sum(part.microseconds for part in floor if part.stage in FLOOR_OF_READING)
    reading = next(part.microseconds for part in ours if part.stage == "XML bytes to validated model")
    ratio = reading / least
    lines = [
        f"## {len(body) / 1000:.0f} KB, {len(list(etree.fromstring(body).iter()))} elements",
        "",
        "| Floor | µs |",
        "|---|---:|",
        *(f"| {part.stage} | {part.microseconds:,.0f} |" for part in floor),
        f"| **reading: {' + '.join(FLOOR_OF_READING)}** | **{least:,.0f}** |",
        "",
        "| Ours | µs | × floor of reading |",
        "|---|---:|---:|",
        *(f"| {part.stage} | {part.microseconds:,.0f} | {part.microseconds / least:.2f} |" for part in ours),
        "",
        f"XML bytes to validated model: {ratio:.2f} × floor (≤ {TARGET})",
        "",
    ]
    return "\n".join(lines), ratio


if __name__ == "__main__":
    sys.exit(main())
