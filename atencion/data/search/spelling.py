"""How Spanish words are misheard and mistyped: a key that words of the same sound share, and the gaps by which a word
and its misspellings meet.

Two words one edit apart (a letter more, less or changed, or two neighbours swapped) share a word with one letter left
out; two edits apart, one with two left out. So every known word is kept under what is left of it, and a misspelt word
is looked up under what is left of that: no list of words is ever walked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from zlib import crc32

LONG = 7
"""Letters of a key from which two errors are looked for. Gaps are taken from that many first letters."""

SHORT = 3
"""Letters of a word from which errors are looked for at all, beside those of sound."""


@lru_cache(maxsize=8192)
def sound_key(word: str) -> str:
    """What a folded word sounds like; words that sound alike have the same key.

    As Spanish is confused: b/v, silent h, ll/y/i, g/j/x, c/s/z, qu/k, m/n before p and b, double letters.
    """
    if not word.isascii():
        return word
    key = _DIGRAPHS.sub(lambda match: _SOUNDS[match[0]], word)
    key = _BEFORE_FRONT.sub(lambda match: "j" if match[0] == "g" else "s", key).translate(_LETTERS)
    return _DOUBLED.sub(r"\1", _NASAL.sub("n", key)) or word


def gaps(word: str) -> set[int]:
    """The marks under which a folded word is kept: of its letters and of its sound with up to one left out, and with
    two if it is long.
    """
    key = sound_key(word)
    found = _marks(word, 1) | _marks(key, 2 if len(key) >= LONG else 1)
    return found


def near_gaps(word: str) -> set[int]:
    """The marks that a word shares with those of the same sound or one error away."""
    return _marks(word, 1) | _marks(sound_key(word), 1)


def far_gaps(word: str) -> set[int]:
    """The marks that a long word shares with those two errors away; none for a word that is not long."""
    key = sound_key(word)
    return _marks(key, 2) if len(key) >= LONG else set()


_SOUNDS = {
    "ch": "C", "tx": "C", "sh": "s", "ph": "f", "ll": "i", "ny": "n", "qu": "k", "gue": "Ge", "gui": "Gi", "tz": "s",
    "ts": "s", "sce": "se", "sci": "si", "xce": "se", "xci": "si",
}  # fmt: skip
_DIGRAPHS = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_BEFORE_FRONT = re.compile(r"[cg](?=[eiy])")
_LETTERS = str.maketrans({"v": "b", "w": "b", "z": "s", "c": "k", "q": "k", "x": "j", "y": "i", "G": "g", "h": ""})
_NASAL = re.compile(r"m(?=[bp])")
_DOUBLED = re.compile(r"(.)\1+")


def _marks(word: str, letters: int) -> set[int]:
    """Of what is left of the beginning of a word without up to so many letters."""
    left = {word[:LONG]}
    found = set(left)
    for _ in range(letters):
        left = {shorter for one in left for shorter in _without_one(one)}
        found |= left
    return {crc32(one.encode()) for one in found}


def _without_one(word: str) -> Iterator[str]:
    if len(word) < SHORT:
        return
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
