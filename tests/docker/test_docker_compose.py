"""The composed exchange: every command line works as written, and no part can do more than it needs."""

import json
import os
import re
import selectors
import subprocess
import sys
import time
import tomllib
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import yaml

from gateway.signing import load_signing_key, load_trust

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text("utf-8"))
SERVICES = COMPOSE["services"]
RUNNING = {name: service for name, service in SERVICES.items() if name != "keys"}
BIN = Path(sys.executable).parent


def mounts(service):
    """Volume, place and whether it can be written, for each volume of a service."""
    for volume in SERVICES[service].get("volumes", ()):
        source, place, *options = volume.split(":")
        yield source, place, options != ["ro"]


# What a part may do


@pytest.mark.parametrize("name", SERVICES)
def test_a_part_runs_without_root_capabilities_or_a_file_system_to_write_to(name):
    service = SERVICES[name]
    user = service["user"].split(":")
    assert all(number.isdigit() and int(number) > 0 for number in user)
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.get("privileged")


@pytest.mark.parametrize("name", SERVICES)
def test_a_part_has_an_image_of_one_version(name):
    image, _, version = SERVICES[name]["image"].partition(":")
    assert image == "torugart"
    assert version == tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


def test_only_the_image_that_is_built_here_is_run_and_none_is_fetched():
    assert [name for name, service in SERVICES.items() if "build" in service] == ["keys"]
    assert {service["pull_policy"] for service in RUNNING.values()} == {"never"}


@pytest.mark.parametrize("name", RUNNING)
def test_keys_trust_and_tokens_are_mounted_read_only(name):
    writable = [source for source, _, can_write in mounts(name) if can_write]
    assert writable == (["database"] if name == "gateway" else [])


@pytest.mark.parametrize("name", RUNNING)
def test_a_part_sees_no_secret_of_another(name):
    secrets = {source for source, _, _ in mounts(name) if source.startswith(("key-", "link-"))}
    own = {
        "gateway": {"key-gateway"},
        "adapter-cn": {"key-cn", "link-cn"},
        "adapter-kg": {"key-kg", "link-kg"},
        "nsw-cn": {"link-cn"},
        "nsw-kg": {"link-kg"},
    }
    assert secrets == own[name]


def test_no_secret_is_written_in_the_file():
    text = (ROOT / "docker" / "compose.yaml").read_text("utf-8")
    assert "BEGIN" not in text
    assert not re.search(r"(?i)(password|secret|passwd)", text)
    assert not re.search(r"[A-Za-z0-9+/_-]{40,}", text)
    assert all(urlsplit(url).password is None for url in re.findall(r"\w+://\S+", text))


# Who reaches whom


def together(one, other):
    return set(SERVICES[one].get("networks", ())) & set(SERVICES[other].get("networks", ()))


@pytest.mark.parametrize(
    ("one", "other"),
    [("gateway", "adapter-cn"), ("gateway", "adapter-kg"), ("adapter-cn", "nsw-cn"), ("adapter-kg", "nsw-kg")],
)
def test_those_who_speak_share_an_internal_network(one, other):
    shared = together(one, other)
    assert len(shared) == 1
    assert all(COMPOSE["networks"][network]["internal"] for network in shared)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gateway", "nsw-cn"),
        ("gateway", "nsw-kg"),
        ("adapter-cn", "adapter-kg"),
        ("adapter-cn", "nsw-kg"),
        ("adapter-kg", "nsw-cn"),
        ("nsw-cn", "nsw-kg"),
    ],
)
def test_those_who_do_not_speak_share_no_network(one, other):
    assert together(one, other) == set()


def aliases(name):
    """The further names of a service, each with the network on which it has it."""
    networks = SERVICES[name]["networks"]
    if isinstance(networks, list):
        return {}
    return {alias: network for network, said in networks.items() for alias in (said or {}).get("aliases", ())}


