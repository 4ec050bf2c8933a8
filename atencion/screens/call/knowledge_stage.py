"""Finding the answer: a search, the articles that may hold it, and the two sentences to read aloud."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from atencion.i18n import _
from atencion.screens.call.article_stages import ConsultStage, JudgeStage
from atencion.screens.call.screen import save_drafts
from atencion.screens.call.stage import Stage, footing
from atencion.scripts.acts import Advance
from atencion.widgets.key_bar import Key
from atencion.widgets.pick_list import Item, PickList
from atencion.widgets.plain import Plain, plain, plain_line
from atencion.widgets.search_field import SearchField

if TYPE_CHECKING:
    from atencion.data.article_rank import Passage
    from atencion.data.article_search import FoundArticle, Search
    from atencion.data.articles import ArticleRecord
    from atencion.desk import Desk, Interaction
    from atencion.screens.call.snapshot import Snapshot
    from atencion.scripts.run import Run

BODY_LINES = 60


@dataclass(frozen=True)
class _Shown:
    """An article as it is shown: its words filled in; `warning` says why it is no answer, if it is none; `passage` is
    the part nearest to what was searched.
    """

    article: ArticleRecord
    words: str
    about: str
    warning: str = ""
    passage: Passage | None = None


class KnowledgeStage(Stage):
    """What the customer asked is searched by itself. Enter tells the highlighted article; Enter again goes on."""

    def __init__(self, snapshot: Snapshot, *, tool: bool = False) -> None:
        super().__init__(snapshot)
        self.tool = tool
        self._articles: dict[str, _Shown] = {}
        self._told: str | None = None
        self._searched = ""

    def compose(self) -> ComposeResult:
        if self.tool:
            yield Static(_("Conocimiento"), classes="title", markup=False)
        else:
            yield from self.compose_heading()
        query = self.draft("search") or self._brought
        yield SearchField("articles", query, hint=_("Con las palabras del cliente"), id="article-query")
        yield Plain(classes="hint", id="article-corrected")
        yield PickList(by_typing=False, rows=5, id="articles", empty=_("Escriba lo que pregunta el cliente."))
        yield Plain(classes="owed", id="article-warning")
        yield Plain(classes="words", id="article-say")
        yield Static(classes="article", id="article-passage", markup=False)
        yield Plain(classes="hint", id="article-about")
        yield Plain(classes="article", id="article-body")
        if not self.tool:
            yield from footing(self.step)

    def on_mount(self) -> None:
        for name in _PREVIEW:
            self.query_one(name).display = False
        self._look(self.query_one(SearchField).value.strip())

    def refreshed(self, snapshot: Snapshot) -> None:
        before = self.snapshot.run.verified
        super().refreshed(snapshot)
        if snapshot.run.verified != before:  # What is said to a customer has their data, in their language.
            self._look(self.query_one(SearchField).value.strip())

    @property
    def step_articles(self) -> tuple[str, ...]:
        """The articles that the step keeps at hand."""
        return self.snapshot.step.knowledge if self.snapshot.step else ()

    @property
    def main_label(self) -> str:
        if self._may_go_on:
            return _("Volver al paso") if self.tool else _("Seguir")
        return _("Poner en el mensaje") if self.frame.call.is_written else _("Leído al cliente")

    def keys(self) -> Sequence[Key]:
        return (
            *super().keys(),
            Key("Ctrl+O", _("No hay respuesta"), "stage_other", _("Anota que ningún artículo responde.")),
            Key("Ctrl+K", _("Juzgar"), "stage_also('judge')", _("Dice si el artículo sirve, o qué tiene mal.")),
            Key("Ctrl+D", _("Consultar"), "stage_also('consult')", _("Pregunta a un superior y anota qué responde.")),
        )

    def focus_first(self) -> None:
        if self._told is None and self.focus_message():
            return
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

    def also(self, what: str) -> None:
        item = self.query_one("#articles", PickList).highlighted
        if what == "consult":
            self.frame.open_over(ConsultStage(self.snapshot, self.query_one(SearchField).value.strip(), over=self.tool))
        elif item is not None:
            self.frame.open_over(JudgeStage(self.snapshot, item.id, item.label, over=self.tool))

    def main(self) -> None:
        if not self._may_go_on:
            self._tell()
        elif self.tool:
            self._note_empty()
            self.frame.close_tool()
        elif not self.keeps_for_message():
            self.frame.act(*self.words_to_say, Advance())

    @on(Input.Changed, "#article-query")
    def _typed(self, event: Input.Changed) -> None:
        query = event.value.strip()
        if query != self._brought:
            self.keep_draft("search", query)
        self._look(query)

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
    def _brought(self) -> str:
        """What the call has captured already: the step's own question, or the demand in hand."""
        if self.snapshot.step is not None and self.snapshot.step.query:
            return self.snapshot.step.query
        demands = self.snapshot.run.demands
        return (demands[-1].text or "").strip()[:300] if self.tool and demands else ""

    @property
    def _may_go_on(self) -> bool:
        lists = self.query("#articles").results(PickList)
        here = next((one.highlighted for one in lists), None)
        return here is None or (self._told is not None and self._told in ("", here.id))

    def _look(self, query: str) -> None:
        if query:
            self._search(query)
        elif self.step_articles:
            self._list_of_the_step()

    def _search(self, query: str) -> None:
        desk, call = self.frame.desk, self.frame.call

        def find() -> tuple[Search, list[_Shown]]:
            search = call.search(query)
            return search, [_shown(desk, call, one.article, one) for one in search.found]

        self.frame.ask("articles", find, lambda found: self._show(query, *found))

    def _list_of_the_step(self) -> None:
        desk, call, ids = self.frame.desk, self.frame.call, self.step_articles

        def read() -> list[_Shown]:
            return [_shown(desk, call, article) for article in call.articles(ids)]

        self.frame.ask("articles", read, self._show_at_hand)

    def _show_at_hand(self, articles: list[_Shown]) -> None:
        self._articles = {one.article.id: one for one in articles}
        self.query_one("#articles", PickList).fill([Item(one.article.id, one.article.title) for one in articles])

    def _show(self, query: str, search: Search, found: list[_Shown]) -> None:
        if query != self.query_one(SearchField).value.strip():
            return
        self._searched = query
        self._articles = {one.article.id: one for one in found}
        marks = {"expired": _("caducado"), "future": _("aún no vale")}
        items = [
            Item(
                one.article.id,
                one.article.title,
                marks.get(one.validity.value) or (_("lo tiene el cliente") if one.of_own_product else ""),
                "!" if one.validity.value != "current" else "",
            )
            for one in search.found
        ]
        taken = ", ".join(f"{one.typed} → {one.used}" for one in search.corrections)
        self.query_one("#article-corrected", Plain).show(_("Se ha leído: {words}").format(words=taken) if taken else "")
        empty = _("Ningún artículo responde. Pruebe con otras palabras, o Ctrl+O para anotarlo.")
        self.query_one("#articles", PickList).fill(items, empty=empty)

    def _preview(self, item: Item | None) -> None:
        shown = self._articles.get(item.id) if item is not None else None
        self.query_one("#article-warning", Plain).show(shown.warning if shown else "")
        self.query_one("#article-say", Plain).show(shown.words if shown and not shown.warning else "")
        passage, body = self.query_one("#article-passage", Static), self.query_one("#article-body", Plain)
        near = shown.passage if shown else None
        passage.display = bool(shown and near and near.text not in shown.words)
        if near:
            passage.update(_marked(near))
        self.query_one("#article-about", Plain).show(shown.about if shown else "")
        body.display = shown is not None
        if shown is not None:
            body.update(_body(shown.article.body))
        self.frame.show_keys()

    def _tell(self) -> None:
        item = self.query_one("#articles", PickList).highlighted
        if item is None or self.frame.doing:
            return
        call, query = self.frame.call, self.query_one(SearchField).value.strip()
        count = len(self.query_one("#articles", PickList).items)
        say, message, article = self.words_to_say, self.frame.message, self._articles[item.id]
        # They are in the message, and that is saved, before it is written that they were put there.
        placed = message is not None and not article.warning and message(article.words)
        if message is not None and not article.warning and not placed:
            shorten = _("Acorte lo que ha escrito, o cuéntelo con sus palabras.")
            self.frame.tell(_("No cabe en el mensaje: {title}").format(title=item.label), shorten)
            return
        typed = self.frame.drafts.unsaved() if placed else {}

        def tell() -> Run:
            save_drafts(call, typed)
            return call.tell(item.id, query, count, placed=placed, before=say)

        def told(_run: Run) -> None:
            self._told = item.id
            words = _("Puesto en el mensaje: {title}") if placed else _("Irá en el mensaje: {title}")
            words = words if call.is_written else _("Leído: {title}")
            self.frame.tell(words.format(title=item.label))
            self.frame.show_keys()

        self.frame.do(tell, told, confirms=("search", *typed))

    def _note_empty(self) -> None:
        """A search that found nothing is worth knowing of, once it is left as it is."""
        query = self.query_one(SearchField).value.strip()
        if query and query == self._searched and not self._articles and self._told is None:
            call = self.frame.call
            self.frame.do(lambda: call.found_nothing(query))


