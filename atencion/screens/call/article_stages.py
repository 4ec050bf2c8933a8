"""What an agent says of an article, and what a superior answers when no article does: each in a few keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Static

from atencion.i18n import _
from atencion.screens.call.stage import Stage, caption
from atencion.widgets.fields import LineField
from atencion.widgets.pick_list import Item, PickList
from atencion.widgets.plain import Plain, plain_line

if TYPE_CHECKING:
    from atencion.data.agents import StoredAgent
    from atencion.screens.call.snapshot import Snapshot


class AboutArticles(Stage):
    """Opened over the search; closed, it gives the search back."""

    tool = True

    def __init__(self, snapshot: Snapshot, *, over: bool) -> None:
        super().__init__(snapshot)
        self._over_a_tool = over

    def leave(self) -> None:
        """Back to the search."""
        self.frame.close_tool()
        if self._over_a_tool:
            self.frame.action_tool("knowledge")


class JudgeStage(AboutArticles):
    """Useful, wrong or out of date, with a word."""

    opened_as = "judge"

    def __init__(self, snapshot: Snapshot, article_id: str, title: str, *, over: bool) -> None:
        super().__init__(snapshot, over=over)
        self._article, self._title = article_id, title

    def compose(self) -> ComposeResult:
        yield Static(plain_line(self._title), classes="title", markup=False)
        yield caption(_("¿Qué le parece este artículo?"))
        verdicts = [
            Item("useful", _("Útil")),
            Item("wrong", _("Equivocado")),
            Item("outdated", _("Desfasado")),
        ]
        yield PickList(verdicts, rows=3, id="verdicts")
        yield caption(_("En una palabra"), _("qué está mal, o qué falta"), optional=True)
        yield LineField(id="verdict-words")

    @property
    def main_label(self) -> str:
        return _("Guardar")

    @on(PickList.Picked, "#verdicts")
    def _picked(self, event: PickList.Picked) -> None:
        event.stop()
        self.focus_on(self.query_one("#verdict-words"))

    @on(Input.Submitted, "#verdict-words")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.main()

    def main(self) -> None:
        verdict = self.query_one("#verdicts", PickList).highlighted
        if verdict is None:
            return
        words = self.query_one("#verdict-words", LineField).value.strip()
        call, article = self.frame.call, self._article

        def done(_run: object) -> None:
            self.leave()
            self.frame.tell(_("Anotado. Quien lleva los artículos lo verá."))

        self.frame.do(lambda: call.judge(article, verdict.id, words), done)


class ConsultStage(AboutArticles):
    """The question is written down as it is put; then who answered, and what."""

    opened_as = "consult"

    def __init__(self, snapshot: Snapshot, question: str, *, over: bool) -> None:
        super().__init__(snapshot, over=over)
        self._question = question
        self._asked: int | None = None

    def compose(self) -> ComposeResult:
        yield Static(_("Consultar a un superior"), classes="title", markup=False)
        yield caption(_("A quién"))
        yield PickList(rows=4, id="superiors", empty=_("No hay nadie más en la lista de agentes."))
        yield caption(_("Qué se pregunta"))
        yield LineField(self._question, id="consult-question")
        yield Plain(classes="settled", id="consult-asked")
        yield caption(_("Qué ha respondido"))
        yield LineField(id="consult-answer")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#consult-asked").display = False
        self.frame.ask("superiors", self.frame.call.superiors, self._list)

    @property
    def main_label(self) -> str:
        return _("Anotar la pregunta") if self._asked is None else _("Anotar la respuesta")

    def _list(self, superiors: list[StoredAgent]) -> None:
        self.query_one("#superiors", PickList).fill([Item(one.code, one.name, one.code) for one in superiors])

    @on(PickList.Picked, "#superiors")
    def _picked(self, event: PickList.Picked) -> None:
        event.stop()
        self.main()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.main()

    def main(self) -> None:
        call = self.frame.call
        superior = self.query_one("#superiors", PickList).highlighted
        question = self.query_one("#consult-question", LineField).value.strip()
        if superior is None:
            return
        if self._asked is None:
            self.frame.do(lambda: call.consult(question, superior.id), self._noted)
            return
        asked, answer = self._asked, self.query_one("#consult-answer", LineField).value.strip()

        def done(_run: object) -> None:
            self.leave()
            self.frame.tell(_("Anotado: {name} ha respondido.").format(name=superior.label))

        self.frame.do(lambda: call.advise(asked, superior.id, answer), done)

    def _noted(self, asked: int) -> None:
        self._asked = asked
        self.query_one("#consult-asked", Plain).show(_("La pregunta está anotada."))
        self.focus_on(self.query_one("#consult-answer"))
        self.frame.show_keys()
