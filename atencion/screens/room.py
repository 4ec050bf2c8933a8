"""What every screen of the workstation has: its keys at the foot, a line for notices, and a word if it is too small."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import Worker, WorkerState

from atencion.errors import AtencionError
from atencion.i18n import _, ngettext
from atencion.widgets.key_bar import Key, KeyBar
from atencion.widgets.plain import plain_line

if TYPE_CHECKING:
    from atencion.desk import Interaction
    from atencion.seat import IncomingCall

T = TypeVar("T")

LEAST_WIDTH, LEAST_HEIGHT = 70, 20


class Room(Screen[bool]):
    """A screen with its keys. What it holds is composed by `compose_room`.

    It is also the one way from a screen to the store, which its thread never waits for: `do` writes, `ask` reads,
    `look_every` follows. What they call runs in a thread; a refusal is told.
    """

    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (LEAST_WIDTH, "-narrow"), (100, "-wide"), (120, "-roomy"), (160, "-vast")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (LEAST_HEIGHT, "-low"), (30, "-tall")]
    BINDINGS = [
        Binding("question_mark,f1", "help", show=False),
        Binding("ctrl+p", "palette", show=False),
        Binding("ctrl+c", "nothing", show=False, priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._doing = False
        self._asked = 0
        self._sight: tuple[Callable[[], Any], Callable[[Any], object]] | None = None
        self._looking = self._outdated = False

    def compose(self) -> ComposeResult:
        yield from self.compose_room()
        yield Static(id="waiting", markup=False)
        yield Static(id="notice", markup=False)
        yield KeyBar(id="keys")
        yield TooSmall()

    def compose_room(self) -> ComposeResult:
        """The widgets of this screen."""
        yield from ()

    @property
    def doing(self) -> bool:
        """Whether something is being written: nothing else is, meanwhile."""
        return self._doing

    @property
    def busy(self) -> bool:
        """Whether something that may move the focus is under way."""
        return self._doing or self._asked > 0

    def keys(self) -> list[Key]:
        """The keys that work now, the most important first."""
        return []

    def more_actions(self) -> list[Key]:
        """What the palette offers here beside the keys."""
        return []

    def show_keys(self) -> None:
        """Bring the foot up to the keys that work now."""
        for bar in self.query(KeyBar):
            bar.show(self.keys())

    def tell(self, message: str, remedy: str = "", *, wrong: bool = False) -> None:
        """Say something above the keys, until something is done. It takes no focus."""
        notice = self.query_one("#notice", Static)
        style = "$error bold" if wrong else "$foreground bold"
        sign = "✕ " if wrong else "· "
        parts: list[Content] = [Content.styled(sign, style), plain_line(message, style=style)]
        if remedy:
            parts += [Content("  "), plain_line(remedy, style="$quiet")]
        notice.update(Content.assemble(*parts))
        notice.display = True

    def show_waiting(self, calls: Sequence[IncomingCall]) -> None:
        """Say which calls wait to be taken. It takes no focus."""
        for line in self.query("#waiting").results(Static):
            line.display = bool(calls)
            if calls:
                first = waiting_words(calls[0])
                more = ngettext("y {n} más en espera", "y {n} más en espera", len(calls) - 1).format(n=len(calls) - 1)
                line.update(
                    Content.assemble(
                        ("☎ ", "$warning bold"),
                        plain_line(first, style="$warning bold"),
                        (f"  {more}" if len(calls) > 1 else "", "$quiet"),
                    )
                )

    def quiet(self) -> None:
        """Take what was said away."""
        self.query_one("#notice", Static).display = False

    def do(self, what: Callable[[], T], then: Callable[[T], object] | None = None) -> None:
        """Do something that writes, one at a time: a key pressed twice does it once.

        Only once it is written `then` is called with what it gave.
        """
        if self._doing:
            return
        self._doing = self._outdated = True
        self.quiet()
        self._do(what, then)

    def refused(self, error: AtencionError) -> None:
        """What was to be done was not: say why."""
        self.tell(error.message, error.remedy, wrong=True)

    def ask(self, about: str, question: Callable[[], T], then: Callable[[T], object]) -> None:
        """Read something. A newer question about the same drops the answer of this one."""
        asking: Any = partial(self._ask, question, then)
        self.run_worker(asking, exclusive=True, group=f"ask {about}", exit_on_error=False)

    def look_every(self, seconds: float, what: Callable[[], T], then: Callable[[T], object]) -> None:
        """Look at something now and every so many seconds; `then` is called with what is seen.

        One look at a time: at a store that is slow it is looked less often, and never twice at once. What was seen
        before something was written is dropped, and looked at again.
        """
        self._sight = (what, then)
        self.set_interval(seconds, self._look_in_turn)
        self.look()

    def look(self) -> None:
        """Look now, or again as soon as the look under way, which may have come too early, is over."""
        self._outdated = True
        if self._sight is not None and not self._looking and self.is_attached:
            self._looking = True
            self._look(*self._sight)

    def look_failed(self, error: AtencionError) -> None:
        """There was nothing to be seen: say why."""
        self.tell(error.message, error.remedy, wrong=True)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A failure of the program itself is told and written down; the call goes on from what was confirmed."""
        error = event.worker.error
        if event.state is not WorkerState.ERROR or error is None:
            return
        told = unexpected(error)
        self.tell(told.message, told.remedy, wrong=True)

    def action_help(self) -> None:
        from atencion.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self.keys()))

    def action_palette(self) -> None:
        from atencion.screens.palette import PaletteScreen

        def chosen(action: str | None) -> None:
            if action:
                # A group of its own: what the screen loads when it comes back would cancel it.
                self.run_worker(self.run_action(action), group="palette")

        self.app.push_screen(PaletteScreen([*self.keys(), *self.more_actions(), *_looks()]), chosen)

    def action_nothing(self) -> None:
        """A key that other programs end with."""

    @work(group="do", exit_on_error=False)
    async def _do(self, what: Callable[[], T], then: Callable[[T], object] | None) -> None:
        try:
            result = await asyncio.to_thread(what)
        except AtencionError as error:
            self.refused(error)
            return
        finally:
            self._doing = False
            self.look()
        if then is not None and self.is_attached:
            then(result)

    async def _ask(self, question: Callable[[], T], then: Callable[[T], object]) -> None:
        self._asked += 1
        try:
            answer = await asyncio.to_thread(question)
        except AtencionError as error:
            self.tell(error.message, error.remedy, wrong=True)
            return
        finally:
            self._asked -= 1
        if self.is_attached:
            then(answer)

    def _look_in_turn(self) -> None:
        if not self._looking:
            self.look()

    @work(group="look", exit_on_error=False)
    async def _look(self, what: Callable[[], T], then: Callable[[T], object]) -> None:
        try:
            while self._outdated and not self._doing:
                self._outdated = False
                seen = await asyncio.to_thread(what)
                if self.is_attached and not self._outdated:
                    then(seen)
        except AtencionError as error:
            self.look_failed(error)
        finally:
            self._looking = False


