"""Knowledge articles, and the search that finds them from a question in plain speech.

Both engines index the same stems and give the same candidates; the order is made here, so it is the same on both: an
article counts for each stem of the question it has, more for the rare ones, more in its title and tags than in its
body, and more the greater part of the question it covers.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from atencion.data.connection import Connection
from atencion.data.sql import Statement, day_or_none
from atencion.data.stems import STOP_WORDS, stems
from atencion.text import clean_line, clean_text, fold_words

CANDIDATES = 200
"""Articles taken from the index to be ranked."""


class Validity(StrEnum):
    """Whether an article holds on a given day."""

    CURRENT = "current"
    EXPIRED = "expired"
    FUTURE = "future"


@dataclass(frozen=True)
class ArticleRecord:
    """An article whole. `hash` is of the text it was read from; an empty `channels` means all of them."""

    id: str
    title: str
    say: str = ""
    body: str = ""
    tags: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    norms: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    version: str = ""
    hash: str = ""
    status: str = "published"
    valid_from: date | None = None
    valid_to: date | None = None
    review_by: date | None = None
    checked_on: date | None = None
    sample: bool = False
    owner: str = ""
    author: str = ""
    approved_by: str = ""

    def validity(self, on: date) -> Validity:
        """Whether it holds on that day."""
        if self.valid_from is not None and on < self.valid_from:
            return Validity.FUTURE
        return Validity.EXPIRED if self.valid_to is not None and on > self.valid_to else Validity.CURRENT


@dataclass(frozen=True)
class FoundArticle:
    """An article that may answer a question; `score` only orders."""

    article: ArticleRecord
    validity: Validity
    score: float


def put_article(connection: Connection, article: ArticleRecord) -> None:
    """Write an article, or bring the one of the same id up to date; found from now on by what it says now."""
    fields = _fields(article)
    row = {name: _stored(value) for name, value in vars(article).items()}
    number = _PUT.run(connection, **row, words="|".join(fields)).scalar_one()
    if connection.dialect.name == "sqlite":
        title, tags, say, body = fields
        _UNINDEX.run(connection, number=number)
        _INDEX.run(connection, number=number, title=title, tags=tags, say=say, body=body)


def get_article(connection: Connection, article_id: str) -> ArticleRecord | None:
    """The article of that id, or None."""
    row = _GET.run(connection, id=article_id).first()
    return None if row is None else _article(row)


def list_articles(connection: Connection) -> list[ArticleRecord]:
    """Every published article, by title."""
    return [_article(row) for row in _LIST.run(connection)]


def find_articles(
    connection: Connection, query: str, *, on: date, channel: str | None = None, limit: int = 10
) -> list[FoundArticle]:
    """The published articles that may answer `query`, the likeliest first; those that do not hold on that day, last.

    A question of nothing but common words finds none. `channel` leaves out the articles of other channels.
    """
    question = _Question(clean_line(query, 500))
    if not question.stems:
        return []
    rows = _candidates(connection, question)
    known = _frequencies(connection, question)
    total = int(_COUNT.run(connection).scalar_one())
    worth = {stem: math.log(1 + (total + 0.5) / (known.get(stem, 0) + 0.5)) for stem in question.stems}
    found = []
    for row in rows:
        article = _article(row)
        if channel and article.channels and channel not in article.channels:
            continue
        score = question.score(row.words, worth)
        if score > 0:
            found.append(FoundArticle(article, article.validity(on), score))
    found.sort(key=lambda one: (one.validity is not Validity.CURRENT, -one.score, one.article.title))
    return found[:limit]


_WEIGHTS = (5.0, 4.0, 2.5, 0.6)  # of a stem in the title, the tags, what is said, the body (for each time, up to four)
_HALF = 3.0  # the weight that gives half of what a stem is worth
_SHORTEST_BEGINNING = 3


class _Question:
    """The stems that are asked for; the last may be the beginning of a word that is still being typed."""

    def __init__(self, query: str) -> None:
        words = fold_words(query)
        self.stems = list(dict.fromkeys(stems(query)))[:24]
        last = words[-1] if words else ""
        self.beginning = (
            last if len(last) >= _SHORTEST_BEGINNING and last not in STOP_WORDS and query[-1].isalnum() else ""
        )

    def score(self, indexed: str, worth: dict[str, float]) -> float:
        """How well an article with these indexed stems, fields parted by bars, answers."""
        counts = [Counter(line.split()) for line in indexed.split("|")]
        total = covered = points = 0.0
        for stem, value in worth.items():
            weight = self._weight(stem, counts)
            total += value
            if weight:
                covered += value
                points += value * weight / (weight + _HALF)
        return points * (0.4 + 0.6 * covered / total) if total else 0.0

    def _weight(self, stem: str, counts: list[Counter[str]]) -> float:
        is_last = bool(self.beginning) and stem == self.stems[-1]
        weight = 0.0
        for times, each in zip(counts, _WEIGHTS, strict=True):
            found = times[stem]
            if not found and is_last:
                found = sum(count for word, count in times.items() if word.startswith(self.beginning))
            weight += each * (min(found, 4) if each < 1 else bool(found))
        return weight


def _candidates(connection: Connection, question: _Question) -> list[Any]:
    if connection.dialect.name == "sqlite":
        terms = [f'"{stem}"' for stem in question.stems]
        terms += [f'"{question.beginning}"*'] if question.beginning else []
        return list(_FIND_SQLITE.run(connection, match=" OR ".join(terms), limit=CANDIDATES))
    terms = [f"'{stem}'" for stem in question.stems]
    terms += [f"'{question.beginning}':*"] if question.beginning else []
    return list(_FIND_POSTGRESQL.run(connection, match=" | ".join(terms), limit=CANDIDATES))


def _frequencies(connection: Connection, question: _Question) -> dict[str, int]:
    """In how many articles each stem is."""
    statement = _KNOWN_SQLITE if connection.dialect.name == "sqlite" else _KNOWN_POSTGRESQL
    return dict(iter(statement.send(connection, stems=question.stems)))


def _fields(article: ArticleRecord) -> tuple[str, str, str, str]:
    """What is indexed: title, tags and synonyms, what is said, body."""
    tags = " ".join((*article.tags, *article.synonyms))
    body = _MARKS.sub(" ", article.body)
    title, tags, say, body = (" ".join(stems(text)) for text in (article.title, tags, article.say, body))
    return title, tags, say, body


_MARKS = re.compile(r"\]\([^)]*\)|[#*_`>|\[\]]")
_LISTS = ("tags", "synonyms", "channels", "norms", "related", "criteria")
_DAYS = ("valid_from", "valid_to", "review_by", "checked_on")


def _stored(value: Any) -> Any:
    if isinstance(value, tuple):
        return json.dumps([clean_line(item) for item in value], ensure_ascii=False)
    return clean_text(value, 200_000, 10_000) if isinstance(value, str) else value


def _article(row: Any) -> ArticleRecord:
    values = {name: getattr(row, name) for name in ArticleRecord.__dataclass_fields__}
    values.update({name: tuple(json.loads(values[name])) for name in _LISTS})
    values.update({name: day_or_none(values[name]) for name in _DAYS})
    values["sample"] = bool(values["sample"])
    return ArticleRecord(**values)


_PUT = Statement(
    """
    INSERT INTO article (id, title, say, body, tags, synonyms, channels, norms, related, criteria, version, hash,
        status, valid_from, valid_to, review_by, checked_on, sample, owner, author, approved_by, words)
    VALUES (:id, :title, :say, :body, :tags, :synonyms, :channels, :norms, :related, :criteria, :version, :hash,
        :status, :valid_from, :valid_to, :review_by, :checked_on, :sample, :owner, :author, :approved_by, :words)
    ON CONFLICT (id) DO UPDATE SET title = excluded.title, say = excluded.say, body = excluded.body,
        tags = excluded.tags, synonyms = excluded.synonyms, channels = excluded.channels, norms = excluded.norms,
        related = excluded.related, criteria = excluded.criteria, version = excluded.version, hash = excluded.hash,
        status = excluded.status, valid_from = excluded.valid_from, valid_to = excluded.valid_to,
        review_by = excluded.review_by, checked_on = excluded.checked_on, sample = excluded.sample,
        owner = excluded.owner, author = excluded.author, approved_by = excluded.approved_by, words = excluded.words
    RETURNING number
    """
)
_UNINDEX = Statement("DELETE FROM search_article WHERE rowid = :number")
_INDEX = Statement(
    "INSERT INTO search_article (rowid, title, tags, say, body) VALUES (:number, :title, :tags, :say, :body)"
)
_GET = Statement("SELECT * FROM article WHERE id = :id")
_LIST = Statement("SELECT * FROM article WHERE status = 'published' ORDER BY title, id")
_COUNT = Statement("SELECT count(*) FROM article")
_FIND_SQLITE = Statement(
    """
    SELECT a.* FROM (
        SELECT rowid AS number FROM search_article WHERE search_article MATCH :match
        ORDER BY bm25(search_article, 5.0, 4.0, 2.5, 1.0) LIMIT :limit) s
    JOIN article a ON a.number = s.number WHERE a.status = 'published'
    """
)
_VECTOR = "array_to_tsvector(array_remove(regexp_split_to_array(words, '[\\s|]+'), ''))"
_FIND_POSTGRESQL = Statement(
    f"""
    SELECT * FROM article WHERE status = 'published' AND {_VECTOR} @@ CAST(:match AS tsquery)
    ORDER BY ts_rank({_VECTOR}, CAST(:match AS tsquery)) DESC LIMIT :limit
    """
)
_KNOWN_SQLITE = Statement("SELECT term, doc FROM search_article_word WHERE term IN @stems")
_KNOWN_POSTGRESQL = Statement(
    f"""
    SELECT q.stem, (SELECT count(*) FROM article WHERE {_VECTOR} @@ CAST('''' || q.stem || '''' AS tsquery))
    FROM unnest(CAST(:stems AS text[])) AS q (stem)
    """
)
