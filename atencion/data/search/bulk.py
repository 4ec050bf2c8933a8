"""All the customers that a query of the language asks for, and the queries kept by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import count

from atencion.data.connection import Connection
from atencion.data.search.expression import Word, all_of, to_fts5, to_tsquery
from atencion.data.search.index import COMMON_PLACE_WORDS, PLACE, with_twice
from atencion.data.search.language import Both, Days, Either, Expression, Field, Not, Term, parse
from atencion.data.search.query import key_of, words_of
from atencion.data.search.vocabulary import LAST
from atencion.data.sql import Statement, Value, moment
from atencion.errors import Refused
from atencion.i18n import _
from atencion.text import clean_line

PAGE = 1_000
"""Ids read at a time."""


@dataclass(frozen=True)
class SavedSearch:
    """A query kept by its name."""

    name: str
    query: str
    saved_at: datetime


def ids_in_bulk(connection: Connection, query: str) -> Iterator[int]:
    """The ids of every customer that `query` asks for, in their order; `@name` is a query kept by that name.

    Raises Refused if it cannot be understood, or there is no query of that name.
    """
    condition = _Condition(connection.dialect.name == "sqlite")
    where = condition.of(parse(_saved_or(connection, query)))
    rows = Statement(f"SELECT c.id {_FROM} AND ({where}) ORDER BY c.id").send(connection, **condition.values)
    while page := rows.fetchmany(PAGE):
        for (customer_id,) in page:
            yield customer_id


def count_in_bulk(connection: Connection, query: str) -> int:
    """How many customers `query` asks for. Raises Refused as `ids_in_bulk` does."""
    condition = _Condition(connection.dialect.name == "sqlite")
    where = condition.of(parse(_saved_or(connection, query)))
    counted = Statement(f"SELECT count(*) {_FROM} AND ({where})").run(connection, **condition.values)
    return int(counted.scalar_one())


def save_search(connection: Connection, name: str, query: str, *, at: datetime) -> None:
    """Keep a query by a name, in the place of another of that name. Raises Refused if either is no good."""
    parse(query)
    _SAVE.run(connection, name=_name(name), query=clean_line(query, 2_000), at=at)


def saved_searches(connection: Connection) -> list[SavedSearch]:
    """The queries kept, by name."""
    return [SavedSearch(row.name, row.query, moment(row.saved_at)) for row in _SAVED.run(connection)]


def forget_search(connection: Connection, name: str) -> None:
    """Keep that query no more. Raises Refused if there is none of that name."""
    _find_saved(connection, name)
    _FORGET.run(connection, name=_name(name))


def _saved_or(connection: Connection, query: str) -> str:
    """The query itself, or the one it names."""
    query = query.strip()
    return _find_saved(connection, query[1:]) if query.startswith("@") and " " not in query else query


def _find_saved(connection: Connection, name: str) -> str:
    row = _ONE_SAVED.run(connection, name=_name(name)).first()
    if row is None:
        known = ", ".join(f"@{one.name}" for one in saved_searches(connection))
        raise Refused(_("No hay ninguna búsqueda guardada «{name}».").format(name=_name(name)), remedy=known)
    return str(row.query)


def _name(name: str) -> str:
    key = "-".join(words_of(clean_line(name, 60)))
    if not key:
        raise Refused(_("El nombre de una búsqueda guardada ha de tener letras o cifras."))
    return key


class _Condition:
    """An expression as SQL on `customer c`; the values it names are gathered meanwhile."""

    def __init__(self, is_file: bool) -> None:
        self.values: dict[str, Value] = {}
        self._is_file = is_file
        self._numbers = count()

    def of(self, expression: Expression) -> str:
        match expression:
            case Both(parts):
                return " AND ".join(f"({self.of(part)})" for part in parts)
            case Either(parts):
                return " OR ".join(f"({self.of(part)})" for part in parts)
            case Not(part):
                return f"NOT ({self.of(part)})"
            case Days():
                return self._days(expression)
            case Term():
                return self._term(expression)

    def _term(self, term: Term) -> str:
        key = key_of(term.value)
        match term.field:
            case Field.NAME:
                return self._words(term, "search_name", "")
            case Field.COMPANY:
                return f"c.kind = 'company' AND {self._words(term, 'search_name', '')}"
            case Field.ADDRESS:
                return self._words(term, "search_trace", PLACE)
            case Field.KIND:
                return f"c.kind = {self._value(term.value)}"
            case Field.LANGUAGE:
                return f"c.language = {self._value(term.value)}"
            case Field.POSTCODE:
                return self._within("address", self._like("postcode", term, term.value))
            case Field.DOCUMENT:
                return self._within("identifier", self._like("normal", term, key))
            case Field.CODE:
                return self._like("c.external_key", term, key)
            case Field.CONTRACT:
                return self._within("contract", self._like("number_key", term, key))
            case Field.PRODUCT:
                code = self._like("code", term, term.value.upper())
                return self._within("contract", f"product_id IN (SELECT id FROM product WHERE {code})")
            case Field.EMAIL:
                return self._within(
                    "contact_point", f"kind = 'email' AND {self._like('normal', term, term.value.lower())}"
                )
            case _:
                return self._within("contact_point", f"kind = 'phone' AND {self._phone(term, key)}")

    def _words(self, term: Term, table: str, mark: str) -> str:
        words = words_of(term.value)
        if mark == PLACE:
            words = [word for word in words if word not in COMMON_PLACE_WORDS] or words
        elif not term.open_end:  # two surnames that are the same are asked for as two
            words = with_twice(" ".join(words)).split()
        last = len(words) - 1
        condition = all_of([Word(mark + word, term.open_end and n == last) for n, word in enumerate(words)])
        if self._is_file:
            return f"c.id IN (SELECT rowid FROM {table} WHERE {table} MATCH {self._value(to_fts5(condition))})"
        match = f"CAST({self._value(to_tsquery(condition))} AS tsquery)"
        return f"c.id IN (SELECT rowid FROM {table} WHERE array_to_tsvector(string_to_array(words, ' ')) @@ {match})"

    def _phone(self, term: Term, key: str) -> str:
        digits = key if term.open_start else key.removeprefix("00")
        if term.open_start and term.open_end:
            return f"normal LIKE {self._value(f'%{digits}%')}"
        if term.open_start:
            low = digits[::-1]
            return f"reversed >= {self._value(low)} AND reversed < {self._value(low + LAST)}"
        ways = (f"+34{digits}", f"+{digits}")
        return f"({' OR '.join(self._like('normal', term, way) for way in ways)})"

    def _like(self, column: str, term: Term, value: str) -> str:
        """A column is this or, with a star, begins, ends or goes on so."""
        if term.open_start:
            return f"{column} LIKE {self._value('%' + _literal(value) + ('%' if term.open_end else ''))} ESCAPE '!'"
        if term.open_end:
            return f"{column} >= {self._value(value)} AND {column} < {self._value(value + LAST)}"
        return f"{column} = {self._value(value)}"

    def _within(self, table: str, condition: str) -> str:
        return f"c.id IN (SELECT customer_id FROM {table} WHERE {condition})"

    def _days(self, days: Days) -> str:
        first: Value = days.first
        last: Value = days.last
        if days.field is Field.BORN:
            return f"c.birth_date IS NOT NULL AND {self._between('c.birth_date', first, last, '<=')}"
        first = datetime.combine(days.first, time(), UTC) if days.first else None
        last = datetime.combine(days.last + timedelta(days=1), time(), UTC) if days.last else None
        if days.field is Field.CREATED:
            return self._between("c.created_at", first, last, "<")
        return self._within("interaction", self._between("opened_at", first, last, "<"))

    def _between(self, column: str, first: Value, last: Value, until: str) -> str:
        bounds: Sequence[tuple[str, Value]] = ((">=", first), (until, last))
        return " AND ".join(f"{column} {sign} {self._value(bound)}" for sign, bound in bounds if bound is not None)

    def _value(self, value: Value) -> str:
        number, name = next(self._numbers), ""
        while True:
            name, number = chr(ord("a") + number % 26) + name, number // 26 - 1
            if number < 0:
                break
        self.values[f"value_{name}"] = value
        return f":value_{name}"


def _literal(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


_FROM = "FROM customer c WHERE c.merged_into IS NULL"
_SAVE = Statement(
    """
    INSERT INTO saved_search (name, query, saved_at) VALUES (:name, :query, :at)
    ON CONFLICT (name) DO UPDATE SET query = excluded.query, saved_at = excluded.saved_at
    """
)
_SAVED = Statement("SELECT name, query, saved_at FROM saved_search ORDER BY name")
_ONE_SAVED = Statement("SELECT query FROM saved_search WHERE name = :name")
_FORGET = Statement("DELETE FROM saved_search WHERE name = :name")
