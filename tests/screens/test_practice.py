"""A practice call on the screens of every day."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Input, Static

from atencion.app import PracticeWorkstation
from atencion.desk import Desk
from atencion.resources import shipped_protocols
from atencion.scripts.catalogue import Catalogue
from atencion.training.attempt import PracticeCall, PracticeClock, opened
from atencion.training.library import Library
from tests.screens.driving import keys, settle

Practised = tuple[Desk, PracticeCall, PracticeClock]


@pytest.fixture
def practised(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Practised]:
    library = Library(Catalogue(shipped_protocols()))
    loaded = library.scenario(request.param)
    with opened(str(tmp_path / "p.db"), shipped_protocols(), library, loaded, seed=7) as found:
        yield found


def heard(app: PracticeWorkstation) -> str:
    return str(app.screen.query_one("#heard", Static).content)


@pytest.mark.parametrize("practised", ["cobro-duplicado"], indirect=True)
async def test_the_customer_speaks_and_answers_what_the_agent_types_and_practice_never_leaves_the_screen(
    practised: Practised,
) -> None:
    desk, call, _clock = practised
    app = PracticeWorkstation(desk, call, lambda: ["Puntos: 0"])
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        assert "me han cobrado dos veces" in heard(app)
        await keys(pilot, "f10", "'Entiendo que esté molesta.", "enter")
        assert "me escucha" in heard(app)
        assert app.screen.query_one("#own-words", Input).value == ""
        assert "PRÁCTICA" in str(app.screen.border_title)
        await keys(pilot, "f1")
        assert app.screen.styles.border_top[0] == "heavy"
        await keys(pilot, "escape", "f9", "'Se corta", "enter")
        assert "PRÁCTICA" in str(app.screen.border_title)


@pytest.mark.parametrize("practised", ["corte-de-luz"], indirect=True)
async def test_in_an_exam_neither_script_nor_hints_are_shown(practised: Practised) -> None:
    _desk, call, _clock = practised
    view = call.step_view()
    assert view is not None
    assert (view.words, view.hint) == ("", "")


@pytest.mark.parametrize("practised", ["pide-supervisor"], indirect=True)
async def test_who_waits_too_long_leaves(practised: Practised) -> None:
    desk, call, clock = practised
    clock.advance(7 * 60_000)
    call.wait()
    assert call.other.ended == "cuelga"
    app = PracticeWorkstation(desk, call, lambda: [])
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        assert "Ha terminado" in heard(app)


@pytest.mark.parametrize("practised", ["cobro-duplicado"], indirect=True)
async def test_where_there_is_a_voice_the_customer_is_heard(
    practised: Practised, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, call, _clock = practised
    voice = tmp_path / "espeak-ng"
    voice.write_text(f"#!/bin/sh\n/bin/cat >> {tmp_path}/said.txt\n", encoding="utf-8")
    voice.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    app = PracticeWorkstation(desk, call, lambda: [])
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
    assert "me han cobrado dos veces" in (tmp_path / "said.txt").read_text(encoding="utf-8")
