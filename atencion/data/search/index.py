"""Making customers findable. The words of a name stand in one index, and in another all that may be said beside it:
`=` before the words of an address, `#` before four digits in a row of a phone, `@` before the parts of an e-mail.

Both are whole per customer and made anew from the rows, so that what is indexed is what is stored, whatever was done.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from atencion.data.connection import Connection
from atencion.data.search.query import PARTICLES, WORD_LIMIT, phone_digits, words_of
from atencion.data.search.spelling import gaps
from atencion.data.sql import Statement, fill
from atencion.text import fold

GRAM = 4
"""Digits of a phone that are kept together: a part of a phone is found if it has as many."""

PLACE, PHONE, EMAIL = "=", "#", "@"

COMMON_PLACE_WORDS = PARTICLES | {"calle", "c", "avenida", "avda", "plaza", "pza", "carrer", "rua", "kalea", "cp"}
"""Words of addresses that find nobody."""

INDEXES = ("search_name", "search_trace")
"""The two, by the names of their tables."""

_PLACE_WORD = re.compile(rf"{PLACE}[^\d ][^ ]*")
_EMAIL_PART = re.compile(r"[a-z]{3,}|\d{2,}")


def index_customers(connection: Connection, customer_ids: Sequence[int]) -> None:
    """Make these customers findable as their rows are now; one that is gone is found no more.

    Every write of a name, a contact point or an address calls it, after the rows themselves are written.
    """
    ids = sorted(set(customer_ids))
    if not ids:
        return
    contacts: dict[int, list[tuple[str, str]]] = {customer_id: [] for customer_id in ids}
    for customer_id, kind, normal in _CONTACTS.run(connection, ids=ids):
        contacts[customer_id].append((kind, normal))
    addresses: dict[int, list[tuple[str, str, str]]] = {customer_id: [] for customer_id in ids}
    for customer_id, *address in _ADDRESSES.run(connection, ids=ids):
        addresses[customer_id].append((address[0], address[1], address[2]))
    for statement in _FORGET:
        statement.run(connection, ids=ids)
    names = [(row[0], row[1]) for row in _NAMES.run(connection, ids=ids)]
    index_newcomers(connection, [(i, name, trace_of(name, contacts[i], addresses[i])) for i, name in names])


def index_newcomers(connection: Connection, customers: Sequence[tuple[int, str, str]]) -> None:
    """Make customers findable who were not so far: of each the id, the folded name and what `trace_of` makes of it."""
    fill(connection, "search_name", ("rowid", "words"), [(i, with_twice(name)) for i, name, _trace in customers])
    fill(connection, "search_trace", ("rowid", "words"), [(i, trace) for i, _name, trace in customers])
    names = Counter(chain.from_iterable([set(name.split()) for _i, name, _trace in customers]))
    places = Counter(chain.from_iterable([set(_PLACE_WORD.findall(trace)) for _i, _name, trace in customers]))
    _learn(connection, names, places)


def trace_of(name: str, contacts: Iterable[tuple[str, str]], addresses: Iterable[tuple[str, str, str]]) -> str:
    """All that a customer is found by, in words: the folded name, of the contacts (kind and normal form) and of the
    addresses (street, postcode and town) their parts.
    """
    words = name.split()
    for kind, normal in contacts:
        words.extend(phone_tokens(normal) if kind == "phone" else email_tokens(normal))
    for address in addresses:
        words.extend(dict.fromkeys(place_tokens(*address)))
    return " ".join(words)


def twice(word: str) -> str:
    """What a name that has this word two times is found by: as its words alone, all who have it once would hide it."""
    return word + word


def with_twice(name: str) -> str:
    """A folded name with what it is found by if it has a word two times."""
    words = name.split()
    if len(set(words)) == len(words):
        return name
    again = [word for word, times in Counter(words).items() if times > 1 and word not in PARTICLES]
    return " ".join([*words, *map(twice, again)])


def place_tokens(street: str, postcode: str, town: str) -> Iterator[str]:
    """What an address is found by: the words of the street, its number, the postcode and the town."""
    number_is_there = False
    for word in chain.from_iterable(map(_words, street.split(", "))):
        if word.isdigit():
            if not number_is_there:  # the first is of the house, those after it of the floor and the door
                number_is_there = True
                yield PLACE + word
        elif len(word) > 1 and word not in COMMON_PLACE_WORDS:
            yield PLACE + word
    yield from _town_tokens(postcode, town)


def phone_tokens(normal: str) -> list[str]:
    """What a part of a phone is found by: every four digits in a row."""
    digits = phone_digits(normal)
    return [PHONE + digits[at : at + GRAM] for at in range(len(digits) - GRAM + 1)]


def email_tokens(normal: str) -> list[str]:
    """What a part of an e-mail is found by: the words and numbers before the at sign, and the name of the domain."""
    local, _at, domain = fold(normal).rpartition("@")
    return [EMAIL + part[:WORD_LIMIT] for part in _EMAIL_PART.findall(f"{local} {domain.rpartition('.')[0]}")]


@lru_cache(20_000)
def _words(part: str) -> tuple[str, ...]:
    """Of a part of a street that many share: its name, or a number, or a floor."""
    return tuple(words_of(part))


@lru_cache(10_000)
def _town_tokens(postcode: str, town: str) -> tuple[str, ...]:
    return tuple(PLACE + word for word in words_of(f"{postcode} {town}") if word not in COMMON_PLACE_WORDS)


def _learn(connection: Connection, names: Mapping[str, int], places: Mapping[str, int]) -> None:
    """Count words as seen so many times more; what is near a new word of a name leads to it from now on."""
    seen = {**names, **places}
    if not seen:
        return
    known = {row[0] for row in _KNOWN.run(connection, words=sorted(names))}
    _write(connection, _SEE, _SEE_ALL, sorted(seen.items()))
    _write(connection, _ADD_GAP, _ADD_GAPS, sorted((gap, word) for word in names.keys() - known for gap in gaps(word)))


def _write(connection: Connection, one: Statement, many: Statement, rows: list[tuple[Any, Any]]) -> None:
    """Rows in the order of their key, so that neighbours are written one after another: far fewer pages.

    One by one to a file; in one statement to a server, to which the way is long.
    """
    if connection.dialect.name == "sqlite":
        one.load(connection, rows)
    elif rows:
        many.run(connection, first=[row[0] for row in rows], second=[row[1] for row in rows])


_NAMES = Statement("SELECT id, search_name FROM customer WHERE id IN @ids")
_CONTACTS = Statement("SELECT customer_id, kind, normal FROM contact_point WHERE customer_id IN @ids")
_ADDRESSES = Statement("SELECT customer_id, street, postcode, town FROM address WHERE customer_id IN @ids")
_FORGET = (
    Statement("DELETE FROM search_name WHERE rowid IN @ids"),
    Statement("DELETE FROM search_trace WHERE rowid IN @ids"),
)
_KNOWN = Statement("SELECT word FROM search_word WHERE word IN @words")
_SEEN_AGAIN = "ON CONFLICT (word) DO UPDATE SET seen = search_word.seen + excluded.seen"
_SEE = Statement(f"INSERT INTO search_word (word, seen) VALUES (:word, :seen) {_SEEN_AGAIN}")
_SEE_ALL = Statement(
    f"""
    INSERT INTO search_word (word, seen)
    SELECT * FROM unnest(CAST(:first AS text[]), CAST(:second AS bigint[])) {_SEEN_AGAIN}
    """
)
_ADD_GAP = Statement("INSERT INTO search_gap (gap, word) VALUES (:gap, :word) ON CONFLICT DO NOTHING")
_ADD_GAPS = Statement(
    """
    INSERT INTO search_gap (gap, word) SELECT * FROM unnest(CAST(:first AS bigint[]), CAST(:second AS text[]))
    ON CONFLICT DO NOTHING
    """
)
