"""The dry run says what posting would say, of every step; and records nothing."""

import uuid

import pytest
from exchange.life_bench import document, every_function
from exchange.talk import Talk, rules

from builders.serving import running_gateway
from gateway.message.xml_twin import write_xml
from gateway.signing import sign_xml


class Careful(Talk):
    """Tries each message before it posts it: both must say the same. State: as its base."""

    def post(self, message):
        sender = message.communication_meta_data.sender.id
        body = sign_xml(write_xml(message), self.gateway.key(sender), self())
        tried = self.try_out(body, sender).json()
        posted = self.gateway.post_bytes(body, "application/xml").json()
        assert tried == {"outcome": posted["outcome"], "signed": True, "findings": posted["findings"]}
        again = self.try_out(body, sender).json()
        assert again == tried
        return posted

    def try_out(self, body, reader):
        headers = {"Content-Type": "application/xml", **self.token(reader)}
        return self.gateway.client.post("/v1/validations", content=body, headers=headers)

    def original(self, **more):
        said = {"kind": "declaration", "code": "9", "sender": "CN", "recipient": "KG", "arrival": 720}
        return document({**said, "id": str(uuid.uuid4()), "number": self.number, **more}, self(), self())


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dry")
    talk = Careful()
    with running_gateway(folder, clock=talk, agreements=every_function(folder / "agreements")) as talk.gateway:
        yield talk


@pytest.fixture
def talk(gate):
    gate.number = uuid.uuid4().hex[:20]
    return gate


def test_a_whole_crossing_is_told_step_by_step_as_it_is_then_judged(talk):
    assert talk.declare()["outcome"] == "accepted"
    assert rules(talk.declare()) == {"ACD-REF-05"}
    assert talk.tell("ARR")["outcome"] == "held"
    talk.answer()
    talk.declare("13")
    assert rules(talk.declare("5")) == {"ACD-REF-06"}
    assert talk.tell("CTL", conclusion="REL")["outcome"] == "accepted"
    assert rules(talk.answer("44")) == {"ACD-REF-06"}


def test_a_cancellation_after_departure_is_told_to_be_refused(talk):
    talk.declare()
    talk.answer()
    talk.tell("DEP", sender="CN", recipient="KG")
    assert "ACD-REF-03" in rules(talk.declare("1"))


def test_what_differs_at_the_border_is_told_before_it_is_told_to_anybody(talk):
    talk.declare()
    talk.answer()
    told = talk.tell("ARR", discrepant=True)
    assert told["outcome"] == "accepted"
    assert told["findings"]


def test_a_dry_run_moves_nothing_and_records_nothing(talk):
    message = talk.original()
    body = sign_xml(write_xml(message), talk.gateway.key("CN"), talk())
    assert talk.try_out(body, "CN").json()["outcome"] == "accepted"
    assert talk.get(f"/v1/messages/{message.communication_meta_data.id}", "CN").status_code == 404
    assert talk.get("/v1/exchanges", "CN", reference=talk.number).json()["exchanges"] == []


def test_other_content_under_a_known_id_is_a_conflict_in_a_dry_run_too(talk):
    first = talk.original()
    talk.post(first)
    other = talk.original(id=first.communication_meta_data.id, number=uuid.uuid4().hex[:20])
    body = sign_xml(write_xml(other), talk.gateway.key("CN"), talk())
    assert talk.try_out(body, "CN").status_code == 409


@pytest.mark.parametrize(("reader", "knows"), [("CN", True), ("KG", True), ("OPS", True), ("UZ", False)])
def test_where_an_exchange_stands_is_told_only_to_whom_an_unsigned_document_names(talk, reader, knows):
    talk.declare()
    tried = talk.try_out(write_xml(talk.original()), reader).json()
    assert ("ACD-REF-05" in rules(tried)) == knows
    assert tried["outcome"] == ("refused" if knows else "accepted")


@pytest.mark.parametrize(("reader", "knows"), [("CN", True), ("KG", False), ("UZ", False)])
def test_what_became_of_a_message_is_told_to_its_sender_alone(talk, reader, knows):
    refused = talk.original(code="1")
    talk.post(refused)
    changed = refused.model_copy(update={"declaration": talk.original().declaration})
    assert (talk.try_out(write_xml(changed), reader).status_code == 409) == knows
