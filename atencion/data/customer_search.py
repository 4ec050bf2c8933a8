"""Finding a customer by whatever is at hand: a phone, a document, an e-mail, a contract, some words of a name.

What was typed says what it can be: digits are looked up in every kind of number by their index, words in the index of
folded names. Names are asked for in stages that stop at enough: whole words, the last one open, all of them open. A few
candidates are taken and ranked here, because no engine ranks a name as a person would.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from atencion.data.connection import Connection
from atencion.data.sql import Statement
from atencion.text import clean_line, fold, fold_words

CANDIDATES = 150
"""Rows taken from the index of names, at each stage, to be ranked."""


class MatchedOn(StrEnum):
    """Which datum of the customer the query met."""

    PHONE = "phone"
    IDENTIFIER = "identifier"
    EXTERNAL_ID = "external_id"
    CONTRACT = "contract"
    EMAIL = "email"
    NAME = "name"


@dataclass(frozen=True)
class Found:
    """A customer in a list of results: enough to tell namesakes apart, and no more."""

    customer_id: int
    external_id: str | None
    name: str
    matched_on: MatchedOn
    kind: str
    town: str
    contracts: int


def find(connection: Connection, query: str, limit: int = 20) -> list[Found]:
    """The customers that `query` may mean, the likeliest first. A query without letters or digits finds nobody."""
    query = clean_line(query, 100)
    words = _words(query)[:8]
    if not words or limit < 1:
        return []
    matches: dict[int, MatchedOn] = {}
    for matched_on, ids in _stages(connection, query, words, limit):
        for customer_id in ids:
            matches.setdefault(customer_id, matched_on)
        if len(matches) >= limit:
            break
    return _load(connection, list(matches.items())[:limit])


def key_of(text: str) -> str:
    """The letters and digits of a document or number, in capitals: how they are compared."""
    return _NOT_KEY.sub("", fold(text)).upper()


def search_name(*names: str) -> str:
    """The folded words of all the names of a customer, as they are indexed."""
    return " ".join(word for name in names for word in _words(name))


def index_names(connection: Connection, changes: Sequence[tuple[int, str, str]]) -> None:
    """Make names findable: (customer id, `search_name` before or empty, `search_name` now).

    Every write of a name calls it, before the row itself changes. PostgreSQL indexes the column by itself.
    """
    if connection.dialect.name != "sqlite":
        return
    changed = [change for change in changes if change[1] != change[2]]
    _UNINDEX.run_many(connection, ({"id": i, "words": before} for i, before, _ in changed if before))
    _INDEX.run_many(connection, ({"id": i, "words": now} for i, _, now in changed if now))
    words = {word for _, _, now in changed for word in now.split() if len(word) > _SHORT}
    _ADD_WORD.run_many(connection, ({"word": word} for word in sorted(words)))


_SHORT = 4  # letters; the index of names holds prefixes up to here, longer ones are completed from the vocabulary
_COMPLETIONS = 60
_LAST = "\U0010fffd"  # sorts after any character that a text can begin with
_NOT_KEY = re.compile(r"[^0-9a-z]")
_PHONE = re.compile(r"\+?[\d\s().\-/]+")
_INITIALS = re.compile(r"(?<=\b\w)\.(?=\w\b)")


def _words(text: str) -> list[str]:
    """Folded words, with the dots of initials taken out: S.L. is one word."""
    return fold_words(_INITIALS.sub("", text))


def _stages(
    connection: Connection, query: str, words: list[str], limit: int
) -> Iterable[tuple[MatchedOn, Iterable[int]]]:
    """What can be meant, the surest first; each stage is asked only if those before gave too little."""
    key = key_of(query)
    email = query.lower()
    if "@" in query:
        yield MatchedOn.EMAIL, _ids(_EMAIL, connection, low=email, high=email + _LAST, limit=limit)
        return
    if any(char.isdigit() for char in key):
        yield from _numbers(connection, query, key, limit)
    if not key.isdigit() or len(words) > 1:
        yield MatchedOn.NAME, _by_name(connection, query, words, limit)
    if " " not in query and len(query) > 2:
        yield MatchedOn.EMAIL, _ids(_EMAIL, connection, low=email, high=email + _LAST, limit=limit)


def _numbers(connection: Connection, query: str, key: str, limit: int) -> Iterable[tuple[MatchedOn, Iterable[int]]]:
    digits = key if key.isdigit() and _PHONE.fullmatch(query) else ""
    international = query.startswith(("+", "00"))
    phones = [f"+{digits.removeprefix('00')}"] if international else [f"+34{digits}", f"+{digits}"]
    documents = _documents(key)
    if digits:
        yield MatchedOn.PHONE, _ids(_PHONE_IS, connection, values=phones, limit=limit)
    yield MatchedOn.IDENTIFIER, _ids(_IDENTIFIER_IS, connection, values=documents, limit=limit)
    yield MatchedOn.EXTERNAL_ID, _ids(_EXTERNAL_ID, connection, low=key, high=key, limit=limit)
    yield MatchedOn.CONTRACT, _ids(_CONTRACT, connection, low=key, high=key, limit=limit)
    if len(key) < 3:
        return
    if len(digits) > 3:
        backwards = digits[::-1]
        for phone in phones:
            yield MatchedOn.PHONE, _ids(_PHONE_FROM, connection, low=phone, high=phone + _LAST, limit=limit)
        yield MatchedOn.PHONE, _ids(_PHONE_END, connection, low=backwards, high=backwards + _LAST, limit=limit)
    for document in documents if len(key) > 4 else ():
        yield MatchedOn.IDENTIFIER, _ids(_IDENTIFIER, connection, low=document, high=document + _LAST, limit=limit)
    yield MatchedOn.EXTERNAL_ID, _ids(_EXTERNAL_ID, connection, low=key, high=key + _LAST, limit=limit)
    yield MatchedOn.CONTRACT, _ids(_CONTRACT, connection, low=key, high=key + _LAST, limit=limit)


def _documents(key: str) -> list[str]:
    """A document as people say it: the first zeros of a NIF, or the first letter of a NIE, may be left out."""
    documents = [key]
    number = re.fullmatch(r"(\d{5,8})([A-Z]?)", key)
    if number:
        documents.append(number[1].zfill(8) + number[2])
        if len(number[1]) == 7:
            documents.extend(letter + key for letter in "XYZ")
    return list(dict.fromkeys(documents))


def _ids(statement: Statement, connection: Connection, **values: Any) -> list[int]:
    return [row[0] for row in statement.send(connection, **values).fetchall()]


def _by_name(connection: Connection, query: str, words: list[str], limit: int) -> list[int]:
    rows: dict[int, Any] = {}
    for open_from in dict.fromkeys((len(words), len(words) - 1, 0)):
        for row in _name_candidates(connection, words, open_from):
            rows.setdefault(row[0], row)
        if len(rows) >= limit:
            break
    spelled = [word.lower() for word in query.split()]
    return sorted(rows, key=lambda customer_id: _rank(rows[customer_id], words, spelled))


def _name_candidates(connection: Connection, words: list[str], open_from: int) -> list[Any]:
    """Rows that have every word, those from `open_from` on as the beginning of a word."""
    if connection.dialect.name == "sqlite":
        groups = [f'"{word}"' for word in words[:open_from]]
        for word in words[open_from:]:
            group = _completed(connection, word)
            if not group:
                return []
            groups.append(group)
        statement, match = _NAMES_SQLITE, " AND ".join(groups)
    else:
        quoted = [f"'{word}'" if n < open_from else f"'{word}':*" for n, word in enumerate(words)]
        statement, match = _NAMES_POSTGRESQL, " & ".join(quoted)
    rows: list[Any] = statement.send(connection, match=match, limit=CANDIDATES).fetchall()
    return rows


def _completed(connection: Connection, word: str) -> str:
    """The words that begin like `word`, as one group of the query; the index merges long prefixes slowly."""
    if len(word) <= _SHORT:
        return f'"{word}"*'
    completions = _WORDS.send(connection, low=word, high=word + _LAST, limit=_COMPLETIONS).fetchall()
    group = " OR ".join(f'"{row[0]}"' for row in completions)
    return f"({group})" if group else ""


def _rank(row: Any, words: list[str], spelled: list[str]) -> tuple[Any, ...]:
    """Whole words before beginnings, in the order typed before any, as spelled before folded, short before long."""
    _, folded, given_name, surnames, company_name = row
    its_words = set(folded.split())
    name = f"{company_name} {given_name} {surnames}".lower()
    its_spelling = set(name.split())
    return (
        sum(word not in its_words for word in words),
        " ".join(words) not in folded,
        -sum(word in its_spelling for word in spelled),
        len(folded),
        name,
    )


def _load(connection: Connection, matches: list[tuple[int, MatchedOn]]) -> list[Found]:
    rows = {row[0]: row for row in _FOUND.send(connection, ids=[i for i, _ in matches]).fetchall()} if matches else {}
    found = []
    for customer_id, matched_on in matches:
        _, external_id, kind, given_name, surnames, company_name, town, contracts = rows[customer_id]
        name = company_name or f"{given_name} {surnames}".strip()
        found.append(Found(customer_id, external_id, name, matched_on, kind, town or "", contracts))
    return found


_PHONE_IS = Statement("SELECT customer_id FROM contact_point WHERE kind = 'phone' AND normal IN @values LIMIT :limit")
_PHONE_FROM = Statement(
    """
    SELECT customer_id FROM contact_point WHERE kind = 'phone' AND normal >= :low AND normal < :high
    ORDER BY normal LIMIT :limit
    """
)
_PHONE_END = Statement(
    """
    SELECT customer_id FROM contact_point WHERE reversed >= :low AND reversed < :high ORDER BY reversed LIMIT :limit
    """
)
_EMAIL = Statement(
    """
    SELECT customer_id FROM contact_point WHERE kind = 'email' AND normal >= :low AND normal < :high
    ORDER BY normal LIMIT :limit
    """
)
_IDENTIFIER_IS = Statement("SELECT customer_id FROM identifier WHERE normal IN @values LIMIT :limit")
_IDENTIFIER = Statement(
    "SELECT customer_id FROM identifier WHERE normal >= :low AND normal < :high ORDER BY normal LIMIT :limit"
)
_EXTERNAL_ID = Statement(
    """
    SELECT id FROM customer WHERE external_key >= :low AND external_key <= :high ORDER BY external_key LIMIT :limit
    """
)
_CONTRACT = Statement(
    """
    SELECT customer_id FROM contract WHERE number_key >= :low AND number_key <= :high ORDER BY number_key LIMIT :limit
    """
)
_NAMES_SQLITE = Statement(
    """
    SELECT c.id, c.search_name, c.given_name, c.surnames, c.company_name
    FROM (SELECT rowid AS id FROM search_customer WHERE search_customer MATCH :match LIMIT :limit) s
    JOIN customer c ON c.id = s.id
    """
)
_NAMES_POSTGRESQL = Statement(
    """
    SELECT id, search_name, given_name, surnames, company_name FROM customer
    WHERE array_to_tsvector(string_to_array(search_name, ' ')) @@ CAST(:match AS tsquery) LIMIT :limit
    """
)
_WORDS = Statement("SELECT word FROM search_word WHERE word >= :low AND word < :high ORDER BY word LIMIT :limit")
_FOUND = Statement(
    """
    SELECT c.id, c.external_id, c.kind, c.given_name, c.surnames, c.company_name,
        (SELECT a.town FROM address a WHERE a.customer_id = c.id ORDER BY a.is_primary DESC, a.id LIMIT 1),
        (SELECT count(*) FROM contract k WHERE k.customer_id = c.id)
    FROM customer c WHERE c.id IN @ids
    """
)
_UNINDEX = Statement("INSERT INTO search_customer (search_customer, rowid, words) VALUES ('delete', :id, :words)")
_INDEX = Statement("INSERT INTO search_customer (rowid, words) VALUES (:id, :words)")
_ADD_WORD = Statement("INSERT INTO search_word (word) VALUES (:word) ON CONFLICT DO NOTHING")
