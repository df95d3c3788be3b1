"""China: what traders lodge, made anew each time: manifests (MT2401) with their confirmations (MT4402), empty vehicles.

Parties, plates and numbers are invented; check digits and codes are right unless a sample says otherwise. Offices
9403 (Torugart) and 9402 (Horgos) are illustrative.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from mock_nsw.cn_form import BEIJING, TRADER, head, namespaced, seconds
from mock_nsw.documents import Element, Maker, xml_bytes
from mock_nsw.issuing import Issuer
from mock_nsw.national import Sample


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
class _Way:
    """How the goods leave China.

    Attributes:
        office: The office of exit; illustrative.
        sender: Sender code of the trader.
        post: Its name.
        plates: The letters that plates of the prefecture begin with.
        countries: The countries the truck passes, China first.
        transit_destination: UN/LOCODE of the place where a transit that begins at the office ends; empty when the goods
            stay in the neighbouring country.
    """

    office: str
    sender: str
    post: str
    plates: str
    countries: tuple[str, ...]
    transit_destination: str = ""


# 新P is Kizilsu, the prefecture of Torugart, 新F is Ili, that of Horgos.
_TORUGART = _Way("9403", TRADER, "吐尔尕特", "新P", ("CN", "KG"))
_HORGOS = _Way("9402", "9402HRG000215", "霍尔果斯", "新F", ("CN", "KZ"))
_THROUGH_KYRGYZSTAN = replace(_TORUGART, countries=("CN", "KG", "UZ"), transit_destination="UZTAS")
_LEAD = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class _Journey:
    """What manifest and confirmation have in common: one truck, one batch number.

    Attributes:
        other_containers: Those of the batch's other trucks; the manifest lists them as well.
    """

    way: _Way
    batch: str
    waybills: tuple[str, ...]
    container: str
    seals: tuple[str, ...]
    plate: str
    trailer_plate: str
    loaded: datetime
    arrives: datetime
    other_containers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Load:
    """One truck of a batch of several: which of how many, and what of the first waybill is on it.

    Attributes:
        number: Which truck, from 1.
        trucks: How many there are.
        part: By number of the item, packages and gross mass on this truck.
        value: Of that part.
    """

    number: int
    trucks: int
    part: Mapping[int, tuple[int, Decimal]]
    value: str


def _journey(
    issuer: Issuer, waybills: int, container: str, *, way: _Way = _TORUGART, lead: timedelta = _LEAD
) -> _Journey:
    now = issuer.moment()
    return _Journey(
        way=way,
        batch=way.office + issuer.digits(9),
        waybills=tuple(f"TRG{now:%y%m%d}{issuer.digits(6)}" for _ in range(waybills)),
        container=container,
        seals=(f"CN{issuer.digits(7)}", f"XJ{issuer.digits(7)}"),
        # A trailer's plate ends with 挂.
        plate=f"{way.plates}{issuer.digits(5)}",
        trailer_plate=f"{way.plates}{issuer.digits(4)}挂",
        loaded=now - timedelta(hours=2),
        arrives=now + lead,
    )


def _manifest(journey: _Journey, consignments: Sequence[_Consignment], issuer: Issuer) -> bytes:
    make = namespaced("MT2401")
    return xml_bytes(
        make(
            "Manifest",
            head(make, "MT2401", issuer.moment().astimezone(BEIJING), sender=journey.way.sender),
            make(
                "Declaration",
                make("DeclarationOfficeID", journey.way.office),
                make("ID", journey.batch),
                make("AdditionalInformation", make("Content", f"经{journey.way.post}口岸出境")),
                make("Agent", make("ID", journey.way.sender)),
                make("BorderTransportMeans", make("TypeCode", "3")),
                make("Carrier", make("ID", _CARRIER.id)),
                *(
                    _manifest_consignment(make, consignment, waybill, journey)
                    for consignment, waybill in zip(consignments, journey.waybills, strict=True)
                ),
                make(
                    "LoadingLocation",
                    make("ID", journey.way.office),
                    make("LoadingDateTime", seconds(journey.loaded)),
                ),
                make("RepresentativePerson", make("Name", "阿依古丽·买买提")),
            ),
        )
    )


def _manifest_consignment(make: Maker, consignment: _Consignment, waybill: str, journey: _Journey) -> Element:
    packages = str(sum(item.packages for item in consignment.items))
    # Of goods that stay with the neighbour the confirmation alone says the way.
    in_transit = bool(journey.way.transit_destination)
    return make(
        "Consignment",
        make("GrossVolumeMeasure", consignment.volume, unitCode="MTQ"),
        make("TotalPackageQuantity", packages, unitCode=consignment.package_type),
        make("ValueAmount", consignment.value, currencyID=consignment.currency),
        make("BorderTransportMeans", *_itinerary(make, journey.way)) if in_transit else None,
        _party(make, "Consignee", consignment.consignee, with_contact=True),
        *(_item(make, number, item) for number, item in enumerate(consignment.items, 1)),
        _party(make, "Consignor", consignment.consignor),
        make("Freight", make("PaymentMethodCode", consignment.payment)),
        make("GovernmentAgencyGoodsItem", _goods_measure(make, consignment.gross_kg)),
        make("GovernmentProcedure", make("CurrentCode", "RD06")),
        _party(make, "NotifyParty", consignment.consignee, with_address=True),
        make("TransitDeparture", make("ID", journey.way.office)) if in_transit else None,
        make("TransitDestination", make("ID", journey.way.transit_destination)) if in_transit else None,
        make(
            "TransportContractDocument",
            make("ConditionCode", consignment.condition),
            make("ID", waybill),
            make("Consolidator", make("ID", journey.way.sender)),
        ),
        *(
            make("TransportEquipment", make("ID", container))
            for container in (journey.container, *journey.other_containers)
        ),
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


def _confirmation(
    journey: _Journey, issuer: Issuer, load: _Load | None = None, *, form: str = "MT4402", empties: Sequence[str] = ()
) -> bytes:
    make = namespaced(form)
    return xml_bytes(
        make(
            "Manifest",
            head(make, form, issuer.moment().astimezone(BEIJING), sender=journey.way.sender),
            make(
                "Declaration",
                make("DeclarationOfficeID", journey.way.office),
                make("ID", journey.batch),
                make("Agent", make("ID", journey.way.sender)),
                _truck(make, journey, load, empties),
                make("Carrier", make("ID", _CARRIER.id), make("Name", _CARRIER.name)),
                *(_confirmed_consignment(make, waybill, journey, load) for waybill in journey.waybills),
                make("VehicleQuantity", str(load.trucks)) if load else None,
            ),
        )
    )


def _truck(make: Maker, journey: _Journey, load: _Load | None, empties: Sequence[str]) -> Element:
    return make(
        "BorderTransportMeans",
        make("ArrivalDateTime", seconds(journey.arrives)),
        make("ID", journey.plate),
        make("Name", "CN"),
        make("SequenceNumeric", str(load.number)) if load else None,
        make("TypeCode", "3"),
        *_itinerary(make, journey.way),
        make("Master", make("ID", "653101198504120316"), make("Name", "艾力·吐尔逊")),
        make(
            "TransportEquipment",
            make("ID", journey.trailer_plate),
            make("TareWeight", "6900", unitCode="KGM"),
            # UNTDID 8053, trailer: the national list of trailer types is not public.
            make("TypeCode", "TE"),
        ),
        *(_empty_container(make, number) for number in empties),
    )


def _empty_container(make: Maker, number: str) -> Element:
    return make(
        "TransportEquipment",
        make("ID", number),
        make("CharacteristicCode", "45G1"),
        make("FullnessCode", "4"),
        make("TypeCode", "CN"),
    )


def _itinerary(make: Maker, way: _Way) -> list[Element]:
    return [make("Itinerary", make("RoutingCountryCode", country)) for country in way.countries]


def _confirmed_consignment(make: Maker, waybill: str, journey: _Journey, load: _Load | None) -> Element:
    return make(
        "Consignment",
        *(_on_truck(make, load) if load else ()),
        make("TransportContractDocument", make("ID", waybill)),
        make(
            "TransportEquipment",
            make("ID", journey.container),
            make("CharacteristicCode", "45G1"),
            make("FullnessCode", "5"),
            *(make("SealID", seal) for seal in journey.seals),
        ),
    )


def _on_truck(make: Maker, load: _Load) -> list[Element]:
    """What of a waybill is on one truck of a batch."""
    packages = sum(count for count, _ in load.part.values())
    kilograms = sum((mass for _, mass in load.part.values()), Decimal(0))
    return [
        make("TotalPackageQuantity", str(packages), unitCode="CT"),
        make("ValueAmount", load.value, currencyID="CNY"),
        *(
            make(
                "ConsignmentItem",
                make("SequenceNumeric", str(number)),
                _goods_measure(make, mass),
                make("Packaging", make("QuantityQuantity", str(count), unitCode="CT")),
            )
            for number, (count, mass) in load.part.items()
        ),
        make("GovernmentAgencyGoodsItem", _goods_measure(make, kilograms)),
    ]


# What is in the samples

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

_ALMATY_SHOES = _Party(
    "050340003477", "ТОО «Алатау Аяқкиім»", "+77273900142", "Сейітқали Айнұр", "г. Алматы, пр. Райымбека, 212"
)
_TASHKENT_SHOES = _Party(
    "304118562",
    "«Toshkent Poyabzal Savdo» MChJ",
    "+998712030455",
    "Yoʻldoshev Oʻktam",
    "Toshkent sh., Chilonzor t., Boʻyodkor k., 18",
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


def _single_consignment(
    issuer: Issuer, consignment: _Consignment = _SHOES, way: _Way = _TORUGART, lead: timedelta = _LEAD
) -> Iterator[bytes]:
    journey = _journey(issuer, 1, issuer.container_number("TRG"), way=way, lead=lead)
    yield _manifest(journey, (consignment,), issuer)
    yield _confirmation(journey, issuer)


def _two_trucks(issuer: Issuer) -> Iterator[bytes]:
    """The shoes on two trucks: all of the leather ones and some trainers on the first, the rest on the second."""
    first = _journey(issuer, 1, issuer.container_number("TRG"))
    second = replace(_journey(issuer, 1, issuer.container_number("TRG")), batch=first.batch, waybills=first.waybills)
    first = replace(first, other_containers=(second.container,))
    yield _manifest(first, (_SHOES,), issuer)
    yield _confirmation(
        first,
        issuer,
        _Load(1, 2, {1: (405, Decimal("4860.500")), 2: (19, Decimal("190.000"))}, "286400.00"),
    )
    yield _confirmation(second, issuer, _Load(2, 2, {2: (200, Decimal("2000.000"))}, "100000.00"))


def _empty_vehicle(issuer: Issuer) -> Iterator[bytes]:
    yield _confirmation(_journey(issuer, 0, ""), issuer, form="MT4404")


def _vehicle_with_empty_container(issuer: Issuer) -> Iterator[bytes]:
    container = issuer.container_number("TRG")
    yield _confirmation(_journey(issuer, 0, ""), issuer, form="MT4406", empties=(container,))


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


SAMPLES: Mapping[str, Sample] = {
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
    "one-waybill-two-trucks": Sample(
        {
            "en": "MT2401 with one waybill that is divided among two trucks of one batch, and an MT4402 for each truck",
            "ru": "MT2401 с одной накладной, разделённой между двумя автомобилями одной партии перевозки, и MT4402 на "
            "каждый автомобиль",
            "zh": "MT2401：同一批次两辆车分装的一票货物，并附每辆车的MT4402",
        },
        lambda issuer: tuple(_two_trucks(issuer)),
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
    "empty-vehicle": Sample(
        {
            "en": "MT4404 of a truck that leaves without cargo",
            "ru": "MT4404 на автомобиль, выезжающий без груза",
            "zh": "MT4404：空载出境车辆",
        },
        lambda issuer: tuple(_empty_vehicle(issuer)),
    ),
    "empty-container": Sample(
        {
            "en": "MT4406 of a truck that leaves without cargo, with an empty container",
            "ru": "MT4406 на автомобиль, выезжающий без груза, с порожним контейнером",
            "zh": "MT4406：载空集装箱出境、无货物的车辆",
        },
        lambda issuer: tuple(_vehicle_with_empty_container(issuer)),
    ),
    "late": Sample(
        {
            "en": "MT2401 and MT4402 of a truck that is to arrive in 20 minutes: later than any agreement allows",
            "ru": "MT2401 и MT4402 на автомобиль, прибывающий через 20 минут: позже срока, установленного любым "
            "соглашением",
            "zh": "MT2401和MT4402：车辆将于20分钟后抵达，已晚于各协议规定的提前申报时限",
        },
        lambda issuer: tuple(_single_consignment(issuer, lead=timedelta(minutes=20))),
    ),
    "to-kazakhstan": Sample(
        {
            "en": "MT2401 with one consignment for Kazakhstan by Horgos (office 9402), and its MT4402",
            "ru": "MT2401 с одной товарной партией в Казахстан через Хоргос (таможня 9402) и MT4402 к нему",
            "zh": "MT2401：经霍尔果斯口岸（关区代码9402）运往哈萨克斯坦的一票货物，并附对应的MT4402",
        },
        lambda issuer: tuple(_single_consignment(issuer, replace(_SHOES, consignee=_ALMATY_SHOES), _HORGOS)),
    ),
    "transit-to-uzbekistan": Sample(
        {
            "en": "MT2401 with one consignment for Uzbekistan in transit through Kyrgyzstan (route CN, KG, "
            "UZ), and its MT4402",
            "ru": "MT2401 с одной товарной партией в Узбекистан транзитом через Кыргызстан (маршрут CN, KG, UZ) и "
            "MT4402 к нему",
            "zh": "MT2401：经吉尔吉斯斯坦过境运往乌兹别克斯坦的一票货物（途经CN、KG、UZ），并附对应的MT4402",
        },
        lambda issuer: tuple(
            _single_consignment(issuer, replace(_SHOES, consignee=_TASHKENT_SHOES), _THROUGH_KYRGYZSTAN)
        ),
    ),
}
