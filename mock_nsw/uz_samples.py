"""Uzbekistan: what traders lodge, made anew each time: advance information about goods that leave.

Parties, plates and numbers are invented; codes are right; office codes are illustrative (86021 Doʻstlik, 86011
Gishtkuprik).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from mock_nsw.issuing import Issuer
from mock_nsw.national import Sample
from mock_nsw.uz_form import ANNOUNCEMENT, TASHKENT, Json, Object, date_time, dumped, head, number, register


@dataclass(frozen=True, slots=True)
class _Party:
    """`stir` for parties of Uzbekistan, `foreign_id` for the others."""

    name: str
    country: str
    city: str
    street: str
    phone: str
    stir: str = ""
    foreign_id: str = ""


@dataclass(frozen=True, slots=True)
class _Item:
    """`code` is the ten-digit TIF TN code; masses are kilograms; the value is in US dollars."""

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


@dataclass(frozen=True, slots=True)
class _Way:
    """The neighbour and the offices at both sides of the border; illustrative codes."""

    destination: str
    exit_office: str
    entry_office: str


_DOSTLIK = _Way("KG", "86021", "41700501")
_GISHTKUPRIK = _Way("KZ", "86011", "39821")


def _announcement(
    consignments: Sequence[_Consignment],
    way: _Way,
    issuer: Issuer,
    *,
    empties: Sequence[str] = (),
    batch: str = "",
) -> bytes:
    """Advance information; `batch` is the number of two vehicles that cross together, of which this is one."""
    now = issuer.moment()
    items = [item for consignment in consignments for item in consignment.items]
    content: Object = {
        "amal": "YANGI",
        "jonatuvchiMamlakat": "UZ",
        "qabulQiluvchiMamlakat": way.destination,
        "jonatuvchiRaqami": f"UZTR{now.astimezone(TASHKENT):%Y%m%d}{issuer.digits(7)}",
        "royxatRaqami": number(register(issuer)),
        "royxatSanasi": date_time(now),
        "talqin": "1",
        "tur": "YUK",
        "rasmiylashtirishPosti": "86001",
        "chiqishPosti": way.exit_office,
        "kirishPosti": way.entry_office,
        "guruhRaqami": batch,
        "guruhTransportSoni": "2" if batch else "",
        **(
            {"jamiBruttoKg": str(_gross_kg(items)), "jamiJoylar": _packages(items), "jamiTovarlar": str(len(items))}
            if items
            else {"boshTransport": True}
        ),
        "transport": _transport(way, issuer, sealed=bool(items), empties=empties),
        "tashuvchi": _party(_CARRIER),
        "deklarant": _party(_CARRIER),
        "vakil": "Xoʻjayev Anvar Gʻaniyevich",
        "yuklar": [
            _consignment(str(ordinal), consignment, way, issuer) for ordinal, consignment in enumerate(consignments, 1)
        ],
    }
    return dumped(head(ANNOUNCEMENT, issuer, test=False) | content)


def _transport(way: _Way, issuer: Issuer, *, sealed: bool, empties: Sequence[str]) -> Object:
    now = issuer.moment()
    steps = (("UZ", way.exit_office), (way.destination, way.entry_office))
    return {
        "turi": "30",
        "davlatRaqami": f"60A{issuer.digits(3)}BC",
        "raqamTuri": "30",
        "mamlakat": "UZ",
        "jonash": date_time(now + timedelta(hours=1)),
        "kelish": date_time(now + timedelta(hours=5)),
        "marshrut": [
            {"tartib": str(ordinal), "mamlakat": country, "joy": office}
            for ordinal, (country, office) in enumerate(steps, 1)
        ],
        "haydovchilar": [
            {
                "familiya": "Yoʻldoshev",
                "ism": "Shuhrat",
                "otasiningIsmi": "Oʻktam oʻgʻli",
                "hujjatRaqami": f"FA{issuer.digits(7)}",
                "vazifa": "1",
            }
        ],
        "plombalar": [
            {"tartib": str(ordinal), "raqam": f"UZ{issuer.digits(7)}", "kim": "BOJXONA", "turi": "PLOMBA"}
            for ordinal in (1, 2)
            if sealed
        ],
        "tirkamalar": [
            {"tartib": "1", "raqam": f"60{issuer.digits(4)}AA", "mamlakat": "UZ", "turi": "TE", "taraKg": "7050.000"},
            *(_container(str(ordinal), number) for ordinal, number in enumerate(empties, 2)),
        ],
    }


def _container(ordinal: str, number: str) -> Object:
    return {"tartib": ordinal, "raqam": number, "turi": "CN", "olcham": "22G1", "toldirilgan": "BOSH"}


def _party(party: _Party) -> Object:
    return {
        "stir": party.stir,
        "chetRaqam": party.foreign_id,
        "nomi": party.name,
        "manzil": {"mamlakat": party.country, "shahar": party.city, "kocha": party.street},
        "aloqa": [{"tur": "TE", "qiymat": party.phone}],
    }


def _consignment(ordinal: str, consignment: _Consignment, way: _Way, issuer: Issuer) -> Object:
    today = issuer.moment().astimezone(TASHKENT)
    items = consignment.items
    goods: list[Json] = [_item(str(position), item) for position, item in enumerate(items, 1)]
    return {
        "tartib": ordinal,
        "bruttoKg": str(_gross_kg(items)),
        "jami": _packages(items),
        "qiymat": _value(items),
        "konteynerda": False,
        "jonatishMamlakati": "UZ",
        "manzilMamlakati": way.destination,
        "transportHujjati": {"turi": "730", "raqam": f"UZ{issuer.digits(7)}"},
        "yuboruvchi": _party(consignment.consignor),
        "oluvchi": _party(consignment.consignee),
        "hujjatlar": [{"turi": "830", "raqam": f"86001/{today:%d%m%Y}/{issuer.digits(7)}"}],
        "tovarlar": goods,
    }


def _item(position: str, item: _Item) -> Object:
    return {
        "tartib": position,
        "tnKod": item.code,
        "tavsif": item.description,
        "bruttoKg": str(item.gross_kg),
        "nettoKg": str(item.net_kg),
        "qiymat": _value([item]),
        "kelibChiqish": "UZ",
        "oramlar": [{"tartib": "1", "turi": item.package_type, "soni": str(item.packages)}],
    }


def _packages(items: Sequence[_Item]) -> Object:
    # PK, package: what is packed in different ways is counted together.
    kinds = {item.package_type for item in items}
    return {"soni": str(sum(item.packages for item in items)), "turi": kinds.pop() if len(kinds) == 1 else "PK"}


def _value(items: Sequence[_Item]) -> Object:
    return {"miqdor": str(sum((item.value for item in items), Decimal(0))), "valyuta": "USD"}


def _gross_kg(items: Sequence[_Item]) -> Decimal:
    return sum((item.gross_kg for item in items), Decimal("0.000"))


# What is in the samples

_CARRIER = _Party(
    "«Andijon Xalqaro Yoʻl» MChJ", "UZ", "Andijon", "Boburshoh koʻchasi, 52", "+998742236104", stir="303471926"
)
_SPINNERS = _Party(
    "«Asaka Toʻqimachilik» QK", "UZ", "Asaka", "Mustaqillik koʻchasi, 7", "+998742612038", stir="305820174"
)
_VINTNERS = _Party(
    "«Fargʻona Quruq Meva» MChJ", "UZ", "Fargʻona", "Al-Fargʻoniy koʻchasi, 88", "+998732443915", stir="302690537"
)
_OSH_TEXTILES = _Party(
    "ОсОО «Ош Текстиль»", "KG", "Ош", "ул. Курманжан Датка, 205", "+996322281164", foreign_id="01807201710226"
)
_BISHKEK_FOOD = _Party(
    "ОсОО «Ала-Арча Азык»", "KG", "Бишкек", "пр. Чүй, 147", "+996312610739", foreign_id="02911201910061"
)
_ALMATY_TEXTILES = _Party(
    "ТОО «Алатау Тоқыма»", "KZ", "Алматы", "ул. Сейфуллина, 404", "+77272793158", foreign_id="050340003477"
)
_SHYMKENT_FOOD = _Party(
    "ТОО «Шымкент Жеміс»", "KZ", "Шымкент", "пр. Республики, 19", "+77252561097", foreign_id="100640001238"
)

_YARN = _Consignment(
    _SPINNERS,
    _OSH_TEXTILES,
    (
        _Item(
            "5205120009",
            "Paxta ip-kalavasi, bir qavatli, karda tarashli / Пряжа хлопчатобумажная однониточная кардная",
            Decimal("8240.000"),
            Decimal("8000.000"),
            320,
            "CT",
            Decimal("24800.00"),
        ),
        _Item(
            "6109100000",
            "Trikotaj futbolkalar, paxtadan / Майки трикотажные хлопчатобумажные",
            Decimal("1260.500"),
            Decimal("1200.000"),
            84,
            "CT",
            Decimal("15600.00"),
        ),
    ),
)
_RAISINS = _Consignment(
    _VINTNERS,
    _BISHKEK_FOOD,
    (
        _Item(
            "0806203000",
            "Mayiz, urugʻsiz / Виноград сушёный без косточек, в коробках по 10 кг",
            Decimal("6360.000"),
            Decimal("6000.000"),
            600,
            "CT",
            Decimal("10800.00"),
        ),
    ),
)


def _two_consignments(issuer: Issuer) -> Iterator[bytes]:
    yield _announcement((_YARN, _RAISINS), _DOSTLIK, issuer)


def _two_consignments_to_kz(issuer: Issuer) -> Iterator[bytes]:
    consignments = (replace(_YARN, consignee=_ALMATY_TEXTILES), replace(_RAISINS, consignee=_SHYMKENT_FOOD))
    yield _announcement(consignments, _GISHTKUPRIK, issuer)


def _one_of_two_vehicles(issuer: Issuer) -> Iterator[bytes]:
    yarn = replace(_YARN, consignee=_ALMATY_TEXTILES)
    yield _announcement((yarn,), _GISHTKUPRIK, issuer, batch=f"UZGR{issuer.digits(9)}")


def _empty_vehicle(issuer: Issuer) -> Iterator[bytes]:
    yield _announcement((), _DOSTLIK, issuer)


def _empty_container(issuer: Issuer) -> Iterator[bytes]:
    yield _announcement((), _DOSTLIK, issuer, empties=(issuer.container_number("TRG"),))


SAMPLES: Mapping[str, Sample] = {
    "two-consignments": Sample(
        {
            "en": "DM with two consignments for Kyrgyzstan by Doʻstlik: cotton yarn and knitwear, raisins",
            "ru": "DM с двумя товарными партиями в Кыргызстан через Дустлик: хлопчатобумажная пряжа и трикотаж, изюм",
            "zh": "DM：经多斯特利克口岸运往吉尔吉斯斯坦的两票货物（棉纱和针织品、葡萄干）",
        },
        lambda issuer: tuple(_two_consignments(issuer)),
    ),
    "two-consignments-to-kz": Sample(
        {
            "en": "DM with the same two consignments for Kazakhstan by Gishtkuprik",
            "ru": "DM с теми же двумя товарными партиями в Казахстан через Гишткуприк",
            "zh": "DM：经吉什特库普里克口岸运往哈萨克斯坦的上述两票货物",
        },
        lambda issuer: tuple(_two_consignments_to_kz(issuer)),
    ),
    "one-of-two-vehicles": Sample(
        {
            "en": "DM of one of two vehicles that cross to Kazakhstan together with one waybill",
            "ru": "DM на одно из двух транспортных средств, следующих в Казахстан вместе по одной накладной",
            "zh": "DM：同一运单分装两车、同行前往哈萨克斯坦，其中一辆",
        },
        lambda issuer: tuple(_one_of_two_vehicles(issuer)),
    ),
    "empty-vehicle": Sample(
        {
            "en": "DM of a truck that leaves for Kyrgyzstan without goods",
            "ru": "DM автомобиля, выезжающего в Кыргызстан без товаров",
            "zh": "DM：空载前往吉尔吉斯斯坦的车辆",
        },
        lambda issuer: tuple(_empty_vehicle(issuer)),
    ),
    "empty-container": Sample(
        {
            "en": "DM of a truck that leaves for Kyrgyzstan without goods, with an empty container",
            "ru": "DM автомобиля, выезжающего в Кыргызстан без товаров, с порожним контейнером",
            "zh": "DM：载空集装箱前往吉尔吉斯斯坦、无货物的车辆",
        },
        lambda issuer: tuple(_empty_container(issuer)),
    ),
}
