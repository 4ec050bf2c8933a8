"""A list of which several rows may hold: by space, by number, or with the mouse."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from atencion.widgets.pick_list import NUMBERED, Item
from atencion.widgets.plain import plain_line


class MultiList(Widget, can_focus=True):
    """Rows to mark. Enter says that it is done."""

    BINDINGS = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("space", "mark", show=False),
        Binding("enter", "finish", show=False),
    ]
    DEFAULT_CSS = "MultiList { height: auto; width: 1fr; }"

    @dataclass
    class Changed(Message):
        """A row was marked, or is no more."""

        list: MultiList

    @dataclass
    class Done(Message):
        """Enter was pressed."""

        list: MultiList

    def __init__(self, items: Sequence[Item], marked: Collection[str] = (), *, instead: str = "") -> None:
        super().__init__()
        self._items = tuple(items)
        self._marked = {item.id for item in items if item.id in marked}
        self._at = 0
        self.instead = instead
        """An answer that takes the place of the marks, such as that there is nothing on record."""

    @property
    def marked(self) -> tuple[str, ...]:
        """The ids of the rows that are marked, in their order."""
        return tuple(item.id for item in self._items if item.id in self._marked)

    def answer(self, instead: str) -> None:
        """Put an answer in the place of the marks."""
        self._marked.clear()
        self.instead = instead
        self._tell()

    def action_move(self, by: int) -> None:
        self._at = min(max(self._at + by, 0), len(self._items) - 1)
        self.refresh()

    def action_mark(self) -> None:
        self._marked ^= {self._items[self._at].id}
        self.instead = ""
        self._tell()

    def action_finish(self) -> None:
        self.post_message(self.Done(self))

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return character is not None and character.isdecimal()

    def on_key(self, event: events.Key) -> None:
        digit = event.character
        if digit is not None and digit.isdecimal() and 0 < int(digit) <= min(NUMBERED, len(self._items)):
            event.stop()
            event.prevent_default()
            self._at = int(digit) - 1
            self.action_mark()

    def on_click(self, event: events.Click) -> None:
        if event.y < len(self._items):
            self._at = event.y
            self.action_mark()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._items) + bool(self.instead)

    def render(self) -> Content:
        lines = [self._line(row, item) for row, item in enumerate(self._items)]
        if self.instead:
            lines.append(Content.assemble(("✓ ", "$text-success"), plain_line(self.instead, style="bold")))
        return Content("\n").join(lines)

    def _line(self, row: int, item: Item) -> Content:
        here = self.has_focus and row == self._at
        number = f"{row + 1}  " if row < NUMBERED else "   "
        box = ("✓ ", "$text-success bold") if item.id in self._marked else ("□ ", "")
        label = plain_line(item.label, style="$accent bold" if here else "")
        detail = plain_line(f"  {item.detail}", style="dim") if item.detail else Content()
        return Content.assemble(("› " if here else "  ", "$accent bold"), (number, "dim"), box, label, detail)

    def _tell(self) -> None:
        self.refresh(layout=True)
        self.post_message(self.Changed(self))
