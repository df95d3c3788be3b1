"""Bad input gets a clear, located answer: never a 500, never a fetch, never a wrong accept."""

import gzip
import http.client
import json
import socket
import threading
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders.serving import now
from gateway.message.examples import examples
from gateway.message.json_twin import write_json
from gateway.message.xml_twin import write_xml
from gateway.signing import Purpose, sign_detached, sign_xml

SAMPLE = examples("declaration")["typical"]


def problem(response, status):
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    return response.json()


def test_an_announced_size_over_the_limit_is_refused_before_the_body_is_read(gateway):
    url = urlsplit(gateway.url)
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=5)
    connection.putrequest("POST", "/v1/messages")
    connection.putheader("Content-Type", "application/xml")
    connection.putheader("Content-Length", "300000000")
    connection.endheaders()  # not one byte of the body is sent
    assert connection.getresponse().status == 413
    connection.close()


def test_a_body_that_grows_over_the_limit_is_refused(gateway):
    def chunks():
        for _ in range(30):
            yield b"x" * 10_000

    response = gateway.client.post("/v1/messages", content=chunks(), headers={"Content-Type": "application/xml"})
    problem(response, 413)


@pytest.mark.parametrize("media_type", ["text/plain", "application/zip", "", "application/xml; charset=utf-16", "xml"])
def test_another_media_type_is_refused(gateway, media_type):
    problem(gateway.post_bytes(b"<a/>", media_type), 415)


def test_a_compressed_body_is_refused_unread(gateway):
    bomb = gzip.compress(b"\0" * 1_000_000)
    problem(gateway.post_bytes(bomb, "application/xml", {"Content-Encoding": "gzip"}), 415)


def test_what_is_not_well_formed_is_answered_with_line_and_column(gateway):
    told = problem(gateway.post_bytes(b"<MetaData>\n  <a></b>\n</MetaData>", "application/xml"), 400)
    assert (told["rule"], told["line"]) == ("ACD-ENV-11", 2)
    assert told["column"] > 0


def test_json_that_is_none_is_answered_with_line_and_column(gateway):
    body = b'{"Declaration": {\n  "A": NaN}}'
    signature = sign_detached(body, gateway.key("CN"), purpose=Purpose.MESSAGE, signing_time=now())
    told = problem(gateway.post_bytes(body, "application/json", {"JWS-Signature": signature}), 400)
    assert (told["rule"], told["line"]) == ("ACD-ENV-12", 2)


@pytest.fixture
def listener():
    """A port that tells whether anybody came."""
    came = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)

    def accept():
        while not came.is_set():
            try:
                connection, _ = server.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            came.set()
            connection.close()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}", came
    server.close()
    thread.join(2)


DANGEROUS = {
    "doctype": (
        '<!DOCTYPE MetaData SYSTEM "{url}/x.dtd"><MetaData xmlns="urn:torugart:wcodm:declaration:1"/>',
        "ACD-ENV-16",
    ),
    "external entity": (
        '<!DOCTYPE m [<!ENTITY e SYSTEM "{url}/e">]><MetaData xmlns="urn:torugart:wcodm:declaration:1">&e;</MetaData>',
        "ACD-ENV-16",
    ),
    "parameter entity": (
        '<!DOCTYPE m [<!ENTITY % e SYSTEM "{url}/e">%e;]><MetaData xmlns="urn:torugart:wcodm:declaration:1"/>',
        "ACD-ENV-16",
    ),
    "schema location": (
        '<MetaData xmlns="urn:torugart:wcodm:declaration:1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:schemaLocation="urn:torugart:wcodm:declaration:1 {url}/s.xsd"/>',
        "ACD-ENV-18",
    ),
    "xinclude": (
        '<MetaData xmlns="urn:torugart:wcodm:declaration:1">'
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{url}/i.xml"/></MetaData>',
        "ACD-ENV-18",
    ),
    "style sheet": (
        '<?xml-stylesheet href="{url}/s.xsl"?><MetaData xmlns="urn:torugart:wcodm:declaration:1"/>',
        "ACD-ENV-17",
    ),
}


