"""A file of rows under a header, whatever its format: what a reader of customers needs to know of it."""

from __future__ import annotations

import stat
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader, FileIO
from pathlib import Path
from types import TracebackType

from atencion.errors import Problem, ProblemsFound, Refused, why
from atencion.i18n import _

MOST_COLUMNS = 200


@dataclass(slots=True)
class Row:
    """One row: the line or record where it begins (from 1), its cells, and what is wrong with it, or empty."""

    line: int
    cells: list[str]
    problem: str = ""


class RowSource(ABC):
    """An open file. `header` names its columns; `delimiter` is what parts the cells of what could not be used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.header: list[str] = []
        self.delimiter = ";"
        self.line = 1

    def __enter__(self) -> RowSource:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    @abstractmethod
    def fraction(self) -> float:
        """How much of the file has been read, from 0 to 1."""

    @abstractmethod
    def close(self) -> None:
        """Close the file."""

    @abstractmethod
    def rows(self) -> Iterator[Row]:
        """The rows after the header, with as many cells as it has; blank ones are left out."""

    def problem(self, message: str, expected: str = "") -> ProblemsFound:
        """Something wrong with the file, at the line that is being read."""
        return ProblemsFound([Problem(str(self.path), max(self.line, 1), 1, message, expected)])


def open_regular(path: Path) -> BufferedReader:
    """The file at `path`, to be read. Raises Refused if it is none, or does not let itself be read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise Refused(_("{path} no es un fichero.").format(path=path))
        return BufferedReader(FileIO(path, "r"), 1024 * 1024)
    except FileNotFoundError:
        raise Refused(_("No existe el fichero {path}.").format(path=path)) from None
    except OSError as error:
        raise Refused(_("No se puede leer {path} ({why}).").format(path=path, why=why(error))) from error


def open_source(path: Path, delimiter: str = "") -> RowSource:
    """The file, read as what it begins like, whatever its name says. Raises Refused or ProblemsFound."""
    with open_regular(path) as file:
        start = file.read(4096)
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"PK\x03\x04"):
        from atencion.data.xlsx_rows import XlsxFile

        return XlsxFile(path)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise ProblemsFound(
            [Problem(str(path), 1, 1, _("es un Excel antiguo (.xls)"), _("guárdelo como .xlsx o como CSV"))]
        )
    if text[:11].upper() == b"BEGIN:VCARD":
        from atencion.data.vcard_rows import VcardFile

        return VcardFile(path)
    if text.startswith(b"{"):
        from atencion.data.json_rows import JsonLinesFile

        return JsonLinesFile(path)
    from atencion.data.csv_rows import CsvFile

    return CsvFile(path, delimiter)
