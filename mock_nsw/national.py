"""What a country is to the simulation: one frozen `Nsw` value per country file.

The simulator and the ports know only these types. A country says how its documents are told apart, how it
acknowledges, decides and reports what it sees at the border, how its traders change what they lodged, and which
sample documents they can lodge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mock_nsw.documents import XML_MEDIA_TYPE
from mock_nsw.events import EventKind, Movement, Sighting
from mock_nsw.issuing import Issuer

Texts = Mapping[str, str]
"""One text in every working language: `en`, `ru`, `zh`."""


class Role(StrEnum):
    """What a national document is for, in the order in which documents are handed over together."""

    DECLARATION = "declaration"
    SUPPLEMENT = "supplement"
    ANSWER = "answer"
    EVENT = "event"


class Function(StrEnum):
    """What a declaration does to the ones before it under the same reference."""

    ORIGINAL = "original"
    REPLACEMENT = "replacement"
    CHANGE = "change"
    ADDITION = "addition"
    WITHDRAWAL = "withdrawal"


WHOLE = frozenset({Function.ORIGINAL, Function.REPLACEMENT})
"""What says everything by itself; a change says a part of it anew, an addition more."""


class Objection(StrEnum):
    """Why a window does not take a document."""

    OTHER_CONTENT = "its identifier is known with other content"
    KNOWN = "an original of a declaration that is known already"
    UNKNOWN = "it changes, adds to or takes back a declaration that is not known"


class Decision(StrEnum):
    """What an authority can decide; the words of the control port."""

    ACCEPT = "accept"
    REVIEW = "review"
    REJECT = "reject"
    RELEASE = "release"
    DO_NOT_LOAD = "do-not-load"
    UNLOADING_PROHIBITED = "unloading-prohibited"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a national document is.

    Attributes:
        document_id: Its own identifier, unique for its sender.
        reference: What the window files it under; empty when the window gives a number of its own.
        type: The national name of the message type.
        role: What it is for.
        also_known_as: Other references in it by which people look for it.
        decision: For an answer that is a decision, the decision.
        source_reference: The sender's own reference, where the national form has answers repeat it.
        source_country: The country the document came from, where the national form says it.
        destination_country: The country it is for, where the national form says it.
        joins: The names it is filed by with what came before, where the reference of a sender alone could be
            another sender's too; empty: `reference` and `also_known_as`.
        function: What a declaration does to the ones before it.
        version: The version of a declaration, where the national form has answers repeat it.
        event: For a border event, what happened.
        test: It is marked as a test, and never acted on.
        alone: It is a declaration that says everything by itself: what was lodged to go with an earlier one, under the
            same reference, no longer does.
        shares: The reference of what is handed over with it and with others as well: the manifest of a batch of several
            vehicles, of which this document is about one.
    """

    document_id: str
    reference: str
    type: str
    role: Role
    also_known_as: tuple[str, ...] = ()
    decision: Decision | None = None
    source_reference: str = ""
    source_country: str = ""
    destination_country: str = ""
    joins: tuple[str, ...] = ()
    function: Function = Function.ORIGINAL
    version: str = ""
    event: EventKind | None = None
    test: bool = False
    alone: bool = False
    shares: str = ""


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What a window answers to a document it was given.

    Attributes:
        document: The document that is answered.
        reference: What it is filed under here.
        objection: Why it was not taken; `None` when it was.
    """

    document: Identity
    reference: str
    objection: Objection | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """What an authority decided about a document, with a reason in its own words or none."""

    document: Identity
    reference: str
    decision: Decision
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What was seen at the border of what a declaration announced.

    Attributes:
        document: The declaration.
        reference: What it is filed under here.
        own: It was lodged here; otherwise it was received.
        sighting: What was seen.
    """

    document: Identity
    reference: str
    own: bool
    sighting: Sighting


@dataclass(frozen=True, slots=True)
class Change:
    """How a trader changes what was lodged.

    Attributes:
        reason: Code of the reason (schemas/codelists/amendment_reasons.csv); empty for an addition without one.
        values: New text by place, `None` to take the place away. A place is written as in the national replies:
            an XPath with names without prefixes, or a JSON Pointer.
        function: What the new document does: replaces the whole, changes a part of it, or adds to it.
        earlier: What was changed and added before, since the whole was said; the oldest first.
        after: The declaration last lodged, which this one follows; `None` where nobody has looked.
    """

    reason: str
    values: Mapping[str, str | None]
    function: Function = Function.REPLACEMENT
    earlier: tuple[Mapping[str, str | None], ...] = ()
    after: Identity | None = None

    @property
    def version(self) -> str:
        """The version of the new document: the next one, but for an addition, which makes none."""
        before = self.after.version if self.after is not None else ""
        if self.function is Function.ADDITION:
            return before
        return str(int(before) + 1) if before.isdecimal() else "2"


@dataclass(frozen=True, slots=True)
class Sample:
    """Documents that a trader can lodge, made anew each time."""

    description: Texts
    make: Callable[[Issuer], tuple[bytes, ...]]


@dataclass(frozen=True, slots=True)
class Nsw:
    """A country's national single window.

    Attributes:
        country: ISO 3166-1 alpha-2.
        name: What people call it.
        time_zone: IANA name of the zone its documents are written in.
        languages: ISO 639-1 codes of the languages its documents are written in.
        lodges: Message types that its traders lodge and that it sends out.
        receives: Message types that it takes from its adapter.
        read: Tells who a document is; raises `Unreadable`.
        acknowledge: Writes the national acknowledgement.
        decide: Writes the national decision.
        stray: The identity of a document that never existed, for the fault that needs one.
        entry_name: The name of a document inside a zip.
        bundle_name: The name of a zip of documents that are handed over together.
        samples: Sample documents by name.
        movement: What the documents of one declaration, lodged or received, say about the movement.
        report: Writes the national document of a border event.
        import_number: Gives an import declaration at an office its registration number.
        amend: Makes the replacement of the documents last lodged as a whole, or a change or an addition to them;
            raises `documents.NoSuchPlace`.
        amends: What `amend` can make.
        withdraw: Makes the withdrawal of the documents last lodged, for a reason; `None` where no form exists.
        orderly: Whether it takes an original only once, and replacements and withdrawals only of what it knows.
            Changes in part and additions are of what is known everywhere.
        register: Gives a received declaration a number, in countries whose documents bring none.
        media_type: The media type of one document.
    """

    country: str
    name: Texts
    time_zone: str
    languages: tuple[str, ...]
    lodges: frozenset[str]
    receives: frozenset[str]
    read: Callable[[bytes], Identity]
    acknowledge: Callable[[Acknowledgement, Issuer], bytes]
    decide: Callable[[Ruling, Issuer], bytes]
    stray: Callable[[Issuer], Identity]
    entry_name: Callable[[Identity], str]
    bundle_name: Callable[[Sequence[Identity], Issuer], str]
    samples: Mapping[str, Sample]
    movement: Callable[[Sequence[bytes]], Movement]
    report: Callable[[Report, Issuer], bytes]
    import_number: Callable[[str, Issuer], str]
    amend: Callable[[Sequence[bytes], Change, Issuer], tuple[bytes, ...]]
    amends: frozenset[Function] = frozenset({Function.REPLACEMENT})
    withdraw: Callable[[Sequence[bytes], str, Issuer], tuple[bytes, ...]] | None = None
    register: Callable[[Issuer], str] | None = None
    media_type: str = XML_MEDIA_TYPE
    orderly: bool = False
