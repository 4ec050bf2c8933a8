"""Finding the customer as one types, and verifying blind that it is them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from atencion.i18n import _, ngettext
from atencion.screens.call.stage import Stage, footing
from atencion.scripts.acts import Advance
from atencion.widgets.fields import LineField
from atencion.widgets.key_bar import Key
from atencion.widgets.pick_list import Item, PickList
from atencion.widgets.plain import Plain, plain, plain_line
from atencion.widgets.search_field import SearchField

if TYPE_CHECKING:
    from atencion.desk.customer_view import Candidate, LookedUp
    from atencion.desk.identity import Question
    from atencion.desk.interaction import Identity
    from atencion.screens.call.snapshot import Snapshot
    from atencion.scripts.run import Run


class LookupStage(Stage):
    """Search, pick, two questions. The stored values are never shown: only whether an answer is right."""

    def __init__(self, snapshot: Snapshot, *, tool: bool = False) -> None:
        super().__init__(snapshot)
        self.tool = tool
        self._questions: list[Question] = []
        self._looking = False
        self._warned_of_nobody = False

    def compose(self) -> ComposeResult:
        if self.tool:
            yield Static(_("Cliente"), classes="title", markup=False)
        else:
            yield from self.compose_heading()
        with Vertical(id="finding"):
            yield SearchField(
                "finding-results",
                "" if self.snapshot.customer is not None else self.frame.call.phone or "",
                hint=_("Teléfono, documento, correo, contrato, nombre…"),
                id="finding-query",
            )
            yield PickList(by_typing=False, rows=8, id="finding-results", empty=_("Los resultados salen al escribir."))
            yield Plain(classes="hint", id="finding-next")
        with Vertical(id="checking"):
            yield Plain(classes="caption", id="checking-who")
            yield Plain(classes="asked", id="checking-asked")
            yield LineField(id="checking-answer", hint=_("Lo que contesta el cliente"))
            yield Plain(classes="verdict", id="checking-verdict")
        yield Plain(classes="verdict", id="checked")
        if not self.tool:
            yield from footing(self.step)

    def on_mount(self) -> None:
        self.query_one("#finding-next").display = False
        self._arrange()
        self._look()

    @property
    def main_label(self) -> str:
        customer = self.snapshot.customer
        if customer is None:
            return _("Elegir")
        if customer.verified or customer.locked or customer.registered:
            return _("Volver al paso") if self.tool else _("Seguir")
        return _("Comprobar")

    def keys(self) -> Sequence[Key]:
        if self.snapshot.customer is not None:
            return (
                *super().keys(),
                Key("Ctrl+O", _("Otro cliente"), "stage_other", _("Deja al cliente elegido y vuelve a buscar.")),
            )
        return (
            *super().keys(),
            Key("Ctrl+O", _("No está"), "stage_other", _("Anota que la búsqueda no encuentra al cliente.")),
        )

    def other(self) -> None:
        """Another customer than the one picked; with none picked, nobody was found."""
        call = self.frame.call
        if self.snapshot.customer is not None:
            self.frame.do(call.drop_customer)
            return
        query = self.query_one(SearchField).value.strip()
        if query:

            def noted(_run: Run) -> None:
                self.frame.tell(
                    _("Anotado: no aparece en el almacén."), _("Ctrl+E lo registra; o atiéndale sin datos de contrato.")
                )

            self.frame.do(lambda: call.nobody_found(query), noted)

    @property
    def searched(self) -> str:
        return self.query_one(SearchField).value.strip()

    def focus_first(self) -> None:
        if self.snapshot.customer is None and self.focus_message():
            return
        target = "#finding-query" if self.snapshot.customer is None else "#checking-answer"
        widget = self.query_one(target)
        if widget.display and widget.parent is not None and getattr(widget.parent, "display", True):
            self.focus_on(widget)
        else:
            self.screen.set_focus(None)

    def refreshed(self, snapshot: Snapshot) -> None:
        before = self.snapshot.customer
        super().refreshed(snapshot)
        now = snapshot.customer
        if (before is None) != (now is None) or (before and now and before.customer_id != now.customer_id):
            self._arrange()
            self.focus_first()
        elif before and now and (before.verified, before.locked) != (now.verified, now.locked):
            self._arrange()
            self.focus_first()

    def main(self) -> None:
        if self.tool:
            self.frame.close_tool()
            return
        if not self.keeps_for_message():
            self.frame.act(*self.words_to_say, Advance())

    @on(Input.Changed, "#finding-query")
    def _typed(self) -> None:
        if self.query_one(SearchField).value:
            self.frame.quiet()
        self._look()

    def _look(self) -> None:
        """Look for what stands in the field. One search at a time: what is typed meanwhile is looked for after it, so
        that fast typing makes no queue and no old answer is painted over a new one.
        """
        query = self.query_one(SearchField).value.strip()
        if not query:
            self._show_found("", None)
        if not query or self._looking:
            return
        self._looking = True
        call = self.frame.call

        def look() -> LookedUp:
            try:
                return call.look_up(query)
            finally:
                self._looking = False

        self.frame.ask("lookup", look, lambda found: self._show_found(query, found))

    @on(Input.Submitted, "#finding-query")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        query = event.value.strip()
        if not query:
            self._go_on_with_nobody()
            return
        # Results may be on their way: what Enter picks belongs to what is typed, not to what happens to be painted.
        call, highlighted = self.frame.call, self.query_one(PickList).highlighted
        say = self.words_to_say

        def pick() -> LookedUp:
            found = call.look_up(query)
            ids = [one.customer_id for one in found.candidates]
            wanted = int(highlighted.id) if highlighted is not None else 0
            if ids:
                call.pick(wanted if wanted in ids else ids[0], query, before=say)
            return found

        self.frame.do(pick, lambda found: self._show_found(query, found))

    def _go_on_with_nobody(self) -> None:
        """Told once in a call, for an Enter too many from the step before must not leave the customer unidentified."""
        if self._warned_of_nobody or self.tool or self.frame.call.is_written:
            self.main()
            return
        self._warned_of_nobody = True
        self.frame.tell(_("No hay nadie elegido."), _("Escriba lo que diga; Intro otra vez sigue sin identificar."))

    @on(PickList.Picked)
    def _picked(self, event: PickList.Picked) -> None:
        event.stop()
        call, say, query = self.frame.call, self.words_to_say, self.query_one(SearchField).value.strip()
        self.frame.do(lambda: call.pick(int(event.item.id), query, before=say))

    @on(Input.Submitted, "#checking-answer")
    def _answered(self, event: Input.Submitted) -> None:
        event.stop()
        answer = event.value.strip()
        question = self._next_question()
        if not answer or question is None:
            return
        call = self.frame.call

        def identify() -> tuple[Identity, list[Question]]:
            identity = call.identify(question.datum, answer)
            return identity, [] if identity.verified or identity.locked else call.questions()

        self.frame.do(identify, self._verdict)

    def _show_found(self, query: str, found: LookedUp | None) -> None:
        if query != self.query_one(SearchField).value.strip():
            self._look()
            return
        candidates = found.candidates if found is not None else ()
        items = [Item(str(one.customer_id), one.name, _describe(one), met=one.said) for one in candidates]
        empty = _("Nadie coincide. Pruebe con otro dato, o Ctrl+O si no está.")
        self.query_one(PickList).fill(items, empty=empty if query else _("Los resultados salen al escribir."))
        self.query_one("#finding-next", Plain).show(_next_step(found) if found is not None else "")

    def _arrange(self) -> None:
        customer = self.snapshot.customer
        self.query_one("#finding").display = customer is None
        known = customer is not None and (customer.verified or customer.locked or customer.registered)
        asking = customer is not None and not known
        self.query_one("#checking").display = asking
        checked = self.query_one("#checked", Plain)
        if customer is None or asking:
            checked.show("")
        elif customer.registered:
            checked.show(_("✓ Registrado en esta llamada: {name}").format(name=customer.name))
        elif customer.verified:
            checked.show(_("✓ Identidad comprobada: {name}").format(name=customer.name))
        else:
            checked.show("✕ " + self.frame.locked_words)
        if asking and customer is not None:
            self.query_one("#checking-who", Plain).show(customer.name)
            call = self.frame.call
            self.frame.ask("questions", call.questions, self._show_questions)

    def _show_questions(self, questions: list[Question]) -> None:
        self._questions = questions
        following = self._next_question()
        if following is None:
            return
        self.query_one("#checking-asked", Plain).update(plain(following.label, "bold"))

    def _next_question(self) -> Question | None:
        return next((question for question in self._questions if not question.right), None)

    def _verdict(self, told: tuple[Identity, list[Question]]) -> None:
        identity, questions = told
        self.query_one("#checking-answer", LineField).value = ""
        verdict = self.query_one("#checking-verdict", Plain)
        if identity.right:
            verdict.update(plain_line(_("✓ Coincide"), style="$text-success"))
        else:
            left = ngettext("queda {n} intento", "quedan {n} intentos", identity.left).format(n=identity.left)
            verdict.update(plain_line(_("✕ No coincide: {left}").format(left=left), style="$warning bold"))
        verdict.display = True
        self._show_questions(questions)


def _next_step(found: LookedUp) -> str:
    """What to do with these results."""
    number = len(found.candidates)
    if number == 0:
        return ""
    if number == 1:
        return _("Una persona: Intro la elige, y se comprueba quién es.")
    asked = {
        "nothing": "",
        "name": _("Pida nombre y apellidos y añádalos a lo escrito."),
        "place": _("Se llaman igual: pida la población o el código postal y añádalo a lo escrito."),
        "document": _("Se llaman igual y viven en el mismo sitio: pida el documento o el teléfono."),
    }[found.tell_apart.value]
    return asked or _("La primera coincide en todo; las demás se parecen.")


def _describe(found: Candidate) -> str:
    ways = {
        "phone": _("por su teléfono"),
        "identifier": _("por su documento"),
        "external_id": _("por su código"),
        "contract": _("por su contrato"),
        "case": _("por su expediente"),
        "email": _("por su correo"),
        "name": _("por su nombre"),
        "address": _("por su dirección"),
    }
    # What the list is too narrow for is cut, so why it is there comes first.
    how = found.match.how_words
    parts = [ways[found.matched_on.value] + (f" ({how})" if how else "")]
    if found.shared:
        parts.append(_("contacto compartido"))
    if found.household:
        parts.append(_("mismo hogar"))
    if found.is_company:
        parts.append(_("empresa"))
    contracts = ngettext("{n} contrato", "{n} contratos", found.contracts).format(n=found.contracts)
    parts.append(contracts + (_(", ninguno vigente") if found.contracts and not found.active else ""))
    return " · ".join(parts)
