"""A practice call on the screens of every day, what is told after it, and the trainer's side of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual import events
from textual.content import Content
from textual.widgets import Input, Static

from atencion.app import PracticeWorkstation, TrainerWorkstation
from atencion.resources import shipped_protocols
from atencion.screens.debrief import AssessmentScreen, DebriefScreen
from atencion.screens.practice import PracticeScreen
from atencion.screens.signing import SigningScreen
from atencion.screens.trainer import TrainerScreen
from atencion.scripts import acts
from atencion.scripts.catalogue import Catalogue
from atencion.training.classroom import Classroom
from atencion.training.debrief import Debrief
from atencion.training.library import Library
from atencion.training.scoring import Verdict
from atencion.training.session import Session
from atencion.widgets.key_bar import KeyBar
from atencion.widgets.lanes import Lanes
from atencion.widgets.mark_list import MarkList
from tests.screens.driving import keys, settle
from tests.stores import locked

MakeSession = Callable[..., Session]

CUT_OFF = ("f9", "'Se corta", "enter", "'voz", "enter")
HOSTILE = "[@click=app.exit(3)]hola[/]"
ASSESSED = ("3", "3", "3", "3", "3", "3", "enter")


class Time:
    """Real time that passes when it is told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def library() -> Library:
    return Library(Catalogue(shipped_protocols()))


@pytest.fixture
def make_session(tmp_path: Path, time: Time, library: Library) -> Iterator[MakeSession]:
    opened: list[Session] = []

    def making(scenario: str, *, classroom: bool = False) -> Session:
        loaded = library.scenario(scenario)
        session = Session(library, loaded, seed=7, store=str(tmp_path / "p.db"), classroom=classroom, real_time=time)
        opened.append(session.__enter__())
        return session

    yield making
    for session in opened:
        session.__exit__()


@pytest.fixture
def classroom(tmp_path: Path, library: Library) -> Iterator[Classroom]:
    """The trainer's side of the sessions that are made."""
    with closing(Classroom(lambda: str(tmp_path / "p.db"), shipped_protocols(), library)) as classroom:
        yield classroom


def said(app: PracticeWorkstation) -> list[str]:
    """The words in the panel that can be seen, from the customer's first on."""
    content = app.screen.query_one("#heard", Static).content
    assert isinstance(content, Content)
    text = list(content.plain)
    for span in content.spans:
        if str(span.style) == "$panel":
            text[span.start : span.end] = " " * (span.end - span.start)
    return "".join(text).partition("— ")[2].split()


def heard(app: PracticeWorkstation) -> str:
    return str(app.screen.query_one("#heard", Static).content)


async def test_the_customer_speaks_and_answers_what_the_agent_types_and_practice_never_leaves_the_screen(
    make_session: MakeSession,
) -> None:
    app = PracticeWorkstation(make_session("cobro-duplicado"))
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        assert "me han cobrado dos veces" in heard(app)
        await keys(pilot, "f10", "'Entiendo que esté molesta.", "enter")
        assert "me escucha" in heard(app)
        words = app.screen.query_one("#own-words", Input)
        assert words.value == "" and "Intro/Esc Volver al paso" in str(app.screen.query_one(KeyBar).render())
        await keys(pilot, "'Un momento")
        assert "Intro Decir" in str(app.screen.query_one(KeyBar).render())
        await keys(pilot, "enter", "enter")
        assert not words.has_focus and "Intro Dicho" in str(app.screen.query_one(KeyBar).render())
        await keys(pilot, "f10", "escape")
        assert not words.has_focus
        assert "PRÁCTICA" in str(app.screen.border_title)
        await keys(pilot, "f1")
        assert app.screen.styles.border_top[0] == "heavy"
        await keys(pilot, "escape", "f9", "'Se corta", "enter")
        assert "PRÁCTICA" in str(app.screen.border_title)


async def test_the_customer_speaks_as_fast_as_people_do_and_any_key_lets_them_end(
    make_session: MakeSession, time: Time
) -> None:
    session = make_session("cobro-duplicado")
    app = PracticeWorkstation(session)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        whole = session.call.heard[0].words.split()
        assert said(app) == whole[:1]
        time.pass_by(2)
        app.screen.speak_on()  # type: ignore[attr-defined]
        assert said(app) == whole[:6]
        time.pass_by(60)
        app.screen.speak_on()  # type: ignore[attr-defined]
        assert said(app) == whole
        await keys(pilot, "f10", "'Entiendo que esté molesta.", "enter")
        answer = session.call.heard[-1].words.split()
        assert said(app) == [*whole, "—", *answer[:1]]
        await keys(pilot, "f10")
        assert said(app) == [*whole, "—", *answer]


