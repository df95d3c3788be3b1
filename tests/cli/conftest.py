"""What the tests of the command line work with: the command in this process, a workshop's keys, national documents."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gateway.cli import app
from gateway.published import published
from mock_nsw import cn, kg
from mock_nsw.issuing import Issuer

NOW = "2026-11-23T12:00:00Z"


@pytest.fixture(scope="session")
def now() -> str:
    """A moment at which the published examples are neither too old nor too early."""
    return NOW


@pytest.fixture
def torugart() -> Callable[..., Any]:
    """The command, in this process; arguments as on a command line."""

    def run(*arguments: object, stdin: str | bytes | None = None, **environment: str) -> Any:
        return CliRunner().invoke(app, [str(each) for each in arguments], input=stdin, env=environment)

    return run


@pytest.fixture
def example() -> Callable[[str], Path]:
    """A published example of the declaration by the name of its file."""
    return lambda name: published("declaration", "v1", "examples", name)


@pytest.fixture
def changed(example: Callable[[str], Path], tmp_path: Path) -> Callable[[str, str, str], Path]:
    """A published example with one change, as a file of its own."""

    def change(name: str, before: str, after: str) -> Path:
        text = example(name).read_text(encoding="utf-8")
        assert before in text
        file = tmp_path / name
        file.write_text(text.replace(before, after, 1), encoding="utf-8")
        return file

    return change


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workshop of CN, KG and the gateway, made by the command itself."""
    folder = tmp_path_factory.mktemp("workshop")
    participants = [f"--participant={each}" for each in ("CN:CN:nsw", "KG:KG:nsw", "GATEWAY:KG:gateway")]
    made = CliRunner().invoke(app, ["keys", "workshop", str(folder), *participants])
    assert made.exit_code == 0, made.output
    return folder


@pytest.fixture
def national(tmp_path: Path) -> Callable[[str, str], Path]:
    """A sample of a simulated window as a file: one document, or a zip of those that belong together."""

    def make(country: str, sample: str) -> Path:
        nsw = {"CN": cn.NSW, "KG": kg.NSW}[country]
        issuer = Issuer(now=lambda: datetime(2026, 11, 23, 10, tzinfo=UTC), seed=1)
        documents = nsw.samples[sample].make(issuer)
        if len(documents) == 1:
            file = tmp_path / f"{country}-{sample}.xml"
            file.write_bytes(documents[0])
            return file
        file = tmp_path / f"{country}-{sample}.zip"
        with zipfile.ZipFile(file, "w") as archive:
            for document in documents:
                archive.writestr(nsw.entry_name(nsw.read(document)), document)
        return file

    return make


@pytest.fixture
def entries() -> Callable[[bytes], Iterator[tuple[str, str]]]:
    """The documents in an archive: name and text."""

    def unpack(body: bytes) -> Iterator[tuple[str, str]]:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for name in archive.namelist():
                yield name, archive.read(name).decode()

    return unpack
