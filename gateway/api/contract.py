"""The published contract: schemas, code lists, rules, agreements. Open to everybody."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import FileResponse

from gateway.agreements import Agreement
from gateway.api.documented import problem_responses
from gateway.api.reading import Question, TheGateway
from gateway.errors import Unknown
from gateway.published import published
from gateway.validation.codelists import load_codelists

router = APIRouter(prefix="/v1", tags=["contract"])
_MEDIA_TYPES = {".xsd": "application/xml", ".json": "application/json", ".csv": "text/csv", ".md": "text/markdown"}


@router.get("/schemas", summary="All published schema files")
def list_schemas() -> list[str]:
    """Their paths below `/v1/schemas/`."""
    return sorted(_schema_files())


def _schema_files() -> dict[str, Any]:
    root = published()
    files = [file for kind in root.iterdir() if (kind / "v1").is_dir() for file in (kind / "v1").rglob("*")]
    return {
        "/".join((file.relative_to(root).parts[0], *file.relative_to(root).parts[2:])): file
        for file in files
        if file.suffix in (*_MEDIA_TYPES, ".xml")
    }


@router.get("/schemas/{path:path}", summary="One schema file", response_class=FileResponse)
def get_schema(path: str) -> FileResponse:
    """XSD, JSON Schema, element table or example."""
    file = _schema_files().get(path)  # only names that were listed: a path from outside never reaches the disk
    if file is None:
        raise Unknown("There is no such schema")
    return FileResponse(file, media_type=_MEDIA_TYPES.get(file.suffix, "application/xml"))


@router.get("/codelists", summary="All code lists")
def list_codelists() -> list[dict[str, Any]]:
    """Id, title, edition, source, licence and certainty of each."""
    return [
        {
            "id": codes.id,
            "title": codes.title,
            "edition": codes.edition,
            "source": codes.source,
            "licence": codes.licence,
            "status": codes.status,
            "size": len(codes.codes),
        }
        for codes in load_codelists().values()
    ]


@router.get("/codelists/{list_id}", summary="One code list")
def get_codelist(list_id: str) -> dict[str, Any]:
    """All its codes with their names."""
    codes = load_codelists().get(list_id)
    if codes is None:
        raise Unknown("There is no such code list")
    return {"id": codes.id, "title": codes.title, "edition": codes.edition, "codes": dict(codes.codes)}


class _Which(Question):
    """Which rules are listed."""

    family: str = Field("", max_length=20, description="ACD-CON")


@router.get("/rules", summary="All rules", responses=problem_responses(400))
def list_rules(gateway: TheGateway, which: Annotated[_Which, Query()]) -> list[dict[str, Any]]:
    """Every rule in force with its source, its severity and its texts in three languages.

    In a text, names in braces are filled in for each finding; a part in square brackets is left out where there is
    nothing to fill in.
    """
    return [
        gateway.catalogue.told(rule) for rule in gateway.catalogue.rules.values() if rule.id.startswith(which.family)
    ]


@router.get("/rules/{rule_id}", summary="One rule")
def get_rule(rule_id: str, gateway: TheGateway) -> dict[str, Any]:
    """A rule by its id."""
    rule = gateway.catalogue.rules.get(rule_id)
    if rule is None:
        raise Unknown("There is no such rule")
    return gateway.catalogue.told(rule)


@router.get("/agreements", summary="All agreements")
def list_agreements(gateway: TheGateway) -> list[Agreement]:
    """Every agreement in every version."""
    return list(gateway.agreements.values())


@router.get("/agreements/{agreement_id}/{version}", summary="One agreement")
def get_agreement(agreement_id: str, version: str, gateway: TheGateway) -> Agreement:
    """An agreement in one version."""
    agreement = gateway.agreements.get((agreement_id, version))
    if agreement is None:
        raise Unknown("There is no such agreement")
    return agreement
