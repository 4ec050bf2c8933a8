"""The trainer plays the customer of a call that a learner attends in another terminal, and marks as it happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from atencion.errors import AtencionError, StoreError
from atencion.i18n import _
from atencion.screens.room import Room
from atencion.widgets.key_bar import Key
from atencion.widgets.mark_list import Markable, MarkList
from atencion.widgets.pick_list import Item, PickList
from atencion.widgets.plain import plain, plain_line

if TYPE_CHECKING:
    from atencion.training.classroom import Classroom, Seat
    from atencion.training.cues import Cue

LOOK = 0.7
"""Seconds between looks at the learner's call."""

MAKING = 5
"""Looks in a row at a store that cannot be opened until it is told: the learner's may just be being made."""


class TrainerScreen(Room):
    """Who the customer is, what has been said, a line to say more, what is prepared, and the marks."""

    DEFAULT_CSS = """
    #persona { height: auto; max-height: 5; padding: 0 2; background: $panel; }
    #talk { height: 1fr; padding: 0 2; }
    #said { height: 1; border: none; padding: 0 2; background: $surface; }
    #tools { height: 9; margin-top: 1; }
    #tools Vertical { height: 1fr; padding: 0 1 0 2; }
    .caption { height: 1; color: $quiet; text-style: bold; }
    #cue-side { width: 3fr; }
    #mark-side { width: 2fr; }
    """
    BINDINGS = [
        Binding("f10", "speak", show=False, priority=True),
        Binding("f2", "cues", show=False, priority=True),
        Binding("f4", "marks", show=False, priority=True),
        Binding("f9", "sign", show=False, priority=True),
        Binding("ctrl+x", "stop", show=False, priority=True),
    ]

    def __init__(self, classroom: Classroom) -> None:
        super().__init__()
        self._classroom = classroom
        self._seat: Seat | None = None
        self._failed = 0

    def compose_room(self) -> ComposeResult:
        yield Static(id="persona", markup=False)
        with VerticalScroll(id="talk", can_focus=False):
            yield Static(id="talked", markup=False)
        yield Input(id="said", placeholder=_("Escriba lo que dice la persona, e Intro"))
        with Horizontal(id="tools"):
            with Vertical(id="cue-side"):
                yield Static(_("Preparado (F2)"), classes="caption", markup=False)
                yield PickList(by_typing=False, rows=7, id="cues")
            with Vertical(id="mark-side"):
                yield Static(_("Notas (F4)"), classes="caption", markup=False)
                yield MarkList(rows=8, id="marks")

    def on_mount(self) -> None:
        self.border_title = _("PRÁCTICA · quien forma hace de cliente")
        waiting = _("Esperando a que alguien empiece: atencion practice run ESCENARIO --classroom")
        self.query_one("#persona", Static).update(plain(waiting))
        self.query_one("#said").focus()
        self.show_keys()
        self.look_every(LOOK, self._classroom.look, self._seen)

    def keys(self) -> list[Key]:
        return [
            Key(_("Intro"), _("Decir"), "nothing", _("La persona dice lo escrito, o hace lo señalado.")),
            Key("F10", _("Hablar"), "speak", _("Va a la línea de lo que dice la persona.")),
            Key("F2", _("Preparado"), "cues", _("Va a lo que el escenario trae preparado: frases, datos, finales.")),
            Key("F4", _("Notas"), "marks", _("Va a las notas; una cifra del 1 al 5 pone la del criterio señalado.")),
            *(
                [Key("F9", _("Firmar"), "sign", _("Decide lo que espera a quien forma, y firma la nota."))]
                if self._is_over
                else []
            ),
            Key("F1", _("Ayuda"), "help", _("Esta ayuda.")),
            Key("Ctrl+X", _("Terminar"), "stop", _("Cierra este lado; quien aprende sigue.")),
        ]

    def action_speak(self) -> None:
        self.query_one("#said").focus()

    def action_cues(self) -> None:
        self.query_one("#cues").focus()

    def action_marks(self) -> None:
        self.query_one("#marks").focus()

    def action_sign(self) -> None:
        from atencion.screens.signing import SigningScreen

        if self._is_over:
            self.app.push_screen(SigningScreen(self._classroom.signing()))

    def look(self) -> None:
        if self.is_current:  # What is being signed is of this call, even if another one has begun.
            super().look()

    def on_screen_resume(self) -> None:
        self.look()

    @property
    def _is_over(self) -> bool:
        return self._seat is not None and self._seat.closed

    def action_stop(self) -> None:
        self.app.exit(0)

    @on(Input.Submitted, "#said")
    def _say(self, event: Input.Submitted) -> None:
        event.stop()
        field, words = event.input, event.value.strip()
        if words:
            self.do(lambda: self._classroom.say(words), lambda _said: field.clear())

    @on(PickList.Picked, "#cues")
    def _cue(self, event: PickList.Picked) -> None:
        event.stop()
        name = event.item.id
        self.do(lambda: self._classroom.send(name))

    @on(MarkList.Marked)
    def _marked(self, event: MarkList.Marked) -> None:
        event.stop()
        marks = self.query_one("#marks", MarkList)
        self.do(lambda: self._classroom.mark(event.id, event.mark), lambda _kept: marks.give(event.id, event.mark))

    def look_failed(self, error: AtencionError) -> None:
        self._failed += 1
        if not isinstance(error, StoreError) or self._failed > MAKING:
            super().look_failed(error)

    def _seen(self, seat: Seat | None) -> None:
        self._failed = 0
        if seat is not None and seat != self._seat:
            self._paint(seat)

    def _paint(self, seat: Seat) -> None:
        self._seat = seat
        self.query_one("#persona", Static).update(_persona(seat))
        self.query_one("#talked", Static).update(_talk(seat))
        self.query_one("#talk").scroll_end(animate=False)
        self.query_one("#cues", PickList).fill([_item(one, one.name in seat.used) for one in seat.cues])
        rubric = self._classroom.library.rubric
        self.query_one("#marks", MarkList).fill(
            [
                Markable(
                    one,
                    text.text if (text := rubric.criterion(one)) is not None else "",
                    _("su nota: {mark}").format(mark=seat.own[one]) if one in seat.own else "",
                )
                for one in seat.criteria
            ],
            seat.marks,
        )
        self.show_keys()


