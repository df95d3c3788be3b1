"""Reading agreements: every mistake of every file is named at its place."""

from __future__ import annotations

import copy
import json
import tomllib
from datetime import date
from pathlib import Path

import iso4217
import jsonschema_rs
import pytest

from builders.messages import NOW
from gateway.agreements import agreement_schema, load_agreements, loading, read_agreements
from gateway.agreements.agreement import AGREED_EVENTS
from gateway.agreements.loading import _SHAPES, _judged
from gateway.agreements.mistakes import SENTENCES
from gateway.errors import Misconfigured
from gateway.exchange.state import Step, step_of_declaration
from gateway.message.examples import examples
from gateway.published import published
from gateway.validation.catalogue import placeholders
from gateway.validation.codelists import load_codelists
from gateway.validation.rules.response import ANSWERS, function_answers
from gateway.validation.walk import FUNCTIONS

SAYING = ("loading", "contradictions")
"""Modules that say the sentences."""
FILES = sorted(published("agreements").glob("*.toml"))


def test_the_published_files_are_right():
    found, mistakes, warnings = read_agreements(published("agreements"))
    assert (mistakes, warnings) == ((), ())
    assert {agreement for agreement, _ in found} == {
        *("kg-cn-road", "kg-cn-rail", "kg-uz-road", "cn-kz-road", "cn-kz-rail", "kz-uz-road", "cn-kg-uz-transit"),
    }


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_published_file_follows_the_published_schema(file):
    schema = json.loads(published("agreements", "agreement.schema.json").read_bytes())
    plain = json.loads(json.dumps(tomllib.loads(file.read_text("utf-8")), default=str))
    validator = jsonschema_rs.Draft202012Validator(schema)
    assert [error.message for error in validator.iter_errors(plain)] == []
    assert not validator.is_valid(plain | {"trigger": "moon"})
    assert not validator.is_valid(plain | {"unheard_of": 1})


def test_the_published_schema_is_the_one_of_the_program():
    written = json.loads(published("agreements", "agreement.schema.json").read_bytes())

    def in_order(value):
        if isinstance(value, dict):
            return {key: in_order(one) for key, one in value.items()}
        return sorted(map(in_order, value), key=repr) if isinstance(value, list) else value

    assert in_order(written) == in_order(json.loads(json.dumps(agreement_schema())))


def test_offices_and_posts_of_the_published_agreements_are_in_the_code_lists(agreements):
    lists = load_codelists()
    for agreement in agreements.values():
        for post in agreement.posts:
            assert post.id in lists["border_posts"].codes, post.id
            for office in post.offices.values():
                assert office in lists["customs_offices"].codes, office


def test_editions_that_are_agreed_are_the_published_ones(agreements):
    for agreement in agreements.values():
        for name, edition in agreement.code_lists.items():
            assert load_codelists()[name].standard == edition


def test_no_published_agreement_passes_for_a_treaty(agreements):
    assert {each.legal_basis.certainty for each in agreements.values()} == {"illustrative"}


