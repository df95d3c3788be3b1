"""The published contract of the messages, written from the model.

For each kind of message: XML Schema, JSON Schema, the element table and examples in both twins. The files are committed
so that nobody needs this program to read them; `stale` says which no longer are what the model makes. What changed
from one edition to the next is told by hand in `CHANGES.md`, which is begun here and never overwritten.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from gateway.message.element import Qualified
from gateway.message.examples import examples
from gateway.message.json_schema import json_schema_text
from gateway.message.json_twin import write_json
from gateway.message.leaf import DateTime, Indicator, Leaf, String, Whole
from gateway.message.metadata import KINDS, MetaData
from gateway.message.table import Element, elements, walk
from gateway.message.xml_twin import write_xml
from gateway.message.xsd import xsd

COLUMNS = (
    "path",
    "wco_id",
    "name",
    "format",
    "representation",
    "profile_cardinality",
    "form_cardinality",
    "code_list",
    "definition",
    "certainty",
)
TABLE_BEGINS = "<!-- table of elements: written by gateway.message.publish -->"
TABLE_ENDS = "<!-- end of table -->"


def build(directory: Path) -> list[Path]:
    """Write the published files of every kind of message below a directory (`schemas/`); returns what changed."""
    written = []
    for path, content in _files(directory):
        if path.name == "CHANGES.md" and path.exists():
            continue
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            written.append(path)
    return written


def stale(directory: Path) -> list[Path]:
    """The published files that are missing, differ from the model, or belong to no example any more."""
    due = dict(_files(directory))
    wrong = [
        path
        for path, content in due.items()
        if not path.exists() or (path.name != "CHANGES.md" and path.read_bytes() != content)
    ]
    kept = [path for kind in KINDS for path in sorted(_folder(directory, kind).rglob("*")) if path.is_file()]
    return wrong + [path for path in kept if path not in due]


def unconfirmed() -> list[tuple[str, Element]]:
    """Each element that no published WCO source confirms or that is ours, once, as `Class/Element`, in order."""
    found: dict[str, Element] = {}
    for kind in KINDS.values():
        for above, element in walk(kind):
            if element.certainty != "verified":
                found.setdefault(f"{above[-1].name if above else 'MetaData'}/{element.name}", element)
    return list(found.items())


def unconfirmed_table() -> str:
    """`unconfirmed` as a Markdown table, for `docs/divergences.md`."""
    words = {"unverified": "name or ID not confirmed", "own": "ours"}
    rows = [
        f"| {place} | {element.leaf.format if element.leaf else 'class'} | {words[element.certainty]} "
        f"| {element.definition} |"
        for place, element in unconfirmed()
    ]
    return "\n".join(["| Element | Format | Certainty | Definition |", "|---|---|---|---|", *rows])


def with_table(page: str) -> str:
    """A page with the table between its two marks written anew.

    Raises:
        ValueError: The page has no marks.
    """
    before, _, rest = page.partition(TABLE_BEGINS)
    _, mark, after = rest.partition(TABLE_ENDS)
    if not mark:
        raise ValueError(f"The page has no place for the table: {TABLE_BEGINS} ... {TABLE_ENDS}")
    return f"{before}{TABLE_BEGINS}\n\n{unconfirmed_table()}\n\n{TABLE_ENDS}{after}"


def _folder(directory: Path, kind: str) -> Path:
    return directory / kind / f"v{KINDS[kind].namespace.rpartition(':')[2]}"


def _files(directory: Path) -> Iterator[tuple[Path, bytes]]:
    for kind, cls in KINDS.items():
        folder = _folder(directory, kind)
        yield folder / f"{kind}.xsd", xsd(cls)
        yield folder / f"{kind}.schema.json", json_schema_text(cls)
        yield folder / "elements.csv", elements_csv(cls)
        yield folder / "CHANGES.md", _first_edition(cls)
        for name, message in examples(kind).items():
            yield folder / "examples" / f"{name}.xml", write_xml(message)
            yield folder / "examples" / f"{name}.json", write_json(message)


def elements_csv(kind: type[MetaData]) -> bytes:
    """The element table of a kind of message: UTF-8, LF, a row for each element and attribute, in the form's order."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    for above, element in walk(kind):
        path = "/".join(("/MetaData", *(step.name for step in above), element.name))
        table.writerow(_row(path, element, element.certainty))
        if element.qualified and element.child is not None:
            for attribute in elements(element.child)[1:]:
                table.writerow(_row(f"{path}/@{attribute.name}", attribute, "verified"))
    return text.getvalue().encode()


def _row(path: str, element: Element, certainty: str) -> tuple[str, ...]:
    return (
        path,
        element.wco_id,
        element.name,
        element.leaf.format if element.leaf is not None else "",
        _representation(element),
        element.profile,
        element.form,
        element.codes,
        element.definition,
        certainty,
    )


def _representation(element: Element) -> str:
    """The WCO's representation term; of a class, `Class`."""
    if element.child is not None:
        return element.child.__name__ if issubclass(element.child, Qualified) else "Class"
    leaf: Leaf | None = element.leaf
    if isinstance(leaf, String):
        return leaf.representation
    if isinstance(leaf, DateTime):
        return "DateTime"
    if isinstance(leaf, Indicator):
        return "Indicator"
    return "Quantity" if isinstance(leaf, Whole) and element.name.endswith("Quantity") else "Numeric"


def _first_edition(kind: type[MetaData]) -> bytes:
    return (
        f"# Changes of the {kind.document} message\n\n"
        "A new major version is a new folder and a new namespace. Within a version nothing that was valid becomes "
        "invalid.\n\n"
        f"## {kind.namespace.rpartition(':')[2]}.0\n\nFirst edition.\n"
    ).encode()


def main(arguments: list[str]) -> int:
    """`python -m gateway.message.publish schemas [docs/divergences.md]`: write what is published."""
    if not arguments:
        sys.stderr.write("usage: python -m gateway.message.publish DIRECTORY [PAGE]\n")
        return 2
    written = build(Path(arguments[0]))
    for page in map(Path, arguments[1:]):
        text = page.read_text(encoding="utf-8")
        if (fresh := with_table(text)) != text:
            page.write_text(fresh, encoding="utf-8", newline="\n")
            written.append(page)
    sys.stdout.write("".join(f"{path}\n" for path in written))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
