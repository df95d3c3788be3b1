"""Everything that is published and follows from the program: written anew, or found to be stale.

Besides the messages' own files (`gateway.message.publish`): the schemas of an agreement and of a receipt, and the
pages of `docs/` that are made here, as far as there is a `docs/` beside `schemas/`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson

from gateway.agreements import agreement_schema, load_agreements
from gateway.agreements.pages import pages
from gateway.message import publish
from gateway.message.receipt import Receipt
from gateway.validation.catalogue import markdown


def build(schemas: Path, docs: Path | None = None) -> list[Path]:
    """Write what is published; returns what changed.

    Args:
        schemas: The folder `schemas/`.
        docs: The folder of the pages; by default `docs/` beside it, where there is one.
    """
    written = publish.build(schemas)
    for path, content in _files(schemas, _pages(schemas, docs)):
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            written.append(path)
    return written


def stale(schemas: Path, docs: Path | None = None) -> list[Path]:
    """What is missing or no longer what the program makes; arguments as for `build`."""
    others = [
        path
        for path, content in _files(schemas, _pages(schemas, docs))
        if not path.exists() or path.read_bytes() != content
    ]
    return publish.stale(schemas) + others


def _pages(schemas: Path, docs: Path | None) -> Path | None:
    beside = schemas.parent / "docs"
    return docs or (beside if beside.is_dir() else None)


def _files(schemas: Path, docs: Path | None) -> Iterator[tuple[Path, bytes]]:
    yield schemas / "agreements" / "agreement.schema.json", _text(agreement_schema())
    yield schemas / "receipt" / "v1" / "receipt.schema.json", _text(receipt_schema())
    if docs is None:
        return
    yield docs / "rules.md", markdown().encode()
    for name, page in pages(load_agreements(schemas / "agreements")).items():
        yield docs / "agreements" / name, page.encode()
    divergences = docs / "divergences.md"
    if divergences.exists():
        page = divergences.read_text(encoding="utf-8")
        if publish.TABLE_BEGINS in page:
            yield divergences, publish.with_table(page).encode()


def receipt_schema() -> dict[str, object]:
    """JSON Schema (2020-12) of a receipt, with the names it has on the wire."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Receipt.model_json_schema(by_alias=True)}


def _text(schema: object) -> bytes:
    # Sorted: a set in the model must not make another file each time.
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
