"""A step as it is shown: its words, what to write down, what to make sure of, what to choose."""

from __future__ import annotations

from dataclasses import dataclass

from atencion.scripts.catalogue import Catalogue
from atencion.scripts.protocol import Choice, Escalate, Knowledge, Option, Resolve, WrapUp
from atencion.scripts.regulation import NormCard
from atencion.scripts.run import Run
from atencion.scripts.templates import amount
from atencion.scripts.values import FieldType, Value


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field to fill in; `text` is what it holds, as it would be typed."""

    name: str
    type: FieldType
    label: str
    help: str
    required: bool
    personal: bool
    purpose: str
    options: tuple[Option, ...]
    text: str


@dataclass(frozen=True, slots=True)
class CheckView:
    """A check to tick, or that the journal proves by itself; `norm` is the one that makes it mandatory."""

    id: str
    label: str
    met: bool
    proved_by_journal: bool
    norm: NormCard | None


@dataclass(frozen=True, slots=True)
class StepView:
    """The current step. Times in seconds. `outcomes`, `departments` and `dispositions` are ids; empty means all."""

    id: str
    kind: str
    title: str
    words: str
    hint: str
    said: bool
    done: bool
    fields: tuple[FieldView, ...]
    checks: tuple[CheckView, ...]
    options: tuple[Option, ...]
    chosen: str | None
    outcomes: tuple[str, ...]
    departments: tuple[str, ...]
    dispositions: tuple[str, ...]
    query: str
    knowledge: tuple[str, ...]
    norms: tuple[NormCard, ...]
    criteria: tuple[str, ...]
    target: int | None
    limit: int | None
    mandatory: NormCard | None


def step_view(run: Run, words: str, catalogue: Catalogue) -> StepView | None:
    """The current step of a run; None at its end."""
    step = run.current
    if step is None:
        return None
    state = run.state(step.id)
    return StepView(
        id=step.id,
        kind=step.kind,
        title=step.title,
        words=words,
        hint=step.hint or "",
        said=state.said,
        done=state.done,
        fields=tuple(_field(run, name) for name in step.capture),
        checks=tuple(
            CheckView(
                one.check.id,
                one.check.label,
                one.met,
                one.proved,
                catalogue.norm(one.check.mandatory) if one.check.mandatory else None,
            )
            for one in run.checks(step.id)
        ),
        options=step.options if isinstance(step, Choice) else (),
        chosen=state.chosen,
        outcomes=step.outcomes if isinstance(step, Resolve) else (),
        departments=step.departments if isinstance(step, Escalate) else (),
        dispositions=step.dispositions if isinstance(step, WrapUp) else (),
        query=str(run.values.get(step.query, "")) if isinstance(step, Knowledge) and step.query else "",
        knowledge=step.knowledge,
        norms=tuple(catalogue.norm(ref) for ref in step.norms),
        criteria=step.criteria,
        target=step.time.target if step.time else None,
        limit=step.time.limit if step.time else None,
        mandatory=catalogue.norm(step.mandatory) if step.mandatory else None,
    )


def _field(run: Run, name: str) -> FieldView:
    field = run.protocol.fields[name]
    return FieldView(
        name=name,
        type=field.type,
        label=field.label,
        help=field.help or "",
        required=field.required,
        personal=field.personal,
        purpose=field.purpose or "",
        options=field.options,
        text=_typed_text(field.type, run.values.get(name)),
    )


def _typed_text(kind: FieldType, value: Value | None) -> str:
    if value is None:
        return ""
    if kind is FieldType.YES_NO:
        return "s" if value else "n"
    if kind is FieldType.AMOUNT:
        return amount(value).removesuffix("\u00a0€")  # type: ignore[arg-type]
    if kind is FieldType.DATE:
        return f"{value:%d/%m/%Y}"
    return str(value)
