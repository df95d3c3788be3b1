"""The kit's service: an adapter between its national window and the gateway, with both real."""

import asyncio
import json
import queue
import threading
from contextlib import ExitStack, suppress
from dataclasses import replace

import httpx
import pytest
from anyio.from_thread import start_blocking_portal
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route as Path

from adapters.cn import ADAPTER as CN
from adapters.kg import ADAPTER as KG
from adapters.kit.contract import JSON, LARGEST, XML, Fault, National, Route, Setting
from adapters.kit.run import run
from adapters.kit.service import Post, create_adapter, to_window
from adapters.kit.suite import addressed
from adapters.kz import ADAPTER as KZ
from adapters.uz import ADAPTER as UZ
from builders.declarations import fresh
from builders.serving import PARTICIPANTS, now, register, running_gateway, serving, wait
from gateway.errors import GatewayError
from gateway.message.canonical import bytes_digest, content_digest
from gateway.message.examples import examples
from gateway.message.finding import Finding, Severity
from gateway.message.xml_twin import write_xml
from gateway.signing import Purpose, load_trust, mint_workshop, sign_detached, sign_xml, verify_detached
from gateway.transport.http import LONGEST_RECEIPT
from mock_nsw.cn import NSW as NSW_CN
from mock_nsw.documents import zip_of
from mock_nsw.faults import Fault as WindowFault
from mock_nsw.issuing import Issuer
from mock_nsw.kg import NSW as NSW_KG
from mock_nsw.kz import NSW as NSW_KZ
from mock_nsw.serving import listening
from mock_nsw.uz import NSW as NSW_UZ

TOKEN = "a throwaway token of this test"
SAYING_SO = replace(KG, not_carried=KG.not_carried - {"CommunicationMetaData/TestIndicator"})
"""As if the Kyrgyz form had a place for the mark of a test."""


WHY = "a fault of this test"
AGAINST = (Fault("X-1", WHY, "/a", "b"),)


class Window:
    """A national window's inbox: a real server that keeps what it gets and answers as told."""

    def __init__(self, adapter=KG):
        self.got = []
        self.status = 200
        self.taken = True
        self.says = None
        self.adapter = adapter
        self.app = Starlette(routes=[Path("/inbox", self._inbox, methods=["POST"])])

    async def _inbox(self, request):
        self.got.append((await request.body(), dict(request.headers)))
        if self.says is not None:
            return Response(self.says, self.status)
        if self.status != 200:
            return Response(status_code=self.status)
        document = National(self.got[-1][0], request.headers["content-type"])
        notice = self.adapter.answer(document, self.taken, () if self.taken else AGAINST, now())
        return Response(notice.body, media_type=notice.media_type)


@pytest.fixture
def window():
    return Window()


@pytest.fixture
def stage(tmp_path, window):
    """A gateway, a window, and the adapters of CN (XML) and KG (JSON), all on free ports."""
    with ExitStack() as stack:
        gateway = stack.enter_context(running_gateway(tmp_path))
        inbox = stack.enter_context(serving(window.app))
        trust = load_trust(gateway.workshop.trust)

        def post(adapter, other, **changes):
            made = Post(
                adapter=adapter,
                setting=Setting(adapter.country, {other: Route(other, "kg-cn-road", "1")}),
                key=gateway.key(adapter.country),
                trust=lambda: trust,
                gateway_url=gateway.url,
                window_url=inbox,
                token=TOKEN,
            )
            return replace(made, **changes)

        def adapter_url(*arguments, **changes):
            return stack.enter_context(serving(create_adapter(post(*arguments, **changes))))

        yield gateway, adapter_url


def handed(sample="three-consignments"):
    """What NSW CN hands over: manifest and confirmation, zipped."""
    import io
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, part in enumerate(NSW_CN.samples[sample].make(Issuer(now, None))):
            archive.writestr(f"{number}.xml", part)
    return buffer.getvalue()


def withdrawal():
    """The same, taken back."""
    lodged = NSW_CN.samples["three-consignments"].make(Issuer(now, None))
    (deletion,) = NSW_CN.withdraw(lodged, "001", Issuer(now, None))
    return zip_of([("1.xml", deletion)], now())


def national(url, body, token=TOKEN, media_type="application/zip"):
    headers = {"Authorization": f"Bearer {token}", "Content-Type": media_type}
    return httpx.post(url + "/national", content=body, headers=headers, timeout=20, trust_env=False)


