"""The exchanges that are played: first three as a whole between the windows, then the scenarios of a whole life."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lxml import etree

from gateway.demo import checks
from gateway.demo.played import Event, Played
from gateway.demo.scenarios import SCENARIOS
from gateway.demo.stage import Stage, staged
from gateway.demo.tap import Passed
from gateway.errors import DeliveryFailed


def play(*, only: str | None = None, keep: Path | None, progress: Callable[[str], None]) -> Iterator[Played]:
    """Start everything and play the exchanges one after the other.

    Args:
        only: Name of the one exchange to play; None plays all.
        keep: Folder to leave everything in: keys, database, logs; None takes a temporary one.
        progress: Told the key of each step before it is done.

    Raises:
        GatewayError: Something did not start, or did not happen in time.
    """
    with _folder(keep) as folder, staged(folder, progress) as stage:
        for name, exchange in EXCHANGES.items():
            if only in (None, name):
                progress(name)
                yield exchange(stage)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="torugart-") as folder:
        yield Path(folder)


def _china_to_kyrgyzstan(stage: Stage) -> Played:
    """A manifest with its carrier confirmation becomes road preliminary information, and the answer comes back."""
    crossing = _crossing(stage, "CN", "KG", "three-consignments")
    return _told("cn-kg", stage, crossing, state="accepted", answer={"StatementCode": "01"})


def _kyrgyzstan_to_china(stage: Stage) -> Played:
    """The other way, with the common form in JSON."""
    crossing = _crossing(stage, "KG", "CN", "two-consignments")
    return _told("kg-cn", stage, crossing, state="accepted", answer={"ResultCode": "2"})


@dataclass(frozen=True, slots=True)
class _Crossing:
    """What is known of an exchange when its answer has come back."""

    sender: str
    recipient: str
    lodged: dict[str, Any]
    lodged_at: datetime
    gate: dict[str, Any]
    posted: Passed
    delivered: Passed
    received: dict[str, Any]
    decision_posted: Passed
    decision_delivered: Passed
    answer: dict[str, Any]


def _crossing(stage: Stage, sender: str, recipient: str, sample: str) -> _Crossing:
    """Lodge, pass the gate, and wait until the answer is back.

    Raises:
        DeliveryFailed: Something did not happen in time.
    """
    before = {c: (len(stage.posted[c].passed), len(stage.delivered[c].passed)) for c in (sender, recipient)}
    known = {document["id"] for document in _documents(stage, sender)}
    arrived = {document["id"] for document in _documents(stage, recipient)}
    lodged_at = datetime.now(UTC)
    lodged = stage.control(sender, "POST", "/control/lodge", params={"sample": sample})
    gate = stage.control(sender, "POST", f"/control/gate/{lodged['reference']}")
    if gate["status"] != 200:
        raise DeliveryFailed(f"NSW {sender} was answered {gate['status']}: {gate['reply'][:500]}")

    def passed(side: str, country: str) -> Passed:
        taps, place = (stage.posted, 0) if side == "posted" else (stage.delivered, 1)
        found: Passed = _until(lambda: taps[country].passed[before[country][place] :], f"{side} {country}")[0]
        return found

    def new(country: str, old: set[str]) -> dict[str, Any]:
        def look() -> list[dict[str, Any]]:
            return [d for d in _documents(stage, country) if d["direction"] == "received" and d["id"] not in old]

        document: dict[str, Any] = _until(look, f"received {country}")[0]
        return document

    return _Crossing(
        sender,
        recipient,
        lodged,
        lodged_at,
        gate,
        posted=passed("posted", sender),
        delivered=passed("delivered", recipient),
        received=new(recipient, arrived),
        decision_posted=passed("posted", recipient),
        decision_delivered=passed("delivered", sender),
        answer=new(sender, known),
    )


def _documents(stage: Stage, country: str) -> list[dict[str, Any]]:
    listed = stage.control(country, "GET", "/control/documents")
    documents: list[dict[str, Any]] = listed["documents"] if isinstance(listed, dict) else listed
    return documents


def _until(look: Callable[[], list[Any]], what: str, seconds: float = 30) -> list[Any]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.05)
    raise DeliveryFailed(f"It did not happen in time: {what}")


def _told(name: str, stage: Stage, crossing: _Crossing, *, state: str, answer: dict[str, str]) -> Played:
    """The timeline of a crossing, and everything that can be checked of it from outside."""
    sender, recipient = crossing.sender, crossing.recipient
    receipt = checks.receipt_in(stage, crossing.posted, "GATEWAY")
    exchange = receipt.exchange_id or ""
    arrived = stage.document(recipient, crossing.received["id"])
    told = stage.document(sender, crossing.answer["id"])
    message = checks.read_message(crossing.delivered)
    events = (
        Event(crossing.lodged_at, f"NSW {sender}", "lodged", crossing.lodged["reference"]),
        Event(crossing.posted.at, f"adapter {sender}", "posted", message.communication_meta_data.id),
        Event(receipt.issued_at, "gateway", "accepted", f"{exchange} · audit {receipt.audit_position}"),
        Event(crossing.delivered.at, "gateway", "delivered", f"adapter {recipient}"),
        Event(_moment(crossing.received["at"]), f"NSW {recipient}", "received", crossing.received["reference"]),
        Event(crossing.decision_posted.at, f"adapter {recipient}", "decision-posted", _id(crossing.decision_posted)),
        Event(crossing.decision_delivered.at, "gateway", "decision-delivered", f"adapter {sender}"),
        Event(_moment(crossing.answer["at"]), f"NSW {sender}", "answered", crossing.answer["id"]),
    )
    return Played(
        name,
        events,
        (
            checks.sender_signature(stage, crossing.delivered, sender),
            checks.same_bytes(crossing.posted, crossing.delivered),
            checks.seal(stage, crossing.delivered, exchange),
            checks.receipts(stage, crossing.posted, crossing.delivered, recipient),
            checks.twins(crossing.delivered),
            checks.national_schema(recipient, arrived),
            checks.texts_survive(arrived, _names(message)),
            checks.sender_signature(stage, crossing.decision_delivered, recipient),
            checks.answered(told, answer),
            checks.national_schema(sender, told),
            checks.state(stage, exchange, (sender, recipient), state),
            checks.repeated(stage, crossing.posted),
        ),
    )


def _id(passed: Passed) -> str:
    return checks.read_message(passed).communication_meta_data.id


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _names(message: Any) -> list[str]:
    """Names of the parties, as the sender wrote them."""
    consignments = message.declaration.consignment
    parties = [party for c in consignments for party in (c.consignor, c.consignee) if party is not None and party.name]
    return list(dict.fromkeys(party.name for party in parties))


_CONSIGNMENT = "//*[local-name()='Consignment'][1]"
FAULTS = {
    "ACD-IDN-01": _CONSIGNMENT + "/*[local-name()='TransportEquipment']/*[local-name()='ID']/text()",
    "ACD-COD-01": _CONSIGNMENT + "/*[local-name()='ConsignmentItem'][1]/*[local-name()='Packaging']/*/@unitCode",
    "ACD-IDN-02": _CONSIGNMENT + "/*[local-name()='Consignor']/*[local-name()='ID']/text()",
    "ACD-CON-02": _CONSIGNMENT + "/*[local-name()='GovernmentAgencyGoodsItem']/*/*/text()",
}
"""The faults that the sample is known to have: the rule that must name each, and where its value stands."""


def _refused(stage: Stage) -> Played:
    """Four separate faults, all named in one pass, and a signed refusal."""
    before = len(stage.posted["CN"].passed)
    delivered = len(stage.delivered["KG"].passed)
    lodged_at = datetime.now(UTC)
    lodged = stage.control("CN", "POST", "/control/lodge", params={"sample": "four-faults"})
    gate = stage.control("CN", "POST", f"/control/gate/{lodged['reference']}")
    posted = _until(lambda: stage.posted["CN"].passed[before:], "posted CN")[0]
    reply = str(gate["reply"]).encode()
    handed = stage.document("CN", str(gate["sent"]))
    expected = _faults_made(handed)
    events = (
        Event(lodged_at, "NSW CN", "lodged", lodged["reference"]),
        Event(posted.at, "adapter CN", "posted", _id(posted)),
        Event(checks.receipt_in(stage, posted, "GATEWAY").issued_at, "gateway", "refused", f"422 · {len(expected)}"),
        Event(datetime.now(UTC), "NSW CN", "told", str(etree.fromstring(reply).findtext(".//{*}StatementCode"))),
    )
    nothing = checks.check("nothing-delivered", lambda: _nothing(len(stage.delivered["KG"].passed) - delivered))
    results = (
        *checks.refused(stage, posted, expected),
        checks.number_of_faults(posted, len(FAULTS)),
        checks.national_places(reply, handed, expected),
        checks.answered(reply, {"StatementCode": "03"}),
        nothing,
        checks.repeated(stage, posted),
    )
    return Played("refused", events, results)


def _faults_made(handed: bytes) -> list[tuple[str, str]]:
    """Rule and value of each fault, read from the manifest that the window handed over."""
    manifest = next(root for root in map(etree.fromstring, checks.parts_of(handed)) if "MT2401" in str(root.tag))
    found = []
    for rule, path in FAULTS.items():
        values = manifest.xpath(path)
        if not isinstance(values, list) or not values:
            raise DeliveryFailed(f"The sample has nothing at {path}")
        found.append((rule, str(values[0])))
    return found


def _nothing(count: int) -> str:
    if count:
        raise ValueError(f"{count} delivered")
    return "0"


EXCHANGES: dict[str, Callable[[Stage], Played]] = {
    "cn-kg": _china_to_kyrgyzstan,
    "kg-cn": _kyrgyzstan_to_china,
    "refused": _refused,
    **SCENARIOS,
}
"""Every exchange by its name, in the order in which all are played: the one that moves the clock is the last."""
