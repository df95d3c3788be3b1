"""The pages of the agreements in `docs/agreements/`: one for each version, and an index. Generated; never edited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gateway.agreements.agreement import LANGUAGES, Agreement, Agreements, Direction, Tolerances, element_at

GENERATED = "Generated from `schemas/agreements/` by `torugart schemas build`; do not edit."
"""The line that every page has: by it a page of an agreement that is gone is told from one that somebody wrote."""
_CERTAINTY = (
    "*published*: in a text that anybody can read. *reported*: by others, the text itself was not read. "
    "*illustrative*: an assumption of this project, never a quotation of a treaty."
)
_TRIGGERS: Mapping[str, str] = {
    "exit-gate": "the vehicle passes the exit gate",
    "export-release": "the goods are released for export",
    "departure": "the means of transport departs",
}


_TOLD = " (told when it passes, nothing is refused)"
_NOT_AGREED = "not agreed"


def pages(agreements: Agreements) -> Mapping[str, str]:
    """Markdown of every page, by file name."""
    made = {name(agreement): page(agreement) for agreement in agreements.values()}
    return {"README.md": index(agreements), **made}


def name(agreement: Agreement) -> str:
    """File name of an agreement's page."""
    return f"{agreement.id}-{agreement.version}.md"


def index(agreements: Agreements) -> str:
    """The list of all agreements."""
    lines = ["# Agreements", "", GENERATED, "", "Who may send what to whom. No agreement, no exchange.", ""]
    lines += ["| Agreement | | Parties | Modes | In force | Legal basis |", "|---|---|---|---|---|---|"]
    lines += [
        f"| [{each.id}/{each.version}]({name(each)}) | {each.title['en']} | {', '.join(each.parties)} "
        f"| {', '.join(each.modes)} | {_period(each)} | {each.legal_basis.certainty} |"
        for each in agreements.values()
    ]
    return "\n".join([*lines, "", _CERTAINTY]) + "\n"


def page(agreement: Agreement) -> str:
    """The page of one agreement."""
    parts = (
        _head(agreement),
        *(_direction(way) for way in agreement.directions),
        _posts(agreement),
        _paths("Mandatory", "Without one of these a message is refused (ACD-AGR-03).", agreement.mandatory),
        _paths(
            "May leave the country",
            "What is not listed is refused (ACD-AGR-02); a class covers all its parts.",
            agreement.permitted,
        ),
        _transit(agreement),
        _figures(agreement),
    )
    return "\n".join(line for part in parts for line in part) + "\n"


def _head(agreement: Agreement) -> Iterator[str]:
    basis = agreement.legal_basis
    yield from (f"# {agreement.title['en']}", "", GENERATED, "")
    yield from (f"- {agreement.title[language]}" for language in LANGUAGES[1:])
    yield from ("", "| | |", "|---|---|", f"| id, version | `{agreement.id}` / `{agreement.version}` |")
    yield f"| in force | {_period(agreement)} |"
    yield f"| parties | {', '.join(f'{one} ({agreement.country(one)})' for one in agreement.parties)} |"
    for language in LANGUAGES:
        yield f"| legal basis ({language}) | {_cell(basis.text[language])} |"
    yield f"| reference | {_cell(basis.reference)} |"
    yield f"| certainty | {basis.certainty} |"
    yield f"| modes (UN/ECE Rec 19) | {', '.join(agreement.modes)} |"
    yield f"| sent when | {_TRIGGERS[agreement.trigger]} (told, not enforced) |"
    yield f"| languages, of the gateway's notices too | {', '.join(agreement.languages)} |"
    seals = ", ".join(sorted(agreement.recognised_seals)) or "–"
    yield f"| seals recognised with a control, by who affixed them (UNTDID 9303) | {seals} (refuses nothing) |"
    yield f"| change of tractor at the border | {_yes(agreement.rehitch)} |"
    yield f"| test messages | {_yes(agreement.test_messages)} |"
    yield f"| each consignment cites its export declaration | {_yes(agreement.export_declaration)} |"
    yield f"| kept after the last change | {agreement.retention_days} days (told, nothing is deleted) |"
    yield from ("", _CERTAINTY)


