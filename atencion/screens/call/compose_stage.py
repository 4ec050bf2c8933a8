"""A step on a channel that is written: the message, to be put right and sent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static, TextArea

from atencion.i18n import _, ngettext
from atencion.screens.call.script_stage import ScriptStage
from atencion.screens.call.stage import other_language
from atencion.scripts.acts import Act, Send
from atencion.scripts.sms import Encoding, measure
from atencion.widgets.fields import MessageField
from atencion.widgets.key_bar import Key
from atencion.widgets.plain import Plain, plain_line

if TYPE_CHECKING:
    from atencion.screens.call.snapshot import Snapshot
    from atencion.scripts.organisation import ChannelRules

_MISSING = re.compile(r"‹([^›\n]*)")


class ComposeStage(ScriptStage):
    """The words of the protocol in a field, how long they are and what they lack. Ctrl+R says that they were sent."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot)
        self._told = False

    def compose_words(self) -> ComposeResult:
        step = self.step
        yield Static(plain_line(step.title), classes="title", markup=False)
        yield MessageField(self.draft(self._slot) or step.words, id="message")
        yield Static(id="gauge", markup=False)
        yield from other_language(step)
        if step.hint:
            yield Plain(step.hint, classes="hint")

    def on_mount(self) -> None:
        super().on_mount()
        self._measure()

    @property
    def main_label(self) -> str:
        return _("Seguir") if self.step.said else _("Enviado y seguir")

    @property
    def main_key(self) -> Key:
        told = _("Anota el mensaje como enviado, palabra por palabra, y sigue. Fuera del mensaje, también Intro.")
        return Key("Ctrl+R", self.main_label, "stage_send", told)

    def keys(self) -> Sequence[Key]:
        return (*super().keys(), Key("Ctrl+O", _("Original"), "stage_other", _("Vuelve al texto del protocolo.")))

    def focus_first(self) -> None:
        self.focus_on(self.query_one("#message"))

    def refreshed(self, snapshot: Snapshot) -> None:
        before = self.step.words
        super().refreshed(snapshot)
        if self._message.text == before != self.step.words:
            self._message.text = self.step.words
        self._measure()

    def other(self) -> None:
        """Back to the words of the protocol."""
        self._message.text = self.step.words

    def send(self) -> None:
        self.main()

    def slots(self) -> list[str]:
        return [*super().slots(), self._slot]

    def words(self) -> Sequence[Act] | None:
        if self.step.said:
            return []
        text = self._message.text.strip()
        missing = _missing(text)
        over = _over(text, self.step.manners)
        if not text:
            self.frame.tell(_("El mensaje está vacío."), _("Escríbalo, o F8 para saltar el paso."))
        elif missing:
            told = _("Complételo en el mensaje, o quítelo.")
            self.frame.tell(_("Al mensaje le falta: {data}.").format(data=", ".join(missing)), told)
        elif over:
            told = ngettext("Sobra {n} letra.", "Sobran {n} letras.", over).format(n=over)
            self.frame.tell(told, _("Acorte el mensaje: en este canal no cabe."))
        else:
            return [Send(text)]
        self.focus_on(self._message)
        self._told = True
        return None

    @on(TextArea.Changed, "#message")
    def _written(self, event: TextArea.Changed) -> None:
        event.stop()
        text = event.text_area.text
        self.keep_draft(self._slot, "" if text == self.step.words else text)
        self._measure()
        if self._told:
            self._told = False
            self.frame.quiet()

    @property
    def _slot(self) -> str:
        return f"send:{self.step.id}"

    @property
    def _message(self) -> MessageField:
        return self.query_one("#message", MessageField)

    def _measure(self) -> None:
        text = self._message.text.strip()
        lines = [_length(text, self.step.manners)]
        if self.step.said:
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
        return _sms(text)
    if manners.limit is None:
        return Content.styled(ngettext("{n} letra", "{n} letras", len(text)).format(n=len(text)), "$quiet")
    told = _("{n} de {limit} letras").format(n=len(text), limit=manners.limit)
    if over := _over(text, manners):
        told = "! " + told + _(": sobran {over}").format(over=over)
        return Content.styled(told, "$warning bold")
    return Content.styled(told, "$quiet")


def _sms(text: str) -> Content:
    length = measure(text)
    count = ngettext("{n} SMS", "{n} SMS", length.segments).format(n=length.segments)
    told = _("{count} · caben {left} más").format(count=count, left=length.left)
    parts: list[Content | tuple[str, str]] = [(told, "$warning" if length.segments > 1 else "$quiet")]
    if length.encoding is Encoding.UCS_2:
        listed = " ".join(length.forcing[:8])
        parts += [
            ("  ", ""),
            plain_line(
                _("! UCS-2, donde caben menos, por: {characters}").format(characters=listed), style="$warning bold"
            ),
        ]
    return Content.assemble(*parts)
