"""Commands run as a person runs them, on a store with the sample's agents and customers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from atencion import cli
from atencion.resources import shipped_protocols

SAMPLE = shipped_protocols() / "demo"


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Its one JSON document."""
        return json.loads(self.out)


Run = Callable[..., Done]


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store made by the commands themselves."""
    path = tmp_path_factory.mktemp("cli") / "store.db"
    assert cli.main(["--db", str(path), "init", "--agents", str(SAMPLE / "agents.yaml")]) == 0
    rejects = str(path.with_name("rejects.csv"))
    assert cli.main(["--db", str(path), "customer", "import", str(SAMPLE / "customers.csv"), "--rejects", rejects]) == 0
    return path


@pytest.fixture
def db(sample_store: Path, tmp_path: Path) -> Path:
    """A copy of it for one test."""
    return Path(shutil.copy(sample_store, tmp_path / "store.db"))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs one command on a store."""

    def one(store: object, *arguments: object) -> Done:
        capsys.readouterr()
        code = cli.main(["--db", str(store), *map(str, arguments)])
        told = capsys.readouterr()
        assert "inesperado" not in told.err, "the program itself failed"
        return Done(code, told.out, told.err)

    return one
