"""The stores that the search benchmark asks: ours, and what is usually built instead, on the same customers."""

from __future__ import annotations

import csv
import pickle
import re
import sqlite3
import subprocess
from collections import deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import chain, islice
from multiprocessing import get_context
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Any

from atencion.data.customer_search import key_of, search_name
from atencion.data.customers import new_ids
from atencion.data.engine import Store, open_store
from atencion.data.newcomers import Newcomer, newcomer_trace, write_newcomers
from atencion.data.origins import NewOrigin, OriginKind, add_origin
from atencion.data.search.index import INDEXES
from atencion.data.sql import moment_text
from atencion.data.sqlite import checkpoint_after
from atencion.text import fold, fold_words
from bench.sample_customers import CUSTOMER_COLUMNS
from bench.search_sample import BLOCK, Answers, Question, Sample, block, questions, samples
from bench.stores import CACHE

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
TOGETHER = 100
"""Blocks of a transaction."""
CACHE_KIB = 4_000_000

Search = Callable[[str], list[int]]


def our_store(rows: int) -> tuple[Path, list[Question]]:
    """A store of so many customers, made once, and the questions about them with their answers."""
    path, asked_path = CACHE / f"search-{rows}.db", CACHE / f"search-{rows}.questions"
    if not asked_path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        asked = questions(rows)
        store = open_store(str(path))
        fill(store, rows, asked)
        store.close()
        asked_path.write_bytes(pickle.dumps(asked))
    found: list[Question] = pickle.loads(asked_path.read_bytes())
    return path, found


def fill(store: Store, rows: int, asked: list[Question]) -> None:
    """Write so many customers as an import does, and note which of them each question means.

    In an empty store their ids are those of the sample. Two processes make them while this one writes, a million in
    each transaction: nobody waits for this store, and a page of an index is written once for all of them.
    """
    with get_context("spawn").Pool(2, _prepare, (asked, rows)) as makers:
        blocks = _in_turn(makers, -(-rows // BLOCK))
        while some := list(islice(blocks, 1)):
            with store.writing() as connection:
                checkpoint_after(connection, 1_000_000)
                connection.connection.dbapi_connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}").fetchall()
                origin = add_origin(connection, NewOrigin(OriginKind.IMPORT, AT, detail="bench"))
                for made, answered in chain(some, islice(blocks, TOGETHER - 1)):
                    for at, truth, right in answered:
                        asked[at].truth.update(truth)
                        asked[at].right.update(right)
                    batch = list(map(Newcomer._make, made))
                    numbered = list(zip(new_ids(connection, len(batch)), batch, strict=True))
                    write_newcomers(connection, numbered, origin_id=origin, moment=moment_text(AT))
    store.gather_words(*INDEXES, written=rows)


def _in_turn(makers: Pool, blocks: int) -> Iterator[Any]:
    """What they make of each block; a few ahead of who takes it, for all of them would not fit in memory."""
    ahead = deque[Any]()
    for number in range(blocks):
        ahead.append(makers.apply_async(_make, (number,)))
        if len(ahead) > 4:
            yield ahead.popleft().get()
    while ahead:
        yield ahead.popleft().get()


_asked: list[Question] = []
_rows = 0
"""What a process that makes customers was told."""


def _prepare(asked: list[Question], rows: int) -> None:
    global _asked, _rows
    _asked, _rows = asked, rows


def _make(number: int) -> tuple[list[tuple[Any, ...]], list[tuple[int, set[int], set[int]]]]:
    """The customers of a block, and which of them are answers of each question, by its place."""
    for question in _asked:
        question.truth, question.right = set(), set()
    answers = Answers(_asked)
    made = []
    for sample in block(number, min(BLOCK, _rows - number * BLOCK)):
        answers.see(sample)
        made.append(tuple(_newcomer(sample)))
    return made, [(at, one.truth, one.right) for at, one in enumerate(_asked) if one.truth or one.right]


def _newcomer(sample: Sample) -> Newcomer:
    """A customer of the sample as an import hands it on."""
    one = sample.customer
    is_company = bool(one.company_name)
    numbers = filter(None, (one.mobile, one.phone))
    phones = [("phone", number, f"+34{number}", "", n == 0) for n, number in enumerate(numbers)]
    emails = [("email", one.email, one.email.lower(), "", True)] if one.email else []
    addresses = ((one.address, one.postcode, one.town, one.province),)
    name = search_name(one.company_name, one.given_name, one.surnames)
    return Newcomer(
        0,
        one.external_id,
        key_of(one.external_id),
        "company" if is_company else "person",
        one.given_name,
        one.surnames,
        one.company_name,
        one.birth_date or None,
        "",
        "",
        (("cif" if is_company else "nif", one.document, one.document),),
        (*phones, *emails),
        addresses,
        "",
        name,
        newcomer_trace(name, (*phones, *emails), addresses),
    )


def csv_file(rows: int) -> Path:
    """The same customers in a CSV, for the tools that read files."""
    path = CACHE / f"search-{rows}.csv"
    if not path.exists():
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, delimiter=";", lineterminator="\n")
            writer.writerow(CUSTOMER_COLUMNS)
            writer.writerows(sample.customer.row() for sample in samples(rows))
    return path


# What is usually built


def _texts(rows: int) -> Iterator[tuple[int, str, str, str, str, str]]:
    """Id, folded names, phones, document, e-mail, and all of it as one text."""
    for sample in samples(rows):
        one = sample.customer
        name = " ".join(fold_words(f"{one.company_name} {one.given_name} {one.surnames}"))
        phones = f"{one.mobile} {one.phone}".strip()
        yield sample.id, name, phones, one.document, one.email, f"{name} {phones} {one.document} {one.email}".lower()


