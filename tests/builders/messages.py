"""Messages for tests: complete ones that pass every rule, and small functions that change one thing.

A message is made as a tree with the names of the wire and built by the model, so a builder can make nothing that could
not have been sent. `changed` and `without` take a JSON Pointer: the place that a test changes is the place where it
expects the finding.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, TypeVar

from gateway.message.element import wire_name
from gateway.message.leaf import write_date_time
from gateway.message.metadata import BorderEventMessage, DeclarationMessage, MetaData, ResponseMessage

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""The moment at which the messages of this file are judged."""
BEIJING = timezone(timedelta(hours=8))
BISHKEK = timezone(timedelta(hours=6))

M = TypeVar("M", bound=MetaData)
Tree = dict[str, Any]

_CONTAINERS = (
    "CSQU3054383", "TGHU1234567", "MSKU7654328", "CAXU3344554", "TCNU9876540", "SEGU1122337", "FCIU4455667",
    "OOLU7788993",
)  # fmt: skip
_GOODS = (
    ("0802320000", "Walnuts, shelled, dried", "CN"),
    ("6109100000", "Футболки трикотажные из хлопка", "CN"),
    ("8528729000", "液晶电视机 55英寸", "CN"),
    ("7326909000", "Steel brackets for shelving", "CN"),
)


def declaration(
    *,
    at: datetime = NOW,
    message_id: str = "0190b6c2-7f3a-7c41-9d52-6a1f0e8b3c77",
    reference: str = "9403202611230001",
    sender: str = "CN",
    recipient: str = "KG",
    consignments: int = 1,
    **changes: Any,
) -> DeclarationMessage:
    """A complete declaration by road from China to Kyrgyzstan over Torugart.

    Args:
        at: When it was prepared; it arrives a day later.
        message_id: Identifier of the message.
        reference: FunctionalReferenceID.
        sender: Participant who sends.
        recipient: Participant for whom it is.
        consignments: How many consignments it has, with two items each.
        **changes: Elements of the Declaration by attribute name, in the form of the wire; None leaves one out.
    """
    listed = [_consignment(number, reference) for number in range(1, consignments + 1)]
    tree: Tree = {
        **_envelope("CRI", at, message_id, sender, recipient),
        "Declaration": {
            "DeclarationOfficeID": "9403",
            "FunctionCode": "9",
            "FunctionalReferenceID": reference,
            "GoodsItemQuantity": 2 * consignments,
            "IssueDateTime": _moment(at - timedelta(minutes=10), BEIJING),
            "TotalGrossMassMeasure": {"value": f"{1550 * consignments}.000", "unitCode": "KGM"},
            "TotalPackageQuantity": {"value": str(120 * consignments), "unitCode": "CT"},
            "TypeCode": "785",
            "BorderTransportMeans": {
                "ArrivalDateTime": _moment(at + timedelta(days=1), BISHKEK),
                "DepartureDateTime": _moment(at + timedelta(hours=6), BEIJING),
                "ID": "新P12345",
                "IdentificationTypeCode": "30",
                "ModeCode": "3",
                "RegistrationNationalityCode": "CN",
                "TypeCode": "33",
                "Itinerary": [
                    {"RoutingCountryCode": "CN", "SequenceNumeric": 1},
                    {"RoutingCountryCode": "KG", "SequenceNumeric": 2},
                ],
                "Master": [{"ID": "E12345678", "Name": "王建国", "RoleCode": "1"}],
                "TransportEquipment": [
                    {
                        "ID": "新P1234挂",
                        "RegistrationNationalityCode": "CN",
                        "SequenceNumeric": 1,
                        "TareWeightMeasure": {"value": "6500", "unitCode": "KGM"},
                        "TypeCode": "TE",
                    }
                ],
            },
            "Carrier": {
                "ID": "91110000600037341L",
                "Name": "喀什天山国际货运有限公司",
                "Address": {"CityName": "Kashgar", "CountryCode": "CN", "Line": "No. 1 Border Road"},
            },
            "Consignment": listed,
            "EntryOffice": {"ID": "41700201"},
            "ExitOffice": {"ID": "9403"},
        },
    }
    for attribute, value in changes.items():
        name = wire_name(attribute)
        if value is None:
            tree["Declaration"].pop(name, None)
        else:
            tree["Declaration"][name] = value
    return DeclarationMessage.model_validate(tree, by_alias=True, by_name=False)


