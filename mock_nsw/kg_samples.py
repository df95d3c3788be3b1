"""Kyrgyzstan: what traders lodge, made anew each time: ExportPreliminary.

Parties, plates and numbers are invented; the office codes (41700201 Torugart, 41700501 Dostuk and the neighbours')
are illustrative.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from mock_nsw.documents import Element, Maker, maker, xml_bytes
from mock_nsw.issuing import Issuer
from mock_nsw.kg_form import BISHKEK, COMMON, EMPTY_CONTAINER, EXPORT, PRIOR, RUS, date_time, number, register
from mock_nsw.national import Sample


@dataclass(frozen=True, slots=True)
class _Party:
    """`inn` and `okpo` for Kyrgyz parties, `foreign_id` for the others."""

    name: str
    country: str
    town: str
    street: str
    inn: str = ""
    okpo: str = ""
    foreign_id: str = ""


@dataclass(frozen=True, slots=True)
class _Item:
    """`code` is the ten-digit TN VED code; masses are kilograms; the value is in US dollars."""

    code: str
    russian: str
    kyrgyz: str
    gross_kg: Decimal
    net_kg: Decimal
    packages: int
    package_type: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class _Consignment:
    consignor: _Party
    consignee: _Party
    items: tuple[_Item, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    """How the truck leaves: the posts at both sides of the border (illustrative codes) and the places it passes."""

    destination: str
    exit_office: str
    exit_name: str
    entry_code: str
    entry_name: str
    places: tuple[tuple[str, str], ...]


_TORUGART = _Way(
    "CN",
    "41700201",
    "Торугарт-автодорожный",
    "9403",
    "Торугарт (КНР)",
    (("KG", "Бишкек"), ("KG", "Торугарт"), ("CN", "Кашгар")),
)
_DOSTUK = _Way(
    "UZ",
    "41700501",
    "Достук-автодорожный",
    "86021",
    "Дустлик",
    (("KG", "Бишкек"), ("KG", "Ош"), ("UZ", "Андижан")),
)


@dataclass(frozen=True, slots=True)
class _Writers:
    """One maker per namespace, by the prefix it has in the document."""

    e: Maker
    c: Maker
    r: Maker
    p: Maker


def _writers() -> _Writers:
    prefixes: dict[str | None, str] = {None: EXPORT, "c": COMMON, "r": RUS, "p": PRIOR}
    return _Writers(*(maker(namespace, prefixes) for namespace in prefixes.values()))


def _export(
    consignments: Sequence[_Consignment],
    issuer: Issuer,
    way: _Way = _TORUGART,
    *,
    empties: Sequence[str] = (),
    batch: str = "",
) -> bytes:
    """Preliminary information; `batch` is the number of two vehicles that cross together, of which this is one."""
    make = _writers()
    at = issuer.moment()
    return xml_bytes(
        make.e(
            "ExportPreliminary",
            make.c("DocumentID", issuer.uuid()),
            make.e(
                "EECEDocHeaderAddInfo",
                make.r("EDocCode", "R.042"),
                make.r("EDocDateTime", date_time(at)),
                make.r("LanguageCode", "RU"),
                make.r("SourceCountryCode", "KG"),
                make.r("DestinationCountryCode", way.destination),
            ),
            make.e("ElectronicDocumentSign", "ЭД"),
            number(make.e, make.p, "RegNumber", register(issuer)),
            make.e("UsageCode", "01"),
            make.e(
                "ExitCheckPointDetails",
                make.e("CustomsOfficeCode", way.exit_office),
                make.e("BorderCheckpointName", way.exit_name),
            ),
            make.e(
                "EntryCheckPointDetails",
                make.e("BorderCheckpointCode", way.entry_code),
                make.e("BorderCheckpointName", way.entry_name),
            ),
            make.e("PlannedArrivalDateTime", date_time(at + timedelta(hours=5))),
            make.e("BatchNumber", batch) if batch else None,
            make.e("BatchVehicleQuantity", "2") if batch else None,
            _party(make, "DeclarantDetails", _CARRIER),
            _transport(make, issuer, consignments, way, empties),
            _empty_containers(make, empties) if empties else _main_consignment(make, issuer, consignments, way),
            _party(
                make,
                "CarrierDetails",
                _CARRIER,
                make.p(
                    "CarrierRepresentativeDetails",
                    make.p("PersonSurname", "Өмүрзаков"),
                    make.p("PersonName", "Кубанычбек"),
                    make.p("PersonMiddleName", "Түгөлбаевич"),
                    make.p("RoleCode", "1"),
                ),
            ),
        )
    )


def _party(make: _Writers, name: str, party: _Party, *rest: Element) -> Element:
    features = uitn = None
    if party.inn:
        features = make.c("KGOrganizationFeatures", make.c("KGINN", party.inn), make.c("KGOKPO", party.okpo))
    if party.foreign_id:
        uitn = make.r("UITN", make.r("UITNCode", party.foreign_id), make.r("CountryCode", party.country))
    return make.e(
        name,
        make.c("OrganizationName", party.name),
        features,
        make.r("CountryA2Code", party.country),
        uitn,
        make.r(
            "SubjectAddressDetails",
            make.r("CountryCode", party.country),
            make.r("City", party.town),
            make.r("StreetHouse", party.street),
        ),
        *rest,
    )


def _transport(
    make: _Writers, issuer: Issuer, consignments: Sequence[_Consignment], way: _Way, empties: Sequence[str]
) -> Element:
    tractor = f"01KG{issuer.digits(3)}ABC"
    trailer = f"01KG{issuer.digits(3)}PAB"
    # 8 200 kg of tractor and 7 100 kg of trailer, and what they carry.
    gross_kg = Decimal("15300.000") + _gross_kg(consignments)
    return make.e(
        "BorderTransportDetails",
        make.e("TransportModeCode", "30"),
        make.e("ContainerIndicator", "1" if empties else "0"),
        _vehicle(make, "1", tractor, "ACTROS 1845", issuer),
        _vehicle(make, "2", trailer, "SKO 24", issuer),
        make.e(
            "TransportMeansGrossMass",
            make.p("MeasuredAmount", str(gross_kg)),
            make.p("MeasureUnitQualifierName", "КГ"),
            make.p("MeasureUnitQualifierCode", "166"),
        ),
        *(
            _itinerary_point(make, str(ordinal), country, place)
            for ordinal, (country, place) in enumerate(way.places, 1)
        ),
    )


def _vehicle(make: _Writers, ordinal: str, plate: str, model: str, issuer: Issuer) -> Element:
    return make.e(
        "PIATTransportMeansItemDetails",
        make.e("ObjectOrdinal", ordinal),
        make.e("TransportMeansCountryCode", "KG"),
        make.e("TransportMeansRegId", plate),
        make.e("VINID", f"WDB93403{ordinal}0L{issuer.digits(6)}"),
        make.e("Model", model),
        make.e("DocId", f"KG{issuer.digits(8)}"),
    )


def _itinerary_point(make: _Writers, ordinal: str, country: str, place: str) -> Element:
    return make.e(
        "ItineraryPointDetails",
        make.e("CountryCode", country),
        make.e("PlaceName", place),
        make.e("ObjectOrdinal", ordinal),
    )


def _empty_containers(make: _Writers, numbers: Sequence[str]) -> Element:
    """Containers without goods: the form asks for goods all the same, and these are the containers."""
    return make.e(
        "MainConsignmentDetails",
        make.e("TIRCarnetIndicator", "0"),
        make.e(
            "ConsignmentDetails",
            make.e("ObjectOrdinal", "1"),
            *(make.e("ContainerDetails", make.p("ContainerNumber", number)) for number in numbers),
            make.e("GoodsItem", make.p("GoodsNumeric", "1"), make.p("GoodsDescription", EMPTY_CONTAINER)),
        ),
    )


def _main_consignment(
    make: _Writers, issuer: Issuer, consignments: Sequence[_Consignment], way: _Way
) -> Element | None:
    if not consignments:
        return None
    seals = [f"KG{issuer.digits(7)}" for _ in range(2)]
    items = [item for consignment in consignments for item in consignment.items]
    return make.e(
        "MainConsignmentDetails",
        make.e("TIRCarnetIndicator", "0"),
        make.e("GoodsQuantity", str(len(items))),
        make.e("CargoQuantity", str(sum(item.packages for item in items))),
        make.e("TotalGrossMassMeasure", str(_gross_kg(consignments))),
        _amount(make.e, make, "TotalAmount", items),
        make.e(
            "CustomsIdentificationDetails",
            make.p("CustomsIdentificationMethodCode", "01"),
            make.p("CustomsIdentificationMeansKindCode", "01"),
            make.p("SealQuantity", str(len(seals))),
            *(
                make.p("CustomsIdentificationMeansIdDetails", make.p("CustomsIdentificationMeansId", seal))
                for seal in seals
            ),
        ),
        *(
            _consignment(make, str(ordinal), consignment, issuer, way)
            for ordinal, consignment in enumerate(consignments, 1)
        ),
    )


def _consignment(make: _Writers, ordinal: str, consignment: _Consignment, issuer: Issuer, way: _Way) -> Element:
    today = issuer.moment().astimezone(BISHKEK)
    items = consignment.items
    return make.e(
        "ConsignmentDetails",
        make.e("ObjectOrdinal", ordinal),
        make.e(
            "TransportDocumentDetails",
            make.c("PrDocumentName", "Международная товарно-транспортная накладная (CMR)"),
            make.c("PrDocumentNumber", f"KG{issuer.digits(7)}"),
            make.c("PrDocumentDate", f"{today:%Y-%m-%d}"),
            make.r("DocKindCode", "02015"),
        ),
        make.e("GoodsQuantity", str(len(items))),
        make.e("CargoQuantity", str(sum(item.packages for item in items))),
        make.e("DispatchCountryCode", "KG"),
        make.e("DestinationCountryCode", way.destination),
        _amount(make.e, make, "TotalAmount", items),
        make.e("GrossWeightQuantity", str(_gross_kg([consignment]))),
        _party(make, "ConsignorDetails", consignment.consignor),
        _party(make, "ConsigneeDetails", consignment.consignee),
        *(_item(make, str(number), item) for number, item in enumerate(items, 1)),
        make.e("ExportDeclarationNumber", f"41700101/{today:%d%m%y}/{issuer.digits(7)}"),
    )


def _item(make: _Writers, number: str, item: _Item) -> Element:
    return make.e(
        "GoodsItem",
        make.p("GoodsNumeric", number),
        make.p("GoodsTNVEDCode", item.code),
        make.p("GoodsDescription", item.russian),
        make.p("GoodsDescription", item.kyrgyz),
        make.p("GrossWeightQuantity", str(item.gross_kg)),
        make.p("NetWeightQuantity", str(item.net_kg)),
        make.p(
            "CargoPackagePalletDetails",
            make.p("PakageQuantity", str(item.packages)),
            make.p("PakageTypeCode", "1"),
            make.p(
                "PackagePalleteInformation",
                make.p("InfoKindCode", "0"),
                make.p("PalleteCode", item.package_type),
                make.p("PalleteQuantity", str(item.packages)),
            ),
        ),
        make.p("OriginCountryDetails", make.r("CountryCode", "KG")),
        _amount(make.p, make, "CAValueAmount", [item]),
    )


def _amount(outer: Maker, make: _Writers, name: str, items: Sequence[_Item]) -> Element:
    total = sum((item.value for item in items), Decimal(0))
    return outer(name, make.r("Amount", str(total)), make.r("CurrencyCode", "USD"))


def _gross_kg(consignments: Sequence[_Consignment]) -> Decimal:
    return sum((item.gross_kg for consignment in consignments for item in consignment.items), Decimal("0.000"))


# What is in the samples

_CARRIER = _Party(
    "ОсОО «Ала-Тоо Транс»", "KG", "Бишкек", "ул. Льва Толстого, 126", inn="01703201410284", okpo="28417733"
)
_FRUIT_GROWERS = _Party(
    "ЖЧК «Ысык-Көл Мөмөсү»", "KG", "Балыкчы", "көч. Фрунзе, 48", inn="02209201610139", okpo="29531046"
)
_BEEKEEPERS = _Party(
    "Айыл чарба кооперативи «Нарын Күңөйү»", "KG", "Нарын", "көч. Шаршенова, 9", inn="00611201810076", okpo="30114582"
)
_KASHGAR_FRUIT = _Party(
    "Kashgar Tianshan Fruit Trading Co., Ltd. (喀什天山果品贸易有限公司)",
    "CN",
    "Кашгар",
    "Сэмань Лу, 337",
    foreign_id="91653101MA78D2NY5T",
)
_URUMQI_FOOD = _Party(
    "Urumqi Silk Road Food Import Co., Ltd. (乌鲁木齐丝路食品进口有限公司)",
    "CN",
    "Урумчи",
    "Янцзы Лу, 52",
    foreign_id="91650103MA7A6JQH3W",
)

_ANDIJAN_MARKET = _Party("«Andijon Ulgurji Savdo» MChJ", "UZ", "Андижан", "ул. Бабура, 61", foreign_id="302771854")
_TASHKENT_FOOD = _Party(
    "«Toshkent Oziq-Ovqat Taʼminoti» MChJ", "UZ", "Ташкент", "ул. Шота Руставели, 27", foreign_id="305690213"
)

_DRIED_FRUIT = _Consignment(
    _FRUIT_GROWERS,
    _KASHGAR_FRUIT,
    (
        _Item(
            "0813100000",
            "Абрикосы сушёные без косточки, в картонных коробках по 10 кг",
            "Кургатылган өрүк, сөөгү жок",
            Decimal("6360.000"),
            Decimal("6000.000"),
            600,
            "CT",
            Decimal("19800.00"),
        ),
        _Item(
            "0802320000",
            "Орехи грецкие без скорлупы, в мешках по 25 кг",
            "Жаңгак, кабыгынан тазаланган",
            Decimal("4040.000"),
            Decimal("4000.000"),
            160,
            "BG",
            Decimal("22400.00"),
        ),
    ),
)
_BEANS_AND_HONEY = _Consignment(
    _BEEKEEPERS,
    _URUMQI_FOOD,
    (
        _Item(
            "0713339000",
            "Фасоль обыкновенная сушёная, в мешках по 50 кг",
            "Төө буурчак, кургатылган",
            Decimal("8080.000"),
            Decimal("8000.000"),
            160,
            "BG",
            Decimal("9600.00"),
        ),
        _Item(
            "0409000000",
            "Мёд натуральный горный, в стеклянных банках, в картонных коробках",
            "Тоо балы, табигый, Ат-Башынын гүлдөрүнөн",
            Decimal("1150.500"),
            Decimal("960.000"),
            80,
            "CT",
            Decimal("7680.00"),
        ),
    ),
)


def _two_consignments(issuer: Issuer) -> Iterator[bytes]:
    yield _export((_DRIED_FRUIT, _BEANS_AND_HONEY), issuer)


def _two_consignments_to_uz(issuer: Issuer) -> Iterator[bytes]:
    consignments = (
        replace(_DRIED_FRUIT, consignee=_ANDIJAN_MARKET),
        replace(_BEANS_AND_HONEY, consignee=_TASHKENT_FOOD),
    )
    yield _export(consignments, issuer, _DOSTUK)


def _one_of_two_vehicles(issuer: Issuer) -> Iterator[bytes]:
    yield _export((_DRIED_FRUIT,), issuer, batch=f"KGTP{issuer.digits(9)}")


def _empty_vehicle(issuer: Issuer) -> Iterator[bytes]:
    yield _export((), issuer)


def _empty_container(issuer: Issuer) -> Iterator[bytes]:
    yield _export((), issuer, empties=(issuer.container_number("TRG"),))


SAMPLES: Mapping[str, Sample] = {
    "two-consignments": Sample(
        {
            "en": "ExportPreliminary with two consignments for China: dried fruit and nuts, beans and honey",
            "ru": "ExportPreliminary с двумя товарными партиями в Китай: сухофрукты и орехи, фасоль и мёд",
            "zh": "ExportPreliminary：运往中国的两票货物（干果和坚果、芸豆和蜂蜜）",
        },
        lambda issuer: tuple(_two_consignments(issuer)),
    ),
    "two-consignments-to-uz": Sample(
        {
            "en": "ExportPreliminary with the same two consignments for Uzbekistan by Dostuk",
            "ru": "ExportPreliminary с теми же двумя товарными партиями в Узбекистан через Достук",
            "zh": "ExportPreliminary：经多斯图克口岸运往乌兹别克斯坦的上述两票货物",
        },
        lambda issuer: tuple(_two_consignments_to_uz(issuer)),
    ),
    "one-of-two-vehicles": Sample(
        {
            "en": "ExportPreliminary of one of two vehicles that cross to China together with one waybill",
            "ru": "ExportPreliminary на одно из двух транспортных средств, следующих в Китай вместе по одной накладной",
            "zh": "ExportPreliminary：同一运单分装两车、同行前往中国，其中一辆",
        },
        lambda issuer: tuple(_one_of_two_vehicles(issuer)),
    ),
    "empty-vehicle": Sample(
        {
            "en": "ExportPreliminary of a truck that leaves empty: no consignment details",
            "ru": "ExportPreliminary порожнего транспортного средства: сведений о перевозке товаров нет",
            "zh": "ExportPreliminary：空载出境车辆，无货物运输信息",
        },
        lambda issuer: tuple(_empty_vehicle(issuer)),
    ),
    "empty-container": Sample(
        {
            "en": "ExportPreliminary of a truck that leaves without goods, with an empty container",
            "ru": "ExportPreliminary автомобиля, выезжающего без товаров, с порожним контейнером",
            "zh": "ExportPreliminary：载空集装箱出境、无货物的车辆",
        },
        lambda issuer: tuple(_empty_container(issuer)),
    ),
}
