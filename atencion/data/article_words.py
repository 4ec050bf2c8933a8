"""What an article is found by: the stems of each of its parts, in order, and the words they were made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from atencion.data.stems import LONGEST_WORD, STOP_WORDS, content_stem
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
        """The stems of what says what the article is about, each once."""
        return " ".join(dict.fromkeys(f"{self.title}{self.synonyms}{self.tags}".replace(";", "").split()))

    @property
    def weak(self) -> str:
        """The stems of what it says, each once."""
        return " ".join(dict.fromkeys(f"{self.say}{self.body}".split()))


def parts_of_line(line: str) -> Parts:
    """The parts back from `line`."""
    return Parts(*line.split("|"))


def read(title: str, synonyms: Sequence[str], tags: Sequence[str], say: str, body: str) -> tuple[Parts, set[str]]:
    """The parts of an article from what is written in it, and its folded words without those that say nothing."""
    words: set[str] = set()

    def part(phrases: Iterable[str]) -> str:
        lists = []
        for text in phrases:
            told = fold_words(text)[:MOST_WORDS]
            words.update(told)
            lists.append(" ".join(filter(None, map(content_stem, told))))
        return f" {' ; '.join(filter(None, lists))} "

    found = Parts(part([title]), part(synonyms), part(tags), part([_plain(say)]), part([_plain(body)]))
    return found, {word[:LONGEST_WORD] for word in words - STOP_WORDS}


_NOT_READ = re.compile(r"\]\([^)]*\)|\{\{[^}]*\}\}")


def _plain(markdown: str) -> str:
    """Without what is not read aloud: where links lead, variables. Marks are no words anyway."""
    return _NOT_READ.sub(" ", markdown) if "](" in markdown or "{{" in markdown else markdown
