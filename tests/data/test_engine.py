"""The store opens safe or does not open, and tells people what happened."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from atencion.data import migrate, sqlite
from atencion.data.engine import Store, StoreKind, open_store
from atencion.errors import Refused, StoreError


def _count(store: Store, table: str) -> int:
    with store.reading() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())


def _add_product(connection: Any, code: str = "A") -> None:
    connection.exec_driver_sql(
        f"INSERT INTO product (code, name, family, description) VALUES ('{code}', 'Luz', '', '')"
    )


def test_a_new_store_is_real_unless_told_otherwise(empty_url: str) -> None:
    store = open_store(empty_url)
    assert store.kind is StoreKind.REAL
    store.close()


def test_a_store_of_one_kind_is_not_opened_as_another(empty_url: str) -> None:
    open_store(empty_url, kind=StoreKind.PRACTICE).close()
    with pytest.raises(StoreError, match="practice"):
        open_store(empty_url, kind=StoreKind.REAL)
    anyone = open_store(empty_url, kind=None)
    assert anyone.kind is StoreKind.PRACTICE
    anyone.close()


def test_opening_without_creating_says_that_there_is_none(empty_url: str) -> None:
    with pytest.raises(StoreError) as refused:
        open_store(empty_url, create=False)
    assert "atencion init" in refused.value.remedy
    assert refused.value.exit_code == 3


def test_the_models_and_the_migrations_say_the_same(store: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlmodel import SQLModel

    import atencion.data.models  # noqa: F401

    def is_ours(obj: object, name: str | None, kind: str, *_: object) -> bool:
        return not (name or "").startswith("search_")

    def differ(_context: object, _found: object, _column: object, found: Any, declared: Any) -> bool:
        return bool(found.compile(dialect=connection.dialect) != declared.compile(dialect=connection.dialect))

    with store.writing() as ours, migrate.for_alembic(ours) as connection:
        context = MigrationContext.configure(connection, opts={"include_object": is_ours, "compare_type": differ})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_a_store_that_is_up_to_date_is_used_without_the_libraries_that_make_one(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    open_store(str(path)).close()
    program = f"""
import sys
from atencion.data.customer_search import find
from atencion.data.engine import open_store
store = open_store({str(path)!r})
with store.reading() as connection:
    find(connection, "garcia")
print(sorted({{"sqlalchemy", "sqlmodel", "alembic"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_block_that_raises_leaves_nothing(store: Store) -> None:
    with pytest.raises(Refused), store.writing() as connection:
        _add_product(connection)
        raise Refused("no")
    assert _count(store, "product") == 0


def test_reading_cannot_write(store: Store) -> None:
    with pytest.raises(StoreError, match="solo lectura"), store.reading() as connection:
        _add_product(connection)
    with store.writing() as connection:
        _add_product(connection)
    assert _count(store, "product") == 1


def test_reading_sees_one_moment(store: Store) -> None:
    with store.reading() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM product")
        with store.writing() as writer:
            _add_product(writer)
        assert connection.exec_driver_sql("SELECT count(*) FROM product").scalar_one() == 0


def _open_and_count(url: str, start: Any, results: Any) -> None:
    start.wait()
    try:
        store = open_store(url)
        results.put(_count(store, "store_info"))
        store.close()
    except Exception as error:
        results.put(repr(error))


def test_processes_that_open_a_new_store_at_once_make_it_once(empty_url: str) -> None:
    context = multiprocessing.get_context("spawn")
    start, results = context.Barrier(3), context.Queue()
    openers = [context.Process(target=_open_and_count, args=(empty_url, start, results)) for _ in range(3)]
    for opener in openers:
        opener.start()
    assert [results.get(timeout=60) for _ in openers] == [1, 1, 1]
    for opener in openers:
        opener.join()


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "sqlite:///:memory:", "postgresql", "://", "nada://"])
def test_an_address_that_is_no_store_is_refused(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "postgresql").mkdir()
    with pytest.raises(StoreError):
        open_store(url)


def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    with pytest.raises(StoreError, match="No hay conexión") as refused:
        open_store("postgresql://ana:secreto@127.0.0.1:1/x?connect_timeout=2")
    assert "secreto" not in str(refused.value)


def test_a_store_that_a_newer_program_has_used_is_left_alone(store: Store, store_url: str) -> None:
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    with pytest.raises(StoreError, match="más nueva"):
        open_store(store_url)


def test_the_folder_and_the_file_are_for_their_owner_alone(tmp_path: Path) -> None:
    open_store(str(tmp_path / "new" / "store.db")).close()
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "new" / "store.db").stat().st_mode) == 0o600


