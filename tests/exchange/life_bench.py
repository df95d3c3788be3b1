"""A gateway in process, driven step by step: real writer, real SQLite, real signatures, no server and no waiting.

What the background tasks of a gateway do is done here when a test says so, at the time that the test says.
"""

from __future__ import annotations

import asyncio
import re
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select

from builders import messages
from builders.serving import PARTICIPANTS
from gateway.errors import MessageConflict
from gateway.exchange.accept import accept
from gateway.exchange.audit import GENESIS, audit_digest
from gateway.exchange.deliver import Breakers, Patience, claim_due, deliver
from gateway.exchange.expire import expire_due
from gateway.exchange.hold import look_after_held, release
from gateway.message.canonical import bytes_digest, content_digest
from gateway.message.json_twin import write_json
from gateway.message.receipt import Outcome, Receipt, read_receipt
from gateway.opening import JSON, Received, look
from gateway.published import published
from gateway.settings import Settings
from gateway.signing import Purpose, Reader, Role, load_signing_key, mint_workshop, sign_detached
from gateway.storage.tables import audit, delivery, exchange, message, tables
from gateway.transport.port import Handed
from gateway.wiring import running

OFFICES = {"CN": "9403", "KG": "41700201"}


class Bench:
    """A gateway and the keys of its participants. State: the clock, and which recipients or messages are refused."""

    def __init__(self, folder):
        self.start = datetime.now(UTC).replace(microsecond=0)
        self.now = self.start
        self.refusing = frozenset()
        workshop = mint_workshop(folder, PARTICIPANTS, self.start)
        self.keys = {name: load_signing_key(uri) for name, uri in workshop.keys.items()}
        settings = Settings(
            key=workshop.keys["GATEWAY"],
            trust=workshop.trust,
            database=f"sqlite:///{folder / 'gateway.db'}",
            agreements=every_function(folder / "agreements"),
            refresh_seconds=3600,
        )
        self.loop = asyncio.new_event_loop()
        self._running = running(settings, clock=lambda: self.now, deliver=False)
        self.gateway = self.loop.run_until_complete(self._running.__aenter__())

    def close(self):
        self.loop.run_until_complete(self._running.__aexit__(None, None, None))
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()

    def forget(self):
        """As new: nothing recorded, the clock where it was."""

        def empty(connection):
            for table in reversed(tables.sorted_tables):
                connection.execute(delete(table))

        self.gateway.writer.submit(empty).result(30)
        self.now, self.refusing = self.start, frozenset()

    def signed(self, document):
        body = write_json(document)
        key = self.keys[document.communication_meta_data.sender.id]
        jws = sign_detached(body, key, purpose=Purpose.MESSAGE, signing_time=self.now)
        return Received(body, JSON, jws)

    def post(self, received):
        """The receipt; None where the id is known with other content."""
        try:
            answer = self.loop.run_until_complete(accept(received, self.gateway))
        except MessageConflict:
            return None
        return read_receipt(answer.body)

    def let_through(self, message_id):
        operator = Reader("OPS", Role.OPERATOR)
        return read_receipt(self.loop.run_until_complete(release(message_id, None, operator, self.gateway)).body)

    def pass_time(self, minutes):
        self.now += timedelta(minutes=minutes)
        self.loop.run_until_complete(look_after_held(self.gateway))
        while self.loop.run_until_complete(expire_due(self.gateway)):
            pass

    def deliver(self):
        """Until nothing is due."""
        self.loop.run_until_complete(self._deliver())

    async def _deliver(self):
        breakers = Breakers(Patience())
        while claimed := await claim_due(self.gateway, breakers, {}):
            for due in claimed:
                await deliver(due, self.gateway, self, breakers)

    async def send(self, parcel):
        """The transport: every recipient answers at once, as an adapter does."""
        read = look(Received(parcel.body, parcel.media_type, parcel.signature))
        receipt = Receipt(
            outcome=Outcome.REFUSED if self.refusing & {parcel.recipient, parcel.message_id} else Outcome.DELIVERED,
            receipt_id=str(uuid.uuid4()),
            issued_at=self.now,
            issuer=parcel.recipient,
            content_digest=content_digest(read.message),
            message_digest=bytes_digest(parcel.body),
        )
        text = receipt.to_bytes()
        key = self.keys[parcel.recipient]
        return Handed(text, sign_detached(text, key, purpose=Purpose.RECEIPT, signing_time=self.now))

    def rows(self, query):
        return self.gateway.read(lambda connection: connection.execute(query).all())

    def exchanges(self):
        """What there is: state, version and what belongs to each exchange, by declarant, recipient and reference."""
        found = {}
        for row in self.rows(select(exchange)):
            inside = self.rows(select(message).where(message.c.exchange_id == row.id).order_by(message.c.applied))
            told = Counter(item.function_code for item in inside if item.sender == "GATEWAY")
            found[row.sender, row.recipient, row.reference] = {
                "state": row.state,
                "version": row.version,
                "messages": [(item.sender, item.message_id) for item in inside if item.sender != "GATEWAY"],
                "expiries": told["EXP"] // 2,
                "undeliverable": told["UND"],
                "queue": self._deliveries(row.id, "waiting"),
                "dead": len(self._deliveries(row.id, "dead")),
            }
        return found

    def _deliveries(self, exchange_id, state):
        query = (
            select(message.c.function_code, message.c.kind, message.c.sender, delivery.c.recipient)
            .join(message, message.c.id == delivery.c.message)
            .where(delivery.c.exchange_id == exchange_id, delivery.c.state == state)
            .order_by(delivery.c.id)
        )
        return [(row.function_code, row.sender, row.recipient) for row in self.rows(query)]

    def held(self):
        """The messages that wait for another, and those that wait for an operator."""
        rows = self.rows(select(message).where(message.c.outcome == "held").order_by(message.c.id))
        waiting = [(row.sender, row.message_id) for row in rows if row.waits_for]
        return waiting, [(row.sender, row.message_id) for row in rows if not row.waits_for]

    def outcomes(self):
        return {
            (row.sender, row.message_id): row.outcome
            for row in self.rows(select(message).where(message.c.sender != "GATEWAY"))
        }

    def without_delivery(self):
        """Accepted messages that nobody is to get, requests apart: there must be none."""
        query = (
            select(message.c.message_id)
            .outerjoin(delivery, delivery.c.message == message.c.id)
            .where(message.c.outcome == "accepted", delivery.c.id.is_(None), message.c.function_code != "13")
        )
        return [row.message_id for row in self.rows(query)]

    def audit_breaks(self):
        """Positions at which the audit chain does not hold."""
        previous, broken = GENESIS, []
        for number, entry in enumerate(self.rows(select(audit).order_by(audit.c.position)), start=1):
            if (entry.position, entry.previous) != (number, previous) or audit_digest(entry._mapping) != entry.digest:
                broken.append(number)
            previous = entry.digest
        return broken


