"""How an element of the common form is declared, and what every class of it shares.

A class of the WCO Data Model is a frozen Pydantic class; its attributes are the WCO names in snake_case, its wire
names are the WCO's own (`gross_mass_measure` is `GrossMassMeasure` in XML and in JSON). Inside a class the leaves
come before the classes, each group in the order of its wire names: the order of the XML sequence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

_WORDS = {"id": "ID", "ucr": "UCR", "aeo": "AEO", "undg": "UNDG", "undgid": "UNDGID", "wco": "WCO"}


def wire_name(attribute: str) -> str:
    """The WCO name of an attribute: `declaration_office_id` is `DeclarationOfficeID`."""
    return "".join(_WORDS.get(word, word[:1].upper() + word[1:]) for word in attribute.split("_"))


class WcoClass(BaseModel):
    """A class of the common form."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=wire_name,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        use_attribute_docstrings=False,
    )
    wco_class: ClassVar[str] = ""
    """WCO class ID; empty where the class is ours or its ID is not verified."""


class Qualified(WcoClass):
    """A leaf with an attribute: in XML the text and the attribute of one element, in JSON an object.

    The attributes keep the UN/CEFACT names `unitCode` and `currencyID`.
    """

    model_config = ConfigDict(alias_generator=lambda attribute: attribute[:1] + wire_name(attribute)[1:])


def required(wco_id: str, definition: str, codes: str = "", *, unverified: bool = False) -> Any:
    """An element without which the message cannot be read at all."""
    return Field(..., description=definition, json_schema_extra=_facts(wco_id, codes, False, unverified))


def optional(
    wco_id: str, definition: str, codes: str = "", *, mandatory: bool = False, unverified: bool = False
) -> Any:
    """An element that the form leaves open.

    Args:
        wco_id: WCO element or class ID; empty for ours.
        definition: What it holds, in a sentence, with unit or format.
        codes: Name of the code list (`gateway.validation.codelists`).
        mandatory: The declaration's profile asks for it (rule ACD-MAN-01), though the form could be read without.
        unverified: The name or the ID is not confirmed by a published WCO source.
    """
    return Field(None, description=definition, json_schema_extra=_facts(wco_id, codes, mandatory, unverified))


def repeated(wco_id: str, definition: str, *, most: int, mandatory: bool = False, unverified: bool = False) -> Any:
    """A class that may be there up to `most` times; always an array in JSON."""
    return Field(
        (),
        max_length=most,
        description=definition,
        json_schema_extra=_facts(wco_id, "", mandatory, unverified),
    )


def _facts(wco_id: str, codes: str, mandatory: bool, unverified: bool) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if wco_id:
        facts["x-wco-id"] = wco_id
    if codes:
        facts["x-code-list"] = codes
    if mandatory:
        facts["x-mandatory"] = True
    if unverified:
        facts["x-unverified"] = True
    return facts


def facts(field: Any) -> Mapping[str, Any]:
    """What `required`, `optional` or `repeated` said of a field."""
    extra = field.json_schema_extra
    return extra if isinstance(extra, dict) else {}
