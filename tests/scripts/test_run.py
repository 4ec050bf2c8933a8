"""A run is a fold of its journal: where the call is, what it knows, what it owes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atencion.scripts import acts
from atencion.scripts.acts import (
    Act,
    Advance,
    Back,
    Capture,
    Choose,
    CutOff,
    Escalate,
    Jump,
    Note,
    Resolve,
    Say,
    Skip,
    TellKey,
    Tick,
)
from atencion.scripts.decide import StepRefused
from atencion.scripts.journal import Kind
from atencion.scripts.protocol import END
from atencion.scripts.run import Debt, Mark, RunStatus, fold
from atencion.scripts.ways import rail
from tests.scripts.samples import HEAD, Call, protocol, shipped
from tests.scripts.samples import SMALL as SMALL_TEXT

SMALL, SHIPPED = protocol(), shipped()


def some_act() -> st.SearchStrategy[Act]:
    """Anything an agent might try in the shipped protocol, sensible or not."""
    steps = [step.id for step in SHIPPED.steps]
    options = ["informar", "resolver", "derivar", "supervisor", "reclamar", "otra_demanda", "nada_mas", "dejarlo"]
    checks = [check.id for step in SHIPPED.steps for check in step.checks]
    departments = ["averias", "reclamaciones", "supervision", "facturacion"]
    return st.one_of(
        st.builds(Say, st.just("palabras")),
        st.builds(
            Capture,
            st.sampled_from(list(SHIPPED.fields)),
            st.sampled_from(["s", "no", "factura", "urgencia", "email", "texto", ""]),
        ),
        st.builds(Tick, st.sampled_from(checks)),
        st.builds(Choose, st.sampled_from(options)),
        st.builds(Advance),
        st.builds(Skip, st.sampled_from(["porque sí", ""])),
        st.builds(Back, st.sampled_from(steps)),
        st.builds(Note, st.sampled_from(["una nota", ""])),
        st.builds(acts.Pick, st.integers(1, 3)),
        st.builds(acts.Challenge, st.just(("birth_date", "nif")), st.just(3)),
        st.builds(acts.Answer, st.sampled_from(["birth_date", "nif"]), st.booleans()),
        st.builds(Resolve, st.sampled_from(["resuelta", "no_aceptada"]), st.booleans(), st.just("hecho")),
        st.builds(
            acts.Escalate,
            st.sampled_from(departments),
            st.just("otro"),
            st.just("482719362"),
            st.just("derivada"),
            st.just("resumen"),
        ),
        st.builds(acts.LeaveOpen),
        st.builds(acts.Resume),
        st.builds(acts.Close, st.just("fac_copia")),
    )


@settings(max_examples=60)
@given(st.lists(some_act(), max_size=80))
def test_the_journal_folds_into_the_run_that_its_acts_led_to(tried: list[Act]) -> None:
    call = Call(SHIPPED)
    for act in tried:
        before = call.run
        try:
            call.do(act)
        except StepRefused as refusal:
            assert call.run is before
            assert refusal.message
    again = fold(SHIPPED, call.entries)
    for name in ("step", "path", "values", "demands", "status", "owed", "verified", "locked", "case", "seconds"):
        assert getattr(again, name) == getattr(call.run, name)
    assert rail(again) == rail(call.run)


@settings(max_examples=60)
@given(st.lists(some_act(), max_size=80))
def test_no_act_gets_past_what_a_norm_makes_mandatory(tried: list[Act]) -> None:
    call = Call(SHIPPED)
    for act in tried:
        left, before = call.run.step, call.run
        try:
            call.do(act)
        except StepRefused:
            continue
        moved_on = call.run.step != left and not isinstance(act, Back) and left != END
        if moved_on:
            assert all(state.met for state in before.checks(left) if state.check.mandatory)


@settings(max_examples=60)
@given(st.lists(some_act(), max_size=60))
def test_wherever_a_call_is_there_is_a_way_to_close_it(tried: list[Act]) -> None:
    call = Call(SHIPPED)
    for act in tried:
        try:
            call.do(act)
        except StepRefused:
            pass
    if call.run.status is RunStatus.LEFT_OPEN:
        call.do(acts.Resume())
    if call.run.status is RunStatus.OPEN:
        if call.run.step not in ("cierre", END):
            call.do(CutOff("se cortó"))
        call.do(acts.Close("fac_copia"))
    assert call.run.status is RunStatus.CLOSED


@settings(max_examples=60)
@given(st.lists(some_act(), max_size=80))
def test_values_destroyed_by_law_leave_the_path_as_it_was(tried: list[Act]) -> None:
    call = Call(SHIPPED)
    for act in tried:
        try:
            call.do(act)
        except StepRefused:
            pass
    destroyed = fold(SHIPPED, [replace(entry, value=None) for entry in call.entries])
    assert destroyed.path == call.run.path
    assert destroyed.step == call.run.step
    assert destroyed.values == {}


@settings(max_examples=40)
@given(st.lists(some_act(), max_size=60))
def test_no_typed_text_ever_stands_in_an_entry_itself(tried: list[Act]) -> None:
    call = Call(SHIPPED)
    for act in tried:
        try:
            call.do(act)
        except StepRefused:
            pass
    for entry in call.entries:
        for typed in ("palabras", "texto", "una nota", "porque sí", "hecho", "resumen"):
            assert typed not in entry.body.values()


def test_a_call_begins_at_the_first_step() -> None:
    run = Call(SMALL).run
    assert (run.step, run.path, run.status) == ("saludo", ["saludo"], RunStatus.OPEN)


def test_a_branch_follows_the_value_that_was_captured() -> None:
    for motive, amount, to in (("a", "50", "fin"), ("a", "150", "resolver"), ("b", "50", "resolver")):
        call = Call(SMALL)
        call.do(Say("hola"), Advance())
        call.do(Capture("motivo", motive), Capture("demanda", "x"), Capture("importe", amount), Advance())
        assert call.run.step == to


def test_why_a_step_came_is_told() -> None:
    call = Call(SMALL)
    call.do(Say("hola"), Advance(), Capture("motivo", "a"), Capture("demanda", "x"), Advance())
    assert call.run.why == 'motivo == "a" and not importe > 100'


def test_what_was_left_undone_is_owed_until_the_end() -> None:
    call = Call(SMALL)
    call.do(Say("hola"), Advance(), Capture("motivo", "a"), Capture("demanda", "x"), Advance())
    assert [(debt.step, debt.kind, debt.label) for debt in call.run.owed] == [
        ("pregunta", Debt.CHECK, "Ha repetido lo entendido")
    ]


def test_a_skipped_step_is_owed_and_marked() -> None:
    call = Call(SMALL)
    call.do(Say("hola"), Advance(), Skip("no quiere decirlo"))
    assert Debt.SKIPPED in [debt.kind for debt in call.run.owed]
    assert next(item for item in rail(call.run) if item.step == "pregunta").mark is Mark.SKIPPED


def test_a_demand_nobody_attended_is_owed_at_the_wrap_up() -> None:
    call = Call(SMALL)
    call.do(Say("hola"), Advance(), Capture("motivo", "a"), Capture("demanda", "que me llamen"), Advance())
    call.do(Choose("nada"), Advance())
    assert [debt.label for debt in call.run.owed if debt.kind is Debt.DEMAND] == ["que me llamen"]


def test_a_loop_starts_the_step_anew_for_another_demand() -> None:
    call = Call(SMALL)
    call.do(Say("hola"), Advance(), Capture("motivo", "b"), Capture("demanda", "una"), Tick("repetido"), Advance())
    call.do(Resolve("resuelta", True, "hecho"), Advance(), Choose("mas"), Advance())
    assert call.run.step == "pregunta"
    assert call.run.values == {}
    assert not call.run.checks("pregunta")[0].met
    call.do(Capture("motivo", "b"), Capture("demanda", "otra"), Advance())
    assert [(demand.text, demand.outcome) for demand in call.run.demands] == [("una", "resuelta"), ("otra", None)]


def test_going_back_keeps_what_was_written_and_correcting_it_opens_no_other_demand() -> None:
    call = Call(SMALL)
    call.do(Say("hola"), Advance(), Capture("motivo", "b"), Capture("demanda", "una"), Advance())
    call.do(Back("pregunta"))
    assert call.run.values["demanda"] == "una"
    call.do(Capture("demanda", "una, corregida"))
    assert [demand.text for demand in call.run.demands] == ["una, corregida"]


def test_time_left_open_is_nobodys_time() -> None:
    call = Call(SMALL)
    call.do(Say("hola"), seconds=10)
    call.do(acts.LeaveOpen(), seconds=5)
    call.do(acts.Resume(), seconds=3_600)
    call.do(Advance(), seconds=7)
    assert call.run.seconds == {"saludo": 22.0}


def test_time_after_a_crash_is_nobodys_time_either() -> None:
    call = Call(SMALL)
    call.do(Say("hola"), seconds=10)
    call.do(acts.Resume(), seconds=86_400)
    call.do(Advance(), seconds=5)
    assert call.run.seconds == {"saludo": 15.0}
    assert call.run.call_seconds(call.at + timedelta(seconds=4)) == 19.0


def test_three_wrong_answers_lock_the_identification_for_the_whole_call() -> None:
    call = Call(SMALL)
    call.do(acts.Pick(1), acts.Challenge(("nif", "phone"), 3))
    for _attempt in range(3):
        call.do(acts.Answer("nif", False))
    assert call.run.locked
    call.do(acts.Pick(2))
    with pytest.raises(StepRefused, match="bloqueada"):
        call.do(acts.Challenge(("nif", "phone"), 3))


def test_two_right_answers_verify_and_what_is_shown_is_in_the_journal() -> None:
    call = Call(SMALL)
    call.do(acts.Pick(1), acts.Challenge(("nif", "phone"), 3))
    call.do(acts.Answer("nif", True), acts.Answer("phone", True))
    assert call.run.verified
    assert [entry.kind for entry in call.entries[-2:]] == [Kind.VERIFIED, Kind.SHOWED]


def test_picking_another_customer_asks_for_their_identity_anew() -> None:
    call = Call(SMALL)
    call.do(acts.Pick(1), acts.Challenge(("nif",), 3), acts.Answer("nif", True), acts.Pick(2))
    assert not call.run.verified
    assert call.run.questions == {}


def test_a_closed_call_takes_nothing_more() -> None:
    call = Call(SMALL)
    call.do(Say("hola"), CutOff("cuelga"), acts.Close("x"))
    with pytest.raises(StepRefused, match="cerrada"):
        call.do(Note("tarde"))


def test_a_refusal_names_the_step_what_was_expected_and_the_norm() -> None:
    with pytest.raises(StepRefused) as refusal:
        Call(SMALL).do(Advance())
    assert (refusal.value.step, refusal.value.norm) == ("saludo", "ley/1")
    assert refusal.value.expected


def test_the_rail_shows_the_way_that_will_be_gone_if_nothing_changes_it() -> None:
    call = Call(SMALL)
    assert [item.step for item in rail(call.run)] == ["saludo", "pregunta", "resolver", "fin", "cierre"]
    call.do(Say("hola"), Advance(), Capture("motivo", "a"), Capture("demanda", "x"))
    assert [item.step for item in rail(call.run)] == ["saludo", "pregunta", "fin", "cierre"]


def test_an_optional_answer_that_is_taken_back_is_not_known_any_more() -> None:
    call = Call(SMALL)
    call.do(Say("Hola"), Advance(), Capture("importe", "120"))
    run = call.do(Capture("importe", ""))
    assert "importe" not in run.values
    assert "importe" not in fold(SMALL, call.entries).values


def test_a_demand_that_is_taken_back_and_said_again_is_one_demand() -> None:
    led_by = protocol(SMALL_TEXT.replace("opens_demand: yes", "opens_demand: yes, required: no"))
    call = Call(led_by)
    call.do(Say("Hola"), Advance(), Capture("demanda", "factura"), Capture("demanda", ""))
    assert call.run.demands == []
    run = call.do(Capture("demanda", "factura de luz"))
    assert [one.text for one in run.demands] == ["factura de luz"]


def test_a_required_answer_cannot_be_taken_back() -> None:
    call = Call(SMALL)
    call.do(Say("Hola"), Advance(), Capture("motivo", "a"))
    with pytest.raises(StepRefused):
        call.do(Capture("motivo", ""))


ENDS = "steps:\n  - {id: hola, kind: message, title: Hola, say: Hola}\n"
WRAPS_UP = ENDS + "  - {id: cierre, kind: wrap_up, title: Cierre, jump: yes}\n"


@pytest.mark.parametrize(
    ("steps", "way"),
    [
        (ENDS, Advance()),
        (ENDS, Skip("prisa")),
        (WRAPS_UP, Advance()),
        (WRAPS_UP, Skip("prisa")),
        (WRAPS_UP, Jump("cierre")),
    ],
)
def test_no_way_out_of_the_conversation_leaves_a_key_untold(steps: str, way: Act) -> None:
    call = Call(protocol(HEAD + steps))
    call.do(Escalate("averias", "otro", "123456782", "derivada", "resumen"))
    with pytest.raises(StepRefused, match="1 2 3 4 5 6 7 8 2") as refused:
        call.do(way)
    assert refused.value.norm == "ley-10-2025/11.2"
    assert call.do(TellKey("123456782"), way).step in ("cierre", END)
