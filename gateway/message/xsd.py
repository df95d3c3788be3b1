"""The XML Schema of a message, written from the model.

One schema for each kind: a global element `MetaData`, a named complex type for each class, a named simple type for
each leaf in use. Each element carries its definition, its WCO ID, its format, its code list and how certain it is, in
the way national schemas on the WCO Data Model do. The schema accepts what the model accepts and nothing else; the
few exceptions are listed in `docs/divergences.md`.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from gateway.message.element import Qualified, WcoClass
from gateway.message.leaf import (
    DATE_TIME_PATTERN,
    TEXT_PATTERN,
    WORD_PATTERN,
    DateTime,
    Fixed,
    Indicator,
    Leaf,
    String,
    Whole,
)
from gateway.message.metadata import MetaData
from gateway.message.table import Element, elements

XS = "http://www.w3.org/2001/XMLSchema"
ANNOTATION = "urn:torugart:wcodm:annotation:1"
"""Namespace of what the schema says of an element beside its definition."""
SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_NOTICE = (
    "Element names and IDs follow the WCO Data Model as national schemas publish it (version 3.6); the definitions, "
    "the namespace and the choice of elements are this project's. The WCO does not issue or endorse this schema."
)


def xsd(kind: type[MetaData]) -> bytes:
    """The schema of a kind of message: XSD 1.0, UTF-8, the same bytes for the same model."""
    root = etree.Element(
        f"{{{XS}}}schema",
        nsmap={None: kind.namespace, "xs": XS, "form": ANNOTATION},
        targetNamespace=kind.namespace,
        elementFormDefault="qualified",
        attributeFormDefault="unqualified",
        version=kind.namespace.rpartition(":")[2],
    )
    _describe(root, f"{kind.document}: message of the common form. {_NOTICE}", {})
    message = _child(root, "element", name="MetaData", type=class_type(kind))
    _describe(message, _sentence(kind), {})
    classes = list(_classes(kind))
    for cls in classes:
        (_write_qualified if issubclass(cls, Qualified) else _write_class)(root, cls)
    leaves = {leaf_type(leaf): leaf for cls in classes for leaf in _leaves(cls)}
    for name in sorted(leaves):
        _write_leaf(root, name, leaves[name])
    etree.indent(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def class_type(cls: type[WcoClass]) -> str:
    """The name of a class's complex type: `ConsignmentType`, `MeasureType`."""
    return ("MetaData" if issubclass(cls, MetaData) else cls.__name__) + "Type"


def leaf_type(leaf: Leaf) -> str:
    """The name of a leaf's simple type: `ID35Type`, `Text512Type`, `CodeA2Type`, `Decimal16_6Type`."""
    if isinstance(leaf, DateTime):
        return "DateTimeType"
    if isinstance(leaf, Indicator):
        return "IndicatorType"
    if isinstance(leaf, Whole):
        return f"{'Positive' if leaf.low else 'Whole'}{leaf.digits}Type"
    if isinstance(leaf, Fixed):
        return f"Decimal{leaf.total}{f'_{leaf.fraction}' if leaf.fraction else ''}Type"
    kind = leaf.format.rstrip("0123456789.").upper().replace("AN", "")
    low, high = leaf.lengths
    return f"{leaf.representation}{kind}{f'{low}to' if kind and low != high else ''}{high}Type"


def leaf_pattern(leaf: Leaf) -> str:
    r"""The pattern of a leaf as XSD writes it, without anchors; "" where it has none.

    The characters that XML cannot carry need not be excluded here: no XML document has them. White space is spelt out,
    because some engines take the class `\s` for all of Unicode's.
    """
    if isinstance(leaf, Indicator):
        return ""
    if isinstance(leaf, Whole):
        digits = f"[1-9][0-9]{{0,{leaf.digits - 1}}}"
        return digits if leaf.low else f"0|{digits}"
    pattern = DATE_TIME_PATTERN if isinstance(leaf, DateTime) else leaf.pattern
    if pattern == TEXT_PATTERN:
        return r"[^ \t\n\r][\s\S]*"
    if pattern == WORD_PATTERN:
        return r"[^ \t\n\r]+( [^ \t\n\r]+)*"
    return pattern.removeprefix("^").removesuffix("$").replace("[+\\-]", "[\\-+]")


def _classes(cls: type[WcoClass], seen: set[type[WcoClass]] | None = None) -> Iterator[type[WcoClass]]:
    """A class and all below it, once each, in the order of their first use."""
    seen = set() if seen is None else seen
    if cls in seen:
        return
    seen.add(cls)
    yield cls
    for element in elements(cls):
        if element.child is not None:
            yield from _classes(element.child, seen)


def _leaves(cls: type[WcoClass]) -> Iterator[Leaf]:
    return (element.leaf for element in elements(cls) if element.leaf is not None)


