"""The demonstration as a person runs it: every part a process of its own, and an exit status that means something."""

import json
import subprocess
import sys

import pytest

from gateway.demo.play import EXCHANGES


@pytest.mark.e2e
@pytest.mark.timeout(400)  # beside other tests, on a machine that is busy
def test_the_demo_plays_every_scenario_and_every_check_holds(tmp_path):
    folder = tmp_path / "kept"
    run = subprocess.run(
        [sys.executable, "-m", "gateway.cli", "demo", "--json", "--keep", str(folder)],
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr.decode()[-2000:]
    played = json.loads(run.stdout)
    assert [exchange["exchange"] for exchange in played] == list(EXCHANGES)
    failed = [check for exchange in played for check in exchange["checks"] if not check["passed"]]
    assert failed == []
    assert all(exchange["checks"] and exchange["timeline"] for exchange in played)
    logs = "".join(file.read_text("utf-8") for file in (folder / "logs").iterdir())
    assert '"bug"' not in logs
    assert "Traceback" not in logs
    for secret in {*(folder / "keys").glob("*")} - {*(folder / "keys").glob("*.csr.pem")}:
        assert secret.stat().st_mode & 0o077 == 0, secret.name