@pytest.mark.parametrize("country", ["cn", "kg"])
def test_the_control_port_of_a_window_listens_where_no_adapter_is(country):
    window = f"nsw-{country}"
    words = " ".join(SERVICES[window]["command"]).replace("=", " ")
    control_host = re.search(r"--control-host (\S+)", words)[1]
    network = aliases(window)[control_host]
    others = [name for name in RUNNING if name != window and network in SERVICES[name]["networks"]]
    assert others == []
    assert network not in together(window, f"adapter-{country}")


def test_every_network_and_volume_is_declared_and_used():
    assert {network for service in RUNNING.values() for network in service["networks"]} == set(COMPOSE["networks"])
    assert {source for name in SERVICES for source, _, _ in mounts(name)} == set(COMPOSE["volumes"])
    assert SERVICES["keys"]["network_mode"] == "none"


def test_what_is_published_is_published_on_loopback():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert set(published) == {"gateway", "nsw-cn", "nsw-kg"}
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)


@pytest.mark.parametrize("name", RUNNING)
def test_a_part_is_watched_and_waits_for_the_keys(name):
    assert RUNNING[name]["depends_on"]["keys"]["condition"] == "service_completed_successfully"
    assert RUNNING[name]["healthcheck"]["test"][0] == "CMD"


# The command lines, for real


@pytest.fixture(scope="module")
def volumes(tmp_path_factory):
    """Every volume as a folder, its keys made by what the service `keys` runs."""
    folder = tmp_path_factory.mktemp("volumes")
    for _, place, _ in mounts("keys"):
        (folder / place.lstrip("/")).mkdir(parents=True)
    (folder / "var/lib/torugart").mkdir(parents=True)
    mint(folder)
    return folder


def mint(folder):
    (place,) = SERVICES["keys"]["command"]
    return subprocess.run(
        ["sh", ROOT / "docker" / "mint.sh", f"{folder}{place}"],
        env=os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}"},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout


def test_minted_keys_are_those_of_the_participants_and_for_their_owner_alone(volumes):
    trust = load_trust(volumes / "run/torugart/trust")
    assert set(trust.participants) == {"CN", "KG", "GATEWAY"}
    for participant, part in {"CN": "cn", "KG": "kg", "GATEWAY": "gateway"}.items():
        file = volumes / f"run/torugart/{part}/key.pem"
        assert file.stat().st_mode & 0o077 == 0
        assert load_signing_key(f"file:{file}")
        assert participant in trust.participants


def test_the_two_links_have_tokens_of_their_own(volumes):
    tokens = [(volumes / f"run/torugart/link-{country}/token").read_text().strip() for country in ("cn", "kg")]
    assert tokens[0] != tokens[1]
    assert min(map(len, tokens)) >= 43


def test_minting_again_changes_nothing(volumes):
    before = {file: file.read_bytes() for file in volumes.rglob("*") if file.is_file() and "run" in file.parts}
    assert "already" in mint(volumes)
    assert {file: file.read_bytes() for file in before} == before


def test_the_key_of_the_authority_is_kept_nowhere(volumes):
    keys = [file for file in volumes.rglob("*") if file.is_file() and b"PRIVATE KEY" in file.read_bytes()]
    assert sorted(file.parent.name for file in keys) == ["cn", "gateway", "kg"]


def test_participants_are_registered_where_their_adapters_listen(volumes):
    table = tomllib.loads((volumes / "run/torugart/trust/participants.toml").read_text("utf-8"))
    registered = {each["id"]: each["endpoint"] for each in table["participant"] if "endpoint" in each}
    assert registered == {country: f"http://adapter-{country.lower()}:8080" for country in ("CN", "KG")}
    for url in registered.values():
        assert f"--port={urlsplit(url).port}" in SERVICES[urlsplit(url).hostname]["command"]


def test_every_address_on_a_command_line_is_one_where_somebody_listens():
    for name, service in RUNNING.items():
        for url in re.findall(r"http://[^\s=]+", " ".join(service["command"])):
            host, port = urlsplit(url).hostname, urlsplit(url).port
            words = " ".join(SERVICES[host]["command"]).replace("=", " ")
            assert f"--port {port}" in words, (name, url)
            assert together(name, host), (name, url)


