"""Leaving a step undone, or the call cut off: both need a reason."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Static

from atencion.i18n import _
from atencion.screens.call.stage import Stage, caption
from atencion.scripts.acts import Act, CutOff, Skip
from atencion.widgets.fields import LineField


class ReasonStage(Stage):
    """Asks why, in a line."""

    tool = True
    title = ""
    question = ""
    slot = ""
    """What its draft is known by."""

    def compose(self) -> ComposeResult:
        yield Static(self.title, classes="title", markup=False)
        yield caption(self.question)
        yield LineField(self.draft(self.slot), id="reason")

    @on(Input.Changed, "#reason")
    def _typed(self, event: Input.Changed) -> None:
        self.keep_draft(self.slot, event.value)

    @on(Input.Submitted, "#reason")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.main()

    def main(self) -> None:
        meant = self.meant(self.query_one(LineField).value.strip())
        self.frame.act(meant, then=self.frame.close_tool, confirms=(self.slot,))

    def meant(self, reason: str) -> Act:
        """The act, with its reason."""
        raise NotImplementedError


class SkipStage(ReasonStage):
    """The step is left undone and owed."""

    @property
    def slot(self) -> str:  # type: ignore[override]
        return f"skip:{self.step.id}"

    @property
    def title(self) -> str:  # type: ignore[override]
        return _("Saltar «{step}»").format(step=self.step.title)

    @property
    def question(self) -> str:  # type: ignore[override]
        return _("Por qué se salta")

    @property
    def main_label(self) -> str:
        return _("Saltar")

    def meant(self, reason: str) -> Act:
        return Skip(reason)


class CutOffStage(ReasonStage):
    """The customer is gone."""

    slot = "cut_off"

    @property
    def title(self) -> str:  # type: ignore[override]
        return _("El contacto se ha cortado") if self.frame.call.is_written else _("La llamada se ha cortado")

    @property
    def question(self) -> str:  # type: ignore[override]
        return _("Qué ha pasado")

    @property
    def main_label(self) -> str:
        return _("Ir al cierre")

    def meant(self, reason: str) -> Act:
        return CutOff(reason)
