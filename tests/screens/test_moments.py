"""Difficult moments, languages, jumps and timers: whatever opens, the step is there afterwards with what it held."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from textual.widgets import Static

from atencion.app import Workstation
from atencion.screens.call.screen import CallScreen
from atencion.widgets.fields import LineField
from atencion.widgets.pick_list import PickList
from atencion.widgets.rail import Rail
from atencion.widgets.timer_line import TimerLine
from tests.folders import SEVERAL
from tests.screens.conftest import NOON, MakeAppOn
from tests.screens.driving import keys, settle

CALLING = ("enter", "'una", "enter")
AT_DATA = (*CALLING, "enter")


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> Any:
        return self.at


def call_of(app: Workstation) -> CallScreen:
    assert isinstance(app.screen, CallScreen)
    return app.screen


def words(app: Workstation) -> str:
    return str(app.screen.query_one(".words").render())


def timers(app: Workstation) -> str:
    return str(app.screen.query_one(TimerLine).render())


async def test_a_moment_opens_by_its_digit_and_comes_back_with_what_was_typed(make_app_on: MakeAppOn) -> None:
    app = make_app_on(SEVERAL)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *AT_DATA, "'9:30", "enter", "'ES91 21", "ctrl+t")
        assert [item.detail for item in app.screen.query_one(PickList).items] == [
            "Sube la voz o insulta",
            "Alguien corre peligro ahora",
        ]
        await keys(pilot, "1", "enter")
        assert "Entiendo que esté molesto" in words(app)
        rail = str(app.screen.query_one(Rail).query_one(Static).content)
        assert "›    Escuchar" in rail and "     Acordar" in rail
        await keys(pilot, "enter", "enter")
        assert call_of(app).call.run.step == "datos"
        values = [widget.value for widget in app.screen.query("LineField")]  # type: ignore[attr-defined]
        assert values == ["9:30", "ES91 21"]


async def test_moments_are_in_the_palette_and_so_are_the_steps_to_jump_to(make_app_on: MakeAppOn) -> None:
    app = make_app_on(SEVERAL)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *CALLING, "ctrl+p", "'peligro", "enter")
        assert call_of(app).call.run.step == "in_danger.ayuda"
        await keys(pilot, "enter", "ctrl+p", "'ir a «ap", "enter")
        assert call_of(app).call.run.step == "apuntar"


async def test_another_language_changes_the_words_and_says_where_there_are_none(make_app_on: MakeAppOn) -> None:
    app = make_app_on(SEVERAL)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *CALLING, "ctrl+g", "'català", "enter")
        assert "Bon dia" in words(app)
        assert not app.screen.query(".language")
        await keys(pilot, "enter")
        assert "no está en català: aquí va en castellano" in str(app.screen.query_one(".language").render())


async def test_timers_speak_when_due_and_move_nothing(make_app_on: MakeAppOn) -> None:
    clock = Clock()
    app = make_app_on(SEVERAL, clock)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *CALLING)
        line = app.screen.query_one(TimerLine)
        before = (line.region, app.screen.query_one(".words").region, app.focused)
        told = []
        for seconds in (39, 1, 80, 60):
            clock.at += timedelta(seconds=seconds)
            line.look()
            await settle(pilot)
            told.append(timers(app))
        assert told[0] == "" and "Deje hablar" in told[1] and "Lleva dos minutos" in told[2]
        assert "Ctrl+F Está enfadado" in told[3]
        assert (line.region, app.screen.query_one(".words").region, app.focused) == before
        await keys(pilot, "ctrl+f")
        assert call_of(app).call.run.step == "angry.escuchar"


async def test_an_optional_step_is_skipped_without_a_reason(make_app_on: MakeAppOn) -> None:
    app = make_app_on(SEVERAL)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *AT_DATA, "f8")
        assert call_of(app).call.run.step == "apuntar"


async def test_what_leaving_the_step_does_is_shown_before(make_app_on: MakeAppOn) -> None:
    app = make_app_on(SEVERAL)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *AT_DATA, "f8")
        shown = str(app.screen.query_one(".doing", Static).content)
        assert "Apuntar una llamada de vuelta" in shown and "Revisar la lectura" in shown
        assert "martes 29 de diciembre, de 8:00 a 22:00 · 910 000 000" in shown
        await keys(pilot, "enter")
        assert call_of(app).call.run.step == "cierre"


async def test_every_kind_of_field_is_filled_in_by_its_keys(make_app_on: MakeAppOn) -> None:
    app = make_app_on(SEVERAL)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *AT_DATA, "'9:30", "enter", "'ES9121000418450200051332", "enter")
        await keys(pilot, "1", "down", "down", "space", "enter", "right", "4", "enter")
        values = call_of(app).call.run.values
        assert str(values["cuando"]) == "09:30:00"
        assert values["cuenta"] == "ES9121000418450200051332"
        assert values["medios"] == ("correo", "carta")
        assert values["nota"] == 4


async def test_an_answer_that_is_no_value_is_given_by_a_key(make_app_on: MakeAppOn) -> None:
    app = make_app_on(SEVERAL)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *AT_DATA, "enter", "ctrl+n", "ctrl+n", "enter", "enter", "enter")
        assert str(call_of(app).call.run.values["cuenta"]) == "no_facilita"


async def test_the_form_of_address_changes_from_the_palette_with_what_was_typed_kept(make_app_on: MakeAppOn) -> None:
    familiar = SEVERAL["phone/una"].replace(
        'say: "¿Me da unos datos?"', 'say: {default: "¿Me da unos datos?", familiar: "¿Me das unos datos?"}'
    )
    app = make_app_on({**SEVERAL, "phone/una": familiar})
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *AT_DATA, "'9:30", "ctrl+p", "'tratar de tú", "enter")
        assert words(app) == "¿Me das unos datos?"
        assert call_of(app).call.run.register == "familiar"
        assert "9:30" in [field.value for field in app.screen.query(LineField)]
        await keys(pilot, "ctrl+p", "'tratar de usted", "enter")
        assert words(app) == "¿Me da unos datos?"
