"""The bar over a call: channel, who calls, case, recording and agent; and the times, which tick by themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from atencion.i18n import _
from atencion.widgets.plain import plain_line

if TYPE_CHECKING:
    from datetime import datetime

    from atencion.scripts.run import Run


class CallBar(Horizontal):
    """One line."""

    DEFAULT_CSS = """
    CallBar { height: 1; dock: top; background: $surface; padding: 0 1; }
    CallBar > #call-facts { width: 1fr; height: 1; color: $quiet; }
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__(id="call-bar")
        self._facts = Static(id="call-facts", markup=False)
        self._times = CallTimes(now)

    def compose(self) -> ComposeResult:
        yield self._facts
        yield self._times

    def show(self, run: Run, *, agent: str, phone: str | None) -> None:
        """Show where a call is."""
        parts = [Content.styled(_channel(run.channel), "$foreground bold")]
        if phone:
            parts.append(plain_line(phone, 20))
        if run.protocol.recording:  # before what a narrow terminal may cut
            parts.append(_recording(run.recording))
        if run.case:
            parts.append(Content.styled(_("Exp. {key}").format(key=run.case), "$accent bold"))
        parts.append(plain_line(agent, 16))
        self._facts.update(Content("  ·  ").join(parts))
        self._times.show(run)


class CallTimes(Widget):
    """The time of the step against its target, and that of the call. Never changes its width."""

    DEFAULT_CSS = "CallTimes { width: 29; height: 1; text-align: right; }"

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__(id="call-times")
        self._now = now
        self._run: Run | None = None

    def on_mount(self) -> None:
        self.set_interval(1, self.refresh)

    def show(self, run: Run) -> None:
        """Count for this run."""
        self._run = run
        self.refresh()

    def render(self) -> Content:
        if self._run is None:
            return Content()
        now, step = self._now(), self._run.current
        spent = self._run.step_seconds(now)
        timing = step.time if step is not None else None
        style, sign = "$quiet", " "
        if timing is not None and timing.limit is not None and spent > timing.limit:
            style, sign = "$warning bold", "‼"
        elif timing is not None and spent > timing.target:
            style, sign = "$warning", "!"
        target = f"/{_clock(timing.target)}" if timing is not None else ""
        word = _("paso")
        return Content.assemble(
            (f"{sign} {word} {_clock(spent)}{target}", style),
            ("  ", ""),
            (_clock(self._run.call_seconds(now)), "$foreground bold"),
        )


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes:02}:{rest:02}" if minutes < 100 else f"{minutes // 60}h{minutes % 60:02}"


def _recording(allowed: bool | None) -> Content:
    if allowed is None:
        return Content.styled(_("¿se graba?"), "$quiet")
    return Content.styled(_("● grabando"), "$foreground") if allowed else Content(_("○ no se graba"))


def _channel(channel: str) -> str:
    names = {
        "phone": _("Teléfono"),
        "in_person": _("En persona"),
        "email": _("Correo"),
        "sms": _("SMS"),
        "chat": _("Chat"),
        "web": _("Web"),
        "social": _("Redes sociales"),
        "newsletter": _("Boletín"),
    }
    return names.get(channel, channel)
