"""Opening the store, and the two ways into it: reading and writing.

`reading()` sees one moment of the store and cannot change it. `writing()` is one transaction: all of it is on disk when
the block ends, or none of it when anything is raised inside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from atencion.data import sqlite
from atencion.data.connection import Connection, FilePool
from atencion.data.failures import told_to_people
from atencion.errors import StoreError
from atencion.i18n import _


class StoreKind(StrEnum):
    """What a store is for, written in it when it is made, so that practice never touches real customers."""

    REAL = "real"
    DEMO = "demo"
    PRACTICE = "practice"


class Dialect(StrEnum):
    """The engine under the store."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


Transaction = Callable[[], AbstractContextManager[Connection]]
"""A transaction that is committed when its block ends and undone if that raises."""


@dataclass(frozen=True)
class _Engine:
    """How an engine is reached: its transactions, the errors it may raise, and how all of it is closed."""

    dialect: Dialect
    read: Transaction
    write: Transaction
    errors: tuple[type[Exception], ...]
    close: Callable[[], None]


class Store:
    """An open store. Any thread may use it; each `reading()` or `writing()` has a connection for itself."""

    def __init__(self, engine: _Engine, where: str, path: Path | None, key: bytes | None) -> None:
        self.where = where
        """The address, without its password."""
        self.path = path
        """The file, if it is one."""
        self.dialect = engine.dialect
        self.kind = StoreKind.REAL
        self.key = key
        self._engine = engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One view of the store, unchanged by others while it lasts; writing is refused."""
        with told_to_people(self.where, self._engine.errors), self._engine.read() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: committed, to the disk, when the block ends; undone if it raises."""
        with told_to_people(self.where, self._engine.errors), self._engine.write() as connection:
            yield connection

    def gather_words(self, *indexes: str, written: int) -> None:
        """Make each of these indexes of words one piece after so many rows, if they left it in many: a search asks all.

        In short transactions, so that others write in between. A server looks after itself.
        """
        if self.dialect is not Dialect.SQLITE or written < _MANY:
            return
        for index in indexes:
            begins = more = True
            while more:
                with self.writing() as connection:
                    more = sqlite.merge_pieces(connection, index, begins=begins)
                begins = False

    def check_integrity(self) -> list[str]:
        """What the engine finds wrong in its own file, at most ten findings; a server looks after itself."""
        if self.dialect is not Dialect.SQLITE:
            return []
        with self.reading() as connection:
            found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(10)")]
        return [] if found == ["ok"] else found

    def close(self) -> None:
        """Close every connection; the store may not be used any more."""
        self._engine.close()


_MANY = 20_000  # rows after which it pays; making one piece reads and writes the whole index


def open_store(
    url: str, *, key: bytes | None = None, create: bool = True, kind: StoreKind | None = StoreKind.REAL
) -> Store:
    """Open the store at `url` and bring its tables up to date.

    `url` is `sqlite:///FILE`, a plain path or `postgresql://...`. `kind` is what a new store will be and what an
    existing one must be; None takes any. Raises StoreError if it cannot be reached or used with safety.
    """
    from atencion.data.migrate import bring_up_to_date

    path = _file_of(url)
    store = _open_sqlite(path, key, create=create) if path is not None else _open_postgresql(url)
    try:
        with told_to_people(store.where, store._engine.errors):
            store.kind = bring_up_to_date(store, create=create, kind=kind)
    except BaseException:
        store.close()
        raise
    return store


def _file_of(url: str) -> Path | None:
    """The file that an address names; None if it is that of a server."""
    scheme, found, rest = url.partition("://")
    if not found:
        name = url
    elif scheme.partition("+")[0] == Dialect.SQLITE:
        name = rest.partition("?")[0].removeprefix("/")
    else:
        return None
    if name in ("", ":memory:"):
        raise _bad_address()
    return Path(name).expanduser().absolute()


def _bad_address() -> StoreError:
    return StoreError(
        _("La dirección del almacén no se entiende."),
        remedy=_("Escriba una ruta, sqlite:///RUTA o postgresql://USUARIO@SERVIDOR/BASE."),
    )


def _open_sqlite(path: Path, key: bytes | None, *, create: bool) -> Store:
    sqlite.make_ready(path, create=create)
    driver = sqlite.driver()
    readers = FilePool(lambda: sqlite.connect(path, key, read_only=True), "BEGIN", driver)
    # Writers take the lock at once, so that none has to be turned back half way.
    writers = FilePool(lambda: sqlite.connect(path, key), "BEGIN IMMEDIATE", driver)

    def close() -> None:
        readers.close()
        writers.close()

    engine = _Engine(Dialect.SQLITE, readers.transaction, writers.transaction, (driver.Error,), close)
    return Store(engine, str(path), path, key)


def _open_postgresql(url: str) -> Store:
    from sqlalchemy import create_engine, make_url
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

    try:
        address = make_url(url)
    except ArgumentError:
        raise _bad_address() from None
    if address.get_backend_name() not in ("postgres", Dialect.POSTGRESQL):
        raise _bad_address()
    try:
        writer = create_engine(
            address.set(drivername="postgresql+psycopg"),
            pool_size=4,
            max_overflow=12,
            hide_parameters=True,
            pool_pre_ping=True,
            connect_args={} if "connect_timeout" in address.query else {"connect_timeout": 5},
        )
    except (ModuleNotFoundError, NoSuchModuleError):
        raise StoreError(
            _("Falta el controlador de PostgreSQL."),
            remedy=_("Instálelo con: pip install 'atencion[postgres]'"),
        ) from None
    reader = writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    driver: Any = writer.dialect.dbapi
    engine = _Engine(Dialect.POSTGRESQL, reader.connect, writer.begin, (SQLAlchemyError, driver.Error), writer.dispose)
    return Store(engine, address.render_as_string(hide_password=True), None, None)
