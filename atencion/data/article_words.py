"""What an article is found by: the words of each of its parts, in order, each as its form: its stem and its ending."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from atencion.data.stems import content_form
from atencion.text import fold_words

MOST_WORDS = 3_000
"""Words of a part that are indexed; no article worth reading aloud has more."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """What a store keeps of an article to find it by.

    `line` is its parts, title, synonyms, tags, what to say and the rest, parted by `|`; a part is its words, without
    those that say nothing, as their forms between spaces, phrases parted by ` ; `. `forms` are all of them, and `about`
    those of the first three, which say what it is about.
    """

    line: str
    forms: set[str]
    about: set[str]


def read(title: str, synonyms: Sequence[str], tags: Sequence[str], say: str, body: str) -> Indexed:
    """An article as it is found, from what is written in it."""
    forms_about, forms_said = set[str](), set[str]()
    about = [_part(phrases, forms_about) for phrases in ([title], synonyms, tags)]
    said = [_part([_plain(text)], forms_said) for text in (say, body)]
    return Indexed("|".join((*about, *said)), forms_about | forms_said, forms_about)


def _part(phrases: Iterable[str], forms: set[str]) -> str:
    lines = []
    for text in phrases:
        told = list(filter(None, map(content_form, fold_words(text)[:MOST_WORDS])))
        if told:
            forms.update(told)
            lines.append(" ".join(told))
    return f" {' ; '.join(lines)} "


# None holds the beginning of another: to look past those for an end that is missing takes the square of their number.
_NOT_READ = re.compile(r"\]\((?:(?!\]\()[^)])*\)|\{\{[^{}]*\}\}")


def _plain(markdown: str) -> str:
    """Without what is not read aloud: where links lead, variables. Marks are no words anyway."""
    return _NOT_READ.sub(" ", markdown) if "](" in markdown or "{{" in markdown else markdown
