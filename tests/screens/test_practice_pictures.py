"""Practice looks as it did: the call, the learner's own marks, each page of the debrief and the trainer's side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from atencion.app import PracticeWorkstation, TrainerWorkstation
from atencion.screens.call.stage import Stage
from atencion.training.classroom import Classroom
from tests.screens.driving import keys, settle
from tests.screens.test_practice import ASSESSED, CUT_OFF, MakeSession, classroom, library, make_session, time

__all__ = ["classroom", "library", "make_session", "time"]

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])

SPOKEN = ("enter", "s", "enter", "f10", "'Entiendo que esté molesta.", "enter", "'No sea pesada.", "enter", "end")
OVER = (*SPOKEN, *CUT_OFF)

SCREENS = {
    "call": SPOKEN,
    "own-marks": (*OVER, "4", "3"),
    "marks": (*OVER, *ASSESSED),
    "points": (*OVER, *ASSESSED, "2"),
    "paths": (*OVER, *ASSESSED, "3"),
    "signing": ("f10", "'De acuerdo.", "enter", *CUT_OFF, *ASSESSED, "f9"),
    "timeline": (*OVER, *ASSESSED, "4", "down", "down"),
}


@SIZES
@pytest.mark.parametrize("name", SCREENS)
def test_practice_looks_as_it_did(
    snap_compare: Callable[..., bool], make_session: MakeSession, name: str, size: tuple[int, int]
) -> None:
    async def drive(pilot: Any) -> None:
        await settle(pilot)
        await keys(pilot, *SCREENS[name])

    app = PracticeWorkstation(make_session("cobro-duplicado"))
    assert snap_compare(app, terminal_size=size, run_before=drive)


@SIZES
def test_the_trainers_side_looks_as_it_did(
    snap_compare: Callable[..., bool], make_session: MakeSession, classroom: Classroom, size: tuple[int, int]
) -> None:
    make_session("cobro-duplicado", classroom=True)

    async def drive(pilot: Any) -> None:
        await settle(pilot)
        await keys(pilot, "'Buenos días, ¿me oye?", "enter", "f2", "down", "down", "f4", "4", "down")

    assert snap_compare(TrainerWorkstation(classroom), terminal_size=size, run_before=drive)


async def test_the_bar_of_a_step_that_fitted_and_no_longer_does_stands_where_the_step_is(
    make_session: MakeSession,
) -> None:
    app = PracticeWorkstation(make_session("cobro-duplicado"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, *SPOKEN)
        stage = app.screen.query_one(Stage)
        assert stage.show_vertical_scrollbar
        assert stage.vertical_scrollbar.position == stage.scroll_y