def rail(**given: Any) -> DeclarationMessage:
    """A complete declaration by rail: two wagons, no plate and no driver; a carriage in containers in the first."""
    message = declaration(consignments=2, **given)
    tree = as_tree(message)
    body = tree["Declaration"]
    body["BorderTransportMeans"] = {
        "ArrivalDateTime": body["BorderTransportMeans"]["ArrivalDateTime"],
        "DepartureDateTime": body["BorderTransportMeans"]["DepartureDateTime"],
        "ID": "1203",
        "IdentificationTypeCode": "21",
        "ModeCode": "2",
        "Itinerary": body["BorderTransportMeans"]["Itinerary"],
    }
    for consignment, wagon in zip(body["Consignment"], ("44872802", "218124712173"), strict=True):
        consignment["PassiveTransportMeans"] = [
            {"ID": wagon, "IdentificationTypeCode": "20", "RegistrationNationalityCode": "KZ"}
        ]
        consignment["TransportContractDocument"]["TypeCode"] = "722"
    second = body["Consignment"][1]
    second["ContainerCode"] = "0"
    del second["TransportEquipment"]
    for item in second["ConsignmentItem"]:
        del item["TransportEquipment"]
    return DeclarationMessage.model_validate(tree, by_alias=True, by_name=False)


def tir(**given: Any) -> DeclarationMessage:
    """A complete declaration under cover of a TIR carnet."""
    tree = as_tree(declaration(**given))
    body = tree["Declaration"]
    body["AdditionalDocument"] = [{"ID": "XY12345678", "TypeCode": "952"}]
    body["ObligationGuarantee"] = [
        {
            "ReferenceID": "XY12345678",
            "SecurityDetailsCode": "B",
            "Surety": {"Name": "China Road Transport Association"},
        }
    ]
    for consignment in body["Consignment"]:
        consignment["TransitDeparture"] = {"ID": "9403"}
        consignment["TransitDestination"] = {"ID": "41700101"}
    return DeclarationMessage.model_validate(tree, by_alias=True, by_name=False)


def empty_vehicle(**given: Any) -> DeclarationMessage:
    """A complete declaration of a vehicle without cargo."""
    return declaration(
        consignments=0,
        **{
            "specific_circumstances_code_code": "EMP",
            "consignment": None,
            "goods_item_quantity": None,
            "total_gross_mass_measure": None,
            "total_package_quantity": None,
            **given,
        },
    )


def empty_container(**given: Any) -> DeclarationMessage:
    """A complete declaration of a vehicle without cargo, with an empty container on its trailer."""
    tree = as_tree(empty_vehicle(**given))
    tree["Declaration"]["BorderTransportMeans"]["TransportEquipment"] += [EMPTY_CONTAINER]
    return DeclarationMessage.model_validate(tree, by_alias=True, by_name=False)


EMPTY_CONTAINER: Tree = {
    "CharacteristicCode": "45G1",
    "FullnessCode": "4",
    "ID": "TRGU2040158",
    "SequenceNumeric": 2,
    "TypeCode": "CN",
}


