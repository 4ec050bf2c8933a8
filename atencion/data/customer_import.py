"""Importing customers from a file: what is good is written, what is not goes to another file with the reason.

Rows are written in batches, each whole or not at all together with how far the import is, so that one that was
interrupted goes on where it was. A large file is read and checked by a second process while this one writes.
"""

from __future__ import annotations

import gc
import marshal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from atencion.data import import_log, sqlite
from atencion.data.customer_columns import Column, recognise
from atencion.data.customer_match import NewcomerBook
from atencion.data.customer_rows import NAMES, RowReader
from atencion.data.engine import Store
from atencion.data.export_formats import known_export
from atencion.data.newcomers import Newcomer
from atencion.data.origins import NewOrigin, OriginKind, add_origin
from atencion.data.rejects import BadRow, Rejects, Report
from atencion.data.row_source import RowSource, open_source
from atencion.data.search.index import INDEXES
from atencion.data.validation import Invalid
from atencion.errors import AtencionError, Refused
from atencion.i18n import _
from atencion.text import clean_text

BATCH = 5_000
"""Rows of a transaction: it holds the store for less than half a second, which an agent at work does not notice."""

PAGES = 40_000
"""Pages of the log of a file (160 MiB) before they are put in their place, once for all that several batches wrote on
them: documents and phones come in no order, so each batch writes on most pages of their indexes.
"""

GARBAGE = 500_000
"""Objects made before those in a circle are looked for. Rows make none, and looking is a tenth of an import."""

LARGE = 2 * 1024 * 1024
"""Bytes from which a second process pays for its start."""


@dataclass(frozen=True)
class ImportPlan:
    """How a file is to be read, where its header does not say it all. `columns` by the name in the header."""

    columns: Mapping[str, Column] = field(default_factory=dict)
    delimiter: str = ""


@dataclass(frozen=True)
class ImportProgress:
    """How far an import is: rows read, the part of the file they are (0 to 1), rows a second, seconds left."""

    rows: int
    fraction: float
    rate: float
    left: float


@dataclass(frozen=True)
class ImportResult:
    """How an import ended: `read` is the sum of the other three counts, those of before an interruption included.

    `resumed_at` is the row where it went on, 0 if it was read from the beginning. `rejects_file` is None if there is
    none, `import_id` if nothing was to be written. `format` is the tool whose export it is, or empty; `columns` what
    each column was taken for.
    """

    read: int
    created: int
    updated: int
    rejected: int
    rejects_file: Path | None
    seconds: float
    import_id: int | None
    resumed_at: int
    format: str
    columns: tuple[tuple[str, str], ...]


