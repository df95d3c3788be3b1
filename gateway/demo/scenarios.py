"""Further scenarios: the life of an exchange as it is played between national windows, each with its final state.

Every step is taken at a window's control port, as a trader or an officer would; what became of it is asked from the
gateway and from the windows.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from gateway.demo import checks, ends, watch
from gateway.demo.checks import Check, among, check, same
from gateway.demo.played import Event, Played
from gateway.demo.reading import receipt_in
from gateway.demo.stage import OUTSIDER, Stage
from gateway.message.metadata import DeclarationMessage, Recipient
from gateway.message.xml_twin import write_xml
from gateway.signing import sign_xml


def amend_then_cancel(stage: Stage) -> Played:
    """A declaration is replaced by a second version, then cancelled before departure; another one is left alone."""
    other = _send(stage, "CN", "single-consignment")
    reference = _send(stage, "CN", "single-consignment")
    watch.reached(stage, other, "KG", "accepted")
    watch.reached(stage, reference, "KG", "accepted")
    changes = {"/Manifest/Declaration/AdditionalInformation/Content": "更正：补充说明"}
    watch.handed_over(stage, "CN", f"/control/amend/{reference}", json={"reason": "005", "changes": changes})
    watch.reached(stage, reference, "KG", "accepted", version=2)
    watch.handed_over(stage, "CN", f"/control/delete/{reference}", json={"reason": "001"})
    watch.reached(stage, reference, "KG", "cancelled")
    received = ("AutoPreliminary accept", "AutoPreliminary accept", "WithdrawalNotice received")
    return _told(
        stage,
        "amend-then-cancel",
        [(reference, "KG", "cancelled"), (other, "KG", "accepted")],
        check("version-counted", lambda: same(watch.exchange(stage, reference, "KG")["version"], 2)),
        ends.holds("all-received", stage, "KG", reference, *received),
        ends.holds("other-untouched", stage, "KG", other, "AutoPreliminary accept"),
    )


def do_not_load(stage: Stage) -> Played:
    """The receiving side forbids loading before the departure."""
    reason = "Разрешение не подтверждено"
    with _decides(stage, "KG", "none"):
        reference = _send(stage, "CN", "single-consignment")
        watch.reached(stage, reference, "KG", "delivered")
        decision = {"decision": "do-not-load", "reason": reason}
        watch.handed_over(stage, "KG", f"/control/decide/{reference}", json=decision)
        watch.reached(stage, reference, "KG", "do-not-load")
    return _told(
        stage,
        "do-not-load",
        [(reference, "KG", "do-not-load")],
        ends.says("decision-arrived", stage, "CN", reference, "<StatementCode>12</StatementCode>", reason),
    )


def discrepancy(stage: Stage) -> Played:
    """The truck arrives with a broken seal and 7 % too heavy; a control releases it."""
    reference = _send(stage, "CN", "three-consignments")
    watch.reached(stage, reference, "KG", "accepted")
    _, declared = watch.declaration(stage, "CN", reference)
    seals = sorted(
        {seal.id for c in declared.declaration.consignment for e in c.transport_equipment for seal in e.seal if seal.id}
    )
    found = (_mass(declared) * Decimal("1.07")).quantize(Decimal("0.001"))
    seen = [{"id": seal, "state": "broken" if number == 0 else "intact"} for number, seal in enumerate(seals)]
    _reports(stage, "KG", reference, "arrival", seals=seen)
    _reports(stage, "KG", reference, "control-result", gross_mass_kg=str(found), seals=seen, conclusion="none")
    watch.reached(stage, reference, "KG", "discrepant")
    rules = watch.rules(stage, "KG", reference)
    _reports(stage, "KG", reference, "control-result", seals=seen)
    watch.reached(stage, reference, "KG", "released")
    return _told(
        stage,
        "discrepancy",
        [(reference, "KG", "released")],
        ends.seal_noticed(stage, reference, seals[0], rules),
        check("weight-noticed", lambda: among("ACD-DIS-01", rules)),
        ends.holds("events-arrived", stage, "CN", reference, *_HEARD, "MT5401 control-result"),
    )


def import_matched(stage: Stage) -> Played:
    """What was imported is returned, and matches what was exported."""
    reference = _send(stage, "CN", "three-consignments")
    watch.reached(stage, reference, "KG", "accepted")
    _to_the_end(stage, "KG", reference)
    rules = watch.rules(stage, "KG", reference)
    return _told(
        stage,
        "import-matched",
        [(reference, "KG", "closed")],
        check("import-agrees", lambda: among("ACD-DIS-05", rules)),
        ends.holds("events-arrived", stage, "CN", reference, *_HEARD, "MT5401 import-information"),
    )


def transit(stage: Stage) -> Played:
    """Goods for Uzbekistan through Kyrgyzstan: each is told once; one refuses, the other is untouched."""
    with _decides(stage, "UZ", "reject"):
        reference = _send(stage, "CN", "transit-to-uzbekistan")
        watch.reached(stage, reference, "KG", "accepted")
        watch.reached(stage, reference, "UZ", "rejected")
    return _told(
        stage,
        "transit",
        [(reference, "KG", "accepted"), (reference, "UZ", "rejected")],
        ends.told_once(stage, reference, "CN", ("KG", "UZ")),
        ends.only_permitted(stage, reference, _lodged(stage, "CN", reference)),
        ends.holds("decision-arrived", stage, "CN", reference, "MT9999 accept", "MT9999 reject"),
    )


def kazakhstan(stage: Stage) -> Played:
    """The road from China into Kazakhstan to its end, and a Kazakh declaration onwards to Uzbekistan."""
    reference = _send(stage, "CN", "to-kazakhstan")
    watch.reached(stage, reference, "KZ", "accepted")
    _to_the_end(stage, "KZ", reference)
    rules = watch.rules(stage, "KZ", reference)
    filed = _send(stage, "KZ", "two-consignments")
    # On the wire between administrations a number of Kazakhstan has slashes; its window files it with hyphens.
    onward = filed.replace("-", "/")
    watch.reached(stage, onward, "UZ", "accepted")
    return _told(
        stage,
        "kazakhstan",
        [(reference, "KZ", "closed"), (onward, "UZ", "accepted")],
        check("import-agrees", lambda: among("ACD-DIS-05", rules)),
        ends.holds("events-arrived", stage, "CN", reference, *_HEARD, "MT5401 import-information"),
        checks.national_schema("KZ", _first(stage, "KZ", reference)),
        ends.holds("decision-arrived", stage, "KZ", filed, "ProcessingNotice accept"),
    )


def two_trucks(stage: Stage) -> Played:
    """One waybill on two trucks of one batch: each is declared, arrives and is released; who is missing is told."""
    lodged = stage.control("CN", "POST", "/control/lodge", params={"sample": "one-waybill-two-trucks"})
    trucks = [f"{lodged['reference']}/{number}" for number in (1, 2)]
    for truck in trucks:
        watch.handed_over(stage, "CN", f"/control/gate/{truck}")
        watch.reached(stage, truck, "KG", "accepted")
    for truck in trucks:
        _reports(stage, "KG", truck, "arrival")
        watch.reached(stage, truck, "KG", "arrived")
    first, second = (watch.rules(stage, "KG", truck) for truck in trucks)
    for truck in trucks:
        _reports(stage, "KG", truck, "control-result")
        watch.reached(stage, truck, "KG", "released")
    listed = stage.told(f"/v1/exchanges?batch={lodged['reference']}", "KG")["exchanges"]
    batch = sorted(each["reference"] for each in listed)
    return _told(
        stage,
        "two-trucks",
        [(truck, "KG", "released") for truck in trucks],
        ends.one_waybill({truck: watch.declaration(stage, "CN", truck)[1] for truck in trucks}),
        check("one-batch", lambda: same(" · ".join(batch), " · ".join(trucks))),
        check("missing-told", lambda: among("ACD-CON-12", first)),
        check("nothing-missing", lambda: same(len({"ACD-CON-12"} & second), 0)),
        *(ends.holds("events-arrived", stage, "CN", truck, *_HEARD) for truck in trucks),
    )


def late(stage: Stage) -> Played:
    """A declaration that comes too late for its lead time is held, and goes nowhere."""
    reference = _send(stage, "CN", "late")
    posted, message = watch.declaration(stage, "CN", reference)
    receipt = receipt_in(stage.trust, posted, "GATEWAY")
    rules = {str(finding["rule"]) for finding in receipt.findings if finding["severity"] == "hold"}
    message_id = message.communication_meta_data.id
    return Played(
        "late",
        (Event(receipt.issued_at, "gateway", "message-held", message_id),),
        (
            ends.outcome(stage, message_id, "CN", "KG", "held"),
            check("too-late", lambda: among("ACD-TIM-01", rules)),
            ends.nothing_delivered(stage, message_id, "CN", "KG", reference),
        ),
    )


def not_agreed(stage: Stage) -> Played:
    """A message to a participant that is not in the agreement is refused; the exchange that is agreed stays."""
    reference = _send(stage, "CN", "single-consignment")
    watch.reached(stage, reference, "KG", "accepted")
    _, base = watch.declaration(stage, "CN", reference)
    head = base.communication_meta_data.model_copy(
        update={"id": str(uuid.uuid4()), "recipient": Recipient(id=OUTSIDER), "preparation_date_time": _now()}
    )
    message = base.model_copy(update={"communication_meta_data": head})
    body = sign_xml(write_xml(message), stage.key("CN"), _now())
    at, answer = _now(), stage.post(body, {"Content-Type": "application/xml"})

    def refused() -> str:
        same(answer.status_code, 422)
        return among("ACD-AGR-05", {finding["rule"] for finding in answer.json()["findings"]})

    told = _told(
        stage,
        "not-agreed",
        [(reference, "KG", "accepted")],
        ends.outcome(stage, head.id, "CN", OUTSIDER, "refused"),
        check("no-direction", refused),
        ends.holds("other-untouched", stage, "KG", reference, "AutoPreliminary accept"),
    )
    return replace(told, events=(*told.events, Event(at, "gateway", "refused", f"{answer.status_code} · {OUTSIDER}")))


def expiry(stage: Stage) -> Played:
    """The truck never arrives; the clock is moved, the exchange expires, and both sides are told."""
    reference = _send(stage, "CN", "single-consignment")
    watch.reached(stage, reference, "KG", "accepted")
    with stage.clock_moved(timedelta(days=4)):
        watch.reached(stage, reference, "KG", "expired")
        return _told(
            stage,
            "expiry",
            [(reference, "KG", "expired")],
            ends.told_of("expiry", stage, reference, ("CN", "KG")),
        )


SCENARIOS: dict[str, Callable[[Stage], Played]] = {
    "amend-then-cancel": amend_then_cancel,
    "do-not-load": do_not_load,
    "discrepancy": discrepancy,
    "import-matched": import_matched,
    "transit": transit,
    "kazakhstan": kazakhstan,
    "two-trucks": two_trucks,
    "late": late,
    "not-agreed": not_agreed,
    "expiry": expiry,
}


_HEARD = ("MT9999 accept", "MT3402 arrival", "MT5401 control-result")
"""What China's window holds of an exchange that is accepted, has arrived and is controlled: China's forms."""


def _send(stage: Stage, country: str, sample: str) -> str:
    """Lodge a sample and let the truck pass the gate; the reference.

    Raises:
        DeliveryFailed: The window was told of faults.
    """
    reference = str(stage.control(country, "POST", "/control/lodge", params={"sample": sample})["reference"])
    watch.handed_over(stage, country, f"/control/gate/{reference}")
    return reference


def _reports(stage: Stage, country: str, reference: str, event: str, **seen: object) -> None:
    """An officer reports what was seen."""
    watch.handed_over(stage, country, f"/control/event/{reference}", json={"event": event, **seen})


def _to_the_end(stage: Stage, country: str, reference: str) -> None:
    """The truck arrives, is controlled and released, and what was imported is told."""
    for event, state in (("arrival", "arrived"), ("control-result", "released"), ("import-information", "closed")):
        _reports(stage, country, reference, event)
        watch.reached(stage, reference, country, state)


@contextmanager
def _decides(stage: Stage, country: str, decision: str) -> Iterator[None]:
    """For a while, what a window decides by itself."""
    path = "/control/behaviour"
    stage.control(country, "PUT", path, json={"default": {"decision": decision}})
    try:
        yield
    finally:
        stage.control(country, "PUT", path, json={"default": {"decision": "accept"}})


def _told(stage: Stage, name: str, wanted: list[tuple[str, str, str]], *more: Check) -> Played:
    """Timeline and final states of the exchanges of a scenario, as both parties see them."""
    events: list[Event] = []
    finals: list[Check] = []
    for reference, recipient, state in wanted:
        found = watch.exchange(stage, reference, recipient)
        finals.append(ends.state(stage, found["exchangeId"], (found["sender"], recipient), state))
        finals.append(ends.all_delivered(stage, found["exchangeId"], recipient))
        exchange = stage.told(f"/v1/exchanges/{found['exchangeId']}", recipient)
        events += [
            Event(datetime.fromisoformat(e["at"]), e["participant"] or "gateway", e["event"], f"audit {e['position']}")
            for e in exchange["timeline"]
        ]
    return Played(name, tuple(events), (*finals, *more))


def _lodged(stage: Stage, country: str, reference: str) -> bytes:
    """The first document that was lodged under a reference."""
    query = {"direction": "lodged", "reference": reference}
    return stage.document(country, stage.control(country, "GET", "/control/documents", params=query)[0]["id"])


def _first(stage: Stage, country: str, reference: str) -> bytes:
    """The first document about a reference that a window has received; nothing where it has none."""
    documents = watch.received(stage, country, reference)
    return stage.document(country, documents[0]["id"]) if documents else b""


def _mass(message: DeclarationMessage) -> Decimal:
    total = message.declaration.total_gross_mass_measure
    return total.value if total is not None else Decimal(0)


def _now() -> datetime:
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
