"""What several commands do alike: opening the desk, printing a table, printing one JSON document."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from atencion.errors import Problem
from atencion.i18n import _
from atencion.text import clean_line

if TYPE_CHECKING:
    from atencion.cli import Options
    from atencion.desk import Desk

as_json = click.option("--json", "json_", is_flag=True, help=_("Escribe un documento JSON, para programas."))
"""`--json`, as `json_`."""


@contextmanager
def open_desk(options: Options) -> Iterator[Desk]:
    """The desk on the store that the options name, whatever its kind, closed at the end."""
    from atencion.desk import Desk

    desk = Desk.open(options.store(), options.protocol_folder(), kind=None)
    try:
        yield desk
    finally:
        desk.close()


def print_json(document: Any) -> None:
    """One JSON document."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def print_table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Rows under their headings, in columns as wide as they need."""
    cells = [[clean_line(str("" if cell is None else cell), 60) for cell in row] for row in rows]
    widths = [max(len(heading), *(len(row[n]) for row in cells), 0) for n, heading in enumerate(headings)]
    for row in [list(headings), *cells]:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def print_problems(problems: Sequence[Problem]) -> None:
    """Each problem on a line of stderr, at its place."""
    for problem in problems:
        click.echo(str(problem), err=True)
