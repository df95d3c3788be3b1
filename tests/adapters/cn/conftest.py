"""What the tests of China share: its example documents, whole or with one change, and where its messages go."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from adapters.cn import ADAPTER
from adapters.kit.contract import XML, ZIP, National, Reading, Route, Setting


@pytest.fixture
def setting() -> Setting:
    return Setting("CN-NSW", {"KG": Route("KG-NSW", "KG-CN-ROAD", "1")})


@pytest.fixture
def example() -> Callable[[str], National]:
    def load(name: str) -> National:
        path = ADAPTER.examples / name
        return National(path.read_bytes(), ZIP if path.suffix == ".zip" else XML, name)

    return load


@pytest.fixture
def changed(example) -> Callable[..., National]:
    """An example with one piece of text exchanged, wherever it stands."""

    def change(name: str, old: str, new: str, count: int = -1) -> National:
        document = example(name)
        if document.media_type != ZIP:
            text = document.body.decode()
            assert old in text
            return National(text.replace(old, new, count).encode(), XML, name)
        bodies = {entry: body.decode() for entry, body in entries(document).items()}
        assert any(old in body for body in bodies.values())
        return zipped({entry: body.replace(old, new, count).encode() for entry, body in bodies.items()})

    return change


@pytest.fixture
def read(setting) -> Callable[[National], Reading]:
    return lambda document: ADAPTER.read(document, setting)


@pytest.fixture
def import_message(example, read):
    return read(example("import_typical.zip")).message


@pytest.fixture
def bundle() -> Callable[[dict[str, bytes]], National]:
    return zipped


@pytest.fixture
def unzipped() -> Callable[[National], dict[str, bytes]]:
    return entries


@pytest.fixture(scope="session")
def faults_of_form() -> Callable[[National], list[str]]:
    """What the project's schemas of China's forms find wrong with each XML document handed over."""
    folder = Path(ADAPTER.examples).with_name("schema")
    schemas = {path.stem: etree.XMLSchema(etree.parse(path)) for path in folder.glob("MT*.xsd")}

    def check(document: National) -> list[str]:
        bodies = entries(document).values() if document.media_type == ZIP else [document.body]
        faults = []
        for body in bodies:
            root = etree.fromstring(body)
            schema = schemas[etree.QName(root).namespace.split(":")[-2]]
            schema.validate(root)
            faults.extend(str(error) for error in schema.error_log)
        return faults

    return check


def entries(document: National) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(document.body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(bodies: dict[str, bytes]) -> National:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, body in bodies.items():
            archive.writestr(name, body)
    return National(made.getvalue(), ZIP, "bundle.zip")
