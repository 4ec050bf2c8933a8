"""Writing a customer down, or correcting one, without leaving the step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from atencion.i18n import _
from atencion.screens.call.stage import Stage
from atencion.widgets.fields import LineField
from atencion.widgets.key_bar import Key
from atencion.widgets.pick_list import Item, PickList
from atencion.widgets.plain import Plain, plain, plain_line

if TYPE_CHECKING:
    from atencion.desk.customer_form import FieldCheck
    from atencion.desk.customer_view import CustomerView
    from atencion.desk.interaction import Form
    from atencion.desk.twin_view import TwinView
    from atencion.screens.call.snapshot import Snapshot

SLOT = "customer:"
"""What the desk knows the drafts of the form by."""


class FormRow(Horizontal):
    """A field with its name before it, and after it how it is understood or what is wrong with it."""

    DEFAULT_CSS = """
    FormRow { height: 1; width: 100%; }
    FormRow .name { width: 15; color: $quiet; }
    FormRow LineField { width: 1fr; }
    FormRow .note { width: auto; max-width: 65%; padding: 0 0 0 1; }
    """

    def __init__(self, name: str, label: str) -> None:
        super().__init__()
        self.field_name = name
        self.field = LineField(id=f"customer-{name.replace('_', '-')}", hint=_hint(name))
        self._label = label
        self._note = Static(classes="note", markup=False)

    def compose(self) -> ComposeResult:
        yield Static(plain_line(self._label), classes="name", markup=False)
        yield self.field
        yield self._note

    def tell(self, check: FieldCheck) -> None:
        """Say what is wrong, or how it is understood."""
        if check.problem:
            self._note.update(Content.assemble(("✕ ", "$error bold"), plain_line(check.problem, 60, "$error")))
        else:
            self._note.update(plain_line(f"✓ {check.note}" if check.note else "", 40, "$text-success"))


class CustomerStage(Stage):
    """The form. Each field is checked as it is typed, and whoever may be in the store already is told below."""

    tool = True

    def __init__(self, snapshot: Snapshot, typed: str = "") -> None:
        super().__init__(snapshot)
        self._typed_before = typed
        self._form: Form | None = None
        self._rows: dict[str, FormRow] = {}
        self._twins: list[TwinView] = []
        self._told: set[int] = set()

    def compose(self) -> ComposeResult:
        from atencion.desk.customer_form import FIELDS as FORM_FIELDS
        from atencion.desk.customer_form import field_label

        is_new = self.snapshot.customer is None
        yield Static(_("Cliente nuevo") if is_new else _("Corregir sus datos"), classes="title", markup=False)
        for name in FORM_FIELDS:
            self._rows[name] = row = FormRow(name, field_label(name))
            yield row
        yield Plain(classes="verdict", id="twins-title")
        yield PickList(by_typing=False, rows=3, id="twins", empty="")

    def on_mount(self) -> None:
        super().on_mount()
        self.screen.add_class("-whole")
        self.query_one("#twins").display = False
        self.query_one("#twins-title").display = False
        call, typed = self.frame.call, self._typed_before
        self.frame.ask("form", lambda: call.form(typed), self._fill)

    def on_unmount(self) -> None:
        self.screen.remove_class("-whole")

    @property
    def main_label(self) -> str:
        return _("Campo siguiente")

    def keys(self) -> Sequence[Key]:
        keys = [Key("Ctrl+S", _("Guardar"), "stage_save", _("Guarda los datos del cliente y vuelve al paso."))]
        if self._twins and self.snapshot.customer is None:
            keys.append(Key("Ctrl+O", _("Es esta"), "stage_other", _("Elige a quien ya está, y comprueba quién es.")))
        return keys

    def focus_first(self) -> None:
        if self._form is not None:
            named = self._rows["given_name"].field
            empty = [row.field for name, row in self._rows.items() if not row.field.value and name != "company_name"]
            self.focus_on(named if not named.value or self._form.customer_id else empty[0] if empty else named)

    def main(self) -> None:
        """From a list or nowhere: back to the fields."""
        self.focus_first()

    def other(self) -> None:
        """The customer that is there already is the one."""
        twins = self.query_one("#twins", PickList)
        if self.snapshot.customer is not None or not self._twins:
            return
        chosen = twins.highlighted
        customer_id = int(chosen.id) if chosen is not None else self._twins[0].customer_id
        call, name = self.frame.call, self._texts()
        query = " ".join(filter(None, (name["given_name"], name["surnames"], name["company_name"])))
        self.frame.do(lambda: call.pick(customer_id, query), self._taken, confirms=self._slots)

    def save(self) -> None:
        """Write it, or say what is wrong."""
        from atencion.desk.customer_form import FormInvalid
        from atencion.desk.twin_view import TwinsFound

        form, call, texts = self._form, self.frame.call, self._texts()
        if form is None:
            return
        despite = bool(self._twins) and {one.customer_id for one in self._twins if one.sure} <= self._told

        def write() -> CustomerView | FormInvalid | TwinsFound:
            try:
                if form.customer_id is None:
                    return call.register(texts, despite_twins=despite)
                return call.amend(texts, form.version)
            except (FormInvalid, TwinsFound) as refusal:
                return refusal

        self.frame.do(write, self._written, confirms=self._slots)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        row = event.input.parent
        if self._form is None or not isinstance(row, FormRow):
            return
        name, text = row.field_name, event.value
        self._keep(name, text)
        call, texts = self.frame.call, self._texts()
        self.frame.ask(f"check {name}", lambda: call.check_field(name, text), row.tell)
        self.frame.ask("twins", lambda: call.twins(texts), self._show_twins)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        fields = [row.field for row in self._rows.values()]
        at = next((n for n, field in enumerate(fields) if field is event.input), 0)
        if at + 1 < len(fields):
            self.focus_on(fields[at + 1])
        else:
            self.save()

    @on(PickList.Picked, "#twins")
    def _picked(self, event: PickList.Picked) -> None:
        event.stop()
        self.other()

    def _texts(self) -> dict[str, str]:
        return {name: row.field.value for name, row in self._rows.items()}

    def _fill(self, form: Form) -> None:
        self._form = form
        for name, row in self._rows.items():
            row.field.value = self.draft(SLOT + name) or form.texts.get(name, "")
        self.focus_first()

    def _show_twins(self, twins: list[TwinView]) -> None:
        self._twins = twins
        shown, title = self.query_one("#twins", PickList), self.query_one("#twins-title", Plain)
        shown.display = title.display = bool(twins)
        if twins:
            sure = any(one.sure for one in twins)
            words = _("! Puede que ya esté en el almacén:") if sure else _("Se parece a quien ya está:")
            title.update(plain(words, "$warning bold" if sure else "$quiet"))
            shown.fill([Item(str(one.customer_id), one.name, one.why, "!" if one.sure else "") for one in twins])
        self.frame.show_keys()

    def _written(self, done: object) -> None:
        from atencion.desk.customer_form import FieldCheck, FormInvalid
        from atencion.desk.twin_view import TwinsFound

        if isinstance(done, FormInvalid | TwinsFound):
            for name, text in self._texts().items():
                self._keep(name, text)
        if isinstance(done, FormInvalid):
            for name, problem in done.problems.items():
                self._rows[name].tell(FieldCheck(problem=problem))
            self.focus_on(self._rows[next(iter(done.problems))].field)
            self.frame.tell(_("Hay datos que no valen."), _("Están señalados; corríjalos o bórrelos."), wrong=True)
        elif isinstance(done, TwinsFound):
            self._show_twins(list(done.twins))
            self._told = {one.customer_id for one in done.twins}
            self.frame.tell(
                _("Puede que ya esté: no se ha guardado."),
                _("Ctrl+O si es esa persona; Ctrl+S otra vez si es otra."),
                wrong=True,
            )
        else:
            self.frame.close_tool()
            self.frame.tell(_("Guardado."))

    def _taken(self, _view: CustomerView) -> None:
        """Who they are is checked next, whatever the step."""
        self.frame.action_tool("lookup")

    def _keep(self, name: str, text: str) -> None:
        """What differs from how the form starts is a draft."""
        if text != (self._form.texts.get(name, "") if self._form is not None else ""):
            self.keep_draft(SLOT + name, text)
        elif self.draft(SLOT + name):
            self.keep_draft(SLOT + name, "")

    @property
    def _slots(self) -> tuple[str, ...]:
        return tuple(SLOT + name for name in self._rows)


def _hint(name: str) -> str:
    return {
        "document": _("NIF, NIE, CIF o «pasaporte» y su número"),
        "birth_date": _("día/mes/año"),
        "phones": _("el principal primero: 612 345 678 móvil, 912…"),
        "emails": _("el principal primero, con comas"),
        "company_name": _("si es una empresa"),
        "treatment": _("tú o usted"),
        "accessibility": _("lo que necesita para que le atiendan"),
    }.get(name, "")