def test_a_national_document_becomes_a_signed_message_and_the_answer_is_national(stage):
    gateway, adapter_url = stage
    answer = national(adapter_url(CN, "KG"), handed())
    assert answer.status_code == 200
    assert b"<StatementCode>D</StatementCode>" in answer.content
    (exchange,) = gateway.get("/v1/exchanges", "KG").json()["exchanges"]
    assert (exchange["sender"], exchange["state"]) == ("CN", "registered")


def test_handing_over_twice_changes_nothing_and_gets_the_same_answer(stage):
    gateway, adapter_url = stage
    url, body = adapter_url(CN, "KG"), handed()
    first, again = national(url, body), national(url, body)
    assert first.status_code == again.status_code == 200
    assert len(gateway.get("/v1/exchanges", "CN").json()["exchanges"]) == 1


def test_a_refusal_is_told_nationally_with_every_fault(stage):
    _, adapter_url = stage
    answer = national(adapter_url(CN, "KG"), handed("four-faults"))
    assert answer.status_code == 422
    for rule in (b"ACD-IDN-01", b"ACD-COD-01", b"ACD-IDN-02", b"ACD-CON-02"):
        assert rule in answer.content


@pytest.mark.parametrize("adapter", [CN, KG, KZ, UZ], ids=lambda each: each.country)
def test_what_is_answered_to_a_small_document_is_small_whatever_its_names_are(stage, adapter):
    _, adapter_url = stage
    example = next(one for one in sorted(adapter.examples.glob("export_*")) if one.suffix != ".zip")
    names = [f"n{number}{'k' * 300}" for number in range(50)]
    if example.suffix == ".json":
        tree = json.loads(example.read_bytes())
        inside = [1] * 2000
        for each in names:
            inside = {each: inside}
        body, media_type = json.dumps({**tree, "n": inside}).encode(), JSON
    else:
        deep = "".join(f"<{each}>" for each in names) + "<a>1</a>" * 2000
        deep += "".join(f"</{each}>" for each in reversed(names))
        text = example.read_text("utf-8").rstrip()
        body, media_type = f"{text[: text.rindex('</')]}{deep}{text[text.rindex('</') :]}".encode(), XML
    answer = national(adapter_url(adapter, "KG" if adapter is not KG else "CN"), body, media_type=media_type)
    assert answer.status_code in (200, 422)
    assert len(answer.content) < 400_000


@pytest.mark.parametrize(
    ("adapter", "example", "name", "place"),
    [
        (CN, "export_minimal.xml", "<Name>", "/Manifest/Head/MessageID"),
        (KG, "export_minimal.xml", "<c:OrganizationName>", "/ExportPreliminary/DocumentID"),
        (KZ, "export_typical.xml", "<csdo:SubjectName>", "/PreliminaryInformation/EDocHeader/EDocId"),
        (UZ, "export_minimal.json", '"nomi": "', "/hujjatId"),
    ],
    ids=["CN", "KG", "KZ", "UZ"],
)
def test_another_document_under_a_known_number_is_refused_in_the_national_form_at_that_number(
    stage, adapter, example, name, place
):
    _, adapter_url = stage
    country = adapter.country
    routes = {other: Route(other, "kg-cn-road", "1") for other in ("CN", "KG", "KZ", "UZ") if other != country}
    url = adapter_url(adapter, "-", setting=Setting(country, routes))
    first, media_type = (adapter.examples / example).read_text("utf-8"), JSON if adapter is UZ else XML
    other = first.replace(name, f"{name}Z ", 1)
    before, answer = (national(url, text.encode(), media_type=media_type) for text in (first, other))
    assert "message-conflict" not in before.text
    assert (answer.status_code, answer.headers["content-type"]) == (422, media_type)
    said = adapter.acknowledged(National(answer.content, media_type))
    assert said.refused
    assert "message-conflict" in answer.text
    assert place in answer.text


@pytest.fixture
def ran(tmp_path):
    """Runs an adapter on an address, in a thread, until the end of the test; the URL that it says it listens on."""
    workshop, token = mint_workshop(tmp_path, PARTICIPANTS, now()), tmp_path / "token"
    token.write_text(TOKEN, "utf-8")
    said, ends = queue.SimpleQueue(), []

    def ready(url):
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        ends.append(lambda: loop.call_soon_threadsafe(task.cancel))
        said.put(url)

    def serve(host):
        given = {"participant": "KG", "key": workshop.keys["KG"], "trust": workshop.trust, "token_file": token}
        with suppress(asyncio.CancelledError):
            run(KG, **given, gateway_url="-", window_url="-", host=host, ready=ready)

    def start(host):
        threads.append(threading.Thread(target=serve, args=(host,), daemon=True))
        threads[-1].start()
        return said.get(timeout=30)

    threads = []
    yield start
    for end in ends:
        end()
    for thread in threads:
        thread.join(20)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_running_adapter_says_a_url_by_which_it_is_reached(ran, host):
    url = ran(host)
    assert httpx.get(f"{url}/health/ready", timeout=20, trust_env=False).json()["country"] == "KG"


