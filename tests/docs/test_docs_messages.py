"""The pages on the messages have every message there is, and say of each what the code does."""

import json
import re
import sys
import tomllib
from pathlib import Path

import pytest

from gateway.agreements.agreement import element_at
from gateway.agreements.loading import load_agreements
from gateway.exchange import state
from gateway.exchange.state import WHO, State, Step, Who, after, ahead, step_of_response, steps_of_event
from gateway.message.border_event import BorderEvent, ControlResult
from gateway.message.metadata import KINDS, MetaData
from gateway.message.parts import AdditionalInformation
from gateway.message.response import Response, Status
from gateway.validation.catalogue import CORE_RULES
from gateway.validation.reported import CROSSING_RULES, GATEWAY_RULES
from gateway.validation.rules.events import CONCLUSIONS, EVENT_TYPES
from gateway.validation.rules.response import STATUS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "messages"
COMMAND = f"python {Path(__file__).relative_to(ROOT)}"
COUNTRIES = ("CN", "KG", "KZ", "UZ")
ALWAYS = "always the same"
RELEASED = "39"  # UNTDID 4405: approved
WHOSE = {
    Who.DECLARANT: "the declaring side",
    Who.RECIPIENT: "the receiving side",
    Who.EITHER: "either side",
    Who.GATEWAY: "the gateway",
}


# What there is, from the code: page → key of a section → the codes that make it


def declarations():
    return {step.value: [f"`FunctionCode` {code}"] for code, step in state._FUNCTIONS.items()}


def responses():
    """By what a Response says: function codes alone, then those of code 11."""
    found = {}
    for code, step in state._DECISIONS.items():
        found.setdefault(step.value, []).append(f"`FunctionCode` {code}")
    for code, step in state._STATEMENTS.items():
        found.setdefault(step.value, []).append(f"`FunctionCode` {STATUS} with `StatementCode` {code}")
    found[step_of_response(response(status=RELEASED)).value] = [
        f"`FunctionCode` {STATUS} with `Status/NameCode` {RELEASED}"
    ]
    return found


def events():
    return {code: [f"`EventTypeCode` {code}"] for code in EVENT_TYPES}


PAGES = {"declaration": declarations, "response": responses, "border-event": events}
TITLES = {"declaration": "Declaration", "response": "Response", "border-event": "BorderEvent"}


def response(function=STATUS, status="", statement=""):
    return Response.model_construct(
        function_code=function,
        additional_information=(AdditionalInformation(statement_code=statement),) if statement else (),
        status=(Status(name_code=status),) if status else (),
    )


def event(kind, conclusion=None):
    result = ControlResult(conclusion_code=conclusion) if conclusion else None
    return BorderEvent.model_construct(event_type_code=kind, control_result=result)


def ways(page, key):
    """What a message can say: when, its steps one after the other, and whose they are."""
    if key == "EXP":
        return [(ALWAYS, (Step.EXPIRE,), Who.GATEWAY)]
    if page != "border-event":
        return [(ALWAYS, (Step(key),), WHO[Step(key)])]
    found = {}
    for when, conclusion, discrepant in (
        ("nothing differs", None, False),
        ("what was seen differs", None, True),
        *((f"it concludes {code}", code, False) for code in CONCLUSIONS if key == "CTL"),
    ):
        for steps, who in told(event(key, conclusion), discrepant):
            found.setdefault((steps, who), []).append(when)
    return [(ALWAYS if len(found) == 1 else ", or ".join(whens), *what) for what, whens in found.items()]


def told(happened, discrepant):
    """What an event says from each side that may tell it so; together, where both may and say the same."""
    sides = {
        who: steps
        for who in (Who.DECLARANT, Who.RECIPIENT)
        if (steps := steps_of_event(happened, discrepant=discrepant, of_declarant=who is Who.DECLARANT))
        and WHO[steps[0]] in (who, Who.EITHER)
    }
    if len(sides) == 2 and len(set(sides.values())) == 1:
        return [(sides[Who.RECIPIENT], Who.EITHER)]
    return [(steps, who) for who, steps in sides.items()]


def lead(before, steps):
    for step in steps:
        before = after(before, step)
        if before is None:
            return None
    return before


# What is written from it


