"""How well an article answers a question, on either engine: this alone makes the order.

An article counts for each thing asked for that it has: more for what few articles are about, more in its title and in
what customers call it than in its body, more for the very word than for another form of it, and more the greater part
of the question it covers. A title, or one of the ways
that customers say it, that is nearly the question itself weighs most.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from atencion.data.article_question import Question
from atencion.data.article_vocabulary import Vocabulary
from atencion.data.stems import content_form, stem, stem_of
from atencion.text import clean_line, fold_words

_TITLE, _SYNONYMS, _TAGS, _SAY, _BODY = 6.0, 4.5, 1.2, 0.5, 0.45
_HALF = 4.5
"""The weight of parts that gives half of what a term is worth."""
_MOST_IN_BODY = 4
_OTHER_FORM = 0.2
"""The part of a weight that another form of the word said has: `cuento` and `cuenta` share a stem, and little else."""
_COVERED = 0.4
_ALIKE = 2.0
_USE = 0.04
"""How much what other calls made of an article may move it: gentle, never more than a tenth."""

_LOOKED_AT_CLOSELY = 60
"""Articles whose likeness is looked at, for it costs as much as the rest; the others stay behind them."""

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


def rank(
    lines: Sequence[str], question: Question, vocabulary: Vocabulary, uses: Sequence[Use]
) -> list[tuple[float, int]]:
    """How well each article, given by its line, answers, with its place in `lines`; the best first, then as they came.

    Those that have nothing of the question are left out.
    """

    def best_first(one: tuple[float, int]) -> tuple[float, int]:
        points, at = one
        return -points, at

    rough = sorted(
        ((points, at) for at, line in enumerate(lines) if (points := _points(line, question))), key=best_first
    )
    found = [
        (points * (1 + _ALIKE * _likeness(lines[at], question, vocabulary)) * _prior(uses[at]), at)
        for points, at in rough[:_LOOKED_AT_CLOSELY]
    ]
    return sorted(found + rough[_LOOKED_AT_CLOSELY:], key=best_first)


def has_what_it_must(line: str, question: Question) -> bool:
    """Whether an article has every phrase asked for and nothing that was left out."""
    return all(phrase.in_line.search(line) is not None for phrase in question.phrases) and not any(
        f" {excluded}/" in line for excluded in question.excluded
    )


def _points(line: str, question: Question) -> float:
    title, synonyms, tags, say, body = line.split("|")
    total = covered = points = 0.0
    for term in question.terms:
        total += term.worth
        best = 0.0
        very_word = f" {content_form(term.said)} "
        for each, share in term.stems.items():
            begun = f" {each}/"
            if begun not in line:
                continue
            form = very_word if very_word.startswith(begun) else begun
            weight = _TITLE * _has(title, begun, form) + _SYNONYMS * _has(synonyms, begun, form)
            weight += _TAGS * _has(tags, begun, form) + _SAY * _has(say, begun, form)
            weight += _BODY * min(body.count(begun), _MOST_IN_BODY) * _has(body, begun, form)
            best = max(best, share * weight / (weight + _HALF))
        if best:
            covered += term.worth
            points += term.worth * best
    if not points:
        return 0.0
    return points * (1 - _COVERED + _COVERED * covered / total)


def _has(part: str, begun: str, form: str) -> float:
    if form in part:
        return 1.0
    return _OTHER_FORM if begun in part else 0.0


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
# A link does not lead into another: to look past all that begin for an end takes the square of their number.
_MARKDOWN = re.compile(r"\]\((?:(?!\]\()[^)])*\)|\*\*|[`\[\]]")
_WORD = re.compile(r"[^\W_]+")


def _likeness(line: str, question: Question, vocabulary: Vocabulary) -> float:
    """How near the question is to the title, or to the way of saying it that is nearest: 1 if it is the same."""
    title, synonyms, _rest = line.split("|", 2)
    total = sum(term.worth for term in question.terms)
    nearest = 0.0
    for phrase in (title, *synonyms.split(";")):
        stems = set(map(stem_of, phrase.split()))
        common = sum(term.worth for term in question.terms if not stems.isdisjoint(term.stems))
        if common:
            whole = sum(vocabulary.worth(each) for each in stems)
            nearest = max(nearest, 2 * common / (whole + total))
    return min(nearest, 1.0)


def _prior(use: Use) -> float:
    """A gentle word of the calls before this one."""
    liked = (use.useful - 2 * use.wrong) / (use.useful + use.wrong + 5)
    return 1 + _USE * (min(use.told, 50) / 50) + _USE * max(-1.5, liked)
