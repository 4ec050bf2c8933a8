"""A SQLite file opened so that a confirmed step survives a power cut, or not opened at all."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path
from typing import Any

from atencion.data.failures import cannot_open
from atencion.errors import StoreError
from atencion.i18n import _

OLDEST_SAFE = (3, 51, 3)
"""Older versions can corrupt a write-ahead log that several processes share."""

BUSY_MS = 5_000

# Name, what to set, what must be read back.
SETTINGS: tuple[tuple[str, str, str], ...] = (
    ("busy_timeout", str(BUSY_MS), str(BUSY_MS)),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", "2"),
    ("foreign_keys", "ON", "1"),
    ("recursive_triggers", "ON", "1"),  # so that INSERT OR REPLACE meets the triggers of the journal
    ("trusted_schema", "OFF", "0"),
    ("mmap_size", "0", "0"),
    ("cache_size", "-65536", "-65536"),
    ("temp_store", "MEMORY", "2"),
)


def driver() -> Any:
    """The DB-API module: the SQLite that comes with sqlcipher3, checked to be new enough."""
    from sqlcipher3 import dbapi2

    if dbapi2.sqlite_version_info < OLDEST_SAFE:
        raise StoreError(
            _("El SQLite instalado ({version}) puede dañar los datos; hace falta {oldest} o posterior.").format(
                version=dbapi2.sqlite_version, oldest=".".join(map(str, OLDEST_SAFE))
            ),
            remedy=_("Actualice el paquete sqlcipher3."),
        )
    return dbapi2


def connect(path: Path, key: bytes | None, *, read_only: bool = False) -> Any:
    """A connection with every setting taken, or StoreError; `key` is the raw 32 bytes of an encrypted file."""
    connection = driver().connect(
        str(path), isolation_level=None, check_same_thread=False, timeout=BUSY_MS / 1000, cached_statements=256
    )
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")  # else it writes to stderr, over the screen
        if key is not None:
            connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        for name, wanted, expected in SETTINGS:
            _set(connection, name, wanted, expected, path)
        if read_only:  # once for all: to turn it on and off would have every statement prepared again
            _set(connection, "query_only", "ON", "1", path)
    except BaseException:
        connection.close()
        raise
    return connection


USUAL_PAGES = 1_000
"""Pages of the log after which the engine puts them in their place, unless told otherwise."""


def checkpoint_after(connection: Any, pages: int) -> None:
    """Have the log of a file put in its place after so many pages; nothing on other engines."""
    if connection.dialect.name == "sqlite":
        connection.connection.dbapi_connection.execute(f"PRAGMA wal_autocheckpoint = {int(pages)}").fetchall()


PAGES_MERGED = 200
"""Pages of an index of words written in one go: some 30 ms, which nobody who waits to write notices."""


def merge_pieces(connection: Any, index: str, *, begins: bool) -> bool:
    """Go on, or begin, to make one piece of an index of words; whether there was anything to do.

    https://sqlite.org/fts5.html#the_merge_command: a negative number begins, and fewer than two changes are none.
    """
    driver_connection = connection.connection.dbapi_connection
    before = driver_connection.total_changes
    pages = -PAGES_MERGED if begins else PAGES_MERGED
    driver_connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('merge', ?)", (pages,))
    return bool(driver_connection.total_changes - before > 1)


def make_ready(path: Path, *, create: bool) -> None:
    """See that `path` is a file; if it is missing and may be made, make it for its owner alone, and its folder too."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        if not create:
            raise StoreError(
                _("El almacén {path} no existe.").format(path=path),
                remedy=_("Créelo con «atencion init» o revise la dirección que da en --db o en ATENCION_DB."),
            ) from None
        _create(path)
        return
    except OSError as error:
        raise cannot_open(str(path)) from error
    if not stat.S_ISREG(mode):
        raise StoreError(
            _("{path} no es un fichero.").format(path=path),
            remedy=_("Dé en --db o en ATENCION_DB la dirección de un fichero."),
        )


def back_up(path: Path, copy: Path, key: bytes | None) -> None:
    """Copy the file as it stands now, whoever is using it, to `copy`, which must not exist."""
    _create(copy)
    source, target = connect(path, key), connect(copy, key)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()


def _create(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        pass  # another process has made it in between: as good
    except OSError as error:
        raise cannot_open(str(path)) from error


def _set(connection: Any, name: str, wanted: str, expected: str, path: Path) -> None:
    deadline = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            connection.execute(f"PRAGMA {name} = {wanted}").fetchall()
            break
        except driver().OperationalError as error:
            # Turning to WAL does not wait for the busy timeout, and two first openings may meet there.
            if not str(getattr(error, "sqlite_errorname", "")).startswith("SQLITE_BUSY") or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
    row = connection.execute(f"PRAGMA {name}").fetchone()
    found = str(row[0]) if row else ""
    if found != expected:
        raise StoreError(
            _("El almacén {path} no admite {name} = {expected} (queda en «{found}»), y sin eso no es seguro.").format(
                path=path, name=name, expected=expected, found=found
            ),
            remedy=_("Póngalo en un disco local, con permiso de escritura, o use PostgreSQL."),
        )
