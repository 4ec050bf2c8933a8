"""Reading customers from the first sheet of an XLSX, a row at a time, and never a file that would fill the memory."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from atencion.data.csv_rows import LONGEST_CELL
from atencion.data.row_source import MOST_COLUMNS, Row, RowSource, open_regular
from atencion.errors import ProblemsFound
from atencion.i18n import _

LARGEST = 2 * 1024**3
"""Bytes that a file may hold once expanded: a million rows take a third."""

MOST_STRINGS = 192 * 1024**2
"""Bytes of the table of texts, which the format has read whole."""

MOST_TIMES = 200
"""Times that a part may be larger than it is in the file: a sheet is so ten or twenty times."""

MOST_PARTS = 5_000

MOST_ROWS = 1_048_576
"""Rows of a sheet, by the format."""


class XlsxFile(RowSource):
    """An open workbook, the header of its first sheet already read. Formulas are read as what they last gave."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        with open_regular(path):
            self._check()
        self._book, self._rows, self._most = self._open()
        cells = self._next() or []
        while cells and not any(cells):
            cells = self._next() or []
        if not cells:
            self.close()
            raise self.problem(
                _("la primera hoja está vacía"), _("se esperaba una fila con los nombres de las columnas")
            )
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            self.close()
            raise self.problem(
                _("hay {count} columnas").format(count=len(cells)), _("como mucho {most}").format(most=MOST_COLUMNS)
            )
        self.header = cells

    @property
    def fraction(self) -> float:
        return min(1.0, self.line / self._most)

    def close(self) -> None:
        self._book.close()

    def rows(self) -> Iterator[Row]:
        width = len(self.header)
        while (cells := self._next()) is not None:
            if not any(cells):
                continue
            while len(cells) > width and not cells[-1]:
                cells.pop()
            cells.extend([""] * (width - len(cells)))
            problem = ""
            if len(cells) > width:
                problem = _("tiene {found} columnas y la cabecera {width}").format(found=len(cells), width=width)
            elif any(len(cell) > LONGEST_CELL for cell in cells):
                problem = _("una celda pasa de {limit} caracteres").format(limit=LONGEST_CELL)
            yield Row(self.line - 1, cells, problem)

    def _next(self) -> list[str] | None:
        try:
            values = next(self._rows)
        except StopIteration:
            return None
        except Exception as error:  # whatever the library meets inside a file that somebody made
            raise self._broken() from error
        self.line += 1
        if self.line > MOST_ROWS + 1:  # the library makes up the rows between two numbers that a file gives
            raise self._broken()
        return [_text(value) for value in values[: MOST_COLUMNS + 1]]

    def _open(self) -> tuple[Any, Iterator[Any], int]:
        from openpyxl import load_workbook

        try:
            book = load_workbook(self.path, read_only=True, data_only=True, keep_links=False)
            sheet = book.worksheets[0]
            most = int(sheet.max_row or 1)
            sheet.reset_dimensions()  # what a file says of its own size is not believed
            return book, sheet.iter_rows(values_only=True), max(1, most)
        except Exception as error:
            raise self._broken() from error

    def _check(self) -> None:
        """Refuse what is no workbook, and what expands beyond reason, by what the archive says of its parts."""
        try:
            with zipfile.ZipFile(self.path) as archive:
                parts = archive.infolist()
                names = {part.filename for part in parts}
                if "xl/workbook.xml" not in names:
                    raise self.problem(_("es un archivo comprimido, no una hoja de cálculo"), _("se esperaba .xlsx"))
                strings = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
                too_large = (
                    len(parts) > MOST_PARTS
                    or len(names) != len(parts)
                    or sum(part.file_size for part in parts) > LARGEST
                    or sum(part.compress_size for part in parts) > self.path.stat().st_size
                    or strings > MOST_STRINGS
                    or any(part.file_size > MOST_TIMES * max(part.compress_size, 4096) for part in parts)
                )
                if too_large:
                    raise self.problem(
                        _("al descomprimirse ocupa demasiado: puede ser un fichero hecho para hacer daño"),
                        _("guárdelo como CSV"),
                    )
                for part in parts:
                    if part.filename.endswith(".xml"):
                        with archive.open(part) as stream:
                            if b"<!DOCTYPE" in stream.read(1024).upper():
                                raise self.problem(_("declara entidades, que una hoja de cálculo no tiene"))
        except ProblemsFound:
            raise
        except Exception as error:
            raise self._broken() from error

    def _broken(self) -> ProblemsFound:
        return self.problem(_("el fichero está incompleto o dañado"), _("vuelva a guardarlo como .xlsx, o como CSV"))


def _text(value: Any) -> str:
    """A cell as a person would read it: a number without decimals that is none, a day without its midnight."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.date().isoformat() if (value.hour, value.minute, value.second) == (0, 0, 0) else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
