"""China: road manifests (MT1401, MT2401), carrier confirmations (MT4401, MT4402) and replies (MT9999).

The documents are those of `docs/national-wires.md`, "China". Times are digits without a zone in Beijing time.
Parties, plates and numbers in the samples are invented; check digits and codes are right unless a sample
says otherwise. Office 9403 stands for Torugart and is illustrative.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from mock_nsw.documents import Element, Maker, Unreadable, maker, text_at, xml_bytes, xml_root
from mock_nsw.issuing import Issuer
from mock_nsw.national import Acknowledgement, Decision, Identity, Nsw, Role, Ruling, Sample

_BEIJING = ZoneInfo("Asia/Shanghai")
_OFFICE = "9403"
_TRADER = "9403TRG000168"
_WINDOW = "9400CNNSW0001"
_REPLY = "MT9999"
_NAMESPACE = re.compile(r"urn:Declaration:datamodel:standard:CN:(MT\d{4}):1")

_ROLES = {
    "MT1401": Role.DECLARATION,
    "MT2401": Role.DECLARATION,
    "MT4401": Role.SUPPLEMENT,
    "MT4402": Role.SUPPLEMENT,
    _REPLY: Role.ANSWER,
}

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
    message_id = text_at(root, "m:Head/m:MessageID", prefixes, required=True)
    if text_at(root, "m:Head/m:MessageType", prefixes, required=True) != message_type:
        raise Unreadable("Head/MessageType is not the type that the namespace names")
    if role is Role.ANSWER:
        code = text_at(root, "m:Response/m:AdditionalInformation/m:StatementCode", prefixes, required=True)
        return Identity(
            document_id=message_id,
            reference=text_at(root, "m:Response/m:Declaration/m:ID", prefixes, required=True),
            type=message_type,
            role=role,
            also_known_as=(text_at(root, "m:Response/m:FunctionalReferenceID", prefixes, required=True),),
            decision=_DECISION_OF_CODE.get(code),
        )
    batch = text_at(root, "m:Declaration/m:ID", prefixes, required=True)
    return Identity(message_id, batch, message_type, role, also_known_as=(message_id,))


# Writing replies


def _acknowledge(acknowledgement: Acknowledgement, issuer: Issuer) -> bytes:
    if not acknowledgement.conflict:
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
    make = _maker(_REPLY)
    at = issuer.moment().astimezone(_BEIJING)
    code, description = statement
    return xml_bytes(
        make(
            "Response",
            _head(make, _REPLY, at, sender=_WINDOW, function="11"),
            make(
                "Response",
                make("FunctionalReferenceID", answered.document_id),
                make("IssueDateTime", _milliseconds(at)),
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
    message_id = _message_id("MT1401", issuer.moment().astimezone(_BEIJING), _TRADER)
    return Identity(message_id, _OFFICE + issuer.digits(9), "MT1401", Role.DECLARATION)


def _entry_name(identity: Identity) -> str:
    return f"{identity.document_id}.xml"


def _bundle_name(identities: Sequence[Identity], issuer: Issuer) -> str:
    # The bundle is named after the confirmation, the last document that belongs to it.
    message_type = identities[-1].type
    sender = identities[-1].document_id.split("_")[-2]
    return f"{_message_id(message_type, issuer.moment().astimezone(_BEIJING), sender)}.zip"


# Writing what traders lodge


@dataclass(frozen=True, slots=True)
class _Party:
    id: str
    name: str
    phone: str
    contact: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class _Item:
    """`code` is an HS subheading, or the UN number where the consignment names a dangerous goods contact."""

    name: str
    description: str
    code: str
    gross_kg: Decimal
    packages: int
    package_type: str


@dataclass(frozen=True, slots=True)
class _Consignment:
    items: tuple[_Item, ...]
    consignor: _Party
    consignee: _Party
    value: str
    currency: str
    volume: str
    package_type: str
    condition: str = "27"
    payment: str = "PP"
    dangerous_goods_contact: tuple[str, str] | None = None
    undeclared_kg: Decimal = field(default=Decimal(0))

    @property
    def gross_kg(self) -> Decimal:
        """The declared gross mass: the sum of the items, less what a faulty sample leaves out."""
        return sum((item.gross_kg for item in self.items), Decimal(0)) - self.undeclared_kg


@dataclass(frozen=True, slots=True)
class _Journey:
    """What manifest and confirmation have in common: one truck, one batch number."""

    batch: str
    waybills: tuple[str, ...]
    container: str
    seals: tuple[str, ...]
    plate: str
    trailer_plate: str
    loaded: datetime
    arrives: datetime


def _journey(issuer: Issuer, waybills: int, container: str) -> _Journey:
    now = issuer.moment()
    return _Journey(
        batch=_OFFICE + issuer.digits(9),
        waybills=tuple(f"TRG{now:%y%m%d}{issuer.digits(6)}" for _ in range(waybills)),
        container=container,
        seals=(f"CN{issuer.digits(7)}", f"XJ{issuer.digits(7)}"),
        # 新P is Kizilsu, the prefecture of Torugart; a trailer's plate ends with 挂.
        plate=f"新P{issuer.digits(5)}",
        trailer_plate=f"新P{issuer.digits(4)}挂",
        loaded=now - timedelta(hours=2),
        arrives=now + timedelta(hours=6),
    )


def _manifest(journey: _Journey, consignments: Sequence[_Consignment], issuer: Issuer) -> bytes:
    make = _maker("MT2401")
    return xml_bytes(
        make(
            "Manifest",
            _head(make, "MT2401", issuer.moment().astimezone(_BEIJING)),
            make(
                "Declaration",
                make("DeclarationOfficeID", _OFFICE),
                make("ID", journey.batch),
                make("AdditionalInformation", make("Content", "经吐尔尕特口岸出境")),
                make("Agent", make("ID", _TRADER)),
                make("BorderTransportMeans", make("TypeCode", "3")),
                make("Carrier", make("ID", _CARRIER.id)),
                *(
                    _manifest_consignment(make, consignment, waybill, journey.container)
                    for consignment, waybill in zip(consignments, journey.waybills, strict=True)
                ),
                make(
                    "LoadingLocation",
                    make("ID", _OFFICE),
                    make("LoadingDateTime", _seconds(journey.loaded)),
                ),
                make("RepresentativePerson", make("Name", "阿依古丽·买买提")),
            ),
        )
    )


def _manifest_consignment(make: Maker, consignment: _Consignment, waybill: str, container: str) -> Element:
    packages = str(sum(item.packages for item in consignment.items))
    return make(
        "Consignment",
        make("GrossVolumeMeasure", consignment.volume, unitCode="MTQ"),
        make("TotalPackageQuantity", packages, unitCode=consignment.package_type),
        make("ValueAmount", consignment.value, currencyID=consignment.currency),
        _party(make, "Consignee", consignment.consignee, with_contact=True),
        *(_item(make, number, item) for number, item in enumerate(consignment.items, 1)),
        _party(make, "Consignor", consignment.consignor),
        make("Freight", make("PaymentMethodCode", consignment.payment)),
        make("GovernmentAgencyGoodsItem", _goods_measure(make, consignment.gross_kg)),
        make("GovernmentProcedure", make("CurrentCode", "RD06")),
        _party(make, "NotifyParty", consignment.consignee, with_address=True),
        make(
            "TransportContractDocument",
            make("ConditionCode", consignment.condition),
            make("ID", waybill),
            make("Consolidator", make("ID", _TRADER)),
        ),
        make("TransportEquipment", make("ID", container)),
        _dangerous_goods_contact(make, consignment.dangerous_goods_contact),
    )


def _party(make: Maker, role: str, party: _Party, *, with_contact: bool = False, with_address: bool = False) -> Element:
    return make(
        role,
        make("ID", party.id),
        make("Name", party.name),
        make("Address", make("Line", party.address)) if with_address else None,
        _communication(make, party.phone),
        make("Contact", make("Name", party.contact), _communication(make, party.phone)) if with_contact else None,
    )


def _item(make: Maker, number: int, item: _Item) -> Element:
    return make(
        "ConsignmentItem",
        make("SequenceNumeric", str(number)),
        make(
            "Commodity",
            make("CargoDescription", item.name),
            make("Description", item.description),
            make("Classification", make("ID", item.code)),
        ),
        _goods_measure(make, item.gross_kg),
        make("Packaging", make("QuantityQuantity", str(item.packages), unitCode=item.package_type)),
    )


def _goods_measure(make: Maker, kilograms: Decimal) -> Element:
    return make("GoodsMeasure", make("GrossMassMeasure", str(kilograms), unitCode="KGM"))


def _communication(make: Maker, phone: str) -> Element:
    return make("Communication", make("ID", phone), make("TypeID", "TE"))


def _dangerous_goods_contact(make: Maker, contact: tuple[str, str] | None) -> Element | None:
    if contact is None:
        return None
    name, phone = contact
    return make("UNDGContact", make("Name", name), _communication(make, phone))


def _confirmation(journey: _Journey, issuer: Issuer) -> bytes:
    make = _maker("MT4402")
    return xml_bytes(
        make(
            "Manifest",
            _head(make, "MT4402", issuer.moment().astimezone(_BEIJING)),
            make(
                "Declaration",
                make("DeclarationOfficeID", _OFFICE),
                make("ID", journey.batch),
                make("Agent", make("ID", _TRADER)),
                _truck(make, journey),
                make("Carrier", make("ID", _CARRIER.id), make("Name", _CARRIER.name)),
                *(_confirmed_consignment(make, waybill, journey) for waybill in journey.waybills),
            ),
        )
    )


def _truck(make: Maker, journey: _Journey) -> Element:
    return make(
        "BorderTransportMeans",
        make("ArrivalDateTime", _seconds(journey.arrives)),
        make("ID", journey.plate),
        make("Name", "CN"),
        make("TypeCode", "3"),
        make("Itinerary", make("RoutingCountryCode", "CN")),
        make("Itinerary", make("RoutingCountryCode", "KG")),
        make("Master", make("ID", "653101198504120316"), make("Name", "艾力·吐尔逊")),
        make(
            "TransportEquipment",
            make("ID", journey.trailer_plate),
            make("TareWeight", "6900", unitCode="KGM"),
            # UNTDID 8053, trailer: the national list of trailer types is not public.
            make("TypeCode", "TE"),
        ),
    )


def _confirmed_consignment(make: Maker, waybill: str, journey: _Journey) -> Element:
    return make(
        "Consignment",
        make("TransportContractDocument", make("ID", waybill)),
        make(
            "TransportEquipment",
            make("ID", journey.container),
            make("CharacteristicCode", "45G1"),
            make("FullnessCode", "5"),
            *(make("SealID", seal) for seal in journey.seals),
        ),
    )


def _head(make: Maker, message_type: str, at: datetime, *, sender: str = _TRADER, function: str = "9") -> Element:
    return make(
        "Head",
        make("MessageID", _message_id(message_type, at, sender)),
        make("FunctionCode", function),
        make("MessageType", message_type),
        make("SenderID", f"{sender}_DXPMOCK000000001"),
        make("ReceiverID", "EPORT"),
        make("SendTime", _milliseconds(at)),
        make("Version", "1.0"),
    )


def _message_id(message_type: str, at: datetime, sender: str) -> str:
    return f"CN_{message_type}_1p0_{sender}_{_milliseconds(at)}"


def _maker(message_type: str) -> Maker:
    namespace = f"urn:Declaration:datamodel:standard:CN:{message_type}:1"
    return maker(namespace, {None: namespace})


def _milliseconds(at: datetime) -> str:
    return f"{at:%Y%m%d%H%M%S}{at.microsecond // 1000:03}"


def _seconds(at: datetime) -> str:
    return f"{at.astimezone(_BEIJING):%Y%m%d%H%M%S}"


# Samples

_USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def _uscc(body: str) -> str:
    """A unified social credit identifier: seventeen characters and the check character of GB 32100-2015."""
    total = sum(_USCC_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return body + _USCC_SIGNS[-total % 31]


_CARRIER = _Party("9403MA77CARR1", "克州天山国际道路运输有限公司", "+86-908-4220168", "")

_KASHGAR_SHOES = _Party(_uscc("91653101MA77F2KX0"), "喀什天路进出口贸易有限公司", "+86-998-2650311", "古丽娜尔")
_ARTUX_HOME = _Party("USCI+" + _uscc("91653001MA78K4TW6"), "阿图什帕米尔家居有限公司", "+86-908-4229077", "王建国")
_URUMQI_PAINT = _Party(_uscc("91650100MA79C8RE2"), "乌鲁木齐雪莲化工有限公司", "+86-991-3837215", "李秀英")

_BISHKEK_MARKET = _Party(
    "INN+01203201910157", "ОсОО «Дордой Обувь»", "+996312881204", "Асанов Нурлан", "г. Бишкек, ул. Кожевенная, 74"
)
_NARYN_HOME = _Party(
    "INN+02407201510233", "ОсОО «Нарын Уй Жабдуулары»", "+996352250116", "Жумабекова Айгүл", "г. Нарын, ул. Ленина, 12"
)
_OSH_BUILDER = _Party(
    "INN+01505201710411", "ОсОО «Ош Курулуш»", "+996322255780", "Токтогулов Бакыт", "г. Ош, ул. Масалиева, 31"
)

_SHOES = _Consignment(
    items=(
        _Item("男式皮鞋", "皮革制面、橡胶底男式皮鞋", "640399", Decimal("4860.500"), 405, "CT"),
        _Item("运动鞋", "纺织材料制面、橡胶底运动鞋", "640411", Decimal("2190.000"), 219, "CT"),
    ),
    consignor=_KASHGAR_SHOES,
    consignee=_BISHKEK_MARKET,
    value="386400.00",
    currency="CNY",
    volume="31.450",
    package_type="CT",
)
_FURNITURE = _Consignment(
    items=(
        _Item("木制卧室家具", "木制床及床头柜，散件", "940350", Decimal("3120.000"), 48, "PX"),
        _Item("陶瓷餐具", "瓷制餐具，成套", "691110", Decimal("1475.250"), 95, "CS"),
    ),
    consignor=_ARTUX_HOME,
    consignee=_NARYN_HOME,
    value="24750.00",
    currency="USD",
    volume="22.800",
    package_type="PK",
    condition="10",
    payment="CC",
)
_PAINT = _Consignment(
    items=(
        _Item(
            "丙烯酸涂料", "溶剂型丙烯酸涂料，第3类易燃液体，UN1263，包装类III", "1263", Decimal("1980.000"), 90, "DR"
        ),
    ),
    consignor=_URUMQI_PAINT,
    consignee=_OSH_BUILDER,
    value="71280.00",
    currency="CNY",
    volume="3.600",
    package_type="DR",
    dangerous_goods_contact=("张海峰", "+86-991-3837119"),
)


def _three_consignments(issuer: Issuer) -> Iterator[bytes]:
    journey = _journey(issuer, 3, issuer.container_number("TRG"))
    yield _manifest(journey, (_SHOES, _FURNITURE, _PAINT), issuer)
    yield _confirmation(journey, issuer)


def _single_consignment(issuer: Issuer) -> Iterator[bytes]:
    journey = _journey(issuer, 1, issuer.container_number("TRG"))
    yield _manifest(journey, (_SHOES,), issuer)
    yield _confirmation(journey, issuer)


def _four_faults(issuer: Issuer) -> Iterator[bytes]:
    right = issuer.container_number("TRG")
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    leather, trainers = _SHOES.items
    consignor = _SHOES.consignor
    check = _USCC_SIGNS[(_USCC_SIGNS.index(consignor.id[-1]) + 1) % 31]
    faulty = replace(
        _SHOES,
        items=(replace(leather, package_type="QZ"), trainers),
        consignor=replace(consignor, id=consignor.id[:-1] + check),
        undeclared_kg=Decimal("850.000"),
    )
    journey = _journey(issuer, 1, wrong)
    yield _manifest(journey, (faulty,), issuer)
    yield _confirmation(journey, issuer)


_SAMPLES = {
    "three-consignments": Sample(
        {
            "en": "MT2401 with three consignments under one batch number, one of them dangerous goods, and its MT4402",
            "ru": "MT2401 с тремя товарными партиями под одним номером партии перевозки, одна из них — опасный "
            "груз, и MT4402 к нему",
            "zh": "MT2401：同一货物运输批次号下三票货物，其中一票为危险货物，并附对应的MT4402",
        },
        lambda issuer: tuple(_three_consignments(issuer)),
    ),
    "three-consignments-confirmation": Sample(
        {
            "en": "Only the MT4402 (truck, driver, trailer, container, seals) of three consignments; its "
            "manifest is missing",
            "ru": "Только MT4402 (тягач, водитель, прицеп, контейнер, пломбы) на три партии; манифеста нет",
            "zh": "仅有三票货物的MT4402（车辆、驾驶员、挂车、集装箱、关锁），缺少对应舱单",
        },
        lambda issuer: tuple(_three_consignments(issuer))[1:],
    ),
    "single-consignment": Sample(
        {
            "en": "MT2401 with one consignment, and its MT4402",
            "ru": "MT2401 с одной товарной партией и MT4402 к нему",
            "zh": "MT2401：一票货物，并附对应的MT4402",
        },
        lambda issuer: tuple(_single_consignment(issuer)),
    ),
    "without-confirmation": Sample(
        {
            "en": "MT2401 with one consignment; the carrier confirmation, and so the truck, is missing",
            "ru": "MT2401 с одной товарной партией; подтверждение перевозчика, а значит и сведения о "
            "транспортном средстве, отсутствуют",
            "zh": "MT2401：一票货物；缺少承运确报，因而没有运输工具信息",
        },
        lambda issuer: tuple(_single_consignment(issuer))[:1],
    ),
    "four-faults": Sample(
        {
            "en": "MT2401 and MT4402 with four faults, all else right: 1. the container number has a wrong check "
            "digit (ISO 6346); 2. package type QZ of item 1 is not in UN/ECE Recommendation 21; 3. the "
            "consignor's unified social credit identifier has a wrong check character (GB 32100-2015); 4. the "
            "declared gross mass of the consignment is 850 kg less than the sum of its items",
            "ru": "MT2401 и MT4402 с четырьмя ошибками, остальное верно: 1. неверная контрольная цифра номера "
            "контейнера (ISO 6346); 2. код вида упаковки QZ у товара 1 отсутствует в Рекомендации 21 ЕЭК ООН; "
            "3. неверный контрольный знак единого социального кредитного кода отправителя (GB 32100-2015); "
            "4. заявленная масса брутто партии на 850 кг меньше суммы по товарам",
            "zh": "含四处错误、其余正确的MT2401和MT4402：1. 集装箱号校验码错误（ISO 6346）；2. 第1项商品的包装种类"
            "代码QZ不在UN/ECE第21号建议书内；3. 发货人统一社会信用代码校验码错误（GB 32100-2015）；"
            "4. 申报的总毛重比各项商品毛重之和少850千克",
        },
        lambda issuer: tuple(_four_faults(issuer)),
    ),
}

NSW = Nsw(
    country="CN",
    name={
        "en": "China International Trade Single Window (simulated)",
        "ru": "Единое окно международной торговли Китая (имитация)",
        "zh": "中国国际贸易单一窗口（模拟）",
    },
    time_zone="Asia/Shanghai",
    languages=("zh",),
    lodges=frozenset({"MT2401", "MT4402"}),
    receives=frozenset({"MT1401", "MT4401", _REPLY}),
    read=_read,
    acknowledge=_acknowledge,
    decide=_decide,
    stray=_stray,
    entry_name=_entry_name,
    bundle_name=_bundle_name,
    samples=_SAMPLES,
)
