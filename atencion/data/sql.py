"""One statement for both engines, and the door through which every value enters the store."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from atencion.text import clean_text

if TYPE_CHECKING:
    from atencion.data.connection import Connection

TEXT_LIMIT = 1_000_000
"""Longest text in characters that any column takes; the functions above set tighter limits where they know better."""

Value: TypeAlias = str | int | float | bool | bytes | date | datetime | list[str] | list[int] | list[float] | None


_PAGE = 5_000  # rows that a server sends at a time


class Verbatim(str):
    """Text kept character by character because a hash was taken of it; whoever shows it cleans it."""


class Statement:
    """SQL with `:name` for values and `IN @name` for lists, sent to the driver in its own style.

    Every text is cleaned and every moment made UTC on the way in, so nothing reaches a column by another path.
    """

    def __init__(self, sql: str) -> None:
        self.sql = " ".join(sql.split())
        self._names: list[str] = []
        self._sqlite = _MARK.sub(self._sqlite_mark, self.sql)
        self._postgresql = _MARK.sub(_postgresql_mark, self.sql.replace("%", "%%"))

    def run(self, connection: Connection, **values: Value) -> Any:
        """Execute it once."""
        sql, encode = self._for(connection)
        return connection.exec_driver_sql(sql, tuple(encode(values[name]) for name in self._names))

    def send(self, connection: Connection, **values: Value) -> Any:
        """Execute it once, straight on the driver: a third of the cost, for what each step of a call does.

        Returns the driver's cursor; errors are the driver's own.
        """
        sql, encode = self._for(connection)
        driver_connection: Any = connection.connection.dbapi_connection
        return driver_connection.execute(sql, tuple([encode(values[name]) for name in self._names]))

    def stream(self, connection: Connection, **values: Value) -> Iterator[Any]:
        """Its rows as bare tuples, read as they are wanted: for more rows than fit in memory."""
        sql, encode = self._for(connection)
        driver_connection: Any = connection.connection.dbapi_connection
        parameters = tuple([encode(values[name]) for name in self._names])
        if connection.dialect.name == "sqlite":
            yield from driver_connection.execute(sql, parameters)
            return
        with driver_connection.cursor(name=f"stream_{id(self)}") as cursor:
            cursor.itersize = _PAGE
            cursor.execute(sql, parameters)
            yield from cursor

    def run_many(self, connection: Connection, rows: Iterable[Mapping[str, Value]]) -> None:
        """Execute it once per row; nothing for no rows."""
        sql, encode = self._for(connection)
        encoded = [tuple([encode(row[name]) for name in self._names]) for row in rows]
        if encoded:
            connection.exec_driver_sql(sql, encoded)

    def load(self, connection: Connection, rows: list[tuple[Any, ...]]) -> None:
        """Execute it once per row of values in the order of its names, none twice, for millions of rows.

        They go to the driver as they are: the caller has cleaned the texts, and gives moments as numbers.
        """
        if rows:
            connection.exec_driver_sql(self._for(connection)[0], rows)

    def _for(self, connection: Connection) -> tuple[str, Callable[[Value], Any]]:
        if connection.dialect.name == "sqlite":
            return self._sqlite, _to_sqlite
        return self._postgresql, _to_postgresql

    def _sqlite_mark(self, match: re.Match[str]) -> str:
        self._names.append(match["one"] or match["many"])
        return "?" if match["one"] else "IN (SELECT value FROM json_each(?))"


def fill(connection: Connection, table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """Put rows into a table as fast as the engine takes them. Their texts have been cleaned: nothing looks at them."""
    names = ", ".join(columns)
    driver_connection: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        driver_connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
        return
    with driver_connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def moment(stored: str | datetime) -> datetime:
    """A moment as it comes from either engine: aware, UTC."""
    return datetime.fromisoformat(stored) if isinstance(stored, str) else stored.astimezone(UTC)


def moment_or_none(stored: str | datetime | None) -> datetime | None:
    """`moment`, where there may be none."""
    return None if stored is None else moment(stored)


def day_or_none(stored: str | date | None) -> date | None:
    """A day as it comes from either engine, where there may be none."""
    return date.fromisoformat(stored) if isinstance(stored, str) else stored


def moment_text(value: datetime) -> str:
    """How SQLite keeps a moment: UTC, of fixed width, so that order of text is order of time."""
    return value.astimezone(UTC).isoformat(timespec="microseconds")


_MARK = re.compile(r"(?<![:\w]):(?P<one>[a-z_]+)|IN @(?P<many>[a-z_]+)")


def _postgresql_mark(match: re.Match[str]) -> str:
    return "%s" if match["one"] else "= ANY(%s)"


def _to_sqlite(value: Value) -> Any:
    if type(value) is str:
        return _text(value)
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, datetime):
        return moment_text(_aware(value))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return json.dumps(value)
    return _text_of_a_kind(value) if isinstance(value, str) else value


def _to_postgresql(value: Value) -> Any:
    if type(value) is str:
        return _text(value)
    if isinstance(value, datetime):
        return _aware(value)
    return _text_of_a_kind(value) if isinstance(value, str) else value


def _text_of_a_kind(value: str) -> str:
    return str(value) if isinstance(value, Verbatim) else _text(str(value))


def _text(value: str) -> str:
    if value.isascii() and value.isprintable() and len(value) <= TEXT_LIMIT:
        return value  # clean as it is: most codes and names
    return clean_text(value, TEXT_LIMIT, TEXT_LIMIT)


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a moment without its zone cannot be stored")
    return value
