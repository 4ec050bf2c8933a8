"""Scenarios: what is wrong in one is told at its place, and those that are shipped do what their attempts say."""

from __future__ import annotations

import re

import pytest

from atencion.errors import ProblemsFound
from atencion.resources import shipped_protocols
from atencion.scripts.catalogue import Catalogue
from atencion.training.library import Library
from atencion.training.rehearsal import differences, read_rehearsals, rehearse

LIBRARY = Library(Catalogue(shipped_protocols()))
SHIPPED = [one.id for one in LIBRARY.scenarios()]
GOOD = (LIBRARY.folder / "persona-mayor.yaml").read_text(encoding="utf-8")


def problems(old: str, new: str) -> list[str]:
    changed = GOOD.replace(old, new, 1)
    assert changed != GOOD
    with pytest.raises(ProblemsFound) as found:
        LIBRARY.from_text(changed, "x.yaml")
    return [str(problem) for problem in found.value.problems]


def test_ten_scenarios_are_shipped_at_three_levels_and_cover_the_first_element() -> None:
    scenarios = [one.loaded.scenario for one in LIBRARY.scenarios() if one.loaded]
    assert len(scenarios) == 10
    assert {one.level for one in scenarios} == {"guided", "assisted", "exam"}
    covered = {criterion for one in scenarios for criterion in one.criteria}
    assert covered >= {"IC1.1", "IC1.2", "IC1.3", "IC1.4", "IC1.5", "IC1.6", "IC3.1", "IC3.3"}


@pytest.mark.parametrize("scenario_id", SHIPPED)
def test_each_attempt_gets_its_exact_score_and_each_check_is_seen_passing_and_failing(scenario_id: str) -> None:
    path = LIBRARY.tests_of(scenario_id)
    assert path is not None
    rehearsals, document = read_rehearsals(path)
    assert {"ideal", "mediocre", "fatal"} <= {one.name for one in rehearsals.attempts}
    assert [str(one) for one in differences(LIBRARY, LIBRARY.scenario(scenario_id), rehearsals, document)] == []


def test_the_same_seed_plays_the_same_attempt_and_pins_the_same_hash() -> None:
    path = LIBRARY.tests_of("cobro-duplicado")
    assert path is not None
    rehearsals, _document = read_rehearsals(path)
    loaded, steps = LIBRARY.scenario("cobro-duplicado"), rehearsals.steps(rehearsals.attempts[0])
    one, two = (rehearse(LIBRARY, loaded, steps, seed=21) for _ in range(2))
    assert [entry.value for entry in one.record.entries] == [entry.value for entry in two.record.entries]
    assert one.score.hash == two.score.hash


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (", ends: bien}", "}", "no puede terminar"),
        ("{says: empatizar}", "{hears: se_anima}", "se esperan unas a otras"),
        ("[IC1.1, IC1.3", "[IC1.9, IC1.3", "IC1.1 a IC4.7"),
        ("{says: comprobar_comprension}], after", "{says: cantar}], after", "«cantar» no existe"),
        ("document: 99000104P", "document: 12345678Z", "puede ser de alguien"),
        ("phone: 749 000 104", "phone: 612 345 678", "puede ser de alguien"),
        ("number: PR-0104", "number: ES-0104", "puede ser de alguien"),
        ("Ay, qué amable es usted.", "Mi número es 612 345 678.", "puede ser de alguien"),
        ("reveals: [pension]", "reveals: [pensiones]", "ningún hecho"),
        ("at_nothing: cuelga", "at_nothing: explota", "ningún final"),
        ("critical: [trato_indigno]", "critical: [trato]", "no tienen la comprobación"),
        ("person: amparo", "person: ampara", "ninguna persona"),
        ("protocol: phone/inbound", "protocol: phone/inboun", "no existe"),
        ("level: guided", "level: facil", "no es una opción"),
        ('resultado in ["informada", "resuelta"]', 'resultat == "x"', "no se sabe al final"),
    ],
)
def test_what_is_wrong_is_told_at_its_line_and_column(old: str, new: str, told: str) -> None:
    found = problems(old, new)
    assert any(told in one for one in found), found
    assert all(re.match(r"x\.yaml:\d+:\d+: ", one) for one in found)


def test_weights_that_sum_to_nothing_are_told() -> None:
    changed = re.sub(r'weight: "\d"', 'weight: "0"', GOOD)
    changed = changed.replace("general: [saludo, busca_respuesta, avisa_espera, algo_mas, despedida]", "general: []")
    with pytest.raises(ProblemsFound, match="no suman nada"):
        LIBRARY.from_text(changed, "x.yaml")
