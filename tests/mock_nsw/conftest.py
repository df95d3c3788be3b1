"""A window on free ports, an adapter made for the test, and the documents an adapter hands over."""

from __future__ import annotations

import asyncio
import io
import json
import queue
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

from mock_nsw import cn, kg, kz, uz
from mock_nsw.issuing import Issuer
from mock_nsw.national import Nsw
from mock_nsw.serving import listening

TOKEN = "token-of-the-test"
WAIT_SECONDS = 20


@dataclass(frozen=True)
class Delivery:
    path: str
    headers: dict[str, str]
    body: bytes


class TestAdapter:
    """Takes what a window sends and answers what it was told to answer, 200 with nothing by default."""

    __test__ = False

    def __init__(self) -> None:
        self.deliveries: queue.Queue[Delivery] = queue.Queue()
        self.answers: list[tuple[int, bytes]] = []
        adapter = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                adapter.deliveries.put(Delivery(self.path, headers, body))
                status, answer = adapter.answers.pop(0) if adapter.answers else (200, b"")
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def next(self) -> Delivery:
        return self.deliveries.get(timeout=WAIT_SECONDS)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Pauses:
    """A clock that stands still: whoever sleeps is noted, and wakes when the test says so."""

    def __init__(self, portal: BlockingPortal) -> None:
        self.asked: queue.Queue[float] = queue.Queue()
        self._portal = portal
        self._sleepers: list[asyncio.Event] = []

    async def sleep(self, seconds: float) -> None:
        sleeper = asyncio.Event()
        self._sleepers.append(sleeper)
        self.asked.put(seconds)
        await sleeper.wait()

    def next(self) -> float:
        return self.asked.get(timeout=WAIT_SECONDS)

    def end(self) -> None:
        def wake() -> None:
            for sleeper in self._sleepers:
                sleeper.set()
            self._sleepers.clear()

        self._portal.call(wake)


@dataclass(frozen=True)
class RunningWindow:
    nsw: Nsw
    wire: httpx.Client
    control: httpx.Client
    pauses: Pauses

    def hand_over(self, body: bytes, media_type: str = "application/xml; charset=utf-8") -> httpx.Response:
        return self.wire.post("/inbox", content=body, headers={"Content-Type": media_type})

    def lodge(self, sample: str) -> dict[str, object]:
        answer = self.control.post("/control/lodge", params={"sample": sample})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def documents(self, **query: str) -> list[dict[str, object]]:
        return self.control.get("/control/documents", params=query).json()


@pytest.fixture
def adapter() -> Iterator[TestAdapter]:
    adapter = TestAdapter()
    yield adapter
    adapter.close()


@pytest.fixture
def start_window(adapter: TestAdapter) -> Iterator[Callable[..., RunningWindow]]:
    """Starts a window of a country, ready to use; all are stopped after the test."""
    with ExitStack() as stack:
        portal = stack.enter_context(start_blocking_portal())

        def start(nsw: Nsw, *, adapter_url: str | None = adapter.url) -> RunningWindow:
            pauses = Pauses(portal)
            ports = stack.enter_context(
                portal.wrap_async_context_manager(
                    listening(
                        nsw,
                        token=TOKEN,
                        adapter_url=adapter_url,
                        issuer=Issuer(),
                        sleep=pauses.sleep,
                        pauses=(1.0, 2.0),
                    )
                )
            )
            wire = httpx.Client(
                base_url=f"http://127.0.0.1:{ports.port}",
                headers={"Authorization": f"Bearer {TOKEN}"},
                trust_env=False,
                timeout=WAIT_SECONDS,
            )
            control = httpx.Client(
                base_url=f"http://127.0.0.1:{ports.control_port}", trust_env=False, timeout=WAIT_SECONDS
            )
            stack.enter_context(wire)
            stack.enter_context(control)
            return RunningWindow(nsw, wire, control, pauses)

        yield start


@pytest.fixture
def china(start_window: Callable[..., RunningWindow]) -> RunningWindow:
    return start_window(cn.NSW)


@pytest.fixture
def kyrgyzstan(start_window: Callable[..., RunningWindow]) -> RunningWindow:
    return start_window(kg.NSW)


@pytest.fixture
def kazakhstan(start_window: Callable[..., RunningWindow]) -> RunningWindow:
    return start_window(kz.NSW)


@pytest.fixture
def uzbekistan(start_window: Callable[..., RunningWindow]) -> RunningWindow:
    return start_window(uz.NSW)


@pytest.fixture
def kz_information() -> Callable[..., bytes]:
    return _kz_information


@pytest.fixture
def uz_announcement() -> Callable[..., bytes]:
    return _uz_announcement


