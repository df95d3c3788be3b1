"""Uzbekistan: advance information out and in (DM), notices (XN), border events (CV), all in JSON.

The documents are those of `docs/national-wires.md`, "Uzbekistan", all of them plausible. What is received gets a
number. Results are told in Uzbek, faults in Russian.
"""

from __future__ import annotations

from collections.abc import Sequence

from mock_nsw import uz_changes, uz_events
from mock_nsw.documents import Unreadable
from mock_nsw.issuing import Issuer
from mock_nsw.national import (
    Acknowledgement,
    Decision,
    Function,
    Identity,
    Nsw,
    Objection,
    Role,
    Ruling,
)
from mock_nsw.uz_form import (
    ANNOUNCEMENT,
    EVENT,
    NOTICE,
    Object,
    dumped,
    head,
    loaded,
    number,
    reference,
    register,
    required,
    text,
)
from mock_nsw.uz_samples import SAMPLES

_LEAVES, _ENTERS = f"{ANNOUNCEMENT} (chiqish)", f"{ANNOUNCEMENT} (kirish)"
_FUNCTIONS = {
    "YANGI": Function.ORIGINAL,
    "ALMASHTIRISH": Function.REPLACEMENT,
    "OZGARTIRISH": Function.CHANGE,
    "QOSHIMCHA": Function.ADDITION,
    "BEKOR": Function.WITHDRAWAL,
}

_DECISIONS = {
    Decision.ACCEPT: ("QA", "Dastlabki maʼlumot qabul qilindi"),
    Decision.REVIEW: ("TK", "Dastlabki maʼlumot tekshiruvda"),
    Decision.REJECT: ("RE", "Dastlabki maʼlumot rad etildi"),
    Decision.RELEASE: ("CH", "Tovarlar chiqarib yuborildi"),
    Decision.DO_NOT_LOAD: ("YT", "Yuklash taqiqlandi"),
    Decision.UNLOADING_PROHIBITED: ("TT", "Tushirish taqiqlandi"),
}
_DECISION_OF_CODE = {code: decision for decision, (code, _) in _DECISIONS.items()}

_OBJECTIONS = {
    Objection.OTHER_CONTENT: (
        "UZ-NSW-01",
        "Документ с таким идентификатором уже получен и имеет другое содержание",
        "/hujjatId",
    ),
    Objection.UNKNOWN: (
        "UZ-NSW-02",
        "Сведения, которые изменяются или дополняются, не зарегистрированы",
        "/jonatuvchiRaqami",
    ),
}


# Reading


def _read(content: bytes) -> Identity:
    document = loaded(content)
    form = text(document, "shakl")
    if form == ANNOUNCEMENT:
        return _read_announcement(document)
    if form == NOTICE:
        return _read_notice(document)
    if form == EVENT:
        return uz_events.read(document)
    raise Unreadable(f"shakl is not one of {ANNOUNCEMENT}, {NOTICE}, {EVENT}")


def _read_announcement(document: Object) -> Identity:
    source, destination = required(document, "jonatuvchiMamlakat"), required(document, "qabulQiluvchiMamlakat")
    if (source == "UZ") == (destination == "UZ"):
        raise Unreadable("exactly one of jonatuvchiMamlakat and qabulQiluvchiMamlakat is UZ")
    own = source == "UZ"
    document_id, given = required(document, "hujjatId"), required(document, "jonatuvchiRaqami")
    registered = required(document, "royxatRaqami") if own else text(document, "royxatRaqami")
    action = required(document, "amal")
    if action not in _FUNCTIONS:
        raise Unreadable(f"amal {action} is not one of {', '.join(_FUNCTIONS)}")
    return Identity(
        document_id=document_id,
        reference=reference(registered) if own else "",
        type=_LEAVES if own else _ENTERS,
        role=Role.DECLARATION,
        also_known_as=tuple(known for known in (document_id, given, reference(registered)) if known),
        source_reference=given,
        source_country="" if own else source,
        destination_country=destination,
        # The reference of a sender is unique for that sender only.
        joins=(f"{source}:{given}",),
        function=_FUNCTIONS[action],
        version=text(document, "talqin"),
        test=document.get("sinov") is True,
    )


