"""The simulated customer: the same to the same journal, however often they are asked how they stand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from atencion.resources import shipped_protocols
from atencion.scripts.catalogue import Catalogue
from atencion.scripts.journal import Kind
from atencion.training.cues import cued, cues
from atencion.training.customer import Customer, meet
from atencion.training.library import Library
from atencion.training.scenario import Scenario
from atencion.training.signs import Seen

LIBRARY = Library(Catalogue(shipped_protocols()))
SCENARIOS = [one.loaded.scenario for one in LIBRARY.scenarios() if one.loaded]


def said(at: int, *acts: str) -> Seen:
    return Seen(9, at, Kind.UTTERED, "demanda", {}, "…", acts, True)


@given(st.sampled_from(SCENARIOS), st.lists(st.integers(0, 400_000), max_size=12), st.integers(0, 400_000))
def test_looking_often_changes_nothing(scenario: Scenario, looks: list[int], end: int) -> None:
    once = meet(scenario, "h", 1).after(said(3_000, "saludar")).waiting(end).after(said(end + 1, "empatizar"))
    often: Customer = meet(scenario, "h", 1).after(said(3_000, "saludar"))
    for look in sorted(look for look in looks if look <= end):
        often = often.waiting(look)
    often = often.waiting(end).after(said(end + 1, "empatizar"))
    assert often.lines == once.lines
    assert (often.patience, often.ended, often.down_until) == (once.patience, once.ended, once.down_until)


def test_silences_are_noticed_one_by_one_and_patience_that_runs_out_ends_the_call() -> None:
    scenario = LIBRARY.scenario("cobro-duplicado").scenario
    customer = meet(scenario, "h", 1)
    assert len(customer.waiting(89_000).lines) == 1
    assert [line.words for line in customer.waiting(91_000).lines[1:]] == ["¿Sigue ahí?"]
    assert [line.words for line in customer.waiting(170_000).lines[1:]] == ["¿Sigue ahí?"]
    assert [line.words for line in customer.waiting(180_000).lines[1:3]] == ["¿Sigue ahí?"] * 2
    assert customer.waiting(182_000).ended == "cuelga"


def test_all_that_a_scenario_prepares_can_be_cued_and_nothing_else() -> None:
    for scenario in SCENARIOS:
        for cue in cues(scenario):
            after = cued(meet(scenario, "h", 1, silent=True), cue.name, "", 1_000)
            assert after.lines or after.down_until, cue
        silent = meet(scenario, "h", 1, silent=True)
        assert cued(silent, "fact:nada", "", 1_000) == silent
        assert cued(silent, "say", "  ", 1_000) == silent


def test_a_hidden_fact_that_is_cued_is_known_to_be_told() -> None:
    scenario = LIBRARY.scenario("cobro-duplicado").scenario
    after = cued(meet(scenario, "h", 1, silent=True), "fact:fechas", "", 1_000)
    assert after.revealed == ("fechas",)
    assert after.lines[-1].words == "Me lo cobraron el día tres y otra vez el día cinco."
