"""What the statements of the store need of a connection, and SQLite's, reached without SQLAlchemy.

Importing SQLAlchemy takes half of the time that a workstation needs to be ready, and a fifth of its memory, for what a
file does not need: one driver, one style of parameters, a few connections. A team's server keeps it.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock
from types import SimpleNamespace
from typing import Any, Protocol

IDLE = 4
"""Connections kept open while nobody uses them."""


class Connection(Protocol):
    """A connection in a transaction. SQLAlchemy's is one; so is that of a file, below."""

    @property
    def dialect(self) -> Any:
        """Its `name`, and the driver's module as `dbapi`."""

    @property
    def connection(self) -> Any:
        """The driver's own connection, as `dbapi_connection`."""

    def exec_driver_sql(self, statement: str, parameters: Any = None) -> Any:
        """Send a statement to the driver as it is: once for a tuple, once per item for a list of them."""


class Rows:
    """What a statement gave: rows whose values are known by name and by place."""

    def __init__(self, rows: list[Any]) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def all(self) -> list[Any]:
        """Every row."""
        return self._rows

    def first(self) -> Any:
        """The first row, or None."""
        return self._rows[0] if self._rows else None

    def scalars(self) -> Rows:
        """The first value of every row."""
        return Rows([row[0] for row in self._rows])

    def scalar(self) -> Any:
        """The first value of the first row, or None."""
        return self._rows[0][0] if self._rows else None

    def scalar_one(self) -> Any:
        """The one value there must be."""
        (row,) = self._rows
        return row[0]


class FileConnection:
    """A connection of SQLite's driver."""

    def __init__(self, driver_connection: Any, dialect: Any) -> None:
        self.dialect = dialect
        self.dbapi_connection = driver_connection

    @property
    def connection(self) -> FileConnection:
        """Itself: nothing stands between it and the driver."""
        return self

    def exec_driver_sql(self, statement: str, parameters: Any = None) -> Rows:
        """Send a statement; its rows are all read before it returns, so that nothing is pending at the commit."""
        if isinstance(parameters, list):
            self.dbapi_connection.executemany(statement, parameters)
            return Rows([])
        cursor = self.dbapi_connection.execute(statement, parameters or ())
        if cursor.description is None:
            return Rows([])
        row = _row_type(tuple(column[0] for column in cursor.description))
        return Rows([row._make(values) for values in cursor.fetchall()])


class FilePool:
    """Connections to a file, each used by one thread at a time, every use a transaction that starts with `begin`."""

    def __init__(self, connect: Callable[[], Any], begin: str, module: Any) -> None:
        self._connect = connect
        self._begin = begin
        self._dialect = SimpleNamespace(name="sqlite", dbapi=module)
        self._idle: list[Any] = []
        self._lock = Lock()
        self._closed = False

    @contextmanager
    def transaction(self) -> Iterator[FileConnection]:
        """Committed when the block ends; undone if it raises."""
        with self._lock:
            driver_connection = self._idle.pop() if self._idle else None
        if driver_connection is None:
            driver_connection = self._connect()
        try:
            driver_connection.execute(self._begin)
            yield FileConnection(driver_connection, self._dialect)
            driver_connection.execute("COMMIT")
        except BaseException:
            if driver_connection.in_transaction:
                driver_connection.execute("ROLLBACK")
            raise
        finally:
            self._give_back(driver_connection)

    def close(self) -> None:
        """Close every connection that is not in use; the others as they come back."""
        with self._lock:
            self._closed, idle, self._idle = True, self._idle, []
        for driver_connection in idle:
            driver_connection.close()

    def _give_back(self, driver_connection: Any) -> None:
        with self._lock:
            keep = not self._closed and len(self._idle) < IDLE
            if keep:
                self._idle.append(driver_connection)
        if not keep:
            driver_connection.close()


@lru_cache(maxsize=512)
def _row_type(names: Sequence[str]) -> Any:
    return namedtuple("Row", names, rename=True)
