"""Reading a CSV file that somebody exported from somewhere: its encoding, its delimiter, its broken lines.

The file is read line by line, never whole. Each line is UTF-8, or else Windows-1252: a file may mix both.
"""

from __future__ import annotations

import codecs
import csv
import os
import re
import stat
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader, FileIO
from pathlib import Path
from types import TracebackType

from atencion.errors import Problem, ProblemsFound, Refused
from atencion.i18n import _
from atencion.text import REPLACEMENT

LONGEST_LINE = 256 * 1024
"""Bytes; a longer line is no list of customers."""

MOST_COLUMNS = 200
_MOST_LINES_OF_A_ROW = 50


@dataclass(frozen=True)
class CsvRow:
    """One row: the line where it begins (from 1), its cells, and what is wrong with it as a row, or empty."""

    line: int
    cells: list[str]
    problem: str = ""


class CsvFile:
    """An open CSV file, its header already read. Raises Refused or ProblemsFound if it is no such thing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = _open_regular(path)
        try:
            self._size = os.fstat(self._file.fileno()).st_size
            self._line = 0
            self._pending: deque[str] = deque()
            first = self._first_line()
            declared = re.fullmatch(r"sep=(.)\s*", first, re.IGNORECASE)
            if declared:
                first = self._next_line() or ""
            self.delimiter = declared[1] if declared else _delimiter_of(first)
            self.header = self._header(first)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> CsvFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    @property
    def fraction(self) -> float:
        """How much of the file has been read, from 0 to 1."""
        return self._file.tell() / self._size if self._size else 1.0

    def rows(self) -> Iterator[CsvRow]:
        """The rows after the header, with as many cells as it has; blank lines are left out."""
        width = len(self.header)
        while (line := self._next_line()) is not None:
            if not line.strip():
                continue
            row = self._row(line)
            cells = row.cells
            while len(cells) > width and not cells[-1].strip():
                cells.pop()
            cells.extend([""] * (width - len(cells)))
            if row.problem:
                yield row
            elif len(cells) > width:
                problem = _("tiene {found} columnas y la cabecera {width}").format(found=len(cells), width=width)
                yield CsvRow(row.line, cells, problem)
            elif any(REPLACEMENT in cell or "\x00" in cell for cell in cells):
                yield CsvRow(row.line, cells, _("contiene bytes que no son texto"))
            else:
                yield row

    def _row(self, line: str) -> CsvRow:
        """The row that begins with `line`, taking the lines it needs while a quote is open."""
        start, taken = self._line, [line]
        while True:
            try:
                return CsvRow(start, self._parse("".join(taken)))
            except csv.Error as error:
                more = self._next_line() if _is_open_quote(error) and len(taken) < _MOST_LINES_OF_A_ROW else None
                if more is not None:
                    taken.append(more)
                    continue
                self._pending.extendleft(reversed(taken[1:]))
                self._line = start
                problem = (
                    _("tiene unas comillas sin cerrar") if _is_open_quote(error) else _("tiene comillas mal puestas")
                )
                return CsvRow(start, line.rstrip("\r\n").split(self.delimiter), problem)

    def _parse(self, text: str) -> list[str]:
        rows = list(csv.reader([text], delimiter=self.delimiter, strict=True))
        return rows[0] if rows else []

    def _first_line(self) -> str:
        start = self._file.peek(8192)[:8192]
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise self._problem(_("el fichero está en UTF-16"), _("guárdelo como CSV UTF-8"))
        if b"\x00" in start:
            raise self._problem(_("el fichero no es de texto"), _("se esperaba un CSV"))
        if start.startswith(codecs.BOM_UTF8):
            self._file.seek(len(codecs.BOM_UTF8))
        line = self._next_line()
        if line is None:
            raise self._problem(_("el fichero está vacío"), _("se esperaba una línea con los nombres de las columnas"))
        return line

    def _header(self, line: str) -> list[str]:
        try:
            header = self._parse(line)
        except csv.Error:
            raise self._problem(
                _("la línea de los nombres de las columnas no se entiende"), _("revise comillas y finales de línea")
            ) from None
        if len(header) > MOST_COLUMNS:
            raise self._problem(
                _("hay {count} columnas").format(count=len(header)), _("como mucho {most}").format(most=MOST_COLUMNS)
            )
        return header

    def _next_line(self) -> str | None:
        self._line += 1
        if self._pending:
            return self._pending.popleft()
        raw = self._file.readline(LONGEST_LINE + 1)
        if len(raw) > LONGEST_LINE:
            raise self._problem(
                _("la línea pasa de {limit} bytes").format(limit=LONGEST_LINE), _("se esperaba una fila por línea")
            )
        if not raw:
            return None
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            return raw.decode("cp1252", errors="replace")

    def _problem(self, message: str, expected: str) -> ProblemsFound:
        return ProblemsFound([Problem(str(self.path), max(self._line, 1), 1, message, expected)])


def _open_regular(path: Path) -> BufferedReader:
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise Refused(_("{path} no es un fichero.").format(path=path))
        return BufferedReader(FileIO(path, "r"), 1024 * 1024)
    except FileNotFoundError:
        raise Refused(_("No existe el fichero {path}.").format(path=path)) from None
    except OSError as error:
        raise Refused(_("No se puede leer {path} ({why}).").format(path=path, why=error.strerror)) from error


def _delimiter_of(line: str) -> str:
    bare = re.sub(r'"[^"]*"', "", line)
    return max(";,\t|", key=bare.count) if any(mark in bare for mark in ";,\t|") else ","


def _is_open_quote(error: csv.Error) -> bool:
    return "unexpected end of data" in str(error)
