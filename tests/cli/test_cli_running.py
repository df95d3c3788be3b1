"""What runs as a process of its own: the command as its users start it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from builders.serving import wait

COMMAND = Path(sys.executable).with_name("torugart")


def environment(workshop, tmp_path, **more):
    """As an English server without UTF-8 in its locale, so that output must be told what it is."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TORUGART_", "LC_", "PYTHON"))}
    return kept | {
        "LC_ALL": "C",
        "TORUGART_KEY": f"file:{workshop}/keys/GATEWAY.pem",
        "TORUGART_TRUST": f"{workshop}/trust",
        "TORUGART_DATABASE": f"sqlite:///{tmp_path}/gateway.db",
        **more,
    }


def run(*arguments, env, **options):
    return subprocess.run(
        [COMMAND, *map(str, arguments)], env=env, capture_output=True, timeout=90, check=False, **options
    )


@contextmanager
def started(*arguments, env):
    """A process that has said that it is ready, and what it said; it is stopped and must end well."""
    process = subprocess.Popen([COMMAND, *map(str, arguments)], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        line = process.stdout.readline()
        assert line, process.communicate()[1].decode()
        yield json.loads(line)["ready"]
        process.send_signal(signal.SIGTERM)
        out, error = process.communicate(timeout=30)
        assert (process.returncode, out) == (0, b""), error.decode()
        assert b"Traceback" not in error
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def test_serve_says_where_it_listens_answers_there_and_ends_when_told(workshop, tmp_path):
    with started("serve", "--port", "0", env=environment(workshop, tmp_path)) as url:
        assert url.startswith("http://127.0.0.1:")
        assert httpx.get(f"{url}/v1/rules", trust_env=False).status_code == 200


def test_an_adapter_and_a_window_say_where_they_listen(workshop, tmp_path):
    token = tmp_path / "token"
    token.write_text("shared")
    env = environment(workshop, tmp_path)
    with started("nsw", "run", "kg", "--token-file", token, env=env) as window:
        assert httpx.get(f"{window['control']}/control/health", trust_env=False).status_code == 200
        with started(
            *("adapter", "run", "kg", "--gateway", "http://127.0.0.1:9", "--nsw", window["wire"]),
            *("--token-file", token, "--key", f"file:{workshop}/keys/KG.pem", "--trust", workshop / "trust"),
            *("--syntax", "json"),
            env=env,
        ) as url:
            assert httpx.get(f"{url}/health/ready", trust_env=False).json()["country"] == "KG"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"TORUGART_KEY": "file:/nowhere.pem"}, "nowhere.pem"),
        ({"TORUGART_TRUST": "/nowhere"}, "/nowhere"),
        ({"TORUGART_DATABASE": "sqlite:////nowhere/gateway.db"}, "database"),
        ({"TORUGART_DATABASE": "mysql://x"}, "mysql"),
        ({"TORUGART_DATABASE": "foo"}, "database URL"),
        ({"TORUGART_DATABASE": "postgresql+nodriver://h/db"}, "driver"),
        ({"TORUGART_PARTICIPANT": "CN"}, "The gateway is CN, but its signing key is that of GATEWAY"),
        ({"TORUGART_LARGEST_MESSAGE": "much"}, "TORUGART_LARGEST_MESSAGE"),
    ],
)
def test_a_gateway_that_cannot_start_says_why_in_one_sentence(wrong, said, workshop, tmp_path):
    failed = run("serve", "--port", "0", env=environment(workshop, tmp_path, **wrong))
    error = failed.stderr.decode()
    assert (failed.returncode, failed.stdout) == (3, b"")
    assert said in error
    assert "Traceback" not in error


