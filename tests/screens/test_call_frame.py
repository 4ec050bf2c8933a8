"""The frame of a call: which keys work, and what they never do, on a real store."""

from __future__ import annotations

import pytest
from textual.widgets import Static

from atencion.app import Workstation
from atencion.screens.call.lookup_stage import LookupStage
from atencion.screens.call.screen import CallScreen
from tests.screens.conftest import MakeApp
from tests.screens.driving import keys, settle

SIZES = [(80, 24), (120, 36)]
ASKED = ("enter", "s", "enter", "2", "enter", "'Me cobran dos veces", "enter")


def call_of(app: Workstation) -> CallScreen:
    assert isinstance(app.screen, CallScreen)
    return app.screen


def names(app: Workstation) -> set[str]:
    shown = call_of(app).keys()
    return {key.name for key in shown}


@pytest.mark.parametrize("size", SIZES)
async def test_enter_alone_never_gives_the_customers_consent(make_app: MakeApp, size: tuple[int, int]) -> None:
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await keys(pilot, "enter", "enter")
        assert call_of(app).call.run.recording is None
        assert call_of(app).call.run.step == "saludo"
        assert "¿Da permiso para grabar?" in str(app.screen.query_one("#notice", Static).content)


@pytest.mark.parametrize(("typed", "recorded"), [("s", True), ("n", False), ("2", False)])
async def test_the_consent_is_what_was_typed(make_app: MakeApp, typed: str, recorded: bool) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "enter", typed, "enter")
        assert call_of(app).call.run.recording is recorded
        assert call_of(app).call.run.step == "demanda"


async def test_typing_taken_back_takes_the_consent_back(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "enter", "s", "backspace", "enter")
        assert call_of(app).call.run.recording is None


async def test_a_key_that_opens_what_stands_open_takes_no_escape_of_its_own(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *ASKED, "f5", "escape")
        assert call_of(app).call.run.step == "demanda"


async def test_narrow_the_rail_opens_over_the_stage_and_escape_closes_it(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, *ASKED, "f5")
        assert app.screen.query_one("#rail").outer_size.width == 80
        await keys(pilot, "escape")
        assert not app.screen.query_one("#rail").display
        assert call_of(app).call.run.step == "identificar"


async def test_only_the_keys_that_work_are_shown(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, *ASKED)
        assert {"F3", "F4", "F5", "F6", "F7", "F8", "F9"} <= names(app)
        assert "F2" not in names(app), "the step is the lookup itself"
        await pilot.resize_terminal(120, 36)
        await settle(pilot)
        assert not {"F5", "F7"} & names(app)
        await keys(pilot, "f9", "'se ha cortado", "enter")
        assert not {"F8", "F9"} & names(app)


async def test_the_key_that_tells_all_others_is_in_sight_however_narrow_and_is_the_one_that_works(
    make_app: MakeApp,
) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, "enter")
        assert "? Ayuda" in str(app.screen.query_one("#keys").render())
        await keys(pilot, "s", "enter", "2", "enter")
        assert "F1 Ayuda" in str(app.screen.query_one("#keys").render()), "a question mark is text here"
        await pilot.press("f1")
        await settle(pilot)
        assert app.screen.query("#help")


async def test_the_tool_of_the_step_itself_is_the_step(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *ASKED, "'749", "f4", "f2")
        assert len(app.screen.query(LookupStage)) == 1
        assert app.focused is app.screen.query_one("#finding-query")


async def test_skipping_or_cutting_off_a_call_in_its_wrap_up_does_nothing(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *ASKED, "f9", "'se ha cortado", "enter", "f8", "f9")
        assert not app.screen.query("ReasonStage")
        assert call_of(app).call.run.step == "cierre"


async def test_what_covers_the_stage_is_closed_by_enter_too_and_the_cursor_is_where_it_was(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, "enter", "s", "enter", "2", "enter", "'Me cobran", "f7")
        assert names(app) == {"Esc"}
        await keys(pilot, "enter")
        assert call_of(app).call.run.step == "demanda"
        await keys(pilot, "' dos veces", "enter")
        assert call_of(app).call.run.values["demanda"] == "Me cobran dos veces"


async def test_a_window_that_grows_gives_the_stage_back(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, *ASKED, "f5")
        await pilot.resize_terminal(120, 36)
        await settle(pilot)
        await keys(pilot, "escape")
        assert call_of(app).call.run.step == "demanda"


@pytest.mark.parametrize(("key", "opened"), [("f2", "LookupStage"), ("f3", "KnowledgeStage"), ("f6", "EscalateStage")])
async def test_a_tool_opens_from_a_field_of_several_lines_too(make_app: MakeApp, key: str, opened: str) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "enter", "s", "enter", "2", "enter", "'Me cobran", key)
        assert app.screen.query(opened)
        await keys(pilot, "escape")
        assert app.screen.query_one("NoteField").text == "Me cobran"  # type: ignore[attr-defined]


async def test_enter_alone_never_closes_a_call_with_a_reason_nobody_chose(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *ASKED, "f9", "'se ha cortado", "enter", "enter", "enter")
        call = call_of(app).call
        assert call.run.step == "cierre"
        assert "Falta la tipificación" in str(app.screen.query_one("#notice", Static).content)
        await keys(pilot, "'copia", "enter")
        assert call.run.disposition == "fac_copia"