_PREVIEW = (
    "#article-corrected",
    "#article-warning",
    "#article-say",
    "#article-passage",
    "#article-about",
    "#article-body",
)


def _shown(desk: Desk, call: Interaction, article: ArticleRecord, found: FoundArticle | None = None) -> _Shown:
    """In a worker: the words may name the customer, who is in the store, the norms are in files, and the article may be
    long.
    """
    warning, validity = "", found.validity.value if found else "current"
    if validity == "expired":
        warning = _("Caducó el {day:%d/%m/%Y}: no vale como respuesta.").format(day=article.valid_to)
    elif validity == "future":
        warning = _("No vale hasta el {day:%d/%m/%Y}: aún no es una respuesta.").format(day=article.valid_from)
    if warning and article.replaced_by:
        warning += " " + _("Lo sustituye «{id}».").format(id=article.replaced_by)
    passage = found.passage() if found else None
    return _Shown(article, call.article_words(article)[1], _about(desk, article), warning, passage)


def _about(desk: Desk, article: ArticleRecord) -> str:
    """Its version, until when it holds and what it rests on, in a line."""
    parts = [_("versión {version}").format(version=article.version)]
    if article.valid_to:
        parts.append(_("vale hasta el {day:%d/%m/%Y}").format(day=article.valid_to))
    if article.checked_on:
        parts.append(_("comprobado el {day:%d/%m/%Y}").format(day=article.checked_on))
    if article.sample:
        parts.append(_("muestra inventada"))
    return "  ·  ".join((*parts, *(f"§ {desk.catalogue.norm(ref).label}" for ref in article.norms[:3])))


def _marked(passage: Passage) -> Content:
    """The passage with the words that match in bold."""
    text, at = passage.text, 0
    pieces: list[Content] = [Content("» ")]
    for start, end in passage.marks:
        pieces += [Content(text[at:start]), Content.styled(text[start:end], "bold $accent")]
        at = end
    return Content("").join([*pieces, Content(text[at:])])


def _body(markdown: str) -> Content:
    """The body of an article as plain text: headings bold, marks of Markdown left out."""
    lines = []
    for line in markdown.split("\n")[:BODY_LINES]:
        if line.startswith("#"):
            lines.append(plain_line(line.lstrip("# "), style="bold"))
        elif line.startswith(("- ", "* ")):
            lines.append(plain("· " + line[2:].replace("**", "")))
        else:
            lines.append(plain(line.replace("**", "")))
    return Content("\n").join(lines)
