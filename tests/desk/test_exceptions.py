"""What an agent may not decide alone: asked in a case, decided by a supervisor with a reason, used once."""

from __future__ import annotations

import pytest

from atencion.data.agents import StoredAgent
from atencion.desk.inbox import NEWS, read_home, see_news
from atencion.errors import Refused
from atencion.scripts.cases import Answer, CaseRefused, Decision
from tests.desk.casework import *  # noqa: F403
from tests.desk.casework import Office

YES = [Answer(1, Decision.ACCEPTED, "Se cobró dos veces y se devuelve")]


def asked(office: Office, key: str, cents: int | None = 60_00) -> int:
    return office.desk.exceptions.ask(
        key, "Devolver 60 euros", "Se cobró dos veces", office.agent, amount_cents=cents
    ).id


def resolve(office: Office, key: str, cents: int, agent: StoredAgent | None = None) -> None:
    office.desk.answers.resolve(key, YES, agent or office.agent, compensation_cents=cents)


def test_what_is_asked_for_waits_for_a_supervisor_and_whoever_asked_sees_the_outcome(office: Office) -> None:
    key = office.open().case.key
    number = asked(office, key)
    (waiting,) = office.desk.exceptions.waiting()
    assert (waiting.case_key, waiting.agent, waiting.amount_cents) == (key, "Marta Inventada", 6000)
    assert (waiting.what, waiting.why) == ("Devolver 60 euros", "Se cobró dos veces")
    assert office.desk.exceptions.news(office.agent) == []
    office.desk.exceptions.decide(number, office.supervisor, approved=True, reason="Está el doble cargo")
    assert office.desk.exceptions.waiting() == []
    (news,) = office.desk.exceptions.news(office.agent)
    assert (news.state, news.decided_by, news.reason) == ("approved", "Sara Inventada", "Está el doble cargo")
    office.desk.exceptions.see_news(office.agent, [news.id])
    assert office.desk.exceptions.news(office.agent) == []


def test_only_what_was_shown_is_seen(office: Office) -> None:
    def decided(n: int) -> None:
        key = office.open().case.key
        office.desk.exceptions.decide(asked(office, key), office.supervisor, approved=False, reason=str(n))
        office.desk.handovers.hand_over(key, "cliente_insatisfecho", "No está conforme", office.agent)
        office.desk.handovers.give_back(key, str(n), office.supervisor)

    for n in range(NEWS + 1):
        decided(n)
    shown = read_home(office.desk, office.agent)
    decided(NEWS + 1)
    see_news(office.desk, office.agent, shown)
    left = read_home(office.desk, office.agent)
    assert [one.comment for one in left.news] == [one.reason for one in left.exceptions] == [str(NEWS + 1), "0"]


def test_all_of_it_is_in_the_history_of_the_case(office: Office) -> None:
    key = office.open().case.key
    office.desk.exceptions.decide(asked(office, key), office.supervisor, approved=False, reason="No consta el cargo")
    told = [(one.kind, one.agent, one.value) for one in office.file(key).events if one.kind.startswith("exception")]
    assert told == [
        ("exception_asked", "Marta Inventada", "Devolver 60 euros"),
        ("exception_refused", "Sara Inventada", "No consta el cargo"),
    ]


@pytest.mark.parametrize("cents", [-500, 2**31])
def test_a_compensation_is_never_less_than_nothing_nor_more_than_can_be_written(office: Office, cents: int) -> None:
    key = office.open().case.key
    for grant in (resolve, asked):
        with pytest.raises(Refused, match="Ese importe no sirve"):
            grant(office, key, cents)
    assert office.file(key).case.status == "open"


def test_a_compensation_beyond_the_agent_s_limit_needs_an_approval(office: Office) -> None:
    key = office.open().case.key
    with pytest.raises(CaseRefused, match="más de 50,00"):
        resolve(office, key, 50_01)
    number = asked(office, key)
    with pytest.raises(CaseRefused, match="la aprueba supervisión"):
        resolve(office, key, 60_00)
    office.desk.exceptions.decide(number, office.supervisor, approved=True, reason="Correcto")
    with pytest.raises(CaseRefused, match="la aprueba supervisión"):
        resolve(office, key, 60_01)
    resolve(office, key, 60_00)
    assert office.file(key).case.compensation_cents == 60_00
    assert office.file(key).exceptions[0].used_at is not None