@pytest.mark.parametrize("token", ["", "wrong", TOKEN + "x"])
def test_a_wrong_token_is_a_401(stage, token):
    _, adapter_url = stage
    assert national(adapter_url(CN, "KG"), handed(), token=token or "-").status_code == 401


@pytest.mark.parametrize(
    ("adapter", "marked", "in_tests", "outcome"),
    [
        (KG, True, False, "refused"),  # the form has no place for the mark: the window would act on it
        (KG, True, True, "delivered"),
        (KG, False, True, "refused"),
        (SAYING_SO, True, False, "delivered"),
    ],
)
def test_a_test_goes_to_a_test_window_or_into_a_form_that_says_so(stage, adapter, marked, in_tests, outcome):
    gateway, adapter_url = stage
    message = fresh(examples("declaration")["road"], head={"test_indicator": marked or None})
    body = sign_xml(write_xml(message), gateway.key("CN"), now())
    made = {"setting": Setting("KG", {"CN": Route("CN", "kg-cn-road", "1")}, test=in_tests)}
    answer = delivery(adapter_url(adapter, "CN", **made), body, sealed(gateway, body, message))
    receipt = json.loads(answer.content)
    assert receipt["outcome"] == outcome
    assert [one["rule"] for one in receipt["findings"] if one["severity"] == "reject"] == (
        ["KIT-TEST-01"] if outcome == "refused" else []
    )


def test_without_the_gateway_the_window_is_told_to_repeat(stage):
    _, adapter_url = stage
    answer = national(adapter_url(CN, "KG", gateway_url="http://127.0.0.1:9"), handed())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def saying(body, status):
    """A server that answers whatever it is asked."""

    async def answer(_request):
        return Response(body, status, media_type=JSON)

    return Starlette(routes=[Path("/{path:path}", answer, methods=["GET", "POST"])])


TOO_LONG = json.dumps({"detail": "no", "exchanges": [], "next": None}).encode().ljust(LARGEST + 1)


@pytest.mark.parametrize(
    ("body", "status"),
    [(handed(), 400), (withdrawal(), 200)],
    ids=["to a message", "to a question"],
)
def test_a_gateway_that_answers_more_than_is_read_is_one_that_is_away(stage, body, status):
    _, adapter_url = stage
    with serving(saying(TOO_LONG, status)) as url:
        answer = national(adapter_url(CN, "KG", gateway_url=url), body)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


@pytest.mark.parametrize("body", [b"", b"<a", b"PK\x03\x04broken", b"<Manifest/>", b"\xff\xfe"])
def test_what_cannot_be_read_is_answered_and_sent_nowhere(stage, body):
    gateway, adapter_url = stage
    answer = national(adapter_url(CN, "KG"), body, media_type="application/xml")
    assert answer.status_code in (400, 422)
    assert gateway.get("/v1/exchanges", "CN").json()["exchanges"] == []


def test_a_delivery_arrives_at_the_window_in_its_own_form(stage, window):
    gateway, adapter_url = stage
    register(gateway.workshop, {"KG": adapter_url(KG, "CN", syntax=JSON)})
    message = fresh(examples("declaration")["road"])
    assert gateway.post(message).status_code == 202
    wait(lambda: window.got)
    body, headers = window.got[0]
    assert b"AutoPreliminary" in body
    assert message.communication_meta_data.id.encode() in body
    assert headers["authorization"] == f"Bearer {TOKEN}"


def test_a_window_that_is_away_gets_the_message_when_it_is_back(stage, window):
    gateway, adapter_url = stage
    window.status = 503
    register(gateway.workshop, {"KG": adapter_url(KG, "CN")})
    message = fresh(examples("declaration")["road"])
    gateway.post(message)
    wait(lambda: window.got)
    path = f"/v1/messages/{message.communication_meta_data.id}"
    assert gateway.get(path, "CN").json()["deliveries"][0]["state"] == "waiting"
    window.status = 200
    wait(lambda: gateway.get(path, "CN").json()["deliveries"][0]["state"] == "delivered")


