"""Every action of a screen, found by typing part of its name."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from atencion.i18n import _
from atencion.widgets.key_bar import Key
from atencion.widgets.pick_list import Item, PickList


class PaletteScreen(ModalScreen[str | None]):
    """Closed with the action chosen, or nothing."""

    BINDINGS = [
        Binding("escape", "leave", show=False),
        Binding("ctrl+p,ctrl+c", "leave", show=False, priority=True),
    ]

    def __init__(self, keys: Sequence[Key]) -> None:
        super().__init__()
        self._actions = list({key.action: key for key in keys}.values())

    def compose(self) -> ComposeResult:
        items = [Item(key.action, key.label, "  ".join(filter(None, (key.name, key.help)))) for key in self._actions]
        with Vertical(id="palette"):
            yield Static(_("Acciones: escriba parte del nombre"), classes="caption", markup=False)
            yield PickList(items, rows=12)

    def on_mount(self) -> None:
        self.query_one(PickList).focus()

    @on(PickList.Picked)
    def _picked(self, event: PickList.Picked) -> None:
        self.dismiss(event.item.id)

    def action_leave(self) -> None:
        self.dismiss(None)
