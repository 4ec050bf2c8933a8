"""The protocol rail: what is done, what is owed, where we are, what comes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from atencion.i18n import _
from atencion.widgets.plain import plain_line

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from atencion.scripts.ways import RailItem

_SIGNS = {
    "done": ("✓", "dim", "dim"),
    "owed": ("!", "$warning bold", ""),
    "skipped": ("↷", "$warning", "dim"),
    "current": ("›", "$accent bold", "$accent bold"),
    "ahead": (" ", "", "$quiet"),
}


class Rail(VerticalScroll, can_focus=False):
    """The steps of the call, one a line."""

    DEFAULT_CSS = """
    Rail { width: 28; padding: 1 1 0 2; scrollbar-size-vertical: 0; }
    Rail > Static { text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self) -> None:
        super().__init__(id="rail")
        self._lines = Static(markup=False)

    def compose(self) -> ComposeResult:
        yield self._lines

    def show(self, items: Sequence[RailItem]) -> None:
        """Show these steps, those of side paths further in."""
        lines = []
        for item in items:
            sign, sign_style, style = _SIGNS[item.mark.value]
            lines.append(
                Content.assemble((sign, sign_style), "  " * (1 + item.depth), plain_line(item.title, style=style))
            )
        if any(item.mark.value in ("owed", "skipped") for item in items):
            lines += [Content(), Content.styled(_("!  queda debido"), "$quiet")]
        self._lines.update(Content("\n").join(lines))
