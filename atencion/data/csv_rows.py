"""Reading a CSV file that somebody exported from somewhere: its encoding, its delimiter, its broken lines.

The file is read line by line, never whole. Each line is UTF-8, or else Windows-1252: a file may mix both. A file that
begins as UTF-16 does (Excel's "Unicode text") is read as that.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

from atencion.data.row_source import MOST_COLUMNS, Row, RowSource, open_regular
from atencion.i18n import _
from atencion.text import REPLACEMENT

LONGEST_LINE = 4 * 1024 * 1024
"""Bytes; what is longer is cut, and told."""

LONGEST_CELL = 32_767
"""Characters: what a spreadsheet takes in a cell."""

_MOST_LINES_OF_A_ROW = 50


class CsvFile(RowSource):
    """An open CSV file, its header already read. Raises Refused or ProblemsFound if it is no such thing."""

    def __init__(self, path: Path, delimiter: str = "") -> None:
        super().__init__(path)
        self._file = open_regular(path)
        try:
            self._size = max(1, self._file.seek(0, io.SEEK_END))
            self._file.seek(0)
            self._line = 0
            self._pending: deque[str] = deque()
            self._read_line = self._reader()
            first = self._next_line() or ""
            if not first.strip("\ufeff \r\n"):
                raise self.problem(
                    _("el fichero está vacío"), _("se esperaba una línea con los nombres de las columnas")
                )
            declared = re.fullmatch(r"sep=(.)\s*", first, re.IGNORECASE)
            if declared:
                first = self._next_line() or ""
            self.delimiter = delimiter or (declared[1] if declared else _delimiter_of(first))
            self.header = self._header(first)
        except BaseException:
            self._file.close()
            raise

    @property
    def fraction(self) -> float:
        return min(1.0, self._file.tell() / self._size)

    def close(self) -> None:
        self._file.close()

    def rows(self) -> Iterator[Row]:
        width, delimiter, next_line = len(self.header), self.delimiter, self._next_line
        nothing = f"{delimiter} \t\r\n"
        while (line := next_line()) is not None:
            if not line.strip(nothing):  # a spreadsheet leaves the delimiters of rows that were emptied
                continue
            if '"' in line or len(line) > LONGEST_CELL or "\x00" in line or REPLACEMENT in line:
                row = self._row(line)
                if not row.problem and not any(row.cells):
                    continue
            else:
                row = Row(self._line, line.rstrip("\r\n").split(delimiter))
            if len(row.cells) == width and not row.problem:
                yield row
            else:
                yield self._fitted(row, width)

    def _fitted(self, row: Row, width: int) -> Row:
        cells = row.cells
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        cells.extend([""] * (width - len(cells)))
        if len(cells) > width and not row.problem:
            problem = _("tiene {found} columnas y la cabecera {width}").format(found=len(cells), width=width)
            return Row(row.line, cells, problem)
        return row

    def _row(self, line: str) -> Row:
        """The row that begins with `line`, taking the lines it needs while a quote is open."""
        start, taken, quotes = self._line, [line], line.count('"')
        while quotes % 2 and len(taken) < _MOST_LINES_OF_A_ROW and (more := self._next_line()) is not None:
            taken.append(more)
            quotes += more.count('"')
        try:
            cells = self._parse("".join(taken))
        except csv.Error:
            self._pending.extendleft(reversed(taken[1:]))
            self._line = start
            problem = _("tiene unas comillas sin cerrar") if quotes % 2 else _("tiene comillas mal puestas")
            return Row(start, line.rstrip("\r\n").split(self.delimiter), problem)
        if any(len(cell) > LONGEST_CELL for cell in cells):
            return Row(start, cells, _("una celda pasa de {limit} caracteres").format(limit=LONGEST_CELL))
        if any(REPLACEMENT in cell or "\x00" in cell for cell in cells):
            return Row(start, cells, _("contiene bytes que no son texto"))
        return Row(start, cells)

    def _parse(self, text: str) -> list[str]:
        csv.field_size_limit(LONGEST_LINE)
        rows = list(csv.reader([text], delimiter=self.delimiter, strict=True))
        return rows[0] if rows else []

    def _header(self, line: str) -> list[str]:
        if "\x00" in line:
            raise self.problem(_("el fichero no es de texto"), _("se esperaba un CSV"))
        try:
            header = self._parse(line)
        except csv.Error:
            raise self.problem(
                _("la línea de los nombres de las columnas no se entiende"), _("revise comillas y finales de línea")
            ) from None
        if len(header) > MOST_COLUMNS:
            raise self.problem(
                _("hay {count} columnas").format(count=len(header)), _("como mucho {most}").format(most=MOST_COLUMNS)
            )
        return header

    def _next_line(self) -> str | None:
        self._line += 1
        self.line = self._line
        if self._pending:
            return self._pending.popleft()
        return self._read_line()

    def _reader(self) -> Callable[[], str | None]:
        """How the next line is read, by the encoding that the file begins with."""
        start = self._file.peek(8192)[:8192]
        wide = _wide_encoding(start)
        if wide:
            text = io.TextIOWrapper(self._file, encoding=wide, errors="replace", newline="\n")
            self._text = text  # kept: it would close the file when it goes
            return lambda: text.readline(LONGEST_LINE) or None
        if start.startswith(codecs.BOM_UTF8):
            self._file.seek(len(codecs.BOM_UTF8))
        return self._narrow_line

    def _narrow_line(self) -> str | None:
        raw = self._file.readline(LONGEST_LINE)
        if not raw:
            return None
        if len(raw) == LONGEST_LINE and not raw.endswith(b"\n"):
            while (rest := self._file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            return raw.decode("cp1252", errors="replace")


def _wide_encoding(start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    # Without a mark, a header in a Latin alphabet has a zero in every other byte.
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = start[offset:200:2]
        if len(half) > 4 and half.count(0) > len(half) * 0.9:
            return encoding
    return ""


def _delimiter_of(line: str) -> str:
    bare = re.sub(r'"[^"]*"', "", line)
    return max(";,\t|", key=bare.count) if any(mark in bare for mark in ";,\t|") else ","
