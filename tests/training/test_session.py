"""A learner's attempts one after another, and what trainer and learner say of them, on either engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from atencion.errors import Refused
from atencion.resources import shipped_protocols
from atencion.scripts import acts
from atencion.scripts.catalogue import Catalogue
from atencion.scripts.journal import Kind
from atencion.training.afterwards import replayed
from atencion.training.attempt import opened
from atencion.training.classroom import Classroom
from atencion.training.library import Library
from atencion.training.rehearsal import read_rehearsals, rehearse
from atencion.training.session import Session, before

LIBRARY = Library(Catalogue(shipped_protocols()))
LOADED = LIBRARY.scenario("impostor")


def test_marks_of_learner_and_trainer_are_kept_and_change_no_score(empty_url: str) -> None:
    with Session(LIBRARY, LOADED, store=empty_url, classroom=True) as session:
        classroom = Classroom(lambda: empty_url, shipped_protocols(), LIBRARY)
        seat = classroom.look()
        assert seat is not None
        bare = session.debrief().score.hash
        session.assess(dict.fromkeys(session.criteria(), 4))
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
            opened_cases = [one.body["case"] for one in kept if one.kind == Kind.ESCALATED]
            for key in opened_cases:
                assert desk.cases.file(str(key)).case.opened_by_interaction == call.id
            call.utter("Buenos días.")