def response(
    *,
    at: datetime = NOW,
    message_id: str = "0190b6d0-11aa-7b02-8c4e-2f9d5b6a7e01",
    answers: str = "0190b6c2-7f3a-7c41-9d52-6a1f0e8b3c77",
    reference: str = "9403202611230001",
    sender: str = "KG",
    recipient: str = "CN",
    **changes: Any,
) -> ResponseMessage:
    """A complete acceptance of the declaration.

    Args:
        at: When it was prepared.
        message_id: Identifier of the message.
        answers: Identifier of the declaration's message.
        reference: FunctionalReferenceID of the declaration.
        sender: Participant who answers.
        recipient: Participant who is answered.
        **changes: Elements of the Response by attribute name, in the form of the wire; None leaves one out.
    """
    tree: Tree = {
        **_envelope("RES", at, message_id, sender, recipient),
        "Response": {
            "FunctionCode": "44",
            "FunctionalReferenceID": "KG/20261123/000000124",
            "IssueDateTime": _moment(at - timedelta(minutes=1), BISHKEK),
            "Declaration": {
                "AcceptanceDateTime": _moment(at - timedelta(minutes=2), BISHKEK),
                "FunctionalReferenceID": reference,
                "ID": "KG/20261123/000000123",
            },
        },
    }
    tree["CommunicationMetaData"]["ConversationReferenceID"] = answers
    for attribute, value in changes.items():
        name = wire_name(attribute)
        if value is None:
            tree["Response"].pop(name, None)
        else:
            tree["Response"][name] = value
    return ResponseMessage.model_validate(tree, by_alias=True, by_name=False)


def event(
    kind: str,
    *,
    at: datetime = NOW,
    message_id: str = "0190b6e4-22bb-7c03-9d5f-3a0e6c7b8f02",
    reference: str = "9403202611230001",
    sender: str = "KG",
    recipient: str = "CN",
    **changes: Any,
) -> BorderEventMessage:
    """A complete border event about the declaration, with what belongs to its kind; all as declared.

    Args:
        kind: EventTypeCode.
        at: When it was prepared; it happened ten minutes before.
        message_id: Identifier of the message.
        reference: FunctionalReferenceID of the declaration.
        sender: Participant who tells it.
        recipient: Participant who is told.
        **changes: Elements of the BorderEvent by attribute name, in the form of the wire; None leaves one out.
    """
    tree: Tree = {
        **_envelope("EVENT", at, message_id, sender, recipient),
        "BorderEvent": {
            "EventDateTime": _moment(at - timedelta(minutes=10), BISHKEK),
            "EventTypeCode": kind,
            "FunctionalReferenceID": f"KG-{kind}-20261124-0001",
            "IssueDateTime": _moment(at - timedelta(minutes=5), BISHKEK),
            "BorderOffice": {"ID": "9403" if sender == "CN" else "41700201"},
            **_of_kind(kind, reference),
            "Declaration": {"FunctionalReferenceID": reference, "VersionID": "1"},
        },
    }
    if kind in ("EXP", "UND"):
        del tree["BorderEvent"]["BorderOffice"]
    for attribute, value in changes.items():
        name = wire_name(attribute)
        if value is None:
            tree["BorderEvent"].pop(name, None)
        else:
            tree["BorderEvent"][name] = value
    return BorderEventMessage.model_validate(tree, by_alias=True, by_name=False)


def departure(**given: Any) -> BorderEventMessage:
    """The declared vehicle leaves China."""
    return event("DEP", **{"sender": "CN", "recipient": "KG", **given})


def arrival(**given: Any) -> BorderEventMessage:
    """The declared vehicle arrives in Kyrgyzstan, with everything that was declared."""
    return event("ARR", **given)


def control_result(**given: Any) -> BorderEventMessage:
    """A control that finds everything as declared, and releases."""
    return event("CTL", **given)


def import_information(
    *, consignments: int = 1, reference: str = "9403202611230001", **given: Any
) -> BorderEventMessage:
    """What was imported, the same as was declared.

    Args:
        consignments: How many consignments, as in `declaration`.
        reference: FunctionalReferenceID of the declaration.
        **given: As of `event`.
    """
    imported = [_imported(_consignment(number, reference)) for number in range(1, consignments + 1)]
    return event("IMP", **{"consignment": imported, "reference": reference, **given})