MISTAKES = [
    ("retention_days = 1825", "retention_days = 0", "retention_days: "),
    ('trigger = "exit-gate"', 'trigger = "moon"', "trigger: "),
    ("rehitch = true", "rehitch = true\nspeed = 3", "speed: there is no such field"),
    ("retention_days = 1825\n", "", "retention_days: this is missing"),
    ("in_force_from = 2026-01-01", "in_force_from = 2026-13-01", "it is not TOML: "),
    ("in_force_from = 2026-01-01", 'in_force_from = "soon"', "in_force_from: "),
    (
        "in_force_from = 2026-01-01",
        "in_force_from = 2026-01-01\nin_force_until = 2025-12-31",
        "in_force_until: it ends before it begins on 2026-01-01",
    ),
    ('id = "kg-cn-road"', 'id = "KG CN"', "id: "),
    ('parties = ["CN", "KG"]', 'parties = ["CN"]', "parties: "),
    ('parties = ["CN", "KG"]', 'parties = ["CN", "KG", "CN"]', "parties[2]: CN is listed 2 times"),
    ('parties = ["CN", "KG"]', 'parties = ["CN", "KG", "QQ"]', "countries.QQ: QQ is not the code of a country"),
    ("[title]", '[countries]\nUZ = "UZ"\n\n[title]', "countries.UZ: UZ is not one of the parties"),
    ('sender = "CN"', 'sender = "UZ"', "directions[0].sender: UZ is not one of the parties"),
    ('recipient = "KG"', 'recipient = "UZ"', "directions[0].recipient: UZ is not one of the parties"),
    ('recipient = "KG"', 'recipient = "CN"', "directions[0].recipient: nobody sends to themselves"),
    (
        'sender = "KG"\nrecipient = "CN"',
        'sender = "CN"\nrecipient = "KG"',
        "directions[1]: CN → KG is listed 2 times",
    ),
    (
        'declaration = ["1", "5", "9", "13"]',
        'declaration = ["1", "777"]',
        "directions[0].messages.declaration[1]: 777 is not in the code list functions",
    ),
    (
        'declaration = ["1", "5", "9", "13"]',
        "declaration = []",
        "directions[0].messages.declaration: no code is listed, so no such message could be sent",
    ),
    (
        'response = ["11"',
        'letter = ["11"',
        "directions[0].messages.letter: it is none of declaration, response, border-event",
    ),
    ('  "Response",\n', "", "directions[0].messages.response: nothing of Response may leave the country"),
    ('modes = ["3"]', 'modes = ["6"]', "modes[0]: 6 is not in the code list transport_modes"),
    ('modes = ["3"]', 'modes = ["3", "3"]', "modes[1]: 3 is listed 2 times"),
    ('modes = ["3"]', 'modes = ["3", "2"]', "directions[0].lead_times.2: this mode is agreed and has no lead time"),
    ('modes = ["3"]', 'modes = ["2"]', "directions[0].lead_times.3: this mode is not one of the agreement's"),
    ("minutes = 120", "minutes = 60000", "directions[0].lead_times.3: the latest moment lies before the earliest"),
    ("minutes = 120", "minutes = -1", "directions[0].lead_times.3.minutes: "),
    ('id = "irkeshtam"', 'id = "torugart"', "posts[1].id: torugart is listed 2 times"),
    ('CN = "9415", ', 'UZ = "9415", ', "posts[1].offices.UZ: UZ is not one of the parties"),
    ('CN = "9415"', 'CN = "9403"', "posts[0].offices.CN: the office 9403 stands for another post too: irkeshtam"),
    ('zh = "吐尔尕特"', 'zh = " "', "posts[0].names.zh: there is no text in this language"),
    ('zh = "吉尔吉斯斯坦—中国 公路"\n', "", "title.zh: there is no text in this language"),
    ("text.ru = ", "text.xx = ", "legal_basis.text.xx: it is none of en, ru, zh"),
    (
        "active = false",
        "active = false\nactive_from = 2027-01-01",
        "posts[2].active_from: a post that is not active has no first day",
    ),
    ('  "Declaration/ID",\n', '  "Declaration/Nothing",\n', "permitted[18]: there is no element Declaration/Nothing"),
    (
        '  "Declaration/ID",\n',
        '  "Declaration/Consignment/UCR",\n',
        "permitted[18]: Declaration/Consignment/UCR is covered by Declaration/Consignment already",
    ),
    (
        '  "Declaration/IssueDateTime",\n',
        "",
        "permitted: Declaration/IssueDateTime may not leave the country, and no declaration can be without it",
    ),
    ('"Declaration/EntryOffice/ID"', '"Declaration/Office"', "mandatory[1]: there is no element Declaration/Office"),
    (
        '"Declaration/EntryOffice/ID"',
        '"Declaration/PresentationOffice/ID"',
        "mandatory[1]: Declaration/PresentationOffice/ID is asked for and may not leave the country",
    ),
    ("receipt_seconds = 60", "receipt_seconds = 0", "limits.receipt_seconds: "),
    ('gross_mass_percent = "5"', 'gross_mass_percent = "101"', "comparison.gross_mass_percent: "),
    ('countries = "ISO', 'planets = "ISO', "code_lists.planets: there is no such code list"),
    (
        "as published on 2026-01-01",
        "as published on 2025-05-12",
        "code_lists.currencies: the edition ISO 4217, as published on 2025-05-12 is not carried; "
        "it is ISO 4217, as published on 2026-01-01",
    ),
    ('languages = ["en", "ru", "zh"]', 'languages = ["en", "en"]', "languages[1]: en is listed 2 times"),
    (
        'recognised_seals = ["CU"]',
        'recognised_seals = ["CU", "XX"]',
        "recognised_seals[1]: XX is nobody who affixes seals; CU, CA, SH are known",
    ),
    (
        'offices = { CN = "9403", KG = "41700201" }',
        'offices = { CN = "9403" }',
        "posts[0].offices.KG: there is no office of KG, so nothing could pass there",
    ),
    (
        'response = ["11", "27", "44", "45"]',
        'response = ["9"]',
        "directions[0].messages.response[0]: no response has the function 9; there are 11, 27, 44, 45",
    ),
    (
        'declaration = ["1", "5", "9", "13"]',
        'declaration = ["9", "44"]',
        "directions[0].messages.declaration[1]: no declaration has the function 44; there are 9, 5, 4, 2, 1, 13",
    ),
    (
        'declaration = ["1", "5", "9", "13"]',
        'declaration = ["9", "9"]',
        "directions[0].messages.declaration[1]: 9 is listed 2 times",
    ),
    (
        'border-event = "any"',
        'border-event = ["9"]',
        "directions[0].messages.border-event[0]: 9 is no kind of border event; there are DEP, ARR, CTL, DIS, IMP",
    ),
    (
        'border-event = "any"',
        'border-event = ["DEP", "UND"]',
        "directions[0].messages.border-event[1]: UND is the gateway's own and goes with every agreement; "
        "it is not listed",
    ),
    (
        'border-event = "any"',
        "border-event = []",
        "directions[0].messages.border-event: no code is listed, so no such message could be sent",
    ),
    (
        'parties = ["CN", "KG"]',
        'parties = ["CN", "KG", "UZ"]',
        "parties[2]: UZ is a party and neither sends nor receives anything",
    ),
]