def every_function(folder, languages='"en", "ru", "zh"'):
    """The agreement of the road from China, with every function of a declaration whatever it says.

    Version 2 is in force beside version 1, and lets a weighing differ by less.
    """
    folder.mkdir()
    text = (published("agreements") / "kg-cn-road.toml").read_text("utf-8")
    wider, ways = re.subn(r"declaration = \[.*?\]", 'declaration = ["1", "2", "4", "5", "9", "13"]', text)
    assert ways == 2
    wider = re.sub(r"languages = \[.*?\]", f"languages = [{languages}]", wider)
    begins = "in_force_from = 2026-01-01"
    (folder / "kg-cn-road.toml").write_text(wider.replace(begins, f"{begins}\nin_force_until = 2999-12-31"), "utf-8")
    stricter = (
        wider.replace('version = "1"', 'version = "2"')
        .replace(begins, "in_force_from = 2026-01-02")
        .replace('gross_mass_percent = "5"', 'gross_mass_percent = "1"')
    )
    (folder / "kg-cn-road-2.toml").write_text(stricter, "utf-8")
    return folder


ARRIVAL_TIME = [{"DocumentSectionCode": "42A"}, {"DocumentSectionCode": "15A", "TagID": "172"}]
"""Declaration/BorderTransportMeans/ArrivalDateTime, as WCO pointers."""
BROKEN_SEAL = {"ConditionCode": "BRK", "ID": "CNKS000001"}
SEVEN_PERCENT = {"value": "1660", "unitCode": "KGM"}