def test_a_port_that_is_taken_is_named(workshop, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        failed = run("serve", "--port", port, env=environment(workshop, tmp_path))
    assert failed.returncode == 3
    assert str(port) in failed.stderr.decode()


def test_output_is_utf_8_whatever_the_locale_says(workshop, tmp_path, example, now):
    env = environment(workshop, tmp_path)
    for language, word in (("ru", "будет принято"), ("zh", "将被接收")):
        shown = run("validate", example("minimal.xml"), "--now", now, "--lang", language, env=env)
        assert shown.returncode == 0
        assert word in shown.stdout.decode("utf-8")


def test_a_reader_that_goes_away_leaves_no_traceback(workshop, tmp_path):
    process = subprocess.Popen(
        [COMMAND, "rules", "--markdown"],
        env=environment(workshop, tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.close()
    error = process.stderr.read()
    process.stderr.close()
    assert process.wait(60) == 3
    assert error == b""


def test_an_archive_is_not_written_to_a_terminal(workshop, tmp_path, national):
    import pty

    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            [COMMAND, "convert", national("KG", "two-consignments"), "--to", "cn"],
            env=environment(workshop, tmp_path),
            stdout=theirs,
            stderr=subprocess.PIPE,
            timeout=90,
            check=False,
        )
    finally:
        os.close(theirs)
        os.close(ours)
    assert done.returncode == 2
    assert b"--output" in done.stderr


def test_colour_is_for_terminals(workshop, tmp_path, example, now):
    import pty

    arguments = ("validate", example("minimal.xml"), "--now", now)
    env = environment(workshop, tmp_path, TERM="xterm-256color")
    env.pop("NO_COLOR", None)
    assert b"\x1b[" not in run(*arguments, env=env).stdout
    ours, theirs = pty.openpty()
    try:
        subprocess.run([COMMAND, *map(str, arguments)], env=env, stdout=theirs, timeout=90, check=True)
        assert b"\x1b[" in os.read(ours, 65536)
    finally:
        os.close(theirs)
        os.close(ours)


def test_check_config_shows_the_settings_and_hides_a_password(torugart, workshop, tmp_path):
    settings = environment(workshop, tmp_path, TORUGART_DATABASE="postgresql+nodriver://me:s3cret@host/db")
    shown = torugart("check-config", **settings)
    assert "TORUGART_DATABASE=postgresql+nodriver://me:***@host/db" in shown.stdout
    assert "s3cret" not in shown.output


def test_check_config_finds_nothing_where_serve_could_start(torugart, workshop, tmp_path):
    shown = torugart("check-config", "--json", **environment(workshop, tmp_path))
    assert shown.exit_code == 0, shown.output
    assert (json.loads(shown.stdout)["problems"], json.loads(shown.stdout)["warnings"]) == ([], [])
    assert not (tmp_path / "gateway.db").exists()


def test_check_config_names_everything_that_does_not_fit(torugart, workshop, tmp_path):
    wrong = environment(
        workshop,
        tmp_path,
        TORUGART_KEY="file:/nowhere.pem",
        TORUGART_PARTICIPANT="HUB",
        TORUGART_DATABASE="postgresql+nodriver://h/db",
    )
    shown = torugart("check-config", "--json", **wrong)
    assert shown.exit_code == 1
    problems = json.loads(shown.stdout)["problems"]
    assert any("nowhere.pem" in problem for problem in problems)
    assert any("HUB is not registered" in problem for problem in problems)
    assert any("driver cannot be loaded" in problem for problem in problems)
    assert len(problems) == 3


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"TORUGART_PARTICIPANT": "CN"}, "The gateway is CN, but its signing key is that of GATEWAY."),
        ({"TORUGART_PARTICIPANT": "CN", "key": "CN"}, "CN is registered with the role nsw, not gateway."),
        ({"key": "CN"}, "The gateway is GATEWAY, but its signing key is that of CN."),
    ],
    ids=["another's name", "no gateway", "another's key"],
)
def test_check_config_says_that_the_key_is_not_the_gateways(wrong, said, torugart, workshop, tmp_path):
    key = {"TORUGART_KEY": f"file:{workshop}/keys/{wrong.pop('key')}.pem"} if "key" in wrong else {}
    shown = torugart("check-config", "--json", **environment(workshop, tmp_path, **wrong, **key))
    assert (shown.exit_code, json.loads(shown.stdout)["problems"]) == (1, [said])


def test_a_gateway_does_not_start_with_the_key_of_somebody_else(workshop, tmp_path):
    wrong = environment(workshop, tmp_path, TORUGART_KEY=f"file:{workshop}/keys/CN.pem")
    failed = run("serve", "--port", "0", env=wrong)
    assert (failed.returncode, failed.stdout) == (3, b"")
    assert "The gateway is GATEWAY, but its signing key is that of CN." in failed.stderr.decode()


