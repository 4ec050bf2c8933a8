"""Opening the store, and the two ways into it: reading and writing.

`reading()` sees one moment of the store and cannot change it. `writing()` is one transaction: all of it is on disk when
the block ends, or none of it when anything is raised inside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from atencion.data import sqlite
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


class Store:
    """An open store. Any thread may use it; each `reading()` or `writing()` has a connection for itself."""

    def __init__(self, writer: Engine, reader: Engine, where: str, path: Path | None, key: bytes | None) -> None:
        self.where = where
        """The address, without its password."""
        self.path = path
        """The file, if it is one."""
        self.dialect = Dialect(writer.dialect.name)
        self.kind = StoreKind.REAL
        self.key = key
        self._writer = writer
        self._reader = reader
        dbapi: Any = writer.dialect.dbapi
        self._driver_error: type[Exception] = dbapi.Error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One view of the store, unchanged by others while it lasts; writing is refused."""
        with told_to_people(self.where, self._driver_error), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: committed, to the disk, when the block ends; undone if it raises."""
        with told_to_people(self.where, self._driver_error), self._writer.begin() as connection:
            yield connection

    def check_integrity(self) -> list[str]:
        """What the engine finds wrong in its own file, at most ten findings; a server looks after itself."""
        if self.dialect is not Dialect.SQLITE:
            return []
        with self.reading() as connection:
            found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(10)")]
        return [] if found == ["ok"] else found

    def close(self) -> None:
        """Close every connection; the store may not be used any more."""
        self._reader.dispose()
        self._writer.dispose()


def open_store(
    url: str, *, key: bytes | None = None, create: bool = True, kind: StoreKind | None = StoreKind.REAL
) -> Store:
    """Open the store at `url` and bring its tables up to date.

    `url` is `sqlite:///FILE`, a plain path or `postgresql://...`. `kind` is what a new store will be and what an
    existing one must be; None takes any. Raises StoreError if it cannot be reached or used with safety.
    """
    from atencion.data.migrate import bring_up_to_date

    address = _address(url)
    if address.get_backend_name() == "sqlite":
        store = _open_sqlite(address, key, create=create)
    else:
        store = _open_postgresql(address)
    try:
        with told_to_people(store.where, store._driver_error):
            store.kind = bring_up_to_date(store, create=create, kind=kind)
    except BaseException:
        store.close()
        raise
    return store


def _address(url: str) -> URL:
    if "://" not in url:
        return URL.create("sqlite", database=url)
    try:
        address = make_url(url)
    except ArgumentError:
        raise _bad_address() from None
    backend = address.get_backend_name()
    if backend == "postgres":
        address, backend = address.set(drivername="postgresql"), "postgresql"
    if backend not in tuple(Dialect) or (backend == "sqlite" and address.database in (None, "", ":memory:")):
        raise _bad_address()
    return address


def _bad_address() -> StoreError:
    return StoreError(
        _("La dirección del almacén no se entiende."),
        remedy=_("Escriba una ruta, sqlite:///RUTA o postgresql://USUARIO@SERVIDOR/BASE."),
    )


def _open_sqlite(address: URL, key: bytes | None, *, create: bool) -> Store:
    path = Path(str(address.database)).expanduser().absolute()
    sqlite.make_ready(path, create=create)
    reader = _sqlite_engine(lambda: sqlite.connect(path, key, read_only=True), "BEGIN")
    # Writers take the lock at once, so that none has to be turned back half way.
    writer = _sqlite_engine(lambda: sqlite.connect(path, key), "BEGIN IMMEDIATE")
    return Store(writer, reader, str(path), path, key)


def _sqlite_engine(connect: Callable[[], Any], begin: str) -> Engine:
    engine = create_engine(
        "sqlite://",
        module=sqlite.driver(),
        creator=connect,
        poolclass=QueuePool,
        pool_size=2,
        max_overflow=14,
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        driver_connection: Any = connection.connection.dbapi_connection
        driver_connection.execute(begin)

    return engine


def _open_postgresql(address: URL) -> Store:
    try:
        engine = create_engine(
            address.set(drivername="postgresql+psycopg"),
            pool_size=4,
            max_overflow=12,
            hide_parameters=True,
            pool_pre_ping=True,
            connect_args=_patience(address),
        )
    except (ModuleNotFoundError, NoSuchModuleError):
        raise StoreError(
            _("Falta el controlador de PostgreSQL."),
            remedy=_("Instálelo con: pip install 'atencion[postgres]'"),
        ) from None
    reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Store(engine, reader, address.render_as_string(hide_password=True), None, None)


def _patience(address: URL) -> dict[str, Any]:
    return {} if "connect_timeout" in address.query else {"connect_timeout": 5}