def programme(name, words):
    """What a service runs: the image's own entry point, or the one it names, by the interpreter of the tests."""
    if "entrypoint" not in RUNNING[name]:
        return [BIN / "torugart", *words]
    interpreter, *arguments = RUNNING[name]["entrypoint"]
    assert interpreter == "python"
    return [sys.executable, *arguments, *words]


def here(text, volumes):
    """A word of the file as it is on this machine: folders below the volumes, loopback, free ports."""
    text = re.sub(r"(?<==)control-[a-z]{2}\b", "127.0.0.1", text)
    text = re.sub(r"(?<![\w.])/(?=run/torugart|var/lib/torugart)", f"{volumes}/", text)
    text = text.replace("0.0.0.0", "127.0.0.1")  # noqa: S104 - in a container it listens to its networks
    return re.sub(r"^(--(?:control-)?port=)\d+$", r"\g<1>0", text)


@pytest.fixture(scope="module")
def running(volumes):
    """Every service as a process, by the command line it has in the file; what each says it is ready with."""
    with ExitStack() as stack:
        started = {name: start(name, volumes, stack) for name in RUNNING}
        yield {name: ready(name, process) for name, process in started.items()}


def start(name, volumes, stack):
    words = [here(word, volumes) for word in RUNNING[name]["command"]]
    words = ["0" if before == "--port" else word for before, word in zip(["", *words], words, strict=False)]
    settings = {key: here(value, volumes) for key, value in RUNNING[name].get("environment", {}).items()}
    log = stack.enter_context((volumes / f"{name}.log").open("w"))
    process = subprocess.Popen(
        programme(name, words),
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        env=os.environ | settings,
        cwd=volumes,
    )
    stack.callback(process.stdout.close)
    stack.callback(process.wait, 20)
    stack.callback(process.terminate)
    return process


def ready(name, process, seconds=60):
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        end = time.monotonic() + seconds
        while time.monotonic() < end and selector.select(end - time.monotonic()):
            line = process.stdout.readline()
            if not line:
                break
            if line.startswith("{"):
                return json.loads(line)["ready"]
    raise AssertionError(f"{name} did not say that it is ready: {Path(process.args[0])} {process.args[1:]}")


@pytest.mark.parametrize("name", RUNNING)
def test_its_command_line_runs_until_it_says_that_it_is_ready(name, running):
    said = running[name]
    for url in said.values() if isinstance(said, dict) else [said]:
        assert urlsplit(url).hostname == "127.0.0.1"


@pytest.mark.parametrize("name", RUNNING)
def test_its_health_is_asked_where_it_answers(name, running):
    said = running[name]
    command = RUNNING[name]["healthcheck"]["test"][1:]
    asked = re.search(r"http://([\w.-]+):(\d+)(/[\w/]+)", command[-1])
    assert asked[1] in {"127.0.0.1", *aliases(name)}
    words = " ".join(RUNNING[name]["command"]).replace("=", " ")
    assert re.search(rf"--(control-)?port {asked[2]}\b", words)
    url = (said["control"] if isinstance(said, dict) else said) + asked[3]
    moved = [sys.executable, *command[1:-1], command[-1].replace(asked[0], url)]
    assert subprocess.run(moved, check=False, timeout=30, env=os.environ | {"no_proxy": "*"}).returncode == 0


def test_an_unhealthy_part_is_noticed(running):
    command = RUNNING["gateway"]["healthcheck"]["test"][1:]
    asked = re.search(r"http://127\.0\.0\.1:\d+/[\w/]+", command[-1])[0]
    moved = [sys.executable, *command[1:-1], command[-1].replace(asked, running["gateway"] + "/health/nothing")]
    answer = subprocess.run(moved, check=False, timeout=30, capture_output=True, env=os.environ | {"no_proxy": "*"})
    assert answer.returncode != 0


def test_the_gateway_that_runs_is_the_one_whose_key_was_minted(running):
    with httpx.Client(trust_env=False, timeout=20) as client:
        assert client.get(running["gateway"] + "/health/ready").json() == {"status": "ready"}