def test_an_agreement_may_list_the_kinds_of_border_event(written):
    found, mistakes = written(('border-event = "any"', 'border-event = ["DEP", "ARR", "CTL", "DIS", "IMP"]'))
    assert mistakes == []
    assert found["kg-cn-road", "1"].directions[0].messages["border-event"] == AGREED_EVENTS


@pytest.mark.parametrize(("old", "new", "sentence"), MISTAKES, ids=[mistake[2] for mistake in MISTAKES])
def test_a_mistake_is_named_at_its_place(old, new, sentence, written):
    _, mistakes = written((old, new))
    assert any(mistake.startswith(f"a.toml: {sentence}") for mistake in mistakes), mistakes


TOO_MUCH = [
    ("minutes = 120\n", "minutes = {}\n", "directions[0].lead_times.3.minutes: ", 366 * 24 * 60),
    ("earliest_days = 30", "earliest_days = {}", "directions[0].lead_times.3.earliest_days: ", 366),
    ("receipt_seconds = 60", "receipt_seconds = {}", "limits.receipt_seconds: ", 24 * 60 * 60),
    ("decision_minutes = 120", "decision_minutes = {}", "limits.decision_minutes: ", 366 * 24 * 60),
    ("expiry_minutes = 2880", "expiry_minutes = {}", "limits.expiry_minutes: ", 366 * 24 * 60),
    ("overtaking_minutes = 60", "overtaking_minutes = {}", "limits.overtaking_minutes: ", 366 * 24 * 60),
    (
        "after_departure_minutes = 240",
        "after_departure_minutes = {}",
        "limits.after_departure_minutes: ",
        366 * 24 * 60,
    ),
    ("[comparison]", "[comparison]\ndelay_minutes = {}", "comparison.delay_minutes: ", 366 * 24 * 60),
    ("retention_days = 1825", "retention_days = {}", "retention_days: ", 3653),
    ("packages = 0", "packages = {}", "comparison.packages: ", 100_000),
    ('[comparison]\ngross_mass_kg = "0.5"', "[comparison]\ngross_mass_kg = {}", "comparison.gross_mass_kg: ", 100_000),
]


@pytest.mark.parametrize(("old", "new", "place", "most"), TOO_MUCH, ids=[each[2] for each in TOO_MUCH])
def test_a_figure_with_which_no_time_can_be_reckoned_is_named_and_not_in_the_schema(old, new, place, most, written):
    for figure in (most + 1, 10**9, 10**18):
        _, mistakes = written((old, new.format(figure)))
        assert any(mistake.startswith(f"a.toml: {place}") for mistake in mistakes), mistakes
        plain = tomllib.loads(
            published("agreements", "kg-cn-road.toml").read_text("utf-8").replace(old, new.format(figure))
        )
        assert not _follows_the_schema(plain)
    _, mistakes = written((old, new.format(most)))
    assert not any("it is more than" in mistake for mistake in mistakes), mistakes


