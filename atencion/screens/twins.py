"""The supervisor's queue of suspected twins: each pair with its reasons, and what merging it would leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Static

from atencion.i18n import _, ngettext
from atencion.screens.room import Room
from atencion.widgets.key_bar import Key
from atencion.widgets.pick_list import Item, PickList
from atencion.widgets.plain import Plain, plain_line

if TYPE_CHECKING:
    from atencion.data.agents import StoredAgent
    from atencion.data.customer_merge import MergeField, MergePreview
    from atencion.data.twin_search import Pair
    from atencion.desk import Desk
    from atencion.desk.twin_view import Beside

SHOWN = 200
"""Pairs of the queue that are read."""

LABEL, SIGN = 11, 3
"""Columns of what a datum is called, and of the sign between the two who have it."""


class TwinsScreen(Room):
    """Pairs above, the preview of the one highlighted below. Nothing is merged but by its own key."""

    CSS_PATH = "twins.tcss"
    BINDINGS = [
        Binding("escape", "leave", show=False),
        Binding("ctrl+u", "merge", show=False, priority=True),
        Binding("ctrl+d", "dismiss_pair", show=False, priority=True),
        Binding("ctrl+b", "swap", show=False, priority=True),
        Binding("ctrl+z", "undo", show=False, priority=True),
        Binding("f5", "hunt", show=False),
        Binding("tab", "other_list", show=False),
    ]

    def __init__(self, desk: Desk, agent: StoredAgent) -> None:
        super().__init__()
        self._desk = desk
        self._agent = agent
        self._pairs: dict[str, Pair] = {}
        self._shown = ""
        self._swapped = False
        self._take: set[str] = set()
        self._preview: MergePreview | None = None
        self._merged: list[int] = []

    def compose_room(self) -> ComposeResult:
        with VerticalScroll(id="twins-room", can_focus=False):
            yield Static(_("Clientes que pueden ser uno"), classes="title", markup=False)
            yield PickList(by_typing=False, rows=8, id="pairs")
            yield Sides()
            yield Plain(classes="hint", id="merge-more")
            yield PickList(by_typing=False, rows=10, id="merge-fields")

    def on_mount(self) -> None:
        self._read()

    def on_resize(self) -> None:
        # What the two are told apart by stands between both lists, and is to be seen whole.
        self.query_one("#pairs", PickList).rows = max(self.size.height // 4 - 2, 3)
        self.query_one("#merge-fields", PickList).rows = max(self.size.height // 4 - 1, 4)

    def keys(self) -> list[Key]:
        keys = []
        if self._preview is not None:
            keys += [
                Key("Ctrl+U", _("Unir"), "merge", _("Une los dos: queda el que dice «Queda», con todo lo del otro.")),
                Key("Ctrl+D", _("Son dos"), "dismiss_pair", _("No son la misma persona: no se vuelve a decir.")),
                Key("Ctrl+B", _("Al revés"), "swap", _("Queda el otro de los dos.")),
            ]
        if self._merged:
            keys.append(Key("Ctrl+Z", _("Deshacer"), "undo", _("Deshace la última unión hecha aquí.")))
        if self._preview is not None:
            # After the undoing, which nothing else does: Enter on a pair goes to its data too.
            keys.append(Key("Tab", _("Datos"), "other_list", _("Pasa a los datos; Intro toma el del otro.")))
        return [
            *keys,
            Key("F5", _("Buscar"), "hunt", _("Busca entre todos los clientes; puede tardar unos minutos.")),
            Key("Esc", _("Inicio"), "leave", _("Vuelve al inicio.")),
            Key("?", _("Ayuda"), "help", _("Esta ayuda.")),
        ]

    def action_leave(self) -> None:
        self.dismiss(True)

    def action_other_list(self) -> None:
        pairs, fields = self.query_one("#pairs", PickList), self.query_one("#merge-fields", PickList)
        (fields if pairs.has_focus else pairs).focus()

    def action_swap(self) -> None:
        self._swapped = not self._swapped
        self._take.clear()
        self._show_preview()

    def action_merge(self) -> None:
        if self._preview is None:
            return
        desk, agent, take = self._desk, self._agent, sorted(self._take)
        kept, other = self._preview.kept.id, self._preview.other.id

        def merged(merge_id: int) -> None:
            self._merged.append(merge_id)
            self._read()
            self.tell(_("Unidos: queda el cliente {id}.").format(id=kept), _("Ctrl+Z lo deshace."))

        self.do(lambda: desk.merge_customers(kept, other, take, agent=agent), merged)

    def action_dismiss_pair(self) -> None:
        if self._preview is None:
            return
        desk, agent, one, other = self._desk, self._agent, self._preview.kept.id, self._preview.other.id
        self.do(lambda: desk.dismiss_twins(one, other, agent=agent), lambda _done: self._read())

    def action_undo(self) -> None:
        if not self._merged:
            return
        desk, agent, merge_id = self._desk, self._agent, self._merged[-1]

        def undone(_done: object) -> None:
            self._merged.pop()
            self._read()
            self.tell(_("Deshecho: vuelven a ser dos."))

        self.do(lambda: desk.unmerge_customers(merge_id, agent=agent), undone)

    def action_hunt(self) -> None:
        desk = self._desk
        self.do(desk.hunt_twins, lambda _done: self._read())
        self.tell(_("Buscando entre todos los clientes…"))

    @on(PickList.Moved, "#pairs")
    def _moved(self, event: PickList.Moved) -> None:
        event.stop()
        shown = event.item.id if event.item is not None else ""
        if shown != self._shown:
            self._shown, self._swapped = shown, False
            self._take.clear()
        self._show_preview()

    @on(PickList.Picked, "#pairs")
    def _pair_picked(self, event: PickList.Picked) -> None:
        event.stop()
        self.action_other_list()

    @on(PickList.Picked, "#merge-fields")
    def _field_picked(self, event: PickList.Picked) -> None:
        event.stop()
        name = event.item.id
        self._take.symmetric_difference_update({name})
        self._show_preview(name)

    def _read(self) -> None:
        desk = self._desk
        self.ask("queue", lambda: desk.twin_queue(SHOWN), self._show_queue)

    def _show_queue(self, found: tuple[list[Pair], int]) -> None:
        from atencion.desk.twin_view import tell_reasons

        pairs, total = found
        self._pairs = {f"{pair.low_id} {pair.high_id}": pair for pair in pairs}
        self.query_one("#pairs", PickList).fill(
            [
                Item(key, f"{pair.low_name}  ·  {pair.high_name}", f"{pair.score} · {tell_reasons(pair.reasons)}")
                for key, pair in self._pairs.items()
            ],
            empty=_("No hay pares que parezcan repetidos."),
        )
        waiting = ngettext("{n} par en la cola.", "{n} pares en la cola.", total).format(n=total)
        self.query_one(".title", Static).update(_("Clientes que pueden ser uno") + f"  ·  {waiting}")
        self.query_one("#pairs", PickList).focus()
        self._show_preview()

    def _show_preview(self, highlighted: str = "") -> None:
        item = self.query_one("#pairs", PickList).highlighted
        pair = self._pairs.get(item.id) if item is not None else None
        if pair is None:
            self._paint(None, highlighted)
            return
        ids = (pair.high_id, pair.low_id) if self._swapped else (pair.low_id, pair.high_id)
        desk, take = self._desk, sorted(self._take)
        self.ask("preview", lambda: desk.preview_merge(*ids, take), lambda seen: self._paint(seen, highlighted))

    def _paint(self, seen: MergePreview | None, highlighted: str) -> None:
        from atencion.desk.twin_view import tell_moved

        self._preview = seen
        more = self.query_one("#merge-more", Plain)
        self.query_one(Sides).show(seen)
        fields = self.query_one("#merge-fields", PickList)
        if seen is None:
            more.show("")
            fields.fill(())
        else:
            fields.fill(
                [
                    _as_item(one)
                    for one in sorted(seen.fields, key=lambda one: one.other in ("", one.kept))
                    if one.kept or one.other
                ]
            )
            if highlighted:
                fields.highlight(highlighted)
            moved = tell_moved(seen.moved)
            passes = _("Pasa a {id}: {moved}.") if moved else _("A {id} no pasa nada del otro.")
            warning = _("! Sus documentos son distintos: asegúrese de que es la misma persona.")
            more.show(
                (warning + "\n" if seen.different_documents else "") + passes.format(id=seen.kept.id, moved=moved)
            )
        self.show_keys()


class Sides(Widget):
    """The two of a pair beside each other: what both have, and what only the one or the other has."""

    DEFAULT_CSS = """
    Sides { height: auto; width: 1fr; margin-top: 1; }
    """

    def __init__(self) -> None:
        super().__init__(id="merge-sides")
        self._heads = ("", "")
        self._told: list[Beside] = []
        self.display = False

    def show(self, seen: MergePreview | None) -> None:
        """Show these two instead; None takes no room."""
        from atencion.desk.twin_view import beside

        self.display = seen is not None
        if seen is not None:
            stays, joins = _("Queda {id}"), _("Se une {id}")
            self._heads = (
                f"{stays.format(id=seen.kept.id)} · {seen.kept.name}",
                f"{joins.format(id=seen.other.id)} · {seen.other.name}",
            )
            self._told = beside(seen.kept, seen.other)
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1 + sum(bool(kind.both) + bool(kind.one or kind.other) for kind in self._told)

    def render(self) -> Content:
        lines = [self._line("", *self._heads, style="bold")]
        for kind in self._told:
            label = kind.label
            if kind.both:
                lines.append(self._line(label, kind.both, _("igual"), ("=", "$text-success bold")))
                label = ""
            if kind.one or kind.other:
                apart = kind.one and kind.other and not kind.both
                sign = ("≠", "$warning bold") if apart else ("", "")
                none = "" if kind.both else "—"
                lines.append(self._line(label, kind.one or none, kind.other or none, sign))
        return Content("\n").join(lines)

    def _line(self, label: str, one: str, other: str, sign: tuple[str, str] = ("", ""), *, style: str = "") -> Content:
        room = max((self.content_size.width - LABEL - SIGN) // 2, 10)
        left = plain_line(one, room, style)
        return Content.assemble(
            (f"{label:<{LABEL}}", "$quiet"),
            left.pad_right(room - left.cell_length + 1),
            (f"{sign[0]:<2}", sign[1]),
            plain_line(other, room, style),
        )


def _as_item(field: MergeField) -> Item:
    """A datum as it would stay; one that is the other's says so, with a sign that points from their side."""
    from atencion.desk.customer_form import field_label
    from atencion.desk.twin_view import tell_datum

    stays, lost = (field.other, field.kept) if field.takes_other else (field.kept, field.other)
    told = [_("del otro")] if field.takes_other else []
    if field.differs:
        told.append(_("en vez de {value}").format(value=tell_datum(field.name, lost)))
    label = f"{field_label(field.name)}: {tell_datum(field.name, stays) or '—'}"
    return Item(field.name, label, ", ".join(told), "←" if field.takes_other else "")
