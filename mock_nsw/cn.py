"""China: road manifests (MT1401, MT2401), carrier confirmations (MT4401 to MT4406), replies (MT9999), border events.

The documents are those of `docs/national-wires.md`, "China"; border events are arrival and tally reports (MT3402,
MT5401). Offices are illustrative.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mock_nsw import cn_changes, cn_events
from mock_nsw.cn_form import BEIJING, TRADER, WINDOW, head, message_id, milliseconds, namespaced
from mock_nsw.cn_samples import SAMPLES
from mock_nsw.documents import Element, Maker, Unreadable, text_at, xml_bytes, xml_root
from mock_nsw.issuing import Issuer
from mock_nsw.national import (
    Acknowledgement,
    Decision,
    Function,
    Identity,
    Nsw,
    Role,
    Ruling,
)

_OFFICE = "9403"
_REPLY = "MT9999"
_NAMESPACE = re.compile(r"urn:Declaration:datamodel:standard:CN:(MT\d{4}):1")

_ROLES = {
    "MT1401": Role.DECLARATION,
    "MT2401": Role.DECLARATION,
    "MT4401": Role.SUPPLEMENT,
    "MT4402": Role.SUPPLEMENT,
    # Of a vehicle without cargo there is no manifest: what confirms it declares it.
    **dict.fromkeys(cn_changes.ALONE, Role.DECLARATION),
    _REPLY: Role.ANSWER,
    cn_events.ARRIVAL_REPORT: Role.EVENT,
    cn_events.TALLY_REPORT: Role.EVENT,
}
_FUNCTIONS = {"5": Function.REPLACEMENT, "3": Function.WITHDRAWAL}

_DECISIONS = {
    Decision.ACCEPT: ("01", "海关接受申报"),
    Decision.REVIEW: ("02", "待海关人工审核"),
    Decision.REJECT: ("03", "海关退单"),
    Decision.RELEASE: ("11", "海关放行"),
    Decision.DO_NOT_LOAD: ("12", "海关拒装"),
    Decision.UNLOADING_PROHIBITED: ("13", "海关禁卸"),
}
_DECISION_OF_CODE = {code: decision for decision, (code, _) in _DECISIONS.items()}


# Reading


def _read(document: bytes) -> Identity:
    root = xml_root(document)
    namespace = _NAMESPACE.fullmatch(root.nsmap.get(root.prefix) or "")
    if namespace is None:
        raise Unreadable("the root element is not in a namespace of China's road manifest messages")
    message_type = namespace.group(1)
    role = _ROLES.get(message_type)
    if role is None:
        raise Unreadable(f"{message_type} is not a message type of this window")
    prefixes = {"m": namespace.group(0)}
    number = text_at(root, "m:Head/m:MessageID", prefixes, required=True)
    if text_at(root, "m:Head/m:MessageType", prefixes, required=True) != message_type:
        raise Unreadable("Head/MessageType is not the type that the namespace names")
    if role is Role.ANSWER:
        code = text_at(root, "m:Response/m:AdditionalInformation/m:StatementCode", prefixes, required=True)
        return Identity(
            document_id=number,
            reference=text_at(root, "m:Response/m:Declaration/m:ID", prefixes, required=True),
            type=message_type,
            role=role,
            also_known_as=(text_at(root, "m:Response/m:FunctionalReferenceID", prefixes, required=True),),
            decision=_DECISION_OF_CODE.get(code),
        )
    batch = text_at(root, "m:Declaration/m:ID", prefixes, required=True)
    if role is Role.EVENT:
        code = text_at(root, "m:Declaration/m:AdditionalInformation/m:StatementCode", prefixes, required=True)
        if code not in cn_events.KIND_OF_CODE:
            raise Unreadable(f"StatementCode {code} is not a border event")
        return Identity(number, batch, message_type, role, event=cn_events.KIND_OF_CODE[code])
    function = _FUNCTIONS.get(text_at(root, "m:Head/m:FunctionCode", prefixes), Function.ORIGINAL)
    vehicle = text_at(root, "m:Declaration/m:BorderTransportMeans/m:SequenceNumeric", prefixes)
    if role is Role.SUPPLEMENT and vehicle:
        return Identity(
            number,
            f"{batch}/{vehicle}",
            message_type,
            role,
            also_known_as=(number,),
            function=function,
            shares=batch,
        )
    alone = message_type in cn_changes.ALONE
    return Identity(number, batch, message_type, role, also_known_as=(number,), function=function, alone=alone)


# Writing replies


def _acknowledge(acknowledgement: Acknowledgement, issuer: Issuer) -> bytes:
    if acknowledgement.objection is None:
        return _reply(acknowledgement.document, acknowledgement.reference, ("E1", "数据中心已入库"), issuer)
    error = ("CN-NSW-DUPLICATE", "同一报文编号已存在且内容不同，未予入库", acknowledgement.document.document_id)
    return _reply(acknowledgement.document, acknowledgement.reference, ("03", "退单"), issuer, error)


def _decide(ruling: Ruling, issuer: Issuer) -> bytes:
    code, description = _DECISIONS[ruling.decision]
    if ruling.reason:
        description = f"{description}：{ruling.reason}"
    return _reply(ruling.document, ruling.reference, (code, description), issuer)


def _reply(
    answered: Identity,
    reference: str,
    statement: tuple[str, str],
    issuer: Issuer,
    error: tuple[str, str, str] | None = None,
) -> bytes:
    make = namespaced(_REPLY)
    at = issuer.moment().astimezone(BEIJING)
    code, description = statement
    return xml_bytes(
        make(
            "Response",
            head(make, _REPLY, at, sender=WINDOW, function="11"),
            make(
                "Response",
                make("FunctionalReferenceID", answered.document_id),
                make("IssueDateTime", milliseconds(at)),
                make("Declaration", make("ID", reference)),
                make(
                    "AdditionalInformation",
                    make("StatementCode", code),
                    make("StatementDescription", description),
                ),
                _error(make, error),
            ),
        )
    )


def _error(make: Maker, error: tuple[str, str, str] | None) -> Element | None:
    if error is None:
        return None
    rule, description, value = error
    return make(
        "Error",
        make("ValidationCode", rule),
        make("Description", description),
        make("Pointer", "/Manifest/Head/MessageID"),
        make("Value", value),
    )


def _stray(issuer: Issuer) -> Identity:
    number = message_id("MT1401", issuer.moment().astimezone(BEIJING), TRADER)
    return Identity(number, _OFFICE + issuer.digits(9), "MT1401", Role.DECLARATION)


def _entry_name(identity: Identity) -> str:
    return f"{identity.document_id}.xml"


def _bundle_name(identities: Sequence[Identity], issuer: Issuer) -> str:
    # The bundle is named after the confirmation, the last document that belongs to it.
    message_type = identities[-1].type
    sender = identities[-1].document_id.split("_")[-2]
    return f"{message_id(message_type, issuer.moment().astimezone(BEIJING), sender)}.zip"


NSW = Nsw(
    country="CN",
    name={
        "en": "China International Trade Single Window (simulated)",
        "ru": "Единое окно международной торговли Китая (имитация)",
        "zh": "中国国际贸易单一窗口（模拟）",
    },
    time_zone="Asia/Shanghai",
    languages=("zh",),
    lodges=frozenset({"MT2401", "MT4402", "MT4404", "MT4406"}),
    receives=frozenset(
        {"MT1401", "MT4401", "MT4403", "MT4405", _REPLY, cn_events.ARRIVAL_REPORT, cn_events.TALLY_REPORT}
    ),
    read=_read,
    acknowledge=_acknowledge,
    decide=_decide,
    stray=_stray,
    entry_name=_entry_name,
    bundle_name=_bundle_name,
    samples=SAMPLES,
    movement=cn_changes.movement,
    report=cn_events.report,
    import_number=cn_events.import_number,
    amend=cn_changes.amend,
    withdraw=cn_changes.withdraw,
)