def _direction(way: Direction) -> Iterator[str]:
    yield from (
        "",
        f"## {way.sender} → {way.recipient}",
        "",
        "| Message | Functions (UNTDID 1225), kinds of event |",
        "|---|---|",
    )
    for kind, codes in way.messages.items():
        yield f"| {kind} | {codes if isinstance(codes, str) else ', '.join(codes)} |"
    if way.lead_times:
        yield from ("", "| Mode | Not later than | Not earlier than | Source | Certainty |", "|---|---|---|---|---|")
    for mode, lead in way.lead_times.items():
        yield (
            f"| {mode} | {lead.minutes} minutes before arrival | {lead.earliest_days} days before arrival "
            f"| {_cell(lead.source)} | {lead.certainty} |"
        )


def _posts(agreement: Agreement) -> Iterator[str]:
    parties = [party for party in agreement.parties if any(party in post.offices for post in agreement.posts)]
    yield from ("", "## Border posts", "", f"| Post | ru | zh | {' | '.join(parties)} | Open | Codes |")
    yield "|---" * (len(parties) + 5) + "|"
    for post in agreement.posts:
        offices = " | ".join(post.offices.get(party, "–") for party in parties)
        opened = _yes(post.active) + (f", from {post.active_from.isoformat()}" if post.active_from else "")
        names = " | ".join(post.names[language] for language in LANGUAGES)
        yield f"| {names} | {offices} | {opened} | {post.certainty} |"


def _paths(title: str, said: str, paths: Iterable[str], depth: str = "##") -> Iterator[str]:
    yield from ("", f"{depth} {title}", "", said, "", "| Element | |", "|---|---|")
    for path in sorted(paths):
        element = element_at(path)
        yield f"| `{path}` | {_cell(element.definition) if element is not None else ''} |"


def _transit(agreement: Agreement) -> Iterator[str]:
    if agreement.transit is None:
        return
    yield from ("", "## Transit", "", f"The way is {' → '.join(agreement.transit.participants)}.")
    yield "The sender makes one message for each recipient, and each holds only what is listed for it (ACD-AGR-13)."
    for leg in agreement.transit.legs:
        yield from _paths(f"What {leg.recipient} may see", "In declarations:", leg.permitted, "###")


def _figures(agreement: Agreement) -> Iterator[str]:
    limits = agreement.limits
    yield from ("", "## Tolerances", "", "| | Inside a message | Export against import |", "|---|---|---|")
    for said, field in (
        ("gross mass, kg", "gross_mass_kg"),
        ("gross mass, %", "gross_mass_percent"),
        ("packages", "packages"),
        ("value, %", "value_percent"),
    ):
        yield f"| {said} | {_figure(agreement.tolerances, field)} | {_figure(agreement.comparison, field)} |"
    delay = agreement.comparison.delay_minutes
    yield f"| delay of the arrival, minutes | – | {_NOT_AGREED if delay is None else delay} |"
    yield from (
        "",
        "## Time limits",
        "",
        "| | |",
        "|---|---|",
        f"| receipt | {limits.receipt_seconds} seconds{_TOLD} |",
    )
    yield f"| decision | {limits.decision_minutes} minutes after delivery{_TOLD} |"
    yield f"| expiry without arrival | {limits.expiry_minutes} minutes after the planned arrival |"
    yield f"| a message that overtook another waits | {limits.overtaking_minutes} minutes |"
    after = limits.after_departure_minutes
    due = _NOT_AGREED if after is None else f"{after} minutes after the departure (a warning, ACD-TIM-03)"
    yield f"| a declaration of what has departed | {due} |"
    if agreement.code_lists:
        yield from ("", "## Code lists", "", "| List | Edition |", "|---|---|")
    for codelist, edition in agreement.code_lists.items():
        yield f"| {codelist} | {_cell(edition)} |"


def _figure(tolerances: Tolerances, field: str) -> str:
    return str(getattr(tolerances, field))


def _period(agreement: Agreement) -> str:
    until = agreement.in_force_until.isoformat() if agreement.in_force_until else "no end is set"
    return f"from {agreement.in_force_from.isoformat()}, {until}"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
