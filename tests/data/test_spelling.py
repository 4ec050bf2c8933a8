"""Words that sound alike share a key, and a word meets its misspellings."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from atencion.data.search.spelling import far_gaps, gaps, near_gaps, sound_key
from atencion.data.search.vocabulary import Likeness, likeness_of

WORDS = st.text("abcdefghijlmnopqrstuvyz", min_size=4, max_size=12)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("valero", "balero"),
        ("hernandez", "ernandez"),
        ("villalba", "viyalba"),
        ("zarate", "sarate"),
        ("cebrian", "sebrian"),
        ("jimenez", "gimenez"),
        ("jimenez", "ximenez"),
        ("quintana", "kintana"),
        ("torres", "tores"),
        ("iglesias", "yglesias"),
        ("echeverria", "etxeberria"),
        ("gil", "jil"),
        ("guerra", "gerra"),
        ("campos", "canpos"),
    ],
)
def test_words_confused_by_ear_are_alike(one: str, other: str) -> None:
    assert likeness_of(other, one) in (Likeness.SOUNDS, Likeness.NEAR)
    assert gaps(one) & near_gaps(other)


@pytest.mark.parametrize(("one", "other"), [("garcia", "lopez"), ("casa", "queso"), ("ana", "eva"), ("luis", "juan")])
def test_other_words_are_not_alike(one: str, other: str) -> None:
    assert likeness_of(other, one) is None


@given(WORDS, st.data())
def test_a_word_meets_itself_with_one_error(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abcdefgo"))
    wrong = data.draw(
        st.sampled_from(
            [
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[: at + 1][:-1] + word[at : at + 2][::-1] + word[at + 2 :],
            ]
        )
    )
    assert gaps(word) & near_gaps(wrong)
    assert likeness_of(wrong, word) is not None


@given(st.text("bcdfglmnprst", min_size=9, max_size=12), st.data())
def test_a_long_word_meets_itself_with_two_letters_lost(word: str, data: st.DataObject) -> None:
    assume(sound_key(word) == word.replace("c", "k"))
    first = data.draw(st.integers(0, len(word) - 2))
    second = data.draw(st.integers(first + 1, len(word) - 1))
    wrong = word[:first] + word[first + 1 : second] + word[second + 1 :]
    assume(sound_key(wrong) == wrong.replace("c", "k"))
    assert gaps(word) & far_gaps(wrong)


@given(st.text(min_size=1, max_size=20))
def test_any_word_has_a_key_and_gaps(word: str) -> None:
    assert sound_key(word)
    assert gaps(word) >= near_gaps(word)


@pytest.mark.parametrize("word", ["عمر", "иван", "李", "ñandú"])
def test_a_word_of_another_script_is_its_own_key(word: str) -> None:
    assert sound_key(word) == word