def _of_kind(kind: str, reference: str) -> Tree:
    declared = _consignment(1, reference)
    if kind in ("DEP", "ARR"):
        containers = [{name: one[name] for name in ("ID", "Seal")} for one in declared["TransportEquipment"]]
        return {
            "BorderTransportMeans": {
                "ID": "新P12345",
                "RegistrationNationalityCode": "CN",
                "TransportEquipment": [{"ID": "新P1234挂", "RegistrationNationalityCode": "CN", "SequenceNumeric": 1}],
            },
            "Consignment": [{"SequenceNumeric": 1, "TransportEquipment": containers}],
        }
    if kind in ("CTL", "DIS"):
        return {
            "ControlResult": {
                "ConclusionCode": "REL" if kind == "CTL" else "HLD",
                "GrossMassMeasure": {"value": "1550", "unitCode": "KGM"},
                "ImageReferenceID": "NII-20261124-0001",
                "SealCheck": [{"ConditionCode": "INT", "ID": "CNKS000001"}],
            }
        }
    return {"Consignment": [_imported(declared)]} if kind == "IMP" else {}


def _imported(declared: Tree) -> Tree:
    """A consignment as its import declaration has it."""
    kept = ("SequenceNumeric", "TotalGrossMassMeasure", "TotalPackageQuantity", "ValueAmount")
    number = declared["SequenceNumeric"]
    return {
        **{name: declared[name] for name in kept},
        "AdditionalDocument": [{"ID": f"41700101/241126/{number:07}", "TypeCode": "929"}],
        "ConsignmentItem": [
            {
                "SequenceNumeric": item["SequenceNumeric"],
                "ValueAmount": item["ValueAmount"],
                "Commodity": {"Classification": [{"ID": item["Commodity"]["Classification"][0]["ID"][:6]}]},
                "GoodsMeasure": item["GoodsMeasure"],
            }
            for item in declared["ConsignmentItem"]
        ],
        "TransportContractDocument": {"ID": declared["TransportContractDocument"]["ID"]},
    }


def as_tree(message: MetaData) -> Tree:
    """The message as a tree with the names of the wire."""
    return message.model_dump(mode="json", exclude_defaults=True)


def built(message: M, tree: Mapping[str, Any]) -> M:
    """A message of the same kind from a tree."""
    return type(message).model_validate(tree, by_alias=True, by_name=False)


def changed(message: M, changes: Mapping[str, Any]) -> M:
    """The message with other values at these JSON Pointers; a list takes a new last element at its length."""
    tree = copy.deepcopy(as_tree(message))
    for pointer, value in changes.items():
        holder, last = _holder(tree, pointer)
        if isinstance(holder, list) and int(last) == len(holder):
            holder.append(value)
        else:
            holder[int(last) if isinstance(holder, list) else last] = value
    return built(message, tree)


def without(message: M, *pointers: str) -> M:
    """The message without what stands at these JSON Pointers."""
    tree = copy.deepcopy(as_tree(message))
    for pointer in pointers:
        holder, last = _holder(tree, pointer)
        del holder[int(last) if isinstance(holder, list) else last]
    return built(message, tree)


def _holder(tree: Tree, pointer: str) -> tuple[Any, str]:
    """What holds the place of a pointer; classes on the way that are not there are made."""
    *way, last = pointer.split("/")[1:]
    holder: Any = tree
    for part in way:
        holder = holder[int(part)] if isinstance(holder, list) else holder.setdefault(part, {})
    return holder, last


def _envelope(kind: str, at: datetime, message_id: str, sender: str, recipient: str) -> Tree:
    return {
        "AgencyAssignedCustomizationCode": "ACD",
        "AgencyAssignedCustomizationVersionCode": "1",
        "ResponsibleCountryCode": sender[:2],
        "WCODataModelVersionCode": "3.6",
        "WCOTypeName": kind,
        "CommunicationMetaData": {
            "AgreementID": "kg-cn-road",
            "AgreementVersionID": "1",
            "ID": message_id,
            "PreparationDateTime": _moment(at, UTC),
            "Recipient": {"ID": recipient},
            "Sender": {"ID": sender},
        },
    }


