"""A list to pick from with few keys: by typing part of a name, by its number, by the arrows or the mouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from atencion.i18n import _
from atencion.text import clean_line, fold
from atencion.widgets.moves import MOVES
from atencion.widgets.plain import plain_line

NUMBERED = 9
"""Rows that a digit picks."""


@dataclass(frozen=True, slots=True)
class Item:
    """A row: what it stands for, its text, and a fainter text after it. `mark` is a sign before it, such as "!".

    `met` are the parts of the label, from and to, that answer what was looked for.
    """

    id: str
    label: str
    detail: str = ""
    mark: str = ""
    met: tuple[tuple[int, int], ...] = ()


class PickList(Widget, can_focus=True):
    """Rows of which one is highlighted.

    With `by_typing`, letters narrow the list and digits highlight a row. With `folds`, it takes one line while the
    focus is elsewhere. With `explicit`, no row is highlighted until a key says which, and Enter alone picks none.
    """

    BINDINGS = [
        *MOVES,
        Binding("enter", "pick", show=False),
    ]
    DEFAULT_CSS = """
    PickList { height: auto; width: 1fr; }
    """

    @dataclass
    class Picked(Message):
        """A row was picked."""

        list: PickList
        item: Item

        @property
        def control(self) -> PickList:
            return self.list

    @dataclass
    class Moved(Message):
        """Another row is highlighted; None if no row is left."""

        list: PickList
        item: Item | None

        @property
        def control(self) -> PickList:
            return self.list

    def __init__(
        self,
        items: Sequence[Item] = (),
        *,
        rows: int = 10,
        by_typing: bool = True,
        folds: bool = False,
        explicit: bool = False,
        picked: str | None = None,
        empty: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.rows = rows
        self.picked = picked
        self._items: tuple[Item, ...] = tuple(items)
        self._by_typing = by_typing
        self._folds = folds
        self._explicit = explicit
        self._empty = empty
        self._typed = ""
        self._shown: list[Item] = list(items)
        self._at = self._row_of(picked)
        self._top = 0

    @property
    def highlighted(self) -> Item | None:
        """The row that Enter would pick."""
        return self._shown[self._at] if self._shown and self._at >= 0 else None

    @property
    def items(self) -> tuple[Item, ...]:
        """All the rows, narrowed or not."""
        return self._items

    def fill(self, items: Sequence[Item], *, empty: str = "") -> None:
        """Show these rows instead; the highlight stays on the same one if it is still there."""
        before = self.highlighted
        self._items, self._empty = tuple(items), empty
        self._narrow(before.id if before else self.picked)

    def highlight(self, item_id: str) -> None:
        """Highlight the row that stands for this."""
        self._narrow(item_id)

    def choose(self, item_id: str) -> None:
        """Pick the row that stands for this."""
        self._narrow(item_id)
        self.action_pick()

    def action_move(self, by: int) -> None:
        """Move the highlight by so many rows."""
        if self._shown:
            self._to(min(max(self._at + by, 0), len(self._shown) - 1))

    def action_pick(self) -> None:
        """Pick the highlighted row."""
        item = self.highlighted
        if item is None:
            if self._typed:
                return
            raise SkipAction  # Enter is the screen's, which says what is missing.
        self.picked = item.id
        self._typed = ""
        self._narrow(item.id)
        self.post_message(self.Picked(self, item))

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return self._by_typing and character is not None and character.isprintable() and character != "?"

    def on_key(self, event: events.Key) -> None:
        if not self._by_typing:
            return
        character = event.character
        if event.key == "backspace" and self._typed:
            self._typed = self._typed[:-1]
        elif event.key == "escape" and self._typed:
            self._typed = ""
        elif character == "?" or character is None or not character.isprintable():
            return
        elif character.isdecimal() and not self._typed and 0 < int(character) <= min(NUMBERED, len(self._items)):
            event.stop()
            event.prevent_default()
            self._to(int(character) - 1)
            return
        elif character == " " and not self._typed:
            return
        else:
            self._typed += character
        event.stop()
        event.prevent_default()
        self._narrow(None)

    def on_paste(self, event: events.Paste) -> None:
        if self._by_typing:
            event.stop()
            self._typed = clean_line(event.text, 60)
            self._narrow(None)

    def on_click(self, event: events.Click) -> None:
        row = event.y - (1 if self._shows_typed else 0)
        if self._folded:
            self.focus()
        elif 0 <= row < len(self._window):
            self._to(self._top + row)
            self.action_pick()

    def on_focus(self) -> None:
        self.refresh(layout=True)

    def on_blur(self) -> None:
        if self._typed:
            self._typed = ""
            self._narrow(self.picked)
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        if self._folded:
            return 1
        return max(len(self._window), 1) + self._shows_typed + self._shows_more

    def render(self) -> Content:
        width = max(self.content_size.width, 10)
        if self._folded:
            item = next((item for item in self._items if item.id == self.picked), None)
            if item is None:
                return Content.styled(_("  sin elegir"), "$quiet")
            return Content.assemble(("✓ ", "$text-success"), plain_line(item.label, width - 2, "bold"))
        lines = []
        if self._shows_typed:
            lines.append(
                Content.assemble(("⌕ ", "$accent"), plain_line(self._typed, width - 3, "bold"), ("▏", "$accent"))
            )
        if not self._shown:
            lines.append(
                plain_line(_("Nada coincide: Esc borra lo escrito") if self._typed else self._empty, width, "dim")
            )
        for row, item in enumerate(self._window, start=self._top):
            lines.append(self._line(row, item, width))
        if self._shows_more:
            more = len(self._shown) - self._top - len(self._window)
            lines.append(plain_line(_("  … {count} más").format(count=more) if more else "", width, "dim"))
        return Content("\n").join(lines)

    @property
    def _folded(self) -> bool:
        return self._folds and not self.has_focus

    @property
    def _shows_typed(self) -> bool:
        return bool(self._typed)

    @property
    def _shows_more(self) -> bool:
        return len(self._shown) > self.rows

    @property
    def _window(self) -> list[Item]:
        return self._shown[self._top : self._top + self.rows]

    def _line(self, row: int, item: Item, width: int) -> Content:
        here = row == self._at and self.has_focus_within_reach
        pointer = ("› ", "$accent bold") if here else ("  ", "")
        number = ""
        if self._by_typing and not self._typed and len(self._items) > 1:
            number = f"{row + 1}  " if row < NUMBERED else "   "
        mark = f"{item.mark:<1} " if any(one.mark for one in self._items) else ""
        room = width - 2 - len(number) - len(mark)
        label = plain_line(item.label, room, "$accent bold" if here else "bold" if item.id == self.picked else "")
        for start, end in item.met:
            label = label.stylize("underline", start, min(end, len(label)))
        waits = self.has_focus and self._at < 0
        number_style = "$accent bold" if waits else "dim"
        parts: list[Content | tuple[str, str]] = [pointer, (number, number_style), (mark, "$warning bold"), label]
        left = room - label.cell_length - 2
        if item.detail and left > 6:
            parts += [("  ", ""), plain_line(item.detail, left, "dim")]
        return Content.assemble(*parts)

    @property
    def has_focus_within_reach(self) -> bool:
        """Whether its highlight means something now: it has the focus, or a field beside it moves it."""
        return self.has_focus or not self._folds

    def _narrow(self, keep: str | None) -> None:
        words = fold(self._typed).split()
        found = [item for item in self._items if _matches(f"{item.label} {item.detail}", words)]
        self._shown = sorted(found, key=lambda item: not _matches(item.label, words))
        self._top = 0
        self._to(self._row_of(keep))
        self.refresh(layout=True)

    def _row_of(self, item_id: str | None) -> int:
        """Its row, or where the highlight begins: -1 for none."""
        begin = -1 if self._explicit and not self._typed else 0
        return next((row for row, item in enumerate(self._shown) if item.id == item_id), begin)

    def _to(self, at: int) -> None:
        self._at = at
        if at < self._top:
            self._top = max(at, 0)
        elif at >= self._top + self.rows:
            self._top = at - self.rows + 1
        self.refresh(layout=self._shows_more)
        self.post_message(self.Moved(self, self.highlighted))


def _matches(text: str, words: list[str]) -> bool:
    folded = fold(text)
    return all(word in folded for word in words)
