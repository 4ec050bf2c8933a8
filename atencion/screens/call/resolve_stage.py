"""How the demand ends."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.widgets import TextArea

from atencion.i18n import _
from atencion.screens.call.stage import Stage, caption, footing
from atencion.scripts.acts import Advance
from atencion.widgets.fields import NoteField
from atencion.widgets.pick_list import Item, PickList


class ResolveStage(Stage):
    """An outcome and a summary; Enter after the summary writes both and goes on."""

    def compose(self) -> ComposeResult:
        yield from self.compose_heading()
        wanted = self.step.outcomes
        outcomes = [
            Item(one.id, one.label, "" if one.settled else _("queda pendiente"))
            for one in self.frame.organisation.outcomes
            if not wanted or one.id in wanted
        ]
        yield caption(_("Resultado"))
        picked = self.draft("resolve:outcome") or (self.snapshot.run.outcome if self.step.done else None)
        # Explicit: an Enter too many from the step before must not say that it was solved.
        yield PickList(outcomes, folds=True, explicit=True, picked=picked, id="outcome")
        yield caption(_("Qué se ha acordado"), _("opcional"))
        yield NoteField(self.draft("resolve:summary"), id="summary")
        yield from footing(self.step)

    @property
    def main_label(self) -> str:
        return _("Anotar y seguir")

    @on(TextArea.Changed, "#summary")
    def _typed(self, event: TextArea.Changed) -> None:
        self.keep_draft("resolve:summary", event.text_area.text)

    @on(PickList.Picked, "#outcome")
    def _picked(self, event: PickList.Picked) -> None:
        event.stop()
        self.keep_draft("resolve:outcome", event.item.id)
        self.focus_on(self.query_one("#summary"))

    @on(NoteField.Done, "#summary")
    def _done(self, event: NoteField.Done) -> None:
        event.stop()
        self.main()

    def main(self) -> None:
        outcomes = self.query_one("#outcome", PickList)
        outcome = outcomes.picked
        if outcome is None:
            self.focus_on(outcomes)
            self.frame.tell(_("Falta el resultado."), _("Elíjalo con su número."))
            return
        if self.step.done and outcome == self.snapshot.run.outcome and not self.query_one("#summary", NoteField).text:
            self.frame.act(Advance())  # Gone back to, and left as it was.
            return
        if self.keeps_for_message():
            return
        call, say, summary = self.frame.call, self.words_to_say, self.query_one("#summary", NoteField).text.strip()
        self.frame.do(
            lambda: call.resolve(outcome, summary, before=say, goes_on=True),
            confirms=("resolve:outcome", "resolve:summary"),
        )
