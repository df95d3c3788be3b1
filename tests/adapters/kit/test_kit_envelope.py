"""Routes, headings and identifiers: what every message of every country has alike."""

import uuid

import pytest

from adapters.kit.contract import Route, Setting
from adapters.kit.heading import heading
from adapters.kit.identifier import is_uuid, message_id, own_message_id, short_reference
from adapters.kit.route import between, route_to
from gateway.message.examples import examples
from gateway.message.metadata import KINDS, CommunicationMetaData

KG, CN, RAIL = Route("KG", "kg-xx", "1"), Route("CN", "cn-xx", "1"), Route("CN", "cn-xx-rail", "2")
ONE, MANY = Setting("XX", {"KG": KG}), Setting("XX", {"KG": KG, "CN": CN, "CN/2": RAIL})
ID = "0f8b4c9e-3a5d-4e55-9b1e-2f6d7a8b9c0d"


@pytest.mark.parametrize(
    ("setting", "country", "mode", "only", "route"),
    [
        (MANY, "CN", None, False, CN),
        (MANY, "CN", "3", False, CN),
        (MANY, "CN", "2", False, RAIL),
        (MANY, "KG", "2", False, KG),
        (MANY, "UZ", None, True, None),
        (MANY, None, None, True, None),
        (MANY, "", "2", True, None),
        (ONE, "UZ", None, False, None),
        (ONE, None, None, False, None),
        (ONE, "UZ", "2", True, KG),
        (ONE, None, None, True, KG),
        (Setting("XX", {}), "KG", None, True, None),
    ],
)
def test_a_route_is_that_of_country_and_mode_else_of_the_country_else_the_only_one(setting, country, mode, only, route):
    assert route_to(setting, country, mode, only=only) == route


@pytest.mark.parametrize(("inbound", "sender", "recipient"), [(False, "XX", "KG"), (True, "KG", "XX")])
def test_the_envelope_says_who_sends_what_to_whom_under_which_agreement(inbound, sender, recipient):
    head = between(ONE, KG, inbound=inbound)
    assert (head["sender"].id, head["recipient"].id) == (sender, recipient)
    assert (head["agreement_id"], head["agreement_version_id"], head["test_indicator"]) == ("kg-xx", "1", None)
    assert set(head) <= set(CommunicationMetaData.model_fields)


def test_a_message_is_a_test_where_the_setting_or_the_document_says_so():
    assert between(Setting("XX", {}, test=True), KG, inbound=True)["test_indicator"] is True
    assert between(ONE, KG, inbound=True, test=True)["test_indicator"] is True


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_message_begins_as_the_published_examples_do(kind):
    for message in examples(kind).values():
        made = heading(KINDS[kind], message.responsible_country_code)
        assert {name: getattr(message, name) for name in made} == made


def test_the_same_document_always_gives_the_same_message_and_each_country_its_own():
    assert message_id("KG", "1") == message_id("KG", "1") == str(uuid.uuid5(uuid.NAMESPACE_URL, "urn:torugart:KG:1"))
    assert len({message_id("KG", "1"), message_id("KG", "2"), message_id("KZ", "1")}) == 3
    assert is_uuid(message_id("KG", "1"))


def test_a_document_that_was_written_from_a_message_names_it():
    assert own_message_id("KG", ID) == ID
    assert own_message_id("KG", ID.upper()) == message_id("KG", ID.upper())
    assert own_message_id("KG", "1") == message_id("KG", "1")


@pytest.mark.parametrize(
    ("document", "reference"), [(ID, ID.replace("-", "")), (ID.upper(), ID.upper().replace("-", "")), ("A-1", "A-1")]
)
def test_a_reference_of_a_document_is_its_identifier_and_a_uuid_fits_into_it(document, reference):
    assert short_reference(document) == reference
    assert len(reference) <= 35
