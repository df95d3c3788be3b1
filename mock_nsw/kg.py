"""Kyrgyzstan: preliminary information in (AutoPreliminary) and out, its withdrawal, notices of results and events.

The documents are those of `docs/national-wires.md`, "Kyrgyzstan". AutoPreliminary is the road preliminary
information of the EAEU (format album 5.23.0); the others are this project's own. What is received gets a
registration number.
"""

from __future__ import annotations

from collections.abc import Sequence

from mock_nsw import kg_changes, kg_events
from mock_nsw.documents import Element, Maker, Unreadable, maker, text_at, xml_bytes, xml_root
from mock_nsw.issuing import Issuer
from mock_nsw.kg_form import (
    COMMON,
    EVENT,
    EXPORT,
    NOTICE,
    PRELIMINARY,
    PRIOR,
    RUS,
    WITHDRAWAL,
    date_time,
    number,
    number_at,
    register,
)
from mock_nsw.kg_samples import SAMPLES
from mock_nsw.national import Acknowledgement, Decision, Function, Identity, Nsw, Role, Ruling

_WITHDRAWN_ABROAD = "WithdrawalNotice"
_WITHDRAWN_HERE = f"{_WITHDRAWN_ABROAD} (KG)"

_PATHS = {"c": COMMON, "p": PRIOR, "r": RUS, "n": NOTICE, "w": WITHDRAWAL}

_DECISIONS = {
    Decision.ACCEPT: ("2", "Предварительная информация принята"),
    Decision.REVIEW: ("3", "Предварительная информация ожидает проверки должностным лицом"),
    Decision.REJECT: ("4", "Отказано в регистрации предварительной информации"),
    Decision.RELEASE: ("5", "Товары выпущены"),
    Decision.DO_NOT_LOAD: ("6", "Погрузка запрещена"),
    Decision.UNLOADING_PROHIBITED: ("7", "Разгрузка запрещена"),
}
_DECISION_OF_CODE = {code: decision for decision, (code, _) in _DECISIONS.items()}


# Reading


def _read(document: bytes) -> Identity:
    root = xml_root(document)
    if root.tag == f"{{{NOTICE}}}ResultNotice":
        return _read_notice(root)
    if root.tag == f"{{{EVENT}}}{kg_events.TYPE}":
        return kg_events.read(root)
    if root.tag == f"{{{WITHDRAWAL}}}WithdrawalNotice":
        return _read_withdrawal(root)
    for namespace, name in ((PRELIMINARY, "AutoPreliminary"), (EXPORT, "ExportPreliminary")):
        if root.tag == f"{{{namespace}}}{name}":
            return _read_preliminary(root, name, namespace)
    raise Unreadable("the root element is not one of Kyrgyzstan's messages")


def _read_preliminary(root: Element, name: str, namespace: str) -> Identity:
    document_id = text_at(root, "c:DocumentID", _PATHS, required=True)
    source = text_at(root, "c:RefDocumentID", _PATHS)
    given, first = (number_at(root, f"{{{namespace}}}{name}") for name in ("RegNumber", "RefRegNumber"))
    own = name == "ExportPreliminary"
    if own and not given:
        raise Unreadable("an ExportPreliminary has no RegNumber")
    country = "" if own else text_at(root, "*/r:SourceCountryCode", _PATHS) or given.partition("-")[0]
    return Identity(
        document_id=document_id,
        # What is received is filed under the number given to it here, or under the one it refers to.
        reference=first or given if own else first,
        type=name,
        role=Role.DECLARATION,
        also_known_as=tuple(known for known in (document_id, given, source) if known),
        source_reference=source,
        source_country=country,
        destination_country=text_at(root, "*/r:DestinationCountryCode", _PATHS) if own else "",
        function=Function.REPLACEMENT if first else Function.ORIGINAL,
    )


def _read_withdrawal(root: Element) -> Identity:
    document_id = text_at(root, "w:NoticeID", _PATHS, required=True)
    country = text_at(root, "w:SourceCountryCode", _PATHS, required=True)
    told = text_at(root, "w:DestinationCountryCode", _PATHS)
    source = text_at(root, "w:RefSourceDocumentID", _PATHS)
    number = number_at(root, f"{{{WITHDRAWAL}}}RefRegNumber")
    own = country == "KG"
    if own is (told == "KG"):
        raise Unreadable("exactly one of SourceCountryCode and DestinationCountryCode is KG")
    if not number and (own or not source):
        raise Unreadable(
            "the notice names no declaration: neither a RefSourceDocumentID from abroad nor a RefRegNumber"
        )
    return Identity(
        document_id=document_id,
        reference=number,
        type=_WITHDRAWN_HERE if own else _WITHDRAWN_ABROAD,
        role=Role.DECLARATION,
        also_known_as=tuple(known for known in (document_id, source) if known),
        source_reference=source,
        source_country="" if own else country,
        destination_country=told if own else "",
        function=Function.WITHDRAWAL,
    )


