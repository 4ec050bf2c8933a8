"""A step on a channel that is written: the message, to be put right and sent."""

from __future__ import annotations

from collections.abc import Sequence

from atencion.i18n import _
from atencion.screens.call.script_stage import ScriptStage
from atencion.scripts.acts import Act
from atencion.widgets.key_bar import Key


class ComposeStage(ScriptStage):
    """The words of the protocol in a field, how long they are and what they lack. Ctrl+R says that they were sent."""

    DEFAULT_CSS = "ComposeStage MessageField { height: 10; }"

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
        assert self.composer is not None
        self.focus_on(self.composer.field)

    def other(self) -> None:
        """Back to the words of the protocol."""
        if self.composer is not None:
            self.composer.original()

    def send(self) -> None:
        self.main()

    def slots(self) -> list[str]:
        return [*super().slots(), *self.message_slots]

    def words(self) -> Sequence[Act] | None:
        if self.step.said or self.composer is None:
            return []
        message = self.composer.message()
        return None if message is None else [message]
