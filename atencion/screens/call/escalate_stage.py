"""Handing the demand over to a department, with a case whose key the customer gets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static, TextArea

from atencion.i18n import _, ngettext
from atencion.screens.call.stage import Stage, caption, footing
from atencion.scripts.acts import Advance
from atencion.widgets.fields import NoteField
from atencion.widgets.key_bar import Key
from atencion.widgets.pick_list import Item, PickList
from atencion.widgets.plain import plain, plain_line

if TYPE_CHECKING:
    from atencion.desk.interaction import CaseOpened
    from atencion.screens.call.snapshot import Snapshot


_DRAFTS = ("escalate:reason", "escalate:department", "escalate:summary", "escalate:cold")


class EscalateStage(Stage):
    """Reason, department and a summary, so that the customer need not repeat anything."""

    def __init__(self, snapshot: Snapshot, *, tool: bool = False) -> None:
        super().__init__(snapshot)
        self.tool = tool
        self._opened = False
        self._proposed = ""

    def compose(self) -> ComposeResult:
        organisation = self.frame.organisation
        if self.tool:
            yield Static(_("Derivar"), classes="title", markup=False)
        else:
            yield from self.compose_heading()
        allowed = self.step.departments if not self.tool else ()
        reasons = sorted(
            (one for one in organisation.escalation_reasons if not allowed or one.department in allowed),
            key=lambda one: allowed.index(one.department) if allowed else 0,
        ) or list(organisation.escalation_reasons)
        yield caption(_("Motivo"))
        yield PickList(
            [Item(one.id, one.label, _("urgente") if one.urgent else "", "!" if one.urgent else "") for one in reasons],
            folds=True,
            rows=8,
            explicit=not allowed,  # the first of all there are is urgent, and an Enter too many must not say it
            picked=self.draft("escalate:reason") or None,
            id="reason",
        )
        yield caption(_("Departamento"))
        now = self.frame.desk.now()
        yield PickList(
            [
                Item(one.id, one.name, "" if one.open_at(now) else _("cerrado a esta hora"))
                for one in organisation.departments
                if not allowed or one.id in allowed
            ],
            folds=True,
            rows=6,
            picked=self.draft("escalate:department") or None,
            id="department",
        )
        yield caption(_("Resumen para quien lo reciba"), _("para que el cliente no se repita"))
        yield NoteField(self.draft("escalate:summary"), id="handover")
        yield Static(classes="settled", id="how", markup=False)
        yield Static(classes="words", id="case-key", markup=False)
        if not self.tool:
            yield from footing(self.step)

    def on_mount(self) -> None:
        self.query_one("#case-key").display = False
        self.query_one("#how").display = False
        if self.snapshot.run.untold_keys if self.tool else self.step.done:
            self._show_done()
        else:
            self.frame.ask("summary", self.frame.call.proposed_summary, self._propose)

    @property
    def main_label(self) -> str:
        if self._opened and self.tool:
            return ngettext("Clave dicha", "Claves dichas", len(self._keys))
        if self._opened:
            return _("Seguir")
        return _("Abrir expediente")

    def keys(self) -> Sequence[Key]:
        exception = _("Pide a supervisión algo que pasa de su límite, en un expediente.")
        found = [*super().keys(), Key("Ctrl+D", _("Pedir excepción"), "stage_also('exception')", exception)]
        if self._can_be_warm:
            name = _("De viva voz") if self._is_cold else _("Sin hablar antes")
            about = _("Cambia entre esperar con el cliente a que contesten y derivar sin hablar antes.")
            found.append(Key("Ctrl+O", name, "stage_other", about))
        return found

    def also(self, what: str) -> None:
        if what == "exception":
            self.frame.action_tool("exception")

    def other(self) -> None:
        """Pass it on with the customer on the line, or without speaking to the colleague before."""
        if self._can_be_warm:
            self.keep_draft("escalate:cold", "" if self._is_cold else "yes")
            self._show_how()

    @property
    def _keys(self) -> tuple[str, ...]:
        """The keys that the customer is to have: of the step's own case, or of all that was handed over."""
        run = self.snapshot.run
        return run.untold_keys if self.tool else (run.case or "",)

    @property
    def _is_cold(self) -> bool:
        return bool(self.draft("escalate:cold"))

    @property
    def _can_be_warm(self) -> bool:
        """Whether somebody can be spoken to before: the department that is chosen attends now, and this is spoken."""
        department = self.query_one("#department", PickList).picked if self.is_mounted else None
        return not self._opened and department is not None and self.frame.call.can_be_warm(department)

    def _show_how(self) -> None:
        how = _("Se deriva sin hablar antes.") if self._is_cold else _("Se pasa de viva voz.")
        shown = self.query_one("#how", Static)
        shown.update(plain_line(how))
        shown.display = self._can_be_warm
        self.frame.show_keys()

    @on(TextArea.Changed, "#handover")
    def _typed(self, event: TextArea.Changed) -> None:
        text = event.text_area.text
        self.keep_draft("escalate:summary", text if text != self._proposed else "")

    @on(PickList.Picked, "#reason")
    def _reason(self, event: PickList.Picked) -> None:
        event.stop()
        self.keep_draft("escalate:reason", event.item.id)
        language, now = self.snapshot.run.language, self.frame.desk.now()
        departments = self.query_one("#department", PickList)
        allowed = [item.id for item in departments.items]
        department = self.frame.organisation.takes(event.item.id, language, now, allowed)
        if department in allowed:
            departments.picked = department
            departments.highlight(department)
            self.keep_draft("escalate:department", department)
            self._show_how()
            self.focus_on(self.query_one("#handover"))
        else:
            self.focus_on(departments)

    @on(PickList.Picked, "#department")
    def _department(self, event: PickList.Picked) -> None:
        event.stop()
        self.keep_draft("escalate:department", event.item.id)
        self._show_how()
        self.focus_on(self.query_one("#handover"))

    @on(NoteField.Done, "#handover")
    def _done(self, event: NoteField.Done) -> None:
        event.stop()
        self.main()

    def main(self) -> None:
        if self._opened:
            if self.tool:
                self.frame.do(self.frame.call.key_told, lambda _run: self.frame.close_tool())
            elif not self.keeps_for_message():
                self.frame.act(Advance())
            return
        call = self.frame.call
        reasons, handover = self.query_one("#reason", PickList), self.query_one("#handover", NoteField)
        reason, summary = reasons.picked, handover.text.strip()
        department = self.query_one("#department", PickList).picked
        if reason is None:
            self.focus_on(reasons)
            self.frame.tell(_("Falta el motivo."), _("Elíjalo con su número."))
            return
        if not summary:
            self.focus_on(handover)
            self.frame.tell(_("Falta el resumen."), _("Quien lo reciba tiene que saber de qué va."))
            return
        say, cold = self.words_to_say, self._is_cold
        self.frame.do(
            lambda: call.escalate(reason, department, summary, cold=cold, before=say),
            self._case_opened,
            confirms=_DRAFTS,
        )

    def _case_opened(self, case: CaseOpened) -> None:
        extension = _(" · extensión {number}").format(number=case.extension) if case.extension else ""
        self._show_done(f"{case.department}{extension}", case.transfer)

    def _show_done(self, to: str = "", transfer: tuple[str, ...] = ()) -> None:
        from atencion.desk.case_keys import spoken_key

        self._opened = True
        shown = self.query_one("#case-key", Static)
        lines = [plain_line(_("Clave: {key}").format(key=spoken_key(key)), style="$accent bold") for key in self._keys]
        told = ngettext(
            "Dígasela al cliente; Intro anota que la tiene.",
            "Dígaselas al cliente; Intro anota que las tiene.",
            len(self._keys),
        )
        lines += [plain_line(told, style="$quiet")] if self.tool else []
        lines += [plain_line(to)] if to else []
        whom = (_("Al cliente"), _("A quien la recibe"), _("Ya los tres"))
        for who, words in zip(whom, transfer, strict=False):
            lines += [Content(), Content.styled(who, "$quiet"), plain(words, "bold")]
        shown.update(Content("\n").join(lines))
        shown.display = True
        self.query_one("#how").display = False
        for name in ("#reason", "#department", "#handover"):
            self.query_one(name).disabled = True
        if not self.focus_message():
            self.screen.set_focus(None)
        shown.scroll_visible(animate=False)
        self.frame.show_keys()

    def _propose(self, summary: str) -> None:
        """What is known so far is where a summary begins."""
        self._proposed = summary
        field = self.query_one("#handover", NoteField)
        if not field.text:
            field.text = summary
