"""The protocols and the fragments of the folder, for who writes them: how each stands, and the way into one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from atencion.i18n import _, ngettext
from atencion.screens.room import Room
from atencion.widgets.key_bar import Key
from atencion.widgets.pick_list import Item, PickList
from atencion.widgets.plain import plain_line

if TYPE_CHECKING:
    from atencion.scripts.preview import Entry

LOOK_EVERY = 0.5
"""Seconds between two looks at the files, while a screen of protocols is open."""


class ProtocolsScreen(Room):
    """The list. What is typed narrows it."""

    CSS_PATH = "protocols.tcss"
    BINDINGS = [Binding("escape", "leave", show=False)]

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._seen: object = None

    def compose_room(self) -> ComposeResult:
        with Vertical(id="protocols"):
            yield Static(_("Protocolos"), id="protocols-name", markup=False)
            yield Static(id="protocols-where", markup=False)
            yield PickList(id="protocols-list", empty=_("Leyendo…"))

    @property
    def busy(self) -> bool:
        return super().busy or self._looking

    def on_mount(self) -> None:
        self.query_one("#protocols-where", Static).update(plain_line(_shown(self._folder)))
        self.query_one(PickList).focus()
        self.show_keys()
        self.look_every(LOOK_EVERY, self._read, self._show_if_new)

    def on_screen_resume(self) -> None:
        self.look()  # What was open may have been saved, or taken away, meanwhile.

    def on_resize(self) -> None:
        self.query_one(PickList).rows = max(self.size.height - 8, 4)

    def keys(self) -> list[Key]:
        return [
            Key(_("Intro"), _("Ver"), "open", _("Enseña el protocolo señalado.")),
            Key(_("letras"), _("Buscar"), "nothing", _("Deja en la lista los que coinciden.")),
            Key("Esc", _("Volver"), "leave", _("Vuelve a la pantalla de inicio.")),
            Key("F1", _("Ayuda"), "help", _("Esta ayuda.")),
            Key("Ctrl+P", _("Acciones"), "palette", _("Busca cualquier acción por su nombre.")),
        ]

    def action_leave(self) -> None:
        self.dismiss(True)

    def action_open(self) -> None:
        item = self.query_one(PickList).highlighted
        if item is not None:
            self._open(item.id)

    @on(PickList.Picked)
    def _picked(self, event: PickList.Picked) -> None:
        self._open(event.item.id)

    def _open(self, protocol_id: str) -> None:
        from atencion.screens.protocol import ProtocolScreen

        self.app.push_screen(ProtocolScreen(self._folder, protocol_id))

    def look(self) -> None:
        if self.is_current:
            super().look()

    def _read(self) -> tuple[object, list[Entry] | None]:
        """How the files stand and, if one was saved, the list anew."""
        from atencion.scripts.preview import entries, stamp

        seen = stamp(self._folder)
        return seen, entries(self._folder) if seen != self._seen else None

    def _show_if_new(self, found: tuple[object, list[Entry] | None]) -> None:
        seen, listed = found
        if listed is not None:
            self._seen = seen
            self._show(listed)

    def _show(self, found: list[Entry]) -> None:
        listed = self.query_one(PickList)
        listed.fill([_item(one) for one in found], empty=_("No hay ningún protocolo."))
        wrong = sum(one.problems > 0 for one in found)
        if wrong:
            message = ngettext("{n} fichero no se puede usar.", "{n} ficheros no se pueden usar.", wrong)
            self.tell(message.format(n=wrong), wrong=True)
        else:
            self.quiet()


def _item(one: Entry) -> Item:
    if one.problems:
        told = ngettext("{n} problema", "{n} problemas", one.problems).format(n=one.problems)
        return Item(one.id, one.title or one.id, f"{one.id}  {told}", "✕")
    return Item(one.id, one.title, f"{one.id} {one.version}", " ")


def problem_line(place: str, told: str, *, wrong: bool) -> Content:
    """A problem or a piece of advice as it is shown: where it is, and what to do."""
    style = "$error" if wrong else "$warning"
    return Content.assemble(("✕ " if wrong else "· ", style), plain_line(place, style=style), "  ", plain_line(told))


def _shown(folder: Path) -> str:
    """Where a folder is, as short as it can be said from here."""
    here = Path.cwd()
    return str(folder.relative_to(here)) if folder.is_relative_to(here) else str(folder)
