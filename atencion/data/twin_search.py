"""Finding records that may be of one customer: for one that is being typed, and among all there are.

All are never compared with all. Records are first put in blocks that twins share (a document, a phone, an e-mail; a day
of birth or an address together with the sound of a name), and only those of one block are compared.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from atencion.data.connection import Connection
from atencion.data.customer_search import find
from atencion.data.customers import CustomerRecord, cards, full_name
from atencion.data.engine import Store
from atencion.data.sql import Statement, day_or_none, moment
from atencion.data.twins import (
    HINT,
    SUSPECT,
    Likeness,
    Reason,
    Traits,
    likeness,
    name_words,
    place_key,
    sound,
    traits_of,
)

LARGEST_BLOCK = 30
"""Records of a block that are all compared; in a larger one, only with the first of the same name."""

CHUNK = 20_000
"""Pairs whose records are read at a time."""


@dataclass(frozen=True)
class Twin:
    """A customer of the store that may be the one at hand."""

    customer_id: int
    name: str
    external_id: str | None
    likeness: Likeness


@dataclass(frozen=True)
class Pair:
    """Two customers that may be one, in the queue."""

    low_id: int
    high_id: int
    low_name: str
    high_name: str
    score: int
    reasons: tuple[Reason, ...]
    found_at: datetime


@dataclass(frozen=True)
class Hunt:
    """How a search among all customers ended: pairs compared, pairs suspected, seconds."""

    compared: int
    suspected: int
    seconds: float


def twins_of(
    connection: Connection,
    customer: CustomerRecord,
    *,
    other_than: int | None = None,
    least: int = HINT,
    limit: int = 5,
) -> list[Twin]:
    """The customers that may be this one, the likeliest first."""
    ids = set(_sharing(connection, customer))
    if len(name_words(customer.name)) > 1:
        ids.update(found.customer_id for found in find(connection, customer.name, 20))
    mine = traits_of(customer)
    found = []
    for card in cards(connection, sorted(ids - {other_than})):
        alike = likeness(mine, traits_of(card))
        if alike.score >= least and card.merged_into is None:
            found.append(Twin(card.id, card.name, card.external_id, alike))
    return sorted(found, key=lambda twin: (-twin.likeness.score, twin.customer_id))[:limit]


def note_pairs(connection: Connection, pairs: Iterable[tuple[int, int, Likeness]], *, at: datetime) -> None:
    """Put suspected pairs into the queue; one that somebody has decided about stays decided."""
    _PUT.run_many(
        connection,
        (
            {
                "low": min(one, other),
                "high": max(one, other),
                "score": alike.score,
                "reasons": json.dumps(alike.reasons),
                "at": at,
            }
            for one, other, alike in pairs
        ),
    )


def queue(connection: Connection, limit: int = 100) -> list[Pair]:
    """The pairs that nobody has decided about, the surest first."""
    return [
        Pair(
            row.low_id,
            row.high_id,
            full_name(row.low_given, row.low_surnames, row.low_company),
            full_name(row.high_given, row.high_surnames, row.high_company),
            row.score,
            tuple(Reason(one) for one in json.loads(row.reasons)),
            moment(row.found_at),
        )
        for row in _QUEUE.run(connection, limit=limit)
    ]


def count_open(connection: Connection) -> int:
    """How many pairs wait in the queue."""
    return int(_COUNT.run(connection).scalar_one())


def dismiss(connection: Connection, one: int, other: int, *, by: int | None, at: datetime) -> bool:
    """They are two: not suspected again. False if the pair was not waiting."""
    low, high = sorted((one, other))
    return _DISMISS.run(connection, low=low, high=high, by=by, at=at).first() is not None


def hunt(
    store: Store, *, clock: Callable[[], datetime], on_progress: Callable[[float], None] = lambda fraction: None
) -> Hunt:
    """Look for twins among all customers and put them into the queue."""
    started = time.monotonic()
    with store.reading() as connection:
        pairs = sorted(_candidates(connection, on_progress))
    suspected = 0
    for n, packed in enumerate(_chunks(pairs)):
        chunk = [divmod(pair, _APART) for pair in packed]
        on_progress(0.5 + 0.5 * n * CHUNK / max(1, len(pairs)))
        found = []
        with store.reading() as connection:
            known = load_traits(connection, sorted({customer_id for pair in chunk for customer_id in pair}))
        for one, other in chunk:
            if one in known and other in known:
                alike = likeness(known[one], known[other])
                if alike.score >= SUSPECT:
                    found.append((one, other, alike))
        if found:
            with store.writing() as connection:
                note_pairs(connection, found, at=clock())
            suspected += len(found)
    on_progress(1.0)
    return Hunt(len(pairs), suspected, round(time.monotonic() - started, 3))


def load_traits(connection: Connection, ids: Sequence[int]) -> dict[int, Traits]:
    """What is compared of many customers; those merged into another are left out."""
    wanted = list(ids)
    documents: dict[int, set[tuple[str, str]]] = {}
    phones: dict[int, set[str]] = {}
    emails: dict[int, set[str]] = {}
    places: dict[int, set[tuple[str, str]]] = {}
    for customer_id, kind, normal in _DOCUMENTS.send(connection, ids=wanted).fetchall():
        documents.setdefault(customer_id, set()).add((kind, normal))
    for customer_id, kind, normal in _CONTACTS.send(connection, ids=wanted).fetchall():
        (phones if kind == "phone" else emails).setdefault(customer_id, set()).add(normal)
    for customer_id, postcode, street in _PLACES.send(connection, ids=wanted).fetchall():
        places.setdefault(customer_id, set()).add((postcode, place_key(street)))
    nothing: frozenset[Any] = frozenset()
    return {
        row[0]: Traits(
            row[1] == "company",
            name_words(full_name(row[2], row[3], row[4])),
            frozenset(documents.get(row[0], nothing)),
            frozenset(phones.get(row[0], nothing)),
            frozenset(emails.get(row[0], nothing)),
            day_or_none(row[5]),
            frozenset(places.get(row[0], nothing)),
        )
        for row in _CUSTOMERS.send(connection, ids=wanted).fetchall()
    }


def _sharing(connection: Connection, customer: CustomerRecord) -> Iterator[int]:
    """Customers with a document, a phone or an e-mail of this one."""
    for statement, values in (
        (_WITH_DOCUMENT, [part.normal for part in customer.identifiers]),
        (_WITH_CONTACT, [part.normal for part in customer.contacts]),
    ):
        if values:
            yield from (row[0] for row in statement.run(connection, values=values, limit=50))


_APART = 1 << 40
"""A pair is one number, the lower id so many times and the higher: a million of them take a third of the memory."""


def _candidates(connection: Connection, on_progress: Callable[[float], None]) -> set[int]:
    pairs: set[int] = set()
    blocks = (
        _same_value(connection, _DOCUMENT_BLOCKS),
        _same_value(connection, _CONTACT_BLOCKS),
        _same_day(connection),
        _same_place(connection),
    )
    for n, found in enumerate(blocks):
        for block in found:
            if len(block) <= LARGEST_BLOCK:
                found_pairs: Iterable[tuple[int, int]] = itertools.combinations(sorted(set(block)), 2)
            else:
                found_pairs = _of_one_name(connection, sorted(set(block)))
            pairs.update(low * _APART + high for low, high in found_pairs)
        on_progress(0.5 * (n + 1) / len(blocks))
    return pairs


def _same_value(connection: Connection, statement: Statement) -> Iterator[list[int]]:
    rows = statement.stream(connection)
    for _value, group in itertools.groupby(rows, key=lambda row: row[0]):
        yield [row[1] for row in group]


def _same_day(connection: Connection) -> Iterator[list[int]]:
    """Born the same day, with a word of the name that sounds the same."""
    for _day, group in itertools.groupby(_BORN.stream(connection), key=lambda row: row[1]):
        yield from _by_sound((row[0], name_words(f"{row[2]} {row[3]}")) for row in group)


def _same_place(connection: Connection) -> Iterator[list[int]]:
    """At the same street and number, with a word of the name that sounds the same."""
    for _postcode, group in itertools.groupby(_LIVING.stream(connection), key=lambda row: row[1]):
        homes: dict[str, list[Any]] = {}
        for row in group:
            if key := place_key(row[2]):
                homes.setdefault(key, []).append(row)
        for home in homes.values():
            if len(home) > 1:
                yield from _by_sound((row[0], name_words(full_name(row[3], row[4], row[5]))) for row in home)


def _by_sound(people: Iterable[tuple[int, Sequence[str]]]) -> Iterator[list[int]]:
    heard: dict[str, list[int]] = {}
    for customer_id, words in people:
        for word in set(map(sound, words)):
            heard.setdefault(word, []).append(customer_id)
    return (block for block in heard.values() if len(block) > 1)


def _of_one_name(connection: Connection, ids: Sequence[int]) -> Iterator[tuple[int, int]]:
    first: dict[tuple[str, ...], int] = {}
    for customer_id, traits in sorted(load_traits(connection, ids).items()):
        name = tuple(sorted(traits.names))
        if name in first:
            yield first[name], customer_id
        else:
            first[name] = customer_id


def _chunks(pairs: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(pairs), CHUNK):
        yield pairs[start : start + CHUNK]


_PUT = Statement(
    """
    INSERT INTO twin_pair (low_id, high_id, score, reasons, status, found_at)
    VALUES (:low, :high, :score, :reasons, 'open', :at)
    ON CONFLICT (low_id, high_id) DO UPDATE SET score = excluded.score, reasons = excluded.reasons
    """
)
# A pair whose other half was merged into a third waits hidden: if they are made two again, it is there.
_WAITING = """
    FROM twin_pair p JOIN customer a ON a.id = p.low_id JOIN customer b ON b.id = p.high_id
    WHERE p.status = 'open' AND a.merged_into IS NULL AND b.merged_into IS NULL
