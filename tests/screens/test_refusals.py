"""What stays when the store cannot write or a step refuses: what was typed, and the truth of what was confirmed."""

from __future__ import annotations

import itertools
from pathlib import Path
from types import SimpleNamespace

import pytest
from textual import events, timer
from textual.widgets import Static

from atencion.errors import StoreError
from atencion.screens.call import screen
from atencion.screens.call.snapshot import Snapshot
from atencion.screens.home import HomeScreen
from atencion.scripts.journal import Kind
from atencion.widgets.pick_list import PickList
from tests.screens.conftest import MakeApp
from tests.screens.driving import keys, settle
from tests.screens.test_calls import ASKED, GREETED, PICKED, call_of, notice
from tests.screens.test_twins import desk_of
from tests.stores import locked

VERIFIED = (*PICKED, "'03/01/1955", "enter", "'36205", "enter", "enter")


async def test_an_article_whose_telling_was_not_written_down_is_not_taken_for_told(
    make_app: MakeApp, store: Path
) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *VERIFIED)
        assert call_of(app).call.run.step == "consulta"
        with locked(desk_of(app).store, store):
            await keys(pilot, "enter")
            assert "ocupado" in notice(app)
        await keys(pilot, "enter")
        run = call_of(app).call.run
        assert run.step == "consulta"
        assert run.demands[0].articles == ("cobro-duplicado",)
        assert "Leído" in notice(app)


async def test_that_no_article_answers_is_told_as_noted_only_once_it_is(make_app: MakeApp, store: Path) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *VERIFIED)
        with locked(desk_of(app).store, store):
            await keys(pilot, "ctrl+o", "enter")
        assert call_of(app).call.run.step == "consulta"
        await keys(pilot, "ctrl+o")
        assert "Anotado" in notice(app)
        await keys(pilot, "enter")
        assert call_of(app).call.run.step == "decidir"


async def test_what_a_step_refused_is_there_when_the_call_is_taken_up_again(make_app: MakeApp, store: Path) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *GREETED, "2", "enter")
        with locked(desk_of(app).store, store):
            await keys(pilot, "'Me cobran dos veces", "enter")
            assert "ocupado" in notice(app)
        await keys(pilot, "ctrl+l")
        assert isinstance(app.screen, HomeScreen)
        await keys(pilot, "enter")
        assert call_of(app).call.run.step == "demanda"
        assert app.screen.query_one("NoteField").text == "Me cobran dos veces"  # type: ignore[attr-defined]


async def test_a_draft_that_could_not_be_saved_is_saved_later(make_app: MakeApp, store: Path) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *GREETED, "2", "enter")
        with locked(desk_of(app).store, store):
            await keys(pilot, "'Me cobran dos veces", "f4", "escape")
        await keys(pilot, "ctrl+l", "enter")
        assert app.screen.query_one("NoteField").text == "Me cobran dos veces"  # type: ignore[attr-defined]


async def test_a_handover_that_was_refused_is_there_when_the_call_is_taken_up_again(
    make_app: MakeApp, store: Path
) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *ASKED, "f6", "1", "enter", "' y lo quiere por escrito")
        with locked(desk_of(app).store, store):
            await keys(pilot, "enter")
            assert "ocupado" in notice(app)
        await keys(pilot, "ctrl+l", "enter", "f6")
        assert "por escrito" in app.screen.query_one("#handover").text  # type: ignore[attr-defined]


