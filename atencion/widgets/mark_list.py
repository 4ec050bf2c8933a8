"""Criteria to be given a mark from 1 to 5: arrows choose one, a digit marks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from atencion.widgets.moves import MOVES
from atencion.widgets.plain import plain_line

HIGHEST = 5


@dataclass(frozen=True, slots=True)
class Markable:
    """A criterion: its name, what it asks for, and what stands beside its mark, such as another person's."""

    id: str
    text: str
    aside: str = ""


class MarkList(Widget, can_focus=True):
    """Rows of criteria with their marks. One is highlighted: a digit asks for a mark of it and goes on to the next.

    Only marks that were given to it are shown: whoever has it says, by `give`, once one is kept.
    """

    BINDINGS = [
        *MOVES,
        *(Binding(str(mark), f"mark({mark})", show=False) for mark in range(1, HIGHEST + 1)),
    ]
    DEFAULT_CSS = "MarkList { height: auto; width: 1fr; }"

    @dataclass
    class Marked(Message):
        """A criterion is to be given a mark."""

        id: str
        mark: int

    class Moved(Message):
        """Another criterion is highlighted."""

    def __init__(self, *, rows: int = 10, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows = rows
        self._items: tuple[Markable, ...] = ()
        self._marks: dict[str, int] = {}
        self._at = self._top = 0

    @property
    def marks(self) -> Mapping[str, int]:
        """The marks given, by criterion."""
        return self._marks

    @property
    def items(self) -> tuple[Markable, ...]:
        """The criteria."""
        return self._items

    @property
    def highlighted(self) -> Markable | None:
        """The criterion that a digit marks."""
        return self._items[self._at] if self._items else None

    def fill(self, items: Sequence[Markable], marks: Mapping[str, int]) -> None:
        """Show these criteria, with the marks they have."""
        if (tuple(items), dict(marks)) == (self._items, self._marks):
            return
        grows = len(items) != len(self._items)
        self._items, self._marks = tuple(items), dict(marks)
        self._at = min(self._at, max(len(items) - 1, 0))
        self.refresh(layout=grows)

    def give(self, criterion: str, mark: int) -> None:
        """Show that a criterion has this mark."""
        self._marks[criterion] = mark
        self.refresh()

    def action_move(self, by: int) -> None:
        """Move the highlight by so many rows."""
        if self._items:
            self._at = min(max(self._at + by, 0), len(self._items) - 1)
            self._top = min(max(self._top, self._at - self.rows + 1), self._at)
            self.refresh()
            self.post_message(self.Moved())

    def action_mark(self, mark: int) -> None:
        """Ask for a mark of the highlighted criterion, and highlight the next one."""
        if self._items:
            self.post_message(self.Marked(self._items[self._at].id, mark))
            self.action_move(1)

    def on_click(self, event: events.Click) -> None:
        if event.y < min(self.rows, len(self._items)):
            self.action_move(self._top + event.y - self._at)

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(1, min(len(self._items), self.rows))

    def render(self) -> Content:
        shown = self._items[self._top : self._top + self.rows]
        return Content("\n").join(self._line(row, item) for row, item in enumerate(shown, start=self._top))

    def _line(self, row: int, item: Markable) -> Content:
        width = max(self.content_size.width, 20)
        here = row == self._at and self.has_focus
        mark = self._marks.get(item.id, 0)
        given = f"{'●' * mark}{'○' * (HIGHEST - mark)} {mark or '–'}"
        aside = f"  {item.aside}" if item.aside else ""
        name = f"{'› ' if here else '  '}{item.id}  "
        room = width - len(name) - len(given) - len(aside) - 2
        text = plain_line(item.text, room) if room > 3 else Content()
        gap = " " * max(width - len(name) - text.cell_length - len(given) - len(aside), 1)
        return Content.assemble(
            (name, "$accent bold" if here else "bold"),
            text,
            gap,
            (given, "$words bold" if mark else "$quiet"),
            (aside, "$quiet"),
        )
