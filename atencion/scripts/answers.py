"""What is done in the steps of a contact, written down by whoever plays one without a terminal."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from atencion.i18n import _
from atencion.scripts.model import Line, Strict, YesNo, invalid


def listed(value: Any) -> Any:
    """One text as a list of it."""
    return [value] if isinstance(value, str) else value


Text = Annotated[str, Field(min_length=1, max_length=20_000)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(listed)]
Names = Annotated[tuple[Line, ...], BeforeValidator(listed)]


class Escalation(Strict):
    """What is filled in to hand a demand over; the reason's department if none is named."""

    reason: Line
    department: Line | None = None
    summary: Text


class StepDone(Strict):
    """What is done in one step, in this order; then the contact goes on by itself.

    Names are not checked here: what the step cannot take, it refuses, saying what it would take. With `moment` the step
    is not left: its side path opens, and the step comes again after it.
    """

    step: Line
    language: Line | None = None
    say: YesNo | None = None
    send: Text | None = None
    note: Texts = ()
    fields: dict[Line, Annotated[str, Field(max_length=20_000)]] = Field(default_factory=dict)
    tick: Names = ()
    choose: Line | None = None
    article: Line | None = None
    not_found: YesNo = False
    outcome: Line | None = None
    summary: Text | None = None
    escalate: Escalation | None = None
    moment: Line | None = None
    jump: Line | None = None
    skip: Line | None = None
    back: Line | None = None
    cut_off: Line | None = None
    disposition: Line | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> StepDone:
        if self.summary is not None and self.outcome is None:
            raise invalid(_("«summary» acompaña a «outcome», que falta; una nota se escribe en «note»"))
        if sum(way is not None for way in self._ways) > 1:
            raise invalid(
                _("de un paso se sale de una sola manera: «skip», «back», «moment», «jump», «cut_off» o «disposition»")
            )
        return self

    @property
    def _ways(self) -> tuple[str | None, ...]:
        return self.skip, self.back, self.moment, self.jump, self.cut_off, self.disposition

    @property
    def is_left_undone(self) -> bool:
        """Whether the step is left for another before it is done."""
        return any(way is not None for way in (self.skip, self.back, self.moment, self.jump, self.cut_off))
