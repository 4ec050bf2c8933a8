"""The score: the same from the same journal anywhere, never lowered by a good deed nor raised by an error."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atencion.resources import shipped_protocols
from atencion.scripts.catalogue import Catalogue
from atencion.scripts.journal import Entry, Kind
from atencion.scripts.run import fold
from atencion.training.library import Library
from atencion.training.scoring import Pinned, Score, Verdict, score
from atencion.training.signs import Rung

LIBRARY = Library(Catalogue(shipped_protocols()))
PROTOCOL = LIBRARY.catalogue.protocol("phone/inbound").protocol
SCENARIO = LIBRARY.scenario("persona-mayor").scenario
BEGAN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PINNED = Pinned("p", "h", "r", "h", "h", "s", "h", 1)

GOOD = ["Buenos días, le atiende Ana.", "Entiendo su apuro.", "Voy a consultarlo.", "¿Ha quedado claro?", "Adiós."]
BAD = ["No sea pesada.", "Cállese."]
NEITHER = ["El contador está en el portal.", "De acuerdo."]


def journal(said: Sequence[str]) -> list[Entry]:
    opened = Entry(1, BEGAN, Kind.OPENED, "", {"channel": "phone", "direction": "inbound"})
    told = Entry(2, BEGAN + timedelta(seconds=1), Kind.TOLD, "consulta", {"article": "bono-social"}, "El bono")
    words = [
        Entry(n, BEGAN + timedelta(seconds=2 * n), Kind.UTTERED, "demanda", {}, text)
        for n, text in enumerate(said, start=3)
    ]
    return [opened, told, *words]


def scored(entries: Sequence[Entry], verdicts: Mapping[str, Verdict] = MappingProxyType({})) -> Score:
    run, recogniser, rubric = fold(PROTOCOL, entries), LIBRARY.recogniser, LIBRARY.rubric
    return score(run, entries, recogniser, rubric, PINNED, scenario=SCENARIO, caller=1, verdicts=verdicts)


words = st.lists(st.sampled_from(GOOD + BAD + NEITHER), max_size=8)


@given(words)
def test_the_same_journal_has_the_same_score(said: list[str]) -> None:
    assert scored(journal(said)).hash == scored(journal(said)).hash


@given(words, st.sampled_from(GOOD))
def test_adding_a_good_deed_never_lowers(said: list[str], deed: str) -> None:
    before, after = scored(journal(said)), scored(journal([*said, deed]))
    assert after.points >= before.points
    assert after.points_without_critical >= before.points_without_critical


@given(words, st.sampled_from(BAD))
def test_removing_an_error_never_lowers(said: list[str], error: str) -> None:
    assert scored(journal(said)).points >= scored(journal([*said, error])).points


def test_an_error_fails_the_attempt_and_the_score_without_it_is_kept() -> None:
    failed = scored(journal([*GOOD, "No sea pesada."]))
    assert (failed.points, failed.passed) == (0, False)
    assert failed.points_without_critical > 0
    assert [(one.check.id, one.seqs) for one in failed.critical] == [("trato_indigno", (8,))]


def test_words_that_are_not_recognised_wait_for_the_trainer() -> None:
    found = {one.check.id: one for one in scored(journal(["De acuerdo."])).judged}
    assert found["comprueba_que_entiende"].verdict is Verdict.WAITS
    assert found["comprueba_que_entiende"].seqs == (3,)
    assert found["queda_informada"].verdict is Verdict.NOT


def test_a_greeting_that_comes_late_is_half_a_greeting() -> None:
    entries = journal([GOOD[0]])
    late = [*entries[:2], replace(entries[2], at=BEGAN + timedelta(seconds=45))]
    verdicts = [
        next(one.verdict for one in scored(each).judged if one.check.id == "saludo") for each in (entries, late)
    ]
    assert verdicts == [Verdict.ACHIEVED, Verdict.PARTLY]


@pytest.mark.parametrize("verdict", [Verdict.ACHIEVED, Verdict.PARTLY, Verdict.NOT, Verdict.NO_OCCASION])
def test_what_the_trainer_says_counts_where_it_was_waited_for_and_nowhere_else(verdict: Verdict) -> None:
    given = {"comprueba_que_entiende": verdict, "queda_informada": Verdict.ACHIEVED}
    found = {one.check.id: one for one in scored(journal(["De acuerdo."]), given).judged}
    assert (found["comprueba_que_entiende"].verdict, found["comprueba_que_entiende"].rung) == (verdict, Rung.PERSON)
    assert found["queda_informada"].verdict is Verdict.NOT


@pytest.mark.parametrize(
    ("seed", "locale", "zone"), [("0", "C", "UTC"), ("1", "C.UTF-8", "Asia/Tokyo"), ("77", "POSIX", "America/Lima")]
)
def test_hash_seed_locale_and_time_zone_change_nothing(seed: str, locale: str, zone: str) -> None:
    code = "from tests.training.test_scoring import *; print(scored(journal(GOOD + BAD + NEITHER)).hash)"
    env = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "TZ": zone}
    told = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == scored(journal(GOOD + BAD + NEITHER)).hash
