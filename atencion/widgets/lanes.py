"""A timeline in lanes: each moment on a line, in the lane of whoever it is of; one is highlighted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from atencion.widgets.moves import MOVES
from atencion.widgets.plain import plain_line

TIME = 8
"""Cells of the moment and the sign beside it."""


@dataclass(frozen=True, slots=True)
class Passing:
    """A moment: the number of its entry, when it was, its lane, what happened, and a sign beside it if it counted."""

    seq: int
    when: str
    lane: int
    text: str
    sign: str = ""


class Lanes(Widget, can_focus=True):
    """The lanes with their names above. What does not fit in its lane goes on over the empty ones after it."""

    BINDINGS = [*MOVES]
    DEFAULT_CSS = "Lanes { height: 1fr; width: 1fr; }"

    class Moved(Message):
        """Another moment is highlighted."""

    def __init__(self, names: Sequence[str], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._names = tuple(names)
        self._moments: tuple[Passing, ...] = ()
        self._at = self._top = 0

    @property
    def highlighted(self) -> Passing | None:
        """The moment that is highlighted."""
        return self._moments[self._at] if self._moments else None

    def fill(self, moments: Sequence[Passing]) -> None:
        """Show these moments; the highlight stays where it is."""
        self._moments = tuple(moments)
        self.action_move(0)

    def action_move(self, by: int) -> None:
        """Move the highlight by so many moments."""
        if self._moments:
            self._at = min(max(self._at + by, 0), len(self._moments) - 1)
            self.refresh()
            self.post_message(self.Moved())

    def on_click(self, event: events.Click) -> None:
        if 0 < event.y <= len(self._moments) - self._top:
            self.action_move(self._top + event.y - 1 - self._at)

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def render(self) -> Content:
        width, rows = max(self.content_size.width, 30), max(self.content_size.height - 1, 1)
        self._top = min(max(self._top, self._at - rows + 1), self._at)
        lane = (width - TIME) // len(self._names)
        head = " " * TIME + "".join(f"{name:<{lane}}" for name in self._names)
        lines = [Content.styled(head, "$quiet bold")]
        for row, moment in enumerate(self._moments[self._top : self._top + rows], start=self._top):
            here = row == self._at
            style = "$accent bold" if here else ""
            indent = lane * moment.lane
            text = plain_line(moment.text, width - TIME - indent, style)
            lines.append(
                Content.assemble(
                    (f"{moment.when:<6}", style or "$quiet"), (f"{moment.sign:<2}", "$warning bold"), " " * indent, text
                )
            )
        return Content("\n").join(lines)
