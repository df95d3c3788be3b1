"""China's code tables: total in both directions, or the gap is named; and in agreement with the published lists."""

import csv
import tomllib
from pathlib import Path

import pytest

from adapters.cn import ADAPTER
from adapters.cn.codes import (
    ANSWERS,
    DIRECTION_OF,
    EVENT_FORMS,
    FUNCTIONS,
    FUNCTIONS_BACK,
    MODES,
    NOT_TAKEN,
    OUT_OF_SCOPE,
    POSTS,
    PROFILE,
    REPLY,
    ROAD,
    TRAILER_TYPES,
    UN_NUMBERS,
    answer_for,
    sender_code,
    sender_country,
)
from gateway.agreements import load_agreements
from gateway.published import published
from gateway.validation.codelists import load_codelists


def test_every_function_read_is_written_back_as_one_that_means_the_same():
    assert {FUNCTIONS_BACK[function] for function in FUNCTIONS.values()} == {"9", "3", "5"}
    assert all(FUNCTIONS[FUNCTIONS_BACK[function]] == function for function in ("9", "1", "5"))


def test_the_functions_without_a_place_are_the_named_ones():
    lists = load_codelists()
    assert set(lists["cn_functions"].codes) - set(FUNCTIONS) == {"11", "T"}
    assert set(FUNCTIONS_BACK) <= set(lists["functions"].codes)


def test_every_answer_is_found_again_from_what_it_says():
    for answer in ANSWERS.values():
        back = answer_for(answer.function, answer.status, answer.statement)
        assert (back.function, back.status, back.statement) == (answer.function, answer.status, answer.statement)


def test_every_statement_code_of_the_published_list_decides_or_is_named_as_not_deciding():
    assert set(load_codelists()["cn_responses"].codes) == set(ANSWERS) | set(NOT_TAKEN)


def test_every_type_of_the_published_list_has_a_form_here_or_is_named_as_out_of_scope():
    forms = {*DIRECTION_OF, *EVENT_FORMS, REPLY}
    assert set(load_codelists()["cn_message_types"].codes) == forms | set(OUT_OF_SCOPE)
    assert set(PROFILE["cannot"]["declaration"]) == set(OUT_OF_SCOPE)


def test_codes_that_go_into_the_common_form_are_in_its_lists():
    lists = load_codelists()
    assert {a.function for a in ANSWERS.values()} <= set(lists["functions"].codes)
    assert {a.status for a in ANSWERS.values() if a.status} <= set(lists["status"].codes)
    assert set(MODES.values()) <= set(lists["transport_modes"].codes)
    assert set(TRAILER_TYPES) <= set(lists["equipment_types"].codes)
    assert "1263" in UN_NUMBERS


@pytest.mark.parametrize("post", POSTS, ids=lambda post: post.name)
def test_each_post_agrees_with_the_published_offices(post):
    offices = load_codelists()["customs_offices"].rows
    here, there = offices[post.office], offices[post.neighbour_office]
    assert (here["country"], here["post"]) == ("CN", post.name)
    assert (there["country"], there["post"]) == (post.neighbour, post.name)


def test_the_posts_are_those_of_the_road_agreements_with_a_neighbour():
    agreed = {
        (post.id, post.offices["CN"], neighbour, post.offices[neighbour])
        for agreement in load_agreements(published("agreements")).values()
        if "CN" in agreement.parties and len(agreement.parties) == 2 and ROAD in agreement.modes
        for neighbour in set(agreement.parties) - {"CN"}
        for post in agreement.posts
    }
    assert {(post.name, post.office, post.neighbour, post.neighbour_office) for post in POSTS} == agreed
    assert {post.neighbour for post in POSTS} == {"KG", "KZ"}


def test_a_sender_code_has_thirteen_characters_and_names_its_country():
    assert len(sender_code("KG")) == 13
    assert (sender_country(sender_code("KG")), sender_country("9403KZTSH0016")) == ("KG", None)


def test_the_profile_names_the_schemas_and_texts_that_are_there():
    types = {
        part
        for names in (*PROFILE["reads"].values(), *PROFILE["writes"].values())
        for n in names
        for part in n.split("+")
    }
    folder = Path(ADAPTER.examples).parent
    assert {path.stem for path in (folder / "schema").glob("MT*.xsd")} == types
    assert PROFILE["country"] == ADAPTER.country
    assert tomllib.loads((folder / "profile.toml").read_text(encoding="utf-8")) == dict(PROFILE)


def test_the_readme_has_a_row_for_every_place():
    from adapters.cn.places import PLACES

    readme = (Path(ADAPTER.examples).parent / "README.md").read_text(encoding="utf-8")
    rows = list(csv.reader((line for line in readme.splitlines() if line.startswith("|")), delimiter="|"))
    named = {cell.strip().strip("`") for row in rows for cell in row}
    assert [xpath for xpath in PLACES if xpath.removeprefix("/Manifest/") not in named] == []
