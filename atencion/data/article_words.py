"""What an article is found by: the words of each of its parts, in order, each as its stem and its ending."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from atencion.data.stems import LONGEST_WORD, STOP_WORDS, content_form
from atencion.text import fold_words

MOST_WORDS = 3_000
"""Words of a part that are indexed; no article worth reading aloud has more."""

ABOUT = "="
"""What ends the stem of a word that says what an article is about, in SQLite's index."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """What a store keeps of an article to find it by.

    `line` is its parts, title, synonyms, tags, what to say and the rest, parted by `|`; a part is its words as
    `stem/ending` between spaces, phrases parted by ` ; `. The first three say what it is about: `about` are their stems
    and `forms` their words as in `line`, each once. `stems` are all of them; `words` its folded words that say
    something, and `words_about` those of the first three.
    """

    line: str
    stems: Collection[str]
    about: Collection[str]
    forms: Collection[str]
    words: Collection[str]
    words_about: Collection[str]


def read(title: str, synonyms: Sequence[str], tags: Sequence[str], say: str, body: str) -> Indexed:
    """An article as it is found, from what is written in it."""
    about, words_about = _parts([title], synonyms, tags)
    said, words_said = _parts([_plain(say)], [_plain(body)])
    forms = _forms(about)
    stems = _stems(forms)
    return Indexed(
        line="|".join((*about, *said)),
        stems=stems | _stems(_forms(said)),
        about=stems,
        forms=forms,
        words=words_about | words_said,
        words_about=words_about,
    )


def _parts(*parts: Iterable[str]) -> tuple[list[str], set[str]]:
    lines, words = [], set[str]()
    for phrases in parts:
        forms = []
        for text in phrases:
            told = fold_words(text)[:MOST_WORDS]
            words.update(told)
            forms.append(" ".join(filter(None, map(content_form, told))))
        lines.append(f" {' ; '.join(filter(None, forms))} ")
    return lines, {word[:LONGEST_WORD] for word in words - STOP_WORDS}


def _forms(parts: Iterable[str]) -> dict[str, None]:
    """Those of some parts, each once, in their order."""
    forms = dict.fromkeys(" ".join(parts).split())
    forms.pop(";", None)
    return forms


def _stems(forms: Iterable[str]) -> dict[str, None]:
    return dict.fromkeys(form[: form.index("/")] for form in forms)


_NOT_READ = re.compile(r"\]\([^)]*\)|\{\{[^}]*\}\}")


def _plain(markdown: str) -> str:
    """Without what is not read aloud: where links lead, variables. Marks are no words anyway."""
    return _NOT_READ.sub(" ", markdown) if "](" in markdown or "{{" in markdown else markdown
