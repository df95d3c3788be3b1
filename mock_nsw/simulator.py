"""What a window knows and decides: a state machine without input or output.

Documents are lodged by traders, handed over at the exit gate, received from the adapter, answered and
decided. Everything is kept in memory until the process ends. Sending, waiting and faults are other people's
work: this module only says what is to be sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from mock_nsw.documents import ZIP_MEDIA_TYPE, NoSuchPlace, Unreadable, zip_of
from mock_nsw.events import EventKind, Sighting, expected_sighting
from mock_nsw.issuing import Issuer
from mock_nsw.national import (
    WHOLE,
    Acknowledgement,
    Change,
    Decision,
    Function,
    Identity,
    Nsw,
    Objection,
    Report,
    Role,
    Ruling,
)


class NotFound(Exception):
    """The window knows no such document, reference or sample."""


class Conflict(Exception):
    """The window holds what makes the request impossible."""


class Direction(StrEnum):
    """How a document came to be in the window."""

    LODGED = "lodged"
    SENT = "sent"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class NationalDocument:
    """A document that could be read, and who it is."""

    identity: Identity
    content: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the content, lower-case hexadecimal."""
        return sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer to one hand-over: HTTP status (`None` when nobody answered) and the text of the answer."""

    at: datetime
    status: int | None
    text: str


@dataclass(slots=True)
class Record:
    """What the window keeps about one lodged document or one hand-over.

    Attributes:
        id: The window's own name for it, in the order of arrival.
        reference: What it is filed under.
        direction: How it came to be here.
        at: When, in UTC.
        documents: The documents in it: one, or all that were handed over together.
        body: The bytes as they are on the wire.
        media_type: The media type of `body`.
        state: Where it stands, in one word.
        file_name: The name of a bundle; empty for a single document.
        replies: Every answer that was given to it.
    """

    id: str
    reference: str
    direction: Direction
    at: datetime
    documents: tuple[NationalDocument, ...]
    body: bytes
    media_type: str
    state: str
    file_name: str = ""
    replies: list[Reply] = field(default_factory=list)

    @property
    def type(self) -> str:
        """The message type of its leading document."""
        return self.documents[0].identity.type


@dataclass(frozen=True, slots=True)
class Reaction:
    """What the window does by itself with what it receives; `None` is to do nothing."""

    decision: Decision | None = Decision.ACCEPT
    delay_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The reaction to everything, and the exceptions by any reference a declaration is known under."""

    default: Reaction = Reaction()
    by_reference: Mapping[str, Reaction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reception:
    """What came of a hand-over: the record (none when it is refused unstored), the answer, and the reaction due."""

    record: Record | None
    reply: bytes
    reaction: Reaction | None


class Simulator:
    """One national single window."""

    def __init__(self, nsw: Nsw, issuer: Issuer) -> None:
        self.nsw = nsw
        self.behaviour = Behaviour()
        self._issuer = issuer
        self._records: dict[str, Record] = {}
        self._filed: dict[str, list[Record]] = {}
        self._reference_of: dict[str, str] = {}
        self._lodged: dict[str, Record] = {}
        self._changes: dict[str, Mapping[str, str | None]] = {}
        self._received: dict[tuple[str, ...], Record] = {}
        self._received_digests: dict[str, str] = {}

    # What traders do

    def lodge_sample(self, name: str) -> tuple[Record, ...]:
        """Lodge a sample, made anew.

        Raises:
            NotFound: There is no such sample.
        """
        sample = self.nsw.samples.get(name)
        if sample is None:
            raise NotFound(f"no sample {name!r}; there are {', '.join(self.nsw.samples)}")
        return self.lodge(sample.make(self._issuer))

    def lodge(self, contents: Sequence[bytes]) -> tuple[Record, ...]:
        """Store what a trader lodges, one record per document; a repeated document is the record it was.

        Raises:
            Unreadable: One of them is no document that traders lodge here; none is stored.
            Conflict: One of them is known with other content; none is stored.
        """
        documents = self._read(contents, self.nsw.lodges)
        for document in documents:
            known = self._lodged.get(document.identity.document_id)
            if known is not None and known.body != document.content:
                raise Conflict(f"{document.identity.document_id} is lodged already with other content")
            objection = self._objection(document.identity, Direction.LODGED) if known is None else None
            if objection is not None:
                raise Conflict(f"{document.identity.document_id}: {objection}")
        return tuple(self._lodge(document) for document in documents)

    def _lodge(self, document: NationalDocument) -> Record:
        identity = document.identity
        if identity.document_id not in self._lodged:
            self._lodged[identity.document_id] = self._keep(
                Direction.LODGED, (document,), document.content, self.nsw.media_type, "lodged"
            )
        return self._lodged[identity.document_id]

    def amend(self, reference: str, change: Change) -> Record:
        """A trader replaces, changes or adds to what was lodged: the new documents are what is to be handed over.

        What was changed in part and added before is in what is changed now: the trader knows what was told.

        Raises:
            NotFound: Nothing was lodged under that reference.
            Conflict: What was lodged has been withdrawn, or the country has no form for such a change.
            NoSuchPlace: The change names a place that no document lodged has, or none; an addition takes one away.
        """
        self._standing(reference)
        if change.function not in self.nsw.amends:
            raise Conflict(f"{self.nsw.country} has no form for a {change.function}")
        if change.function not in WHOLE and not change.values:
            raise NoSuchPlace(f"the {change.function} names no place")
        if change.function is Function.ADDITION and None in change.values.values():
            raise NoSuchPlace("an addition takes nothing away")
        whole, told = self._whole(reference)
        latest = told[-1] if told else whole[0]
        earlier = tuple(self._changes[record.id] for record in told if record.id in self._changes)
        amended = self.nsw.amend(
            tuple(record.body for record in whole),
            replace(change, earlier=earlier, after=_leading(latest)),
            self._issuer,
        )
        leading = self.lodge(amended)[0]
        if change.function not in WHOLE:
            self._changes[leading.id] = change.values
        return self.pass_gate(reference)

    def _whole(self, reference: str) -> tuple[list[Record], list[Record]]:
        """What was last lodged as a whole, with its supplements; and the changes of it since, none that was refused."""
        lodged = self.under(reference, Direction.LODGED)
        declarations = [record for record in lodged if _leading(record).role is Role.DECLARATION]
        at = max((at for at, record in enumerate(declarations) if _leading(record).function in WHOLE), default=0)
        others = {record.type: record for record in lodged if _leading(record).role is not Role.DECLARATION}
        since = [record for record in declarations[at + 1 :] if record.state != "refused"]
        return [*declarations[at : at + 1], *others.values()], since

    def withdraw(self, reference: str, reason: str) -> Record:
        """A trader withdraws what was lodged: the withdrawal is lodged, and is what is to be handed over.

        Raises:
            NotFound: Nothing was lodged under that reference.
            Conflict: It has been withdrawn before, or the country has no form for it.
        """
        contents = self._standing(reference)
        if self.nsw.withdraw is None:
            raise Conflict(f"{self.nsw.country} has no form to withdraw a declaration")
        self.lodge(self.nsw.withdraw(contents, reason, self._issuer))
        return self.pass_gate(reference)

    def _standing(self, reference: str) -> tuple[bytes, ...]:
        lodged = self._latest_lodged(reference)
        if any(_leading(record).function is Function.WITHDRAWAL for record in lodged):
            raise Conflict(f"what was lodged under {reference} has been withdrawn")
        return tuple(record.body for record in lodged)

    # What leaves the window

    def pass_gate(self, reference: str) -> Record:
        """The truck passes the exit gate: what is to be handed to the adapter.

        Of each message type the latest document counts, and of declarations the latest of all; a withdrawal goes
        alone. Passing again with nothing new lodged is the same hand-over again, byte for byte.

        Raises:
            NotFound: Nothing was lodged under that reference.
        """
        lodged = self._latest_lodged(reference)
        for record in lodged:
            if record.state in {"lodged", "refused"}:
                record.state = "handed-over"
        documents = tuple(record.documents[0] for record in lodged)
        for record in self.under(reference, Direction.SENT):
            if record.documents == documents:
                return record
        if len(documents) == 1:
            return self._keep(Direction.SENT, documents, documents[0].content, self.nsw.media_type, "sending")
        return self._bundle(documents)

    def _latest_lodged(self, reference: str) -> list[Record]:
        latest: dict[str, Record] = {}
        for record in (*self._shared(reference), *self.under(reference, Direction.LODGED)):
            role = _leading(record).role
            latest[role if role is Role.DECLARATION else record.type] = record
        if not latest:
            raise NotFound(f"nothing is lodged under {reference}")
        for record in latest.values():
            if _leading(record).function is Function.WITHDRAWAL or _leading(record).alone:
                return [record]
        return sorted(latest.values(), key=lambda record: list(Role).index(_leading(record).role))

    def _shared(self, reference: str) -> list[Record]:
        """What was lodged for several, and is handed over with each: the manifest of a batch of vehicles."""
        shared = {_leading(record).shares for record in self.under(reference, Direction.LODGED)} - {""}
        return [record for other in sorted(shared) for record in self.under(other, Direction.LODGED)]

    def _bundle(self, documents: tuple[NationalDocument, ...]) -> Record:
        identities = [document.identity for document in documents]
        file_name = self.nsw.bundle_name(identities, self._issuer)
        entries = [(self.nsw.entry_name(document.identity), document.content) for document in documents]
        packed = zip_of(entries, self._issuer.moment())
        record = self._keep(Direction.SENT, documents, packed, ZIP_MEDIA_TYPE, "sending")
        record.file_name = file_name
        return record

    def decide(self, reference: str, decision: Decision, reason: str = "", *, stray: bool = False) -> Record:
        """The authority decides about the latest declaration received under a reference: what is to be sent.

        Args:
            reference: Any reference the declaration is known under.
            decision: What is decided.
            reason: The authority's own words, or nothing.
            stray: Name a document that was never received instead (a fault).

        Raises:
            NotFound: No declaration was received under that reference.
        """
        reference = self._reference_of.get(reference, reference)
        received = [
            record
            for record in self.under(reference, Direction.RECEIVED)
            if _leading(record).role is Role.DECLARATION and _leading(record).function is not Function.ADDITION
        ]
        if not received:
            raise NotFound(f"no declaration was received under {reference}")
        about, named = _leading(received[-1]), reference
        if stray:
            about = self.nsw.stray(self._issuer)
            named = about.reference
        content = self.nsw.decide(Ruling(about, named, decision, reason), self._issuer)
        document = NationalDocument(self.nsw.read(content), content)
        received[-1].state = decision.value
        return self._keep(Direction.SENT, (document,), content, self.nsw.media_type, "sending", reference=reference)

    def report(
        self, reference: str, kind: EventKind, differing: Callable[[Sighting], Sighting] = lambda seen: seen
    ) -> Record:
        """An officer reports what was seen of a declared movement, lodged or received here: what is to be sent.

        Args:
            reference: Any reference the declaration is known under.
            kind: What happened.
            differing: What is reported otherwise than expected (`events.expected_sighting`).

        Raises:
            NotFound: No declaration is known under that reference.
            Conflict: The declaration names no office, and nobody else did.
        """
        filed = self._reference_of.get(reference, reference)
        declarations = [
            (record, document)
            for record in (*self._shared(filed), *self.under(filed))
            for document in record.documents
            if record.direction is not Direction.SENT
            and document.identity.role is Role.DECLARATION
            and document.identity.function in WHOLE
        ]
        if not declarations:
            raise NotFound(f"no declaration is known under {reference}")
        record, declaration = declarations[-1]
        own = record.direction is Direction.LODGED
        movement = self.nsw.movement((declaration.content, *self._supplements(filed, record.direction)))
        at = self._issuer.moment()
        seen = differing(
            expected_sighting(
                kind,
                movement,
                own=own,
                at=at,
                image=f"NII-{at:%Y%m%d}-{self._issuer.digits(6)}",
                register=lambda office: self.nsw.import_number(office, self._issuer),
            )
        )
        if not seen.office:
            raise Conflict("the declaration names no office of this country: say which")
        content = self.nsw.report(Report(declaration.identity, filed, own, seen), self._issuer)
        document = NationalDocument(self.nsw.read(content), content)
        return self._keep(Direction.SENT, (document,), content, self.nsw.media_type, "sending", reference=filed)

    def _supplements(self, filed: str, direction: Direction) -> tuple[bytes, ...]:
        latest = {
            document.identity.type: document.content
            for record in self.under(filed, direction)
            for document in record.documents
            if document.identity.role is Role.SUPPLEMENT
        }
        return tuple(latest.values())

    def answered(self, record: Record, status: int | None, text: str) -> None:
        """Note what the adapter answered to something sent; no status means that nobody answered."""
        record.replies.append(Reply(self._issuer.moment(), status, text))
        if record.state == "delivered":
            # A hand-over that was repeated: it stays delivered, whatever became of the repetition.
            return
        record.state = {200: "delivered", 422: "refused", None: "undelivered"}.get(status, "not-taken")
        if record.state != "refused":
            return
        for document in record.documents:
            lodged = self._lodged.get(document.identity.document_id)
            if lodged is not None:
                lodged.state = "refused"

    # What arrives

    def receive(self, contents: Sequence[bytes], body: bytes, media_type: str) -> Reception:
        """Take a hand-over from the adapter and acknowledge it.

        Args:
            contents: The documents in it.
            body: The bytes as they came over the wire.
            media_type: What they are.

        Documents handed over before, with the same content, get the answer they got. A document known with
        other content is answered with a refusal and not stored.

        Raises:
            Unreadable: One of them is no document that this window receives; none is stored.
        """
        documents = self._read(contents, self.nsw.receives)
        key = tuple(document.identity.document_id for document in documents)
        for document in documents:
            known_digest = self._received_digests.get(document.identity.document_id, document.digest)
            if known_digest != document.digest:
                return self._refuse(documents)
        known = self._received.get(key)
        if known is not None:
            return Reception(known, known.replies[0].text.encode(), None)
        objection = self._objection(documents[0].identity, Direction.RECEIVED)
        if objection is not None:
            return self._object(documents[0].identity, objection)
        return self._take(key, documents, body, media_type)

    def _take(
        self, key: tuple[str, ...], documents: tuple[NationalDocument, ...], body: bytes, media_type: str
    ) -> Reception:
        leading = documents[0].identity
        reference = leading.reference or self._number(leading)
        news = leading.document_id not in self._received_digests
        record = self._keep(Direction.RECEIVED, documents, body, media_type, "received", reference=reference)
        self._received[key] = record
        self._received_digests |= {document.identity.document_id: document.digest for document in documents}
        reply = self.nsw.acknowledge(Acknowledgement(leading, record.reference), self._issuer)
        record.replies.append(Reply(self._issuer.moment(), 200, reply.decode()))
        if leading.role is Role.ANSWER:
            self._hear(record, leading)
        elif leading.event is not None:
            record.state = leading.event.value
        # What has been withdrawn leaves nothing to decide; a decision about it would come too late everywhere. So would
        # one about an addition: what it adds to has left.
        decidable = leading.role is Role.DECLARATION and leading.function in {*WHOLE, Function.CHANGE}
        due = news and decidable and not leading.test
        return Reception(record, reply, self._reaction_to(record) if due else None)

    def _refuse(self, documents: tuple[NationalDocument, ...]) -> Reception:
        leading = documents[0].identity
        names = (leading.reference, *leading.also_known_as, leading.document_id)
        reference = next((self._reference_of[name] for name in names if name in self._reference_of), "")
        refusal = Acknowledgement(leading, reference or leading.document_id, Objection.OTHER_CONTENT)
        reply = self.nsw.acknowledge(refusal, self._issuer)
        known = next(
            record
            for key, record in self._received.items()
            if any(document.identity.document_id in key for document in documents)
        )
        known.replies.append(Reply(self._issuer.moment(), 200, reply.decode()))
        return Reception(known, reply, None)

    def _objection(self, identity: Identity, direction: Direction) -> Objection | None:
        # Some countries take an original only once, and what follows it only of what they know. A part of a declaration
        # alone is nothing that anybody could decide about.
        partial = identity.function in {Function.CHANGE, Function.ADDITION}
        if not (self.nsw.orderly or partial) or identity.role is not Role.DECLARATION:
            return None
        filed = next((self._reference_of[name] for name in _joins(identity) if name in self._reference_of), "")
        known = any(
            _leading(record).role is Role.DECLARATION
            for record in self._filed.get(filed, ())
            if filed and record.direction is direction
        )
        if identity.function is Function.ORIGINAL:
            return Objection.KNOWN if known else None
        return None if known else Objection.UNKNOWN

    def _object(self, identity: Identity, objection: Objection) -> Reception:
        # Nothing is stored: the same document may be right once what it waits for is here.
        refusal = Acknowledgement(identity, identity.reference or identity.document_id, objection)
        return Reception(None, self.nsw.acknowledge(refusal, self._issuer), None)

    def _hear(self, record: Record, answer: Identity) -> None:
        # The other side's authority has spoken about what was lodged here.
        if answer.decision is None:
            return
        record.state = answer.decision.value
        for lodged in self.under(record.reference, Direction.LODGED):
            lodged.state = answer.decision.value

    def _reaction_to(self, record: Record) -> Reaction:
        leading = _leading(record)
        for name in (record.reference, leading.document_id, *leading.also_known_as):
            if name in self.behaviour.by_reference:
                return self.behaviour.by_reference[name]
        return self.behaviour.default

    def _number(self, identity: Identity) -> str:
        if self.nsw.register is None:
            raise Unreadable(f"the {identity.type} has no reference")
        while (number := self.nsw.register(self._issuer)) in self._reference_of:
            pass
        return number

    # What the operator sees

    def records(self) -> Iterable[Record]:
        """Everything the window keeps, in the order of arrival."""
        return self._records.values()

    def record(self, record_id: str) -> Record:
        """One record.

        Raises:
            NotFound: There is none of that id.
        """
        if record_id not in self._records:
            raise NotFound(f"no document {record_id}")
        return self._records[record_id]

    def under(self, reference: str, direction: Direction | None = None) -> list[Record]:
        """What is filed under any of the names of a reference, in the order of arrival."""
        reference = self._reference_of.get(reference, reference)
        return [record for record in self._filed.get(reference, ()) if direction in {None, record.direction}]

    def _read(self, contents: Sequence[bytes], types: frozenset[str]) -> tuple[NationalDocument, ...]:
        documents = [NationalDocument(self.nsw.read(content), content) for content in contents]
        for document in documents:
            if document.identity.type not in types:
                raise Unreadable(f"{document.identity.type} is not taken here, only {', '.join(sorted(types))}")
        if len({document.identity.document_id for document in documents}) < len(documents):
            raise Unreadable("the same document is there twice")
        documents.sort(key=lambda document: list(Role).index(document.identity.role))
        return tuple(documents)

    def _keep(
        self,
        direction: Direction,
        documents: tuple[NationalDocument, ...],
        body: bytes,
        media_type: str,
        state: str,
        *,
        reference: str = "",
    ) -> Record:
        leading = documents[0].identity
        names = tuple(name for name in (leading.reference, *leading.joins, *leading.also_known_as) if name)
        known = next((self._reference_of[name] for name in _joins(leading) if name in self._reference_of), "")
        # An answer is filed with what it answers; a document of ours under the reference it has here.
        filed = known or reference or leading.reference
        record = Record(
            id=f"{direction}-{len(self._records) + 1}",
            reference=filed,
            direction=direction,
            at=self._issuer.moment(),
            documents=documents,
            body=body,
            media_type=media_type,
            state=state,
        )
        self._records[record.id] = record
        self._filed.setdefault(filed, []).append(record)
        for name in (filed, *(() if leading.role in {Role.ANSWER, Role.EVENT} else names)):
            self._reference_of.setdefault(name, filed)
        return record


def _joins(identity: Identity) -> tuple[str, ...]:
    return identity.joins or tuple(name for name in (identity.reference, *identity.also_known_as) if name)


def _leading(record: Record) -> Identity:
    return record.documents[0].identity
