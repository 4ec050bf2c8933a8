"""What an article is found by: the stems of each of its parts, in order, and the words they were made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from atencion.data.stems import LONGEST_WORD, STOP_WORDS, stem
from atencion.text import fold_words

MOST_WORDS = 3_000
"""Words of a part that are indexed; no article worth reading aloud has more."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of an article as they are indexed, each its stems between spaces, phrases parted by ` ; `.

    Written that way, whether a stem or a phrase is in a part is one search of text.
    """

    title: str
    synonyms: str
    tags: str
    say: str
    body: str

    @property
    def line(self) -> str:
        """All of it as the store keeps it."""
        return "|".join((self.title, self.synonyms, self.tags, self.say, self.body))

    @property
    def strong(self) -> str:
        """The stems of all but the body, each once."""
        return " ".join(dict.fromkeys(f"{self.title}{self.synonyms}{self.tags}{self.say}".replace(";", "").split()))

    @property
    def weak(self) -> str:
        """The stems of the body, each once."""
        return " ".join(dict.fromkeys(self.body.split()))


def parts_of_line(line: str) -> Parts:
    """The parts back from `line`."""
    return Parts(*line.split("|"))


def parts(title: str, synonyms: Sequence[str], tags: Sequence[str], say: str, body: str) -> Parts:
    """The parts of an article from what is written in it."""
    return Parts(_part([title]), _part(synonyms), _part(tags), _part([_plain(say)]), _part([_plain(body)]))


def words(title: str, synonyms: Sequence[str], tags: Sequence[str], say: str, body: str) -> set[str]:
    """The folded words of an article, without those that say nothing."""
    text = " ".join((title, *synonyms, *tags, _plain(say), _plain(body)))
    return {word[:LONGEST_WORD] for word in fold_words(text)[: 5 * MOST_WORDS] if word not in STOP_WORDS}


def _part(phrases: Iterable[str]) -> str:
    lists = ([stem(word) for word in fold_words(text)[:MOST_WORDS] if word not in STOP_WORDS] for text in phrases)
    return f" {' ; '.join(' '.join(each) for each in lists if each)} "


_MARKS = re.compile(r"\]\([^)]*\)|\{\{[^}]*\}\}|[#*_`>|\[\]]")


def _plain(markdown: str) -> str:
    """Without what is not read aloud: where links lead, variables, marks."""
    return _MARKS.sub(" ", markdown)
