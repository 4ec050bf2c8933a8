"""The words there are in names and addresses: how often each was seen, what a beginning may become, and which words a
misspelt one may stand for.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from atencion.data.connection import Connection
from atencion.data.search.spelling import LONG, SHORT, far_gaps, near_gaps, sound_key
from atencion.data.sql import Statement

if TYPE_CHECKING:
    from collections.abc import Iterable

COMPLETIONS = 60
"""Words that a beginning may become, the most seen first."""

ALIKE = 64
"""Words that a misspelt one may stand for, the nearest first."""


class Likeness(IntEnum):
    """How near a word of a name is to one that was typed, the nearest first."""

    SAME = 0
    BEGINS = 1
    SOUNDS = 2
    NEAR = 3
    """One error away."""
    FAR = 4
    """Two errors away, in a long word."""


def seen(connection: Connection, words: Sequence[str]) -> dict[str, int]:
    """How often each of these words was written; those that never were are left out."""
    return dict(_SEEN.send(connection, words=list(words)).fetchall())


def completions(connection: Connection, beginning: str) -> list[str]:
    """Words that begin so, the most seen first."""
    rows = _COMPLETIONS.send(connection, low=beginning, high=beginning + LAST, limit=COMPLETIONS).fetchall()
    return [row[0] for row in rows]


def alike(connection: Connection, word: str) -> dict[str, Likeness]:
    """Words of names that are spelled otherwise and may be meant, the nearest first."""
    likeness = _judge(word, _near(connection, near_gaps(word)))
    # Two errors make many words of few: they are looked for only where one error explains nothing that is in use.
    if len(likeness) < ENOUGH_ALIKE and (far := far_gaps(word)):
        likeness = _judge(word, _near(connection, far))
    return likeness


@lru_cache(maxsize=16_384)
def likeness_of(typed: str, word: str) -> Likeness | None:
    """How near a word is to what was typed; None if it is another."""
    from rapidfuzz.distance import OSA

    if typed == word:
        return Likeness.SAME
    key, its_key = sound_key(typed), sound_key(word)
    if key == its_key:
        return Likeness.SOUNDS
    if len(word) < SHORT or len(typed) < SHORT:
        return None
    longest = 2 if len(key) >= LONG else 1
    errors = OSA.distance(typed, word, score_cutoff=longest)
    if errors > 1:
        errors = min(errors, OSA.distance(key, its_key, score_cutoff=longest))
    if errors > longest:
        return None
    return Likeness.NEAR if errors <= 1 else Likeness.FAR


LAST = "\U0010fffd"
"""Sorts after any character that a text can begin with."""

ENOUGH_ALIKE = 3


def _near(connection: Connection, gaps: Iterable[int]) -> list[tuple[str, int]]:
    rows: list[tuple[str, int]] = _NEAR.send(connection, gaps=sorted(gaps)).fetchall()
    return rows


def _judge(typed: str, words: Iterable[tuple[str, int]]) -> dict[str, Likeness]:
    """Which of these words, each with how often it was seen, may have been meant by what was typed."""
    judged = ((likeness_of(typed, word), -times, word) for word, times in words if word != typed)
    found = sorted((likeness, times, word) for likeness, times, word in judged if likeness is not None)
    return {word: likeness for likeness, _times, word in found[:ALIKE]}


_SEEN = Statement("SELECT word, seen FROM search_word WHERE word IN @words")
_COMPLETIONS = Statement(
    "SELECT word FROM search_word WHERE word >= :low AND word < :high ORDER BY seen DESC, word LIMIT :limit"
)
_NEAR = Statement(
    """
    SELECT w.word, w.seen FROM (SELECT DISTINCT word FROM search_gap WHERE gap IN @gaps) g
    JOIN search_word w ON w.word = g.word
    """
)
