"""A Kyrgyz document at the beginning of its writing and of its reading, and which elements its forms have."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from adapters.kg.form import KNOWN, PREFIXES
from adapters.kit.xml_sheet import XmlSheet, xml_sheet
from adapters.kit.xml_source import XmlSource, xml_source


def sheet_of(root_tag: str) -> XmlSheet:
    """A document at the beginning of its writing."""
    return xml_sheet(root_tag, PREFIXES, _tags_in(root_tag))


def source_of(root: etree._Element) -> XmlSource:
    """A document at the beginning of its reading."""
    source = xml_source(root, _tags_in(str(root.tag)))
    source.attribute(root, "DocumentModeID")  # fixed by the form, so it says nothing
    return source


def _tags_in(root_tag: str) -> Callable[[str], str]:
    """How names are meant in a document: by their prefix, and without one in the namespace of the root."""
    namespace = root_tag.rpartition("}")[0].removeprefix("{")

    def tag(name: str) -> str:
        prefix, _, local = name.rpartition(":")
        return f"{{{PREFIXES[prefix] if prefix else namespace}}}{local}"

    return tag


def is_known(node: etree._Element) -> bool:
    """Whether the forms have such an element in such elements."""
    root = node.getroottree().getroot()
    namespaces = {*PREFIXES.values(), etree.QName(root).namespace}
    steps = [etree.QName(step) for step in (node, *node.iterancestors()) if step is not root]
    return all(step.localname in KNOWN and step.namespace in namespaces for step in steps)
