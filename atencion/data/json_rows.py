"""Reading customers from JSON Lines: one object a line, its keys the columns; a list is several values of a column."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from atencion.data.row_source import MOST_COLUMNS, Row, RowSource, open_regular
from atencion.i18n import _

LONGEST_LINE = 1024 * 1024
LOOKED_AT = 500
"""Lines whose keys make the header; a key that only comes later is not read, and told."""

BETWEEN = " | "
"""Parts several values in one cell."""


class JsonLinesFile(RowSource):
    """An open file of JSON Lines."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._file = open_regular(path)
        self._size = max(1, self._file.seek(0, io.SEEK_END))
        self._file.seek(0)
        keys: dict[str, None] = {}
        for _n in range(LOOKED_AT):
            found = _object(self._file.readline(LONGEST_LINE))
            keys.update(dict.fromkeys(_flat(found)) if found is not None else {})
        self._file.seek(0)
        self.header = list(keys)
        if not self.header or len(self.header) > MOST_COLUMNS:
            self._file.close()
            raise self.problem(
                _("ninguna línea es un objeto JSON con datos de un cliente")
                if not self.header
                else _("hay {count} columnas").format(count=len(self.header)),
                _("se esperaba un objeto por línea"),
            )

    @property
    def fraction(self) -> float:
        return min(1.0, self._file.tell() / self._size)

    def close(self) -> None:
        self._file.close()

    def rows(self) -> Iterator[Row]:
        known = set(self.header)
        while line := self._file.readline(LONGEST_LINE):
            number, self.line = self.line, self.line + 1
            if not line.strip():
                continue
            found = _object(line)
            if found is None:
                text = line.decode("utf-8", errors="replace").strip()
                yield Row(number, self._cells({}, text), _("no es un objeto JSON"))
                continue
            flat = _flat(found)
            unknown = next((key for key in flat if key not in known), None)
            problem = _("la clave «{key}» no está en las primeras líneas").format(key=unknown) if unknown else ""
            yield Row(number, self._cells(flat), problem)

    def _cells(self, flat: dict[str, str], instead: str = "") -> list[str]:
        cells = [flat.get(key, "") for key in self.header]
        if instead:
            cells[0] = instead
        return cells


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _flat(found: dict[str, Any]) -> dict[str, str]:
    """The object as one row: nested objects as `outer inner`, lists as one cell; a value with its name is itself."""
    flat: dict[str, str] = {}
    for key, value in found.items():
        if isinstance(value, dict):
            flat.update({f"{key} {inner}": _cell(each) for inner, each in value.items()})
        else:
            flat[str(key)] = _cell(value)
    return flat


def _cell(value: Any) -> str:
    if not isinstance(value, list):
        return _text(value)
    several = [_text(each.get("value") if isinstance(each, dict) else each) for each in value]
    return BETWEEN.join(one for one in several if one)


def _text(value: Any) -> str:
    if value is None or isinstance(value, (dict, list)):
        return ""
    return ("sí" if value else "no") if isinstance(value, bool) else str(value)
