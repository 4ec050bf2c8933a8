"""Finding the answer: a search, the articles that may hold it, and the two sentences to read aloud."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from atencion.i18n import _
from atencion.screens.call.stage import Stage, footing, heading
from atencion.scripts.acts import Act, Advance, Say
from atencion.widgets.key_bar import Key
from atencion.widgets.pick_list import Item, PickList
from atencion.widgets.plain import Plain, plain
from atencion.widgets.search_field import SearchField

if TYPE_CHECKING:
    from atencion.data.articles import ArticleRecord, FoundArticle
    from atencion.screens.call.snapshot import Snapshot
    from atencion.scripts.run import Run

BODY_LINES = 60


class KnowledgeStage(Stage):
    """What the customer asked is searched by itself. Enter tells the highlighted article; Enter again goes on."""

    def __init__(self, snapshot: Snapshot, *, tool: bool = False) -> None:
        super().__init__(snapshot)
        self.tool = tool
        self._articles: dict[str, ArticleRecord] = {}
        self._told: str | None = None

    def compose(self) -> ComposeResult:
        if self.tool:
            yield Static(_("Conocimiento"), classes="title", markup=False)
        else:
            yield from heading(self.step)
        query = self.draft("search") or (self.snapshot.step.query if self.snapshot.step else "")
        yield SearchField("articles", query, hint=_("Con las palabras del cliente"), id="article-query")
        yield PickList(by_typing=False, rows=5, id="articles", empty=_("Escriba lo que pregunta el cliente."))
        yield Plain(classes="words", id="article-say")
        yield Plain(classes="article", id="article-body")
        if not self.tool:
            yield from footing(self.step)

    def on_mount(self) -> None:
        for name in ("#article-say", "#article-body"):
            self.query_one(name).display = False
        if query := self.query_one(SearchField).value.strip():
            self._search(query)
        elif self.step_articles:
            self._list_of_the_step()

    @property
    def step_articles(self) -> tuple[str, ...]:
        """The articles that the step keeps at hand."""
        return self.snapshot.step.knowledge if self.snapshot.step else ()

    @property
    def main_label(self) -> str:
        if self._may_go_on:
            return _("Volver al paso") if self.tool else _("Seguir")
        return _("Leído al cliente")

    def keys(self) -> Sequence[Key]:
        return (Key("Ctrl+O", _("No hay respuesta"), "stage_other", _("Anota que ningún artículo responde.")),)

    def focus_first(self) -> None:
        self.focus_on(self.query_one(SearchField))

    def other(self) -> None:
        """No article answers what was searched."""
        query = self.query_one(SearchField).value.strip()
        if query:
            call = self.frame.call

            def noted(_run: Run) -> None:
                self._told = ""
                self.frame.tell(_("Anotado: falta un artículo sobre esto."), _("Quien lleva los artículos lo verá."))
                self.frame.show_keys()

            self.frame.do(lambda: call.not_found(query), noted, confirms=("search",))

    def main(self) -> None:
        if not self._may_go_on:
            self._tell()
        elif self.tool:
            self.frame.close_tool()
        else:
            acts: list[Act] = [Say()] if self.step.words and not self.step.said else []
            self.frame.act(*acts, Advance())

    @on(Input.Changed, "#article-query")
    def _typed(self, event: Input.Changed) -> None:
        query = event.value.strip()
        if query != (self.snapshot.step.query if self.snapshot.step else ""):
            self.keep_draft("search", query)
        if query:
            self._search(query)
        elif self.step_articles:
            self._list_of_the_step()

    @on(Input.Submitted, "#article-query")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.main()

    @on(PickList.Picked, "#articles")
    def _picked(self, event: PickList.Picked) -> None:
        event.stop()
        self._told = None
        self._tell()

    @on(PickList.Moved, "#articles")
    def _moved(self, event: PickList.Moved) -> None:
        event.stop()
        self._preview(event.item)

    @property
    def _may_go_on(self) -> bool:
        lists = self.query("#articles").results(PickList)
        here = next((one.highlighted for one in lists), None)
        return here is None or (self._told is not None and self._told in ("", here.id))

    def _search(self, query: str) -> None:
        call = self.frame.call
        self.frame.ask("articles", lambda: call.search(query), lambda found: self._show(query, found))

    def _list_of_the_step(self) -> None:
        call, ids = self.frame.call, self.step_articles

        def read() -> list[ArticleRecord]:
            return [article for article in map(call.article, ids) if article is not None]

        self.frame.ask("articles", read, self._show_at_hand)

    def _show_at_hand(self, articles: list[ArticleRecord]) -> None:
        self._articles = {article.id: article for article in articles}
        self.query_one("#articles", PickList).fill([Item(one.id, one.title) for one in articles])

    def _show(self, query: str, found: list[FoundArticle]) -> None:
        if query != self.query_one(SearchField).value.strip():
            return
        self._articles = {one.article.id: one.article for one in found}
        marks = {"expired": _("caducado"), "future": _("aún no vale")}
        items = [
            Item(
                one.article.id,
                one.article.title,
                marks.get(one.validity.value, ""),
                "!" if one.validity.value != "current" else "",
            )
            for one in found
        ]
        empty = _("Ningún artículo responde. Pruebe con otras palabras, o Ctrl+O para anotarlo.")
        self.query_one("#articles", PickList).fill(items, empty=empty)

    def _preview(self, item: Item | None) -> None:
        article = self._articles.get(item.id) if item is not None else None
        say, body = self.query_one("#article-say", Plain), self.query_one("#article-body", Plain)
        say.show(article.say if article else "")
        body.display = article is not None
        if article is not None:
            body.update(_body(article.body))
        self.frame.show_keys()

    def _tell(self) -> None:
        item = self.query_one("#articles", PickList).highlighted
        if item is None:
            return
        call, query = self.frame.call, self.query_one(SearchField).value.strip()
        count = len(self.query_one("#articles", PickList).items)
        say = not self.tool and bool(self.step.words) and not self.step.said

        def tell() -> None:
            if say:
                call.record(Say())
            call.tell(item.id, query, count)

        def told(_nothing: None) -> None:
            self._told = item.id
            self.frame.tell(_("Leído: {title}").format(title=item.label))
            self.frame.show_keys()

        self.frame.do(tell, told, confirms=("search",))


def _body(markdown: str) -> Content:
    """The body of an article as plain text: headings bold, marks of Markdown left out."""
    lines = []
    for line in markdown.split("\n")[:BODY_LINES]:
        if line.startswith("#"):
            lines.append(plain(line.lstrip("# "), "bold"))
        elif line.startswith(("- ", "* ")):
            lines.append(plain("· " + line[2:].replace("**", "")))
        else:
            lines.append(plain(line.replace("**", "")))
    return Content("\n").join(lines)
