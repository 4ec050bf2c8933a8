"""The trainer judges what only a person can, and signs: only then is the result of a practice call official."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from atencion.i18n import _
from atencion.screens.choosing import ChoosingScreen
from atencion.screens.room import Room
from atencion.widgets.fields import LineField
from atencion.widgets.key_bar import Key
from atencion.widgets.pick_list import Item, PickList
from atencion.widgets.plain import Plain

if TYPE_CHECKING:
    from atencion.training.debrief import Debrief
    from atencion.training.signing import Signing


class SigningScreen(Room):
    """The checks that wait, what was said about each, and a line for the name of who signs."""

    DEFAULT_CSS = """
    #signing { height: 1fr; padding: 1 2 0 2; }
    #signing-result, #waiting-checks, #check-about { margin-bottom: 1; }
    #signing .caption { text-style: bold; }
    """
    BINDINGS = [
        Binding("escape", "leave", show=False),
        Binding("tab", "other_field", show=False, priority=True),
        Binding("ctrl+x", "leave", show=False, priority=True),
    ]

    def __init__(self, signing: Signing) -> None:
        super().__init__()
        self._signing = signing
        self._debrief: Debrief | None = None

    def compose_room(self) -> ComposeResult:
        with VerticalScroll(id="signing", can_focus=False):
            yield Static(id="signing-result", markup=False)
            yield Static(_("Lo que solo puede decir quien forma"), classes="caption", markup=False)
            yield PickList(by_typing=False, rows=8, id="waiting-checks", empty=_("Ninguna comprobación espera."))
            yield Plain(id="check-about")
            yield Static(_("Firma"), classes="caption", markup=False)
            yield LineField(id="signer", hint=_("nombre y apellidos de quien firma, e Intro"))

    def on_mount(self) -> None:
        self.border_title = _("PRÁCTICA · firma")
        self.query_one(PickList).focus()
        self.show_keys()
        self._read()

    def keys(self) -> list[Key]:
        return [
            Key(
                _("Intro"), _("Decidir o firmar"), "nothing", _("Dice cómo acabó lo señalado, o firma con ese nombre.")
            ),
            Key("↑↓", _("Comprobación"), "nothing", _("Señala otra comprobación.")),
            Key("Tab", _("Firma"), "other_field", _("Pasa de la lista a la firma, y al revés.")),
            Key("F1", _("Ayuda"), "help", _("Esta ayuda.")),
            Key("Esc", _("Volver"), "leave", _("Vuelve a lo de antes.")),
        ]

    def action_leave(self) -> None:
        self.dismiss(True)

    def action_other_field(self) -> None:
        checks, signer = self.query_one(PickList), self.query_one("#signer")
        (signer if checks.has_focus else checks).focus()

    @on(PickList.Moved)
    def _show_about(self) -> None:
        from atencion.training.debrief import said_about

        item, debrief = self.query_one(PickList).highlighted, self._debrief
        rows = said_about(debrief, item.id) if debrief is not None and item is not None else ()
        self.query_one("#check-about", Plain).show("\n".join(rows))

    @on(PickList.Picked)
    def _decide(self, event: PickList.Picked) -> None:
        from atencion.training.debrief import verdict_words
        from atencion.training.scoring import Verdict
        from atencion.training.signing import VERDICTS

        check = event.item.id

        def decided(chosen: str | None) -> None:
            if chosen is not None:
                verdict = Verdict(chosen)
                self.do(lambda: self._signing.judge({check: verdict}), lambda _kept: self._read())

        items = [Item(one, verdict_words(one)) for one in VERDICTS]
        self.app.push_screen(ChoosingScreen(event.item.label, items), decided)

    @on(Input.Submitted, "#signer")
    def _sign(self, event: Input.Submitted) -> None:
        event.stop()
        field, name = event.input, event.value

        def signed(_kept: None) -> None:
            field.clear()
            self._read()

        self.do(lambda: self._signing.sign(name), signed)

    def _read(self) -> None:
        self.ask("debrief", self._signing.debrief, self._paint)

    def _paint(self, debrief: Debrief) -> None:
        from atencion.screens.debrief import rows_content
        from atencion.training.debrief import heading_rows, verdict_words
        from atencion.training.scoring import Verdict

        self._debrief = debrief
        self.query_one("#signing-result", Static).update(rows_content(heading_rows(debrief)))
        self.query_one(PickList).fill(
            [
                Item(
                    one.check.id,
                    one.check.label,
                    verdict_words(one.verdict),
                    "…" if one.verdict is Verdict.WAITS else "✓",
                )
                for one in debrief.score.for_trainer
            ],
            empty=_("Ninguna comprobación espera."),
        )
        self._show_about()
