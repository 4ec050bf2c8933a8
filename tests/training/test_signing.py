"""A trainer judges what only a person can and signs: who, when, and that nothing changes then; on either engine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Thread
from typing import Any

import pytest

from atencion.data.engine import Dialect
from atencion.errors import Refused
from atencion.resources import shipped_protocols
from atencion.scripts import acts
from atencion.scripts.catalogue import Catalogue
from atencion.training import signing
from atencion.training.afterwards import score_of
from atencion.training.debrief import lines
from atencion.training.library import Library
from atencion.training.scoring import Score, Verdict
from atencion.training.session import Session

LIBRARY = Library(Catalogue(shipped_protocols()))
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


@pytest.fixture
def session(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """An attempt in which nothing that was said is recognised, cut off and not closed."""
    monkeypatch.setattr(signing, "utc_now", lambda: NOON)
    with Session(LIBRARY, LIBRARY.scenario("persona-mayor"), store=empty_url) as session:
        session.call.utter("De acuerdo.")
        session.call.record(acts.CutOff("Se corta"))
        yield session


def test_a_result_is_official_once_what_waits_is_judged_and_somebody_signs_it(session: Session) -> None:
    session.call.close("otr_interrumpida")
    hers, waiting = session.signing(), session.debrief().score.waits
    assert len(waiting) > 1
    assert "1/5 provisional" in "\n".join(lines(session.debrief()))
    assert session.debrief().moments[-1].text == "cerrada · Llamada cortada o sin voz"
    for one in waiting:
        with pytest.raises(Refused, match=re.escape(one.check.label)):
            hers.sign("Ana Gil")
        hers.judge({one.check.id: Verdict.ACHIEVED})
    better = hers.debrief()
    assert "provisional" not in "\n".join(lines(better))
    assert better.score.points_without_critical > 0
    assert not better.is_official
    hers.sign(" Ana Gil ")
    signed = session.debrief()
    assert signed.is_official
    assert signed.score.hash == better.score.hash
    assert signed.signature is not None
    assert (signed.signature.by, signed.signature.at) == ("Ana Gil", NOON)
    told = "\n".join(lines(signed))
    assert "Firmada por Ana Gil el 24/11/2026 a las 12:00." in told
    assert "No es una evaluación oficial" not in told
    assert signed.document()["signature"] == {"by": "Ana Gil", "at": "2026-11-24T12:00:00+01:00", "holds": True}


def test_what_is_signed_changes_no_more(session: Session) -> None:
    session.call.close("otr_interrumpida")
    hers, waiting = session.signing(), session.debrief().score.waits
    for one in waiting:
        hers.judge({one.check.id: Verdict.NOT})
        hers.judge({one.check.id: Verdict.PARTLY})
    assert {one.verdict for one in hers.debrief().score.for_trainer} == {Verdict.PARTLY}
    hers.sign("Ana Gil")
    with pytest.raises(Refused, match="Ana Gil"):
        hers.judge({waiting[0].check.id: Verdict.ACHIEVED})
    with pytest.raises(Refused, match="Ana Gil"):
        hers.sign("Eva Sanz")


def test_what_was_judged_while_somebody_signed_is_not_signed_unseen(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.call.close("otr_interrumpida")
    hers, waiting = session.signing(), [one.check.id for one in session.debrief().score.waits]
    hers.judge(dict.fromkeys(waiting, Verdict.ACHIEVED))

    def read_too_soon(*given: Any) -> Score:
        found = score_of(*given)
        with monkeypatch.context() as then:
            then.setattr(signing, "score_of", score_of)
            session.signing().judge({waiting[0]: Verdict.NOT})
        return found

    with monkeypatch.context() as now:
        now.setattr(signing, "score_of", read_too_soon)
        with pytest.raises(Refused, match="Mientras tanto"):
            hers.sign("Ana Gil")
    assert session.debrief().signature is None
    hers.sign("Ana Gil")
    assert session.debrief().is_official


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [("judge", "sign", "Mientras tanto"), ("sign", "judge", "Ya lo firmó"), ("sign", "sign", "Ya lo firmó")],
)
def test_of_two_who_decide_at_once_the_second_is_refused(
    session: Session, monkeypatch: pytest.MonkeyPatch, first: str, second: str, why: str
) -> None:
    session.call.close("otr_interrumpida")
    waiting = [one.check.id for one in session.debrief().score.waits]
    session.signing().judge(dict.fromkeys(waiting, Verdict.ACHIEVED))
    refused: list[str] = []
    decide = {
        "judge": lambda: session.signing().judge({waiting[0]: Verdict.NOT}),
        "sign": lambda: session.signing().sign("Ana Gil"),
    }

    def is_refused() -> None:
        try:
            decide[second]()
        except Refused as refusal:
            refused.append(refusal.message)

    other = Thread(target=is_refused)

    def now_the_other_comes() -> datetime:
        monkeypatch.setattr(signing, "utc_now", lambda: NOON)
        other.start()
        while session.desk.store.dialect is Dialect.POSTGRESQL and other.is_alive() and not _somebody_waits(session):
            pass
        return NOON

    monkeypatch.setattr(signing, "utc_now", now_the_other_comes)
    decide[first]()
    other.join()
    assert [message.startswith(why) for message in refused] == [True]


def _somebody_waits(session: Session) -> bool:
    with session.desk.store.reading() as connection:
        waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        return connection.exec_driver_sql(waiting).first() is not None


def test_nothing_is_judged_where_one_of_the_checks_does_not_wait(session: Session) -> None:
    session.call.close("otr_interrumpida")
    hers, waiting = session.signing(), session.debrief().score.waits
    with pytest.raises(Refused, match="no espera a nadie"):
        hers.judge({waiting[0].check.id: Verdict.ACHIEVED, "queda_informada": Verdict.ACHIEVED})
    assert session.debrief().score.waits == waiting


def test_neither_a_call_in_hand_nor_without_a_name_nor_a_check_that_does_not_wait_is_decided(session: Session) -> None:
    hers = session.signing()
    with pytest.raises(Refused, match="no ha terminado"):
        hers.sign("Ana Gil")
    with pytest.raises(Refused, match="Falta el nombre"):
        hers.sign("  ")
    with pytest.raises(Refused, match="no espera a nadie"):
        hers.judge({"queda_informada": Verdict.ACHIEVED})


def test_a_signature_under_another_score_is_told_as_such(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    session.call.close("otr_interrumpida")
    hers = session.signing()
    for one in session.debrief().score.waits:
        hers.judge({one.check.id: Verdict.ACHIEVED})
    hers.sign("Ana Gil")
    later = Library(LIBRARY.catalogue)
    later.rubric_hash = "otra"
    session.library = later
    assert not session.debrief().is_official
    assert "ha cambiado desde entonces" in "\n".join(lines(session.debrief()))
