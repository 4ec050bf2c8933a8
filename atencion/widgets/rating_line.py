"""A mark on a line of numbers, by its digits or the arrows."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from atencion.i18n import _
from atencion.widgets.plain import plain_line


class RatingLine(Widget, can_focus=True):
    """Numbers from the worst to the best, of which one is given. Enter says that it is done."""

    BINDINGS = [
        Binding("left", "step(-1)", show=False),
        Binding("right", "step(1)", show=False),
        Binding("backspace", "clear", show=False),
        Binding("enter", "finish", show=False),
    ]
    DEFAULT_CSS = """
    RatingLine { height: 1; width: 1fr; background: $surface; padding: 0 1; }
    RatingLine:focus { background: $panel; }
    """

    @dataclass
    class Changed(Message):
        """Another number is given, or none."""

        line: RatingLine

    @dataclass
    class Done(Message):
        """Enter was pressed."""

        line: RatingLine

    def __init__(self, lowest: int, highest: int, text: str = "") -> None:
        super().__init__()
        self._lowest, self._highest = lowest, highest
        self.text = text
        """What was given: a number, an answer that is none, or nothing."""

    def answer(self, text: str) -> None:
        """Give a number, or an answer that is none."""
        self.text = text
        self.refresh()
        self.post_message(self.Changed(self))

    def action_step(self, by: int) -> None:
        given = int(self.text) + by if self.text.isdecimal() else self._lowest if by > 0 else self._highest
        self.answer(str(min(max(given, self._lowest), self._highest)))

    def action_clear(self) -> None:
        self.answer("")

    def action_finish(self) -> None:
        self.post_message(self.Done(self))

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return character is not None and character.isdecimal()

    def on_key(self, event: events.Key) -> None:
        digit = event.character
        if digit is None or not digit.isdecimal():
            return
        event.stop()
        event.prevent_default()
        longer = self.text + digit if self.text.isdecimal() else digit
        for typed in (longer, digit):  # A 1 and then a 0 are a 10, if there is one.
            if self._lowest <= int(typed) <= self._highest:
                self.answer(str(int(typed)))
                return

    def on_click(self, event: events.Click) -> None:
        self.focus()

    def render(self) -> Content:
        parts: list[Content | tuple[str, str]] = [(_("peor") + "  ", "dim")]
        for number in range(self._lowest, self._highest + 1):
            given = self.text == str(number)
            parts += [(f"[{number}]" if given else f" {number} ", "$accent bold" if given else "")]
        parts.append(("  " + _("mejor"), "dim"))
        if self.text and not self.text.isdecimal():
            parts += [("   ✓ ", "$text-success"), plain_line(self.text, style="bold")]
        return Content.assemble(*parts)