def _read_notice(root: Element) -> Identity:
    answered = text_at(root, "n:RefDocumentID", _PATHS)
    reference = number_at(root, f"{{{NOTICE}}}RefRegNumber") or answered
    if not reference:
        raise Unreadable("the notice names neither a RefDocumentID nor a RefRegNumber")
    return Identity(
        document_id=text_at(root, "n:NoticeID", _PATHS, required=True),
        reference=reference,
        type="ResultNotice",
        role=Role.ANSWER,
        also_known_as=(answered,) if answered else (),
        decision=_DECISION_OF_CODE.get(text_at(root, "n:ResultCode", _PATHS, required=True)),
    )


# Writing notices


def _acknowledge(acknowledgement: Acknowledgement, issuer: Issuer) -> bytes:
    document, reference = acknowledgement.document, acknowledgement.reference
    if acknowledgement.objection is None:
        return _notice(document, reference, ("1", "Сведения зарегистрированы"), issuer)
    error = (
        "KG-NSW-DUPLICATE",
        "Документ с таким идентификатором уже получен и имеет другое содержание",
        document.document_id,
    )
    return _notice(document, reference, ("4", "Сведения не приняты"), issuer, error)


def _decide(ruling: Ruling, issuer: Issuer) -> bytes:
    code, text = _DECISIONS[ruling.decision]
    if ruling.reason:
        text = f"{text}: {ruling.reason}"
    return _notice(ruling.document, ruling.reference, (code, text), issuer)


def _notice(
    answered: Identity,
    reference: str,
    result: tuple[str, str],
    issuer: Issuer,
    error: tuple[str, str, str] | None = None,
) -> bytes:
    make = maker(NOTICE, {None: NOTICE})
    code, text = result
    return xml_bytes(
        make(
            "ResultNotice",
            make("NoticeID", issuer.uuid()),
            make("NoticeDateTime", date_time(issuer.moment())),
            make("RefDocumentID", answered.document_id),
            make("RefSourceDocumentID", answered.source_reference) if answered.source_reference else None,
            number(make, make, "RefRegNumber", reference),
            make("RefSourceCountryCode", answered.source_country) if answered.source_country else None,
            make("ResultCode", code),
            make("ResultText", text),
            _error(make, error),
        )
    )


def _error(make: Maker, error: tuple[str, str, str] | None) -> Element | None:
    if error is None:
        return None
    code, text, value = error
    return make(
        "ErrorDetails",
        make("ErrorCode", code),
        make("ErrorText", text),
        make("ErrorPath", "/*/*[local-name()='DocumentID']"),
        make("ErrorValue", value),
    )


def _stray(issuer: Issuer) -> Identity:
    return Identity(
        issuer.uuid(),
        register(issuer),
        "AutoPreliminary",
        Role.DECLARATION,
        source_reference=issuer.digits(13),
    )


def _entry_name(identity: Identity) -> str:
    return f"{identity.document_id}.xml"


def _bundle_name(identities: Sequence[Identity], _issuer: Issuer) -> str:
    return f"{identities[0].document_id}.zip"


NSW = Nsw(
    country="KG",
    name={
        "en": "Kyrgyz national single window Tulpar (simulated)",
        "ru": "Национальное «единое окно» Кыргызской Республики «Тулпар» (имитация)",
        "zh": "吉尔吉斯共和国国家单一窗口Tulpar（模拟）",
    },
    time_zone="Asia/Bishkek",
    languages=("ru", "ky"),
    lodges=frozenset({"ExportPreliminary", _WITHDRAWN_HERE}),
    receives=frozenset({"AutoPreliminary", _WITHDRAWN_ABROAD, "ResultNotice", kg_events.TYPE}),
    read=_read,
    acknowledge=_acknowledge,
    decide=_decide,
    stray=_stray,
    entry_name=_entry_name,
    bundle_name=_bundle_name,
    samples=SAMPLES,
    movement=kg_changes.movement,
    report=kg_events.report,
    import_number=kg_events.import_number,
    amend=kg_changes.amend,
    withdraw=kg_changes.withdraw,
    register=register,
)
