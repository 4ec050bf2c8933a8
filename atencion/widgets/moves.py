"""The keys that move the highlight of a list, the same in every one."""

from __future__ import annotations

from textual.binding import Binding

MOVES = [
    Binding(key, f"move({by})", show=False)
    for key, by in {"up": -1, "down": 1, "pageup": -8, "pagedown": 8, "home": -10_000, "end": 10_000}.items()
]
"""For a widget whose `action_move` moves its highlight by so many rows, and no further than there are."""
