"""Importing customers from a CSV file: what is good is written, what is not goes to a file with the reason.

Rows are written in batches, each whole or not at all, so an interrupted import leaves no half customer and running it
again goes on where it was: a customer that is there already is recognised, and brought up to date.
"""

from __future__ import annotations

import csv
import itertools
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from atencion.data.csv_rows import CsvFile, CsvRow
from atencion.data.customer_columns import REASON_HEADER, Column, recognise
from atencion.data.customer_match import NewcomerBook
from atencion.data.customer_rows import NAMES, read_customer
from atencion.data.customers import CustomerRecord
from atencion.data.engine import Store
from atencion.data.origins import NewOrigin, OriginKind, add_origin
from atencion.data.validation import Invalid
from atencion.errors import Problem, ProblemsFound, Refused
from atencion.i18n import _
from atencion.text import clean_text

BATCH = 1_000
"""Rows of a transaction: small enough that agents at work do not notice."""


@dataclass(frozen=True)
class ImportProgress:
    """How far an import is: rows read, and the part of the file they are, from 0 to 1."""

    rows: int
    fraction: float


@dataclass(frozen=True)
class ImportResult:
    """How an import ended: `read` is the sum of the other three counts. `rejects_file` is None if there is none."""

    read: int
    created: int
    updated: int
    rejected: int
    rejects_file: Path | None
    seconds: float


def import_customers(
    store: Store,
    path: Path,
    *,
    rejects_path: Path,
    on_progress: Callable[[ImportProgress], None] = lambda progress: None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> ImportResult:
    """Write the customers of the file at `path`; the rows that are no good go to `rejects_path`, whole, with a reason.

    Raises Refused or ProblemsFound if it is no list of customers, StoreError if the store cannot take them.
    """
    started = time.monotonic()
    if rejects_path.exists() and rejects_path.samefile(path):
        raise Refused(_("Las filas rechazadas no pueden ir al mismo fichero que se importa."))
    read = created = updated = 0
    with ExitStack() as open_files:
        source = open_files.enter_context(CsvFile(path))
        columns = _columns(source)
        with store.writing() as connection:
            origin_id = add_origin(connection, NewOrigin(OriginKind.IMPORT, clock(), detail=path.name))
        rejects = open_files.enter_context(_Rejects(rejects_path, source, columns))
        for batch in _batches(source.rows()):
            now = clock()
            good: list[tuple[CsvRow, CustomerRecord]] = []
            bad: list[tuple[CsvRow, str]] = []
            for row in batch:
                try:
                    if row.problem:
                        raise Invalid(row.problem)
                    good.append((row, read_customer(columns, source.header, row.cells, now.date())))
                except Invalid as problem:
                    bad.append((row, str(problem)))
            with store.writing() as connection:
                book = NewcomerBook(connection, [customer for _row, customer in good])
                for row, customer in good:
                    try:
                        book.enter(customer)
                    except Invalid as problem:
                        bad.append((row, str(problem)))
                book.write(origin_id=origin_id, at=now, on=now.date())
            rejects.add(bad)
            read += len(batch)
            created += book.created
            updated += book.updated
            on_progress(ImportProgress(read, source.fraction))
    return ImportResult(
        read=read,
        created=created,
        updated=updated,
        rejected=rejects.count,
        rejects_file=rejects_path if rejects.count else None,
        seconds=round(time.monotonic() - started, 3),
    )


def _columns(source: CsvFile) -> list[Column]:
    columns = recognise(source.header)
    if not NAMES & set(columns):
        found = ", ".join(clean_text(name, 40) for name in source.header[:8])
        raise ProblemsFound(
            [
                Problem(
                    str(source.path),
                    1,
                    1,
                    _("ninguna columna dice el nombre del cliente (hay: {found})").format(found=found),
                    _("se esperaba nombre, apellidos o razón social"),
                )
            ]
        )
    return columns


def _batches(rows: Iterator[CsvRow]) -> Iterator[list[CsvRow]]:
    while batch := list(itertools.islice(rows, BATCH)):
        yield batch


class _Rejects:
    """The file of rejected rows: the columns of the source and the reason. It is made when there is one to write.

    It can be corrected and imported. A cell that a spreadsheet would take for a formula has an apostrophe before it.
    """

    def __init__(self, path: Path, source: CsvFile, columns: list[Column]) -> None:
        self.count = 0
        self._path = path
        self._source = source
        self._kept = [n for n, column in enumerate(columns) if column is not Column.REASON]
        self._width = len(columns)
        self._file: IO[str] | None = None
        self._writer: Any = None

    def __enter__(self) -> _Rejects:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, rows: Iterable[tuple[CsvRow, str]]) -> None:
        """Write rows, in the order of the source, each with its reason."""
        for row, reason in sorted(rows, key=lambda entry: entry[0].line):
            if self._file is None:
                self._open()
            extra = row.cells[self._width :]
            cells = [row.cells[n] for n in self._kept if n < len(row.cells)]
            cells.extend([""] * (len(self._kept) - len(cells)))
            self._writer.writerow([_guarded(cell) for cell in (*cells, reason, *extra)])
            self.count += 1
        if self._file is not None:
            self._file.flush()

    def _open(self) -> None:
        try:
            self._file = self._path.open("w", encoding="utf-8-sig", newline="")
        except OSError as error:
            raise Refused(
                _("No se puede escribir el fichero de rechazadas {path} ({why}).").format(
                    path=self._path, why=error.strerror
                )
            ) from error
        self._writer = csv.writer(self._file, delimiter=self._source.delimiter)
        self._writer.writerow([_guarded(self._source.header[n]) for n in self._kept] + [REASON_HEADER])


def _guarded(cell: str) -> str:
    cell = clean_text(cell)
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell
