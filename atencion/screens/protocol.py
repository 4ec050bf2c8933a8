"""A protocol drawn as its author writes it: the flow, the texts as they would be said, problems at their line.

It looks at the files twice a second. A file that was saved is shown anew, with the step in hand kept; while it cannot
be used, its problems are told and the last drawing stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from atencion.i18n import _, ngettext
from atencion.screens.protocols import LOOK_EVERY, problem_line
from atencion.screens.room import Room
from atencion.widgets.key_bar import Key
from atencion.widgets.pick_list import Item, PickList
from atencion.widgets.plain import plain, plain_line

if TYPE_CHECKING:
    from atencion.scripts.catalogue import LoadedProtocol
    from atencion.scripts.document import Mark
    from atencion.scripts.drawing import TreeLine
    from atencion.scripts.preview import Preview
    from atencion.scripts.protocol import Protocol, Step

_SHOWN = 4
"""Problems shown at the foot; the first row of the flow tells them all."""


class ProtocolScreen(Room):
    """One protocol. The arrows go along its flow; letters change the contact its texts are said to."""

    CSS_PATH = "protocols.tcss"
    BINDINGS = [
        Binding("escape", "leave", show=False),
        Binding("l", "turn('language')", show=False),
        Binding("c", "turn('channel')", show=False),
        Binding("t", "turn('register')", show=False),
        Binding("r", "look", show=False),
    ]

    def __init__(self, folder: Path, protocol_id: str) -> None:
        super().__init__()
        self._folder = folder
        self._protocol_id = protocol_id
        self._now: Preview | None = None
        self._good: LoadedProtocol | None = None
        self._lines: dict[str, TreeLine] = {}
        self._contact: dict[str, int] = {"language": 0, "channel": 0, "register": 0}
        self._seen: object = None

    def compose_room(self) -> ComposeResult:
        yield Static(id="protocol-head", markup=False)
        yield Static(id="protocol-state", markup=False)
        with Horizontal(id="protocol-body"):
            yield PickList(id="flow", by_typing=False, empty=_("Leyendo…"))
            with VerticalScroll(id="step"):
                yield Static(id="step-text", markup=False)
        yield Static(id="protocol-problems", markup=False)

    def on_mount(self) -> None:
        self.query_one("#protocol-head", Static).update(plain_line(self._protocol_id, style="bold"))
        self.query_one(PickList).focus()
        self.show_keys()
        self.look_every(LOOK_EVERY, self._read, self._show_if_new)

    def on_resize(self) -> None:
        self._fit()

    def keys(self) -> list[Key]:
        return [
            Key("↑↓", _("Pasos"), "nothing", _("Recorre el flujo, con los textos al lado.")),
            Key("L", _("Idioma"), "turn('language')", _("Enseña los textos en el idioma siguiente.")),
            Key("C", _("Canal"), "turn('channel')", _("Enseña los textos del canal siguiente.")),
            Key("T", _("Trato"), "turn('register')", _("Cambia entre usted y tú.")),
            Key("Tab", _("Texto"), "nothing", _("Pasa del flujo al texto, para leerlo entero con las flechas.")),
            Key("R", _("Releer"), "look", _("Mira ahora mismo si ha cambiado algún fichero.")),
            Key("Esc", _("Volver"), "leave", _("Vuelve a la lista de protocolos.")),
            Key("?", _("Ayuda"), "help", _("Esta ayuda.")),
            Key("Ctrl+P", _("Acciones"), "palette", _("Busca cualquier acción por su nombre.")),
        ]

    def action_leave(self) -> None:
        self.dismiss(True)

    def action_turn(self, what: str) -> None:
        """Say the texts to another kind of contact."""
        self._contact[what] += 1
        self._show_step()
        self._show_state()

    def action_look(self) -> None:
        self.look()

    def look(self) -> None:
        if self.is_current:
            super().look()

    @on(PickList.Moved)
    def _moved(self, _event: PickList.Moved) -> None:
        self.query_one("#step", VerticalScroll).scroll_home(animate=False)
        self._show_step()

    def _read(self) -> tuple[object, Preview | None]:
        """How the files stand and, if one was saved, the protocol anew."""
        from atencion.scripts.preview import preview, stamp

        seen = stamp(self._folder)
        return seen, preview(self._folder, self._protocol_id, today=date.today()) if seen != self._seen else None

    def _show_if_new(self, found: tuple[object, Preview | None]) -> None:
        seen, now = found
        if now is not None:
            self._seen = seen
            self._show(now)

    def _show(self, now: Preview) -> None:
        from atencion.scripts.drawing import tree
        from atencion.scripts.preview import at_step

        self._now = now
        if now.loaded is not None:
            self._good = now.loaded
            lines = tree(now.loaded.protocol, now.loaded.document)
            self._lines = {_key(number, line, lines): line for number, line in enumerate(lines)}
            places = {line.step: line.mark for line in lines if line.mark is not None}
            told = Counter(at_step(problem, places) for problem in now.problems)
            self.query_one(PickList).fill([_row(key, line, told[line.step]) for key, line in self._lines.items()])
        elif not self._lines:
            self.query_one(PickList).fill([], empty=_("No se puede dibujar: mire abajo qué pasa."))
        self._show_problems(now)
        self._show_state()
        self._show_step()
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        self.query_one(PickList).rows = max(self.query_one("#protocol-body").size.height - 1, 4)
        self.query_one(PickList).refresh(layout=True)

    def _show_problems(self, now: Preview) -> None:
        foot = self.query_one("#protocol-problems", Static)
        shown = (now.wrong or now.problems)[:_SHOWN]
        foot.display = bool(shown)
        lines = [self._problem(one) for one in shown]
        more = len(now.problems) - len(shown)
        if more:
            lines.append(plain_line(ngettext("… y {n} más", "… y {n} más", more).format(n=more), style="$quiet"))
        foot.update(Content("\n").join(lines))

    def _problem(self, problem: object) -> Content:
        from atencion.errors import Problem

        assert isinstance(problem, Problem)
        try:
            name = str(Path(problem.file).relative_to(self._folder))
        except ValueError:
            name = problem.file
        return problem_line(f"{name}:{problem.line}", problem.told, wrong=problem.severity == "error")

    def _show_state(self) -> None:
        now, good = self._now, self._good
        if now is None:
            return
        title = plain_line(good.protocol.title if good else self._protocol_id, style="bold")
        version = good.protocol.version if good else ""
        head = Content.assemble(title, "   ", plain_line(f"{self._protocol_id} {version}", style="$quiet"))
        self.query_one("#protocol-head", Static).update(head)
        if now.wrong:
            told = ngettext("{n} problema: no se puede usar.", "{n} problemas: no se puede usar.", len(now.wrong))
            state = Content.styled("✕ " + told.format(n=len(now.wrong)), "$error bold")
            if good is not None:
                state = Content.assemble(state, ("  " + _("Se ve lo último que estuvo bien."), "$quiet"))
        else:
            count = len(now.problems)
            told = ngettext("{n} consejo", "{n} consejos", count).format(n=count) if count else _("sin consejos")
            state = Content.styled(_("✓ Se puede usar") + f" · {told}", "$text-success")
        if good is not None:
            state = Content.assemble(state, ("   " + " · ".join(self._spoken(good.protocol)), "$quiet"))
        self.query_one("#protocol-state", Static).update(state)

    def _spoken(self, protocol: Protocol) -> tuple[str, str, str]:
        """The language, the channel and the form of address its texts are said in."""
        from atencion.scripts.proofs import promised
        from atencion.scripts.texts import REGISTERS

        languages, channels = promised(protocol), protocol.channels
        first = REGISTERS.index(protocol.register_)
        return (
            languages[self._contact["language"] % len(languages)],
            channels[self._contact["channel"] % len(channels)],
            REGISTERS[(first + self._contact["register"]) % len(REGISTERS)],
        )

    def _show_step(self) -> None:
        item = self.query_one(PickList).highlighted
        text = self.query_one("#step-text", Static)
        good = self._good
        if item is None or good is None:
            text.update("")
            return
        line = self._lines[item.id]
        step = good.protocol.by_id.get(line.step)
        lines = self._about(good.protocol) if step is None else list(self._step(good.protocol, step, line.mark))
        text.update(Content("\n").join(lines))

    def _about(self, protocol: Protocol) -> list[Content]:
        """The protocol as a whole, with all there is to say of it."""
        from atencion.scripts.drawing import legend

        valid = protocol.valid
        rows = [
            (_("Para qué"), protocol.description),
            (_("Canales"), ", ".join(protocol.channels)),
            (_("Idiomas"), ", ".join(dict.fromkeys((protocol.language, *protocol.languages)))),
            (_("Estado"), protocol.status),
            (_("Autoría"), " / ".join(filter(None, (protocol.author, protocol.approved_by)))),
            (_("En vigor"), f"{valid.from_:%d/%m/%Y} – {valid.to:%d/%m/%Y}" if valid.to else f"{valid.from_:%d/%m/%Y}"),
            (_("Revisión"), f"{valid.review_by:%d/%m/%Y}" if valid.review_by else ""),
            (_("Cambio"), protocol.change_note),
        ]
        lines = [Content.assemble((f"{label}: ", "$quiet"), plain(text)) for label, text in rows if text]
        lines += [Content(), Content.styled(legend(), "$quiet")]
        if self._now is not None and self._now.problems:
            lines += [Content(), *map(self._problem, self._now.problems)]
        return lines

    def _step(self, protocol: Protocol, step: Step, mark: Mark | None) -> Iterator[Content]:
        from atencion.scripts.drawing import conditions_of, exits

        yield plain_line(step.title, style="bold")
        where = f"{Path(mark.file).name}:{mark.line}" if mark is not None else ""
        yield plain_line("  ".join(filter(None, (step.kind, step.id, where))), style="$quiet")
        for condition in conditions_of(step):
            yield plain(f"? {condition}", "$quiet")
        yield from self._words(protocol, step)
        if step.hint:
            yield plain(step.hint, "$quiet")
        for name in step.capture:
            field = protocol.fields[name]
            about = ", ".join(filter(None, (str(field.type), _("personal") if field.personal else "")))
            yield Content.assemble("▪ ", plain(field.label), (f"  {about}", "$quiet"))
        for check in step.checks:
            yield Content.assemble("□ ", plain(check.label), (f"  {check.mandatory or ''}", "$quiet"))
        for doing in step.do:
            yield plain(f"⚙ {doing.spec.title()}")
        yield Content()
        for why, target in exits(protocol, step):
            yield Content.assemble(plain(f"{why} " if why else ""), ("→ ", "$accent"), plain(target))
        if step.norms or step.knowledge:
            yield plain(", ".join((*step.norms, *step.knowledge)), "$quiet")
        yield from self._problems_of(step)

    def _words(self, protocol: Protocol, step: Step) -> Iterator[Content]:
        from atencion.scripts.proofs import proof

        if self._now is None or self._now.organisation is None:
            return
        language, channel, register = self._spoken(protocol)
        said = proof(protocol, step, self._now.organisation, language=language, channel=channel, register=register)
        if said is None:
            return
        yield Content()
        if not said.words:
            yield Content.styled(_("✕ no hay texto para este contacto"), "$warning")
            return
        if said.lacking:
            yield Content.styled(_("✕ falta en este idioma; se dirá en el del protocolo"), "$warning")
        yield plain(said.words, "$words bold")
        yield Content()

    def _problems_of(self, step: Step) -> Iterator[Content]:
        from atencion.scripts.preview import at_step

        if self._now is None or self._now.loaded is None:
            return
        places = {line.step: line.mark for line in self._lines.values() if line.mark is not None}
        found = [one for one in self._now.problems if at_step(one, places) == step.id]
        if found:
            yield Content()
            yield from map(self._problem, found)


def _key(number: int, line: TreeLine, lines: list[TreeLine]) -> str:
    """What a row stands for, the same before and after a change elsewhere in the file."""
    if line.kind.value == "way":
        return f"way {line.step}"
    if line.kind.value == "step":
        return line.step
    of_step = [one for one in lines[:number] if one.step == line.step]
    return f"{line.step} {len(of_step)}"


def _row(key: str, line: TreeLine, problems: int) -> Item:
    kind = line.kind.value
    if kind == "branch":
        return Item(key, " ".join(filter(None, ("└", line.text, "→", line.target))))
    if kind == "way":
        return Item(key, f"── {line.text}", line.detail)
    from_detail = line.detail.partition("  ")[2]
    return Item(key, line.text, from_detail, "!" if problems else "")
