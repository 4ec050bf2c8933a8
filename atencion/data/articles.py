"""Knowledge articles in the store: written all at once, found by what they say now, every earlier version kept."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import islice
from typing import Any, TypeVar

from atencion.data import article_words
from atencion.data.article_vocabulary import Vocabulary
from atencion.data.connection import Connection
from atencion.data.sql import Statement, Value, day_or_none, moment
from atencion.data.stems import stem_of, word_of
from atencion.text import clean_line, clean_text

INDEX_FORM = 2
"""How the index is made; one made otherwise is made again."""

INDEX = "search_article"
"""The table of the index of words."""

LONGEST_BODY = 100_000
"""Letters of an article's body, of at most 10,000 lines."""

T = TypeVar("T")


class Validity(StrEnum):
    """Whether an article holds on a given day."""

    CURRENT = "current"
    EXPIRED = "expired"
    FUTURE = "future"


@dataclass(frozen=True)
class ArticleRecord:
    """An article whole. `hash` is of the text it was read from.

    `say` is in the article's `language`, `says` pairs of another language and the same words in it. Empty `channels`,
    `products` or `audience` mean all of them; `audience` names roles and departments. `replaced_by` is the article that
    says today what this one said.
    """

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
    language: str = "es"
    says: tuple[tuple[str, str], ...] = ()
    audience: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    replaced_by: str = ""

    def validity(self, on: date) -> Validity:
        """Whether it holds on that day."""
        return validity_on(on, self.valid_from, self.valid_to)

    def words_in(self, language: str) -> str:
        """What to say in a language; in the article's own if it is not written in that one."""
        return dict(self.says).get(language, self.say)


@dataclass(frozen=True)
class EarlierVersion:
    """What an article was until `replaced_at`."""

    article: ArticleRecord
    replaced_at: datetime


def validity_on(on: date, valid_from: date | None, valid_to: date | None) -> Validity:
    """Whether what is valid between two days, both included, holds on a third."""
    if valid_from is not None and on < valid_from:
        return Validity.FUTURE
    return Validity.EXPIRED if valid_to is not None and on > valid_to else Validity.CURRENT


def put_article(connection: Connection, article: ArticleRecord, *, at: datetime | None = None) -> None:
    """`put_articles` of one."""
    put_articles(connection, [article], at=at)


def put_articles(connection: Connection, articles: Iterable[ArticleRecord], *, at: datetime | None = None) -> int:
    """Write articles, or bring those of the same id up to date; found from now on by what they say now.

    What an article was before is kept, replaced at `at`. Returns how many were new or other than before.
    """
    _alone(connection)
    written = published = 0
    counts = _Counts()
    for batch in _batches(articles, _BATCH):
        by_id = {article.id: _clean(article) for article in batch}
        before = {one.id: one for one in _some(connection, list(by_id))}
        changed = [_Indexed(article) for article in by_id.values() if article != before.get(article.id)]
        replaced = [_Indexed(before[one.article.id]) for one in changed if one.article.id in before]
        if at is not None:
            _KEEP.run_many(connection, [_kept(one.article, at) for one in replaced])
        _write(connection, changed, {one.article.id for one in replaced})
        for one in replaced:
            counts.take(one)
        for one in changed:
            counts.add(one)
        written += len(changed)
        published += sum(one.is_found for one in changed) - sum(one.is_found for one in replaced)
    if written:
        counts.put(connection)
        _renew(connection, published)
    return written


def put_meanings(connection: Connection, groups: Sequence[Sequence[str]]) -> None:
    """The house's own lists of words and phrases that mean the same, instead of those there were."""
    _alone(connection)
    wanted = [[clean_line(phrase, 80) for phrase in group] for group in groups]
    if wanted == _groups(connection):
        return
    _FORGET_MEANINGS.run(connection)
    _PUT_MEANING.run_many(
        connection, [{"number": number, "phrase": phrase} for number, group in enumerate(wanted) for phrase in group]
    )
    _renew(connection, 0)


