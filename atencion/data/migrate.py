"""Bringing a store's tables to the version this program knows.

The version is read by plain SQL first: Alembic is imported only when there is something to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atencion.data import sqlite
from atencion.data.connection import Connection
from atencion.data.sql import Statement
from atencion.errors import StoreError
from atencion.i18n import _

if TYPE_CHECKING:
    from atencion.data.engine import Store, StoreKind

MIGRATIONS = Path(__file__).parent / "migrations"
VERSIONS: tuple[str, ...] = (
    "0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011", "0012",
    "0013", "0014", "0015",
)  # fmt: skip
"""Every version there has been, oldest first; the last is the one this program works with."""

# Any number will do, as long as all the programs that migrate a database ask for the same.
_LOCK = 7_104_202_611


def bring_up_to_date(store: Store, *, create: bool, kind: StoreKind | None) -> StoreKind:
    """See that the tables are this program's and the store of the wanted kind; returns the kind it is."""
    from atencion.data.engine import StoreKind

    with store.reading() as connection:
        version = _version(connection)
        found = _kind(connection) if version == VERSIONS[-1] else None
    if found is None:
        _check(version, store, create=create)
        found = _migrate(store, kind or StoreKind.REAL)
    if kind is not None and found != kind:
        raise StoreError(
            _("El almacén {where} es de otra clase ({found}) y aquí hace falta uno de clase {wanted}.").format(
                where=store.where, found=found, wanted=kind
            ),
            remedy=_("Dé otra dirección en --db o en ATENCION_DB; los datos de una clase no se mezclan con otra."),
        )
    return StoreKind(found)


def _migrate(store: Store, kind: StoreKind) -> str:
    with store.writing() as connection:
        if store.path is None:
            _WAIT_TURN.run(connection, lock=_LOCK)
        version = _version(connection)
        if version != VERSIONS[-1]:
            if version is not None and store.path is not None:
                _back_up(store.path, version, store.key)
            _run_alembic(connection)
            if version is None:
                _PUT_KIND.run(connection, kind=str(kind))
        return str(_kind(connection))


def _check(version: str | None, store: Store, *, create: bool) -> None:
    if version is not None and version not in VERSIONS:
        raise StoreError(
            _("El almacén {where} lo ha usado una versión más nueva del programa.").format(where=store.where),
            remedy=_("No se ha tocado nada. Actualice atencion en este puesto."),
        )
    if version is None and not create:
        raise StoreError(
            _("En {where} no hay un almacén de atencion.").format(where=store.where),
            remedy=_("Créelo con «atencion init»."),
        )
    if version is None and store.path is not None:
        with store.reading() as connection:
            if _ANY_TABLE.run(connection).first() is not None:
                raise StoreError(
                    _("El fichero {where} es de otro programa.").format(where=store.where),
                    remedy=_("No se ha tocado nada. Dé otra dirección en --db o en ATENCION_DB."),
                )


def _back_up(path: Path, version: str, key: bytes | None) -> None:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    sqlite.back_up(path, path.with_name(f"{path.name}.{version}-{stamp}.bak"), key)


def _run_alembic(connection: Connection) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(MIGRATIONS))
    context = EnvironmentContext(
        Config(),
        scripts,
        fn=lambda revision, _context: scripts._upgrade_revs(VERSIONS[-1], revision),
        destination_rev=VERSIONS[-1],
    )
    with context, for_alembic(connection) as known_to_alembic:
        context.configure(connection=known_to_alembic, transactional_ddl=True)
        context.run_migrations()


@contextmanager
def for_alembic(connection: Connection) -> Iterator[Any]:
    """The connection as SQLAlchemy's, within the transaction it is in and without ending it."""
    if connection.dialect.name != "sqlite":
        yield connection
        return
    from sqlalchemy import StaticPool, create_engine

    borrowed = _Borrowed(connection.connection.dbapi_connection)
    engine = create_engine("sqlite://", module=connection.dialect.dbapi, creator=lambda: borrowed, poolclass=StaticPool)
    with engine.connect() as known_to_alembic:
        yield known_to_alembic


class _Borrowed:
    """A driver's connection whose transaction is another's: it is neither committed, undone nor closed here."""

    def __init__(self, driver_connection: Any) -> None:
        self._driver_connection = driver_connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver_connection, name)

    def commit(self) -> None:
        """Left to its owner."""

    def rollback(self) -> None:
        """Left to its owner."""

    def close(self) -> None:
        """Left to its owner."""


def _version(connection: Connection) -> str | None:
    has_versions = _HAS_VERSIONS_SQLITE if connection.dialect.name == "sqlite" else _HAS_VERSIONS_POSTGRESQL
    if not has_versions.run(connection).scalar():
        return None
    version: str | None = _VERSION.run(connection).scalar()
    return version


def _kind(connection: Connection) -> str | None:
    kind: str | None = _KIND.run(connection).scalar()
    return kind


_HAS_VERSIONS_SQLITE = Statement("SELECT count(*) FROM sqlite_schema WHERE name = 'alembic_version'")
_HAS_VERSIONS_POSTGRESQL = Statement("SELECT to_regclass('alembic_version') IS NOT NULL")
_VERSION = Statement("SELECT version_num FROM alembic_version")
_ANY_TABLE = Statement("SELECT name FROM sqlite_schema LIMIT 1")
_WAIT_TURN = Statement("SELECT pg_advisory_xact_lock(:lock)")
_KIND = Statement("SELECT value FROM store_info WHERE key = 'kind'")
_PUT_KIND = Statement("INSERT INTO store_info (key, value) VALUES ('kind', :kind)")
