"""A choice over whatever screen is there: a question and a list to answer it from."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from atencion.errors import AtencionError
from atencion.i18n import _
from atencion.screens.room import unexpected
from atencion.widgets.pick_list import Item, PickList
from atencion.widgets.plain import Plain, plain

READ_AFTER = 0.1
"""Seconds that whoever knows what they want has to choose it, before the rest is read."""


class ChoosingScreen(ModalScreen[str | None]):
    """Closed with the id of what was chosen, or nothing. `key` is the one that opened it, and closes it too.

    With `all_of_them`, `items` are those to begin with, and all come once they have been read.
    """

    BINDINGS = [
        Binding("escape", "leave", show=False),
        Binding("ctrl+c", "leave", show=False, priority=True),
    ]

    def __init__(
        self,
        question: str,
        items: Sequence[Item],
        *,
        picked: str | None = None,
        key: str = "",
        all_of_them: Callable[[], Sequence[Item]] | None = None,
    ) -> None:
        super().__init__()
        self._all_of_them = all_of_them
        self._question = question
        self._items = items
        self._picked = picked
        self._key = key

    def compose(self) -> ComposeResult:
        with Vertical(id="choosing"):
            yield Static(plain(self._question), classes="caption", markup=False)
            yield PickList(self._items, rows=12, picked=self._picked, empty=_("No hay nada que elegir."))
            yield Plain(id="choosing-wrong", classes="hint")

    def on_mount(self) -> None:
        self.query_one("#choosing-wrong").display = False
        if self._key:
            self._bindings.bind(self._key, "leave", show=False, priority=True)
        self.query_one(PickList).focus()
        if self._all_of_them is not None:
            self.set_timer(READ_AFTER, self._read)

    @work(exit_on_error=False)
    async def _read(self) -> None:
        assert self._all_of_them is not None
        try:
            items = await asyncio.to_thread(self._all_of_them)
        except Exception as error:
            told = error if isinstance(error, AtencionError) else unexpected(error)
            self.query_one("#choosing-wrong", Plain).show(f"✕ {told.message} {told.remedy}".rstrip())
            return
        self.query_one(PickList).fill(items, empty=_("No hay nada que elegir."))

    @on(PickList.Picked)
    def _chosen(self, event: PickList.Picked) -> None:
        self.dismiss(event.item.id)

    def action_leave(self) -> None:
        self.dismiss(None)


def languages(spoken: str, key: str) -> ChoosingScreen:
    """The choice of a language, by its own name."""
    from atencion.scripts.texts import LANGUAGES

    items = [Item(code, name) for code, name in LANGUAGES.items()]
    return ChoosingScreen(_("Lengua en que se atiende"), items, picked=spoken, key=key)
