"""The element table: each class of the common form as rows, read once from the model.

Everything that must know the form without being the form works from these rows: the XML codec, the published
schemas, `elements.csv`, the places of findings, the check of code lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import NoneType
from typing import Annotated, get_args, get_origin

from gateway.message.element import Qualified, WcoClass, facts
from gateway.message.leaf import Leaf


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a class.

    Attributes:
        attribute: Name in Python, `gross_mass_measure`.
        name: Name on the wire, `GrossMassMeasure`.
        leaf: How its value is written; of a qualified leaf, how the value proper is.
        child: The class inside; None for a plain leaf.
        wco_id: WCO element or class ID; "" where ours or not verified.
        codes: Code list, or "".
        definition: What it holds.
        most: How often it may be there.
        repeated: Whether it is an array in JSON.
        required: Whether the form cannot be read without it.
        mandatory: Whether the declaration's profile asks for it (rule ACD-MAN-01).
        unverified: Whether name or ID is unconfirmed.
    """

    attribute: str
    name: str
    leaf: Leaf | None
    child: type[WcoClass] | None
    wco_id: str
    codes: str
    definition: str
    most: int
    repeated: bool
    required: bool
    mandatory: bool
    unverified: bool

    @property
    def qualified(self) -> bool:
        """Whether it is a leaf with an attribute: measure, quantity, amount."""
        return self.child is not None and issubclass(self.child, Qualified)

    @property
    def profile(self) -> str:
        """How often the declaration's profile wants it: `1..1`, `0..1`, `1..999`."""
        return f"{int(self.mandatory)}..{self.most}"

    @property
    def form(self) -> str:
        """How often it may be there for the message to be readable."""
        return f"{int(self.required)}..{self.most}"

    @property
    def certainty(self) -> str:
        """`verified` in a published national schema, `unverified`, or `own`: this form's and not the WCO's."""
        return "unverified" if self.unverified else "verified" if self.wco_id else "own"


@cache
def elements(cls: type[WcoClass]) -> tuple[Element, ...]:
    """The rows of a class, in the order of the wire."""
    return tuple(_element(cls, attribute) for attribute in cls.model_fields)


def by_name(cls: type[WcoClass]) -> dict[str, Element]:
    """The rows of a class by their wire names."""
    return _by_name(cls)


@cache
def _by_name(cls: type[WcoClass]) -> dict[str, Element]:
    return {element.name: element for element in elements(cls)}


def _element(cls: type[WcoClass], attribute: str) -> Element:
    field = cls.model_fields[attribute]
    said = facts(field)
    leaf, child, repeated = _kind(field.annotation, tuple(field.metadata))
    if child is not None and issubclass(child, Qualified):
        leaf = _element(child, "value").leaf
    most = next((item.max_length for item in field.metadata if hasattr(item, "max_length")), 1) if repeated else 1
    return Element(
        attribute=attribute,
        name=field.alias or attribute,
        leaf=leaf,
        child=child,
        wco_id=str(said.get("x-wco-id", "")),
        codes=str(said.get("x-code-list", "")),
        definition=field.description or "",
        most=most,
        repeated=repeated,
        required=field.is_required(),
        mandatory=bool(said.get("x-mandatory")) or field.is_required(),
        unverified=bool(said.get("x-unverified")),
    )


def _kind(annotation: object, metadata: tuple[object, ...]) -> tuple[Leaf | None, type[WcoClass] | None, bool]:
    """Leaf kind, class and whether repeated, of an annotation such as `ID35 | None` or `tuple[Seal, ...]`."""
    for item in metadata:
        if isinstance(item, Leaf):
            return item, None, False
    if isinstance(annotation, type) and get_origin(annotation) is None and issubclass(annotation, WcoClass):
        return None, annotation, False
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(arguments[0], arguments[1:])
    inner = next(argument for argument in arguments if argument not in (NoneType, Ellipsis))
    leaf, child, _ = _kind(inner, ())
    return leaf, child, origin is tuple


def walk(cls: type[WcoClass]) -> Iterator[tuple[tuple[Element, ...], Element]]:
    """Every element below a class, depth first: the elements above it, and itself."""
    yield from _walk(cls, ())


def _walk(cls: type[WcoClass], above: tuple[Element, ...]) -> Iterator[tuple[tuple[Element, ...], Element]]:
    for element in elements(cls):
        yield above, element
        if element.child is not None and not element.qualified:
            yield from _walk(element.child, (*above, element))