def _persona(seat: Seat) -> Content:
    who = seat.scenario.customer
    rows = [
        Content.assemble(plain_line(who.name, style="bold $warning"), "  ", plain_line(who.mood, style="$quiet")),
        plain(who.about),
        plain(_("Quiere: {what}").format(what=who.wants)),
    ]
    if seat.closed:
        rows.append(plain_line(_("La llamada ha terminado; todavía puede poner notas."), style="$accent bold"))
    elif seat.left:
        rows.append(plain_line(_("Ha terminado: {title}").format(title=seat.left), style="$accent bold"))
    else:
        rows.append(plain_line(_("Quien aprende está en «{step}».").format(step=seat.step), style="$quiet"))
    return Content("\n").join(rows)


def _talk(seat: Seat) -> Content:
    from atencion.training.debrief import CUSTOMER

    return Content("\n").join(
        plain(f"— {one.text}", "$words") if one.lane == CUSTOMER else plain(f"  {one.text}", "$quiet")
        for one in seat.moments
    )


def _item(cue: Cue, is_used: bool) -> Item:
    from atencion.training.cues import CueKind

    kinds = {
        CueKind.OPENS: _("para empezar"),
        CueKind.DATUM: _("dato"),
        CueKind.FACT: _("lo que calla"),
        CueKind.REACTION: _("reacción"),
        CueKind.INTERRUPTION: _("interrupción"),
        CueKind.ENDING: _("final"),
    }
    detail = " · ".join(filter(None, (kinds[cue.kind], cue.about if cue.words else "")))
    return Item(cue.name, cue.words or cue.about, detail, "✓" if is_used else " ")