def section_block(page, key):
    """What the code knows of one message, as Markdown."""
    lines = [
        "| | |",
        "|---|---|",
        f"| codes | {' · '.join(PAGES[page]()[key])} |",
        f"| agreements | {agreements_with(page, key)} |",
        f"| examples | {examples_of(page, key)} |",
        "",
        "| it says | steps | who may | states | waits in |",
        "|---|---|---|---|---|",
    ]
    for when, steps, who in ways(page, key):
        said = ", then ".join(f"*{step.value}*" for step in steps)
        lines.append(f"| {when} | {said} | {WHOSE[who]} | {moves(steps)} | {waits_in(steps) or '–'} |")
    if not ways(page, key):
        lines.append(f"| {ALWAYS} | none | the gateway | every state stays | – |")
    return "\n".join(lines) + "\n"


def moves(steps):
    """`registered, delivered → accepted`: states before by the state after; states that stay as they are together."""
    found, same = {}, []
    for before in (None, *State):
        end = lead(before, steps)
        if end is None:
            continue
        name = before.value if before else "(none)"
        if end == before:
            same.append(name)
        else:
            found.setdefault(end.value, []).append(name)
    lines = [f"{', '.join(befores)} → {end}" for end, befores in found.items()]
    return "<br>".join([*lines, f"{', '.join(same)}: stays"] if same else lines)


def waits_in(steps):
    """The states in which a message waits, because it overtook another."""
    if WHO[steps[0]] is Who.GATEWAY:
        return ""
    early = [before for before in (None, *State) if lead(before, steps) is None and ahead(before, steps[0])]
    return ", ".join(before.value if before else "(none)" for before in early)


def agreements_with(page, key):
    """The published agreements by which at least one direction may send it."""
    if page == "border-event" and key in ("EXP", "UND"):
        return "asks none: the gateway's own"
    found = [re.search(r"`(?:FunctionCode|EventTypeCode)` (\w+)", code) for code in PAGES[page]()[key]]
    codes = [code[1] if code else None for code in found]
    everything = load_agreements(ROOT / "schemas" / "agreements").values()
    given = [one for one in everything if any(way.allows(page, code) for way in one.directions for code in codes)]
    if len(given) == len(everything):
        return "every published one"
    names = ", ".join(f"[{one.id}](../agreements/{one.id}-{one.version}.md)" for one in given)
    return names or "**none of the published ones**: it is refused (ACD-AGR-12)"


def examples_of(page, key):
    found = [path for path in published_examples(page) if key_of(page, path) == key]
    links = [
        f"[{path.name}](../../{path.relative_to(ROOT).as_posix()})" + " (every element)" * (path.stem == "maximal")
        for path in found
    ]
    return " · ".join(links) or "none is published"


def published_examples(page):
    return sorted((ROOT / "schemas" / page.replace("-", "_") / "v1" / "examples").iterdir())


def key_of(page, path):
    """The section that an example belongs to; None for one that shows every element and is none of them."""
    twin = json.loads(path.with_suffix(".json").read_text("utf-8"))[TITLES[page]]
    if page == "border-event":
        return twin["EventTypeCode"]
    if page == "declaration":
        return state._FUNCTIONS[twin["FunctionCode"]].value
    said = [each.get("StatementCode", "") for each in twin.get("AdditionalInformation", [])]
    statuses = [each.get("NameCode", "") for each in twin.get("Status", [])]
    for statement in said or [""]:
        for status in statuses or [""]:
            step = step_of_response(response(twin["FunctionCode"], status, statement))
            if step is not Step.UNKNOWN:
                return step.value
    return None


def rules_block(page):
    """The rules that judge this kind of message by itself."""
    kind = next(cls for cls in KINDS.values() if cls.document == TITLES[page])
    lines = ["| Rule | | |", "|---|---|---|"]
    for rule in sorted(CORE_RULES, key=lambda rule: rule.id):
        if rule.about in (kind, MetaData):
            lines.append(f"| [{rule.id}](../rules.md#{rule.id.lower()}) | {rule.severity.value} | {rule.title} |")
    return "\n".join(lines) + "\n"


