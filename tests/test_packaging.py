"""What is built holds all the program needs, and is built alike from a checkout and from the source archive."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive, and the wheel made from it."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder], cwd=ROOT, check=True)
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    unpacked = next(path for path in folder.iterdir() if path.is_dir())
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=unpacked, check=True)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> set[str]:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_every_protocol_file_in_the_package(wheel: set[str]) -> None:
    wanted = {f"atencion/_{path.relative_to(ROOT)}" for path in (ROOT / "protocols").rglob("*.*") if path.is_file()}
    assert wanted
    assert wanted - wheel == set()


def test_the_wheel_holds_the_compiled_catalogues_and_the_licence(wheel: set[str]) -> None:
    assert "atencion/locale/en/LC_MESSAGES/atencion.mo" in wheel
    assert "atencion/locale/es/LC_MESSAGES/messages.mo" in wheel
    assert any(name.endswith("licenses/LICENSE") for name in wheel)


def test_the_wheel_holds_nothing_but_the_package(wheel: set[str]) -> None:
    assert {name.split("/")[0].split("-")[0] for name in wheel} == {"atencion"}


def test_the_program_runs_from_the_unpacked_wheel(built: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as archive:
        archive.extractall(tmp_path)
    code = "import sys; sys.path.insert(0, '.'); import atencion.resources as r; print(r.shipped_protocols())"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert Path(done.stdout.strip()).resolve() == (tmp_path / "atencion" / "_protocols").resolve()


def test_the_lock_names_the_public_index_alone() -> None:
    lock = (ROOT / "uv.lock").read_text()
    hosts = {
        line.partition("://")[2].partition("/")[0] for line in lock.replace('"', "\n").split("\n") if "://" in line
    }
    assert hosts == {"pypi.org", "files.pythonhosted.org"}