def _follows_the_schema(plain):
    schema = json.loads(published("agreements", "agreement.schema.json").read_bytes())
    return jsonschema_rs.Draft202012Validator(schema).is_valid(json.loads(json.dumps(plain, default=str)))


ONE_MISTAKE = [
    (
        'certainty = "reported"\n\n[[directions]]',
        'certainty = "rumoured"\n\n[[directions]]',
        "directions[0].lead_times.3.",
    ),
    ('parties = ["CN", "KG"]', 'parties = ["CN", ""]', "parties[1]: "),
    ('posts]]\nid = "bedel"', 'posts]]\nid = "BEDEL"', "posts[2].id: "),
]


@pytest.mark.parametrize(("old", "new", "place"), ONE_MISTAKE, ids=[each[2] for each in ONE_MISTAKE])
def test_a_mistake_inside_a_list_is_one_mistake(old, new, place, written):
    _, mistakes = written((old, new))
    assert len(mistakes) == 1, mistakes
    assert mistakes[0].startswith(f"a.toml: {place}")


BEFORE_SLIP = 'border-event = "any" }\n\n[directions.lead_times.3]\nminutes = -1'
SLIPS = [
    (("retention_days = 1825", "retention_days = 0"), "retention_days: it is less than 1"),
    (('modes = ["3"]', 'modes = ["3", "6"]'), "modes[1]: 6 is not in the code list transport_modes"),
    (("\nminutes = 60", "\nminutes = -1"), "directions[1].lead_times.3.minutes: it is less than 0"),
    (
        (f'response = ["11", "27", "44", "45"], {BEFORE_SLIP}', f'response = ["9"], {BEFORE_SLIP}'),
        "directions[1].messages.response[0]: no response has the function 9; there are 11, 27, 44, 45",
    ),
    (('id = "bedel"', 'id = "BEDEL"'), "posts[2].id: it is not written as it must be (^[a-z0-9]+(-[a-z0-9]+)*$)"),
    (('zh = "别迭里"', 'zh = ""'), "posts[2].names.zh: there is no text in this language"),
    (('  "Declaration/ID",', '  "Declaration/Nothing",'), "permitted[18]: there is no element Declaration/Nothing"),
    (('currencies = "ISO', 'coins = "ISO'), "code_lists.coins: there is no such code list"),
]


def test_a_slip_in_one_part_hides_nothing_in_the_others(written):
    _, mistakes = written(*(slip for slip, _ in SLIPS))
    lacking = [f"directions[{at}].lead_times.6: this mode is agreed and has no lead time" for at in range(2)]
    assert sorted(mistakes) == sorted(f"a.toml: {told}" for told in (*(told for _, told in SLIPS), *lacking))


def test_what_could_not_be_read_is_not_said_to_be_lacking(written):
    """With a sender that is no text nobody knows whether China sends; nor whether its titles are all there."""
    _, mistakes = written(
        ('sender = "CN"', "sender = 3"),
        ('zh = "吉尔吉斯斯坦—中国 公路"', "zh = 5"),
        ("in_force_from = 2026-01-01", 'in_force_from = 2026-01-01\nin_force_until = "never"'),
        ('offices = { CN = "9403", KG = "41700201" }', 'offices = { CN = "9403", KG = 41700201 }'),
    )
    assert mistakes == [
        "a.toml: title.zh: it is not a text",
        "a.toml: in_force_until: it is not a date, such as 2026-01-31",
        "a.toml: directions[0].sender: it is not a text",
        "a.toml: posts[0].offices.KG: it is not a text",
    ]


def test_a_version_with_a_slip_takes_its_place_among_the_others(written):
    written(file="a.toml")
    _, mistakes = written(*NEXT, ("retention_days = 1825", 'retention_days = "long"'), file="b.toml")
    assert mistakes == [
        "b.toml: retention_days: it is not a whole number",
        "a.toml: in_force_until: version 2 follows on 2027-01-01, so this one ends",
    ]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ('["9", 5]', "directions[0].messages.declaration[1]: it is not a text"),
        ('"all"', 'directions[0].messages.declaration: it is neither a list of codes nor "any"'),
        ("9", 'directions[0].messages.declaration: it is neither a list of codes nor "any"'),
    ],
)
def test_codes_are_a_list_or_any_and_one_mistake_says_so(given, told, written):
    _, mistakes = written(('declaration = ["1", "5", "9", "13"]', f"declaration = {given}"))
    assert [mistake for mistake in mistakes if "directions[0]" in mistake] == [f"a.toml: {told}"]


