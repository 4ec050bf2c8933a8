"""A message to the customer, to be put right before it is sent: the words of the step, their length, what they lack."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from atencion.i18n import _, ngettext
from atencion.scripts.acts import Send
from atencion.scripts.sms import Encoding, measure
from atencion.scripts.texts import after_greeting
from atencion.text import holds
from atencion.widgets.fields import MessageField
from atencion.widgets.plain import plain_line

if TYPE_CHECKING:
    from atencion.desk.step_view import StepView
    from atencion.screens.call.stage import Stage
    from atencion.scripts.organisation import ChannelRules

_MISSING = re.compile(r"‹([^›\n]*)")


class Composer(Vertical):
    """The message of a stage's step. What it holds is a draft of the call until it is sent."""

    DEFAULT_CSS = "Composer { height: auto; }"

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._stage = stage
        self._step = stage.step

    def compose(self) -> ComposeResult:
        yield MessageField(self._stage.draft(self.slot) or self._step.words, id="message")
        yield Static(id="gauge", markup=False)

    def on_mount(self) -> None:
        self._measure()

    @property
    def slot(self) -> str:
        """The draft that it is."""
        return f"send:{self._step.id}"

    @property
    def field(self) -> MessageField:
        """Where it is typed."""
        return self.query_one("#message", MessageField)

    @property
    def is_ready(self) -> bool:
        """Whether it could be sent as it is, and was not."""
        text = self.field.text.strip()
        return bool(text) and not self._step.said and not _missing(text) and not _over(text, self._step.manners)

    def show(self, step: StepView) -> None:
        """The step as it stands now: its words, unless the agent changed them or they were sent."""
        before, self._step = self._step.words, step
        if self.field.text == before != step.words and not step.said:
            self.field.text = step.words
        self._measure()

    def original(self) -> None:
        """Back to the words of the protocol."""
        self.field.text = self._step.words

    def insert(self, words: str) -> bool:
        """Put words in: after the greeting of a message that nobody has touched, else where the cursor is. Whether
        they are in it now: in part they never are.
        """
        if self.field.text == self._step.words and not holds(self.field.text, words):
            self.field.text = after_greeting(self.field.text, words)
        is_in = self.field.put(words)
        self._keep()
        return is_in

    def message(self) -> Send | None:
        """The act of sending it; None if it cannot be sent as it is, which the agent has been told."""
        text, frame = self.field.text.strip(), self._stage.frame
        missing, over = _missing(text), _over(text, self._step.manners)
        if not text:
            frame.tell(_("El mensaje está vacío."), _("Escríbalo, o F8 para saltar el paso."))
        elif missing:
            told = _("Complételo en el mensaje, o quítelo.")
            frame.tell(_("Al mensaje le falta: {data}.").format(data=", ".join(missing)), told)
        elif over:
            told = ngettext("Sobra {n} letra.", "Sobran {n} letras.", over).format(n=over)
            frame.tell(told, _("Acorte el mensaje: en este canal no cabe."))
        else:
            return Send(text)
        self._stage.focus_on(self.field)
        return None

    @on(TextArea.Changed, "#message")
    def _written(self, event: TextArea.Changed) -> None:
        event.stop()
        self._keep()
        self._measure()

    def _keep(self) -> None:
        text = self.field.text
        self._stage.keep_draft(self.slot, "" if text == self._step.words else text)

    def _measure(self) -> None:
        text = self.field.text.strip()
        lines = [_length(text, self._step.manners)]
        if self._step.said:
            lines = [Content.styled(_("✓ Enviado"), "$text-success")]
        elif missing := _missing(text):
            told = _("! Falta: {data}").format(data=", ".join(missing))
            lines.append(plain_line(told, style="$warning bold"))
        self.query_one("#gauge", Static).update(Content("\n").join(lines))


def _missing(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_MISSING.findall(text)))


def _over(text: str, manners: ChannelRules) -> int:
    """How many letters do not fit."""
    return max(0, len(text) - manners.limit) if isinstance(manners.limit, int) else 0


def _length(text: str, manners: ChannelRules) -> Content:
    """How long a message is, against what its channel takes."""
    if manners.limit == "sms":
        return _sms(text, manners.segments)
    if manners.limit is None:
        return Content.styled(ngettext("{n} letra", "{n} letras", len(text)).format(n=len(text)), "$quiet")
    told = _("{n} de {limit} letras").format(n=len(text), limit=manners.limit)
    if over := _over(text, manners):
        told = "! " + told + _(": sobran {over}").format(over=over)
        return Content.styled(told, "$warning bold")
    return Content.styled(told, "$quiet")


def _sms(text: str, most: int) -> Content:
    length = measure(text)
    count = ngettext("{n} SMS", "{n} SMS", length.segments).format(n=length.segments)
    told = _("{count} · caben {left} más").format(count=count, left=length.left)
    parts: list[Content | tuple[str, str]] = [(told, "$warning" if length.segments > most else "$quiet")]
    if length.encoding is Encoding.UCS_2:
        listed = " ".join(length.forcing[:8])
        parts += [
            ("  ", ""),
            plain_line(
                _("! UCS-2, donde caben menos, por: {characters}").format(characters=listed), style="$warning bold"
            ),
        ]
    return Content.assemble(*parts)
