"""Rules about documents, amendments, versions and registration numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from gateway.message.declaration import Consignment, Declaration
from gateway.message.finding import Severity
from gateway.message.metadata import DeclarationMessage
from gateway.message.parts import AdditionalDocument, PreviousDocument
from gateway.message.place import leads_somewhere
from gateway.validation.identifiers import check_eaeu_registration
from gateway.validation.rule import Context, Hit, rule
from gateway.validation.walk import consignments, is_complete

EXPORT_DECLARATION = "830"
"""Goods declaration for exportation (UNTDID 1001)."""
_AMENDS = frozenset({"4", "5"})
_CHANGES = frozenset({"1", "4", "5"})
_EAEU = frozenset({"AM", "BY", "KG", "KZ", "RU"})
_VERSION = re.compile(r"[1-9][0-9]{0,8}")


@rule(
    "ACD-DOC-01",
    Severity.REJECT,
    "Each consignment cites its export declaration",
    source="Agreement of the EAEU and China of 6 June 2019; protocol of Russia and Azerbaijan on the e-manifest",
    about=DeclarationMessage,
)
def cites_export_declaration(message: DeclarationMessage, context: Context) -> Iterator[Hit]:
    """A document 830 with a number at the consignment, at one of its items or at the declaration; if agreed so."""
    declaration = message.declaration
    if not context.export_declaration or not is_complete(declaration):
        return
    if any(document.type_code == EXPORT_DECLARATION and document.id for document in declaration.additional_document):
        return
    for pointer, consignment in consignments(message):
        if not _has_export_declaration(consignment):
            yield Hit(f"{pointer}/AdditionalDocument")


def _has_export_declaration(consignment: Consignment) -> bool:
    cited: list[AdditionalDocument | PreviousDocument] = [*consignment.additional_document]
    for item in consignment.consignment_item:
        cited += (*item.additional_document, *item.previous_document)
    return any(document.type_code == EXPORT_DECLARATION and document.id for document in cited)


@rule(
    "ACD-DOC-02",
    Severity.HOLD,
    "The value of a consignment is the sum of the values that its items have in the export declaration",
    source="GACC announcement on the China-Mongolia manifest: price taken from the export declaration; "
    "within the tolerance of the agreement, by default none",
    about=DeclarationMessage,
)
def value_as_exported(message: DeclarationMessage, context: Context) -> Iterator[Hit]:
    """Where every item has a value in the currency of the consignment, their sum is its value; in a whole declaration.

    But for the percentage of that value which the agreement tolerates.
    """
    if not is_complete(message.declaration):
        return
    for pointer, consignment in consignments(message):
        total = consignment.value_amount
        if total is None or not consignment.consignment_item:
            continue
        values = [item.value_amount for item in consignment.consignment_item]
        same = [value.value for value in values if value is not None and value.currency_id == total.currency_id]
        margin = total.value * context.value_tolerance_percent / 100
        if len(same) == len(values) and abs((added := sum(same, Decimal(0))) - total.value) > margin:
            yield Hit(f"{pointer}/ValueAmount", format(total.value, "f"), {"sum": format(added, "f")})


@rule(
    "ACD-REF-02",
    Severity.REJECT,
    "What replaces, changes or cancels gives its reason",
    source="GACC road manifest: sixteen reasons for a change",
    about=DeclarationMessage,
)
def amendment_has_reason(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """A replacement, a change and a cancellation have an Amendment, and each Amendment a ChangeReasonCode."""
    declaration = message.declaration
    if declaration.function_code not in _CHANGES:
        return
    if not declaration.amendment:
        yield Hit("/Declaration/Amendment", "", {"function": declaration.function_code})
    for index, amendment in enumerate(declaration.amendment):
        if amendment.change_reason_code is None:
            pointer = f"/Declaration/Amendment/{index}/ChangeReasonCode"
            yield Hit(pointer, "", {"function": declaration.function_code})


@rule(
    "ACD-REF-04",
    Severity.WARN,
    "A registration number of the EAEU is country, date and nine characters",
    source="EAEU road preliminary information, schema of format album 5.23.0",
    about=DeclarationMessage,
)
def registration_number_of_eaeu(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """Declaration/ID where it begins with the code of a member state; other countries number otherwise."""
    number = message.declaration.id
    if number is not None and number[:2] in _EAEU and check_eaeu_registration(number) is not None:
        yield Hit("/Declaration/ID", number)


@rule(
    "ACD-REF-07",
    Severity.WARN,
    "Only a declaration that changes another gives reasons of change",
    source="WCO Data Model, Amendment (06A) belongs to function codes 1, 4 and 5",
    about=DeclarationMessage,
)
def original_amends_nothing(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """No Amendment with another function code than cancellation, change and replacement."""
    declaration = message.declaration
    if declaration.amendment and declaration.function_code not in _CHANGES:
        yield Hit("/Declaration/Amendment", "", {"function": declaration.function_code})


@rule(
    "ACD-REF-08",
    Severity.REJECT,
    "The version is a whole number: 1 for the original, more for what replaces or changes it",
    source="project decision, so that the order of versions is never in doubt",
    about=DeclarationMessage,
)
def version_counts(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """VersionID, where it is given."""
    declaration = message.declaration
    version = declaration.version_id
    if version is not None and not _is_version_for(declaration, version):
        yield Hit("/Declaration/VersionID", version, {"function": declaration.function_code})


def _is_version_for(declaration: Declaration, version: str) -> bool:
    if not _VERSION.fullmatch(version):
        return False
    if declaration.function_code == "9":
        return version == "1"
    return declaration.function_code not in _AMENDS or version != "1"


@rule(
    "ACD-REF-12",
    Severity.REJECT,
    "A change in part says where it changes",
    source="WCO Data Model, Amendment (06A) with its Pointer (97A)",
    about=DeclarationMessage,
)
def change_has_pointers(message: DeclarationMessage, _: Context) -> Iterator[Hit]:
    """FunctionCode 4: each Amendment has a chain of pointers, and each leads to a place of the form."""
    declaration = message.declaration
    if declaration.function_code != "4":
        return
    for index, amendment in enumerate(declaration.amendment):
        above = f"/Declaration/Amendment/{index}/Pointer"
        if not amendment.pointer:
            yield Hit(above, "")
        elif not leads_somewhere(amendment.pointer, DeclarationMessage):
            shown = " ".join(f"{step.document_section_code or ''}{step.tag_id or ''}" for step in amendment.pointer)
            yield Hit(above, shown)


RULES = (
    cites_export_declaration,
    value_as_exported,
    amendment_has_reason,
    registration_number_of_eaeu,
    original_amends_nothing,
    version_counts,
    change_has_pointers,
)
