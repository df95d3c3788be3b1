"""Rules about the goods: codes, descriptions, dangerous, controlled and personal goods.

Statements about goods travel as AdditionalInformation/StatementCode. The codes are this project's:
`PGD` personal goods; `CK1Y` … `CK5Y` and `CK1N` … `CK5N`: a controlled kind is there, or is not (1 stores, 2 drugs,
3 dangerous goods, 4 spare parts, 5 weapons).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from gateway.message.declaration import Classification, Consignment, ConsignmentItem
from gateway.message.finding import Severity
from gateway.message.metadata import DeclarationMessage
from gateway.validation.codelists import is_code
from gateway.validation.identifiers import HS_LENGTHS
from gateway.validation.rule import Context, Hit, rule
from gateway.validation.walk import consignments, is_complete, items

PERSONAL_GOODS = "PGD"
_CONTROLLED_KINDS = "12345"
_DANGEROUS = "3"
_HS = re.compile(r"[0-9]{6,13}")
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_SAY_NOTHING = frozenset(
    {
        "goods", "cargo", "general cargo", "freight", "merchandise", "various goods", "consolidated cargo",
        "товар", "товары", "груз", "грузы", "сборный груз", "прочие товары", "жүк", "товарлар",
        "货物", "商品", "杂货", "百货", "日用品", "日用百货", "其他", "其他货物",
    }
)  # fmt: skip


def _classifications(item: ConsignmentItem) -> tuple[Classification, ...]:
    return item.commodity.classification if item.commodity is not None else ()


def _of_harmonised_system(classification: Classification) -> bool:
    """Whether a code is of the Harmonized System or of a nomenclature built on it; that is so unless it says other."""
    return classification.identification_type_code in (None, "HS")


@rule(
    "ACD-GDS-01",
    Severity.REJECT,
    "Goods are classified by at least six digits of the Harmonized System",
    source="first element that China adjusted for the manifest exchange with Mongolia; HS Convention",
    about=DeclarationMessage,
)
def classified_by_six_digits(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """Each code of the Harmonized System has six to thirteen digits, and each item of a whole declaration such a one.

    Dangerous goods may be known by their UN number alone: some manifests have one place for either (ACD-GDS-08).
    """
    asked = is_complete(message.declaration)
    for pointer, item in items(message):
        codes = _classifications(item)
        fits = not asked and not codes
        for index, code in enumerate(codes):
            if _of_harmonised_system(code):
                fits = True
                if not _HS.fullmatch(code.id):
                    yield Hit(f"{pointer}/Commodity/Classification/{index}/ID", code.id)
        if not fits and item.commodity is not None and (codes or not item.commodity.dangerous_goods):
            yield Hit(f"{pointer}/Commodity/Classification")


@rule(
    "ACD-GDS-02",
    Severity.WARN,
    "The description tells what the goods are",
    source="EAEU road preliminary information: description by which the goods can be identified",
    about=DeclarationMessage,
)
def described_in_words(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """At least three letters (an ideograph counts as two), and more than a word for goods as such."""
    for pointer, item in items(message):
        commodity = item.commodity
        if commodity is None:
            continue
        for name, text in (
            ("CargoDescription", commodity.cargo_description),
            ("Description", commodity.description),
        ):
            if text is not None and (text.strip(" .,;").lower() in _SAY_NOTHING or _letters(text) < 3):
                yield Hit(f"{pointer}/Commodity/{name}", text)


def _letters(text: str) -> int:
    if len(text) > 2 and text[:3].isalpha():
        return 3  # nearly every description begins with a word: no need to count
    return sum(map(str.isalpha, text)) + len(_IDEOGRAPH.findall(text))


@rule(
    "ACD-GDS-03",
    Severity.WARN,
    "A goods code is as long as in the nomenclature of one of the two countries",
    source="EAEU: schema of format album 5.23.0; other countries: background knowledge",
    about=DeclarationMessage,
)
def code_of_national_length(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """Length of a code against the nomenclatures of the countries of dispatch and destination."""
    for above, consignment in consignments(message):
        lengths = _lengths(consignment)
        if not lengths:
            continue
        for number, item in enumerate(consignment.consignment_item):
            for index, code in enumerate(_classifications(item)):
                if _of_harmonised_system(code) and _HS.fullmatch(code.id) and len(code.id) not in lengths:
                    pointer = f"{above}/ConsignmentItem/{number}/Commodity/Classification/{index}/ID"
                    yield Hit(pointer, code.id, {"lengths": ", ".join(map(str, sorted(lengths)))})


def _lengths(consignment: Consignment) -> frozenset[int]:
    dispatch, destination = consignment.export_country, consignment.destination
    if dispatch is None or destination is None:
        return frozenset()
    return _lengths_in(dispatch.id or "", destination.country_code or "")


@lru_cache(maxsize=256)
def _lengths_in(dispatch: str, destination: str) -> frozenset[int]:
    """Lengths in both countries; none where one of them is not known, for then any length could be right."""
    known = [HS_LENGTHS.get(country) for country in (dispatch, destination)]
    return frozenset(length for lengths in known for length in lengths or ()) if all(known) else frozenset()


@rule(
    "ACD-GDS-04",
    Severity.REJECT,
    "A consignment with dangerous goods names an emergency contact",
    source="Chinese road manifest: UNDGContact beside the UN number",
    about=DeclarationMessage,
)
def dangerous_goods_have_contact(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """Name and at least one number of a contact in every consignment that has UN numbers; in a whole declaration."""
    if not is_complete(message.declaration):
        return
    for pointer, consignment in consignments(message):
        number = next(
            (
                goods.undgid or ""
                for item in consignment.consignment_item
                if item.commodity is not None
                for goods in item.commodity.dangerous_goods
            ),
            None,
        )
        if number is None:
            continue
        contact = consignment.undg_contact
        if contact is None or contact.name is None:
            yield Hit(f"{pointer}/UNDGContact/Name", "", {"number": number})
        if contact is None or not contact.communication:
            yield Hit(f"{pointer}/UNDGContact/Communication", "", {"number": number})


@rule(
    "ACD-GDS-05",
    Severity.REJECT,
    "Personal goods are not exchanged",
    source="Agreement of the EAEU and China of 6 June 2019: goods for personal use excluded",
    about=DeclarationMessage,
)
def no_personal_goods(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """No consignment and no item is marked as personal goods."""
    for pointer, consignment in consignments(message):
        for index, statement in enumerate(consignment.additional_information):
            if statement.statement_code == PERSONAL_GOODS:
                yield Hit(f"{pointer}/AdditionalInformation/{index}/StatementCode", PERSONAL_GOODS)
    for pointer, item in items(message):
        for index, statement in enumerate(item.additional_information):
            if statement.statement_code == PERSONAL_GOODS:
                yield Hit(f"{pointer}/AdditionalInformation/{index}/StatementCode", PERSONAL_GOODS)


@rule(
    "ACD-GDS-06",
    Severity.WARN,
    "Controlled kinds of goods are stated completely and without contradiction",
    source="EAEU road preliminary information, schema of format album 5.23.0: controlled items, kinds 1 to 5",
    about=DeclarationMessage,
)
def controlled_kinds_stated(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """Where a whole one states one kind it states all five, each once; no danger is denied beside a UN number."""
    above = "/Declaration/AdditionalInformation"
    stated: dict[str, str] = {}
    for index, statement in enumerate(message.declaration.additional_information):
        code = statement.statement_code or ""
        if len(code) != 4 or not code.startswith("CK") or code[2] not in _CONTROLLED_KINDS or code[3] not in "YN":
            continue
        kind, answer = code[2], code[3]
        if stated.setdefault(kind, answer) != answer:
            yield Hit(f"{above}/{index}/StatementCode", code, {"kind": kind})
        if kind == _DANGEROUS and answer == "N" and _has_dangerous_goods(message):
            yield Hit(f"{above}/{index}/StatementCode", code, {"kind": kind})
    if stated and is_complete(message.declaration):
        missing = [kind for kind in _CONTROLLED_KINDS if kind not in stated]
        if missing:
            yield Hit(above, "", {"kind": ", ".join(missing)})


def _has_dangerous_goods(message: DeclarationMessage) -> bool:
    return any(item.commodity is not None and item.commodity.dangerous_goods for _, item in items(message))


@rule(
    "ACD-GDS-07",
    Severity.WARN,
    "The first six digits are a subheading of the Harmonized System 2022",
    source="WCO, Harmonized System, 2022 edition",
    about=DeclarationMessage,
)
def subheading_exists(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """A warning, for a country may still use an older edition."""
    for pointer, item in items(message):
        for index, code in enumerate(_classifications(item)):
            if _of_harmonised_system(code) and _HS.fullmatch(code.id) and not is_code("hs6", code.id[:6]):
                pointed = f"{pointer}/Commodity/Classification/{index}/ID"
                yield Hit(pointed, code.id, {"subheading": code.id[:6]})


@rule(
    "ACD-GDS-08",
    Severity.WARN,
    "Dangerous goods are classified as well",
    source="project decision: a UN number says the danger, not the tariff heading",
    about=DeclarationMessage,
)
def dangerous_goods_classified(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """A warning, for some manifests have one place for either code; about a whole declaration."""
    if not is_complete(message.declaration):
        return
    for pointer, item in items(message):
        if item.commodity is not None and item.commodity.dangerous_goods and not item.commodity.classification:
            yield Hit(f"{pointer}/Commodity/Classification")


RULES = (
    classified_by_six_digits,
    described_in_words,
    code_of_national_length,
    dangerous_goods_have_contact,
    no_personal_goods,
    controlled_kinds_stated,
    subheading_exists,
    dangerous_goods_classified,
)
