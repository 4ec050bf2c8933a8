"""After a practice call: what the learner thinks of it, and only then how it went, with the call to be played again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from atencion.i18n import _
from atencion.screens.room import Room
from atencion.widgets.key_bar import Key
from atencion.widgets.lanes import Lanes, Passing
from atencion.widgets.mark_list import Markable, MarkList
from atencion.widgets.plain import Plain, plain, plain_line

if TYPE_CHECKING:
    from atencion.training.debrief import Debrief, Row
    from atencion.training.session import Session

FRESH = 2.0
"""Seconds between looks at whether the trainer has given another mark."""

_LOOKS = {"title": "$accent bold", "strong": "bold", "quiet": "$quiet", "wrong": "$error bold"}


class AssessmentScreen(Room):
    """The learner gives each criterion a mark before seeing any. Closed with True once they are kept."""

    DEFAULT_CSS = """
    #assessment { height: 1fr; padding: 1 2 0 2; }
    #assessment MarkList { margin: 1 0; }
    """
    BINDINGS = [
        Binding("enter", "keep", show=False),
        Binding("ctrl+x", "stop", show=False, priority=True),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def compose_room(self) -> ComposeResult:
        with VerticalScroll(id="assessment", can_focus=False):
            yield Static(_("¿Cómo cree que lo ha hecho?"), classes="caption", markup=False)
            yield Plain(_("Póngase una nota en cada criterio, del 1 al 5, antes de ver ninguna otra."))
            yield MarkList(id="own-marks")
            yield Plain(id="own-looks")

    def on_mount(self) -> None:
        self.border_title = _("PRÁCTICA · su propia nota")
        rubric, marks = self._session.library.rubric, self.query_one(MarkList)
        found = ((one, rubric.criterion(one)) for one in self._session.criteria)
        marks.fill([Markable(one, text.text if text is not None else "") for one, text in found], {})
        marks.focus()
        self._show_looks()
        self.show_keys()

    def keys(self) -> list[Key]:
        return [
            Key("1-5", _("Nota"), "nothing", _("Pone esa nota al criterio señalado.")),
            Key("↑↓", _("Criterio"), "nothing", _("Señala otro criterio.")),
            Key(_("Intro"), _("Ver cómo ha ido"), "keep", _("Guarda sus notas y enseña cómo ha ido.")),
            Key("?", _("Ayuda"), "help", _("Esta ayuda.")),
            Key("Ctrl+X", _("Terminar"), "stop", _("Cierra la práctica.")),
        ]

    def action_stop(self) -> None:
        self.app.exit(0)

    def action_keep(self) -> None:
        marks = dict(self.query_one(MarkList).marks)
        self.do(lambda: self._session.assess(marks), lambda _kept: self.dismiss(True))

    @on(MarkList.Marked)
    def _marked(self, event: MarkList.Marked) -> None:
        self.query_one(MarkList).give(event.id, event.mark)
        self.quiet()

    @on(MarkList.Moved)
    def _show_looks(self) -> None:
        item = self.query_one(MarkList).highlighted
        text = self._session.library.rubric.criterion(item.id) if item is not None else None
        rows = [f"{mark}  {look}" for mark, look in enumerate(text.marks, start=1)] if text is not None else []
        self.query_one("#own-looks", Plain).show("\n".join(rows))


class DebriefScreen(Room):
    """How the attempt went, in four pages. Closed with True when another attempt has begun."""

    DEFAULT_CSS = """
    #pages { height: auto; padding: 0 2; margin-top: 1; }
    .page { height: 1fr; padding: 1 2 0 2; }
    #moment { height: auto; max-height: 6; margin-top: 1; padding: 0 1; background: $panel; }
    """
    BINDINGS = [
        *(Binding(str(page), f"page({page})", show=False) for page in range(1, 5)),
        Binding("tab,right", "turn(1)", show=False, priority=True),
        Binding("shift+tab,left", "turn(-1)", show=False, priority=True),
        Binding("enter", "main", show=False),
        Binding("r", "again", show=False),
        Binding("f9", "sign", show=False),
        Binding("ctrl+x", "stop", show=False, priority=True),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._debrief: Debrief | None = None
        self._page = 1

    def compose_room(self) -> ComposeResult:
        from atencion.training.debrief import lane_names

        yield Static(id="pages", markup=False)
        for page in range(1, 4):
            with VerticalScroll(id=f"page-{page}", classes="page"):
                yield Static(markup=False)
        with Vertical(id="page-4", classes="page"):
            yield Lanes(list(lane_names().values()))
            yield Static(id="moment", markup=False)

    def on_mount(self) -> None:
        self.border_title = _("PRÁCTICA · cómo ha ido")
        self.action_page(1)
        if self._session.classroom:
            self.look_every(FRESH, self._session.debrief, self._paint)

    def keys(self) -> list[Key]:
        found = []
        if self._page == 4 and not self._session.classroom:
            told = _("Repite la llamada desde ahí: lo que dijo la persona queda; lo que hizo usted, lo hace de nuevo.")
            found.append(Key(_("Intro"), _("Repetir desde aquí"), "main", told))
        elif self._page < 4:
            found.append(Key(_("Intro"), _("Seguir"), "main", _("Pasa a la página siguiente.")))
        found.append(Key("←→", _("Página"), "turn(1)", _("Pasa de página; también con su número.")))
        if not self._session.classroom:
            found.append(Key("R", _("Repetir"), "again", _("Vuelve a jugar la llamada desde el principio.")))
        return [
            *found,
            Key("F9", _("Firmar"), "sign", _("Decide lo que espera a quien forma, y firma la nota.")),
            Key("?", _("Ayuda"), "help", _("Esta ayuda.")),
            Key("Ctrl+X", _("Terminar"), "stop", _("Cierra la práctica.")),
            Key("↑↓", _("Leer"), "nothing", _("Sube y baja por el texto.")),
        ]

    def action_stop(self) -> None:
        self.app.exit(0)

    def action_page(self, page: int) -> None:
        """Show that page."""
        self._page = page
        for number in range(1, 5):
            self.query_one(f"#page-{number}").display = number == page
        names = (_("Nota"), _("Puntos"), _("Camino"), _("Línea del tiempo"))
        parts = [
            Content.styled(f" {number} {name} ", "$accent bold reverse" if number == page else "$quiet")
            for number, name in enumerate(names, start=1)
        ]
        self.query_one("#pages", Static).update(Content("  ").join(parts))
        shown = self.query_one(Lanes) if page == 4 else self.query_one(f"#page-{page}")
        shown.focus()
        self.show_keys()

    def action_turn(self, by: int) -> None:
        self.action_page((self._page - 1 + by) % 4 + 1)

    def action_main(self) -> None:
        if self._page < 4:
            self.action_turn(1)
        elif (moment := self.query_one(Lanes).highlighted) is not None:
            self._again(moment.seq)

    def action_sign(self) -> None:
        from atencion.screens.signing import SigningScreen

        self.app.push_screen(SigningScreen(self._session.signing()))

    def on_screen_resume(self) -> None:
        if not self._session.classroom:
            self.ask("debrief", self._session.debrief, self._paint)
        elif self._debrief is not None:  # As it opens it is being looked at already.
            self.look()

    def action_again(self) -> None:
        self._again(None)

    @on(Lanes.Moved)
    def _show_moment(self) -> None:
        from atencion.training.debrief import clock, lane_names

        debrief = self._debrief
        passing = self.query_one(Lanes).highlighted
        if debrief is None or passing is None:
            return
        moment = next(one for one in debrief.moments if one.seq == passing.seq)
        labels = [one.check.label for one in debrief.score.judged if one.check.id in moment.checks]
        parts = [
            plain_line(f"{moment.seq} · {clock(moment.at)} · {lane_names()[moment.lane]}", style="$quiet"),
            plain(moment.text),
        ]
        if labels:
            parts.append(plain_line(_("Cuenta para: {checks}").format(checks=", ".join(labels)), style="$warning"))
        self.query_one("#moment", Static).update(Content("\n").join(parts))

    def _paint(self, debrief: Debrief) -> None:
        if debrief == self._debrief:
            return
        from atencion.training.debrief import AGENT, CUSTOMER, SYSTEM, clock, path_rows, point_rows, result_rows

        self._debrief = debrief
        for page, rows in enumerate((result_rows, point_rows, path_rows), start=1):
            text = rows_content(rows(debrief))
            if page == 1 and self._session.earlier:
                text = Content.assemble(plain_line(self._before(), style="$quiet"), "\n", text)
            self.query_one(f"#page-{page} Static", Static).update(text)
        lanes = (CUSTOMER, AGENT, SYSTEM)
        self.query_one(Lanes).fill(
            [
                Passing(one.seq, clock(one.at), lanes.index(one.lane), one.text, "•" if one.checks else "")
                for one in debrief.moments
            ]
        )

    def _before(self) -> str:
        from atencion.training.debrief import hundred

        told = ", ".join(hundred(score.points) for score in self._session.earlier)
        return _("Antes: {points} puntos").format(points=told)

    def _again(self, seq: int | None) -> None:
        if not self._session.classroom:
            self.do(lambda: self._session.again(seq), lambda _begun: self.dismiss(True))


def rows_content(rows: Iterable[Row]) -> Content:
    """Rows of a debrief as they are shown."""
    return Content("\n").join(plain(row.text, _LOOKS.get(row.look, "")) for row in rows)
