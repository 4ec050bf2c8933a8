"""Fields to type in. What is pasted or set is cleaned; Enter says that the field is done."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.widgets import Input, TextArea

from atencion.text import clean_line, clean_text, holds, is_clean

LINE_LIMIT = 300
NOTE_LIMIT = 20_000


class LineField(Input):
    """One line."""

    DEFAULT_CSS = """
    LineField { height: 1; border: none; padding: 0 1; background: $surface; }
    LineField:focus { border: none; background: $panel; }
    """

    def __init__(self, text: str = "", *, hint: str = "", id: str | None = None, classes: str | None = None) -> None:
        super().__init__(
            clean_line(text, LINE_LIMIT),
            placeholder=clean_line(hint),
            select_on_focus=False,  # what is there is gone on with: a digit meant for a list must not wipe it out
            id=id,
            classes=classes,
        )
        self.max_length = LINE_LIMIT
        self.cursor_blink = False

    def validate_value(self, value: str) -> str:
        # What is clean stays as it is, spaces at its ends too: somebody may be typing it.
        return value if is_clean(value) and "\n" not in value else clean_line(value, LINE_LIMIT)

    def put(self, words: str) -> bool:
        """Put words where the cursor is unless they are in it, and never a part of them; whether they are now."""
        line = clean_line(words, NOTE_LIMIT)
        if not holds(self.value, line) and len(self.value) + len(line) <= LINE_LIMIT:
            self.insert_text_at_cursor(line)
        return holds(self.value, line)

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.insert_text_at_cursor(clean_line(event.text, LINE_LIMIT))


class NoteField(TextArea):
    """Some lines. Enter says that it is done: a note of a call is prose, and its lines wrap by themselves."""

    DEFAULT_CSS = """
    NoteField { height: 3; border: none; padding: 0 1; background: $surface; }
    NoteField:focus { border: none; background: $panel; }
    """

    @dataclass
    class Done(Message):
        """Enter was pressed."""

        field: NoteField

        @property
        def control(self) -> NoteField:
            return self.field

    def __init__(self, text: str = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(
            clean_text(text, NOTE_LIMIT), id=id, classes=classes, soft_wrap=True, tab_behavior="focus", compact=True
        )
        self.cursor_blink = False
        self.highlight_cursor_line = False
        self.move_cursor(self.document.end)

    def load_text(self, text: str) -> None:
        """Hold this text instead, cleaned; setting `text` does the same."""
        super().load_text(clean_text(text, NOTE_LIMIT))

    def put(self, words: str) -> bool:
        """Put words where the cursor is unless they are in it, and never a part of them; whether they are now."""
        text = clean_text(words, NOTE_LIMIT)
        if not holds(self.text, text) and len(self.text) + len(text) <= NOTE_LIMIT:
            self.insert(text)
        return holds(self.text, text)

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:
        # Textual tells no Resize to a widget that a repaint met before its first layout (textual#5024), and a TextArea
        # wraps only when told: a long line would run out of sight.
        if size != self.outer_size:
            self.post_message(events.Resize(size, virtual_size, container_size))
        return super()._size_updated(size, virtual_size, container_size, layout)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # TextArea binds F6 and F7 to these; here those keys are the screen's, as in every other field.
        if action in ("select_line", "select_all"):
            return False
        return super().check_action(action, parameters)

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.post_message(self.Done(self))
            return
        await super()._on_key(event)

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.insert(clean_text(event.text, max(0, NOTE_LIMIT - len(self.text))))


class MessageField(NoteField):
    """A message about to be sent, where Enter begins another line."""

    DEFAULT_CSS = "MessageField { height: 5; color: $words; }"

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.insert("\n")
            return
        await super()._on_key(event)
