"""Reading: for the parties, and for nobody else."""

import uuid
from datetime import timedelta

import pytest

from builders.declarations import fresh
from builders.serving import now
from gateway.message.examples import examples
from gateway.message.xml_twin import write_xml
from gateway.signing import issue_token, sign_xml


@pytest.fixture
def posted(gateway, declaration):
    response = gateway.post(declaration)
    return declaration, response.json()


def container(content):
    return next(equipment.id for consignment in content.consignment for equipment in consignment.transport_equipment)


def test_parties_and_operators_read_an_exchange_and_an_outsider_sees_nothing(gateway, posted):
    _, receipt = posted
    path = f"/v1/exchanges/{receipt['exchangeId']}"
    assert [gateway.get(path, reader).status_code for reader in ("CN", "KG", "OPS", "UZ")] == [200, 200, 200, 404]


def test_an_outsider_cannot_tell_a_hidden_exchange_from_none(gateway, posted):
    _, receipt = posted
    hidden = gateway.get(f"/v1/exchanges/{receipt['exchangeId']}", "UZ")
    absent = gateway.get(f"/v1/exchanges/{uuid.uuid4()}", "UZ")
    assert (hidden.status_code, hidden.content) == (absent.status_code, absent.content)


def test_an_empty_container_is_found_as_a_container_and_not_as_a_plate(gateway):
    content = fresh(examples("declaration")["empty-container"])
    receipt = gateway.post(content).json()
    number = content.declaration.border_transport_means.transport_equipment[-1].id

    def found(**query):
        return [one["exchangeId"] for one in gateway.get("/v1/exchanges", "KG", **query).json()["exchanges"]]

    assert receipt["exchangeId"] in found(container=number)
    assert receipt["exchangeId"] not in found(plate=number)


def test_an_outsider_finds_nothing_by_any_key(gateway, posted):
    declaration, _ = posted
    content = declaration.declaration
    queries = [
        {"reference": content.functional_reference_id},
        {"plate": content.border_transport_means.id},
        {"container": container(content)},
        {},
    ]
    assert all(gateway.get("/v1/exchanges", "UZ", **query).json()["exchanges"] == [] for query in queries)


def test_an_exchange_is_found_by_reference_plate_container_state_and_time(gateway, posted):
    declaration, receipt = posted
    content = declaration.declaration
    spaced = " ".join(content.border_transport_means.id.lower())
    queries = [
        {"reference": content.functional_reference_id},
        {"plate": content.border_transport_means.id},
        {"plate": spaced},
        {"container": container(content)},
        {"state": "registered", "reference": content.functional_reference_id},
        {"updated_from": (now() - timedelta(minutes=5)).isoformat()},
    ]
    for query in queries:
        found = gateway.get("/v1/exchanges", "KG", **query).json()["exchanges"]
        assert receipt["exchangeId"] in [exchange["exchangeId"] for exchange in found], query
    before = gateway.get("/v1/exchanges", "KG", updated_until=(now() - timedelta(hours=1)).isoformat())
    assert before.json()["exchanges"] == []


def test_pages_of_a_search_hold_every_exchange_once(gateway, declaration):
    posted = {gateway.post(fresh(declaration)).json()["exchangeId"] for _ in range(5)}
    seen, following = [], None
    while True:
        query = {"limit": 2} | ({"before": following} if following else {})
        page = gateway.get("/v1/exchanges", "CN", **query).json()
        seen += [exchange["exchangeId"] for exchange in page["exchanges"]]
        if not (following := page["next"]):
            break
    assert posted <= set(seen)
    assert len(seen) == len(set(seen))


def test_the_document_and_the_receipt_are_read_back_byte_for_byte(gateway, declaration):
    body = sign_xml(write_xml(declaration), gateway.key("CN"), now())
    answer = gateway.post_bytes(body, "application/xml")
    path = f"/v1/messages/{declaration.communication_meta_data.id}"
    assert gateway.get(path + "/document", "KG").content == body
    receipt = gateway.get(path + "/receipt", "CN")
    assert receipt.content == answer.content
    assert receipt.headers["JWS-Signature"] == answer.headers["JWS-Signature"]


def test_a_refused_message_is_its_senders_alone(gateway, declaration):
    message = fresh(declaration, total_package_quantity=None)
    gateway.post(message)
    path = f"/v1/messages/{message.communication_meta_data.id}"
    assert gateway.get(path, "CN").json()["outcome"] == "refused"
    assert gateway.get(path, "KG").status_code == 404


def test_nothing_is_read_without_a_token(gateway, posted):
    _, receipt = posted
    response = gateway.client.get(f"/v1/exchanges/{receipt['exchangeId']}")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("token", ["x", "a.b.c", "e30.e30.e30", "e30..AA"])
def test_a_token_that_is_none_is_refused(gateway, token):
    response = gateway.client.get("/v1/exchanges", headers={"Authorization": f"Bearer {token}"})
    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_a_token_for_another_gateway_is_refused(gateway):
    token = issue_token(gateway.key("CN"), participant="CN", audience="ANOTHER", at=now())
    response = gateway.client.get("/v1/exchanges", headers={"Authorization": f"Bearer {token}"})
    assert (response.status_code, response.json()["reason"]) == (401, "wrong-audience")


def test_a_token_of_the_day_before_is_refused(gateway):
    token = issue_token(gateway.key("CN"), participant="CN", audience="GATEWAY", at=now() - timedelta(hours=1))
    assert gateway.client.get("/v1/exchanges", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_the_published_contract_is_open_to_everybody(gateway):
    get = gateway.client.get
    assert "declaration/declaration.xsd" in get("/v1/schemas").json()
    assert get("/v1/schemas/declaration/declaration.xsd").content.startswith(b"<?xml")
    lists = {entry["id"]: entry for entry in get("/v1/codelists").json()}
    assert {"packages", "hs6", "countries"} <= set(lists)
    assert "CT" in get("/v1/codelists/packages").json()["codes"]
    rules = {entry["id"]: entry for entry in get("/v1/rules", params={"family": "ACD-CON"}).json()}
    assert set(rules["ACD-CON-02"]["text"]) == {"en", "ru", "zh"}
    assert get("/v1/rules/ACD-CON-02").json()["id"] == "ACD-CON-02"
    assert "kg-cn-road" in [each["id"] for each in get("/v1/agreements").json()]
    assert get("/v1/agreements/kg-cn-road/1").json()["parties"] == ["CN", "KG"]


def test_health_tells_alive_and_ready(gateway):
    assert gateway.client.get("/health/live").json() == {"status": "live"}
    assert gateway.client.get("/health/ready").json() == {"status": "ready"}


def test_openapi_describes_every_path_with_summary_and_problem_answers(gateway):
    document = gateway.client.get("/openapi.json").json()
    post = document["paths"]["/v1/messages"]["post"]
    assert set(post["requestBody"]["content"]) == {"application/xml", "application/json"}
    assert post["requestBody"]["content"]["application/xml"]["example"].startswith("<?xml")
    assert {"202", "400", "401", "409", "413", "415", "422", "503"} <= set(post["responses"])
    for path, verbs in document["paths"].items():
        for verb, operation in verbs.items():
            assert operation.get("summary"), (verb, path)