def _moment(at: datetime, zone: Any) -> str:
    return write_date_time(at.astimezone(zone).replace(microsecond=0))


def _consignment(number: int, reference: str) -> Tree:
    """A consignment; the same waybill is in no other declaration."""
    container = _CONTAINERS[(number - 1) % len(_CONTAINERS)]
    return {
        "ContainerCode": "1",
        "GrossVolumeMeasure": {"value": "12.500", "unitCode": "MTQ"},
        "SequenceNumeric": number,
        "TotalGrossMassMeasure": {"value": "1550.000", "unitCode": "KGM"},
        "TotalPackageQuantity": {"value": "120", "unitCode": "CT"},
        "ValueAmount": {"value": "9300.00", "currencyID": "USD"},
        "AdditionalDocument": [{"ID": f"94032026000{number:07d}", "TypeCode": "830"}],
        "Consignee": {
            "ID": "02010200910141",
            "Name": "ОсОО «Ала-Тоо Импорт»",
            "Address": {"CityName": "Бишкек", "CountryCode": "KG", "Line": "пр. Чүй, 120"},
            "Communication": [{"ID": "+996312000000", "TypeCode": "TE"}],
        },
        "ConsignmentItem": [_item(1, number, container), _item(2, number, container)],
        "Consignor": {
            "ID": "91110000600037341L",
            "Name": "新疆丝路贸易有限公司",
            "Address": {"CityName": "乌鲁木齐", "CountryCode": "CN", "Line": "人民路 8 号"},
            "Communication": [{"ID": "+869910000000", "TypeCode": "TE"}],
        },
        "Destination": {"CountryCode": "KG"},
        "ExportCountry": {"ID": "CN"},
        "Freight": {"PaymentMethodCode": "A"},
        "LoadingLocation": {"ID": "CNKSS", "Name": "Kashgar"},
        "TransportContractDocument": {"ConditionCode": "27", "ID": f"CMR-{reference}-{number}", "TypeCode": "730"},
        "TransportEquipment": [
            {
                "AffixedSealQuantity": 1,
                "CharacteristicCode": "22G1",
                "FullnessCode": "5",
                "ID": container,
                "SequenceNumeric": 1,
                "TypeCode": "CN",
                "Seal": [{"ID": f"CNKS{number:06d}", "RoleCode": "CU", "SequenceNumeric": 1}],
            }
        ],
        "UCR": {"ID": f"6CN91110000-{number:06d}"},
        "UnloadingLocation": {"ID": "KGFRU", "Name": "Бишкек"},
    }


def _item(position: int, number: int, container: str) -> Tree:
    code, description, origin = _GOODS[(number * 2 + position) % len(_GOODS)]
    gross, net, packages, value = {1: ("1050.000", "1000.5", "80", "6200.00"), 2: ("500.000", "480", "40", "3100.00")}[
        position
    ]
    return {
        "SequenceNumeric": position,
        "ValueAmount": {"value": value, "currencyID": "USD"},
        "Commodity": {"Description": description, "Classification": [{"ID": code, "IdentificationTypeCode": "HS"}]},
        "GoodsMeasure": {
            "GrossMassMeasure": {"value": gross, "unitCode": "KGM"},
            "NetNetWeightMeasure": {"value": net, "unitCode": "KGM"},
        },
        "Origin": {"CountryCode": origin},
        "Packaging": [
            {
                "MarksNumbersID": f"ALATOO {number}-{position}",
                "QuantityQuantity": {"value": packages, "unitCode": "CT"},
                "SequenceNumeric": 1,
                "TypeCode": "CT",
            }
        ],
        "TransportEquipment": [{"ID": container}],
    }
