"""Calls handed over by the telephone wait where the agent sees them, and take nothing from who is typing."""

from __future__ import annotations

from typing import Any

from textual.widgets import Input, Static

from atencion.screens.call.screen import CallScreen
from atencion.seat import IncomingCall
from atencion.widgets.pick_list import PickList
from tests.screens.conftest import MakeApp
from tests.screens.driving import keys, settle

FIRST = IncomingCall("+34749037199", queue="Averías", call_id="1", waited=75)
SECOND = IncomingCall("", call_id="2")


def listed(app: Any) -> list[str]:
    return [item.label for item in app.screen.query_one("#home-calls", PickList).items]


def said(app: Any) -> str:
    line = app.screen.query_one("#waiting", Static)
    return str(line.content) if line.display else ""


async def test_waiting_calls_come_first_and_are_taken_with_enter(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        app.incoming(FIRST)
        app.incoming(SECOND)
        await settle(pilot)
        assert listed(app)[:2] == ["Llamada: +34749037199 · Averías · espera 1:15", "Llamada: número oculto"]
        app.screen.query_one("#home-calls", PickList).highlight("pop 1")
        await keys(pilot, "enter")
        assert isinstance(app.screen, CallScreen)
        assert app.screen.call.phone == "+34749037199"
        assert app.waiting == [SECOND]
        await keys(pilot, "f2")
        assert app.screen.query_one("#finding-query", Input).value == "+34749037199"
        assert len(app.screen.query_one("#finding-results", PickList).items) == 1


async def test_a_call_that_comes_while_another_is_open_takes_no_focus(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, "enter", "s", "enter", "2", "enter", "'Me cob")
        field = app.focused
        app.incoming(FIRST)
        await settle(pilot)
        assert "+34749037199 · Averías" in said(app)
        assert app.focused is field
        app.incoming(SECOND)
        await keys(pilot, "'ran")
        assert "y 1 más" in said(app)
        assert field.text == "Me cobran"  # type: ignore[union-attr]


async def test_a_call_that_is_told_again_or_ends_is_not_there_twice(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        app.incoming(FIRST)
        app.incoming(IncomingCall(FIRST.phone, queue="Averías", call_id="1", waited=90))
        assert [one.waited for one in app.waiting] == [90]
        app.incoming(IncomingCall("", call_id="1", ended=True))
        await settle(pilot)
        assert app.waiting == []
        assert listed(app)[0] == "Siguiente llamada"
