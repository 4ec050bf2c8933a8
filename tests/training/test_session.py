"""A learner's attempts one after another, and what trainer and learner say of them, on either engine."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from atencion.data.cases import cases_of_interaction
from atencion.errors import Refused, StoreError
from atencion.resources import shipped_protocols
from atencion.scripts import acts
from atencion.scripts.catalogue import Catalogue
from atencion.scripts.journal import Kind
from atencion.training.afterwards import replayed
from atencion.training.attempt import PracticeCall, opened
from atencion.training.classroom import Classroom
from atencion.training.library import Library
from atencion.training.rehearsal import read_rehearsals, rehearse
from atencion.training.session import Session, before
from tests.stores import locked

LIBRARY = Library(Catalogue(shipped_protocols()))
LOADED = LIBRARY.scenario("impostor")
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def test_marks_of_learner_and_trainer_are_kept_and_change_no_score(empty_url: str) -> None:
    with Session(LIBRARY, LOADED, store=empty_url, classroom=True) as session:
        classroom = Classroom(lambda: empty_url, shipped_protocols(), LIBRARY)
        seat = classroom.look()
        assert seat is not None
        bare = session.debrief().score.hash
        session.assess(dict.fromkeys(session.criteria, 4))
        classroom.mark("IC1.2", 1)
        classroom.mark("IC1.2", 2)
        found = session.debrief()
        assert found.score.hash == bare
        assert set(found.own.values()) == {4}
        assert [one.mark for one in found.trainer] == [1, 2]
        assert found.trainer_mark("IC1.2") == 2
        for criterion, mark in (("IC1.2", 0), ("IC1.2", 6), ("IC9.9", 3)):
            with pytest.raises(Refused):
                classroom.mark(criterion, mark)
        classroom.close()


def test_a_criterion_without_a_mark_or_with_one_that_is_none_is_told_and_nothing_is_kept(tmp_path: Path) -> None:
    with Session(LIBRARY, LOADED, store=str(tmp_path / "p.db")) as session:
        first, *others = session.criteria
        with pytest.raises(Refused, match=first):
            session.assess(dict.fromkeys(others, 3))
        with pytest.raises(Refused, match="del 1 al 5"):
            session.assess({**dict.fromkeys(others, 3), first: 6})
        assert not session.debrief().own


def test_words_that_could_not_be_written_are_written_at_the_next_look_and_not_heard_before(tmp_path: Path) -> None:
    time = [BEGAN]
    loaded = LIBRARY.scenario("pide-supervisor")
    with Session(LIBRARY, loaded, store=str(tmp_path / "p.db"), real_time=lambda: time[0]) as session:
        call = session.call
        before = len(call.heard)
        time[0] += timedelta(minutes=7)
        with locked(session.desk.store, tmp_path / "p.db"), pytest.raises(StoreError):
            call.wait()
        assert len(call.heard) == before
        call.wait()
        entries = session.desk.record_of(call.id).entries
        written = [one.value for one in entries if one.kind == Kind.HEARD]
        assert written == [line.words for line in call.heard] == [line.words for line in call.other.lines]
        assert len(written) > before


def test_what_the_agent_did_is_not_refused_because_the_answer_could_not_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_call: PracticeCall) -> None:
        raise StoreError("No hay conexión.")

    with Session(LIBRARY, LIBRARY.scenario("cobro-duplicado"), store=str(tmp_path / "p.db"), seed=7) as session:
        with monkeypatch.context() as cut:
            cut.setattr(PracticeCall, "_speak", fail)
            session.call.utter("Entiendo que esté molesta.")
        session.call.wait()
        told = [(one.kind, one.value) for one in session.desk.record_of(session.call.id).entries]
        assert (Kind.UTTERED, "Entiendo que esté molesta.") in told
        assert told[-1][0] == Kind.HEARD
        assert replayed(session.desk, LIBRARY, session.desk.record_of(session.call.id)).same


def test_what_the_trainer_sends_is_said_once_and_not_after_the_end(empty_url: str) -> None:
    with Session(LIBRARY, LOADED, store=empty_url, classroom=True) as session:
        classroom = Classroom(lambda: empty_url, shipped_protocols(), LIBRARY)
        seat = classroom.look()
        assert seat is not None
        assert not session.call.other.lines
        classroom.say("¿Me oye?")
        for _look in range(3):
            session.call.wait()
        assert [line.words for line in session.call.other.lines] == ["¿Me oye?"]
        with pytest.raises(Refused):
            classroom.send("fact:nada")
        ending = next(cue for cue in seat.cues if cue.kind == "ending")
        classroom.send(ending.name)
        session.call.wait()
        seat = classroom.look()
        assert seat is not None
        assert seat.left == ending.about
        with pytest.raises(Refused):
            classroom.say("Otra cosa")
        record = session.desk.record_of(session.call.id)
        assert next(one.body["reaction"] for one in record.entries if one.kind == Kind.HEARD) == "trainer"
        with pytest.raises(Refused, match="era quien forma"):
            replayed(session.desk, LIBRARY, record)
        classroom.close()


def test_who_practises_alone_cannot_be_given_words_by_a_trainer(tmp_path: Path) -> None:
    with Session(LIBRARY, LOADED, store=str(tmp_path / "p.db")):
        classroom = Classroom(lambda: str(tmp_path / "p.db"), shipped_protocols(), LIBRARY)
        with pytest.raises(Refused, match="persona simulada"):
            classroom.look()
        with pytest.raises(Refused, match="no practica nadie"):
            classroom.say("Hola")
        classroom.close()


def test_the_trainer_follows_the_call_that_began_last(tmp_path: Path) -> None:
    where = [str(tmp_path / "1.db")]
    classroom = Classroom(lambda: where[-1] if len(where) > 1 else None, shipped_protocols(), LIBRARY)
    assert classroom.look() is None
    for number, scenario_id in ((2, "impostor"), (3, "homonimo")):
        where.append(str(tmp_path / f"{number}.db"))
        with Session(LIBRARY, LIBRARY.scenario(scenario_id), store=where[-1], classroom=True):
            seat = classroom.look()
            assert seat is not None
            assert seat.scenario.id == scenario_id
    classroom.close()


def test_attempts_of_a_named_store_stand_beside_it_and_others_are_thrown_away(tmp_path: Path) -> None:
    with Session(LIBRARY, LOADED, store=str(tmp_path / "p.db")) as session:
        session.again()
        session.again()
        assert len(session.earlier) == 2
    assert {"p.db", "p-2.db", "p-3.db"} <= {path.name for path in tmp_path.iterdir()}


def test_a_call_does_not_go_on_from_after_its_end_nor_from_where_nothing_happened(tmp_path: Path) -> None:
    with Session(LIBRARY, LOADED, store=str(tmp_path / "p.db")) as session:
        call = session.call
        call.record(acts.CutOff("Se corta"))
        call.close("otr_interrumpida")
        entries = session.desk.record_of(call.id).entries
        assert before(entries, entries[-1].seq)[-1].kind == Kind.CUT_OFF
        with pytest.raises(Refused, match="ninguna entrada 99"):
            before(entries, 99)
        session.again(entries[-1].seq)
        assert session.call.run.step == "cierre"


def test_customers_written_down_and_corrected_are_so_again_in_what_is_played_from_there_on(empty_url: str) -> None:
    now = itertools.count()
    with Session(LIBRARY, LOADED, store=empty_url, real_time=lambda: BEGAN + timedelta(seconds=next(now))) as session:
        call = session.call
        call.register({"given_name": "Rosa", "surnames": "Nueva Inventada", "phones": "749 111 597", "town": "Vigo"})
        call.utter("De acuerdo.")
        form = call.form()
        call.amend({**form.texts, "town": "Redondela"}, form.version)
        call.utter("Un momento.")
        first, second = [one.seq for one in session.desk.record_of(call.id).entries if one.kind == Kind.UTTERED]
        for _time in range(2):  # what was played on from there can be played on from too
            session.again(second)
            assert town_of(session) == "Redondela"
            session.call.utter("Un momento.")
        session.again(first)
        assert town_of(session) == "Vigo"
        assert session.call.customer() is not None


def town_of(session: Session) -> str:
    card = session.desk.customer(int(session.call.run.customer or 0))
    assert card is not None
    return str(card.addresses[0].town)


def test_a_customer_whose_form_is_not_kept_keeps_the_call_from_being_played_from_there_on(tmp_path: Path) -> None:
    now = itertools.count()
    with Session(
        LIBRARY,
        LOADED,
        store=str(tmp_path / "p.db"),
        real_time=lambda: BEGAN + timedelta(seconds=next(now)),
    ) as session:
        session.call.register({"given_name": "Rosa", "surnames": "Nueva Inventada"})
        session.call.utter("De acuerdo.")
        entries = session.desk.record_of(session.call.id).entries
        kept = before(entries, entries[-1].seq)
        with pytest.raises(Refused, match="datos de un cliente"):
            Session(LIBRARY, LOADED, after=kept).__enter__()


@pytest.mark.parametrize("scenario_id", [one.id for one in LIBRARY.scenarios()])
def test_any_attempt_can_be_gone_on_with_from_any_of_its_moments(scenario_id: str, tmp_path: Path) -> None:
    path = LIBRARY.tests_of(scenario_id)
    assert path is not None
    rehearsals, _document = read_rehearsals(path)
    loaded = LIBRARY.scenario(scenario_id)
    entries = rehearse(LIBRARY, loaded, rehearsals.steps(rehearsals.attempts[0])).record.entries
    moments = [one for one in entries[2:] if one.kind != Kind.CLOSED]
    for number, moment in enumerate(moments[:: max(len(moments) // 3, 1)]):
        kept = before(entries, moment.seq)
        url = str(tmp_path / f"{number}.db")
        with opened(url, shipped_protocols(), LIBRARY, loaded, after=kept) as (desk, call, _clock):
            retraced = desk.record_of(call.id)
            if kept:
                assert [(one.kind, one.value) for one in retraced.entries] == [(one.kind, one.value) for one in kept]
            opening = [one for one in kept if one.kind == Kind.ESCALATED or one.body.get("action") == "open_case"]
            with desk.store.reading() as connection:
                touched = cases_of_interaction(connection, call.id)
            assert sum(case.opened_by_interaction == call.id for case in touched) == len(opening)
            call.utter("Buenos días.")
