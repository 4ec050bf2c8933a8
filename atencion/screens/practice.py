"""A practice call: the frame of every call, marked as practice throughout, with the customer's panel in it."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from shutil import which
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static

from atencion.i18n import _
from atencion.screens.call.screen import CallScreen
from atencion.widgets.key_bar import Key
from atencion.widgets.plain import plain, plain_line

if TYPE_CHECKING:
    from atencion.desk import Desk
    from atencion.screens.call.snapshot import Snapshot
    from atencion.training.attempt import PracticeCall

PATIENCE = 0.5
"""Seconds between looks at whether the customer has tired of waiting, or the trainer had them say something."""

SHOWN = 2
"""The customer's latest words that are shown."""

PACE = 2.5
"""Words a second at which the customer speaks: 150 a minute."""

BREATH = 0.2
"""Seconds between two looks at how far they have come."""


class PracticeScreen(CallScreen):
    """The call, with who is calling in a panel: what they say, and a line to answer in one's own words.

    They speak as fast as people do. What they have not said yet has its room already, in the ink of the panel, so that
    nothing moves meanwhile.
    """

    CSS_PATH = "call/call.tcss"
    DEFAULT_CSS = """
    #other { height: auto; max-height: 6; padding: 0 2; background: $panel; }
    #own-words { border: none; height: 1; padding: 0; background: $surface; }
    """
    BINDINGS = [Binding("f10", "speak", show=False, priority=True)]

    def __init__(self, desk: Desk, call: PracticeCall, first: Snapshot) -> None:
        super().__init__(desk, call, first)
        self.practised = call
        self._voice = which("espeak-ng")
        self._shown = self._said = max(len(call.heard) - 1, 0)  # what was said before is not said again
        self._since = desk.now()
        self._speaking: Timer | None = None

    def compose_room(self) -> ComposeResult:
        with Vertical(id="other"):
            yield Static(id="heard", markup=False)
            yield Input(placeholder=_("F10: diga aquí lo que le contesta, con sus palabras"), id="own-words")
        yield from super().compose_room()

    def on_mount(self) -> None:
        title = _("PRÁCTICA · {title}").format(title=self.practised.practice.scenario.title)
        self.border_title = plain_line(title)
        self._speaking = self.set_interval(BREATH, self.speak_on, pause=True)
        self._paint_other()
        self._show_other()
        self.look_every(PATIENCE, self.practised.wait, lambda _run: self._show_other())

    def action_speak(self) -> None:
        """Go to the line of one's own words, or back to the step."""
        words, stage = self.query_one("#own-words", Input), self._tool or self._stage
        if words.has_focus and stage is not None:
            stage.focus_first()
        else:
            words.focus()

    def action_back(self) -> None:
        if self.query_one("#own-words").has_focus:
            self.action_speak()
        else:
            super().action_back()

    def keys(self) -> list[Key]:
        words, usual = self.query_one("#own-words", Input), super().keys()
        if not words.has_focus:
            return [*usual, Key("F10", _("Hablar"), "speak", _("Contesta a la persona con sus palabras."))]
        enter, back = _("Intro"), (_("Volver al paso"), "speak", _("Vuelve al paso, que sigue igual."))
        if words.value.strip():
            own = [Key(enter, _("Decir"), "nothing", _("Dice lo escrito.")), Key("Esc", *back)]
        else:
            own = [Key(f"{enter}/Esc", *back)]
        # Of the keys of the step, those that are typed do nothing here.
        return [*own, *(key for key in usual if key.name.startswith(("F", "Ctrl")))]

    @on(Input.Submitted, "#own-words")
    def _say(self, event: Input.Submitted) -> None:
        event.stop()
        field, words, call = event.input, event.value.strip(), self.practised
        if words:
            self.do(lambda: call.utter(words), lambda _run: field.clear())
        else:
            self.action_speak()

    @on(Input.Changed, "#own-words")
    def _wording(self) -> None:
        self.show_keys()

    def _paint(self, snapshot: Snapshot) -> None:
        super()._paint(snapshot)
        if self.is_attached:
            self._show_other()

    def _show_other(self) -> None:
        heard = self.practised.heard
        if self._speaking is None or len(heard) == self._shown:
            return
        fresh = " ".join(line.words for line in heard[self._shown :])
        # What comes next cuts off what is being said, as people do.
        self._said, self._shown, self._since = self._shown, len(heard), self.desk.now()
        self._speaking.resume()
        self.speak_on()
        if self._voice is not None and fresh.strip():
            self._say_aloud(self._voice, fresh)

    def speak_on(self) -> None:
        """Show what the customer has come to say by now."""
        spoken = int((self.desk.now() - self._since).total_seconds() * PACE) + 1
        if spoken >= len(" ".join(line.words for line in self.practised.heard[self._said :]).split()):
            self.hear_out()
        else:
            self._paint_other(spoken)

    def hear_out(self) -> None:
        """Show all that the customer has to say."""
        if self._speaking is not None and self._said < self._shown:
            self._said = self._shown
            self._speaking.pause()
            self._paint_other()

    def _paint_other(self, spoken: int = 0) -> None:
        """Show the customer: what was said before, and so many words of what is being said."""
        heard = self.practised.heard[: self._shown]
        said: list[Content] = []
        for number, line in enumerate(heard):
            words = plain(f"— {line.words}", "$words")
            if number >= self._said:
                words, spoken = _begun(words, spoken), spoken - len(line.words.split())
            said += [words] if line.words else []
        name = self.practised.practice.scenario.customer.name
        parts: list[Content] = [plain_line(name, style="bold $warning"), *said[-SHOWN:]]
        if self.practised.practice.classroom and not heard:
            told = _("Quien forma hace de esta persona. En su terminal: atencion practice trainer")
            parts.append(plain_line(told, style="$quiet"))
        if ended := "".join(line.ends for line in heard):
            ending = self.practised.practice.scenario.ending[ended]
            parts.append(plain_line(_("Ha terminado: {title}").format(title=ending.title), style="$quiet"))
        self.query_one("#heard", Static).update(Content("\n").join(parts))

    @work(exclusive=True, group="voice", exit_on_error=False)
    async def _say_aloud(self, program: str, words: str) -> None:
        pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        voice = self.practised.practice.scenario.customer.voice
        speaking = await asyncio.create_subprocess_exec(
            program, "-v", voice, "-s", str(int(PACE * 60)), "--stdin", stdin=pipe, stdout=nothing, stderr=nothing
        )
        try:
            await speaking.communicate(words.encode())
        except asyncio.CancelledError:
            with suppress(ProcessLookupError):
                speaking.kill()
            raise


def _begun(words: Content, spoken: int) -> Content:
    """Words after a dash of which so many are said, and the rest has its room."""
    ends = [match.end() for match in re.finditer(r"\S+", words.plain)]
    return words.stylize("$panel", ends[max(spoken, 0)]) if spoken < len(ends) - 1 else words
