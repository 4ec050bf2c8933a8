"""Notes of the call, whatever the step."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static, TextArea

from atencion.i18n import _
from atencion.screens.call.snapshot import Snapshot
from atencion.screens.call.stage import Stage
from atencion.scripts.acts import Note
from atencion.widgets.fields import NoteField
from atencion.widgets.plain import plain


class NotesStage(Stage):
    """What was noted so far, and a field for one more."""

    tool = True

    def compose(self) -> ComposeResult:
        yield Static(_("Notas"), classes="title", markup=False)
        yield NoteField(self.draft("note"), id="note")
        yield Static(self._notes(), id="notes", markup=False)

    @property
    def main_label(self) -> str:
        return _("Guardar nota")

    def refreshed(self, snapshot: Snapshot) -> None:
        super().refreshed(snapshot)
        self.query_one("#notes", Static).update(self._notes())

    @on(TextArea.Changed, "#note")
    def _typed(self, event: TextArea.Changed) -> None:
        self.keep_draft("note", event.text_area.text)

    @on(NoteField.Done, "#note")
    def _done(self, event: NoteField.Done) -> None:
        event.stop()
        self.main()

    def main(self) -> None:
        field = self.query_one("#note", NoteField)
        if not field.text.strip():
            self.frame.close_tool()
            return
        self.frame.act(Note(field.text), then=self.frame.close_tool, confirms=("note",))

    def _notes(self) -> Content:
        notes = self.snapshot.run.notes
        if not notes:
            return Content.styled(_("Todavía no hay notas. Intro guarda la que escriba."), "$quiet")
        lines = []
        for note in reversed(notes):
            at = f"{self.frame.desk.local(note.at):%H:%M}"
            lines.append(Content.assemble((at + "  ", "dim"), plain(note.text or _("(destruida por ley)"))))
        return Content("\n").join(lines)
