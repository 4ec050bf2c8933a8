"""What agents say in their own words, against what a person says they did by saying it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atencion.resources import shipped_protocols
from atencion.scripts.catalogue import Catalogue
from atencion.training.library import Library
from atencion.training.speech_acts import Recogniser, SpeechAct, compile_phrase
from bench.recognition import UTTERANCES, Tally, labelled, macro_f1, tally

LIBRARY = Library(Catalogue(shipped_protocols()))


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return LIBRARY.recogniser


def test_there_are_many_labelled_utterances_over_many_acts() -> None:
    found = labelled(Path(UTTERANCES))
    assert len(found) >= 400
    assert len({act for _text, acts in found for act in acts}) >= 12


@pytest.mark.parametrize("part", ["tuned", "held back"])
def test_acts_are_recognised_well_on_what_was_tuned_and_on_what_was_held_back(
    recogniser: Recogniser, part: str
) -> None:
    found = labelled(Path(UTTERANCES))
    chosen = [one for number, one in enumerate(found) if (number % 3 == 2) == (part == "held back")]
    tallies = tally(recogniser, chosen)
    assert macro_f1(tallies) >= 0.90, report(tallies)


def test_acts_that_can_fail_an_attempt_are_hardly_ever_found_where_they_are_not(recogniser: Recogniser) -> None:
    tallies = tally(recogniser, labelled(Path(UTTERANCES)))
    for act in recogniser.acts.values():
        if act.forbidden:
            assert tallies[act.id].precision >= 0.95, (act.id, tallies[act.id].wrong)


@pytest.mark.parametrize(
    ("said", "act"),
    [
        ("No le prometo que mañana lo tenga.", "prometer"),
        ("No puedo garantizarle que se lo devuelvan.", "prometer"),
        ("Aquí nadie le dice que se calle.", "faltar_respeto"),
        ("No hace falta que conteste ninguna encuesta.", "ofrecer_encuesta"),
    ],
)
def test_what_is_denied_is_not_done(recogniser: Recogniser, said: str, act: str) -> None:
    assert act not in recogniser.find(said)


def test_accents_capitals_and_word_forms_do_not_matter(recogniser: Recogniser) -> None:
    assert recogniser.find("BUENOS DIAS") == recogniser.find("Buenos días") == ("saludar",)


def test_what_is_not_recognised_is_nothing(recogniser: Recogniser) -> None:
    assert recogniser.find("El contador está en el portal.") == ()
    assert recogniser.find("") == ()


@given(st.text(max_size=200))
def test_any_text_at_all_can_be_listened_to(text: str) -> None:
    assert LIBRARY.recogniser.find(text) == LIBRARY.recogniser.find(text)


@pytest.mark.parametrize("phrase", ["... hola", "hola ...", "...", "a/b c"])
def test_a_phrase_that_says_nothing_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match=r"frase|palabra"):
        compile_phrase(phrase)


@pytest.mark.parametrize("pattern", [r"regex:(a)\1", r"regex:(?=a)b", "regex:(a"])
def test_a_pattern_that_could_hang_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="patrón"):
        SpeechAct.model_validate({"id": "x", "label": "X", "phrases": [pattern]})


def report(tallies: dict[str, Tally]) -> str:
    return "\n".join(f"{act}: {one.f1:.2f} missed {one.missed} wrong {one.wrong}" for act, one in tallies.items())