def make_index(connection: Connection) -> None:
    """See that the index is there and as this program makes it: of every article again, unless it is."""
    _alone(connection)
    if index_is_made(connection):
        return
    for clearing in _CLEAR_SQLITE if connection.dialect.name == "sqlite" else _CLEAR_POSTGRESQL:
        clearing.run(connection)
    counts = _Counts()
    last = 0
    while rows := list(_FROM.run(connection, last=last, limit=_BATCH)):
        last = rows[-1].number
        records = [(row.number, _Indexed(_article(row))) for row in rows]
        if connection.dialect.name == "sqlite":
            _index(connection, records)
        _PUT_WORDS.run_many(connection, [{"number": number, "words": one.line} for number, one in records])
        if connection.dialect.name != "sqlite":
            _INDEX_POSTGRESQL.run_many(
                connection, [{"number": number, "tokens": one.tokens} for number, one in records]
            )
        for _number, record in records:
            counts.add(record)
    counts.put(connection)
    _FORGET_STATE.run(connection)
    _renew(connection, int(_COUNT_PUBLISHED.run(connection).scalar_one()))


def index_is_made(connection: Connection) -> bool:
    """Whether the index is there and as this program makes it."""
    state = _STATE.run(connection).first()
    return state is not None and state.form == INDEX_FORM


def get_article(connection: Connection, article_id: str) -> ArticleRecord | None:
    """The article of that id, or None."""
    return next(iter(_some(connection, [article_id])), None)


def get_articles(connection: Connection, ids: Sequence[str]) -> list[ArticleRecord]:
    """The articles of those ids that there are, in that order."""
    found = {one.id: one for one in _some(connection, list(ids))}
    return [found[one] for one in ids if one in found]


def list_articles(connection: Connection, *, published: bool = True) -> list[ArticleRecord]:
    """Every published article, or every article, by title."""
    found = [_article(row) for row in (_PUBLISHED if published else _LIST).run(connection)]
    return sorted(found, key=lambda one: (one.title, one.id))


def is_empty(connection: Connection) -> bool:
    """Whether there is no article at all."""
    return _ANY.run(connection).first() is None


def earlier_versions(connection: Connection, article_id: str) -> list[EarlierVersion]:
    """What an article was before, the latest first."""
    return [
        EarlierVersion(_from_json(row.content), moment(row.replaced_at))
        for row in _EARLIER.run(connection, id=article_id)
    ]


def vocabulary(connection: Connection) -> Vocabulary:
    """The words of the articles as they are now; read once for as long as no article changes."""
    state = _STATE.run(connection).first()
    if state is None:
        return Vocabulary(0, (), ())
    known = _KNOWN.get(state.token)
    if known is None:
        known = Vocabulary(state.articles, map(tuple, _WORDS.send(connection)), _groups(connection))
        while len(_KNOWN) >= _STORES_KNOWN:
            _KNOWN.pop(next(iter(_KNOWN)), None)
        _KNOWN[state.token] = known
    return known


_KNOWN: dict[str, Vocabulary] = {}
"""By the token that a store takes anew at every change."""
_STORES_KNOWN = 2
_BATCH = 2_000


class _Indexed:
    """An article with what it is found by: nothing unless it is published."""

    def __init__(self, article: ArticleRecord) -> None:
        self.article = article
        self.is_found = article.status == "published"
        self.by: article_words.Indexed | None = None
        if self.is_found:
            say = " ".join((article.say, *(words for _language, words in article.says)))
            self.by = article_words.read(article.title, article.synonyms, article.tags, say, article.body)

    @property
    def line(self) -> str:
        """What its order among others is made of."""
        return self.by.line if self.by else ""

    @property
    def row(self) -> tuple[Any, ...]:
        """All its columns, clean as the article is."""
        return (*_stored(self.article).values(), self.line)

    @property
    def tokens(self) -> str:
        """What chooses it among others, as both engines index it: all its stems, and the forms it is about."""
        if self.by is None:
            return ""
        return " ".join((*set(map(stem_of, self.by.forms)), *self.by.about))


def _alone(connection: Connection) -> None:
    """Wait until nobody else writes articles: what is counted is the difference from what there was."""
    if connection.dialect.name != "sqlite":
        _WAIT_TURN.run(connection, lock=_LOCK)


_LOCK = 7_104_202_612
_WAIT_TURN = Statement("SELECT pg_advisory_xact_lock(:lock)")