@pytest.fixture
def import_manifest() -> Callable[..., bytes]:
    return _import_manifest


@pytest.fixture
def import_zip() -> Callable[..., bytes]:
    return _import_zip


@pytest.fixture
def auto_preliminary() -> Callable[..., bytes]:
    return _auto_preliminary


def _import_manifest(
    message_type: str = "MT1401", batch: str = "9403000000001", at: str = "20261123120000001"
) -> bytes:
    message_id = f"CN_{message_type}_1p0_9403GATEWAY01_{at}"
    return (
        f'<Manifest xmlns="urn:Declaration:datamodel:standard:CN:{message_type}:1"><Head>'
        f"<MessageID>{message_id}</MessageID><FunctionCode>9</FunctionCode>"
        f"<MessageType>{message_type}</MessageType></Head>"
        f"<Declaration><DeclarationOfficeID>9403</DeclarationOfficeID><ID>{batch}</ID></Declaration>"
        "</Manifest>"
    ).encode()


def _import_zip(batch: str = "9403000000001", at: str = "20261123120000001") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        # The confirmation first: the order in the zip must not matter.
        for message_type in ("MT4401", "MT1401"):
            archive.writestr(f"CN_{message_type}_1p0_9403GATEWAY01_{at}.xml", _import_manifest(message_type, batch, at))
    return packed.getvalue()


def _auto_preliminary(
    document_id: str = "7d1f6f4e-53f4-4f1d-9f0a-2a3f0a0b7c11", number: str = "000000777", source: str = "9403000000001"
) -> bytes:
    return (
        '<a:AutoPreliminary xmlns:a="urn:customs.ru:Information:CustomsDocuments:AutoPreliminary:5.23.0"'
        ' xmlns:c="urn:customs.ru:CommonAggregateTypes:5.22.0"'
        ' xmlns:p="urn:customs.ru:Information:PriorInformation:PriorCommonAggregateTypes:5.23.0"'
        ' DocumentModeID="1006826E">'
        f"<c:DocumentID>{document_id}</c:DocumentID><c:RefDocumentID>{source}</c:RefDocumentID><a:ElectronicDocumentSign>ЭД</a:ElectronicDocumentSign>"
        f"<a:RegNumber><p:CountryCode>CN</p:CountryCode><p:Date>2026-11-23</p:Date>"
        f"<p:PINumber>{number}</p:PINumber></a:RegNumber><!-- -->"
        "</a:AutoPreliminary>"
    ).encode()


def _kz_information(
    document_id: str = "5f1c0a52-6f0e-4c57-9a41-3f8f6b0e7d01",
    *,
    root: str = "PreliminaryInformation",
    source: str = "CN",
    reference: str = "9402000000001",
    action: str = "01",
    header: str = "",
    rest: str = "",
) -> bytes:
    """What the adapter of Kazakhstan hands over about goods that come to it, in short."""
    kind = f"<s:PIActionCode>{action}</s:PIActionCode>" if root == "PreliminaryInformation" else ""
    return (
        f'<{root} xmlns="urn:torugart:plausible:kz:{root}:1"'
        ' xmlns:c="urn:torugart:plausible:kz:ComplexDataObjects:1"'
        ' xmlns:s="urn:torugart:plausible:kz:SimpleDataObjects:1">'
        f"<c:EDocHeader><s:EDocId>{document_id}</s:EDocId><s:SourceCountryCode>{source}</s:SourceCountryCode>"
        f"<s:DestinationCountryCode>KZ</s:DestinationCountryCode>{header}</c:EDocHeader>"
        f"<s:MovementDirectionCode>IM</s:MovementDirectionCode>{kind}"
        f"<s:SourceReferenceId>{reference}</s:SourceReferenceId><s:VersionId>1</s:VersionId>{rest}</{root}>"
    ).encode()


def _uz_announcement(
    document_id: str = "5b1c7c1e-90a4-4a3e-8d54-6d3f0a110001",
    *,
    source: str = "KG",
    reference: str = "KG/20261123/000000512",
    **members: object,
) -> bytes:
    """What the adapter of Uzbekistan hands over, in short."""
    document = {
        "shakl": "DM",
        "shaklVersiyasi": "1.0",
        "hujjatId": document_id,
        "hujjatSanasi": "23.11.2026 14:00",
        "amal": "YANGI",
        "jonatuvchiMamlakat": source,
        "qabulQiluvchiMamlakat": "UZ",
        "jonatuvchiRaqami": reference,
        "talqin": "1",
        "tur": "YUK",
    }
    return json.dumps(document | members, ensure_ascii=False).encode()
