"""The world of a scenario: who is on duty, cases and articles, planted in a practice store of either engine."""

from __future__ import annotations

import re

import pytest

from atencion.data.agents import AgentRole
from atencion.data.cases import CaseFilter
from atencion.errors import ProblemsFound, Refused
from atencion.resources import shipped_protocols
from atencion.scripts.catalogue import Catalogue
from atencion.training.attempt import opened
from atencion.training.library import Library, LoadedScenario

LIBRARY = Library(Catalogue(shipped_protocols()))
GOOD = (LIBRARY.folder / "persona-mayor.yaml").read_text(encoding="utf-8")
KEY = "700001238"

WORLD = f"""
  on_duty:
    - {{code: S001, name: Sara Vidal, role: supervisor, department: supervision}}
  cases:
    - {{id: queja, customer: amparo, type: queja, about: Nadie le devuelve la llamada., days_ago: 12, key: "{KEY}"}}
    - {{id: consulta, customer: amparo, type: consulta, about: Preguntó por su tarifa., contract: PR-0104}}
  articles:
    - {{id: aviso-de-hoy, title: Cortes previstos hoy, say: Hoy no hay cortes previstos.}}
    - {{id: oferta-de-ayer, title: Oferta de ayer, say: Ya no se puede pedir., expired_days: 1}}
  without_articles: [bono-social]
"""


def with_world(world: str = WORLD) -> LoadedScenario:
    return LIBRARY.from_text(GOOD.replace("\nworld:", "\nworld:" + world.rstrip(), 1), "x.yaml")


def test_the_store_holds_who_is_on_duty_the_cases_and_the_articles(empty_url: str) -> None:
    with opened(empty_url, shipped_protocols(), LIBRARY, with_world()) as (desk, call, _clock):
        assert [(one.name, one.role, one.department) for one in call.superiors()] == [
            ("Sara Vidal", AgentRole.SUPERVISOR, "supervision")
        ]
        found = {one.type: one for one in desk.cases.listed(CaseFilter())}
        assert found["queja"].key == KEY
        assert (call.opened_at - found["queja"].opened_at).days == 12
        assert found["queja"].due_on is not None
        assert found["consulta"].contract_id is not None
        assert call.search("cortes previstos hoy").found[0].article.id == "aviso-de-hoy"
        with pytest.raises(Refused, match="no está publicado"):
            call.tell("bono-social")
        with pytest.raises(Refused, match="caducó"):
            call.tell("oferta-de-ayer")


def test_a_call_can_be_gone_on_with_from_a_moment_of_another_on_either_engine(empty_url: str, tmp_path: object) -> None:
    loaded = LIBRARY.scenario("cobro-duplicado")
    with opened(f"{tmp_path}/first.db", shipped_protocols(), LIBRARY, loaded, seed=7) as (desk, call, clock):
        clock.advance(4_000)
        call.utter("Entiendo que esté molesta.")
        clock.advance(95_000)
        call.wait()
        entries = desk.record_of(call.id).entries
        heard = [line.words for line in call.other.lines]
    assert heard[-1] == "¿Sigue ahí?"
    with opened(empty_url, shipped_protocols(), LIBRARY, loaded, seed=7, after=entries) as (desk, again, clock):
        assert [line.words for line in again.other.lines] == heard
        retraced = desk.record_of(again.id).entries
        assert [(one.seq, one.kind, one.value) for one in retraced] == [
            (one.seq, one.kind, one.value) for one in entries
        ]
        assert [one.at - retraced[0].at for one in retraced] == [one.at - entries[0].at for one in entries]
        clock.advance(1_000)
        again.utter("Si le he entendido bien, son dos cobros.")
        assert "el día tres" in again.other.lines[-1].words


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("code: S001", "code: P001", "está repetido"),
        ("department: supervision", "department: cielo", "«cielo» no existe"),
        ("role: supervisor", "role: jefa", "no es una opción"),
        ("customer: amparo, type: queja", "customer: ampara, type: queja", "ninguna persona"),
        ("type: queja", "type: quejas", "no existe"),
        ("contract: PR-0104", "contract: PR-0999", "no tiene el contrato"),
        (f'key: "{KEY}"', 'key: "700001239"', "no cuadra"),
        ("Nadie le devuelve la llamada.", "Que llame al 612 345 678.", "puede ser de alguien"),
        ("Hoy no hay cortes previstos.", '"{{ cliente"', "aviso-de-hoy|plantilla|llave|texto|«"),
        ("[bono-social]", "[bono-sociable]", "«bono-sociable» no existe"),
        ("id: consulta", "id: queja", "está repetido"),
    ],
)
def test_what_is_wrong_in_the_world_is_told_at_its_line_and_column(old: str, new: str, told: str) -> None:
    assert old in WORLD
    with pytest.raises(ProblemsFound) as found:
        with_world(WORLD.replace(old, new, 1))
    problems = [str(problem) for problem in found.value.problems]
    assert any(re.search(told, one) for one in problems), problems
    assert all(re.match(r"x\.yaml:\d+:\d+: ", one) for one in problems)
    assert all(int(one.split(":")[1]) > 20 for one in problems), problems


def test_a_datum_that_nobody_asks_for_cannot_be_known() -> None:
    with pytest.raises(ProblemsFound, match="«zodiaco» no existe"):
        LIBRARY.from_text(GOOD.replace("knows: {", "knows: {zodiaco: Aries, ", 1), "x.yaml")
