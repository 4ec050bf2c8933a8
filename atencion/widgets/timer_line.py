"""A line that tells, as a step goes on, what its protocol has to say about its length. It moves nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from atencion.widgets.plain import plain_line

if TYPE_CHECKING:
    from atencion.scripts.protocol import Timer
    from atencion.scripts.run import Run


class TimerLine(Widget):
    """One line, kept free from the beginning of a step that has timers. The latest one due is shown."""

    DEFAULT_CSS = "TimerLine { height: 1; dock: bottom; padding: 0 3; display: none; }"

    @dataclass
    class Due(Message):
        """Another timer is due."""

    def __init__(self, now: Callable[[], datetime], offer_key: str) -> None:
        super().__init__(id="timers")
        self._now = now
        self._key = offer_key
        self._run: Run | None = None
        self._plan: Sequence[Timer] = ()
        self._shown: Timer | None = None

    def on_mount(self) -> None:
        self.set_interval(1, self.look)

    @property
    def offered(self) -> str | None:
        """The moment or step that is offered now: that of the latest timer due which offers one."""
        return next((one.offer for one in reversed(self._due()) if one.offer), None)

    def show(self, run: Run, timers: Sequence[Timer]) -> None:
        """Count for the step of this run."""
        self._run, self._plan = run, sorted(timers, key=lambda one: one.after)
        self.display = bool(timers)
        self.look()

    def look(self) -> None:
        """See which timers are due by now."""
        due = self._due()
        latest = due[-1] if due else None
        if latest is not self._shown:
            self._shown = latest
            self.refresh()
            self.post_message(self.Due())

    def render(self) -> Content:
        timer = self._shown
        if timer is None:
            return Content()
        parts: list[Content | tuple[str, str]] = []
        if timer.warn:
            parts += [("! ", "$warning bold"), plain_line(timer.warn, style="$warning bold"), ("  ", "")]
        if timer.hint:
            parts += [("· ", "$quiet"), plain_line(timer.hint, style="$quiet"), ("  ", "")]
        if offer := self.offered:
            parts += [(self._key, "$accent bold"), (" ", ""), plain_line(self._title(offer))]
        return Content.assemble(*parts)

    def _due(self) -> list[Timer]:
        if self._run is None:
            return []
        spent = self._run.step_seconds(self._now())
        return [one for one in self._plan if one.after <= spent]

    def _title(self, offer: str) -> str:
        protocol = self._run.protocol if self._run is not None else None
        if protocol is None:
            return offer
        found = protocol.path.get(offer) or protocol.by_id.get(offer)
        return found.title if found is not None else offer
