"""Examples of every kind of message: what is published beside the schemas, in both twins.

They are truthful in form: codes, check digits, masses and times fit together, so each passes the rules of the gateway.
Companies, people, plates, seals and document numbers are invented; office codes are illustrative. The largest example
of a kind is made from the element table, so no element can be left without one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gateway.message.element import WcoClass
from gateway.message.leaf import DateTime, Fixed, Indicator, Leaf, Whole
from gateway.message.metadata import KINDS, MetaData
from gateway.message.table import Element, elements
from gateway.message.tree import Tree


def examples(kind: str) -> dict[str, MetaData]:
    """The examples of a kind of message by name; the model accepts every one."""
    cls = KINDS[kind]
    trees = {name: make() for name, make in _EXAMPLES.get(kind, {}).items()} or {"maximal": _filled(cls, {})}
    return {name: cls.model_validate(tree) for name, tree in trees.items()}


def _message(document: str, content: Tree, *, number: int, sender: str = "CN", recipient: str = "KG") -> Tree:
    """The envelope: preparation an hour after loading, about a day before the border."""
    agreement = {frozenset(("CN", "KG")): "kg-cn-road", frozenset(("CN", "KZ")): "cn-kz-rail"}
    return {
        "AgencyAssignedCustomizationCode": "ACD",
        "AgencyAssignedCustomizationVersionCode": "1",
        "ResponsibleAgencyName": _AGENCIES[sender],
        "ResponsibleCountryCode": sender,
        "WCODataModelVersionCode": "3.6",
        "WCOTypeName": {"Declaration": "CRI", "Response": "RES"}.get(document, "EVENT"),
        "CommunicationMetaData": {
            "AgreementID": agreement[frozenset((sender, recipient))],
            "AgreementVersionID": "1",
            "ID": f"3f2b8c1e-5a7d-4e60-9b1c-0000000000{number:02}",
            "PreparationDateTime": "2026-11-23T18:05:00+08:00",
            "TestIndicator": True,
            "Recipient": {"ID": recipient},
            "Sender": {"ID": sender},
        },
        document: content,
    }


_AGENCIES = {
    "CN": "中华人民共和国海关总署",
    "KG": "Государственная таможенная служба Кыргызской Республики",
    "KZ": "Комитет государственных доходов Республики Казахстан",
}


def _kilograms(value: str) -> Tree:
    return {"value": value, "unitCode": "KGM"}


def _count(value: int) -> Tree:
    return {"value": str(value)}


def _address(country: str, city: str, line: str, postcode: str) -> Tree:
    return {"CityName": city, "CountryCode": country, "Line": line, "PostcodeID": postcode}


def _telephone(number: str) -> list[Tree]:
    return [{"ID": number, "TypeCode": "TE"}]


def _furniture_maker() -> Tree:
    return {
        "ID": "9165300071890123AL",
        "Name": "阿图什天马办公家具有限公司",
        "Address": _address("CN", "阿图什", "帕米尔路18号", "845350"),
        "Communication": _telephone("+869085550118"),
    }


def _battery_maker() -> Tree:
    return {
        "ID": "91440300MA5F3QW7XU",
        "Name": "深圳市晨光新能源有限公司",
        "Address": _address("CN", "深圳", "科技园南路6号", "518057"),
        "Communication": _telephone("+867555550106"),
    }


def _clothing_trader() -> Tree:
    return {
        "ID": "91653000MA78R2K9TE",
        "Name": "喀什绿洲纺织品贸易有限公司",
        "Address": _address("CN", "喀什", "人民东路201号", "844000"),
    }


def _kyrgyz_party(number: str, name: str, city: str, line: str) -> Tree:
    return {
        "ID": number,
        "Name": name,
        "Address": _address("KG", city, line, "720040"),
        "Communication": _telephone("+996312555010"),
    }


def _carrier() -> Tree:
    return {
        "ID": "91653022MA793D4LUB",
        "Name": "克孜勒苏丝路国际运输有限公司",
        "Address": _address("CN", "乌恰", "口岸大道3号", "845450"),
        "Communication": _telephone("+869085550203"),
    }


def _item(number: int, hs: str, description: str, *, gross: str, net: str, packages: int, kind: str = "CT") -> Tree:
    return {
        "SequenceNumeric": number,
        "Commodity": {
            "Description": description,
            "Classification": [{"ID": hs, "IdentificationTypeCode": "HS"}],
        },
        "GoodsMeasure": {"GrossMassMeasure": _kilograms(gross), "NetNetWeightMeasure": _kilograms(net)},
        "Origin": {"CountryCode": "CN"},
        "Packaging": [
            {
                "MarksNumbersID": "N/M",
                "QuantityQuantity": _count(packages),
                "SequenceNumeric": 1,
                "TypeCode": kind,
            }
        ],
    }


def _consignment(
    number: int,
    items: list[Tree],
    *,
    consignor: Tree,
    consignee: Tree,
    gross: str,
    packages: int,
    value: str,
    waybill: str,
    export_declaration: str,
) -> Tree:
    """A consignment by road from Kashgar to Bishkek, not in a container."""
    return {
        "ContainerCode": "0",
        "SequenceNumeric": number,
        "TotalGrossMassMeasure": _kilograms(gross),
        "TotalPackageQuantity": _count(packages),
        "ValueAmount": {"value": value, "currencyID": "USD"},
        "AdditionalDocument": [{"ID": export_declaration, "TypeCode": "830"}],
        "Consignee": consignee,
        "ConsignmentItem": items,
        "Consignor": consignor,
        "Destination": {"CountryCode": "KG"},
        "ExportCountry": {"ID": "CN"},
        "Itinerary": [
            {"RoutingCountryCode": "CN", "SequenceNumeric": 1},
            {"RoutingCountryCode": "KG", "SequenceNumeric": 2},
        ],
        "LoadingLocation": {"ID": "CNKSS", "LoadingDateTime": "2026-11-23T17:00:00+08:00", "Name": "喀什"},
        "TransportContractDocument": {"ID": waybill, "TypeCode": "730"},
        "UnloadingLocation": {"ID": "KGFRU", "Name": "Бишкек"},
    }


def _furniture() -> Tree:
    return _consignment(
        1,
        [
            _item(
                1,
                "940330",
                "木制办公家具：办公桌、文件柜 / Мебель деревянная офисная: столы, шкафы для документов",
                gross="4120.000",
                net="3874.500",
                packages=86,
            )
        ],
        consignor=_furniture_maker(),
        consignee=_kyrgyz_party("02203201910234", "ОсОО «Ала-Тоо Офис»", "Бишкек", "пр. Чуй, 125"),
        gross="4120.000",
        packages=86,
        value="18540.00",
        waybill="CMR-KS-2026-004871",
        export_declaration="940320260000048711",
    )


def _batteries() -> Tree:
    consignment = _consignment(
        2,
        [
            _item(
                1,
                "850760",
                "锂离子蓄电池组，48伏 / Аккумуляторы литий-ионные, 48 В",
                gross="2640.500",
                net="2400.000",
                packages=120,
            )
        ],
        consignor=_battery_maker(),
        consignee=_kyrgyz_party("01407201510077", "ОсОО «Тянь-Шань Энерго»", "Бишкек", "ул. Льва Толстого, 8"),
        gross="2640.500",
        packages=120,
        value="96000.00",
        waybill="CMR-KS-2026-004872",
        export_declaration="940320260000048729",
    )
    consignment["ConsignmentItem"][0]["Commodity"]["DangerousGoods"] = [{"UNDGID": "3480"}]
    consignment["UNDGContact"] = {"Name": "王丽", "Communication": _telephone("+867555550199")}
    return consignment


def _clothes() -> Tree:
    return _consignment(
        3,
        [
            _item(
                1,
                "610910",
                "棉制针织T恤衫 / Футболки трикотажные из хлопка",
                gross="3300.000",
                net="3105.000",
                packages=190,
            ),
            _item(
                2,
                "620342",
                "棉制男式长裤 / Брюки мужские из хлопка",
                gross="1500.000",
                net="1412.250",
                packages=120,
            ),
        ],
        consignor=_clothing_trader(),
        consignee=_kyrgyz_party("03011201810456", "ОсОО «Дордой Текстиль»", "Бишкек", "ул. Кожевенная, 74"),
        gross="4800.000",
        packages=310,
        value="41275.50",
        waybill="CMR-KS-2026-004873",
        export_declaration="940320260000048737",
    )


def _truck() -> Tree:
    return {
        "ArrivalDateTime": "2026-11-24T15:00:00+06:00",
        "DepartureDateTime": "2026-11-24T13:30:00+08:00",
        "ID": "新P52718",
        "IdentificationTypeCode": "30",
        "ModeCode": "3",
        "RegistrationNationalityCode": "CN",
        "TypeCode": "33",
        "Itinerary": [
            {"RoutingCountryCode": "CN", "SequenceNumeric": 1},
            {"RoutingCountryCode": "KG", "SequenceNumeric": 2},
        ],
        "Master": [{"ID": "EJ4471902", "Name": "艾尔肯·买买提", "RoleCode": "1"}],
        "Seal": [{"ID": "CNA0047121", "RoleCode": "CU", "SequenceNumeric": 1}],
        "TransportEquipment": [
            {"ID": "新P8831挂", "RegistrationNationalityCode": "CN", "SequenceNumeric": 1, "TypeCode": "TE"}
        ],
    }


def _declaration(reference: str, consignments: list[Tree], *, gross: str, packages: int) -> Tree:
    """An original road declaration from Torugart on the Chinese side to Torugart on the Kyrgyz side."""
    return {
        "DeclarationOfficeID": "9403",
        "FunctionCode": "9",
        "FunctionalReferenceID": reference,
        "GoodsItemQuantity": sum(len(consignment["ConsignmentItem"]) for consignment in consignments),
        "IssueDateTime": "2026-11-23T18:00:00+08:00",
        "TotalGrossMassMeasure": _kilograms(gross),
        "TotalPackageQuantity": _count(packages),
        "TypeCode": "785",
        "VersionID": "1",
        "BorderTransportMeans": _truck(),
        "Carrier": _carrier(),
        "Consignment": consignments,
        "Declarant": _carrier(),
        "EntryOffice": {"ID": "41700201"},
        "ExitOffice": {"ID": "9403"},
        "Submitter": {"ID": "91653022MA793D4LUB", "Name": "克孜勒苏丝路国际运输有限公司", "RoleCode": "TB"},
    }


def _typical() -> Tree:
    consignments = [_furniture(), _batteries(), _clothes()]
    content = _declaration("TRT20261123000417", consignments, gross="11560.500", packages=516)
    return _message("Declaration", content, number=1)


def _minimal() -> Tree:
    """What the profile makes mandatory, and not much more."""
    content = _declaration("TRT20261123000418", [_furniture()], gross="4120.000", packages=86)
    for name in ("DeclarationOfficeID", "GoodsItemQuantity", "VersionID", "Declarant", "Submitter"):
        del content[name]
    for name in ("LoadingLocation", "UnloadingLocation", "Itinerary", "ValueAmount"):
        del content["Consignment"][0][name]
    for party in (content["Carrier"], content["Consignment"][0]["Consignor"], content["Consignment"][0]["Consignee"]):
        del party["Communication"]
    return _message("Declaration", content, number=2)


def _road() -> Tree:
    """One consignment in a sealed container, with an authorised economic operator."""
    consignment = _furniture() | {
        "ContainerCode": "1",
        "AEOMutualRecognitionParty": [{"ID": "AEOCN9165300071", "RoleCode": "CZ"}],
        "Freight": {"PaymentMethodCode": "Z"},
        "TransportEquipment": [
            {
                "AffixedSealQuantity": 1,
                "CharacteristicCode": "22G1",
                "FullnessCode": "5",
                "ID": "TGHU6123458",
                "SequenceNumeric": 1,
                "TypeCode": "CN",
                "Seal": [{"ID": "CNA0047133", "RoleCode": "CU", "SequenceNumeric": 1}],
            }
        ],
    }
    consignment["ConsignmentItem"][0]["TransportEquipment"] = [{"ID": "TGHU6123458"}]
    content = _declaration("TRT20261123000419", [consignment], gross="4120.000", packages=86)
    content["BorderTransportMeans"]["TransportEquipment"][0]["TypeCode"] = "CH"
    del content["BorderTransportMeans"]["Seal"]
    return _message("Declaration", content, number=3)


def _rail() -> Tree:
    """A train from Alashankou to Dostyk: wagons and no driver."""
    consignment = _furniture() | {
        "Consignee": {
            "Name": "ТОО «Жетісу Кеңсе»",
            "Address": _address("KZ", "Алматы", "пр. Абая, 150", "050046"),
        },
        "Destination": {"CountryCode": "KZ"},
        "Itinerary": [
            {"RoutingCountryCode": "CN", "SequenceNumeric": 1},
            {"RoutingCountryCode": "KZ", "SequenceNumeric": 2},
        ],
        "LoadingLocation": {"ID": "CNURM", "LoadingDateTime": "2026-11-22T17:00:00+08:00"},
        "PassiveTransportMeans": [
            {"ID": "52849171", "IdentificationTypeCode": "20", "RegistrationNationalityCode": "KZ"}
        ],
        "TransportContractDocument": {"ID": "SMGS-2026-118204", "TypeCode": "720"},
        "UnloadingLocation": {"ID": "KZALA"},
    }
    content = _declaration("AKL20261123000052", [consignment], gross="4120.000", packages=86) | {
        "BorderTransportMeans": {
            "ArrivalDateTime": "2026-11-24T16:20:00+05:00",
            "DepartureDateTime": "2026-11-24T15:40:00+08:00",
            "ID": "X8024",
            "IdentificationTypeCode": "21",
            "JourneyID": "X8024",
            "ModeCode": "2",
            "TypeCode": "230",
        },
        "Carrier": {
            "ID": "91110106MA01K7X35W",
            "Name": "新丝路铁路联运有限公司",
            "Address": _address("CN", "北京", "莲花池东路116号", "100055"),
        },
        "DeclarationOfficeID": "9404",
        "EntryOffice": {"ID": "39813"},
        "ExitOffice": {"ID": "9404"},
    }
    content["Declarant"] = content["Carrier"]
    content["Submitter"] = {"ID": content["Carrier"]["ID"], "Name": content["Carrier"]["Name"], "RoleCode": "TB"}
    return _message("Declaration", content, number=4, recipient="KZ")


def _tir_transit() -> Tree:
    """Under a TIR carnet from China through Kyrgyzstan to Uzbekistan."""
    way = [{"RoutingCountryCode": country, "SequenceNumeric": n} for n, country in enumerate(("CN", "KG", "UZ"), 1)]
    consignment = _clothes() | {
        "SequenceNumeric": 1,
        "Consignee": {
            "ID": "300000007",
            "Name": "MCHJ «Chorsu Savdo»",
            "Address": _address("UZ", "Toshkent", "Navoiy ko‘chasi, 30", "100011"),
        },
        "Destination": {"CountryCode": "UZ"},
        "Itinerary": way,
        "TransitDeparture": {"ID": "9403"},
        "TransitDestination": {"ID": "UZTAS"},
        "UnloadingLocation": {"ID": "UZTAS"},
    }
    content = _declaration("TRT20261123000420", [consignment], gross="4800.000", packages=310) | {
        "TypeCode": "952",
        "AdditionalDocument": [{"ID": "XF61702845", "TypeCode": "952"}],
        "ObligationGuarantee": [
            {
                "ReferenceID": "XF61702845",
                "SecurityDetailsCode": "B",
                "GuaranteeOffice": {"ID": "9403"},
                "Surety": {"Name": "中国道路运输协会"},
            }
        ],
    }
    content["BorderTransportMeans"]["Itinerary"] = way
    return _message("Declaration", content, number=5)


def _empty_vehicle() -> Tree:
    content = _declaration("TRT20261123000421", [], gross="0", packages=0)
    for name in ("Consignment", "GoodsItemQuantity", "TotalGrossMassMeasure", "TotalPackageQuantity"):
        del content[name]
    content["SpecificCircumstancesCodeCode"] = "EMP"
    del content["BorderTransportMeans"]["Seal"]
    return _message("Declaration", content, number=6)


def _empty_container() -> Tree:
    """A vehicle without cargo that carries two empty containers on its trailer."""
    tree = _empty_vehicle()
    tree["CommunicationMetaData"] |= {"ID": "3f2b8c1e-5a7d-4e60-9b1c-000000000008"}
    content = tree["Declaration"]
    content["FunctionalReferenceID"] = "TRT20261123000422"
    content["BorderTransportMeans"]["TransportEquipment"] += [
        {"CharacteristicCode": "22G1", "FullnessCode": "4", "ID": number, "SequenceNumeric": position, "TypeCode": "CN"}
        for position, number in enumerate(("TRGU2040158", "TRGU2040163"), 2)
    ]
    return tree


def _maximal() -> Tree:
    """A replacement in which every element stands once."""
    tree = _road()
    content = tree["Declaration"]
    content |= {"FunctionCode": "5", "ID": "CN/20261123/000000419", "VersionID": "2"}
    tree["CommunicationMetaData"] |= {"ID": "3f2b8c1e-5a7d-4e60-9b1c-000000000007"}
    return _filled(KINDS["declaration"], tree)


def _answer(function: str, **parts: Any) -> Tree:
    content = {
        "FunctionCode": function,
        "FunctionalReferenceID": "KG20261123-000981",
        "IssueDateTime": "2026-11-23T17:10:00+06:00",
        "Declaration": {"FunctionalReferenceID": "TRT20261123000417", "VersionID": "1"},
    }
    declaration = content["Declaration"] | parts.pop("Declaration", {})
    return content | {"Declaration": declaration} | parts


def _reply(content: Tree, number: int) -> Tree:
    tree = _message("Response", content, number=number, sender="KG", recipient="CN")
    tree["CommunicationMetaData"] |= {
        "ConversationReferenceID": "3f2b8c1e-5a7d-4e60-9b1c-000000000001",
        "PreparationDateTime": "2026-11-23T17:10:05+06:00",
    }
    return tree


def _accepted() -> Tree:
    declaration = {"AcceptanceDateTime": "2026-11-23T17:09:40+06:00", "ID": "KG/20261123/000000417"}
    return _reply(_answer("44", Declaration=declaration), 11)


def _rejected() -> Tree:
    errors = [
        {
            "Description": "Код товара не соответствует описанию / 商品编码与品名不符",
            "ValidationCode": "KG-GDS-07",
            "Pointer": [
                {"DocumentSectionCode": "42A"},
                {"DocumentSectionCode": "28A", "SequenceNumeric": 3},
                {"DocumentSectionCode": "29A", "SequenceNumeric": 2},
                {"DocumentSectionCode": "23A", "TagID": "137"},
            ],
        },
        {
            "Description": "Разрешение перевозчика не найдено / 未找到承运人许可证",
            "ValidationCode": "KG-CAR-02",
            "Pointer": [{"DocumentSectionCode": "42A"}, {"DocumentSectionCode": "18A", "TagID": "R012"}],
        },
    ]
    status = [{"EffectiveDateTime": "2026-11-23T17:09:40+06:00", "NameCode": "41"}]
    declaration = {"RejectionDateTime": "2026-11-23T17:09:40+06:00"}
    return _reply(_answer("27", Declaration=declaration, Error=errors, Status=status), 12)


def _do_not_load() -> Tree:
    statement = {
        "StatementCode": "DNL",
        "StatementDescription": "Погрузка запрещена до проверки разрешительных документов / 在核验许可文件前禁止装运",
        "StatementTypeCode": "CUS",
    }
    return _reply(_answer("11", AdditionalInformation=[statement]), 13)


def _smallest_answer() -> Tree:
    return _reply(_answer("44", Declaration={"ID": "KG/20261123/000000417"}), 14)


def _largest_answer() -> Tree:
    """An answer that tells the whole story: only a status (11) may go with every date."""
    tree = _rejected()
    tree["CommunicationMetaData"] |= {"ID": "3f2b8c1e-5a7d-4e60-9b1c-000000000015"}
    tree["Response"] |= {"FunctionCode": "11"}
    return _filled(KINDS["response"], tree)


def _event(kind: str, at: str, number: int, *, sender: str = "KG", **parts: Any) -> Tree:
    """What happened to the declaration of the road example."""
    content = {
        "EventDateTime": at,
        "EventTypeCode": kind,
        "FunctionalReferenceID": f"EV20261124{number:04}",
        "IssueDateTime": at,
        "BorderOffice": {"ID": "41700201" if sender == "KG" else "9403"},
        "Declaration": {"FunctionalReferenceID": "TRT20261123000419", "VersionID": "1"},
    }
    recipient = "CN" if sender == "KG" else "KG"
    tree = _message("BorderEvent", content | parts, number=number, sender=sender, recipient=recipient)
    tree["CommunicationMetaData"] |= {"PreparationDateTime": at}
    return tree


def _vehicle_as_seen() -> Tree:
    """The truck of the road example, as an officer at the border writes it down."""
    means = _road()["Declaration"]["BorderTransportMeans"]
    seen = {name: means[name] for name in ("ID", "RegistrationNationalityCode", "Seal") if name in means}
    return seen | {"TransportEquipment": [{"ID": trailer["ID"]} for trailer in means.get("TransportEquipment", [])]}


def _departure() -> Tree:
    return _event("DEP", "2026-11-23T19:40:00+08:00", 21, sender="CN", BorderTransportMeans=_vehicle_as_seen())


def _arrival() -> Tree:
    return _event("ARR", "2026-11-24T10:25:00+06:00", 22, BorderTransportMeans=_vehicle_as_seen())


def _control_result() -> Tree:
    result = {
        "ConclusionCode": "REL",
        "GrossMassMeasure": _kilograms("9410"),
        "ImageReferenceID": "NII-TRG-20261124-0117",
        "SealCheck": [{"ConditionCode": "INT", "ID": seal["ID"]} for seal in _vehicle_as_seen().get("Seal", [])]
        or [{"ConditionCode": "INT", "ID": "CN7204411"}],
    }
    return _event("CTL", "2026-11-24T11:05:00+06:00", 23, ControlResult=result)


def _discrepancy() -> Tree:
    result = {
        "ConclusionCode": "HLD",
        "GrossMassMeasure": _kilograms("10120"),
        "SealCheck": [{"ConditionCode": "BRK", "ID": "CN7204411"}],
    }
    words = {
        "StatementDescription": "Пломба повреждена, масса превышает заявленную / 封志损坏，重量超过申报",
        "StatementTypeCode": "CUS",
    }
    return _event("DIS", "2026-11-24T11:05:00+06:00", 24, AdditionalInformation=[words], ControlResult=result)


def _import_information() -> Tree:
    """What was imported, so that the other side can match it with what it exported."""
    imported = []
    for consignment in _road()["Declaration"]["Consignment"]:
        number = consignment["SequenceNumeric"]
        kept = ("SequenceNumeric", "TotalGrossMassMeasure", "TotalPackageQuantity", "ValueAmount")
        items = [
            {
                "SequenceNumeric": item["SequenceNumeric"],
                "Commodity": {
                    "Classification": [{"ID": code["ID"]} for code in item["Commodity"].get("Classification", [])]
                },
                "GoodsMeasure": item["GoodsMeasure"],
            }
            for item in consignment["ConsignmentItem"]
        ]
        document = {"ID": f"41700101/251126/{number:07}", "TypeCode": "929"}
        imported.append(
            {name: consignment[name] for name in kept if name in consignment}
            | {"AdditionalDocument": [document], "ConsignmentItem": items}
        )
    return _event("IMP", "2026-11-26T15:30:00+06:00", 25, Consignment=imported)


def _expiry() -> Tree:
    tree = _event("EXP", "2026-11-26T04:00:00Z", 26)
    tree["CommunicationMetaData"] |= {"Sender": {"ID": "GATEWAY"}}
    del tree["BorderEvent"]["BorderOffice"]
    return tree


def _largest_event() -> Tree:
    """Every element once: the consignments of the largest declaration, as seen."""
    tree = _discrepancy()
    largest = _maximal()["Declaration"]
    tree["CommunicationMetaData"] |= {"ID": "3f2b8c1e-5a7d-4e60-9b1c-000000000027"}
    tree["BorderEvent"] |= {
        "BorderTransportMeans": largest["BorderTransportMeans"],
        "Consignment": largest["Consignment"],
    }
    return _filled(KINDS["border_event"], tree)


def _filled(cls: type[WcoClass], tree: Tree, above: tuple[str, ...] = ()) -> Tree:
    """A tree in which nothing is missing: what it has stays, the rest comes from the element table."""
    full: Tree = {}
    for element in elements(cls):
        value = tree.get(element.name)
        if element.repeated:
            parts = value or [{}]
            full[element.name] = [_part(element, part, (*above, element.name)) for part in parts]
        else:
            full[element.name] = _part(element, value, (*above, element.name))
    return full


def _part(element: Element, value: Any, path: tuple[str, ...]) -> Any:
    if element.child is not None:
        return _filled(element.child, value or {}, path)
    return value if value is not None else _value(element, path)


def _value(element: Element, path: tuple[str, ...]) -> Any:
    """A legal value of a leaf: one that fits its place, else one of its code list, else one of its format."""
    for length in (4, 3, 2, 1):
        if (said := _FITTING.get("/".join(path[-length:]))) is not None:
            return said
    return _CODES.get(element.codes) or _of_format(element.leaf)


def _of_format(leaf: Leaf | None) -> str | int | bool:
    if isinstance(leaf, DateTime):
        return "2026-11-23T18:00:00+08:00"
    if isinstance(leaf, Indicator):
        return True
    if isinstance(leaf, Whole):
        return 1
    if isinstance(leaf, Fixed):
        return "1.250" if leaf.fraction else "1"
    return "Текст · 文本" if leaf is not None and leaf.representation == "Text" else "1"


_CODES: Mapping[str, str] = {
    "amendment_reasons": "005",
    "communication": "TE",
    "countries": "CN",
    "currencies": "USD",
    "documents": "820",
    "equipment_types": "CN",
    "fullness": "5",
    "functions": "9",
    "guarantees": "1",
    "locations": "CNKSS",
    "means_id_types": "30",
    "means_types": "31",
    "packages": "CT",
    "payment_methods": "Z",
    "roles": "CZ",
    "status": "41",
    "text_subjects": "CUS",
    "transport_documents": "730",
    "transport_modes": "3",
    "un_numbers": "3480",
    "units": "KGM",
}
_FITTING: Mapping[str, Any] = {
    "SealCheck/ConditionCode": "INT",
    "SealCheck/ID": "CN7204411",
    "ControlResult/ConclusionCode": "HLD",
    "ControlResult/ImageReferenceID": "NII-TRG-20261124-0117",
    "BorderOffice/ID": "41700201",
    "AcceptancePlace/ID": "CNKSS",
    "Address/CountrySubDivisionCode": "CN-XJ",
    "Address/CountrySubDivisionName": "新疆",
    "Address/PostcodeID": "844000",
    "Agent/FunctionCode": "2",
    "Agent/ID": "91653022MA793D4LUB",
    "ArrivalTransportMeans/ID": "新P52718",
    "BorderTransportMeans/FirstArrivalLocationID": "41700201",
    "BorderTransportMeans/Seal/ID": "CNA0047134",
    "BorderTransportMeans/TransportEquipment/Seal/ID": "CNA0047135",
    "Communication/ID": "+869985550101",
    "ConsignmentItem/ValueAmount/value": "18540.00",
    "ConversationReferenceID": "3f2b8c1e-5a7d-4e60-9b1c-000000000003",
    "DepartureTransportMeans/ID": "新P52718",
    "GoodsItemQuantity": 1,
    "GoodsReceiptPlace/ID": "KGFRU",
    "GrossVolumeMeasure/unitCode": "MTQ",
    "HeightMeasure/unitCode": "MTR",
    "ID": "0047133",
    "LengthMeasure/unitCode": "MTR",
    "NotifyParty/ID": "91653000MA78R2K9TE",
    "PassiveTransportMeans/ID": "52849171",
    "PassiveTransportMeans/IdentificationTypeCode": "20",
    "Pointer/DocumentSectionCode": "42A",
    "Pointer/TagID": "017",
    "PresentationOffice/ID": "9403",
    "Seal/ID": "CNA0047133",
    "Seal/RoleCode": "CU",
    "TariffQuantity/unitCode": "C62",
    "TransitDeparture/ID": "9403",
    "TransitDestination/ID": "41700201",
    "TransportContractDocument/ConditionCode": "27",
    "UnloadingLocation/ArrivalDateTime": "2026-11-25T12:00:00+06:00",
    "UnloadingLocation/ID": "KGFRU",
    "VolumeMeasure/unitCode": "MTQ",
    "WidthMeasure/unitCode": "MTR",
}
_EXAMPLES: Mapping[str, Mapping[str, Callable[[], Tree]]] = {
    "declaration": {
        "minimal": _minimal,
        "typical": _typical,
        "maximal": _maximal,
        "road": _road,
        "rail": _rail,
        "tir-transit": _tir_transit,
        "empty-vehicle": _empty_vehicle,
        "empty-container": _empty_container,
    },
    "response": {
        "minimal": _smallest_answer,
        "maximal": _largest_answer,
        "accepted": _accepted,
        "rejected": _rejected,
        "do-not-load": _do_not_load,
    },
    "border_event": {
        "maximal": _largest_event,
        "departure": _departure,
        "arrival": _arrival,
        "control-result": _control_result,
        "discrepancy": _discrepancy,
        "import-information": _import_information,
        "expiry": _expiry,
    },
}
