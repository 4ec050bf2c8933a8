"""What an agent sees and can do in a call, by Textual's pilot on a real store."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Static

from atencion.app import Workstation
from atencion.data.engine import StoreKind
from atencion.desk import Desk
from atencion.resources import shipped_protocols
from atencion.screens.call.screen import CallScreen
from atencion.screens.home import HomeScreen
from tests.screens.conftest import MakeApp
from tests.screens.driving import keys, settle, type_text

SIZES = [(80, 24), (120, 36)]
GREETED = ("enter", "s", "enter")
ASKED = (*GREETED, "2", "enter", "'Me cobran dos veces", "enter")
PICKED = (*ASKED, "'749037199", "enter")


def call_of(app: Workstation) -> CallScreen:
    assert isinstance(app.screen, CallScreen)
    return app.screen


def notice(app: Workstation) -> str:
    return str(app.screen.query_one("#notice", Static).content)


@pytest.mark.parametrize("size", SIZES)
async def test_the_words_to_say_name_the_agent_and_stand_on_the_screen(
    make_app: MakeApp, size: tuple[int, int]
) -> None:
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await keys(pilot, "enter")
        words = app.screen.query_one(".words")
        assert "le atiende Marina" in str(words.render())
        assert 0 <= words.region.y < size[1] - words.region.height


async def test_enter_with_a_required_datum_missing_says_which_and_stays(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, *GREETED, "2", "enter", "enter")
        assert "Qué pide el cliente" in notice(app)
        assert call_of(app).call.run.step == "demanda"


async def test_a_letter_typed_in_a_field_never_acts(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *GREETED, "2", "enter")
        await pilot.press("q", "question_mark", "x", "1")
        await settle(pilot)
        assert isinstance(app.screen, CallScreen)
        assert app.screen.query_one("NoteField").text == "q?x1"  # type: ignore[attr-defined]


async def test_a_tool_closed_with_escape_leaves_the_step_as_it_was(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *GREETED, "2", "enter", "'a medio escr", "f3")
        assert app.screen.query("KnowledgeStage")
        await keys(pilot, "escape")
        assert not app.screen.query("KnowledgeStage")
        assert app.screen.query_one("NoteField").text == "a medio escr"  # type: ignore[attr-defined]
        assert call_of(app).call.run.step == "demanda"


async def test_until_the_identity_is_verified_nothing_of_the_customer_is_painted(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *PICKED)
        painted = app.export_screenshot()
        for secret in ("Aubry", "Z9900000T", "36205", "Carballo", "daubry1", "1955", "LE-0000001"):
            assert secret not in painted
        await keys(pilot, "'03/01/1955", "enter", "'36205", "enter")
        assert "Z9900000T" in app.export_screenshot()


async def test_an_answer_that_cannot_be_a_date_does_not_count_as_wrong(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *PICKED, "'no me acuerdo", "enter")
        assert "No cuenta como fallo" in notice(app)
        assert call_of(app).call.run.wrong == 0


async def test_skipping_the_greeting_is_refused_naming_the_law(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "enter", "f8", "'tengo prisa", "enter")
        assert "Ley 10/2025, art. 8.2" in notice(app)
        assert call_of(app).call.run.step == "saludo"


async def test_a_call_that_is_cut_off_goes_to_the_wrap_up_with_what_is_owed_in_sight(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *ASKED, "f9", "'se ha cortado", "enter")
        assert call_of(app).call.run.step == "cierre"
        assert "Ha informado de quién trata los datos" in str(app.screen.query_one(".owed", Static).content)


async def test_escape_goes_back_a_step_and_keeps_what_was_written(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *ASKED, "escape")
        assert call_of(app).call.run.step == "demanda"
        assert app.screen.query_one("NoteField").text == "Me cobran dos veces"  # type: ignore[attr-defined]


async def test_a_call_left_open_is_offered_first_and_taken_up_with_enter(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *ASKED, "ctrl+l")
        assert isinstance(app.screen, HomeScreen)
        assert "a medias" in notice(app)
        await keys(pilot, "enter")
        assert call_of(app).call.run.step == "identificar"


async def test_enter_pressed_before_the_store_is_open_is_not_lost(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, CallScreen)


async def test_the_palette_finds_every_action_of_the_screen_by_name(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "enter", "ctrl+p", "'notas", "enter")
        assert app.screen.query("NotesStage")


async def test_the_help_lists_the_keys_of_the_screen(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "enter", "f1")
        shown = str(app.screen.query_one("#help Static", Static).content)
        assert all(key in shown for key in ("F2", "F3", "F4", "F6", "F8", "F9", "Ctrl+L"))


async def test_a_full_disk_refuses_the_step_and_keeps_what_was_typed_until_there_is_room(make_app: MakeApp) -> None:
    app = make_app()
    demand = "No me llega la factura. " * 2_000
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *GREETED, "2", "enter")
        await _let_the_store_grow(app, pages=1)
        await keys(pilot, f"'{demand}", "enter")
        assert "No queda espacio en el disco" in notice(app)
        assert app.screen.query_one("NoteField").text == demand  # type: ignore[attr-defined]
        assert call_of(app).call.run.step == "demanda"
        await _let_the_store_grow(app, pages=1_000_000)
        await keys(pilot, "enter")
        assert call_of(app).call.run.step == "identificar"


async def _let_the_store_grow(app: Workstation, *, pages: int) -> None:
    """To so many pages of the file; never below what it takes up now."""
    assert app.desk is not None
    with app.desk.store.writing() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


async def test_everything_that_happened_is_in_the_store_when_the_call_is_closed(make_app: MakeApp, store: Path) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *PICKED, "'03/01/1955", "enter", "'36205", "enter", "enter")
        await keys(pilot, "enter", "enter", "enter", "1", "enter", "'Se devuelve", "enter", "2", "enter")
        await keys(pilot, "space", "enter", "enter", "'indebido", "enter")
        assert isinstance(app.screen, HomeScreen)
    desk = Desk.open(str(store), shipped_protocols(), kind=StoreKind.DEMO)
    record = desk.record_of(1)
    desk.close()
    assert record.summary.status == "closed"
    assert record.run.owed == []
    assert [entry.seq for entry in record.entries] == list(range(1, len(record.entries) + 1))


async def test_typing_in_the_lookup_filters_as_one_types(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "enter", "f2")
        await type_text(pilot, "749037199")
        results = app.screen.query_one("#finding-results")
        assert len(results.items) == 1  # type: ignore[attr-defined]
