"""Text from outside is made safe, and the same person is found however the name is written."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from atencion.text import MARKS_PER_BASE, REPLACEMENT, clean_line, clean_text, fold, fold_words, is_clean

HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "\x00\x07\x1b\x7f\x85\x9b\u061c\u200b\u200c\u200d\u200e\u202e\u2066\ufe0f\ufeff\u0301👩👧 \n\tañ"
        ),
    ),
    max_size=60,
)
FORBIDDEN = {*range(0x00, 0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0x200B, 0x2060, 0xFEFF}
FORBIDDEN |= {0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000)}


@given(HOSTILE, st.integers(0, 80))
@example(" \u0301 \u0301a", 50)
@example("a\u200b\u0301", 50)
@example("👨\u200d👩", 2)
def test_cleaning_a_line_twice_is_cleaning_it_once(text: str, limit: int) -> None:
    once = clean_line(text, limit)
    assert clean_line(once, limit) == once
    assert len(once) <= limit
    assert "\n" not in once


@given(HOSTILE, st.integers(0, 80), st.integers(1, 5))
def test_cleaning_several_lines_twice_is_cleaning_them_once(text: str, limit: int, lines: int) -> None:
    once = clean_text(text, limit, lines)
    assert clean_text(once, limit, lines) == once
    assert len(once) <= limit
    assert once.count("\n") < lines


@given(HOSTILE)
def test_nothing_that_a_terminal_obeys_comes_out(text: str) -> None:
    for cleaned in (clean_line(text), clean_text(text)):
        assert not {ord(c) for c in cleaned} & FORBIDDEN
        assert is_clean(cleaned)
        assert unicodedata.is_normalized("NFC", cleaned)


@pytest.mark.parametrize(
    "name", ["[bold red]Ana[/]", "d'Artagnan", "Ñuñoa · L·lac", "Nguyễn", "العربية", "👨‍👩‍👧 ❤️", "a\u00a0b"]
)
def test_writing_of_any_people_and_markup_are_kept_as_typed(name: str) -> None:
    assert clean_line(name) == name
    assert is_clean(name)


def test_an_escape_sequence_is_shown_and_not_obeyed() -> None:
    assert clean_line("Ana\x1b]0;x\x07 \x9b31m") == f"Ana{REPLACEMENT}]0;x{REPLACEMENT} {REPLACEMENT}31m"


def test_what_cannot_be_seen_is_taken_out_of_a_name() -> None:
    assert clean_line("A\u200bn\ufeffa\u00ad") == "Ana"


def test_marks_piled_on_one_letter_are_cut() -> None:
    assert len(clean_line("z" + "\u0335" * 200)) == 1 + MARKS_PER_BASE


def test_windows_line_ends_count_as_one() -> None:
    assert clean_text("a\r\nb\tc\rd") == "a\nb c\nd"
    assert clean_line("a\r\nb") == "a b"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("MUÑOZ", "munoz"),
        ("García", "garcia"),
        ("Garci\u0301a", "garcia"),
        ("Łódź Straße Œuvre", "lodz strasse oeuvre"),
    ],
)
def test_folding_forgets_case_and_accents(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize("text", ["김민수", unicodedata.normalize("NFD", "Núñez 서울"), "Πέτρος ᾳ", "か゚が"])
@given(HOSTILE)
def test_what_is_folded_of_clean_text_is_kept_as_it_is(text: str, more: str) -> None:
    assert is_clean(fold(clean_text(text + more)))


@given(HOSTILE)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(HOSTILE)
def test_composed_and_decomposed_letters_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


def test_words_are_runs_of_letters_and_digits() -> None:
    assert fold_words("Ñu-ñú, S.L. 24 h; d'Artagnan") == ["nu", "nu", "s", "l", "24", "h", "d", "artagnan"]