# What the window says to a document


def said_by(adapter, inbox, document):
    """What the adapter makes of a window's answer to a document; "away" where it is to be handed over again."""

    async def hand_over():
        post = Post(adapter, Setting("-", {}), None, None, gateway_url="-", window_url=inbox, token=TOKEN)
        async with httpx.AsyncClient(trust_env=False, timeout=20) as client:
            return await to_window(document, post, client)

    try:
        return asyncio.run(hand_over())
    except GatewayError as problem:
        return problem.code


def handed_to(window, document):
    with serving(window.app) as inbox:
        return said_by(window.adapter, inbox, document)


def written(adapter):
    """A document for a country's window; into China the goods of the example go by the same post."""
    message = addressed(examples("declaration")["typical"], adapter)
    if adapter is CN:
        declared = message.declaration
        offices = {
            "entry_office": declared.entry_office.model_copy(update={"id": declared.exit_office.id}),
            "exit_office": declared.exit_office.model_copy(update={"id": declared.entry_office.id}),
        }
        message = message.model_copy(update={"declaration": declared.model_copy(update=offices)})
    return adapter.write(message).document


@pytest.mark.parametrize("adapter", [CN, KG, KZ, UZ], ids=lambda each: each.country)
def test_what_the_window_refuses_in_its_own_form_is_refused_in_its_words(adapter):
    window = Window(adapter)
    window.taken = False
    said = handed_to(window, written(adapter))
    assert (said.taken, said.refused) == (False, True)
    assert WHY in said.text


@pytest.mark.parametrize("adapter", [CN, KG, KZ, UZ], ids=lambda each: each.country)
@pytest.mark.parametrize("status", [200, 400, 422])
def test_the_status_of_a_refusal_in_the_windows_own_form_does_not_matter(adapter, status):
    window, document = Window(adapter), written(adapter)
    window.says, window.status = adapter.answer(document, False, AGAINST, now()).body, status
    said = handed_to(window, document)
    assert said.refused
    assert WHY in said.text


@pytest.mark.parametrize("adapter", [CN, KG, KZ, UZ], ids=lambda each: each.country)
def test_an_answer_that_says_taken_is_one_only_with_the_status_that_says_so_too(adapter):
    window, document = Window(adapter), written(adapter)
    window.says = adapter.answer(document, True, (), now()).body
    assert handed_to(window, document).taken
    window.status = 409
    assert handed_to(window, document) == "away"


@pytest.mark.parametrize("status", [400, 413, 415, 422])
def test_a_status_about_the_document_is_a_refusal_even_without_the_windows_form(window, status):
    window.says, window.status = json.dumps({"detail": "no document of ours"}), status
    said = handed_to(window, written(KG))
    assert (said.taken, said.refused, said.text) == (False, True, "no document of ours")
    window.says = "<html>refused</html>"
    assert handed_to(window, written(KG)).text == f"The national window answered {status}"


def test_an_answer_that_is_longer_than_a_document_can_be_is_no_refusal(window):
    window.says, window.status = TOO_LONG, 422
    assert handed_to(window, written(KG)) == "away"


@pytest.mark.parametrize("status", [301, 401, 403, 404, 408, 409, 429, 500, 502, 503, 504])
def test_a_status_about_the_window_is_no_refusal(window, status):
    window.status = status
    assert handed_to(window, written(KG)) == "away"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_window_that_cannot_take_anything_now_refuses_nothing_whatever_it_says(window, status):
    window.says, window.status = KG.answer(written(KG), False, AGAINST, now()).body, status
    assert handed_to(window, written(KG)) == "away"


@pytest.mark.parametrize("adapter", [CN, KG, KZ, UZ], ids=lambda each: each.country)
@pytest.mark.parametrize("said", [b"", b"<html>back soon</html>", b"{}", b"\x00\xff<<garbage>>\xfe" * 16])
def test_an_answer_that_is_not_of_the_countrys_form_is_no_refusal(adapter, said):
    window = Window(adapter)
    window.says = said
    assert handed_to(window, written(adapter)) == "away"


@pytest.mark.parametrize("code", ["E2", "E4", "T", "99"])
def test_a_reply_of_chinas_window_that_decides_nothing_is_no_refusal(code):
    window, document = Window(CN), written(CN)
    taken = CN.answer(document, True, (), now()).body
    window.says = taken.replace(b"<StatementCode>D<", b"<StatementCode>%b<" % code.encode())
    assert handed_to(window, document) == "away"