def _write(connection: Connection, changed: list[_Indexed], known: set[str]) -> None:
    if connection.dialect.name != "sqlite":
        _PUT_POSTGRESQL.load(connection, [(*one.row, one.tokens) for one in changed])
        return
    numbers = {row.id: row.number for row in _NUMBERS.run(connection, ids=sorted(known))} if known else {}
    following = int(_LAST.run(connection).scalar_one()) + 1
    for one in changed:
        if one.article.id not in numbers:
            numbers[one.article.id] = following
            following += 1
    _PUT_SQLITE.load(connection, [(numbers[one.article.id], *one.row) for one in changed])
    _UNINDEX.run_many(connection, [{"number": numbers[article_id]} for article_id in known])
    _index(connection, [(numbers[one.article.id], one) for one in changed])


def _index(connection: Connection, numbered: Iterable[tuple[int, _Indexed]]) -> None:
    """Give SQLite what it finds articles by."""
    _INDEX.load(connection, [(number, one.tokens) for number, one in numbered if one.is_found])


class _Counts:
    """In how many more articles than before each form of a word is, and how many more are about it."""

    def __init__(self) -> None:
        self._articles, self._about = Counter[str](), Counter[str]()

    def add(self, one: _Indexed) -> None:
        """An article that is found from now on."""
        if one.by is not None:
            self._articles.update(one.by.forms)
            self._about.update(one.by.about)

    def take(self, one: _Indexed) -> None:
        """One that is no longer found so."""
        if one.by is not None:
            self._articles.subtract(one.by.forms)
            self._about.subtract(one.by.about)

    def put(self, connection: Connection) -> None:
        """Write them."""
        rows: list[dict[str, Value]] = [
            {"word": word_of(form), "stem": stem_of(form), "articles": count, "about": self._about[form]}
            for form, count in sorted(self._articles.items())
            if count or self._about[form]
        ]
        _COUNT_WORD.run_many(connection, rows)
        if any(count < 0 for count in self._articles.values()):
            _FORGET_WORDS.run(connection)


def _renew(connection: Connection, more: int) -> None:
    """Say that the index is other than before, with so many more published articles."""
    state = _STATE.run(connection).first()
    published = more + (state.articles if state is not None else 0)
    _FORGET_STATE.run(connection)
    _PUT_STATE.run(connection, token=secrets.token_hex(16), form=INDEX_FORM, articles=published)


def _groups(connection: Connection) -> list[list[str]]:
    groups: dict[int, list[str]] = {}
    for row in _MEANINGS.run(connection):
        groups.setdefault(row.number, []).append(row.phrase)
    return list(groups.values())


def _some(connection: Connection, ids: list[str]) -> Iterator[ArticleRecord]:
    return (_article(row) for row in _SOME.run(connection, ids=ids))


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


_json = json.JSONEncoder(ensure_ascii=False).encode
_LISTS = ("tags", "synonyms", "channels", "norms", "related", "criteria", "audience", "products")
_DAYS = ("valid_from", "valid_to", "review_by", "checked_on")
_TEXTS = ("say", "body")
_FIELDS = tuple(ArticleRecord.__dataclass_fields__)
_LINES = tuple(name for name in _FIELDS if name not in (*_LISTS, *_DAYS, *_TEXTS, "says", "sample"))


def _clean(article: ArticleRecord) -> ArticleRecord:
    """An article as the store gives it back."""
    values = dict(vars(article))
    for name in _LINES:
        values[name] = clean_line(values[name])
    for name in _TEXTS:
        values[name] = clean_text(values[name], LONGEST_BODY, 10_000)
    for name in _LISTS:
        values[name] = tuple(map(clean_line, values[name]))
    values["says"] = tuple((clean_line(one), clean_text(words)) for one, words in dict(article.says).items())
    return ArticleRecord(**values)


def _stored(article: ArticleRecord) -> dict[str, Any]:
    row = dict(vars(article))
    for name in _LISTS:
        row[name] = _json(row[name]) if row[name] else "[]"
    for name in _DAYS:
        row[name] = row[name].isoformat() if row[name] else None
    row["says"] = _json(dict(article.says)) if article.says else "{}"
    return row


def _article(row: Any) -> ArticleRecord:
    values = {name: getattr(row, name) for name in _FIELDS}
    values.update({name: tuple(json.loads(values[name])) for name in _LISTS})
    values.update({name: day_or_none(values[name]) for name in _DAYS})
    values["says"] = tuple(json.loads(values["says"]).items())
    values["sample"] = bool(values["sample"])
    return ArticleRecord(**values)


