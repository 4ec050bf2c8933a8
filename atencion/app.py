"""The workstation. The first screen paints before the store's libraries are loaded; a worker opens it meanwhile."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from textual import events, work
from textual.app import App
from textual.theme import Theme

from atencion.errors import AtencionError
from atencion.screens.home import HomeScreen
from atencion.screens.room import Room, unexpected
from atencion.screens.type_ahead import TypeAhead
from atencion.seat import IncomingCall, Listener

if TYPE_CHECKING:
    from atencion.desk import Desk, Interaction
    from atencion.training.classroom import Classroom
    from atencion.training.session import Session

OpenDesk = Callable[[], "Desk"]

LEAVING = 0.4
"""Seconds that ending the program waits for the call in hand to be left in order."""

MOST_WAITING = 50
"""Calls that can wait at a seat."""

_HANGUP, _TERMINATED = 128 + signal.SIGHUP, 128 + signal.SIGTERM


def run_workstation(open_desk: OpenDesk, agent: str | None = None) -> int:
    """Open the workstation on the desk that `open_desk` gives, called in a worker; returns the exit code.

    `agent` is the code of who attends; if None and there are several, the first screen asks.
    """

    def opening() -> Desk:
        try:
            return open_desk()
        finally:
            _all_is_loaded()

    workstation = Workstation(opening, agent)
    workstation.run()
    return workstation.return_code or 0


def open_desk(store: str, protocols: Path) -> OpenDesk:
    """How the desk at a store is opened; nothing heavy is imported until it is."""

    def opening() -> Desk:
        from atencion.desk import Desk

        return Desk.open(store, protocols)

    return opening


def run_practice(session: Session) -> int:
    """Practise a call that has begun on the screens of every day, then show how it went; returns the exit code."""
    return _run(PracticeWorkstation(session))


def run_trainer(classroom: Classroom) -> int:
    """Play the customer of a call that somebody practises in another terminal; returns the exit code."""
    return _run(TrainerWorkstation(classroom))


def _run(workstation: Workstation) -> int:
    _all_is_loaded()
    workstation.run()
    return workstation.return_code or 0


def _all_is_loaded() -> None:
    """From now on the garbage collector looks only at what is made from now on: no key waits for it."""
    gc.freeze()
    gc.enable()


_PRACTICE_FRAME = "Screen { border: heavy $warning; border-title-color: $warning; border-title-style: bold; }"


class Workstation(App[int]):
    """The program an agent keeps open all day."""

    CSS_PATH = "app.tcss"
    TITLE = "atencion"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = []

    def __init__(self, open_desk: OpenDesk, agent: str | None = None) -> None:
        super().__init__()
        self._open_desk = open_desk
        self._agent = agent
        self.desk: Desk | None = None
        self.waiting: list[IncomingCall] = []
        """The calls handed over that nobody has taken, the first to come first."""
        self._listener = Listener(self.incoming)
        self.type_ahead = TypeAhead(self, self._is_catching_up, super().on_event)
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "atencion-dark"

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await self.type_ahead.take(event)
        else:
            await super().on_event(event)

    def on_mount(self) -> None:
        loop = asyncio.get_running_loop()
        for number, code in ((signal.SIGHUP, _HANGUP), (signal.SIGTERM, _TERMINATED)):
            loop.add_signal_handler(number, self.end, code)
        self.show_first()

    def show_first(self) -> None:
        """Show the first screen, and take calls that are handed over on this seat."""
        self._listen()
        home = HomeScreen(self.take_waiting)
        self.push_screen(home)
        self._open(home)

    def on_unmount(self) -> None:
        self._listener.close()

    def incoming(self, call: IncomingCall) -> None:
        """A call was handed over: it is shown on whatever screen there is and takes no focus."""
        known = next((n for n, one in enumerate(self.waiting) if one.is_same_as(call)), None)
        if call.ended:
            self.waiting = [one for one in self.waiting if not one.is_same_as(call)]
        elif known is not None:
            self.waiting[known] = call
        elif len(self.waiting) < MOST_WAITING:
            self.waiting.append(call)
        self.show_waiting()

    def take_waiting(self, call: IncomingCall) -> None:
        """A call is being taken: it waits no more."""
        self.waiting = [one for one in self.waiting if one is not call]
        self.show_waiting()

    def show_waiting(self) -> None:
        """Bring every screen up to the calls that wait."""
        for screen in self.screen_stack:
            if isinstance(screen, Room):
                screen.show_waiting(self.waiting)

    def action_look(self, theme: str) -> None:
        """Change the colours."""
        self.theme = theme

    def end(self, code: int) -> None:
        """End the program with nothing lost: what is typed is saved and the call in hand left open."""
        self._leave(code)

    def _is_catching_up(self) -> bool:
        """Whether what the last key did is still under way; not once the screens are gone, as the program ends."""
        if not self.screen_stack:
            return False
        screen = self.screen
        nodes = self.focused.ancestors_with_self if self.focused is not None else [screen, self]
        return (isinstance(screen, Room) and screen.busy) or any(node.message_queue_size for node in nodes)

    @work(exit_on_error=False)
    async def _listen(self) -> None:
        try:
            await self._listener.open()
        except (AtencionError, OSError):
            pass  # calls are not handed over on this seat; everything else works

    @work(exit_on_error=False)
    async def _open(self, home: HomeScreen) -> None:
        # One turn of the loop, so that the first screen is painted before this thread competes with the imports.
        await asyncio.sleep(0)
        try:
            desk = await asyncio.to_thread(self._open_desk)
            agents = await asyncio.to_thread(desk.agents)
            code = self._agent
            if code is None and len(agents) > 1:
                from atencion.screens.agents import AgentsScreen

                self.desk = desk
                code = await self.push_screen_wait(AgentsScreen(agents))
                if code is None:
                    self.exit(0)
                    return
            agent = await asyncio.to_thread(desk.agent, code)
        except Exception as error:
            home.failed(error if isinstance(error, AtencionError) else unexpected(error))
            return
        self.desk = desk
        home.ready(desk, agent)

    @work(exit_on_error=False, exclusive=True, group="leave")
    async def _leave(self, code: int) -> None:
        from atencion.screens.call.screen import CallScreen, save_drafts

        def leave(call: Interaction, typed: dict[str, str]) -> None:
            save_drafts(call, typed)
            call.leave_open()

        calls = [screen for screen in self.screen_stack if isinstance(screen, CallScreen)]
        try:
            async with asyncio.timeout(LEAVING):
                for screen in calls:
                    await asyncio.to_thread(leave, screen.call, screen.drafts.unsaved())
        except (AtencionError, TimeoutError):
            pass  # All that was confirmed is on disk; the call is taken up as after a crash.
        self.exit(return_code=code)


class PracticeWorkstation(Workstation):
    """Practice calls and how they went. All that opens over them keeps the frame."""

    CSS = _PRACTICE_FRAME

    def __init__(self, session: Session) -> None:
        super().__init__(lambda: session.desk)
        self._session = session

    def show_first(self) -> None:
        self._practise()

    async def on_event(self, event: events.Event) -> None:
        from atencion.screens.practice import PracticeScreen

        if isinstance(event, events.Key):  # who acts has heard enough
            for screen in self.screen_stack:
                if isinstance(screen, PracticeScreen):
                    screen.hear_out()
        await super().on_event(event)

    @work(exit_on_error=False)
    async def _practise(self) -> None:
        from atencion.screens.call.snapshot import take_snapshot
        from atencion.screens.practice import PracticeScreen

        session = self._session
        first = await asyncio.to_thread(take_snapshot, session.call)
        self.push_screen(PracticeScreen(session.desk, session.call, first), self._look_back)

    def _look_back(self, _closed: bool | None) -> None:
        from atencion.screens.debrief import AssessmentScreen, DebriefScreen

        def again(_begun: bool | None) -> None:
            self._practise()

        def debrief(_kept: bool | None) -> None:
            self.push_screen(DebriefScreen(self._session), again)

        self.push_screen(AssessmentScreen(self._session), debrief)


class TrainerWorkstation(Workstation):
    """The trainer's side of a practice call."""

    CSS = _PRACTICE_FRAME

    def __init__(self, classroom: Classroom) -> None:
        super().__init__(lambda: classroom.desk)
        self._classroom = classroom

    def show_first(self) -> None:
        from atencion.screens.trainer import TrainerScreen

        self.push_screen(TrainerScreen(self._classroom))