PLAIN = tomllib.loads(published("agreements", "cn-kg-uz-transit.toml").read_text("utf-8"))


def replaced(tables, place, value):
    """The tables with another value at a place."""
    tables = holder = copy.deepcopy(tables)
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = value
    return tables


def places(value, place=()):
    """Every place in tables, of lists the first one."""
    if place:
        yield place
    inside = value.items() if isinstance(value, dict) else enumerate(value[:1]) if isinstance(value, list) else ()
    for key, one in inside:
        yield from places(one, (*place, key))


@pytest.mark.parametrize("value", ["", "x", -1, 10**18, 0.5, float("nan"), True, [], [7], {}, {"x": 1}, NOW.date()])
def test_whatever_stands_in_a_file_is_told_in_three_languages(value):
    for place in places(PLAIN):
        tables = replaced(PLAIN, place, value)
        for mistake in _judged("a.toml", tables, NOW.date())[1]:
            assert len(set(mistake.text.values())) == 3, (place, mistake)
            assert mistake.place


def test_sentences_name_the_same_in_every_language():
    for sentence, texts in SENTENCES.items():
        assert len({frozenset(placeholders(text)) for text in texts}) == 1, sentence
    assert {sentence for sentence, _ in _SHAPES.values()} <= set(SENTENCES)


def test_every_sentence_is_said():
    source = "".join((Path(loading.__file__).parent / f"{name}.py").read_text("utf-8") for name in SAYING)
    assert [sentence for sentence in SENTENCES if f'"{sentence}"' not in source] == []


# Editions of code lists

OTHER = ("as published on 2026-01-01", "as published on 2025-05-12")
ENDED = ("in_force_from = 2026-01-01", "in_force_from = 2026-01-01\nin_force_until = 2026-06-30")


