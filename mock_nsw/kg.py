"""Kyrgyzstan: preliminary information (AutoPreliminary), its export twin, and result notices.

The documents are those of `docs/national-wires.md`, "Kyrgyzstan". AutoPreliminary is the road preliminary
information of the EAEU (format album 5.23.0); ExportPreliminary and ResultNotice are this project's own.
What is received gets a registration number: country, date, nine digits. As a reference these are joined by
hyphens, `KG-2026-11-23-000000123`. Parties, plates and numbers in the samples are invented; office 41700201
stands for Torugart and is illustrative.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from mock_nsw.documents import Element, Maker, Unreadable, maker, text_at, xml_bytes, xml_root
from mock_nsw.issuing import Issuer
from mock_nsw.national import Acknowledgement, Decision, Identity, Nsw, Role, Ruling, Sample

_BISHKEK = ZoneInfo("Asia/Bishkek")

_EXPORT = "urn:torugart:plausible:kg:ExportPreliminary:1"
_NOTICE = "urn:torugart:plausible:kg:ResultNotice:1"
_PRELIMINARY = "urn:customs.ru:Information:CustomsDocuments:AutoPreliminary:5.23.0"
_COMMON = "urn:customs.ru:CommonAggregateTypes:5.22.0"
_RUS = "urn:customs.ru:RUSCommonAggregateTypes:5.22.0"
_PRIOR = "urn:customs.ru:Information:PriorInformation:PriorCommonAggregateTypes:5.23.0"

_PATHS = {"c": _COMMON, "p": _PRIOR, "r": _RUS, "n": _NOTICE}
_REFERENCE = re.compile(r"([A-Z]{2})-(\d{4}-\d{2}-\d{2})-(.{9})")

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
    if root.tag == f"{{{_NOTICE}}}ResultNotice":
        return _read_notice(root)
    for namespace, name in ((_PRELIMINARY, "AutoPreliminary"), (_EXPORT, "ExportPreliminary")):
        if root.tag == f"{{{namespace}}}{name}":
            return _read_preliminary(root, name, namespace)
    raise Unreadable("the root element is not one of Kyrgyzstan's preliminary information messages")


def _read_preliminary(root: Element, name: str, namespace: str) -> Identity:
    document_id = text_at(root, "c:DocumentID", _PATHS, required=True)
    source = text_at(root, "c:RefDocumentID", _PATHS)
    number = _number_at(root, namespace, "RegNumber")
    earlier = _number_at(root, namespace, "RefRegNumber")
    if name == "ExportPreliminary" and not number:
        raise Unreadable("an ExportPreliminary has no RegNumber")
    return Identity(
        document_id=document_id,
        # What is received is filed under the number given to it here, or under the one it refers to.
        reference=number if name == "ExportPreliminary" else earlier,
        type=name,
        role=Role.DECLARATION,
        also_known_as=tuple(known for known in (document_id, number, source) if known),
        source_reference=source,
        source_country=text_at(root, "*/r:SourceCountryCode", _PATHS) if name == "AutoPreliminary" else "",
    )


def _read_notice(root: Element) -> Identity:
    answered = text_at(root, "n:RefDocumentID", _PATHS)
    reference = _number_at(root, _NOTICE, "RefRegNumber") or answered
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


def _number_at(root: Element, namespace: str, name: str) -> str:
    number = root.find(f"{{{namespace}}}{name}")
    if number is None:
        return ""
    parts = (text_at(number, f"{{*}}{part}", _PATHS, required=True) for part in ("CountryCode", "Date", "PINumber"))
    return "-".join(parts)


# Writing notices


def _register(issuer: Issuer) -> str:
    return f"KG-{issuer.moment().astimezone(_BISHKEK):%Y-%m-%d}-{issuer.digits(9)}"


def _acknowledge(acknowledgement: Acknowledgement, issuer: Issuer) -> bytes:
    document, reference = acknowledgement.document, acknowledgement.reference
    if not acknowledgement.conflict:
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
    make = maker(_NOTICE, {None: _NOTICE})
    code, text = result
    return xml_bytes(
        make(
            "ResultNotice",
            make("NoticeID", issuer.uuid()),
            make("NoticeDateTime", _date_time(issuer.moment())),
            make("RefDocumentID", answered.document_id),
            make("RefSourceDocumentID", answered.source_reference) if answered.source_reference else None,
            _number(make, make, "RefRegNumber", reference),
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


def _number(make: Maker, inner: Maker, name: str, reference: str) -> Element | None:
    parts = _REFERENCE.fullmatch(reference)
    if parts is None:
        return None
    country, date, serial = parts.groups()
    return make(name, inner("CountryCode", country), inner("Date", date), inner("PINumber", serial))


def _stray(issuer: Issuer) -> Identity:
    return Identity(
        issuer.uuid(),
        _register(issuer),
        "AutoPreliminary",
        Role.DECLARATION,
        source_reference=issuer.digits(13),
    )


def _entry_name(identity: Identity) -> str:
    return f"{identity.document_id}.xml"


def _bundle_name(identities: Sequence[Identity], _issuer: Issuer) -> str:
    return f"{identities[0].document_id}.zip"


# Writing what traders lodge


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
class _Writers:
    """One maker per namespace, by the prefix it has in the document."""

    e: Maker
    c: Maker
    r: Maker
    p: Maker


def _writers() -> _Writers:
    prefixes: dict[str | None, str] = {None: _EXPORT, "c": _COMMON, "r": _RUS, "p": _PRIOR}
    return _Writers(*(maker(namespace, prefixes) for namespace in prefixes.values()))


def _export(consignments: Sequence[_Consignment], issuer: Issuer) -> bytes:
    make = _writers()
    at = issuer.moment()
    return xml_bytes(
        make.e(
            "ExportPreliminary",
            make.c("DocumentID", issuer.uuid()),
            make.e(
                "EECEDocHeaderAddInfo",
                make.r("EDocCode", "R.042"),
                make.r("EDocDateTime", _date_time(at)),
                make.r("LanguageCode", "RU"),
                make.r("SourceCountryCode", "KG"),
                make.r("DestinationCountryCode", "CN"),
            ),
            make.e("ElectronicDocumentSign", "ЭД"),
            _number(make.e, make.p, "RegNumber", _register(issuer)),
            make.e("UsageCode", "01"),
            make.e(
                "ExitCheckPointDetails",
                make.e("CustomsOfficeCode", "41700201"),
                make.e("BorderCheckpointName", "Торугарт-автодорожный"),
            ),
            make.e(
                "EntryCheckPointDetails",
                make.e("BorderCheckpointCode", "9403"),
                make.e("BorderCheckpointName", "Торугарт (КНР)"),
            ),
            make.e("PlannedArrivalDateTime", _date_time(at + timedelta(hours=5))),
            _party(make, "DeclarantDetails", _CARRIER),
            _transport(make, issuer, consignments),
            _main_consignment(make, issuer, consignments),
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


def _transport(make: _Writers, issuer: Issuer, consignments: Sequence[_Consignment]) -> Element:
    tractor = f"01KG{issuer.digits(3)}ABC"
    trailer = f"01KG{issuer.digits(3)}PAB"
    # 8 200 kg of tractor and 7 100 kg of trailer, and what they carry.
    gross_kg = Decimal("15300.000") + _gross_kg(consignments)
    return make.e(
        "BorderTransportDetails",
        make.e("TransportModeCode", "30"),
        make.e("ContainerIndicator", "0"),
        _vehicle(make, "1", tractor, "ACTROS 1845", issuer),
        _vehicle(make, "2", trailer, "SKO 24", issuer),
        make.e(
            "TransportMeansGrossMass",
            make.p("MeasuredAmount", str(gross_kg)),
            make.p("MeasureUnitQualifierName", "КГ"),
            make.p("MeasureUnitQualifierCode", "166"),
        ),
        _itinerary_point(make, "1", "KG", "Бишкек"),
        _itinerary_point(make, "2", "KG", "Торугарт"),
        _itinerary_point(make, "3", "CN", "Кашгар"),
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


def _main_consignment(make: _Writers, issuer: Issuer, consignments: Sequence[_Consignment]) -> Element | None:
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
        *(_consignment(make, str(ordinal), consignment, issuer) for ordinal, consignment in enumerate(consignments, 1)),
    )


def _consignment(make: _Writers, ordinal: str, consignment: _Consignment, issuer: Issuer) -> Element:
    today = issuer.moment().astimezone(_BISHKEK)
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
        make.e("DestinationCountryCode", "CN"),
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


def _date_time(at: datetime) -> str:
    return at.astimezone(_BISHKEK).isoformat(timespec="seconds")


# Samples

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


def _empty_vehicle(issuer: Issuer) -> Iterator[bytes]:
    yield _export((), issuer)


_SAMPLES = {
    "two-consignments": Sample(
        {
            "en": "ExportPreliminary with two consignments for China: dried fruit and nuts, beans and honey",
            "ru": "ExportPreliminary с двумя товарными партиями в Китай: сухофрукты и орехи, фасоль и мёд",
            "zh": "ExportPreliminary：运往中国的两票货物（干果和坚果、芸豆和蜂蜜）",
        },
        lambda issuer: tuple(_two_consignments(issuer)),
    ),
    "empty-vehicle": Sample(
        {
            "en": "ExportPreliminary of a truck that leaves empty: no consignment details",
            "ru": "ExportPreliminary порожнего транспортного средства: сведений о перевозке товаров нет",
            "zh": "ExportPreliminary：空载出境车辆，无货物运输信息",
        },
        lambda issuer: tuple(_empty_vehicle(issuer)),
    ),
}

NSW = Nsw(
    country="KG",
    name={
        "en": "Kyrgyz national single window Tulpar (simulated)",
        "ru": "Национальное «единое окно» Кыргызской Республики «Тулпар» (имитация)",
        "zh": "吉尔吉斯共和国国家单一窗口Tulpar（模拟）",
    },
    time_zone="Asia/Bishkek",
    languages=("ru", "ky"),
    lodges=frozenset({"ExportPreliminary"}),
    receives=frozenset({"AutoPreliminary", "ResultNotice"}),
    read=_read,
    acknowledge=_acknowledge,
    decide=_decide,
    stray=_stray,
    entry_name=_entry_name,
    bundle_name=_bundle_name,
    samples=_SAMPLES,
    register=_register,
)