def fts_store(rows: int, kind: str) -> Path:
    """A plain FTS5 table of everything: `prefix` or `trigram`."""
    path = CACHE / f"search-{rows}-{kind}.db"
    if not path.exists():
        connection = sqlite3.connect(path.with_suffix(".new"))
        how = "tokenize='trigram'" if kind == "trigram" else "prefix='2 3 4'"
        connection.execute(f"CREATE VIRTUAL TABLE people USING fts5(text, {how})")
        connection.executemany("INSERT INTO people (rowid, text) VALUES (?, ?)", ((r[0], r[5]) for r in _texts(rows)))
        connection.commit()
        connection.close()
        path.with_suffix(".new").rename(path)
    return path


def btree_store(rows: int) -> Path:
    """A table with an index on each column, and nothing else."""
    path = CACHE / f"search-{rows}-btree.db"
    if not path.exists():
        connection = sqlite3.connect(path.with_suffix(".new"))
        connection.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, name, phone, backwards, document, email)")
        rows_of = ((i, name, p, p[::-1], d, e) for i, name, p, d, e, _ in _texts(rows))
        connection.executemany("INSERT INTO people VALUES (?, ?, ?, ?, ?, ?)", rows_of)
        for column in ("name", "phone", "backwards", "document", "email"):
            connection.execute(f"CREATE INDEX by_{column} ON people ({column})")
        connection.commit()
        connection.close()
        path.with_suffix(".new").rename(path)
    return path


def fts_search(path: Path, kind: str) -> Search:
    """Every word a prefix, or every word a fragment."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA cache_size = -65536")

    def search(query: str) -> list[int]:
        words = [word for word in re.findall(r"\w+", fold(query)) if kind == "prefix" or len(word) > 2]
        if not words:
            return []
        match = " AND ".join(f'"{word}"*' if kind == "prefix" else f'"{word}"' for word in words)
        sql = "SELECT rowid FROM people WHERE people MATCH ? LIMIT 10"
        return [row[0] for row in connection.execute(sql, (match,))]

    return search


def btree_search(path: Path) -> Search:
    """Whatever column begins with the query, and the phone that ends so."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA cache_size = -65536")

    def search(query: str) -> list[int]:
        folded = " ".join(fold_words(query)) if "@" not in query else query
        found: dict[int, None] = {}
        for column, value in (
            ("name", folded), ("phone", query), ("backwards", query[::-1]), ("document", query.upper()),
            ("email", query),
        ):  # fmt: skip
            sql = f"SELECT id FROM people WHERE {column} >= ? AND {column} < ? LIMIT 10"
            found.update(dict.fromkeys(row[0] for row in connection.execute(sql, (value, value + "\U0010fffd"))))
        return list(found)[:10]

    return search


def ripgrep_search(path: Path) -> Search | None:
    """Every word somewhere in the line, in any order, in one pass of the file."""
    if not _is_there("rg"):
        return None

    def search(query: str) -> list[int]:
        words = [re.escape(word) for word in re.findall(r"[\w@.]+", query)]
        pattern = "".join(f"(?=.*{word})" for word in words)
        command = ["rg", "--no-line-number", "--ignore-case", "--pcre2", "--max-count", "10", f"^{pattern}", str(path)]
        return _ids_of(subprocess.run(command, capture_output=True, text=True).stdout)

    return search


def fzf_search(path: Path) -> Search | None:
    """The fuzzy finder, as its filter."""
    if not _is_there("fzf"):
        return None

    def search(query: str) -> list[int]:
        with path.open("rb") as stream:
            done = subprocess.run(["fzf", "--filter", query], stdin=stream, capture_output=True)
        return _ids_of("\n".join(done.stdout.decode(errors="replace").splitlines()[:10]))

    return search


def trgm_search(rows: int, url: str) -> Search:
    """PostgreSQL's pg_trgm: similarity of names, LIKE for the rest. `url` is a database that has the extension."""
    import psycopg

    connection: Any = psycopg.connect(url, autocommit=True)
    table = f"people_{rows}"
    if connection.execute("SELECT to_regclass(%s)", (table,)).fetchone()[0] is None:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        connection.execute(f"CREATE TABLE {table} (id int PRIMARY KEY, name text, rest text)")
        with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            for i, name, phones, document, email, _ in _texts(rows):
                copy.write_row((i, name, f"{phones} {document} {email}".lower()))
        for column in ("name", "rest"):
            connection.execute(f"CREATE INDEX ON {table} USING gin ({column} gin_trgm_ops)")
        connection.execute(f"ANALYZE {table}")

    def search(query: str) -> list[int]:
        if any(character.isdigit() or character == "@" for character in query):
            sql, value = f"SELECT id FROM {table} WHERE rest LIKE %s LIMIT 10", f"%{query.lower()}%"
            return [row[0] for row in connection.execute(sql, (value,)).fetchall()]
        folded = " ".join(fold_words(query))
        sql = f"SELECT id FROM {table} WHERE name %% %s ORDER BY similarity(name, %s) DESC LIMIT 10"
        return [row[0] for row in connection.execute(sql, (folded, folded)).fetchall()]

    return search


def _ids_of(lines: str) -> list[int]:
    return [int(match[1]) for match in re.finditer(r"^S(\d{8});", lines, re.MULTILINE)]


def _is_there(program: str) -> bool:
    try:
        return subprocess.run([program, "--version"], capture_output=True).returncode == 0
    except OSError:
        return False
