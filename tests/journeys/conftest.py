"""A store with the sample data, made once and copied for each journey."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from atencion.desk.sample import open_demo
from atencion.resources import shipped_protocols


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the demonstration, closed."""
    path = tmp_path_factory.mktemp("sample") / "demo.db"
    open_demo(str(path), shipped_protocols()).close()
    return path


@pytest.fixture
def store(sample: Path, tmp_path: Path) -> Path:
    """A copy of it for one journey."""
    return Path(shutil.copy(sample, tmp_path / "demo.db"))
