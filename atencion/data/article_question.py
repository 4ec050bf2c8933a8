"""A question as the customer says it, read as what an article must have to answer it.

me han cobrado dos veces la luz      words, in any order, any of them
"corte programado"                   these words, one after the other
luz -gas                             without this word
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from atencion.data.article_vocabulary import Vocabulary
from atencion.data.stems import LONGEST_WORD, STOP_WORDS, stem
from atencion.data.stems import stems as stems_of
from atencion.text import clean_line, fold_words

LONGEST_QUESTION = 500
MOST_TERMS = 24
MOST_COMPLETIONS = 8
SHORTEST_BEGINNING = 2

_ALIKE, _MEANT, _ENDED, _PART_OF_PHRASE = 0.4, 0.85, 0.8, 0.65


@dataclass(frozen=True, slots=True)
class Term:
    """One thing asked for: any of these stems, each with how fully it stands for what was said (1 is the word itself).

    `worth` is how much it tells one article from another; `said` the very word, empty if it is not one of a text.
    """

    stems: dict[str, float]
    worth: float
    said: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """A word that no article has, and the one it was taken for."""

    typed: str
    used: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that go one after the other, by their stems."""

    stems: tuple[str, ...]
    in_line: re.Pattern[str]
    """Finds it in the line of an article."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. An article must have the `phrases`; `excluded` are the stems that it must not have."""

    terms: tuple[Term, ...]
    phrases: tuple[Phrase, ...] = ()
    excluded: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()


def read_question(text: str, vocabulary: Vocabulary) -> Question:
    """The question that `text` asks. Its last word may still be being typed: what it may become counts as well."""
    text = clean_line(text, LONGEST_QUESTION)
    excluded = tuple(stem(word) for match in _EXCLUDED.findall(text) for word in fold_words(match))
    asked = _EXCLUDED.sub(" ", text)
    phrases = tuple(_phrase(told) for quoted in _QUOTED.findall(asked) if (told := stems_of(quoted)))
    words = [word[:LONGEST_WORD] for word in fold_words(asked)]
    open_word = len(words) - 1 if text and text[-1].isalnum() and asked.endswith(text[-1]) else -1
    terms: list[Term] = []
    corrections: list[Correction] = []
    parts_of_phrases, said = _said_otherwise(words, vocabulary)
    terms += said
    seen: set[str] = set()
    for number, word in enumerate(words[: 4 * MOST_TERMS]):
        if word in STOP_WORDS or word in seen:
            continue
        seen.add(word)
        share = _PART_OF_PHRASE if number in parts_of_phrases else 1.0
        term, correction = _term(word, vocabulary, is_open=number == open_word, share=share)
        terms += [term] if term else []
        corrections += [correction] if correction else []
    terms.sort(key=lambda term: -term.worth)
    return Question(tuple(_merged(terms))[:MOST_TERMS], phrases, excluded, tuple(corrections))


_QUOTED = re.compile(r'["“«]([^"”»]{2,120})["”»]')
_EXCLUDED = re.compile(r"(?<!\S)-([^\W\d_]\w*)")


def _phrase(stems: list[str]) -> Phrase:
    return Phrase(tuple(stems), re.compile(" " + " ".join(rf"{re.escape(one)}/\S*" for one in stems) + " "))


def _term(word: str, vocabulary: Vocabulary, *, is_open: bool, share: float) -> tuple[Term | None, Correction | None]:
    stems, said = ({stem(word): 1.0}, word) if vocabulary.knows(word) else ({}, "")
    if is_open and len(word) >= SHORTEST_BEGINNING:
        for ending in vocabulary.completions(word, MOST_COMPLETIONS):
            stems.setdefault(ending, _ENDED)
    correction = None
    if not stems:
        meant = vocabulary.nearest(word)
        if meant is None:
            return None, None
        correction = Correction(word, meant)
        stems[stem(meant)], said = _MEANT, meant
    alike = {one: _ALIKE for own in list(stems)[:1] for other in vocabulary.means((own,)) for one in _content(other)}
    stems = {**alike, **stems}
    own = max(stems, key=lambda one: stems[one])
    return Term(stems, vocabulary.worth(own) * share, said), correction


def _said_otherwise(words: list[str], vocabulary: Vocabulary) -> tuple[set[int], list[Term]]:
    """The phrases of several words that the house says otherwise: the places of their words, and what they mean."""
    stemmed = [stem(word) for word in words]
    places: set[int] = set()
    terms: list[Term] = []
    for start, length in _windows(len(words), vocabulary.longest_phrase):
        meant = vocabulary.means(tuple(stemmed[start : start + length]))
        stems = {one: 1.0 for other in meant for one in _content(other) if vocabulary.frequency(one)}
        if stems:
            places.update(range(start, start + length))
            own = max(stems, key=vocabulary.worth)
            terms.append(Term(stems, vocabulary.worth(own)))
    return places, terms


def _windows(words: int, longest: int) -> Iterator[tuple[int, int]]:
    for length in range(longest, 1, -1):
        for start in range(words - length + 1):
            yield start, length


def _content(phrase: tuple[str, ...]) -> tuple[str, ...]:
    """What of another way of saying counts as the same: a word alone; of a phrase nothing, its words mean less."""
    return phrase if len(phrase) == 1 else ()


def _merged(terms: list[Term]) -> Iterator[Term]:
    """Without those that ask again for what another asks for already."""
    asked: set[str] = set()
    for term in terms:
        own = {one for one, share in term.stems.items() if share == max(term.stems.values())}
        if not own <= asked:
            asked |= own
            yield term