def carried_block():
    """What each adapter declares that it reads and writes."""
    lines = [
        "| | | declaration: function codes | by modes | response: function codes | border events |",
        "|---" * 6 + "|",
    ]
    for country in COUNTRIES:
        profile = ROOT / "adapters" / country.lower() / "profile.toml"
        if not profile.is_file():
            lines.append(f"| {country} | it declares nothing yet | | | | |")
            continue
        capabilities = tomllib.loads(profile.read_text("utf-8")).get("capabilities", {})
        for way, words in (("reads", "can send"), ("writes", "can take")):
            kinds = capabilities.get(way, {})
            cells = [
                ", ".join(kinds.get("declaration", {}).get("functions", ())) or "–",
                ", ".join(kinds.get("declaration", {}).get("modes", ())) or "–",
                ", ".join(kinds.get("response", {}).get("functions", ())) or "–",
                "yes" if "border-event" in kinds else "no",
            ]
            lines.append(f"| {country} | {words} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def blocks():
    """Every block that is written from the code: page, name, content."""
    yield "README.md", "carried", carried_block()
    for page, keys in PAGES.items():
        for key in keys():
            yield f"{page}.md", key, section_block(page, key)
        yield f"{page}.md", "rules", rules_block(page)


# The pages


def text(name):
    return (FOLDER / name).read_text("utf-8")


def begins(name):
    return f"<!-- {name}: written by {COMMAND} -->\n"


def with_block(page, name, content):
    before, rest = page.split(begins(name))
    return before + begins(name) + content + rest[rest.index(f"<!-- end of {name} -->") :]


def sections(page):
    """Heading → its text, of the second level."""
    parts = re.split(r"^## (.+)$", text(page), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def section(page, key):
    found = [body for body in sections(f"{page}.md").values() if begins(key) in body]
    assert len(found) == 1, f"{page}: {key} has {len(found)} sections"
    return found[0]


EVERY = [(page, key) for page, keys in PAGES.items() for key in keys()]


@pytest.mark.parametrize(
    ("page", "name", "content"), [pytest.param(*block, id="-".join(block[:2])) for block in blocks()]
)
def test_what_is_written_from_the_code_is_as_the_code_is(page, name, content):
    assert with_block(text(page), name, content) == text(page), f"run: {COMMAND}"


@pytest.mark.parametrize(("page", "key"), EVERY)
def test_every_message_has_a_section_of_its_own(page, key):
    body = section(page, key)
    for said in ("**What for.**", "**When.**", "**What matters.**", "**In the national forms**"):
        assert said in body, f"{key} lacks {said}"


def test_no_section_tells_a_message_that_is_not_there():
    for page, keys in PAGES.items():
        written = set(re.findall(r"^<!-- ([\w-]+): written by", text(f"{page}.md"), re.MULTILINE))
        assert written == {*keys(), "rules"}


@pytest.mark.parametrize(("page", "key"), EVERY)
def test_every_message_says_how_the_four_countries_tell_it_and_how_sure_that_is(page, key):
    rows = re.findall(r"^\| (\w\w) \| (.+) \| (.+) \|$", section(page, key), re.MULTILINE)
    assert tuple(country for country, _, _ in rows) == COUNTRIES
    for country, form, certainty in rows:
        assert certainty.startswith(("grounded", "plausible", "–")), country
        assert (form.startswith("none")) == (certainty == "–"), country


@pytest.mark.parametrize("page", PAGES)
def test_every_example_that_is_published_stands_with_its_message_or_shows_every_element(page):
    for path in published_examples(page):
        key = key_of(page, path)
        assert key in PAGES[page]() if key else path.stem == "maximal", path.name


@pytest.mark.parametrize("page", sorted(path.name for path in FOLDER.glob("*.md")))
def test_every_element_that_a_page_names_is_one_of_the_form(page):
    named = set(re.findall(r"`((?:Declaration|Response|BorderEvent)/[\w/]+)`", text(page)))
    assert [path for path in sorted(named) if element_at(path) is None] == []


@pytest.mark.parametrize("page", sorted(path.name for path in FOLDER.glob("*.md")))
def test_every_rule_that_a_page_names_is_in_the_list_of_rules(page):
    known = set(re.findall(r"^### (\S+)$", (ROOT / "docs" / "rules.md").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"\b(ACD-[A-Z]{3}-\d\d)\b", text(page))) <= known


def test_every_rule_that_no_function_judges_is_reported_by_some_part_of_the_gateway():
    sources = [path.read_text("utf-8") for path in (ROOT / "gateway").rglob("*.py") if path.name != "reported.py"]
    reported = {rule.id for rule in (*GATEWAY_RULES, *CROSSING_RULES)}
    assert {rule for rule in reported if not any(f'"{rule}"' in source for source in sources)} == set()


@pytest.mark.parametrize("page", PAGES)
def test_the_overview_leads_to_every_section(page):
    linked = re.findall(rf"\]\({page}\.md#([\w-]+)\)", text("README.md"))
    titles = [
        title for title, body in sections(f"{page}.md").items() if any(begins(key) in body for key in PAGES[page]())
    ]
    assert linked == [re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles]


if __name__ == "__main__":
    for file, block, written in blocks():
        (FOLDER / file).write_text(with_block(text(file), block, written), "utf-8")
    sys.stdout.write(f"{FOLDER.relative_to(ROOT)} is written\n")
