"""Seeing to the articles: questions without answer, what is old, unused or contradicted, and who was told what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from atencion.i18n import _, ngettext
from atencion.screens.room import Room
from atencion.widgets.fields import LineField
from atencion.widgets.key_bar import Key
from atencion.widgets.pick_list import Item, PickList
from atencion.widgets.plain import Plain

if TYPE_CHECKING:
    from atencion.data.agents import StoredAgent
    from atencion.desk import Desk
    from atencion.desk.knowledge import Gap, Upkeep

PEOPLE_SHOWN = 40


class UpkeepScreen(Room):
    """One list of all there is to see to, the most pressing first. Enter answers a question, or opens an article."""

    CSS_PATH = "upkeep.tcss"
    BINDINGS = [Binding("escape", "leave", show=False)]

    def __init__(self, desk: Desk, agent: StoredAgent) -> None:
        super().__init__()
        self._desk, self._agent = desk, agent
        self._gap = ""

    def compose_room(self) -> ComposeResult:
        with VerticalScroll(id="upkeep"):
            yield Static(_("Artículos: lo que hay que mirar"), classes="caption", markup=False)
            yield PickList(by_typing=False, rows=12, id="upkeep-list", empty=_("Todo está al día."))
            yield Static(_("Artículo que la responde"), classes="caption", id="upkeep-ask", markup=False)
            yield LineField(id="upkeep-answer", hint=_("su id, o «-» y un motivo para descartarla"))
            yield Plain(id="upkeep-detail")

    def on_mount(self) -> None:
        self._show_answer(False)
        self.query_one("#upkeep-detail").display = False
        self.query_one(PickList).focus()
        self._load()
        self.show_keys()

    def on_resize(self) -> None:
        self.query_one(PickList).rows = self.size.height // 2  # the other half is for the article that is opened

    def keys(self) -> list[Key]:
        return [
            Key(_("Intro"), _("Abrir o responder"), "nothing", _("Abre el artículo señalado, o responde la pregunta.")),
            Key("↑↓", _("Elegir"), "nothing", _("Señala otra línea.")),
            Key("Esc", _("Volver"), "leave", _("Vuelve al inicio.")),
            Key("?", _("Ayuda"), "help", _("Esta ayuda.")),
        ]

    def action_leave(self) -> None:
        if self._gap:
            self._gap = ""
            self._show_answer(False)
            self.query_one(PickList).focus()
        else:
            self.dismiss(False)

    @on(PickList.Picked)
    def _picked(self, event: PickList.Picked) -> None:
        kind, _space, name = event.item.id.partition(" ")
        if kind == "gap":
            self._gap = name
            self._show_answer(True)
            self.query_one(LineField).focus()
        else:
            self.ask("article", lambda: _about_article(self._desk, name), self._show_detail)

    @on(Input.Submitted, "#upkeep-answer")
    def _answered(self, event: Input.Submitted) -> None:
        event.stop()
        number, typed, knowledge = self._gap, event.value.strip(), self._desk.knowledge

        def settle() -> int:
            if typed.startswith("-"):
                return knowledge.dismiss_gap(number, typed.lstrip("- "), self._agent)
            return knowledge.answer_gap(number, typed, self._agent)

        self.do(settle, self._settled)

    def _settled(self, times: int) -> None:
        self._gap = ""
        self.query_one(LineField).value = ""
        self._show_answer(False)
        self.query_one(PickList).focus()
        told = ngettext("Cerrada: {n} vez preguntada.", "Cerrada: {n} veces preguntada.", times)
        self.tell(told.format(n=times))
        self._load()

    def _load(self) -> None:
        self.ask("upkeep", self._desk.knowledge.upkeep, self._show)

    def _show(self, upkeep: Upkeep) -> None:
        self.query_one(PickList).fill(list(_items(upkeep)), empty=_("Todo está al día."))
        self.show_keys()

    def _show_answer(self, shown: bool) -> None:
        for name in ("#upkeep-ask", "#upkeep-answer"):
            self.query_one(name).display = shown

    def _show_detail(self, text: str) -> None:
        self.query_one("#upkeep-detail", Plain).show(text)


def _items(upkeep: Upkeep) -> Iterator[Item]:
    for gap in upkeep.gaps:
        yield _gap_item(gap, _("sin artículo"))
    for judged in upkeep.contradicted:
        verdict = _("equivocado") if judged.verdict == "wrong" else _("desfasado")
        yield Item(f"article {judged.article_id}", judged.title, "  ".join(filter(None, (verdict, judged.words))), "!")
    for kept in upkeep.expired:
        yield Item(f"article {kept.id}", kept.title, _("caducó el {day:%d/%m/%Y}").format(day=kept.valid_to), "!")
    for kept in upkeep.due:
        yield Item(f"article {kept.id}", kept.title, _("revisar antes del {day:%d/%m/%Y}").format(day=kept.review_by))
    for gap in upkeep.without_result:
        yield _gap_item(gap, _("búsqueda sin resultado"))
    for kept in upkeep.unused:
        yield Item(f"article {kept.id}", kept.title, _("sin usar en noventa días"))


def _gap_item(gap: Gap, kind: str) -> Item:
    times = ngettext("{n} vez", "{n} veces", gap.times).format(n=gap.times)
    return Item(f"gap {gap.number}", gap.question, f"{times}  ·  {kind}", "?")


def _about_article(desk: Desk, article_id: str) -> str:
    """Its versions, and who was read each, in lines."""
    lines, nobody = [], _("sin identificar")
    told = desk.knowledge.told(article_id)
    for version in desk.knowledge.history(article_id):
        until = f"{desk.local(version.until):%d/%m/%Y %H:%M}" if version.until else _("en vigor")
        lines.append(f"{version.article.version}  ·  {until}  ·  {version.article.title}")
        lines += [
            f"   {desk.local(one.told_at):%d/%m/%Y %H:%M}  {one.customer or nobody}  {one.phone}"
            for one in told
            if one.hash == version.article.hash
        ][:PEOPLE_SHOWN]
    return "\n".join(lines)
