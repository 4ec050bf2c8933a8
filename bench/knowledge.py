"""Knowledge search: right answers and speed on 100,000 invented articles and the shipped ones, beside four others."""

from __future__ import annotations

import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from atencion.data.article_search import search_articles
from atencion.data.articles import ArticleRecord, put_articles, put_meanings
from atencion.data.engine import Store, open_store
from atencion.data.stems import STOP_WORDS, stems
from atencion.desk.article_import import import_articles, record
from atencion.resources import shipped_protocols
from atencion.scripts.articles import read_article_file
from atencion.scripts.synonyms import read_synonyms
from atencion.text import fold_words
from bench.sample_articles import sample_articles
from bench.stores import CACHE

INVENTED = int(os.environ.get("ATENCION_BENCH_ARTICLES", "100000"))
QUESTIONS = Path(__file__).resolve().parent.parent / "tests" / "data" / "questions.yaml"
TODAY = date(2026, 11, 24)

Ask = Callable[[str], list[str]]


def run() -> list[str]:
    """Lines of tables."""
    building = _building()  # first, before the process holds what the other engines keep in memory
    shipped = shipped_articles()
    questions = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    lines = [
        f"{INVENTED:,} invented articles and {len(shipped)} shipped; {len(questions['tuning'])} questions used in "
        f"tuning, {len(questions['held_back'])} held back. `first`: the right one first; `3`: among the first three.",
        "",
        "| engine | shipped alone: tuning first / 3 | held back first / 3 | with the invented: tuning first / 3 "
        "| held back first / 3 | words p50 / p95, ms | as you type p50 / p95, ms |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, make in _ENGINES.items():
        try:
            small, big = make(shipped), make([*sample_articles(INVENTED), *shipped])
        except ImportError as error:
            lines.append(f"| {name} | not installed: {error.name} | | | | | |")
            continue
        cells = [_relevance(ask, questions[part]) for ask in (small, big) for part in ("tuning", "held_back")]
        asked = [row["ask"] for part in questions.values() for row in part]
        cells += [_times(big, asked), _times(big, list(_as_typed(asked)))]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return [*lines, "", *building]


def shipped_articles() -> list[ArticleRecord]:
    """The articles that come with the program."""
    return [record(read_article_file(path)) for path in sorted((shipped_protocols() / "knowledge").glob("*.md"))]


def _relevance(ask: Ask, rows: list[dict[str, Any]]) -> str:
    found = [(ask(row["ask"]), set(row["answers"])) for row in rows]
    first = sum(bool(ids) and ids[0] in right for ids, right in found) / len(found)
    three = sum(not right.isdisjoint(ids[:3]) for ids, right in found) / len(found)
    return f"{first:.3f} / {three:.3f}"


def _times(ask: Ask, queries: list[str]) -> str:
    for query in queries[:20]:
        ask(query)
    times = []
    for query in queries:
        passes = []
        for _n in range(3):
            began = time.perf_counter()
            ask(query)
            passes.append(time.perf_counter() - began)
        times.append(min(passes) * 1000)
    times.sort()
    return f"{statistics.median(times):.1f} / {times[int(len(times) * 0.95)]:.1f}"


def _as_typed(queries: list[str]) -> Iterable[str]:
    """Every third question, letter by letter from the second."""
    for query in queries[::6]:
        yield from (query[:end] for end in range(2, len(query) + 1))


def _building() -> list[str]:
    lines = []
    articles = list(sample_articles(INVENTED))
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"{folder}/store.db")
        began = time.perf_counter()
        with store.writing() as connection:
            put_articles(connection, articles)
        taken = time.perf_counter() - began
        store.close()
    lines.append(
        f"Articles written and indexed: {len(articles) / taken:,.0f} a second (aim at least 5,000), "
        f"{len(articles):,} in {taken:.1f} s."
    )
    files = CACHE / f"articles-{INVENTED}"
    _write_files(files, articles)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"{folder}/store.db")
        _pretend_imported(store, files, articles)
        (files / "muestra-000500.md").write_text(_markdown(articles[500], f"Cambio {time.time()}"), encoding="utf-8")
        began = time.perf_counter()
        result = import_articles(store, files, _NOW)
        taken = time.perf_counter() - began
        store.close()
    lines.append(
        f"Import of one changed file among {result.files:,}: {taken:.2f} s, {result.read} read, "
        f"{result.written} written (aim under 1 s)."
    )
    return lines


_NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def _write_files(folder: Path, articles: list[ArticleRecord]) -> None:
    if folder.is_dir() and sum(1 for _entry in os.scandir(folder)) >= len(articles):
        return
    folder.mkdir(parents=True, exist_ok=True)
    for article in articles:
        (folder / f"{article.id}.md").write_text(_markdown(article, article.body), encoding="utf-8")


def _markdown(article: ArticleRecord, body: str) -> str:
    return (
        f'---\nid: {article.id}\ntitle: "{article.title}"\nsay: "{article.say}"\nowner: a\nauthor: a\napproved_by: b\n'
        f'status: published\nversion: "1.0.0"\nvalid_from: "2026-01-01"\nreview_by: "2027-06-30"\n---\n\n{body}\n'
    )


