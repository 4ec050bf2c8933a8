"""What stands in the middle of the frame: the current step, or a tool opened over it.

A stage shows, and says to the frame what the agent means: `self.frame.act(...)` for what is written,
`self.frame.ask(...)` for what is only read. It keeps no truth of its own save what is being typed, which is saved as a
draft.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from atencion.i18n import _
from atencion.screens.call.composer import Composer
from atencion.scripts.acts import Act, Say
from atencion.scripts.texts import LANGUAGES
from atencion.widgets.key_bar import Key
from atencion.widgets.plain import Plain, plain, plain_line

if TYPE_CHECKING:
    from atencion.desk.step_view import StepView
    from atencion.screens.call.screen import CallScreen
    from atencion.screens.call.snapshot import Snapshot


class Stage(VerticalScroll, can_focus=False):
    """The middle of the frame. Subclasses compose below the heading, and say what Enter does."""

    tool = False
    """Whether it is opened over a step, and closed with Escape."""
    opened_as = ""
    """The name of the tool, if it is one."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(classes="stage")
        self.snapshot = snapshot
        self._warned = False

    def on_mount(self) -> None:
        self.call_after_refresh(self.frame.welcome, self)

    def watch_show_vertical_scrollbar(self, shown: bool) -> None:
        """The library moves the bar only while it is shown: one that came again stood where it had been."""
        if shown:
            self.vertical_scrollbar.position = self.scroll_y

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
    def main_key(self) -> Key:
        """What leads on, for the key bar."""
        return Key(_("Intro"), self.main_label, "main", _("Lo principal de este paso."))

    @property
    def main_label(self) -> str:
        """What Enter does, for the key bar."""
        return _("Seguir")

    def compose_heading(self) -> ComposeResult:
        """The title, the hint and between them the words: to be read aloud or, on a written channel, to be sent."""
        step = self.step
        if not (step.manners.written and step.words):
            yield from heading(step)
            return
        yield Static(plain_line(step.title), classes="title", markup=False)
        yield Composer(self)
        yield from other_language(step)
        if step.hint:
            yield Plain(step.hint, classes="hint")

    @property
    def composer(self) -> Composer | None:
        """The message of the step, on a written channel that it has words for."""
        return next(iter(self.query(Composer)), None)

    @property
    def message(self) -> Callable[[str], bool] | None:
        """What puts words into what this stage writes to the customer, until it is sent; None if it writes nothing.

        It tells whether they are in it: words that do not fit are not put there in part.
        """
        return self.composer.insert if self.composer is not None and not self.step.said else None

    @property
    def message_slots(self) -> list[str]:
        """The draft that the message is."""
        return [self.composer.slot] if self.composer is not None else []

    @property
    def words_to_say(self) -> list[Act]:
        """That the words of the step are said, which doing the step does; what is written is sent by itself."""
        step = self.snapshot.step
        if self.tool or step is None or step.manners.written or not step.words or step.said:
            return []
        return [Say()]

    def keeps_for_message(self) -> bool:
        """Whether the step is not left yet because its message was not sent, which is told once."""
        if self.composer is None or self.step.said or self._warned:
            return False
        self._warned = True
        self.frame.tell(_("El mensaje no se ha enviado."), _("Ctrl+R lo envía; Intro otra vez sigue sin enviarlo."))
        return True

    def main(self) -> None:
        """What Enter does when no field takes it."""

    def other(self) -> None:
        """What Ctrl+O does: the way out when what is looked for is not there."""

    def save(self) -> None:
        """What Ctrl+S does in a form."""

    @property
    def searched(self) -> str:
        """What is being looked for in this stage: what a customer that is not there may be written down from."""
        return ""

    def also(self, what: str) -> None:
        """What a stage can do besides, named by its keys."""

    def tick(self) -> None:
        """Tick the check in focus."""

    def no_value(self) -> None:
        """What Ctrl+N does: the answer that is no value, in the field in focus."""

    def send(self) -> None:
        """What Ctrl+R does: what was written is sent, and the step goes on being done."""
        if self.composer is not None and not self.step.said and (message := self.composer.message()) is not None:
            self.frame.act(message, confirms=self.message_slots)

    def keys(self) -> Sequence[Key]:
        """Keys of this stage alone: the one that sends the message, while there is one to send."""
        if self.composer is None or self.step.said:
            return ()
        return (Key("Ctrl+R", _("Enviar"), "stage_send", _("Anota el mensaje como enviado, palabra por palabra.")),)

    def refreshed(self, snapshot: Snapshot) -> None:
        """The call has changed and the step is the same."""
        before, self.snapshot = self.snapshot.step, snapshot
        if self.composer is not None:
            self.composer.show(self.step)
            if self.step.said and before is not None and not before.said:
                self.focus_first()
        for shown in self.query(".doing").results(Static):
            shown.update(doing_text(self.step))
            shown.display = bool(self.step.doing)

    def focus_first(self) -> None:
        """Put the focus where the agent begins: in the message if it could be sent as it is."""
        if self.focus_message():
            return
        for widget in self.query("LineField, NoteField, PickList, MultiList, RatingLine, CheckRow"):
            if widget.focusable and (self.composer is None or widget is not self.composer.field):
                self.focus_on(widget)
                return
        self.screen.set_focus(None)

    def focus_message(self) -> bool:
        """Put the focus in the message, if there is one that is ready; whether there was."""
        if self.composer is None or not self.composer.is_ready:
            return False
        self.focus_on(self.composer.field)
        return True

    def focus_on(self, widget: Widget) -> None:
        """Put the focus on a widget and move the words no further than it takes to see it."""
        widget.focus(scroll_visible=False)
        self.call_after_refresh(self.scroll_to_widget, widget, animate=False)

    def draft(self, slot: str) -> str:
        """What stands in a field and is not confirmed."""
        return self.frame.drafts.text(slot, self.snapshot.drafts.get(slot, ""))

    def keep_draft(self, slot: str, text: str) -> None:
        """This was typed: it is saved a moment after the last key."""
        self.frame.keep_draft(slot, text)


def heading(step: StepView) -> ComposeResult:
    """The title, the words to say, alone and with air around them, and the hint."""
    yield Static(plain_line(step.title), classes="title", markup=False)
    if step.words:
        yield Plain(step.words, classes="words")
        yield from other_language(step)
    if step.hint:
        yield Plain(step.hint, classes="hint")


def other_language(step: StepView) -> ComposeResult:
    """That the words are not in the language of the contact, if they are not."""
    if step.language != step.wanted:
        told = _("! Este texto no está en {wanted}: aquí va en {language}.")
        wanted, language = LANGUAGES.get(step.wanted, step.wanted), LANGUAGES.get(step.language, step.language)
        yield Plain(told.format(wanted=wanted, language=language), classes="language")


def doing_text(step: StepView) -> Content:
    """What leaving the step does in the store."""
    lines = [Content.styled(_("Al seguir se hace:"), "$quiet bold")] if step.doing else []
    for doing in step.doing:
        data = plain_line(" · ".join(doing.data), style="dim")
        lines.append(Content.assemble(("→ ", "$accent"), doing.title, "  ", data))
    return Content("\n").join(lines)


def footing(step: StepView) -> ComposeResult:
    """What leaving the step does, and the norms behind it, small."""
    doing = Static(doing_text(step), classes="doing", markup=False)
    doing.display = bool(step.doing)
    yield doing
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
