"""Asking a supervisor for something beyond one's limits, in a case of the customer's."""

from __future__ import annotations

from collections.abc import Iterator

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Static, TextArea

from atencion.i18n import _
from atencion.screens.call.stage import Stage, caption
from atencion.widgets.fields import LineField, NoteField
from atencion.widgets.pick_list import Item, PickList

_WHAT, _AMOUNT, _WHY = "exception:what", "exception:amount", "exception:why"
_DRAFTS = (_WHAT, _AMOUNT, _WHY)


class ExceptionStage(Stage):
    """The case, what is asked for, how much if it is money, and why."""

    tool = True

    def compose(self) -> ComposeResult:
        from atencion.desk.case_keys import spoken_key

        yield Static(_("Pedir una excepción a supervisión"), classes="title", markup=False)
        yield caption(_("Expediente"))
        cases = [Item(key, spoken_key(key), label) for key, label in self._cases()]
        empty = _("No hay ninguno: F6 abre uno al derivar.")
        yield PickList(cases, rows=3, picked=cases[0].id if cases else None, empty=empty, id="exception-case")
        yield caption(_("Qué se pide"), _("una promesa, una compensación, algo fuera de su límite"))
        yield LineField(self.draft(_WHAT), id="exception-what")
        yield caption(_("Importe"), _("si es dinero: euros, como 12,40"))
        yield LineField(self.draft(_AMOUNT), id="exception-amount")
        yield caption(_("Por qué"))
        yield NoteField(self.draft(_WHY), id="exception-why")

    @property
    def main_label(self) -> str:
        return _("Pedirla")

    def focus_first(self) -> None:
        self.focus_on(self.query_one("#exception-what"))

    @on(Input.Changed)
    def _typed_line(self, event: Input.Changed) -> None:
        self.keep_draft(_WHAT if event.input.id == "exception-what" else _AMOUNT, event.value)

    @on(TextArea.Changed, "#exception-why")
    def _typed_why(self, event: TextArea.Changed) -> None:
        self.keep_draft(_WHY, event.text_area.text)

    @on(PickList.Picked)
    def _picked(self, event: PickList.Picked) -> None:
        event.stop()
        event.list.picked = event.item.id
        self.focus_first()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        following = "#exception-amount" if event.input.id == "exception-what" else "#exception-why"
        self.focus_on(self.query_one(following))

    @on(NoteField.Done)
    def _done(self, event: NoteField.Done) -> None:
        event.stop()
        self.main()

    def main(self) -> None:
        key = self.query_one("#exception-case", PickList).picked
        if key is None:
            self.frame.tell(_("Una excepción se pide en un expediente."), _("Ábralo antes: F6 lo abre al derivar."))
            return
        what, amount = (self.query_one(name, LineField).value for name in ("#exception-what", "#exception-amount"))
        why = self.query_one("#exception-why", NoteField).text
        desk, call = self.frame.desk, self.frame.call

        def ask() -> None:
            from atencion.desk.case_writing import cents_of

            desk.exceptions.ask(key, what, why, call.agent, amount_cents=cents_of(amount) if amount.strip() else None)

        self.frame.do(ask, self._asked, confirms=_DRAFTS)

    def _asked(self, _nothing: None) -> None:
        for slot in _DRAFTS:
            self.keep_draft(slot, "")
        self.frame.close_tool()
        self.frame.tell(_("Pedida: lo que decida supervisión lo verá en el inicio."))

    def _cases(self) -> Iterator[tuple[str, str]]:
        """The case in hand first, then the others of the customer that are open, each with what it is."""
        own, customer = self.snapshot.run.case, self.snapshot.customer
        if own is not None:
            yield own, _("el de esta llamada")
        for case in customer.cases if customer is not None else ():
            if case.is_open and case.key != own:
                yield case.key, case.type
