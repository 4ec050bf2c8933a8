"""A step of words: greeting, asking, choosing, making sure, saying goodbye."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, TextArea

from atencion.i18n import _
from atencion.screens.call.answers import Answer, answer_widget, put_answer, text_of
from atencion.screens.call.stage import Stage, caption, footing
from atencion.scripts.acts import Act, Advance, Capture, Choose, Tick, Untick
from atencion.widgets.fields import LineField, NoteField
from atencion.widgets.key_bar import Key
from atencion.widgets.multi_list import MultiList
from atencion.widgets.pick_list import Item, PickList
from atencion.widgets.plain import plain, plain_line
from atencion.widgets.rating_line import RatingLine

if TYPE_CHECKING:
    from atencion.desk.step_view import CheckView
    from atencion.screens.call.snapshot import Snapshot


class ScriptStage(Stage):
    """Words, then what to write down, tick or choose. Enter goes from field to field and, past the last, on."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot)
        self._fields: dict[str, Answer] = {}

    def compose(self) -> ComposeResult:
        step = self.step
        yield from self.compose_heading()
        for field in step.fields:
            yield caption(field.label, field.help, optional=not field.required)
            kept = self.draft(f"field:{field.name}") or field.text or field.proposed
            self._fields[field.name] = widget = answer_widget(field, kept)
            yield widget
        for check in step.checks:
            yield CheckRow(check)
        if step.options:
            items = [Item(option.id, option.label, option.hint or "") for option in step.options]
            yield PickList(items, picked=step.chosen, id="options")
        yield from footing(step)

    @property
    def main_label(self) -> str:
        if self.step.options:
            return _("Elegir y seguir")
        return _("Dicho y seguir") if self.step.words and not self.step.said else _("Seguir")

    def keys(self) -> Sequence[Key]:
        keys: list[Key] = []
        if self.composer is not None and any(not check.proved_by_journal for check in self.step.checks):
            told = _("Pasa del mensaje a las comprobaciones; en ellas, Espacio marca e Intro vuelve al mensaje.")
            keys.append(Key(_("Tab"), _("Comprobaciones"), "nothing", told))
        elif any(not check.proved_by_journal for check in self.step.checks):
            keys.append(Key(_("Espacio"), _("Marcar"), "stage_tick", _("Marca o desmarca la comprobación señalada.")))
        elif any(isinstance(field, MultiList) for field in self._fields.values()):
            keys.append(Key(_("Espacio"), _("Marcar"), "nothing", _("Marca o desmarca la opción señalada.")))
        if any(field.allow for field in self.step.fields):
            told = _("En el campo: no consta, no lo facilita o no aplica, según lo que admita.")
            keys.append(Key("Ctrl+N", _("No consta"), "stage_no_value", told))
        return keys

    def focus_first(self) -> None:
        empty = [widget for widget in self._fields.values() if not text_of(widget)]
        if empty:
            self.focus_on(empty[0])
        else:
            super().focus_first()

    def refreshed(self, snapshot: Snapshot) -> None:
        super().refreshed(snapshot)
        rows = {row.check.id: row for row in self.query(CheckRow)}
        for check in self.step.checks:
            rows[check.id].show(check)

    def main(self) -> None:
        self._go_on()

    def no_value(self) -> None:
        """The next of the answers that are no value which the field in focus takes."""
        for field in self.step.fields:
            widget = self._fields[field.name]
            if widget.has_focus and field.allow:
                now = text_of(widget)
                following = field.allow[(field.allow.index(now) + 1) % len(field.allow)] if now in field.allow else ""
                put_answer(widget, following or field.allow[0])

    def tick(self) -> None:
        """Tick the check in focus, or the first that can be."""
        rows = [row for row in self.query(CheckRow) if row.can_focus]
        focused = [row for row in rows if row.has_focus]
        for row in focused or rows[:1]:
            self._toggle(row)

    @on(Input.Changed)
    def _line_changed(self, event: Input.Changed) -> None:
        self._keep(event.input)

    @on(TextArea.Changed)
    def _note_changed(self, event: TextArea.Changed) -> None:
        self._keep(event.text_area)

    @on(Input.Submitted)
    def _line_done(self, event: Input.Submitted) -> None:
        self._past(event.input)

    @on(NoteField.Done)
    def _note_done(self, event: NoteField.Done) -> None:
        self._past(event.field)

    @on(PickList.Picked)
    def _picked(self, event: PickList.Picked) -> None:
        event.stop()
        if event.list.id == "options":
            self._go_on(Choose(event.item.id))
        else:
            self._keep(event.list)
            self._past(event.list)

    @on(MultiList.Changed)
    def _marked(self, event: MultiList.Changed) -> None:
        self._keep(event.list)

    @on(MultiList.Done)
    def _marking_done(self, event: MultiList.Done) -> None:
        self._past(event.list)

    @on(RatingLine.Changed)
    def _rated(self, event: RatingLine.Changed) -> None:
        self._keep(event.line)

    @on(RatingLine.Done)
    def _rating_done(self, event: RatingLine.Done) -> None:
        self._past(event.line)

    def on_check_row_toggled(self, event: CheckRow.Toggled) -> None:
        event.stop()
        self._toggle(event.row)

    def on_check_row_passed(self, event: CheckRow.Passed) -> None:
        event.stop()
        if self.composer is not None and not self.step.said:
            self.focus_on(self.composer.field)  # the message is sent by its own key, with the eyes on it
        else:
            self._go_on()

    def _toggle(self, row: CheckRow) -> None:
        act: Act = Untick(row.check.id) if row.check.met else Tick(row.check.id)
        self.frame.act(act)

    def _keep(self, widget: Widget) -> None:
        for name, field in self._fields.items():
            if field is widget:
                self.keep_draft(f"field:{name}", text_of(field))

    def _past(self, widget: Widget) -> None:
        """Go to the next field that lacks something, or on with the call after the last one."""
        fields = list(self._fields.values())
        at = next(n for n, field in enumerate(fields) if field is widget)
        following = [field for field in fields[at + 1 :] if not text_of(field)]
        ticks = [row for row in self.query(CheckRow) if row.can_focus and not row.check.met]
        if following:
            self.focus_on(following[0])
        elif ticks:
            self.focus_on(ticks[0])
        elif self.query("#options"):
            self.focus_on(self.query_one("#options"))
        else:
            self._go_on()

    @property
    def message(self) -> Callable[[str], bool] | None:
        answer = self._fields.get(self.step.answer)
        if not isinstance(answer, LineField | NoteField) or not self.frame.call.is_written:
            return super().message

        def put(words: str) -> bool:
            is_in = answer.put(words)
            self._keep(answer)
            return is_in

        return put

    def slots(self) -> list[str]:
        """The drafts that going on confirms."""
        return [f"field:{field.name}" for field in self.step.fields]

    def words(self) -> Sequence[Act] | None:
        """The act of saying what there is to say; None if it cannot be said as it is, which the agent has been told."""
        return self.words_to_say

    def _go_on(self, *also: Act) -> None:
        for field in self.step.fields:
            if field.required and not text_of(self._fields[field.name]).strip():
                self.focus_on(self._fields[field.name])
                skip, absent = _("Anótelo, o F8 para saltar el paso."), _("Anótelo, o Ctrl+N si no consta.")
                self.frame.tell(_("Falta «{label}».").format(label=field.label), absent if field.allow else skip)
                return
        words = self.words()
        if words is None:
            return
        acts = list(words)
        for field in self.step.fields:
            text = text_of(self._fields[field.name]).strip()
            if text != field.text:
                acts.append(Capture(field.name, text))
        if self.step.options and not also:
            item = self.query_one("#options", PickList).highlighted
            also = (Choose(item.id),) if item else ()
        self.frame.act(*acts, *also, Advance(), confirms=self.slots())


