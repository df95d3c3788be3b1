"""The code tables of China's road manifest: functions, modes, answers, border posts, document types.

Function and answer codes are those of the parameter list MFT2008 of the window's public client. The Chinese of the
answers 01 to 13 is that list's, too; of E1, E3, D, E2, E4 and T it is this project's (plausible). Border posts and
their offices are illustrative, because no table of sub-office codes is public that agrees with the others. What has no
counterpart is listed, never guessed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta, timezone
from pathlib import Path
from types import MappingProxyType
from typing import Any

from gateway.validation.codelists import load_codelists

COUNTRY = "CN"
PROFILE: Mapping[str, Any] = MappingProxyType(
    tomllib.loads(Path(__file__).with_name("profile.toml").read_text(encoding="utf-8"))
)
BEIJING = timezone(timedelta(hours=8))
"""China keeps one time and has not changed its clocks since 1991."""


@dataclass(frozen=True, slots=True)
class Direction:
    """The two documents of one direction, and what their forms imply.

    Attributes:
        manifest: Type of the manifest.
        confirmation: Type of the carrier confirmation that belongs to it.
        export: Whether the goods leave China.
    """

    manifest: str
    confirmation: str
    export: bool


EXPORT = Direction("MT2401", "MT4402", export=True)
IMPORT = Direction("MT1401", "MT4401", export=False)
EMPTY_EXPORT = Direction("MT4404", "MT4404", export=True)
EMPTY_IMPORT = Direction("MT4403", "MT4403", export=False)
CONTAINER_EXPORT = Direction("MT4406", "MT4406", export=True)
CONTAINER_IMPORT = Direction("MT4405", "MT4405", export=False)
"""A vehicle without cargo has no manifest: its confirmation says all there is to say, of both."""
WITH_CONTAINER = frozenset({"MT4405", "MT4406"})
"""Confirmations of a vehicle that carries an empty container."""
WITHOUT_CARGO = frozenset({"MT4403", "MT4404"}) | WITH_CONTAINER
REPLY = "MT9999"
ARRIVAL_REPORT = "MT3402"
TALLY_REPORT = "MT5401"
DIRECTION_OF: Mapping[str, Direction] = MappingProxyType(
    {
        type_: direction
        for direction in (EXPORT, IMPORT, EMPTY_EXPORT, EMPTY_IMPORT, CONTAINER_EXPORT, CONTAINER_IMPORT)
        for type_ in (direction.manifest, direction.confirmation)
    }
)
OUT_OF_SCOPE: Mapping[str, str] = MappingProxyType(
    {
        "MT5402": "export tally report",
        "MT7402": "export container packing list",
        "MT8401": "import short shipment application",
        "MT8402": "export short shipment application",
        "MT8403": "import short shipment re-allocation",
        "MT8404": "export short shipment re-allocation",
    }
)
"""Types of document that exist on China's wire and have no form here."""


def namespace(message_type: str) -> str:
    """Namespace of a document type, as real messages have it."""
    return f"urn:Declaration:datamodel:standard:CN:{message_type}:1"


FUNCTIONS: Mapping[str, str] = MappingProxyType({"9": "9", "0": "9", "2": "9", "3": "1", "5": "5"})
"""FunctionCode of the manifest → Declaration/FunctionCode (UNTDID 1225).

Secondary data (0) and additions (2) bring a declaration that the other side has not seen, so both are originals. A
deletion (3) cancels. A change (5) brings the whole document again, so it replaces. A draft (T) is never exchanged.
"""
FUNCTIONS_BACK: Mapping[str, str] = MappingProxyType({"9": "9", "1": "3", "5": "5"})
"""Declaration/FunctionCode → FunctionCode. Gaps: 13, a request; 4, a change in part: 5 here is the whole again."""

CANCELLATION = "1"
DELETION = "3"
"""FunctionCode of a manifest that takes one back."""

ROAD = "3"
MODES: Mapping[str, str] = MappingProxyType({"3": ROAD, "4": ROAD})
"""BorderTransportMeans/TypeCode → mode (UN/ECE Rec 19). 3 is road in the list of manifests, 4 in that of declarations;
real senders use both, and these forms are for road only."""

CONSIGNMENT_NOTE = "730"
"""UNTDID 1001: road consignment note, what a waybill of a road manifest is."""
CONTAINER = "CN"
"""UNTDID 8053: container."""
TRAILER_TYPES = frozenset({"TE", "CH"})
"""Trailer types that are written out; the national list of trailer types is not public."""
SUBMITTER = "TB"
"""UNTDID 3035: submitter."""
KILOGRAM = "KGM"
TONNE = "TNE"


@dataclass(frozen=True, slots=True)
class Answer:
    """A statement code of China's reply, and how the common form says the same.

    Attributes:
        code: StatementCode.
        text: What it means: of 01 to 13 as the window's own list has it, of the others in this project's words.
            Written where the message has no words of its own.
        function: Response/FunctionCode.
        status: Response/Status/NameCode (UNTDID 4405), or None.
        statement: Response/AdditionalInformation/StatementCode, or None.
    """

    code: str
    text: str
    function: str
    status: str | None = None
    statement: str | None = None