def broken_file_words(call: Interaction) -> tuple[str, str]:
    """That the newest text of a call's protocol cannot lead it, and what is wrong with it."""
    first, protocol = call.file_problems[0], call.protocol
    message = _("El fichero de «{title}» tiene errores: se sigue con la versión {version}, la última que valía.")
    place = "/".join(Path(first.file).parts[-2:])
    told = _("Dígaselo a quien lo escribe: {file}:{line}: {problem}")
    return (
        message.format(title=protocol.title, version=protocol.version),
        told.format(file=place, line=first.line, problem=first.message),
    )


def waiting_words(call: IncomingCall) -> str:
    """A call that waits, in a few words."""
    parts = [_("Llamada: {phone}").format(phone=call.phone or _("número oculto")), call.queue]
    if call.waited:
        parts.append(_("espera {minutes}:{seconds:02}").format(minutes=call.waited // 60, seconds=call.waited % 60))
    return " · ".join(filter(None, parts))


def unexpected(error: BaseException) -> AtencionError:
    """A failure of the program itself, written down, as it is told."""
    from atencion.crash import write_crash_report

    path = write_crash_report(error)
    told = _("Detalles, sin datos de nadie: {path}").format(path=path) if path else ""
    return AtencionError(_("Ha ocurrido un error inesperado; lo ya confirmado sigue a salvo."), remedy=told)


class TooSmall(Widget):
    """Covers a screen that does not fit, and says what it needs. What is under it stays as it was."""

    DEFAULT_CSS = """
    TooSmall { layer: above; width: 100%; height: 100%; display: none; background: $background;
               content-align: center middle; text-align: center; padding: 1 2; }
    .-tiny TooSmall, .-flat TooSmall { display: block; }
    """

    def render(self) -> Content:
        width, height = self.app.size
        return Content.assemble(
            (_("La ventana es pequeña"), "bold"),
            "\n",
            _("Mide {width}×{height}; hacen falta {least}×{lines}.").format(
                width=width, height=height, least=LEAST_WIDTH, lines=LEAST_HEIGHT
            ),
            "\n",
            (_("Agrándela: todo sigue como estaba."), "$quiet"),
        )


def _looks() -> list[Key]:
    """What the palette offers on every screen."""
    return [
        Key("", _("Tema oscuro"), "app.look('atencion-dark')"),
        Key("", _("Tema claro"), "app.look('atencion-light')"),
        Key("", _("Tema de alto contraste"), "app.look('atencion-contrast')"),
    ]
