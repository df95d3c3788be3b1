"""A mock window as a program: it says where it listens, works, and ends cleanly."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]


PROGRAM = (sys.executable, "-m", "mock_nsw")
COMMAND = (str(Path(sys.executable).with_name("torugart")), "nsw", "run")


def start(tmp_path: Path, country: str, *arguments: str, program: tuple[str, ...] = PROGRAM) -> subprocess.Popen[str]:
    token_file = tmp_path / "token"
    token_file.write_text("token-of-the-test\n", encoding="utf-8")
    return subprocess.Popen(
        [*program, country, "--token-file", str(token_file), *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(("country", "stop"), [("CN", signal.SIGTERM), ("kg", signal.SIGINT)])
def test_the_program_says_where_it_listens_works_and_ends_cleanly(tmp_path, adapter, country, stop):
    with start(tmp_path, country, "--adapter", adapter.url) as program:
        try:
            urls = json.loads(program.stdout.readline())["ready"]
            health = httpx.get(f"{urls['control']}/control/health", trust_env=False).json()
            unauthorised = httpx.post(f"{urls['wire']}/inbox", content=b"<x/>", trust_env=False)
            unreadable = httpx.post(
                f"{urls['wire']}/inbox",
                content=b"<x/>",
                headers={"Authorization": "Bearer token-of-the-test"},
                trust_env=False,
            )
        finally:
            program.send_signal(stop)
        output, errors = program.communicate(timeout=30)

    assert (health["country"], health["adapter"]) == (country.upper(), adapter.url)
    assert (unauthorised.status_code, unreadable.status_code) == (401, 400)
    assert (program.returncode, output, errors) == (0, "", "")


@pytest.mark.parametrize("name", [PROGRAM, COMMAND], ids=["python -m mock_nsw", "torugart nsw run"])
def test_the_control_port_can_be_kept_off_the_network_of_the_adapter(tmp_path, name):
    hosts = ("--host", "127.0.0.2", "--control-host", "127.0.0.3")
    with start(tmp_path, "CN", *hosts, program=name) as program:
        try:
            urls = json.loads(program.stdout.readline())["ready"]
            health = httpx.get(f"{urls['control']}/control/health", trust_env=False)
            control_port = urls["control"].rpartition(":")[2]
            with pytest.raises(httpx.ConnectError):
                httpx.get(f"http://127.0.0.2:{control_port}/control/health", trust_env=False)
        finally:
            program.send_signal(signal.SIGTERM)
        program.communicate(timeout=30)

    assert health.status_code == 200
    assert urls["wire"].startswith("http://127.0.0.2:")
    assert urls["control"].startswith("http://127.0.0.3:")


def test_a_window_on_every_address_has_its_control_port_on_one(tmp_path):
    with start(tmp_path, "KG", "--host", "0.0.0.0", "--control-host", "127.0.0.4") as program:  # noqa: S104
        try:
            urls = json.loads(program.stdout.readline())["ready"]
            wire_port = urls["wire"].rpartition(":")[2]
            answers = [
                httpx.post(f"http://{host}:{wire_port}/inbox", trust_env=False) for host in ("127.0.0.1", "127.0.0.5")
            ]
            health = httpx.get(f"{urls['control']}/control/health", trust_env=False)
        finally:
            program.send_signal(signal.SIGTERM)
        program.communicate(timeout=30)

    assert [answer.status_code for answer in answers] == [401, 401]
    assert health.json()["country"] == "KG"


def test_both_ports_may_have_the_same_number_on_two_addresses(tmp_path):
    with start(tmp_path, "KG", "--host", "127.0.0.6", "--control-host", "127.0.0.7") as first:
        try:
            port = json.loads(first.stdout.readline())["ready"]["wire"].rpartition(":")[2]
        finally:
            first.send_signal(signal.SIGTERM)
        first.communicate(timeout=30)
    arguments = ("--host", "127.0.0.6", "--control-host", "127.0.0.7", "--port", port, "--control-port", port)
    with start(tmp_path, "KG", *arguments) as program:
        try:
            urls = json.loads(program.stdout.readline())["ready"]
            health = httpx.get(f"{urls['control']}/control/health", trust_env=False)
            not_there = httpx.get(f"{urls['wire']}/control/health", trust_env=False)
        finally:
            program.send_signal(signal.SIGTERM)
        program.communicate(timeout=30)

    assert urls == {"wire": f"http://127.0.0.6:{port}", "control": f"http://127.0.0.7:{port}"}
    assert (health.status_code, not_there.status_code) == (200, 404)


def test_an_unknown_country_is_named_with_those_that_are_there(tmp_path):
    with start(tmp_path, "XX") as program:
        output, errors = program.communicate(timeout=30)

    assert (program.returncode, output) == (2, "")
    assert "XX" in errors
    assert "CN, KG" in errors


def test_an_empty_token_file_is_not_a_token(tmp_path):
    with start(tmp_path, "CN", "--token-file", "/dev/null") as program:
        _, errors = program.communicate(timeout=30)

    assert program.returncode == 2
    assert "empty" in errors
