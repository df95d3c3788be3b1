"""The image: built from what is locked, run without root, and with nothing in it that does not belong there."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text("utf-8")
INSTRUCTIONS = [
    (word, rest)
    for word, _, rest in (
        line.partition(" ") for line in re.sub(r"\\\n\s*", " ", DOCKERFILE).splitlines() if line and line[0] != "#"
    )
]


def all_of(word):
    return [rest for instruction, rest in INSTRUCTIONS if instruction == word]


def last_stage():
    start = max(at for at, (word, _) in enumerate(INSTRUCTIONS) if word == "FROM")
    return INSTRUCTIONS[start:]


def test_every_stage_begins_with_a_named_version_of_a_small_official_image():
    images = [stage.split()[0] for stage in all_of("FROM")]
    assert len(images) > 1
    for image in images:
        assert re.fullmatch(r"python:3\.\d+-slim-\w+", image), image


def test_it_runs_without_root():
    users = [rest for word, rest in last_stage() if word == "USER"]
    assert users
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", users[-1])
    assert last_stage().index(("USER", users[-1])) > max(
        at for at, (word, _) in enumerate(last_stage()) if word in ("RUN", "COPY")
    )


def test_everything_that_is_installed_is_installed_by_its_hash_or_is_ours():
    installs = [part for run in all_of("RUN") for part in run.split("&&") if re.search(r"pip (install|wheel)", part)]
    assert len(installs) == 4
    for install in installs:
        by_hash = re.search(r"--require-hashes -r requirements(-dev)?\.txt", install)
        ours = "--no-deps" in install and ("--no-index" in install or "--no-build-isolation" in install)
        assert by_hash or ours, install


def test_the_requirements_that_are_installed_have_hashes():
    for name in ("requirements.txt", "requirements-dev.txt"):
        blocks = re.split(r"\n(?=\S)", (ROOT / name).read_text("utf-8").strip())
        pinned = [block for block in blocks if not block.startswith("#")]
        assert pinned
        assert [block.splitlines()[0] for block in pinned if "==" not in block or "--hash=sha256:" not in block] == []


def test_no_address_and_no_secret_is_built_in():
    text = "\n".join(rest for _, rest in INSTRUCTIONS)
    assert "://" not in text
    assert not re.search(r"(?i)index-url|extra-index|trusted-host|password|secret|token=", text)
    assert all_of("ARG") == all_of("ADD") == []


def test_the_image_that_runs_has_only_the_environment_and_the_script_for_keys():
    copies = [rest for word, rest in last_stage() if word == "COPY"]
    assert len(copies) == 2
    assert copies[0].startswith("--from=environment /opt/torugart/")
    assert copies[1].split()[-2] == "docker/mint.sh"


def copied_from_the_checkout():
    return [source for copy in all_of("COPY") if "--from" not in copy for source in plain(copy)[:-1]]


def plain(copy):
    return [word for word in copy.split() if not word.startswith("--")]


@pytest.mark.parametrize("source", copied_from_the_checkout())
def test_what_is_copied_is_there_and_reaches_the_builder(source):
    assert (ROOT / source).exists()
    lines = (ROOT / "docker" / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert lines[1] == "*"
    assert f"!{source.rstrip('/')}" in lines


def test_nothing_reaches_the_builder_that_is_not_copied():
    lines = (ROOT / "docker" / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert {line[1:] for line in lines if line.startswith("!")} == {s.rstrip("/") for s in copied_from_the_checkout()}


def test_every_folder_that_is_mounted_exists_in_the_image_and_belongs_to_its_user():
    made = re.search(r"install -d -o torugart -g torugart -m 0750 (.*)", "\n".join(all_of("RUN")))[1].split()
    compose = (ROOT / "docker" / "compose.yaml").read_text("utf-8")
    mounted = set(re.findall(r"- [\w-]+:(/[\w/-]+)", compose))
    assert mounted == set(made)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, made with the tools that are installed, from what the builder would see."""
    folder = tmp_path_factory.mktemp("wheel")
    build = f"import hatchling.build; print(hatchling.build.build_wheel({str(folder)!r}))"
    subprocess.run([sys.executable, "-c", build], cwd=ROOT, check=True, capture_output=True, timeout=120)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as opened:
        yield opened


@pytest.mark.parametrize(
    "name",
    [
        "gateway/_schemas/agreements/kg-cn-road.toml",
        "gateway/_schemas/codelists/index.toml",
        "gateway/_schemas/declaration/v1/declaration.xsd",
        "gateway/validation/texts/zh.toml",
        "gateway/storage/migrations/versions/0001_the_first_tables.py",
        "gateway/demo/texts.toml",
        "adapters/cn/texts/ru.toml",
        "adapters/cn/profile.toml",
        "adapters/kg/schema/AutoPreliminary.xsd",
        "adapters/kg/examples/export_typical.xml",
        "mock_nsw/cn.py",
    ],
)
def test_the_wheel_has_what_the_program_reads(wheel, name):
    assert name in wheel.namelist()


def test_the_wheel_has_the_licence_and_no_tests(wheel):
    names = wheel.namelist()
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "docs/", "docker/"))]
    assert not [name for name in names if name.endswith((".pem", ".db", ".token"))]