"""
_QUEUE = Statement(
    f"""
    SELECT p.*, a.given_name AS low_given, a.surnames AS low_surnames, a.company_name AS low_company,
        b.given_name AS high_given, b.surnames AS high_surnames, b.company_name AS high_company
    {_WAITING} ORDER BY p.score DESC, p.low_id, p.high_id LIMIT :limit
    """
)
_COUNT = Statement(f"SELECT count(*) {_WAITING}")
_DISMISS = Statement(
    """
    UPDATE twin_pair SET status = 'dismissed', decided_at = :at, decided_by = :by
    WHERE low_id = :low AND high_id = :high AND status = 'open' RETURNING low_id
    """
)
_WITH_DOCUMENT = Statement("SELECT customer_id FROM identifier WHERE normal IN @values LIMIT :limit")
_WITH_CONTACT = Statement(
    "SELECT customer_id FROM contact_point WHERE kind IN ('phone', 'email') AND normal IN @values LIMIT :limit"
)
_DOCUMENT_BLOCKS = Statement(
    """
    SELECT i.normal, i.customer_id FROM identifier i
    JOIN (SELECT normal FROM identifier GROUP BY normal HAVING count(*) > 1) g ON g.normal = i.normal
    WHERE i.kind <> 'code' ORDER BY i.normal
    """
)
_CONTACT_BLOCKS = Statement(
    """
    SELECT c.normal, c.customer_id FROM contact_point c
    JOIN (SELECT kind, normal FROM contact_point GROUP BY kind, normal HAVING count(*) > 1) g
        ON g.kind = c.kind AND g.normal = c.normal
    ORDER BY c.normal
    """
)
_BORN = Statement(
    """
    SELECT id, birth_date, given_name, surnames FROM customer
    WHERE birth_date IS NOT NULL AND merged_into IS NULL ORDER BY birth_date
    """
)
_LIVING = Statement(
    """
    SELECT a.customer_id, a.postcode, a.street, c.given_name, c.surnames, c.company_name
    FROM address a JOIN customer c ON c.id = a.customer_id
    WHERE c.merged_into IS NULL AND a.postcode <> '' ORDER BY a.postcode
    """
)
_CUSTOMERS = Statement(
    """
    SELECT id, kind, given_name, surnames, company_name, birth_date FROM customer
    WHERE id IN @ids AND merged_into IS NULL
    """
)
_DOCUMENTS = Statement("SELECT customer_id, kind, normal FROM identifier WHERE customer_id IN @ids AND kind <> 'code'")
_CONTACTS = Statement("SELECT customer_id, kind, normal FROM contact_point WHERE customer_id IN @ids")
_PLACES = Statement("SELECT customer_id, postcode, street FROM address WHERE customer_id IN @ids")
