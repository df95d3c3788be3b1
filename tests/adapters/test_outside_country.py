"""A country that is a package of its own takes part, and no file of ours knows of it."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route as Path_

from adapters.kit.contract import XML, National, Route, Setting
from adapters.kit.scaffold import scaffold
from adapters.kit.service import Post, create_adapter
from builders.declarations import fresh
from builders.serving import PARTICIPANTS, Running, now, register, serving, wait
from gateway import installed
from gateway.app import create_app
from gateway.message.examples import examples
from gateway.message.metadata import Recipient, Sender
from gateway.message.xml_twin import write_xml
from gateway.published import published
from gateway.settings import Settings
from gateway.signing import Participant, Role, load_trust, mint_workshop

ROOT = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("torugart")
TOKEN = "a throwaway token of this test"
AGREED = Route("KG", "kg-tj-road", "1")
OFFICES = {"KG": "41700501", "TJ": "86021"}
"""At the border post of the agreement; taken over from the one that it is made after."""


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """Where Tajikistan was begun: a folder that has nothing to do with the checkout."""
    folder = tmp_path_factory.mktemp("outside") / "torugart-tj"
    scaffold("TJ", language="ru", zone="Asia/Dushanbe", into=folder, say=lambda _: None)
    return folder


@pytest.fixture(scope="module")
def site(package, tmp_path_factory):
    """Where the package is installed, as its users would install it."""
    target = tmp_path_factory.mktemp("site")
    options = ["--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check", "--quiet"]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, "--target", target, package],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture(scope="module")
def agreements(tmp_path_factory):
    """The published agreements, and one between Kyrgyzstan and Tajikistan made after that with Uzbekistan."""
    folder = tmp_path_factory.mktemp("agreements")
    shutil.copytree(published("agreements"), folder, dirs_exist_ok=True)
    text = (folder / "kg-uz-road.toml").read_text("utf-8")
    text = re.sub(r"\bUZ\b", "TJ", text.replace("kg-uz-road", "kg-tj-road"))
    (folder / "kg-tj-road.toml").write_text(text, "utf-8")
    return folder


def run(site, *arguments, **options):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TORUGART_", "PYTEST_"))}
    return subprocess.run(
        [*map(str, arguments)],
        env=kept | {"PYTHONPATH": str(site), "PYTHONUTF8": "1"},
        capture_output=True,
        check=False,
        timeout=120,
        **options,
    )


def test_only_the_country_itself_is_installed(site):
    assert {each.name.partition("-")[0] for each in site.iterdir()} == {"torugart_tj"}


def test_it_is_listed_among_the_adapters_when_it_is_installed_and_only_then(site, tmp_path):
    listed = run(site, COMMAND, "adapter", "list")
    assert listed.returncode == 0, listed.stderr
    assert "TJ  Single window of Tajikistan  (torugart_tj:ADAPTER)" in listed.stdout.decode()
    assert b"Tajikistan" not in run(tmp_path, COMMAND, "adapter", "list").stdout


def test_a_message_is_written_in_its_form_and_read_back_whole(site, agreements, tmp_path):
    common = published("declaration", "v1", "examples", "typical.json")
    document, back = tmp_path / "national.xml", tmp_path / "back.json"
    written = run(site, COMMAND, "convert", common, "--to", "tj", "-o", document)
    assert written.returncode == 0, written.stderr
    assert b"urn:torugart:placeholder:tj:1" in document.read_bytes()
    read = run(site, COMMAND, "convert", document, "--as", "tj", "--to", "json", "-o", back, "--agreements", agreements)
    assert read.returncode == 0, read.stderr
    assert (
        back.read_text("utf-8").partition('"Declaration"')[2] == common.read_text("utf-8").partition('"Declaration"')[2]
    )


def test_its_example_becomes_a_message_from_it(site, package, agreements):
    example = package / "torugart_tj" / "examples" / "declaration.xml"
    read = run(site, COMMAND, "convert", example, "--to", "xml", "--agreements", agreements)
    assert read.returncode == 0, read.stderr
    assert re.search(rb"<Sender>\s*<ID>TJ</ID>", read.stdout)
    assert b"<AgreementID>kg-tj-road</AgreementID>" in read.stdout


def test_without_an_agreement_its_document_is_refused_in_its_own_words(site, package):
    example = package / "torugart_tj" / "examples" / "declaration.xml"
    refused = run(site, COMMAND, "convert", example, "--to", "xml", "--lang", "ru")
    assert refused.returncode == 3
    assert "TJ-001" in refused.stderr.decode()
    assert "обмен TJ → KG не настроен" in refused.stderr.decode()


def test_its_contract_tests_pass_but_for_what_is_open_by_name(site, package):
    told = run(site, sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rA", "-q", package, cwd=package)
    outcome = dict(reversed(pair) for pair in re.findall(r"^(PASSED|FAILED) \S+::(\w+)", told.stdout.decode(), re.M))
    failed = {name for name, result in outcome.items() if result == "FAILED"}
    assert failed == {name for name in outcome if name.startswith("test_todo_")}, told.stdout.decode()
    assert {"test_what_is_written_is_read_back", "test_nothing_is_dropped_in_silence"} <= outcome.keys() - failed
    assert b"Then remove [reader_reads_the_national_form] from torugart_tj/todo.toml." in told.stdout


class Window:
    """The national window: a real server that keeps what it gets and answers in the placeholder form."""

    def __init__(self):
        self.got = []
        self.app = Starlette(routes=[Path_("/inbox", self._inbox, methods=["POST"])])

    async def _inbox(self, request):
        self.got.append(await request.body())
        reply = installed.adapter("TJ").answer(National(self.got[-1], XML), True, (), now())
        return Response(reply.body, media_type=reply.media_type)


@contextmanager
def exchange(folder, agreements):
    """A gateway at which Tajikistan is registered, its window, and its adapter, found by entry point, between them."""
    workshop = mint_workshop(folder, (*PARTICIPANTS, Participant("TJ", "TJ", Role.NSW)), now())
    settings = Settings(
        key=workshop.keys["GATEWAY"],
        trust=workshop.trust,
        database=f"sqlite:///{folder / 'gateway.db'}",
        agreements=agreements,
        refresh_seconds=0.05,
    )
    app, window, trust = create_app(settings, clock=now), Window(), load_trust(workshop.trust)
    with (
        serving(app) as url,
        serving(window.app) as inbox,
        httpx.Client(base_url=url, timeout=30, trust_env=False) as client,
    ):
        gateway = Running(url, workshop, app, client)
        post = Post(
            adapter=installed.adapter("TJ"),
            setting=Setting("TJ", {"KG": AGREED}),
            key=gateway.key("TJ"),
            trust=lambda: trust,
            gateway_url=url,
            window_url=inbox,
            token=TOKEN,
        )
        with serving(create_adapter(post)) as adapter:
            register(workshop, {"TJ": adapter})
            yield gateway, window, adapter


def between(sender, recipient):
    """A declaration of now, from one country to another by the agreement of the two."""
    head = {
        "agreement_id": AGREED.agreement,
        "agreement_version_id": AGREED.version,
        "sender": Sender(id=sender),
        "recipient": Recipient(id=recipient),
    }
    declared = examples("declaration")["road"]
    entry = declared.declaration.entry_office.model_copy(update={"id": OFFICES[recipient]})
    exit_ = declared.declaration.exit_office.model_copy(update={"id": OFFICES[sender]})
    message = fresh(declared, head=head, entry_office=entry, exit_office=exit_)
    return message.model_copy(update={"responsible_country_code": sender})


def test_a_message_for_it_arrives_at_its_window(site, agreements, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(site))
    with exchange(tmp_path, agreements) as (gateway, window, _):
        message = between("KG", "TJ")
        answer = gateway.post(message)
        assert answer.status_code == 202, answer.text
        wait(lambda: window.got)
        assert message.communication_meta_data.id.encode() in window.got[0]
        assert b'from="KG" to="TJ"' in window.got[0]
        path = f"/v1/messages/{message.communication_meta_data.id}"
        wait(lambda: gateway.get(path, "KG").json()["deliveries"][0]["state"] == "delivered")


def test_what_its_window_hands_over_is_taken_by_the_gateway(site, agreements, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(site))
    with exchange(tmp_path, agreements) as (gateway, _, adapter):
        inner = write_xml(between("TJ", "KG")).partition(b"?>")[2]
        body = b'<PlaceholderDocument xmlns="urn:torugart:placeholder:tj:1" from="TJ" to="KG">' + inner
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": XML}
        answer = httpx.post(
            f"{adapter}/national",
            content=body + b"</PlaceholderDocument>",
            headers=headers,
            timeout=20,
            trust_env=False,
        )
        assert (answer.status_code, b'taken="true"' in answer.content) == (200, True), answer.text
        (taken,) = gateway.get("/v1/exchanges", "KG").json()["exchanges"]
        assert (taken["sender"], taken["state"]) == ("TJ", "registered")
