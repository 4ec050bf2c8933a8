"""Between calls: what the first screen says and takes, on a real store."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest
from textual.widgets import Static

from atencion.app import Workstation
from atencion.data.engine import StoreKind
from atencion.desk import Desk
from atencion.resources import shipped_protocols
from atencion.screens.agents import AgentsScreen
from atencion.screens.call.screen import CallScreen
from atencion.screens.home import HomeScreen
from atencion.widgets.pick_list import PickList
from tests.screens.conftest import MakeApp
from tests.screens.driving import keys, settle

SIZES = [(80, 24), (120, 36)]
TO_THE_WRAP_UP = ("enter", "s", "enter", "f9", "'se ha cortado", "enter")


def shown(app: Workstation, widget: str) -> str:
    return str(app.screen.query_one(widget, Static).content)


def highlighted(app: Workstation) -> str:
    item = app.screen.query_one(PickList).highlighted
    return item.id if item is not None else ""


async def test_while_the_store_opens_it_says_so_and_then_who_attends(store: Path) -> None:
    may_open = Event()

    def opening() -> Desk:
        may_open.wait()
        return Desk.open(str(store), shipped_protocols(), kind=StoreKind.DEMO)

    app = Workstation(opening, "A101")
    async with app.run_test(size=(80, 24)) as pilot:
        try:
            await pilot.pause()
            assert "Abriendo el almacén" in shown(app, "#home-who")
        finally:
            may_open.set()
        await settle(pilot)
        assert "Lumeral Energía" in shown(app, "#home-who")
        assert "Marina" in shown(app, "#home-who")


@pytest.mark.parametrize("size", SIZES)
async def test_a_store_that_cannot_be_opened_is_told_with_what_to_do(tmp_path: Path, size: tuple[int, int]) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"[bold]not a store[/a]" * 400)
    app = Workstation(lambda: Desk.open(str(broken), shipped_protocols()), None)
    async with app.run_test(size=size) as pilot:
        await keys(pilot, "enter", "enter")
        assert "broken.db" in shown(app, "#home-who")
        assert "Ctrl+X" in shown(app, "#home-day")
        assert isinstance(app.screen, HomeScreen)
        assert not app.screen.busy, "an Enter that waits for a store that will not come holds every key back"


async def test_a_failure_of_the_program_itself_while_it_opens_is_told_and_lets_it_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    def opening() -> Desk:
        raise ZeroDivisionError("[/a] nobody foresaw this")

    app = Workstation(opening, None)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, "enter")
        assert "error inesperado" in shown(app, "#home-who")
        await keys(pilot, "ctrl+x")
    assert app.return_code == 0


async def test_where_several_agents_share_a_store_it_asks_who_attends(store: Path) -> None:
    app = Workstation(lambda: Desk.open(str(store), shipped_protocols(), kind=StoreKind.DEMO), None)
    async with app.run_test(size=(80, 24)) as pilot:
        for _turn in range(1_000):
            if isinstance(app.screen, AgentsScreen):
                break
            await pilot.pause(0.01)
        assert isinstance(app.screen, AgentsScreen)
        await pilot.press(*"marina", "enter")
        await settle(pilot)
        assert isinstance(app.screen, HomeScreen)
        assert "Marina" in shown(app, "#home-who")


async def test_a_call_that_was_closed_is_said_to_be_and_leaves_the_list(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *TO_THE_WRAP_UP, "1", "enter")
        assert "Llamada cerrada" in shown(app, "#notice")
        assert [item.id for item in app.screen.query_one(PickList).items] == ["open phone"]


async def test_help_leaves_the_list_where_it_was(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "enter", "ctrl+l")
        assert highlighted(app).startswith("resume")
        await keys(pilot, "down")
        assert highlighted(app) == "open phone"
        await keys(pilot, "f1", "escape")
        assert highlighted(app) == "open phone"


async def test_enter_while_the_list_is_read_again_takes_the_call_that_was_just_left(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "enter", "s", "enter")
        await pilot.press("ctrl+l", "enter")
        await settle(pilot)
        assert isinstance(app.screen, CallScreen)
        assert app.screen.call.id == 1
        assert app.screen.call.run.step == "demanda"
