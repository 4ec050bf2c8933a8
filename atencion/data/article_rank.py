"""How well an article answers a question, on either engine: this alone makes the order.

An article counts for each thing asked for that it has: more for what few articles have, more in its title and in what
customers call it than in its body, and more the greater part of the question it covers. A title, or one of the ways
that customers say it, that is nearly the question itself weighs most.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from atencion.data.article_question import Question, Term
from atencion.data.article_vocabulary import Vocabulary
from atencion.data.stems import stem
from atencion.text import clean_line, fold_words

_TITLE, _SYNONYMS, _TAGS, _SAY, _BODY = 6.0, 4.5, 1.2, 0.5, 0.45
_HALF = 4.5
"""The weight of parts that gives half of what a term is worth."""
_MOST_IN_BODY = 4
_COVERED = 0.4
_ALIKE = 2.0
_USE = 0.04
"""How much what other calls made of an article may move it: gentle, never more than a tenth."""

LONGEST_PASSAGE = 240


@dataclass(frozen=True, slots=True)
class Use:
    """What other calls made of an article: `told` counts lately, `useful` and `wrong` are what agents said of it."""

    told: int = 0
    useful: int = 0
    wrong: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """The part of an article nearest to the question; `marks` are (start, end) of the words that match in it."""

    text: str
    marks: tuple[tuple[int, int], ...]


NO_USE = Use()


def score(line: str, question: Question, vocabulary: Vocabulary, use: Use = NO_USE) -> float:
    """How well the article whose indexed parts are `line` answers; 0 if it has nothing, or what it must not have."""
    title, synonyms, tags, say, body = line.split("|")
    for excluded in question.excluded:
        if f" {excluded} " in line:
            return 0.0
    for phrase in question.phrases:
        if f" {phrase} " not in line:
            return 0.0
    total = covered = points = 0.0
    for term in question.terms:
        total += term.worth
        best = 0.0
        for each, share in term.stems.items():
            spaced = f" {each} "
            if spaced not in line:
                continue
            weight = (_TITLE if spaced in title else 0.0) + (_SYNONYMS if spaced in synonyms else 0.0)
            weight += (_TAGS if spaced in tags else 0.0) + (_SAY if spaced in say else 0.0)
            weight += _BODY * min(body.count(spaced), _MOST_IN_BODY)
            best = max(best, share * weight / (weight + _HALF))
        if best:
            covered += term.worth
            points += term.worth * best
    if not points:
        return 0.0
    alike = _likeness(f"{title};{synonyms}", question.terms, total, vocabulary)
    return points * (1 - _COVERED + _COVERED * covered / total) * (1 + _ALIKE * alike) * _prior(use)


def best_passage(text: str, question: Question) -> Passage | None:
    """The sentence of `text` with most of what is asked; None if none has anything of it."""
    worth = {each: term.worth * share for term in question.terms for each, share in term.stems.items()}
    best, most = None, 0.0
    for sentence in _SENTENCES.split(_MARKDOWN.sub("", text)):
        found = {stem(word) for word in fold_words(sentence)}
        value = sum(worth[each] for each in found if each in worth)
        if value > most:
            best, most = sentence, value
    if best is None:
        return None
    shown = clean_line(best.lstrip("#-*|0123456789. "), LONGEST_PASSAGE)
    marks = [match.span() for match in _WORD.finditer(shown) if any(stem(one) in worth for one in fold_words(match[0]))]
    return Passage(shown, tuple(marks))


_SENTENCES = re.compile(r"(?<=[.!?])\s+|\n+")
_MARKDOWN = re.compile(r"\]\([^)]*\)|\*\*|[`\[\]]")
_WORD = re.compile(r"[^\W_]+")


def _likeness(parts: str, terms: tuple[Term, ...], total: float, vocabulary: Vocabulary) -> float:
    """How near the question is to the title, or to the way of saying it that is nearest: 1 if it is the same."""
    nearest = 0.0
    for phrase in parts.split(";"):
        stems = set(phrase.split())
        if not stems:
            continue
        common = sum(term.worth for term in terms if not stems.isdisjoint(term.stems))
        if common:
            whole = sum(vocabulary.worth(each) for each in stems)
            nearest = max(nearest, 2 * common / (whole + total))
    return min(nearest, 1.0)


def _prior(use: Use) -> float:
    """A gentle word of the calls before this one."""
    liked = (use.useful - 2 * use.wrong) / (use.useful + use.wrong + 5)
    return 1 + _USE * (min(use.told, 50) / 50) + _USE * max(-1.5, liked)
