"""Kazakhstan: what traders lodge, made anew each time: preliminary information about goods that leave.

Parties, plates and numbers are invented; check digits and codes are right; office codes are illustrative (39821
Zhibek Zholy, 86011 Gishtkuprik, 39811 Nur Zholy, 9402 Horgos).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from mock_nsw.documents import Element, xml_bytes
from mock_nsw.issuing import Issuer
from mock_nsw.kz_form import ALMATY, INFORMATION, date_time, document, header, leaf, mass, number, part, register
from mock_nsw.national import Sample

_NO_RESIDENT = "000000000000"


@dataclass(frozen=True, slots=True)
class _Party:
    """`bin` for residents of Kazakhstan, `foreign_id` for the others."""

    name: str
    country: str
    city: str
    address: str
    phone: str
    bin: str = _NO_RESIDENT
    foreign_id: str = ""


@dataclass(frozen=True, slots=True)
class _Item:
    """`code` is the ten-digit TN VED code; masses are kilograms; the value is in US dollars."""

    code: str
    description: str
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

    @property
    def gross_kg(self) -> Decimal:
        return sum((item.gross_kg for item in self.items), Decimal("0.000"))

    @property
    def packages(self) -> int:
        return sum(item.packages for item in self.items)


@dataclass(frozen=True, slots=True)
class _Way:
    """The neighbour, and the offices at both sides of the border with what Kazakh documents call them.

    The codes of the offices are illustrative.
    """

    destination: str
    exit_office: str
    exit_name: str
    entry_office: str
    entry_name: str


_ZHIBEK_ZHOLY = _Way("UZ", "39821", "Жибек жолы", "86011", "Ғишткўприк")
_NUR_ZHOLY = _Way("CN", "39811", "Нұр жолы", "9402", "Хоргос (ҚХР)")


def _information(
    consignments: Sequence[_Consignment],
    way: _Way,
    issuer: Issuer,
    *,
    empties: Sequence[str] = (),
    batch: str = "",
) -> bytes:
    """Preliminary information; `batch` is the number of two vehicles that cross together, of which this is one."""
    items = [item for consignment in consignments for item in consignment.items]
    total = sum((consignment.gross_kg for consignment in consignments), Decimal("0.000"))
    return xml_bytes(
        document(
            INFORMATION,
            header(INFORMATION, issuer, destination=way.destination),
            leaf("MovementDirectionCode", "EX"),
            leaf("PIActionCode", "01"),
            number(register(issuer)),
            leaf("VersionId", "1"),
            leaf("DeclarationOfficeCode", "39801"),
            leaf("DocKindCode", "785", codeListId="UNTDID1001"),
            leaf("BatchId", batch),
            leaf("BatchVehicleQuantity", "2" if batch else ""),
            *(
                (
                    leaf("GoodsItemQuantity", str(len(items))),
                    leaf("CargoQuantity", str(sum(item.packages for item in items)), packageKindCode=_kind(items)),
                    mass(total),
                )
                if items
                else (leaf("EmptyVehicleIndicator", "1"),)
            ),
            _post("ExitCheckPointDetails", way.exit_office, way.exit_name),
            _post("EntryCheckPointDetails", way.entry_office, way.entry_name),
            _party("DeclarantDetails", _CARRIER),
            _party("CarrierDetails", _CARRIER),
            _transport(way, issuer, sealed=bool(items), empties=empties),
            *(_consignment(str(ordinal), each, way, issuer) for ordinal, each in enumerate(consignments, 1)),
        )
    )


def _kind(items: Sequence[_Item]) -> str:
    # PK, package: what is packed in different ways is counted together.
    kinds = {item.package_type for item in items}
    return kinds.pop() if len(kinds) == 1 else "PK"


def _post(name: str, office: str, called: str) -> Element | None:
    return part(name, leaf("CustomsOfficeCode", office), leaf("BorderCheckPointName", called))


def _party(name: str, party: _Party) -> Element | None:
    return part(
        name,
        leaf("SubjectName", party.name),
        leaf("BIN", party.bin),
        leaf("NonResidentIndicator", "1" if party.bin == _NO_RESIDENT else ""),
        leaf("ForeignTaxpayerId", party.foreign_id),
        part(
            "SubjectAddressDetails",
            leaf("UnifiedCountryCode", party.country),
            leaf("CityName", party.city),
            leaf("AddressText", party.address),
        ),
        part(
            "CommunicationDetails",
            leaf("CommunicationChannelCode", "TE"),
            leaf("CommunicationChannelId", party.phone),
        ),
    )


def _transport(way: _Way, issuer: Issuer, *, sealed: bool, empties: Sequence[str]) -> Element | None:
    now = issuer.moment()
    steps = (("KZ", way.exit_office), (way.destination, way.entry_office))
    return part(
        "BorderTransportDetails",
        leaf("UnifiedTransportModeCode", "30"),
        leaf("PlannedDepartureDateTime", date_time(now + timedelta(hours=1))),
        leaf("PlannedArrivalDateTime", date_time(now + timedelta(hours=5))),
        part(
            "RoadTransportDetails",
            leaf("TransportMeansRegId", f"{issuer.digits(3)}KTA02"),
            leaf("UnifiedCountryCode", "KZ"),
            *(_seal(str(ordinal), issuer) for ordinal in (1, 2) if sealed),
            part(
                "TrailerDetails",
                leaf("ObjectOrdinal", "1"),
                leaf("EquipmentId", f"{issuer.digits(2)}ATB02"),
                leaf("UnifiedCountryCode", "KZ"),
                leaf("EquipmentTypeCode", "TE"),
                leaf("TareMassMeasure", "7100.000", measurementUnitCode="166"),
            ),
            *(_empty_container(str(ordinal), number) for ordinal, number in enumerate(empties, 2)),
            part(
                "CrewMemberDetails",
                part(
                    "FullNameDetails",
                    leaf("LastName", "Жүнісов"),
                    leaf("FirstName", "Ерғали"),
                    leaf("MiddleName", "Төлегенұлы"),
                ),
                leaf("IdentityDocId", f"N{issuer.digits(8)}"),
                leaf("RoleCode", "1"),
            ),
        ),
        *(
            part(
                "ItineraryPointDetails",
                leaf("ObjectOrdinal", str(ordinal)),
                leaf("UnifiedCountryCode", country),
                leaf("LocationCode", office),
            )
            for ordinal, (country, office) in enumerate(steps, 1)
        ),
    )


def _empty_container(ordinal: str, number: str) -> Element | None:
    return part(
        "TrailerDetails",
        leaf("ObjectOrdinal", ordinal),
        leaf("EquipmentId", number),
        leaf("EquipmentTypeCode", "CN"),
        leaf("CharacteristicCode", "22G1"),
        leaf("FullnessCode", "4"),
    )


def _seal(ordinal: str, issuer: Issuer) -> Element | None:
    return part(
        "SealDetails",
        leaf("ObjectOrdinal", ordinal),
        leaf("SealId", f"KZ{issuer.digits(7)}"),
        leaf("SealKindCode", "1"),
        leaf("SealAffixerCode", "1"),
    )


def _consignment(ordinal: str, consignment: _Consignment, way: _Way, issuer: Issuer) -> Element | None:
    today = issuer.moment().astimezone(ALMATY)
    items = consignment.items
    return part(
        "ConsignmentDetails",
        leaf("ObjectOrdinal", ordinal),
        leaf("ContainerIndicator", "0"),
        leaf("CargoQuantity", str(consignment.packages), packageKindCode=_kind(items)),
        mass(consignment.gross_kg),
        _value(items),
        leaf("DispatchCountryCode", "KZ"),
        leaf("DestinationCountryCode", way.destination),
        part(
            "TransportDocumentDetails",
            leaf("DocKindCode", "02015"),
            leaf("DocId", f"KZ{issuer.digits(7)}"),
            leaf("DocCreationDate", f"{today:%Y-%m-%d}"),
        ),
        part(
            "AdditionalDocumentDetails",
            leaf("DocKindCode", "09013"),
            leaf("DocId", f"39801/{today:%d%m%y}/{issuer.digits(7)}"),
        ),
        _party("ConsignorDetails", consignment.consignor),
        _party("ConsigneeDetails", consignment.consignee),
        *(_item(str(position), item) for position, item in enumerate(items, 1)),
    )


def _item(position: str, item: _Item) -> Element | None:
    return part(
        "GoodsItemDetails",
        leaf("ConsignmentItemOrdinal", position),
        leaf("CommodityCode", item.code),
        leaf("GoodsDescriptionText", item.description),
        mass(item.gross_kg),
        leaf("UnifiedNetMassMeasure", f"{item.net_kg:f}", measurementUnitCode="166"),
        _value([item]),
        leaf("OriginCountryCode", "KZ"),
        part(
            "PackageDetails",
            leaf("ObjectOrdinal", "1"),
            leaf("PackageKindCode", item.package_type),
            leaf("PackageQuantity", str(item.packages)),
        ),
    )


def _value(items: Sequence[_Item]) -> Element | None:
    total = sum((item.value for item in items), Decimal(0))
    return leaf("CAValueAmount", str(total), currencyCode="USD")


# What is in the samples

_CARRIER = _Party(
    "ЖШС «Түркістан Жүк Тасымалы»", "KZ", "Шымкент", "Тәуке хан даңғылы, 94", "+77252440183", bin="190340012348"
)
_MILLERS = _Party(
    "ТОО «Қостанай Ұн Комбинаты»", "KZ", "Қостанай", "ул. Карбышева, 22", "+77142550917", bin="170540023119"
)
_OIL_PRESSERS = _Party(
    "ТОО «Шығыс Майы»", "KZ", "Өскемен", "пр. Нурсултана Назарбаева, 61", "+77232781640", bin="201140018723"
)
_TASHKENT_FLOUR = _Party(
    "«Toshkent Don Savdo» MChJ",
    "UZ",
    "Toshkent",
    "Sergeli tumani, Yangi Sergeli koʻchasi, 33",
    "+998712589914",
    foreign_id="304882015",
)
_SAMARKAND_FOOD = _Party(
    "«Samarqand Oziq-Ovqat» MChJ", "UZ", "Samarqand", "Rudakiy koʻchasi, 118", "+998662331207", foreign_id="302915477"
)
_HORGOS_FLOUR = _Party(
    "霍尔果斯金穗粮油贸易有限公司", "CN", "霍尔果斯", "亚欧路86号", "+86-999-8796215", foreign_id="91654004MA77H5RG2Q"
)
_URUMQI_OIL = _Party(
    "乌鲁木齐天山食品进口有限公司",
    "CN",
    "乌鲁木齐",
    "阿勒泰路512号",
    "+86-991-3756620",
    foreign_id="91650100MA78L2TN6Y",
)

_FLOUR = _Consignment(
    _MILLERS,
    _TASHKENT_FLOUR,
    (
        _Item(
            "1101001500",
            "Мука пшеничная хлебопекарная высшего сорта, в мешках по 50 кг",
            Decimal("10060.000"),
            Decimal("10000.000"),
            200,
            "BG",
            Decimal("3400.00"),
        ),
        _Item(
            "1902191000",
            "Изделия макаронные сырые, в картонных коробках по 10 кг",
            Decimal("3180.500"),
            Decimal("3000.000"),
            300,
            "CT",
            Decimal("1950.00"),
        ),
    ),
)
_OIL = _Consignment(
    _OIL_PRESSERS,
    _SAMARKAND_FOOD,
    (
        _Item(
            "1512199002",
            "Масло подсолнечное рафинированное дезодорированное, в бутылках по 1 л / Күнбағыс майы, тазартылған",
            Decimal("5520.000"),
            Decimal("5060.000"),
            460,
            "CT",
            Decimal("6900.00"),
        ),
    ),
)


def _two_consignments(issuer: Issuer) -> Iterator[bytes]:
    yield _information((_FLOUR, _OIL), _ZHIBEK_ZHOLY, issuer)


def _one_of_two_vehicles(issuer: Issuer) -> Iterator[bytes]:
    yield _information((_FLOUR,), _ZHIBEK_ZHOLY, issuer, batch=f"KZTP{issuer.digits(9)}")


def _two_consignments_to_cn(issuer: Issuer) -> Iterator[bytes]:
    consignments = (replace(_FLOUR, consignee=_HORGOS_FLOUR), replace(_OIL, consignee=_URUMQI_OIL))
    yield _information(consignments, _NUR_ZHOLY, issuer)


def _empty_vehicle_to_cn(issuer: Issuer) -> Iterator[bytes]:
    yield _information((), _NUR_ZHOLY, issuer)


def _empty_container_to_cn(issuer: Issuer) -> Iterator[bytes]:
    yield _information((), _NUR_ZHOLY, issuer, empties=(issuer.container_number("TRG"),))


SAMPLES: Mapping[str, Sample] = {
    "two-consignments": Sample(
        {
            "en": "PreliminaryInformation with two consignments for Uzbekistan by Zhibek Zholy: flour and pasta, "
            "sunflower oil",
            "ru": "PreliminaryInformation с двумя товарными партиями в Узбекистан через Жибек Жолы: мука и макаронные "
            "изделия, подсолнечное масло",
            "zh": "PreliminaryInformation：经日别克若雷口岸运往乌兹别克斯坦的两票货物（面粉和面食、葵花籽油）",
        },
        lambda issuer: tuple(_two_consignments(issuer)),
    ),
    "two-consignments-to-cn": Sample(
        {
            "en": "PreliminaryInformation with the same two consignments for China by Nur Zholy (Horgos)",
            "ru": "PreliminaryInformation с теми же двумя товарными партиями в Китай через Нур Жолы (Хоргос)",
            "zh": "PreliminaryInformation：经努尔饶尔（霍尔果斯）口岸运往中国的上述两票货物",
        },
        lambda issuer: tuple(_two_consignments_to_cn(issuer)),
    ),
    "one-of-two-vehicles": Sample(
        {
            "en": "PreliminaryInformation of one of two vehicles that cross to Uzbekistan together with one waybill",
            "ru": "PreliminaryInformation на одно из двух транспортных средств, следующих в Узбекистан вместе по одной "
            "накладной",
            "zh": "PreliminaryInformation：同一运单分装两车、同行前往乌兹别克斯坦，其中一辆",
        },
        lambda issuer: tuple(_one_of_two_vehicles(issuer)),
    ),
    "empty-vehicle-to-cn": Sample(
        {
            "en": "PreliminaryInformation of a truck that leaves for China without goods",
            "ru": "PreliminaryInformation автомобиля, выезжающего в Китай без товаров",
            "zh": "PreliminaryInformation：空载前往中国的车辆",
        },
        lambda issuer: tuple(_empty_vehicle_to_cn(issuer)),
    ),
    "empty-container-to-cn": Sample(
        {
            "en": "PreliminaryInformation of a truck that leaves for China without goods, with an empty container",
            "ru": "PreliminaryInformation автомобиля, выезжающего в Китай без товаров, с порожним контейнером",
            "zh": "PreliminaryInformation：载空集装箱前往中国、无货物的车辆",
        },
        lambda issuer: tuple(_empty_container_to_cn(issuer)),
    ),
}