FAULTS = {
    WindowFault.DOWN: "away",
    WindowFault.SERVER_ERROR: "away",
    WindowFault.REFUSE_CONNECTION_MIDWAY: "away",
    WindowFault.SLOW: "taken",
    WindowFault.GARBAGE_REPLY: "away",
    WindowFault.TRUNCATED_REPLY: "away",
    WindowFault.NO_DECISION: "taken",
    WindowFault.DUPLICATE_DECISION: "taken",
    WindowFault.WRONG_REFERENCE_IN_DECISION: "taken",
}


@pytest.fixture
def simulated():
    """A simulated window of a country on free ports, for which no time passes: its inbox and its control port."""
    with ExitStack() as stack:
        portal = stack.enter_context(start_blocking_portal())

        async def at_once(_seconds):
            pass

        def start(nsw):
            window = listening(nsw, token=TOKEN, adapter_url=None, issuer=Issuer(), sleep=at_once, pauses=())
            ports = stack.enter_context(portal.wrap_async_context_manager(window))
            return f"http://127.0.0.1:{ports.port}", f"http://127.0.0.1:{ports.control_port}"

        yield start


@pytest.mark.parametrize("fault", WindowFault)
@pytest.mark.parametrize(
    ("adapter", "nsw"),
    [(CN, NSW_CN), (KG, NSW_KG), (KZ, NSW_KZ), (UZ, NSW_UZ)],
    ids=lambda each: each.country,
)
def test_no_fault_of_a_window_refuses_a_document_and_what_it_loses_is_taken_the_next_time(
    adapter, nsw, fault, simulated
):
    inbox, control = simulated(nsw)
    switched = httpx.put(f"{control}/control/faults/{fault}", json={"times": 1}, trust_env=False, timeout=20)
    assert switched.status_code == 200
    first = said_by(adapter, inbox, written(adapter))
    assert ("taken" if first != "away" and first.taken else first) == FAULTS[fault]
    assert said_by(adapter, inbox, written(adapter)).taken


def test_nobody_there_is_no_refusal():
    assert said_by(KG, "http://127.0.0.1:9", written(KG)) == "away"


def test_what_the_window_refuses_is_a_dead_letter_at_once_and_its_sender_is_told(stage, window):
    gateway, adapter_url = stage
    at_home = Window(CN)
    with serving(at_home.app) as inbox:
        window.taken = False
        register(gateway.workshop, {"KG": adapter_url(KG, "CN"), "CN": adapter_url(CN, "KG", window_url=inbox)})
        message = fresh(examples("declaration")["road"])
        assert gateway.post(message).status_code == 202
        wait(lambda: at_home.got)
        path = f"/v1/messages/{message.communication_meta_data.id}"
        (delivery,) = gateway.get(path, "CN").json()["deliveries"]
        # How often the gateway tried is not asked: it may have done so before it knew where the adapter is.
        assert (delivery["state"], len(window.got)) == ("dead", 1)
        receipt = gateway.get(f"{path}/deliveries/KG/receipt", "CN").json()
        assert receipt["outcome"] == "refused"
        assert WHY in receipt["detail"]
        told = at_home.got[0][0].decode()
        assert "<StatementCode>34</StatementCode>" in told
        assert WHY in told


# What the gateway delivers


def sealed(gateway, body, message, **changes):
    claims = {
        "exchange": "e",
        "agreement": "kg-cn-road/1",
        "sender": "CN",
        "recipient": "KG",
        "message": message.communication_meta_data.id,
        "content": content_digest(message),
        "received": "r",
        "audit": "1",
    } | changes.pop("claims", {})
    key = gateway.key(changes.pop("signer", "GATEWAY"))
    purpose = changes.pop("purpose", Purpose.SEAL)
    return sign_detached(changes.pop("over", body), key, purpose=purpose, signing_time=now(), claims=claims)


def of_many(message, count):
    """The declaration with so many consignments."""
    (one,) = message.declaration.consignment
    many = tuple(one.model_copy(update={"sequence_numeric": number}) for number in range(1, count + 1))
    return message.model_copy(update={"declaration": message.declaration.model_copy(update={"consignment": many})})


def delivery(url, body, seal):
    headers = {"Content-Type": "application/xml", "Torugart-Seal": seal}
    return httpx.post(url + "/deliveries", content=body, headers=headers, timeout=20, trust_env=False)


