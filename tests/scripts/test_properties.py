"""What holds of every protocol and every journal, whatever chance makes of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atencion.errors import ProblemsFound
from atencion.scripts import acts
from atencion.scripts.actions import ActionRefused
from atencion.scripts.acts import Act
from atencion.scripts.catalogue import protocol_from_text
from atencion.scripts.decide import StepRefused
from atencion.scripts.expressions import ExpressionError, parse_condition
from atencion.scripts.lint import World
from atencion.scripts.protocol import END, Protocol
from atencion.scripts.run import fold
from atencion.scripts.templates import TemplateError, parse_template
from atencion.scripts.ways import due_actions, rail
from tests.scripts.protocols import FIELDS, FRAGMENT, protocols
from tests.scripts.samples import HEAD, Call, protocol

WORLD = st.fixed_dictionaries(
    {},
    optional={"cliente.edad": st.integers(0, 100), "cliente.telefono": st.just("+34612345678")},
)


TEXTS = ["Una cosa.", "Otra cosa, y más."]
LETTER = protocol(HEAD + "steps:\n  - {id: escribir, kind: message, title: Escribir, say: Hola}\n")


def read(text: str) -> Protocol:
    return protocol_from_text(
        text, "azar.yaml", World(), fragments=lambda name: (f"{name}.yaml", {"common/side": FRAGMENT}[name])
    ).protocol


def tries() -> st.SearchStrategy[list[Act]]:
    steps = [*(f"paso{n}" for n in range(6)), "cierre", "side.uno", "side.tres"]
    texts = ["a", "7", "99", "s", "no", "x, y", "612345678", "no lo facilita", ""]
    some = st.one_of(
        st.just(acts.Advance()),
        st.builds(acts.Say, st.just("palabras")),
        st.builds(acts.Capture, st.sampled_from([*FIELDS, "aparte"]), st.sampled_from(texts)),
        st.builds(acts.Tick, st.just("visto")),
        st.builds(acts.Choose, st.sampled_from(["si", "no", "a", "b"])),
        st.builds(
            acts.Quote, st.just("a"), st.just("1.0.0"), st.just("h"), st.sampled_from(TEXTS), placed=st.booleans()
        ),
        st.builds(acts.Send, st.sampled_from([*TEXTS, "Hola:\n\nUna  cosa.\nY más."])),
        st.builds(acts.Skip, st.sampled_from(["porque sí", ""])),
        st.builds(acts.Back, st.sampled_from(steps)),
        st.builds(acts.Jump, st.sampled_from(steps)),
        st.builds(acts.OpenMoment, st.just("side")),
        st.builds(acts.Speak, st.sampled_from(["ca", None]), st.sampled_from(["familiar", None])),
        st.builds(acts.Resolve, st.just("resuelta"), st.booleans(), st.just("hecho")),
        st.builds(
            acts.Escalate, st.just("averias"), st.just("otro"), st.just("1"), st.just("derivada"), st.just("resumen")
        ),
        st.just(acts.TellKey("1")),
        st.just(acts.CutOff("cuelga")),
        st.just(acts.Close("x")),
    )
    return st.lists(some, max_size=60)


def played(protocol: Protocol, tried: list[Act], facts: dict[str, object]) -> Call:
    one = Call(protocol)
    for act in tried:
        try:
            if isinstance(act, acts.Advance):
                act = acts.Advance(due_actions(one.run, facts, one.run.context()))  # type: ignore[arg-type]
            one.do(act, facts=facts)  # type: ignore[arg-type]
        except (StepRefused, ActionRefused):
            continue
    return one


@settings(max_examples=150, deadline=None)
@given(protocols(), tries(), WORLD)
def test_a_journal_folds_into_the_run_that_wrote_it_without_asking_the_world_again(
    text: str, tried: list[Act], facts: dict[str, object]
) -> None:
    protocol = read(text)
    one = played(protocol, tried, facts)
    again = fold(protocol, one.entries)
    names = (
        "quotes_here",
        "quoted",
        "step",
        "path",
        "stack",
        "values",
        "demands",
        "visits",
        "taken",
        "moments",
        "owed",
        "case",
        "untold_keys",
        "cut_off",
        "seconds",
    )
    for name in names:
        assert getattr(again, name) == getattr(one.run, name)
    assert rail(again, facts) == rail(one.run, facts)  # type: ignore[arg-type]


@settings(max_examples=80, deadline=None)
@given(protocols(), tries(), WORLD)
def test_a_contact_is_always_at_a_step_of_its_protocol_or_at_the_end(
    text: str, tried: list[Act], facts: dict[str, object]
) -> None:
    protocol = read(text)
    one = played(protocol, tried, facts)
    assert one.run.step == END or one.run.step in protocol.by_id
    assert one.run.path[-1] == one.run.step
    assert all(frame.path in protocol.path for frame in one.run.stack)


@settings(max_examples=80, deadline=None)
@given(protocols(), tries(), WORLD, st.sampled_from(list(FIELDS)), st.sampled_from(["a", "7", "s", "x"]))
def test_one_more_answer_never_loses_an_earlier_one(
    text: str, tried: list[Act], facts: dict[str, object], field: str, typed: str
) -> None:
    one = played(read(text), tried, facts)
    before = dict(one.run.values)
    try:
        one.do(acts.Capture(field, typed), facts=facts)  # type: ignore[arg-type]
    except StepRefused:
        assert one.run.values == before
        return
    assert {**before, field: one.run.values[field]} == one.run.values


@settings(max_examples=80, deadline=None)
@given(protocols(), tries(), WORLD)
def test_values_destroyed_by_law_leave_the_way_as_it_was(text: str, tried: list[Act], facts: dict[str, object]) -> None:
    protocol = read(text)
    one = played(protocol, tried, facts)
    destroyed = fold(protocol, [replace(entry, value=None) for entry in one.entries])
    assert (destroyed.path, destroyed.stack) == (one.run.path, one.run.stack)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(st.tuples(st.sampled_from(TEXTS), st.booleans()), max_size=4),
            st.lists(st.sampled_from(TEXTS), max_size=3),
            st.sampled_from([" ", "  ", "\n", "\n\n"]),
        ),
        max_size=5,
    )
)
def test_a_message_tells_each_article_that_waited_and_whose_words_it_holds_and_each_once(
    messages: list[tuple[list[tuple[str, bool]], list[str], str]],
) -> None:
    call, waiting = Call(LETTER), set[str]()
    for chosen, sent, gap in messages:
        call.do(*(acts.Quote("a", "1.0.0", "h", words, placed=placed) for words, placed in chosen))
        waiting |= {words for words, _placed in chosen}
        before = len(call.entries)
        call.do(acts.Send(" ".join(["Hola:", *sent, "Adiós."]).replace(" ", gap)))
        told = [entry.value for entry in call.entries[before:] if entry.kind == "told"]
        assert sorted(told) == sorted(waiting & {*sent})  # type: ignore[type-var]
        waiting -= {*sent}


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.text(max_size=400), st.text("{}[]:,-&*!|>'\"\n abcx#?", max_size=400).map(lambda tail: HEAD + tail))
)
def test_any_text_gets_a_verdict(text: str) -> None:
    try:
        read(text)
    except ProblemsFound as found:
        assert all(problem.line >= 1 and problem.column >= 1 and problem.message for problem in found.problems)


@settings(max_examples=150, deadline=None)
@given(protocols(), st.data())
def test_a_protocol_spoiled_at_any_place_gets_a_verdict(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 1))
    length = data.draw(st.integers(0, 20))
    spoiled = text[:at] + data.draw(st.text("{}[]:,'\" \nab", max_size=5)) + text[at + length :]
    try:
        read(spoiled)
    except ProblemsFound as found:
        assert found.problems


@settings(max_examples=300, deadline=None)
@given(st.text("abc.()[]<>=!+-*/ \"'notandinisk0123456789", max_size=600))
def test_any_condition_is_read_or_refused_and_never_raises_when_asked(source: str) -> None:
    try:
        condition = parse_condition(source)
    except ExpressionError as error:
        assert 0 <= error.offset <= len(source) + 1
        return
    assert condition.holds({}) in (True, False)
    assert condition.holds({"a": 1, "b": "b", "c": True, "a.b": ("a", "b")}) in (True, False)


@pytest.mark.parametrize(
    "source",
    [
        "(" * 60 + "a" + ")" * 60,
        "not " * 100 + "a",
        "-" * 400 + "1 > 0",
        "1" * 40 + " > 0",
        "a() == 1",
        "a[0] == 1",
        "a ** b > 1",
        "lambda: 1",
    ],
)
def test_a_condition_that_could_grow_or_reach_out_is_refused_when_it_is_read(source: str) -> None:
    with pytest.raises(ExpressionError):
        parse_condition(source)


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in b %}{{ a }}{% endfor %}",
        "{% set a = 1 %}",
        "{% macro a() %}{% endmacro %}",
        "{% include 'x' %}",
        "{{ a() }}",
        "{{ a['b'] }}",
        "{{ 'a' * 1000000 }}",
        "{{ range(10) }}",
        "{{ a | join(',') }}",
        "{{ ''.__class__ }}",
    ],
)
def test_a_text_that_could_call_loop_or_grow_is_refused_when_it_is_read(source: str) -> None:
    with pytest.raises(TemplateError):
        parse_template(source)


def test_a_dot_reaches_no_attribute_it_is_part_of_a_name() -> None:
    condition = parse_condition("clase.__class__ is known")
    assert list(condition.names) == ["clase.__class__"]
    assert not condition.holds({"clase": "a"})


def test_a_long_sum_is_reckoned_in_one_walk() -> None:
    condition = parse_condition("999999999999999" + " * 999999999999999" * 26 + " > 0")
    assert condition.holds({}) in (True, False)
