"""What an import writes beside the store: the rows it could not use, to be corrected and imported again; and, of a dry
run, what would become of each row.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from atencion.data.customer_columns import REASON_HEADER, Column
from atencion.data.newcomers import Newcomer
from atencion.data.row_source import RowSource
from atencion.errors import Refused, why
from atencion.i18n import _
from atencion.text import clean_text

BadRow = tuple[int, Sequence[str], str]
"""The line where a row begins, its cells, and what is wrong with it."""


class Rejects:
    """The file of rejected rows: the columns of the source and the reason. It is made when there is one to write.

    A cell that a spreadsheet would take for a formula has an apostrophe before it.
    """

    def __init__(
        self, path: Path, source: RowSource, columns: Sequence[Column], *, goes_on: bool, writes: bool = True
    ) -> None:
        self._path = path
        self._source = source
        self._kept = [n for n, column in enumerate(columns) if column is not Column.REASON]
        self._width = len(columns)
        self._goes_on = goes_on
        self._writes = writes
        self._file: IO[str] | None = None
        self._writer: Any = None

    def __enter__(self) -> Rejects:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, rows: Iterable[BadRow]) -> None:
        """Write rows, in the order of the source, each with its reason."""
        if not self._writes:
            return
        for _line, cells, reason in sorted(rows, key=lambda row: row[0]):
            if self._file is None:
                self._open()
            extra = cells[self._width :]
            kept = [cells[n] for n in self._kept if n < len(cells)]
            kept.extend([""] * (len(self._kept) - len(kept)))
            self._writer.writerow([guarded(cell) for cell in (*kept, reason, *extra)])
        if self._file is not None:
            self._file.flush()

    def _open(self) -> None:
        goes_on = self._goes_on and self._path.exists()
        self._file = _open(self._path, "a" if goes_on else "w")
        self._writer = csv.writer(self._file, delimiter=self._source.delimiter)
        if not goes_on:
            self._writer.writerow([guarded(self._source.header[n]) for n in self._kept] + [REASON_HEADER])


class Report:
    """What would become of each row, in a file; nothing without a path."""

    def __init__(self, path: Path | None) -> None:
        self._file = None if path is None else _open(path, "w")
        self._writer = None if self._file is None else csv.writer(self._file, delimiter=";")
        if self._writer is not None:
            self._writer.writerow([_("línea"), _("resultado"), _("cliente"), _("motivo")])

    def __enter__(self) -> Report:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, line: int, fate: str, newcomer: Newcomer) -> None:
        """A row that would be used."""
        if self._writer is not None:
            name = newcomer.company_name or f"{newcomer.given_name} {newcomer.surnames}".strip()
            self._writer.writerow([line, fate, guarded(name), ""])

    def add_bad(self, rows: Iterable[BadRow]) -> None:
        """Rows that would not."""
        if self._writer is not None:
            for line, _cells, reason in rows:
                self._writer.writerow([line, _("rechazada"), "", guarded(reason)])


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, whatever it begins with (ASVS 1.2.10)."""
    cell = clean_text(cell, 40_000)
    return f"'{cell}" if cell.lstrip()[:1] in _FORMULA or cell[:1] in _FORMULA else cell


_FORMULA = tuple("=+-@\t\r\x00＝＋－＠")


def _open(path: Path, mode: str) -> IO[str]:
    try:
        return path.open(mode, encoding="utf-8" if mode == "a" else "utf-8-sig", newline="")
    except OSError as error:
        raise Refused(_("No se puede escribir en {path} ({why}).").format(path=path, why=why(error))) from error