@pytest.mark.parametrize(
    "length", ["²".encode("latin-1"), b"9" * 5000], ids=["no digit of ASCII", "thousands of digits"]
)
def test_an_announced_length_of_which_no_number_can_be_made_is_refused_also_behind_a_server_that_lets_it_pass(length):
    post = Post(KG, Setting("KG", {}), None, None, gateway_url="-", window_url="-", token=TOKEN)

    async def announced():
        transport = httpx.ASGITransport(create_adapter(post), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://adapter") as client:
            return await client.post("/deliveries", content=b"ab", headers={b"Content-Length": length})

    assert asyncio.run(announced()).status_code == 413


def test_a_good_delivery_is_receipted_with_the_digests_of_what_came(stage):
    gateway, adapter_url = stage
    message = fresh(examples("declaration")["road"])
    body = sign_xml(write_xml(message), gateway.key("CN"), now())
    answer = delivery(adapter_url(KG, "CN"), body, sealed(gateway, body, message))
    assert answer.status_code == 200
    trust = load_trust(gateway.workshop.trust)
    verify_detached(answer.content, answer.headers["JWS-Signature"], trust, purpose=Purpose.RECEIPT, at=now())
    receipt = json.loads(answer.content)
    assert (receipt["outcome"], receipt["messageDigest"]) == ("delivered", bytes_digest(body))
    assert receipt["contentDigest"] == content_digest(message)


@pytest.mark.parametrize("lengthened", [False, True], ids=["many findings", "long findings"])
def test_the_receipt_of_a_large_delivery_is_no_longer_than_the_gateway_reads(stage, lengthened):
    gateway, adapter_url = stage

    def long(message):
        made = KG.write(message)
        more = (Finding("KIT-FIT-01", Severity.WARN, f"/{number}", "z" * 200, {}, "/Я" * 1500) for number in range(400))
        return replace(made, findings=(*made.findings, *more))

    message = of_many(fresh(examples("declaration")["road"]), 120)
    body = sign_xml(write_xml(message), gateway.key("CN"), now())
    url = adapter_url(replace(KG, write=long) if lengthened else KG, "CN")
    answer = delivery(url, body, sealed(gateway, body, message))
    assert len(answer.content) < LONGEST_RECEIPT * 3 // 4
    receipt = json.loads(answer.content)
    assert receipt["outcome"] == "delivered"
    *listed, last = receipt["findings"]
    assert (last["rule"], last["value"]) == ("ACD-STR-99", str(len(listed)))
    assert {finding["severity"] for finding in listed} == {"warn" if lengthened else "info"}


@pytest.mark.parametrize(
    "changes",
    [
        {"signer": "CN"},
        {"purpose": Purpose.RECEIPT},
        {"over": b"other bytes"},
        {"claims": {"recipient": "UZ"}},
        {"claims": {"sender": "UZ"}},
        {"claims": {"content": "sha-256:" + "0" * 64}},
    ],
    ids=["not the gateway's", "a receipt", "other bytes", "for another", "another sender", "another content"],
)
def test_a_seal_that_is_not_for_this_delivery_lets_nothing_through(stage, window, changes):
    gateway, adapter_url = stage
    message = fresh(examples("declaration")["road"])
    body = sign_xml(write_xml(message), gateway.key("CN"), now())
    answer = delivery(adapter_url(KG, "CN"), body, sealed(gateway, body, message, **changes))
    assert answer.status_code == 401
    assert window.got == []


def test_a_message_that_the_gateway_has_changed_is_not_believed(stage, window):
    gateway, adapter_url = stage
    message = fresh(examples("declaration")["road"])
    body = sign_xml(write_xml(message), gateway.key("CN"), now()).replace(b">9<", b">1<", 1)
    answer = delivery(adapter_url(KG, "CN"), body, sealed(gateway, body, message))
    assert answer.status_code == 401
    assert window.got == []


def test_a_document_goes_by_the_agreement_that_is_in_force_at_its_moment(stage):
    gateway, adapter_url = stage
    asked = []

    def routes_at(moment):
        asked.append(moment)
        return {"KG": Route("KG", "kg-cn-road", "1")}

    setting = Setting("CN", {"KG": Route("KG", "ended", "1")})
    assert national(adapter_url(CN, "KG", setting=setting, routes_at=routes_at), handed()).status_code == 200
    (exchange,) = gateway.get("/v1/exchanges", "KG").json()["exchanges"]
    assert exchange["agreement"] == "kg-cn-road/1"
    assert asked
