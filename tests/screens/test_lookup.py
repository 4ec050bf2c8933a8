"""The customer is looked for as one types: results answer to what stands in the field, and say what to do next."""

from __future__ import annotations

import threading
from typing import Any

from textual.widgets import Input

from atencion.app import Workstation
from atencion.desk.customer_view import LookedUp
from atencion.screens.call.screen import CallScreen
from atencion.widgets.pick_list import PickList
from atencion.widgets.plain import Plain
from tests.screens.conftest import MakeApp
from tests.screens.driving import keys, settle

LOOKING = ("enter", "s", "enter", "2", "enter", "'Me cobran dos veces", "enter")


def rows(app: Workstation) -> list[str]:
    return [f"{item.label} {item.detail}" for item in app.screen.query_one("#finding-results", PickList).items]


def next_step(app: Workstation) -> str:
    shown = app.screen.query_one("#finding-next", Plain)
    return str(shown.content) if shown.display else ""


def call_of(app: Workstation) -> CallScreen:
    assert isinstance(app.screen, CallScreen)
    return app.screen


def labels(app: Workstation) -> list[str]:
    shown = call_of(app).keys
    return [key.label for key in shown()]


async def test_one_result_says_to_confirm_it(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *LOOKING, "'749037199")
        assert len(rows(app)) == 1 and "por su teléfono" in rows(app)[0]
        assert "Una persona" in next_step(app)


async def test_several_results_say_what_to_ask_and_show_nothing_that_was_not_said(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *LOOKING, "'fernandez")
        assert len(rows(app)) > 1
        assert "Pida nombre y apellidos" in next_step(app)
        assert all(
            word.endswith("•••") or "ern" in word.lower()
            for row in rows(app)
            for word in row.split(" por su")[0].split()
        )


async def test_nobody_says_how_to_go_on(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *LOOKING, "'xyxyxyxy")
        assert rows(app) == []
        assert "Nadie coincide" in str(app.screen.query_one("#finding-results", PickList).render())
        assert "Crear" not in labels(app)


async def test_a_misheard_surname_is_shown_as_it_was_said_to_be(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *LOOKING, "'fernandes garsia")
        items = app.screen.query_one("#finding-results", PickList).items
        assert items and "Fernández" in items[0].label and "García" in items[0].label
        assert "(suena igual)" in items[0].detail
        assert items[0].met


async def test_while_a_search_is_under_way_only_the_last_thing_typed_waits(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *LOOKING)
        call = call_of(app).call
        asked: list[str] = []
        gate = threading.Event()
        look_up = call.look_up

        def slow(query: str, limit: int = 20) -> LookedUp:
            asked.append(query)
            gate.wait(20)
            return look_up(query, limit)

        call.look_up = slow  # type: ignore[method-assign]
        field: Any = app.screen.query_one("#finding-query", Input)
        for text in ("7", "74", "749", "7490", "74903", "749037199"):
            field.value = text
            await pilot.pause()
        assert asked == ["7"]
        gate.set()
        await settle(pilot)
        assert asked == ["7", "749037199"]
        assert len(rows(app)) == 1
