"""The call on screen. The frame keeps no rule: it asks the desk in a worker and paints what comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Horizontal
from textual.widget import Widget

from atencion.errors import AtencionError
from atencion.i18n import _
from atencion.screens.call.snapshot import Snapshot, take_snapshot
from atencion.screens.call.stage import Stage
from atencion.screens.room import Room
from atencion.scripts.acts import Act, Back
from atencion.widgets.call_bar import CallBar
from atencion.widgets.customer_card import CustomerCard
from atencion.widgets.key_bar import Key
from atencion.widgets.rail import Rail

if TYPE_CHECKING:
    from atencion.desk import Desk, Interaction
    from atencion.scripts.organisation import Organisation

T = TypeVar("T")

_TOOL_OF = {"identify": "lookup", "knowledge": "knowledge", "escalate": "escalate"}
"""The tool that a kind of step is, opened by itself."""


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
        Binding("f7", "fold('card')", show=False),
        Binding("f8", "leave_talk('skip')", show=False),
        Binding("f9", "leave_talk('cut_off')", show=False),
        Binding("ctrl+o", "stage_other", show=False),
        Binding("ctrl+g", "stage_also('judge')", show=False),
        Binding("ctrl+t", "stage_also('consult')", show=False),
        Binding("ctrl+l", "leave_open", show=False),
    ]

    def __init__(self, desk: Desk, call: Interaction, first: Snapshot) -> None:
        super().__init__()
        self.desk = desk
        self.call = call
        self._snapshot = first
        self._visit: tuple[int, str] | None = None
        self._stage: Stage | None = None
        self._tool: Stage | None = None
        self._writing = False
        self._arriving = False
        self._asking = 0
        self._fold: str | None = None
        self._focus_under: Widget | None = None

    @property
    def busy(self) -> bool:
        return self._writing or self._arriving or self._asking > 0

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
            yield Container(id="middle")
            yield CustomerCard(self.desk.local)

    def on_mount(self) -> None:
        self._paint(self._snapshot)

    def on_resize(self) -> None:
        # Which keys work depends on the width, whose classes are set after this.
        self.call_after_refresh(self._unfold)

    # What stages ask of the frame

    def act(self, *acts: Act, then: Callable[[], None] | None = None) -> None:
        """Record these acts, all or none, and paint where the call is then."""
        call = self.call
        self.do(lambda: call.record(*acts), (lambda _run: then()) if then else None)

    def do(self, what: Callable[[], T], then: Callable[[T], None] | None = None) -> None:
        """Do something that writes, one at a time: a key pressed twice does it once."""
        if self._writing:
            return
        self._writing = True
        self.quiet()
        self._do(what, then)

    def ask(self, about: str, question: Callable[[], T], then: Callable[[T], None]) -> None:
        """Read something. A newer question about the same, or another stage, drops the answer of this one."""
        self.run_worker(
            self._ask(question, then, self._tool or self._stage), exclusive=True, group=about, exit_on_error=False
        )

    def save_drafts(self, drafts: Mapping[str, str]) -> None:
        """Save what is being typed, in the background."""
        call = self.call

        def save() -> None:
            for slot, text in drafts.items():
                call.save_draft(slot, text)

        self.run_worker(self._quietly(save), group="drafts", exit_on_error=False)

    def close_tool(self) -> None:
        """Back to the step, where it was left."""
        tool, self._tool = self._tool, None
        if tool is not None:
            tool.save_drafts()
            tool.remove()
        if self._stage is not None:
            self._stage.display = True
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
        if self._tool is not None:
            was = self._tool.opened_as
            self.close_tool()
            if was == name:
                return
        if name == self._own_tool and self._stage is not None:
            self._show_fold(None)
            self._stage.focus_first()
        else:
            self._open_tool(name)

    def action_fold(self, name: str) -> None:
        if self._is_narrow:
            self._show_fold(None if self._fold == name else name)

    def action_leave_talk(self, how: str) -> None:
        if self._is_talking:
            self._open_tool(how)

    def action_stage_other(self) -> None:
        stage = self._tool or self._stage
        if stage is not None:
            stage.other()

    def action_stage_also(self, what: str) -> None:
        stage = self._tool or self._stage
        if stage is not None:
            stage.also(what)

    def action_stage_tick(self) -> None:
        stage = self._tool or self._stage
        if stage is not None:
            stage.tick()

    def action_leave_open(self) -> None:
        call = self.call
        self._flush()
        self.do(call.leave_open)

    def keys(self) -> list[Key]:
        if self._fold is not None:
            return [Key("Esc", _("Volver al paso"), "back", _("Cierra esto y vuelve al paso, que sigue igual."))]
        stage = self._tool or self._stage
        keys = [Key(_("Intro"), stage.main_label, "main", _("Lo principal de este paso."))] if stage else []
        if self._tool is not None:
            keys.append(Key("Esc", _("Volver al paso"), "back", _("Cierra esto y vuelve al paso, que sigue igual.")))
        keys += stage.keys() if stage else ()
        tools = {
            "lookup": Key("F2", _("Cliente"), "tool('lookup')", _("Busca al cliente y comprueba quién es.")),
            "knowledge": Key("F3", _("Artículos"), "tool('knowledge')", _("Busca la respuesta entre los artículos.")),
            "notes": Key("F4", _("Notas"), "tool('notes')", _("Anota algo, en cualquier momento.")),
            "escalate": Key(
                "F6", _("Derivar"), "tool('escalate')", _("Pasa la demanda a un departamento, con expediente y clave.")
            ),
        }
        keys += [key for name, key in tools.items() if name != self._own_tool]
        if self._is_talking:
            keys.append(Key("F8", _("Saltar"), "leave_talk('skip')", _("Deja el paso sin hacer, diciendo por qué.")))
        keys.append(Key("?", _("Ayuda"), "help", _("Esta ayuda. En un campo de texto, F1.")))
        if self._is_talking:
            keys.append(Key("F9", _("Cortada"), "leave_talk('cut_off')", _("El cliente ya no está: pasa al cierre.")))
        if self._is_narrow:
            keys += [
                Key("F5", _("Guion"), "fold('rail')", _("Muestra u oculta los pasos en pantallas estrechas.")),
                Key(
                    "F7", _("Ficha"), "fold('card')", _("Muestra u oculta la ficha del cliente en pantallas estrechas.")
                ),
            ]
        keys += [
            Key("Ctrl+L", _("Apartar"), "leave_open", _("Deja la llamada abierta y vuelve al inicio.")),
            Key("Ctrl+P", _("Acciones"), "palette", _("Busca cualquier acción por su nombre.")),
        ]
        if self._tool is None and self._snapshot.run.previous is not None:
            keys.append(Key("Esc", _("Paso anterior"), "back", _("Vuelve al paso anterior; lo escrito se conserva.")))
        return keys

    # Inside

    @property
    def _own_tool(self) -> str | None:
        """The tool that the current step is itself."""
        step = self._snapshot.step
        return _TOOL_OF.get(step.kind) if step is not None else None

    @property
    def _is_talking(self) -> bool:
        """Whether the customer is still there: a step may be skipped, the call cut off."""
        step = self._snapshot.step
        return step is not None and step.kind != "wrap_up"

    @property
    def _is_narrow(self) -> bool:
        """Whether rail and card are folded away."""
        return self.has_class("-narrow")

    def _unfold(self) -> None:
        if not self._is_narrow:
            self._show_fold(None)
        self.show_keys()

    @work(exit_on_error=False)
    async def _do(self, what: Callable[[], Any], then: Callable[[Any], None] | None) -> None:
        call = self.call

        def work_on_it() -> tuple[Any, Snapshot]:
            return what(), take_snapshot(call)

        try:
            result, snapshot = await asyncio.to_thread(work_on_it)
        except AtencionError as error:
            self.tell(error.message, error.remedy, wrong=True)
            return
        finally:
            self._writing = False
        if not self.is_attached:
            return
        self._paint(snapshot)
        if then is not None and self.is_attached:
            then(result)

    async def _ask(self, question: Callable[[], T], then: Callable[[T], None], asked_by: Widget | None) -> None:
        self._asking += 1
        try:
            answer = await asyncio.to_thread(question)
        except AtencionError as error:
            self.tell(error.message, error.remedy, wrong=True)
            return
        finally:
            self._asking -= 1
        if asked_by is (self._tool or self._stage) and asked_by is not None and asked_by.is_attached:
            then(answer)

    async def _quietly(self, save: Callable[[], None]) -> None:
        try:
            await asyncio.to_thread(save)
        except AtencionError as error:
            self.tell(error.message, error.remedy, wrong=True)

    def _paint(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        run = snapshot.run
        if run.status.value != "open":
            self.dismiss(run.status.value == "closed")
            return
        self.query_one(CallBar).show(run, agent=self.call.agent.alias, phone=self.call.phone)
        self.query_one(Rail).show(snapshot.rail)
        self.query_one(CustomerCard).show(snapshot.customer)
        visit = (len(run.path), run.step)
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
        for old in (self._stage, self._tool):
            if old is not None:
                old.save_drafts()
                old.remove()
        self._tool = None
        self._stage = _stage_for(snapshot)
        middle.mount(self._stage)
        self._show_fold(None)
        self._arriving = True

    def _open_tool(self, name: str) -> None:
        self.open_over(_tool(name, self._snapshot))

    def open_over(self, tool: Stage) -> None:
        """Open a tool over the step, instead of the one that is open if one is."""
        if self._stage is None or self._writing:
            return
        if self._tool is not None:
            self.close_tool()
        self._stage.save_drafts()
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

    def _flush(self) -> None:
        for stage in (self._tool, self._stage):
            if stage is not None:
                stage.save_drafts()

    def unsaved_drafts(self) -> dict[str, str]:
        """What is typed and not saved yet, for whoever ends the program."""
        unsaved: dict[str, str] = {}
        for stage in (self._tool, self._stage):
            if stage is not None:
                unsaved.update(stage.take_unsaved())
        return unsaved


def _stage_for(snapshot: Snapshot) -> Stage:
    """The stage of the current step."""
    from atencion.screens.call.escalate_stage import EscalateStage
    from atencion.screens.call.knowledge_stage import KnowledgeStage
    from atencion.screens.call.lookup_stage import LookupStage
    from atencion.screens.call.resolve_stage import ResolveStage
    from atencion.screens.call.script_stage import ScriptStage
    from atencion.screens.call.wrap_up_stage import WrapUpStage

    stages: dict[str, type[Stage]] = {
        "identify": LookupStage,
        "knowledge": KnowledgeStage,
        "resolve": ResolveStage,
        "escalate": EscalateStage,
        "wrap_up": WrapUpStage,
    }
    kind = snapshot.step.kind if snapshot.step is not None else "wrap_up"
    return stages.get(kind, ScriptStage)(snapshot)


def _tool(name: str, snapshot: Snapshot) -> Stage:
    """A tool, by the name its key gives it."""
    from atencion.screens.call.escalate_stage import EscalateStage
    from atencion.screens.call.knowledge_stage import KnowledgeStage
    from atencion.screens.call.lookup_stage import LookupStage
    from atencion.screens.call.notes_stage import NotesStage
    from atencion.screens.call.reason_stage import CutOffStage, SkipStage

    tool: Stage
    match name:
        case "lookup":
            tool = LookupStage(snapshot, tool=True)
        case "knowledge":
            tool = KnowledgeStage(snapshot, tool=True)
        case "escalate":
            tool = EscalateStage(snapshot, tool=True)
        case "skip":
            tool = SkipStage(snapshot)
        case "cut_off":
            tool = CutOffStage(snapshot)
        case _:
            tool = NotesStage(snapshot)
    tool.opened_as = name
    return tool