async def test_in_an_exam_neither_script_nor_hints_are_shown(make_session: MakeSession) -> None:
    view = make_session("corte-de-luz").call.step_view()
    assert view is not None
    assert (view.words, view.hint) == ("", "")


async def test_who_waits_too_long_leaves(make_session: MakeSession, time: Time) -> None:
    session = make_session("pide-supervisor")
    time.pass_by(7 * 60)
    session.call.wait()
    assert session.call.other.ended == "cuelga"
    app = PracticeWorkstation(session)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        assert "Ha terminado" in heard(app)


async def test_where_there_is_a_voice_the_customer_is_heard(
    make_session: MakeSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    voice = tmp_path / "espeak-ng"
    voice.write_text(f"#!/bin/sh\n/bin/cat >> {tmp_path}/said.txt\n", encoding="utf-8")
    voice.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    app = PracticeWorkstation(make_session("cobro-duplicado"))
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
    assert "me han cobrado dos veces" in (tmp_path / "said.txt").read_text(encoding="utf-8")


async def test_who_learns_marks_themselves_before_seeing_any_score_and_sees_both_beside(
    make_session: MakeSession,
) -> None:
    session = make_session("cobro-duplicado")
    app = PracticeWorkstation(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, *CUT_OFF)
        assert isinstance(app.screen, AssessmentScreen)
        await keys(pilot, "2", "enter")
        assert isinstance(app.screen, AssessmentScreen)
        assert "IC1.2" in str(app.screen.query_one("#notice", Static).content)
        await keys(pilot, "3", "3", "3", "3", "3", "enter")
        assert isinstance(app.screen, DebriefScreen)
        assert "1/5   usted 2/5" in str(app.screen.query_one("#page-1 Static", Static).content)
    assert session.debrief().own == {"IC1.1": 2} | {f"IC1.{n}": 3 for n in range(2, 7)}


async def test_the_debrief_tells_each_lost_point_with_its_rule_and_norm_and_both_paths(
    make_session: MakeSession,
) -> None:
    app = PracticeWorkstation(make_session("cobro-duplicado"))
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, *CUT_OFF, *ASSESSED, "enter")
        points = str(app.screen.query_one("#page-2 Static", Static).content)
        assert "Se esperaba: Saludo y nombre en los primeros 30 segundos" in points
        assert "Regla: Quien llama sabe enseguida con quién habla (Ley 10/2025" in points
        await keys(pilot, "right")
        assert "El mejor camino" in str(app.screen.query_one("#page-3 Static", Static).content)
        await keys(pilot, "left", "left")
        assert app.screen.query_one("#page-1").display


async def test_the_call_is_played_again_from_a_moment_of_the_timeline_on(make_session: MakeSession, time: Time) -> None:
    session = make_session("cobro-duplicado")
    app = PracticeWorkstation(session)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "enter", "s", "enter")
        time.pass_by(20)
        await keys(pilot, "f10", "'Entiendo que esté molesta.", "enter")
        time.pass_by(20)
        await keys(pilot, "'No sea pesada.", "enter")
        time.pass_by(5)
        await keys(pilot, *CUT_OFF, *ASSESSED, "4")
        lanes = app.screen.query_one(Lanes)
        texts = [moment.text for moment in session.debrief().moments]
        await keys(pilot, *["down"] * texts.index("No sea pesada."))
        assert lanes.highlighted is not None
        assert lanes.highlighted.text == "No sea pesada."
        first = session.call
        await keys(pilot, "enter")
        assert isinstance(app.screen, PracticeScreen)
        assert "me escucha" in heard(app)
        assert "enfadada." in said(app), "what was said before is not said again"
        assert "escucha." not in said(app)
        assert session.call is not first
        assert session.call.run.step == "demanda"
        told = [entry.value for entry in session.desk.record_of(session.call.id).entries]
        assert "Entiendo que esté molesta." in told
        assert "No sea pesada." not in told
        await keys(pilot, "f10", "'Si le he entendido bien, son dos cobros.", "enter")
        assert "el día tres y otra vez el día cinco" in heard(app)