class CheckRow(Widget, can_focus=True):
    """Something to make sure of: ticked by the agent, or proved by the journal and then out of their hands."""

    BINDINGS = [Binding("space", "tick", show=False), Binding("enter", "go_on", show=False)]
    DEFAULT_CSS = "CheckRow { height: auto; } CheckRow:focus { background: $panel; }"

    @dataclass
    class Toggled(Message):
        """The agent ticked it, or took the tick back."""

        row: CheckRow

    @dataclass
    class Passed(Message):
        """Enter was pressed on it."""

        row: CheckRow

    def __init__(self, check: CheckView) -> None:
        super().__init__()
        self.check = check
        self.can_focus = not check.proved_by_journal

    def show(self, check: CheckView) -> None:
        """Show how it stands now."""
        self.check = check
        self.refresh(layout=True)

    def render(self) -> Content:
        check = self.check
        sign = ("✓ ", "$text-success bold") if check.met else ("□ ", "$accent bold" if self.has_focus else "")
        parts: list[Content | tuple[str, str]] = [sign, plain(check.label, "dim" if check.met else "")]
        if check.proved_by_journal and not check.met:
            parts.append((_("  se prueba al decirlo o hacerlo"), "dim"))
        if check.norm is not None:
            parts += [("  ", ""), plain_line(_("obligatorio, {norm}").format(norm=check.norm.label), style="$warning")]
        return Content.assemble(*parts)

    def action_tick(self) -> None:
        self.post_message(self.Toggled(self))

    def action_go_on(self) -> None:
        self.post_message(self.Passed(self))

    def on_click(self, event: events.Click) -> None:
        if self.can_focus:
            self.focus()
            self.action_tick()
