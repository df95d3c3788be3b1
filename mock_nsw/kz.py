"""Kazakhstan: preliminary information out and in, its withdrawal, processing notices, border event notices.

The documents are those of `docs/national-wires.md`, "Kazakhstan", all of them plausible. What is received gets a
number; an original is taken once, a replacement or a withdrawal only of what is known.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from mock_nsw import kz_changes, kz_events
from mock_nsw.documents import Element, Unreadable, local_name, text_at, xml_bytes, xml_root
from mock_nsw.issuing import Issuer
from mock_nsw.kz_form import (
    EVENT,
    INFORMATION,
    NOTICE,
    PATHS,
    WITHDRAWAL,
    document,
    header,
    leaf,
    namespace,
    number,
    number_at,
    part,
    register,
)
from mock_nsw.kz_samples import SAMPLES
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

_LEAVES, _ENTERS = "EX", "IM"
_FUNCTIONS = {
    "01": Function.ORIGINAL,
    "02": Function.REPLACEMENT,
    "03": Function.CHANGE,
    "04": Function.ADDITION,
}

_DECISIONS = {
    Decision.ACCEPT: ("02", "Предварительная информация принята"),
    Decision.REVIEW: ("03", "Предварительная информация находится на рассмотрении"),
    Decision.REJECT: ("04", "В принятии предварительной информации отказано"),
    Decision.RELEASE: ("05", "Товары выпущены"),
    Decision.DO_NOT_LOAD: ("06", "Погрузка запрещена"),
    Decision.UNLOADING_PROHIBITED: ("07", "Разгрузка запрещена"),
}
_DECISION_OF_CODE = {code: decision for decision, (code, _) in _DECISIONS.items()}

_OBJECTIONS = {
    Objection.OTHER_CONTENT: (
        "KZ-NSW-01",
        "Документ с таким идентификатором уже получен и имеет другое содержание",
        "EDocHeader/EDocId",
    ),
    Objection.KNOWN: (
        "KZ-NSW-02",
        "Первичные сведения под этим номером отправителя уже зарегистрированы",
        "SourceReferenceId",
    ),
    Objection.UNKNOWN: (
        "KZ-NSW-03",
        "Сведения, которые заменяются, изменяются, дополняются или отзываются, не зарегистрированы",
        "SourceReferenceId",
    ),
}


# Reading


def _read(content: bytes) -> Identity:
    root = xml_root(content)
    name = local_name(root)
    if name not in {INFORMATION, WITHDRAWAL, NOTICE, EVENT} or etree.QName(root).namespace != namespace(name):
        raise Unreadable("the root element is not one of Kazakhstan's messages")
    if name == NOTICE:
        return _read_notice(root)
    if name == EVENT:
        return kz_events.read(root)
    return _read_declaration(root, name)


def _read_declaration(root: Element, name: str) -> Identity:
    direction = text_at(root, "s:MovementDirectionCode", PATHS, required=True)
    if direction not in {_LEAVES, _ENTERS}:
        raise Unreadable(f"MovementDirectionCode {direction} is neither {_LEAVES} nor {_ENTERS}")
    given = number_at(root)
    if direction == _LEAVES and not given:
        raise Unreadable("what leaves Kazakhstan has no PreliminaryInformationIdDetails")
    document_id = text_at(root, "c:EDocHeader/s:EDocId", PATHS, required=True)
    source = text_at(root, "c:EDocHeader/s:SourceCountryCode", PATHS)
    reference = text_at(root, "s:SourceReferenceId", PATHS)
    registered = text_at(root, "s:SourceRegistrationId", PATHS)
    return Identity(
        document_id=document_id,
        reference=given,
        type=f"{name} {direction}",
        role=Role.DECLARATION,
        also_known_as=tuple(known for known in (document_id, reference, registered) if known),
        source_reference=reference,
        source_country=source if direction == _ENTERS else "",
        destination_country=text_at(root, "c:EDocHeader/s:DestinationCountryCode", PATHS, required=True),
        # The reference of a sender is unique for that sender only.
        joins=tuple(known for known in (given, reference and f"{source}:{reference}") if known),
        function=_function(root, name),
        version=text_at(root, "s:VersionId", PATHS),
        test=text_at(root, "c:EDocHeader/s:TestIndicator", PATHS) == "1",
    )


def _function(root: Element, name: str) -> Function:
    if name == WITHDRAWAL:
        return Function.WITHDRAWAL
    action = text_at(root, "s:PIActionCode", PATHS, required=True)
    if action not in _FUNCTIONS:
        raise Unreadable(f"PIActionCode {action} is not one of {', '.join(_FUNCTIONS)}")
    return _FUNCTIONS[action]


def _read_notice(root: Element) -> Identity:
    source = text_at(root, "s:SourceReferenceId", PATHS)
    # Of a neighbour's decision the source reference is a number of this window, with slashes.
    reference = number_at(root) or source.replace("/", "-")
    if not reference:
        raise Unreadable("the notice names neither a SourceReferenceId nor PreliminaryInformationIdDetails")
    return Identity(
        document_id=text_at(root, "c:EDocHeader/s:EDocId", PATHS, required=True),
        reference=reference,
        type=NOTICE,
        role=Role.ANSWER,
        source_reference=source,
        source_country=text_at(root, "c:EDocHeader/s:SourceCountryCode", PATHS),
        decision=_DECISION_OF_CODE.get(text_at(root, "s:ProcessingResultCode", PATHS, required=True)),
    )


# Writing notices


def _acknowledge(acknowledgement: Acknowledgement, issuer: Issuer) -> bytes:
    answered, reference, objection = acknowledgement.document, acknowledgement.reference, acknowledgement.objection
    if objection is None:
        return _notice(answered, reference, ("01", "Сведения зарегистрированы"), issuer)
    return _notice(answered, reference, ("04", "Сведения не приняты"), issuer, objection)


def _decide(ruling: Ruling, issuer: Issuer) -> bytes:
    code, text = _DECISIONS[ruling.decision]
    if ruling.reason:
        text = f"{text}: {ruling.reason}"
    return _notice(ruling.document, ruling.reference, (code, text), issuer)


def _notice(
    answered: Identity, reference: str, result: tuple[str, str], issuer: Issuer, objection: Objection | None = None
) -> bytes:
    code, text = result
    return xml_bytes(
        document(
            NOTICE,
            header(NOTICE, issuer, destination=answered.source_country or "KZ", follows=answered.document_id),
            leaf("SourceReferenceId", answered.source_reference),
            number(reference),
            leaf("VersionId", answered.version),
            leaf("ProcessingResultCode", code),
            leaf("DescriptionText", text),
            None if objection is None else _error(answered, objection),
        )
    )


def _error(answered: Identity, objection: Objection) -> Element | None:
    code, text, place = _OBJECTIONS[objection]
    root = answered.type.partition(" ")[0]
    value = answered.document_id if objection is Objection.OTHER_CONTENT else answered.source_reference
    return part(
        "ErrorDetails",
        leaf("ErrorCode", code),
        leaf("ErrorText", text),
        leaf("ErrorPathText", f"/{root}/{place}"),
        leaf("ErrorValueText", value),
    )


def _stray(issuer: Issuer) -> Identity:
    return Identity(
        issuer.uuid(),
        register(issuer),
        f"{INFORMATION} {_ENTERS}",
        Role.DECLARATION,
        source_reference=issuer.digits(13),
        source_country="CN",
    )


def _entry_name(identity: Identity) -> str:
    return f"{identity.document_id}.xml"


def _bundle_name(identities: Sequence[Identity], _issuer: Issuer) -> str:
    return f"{identities[0].document_id}.zip"


NSW = Nsw(
    country="KZ",
    name={
        "en": "Kazakhstan national single window (simulated)",
        "ru": "Национальное «единое окно» Республики Казахстан (имитация)",
        "zh": "哈萨克斯坦共和国国家单一窗口（模拟）",
    },
    time_zone="Asia/Almaty",
    languages=("ru", "kk"),
    lodges=frozenset({f"{INFORMATION} {_LEAVES}", f"{WITHDRAWAL} {_LEAVES}"}),
    receives=frozenset({f"{INFORMATION} {_ENTERS}", f"{WITHDRAWAL} {_ENTERS}", NOTICE, EVENT}),
    read=_read,
    acknowledge=_acknowledge,
    decide=_decide,
    stray=_stray,
    entry_name=_entry_name,
    bundle_name=_bundle_name,
    samples=SAMPLES,
    movement=kz_changes.movement,
    report=kz_events.report,
    import_number=kz_events.import_number,
    amend=kz_changes.amend,
    amends=frozenset({Function.REPLACEMENT, Function.CHANGE, Function.ADDITION}),
    withdraw=kz_changes.withdraw,
    register=register,
    orderly=True,
)
