"""What stands in the middle of the frame: the current step, or a tool opened over it.

A stage shows, and says to the frame what the agent means: `self.frame.act(...)` for what is written,
`self.frame.ask(...)` for what is only read. It keeps no truth of its own save what is being typed, which is saved as a
draft.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from atencion.i18n import _
from atencion.widgets.fields import LineField, NoteField
from atencion.widgets.key_bar import Key
from atencion.widgets.pick_list import PickList
from atencion.widgets.plain import Plain, plain, plain_line

if TYPE_CHECKING:
    from atencion.desk import StepView
    from atencion.screens.call.screen import CallScreen
    from atencion.screens.call.snapshot import Snapshot

SAVE_AFTER = 0.8
"""Seconds after the last key when what is typed is saved."""


class Stage(VerticalScroll, can_focus=False):
    """The middle of the frame. Subclasses compose below the heading, and say what Enter does."""

    tool = False
    """Whether it is opened over a step, and closed with Escape."""
    opened_as = ""
    """The name of the tool, if it is one."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(classes="stage")
        self.snapshot = snapshot
        self._saving: Timer | None = None
        self._unsaved: dict[str, str] = {}

    def on_mount(self) -> None:
        self.call_after_refresh(self.frame.welcome, self)

    @property
    def frame(self) -> CallScreen:
        """The screen it stands in."""
        from atencion.screens.call.screen import CallScreen

        screen = self.screen
        assert isinstance(screen, CallScreen)
        return screen

    @property
    def step(self) -> StepView:
        """The current step."""
        assert self.snapshot.step is not None
        return self.snapshot.step

    @property
    def main_label(self) -> str:
        """What Enter does, for the key bar."""
        return _("Seguir")

    def main(self) -> None:
        """What Enter does when no field takes it."""

    def other(self) -> None:
        """What Ctrl+O does: the way out when what is looked for is not there."""

    def also(self, what: str) -> None:
        """What a stage can do besides, named by its keys."""

    def tick(self) -> None:
        """Tick the check in focus."""

    def keys(self) -> Sequence[Key]:
        """Keys of this stage alone."""
        return ()

    def refreshed(self, snapshot: Snapshot) -> None:
        """The call has changed and the step is the same."""
        self.snapshot = snapshot

    def focus_first(self) -> None:
        """Put the focus where the agent begins."""
        for widget in self.query("LineField, NoteField, PickList, CheckRow"):
            if widget.focusable:
                self.focus_on(widget)
                return
        self.screen.set_focus(None)

    def focus_on(self, widget: Widget) -> None:
        """Put the focus on a widget and move the words no further than it takes to see it."""
        widget.focus(scroll_visible=False)
        self.call_after_refresh(self.scroll_to_widget, widget, animate=False)

    def draft(self, slot: str) -> str:
        """What was being typed in a field when the stage was left."""
        return self._unsaved.get(slot) or self.snapshot.drafts.get(slot, "")

    def keep_draft(self, slot: str, text: str) -> None:
        """Save what is being typed, a moment after the last key."""
        self._unsaved[slot] = text
        if self._saving is not None:
            self._saving.stop()
        self._saving = self.set_timer(SAVE_AFTER, self.save_drafts)

    def forget_draft(self, slot: str) -> None:
        """What was typed is about to be written for good."""
        self._unsaved.pop(slot, None)

    def save_drafts(self) -> None:
        """Save now what is not saved yet."""
        if unsaved := self.take_unsaved():
            self.frame.save_drafts(unsaved)

    def take_unsaved(self) -> dict[str, str]:
        """What is not saved yet, which whoever asks will save."""
        unsaved, self._unsaved = self._unsaved, {}
        return unsaved


def heading(step: StepView) -> ComposeResult:
    """The title, the words to say, alone and with air around them, and the hint."""
    yield Static(plain_line(step.title), classes="title", markup=False)
    if step.words:
        yield Plain(step.words, classes="words")
    if step.hint:
        yield Plain(step.hint, classes="hint")


def footing(step: StepView) -> ComposeResult:
    """The norms behind the step, small."""
    if step.norms:
        yield Plain("§ " + "  ·  ".join(norm.label for norm in step.norms), classes="norms")


def caption(text: str, help_text: str = "", *, optional: bool = False) -> Static:
    """The label of a field, with its help beside it."""
    parts: list[Content | tuple[str, str]] = [plain(text, "bold")]
    if optional:
        parts.append((_("  si lo dice"), "dim"))
    if help_text:
        parts += [("   ", ""), plain(help_text, "dim")]
    return Static(Content.assemble(*parts), classes="caption", markup=False)


def text_of(widget: LineField | NoteField | PickList) -> str:
    """What a field holds."""
    if isinstance(widget, LineField):
        return widget.value
    if isinstance(widget, NoteField):
        return widget.text
    return widget.picked or ""