def _pretend_imported(store: Store, folder: Path, articles: list[ArticleRecord]) -> None:
    """The store as an import of all the files leaves it, without reading every one of them."""
    from atencion.data.article_files import FileState, put_files

    with store.writing() as connection:
        put_articles(connection, articles)
        states = (
            (FileState(entry.path, entry.stat().st_mtime_ns, entry.stat().st_size), entry.name[:-3])
            for entry in os.scandir(folder.absolute())
        )
        put_files(connection, states)


# The engines: each takes articles and gives how to ask


def _ours(url: str) -> Callable[[list[ArticleRecord]], Ask]:
    def make(articles: list[ArticleRecord]) -> Ask:
        store = open_store(url or f"{tempfile.mkdtemp(prefix='atencion-bench-')}/store.db")
        with store.writing() as connection:
            put_articles(connection, articles)
            put_meanings(connection, read_synonyms(shipped_protocols() / "knowledge" / "synonyms.yaml"))

        def ask(query: str) -> list[str]:
            with store.reading() as connection:
                return [one.article.id for one in search_articles(connection, query, on=TODAY, channel="phone").found]

        return ask

    return make


def _ours_postgresql(articles: list[ArticleRecord]) -> Ask:
    return _ours(_new_database())(articles)


def _fts5(prepare: Callable[[str], list[str]]) -> Callable[[list[ArticleRecord]], Ask]:
    def make(articles: list[ArticleRecord]) -> Ask:
        connection = sqlite3.connect(":memory:")
        connection.execute("CREATE VIRTUAL TABLE a USING fts5(id UNINDEXED, title, say, tags, body)")
        rows = (
            (a.id, *(" ".join(prepare(text)) for text in (a.title, a.say, " ".join((*a.tags, *a.synonyms)), a.body)))
            for a in articles
        )
        connection.executemany("INSERT INTO a VALUES (?, ?, ?, ?, ?)", rows)

        def ask(query: str) -> list[str]:
            words = list(dict.fromkeys(prepare(query)))
            if not words:
                return []
            match = " OR ".join(f'"{word}"' for word in words) + f" OR {words[-1]}*"
            sql = "SELECT id FROM a WHERE a MATCH ? ORDER BY bm25(a, 0, 5, 2.5, 4, 1) LIMIT 10"
            return [row[0] for row in connection.execute(sql, (match,))]

        return ask

    return make


def _plain_words(text: str) -> list[str]:
    return [word for word in fold_words(text) if word not in STOP_WORDS]


def _tantivy(articles: list[ArticleRecord]) -> Ask:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    for field in ("title", "say", "tags", "body"):
        builder.add_text_field(field, tokenizer_name="es")
    index = tantivy.Index(builder.build())
    filters = (tantivy.Filter.lowercase(), tantivy.Filter.ascii_fold(), tantivy.Filter.stemmer("spanish"))
    analyser = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for one in filters:
        analyser = analyser.filter(one)
    index.register_tokenizer("es", analyser.build())
    writer = index.writer(heap_size=100_000_000)
    for a in articles:
        writer.add_document(
            tantivy.Document(id=a.id, title=a.title, say=a.say, tags=" ".join((*a.tags, *a.synonyms)), body=a.body)
        )
    writer.commit()
    index.reload()
    searcher = index.searcher()
    boosts = {"title": 5.0, "say": 2.5, "tags": 4.0, "body": 1.0}

    def ask(query: str) -> list[str]:
        text = " ".join(_plain_words(query))
        if not text:
            return []
        parsed = index.parse_query(text, list(boosts), field_boosts=boosts)
        return [searcher.doc(address)["id"][0] for _score, address in searcher.search(parsed, 10).hits]

    return ask


def _postgresql(articles: list[ArticleRecord]) -> Ask:
    import psycopg

    connection = psycopg.connect(_new_database(), autocommit=True)
    connection.execute("CREATE TABLE a (id text, v tsvector)")
    weighted = " || ".join(f"setweight(to_tsvector('spanish', %s), '{weight}')" for weight in "ABCD")
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO a SELECT %s, {weighted}".encode(),
            [(a.id, a.title, " ".join((*a.tags, *a.synonyms)), a.say, a.body) for a in articles],
        )
    connection.execute("CREATE INDEX ON a USING gin (v)")
    connection.execute("ANALYZE a")

    def ask(query: str) -> list[str]:
        words = _plain_words(query)
        if not words:
            return []
        sql = "SELECT id FROM a, to_tsquery('spanish', %s) q WHERE v @@ q ORDER BY ts_rank(v, q) DESC, id LIMIT 10"
        asked = " | ".join(words) + f" | {words[-1]}:*"
        return [row[0] for row in connection.execute(sql.encode(), (asked,))]

    return ask


def _new_database() -> str:
    from tests import stores

    return stores._new_database("template1")


_ENGINES: dict[str, Callable[[list[ArticleRecord]], Ask]] = {
    "atencion, SQLite": _ours(""),
    "atencion, PostgreSQL": _ours_postgresql,
    "FTS5, words": _fts5(_plain_words),
    "FTS5, stems": _fts5(stems),
    "tantivy, Spanish": _tantivy,
    "PostgreSQL, Spanish": _postgresql,
}
