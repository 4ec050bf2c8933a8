"""What several commands do alike: opening the desk, printing a table, printing one JSON document."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar
from unicodedata import combining, east_asian_width

import click

from atencion.errors import Problem
from atencion.i18n import _
from atencion.text import clean_line, clean_text

if TYPE_CHECKING:
    from atencion.cli import Options
    from atencion.data.customer_import import ImportProgress
    from atencion.data.journal import StoredEntry
    from atencion.desk import Desk
    from atencion.scripts.run import Owed

T = TypeVar("T")

as_json = click.option("--json", "json_", is_flag=True, help=_("Escribe un documento JSON, para programas."))
"""`--json`, as `json_`."""

NUMBER = click.IntRange(0, 2**63 - 1)
"""The number of a row, as far as a store can count."""


@contextmanager
def open_desk(options: Options, *, create: bool = False) -> Iterator[Desk]:
    """The desk on the store that the options name, whatever its kind, closed at the end.

    Only a command that writes may `create` it: one that reads says that there is none.
    """
    from atencion.desk import Desk

    desk = Desk.open(options.store(), options.protocol_folder(), create=create, kind=None)
    try:
        yield desk
    finally:
        desk.close()


def tell(text: str, *, err: bool = False) -> None:
    """Lines for a person. What came from data is cleaned of all that a terminal would obey."""
    click.echo(clean_text(text, 200_000, 10_000), err=err)


def print_json(document: Any) -> None:
    """One JSON document."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def problem_row(problem: Problem) -> dict[str, Any]:
    """A problem of a file for a JSON document."""
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "message": problem.message,
        "expected": problem.expected,
    }


def entry_row(entry: StoredEntry) -> dict[str, Any]:
    """An entry of a journal for a JSON document; the moment is in UTC."""
    return {
        "seq": entry.seq,
        "at": entry.at.isoformat(),
        "kind": entry.kind,
        "step": entry.step,
        "body": dict(entry.body),
        "value": entry.value,
        "value_state": entry.value_state,
    }


def owed_row(owed: Owed) -> dict[str, Any]:
    """Something left undone for a JSON document."""
    return {"step": owed.step, "kind": owed.kind, "label": owed.label, "norm": owed.norm}


def print_table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Rows under their headings, in columns as wide as they need."""
    cells = [list(headings), *([clean_line(str("" if cell is None else cell), 60) for cell in row] for row in rows)]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        padded = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


def print_problems(problems: Sequence[Problem]) -> None:
    """Each problem on a line of stderr, at its place."""
    for problem in problems:
        tell(str(problem), err=True)


def _width(text: str) -> int:
    """Cells of a terminal that a text takes: none for marks over a letter, two for wide letters and most emoji."""
    return sum(0 if combining(letter) else 2 if east_asian_width(letter) in "WF" else 1 for letter in text)


@contextmanager
def stopped_between(report: Callable[[T], None]) -> Iterator[Callable[[T], None]]:
    """Have Ctrl+C end what is under way when it next reports how far it is, where nothing is half done; again, at once.

    Raised wherever it happens to come, the interrupt was lost once in a while and the work went on to its end.
    """
    asked = False

    def ask(_number: int, _frame: object) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True

    def heed(progress: T) -> None:
        if asked:
            raise KeyboardInterrupt
        report(progress)

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield heed
    finally:
        signal.signal(signal.SIGINT, before)


class Bar:
    """How far something long is, on a terminal; nothing in a pipe."""

    def __init__(self) -> None:
        self._is_wanted = sys.stderr.isatty()
        self._is_shown = False

    def show(self, progress: ImportProgress) -> None:
        if self._is_wanted:
            self._is_shown = True
            done = round(progress.fraction * _BAR)
            told = _("{rows} filas · {rate} por segundo · quedan {left} s").format(
                rows=progress.rows, rate=round(progress.rate), left=round(progress.left)
            )
            click.echo(f"\r[{'█' * done}{'·' * (_BAR - done)}] {told}   ", nl=False, err=True)

    def show_part(self, fraction: float) -> None:
        """How far something without rows is, from 0 to 1."""
        if self._is_wanted:
            self._is_shown = True
            done = round(fraction * _BAR)
            click.echo(f"\r[{'█' * done}{'·' * (_BAR - done)}] {fraction:4.0%}", nl=False, err=True)

    def end(self) -> None:
        """Leave the line."""
        if self._is_shown:
            self._is_shown = False
            click.echo(err=True)


_BAR = 30