def test_a_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with create_engine(f"sqlite:///{other}").begin() as connection:
        connection.exec_driver_sql("CREATE TABLE recipes (id INTEGER)")
    with pytest.raises(StoreError, match="otro programa"):
        open_store(str(other))


@pytest.mark.parametrize("content", [b"esto no es una base de datos" * 400, os.urandom(8192)])
def test_a_file_that_is_no_database_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "store.db").write_bytes(content)
    with pytest.raises(StoreError, match="dañado"):
        open_store(str(tmp_path / "store.db"))
    assert (tmp_path / "store.db").read_bytes() == content


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no es un fichero"):
        open_store(str(tmp_path))


def test_a_place_where_nothing_can_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="No se puede abrir"):
        open_store(str(tmp_path / "file" / "store.db"))


def test_a_full_disk_loses_the_step_and_nothing_else(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "store.db"))
    with store.writing() as connection:
        _add_product(connection, "before")
    with pytest.raises(StoreError, match="No queda espacio") as told, store.writing() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        for number in range(10_000):
            _add_product(connection, f"P{number}")
    assert "está a salvo" in told.value.remedy
    assert _count(store, "product") == 1
    store.close()


def test_a_locked_store_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(str(tmp_path / "store.db"))
    with store.writing():
        other = sqlite.driver().connect(str(tmp_path / "store.db"), timeout=0, isolation_level=None)
        from atencion.data.failures import told_to_people

        with pytest.raises(StoreError, match="ocupado"), told_to_people("x", sqlite.driver().Error):
            other.execute("BEGIN IMMEDIATE")
        other.close()
    store.close()


def test_a_setting_that_does_not_take_stops_the_opening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "SETTINGS", (*sqlite.SETTINGS, ("synchronous", "NORMAL", "2")))
    with pytest.raises(StoreError, match="synchronous"):
        open_store(str(tmp_path / "store.db"))


def test_an_sqlite_that_can_corrupt_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sqlite, "OLDEST_SAFE", (99, 0, 0))
    with pytest.raises(StoreError, match=r"99\.0\.0"):
        open_store(str(tmp_path / "store.db"))


def test_with_a_key_the_file_says_nothing_and_without_it_does_not_open(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = open_store(str(path), key=b"k" * 32)
    with store.writing() as connection:
        _add_product(connection, "SECRETO")
    store.close()
    assert b"SECRETO" not in path.read_bytes()
    assert not path.read_bytes().startswith(b"SQLite")
    with pytest.raises(StoreError, match="clave"):
        open_store(str(path), key=b"x" * 32)
    again = open_store(str(path), key=b"k" * 32)
    assert _count(again, "product") == 1
    again.close()


def test_an_older_store_is_copied_before_its_tables_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "store.db"
    open_store(str(path)).close()
    newer, last = tmp_path / "migrations", migrate.VERSIONS[-1]
    shutil.copytree(migrate.MIGRATIONS, newer)
    (newer / "versions" / "9999_more.py").write_text(
        f"from alembic import op\nrevision = '9999'\ndown_revision = '{last}'\n"
        "def upgrade():\n    op.execute('CREATE TABLE more (id INTEGER)')\n"
    )
    monkeypatch.setattr(migrate, "MIGRATIONS", newer)
    monkeypatch.setattr(migrate, "VERSIONS", (*migrate.VERSIONS, "9999"))
    store = open_store(str(path))
    assert _count(store, "more") == 0
    store.close()
    (copy,) = tmp_path.glob(f"store.db.{last}-*.bak")
    monkeypatch.undo()
    old = open_store(str(copy))
    assert _count(old, "store_info") == 1
    old.close()


def test_opening_a_store_that_is_up_to_date_loads_neither_migrations_nor_models(tmp_path: Path) -> None:
    import subprocess
    import sys

    open_store(str(tmp_path / "store.db")).close()
    code = (
        f"import sys; from atencion.data.engine import open_store; open_store({str(tmp_path / 'store.db')!r}).close();"
        "print([name for name in ('alembic', 'sqlmodel', 'pydantic', 'psycopg') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
