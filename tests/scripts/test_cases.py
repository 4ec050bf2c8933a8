"""What may happen to a case, and which answers are answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atencion.scripts.cases import (
    MOVES,
    Answer,
    CaseRefused,
    CaseStatus,
    Decision,
    Move,
    after,
    check_answers,
    decision_label,
    move_label,
    status_label,
    whole_decision,
)

GRANTED, DENIED = Decision.ACCEPTED, Decision.REFUSED


@given(st.lists(st.sampled_from(list(Move)), max_size=40))
def test_no_moves_close_a_case_whose_customer_was_not_told_save_a_merge(moves: list[Move]) -> None:
    status, told = CaseStatus.OPEN, False
    for move in moves:
        try:
            to = after(status, move)
        except CaseRefused:
            continue
        told = move is Move.NOTIFY or (told and to in (CaseStatus.NOTIFIED, CaseStatus.CLOSED))
        if to is CaseStatus.CLOSED:
            assert told or move is Move.MERGE
        status = to


def test_every_status_can_be_left_and_every_move_has_a_name() -> None:
    assert set(MOVES) == set(CaseStatus)
    assert all(MOVES.values())
    assert len({move_label(move) for move in Move}) == len(Move)
    assert len({status_label(status) for status in CaseStatus}) == len(CaseStatus)
    assert len({decision_label(decision) for decision in Decision}) == len(Decision)


def test_a_move_that_does_not_fit_says_what_would() -> None:
    with pytest.raises(CaseRefused, match="resuelto y comunicado") as refused:
        after(CaseStatus.NOTIFIED, Move.RESOLVE)
    assert refused.value.remedy == "Ahora admite: cerrar, reabrir."


ITEMS = {1: "Que me devuelvan 12 euros", 2: "Por qué ha subido la factura"}


@pytest.mark.parametrize(
    "answers",
    [
        [],
        [Answer(1, GRANTED, "Se devuelven")],
        [Answer(1, GRANTED, "Se devuelven"), Answer(2, DENIED, "  ")],
        [Answer(1, GRANTED, "Se devuelven"), Answer(2, DENIED, "...")],
    ],
)
def test_an_item_without_reasons_is_refused_by_the_norm(answers: list[Answer]) -> None:
    with pytest.raises(CaseRefused, match="Falta la respuesta razonada") as refused:
        check_answers(ITEMS, answers)
    assert refused.value.norm == "ley-10-2025/13.1"


@pytest.mark.parametrize("second", ["Hemos revisado su caso.", "hemos  REVISADO su caso", "Hemos revisado su caso…"])
def test_one_text_for_items_that_differ_is_refused(second: str) -> None:
    answers = [Answer(1, DENIED, "Hemos revisado su caso"), Answer(2, DENIED, second)]
    with pytest.raises(CaseRefused, match="El mismo texto") as refused:
        check_answers(ITEMS, answers)
    assert refused.value.norm == "ley-10-2025/13.1"


def test_one_text_may_answer_the_same_question_asked_twice() -> None:
    twice = {1: "¿Cuándo vuelve la luz?", 2: "Cuando vuelve la luz"}
    assert len(check_answers(twice, [Answer(1, GRANTED, "A las diez"), Answer(2, GRANTED, "A las diez")])) == 2


@pytest.mark.parametrize(("number", "message"), [(3, "No hay ninguna cuestión 3"), (1, "dos respuestas")])
def test_answers_go_to_items_that_there_are_and_once(number: int, message: str) -> None:
    answers = [Answer(1, GRANTED, "a"), Answer(2, GRANTED, "b"), Answer(number, GRANTED, "c")]
    with pytest.raises(CaseRefused, match=message):
        check_answers(ITEMS, answers)


@given(st.lists(st.sampled_from(list(Decision)), min_size=1, max_size=6))
def test_a_case_is_granted_or_refused_only_if_all_of_it_is(decisions: list[Decision]) -> None:
    whole = whole_decision([Answer(n, decision, "x") for n, decision in enumerate(decisions)])
    assert whole is (decisions[0] if len(set(decisions)) == 1 else Decision.PARTLY)
