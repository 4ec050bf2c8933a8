"""The file that says what the columns of another hold, where their names do not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from atencion.data.customer_columns import Column
from atencion.data.customer_import import ImportPlan
from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts.document import parse, read_file
from atencion.scripts.model import Line, Strict, validate

IGNORED = "ignore"
"""Written of a column that is not to be read."""


class WrittenMapping(Strict):
    """A mapping as its author writes it: the header's names, and what stands under each."""

    delimiter: Annotated[str, Field(max_length=1)] = ""
    columns: dict[str, Line]


def read_mapping(path: Path) -> ImportPlan:
    """The mapping of a file. Raises ProblemsFound with all that is wrong in it, Refused if it names no datum."""
    written = validate(WrittenMapping, parse(read_file(path), str(path)))
    known = {str(column): column for column in Column if column is not Column.REASON}
    columns = {}
    for label, name in written.columns.items():
        column = Column.UNKNOWN if name == IGNORED else known.get(name)
        if column is None:
            raise Refused(
                _("«{name}» no es un dato de un cliente.").format(name=name),
                remedy=_("Uno de estos: {names}.").format(names=", ".join([*known, IGNORED])),
            )
        columns[label] = column
    return ImportPlan(columns, written.delimiter)
