"""Further scenarios: the life of an exchange as it is played between national windows, each with its final state.

Every step is taken at a window's control port, as a trader or an officer would; what became of it is asked from the
gateway and from the windows.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from gateway.agreements.loading import load_agreements
from gateway.agreements.permission import only_permitted
from gateway.demo import checks
from gateway.demo.checks import Check, check
from gateway.demo.played import Event, Played
from gateway.demo.stage import OUTSIDER, Stage
from gateway.errors import DeliveryFailed
from gateway.message.metadata import DeclarationMessage, Recipient
from gateway.message.xml_twin import write_xml
from gateway.published import published
from gateway.signing import sign_xml


def amend_then_cancel(stage: Stage) -> Played:
    """A declaration is replaced by a second version, then cancelled before departure."""
    reference = _send(stage, "CN", "single-consignment")
    _wait(stage, reference, "KG", "accepted")
    changes = {"/Manifest/Declaration/AdditionalInformation/Content": "更正：补充说明"}
    stage.control("CN", "POST", f"/control/amend/{reference}", json={"reason": "005", "changes": changes})
    _wait(stage, reference, "KG", "accepted", version=2)
    stage.control("CN", "POST", f"/control/delete/{reference}", json={"reason": "001"})
    _wait(stage, reference, "KG", "cancelled")
    return _told(
        stage,
        "amend-then-cancel",
        [(reference, "KG", "cancelled")],
        check("version-counted", lambda: _same(_exchange(stage, reference, "KG")["version"], 2)),
        check("all-received", lambda: _received(stage, "KG", reference, 3)),
    )


def do_not_load(stage: Stage) -> Played:
    """The receiving side forbids loading before the departure."""
    with _decides(stage, "KG", "none"):
        reference = _send(stage, "CN", "single-consignment")
        _wait(stage, reference, "KG", "delivered")
        reason = {"decision": "do-not-load", "reason": "Разрешение не подтверждено"}
        stage.control("KG", "POST", f"/control/decide/{reference}", json=reason)
        _wait(stage, reference, "KG", "do-not-load")
    return _told(
        stage,
        "do-not-load",
        [(reference, "KG", "do-not-load")],
        check("decision-arrived", lambda: _decision(stage, "CN", reference, "<StatementCode>12</StatementCode>")),
    )


def discrepancy(stage: Stage) -> Played:
    """The truck arrives with a broken seal and 7 % too heavy; a control releases it."""
    reference = _send(stage, "CN", "three-consignments")
    _wait(stage, reference, "KG", "accepted")
    declared = _declared(stage, reference)
    seals = sorted(
        {seal.id for c in declared.declaration.consignment for e in c.transport_equipment for seal in e.seal}
    )
    found = (_mass(declared) * Decimal("1.07")).quantize(Decimal("0.001"))
    seen = [{"id": seal, "state": "broken" if number == 0 else "intact"} for number, seal in enumerate(seals)]
    arrival = {"event": "arrival", "seals": seen}
    stage.control("KG", "POST", f"/control/event/{reference}", json=arrival)
    weighed = {"event": "control-result", "gross_mass_kg": str(found), "seals": seen, "conclusion": "none"}
    stage.control("KG", "POST", f"/control/event/{reference}", json=weighed)
    _wait(stage, reference, "KG", "discrepant")
    rules = _rules(stage, reference)
    stage.control("KG", "POST", f"/control/event/{reference}", json={"event": "control-result", "seals": seen})
    _wait(stage, reference, "KG", "released")
    return _told(
        stage,
        "discrepancy",
        [(reference, "KG", "released")],
        check("seal-noticed", lambda: _has(rules, "ACD-DIS-02")),
        check("weight-noticed", lambda: _has(rules, "ACD-DIS-01")),
        check("events-arrived", lambda: _received(stage, "CN", reference, 4)),
    )


def import_matched(stage: Stage) -> Played:
    """What was imported is returned, and matches what was exported."""
    reference = _send(stage, "CN", "three-consignments")
    _wait(stage, reference, "KG", "accepted")
    for event, state in (("arrival", "arrived"), ("control-result", "released"), ("import-information", "closed")):
        stage.control("KG", "POST", f"/control/event/{reference}", json={"event": event})
        _wait(stage, reference, "KG", state)
    return _told(stage, "import-matched", [(reference, "KG", "closed")])


def transit(stage: Stage) -> Played:
    """Goods for Uzbekistan through Kyrgyzstan: each is told once; one refuses, the other is untouched."""
    with _decides(stage, "UZ", "reject"):
        reference = _send(stage, "CN", "transit-to-uzbekistan")
        _wait(stage, reference, "KG", "accepted")
        _wait(stage, reference, "UZ", "rejected")
    ids = {_exchange(stage, reference, recipient)["exchangeId"] for recipient in ("KG", "UZ")}
    return _told(
        stage,
        "transit",
        [(reference, "KG", "accepted"), (reference, "UZ", "rejected")],
        check("told-once", lambda: _same(len(ids), 2)),
        check("only-what-is-permitted", lambda: _less(stage, reference)),
        check("decision-arrived", lambda: _decision(stage, "CN", reference, "<StatementCode>03</StatementCode>")),
    )


def kazakhstan(stage: Stage) -> Played:
    """The road from China into Kazakhstan to its end, and a Kazakh declaration onwards to Uzbekistan."""
    reference = _send(stage, "CN", "to-kazakhstan")
    _wait(stage, reference, "KZ", "accepted")
    for event, state in (("arrival", "arrived"), ("control-result", "released"), ("import-information", "closed")):
        stage.control("KZ", "POST", f"/control/event/{reference}", json={"event": event})
        _wait(stage, reference, "KZ", state)
    rules = _rules(stage, reference, "KZ")
    # On the wire between administrations a number of Kazakhstan has slashes; its window files it with hyphens.
    onward = _send(stage, "KZ", "two-consignments").replace("-", "/")
    _wait(stage, onward, "UZ", "accepted")
    return _told(
        stage,
        "kazakhstan",
        [(reference, "KZ", "closed"), (onward, "UZ", "accepted")],
        check("import-agrees", lambda: _has(rules, "ACD-DIS-05")),
        check("events-arrived", lambda: _received(stage, "CN", reference, 4)),
        checks.national_schema("KZ", _about(stage, "KZ", reference)),
        check("decision-arrived", lambda: _decision(stage, "KZ", onward, ">02</csdo:ProcessingResultCode>")),
    )


def two_trucks(stage: Stage) -> Played:
    """One waybill on two trucks of one batch: each is declared, arrives and is released; who is missing is told."""
    lodged = stage.control("CN", "POST", "/control/lodge", params={"sample": "one-waybill-two-trucks"})
    trucks = [f"{lodged['reference']}/{number}" for number in (1, 2)]
    for truck in trucks:
        _pass_gate(stage, "CN", truck)
        _wait(stage, truck, "KG", "accepted")
    for truck in trucks:
        stage.control("KG", "POST", f"/control/event/{truck}", json={"event": "arrival"})
        _wait(stage, truck, "KG", "arrived")
    first, second = (_rules(stage, truck) for truck in trucks)
    for truck in trucks:
        stage.control("KG", "POST", f"/control/event/{truck}", json={"event": "control-result"})
        _wait(stage, truck, "KG", "released")
    waybills = {
        c.transport_contract_document for truck in trucks for c in _declared(stage, truck).declaration.consignment
    }
    listed = stage.ask(f"/v1/exchanges?batch={lodged['reference']}", "KG").json()["exchanges"]
    return _told(
        stage,
        "two-trucks",
        [(truck, "KG", "released") for truck in trucks],
        check("one-waybill", lambda: _same(len(waybills), 1)),
        check("one-batch", lambda: _same(len(listed), 2)),
        check("missing-told", lambda: _has(first, "ACD-CON-12")),
        check("nothing-missing", lambda: _same("ACD-CON-12" in second, False)),
    )


def late(stage: Stage) -> Played:
    """A declaration that comes too late for its lead time is held, and goes nowhere."""
    before = len(stage.delivered["KG"].passed)
    lodged = stage.control("CN", "POST", "/control/lodge", params={"sample": "late"})
    stage.control("CN", "POST", f"/control/gate/{lodged['reference']}")
    posted = stage.posted["CN"].passed[-1]
    receipt = checks.receipt_in(stage, posted, "GATEWAY")
    event = Event(receipt.issued_at, "gateway", "message-held", receipt.message_id or "")
    rules = {str(finding["rule"]) for finding in receipt.findings if finding["severity"] == "hold"}
    return Played(
        "late",
        (event,),
        (
            check("final-state", lambda: _same(receipt.outcome.value, "held")),
            check("too-late", lambda: _has(rules, "ACD-TIM-01")),
            check("nothing-delivered", lambda: _same(len(stage.delivered["KG"].passed) - before, 0)),
        ),
    )


def not_agreed(stage: Stage) -> Played:
    """A message to a participant that is not in the agreement is refused."""
    reference = _send(stage, "CN", "single-consignment")
    _wait(stage, reference, "KG", "accepted")
    base = _declared(stage, reference)
    head = base.communication_meta_data.model_copy(
        update={"id": str(uuid.uuid4()), "recipient": Recipient(id=OUTSIDER), "preparation_date_time": _now()}
    )
    message = base.model_copy(update={"communication_meta_data": head})
    body = sign_xml(write_xml(message), stage.key("CN"), _now())
    answer = stage.client.post(
        stage.gateway + "/v1/messages", content=body, headers={"Content-Type": "application/xml"}
    )
    told = answer.json()
    rules = {finding["rule"] for finding in told["findings"]}
    return Played(
        "not-agreed",
        (Event(_now(), "gateway", "refused", f"{answer.status_code} · {OUTSIDER}"),),
        (
            check("final-state", lambda: _same(told["outcome"], "refused")),
            check("no-direction", lambda: _has(rules, "ACD-AGR-05")),
        ),
    )


def expiry(stage: Stage) -> Played:
    """The truck never arrives; the clock is moved, the exchange expires, and both sides are told."""
    reference = _send(stage, "CN", "single-consignment")
    _wait(stage, reference, "KG", "accepted")
    before = {country: len(_documents(stage, country)) for country in ("CN", "KG")}
    with stage.clock_moved(timedelta(days=4)):
        _wait(stage, reference, "KG", "expired")
        _until(lambda: all(len(_documents(stage, c)) > before[c] for c in before), "notices of the expiry")
        return _told(
            stage,
            "expiry",
            [(reference, "KG", "expired")],
            check("both-told", lambda: ", ".join(sorted(before))),
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


def _send(stage: Stage, country: str, sample: str) -> str:
    """Lodge a sample and let the truck pass the gate; the reference.

    Raises:
        DeliveryFailed: The window was told of faults.
    """
    lodged = stage.control(country, "POST", "/control/lodge", params={"sample": sample})
    _pass_gate(stage, country, lodged["reference"])
    return str(lodged["reference"])


def _pass_gate(stage: Stage, country: str, reference: str) -> None:
    gate = stage.control(country, "POST", f"/control/gate/{reference}")
    if gate["status"] != 200:
        raise DeliveryFailed(f"NSW {country} was answered {gate['status']}: {gate['reply'][:500]}")


@contextmanager
def _decides(stage: Stage, country: str, decision: str) -> Iterator[None]:
    """For a while, what a window decides by itself."""
    path = "/control/behaviour"
    stage.control(country, "PUT", path, json={"default": {"decision": decision}})
    try:
        yield
    finally:
        stage.control(country, "PUT", path, json={"default": {"decision": "accept"}})


def _exchange(stage: Stage, reference: str, recipient: str) -> dict[str, Any]:
    listed = stage.ask(f"/v1/exchanges?reference={reference}", recipient).json()["exchanges"]
    found: dict[str, Any] = next((e for e in listed if e["recipient"] == recipient), {"state": "", "version": 0})
    return found


def _wait(stage: Stage, reference: str, recipient: str, state: str, *, version: int = 1) -> None:
    def there() -> bool:
        exchange = _exchange(stage, reference, recipient)
        return bool(exchange["state"] == state and exchange["version"] >= version)

    _until(there, f"{reference} → {recipient}: {state} (is {_exchange(stage, reference, recipient)['state']})")


def _until(there: Callable[[], bool], what: str, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not there():
        if time.monotonic() > end:
            raise DeliveryFailed(f"It did not happen in time: {what}")
        time.sleep(0.05)


def _documents(stage: Stage, country: str) -> list[dict[str, Any]]:
    listed = stage.control(country, "GET", "/control/documents", params={"direction": "received"})
    documents: list[dict[str, Any]] = listed["documents"] if isinstance(listed, dict) else listed
    return documents


def _told(stage: Stage, name: str, ends: list[tuple[str, str, str]], *more: Check) -> Played:
    """Timeline and final states of the exchanges of a scenario, as both parties see them."""
    events: list[Event] = []
    finals: list[Check] = []
    for reference, recipient, state in ends:
        exchange = stage.ask(f"/v1/exchanges/{_exchange(stage, reference, recipient)['exchangeId']}", recipient).json()
        events += [
            Event(datetime.fromisoformat(e["at"]), e["participant"] or "gateway", e["event"], f"audit {e['position']}")
            for e in exchange["timeline"]
        ]
        finals.append(checks.state(stage, exchange["exchangeId"], (exchange["sender"], recipient), state))
        finals.append(check("all-delivered", partial(_all_delivered, stage, exchange["exchangeId"], recipient)))
    return Played(name, tuple(events), (*finals, *more))


def _all_delivered(stage: Stage, exchange_id: str, reader: str) -> str:
    """Every delivery of an exchange is proven; what is still on its way is waited for."""

    def states() -> list[str]:
        exchange = stage.ask(f"/v1/exchanges/{exchange_id}", reader).json()
        return [str(delivery["state"]) for delivery in exchange["deliveries"]]

    _until(lambda: set(states()) == {"delivered"}, f"all delivered: {states()}", seconds=10)
    return str(len(states()))


def _same(seen: object, wanted: object) -> str:
    if seen != wanted:
        raise ValueError(f"{seen}")
    return str(seen)


def _has(seen: set[str], wanted: str) -> str:
    if wanted not in seen:
        raise ValueError(", ".join(sorted(seen)))
    return wanted


def _received(stage: Stage, country: str, reference: str, least: int) -> str:
    """How many documents about a reference a window has received."""

    def about() -> int:
        return sum(
            reference.encode() in stage.document(country, document["id"]) for document in _unzipped(stage, country)
        )

    _until(lambda: about() >= least, f"{least} documents at NSW {country}", seconds=5)
    return str(about())


def _unzipped(stage: Stage, country: str) -> list[dict[str, Any]]:
    return [d for d in _documents(stage, country) if not stage.document(country, d["id"]).startswith(b"PK")]


def _decision(stage: Stage, country: str, reference: str, text: str) -> str:
    """A window has received a decision about a reference that holds a text."""

    def there() -> bool:
        documents = (stage.document(country, document["id"]) for document in _unzipped(stage, country))
        return any(reference.encode() in body and text.encode() in body for body in documents)

    _until(there, text, seconds=5)
    return text


def _about(stage: Stage, country: str, reference: str) -> bytes:
    """The first document about a reference that a window has received; nothing where it has none."""
    documents = (stage.document(country, document["id"]) for document in _unzipped(stage, country))
    return next((body for body in documents if reference.encode() in body), b"")


def _declared(stage: Stage, reference: str) -> DeclarationMessage:
    for passed in reversed(stage.posted["CN"].passed):
        message = checks.read_message(passed) if passed.path == "/v1/messages" else None
        if isinstance(message, DeclarationMessage) and message.declaration.functional_reference_id == reference:
            return message
    raise DeliveryFailed(f"No declaration was posted under {reference}")


def _mass(message: DeclarationMessage) -> Decimal:
    total = message.declaration.total_gross_mass_measure
    return total.value if total is not None else Decimal(0)


def _rules(stage: Stage, reference: str, country: str = "KG") -> set[str]:
    """The rules of all findings in the receipts that a country's adapter was given about a reference."""
    found: set[str] = set()
    for passed in stage.posted[country].passed:
        if passed.path == "/v1/messages" and reference.encode() in passed.request:
            found |= {str(finding["rule"]) for finding in checks.receipt_in(stage, passed, "GATEWAY").findings}
    return found


def _less(stage: Stage, reference: str) -> str:
    """What each country was told of a transit is what its leg permits and no more; and it is not the same."""
    agreement = load_agreements(published("agreements"))["cn-kg-uz-transit", "1"]
    sizes = {}
    for country in ("KG", "UZ"):
        for passed in stage.delivered[country].passed:
            message = checks.read_message(passed)
            declaration = message.declaration if isinstance(message, DeclarationMessage) else None
            if declaration is not None and declaration.functional_reference_id == reference:
                if only_permitted(message, agreement) != message:
                    raise ValueError(f"{country} was told more")
                sizes[country] = len(write_xml(message))
    if len(sizes) != 2 or sizes["KG"] == sizes["UZ"]:
        raise ValueError(f"{sizes}")
    return " · ".join(f"{country} {size}" for country, size in sizes.items())


def _now() -> datetime:
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
