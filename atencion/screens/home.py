"""Between calls: take the next one, take up one that was left, see how the day goes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from atencion.errors import AtencionError
from atencion.i18n import _, ngettext
from atencion.screens.room import Room, broken_file_words, waiting_words
from atencion.screens.type_ahead import TURN
from atencion.widgets.key_bar import Key
from atencion.widgets.pick_list import Item, PickList
from atencion.widgets.plain import plain, plain_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from atencion.data.agents import StoredAgent
    from atencion.data.callback_promises import Callback
    from atencion.data.interactions import DayCounts
    from atencion.desk import Desk, Interaction, OpenCall
    from atencion.desk.inbox import AtHome
    from atencion.screens.call.snapshot import Snapshot
    from atencion.seat import IncomingCall


AT_ONCE = 200
"""Protocols that are listed at once; of more, the usual one comes first and the others when they have been read."""


@dataclass(frozen=True)
class _Day:
    channels: list[str]
    calls: list[OpenCall]
    counts: DayCounts


class HomeScreen(Room):
    """Painted before the store is open; what is pressed meanwhile is done when it is."""

    CSS_PATH = "home.tcss"
    BINDINGS = [
        Binding("enter", "begin", show=False),
        Binding("f2", "twins", show=False),
        Binding("f3", "upkeep", show=False),
        Binding("ctrl+g", "language", show=False),
        Binding("ctrl+y", "protocols", show=False),
        Binding("ctrl+x", "quit", show=False),
        Binding("f4", "seen", show=False),
        Binding("f6", "inbox", show=False),
    ]

    def __init__(self, taken: Callable[[IncomingCall], None] = lambda call: None) -> None:
        super().__init__()
        self.taken = taken
        """Told of each call that is taken from among those that wait."""
        self._desk: Desk | None = None
        self._agent: StoredAgent | None = None
        self._awaited = True
        self._eager = False
        self._news = ""
        self._channels: list[str] = []
        self._waiting: tuple[IncomingCall, ...] = ()
        self._day: _Day | None = None
        self._at_home: AtHome | None = None
        self._in_inbox = 0

    def compose_room(self) -> ComposeResult:
        with Vertical(id="home"):
            yield Static("atencion", id="home-name", markup=False)
            yield Static(_("Abriendo el almacén…"), id="home-who", markup=False)
            yield PickList(rows=12, id="home-calls")
            yield Static(id="home-day", markup=False)

    def on_mount(self) -> None:
        self.query_one("#home-calls").display = False
        self.show_keys()

    def on_screen_resume(self) -> None:
        if self._desk is not None:
            self._awaited = True
            self._load()

    def ready(self, desk: Desk, agent: StoredAgent) -> None:
        """The store is open and it is known who attends."""
        self._desk, self._agent = desk, agent
        self._load()

    def failed(self, error: AtencionError) -> None:
        """The store cannot be opened: what happened, and what to do."""
        self._awaited = self._eager = False
        self.query_one("#home-who", Static).update(plain(error.message, "$error bold"))
        day = self.query_one("#home-day", Static)
        day.update(Content.assemble(plain(error.remedy), "\n\n", (_("Ctrl+X sale."), "$quiet")))

    @property
    def busy(self) -> bool:
        return super().busy or self._eager

    def show_waiting(self, calls: Sequence[IncomingCall]) -> None:
        # Here they stand in the list, to be taken.
        self._waiting = tuple(calls)
        if self._day is not None:
            self._list(self._day.calls)

    def keys(self) -> list[Key]:
        return [
            Key(
                _("Intro"),
                _("Atender"),
                "begin",
                _("Abre un contacto por el canal señalado, o retoma el que quedó a medias."),
            ),
            *self._keys_for_now(),
            Key("Ctrl+P", _("Acciones"), "palette", _("Busca cualquier acción por su nombre.")),
            *self._supervisor_keys(),
            Key("↑↓", _("Elegir"), "nothing", _("Señala otra fila; también su número, o parte de su nombre.")),
            Key("Ctrl+G", _("Otra lengua"), "language", _("Abre el contacto en otra lengua, que se elige antes.")),
            Key("?", _("Ayuda"), "help", _("Esta ayuda.")),
            Key("Ctrl+X", _("Salir"), "quit", _("Cierra el puesto. No se pierde nada.")),
            Key("F3", _("Artículos"), "upkeep", _("Preguntas sin respuesta, y artículos que revisar.")),
            Key(
                "Ctrl+Y",
                _("Protocolos"),
                "protocols",
                _("Enseña los protocolos y cómo está cada uno, para quien los escribe."),
            ),
        ]

    def _keys_for_now(self) -> list[Key]:
        """What waits for a supervisor, and what is new for whoever attends."""
        found = []
        if self._agent is not None and self._agent.role == "supervisor":
            label = _("Bandeja ({n})").format(n=self._in_inbox) if self._in_inbox else _("Bandeja")
            found.append(Key("F6", label, "inbox", _("Lo que espera a supervisión.")))
        if self._has_news:
            found.append(Key("F4", _("Visto"), "seen", _("Da por leído lo que fue de lo que derivó o pidió.")))
        return found

    def action_inbox(self) -> None:
        if self._desk is not None and self._agent is not None and self._agent.role == "supervisor":
            from atencion.screens.inbox import InboxScreen

            self.app.push_screen(InboxScreen(self._desk, self._agent))

    def action_seen(self) -> None:
        desk, agent, shown = self._desk, self._agent, self._at_home
        if desk is not None and agent is not None and shown is not None and self._has_news:
            from atencion.desk.inbox import see_news

            self.do(lambda: see_news(desk, agent, shown), lambda _seen: self._load())

    @property
    def _has_news(self) -> bool:
        return self._at_home is not None and bool(self._at_home.news or self._at_home.exceptions)

    def action_begin(self) -> None:
        # Calls may come and go until the list is read: what Enter takes is in the list that is to come.
        if self._awaited:
            self._eager = True
            return
        item = self.query_one(PickList).highlighted
        if item is not None:
            self._begin(item.id)

    def _supervisor_keys(self) -> list[Key]:
        if self._agent is None or self._agent.role != "supervisor":
            return []
        return [Key("F2", _("Repetidos"), "twins", _("Clientes que pueden ser uno: unirlos, o decir que son dos."))]

    def action_twins(self) -> None:
        if self._desk is None or self._agent is None or not self._supervisor_keys():
            return
        from atencion.screens.twins import TwinsScreen

        self.app.push_screen(TwinsScreen(self._desk, self._agent))

    def action_upkeep(self) -> None:
        if self._desk is not None and self._agent is not None:
            from atencion.screens.upkeep import UpkeepScreen

            self.app.push_screen(UpkeepScreen(self._desk, self._agent))

    def action_language(self) -> None:
        item = self.query_one(PickList).highlighted
        if item is None or self._awaited or item.id.startswith("resume"):
            return
        from atencion.screens.choosing import languages

        def chosen(language: str | None) -> None:
            if language is not None:
                self._begin(item.id, language)

        self.app.push_screen(languages("", "ctrl+g"), chosen)

    def action_protocols(self) -> None:
        if self._desk is not None:
            from atencion.screens.protocols import ProtocolsScreen

            self.app.push_screen(ProtocolsScreen(self._desk.catalogue.folder))

    def action_quit(self) -> None:
        self.app.exit(0)

    @on(PickList.Picked)
    def _picked(self, _event: PickList.Picked) -> None:
        self.action_begin()

    @work(exclusive=True, exit_on_error=False, group="load")
    async def _load(self) -> None:
        desk, agent = self._desk, self._agent
        assert desk is not None and agent is not None

        def read_home() -> AtHome:
            from atencion.desk import inbox

            return inbox.read_home(desk, agent)

        def read() -> _Day:
            return _Day(desk.catalogue.channels_at_hand(), desk.open_interactions(agent), desk.my_day(agent))

        try:
            day = await asyncio.to_thread(read)
            if not self._eager:  # Who already wants to attend does not wait for what is due.
                self._at_home = await asyncio.to_thread(read_home)
        except AtencionError as error:
            self._awaited = self._eager = False
            self.tell(error.message, error.remedy, wrong=True)
            return
        self._show(day)
        self._awaited = False
        if self._eager:
            self._eager = False
            self.action_begin()
        self._look_closer(day)

    @work(exclusive=True, exit_on_error=False, group="headers")
    async def _look_closer(self, day: _Day) -> None:
        """Read what takes longer once the screen answers: how much waits in a supervisor's inbox, and which channels
        the headers of the protocols are for, beside their folders.
        """
        desk, agent = self._desk, self._agent
        assert desk is not None and agent is not None
        while self._doing:
            await asyncio.sleep(TURN)
        if self.app.screen is not self:
            return  # Coming back here reads all of it again.
        try:
            if agent.role == "supervisor":
                from atencion.desk.inbox import read_inbox

                self._in_inbox = (await asyncio.to_thread(read_inbox, desk)).count
                self.show_keys()
            found = await asyncio.to_thread(desk.openings, agent)
        except AtencionError as error:
            self.tell(error.message, error.remedy, wrong=True)
            return
        usable = {channel for one in found for channel in one.channels}
        channels = [channel.id for channel in desk.organisation.channels if channel.id in usable]
        if channels != self._channels:
            self._channels = channels
            self._list(day.calls)

    def _show(self, day: _Day) -> None:
        desk, agent = self._desk, self._agent
        assert desk is not None and agent is not None
        who = Content.assemble(
            plain_line(desk.organisation.name, style="bold"), ("  ·  ", "dim"), plain_line(agent.alias)
        )
        self.query_one("#home-who", Static).update(who)
        self._day, self._channels = day, day.channels
        calls = self._list(day.calls)
        news = [self._news] if self._news else []
        if calls:
            left = ngettext(
                "Quedó {n} contacto a medias: en la lista se retoma donde estaba.",
                "Quedaron {n} contactos a medias: en la lista se retoman donde estaban.",
                len(calls),
            )
            news.append(left.format(n=len(calls)))
        if news:
            self.tell(" ".join(news))
        else:
            self.quiet()
        self.query_one("#home-calls").focus()
        self.query_one("#home-day", Static).update(_day(day.counts, self._at_home))
        self.show_keys()

    def _list(self, calls: Sequence[OpenCall]) -> list[Item]:
        """Fill the list with the calls that wait, those left open or promised and the channels; returns those left."""
        desk = self._desk
        assert desk is not None
        waiting = [Item(f"pop {one.call_id or one.phone}", waiting_words(one), "", "☎") for one in self._waiting]
        resumed = [
            Item(
                f"resume {call.id}",
                _("Retomar: {step}").format(step=call.step_title),
                "  ".join(filter(None, (f"{desk.local(call.last_at):%d/%m %H:%M}", call.customer, call.phone))),
                "!",
            )
            for call in calls
        ]
        names = {one.id: one.name for one in desk.organisation.channels}
        following = _("Siguiente llamada")
        if len(self._channels) == 1:
            channels = [Item(f"open {one}", following, names[one]) for one in self._channels]
        else:
            channels = [Item(f"open {one}", names[one], following if one == "phone" else "") for one in self._channels]
        promised = self._at_home.callbacks if self._at_home is not None else ()
        calls_list = self.query_one("#home-calls", PickList)
        calls_list.display = True
        before = {item.id for item in calls_list.items}
        calls_list.fill(
            [*waiting, *resumed, *(_promised(desk, one) for one in promised), *channels],
            empty=_("No hay ningún protocolo que se pueda usar: atencion protocol check"),
        )
        # One that was just left, or found at the start, comes first to hand; otherwise the list keeps its place.
        if arrived := [item.id for item in (*waiting, *resumed) if item.id not in before]:
            calls_list.highlight(arrived[0])
        return resumed

    def _begin(self, what: str, language: str | None = None) -> None:
        """Take up a call, or open a contact on a channel, by the protocol that is chosen if there are several."""
        desk, agent = self._desk, self._agent
        if desk is None or agent is None or self._doing:
            return
        verb, _space, name = what.partition(" ")
        if verb == "resume":
            self._enter(lambda: desk.resume(int(name), agent))
            return
        if verb == "back":
            self._enter(lambda: desk.call_back(agent, int(name)))
            return
        popped = next((one for one in self._waiting if (one.call_id or one.phone) == name), None)
        if verb == "pop" and popped is None:
            return
        popped, channel = (popped, "phone") if verb == "pop" else (None, name)
        phone = popped.phone if popped is not None else None

        def opened(protocol_id: str | None) -> None:
            if protocol_id is not None:
                self._enter(
                    lambda: desk.open_interaction(agent, protocol_id, channel=channel, language=language, phone=phone),
                    popped,
                )

        self._find_protocol(desk, agent, channel, opened)

    def _find_protocol(self, desk: Desk, agent: StoredAgent, channel: str, then: Callable[[str | None], None]) -> None:
        def openings() -> list[Item]:
            return [Item(one.id, one.title) for one in desk.openings(agent, channel)]

        def begin() -> tuple[list[Item], bool]:
            usual = desk.usual_opening(agent, channel) if desk.catalogue.count() > AT_ONCE else None
            return ([Item(usual.id, usual.title)], True) if usual is not None else (openings(), False)

        def choose(chosen_from: tuple[list[Item], bool]) -> None:
            found, are_more = chosen_from
            if not found:
                told = _("Ningún protocolo de este canal se puede abrir hoy.")
                self.tell(told, "atencion protocol check", wrong=True)
            elif len(found) == 1 and not are_more:
                then(found[0].id)
            else:
                from atencion.screens.choosing import ChoosingScreen

                name = desk.organisation.channel[channel].name
                question = _("{channel}: qué protocolo").format(channel=name)
                screen = ChoosingScreen(question, found, all_of_them=openings if are_more else None)
                self.app.push_screen(screen, then)

        self.do(begin, choose)

    def _enter(self, begin: Callable[[], Interaction], popped: IncomingCall | None = None) -> None:
        def beginning() -> tuple[Interaction, Snapshot]:
            from atencion.screens.call.snapshot import take_snapshot

            call = begin()
            return call, take_snapshot(call)

        def enter(begun: tuple[Interaction, Snapshot]) -> None:
            from atencion.screens.call.screen import CallScreen

            call, snapshot = begun
            assert self._desk is not None
            if popped is not None:
                self.taken(popped)
            ended = partial(self._ended, call)
            self.app.push_screen(CallScreen(self._desk, call, snapshot, self._waiting), ended)

        self.do(beginning, enter)

    def _ended(self, call: Interaction, closed: bool | None) -> None:
        ended = _("Contacto cerrado.") if call.is_written else _("Llamada cerrada.")
        news = [ended] if closed else []
        if call.file_problems:
            news.append(" ".join(broken_file_words(call)))
        self._news = " ".join(news)


def _promised(desk: Desk, call: Callback) -> Item:
    window = f"{desk.local(call.from_at):%H:%M}-{desk.local(call.until_at):%H:%M}"
    mark = "!" if call.from_at <= desk.now() else ""
    said = f"{window}  {call.phone or ''}  {call.reason or ''}".rstrip()
    return Item(f"back {call.id}", _("Devolver llamada"), said, mark)


def _day(counts: DayCounts, at_home: AtHome | None) -> Content:
    solved = sum(number for outcome, number in counts.outcomes.items() if outcome)
    mean = counts.talk_seconds // counts.closed if counts.closed else 0
    rows = [
        (_("Atendidas hoy"), str(counts.opened)),
        (_("Cerradas"), str(counts.closed)),
        (_("Con resultado"), str(solved)),
        (_("Tiempo medio"), f"{mean // 60:02}:{mean % 60:02}" if counts.closed else "—"),
    ]
    if at_home is not None and at_home.due_today:
        rows.append((_("Vencen hoy"), str(at_home.due_today)))
    if at_home is not None and at_home.tasks:
        rows.append((_("Tareas"), str(at_home.tasks)))
    width = max(len(label) for label, _number in rows)
    lines = [Content.styled(_("Mi día"), "bold")]
    lines += [Content.assemble((label.ljust(width + 2), "$quiet"), (number.rjust(6), "")) for label, number in rows]
    news = at_home.news if at_home is not None else ()
    if news:
        lines += [Content(), Content.styled(_("De lo que derivó"), "bold")]
    fates = {
        "accepted": _("{key} aceptado por {agent}"),
        "returned": _("{key} devuelto por {agent}"),
        "gone_on": _("{key} atendido por {agent}"),
    }
    for one in news:
        what = fates[one.state].format(key=one.case_key, agent=one.decided_by)
        lines.append(plain_line(f"{what}: {one.comment}" if one.comment else what))
    exceptions = at_home.exceptions if at_home is not None else ()
    if exceptions:
        lines += [Content(), Content.styled(_("Excepciones que pidió"), "bold")]
    for asked in exceptions:
        told = _("{key} rechazada por {agent}") if asked.state == "refused" else _("{key} aprobada por {agent}")
        lines.append(plain_line(f"{told.format(key=asked.case_key, agent=asked.decided_by)}: {asked.reason or ''}"))
    return Content("\n").join(lines)