def test_up_to_the_limit_an_agent_decides_alone_and_a_supervisor_without_limit(office: Office) -> None:
    own, more = office.open().case.key, office.open("queja", "otra").case.key
    resolve(office, own, 50_00)
    resolve(office, more, 500_00, office.supervisor)
    assert "exception_used" not in office.kinds(own) + office.kinds(more)


def test_nobody_known_to_decide_has_an_agent_s_limit(office: Office) -> None:
    key = office.open().case.key
    with pytest.raises(CaseRefused, match="la aprueba supervisión"):
        office.desk.answers.resolve(key, YES, None, compensation_cents=60_00)


def test_what_was_refused_or_has_no_amount_approves_no_compensation(office: Office) -> None:
    key = office.open().case.key
    office.desk.exceptions.decide(asked(office, key), office.supervisor, approved=False, reason="No")
    office.desk.exceptions.decide(asked(office, key, None), office.supervisor, approved=True, reason="Que se le llame")
    with pytest.raises(CaseRefused, match="la aprueba supervisión"):
        resolve(office, key, 60_00)


def test_an_approval_serves_one_decision(office: Office) -> None:
    key = office.open().case.key
    office.desk.exceptions.decide(asked(office, key), office.supervisor, approved=True, reason="Correcto")
    resolve(office, key, 60_00)
    office.desk.answers.reopen(key, "Pide otros 60", office.agent)
    with pytest.raises(CaseRefused, match="la aprueba supervisión"):
        resolve(office, key, 60_00)


def test_an_approval_in_another_case_does_not_serve(office: Office) -> None:
    key, other = office.open().case.key, office.open("queja", "otra").case.key
    office.desk.exceptions.decide(asked(office, other), office.supervisor, approved=True, reason="Correcto")
    with pytest.raises(CaseRefused, match="la aprueba supervisión"):
        resolve(office, key, 60_00)


def test_what_was_asked_in_a_case_goes_with_it_when_it_is_merged(office: Office) -> None:
    gone, kept = office.open("queja", "una").case.key, office.open("queja", "otra").case.key
    number = asked(office, gone)
    office.desk.cases.merge(gone, kept, office.agent)
    office.desk.exceptions.decide(number, office.supervisor, approved=True, reason="Correcto")
    assert [one.id for one in office.file(kept).exceptions] == [number]


def test_only_a_supervisor_decides_and_only_once(office: Office) -> None:
    number = asked(office, office.open().case.key)
    decide = office.desk.exceptions.decide
    with pytest.raises(Refused, match="la decide supervisión"):
        decide(number, office.agent, approved=True, reason="Me la apruebo")
    with pytest.raises(Refused, match="por qué se decide"):
        decide(number, office.supervisor, approved=True, reason="  ")
    decide(number, office.supervisor, approved=True, reason="Sí")
    with pytest.raises(Refused, match="ya está decidida"):
        decide(number, office.supervisor, approved=False, reason="Mejor no")
    with pytest.raises(Refused, match="ninguna excepción 99"):
        decide(99, office.supervisor, approved=True, reason="Sí")


def test_it_is_said_what_is_asked_for_and_why_while_the_case_is_pending(office: Office) -> None:
    key = office.open().case.key
    with pytest.raises(Refused, match="qué excepción"):
        office.desk.exceptions.ask(key, " ", "Porque sí", office.agent)
    with pytest.raises(Refused, match="por qué se pide"):
        office.desk.exceptions.ask(key, "Algo", " ", office.agent)
    resolve(office, key, 10_00)
    with pytest.raises(CaseRefused, match="ya está resuelto"):
        asked(office, key)


def test_texts_that_the_law_had_blocked_are_not_shown_in_an_exception(office: Office) -> None:
    asked(office, office.open().case.key)
    with office.desk.store.writing() as connection:
        connection.exec_driver_sql("UPDATE personal_value SET blocked_at = '2026-12-01T00:00:00+00:00'")
    (waiting,) = office.desk.exceptions.waiting()
    assert (waiting.what, waiting.why) == (None, None)
