"""Finding the articles that may answer a question in plain speech.

Each engine's own index gives the candidates, by the same stems; `article_rank` makes the order, so that it is the same
on both. Up to some thousands of articles every one that has a word of the question is a candidate. In a greater store
the rare words choose them, and the common ones only together: what is in half of all articles chooses nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from atencion.data.article_question import Correction, Question, Term, read_question
from atencion.data.article_rank import Passage, Use, best_passage, rank
from atencion.data.articles import ArticleRecord, Validity, get_articles, validity_on, vocabulary
from atencion.data.connection import Connection
from atencion.data.sql import Statement, day_or_none

CANDIDATES = 150
"""Articles of each question to the index that are ranked."""

MOST_READ = 3_000
"""Matches of a question to the index that are looked at to choose its candidates."""

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
    rows = [row for row in _candidates(connection, question) if _may_be_shown(row, channel, reader)]
    uses = [Use(row.told or 0, row.useful or 0, row.wrong or 0) for row in rows]
    own = {row.id for row in rows if _names(row.products, products)}
    ranked = [
        (
            points * (OWN_PRODUCT if rows[at].id in own else 1),
            rows[at].id,
            validity_on(on, day_or_none(rows[at].valid_from), day_or_none(rows[at].valid_to)),
        )
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


def find_articles(
    connection: Connection, query: str, *, on: date, channel: str | None = None, limit: int = 10
) -> list[FoundArticle]:
    """What `search_articles` finds."""
    return list(search_articles(connection, query, on=on, channel=channel, limit=limit).found)


def _may_be_shown(row: Any, channel: str | None, reader: Collection[str] | None) -> bool:
    return (channel is None or _among(row.channels, (channel,))) and (reader is None or _among(row.audience, reader))


def _among(stored: str, wanted: Collection[str]) -> bool:
    """Whether a stored list is empty or has one of these."""
    return stored == "[]" or _names(stored, wanted)


def _names(stored: str, wanted: Collection[str]) -> bool:
    """Whether a stored list has one of these."""
    return any(f'"{one}"' in stored for one in wanted)


def _candidates(connection: Connection, question: Question) -> list[Any]:
    """The articles worth ranking."""
    on_sqlite = connection.dialect.name == "sqlite"
    found: dict[int, Any] = {}
    for plan in _plans(question):
        if on_sqlite:
            rows = _ASK_SQLITE.run(connection, match=_match_sqlite(plan), most=MOST_READ, limit=CANDIDATES)
        else:
            ask = _ASK_STRONG_POSTGRESQL if plan.strong else _ASK_POSTGRESQL
            rows = ask.run(
                connection,
                match=_match_postgresql(plan),
                each=[_match_postgresql(_Plan([term])) for term in plan.terms],
                worth=[term.worth for term in plan.terms],
                most=MOST_READ,
                limit=CANDIDATES,
            )
        for row in rows:
            found.setdefault(row.number, row)
    return list(found.values())


@dataclass(frozen=True)
class _Plan:
    """A question to the index: any of the terms or all of them, anywhere or in the parts that say what it is about."""

    terms: Sequence[Term]
    together: bool = False
    strong: bool = False


def _plans(question: Question) -> list[_Plan]:
    """What is asked of the index, in turn."""
    by_frequency = sorted(question.terms, key=lambda term: term.frequency)
    rare: list[Term] = []
    matches = 0
    for term in by_frequency:
        matches += term.frequency
        if matches > MOST_READ:
            break
        rare.append(term)
    common = by_frequency[len(rare) :]
    plans = [_Plan(rare)] if rare else []
    if common:
        plans.append(_Plan(by_frequency[max(0, len(rare) - 1) :][:2], together=True, strong=True))
        if len(common) > 1:
            plans.append(_Plan(common[:_TOGETHER], together=True, strong=True))
        plans.append(_Plan(common[:_TOGETHER], together=True))
    return plans


_TOGETHER = 3


def _match_sqlite(plan: _Plan) -> str:
    groups = ["(" + " OR ".join(f'"{stem}"' for stem in term.stems) + ")" for term in plan.terms]
    match = (" AND " if plan.together else " OR ").join(groups)
    return f"strong : ({match})" if plan.strong else match


def _match_postgresql(plan: _Plan) -> str:
    groups = ["(" + " | ".join(f"'{stem}'" for stem in term.stems) + ")" for term in plan.terms]
    return (" & " if plan.together else " | ").join(groups)


_SHOWN = (
    "a.number, a.id, a.words, a.valid_from, a.valid_to, a.channels, a.audience, a.products, u.told, u.useful, u.wrong"
)
_ASK_SQLITE = Statement(
    f"""
    SELECT {_SHOWN} FROM (
        SELECT number FROM (
            SELECT rowid AS number, bm25(search_article, 4.0, 1.0) AS distance FROM search_article
            WHERE search_article MATCH :match LIMIT :most)
        ORDER BY distance LIMIT :limit) s
    JOIN article a ON a.number = s.number LEFT JOIN article_use u ON u.article_id = a.id
    """
)


def _ask_postgresql(column: str) -> Statement:
    """By how much of the question an article has: `ts_rank` does not know which words are rare."""
    return Statement(
        f"""
        SELECT {_SHOWN} FROM (
            SELECT number FROM (
                SELECT number, search_strong, search_all FROM article
                WHERE {column} @@ CAST(:match AS tsquery) LIMIT :most) m
            ORDER BY (
                SELECT sum(worth * (4 * (search_strong @@ each)::int + (search_all @@ each)::int))
                FROM unnest(CAST(:each AS tsquery[]), CAST(:worth AS float[])) AS asked (each, worth)) DESC, number
            LIMIT :limit) s
        JOIN article a ON a.number = s.number LEFT JOIN article_use u ON u.article_id = a.id
        """
    )


_ASK_POSTGRESQL, _ASK_STRONG_POSTGRESQL = _ask_postgresql("search_all"), _ask_postgresql("search_strong")
