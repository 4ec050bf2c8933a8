"""The supervisor's queue of suspected twins: each pair with its reasons, and what merging it would leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Static

from atencion.i18n import _, ngettext
from atencion.screens.room import Room
from atencion.widgets.key_bar import Key
from atencion.widgets.pick_list import Item, PickList
from atencion.widgets.plain import Plain

if TYPE_CHECKING:
    from atencion.data.agents import StoredAgent
    from atencion.data.customer_merge import MergePreview
    from atencion.data.twin_search import Pair
    from atencion.desk import Desk

SHOWN = 200
"""Pairs of the queue that are read."""


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
            yield PickList(by_typing=False, rows=8, id="pairs", empty=_("No hay pares que parezcan repetidos."))
            yield Plain(classes="caption", id="merge-title")
            yield PickList(by_typing=False, rows=10, id="merge-fields", empty="")
            yield Plain(classes="hint", id="merge-more")

    def on_mount(self) -> None:
        self._read()

    def keys(self) -> list[Key]:
        keys = []
        if self._preview is not None:
            keys += [
                Key("Ctrl+U", _("Unir"), "merge", _("Une los dos: queda el que dice «Queda», con todo lo del otro.")),
                Key("Ctrl+D", _("Son dos"), "dismiss_pair", _("No son la misma persona: no se vuelve a decir.")),
                Key("Ctrl+B", _("Al revés"), "swap", _("Queda el otro de los dos.")),
                Key("Tab", _("Datos"), "other_list", _("Pasa a los datos; Intro toma el del otro.")),
            ]
        if self._merged:
            keys.append(Key("Ctrl+Z", _("Deshacer"), "undo", _("Deshace la última unión hecha aquí.")))
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
            ]
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
        from atencion.desk.customer_form import field_label
        from atencion.desk.twin_view import tell_datum

        self._preview = seen
        title, more = self.query_one("#merge-title", Plain), self.query_one("#merge-more", Plain)
        fields = self.query_one("#merge-fields", PickList)
        if seen is None:
            title.show("")
            more.show("")
            fields.fill(())
        else:
            title.show(_("Queda {kept}; se une {other}").format(kept=seen.kept.id, other=seen.other.id))
            fields.fill(
                [
                    Item(
                        one.name,
                        f"{field_label(one.name)}: "
                        + (tell_datum(one.name, one.other if one.takes_other else one.kept) or "—"),
                        _("en vez de {value}").format(
                            value=tell_datum(one.name, one.kept if one.takes_other else one.other)
                        )
                        if one.differs
                        else "",
                        "›" if one.takes_other else "",
                    )
                    for one in seen.fields
                    if one.kept or one.other
                ]
            )
            if highlighted:
                fields.highlight(highlighted)
            count = sum(seen.moved.values())
            rows = ngettext(
                "Pasa {n} contrato, contacto o expediente.", "Pasan {n} contratos, contactos o expedientes.", count
            )
            warning = _("! Sus documentos son distintos: asegúrese de que es la misma persona.")
            more.show(rows.format(n=count) + ("\n" + warning if seen.different_documents else ""))
        self.show_keys()
