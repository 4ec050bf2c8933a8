"""A field to search in, whose arrows move the highlight of the list below it."""

from __future__ import annotations

from textual.binding import Binding

from atencion.widgets.fields import LineField
from atencion.widgets.pick_list import PickList


class SearchField(LineField):
    """Typing stays here; up and down are the list's."""

    BINDINGS = [
        Binding("up", "move_list(-1)", show=False),
        Binding("down", "move_list(1)", show=False),
        Binding("pageup", "move_list(-8)", show=False),
        Binding("pagedown", "move_list(8)", show=False),
    ]

    def __init__(self, list_id: str, text: str = "", *, hint: str = "", id: str | None = None) -> None:
        super().__init__(text, hint=hint, id=id)
        self.select_on_focus = True  # something else is looked for by typing it
        self._list_id = list_id

    def action_move_list(self, by: int) -> None:
        """Move the highlight of the list."""
        self.screen.query_one(f"#{self._list_id}", PickList).action_move(by)
