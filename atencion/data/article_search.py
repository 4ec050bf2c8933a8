"""Finding the articles that may answer a question in plain speech.

Each engine's own index tells which articles have a word, and nothing more; the candidates are chosen and `article_rank`
makes the order here, so that both are the same on either engine.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from atencion.data.article_question import Correction, Question, read_question
from atencion.data.article_rank import Passage, Use, best_passage, has_what_it_must, rank
from atencion.data.article_vocabulary import Vocabulary
from atencion.data.articles import ArticleRecord, Validity, get_articles, validity_on, vocabulary
from atencion.data.connection import Connection
from atencion.data.sql import Statement, day_or_none
from atencion.data.stems import content_form

CANDIDATES = 100
"""Articles that hold that are ranked, and at most as many of those that do not."""

MOST_READ = 6_000
"""Entries of the index that are read, at most, to choose the candidates of a question."""

NEAR_THE_BEST = 0.3
"""Part of the best score from which an article that the step keeps at hand comes before the others."""


OWN_PRODUCT = 1.2
"""What an article of a product that the customer has is worth beside another: enough to part two that answer alike."""


@dataclass(frozen=True)
class FoundArticle:
    """An article that may answer a question; `score` only orders. `of_own_product`: the customer has what it is of."""

    article: ArticleRecord
    validity: Validity
    score: float
    question: Question
    of_own_product: bool = False

    def passage(self) -> Passage | None:
        """The part nearest to the question; None if only its title or its tags have anything of it."""
        return best_passage(f"{self.article.say}\n{self.article.body}", self.question)


@dataclass(frozen=True)
class Search:
    """What was found, and the words that were taken for others to find it."""

    found: tuple[FoundArticle, ...]
    corrections: tuple[Correction, ...] = ()


def search_articles(
    connection: Connection,
    query: str,
    *,
    on: date,
    channel: str | None = None,
    reader: Collection[str] | None = None,
    at_hand: Sequence[str] = (),
    products: Collection[str] = (),
    limit: int = 10,
) -> Search:
    """The published articles that may answer `query`, the likeliest first; those that do not hold on that day, last.

    `channel` leaves out the articles of other channels; `reader`, the role and the department of who asks, those that
    are for others. Those whose ids are `at_hand` come first if they answer nearly as well as the best; those of the
    `products` that the customer has (codes or families) before others that answer as well. A question of nothing but
    common words finds none.
    """
    known = vocabulary(connection)
    question = read_question(query, known)
    if not question.terms:
        return Search(())
    rows = _candidates(connection, question, known, on, channel, reader, at_hand)
    uses = [Use(row.told or 0, row.useful or 0, row.wrong or 0) for row in rows]
    own = {row.id for row in rows if _names(row.products, products)}
    ranked = [
        (points * (OWN_PRODUCT if rows[at].id in own else 1), rows[at].id, _validity(rows[at], on))
        for points, at in rank([row.words for row in rows], question, known, uses)
    ]
    least = NEAR_THE_BEST * max((points for points, _id, _validity in ranked), default=0.0)
    hand = set(at_hand)

    def order(one: tuple[float, str, Validity]) -> tuple[bool, bool, float, str]:
        points, article_id, validity = one
        return validity is not Validity.CURRENT, not (article_id in hand and points >= least), -points, article_id

    ranked = sorted(ranked, key=order)[:limit]
    articles = get_articles(connection, [article_id for _points, article_id, _validity in ranked])
    found = (
        FoundArticle(article, validity, points, question, article_id in own)
        for article, (points, article_id, validity) in zip(articles, ranked, strict=True)
    )
    return Search(tuple(found), question.corrections)


def _may_be_shown(row: Any, channel: str | None, reader: Collection[str] | None) -> bool:
    return (channel is None or _among(row.channels, (channel,))) and (reader is None or _among(row.audience, reader))


def _validity(row: Any, on: date) -> Validity:
    return validity_on(on, day_or_none(row.valid_from), day_or_none(row.valid_to))


def _among(stored: str, wanted: Collection[str]) -> bool:
    """Whether a stored list is empty or has one of these."""
    return stored == "[]" or _names(stored, wanted)


def _names(stored: str, wanted: Collection[str]) -> bool:
    """Whether a stored list has one of these."""
    return any(f'"{one}"' in stored for one in wanted)


@dataclass(frozen=True)
class _List:
    """A list of the index: the articles, so many at most, that have one of some tokens; `worth` to each of them.

    A token is a stem, which may be anywhere, or the form of a word in what an article is about, or its beginning.
    """

    tokens: tuple[str, ...]
    articles: int
    worth: float
    is_about: bool


def _candidates(
    connection: Connection,
    question: Question,
    known: Vocabulary,
    on: date,
    channel: str | None,
    reader: Collection[str] | None,
    at_hand: Sequence[str],
) -> list[Any]:
    """The articles worth ranking: those with most of what is asked, the very words of what they are about first.

    Those that hold that day and those that do not are counted apart: old prices do not crowd out today's.
    """
    if connection.dialect.name != "sqlite":
        _BY_INDEX.send(connection)
    points = _points(connection, question, known)
    best = [row.number for row in _HAND.run(connection, ids=list(at_hand))] if at_hand else []
    best += sorted(points.keys() - set(best), key=lambda number: (-points[number], number))
    hold: list[Any] = []
    others: list[Any] = []
    for first in range(0, len(best), CANDIDATES):
        for row in _SHOW.run(connection, numbers=best[first : first + CANDIDATES]):
            if _may_be_shown(row, channel, reader) and has_what_it_must(row.words, question):
                kept = hold if _validity(row, on) is Validity.CURRENT else others
                if len(kept) < CANDIDATES:
                    kept.append(row)
        if len(hold) >= CANDIDATES:
            break
    return hold + others


def _points(connection: Connection, question: Question, known: Vocabulary) -> dict[int, float]:
    """How much of what is asked each article has, by its number, as the index tells.

    What few articles have chooses among all of them; what too many have, only together with more of its kind, unless
    there is nothing else.
    """
    points: dict[int, float] = {}

    def give(lists: Sequence[_List]) -> None:
        for number in _have_all(connection, question, [one.tokens for one in lists]):
            points[number] = points.get(number, 0.0) + lists[0].worth

    left = MOST_READ
    too_long: list[_List] = []
    for one in sorted(_lists(question, known), key=lambda one: one.articles):
        if not one.articles:
            continue
        if one.articles <= left:
            left -= one.articles
            give([one])
        else:
            too_long.append(one)
    about, anywhere = ([one for one in too_long if one.is_about == is_about][:_TOGETHER] for is_about in (True, False))
    if about:
        give(about)
    if anywhere and len(points) < CANDIDATES:
        give(anywhere)
    if too_long and not points:
        give(too_long[:1])
    return points


_TOGETHER = 3
_VERY_WORD, _ABOUT, _ANYWHERE = 3.0, 1.0, 0.5
"""What a word of the question is worth to choose an article by: itself, or its stem, in what the article is about; or
its stem anywhere."""


def _lists(question: Question, known: Vocabulary) -> Iterator[_List]:
    for term in question.terms:
        if term.said:
            form = content_form(term.said)
            yield _List((form,), known.about_word(term.said), _VERY_WORD * term.worth, is_about=True)
        for share in set(term.stems.values()):
            stems = [stem for stem in term.stems if term.stems[stem] == share]
            about, anywhere = sum(map(known.about, stems)), sum(map(known.frequency, stems))
            yield _List(tuple(f"{stem}/" for stem in stems), about, _ABOUT * share * term.worth, is_about=True)
            yield _List(tuple(stems), anywhere, _ANYWHERE * share * term.worth, is_about=False)


def _have_all(connection: Connection, question: Question, groups: Sequence[tuple[str, ...]]) -> Iterator[int]:
    """The numbers of articles that have a token of every group, the words of each phrase, and none left out."""
    is_sqlite = connection.dialect.name == "sqlite"
    quote, beginning, either, both, but = _FTS5 if is_sqlite else _TSQUERY

    def any_of(tokens: Iterable[str]) -> str:
        return f"({either.join(quote + token + quote + beginning * token.endswith('/') for token in tokens)})"

    match = both.join(map(any_of, [*groups, *((stem,) for phrase in question.phrases for stem in phrase.stems)]))
    if question.excluded:
        match = f"({match}){but}{any_of(question.excluded)}"
    find = _FIND_SQLITE if is_sqlite else _FIND_POSTGRESQL
    return (row[0] for row in find.send(connection, match=match, most=MOST_READ))


_FTS5 = ('"', "*", " OR ", " AND ", " NOT ")
_TSQUERY = ("'", ":*", " | ", " & ", " & !")
_FIND_SQLITE = Statement(
    "SELECT rowid FROM search_article WHERE search_article MATCH :match ORDER BY rowid LIMIT :most"
)
# Apart, or the engine would walk the table by its numbers and look for the words in each.
_FIND_POSTGRESQL = Statement(
    """
    SELECT number FROM (SELECT number FROM article WHERE search_tokens @@ CAST(:match AS tsquery) OFFSET 0) f
    ORDER BY number LIMIT :most
    """
)
# It takes eight beginnings for most of the table, and would read all of it (100,000 articles: 0.3 s instead of 2 ms).
_BY_INDEX = Statement("SET LOCAL enable_seqscan = off")
_HAND = Statement("SELECT number FROM article WHERE id IN @ids AND status = 'published' ORDER BY number")
_SHOW = Statement(
    """
    SELECT a.id, a.words, a.valid_from, a.valid_to, a.channels, a.audience, a.products, u.told, u.useful, u.wrong
    FROM article a LEFT JOIN article_use u ON u.article_id = a.id WHERE a.number IN @numbers ORDER BY a.number
    """
)
