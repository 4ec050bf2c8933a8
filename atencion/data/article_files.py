"""The files that articles were read from, as they were then: what has not changed since need not be read again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from atencion.data.connection import Connection
from atencion.data.sql import Statement, Value


class FileState(NamedTuple):
    """A file by its path, with when it was last changed (nanoseconds) and its size in bytes."""

    path: str
    changed_ns: int
    size: int


def known_files(connection: Connection) -> set[tuple[str, int, int]]:
    """How they were, as they compare with a `FileState`."""
    return set(map(tuple, _KNOWN.send(connection)))


def put_files(connection: Connection, files: Iterable[tuple[FileState, str]]) -> None:
    """Write how they are now, each with the id of its article, which was read from no other file any more."""
    rows: list[dict[str, Value]] = [
        {"path": one.path, "article": article_id, "changed": one.changed_ns, "size": one.size}
        for one, article_id in files
    ]
    _LEAVE.run_many(connection, rows)
    _PUT.run_many(connection, rows)


def replacements(connection: Connection) -> dict[str, str]:
    """Which article says today what each retired one said."""
    return {row.id: row.replaced_by for row in _REPLACED.run(connection)}


def missing(connection: Connection, ids: Iterable[str]) -> set[str]:
    """Those of these ids of which there is no article."""
    wanted = set(ids)
    return wanted - {row.id for row in _THERE.run(connection, ids=sorted(wanted))}


_KNOWN = Statement("SELECT path, changed_ns, size FROM article_file")
_LEAVE = Statement("DELETE FROM article_file WHERE article_id = :article AND path <> :path")
_PUT = Statement(
    """
    INSERT INTO article_file (path, article_id, changed_ns, size) VALUES (:path, :article, :changed, :size)
    ON CONFLICT (path) DO UPDATE
    SET article_id = excluded.article_id, changed_ns = excluded.changed_ns, size = excluded.size
    """
)
_REPLACED = Statement("SELECT id, replaced_by FROM article WHERE replaced_by <> ''")
_THERE = Statement("SELECT id FROM article WHERE id IN @ids")