def _write_class(root: etree._Element, cls: type[WcoClass]) -> None:
    holder = _child(root, "complexType", name=class_type(cls))
    _describe(holder, _sentence(cls), {"WCOID": cls.wco_class})
    sequence = _child(holder, "sequence")
    for element in elements(cls):
        name = class_type(element.child) if element.child is not None else leaf_type(_leaf(element))
        node = _child(sequence, "element", name=element.name, type=name)
        if not element.required:
            node.set("minOccurs", "0")
        if element.most > 1:
            node.set("maxOccurs", str(element.most))
        _describe(node, element.definition, _said(element))
    if issubclass(cls, MetaData):
        signature = _child(sequence, "any", namespace=SIGNATURE, processContents="skip", minOccurs="0")
        _describe(signature, "The sender's signature; checked and taken off before the message is read", {})


def _write_qualified(root: etree._Element, cls: type[WcoClass]) -> None:
    holder = _child(root, "complexType", name=class_type(cls))
    _describe(holder, _sentence(cls), {})
    value, *attributes = elements(cls)
    extension = _child(_child(holder, "simpleContent"), "extension", base=leaf_type(_leaf(value)))
    for element in attributes:
        use = "required" if element.required else "optional"
        node = _child(extension, "attribute", name=element.name, type=leaf_type(_leaf(element)), use=use)
        _describe(node, element.definition, _said(element))


def _write_leaf(root: etree._Element, name: str, leaf: Leaf) -> None:
    holder = _child(root, "simpleType", name=name)
    _describe(holder, _meaning(leaf), {"WCOFormat": leaf.format})
    restriction = _child(holder, "restriction", base=_base(leaf))
    if isinstance(leaf, Fixed):
        _child(restriction, "totalDigits", value=str(leaf.total))
        _child(restriction, "fractionDigits", value=str(leaf.fraction))
    elif isinstance(leaf, Whole):
        _child(restriction, "totalDigits", value=str(leaf.digits))
    elif not isinstance(leaf, DateTime | Indicator):
        low, high = leaf.lengths
        _child(restriction, "minLength", value=str(low))
        _child(restriction, "maxLength", value=str(high))
    if pattern := leaf_pattern(leaf):
        _child(restriction, "pattern", value=pattern)


def _base(leaf: Leaf) -> str:
    if isinstance(leaf, DateTime):
        return "xs:dateTime"
    if isinstance(leaf, Indicator):
        return "xs:boolean"
    if isinstance(leaf, Whole):
        return "xs:positiveInteger" if leaf.low else "xs:nonNegativeInteger"
    return "xs:decimal" if isinstance(leaf, Fixed) else "xs:string"


def _meaning(leaf: Leaf) -> str:
    """What a leaf may hold, for whoever reads the schema."""
    if isinstance(leaf, DateTime):
        return "Date and time with offset from UTC, to the second or the millisecond: 2026-11-23T14:05:00+06:00"
    if isinstance(leaf, Indicator):
        return "true or false"
    if isinstance(leaf, Whole):
        return f"Whole number from {leaf.low}, at most {leaf.digits} digits, no leading zeros"
    if isinstance(leaf, Fixed):
        after = f", of which {leaf.fraction} after the point" if leaf.fraction else ""
        return f"Decimal, not negative, at most {leaf.total} digits{after}; zeros at the end are kept"
    return _string_meaning(leaf)


def _string_meaning(leaf: String) -> str:
    low, high = leaf.lengths
    length = f"{high} characters" if low == high else f"{low} to {high} characters"
    kind = leaf.format.rstrip("0123456789.")
    if kind != "an":
        return f"Code of {'capital Latin letters' if kind == 'a' else 'digits'}, {length}"
    if leaf.representation == "Text":
        return f"Text in any language, {length}; not blank, no white space at its beginning"
    word = "Identifier" if leaf.representation == "ID" else "Code"
    return f"{word}, {length}; no white space but single spaces inside"


def _leaf(element: Element) -> Leaf:
    if element.leaf is None:
        raise TypeError(f"{element.name} is a class, not a leaf")
    return element.leaf


def _said(element: Element) -> dict[str, str]:
    return {
        "WCOID": element.wco_id,
        "WCOFormat": element.leaf.format if element.leaf is not None else "",
        "CodeList": element.codes,
        "Profile": element.profile,
        "Certainty": element.certainty,
    }


def _sentence(cls: type[WcoClass]) -> str:
    return " ".join((cls.__doc__ or "").split("\n\n")[0].split())


def _describe(node: etree._Element, definition: str, said: dict[str, str]) -> None:
    annotation = _child(node, "annotation")
    documentation = _child(annotation, "documentation")
    documentation.set(_XML + "lang", "en")
    documentation.text = definition
    if any(said.values()):
        appinfo = _child(annotation, "appinfo")
        for name, value in said.items():
            if value:
                etree.SubElement(appinfo, f"{{{ANNOTATION}}}{name}").text = value


def _child(node: etree._Element, tag: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(node, f"{{{XS}}}{tag}", attributes)
