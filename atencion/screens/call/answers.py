"""The widget that each kind of field is filled in with, and what it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atencion.i18n import _
from atencion.widgets.fields import LineField, NoteField
from atencion.widgets.multi_list import MultiList
from atencion.widgets.pick_list import Item, PickList
from atencion.widgets.rating_line import RatingLine

if TYPE_CHECKING:
    from atencion.desk.step_view import FieldView

Answer = LineField | NoteField | PickList | MultiList | RatingLine

WIDEST = 11
"""Numbers that a rating shows on a line; with more, it is typed."""


def answer_widget(field: FieldView, kept: str) -> Answer:
    """What a field is filled in with; `kept` is what it holds, as it would be typed."""
    # In a list nothing is highlighted to begin with: a yes may be a consent, the first reason an emergency.
    nothing = [Item(words, words.capitalize()) for words in field.allow]
    lowest, highest = field.bounds
    match field.type.value:
        case "note":
            return NoteField(kept)
        case "choice":
            items = [Item(option.id, option.label, option.hint or "") for option in field.options]
            return PickList([*items, *nothing], folds=True, explicit=True, picked=kept or None)
        case "choices":
            items = [Item(option.id, option.label, option.hint or "") for option in field.options]
            marked = [one.strip() for one in kept.split(",")]
            return MultiList(items, marked, instead=kept if kept in field.allow else "")
        case "yes_no":
            words = [Item("yes", _("Sí")), Item("no", _("No")), *nothing]
            picked = {"s": "yes", "n": "no"}.get(kept, kept)
            return PickList(words, folds=True, explicit=True, picked=picked or None)
        case "rating" if isinstance(lowest, int) and isinstance(highest, int) and highest - lowest < WIDEST:
            return RatingLine(lowest, highest, kept)
    return LineField(kept, hint=_hint(field.type.value))


def text_of(widget: Answer) -> str:
    """What a field holds, as it would be typed."""
    match widget:
        case LineField():
            return widget.value
        case NoteField() | RatingLine():
            return widget.text
        case MultiList():
            return widget.instead or ", ".join(widget.marked)
    return widget.picked or ""


def put_answer(widget: Answer, words: str) -> None:
    """Write an answer that is no value, such as «no consta», in a field."""
    match widget:
        case LineField():
            widget.value = words
            widget.cursor_position = len(words)
        case NoteField():
            widget.text = words
        case MultiList() | RatingLine():
            widget.answer(words)
        case _:
            widget.choose(words)


def _hint(kind: str) -> str:
    return {
        "amount": _("euros, como 12,40"),
        "date": _("día/mes/año"),
        "time": _("hora:minutos, como 9:30"),
        "phone": _("612 345 678"),
        "email": _("nombre@dominio.es"),
        "nif": _("12345678Z"),
        "iban": _("ES91 2100 0418 4502 0005 1332"),
        "postcode": _("cinco cifras"),
        "integer": _("un número"),
        "rating": _("un número"),
    }.get(kind, "")