async def test_the_call_is_played_again_from_the_beginning(make_session: MakeSession) -> None:
    session = make_session("cobro-duplicado")
    app = PracticeWorkstation(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, "enter", *CUT_OFF, *ASSESSED, "r")
        assert isinstance(app.screen, PracticeScreen)
        assert session.call.run.step == "saludo"
        await keys(pilot, *CUT_OFF, *ASSESSED)
        assert "Antes:" in str(app.screen.query_one("#page-1 Static", Static).content)


async def test_what_hostile_words_say_is_shown_and_never_obeyed(make_session: MakeSession) -> None:
    app = PracticeWorkstation(make_session("cobro-duplicado"))
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "f10", f"'{HOSTILE} \x1b[2J", "enter", *CUT_OFF, *ASSESSED, "4")
        lanes = app.screen.query_one(Lanes)
        while lanes.highlighted is None or HOSTILE not in lanes.highlighted.text:
            await keys(pilot, "down")
        for shown in (lanes.render(), app.screen.query_one("#moment", Static).content):
            assert isinstance(shown, Content)
            assert HOSTILE in shown.plain
            assert "\x1b" not in shown.plain
            assert not any("@" in str(span.style) for span in shown.spans)


async def test_the_title_of_a_scenario_is_shown_and_never_obeyed(make_session: MakeSession) -> None:
    session = make_session("cobro-duplicado")
    practice = session.call.practice
    scenario = practice.scenario.model_copy(update={"title": HOSTILE})
    practice.loaded = replace(practice.loaded, scenario=scenario)
    app = PracticeWorkstation(session)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        title = Content.from_markup(app.screen.border_title or "")
        assert title.plain == f"PRÁCTICA · {HOSTILE}"
        assert not any("@" in str(span.style) for span in title.spans)


