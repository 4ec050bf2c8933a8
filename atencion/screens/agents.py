"""Who attends, where several agents share a store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from atencion.i18n import _
from atencion.widgets.pick_list import Item, PickList

if TYPE_CHECKING:
    from atencion.data.agents import StoredAgent


class AgentsScreen(ModalScreen[str | None]):
    """Closed with the code of the agent, or nothing to leave the program."""

    BINDINGS = [
        Binding("escape,ctrl+x", "leave", show=False),
        Binding("ctrl+c", "leave", show=False, priority=True),
    ]

    def __init__(self, agents: Sequence[StoredAgent]) -> None:
        super().__init__()
        self._agents = agents

    def compose(self) -> ComposeResult:
        with Vertical(id="agents"):
            yield Static(_("¿Quién atiende?"), classes="caption", markup=False)
            yield PickList([Item(one.code, one.name, one.code) for one in self._agents], rows=14)

    def on_mount(self) -> None:
        self.query_one(PickList).focus()

    @on(PickList.Picked)
    def _picked(self, event: PickList.Picked) -> None:
        self.dismiss(event.item.id)

    def action_leave(self) -> None:
        self.dismiss(None)