async def test_what_was_written_and_could_not_be_read_back_is_shown_before_anything_else_is_done(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(
            pilot, *VERIFIED, "enter", "enter", "enter", "1", "enter", "'Se devuelve", "enter", "2", "enter", "space"
        )
        with monkeypatch.context() as cut:
            cut.setattr(screen, "take_snapshot", _no_connection)
            await keys(pilot, "enter")
        assert "No hay conexión" in notice(app)
        await keys(pilot, "enter")
        run = call_of(app).call.run
        assert (run.step, run.state("despedida").said) == ("despedida", False), "nobody has seen these words yet"
        assert str(app.screen.query_one(".title", Static).content) == "Despedida"


def _no_connection(_call: object) -> Snapshot:
    raise StoreError("No hay conexión con la base de datos.")


async def test_a_machine_that_stops_for_a_moment_does_not_keep_the_keys_for_ever(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = itertools.count()
    slow = SimpleNamespace(get_time=lambda: next(ticks) * 0.01)  # more than a turn goes by between two looks at it
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        with monkeypatch.context() as stopping:
            stopping.setattr(timer, "_time", slow)
            await keys(pilot, "enter", "s", "enter")
        assert call_of(app).call.run.step == "demanda"


async def test_a_key_that_is_held_as_the_program_ends_does_not_break_its_end(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
    assert not app._is_catching_up(), "it is asked once more when no screen is left"


async def test_enter_right_after_a_tick_is_not_lost(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *VERIFIED, "enter", "enter", "enter", "1", "enter", "'Se devuelve", "enter", "2", "enter")
        assert call_of(app).call.run.step == "repaso"
        for key in (events.Key("space", " "), events.Key("enter", None)):  # faster than the pilot presses them
            app.post_message(key)
        await settle(pilot)
        assert call_of(app).call.run.step == "despedida"


async def test_what_was_picked_and_not_confirmed_is_there_when_the_call_is_taken_up_again(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *GREETED, "2", "enter", "ctrl+l", "enter")
        assert app.screen.query_one(PickList).picked == "factura"
        await keys(pilot, "f6", "2", "enter", "ctrl+l", "enter", "f6")
        reason, department = app.screen.query("EscalateStage PickList").results(PickList)
        assert (reason.picked, department.picked) == ("cliente_insatisfecho", "supervision")


async def test_an_outcome_that_was_picked_is_there_when_the_call_is_taken_up_again(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *VERIFIED, "enter", "enter", "enter", "2", "enter", "ctrl+l", "enter")
        assert call_of(app).call.run.step == "resolver"
        assert app.screen.query_one("#outcome", PickList).picked


async def test_a_note_half_written_is_there_when_notes_are_opened_again(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *GREETED, "f4", "'Pide que le llamen", "escape", "f4")
        assert app.screen.query_one("#note").text == "Pide que le llamen"  # type: ignore[attr-defined]


async def test_the_cursor_comes_back_from_a_tool_to_the_field_it_was_in(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *GREETED, "2", "enter", "'a medio escr", "f4", "'Llama desde la calle", "enter", "'ibir")
        assert app.screen.query_one("NoteField").text == "a medio escribir"  # type: ignore[attr-defined]
        await keys(pilot, "f3", "escape", "' más")
        assert app.screen.query_one("NoteField").text == "a medio escribir más"  # type: ignore[attr-defined]


async def test_a_second_demand_begins_with_nothing_of_the_first(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        # Back at the demand something is typed and taken away again, and the search is worded anew.
        await keys(pilot, *GREETED, "9", "enter", "'Horario", "enter", "escape")
        await keys(pilot, "tab", "'s", "f4", "escape", "backspace", "f4", "escape", "enter")
        assert call_of(app).call.run.step == "consulta"
        await keys(pilot, "'s", "f4", "escape", "enter", "enter", "enter", "1", "enter", "'Se le dice", "enter")
        assert call_of(app).call.run.step == "algo_mas"
        await keys(pilot, "enter")
        assert call_of(app).call.run.step == "demanda"
        assert app.screen.query_one("NoteField").text == ""  # type: ignore[attr-defined]
        await keys(pilot, "9", "enter", "'Quiere cambiar de tarifa", "enter")
        assert call_of(app).call.run.step == "consulta"
        assert app.screen.query_one("#article-query").value == "Quiere cambiar de tarifa"  # type: ignore[attr-defined]


async def test_why_a_step_is_skipped_is_not_why_the_next_one_is(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *GREETED, "f8", "'Llama otra", "escape", "9", "enter", "'Horario", "enter", "f8")
        assert call_of(app).call.run.step == "consulta"
        assert app.screen.query_one("#reason").value == ""  # type: ignore[attr-defined]


@pytest.mark.parametrize("key", ["f8", "f9"])
async def test_a_reason_half_written_is_there_when_it_is_asked_for_again(make_app: MakeApp, key: str) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *GREETED, key, "'Llama otra", "escape", key)
        assert app.screen.query_one("#reason").value == "Llama otra"  # type: ignore[attr-defined]


async def test_an_outcome_gone_back_to_and_left_as_it_was_is_written_once(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *VERIFIED, "enter", "enter", "enter", "2", "enter", "'Se revisa", "enter", "escape")
        call = call_of(app).call
        assert call.run.step == "resolver"
        await keys(pilot, "enter", "enter", "enter")
        assert call.run.step != "resolver"
        assert app.desk is not None
        entries = app.desk.record_of(call.id).entries
        assert [one.value for one in entries if one.kind == Kind.RESOLVED] == ["Se revisa"]