async def test_a_call_is_played_again_once_however_often_the_key_is_pressed(
    make_session: MakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, begun, free = make_session("cobro-duplicado"), Event(), Event()
    again = session.again

    def slowly(seq: int | None) -> None:
        begun.set()
        free.wait(30)
        again(seq)

    app = PracticeWorkstation(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, *CUT_OFF, *ASSESSED)
        monkeypatch.setattr(session, "again", slowly)
        await pilot.press("r")
        while not begun.is_set():
            await pilot.pause(0.001)
        await pilot.press("r")
        free.set()
        await settle(pilot)
        assert isinstance(app.screen, PracticeScreen)
        assert len(session.earlier) == 1


async def test_what_is_said_in_ones_own_words_stays_typed_until_it_is_written(
    make_session: MakeSession, tmp_path: Path
) -> None:
    session = make_session("cobro-duplicado")
    app = PracticeWorkstation(session)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        with locked(session.desk.store, tmp_path / "p.db"):
            await keys(pilot, "f10", "'Buenas.", "enter")
            assert app.screen.query_one("#own-words", Input).value == "Buenas."
        await keys(pilot, "enter")
        assert app.screen.query_one("#own-words", Input).value == ""


async def test_what_the_trainer_has_the_customer_say_is_shown_whoever_took_it_up(
    make_session: MakeSession, classroom: Classroom
) -> None:
    session = make_session("cobro-duplicado", classroom=True)
    classroom.look()
    app = PracticeWorkstation(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        classroom.say("¿Me oye?")
        session.call.wait()
        app.screen.look()  # type: ignore[attr-defined]
        await settle(pilot)
        assert "¿Me oye?" in heard(app)


async def test_a_mark_that_was_not_kept_is_not_shown(
    make_session: MakeSession, classroom: Classroom, tmp_path: Path
) -> None:
    make_session("cobro-duplicado", classroom=True)
    app = TrainerWorkstation(classroom)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        with locked(classroom.desk.store, tmp_path / "p.db"):
            await keys(pilot, "f4", "4")
            assert "ocupado" in str(app.screen.query_one("#notice", Static).content)
        assert not app.screen.query_one(MarkList).marks
        app.post_message(events.Key("5", "5"))  # at once, faster than they are written
        app.post_message(events.Key("3", "3"))
        await settle(pilot)
        assert dict(app.screen.query_one(MarkList).marks) == {"IC1.2": 5, "IC1.3": 3}


async def test_a_trainer_has_the_customer_say_things_and_their_marks_stand_beside_the_score(
    make_session: MakeSession, classroom: Classroom
) -> None:
    session = make_session("cobro-duplicado", classroom=True)
    app = TrainerWorkstation(classroom)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "Lucía Ferrer Ortín" in str(app.screen.query_one("#persona", Static).content)
        await keys(pilot, "'Buenos días, ¿me oye?", "enter")
        session.call.wait()
        await keys(pilot, "f2", "down", "down", "down", "down", "down", "enter", "f4", "4")
        session.call.wait()
    said = [line.words for line in session.call.other.lines]
    assert said == ["Buenos días, ¿me oye?", "Me lo cobraron el día tres y otra vez el día cinco."]
    found = session.debrief()
    assert [(one.criterion, one.mark) for one in found.trainer] == [("IC1.1", 4)]
    assert "quien forma 4/5" in "\n".join(_lines(found))


async def test_a_trainer_judges_what_waits_and_signs_once_the_call_is_over(
    make_session: MakeSession, classroom: Classroom
) -> None:
    session = make_session("cobro-duplicado", classroom=True)
    app = TrainerWorkstation(classroom)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await keys(pilot, "f9")
        assert not isinstance(app.screen, SigningScreen)
        session.call.utter("De acuerdo.")
        session.call.record(acts.CutOff("Se corta"))
        session.call.close("otr_interrumpida")
        app.screen.look()  # type: ignore[attr-defined]
        await settle(pilot)
        await keys(pilot, "f9")
        assert isinstance(app.screen, SigningScreen)
        assert "«De acuerdo.»" in str(app.screen.query_one("#check-about", Static).content)
        await keys(pilot, "tab", "'Ana Gil", "enter")
        assert "Todavía espera" in str(app.screen.query_one("#notice", Static).content)
        assert app.screen.query_one("#signer", Input).value == "Ana Gil"
        await keys(pilot, "tab")
        for _one in session.debrief().score.waits:
            await keys(pilot, "enter", "2", "enter", "down")
        await keys(pilot, "tab", "enter")
        assert "Firmada por Ana Gil" in str(app.screen.query_one("#signing-result", Static).content)
        await keys(pilot, "escape")
        assert isinstance(app.screen, TrainerScreen)
    assert session.debrief().is_official
    assert {one.verdict for one in session.debrief().score.for_trainer} == {Verdict.PARTLY}


async def test_who_learns_sees_the_signature_once_it_is_there(make_session: MakeSession) -> None:
    session = make_session("cobro-duplicado")
    app = PracticeWorkstation(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, *CUT_OFF, *ASSESSED, "f9", "tab", "'Ana Gil", "enter", "escape")
        assert isinstance(app.screen, DebriefScreen)
        assert "Firmada por Ana Gil" in str(app.screen.query_one("#page-1 Static", Static).content)


async def test_what_is_told_in_a_classroom_is_read_once_as_it_opens(
    make_session: MakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("atencion.screens.debrief.FRESH", 3600.0)
    session, read = make_session("cobro-duplicado", classroom=True), list[None]()
    debrief = session.debrief

    def counted() -> Debrief:
        read.append(None)
        return debrief()

    app = PracticeWorkstation(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, *CUT_OFF, *ASSESSED[:-1])
        monkeypatch.setattr(session, "debrief", counted)
        await keys(pilot, "enter")
        assert isinstance(app.screen, DebriefScreen) and len(read) == 1


async def test_a_trainer_who_comes_first_waits_and_is_told_how_the_other_begins(
    make_session: MakeSession, library: Library, tmp_path: Path
) -> None:
    where: list[str] = []
    app = TrainerWorkstation(Classroom(lambda: where[0] if where else None, shipped_protocols(), library))
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        assert "--classroom" in str(app.screen.query_one("#persona", Static).content)
        make_session("impostor", classroom=True)
        where.append(str(tmp_path / "p.db"))
        app.screen.look()  # type: ignore[attr-defined]
        await settle(pilot)
        assert app.screen.query_one(MarkList).items


def _lines(found: Any) -> list[str]:
    from atencion.training.debrief import lines

    return list(lines(found))