def _read_notice(document: Object) -> Identity:
    given = text(document, "javob", "jonatuvchiRaqami")
    answered = text(document, "javob", "hujjatId")
    known_as = given or answered
    if not known_as:
        raise Unreadable("the notice names neither javob/jonatuvchiRaqami nor javob/hujjatId")
    whose = text(document, "qabulQiluvchiMamlakat")
    return Identity(
        document_id=required(document, "hujjatId"),
        reference=known_as,
        type=NOTICE,
        role=Role.ANSWER,
        also_known_as=(answered,) if answered else (),
        source_reference=given,
        source_country=text(document, "jonatuvchiMamlakat"),
        joins=(f"{whose}:{given}",) if whose and given else (),
        decision=_DECISION_OF_CODE.get(required(document, "natija")),
        test=document.get("sinov") is True,
    )


# Writing notices


def _acknowledge(acknowledgement: Acknowledgement, issuer: Issuer) -> bytes:
    answered = acknowledgement.document
    notice = head(NOTICE, issuer, test=answered.test) | _answered(answered, acknowledgement.reference)
    if acknowledgement.objection is None:
        return dumped(notice | {"natija": "RO", "natijaMatni": "Maʼlumot roʻyxatga olindi"})
    code, sentence, place = _OBJECTIONS[acknowledgement.objection]
    value = answered.document_id if acknowledgement.objection is Objection.OTHER_CONTENT else answered.source_reference
    fault: Object = {"kod": code, "matn": sentence, "joy": place, "qiymat": value}
    return dumped(notice | {"natija": "RE", "natijaMatni": "Maʼlumot rad etildi", "xatolar": [fault]})


def _decide(ruling: Ruling, issuer: Issuer) -> bytes:
    code, sentence = _DECISIONS[ruling.decision]
    countries: Object = {
        "jonatuvchiMamlakat": "UZ",
        "qabulQiluvchiMamlakat": ruling.document.source_country,
    }
    return dumped(
        head(NOTICE, issuer, test=ruling.document.test)
        | countries
        | _answered(ruling.document, ruling.reference)
        | {"natija": code, "natijaMatni": f"{sentence}: {ruling.reason}" if ruling.reason else sentence}
    )


def _answered(document: Identity, filed: str) -> Object:
    return {
        "javob": {
            "hujjatId": document.document_id,
            "jonatuvchiRaqami": document.source_reference,
            "royxatRaqami": number(filed),
            "talqin": document.version,
        }
    }


def _stray(issuer: Issuer) -> Identity:
    return Identity(
        issuer.uuid(),
        register(issuer),
        _ENTERS,
        Role.DECLARATION,
        source_reference=issuer.digits(13),
        source_country="KG",
    )


def _entry_name(identity: Identity) -> str:
    return f"{identity.document_id}.json"


def _bundle_name(identities: Sequence[Identity], _issuer: Issuer) -> str:
    return f"{identities[0].document_id}.zip"


NSW = Nsw(
    country="UZ",
    name={
        "en": "Uzbekistan customs single window (simulated)",
        "ru": "Таможенное «единое окно» Республики Узбекистан (имитация)",
        "zh": "乌兹别克斯坦共和国海关单一窗口（模拟）",
    },
    time_zone="Asia/Tashkent",
    languages=("uz", "ru"),
    lodges=frozenset({_LEAVES}),
    receives=frozenset({_ENTERS, NOTICE, EVENT}),
    read=_read,
    acknowledge=_acknowledge,
    decide=_decide,
    stray=_stray,
    entry_name=_entry_name,
    bundle_name=_bundle_name,
    samples=SAMPLES,
    movement=uz_changes.movement,
    report=uz_events.report,
    import_number=uz_events.import_number,
    amend=uz_changes.amend,
    amends=frozenset({Function.REPLACEMENT, Function.CHANGE, Function.ADDITION}),
    withdraw=uz_changes.withdraw,
    register=register,
    media_type="application/json; charset=utf-8",
)
