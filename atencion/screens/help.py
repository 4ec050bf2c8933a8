"""The help of a screen: every key that works there and what it does."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from atencion.i18n import _
from atencion.widgets.key_bar import Key


class HelpScreen(ModalScreen[None]):
    """Closed with Escape, Enter or the key that opened it."""

    BINDINGS = [
        Binding("escape,enter,question_mark,f1,q", "leave", show=False),
        Binding("ctrl+c", "leave", show=False, priority=True),
    ]

    def __init__(self, keys: Sequence[Key]) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        width = max((len(key.name) for key in self._keys), default=0)
        lines = [Content.styled(_("Teclas de esta pantalla"), "bold"), Content()]
        for key in self._keys:
            about = Content.assemble((key.label, ""), (f"  {key.help}" if key.help else "", "dim"))
            lines.append(Content.assemble((key.name.rjust(width), "$accent bold"), "  ", about))
        lines += [Content(), Content.styled(_("Esc cierra esta ayuda."), "$quiet")]
        with VerticalScroll(id="help"):
            yield Static(Content("\n").join(lines), markup=False)

    def action_leave(self) -> None:
        self.dismiss(None)