ANSWERS: Mapping[str, Answer] = MappingProxyType(
    {
        answer.code: answer
        for answer in (
            Answer("01", "海关接受申报", "44"),
            Answer("02", "待海关人工审核", "45", status="42"),
            Answer("03", "海关退单", "27", status="41"),
            Answer("11", "海关放行", "11", status="39"),
            Answer("12", "海关拒装", "11", statement="DNL"),
            Answer("13", "海关禁卸", "11", statement="UPR"),
            Answer("E1", "已存入数据中心", "11", statement="REG"),
            Answer("E3", "已发往海关", "11", statement="REG"),
            Answer("D", "已申报", "11", statement="REG"),
        )
    }
)
"""By StatementCode. Going back, registered (REG) is always E1. Gaps: E2, E4 and T, which decide nothing."""
NOT_TAKEN: Mapping[str, str] = MappingProxyType({"E2": "未存入数据中心", "E4": "未发往海关", "T": "暂存"})
"""Statement codes that say that nobody answers for the document yet, in this project's words."""


def answer_for(function: str, status: str | None, statement: str | None) -> Answer | None:
    """The answer that says what a Response says; by its function alone where that decides; None where nothing does."""
    for answer in ANSWERS.values():
        if (answer.function, answer.status, answer.statement) == (function, status, statement):
            return answer
    return next((answer for answer in ANSWERS.values() if answer.function == function and function != "11"), None)


@dataclass(frozen=True, slots=True)
class Event:
    """A statement code of an arrival or tally report, and the border event that it tells. Plausible, all of it.

    Attributes:
        code: StatementCode.
        form: Type of the document that tells it.
        kind: BorderEvent/EventTypeCode.
        text: What it means; words that say no more are the code's own.
    """

    code: str
    form: str
    kind: str
    text: str


EVENTS: Mapping[str, Event] = MappingProxyType(
    {
        event.code: event
        for event in (
            Event("31", ARRIVAL_REPORT, "DEP", "已离境"),
            Event("32", ARRIVAL_REPORT, "ARR", "已抵达"),
            Event("33", ARRIVAL_REPORT, "EXP", "逾期未抵"),
            Event("34", ARRIVAL_REPORT, "UND", "无法送达"),
            Event("51", TALLY_REPORT, "CTL", "查验结果"),
            Event("52", TALLY_REPORT, "DIS", "查验不符"),
            Event("53", TALLY_REPORT, "IMP", "进口申报信息"),
        )
    }
)
"""By StatementCode."""
EVENT_FORMS = frozenset(event.form for event in EVENTS.values())
EVENT_OF_KIND: Mapping[str, Event] = MappingProxyType({event.kind: event for event in EVENTS.values()})
CONDITIONS: Mapping[str, str] = MappingProxyType({"1": "INT", "2": "BRK", "3": "MIS"})
"""Seal/ConditionCode → SealCheck/ConditionCode: intact, broken, missing."""
CONCLUSIONS: Mapping[str, str] = MappingProxyType({"1": "REL", "2": "HLD", "3": "REF"})
"""ConclusionCode → ControlResult/ConclusionCode: released, held, refused."""


@dataclass(frozen=True, slots=True)
class Post:
    """A border post for road vehicles. Every office code here is illustrative, at both sides of the border.

    Attributes:
        name: Name of the post, as in the published list of border posts.
        office: China's customs office.
        neighbour: Country at the other side, ISO 3166-1 alpha-2.
        neighbour_office: Its office.
    """

    name: str
    office: str
    neighbour: str
    neighbour_office: str


POSTS: tuple[Post, ...] = (
    Post("torugart", "9403", "KG", "41700201"),
    Post("irkeshtam", "9415", "KG", "41700301"),
    Post("bedel", "9490", "KG", "41700401"),
    Post("khorgos", "9402", "KZ", "39811"),
    Post("dostyk", "9404", "KZ", "39812"),
    Post("bakhty", "9491", "KZ", "39815"),
    Post("maikapchagai", "9492", "KZ", "39816"),
    Post("kolzhat", "9493", "KZ", "39817"),
)
"""The road posts of the agreements with Kyrgyzstan and Kazakhstan; a test holds them against these."""
POST_OF: Mapping[str, Post] = MappingProxyType({post.office: post for post in POSTS})

COUNTRIES: frozenset[str] = frozenset(load_codelists()["countries"].codes)
"""ISO 3166-1 alpha-2, to tell a UN/LOCODE from an office."""
UN_NUMBERS: frozenset[str] = frozenset(load_codelists()["un_numbers"].codes)
"""Numbers of dangerous goods, to tell them from goods codes of four digits."""


def sender_code(country: str) -> str:
    """The 13-character code under which declarations from a country are handed to the window (illustrative)."""
    sender = PROFILE["sender"]
    return f"{sender['prefix']}{country}{sender['suffix']}"


def sender_country(code: str) -> str | None:
    """The country that a sender code of this adapter names; None for the code of anybody else."""
    sender = PROFILE["sender"]
    country = code.removeprefix(sender["prefix"]).removesuffix(sender["suffix"])
    return country if country.isalpha() and code == sender_code(country) else None
