"""The one way from a screen to the store: writes go one at a time, and looks neither pile up nor starve."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from atencion.app import Workstation
from atencion.errors import StoreError
from atencion.screens.choosing import ChoosingScreen
from atencion.screens.room import Room
from tests.screens.driving import settle

OFTEN, NEVER = 0.002, 3_600.0
"""Seconds between looks."""

TURNS = 5_000


class Bare(Workstation):
    """A workstation without a first screen or a store."""

    CSS_PATH = None

    def __init__(self) -> None:
        super().__init__(lambda: pytest.fail("it has no store"))

    def show_first(self) -> None:
        pass


class SlowStore:
    """A store that answers only when it is let."""

    def __init__(self) -> None:
        self.free = Event()
        self.now = self.most = self.answered = 0

    def __call__(self) -> int:
        self.now += 1
        self.most = max(self.most, self.now)
        self.free.wait(30)
        self.now -= 1
        self.answered += 1
        return self.answered


async def until(pilot: Pilot[Any], holds: Callable[[], bool]) -> None:
    for _turn in range(TURNS):
        if holds():
            return
        await pilot.pause(0.001)
    raise AssertionError("it never holds")


async def test_a_slow_store_is_looked_at_once_at_a_time_and_what_is_seen_arrives() -> None:
    store, room, seen, turns = SlowStore(), Room(), list[int](), list[int]()
    async with Bare().run_test() as pilot:
        await pilot.app.push_screen(room)
        room.look_every(OFTEN, store, seen.append)
        room.set_interval(OFTEN, lambda: turns.append(1))
        await until(pilot, lambda: len(turns) > 5)
        assert (store.now, seen) == (1, [])
        store.free.set()
        await until(pilot, lambda: len(seen) > 2)
        assert store.most == 1


async def test_what_was_seen_before_something_was_written_is_looked_at_again() -> None:
    store, room, seen = SlowStore(), Room(), list[int]()
    async with Bare().run_test() as pilot:
        await pilot.app.push_screen(room)
        room.look_every(NEVER, store, seen.append)
        await until(pilot, lambda: store.now == 1)
        room.do(lambda: None)
        await until(pilot, lambda: not room.busy)
        store.free.set()
        await settle(pilot)
        assert seen == [2]


async def test_what_is_asked_for_twice_is_done_once_and_may_be_done_again_afterwards() -> None:
    store, room, done = SlowStore(), Room(), list[int]()
    async with Bare().run_test() as pilot:
        await pilot.app.push_screen(room)
        room.do(store, done.append)
        room.do(store, done.append)
        assert room.busy
        store.free.set()
        await settle(pilot)
        assert (done, room.busy) == ([1], False)
        room.do(store, done.append)
        await settle(pilot)
        assert done == [1, 2]


async def test_what_is_refused_is_told_and_nothing_comes_of_it() -> None:
    def refuse() -> int:
        raise StoreError("La base está ocupada.", remedy="Vuelva a probar.")

    room, done = Room(), list[int]()
    async with Bare().run_test() as pilot:
        await pilot.app.push_screen(room)
        room.do(refuse, done.append)
        await settle(pilot)
        assert (done, room.busy) == ([], False)
        assert "La base está ocupada.  Vuelva a probar." in str(room.query_one("#notice", Static).content)


async def test_a_choice_whose_rest_cannot_be_read_says_so_and_can_still_be_made() -> None:
    def fail() -> list[object]:
        raise StoreError("No hay conexión.")

    screen, chosen = ChoosingScreen("Cuál", (), all_of_them=fail), list[object]()  # type: ignore[arg-type]
    async with Bare().run_test() as pilot:
        await pilot.app.push_screen(screen, chosen.append)
        await until(pilot, lambda: bool(screen.query_one("#choosing-wrong").display))
        assert "No hay conexión." in str(screen.query_one("#choosing-wrong", Static).content)
        await pilot.press("escape")
        assert chosen == [None]