def edited(folder, *replacements):
    text = published("agreements", "kg-cn-road.toml").read_text("utf-8")
    for old, new in replacements:
        text = text.replace(old, new)
    (folder / "a.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("day", ["2025-12-31", "2026-06-30"])
def test_an_edition_that_is_not_carried_is_a_mistake_until_the_version_has_ended(day, tmp_path):
    edited(tmp_path, OTHER, ENDED)
    _, mistakes, warnings = read_agreements(tmp_path, date.fromisoformat(day))
    assert ([mistake.place for mistake in mistakes], warnings) == (["code_lists.currencies"], ())


def test_a_version_that_has_ended_stays_on_file_with_its_edition_and_that_is_a_warning(tmp_path):
    edited(tmp_path, OTHER, ENDED)
    found, mistakes, warnings = read_agreements(tmp_path, date(2026, 7, 1))
    assert (list(found), mistakes) == ([("kg-cn-road", "1")], ())
    assert [str(warning) for warning in warnings] == [
        "a.toml: code_lists.currencies: the edition ISO 4217, as published on 2025-05-12 is not carried; "
        "it is ISO 4217, as published on 2026-01-01"
    ]


def test_the_edition_of_the_currencies_is_that_of_the_package():
    """Locked requirements carry one edition; with another, the list and every agreement on it have to say so."""
    assert load_codelists()["currencies"].standard == f"ISO 4217, as published on {iso4217.__published__.isoformat()}"


def test_a_list_that_is_empty_is_too_short_all_the_same(written):
    _, mistakes = written(('languages = ["en", "ru", "zh"]', "languages = []"))
    assert [mistake.partition(": ")[2].partition(":")[0] for mistake in mistakes] == ["languages"]


def test_a_folder_without_agreements_is_a_mistake(tmp_path):
    with pytest.raises(Misconfigured, match="there is no agreement, so no message would be taken"):
        load_agreements(tmp_path)


def test_the_functions_that_may_be_agreed_are_those_that_lead_anywhere():
    """The life of an exchange and the rules say which function codes there are; agreements may list no others."""
    declaration, response = examples("declaration")["road"].declaration, examples("response")["accepted"]
    steps = {
        code: step_of_declaration(declaration.model_copy(update={"function_code": code}))
        for code in load_codelists()["functions"].codes
    }
    assert {code for code, step in steps.items() if step is not Step.UNKNOWN} == set(FUNCTIONS)
    answered = response.response
    for code in load_codelists()["functions"].codes:
        message = response.model_copy(update={"response": answered.model_copy(update={"function_code": code})})
        assert (not list(function_answers.check(message, None))) == (code in ANSWERS)


TRANSIT_MISTAKES = [
    (
        'offices = { KG = "41700501", UZ = "86021" }',
        'offices = { UZ = "86021" }',
        "posts[2].offices: a post needs the offices of two parties, one on each side",
    ),
    (
        'participants = ["CN", "KG", "UZ"]',
        'participants = ["CN", "KG", "KZ"]',
        "transit.participants[2]: KZ is not one of the parties",
    ),
    (
        'participants = ["CN", "KG", "UZ"]',
        'participants = ["UZ", "KG", "CN"]',
        "directions[0]: a declaration from CN to KG goes against the way",
    ),
    (
        '[[transit.legs]]\nrecipient = "UZ"',
        '[[transit.legs]]\nrecipient = "CN"',
        "transit.legs: nothing says what UZ is permitted to see",
    ),
    (
        '[[transit.legs]]\nrecipient = "UZ"',
        '[[transit.legs]]\nrecipient = "CN"',
        "transit.legs[1].recipient: CN is no recipient on this way",
    ),
    (
        '"Declaration/Consignment/Consignee/Address"',
        '"Declaration/Consignment/Consignee/Nothing"',
        "transit.legs[0].permitted[13]: there is no element Declaration/Consignment/Consignee/Nothing",
    ),
    (
        '"Declaration/Consignment/Consignee/Address"',
        '"Declaration/Authentication"',
        "transit.legs[0].permitted[13]: Declaration/Authentication is not permitted by the agreement as a whole",
    ),
    (
        '  "Declaration/Consignment/Consignee/Name",\n  "Declaration/Consignment/ConsignmentItem',
        '  "Declaration/Consignment/ConsignmentItem',
        "transit.legs[0].permitted: Declaration/Consignment/Consignee/Name is asked for and not permitted on this leg",
    ),
]


@pytest.mark.parametrize(("old", "new", "sentence"), TRANSIT_MISTAKES, ids=[each[2] for each in TRANSIT_MISTAKES])
def test_a_mistake_in_a_transit_is_named_at_its_place(old, new, sentence, written):
    _, mistakes = written((old, new), name="cn-kg-uz-transit")
    assert any(mistake.startswith(f"a.toml: {sentence}") for mistake in mistakes), mistakes


def test_mistakes_of_several_files_are_named_together(written, tmp_path):
    written(("minutes = 120", "minutes = 60000"), ('modes = ["3"]', 'modes = ["3", "3"]'), file="first.toml")
    (tmp_path / "second.toml").write_text("id = [", encoding="utf-8")
    (tmp_path / "third.toml").write_bytes(b'title = "\xff"')
    with pytest.raises(Misconfigured) as refusal:
        load_agreements(tmp_path)
    for said in ("first.toml: directions[0].lead_times.3: ", "first.toml: modes[1]: 3", "second.toml: it is not TOML"):
        assert said in refusal.value.detail
    assert "third.toml: it is not in UTF-8" in refusal.value.detail


def test_the_same_version_twice_is_named_with_the_other_file(written):
    written(file="a.toml")
    _, mistakes = written(file="b.toml")
    assert mistakes == ["b.toml: version: kg-cn-road/1 is in a.toml too"]


NEXT = (('version = "1"', 'version = "2"'), ("in_force_from = 2026-01-01", "in_force_from = 2027-01-01"))


def test_a_version_that_another_follows_must_have_an_end(written):
    written(file="a.toml")
    _, mistakes = written(*NEXT, file="b.toml")
    assert mistakes == ["a.toml: in_force_until: version 2 follows on 2027-01-01, so this one ends"]


def test_two_versions_do_not_begin_on_the_same_day(written):
    written(file="a.toml")
    _, mistakes = written(NEXT[0], file="b.toml")
    said = "b.toml: in_force_from: version 1 begins on the same day, so nobody can tell which one is the newer"
    assert mistakes == [said]


def test_versions_lie_side_by_side_once_the_older_has_an_end(written):
    written(("in_force_from = 2026-01-01", "in_force_from = 2026-01-01\nin_force_until = 2027-03-31"), file="a.toml")
    found, mistakes = written(*NEXT, file="b.toml")
    assert (sorted(found), mistakes) == ([("kg-cn-road", "1"), ("kg-cn-road", "2")], [])
