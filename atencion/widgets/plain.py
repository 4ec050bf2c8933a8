"""The one way to show text that came from data: cleaned, and never parsed as markup.

Textual and Rich obey markup in a plain `str` (it can even run an action of the program) and pass control characters on
to the terminal. So no widget here is given a `str` of data: it gets what `plain` makes of it.
"""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from atencion.text import clean_line, clean_text


def plain(text: str, style: str = "") -> Content:
    """Text of one or more lines as it may be shown; `style` is ours, such as "bold"."""
    return Content.styled(clean_text(text), style) if style else Content(clean_text(text))


def plain_line(text: str, width: int | None = None, style: str = "") -> Content:
    """One line as it may be shown, cut with … to `width` cells if given."""
    content = Content.styled(clean_line(text), style) if style else Content(clean_line(text))
    return content if width is None else content.truncate(max(width, 1), ellipsis=True)


class Plain(Static):
    """Text of data, shown as it is."""

    def __init__(self, text: str = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(plain(text), id=id, classes=classes, markup=False)

    def show(self, text: str) -> None:
        """Show this instead; an empty text takes no room."""
        self.display = bool(text)
        self.update(plain(text))