def document(said, at, start):
    """The message that says what the model's does.

    Args:
        said: As `life_model.receive` has it.
        at: When it is sent.
        start: The moment of minute 0.
    """
    given = {"at": at, "message_id": said["id"], "sender": said["sender"], "recipient": said["recipient"]}
    if said["kind"] == "declaration":
        return declaration(said, start + timedelta(minutes=said["arrival"]), given)
    return response(said, given) if said["kind"] == "response" else event(said, given)


def declaration(said, arrival, given):
    made = messages.declaration(reference=said["number"], function_code=said["code"], **given)
    tree = messages.as_tree(made)["Declaration"]
    means = tree["BorderTransportMeans"] | {"ArrivalDateTime": messages._moment(arrival, messages.BISHKEK)}
    del means["DepartureDateTime"]
    if said["sender"] == "KG":
        means["Itinerary"] = [
            {"RoutingCountryCode": "KG", "SequenceNumeric": 1},
            {"RoutingCountryCode": "CN", "SequenceNumeric": 2},
        ]
    pointers = {
        "/Declaration/BorderTransportMeans": means,
        "/Declaration/DeclarationOfficeID": OFFICES.get(said["sender"], "9403"),
        "/Declaration/ExitOffice": {"ID": OFFICES.get(said["sender"], "9403")},
        "/Declaration/EntryOffice": {"ID": OFFICES[said["recipient"]]},
        "/Declaration/Agent": None,
        "/Declaration/VersionID": str(said["version"]) if said.get("version") else None,
    }
    if said["code"] in ("1", "4", "5"):
        pointers["/Declaration/Amendment"] = [{"ChangeReasonCode": "004", "Pointer": ARRIVAL_TIME}]
        pointers["/Declaration/ID"] = "1"
    return messages.changed(made, {pointer: value for pointer, value in pointers.items() if value is not None})


def response(said, given):
    code, _, more = said["code"].partition(" ")
    named = {"FunctionalReferenceID": said["number"]} if said["number"] else {"ID": "KG/20261123/000000123"}
    named |= {"VersionID": str(said["version"])} if said.get("version") else {}
    about = {"status": [{"NameCode": more}]} if more == "39" else {}
    if more and more != "39":
        about = {"additional_information": [{"StatementCode": more, "StatementDescription": "as decided"}]}
    if code == "27":
        about = {"error": [{"Description": "the consignee is not registered"}]}
    follows = said["follows"] or "0190b6c2-7f3a-4c41-9d52-6a1f0e8b3c77"
    return messages.response(function_code=code, declaration=named, answers=follows, **about, **given)


def event(said, given):
    given |= {"reference": said["number"]}
    kind, differs = said["code"], said["discrepant"]
    if kind == "ARR" and differs:
        result = {"GrossMassMeasure": SEVEN_PERCENT, "SealCheck": [BROKEN_SEAL]}
        return messages.event(kind, control_result=result, **given)
    if kind == "CTL":
        result = {"ImageReferenceID": "NII-20261124-0001", "SealCheck": [{"ConditionCode": "INT", "ID": "CNKS000001"}]}
        result |= {"GrossMassMeasure": SEVEN_PERCENT} if differs else {}
        result |= {"ConclusionCode": said["conclusion"]} if said["conclusion"] else {}
        return messages.event(kind, control_result=result, **given)
    made = messages.event(kind, **given)
    if kind == "IMP" and differs:
        return messages.changed(made, {"/BorderEvent/Consignment/0/TotalPackageQuantity/value": "119"})
    return made
