"""Keys typed before the screen has caught up wait for it: what an agent types goes where the last key led.

A fast agent, or one on a slow line, types the answer right after Enter. Without this, those letters would land in the
field that Enter is leaving.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from textual import events

if TYPE_CHECKING:
    from textual.app import App

LEADING = frozenset(
    {"enter", "escape", "tab", "shift+tab", "ctrl+o", "ctrl+l", *(f"f{number}" for number in range(1, 13))}
)
"""Keys after which the focus may be elsewhere, or that write something before the next key may mean anything."""

TURN = 0.004
"""Seconds between two looks at whether the screen has caught up."""

LONGEST = 5_000
"""Turns after which the keys are let go in any case: some 20 s, more than a store waits for its lock before it refuses.
Keys let go while something is still being written would land in what the agent is leaving."""

TypedEvent = events.Key | events.Paste


class TypeAhead:
    """Holds keys back after one that leads elsewhere, until `is_busy` says no twice in a row."""

    def __init__(
        self, app: App[int], is_busy: Callable[[], bool], deliver: Callable[[TypedEvent], Awaitable[None]]
    ) -> None:
        self._app = app
        self._is_busy = is_busy
        self._deliver = deliver
        self._held: list[TypedEvent] | None = None
        self._idle = self._turns = 0

    @property
    def holds(self) -> bool:
        """Whether a key would wait its turn now."""
        return self._held is not None

    async def take(self, event: TypedEvent) -> None:
        """Deliver a key now or, if the screen is catching up, in its turn."""
        if self._held is not None:
            self._held.append(event)
            return
        if isinstance(event, events.Key) and self._leads(event):
            self._held = []
            self._idle = self._turns = 0
            self._app.set_timer(TURN, self._look)
        await self._deliver(event)

    def _leads(self, event: events.Key) -> bool:
        focused = self._app.focused
        types = focused is not None and focused.check_consume_key(event.key, event.character)
        # A space or a digit that is no text ticks or marks, which writes.
        return event.key in LEADING or ((event.key == "space" or event.key.isdecimal()) and not types)

    async def _look(self) -> None:
        self._turns += 1
        self._idle = 0 if self._is_busy() else self._idle + 1
        if self._idle < 2 and self._turns < LONGEST:
            self._app.set_timer(TURN, self._look)
            return
        held, self._held = self._held or [], None
        for event in held:
            await self.take(event)
