"""A text message is counted as networks do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atencion.scripts.sms import GSM_7, GSM_7_EXTENSION, Encoding, measure

GSM_TEXT = st.text(st.sampled_from(sorted(GSM_7 | GSM_7_EXTENSION)), max_size=700)


def test_the_tables_are_whole_and_apart() -> None:
    assert len(GSM_7) == 127, "128 places less the escape"
    assert len(GSM_7_EXTENSION) == 10
    assert not GSM_7 & GSM_7_EXTENSION


@pytest.mark.parametrize(
    ("text", "units", "segments", "left"),
    [
        ("", 0, 0, 160),
        ("a" * 160, 160, 1, 0),
        ("a" * 161, 161, 2, 145),
        ("a" * 306, 306, 2, 0),
        ("€" * 80, 160, 1, 0),
        ("€" * 81, 162, 2, 143),
        ("a" * 152 + "€" + "a" * 8, 162, 2, 143),
        ("ñ ü à è ¿¡", 10, 1, 150),
    ],
)
def test_gsm_7_takes_160_alone_and_153_in_each_of_several(text: str, units: int, segments: int, left: int) -> None:
    found = measure(text)
    assert (found.encoding, found.units, found.segments, found.left) == (Encoding.GSM_7, units, segments, left)


@pytest.mark.parametrize(
    ("text", "segments", "forcing"),
    [
        ("á" + "a" * 69, 1, ("á",)),
        ("á" + "a" * 70, 2, ("á",)),
        ("ó, ç y ó", 1, ("ó", "ç")),
        ("🙂" * 35, 1, ("🙂",)),
        ("🙂" * 36, 2, ("🙂",)),
    ],
)
def test_one_other_character_makes_it_ucs_2_and_is_named(text: str, segments: int, forcing: tuple[str, ...]) -> None:
    found = measure(text)
    assert (found.encoding, found.segments, found.forcing) == (Encoding.UCS_2, segments, forcing)


@given(GSM_TEXT)
def test_gsm_text_is_never_ucs_2_and_its_segments_hold_it(text: str) -> None:
    found = measure(text)
    assert found.encoding is Encoding.GSM_7 and found.forcing == ()
    assert found.units == len(text) + sum(char in GSM_7_EXTENSION for char in text)
    room = found.segments * (160 if found.segments < 2 else 153)
    parted = found.segments - 1 if found.segments > 1 else 0
    assert found.segments == 0 or 0 <= room - found.left - found.units <= parted


@given(st.text(st.characters(codec="utf-8"), max_size=300), st.characters(codec="utf-8"))
def test_one_more_character_never_makes_it_shorter(text: str, more: str) -> None:
    before, after = measure(text), measure(text + more)
    assert after.segments >= before.segments
    assert 0 <= after.left <= 160
    assert set(after.forcing) >= set(before.forcing)