def test_a_gateway_whose_key_was_given_to_another_is_no_longer_ready(workshop, tmp_path):
    trust = shutil.copytree(workshop / "trust", tmp_path / "trust")
    registry = trust / "participants.toml"
    with started("serve", "--port", "0", env=environment(workshop, tmp_path, TORUGART_TRUST=str(trust))) as url:
        assert httpx.get(f"{url}/health/ready", trust_env=False).status_code == 200
        registry.write_text(registry.read_text("utf-8").replace('"GATEWAY"', '"HUB"'), "utf-8")
        wait(lambda: httpx.get(f"{url}/health/ready", trust_env=False).status_code == 503)
        assert "signing key is that of HUB" in httpx.get(f"{url}/health/ready", trust_env=False).json()["detail"]


def test_a_gateway_starts_where_its_key_cannot_be_judged_now_and_is_not_ready(workshop, tmp_path):
    trust = shutil.copytree(workshop / "trust", tmp_path / "trust")
    (trust / "crl" / "workshop.pem").unlink()
    env = environment(workshop, tmp_path, TORUGART_TRUST=str(trust))
    with started("serve", "--port", "0", env=env) as url:
        assert httpx.get(f"{url}/health/ready", trust_env=False).status_code == 503


def test_check_config_warns_of_a_variable_that_is_no_setting(torugart, workshop, tmp_path):
    shown = torugart("check-config", **environment(workshop, tmp_path, TORUGART_DATABSE="sqlite:///other.db"))
    assert shown.exit_code == 0
    assert "warning: TORUGART_DATABSE is no setting and is ignored" in shown.stdout


@pytest.mark.parametrize("what", ["adapter", "nsw"])
def test_what_is_installed_is_listed(what, torugart):
    listed = json.loads(torugart(what, "list", "--json").stdout)
    assert {"CN", "KG"} <= {each["country"] for each in listed}
    assert all(each["name"] and "problem" not in each for each in listed)
    assert "CN  " in torugart(what, "list").stdout


@pytest.fixture
def broken_country(tmp_path):
    """A folder with an installed adapter of Tajikistan that does not work, to be put on the path."""

    def install(module, text):
        folder = tmp_path / "outside"
        (folder / "tj-1.dist-info").mkdir(parents=True)
        (folder / "tj-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: tj\nVersion: 1\n", "utf-8")
        entry = "[torugart.adapters]\nTJ = tj:ADAPTER\n"
        (folder / "tj-1.dist-info" / "entry_points.txt").write_text(entry, "utf-8")
        (folder / f"{module}.py").write_text(text, "utf-8")
        return {"PYTHONPATH": str(folder)}

    return install


def test_a_country_that_cannot_be_loaded_is_named_and_stops_no_other(broken_country, workshop, tmp_path, national, now):
    env = environment(workshop, tmp_path, **broken_country("tj", "ADAPTER = made(country='TJ')\n"))
    said = "adapter TJ cannot be loaded: NameError: name 'made' is not defined (tj:ADAPTER)"
    document = national("KG", "two-consignments")
    judged = run("validate", document, "--now", now, env=env)
    assert (judged.returncode, judged.stderr.decode()) == (0, f"torugart: {said}\n")
    listed = run("adapter", "list", env=env)
    assert f"TJ  {said}\n" in listed.stdout.decode()
    assert "KG  Single window" in listed.stdout.decode()
    named = run("validate", document, "--as", "tj", env=env)
    assert (named.returncode, named.stderr.decode()) == (3, f"torugart: {said}\n")


def test_a_country_that_lacks_a_text_is_left_out_of_the_rules(broken_country, workshop, tmp_path):
    text = (
        "from dataclasses import replace\nfrom pathlib import Path\nfrom adapters.kg import ADAPTER\n"
        "ADAPTER = replace(ADAPTER, country='TJ', texts=Path('/nowhere'))\n"
    )
    shown = run("rules", "KG", env=environment(workshop, tmp_path, **broken_country("tj", text)))
    assert shown.returncode == 0
    assert b"KG-" in shown.stdout
    assert b"adapter TJ cannot be loaded: the texts in /nowhere/en.toml cannot be read" in shown.stderr
