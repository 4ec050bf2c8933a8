"""After the customer has gone: what is still owed, and why they called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.widgets import Static, TextArea

from atencion.i18n import _
from atencion.screens.call.stage import Stage, caption, heading
from atencion.widgets.fields import NoteField
from atencion.widgets.pick_list import Item, PickList
from atencion.widgets.plain import plain

if TYPE_CHECKING:
    from atencion.screens.call.snapshot import Snapshot


class WrapUpStage(Stage):
    """A disposition closes the call. The note is for whoever takes the next one."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot)

    def compose(self) -> ComposeResult:
        step = self.snapshot.step
        if step is not None:
            yield from heading(step)
        else:
            yield Static(_("Cierre"), classes="title", markup=False)
        owed = self.snapshot.run.owed
        if owed:
            lines = [_("Queda debido:"), *(f"! {one.label}" + (f" ({one.title})" if one.title else "") for one in owed)]
            yield Static(plain("\n".join(lines)), classes="owed", markup=False)
        else:
            yield Static(_("✓ No queda nada debido."), classes="settled", markup=False)
        yield caption(_("Nota para el próximo contacto"), _("opcional"))
        yield NoteField(self.draft("close:note"), id="close-note")
        yield caption(_("Tipificación"), _("escriba parte del nombre"))
        wanted = step.dispositions if step is not None else ()
        items = [
            Item(one.id, one.label, one.group)
            for one in self.frame.organisation.dispositions
            if not wanted or one.id in wanted
        ]
        yield PickList(items, rows=10, explicit=True, id="disposition")

    @property
    def main_label(self) -> str:
        return _("Cerrar el contacto") if self.frame.call.is_written else _("Cerrar la llamada")

    def focus_first(self) -> None:
        self.focus_on(self.query_one("#disposition"))

    @on(TextArea.Changed, "#close-note")
    def _typed(self, event: TextArea.Changed) -> None:
        self.keep_draft("close:note", event.text_area.text)

    @on(NoteField.Done, "#close-note")
    def _noted(self, event: NoteField.Done) -> None:
        event.stop()
        self.focus_on(self.query_one("#disposition"))

    @on(PickList.Moved, "#disposition")
    def _moved(self, event: PickList.Moved) -> None:
        event.stop()
        self.frame.quiet()

    @on(PickList.Picked, "#disposition")
    def _picked(self, event: PickList.Picked) -> None:
        event.stop()
        call, note = self.frame.call, self.query_one("#close-note", NoteField).text.strip()
        disposition = event.item.id
        self.frame.do(lambda: call.close(disposition, note), confirms=("close:note",))

    def main(self) -> None:
        self.focus_on(self.query_one("#disposition"))
        self.frame.tell(_("Falta la tipificación."), _("Escriba parte de su nombre, o elíjala con las flechas."))
