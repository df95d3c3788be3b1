"""Everything that is published and follows from the program: written anew, or found to be stale.

Besides the messages' own files (`gateway.message.publish`): the schemas of an agreement and of a receipt, and the
pages of `docs/` that are made here, as far as there is a `docs/` beside `schemas/`. A page of an agreement that is no
longer there is stale as well; it is known by the line that says how it was made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import orjson

from gateway.agreements import agreement_schema, load_agreements
from gateway.agreements.pages import GENERATED, pages
from gateway.exchange.state import LIFE, WHO, State, Step, mermaid
from gateway.message import publish
from gateway.message.receipt import Receipt
from gateway.validation.catalogue import markdown


def build(schemas: Path, docs: Path | None = None) -> list[Path]:
    """Write what is published, and take away pages of agreements that are gone; returns what changed.

    Args:
        schemas: The folder `schemas/`.
        docs: The folder of the pages; by default `docs/` beside it, where there is one.
    """
    written, docs = publish.build(schemas), _pages(schemas, docs)
    for path, content in (files := dict(_files(schemas, docs))).items():
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            written.append(path)
    for path in (gone := _left_over(docs, files)):
        path.unlink()
    return written + gone


def stale(schemas: Path, docs: Path | None = None) -> list[Path]:
    """What is missing, left over, or no longer what the program makes; arguments as for `build`."""
    docs = _pages(schemas, docs)
    files = dict(_files(schemas, docs))
    others = [path for path, content in files.items() if not path.exists() or path.read_bytes() != content]
    return publish.stale(schemas) + others + _left_over(docs, files)


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
    if (life := docs / "life.md").exists():
        yield life, with_life(life.read_text(encoding="utf-8")).encode()


def _left_over(docs: Path | None, files: Mapping[Path, bytes]) -> list[Path]:
    """Pages that were made of an agreement that is no longer there; a page that somebody wrote is none."""
    there = sorted((docs / "agreements").glob("*.md")) if docs is not None else []
    return [path for path in there if path not in files and GENERATED in path.read_text(encoding="utf-8")]


def with_life(page: str) -> str:
    """The page on the life of an exchange, with what is written from its table; a block that it has not is left out."""
    for name, write in _LIFE.items():
        before, begins, rest = page.partition(f"<!-- {name}: written by torugart schemas build -->\n")
        _, ends, after = rest.partition(f"<!-- end of {name} -->")
        if begins and ends:
            page = before + begins + write() + ends + after
    return page


def _diagram() -> str:
    return f"```mermaid\n{mermaid()}\n```\n"


def _steps() -> str:
    """Each step: who takes it, in which states, and what it leads to."""
    lines = ["| Step | By | In these states | Leads to |", "|---|---|---|---|"]
    for step in Step:
        moves = [(state, end) for (state, moved), end in LIFE.items() if moved is step]
        if not moves:
            continue
        stays = all(state == end for state, end in moves)
        ends = "stays" if stays else ", ".join(dict.fromkeys(end.value for _, end in moves))
        states = [state.value if state else "(none)" for state, _ in moves]
        where = "every state" if len(states) == len(State) else ", ".join(states)
        lines.append(f"| {step.value} | {WHO[step].value} | {where} | {ends} |")
    return "\n".join(lines) + "\n"


_LIFE: Mapping[str, Callable[[], str]] = {"diagram": _diagram, "steps": _steps}


def receipt_schema() -> dict[str, object]:
    """JSON Schema (2020-12) of a receipt, with the names it has on the wire."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Receipt.model_json_schema(by_alias=True)}


def _text(schema: object) -> bytes:
    # Sorted: a set in the model must not make another file each time.
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
