"""The published contract is found in a checkout and in an installed wheel."""

import shutil
import subprocess
import sys
from pathlib import Path

from gateway.published import published

WHERE = "import gateway.published as p; print(p.__file__); print(p.published('codelists', 'index.toml'))"


def asked_in(folder: Path) -> tuple[Path, Path]:
    run = subprocess.run([sys.executable, "-c", WHERE], cwd=folder, capture_output=True, text=True, check=True)
    module, answer = run.stdout.splitlines()
    return Path(module), Path(answer)


def installed(folder: Path) -> Path:
    (folder / "gateway").mkdir()
    for name in ("__init__.py", "published.py"):
        shutil.copy(published().parent / "gateway" / name, folder / "gateway" / name)
    return folder / "gateway"


def test_in_a_checkout_it_lies_beside_the_package():
    assert published("codelists", "index.toml").is_file()
    assert published().name == "schemas"


def test_in_a_wheel_it_lies_inside_the_package(tmp_path):
    package = installed(tmp_path)
    shutil.copytree(published("codelists"), package / "_schemas" / "codelists")
    module, answer = asked_in(tmp_path)
    assert module == package / "published.py"
    assert answer == package / "_schemas" / "codelists" / "index.toml"
    assert answer.is_file()


def test_what_a_wheel_carries_comes_before_a_folder_of_the_same_name_beside_it(tmp_path):
    package = installed(tmp_path)
    (package / "_schemas").mkdir()
    (tmp_path / "schemas").mkdir()
    assert asked_in(tmp_path)[1].is_relative_to(package)
