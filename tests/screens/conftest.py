"""A demonstration store made once, copied for each test, and the workstation on it with the clock stopped."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from atencion.app import Workstation
from atencion.data.engine import StoreKind
from atencion.desk import Desk
from atencion.desk.sample import open_demo
from atencion.resources import shipped_protocols
from tests.folders import protocols_folder, shipped_call

NOON = datetime(2026, 12, 28, 11, 0, tzinfo=UTC)

MakeApp = Callable[[], Workstation]
MakeAppOn = Callable[..., Workstation]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the demonstration, closed."""
    path = tmp_path_factory.mktemp("sample") / "demo.db"
    open_demo(str(path), shipped_protocols()).close()
    return path


@pytest.fixture
def store(sample: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copy(sample, tmp_path / "demo.db"))


@pytest.fixture
def make_app(store: Path, tmp_path: Path) -> MakeApp:
    """Opens a workstation on the store for incoming calls; each call is another start of the program."""
    protocols = shipped_call(tmp_path / "protocols")

    def opening() -> Desk:
        return Desk.open(str(store), protocols, kind=StoreKind.DEMO, clock=lambda: NOON, new_key=lambda: "482719362")

    return lambda: Workstation(opening, "A101")


@pytest.fixture
def make_app_on(store: Path, tmp_path: Path) -> MakeAppOn:
    """Opens a workstation on the store, led by other protocols, with a clock that can be moved."""

    def making(protocols: Mapping[str, str], clock: Callable[[], datetime] = lambda: NOON) -> Workstation:
        folder = tmp_path / "protocols"
        if not folder.exists():
            protocols_folder(folder, protocols)

        def opening() -> Desk:
            return Desk.open(str(store), folder, kind=StoreKind.DEMO, clock=clock, new_key=lambda: "482719362")

        return Workstation(opening, "A101")

    return making
