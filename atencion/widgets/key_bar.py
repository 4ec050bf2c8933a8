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


GAP, LEAST_GAP = 3, 2
"""Columns between two keys, and where room is short."""


class KeyBar(Widget):
    """A line of keys; those that do not fit are left out, save the help, which names them all."""

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
        shown, gap = _fitting(self._keys, self.content_size.width)
        parts: list[tuple[str, str]] = []
        self._spans = []
        x = 0
        for key in shown:
            parts += [(key.name, "$accent bold"), (" " + key.label, ""), (" " * gap, "")]
            width = _width([key], gap)
            self._spans.append((x, x + width, key))
            x += width + gap
        return Content.assemble(*parts)

    async def on_click(self, event: events.Click) -> None:
        x = event.x - 1
        for start, end, key in self._spans:
            if start <= x < end:
                await self.screen.run_action(key.action)
                return


def _fitting(keys: Sequence[Key], room: int) -> tuple[list[Key], int]:
    """As many of the first keys as there is room for, the help among them whatever its place, and the gap between."""
    shown, gap = list(keys), LEAST_GAP if _width(keys, LEAST_GAP) <= room < _width(keys, GAP) else GAP
    while shown and _width(shown, gap) > room:
        if shown[-1].action != "help":
            shown.pop()
        elif gap > LEAST_GAP:
            gap = LEAST_GAP
        elif len(shown) > 1:
            shown.pop(-2)
        else:
            shown.pop()
    return shown, gap


def _width(keys: Sequence[Key], gap: int) -> int:
    return sum(len(key.name) + 1 + len(key.label) + gap for key in keys) - gap
