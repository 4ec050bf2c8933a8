"""A supervisor's inbox: what waits, what falls due and what went wrong, and what can be done about each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from atencion.i18n import _
from atencion.screens.room import Room
from atencion.widgets.fields import NoteField
from atencion.widgets.key_bar import Key
from atencion.widgets.pick_list import Item, PickList
from atencion.widgets.plain import plain, plain_line

if TYPE_CHECKING:
    from atencion.data.agents import StoredAgent
    from atencion.data.case_exceptions import StoredException
    from atencion.desk import Desk
    from atencion.desk.cases import CaseFile
    from atencion.desk.inbox import Inbox

EVERY = 10.0
"""Seconds between two looks at the store."""

REQUEST, EXCEPTION, HANDOVER = "request", "exception", "handover"
UNTOLD, DUE, MISSED, UNSENT = "untold", "due", "missed", "unsent"
_CASES = (HANDOVER, UNTOLD, DUE)
ABOUT_SHOWN = 200
"""Cells of what is shown of a demand while it is decided."""

_SAID = ("comment", "returned", "accepted", "exception_approved", "exception_refused")
"""Events that tell in words what somebody thinks of a case."""


class InboxScreen(Room):
    """Rows of what waits, the pressing first; below, all there is to know of the one pointed at."""

    CSS_PATH = "inbox.tcss"
    BINDINGS = [
        Binding("escape", "leave", show=False),
        Binding("f2", "reassign", show=False),
        Binding("f4", "comment", show=False),
        Binding("f6", "give_back", show=False),
        Binding("f9", "answer", show=False),
        Binding("enter", "confirm", show=False),
        Binding("ctrl+x", "leave", show=False),
    ]

    def __init__(self, desk: Desk, agent: StoredAgent) -> None:
        super().__init__()
        self._desk = desk
        self._agent = agent
        self._asking: Callable[[str], object] | None = None
        """What to do with what is being asked for: an answer of a list, a text, or an Enter."""
        self._file: CaseFile | None = None
        self._exceptions: dict[str, StoredException] = {}
        self._decided: list[tuple[int, str, str]] = []

    def compose_room(self) -> ComposeResult:
        with Vertical(id="inbox-room"):
            yield Static(_("Bandeja de supervisión"), id="inbox-title", markup=False)
            yield PickList(by_typing=False, rows=9, empty=_("Nada espera."), id="inbox")
            with VerticalScroll(id="inbox-detail", can_focus=False):
                yield Static(id="inbox-text", markup=False)
            with Vertical(id="inbox-form"):
                yield Static(id="inbox-about", markup=False)
                yield Static(id="inbox-caption", classes="caption", markup=False)
                yield PickList(id="inbox-choice", rows=4)
                yield NoteField(id="inbox-note")

    def on_mount(self) -> None:
        self._close_form()
        self.show_keys()
        self.look_every(EVERY, self._read, self._show)

    def keys(self) -> list[Key]:
        if self._asking is not None:
            return [
                Key(_("Intro"), _("Seguir"), "nothing", _("Da por bueno lo escrito.")),
                Key("Esc", _("Dejarlo"), "leave", _("Cierra lo que se estaba escribiendo; nada cambia.")),
            ]
        kind = self._kind
        take = {
            REQUEST: _("Atender ahora"),
            EXCEPTION: _("Aprobar"),
            HANDOVER: _("Aceptar"),
            UNTOLD: _("Comunicar"),
            DUE: _("Llevarlo yo"),
            MISSED: _("Llamada hecha"),
            UNSENT: _("Enviar otra vez"),
        }.get(kind)
        found = [Key(_("Intro"), take, "take", _("Hace lo principal con lo señalado."))] if take else []
        found.append(Key("Esc", _("Volver"), "leave", _("Vuelve al inicio.")))
        if kind in (HANDOVER, DUE):
            found.append(Key("F9", _("Contestar"), "answer", _("Decide cada cuestión, con sus motivos.")))
        if kind in _CASES:
            found += [
                Key("F2", _("Asignar"), "reassign", _("Da el expediente a otra persona.")),
                Key("F4", _("Comentar"), "comment", _("Escribe algo para quien lo lleve.")),
            ]
        if kind == EXCEPTION:
            found.append(Key("F6", _("Rechazar"), "give_back", _("No aprueba la excepción, con el motivo.")))
        if kind == HANDOVER:
            found.append(Key("F6", _("Devolver"), "give_back", _("Lo devuelve a quien lo derivó, con el motivo.")))
        return found

    # What can be done

    def action_take(self) -> None:
        if (row := self._row) is not None:
            kind, name = row
            if kind == UNTOLD:
                self.action_answer()
                return
            if kind == EXCEPTION:
                self._decide(int(name), _("Por qué se aprueba"), _("Aprobada: quien la pidió lo ve."), approved=True)
                return
            acts: dict[str, Callable[[], object]] = {
                REQUEST: lambda: self._desk.callbacks.take_request(int(name), self._agent),
                HANDOVER: lambda: self._desk.handovers.accept(name, self._agent),
                DUE: lambda: self._desk.cases.assign(name, self._agent, owner=self._agent),
                MISSED: lambda: self._desk.callbacks.done(int(name)),
                UNSENT: lambda: self._desk.outbox.retry(int(name)),
            }
            done = {
                REQUEST: _("La atiende usted."),
                HANDOVER: _("Aceptado: lo lleva usted."),
                DUE: _("Lo lleva usted."),
                MISSED: _("Anotado."),
                UNSENT: _("Se enviará en la próxima ronda."),
            }
            self._act(acts[kind], done[kind])

    def action_comment(self) -> None:
        if (row := self._row) is not None and row[0] in _CASES:
            key = row[1]
            self._type(
                _("Comentario para quien lo lleve"),
                lambda text: self._act(lambda: self._desk.cases.comment(key, text, self._agent), _("Anotado.")),
            )

    def action_give_back(self) -> None:
        if (row := self._row) is not None and row[0] == EXCEPTION:
            self._decide(int(row[1]), _("Por qué se rechaza"), _("Rechazada: quien la pidió lo ve."), approved=False)
        elif row is not None and row[0] == HANDOVER:
            key = row[1]
            self._type(
                _("Por qué se devuelve"),
                lambda text: self._act(
                    lambda: self._desk.handovers.give_back(key, text, self._agent), _("Devuelto a quien lo derivó.")
                ),
            )

    def _decide(self, exception: int, caption: str, done: str, *, approved: bool) -> None:
        decide, supervisor = self._desk.exceptions.decide, self._agent
        self._type(
            caption,
            lambda text: self._act(lambda: decide(exception, supervisor, approved=approved, reason=text), done),
        )

    def action_reassign(self) -> None:
        if (row := self._row) is not None and row[0] in _CASES:
            self.ask("agents", self._desk.agents, lambda agents: self._assign(row[1], agents))

    def action_answer(self) -> None:
        file = self._file_shown
        if file is not None and self._kind == UNTOLD:
            self._tell_answer(file)
        elif file is not None:
            self._decided = []
            self._next_item(file)

    def action_confirm(self) -> None:
        if self._asking is not None:
            self._asking("")

    def action_leave(self) -> None:
        if self._asking is not None:
            self._close_form()
            return
        self.dismiss(None)

    @on(PickList.Picked, "#inbox")
    def _picked(self, event: PickList.Picked) -> None:
        event.stop()
        self.action_take()

    @on(PickList.Moved, "#inbox")
    def _moved(self, event: PickList.Moved) -> None:
        event.stop()
        self.show_keys()
        self._show_detail()

    @on(PickList.Picked, "#inbox-choice")
    def _chosen(self, event: PickList.Picked) -> None:
        event.stop()
        if self._asking is not None:
            self._asking(event.item.id)

    @on(NoteField.Done, "#inbox-note")
    def _typed(self, event: NoteField.Done) -> None:
        event.stop()
        asking, text = self._asking, event.field.text.strip()
        if asking is None:
            return
        if not text:
            self.tell(_("Escriba algo."))
            return
        self._close_form()
        asking(text)

    def _tell_answer(self, file: CaseFile) -> None:
        """Show what the customer is told and by which channel; an Enter says that they have been."""
        case = file.case
        channel = case.answered_by
        names = {one.id: one.name for one in self._desk.organisation.channels}

        def tell(_nothing: str) -> None:
            self._close_form()
            self._act(
                lambda: self._desk.answers.notify(case.key, channel, self._agent, version=case.seq),
                _("Comunicado: queda registrado."),
            )

        self._open_form(
            _("Medio: {channel}. Intro lo da por comunicado.").format(channel=names.get(channel, channel)), tell
        )
        papers = [one.text for one in file.documents if one.ends_case and one.text]
        self.query_one("#inbox-text", Static).update(plain(papers[-1] if papers else "—"))
        detail = self.query_one("#inbox-detail")
        detail.can_focus = True  # It may be longer than the room it has.
        detail.scroll_home(animate=False)
        detail.focus()

    def _next_item(self, file: CaseFile) -> None:
        from atencion.scripts.cases import Decision, decision_label

        left = [item for item in file.items if item.number not in {number for number, _how, _why in self._decided}]
        if not left:
            self._resolve(file)
            return
        item = left[0]

        demand = f"{item.number}. {item.text or '—'}"

        def decided(how: str) -> None:
            def reasoned(text: str) -> None:
                self._decided.append((item.number, how, text))
                self._next_item(file)

            label = decision_label(Decision(how))
            self._type(_("{decision}: los motivos, que leerá el cliente").format(decision=label), reasoned, demand)

        self._open_form(_("Qué se decide"), decided, demand)
        # What is decided stands right above the answers, and once.
        self.query_one("#inbox-text", Static).update(Content("\n").join(_lines(self._desk, file, with_items=False)))
        choice = self.query_one("#inbox-choice", PickList)
        choice.fill([Item(one.value, decision_label(one)) for one in Decision])
        choice.display = True
        choice.focus()

    def _resolve(self, file: CaseFile) -> None:
        from atencion.scripts.cases import Answer, Decision

        answers = [Answer(number, Decision(how), why) for number, how, why in self._decided]
        self._act(
            lambda: self._desk.answers.resolve(file.case.key, answers, self._agent, version=file.case.seq),
            _("Resuelto: la respuesta queda registrada."),
        )

    # Inside

    @property
    def _row(self) -> tuple[str, str] | None:
        """The kind and the name of what is pointed at, if nothing is being typed."""
        item = self.query_one("#inbox", PickList).highlighted
        if item is None or self._asking is not None:
            return None
        kind, _space, name = item.id.partition(" ")
        return kind, name

    @property
    def _kind(self) -> str:
        row = self._row if self.is_mounted else None
        return row[0] if row is not None else ""

    @property
    def _file_shown(self) -> CaseFile | None:
        """The case that is pointed at, once it is shown."""
        row, file = self._row if self.is_mounted else None, self._file
        return file if row is not None and row[0] in _CASES and file is not None and file.case.key == row[1] else None

    def _type(self, caption: str, then: Callable[[str], object], about: str = "") -> None:
        self._open_form(caption, then, about)
        note = self.query_one("#inbox-note", NoteField)
        note.clear()
        note.display = True
        note.focus()

    def _open_form(self, caption: str, then: Callable[[str], object], about: str = "") -> None:
        """Ask for something, about something if need be; what there is to know of the case keeps its room."""
        self._asking = then
        self.query_one("#inbox").display = False
        self.query_one("#inbox-form").display = True
        self.query_one("#inbox-caption", Static).update(plain_line(caption))
        subject = self.query_one("#inbox-about", Static)
        subject.update(plain_line(about, ABOUT_SHOWN))
        subject.display = bool(about)
        self.query_one("#inbox-choice").display = self.query_one("#inbox-note").display = False
        self.show_keys()

    def _close_form(self) -> None:
        self._asking = None
        self.query_one("#inbox-form").display = False
        self.query_one("#inbox-detail").can_focus = False
        rows = self.query_one("#inbox", PickList)
        rows.display = True
        rows.focus()
        self.show_keys()
        self._show_detail()

    def _act(self, act: Callable[[], object], done: str) -> None:
        self.do(act, lambda _result: self.tell(done))

    def _assign(self, key: str, agents: list[StoredAgent]) -> None:
        from atencion.screens.agents import AgentsScreen

        def chosen(code: str | None) -> None:
            owner = next((one for one in agents if one.code == code), None)
            if owner is not None:
                done = _("Lo lleva {agent}.").format(agent=owner.alias)
                self._act(lambda: self._desk.cases.assign(key, self._agent, owner=owner), done)

        self.app.push_screen(AgentsScreen(agents), chosen)

    def _read(self) -> Inbox:
        from atencion.desk.inbox import read_inbox

        return read_inbox(self._desk)

    def _show(self, inbox: Inbox) -> None:
        if self._asking is not None:
            return  # what is being typed is about what is shown
        self._exceptions = {str(one.id): one for one in inbox.exceptions}
        self.query_one("#inbox", PickList).fill(self._items(inbox), empty=_("Nada espera."))
        self.show_keys()
        self._show_detail()

    def _items(self, inbox: Inbox) -> list[Item]:
        from atencion.desk.case_keys import spoken_key

        local = self._desk.local
        now = self._desk.now()
        names = {one.id: one.name for one in self._desk.organisation.departments}
        rows = [
            Item(
                f"{REQUEST} {one.id}",
                _("Piden supervisión: {agent}").format(agent=one.agent),
                _("quedan {left}").format(left=_left(one.limit_at, now)),
                "!",
            )
            for one in inbox.requests
        ]
        rows += [
            Item(
                f"{EXCEPTION} {asked.id}",
                _("Pide una excepción: {agent}").format(agent=asked.agent),
                " · ".join(filter(None, (spoken_key(asked.case_key), _amount(asked), asked.what or ""))),
                "!",
            )
            for asked in inbox.exceptions
        ]
        rows += [
            Item(
                f"{HANDOVER} {waiting.case_key}",
                f"{spoken_key(waiting.case_key)}  {names.get(waiting.department, waiting.department)}",
                " · ".join(filter(None, (waiting.agent, f"{local(waiting.at):%d/%m %H:%M}", waiting.summary or ""))),
                "!" if waiting.priority == "urgent" else "",
            )
            for waiting in inbox.waiting
        ]
        rows += [
            Item(
                f"{UNTOLD} {decided.key}",
                f"{spoken_key(decided.key)}  {self._desk.cases.label(decided)}",
                _("resuelto, sin comunicar"),
                "!",
            )
            for decided in inbox.untold
        ]
        for due in inbox.due:
            when = f"{local(due.due_at):%d/%m %H:%M}" if due.by_hours else f"{due.due_on:%d/%m/%Y}"
            told = _("venció el {day}") if due.state == "overdue" else _("vence el {day}")
            rows.append(
                Item(
                    f"{DUE} {due.case.key}",
                    f"{spoken_key(due.case.key)}  {due.label}",
                    f"{told.format(day=when)} · {due.norm.label}",
                    "!" if due.state == "overdue" else "",
                )
            )
        rows += [
            Item(
                f"{MISSED} {call.id}",
                _("Llamada sin devolver: {phone}").format(phone=call.phone or "—"),
                f"{local(call.from_at):%d/%m %H:%M}-{local(call.until_at):%H:%M} {call.reason or ''}",
                "!",
            )
            for call in inbox.missed
        ]
        for message in inbox.unsent:
            told = _("En duda: {subject}") if message.state == "doubtful" else _("Sin enviar: {subject}")
            label = told.format(subject=message.subject)
            rows.append(Item(f"{UNSENT} {message.id}", label, message.last_error, "!"))
        return rows

    def _show_detail(self) -> None:
        row, text = self._row, self.query_one("#inbox-text", Static)
        asked = self._exceptions.get(row[1]) if row is not None and row[0] == EXCEPTION else None

        def shown(file: CaseFile) -> None:
            if self._row == row:
                self._file = file
                text.update(Content("\n").join([*_asked_lines(asked), *_lines(self._desk, file)]))

        if row is None or not (asked or row[0] in _CASES):
            self._file = None
            text.update("")
        else:
            key = asked.case_key if asked else row[1]
            self.ask("detail", lambda: self._desk.cases.file(key), shown)


def _asked_lines(asked: StoredException | None) -> list[Content]:
    """What a supervisor has to know of an exception to decide it."""
    if asked is None:
        return []
    what = " · ".join(filter(None, (_amount(asked), asked.what or "—")))
    return [plain(what, "bold"), plain(asked.why or "—"), Content()]


def _amount(asked: StoredException) -> str:
    from atencion.desk.case_writing import money_told

    return money_told(asked.amount_cents) if asked.amount_cents is not None else ""


def _lines(desk: Desk, file: CaseFile, *, with_items: bool = True) -> list[Content]:
    """What a supervisor has to know of a case, so that the customer repeats nothing; without what they ask for if it
    stands elsewhere.
    """
    from atencion.desk.case_keys import spoken_key
    from atencion.desk.handovers import handover_told
    from atencion.scripts.cases import status_label

    case = file.case
    lines = [
        Content.assemble((spoken_key(case.key), "bold"), "  ", plain_line(file.label), (" · ", "dim"))
        + plain_line(status_label(case.status), style="$quiet")
    ]
    for label, value in ((_("Cliente"), file.customer), (_("Contrato"), file.contract), (_("Lo lleva"), file.owner)):
        if value:
            lines.append(Content.assemble((f"{label} ", "$quiet"), plain_line(value)))
    lines += [plain(f"{item.number}. {item.text or '—'}") for item in file.items if with_items]
    for clock in file.clocks:
        if clock.state == "running":
            told = f"{desk.catalogue.norm(clock.norm).label}: {clock.due_on:%d/%m/%Y}"
            lines.append(plain_line(told, style="$warning"))
    for given in file.handovers[-1:]:
        lines += [Content(), plain_line(handover_told(desk.organisation, given), style="$quiet bold")]
        lines.append(plain(given.summary or "—"))
    comments = [event for event in file.events if event.kind in _SAID and event.value]
    for event in comments[-5:]:
        lines.append(plain_line(f"{desk.local(event.at):%d/%m %H:%M} {event.agent}: {event.value}", style="dim"))
    return lines


def _left(limit: datetime, now: datetime) -> str:
    seconds = max(0, int((limit - now).total_seconds()))
    return f"{seconds // 60}:{seconds % 60:02}"
