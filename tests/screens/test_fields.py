"""What a field is given is cleaned, by whatever door it comes in, and all of it can be read."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from atencion.app import THEMES
from atencion.widgets.fields import LineField, MessageField, NoteField

HOSTILE = "Ana\x1b]0;PWNED\x07\x9b31m\u202eevil"


class Fields(App[None]):
    def on_load(self) -> None:
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name

    def compose(self) -> ComposeResult:
        yield LineField()
        yield NoteField()
        yield MessageField()


@pytest.mark.parametrize("kind", [NoteField, MessageField])
async def test_words_put_in_a_note_after_it_stands_are_cleaned(kind: type[NoteField]) -> None:
    app = Fields()
    async with app.run_test():
        field = app.query(kind).last()
        field.text = HOSTILE
        field.put(HOSTILE[::-1])
        assert "Ana" in field.text
        assert not set(field.text) & set("\x1b\x07\x9b\u202e")


async def test_words_put_in_a_line_after_it_stands_are_cleaned() -> None:
    app = Fields()
    async with app.run_test():
        field = app.query_one(LineField)
        field.value = f"{HOSTILE}\nmás"
        assert field.value.startswith("Ana")
        assert not set(field.value) & set("\x1b\x07\x9b\u202e\n")


async def test_a_space_just_typed_at_the_end_of_a_line_stays() -> None:
    app = Fields()
    async with app.run_test() as pilot:
        app.query_one(LineField).focus()
        await pilot.pause()
        await pilot.press("a", "space", "b")
        assert app.query_one(LineField).value == "a b"


async def test_a_long_note_wraps_also_when_no_resize_event_tells_the_field_its_width() -> None:
    app = Fields()
    async with app.run_test(size=(40, 24)) as pilot:
        field = NoteField("una palabra " * 10)
        await app.screen.mount(field)
        # What a repaint between the mounting and the layout does: the layout then takes the field for an old one.
        compositor = app.screen._compositor  # no public call leaves the map in this state
        compositor._full_map_invalidated = True
        assert field in compositor.full_map
        await pilot.pause()
        assert field.wrapped_document.height == 4