def _kept(article: ArticleRecord, at: datetime) -> dict[str, Any]:
    content = json.dumps(asdict(article), ensure_ascii=False, default=str)
    return {"id": article.id, "version": article.version, "hash": article.hash, "content": content, "at": at}


def _from_json(content: str) -> ArticleRecord:
    values = json.loads(content)
    values.update({name: tuple(values[name]) for name in _LISTS})
    values.update({name: day_or_none(values[name]) for name in _DAYS})
    values["says"] = tuple((language, words) for language, words in values["says"])
    return ArticleRecord(**values)


_COLUMNS = ", ".join(_FIELDS)
_VALUES = ", ".join(f":{name}" for name in _FIELDS)
_UPDATES = ", ".join(f"{name} = excluded.{name}" for name in (*_FIELDS[1:], "words"))
_PUT_SQLITE = Statement(
    f"""
    INSERT INTO article (number, {_COLUMNS}, words) VALUES (:number, {_VALUES}, :words)
    ON CONFLICT (id) DO UPDATE SET {_UPDATES}
    """
)
_PUT_POSTGRESQL = Statement(
    f"""
    INSERT INTO article ({_COLUMNS}, words, search_tokens)
    VALUES ({_VALUES}, :words, array_to_tsvector(string_to_array(:tokens, ' ')))
    ON CONFLICT (id) DO UPDATE SET {_UPDATES}, search_tokens = excluded.search_tokens
    """
)
_NUMBERS = Statement("SELECT id, number FROM article WHERE id IN @ids")
_LAST = Statement("SELECT coalesce(max(number), 0) FROM article")
_UNINDEX = Statement("DELETE FROM search_article WHERE rowid = :number")
_INDEX = Statement("INSERT INTO search_article (rowid, tokens) VALUES (:number, :tokens)")
_PUT_WORDS = Statement("UPDATE article SET words = :words WHERE number = :number")
_INDEX_POSTGRESQL = Statement(
    "UPDATE article SET search_tokens = array_to_tsvector(string_to_array(:tokens, ' ')) WHERE number = :number"
)
_CLEAR_SQLITE = (
    Statement("INSERT INTO search_article (search_article) VALUES ('delete-all')"),
    Statement("DELETE FROM search_article_word"),
)
_CLEAR_POSTGRESQL = (Statement("DELETE FROM search_article_word"),)
_FROM = Statement(f"SELECT number, {_COLUMNS} FROM article WHERE number > :last ORDER BY number LIMIT :limit")
_SOME = Statement(f"SELECT {_COLUMNS} FROM article WHERE id IN @ids")
_PUBLISHED = Statement(f"SELECT {_COLUMNS} FROM article WHERE status = 'published'")
_LIST = Statement(f"SELECT {_COLUMNS} FROM article")
_ANY = Statement("SELECT 1 FROM article LIMIT 1")
_KEEP = Statement(
    """
    INSERT INTO article_version (article_id, version, hash, content, replaced_at)
    VALUES (:id, :version, :hash, :content, :at)
    """
)
_EARLIER = Statement("SELECT content, replaced_at FROM article_version WHERE article_id = :id ORDER BY id DESC")
_COUNT_WORD = Statement(
    """
    INSERT INTO search_article_word (word, stem, articles, about) VALUES (:word, :stem, :articles, :about)
    ON CONFLICT (word) DO UPDATE SET articles = search_article_word.articles + excluded.articles,
        about = search_article_word.about + excluded.about
    """
)
_FORGET_WORDS = Statement("DELETE FROM search_article_word WHERE articles <= 0")
_WORDS = Statement("SELECT word, stem, articles, about FROM search_article_word")
_STATE = Statement("SELECT token, form, articles FROM search_article_state")
_FORGET_STATE = Statement("DELETE FROM search_article_state")
_PUT_STATE = Statement("INSERT INTO search_article_state (token, form, articles) VALUES (:token, :form, :articles)")
_COUNT_PUBLISHED = Statement("SELECT count(*) FROM article WHERE status = 'published'")
_MEANINGS = Statement("SELECT number, phrase FROM search_article_meaning ORDER BY number, place")
_FORGET_MEANINGS = Statement("DELETE FROM search_article_meaning")
_PUT_MEANING = Statement("INSERT INTO search_article_meaning (number, phrase) VALUES (:number, :phrase)")