def _theme(
    name: str,
    *,
    dark: bool,
    words: str,
    quiet: str,
    accent: str,
    foreground: str,
    background: str,
    surface: str,
    panel: str,
    warning: str,
    error: str,
    success: str,
) -> Theme:
    """`words` is the ink of what is said aloud, the brightest, and `quiet` that of the rest; `accent` means here and
    now; `warning` that the law or the customer is waiting; `error` that it cannot go on.
    """
    return Theme(
        name=name,
        dark=dark,
        primary=accent,
        accent=accent,
        foreground=foreground,
        background=background,
        surface=surface,
        panel=panel,
        warning=warning,
        error=error,
        success=success,
        variables={"words": words, "quiet": quiet},
    )


THEMES = (
    _theme(
        "atencion-dark",
        dark=True,
        words="#ffffff",
        quiet="#8a94a3",
        accent="#6cc0ff",
        foreground="#c9ced6",
        background="#14171c",
        surface="#1b2027",
        panel="#262d37",
        warning="#e6a94f",
        error="#ff6b6b",
        success="#7ec699",
    ),
    _theme(
        "atencion-light",
        dark=False,
        words="#000000",
        quiet="#666d78",
        accent="#0b5cad",
        foreground="#2b3038",
        background="#fbfaf7",
        surface="#f1efe9",
        panel="#e3e0d7",
        warning="#8a5200",
        error="#b3261e",
        success="#2a6b3c",
    ),
    _theme(
        "atencion-contrast",
        dark=True,
        words="#ffffff",
        quiet="#d0d0d0",
        accent="#00e5ff",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#303030",
        warning="#ffd000",
        error="#ff5555",
        success="#7dff9a",
    ),
)
