"""The words of all the articles: how many have each, what a beginning may become, what a slip of the keys meant."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence

from atencion.data.stems import stem
from atencion.text import fold_words

SHORTEST_CORRECTED = 4
"""Letters of the shortest word that is corrected: a shorter one is one slip away from too many."""

Meanings = tuple[tuple[str, ...], ...]


class Vocabulary:
    """What is known of the words of a store's articles at one moment.

    `entries` are (word, its stem, articles that have it, those that are about it: that have it in their title, their
    tags or in what customers call them); `groups` the house's own lists of words and phrases that mean the same.
    """

    def __init__(
        self, total: int, entries: Iterable[tuple[str, str, int, int]], groups: Iterable[Sequence[str]]
    ) -> None:
        self.total = total
        self._articles: dict[str, int] = {}
        self._stem: dict[str, str] = {}
        self._frequency: dict[str, int] = defaultdict(int)
        self._about: dict[str, int] = defaultdict(int)
        self._about_word: dict[str, int] = {}
        self._worth: dict[str, float] = {}
        self._alike: dict[tuple[int, str], list[str]] = defaultdict(list)
        for word, its_stem, articles, about in entries:
            self._articles[word] = articles
            self._stem[word] = its_stem
            self._frequency[its_stem] += articles
            self._about[its_stem] += about
            self._about_word[word] = about
            if word.isalpha() and len(word) >= SHORTEST_CORRECTED - 1:
                self._alike[len(word), sound_of(word[:2])[:1]].append(word)
        self._ordered = sorted(self._articles)
        self._means = _meanings(groups)
        self.longest_phrase = max(map(len, self._means), default=1)

    def frequency(self, its_stem: str) -> int:
        """In how many articles a stem is, never less than the truth: its words are counted each for itself."""
        return min(self._frequency.get(its_stem, 0), self.total)

    def about(self, its_stem: str) -> int:
        """How many articles have a stem where they say what they are about, never less than the truth."""
        return min(self._about.get(its_stem, 0), self.total)

    def about_word(self, word: str) -> int:
        """How many have a folded word there."""
        return self._about_word.get(word, 0)

    def worth(self, its_stem: str) -> float:
        """How much a stem tells one article from another: the root of how few are about it.

        The root, because the rarest word of a question in plain speech is often the one that matters least; and those
        that are about it, because `luz` tells apart in a title what it does not in a text.
        """
        if its_stem not in self._worth:
            about = self.about(its_stem)
            self._worth[its_stem] = math.sqrt(math.log(1 + (self.total + 0.5) / (about + 0.5)))
        return self._worth[its_stem]

    def knows(self, word: str) -> bool:
        """Whether some article has this folded word, or another of its stem."""
        return word in self._articles or self._frequency.get(stem(word), 0) > 0

    def means(self, phrase: tuple[str, ...]) -> Meanings:
        """What else, as stems, means the same in this house as a phrase given as the stems of all its words."""
        return self._means.get(phrase, ())

    def completions(self, beginning: str, limit: int) -> list[str]:
        """The stems of the words that begin so, the commonest first, the beginning itself left out."""
        at = bisect_left(self._ordered, beginning)
        found: dict[str, int] = defaultdict(int)
        for word in self._ordered[at : at + _MOST_COMPLETIONS]:
            if not word.startswith(beginning):
                break
            if word != beginning:
                found[self._stem[word]] += self._articles[word]
        return sorted(found, key=lambda its_stem: (-found[its_stem], its_stem))[:limit]

    def nearest(self, word: str) -> str | None:
        """The word that was meant by one that no article has; None if none is near enough.

        One slip (a letter too many, too few, another one or two swapped), or two in a word of eight letters or more;
        in a word that begins with the sound of the first or the second letter.
        """
        if len(word) < SHORTEST_CORRECTED or not word.isalpha():
            return None
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        sound = sound_of(word)
        for slips in (1, 2) if len(word) >= _TWO_SLIPS else (1,):
            near = [
                other
                for length in range(len(word) - slips, len(word) + slips + 1)
                for beginning in dict.fromkeys((sound[:1], sound[1:2]))
                for other, _distance, _at in process.extract(
                    word, self._alike.get((length, beginning), ()), scorer=OSA.distance, score_cutoff=slips, limit=20
                )
                if len(other) >= SHORTEST_CORRECTED
            ]
            if near:
                return min(
                    near,
                    key=lambda other: (sound_of(other) != sound, other[0] != word[0], -self._articles[other], other),
                )
        return None


_MOST_COMPLETIONS = 400
_TWO_SLIPS = 8


def sound_of(word: str) -> str:
    """How a folded Spanish word sounds: what sounds alike is equal, as b and v, ll and y, c, s and z are."""
    for written, heard in _SOUNDS:
        word = word.replace(written, heard)
    return word


_SOUNDS = (
    ("x", "s"), ("ch", "x"), ("h", ""), ("v", "b"), ("w", "b"), ("ll", "y"), ("ce", "se"), ("ci", "si"), ("z", "s"),
    ("ge", "je"), ("gi", "ji"), ("gue", "ge"), ("gui", "gi"), ("qu", "k"), ("c", "k"),
)  # fmt: skip


def _meanings(groups: Iterable[Sequence[str]]) -> dict[tuple[str, ...], Meanings]:
    found: dict[tuple[str, ...], Meanings] = {}
    for group in groups:
        phrases = list(dict.fromkeys(tuple(stem(word) for word in fold_words(phrase)) for phrase in group))
        for phrase in filter(None, phrases):
            others = tuple(other for other in phrases if other and other != phrase)
            found[phrase] = tuple(dict.fromkeys((*found.get(phrase, ()), *others)))
    return found
