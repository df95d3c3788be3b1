"""The Uzbek form *dastlabki maʼlumot* (DM), row by row, and what names a document.

Plausible throughout: this project's own form in the vocabulary of the country (`docs/national-wires.md`, Uzbekistan).
The rows below are its definition for the reader, for the writer and for the places of faults; `schema/DM.schema.json`
says the same to others, and a test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

import orjson

from adapters.kit import identifier
from adapters.kit.measure import KILOGRAMS
from adapters.uz.codes import (
    ACTIONS,
    CUBIC_METRES,
    EMPTY_VEHICLE,
    FULLNESS,
    IN_CONTAINERS,
    KINDS,
    MODES,
    SEALERS,
)
from adapters.uz.kinds import COUNT, MOMENT, TEXT, WHOLE, WORD, coded, measured, paired
from adapters.uz.name import join_name, split_name
from adapters.uz.rows import AnyRow, Row, Several, Unread, many, part
from gateway.message.element import WcoClass
from gateway.message.parts import Amount, Measure, Quantity

ADVANCE, NOTICE, EVENT = "DM", "XN", "CV"
"""`shakl`: advance information, notice, border event."""
VERSION = "1.0"
COUNTRY = "UZ"
LONGEST_ID = 64

REGISTRATION = re.compile(r"[0-9]{5}/[0-9]{8}/[0-9]{7}")
"""A registration number of Uzbekistan: office, day, number of the year, `86001/23112026/0000417`."""
OFFICE = re.compile(r"[0-9]{5}")
"""An Uzbek customs office. Background knowledge: five digits."""

_STIR, _PINFL = re.compile(r"[0-9]{9}"), re.compile(r"[0-9]{14}")


message_id = partial(identifier.message_id, COUNTRY)
own_message_id = partial(identifier.own_message_id, COUNTRY)


def short_reference(document_id: str) -> str:
    """A document identifier in at most 35 characters: a UUID loses its hyphens, a longer one is hashed."""
    short = identifier.short_reference(document_id)
    return short if len(short) <= 35 else message_id(document_id).replace("-", "")


def bytes_of(tree: Mapping[str, Any]) -> bytes:
    """A document: UTF-8, indented for people; what is not there is absent."""
    there = {name: value for name, value in tree.items() if value is not None}
    return orjson.dumps(there, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _numbered(owner: WcoClass, number: str) -> Mapping[str, str]:
    """Uzbek numbers by their shape, where the party is known to be Uzbek; every other number is a foreign one."""
    address = getattr(owner, "address", None)
    if address is not None and address.country_code == COUNTRY:
        if _STIR.fullmatch(number):
            return {"stir": number}
        if _PINFL.fullmatch(number):
            return {"pinfl": number}
    return {"chetRaqam": number}


def _first(strings: Mapping[str, str]) -> str:
    return next(iter(strings.values()))


_NUMBER = Several(("stir", "pinfl", "chetRaqam"), "id", _first, _numbered, alone=True)
KILOS = measured("KGM", KILOGRAMS)
_M3 = measured("MTQ", CUBIC_METRES)
MONEY = paired(Amount, "miqdor", "valyuta")
PACKAGES = paired(Quantity, "soni", "turi")
_IN_UNITS = paired(Measure, "miqdor", "birlik")
_FLAG_CONTAINERS = coded(IN_CONTAINERS)

ADDRESS: tuple[AnyRow, ...] = (
    Row("mamlakat", "country_code", WORD),
    Row("viloyat", "country_sub_division_name", TEXT),
    Row("viloyatKodi", "country_sub_division_code", WORD),
    Row("shahar", "city_name", TEXT),
    Row("kocha", "line", TEXT),
    Row("indeks", "postcode_id", WORD),
)
CHANNELS: tuple[AnyRow, ...] = (Row("tur", "type_code", WORD), Row("qiymat", "id", WORD))
PERSON: tuple[AnyRow, ...] = (Row("fio", "name", TEXT), Row("aloqa", "communication", many(CHANNELS)))
NOTIFIED: tuple[AnyRow, ...] = (
    _NUMBER,
    Row("nomi", "name", TEXT),
    Unread("nomiLotin"),
    Unread("nomiKirill"),
    Row("manzil", "address", part(ADDRESS)),
    Row("aloqa", "communication", many(CHANNELS)),
)
CARRIER: tuple[AnyRow, ...] = (*NOTIFIED, Unread("masul"))
PARTY: tuple[AnyRow, ...] = (*NOTIFIED, Row("masul", "contact", part(PERSON)))
PLACE: tuple[AnyRow, ...] = (
    Row("kod", "id", WORD),
    Row("nomi", "name", TEXT),
    Row("manzil", "address", part(ADDRESS)),
)
DOCUMENT: tuple[AnyRow, ...] = (
    Row("turi", "type_code", WORD),
    Row("toifa", "category_code", WORD),
    Row("raqam", "id", WORD),
)
REMARK: tuple[AnyRow, ...] = (
    Row("mavzu", "statement_type_code", WORD),
    Row("kod", "statement_code", WORD),
    Row("matn", "statement_description", TEXT),
)
WAY: tuple[AnyRow, ...] = (
    Row("tartib", "sequence_numeric", WHOLE),
    Row("mamlakat", "routing_country_code", WORD),
    Row("joy", "id", WORD),
)
SEAL: tuple[AnyRow, ...] = (
    Row("tartib", "sequence_numeric", WHOLE),
    Row("raqam", "id", WORD),
    Row("kim", "role_code", coded(SEALERS)),
    Unread("turi"),
    Unread("tanOlingan"),
)
EQUIPMENT: tuple[AnyRow, ...] = (
    Row("tartib", "sequence_numeric", WHOLE),
    Row("raqam", "id", WORD),
    Row("mamlakat", "registration_nationality_code", WORD),
    Row("turi", "type_code", WORD),
    Row("olcham", "characteristic_code", WORD),
    Row("toldirilgan", "fullness_code", coded(FULLNESS, others=True)),
    Row("taraKg", "tare_weight_measure", KILOS),
    Row("plombaSoni", "affixed_seal_quantity", WHOLE),
    Row("plombalar", "seal", many(SEAL)),
)
PROCEDURE: tuple[AnyRow, ...] = (
    Row("tartibot", "government_procedure/current_code", WORD),
    Row("oldingiTartibot", "government_procedure/previous_code", WORD),
    Row("ubr", "ucr/id", WORD),
    Row("savdoRaqami", "ucr/trader_assigned_reference_id", WORD),
)
PACKING: tuple[AnyRow, ...] = (
    Row("tartib", "sequence_numeric", WHOLE),
    Row("turi", "type_code", WORD),
    Row("soni", "quantity_quantity", COUNT),
    Row("belgi", "marks_numbers_id", TEXT),
    Row("material", "packing_material_description", TEXT),
)
GOODS: tuple[AnyRow, ...] = (
    Row("tartib", "sequence_numeric", WHOLE),
    Row("tnKod", "commodity/classification/0/id", WORD),
    Row("tnTasnifi", "commodity/classification/0/identification_type_code", WORD),
    Row("tavsif", "commodity/description", TEXT),
    Row("savdoNomi", "commodity/cargo_description", TEXT),
    Row("bruttoKg", "goods_measure/gross_mass_measure", KILOS),
    Row("nettoKg", "goods_measure/net_net_weight_measure", KILOS),
    Row("qoshimcha", "goods_measure/tariff_quantity", _IN_UNITS),
    Row("qiymat", "value_amount", MONEY),
    Row("kelibChiqish", "origin/country_code", WORD),
    Row("oramlar", "packaging", many(PACKING)),
    Row("xavfli", "commodity/dangerous_goods", many((Row("bmt", "undgid", WORD),))),
    *PROCEDURE,
    Row("hujjatlar", "additional_document", many(DOCUMENT)),
    Row("izohlar", "additional_information", many(REMARK)),
    Row(
        "oldingiHujjatlar",
        "previous_document",
        many((Row("turi", "type_code", WORD), Row("raqam", "id", WORD), Row("satr", "line_numeric", WHOLE))),
    ),
    Row("konteynerlar", "transport_equipment", many(EQUIPMENT)),
)
CONSIGNMENT: tuple[AnyRow, ...] = (
    Row("tartib", "sequence_numeric", WHOLE),
    Row("bruttoKg", "total_gross_mass_measure", KILOS),
    Row("hajmM3", "gross_volume_measure", _M3),
    Row("jami", "total_package_quantity", PACKAGES),
    Row("qiymat", "value_amount", MONEY),
    Row("konteynerda", "container_code", _FLAG_CONTAINERS),
    Row("jonatishMamlakati", "export_country/id", WORD),
    Row("manzilMamlakati", "destination/country_code", WORD),
    Row(
        "transportHujjati",
        "transport_contract_document",
        part((Row("turi", "type_code", WORD), Row("raqam", "id", WORD), Row("shart", "condition_code", WORD))),
    ),
    Row("yuboruvchi", "consignor", part(PARTY)),
    Row("oluvchi", "consignee", part(PARTY)),
    Row("xabarOluvchi", "notify_party", part(NOTIFIED)),
    Row("yuklashJoyi", "loading_location", part((*PLACE, Row("vaqt", "loading_date_time", MOMENT)))),
    Row("tushirishJoyi", "unloading_location", part((*PLACE, Row("vaqt", "arrival_date_time", MOMENT)))),
    Row("yetkazishJoyi", "goods_receipt_place", part(PLACE)),
    Row("tranzitBoshi", "transit_departure/id", WORD),
    Row("tranzitOxiri", "transit_destination/id", WORD),
    *PROCEDURE,
    Row("tolovUsuli", "freight/payment_method_code", WORD),
    Row("marshrut", "itinerary", many(WAY)),
    Row("hujjatlar", "additional_document", many(DOCUMENT)),
    Row("izohlar", "additional_information", many(REMARK)),
    Row("konteynerlar", "transport_equipment", many(EQUIPMENT)),
    Row(
        "vagonlar",
        "passive_transport_means",
        many(
            (
                Row("raqam", "id", WORD),
                Row("raqamTuri", "identification_type_code", WORD),
                Row("mamlakat", "registration_nationality_code", WORD),
            )
        ),
    ),
    Row("xavfliAloqa", "undg_contact", part(PERSON)),
    Row("tovarlar", "consignment_item", many(GOODS)),
)
DRIVER: tuple[AnyRow, ...] = (
    Several(("familiya", "ism", "otasiningIsmi", "fio"), "name", join_name, split_name),
    Row("hujjatRaqami", "id", WORD),
    Row("vazifa", "role_code", WORD),
)
TRANSPORT: tuple[AnyRow, ...] = (
    Row("turi", "mode_code", coded(MODES)),
    Row("davlatRaqami", "id", WORD),
    Row("raqamTuri", "identification_type_code", WORD),
    Row("mamlakat", "registration_nationality_code", WORD),
    Row("vositaTuri", "type_code", WORD),
    Row("nomi", "name", TEXT),
    Row("reysRaqami", "journey_id", WORD),
    Row("jonash", "departure_date_time", MOMENT),
    Row("kelish", "arrival_date_time", MOMENT),
    Row("birinchiJoy", "first_arrival_location_id", WORD),
    Row("marshrut", "itinerary", many(WAY)),
    Row("haydovchilar", "master", many(DRIVER)),
    Row("plombalar", "seal", many(SEAL)),
    Row("tirkamalar", "transport_equipment", many(EQUIPMENT)),
)
GUARANTEE: tuple[AnyRow, ...] = (
    Row("turi", "security_details_code", WORD),
    Row("raqam", "reference_id", WORD),
    Row("hujjatRaqami", "id", WORD),
    Row("summa", "amount_amount", MONEY),
    Row("post", "guarantee_office/id", WORD),
    Row("kafil", "surety", part((_NUMBER, Row("nomi", "name", TEXT)))),
)
HEAD: tuple[AnyRow, ...] = (
    Row("hujjatSanasi", "issue_date_time", MOMENT),
    Row("amal", "function_code", coded(ACTIONS, rule="UZ-003")),
    Row("jonatuvchiRaqami", "functional_reference_id", WORD),
    Row("royxatRaqami", "id", WORD),
    Row("royxatSanasi", "acceptance_date_time", MOMENT),
    Row("talqin", "version_id", WORD),
    Row("sabablar", "amendment", many((Row("kod", "change_reason_code", WORD), Unread("joy")))),
    Row("tur", "type_code", coded(KINDS)),
    Row("rasmiylashtirishPosti", "declaration_office_id", WORD),
    Row("chiqishPosti", "exit_office/id", WORD),
    Row("kirishPosti", "entry_office/id", WORD),
    Row("taqdimPosti", "presentation_office/id", WORD),
    Row("boshTransport", "specific_circumstances_code_code", coded(EMPTY_VEHICLE)),
    Row("guruhRaqami", "batch_id", WORD),
    Row("guruhTransportSoni", "batch_vehicle_quantity", WHOLE),
    Row("jamiBruttoKg", "total_gross_mass_measure", KILOS),
    Row("jamiJoylar", "total_package_quantity", PACKAGES),
    Row("jamiTovarlar", "goods_item_quantity", WHOLE),
)
DECLARATION: tuple[AnyRow, ...] = (
    *HEAD,
    Row("transport", "border_transport_means", part(TRANSPORT)),
    Row("tashuvchi", "carrier", part(CARRIER)),
    Row("deklarant", "declarant", part(PARTY)),
    Row(
        "taqdimEtuvchi",
        "submitter",
        part((_NUMBER, Row("nomi", "name", TEXT), Row("vazifasi", "role_code", WORD))),
    ),
    Row("vakil", "representative_person/name", TEXT),
    Row("kafolatlar", "obligation_guarantee", many(GUARANTEE)),
    Row("hujjatlar", "additional_document", many(DOCUMENT)),
    Row("izohlar", "additional_information", many(REMARK)),
    Row("yuklar", "consignment", many(CONSIGNMENT)),
)
"""The whole form below its first names (`shakl` to `hujjatId`, the two countries), which belong to the envelope."""