@pytest.mark.parametrize("danger", DANGEROUS)
def test_what_would_make_a_reader_fetch_is_refused_and_nothing_is_fetched(gateway, listener, danger):
    url, came = listener
    body, rule = DANGEROUS[danger]
    told = problem(gateway.post_bytes(body.format(url=url).encode(), "application/xml"), 400)
    assert told["rule"] == rule
    assert not came.wait(0.05)


def test_an_entity_bomb_is_refused_at_once(gateway):
    entities = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
    body = f'<!DOCTYPE m [<!ENTITY a0 "lol">{entities}]><m>&a11;</m>'.encode()
    assert problem(gateway.post_bytes(body, "application/xml"), 400)["rule"] in ("ACD-ENV-16", "ACD-ENV-11")


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"<a>" * 20_000, "application/xml"),
        (b"<a>" * 300 + b"</a>" * 300, "application/xml"),
        (b"[" * 100_000, "application/json"),
        (b'{"a":' * 2000 + b"1" + b"}" * 2000, "application/json"),
        (b"<a " + b" ".join(b'a%d="x"' % i for i in range(10_000)) + b"/>", "application/xml"),
        ("<a>é</a>".encode("latin-1"), "application/xml"),
        (b'<?xml version="1.0" encoding="GB18030"?><a/>', "application/xml"),
        ("<a/>".encode("utf-16"), "application/xml"),
        (b"\x00\x01\x02", "application/json"),
        (b"", "application/xml"),
        (b"", "application/json"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_floods_and_wrong_encodings_are_answered_as_such(gateway, body, media_type):
    headers = {}
    if media_type == "application/json":
        key = gateway.key("CN")
        headers["JWS-Signature"] = sign_detached(body, key, purpose=Purpose.MESSAGE, signing_time=now())
    response = gateway.post_bytes(body, media_type, headers)
    assert response.status_code in (400, 401), response.text
    assert "detail" in response.json()


def test_duplicate_keys_are_a_finding_at_their_place(gateway, declaration):
    body = write_json(declaration).replace(b'"FunctionCode": "9"', b'"FunctionCode": "1",\n    "FunctionCode": "9"')
    signature = sign_detached(body, gateway.key("CN"), purpose=Purpose.MESSAGE, signing_time=now())
    response = gateway.post_bytes(body, "application/json", {"JWS-Signature": signature})
    assert response.status_code == 422
    assert ("ACD-STR-09", "/Declaration/FunctionCode") in {
        (finding["rule"], finding["pointer"]) for finding in response.json()["findings"]
    }


@pytest.mark.parametrize("name", ["²", "①", "1" * 60, "5"], ids=lambda name: ascii(name)[:9])
@pytest.mark.parametrize("path", ["/v1/messages", "/v1/validations"])
def test_a_name_of_odd_digits_is_a_name_that_the_form_has_not(gateway, declaration, name, path):
    content = json.loads(write_json(declaration))
    content["Declaration"][name] = "x"
    body = json.dumps(content).encode()
    signature = sign_detached(body, gateway.key("CN"), purpose=Purpose.MESSAGE, signing_time=now())
    headers = {"Content-Type": "application/json", "JWS-Signature": signature, **gateway.token("CN")}
    response = gateway.client.post(path, content=body, headers=headers)
    assert response.status_code == (422 if path == "/v1/messages" else 200), response.text
    found = {(finding["rule"], finding["pointer"]) for finding in response.json()["findings"]}
    assert found == {("ACD-STR-02", f"/Declaration/{name}")}


def test_a_lone_surrogate_is_refused(gateway, declaration):
    body = write_json(declaration).replace(b'"FunctionCode": "9"', b'"FunctionCode": "\\ud800"')
    signature = sign_detached(body, gateway.key("CN"), purpose=Purpose.MESSAGE, signing_time=now())
    assert gateway.post_bytes(body, "application/json", {"JWS-Signature": signature}).status_code in (400, 422)


def test_a_message_without_a_signature_is_not_trusted(gateway, declaration):
    assert problem(gateway.post_bytes(write_xml(declaration), "application/xml"), 401)["reason"] == "unsigned"
    assert problem(gateway.post_bytes(write_json(declaration), "application/json"), 401)["reason"] == "unsigned"


def test_a_message_that_is_not_trusted_is_not_asked_for_a_token(gateway, declaration):
    for body, media_type in (
        (write_xml(declaration), "application/xml"),
        (write_json(declaration), "application/json"),
    ):
        assert "WWW-Authenticate" not in gateway.post_bytes(body, media_type).headers


def test_a_changed_message_is_not_trusted(gateway, declaration):
    signed = sign_xml(write_xml(declaration), gateway.key("CN"), now())
    changed = signed.replace(b"<FunctionCode>9<", b"<FunctionCode>1<")
    assert problem(gateway.post_bytes(changed, "application/xml"), 401)["reason"] == "signature-invalid"


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_mutation_of_a_signed_message_is_accepted_or_answered_with_500(gateway, data):
    signed = bytearray(sign_xml(write_xml(SAMPLE), gateway.key("CN"), now()))
    for _ in range(data.draw(st.integers(1, 3))):
        position = data.draw(st.integers(0, len(signed) - 1))
        signed[position : position + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    response = gateway.post_bytes(bytes(signed), "application/xml")
    assert response.status_code in (202, 400, 401, 409, 422), response.text
    if response.status_code == 202:  # white space outside the signed part: the content is still what was signed
        assert response.json()["messageId"] == SAMPLE.communication_meta_data.id


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=300), media_type=st.sampled_from(["application/xml", "application/json"]))
def test_no_bytes_are_answered_with_500(gateway, body, media_type):
    response = gateway.post_bytes(body, media_type, {"JWS-Signature": "e30..AA"})
    assert response.status_code in (400, 401), response.text


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=x",
        "updated_from=yesterday",
        "updated_from=2026-01-01T00:00:00",
        "state=lost",
        "reference=" + "x" * 99,
    ],
)
def test_a_question_that_is_not_understood_is_a_400(gateway, query):
    response = gateway.client.get(f"/v1/exchanges?{query}", headers=gateway.token("CN"))
    problem(response, 400)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("updated_from", "0001-01-01T00:00:00+14:00"),
        ("updated_until", "9999-12-31T23:59:59-14:00"),
        ("updated_from", "2026-01-01T00:00:00"),
        ("refrence", "zzz"),
    ],
)
def test_what_is_wrong_with_a_question_is_named(gateway, name, value):
    told = problem(gateway.get("/v1/exchanges", "CN", **{name: value}), 400)
    assert [fault["place"] for fault in told["faults"]] == [f"query.{name}"]


@pytest.mark.parametrize("path", ["/v1/exchanges/x/match?langauge=ru", "/v1/rules?famliy=ACD-CON", "/v1/rules?a=1&b=2"])
def test_a_word_that_no_question_has_is_refused_wherever_something_is_asked(gateway, path):
    told = problem(gateway.client.get(path, headers=gateway.token("CN")), 400)
    assert all(fault["place"].startswith("query.") for fault in told["faults"])


def test_times_at_the_edge_of_the_calendar_are_looked_up(gateway):
    edges = {"updated_from": "0001-01-01T00:00:00Z", "updated_until": "9999-12-31T23:59:59Z"}
    assert gateway.get("/v1/exchanges", "CN", **edges).json() == gateway.get("/v1/exchanges", "CN").json()


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/schemas/../../pyproject.toml", "/v1/schemas/declaration/nothing"])
def test_what_is_not_there_is_a_problem_document(gateway, path):
    problem(gateway.client.get(path), 404)
