"""The keys that work now, on one line at the foot of every screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.widget import Widget


@dataclass(frozen=True, slots=True)
class Key:
    """A key and what it does here. `action` is what runs when its words are clicked or chosen in the palette.

    `name` is how the key is written; the first ones of a list are the last to be left out where room is short.
    """

    name: str
    label: str
    action: str
    help: str = ""


class KeyBar(Widget):
    """A line of keys; those that do not fit are left out, and the help names them all."""

    DEFAULT_CSS = """
    KeyBar { height: 1; dock: bottom; background: $surface; color: $quiet; padding: 0 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._keys: tuple[Key, ...] = ()
        self._spans: list[tuple[int, int, Key]] = []

    def show(self, keys: Sequence[Key]) -> None:
        """Show these keys."""
        if tuple(keys) != self._keys:
            self._keys = tuple(keys)
            self.refresh()

    def render(self) -> Content:
        parts: list[tuple[str, str]] = []
        self._spans = []
        x, room = 0, self.content_size.width
        for key in self._keys:
            width = len(key.name) + 1 + len(key.label)
            if x + width > room:
                break
            parts += [(key.name, "$accent bold"), (" " + key.label, ""), ("   ", "")]
            self._spans.append((x, x + width, key))
            x += width + 3
        return Content.assemble(*parts)

    async def on_click(self, event: events.Click) -> None:
        x = event.x - 1
        for start, end, key in self._spans:
            if start <= x < end:
                await self.screen.run_action(key.action)
                return