def import_customers(
    store: Store,
    path: Path,
    *,
    rejects_path: Path,
    plan: ImportPlan | None = None,
    dry_run: bool = False,
    report_path: Path | None = None,
    agent_id: int | None = None,
    on_progress: Callable[[ImportProgress], None] = lambda progress: None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> ImportResult:
    """Write the customers of the file at `path`; the rows that are no good go to `rejects_path`, whole, with a reason.

    With `dry_run` nothing is written but what would be: each row's fate goes to `report_path` if given. Raises Refused
    or ProblemsFound if it is no list of customers, StoreError if the store cannot take them.
    """
    started = time.monotonic()
    plan = plan or ImportPlan()
    if rejects_path.exists() and rejects_path.samefile(path):
        raise Refused(_("Las filas rechazadas no pueden ir al mismo fichero que se importa."))
    with ExitStack() as stack:
        source = stack.enter_context(open_source(path, plan.delimiter))
        name, columns = columns_of(source, plan)
        log = None if dry_run else _log(store, path, plan, agent_id, clock)
        resumed_at = log.rows if log else 0
        rejects = stack.enter_context(
            Rejects(rejects_path, source, columns, goes_on=resumed_at > 0, writes=not dry_run)
        )
        report = stack.enter_context(Report(report_path))
        counts = _Counts(log.rows, log.created, log.updated, log.rejected) if log else _Counts()
        seen = _Seen() if log is None else None
        stack.enter_context(_few_collections())
        batches = stack.enter_context(_parsed(path, plan, source, columns, clock().date(), skip=resumed_at))
        for data in batches:
            with store.reading() if log is None else store.writing() as connection:
                now, batch = clock(), _Batch.unpacked(data)
                book = NewcomerBook(connection, batch.good)
                bad, after = _enter(batch, book, report, seen), counts.read
                counts.add(batch, book, bad)
                if log is not None:
                    import_log.advance(
                        connection,
                        log.id,
                        after=after,
                        rows=counts.read,
                        created=counts.created,
                        updated=counts.updated,
                        rejected=counts.rejected,
                    )
                    book.write(origin_id=log.origin_id, at=now, on=now.date())
                    sqlite.checkpoint_after(connection, PAGES)
                rejects.add(bad)  # before it is committed: a row may be told twice after a crash, and never lost
            on_progress(_progress(counts.read, counts.read - resumed_at, batch.fraction, time.monotonic() - started))
        if log is not None:
            store.gather_words(*INDEXES, written=counts.created + counts.updated)
            with store.writing() as connection:
                sqlite.checkpoint_after(connection, sqlite.USUAL_PAGES)
                import_log.finish(connection, log.id, clock())
    return ImportResult(
        read=counts.read,
        created=counts.created,
        updated=counts.updated,
        rejected=counts.rejected,
        rejects_file=rejects_path if counts.rejected and not dry_run else None,
        seconds=round(time.monotonic() - started, 3),
        import_id=log.id if log else None,
        resumed_at=resumed_at,
        format=name,
        columns=tuple(
            (clean_text(label, 80), str(column)) for label, column in zip(source.header, columns, strict=True)
        ),
    )


def columns_of(source: RowSource, plan: ImportPlan) -> tuple[str, list[Column]]:
    """The tool that a file comes from, or empty, and what each of its columns holds.

    Raises Refused if the plan names a column that is not there, ProblemsFound if none says a name.
    """
    missing = [label for label in plan.columns if label not in source.header]
    if missing:
        raise Refused(
            _("El fichero no tiene la columna «{name}» de la correspondencia.").format(name=clean_text(missing[0], 60)),
            remedy=_("Tiene estas: {names}.").format(
                names=", ".join(clean_text(one, 40) for one in source.header[:12])
            ),
        )
    export = known_export(source.header)
    columns = export.columns(source.header) if export else recognise(source.header)
    columns = [plan.columns.get(label, column) for label, column in zip(source.header, columns, strict=True)]
    if not NAMES & set(columns):
        found = ", ".join(clean_text(name, 40) for name in source.header[:8])
        source.line = 1
        raise source.problem(
            _("ninguna columna dice el nombre del cliente (hay: {found})").format(found=found),
            _("se esperaba nombre, apellidos o razón social"),
        )
    return export.name if export else "", columns


class _Batch(NamedTuple):
    """Rows read: customers, and rows that are no good with their reason. `packed` holds the cells of the good ones."""

    good: list[Newcomer]
    bad: list[tuple[int, list[str], str]]
    fraction: float
    packed: bytes

    @classmethod
    def unpacked(cls, data: bytes) -> _Batch:
        """From what `_packed` made of it."""
        good, bad, fraction, packed = marshal.loads(data)
        return cls(list(map(Newcomer._make, good)), bad, fraction, packed)

    def cells(self, at: int) -> list[str]:
        """The cells of a good row that the store would not have: few are asked for, so they stay packed till then."""
        cells: list[str] = marshal.loads(self.packed)[at]
        return cells


@dataclass
class _Counts:
    """What became of the rows so far."""

    read: int = 0
    created: int = 0
    updated: int = 0
    rejected: int = 0

    def add(self, batch: _Batch, book: NewcomerBook, bad: Sequence[BadRow]) -> None:
        """One batch more."""
        self.read += len(batch.good) + len(batch.bad)
        self.created += book.created
        self.updated += book.updated
        self.rejected += len(bad)


class _Seen:
    """The numbers and documents that a dry run has met: what it would have written is not in the store."""

    def __init__(self) -> None:
        self._known: set[int] = set()

    def is_known(self, newcomer: Newcomer) -> bool:
        """Whether the same customer came before; from now on it has."""
        marks = [hash(part[2]) for part in newcomer.documents]
        if newcomer.external_id:
            marks.append(hash(("", newcomer.external_id)))
        known = any(mark in self._known for mark in marks)
        self._known.update(marks)
        return known


def _enter(batch: _Batch, book: NewcomerBook, report: Report, seen: _Seen | None) -> list[BadRow]:
    """Enter the rows of a batch into its book, told one by one; returns those that are no good."""
    bad: list[BadRow] = list(batch.bad)
    new, known = _("nuevo"), _("actualizado")
    for at, newcomer in enumerate(batch.good):
        try:
            is_new = book.enter(newcomer)
        except Invalid as problem:
            bad.append((newcomer.line, batch.cells(at), str(problem)))
            continue
        if seen is not None and seen.is_known(newcomer) and is_new:
            is_new = False
            book.created, book.updated = book.created - 1, book.updated + 1
        report.add(newcomer.line, new if is_new else known, newcomer)
    report.add_bad(bad)
    return bad


def _progress(rows: int, done: int, fraction: float, seconds: float) -> ImportProgress:
    """How far an import is, of which `done` rows were read in these seconds."""
    left = seconds * (1 - fraction) / fraction if fraction > 0.001 else 0.0
    return ImportProgress(rows, fraction, done / max(0.001, seconds), left)


def _log(
    store: Store, path: Path, plan: ImportPlan, agent_id: int | None, clock: Callable[[], datetime]
) -> import_log.ImportRecord:
    """The import of this file that was interrupted, or a new one."""
    mark = import_log.fingerprint(path, repr((sorted(plan.columns.items()), plan.delimiter)))
    at = clock()
    with store.writing() as connection:
        found = import_log.unfinished(connection, mark)
        if found is not None:
            return found
        origin_id = add_origin(connection, NewOrigin(OriginKind.IMPORT, at, agent_id, detail=path.name))
        return import_log.start(connection, origin_id=origin_id, name=clean_text(path.name, 200), mark=mark, at=at)


@contextmanager
def _few_collections() -> Iterator[None]:
    usual = gc.get_threshold()
    gc.set_threshold(GARBAGE, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@contextmanager
def _parsed(
    path: Path, plan: ImportPlan, source: RowSource, columns: Sequence[Column], today: date, *, skip: int
) -> Iterator[Iterator[bytes]]:
    """The rows of a file, checked, in packed batches: by another process if the file is large."""
    if path.stat().st_size < LARGE:
        yield _read(source, columns, today, skip)
        return
    from multiprocessing import get_context

    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    reader = context.Process(target=_read_apart, args=(sender, path, plan, today, skip), daemon=True)
    reader.start()
    sender.close()
    try:
        yield _received(receiver)
    finally:
        receiver.close()
        reader.terminate()
        reader.join()


def _read(source: RowSource, columns: Sequence[Column], today: date, skip: int) -> Iterator[bytes]:
    reader = RowReader(columns, source.header, today)
    good: list[tuple[Any, ...]] = []
    raw: list[list[str]] = []
    bad: list[tuple[int, list[str], str]] = []
    for row in islice(source.rows(), skip, None):
        if row.problem:
            bad.append((row.line, row.cells, row.problem))
        else:
            try:
                good.append(tuple(reader.read(row.line, row.cells)))
                raw.append(row.cells)
            except Invalid as problem:
                bad.append((row.line, row.cells, str(problem)))
        if len(good) + len(bad) >= BATCH:
            yield _packed(good, bad, source.fraction, raw)
            good, bad, raw = [], [], []
    if good or bad:
        yield _packed(good, bad, source.fraction, raw)


def _packed(
    good: list[tuple[Any, ...]], bad: list[tuple[int, list[str], str]], fraction: float, raw: list[list[str]]
) -> bytes:
    return marshal.dumps((good, bad, fraction, marshal.dumps(raw)))


def _read_apart(sender: Any, path: Path, plan: ImportPlan, today: date, skip: int) -> None:
    """What the second process does: read, check and send. Its problems are sent too, to be told by the first."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal interrupts both; the first says so
    try:
        with open_source(path, plan.delimiter) as source, _few_collections():
            columns = columns_of(source, plan)[1]
            for batch in _read(source, columns, today, skip):
                sender.send_bytes(batch)
        sender.send_bytes(b"")
    except AtencionError as error:
        sender.send_bytes(_PROBLEM + marshal.dumps((error.message, error.remedy)))
    except (BrokenPipeError, OSError):
        pass  # the first has gone
    finally:
        sender.close()


def _received(receiver: Any) -> Iterator[bytes]:
    while True:
        try:
            data: bytes = receiver.recv_bytes()
        except EOFError:
            raise Refused(
                _("La lectura del fichero se ha cortado; lo ya escrito sigue escrito."),
                remedy=_("Repita la orden y seguirá donde iba."),
            ) from None
        if not data:
            return
        if data[:1] == _PROBLEM:
            message, remedy = marshal.loads(data[1:])
            raise Refused(message, remedy=remedy)
        yield data


_PROBLEM = b"!"
"""Before what tells of a problem instead of rows; no packed batch begins so."""
