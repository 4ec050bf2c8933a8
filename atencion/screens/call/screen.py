"""The call on screen. The frame keeps no rule: it asks the desk in a worker and paints what comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Horizontal
from textual.timer import Timer
from textual.widget import Widget

from atencion.errors import AtencionError
from atencion.i18n import _
from atencion.screens.call.drafts import Drafts
from atencion.screens.call.snapshot import Snapshot, take_snapshot
from atencion.screens.call.stage import Stage
from atencion.screens.call.stages import TOOL_OF, stage_for, tool_named
from atencion.screens.choosing import ChoosingScreen, languages
from atencion.screens.room import Room, broken_file_words
from atencion.scripts.acts import Act, Back, Jump, OpenMoment, Skip, Speak
from atencion.widgets.call_bar import CallBar
from atencion.widgets.customer_card import CustomerCard
from atencion.widgets.key_bar import Key
from atencion.widgets.pick_list import Item
from atencion.widgets.rail import Rail
from atencion.widgets.timer_line import TimerLine

if TYPE_CHECKING:
    from atencion.desk import Desk, Interaction
    from atencion.scripts.organisation import Organisation
    from atencion.scripts.protocol import SidePath
    from atencion.scripts.run import Run
    from atencion.seat import IncomingCall

T = TypeVar("T")

SAVE_AFTER = 0.8
"""Seconds after the last key when what is typed is saved."""


class CallScreen(Room):
    """One frame for the whole call. Closed with True when the call is over, False when it was left open."""

    CSS_PATH = "call.tcss"
    BINDINGS = [
        Binding("enter", "main", show=False),
        Binding("escape", "back", show=False),
        Binding("f2", "tool('lookup')", show=False),
        Binding("f3", "tool('knowledge')", show=False),
        Binding("f4", "tool('notes')", show=False),
        Binding("f5", "fold('rail')", show=False),
        Binding("f6", "tool('escalate')", show=False),
        Binding("f7", "card", show=False),
        Binding("f8", "leave_talk('skip')", show=False),
        Binding("f9", "leave_talk('cut_off')", show=False),
        Binding("ctrl+e", "tool('customer')", show=False, priority=True),
        Binding("ctrl+s", "stage_save", show=False, priority=True),
        Binding("ctrl+o", "stage_other", show=False),
        Binding("ctrl+k", "stage_also('judge')", show=False, priority=True),
        Binding("ctrl+d", "stage_also('consult')", show=False, priority=True),
        Binding("ctrl+d", "stage_also('exception')", show=False, priority=True),
        Binding("ctrl+l", "leave_open", show=False),
        Binding("ctrl+t", "moments", show=False),
        Binding("ctrl+f", "offer", show=False),
        Binding("ctrl+g", "language", show=False),
        Binding("ctrl+n", "stage_no_value", show=False),
        Binding("ctrl+r", "stage_send", show=False),
    ]

    def __init__(self, desk: Desk, call: Interaction, first: Snapshot, waiting: Sequence[IncomingCall] = ()) -> None:
        super().__init__()
        self.waiting = waiting
        """The calls that waited when this one was opened."""
        self.desk = desk
        self.call = call
        self.drafts = Drafts()
        self._saving: Timer | None = None
        self._snapshot = first
        self._visit: tuple[object, ...] = ()
        self._stage: Stage | None = None
        self._tool: Stage | None = None
        self._arriving = False
        self._fold: str | None = None
        self._focus_under: Widget | None = None
        self._under_tool: Widget | None = None

    @property
    def busy(self) -> bool:
        return super().busy or self._arriving

    @property
    def organisation(self) -> Organisation:
        """Who attends."""
        return self.desk.organisation

    @property
    def locked_words(self) -> str:
        """What to say when the identification is locked."""
        return " ".join(self.organisation.identity.locked_say.split())

    def compose_room(self) -> ComposeResult:
        yield CallBar(self.desk.now)
        with Horizontal(id="frame"):
            yield Rail()
            with Container(id="middle"):
                yield TimerLine(self.desk.now, "Ctrl+F")
            yield CustomerCard(self.desk.local)

    def on_mount(self) -> None:
        self._paint(self._snapshot)
        self.show_waiting(self.waiting)
        if self.call.file_problems:
            self.tell(*broken_file_words(self.call))

    def on_resize(self) -> None:
        # Which keys work depends on the width, whose classes are set after this.
        self.call_after_refresh(self._unfold)

    def on_timer_line_due(self) -> None:
        self.show_keys()

    def on_descendant_focus(self) -> None:
        self.show_keys()

    def on_descendant_blur(self) -> None:
        self.show_keys()

    @property
    def message(self) -> Callable[[str], bool] | None:
        """What puts words into what the step in hand writes to the customer; None if it writes nothing."""
        return self._stage.message if self._stage is not None and self._snapshot.step is not None else None

    # What stages ask of the frame

    def act(self, *acts: Act, then: Callable[[], None] | None = None, confirms: Iterable[str] = ()) -> None:
        """Record these acts, all or none, and paint where the call is then; as `do`."""
        call = self.call
        self.do(lambda: call.record(*acts), (lambda _run: then()) if then else None, confirms=confirms)

    def do(
        self, what: Callable[[], T], then: Callable[[T], object] | None = None, *, confirms: Iterable[str] = ()
    ) -> None:
        """As on any screen, and the drafts that it `confirms` are no drafts once it is written."""
        if self._doing:
            return
        self.drafts.send(confirms)
        call, seen, asked_by = self.call, _place(self._snapshot.run), self._tool or self._stage

        def work_on_it() -> tuple[list[T], Snapshot]:
            # What was written and could not be read back is shown first: what is meant now was meant for another step.
            results = [what()] if _place(call.run) == seen else []
            return results, take_snapshot(call)

        def done(found: tuple[list[T], Snapshot]) -> None:
            results, snapshot = found
            self.drafts.written()
            self._paint(snapshot)
            if then is not None and results and asked_by is (self._tool or self._stage):
                then(results[0])

        super().do(work_on_it, done)

    def refused(self, error: AtencionError) -> None:
        self.drafts.refused()
        self.tell(error.message, _sentence(error.remedy), wrong=True)

    def ask(self, about: str, question: Callable[[], T], then: Callable[[T], object]) -> None:
        """As on any screen; another stage drops the answer too."""
        asked_by = self._tool or self._stage

        def answered(answer: T) -> None:
            if asked_by is (self._tool or self._stage) and asked_by is not None and asked_by.is_attached:
                then(answer)

        super().ask(about, question, answered)

    def keep_draft(self, slot: str, text: str) -> None:
        """This was typed: it is saved a moment after the last key. What was said of before is no longer so."""
        self.quiet()
        self.drafts.put(slot, text)
        if self._saving is not None:
            self._saving.stop()
        self._saving = self.set_timer(SAVE_AFTER, self._save_drafts)

    def close_tool(self) -> None:
        """Back to the step, where it was left."""
        tool, self._tool = self._tool, None
        if tool is not None:
            self._save_drafts()
            tool.remove()
            self._arriving = False  # it may be closed before it was there whole, and then it never says so
        if self._stage is not None:
            self._stage.display = True
            if self._under_tool is not None and _is_there(self._under_tool):
                self._stage.focus_on(self._under_tool)
            else:
                self._stage.focus_first()
        self._show_fold(None)
        self.show_keys()

    def welcome(self, stage: Stage) -> None:
        """A new stage is there whole: it gets the focus."""
        if stage is (self._tool or self._stage):
            self._arriving = False
            stage.focus_first()
            self.show_keys()

    # Keys

    def action_main(self) -> None:
        stage = self._tool or self._stage
        if self._fold is not None:
            self._show_fold(None)
        elif stage is not None:
            stage.main()

    def action_back(self) -> None:
        if self._fold is not None:
            self._show_fold(None)
        elif self._tool is not None:
            self.close_tool()
        elif (to := self._snapshot.run.previous) is not None:
            self.act(Back(to))

    def action_tool(self, name: str) -> None:
        if name in ("customer", "file") and name not in self._customer_keys():
            return
        searched = self._searched
        if self._tool is not None:
            was = self._tool.opened_as
            self.close_tool()
            if was == name:
                return
        if name == self._own_tool and self._stage is not None:
            self._show_fold(None)
            self._stage.focus_first()
        else:
            self._open_tool(name, searched)

    def action_fold(self, name: str) -> None:
        if self._is_narrow:
            self._show_fold(None if self._fold == name else name)

    def action_card(self) -> None:
        if self._is_narrow:
            self.action_fold("card")
        else:
            self.action_tool("file")

    def action_leave_talk(self, how: str) -> None:
        step = self._snapshot.step
        if how == "skip" and step is not None and step.optional:
            self._leave_for(Skip(""))
        elif self._is_talking:
            self._open_tool(how)

    def action_moments(self) -> None:
        moments = self._moments()
        if not moments:
            self.tell(_("Este protocolo no tiene momentos difíciles."), _("F6 deriva y F4 anota, en cualquier paso."))
            return
        items = [Item(one.id, one.title, one.hint or "") for one in moments]
        screen = ChoosingScreen(_("Qué pasa"), items, picked=self.query_one(TimerLine).offered, key="ctrl+t")
        self.app.push_screen(screen, lambda moment: self.action_moment(moment) if moment else None)

    def action_moment(self, moment: str) -> None:
        self._leave_for(OpenMoment(moment))

    def action_jump(self, step: str) -> None:
        self._leave_for(Jump(step))

    def action_offer(self) -> None:
        offered = self.query_one(TimerLine).offered
        if offered in self._snapshot.run.protocol.path:
            self.action_moment(offered or "")
        elif offered is not None:
            self.action_jump(offered)

    def action_language(self) -> None:
        def chosen(language: str | None) -> None:
            if language is not None and language != self._snapshot.run.language:
                self._leave_for(Speak(language))

        self.app.push_screen(languages(self._snapshot.run.language, "ctrl+g"), chosen)

    def action_treat(self, register: str) -> None:
        self._leave_for(Speak(register=register))

    def action_stage_no_value(self) -> None:
        stage = self._tool or self._stage
        if stage is not None:
            stage.no_value()

    def action_stage_send(self) -> None:
        stage = self._tool or self._stage
        if stage is not None:
            stage.send()

    def action_stage_other(self) -> None:
        stage = self._tool or self._stage
        if stage is not None:
            stage.other()

    def action_stage_save(self) -> None:
        if self._tool is not None:
            self._tool.save()

    def action_stage_also(self, what: str) -> None:
        stage = self._tool or self._stage
        if stage is not None:
            stage.also(what)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # These keys go before a field's own, and only where the stage has them.
        if action == "stage_also":
            stage = self._tool or self._stage
            own = stage.keys() if stage is not None else ()
            return f"stage_also({parameters[0]!r})" in [key.action for key in own]
        return super().check_action(action, parameters)

    def action_stage_tick(self) -> None:
        stage = self._tool or self._stage
        if stage is not None:
            stage.tick()

    def action_leave_open(self) -> None:
        call, typed = self.call, self.drafts.unsaved()

        def leave() -> None:
            save_drafts(call, typed)
            call.leave_open()

        self.do(leave, confirms=typed)

    def keys(self) -> list[Key]:
        if self._fold is not None:
            return [Key("Esc", _("Volver al paso"), "back", _("Cierra esto y vuelve al paso, que sigue igual."))]
        stage = self._tool or self._stage
        keys = [stage.main_key] if stage else []
        if self._tool is not None:
            keys.append(Key("Esc", _("Volver al paso"), "back", _("Cierra esto y vuelve al paso, que sigue igual.")))
        keys += stage.keys() if stage else ()
        if self._is_talking and self._moments():
            told = _("Momentos difíciles: abre unos pasos aparte y vuelve a este, que sigue igual.")
            keys.append(Key("Ctrl+T", _("Momentos"), "moments", told))
        tools = {
            "lookup": Key("F2", _("Cliente"), "tool('lookup')", _("Busca al cliente y comprueba quién es.")),
            "knowledge": Key("F3", _("Artículos"), "tool('knowledge')", _("Busca la respuesta entre los artículos.")),
            "notes": Key("F4", _("Notas"), "tool('notes')", _("Anota algo, en cualquier momento.")),
            "escalate": Key(
                "F6", _("Derivar"), "tool('escalate')", _("Pasa la demanda a un departamento, con expediente y clave.")
            ),
        }
        keys += [key for name, key in tools.items() if name != self._own_tool]
        keys += [key for key in self._tools_of_customer() if key.name]
        if self._is_talking:
            keys.append(Key("F8", _("Saltar"), "leave_talk('skip')", _("Deja el paso sin hacer, diciendo por qué.")))
        help_key = "F1" if self._is_typing else "?"
        keys.append(Key(help_key, _("Ayuda"), "help", _("Esta ayuda. En un campo de texto, F1.")))
        if self._is_talking:
            keys.append(Key("F9", _("Cortada"), "leave_talk('cut_off')", _("El cliente ya no está: pasa al cierre.")))
        if self._is_narrow:
            keys += [
                Key("F5", _("Guion"), "fold('rail')", _("Muestra u oculta los pasos en pantallas estrechas.")),
                Key("F7", _("Ficha"), "card", _("Muestra u oculta la ficha del cliente en pantallas estrechas.")),
            ]
        if self.query_one(TimerLine).offered is not None:
            keys.append(Key("Ctrl+F", _("Lo que se ofrece"), "offer", _("Abre lo que ofrece el aviso de tiempo.")))
        keys += [
            Key("Ctrl+G", _("Lengua"), "language", _("Sigue en otra lengua.")),
            Key("Ctrl+L", _("Apartar"), "leave_open", _("Deja la llamada abierta y vuelve al inicio.")),
            Key("Ctrl+P", _("Acciones"), "palette", _("Busca cualquier acción por su nombre.")),
        ]
        if self._tool is None and self._snapshot.run.previous is not None:
            keys.append(Key("Esc", _("Paso anterior"), "back", _("Vuelve al paso anterior; lo escrito se conserva.")))
        return keys

    def more_actions(self) -> list[Key]:
        """What the palette offers beside the keys: what has none, the other form of address, the moments, and the steps
        that can be gone to.
        """
        run = self._snapshot.run
        moments = [Key("", one.title, f"moment('{one.id}')", one.hint or "") for one in self._moments()]
        steps = [one for one in run.protocol.steps if one.jump and one.id != run.step]
        keyless = [key for key in self._tools_of_customer() if not key.name]
        jumps = [Key("", _("Ir a «{step}»").format(step=one.title), f"jump('{one.id}')") for one in steps]
        formal = Key("", _("Tratar de usted"), "treat('formal')", _("Sigue con los textos que tratan de usted."))
        familiar = Key("", _("Tratar de tú"), "treat('familiar')", _("Sigue con los textos que tratan de tú."))
        exception = Key("", _("Pedir una excepción"), "tool('exception')", _("A supervisión, en un expediente."))
        return [*keyless, exception, familiar if run.register == "formal" else formal, *moments, *jumps]

    # Inside

    def _moments(self) -> list[SidePath]:
        """The moments that are not open."""
        run = self._snapshot.run
        opened = {frame.path for frame in run.stack}
        return [one for one in run.protocol.moments if one.id not in opened]

    def _leave_for(self, act: Act) -> None:
        """Leave the step for something from which one comes back: what is typed is saved before."""
        call, typed = self.call, self.drafts.unsaved()

        def leave() -> None:
            save_drafts(call, typed)
            call.record(act)

        self.do(leave, confirms=typed)

    @property
    def _own_tool(self) -> str | None:
        """The tool that the current step is itself."""
        step = self._snapshot.step
        return TOOL_OF.get(step.kind) if step is not None else None

    def _customer_keys(self) -> dict[str, Key]:
        """The tools for the customer's own data: to write one down, or to see and correct one that may be seen."""
        customer = self._snapshot.customer
        if customer is None:
            return {
                "customer": Key(
                    "Ctrl+E", _("Registrar"), "tool('customer')", _("Registra al cliente que no está en el almacén.")
                )
            }
        if not (customer.verified or customer.registered):
            return {}
        return {
            "customer": Key("Ctrl+E", _("Corregir"), "tool('customer')", _("Corrige los datos del cliente.")),
            "file": Key(
                "" if self._is_narrow else "F7",
                _("Ficha completa"),
                "tool('file')",
                _("Todo lo que hay del cliente, con su historial."),
            ),
        }

    def _tools_of_customer(self) -> list[Key]:
        """Those that are not open."""
        opened = self._tool.opened_as if self._tool is not None else ""
        return [key for name, key in self._customer_keys().items() if name != opened]

    @property
    def _is_talking(self) -> bool:
        """Whether the customer is still there: a step may be skipped, the call cut off."""
        step = self._snapshot.step
        return step is not None and step.kind != "wrap_up"

    @property
    def _is_typing(self) -> bool:
        """Whether a question mark would be written instead of asking for help."""
        return self.focused is not None and self.focused.check_consume_key("question_mark", "?")

    @property
    def _is_narrow(self) -> bool:
        """Whether rail and card are folded away."""
        return self.has_class("-narrow")

    def _unfold(self) -> None:
        if not self._is_narrow:
            self._show_fold(None)
        self.show_keys()

    def _save_drafts(self) -> None:
        if taken := self.drafts.take():
            self.run_worker(self._save(taken), group="drafts", exit_on_error=False)

    async def _save(self, taken: dict[str, str]) -> None:
        try:
            await asyncio.to_thread(save_drafts, self.call, taken)
        except AtencionError as error:
            self.drafts.not_saved(taken)
            self.tell(error.message, error.remedy, wrong=True)
        else:
            self.drafts.saved(taken)

    def _paint(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        run = snapshot.run
        if run.status.value != "open":
            self.dismiss(run.status.value == "closed")
            return
        self.query_one(CallBar).show(run, agent=self.call.agent.alias, phone=self.call.phone)
        self.query_one(Rail).show(snapshot.rail)
        self.query_one(CustomerCard).show(snapshot.customer)
        self.query_one(TimerLine).show(run, snapshot.step.timers if snapshot.step is not None else ())
        visit = (len(run.path), run.step, run.language, run.register)
        if visit == self._visit:
            for stage in (self._stage, self._tool):
                if stage is not None:
                    stage.refreshed(snapshot)
        else:
            self._visit = visit
            self._replace_stage(snapshot)
        self.show_keys()

    def _replace_stage(self, snapshot: Snapshot) -> None:
        middle = self.query_one("#middle")
        self._save_drafts()
        for old in (self._stage, self._tool):
            if old is not None:
                old.remove()
        self._tool = self._under_tool = None
        self._stage = stage_for(snapshot)
        middle.mount(self._stage)
        self._show_fold(None)
        self._arriving = True

    @property
    def _searched(self) -> str:
        """What is being looked for, over the step or in it."""
        return next((each.searched for each in (self._tool, self._stage) if each is not None and each.searched), "")

    def _open_tool(self, name: str, searched: str = "") -> None:
        self.open_over(tool_named(name, self._snapshot, searched))

    def open_over(self, tool: Stage) -> None:
        """Open a tool over the step, instead of the one that is open if one is."""
        if self._stage is None or self._doing:
            return
        if self._tool is not None:
            self.close_tool()
        self._save_drafts()
        if self.focused is None or self._stage in self.focused.ancestors:
            self._under_tool = self.focused
        self._stage.display = False
        self._show_fold(None)
        self._tool = tool
        self.query_one("#middle").mount(tool)
        self._arriving = True
        self.quiet()

    def _show_fold(self, name: str | None) -> None:
        """Open the rail or the card over the stage, or give the stage back with the focus where it was."""
        if self._fold is None:
            self._focus_under = self.focused
        under, self._fold = self._focus_under if self._fold is not None else None, name
        for each in ("rail", "card"):
            self.set_class(each == name, f"-{each}-over")
        self.show_keys()
        if name is None and under is not None and under.is_attached:
            under.focus(scroll_visible=False)
        elif name is not None:
            self.set_focus(None)


def _is_there(widget: Widget) -> bool:
    """Whether a widget is still there and shown."""
    return widget.is_attached and all(node.display for node in widget.ancestors_with_self if isinstance(node, Widget))


def save_drafts(call: Interaction, drafts: Mapping[str, str]) -> None:
    """Save what is typed and not confirmed, by field. In a worker: it writes."""
    for slot, text in drafts.items():
        call.save_draft(slot, text)


def _sentence(remedy: str) -> str:
    """A remedy that follows a message of its own: it begins with a capital, unless it is a command."""
    return remedy if remedy.startswith("atencion ") else remedy[:1].upper() + remedy[1:]


def _place(run: Run) -> tuple[int, str, str]:
    """Where a call stands on its way."""
    return len(run.path), run.step, run.status.value
