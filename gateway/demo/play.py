"""The exchanges that are played: first three as a whole between the windows, then the scenarios of a whole life."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gateway.demo import checks, ends, watch
from gateway.demo.played import Event, Played
from gateway.demo.reading import read_message, receipt_in, xml_in
from gateway.demo.scenarios import SCENARIOS
from gateway.demo.stage import Stage, staged
from gateway.demo.tap import Passed
from gateway.errors import DeliveryFailed
from gateway.message.metadata import DeclarationMessage


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
    answer = {"FunctionalReferenceID": crossing.reference, "StatementCode": "01"}
    return _checked("cn-kg", stage, crossing, state="accepted", answer=answer)


def _kyrgyzstan_to_china(stage: Stage) -> Played:
    """The other way, with the common form in JSON."""
    crossing = _crossing(stage, "KG", "CN", "two-consignments")
    answer = {"PINumber": crossing.reference.rpartition("-")[2], "ResultCode": "2"}
    return _checked("kg-cn", stage, crossing, state="accepted", answer=answer)


@dataclass(frozen=True, slots=True)
class _Crossing:
    """What is known of an exchange when its answer has come back."""

    sender: str
    recipient: str
    reference: str
    lodged_at: datetime
    handed: bytes
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
    lodged_at = datetime.now(UTC)
    reference = str(stage.control(sender, "POST", "/control/lodge", params={"sample": sample})["reference"])
    gate = watch.handed_over(stage, sender, f"/control/gate/{reference}")

    def posted(country: str) -> Passed:
        return watch.until(lambda: watch.posted(stage, country, before[country][0]), lambda: f"posted by {country}")[0]

    def delivered(country: str) -> Passed:
        passed = stage.delivered[country].passed
        return watch.until(lambda: passed[before[country][1] :], lambda: f"delivered to {country}")[0]

    def received(country: str, filed: str) -> dict[str, Any]:
        return watch.until(lambda: watch.received(stage, country, filed), lambda: f"NSW {country} received {filed}")[0]

    declared = posted(sender)
    return _Crossing(
        sender,
        recipient,
        reference,
        lodged_at,
        stage.document(sender, str(gate["sent"])),
        posted=declared,
        delivered=delivered(recipient),
        received=received(recipient, _reference(declared)),
        decision_posted=posted(recipient),
        decision_delivered=delivered(sender),
        answer=received(sender, reference),
    )


def _checked(name: str, stage: Stage, crossing: _Crossing, *, state: str, answer: dict[str, str]) -> Played:
    """The timeline of a crossing, and everything that can be checked of it from outside."""
    sender, recipient = crossing.sender, crossing.recipient
    receipt = receipt_in(stage.trust, crossing.posted, "GATEWAY")
    exchange = receipt.exchange_id or ""
    arrived = stage.document(recipient, crossing.received["id"])
    told = stage.document(sender, crossing.answer["id"])
    message = read_message(crossing.delivered)
    events = (
        Event(crossing.lodged_at, f"NSW {sender}", "lodged", crossing.reference),
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
            checks.texts_survive(crossing.handed, arrived, _names(message)),
            checks.sender_signature(stage, crossing.decision_delivered, recipient),
            checks.answered(told, answer),
            checks.national_schema(sender, told),
            ends.state(stage, exchange, (sender, recipient), state),
            checks.repeated(stage, crossing.posted),
        ),
    )


def _id(passed: Passed) -> str:
    return read_message(passed).communication_meta_data.id


def _reference(passed: Passed) -> str:
    """The reference in the common form, under which the other side files it."""
    message = read_message(passed)
    return str(message.declaration.functional_reference_id) if isinstance(message, DeclarationMessage) else ""


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
    lodged_at = datetime.now(UTC)
    reference = str(stage.control("CN", "POST", "/control/lodge", params={"sample": "four-faults"})["reference"])
    gate = stage.control("CN", "POST", f"/control/gate/{reference}")
    told_at = datetime.now(UTC)
    posted, message = watch.declaration(stage, "CN", reference)
    message_id = message.communication_meta_data.id
    reply = str(gate["reply"]).encode()
    handed = stage.document("CN", str(gate["sent"]))
    expected = _faults_made(handed)
    refusal = receipt_in(stage.trust, posted, "GATEWAY")
    events = (
        Event(lodged_at, "NSW CN", "lodged", reference),
        Event(posted.at, "adapter CN", "posted", message_id),
        Event(refusal.issued_at, "gateway", "refused", f"{posted.status} · {len(refusal.findings)}"),
        Event(told_at, "NSW CN", "told", str(xml_in(reply)[0].findtext(".//{*}StatementCode"))),
    )
    results = (
        *checks.refused(stage, posted, expected),
        checks.number_of_faults(posted, len(FAULTS)),
        checks.national_places(reply, handed, expected),
        checks.answered(reply, {"FunctionalReferenceID": _message_id(handed), "StatementCode": "03"}),
        ends.outcome(stage, message_id, "CN", "KG", "refused"),
        ends.nothing_delivered(stage, message_id, "CN", "KG", reference),
        checks.repeated(stage, posted),
    )
    return Played("refused", events, results)


def _message_id(handed: bytes) -> str:
    """The id of the manifest, by which China's refusal names it."""
    return xml_in(handed)[0].findtext(".//{*}MessageID") or "none"


def _faults_made(handed: bytes) -> list[tuple[str, str]]:
    """Rule and value of each fault, read from the manifest that the window handed over.

    Raises:
        DeliveryFailed: The sample does not have it.
    """
    manifests = [root for root in xml_in(handed) if "MT2401" in str(root.tag)]
    found = []
    for rule, path in FAULTS.items():
        values = [value for manifest in manifests for value in _strings(manifest.xpath(path))]
        if not values:
            raise DeliveryFailed(f"The sample has nothing at {path}")
        found.append((rule, values[0]))
    return found


def _strings(found: object) -> list[str]:
    return [str(value) for value in found] if isinstance(found, list) else []


EXCHANGES: dict[str, Callable[[Stage], Played]] = {
    "cn-kg": _china_to_kyrgyzstan,
    "kg-cn": _kyrgyzstan_to_china,
    "refused": _refused,
    **SCENARIOS,
}
"""Every exchange by its name, in the order in which all are played: the one that moves the clock is the last."""
